use lookalike_core::Stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Drawing;
use crate::action::{Action, CompressJpeg, NormalizeAction, NormalizeMethod};
use crate::error::Problems;
use crate::image::Shape;
use crate::values::{Range, check_probability};

/// What [`ImageCompression`] compresses with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CompressionType {
    /// Baseline JPEG, color at half the resolution.
    #[default]
    Jpeg,
}

/// Through a compressed file and back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ImageCompression {
    /// The format of the file [default: jpeg].
    pub compression_type: CompressionType,
    /// Quality, 1 to 100 [default: 99 to 100].
    pub quality_range: Range,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for ImageCompression {
    fn default() -> Self {
        ImageCompression {
            compression_type: CompressionType::Jpeg,
            quality_range: Range(99.0, 100.0),
            p: 0.5,
        }
    }
}

impl Drawing for ImageCompression {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.quality_range.check_whole(problems, "quality_range", 1.0, 100.0);
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, stream: &mut Stream) -> Vec<Action> {
        let CompressionType::Jpeg = self.compression_type;
        vec![Action::CompressJpeg(CompressJpeg { quality: self.quality_range.draw_whole(stream) as u8 })]
    }
}

/// Real numbers of a known mean and spread.
///
/// No transform can follow, and only NPY files can hold them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Normalize {
    /// The mean of each channel, in shares of the brightest value; the last goes for all further channels
    /// [default: 0.485, 0.456, 0.406, those of `ImageNet`].
    pub mean: Vec<f64>,
    /// The standard deviation of each channel, in shares of the brightest value, above 0 [default: 0.229, 0.224, 0.225].
    pub std: Vec<f64>,
    /// The brightest value [default: 255 or 65535, by the picture].
    pub max_pixel_value: Option<f64>,
    /// What pictures are normalized by [default: standard].
    pub normalization: NormalizeMethod,
    /// How likely it is done, 0 to 1 [default: 1].
    pub p: f64,
}

impl Default for Normalize {
    fn default() -> Self {
        Normalize {
            mean: vec![0.485, 0.456, 0.406],
            std: vec![0.229, 0.224, 0.225],
            max_pixel_value: None,
            normalization: NormalizeMethod::Standard,
            p: 1.0,
        }
    }
}

impl Drawing for Normalize {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        problems.require(self.mean.iter().all(|mean| mean.is_finite()), "mean", "must be of finite numbers");
        problems.require(self.std.iter().all(|std| *std > 0.0), "std", "must be of numbers above 0");
        let filled = !self.mean.is_empty() && !self.std.is_empty();
        problems.require(filled, "", "needs at least one mean and one std");
        problems.require(
            self.max_pixel_value.is_none_or(|top| top > 0.0 && top.is_finite()),
            "max_pixel_value",
            "must be above 0",
        );
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, _stream: &mut Stream) -> Vec<Action> {
        vec![Action::Normalize(NormalizeAction {
            method: self.normalization,
            mean: self.mean.clone(),
            std: self.std.clone(),
            max_pixel_value: self.max_pixel_value,
        })]
    }
}
