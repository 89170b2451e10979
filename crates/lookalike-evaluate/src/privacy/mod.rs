//! Whether training rows were copied. Smoke tests: failing is evidence of copying, passing is not evidence of
//! privacy.

pub(crate) mod attribute;
pub(crate) mod copies;
pub(crate) mod dcr_share;
pub(crate) mod distances;
pub(crate) mod keys;
pub(crate) mod membership;
mod near_copies;
mod nndr;
pub(crate) mod outliers;

use crate::evaluation::Interval;
use crate::group::Group;

/// What is measured of privacy, in the order of a report.
pub(crate) const GROUPS: &[Group] = &[
    Group { metrics: &dcr_share::METRICS, measure: dcr_share::measure },
    Group { metrics: &[&copies::COPIES], measure: |scene| Ok(copies::measure(&scene.alignment).into()) },
    Group { metrics: &[&outliers::OUTLIERS_FOUND], measure: outliers::measure },
    Group { metrics: &membership::METRICS, measure: membership::measure },
    Group { metrics: &[&attribute::ATTRIBUTE_INFERENCE], measure: attribute::measure },
    Group { metrics: &keys::METRICS, measure: |scene| Ok(keys::measure(scene).into()) },
];

/// The exact interval of a share.
pub(crate) fn clopper_pearson(successes: u64, trials: u64) -> Interval {
    let [low, high] = lookalike_learn::score::clopper_pearson(successes, trials, 0.95);
    Interval::between(low, high, "Clopper-Pearson")
}
