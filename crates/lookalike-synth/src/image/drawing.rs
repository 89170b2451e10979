use lookalike_core::{Cancelled, Progress, Seed};
use lookalike_learn::net::fill_normal;
use lookalike_learn::net::image::{Pass, Prepared};
use rayon::prelude::*;

use super::between::Between;
use super::images::level;
use super::model::{Fitted, ImageModel};
use crate::error::{Error, Result};

/// A model made ready to draw the images of one seed, for callers that decide on classes themselves.
///
/// ```
/// use lookalike_core::{Context, Seed, Silent};
/// use lookalike_learn::net::image::Shape;
/// use lookalike_synth::image::{ImageSynthesizer, ImageVae, Images};
///
/// let pixels = (0..200 * 16).map(|place| (place % 7 * 40) as u8).collect();
/// let images = Images::new(Shape::new(4, 4, 1), pixels, vec![0; 200], 1)?;
/// let method = ImageSynthesizer::Vae(ImageVae { epochs: Some(1), ..ImageVae::default() });
/// let model = method.fit(&images, &Context::new(Seed::new(1)))?;
/// let drawing = model.prepare(Seed::new(2));
/// let five = drawing.draw(0, &[0; 5], &Silent)?;
/// assert_eq!(drawing.draw(3, &[0; 2], &Silent)?, five[3 * 16..]);
/// # Ok::<(), lookalike_synth::Error>(())
/// ```
#[derive(Debug)]
pub struct Drawing<'a> {
    model: &'a ImageModel,
    seed: Seed,
    prepared: Prepared,
}

/// Images that a thread draws at once at most.
const BLOCK: usize = 16;

impl<'a> Drawing<'a> {
    pub(super) fn new(model: &'a ImageModel, seed: Seed) -> Self {
        let prepared = match &model.fitted {
            Fitted::Flow(flow) => flow.prepare(),
            Fitted::Decoder(decoder) => decoder.prepare(),
        };
        Drawing { model, seed, prepared }
    }

    /// Levels of the images of numbers `first`, `first + 1` and so on, one per class in `labels`: image after image, each row
    /// after row of pixels, with the channels of a pixel side by side. An image depends on the seed, its number and its class
    /// alone; of a model that draws without classes, on the seed and its number.
    ///
    /// Several threads draw at once, and `progress` is asked between small groups of images whether to stop. It hears of no
    /// phase and no step: callers that draw piece by piece report these themselves.
    ///
    /// # Errors
    /// [`Error::Options`] when the model knows no such class, [`Error::Cancelled`].
    pub fn draw(&self, first: u64, labels: &[u32], progress: &dyn Progress) -> Result<Vec<u8>> {
        self.check(labels)?;
        let classes: Vec<Between> = labels.iter().copied().map(Between::from).collect();
        self.draw_from(&classes, progress, |place, count| self.noise(first + place as u64, count))
    }

    /// Refuses classes that there are not.
    pub(super) fn check(&self, labels: &[u32]) -> Result<()> {
        if labels.iter().any(|&label| label as usize >= self.model.classes()) {
            return Err(Error::Options { problems: vec!["the model knows no such class".to_owned()] });
        }
        Ok(())
    }

    /// Noise of the images from this number on, for so many.
    pub(super) fn noise(&self, first: u64, count: usize) -> Vec<f32> {
        let each = match &self.model.fitted {
            Fitted::Flow(flow) => flow.noise(),
            Fitted::Decoder(decoder) => decoder.latent,
        };
        let mut noise = vec![0.0; count * each];
        for (number, noise) in noise.chunks_exact_mut(each).enumerate() {
            fill_normal(noise, &mut self.seed.stream("noise of images", first + number as u64));
        }
        noise
    }

    /// Levels of images of these classes, from what `noise` gives for so many of them from a place on.
    pub(super) fn draw_from(
        &self,
        classes: &[Between],
        progress: &dyn Progress,
        noise: impl Fn(usize, usize) -> Vec<f32> + Sync,
    ) -> Result<Vec<u8>> {
        let size = self.model.shape().size();
        let mut levels = vec![0; classes.len() * size];
        let block = match &self.model.fitted {
            Fitted::Flow(flow) => flow.network.graph.at_once(BLOCK),
            Fitted::Decoder(decoder) => decoder.net.graph.at_once(BLOCK),
        };
        levels.par_chunks_mut(block * size).zip(classes.par_chunks(block)).enumerate().try_for_each_init(
            Pass::default,
            |pass, (number, (levels, classes))| {
                if progress.cancelled() {
                    return Err(Cancelled);
                }
                let noise = noise(number * block, classes.len());
                match &self.model.fitted {
                    Fitted::Flow(flow) => {
                        let images = flow.draw(&self.prepared, noise, classes, pass);
                        levels.iter_mut().zip(images).for_each(|(to, number)| *to = level(number, -1.0));
                    }
                    Fitted::Decoder(decoder) => {
                        levels.copy_from_slice(&decoder.draw(&self.prepared, &noise, classes, pass));
                    }
                }
                Ok(())
            },
        )?;
        Ok(levels)
    }
}
