//! New rows that are copies of others, as they are or with noise.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use lookalike_core::math;

use super::drafts::{Draft, Drafts};
use super::work::{Found, Work};
use crate::error::Result;

/// Random oversampling: rows of a class are drawn with replacement and repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RandomOver {}

/// ROSE, the smoothed bootstrap: rows of a class are repeated, and their numbers moved.
///
/// Rows are drawn with replacement. Numbers move by a normal amount of standard deviation `shrinkage * (4 / ((p + 2) n))^(1 / (p + 4)) * s`, where a
/// class has n rows, p columns of numbers and in each the standard deviation s. Levels are copied.
///
/// # References
/// - Menardi, G. and Torelli, N. (2014). Training and assessing classification rules with imbalanced data.
///   <https://doi.org/10.1007/s10618-012-0295-5>
/// - Bowman, A. W. and Azzalini, A. (1997). Applied smoothing techniques for data analysis. Oxford University Press.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Rose {
    /// How much of the bandwidth is used; 0 copies rows as they are.
    pub shrinkage: f64,
}

impl Default for Rose {
    fn default() -> Self {
        Rose { shrinkage: 1.0 }
    }
}

/// Noise: rows of a class are repeated, and their numbers moved by a normal amount.
///
/// Rows are drawn with replacement. The amount's standard deviation is a share of the class's own in each column. Levels are copied.
///
/// # References
/// - Lee, S. S. (2000). Noisy replication in skewed binary classification.
///   <https://doi.org/10.1016/S0167-9473(99)00095-X>
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Noise {
    /// The noise's standard deviation, in parts of that of the class.
    pub spread: f64,
}

impl Default for Noise {
    fn default() -> Self {
        Noise { spread: 0.1 }
    }
}

impl RandomOver {
    pub(super) fn find(work: &Work<'_>) -> Result<Found> {
        drawn(work, "random", |base, _, _| Draft::Copy(base))
    }
}

impl Rose {
    pub(super) fn find(self, work: &Work<'_>) -> Result<Found> {
        let numbers = work.space()?.numbers.len() as f64;
        drawn(work, "rose", |base, class, rows| {
            let spread =
                self.shrinkage * math::pow(4.0 / ((numbers + 2.0) * rows as f64), 1.0 / (numbers + 4.0));
            Draft::Around { base, class: class as u32, spread }
        })
    }

    pub(super) fn problems(self) -> Vec<String> {
        at_least_zero("shrinkage", self.shrinkage)
    }
}

impl Noise {
    pub(super) fn find(self, work: &Work<'_>) -> Result<Found> {
        work.space()?;
        drawn(work, "noise", |base, class, _| Draft::Around {
            base,
            class: class as u32,
            spread: self.spread,
        })
    }

    pub(super) fn problems(self) -> Vec<String> {
        at_least_zero("spread", self.spread)
    }
}

fn at_least_zero(name: &str, value: f64) -> Vec<String> {
    if value >= 0.0 && value.is_finite() { Vec::new() } else { vec![format!("{name} must be at least 0")] }
}

fn drawn(work: &Work<'_>, method: &'static str, draft: impl Fn(u32, usize, usize) -> Draft) -> Result<Found> {
    let mut drafts = Drafts::default();
    for (class, count) in work.growing(method)? {
        let rows = work.classes.rows(class);
        let mut stream = work.context.seed.stream("rows", class as u64);
        for _ in 0..count {
            let base = rows[stream.below(rows.len() as u64) as usize];
            drafts.rows.push(draft(base, class, rows.len()));
        }
    }
    Ok(Found { drafts, ..Found::default() })
}
