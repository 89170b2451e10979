use lookalike_core::{Cancelled, Progress, math};
use rayon::prelude::*;

use super::binning::Binned;
use super::grow::{Grower, Growth, Leaf};
use super::measure::{Measure, Moments, Packed, Wide};
use super::structure::{Tree, Walk};
use super::training::{Target, Training};

/// How trees are boosted.
#[derive(Debug, Clone, PartialEq)]
pub struct BoostingOptions {
    /// The most rounds; each grows one tree, or one per class with three classes or more.
    pub rounds: usize,
    /// How much of each tree's advice is taken.
    pub learning_rate: f64,
    /// The most cuts between root and leaf.
    pub max_depth: usize,
    /// The least sum of hessians in a leaf (the weight of its rows, for numbers).
    pub min_hessian: f64,
    /// Added to every hessian: draws leaves towards zero.
    pub lambda: f64,
}

impl Default for BoostingOptions {
    fn default() -> Self {
        BoostingOptions { rounds: 100, learning_rate: 0.1, max_depth: 6, min_hessian: 1.0, lambda: 1.0 }
    }
}

/// Rows that tell when to stop: boosting ends after `patience` rounds without a lower loss on them, and keeps
/// the trees up to the lowest.
#[derive(Debug, Clone, Copy)]
pub struct Validation<'a> {
    /// Rows of the matrix that are not learned from.
    pub rows: &'a [u32],
    /// How many rounds to wait for a lower loss.
    pub patience: usize,
}

/// Gradient-boosted trees: logistic loss for two classes, softmax for more, squared loss for numbers.
///
/// # References
/// Friedman, J. H. (2001). Greedy function approximation: a gradient boosting machine. *Annals of Statistics* 29,
/// 1189–1232. <https://doi.org/10.1214/aos/1013203451>
///
/// Chen, T. and Guestrin, C. (2016). `XGBoost`: a scalable tree boosting system. *KDD*.
/// <https://doi.org/10.1145/2939672.2939785>
///
/// ```
/// use lookalike_core::Silent;
/// use lookalike_learn::tree::{Binning, Boosting, BoostingOptions, Feature, Target, Training};
/// let x: Vec<f64> = (0..200).map(f64::from).collect();
/// let y: Vec<f64> = x.iter().map(|x| (x - 100.0).abs()).collect();
/// let features = [Feature::Numeric(&x)];
/// let matrix = Binning::fit(&features, 255).apply(&features);
/// let training = Training::new(&matrix, Target::Numbers(&y));
/// let model = Boosting::fit(&training, &BoostingOptions::default(), None, &Silent)?;
/// let predicted = model.predict(&matrix, &[0, 100]);
/// assert!((predicted[0] - 100.0).abs() < 2.0 && predicted[1].abs() < 2.0);
/// # Ok::<(), lookalike_core::Cancelled>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Boosting {
    /// Round after round, `base.len()` trees each; leaf values include the learning rate.
    trees: Vec<Tree>,
    base: Vec<f64>,
    /// 0 for numbers.
    classes: usize,
}

/// Rows that pass all trees together: their bins stay in the cache.
const BLOCK: usize = 1024;

impl Boosting {
    /// Learns from `training`, stopping early if `validation` says so.
    ///
    /// # Errors
    /// [`Cancelled`] when the listener wants the work to stop.
    ///
    /// # Panics
    /// If lengths do not match the matrix, or a class is not below the number of classes.
    pub fn fit(
        training: &Training<'_>,
        options: &BoostingOptions,
        validation: Option<Validation<'_>>,
        progress: &dyn Progress,
    ) -> Result<Self, Cancelled> {
        let rows = training.row_list();
        let base = base_scores(training, &rows);
        let classes = match training.target {
            Target::Classes { count, .. } => count,
            Target::Numbers(_) => 0,
        };
        let mut model = Boosting { trees: Vec::new(), base, classes };
        // Nothing to learn from, or nothing to tell apart.
        if rows.is_empty() || classes == 1 {
            return Ok(model);
        }
        if rows.len() <= Packed::MOST_ROWS {
            model.boost::<Packed>(training, options, &rows, validation, progress)?;
        } else {
            model.boost::<Wide>(training, options, &rows, validation, progress)?;
        }
        Ok(model)
    }

    fn boost<M: Quantised>(
        &mut self,
        training: &Training<'_>,
        options: &BoostingOptions,
        rows: &[u32],
        validation: Option<Validation<'_>>,
        progress: &dyn Progress,
    ) -> Result<(), Cancelled> {
        let matrix = training.matrix;
        let growth = Growth {
            max_depth: options.max_depth,
            min_weight: options.min_hessian,
            min_gain: 0.0,
            features_per_node: None,
        };
        let outputs = self.base.len();
        let mut grower = Grower::new(
            &M::scaled(Moments::new(1.0, 1.0, options.lambda, 1)),
            matrix,
            training.feature_list(),
            growth,
        );
        // Scores, gradients and hessians are kept per place in the list of rows; leaves name matrix rows.
        let mut place_of = vec![u32::MAX; matrix.n_rows()];
        for (place, &row) in rows.iter().enumerate() {
            place_of[row as usize] = place as u32;
        }
        let mut scores: Vec<f64> = rows.iter().flat_map(|_| self.base.iter().copied()).collect();
        let mut watch = validation.map(|validation| Watch::new(self, training, validation));
        let mut derivatives = vec![(0.0, 0.0); rows.len() * outputs];
        'rounds: for _ in 0..options.rounds {
            if progress.cancelled() {
                return Err(Cancelled);
            }
            self.derive(training, rows, &scores, &mut derivatives);
            for output in 0..outputs {
                let mut sums = (0.0, 0.0);
                for &(gradient, hessian) in derivatives[output..].iter().step_by(outputs) {
                    let gradient: f64 = gradient;
                    sums = (sums.0 + gradient.abs(), sums.1 + hessian);
                }
                if !(sums.0.is_finite() && sums.1.is_finite()) {
                    // Numbers near the end of the range cannot be added up, so nothing can be learned.
                    break 'rounds;
                }
                let moments = Moments::new(sums.0, sums.1, options.lambda, M::BITS - 1);
                let measure = M::scaled(moments);
                let (mut tree, leaves) = grower.grow(
                    &measure,
                    rows,
                    |row| {
                        let place = place_of[row as usize] as usize;
                        let (gradient, hessian) = derivatives[place * outputs + output];
                        measure.quantise(gradient, hessian)
                    },
                    None,
                );
                tree.values = leaves
                    .iter()
                    .map(|leaf: &Leaf<M::Sum>| {
                        let (gradient, hessian) = moments.unscaled(M::pair(&leaf.sum));
                        let denominator = hessian + options.lambda;
                        if denominator > 0.0 { -options.learning_rate * gradient / denominator } else { 0.0 }
                    })
                    .collect();
                for (leaf, value) in leaves.iter().zip(&tree.values) {
                    for &row in grower.rows_of(leaf) {
                        scores[place_of[row as usize] as usize * outputs + output] += value;
                    }
                }
                self.trees.push(tree);
            }
            if let Some(watch) = &mut watch
                && watch.is_over(self, training)
            {
                break;
            }
        }
        if let Some(watch) = watch {
            self.trees.truncate(watch.best_trees);
        }
        Ok(())
    }

    /// Gradient and hessian of the loss for every row and output.
    fn derive(&self, training: &Training<'_>, rows: &[u32], scores: &[f64], derivatives: &mut [(f64, f64)]) {
        let outputs = self.base.len();
        match training.target {
            Target::Numbers(values) => {
                for ((derivative, &row), &score) in derivatives.iter_mut().zip(rows).zip(scores) {
                    let weight = training.weight(row);
                    *derivative = (weight * (score - values[row as usize]), weight);
                }
            }
            Target::Classes { classes, .. } if outputs == 1 => {
                for ((derivative, &row), &score) in derivatives.iter_mut().zip(rows).zip(scores) {
                    let weight = training.weight(row);
                    let probability = math::sigmoid(score);
                    let truth = f64::from(classes[row as usize]);
                    *derivative = (
                        weight * (probability - truth),
                        weight * (probability * (1.0 - probability)).max(1e-16),
                    );
                }
            }
            Target::Classes { classes, .. } => {
                let mut probabilities = vec![0.0; outputs];
                let all = derivatives.chunks_exact_mut(outputs).zip(rows).zip(scores.chunks_exact(outputs));
                for ((derivatives, &row), scores) in all {
                    let weight = training.weight(row);
                    probabilities.copy_from_slice(scores);
                    softmax(&mut probabilities);
                    for (class, derivative) in derivatives.iter_mut().enumerate() {
                        let p = probabilities[class];
                        let truth = f64::from(u8::from(class as u32 == classes[row as usize]));
                        *derivative = (weight * (p - truth), weight * (2.0 * p * (1.0 - p)).max(1e-16));
                    }
                }
            }
        }
    }

    /// Sums of the leaves, before the link function: one number per row, or one per class with three classes or
    /// more.
    pub fn scores(&self, matrix: &Binned, rows: &[u32]) -> Vec<f64> {
        let outputs = self.base.len();
        let mut scores: Vec<f64> = rows.iter().flat_map(|_| self.base.iter().copied()).collect();
        let walks: Vec<Walk<'_>> = self.trees.iter().map(|tree| tree.walk(matrix)).collect();
        // Blocks of rows stay in the cache while all trees pass; each row's sum is taken in the order of trees.
        scores.par_chunks_mut(BLOCK * outputs.max(1)).zip(rows.par_chunks(BLOCK)).for_each(
            |(scores, rows)| {
                for (number, (tree, walk)) in self.trees.iter().zip(&walks).enumerate() {
                    walk.leaves_of(matrix, rows, |place, leaf| {
                        scores[place * outputs + number % outputs] += tree.values[leaf];
                    });
                }
            },
        );
        scores
    }

    /// The probability of every class for every row, row after row. For numbers, nothing.
    pub fn probabilities(&self, matrix: &Binned, rows: &[u32]) -> Vec<f64> {
        let mut scores = self.scores(matrix, rows);
        match self.classes {
            0 => Vec::new(),
            1 => vec![1.0; rows.len()],
            2 => scores
                .iter()
                .flat_map(|&score| {
                    let probability = math::sigmoid(score);
                    [1.0 - probability, probability]
                })
                .collect(),
            classes => {
                scores.chunks_exact_mut(classes).for_each(softmax);
                scores
            }
        }
    }

    /// The predicted numbers; for classes, the [`scores`](Self::scores).
    pub fn predict(&self, matrix: &Binned, rows: &[u32]) -> Vec<f64> {
        self.scores(matrix, rows)
    }

    /// All trees, round after round and, within a round, class after class.
    pub fn trees(&self) -> &[Tree] {
        &self.trees
    }

    /// What is predicted before any tree, one number per output.
    pub fn base(&self) -> &[f64] {
        &self.base
    }
}

/// Makes the numbers positive and their sum 1.
fn softmax(scores: &mut [f64]) {
    let highest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = math::exp(*score - highest);
        sum += *score;
    }
    for score in scores {
        *score /= sum;
    }
}

/// The best constant prediction.
fn base_scores(training: &Training<'_>, rows: &[u32]) -> Vec<f64> {
    match training.target {
        Target::Numbers(values) => {
            let mut sums = (0.0, 0.0);
            for &row in rows {
                let weight = training.weight(row);
                sums = (sums.0 + weight * values[row as usize], sums.1 + weight);
            }
            let mean = sums.0 / sums.1;
            vec![if mean.is_finite() { mean } else { 0.0 }]
        }
        Target::Classes { classes, count } => {
            let mut weights = vec![0.0; count];
            for &row in rows {
                weights[classes[row as usize] as usize] += training.weight(row);
            }
            let total: f64 = weights.iter().sum();
            // A class without rows has a small probability, not none.
            let share = |weight: f64| ((weight + 1e-6) / (total + 1e-6 * count as f64)).max(1e-9);
            if count == 2 {
                vec![math::ln(share(weights[1]) / share(weights[0]))]
            } else {
                weights.iter().map(|&weight| math::ln(share(weight))).collect()
            }
        }
    }
}

/// A measure of gradients and hessians.
trait Quantised: Measure {
    const BITS: i32;
    fn scaled(moments: Moments) -> Self;
    fn quantise(&self, gradient: f64, hessian: f64) -> Self::Row;
    fn pair(sum: &Self::Sum) -> [i64; 2];
}

impl Quantised for Packed {
    const BITS: i32 = Packed::BITS;
    fn scaled(moments: Moments) -> Self {
        Packed(moments)
    }
    fn quantise(&self, gradient: f64, hessian: f64) -> i64 {
        self.row(gradient, hessian)
    }
    fn pair(sum: &i64) -> [i64; 2] {
        Packed::unpack(*sum)
    }
}

impl Quantised for Wide {
    const BITS: i32 = Wide::BITS;
    fn scaled(moments: Moments) -> Self {
        Wide(moments)
    }
    fn quantise(&self, gradient: f64, hessian: f64) -> [i64; 2] {
        self.row(gradient, hessian)
    }
    fn pair(sum: &[i64; 2]) -> [i64; 2] {
        *sum
    }
}

/// Watches the loss on rows that are not learned from.
struct Watch<'a> {
    validation: Validation<'a>,
    scores: Vec<f64>,
    trees_seen: usize,
    lowest: f64,
    best_trees: usize,
    waited: usize,
}

impl<'a> Watch<'a> {
    fn new(model: &Boosting, training: &Training<'_>, validation: Validation<'a>) -> Self {
        let scores: Vec<f64> = validation.rows.iter().flat_map(|_| model.base.iter().copied()).collect();
        let lowest = loss(model, training, validation.rows, &scores);
        Watch { validation, scores, trees_seen: 0, lowest, best_trees: 0, waited: 0 }
    }

    fn is_over(&mut self, model: &Boosting, training: &Training<'_>) -> bool {
        let outputs = model.base.len();
        for number in self.trees_seen..model.trees.len() {
            let tree = &model.trees[number];
            let scores = &mut self.scores;
            tree.walk(training.matrix).leaves_of(training.matrix, self.validation.rows, |place, leaf| {
                scores[place * outputs + number % outputs] += tree.values[leaf];
            });
        }
        self.trees_seen = model.trees.len();
        let loss = loss(model, training, self.validation.rows, &self.scores);
        if loss < self.lowest {
            (self.lowest, self.best_trees, self.waited) = (loss, model.trees.len(), 0);
        } else {
            self.waited += 1;
        }
        self.waited >= self.validation.patience.max(1)
    }
}

/// The weighted sum of losses.
fn loss(model: &Boosting, training: &Training<'_>, rows: &[u32], scores: &[f64]) -> f64 {
    let outputs = model.base.len();
    let mut sum = 0.0;
    for (&row, scores) in rows.iter().zip(scores.chunks_exact(outputs)) {
        let weight = training.weight(row);
        sum += weight
            * match training.target {
                Target::Numbers(values) => (scores[0] - values[row as usize]).powi(2),
                Target::Classes { classes, .. } if outputs == 1 => {
                    // ln(1 + e^-m) for the margin m, without overflow.
                    let margin = if classes[row as usize] == 1 { scores[0] } else { -scores[0] };
                    math::ln_1p(math::exp(-margin.abs())) + (-margin).max(0.0)
                }
                Target::Classes { classes, .. } => {
                    let highest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                    let sum: f64 = scores.iter().map(|score| math::exp(score - highest)).sum();
                    math::ln(sum) + highest - scores[classes[row as usize] as usize]
                }
            };
    }
    sum
}
