use std::collections::BTreeMap;

use crate::alignment::Role;
use crate::evaluation::{Interval, Measurement};
use crate::group::Scene;
use crate::likelihood::{Likelihood, LogDensities};
use crate::metric::{Family, Goal, Metric, Need};

/// How likely fresh real rows are to the model.
pub(crate) const LOG_LIKELIHOOD: Metric = Metric {
    name: "log-likelihood",
    title: "log-likelihood of the holdout, nats per row",
    meaning: "the mean natural logarithm of how likely the model finds a real row that it has not seen: of its probability, \
              times a density for each number that is on no grid. The unit depends on the columns, so that figures compare \
              for models of one and the same table only. Rows that the model can never draw are not in the mean; \
              `impossible_rows` counts them, and a note tells them. The baseline's figure is of the rows that are possible \
              to both. `gap_to_training` is by how much training rows are likelier: far above 0, the model is overfitted",
    family: Family::Fidelity,
    goal: Goal::Higher,
    range: (None, None),
    needs: &[Need::Holdout, Need::Model],
    headline: false,
    citation: "Good 1952, Rational decisions, https://doi.org/10.1111/j.2517-6161.1952.tb00104.x; Theis, van den Oord and \
               Bethge 2016, https://arxiv.org/abs/1511.01844",
};

const NO_ROW: &str = "the model can draw no row of the holdout";

pub(crate) fn measure(scene: &Scene<'_>) -> Measurement {
    let skipped = |reason: &str| Measurement::skipped(&LOG_LIKELIHOOD, reason);
    if !scene.alignment.has(Role::Holdout) {
        return skipped("there is no holdout");
    }
    match scene.likelihood {
        None => skipped("no model is at hand: only `lookalike run` has one, `evaluate` sees tables"),
        Some(Likelihood::Unknown { reason }) => skipped(reason),
        Some(Likelihood::Known(logs)) => {
            let rows: Vec<usize> = (0..logs.holdout.len()).collect();
            of_densities(logs, scene.alignment.units_of(&[(Role::Holdout, &rows)]).as_deref())
        }
    }
}

/// The figures; rows with the same unit, where units are known, are one draw of the interval.
fn of_densities(logs: &LogDensities, units: Option<&[u64]>) -> Measurement {
    let holdout = Moments::of(&logs.holdout, units);
    let train = Moments::of(&logs.train, None);
    let with_baseline = logs.holdout.iter().zip(&logs.baseline);
    let of_both: Vec<f64> =
        with_baseline.map(|(own, other)| if own.is_finite() { *other } else { f64::NEG_INFINITY }).collect();
    let baseline = Moments::of(&of_both, None);
    let gap = train.mean.zip(holdout.mean).map(|(train, holdout)| train - holdout);
    let known = !logs.baseline.is_empty();
    let of_baseline = logs.baseline.iter().filter(|log| !log.is_finite()).count() as f64;
    let error =
        train.error.zip(holdout.error).map(|(train, holdout)| (train * train + holdout * holdout).sqrt());
    let interval = holdout.mean.zip(holdout.error).map(|(mean, error)| {
        let method = if units.is_some() {
            "standard error of the mean over units"
        } else {
            "standard error of the mean"
        };
        Interval::around(mean, error, [f64::NEG_INFINITY, f64::INFINITY], method)
    });
    Measurement::of(&LOG_LIKELIHOOD, holdout.mean, NO_ROW)
        .beside(None, baseline.mean)
        .within(interval)
        .detail("rows", Some(logs.holdout.len() as f64))
        .detail("impossible_rows", Some(holdout.impossible as f64))
        .detail("training_rows", Some(logs.train.len() as f64))
        .detail("training_rows_impossible", Some(train.impossible as f64))
        .detail("training_mean", train.mean)
        .detail("gap_to_training", gap)
        .detail("gap_to_training_error", error)
        .detail("baseline_impossible_rows", known.then_some(of_baseline))
}

/// What logarithms of densities come to.
struct Moments {
    /// The mean of those that are finite.
    mean: Option<f64>,
    /// Its standard error.
    error: Option<f64>,
    /// How many are not.
    impossible: usize,
}

impl Moments {
    fn of(logs: &[f64], units: Option<&[u64]>) -> Self {
        let finite = || logs.iter().enumerate().filter(|(_, log)| log.is_finite());
        let count = finite().count();
        let impossible = logs.len() - count;
        if count == 0 {
            return Moments { mean: None, error: None, impossible };
        }
        let mean = finite().map(|(_, log)| log).sum::<f64>() / count as f64;
        // What a unit's rows share must not make the mean seem surer than it is: deviations are summed per unit.
        let mut sums: BTreeMap<u64, f64> = BTreeMap::new();
        for (row, log) in finite() {
            *sums.entry(units.map_or(row as u64, |units| units[row])).or_default() += log - mean;
        }
        let draws = sums.len() as f64;
        let squares: f64 = sums.values().map(|sum| sum * sum).sum();
        let error = (draws > 1.0).then(|| (squares * draws / (draws - 1.0)).sqrt() / count as f64);
        Moments { mean: Some(mean), error, impossible }
    }
}

/// What to say where rows are impossible, or the model knows training rows better than others.
pub(crate) fn remarks(measurement: &Measurement) -> Vec<String> {
    if measurement.name != LOG_LIKELIHOOD.name {
        return Vec::new();
    }
    let detail = |name: &str| measurement.details.get(name).copied();
    let mut remarks = Vec::new();
    if let (Some(impossible @ 1.0..), Some(rows)) = (detail("impossible_rows"), detail("rows")) {
        remarks.push(format!(
            "the model can never draw {impossible} of {rows} rows of the holdout, such as those with values that it \
             withholds; they are not in the mean of {:?}",
            measurement.name
        ));
    }
    if let (Some(gap), Some(error)) = (detail("gap_to_training"), detail("gap_to_training_error"))
        && gap > 3.0 * error
    {
        remarks.push(format!(
            "training rows are likelier to the model than those of the holdout by {gap:.3} nats per row, which is more \
             than chance explains: it is overfitted by so much"
        ));
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_rows_are_counted_and_not_averaged() {
        let logs = LogDensities {
            holdout: vec![-1.0, -3.0, f64::NEG_INFINITY],
            train: vec![-1.0, -1.0, -1.0],
            baseline: vec![-2.0, f64::NEG_INFINITY, -9.0],
        };
        let found = of_densities(&logs, None);
        assert_eq!((found.value, found.baseline), (Some(-2.0), Some(-2.0)));
        assert_eq!((found.details["impossible_rows"], found.details["baseline_impossible_rows"]), (1.0, 1.0));
        assert_eq!(found.details["gap_to_training"], 1.0);
        // The standard error of -1 and -3 is 1.
        let interval = found.interval.clone().unwrap();
        assert!((interval.low + 3.96).abs() < 1e-12 && (interval.high + 0.04).abs() < 1e-12, "{interval:?}");
        let told = remarks(&found);
        assert!(told.len() == 1 && told[0].contains("1 of 3 rows"), "{told:?}");

        let none = LogDensities { holdout: vec![f64::NEG_INFINITY; 4], ..LogDensities::default() };
        let found = of_densities(&none, None);
        assert_eq!((found.value, found.skipped.as_deref()), (None, Some(NO_ROW)));
        assert_eq!(found.details["impossible_rows"], 4.0);
    }

    #[test]
    fn rows_of_one_unit_are_one_draw() {
        let holdout: Vec<f64> = (0..40).map(|row| -f64::from(row / 10)).collect();
        let units: Vec<u64> = (0..40).map(|row| row / 10).collect();
        let width = |units: Option<&[u64]>| {
            let logs = LogDensities { holdout: holdout.clone(), ..LogDensities::default() };
            let interval = of_densities(&logs, units).interval.unwrap();
            interval.high - interval.low
        };
        // Four draws of ten equal rows each are four draws.
        let expected = 2.0 * 1.96 * (5.0_f64 / 3.0).sqrt() / 2.0;
        assert!((width(Some(&units)) - expected).abs() < 1e-12);
        assert!(width(None) < 0.4 * expected);
    }

    #[test]
    fn overfitting_is_told() {
        let logs = LogDensities {
            holdout: (0..100).map(|row| -5.0 - f64::from(row % 2)).collect(),
            train: (0..100).map(|row| -4.0 - f64::from(row % 2)).collect(),
            baseline: Vec::new(),
        };
        let found = of_densities(&logs, None);
        assert_eq!(found.baseline, None);
        assert!(remarks(&found)[0].contains("1.000 nats"));
    }
}
