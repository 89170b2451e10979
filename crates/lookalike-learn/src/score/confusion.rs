/// How often each class was predicted for rows of each class.
///
/// ```
/// use lookalike_learn::score::Confusion;
/// let confusion = Confusion::new(&[0, 1, 1, 0], &[0, 1, 0, 0], 2, None);
/// assert_eq!(confusion.count(0, 1), 1);
/// assert_eq!(confusion.recall(1), Some(1.0));
/// assert_eq!(confusion.accuracy(), Some(0.75));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confusion {
    classes: usize,
    /// True class after true class.
    counts: Vec<u64>,
}

impl Confusion {
    /// Counts rows, each as often as `times` says, or once.
    ///
    /// # Panics
    /// If lengths differ or a class is not below their number.
    pub fn new(predicted: &[u32], truth: &[u32], classes: usize, times: Option<&[u32]>) -> Self {
        assert_eq!(predicted.len(), truth.len(), "a prediction per row");
        let mut counts = vec![0; classes * classes];
        for (row, (&predicted, &truth)) in predicted.iter().zip(truth).enumerate() {
            assert!((predicted as usize) < classes, "a class below their number");
            counts[truth as usize * classes + predicted as usize] += u64::from(times_of(times, row));
        }
        Confusion { classes, counts }
    }

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// How many rows of one class were taken for another, or for their own.
    pub fn count(&self, truth: usize, predicted: usize) -> u64 {
        self.counts[truth * self.classes + predicted]
    }

    /// How many rows of this class there are.
    pub fn rows_of(&self, truth: usize) -> u64 {
        self.counts[truth * self.classes..][..self.classes].iter().sum()
    }

    /// How often this class was predicted.
    pub fn predicted(&self, class: usize) -> u64 {
        (0..self.classes).map(|truth| self.count(truth, class)).sum()
    }

    /// The share of the rows whose class was predicted. `None` without rows.
    pub fn accuracy(&self) -> Option<f64> {
        let right: u64 = (0..self.classes).map(|class| self.count(class, class)).sum();
        let all: u64 = self.counts.iter().sum();
        (all > 0).then(|| right as f64 / all as f64)
    }

    /// The share of the rows of a class for which it was predicted. `None` if it has none.
    pub fn recall(&self, class: usize) -> Option<f64> {
        let all = self.rows_of(class);
        (all > 0).then(|| self.count(class, class) as f64 / all as f64)
    }

    /// The share of the rows of a class for which another was predicted. `None` if it has none.
    pub fn error(&self, class: usize) -> Option<f64> {
        self.recall(class).map(|recall| 1.0 - recall)
    }

    /// The mean of [`recall`](Self::recall) over the classes that occur.
    ///
    /// # References
    /// Brodersen, K. H. et al. (2010). The balanced accuracy and its posterior distribution. *ICPR*.
    /// <https://doi.org/10.1109/ICPR.2010.764>
    pub fn balanced_accuracy(&self) -> Option<f64> {
        mean((0..self.classes).filter_map(|class| self.recall(class)))
    }

    /// The harmonic mean of precision and recall of one class: 0 when it is never rightly predicted, `None` when it
    /// neither occurs nor is predicted.
    pub fn f1(&self, class: usize) -> Option<f64> {
        let either = self.rows_of(class) + self.predicted(class);
        (either > 0).then(|| 2.0 * self.count(class, class) as f64 / either as f64)
    }

    /// The mean of [`f1`](Self::f1) over the classes that occur or are predicted.
    pub fn macro_f1(&self) -> Option<f64> {
        mean((0..self.classes).filter_map(|class| self.f1(class)))
    }
}

/// How often a row counts.
pub(super) fn times_of(times: Option<&[u32]>, row: usize) -> u32 {
    times.map_or(1, |times| times[row])
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let values: Vec<f64> = values.collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        let confusion = Confusion::new(&[0, 1, 1, 0, 1], &[0, 1, 0, 0, 0], 3, None);
        assert_eq!(confusion.accuracy(), Some(0.6));
        assert_eq!(confusion.f1(1), Some(0.5));
        assert_eq!(confusion.f1(2), None);
        assert_eq!(confusion.recall(2), None);
        assert_eq!((confusion.error(0), confusion.error(2)), (Some(0.5), None));
        assert_eq!(confusion.balanced_accuracy(), Some(0.75));
        assert!((confusion.macro_f1().unwrap() - 7.0 / 12.0).abs() < 1e-15);
        assert_eq!(Confusion::new(&[1, 1], &[0, 0], 2, None).f1(1), Some(0.0));
        let nothing = Confusion::new(&[], &[], 2, None);
        assert_eq!((nothing.accuracy(), nothing.balanced_accuracy(), nothing.macro_f1()), (None, None, None));
    }

    #[test]
    fn a_row_counts_as_often_as_it_is_told_to() {
        let repeated = Confusion::new(&[0, 1, 1, 1, 0], &[0, 1, 1, 1, 1], 2, None);
        let counted = Confusion::new(&[0, 1, 0, 1], &[0, 1, 1, 0], 2, Some(&[1, 3, 1, 0]));
        assert_eq!(repeated, counted);
    }
}
