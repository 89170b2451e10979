//! The value in the middle of each neighbourhood. Beyond the edges the outermost pixels go on.

#![expect(clippy::inline_always, reason = "what is not inlined into a dispatch is not vectorised")]

use super::warp::Plane;
use super::{Loop, run_wide};
use crate::image::Depth;

/// The median over squares of `size`, which is odd.
pub(crate) fn median<T: Depth>(source: Plane<'_, T>, size: usize) -> Vec<T> {
    match size {
        1 => source.values.to_vec(),
        3 => three(source),
        _ if T::LEVELS == 256 => sliding(source, size / 2),
        _ => selecting(source, size / 2),
    }
}

#[inline(always)]
fn middle<T: Ord + Copy>(a: T, b: T, c: T) -> T {
    a.min(b).max(a.max(b).min(c))
}

/// Of nine values in three sorted columns, the median is that of the largest of the lowest, the median of the middle and the
/// smallest of the highest.
fn three<T: Depth>(source: Plane<'_, T>) -> Vec<T> {
    let (channels, row) = (source.channels, source.width * source.channels);
    let padded = row + 2 * channels;
    let mut out = vec![T::default(); source.values.len()];
    let mut sorted = vec![T::default(); 3 * padded];
    for (y, to) in out.chunks_exact_mut(row).enumerate() {
        let line = |number: usize| &source.values[number * row..][..row];
        let lines = [line(y.saturating_sub(1)), line(y), line((y + 1).min(source.height - 1))];
        let (low, rest) = sorted.split_at_mut(padded);
        let (mid, high) = rest.split_at_mut(padded);
        run_wide(SortColumns {
            lines,
            low: &mut low[channels..][..row],
            mid: &mut mid[channels..][..row],
            high: &mut high[channels..][..row],
        });
        for part in [&mut *low, &mut *mid, &mut *high] {
            part.copy_within(channels..2 * channels, 0);
            part.copy_within(row..row + channels, row + channels);
        }
        let [left, own, right] = [0, channels, 2 * channels];
        run_wide(Middles {
            low: [&low[left..][..row], &low[own..][..row], &low[right..][..row]],
            mid: [&mid[left..][..row], &mid[own..][..row], &mid[right..][..row]],
            high: [&high[left..][..row], &high[own..][..row], &high[right..][..row]],
            out: to,
        });
    }
    out
}

/// The values of three rows, sorted in each column.
struct SortColumns<'a, T> {
    lines: [&'a [T]; 3],
    low: &'a mut [T],
    mid: &'a mut [T],
    high: &'a mut [T],
}

impl<T: Depth> Loop for SortColumns<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let count = self.low.len();
        let [above, here, below] = self.lines.map(|line| &line[..count]);
        let (mid, high) = (&mut self.mid[..count], &mut self.high[..count]);
        for at in 0..count {
            let (a, b, c) = (above[at], here[at], below[at]);
            self.low[at] = a.min(b).min(c);
            mid[at] = middle(a, b, c);
            high[at] = a.max(b).max(c);
        }
    }
}

/// The medians of three sorted columns each.
struct Middles<'a, T> {
    low: [&'a [T]; 3],
    mid: [&'a [T]; 3],
    high: [&'a [T]; 3],
    out: &'a mut [T],
}

impl<T: Depth> Loop for Middles<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let count = self.out.len();
        let [low, mid, high] = [self.low, self.mid, self.high].map(|lines| lines.map(|line| &line[..count]));
        for (at, out) in self.out.iter_mut().enumerate() {
            *out = middle(
                low[0][at].max(low[1][at]).max(low[2][at]),
                middle(mid[0][at], mid[1][at], mid[2][at]),
                high[0][at].min(high[1][at]).min(high[2][at]),
            );
        }
    }
}

/// A histogram that slides along each row (Huang, Yang and Tang 1979, <https://doi.org/10.1109/TASSP.1979.1163188>).
fn sliding<T: Depth>(source: Plane<'_, T>, reach: usize) -> Vec<T> {
    let (width, height, channels) = (source.width, source.height, source.channels);
    let mut out = vec![T::default(); source.values.len()];
    let half = ((2 * reach + 1) * (2 * reach + 1) / 2) as u32;
    let clamped = |at: usize, step: usize, count: usize| (at + step).saturating_sub(reach).min(count - 1);
    for channel in 0..channels {
        for y in 0..height {
            let mut counts = [0_u32; 256];
            let value = |row: usize, column: usize| {
                source.values[(row * width + column) * channels + channel].index()
            };
            let rows: Vec<usize> = (0..=2 * reach).map(|step| clamped(y, step, height)).collect();
            for step in 0..=2 * reach {
                for &row in &rows {
                    counts[value(row, clamped(0, step, width))] += 1;
                }
            }
            // `below` counts the values under `level`, which follows the median.
            let (mut level, mut below) = (0, 0_u32);
            for x in 0..width {
                if x > 0 {
                    let (old, new) = (clamped(x - 1, 0, width), clamped(x, 2 * reach, width));
                    for &row in &rows {
                        let (gone, come) = (value(row, old), value(row, new));
                        counts[gone] -= 1;
                        counts[come] += 1;
                        below = below + u32::from(come < level) - u32::from(gone < level);
                    }
                }
                while below > half {
                    level -= 1;
                    below -= counts[level];
                }
                while below + counts[level] <= half {
                    below += counts[level];
                    level += 1;
                }
                out[(y * width + x) * channels + channel] = T::at(level);
            }
        }
    }
    out
}

fn selecting<T: Depth>(source: Plane<'_, T>, reach: usize) -> Vec<T> {
    let (width, height, channels) = (source.width, source.height, source.channels);
    let mut out = Vec::with_capacity(source.values.len());
    let mut window = Vec::with_capacity((2 * reach + 1) * (2 * reach + 1));
    let clamped = |at: usize, step: usize, count: usize| (at + step).saturating_sub(reach).min(count - 1);
    for y in 0..height {
        for x in 0..width {
            for channel in 0..channels {
                window.clear();
                for down in 0..=2 * reach {
                    let row = clamped(y, down, height) * width;
                    window.extend(
                        (0..=2 * reach)
                            .map(|step| source.values[(row + clamped(x, step, width)) * channels + channel]),
                    );
                }
                let half = window.len() / 2;
                out.push(*window.select_nth_unstable(half).1);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_ways_agree() {
        for (width, height, channels) in [(11, 7, 3), (1, 1, 1), (2, 9, 4), (9, 1, 1)] {
            let values: Vec<u8> = (0..width * height * channels).map(|i| (i * i * 37 % 256) as u8).collect();
            let plane = Plane { values: &values, width, height, channels };
            for reach in 1..4 {
                let slow = selecting(plane, reach);
                assert_eq!(median(plane, 2 * reach + 1), slow, "{width} {height} {channels} {reach}");
                assert_eq!(sliding(plane, reach), slow);
            }
        }
    }
}
