//! Steps with nothing left to chance: what a transform drew. They can be kept, read and done again.

mod blur;
mod color;
mod erase;
mod field;
mod geometric;
mod noise;
mod quality;
mod tone;

use serde::{Deserialize, Serialize};

pub use blur::{Convolve, GaussianFilter, MedianFilter, Unsharp};
pub use color::{GrayMethod, JitterColor, JitterStep, ShiftHsv, ToGrayAction};
pub use erase::{Erase, Hole, HoleFill};
pub use field::{ElasticField, FieldNoise, GridField};
pub use geometric::{Crop, Pad, Pixelate, ResizeTo, Sampling, Warp};
pub use noise::{AddGaussian, AddIso, AddSalt, AddShot, Multiply};
pub use quality::{CompressJpeg, NormalizeAction, NormalizeMethod};
pub use tone::{BrightnessContrast, ClaheAction, EqualizeAction, Tone};

use crate::error::{Error, Result};
use crate::image::Shape;
use crate::kernel::turn::Symmetry;
use crate::sample::Sample;

/// One thing done to a picture and what travels with it, with all its parameters.
///
/// ```
/// use lookalike_image::{Action, Color, Image, Sample, Symmetry};
/// let mut sample = Sample::new(Image::from_u8(2, 1, Color::Grey, vec![1, 2])?);
/// Action::Turn(Symmetry::HorizontalFlip).apply(&mut sample)?;
/// assert_eq!(sample.image.as_u8(), Some([2, 1].as_slice()));
/// # Ok::<(), lookalike_image::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Action {
    /// A mirror image or a quarter turn.
    Turn(Symmetry),
    /// A movement of the plane.
    Warp(Warp),
    /// A smooth random displacement.
    Elastic(ElasticField),
    /// Columns and rows stretched differently.
    Grid(GridField),
    /// A part of the picture.
    Crop(Crop),
    /// More room around it.
    Pad(Pad),
    /// Another size.
    Resize(ResizeTo),
    /// Made smaller and larger again.
    Pixelate(Pixelate),
    /// Rectangles filled.
    Erase(Erase),
    /// Normal noise added.
    GaussNoise(AddGaussian),
    /// Single pixels white or black.
    SaltAndPepper(AddSalt),
    /// The noise of counting photons.
    ShotNoise(AddShot),
    /// Values multiplied.
    Multiply(Multiply),
    /// The noise of a sensitive camera.
    IsoNoise(AddIso),
    /// A Gaussian filter.
    GaussianFilter(GaussianFilter),
    /// Sums of neighbours by weights.
    Convolve(Convolve),
    /// What a Gaussian filter takes away, added once more.
    Unsharp(Unsharp),
    /// Medians of neighbourhoods.
    MedianFilter(MedianFilter),
    /// Brightness and contrast.
    BrightnessContrast(BrightnessContrast),
    /// A new level for each old one.
    Tone(Tone),
    /// Levels made equally frequent.
    Equalize(EqualizeAction),
    /// Levels made equally frequent in parts of the picture.
    Clahe(ClaheAction),
    /// Brightness, contrast, saturation and hue, in an order.
    JitterColor(JitterColor),
    /// Hue, saturation and value shifted.
    ShiftHsv(ShiftHsv),
    /// No color.
    ToGray(ToGrayAction),
    /// Through a JPEG file and back.
    CompressJpeg(CompressJpeg),
    /// Real numbers of a known mean and spread.
    Normalize(NormalizeAction),
}

impl Action {
    /// The shape that a picture of this shape has afterwards.
    pub fn shape(&self, shape: Shape) -> Shape {
        let sized = |width: usize, height: usize| Shape { width, height, ..shape };
        match self {
            Action::Turn(symmetry) if symmetry.swaps() => sized(shape.height, shape.width),
            Action::Warp(warp) => sized(warp.width, warp.height),
            Action::Crop(crop) => sized(crop.width, crop.height),
            Action::Pad(pad) => {
                sized(shape.width + pad.left + pad.right, shape.height + pad.top + pad.bottom)
            }
            Action::Resize(resize) => sized(resize.width, resize.height),
            Action::ToGray(gray) => Shape { color: gray.color(shape.color), ..shape },
            Action::Normalize(_) => Shape { bits: 32, ..shape },
            _ => shape,
        }
    }

    /// True when it changes what travels with a picture too: its mask, boxes and keypoints.
    pub(crate) fn moves(&self) -> bool {
        match self {
            Action::Turn(_)
            | Action::Warp(_)
            | Action::Elastic(_)
            | Action::Grid(_)
            | Action::Crop(_)
            | Action::Pad(_)
            | Action::Resize(_)
            | Action::Erase(_) => true,
            Action::Pixelate(_)
            | Action::GaussNoise(_)
            | Action::SaltAndPepper(_)
            | Action::ShotNoise(_)
            | Action::Multiply(_)
            | Action::IsoNoise(_)
            | Action::GaussianFilter(_)
            | Action::Convolve(_)
            | Action::Unsharp(_)
            | Action::MedianFilter(_)
            | Action::BrightnessContrast(_)
            | Action::Tone(_)
            | Action::Equalize(_)
            | Action::Clahe(_)
            | Action::JitterColor(_)
            | Action::ShiftHsv(_)
            | Action::ToGray(_)
            | Action::CompressJpeg(_)
            | Action::Normalize(_) => false,
        }
    }

    /// Does it.
    ///
    /// # Errors
    /// [`Error::Step`] when the picture is not one that this can be done to: it is normalized, or has no such part.
    pub fn apply(&self, sample: &mut Sample) -> Result<()> {
        if sample.image.as_f32().is_some() {
            return Err(Error::Step {
                step: "another step",
                what: "a normalized picture: Normalize must come last".to_owned(),
            });
        }
        match self {
            Action::Turn(symmetry) => geometric::turn(*symmetry, sample),
            Action::Warp(action) => action.apply(sample),
            Action::Elastic(action) => action.apply(sample),
            Action::Grid(action) => action.apply(sample),
            Action::Crop(action) => action.apply(sample),
            Action::Pad(action) => action.apply(sample),
            Action::Resize(action) => action.apply(sample),
            Action::Pixelate(action) => action.apply(&mut sample.image),
            Action::Erase(action) => action.apply(sample),
            Action::GaussNoise(action) => action.apply(&mut sample.image),
            Action::SaltAndPepper(action) => action.apply(&mut sample.image),
            Action::ShotNoise(action) => action.apply(&mut sample.image),
            Action::Multiply(action) => action.apply(&mut sample.image),
            Action::IsoNoise(action) => action.apply(&mut sample.image),
            Action::GaussianFilter(action) => action.apply(&mut sample.image),
            Action::Convolve(action) => action.apply(&mut sample.image),
            Action::Unsharp(action) => action.apply(&mut sample.image),
            Action::MedianFilter(action) => action.apply(&mut sample.image),
            Action::BrightnessContrast(action) => action.apply(&mut sample.image),
            Action::Tone(action) => action.apply(&mut sample.image),
            Action::Equalize(action) => action.apply(&mut sample.image),
            Action::Clahe(action) => action.apply(&mut sample.image),
            Action::JitterColor(action) => action.apply(&mut sample.image),
            Action::ShiftHsv(action) => action.apply(&mut sample.image),
            Action::ToGray(action) => action.apply(&mut sample.image),
            Action::CompressJpeg(action) => action.apply(&mut sample.image),
            Action::Normalize(action) => action.apply(&mut sample.image),
        }
    }

    /// Does it to a copy. Turns make it at once, without copying the picture before.
    ///
    /// # Errors
    /// As [`Action::apply`].
    pub fn apply_to(&self, sample: &Sample) -> Result<Sample> {
        if let Action::Turn(symmetry) = self {
            let mut turned = Sample {
                image: geometric::turned(&sample.image, *symmetry)?,
                label: sample.label.clone(),
                shares: sample.shares.clone(),
                boxes: sample.boxes.clone(),
                keypoints: sample.keypoints.clone(),
                mask: sample.mask.clone(),
            };
            geometric::turn_rest(*symmetry, (sample.image.width(), sample.image.height()), &mut turned)?;
            return Ok(turned);
        }
        let mut sample = sample.clone();
        self.apply(&mut sample)?;
        Ok(sample)
    }
}
