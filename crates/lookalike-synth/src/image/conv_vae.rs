use lookalike_core::Context;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::autoencoder;
use super::decoder::{Decoder, Recipe};
use super::epochs::epochs_for;
use super::images::Images;
use super::model::Told;
use super::nets::Layers;
use crate::error::Result;
use crate::neural::Pace;

/// A variational autoencoder of images, of convolutions.
///
/// # References
/// - Kingma, D. P. and Welling, M. (2014). Auto-encoding variational Bayes.
///   <https://doi.org/10.48550/arXiv.1312.6114>
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ConvVae {
    /// How often every image is seen at most, at least 1; if not said, 20 times, and fewer than 50,000 images as much more often
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
    /// Learning ends after so many looks at held-out images without improvement, of 10 in all epochs; 0 to go on.
    pub patience: u32,
    /// How many numbers stand between encoder and decoder, at least 1.
    pub latent: usize,
    /// Channels of the decoder at each resolution from the coarsest on, and in reverse of the encoder: 1 to 6 numbers of at least
    /// 1. Each resolution is half the one behind it, and the last half the image's, of which pixels come in squares of two by two.
    pub channels: Vec<usize>,
    /// True to tell both networks an image's class.
    pub conditional: bool,
}

/// How often each of 50,000 images is seen unless it is said.
const EPOCHS: u32 = 20;

impl Default for ConvVae {
    fn default() -> Self {
        ConvVae {
            epochs: None,
            batch: 32,
            rate: 2e-3,
            max_seconds: None,
            memory_limit: None,
            patience: 0,
            latent: 32,
            channels: vec![64, 32],
            conditional: true,
        }
    }
}

impl ConvVae {
    fn pace(&self, images: usize) -> Pace {
        let ConvVae { epochs, batch, rate, max_seconds, patience, .. } = *self;
        let epochs = epochs.unwrap_or_else(|| epochs_for(images, EPOCHS));
        Pace { epochs, batch, rate, max_seconds, patience }
    }

    /// What its decoder is like.
    pub(super) fn recipe(&self) -> Recipe<'_> {
        autoencoder::recipe(Layers::Convolutional(&self.channels), self.latent, self.conditional)
    }

    /// What is wrong with the options, all at once.
    pub(super) fn problems(&self) -> Vec<String> {
        self.recipe().problems("conv-vae", self.pace(1), self.memory_limit)
    }

    /// Learns images.
    pub(super) fn fit(&self, images: &Images, context: &Context<'_>) -> Result<(Decoder, Told)> {
        autoencoder::fit(&self.recipe(), (self.pace(images.len()), self.memory_limit), images, context)
    }
}
