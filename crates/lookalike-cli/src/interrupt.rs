//! Ctrl-C: the first one asks the work to stop, the second one stops the program. While something is learned that can be
//! kept, one more comes first: it asks for what there is.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use crate::exit::Exit;

/// How often the user asked to stop, less those that were answered by keeping what there was.
static ASKED: AtomicU32 = AtomicU32::new(0);
/// True while what has been done can be kept.
static KEEPS: AtomicBool = AtomicBool::new(false);

/// Listens for Ctrl-C, and for the signal that asks a program to end.
pub(crate) fn listen() {
    // Without a handler Ctrl-C still works, only less politely: no reason to give up.
    let _ = ctrlc::set_handler(|| {
        if ASKED.fetch_add(1, Ordering::SeqCst) > u32::from(KEEPS.load(Ordering::SeqCst)) {
            #[expect(clippy::exit, reason = "asked again: the user does not want to wait for a tidy end")]
            std::process::exit(i32::from(Exit::Interrupted.code()));
        }
    });
}

/// True once the user asked to stop, and there is nothing to keep or it was not the first time.
pub(crate) fn asked() -> bool {
    ASKED.load(Ordering::Relaxed) > u32::from(KEEPS.load(Ordering::Relaxed))
}

/// True once the user asked to stop while there is something to keep.
pub(crate) fn enough() -> bool {
    KEEPS.load(Ordering::Relaxed) && ASKED.load(Ordering::Relaxed) > 0
}

/// From now on there is something to keep, or no longer. What was asked meanwhile has been answered then.
pub(crate) fn keeps(kept: bool) {
    if !kept && ASKED.load(Ordering::SeqCst) == 1 {
        ASKED.store(0, Ordering::SeqCst);
    }
    KEEPS.store(kept, Ordering::SeqCst);
}
