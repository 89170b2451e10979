//! A generative adversarial network of dense layers: a generator of rows against a critic that tells them from real ones.
//!
//! The network of the tutorials, with what is known to keep it from collapsing as options, and the running mean of the
//! generator, the choice by held-out rows and the corrections of [`Ctgan`](crate::Ctgan). `docs/methods/gan.md` has the
//! formulas.
//!
//! # References
//! Goodfellow, I. et al. (2014). Generative adversarial networks. <https://doi.org/10.48550/arXiv.1406.2661>
//!
//! Mescheder, L., Geiger, A. and Nowozin, S. (2018). Which training methods for GANs do actually converge?
//! <https://doi.org/10.48550/arXiv.1801.04406>

use lookalike_core::Context;
use lookalike_table::Table;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::frame::FitOptions;
use crate::neural::{
    Adversaries, Body, Encoding, FittedDecoder, Game, Loss, Pace, Prepared, Restraint, Shape, Told,
};

/// A generative adversarial network of dense layers.
///
/// A generator of rows learns against a critic that tells them from real ones. It is the network of the tutorials,
/// with what is known to keep it from collapsing as options. Rows are drawn by the
/// running mean of the generator that did best beside held-out rows.
///
/// # References
/// - Goodfellow, I. et al. (2014). Generative adversarial networks. <https://doi.org/10.48550/arXiv.1406.2661>
/// - Mescheder, L., Geiger, A. and Nowozin, S. (2018). Which training methods for GANs do actually converge?
///   <https://doi.org/10.48550/arXiv.1801.04406>
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Gan {
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
    /// How numbers are written for the network.
    pub encoding: Encoding,
    /// What generator and critic want.
    pub loss: GanLoss,
    /// What keeps the critic from growing too steep.
    pub restraint: GanRestraint,
    /// How much of the generator's running mean stays at each step, in [0, 1); 0 for the generator as it is.
    pub average: f32,
    /// True to put right what single columns get wrong after learning.
    pub corrected: bool,
}

/// What generator and critic want.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum GanLoss {
    /// That rows are taken for real, by binary cross-entropy (the generator's form that does not saturate).
    #[default]
    CrossEntropy,
    /// That the critic's numbers are as high or low as they can be.
    Wasserstein,
}

/// What keeps a critic from growing too steep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum GanRestraint {
    /// Nothing, as in the tutorials.
    None,
    /// A penalty on its slope at real rows (R1).
    #[default]
    R1,
    /// A penalty on slopes other than 1 between real and made rows.
    GradientPenalty,
    /// Linear maps that stretch nothing.
    SpectralNorm,
}

impl Default for Gan {
    fn default() -> Self {
        Gan {
            epochs: 200,
            batch: 250,
            rate: 2e-4,
            max_seconds: None,
            patience: 0,
            latent: 64,
            hidden: vec![256, 256],
            critic: vec![256, 256],
            encoding: Encoding::QuantileNormal,
            loss: GanLoss::CrossEntropy,
            restraint: GanRestraint::R1,
            average: 0.999,
            corrected: true,
        }
    }
}

impl Gan {
    fn pace(&self) -> Pace {
        let Gan { epochs, batch, rate, max_seconds, patience, .. } = *self;
        Pace { epochs, batch, rate, max_seconds, patience }
    }

    /// What is wrong with the options, all at once.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = self.pace().problems("gan");
        if self.latent == 0 || self.hidden.contains(&0) || self.critic.contains(&0) {
            problems.push("gan.latent, gan.hidden and gan.critic must be at least 1".to_owned());
        }
        if self.loss == GanLoss::Wasserstein && self.restraint == GanRestraint::None {
            problems.push(
                "gan.loss wasserstein wants a gan.restraint: without one its critic has no bound".to_owned(),
            );
        }
        if !(0.0..1.0).contains(&self.average) {
            problems.push("gan.average must be in [0, 1)".to_owned());
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
            method: "gan",
            shape: Shape { latent: self.latent, hidden: self.hidden.clone(), body: Body::Dense },
            told: Told::default(),
            critic: self.critic.clone(),
            pac: 1,
            dropout: 0.0,
            loss: match self.loss {
                GanLoss::CrossEntropy => Loss::CrossEntropy,
                GanLoss::Wasserstein => Loss::Wasserstein,
            },
            restraint: match self.restraint {
                GanRestraint::None => Restraint::Nothing,
                GanRestraint::R1 => Restraint::RealSlope(1.0),
                GanRestraint::GradientPenalty => Restraint::Slope(10.0),
                GanRestraint::SpectralNorm => Restraint::Spectral,
            },
            penalty_every: 2,
            l2: 0.0,
            keep: self.average,
            last_rate: 1.0,
            corrected: self.corrected,
        };
        Adversaries::fit(frame, (&layout, &rows, sides), &game, &self.pace(), context)
    }
}
