//! Images as exhibits show them.

use lookalike_learn::net::image::Shape;

use super::resize::{reduce, within};
use crate::alignment::{Role, match_columns};
use crate::exhibit::{Picture, Series, Shape as Drawn};
use crate::group::Scene;

/// Images are shown with no more rows or columns of pixels than this.
const LARGEST: usize = 64;

/// The images in these rows of a table, none where one is missing; of the training table's shape or smaller.
pub(super) fn pictures(scene: &Scene<'_>, role: Role, rows: &[usize]) -> Vec<Option<Picture>> {
    let found = (|| {
        let (train, table) = (scene.tables[0]?, scene.tables[role as usize]?);
        let set = scene.images?;
        let place = match_columns(train, table)[set.column]?;
        let column = table.column(place).take(rows);
        let (levels, missing) = (column.images()?, column.missing());
        let own = set.original;
        let shown = within(own, LARGEST);
        let images = levels.chunks_exact(own.size()).enumerate().map(|(number, image)| {
            if missing.as_ref().is_some_and(|missing| missing[number]) {
                return None;
            }
            let mut picture = Vec::with_capacity(shown.size());
            if shown == own {
                picture.extend_from_slice(image);
            } else {
                reduce(image, own, shown, &mut picture);
            }
            Some(Picture(picture))
        });
        Some(images.collect())
    })();
    found.unwrap_or_else(|| vec![None; rows.len()])
}

/// A grid of what [`pictures`] gives.
pub(super) fn grid(
    scene: &Scene<'_>,
    across: usize,
    columns: Vec<String>,
    rows: Vec<String>,
    series: Vec<Series<Option<Picture>>>,
) -> Drawn {
    let original = scene.images.expect("only images make grids").original;
    let Shape { height, width, channels } = within(original, LARGEST);
    // Sides are those of an image format or smaller.
    let (height, width, channels) = (height as u16, width as u16, channels as u8);
    Drawn::Images { height, width, channels, across, columns, rows, series }
}
