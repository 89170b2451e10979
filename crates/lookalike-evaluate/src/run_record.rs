use serde::{Deserialize, Serialize};

/// The version of the JSON form of [`RunRecord`]. It goes up when a field changes its meaning or disappears.
pub const RECORD_VERSION: u32 = 1;

/// What a run cost, told by whoever ran it.
///
/// It stands beside an evaluation and not in it: the same data, options and seed give the same evaluation, but never the
/// same seconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// [`RECORD_VERSION`] of the program that wrote it.
    pub record_version: u32,
    /// The version of the program.
    pub version: String,
    /// The method that was fitted.
    pub method: String,
    /// How many threads there were to work with.
    pub threads: usize,
    /// What the steps took, in their order.
    pub phases: Vec<PhaseCost>,
    /// The most memory that the process held at any time since it began, in bytes, where the system tells (Linux).
    pub peak_memory_bytes: Option<u64>,
    /// How many rows were learned from.
    pub rows_learned: u64,
    /// How many rows were drawn, to be judged or written.
    pub rows_sampled: u64,
    /// The first divided by the seconds of the phase `fit`; null where these are too few to tell.
    pub rows_learned_per_second: Option<f64>,
    /// The second divided by the seconds of the phase `sample`; null where these are too few to tell.
    pub rows_sampled_per_second: Option<f64>,
    /// The size of the model file, in bytes.
    pub model_bytes: u64,
}

/// What one step of a run took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PhaseCost {
    /// `read` (with dividing), `fit`, `sample` (with writing tables), or `judge`.
    pub phase: String,
    /// Seconds by the clock.
    pub wall_seconds: f64,
    /// Seconds of all processors together that the process had, where the system tells (Unix).
    pub cpu_seconds: Option<f64>,
}

impl RunRecord {
    /// Seconds by the clock of all phases together.
    pub fn wall_seconds(&self) -> f64 {
        self.phases.iter().map(|phase| phase.wall_seconds).sum()
    }

    /// Seconds of all processors of all phases together, where they are known of each.
    pub fn cpu_seconds(&self) -> Option<f64> {
        self.phases.iter().map(|phase| phase.cpu_seconds).sum()
    }
}
