//! TVAE: a variational autoencoder of numbers and one-hot levels.
//!
//! As the paper has it, with the usual implementation's known defects mended: levels are drawn from what the decoder gives
//! rather than the likeliest taken; what is minimised is a bound on the likelihood, where counting reconstruction twice
//! leaves the rows drawn from the prior in places that no row was encoded to; numbers are written by rank, which keeps what
//! they have to do with each other better than modes; and values that come back again and again are
//! kept apart from the numbers around them. `docs/methods/tvae.md` has the formulas.
//!
//! # References
//! Xu, L., Skoularidou, M., Cuesta-Infante, A. and Veeramachaneni, K. (2019). Modeling tabular data using conditional GAN.
//! <https://doi.org/10.48550/arXiv.1907.00503>

use lookalike_core::Context;
use lookalike_table::Table;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::frame::FitOptions;
use crate::neural::{
    Around, Autoencoder, Body, Encoding, FittedDecoder, Objective, Output, Pace, Plan, Prepared, Shape, Told,
};

/// TVAE: a variational autoencoder of numbers and one-hot levels.
///
/// As the paper has it, with the usual implementation's known defects mended: levels are drawn from what the decoder
/// gives, rather than the likeliest taken; numbers are written by rank; and values that come back again and again are
/// kept apart from the numbers around them.
///
/// # References
/// - Xu, L., Skoularidou, M., Cuesta-Infante, A. and Veeramachaneni, K. (2019). Modeling tabular data using
///   conditional GAN. <https://doi.org/10.48550/arXiv.1907.00503>
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Tvae {
    /// How often every row is seen at most, at least 1.
    pub epochs: u32,
    /// Rows in a batch, at least 2; never more than a twentieth of the rows (or 8).
    pub batch: usize,
    /// The length of Adam's steps, above 0.
    pub rate: f32,
    /// Learning ends after so many seconds with the best so far; the model then depends on the speed of the machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_seconds: Option<f64>,
    /// Learning ends after so many looks at held-out rows without improvement, of 30 in all epochs; 0 to go on.
    pub patience: u32,
    /// How many numbers stand between encoder and decoder, at least 1.
    pub latent: usize,
    /// Units of each hidden layer of the decoder, and in reverse of the encoder.
    pub hidden: Vec<usize>,
    /// How numbers are written for the network.
    pub encoding: Encoding,
    /// How much reconstruction counts against divergence, above 0.
    pub loss_factor: f32,
    /// True to put right what single columns get wrong after learning.
    pub corrected: bool,
}

impl Default for Tvae {
    fn default() -> Self {
        Tvae {
            epochs: 200,
            batch: 250,
            rate: 1e-3,
            max_seconds: None,
            patience: 6,
            latent: 32,
            hidden: vec![256, 256],
            encoding: Encoding::QuantileNormal,
            loss_factor: 1.0,
            corrected: true,
        }
    }
}

impl Tvae {
    /// The paper's settings; the rising weight of the divergence, the falling rate and the spikes are ours and stay.
    pub fn paper() -> Self {
        Tvae {
            epochs: 300,
            batch: 500,
            latent: 128,
            hidden: vec![128, 128],
            encoding: Encoding::ModeSpecific,
            loss_factor: 2.0,
            corrected: false,
            ..Tvae::default()
        }
    }

    fn pace(&self) -> Pace {
        let Tvae { epochs, batch, rate, max_seconds, patience, .. } = *self;
        Pace { epochs, batch, rate, max_seconds, patience }
    }

    /// What is wrong with the options, all at once.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = self.pace().problems("tvae");
        if self.latent == 0 || self.hidden.contains(&0) {
            problems.push("tvae.latent and tvae.hidden must be at least 1".to_owned());
        }
        if !(self.loss_factor > 0.0 && self.loss_factor.is_finite()) {
            problems.push("tvae.loss-factor must be a number above 0".to_owned());
        }
        problems
    }

    pub(crate) fn fit(
        &self,
        table: &Table,
        options: &FitOptions,
        context: &Context<'_>,
    ) -> Result<FittedDecoder> {
        let Prepared { frame, layout, rows, sides } = Prepared::new(table, options, self.encoding, context)?;
        let shape = Shape { latent: self.latent, hidden: self.hidden.clone(), body: Body::Dense };
        let plan = Plan {
            method: "tvae",
            shape,
            encoder: self.hidden.iter().rev().copied().collect(),
            told: Told::default(),
            tells: false,
            balanced: false,
            output: Output::Logits,
            around: Around::Prior,
            corrected: self.corrected,
        };
        let objective = Objective {
            reconstruction: self.loss_factor,
            warm_up: 0.2,
            free_nats: 0.0,
            l2: 1e-5,
            noise: (0.01, 1.0),
            last_rate: 0.05,
        };
        Autoencoder::fit(frame, (&layout, &rows, sides), &plan, objective, &self.pace(), context)
    }
}
