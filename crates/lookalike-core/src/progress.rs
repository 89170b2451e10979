/// Hears how far a computation is, and may stop it.
///
/// Libraries never print: they call these methods, and the program that uses them decides what to show. All
/// methods have defaults that do nothing, and may be called from several threads at once.
pub trait Progress: Sync {
    /// A phase begins. `total` is the number of steps it will take, where that is known.
    fn begin(&self, _phase: &str, _total: Option<u64>) {}

    /// `steps` more steps of the current phase are done.
    fn advance(&self, _steps: u64) {}

    /// The current phase has ended.
    fn end(&self) {}

    /// From now on what has been done so far is worth keeping, or no longer: who is asked to stop meanwhile should say so
    /// by [`Progress::enough`] first.
    fn keeps(&self, _kept: bool) {}

    /// True once the phase should end early and keep what it has. Only asked while something is kept.
    fn enough(&self) -> bool {
        false
    }

    /// True once the work should stop. Long loops ask this at least a few times a second.
    fn cancelled(&self) -> bool {
        false
    }
}

/// Reports to nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {}

/// The work was stopped on request before it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cancelled")]
pub struct Cancelled;

/// A phase that ends when it goes out of scope, also on an early return.
///
/// ```
/// use lookalike_core::{Phase, Silent};
/// let phase = Phase::begin(&Silent, "reading", Some(2));
/// phase.advance(1)?;
/// phase.advance(1)?;
/// # Ok::<(), lookalike_core::Cancelled>(())
/// ```
pub struct Phase<'a> {
    progress: &'a dyn Progress,
    keeps: bool,
}

impl<'a> Phase<'a> {
    /// Announces a phase of `total` steps.
    pub fn begin(progress: &'a dyn Progress, name: &str, total: Option<u64>) -> Self {
        progress.begin(name, total);
        Phase { progress, keeps: false }
    }

    /// Announces a phase of `total` steps of which what is done can be kept at any time.
    pub fn begin_keeping(progress: &'a dyn Progress, name: &str, total: Option<u64>) -> Self {
        progress.begin(name, total);
        progress.keeps(true);
        Phase { progress, keeps: true }
    }

    /// True when the phase should end early and keep what it has.
    pub fn enough(&self) -> bool {
        self.keeps && self.progress.enough()
    }

    /// Reports `steps` more steps done.
    ///
    /// # Errors
    /// [`Cancelled`] when the listener wants the work to stop.
    pub fn advance(&self, steps: u64) -> Result<(), Cancelled> {
        self.progress.advance(steps);
        self.check()
    }

    /// Asks whether to go on without reporting a step.
    ///
    /// # Errors
    /// [`Cancelled`] when the listener wants the work to stop.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.progress.cancelled() { Err(Cancelled) } else { Ok(()) }
    }
}

impl Drop for Phase<'_> {
    fn drop(&mut self) {
        if self.keeps {
            self.progress.keeps(false);
        }
        self.progress.end();
    }
}

impl std::fmt::Debug for Phase<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Phase").finish_non_exhaustive()
    }
}
