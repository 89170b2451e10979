//! What a study of rebalancing found.

use lookalike_learn::score::student_quantile;
use serde::{Deserialize, Serialize};

use crate::metric::Goal;

/// The version of the JSON form of [`Study`]. It goes up when a field changes its meaning or disappears; fields may be
/// added within a version.
pub const STUDY_VERSION: u32 = 1;

/// Whether rebalancing helps to predict a target with a rare class.
///
/// It holds names of columns, the names of the two classes, each of which has many rows, counts and figures; no other value
/// of a cell. The same table, options and seed give the same study; what it took in seconds stands beside it
/// ([`VariantSeconds`]).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Study {
    /// [`STUDY_VERSION`] of the program that wrote it.
    pub study_version: u32,
    /// The seed of all draws.
    pub seed: u64,
    /// The column that is predicted.
    pub target: String,
    /// The negative and the positive class. Where there are more than two classes, all but the positive one are
    /// negative together.
    pub classes: [String; 2],
    /// What learns: `forest`, `boosting` or `logistic`.
    pub learner: String,
    /// How often the rows were divided anew, and everything done again.
    pub repeats: usize,
    /// How many rows each division has.
    pub rows: StudyRows,
    /// What was tried.
    pub variants: Vec<StudyVariant>,
    /// For each repeat which generator validation chose, with its settings.
    pub chosen: Vec<String>,
    /// What could not be tried, and why.
    pub not_tried: Vec<NotTried>,
    /// What may be concluded, in sentences.
    pub sentences: Vec<String>,
}

/// The parts of a division.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct StudyRows {
    /// Learned from, by generators and resamplers too.
    pub train: usize,
    /// Settings and thresholds are chosen on these.
    pub validation: usize,
    /// Judged with, once.
    pub test: usize,
    /// The share of positive rows, which is the same in all parts up to rounding.
    pub positive_share: f64,
}

/// What sort of variant it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum VariantKind {
    /// Real rows as they are, or repeated, weighted, left out, or cut at another threshold: nothing is made up.
    Control,
    /// Rows between or around real ones are added.
    Resampler,
    /// Rows that a generator drew are added.
    Generative,
}

/// One way to handle the rare class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StudyVariant {
    /// Its name, different from those of the others.
    pub name: String,
    /// What sort it is.
    pub kind: VariantKind,
    /// Whether the threshold was chosen on validation; else it is 0.5.
    pub threshold_moved: bool,
    /// What was chosen on validation, in each repeat.
    pub settings: Vec<String>,
    /// How many negative and positive rows there were to learn from, before and after; means over the repeats.
    pub learned: [[f64; 2]; 2],
    /// How many test rows of the negative class were taken for negative and positive, and then those of the positive
    /// class; means over the repeats.
    pub confusion: [[f64; 2]; 2],
    /// A figure per [`STUDY_MEASURES`], in their order.
    pub figures: Vec<StudyFigure>,
}

/// A measure of a variant on test rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StudyFigure {
    /// The measure's name.
    pub name: String,
    /// Its value in each repeat; null where it is not defined.
    pub values: Vec<Option<f64>>,
    /// The mean of the values there are.
    pub mean: Option<f64>,
    /// How it differs from that of untouched rows at the threshold 0.5, repeat by repeat.
    pub to_untouched: Option<PairedDifference>,
    /// How it differs from that of untouched rows with the threshold moved, repeat by repeat.
    pub to_moved_threshold: Option<PairedDifference>,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StudyMeasure {
    /// Its name in JSON.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// Which values are good.
    pub goal: Goal,
}

/// All measures of a study.
pub const STUDY_MEASURES: [StudyMeasure; 10] = [
    StudyMeasure { name: "error", title: "error", goal: Goal::Lower },
    StudyMeasure { name: "positive-error", title: "error of positives", goal: Goal::Lower },
    StudyMeasure { name: "negative-error", title: "error of negatives", goal: Goal::Lower },
    StudyMeasure { name: "balanced-accuracy", title: "balanced accuracy", goal: Goal::Higher },
    StudyMeasure { name: "roc-auc", title: "ROC-AUC", goal: Goal::Higher },
    StudyMeasure { name: "average-precision", title: "PR-AUC (average precision)", goal: Goal::Higher },
    StudyMeasure { name: "recall-at-precision-75", title: "recall at precision 0.75", goal: Goal::Higher },
    StudyMeasure { name: "precision-at-recall-80", title: "precision at recall 0.80", goal: Goal::Higher },
    StudyMeasure { name: "brier", title: "Brier score", goal: Goal::Lower },
    StudyMeasure { name: "calibration-error", title: "calibration error", goal: Goal::Lower },
];

/// The name of untouched rows at the threshold 0.5.
pub const UNTOUCHED: &str = "untouched";

/// The name of untouched rows with the threshold moved.
pub const MOVED_THRESHOLD: &str = "threshold moved";

/// The name of the generator that validation chose, with its threshold moved.
pub const CHOSEN_GENERATOR: &str = "generator chosen on validation";

/// What could not be tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotTried {
    /// The variant's name.
    pub name: String,
    /// Why not.
    pub reason: String,
}

/// What a variant took in a repeat, on average: making rows and learning from them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VariantSeconds {
    /// The variant's name, without that of its threshold.
    pub name: String,
    /// Seconds by the clock.
    pub seconds: f64,
}

/// How two variants differ over the same divisions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PairedDifference {
    /// The mean difference.
    pub mean: f64,
    /// Its standard error, with the correction of Nadeau and Bengio for divisions that share rows.
    pub standard_error: f64,
    /// The 95 % interval of Student's t.
    pub interval: [f64; 2],
}

impl PairedDifference {
    /// The difference of values that belong together, where `test` rows of each division are judged and `train` rows
    /// learned from. `None` for fewer than two pairs.
    ///
    /// Divisions of one table share rows, so that their results are not independent: the variance is multiplied by
    /// `1/n + test/train` in the place of `1/n`.
    ///
    /// # References
    /// Nadeau, C. and Bengio, Y. (2003). Inference for the generalization error. *Machine Learning* 52, 239–281.
    /// <https://doi.org/10.1023/A:1024068626366>
    ///
    /// ```
    /// use lookalike_evaluate::PairedDifference;
    /// let pairs = [(0.8, 0.7), (0.9, 0.7), (0.7, 0.6)];
    /// let difference = PairedDifference::of(&pairs, 0, 1).unwrap();
    /// assert!((difference.mean - 0.4 / 3.0).abs() < 1e-12);
    /// // Three differences with a deviation of 0.0577, and Student's t of two degrees of freedom.
    /// assert!((difference.standard_error - 0.1 / 3.0).abs() < 1e-12);
    /// assert!((difference.interval[1] - difference.mean - 4.302_652_7 / 30.0).abs() < 1e-8);
    /// ```
    pub fn of(pairs: &[(f64, f64)], test: usize, train: usize) -> Option<Self> {
        let n = pairs.len() as f64;
        if pairs.len() < 2 || train == 0 {
            return None;
        }
        let mean = pairs.iter().map(|(ours, theirs)| ours - theirs).sum::<f64>() / n;
        let squares: f64 =
            pairs.iter().map(|(ours, theirs)| (ours - theirs - mean) * (ours - theirs - mean)).sum();
        let variance = squares / (n - 1.0);
        let standard_error = (variance * (1.0 / n + test as f64 / train as f64)).sqrt();
        let reach = student_quantile(0.975, n - 1.0) * standard_error;
        Some(PairedDifference { mean, standard_error, interval: [mean - reach, mean + reach] })
    }

    /// Half the width of the interval.
    pub fn reach(&self) -> f64 {
        (self.interval[1] - self.interval[0]) / 2.0
    }
}

impl Study {
    /// The variant of this name.
    pub fn variant(&self, name: &str) -> Option<&StudyVariant> {
        self.variants.iter().find(|variant| variant.name == name)
    }
}

impl StudyVariant {
    /// The figure of this name.
    pub fn figure(&self, name: &str) -> Option<&StudyFigure> {
        self.figures.iter().find(|figure| figure.name == name)
    }

    /// The mean of a figure over the repeats.
    pub fn mean(&self, name: &str) -> Option<f64> {
        self.figure(name)?.mean
    }
}

impl StudyFigure {
    /// The figure of values from each repeat, with what they are compared with.
    pub fn new(
        name: &str,
        values: Vec<Option<f64>>,
        untouched: Option<&[Option<f64>]>,
        moved: Option<&[Option<f64>]>,
        [test, train]: [usize; 2],
    ) -> Self {
        let present: Vec<f64> = values.iter().copied().flatten().collect();
        let mean = (!present.is_empty()).then(|| present.iter().sum::<f64>() / present.len() as f64);
        let difference = |others: &[Option<f64>]| {
            let pairs: Vec<(f64, f64)> =
                values.iter().zip(others).filter_map(|(ours, theirs)| Some(((*ours)?, (*theirs)?))).collect();
            PairedDifference::of(&pairs, test, train)
        };
        StudyFigure {
            name: name.to_owned(),
            mean,
            to_untouched: untouched.and_then(difference),
            to_moved_threshold: moved.and_then(difference),
            values,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_rows_widen_the_interval() {
        let pairs = [(0.82, 0.80), (0.83, 0.80), (0.82, 0.81), (0.85, 0.82)];
        let naive = PairedDifference::of(&pairs, 0, 64).unwrap();
        let corrected = PairedDifference::of(&pairs, 20, 64).unwrap();
        assert_eq!(naive.mean, corrected.mean);
        // (1/4 + 20/64) / (1/4) = 2.25, and its root is 1.5.
        assert!((corrected.standard_error / naive.standard_error - 1.5).abs() < 1e-12);
        assert!((corrected.reach() / naive.reach() - 1.5).abs() < 1e-9);
        assert_eq!(PairedDifference::of(&pairs[..1], 20, 64), None);
    }

    #[test]
    fn repeats_without_a_value_are_left_out_of_pairs() {
        let values = vec![Some(0.5), None, Some(0.7), Some(0.9)];
        let others = [Some(0.4), Some(0.1), Some(0.5), None];
        let figure = StudyFigure::new("x", values, Some(&others), None, [1, 4]);
        assert!((figure.mean.unwrap() - 0.7).abs() < 1e-12);
        assert!((figure.to_untouched.unwrap().mean - 0.15).abs() < 1e-12);
        assert_eq!(figure.to_moved_threshold, None);
    }
}
