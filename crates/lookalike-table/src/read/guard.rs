//! Calls into readers of others that may panic.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// What `work` returns, or nothing if it panics.
///
/// For nothing but calls into crates that decode binary formats: they have asserts, slices and arithmetic that a file
/// made to break them, or damaged by chance, can make panic, and the user's file being damaged is no bug of ours. What
/// `work` was working on must not be used after a panic; it is dropped.
///
/// Nothing is shown of such a panic: its message might quote a cell.
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    // The hook belongs to the whole process: it stays, and only stays silent on threads that are at this very call.
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let shown = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !GUARDED.get() {
                shown(info);
            }
        }));
    });
    let before = GUARDED.replace(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(before);
    outcome.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panics_end_here_and_others_do_not() {
        assert_eq!(guarded(|| 7), Some(7));
        let nothing: [u8; 0] = [];
        assert_eq!(guarded(|| nothing[std::hint::black_box(3)]), None);
        assert!(!GUARDED.get(), "later panics would be silent");
        assert_eq!(guarded(|| guarded(|| panic!("inner")).map_or(1, |()| 2)), Some(1));
    }
}
