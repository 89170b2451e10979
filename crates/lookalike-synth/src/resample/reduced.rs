//! Methods that leave a class with so many rows: by lot, near the smallest class, easy to tell, or the means of clusters.

use lookalike_core::Phase;
use lookalike_learn::neighbours::{k_means, k_nearest};
use lookalike_learn::tree::{Binning, CartOptions, Feature, Forest, ForestOptions, Target, Training};
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::drafts::{Draft, Drafts};
use super::smote::some_neighbors;
use super::space::level_codes;
use super::work::{Found, Work};
use crate::error::Result;

/// Random undersampling: rows of a class are drawn without replacement, and the others left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RandomUnder {}

/// `NearMiss`: of a class those rows are kept that are nearest to the smallest class.
///
/// # References
/// - Mani, I. and Zhang, J. (2003). kNN approach to unbalanced data distributions: a case study involving information
///   extraction. *ICML workshop on learning from imbalanced datasets*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NearMiss {
    /// 1: the least mean distance to the nearest rows of the smallest class. 2: the least mean distance to the furthest ones.
    /// 3: of those that are among the neighbours of a row of the smallest class, the greatest mean distance to its nearest
    /// rows.
    pub version: u8,
    /// How many rows of the smallest class a distance is the mean of.
    pub neighbors: usize,
    /// How many neighbours each row of the smallest class proposes, in version 3.
    pub proposed: usize,
}

impl Default for NearMiss {
    fn default() -> Self {
        NearMiss { version: 1, neighbors: 3, proposed: 3 }
    }
}

/// The instance-hardness threshold: of a class those rows are kept that are easy to tell.
///
/// They are those whose class a random forest that has not seen them finds most probable.
///
/// # References
/// - Smith, M. R., Martinez, T. and Giraud-Carrier, C. (2014). An instance level analysis of data complexity.
///   <https://doi.org/10.1007/s10994-013-5422-z>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct InstanceHardness {
    /// In how many parts the rows are divided; each is judged by a forest of the others.
    pub folds: usize,
    /// How many trees a forest has.
    pub trees: usize,
}

impl Default for InstanceHardness {
    fn default() -> Self {
        InstanceHardness { folds: 5, trees: 100 }
    }
}

/// Cluster centroids: a class becomes the means of its clusters, as many as it is to have rows.
///
/// Clusters are found by k-means. None of the class's rows stays.
///
/// # References
/// - Yen, S.-J. and Lee, Y.-S. (2009). Cluster-based under-sampling approaches for imbalanced data distributions.
///   <https://doi.org/10.1016/j.eswa.2008.06.108>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClusterCentroids {}

/// Calls `choose` with each class that is to shrink and how many rows it keeps; the others keep all.
fn shrunk(
    work: &Work<'_>,
    method: &'static str,
    mut choose: impl FnMut(usize, Vec<u32>, usize) -> Result<Vec<u32>>,
) -> Result<Found> {
    let kept = work.balance.strategy.kept(&work.classes, method)?;
    let mut rows = Vec::new();
    for (class, kept) in kept.into_iter().enumerate() {
        let of_class = work.classes.rows(class);
        match kept {
            Some(count) if count < of_class.len() => rows.extend(choose(class, of_class, count)?),
            _ => rows.extend(of_class),
        }
    }
    rows.sort_unstable();
    Ok(Found::keeping(rows))
}

impl RandomUnder {
    pub(super) fn find(work: &Work<'_>) -> Result<Found> {
        shrunk(work, "random-under", |class, rows, count| {
            let mut stream = work.context.seed.stream("rows", class as u64);
            Ok(stream.choose(rows.len(), count).into_iter().map(|place| rows[place]).collect())
        })
    }
}

/// The places of the `count` least values; of equal ones, the first.
fn least(values: &[f64], count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    order.truncate(count);
    order
}

impl NearMiss {
    pub(super) fn problems(self) -> Vec<String> {
        let mut problems = some_neighbors(self.neighbors.min(self.proposed));
        if !matches!(self.version, 1..=3) {
            problems.push("version must be 1, 2 or 3".to_owned());
        }
        problems
    }

    pub(super) fn find(self, work: &Work<'_>) -> Result<Found> {
        let space = work.space()?;
        let points = work.all_points(&space);
        let progress = work.context.progress;
        let mut short = false;
        let mut found = shrunk(work, "nearmiss", |class, rows, count| {
            let phase = Phase::begin(progress, "measuring distances", None);
            let minority = points.take(&work.classes.rows(work.classes.minority_beside(class)));
            let own = points.take(&rows);
            let mean = |squares: &mut dyn Iterator<Item = f64>| {
                let (mut sum, mut count) = (0.0, 0);
                for squared in squares {
                    sum += squared.sqrt();
                    count += 1;
                }
                sum / f64::from(count.max(1))
            };
            if self.version == 2 {
                let far: Vec<f64> = (0..rows.len())
                    .into_par_iter()
                    .map(|row| {
                        phase.check()?;
                        let mut squares: Vec<f64> = (0..minority.len())
                            .map(|other| own.squared_distance(row, &minority, other))
                            .collect();
                        squares.sort_unstable_by(|a, b| b.total_cmp(a));
                        Ok(mean(&mut squares.into_iter().take(self.neighbors)))
                    })
                    .collect::<Result<_>>()?;
                return Ok(least(&far, count).into_iter().map(|place| rows[place]).collect());
            }
            let near = k_nearest(&own, None, &minority, self.neighbors, progress)?;
            let distance = |row: usize| mean(&mut near.of(row).iter().map(|near| near.squared));
            if self.version == 1 {
                let distances: Vec<f64> = (0..rows.len()).map(distance).collect();
                return Ok(least(&distances, count).into_iter().map(|place| rows[place]).collect());
            }
            let proposed = k_nearest(&minority, None, &own, self.proposed, progress)?;
            let mut places: Vec<usize> =
                (0..minority.len()).flat_map(|row| proposed.of(row)).map(|near| near.row as usize).collect();
            places.sort_unstable();
            places.dedup();
            short |= places.len() < count;
            let nearness: Vec<f64> = places.iter().map(|&place| -distance(place)).collect();
            Ok(least(&nearness, count).into_iter().map(|place| rows[places[place]]).collect())
        })?;
        if short {
            found.warn("the rows of the smallest class have fewer neighbours in a class than it was to keep: it kept these");
        }
        Ok(found)
    }
}

impl InstanceHardness {
    pub(super) fn problems(self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.folds < 2 {
            problems.push("there must be at least 2 folds".to_owned());
        }
        if self.trees == 0 {
            problems.push("there must be at least 1 tree".to_owned());
        }
        problems
    }

    pub(super) fn find(self, work: &Work<'_>) -> Result<Found> {
        let kept = work.balance.strategy.kept(&work.classes, "instance-hardness")?;
        if kept.iter().zip(&work.classes.counts).all(|(kept, count)| kept.is_none_or(|kept| kept >= *count)) {
            return Ok(Found::default());
        }
        let easy = self.easiness(work)?;
        shrunk(work, "instance-hardness", |_, rows, count| {
            let hardness: Vec<f64> = rows.iter().map(|&row| -easy[row as usize]).collect();
            Ok(least(&hardness, count).into_iter().map(|place| rows[place]).collect())
        })
    }

    /// How probable a forest of other rows finds each row's class.
    fn easiness(self, work: &Work<'_>) -> Result<Vec<f64>> {
        let space = work.space()?;
        let numbers = space
            .numbers
            .iter()
            .map(|&(index, _)| work.table.column(index).numbers().expect("numbers").values);
        let numbers: Vec<Vec<f64>> = numbers.collect();
        let levels: Vec<Vec<u32>> =
            space.levels.iter().map(|&index| level_codes(work.table.column(index))).collect();
        let mut features: Vec<Feature<'_>> = numbers.iter().map(|values| Feature::Numeric(values)).collect();
        for codes in &levels {
            let count = codes.iter().max().map_or(0, |&most| most as usize + 1);
            features.push(Feature::Categorical { codes, levels: count });
        }
        let matrix = Binning::fit(&features, 255).apply(&features);
        let n_classes = work.classes.counts.len();
        let target = Target::Classes { classes: &work.classes.of_row, count: n_classes };
        let mut fold_of = vec![0_usize; work.table.n_rows()];
        for class in 0..n_classes {
            let mut rows = work.classes.rows(class);
            work.context.seed.stream("folds", class as u64).shuffle(&mut rows);
            for (place, row) in rows.into_iter().enumerate() {
                fold_of[row as usize] = place % self.folds;
            }
        }
        let phase = Phase::begin(work.context.progress, "learning forests", Some(self.folds as u64));
        let mut easy = vec![0.0; work.table.n_rows()];
        for fold in 0..self.folds {
            let (judged, learned): (Vec<u32>, Vec<u32>) =
                work.all_rows().into_iter().partition(|&row| fold_of[row as usize] == fold);
            if judged.is_empty() || learned.is_empty() {
                continue;
            }
            let training = Training::new(&matrix, target).on_rows(&learned);
            let options = ForestOptions {
                trees: self.trees,
                tree: CartOptions { min_leaf: 1.0, ..CartOptions::default() },
            };
            let seed = work.context.seed.derive("hardness").derive(&fold.to_string());
            let forest = Forest::fit(&training, &options, seed, work.context.progress)?;
            let probabilities = forest.predict(&matrix, &judged);
            for (place, &row) in judged.iter().enumerate() {
                easy[row as usize] = probabilities[place * n_classes + work.class_of(row)];
            }
            phase.advance(1)?;
        }
        Ok(easy)
    }
}

impl ClusterCentroids {
    pub(super) fn find(work: &Work<'_>) -> Result<Found> {
        let space = work.space()?;
        let mut drafts = Drafts::default();
        let mut short = false;
        let mut found = shrunk(work, "cluster-centroids", |class, rows, count| {
            let phase = Phase::begin(work.context.progress, "finding clusters", None);
            let points = space.points(&rows, &rows);
            let mut stream = work.context.seed.stream("clusters", class as u64);
            let clusters = k_means(&points, count, &mut stream, work.context.progress)?;
            phase.check()?;
            short |= clusters.count < count;
            for places in clusters.rows() {
                let voters = drafts.group(places.iter().map(|&place| rows[place as usize]));
                drafts.rows.push(Draft::Mean { first: rows[places[0] as usize], voters });
            }
            Ok(Vec::new())
        })?;
        if short {
            found.warn("a class has fewer different rows than it was to keep: each of them is a cluster");
        }
        found.drafts = drafts;
        Ok(found)
    }
}
