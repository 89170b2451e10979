//! Images: how like real ones they are to a small network that learned to look at real ones, what can be learned from
//! them, and whether training images were copied.

mod accuracy;
mod dcr_share;
mod features;
mod frechet;
pub(crate) mod grids;
mod judge;
mod kernel_distance;
mod near_copies;
mod nearest;
mod pictures;
mod pixels;
mod resize;
mod scores;
mod set;
mod support;

pub(crate) use scores::tell as tell_scores;
pub(crate) use set::Images;

use crate::alignment::Alignment;
use crate::fidelity::columns::is_defined;
use crate::fidelity::shape::SHAPE;
use crate::fidelity::validity::VALIDITY;
use crate::group::Group;
use crate::metric::{Metric, Need};

/// What is measured of images, in the order of a report.
pub(crate) const GROUPS: &[Group] = &[
    Group { metrics: &features::METRICS, measure: features::measure },
    Group { metrics: &[&accuracy::IMAGE_ACCURACY], measure: accuracy::measure },
    Group { metrics: &[&near_copies::IMAGE_NEAR_COPIES], measure: near_copies::measure },
    Group { metrics: &[&pixels::IMAGE_PIXELS], measure: |scene| Ok(pixels::measure(scene).into()) },
];

/// Whether a metric is about tables of this sort. Of a set of images the figures of tables say something about single
/// columns only, and mostly there is none but that of classes, if there is one.
pub(crate) fn applies(metric: &Metric, has_images: bool, alignment: &Alignment) -> bool {
    if metric.needs.contains(&Need::Images) {
        return has_images;
    }
    let of_any = metric.name == VALIDITY.name || metric.name == SHAPE.name && !alignment.columns.is_empty();
    !has_images || of_any || is_defined(metric, alignment)
}
