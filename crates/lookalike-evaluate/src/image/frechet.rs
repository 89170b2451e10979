use lookalike_core::Seed;
use lookalike_learn::net::image::FEATURES;
use lookalike_learn::score::frechet_distance;
use rayon::prelude::*;

use super::features::Features;
use crate::evaluation::{Measurement, mean};
use crate::metric::{Family, Goal, Metric, Need};

/// The Fréchet distance of features.
pub(crate) const IMAGE_FRECHET: Metric = Metric {
    name: "image-frechet",
    title: "Fréchet distance of images",
    meaning: "how far means and covariances of what a small network sees in synthetic images are from those of held-out \
              real images. The network (LeNet) learned the classes of other held-out images, and sees 84 numbers in \
              each; their unit is how much they vary among real images. It is read beside its floor, the same for equally \
              many fresh real images: a few times that is good; both are means over ten halves of the held-out images. Figures of other data, or of other numbers of images, do \
              not compare, nor do those of the Inception network (FID)",
    family: Family::Fidelity,
    goal: Goal::Lower,
    range: (Some(0.0), None),
    needs: &[Need::Images, Need::Holdout],
    headline: true,
    citation: "Heusel et al. 2017, https://doi.org/10.48550/arXiv.1706.08500, with the features of a LeNet (LeCun et al. \
               1998, https://doi.org/10.1109/5.726791) in the place of Inception's",
};

/// Into how many pairs of halves the held-out images are divided: one pair alone would leave much of the floor to chance.
const HALVES: u64 = 10;

pub(super) fn measure(features: &Features, seed: Seed) -> Measurement {
    let each = features.each * FEATURES;
    let found: Vec<[Option<f64>; 3]> = (0..HALVES)
        .into_par_iter()
        .map(|number| {
            let order = seed.stream("image frechet halves", number).permutation(2 * features.each);
            let take = |numbers: &[usize]| -> Vec<f32> {
                numbers.iter().flat_map(|&number| features.held_out(number)).copied().collect()
            };
            let (reference, fresh) = (take(&order[..features.each]), take(&order[features.each..]));
            let to = |images: &[f32]| frechet_distance(&reference, images, FEATURES);
            let draws = features.all_synthetic().chunks_exact(each);
            let draw = number as usize % draws.len();
            [draws.clone().nth(draw).and_then(to), to(&fresh), features.baseline().and_then(to)]
        })
        .collect();
    let mean = |which: usize| mean(found.iter().filter_map(|figures| figures[which]));
    let measurement =
        Measurement::of(&IMAGE_FRECHET, mean(0), "there are too few images").beside(mean(1), mean(2));
    let times = measurement.value.zip(measurement.floor.filter(|&floor| floor > 0.0));
    features.told(measurement).detail("times_the_floor", times.map(|(value, floor)| value / floor))
}
