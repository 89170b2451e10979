use serde::{Deserialize, Serialize};

/// What a score has to keep to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    /// At least this.
    Min(f64),
    /// At most this.
    Max(f64),
}

/// Whether a score keeps its bound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GateResult {
    /// The score's name.
    pub score: String,
    /// What it had to keep to.
    pub bound: Bound,
    /// What it is; nothing when it could not be told.
    pub value: Option<f64>,
    /// Its 95 % interval, where it has one.
    pub interval: Option<[f64; 2]>,
    /// What comes of it.
    pub verdict: Verdict,
    /// True when the verdict is that the bound is kept.
    pub passed: bool,
}

/// What a gate says of a score. Where a score has an interval, this decides, not the score itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The bound is kept, also where the score would be a little different with other rows.
    Kept,
    /// It is broken.
    Broken,
    /// The bound lies within the interval: there are too few rows to tell.
    TooFewRows,
    /// There is no score.
    NoScore,
}
