use lookalike_learn::score::{
    Confusion, Ranking, brier_errors, one_vs_rest, r_squared, root_mean_squared_error,
};

use super::task::{Task, Truth};
use crate::evaluation::mean;

/// Predictions of rows whose truth is known.
pub(crate) enum Predictions {
    Classes {
        count: usize,
        truth: Vec<u32>,
        /// The most probable class of each row.
        predicted: Vec<u32>,
        /// Row after row.
        probabilities: Vec<f64>,
        /// Of two classes that of the second, which is the rarer one and the one looked for; of more that of each.
        rankings: Vec<Ranking>,
    },
    /// In the task's unit.
    Numbers { unit: f64, truth: Vec<f64>, predicted: Vec<f64> },
}

/// A figure of predictions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Figure {
    /// Area under the ROC curve of two classes, its mean of one class against the rest for more, R² of numbers.
    Main,
    Accuracy,
    BalancedAccuracy,
    /// Average precision, its mean for more than two classes.
    PrAuc,
    F1,
    Brier,
    Rmse,
    RSquared,
}

impl Predictions {
    pub(crate) fn new(predicted: Vec<f64>, truth: Truth, task: &Task<'_>) -> Self {
        match truth {
            Truth::Numbers(truth) => Predictions::Numbers { unit: task.unit, truth, predicted },
            Truth::Classes(truth) => {
                let (count, probabilities) = (task.classes, predicted);
                let mut rankings = one_vs_rest(&probabilities, &truth, count);
                if count == 2 {
                    rankings.remove(0);
                }
                let predicted = probabilities
                    .chunks_exact(count)
                    // The first of the largest.
                    .map(|row| {
                        (0..count).rev().max_by(|&a, &b| row[a].total_cmp(&row[b])).unwrap_or(0) as u32
                    })
                    .collect();
                Predictions::Classes { count, truth, predicted, probabilities, rankings }
            }
        }
    }

    /// How many rows were predicted.
    pub(crate) fn len(&self) -> usize {
        match self {
            Predictions::Classes { truth, .. } => truth.len(),
            Predictions::Numbers { truth, .. } => truth.len(),
        }
    }

    /// How much one figure costs, in looks at rows.
    pub(crate) fn cost(&self) -> usize {
        match self {
            Predictions::Classes { rankings, .. } => self.len() * rankings.len(),
            Predictions::Numbers { .. } => self.len(),
        }
    }

    /// What was predicted of which class, each row counting as often as `times` says; nothing for numbers.
    pub(crate) fn confusion(&self, times: Option<&[u32]>) -> Option<Confusion> {
        match self {
            Predictions::Classes { count, truth, predicted, .. } => {
                Some(Confusion::new(predicted, truth, *count, times))
            }
            Predictions::Numbers { .. } => None,
        }
    }

    /// A figure, each row counting as often as `times` says. `None` where it is not defined.
    pub(crate) fn figure(&self, figure: Figure, times: Option<&[u32]>) -> Option<f64> {
        match self {
            Predictions::Classes { rankings, .. } => match figure {
                Figure::Main => mean(rankings.iter().filter_map(|ranking| ranking.auc(times))),
                Figure::PrAuc => mean(rankings.iter().filter_map(|ranking| ranking.average_precision(times))),
                Figure::Accuracy => self.confusion(times)?.accuracy(),
                Figure::BalancedAccuracy => self.confusion(times)?.balanced_accuracy(),
                Figure::F1 => {
                    let confusion = self.confusion(times)?;
                    if confusion.classes() == 2 { confusion.f1(1) } else { confusion.macro_f1() }
                }
                Figure::Brier => self.brier(times),
                Figure::Rmse | Figure::RSquared => None,
            },
            Predictions::Numbers { unit, truth, predicted } => {
                let (truth, predicted) = (repeated(truth, times), repeated(predicted, times));
                match figure {
                    Figure::Main | Figure::RSquared => r_squared(&predicted, &truth),
                    Figure::Rmse => root_mean_squared_error(&predicted, &truth).map(|error| error * unit),
                    _ => None,
                }
            }
        }
    }

    fn brier(&self, times: Option<&[u32]>) -> Option<f64> {
        let Predictions::Classes { count, truth, probabilities, .. } = self else { return None };
        let errors = brier_errors(probabilities, truth, *count);
        mean(repeated(&errors, times).into_iter())
    }
}

/// Each value as often as `times` says.
fn repeated(values: &[f64], times: Option<&[u32]>) -> Vec<f64> {
    match times {
        None => values.to_vec(),
        Some(times) => values
            .iter()
            .zip(times)
            .flat_map(|(&value, &times)| std::iter::repeat_n(value, times as usize))
            .collect(),
    }
}
