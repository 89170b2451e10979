/// How likely a model finds real rows: what only whoever has the model can find out, handed in as figures.
///
/// A row's figure is the natural logarithm of its probability under the model, or of its density for numbers that are on
/// no grid, in nats; minus infinity for a row that the model can never draw.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Likelihood {
    /// The model can tell.
    Known(LogDensities),
    /// The model cannot tell.
    Unknown {
        /// Why not: part of a sentence, lower case, without a full stop.
        reason: String,
    },
}

/// Logarithms of the densities of rows, in nats.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LogDensities {
    /// Of each row of the holdout, in its order, under the model.
    pub holdout: Vec<f64>,
    /// Of as many training rows, in any order, under the model; fewer where there are not as many.
    pub train: Vec<f64>,
    /// Of each row of the holdout, in its order, under the baseline; empty where that is not known.
    pub baseline: Vec<f64>,
}
