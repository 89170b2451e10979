use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::builder::LargeStringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, TimestampMicrosecondType, UInt32Type};
use arrow_array::{
    Array, ArrayRef, DictionaryArray, Int32Array, LargeStringArray, RecordBatch, RecordBatchOptions,
    StringArray,
};
use arrow_cast::display::FormatOptions;
use arrow_cast::{CastOptions, cast_with_options};
use arrow_ipc::writer::{FileWriter, StreamWriter};
use arrow_schema::{ArrowError, DataType, Field, Schema as ArrowSchema, SchemaRef, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::delimited::write_error;
use super::target::Target;
use crate::column::Column;
use crate::error::{Error, Result};
use crate::schema::{ColumnSchema, Kind, NumberFormat, Offset, Schema, Storage};
use crate::spelling::Printer;
use crate::table::Table;

const DAY: i64 = 86_400_000_000;

/// The formats that this writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TypedFormat {
    Parquet,
    ArrowFile,
    ArrowStream,
}

/// Writes Parquet or Arrow IPC. Columns get the types that they had when they were read; those from text get the
/// types of the values that they have.
pub(super) struct TypedWriter {
    path: PathBuf,
    format: TypedFormat,
    schema: Arc<Schema>,
    state: State,
}

enum State {
    /// The types are known with the first rows.
    Waiting(Target),
    Writing(SchemaRef, Box<dyn Batches>),
}

trait Batches: Send {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), ArrowError>;
    fn finish(self: Box<Self>) -> Result<Target, ArrowError>;
}

impl TypedWriter {
    pub(super) fn create(path: &Path, format: TypedFormat, schema: &Arc<Schema>) -> Result<Self> {
        let target = Target::create(path)?;
        Ok(TypedWriter {
            path: path.to_owned(),
            format,
            schema: schema.clone(),
            state: State::Waiting(target),
        })
    }

    pub(super) fn write(&mut self, table: &Table) -> Result<()> {
        let columns: Vec<Option<&Column>> = table.columns().iter().map(Some).collect();
        let (schema, _) = self.begin(&columns)?;
        let batch = batch_of(table, &self.schema, schema)?;
        let (_, writer) = self.begin(&columns)?;
        let outcome = writer.write(&batch);
        outcome.map_err(|error| self.failed(error))
    }

    /// The types being written, and what writes them; begun with these columns unless that was done before.
    fn begin(&mut self, columns: &[Option<&Column>]) -> Result<(SchemaRef, &mut dyn Batches)> {
        if let State::Waiting(_) = self.state {
            let schema = arrow_schema(&self.schema, columns);
            let State::Waiting(target) =
                std::mem::replace(&mut self.state, State::Writing(schema.clone(), Box::new(Nothing)))
            else {
                return Err(Error::Shape);
            };
            let writer = batches(target, self.format, &schema).map_err(|error| self.failed(error))?;
            self.state = State::Writing(schema, writer);
        }
        match &mut self.state {
            State::Writing(schema, writer) => Ok((schema.clone(), writer.as_mut())),
            State::Waiting(_) => Err(Error::Shape),
        }
    }

    pub(super) fn finish(mut self) -> Result<()> {
        let nothing = vec![None; self.schema.columns.len()];
        self.begin(&nothing)?;
        let State::Writing(_, writer) = std::mem::replace(
            &mut self.state,
            State::Writing(Arc::new(ArrowSchema::empty()), Box::new(Nothing)),
        ) else {
            return Err(Error::Shape);
        };
        let target = writer.finish().map_err(|error| self.failed(error))?;
        target.commit().map_err(|error| write_error(&self.path, error))
    }

    fn failed(&self, error: ArrowError) -> Error {
        let source = match error {
            ArrowError::IoError(_, source) => source,
            ArrowError::ExternalError(inner) => match inner.downcast::<std::io::Error>() {
                Ok(source) => *source,
                Err(_) => std::io::Error::other("the format's encoder failed"),
            },
            // Messages may quote values.
            _ => std::io::Error::other("the values cannot be encoded in this format"),
        };
        write_error(&self.path, source)
    }
}

impl std::fmt::Debug for TypedWriter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("TypedWriter").field("path", &self.path).finish_non_exhaustive()
    }
}

fn batches(target: Target, format: TypedFormat, schema: &SchemaRef) -> Result<Box<dyn Batches>, ArrowError> {
    Ok(match format {
        TypedFormat::Parquet => {
            let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
            let target = std::io::BufWriter::new(target);
            Box::new(ArrowWriter::try_new(target, schema.clone(), Some(properties)).map_err(parquet_error)?)
        }
        TypedFormat::ArrowFile => Box::new(FileWriter::try_new_buffered(target, schema)?),
        TypedFormat::ArrowStream => Box::new(StreamWriter::try_new_buffered(target, schema)?),
    })
}

fn parquet_error(error: ParquetError) -> ArrowError {
    match error {
        ParquetError::External(inner) => ArrowError::ExternalError(inner),
        other => other.into(),
    }
}

type Buffered = std::io::BufWriter<Target>;

fn unbuffered(mut buffered: Buffered) -> Result<Target, ArrowError> {
    buffered.flush()?;
    buffered.into_inner().map_err(|error| error.into_error().into())
}

impl Batches for ArrowWriter<Buffered> {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), ArrowError> {
        ArrowWriter::write(self, batch).map_err(parquet_error)
    }

    fn finish(self: Box<Self>) -> Result<Target, ArrowError> {
        unbuffered(self.into_inner().map_err(parquet_error)?)
    }
}

impl Batches for FileWriter<Buffered> {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), ArrowError> {
        FileWriter::write(self, batch)
    }

    fn finish(mut self: Box<Self>) -> Result<Target, ArrowError> {
        FileWriter::finish(&mut self)?;
        unbuffered(self.into_inner()?)
    }
}

impl Batches for StreamWriter<Buffered> {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), ArrowError> {
        StreamWriter::write(self, batch)
    }

    fn finish(mut self: Box<Self>) -> Result<Target, ArrowError> {
        StreamWriter::finish(&mut self)?;
        unbuffered(self.into_inner()?)
    }
}

/// Stands where a writer was that failed.
struct Nothing;

impl Batches for Nothing {
    fn write(&mut self, _: &RecordBatch) -> Result<(), ArrowError> {
        Err(ArrowError::IoError(String::new(), std::io::Error::other("writing failed before")))
    }

    fn finish(self: Box<Self>) -> Result<Target, ArrowError> {
        Err(ArrowError::IoError(String::new(), std::io::Error::other("writing failed before")))
    }
}

/// A table as a batch of Arrow arrays. Columns get the types that they had when they were read; those from text get the types
/// of the values that they have.
///
/// ```
/// use lookalike_table::schema::{NumberFormat, Storage};
/// use lookalike_table::write::to_batch;
/// use lookalike_table::{Column, ColumnSchema, Kind, Schema, Table};
///
/// let mut age = ColumnSchema::new("age", Kind::Numerical(NumberFormat::whole()));
/// age.storage = Storage::Int(16);
/// let table = Table::new(Schema::new(vec![age]).into(), vec![Column::from_integers(vec![31, 45], None)])?;
/// let batch = to_batch(&table)?;
/// assert_eq!(batch.schema().field(0).data_type().to_string(), "Int16");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::StoredType`] for values that such a type cannot hold; levels that it cannot hold make a column one of texts.
pub fn to_batch(table: &Table) -> Result<RecordBatch> {
    let columns: Vec<Option<&Column>> = table.columns().iter().map(Some).collect();
    batch_of(table, table.schema(), arrow_schema(table.schema(), &columns))
}

/// The types that columns are written as.
fn arrow_schema(schema: &Schema, columns: &[Option<&Column>]) -> SchemaRef {
    let fields: Vec<Field> = schema
        .columns
        .iter()
        .zip(columns)
        .map(|(described, column)| Field::new(&described.name, stored_type(described, *column), true))
        .collect();
    Arc::new(ArrowSchema::new(fields))
}

/// A table in the types of `arrow`.
fn batch_of(table: &Table, schema: &Schema, arrow: SchemaRef) -> Result<RecordBatch> {
    let arrays = schema
        .columns
        .iter()
        .zip(table.columns())
        .zip(arrow.fields())
        .map(|((described, column), field)| converted(described, column, field.data_type()))
        .collect::<Result<Vec<_>>>()?;
    let options = RecordBatchOptions::new().with_row_count(Some(table.n_rows()));
    RecordBatch::try_new_with_options(arrow, arrays, &options).map_err(|_| Error::Shape)
}

/// The Arrow type that a column is written as.
fn stored_type(schema: &ColumnSchema, column: Option<&Column>) -> DataType {
    let kept = type_of_storage(schema, column);
    if kept == DataType::Utf8 || matches!(kept, DataType::Dictionary(..)) {
        return kept;
    }
    // Rare levels are drawn as one that is a word, which a column of codes cannot hold.
    match column.and_then(Column::levels) {
        Some(levels) if exact_cast(&(Arc::clone(levels.array()) as ArrayRef), &kept).is_none() => {
            DataType::Utf8
        }
        _ => kept,
    }
}

/// The Arrow type that columns have by what they were stored as.
fn type_of_storage(schema: &ColumnSchema, column: Option<&Column>) -> DataType {
    use DataType as D;
    match &schema.storage {
        Storage::Int(8) => D::Int8,
        Storage::Int(16) => D::Int16,
        Storage::Int(32) => D::Int32,
        Storage::Int(_) => D::Int64,
        Storage::UInt(8) => D::UInt8,
        Storage::UInt(16) => D::UInt16,
        Storage::UInt(32) => D::UInt32,
        Storage::UInt(_) => D::UInt64,
        Storage::Float(16) => D::Float16,
        Storage::Float(32) => D::Float32,
        Storage::Float(_) => D::Float64,
        Storage::Decimal { precision, scale } => D::Decimal128(*precision, *scale),
        Storage::Bool => D::Boolean,
        Storage::Date => D::Date32,
        Storage::Timestamp { digits, zone } => {
            let unit = match digits {
                0 => TimeUnit::Second,
                1..=3 => TimeUnit::Millisecond,
                4..=6 => TimeUnit::Microsecond,
                _ => TimeUnit::Nanosecond,
            };
            D::Timestamp(unit, zone.as_deref().map(Into::into))
        }
        Storage::Utf8 => D::Utf8,
        Storage::Dictionary => D::Dictionary(Box::new(D::Int32), Box::new(D::Utf8)),
        Storage::Text => type_of_values(&schema.kind, column),
    }
}

/// The type for a column that came from text.
fn type_of_values(kind: &Kind, column: Option<&Column>) -> DataType {
    let numeric = column.filter(|column| column.is_numeric()).map(|column| column.data_type().clone());
    match kind {
        Kind::Numerical(NumberFormat { integer, .. }) => {
            numeric.unwrap_or(if *integer { DataType::Int64 } else { DataType::Float64 })
        }
        Kind::Boolean(_) => DataType::Boolean,
        Kind::Datetime(format) if format.step > 0 && format.step % DAY == 0 => DataType::Date32,
        Kind::Datetime(format) => {
            let zone = match format.offset {
                Offset::Unknown => None,
                Offset::Fixed(minutes) => {
                    let sign = if minutes < 0 { '-' } else { '+' };
                    let minutes = minutes.unsigned_abs();
                    Some(format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60).into())
                }
            };
            DataType::Timestamp(TimeUnit::Microsecond, zone)
        }
        Kind::Id(_) => numeric.unwrap_or(DataType::Utf8),
        Kind::Categorical { .. } | Kind::Text => DataType::Utf8,
        Kind::Image(format) => DataType::FixedSizeBinary(format.size().unwrap_or(1) as i32),
    }
}

/// A column's values in the type that they are written as.
fn converted(schema: &ColumnSchema, column: &Column, to: &DataType) -> Result<ArrayRef> {
    let misfit = || Error::StoredType { column: schema.name.clone(), stored: to.to_string() };
    // A file without types had a token for missing values, a typed one has it among its values.
    let token_is_value = schema.storage != Storage::Text && !schema.missing_token.is_empty();
    let array = column.to_single_chunk();
    if token_is_value && column.missing_count() > 0 {
        let texts = printed(schema, column, true);
        return match to {
            DataType::Dictionary(..) => dictionary(&texts).ok_or_else(misfit),
            _ => exact_cast(&texts, to).ok_or_else(misfit),
        };
    }
    let direct = match (array.data_type(), to) {
        (DataType::Dictionary(..), DataType::Dictionary(..)) => Some(recoded(&array)),
        (_, DataType::Dictionary(..)) => dictionary(&printed(schema, column, false)),
        (DataType::Dictionary(..) | DataType::LargeUtf8, DataType::Utf8) => exact_cast(&array, to),
        (DataType::Timestamp(..), DataType::Date32) => days(&array),
        (DataType::Timestamp(..), DataType::Timestamp(unit, zone)) => {
            exact_cast(&array, &DataType::Timestamp(*unit, None)).and_then(|array| {
                // The instants are those of UTC: a zone is only noted.
                let data = array.to_data().into_builder().data_type(DataType::Timestamp(*unit, zone.clone()));
                data.build().ok().map(arrow_array::make_array)
            })
        }
        (DataType::Boolean, DataType::Boolean)
        | (DataType::FixedSizeBinary(_), DataType::FixedSizeBinary(_)) => Some(array),
        (DataType::Float64, to) if to.is_integer() => {
            let whole = |number: f64| number == number.trunc();
            let all_whole = array.as_primitive::<Float64Type>().iter().flatten().all(whole);
            if all_whole { exact_cast(&array, to) } else { None }
        }
        (from, to) if is_number(from) && is_number(to) => exact_cast(&array, to),
        _ => exact_cast(&printed(schema, column, false), to),
    };
    direct.ok_or_else(misfit)
}

fn is_number(data_type: &DataType) -> bool {
    data_type.is_numeric()
}

fn exact_cast(array: &ArrayRef, to: &DataType) -> Option<ArrayRef> {
    cast_with_options(array, to, &CastOptions { safe: false, format_options: FormatOptions::default() }).ok()
}

/// Every cell's text; missing values are null, or the token.
fn printed(schema: &ColumnSchema, column: &Column, with_token: bool) -> ArrayRef {
    let printer = Printer::new(schema, column);
    let missing = if with_token { None } else { column.missing() };
    let mut builder = LargeStringBuilder::new();
    let mut text = Vec::new();
    for row in 0..column.len() {
        if missing.as_ref().is_some_and(|missing| missing[row]) {
            builder.append_null();
            continue;
        }
        text.clear();
        printer.print(row, &mut text);
        builder.append_value(String::from_utf8_lossy(&text));
    }
    Arc::new(builder.finish())
}

fn days(array: &ArrayRef) -> Option<ArrayRef> {
    let instants = array.as_primitive::<TimestampMicrosecondType>();
    let days: arrow_array::Date32Array = instants
        .try_unary(|time| i32::try_from(time.div_euclid(DAY)).map_err(|_| ArrowError::DivideByZero))
        .ok()?;
    Some(Arc::new(days))
}

/// Level codes with the usual types of keys and levels.
fn recoded(array: &ArrayRef) -> ArrayRef {
    let own = array.as_dictionary::<UInt32Type>();
    let keys: Int32Array = own.keys().unary(|key| key as i32);
    let levels = own.values().as_any().downcast_ref::<LargeStringArray>().expect("levels are LargeUtf8");
    let levels = StringArray::from_iter_values(levels.iter().flatten());
    Arc::new(DictionaryArray::new(keys, Arc::new(levels)))
}

fn dictionary(texts: &ArrayRef) -> Option<ArrayRef> {
    exact_cast(texts, &DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)))
}
