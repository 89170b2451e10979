//! Whether training rows were copied. Smoke tests: failing is evidence of copying, passing is not evidence of
//! privacy.

pub(crate) mod copies;
pub(crate) mod dcr_share;

use crate::group::Group;

/// What is measured of privacy, in the order of a report.
pub(crate) const GROUPS: &[Group] = &[
    Group { metrics: &dcr_share::METRICS, measure: dcr_share::measure },
    Group { metrics: &[&copies::COPIES], measure: |scene| Ok(copies::measure(&scene.alignment).into()) },
];
