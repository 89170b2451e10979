//! Pictures made larger or smaller: first along rows, then along columns.

use super::filter::{AddRow, Rounded};
use super::run_wide;
use super::warp::Plane;
use super::window::taps;
use crate::image::Depth;
use crate::values::Interpolation;

/// Which old pixels make one new, and by which weights.
struct Mix {
    first: usize,
    weights: Vec<f32>,
}

/// The picture with another size. Pixels' outer edges stay where they are; beyond them the outermost pixels go on.
pub(crate) fn resize<T: Depth>(
    source: Plane<'_, T>,
    width: usize,
    height: usize,
    interpolation: Interpolation,
) -> Vec<T> {
    let channels = source.channels;
    if interpolation == Interpolation::Nearest {
        let columns: Vec<usize> = nearest(source.width, width).map(|column| column * channels).collect();
        let mut out = Vec::with_capacity(width * height * channels);
        for row in nearest(source.height, height) {
            let line = &source.values[row * source.width * channels..][..source.width * channels];
            match channels {
                1 => out.extend(columns.iter().map(|&column| line[column])),
                _ => columns.iter().for_each(|&at| out.extend_from_slice(&line[at..at + channels])),
            }
        }
        return out;
    }
    let across = mixes(source.width, width, interpolation);
    let down = mixes(source.height, height, interpolation);
    let row = width * channels;
    let mut out = vec![T::default(); row * height];
    // Lines that are stretched already, by their number: each is needed by a few new ones that follow each other.
    let mut stretched: Vec<Vec<f32>> = Vec::new();
    let mut from = 0;
    let mut sums = vec![0.0_f32; row];
    for (mix, line) in down.iter().zip(out.chunks_exact_mut(row)) {
        let drop = (mix.first - from).min(stretched.len());
        let mut spare: Vec<Vec<f32>> = stretched.drain(..drop).collect();
        if stretched.is_empty() {
            from = mix.first;
        } else {
            from += drop;
        }
        while stretched.len() < mix.weights.len() {
            let number = from + stretched.len();
            let mut target = spare.pop().unwrap_or_else(|| vec![0.0; row]);
            let old = &source.values[number * source.width * channels..][..source.width * channels];
            match channels {
                1 => stretch::<T, 1>(old, &across, &mut target),
                3 => stretch::<T, 3>(old, &across, &mut target),
                _ => stretch::<T, 4>(old, &across, &mut target),
            }
            stretched.push(target);
        }
        sums.fill(0.0);
        for (weight, values) in mix.weights.iter().zip(&stretched) {
            run_wide(AddRow { sums: &mut sums, values, weight: *weight });
        }
        run_wide(Rounded { sums: &sums, out: line });
    }
    out
}

fn stretch<T: Depth, const C: usize>(old: &[T], across: &[Mix], target: &mut [f32]) {
    let (pixels, _) = old.as_chunks::<C>();
    let (target, _) = target.as_chunks_mut::<C>();
    for (mix, to) in across.iter().zip(target) {
        let mut sums = [0.0; C];
        for (weight, pixel) in mix.weights.iter().zip(&pixels[mix.first..]) {
            for channel in 0..C {
                sums[channel] += weight * pixel[channel].real();
            }
        }
        *to = sums;
    }
}

/// The old pixel for each new one whose left edge is in it, as `OpenCV`'s `INTER_NEAREST` has it.
fn nearest(old: usize, new: usize) -> impl Iterator<Item = usize> {
    (0..new).map(move |to| (to * old / new).min(old - 1))
}

fn mixes(old: usize, new: usize, interpolation: Interpolation) -> Vec<Mix> {
    let scale = old as f64 / new as f64;
    (0..new)
        .map(|to| {
            if interpolation == Interpolation::Area && scale > 1.0 {
                return area(to as f64 * scale, (to + 1) as f64 * scale, old);
            }
            // Enlarging by area is as good as linear.
            let (first, taps) = taps(interpolation, (to as f64 + 0.5) * scale - 0.5);
            clamp(first, taps.weights(), old)
        })
        .collect()
}

/// The outermost pixels take the weights of those that would be beyond them.
fn clamp(first: i64, weights: &[f32], count: usize) -> Mix {
    let last = count as i64 - 1;
    let (low, high) = (first.clamp(0, last), (first + weights.len() as i64 - 1).clamp(0, last));
    let mut mixed = vec![0.0; (high - low + 1) as usize];
    for (tap, weight) in weights.iter().enumerate() {
        mixed[((first + tap as i64).clamp(low, high) - low) as usize] += weight;
    }
    Mix { first: low as usize, weights: mixed }
}

/// Each old pixel by how much of it is between the edges.
fn area(left: f64, right: f64, count: usize) -> Mix {
    let first = (left.floor() as usize).min(count - 1);
    let last = ((right.ceil() as usize).max(first + 1)).min(count);
    let shares: Vec<f64> = (first..last)
        .map(|pixel| (right.min(pixel as f64 + 1.0) - left.max(pixel as f64)).max(0.0))
        .collect();
    let sum: f64 = shares.iter().sum();
    Mix { first, weights: shares.iter().map(|share| (share / sum) as f32).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_means() {
        let values = [0_u8, 10, 20, 30, 40, 50, 60, 70];
        let plane = Plane { values: &values, width: 4, height: 2, channels: 1 };
        assert_eq!(resize(plane, 2, 1, Interpolation::Area), [25, 45]);
        assert_eq!(resize(plane, 1, 1, Interpolation::Area), [35]);
    }

    #[test]
    fn the_same_size_is_the_same_picture() {
        let values: Vec<u16> = (0..5 * 7 * 3).map(|i| i * 600).collect();
        let plane = Plane { values: &values, width: 5, height: 7, channels: 3 };
        for interpolation in [
            Interpolation::Nearest,
            Interpolation::Linear,
            Interpolation::Cubic,
            Interpolation::Lanczos4,
            Interpolation::Area,
        ] {
            assert_eq!(resize(plane, 5, 7, interpolation), values, "{interpolation:?}");
        }
    }

    #[test]
    fn all_sizes_stay_within_the_range_of_the_picture() {
        let values = [50_u8, 60, 70, 80, 90, 100];
        let plane = Plane { values: &values, width: 3, height: 2, channels: 1 };
        for interpolation in [Interpolation::Nearest, Interpolation::Linear, Interpolation::Area] {
            for (width, height) in [(1, 1), (9, 1), (1, 9), (2, 3), (31, 17), (3, 1)] {
                let out = resize(plane, width, height, interpolation);
                assert_eq!(out.len(), width * height);
                assert!(out.iter().all(|value| (50..=100).contains(value)), "{interpolation:?} {out:?}");
            }
        }
    }
}
