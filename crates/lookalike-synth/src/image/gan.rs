use lookalike_core::Context;
use lookalike_learn::net::Activation;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::adversary::{self, Game, Play};
use super::decoder::{Decoder, Output, Recipe};
use super::epochs::epochs_for;
use super::images::Images;
use super::model::Told;
use super::nets::Layers;
use crate::error::Result;
use crate::neural::Pace;

/// A generative adversarial network of images, of dense layers.
///
/// # References
/// - Goodfellow, I. et al. (2014). Generative adversarial networks. <https://doi.org/10.48550/arXiv.1406.2661>
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ImageGan {
    /// How often every image is seen at most, at least 1; if not said, 60 times, and fewer than 50,000 images as much more often
    /// (at most ten times so).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epochs: Option<u32>,
    /// Images in a batch, at least 2; never more than a twentieth of the images (or 8).
    pub batch: usize,
    /// The length of Adam's steps, above 0.
    pub rate: f32,
    /// Learning ends after so many seconds; the model then depends on the speed of the machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_seconds: Option<f64>,
    /// Bytes that learning may take beside the table, at least 1,048,576; 4,294,967,296 unless it is said. What would take more
    /// is refused before the work starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_limit: Option<u64>,
    /// How many numbers of noise an image is made of, at least 1.
    pub latent: usize,
    /// Units of each hidden layer of the generator, and in reverse of the critic, at least 1.
    pub hidden: Vec<usize>,
    /// The slope of units below 0, in [0, 1).
    pub slope: f32,
    /// How much of Adam's mean gradient is kept at each step, in [0, 1).
    pub beta1: f32,
    /// True to tell both networks an image's class.
    pub conditional: bool,
}

/// How often each of 50,000 images is seen unless it is said.
const EPOCHS: u32 = 60;

impl Default for ImageGan {
    fn default() -> Self {
        ImageGan {
            epochs: None,
            batch: 128,
            rate: 2e-4,
            max_seconds: None,
            memory_limit: None,
            latent: 100,
            hidden: vec![256, 512],
            slope: 0.2,
            beta1: 0.5,
            conditional: true,
        }
    }
}

impl ImageGan {
    /// The network of the tutorials: 100-128-784 for images of 28 by 28 pixels, without classes.
    pub fn tutorial() -> Self {
        ImageGan {
            hidden: vec![128],
            rate: 1e-3,
            slope: 0.01,
            beta1: 0.9,
            conditional: false,
            ..ImageGan::default()
        }
    }

    fn pace(&self, images: usize) -> Pace {
        let ImageGan { epochs, batch, rate, max_seconds, .. } = *self;
        let epochs = epochs.unwrap_or_else(|| epochs_for(images, EPOCHS));
        Pace { epochs, batch, rate, max_seconds, patience: 0 }
    }

    /// What its generator is like.
    pub(super) fn recipe(&self) -> Recipe<'_> {
        Recipe {
            layers: Layers::Dense(&self.hidden),
            latent: self.latent,
            conditional: self.conditional,
            activation: Activation::LeakyRelu(self.slope),
            output: Output::Tanh,
        }
    }

    /// What is wrong with the options, all at once.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = self.recipe().problems("gan", self.pace(1), self.memory_limit);
        if !(0.0..1.0).contains(&self.slope) || !(0.0..1.0).contains(&self.beta1) {
            problems.push("gan.slope and gan.beta1 must be in [0, 1)".to_owned());
        }
        problems
    }

    /// Learns images.
    pub(super) fn fit(&self, images: &Images, context: &Context<'_>) -> Result<(Decoder, Told)> {
        let play =
            Play { game: Game::Classes, critic_steps: 1, beta1: self.beta1, beta2: 0.999, average: 0.0 };
        adversary::fit(&self.recipe(), play, (self.pace(images.len()), self.memory_limit), images, context)
    }
}
