//! Dealing rows into folds, with those that must stay together in one.

use lookalike_core::Seed;

use super::keys::row_keys;
use crate::tree::Feature;

/// Deals the rows into folds of about equal size, equal rows into the same one. Rows of one group stay together too;
/// where equal rows would then tie most rows to each other, groups alone do.
pub(super) fn deal(features: &[Feature<'_>], groups: Option<&[u64]>, folds: usize, seed: Seed) -> Vec<usize> {
    let keys = row_keys(features);
    let n_rows = keys.len();
    let mut together = match groups {
        None => equal(&keys),
        Some(groups) => {
            let mut ties = Ties::new(n_rows);
            ties.tie_equal(groups);
            let only_groups = ties.clone();
            ties.tie_equal(&keys);
            match ties.groups() {
                groups if groups.iter().all(|group| group.len() * 2 <= n_rows) => groups,
                _ => only_groups.groups(),
            }
        }
    };
    // They stand in an order that does not depend on the seed; large ones first, for even folds.
    seed.stream("two-sample folds", 0).shuffle(&mut together);
    together.sort_by_key(|rows| std::cmp::Reverse(rows.len()));
    let mut sizes = vec![0_usize; folds];
    let mut fold_of = vec![0; n_rows];
    for rows in together {
        let fold = (0..folds).min_by_key(|&fold| sizes[fold]).unwrap_or(0);
        sizes[fold] += rows.len();
        for row in rows {
            fold_of[row] = fold;
        }
    }
    fold_of
}

/// The rows of each key, in the order of keys.
fn equal<K: Copy + Ord>(keys: &[K]) -> Vec<Vec<usize>> {
    let mut keyed: Vec<(K, usize)> = keys.iter().copied().zip(0..).collect();
    keyed.sort_unstable();
    let rows = |chunk: &[(K, usize)]| chunk.iter().map(|(_, row)| *row).collect();
    keyed.chunk_by(|a, b| a.0 == b.0).map(rows).collect()
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
    fn tie_equal<K: Copy + Ord>(&mut self, keys: &[K]) {
        for rows in equal(keys) {
            for pair in rows.windows(2) {
                let (a, b) = (self.first(pair[0]), self.first(pair[1]));
                self.before[a.max(b)] = a.min(b);
            }
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
    fn folds_are_even_and_keep_groups_whole() {
        let x: Vec<f64> = (0..90).map(f64::from).collect();
        let groups: Vec<u64> = (0..90).map(|row| row / 3).collect();
        let folds = deal(&[Feature::Numeric(&x)], Some(&groups), 3, Seed::new(1));
        assert!(folds.chunks(3).all(|group| group.iter().all(|&fold| fold == group[0])));
        assert!((0..3).all(|fold| folds.iter().filter(|&&own| own == fold).count() == 30));
    }
}
