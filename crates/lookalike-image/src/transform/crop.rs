use lookalike_core::{Stream, math};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Drawing, Looking, always, check_side};
use crate::action::{Action, Crop, Pad, ResizeTo};
use crate::error::Problems;
use crate::image::Shape;
use crate::values::{BorderMode, Fill, Interpolation, Position, Range, check_probability};

/// A part of the picture, anywhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RandomCrop {
    /// Rows of the part, 1 to 16,384.
    pub height: usize,
    /// Pixels in a row of the part, 1 to 16,384.
    pub width: usize,
    /// True to give pictures that are too small more room; otherwise what there is of them is taken [default: false].
    #[serde(default)]
    pub pad_if_needed: bool,
    /// Where pictures that are too small are put in the room [default: center].
    #[serde(default)]
    pub pad_position: Position,
    /// What is put around pictures that are too small [default: constant].
    #[serde(default)]
    pub border_mode: BorderMode,
    /// The fill where `border_mode` is constant, 0 to 255 [default: 0].
    #[serde(default)]
    pub fill: Fill,
    /// The fill of the mask where `border_mode` is constant: the number of a class [default: 0].
    #[serde(default)]
    pub fill_mask: u16,
    /// How likely it is done, 0 to 1 [default: 1].
    #[serde(default = "always")]
    pub p: f64,
}
/// The middle of the picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CenterCrop {
    /// Rows of the part, 1 to 16,384.
    pub height: usize,
    /// Pixels in a row of the part, 1 to 16,384.
    pub width: usize,
    /// True to give pictures that are too small more room; otherwise what there is of them is taken [default: false].
    #[serde(default)]
    pub pad_if_needed: bool,
    /// Where pictures that are too small are put in the room [default: center].
    #[serde(default)]
    pub pad_position: Position,
    /// What is put around pictures that are too small [default: constant].
    #[serde(default)]
    pub border_mode: BorderMode,
    /// The fill where `border_mode` is constant, 0 to 255 [default: 0].
    #[serde(default)]
    pub fill: Fill,
    /// The fill of the mask where `border_mode` is constant: the number of a class [default: 0].
    #[serde(default)]
    pub fill_mask: u16,
    /// How likely it is done, 0 to 1 [default: 1].
    #[serde(default = "always")]
    pub p: f64,
}

/// What crops have in common.
struct Part<'a> {
    height: usize,
    width: usize,
    pad_if_needed: bool,
    pad_position: Position,
    looking: Looking<'a>,
}

impl Part<'_> {
    fn check(&self, problems: &mut Problems) {
        check_side(problems, "height", self.height);
        check_side(problems, "width", self.width);
        self.looking.check(problems);
    }

    fn draw(
        &self,
        shape: Shape,
        stream: &mut Stream,
        place: impl Fn(usize, &mut Stream) -> usize,
    ) -> Vec<Action> {
        let (mut width, mut height) = (shape.width, shape.height);
        let mut actions = Vec::new();
        if self.pad_if_needed && (width < self.width || height < self.height) {
            let (more_rows, more_columns) =
                (self.height.saturating_sub(height), self.width.saturating_sub(width));
            actions.push(room(more_rows, more_columns, self.pad_position, self.looking, stream));
            (width, height) = (width + more_columns, height + more_rows);
        }
        let (part_width, part_height) = (self.width.min(width), self.height.min(height));
        let y = place(height - part_height, stream);
        let x = place(width - part_width, stream);
        actions.push(Action::Crop(Crop { x, y, width: part_width, height: part_height }));
        actions
    }
}

/// So many more rows and columns around the picture.
pub(super) fn room(
    rows: usize,
    columns: usize,
    position: Position,
    looking: Looking<'_>,
    stream: &mut Stream,
) -> Action {
    let (top, left) = position.before(rows, columns, stream);
    let sampling = looking.sampling();
    Action::Pad(Pad { top, bottom: rows - top, left, right: columns - left, sampling })
}

impl RandomCrop {
    fn part(&self) -> Part<'_> {
        Part {
            height: self.height,
            width: self.width,
            pad_if_needed: self.pad_if_needed,
            pad_position: self.pad_position,
            looking: Looking::around(self.border_mode, &self.fill, self.fill_mask),
        }
    }
}

impl Drawing for RandomCrop {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.part().check(problems);
        check_probability(problems, self.p);
    }

    fn draw(&self, shape: Shape, stream: &mut Stream) -> Vec<Action> {
        self.part().draw(shape, stream, |room, stream| stream.below(room as u64 + 1) as usize)
    }
}

impl CenterCrop {
    fn part(&self) -> Part<'_> {
        Part {
            height: self.height,
            width: self.width,
            pad_if_needed: self.pad_if_needed,
            pad_position: self.pad_position,
            looking: Looking::around(self.border_mode, &self.fill, self.fill_mask),
        }
    }
}

impl Drawing for CenterCrop {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        self.part().check(problems);
        check_probability(problems, self.p);
    }

    fn draw(&self, shape: Shape, stream: &mut Stream) -> Vec<Action> {
        self.part().draw(shape, stream, |room, _| room / 2)
    }
}

/// A part of the picture, of any size and ratio, brought to one size.
///
/// # References
/// - Szegedy, C. et al. (2015). Going deeper with convolutions. <https://doi.org/10.1109/CVPR.2015.7298594>
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RandomResizedCrop {
    /// Rows and pixels in a row of the new picture, 1 to 16,384.
    pub size: [usize; 2],
    /// The part's share of the picture's area, above 0, at most 1 [default: 0.08 to 1].
    #[serde(default = "area")]
    pub scale: Range,
    /// The part's width by its height, 0.01 to 100, even on a logarithmic scale [default: 3/4 to 4/3].
    #[serde(default = "ratio")]
    pub ratio: Range,
    /// How values between pixels are found [default: linear].
    #[serde(default)]
    pub interpolation: Interpolation,
    /// How values between pixels of the mask are found [default: nearest].
    #[serde(default = "super::nearest")]
    pub mask_interpolation: Interpolation,
    /// How likely it is done, 0 to 1 [default: 1].
    #[serde(default = "always")]
    pub p: f64,
}

fn area() -> Range {
    Range(0.08, 1.0)
}

fn ratio() -> Range {
    Range(0.75, 4.0 / 3.0)
}

impl Drawing for RandomResizedCrop {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        check_side(problems, "size", self.size[0]);
        check_side(problems, "size", self.size[1]);
        self.scale.check(problems, "scale", 1e-4, 1.0);
        self.ratio.check(problems, "ratio", 0.01, 100.0);
        check_probability(problems, self.p);
    }

    fn draw(&self, shape: Shape, stream: &mut Stream) -> Vec<Action> {
        let (width, height) = (shape.width as f64, shape.height as f64);
        let logarithms = Range(math::ln(self.ratio.0), math::ln(self.ratio.1));
        let fitting = (0..10).find_map(|_| {
            let part = self.scale.draw(stream) * width * height;
            let ratio = math::exp(logarithms.draw(stream));
            let (w, h) = ((part * ratio).sqrt().round() as usize, (part / ratio).sqrt().round() as usize);
            ((1..=shape.width).contains(&w) && (1..=shape.height).contains(&h)).then_some((w, h))
        });
        // Where ten tries do not fit: as much as the ratio allows, from the middle.
        let middle = |w: usize, h: usize| (w, h, (shape.width - w) / 2, (shape.height - h) / 2);
        let (w, h, x, y) = if let Some((w, h)) = fitting {
            let y = stream.below((shape.height - h) as u64 + 1) as usize;
            (w, h, stream.below((shape.width - w) as u64 + 1) as usize, y)
        } else if width / height < self.ratio.0 {
            middle(shape.width, ((width / self.ratio.0).round() as usize).clamp(1, shape.height))
        } else {
            middle(((height * self.ratio.1).round() as usize).clamp(1, shape.width), shape.height)
        };
        vec![
            Action::Crop(Crop { x, y, width: w, height: h }),
            Action::Resize(ResizeTo {
                width: self.size[1],
                height: self.size[0],
                interpolation: self.interpolation,
                mask_interpolation: self.mask_interpolation,
            }),
        ]
    }
}
