use lookalike_core::Cancelled;
use lookalike_learn::neighbours::{Points, Space, nearest, nearest_other};

use super::clopper_pearson;
use crate::alignment::{Matrix, Role};
use crate::evaluation::Measurement;
use crate::group::{Found, Scene};
use crate::metric::{Family, Goal, Metric, Need};

/// Outlying training rows that the synthetic table gives away.
pub(crate) const OUTLIERS_FOUND: Metric = Metric {
    name: "outliers-found",
    title: "outlying training rows found again",
    meaning: "of the hundredth of the training rows that lie furthest from every other real row (20 rows at least), the \
              share that have a synthetic row ten times nearer. No fresh row comes as near but by luck: the floor is the \
              same for holdout rows. A single leaked row shows here, where shares of all rows do not move",
    family: Family::Privacy,
    goal: Goal::Lower,
    range: (Some(0.0), Some(1.0)),
    needs: &[Need::Holdout],
    headline: true,
    citation: "after the identifiability of Yoon, Drumright and van der Schaar 2020, \
               https://doi.org/10.1109/JBHI.2020.2980262",
};

/// The share of rows that count as outlying, and how many do at least.
const OUTLYING: f64 = 0.01;
const LEAST_OUTLIERS: usize = 20;

/// How many times nearer than any real row a synthetic one must be.
const NEARER: u64 = 10;

pub(crate) fn measure(scene: &Scene<'_>) -> Result<Found, Cancelled> {
    let alignment = &scene.alignment;
    let skip = |reason| Ok(Measurement::skipped(&OUTLIERS_FOUND, reason).into());
    if !alignment.has(Role::Holdout) {
        return skip("there is no holdout");
    }
    let columns = alignment.common(&[Role::Train, Role::Holdout, Role::Synthetic]);
    let each = alignment.n_rows(Role::Train).min(alignment.n_rows(Role::Holdout));
    if columns.is_empty() || each < 5 * LEAST_OUTLIERS || alignment.n_rows(Role::Synthetic) == 0 {
        return skip("there are too few rows, or no common column");
    }
    let all = |role: Role| -> Vec<usize> { (0..alignment.n_rows(role)).collect() };
    let real = [(Role::Train, all(Role::Train)), (Role::Holdout, all(Role::Holdout))];
    let real: Vec<(Role, &[usize])> = real.iter().map(|(role, rows)| (*role, rows.as_slice())).collect();
    let real = Matrix::stack(&columns, &real);
    let released = |role: Role| {
        let has_all = columns.iter().all(|column| column.cells(role).is_some());
        has_all.then(|| Matrix::stack(&columns, &[(role, &all(role))]))
    };
    let (synthetic, baseline) = (released(Role::Synthetic), released(Role::Baseline));
    let others: Vec<_> = [&synthetic, &baseline].into_iter().flatten().map(Matrix::features).collect();
    let others: Vec<_> = others.iter().map(Vec::as_slice).collect();
    let real = real.features();
    let space = Space::new(&real, &others);
    let real = space.points(&real);
    let isolation = nearest_other(&real, scene.context.progress)?;
    let (of_train, of_holdout) = isolation.split_at(alignment.n_rows(Role::Train));
    let targets = [(of_train, 0), (of_holdout, of_train.len())].map(|(isolation, first)| {
        let mut rows: Vec<usize> = (0..isolation.len()).collect();
        rows.sort_by_key(|&row| (std::cmp::Reverse(isolation[row]), row));
        rows.truncate(((isolation.len() as f64 * OUTLYING) as usize).max(LEAST_OUTLIERS));
        rows.iter().map(|row| row + first).collect::<Vec<usize>>()
    });
    let found = |released: &Points, targets: &[usize]| {
        let nearest = nearest::<1>(&real.take(targets), released, scene.context.progress)?;
        let count = nearest
            .iter()
            .zip(targets)
            .filter(|&([nearest], &target)| nearest.distance.saturating_mul(NEARER) < isolation[target])
            .count();
        Ok::<_, Cancelled>((count as u64, targets.len() as u64))
    };
    let points = |matrix: &Option<Matrix>| matrix.as_ref().map(|matrix| space.points(&matrix.features()));
    let share = |(count, all): (u64, u64)| count as f64 / all as f64;
    let synthetic = points(&synthetic).expect("the columns are common to it");
    let of_members = found(&synthetic, &targets[0])?;
    let of_others = found(&synthetic, &targets[1])?;
    let baseline = points(&baseline).map(|released| found(&released, &targets[0])).transpose()?;
    Ok(Measurement::of(&OUTLIERS_FOUND, Some(share(of_members)), "")
        .beside(Some(share(of_others)), baseline.map(share))
        .within(Some(clopper_pearson(of_members.0, of_members.1)))
        .detail("rows", Some(of_members.0 as f64))
        .detail("outlying_rows", Some(of_members.1 as f64))
        .into())
}
