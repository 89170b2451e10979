//! The nearest images by their pixels, exactly.

use lookalike_core::{Cancelled, Progress};
use lookalike_learn::net::image::Shape;
use rayon::prelude::*;

/// Sides of the tiles whose sums are compared first.
const TILE: usize = 4;

/// Images of one shape with the sums of their tiles.
pub(super) struct Tiled<'a> {
    levels: &'a [u8],
    size: usize,
    sums: Vec<i32>,
    /// How many levels each tile has.
    counts: Vec<i32>,
}

/// The nearest of some images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Nearest {
    /// Its number; of those equally near, the lowest.
    pub(super) number: usize,
    /// The square of its distance: the sum of squared differences of levels.
    pub(super) squared: u64,
}

impl<'a> Tiled<'a> {
    pub(super) fn new(levels: &'a [u8], shape: Shape) -> Self {
        let across = shape.width.div_ceil(TILE);
        let tiles = across * shape.height.div_ceil(TILE) * shape.channels;
        let tile = |place: usize| {
            let (pixel, channel) = (place / shape.channels, place % shape.channels);
            let (row, column) = (pixel / shape.width, pixel % shape.width);
            ((row / TILE) * across + column / TILE) * shape.channels + channel
        };
        let tile_of: Vec<usize> = (0..shape.size()).map(tile).collect();
        let mut counts = vec![0; tiles];
        for &tile in &tile_of {
            counts[tile] += 1;
        }
        let mut sums = vec![0; levels.len() / shape.size() * tiles];
        sums.par_chunks_mut(tiles).zip(levels.par_chunks_exact(shape.size())).for_each(|(sums, image)| {
            for (&level, &tile) in image.iter().zip(&tile_of) {
                sums[tile] += i32::from(level);
            }
        });
        Tiled { levels, size: shape.size(), sums, counts }
    }

    pub(super) fn len(&self) -> usize {
        self.levels.len() / self.size
    }

    /// The nearest of these images to each of others, of which there must be one at least.
    ///
    /// A tile's sum of squared differences is at least the square of the difference of its sums, divided by its number of
    /// levels (Cauchy-Schwarz); images for which that alone is too much are not looked at.
    pub(super) fn nearest_to(
        &self,
        others: &Tiled<'_>,
        progress: &dyn Progress,
    ) -> Result<Vec<Nearest>, Cancelled> {
        (0..others.len())
            .into_par_iter()
            .map(|other| {
                if progress.cancelled() {
                    return Err(Cancelled);
                }
                Ok(self.nearest(others, other))
            })
            .collect()
    }

    fn nearest(&self, others: &Tiled<'_>, other: usize) -> Nearest {
        let tiles = self.counts.len();
        let (sums, image) =
            (&others.sums[other * tiles..][..tiles], &others.levels[other * self.size..][..self.size]);
        let mut best = Nearest { number: 0, squared: u64::MAX };
        for (number, own) in self.sums.chunks_exact(tiles).enumerate() {
            if self.least(own, sums) >= best.squared {
                continue;
            }
            let squared = squared(&self.levels[number * self.size..][..self.size], image);
            if squared < best.squared {
                best = Nearest { number, squared };
            }
        }
        best
    }

    /// What the squared distance is at least.
    fn least(&self, a: &[i32], b: &[i32]) -> u64 {
        // A full tile's squared difference of sums is below 2^24, so that thousands of tiles fit in 64 bits.
        let whole = (TILE * TILE) as i32;
        let mut sum = 0_u64;
        let mut of_whole = 0_u64;
        for ((&a, &b), &count) in a.iter().zip(b).zip(&self.counts) {
            let square = ((a - b) * (a - b)) as u64;
            if count == whole {
                of_whole += square;
            } else {
                sum += square / count as u64;
            }
        }
        sum + of_whole / whole as u64
    }
}

fn squared(a: &[u8], b: &[u8]) -> u64 {
    // Blocks whose sum fits in 32 bits, which is twice as fast as 64.
    let block = |(a, b): (&[u8], &[u8])| {
        let square = |(&a, &b): (&u8, &u8)| {
            let off = i32::from(a) - i32::from(b);
            (off * off) as u32
        };
        u64::from(a.iter().zip(b).map(square).sum::<u32>())
    };
    a.chunks(4096).zip(b.chunks(4096)).map(block).sum()
}

#[cfg(test)]
mod tests {
    use lookalike_core::{Seed, Silent};

    use super::*;

    #[test]
    fn equals_comparing_all_pixels() {
        let shape = Shape::new(7, 10, 2);
        let images = |label: &str, count: usize| -> Vec<u8> {
            let mut stream = Seed::new(2).stream(label, 0);
            (0..count)
                .flat_map(|_| {
                    let base = stream.below(200);
                    (0..shape.size()).map(|_| (base + stream.below(56)) as u8).collect::<Vec<_>>()
                })
                .collect()
        };
        let (own, others) = (images("own", 80), images("others", 30));
        let found = Tiled::new(&own, shape).nearest_to(&Tiled::new(&others, shape), &Silent).unwrap();
        for (found, image) in found.iter().zip(others.chunks_exact(shape.size())) {
            let all = own.chunks_exact(shape.size()).map(|own| squared(own, image)).enumerate();
            let (number, squared) = all.min_by_key(|&(number, squared)| (squared, number)).unwrap();
            assert_eq!(*found, Nearest { number, squared });
        }
    }
}
