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

/// A loop over pixels that is worth running with wide instructions.
///
/// Large closures are not inlined into [`vectorized`], and then are compiled for any processor; a method that must be
/// inlined is.
pub(crate) trait Loop {
    type Output;

    /// Has to be `#[inline(always)]`, and all that it calls.
    fn run(self) -> Self::Output;
}

struct Wide<L>(L);

impl<L: Loop> pulp::WithSimd for Wide<L> {
    type Output = L::Output;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _simd: S) -> L::Output {
        self.0.run()
    }
}

/// As [`vectorized`], for long loops.
pub(crate) fn run_wide<L: Loop>(work: L) -> L::Output {
    pulp::Arch::new().dispatch(Wide(work))
}

/// Runs a short loop with the widest instructions that the processor has. What is computed stays the same: compilers may not
/// reorder or fuse operations on floats.
#[inline(always)]
pub(crate) fn vectorized<R>(kernel: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(kernel)
}
