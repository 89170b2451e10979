//! Whether groups of people fare alike: how many rows they have in a synthetic table, how well it renders them, and what
//! models predict for them that learned from it.
//!
//! Groups are the combinations of the sensitive columns' values. What they are called is a value of cells, and so stands
//! in exhibits alone.

mod predictions;
mod representation;
mod subgroup_fidelity;
mod subgroups;

use crate::group::Group;

/// What is measured of fairness, in the order of a report.
pub(crate) const GROUPS: &[Group] = &[
    Group {
        metrics: &[&representation::REPRESENTATION],
        measure: |scene| Ok(representation::measure(scene)),
    },
    Group {
        metrics: &[&subgroup_fidelity::SUBGROUP_FIDELITY],
        measure: |scene| Ok(subgroup_fidelity::measure(scene)),
    },
    Group { metrics: &predictions::METRICS, measure: predictions::measure },
];
