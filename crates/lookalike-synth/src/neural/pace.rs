use std::time::Duration;

use lookalike_learn::net::Schedule;

/// How long, and in what steps, a network learns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pace {
    /// How often every row is seen at most.
    pub(crate) epochs: u32,
    /// Rows in a batch.
    pub(crate) batch: usize,
    /// The length of Adam's steps.
    pub(crate) rate: f32,
    /// Ends after so many seconds.
    pub(crate) max_seconds: Option<f64>,
    /// Looks at held-out rows without improvement after which learning ends; 0 to go on.
    pub(crate) patience: u32,
}

impl Pace {
    /// What is wrong with it, all at once.
    pub(crate) fn problems(&self, method: &str) -> Vec<String> {
        let mut problems = Vec::new();
        if self.epochs == 0 {
            problems.push(format!("{method}.epochs must be at least 1"));
        }
        if self.batch < 2 {
            problems.push(format!("{method}.batch must be at least 2"));
        }
        if !(self.rate > 0.0 && self.rate.is_finite()) {
            problems.push(format!("{method}.rate must be a number above 0"));
        }
        if self.max_seconds.is_some_and(|most| !(most > 0.0 && most < 1e12)) {
            problems.push(format!("{method}.max-seconds must be a number above 0"));
        }
        problems
    }

    /// As the loop takes it for so many rows, with so many looks at held-out ones. A batch is at most a twentieth of the
    /// rows, so that small tables have steps enough.
    pub(crate) fn schedule(&self, n_rows: usize, looks: u32) -> Schedule {
        Schedule {
            epochs: self.epochs,
            batch: self.batch.min((n_rows / 20).max(8)),
            most_time: self.max_seconds.map(Duration::from_secs_f64),
            patience: self.patience,
            looks,
        }
    }
}
