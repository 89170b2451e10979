//! What can be learned from a table.

pub(crate) mod train_on_synthetic;

use crate::group::Group;

/// What is measured of utility, in the order of a report.
pub(crate) const GROUPS: &[Group] =
    &[Group { metrics: &train_on_synthetic::METRICS, measure: train_on_synthetic::measure }];
