//! A mixture of normal distributions on a line, by expectation and maximisation over a histogram.

use lookalike_core::math;

/// One normal distribution of a mixture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Component {
    pub(crate) weight: f64,
    pub(crate) mean: f64,
    pub(crate) deviation: f64,
}

/// Components begun with.
const MOST: usize = 10;
/// Components of less weight are dropped.
const LEAST_WEIGHT: f64 = 0.005;
const ROUNDS: usize = 100;

impl Component {
    /// The logarithm of weight times density, less a constant.
    fn log_density(&self, x: f64) -> f64 {
        let z = (x - self.mean) / self.deviation;
        math::ln(self.weight / self.deviation) - 0.5 * z * z
    }
}

/// The chances of the components at a point.
pub(crate) fn chances(components: &[Component], x: f64) -> Vec<f64> {
    let logs: Vec<f64> = components.iter().map(|component| component.log_density(x)).collect();
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut chances: Vec<f64> = logs.into_iter().map(|log| math::exp(log - most)).collect();
    let sum: f64 = chances.iter().sum();
    for chance in &mut chances {
        *chance /= sum;
    }
    chances
}

/// Fits at most ten components to weighted points in rising order, none narrower than `least_deviation`.
pub(crate) fn fit(points: &[f64], weights: &[f64], least_deviation: f64) -> Vec<Component> {
    let total: f64 = weights.iter().sum();
    let mean = points.iter().zip(weights).map(|(x, w)| x * w).sum::<f64>() / total;
    let variance = points.iter().zip(weights).map(|(x, w)| (x - mean) * (x - mean) * w).sum::<f64>() / total;
    let least = least_deviation.max(variance.sqrt() * 1e-3).max(f64::MIN_POSITIVE.sqrt());
    let count = MOST.min(points.len());
    if count <= 1 {
        return vec![Component { weight: 1.0, mean, deviation: variance.sqrt().max(least) }];
    }
    // Begun with equal shares of the weight, one after the other.
    let mut components: Vec<Component> = Vec::with_capacity(count);
    let (mut start, mut sum) = (0, 0.0);
    for number in 1..=count {
        let mut end = start;
        while end < points.len() && (end == start || sum < total * number as f64 / count as f64) {
            sum += weights[end];
            end += 1;
        }
        if end == start {
            break;
        }
        let part: f64 = weights[start..end].iter().sum();
        let mean = (start..end).map(|i| points[i] * weights[i]).sum::<f64>() / part;
        let spread = (start..end).map(|i| (points[i] - mean).powi(2) * weights[i]).sum::<f64>() / part;
        components.push(Component { weight: part / total, mean, deviation: spread.sqrt().max(least) });
        start = end;
    }
    for _ in 0..ROUNDS {
        let mut sums = vec![[0.0; 3]; components.len()];
        for (&x, &weight) in points.iter().zip(weights) {
            for (sums, chance) in sums.iter_mut().zip(chances(&components, x)) {
                let share = chance * weight;
                sums[0] += share;
                sums[1] += share * x;
                sums[2] += share * x * x;
            }
        }
        let mut moved: f64 = 0.0;
        let before = components.len();
        components = components
            .iter()
            .zip(sums)
            .filter(|(_, sums)| sums[0] >= LEAST_WEIGHT * total)
            .map(|(old, [weight, first, second])| {
                let mean = first / weight;
                let deviation = (second / weight - mean * mean).max(0.0).sqrt().max(least);
                moved = moved.max((mean - old.mean).abs() / deviation);
                Component { weight: weight / total, mean, deviation }
            })
            .collect();
        if components.len() == before && moved < 1e-3 {
            break;
        }
    }
    components
}

#[cfg(test)]
mod tests {
    use lookalike_core::{Seed, normal_pdf};

    use super::*;

    #[test]
    fn two_heaps_are_found() {
        let points: Vec<f64> = (0..400).map(|i| f64::from(i) * 0.05 - 5.0).collect();
        let density = |x: f64| 0.3 * normal_pdf(x) + 0.7 * normal_pdf((x - 8.0) / 2.0) / 2.0;
        let weights: Vec<f64> = points.iter().map(|&x| density(x) * 1000.0).collect();
        let components = fit(&points, &weights, 0.01);
        let below: f64 = components.iter().filter(|c| c.mean < 3.0).map(|c| c.weight).sum();
        assert!((below - 0.3).abs() < 0.03, "{components:?}");
        // The mixture's density is that of the points.
        let mixture = |x: f64| -> f64 {
            components.iter().map(|c| c.weight * normal_pdf((x - c.mean) / c.deviation) / c.deviation).sum()
        };
        for x in [-1.0, 0.0, 1.0, 4.0, 8.0, 11.0] {
            assert!((mixture(x) - density(x)).abs() < 0.02, "at {x}: {} {}", mixture(x), density(x));
        }
    }

    #[test]
    fn degenerate_points_have_a_component() {
        assert_eq!(fit(&[3.0], &[5.0], 0.1).len(), 1);
        let mut stream = Seed::new(1).stream("points", 0);
        let mut points: Vec<f64> = (0..50).map(|_| 1e12 + stream.unit()).collect();
        points.sort_by(f64::total_cmp);
        let components = fit(&points, &[1.0; 50], 1e-9);
        assert!(
            components.iter().all(|c| c.deviation > 0.0 && c.weight.is_finite()) && !components.is_empty()
        );
    }
}
