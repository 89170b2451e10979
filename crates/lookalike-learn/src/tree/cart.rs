use lookalike_core::{Seed, Stream};

use super::binning::Binned;
use super::grow::{Grower, Growth};
use super::measure::{ClassRow, ClassWeights, Moments, Wide, nearest, power_of_two_scale};
use super::structure::Tree;
use super::training::{Target, Training};

/// How a single tree is grown.
#[derive(Debug, Clone, PartialEq)]
pub struct CartOptions {
    /// The most cuts between root and leaf.
    pub max_depth: usize,
    /// The least weight of a leaf's rows.
    pub min_leaf: f64,
    /// The least gain of a cut: how much it lowers the weighted sum of squares, or of Gini's impurity.
    pub min_gain: f64,
    /// How many features to look at in each node, drawn at random; all when `None`.
    pub features_per_node: Option<usize>,
}

impl Default for CartOptions {
    fn default() -> Self {
        CartOptions { max_depth: 64, min_leaf: 1.0, min_gain: 0.0, features_per_node: None }
    }
}

impl CartOptions {
    pub(super) fn growth(&self) -> Growth {
        Growth {
            max_depth: self.max_depth,
            min_weight: self.min_leaf.max(f64::MIN_POSITIVE),
            min_gain: self.min_gain,
            features_per_node: self.features_per_node,
        }
    }
}

/// One classification or regression tree: a leaf holds the shares of the classes, or the mean of the numbers.
///
/// # References
/// Breiman, L., Friedman, J., Olshen, R. and Stone, C. (1984). *Classification and Regression Trees*.
/// <https://doi.org/10.1201/9781315139470>
///
/// ```
/// use lookalike_core::Seed;
/// use lookalike_learn::tree::{Binning, Cart, CartOptions, Feature, Target, Training};
/// let x = [1.0, 2.0, 3.0, 4.0];
/// let features = [Feature::Numeric(&x)];
/// let matrix = Binning::fit(&features, 255).apply(&features);
/// let target = Target::Classes { classes: &[0, 0, 1, 1], count: 2 };
/// let (tree, _) = Cart::fit(&Training::new(&matrix, target), &CartOptions::default(), Seed::new(0));
/// assert_eq!(tree.leaf(&matrix, 0), [1.0, 0.0]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Cart {
    tree: Tree,
}

impl Cart {
    /// Grows a tree and says which of the rows fell into each leaf. The seed matters only where features are
    /// drawn.
    ///
    /// # Panics
    /// If lengths do not match the matrix, or a class is not below the number of classes.
    pub fn fit(training: &Training<'_>, options: &CartOptions, seed: Seed) -> (Self, Vec<Vec<u32>>) {
        let rows = training.row_list();
        let weights: Vec<f64> = rows.iter().map(|&row| training.weight(row)).collect();
        Self::fit_weighted(training, options, &rows, &weights, &mut seed.stream("cart", 0))
    }

    /// The same with a weight per listed row.
    pub(super) fn fit_weighted(
        training: &Training<'_>,
        options: &CartOptions,
        rows: &[u32],
        weights: &[f64],
        stream: &mut Stream,
    ) -> (Self, Vec<Vec<u32>>) {
        let growth = options.growth();
        let features = training.feature_list();
        let total: f64 = weights.iter().sum();
        let mut weight_of = vec![0.0; training.matrix.n_rows()];
        for (&row, &weight) in rows.iter().zip(weights) {
            weight_of[row as usize] = weight;
        }
        match training.target {
            Target::Classes { classes, count } => {
                let measure = ClassWeights {
                    classes: count,
                    weight_scale: power_of_two_scale(total, ClassWeights::BITS),
                };
                let mut grower = Grower::new(&measure, training.matrix, features, growth);
                let stat = |row: u32| -> ClassRow {
                    (classes[row as usize], nearest(weight_of[row as usize] * measure.weight_scale))
                };
                let (mut tree, leaves) = grower.grow(&measure, rows, stat, Some(stream));
                tree.outputs = count;
                for leaf in &leaves {
                    let weight: i64 = leaf.sum.iter().sum();
                    tree.values.extend(leaf.sum.iter().map(|&part| {
                        if weight > 0 { part as f64 / weight as f64 } else { 1.0 / count as f64 }
                    }));
                }
                (Cart { tree }, leaves.iter().map(|leaf| grower.rows_of(leaf).to_vec()).collect())
            }
            Target::Numbers(values) => {
                let sum: f64 = rows.iter().map(|&row| weight_of[row as usize] * values[row as usize]).sum();
                // Sums of squares around the mean, where they lose the fewest bits.
                let mean = if (sum / total).is_finite() { sum / total } else { 0.0 };
                let spread: f64 = rows
                    .iter()
                    .map(|&row| (weight_of[row as usize] * (values[row as usize] - mean)).abs())
                    .sum();
                // Numbers near the end of the range cannot be added up, so nothing can be learned.
                let growth = if spread.is_finite() { growth } else { Growth { max_depth: 0, ..growth } };
                let measure = Wide(Moments::new(spread.min(f64::MAX), total, 0.0, Wide::BITS - 1));
                let mut grower = Grower::new(&measure, training.matrix, features, growth);
                let stat = |row: u32| {
                    let weight = weight_of[row as usize];
                    let gradient = if growth.max_depth == 0 { 0.0 } else { values[row as usize] - mean };
                    measure.row(weight * gradient, weight)
                };
                let (mut tree, leaves) = grower.grow(&measure, rows, stat, Some(stream));
                for leaf in &leaves {
                    let (mut sum, mut weight) = (0.0, 0.0);
                    for &row in grower.rows_of(leaf) {
                        sum += weight_of[row as usize] * values[row as usize];
                        weight += weight_of[row as usize];
                    }
                    let own = sum / weight;
                    tree.values.push(if own.is_finite() { own } else { mean });
                }
                (Cart { tree }, leaves.iter().map(|leaf| grower.rows_of(leaf).to_vec()).collect())
            }
        }
    }

    /// What was grown elsewhere.
    pub(super) fn of(tree: Tree) -> Self {
        Cart { tree }
    }

    /// The shares of the classes, or the mean, in the leaf that a row falls into.
    pub fn leaf(&self, matrix: &Binned, row: usize) -> &[f64] {
        self.tree.leaf_values(self.tree.leaf_of(matrix, row))
    }

    /// The tree itself.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }
}
