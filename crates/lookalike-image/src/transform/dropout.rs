use lookalike_core::{Stream, math};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Drawing;
use crate::action::{Action, Erase, Hole, HoleFill};
use crate::error::Problems;
use crate::image::Shape;
use crate::values::{Range, check_probability};

fn check_fill(fill: &HoleFill, problems: &mut Problems) {
    if let HoleFill::Level(fill) = fill {
        fill.check(problems, "fill");
    }
}

/// Rectangles filled. Keypoints in them go.
///
/// # References
/// - `DeVries`, T. and Taylor, G. W. (2017). Improved regularization of convolutional neural networks with cutout.
///   <https://doi.org/10.48550/arXiv.1708.04552>
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CoarseDropout {
    /// How many rectangles, 1 to 10,000 [default: 1 to 2].
    pub num_holes_range: Range,
    /// Rows of a rectangle: a share of the height if the range ends at 1 or before, else pixels [default: 0.1 to 0.2].
    pub hole_height_range: Range,
    /// Pixels in a row of a rectangle: a share of the width if the range ends at 1 or before, else pixels
    /// [default: 0.1 to 0.2].
    pub hole_width_range: Range,
    /// What holes are filled with: 0 to 255, `random` for values each by itself, `random_uniform` for one color for each
    /// hole [default: 0].
    pub fill: HoleFill,
    /// What fills the mask: the number of a class [default: the mask stays].
    pub fill_mask: Option<u16>,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for CoarseDropout {
    fn default() -> Self {
        CoarseDropout {
            num_holes_range: Range(1.0, 2.0),
            hole_height_range: Range(0.1, 0.2),
            hole_width_range: Range(0.1, 0.2),
            fill: HoleFill::default(),
            fill_mask: None,
            p: 0.5,
        }
    }
}

impl Drawing for CoarseDropout {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.num_holes_range.check_whole(problems, "num_holes_range", 1.0, 10_000.0);
        self.hole_height_range.check(problems, "hole_height_range", 0.0, 65_535.0);
        self.hole_width_range.check(problems, "hole_width_range", 0.0, 65_535.0);
        check_fill(&self.fill, problems);
        check_probability(problems, self.p);
    }

    fn draw(&self, shape: Shape, stream: &mut Stream) -> Vec<Action> {
        let size = |range: Range, whole: usize, stream: &mut Stream| {
            let drawn = if range.1 <= 1.0 { range.draw(stream) * whole as f64 } else { range.draw(stream) };
            (drawn.round() as usize).clamp(1, whole)
        };
        let holes = (0..self.num_holes_range.draw_whole(stream))
            .map(|_| {
                let height = size(self.hole_height_range, shape.height, stream);
                let width = size(self.hole_width_range, shape.width, stream);
                let y = stream.below((shape.height - height) as u64 + 1) as usize;
                let x = stream.below((shape.width - width) as u64 + 1) as usize;
                Hole { x, y, width, height }
            })
            .collect();
        let seed = stream.bits();
        vec![Action::Erase(Erase { holes, fill: self.fill.clone(), fill_mask: self.fill_mask, seed })]
    }
}

/// One rectangle filled. Keypoints in it go.
///
/// # References
/// - Zhong, Z., Zheng, L., Kang, G., Li, S. and Yang, Y. (2020). Random erasing data augmentation.
///   <https://doi.org/10.1609/aaai.v34i07.7000>
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Erasing {
    /// The rectangle's share of the picture's area, above 0, at most 1 [default: 0.02 to 0.33].
    pub scale: Range,
    /// The rectangle's width by its height, 0.01 to 100, even on a logarithmic scale [default: 0.3 to 3.3].
    pub ratio: Range,
    /// What holes are filled with: 0 to 255, `random` for values each by itself, `random_uniform` for one color for each
    /// hole [default: 0].
    pub fill: HoleFill,
    /// What fills the mask: the number of a class [default: the mask stays].
    pub fill_mask: Option<u16>,
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for Erasing {
    fn default() -> Self {
        Erasing {
            scale: Range(0.02, 0.33),
            ratio: Range(0.3, 3.3),
            fill: HoleFill::default(),
            fill_mask: None,
            p: 0.5,
        }
    }
}

impl Drawing for Erasing {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.scale.check(problems, "scale", 1e-4, 1.0);
        self.ratio.check(problems, "ratio", 0.01, 100.0);
        check_fill(&self.fill, problems);
        check_probability(problems, self.p);
    }

    fn draw(&self, shape: Shape, stream: &mut Stream) -> Vec<Action> {
        let area = self.scale.draw(stream) * shape.width as f64 * shape.height as f64;
        let ratio = math::exp(Range(math::ln(self.ratio.0), math::ln(self.ratio.1)).draw(stream));
        let side = |square: f64, whole: usize| (square.sqrt().round() as usize).clamp(1, whole);
        let (width, height) = (side(area * ratio, shape.width), side(area / ratio, shape.height));
        let y = stream.below((shape.height - height) as u64 + 1) as usize;
        let x = stream.below((shape.width - width) as u64 + 1) as usize;
        vec![Action::Erase(Erase {
            holes: vec![Hole { x, y, width, height }],
            fill: self.fill.clone(),
            fill_mask: self.fill_mask,
            seed: stream.bits(),
        })]
    }
}
