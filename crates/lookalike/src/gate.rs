use lookalike_evaluate::{Bound, Evaluation, GateResult, Verdict, all_metrics};

use crate::error::{Error, Result};
use crate::plan::Gates;

/// A bound that a score has to keep.
#[derive(Debug, Clone, PartialEq)]
pub struct Gate {
    /// The score's name.
    pub score: String,
    /// What it has to keep to.
    pub bound: Bound,
}

impl Gate {
    /// All gates, those with a least value first. They are checked before the long work starts.
    ///
    /// # Errors
    /// [`Error::UnknownScore`] when a score does not exist, [`Error::Bound`] when a bound is not a number.
    pub fn all(gates: &Gates) -> Result<Vec<Gate>> {
        let min = gates.min.iter().map(|(score, &bound)| (score, bound, Bound::Min(bound)));
        let max = gates.max.iter().map(|(score, &bound)| (score, bound, Bound::Max(bound)));
        min.chain(max)
            .map(|(score, number, bound)| {
                let score = score.clone();
                if !all_metrics().iter().any(|metric| metric.name == score) {
                    let known = all_metrics().iter().map(|metric| metric.name).collect();
                    return Err(Error::UnknownScore { name: score, known });
                }
                // JSON has no way to write endless ones.
                if !number.is_finite() {
                    return Err(Error::Bound { score });
                }
                Ok(Gate { score, bound })
            })
            .collect()
    }

    /// Compares with what was found. A bound is kept only where the whole interval keeps it: a table that is too small to
    /// show that it does has not shown it. A bound at the end of the score's range, such as no copies at all, can only
    /// be meant for this very table and is compared with the score itself.
    pub fn check(&self, evaluation: &Evaluation) -> GateResult {
        let measurement = evaluation.metric(&self.score);
        let value = measurement.and_then(|measurement| measurement.value);
        let interval = measurement
            .and_then(|measurement| measurement.interval.as_ref())
            .map(|interval| [interval.low, interval.high]);
        let ends =
            all_metrics().into_iter().find(|metric| metric.name == self.score).map(|metric| metric.range);
        let (Bound::Min(bound) | Bound::Max(bound)) = self.bound;
        let of_this_table = ends.is_some_and(|(low, high)| Some(bound) == low || Some(bound) == high);
        let keeps = |value: f64| match self.bound {
            Bound::Min(least) => value >= least,
            Bound::Max(most) => value <= most,
        };
        let verdict = match value.map(|value| interval.filter(|_| !of_this_table).unwrap_or([value; 2])) {
            None => Verdict::NoScore,
            Some(ends) if ends.into_iter().all(keeps) => Verdict::Kept,
            Some(ends) if ends.into_iter().any(keeps) => Verdict::TooFewRows,
            Some(_) => Verdict::Broken,
        };
        let passed = verdict == Verdict::Kept;
        GateResult { score: self.score.clone(), bound: self.bound, value, interval, verdict, passed }
    }
}
