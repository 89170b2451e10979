//! Formulas that fitting and judging both need, on plain slices.
//!
//! None of them gives NaN: where a figure is not defined (one class only, no rows), it is `None`.

mod confusion;
mod folds;
mod interval;
mod prediction;
mod ranking;
mod two_sample;

pub use confusion::Confusion;
pub use interval::{clopper_pearson, student_quantile};
pub use prediction::{brier_errors, log_loss, r_squared, root_mean_squared_error};
pub use ranking::{Ranking, kolmogorov_smirnov, one_vs_rest, roc_auc, thinned};
pub use two_sample::{TwoSample, TwoSampleOptions, row_keys, two_sample};
