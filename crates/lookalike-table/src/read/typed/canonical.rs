use std::sync::Arc;

use arrow_array::builder::LargeStringBuilder;
use arrow_array::{Array, ArrayRef, LargeStringArray, new_empty_array};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_cast::{CastOptions, cast_with_options};
use arrow_schema::{DataType, Field};
use lookalike_core::{Topic, Warning};

use super::TypedColumn;
use super::nested::JsonText;

/// Turns a column of any Arrow type into one that inference knows, text where there is no other way.
pub(super) fn canonical(
    field: &Field,
    mut chunks: Vec<ArrayRef>,
    warnings: &mut Vec<Warning>,
) -> TypedColumn {
    if chunks.is_empty() {
        chunks.push(new_empty_array(field.data_type()));
    }
    let name = field.name().clone();
    let (chunks, notice) = convert(field.data_type(), chunks);
    if let Some(notice) = notice {
        warnings.push(Warning::of_column(Topic::Reading, &name, notice));
    }
    TypedColumn { name, chunks }
}

type Converted = (Vec<ArrayRef>, Option<&'static str>);

fn convert(data_type: &DataType, chunks: Vec<ArrayRef>) -> Converted {
    use DataType as D;
    match data_type {
        D::Decimal256(_, scale) => match exact(&chunks, &D::Decimal128(38, *scale)) {
            Some(narrow) => (narrow, None),
            None => (displayed(&chunks), Some("decimals of more than 38 digits are kept as text")),
        },
        D::Binary | D::LargeBinary | D::BinaryView => match exact(&chunks, &D::LargeUtf8) {
            Some(texts) => (texts, None),
            None => (displayed(&chunks), Some("bytes are kept as hexadecimal digits")),
        },
        D::FixedSizeBinary(_) => (displayed(&chunks), Some("bytes are kept as hexadecimal digits")),
        D::RunEndEncoded(_, values) => plain(values.data_type(), &chunks),
        D::Dictionary(_, values) if !matches!(**values, D::Utf8 | D::LargeUtf8 | D::Utf8View) => {
            plain(values, &chunks)
        }
        D::Duration(_) | D::Interval(_) => (displayed(&chunks), Some("durations are kept as text")),
        D::List(_)
        | D::LargeList(_)
        | D::ListView(_)
        | D::LargeListView(_)
        | D::FixedSizeList(..)
        | D::Struct(_)
        | D::Map(..)
        | D::Union(..) => {
            let texts =
                chunks.iter().map(|chunk| Arc::new(JsonText::new(chunk).texts()) as ArrayRef).collect();
            (texts, Some("lists and records are kept as JSON text"))
        }
        _ => (chunks, None),
    }
}

/// Values that were stored in a packed form.
fn plain(values: &DataType, chunks: &[ArrayRef]) -> Converted {
    match exact(chunks, values) {
        Some(unpacked) => convert(values, unpacked),
        None => (displayed(chunks), Some("values of an unusual type are kept as text")),
    }
}

/// All chunks in another type; `None` when a value has no place there.
fn exact(chunks: &[ArrayRef], to: &DataType) -> Option<Vec<ArrayRef>> {
    let options = CastOptions { safe: false, format_options: FormatOptions::default() };
    chunks.iter().map(|chunk| cast_with_options(chunk, to, &options).ok()).collect()
}

fn displayed(chunks: &[ArrayRef]) -> Vec<ArrayRef> {
    let options = FormatOptions::default();
    let texts = |chunk: &ArrayRef| -> LargeStringArray {
        let Ok(formatter) = ArrayFormatter::try_new(chunk.as_ref(), &options) else {
            return LargeStringArray::new_null(chunk.len());
        };
        let mut builder = LargeStringBuilder::new();
        for row in 0..chunk.len() {
            if chunk.is_null(row) {
                builder.append_null();
            } else {
                builder.append_value(formatter.value(row).to_string());
            }
        }
        builder.finish()
    };
    chunks.iter().map(|chunk| Arc::new(texts(chunk)) as ArrayRef).collect()
}
