use lookalike_core::Cancelled;
use lookalike_learn::neighbours::{Space, UNIT, nearest};

use crate::alignment::{Matrix, Role};
use crate::exhibit::{Exhibit, LaysOpen, Series, Shape};
use crate::group::Scene;
use crate::metric::Family;

/// The most training rows that are compared, and the most rows that ask for their nearest one.
const MOST_ROWS: usize = 16_384;
const MOST_ASKED: usize = 2_000;

/// Rows needed for a curve to mean anything.
const LEAST_ROWS: usize = 10;

/// Points of a curve.
const STEPS: usize = 100;

/// How far synthetic and holdout rows are from the training row that is nearest to each.
pub(super) fn make(scene: &Scene<'_>) -> Result<Option<Exhibit>, Cancelled> {
    let alignment = &scene.alignment;
    let mut roles = vec![(Role::Synthetic, "synthetic")];
    if alignment.has(Role::Holdout) {
        roles.insert(0, (Role::Holdout, "holdout"));
    }
    let all: Vec<Role> = [Role::Train].into_iter().chain(roles.iter().map(|(role, _)| *role)).collect();
    let columns = alignment.common(&all);
    if columns.is_empty() || all.iter().any(|&role| alignment.n_rows(role) < LEAST_ROWS) {
        return Ok(None);
    }
    let drawn = |role: Role, most: usize| {
        let mut stream = scene.context.seed.stream("distance rows", role as u64);
        Matrix::stack(&columns, &[(role, &stream.choose(alignment.n_rows(role), most))])
    };
    let train = drawn(Role::Train, MOST_ROWS);
    let asked: Vec<(&str, Matrix)> =
        roles.iter().map(|(role, name)| (*name, drawn(*role, MOST_ASKED))).collect();
    let features: Vec<_> = asked.iter().map(|(_, matrix)| matrix.features()).collect();
    let tables: Vec<&[_]> = features.iter().map(Vec::as_slice).collect();
    let space = Space::new(&train.features(), &tables);
    let train = space.points(&train.features());
    let mut series = Vec::new();
    for ((name, _), features) in asked.iter().zip(&features) {
        let found = nearest::<1>(&space.points(features), &train, scene.context.progress)?;
        let mut distances: Vec<u64> = found.iter().map(|[nearest]| nearest.distance).collect();
        distances.sort_unstable();
        series.push(Series::new(name, shares(&distances)));
    }
    Ok(Some(Exhibit {
        name: "distances-to-training".to_owned(),
        title: "distance to the nearest training row".to_owned(),
        caption: "The share of rows whose nearest training row is at most so far: a number counts by its difference \
                  over its range, a level that differs counts 2. A synthetic curve to the left of the holdout's, most \
                  of all near 0, is a sign of copied rows. This is a smoke test for memorizing: passing it is no \
                  evidence of privacy."
            .to_owned(),
        family: Family::Privacy,
        lays_open: LaysOpen::Figures,
        shape: Shape::Curves {
            x_title: "distance to the nearest training row".to_owned(),
            y_title: "share of rows".to_owned(),
            series,
        },
    }))
}

/// The share of rows at most so far, at a hundred places.
fn shares(sorted: &[u64]) -> Vec<[f64; 2]> {
    let last = sorted.len() - 1;
    let mut points: Vec<[f64; 2]> = (0..=STEPS)
        .map(|step| {
            let place = last * step / STEPS;
            let distance = sorted[place] as f64 / UNIT as f64;
            [(distance * 1e3).round() / 1e3, (place + 1) as f64 / sorted.len() as f64]
        })
        .collect();
    // Of several points at one distance only the highest is true.
    points.reverse();
    points.dedup_by_key(|point| point[0]);
    points.reverse();
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_rise_to_one() {
        let sorted: Vec<u64> = [vec![0; 50], (1..=50).map(|step| step * UNIT / 10).collect()].concat();
        let points = shares(&sorted);
        assert!((points[0][1] - 0.5).abs() < 0.02 && points[0][0] == 0.0, "{points:?}");
        assert_eq!(points.last(), Some(&[5.0, 1.0]));
        assert!(points.is_sorted_by(|a, b| a[0] < b[0] && a[1] < b[1]));
    }
}
