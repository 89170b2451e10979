use lookalike_core::Stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::rotate::fitted;
use super::{Drawing, Looking, MAX_SIDE};
use crate::action::{Action, ElasticField, FieldNoise, GridField, Warp};
use crate::error::Problems;
use crate::geometry::Matrix;
use crate::image::Shape;
use crate::values::{BorderMode, BoxMethod, Fill, Interpolation, Limit, Range, check_probability};

/// Seen from another point: the four corners are moved inwards, each by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Perspective {
    /// The standard deviation of each corner's way, as a share of the size, 0 to 0.4; no way is longer than 0.32
    /// [default: 0.05 to 0.1].
    pub scale: Range,
    /// True to give the new picture the size of the old one [default: true].
    pub keep_size: bool,
    /// True to see all of the old picture [default: false].
    pub fit_output: bool,
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
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for Perspective {
    fn default() -> Self {
        Perspective {
            scale: Range(0.05, 0.1),
            keep_size: true,
            fit_output: false,
            interpolation: Interpolation::Linear,
            mask_interpolation: Interpolation::Nearest,
            border_mode: BorderMode::Constant,
            fill: Fill::default(),
            fill_mask: 0,
            p: 0.5,
        }
    }
}

/// No corner goes farther than this share, so that the four never fold.
const FARTHEST: f64 = 0.32;

impl Drawing for Perspective {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.scale.check(problems, "scale", 0.0, 0.4);
        self.looking().check(problems);
        check_probability(problems, self.p);
    }

    fn draw(&self, shape: Shape, stream: &mut Stream) -> Vec<Action> {
        let scale = self.scale.draw(stream);
        let (width, height) = (shape.width as f64, shape.height as f64);
        let mut way = || (stream.normal() * scale).abs().min(FARTHEST);
        let corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
        let inner = corners.map(|(x, y): (f64, f64)| {
            let (across, down) = (way(), way());
            ((x - across).abs() * width - 0.5, (y - down).abs() * height - 0.5)
        });
        let (new_width, new_height) = if self.keep_size {
            (shape.width, shape.height)
        } else {
            let length = |a: (f64, f64), b: (f64, f64)| ((a.0 - b.0).powi(2) + (a.1 - b.1).powi(2)).sqrt();
            let size = |a: f64, b: f64| (a.max(b).round() as usize).clamp(1, MAX_SIDE);
            (
                size(length(inner[0], inner[1]), length(inner[3], inner[2])),
                size(length(inner[0], inner[3]), length(inner[1], inner[2])),
            )
        };
        let outer = corners.map(|(x, y)| (x * new_width as f64 - 0.5, y * new_height as f64 - 0.5));
        let matrix = Matrix::of_quadrilateral(inner, outer).unwrap_or(Matrix::IDENTITY);
        let (matrix, new_width, new_height) = if self.fit_output {
            let (matrix, all_width, all_height) = fitted(matrix, shape);
            if self.keep_size {
                let (x, y) = (new_width as f64 / all_width as f64, new_height as f64 / all_height as f64);
                (matrix.then(Matrix::scale(x, y).about(-0.5, -0.5)), new_width, new_height)
            } else {
                (matrix, all_width, all_height)
            }
        } else {
            (matrix, new_width, new_height)
        };
        vec![Action::Warp(Warp {
            matrix,
            width: new_width,
            height: new_height,
            rotate_method: BoxMethod::LargestBox,
            sampling: self.looking().sampling(),
        })]
    }
}

/// A smooth random displacement.
///
/// # References
/// - Simard, P. Y., Steinkraus, D. and Platt, J. C. (2003). Best practices for convolutional neural networks applied
///   to visual document analysis. <https://doi.org/10.1109/ICDAR.2003.1227801>
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ElasticTransform {
    /// What the smoothed field is multiplied by, 0 to 1,000,000 [default: 1, which is hardly seen].
    /// With `sigma`, displacements are of about 0.28 alpha / sigma pixels.
    pub alpha: f64,
    /// How far the field is smoothed, in pixels, 0.5 to 1000 [default: 50].
    pub sigma: f64,
    /// True to displace as much to the right as downwards [default: false].
    pub same_dxdy: bool,
    /// What the field is made of before it is smoothed [default: gaussian].
    pub noise_distribution: FieldNoise,
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
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for ElasticTransform {
    fn default() -> Self {
        ElasticTransform {
            alpha: 1.0,
            sigma: 50.0,
            same_dxdy: false,
            noise_distribution: FieldNoise::Gaussian,
            interpolation: Interpolation::Linear,
            mask_interpolation: Interpolation::Nearest,
            border_mode: BorderMode::Constant,
            fill: Fill::default(),
            fill_mask: 0,
            p: 0.5,
        }
    }
}

impl Drawing for ElasticTransform {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        problems.require((0.0..=1e6).contains(&self.alpha), "alpha", "must be within 0 to 1000000");
        problems.require((0.5..=1000.0).contains(&self.sigma), "sigma", "must be within 0.5 to 1000");
        self.looking().check(problems);
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, stream: &mut Stream) -> Vec<Action> {
        vec![Action::Elastic(ElasticField {
            alpha: self.alpha,
            sigma: self.sigma,
            noise: self.noise_distribution,
            same_dxdy: self.same_dxdy,
            seed: stream.bits(),
            sampling: self.looking().sampling(),
        })]
    }
}

/// The columns and rows of an even grid stretched, each by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GridDistortion {
    /// Cells in each direction, 1 to 1000 [default: 5].
    pub num_steps: usize,
    /// By what share of its size a cell becomes larger, above -0.99 [default: -0.3 to 0.3].
    pub distort_limit: Limit,
    /// True to keep the picture's edges where they are [default: true].
    pub normalized: bool,
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
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for GridDistortion {
    fn default() -> Self {
        GridDistortion {
            num_steps: 5,
            distort_limit: Limit(-0.3, 0.3),
            normalized: true,
            interpolation: Interpolation::Linear,
            mask_interpolation: Interpolation::Nearest,
            border_mode: BorderMode::Constant,
            fill: Fill::default(),
            fill_mask: 0,
            p: 0.5,
        }
    }
}

impl Drawing for GridDistortion {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        problems.require((1..=1000).contains(&self.num_steps), "num_steps", "must be within 1 to 1000");
        self.distort_limit.check(problems, "distort_limit", -0.99, 10.0);
        self.looking().check(problems);
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, stream: &mut Stream) -> Vec<Action> {
        let mut edges = || {
            let mut edges = vec![0.0];
            for _ in 0..self.num_steps {
                let last = edges.last().copied().unwrap_or(0.0);
                edges.push(last + (1.0 + self.distort_limit.draw(stream)) / self.num_steps as f64);
            }
            if self.normalized {
                let end = edges.last().copied().unwrap_or(1.0);
                for edge in &mut edges {
                    *edge /= end;
                }
            }
            edges
        };
        let columns = edges();
        let rows = edges();
        vec![Action::Grid(GridField { columns, rows, sampling: self.looking().sampling() })]
    }
}

impl Perspective {
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

impl ElasticTransform {
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

impl GridDistortion {
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
