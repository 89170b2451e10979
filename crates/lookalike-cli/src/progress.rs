//! Progress on the terminal: one line per running phase, with the time left.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use lookalike::Progress;

use crate::interrupt;

/// Shows phases on standard error, and passes Ctrl-C on to the work.
#[derive(Debug)]
pub(crate) struct TerminalProgress {
    shown: bool,
    phases: Mutex<Vec<ProgressBar>>,
}

impl TerminalProgress {
    /// Shows nothing when `quiet`, or when nobody watches.
    pub(crate) fn new(quiet: bool) -> Self {
        let shown = !quiet && console::user_attended_stderr();
        TerminalProgress { shown, phases: Mutex::new(Vec::new()) }
    }

    fn phases(&self) -> std::sync::MutexGuard<'_, Vec<ProgressBar>> {
        self.phases.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress for TerminalProgress {
    fn begin(&self, phase: &str, total: Option<u64>) {
        if !self.shown {
            return;
        }
        let mut phases = self.phases();
        // Of nested phases only the innermost is drawn: its parent's line would stand still meanwhile.
        if let Some(outer) = phases.last() {
            outer.set_draw_target(ProgressDrawTarget::hidden());
        }
        let (bar, template) = match total {
            Some(total) => (ProgressBar::new(total), "{msg:<28} {bar:24} {percent:>3} %  {eta} left"),
            None => (ProgressBar::new_spinner(), "{msg:<28} {spinner} {elapsed}"),
        };
        let style = ProgressStyle::with_template(template).expect("the template is well formed");
        bar.set_style(style.progress_chars("=> "));
        bar.set_message(phase.to_owned());
        bar.enable_steady_tick(Duration::from_millis(120));
        phases.push(bar);
    }

    fn advance(&self, steps: u64) {
        if let (true, Some(bar)) = (self.shown, self.phases().last()) {
            bar.inc(steps);
        }
    }

    fn end(&self) {
        if !self.shown {
            return;
        }
        let mut phases = self.phases();
        if let Some(bar) = phases.pop() {
            bar.finish_and_clear();
        }
        if let Some(outer) = phases.last() {
            outer.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    fn keeps(&self, kept: bool) {
        interrupt::keeps(kept);
    }

    fn enough(&self) -> bool {
        interrupt::enough()
    }

    fn cancelled(&self) -> bool {
        interrupt::asked()
    }
}
