//! What can be learned from a table, and whether regressions on it come to the same conclusions.
//!
//! The metrics that stand in every evaluation have a group of their own, and so have those that need models of their
//! own: what is not wanted costs nothing.

mod coefficients;
mod draws;
mod exhibits;
mod importance;
pub(crate) mod learner;
mod other_learners;
mod paired;
pub(crate) mod prediction;
pub(crate) mod resample;
pub(crate) mod task;
pub(crate) mod train_on_synthetic;

use crate::group::Group;
use learner::Learner;

/// What is measured of utility, in the order of a report.
pub(crate) const GROUPS: &[Group] = &[
    Group { metrics: &train_on_synthetic::METRICS, measure: train_on_synthetic::measure },
    Group { metrics: &paired::METRICS, measure: paired::measure },
    Group {
        metrics: &[&other_learners::TSTR_FOREST],
        measure: |scene| other_learners::measure(scene, &other_learners::TSTR_FOREST, Learner::Forest),
    },
    Group {
        metrics: &[&other_learners::TSTR_LOGISTIC],
        measure: |scene| other_learners::measure(scene, &other_learners::TSTR_LOGISTIC, Learner::Linear),
    },
    Group { metrics: &[&importance::IMPORTANCE_AGREEMENT], measure: importance::measure },
    Group { metrics: &[&coefficients::COEFFICIENT_OVERLAP], measure: coefficients::measure },
];
