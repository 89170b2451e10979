use std::path::Path;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, RecordBatchReader};
use arrow_schema::DataType;
use lookalike_core::{Phase, Progress, Topic, Warning};
use rayon::prelude::*;

use super::decode::Decoder;
use super::format::FileFormat;
use super::options::ReadOptions;
use super::source::Source;
use super::typed::{self, TypedColumn};
use super::window::Sizes;
use super::{delimited, excel, json_lines, under_schema};
use crate::constraints::Rules;
use crate::error::{Error, Result};
use crate::infer::{self, InferOptions};
use crate::raw::RawColumn;
use crate::schema::{Dialect, Schema, Storage};
use crate::table::Table;

/// A table that was read, and what there is to say about it.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The table.
    pub table: Table,
    /// What was done differently from what one may expect.
    pub warnings: Vec<Warning>,
    /// For each column, how many cells did not parse under the given schema and became missing; all 0 when the schema
    /// was inferred.
    pub invalid: Vec<u64>,
    /// Columns of the given schema that the file lacks; always empty without [`ReadOptions::only_common`] and
    /// [`ReadOptions::infer_others`].
    pub absent: Vec<String>,
    /// Columns of the file that the given schema lacks, which [`ReadOptions::only_common`] did not read and
    /// [`ReadOptions::infer_others`] inferred; always empty without both.
    pub extra: Vec<String>,
}

/// A table of text whose columns' meaning is not known yet.
#[derive(Debug)]
pub(super) struct RawTable {
    pub(super) names: Vec<String>,
    pub(super) columns: Vec<RawColumn>,
    pub(super) dialect: Option<Dialect>,
    /// The types that the columns had, where the format has types.
    pub(super) storages: Option<Vec<Storage>>,
    pub(super) warnings: Vec<Warning>,
}

/// Reads the table in the file or folder at `path`; `-` is standard input.
///
/// The format is found by the first bytes, then by the name; text that nothing is known about is taken for CSV. A
/// folder is a table in several Parquet files, which are read in the order of their names.
///
/// # Errors
/// Whenever the file cannot be read as one table, or does not have the columns of the schema given; each error says
/// what to do. [`Error::Cancelled`] when `progress` asks to stop.
pub fn read(path: &Path, options: &ReadOptions, progress: &dyn Progress) -> Result<Reading> {
    constrained(read_in_pieces(path, options, Sizes::default(), progress)?, options)
}

/// Reads a table that is in memory already, as batches of Arrow arrays. Arrays whose type a [`Column`](crate::Column) has
/// are shared, not copied. Messages call the table `name`.
///
/// ```
/// use std::path::Path;
/// use std::sync::Arc;
///
/// use arrow_array::{Float64Array, RecordBatch, RecordBatchIterator};
/// use lookalike_core::Silent;
/// use lookalike_table::read::{ReadOptions, from_batches};
///
/// let heights = Arc::new(Float64Array::from(vec![Some(1.65), None, Some(1.8)]));
/// let batch = RecordBatch::try_from_iter([("height", heights as _)])?;
/// let batches = RecordBatchIterator::new([Ok(batch.clone())], batch.schema());
/// let table = from_batches(Path::new("the table"), batches, &ReadOptions::default(), &Silent)?.table;
/// assert_eq!((table.n_rows(), table.column(0).missing_count()), (3, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// When the batches are no table of the schema given, or hold lists, structures and the like;
/// [`Error::Cancelled`] when `progress` asks to stop.
pub fn from_batches(
    name: &Path,
    batches: impl RecordBatchReader,
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Result<Reading> {
    infer::check_kinds(&options.columns)?;
    let (columns, warnings) = typed::read_batches(name, batches, progress)?;
    constrained(interpret_typed(columns, warnings, name, options, progress)?, options)
}

/// Adds the constraints that were asked for.
fn constrained(mut reading: Reading, options: &ReadOptions) -> Result<Reading> {
    if !options.constraints.is_empty() {
        let mut schema = Schema::clone(reading.table.schema());
        schema.constraints.extend(options.constraints.iter().cloned());
        // What cannot hold is to be known before the long work starts.
        Rules::new(&schema)?;
        reading.table = reading.table.with_constraints(schema.constraints);
    }
    Ok(reading)
}

pub(super) fn read_in_pieces(
    path: &Path,
    options: &ReadOptions,
    sizes: Sizes,
    progress: &dyn Progress,
) -> Result<Reading> {
    infer::check_kinds(&options.columns)?;
    if path.is_dir() {
        if let Some(sheet) = &options.sheet {
            return Err(Error::NotASpreadsheet { path: path.to_owned(), sheet: sheet.clone() });
        }
        let (columns, warnings) = typed::read_folder(path, progress)?;
        return interpret_typed(columns, warnings, path, options, progress);
    }
    let source = Source::open(path, options.decompressed_limit)?;
    let format = format_of(&source, options);
    if let Some(sheet) = &options.sheet
        && format != FileFormat::Excel
    {
        return Err(Error::NotASpreadsheet { path: path.to_owned(), sheet: sheet.clone() });
    }
    let raw = match format {
        FileFormat::Parquet | FileFormat::ArrowIpc => {
            let (columns, warnings) = typed::read(source, format, progress)?;
            return interpret_typed(columns, warnings, path, options, progress);
        }
        FileFormat::Excel => excel::read(source, options, progress)?,
        FileFormat::Csv | FileFormat::Tsv => {
            let delimiter = (format == FileFormat::Tsv).then_some(b'\t');
            let decoder = Decoder::new(source, options.encoding.as_deref())?;
            delimited::read(decoder, delimiter, options, sizes, progress)?
        }
        FileFormat::JsonLines => {
            let decoder = Decoder::new(source, options.encoding.as_deref())?;
            json_lines::read(decoder, sizes, progress)?
        }
    };
    interpret(raw, path, options, progress)
}

/// What was asked for, or what the first bytes prove, or what the name suggests; text is CSV unless it begins like
/// JSON.
fn format_of(source: &Source, options: &ReadOptions) -> FileFormat {
    if let Some(format) = options.format {
        return format;
    }
    if let Some(format) = FileFormat::from_magic(&source.magic) {
        return format;
    }
    match FileFormat::from_path(&source.path) {
        Some(format) if source.size != Some(0) || format.is_text() => format,
        _ if looks_like_json(&source.magic) => FileFormat::JsonLines,
        _ => FileFormat::Csv,
    }
}

fn looks_like_json(magic: &[u8]) -> bool {
    let mut bytes = magic.iter().filter(|byte| !byte.is_ascii_whitespace());
    matches!((bytes.next(), bytes.next()), (Some(b'{'), Some(b'"')) | (Some(b'['), Some(b'{')))
}

pub(super) fn infer_options(options: &ReadOptions) -> InferOptions {
    InferOptions { missing: options.missing.clone(), columns: options.columns.clone() }
}

/// Gives a table of text its meaning.
fn interpret(raw: RawTable, path: &Path, options: &ReadOptions, progress: &dyn Progress) -> Result<Reading> {
    if let Some(schema) = &options.schema {
        return under_schema::text(raw, schema, path, options, progress);
    }
    let RawTable { names, columns, dialect, storages, mut warnings } = raw;
    let inferred = infer::columns(names, columns, &infer_options(options), progress)?;
    warnings.extend(inferred.warnings);
    let mut schema = Schema::new(inferred.schema);
    schema.primary_key = inferred.primary_key;
    schema.dialect = dialect;
    for (column, storage) in schema.columns.iter_mut().zip(storages.into_iter().flatten()) {
        column.storage = storage;
    }
    let invalid = vec![0; schema.columns.len()];
    let table = Table::new(Arc::new(schema), inferred.columns)?;
    Ok(Reading { table, warnings, invalid, absent: Vec::new(), extra: Vec::new() })
}

/// Gives a table of typed columns its meaning.
fn interpret_typed(
    columns: Vec<TypedColumn>,
    mut warnings: Vec<Warning>,
    path: &Path,
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Result<Reading> {
    if let Some(schema) = &options.schema {
        return under_schema::typed(columns, warnings, schema, path, options);
    }
    let phase = Phase::begin(progress, "understanding columns", Some(columns.len() as u64));
    let own = infer_options(options);
    let guesses = columns
        .into_par_iter()
        .map(|column| {
            phase.advance(1)?;
            let counted = missing_instants(&column.chunks);
            let mut guess = infer::typed(&column.name, column.chunks, &own)?;
            let lost = counted.map_or(0, |missing| guess.column.missing_count().saturating_sub(missing));
            if lost > 0 {
                guess.warnings.push(Warning::of_column(
                    Topic::Reading,
                    &guess.schema.name,
                    format!("instants beyond the range that can be represented became missing ({lost})"),
                ));
            }
            Ok(guess)
        })
        .collect::<Result<Vec<_>>>()?;
    let mut described = Vec::with_capacity(guesses.len());
    let mut values = Vec::with_capacity(guesses.len());
    for guess in guesses {
        described.push(guess.schema);
        values.push(guess.column);
        warnings.extend(guess.warnings);
    }
    let invalid = vec![0; values.len()];
    let mut schema = Schema::new(described);
    for (name, _) in &options.columns {
        schema.index_of(name)?;
    }
    schema.primary_key = infer::primary_key(&schema.columns, &values);
    let table = Table::new(Arc::new(schema), values)?;
    Ok(Reading { table, warnings, invalid, absent: Vec::new(), extra: Vec::new() })
}

/// How many values of a column of instants are missing before conversion, which has a smaller range than some types.
fn missing_instants(chunks: &[ArrayRef]) -> Option<usize> {
    let instants = |chunk: &ArrayRef| {
        matches!(chunk.data_type(), DataType::Timestamp(..) | DataType::Date32 | DataType::Date64)
    };
    chunks.iter().all(instants).then(|| chunks.iter().map(Array::null_count).sum())
}
