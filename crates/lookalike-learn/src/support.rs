//! The support vectors of a machine that tells two classes apart.

use std::collections::VecDeque;

use lookalike_core::{Cancelled, Progress, math};
use rayon::prelude::*;

use crate::neighbours::MixedPoints;

/// How a support vector machine is trained.
#[derive(Debug, Clone, PartialEq)]
pub struct SupportOptions {
    /// What a point on the wrong side costs: the most that a point's weight can be.
    pub penalty: f64,
    /// The kernel is `exp(-gamma d²)`; one divided by the number of columns and the variance of all numbers where none is
    /// given.
    pub gamma: Option<f64>,
    /// How far from the optimum the steps may end.
    pub tolerance: f64,
    /// How many bytes rows of the kernel may take that are kept.
    pub memory: usize,
}

impl Default for SupportOptions {
    fn default() -> Self {
        SupportOptions { penalty: 1.0, gamma: None, tolerance: 1e-3, memory: 256 << 20 }
    }
}

/// A weight below this is none: steps that should cancel out leave this much.
const NOTHING: f64 = 1e-12;

/// The points that a support vector machine with a radial kernel rests on (Cortes & Vapnik 1995,
/// <https://doi.org/10.1007/BF00994018>), found by sequential minimal optimisation with second-order choice of pairs (Fan,
/// Chen & Lin 2005, <https://www.jmlr.org/papers/v6/fan05a.html>). Their numbers, in order.
///
/// # Errors
/// [`Cancelled`] when the listener wants the work to stop.
///
/// # Panics
/// If there is not one flag per point.
///
/// ```
/// use lookalike_core::Silent;
/// use lookalike_learn::neighbours::MixedPoints;
/// use lookalike_learn::support::{SupportOptions, support_vectors};
/// let points = MixedPoints::new(6, &[&[-30.0, -2.0, -1.0, 1.0, 2.0, 30.0]], &[], vec![]);
/// let options = SupportOptions { penalty: 100.0, gamma: Some(0.1), ..SupportOptions::default() };
/// let support = support_vectors(&points, &[false, false, false, true, true, true], &options, &Silent)?;
/// // Those at the border, and those that have nobody beside them.
/// assert_eq!(support, [0, 2, 3, 5]);
/// # Ok::<(), lookalike_core::Cancelled>(())
/// ```
pub fn support_vectors(
    points: &MixedPoints,
    positive: &[bool],
    options: &SupportOptions,
    progress: &dyn Progress,
) -> Result<Vec<u32>, Cancelled> {
    assert_eq!(points.len(), positive.len(), "a flag per point");
    let count = points.len();
    let sign: Vec<f64> = positive.iter().map(|&positive| if positive { 1.0 } else { -1.0 }).collect();
    let gamma = options.gamma.unwrap_or_else(|| usual_gamma(points));
    let mut kernel = Kernel::new(points, gamma, options.memory);
    let penalty = options.penalty;
    let mut weight = vec![0.0; count];
    // The gradient of the dual, times the sign, and turned round.
    let mut slope = sign.clone();
    let most_steps = (100 * count).max(10_000_000);
    for step in 0..most_steps {
        if step % 256 == 0 && progress.cancelled() {
            return Err(Cancelled);
        }
        let up = |i: usize| if sign[i] > 0.0 { weight[i] < penalty } else { weight[i] > 0.0 };
        let low = |i: usize| if sign[i] > 0.0 { weight[i] > 0.0 } else { weight[i] < penalty };
        let mut first: Option<usize> = None;
        for i in 0..count {
            if up(i) && first.is_none_or(|first| slope[i] > slope[first]) {
                first = Some(i);
            }
        }
        let Some(i) = first else { break };
        let row = kernel.row(i);
        let (mut second, mut least, mut best) = (None, f64::INFINITY, f64::INFINITY);
        for j in 0..count {
            if !low(j) {
                continue;
            }
            least = least.min(slope[j]);
            let gap = slope[i] - slope[j];
            if gap > 0.0 {
                let curve = (2.0 - 2.0 * f64::from(row[j])).max(1e-12);
                let gain = -gap * gap / curve;
                if gain < best {
                    (best, second) = (gain, Some(j));
                }
            }
        }
        let Some(j) = second.filter(|_| slope[i] - least > options.tolerance) else { break };
        let curve = (2.0 - 2.0 * f64::from(row[j])).max(1e-12);
        // Both weights move along their signs by the same amount, until one meets a bound.
        let room = |weight: f64, rises: bool| if rises { penalty - weight } else { weight };
        let amount = ((slope[i] - slope[j]) / curve)
            .min(room(weight[i], sign[i] > 0.0))
            .min(room(weight[j], sign[j] < 0.0));
        let settle = |weight: f64| {
            if weight < NOTHING {
                0.0
            } else if weight > penalty - NOTHING {
                penalty
            } else {
                weight
            }
        };
        weight[i] = settle(weight[i] + sign[i] * amount);
        weight[j] = settle(weight[j] - sign[j] * amount);
        let other = kernel.row(j);
        for ((slope, &at_i), &at_j) in slope.iter_mut().zip(&*row).zip(&*other) {
            *slope -= amount * (f64::from(at_i) - f64::from(at_j));
        }
    }
    Ok((0..count as u32).filter(|&row| weight[row as usize] > 0.0).collect())
}

fn usual_gamma(points: &MixedPoints) -> f64 {
    let width = points.numbers_of_all().len() / points.len().max(1);
    let columns = (width + points.costs().len()).max(1) as f64;
    let values = points.numbers_of_all();
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count;
    if variance > 0.0 && variance.is_finite() { 1.0 / (columns * variance) } else { 1.0 / columns }
}

/// Rows of the kernel; those asked for last are kept.
struct Kernel<'a> {
    points: &'a MixedPoints,
    gamma: f64,
    rows: Vec<Option<std::sync::Arc<[f32]>>>,
    kept: VecDeque<usize>,
    most: usize,
}

impl<'a> Kernel<'a> {
    fn new(points: &'a MixedPoints, gamma: f64, memory: usize) -> Self {
        let most = (memory / (4 * points.len().max(1))).max(2);
        Kernel { points, gamma, rows: vec![None; points.len()], kept: VecDeque::new(), most }
    }

    fn row(&mut self, index: usize) -> std::sync::Arc<[f32]> {
        if let Some(row) = &self.rows[index] {
            return row.clone();
        }
        let cell = |other: usize| {
            math::exp(-self.gamma * self.points.squared_distance(index, self.points, other)) as f32
        };
        let row: Vec<f32> = (0..self.points.len()).into_par_iter().with_min_len(512).map(cell).collect();
        let row: std::sync::Arc<[f32]> = row.into();
        if self.kept.len() >= self.most
            && let Some(oldest) = self.kept.pop_front()
        {
            self.rows[oldest] = None;
        }
        self.kept.push_back(index);
        self.rows[index] = Some(row.clone());
        row
    }
}

#[cfg(test)]
mod tests {
    use lookalike_core::{Seed, Silent};

    use super::*;

    #[test]
    fn little_memory_finds_the_same() {
        let mut stream = Seed::new(2).stream("points", 0);
        let x: Vec<f64> = (0..200).map(|_| stream.normal()).collect();
        let y: Vec<f64> = (0..200).map(|_| stream.normal()).collect();
        let positive: Vec<bool> = x.iter().zip(&y).map(|(x, y)| x + y > 0.4).collect();
        let points = MixedPoints::new(200, &[&x, &y], &[], vec![]);
        let found = |memory| {
            let options = SupportOptions { memory, ..SupportOptions::default() };
            support_vectors(&points, &positive, &options, &Silent).unwrap()
        };
        let support = found(1 << 20);
        assert_eq!(support, found(1));
        assert!(support.len() < 100 && support.iter().any(|&row| positive[row as usize]));
        // They lie nearer to the border than others do; points far out are among them, having nobody beside them.
        let margin = |row: usize| (x[row] + y[row] - 0.4).abs();
        let own = support.iter().map(|&row| margin(row as usize)).sum::<f64>() / support.len() as f64;
        assert!(own < 0.7 * (0..200).map(margin).sum::<f64>() / 200.0);
    }
}
