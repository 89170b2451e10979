//! What there is to look at besides figures: made only when it is asked for, and only as far as real data may be
//! laid open.

mod associations;
mod distances;
mod embedding;
mod levels;
mod ranges;
mod rows;
mod small_cells;
mod spread;

use lookalike_core::Cancelled;

use crate::exhibit::{Exhibit, LaysOpen};
use crate::group::Scene;
use crate::image::grids;

type Maker = fn(&Scene<'_>) -> Result<Vec<Exhibit>, Cancelled>;

/// Every maker for tables with what its exhibits lay open, in the order of a report.
const OF_TABLES: &[(LaysOpen, Maker)] = &[
    (LaysOpen::Distributions, |scene| Ok(spread::make(scene))),
    (LaysOpen::Figures, |scene| Ok(associations::make(&scene.alignment))),
    (LaysOpen::Distributions, |scene| Ok(embedding::make(scene).into_iter().collect())),
    (LaysOpen::Figures, |scene| Ok(distances::make(scene)?.into_iter().collect())),
    (LaysOpen::Rows, |scene| Ok(vec![rows::make(scene)])),
];

/// The same for tables with a column of images.
const OF_IMAGES: &[(LaysOpen, Maker)] = &[
    (LaysOpen::Figures, |scene| Ok(grids::synthetic(scene))),
    (LaysOpen::Distributions, |scene| Ok(spread::make(scene))),
    (LaysOpen::Rows, |scene| Ok(grids::side_by_side(scene))),
];

/// Everything that lays open no more than `most`.
pub(crate) fn make(scene: &Scene<'_>, most: LaysOpen) -> Result<Vec<Exhibit>, Cancelled> {
    let makers = if scene.images.is_some() { OF_IMAGES } else { OF_TABLES };
    let mut exhibits = Vec::new();
    for (_, maker) in makers.iter().filter(|(lays_open, _)| *lays_open <= most) {
        exhibits.extend(maker(scene)?);
    }
    Ok(exhibits)
}
