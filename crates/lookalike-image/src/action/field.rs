use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::geometric::{Kernel, Sampling, on_both};
use crate::error::Result;
use crate::geometry::move_marks;
use crate::image::Depth;
use crate::kernel::warp::{Look, Plane, remap};
use crate::random::Lanes;
use crate::sample::Sample;
use crate::values::{BorderMode, BoxMethod};

/// What displacements are made of before they are smoothed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldNoise {
    /// Standard normal numbers.
    #[default]
    Gaussian,
    /// Uniform from -1 to 1.
    Uniform,
}

/// A smooth random displacement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ElasticField {
    /// What the smoothed field is multiplied by, in pixels.
    pub alpha: f64,
    /// How far it is smoothed, in pixels.
    pub sigma: f64,
    /// What it is made of.
    pub noise: FieldNoise,
    /// The same to the right as downwards.
    pub same_dxdy: bool,
    /// Where its randomness comes from.
    pub seed: u64,
    /// How values are found.
    pub sampling: Sampling,
}

/// Displacements of all pixels, to the right and downwards.
struct Field {
    width: usize,
    height: usize,
    across: Vec<f32>,
    down: Vec<f32>,
}

impl ElasticField {
    fn field(&self, width: usize, height: usize) -> Field {
        let make = |seed: u64| {
            let mut lanes = Lanes::new(seed);
            let mut values = vec![0.0; width * height];
            match self.noise {
                FieldNoise::Gaussian => lanes.fill_normals(&mut values),
                FieldNoise::Uniform => {
                    lanes.fill_units(&mut values);
                    for value in &mut values {
                        *value = 2.0 * *value - 1.0;
                    }
                }
            }
            smooth(&mut values, width, height, self.sigma);
            for value in &mut values {
                *value *= self.alpha as f32;
            }
            values
        };
        let across = make(self.seed);
        let down = if self.same_dxdy { across.clone() } else { make(self.seed ^ u64::MAX) };
        Field { width, height, across, down }
    }

    pub(super) fn apply(&self, sample: &mut Sample) -> Result<()> {
        let (width, height) = (sample.image.width(), sample.image.height());
        let field = self.field(width, height);
        on_both(sample, "a displacement", (width, height), &self.sampling, &field)?;
        move_marks(sample, BoxMethod::LargestBox, false, |x, y| Some(field.forward(x, y)));
        Ok(())
    }
}

impl Kernel for Field {
    fn run<T: Depth>(&self, source: Plane<'_, T>, look: &Look<T>) -> Vec<T> {
        remap(source, self.width, self.height, look, |x, y| {
            let at = y * self.width + x;
            (x as f64 + f64::from(self.across[at]), y as f64 + f64::from(self.down[at]))
        })
    }
}

impl Field {
    /// The displacement at any place, the outermost going on beyond the edges.
    fn at(&self, x: f64, y: f64) -> (f64, f64) {
        let (x, y) = (x.clamp(0.0, self.width as f64 - 1.0), y.clamp(0.0, self.height as f64 - 1.0));
        let (left, top) = (x as usize, y as usize);
        let (right, bottom) = ((left + 1).min(self.width - 1), (top + 1).min(self.height - 1));
        let (part_x, part_y) = (x - left as f64, y - top as f64);
        let between = |values: &[f32]| {
            let value = |row: usize, column: usize| f64::from(values[row * self.width + column]);
            let above = value(top, left) * (1.0 - part_x) + value(top, right) * part_x;
            let below = value(bottom, left) * (1.0 - part_x) + value(bottom, right) * part_x;
            above * (1.0 - part_y) + below * part_y
        };
        (between(&self.across), between(&self.down))
    }

    /// Where a point goes: the place that came from it, found step by step.
    fn forward(&self, x: f64, y: f64) -> (f64, f64) {
        let (mut to_x, mut to_y) = (x, y);
        for _ in 0..30 {
            let (across, down) = self.at(to_x, to_y);
            (to_x, to_y) = (0.5 * (to_x + x - across), 0.5 * (to_y + y - down));
        }
        (to_x, to_y)
    }
}

/// A Gaussian filter as three means in a row (Wells 1986, <https://doi.org/10.1109/TPAMI.1986.4767776>), the time of which
/// does not depend on how wide it is.
fn smooth(values: &mut [f32], width: usize, height: usize, sigma: f64) {
    // A mean over so many pixels to each side, and the pixel, has the variance reach (reach + 1) / 3. Some of the three are
    // wider by one, so that together they are as near as can be.
    let variance = |reach: usize| (reach * (reach + 1)) as f64 / 3.0;
    let low = (((4.0 * sigma * sigma + 1.0).sqrt() - 1.0) / 2.0).floor() as usize;
    let missing = (sigma * sigma - 3.0 * variance(low)) / (variance(low + 1) - variance(low));
    let wider = (missing.round().max(0.0) as usize).min(3);
    if low == 0 && wider == 0 {
        return;
    }
    let mut line = vec![0.0; width.max(height)];
    for pass in 0..3 {
        let size = if pass < wider { low + 1 } else { low };
        for row in values.chunks_exact_mut(width) {
            line[..width].copy_from_slice(row);
            mean(&line[..width], size, |at, value| row[at] = value);
        }
        for column in 0..width {
            for (to, row) in line.iter_mut().zip(values.chunks_exact(width)) {
                *to = row[column];
            }
            mean(&line[..height], size, |at, value| values[at * width + column] = value);
        }
    }
}

/// Means of each number, and of `reach` to each side.
fn mean(line: &[f32], reach: usize, mut out: impl FnMut(usize, f32)) {
    let value = |at: i64| f64::from(line[BorderMode::Reflect.index(at, line.len()).unwrap_or(0)]);
    let reach = reach as i64;
    let mut sum: f64 = (-reach..=reach).map(value).sum();
    for at in 0..line.len() {
        out(at, (sum / (2 * reach + 1) as f64) as f32);
        sum += value(at as i64 + reach + 1) - value(at as i64 - reach);
    }
}

/// Columns and rows stretched differently: where the edges of the cells of an even grid come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GridField {
    /// Of the columns of cells, from left to right, as shares of the width.
    pub columns: Vec<f64>,
    /// Of the rows of cells, from above, as shares of the height.
    pub rows: Vec<f64>,
    /// How values are found.
    pub sampling: Sampling,
}

/// The place on the broken line through `edges` at even steps, at `share` of the way.
fn along(edges: &[f64], share: f64) -> f64 {
    let cells = edges.len().saturating_sub(1).max(1);
    let cell = ((share * cells as f64).floor().max(0.0) as usize).min(cells - 1);
    let part = share * cells as f64 - cell as f64;
    match (edges.get(cell), edges.get(cell + 1)) {
        (Some(from), Some(to)) => from + (to - from) * part,
        _ => share,
    }
}

/// The way back from [`along`].
fn back(edges: &[f64], place: f64) -> f64 {
    let cells = edges.len().saturating_sub(1).max(1);
    let cell = edges.partition_point(|edge| *edge <= place).clamp(1, cells) - 1;
    match (edges.get(cell), edges.get(cell + 1)) {
        (Some(from), Some(to)) if to > from => (cell as f64 + (place - from) / (to - from)) / cells as f64,
        _ => place,
    }
}

struct GridKernel {
    across: Vec<f64>,
    down: Vec<f64>,
}

impl Kernel for GridKernel {
    fn run<T: Depth>(&self, source: Plane<'_, T>, look: &Look<T>) -> Vec<T> {
        remap(source, self.across.len(), self.down.len(), look, |x, y| (self.across[x], self.down[y]))
    }
}

impl GridField {
    pub(super) fn apply(&self, sample: &mut Sample) -> Result<()> {
        let (width, height) = (sample.image.width(), sample.image.height());
        let places = |edges: &[f64], size: usize| -> Vec<f64> {
            let whole = size as f64;
            (0..size).map(|at| along(edges, (at as f64 + 0.5) / whole) * whole - 0.5).collect()
        };
        let kernel = GridKernel { across: places(&self.columns, width), down: places(&self.rows, height) };
        on_both(sample, "a displacement", (width, height), &self.sampling, &kernel)?;
        let (whole_x, whole_y) = (width as f64, height as f64);
        move_marks(sample, BoxMethod::LargestBox, true, |x, y| {
            let to_x = back(&self.columns, (x + 0.5) / whole_x) * whole_x - 0.5;
            Some((to_x, back(&self.rows, (y + 0.5) / whole_y) * whole_y - 0.5))
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_follow_the_field() {
        let elastic = ElasticField {
            alpha: 400.0,
            sigma: 8.0,
            noise: FieldNoise::Gaussian,
            same_dxdy: false,
            seed: 5,
            sampling: Sampling::default(),
        };
        let field = elastic.field(60, 50);
        assert!(field.across.iter().any(|across| across.abs() > 3.0));
        let (to_x, to_y) = field.forward(30.0, 20.0);
        let (across, down) = field.at(to_x, to_y);
        assert!((to_x + across - 30.0).abs() < 0.01 && (to_y + down - 20.0).abs() < 0.01);
    }

    #[test]
    fn smoothing_has_the_asked_width() {
        let mut values = vec![0.0; 201];
        values[100] = 1.0;
        smooth(&mut values, 201, 1, 9.0);
        let variance: f64 =
            values.iter().enumerate().map(|(at, v)| f64::from(*v) * (at as f64 - 100.0).powi(2)).sum();
        assert!((variance.sqrt() - 9.0).abs() < 0.4, "{}", variance.sqrt());
    }

    #[test]
    fn cells_map_there_and_back() {
        let edges = [0.0, 0.3, 0.5, 0.9, 1.0];
        for step in -5..30 {
            let share = f64::from(step) / 20.0;
            assert!((back(&edges, along(&edges, share)) - share).abs() < 1e-12);
        }
    }
}
