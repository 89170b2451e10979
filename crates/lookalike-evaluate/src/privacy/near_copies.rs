use lookalike_core::Cancelled;
use lookalike_learn::neighbours::{Neighbour, UNIT, nearest};

use super::clopper_pearson;
use super::distances::{Distances, Surroundings};
use crate::alignment::Role;
use crate::evaluation::Measurement;
use crate::group::Scene;
use crate::metric::{Family, Goal, Metric, Need};

/// Rows that differ little from a training row.
pub(crate) const NEAR_COPIES: Metric = Metric {
    name: "near-copies",
    title: "near copies of training rows",
    meaning: "the share of synthetic rows that are as near to a training row as only one in a hundred holdout rows is, \
              exact copies among them. Where many rows are equal by nature, more than one in a hundred are as near: \
              the floor says how many. Training rows with a little noise show here, though no two rows are equal",
    family: Family::Privacy,
    goal: Goal::Lower,
    range: (Some(0.0), Some(1.0)),
    needs: &[Need::Holdout],
    headline: true,
    citation: "after Platzer and Reutterer 2021, https://doi.org/10.3389/fdata.2021.679939",
};

/// The share of holdout rows that defines what is near.
const NEAR: f64 = 0.01;

pub(super) fn measure(
    surroundings: &Surroundings<'_>,
    synthetic: &Distances,
    baseline: Option<&Distances>,
    scene: &Scene<'_>,
) -> Result<Measurement, Cancelled> {
    let Some(fresh) = surroundings.all_of(Role::Holdout, &scene.alignment) else {
        return Ok(Measurement::skipped(&NEAR_COPIES, "there are too few rows to compare distances"));
    };
    let mut fresh_distances = Vec::new();
    for train in &surroundings.draws {
        let found = nearest::<1>(&fresh, train, scene.context.progress)?;
        fresh_distances.extend(found.iter().map(|[nearest]| nearest.distance));
    }
    fresh_distances.sort_unstable();
    let near = fresh_distances[(fresh_distances.len() as f64 * NEAR) as usize];
    let of_fresh = fresh_distances.partition_point(|&distance| distance <= near);
    // A row that is near in any draw counts in that draw; the share is the mean, so that it compares with the floor.
    let count = |distances: &Distances| {
        let near_rows =
            |train: &Vec<[Neighbour; 2]>| train.iter().filter(|nearest| nearest[0].distance <= near).count();
        let all: usize = distances.to_train.iter().map(near_rows).sum();
        (all, distances.to_train.len() * distances.rows())
    };
    let share = |(near, all): (usize, usize)| near as f64 / all as f64;
    let found = count(synthetic);
    let rows = synthetic.rows() as u64;
    Ok(Measurement::of(&NEAR_COPIES, Some(share(found)), "")
        .beside(Some(of_fresh as f64 / fresh_distances.len() as f64), baseline.map(|them| share(count(them))))
        .within(Some(clopper_pearson((share(found) * rows as f64).round() as u64, rows)))
        .detail("near", Some(near as f64 / UNIT as f64))
        .detail("holdout_rows", Some(fresh.len() as f64)))
}
