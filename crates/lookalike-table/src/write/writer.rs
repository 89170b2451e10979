use std::path::Path;
use std::sync::Arc;

use super::delimited::DelimitedWriter;
use super::json_lines::JsonLinesWriter;
use super::typed::{TypedFormat, TypedWriter};
use crate::error::{Error, Result};
use crate::read::FileFormat;
use crate::schema::{Dialect, Schema};
use crate::table::Table;

/// Writes tables of one schema to one file, piece by piece.
///
/// The file appears when [`finish`](Self::finish) is called: dropped before, a writer leaves nothing behind, and a
/// file that was there stays as it was. Standard output, devices and pipes are written as the pieces come.
#[derive(Debug)]
pub struct Writer {
    format: FileFormat,
    inner: Inner,
    schema: Arc<Schema>,
}

#[derive(Debug)]
enum Inner {
    Delimited(Box<DelimitedWriter>),
    JsonLines(Box<JsonLinesWriter>),
    Typed(Box<TypedWriter>),
}

impl Writer {
    /// Begins to write `path` (`-` is standard output) in `format`, or in the one that its name suggests, or as CSV.
    /// Text whose name ends with `.gz` or `.zst` is compressed.
    ///
    /// # Errors
    /// When the file cannot be created there, and when the format cannot hold such a table or is not written
    /// ([`Error::ExcelNotWritten`]).
    pub fn create(path: &Path, format: Option<FileFormat>, schema: &Arc<Schema>) -> Result<Self> {
        let format = format.or_else(|| FileFormat::from_path(path)).unwrap_or(FileFormat::Csv);
        if let Some(column) = schema.columns.iter().find(|column| column.kind.is_image()) {
            return Err(Error::ImagesInTable { column: column.name.clone() });
        }
        let inner = match format {
            FileFormat::Csv | FileFormat::Tsv => {
                let mut dialect = schema.dialect.clone().unwrap_or_default();
                if format == FileFormat::Tsv {
                    dialect = Dialect { delimiter: b'\t', space_after_delimiter: false, ..dialect };
                }
                Inner::Delimited(Box::new(DelimitedWriter::create(path, schema, &dialect)?))
            }
            FileFormat::JsonLines => Inner::JsonLines(Box::new(JsonLinesWriter::create(path, schema)?)),
            FileFormat::Excel => return Err(Error::ExcelNotWritten { path: path.to_owned() }),
            FileFormat::Parquet => typed(path, TypedFormat::Parquet, schema)?,
            FileFormat::ArrowIpc => {
                // Who reads a stream cannot look for a file's end first.
                let as_stream = path == Path::new("-") || path.extension().is_some_and(|end| end == "arrows");
                let format = if as_stream { TypedFormat::ArrowStream } else { TypedFormat::ArrowFile };
                typed(path, format, schema)?
            }
        };
        Ok(Writer { format, inner, schema: schema.clone() })
    }

    /// The format that is being written.
    pub fn format(&self) -> FileFormat {
        self.format
    }

    /// Writes a table's rows after those written before.
    ///
    /// # Errors
    /// [`Error::Io`] when the disk is full or the reader of a pipe has gone ([`Error::is_broken_pipe`]);
    /// [`Error::Shape`] when the table has not the schema's columns; [`Error::StoredType`] and
    /// [`Error::Unencodable`] for values that the file cannot hold.
    pub fn write(&mut self, table: &Table) -> Result<()> {
        let fits = self.schema.columns.len() == table.n_columns()
            && self
                .schema
                .columns
                .iter()
                .zip(table.columns())
                .all(|(schema, column)| schema.kind.fits(column));
        if !fits {
            return Err(Error::Shape);
        }
        if table.n_rows() == 0 {
            return Ok(());
        }
        match &mut self.inner {
            Inner::Delimited(writer) => writer.write(table),
            Inner::JsonLines(writer) => writer.write(table),
            Inner::Typed(writer) => writer.write(table),
        }
    }

    /// Completes the file and puts it in its place.
    ///
    /// # Errors
    /// [`Error::Io`] when the rest cannot be written.
    pub fn finish(self) -> Result<()> {
        match self.inner {
            Inner::Delimited(writer) => writer.finish(),
            Inner::JsonLines(writer) => writer.finish(),
            Inner::Typed(writer) => writer.finish(),
        }
    }
}

fn typed(path: &Path, format: TypedFormat, schema: &Arc<Schema>) -> Result<Inner> {
    Ok(Inner::Typed(Box::new(TypedWriter::create(path, format, schema)?)))
}
