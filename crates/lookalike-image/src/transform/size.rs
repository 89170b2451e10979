use lookalike_core::Stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::crop::room;
use super::{Drawing, Looking, MAX_SIDE, always, check_side, nearest};
use crate::action::{Action, Pixelate, ResizeTo};
use crate::error::Problems;
use crate::image::Shape;
use crate::values::{BorderMode, Fill, Interpolation, Position, Range, check_probability};

/// Another size.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resize {
    /// Rows of the new picture, 1 to 16,384.
    pub height: usize,
    /// Pixels in a row of the new picture, 1 to 16,384.
    pub width: usize,
    /// How values between pixels are found [default: linear].
    #[serde(default)]
    pub interpolation: Interpolation,
    /// How values between pixels of the mask are found [default: nearest].
    #[serde(default = "nearest")]
    pub mask_interpolation: Interpolation,
    /// How likely it is done, 0 to 1 [default: 1].
    #[serde(default = "always")]
    pub p: f64,
}

impl Drawing for Resize {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        check_side(problems, "height", self.height);
        check_side(problems, "width", self.width);
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, _stream: &mut Stream) -> Vec<Action> {
        vec![Action::Resize(ResizeTo {
            width: self.width,
            height: self.height,
            interpolation: self.interpolation,
            mask_interpolation: self.mask_interpolation,
        })]
    }
}

/// More room around pictures that are too small.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PadIfNeeded {
    /// Rows that there are afterwards at least, 1 to 16,384 [default: 1024, unless there is a divisor].
    pub min_height: Option<usize>,
    /// Pixels in a row that there are afterwards at least, 1 to 16,384 [default: 1024, unless there is a
    /// divisor].
    pub min_width: Option<usize>,
    /// A number that divides the rows that there are afterwards, instead of `min_height`.
    pub pad_height_divisor: Option<usize>,
    /// A number that divides the pixels in a row that there are afterwards, instead of `min_width`.
    pub pad_width_divisor: Option<usize>,
    /// Where the picture is put [default: center].
    pub position: Position,
    /// What is seen beyond the edges [default: constant].
    pub border_mode: BorderMode,
    /// The fill where `border_mode` is constant, 0 to 255 [default: 0].
    pub fill: Fill,
    /// The fill of the mask where `border_mode` is constant: the number of a class [default: 0].
    pub fill_mask: u16,
    /// How likely it is done, 0 to 1 [default: 1].
    pub p: f64,
}

impl Default for PadIfNeeded {
    fn default() -> Self {
        PadIfNeeded {
            min_height: None,
            min_width: None,
            pad_height_divisor: None,
            pad_width_divisor: None,
            position: Position::Center,
            border_mode: BorderMode::Constant,
            fill: Fill::default(),
            fill_mask: 0,
            p: 1.0,
        }
    }
}

impl Drawing for PadIfNeeded {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        for (side, divisor, option) in [
            (self.min_height, self.pad_height_divisor, "min_height"),
            (self.min_width, self.pad_width_divisor, "min_width"),
        ] {
            problems.require(
                side.is_none() || divisor.is_none(),
                option,
                "and its divisor exclude each other",
            );
            check_side(problems, option, side.or(divisor).unwrap_or(1024));
        }
        Looking::around(self.border_mode, &self.fill, self.fill_mask).check(problems);
        check_probability(problems, self.p);
    }

    fn draw(&self, shape: Shape, stream: &mut Stream) -> Vec<Action> {
        let missing = |size: usize, least: Option<usize>, divisor: Option<usize>| match divisor {
            Some(divisor) => size.next_multiple_of(divisor.max(1)) - size,
            None => least.unwrap_or(1024).saturating_sub(size),
        };
        let rows = missing(shape.height, self.min_height, self.pad_height_divisor);
        let columns = missing(shape.width, self.min_width, self.pad_width_divisor);
        if rows == 0 && columns == 0 {
            return Vec::new();
        }
        let looking = Looking::around(self.border_mode, &self.fill, self.fill_mask);
        vec![room(rows, columns, self.position, looking, stream)]
    }
}

/// The two interpolations of [`Downscale`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct InterpolationPair {
    /// On the way to fewer pixels [default: nearest].
    pub downscale: Interpolation,
    /// On the way back [default: nearest].
    pub upscale: Interpolation,
}

impl Default for InterpolationPair {
    fn default() -> Self {
        InterpolationPair { downscale: Interpolation::Nearest, upscale: Interpolation::Nearest }
    }
}

/// Made smaller and larger again, so that detail is lost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Downscale {
    /// The size in between, as a share of the picture's, above 0, at most 1 [default: 0.25].
    pub scale_range: Range,
    /// How values between pixels are found, on the way down and back [default: nearest both ways].
    pub interpolation_pair: InterpolationPair,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for Downscale {
    fn default() -> Self {
        Downscale { scale_range: Range(0.25, 0.25), interpolation_pair: InterpolationPair::default(), p: 0.5 }
    }
}

impl Drawing for Downscale {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.scale_range.check(problems, "scale_range", 1e-4, 1.0);
        check_probability(problems, self.p);
    }

    fn draw(&self, shape: Shape, stream: &mut Stream) -> Vec<Action> {
        let scale = self.scale_range.draw(stream);
        let small = |size: usize| ((size as f64 * scale).round() as usize).clamp(1, MAX_SIDE);
        vec![Action::Pixelate(Pixelate {
            width: small(shape.width),
            height: small(shape.height),
            downscale: self.interpolation_pair.downscale,
            upscale: self.interpolation_pair.upscale,
        })]
    }
}
