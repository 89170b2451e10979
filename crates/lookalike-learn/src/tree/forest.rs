use lookalike_core::{Cancelled, Progress, Seed};
use rayon::prelude::*;

use super::binning::Binned;
use super::cart::{Cart, CartOptions};
use super::structure::Walk;
use super::training::{Target, Training};
use super::two_classes::{Buffers, TwoClasses};

/// How a forest is grown.
#[derive(Debug, Clone, PartialEq)]
pub struct ForestOptions {
    /// How many trees.
    pub trees: usize,
    /// How each is grown. Where the number of features per node is not given, it is the square root of their number for
    /// classes and a third of it for numbers.
    pub tree: CartOptions,
}

impl Default for ForestOptions {
    fn default() -> Self {
        ForestOptions { trees: 100, tree: CartOptions::default() }
    }
}

/// A random forest: trees on bootstrap samples, each node choosing among a random draw of the features.
///
/// # References
/// Breiman, L. (2001). Random forests. *Machine Learning* 45, 5–32. <https://doi.org/10.1023/A:1010933404324>
///
/// ```
/// use lookalike_core::{Seed, Silent};
/// use lookalike_learn::tree::{Binning, Feature, Forest, ForestOptions, Target, Training};
/// let x: Vec<f64> = (0..100).map(f64::from).collect();
/// let classes: Vec<u32> = (0..100).map(|row| u32::from(row >= 50)).collect();
/// let features = [Feature::Numeric(&x)];
/// let matrix = Binning::fit(&features, 255).apply(&features);
/// let training = Training::new(&matrix, Target::Classes { classes: &classes, count: 2 });
/// let forest = Forest::fit(&training, &ForestOptions::default(), Seed::new(1), &Silent)?;
/// assert!(forest.predict(&matrix, &[90])[1] > 0.9);
/// # Ok::<(), lookalike_core::Cancelled>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Forest {
    trees: Vec<Cart>,
    outputs: usize,
}

impl Forest {
    /// Grows the trees, on all cores.
    ///
    /// # Errors
    /// [`Cancelled`] when the listener wants the work to stop.
    ///
    /// # Panics
    /// If lengths do not match the matrix, or a class is not below the number of classes.
    pub fn fit(
        training: &Training<'_>,
        options: &ForestOptions,
        seed: Seed,
        progress: &dyn Progress,
    ) -> Result<Self, Cancelled> {
        let rows = training.row_list();
        let n_features = training.feature_list().len();
        let (outputs, usual) = match training.target {
            Target::Classes { count, .. } => (count, (n_features as f64).sqrt() as usize),
            Target::Numbers(_) => (1, n_features / 3),
        };
        let mut tree_options = options.tree.clone();
        tree_options.features_per_node = Some(tree_options.features_per_node.unwrap_or(usual).max(1));
        let pair = match training.target {
            Target::Classes { classes, count: 2 } => {
                assert!(rows.iter().all(|&row| classes[row as usize] < 2), "a class below their number");
                let weighted = training.weights.is_some();
                TwoClasses::new(training.matrix, classes, &rows, &training.feature_list(), weighted)
            }
            _ => None,
        };
        let trees = (0..options.trees)
            .into_par_iter()
            .map_init(Buffers::default, |buffers, number| {
                if progress.cancelled() {
                    return Err(Cancelled);
                }
                let mut stream = seed.stream("forest", number as u64);
                let mut times = vec![0_u32; rows.len()];
                for _ in 0..rows.len() {
                    times[stream.below(rows.len() as u64) as usize] += 1;
                }
                let (drawn, weights): (Vec<u32>, Vec<f64>) = rows
                    .iter()
                    .zip(&times)
                    .filter(|(_, times)| **times > 0)
                    .map(|(&row, &times)| (row, f64::from(times) * training.weight(row)))
                    .unzip();
                Ok(match &pair {
                    Some(pair) => {
                        let growth = tree_options.growth();
                        Cart::of(pair.grow(&growth, &drawn, &weights, &mut stream, buffers))
                    }
                    None => Cart::fit_weighted(training, &tree_options, &drawn, &weights, &mut stream).0,
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(Forest { trees, outputs })
    }

    /// The mean over the trees: for every row its class probabilities, row after row, or its number.
    pub fn predict(&self, matrix: &Binned, rows: &[u32]) -> Vec<f64> {
        let walks: Vec<Walk<'_>> = self.trees.iter().map(|tree| tree.tree().walk(matrix)).collect();
        let mut sums = vec![0.0; rows.len() * self.outputs];
        sums.par_chunks_mut(512 * self.outputs.max(1)).zip(rows.par_chunks(512)).for_each(|(sums, rows)| {
            for (tree, walk) in self.trees.iter().zip(&walks) {
                let tree = tree.tree();
                walk.leaves_of(matrix, rows, |place, leaf| {
                    let sums = &mut sums[place * self.outputs..][..self.outputs];
                    for (sum, value) in sums.iter_mut().zip(tree.leaf_values(leaf)) {
                        *sum += value;
                    }
                });
            }
            let count = self.trees.len().max(1) as f64;
            for sum in sums {
                *sum /= count;
            }
        });
        sums
    }

    /// All trees.
    pub fn trees(&self) -> &[Cart] {
        &self.trees
    }
}
