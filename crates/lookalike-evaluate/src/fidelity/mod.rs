//! How like the training table a table is, and whether its values are possible at all.

pub(crate) mod accuracy;
pub(crate) mod association;
mod cloud;
pub(crate) mod columns;
pub(crate) mod constraint_adherence;
pub(crate) mod cut;
mod detectors;
pub(crate) mod format_adherence;
mod joint;
pub(crate) mod key_uniqueness;
pub(crate) mod log_likelihood;
pub(crate) mod mmd;
pub(crate) mod mutual_information;
mod pairs;
mod propensity;
pub(crate) mod shape;
pub(crate) mod spearman;
pub(crate) mod support;
pub(crate) mod trend;
pub(crate) mod two_sample;
pub(crate) mod validity;

use crate::group::Group;

/// What is measured of fidelity and validity, in the order of a report.
pub(crate) const GROUPS: &[Group] = &[
    Group {
        metrics: &[&validity::VALIDITY],
        measure: |scene| Ok(validity::measure(&scene.alignment, scene.tables, scene.invalid).into()),
    },
    Group {
        metrics: &[&constraint_adherence::CONSTRAINT_ADHERENCE],
        measure: |scene| Ok(constraint_adherence::measure(scene.tables).into()),
    },
    Group { metrics: &[&shape::SHAPE], measure: |scene| Ok(shape::measure(&scene.alignment).into()) },
    Group {
        metrics: &trend::METRICS,
        measure: |scene| Ok(trend::measure(&scene.alignment, scene.context).into()),
    },
    Group { metrics: &[&two_sample::C2ST, &two_sample::C2ST_TRAIN], measure: two_sample::measure },
    Group {
        metrics: &accuracy::METRICS,
        measure: |scene| Ok(accuracy::measure(&scene.alignment, scene.context).into()),
    },
    Group {
        metrics: &[&spearman::SPEARMAN_SIMILARITY],
        measure: |scene| Ok(spearman::measure(&scene.alignment, scene.context).into()),
    },
    Group {
        metrics: &[&association::ASSOCIATION_SIMILARITY],
        measure: |scene| Ok(association::measure(&scene.alignment, scene.context).into()),
    },
    Group {
        metrics: &[&mutual_information::WNMIS],
        measure: |scene| Ok(mutual_information::measure(&scene.alignment).into()),
    },
    Group { metrics: &[&detectors::TELLING_COLUMNS], measure: detectors::telling_columns },
    Group { metrics: &[&detectors::C2ST_LOGISTIC], measure: detectors::logistic },
    Group { metrics: &[&propensity::PMSE_RATIO], measure: propensity::measure },
    Group { metrics: &support::METRICS, measure: support::measure },
    Group { metrics: &[&mmd::MMD], measure: mmd::measure },
    Group {
        metrics: &[&log_likelihood::LOG_LIKELIHOOD],
        measure: |scene| Ok(log_likelihood::measure(scene).into()),
    },
    Group { metrics: &columns::METRICS, measure: |scene| Ok(columns::measure(&scene.alignment).into()) },
    Group {
        metrics: &[&key_uniqueness::KEY_UNIQUENESS],
        measure: |scene| Ok(key_uniqueness::measure(scene.tables).into()),
    },
    Group {
        metrics: &[&format_adherence::FORMAT_ADHERENCE],
        measure: |scene| Ok(format_adherence::measure(scene).into()),
    },
];
