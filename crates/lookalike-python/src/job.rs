//! Long work: outside the interpreter's lock, in threads of its own, while the calling thread listens for Ctrl-C.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lookalike::{Context, Progress, Seed};
use pyo3::prelude::*;

use crate::{errors, pool};

/// How long the calling thread sleeps between looking for signals.
const TICK: Duration = Duration::from_millis(50);

/// A phase that is going on.
#[derive(Debug, Clone)]
struct Running {
    name: String,
    total: Option<u64>,
    done: u64,
}

/// Hears what the work reports, and tells it to stop.
#[derive(Debug, Default)]
struct Watch {
    stop: AtomicBool,
    phases: Mutex<Vec<Running>>,
}

impl Watch {
    fn phases(&self) -> std::sync::MutexGuard<'_, Vec<Running>> {
        self.phases.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress for Watch {
    fn begin(&self, phase: &str, total: Option<u64>) {
        self.phases().push(Running { name: phase.to_owned(), total, done: 0 });
    }

    fn advance(&self, steps: u64) {
        if let Some(phase) = self.phases().last_mut() {
            phase.done += steps;
        }
    }

    fn end(&self) {
        self.phases().pop();
    }

    fn cancelled(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Runs `work` on this process's threads. Meanwhile other Python threads run, signals are heard (Ctrl-C stops the work and
/// raises `KeyboardInterrupt`), and `listener`, if it is not None, is called some twenty times a second with what is being
/// done, how many steps are done, and of how many (or None). What it raises stops the work too.
pub(crate) fn run<T: Send>(
    py: Python<'_>,
    seed: u64,
    listener: Option<&Py<PyAny>>,
    work: impl FnOnce(&Context<'_>) -> lookalike::Result<T> + Send,
) -> PyResult<T> {
    let pool = pool::current()?;
    let watch = Watch::default();
    let (raised, outcome) = py.detach(|| {
        std::thread::scope(|scope| {
            let (sender, receiver) = sync_channel(1);
            let (pool, watch) = (&pool, &watch);
            scope.spawn(move || {
                let work = || pool.install(|| work(&Context::new(Seed::new(seed)).with_progress(watch)));
                // Only a caller that has gone does not listen.
                let _ = sender.send(catch_unwind(AssertUnwindSafe(work)));
            });
            let mut raised = None;
            loop {
                match receiver.recv_timeout(TICK) {
                    Ok(outcome) => return (raised, outcome.ok()),
                    Err(RecvTimeoutError::Disconnected) => return (raised, None),
                    Err(RecvTimeoutError::Timeout) if raised.is_none() => {
                        if let Err(error) = Python::attach(|py| listen(py, listener, watch)) {
                            raised = Some(error);
                            watch.stop.store(true, Ordering::Relaxed);
                        }
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                }
            }
        })
    });
    match (raised, outcome) {
        (Some(error), _) => Err(error),
        (None, Some(outcome)) => outcome.map_err(errors::raised),
        (None, None) => Err(errors::bug("the work broke off")),
    }
}

fn listen(py: Python<'_>, listener: Option<&Py<PyAny>>, watch: &Watch) -> PyResult<()> {
    py.check_signals()?;
    let running = watch.phases().last().cloned();
    if let (Some(listener), Some(Running { name, total, done })) = (listener, running) {
        listener.call1(py, (name, done, total))?;
    }
    Ok(())
}
