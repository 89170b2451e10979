use crate::evaluation::Evaluation;

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

impl Copying {
    /// What an evaluation says about copied rows: whether synthetic rows lie nearer to training rows than to holdout
    /// rows, or equal training rows, more often than fresh rows would.
    pub fn of(evaluation: &Evaluation) -> Copying {
        let figures = |name: &str, rows: &str| {
            let measurement = evaluation.metric(name)?;
            Some((measurement.value?, measurement.floor, *measurement.details.get(rows)?))
        };
        let Some((nearer, _, asked)) = figures("dcr-share-tie-split", "rows_asked") else {
            return Copying::NotTested;
        };
        let mut evidence = Vec::new();
        let chance = STANDARD_ERRORS * (0.25 / asked.max(1.0)).sqrt();
        if nearer > 0.5 + chance.max(SMALLEST_LEAN) {
            evidence.push("dcr-share-tie-split");
        }
        if let (Some((copies, Some(floor), _)), rows) = (figures("copies", "rows"), evaluation.rows) {
            let holdout = rows.holdout.unwrap_or(0).max(1) as f64;
            let synthetic = rows.synthetic.max(1) as f64;
            // At least one copy's worth of chance, also where the holdout has none.
            let natural = floor.max(1.0 / holdout).min(1.0);
            let error = (natural * (1.0 - natural) * (1.0 / holdout + 1.0 / synthetic)).sqrt();
            if copies > floor + STANDARD_ERRORS * error {
                evidence.push("copies");
            }
        }
        if evidence.is_empty() { Copying::NoEvidence } else { Copying::Evidence(evidence) }
    }
}
