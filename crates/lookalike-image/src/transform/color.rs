use lookalike_core::Stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Drawing;
use crate::action::{Action, GrayMethod, JitterColor, JitterStep, ShiftHsv, ToGrayAction};
use crate::error::Problems;
use crate::image::Shape;
use crate::values::{Limit, Range, check_probability};

/// Brightness, contrast, saturation and hue changed, in random order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ColorJitter {
    /// What values are multiplied by, 0 to 100 [default: 0.8 to 1.2].
    pub brightness: Range,
    /// How far values are from the mean brightness afterwards, as a factor, 0 to 100 [default: 0.8 to 1.2].
    pub contrast: Range,
    /// How far values are from their pixel's grey afterwards, as a factor, 0 to 100 [default: 0.8 to 1.2].
    pub saturation: Range,
    /// How far hue is turned, as a share of a whole turn, -0.5 to 0.5 [default: -0.5 to 0.5].
    pub hue: Limit,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for ColorJitter {
    fn default() -> Self {
        ColorJitter {
            brightness: Range(0.8, 1.2),
            contrast: Range(0.8, 1.2),
            saturation: Range(0.8, 1.2),
            hue: Limit(-0.5, 0.5),
            p: 0.5,
        }
    }
}

impl Drawing for ColorJitter {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.brightness.check(problems, "brightness", 0.0, 100.0);
        self.contrast.check(problems, "contrast", 0.0, 100.0);
        self.saturation.check(problems, "saturation", 0.0, 100.0);
        self.hue.check(problems, "hue", -0.5, 0.5);
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, stream: &mut Stream) -> Vec<Action> {
        let mut steps = vec![
            JitterStep::Brightness(self.brightness.draw(stream)),
            JitterStep::Contrast(self.contrast.draw(stream)),
            JitterStep::Saturation(self.saturation.draw(stream)),
            JitterStep::Hue(self.hue.draw(stream)),
        ];
        stream.shuffle(&mut steps);
        vec![Action::JitterColor(JitterColor { steps })]
    }
}

/// Hue, saturation and value shifted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HueSaturationValue {
    /// The shift of the hue, in steps of two degrees as `OpenCV` counts it, -180 to 180 [default: -20 to 20].
    pub hue_shift_limit: Limit,
    /// The shift of the saturation, in 255ths, -255 to 255 [default: -30 to 30].
    pub sat_shift_limit: Limit,
    /// The shift of the value, in 255ths, -255 to 255 [default: -20 to 20].
    pub val_shift_limit: Limit,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for HueSaturationValue {
    fn default() -> Self {
        HueSaturationValue {
            hue_shift_limit: Limit(-20.0, 20.0),
            sat_shift_limit: Limit(-30.0, 30.0),
            val_shift_limit: Limit(-20.0, 20.0),
            p: 0.5,
        }
    }
}

impl Drawing for HueSaturationValue {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.hue_shift_limit.check(problems, "hue_shift_limit", -180.0, 180.0);
        self.sat_shift_limit.check(problems, "sat_shift_limit", -255.0, 255.0);
        self.val_shift_limit.check(problems, "val_shift_limit", -255.0, 255.0);
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, stream: &mut Stream) -> Vec<Action> {
        vec![Action::ShiftHsv(ShiftHsv {
            hue: self.hue_shift_limit.draw(stream),
            saturation: self.sat_shift_limit.draw(stream),
            value: self.val_shift_limit.draw(stream),
        })]
    }
}

/// No color.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ToGray {
    /// Channels of the new picture: 1, or 3 that are alike [default: 3].
    pub num_output_channels: usize,
    /// How a color becomes grey [default: `weighted_average`].
    pub method: GrayMethod,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for ToGray {
    fn default() -> Self {
        ToGray { num_output_channels: 3, method: GrayMethod::WeightedAverage, p: 0.5 }
    }
}

impl Drawing for ToGray {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        let known = matches!(self.num_output_channels, 1 | 3);
        problems.require(known, "num_output_channels", "must be 1 or 3");
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, _stream: &mut Stream) -> Vec<Action> {
        vec![Action::ToGray(ToGrayAction { method: self.method, channels: self.num_output_channels })]
    }
}
