//! Tables from and to files of any sort, pictures among them.

use std::path::Path;
use std::sync::Arc;

use lookalike_core::{Progress, Topic, Warning};
use lookalike_table::read::{FileFormat, ReadOptions, Reading};
use lookalike_table::{Schema, Table};

use crate::error::{Error, Result};
use crate::pictures::{self, PictureOptions, PictureWriter};

/// Reads a table: a file of any format that [`lookalike_table::read::read`] knows, or a set of pictures
/// ([`pictures::are_pictures`]) as a table of images and classes.
///
/// # Errors
/// Whenever the file cannot be read as one table; each error says what to do.
pub fn read(path: &Path, options: &ReadOptions, progress: &dyn Progress) -> Result<Reading> {
    read_as(path, options, &PictureOptions::default(), progress)
}

/// As [`read`], saying how pictures are read.
///
/// # Errors
/// Those of [`read`].
pub fn read_as(
    path: &Path,
    options: &ReadOptions,
    of_pictures: &PictureOptions,
    progress: &dyn Progress,
) -> Result<Reading> {
    if options.format.is_none() && pictures::are_pictures(path, of_pictures) {
        let of_tables = [
            ("kinds of columns", !options.columns.is_empty()),
            ("constraints", !options.constraints.is_empty()),
            ("missing texts", options.missing.is_some()),
            ("sheet", options.sheet.is_some()),
            ("delimiter", options.delimiter.is_some()),
            ("header", options.header.is_some()),
            ("encoding", options.encoding.is_some()),
        ];
        if let Some((what, _)) = of_tables.into_iter().find(|(_, given)| *given) {
            return Err(Error::NotOfPictures { path: path.to_owned(), what });
        }
        return pictures::read_pictures(path, of_pictures, options.schema.as_ref(), progress);
    }
    Ok(lookalike_table::read::read(path, options, progress)?)
}

/// Writes tables of one schema to one file, piece by piece; those with a column of images as a set of pictures.
#[derive(Debug)]
pub enum Writer {
    /// Rows of a table.
    Table(Box<lookalike_table::write::Writer>),
    /// Pictures.
    Pictures(Box<PictureWriter>),
}

impl Writer {
    /// Begins to write `path` in `format`, or in the one that its name suggests.
    ///
    /// # Errors
    /// When the file cannot be created there, and when the format cannot hold such a table.
    pub fn create(path: &Path, format: Option<FileFormat>, schema: &Arc<Schema>) -> Result<Self> {
        Self::create_from(path, format, schema, 0)
    }

    /// As [`Writer::create`], for rows from this number on, by which pictures are named.
    ///
    /// # Errors
    /// Those of [`Writer::create`].
    pub fn create_from(
        path: &Path,
        format: Option<FileFormat>,
        schema: &Arc<Schema>,
        first: u64,
    ) -> Result<Self> {
        let of_table = format.or_else(|| FileFormat::from_path(path)).is_some() || path == Path::new("-");
        if schema.columns.iter().any(|column| column.kind.is_image()) && !of_table {
            return Ok(Writer::Pictures(Box::new(PictureWriter::create(path, schema, first)?)));
        }
        Ok(Writer::Table(Box::new(lookalike_table::write::Writer::create(path, format, schema)?)))
    }

    /// Warnings about columns that the file has no place for: pictures are written with their class alone.
    pub fn warnings(&self) -> Vec<Warning> {
        let left_out = match self {
            Writer::Table(_) => &[],
            Writer::Pictures(writer) => writer.left_out(),
        };
        let message = "not written: pictures are written with their class alone";
        left_out.iter().map(|column| Warning::of_column(Topic::Sampling, column, message)).collect()
    }

    /// Writes a table's rows after those written before.
    ///
    /// # Errors
    /// When the table is another, or cannot be written.
    pub fn write(&mut self, table: &Table) -> Result<()> {
        match self {
            Writer::Table(writer) => Ok(writer.write(table)?),
            Writer::Pictures(writer) => writer.write(table),
        }
    }

    /// Completes the file and puts it in its place.
    ///
    /// # Errors
    /// When the rest cannot be written.
    pub fn finish(self) -> Result<()> {
        match self {
            Writer::Table(writer) => Ok(writer.finish()?),
            Writer::Pictures(writer) => writer.finish(),
        }
    }
}
