use lookalike_learn::net::image::Shape;

use crate::error::{Error, Result};

/// Images of one shape with a class each: what image methods learn from, and what they give.
///
/// ```
/// use lookalike_learn::net::image::Shape;
/// use lookalike_synth::image::Images;
/// let images = Images::new(Shape::new(2, 2, 1), vec![0, 80, 160, 255], vec![0], 1)?;
/// assert_eq!(images.len(), 1);
/// assert!(Images::new(Shape::new(2, 2, 1), vec![0; 3], vec![0], 1).is_err());
/// # Ok::<(), lookalike_synth::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Images {
    shape: Shape,
    pixels: Vec<u8>,
    labels: Vec<u32>,
    classes: usize,
}

impl Images {
    /// From levels of 0 to 255, image after image, row after row of pixels, with the channels of a pixel side by side; and
    /// a class below `classes` per image (one class for images that have none).
    ///
    /// # Errors
    /// [`Error::Options`] when there are not as many levels as the images have, or a class is out of range.
    pub fn new(shape: Shape, pixels: Vec<u8>, labels: Vec<u32>, classes: usize) -> Result<Self> {
        let mut problems = Vec::new();
        if shape.size() == 0 || pixels.len() != labels.len() * shape.size() {
            problems.push(
                "images must have as many levels as pixels times channels, and a class each".to_owned(),
            );
        }
        if labels.iter().any(|&label| label as usize >= classes) {
            problems.push("classes must be below the number of classes".to_owned());
        }
        if problems.is_empty() {
            Ok(Images { shape, pixels, labels, classes })
        } else {
            Err(Error::Options { problems })
        }
    }

    /// The shape of each image.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The levels, image after image.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The class of each image.
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// How many images there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// True when there is no image.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Some of the images, in this order.
    ///
    /// # Panics
    /// If there is no such image.
    #[must_use]
    pub fn take(&self, rows: &[u32]) -> Self {
        let size = self.shape.size();
        Images {
            shape: self.shape,
            pixels: rows
                .iter()
                .flat_map(|&row| &self.pixels[row as usize * size..][..size])
                .copied()
                .collect(),
            labels: rows.iter().map(|&row| self.labels[row as usize]).collect(),
            classes: self.classes,
        }
    }

    /// The share of images in each class.
    pub(super) fn shares(&self) -> Vec<f64> {
        let mut shares = vec![0.0; self.classes];
        for &label in &self.labels {
            shares[label as usize] += 1.0 / self.len() as f64;
        }
        shares
    }

    /// One image as numbers from `least` to 1.
    pub(super) fn write(&self, row: u32, least: f32, to: &mut [f32]) {
        let levels = &self.pixels[row as usize * to.len()..][..to.len()];
        for (to, &level) in to.iter_mut().zip(levels) {
            *to = f32::from(level) * ((1.0 - least) / 255.0) + least;
        }
    }
}

/// The nearest level of a number from `least` to 1.
pub(super) fn level(number: f32, least: f32) -> u8 {
    // What is out of range is the nearest level in it.
    ((number - least) * (255.0 / (1.0 - least)) + 0.5) as u8
}
