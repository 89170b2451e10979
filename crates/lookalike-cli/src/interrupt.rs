//! Ctrl-C: the first one asks the work to stop, the second one stops the program.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::exit::Exit;

static ASKED: AtomicBool = AtomicBool::new(false);

/// Listens for Ctrl-C, and for the signal that asks a program to end.
pub(crate) fn listen() {
    // Without a handler Ctrl-C still works, only less politely: no reason to give up.
    let _ = ctrlc::set_handler(|| {
        if ASKED.swap(true, Ordering::SeqCst) {
            #[expect(clippy::exit, reason = "asked twice: the user does not want to wait for a tidy end")]
            std::process::exit(i32::from(Exit::Interrupted.code()));
        }
    });
}

/// True once the user asked to stop.
pub(crate) fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
