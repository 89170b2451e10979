use lookalike_core::{Cancelled, Progress, Seed};
use lookalike_learn::net::image::{Pass, Prepared};
use rayon::prelude::*;

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
/// let method = ImageSynthesizer::Vae(ImageVae { epochs: 1, ..ImageVae::default() });
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
    prepared: Option<Prepared>,
}

/// Images that a thread draws at once.
const BLOCK: usize = 16;

impl<'a> Drawing<'a> {
    pub(super) fn new(model: &'a ImageModel, seed: Seed) -> Self {
        let prepared = match &model.fitted {
            Fitted::Flow(flow) => Some(flow.prepare()),
            Fitted::Dense(_) => None,
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
        if labels.iter().any(|&label| label as usize >= self.model.classes()) {
            return Err(Error::Options { problems: vec!["the model knows no such class".to_owned()] });
        }
        let size = self.model.shape().size();
        let mut levels = vec![0; labels.len() * size];
        levels.par_chunks_mut(BLOCK * size).zip(labels.par_chunks(BLOCK)).enumerate().try_for_each_init(
            Pass::default,
            |pass, (block, (levels, labels))| {
                if progress.cancelled() {
                    return Err(Cancelled);
                }
                self.block(first + (block * BLOCK) as u64, labels, pass, levels);
                Ok(())
            },
        )?;
        Ok(levels)
    }

    fn block(&self, first: u64, labels: &[u32], pass: &mut Pass, levels: &mut [u8]) {
        match (&self.model.fitted, &self.prepared) {
            (Fitted::Flow(flow), Some(prepared)) => {
                let images = flow.sample(prepared, (first, labels), self.model.shape(), self.seed, pass);
                levels.iter_mut().zip(images).for_each(|(to, number)| *to = level(number, -1.0));
            }
            (Fitted::Flow(_), None) => unreachable!("made ready by `new`"),
            (Fitted::Dense(dense), _) => levels.copy_from_slice(&dense.sample((first, labels), self.seed)),
        }
    }
}
