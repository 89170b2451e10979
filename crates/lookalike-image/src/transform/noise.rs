use lookalike_core::Stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Drawing;
use crate::action::{Action, AddGaussian, AddIso, AddSalt, AddShot, Multiply};
use crate::error::Problems;
use crate::image::Shape;
use crate::values::{Range, check_probability};

/// Normal noise added, rounded, and clipped at both ends. Opacity stays, as with all noise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GaussNoise {
    /// The standard deviation, as a share of the brightest value, 0 to 1 [default: 0.2 to 0.44]. 25 grey levels of 255 are
    /// 0.098.
    pub std_range: Range,
    /// The mean, as a share of the brightest value, -1 to 1 [default: 0].
    pub mean_range: Range,
    /// True for other noise in each channel [default: true].
    pub per_channel: bool,
    /// The share of the resolution at which noise is made before it is stretched: less is coarser grain; above 0, at most 1
    /// [default: 1].
    pub noise_scale_factor: f64,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for GaussNoise {
    fn default() -> Self {
        GaussNoise {
            std_range: Range(0.2, 0.44),
            mean_range: Range(0.0, 0.0),
            per_channel: true,
            noise_scale_factor: 1.0,
            p: 0.5,
        }
    }
}

impl Drawing for GaussNoise {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.std_range.check(problems, "std_range", 0.0, 1.0);
        self.mean_range.check(problems, "mean_range", -1.0, 1.0);
        let scale = self.noise_scale_factor;
        problems.require(scale > 0.0 && scale <= 1.0, "noise_scale_factor", "must be above 0 and at most 1");
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, stream: &mut Stream) -> Vec<Action> {
        vec![Action::GaussNoise(AddGaussian {
            sigma: self.std_range.draw(stream),
            mean: self.mean_range.draw(stream),
            per_channel: self.per_channel,
            scale: self.noise_scale_factor,
            seed: stream.bits(),
        })]
    }
}

/// Single pixels white or black.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SaltAndPepper {
    /// The share of pixels that become white or black, 0 to 1 [default: 0.01 to 0.06].
    pub amount: Range,
    /// The share of white pixels among these, 0 to 1 [default: 0.4 to 0.6].
    pub salt_vs_pepper: Range,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for SaltAndPepper {
    fn default() -> Self {
        SaltAndPepper { amount: Range(0.01, 0.06), salt_vs_pepper: Range(0.4, 0.6), p: 0.5 }
    }
}

impl Drawing for SaltAndPepper {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.amount.check(problems, "amount", 0.0, 1.0);
        self.salt_vs_pepper.check(problems, "salt_vs_pepper", 0.0, 1.0);
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, stream: &mut Stream) -> Vec<Action> {
        let amount = self.amount.draw(stream);
        let salt = amount * self.salt_vs_pepper.draw(stream);
        vec![Action::SaltAndPepper(AddSalt { salt, pepper: amount - salt, seed: stream.bits() })]
    }
}

/// The noise of counting photons.
///
/// In linear light (values to the power of 2.2), counts are Poisson-distributed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ShotNoise {
    /// How much light a photon is, as a share of the brightest, 0.000001 to 1: larger is noisier [default: 0.1 to 0.3].
    pub scale_range: Range,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for ShotNoise {
    fn default() -> Self {
        ShotNoise { scale_range: Range(0.1, 0.3), p: 0.5 }
    }
}

impl Drawing for ShotNoise {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.scale_range.check(problems, "scale_range", 1e-6, 1.0);
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, stream: &mut Stream) -> Vec<Action> {
        vec![Action::ShotNoise(AddShot { scale: self.scale_range.draw(stream), seed: stream.bits() })]
    }
}

/// Values multiplied by a random factor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MultiplicativeNoise {
    /// The factor, 0 to 100 [default: 0.9 to 1.1].
    pub multiplier: Range,
    /// True for another factor in each channel [default: false].
    pub per_channel: bool,
    /// True for another factor in each pixel [default: false].
    pub elementwise: bool,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for MultiplicativeNoise {
    fn default() -> Self {
        MultiplicativeNoise { multiplier: Range(0.9, 1.1), per_channel: false, elementwise: false, p: 0.5 }
    }
}

impl Drawing for MultiplicativeNoise {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.multiplier.check(problems, "multiplier", 0.0, 100.0);
        check_probability(problems, self.p);
    }

    fn draw(&self, shape: Shape, stream: &mut Stream) -> Vec<Action> {
        let factors = if self.elementwise {
            vec![self.multiplier.0, self.multiplier.1]
        } else {
            let count = if self.per_channel { shape.color.visible() } else { 1 };
            (0..count).map(|_| self.multiplier.draw(stream)).collect()
        };
        vec![Action::Multiply(Multiply {
            factors,
            elementwise: self.elementwise,
            per_channel: self.per_channel,
            seed: stream.bits(),
        })]
    }
}

/// The noise of a sensitive camera.
///
/// The hue of each pixel changes normally, and its lightness grows by a Poisson-distributed
/// number of 255ths, whose mean is `intensity` times the spread of lightness in the picture. Grey pictures have no hue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ISONoise {
    /// The standard deviation of the hue, as a share of a whole turn, before `intensity`, 0 to 1 [default: 0.01 to 0.05].
    pub color_shift: Range,
    /// How strong both changes are, 0 to 10 [default: 0.1 to 0.5].
    pub intensity: Range,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for ISONoise {
    fn default() -> Self {
        ISONoise { color_shift: Range(0.01, 0.05), intensity: Range(0.1, 0.5), p: 0.5 }
    }
}

impl Drawing for ISONoise {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.color_shift.check(problems, "color_shift", 0.0, 1.0);
        self.intensity.check(problems, "intensity", 0.0, 10.0);
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, stream: &mut Stream) -> Vec<Action> {
        vec![Action::IsoNoise(AddIso {
            color_shift: self.color_shift.draw(stream),
            intensity: self.intensity.draw(stream),
            seed: stream.bits(),
        })]
    }
}
