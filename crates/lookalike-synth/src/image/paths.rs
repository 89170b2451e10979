//! Ways through what a model knows, as pictures.

use std::f64::consts::PI;

use lookalike_core::{Context, Seed, math, normal_quantile};

use super::between::Between;
use super::images::Images;
use super::model::{Fitted, ImageModel};
use crate::error::{Error, Result};

impl ImageModel {
    /// Images on the way from one that the model draws to another, with both ends: each end is a number and a class, and is
    /// the image of [`super::Drawing::draw`] with these. The noise is led along a quarter of a circle, so that every image on
    /// the way is as likely as any that is drawn, and the class goes over in a straight line. Each image's class is that of the
    /// nearer end.
    ///
    /// Shoemake, K. (1985). Animating rotation with quaternion curves (interpolation along circles).
    /// <https://doi.org/10.1145/325334.325242>
    ///
    /// # Errors
    /// [`Error::Options`] for fewer than 2 images or a class that the model does not know, [`Error::Cancelled`].
    pub fn interpolate(
        &self,
        from: (u64, u32),
        to: (u64, u32),
        images: usize,
        context: &Context<'_>,
    ) -> Result<Images> {
        let drawing = self.prepare(context.seed);
        drawing.check(&[from.1, to.1])?;
        if images < 2 {
            return Err(problem("an interpolation takes at least 2 images".to_owned()));
        }
        let ends = [drawing.noise(from.0, 1), drawing.noise(to.0, 1)];
        let share = |place: usize| place as f64 / (images - 1) as f64;
        let classes: Vec<Between> =
            (0..images).map(|place| Between { from: from.1, to: to.1, share: share(place) as f32 }).collect();
        let pixels = drawing.draw_from(&classes, context.progress, |first, count| {
            let between = |place: usize| {
                // Noise does not need to be turned into itself.
                let angle = if from.0 == to.0 { 0.0 } else { 0.5 * PI * share(place) };
                let (one, other) = (math::cos(angle) as f32, math::sin(angle) as f32);
                // At the end itself, what a cosine leaves by rounding is none.
                let one = if place + 1 == images && from.0 != to.0 { 0.0 } else { one };
                ends[0].iter().zip(&ends[1]).map(move |(a, b)| one * a + other * b)
            };
            (first..first + count).flat_map(between).collect()
        })?;
        let label = |place: usize| if share(place) < 0.5 { from.1 } else { to.1 };
        Images::new(self.shape(), pixels, (0..images).map(label).collect(), self.classes())
    }

    /// What each of some latent numbers means: a row of images per number, along which it goes through evenly likely values
    /// from low to high while all others stay at their middle. Only autoencoders have such numbers.
    ///
    /// # Errors
    /// [`Error::Options`] for a model without a decoder of codes, fewer than 2 images per number, a number that there is not
    /// or a class that the model does not know; [`Error::Cancelled`].
    pub fn traverse(
        &self,
        dimensions: &[usize],
        images: usize,
        class: u32,
        context: &Context<'_>,
    ) -> Result<Images> {
        let latent = match &self.fitted {
            Fitted::Decoder(decoder) if decoder.has_codes => decoder.latent,
            _ => {
                let method = self.method().name();
                return Err(problem(format!(
                    "only vae and conv-vae have latent numbers to go through, not {method}: ask for an interpolation"
                )));
            }
        };
        if images < 2 {
            return Err(problem("a traversal takes at least 2 images per latent number".to_owned()));
        }
        if dimensions.iter().any(|&dimension| dimension >= latent) {
            return Err(problem(format!("the model has latent numbers 0 to {} only", latent - 1)));
        }
        let drawing = self.prepare(Seed::new(0));
        drawing.check(&[class])?;
        let count = dimensions.len() * images;
        let pixels = drawing.draw_from(&vec![class.into(); count], context.progress, |first, count| {
            let code = |place: usize| {
                let mut code = vec![0.0; latent];
                let share = ((place % images) as f64 + 0.5) / images as f64;
                code[dimensions[place / images]] = normal_quantile(share) as f32;
                code
            };
            (first..first + count).flat_map(code).collect()
        })?;
        Images::new(self.shape(), pixels, vec![class; count], self.classes())
    }
}

fn problem(problem: String) -> Error {
    Error::Options { problems: vec![problem] }
}
