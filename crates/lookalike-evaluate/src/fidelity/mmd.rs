use lookalike_core::{Cancelled, math};
use lookalike_learn::neighbours::EuclideanPoints;
use rayon::prelude::*;

use super::cloud::Clouds;
use crate::evaluation::Measurement;
use crate::group::{Found, Scene};
use crate::metric::{Family, Goal, Metric};

/// The distance of two distributions as a kernel sees it.
pub(crate) const MMD: Metric = Metric {
    name: "mmd",
    title: "maximum mean discrepancy",
    meaning: "how far apart the distributions of real and synthetic rows are for a Gaussian kernel whose width is the median \
              distance of real rows: the square, estimated without bias, so that fresh real rows lie around 0, below it as \
              often as above. From equal numbers of rows, 2000 at most",
    family: Family::Fidelity,
    goal: Goal::Lower,
    range: (None, Some(2.0)),
    needs: &[],
    headline: false,
    citation: "Gretton et al. 2012, A kernel two-sample test, https://jmlr.org/papers/v13/gretton12a.html",
};

const MOST_ROWS: usize = 2000;

pub(crate) fn measure(scene: &Scene<'_>) -> Result<Found, Cancelled> {
    let Some(clouds) = Clouds::new(&scene.alignment, MOST_ROWS, "mmd rows", scene.context) else {
        return Ok(Measurement::skipped(&MMD, "there are too few rows, or no common column").into());
    };
    let width = median(&clouds.train);
    let within = |points: &EuclideanPoints| {
        // A row and itself are no pair.
        let count = points.len() as f64;
        (similarity(points, points, width) - count) / (count * (count - 1.0))
    };
    let train = within(&clouds.train);
    let against = |other: &EuclideanPoints| {
        if scene.context.progress.cancelled() {
            return Err(Cancelled);
        }
        let pairs = clouds.train.len() as f64 * other.len() as f64;
        Ok(train + within(other) - 2.0 * similarity(&clouds.train, other, width) / pairs)
    };
    let synthetic = against(&clouds.synthetic)?;
    let floor = clouds.holdout.as_ref().map(against).transpose()?;
    let baseline = clouds.baseline.as_ref().map(against).transpose()?;
    Ok(Measurement::of(&MMD, Some(synthetic), "")
        .beside(floor, baseline)
        .detail("rows_of_each", Some(clouds.rows()))
        .detail("squared_width", Some(width))
        .into())
}

/// The sum of the kernel over all pairs of a point of one and a point of the other.
fn similarity(one: &EuclideanPoints, other: &EuclideanPoints, width: f64) -> f64 {
    let sums: Vec<f64> = (0..other.len())
        .into_par_iter()
        .map_init(Vec::new, |squares, row| {
            one.squared_distances(other, row, squares);
            squares.iter().map(|square| math::exp(-square / (2.0 * width))).sum()
        })
        .collect();
    sums.iter().sum()
}

/// The median of the squares of the distances of a hundred points from all others.
fn median(points: &EuclideanPoints) -> f64 {
    let mut squares = Vec::new();
    let mut all = Vec::with_capacity(points.len());
    for row in (0..points.len()).step_by(points.len().div_ceil(100)) {
        points.squared_distances(points, row, &mut squares);
        squares.swap_remove(row);
        all.append(&mut squares);
    }
    all.sort_unstable_by(f64::total_cmp);
    let median = all[all.len() / 2];
    if median > 0.0 { median } else { 1.0 }
}
