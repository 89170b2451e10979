use crate::evaluation::{Evaluation, Measurement};

/// What the tests for copied rows say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Copying {
    /// There was no holdout to compare with.
    NotTested,
    /// None of the tests found evidence. That is not evidence of privacy.
    NoEvidence,
    /// The scores with these names are worse than chance explains.
    Evidence(Vec<&'static str>),
}

/// How many standard errors count as more than chance.
const STANDARD_ERRORS: f64 = 4.0;
/// A share of nearer rows that exceeds a half by less than this is what learning the distribution well brings with it:
/// large samples show it at any number of standard errors, and it is no sign of copied rows.
const SMALLEST_LEAN: f64 = 0.02;
/// How many times more near copies than fresh rows have count as more than learning brings with it, and how many times more
/// members recognized than false alarms.
const TIMES: f64 = 2.0;

impl Copying {
    /// What an evaluation says about copied rows, by those of the tests that it holds: whether synthetic rows lie nearer to
    /// training rows than to holdout rows, equal training rows or nearly do, find outlying ones or give membership away, more
    /// often than fresh rows would.
    pub fn of(evaluation: &Evaluation) -> Copying {
        let figures = |name: &str| {
            let measurement = evaluation.metric(name)?;
            Some((measurement, measurement.value?))
        };
        let detail = |measurement: &Measurement, name: &str| measurement.details.get(name).copied();
        let low = |measurement: &Measurement| measurement.interval.as_ref().map(|interval| interval.low);
        let share = ["dcr-share-tie-split", "image-dcr-share"];
        let Some((name, (shares, nearer))) = share.iter().find_map(|&name| Some((name, figures(name)?)))
        else {
            return Copying::NotTested;
        };
        let mut evidence = Vec::new();
        let chance = STANDARD_ERRORS * detail(shares, "standard_error").unwrap_or(0.5);
        if nearer > 0.5 + chance.max(SMALLEST_LEAN) {
            evidence.push(name);
        }
        if let Some((measurement, copies)) = figures("copies")
            && let Some(floor) = measurement.floor
        {
            let holdout = evaluation.rows.holdout.unwrap_or(0).max(1) as f64;
            let synthetic = evaluation.rows.synthetic.max(1) as f64;
            // At least one copy's worth of chance, also where the holdout has none.
            let natural = floor.max(1.0 / holdout).min(1.0);
            let error = (natural * (1.0 - natural) * (1.0 / holdout + 1.0 / synthetic)).sqrt();
            if copies > floor + STANDARD_ERRORS * error {
                evidence.push("copies");
            }
        }
        for name in ["near-copies", "image-near-copies", "mia-tpr"] {
            if let Some((measurement, _)) = figures(name)
                && let (Some(low), Some(floor)) = (low(measurement), measurement.floor)
                && low > TIMES * floor
            {
                evidence.push(name);
            }
        }
        // One may be found by luck.
        if let Some((measurement, _)) = figures("outliers-found")
            && let (Some(low), Some(floor)) = (low(measurement), measurement.floor)
            && detail(measurement, "rows").is_some_and(|rows| rows >= 2.0)
            && low > floor
        {
            evidence.push("outliers-found");
        }
        if evidence.is_empty() { Copying::NoEvidence } else { Copying::Evidence(evidence) }
    }
}
