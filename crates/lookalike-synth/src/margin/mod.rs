//! What one column's values look like on their own: an ordered list of segments with their shares.
//!
//! Every method works on segment numbers: a category level, a spike and a narrow range of numbers are a segment
//! each. [`build`] learns them from data under the protection rule; [`Margin`] holds them and turns segment
//! numbers and positions within segments back into values.

mod build;
mod levels;
mod ranges;
mod restrict;
mod support;

pub(crate) use build::build;
pub(crate) use restrict::{Restricted, Wanted, level_of, truth, wanted_levels};
pub(crate) use support::{Grid, Support, Unit};

use lookalike_core::normal_quantile;

/// The distribution of one column's present values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Margin {
    /// What each segment stands for.
    pub(crate) support: Support,
    /// How many training rows fell into each segment; their sum is positive.
    pub(crate) counts: Vec<u64>,
}

impl Margin {
    pub(crate) fn n_segments(&self) -> usize {
        self.counts.len()
    }

    /// The distribution function at the borders between segments: 0 first, 1 last.
    pub(crate) fn borders(&self) -> Vec<f64> {
        let total = self.counts.iter().sum::<u64>() as f64;
        let mut sum = 0;
        let mut borders = Vec::with_capacity(self.counts.len() + 1);
        borders.push(0.0);
        for &count in &self.counts {
            sum += count;
            borders.push(sum as f64 / total);
        }
        borders
    }

    /// The distribution function where a segment begins and ends.
    pub(crate) fn borders_of(&self, segment: usize) -> (f64, f64) {
        let total = self.counts.iter().sum::<u64>() as f64;
        let before: u64 = self.counts[..segment].iter().sum();
        (before as f64 / total, (before + self.counts[segment]) as f64 / total)
    }

    /// The borders as standard normal quantiles: minus infinity first, infinity last.
    pub(crate) fn normal_borders(&self) -> Vec<f64> {
        self.borders().into_iter().map(normal_quantile).collect()
    }
}
