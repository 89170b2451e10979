use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::geometry::{Matrix, move_marks};
use crate::image::{Depth, Image, with_values};
use crate::kernel::turn::{self, Symmetry};
use crate::kernel::warp::{Look, Plane};
use crate::kernel::{resize, warp};
use crate::sample::Sample;
use crate::values::{BorderMode, BoxMethod, Fill, Interpolation};

/// How values between pixels and beyond edges are found.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sampling {
    /// Between the pixels of the picture.
    pub interpolation: Interpolation,
    /// Between the pixels of the mask.
    pub mask_interpolation: Interpolation,
    /// Beyond the edges.
    pub border_mode: BorderMode,
    /// What is beyond them, when `border_mode` is constant.
    pub fill: Fill,
    /// The same for the mask: the number of a class.
    pub fill_mask: u16,
}

/// What a kernel does with a picture, whatever its values are.
pub(super) trait Kernel {
    fn run<T: Depth>(&self, source: Plane<'_, T>, look: &Look<T>) -> Vec<T>;
}

pub(super) fn plane<'a, T>(values: &'a [T], image: &Image) -> Plane<'a, T> {
    Plane { values, width: image.width(), height: image.height(), channels: image.channels() }
}

/// Runs the kernel on the picture and on the mask, both of which become `width` times `height`.
pub(super) fn on_both(
    sample: &mut Sample,
    step: &'static str,
    (width, height): (usize, usize),
    sampling: &Sampling,
    kernel: &impl Kernel,
) -> Result<()> {
    fn level<T: Depth>(share: f64) -> T {
        T::rounded(share as f32 * T::MAX)
    }
    fn run<T: Depth>(
        image: &Image,
        values: &[T],
        interpolation: Interpolation,
        border: BorderMode,
        fill: impl Fn(usize) -> T,
        kernel: &impl Kernel,
    ) -> Vec<T> {
        kernel.run(plane(values, image), &Look { interpolation, border, fill: std::array::from_fn(fill) })
    }
    let image = &sample.image;
    let channels = image.channels();
    let (looking, border) = (sampling.interpolation, sampling.border_mode);
    let pixels = with_values!(step, image.pixels(), values => Depth::pixels(run(
        image, values, looking, border, |channel| level(sampling.fill.share(channel, channels)), kernel,
    )));
    let new = Image::made(width, height, image.color(), pixels);
    if let Some(mask) = &sample.mask {
        let class = usize::from(sampling.fill_mask);
        let pixels = with_values!(step, mask.pixels(), values => Depth::pixels(run(
            mask, values, sampling.mask_interpolation, border, |_| Depth::at(class), kernel,
        )));
        sample.mask = Some(Image::made(width, height, mask.color(), pixels));
    }
    sample.image = new;
    Ok(())
}

/// A picture laid down anew.
pub(super) fn turned(image: &Image, symmetry: Symmetry) -> Result<Image> {
    let (width, height) = (image.width(), image.height());
    let pixels = with_values!("a turn", image.pixels(), values => Depth::pixels(turn::turn(
        values, width, height, image.channels(), symmetry,
    )));
    let (width, height) = if symmetry.swaps() { (height, width) } else { (width, height) };
    Ok(Image::made(width, height, image.color(), pixels))
}

pub(super) fn turn(symmetry: Symmetry, sample: &mut Sample) -> Result<()> {
    if symmetry == Symmetry::Identity {
        return Ok(());
    }
    let size = (sample.image.width(), sample.image.height());
    sample.image = turned(&sample.image, symmetry)?;
    turn_rest(symmetry, size, sample)
}

/// The same for what travels with a picture of this size.
pub(super) fn turn_rest(
    symmetry: Symmetry,
    (width, height): (usize, usize),
    sample: &mut Sample,
) -> Result<()> {
    if let Some(mask) = &sample.mask {
        sample.mask = Some(turned(mask, symmetry)?);
    }
    if !sample.boxes.is_empty() || !sample.keypoints.is_empty() {
        move_marks(sample, BoxMethod::LargestBox, true, |x, y| Some(symmetry.point(x, y, width, height)));
    }
    Ok(())
}

/// A movement of the plane.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Warp {
    /// Where pixels go, row by row of the matrix; pixel number i has its middle at i.
    pub matrix: Matrix,
    /// Pixels in a row of the new picture.
    pub width: usize,
    /// Its rows.
    pub height: usize,
    /// How boxes follow.
    pub rotate_method: BoxMethod,
    /// How values are found.
    pub sampling: Sampling,
}

struct Back {
    matrix: Matrix,
    width: usize,
    height: usize,
}

impl Kernel for Back {
    fn run<T: Depth>(&self, source: Plane<'_, T>, look: &Look<T>) -> Vec<T> {
        warp::warp(source, self.matrix, self.width, self.height, look)
    }
}

impl Warp {
    pub(super) fn apply(&self, sample: &mut Sample) -> Result<()> {
        let Some(back) = self.matrix.inverse() else {
            return Err(Error::Step {
                step: "a movement of the plane",
                what: "a picture so that nothing of it is left: its matrix has no inverse".to_owned(),
            });
        };
        let kernel = Back { matrix: back, width: self.width, height: self.height };
        on_both(sample, "a movement of the plane", (self.width, self.height), &self.sampling, &kernel)?;
        move_marks(sample, self.rotate_method, true, |x, y| self.matrix.apply(x, y));
        Ok(())
    }
}

/// A part of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crop {
    /// The first column.
    pub x: usize,
    /// The first row.
    pub y: usize,
    /// Pixels in a row of the part.
    pub width: usize,
    /// Its rows.
    pub height: usize,
}

impl Kernel for Crop {
    fn run<T: Depth>(&self, source: Plane<'_, T>, _look: &Look<T>) -> Vec<T> {
        let row = self.width * source.channels;
        let mut out = Vec::with_capacity(row * self.height);
        for y in self.y..self.y + self.height {
            out.extend_from_slice(&source.values[(y * source.width + self.x) * source.channels..][..row]);
        }
        out
    }
}

impl Crop {
    pub(super) fn apply(&self, sample: &mut Sample) -> Result<()> {
        let inside = |start: usize, size: usize, whole: usize| {
            size > 0 && start.checked_add(size).is_some_and(|end| end <= whole)
        };
        let image = &sample.image;
        if !inside(self.x, self.width, image.width()) || !inside(self.y, self.height, image.height()) {
            return Err(Error::Step {
                step: "a crop",
                what: format!("a picture of {} x {}: it is not within it", image.width(), image.height()),
            });
        }
        on_both(sample, "a crop", (self.width, self.height), &Sampling::default(), self)?;
        let (x, y) = (self.x as f64, self.y as f64);
        move_marks(sample, BoxMethod::LargestBox, true, |at_x, at_y| Some((at_x - x, at_y - y)));
        Ok(())
    }
}

/// More room around the picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pad {
    /// Rows above.
    pub top: usize,
    /// Rows below.
    pub bottom: usize,
    /// Columns to the left.
    pub left: usize,
    /// Columns to the right.
    pub right: usize,
    /// What is put there.
    pub sampling: Sampling,
}

impl Kernel for Pad {
    fn run<T: Depth>(&self, source: Plane<'_, T>, look: &Look<T>) -> Vec<T> {
        let (width, height) = (source.width + self.left + self.right, source.height + self.top + self.bottom);
        let channels = source.channels;
        let columns: Vec<Option<usize>> =
            (0..width).map(|x| look.border.index(x as i64 - self.left as i64, source.width)).collect();
        let mut out = Vec::with_capacity(width * height * channels);
        let around = [0..self.left, self.left + source.width..width];
        for y in 0..height {
            let row = look.border.index(y as i64 - self.top as i64, source.height);
            let Some(row) = row else {
                (0..width).for_each(|_| out.extend_from_slice(&look.fill[..channels]));
                continue;
            };
            let line = &source.values[row * source.width * channels..][..source.width * channels];
            for (part, outside) in around.iter().enumerate() {
                for column in &columns[outside.clone()] {
                    match column {
                        Some(column) => out.extend_from_slice(&line[column * channels..][..channels]),
                        None => out.extend_from_slice(&look.fill[..channels]),
                    }
                }
                if part == 0 {
                    out.extend_from_slice(line);
                }
            }
        }
        out
    }
}

impl Pad {
    pub(super) fn apply(&self, sample: &mut Sample) -> Result<()> {
        let width = sample.image.width() + self.left + self.right;
        let height = sample.image.height() + self.top + self.bottom;
        on_both(sample, "room around", (width, height), &self.sampling, self)?;
        let (x, y) = (self.left as f64, self.top as f64);
        move_marks(sample, BoxMethod::LargestBox, true, |at_x, at_y| Some((at_x + x, at_y + y)));
        Ok(())
    }
}

/// Another size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResizeTo {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Between the pixels of the picture.
    pub interpolation: Interpolation,
    /// Between the pixels of the mask.
    pub mask_interpolation: Interpolation,
}

impl Kernel for ResizeTo {
    fn run<T: Depth>(&self, source: Plane<'_, T>, look: &Look<T>) -> Vec<T> {
        resize::resize(source, self.width, self.height, look.interpolation)
    }
}

impl ResizeTo {
    pub(super) fn apply(&self, sample: &mut Sample) -> Result<()> {
        let (width, height) = (sample.image.width(), sample.image.height());
        if (width, height) == (self.width, self.height) {
            return Ok(());
        }
        let sampling = Sampling {
            interpolation: self.interpolation,
            mask_interpolation: self.mask_interpolation,
            ..Sampling::default()
        };
        on_both(sample, "a change of size", (self.width, self.height), &sampling, self)?;
        let (x, y) = (self.width as f64 / width as f64, self.height as f64 / height as f64);
        // Edges stay edges, so it is they that are stretched, and not the middles of pixels.
        move_marks(sample, BoxMethod::LargestBox, true, |at_x, at_y| {
            Some(((at_x + 0.5) * x - 0.5, (at_y + 0.5) * y - 0.5))
        });
        Ok(())
    }
}

/// Made smaller and larger again; what travels with the picture stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pixelate {
    /// Pixels in a row in between.
    pub width: usize,
    /// Rows in between.
    pub height: usize,
    /// On the way to fewer pixels.
    pub downscale: Interpolation,
    /// On the way back.
    pub upscale: Interpolation,
}

impl Pixelate {
    pub(super) fn apply(&self, image: &mut Image) -> Result<()> {
        let (width, height, channels) = (image.width(), image.height(), image.channels());
        let pixels = with_values!("a loss of detail", image.pixels(), values => {
            let small = resize::resize(plane(values, image), self.width, self.height, self.downscale);
            let small = Plane { values: &small, width: self.width, height: self.height, channels };
            Depth::pixels(resize::resize(small, width, height, self.upscale))
        });
        *image = Image::made(width, height, image.color(), pixels);
        Ok(())
    }
}
