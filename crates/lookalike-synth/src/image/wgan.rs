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

/// An adversarial network of images whose critic measures Wasserstein's distance.
///
/// Both are of convolutions, and the class changes how every channel is read. Unlike in the paper, what the penalty needs is
/// found by differences (first derivatives suffice), and images are drawn by the running mean of the generator.
///
/// # References
/// - Gulrajani, I. et al. (2017). Improved training of Wasserstein GANs. <https://doi.org/10.48550/arXiv.1704.00028>
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Wgan {
    /// How often every image is seen at most, at least 1; if not said, 10 times, and fewer than 50,000 images as much more often
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
    /// Channels of the generator at each resolution from the coarsest on, and in reverse of the critic: 1 to 6 numbers of at
    /// least 1. Each resolution is half the one behind it, and the last half the image's, of which pixels come in squares of two by two.
    pub channels: Vec<usize>,
    /// How heavily slopes of the critic other than 1 weigh, above 0.
    pub penalty: f32,
    /// Steps of the critic for each of the generator, at least 1.
    pub critic_steps: u32,
    /// How much of the generator's running mean stays at each of its steps, in [0, 1).
    pub average: f32,
    /// True to tell both networks an image's class.
    pub conditional: bool,
}

/// How often each of 50,000 images is seen unless it is said.
const EPOCHS: u32 = 10;

impl Default for Wgan {
    fn default() -> Self {
        Wgan {
            epochs: None,
            batch: 32,
            rate: 2e-3,
            max_seconds: None,
            memory_limit: None,
            latent: 64,
            channels: vec![64, 32],
            penalty: 10.0,
            critic_steps: 2,
            average: 0.995,
            conditional: true,
        }
    }
}

impl Wgan {
    fn pace(&self, images: usize) -> Pace {
        let Wgan { epochs, batch, rate, max_seconds, .. } = *self;
        let epochs = epochs.unwrap_or_else(|| epochs_for(images, EPOCHS));
        Pace { epochs, batch, rate, max_seconds, patience: 0 }
    }

    /// What its generator is like.
    pub(super) fn recipe(&self) -> Recipe<'_> {
        Recipe {
            layers: Layers::Convolutional(&self.channels),
            latent: self.latent,
            conditional: self.conditional,
            activation: Activation::LeakyRelu(0.2),
            output: Output::Tanh,
        }
    }

    /// What is wrong with the options, all at once.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = self.recipe().problems("wgan", self.pace(1), self.memory_limit);
        if !(self.penalty > 0.0 && self.penalty.is_finite()) {
            problems.push("wgan.penalty must be a number above 0".to_owned());
        }
        if self.critic_steps == 0 {
            problems.push("wgan.critic-steps must be at least 1".to_owned());
        }
        if !(0.0..1.0).contains(&self.average) {
            problems.push("wgan.average must be in [0, 1)".to_owned());
        }
        problems
    }

    /// Learns images.
    pub(super) fn fit(&self, images: &Images, context: &Context<'_>) -> Result<(Decoder, Told)> {
        let play = Play {
            game: Game::Wasserstein(self.penalty),
            critic_steps: self.critic_steps,
            // A critic that is always behind does not gain from remembering where it went.
            beta1: 0.0,
            beta2: 0.9,
            average: self.average,
        };
        adversary::fit(&self.recipe(), play, (self.pace(images.len()), self.memory_limit), images, context)
    }
}
