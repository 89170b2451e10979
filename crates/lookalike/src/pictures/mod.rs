//! Sets of pictures as tables: a column of images, and one of their classes.
//!
//! A set is a folder (its sub-folders are the classes, or `labels.csv` has them), an IDX, NPY or NPZ file, a CSV file of pixels,
//! or a single picture; see [`lookalike_image::ImageSet`]. What learns tables then learns images too.

mod read;
mod ways;
mod write;

use std::io::Write as _;
use std::path::{Path, PathBuf};

pub use lookalike_image::ReadOptions as SetOptions;
use lookalike_image::{Color, Image, ImageSet};
use lookalike_learn::net::image::Shape;
use lookalike_table::schema::ImageFormat;
use lookalike_table::write::OutputFile;
use lookalike_table::{Kind, Schema, Table};
pub use read::read_pictures;
pub use ways::{interpolate, traverse};
pub use write::PictureWriter;

use crate::error::{Error, Result};

/// The name of the column of images.
pub const IMAGE: &str = "image";
/// The name of the column of classes.
pub const LABEL: &str = "label";

/// How pictures become a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PictureOptions {
    /// Take the file for pictures even where its name does not say so: a CSV file of pixels.
    pub wanted: bool,
    /// Limits, what becomes of files that are refused, and the file of classes.
    pub set: SetOptions,
    /// The width and height that all pictures are brought to; without it they have to be alike.
    pub size: Option<(u16, u16)>,
}

/// True when a path is to be read as pictures.
pub fn are_pictures(path: &Path, options: &PictureOptions) -> bool {
    options.wanted || ImageSet::is_likely(path)
}

/// The pictures of a table's only column of images, in the order of its rows; missing ones are left out.
///
/// # Errors
/// [`Error::NoPictures`] when the table has no such column, or channels that no picture has.
pub fn pictures(table: &Table) -> Result<Vec<Image>> {
    let column = table.schema().image_column().ok_or(Error::NoPictures)?;
    let Kind::Image(format) = table.schema().columns[column].kind else { return Err(Error::NoPictures) };
    let column = table.column(column);
    let missing = column.missing();
    let there = |row: usize| missing.as_ref().is_none_or(|missing| !missing[row]);
    let all = of_levels(&column.images().ok_or(Error::NoPictures)?, shape(format))?;
    Ok(all.into_iter().enumerate().filter(|(row, _)| there(*row)).map(|(_, image)| image).collect())
}

/// The number of the column that says what pictures show: the one called [`LABEL`], or else the first, of those of levels or truth
/// values.
fn class_column(schema: &Schema) -> Option<usize> {
    let is_class = |kind: &Kind| matches!(kind, Kind::Categorical { .. } | Kind::Boolean(_));
    let all = || (0..schema.columns.len()).filter(|&column| is_class(&schema.columns[column].kind));
    all().find(|&column| schema.columns[column].name == LABEL).or_else(|| all().next())
}

fn shape(ImageFormat { height, width, channels }: ImageFormat) -> Shape {
    Shape::new(usize::from(height), usize::from(width), usize::from(channels))
}

/// Pictures from the levels of images of one shape, one after the other.
///
/// # Errors
/// [`Error::NoPictures`] for channels that no picture has.
pub fn of_levels(levels: &[u8], shape: Shape) -> Result<Vec<Image>> {
    let color = Color::of_channels(shape.channels).ok_or(Error::NoPictures)?;
    let image = |levels: &[u8]| Image::from_u8(shape.width, shape.height, color, levels.to_vec());
    Ok(levels.chunks_exact(shape.size().max(1)).map(image).collect::<std::result::Result<_, _>>()?)
}

/// Pictures side by side, `columns` in a row; those of 28 by 28 pixels are shown twice as large.
///
/// # Errors
/// When there are none.
pub fn grid(images: &[Image], columns: usize) -> Result<Image> {
    let longest = images.iter().map(|image| image.width().max(image.height())).max().unwrap_or(1);
    Ok(lookalike_image::grid(images, columns, longest.clamp(56, 256))?)
}

/// [`grid`] as a PNG file, which was opened before the pictures were drawn, and is finished here.
///
/// # Errors
/// When there are none, or the file cannot be written.
pub fn write_grid(images: &[Image], columns: usize, mut file: OutputFile) -> Result<()> {
    let sheet = grid(images, columns)?;
    let bytes = lookalike_image::write::encode(&sheet, lookalike_image::FileFormat::Png, 100)?;
    let path = file.path().to_owned();
    file.write_all(&bytes).map_err(|source| Error::Io { action: "write", path, source })?;
    Ok(file.finish()?)
}

/// An error for a table of pictures where classes are to be balanced.
pub(crate) fn refuse_balancing(schema: &Schema) -> Result<()> {
    let instead =
        "augment --balance makes more pictures of small classes, and sample --where draws them from a model";
    refuse(schema, "rebalancing", instead)
}

/// An error for a table of pictures where only numbers and levels are any use.
pub(crate) fn refuse(schema: &Schema, what: &'static str, instead: &'static str) -> Result<()> {
    match schema.columns.iter().find(|column| column.kind.is_image()) {
        Some(column) => Err(Error::OnlyTables { column: column.name.clone(), what, instead }),
        None => Ok(()),
    }
}

/// A number of 32 bytes that stands for a table of pictures: its classes and all of its levels.
///
/// # Errors
/// [`Error::NoPictures`] when the table has not one column of images.
pub fn digest(table: &Table) -> Result<Vec<u8>> {
    let column = table.schema().image_column().ok_or(Error::NoPictures)?;
    let mut hasher = blake3::Hasher::new();
    hasher.update(&table.column(column).images().ok_or(Error::NoPictures)?);
    for other in table.columns() {
        for text in other.texts().iter().flat_map(lookalike_table::Texts::iter) {
            hasher.update(text.map_or(&[0][..], str::as_bytes)).update(&[1]);
        }
    }
    Ok(hasher.finalize().as_bytes().to_vec())
}

/// What a set that is written like the one at `path` is called in `folder`: a folder for a folder, otherwise an IDX file, with
/// one of classes beside it.
pub(crate) fn written_like(path: &Path, name: &str) -> PathBuf {
    if path.is_dir() { PathBuf::from(name) } else { PathBuf::from(format!("{name}-images.idx")) }
}
