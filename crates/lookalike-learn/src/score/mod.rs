//! Formulas that fitting and judging both need, on plain slices.
//!
//! None of them gives NaN: where a figure is not defined (one class only, no rows), it is `None`.

mod calibration;
mod confusion;
mod delong;
mod detector;
mod folds;
mod frechet;
mod interval;
mod kernel_distance;
mod keys;
mod manifold;
mod pairs;
mod prediction;
mod ranking;
mod ranks;
mod threshold;
mod two_sample;

pub use calibration::calibration_error;
pub use confusion::Confusion;
pub use delong::auc_with_error;
pub use detector::Detector;
pub use frechet::frechet_distance;
pub use interval::{binomial_tail, clopper_pearson, student_quantile};
pub use kernel_distance::kernel_distance;
pub use keys::row_keys;
pub use manifold::{density_coverage, precision_recall};
pub use pairs::pairs_distance;
pub use prediction::{brier_errors, log_loss, r_squared, root_mean_squared_error};
pub use ranking::{Ranking, kolmogorov_smirnov, one_vs_rest, roc_auc, thinned};
pub use ranks::ranks;
pub use threshold::{Aim, threshold_for};
pub use two_sample::{TwoSample, TwoSampleOptions, two_sample, two_sample_apart};
