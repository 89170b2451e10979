//! KMeans-SMOTE.

use lookalike_core::{Phase, math};
use lookalike_learn::neighbours::{MixedPoints, k_means};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::ResampleError;
use super::smote::{between, some_neighbors};
use super::work::{Found, Work, enough};
use crate::error::Result;

/// KMeans-SMOTE: SMOTE within clusters of the whole table in which the class has its share.
///
/// Most new rows are made where the class is sparse. A cluster's sparsity is the mean distance of its rows of the
/// class to the power of the number of columns, divided by their number.
///
/// # References
/// - Douzas, G., Bacao, F. and Last, F. (2018). Improving imbalanced learning through a heuristic oversampling method
///   based on k-means and SMOTE. <https://doi.org/10.1016/j.ins.2018.06.056>
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct KmeansSmote {
    /// How many neighbours a row has; fewer in clusters that have fewer.
    pub neighbors: usize,
    /// How many clusters there are.
    pub clusters: usize,
    /// A cluster counts where the class has at least this share of its rows; the class's share of all rows where none is
    /// given.
    pub balance_threshold: Option<f64>,
    /// To which power the mean distance is raised; the number of columns where none is given.
    pub density_exponent: Option<f64>,
}

impl Default for KmeansSmote {
    fn default() -> Self {
        KmeansSmote { neighbors: 5, clusters: 8, balance_threshold: None, density_exponent: None }
    }
}

/// More rows than this are sampled evenly for their mean distance.
const MOST_MEASURED: usize = 2000;

impl KmeansSmote {
    pub(super) fn problems(self) -> Vec<String> {
        let mut problems = some_neighbors(self.neighbors);
        if self.clusters == 0 {
            problems.push("there must be at least 1 cluster".to_owned());
        }
        if self.balance_threshold.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
            problems.push("balance_threshold must be from 0 to 1".to_owned());
        }
        if self.density_exponent.is_some_and(|exponent| !(exponent >= 0.0 && exponent.is_finite())) {
            problems.push("density_exponent must be at least 0".to_owned());
        }
        problems
    }

    pub(super) fn find(self, work: &Work<'_>) -> Result<Found> {
        let space = work.space()?;
        let growing = work.growing("kmeans-smote")?;
        let progress = work.context.progress;
        let mut found = Found::default();
        for (class, count) in growing {
            enough(work.classes.counts[class], 1)?;
            let phase = Phase::begin(progress, "finding clusters", None);
            let all = work.all_rows();
            let points = space.points(&all, &work.classes.rows(class));
            let mut stream = work.context.seed.stream("clusters", class as u64);
            let clusters = k_means(&points, self.clusters, &mut stream, progress)?;
            let share = work.classes.counts[class] as f64 / all.len() as f64;
            let threshold = self.balance_threshold.unwrap_or(share);
            let columns = (space.numbers.len() + space.levels.len()) as f64;
            let exponent = self.density_exponent.unwrap_or(columns);
            // Clusters whose rows of the class have neighbours, and the logarithm of their sparsity: powers overflow.
            let mut chosen: Vec<(Vec<u32>, f64)> = Vec::new();
            for rows in clusters.rows() {
                let members: Vec<u32> =
                    rows.iter().copied().filter(|&row| work.class_of(row) == class).collect();
                if members.len() < 2 || (members.len() as f64) < threshold * rows.len() as f64 {
                    continue;
                }
                let distance = mean_distance(&points.take(&members));
                let sparsity =
                    exponent * math::ln(distance.max(f64::MIN_POSITIVE)) - math::ln(members.len() as f64);
                chosen.push((members, sparsity));
            }
            phase.check()?;
            if chosen.is_empty() {
                return Err(ResampleError::NoCluster.into());
            }
            let highest = chosen.iter().map(|(_, sparsity)| *sparsity).fold(f64::NEG_INFINITY, f64::max);
            let weights: Vec<f64> =
                chosen.iter().map(|(_, sparsity)| math::exp(sparsity - highest)).collect();
            for ((members, _), share) in chosen.iter().zip(shares(&weights, count)) {
                let own = points.take(members);
                let near = work.among_themselves(&own, self.neighbors)?;
                let bases: Vec<u32> = (0..members.len() as u32).collect();
                found.drafts.append(between(members, &bases, &near, share, &mut stream, &space));
            }
        }
        Ok(found)
    }
}

/// The mean distance of two different points.
fn mean_distance(points: &MixedPoints) -> f64 {
    let step = points.len().div_ceil(MOST_MEASURED);
    let (mut sum, mut pairs) = (0.0, 0_u64);
    for a in (0..points.len()).step_by(step) {
        for b in (0..a).step_by(step) {
            sum += points.squared_distance(a, points, b).sqrt();
            pairs += 1;
        }
    }
    sum / pairs.max(1) as f64
}

/// Whole numbers in proportion to weights, `count` in all.
fn shares(weights: &[f64], count: usize) -> Vec<usize> {
    let all: f64 = weights.iter().sum();
    let (mut before, mut given) = (0.0, 0);
    weights
        .iter()
        .map(|weight| {
            before += weight;
            let until = ((before / all * count as f64).round() as usize).min(count);
            let share = until - given;
            given = until;
            share
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up() {
        assert_eq!(shares(&[1.0, 1.0, 2.0], 10), [3, 2, 5]);
        assert_eq!(shares(&[0.3; 7], 10).iter().sum::<usize>(), 10);
        assert_eq!(shares(&[1e-300, 1.0], 3), [0, 3]);
    }
}
