//! How likely given rows are under a forest.

use lookalike_core::math;
use lookalike_table::{Codes, Table};

use super::draw::{Rows, Sums};
use super::model::{FittedForest, Member, Split, Way};
use crate::error::Result;
use crate::frame::Presence;
use crate::latent::{Variable, share};
use crate::request::Like;

/// Rows that are looked at together.
const CHUNK: usize = 4096;

impl FittedForest {
    /// The natural logarithm of the probability (of the density, for numbers with decimals of any length) of each row,
    /// per variable.
    pub(crate) fn log_prob(&self, table: &Table) -> Result<Vec<f64>> {
        use rayon::prelude::*;
        let like = Like::new(table, &self.frame)?;
        let sums: Vec<Sums> =
            self.variables.order.iter().map(|variable| Sums::new(&variable.counts(&self.frame))).collect();
        let starts: Vec<usize> = (0..table.n_rows()).step_by(CHUNK).collect();
        let chunks: Vec<Vec<f64>> = starts
            .into_par_iter()
            .map(|start| self.chunk(&like, start, CHUNK.min(table.n_rows() - start), &sums))
            .collect();
        Ok(chunks.concat())
    }

    fn chunk(&self, like: &Like, first: usize, n_rows: usize, sums: &[Sums]) -> Vec<f64> {
        let mut rows = Rows::new(n_rows, self.variables.len());
        let mut logs = vec![0.0; n_rows];
        for variable in 0..self.variables.len() {
            let mut segments = vec![Codes::MISSING; n_rows];
            for row in 0..n_rows {
                let number = (first + row) as u64;
                let (segment, log) = match self.variables.order[variable] {
                    Variable::Mask(mask) => (u32::from(!like.needs(mask, number)), 0.0),
                    Variable::Values(column) => match share(like, column, number, &self.frame) {
                        Some(place) => place,
                        // Missing as the mask says, which has been counted; or not possible at all.
                        None if like.is_open(column, number)
                            && self.frame.presence[column] != Presence::Always =>
                        {
                            continue;
                        }
                        None => {
                            logs[row] = f64::NEG_INFINITY;
                            continue;
                        }
                    },
                };
                segments[row] = segment;
                logs[row] += log + math::ln(self.probability(variable, &rows, row, segment, &sums[variable]));
            }
            let fractions = vec![0.0; n_rows];
            rows.push(
                &self.variables.bins[variable],
                self.variables.missing_bin(variable),
                segments,
                fractions,
            );
        }
        logs
    }

    fn probability(&self, variable: usize, rows: &Rows, row: usize, segment: u32, sums: &Sums) -> f64 {
        match &self.ways[variable] {
            Way::Determined { by, segments } => {
                let from = rows.segments[*by][row] as usize;
                f64::from(u8::from(segments.get(from) == Some(&segment)))
            }
            Way::Drawn(members) => {
                let sum: f64 =
                    members.iter().map(|member| probability(member, rows, row, segment, sums)).sum();
                sum / members.len() as f64
            }
        }
    }
}

/// How likely a segment is for one row, by one nested dichotomy.
pub(super) fn probability(member: &Member, rows: &Rows, row: usize, segment: u32, sums: &Sums) -> f64 {
    let mut number = if member.splits.is_empty() { Split::NONE } else { 0 };
    let (mut start, mut end) = (0, (sums.0.len() - 1) as u32);
    let mut probability = 1.0;
    while number != Split::NONE {
        let split = &member.splits[number as usize];
        let right = member.chance_right(number, rows, row as u32);
        if segment >= split.middle {
            probability *= right;
            (number, start, end) = (split.right, split.middle, split.end);
        } else {
            probability *= 1.0 - right;
            (number, start, end) = (split.left, split.start, split.middle);
        }
    }
    let count = |from: u32, to: u32| (sums.0[to as usize] - sums.0[from as usize]) as f64;
    probability * count(segment, segment + 1) / count(start, end)
}
