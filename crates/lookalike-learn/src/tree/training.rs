use super::binning::Binned;

/// What a learner is to predict, one entry per row of the matrix.
#[derive(Debug, Clone, Copy)]
pub enum Target<'a> {
    /// Class numbers below `count`.
    Classes {
        /// One class number per row.
        classes: &'a [u32],
        /// How many classes there are.
        count: usize,
    },
    /// Finite numbers.
    Numbers(&'a [f64]),
}

impl Target<'_> {
    pub(super) fn len(&self) -> usize {
        match self {
            Target::Classes { classes, .. } => classes.len(),
            Target::Numbers(values) => values.len(),
        }
    }
}

/// What a learner learns from: a shared matrix, and which of its rows and features to use.
#[derive(Debug, Clone, Copy)]
pub struct Training<'a> {
    /// The matrix.
    pub matrix: &'a Binned,
    /// What to predict, for every row of the matrix; only `rows` are looked at.
    pub target: Target<'a>,
    /// The rows to learn from, each at most once; all when `None`.
    pub rows: Option<&'a [u32]>,
    /// The features to use; all when `None`.
    pub features: Option<&'a [u32]>,
    /// A weight of at least 0 for every row of the matrix; 1 when `None`.
    pub weights: Option<&'a [f64]>,
}

impl<'a> Training<'a> {
    /// Learning from all rows and features with equal weights.
    pub fn new(matrix: &'a Binned, target: Target<'a>) -> Self {
        Training { matrix, target, rows: None, features: None, weights: None }
    }

    /// Learning from these rows only.
    #[must_use]
    pub fn on_rows(self, rows: &'a [u32]) -> Self {
        Training { rows: Some(rows), ..self }
    }

    /// Learning from these features only.
    #[must_use]
    pub fn on_features(self, features: &'a [u32]) -> Self {
        Training { features: Some(features), ..self }
    }

    /// Learning with a weight per row.
    #[must_use]
    pub fn weighted(self, weights: &'a [f64]) -> Self {
        Training { weights: Some(weights), ..self }
    }

    /// The rows to learn from, without those of weight 0.
    pub(super) fn row_list(&self) -> Vec<u32> {
        assert_eq!(self.target.len(), self.matrix.n_rows(), "a target per row of the matrix");
        let mut rows = match self.rows {
            Some(rows) => rows.to_vec(),
            None => (0..self.matrix.n_rows() as u32).collect(),
        };
        if let Some(weights) = self.weights {
            rows.retain(|&row| weights[row as usize] > 0.0);
        }
        rows
    }

    pub(super) fn feature_list(&self) -> Vec<u32> {
        match self.features {
            Some(features) => features.to_vec(),
            None => (0..self.matrix.n_features() as u32).collect(),
        }
    }

    pub(super) fn weight(&self, row: u32) -> f64 {
        self.weights.map_or(1.0, |weights| weights[row as usize])
    }
}
