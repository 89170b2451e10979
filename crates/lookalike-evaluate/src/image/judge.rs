//! Who looks at images: a small network that learned what real ones show.

use lookalike_core::{Cancelled, Context, Progress, Seed};
use lookalike_learn::net::image::{Labelled, LeNet, Shape};
use rayon::prelude::*;

use super::resize::{pad, padded};
use super::set::{ImageSet, Images};

/// How many images a network looks at while it learns, those it sees again counted again.
const LOOKS: usize = 100_000;
/// How often it sees each image at least and at most.
const EPOCHS: [usize; 2] = [3, 60];
/// Images that are judged at once.
const BLOCK: usize = 256;
/// Of images without classes so many are learned from, each in four ways.
const MOST_MIRRORED: usize = 3000;

/// A network that learned from real images, with the numbers in which it compares others.
pub(super) struct Judge {
    lenet: LeNet,
    shape: Shape,
    /// What it learned to tell.
    pub(super) tells: Tells,
    /// How many images it learned from.
    pub(super) learned: usize,
}

/// What a judge learned to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tells {
    /// What images show.
    Classes,
    /// Which of four mirror images they are, for want of classes.
    Mirrors,
}

impl Judge {
    /// Learns from these images of a set: their classes, if there are two of them. Else it learns to tell images
    /// from their mirror images (none, left to right, upside down, both), for which it must find out what they show.
    ///
    /// # References
    /// Gidaris, S., Singh, P. and Komodakis, N. (2018). Unsupervised representation learning by predicting image
    /// rotations. <https://doi.org/10.48550/arXiv.1803.07728> (with mirror images, which keep the sides of any image).
    pub(super) fn learn(
        images: &Images,
        set: &ImageSet,
        numbers: &[usize],
        context: &Context<'_>,
    ) -> Result<Self, Cancelled> {
        let seed = context.seed.derive("image judge");
        let shape = images.shape;
        let known: Vec<usize> = numbers
            .iter()
            .copied()
            .filter(|&number| set.labels[number] != lookalike_table::Codes::MISSING)
            .collect();
        let varied = known.iter().any(|&number| set.labels[number] != set.labels[known[0]]);
        if let (Some(classes), true) = (&images.classes, varied) {
            let labels: Vec<u32> = known.iter().map(|&number| set.labels[number]).collect();
            let lenet =
                learn(&images.take(set, &known), &labels, classes.count, shape, seed, context.progress)?;
            return Ok(Judge { lenet, shape, tells: Tells::Classes, learned: known.len() });
        }
        let some = &numbers[..numbers.len().min(MOST_MIRRORED)];
        let mut levels = Vec::with_capacity(4 * some.len() * shape.size());
        let mut labels = Vec::with_capacity(4 * some.len());
        for &number in some {
            for way in 0..4 {
                mirror(images.image(set, number), shape, way, &mut levels);
                labels.push(way);
            }
        }
        let lenet = learn(&levels, &labels, 4, shape, seed, context.progress)?;
        Ok(Judge { lenet, shape, tells: Tells::Mirrors, learned: some.len() })
    }

    /// What it sees in images: so many numbers for each as the network has features.
    pub(super) fn features(&self, levels: &[u8], context: &Context<'_>) -> Result<Vec<f32>, Cancelled> {
        let blocks: Vec<Vec<f32>> = in_blocks(levels, self.shape, context.progress, |block| {
            self.lenet.judge(block).0.values().to_vec()
        })?;
        Ok(blocks.concat())
    }
}

/// A network that learned which class images of a shape have.
pub(super) fn learn(
    levels: &[u8],
    labels: &[u32],
    classes: usize,
    shape: Shape,
    seed: Seed,
    progress: &dyn Progress,
) -> Result<LeNet, Cancelled> {
    let pixels = pad(levels, shape);
    let images = Labelled { shape: padded(shape), pixels: &pixels, labels };
    let [least, most] = EPOCHS;
    let epochs = (LOOKS / labels.len().max(1)).clamp(least, most) as u32;
    let stops = Stops(progress);
    let context = Context::new(seed).with_progress(&stops);
    // There is no checkpoint that could be of another network.
    LeNet::fit(images, classes, epochs, &context).map_err(|_| Cancelled)
}

/// Which class a network finds most likely for each image.
pub(super) fn classify(
    lenet: &LeNet,
    levels: &[u8],
    shape: Shape,
    progress: &dyn Progress,
) -> Result<Vec<u32>, Cancelled> {
    Ok(in_blocks(levels, shape, progress, |block| lenet.judge(block).1)?.into_iter().flatten().collect())
}

fn in_blocks<T: Send>(
    levels: &[u8],
    shape: Shape,
    progress: &dyn Progress,
    judge: impl Fn(&[u8]) -> T + Sync,
) -> Result<Vec<T>, Cancelled> {
    let block = |levels: &[u8]| {
        if progress.cancelled() { Err(Cancelled) } else { Ok(judge(&pad(levels, shape))) }
    };
    levels.par_chunks(BLOCK * shape.size()).map(block).collect()
}

/// An image, from left to right in odd ways and upside down in the last two of four.
fn mirror(image: &[u8], shape: Shape, way: u32, out: &mut Vec<u8>) {
    for row in 0..shape.height {
        let row = if way / 2 == 1 { shape.height - 1 - row } else { row };
        for column in 0..shape.width {
            let column = if way % 2 == 1 { shape.width - 1 - column } else { column };
            out.extend_from_slice(&image[(row * shape.width + column) * shape.channels..][..shape.channels]);
        }
    }
}

/// Passes on that the work is to stop, and nothing else: what is learned halfway would be another judge, so nobody may
/// take it as enough.
struct Stops<'a>(&'a dyn Progress);

impl Progress for Stops<'_> {
    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_ways_to_mirror() {
        let of = |way| {
            let mut out = Vec::new();
            mirror(&[1, 2, 3, 4, 5, 6], Shape::new(2, 3, 1), way, &mut out);
            out
        };
        assert_eq!(of(0), [1, 2, 3, 4, 5, 6]);
        assert_eq!(of(1), [3, 2, 1, 6, 5, 4]);
        assert_eq!(of(2), [4, 5, 6, 1, 2, 3]);
        assert_eq!(of(3), [6, 5, 4, 3, 2, 1]);
    }
}
