use std::collections::BTreeMap;

use lookalike_core::math;

/// A joint table of some columns as counts of what occurs together, in order.
pub(super) struct Joint {
    /// The number of each combination that occurs, and its rows.
    cells: Vec<(u64, u64)>,
    total: u64,
    /// How many codes the last column has.
    width: u64,
}

/// Up to this many cells a joint table is counted in an array.
const DENSE: u64 = 1 << 18;

impl Joint {
    /// From the codes of columns, each with how many codes there are: their product must be below 2^64.
    pub(super) fn new(columns: &[(&[u32], usize)]) -> Self {
        let size: u64 = columns.iter().map(|(_, count)| *count as u64).product();
        let rows = columns.first().map_or(0, |(codes, _)| codes.len());
        let cells = if size <= DENSE {
            // Column after column, which processors do many rows at a time.
            let mut keys = vec![0_u32; rows];
            for (codes, count) in columns {
                for (key, &code) in keys.iter_mut().zip(*codes) {
                    *key = *key * *count as u32 + code;
                }
            }
            let mut counts = vec![0_u64; size as usize];
            for key in keys {
                counts[key as usize] += 1;
            }
            (0..).zip(counts).filter(|(_, count)| *count > 0).collect()
        } else {
            let key = |row: usize| {
                columns.iter().fold(0, |key, (codes, count)| key * *count as u64 + u64::from(codes[row]))
            };
            let mut keys: Vec<u64> = (0..rows).map(key).collect();
            keys.sort_unstable();
            keys.chunk_by(|a, b| a == b).map(|equal| (equal[0], equal.len() as u64)).collect()
        };
        Joint { cells, total: rows as u64, width: columns.last().map_or(1, |(_, count)| *count as u64) }
    }

    /// One minus the total variation distance.
    pub(super) fn similarity(&self, other: &Joint) -> Option<f64> {
        if self.total == 0 || other.total == 0 {
            return None;
        }
        let share = |count: u64, total: u64| count as f64 / total as f64;
        let (mut i, mut j) = (0, 0);
        let mut distance = 0.0;
        while i < self.cells.len() || j < other.cells.len() {
            let key_a = self.cells.get(i).map_or(u64::MAX, |cell| cell.0);
            let key_b = other.cells.get(j).map_or(u64::MAX, |cell| cell.0);
            let mut p = 0.0;
            let mut q = 0.0;
            if key_a <= key_b {
                p = share(self.cells[i].1, self.total);
                i += 1;
            }
            if key_b <= key_a {
                q = share(other.cells[j].1, other.total);
                j += 1;
            }
            distance += (p - q).abs();
        }
        Some(1.0 - 0.5 * distance)
    }

    /// What [`similarity`](Self::similarity) is expected to be for as many fresh rows as this many from the same
    /// source, by the normal approximation of each cell's share.
    pub(super) fn expected_similarity(&self, rows: u64) -> Option<f64> {
        if self.total == 0 || rows == 0 {
            return None;
        }
        let spread = 1.0 / self.total as f64 + 1.0 / rows as f64;
        let distance: f64 = self
            .cells
            .iter()
            .map(|&(_, count)| {
                let share = count as f64 / self.total as f64;
                (std::f64::consts::FRAC_2_PI * share * (1.0 - share) * spread).sqrt()
            })
            .sum();
        Some(1.0 - 0.5 * distance)
    }

    /// Cramér's V of two columns, without correction; `None` where one is constant.
    pub(super) fn cramers_v(&self) -> Option<f64> {
        let [rows, columns] = self.margins();
        let freedom = rows.len().min(columns.len()).checked_sub(1).filter(|&freedom| freedom > 0)?;
        let sum: f64 = self
            .cells
            .iter()
            .map(|&(key, count)| {
                let expected = rows[&(key / self.width)] as f64 * columns[&(key % self.width)] as f64;
                count as f64 * count as f64 / expected
            })
            .sum();
        Some(((sum - 1.0).max(0.0) / freedom as f64).sqrt())
    }

    /// The mutual information of two columns divided by the mean of their entropies: 0 where neither tells anything
    /// about the other, 1 where each determines the other. `None` where both are constant.
    pub(super) fn normalized_information(&self) -> Option<f64> {
        let total = self.total as f64;
        let [rows, columns] = self.margins();
        let entropy = |counts: &BTreeMap<u64, u64>| -> f64 {
            counts.values().map(|&count| -(count as f64 / total) * math::ln(count as f64 / total)).sum()
        };
        let both = entropy(&rows) + entropy(&columns);
        let information: f64 = self
            .cells
            .iter()
            .map(|&(key, count)| {
                let apart = rows[&(key / self.width)] as f64 * columns[&(key % self.width)] as f64;
                count as f64 / total * math::ln(count as f64 * total / apart)
            })
            .sum();
        (both > 0.0).then(|| (2.0 * information / both).clamp(0.0, 1.0))
    }

    /// Rows per code of the first and of the last of two columns.
    fn margins(&self) -> [BTreeMap<u64, u64>; 2] {
        let (mut rows, mut columns) = (BTreeMap::new(), BTreeMap::new());
        for &(key, count) in &self.cells {
            *rows.entry(key / self.width).or_default() += count;
            *columns.entry(key % self.width).or_default() += count;
        }
        [rows, columns]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_and_sorted_keys_count_alike() {
        let a: Vec<u32> = (0..500).map(|row| row % 7).collect();
        let b: Vec<u32> = (0..500).map(|row| row * row % 5).collect();
        let dense = Joint::new(&[(&a, 7), (&b, 5)]);
        let sparse = Joint::new(&[(&a, 1 << 20), (&b, 1 << 20)]);
        assert_eq!(dense.cells.len(), sparse.cells.len());
        assert_eq!(dense.similarity(&dense), Some(1.0));
        assert_eq!(dense.cramers_v(), sparse.cramers_v());
        assert_eq!(dense.normalized_information(), sparse.normalized_information());
    }

    #[test]
    fn information_is_none_of_independent_and_all_of_equal_columns() {
        let a: Vec<u32> = (0..600).map(|row| row % 2).collect();
        let b: Vec<u32> = (0..600).map(|row| row / 2 % 3).collect();
        assert!(Joint::new(&[(&a, 2), (&b, 3)]).normalized_information().unwrap() < 1e-12);
        assert!((Joint::new(&[(&b, 3), (&b, 3)]).normalized_information().unwrap() - 1.0).abs() < 1e-12);
        assert_eq!(Joint::new(&[(&[0; 9], 1), (&[0; 9], 1)]).normalized_information(), None);
    }

    #[test]
    fn fresh_rows_reach_what_is_expected_of_them() {
        let mut stream = lookalike_core::Seed::new(3).stream("cells", 0);
        let mut draw = |rows: usize| -> Vec<u32> { (0..rows).map(|_| stream.below(30) as u32).collect() };
        let (a, b) = (draw(4000), draw(2000));
        let (a, b) = (Joint::new(&[(&a, 30)]), Joint::new(&[(&b, 30)]));
        let (found, expected) = (a.similarity(&b).unwrap(), a.expected_similarity(2000).unwrap());
        assert!((found - expected).abs() < 0.02, "{found} {expected}");
    }
}
