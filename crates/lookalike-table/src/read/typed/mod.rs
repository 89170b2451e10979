//! Formats that say what their columns hold: Parquet and Arrow IPC.

mod canonical;
mod nested;
mod plausible;

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use arrow_array::{ArrayRef, RecordBatch, RecordBatchReader};
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_schema::{ArrowError, SchemaRef};
use lookalike_core::{Phase, Progress, Warning};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use self::canonical::canonical;
use self::plausible::{Bounded, check_arrow};
use super::format::FileFormat;
use super::guard::guarded;
use super::source::{Source, read_error};
use crate::error::{Error, Result};

/// Rows that are decoded at a time.
const BATCH: usize = 1 << 16;

/// A column of a typed file in a type that inference knows.
#[derive(Debug)]
pub(super) struct TypedColumn {
    pub(super) name: String,
    pub(super) chunks: Vec<ArrayRef>,
}

/// Reads a file, or standard input.
pub(super) fn read(
    source: Source,
    format: FileFormat,
    progress: &dyn Progress,
) -> Result<(Vec<TypedColumn>, Vec<Warning>)> {
    let path = source.path.clone();
    let phase = Phase::begin(progress, "reading", None);
    let mut columns = Columns::new(&phase);
    if format == FileFormat::Parquet {
        columns.add_parquet(&path, seekable(source)?)?;
    } else {
        let is_stream = !source.magic.starts_with(b"ARROW1");
        let mut file = seekable(source)?;
        let failed = |error| arrow_error(&path, "Arrow IPC", error);
        opened(|| check_arrow(&mut file, is_stream)).map_err(failed)?;
        let file = BufReader::new(file);
        if is_stream {
            let reader = opened(|| StreamReader::try_new(file, None)).map_err(failed)?;
            columns.add(&path, "Arrow IPC", &reader.schema(), reader)?;
        } else {
            let reader = opened(|| FileReader::try_new(file, None)).map_err(failed)?;
            columns.add(&path, "Arrow IPC", &reader.schema(), reader)?;
        }
    }
    columns.finish()
}

/// Batches that are in memory already; `name` is what messages call them.
pub(super) fn read_batches(
    name: &Path,
    batches: impl RecordBatchReader,
    progress: &dyn Progress,
) -> Result<(Vec<TypedColumn>, Vec<Warning>)> {
    let phase = Phase::begin(progress, "reading", None);
    let mut columns = Columns::new(&phase);
    let schema = batches.schema();
    columns.add(name, "Arrow", &schema, batches)?;
    columns.finish()
}

/// The Parquet files of a folder, in the order of their names.
pub(super) fn read_folder(
    folder: &Path,
    progress: &dyn Progress,
) -> Result<(Vec<TypedColumn>, Vec<Warning>)> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
        .map_err(|error| read_error(folder, error))?;
    files.retain(|path| FileFormat::from_path(path) == Some(FileFormat::Parquet) && path.is_file());
    files.sort();
    if files.is_empty() {
        return Err(Error::EmptyFolder { path: folder.to_owned() });
    }
    let phase = Phase::begin(progress, "reading", Some(files.len() as u64));
    let mut columns = Columns::new(&phase);
    for path in &files {
        columns.add_parquet(path, File::open(path).map_err(|error| read_error(path, error))?)?;
        phase.advance(1)?;
    }
    columns.finish()
}

/// Calls into a format's reader, which may panic over a file that is damaged.
fn opened<T>(work: impl FnOnce() -> Result<T, ArrowError>) -> Result<T, ArrowError> {
    guarded(work).unwrap_or_else(|| Err(ArrowError::IpcError("its content contradicts itself".into())))
}

/// The source as a file: these formats are read from their end. What is no plain file becomes a temporary one.
fn seekable(mut source: Source) -> Result<File> {
    if source.size.is_some() && source.compression.is_none() {
        return File::open(&source.path).map_err(|error| read_error(&source.path, error));
    }
    spool(&mut source.reader).map_err(|error| source.error(error))
}

fn spool(reader: &mut dyn Read) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    io::copy(reader, &mut file)?;
    file.rewind()?;
    Ok(file)
}

fn damaged(path: &Path, format: &'static str, problem: String) -> Error {
    Error::Damaged { path: path.to_owned(), format, problem }
}

fn arrow_error(path: &Path, format: &'static str, error: ArrowError) -> Error {
    match error {
        ArrowError::IoError(_, source) if source.raw_os_error().is_some() => read_error(path, source),
        // Messages of other kinds may quote values.
        ArrowError::ParseError(message)
        | ArrowError::SchemaError(message)
        | ArrowError::IpcError(message)
        | ArrowError::ParquetError(message)
        | ArrowError::NotYetImplemented(message) => damaged(path, format, message),
        _ => damaged(path, format, "its content cannot be decoded".into()),
    }
}

/// Columns of the batches read so far.
struct Columns<'a> {
    phase: &'a Phase<'a>,
    /// The first file and its schema.
    first: Option<(PathBuf, SchemaRef)>,
    chunks: Vec<Vec<ArrayRef>>,
}

impl<'a> Columns<'a> {
    fn new(phase: &'a Phase<'a>) -> Self {
        Columns { phase, first: None, chunks: Vec::new() }
    }

    fn add_parquet(&mut self, path: &Path, file: File) -> Result<()> {
        if file.metadata().is_ok_and(|metadata| metadata.len() == 0) {
            return Err(Error::EmptyFile { path: path.to_owned() });
        }
        let build = || {
            let builder = ParquetRecordBatchReaderBuilder::try_new(Bounded(file))?;
            Ok(builder.with_batch_size(BATCH).build()?)
        };
        let reader = opened(build).map_err(|error| arrow_error(path, "Parquet", error))?;
        let schema = RecordBatchReader::schema(&reader);
        self.add(path, "Parquet", &schema, reader)
    }

    fn add(
        &mut self,
        path: &Path,
        format: &'static str,
        schema: &SchemaRef,
        mut batches: impl Iterator<Item = Result<RecordBatch, ArrowError>>,
    ) -> Result<()> {
        match &self.first {
            None => {
                self.first = Some((path.to_owned(), schema.clone()));
                self.chunks.resize_with(schema.fields().len(), Vec::new);
            }
            Some((first, other)) => {
                let alike = other.fields().len() == schema.fields().len()
                    && other
                        .fields()
                        .iter()
                        .zip(schema.fields())
                        .all(|(a, b)| a.name() == b.name() && a.data_type() == b.data_type());
                if !alike {
                    return Err(Error::MixedFolder { path: path.to_owned(), first: first.clone() });
                }
            }
        }
        while let Some(batch) = opened(|| batches.next().transpose()).transpose() {
            let batch = batch.map_err(|error| arrow_error(path, format, error))?;
            for (chunks, column) in self.chunks.iter_mut().zip(batch.columns()) {
                if !column.is_empty() {
                    chunks.push(column.clone());
                }
            }
            self.phase.check()?;
        }
        Ok(())
    }

    fn finish(self) -> Result<(Vec<TypedColumn>, Vec<Warning>)> {
        let Some((path, schema)) = self.first else { return Ok((Vec::new(), Vec::new())) };
        if schema.fields().is_empty() {
            return Err(Error::EmptyFile { path });
        }
        let mut warnings = Vec::new();
        let mut columns = Vec::with_capacity(self.chunks.len());
        for (field, chunks) in schema.fields().iter().zip(self.chunks) {
            self.phase.check()?;
            columns.push(canonical(field, chunks, &mut warnings));
        }
        Ok((columns, warnings))
    }
}
