use std::collections::BTreeMap;

use lookalike_learn::net::image::Shape;
use rayon::prelude::*;

use super::set::{ImageSet, Images};
use crate::alignment::{Cells, Role};
use crate::evaluation::{Measurement, Part};
use crate::fidelity::shape::similarity_of;
use crate::group::Scene;
use crate::metric::{Family, Goal, Metric, Need};

/// How like those of training images plain statistics of pixels are.
pub(crate) const IMAGE_PIXELS: Metric = Metric {
    name: "image-pixels",
    title: "pixels of images",
    meaning: "how like those of training images brightness, contrast, the share of bright pixels, the strength of edges and, \
              for images in colour, of the colours are distributed: one minus the Kolmogorov-Smirnov distance of each \
              image's mean level, the standard deviation of its levels, its share of levels from 128, the mean difference \
              between neighbouring pixels, and that between the channels of a pixel; the mean over these",
    family: Family::Fidelity,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[Need::Images],
    headline: false,
    citation: "statistics of this program; the distance as in SDMetrics KSComplement, https://docs.sdv.dev/sdmetrics",
};

const STATISTICS: [&str; 5] = ["brightness", "contrast", "bright-pixels", "edges", "colour"];

pub(super) fn measure(scene: &Scene<'_>) -> Measurement {
    let Some(images) = scene.images else {
        return Measurement::skipped(&IMAGE_PIXELS, "there is no column of images");
    };
    let of = |role: Role| images.of(role).ok().filter(|set| set.len() > 0).map(|set| statistics(images, set));
    let train = of(Role::Train);
    let [synthetic, holdout, baseline] = [Role::Synthetic, Role::Holdout, Role::Baseline].map(of);
    let against = |other: &Option<Vec<Cells>>, number: usize| {
        similarity_of(&train.as_ref()?[number], &other.as_ref()?[number], 0)
    };
    let column = &scene.tables[0].expect("there is a training table").schema().columns[images.column].name;
    // A grey image has no colour.
    let told = if images.shape.channels >= 3 { 5 } else { 4 };
    let parts = STATISTICS[..told].iter().enumerate().map(|(number, statistic)| Part {
        columns: vec![column.clone()],
        measure: (*statistic).to_owned(),
        value: against(&synthetic, number),
        floor: against(&holdout, number),
        baseline: against(&baseline, number),
        details: BTreeMap::new(),
    });
    let otherwise = images.of(Role::Synthetic).err().unwrap_or("there are no images");
    Measurement::mean_of(&IMAGE_PIXELS, parts.collect(), otherwise)
}

/// Each of the [`STATISTICS`] of all images.
fn statistics(images: &Images, set: &ImageSet) -> Vec<Cells> {
    let of_each: Vec<[f64; 5]> =
        set.levels.par_chunks_exact(images.shape.size()).map(|image| of_image(image, images.shape)).collect();
    (0..STATISTICS.len())
        .map(|number| Cells::Numbers(of_each.iter().map(|statistics| statistics[number]).collect()))
        .collect()
}

/// In whole numbers up to the last division, so that the order of sums does not matter.
fn of_image(image: &[u8], shape: Shape) -> [f64; 5] {
    let count = image.len() as f64;
    let sum: u64 = image.iter().map(|&level| u64::from(level)).sum();
    let squares: u64 = image.iter().map(|&level| u64::from(level) * u64::from(level)).sum();
    let mean = sum as f64 / count;
    let bright = image.iter().filter(|&&level| level >= 128).count() as f64;
    let row = shape.width * shape.channels;
    let apart = |step: usize, place: usize| u64::from(image[place].abs_diff(image[place - step]));
    let across = (0..image.len())
        .filter(|place| place % row >= shape.channels)
        .map(|place| apart(shape.channels, place));
    let down = (row..image.len()).map(|place| apart(row, place));
    let edges: u64 = across.chain(down).sum();
    let spread = |pixel: &[u8]| {
        let colours = &pixel[..pixel.len().min(3)];
        u64::from(colours.iter().max().unwrap_or(&0) - colours.iter().min().unwrap_or(&0))
    };
    let colour: u64 = image.chunks_exact(shape.channels).map(spread).sum();
    [
        mean,
        (squares as f64 / count - mean * mean).max(0.0).sqrt(),
        bright / count,
        edges as f64 / count,
        colour as f64 / shape.pixels() as f64,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_of_a_small_image() {
        // Two pixels, red and grey, one above the other.
        let found = of_image(&[200, 0, 0, 100, 100, 100], Shape::new(2, 1, 3));
        let mean = 500.0 / 6.0;
        assert_eq!(found[0], mean);
        assert!((found[1] - (70_000.0_f64 / 6.0 - mean * mean).sqrt()).abs() < 1e-9);
        assert_eq!(found[2..], [1.0 / 6.0, 300.0 / 6.0, 100.0]);
    }
}
