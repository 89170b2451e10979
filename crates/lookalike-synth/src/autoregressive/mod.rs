//! Small networks, one per column, that draw column after column in any order.
//!
//! As `TabularARGN` has it, each network learns its column given any set of others, so that what is given can come first.
//! Ours reads values through rows of weights that are added up, numbers also by rank, and chooses among a column's segments
//! by a tree of two-way choices; columns that follow from others are not learned but read off.
//! `docs/methods/autoregressive.md` has the formulas.
//!
//! # References
//! - Tiwald, P., Krchova, I., Sidorenko, A., Vieyra, M. V., Scriminaci, M. and Platzer, M. (2025). `TabularARGN`: a flexible
//!   and efficient auto-regressive framework for generating high-fidelity synthetic data.
//!   <https://arxiv.org/abs/2501.12012>
//! - Uria, B., Murray, I. and Larochelle, H. (2014). A deep and tractable density estimator. *ICML*.
//!   <https://arxiv.org/abs/1310.1757>

mod columns;
mod draw;
mod learn;
mod limit;
mod model;
mod net;

use lookalike_core::Context;
use lookalike_table::Table;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::frame::{FitOptions, Frame};
use crate::level_order::arrange_levels;
use crate::neural::{Pace, Sides};

pub(crate) use columns::{Columns, Grain};
pub(crate) use model::FittedAutoregressive;
pub(crate) use net::Net;

/// Most memory that the networks may take while they learn, in bytes.
const MOST_MEMORY: u64 = 4 << 30;
/// Copies of the parameters while learning: the networks', gradients, Adam's two, the running mean, the best, and those
/// that the loop keeps.
const COPIES: u64 = 18;

/// Small networks, one per column, that draw column after column in any order.
///
/// Each network learns its column given any set of others, so that what is given can come first. Columns that follow
/// from others are not learned but read off.
///
/// # References
/// - Tiwald, P. et al. (2025). `TabularARGN`: a flexible and efficient auto-regressive framework for generating
///   high-fidelity synthetic data. <https://arxiv.org/abs/2501.12012>
/// - Uria, B., Murray, I. and Larochelle, H. (2014). A deep and tractable density estimator.
///   <https://arxiv.org/abs/1310.1757>
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Autoregressive {
    /// How often every row is seen at most, at least 1.
    pub epochs: u32,
    /// Rows in a batch, at least 2; never more than a twentieth of the rows (or 8).
    pub batch: usize,
    /// The length of Adam's steps, above 0.
    pub rate: f32,
    /// Learning ends after so many seconds with the best so far; the model then depends on the speed of the machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_seconds: Option<f64>,
    /// A network learns no more after so many looks at held-out rows without improvement, of 30 in all epochs; 0 to go on.
    pub patience: u32,
    /// Units of each network's hidden layers, at least one layer.
    pub hidden: Vec<usize>,
    /// How much of every weight, times the length of the step, is taken away at each step, at least 0.
    pub decay: f32,
    /// The chance that a hidden unit is left out of a step, in [0, 1).
    pub dropout: f32,
}

impl Default for Autoregressive {
    fn default() -> Self {
        Autoregressive {
            epochs: 40,
            batch: 250,
            rate: 2e-3,
            max_seconds: None,
            patience: 4,
            hidden: vec![128, 64],
            decay: 0.1,
            dropout: 0.25,
        }
    }
}

impl Autoregressive {
    fn pace(&self) -> Pace {
        let Autoregressive { epochs, batch, rate, max_seconds, patience, .. } = *self;
        Pace { epochs, batch, rate, max_seconds, patience }
    }

    /// What is wrong with the options, all at once.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = self.pace().problems("autoregressive");
        if self.hidden.is_empty() || self.hidden.contains(&0) {
            problems
                .push("autoregressive.hidden must be one layer or more, of at least 1 unit each".to_owned());
        }
        if !(self.decay >= 0.0 && self.decay.is_finite()) {
            problems.push("autoregressive.decay must be a number of at least 0".to_owned());
        }
        if !(0.0..1.0).contains(&self.dropout) {
            problems.push("autoregressive.dropout must be in [0, 1)".to_owned());
        }
        problems
    }

    pub(crate) fn fit(
        &self,
        table: &Table,
        options: &FitOptions,
        context: &Context<'_>,
    ) -> Result<FittedAutoregressive> {
        let (mut frame, mut encoded) = Frame::fit(table, options, context)?;
        arrange_levels(&mut frame, &mut encoded, context)?;
        let sides = Sides::new(&encoded.units, context);
        let (columns, cells) = Columns::learn(&frame, encoded, &options.condition_on, self.hidden[0]);
        let sizes = columns.drawn().into_iter().map(|variable| Net::size(&columns, variable, &self.hidden));
        let numbers = sizes.map(|size| size.unwrap_or(usize::MAX) as u64).fold(0, u64::saturating_add);
        let needed = numbers.saturating_mul(4 * COPIES);
        if needed > MOST_MEMORY {
            let cure = "take smaller hidden layers, or another method";
            return Err(Error::Memory { needed, limit: MOST_MEMORY, cure });
        }
        learn::learn(frame, columns, (&cells, sides), self, context)
    }
}
