//! Convolutions and their transposes, forward and back, by way of two kernels.
//!
//! A convolution leads from a large image to a small one. Its way back to the large image is a convolution of the small one's
//! gradient, for each of `stride * stride` phases of the large image's pixels with those taps that reach it. A transposed
//! convolution is the same with the ways exchanged.
//!
//! Dumoulin, V. and Visin, F. (2016). A guide to convolution arithmetic for deep learning.
//! <https://doi.org/10.48550/arXiv.1603.07285>

use pulp::Arch;

use super::kernel::{Begin, Correlate, Outer, padded};
use super::shape::Shape;

/// Below so many channels, all taps of a pixel are copied side by side first, so that the kernels have long rows.
const FEW_CHANNELS: usize = 8;

/// The sizes of a convolution and what follows from them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    pub(super) large: Shape,
    pub(super) small: Shape,
    kernel: usize,
    stride: usize,
    padding: usize,
    /// Where the taps are in the padded large image, from a pixel's first.
    taps: Vec<usize>,
    /// Rows and columns of zeros before and behind the small image on the way back.
    border: (usize, usize),
    phases: Vec<Phase>,
}

/// Those pixels of the large image that the same taps reach.
#[derive(Debug, Clone, PartialEq)]
struct Phase {
    /// The first of them, as row and column.
    first: (usize, usize),
    grid: (usize, usize),
    /// Which taps, and where each is in the padded small image, from a pixel's first.
    taps: Vec<(usize, usize)>,
}

/// Room for what kernels read, kept to take no memory in a loop.
#[derive(Debug, Clone, Default)]
pub(super) struct Scratch {
    source: Vec<f32>,
    wanted: Vec<f32>,
    weights: Vec<f32>,
}

impl Plan {
    /// # Panics
    /// If the kernel is larger than the padded image, or something is 0.
    pub(super) fn new(
        large: Shape,
        outputs: usize,
        (kernel, stride, padding): (usize, usize, usize),
    ) -> Self {
        assert!(kernel > 0 && stride > 0 && outputs > 0 && large.size() > 0, "a convolution of something");
        let reach = |size: usize| {
            let size = size + 2 * padding;
            assert!(size >= kernel, "a kernel no larger than the padded image");
            (size - kernel) / stride + 1
        };
        let small = Shape::new(reach(large.height), reach(large.width), outputs);
        let row = (large.width + 2 * padding) * large.channels;
        let taps =
            (0..kernel * kernel).map(|tap| tap / kernel * row + tap % kernel * large.channels).collect();
        let behind = |large: usize, small: usize| ((large - 1 + padding) / stride).saturating_sub(small - 1);
        let border = (
            kernel.saturating_sub(padding + 1).div_ceil(stride),
            behind(large.height, small.height).max(behind(large.width, small.width)),
        );
        let mut plan = Plan { large, small, kernel, stride, padding, taps, border, phases: Vec::new() };
        plan.phases = (0..stride * stride).map(|phase| plan.phase(phase / stride, phase % stride)).collect();
        plan
    }

    fn phase(&self, row: usize, column: usize) -> Phase {
        let Plan { kernel, stride, padding, large, small, border: (before, behind), .. } = *self;
        let width = small.width + before + behind;
        // A tap reaches these pixels if it is a whole number of strides away; how many, from the padded image's first row.
        let away = |phase: usize, tap: usize| {
            let position = phase + padding + stride * before - tap;
            position.is_multiple_of(stride).then(|| position / stride)
        };
        let taps = (0..kernel * kernel).filter_map(|tap| {
            let (down, beside) = (away(row, tap / kernel)?, away(column, tap % kernel)?);
            Some((tap, (down * width + beside) * small.channels))
        });
        let count = |size: usize, phase: usize| size.saturating_sub(phase).div_ceil(stride);
        Phase {
            first: (row, column),
            grid: (count(large.height, row), count(large.width, column)),
            taps: taps.collect(),
        }
    }

    /// The number of weights: a row of the small image's channels per tap and channel of the large one.
    pub(super) fn weights(&self) -> usize {
        self.taps.len() * self.large.channels * self.small.channels
    }

    /// How many numbers [`Self::prepare`] writes.
    pub(super) fn prepared(&self) -> usize {
        let (forward, back) = self.parts();
        forward + back
    }

    fn parts(&self) -> (usize, usize) {
        let (large, small) = (self.large.channels, self.small.channels);
        (self.taps.len() * large * padded(small), self.taps.len() * small * padded(large))
    }

    /// Writes weights in the orders in which they are used.
    pub(super) fn prepare(&self, weights: &[f32], prepared: &mut [f32]) {
        let (large, small) = (self.large.channels, self.small.channels);
        let (forward, back) = prepared.split_at_mut(self.parts().0);
        for (from, to) in weights.chunks_exact(small).zip(forward.chunks_exact_mut(padded(small))) {
            to[..small].copy_from_slice(from);
        }
        let taps = self.phases.iter().flat_map(|phase| &phase.taps);
        for (&(tap, _), to) in taps.zip(back.chunks_exact_mut(small * padded(large))) {
            for (channel, from) in weights[tap * large * small..].chunks_exact(small).take(large).enumerate()
            {
                for (to, from) in to[channel..].iter_mut().step_by(padded(large)).zip(from) {
                    *to = *from;
                }
            }
        }
    }

    /// Puts small images, or adds to them, from large ones.
    pub(super) fn reduce(
        &self,
        prepared: &[f32],
        images: &[f32],
        begin: Begin<'_>,
        out: &mut [f32],
        scratch: &mut Scratch,
    ) {
        let (large, small) = (self.large, self.small);
        let weights = &prepared[..self.parts().0];
        for (image, out) in images.chunks_exact(large.size()).zip(out.chunks_exact_mut(small.size())) {
            let (source, reading) = self.read(image, &mut scratch.source);
            Arch::new().dispatch(Correlate {
                source,
                steps: reading.steps,
                taps: reading.taps,
                channels: reading.channels,
                weights,
                begin,
                target: out,
                target_steps: (0, small.channels, small.width * small.channels),
                outputs: small.channels,
                grid: (small.height, small.width),
            });
        }
    }

    /// Puts large images, or adds to them, from small ones.
    pub(super) fn enlarge(
        &self,
        prepared: &[f32],
        images: &[f32],
        begin: Begin<'_>,
        out: &mut [f32],
        scratch: &mut Scratch,
    ) {
        let (large, small) = (self.large, self.small);
        let all_weights = &prepared[self.parts().0..];
        let row = (small.width + self.border.0 + self.border.1) * small.channels;
        for (image, out) in images.chunks_exact(small.size()).zip(out.chunks_exact_mut(large.size())) {
            let source = if self.border == (0, 0) {
                image
            } else {
                pad(image, small, self.border, &mut scratch.source);
                &scratch.source
            };
            let mut weights = all_weights;
            for phase in &self.phases {
                let (own, rest) =
                    weights.split_at(phase.taps.len() * small.channels * padded(large.channels));
                weights = rest;
                let taps: Vec<usize> = phase.taps.iter().map(|&(_, at)| at).collect();
                let begin_at = (phase.first.0 * large.width + phase.first.1) * large.channels;
                let beside = self.stride * large.channels;
                Arch::new().dispatch(Correlate {
                    source,
                    steps: (small.channels, row),
                    taps: &taps,
                    channels: small.channels,
                    weights: own,
                    begin,
                    target: out,
                    target_steps: (begin_at, beside, beside * large.width),
                    outputs: large.channels,
                    grid: phase.grid,
                });
            }
        }
    }

    /// Adds the gradient of the weights, from large images and small ones of which one holds gradients.
    pub(super) fn add_gradient(
        &self,
        large_images: &[f32],
        small_images: &[f32],
        gradient: &mut [f32],
        scratch: &mut Scratch,
    ) {
        let (large, small) = (self.large, self.small);
        let wide = padded(small.channels);
        let Scratch { source, wanted, weights } = scratch;
        let narrow = wide != small.channels;
        if narrow {
            weights.clear();
            weights.resize(self.parts().0, 0.0);
        }
        let all = large_images.chunks_exact(large.size()).zip(small_images.chunks_exact(small.size()));
        for (image, small_image) in all {
            let (source, reading) = self.read(image, source);
            let wanted = if narrow {
                wanted.clear();
                wanted.resize(small.pixels() * wide, 0.0);
                for (to, from) in wanted.chunks_exact_mut(wide).zip(small_image.chunks_exact(small.channels))
                {
                    to[..small.channels].copy_from_slice(from);
                }
                &wanted[..]
            } else {
                small_image
            };
            Arch::new().dispatch(Outer {
                source,
                steps: reading.steps,
                taps: reading.taps,
                channels: reading.channels,
                wanted,
                row_of_weights: wide,
                weights: if narrow { weights } else { gradient },
                grid: (small.height, small.width),
            });
        }
        if narrow {
            for (to, from) in gradient.chunks_exact_mut(small.channels).zip(weights.chunks_exact(wide)) {
                to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
            }
        }
    }

    /// A large image as kernels read it.
    fn read<'a>(&'a self, image: &'a [f32], source: &'a mut Vec<f32>) -> (&'a [f32], Reading<'a>) {
        let Plan { large, small, stride, padding, .. } = *self;
        if large.channels < FEW_CHANNELS && self.kernel > 1 {
            self.unfold(image, source);
            let channels = self.taps.len() * large.channels;
            let steps = (channels, channels * small.width);
            return (source, Reading { steps, taps: &[0], channels });
        }
        let row = (large.width + 2 * padding) * large.channels;
        let reading = Reading {
            steps: (stride * large.channels, stride * row),
            taps: &self.taps,
            channels: large.channels,
        };
        if padding == 0 && stride == 1 {
            return (image, reading);
        }
        pad(image, large, (padding, padding), source);
        // A stride's last step may lead beyond the last pixel.
        source.resize(source.len() + (stride - 1) * large.channels, 0.0);
        (source, reading)
    }

    /// Copies all taps of each pixel side by side.
    fn unfold(&self, image: &[f32], to: &mut Vec<f32>) {
        let Plan { large, small, kernel, stride, padding, .. } = *self;
        to.clear();
        to.resize(small.pixels() * self.taps.len() * large.channels, 0.0);
        let taps = kernel * large.channels;
        for (pixel, to) in to.chunks_exact_mut(taps * kernel).enumerate() {
            let (top, left) = (pixel / small.width * stride, pixel % small.width * stride);
            // Columns of the kernel that are inside of the image.
            let inside = padding.saturating_sub(left)..kernel.min(large.width + padding - left);
            for (line, to) in to.chunks_exact_mut(taps).enumerate() {
                let row = top + line;
                if row >= padding && row < large.height + padding && !inside.is_empty() {
                    let from =
                        ((row - padding) * large.width + left + inside.start - padding) * large.channels;
                    let count = inside.len() * large.channels;
                    to[inside.start * large.channels..][..count].copy_from_slice(&image[from..from + count]);
                }
            }
        }
    }
}

/// How a large image is read.
struct Reading<'a> {
    steps: (usize, usize),
    taps: &'a [usize],
    channels: usize,
}

/// Copies an image with borders of zeros before and behind.
fn pad(image: &[f32], shape: Shape, (before, behind): (usize, usize), to: &mut Vec<f32>) {
    let row = shape.width * shape.channels;
    let (left, right) = (before * shape.channels, behind * shape.channels);
    let whole = left + row + right;
    to.resize((shape.height + before + behind) * whole, 0.0);
    to[..before * whole].fill(0.0);
    to[(before + shape.height) * whole..].fill(0.0);
    let rows = to[before * whole..].chunks_exact_mut(whole);
    for (from, to) in image.chunks_exact(row).zip(rows) {
        to[..left].fill(0.0);
        to[left..left + row].copy_from_slice(from);
        to[left + row..].fill(0.0);
    }
}
