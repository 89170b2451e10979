//! Formulas that fitting and judging both need, on plain slices.
//!
//! None of them gives NaN: where a figure is not defined (one class only, no rows), it is `None`.

mod delong;
mod folds;
mod interval;
mod prediction;
mod ranking;
mod ranks;
mod two_sample;

pub use delong::auc_with_error;
pub use interval::{clopper_pearson, student_quantile};
pub use prediction::{accuracy, f1, log_loss, macro_f1, r_squared, root_mean_squared_error};
pub use ranking::{kolmogorov_smirnov, one_vs_rest_auc, roc_auc};
pub use ranks::ranks;
pub use two_sample::{TwoSample, TwoSampleOptions, row_keys, two_sample};
