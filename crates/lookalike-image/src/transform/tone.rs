use lookalike_core::Stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Drawing;
use crate::action::{Action, BrightnessContrast, ClaheAction, EqualizeAction, Tone};
use crate::error::Problems;
use crate::image::Shape;
use crate::kernel::histogram::EqualizeMode;
use crate::values::{Limit, Range, check_probability};

/// Values multiplied, and something added to them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RandomBrightnessContrast {
    /// What is added to values, as a share, -10 to 10 [default: -0.2 to 0.2].
    pub brightness_limit: Limit,
    /// What is added to the factor of 1 that values are multiplied by, -1 to 10 [default: -0.2 to 0.2].
    pub contrast_limit: Limit,
    /// True to take `brightness_limit` as a share of the brightest value, false of the picture's mean [default: true].
    pub brightness_by_max: bool,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for RandomBrightnessContrast {
    fn default() -> Self {
        RandomBrightnessContrast {
            brightness_limit: Limit(-0.2, 0.2),
            contrast_limit: Limit(-0.2, 0.2),
            brightness_by_max: true,
            p: 0.5,
        }
    }
}

impl Drawing for RandomBrightnessContrast {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.brightness_limit.check(problems, "brightness_limit", -10.0, 10.0);
        self.contrast_limit.check(problems, "contrast_limit", -1.0, 10.0);
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, stream: &mut Stream) -> Vec<Action> {
        vec![Action::BrightnessContrast(BrightnessContrast {
            contrast: 1.0 + self.contrast_limit.draw(stream),
            brightness: self.brightness_limit.draw(stream),
            by_max: self.brightness_by_max,
        })]
    }
}

/// Values raised to a power, as shares of the brightest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RandomGamma {
    /// The power in hundredths, 1 to 10,000; above 100 is darker [default: 80 to 120].
    pub gamma_limit: Range,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for RandomGamma {
    fn default() -> Self {
        RandomGamma { gamma_limit: Range(80.0, 120.0), p: 0.5 }
    }
}

impl Drawing for RandomGamma {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.gamma_limit.check(problems, "gamma_limit", 1.0, 10_000.0);
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, stream: &mut Stream) -> Vec<Action> {
        vec![Action::Tone(Tone::Gamma(self.gamma_limit.draw(stream) / 100.0))]
    }
}

/// Contrast-limited adaptive histogram equalization.
///
/// Levels are made equally frequent in parts of the picture. Of color, this is done with the lightness (L*).
///
/// # References
/// - Zuiderveld, K. (1994). Contrast limited adaptive histogram equalization.
///   <https://doi.org/10.1016/B978-0-12-336156-1.50061-6>
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CLAHE {
    /// How many times as frequent as on average a level may be, 1 to 1000 [default: 1 to 4].
    pub clip_limit: Range,
    /// Rows and columns of parts, 1 to 256 [default: 8 and 8].
    pub tile_grid_size: [usize; 2],
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for CLAHE {
    fn default() -> Self {
        CLAHE { clip_limit: Range(1.0, 4.0), tile_grid_size: [8, 8], p: 0.5 }
    }
}

impl Drawing for CLAHE {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.clip_limit.check(problems, "clip_limit", 1.0, 1000.0);
        let inside = self.tile_grid_size.iter().all(|count| (1..=256).contains(count));
        problems.require(inside, "tile_grid_size", "must be of numbers within 1 to 256");
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, stream: &mut Stream) -> Vec<Action> {
        vec![Action::Clahe(ClaheAction {
            clip_limit: self.clip_limit.draw(stream),
            rows: self.tile_grid_size[0],
            columns: self.tile_grid_size[1],
        })]
    }
}

/// Levels made equally frequent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Equalize {
    /// Whose rounding: `cv` for `OpenCV`'s, `pil` for the Python Imaging Library's [default: cv].
    pub mode: EqualizeMode,
    /// True to take each channel by itself; otherwise brightness alone changes, and colors stay [default: true].
    pub by_channels: bool,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for Equalize {
    fn default() -> Self {
        Equalize { mode: EqualizeMode::Cv, by_channels: true, p: 0.5 }
    }
}

impl Drawing for Equalize {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, _stream: &mut Stream) -> Vec<Action> {
        vec![Action::Equalize(EqualizeAction { mode: self.mode, by_channels: self.by_channels })]
    }
}

/// Only the highest bits of values are kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Posterize {
    /// How many bits, 1 to 16 [default: 4].
    pub num_bits: Range,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for Posterize {
    fn default() -> Self {
        Posterize { num_bits: Range(4.0, 4.0), p: 0.5 }
    }
}

impl Drawing for Posterize {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.num_bits.check_whole(problems, "num_bits", 1.0, 16.0);
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, stream: &mut Stream) -> Vec<Action> {
        vec![Action::Tone(Tone::Posterize(self.num_bits.draw_whole(stream) as u8))]
    }
}

/// Bright values inverted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Solarize {
    /// The share of the brightest value from which on values are inverted, 0 to 1 [default: 0.5].
    pub threshold_range: Range,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for Solarize {
    fn default() -> Self {
        Solarize { threshold_range: Range(0.5, 0.5), p: 0.5 }
    }
}

impl Drawing for Solarize {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.threshold_range.check(problems, "threshold_range", 0.0, 1.0);
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, stream: &mut Stream) -> Vec<Action> {
        vec![Action::Tone(Tone::Solarize(self.threshold_range.draw(stream)))]
    }
}

/// Bright becomes dark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct InvertImg {
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for InvertImg {
    fn default() -> Self {
        InvertImg { p: 0.5 }
    }
}

impl Drawing for InvertImg {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, _stream: &mut Stream) -> Vec<Action> {
        vec![Action::Tone(Tone::Invert)]
    }
}
