//! Weights of the pixels around a place.

use lookalike_core::math;

use crate::values::Interpolation;

/// The weights of up to eight neighbours; they sum to one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taps {
    weights: [f32; 8],
    count: usize,
}

impl Taps {
    pub(crate) fn weights(&self) -> &[f32] {
        &self.weights[..self.count]
    }
}

/// The first neighbour of a place, and the weights from it on.
pub(crate) fn taps(interpolation: Interpolation, place: f64) -> (i64, Taps) {
    let floor = place.floor();
    let part = place - floor;
    let mut weights = [0.0; 8];
    let (before, count) = match interpolation {
        Interpolation::Nearest => {
            weights[0] = 1.0;
            return ((place + 0.5).floor() as i64, Taps { weights, count: 1 });
        }
        Interpolation::Linear | Interpolation::Area => {
            weights[..2].copy_from_slice(&[(1.0 - part) as f32, part as f32]);
            (0, 2)
        }
        Interpolation::Cubic => {
            for (tap, weight) in weights.iter_mut().take(4).enumerate() {
                *weight = cubic((part + 1.0 - tap as f64).abs()) as f32;
            }
            (1, 4)
        }
        Interpolation::Lanczos4 => {
            let raw: [f64; 8] = std::array::from_fn(|tap| lanczos(part + 3.0 - tap as f64));
            let sum: f64 = raw.iter().sum();
            weights = raw.map(|weight| (weight / sum) as f32);
            (3, 8)
        }
    };
    (floor as i64 - before, Taps { weights, count })
}

/// Keys' kernel with a = -0.75.
fn cubic(distance: f64) -> f64 {
    const A: f64 = -0.75;
    if distance <= 1.0 {
        ((A + 2.0) * distance - (A + 3.0)) * distance * distance + 1.0
    } else if distance < 2.0 {
        ((A * distance - 5.0 * A) * distance + 8.0 * A) * distance - 4.0 * A
    } else {
        0.0
    }
}

/// `sinc(x) sinc(x / 4)`
fn lanczos(x: f64) -> f64 {
    if x.abs() < 1e-9 {
        return 1.0;
    }
    if x.abs() >= 4.0 {
        return 0.0;
    }
    let angle = std::f64::consts::PI * x;
    4.0 * math::sin(angle) * math::sin(angle / 4.0) / (angle * angle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_sum_to_one_and_are_exact_on_pixels() {
        for interpolation in [Interpolation::Linear, Interpolation::Cubic, Interpolation::Lanczos4] {
            for step in 0..20 {
                let place = f64::from(step) * 0.05 + 3.0;
                let (_, taps) = taps(interpolation, place);
                assert!((taps.weights().iter().sum::<f32>() - 1.0).abs() < 1e-6);
            }
            let (first, taps) = taps(interpolation, 5.0);
            let own = (5 - first) as usize;
            assert!((taps.weights()[own] - 1.0).abs() < 1e-6, "{interpolation:?}");
        }
    }
}
