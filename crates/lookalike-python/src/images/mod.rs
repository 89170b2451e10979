//! Pictures: changed copies of them, and sets of them as tables.

mod augment;
mod mix;
mod picture;
mod pipeline;
mod table;
mod ways;

pub(crate) use augment::augment;
pub(crate) use mix::mix;
pub(crate) use pipeline::{Pipeline, Record};
pub(crate) use table::{image_classes, image_table, labels_of, pictures_of, read_pictures};
pub(crate) use ways::{grid, interpolate, traverse, write_grid};
