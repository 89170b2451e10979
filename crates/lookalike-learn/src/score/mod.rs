//! Formulas that fitting and judging both need, on plain slices.
//!
//! None of them gives NaN: where a figure is not defined (one class only, no rows), it is `None`.

mod folds;
mod interval;
mod prediction;
mod ranking;
mod two_sample;

pub use interval::{binomial_tail, clopper_pearson, student_quantile};
pub use prediction::{accuracy, f1, log_loss, macro_f1, r_squared, root_mean_squared_error};
pub use ranking::{kolmogorov_smirnov, one_vs_rest_auc, roc_auc};
pub use two_sample::{TwoSample, TwoSampleOptions, row_keys, two_sample};
