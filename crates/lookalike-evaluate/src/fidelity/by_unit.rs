use hashbrown::HashMap;
use lookalike_core::{Cancelled, Context, Seed};
use lookalike_learn::score::{TwoSample, TwoSampleOptions, roc_auc, row_keys};
use lookalike_learn::tree::{Binning, Boosting, Feature, Target, Training};
use rayon::prelude::*;

/// Trains boosted trees to tell the first half of the rows from the second, out of fold, the rows of a unit within one
/// fold. Equal rows are kept within one fold too, as in [`lookalike_learn::score::two_sample`], unless that would tie
/// most rows together; units stay whole in any case.
///
/// `None` where too few rows or units are left to learn from and to test on.
pub(crate) fn two_sample_by_unit(
    features: &[Feature<'_>],
    units: &[u64],
    options: &TwoSampleOptions,
    context: &Context<'_>,
) -> Result<Option<TwoSample>, Cancelled> {
    let (each, folds) = (units.len() / 2, options.folds.max(2));
    if features.is_empty() || each < 2 * folds {
        return Ok(None);
    }
    let mut ties = Ties::new(units.len());
    ties.tie_equal(units);
    let only_units = ties.clone();
    ties.tie_equal(&row_keys(features));
    let groups = match ties.groups() {
        groups if groups.iter().all(|group| group.len() * 2 <= units.len()) => groups,
        _ => only_units.groups(),
    };
    let fold_of = deal(groups, units.len(), folds, context.seed);
    let matrix = Binning::fit(features, 255).apply(features);
    let classes: Vec<u32> = (0..units.len()).map(|row| u32::from(row >= each)).collect();
    let training = Training::new(&matrix, Target::Classes { classes: &classes, count: 2 });
    let aucs: Vec<Option<f64>> = (0..folds)
        .into_par_iter()
        .map(|fold| {
            let (tested, learned): (Vec<u32>, Vec<u32>) =
                (0..units.len() as u32).partition(|&row| fold_of[row as usize] == fold);
            let has_both = [0, 1].map(|class| learned.iter().any(|&row| classes[row as usize] == class));
            if has_both.contains(&false) {
                return Ok(None);
            }
            let model =
                Boosting::fit(&training.on_rows(&learned), &options.boosting, None, context.progress)?;
            let positive: Vec<bool> = tested.iter().map(|&row| classes[row as usize] == 1).collect();
            Ok(roc_auc(&model.scores(&matrix, &tested), &positive))
        })
        .collect::<Result<_, Cancelled>>()?;
    let defined: Vec<f64> = aucs.into_iter().flatten().collect();
    let auc = defined.iter().sum::<f64>() / defined.len() as f64;
    Ok((!defined.is_empty()).then_some(TwoSample { auc, rows_per_sample: each }))
}

/// Deals groups of rows into folds of about equal size.
fn deal(mut groups: Vec<Vec<usize>>, n_rows: usize, folds: usize, seed: Seed) -> Vec<usize> {
    seed.stream("two-sample folds by unit", 0).shuffle(&mut groups);
    // Large groups first, for even folds.
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    let mut sizes = vec![0_usize; folds];
    let mut fold_of = vec![0; n_rows];
    for group in groups {
        let fold = (0..folds).min_by_key(|&fold| sizes[fold]).unwrap_or(0);
        sizes[fold] += group.len();
        for row in group {
            fold_of[row] = fold;
        }
    }
    fold_of
}

/// Rows that have to stay together: each points to an earlier one of its group, the first to itself.
#[derive(Debug, Clone)]
struct Ties {
    before: Vec<usize>,
}

impl Ties {
    fn new(n_rows: usize) -> Self {
        Ties { before: (0..n_rows).collect() }
    }

    fn first(&mut self, row: usize) -> usize {
        let mut at = row;
        while self.before[at] != at {
            self.before[at] = self.before[self.before[at]];
            at = self.before[at];
        }
        at
    }

    /// Ties rows with equal keys.
    fn tie_equal<K: Copy + Eq + std::hash::Hash>(&mut self, keys: &[K]) {
        let mut seen: HashMap<K, usize> = HashMap::new();
        for (row, &key) in keys.iter().enumerate() {
            let other = *seen.entry(key).or_insert(row);
            let (a, b) = (self.first(row), self.first(other));
            self.before[a.max(b)] = a.min(b);
        }
    }

    /// The groups in the order of their first rows.
    fn groups(mut self) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = vec![Vec::new(); self.before.len()];
        for row in 0..self.before.len() {
            let first = self.first(row);
            groups[first].push(row);
        }
        groups.retain(|group| !group.is_empty());
        groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_reach_through_other_rows() {
        let mut ties = Ties::new(6);
        ties.tie_equal(&[1, 2, 1, 3, 4, 5]);
        ties.tie_equal(&["a", "b", "c", "d", "d", "c"]);
        assert_eq!(ties.groups(), [vec![0, 2, 5], vec![1], vec![3, 4]]);
    }

    #[test]
    fn units_stay_whole_even_where_all_rows_are_equal() {
        let same = vec![1.0; 60];
        let units: Vec<u64> = (0..60).map(|row| row / 5).collect();
        let context = Context::new(Seed::new(1));
        let test =
            two_sample_by_unit(&[Feature::Numeric(&same)], &units, &TwoSampleOptions::default(), &context);
        let auc = test.unwrap().unwrap().auc;
        assert!((auc - 0.5).abs() < 1e-12, "{auc}");
        let few =
            two_sample_by_unit(&[Feature::Numeric(&same)], &[7; 60], &TwoSampleOptions::default(), &context);
        assert_eq!(few.unwrap(), None, "a single unit cannot be divided");
    }
}
