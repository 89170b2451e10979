use lookalike_evaluate::{Evaluation, all_metrics};
use serde::Serialize;

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

/// What a score has to keep to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    /// At least this.
    Min(f64),
    /// At most this.
    Max(f64),
}

/// Whether a score keeps its bound.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GateResult {
    /// The score's name.
    pub score: String,
    /// What it had to keep to.
    pub bound: Bound,
    /// What it is; nothing when it could not be told.
    pub value: Option<f64>,
    /// True when the bound is kept. A score that could not be told keeps no bound.
    pub passed: bool,
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
                if number.is_nan() {
                    return Err(Error::Bound { score });
                }
                Ok(Gate { score, bound })
            })
            .collect()
    }

    /// Compares with what was found.
    pub fn check(&self, evaluation: &Evaluation) -> GateResult {
        let value = evaluation.metric(&self.score).and_then(|measurement| measurement.value);
        let passed = value.is_some_and(|value| match self.bound {
            Bound::Min(least) => value >= least,
            Bound::Max(most) => value <= most,
        });
        GateResult { score: self.score.clone(), bound: self.bound, value, passed }
    }
}
