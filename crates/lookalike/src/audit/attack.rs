use std::ops::Range;

use lookalike_learn::neighbours::Points;
use serde::{Deserialize, Serialize};

/// How an attack scores a record against a synthetic table: the higher, the more it seems to have been learned from.
///
/// Scores are compared with what is usual for the same record in refits without it, so a record in a crowd is not taken
/// for one that was in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Attack {
    /// Minus the distance to the nearest synthetic row.
    Nearest,
    /// Minus the distance to the fifth-nearest synthetic row.
    Fifth,
    /// How dense synthetic rows lie around it: each counts 1 at distance 0, and less and less until 0 at the distance of
    /// its tenth-nearest row among those that are in every refit.
    Density,
    /// How many synthetic rows equal it.
    Copies,
}

impl Attack {
    /// All attacks.
    pub const ALL: [Attack; 4] = [Attack::Nearest, Attack::Fifth, Attack::Density, Attack::Copies];
}

/// A score for each attack.
pub(super) type Scores = [f64; Attack::ALL.len()];

/// The neighbour that says how far [`Attack::Density`] looks.
const REACH: usize = 10;

/// How far to look around each of the first `targets` points: the distance to the tenth-nearest of the points after
/// them, or the farthest where there are fewer.
pub(super) fn reaches(points: &Points, targets: usize) -> Vec<u64> {
    (0..targets)
        .map(|target| {
            let mut distances = distances(points, target, targets..points.len());
            let last = distances.len().saturating_sub(1);
            if distances.is_empty() {
                1
            } else {
                (*distances.select_nth_unstable(last.min(REACH - 1)).1).max(1)
            }
        })
        .collect()
}

/// The scores of a record whose rows are the points `rows`, given the synthetic rows, which are the points from
/// `synthetic` on. Of a record of several rows, the mean of theirs.
pub(super) fn scores(points: &Points, rows: Range<usize>, reaches: &[u64], synthetic: usize) -> Scores {
    let mut sum = [0.0; Attack::ALL.len()];
    let count = rows.len().max(1) as f64;
    for row in rows {
        let of_row = scores_of_row(distances(points, row, synthetic..points.len()), reaches[row]);
        for (sum, score) in sum.iter_mut().zip(of_row) {
            *sum += score / count;
        }
    }
    sum
}

fn scores_of_row(mut distances: Vec<u64>, reach: u64) -> Scores {
    let density: f64 = distances
        .iter()
        .filter(|&&distance| distance < reach)
        .map(|&distance| 1.0 - distance as f64 / reach as f64)
        .sum();
    let copies = distances.iter().filter(|&&distance| distance == 0).count() as f64;
    let mut order = |place: usize| {
        if distances.is_empty() {
            return 0.0;
        }
        let place = place.min(distances.len() - 1);
        -(*distances.select_nth_unstable(place).1 as f64)
    };
    [order(0), order(4), density, copies]
}

fn distances(points: &Points, row: usize, others: Range<usize>) -> Vec<u64> {
    others.map(|other| points.distance(row, points, other)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_raises_every_score() {
        let without = scores_of_row(vec![40, 10, 30, 20, 50, 60], 40);
        let with = scores_of_row(vec![40, 10, 30, 20, 50, 60, 0], 40);
        assert_eq!(without, [-10.0, -50.0, 1.5, 0.0]);
        assert!(without.iter().zip(with).all(|(without, with)| *without < with), "{with:?}");
        assert_eq!(scores_of_row(Vec::new(), 1), [0.0, 0.0, 0.0, 0.0]);
    }
}
