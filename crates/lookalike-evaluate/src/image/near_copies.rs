use lookalike_core::Cancelled;
use lookalike_learn::net::image::Shape;

use super::nearest::{Nearest, Tiled};
use super::set::{ImageSet, Images};
use crate::alignment::Role;
use crate::evaluation::Measurement;
use crate::group::{Found, Scene};
use crate::metric::{Family, Goal, Metric, Need};
use crate::privacy::clopper_pearson;

/// Images that differ little from a training image.
pub(crate) const IMAGE_NEAR_COPIES: Metric = Metric {
    name: "image-near-copies",
    title: "near copies of training images",
    meaning: "the share of synthetic images that are as near to a training image, pixel by pixel, as only one in a hundred \
              held-out images is. Its floor is the same for other held-out images. Copied images, also with a little noise, \
              show here whatever a network sees in them",
    family: Family::Privacy,
    goal: Goal::Lower,
    range: (Some(0.0), Some(1.0)),
    needs: &[Need::Images, Need::Holdout],
    headline: true,
    citation: "after Platzer and Reutterer 2021, https://doi.org/10.3389/fdata.2021.679939, by squared differences of \
               pixels",
};

/// The share of held-out images that defines what is near.
const NEAR: f64 = 0.01;
/// The fewest held-out images that define it, and as many for the floor.
const LEAST: usize = 10;
/// The most images that are asked for their nearest one.
const MOST_ASKED: usize = 2000;
/// The most training images that they are compared with.
const MOST_TRAIN: usize = 60_000;

pub(super) fn measure(scene: &Scene<'_>) -> Result<Found, Cancelled> {
    match sets(scene) {
        Ok(sets) => Ok(sets.measure(scene)?.into()),
        Err(reason) => Ok(Measurement::skipped(&IMAGE_NEAR_COPIES, reason).into()),
    }
}

/// Levels of the images that are compared.
struct Sets {
    shape: Shape,
    train: Vec<u8>,
    /// Held-out images that define what is near, and others.
    held_out: [Vec<u8>; 2],
    synthetic: Vec<u8>,
    baseline: Option<Vec<u8>>,
}

fn sets(scene: &Scene<'_>) -> Result<Sets, &'static str> {
    let images = scene.images.ok_or("there is no column of images")?;
    let (train, holdout, synthetic) =
        (images.of(Role::Train)?, images.of(Role::Holdout)?, images.of(Role::Synthetic)?);
    let seed = scene.context.seed;
    let drawn = |set: &ImageSet, role: Role, most: usize| {
        seed.stream("image near copies", role as u64).choose(set.len(), most)
    };
    let of_holdout = drawn(holdout, Role::Holdout, 2 * MOST_ASKED);
    let half = of_holdout.len() / 2;
    if half < LEAST || synthetic.len() == 0 || train.len() == 0 {
        return Err("that needs 20 held-out images, and training and synthetic ones");
    }
    let take = |set: &ImageSet, numbers: &[usize], images: &Images| images.take(set, numbers);
    Ok(Sets {
        shape: images.shape,
        train: take(train, &drawn(train, Role::Train, MOST_TRAIN), images),
        held_out: [take(holdout, &of_holdout[..half], images), take(holdout, &of_holdout[half..], images)],
        synthetic: take(synthetic, &drawn(synthetic, Role::Synthetic, MOST_ASKED), images),
        baseline: images
            .of(Role::Baseline)
            .ok()
            .filter(|set| set.len() > 0)
            .map(|set| take(set, &drawn(set, Role::Baseline, MOST_ASKED), images)),
    })
}

impl Sets {
    fn measure(&self, scene: &Scene<'_>) -> Result<Measurement, Cancelled> {
        let train = Tiled::new(&self.train, self.shape);
        let nearest =
            |levels: &[u8]| train.nearest_to(&Tiled::new(levels, self.shape), scene.context.progress);
        let mut fresh: Vec<u64> = nearest(&self.held_out[0])?.iter().map(|nearest| nearest.squared).collect();
        fresh.sort_unstable();
        let near = fresh[(fresh.len() as f64 * NEAR) as usize];
        let count = |nearest: &[Nearest]| nearest.iter().filter(|nearest| nearest.squared <= near).count();
        let share = |nearest: &Vec<Nearest>| count(nearest) as f64 / nearest.len() as f64;
        let found = nearest(&self.synthetic)?;
        let floor = nearest(&self.held_out[1])?;
        let baseline = self.baseline.as_ref().map(|levels| nearest(levels)).transpose()?;
        let per_level = (near as f64 / self.shape.size() as f64).sqrt();
        Ok(Measurement::of(&IMAGE_NEAR_COPIES, Some(share(&found)), "")
            .beside(Some(share(&floor)), baseline.as_ref().map(share))
            .within(Some(clopper_pearson(count(&found) as u64, found.len() as u64)))
            .detail("equal_images", Some(found.iter().filter(|nearest| nearest.squared == 0).count() as f64))
            .detail("near_root_mean_squared_levels", Some(per_level))
            .detail("synthetic_images", Some(found.len() as f64))
            .detail("held_out_images", Some((fresh.len() + floor.len()) as f64))
            .detail("training_images", Some(train.len() as f64)))
    }
}
