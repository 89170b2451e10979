//! Pictures: changed copies of them, and sets of them as tables.

mod folder;
mod mixes;
mod picture;
mod pipeline;
mod table;
mod ways;

pub(crate) use folder::augment;
pub(crate) use mixes::mix;
pub(crate) use pipeline::{Pipeline, Record};
pub(crate) use table::{image_classes, image_table, labels_of, pictures_of, read_pictures};
pub(crate) use ways::{grid, interpolate, traverse, write_grid};
