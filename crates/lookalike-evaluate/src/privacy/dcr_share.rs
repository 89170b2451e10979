use lookalike_core::{Cancelled, Context};
use lookalike_learn::neighbours::{Space, nearest};

use rayon::prelude::*;

use crate::alignment::{Alignment, Matrix, Role};
use crate::evaluation::Measurement;
use crate::group::{Found, Scene};
use crate::metric::{Family, Goal, Metric, Need};

/// The share of synthetic rows that lie nearer to a training row, ties not counted.
pub(crate) const DCR_SHARE: Metric = Metric {
    name: "dcr-share",
    title: "nearer to training than to holdout rows (strict)",
    meaning: "the share of synthetic rows whose nearest training row is nearer than their nearest holdout row, of \
              equally many of each; rows that are equally near do not count. Above a half is evidence of copying; \
              below it is no evidence of privacy",
    family: Family::Privacy,
    goal: Goal::Lower,
    range: (Some(0.0), Some(1.0)),
    needs: &[Need::Holdout],
    headline: true,
    citation: "Zhao et al. 2021, CTAB-GAN, https://arxiv.org/abs/2102.08369; share as in Zhang et al. 2024, \
               TabSyn, https://arxiv.org/abs/2310.09656",
};

/// The same, each tie counted half.
pub(crate) const DCR_SHARE_TIE_SPLIT: Metric = Metric {
    name: "dcr-share-tie-split",
    title: "nearer to training than to holdout rows (ties split)",
    meaning: "as `dcr-share`, but rows that are equally near count half; a half is what fresh rows reach",
    goal: Goal::Near(0.5),
    ..DCR_SHARE
};

pub(crate) const METRICS: [&Metric; 2] = [&DCR_SHARE, &DCR_SHARE_TIE_SPLIT];

/// The most rows of each table that are compared.
const MOST_ROWS: usize = 16_384;

/// Rows needed for a share to mean anything.
const LEAST_ROWS: usize = 10;

/// How the nearest rows of some queries are spread.
#[derive(Debug, Clone, Copy)]
struct Shares {
    strict: f64,
    tied: f64,
    queries: usize,
    references: usize,
}

/// Compares `queries` to equally many training and holdout rows. Rows of the training table that stand for
/// fresh ones (the floor) are taken from those not among the references.
fn shares(alignment: &Alignment, queries: Role, context: &Context<'_>) -> Result<Option<Shares>, Cancelled> {
    if !(alignment.has(Role::Holdout) && alignment.has(queries)) {
        return Ok(None);
    }
    let columns = alignment.common(&[Role::Train, Role::Holdout, Role::Synthetic, queries]);
    let each = alignment.n_rows(Role::Train).min(alignment.n_rows(Role::Holdout)).min(MOST_ROWS);
    let drawn = |role: Role| context.seed.stream("dcr rows", role as u64);
    let mut train_rows = drawn(Role::Train).choose(alignment.n_rows(Role::Train), usize::MAX);
    let spare = train_rows.split_off(each);
    let asked = if queries == Role::Train {
        // A quarter of the rows tells the floor well enough.
        spare[..spare.len().min(MOST_ROWS / 4)].to_vec()
    } else {
        drawn(queries).choose(alignment.n_rows(queries), MOST_ROWS)
    };
    if each < LEAST_ROWS || asked.len() < LEAST_ROWS || columns.is_empty() {
        return Ok(None);
    }
    let holdout_rows = drawn(Role::Holdout).choose(alignment.n_rows(Role::Holdout), each);
    let train = Matrix::stack(&columns, &[(Role::Train, &train_rows)]);
    let holdout = Matrix::stack(&columns, &[(Role::Holdout, &holdout_rows)]);
    let asked = Matrix::stack(&columns, &[(queries, &asked)]);
    let (train, holdout, asked) = (train.features(), holdout.features(), asked.features());
    let space = Space::new(&train, &[&holdout, &asked]);
    let points = space.points(&asked);
    let to_train = nearest(&points, &space.points(&train), context.progress)?;
    let to_holdout = nearest(&points, &space.points(&holdout), context.progress)?;
    let count = points.len() as f64;
    let nearer = to_train.iter().zip(&to_holdout).filter(|(a, b)| a < b).count() as f64;
    let tied = to_train.iter().zip(&to_holdout).filter(|(a, b)| a == b).count() as f64;
    Ok(Some(Shares { strict: nearer / count, tied: tied / count, queries: points.len(), references: each }))
}

/// Both ways to count ties.
pub(crate) fn measure(scene: &Scene<'_>) -> Result<Found, Cancelled> {
    if !scene.alignment.has(Role::Holdout) {
        return Ok(METRICS.map(|metric| Measurement::skipped(metric, "there is no holdout")).to_vec().into());
    }
    let found: Vec<Option<Shares>> = [Role::Synthetic, Role::Train, Role::Baseline]
        .into_par_iter()
        .map(|queries| shares(&scene.alignment, queries, scene.context))
        .collect::<Result<_, _>>()?;
    let [synthetic, floor, baseline] = &found[..] else { unreachable!("three tables were asked") };
    let of = |metric: &Metric, share: fn(&Shares) -> f64| {
        Measurement::of(metric, synthetic.as_ref().map(share), "there are too few rows to compare distances")
            .beside(floor.as_ref().map(share), baseline.as_ref().map(share))
            .detail("ties", synthetic.as_ref().map(|shares| shares.tied))
            .detail("rows_asked", synthetic.as_ref().map(|shares| shares.queries as f64))
            .detail("rows_of_each", synthetic.as_ref().map(|shares| shares.references as f64))
    };
    Ok(vec![
        of(&DCR_SHARE, |shares| shares.strict),
        of(&DCR_SHARE_TIE_SPLIT, |shares| shares.strict + shares.tied / 2.0),
    ]
    .into())
}
