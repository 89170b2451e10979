use lookalike_learn::net::image::FEATURES;
use lookalike_learn::score::kernel_distance;

use super::features::Features;
use crate::evaluation::{Interval, Measurement};
use crate::metric::{Goal, Metric};

/// The kernel distance of features.
pub(crate) const IMAGE_KERNEL_DISTANCE: Metric = Metric {
    name: "image-kernel-distance",
    title: "kernel distance of images",
    meaning: "how far what the network of `image-frechet` sees in synthetic images is from what it sees in held-out real \
              ones, by the squared maximum mean discrepancy under a polynomial kernel of degree three: it looks at skewness \
              too, and does not grow where there are fewer images. 0 in the mean for fresh real images, for which it \
              may be below 0; the interval is from its spread over blocks of images",
    goal: Goal::Lower,
    range: (None, None),
    headline: false,
    citation: "Bińkowski et al. 2018, https://doi.org/10.48550/arXiv.1801.01401",
    ..super::frechet::IMAGE_FRECHET
};

const MOST_BLOCKS: usize = 10;
/// The fewest images of a block.
const LEAST_IMAGES: usize = 20;

pub(super) fn measure(features: &Features) -> Measurement {
    let blocks = (features.each / LEAST_IMAGES).clamp(1, MOST_BLOCKS);
    let figure = |images: &[f32]| kernel_distance(features.reference(), images, FEATURES, blocks);
    let found = figure(features.synthetic());
    let error = found.and_then(|(_, error)| error);
    let floor = figure(features.fresh());
    let baseline = features.baseline().and_then(figure);
    let of = |found: Option<(f64, Option<f64>)>| found.map(|(value, _)| value);
    let measurement = Measurement::of(&IMAGE_KERNEL_DISTANCE, of(found), "there are too few images")
        .beside(of(floor), of(baseline));
    let anywhere = [f64::NEG_INFINITY, f64::INFINITY];
    let interval = found
        .zip(error)
        .map(|((value, _), error)| Interval::around(value, error, anywhere, "blocks of images"));
    features
        .told(measurement.within(interval))
        .detail("standard_error", error)
        .detail("blocks", Some(blocks as f64))
}
