//! What tells two samples apart, judged on rows that it has not seen.

use lookalike_core::{Cancelled, Progress, Seed};
use rayon::prelude::*;

use super::auc_with_error;
use super::ranking::roc_auc;
use crate::linear::{Encoding, EncodingOptions, Logistic, LogisticOptions};
use crate::tree::{Binned, Binning, Boosting, BoostingOptions, Feature, Target, Training};

/// What tells two samples apart.
#[derive(Debug, Clone, PartialEq)]
pub enum Detector {
    /// Boosted trees.
    Boosting(BoostingOptions),
    /// Logistic regression on standardised numbers and a column per level.
    Logistic,
}

/// What a detector reached on rows that it had not seen.
#[derive(Debug, Clone)]
pub(super) struct Reached {
    pub(super) auc: f64,
    /// How far off it may be, of other rows.
    pub(super) error: f64,
    /// How far from a half it would be by chance.
    pub(super) null_error: f64,
    /// How much lower it is where a column says nothing any more; empty unless asked for.
    pub(super) losses: Vec<f64>,
}

/// Rows of two samples, ready for a detector.
pub(super) struct Prepared<'a> {
    pub(super) features: Vec<Feature<'a>>,
    /// Of which sample each row is.
    pub(super) classes: &'a [u32],
    matrix: Option<Binned>,
    detector: &'a Detector,
    /// Whether to find out which columns matter.
    explain: bool,
}

impl<'a> Prepared<'a> {
    pub(super) fn new(
        features: Vec<Feature<'a>>,
        classes: &'a [u32],
        detector: &'a Detector,
        explain: bool,
    ) -> Self {
        let boosting = matches!(detector, Detector::Boosting(_));
        let matrix = boosting.then(|| Binning::fit(&features, 255).apply(&features));
        Prepared { features, classes, matrix, detector, explain }
    }

    /// Learns from some rows and tells others apart; `None` where either lacks a sample.
    pub(super) fn reach(
        &self,
        learned: &[u32],
        tested: &[u32],
        seed: Seed,
        progress: &dyn Progress,
    ) -> Result<Option<Reached>, Cancelled> {
        let has = |rows: &[u32], class: u32| rows.iter().any(|&row| self.classes[row as usize] == class);
        if !(has(learned, 0) && has(learned, 1)) {
            return Ok(None);
        }
        let positive: Vec<bool> = tested.iter().map(|&row| self.classes[row as usize] == 1).collect();
        let mut losses = Vec::new();
        let scores = match (self.detector, &self.matrix) {
            (Detector::Boosting(options), Some(matrix)) => {
                let training = Training::new(matrix, Target::Classes { classes: self.classes, count: 2 });
                let model = Boosting::fit(&training.on_rows(learned), options, None, progress)?;
                let scores = model.scores(matrix, tested);
                if let (true, Some(auc)) = (self.explain, roc_auc(&scores, &positive)) {
                    losses = column_losses(&model, matrix, tested, &positive, auc, seed);
                }
                scores
            }
            _ => self.logistic_scores(learned, tested, progress)?,
        };
        let count = |wanted: bool| positive.iter().filter(|&&own| own == wanted).count() as f64;
        let (m, n) = (count(true), count(false));
        // As many as two rows of each sort are needed to see a spread.
        Ok(auc_with_error(&scores, &positive).map(|(auc, error)| Reached {
            auc,
            error,
            null_error: ((m + n + 1.0) / (12.0 * m * n)).sqrt(),
            losses,
        }))
    }

    fn logistic_scores(
        &self,
        learned: &[u32],
        tested: &[u32],
        progress: &dyn Progress,
    ) -> Result<Vec<f64>, Cancelled> {
        let taken = |rows: &[u32]| -> Vec<Taken> {
            let rows: Vec<usize> = rows.iter().map(|&row| row as usize).collect();
            self.features.iter().map(|feature| Taken::of(feature, &rows)).collect()
        };
        let (of_learned, of_tested) = (taken(learned), taken(tested));
        let encoding = Encoding::fit(&features(&of_learned), &EncodingOptions::default());
        let classes: Vec<u32> = learned.iter().map(|&row| self.classes[row as usize]).collect();
        let design = encoding.apply(&features(&of_learned));
        let model = Logistic::fit(&design, &classes, 2, &LogisticOptions::default(), progress)?;
        let probabilities = model.probabilities(&encoding.apply(&features(&of_tested)));
        Ok(probabilities.chunks_exact(2).map(|pair| pair[1]).collect())
    }
}

/// How much lower the area is after the tested rows of a column were put into another order (Breiman 2001,
/// <https://doi.org/10.1023/A:1010933404324>).
fn column_losses(
    model: &Boosting,
    matrix: &Binned,
    tested: &[u32],
    positive: &[bool],
    auc: f64,
    seed: Seed,
) -> Vec<f64> {
    let columns: Vec<Vec<u8>> = (0..matrix.n_features())
        .map(|feature| tested.iter().map(|&row| matrix.column(feature)[row as usize]).collect())
        .collect();
    let bins: Vec<u16> = (0..columns.len()).map(|feature| matrix.n_bins(feature) as u16).collect();
    let categorical: Vec<bool> = (0..columns.len()).map(|feature| matrix.is_categorical(feature)).collect();
    let rows: Vec<u32> = (0..tested.len() as u32).collect();
    (0..columns.len())
        .into_par_iter()
        .map(|feature| {
            let order = seed.stream("detector columns", feature as u64).choose(tested.len(), tested.len());
            let other: Vec<u8> = order.iter().map(|&row| columns[feature][row]).collect();
            let mut cells: Vec<&[u8]> = columns.iter().map(Vec::as_slice).collect();
            cells[feature] = &other;
            let matrix = Binned::new(&cells, bins.clone(), categorical.clone());
            auc - roc_auc(&model.scores(&matrix, &rows), positive).unwrap_or(auc)
        })
        .collect()
}

fn features(taken: &[Taken]) -> Vec<Feature<'_>> {
    taken.iter().map(Taken::feature).collect()
}

/// Some rows of a feature.
pub(super) enum Taken {
    Numeric(Vec<f64>),
    Categorical(Vec<u32>, usize),
}

impl Taken {
    pub(super) fn of(feature: &Feature<'_>, rows: &[usize]) -> Self {
        match *feature {
            Feature::Numeric(values) => Taken::Numeric(rows.iter().map(|&row| values[row]).collect()),
            Feature::Categorical { codes, levels } => {
                Taken::Categorical(rows.iter().map(|&row| codes[row]).collect(), levels)
            }
        }
    }

    pub(super) fn feature(&self) -> Feature<'_> {
        match self {
            Taken::Numeric(values) => Feature::Numeric(values),
            Taken::Categorical(codes, levels) => Feature::Categorical { codes, levels: *levels },
        }
    }
}
