use lookalike_core::Stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Drawing;
use crate::action::{Action, Convolve, GaussianFilter, MedianFilter, Unsharp};
use crate::error::Problems;
use crate::geometry::sine_cosine;
use crate::image::Shape;
use crate::kernel::filter::Tap;
use crate::values::{Range, check_probability};

/// An odd number from the range; even ends are rounded up.
fn odd(range: Range, stream: &mut Stream) -> usize {
    let (low, high) = (range.0 as usize | 1, range.1 as usize | 1);
    low + 2 * stream.below(((high - low) / 2 + 1) as u64) as usize
}

/// A Gaussian filter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GaussianBlur {
    /// Pixels to a side, odd, up to 255; 0 for as many as matter, about 6 sigma [default: 0].
    pub blur_limit: Range,
    /// The standard deviation in pixels, 0.05 to 100 [default: 0.5 to 3].
    pub sigma_limit: Range,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for GaussianBlur {
    fn default() -> Self {
        GaussianBlur { blur_limit: Range(0.0, 0.0), sigma_limit: Range(0.5, 3.0), p: 0.5 }
    }
}

impl Drawing for GaussianBlur {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.blur_limit.check_whole(problems, "blur_limit", 0.0, 255.0);
        self.sigma_limit.check(problems, "sigma_limit", 0.05, 100.0);
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, stream: &mut Stream) -> Vec<Action> {
        let kernel_size = if self.blur_limit.1 < 1.0 { 0 } else { odd(self.blur_limit, stream) };
        vec![Action::GaussianFilter(GaussianFilter { kernel_size, sigma: self.sigma_limit.draw(stream) })]
    }
}

/// The camera moved: the mean along a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MotionBlur {
    /// The line's length in pixels, odd, 3 to 255 [default: 3 to 7].
    pub blur_limit: Range,
    /// The line's direction in degrees, 0 to 360 [default: 0 to 360].
    pub angle_range: Range,
    /// Where on the line the pixel is: -1 at its end, 0 in its middle, 1 at its beginning [default: -1 to 1].
    pub direction_range: Range,
    /// False to have the pixel always in the line's middle [default: true].
    pub allow_shifted: bool,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for MotionBlur {
    fn default() -> Self {
        MotionBlur {
            blur_limit: Range(3.0, 7.0),
            angle_range: Range(0.0, 360.0),
            direction_range: Range(-1.0, 1.0),
            allow_shifted: true,
            p: 0.5,
        }
    }
}

impl Drawing for MotionBlur {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.blur_limit.check_whole(problems, "blur_limit", 3.0, 255.0);
        self.angle_range.check(problems, "angle_range", 0.0, 360.0);
        self.direction_range.check(problems, "direction_range", -1.0, 1.0);
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, stream: &mut Stream) -> Vec<Action> {
        let length = odd(self.blur_limit, stream);
        let (sine, cosine) = sine_cosine(self.angle_range.draw(stream));
        let direction = self.direction_range.draw(stream);
        let reach = (length / 2) as f64;
        let shift = if self.allow_shifted { (direction * reach).round() } else { 0.0 };
        let mut taps: Vec<Tap> = Vec::with_capacity(length);
        for step in 0..length {
            let along = step as f64 - reach + shift;
            let (x, y) = ((along * cosine).round() as i32, (-along * sine).round() as i32);
            let weight = 1.0 / length as f32;
            match taps.last_mut() {
                Some(last) if (last.x, last.y) == (x, y) => last.weight += weight,
                _ => taps.push(Tap { x, y, weight }),
            }
        }
        vec![Action::Convolve(Convolve { taps })]
    }
}

/// Medians of neighbourhoods.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MedianBlur {
    /// Pixels to a side, odd, 3 to 255 [default: 3 to 7].
    pub blur_limit: Range,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for MedianBlur {
    fn default() -> Self {
        MedianBlur { blur_limit: Range(3.0, 7.0), p: 0.5 }
    }
}

impl Drawing for MedianBlur {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.blur_limit.check_whole(problems, "blur_limit", 3.0, 255.0);
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, stream: &mut Stream) -> Vec<Action> {
        vec![Action::MedianFilter(MedianFilter { kernel_size: odd(self.blur_limit, stream) })]
    }
}

/// How [`Sharpen`] works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SharpenMethod {
    /// By the eight neighbours.
    #[default]
    Kernel,
    /// By what a Gaussian filter takes away.
    Gaussian,
}

/// Edges made clearer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Sharpen {
    /// How much of the sharpened picture is mixed in, 0 to 1 [default: 0.2 to 0.5].
    pub alpha: Range,
    /// What is added to the weight of the pixel itself, which is 8, by the kernel method, 0 to 100; at 1 flat areas keep
    /// their brightness [default: 0.5 to 1].
    pub lightness: Range,
    /// How edges are found [default: kernel].
    pub method: SharpenMethod,
    /// Pixels to a side of the Gaussian, odd, 3 to 255 [default: 5].
    pub kernel_size: usize,
    /// The standard deviation of the Gaussian in pixels, 0.05 to 100 [default: 1].
    pub sigma: f64,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for Sharpen {
    fn default() -> Self {
        Sharpen {
            alpha: Range(0.2, 0.5),
            lightness: Range(0.5, 1.0),
            method: SharpenMethod::Kernel,
            kernel_size: 5,
            sigma: 1.0,
            p: 0.5,
        }
    }
}

impl Drawing for Sharpen {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.alpha.check(problems, "alpha", 0.0, 1.0);
        self.lightness.check(problems, "lightness", 0.0, 100.0);
        let odd = self.kernel_size % 2 == 1 && (3..=255).contains(&self.kernel_size);
        problems.require(odd, "kernel_size", "must be odd and within 3 to 255");
        problems.require((0.05..=100.0).contains(&self.sigma), "sigma", "must be within 0.05 to 100");
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, stream: &mut Stream) -> Vec<Action> {
        let alpha = self.alpha.draw(stream);
        if self.method == SharpenMethod::Gaussian {
            return vec![Action::Unsharp(Unsharp {
                alpha,
                kernel_size: self.kernel_size,
                sigma: self.sigma,
            })];
        }
        let lightness = self.lightness.draw(stream);
        let taps = (0..9)
            .map(|place| {
                let own = if place == 4 { (1.0 - alpha) + alpha * (8.0 + lightness) } else { -alpha };
                Tap { x: place % 3 - 1, y: place / 3 - 1, weight: own as f32 }
            })
            .collect();
        vec![Action::Convolve(Convolve { taps })]
    }
}
