//! Sums over the neighbours of each pixel. Beyond the edges the picture goes on as `reflect_101`.

#![expect(clippy::inline_always, reason = "what is not inlined into a dispatch is not vectorised")]

use super::warp::Plane;
use super::{Loop, run_wide};
use crate::image::Depth;
use crate::values::BorderMode;

/// Adds the values, each by the weight.
pub(super) struct AddRow<'a> {
    pub(super) sums: &'a mut [f32],
    pub(super) values: &'a [f32],
    pub(super) weight: f32,
}

impl Loop for AddRow<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (sum, value) in self.sums.iter_mut().zip(self.values) {
            *sum += self.weight * value;
        }
    }
}

/// The sums as values.
pub(super) struct Rounded<'a, T> {
    pub(super) sums: &'a [f32],
    pub(super) out: &'a mut [T],
}

impl<T: Depth> Loop for Rounded<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (value, sum) in self.out.iter_mut().zip(self.sums) {
            *value = T::rounded(*sum);
        }
    }
}

/// A row as real numbers, with `reach` more pixels at each end.
fn padded_row<T: Depth>(line: &[T], channels: usize, reach: usize, border: BorderMode, out: &mut [f32]) {
    let width = line.len() / channels;
    for (to, value) in out[reach * channels..].iter_mut().zip(line) {
        *to = value.real();
    }
    for step in 1..=reach as i64 {
        let left = border.index(-step, width).unwrap_or(0);
        let right = border.index(width as i64 - 1 + step, width).unwrap_or(0);
        for channel in 0..channels {
            out[(reach - step as usize) * channels + channel] = line[left * channels + channel].real();
            out[(reach + width - 1 + step as usize) * channels + channel] =
                line[right * channels + channel].real();
        }
    }
}

/// Numbers whose sums are held in registers while the rows go by.
const LANES: usize = 64;

/// Sums of rows, each by its weight, as far as they go to one number after the other.
struct Weighted<'a> {
    rows: &'a [&'a [f32]],
    weights: &'a [f32],
}

impl Weighted<'_> {
    /// Calls `store` with the place of `LANES` sums, or of a single one at the end. Each adds up in the order of the rows.
    #[inline(always)]
    fn each(&self, width: usize, mut store: impl FnMut(usize, &[f32])) {
        let whole = width / LANES * LANES;
        for at in (0..whole).step_by(LANES) {
            let mut sums = [0.0_f32; LANES];
            for (row, weight) in self.rows.iter().zip(self.weights) {
                for (sum, value) in sums.iter_mut().zip(&row[at..at + LANES]) {
                    *sum += weight * value;
                }
            }
            store(at, &sums);
        }
        for at in whole..width {
            let sum =
                self.rows.iter().zip(self.weights).fold(0.0, |sum, (row, weight)| sum + weight * row[at]);
            store(at, &[sum]);
        }
    }
}

/// The sums as they are.
struct Summed<'a>(Weighted<'a>, &'a mut [f32]);

impl Loop for Summed<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Summed(weighted, out) = self;
        weighted.each(out.len(), |at, sums| out[at..at + sums.len()].copy_from_slice(sums));
    }
}

/// The sums as values.
struct SummedValues<'a, T>(Weighted<'a>, &'a mut [T]);

impl<T: Depth> Loop for SummedValues<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let SummedValues(weighted, out) = self;
        weighted.each(out.len(), |at, sums| {
            for (value, sum) in out[at..at + sums.len()].iter_mut().zip(sums) {
                *value = T::rounded(*sum);
            }
        });
    }
}

/// The picture under a filter that is a product of one along rows and one along columns, both of odd length.
pub(crate) fn separable<T: Depth>(source: Plane<'_, T>, across: &[f32], down: &[f32]) -> Vec<T> {
    let (channels, row, height) = (source.channels, source.width * source.channels, source.height);
    let (reach_x, reach_y) = (across.len() / 2, down.len() / 2);
    // Only the rows that the filter sees at a time are held, each at its number modulo how many these are.
    let mut middle = vec![0.0_f32; row * down.len()];
    let mut padded = vec![0.0_f32; row + 2 * reach_x * channels];
    let mut out = vec![T::default(); row * height];
    let mut lines = source.values.chunks_exact(row).enumerate();
    for (y, to) in out.chunks_exact_mut(row).enumerate() {
        let ahead = if y == 0 { reach_y + 1 } else { 1 };
        for (number, line) in lines.by_ref().take(ahead) {
            padded_row(line, channels, reach_x, BorderMode::Reflect101, &mut padded);
            let rows: Vec<&[f32]> = (0..across.len()).map(|tap| &padded[tap * channels..][..row]).collect();
            let weighted = Weighted { rows: &rows, weights: across };
            run_wide(Summed(weighted, &mut middle[number % down.len() * row..][..row]));
        }
        let from = |tap: usize| {
            let at = (y + tap) as i64 - reach_y as i64;
            BorderMode::Reflect101.index(at, height).unwrap_or(0) % down.len()
        };
        let rows: Vec<&[f32]> = (0..down.len()).map(|tap| &middle[from(tap) * row..][..row]).collect();
        run_wide(SummedValues(Weighted { rows: &rows, weights: down }, to));
    }
    out
}

/// A neighbour and its weight.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tap {
    /// So many pixels to the right.
    pub x: i32,
    /// So many rows down.
    pub y: i32,
    /// What its value is multiplied by.
    pub weight: f32,
}

/// The picture as the sum of its neighbours by weights.
pub(crate) fn convolve<T: Depth>(source: Plane<'_, T>, taps: &[Tap]) -> Vec<T> {
    let (channels, row) = (source.channels, source.width * source.channels);
    let reach = taps.iter().map(|tap| tap.x.unsigned_abs() as usize).max().unwrap_or(0);
    let padded = row + 2 * reach * channels;
    let mut rows = vec![0.0_f32; padded * source.height];
    let mut sums = vec![0.0_f32; row];
    let mut out = vec![T::default(); row * source.height];
    for (line, to) in source.values.chunks_exact(row).zip(rows.chunks_exact_mut(padded)) {
        padded_row(line, channels, reach, BorderMode::Reflect101, to);
    }
    for (y, to) in out.chunks_exact_mut(row).enumerate() {
        sums.fill(0.0);
        for tap in taps {
            let at = y as i64 + i64::from(tap.y);
            let from = BorderMode::Reflect101.index(at, source.height).unwrap_or(0);
            let start = from * padded + (reach as i64 + i64::from(tap.x)) as usize * channels;
            run_wide(AddRow { sums: &mut sums, values: &rows[start..][..row], weight: tap.weight });
        }
        run_wide(Rounded { sums: &sums, out: to });
    }
    out
}

/// The weights of a Gaussian of odd `size`, or of the size that holds all that 8 bits can show when it is 0.
pub(crate) fn gaussian(size: usize, sigma: f64) -> Vec<f32> {
    let size = if size == 0 { ((sigma * 6.0 + 1.0).round() as usize) | 1 } else { size };
    let middle = (size / 2) as f64;
    let raw: Vec<f64> = (0..size)
        .map(|tap| {
            let distance = (tap as f64 - middle) / sigma;
            lookalike_core::math::exp(-0.5 * distance * distance)
        })
        .collect();
    let sum: f64 = raw.iter().sum();
    raw.iter().map(|weight| (weight / sum) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_to_filter_agree() {
        let values: Vec<u8> = (0..9 * 6 * 3).map(|i| (i * 89 % 253) as u8).collect();
        let plane = Plane { values: &values, width: 9, height: 6, channels: 3 };
        let weights = gaussian(5, 1.1);
        let taps: Vec<Tap> = (0..25)
            .map(|i| Tap {
                x: i % 5 - 2,
                y: i / 5 - 2,
                weight: weights[(i % 5) as usize] * weights[(i / 5) as usize],
            })
            .collect();
        let (one, other) = (separable(plane, &weights, &weights), convolve(plane, &taps));
        assert!(one.iter().zip(&other).all(|(a, b)| a.abs_diff(*b) <= 1));
    }

    #[test]
    fn filters_wider_than_the_picture_work() {
        let plane = Plane { values: &[7_u16, 9], width: 2, height: 1, channels: 1 };
        let out = separable(plane, &gaussian(0, 3.0), &gaussian(9, 2.0));
        assert_eq!(out, [8, 8]);
        let one = Plane { values: &[7_u8], width: 1, height: 1, channels: 1 };
        assert_eq!(separable(one, &gaussian(0, 3.0), &gaussian(0, 3.0)), [7]);
    }
}
