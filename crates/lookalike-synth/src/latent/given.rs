//! Latent values that fulfil conditions: truncated normal variables, drawn one after the other.

use lookalike_core::{Stream, math, normal_cdf, normal_quantile};

/// How many proposals a row makes when several variables are restricted at once. With one variable the first is
/// exact; with several the choice among them by weight corrects what drawing one after the other gets wrong.
const PROPOSALS: usize = 32;

/// The lower triangle of a Cholesky factor with its variables in another order.
#[derive(Debug, Clone)]
pub(crate) struct Factor {
    /// The variable at each place.
    pub(crate) order: Vec<usize>,
    /// Rows of the factor, `place + 1` numbers each.
    rows: Vec<f64>,
}

impl Factor {
    /// Factors a correlation matrix (row-major, full) after reordering; without one, variables are independent.
    pub(crate) fn new(correlation: Option<&[f64]>, order: Vec<usize>) -> Self {
        let size = order.len();
        let rows = match correlation {
            None => (0..size)
                .flat_map(|place| (0..=place).map(move |other| f64::from(u8::from(place == other))))
                .collect(),
            Some(matrix) => lookalike_learn::gaussian::cholesky(size, |row, column| {
                matrix[order[row] * size + order[column]]
            })
            .expect("a model's correlations are positive definite"),
        };
        Factor { order, rows }
    }

    pub(crate) fn row(&self, place: usize) -> &[f64] {
        let start = place * (place + 1) / 2;
        &self.rows[start..=start + place]
    }

    /// Draws all variables of one row into `values` (by variable, not by place). The variables at the first
    /// places are restricted to `ranges`, one list of ranges each.
    pub(crate) fn draw(&self, ranges: &[&[(f64, f64)]], stream: &mut Stream, values: &mut [f64]) {
        let given = ranges.len();
        let proposals = if given > 1 { PROPOSALS } else { 1 };
        let size = self.order.len();
        let mut normals = vec![0.0; size];
        let mut logs = [0.0; PROPOSALS];
        let mut candidates: Vec<Vec<f64>> = Vec::with_capacity(proposals);
        for log in logs.iter_mut().take(proposals) {
            for place in 0..given {
                let row = self.row(place);
                let mean: f64 = row[..place].iter().zip(&normals).map(|(a, b)| a * b).sum();
                let (value, mass) = within(ranges[place], mean, row[place], stream.open_unit());
                *log += mass;
                normals[place] = (value - mean) / row[place];
            }
            candidates.push(normals[..given].to_vec());
        }
        if proposals > 1 {
            // A weighted choice in the log domain, so that tiny probabilities do not vanish.
            let top = logs[..proposals].iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let weights: Vec<f64> = logs[..proposals].iter().map(|log| math::exp(log - top)).collect();
            let mut drawn = stream.unit() * weights.iter().sum::<f64>();
            let chosen = weights
                .iter()
                .position(|weight| {
                    drawn -= weight;
                    drawn < 0.0
                })
                .unwrap_or(proposals - 1);
            normals[..given].copy_from_slice(&candidates[chosen]);
        }
        for normal in &mut normals[given..] {
            *normal = stream.normal();
        }
        for place in 0..size {
            let sum: f64 = self.row(place).iter().zip(&normals).map(|(a, b)| a * b).sum();
            values[self.order[place]] = sum;
        }
        // Rounding must not carry a restricted value over its bounds.
        for (place, ranges) in ranges.iter().enumerate() {
            let value = &mut values[self.order[place]];
            *value = into(ranges, *value);
        }
    }
}

/// A normal value restricted to ranges, by inversion of `unit`, and the logarithm of the ranges' probability.
fn within(ranges: &[(f64, f64)], mean: f64, deviation: f64, unit: f64) -> (f64, f64) {
    let masses: Vec<f64> =
        ranges.iter().map(|&(from, to)| mass((from - mean) / deviation, (to - mean) / deviation)).collect();
    let total: f64 = masses.iter().sum();
    if total < 1e-290 || deviation < 1e-9 {
        // So far out that the normal density vanishes: the nearest allowed value is all but certain.
        let value = into(ranges, mean);
        let distance = (value - mean) / deviation.max(1e-9);
        return (value, -0.5 * (distance * distance).min(1e300));
    }
    let mut rest = unit * total;
    let mut chosen = ranges.len() - 1;
    for (index, mass) in masses.iter().enumerate() {
        if rest < *mass {
            chosen = index;
            break;
        }
        rest -= mass;
    }
    let (from, to) = ranges[chosen];
    let (a, b) = ((from - mean) / deviation, (to - mean) / deviation);
    let rest = rest.min(masses[chosen]);
    let standard = if a > 0.0 {
        -normal_quantile((normal_cdf(-a) - rest).max(0.0))
    } else {
        normal_quantile((normal_cdf(a) + rest).min(1.0))
    };
    (mean + deviation * standard.clamp(a, b).clamp(-39.0, 39.0), math::ln(total))
}

/// The probability between two standard normal values, accurate in both tails.
fn mass(a: f64, b: f64) -> f64 {
    let mass = if a > 0.0 { normal_cdf(-a) - normal_cdf(-b) } else { normal_cdf(b) - normal_cdf(a) };
    mass.max(0.0)
}

/// `value` if it is in a range, else the nearest value that is.
fn into(ranges: &[(f64, f64)], value: f64) -> f64 {
    let mut nearest = f64::NAN;
    for &(from, to) in ranges {
        let inside = value.clamp(from, to);
        if nearest.is_nan() || (inside - value).abs() < (nearest - value).abs() {
            nearest = inside;
        }
    }
    // An endless range's far end is no value.
    nearest.clamp(-39.0, 39.0)
}

#[cfg(test)]
mod tests {
    use lookalike_core::Seed;

    use super::*;

    #[test]
    fn conditional_means_are_right() {
        // Two variables with correlation 0.8, the second above 1: E[x | y > 1] = 0.8 * phi(1) / (1 - Phi(1)).
        let correlation = [1.0, 0.8, 0.8, 1.0];
        let factor = Factor::new(Some(&correlation), vec![1, 0]);
        let mut stream = Seed::new(1).stream("test", 0);
        let mut values = [0.0; 2];
        let mut sum = 0.0;
        for _ in 0..40_000 {
            factor.draw(&[&[(1.0, f64::INFINITY)]], &mut stream, &mut values);
            assert!(values[1] >= 1.0);
            sum += values[0];
        }
        assert!((sum / 40_000.0 - 0.8 * 1.525_135).abs() < 0.015);
    }

    #[test]
    fn joint_conditions_are_nearly_exact() {
        // P(x > 1 | x > 0 and y > 0) under correlation 0.5, against plain rejection.
        let correlation = [1.0, 0.5, 0.5, 1.0];
        let factor = Factor::new(Some(&correlation), vec![0, 1]);
        let mut stream = Seed::new(2).stream("test", 0);
        let above: &[(f64, f64)] = &[(0.0, f64::INFINITY)];
        let mut values = [0.0; 2];
        let n = 20_000;
        let drawn = (0..n)
            .filter(|_| {
                factor.draw(&[above, above], &mut stream, &mut values);
                assert!(values[0] >= 0.0 && values[1] >= 0.0);
                values[0] > 1.0
            })
            .count() as f64
            / f64::from(n);
        let (mut inside, mut hits) = (0, 0);
        for _ in 0..200_000 {
            let (a, b) = (stream.normal(), stream.normal());
            let y = 0.5 * a + 0.75_f64.sqrt() * b;
            if a > 0.0 && y > 0.0 {
                inside += 1;
                hits += i32::from(a > 1.0);
            }
        }
        assert!((drawn - f64::from(hits) / f64::from(inside)).abs() < 0.015);
    }

    #[test]
    fn impossible_tails_still_give_a_value() {
        let (value, log) = within(&[(8.0, 9.0)], -60.0, 0.5, 0.3);
        assert_eq!(value, 8.0);
        assert!(log < -1000.0);
        let (value, _) = within(&[(f64::NEG_INFINITY, -3.0), (5.0, f64::INFINITY)], 0.0, 1.0, 0.999_999);
        assert!(value >= 5.0 || value <= -3.0);
    }
}
