use lookalike_table::Codes;

use crate::alignment::Cells;

/// The cells of a column in one table, ready to be compared.
pub(in crate::fidelity) struct Sample {
    pub(super) rows: usize,
    pub(super) missing: usize,
    pub(in crate::fidelity) values: Distribution,
}

/// How the values that are present are distributed.
pub(in crate::fidelity) enum Distribution {
    /// In rising order.
    Sorted(Vec<f64>),
    /// Rows per level.
    Counts(Vec<u64>),
}

impl Sample {
    pub(in crate::fidelity) fn new(cells: &Cells, levels: usize) -> Self {
        match cells {
            Cells::Numbers(values) => {
                let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
                sorted.sort_unstable_by(f64::total_cmp);
                Sample {
                    rows: values.len(),
                    missing: values.len() - sorted.len(),
                    values: Distribution::Sorted(sorted),
                }
            }
            Cells::Levels(codes) => {
                let mut counts = vec![0_u64; levels];
                for &code in codes.iter().filter(|&&code| code != Codes::MISSING) {
                    counts[code as usize] += 1;
                }
                let missing = codes.len() - counts.iter().sum::<u64>() as usize;
                Sample { rows: codes.len(), missing, values: Distribution::Counts(counts) }
            }
        }
    }

    /// The values in rising order, if there is one at least.
    pub(super) fn sorted(&self) -> Option<&[f64]> {
        match &self.values {
            Distribution::Sorted(sorted) if !sorted.is_empty() => Some(sorted),
            _ => None,
        }
    }

    /// Rows per level, and of all levels, if there is a value at least.
    pub(super) fn counts(&self) -> Option<(&[u64], u64)> {
        match &self.values {
            Distribution::Counts(counts) => {
                let total = counts.iter().sum();
                (total > 0).then_some((counts, total))
            }
            Distribution::Sorted(_) => None,
        }
    }

    /// The lowest and the highest value.
    pub(super) fn range(&self) -> Option<(f64, f64)> {
        let sorted = self.sorted()?;
        Some((sorted[0], sorted[sorted.len() - 1]))
    }

    /// Mean, and sum of the squares of deviations from it. Values are scaled by their largest deviation, so that
    /// squares stay within what a number can hold.
    pub(super) fn moments(&self) -> Option<(f64, f64)> {
        let sorted = self.sorted()?;
        let count = sorted.len() as f64;
        let (low, high) = self.range()?;
        let middle = low / 2.0 + high / 2.0;
        let mean = middle + sorted.iter().map(|value| (value - middle) / count).sum::<f64>();
        let scale = (high - mean).max(mean - low);
        if scale <= 0.0 {
            return Some((mean, 0.0));
        }
        let squares: f64 = sorted.iter().map(|value| ((value - mean) / scale).powi(2)).sum();
        Some((mean, squares * scale * scale))
    }
}
