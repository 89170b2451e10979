//! What can be done to pictures, with chance: the names, parameters and defaults are those that users of albumentations
//! know.

mod blur;
mod color;
mod crop;
mod distort;
mod dropout;
mod flips;
mod noise;
mod quality;
mod rotate;
mod size;
mod tone;

use lookalike_core::Stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use blur::{GaussianBlur, MedianBlur, MotionBlur, Sharpen, SharpenMethod};
pub use color::{ColorJitter, HueSaturationValue, ToGray};
pub use crop::{CenterCrop, RandomCrop, RandomResizedCrop};
pub use distort::{ElasticTransform, GridDistortion, Perspective};
pub use dropout::{CoarseDropout, Erasing};
pub use flips::{D4, HorizontalFlip, RandomRotate90, Transpose, VerticalFlip};
pub use noise::{GaussNoise, ISONoise, MultiplicativeNoise, SaltAndPepper, ShotNoise};
pub use quality::{CompressionType, ImageCompression, Normalize};
pub use rotate::{Affine, Rotate, SafeRotate, ShiftScaleRotate};
pub use size::{Downscale, InterpolationPair, PadIfNeeded, Resize};
pub use tone::{CLAHE, Equalize, InvertImg, Posterize, RandomBrightnessContrast, RandomGamma, Solarize};

use crate::action::{Action, Sampling};
use crate::error::Problems;
use crate::image::Shape;
use crate::values::{BorderMode, Fill, Interpolation};

/// Pictures are not made wider or higher than this.
pub(crate) const MAX_SIDE: usize = 16_384;

/// What all transforms can do.
pub(crate) trait Drawing {
    /// How likely it is done.
    fn p(&self) -> f64;

    /// Notes all that is wrong with the options.
    fn check(&self, problems: &mut Problems);

    /// What is done to a picture of this shape. Not whether: that is drawn before.
    fn draw(&self, shape: Shape, stream: &mut Stream) -> Vec<Action>;
}

/// One transform with its options. In files it is named as here: `Rotate = { limit = 45 }`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub enum Transform {
    /// [`HorizontalFlip`]
    HorizontalFlip(HorizontalFlip),
    /// [`VerticalFlip`]
    VerticalFlip(VerticalFlip),
    /// [`Transpose`]
    Transpose(Transpose),
    /// [`RandomRotate90`]
    RandomRotate90(RandomRotate90),
    /// [`D4`]
    D4(D4),
    /// [`Rotate`]
    Rotate(Rotate),
    /// [`SafeRotate`]
    SafeRotate(SafeRotate),
    /// [`Affine`]
    Affine(Affine),
    /// [`ShiftScaleRotate`]
    ShiftScaleRotate(ShiftScaleRotate),
    /// [`Perspective`]
    Perspective(Perspective),
    /// [`ElasticTransform`]
    ElasticTransform(ElasticTransform),
    /// [`GridDistortion`]
    GridDistortion(GridDistortion),
    /// [`RandomCrop`]
    RandomCrop(RandomCrop),
    /// [`CenterCrop`]
    CenterCrop(CenterCrop),
    /// [`RandomResizedCrop`]
    RandomResizedCrop(RandomResizedCrop),
    /// [`Resize`]
    Resize(Resize),
    /// [`PadIfNeeded`]
    PadIfNeeded(PadIfNeeded),
    /// [`Downscale`]
    Downscale(Downscale),
    /// [`CoarseDropout`]
    CoarseDropout(CoarseDropout),
    /// [`Erasing`]
    Erasing(Erasing),
    /// [`GaussNoise`]
    GaussNoise(GaussNoise),
    /// [`SaltAndPepper`]
    SaltAndPepper(SaltAndPepper),
    /// [`ShotNoise`]
    ShotNoise(ShotNoise),
    /// [`MultiplicativeNoise`]
    MultiplicativeNoise(MultiplicativeNoise),
    /// [`ISONoise`]
    ISONoise(ISONoise),
    /// [`GaussianBlur`]
    GaussianBlur(GaussianBlur),
    /// [`MotionBlur`]
    MotionBlur(MotionBlur),
    /// [`MedianBlur`]
    MedianBlur(MedianBlur),
    /// [`Sharpen`]
    Sharpen(Sharpen),
    /// [`RandomBrightnessContrast`]
    RandomBrightnessContrast(RandomBrightnessContrast),
    /// [`RandomGamma`]
    RandomGamma(RandomGamma),
    /// [`CLAHE`]
    CLAHE(CLAHE),
    /// [`Equalize`]
    Equalize(Equalize),
    /// [`Posterize`]
    Posterize(Posterize),
    /// [`Solarize`]
    Solarize(Solarize),
    /// [`InvertImg`]
    #[serde(alias = "Invert")]
    InvertImg(InvertImg),
    /// [`ColorJitter`]
    ColorJitter(ColorJitter),
    /// [`HueSaturationValue`]
    HueSaturationValue(HueSaturationValue),
    /// [`ToGray`]
    ToGray(ToGray),
    /// [`ImageCompression`]
    ImageCompression(ImageCompression),
    /// [`Normalize`]
    Normalize(Normalize),
}

impl Transform {
    /// Its name.
    pub fn name(&self) -> &'static str {
        match self {
            Transform::HorizontalFlip(_) => "HorizontalFlip",
            Transform::VerticalFlip(_) => "VerticalFlip",
            Transform::Transpose(_) => "Transpose",
            Transform::RandomRotate90(_) => "RandomRotate90",
            Transform::D4(_) => "D4",
            Transform::Rotate(_) => "Rotate",
            Transform::SafeRotate(_) => "SafeRotate",
            Transform::Affine(_) => "Affine",
            Transform::ShiftScaleRotate(_) => "ShiftScaleRotate",
            Transform::Perspective(_) => "Perspective",
            Transform::ElasticTransform(_) => "ElasticTransform",
            Transform::GridDistortion(_) => "GridDistortion",
            Transform::RandomCrop(_) => "RandomCrop",
            Transform::CenterCrop(_) => "CenterCrop",
            Transform::RandomResizedCrop(_) => "RandomResizedCrop",
            Transform::Resize(_) => "Resize",
            Transform::PadIfNeeded(_) => "PadIfNeeded",
            Transform::Downscale(_) => "Downscale",
            Transform::CoarseDropout(_) => "CoarseDropout",
            Transform::Erasing(_) => "Erasing",
            Transform::GaussNoise(_) => "GaussNoise",
            Transform::SaltAndPepper(_) => "SaltAndPepper",
            Transform::ShotNoise(_) => "ShotNoise",
            Transform::MultiplicativeNoise(_) => "MultiplicativeNoise",
            Transform::ISONoise(_) => "ISONoise",
            Transform::GaussianBlur(_) => "GaussianBlur",
            Transform::MotionBlur(_) => "MotionBlur",
            Transform::MedianBlur(_) => "MedianBlur",
            Transform::Sharpen(_) => "Sharpen",
            Transform::RandomBrightnessContrast(_) => "RandomBrightnessContrast",
            Transform::RandomGamma(_) => "RandomGamma",
            Transform::CLAHE(_) => "CLAHE",
            Transform::Equalize(_) => "Equalize",
            Transform::Posterize(_) => "Posterize",
            Transform::Solarize(_) => "Solarize",
            Transform::InvertImg(_) => "InvertImg",
            Transform::ColorJitter(_) => "ColorJitter",
            Transform::HueSaturationValue(_) => "HueSaturationValue",
            Transform::ToGray(_) => "ToGray",
            Transform::ImageCompression(_) => "ImageCompression",
            Transform::Normalize(_) => "Normalize",
        }
    }

    fn drawing(&self) -> &dyn Drawing {
        match self {
            Transform::HorizontalFlip(options) => options,
            Transform::VerticalFlip(options) => options,
            Transform::Transpose(options) => options,
            Transform::RandomRotate90(options) => options,
            Transform::D4(options) => options,
            Transform::Rotate(options) => options,
            Transform::SafeRotate(options) => options,
            Transform::Affine(options) => options,
            Transform::ShiftScaleRotate(options) => options,
            Transform::Perspective(options) => options,
            Transform::ElasticTransform(options) => options,
            Transform::GridDistortion(options) => options,
            Transform::RandomCrop(options) => options,
            Transform::CenterCrop(options) => options,
            Transform::RandomResizedCrop(options) => options,
            Transform::Resize(options) => options,
            Transform::PadIfNeeded(options) => options,
            Transform::Downscale(options) => options,
            Transform::CoarseDropout(options) => options,
            Transform::Erasing(options) => options,
            Transform::GaussNoise(options) => options,
            Transform::SaltAndPepper(options) => options,
            Transform::ShotNoise(options) => options,
            Transform::MultiplicativeNoise(options) => options,
            Transform::ISONoise(options) => options,
            Transform::GaussianBlur(options) => options,
            Transform::MotionBlur(options) => options,
            Transform::MedianBlur(options) => options,
            Transform::Sharpen(options) => options,
            Transform::RandomBrightnessContrast(options) => options,
            Transform::RandomGamma(options) => options,
            Transform::CLAHE(options) => options,
            Transform::Equalize(options) => options,
            Transform::Posterize(options) => options,
            Transform::Solarize(options) => options,
            Transform::InvertImg(options) => options,
            Transform::ColorJitter(options) => options,
            Transform::HueSaturationValue(options) => options,
            Transform::ToGray(options) => options,
            Transform::ImageCompression(options) => options,
            Transform::Normalize(options) => options,
        }
    }

    /// All with their defaults; those that need a size make pictures of `width` times `height`.
    pub fn all(width: usize, height: usize) -> Vec<Transform> {
        let random_crop = RandomCrop {
            height,
            width,
            pad_if_needed: true,
            pad_position: crate::values::Position::Center,
            border_mode: BorderMode::Constant,
            fill: Fill::default(),
            fill_mask: 0,
            p: 1.0,
        };
        let center_crop = CenterCrop {
            height,
            width,
            pad_if_needed: true,
            pad_position: crate::values::Position::Center,
            border_mode: BorderMode::Constant,
            fill: Fill::default(),
            fill_mask: 0,
            p: 1.0,
        };
        let resized = RandomResizedCrop {
            size: [height, width],
            scale: crate::values::Range(0.08, 1.0),
            ratio: crate::values::Range(0.75, 4.0 / 3.0),
            interpolation: Interpolation::Linear,
            mask_interpolation: Interpolation::Nearest,
            p: 1.0,
        };
        let resize = Resize {
            height,
            width,
            interpolation: Interpolation::Linear,
            mask_interpolation: Interpolation::Nearest,
            p: 1.0,
        };
        let pad = PadIfNeeded { min_height: Some(height), min_width: Some(width), ..PadIfNeeded::default() };
        vec![
            Transform::HorizontalFlip(HorizontalFlip::default()),
            Transform::VerticalFlip(VerticalFlip::default()),
            Transform::Transpose(Transpose::default()),
            Transform::RandomRotate90(RandomRotate90::default()),
            Transform::D4(D4::default()),
            Transform::Rotate(Rotate::default()),
            Transform::SafeRotate(SafeRotate::default()),
            Transform::Affine(Affine::default()),
            Transform::ShiftScaleRotate(ShiftScaleRotate::default()),
            Transform::Perspective(Perspective::default()),
            Transform::ElasticTransform(ElasticTransform::default()),
            Transform::GridDistortion(GridDistortion::default()),
            Transform::RandomCrop(random_crop),
            Transform::CenterCrop(center_crop),
            Transform::RandomResizedCrop(resized),
            Transform::Resize(resize),
            Transform::PadIfNeeded(pad),
            Transform::Downscale(Downscale::default()),
            Transform::CoarseDropout(CoarseDropout::default()),
            Transform::Erasing(Erasing::default()),
            Transform::GaussNoise(GaussNoise::default()),
            Transform::SaltAndPepper(SaltAndPepper::default()),
            Transform::ShotNoise(ShotNoise::default()),
            Transform::MultiplicativeNoise(MultiplicativeNoise::default()),
            Transform::ISONoise(ISONoise::default()),
            Transform::GaussianBlur(GaussianBlur::default()),
            Transform::MotionBlur(MotionBlur::default()),
            Transform::MedianBlur(MedianBlur::default()),
            Transform::Sharpen(Sharpen::default()),
            Transform::RandomBrightnessContrast(RandomBrightnessContrast::default()),
            Transform::RandomGamma(RandomGamma::default()),
            Transform::CLAHE(CLAHE::default()),
            Transform::Equalize(Equalize::default()),
            Transform::Posterize(Posterize::default()),
            Transform::Solarize(Solarize::default()),
            Transform::InvertImg(InvertImg::default()),
            Transform::ColorJitter(ColorJitter::default()),
            Transform::HueSaturationValue(HueSaturationValue::default()),
            Transform::ToGray(ToGray::default()),
            Transform::ImageCompression(ImageCompression::default()),
            Transform::Normalize(Normalize::default()),
        ]
    }

    /// How likely it is done, 0 to 1.
    pub fn p(&self) -> f64 {
        self.drawing().p()
    }

    pub(crate) fn check(&self, problems: &mut Problems) {
        problems.within(self.name(), |problems| self.drawing().check(problems));
    }

    /// What is done to a picture of this shape, if it is done.
    pub fn draw(&self, shape: Shape, stream: &mut Stream) -> Vec<Action> {
        self.drawing().draw(shape, stream)
    }
}

/// The options that most geometric transforms have.
#[derive(Clone, Copy)]
pub(crate) struct Looking<'a> {
    interpolation: Interpolation,
    mask_interpolation: Interpolation,
    border_mode: BorderMode,
    fill: &'a Fill,
    fill_mask: u16,
}

impl<'a> Looking<'a> {
    /// For transforms that only put something around the picture.
    fn around(border_mode: BorderMode, fill: &'a Fill, fill_mask: u16) -> Self {
        Looking {
            interpolation: Interpolation::Nearest,
            mask_interpolation: Interpolation::Nearest,
            border_mode,
            fill,
            fill_mask,
        }
    }

    fn check(&self, problems: &mut Problems) {
        self.interpolation.check_for_warps(problems, "interpolation");
        self.mask_interpolation.check_for_warps(problems, "mask_interpolation");
        self.fill.check(problems, "fill");
    }

    fn sampling(&self) -> Sampling {
        Sampling {
            interpolation: self.interpolation,
            mask_interpolation: self.mask_interpolation,
            border_mode: self.border_mode,
            fill: self.fill.clone(),
            fill_mask: self.fill_mask,
        }
    }
}

fn check_side(problems: &mut Problems, option: &str, side: usize) {
    problems.require((1..=MAX_SIDE).contains(&side), option, format!("must be within 1 to {MAX_SIDE}"));
}

fn always() -> f64 {
    1.0
}

fn nearest() -> Interpolation {
    Interpolation::Nearest
}
