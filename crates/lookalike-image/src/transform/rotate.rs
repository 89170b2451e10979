use lookalike_core::Stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Drawing, Looking, MAX_SIDE};
use crate::action::{Action, Crop, Warp};
use crate::error::Problems;
use crate::geometry::{Matrix, sine_cosine};
use crate::image::Shape;
use crate::values::{BorderMode, BoxMethod, Fill, Interpolation, Limit, Range, check_probability};

fn middle(shape: Shape) -> (f64, f64) {
    ((shape.width as f64 - 1.0) / 2.0, (shape.height as f64 - 1.0) / 2.0)
}

/// A turn about the middle of the picture, which keeps its size.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Rotate {
    /// How far the picture turns counter-clockwise, in degrees, -360 to 360 [default: -90 to 90].
    pub limit: Limit,
    /// How values between pixels are found [default: linear].
    pub interpolation: Interpolation,
    /// How values between pixels of the mask are found [default: nearest].
    pub mask_interpolation: Interpolation,
    /// What is seen beyond the edges [default: constant].
    pub border_mode: BorderMode,
    /// The fill where `border_mode` is constant, 0 to 255 [default: 0].
    pub fill: Fill,
    /// The fill of the mask where `border_mode` is constant: the number of a class [default: 0].
    pub fill_mask: u16,
    /// How bounding boxes follow the turn [default: `largest_box`].
    pub rotate_method: BoxMethod,
    /// True to crop to the largest rectangle that holds nothing from beyond the edges [default: false].
    pub crop_border: bool,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for Rotate {
    fn default() -> Self {
        Rotate {
            limit: Limit(-90.0, 90.0),
            interpolation: Interpolation::Linear,
            mask_interpolation: Interpolation::Nearest,
            border_mode: BorderMode::Constant,
            fill: Fill::default(),
            fill_mask: 0,
            rotate_method: BoxMethod::LargestBox,
            crop_border: false,
            p: 0.5,
        }
    }
}

impl Drawing for Rotate {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.limit.check(problems, "limit", -360.0, 360.0);
        self.looking().check(problems);
        check_probability(problems, self.p);
    }

    fn draw(&self, shape: Shape, stream: &mut Stream) -> Vec<Action> {
        let degrees = self.limit.draw(stream);
        let (x, y) = middle(shape);
        let mut actions = vec![Action::Warp(Warp {
            matrix: Matrix::rotation(degrees).about(x, y),
            width: shape.width,
            height: shape.height,
            rotate_method: self.rotate_method,
            sampling: self.looking().sampling(),
        })];
        if self.crop_border {
            let (width, height) = inner_rectangle(shape, degrees);
            actions.push(Action::Crop(Crop {
                x: (shape.width - width) / 2,
                y: (shape.height - height) / 2,
                width,
                height,
            }));
        }
        actions
    }
}

/// The largest upright rectangle in the middle of a turned picture that holds nothing from beyond its edges.
fn inner_rectangle(shape: Shape, degrees: f64) -> (usize, usize) {
    let (sine, cosine) = sine_cosine(degrees);
    let (sine, cosine) = (sine.abs(), cosine.abs());
    let (width, height) = (shape.width as f64, shape.height as f64);
    let (long, short) = (width.max(height), width.min(height));
    let (inner_width, inner_height) = if short <= 2.0 * sine * cosine * long || (sine - cosine).abs() < 1e-10
    {
        // Two of its corners touch the longer edges, the others are in the middle.
        let half = 0.5 * short;
        if width >= height { (half / sine, half / cosine) } else { (half / cosine, half / sine) }
    } else {
        let double = cosine * cosine - sine * sine;
        ((width * cosine - height * sine) / double, (height * cosine - width * sine) / double)
    };
    let fit = |inner: f64, whole: usize| (inner.floor() as usize).clamp(1, whole);
    (fit(inner_width, shape.width), fit(inner_height, shape.height))
}

/// A turn about the middle of the picture, made smaller so that all of it stays in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SafeRotate {
    /// How far the picture turns counter-clockwise, in degrees, -360 to 360 [default: -90 to 90].
    pub limit: Limit,
    /// How values between pixels are found [default: linear].
    pub interpolation: Interpolation,
    /// How values between pixels of the mask are found [default: nearest].
    pub mask_interpolation: Interpolation,
    /// What is seen beyond the edges [default: constant].
    pub border_mode: BorderMode,
    /// The fill where `border_mode` is constant, 0 to 255 [default: 0].
    pub fill: Fill,
    /// The fill of the mask where `border_mode` is constant: the number of a class [default: 0].
    pub fill_mask: u16,
    /// How bounding boxes follow the turn [default: `largest_box`].
    pub rotate_method: BoxMethod,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for SafeRotate {
    fn default() -> Self {
        SafeRotate {
            limit: Limit(-90.0, 90.0),
            interpolation: Interpolation::Linear,
            mask_interpolation: Interpolation::Nearest,
            border_mode: BorderMode::Constant,
            fill: Fill::default(),
            fill_mask: 0,
            rotate_method: BoxMethod::LargestBox,
            p: 0.5,
        }
    }
}

impl Drawing for SafeRotate {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.limit.check(problems, "limit", -360.0, 360.0);
        self.looking().check(problems);
        check_probability(problems, self.p);
    }

    fn draw(&self, shape: Shape, stream: &mut Stream) -> Vec<Action> {
        let degrees = self.limit.draw(stream);
        let (sine, cosine) = sine_cosine(degrees);
        let (width, height) = (shape.width as f64, shape.height as f64);
        let turned_width = width * cosine.abs() + height * sine.abs();
        let turned_height = width * sine.abs() + height * cosine.abs();
        let (x, y) = middle(shape);
        let matrix =
            Matrix::rotation(degrees).then(Matrix::scale(width / turned_width, height / turned_height));
        vec![Action::Warp(Warp {
            matrix: matrix.about(x, y),
            width: shape.width,
            height: shape.height,
            rotate_method: self.rotate_method,
            sampling: self.looking().sampling(),
        })]
    }
}

/// Stretched, slanted, turned about the middle and moved, in this order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Affine {
    /// The factor of both directions, 0.01 to 100; each is drawn by itself unless `keep_ratio` is true [default: 1].
    pub scale: Range,
    /// How far the picture moves to the right and down, as shares of width and height, -10 to 10 [default: 0].
    pub translate_percent: Limit,
    /// How far it moves besides, in whole pixels [default: 0].
    pub translate_px: Limit,
    /// How far the picture turns counter-clockwise, in degrees, -360 to 360 [default: 0].
    pub rotate: Limit,
    /// How far it is slanted in each direction, in degrees, -85 to 85 [default: 0].
    pub shear: Limit,
    /// How values between pixels are found [default: linear].
    pub interpolation: Interpolation,
    /// How values between pixels of the mask are found [default: nearest].
    pub mask_interpolation: Interpolation,
    /// What is seen beyond the edges [default: constant].
    pub border_mode: BorderMode,
    /// The fill where `border_mode` is constant, 0 to 255 [default: 0].
    pub fill: Fill,
    /// The fill of the mask where `border_mode` is constant: the number of a class [default: 0].
    pub fill_mask: u16,
    /// How bounding boxes follow the turn [default: `largest_box`].
    pub rotate_method: BoxMethod,
    /// True to give the new picture the size that all of the old one needs [default: false].
    pub fit_output: bool,
    /// True for the same factor in both directions [default: false].
    pub keep_ratio: bool,
    /// True to make pictures smaller and larger equally often, when `scale` has both [default: false].
    pub balanced_scale: bool,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for Affine {
    fn default() -> Self {
        Affine {
            scale: Range(1.0, 1.0),
            translate_percent: Limit(0.0, 0.0),
            translate_px: Limit(0.0, 0.0),
            rotate: Limit(0.0, 0.0),
            shear: Limit(0.0, 0.0),
            interpolation: Interpolation::Linear,
            mask_interpolation: Interpolation::Nearest,
            border_mode: BorderMode::Constant,
            fill: Fill::default(),
            fill_mask: 0,
            rotate_method: BoxMethod::LargestBox,
            fit_output: false,
            keep_ratio: false,
            balanced_scale: false,
            p: 0.5,
        }
    }
}

impl Affine {
    fn draw_scale(&self, stream: &mut Stream) -> f64 {
        let Range(low, high) = self.scale;
        if self.balanced_scale && low < 1.0 && high > 1.0 {
            return if stream.below(2) == 0 { Range(low, 1.0) } else { Range(1.0, high) }.draw(stream);
        }
        self.scale.draw(stream)
    }
}

impl Drawing for Affine {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.scale.check(problems, "scale", 0.01, 100.0);
        self.translate_percent.check(problems, "translate_percent", -10.0, 10.0);
        self.translate_px.check(problems, "translate_px", -1e5, 1e5);
        self.rotate.check(problems, "rotate", -360.0, 360.0);
        self.shear.check(problems, "shear", -85.0, 85.0);
        self.looking().check(problems);
        check_probability(problems, self.p);
    }

    fn draw(&self, shape: Shape, stream: &mut Stream) -> Vec<Action> {
        let (width, height) = (shape.width as f64, shape.height as f64);
        let across = self.draw_scale(stream);
        let down = if self.keep_ratio { across } else { self.draw_scale(stream) };
        let slant = (self.shear.draw(stream), self.shear.draw(stream));
        let degrees = self.rotate.draw(stream);
        let mut moved = |size: f64| {
            let share = self.translate_percent.draw(stream) * size;
            share + self.translate_px.draw(stream).round()
        };
        let (right, below) = (moved(width), moved(height));
        let (x, y) = middle(shape);
        let matrix = Matrix::scale(across, down)
            .then(Matrix::shear(slant.0, slant.1))
            .then(Matrix::rotation(degrees))
            .about(x, y)
            .then(Matrix::translation(right, below));
        let (matrix, width, height) =
            if self.fit_output { fitted(matrix, shape) } else { (matrix, shape.width, shape.height) };
        vec![Action::Warp(Warp {
            matrix,
            width,
            height,
            rotate_method: self.rotate_method,
            sampling: self.looking().sampling(),
        })]
    }
}

/// The movement and size with which all of the picture is seen, and nothing more.
pub(super) fn fitted(matrix: Matrix, shape: Shape) -> (Matrix, usize, usize) {
    let (right, bottom) = (shape.width as f64 - 0.5, shape.height as f64 - 0.5);
    let corners = [(-0.5, -0.5), (right, -0.5), (right, bottom), (-0.5, bottom)];
    let moved: Vec<(f64, f64)> = corners.iter().filter_map(|(x, y)| matrix.apply(*x, *y)).collect();
    let ends = |part: fn(&(f64, f64)) -> f64| {
        let values = moved.iter().map(part);
        (values.clone().fold(f64::INFINITY, f64::min), values.fold(f64::NEG_INFINITY, f64::max))
    };
    let ((left, right), (top, bottom)) = (ends(|at| at.0), ends(|at| at.1));
    // What is a whole number but for rounding stays it.
    let size = |low: f64, high: f64| ((high - low - 1e-6).ceil().max(1.0) as usize).min(MAX_SIDE);
    let (width, height) = (size(left, right), size(top, bottom));
    let room = (width as f64 - (right - left), height as f64 - (bottom - top));
    let to = Matrix::translation(room.0 / 2.0 - 0.5 - left, room.1 / 2.0 - 0.5 - top);
    (matrix.then(to), width, height)
}

/// Moved, stretched and turned about the middle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ShiftScaleRotate {
    /// How far the picture moves to the right and down, as shares of width and height, -10 to 10 [default: -0.0625 to 0.0625].
    pub shift_limit: Limit,
    /// How far the picture moves to the right, as a share of the width, instead of `shift_limit`.
    pub shift_limit_x: Option<Limit>,
    /// How far the picture moves down, as a share of the height, instead of `shift_limit`.
    pub shift_limit_y: Option<Limit>,
    /// How much is added to a factor of 1, above -0.99 [default: -0.1 to 0.1].
    pub scale_limit: Limit,
    /// How far the picture turns counter-clockwise, in degrees, -360 to 360 [default: -45 to 45].
    pub rotate_limit: Limit,
    /// How values between pixels are found [default: linear].
    pub interpolation: Interpolation,
    /// How values between pixels of the mask are found [default: nearest].
    pub mask_interpolation: Interpolation,
    /// What is seen beyond the edges [default: constant].
    pub border_mode: BorderMode,
    /// The fill where `border_mode` is constant, 0 to 255 [default: 0].
    pub fill: Fill,
    /// The fill of the mask where `border_mode` is constant: the number of a class [default: 0].
    pub fill_mask: u16,
    /// How bounding boxes follow the turn [default: `largest_box`].
    pub rotate_method: BoxMethod,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for ShiftScaleRotate {
    fn default() -> Self {
        ShiftScaleRotate {
            shift_limit: Limit(-0.0625, 0.0625),
            shift_limit_x: None,
            shift_limit_y: None,
            scale_limit: Limit(-0.1, 0.1),
            rotate_limit: Limit(-45.0, 45.0),
            interpolation: Interpolation::Linear,
            mask_interpolation: Interpolation::Nearest,
            border_mode: BorderMode::Constant,
            fill: Fill::default(),
            fill_mask: 0,
            rotate_method: BoxMethod::LargestBox,
            p: 0.5,
        }
    }
}

impl Drawing for ShiftScaleRotate {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.shift_limit.check(problems, "shift_limit", -10.0, 10.0);
        for (limit, option) in [(self.shift_limit_x, "shift_limit_x"), (self.shift_limit_y, "shift_limit_y")]
        {
            limit.unwrap_or(self.shift_limit).check(problems, option, -10.0, 10.0);
        }
        self.scale_limit.check(problems, "scale_limit", -0.99, 99.0);
        self.rotate_limit.check(problems, "rotate_limit", -360.0, 360.0);
        self.looking().check(problems);
        check_probability(problems, self.p);
    }

    fn draw(&self, shape: Shape, stream: &mut Stream) -> Vec<Action> {
        let degrees = self.rotate_limit.draw(stream);
        let scale = 1.0 + self.scale_limit.draw(stream);
        let right = self.shift_limit_x.unwrap_or(self.shift_limit).draw(stream) * shape.width as f64;
        let down = self.shift_limit_y.unwrap_or(self.shift_limit).draw(stream) * shape.height as f64;
        let (x, y) = middle(shape);
        let matrix = Matrix::scale(scale, scale)
            .then(Matrix::rotation(degrees))
            .about(x, y)
            .then(Matrix::translation(right, down));
        vec![Action::Warp(Warp {
            matrix,
            width: shape.width,
            height: shape.height,
            rotate_method: self.rotate_method,
            sampling: self.looking().sampling(),
        })]
    }
}

impl Rotate {
    fn looking(&self) -> Looking<'_> {
        Looking {
            interpolation: self.interpolation,
            mask_interpolation: self.mask_interpolation,
            border_mode: self.border_mode,
            fill: &self.fill,
            fill_mask: self.fill_mask,
        }
    }
}

impl SafeRotate {
    fn looking(&self) -> Looking<'_> {
        Looking {
            interpolation: self.interpolation,
            mask_interpolation: self.mask_interpolation,
            border_mode: self.border_mode,
            fill: &self.fill,
            fill_mask: self.fill_mask,
        }
    }
}

impl Affine {
    fn looking(&self) -> Looking<'_> {
        Looking {
            interpolation: self.interpolation,
            mask_interpolation: self.mask_interpolation,
            border_mode: self.border_mode,
            fill: &self.fill,
            fill_mask: self.fill_mask,
        }
    }
}

impl ShiftScaleRotate {
    fn looking(&self) -> Looking<'_> {
        Looking {
            interpolation: self.interpolation,
            mask_interpolation: self.mask_interpolation,
            border_mode: self.border_mode,
            fill: &self.fill,
            fill_mask: self.fill_mask,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Color;

    const SHAPE: Shape = Shape { width: 40, height: 20, color: Color::Rgb, bits: 8 };

    #[test]
    fn the_inner_rectangle_is_inside() {
        for degrees in [0.0, 3.0, 30.0, 45.0, 60.0, 90.0, 121.0] {
            let (width, height) = inner_rectangle(SHAPE, degrees);
            let turned = Matrix::rotation(-degrees);
            for (x, y) in [(1.0, 1.0), (-1.0, 1.0)] {
                let (x, y) = turned.apply(x * width as f64 / 2.0, y * height as f64 / 2.0).unwrap();
                assert!(x.abs() <= 20.0 + 1e-9 && y.abs() <= 10.0 + 1e-9, "{degrees}: {width} {height}");
            }
        }
        assert_eq!(inner_rectangle(SHAPE, 90.0), (20, 20));
        assert_eq!(inner_rectangle(SHAPE, 0.0), (40, 20));
    }

    #[test]
    fn all_of_a_fitted_picture_is_seen() {
        let (matrix, width, height) = fitted(Matrix::rotation(90.0), SHAPE);
        assert_eq!((width, height), (20, 40));
        let (x, y) = matrix.apply(39.0, 0.0).unwrap();
        assert!(x.abs() < 1e-9 && y.abs() < 1e-9);
    }
}
