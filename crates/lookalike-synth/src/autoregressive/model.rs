use lookalike_core::math;
use lookalike_learn::net::{Sparse, Tape};
use lookalike_table::{Codes, Table};
use rayon::prelude::*;

use super::columns::Columns;
use super::net::Net;
use crate::error::Result;
use crate::frame::{Frame, Presence};
use crate::latent::{Variable, share};
use crate::neural::Training;
use crate::request::Like;

/// Fitted networks, one per variable.
#[derive(Debug, Clone)]
pub(crate) struct FittedAutoregressive {
    pub(crate) frame: Frame,
    pub(crate) columns: Columns,
    pub(crate) hidden: Vec<usize>,
    /// Those of the variables that follow from no other, in order.
    pub(crate) nets: Vec<Net>,
    pub(crate) training: Training,
    /// Per variable, its network.
    of: Vec<Option<usize>>,
}

/// Rows whose likelihood is found together.
const CHUNK: usize = 2048;

impl FittedAutoregressive {
    pub(crate) fn new(
        frame: Frame,
        columns: Columns,
        hidden: Vec<usize>,
        nets: Vec<Net>,
        training: Training,
    ) -> Self {
        let mut of = vec![None; columns.len()];
        for (number, net) in nets.iter().enumerate() {
            of[net.variable] = Some(number);
        }
        FittedAutoregressive { frame, columns, hidden, nets, training, of }
    }

    pub(super) fn net(&self, variable: usize) -> Option<&Net> {
        self.of[variable].map(|number| &self.nets[number])
    }

    /// What the network of `variable` reads of rows of which it knows the variables `known`.
    pub(super) fn read(
        &self,
        net: &Net,
        known: &[usize],
        segments: &[Vec<u32>],
        n_rows: usize,
        to: &mut Sparse,
    ) {
        to.clear();
        for row in 0..n_rows {
            for &other in known {
                net.read(&self.columns, other, segments[other][row], to);
            }
            to.end_row();
        }
    }

    /// The natural logarithm of the probability (of the density, for numbers with decimals of any length) of each row,
    /// by the usual order.
    pub(crate) fn log_prob(&self, table: &Table) -> Result<Vec<f64>> {
        let like = Like::new(table, &self.frame)?;
        let starts: Vec<usize> = (0..table.n_rows()).step_by(CHUNK).collect();
        let chunks: Vec<Vec<f64>> = starts
            .into_par_iter()
            .map(|start| self.chunk(&like, start, CHUNK.min(table.n_rows() - start)))
            .collect();
        Ok(chunks.concat())
    }

    fn chunk(&self, like: &Like, first: usize, n_rows: usize) -> Vec<f64> {
        let columns = &self.columns;
        let mut logs = vec![0.0; n_rows];
        let mut segments = vec![vec![Codes::MISSING; n_rows]; columns.len()];
        for (variable, segments) in segments.iter_mut().enumerate() {
            for (row, (segment, sum)) in segments.iter_mut().zip(&mut logs).enumerate() {
                let number = (first + row) as u64;
                match columns.order[variable] {
                    Variable::Mask(mask) => *segment = u32::from(!like.needs(mask, number)),
                    Variable::Values(column) => match share(like, column, number, &self.frame) {
                        Some((place, log)) => {
                            *segment = place;
                            *sum += log;
                        }
                        // Missing as the mask says, which is counted there; or not possible at all.
                        None if like.is_open(column, number)
                            && self.frame.presence[column] != Presence::Always => {}
                        None => *sum = f64::NEG_INFINITY,
                    },
                }
            }
        }
        let (mut sparse, mut tape) = (Sparse::default(), Tape::default());
        for variable in 0..columns.len() {
            if let Some((by, map)) = &columns.follows[variable] {
                for (row, sum) in logs.iter_mut().enumerate() {
                    let (own, leader) = (segments[variable][row], segments[*by][row]);
                    let fits = own == Codes::MISSING || map.get(leader as usize) == Some(&own);
                    if !fits {
                        *sum = f64::NEG_INFINITY;
                    }
                }
                continue;
            }
            let Some(net) = self.net(variable) else { continue };
            let known: Vec<usize> = (0..variable).filter(|&v| columns.reading[v].width > 0).collect();
            self.read(net, &known, &segments, n_rows, &mut sparse);
            let tree = &columns.trees[variable];
            let ends: Vec<u32> = segments[variable]
                .iter()
                .map(|&segment| if segment == Codes::MISSING { segment } else { tree.end(segment) })
                .collect();
            let chances = net.choices.log_chances(&net.parameters, net.forward(&sparse, &mut tape), &ends);
            for (row, (sum, chance)) in logs.iter_mut().zip(chances).enumerate() {
                let segment = segments[variable][row];
                if segment != Codes::MISSING {
                    let within = tree.count(segment..segment + 1) / tree.count(tree.segments(ends[row]));
                    *sum += chance + math::ln(within);
                }
            }
        }
        logs
    }
}
