use lookalike_learn::net::image::FEATURES;
use lookalike_learn::score::{density_coverage, precision_recall};

use super::features::Features;
use crate::evaluation::Measurement;
use crate::metric::{Goal, Metric};

/// How many synthetic images look like real ones.
pub(crate) const IMAGE_PRECISION: Metric = Metric {
    name: "image-precision",
    title: "precision of images",
    meaning: "the share of synthetic images that lie within reach of a held-out real one in what the network of \
              `image-frechet` sees, where an image reaches as far as its third nearest: how many look like real ones. Fresh \
              real images do not reach 1, so it is read beside its floor",
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    headline: false,
    citation: "Kynkäänniemi et al. 2019, https://doi.org/10.48550/arXiv.1904.06991",
    ..super::frechet::IMAGE_FRECHET
};

/// How many real images have synthetic ones like them.
pub(crate) const IMAGE_RECALL: Metric = Metric {
    name: "image-recall",
    title: "recall of images",
    meaning: "the share of held-out real images that lie within reach of a synthetic one, as far as that reaches to its third \
              nearest: how much of the variety of real images there is. Fresh real images do not reach 1, so it is \
              read beside its floor",
    ..IMAGE_PRECISION
};

/// How densely synthetic images fill the neighbourhoods of real ones.
pub(crate) const IMAGE_DENSITY: Metric = Metric {
    name: "image-density",
    title: "density of images",
    meaning: "how many neighbourhoods of held-out real images (as far as their fifth nearest) a synthetic image lies in, \
              divided by five, in what the network of `image-frechet` sees. About 1 for fresh real images; more where \
              synthetic images crowd in the middle, fewer where they lie where no real ones do",
    goal: Goal::Near(1.0),
    range: (Some(0.0), None),
    citation: "Naeem et al. 2020, https://doi.org/10.48550/arXiv.2002.09797",
    ..IMAGE_PRECISION
};

/// How many real images have a synthetic one in their neighbourhood.
pub(crate) const IMAGE_COVERAGE: Metric = Metric {
    name: "image-coverage",
    title: "coverage of images",
    meaning: "the share of held-out real images that have a synthetic one in their neighbourhood (as far as their fifth \
              nearest) in what the network of `image-frechet` sees: low where kinds of images are lacking. Fresh real images \
              reach about 0.97",
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    ..IMAGE_DENSITY
};

/// Which neighbour precision and recall reach to, and which one ends a neighbourhood of density and coverage.
const NEIGHBOURS: [usize; 2] = [3, 5];

/// Precision with recall, and density with coverage.
type Both = (Option<[f64; 2]>, Option<[f64; 2]>);

pub(super) fn measure(features: &Features) -> [Measurement; 4] {
    let [reach, end] = NEIGHBOURS;
    let near = |images: &[f32]| precision_recall(features.reference(), images, FEATURES, reach);
    let dense = |images: &[f32]| density_coverage(features.reference(), images, FEATURES, end);
    let both = |images: &[f32]| -> Both { (near(images), dense(images)) };
    // All four figures of each table are found once.
    let of_synthetic = both(features.synthetic());
    let of_fresh = both(features.fresh());
    let of_baseline = features.baseline().map(both);
    let figure = |metric: &Metric, of: fn(&Both) -> Option<f64>| {
        let measurement = Measurement::of(metric, of(&of_synthetic), "there are too few images")
            .beside(of(&of_fresh), of_baseline.as_ref().and_then(of));
        features.told(measurement)
    };
    [
        figure(&IMAGE_PRECISION, |(near, _)| near.map(|[precision, _]| precision)),
        figure(&IMAGE_RECALL, |(near, _)| near.map(|[_, recall]| recall)),
        figure(&IMAGE_DENSITY, |(_, dense)| dense.map(|[density, _]| density)),
        figure(&IMAGE_COVERAGE, |(_, dense)| dense.map(|[_, coverage]| coverage)),
    ]
}
