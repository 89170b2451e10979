use lookalike_core::{Context, Seed};
use lookalike_learn::linear::{Encoding, EncodingOptions, Logistic, LogisticOptions};
use lookalike_learn::tree::{
    Binning, Boosting, BoostingOptions, CartOptions, Feature, Forest, ForestOptions, Target, Training,
};
use lookalike_table::Error as TableError;
use serde::{Deserialize, Serialize};

use super::matrix::Matrix;
use crate::error::Result;

/// What learns to predict the target. Each has one setting for all tables and all variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum StudyLearner {
    /// A random forest: 100 trees whose leaves have 5 rows at least.
    #[default]
    Forest,
    /// Boosted trees: 100 rounds.
    Boosting,
    /// Logistic regression.
    Logistic,
}

/// A learner that has learned.
enum Learned {
    Forest(Binning, Forest),
    Boosting(Binning, Boosting),
    Logistic(Encoding, Logistic),
}

/// How much of a learner's work is done for one prediction, as a share: bags share one forest's trees.
#[derive(Clone, Copy)]
pub(super) struct Share(pub(super) usize);

/// Linear models have no more columns.
const MOST_WIDTH: usize = 512;

impl StudyLearner {
    /// All learners.
    pub const ALL: [StudyLearner; 3] = [StudyLearner::Forest, StudyLearner::Boosting, StudyLearner::Logistic];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            StudyLearner::Forest => "forest",
            StudyLearner::Boosting => "boosting",
            StudyLearner::Logistic => "logistic",
        }
    }

    /// The learner of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|learner| learner.name() == name)
    }

    /// Learns, and gives the probability of the positive class for every row of the other matrices.
    pub(super) fn predict(
        self,
        train: &Matrix,
        positive: &[bool],
        weights: Option<&[f64]>,
        share: Share,
        asked: &[&Matrix],
        context: &Context<'_>,
    ) -> Result<Vec<Vec<f64>>> {
        let classes: Vec<u32> = positive.iter().map(|&own| u32::from(own)).collect();
        let features = train.features();
        let learned = self.learn(&features, &classes, weights, share, context)?;
        Ok(asked.iter().map(|matrix| learned.probabilities(&matrix.features())).collect())
    }

    fn learn(
        self,
        features: &[Feature<'_>],
        classes: &[u32],
        weights: Option<&[f64]>,
        Share(parts): Share,
        context: &Context<'_>,
    ) -> Result<Learned> {
        let cancelled = |error| TableError::Cancelled(error);
        if self == StudyLearner::Logistic {
            let most_levels = (MOST_WIDTH / features.len().max(1)).clamp(1, 50);
            let encoding =
                Encoding::fit(features, &EncodingOptions { most_levels, ..EncodingOptions::default() });
            let design = encoding.apply(features);
            let options = LogisticOptions { tolerance: 1e-7, ..LogisticOptions::default() };
            let model = match weights {
                Some(weights) => {
                    Logistic::fit_weighted(&design, classes, weights, 2, &options, context.progress)
                }
                None => Logistic::fit(&design, classes, 2, &options, context.progress),
            };
            return Ok(Learned::Logistic(encoding, model.map_err(cancelled)?));
        }
        let binning = Binning::fit(features, 255);
        let matrix = binning.apply(features);
        let training = Training { weights, ..Training::new(&matrix, Target::Classes { classes, count: 2 }) };
        if self == StudyLearner::Boosting {
            let model = Boosting::fit(&training, &BoostingOptions::default(), None, context.progress);
            return Ok(Learned::Boosting(binning, model.map_err(cancelled)?));
        }
        // Leaves of several rows give probabilities besides 0 and 1, and trees that do not learn rows by heart.
        let tree = CartOptions { min_leaf: 5.0, ..CartOptions::default() };
        let options = ForestOptions { trees: (100 / parts).max(1), tree };
        let seed: Seed = context.seed.derive("study forest");
        let model = Forest::fit(&training, &options, seed, context.progress);
        Ok(Learned::Forest(binning, model.map_err(cancelled)?))
    }
}

impl Learned {
    /// The probability of the positive class for every row.
    fn probabilities(&self, features: &[Feature<'_>]) -> Vec<f64> {
        let rows: Vec<u32> = (0..features.first().map_or(0, Feature::len) as u32).collect();
        let of_classes = match self {
            Learned::Forest(binning, model) => model.predict(&binning.apply(features), &rows),
            Learned::Boosting(binning, model) => model.probabilities(&binning.apply(features), &rows),
            Learned::Logistic(encoding, model) => model.probabilities(&encoding.apply(features)),
        };
        of_classes.into_iter().skip(1).step_by(2).collect()
    }
}
