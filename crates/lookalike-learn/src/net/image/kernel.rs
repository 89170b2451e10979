//! The inner loops of convolutions, on images with their channels side by side.
//!
//! As in [`super::super::product`], every number that comes out is one chain of fused multiply-adds in the order of taps
//! and channels (of rows and columns, for gradients of weights), begun with what it is added to: neither the width of the
//! vectors nor the size of the blocks changes a bit. What is read is never copied into another order: a number of an image is
//! spread over a vector where it is used, and meets as many output channels as the vector has places.

#![expect(clippy::inline_always, reason = "what is not inlined into a dispatch is not vectorised")]

use pulp::{NullaryFnOnce, Simd, WithSimd};

/// Rows of weights are padded to a multiple of this: the width of the widest vectors.
pub(super) const WIDTH: usize = 16;

/// What a number that comes out begins with.
#[derive(Clone, Copy)]
pub(super) enum Begin<'a> {
    /// Nothing.
    Zero,
    /// One number per output channel, padded to [`WIDTH`].
    Bias(&'a [f32]),
    /// What is there already.
    Own,
}

/// Sums, for every pixel of a grid, over taps and channels: a convolution without borders.
pub(super) struct Correlate<'a> {
    /// The image, padded, and behind it as many numbers more as a step beside has more than there are channels.
    pub(super) source: &'a [f32],
    /// Numbers from a pixel that is read to the next one beside it, and below it.
    pub(super) steps: (usize, usize),
    /// Where each tap's first channel is, from the first pixel.
    pub(super) taps: &'a [usize],
    /// Channels of the source.
    pub(super) channels: usize,
    /// A row of `padded(outputs)` numbers per tap and channel.
    pub(super) weights: &'a [f32],
    pub(super) begin: Begin<'a>,
    /// The image that comes out.
    pub(super) target: &'a mut [f32],
    /// Where its first pixel is, and the numbers from a pixel to the next one beside it, and below it.
    pub(super) target_steps: (usize, usize, usize),
    /// Channels of the target.
    pub(super) outputs: usize,
    /// Rows and columns of pixels that come out.
    pub(super) grid: (usize, usize),
}

/// The next multiple of [`WIDTH`].
pub(super) fn padded(outputs: usize) -> usize {
    outputs.div_ceil(WIDTH) * WIDTH
}

impl WithSimd for Correlate<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        for row in 0..self.grid.0 {
            let mut column = 0;
            while column < self.grid.1 {
                let left = self.grid.1 - column;
                let place = (row, column);
                // As many sums as there are registers, less those for weights and for the number that meets them.
                column += if const { S::F32_LANES >= WIDTH } {
                    match left {
                        14.. => self.strips::<S, 14, 2>(simd, place),
                        7.. => self.strips::<S, 7, 4>(simd, place),
                        _ => self.strips::<S, 1, 4>(simd, place),
                    }
                } else {
                    match left {
                        14.. => self.strips::<S, 14, 1>(simd, place),
                        7.. => self.strips::<S, 7, 1>(simd, place),
                        _ => self.strips::<S, 1, 1>(simd, place),
                    }
                };
            }
        }
    }
}

impl Correlate<'_> {
    /// So many pixels side by side, so many vectors of channels at a time. Gives the number of pixels.
    #[inline(always)]
    fn strips<S: Simd, const HIGH: usize, const WIDE: usize>(
        &mut self,
        simd: S,
        place: (usize, usize),
    ) -> usize {
        let outputs = self.outputs.div_ceil(S::F32_LANES) * S::F32_LANES;
        let mut first = 0;
        while first < outputs {
            let left = (outputs - first) / S::F32_LANES;
            let taken = if left >= WIDE {
                self.of_step::<S, HIGH, WIDE>(simd, place, first);
                WIDE
            } else if const { WIDE > 2 } && left >= 2 {
                self.of_step::<S, HIGH, 2>(simd, place, first);
                2
            } else {
                self.of_step::<S, HIGH, 1>(simd, place, first);
                1
            };
            first += taken * S::F32_LANES;
        }
        HIGH
    }

    /// The distance between pixels as a constant makes their addresses constants.
    #[inline(always)]
    fn of_step<S: Simd, const HIGH: usize, const WIDE: usize>(
        &mut self,
        simd: S,
        place: (usize, usize),
        first: usize,
    ) {
        match self.steps.0 {
            16 if HIGH > 1 => simd.vectorize(Block::<S, 16, HIGH, WIDE>(self, simd, place, first)),
            32 if HIGH > 1 => simd.vectorize(Block::<S, 32, HIGH, WIDE>(self, simd, place, first)),
            64 if HIGH > 1 => simd.vectorize(Block::<S, 64, HIGH, WIDE>(self, simd, place, first)),
            _ => simd.vectorize(Block::<S, 0, HIGH, WIDE>(self, simd, place, first)),
        }
    }

    #[inline(always)]
    fn block<S: Simd, const STEP: usize, const HIGH: usize, const WIDE: usize>(
        &mut self,
        simd: S,
        (row, column): (usize, usize),
        first: usize,
    ) {
        let step = if STEP == 0 { self.steps.0 } else { STEP };
        let width = WIDE * S::F32_LANES;
        let taken = width.min(self.outputs - first);
        let mut sums = [[simd.splat_f32s(0.0); WIDE]; HIGH];
        let (begin, beside, below) = self.target_steps;
        let target = begin + row * below + column * beside + first;
        match self.begin {
            Begin::Zero => {}
            Begin::Bias(bias) => {
                let (bias, _) = S::as_simd_f32s(&bias[first..first + width]);
                for sums in &mut sums {
                    sums.copy_from_slice(&bias[..WIDE]);
                }
            }
            Begin::Own => {
                for (pixel, sums) in sums.iter_mut().enumerate() {
                    let own = &self.target[target + pixel * beside..][..taken];
                    if taken == width {
                        sums.copy_from_slice(&S::as_simd_f32s(own).0[..WIDE]);
                    } else {
                        // Wide enough for any block.
                        let mut whole = [0.0; 4 * WIDTH];
                        whole[..taken].copy_from_slice(own);
                        sums.copy_from_slice(&S::as_simd_f32s(&whole[..width]).0[..WIDE]);
                    }
                }
            }
        }
        let row_of_weights = padded(self.outputs);
        let source = &self.source[row * self.steps.1 + column * step..];
        let size = self.channels * row_of_weights;
        for (&tap, weights) in self.taps.iter().zip(self.weights.chunks_exact(size)) {
            let pixels = &source[tap..tap + HIGH * step];
            let weights = &weights[first..];
            // Told to the compiler, so that it need not look each time.
            assert!(self.channels <= step);
            for channel in 0..self.channels {
                let (weights, _) = S::as_simd_f32s(&weights[channel * row_of_weights..][..width]);
                for pixel in 0..HIGH {
                    let number = simd.splat_f32s(pixels[pixel * step + channel]);
                    for vector in 0..WIDE {
                        sums[pixel][vector] = simd.mul_add_f32s(number, weights[vector], sums[pixel][vector]);
                    }
                }
            }
        }
        for (pixel, sums) in sums.iter().enumerate() {
            let own = &mut self.target[target + pixel * beside..][..taken];
            if taken == width {
                S::as_mut_simd_f32s(own).0.copy_from_slice(sums);
            } else {
                let mut whole = [0.0; 4 * WIDTH];
                S::as_mut_simd_f32s(&mut whole[..width]).0.copy_from_slice(sums);
                own.copy_from_slice(&whole[..taken]);
            }
        }
    }
}

/// Adds to the weights of every tap, channel and output the sum over all pixels of what it met, times what came of it.
pub(super) struct Outer<'a> {
    /// The image, padded, and behind it as many numbers more as a step beside has more than there are channels.
    pub(super) source: &'a [f32],
    /// Numbers from a pixel that is read to the next one beside it, and below it.
    pub(super) steps: (usize, usize),
    /// Where each tap's first channel is, from the first pixel.
    pub(super) taps: &'a [usize],
    /// Channels of the source.
    pub(super) channels: usize,
    /// What is wanted of each pixel: `padded(outputs)` numbers.
    pub(super) wanted: &'a [f32],
    /// `padded(outputs)`.
    pub(super) row_of_weights: usize,
    /// A row per tap and channel.
    pub(super) weights: &'a mut [f32],
    /// Rows and columns of pixels.
    pub(super) grid: (usize, usize),
}

impl WithSimd for Outer<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        for tap in 0..self.taps.len() {
            let mut channel = 0;
            while channel < self.channels {
                let place = (tap, channel);
                channel += if self.channels - channel < 8 {
                    self.strips::<S, 1, 2>(simd, place)
                } else if const { S::F32_LANES >= WIDTH } {
                    self.strips::<S, 8, 2>(simd, place)
                } else {
                    self.strips::<S, 8, 1>(simd, place)
                };
            }
        }
    }
}

impl Outer<'_> {
    #[inline(always)]
    fn strips<S: Simd, const HIGH: usize, const WIDE: usize>(
        &mut self,
        simd: S,
        place: (usize, usize),
    ) -> usize {
        let mut first = 0;
        while first < self.row_of_weights {
            let taken = if self.row_of_weights - first >= WIDE * S::F32_LANES {
                simd.vectorize(OuterBlock::<S, HIGH, WIDE>(self, simd, place, first));
                WIDE
            } else {
                simd.vectorize(OuterBlock::<S, HIGH, 1>(self, simd, place, first));
                1
            };
            first += taken * S::F32_LANES;
        }
        HIGH
    }

    #[inline(always)]
    fn block<S: Simd, const HIGH: usize, const WIDE: usize>(
        &mut self,
        simd: S,
        (tap, channel): (usize, usize),
        first: usize,
    ) {
        let width = WIDE * S::F32_LANES;
        let row_of_weights = self.row_of_weights;
        let (beside, below) = self.steps;
        let top = (tap * self.channels + channel) * row_of_weights + first;
        let mut sums = [[simd.splat_f32s(0.0); WIDE]; HIGH];
        for (line, sums) in sums.iter_mut().enumerate() {
            let own = &self.weights[top + line * row_of_weights..][..width];
            sums.copy_from_slice(&S::as_simd_f32s(own).0[..WIDE]);
        }
        let (rows, columns) = self.grid;
        let source = &self.source[self.taps[tap]..];
        for (row, wanted) in self.wanted.chunks_exact(columns * row_of_weights).take(rows).enumerate() {
            let source = &source[row * below..][..columns * beside];
            for (pixel, wanted) in source.chunks_exact(beside).zip(wanted.chunks_exact(row_of_weights)) {
                let (wanted, _) = S::as_simd_f32s(&wanted[first..first + width]);
                let pixel = &pixel[channel..channel + HIGH];
                for line in 0..HIGH {
                    let number = simd.splat_f32s(pixel[line]);
                    for vector in 0..WIDE {
                        sums[line][vector] = simd.mul_add_f32s(number, wanted[vector], sums[line][vector]);
                    }
                }
            }
        }
        for (line, sums) in sums.iter().enumerate() {
            let own = &mut self.weights[top + line * row_of_weights..][..width];
            S::as_mut_simd_f32s(own).0.copy_from_slice(sums);
        }
    }
}

/// [`Correlate::block`] as a function of its own: all of them in one would take long to compile.
struct Block<'a, 'b, S, const STEP: usize, const HIGH: usize, const WIDE: usize>(
    &'a mut Correlate<'b>,
    S,
    (usize, usize),
    usize,
);

impl<S: Simd, const STEP: usize, const HIGH: usize, const WIDE: usize> NullaryFnOnce
    for Block<'_, '_, S, STEP, HIGH, WIDE>
{
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Block(own, simd, place, first) = self;
        own.block::<S, STEP, HIGH, WIDE>(simd, place, first);
    }
}

/// [`Outer::block`] as a function of its own.
struct OuterBlock<'a, 'b, S, const HIGH: usize, const WIDE: usize>(
    &'a mut Outer<'b>,
    S,
    (usize, usize),
    usize,
);

impl<S: Simd, const HIGH: usize, const WIDE: usize> NullaryFnOnce for OuterBlock<'_, '_, S, HIGH, WIDE> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let OuterBlock(own, simd, place, first) = self;
        own.block::<S, HIGH, WIDE>(simd, place, first);
    }
}
