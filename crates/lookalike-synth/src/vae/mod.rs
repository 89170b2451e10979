//! A variational autoencoder of table rows, with care against what makes such networks collapse.
//!
//! The weight of the divergence rises slowly, some nats of it are free, latent numbers that are in use are counted, and new
//! rows are drawn where the encoder puts real ones rather than where the prior wishes they were. With a target, decoder and
//! latent numbers go by its class, and rare classes can be learned from as often as frequent ones.
//! `docs/methods/vae.md` has the formulas; [`Vae::tutorial`] is the variant of a widely read tutorial, which collapses.
//!
//! # References
//! Kingma, D. P. and Welling, M. (2014). Auto-encoding variational Bayes. <https://doi.org/10.48550/arXiv.1312.6114>
//!
//! Kingma, D. P. et al. (2016). Improving variational inference with inverse autoregressive flow (free bits).
//! <https://doi.org/10.48550/arXiv.1606.04934>

use lookalike_core::Context;
use lookalike_table::Table;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::frame::FitOptions;
use crate::neural::{
    Around, Autoencoder, Body, Encoding, FittedDecoder, Objective, Output, Pace, Plan, Prepared, Shape, Told,
};

/// A variational autoencoder of rows, with care against what makes such networks collapse.
///
/// The weight of the divergence rises slowly, and new rows are drawn where the encoder puts real ones. With a target,
/// decoder and latent numbers go by its class, and rare classes can be learned from as often as frequent ones.
///
/// # References
/// - Kingma, D. P. and Welling, M. (2014). Auto-encoding variational Bayes.
///   <https://doi.org/10.48550/arXiv.1312.6114>
/// - Kingma, D. P. et al. (2016). Improving variational inference with inverse autoregressive flow.
///   <https://doi.org/10.48550/arXiv.1606.04934>
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Vae {
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
    /// How rows are put together again.
    pub reconstruction: Reconstruction,
    /// How much divergence counts beside reconstruction, above 0.
    pub beta: f32,
    /// Share of all steps in which the divergence's weight rises from 0, in [0, 1].
    pub warm_up: f64,
    /// Nats of divergence per latent number that cost nothing, at least 0.
    pub free_nats: f32,
    /// True to tell the decoder a row's class, where a target of classes is given.
    pub conditional: bool,
    /// True to learn from as many rows of each class; wants a target of classes.
    pub balanced: bool,
    /// Where the latent numbers of new rows are drawn.
    pub sampling: Sampling,
}

/// How rows are put together again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Reconstruction {
    /// By how likely each cell is: numbers from a normal distribution with learned deviation, codes from a softmax.
    #[default]
    Likelihood,
    /// By the mean squared difference from a sigmoid, whatever the column is; codes are not drawn, the largest is taken.
    SquaredError,
}

/// Where the latent numbers of new rows are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Sampling {
    /// The standard normal distribution.
    Prior,
    /// The normal distribution of where the encoder puts rows (of a class, where there is one).
    #[default]
    Posterior,
    /// At the mean of where the encoder puts a class's rows, with noise of a standard deviation of 0.1.
    ClassMean,
}

impl Default for Vae {
    fn default() -> Self {
        Vae {
            epochs: 200,
            batch: 250,
            rate: 1e-3,
            max_seconds: None,
            patience: 6,
            latent: 32,
            hidden: vec![256, 256],
            encoding: Encoding::QuantileNormal,
            reconstruction: Reconstruction::Likelihood,
            beta: 1.0,
            warm_up: 0.2,
            free_nats: 0.0,
            conditional: true,
            balanced: false,
            sampling: Sampling::Posterior,
        }
    }
}

/// The standard deviation of the noise around a class's mean.
const CLASS_MEAN_NOISE: f32 = 0.1;

impl Vae {
    /// The settings of a widely read tutorial on Adult, to be compared with: they collapse, since a sigmoid gives no
    /// negative standardised number, and a divergence summed over all latent numbers outweighs a squared error averaged
    /// over all columns.
    pub fn tutorial() -> Self {
        Vae {
            epochs: 50,
            batch: 128,
            patience: 0,
            latent: 8,
            hidden: vec![8],
            encoding: Encoding::Standard,
            reconstruction: Reconstruction::SquaredError,
            warm_up: 0.0,
            conditional: false,
            sampling: Sampling::ClassMean,
            ..Vae::default()
        }
    }

    fn pace(&self) -> Pace {
        let Vae { epochs, batch, rate, max_seconds, patience, .. } = *self;
        Pace { epochs, batch, rate, max_seconds, patience }
    }

    /// What is wrong with the options, all at once.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = self.pace().problems("vae");
        if self.latent == 0 || self.hidden.contains(&0) {
            problems.push("vae.latent and vae.hidden must be at least 1".to_owned());
        }
        if !(self.beta > 0.0 && self.beta.is_finite()) {
            problems.push("vae.beta must be a number above 0".to_owned());
        }
        if !(0.0..=1.0).contains(&self.warm_up) {
            problems.push("vae.warm-up must be in [0, 1]".to_owned());
        }
        if !(self.free_nats >= 0.0 && self.free_nats.is_finite()) {
            problems.push("vae.free-nats must be a number of at least 0".to_owned());
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
        let class = options.target.and_then(|target| Told::only(&frame, &layout, target));
        if self.balanced && class.is_none() {
            let problem = "vae.balanced wants a target of classes (--target COLUMN) to balance".to_owned();
            return Err(Error::Options { problems: vec![problem] });
        }
        let by_class = self.conditional || self.balanced || self.sampling == Sampling::ClassMean;
        let told = class.filter(|_| by_class).unwrap_or_default();
        let squares = self.reconstruction == Reconstruction::SquaredError;
        let plan = Plan {
            method: "vae",
            shape: Shape { latent: self.latent, hidden: self.hidden.clone(), body: Body::Dense },
            encoder: self.hidden.iter().rev().copied().collect(),
            tells: self.conditional && !told.heads.is_empty(),
            told,
            balanced: self.balanced,
            output: if squares { Output::Sigmoid } else { Output::Logits },
            around: match self.sampling {
                Sampling::Prior => Around::Prior,
                Sampling::Posterior => Around::Posterior,
                Sampling::ClassMean => Around::Means(CLASS_MEAN_NOISE),
            },
            corrected: !squares,
        };
        let objective = Objective {
            reconstruction: 1.0 / self.beta,
            warm_up: self.warm_up,
            free_nats: self.free_nats,
            l2: if squares { 0.0 } else { 1e-5 },
            noise: (0.01, 1.0),
            last_rate: if squares { 1.0 } else { 0.05 },
        };
        Autoencoder::fit(frame, (&layout, &rows, sides), &plan, objective, &self.pace(), context)
    }
}
