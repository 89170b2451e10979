use lookalike_core::{Cancelled, Context};
use lookalike_learn::linear::{Encoding, EncodingOptions, LeastSquares, Logistic, LogisticOptions};
use lookalike_learn::tree::{
    Binned, Binning, Boosting, BoostingOptions, CartOptions, Feature, Forest, ForestOptions, Target, Training,
};

use super::prediction::Predictions;
use super::task::{Rows, Task, Truth};

/// How one learns. Each has one setting for all tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Learner {
    /// Boosted trees.
    Boosting,
    /// A random forest.
    Forest,
    /// Logistic regression, or linear regression for numbers.
    Linear,
}

/// What was learned.
pub(crate) enum Learned {
    Boosting(Binning, Boosting),
    Forest(Binning, Forest),
    Logistic(Encoding, Logistic),
    Linear(Encoding, LeastSquares),
}

/// Linear models of more columns would take too long, and more memory than the tables.
const MOST_WIDTH: usize = 512;

/// How much a linear model draws its coefficients towards 0: scikit-learn's `C=1`.
pub(crate) const PENALTY: f64 = 1.0;

impl Learner {
    /// Learns from these rows; `None` where a table lacks columns, or has too many for this learner.
    pub(crate) fn learn(
        self,
        task: &Task<'_>,
        from: &[Rows<'_>],
        context: &Context<'_>,
    ) -> Result<Option<Learned>, Cancelled> {
        if from.iter().any(|(role, _)| !task.covers(*role)) {
            return Ok(None);
        }
        let cells = task.cells(from);
        let (features, truth) = (cells.features(), task.truth(from));
        let target = match &truth {
            Truth::Classes(classes) => Target::Classes { classes, count: task.classes },
            Truth::Numbers(values) => Target::Numbers(values),
        };
        Ok(Some(match self {
            Learner::Boosting => {
                let binning = Binning::fit(&features, 255);
                let matrix = binning.apply(&features);
                let options = boosting(task.classes);
                let model = Boosting::fit(&Training::new(&matrix, target), &options, None, context.progress)?;
                Learned::Boosting(binning, model)
            }
            Learner::Forest => {
                let binning = Binning::fit(&features, 255);
                let matrix = binning.apply(&features);
                let seed = context.seed.derive("utility forest");
                let model = Forest::fit(&Training::new(&matrix, target), &forest(), seed, context.progress)?;
                Learned::Forest(binning, model)
            }
            Learner::Linear => {
                let Some(encoding) = encode(&features) else { return Ok(None) };
                let design = encoding.apply(&features);
                match &truth {
                    Truth::Classes(classes) => {
                        let cost = features.len() * classes.len() * task.classes;
                        let options = logistic(cost);
                        let model =
                            Logistic::fit(&design, classes, task.classes, &options, context.progress)?;
                        Learned::Logistic(encoding, model)
                    }
                    Truth::Numbers(values) => {
                        Learned::Linear(encoding, LeastSquares::fit(&design, values, PENALTY))
                    }
                }
            }
        }))
    }
}

impl Learned {
    /// The probability of every class for every row, row after row, or a number per row.
    pub(crate) fn predict(&self, features: &[Feature<'_>]) -> Vec<f64> {
        let rows: Vec<u32> = (0..features.first().map_or(0, Feature::len) as u32).collect();
        match self {
            Learned::Boosting(binning, model) => boosted(model, &binning.apply(features)),
            Learned::Forest(binning, model) => model.predict(&binning.apply(features), &rows),
            Learned::Logistic(encoding, model) => model.probabilities(&encoding.apply(features)),
            Learned::Linear(encoding, model) => model.predict(&encoding.apply(features)),
        }
    }

    /// The predictions for these rows, beside their truth.
    pub(crate) fn test(&self, task: &Task<'_>, rows: Rows<'_>) -> Predictions {
        let predicted = self.predict(&task.cells(&[rows]).features());
        Predictions::new(predicted, task.truth(&[rows]), task)
    }
}

/// The probability of every class for every row, row after row, or a number per row.
pub(crate) fn boosted(model: &Boosting, matrix: &Binned) -> Vec<f64> {
    let rows: Vec<u32> = (0..matrix.n_rows() as u32).collect();
    let probabilities = model.probabilities(matrix, &rows);
    if probabilities.is_empty() { model.predict(matrix, &rows) } else { probabilities }
}

/// How columns become those of a linear model; `None` where that would be too many.
pub(crate) fn encode(features: &[Feature<'_>]) -> Option<Encoding> {
    let numbers = features.iter().filter(|feature| matches!(feature, Feature::Numeric(_))).count();
    let with_levels = (features.len() - numbers).max(1);
    let usual = EncodingOptions::default();
    let room = MOST_WIDTH.saturating_sub(2 * numbers) / with_levels;
    let most_levels = room.saturating_sub(2).clamp(1, usual.most_levels);
    let encoding = Encoding::fit(features, &EncodingOptions { most_levels, ..usual });
    (encoding.sources().len() <= MOST_WIDTH).then_some(encoding)
}

/// With many classes, each of which has a tree per round, fewer and larger steps.
fn boosting(classes: usize) -> BoostingOptions {
    let rounds = (600 / classes.max(1)).clamp(20, 100);
    BoostingOptions {
        rounds,
        learning_rate: (10.0 / rounds as f64).clamp(0.1, 0.3),
        ..BoostingOptions::default()
    }
}

/// Leaves of several rows give probabilities besides 0 and 1, and trees that do not learn rows by heart.
fn forest() -> ForestOptions {
    ForestOptions { trees: 100, tree: CartOptions { min_leaf: 5.0, ..CartOptions::default() } }
}

/// Fewer steps where each takes long: predictions settle long before coefficients do.
pub(crate) fn logistic(cost: usize) -> LogisticOptions {
    const EFFORT: usize = 4_000_000_000;
    let most_steps = (EFFORT / cost.max(1)).clamp(20, 300);
    LogisticOptions { penalty: PENALTY, tolerance: 1e-7, most_steps }
}
