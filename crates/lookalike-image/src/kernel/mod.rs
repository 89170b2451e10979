//! Loops over pixels. They know nothing of options, labels or files.

#![expect(clippy::inline_always, reason = "what is not inlined into a dispatch is not vectorised")]

pub(crate) mod color;
pub(crate) mod filter;
pub(crate) mod histogram;
pub(crate) mod jpeg;
pub(crate) mod median;
pub(crate) mod resize;
pub(crate) mod turn;
pub(crate) mod warp;
pub(crate) mod window;

/// Runs a loop with the widest instructions that the processor has. What is computed stays the same: compilers may not
/// reorder or fuse operations on floats.
#[inline(always)]
pub(crate) fn vectorized<R>(kernel: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(kernel)
}
