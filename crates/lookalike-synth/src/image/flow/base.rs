//! What is known in closed form before a network learns: a normal distribution of each class.
//!
//! At times of much noise the velocity of flow matching is nearly that of a normal distribution with the images' mean and
//! covariance, which is a linear filter. The network learns what is left, and sees the filter's image beside the noisy one.
//!
//! Wang, B. and Vastola, J. J. (2024). The unreasonable effectiveness of Gaussian score approximation for diffusion models
//! and its applications. <https://doi.org/10.48550/arXiv.2412.09726>

use lookalike_core::{Seed, Topic, Warning};
use lookalike_learn::net::image::Covariance;
use rayon::prelude::*;

use super::super::images::Images;
use super::super::layout::Layout;
use super::super::memory::Numbers;

/// Classes of fewer images have no distribution of their own: their mean could show an image.
const FEW: usize = 50;
/// So many images are needed for each axis: fewer would lie in the space that the axes span.
const PER_AXIS: usize = 20;
/// Images that a covariance is learned from at most, and numbers of all of them.
const MOST: usize = 8192;
const MOST_LEARNED: usize = 1 << 27;
/// Numbers of all axes at most; with more classes than go in, they share a covariance.
const MOST_NUMBERS: usize = 1 << 24;

/// Normal distributions of classes, and of all images for those that are not told.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Base {
    size: usize,
    /// Per class, and last of all images.
    pub(in super::super) means: Vec<f32>,
    /// Which covariance goes with each mean.
    pub(in super::super) which: Vec<u32>,
    pub(in super::super) covariances: Vec<Covariance>,
}

/// True where classes may have a covariance of their own.
fn fits(classes: usize, axes: usize, size: usize) -> bool {
    (classes + 2).saturating_mul(axes).saturating_mul(size) <= MOST_NUMBERS
}

impl Base {
    /// From images that are learned from, in any order; along at most so many axes each.
    pub(super) fn fit(
        images: &Images,
        rows: &[u32],
        layout: &Layout,
        axes: usize,
        seed: Seed,
    ) -> (Self, Option<Warning>) {
        let (size, classes) = (layout.shape.size(), images.classes());
        let mut of: Vec<Vec<u32>> = vec![Vec::new(); classes];
        for &row in rows {
            of[images.labels()[row as usize] as usize].push(row);
        }
        let write = |row: u32, image: &mut [f32], to: &mut [f32]| {
            images.write(row, -1.0, image);
            layout.enter(image, to);
        };
        let mean = |rows: &[u32]| {
            let (mut sums, mut own) = (vec![0.0_f64; size], vec![0.0; size]);
            let mut image = vec![0.0; images.shape().size()];
            if rows.len() >= FEW {
                for &row in rows {
                    write(row, &mut image, &mut own);
                    sums.iter_mut().zip(&own).for_each(|(sum, &own)| *sum += f64::from(own));
                }
            }
            sums.into_iter().map(|sum| (sum / rows.len().max(1) as f64) as f32).collect::<Vec<f32>>()
        };
        let mut means: Vec<Vec<f32>> = of.par_iter().map(|rows| mean(rows)).collect();
        means.push(mean(rows));
        let all = classes as u32;
        // Whose mean each class has: its own or, where there are too few images, that of all.
        let center: Vec<u32> =
            (0..all).map(|class| if of[class as usize].len() < FEW { all } else { class }).collect();
        let fits = fits(classes, axes, size);
        let own: Vec<u32> = (0..all)
            .filter(|&class| fits && of[class as usize].len() >= (PER_AXIS * axes).max(FEW))
            .collect();
        // Of all images around their mean, of all around their classes' means, and of the largest classes by themselves.
        let common: Vec<u32> = rows
            .iter()
            .copied()
            .filter(|&row| center[images.labels()[row as usize] as usize] < all)
            .collect();
        let groups: Vec<(&[u32], bool)> = [(rows, false), (&common[..], true)]
            .into_iter()
            .chain(own.iter().map(|&class| (&of[class as usize][..], true)))
            .collect();
        let covariances = groups
            .par_iter()
            .enumerate()
            .map(|(number, &(rows, by_class))| {
                let most = MOST.min(MOST_LEARNED / size.max(1)).max(1);
                let (count, few) = (rows.len().min(most), rows.len() < FEW);
                let axes = if few { 0 } else { axes.min(count / PER_AXIS) };
                let stream = &mut seed.stream("axes", number as u64);
                Covariance::fit((count, size), axes, stream, |row, to| {
                    let mut image = vec![0.0; images.shape().size()];
                    write(rows[row], &mut image, to);
                    let class = if by_class { images.labels()[rows[row] as usize] as usize } else { classes };
                    to.iter_mut().zip(&means[class]).for_each(|(to, mean)| *to -= mean);
                })
            })
            .collect();
        let mut which: Vec<u32> = center.iter().map(|&center| u32::from(center < all)).collect();
        which.push(0);
        for (number, &class) in own.iter().enumerate() {
            which[class as usize] = 2 + number as u32;
        }
        let means = center.iter().chain([&all]).flat_map(|&center| means[center as usize].iter().copied());
        let base = Base { size, means: means.collect(), which, covariances };
        let few = of.iter().filter(|rows| (1..FEW).contains(&rows.len())).count();
        let message = if rows.len() < FEW {
            Some(format!(
                "there are fewer than {FEW} images to learn from: their mean, which could show single ones, is not taken, and \
                 the network alone is too little to learn what they show"
            ))
        } else {
            (few > 0).then(|| {
                format!(
                    "{few} of {classes} classes have fewer than {FEW} images to learn from: what is known of their images \
                     before the network learns is that of all, since their own mean could show single images"
                )
            })
        };
        (base, message.map(|message| Warning::new(Topic::Model, message)))
    }

    /// Numbers that [`Base::fit`] holds at most, those it gives included.
    pub(super) fn numbers(images: &Images, layout: &Layout, axes: usize) -> Numbers {
        let (size, classes) = (layout.shape.size(), images.classes());
        let own = if fits(classes, axes, size) { images.len() / (PER_AXIS * axes).max(FEW) } else { 0 };
        let axes = axes.min(images.len() / PER_AXIS);
        // Of each class its mean twice, once in double precision while it is found.
        let means = Numbers::of(size, 4 * (classes + 1));
        means.and(Numbers::of(Covariance::numbers(size, axes), 2 + own.min(classes)))
    }

    /// From what a file holds, if it is as [`Base::fit`] makes it.
    pub(in super::super) fn from_numbers(
        (size, classes, axes): (usize, usize, usize),
        means: Vec<f32>,
        which: Vec<u32>,
        (ranks, variances, numbers): (&[u32], &[f32], &[f32]),
    ) -> Option<Self> {
        let finite = [&means[..], variances, numbers].iter().all(|all| all.iter().all(|x| x.is_finite()));
        let total = ranks.iter().map(|&rank| rank as usize).sum::<usize>();
        let right = means.len() == (classes + 1).checked_mul(size)?
            && which.len() == classes + 1
            && which.iter().all(|&which| (which as usize) < ranks.len())
            && ranks.len() <= classes + 2
            && ranks.iter().all(|&rank| rank as usize <= axes.min(size))
            && variances.len() == total + ranks.len()
            && variances.iter().all(|&variance| variance > 0.0)
            && numbers.len() == total.checked_mul(size)?;
        if !finite || !right {
            return None;
        }
        let (mut variances, mut numbers) = (variances, numbers);
        let covariances = ranks
            .iter()
            .map(|&rank| {
                let (own, others) = variances.split_at(rank as usize + 1);
                let (axes, more) = numbers.split_at(rank as usize * size);
                (variances, numbers) = (others, more);
                Covariance::new(size, own[..rank as usize].to_vec(), own[rank as usize], axes.to_vec())
            })
            .collect();
        Some(Base { size, means, which, covariances })
    }

    /// The mean velocity at `x`, of a class or of all images.
    pub(super) fn velocity(&self, class: Option<u32>, time: f32, x: &[f32], velocity: &mut [f32]) {
        let place = class.map_or(self.which.len() - 1, |class| class as usize);
        let covariance = &self.covariances[self.which[place] as usize];
        covariance.velocity(&self.means[place * self.size..][..self.size], time, x, velocity);
    }
}
