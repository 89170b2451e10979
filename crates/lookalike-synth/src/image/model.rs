use lookalike_core::{Context, Seed, Warning};
use lookalike_learn::net::image::Shape;

use super::decoder::Decoder;
use super::drawing::Drawing;
use super::flow::FittedFlow;
use super::images::Images;
use super::synthesizer::ImageSynthesizer;
use crate::error::{Error, Result};
use crate::neural::Training;

/// What a method has learned of images: parameters of a network, and how frequent classes are. It holds no image; of flow matching
/// also means and covariances of classes of many images.
#[derive(Debug, Clone)]
pub struct ImageModel {
    pub(super) method: ImageSynthesizer,
    pub(super) shape: Shape,
    pub(super) shares: Vec<f64>,
    pub(super) fitted: Fitted,
    pub(super) training: Training,
    pub(super) warnings: Vec<Warning>,
}

/// How learning went, and what is to be said of it.
pub(super) type Told = (Training, Vec<Warning>);

#[derive(Debug, Clone)]
pub(super) enum Fitted {
    Flow(FittedFlow),
    Decoder(Decoder),
}

impl ImageModel {
    /// The method, with its options.
    pub fn method(&self) -> &ImageSynthesizer {
        &self.method
    }

    /// The shape of images.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// How many numbers the network has.
    pub fn size(&self) -> usize {
        match &self.fitted {
            Fitted::Flow(flow) => flow.parameters.len(),
            Fitted::Decoder(decoder) => decoder.parameters.len(),
        }
    }

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.shares.len()
    }

    /// How learning went.
    pub fn training(&self) -> &Training {
        &self.training
    }

    /// What was done differently from what one may expect while learning.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// True when images are drawn by class; otherwise classes of drawn images mean nothing.
    pub fn is_conditional(&self) -> bool {
        match &self.fitted {
            Fitted::Flow(_) => true,
            Fitted::Decoder(decoder) => decoder.net.told.is_some(),
        }
    }

    /// Draws the images of these numbers, of one class or of classes as frequent as they were learned. An image depends on
    /// the seed and its number alone.
    ///
    /// # Errors
    /// [`Error::Options`] when there is no such class, or the method knows none; [`Error::Cancelled`].
    pub fn sample(
        &self,
        numbers: std::ops::Range<u64>,
        class: Option<u32>,
        context: &Context<'_>,
    ) -> Result<Images> {
        if class.is_some_and(|class| class as usize >= self.classes() || !self.is_conditional()) {
            return Err(Error::Options { problems: vec!["the model knows no such class".to_owned()] });
        }
        let seed = context.seed;
        let labels: Vec<u32> =
            numbers.clone().map(|number| class.unwrap_or_else(|| self.draw_class(seed, number))).collect();
        let pixels = self.prepare(seed).draw(numbers.start, &labels, context.progress)?;
        Images::new(self.shape, pixels, labels, self.classes())
    }

    /// The model made ready to draw the images of a seed. That takes a moment: draw many from one.
    pub fn prepare(&self, seed: Seed) -> Drawing<'_> {
        Drawing::new(self, seed)
    }

    /// The class of the image of this number, as frequent as it was learned.
    fn draw_class(&self, seed: Seed, number: u64) -> u32 {
        let mut left = seed.stream("class of images", number).unit();
        for (class, share) in self.shares.iter().enumerate() {
            left -= share;
            if left < 0.0 {
                return class as u32;
            }
        }
        // Shares add up to 1 but for rounding.
        self.shares.iter().rposition(|&share| share > 0.0).unwrap_or(0) as u32
    }
}
