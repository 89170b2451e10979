use lookalike_core::{Cancelled, Context};
use lookalike_learn::score::{TwoSample, TwoSampleOptions, two_sample, two_sample_apart};

use rayon::prelude::*;

use crate::alignment::{Alignment, Matrix, Role};
use crate::evaluation::{Interval, Measurement};
use crate::group::{Found, Scene};
use crate::metric::{Family, Goal, Metric, Need};

/// The two-sample test against rows that no model has seen.
pub(crate) const C2ST: Metric = Metric {
    name: "c2st",
    title: "two-sample test against the holdout",
    meaning: "how hard boosted trees find it to tell synthetic rows from real rows that the model has not seen: \
              1 - 2 max(0, AUC - 0.5), from equal numbers of rows, out of fold, equal rows within one fold. Where units are named, \
              the rows of a unit are within one fold too: a detector that knows some visits of a patient would \
              recognize the others, however like the tables are",
    family: Family::Fidelity,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[Need::Holdout],
    headline: true,
    citation: "Lopez-Paz and Oquab 2017, Revisiting classifier two-sample tests, https://arxiv.org/abs/1610.06545",
};

/// The two-sample test against the training rows.
pub(crate) const C2ST_TRAIN: Metric = Metric {
    name: "c2st-train",
    title: "two-sample test against the training table",
    meaning: "as `c2st`, against the training rows. Copying rare values raises it: a detector that sees a value \
              in one fold as synthetic is wrong about it in the other. Prefer `c2st`",
    needs: &[],
    ..C2ST
};

/// Tells rows of two tables apart; `None` where there are too few.
pub(super) fn test(
    alignment: &Alignment,
    real: Role,
    other: Role,
    options: &TwoSampleOptions,
    context: &Context<'_>,
) -> Result<Option<TwoSample>, Cancelled> {
    if !(alignment.has(real) && alignment.has(other)) {
        return Ok(None);
    }
    // What the synthetic table lacks must not raise what it is compared with either.
    let columns = alignment.common(&[real, other, Role::Synthetic]);
    let each = alignment.n_rows(real).min(alignment.n_rows(other)).min(options.max_rows);
    let draw =
        |role: Role| context.seed.stream("c2st rows", role as u64).choose(alignment.n_rows(role), each);
    let (of_real, of_other) = (draw(real), draw(other));
    let parts = [(real, of_real.as_slice()), (other, of_other.as_slice())];
    let matrix = Matrix::stack(&columns, &parts);
    let units = alignment.units_of(&parts);
    two_sample(&matrix.features(), each, units.as_deref(), options, context.seed, context.progress)
}

/// Both measurements. The floor is the same for both: one real table against the other.
pub(crate) fn measure(scene: &Scene<'_>) -> Result<Found, Cancelled> {
    let (train, holdout) = (Role::Train, Role::Holdout);
    let tests = [
        (holdout, train),
        (train, Role::Synthetic),
        (train, Role::Baseline),
        (holdout, Role::Synthetic),
        (holdout, Role::Baseline),
    ];
    // The second sample stands where otherwise the baseline does.
    let apart = scene.second.map(|second| {
        let [train, holdout, synthetic, _] = scene.tables;
        Alignment::new([train, holdout, synthetic, Some(second)], [&[]; 4], None)
    });
    let tests: Vec<Option<TwoSample>> = tests
        .into_par_iter()
        .map(|(real, other)| match &apart {
            Some(alignment) if other == Role::Synthetic => test_apart(alignment, real, scene.context),
            _ => test(&scene.alignment, real, other, &TwoSampleOptions::default(), scene.context),
        })
        .collect::<Result<_, _>>()?;
    let [floor, of_train @ .., synthetic, baseline] = &tests[..] else {
        unreachable!("there are five tests")
    };
    let against_holdout = if scene.alignment.has(holdout) {
        measurement(&C2ST, synthetic.as_ref(), floor.as_ref(), baseline.as_ref())
    } else {
        Measurement::skipped(&C2ST, "there is no holdout")
    };
    let against_train = measurement(&C2ST_TRAIN, of_train[0].as_ref(), floor.as_ref(), of_train[1].as_ref());
    Ok(vec![against_holdout, against_train].into())
}

/// Tells the synthetic table and a second one of the same generator from real rows.
fn test_apart(
    alignment: &Alignment,
    real: Role,
    context: &Context<'_>,
) -> Result<Option<TwoSample>, Cancelled> {
    let roles = [real, Role::Synthetic, Role::Baseline];
    let columns = alignment.common(&roles);
    if roles.into_iter().any(|role| !alignment.has(role)) || columns.is_empty() {
        return Ok(None);
    }
    let rows = roles.map(|role| (0..alignment.n_rows(role)).collect::<Vec<usize>>());
    let parts: Vec<(Role, &[usize])> = roles.into_iter().zip(rows.iter().map(Vec::as_slice)).collect();
    let matrix = Matrix::stack(&columns, &parts);
    let sizes = roles.map(|role| alignment.n_rows(role));
    two_sample_apart(&matrix.features(), sizes, &TwoSampleOptions::default(), context.seed, context.progress)
}

/// The three tests against one real table as a measurement.
pub(super) fn measurement(
    metric: &Metric,
    synthetic: Option<&TwoSample>,
    floor: Option<&TwoSample>,
    baseline: Option<&TwoSample>,
) -> Measurement {
    Measurement::of(
        metric,
        synthetic.map(TwoSample::score),
        "there are too few rows, or no common column, to train a detector",
    )
    .beside(floor.map(TwoSample::score), baseline.map(TwoSample::score))
    .within(synthetic.map(interval))
    .detail("auc", synthetic.map(|test| test.auc))
    .detail("auc_error", synthetic.map(|test| test.error))
    .detail("auc_error_by_chance", synthetic.map(|test| test.null_error))
    .detail("p_value", synthetic.map(TwoSample::p_value))
    .detail("floor_auc", floor.map(|test| test.auc))
    .detail("baseline_auc", baseline.map(|test| test.auc))
    .detail("rows_per_sample", synthetic.map(|test| test.rows_per_sample as f64))
}

/// From how far the area would vary with other rows.
fn interval(test: &TwoSample) -> Interval {
    let areas = Interval::around(test.auc, test.error, [0.0, 1.0], "DeLong");
    // The higher the area, the lower the score.
    Interval { low: TwoSample::score_of(areas.high), high: TwoSample::score_of(areas.low), ..areas }
}

/// What to say where a detector was misled.
pub(crate) fn remark(measurement: &Measurement) -> Option<String> {
    let detail = |name: &str| measurement.details.get(name).copied();
    let (auc, error) = (detail("auc")?, detail("auc_error_by_chance")?);
    (auc < 0.5 - 3.0 * error).then(|| {
        format!(
            "the area under the curve of {:?} is {auc:.3}, below chance: rows were copied, or balanced so that they offset \
             each other; a second independent sample would tell",
            measurement.name
        )
    })
}
