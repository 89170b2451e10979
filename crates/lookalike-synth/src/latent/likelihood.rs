//! How likely given rows are where columns have nothing to do with each other.

use lookalike_core::math;
use lookalike_table::Table;

use super::{Latent, Variable};
use crate::error::Result;
use crate::frame::{Frame, Presence};
use crate::margin::Support;
use crate::request::Like;

impl Latent {
    /// The natural logarithm of the probability of each row (of the density, for numbers with decimals of any length).
    /// `None` where variables are correlated: the probability of a cell of a Gaussian copula is an integral over as many
    /// dimensions as there are columns.
    pub(crate) fn log_prob(&self, table: &Table) -> Result<Option<Vec<f64>>> {
        if self.correlation.is_some() {
            return Ok(None);
        }
        let like = Like::new(table, &self.frame)?;
        let mut logs = vec![0.0; table.n_rows()];
        for &variable in &self.variables {
            let counts = variable.counts(&self.frame);
            let total = math::ln(counts.iter().sum::<u64>() as f64);
            let of_segments: Vec<f64> = counts.iter().map(|&count| math::ln(count as f64) - total).collect();
            for (row, sum) in logs.iter_mut().enumerate() {
                *sum += self.log_of(variable, &like, row as u64, &of_segments);
            }
        }
        Ok(Some(logs))
    }

    /// The logarithm for one variable of a row; minus infinity for what cannot be drawn.
    fn log_of(&self, variable: Variable, like: &Like, row: u64, of_segments: &[f64]) -> f64 {
        match variable {
            Variable::Mask(mask) => of_segments[usize::from(!like.needs(mask, row))],
            Variable::Values(column) => match share(like, column, row, &self.frame) {
                Some((segment, log)) => of_segments[segment as usize] + log,
                // Missing as the mask says, which has been counted; or not possible at all.
                None if like.is_open(column, row) && self.frame.presence[column] != Presence::Always => 0.0,
                None => f64::NEG_INFINITY,
            },
        }
    }
}

/// The segment of a given value and the logarithm of its share of the segment (of its density in it, for reals); `None`
/// where there is no value, or none that the model knows.
pub(crate) fn share(like: &Like, column: usize, row: u64, frame: &Frame) -> Option<(u32, f64)> {
    let margin = frame.margin(column);
    let (segment, from, to) = like.place(column, row, margin, frame).ok().flatten()?;
    let log = match &margin.support {
        Support::Reals { low, high } if high[segment] > low[segment] => {
            -math::ln(high[segment] - low[segment])
        }
        _ => math::ln((to - from).min(1.0)),
    };
    Some((segment as u32, log))
}
