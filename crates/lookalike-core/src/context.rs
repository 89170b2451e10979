use crate::{Checkpoint, Progress, Seed, Silent};

/// What a long computation is given besides its data and options: where its randomness comes from and whom it
/// tells how far it is.
///
/// ```
/// use lookalike_core::{Context, Seed};
/// let context = Context::new(Seed::new(7));
/// assert_eq!(context.seed, Seed::new(7));
/// ```
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The seed that all randomness of the computation is derived from.
    pub seed: Seed,
    /// Told of every phase; asked whether to stop.
    pub progress: &'a dyn Progress,
    /// Where long work leaves how far it has come, if it is to.
    pub checkpoint: Option<&'a dyn Checkpoint>,
}

impl Context<'static> {
    /// A context that reports to nobody and is never cancelled.
    pub fn new(seed: Seed) -> Self {
        Context { seed, progress: &Silent, checkpoint: None }
    }
}

impl<'a> Context<'a> {
    /// The same context with another listener.
    #[must_use]
    pub fn with_progress(self, progress: &'a dyn Progress) -> Self {
        Context { progress, ..self }
    }

    /// The same context with a place where long work leaves how far it has come, and takes it up from.
    #[must_use]
    pub fn with_checkpoint(self, checkpoint: &'a dyn Checkpoint) -> Self {
        Context { checkpoint: Some(checkpoint), ..self }
    }
}

impl std::fmt::Debug for Context<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Context").field("seed", &self.seed).finish_non_exhaustive()
    }
}
