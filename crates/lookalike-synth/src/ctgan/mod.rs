//! CTGAN: a generator that is told one level of one column, against a critic that sees several rows at once.
//!
//! As the paper has it, with the usual implementation's known defects mended: without a condition, what is told follows the
//! data's frequencies instead of their logarithms, so that margins are not flattened; the generator that is kept is a
//! running mean of its parameters, the one whose pairs of columns were nearest to held-out rows; what single columns get
//! wrong is put right afterwards; and values that come back again and again are kept apart from the numbers around them.
//! `docs/methods/ctgan.md` has the formulas.
//!
//! # References
//! Xu, L., Skoularidou, M., Cuesta-Infante, A. and Veeramachaneni, K. (2019). Modeling tabular data using conditional GAN.
//! <https://doi.org/10.48550/arXiv.1907.00503>
//!
//! Lin, Z., Khetan, A., Fanti, G. and Oh, S. (2018). `PacGAN`. <https://doi.org/10.48550/arXiv.1712.04086>
//!
//! Gulrajani, I. et al. (2017). Improved training of Wasserstein GANs. <https://doi.org/10.48550/arXiv.1704.00028>

use lookalike_core::Context;
use lookalike_table::Table;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::frame::FitOptions;
use crate::neural::{
    Adversaries, Body, Encoding, FittedDecoder, Game, Loss, Pace, Prepared, Restraint, Shape, Told,
};

/// CTGAN: an adversarial network whose generator is told one level of one column.
///
/// As the paper has it, with the usual implementation's known defects mended: where no condition is given, what is
/// told follows the data's frequencies, so that margins are not flattened; the generator that is kept is a running
/// mean, the one whose pairs of columns were nearest to held-out rows; and what single columns get wrong is put right
/// afterwards.
///
/// # References
/// - Xu, L., Skoularidou, M., Cuesta-Infante, A. and Veeramachaneni, K. (2019). Modeling tabular data using
///   conditional GAN. <https://doi.org/10.48550/arXiv.1907.00503>
/// - Lin, Z., Khetan, A., Fanti, G. and Oh, S. (2018). `PacGAN`: the power of two samples in generative adversarial
///   networks. <https://doi.org/10.48550/arXiv.1712.04086>
/// - Gulrajani, I. et al. (2017). Improved training of Wasserstein GANs. <https://doi.org/10.48550/arXiv.1704.00028>
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Ctgan {
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
    /// How many numbers of noise a row is made of, at least 1.
    pub latent: usize,
    /// Units of each hidden layer of the generator.
    pub hidden: Vec<usize>,
    /// Units of each hidden layer of the critic.
    pub critic: Vec<usize>,
    /// How many rows the critic sees at once, at least 1.
    pub pac: usize,
    /// The share of the critic's units that are left out at each step, in [0, 1).
    pub dropout: f32,
    /// Steps from one penalty on the critic's slopes to the next, at least 1; it is as much heavier.
    pub penalty_every: u32,
    /// How numbers are written for the network.
    pub encoding: Encoding,
    /// How much of the generator's running mean stays at each step, in [0, 1); 0 for the generator as it is.
    pub average: f32,
    /// How much of the learning rate is left at the end, in [0, 1].
    pub last_rate: f32,
    /// True to put right what single columns get wrong after learning.
    pub corrected: bool,
}

impl Default for Ctgan {
    fn default() -> Self {
        Ctgan {
            rate: 5e-4,
            hidden: vec![128, 128],
            critic: vec![128, 128],
            pac: 1,
            dropout: 0.1,
            penalty_every: 2,
            encoding: Encoding::QuantileNormal,
            average: 0.999,
            last_rate: 0.1,
            corrected: true,
            ..Ctgan::paper()
        }
    }
}

impl Ctgan {
    /// The paper's settings, without running mean and corrections.
    pub fn paper() -> Self {
        Ctgan {
            epochs: 300,
            batch: 500,
            rate: 2e-4,
            max_seconds: None,
            patience: 0,
            latent: 128,
            hidden: vec![256, 256],
            critic: vec![256, 256],
            pac: 10,
            dropout: 0.5,
            penalty_every: 1,
            encoding: Encoding::ModeSpecific,
            average: 0.0,
            last_rate: 1.0,
            corrected: false,
        }
    }

    fn pace(&self) -> Pace {
        let Ctgan { epochs, batch, rate, max_seconds, patience, .. } = *self;
        Pace { epochs, batch, rate, max_seconds, patience }
    }

    /// What is wrong with the options, all at once.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = self.pace().problems("ctgan");
        if self.latent == 0 || self.hidden.contains(&0) || self.critic.contains(&0) {
            problems.push("ctgan.latent, ctgan.hidden and ctgan.critic must be at least 1".to_owned());
        }
        if !(1..=1000).contains(&self.pac) {
            problems.push("ctgan.pac must be between 1 and 1000".to_owned());
        }
        if !(0.0..1.0).contains(&self.dropout) || self.penalty_every == 0 {
            problems.push("ctgan.dropout must be in [0, 1) and ctgan.penalty-every at least 1".to_owned());
        }
        if !(0.0..1.0).contains(&self.average) || !(0.0..=1.0).contains(&self.last_rate) {
            problems.push("ctgan.average must be in [0, 1) and ctgan.last-rate in [0, 1]".to_owned());
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
        let game = Game {
            method: "ctgan",
            shape: Shape { latent: self.latent, hidden: self.hidden.clone(), body: Body::Residual },
            told: Told::all(&frame, &layout),
            critic: self.critic.clone(),
            pac: self.pac,
            dropout: self.dropout,
            loss: Loss::Wasserstein,
            restraint: Restraint::Slope(10.0),
            penalty_every: self.penalty_every,
            l2: 1e-6,
            keep: self.average,
            last_rate: self.last_rate,
            corrected: self.corrected,
        };
        Adversaries::fit(frame, (&layout, &rows, sides), &game, &self.pace(), context)
    }
}
