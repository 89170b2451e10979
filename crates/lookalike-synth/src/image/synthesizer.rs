use lookalike_core::Context;
use lookalike_learn::net::image::Shape;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::conv_vae::ConvVae;
use super::decoder::Recipe;
use super::flow::Flow;
use super::gan::ImageGan;
use super::images::Images;
use super::model::{Fitted, ImageModel};
use super::vae::ImageVae;
use super::wgan::Wgan;
use crate::error::{Error, Result};

/// A method for images with its options, before it has seen any.
///
/// ```
/// use lookalike_core::{Context, Seed};
/// use lookalike_learn::net::image::Shape;
/// use lookalike_synth::image::{ImageSynthesizer, Images};
///
/// let pixels = (0..200 * 16).map(|place| (place % 7 * 40) as u8).collect();
/// let images = Images::new(Shape::new(4, 4, 1), pixels, vec![0; 200], 1)?;
/// let method = ImageSynthesizer::from_name("vae").unwrap().with_epochs(1);
/// let context = Context::new(Seed::new(1));
/// let sample = method.fit(&images, &context)?.sample(0..5, None, &context)?;
/// assert_eq!(sample.len(), 5);
/// # Ok::<(), lookalike_synth::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ImageSynthesizer {
    /// Flow matching.
    Flow(Flow),
    /// A variational autoencoder of dense layers.
    Vae(ImageVae),
    /// A variational autoencoder of convolutions.
    ConvVae(ConvVae),
    /// A generative adversarial network of dense layers.
    Gan(ImageGan),
    /// A Wasserstein generative adversarial network of convolutions.
    Wgan(Wgan),
}

impl ImageSynthesizer {
    /// The names of all methods, the default first.
    pub const NAMES: [&'static str; 5] = ["flow", "vae", "conv-vae", "gan", "wgan"];

    /// The method of this name with its default options.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "flow" => Some(ImageSynthesizer::Flow(Flow::default())),
            "vae" => Some(ImageSynthesizer::Vae(ImageVae::default())),
            "conv-vae" => Some(ImageSynthesizer::ConvVae(ConvVae::default())),
            "gan" => Some(ImageSynthesizer::Gan(ImageGan::default())),
            "wgan" => Some(ImageSynthesizer::Wgan(Wgan::default())),
            _ => None,
        }
    }

    /// The method's name.
    pub fn name(&self) -> &'static str {
        match self {
            ImageSynthesizer::Flow(_) => "flow",
            ImageSynthesizer::Vae(_) => "vae",
            ImageSynthesizer::ConvVae(_) => "conv-vae",
            ImageSynthesizer::Gan(_) => "gan",
            ImageSynthesizer::Wgan(_) => "wgan",
        }
    }

    /// The same method, seeing every image at most so often.
    #[must_use]
    pub fn with_epochs(mut self, epochs: u32) -> Self {
        *self.limits().0 = Some(epochs);
        self
    }

    /// The same method, learning for at most so many seconds and keeping what it has then: the model depends on the speed of
    /// the machine.
    #[must_use]
    pub fn with_max_seconds(mut self, seconds: f64) -> Self {
        *self.limits().1 = Some(seconds);
        self
    }

    /// The same method with another bound on the memory that learning may take beside the table, in bytes. What would take more
    /// is refused before the work starts.
    #[must_use]
    pub fn with_memory_limit(mut self, memory_limit: u64) -> Self {
        *self.limits().2 = Some(memory_limit);
        self
    }

    /// What bounds learning in every method: epochs, seconds, and bytes of memory.
    fn limits(&mut self) -> (&mut Option<u32>, &mut Option<f64>, &mut Option<u64>) {
        match self {
            ImageSynthesizer::Flow(Flow { epochs, max_seconds, memory_limit, .. })
            | ImageSynthesizer::Vae(ImageVae { epochs, max_seconds, memory_limit, .. })
            | ImageSynthesizer::ConvVae(ConvVae { epochs, max_seconds, memory_limit, .. })
            | ImageSynthesizer::Gan(ImageGan { epochs, max_seconds, memory_limit, .. })
            | ImageSynthesizer::Wgan(Wgan { epochs, max_seconds, memory_limit, .. }) => {
                (epochs, max_seconds, memory_limit)
            }
        }
    }

    /// The same method with a named set of options.
    ///
    /// # Errors
    /// [`Error::Options`] when the method has none of this name.
    pub fn with_preset(self, preset: &str) -> Result<Self> {
        match (&self, preset) {
            (ImageSynthesizer::Vae(_), "tutorial") => Ok(ImageSynthesizer::Vae(ImageVae::tutorial())),
            (ImageSynthesizer::Gan(_), "tutorial") => Ok(ImageSynthesizer::Gan(ImageGan::tutorial())),
            _ => {
                let problem = format!(
                    "{} has no such set of options (vae and gan have tutorial): leave --preset out",
                    self.name()
                );
                Err(Error::Options { problems: vec![problem] })
            }
        }
    }

    /// Checks the options.
    ///
    /// # Errors
    /// [`Error::Options`] with all problems at once.
    pub fn check(&self) -> Result<()> {
        let problems = match self {
            ImageSynthesizer::Flow(flow) => flow.problems(),
            ImageSynthesizer::Vae(vae) => vae.problems(),
            ImageSynthesizer::ConvVae(vae) => vae.problems(),
            ImageSynthesizer::Gan(gan) => gan.problems(),
            ImageSynthesizer::Wgan(gan) => gan.problems(),
        };
        if problems.is_empty() { Ok(()) } else { Err(Error::Options { problems }) }
    }

    /// What the decoder or generator is like, of methods that have one.
    pub(super) fn recipe(&self) -> Option<Recipe<'_>> {
        match self {
            ImageSynthesizer::Flow(_) => None,
            ImageSynthesizer::Vae(vae) => Some(vae.recipe()),
            ImageSynthesizer::ConvVae(vae) => Some(vae.recipe()),
            ImageSynthesizer::Gan(gan) => Some(gan.recipe()),
            ImageSynthesizer::Wgan(gan) => Some(gan.recipe()),
        }
    }

    /// Learns images, of any shape and in any number of classes.
    ///
    /// # Errors
    /// [`Error::NoRows`] without images, [`Error::Options`] with all that is wrong with the options, [`Error::Memory`] when
    /// learning would take more than is allowed, [`Error::Cancelled`] and [`Error::ForeignCheckpoint`].
    pub fn fit(&self, images: &Images, context: &Context<'_>) -> Result<ImageModel> {
        self.check()?;
        if images.is_empty() {
            return Err(Error::NoRows);
        }
        let decoder = |(decoder, told)| (Fitted::Decoder(decoder), told);
        let (fitted, (training, warnings)) = match self {
            ImageSynthesizer::Flow(flow) => {
                let (fitted, told) = flow.fit(images, context)?;
                (Fitted::Flow(fitted), told)
            }
            ImageSynthesizer::Vae(vae) => decoder(vae.fit(images, context)?),
            ImageSynthesizer::ConvVae(vae) => decoder(vae.fit(images, context)?),
            ImageSynthesizer::Gan(gan) => decoder(gan.fit(images, context)?),
            ImageSynthesizer::Wgan(gan) => decoder(gan.fit(images, context)?),
        };
        Ok(ImageModel {
            method: self.clone(),
            shape: images.shape(),
            shares: images.shares(),
            fitted,
            training,
            warnings,
        })
    }

    /// A number of parameters that the network has at least: what a file describes is not built before it is known that the
    /// file has as many.
    pub(super) fn least_parameters(&self, shape: Shape, classes: usize) -> usize {
        match (self, self.recipe()) {
            (ImageSynthesizer::Flow(flow), _) => flow.least_parameters(classes),
            (_, Some(recipe)) => recipe.layers.least_parameters(shape, recipe.latent),
            (_, None) => 0,
        }
    }
}
