//! What a judge sees in images of each table, and the measures that compare it.

use lookalike_core::Cancelled;
use lookalike_learn::net::image::FEATURES;

use super::judge::{Judge, Tells};
use super::set::{ImageSet, Images};
use super::{dcr_share, frechet, kernel_distance, support};
use crate::alignment::Role;
use crate::evaluation::Measurement;
use crate::group::{Found, Scene};
use crate::metric::Metric;

/// What is read from the features of images.
pub(super) const METRICS: [&Metric; 7] = [
    &frechet::IMAGE_FRECHET,
    &dcr_share::IMAGE_DCR_SHARE,
    &kernel_distance::IMAGE_KERNEL_DISTANCE,
    &support::IMAGE_PRECISION,
    &support::IMAGE_RECALL,
    &support::IMAGE_DENSITY,
    &support::IMAGE_COVERAGE,
];

/// The fewest images of a table that are compared.
pub(super) const LEAST: usize = 10;
/// The most images of a table that are compared.
const MOST: usize = 5000;
/// How many times as many synthetic images are looked at, at most.
const SYNTHETIC: usize = 4;
/// With how many draws of training images the others are compared at most.
const MOST_DRAWS: usize = 5;

/// What the judge sees in equally many images of each sort, [`FEATURES`] numbers for each image.
///
/// They count from the mean of held-out images, in units of how much these vary: the root of the mean variance.
pub(super) struct Features {
    /// Held-out images that the judge has not seen, twice as many as are compared.
    held_out: Vec<f32>,
    /// As many or more synthetic images, up to four times as many.
    synthetic: Vec<f32>,
    baseline: Option<Vec<f32>>,
    /// Disjoint draws of training images.
    pub(super) train: Vec<Vec<f32>>,
    /// How many images there are of each.
    pub(super) each: usize,
    judge: (Tells, usize),
}

impl Features {
    /// Held-out images that the others are compared with.
    pub(super) fn reference(&self) -> &[f32] {
        &self.held_out[..self.each * FEATURES]
    }

    /// Other held-out images: what fresh real ones reach.
    pub(super) fn fresh(&self) -> &[f32] {
        &self.held_out[self.each * FEATURES..]
    }

    /// One of the held-out images.
    pub(super) fn held_out(&self, number: usize) -> &[f32] {
        &self.held_out[number * FEATURES..][..FEATURES]
    }

    /// As many synthetic images.
    pub(super) fn synthetic(&self) -> &[f32] {
        &self.synthetic[..self.each * FEATURES]
    }

    /// All synthetic images that were looked at.
    pub(super) fn all_synthetic(&self) -> &[f32] {
        &self.synthetic
    }

    /// As many images of the baseline.
    pub(super) fn baseline(&self) -> Option<&[f32]> {
        self.baseline.as_deref()
    }

    /// How many images there are, and what the judge learned.
    pub(super) fn told(&self, measurement: Measurement) -> Measurement {
        let (tells, learned) = self.judge;
        measurement
            .detail("images_of_each", Some(self.each as f64))
            .detail("images_the_judge_learned_from", Some(learned as f64))
            .detail("judge_tells_mirror_images", (tells == Tells::Mirrors).then_some(1.0))
    }

    fn new(images: &Images, scene: &Scene<'_>) -> Result<Result<Self, &'static str>, Cancelled> {
        let context = scene.context;
        let sets =
            (|| Ok((images.of(Role::Train)?, images.of(Role::Holdout)?, images.of(Role::Synthetic)?)))();
        let (train, holdout, synthetic) = match sets {
            Ok(sets) => sets,
            Err(reason) => return Ok(Err(reason)),
        };
        // One half for the judge, a quarter to compare with, a quarter for what fresh images reach.
        let order = context.seed.stream("image halves", 0).permutation(holdout.len());
        let (learned, rest) = order.split_at(order.len() / 2);
        let each = (rest.len() / 2).min(synthetic.len()).min(train.len()).min(MOST);
        if each < LEAST {
            return Ok(Err("that needs 40 held-out images, 10 synthetic ones and 10 of training at least"));
        }
        let judge = Judge::learn(images, holdout, learned, context)?;
        let look = |set: &ImageSet, numbers: &[usize]| judge.features(&images.take(set, numbers), context);
        let drawn = |set: &ImageSet, role: Role| {
            context.seed.stream("image features", role as u64).choose(set.len(), each * MOST_DRAWS)
        };
        let of = |set: &ImageSet, role: Role, most: usize| {
            let drawn = drawn(set, role);
            look(set, &drawn[..drawn.len().min(most)])
        };
        let baseline = images.of(Role::Baseline).ok().filter(|set| set.len() >= each);
        let draws = drawn(train, Role::Train);
        let draws = draws.chunks_exact(each).map(|numbers| look(train, numbers));
        let mut features = Features {
            held_out: look(holdout, &rest[..2 * each])?,
            synthetic: of(synthetic, Role::Synthetic, each * SYNTHETIC)?,
            baseline: baseline.map(|set| of(set, Role::Baseline, each)).transpose()?,
            train: draws.collect::<Result<_, _>>()?,
            each,
            judge: (judge.tells, judge.learned),
        };
        features.scale();
        Ok(Ok(features))
    }

    fn scale(&mut self) {
        let column = |number: usize| {
            self.held_out.iter().skip(number).step_by(FEATURES).map(|&value| f64::from(value))
        };
        let count = (self.held_out.len() / FEATURES) as f64;
        let means: Vec<f64> = (0..FEATURES).map(|number| column(number).sum::<f64>() / count).collect();
        let mut variance = 0.0;
        for (number, mean) in means.iter().enumerate() {
            variance += column(number).map(|value| (value - mean) * (value - mean)).sum::<f64>() / count;
        }
        let root = (variance / FEATURES as f64).sqrt();
        // Where all images are equal, so is what is seen in them.
        let unit = if root > 0.0 && root.is_finite() { 1.0 / root } else { 1.0 };
        let own = [&mut self.held_out, &mut self.synthetic];
        for set in own.into_iter().chain(&mut self.baseline).chain(&mut self.train) {
            for (value, mean) in set.iter_mut().zip(means.iter().cycle()) {
                *value = ((f64::from(*value) - mean) * unit) as f32;
            }
        }
    }
}

pub(super) fn measure(scene: &Scene<'_>) -> Result<Found, Cancelled> {
    let skip = |reason| Found::from(METRICS.map(|metric| Measurement::skipped(metric, reason)).to_vec());
    let Some(images) = scene.images else { return Ok(skip("there is no column of images")) };
    let features = match Features::new(images, scene)? {
        Ok(features) => features,
        Err(reason) => return Ok(skip(reason)),
    };
    let mut measurements = vec![
        frechet::measure(&features, scene.context.seed),
        dcr_share::measure(&features, scene.context)?,
        kernel_distance::measure(&features),
    ];
    measurements.extend(support::measure(&features));
    Ok(measurements.into())
}
