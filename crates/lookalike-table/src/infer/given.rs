//! Reading a column under a schema that is given.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, BooleanArray, Int64Array, StringArray};
use rayon::prelude::*;

use super::datetimes;
use super::dictionary::{self, column_of};
use super::missing::MissingRule;
use super::numbers::{self, Strictness};
use crate::column::Column;
use crate::raw::RawColumn;
use crate::schema::{BooleanFormat, ColumnSchema, Kind, NumberFormat};
use crate::spelling::{DatetimeSpelling, NumberParser, trim};

/// Converts a column as `schema` says. Cells that do not parse become missing; how many is returned too.
///
/// Numbers are read leniently: `39.0` is 39 in a column of whole numbers, affixes and signs between groups may be
/// absent. A level that is not known is a new level. Missing values are those of the schema's token and the usual
/// spellings, or those of the list `missing` if one is given.
pub(crate) fn with_schema(
    schema: &ColumnSchema,
    raw: RawColumn,
    missing: Option<&[String]>,
) -> (Column, u64) {
    let rule = MissingRule::with_token(missing, &schema.missing_token);
    let among_values = |text: &[u8]| rule.among_values(text);
    match &schema.kind {
        Kind::Numerical(format) => number_column(&raw, format, &among_values),
        Kind::Categorical { order } => {
            // What the schema lists as a level is one, whatever it looks like.
            let is_missing =
                |text: &[u8]| rule.certain(text) && !order.iter().any(|level| level.as_bytes() == text);
            (dictionary::encode(&raw, is_missing).into_column(), 0)
        }
        Kind::Boolean(format) => boolean_column(&raw, format, &among_values),
        Kind::Datetime(format) => {
            let spelling = DatetimeSpelling::new(format);
            let converted = spelling.and_then(|spelling| {
                datetimes::convert_as(&raw, &spelling, &among_values, Strictness::Lenient)
            });
            match converted {
                Some((column, _, invalid)) => (column, invalid),
                None => {
                    (Column::from_instants(vec![0; raw.len()], Some(vec![true; raw.len()])), raw.len() as u64)
                }
            }
        }
        Kind::Id(_) => {
            match numbers::convert(&raw, &NumberParser::default(), &among_values, Strictness::Strict) {
                // Keys of plain whole numbers are kept as numbers, all others as they are spelled.
                Some(converted)
                    if converted.census.is_plain_whole()
                        && matches!(converted.column.data_type(), arrow_schema::DataType::Int64) =>
                {
                    (converted.column, 0)
                }
                _ => (dictionary::texts(raw, |text| rule.certain(text)).0, 0),
            }
        }
        Kind::Text => (dictionary::texts(raw, |text| rule.certain(text)).0, 0),
        // No text spells an image.
        Kind::Image(format) => {
            (Column::missing_images(raw.len(), format.size().unwrap_or(1)), raw.len() as u64)
        }
    }
}

fn number_column(
    raw: &RawColumn,
    format: &NumberFormat,
    is_missing: &(impl Fn(&[u8]) -> bool + Sync),
) -> (Column, u64) {
    let parser = NumberParser::new(format);
    let Some(converted) = numbers::convert(raw, &parser, is_missing, Strictness::Lenient) else {
        return (column_of(Vec::new(), || Arc::new(Int64Array::from(Vec::<i64>::new()))), 0);
    };
    (converted.column, converted.invalid)
}

/// Truth values under the schema's words; their capitals do not matter, and `1`, `0`, `true` and `false` are
/// understood too.
pub(super) fn boolean_column(
    raw: &RawColumn,
    format: &BooleanFormat,
    is_missing: &(impl Fn(&[u8]) -> bool + Sync),
) -> (Column, u64) {
    let yes = format.true_text.trim().to_lowercase();
    let no = format.false_text.trim().to_lowercase();
    let parse = |text: &str| -> Option<bool> {
        let text = text.trim();
        if text.eq_ignore_ascii_case(&yes) || text.to_lowercase() == yes {
            return Some(true);
        }
        if text.eq_ignore_ascii_case(&no) || text.to_lowercase() == no {
            return Some(false);
        }
        match text {
            "1" | "true" | "True" | "TRUE" => Some(true),
            "0" | "false" | "False" | "FALSE" => Some(false),
            _ => None,
        }
    };
    let parts: Vec<(ArrayRef, u64)> = raw
        .chunks
        .par_iter()
        .map(|chunk: &StringArray| {
            let mut invalid = 0;
            let values: BooleanArray = (0..chunk.len())
                .map(|row| {
                    if chunk.is_null(row) {
                        return None;
                    }
                    let text = chunk.value(row);
                    let parsed = parse(text);
                    if parsed.is_none() && !is_missing(trim(text.as_bytes())) {
                        invalid += 1;
                    }
                    parsed
                })
                .collect();
            (Arc::new(values) as ArrayRef, invalid)
        })
        .collect();
    let invalid = parts.iter().map(|(_, invalid)| invalid).sum();
    let chunks = parts.into_iter().map(|(chunk, _)| chunk).collect();
    (column_of(chunks, || Arc::new(BooleanArray::from(Vec::<bool>::new()))), invalid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{DatetimeFormat, IdFormat, Offset};

    fn read(kind: Kind, cells: &[&str]) -> (Column, u64) {
        let raw = RawColumn { chunks: vec![cells.iter().map(Some).collect()] };
        with_schema(&ColumnSchema::new("x", kind), raw, None)
    }

    #[test]
    fn numbers_are_read_leniently() {
        let (column, invalid) = read(Kind::Numerical(NumberFormat::whole()), &["39.0", " 4 ", "NA", "x"]);
        assert_eq!(invalid, 1);
        assert_eq!(column.integers().unwrap().values, [39, 4, 0, 0]);
        let (column, _) = read(Kind::Numerical(NumberFormat::whole()), &["39.5", "4"]);
        assert_eq!(column.numbers().unwrap().values, [39.5, 4.0]);
    }

    #[test]
    fn levels_booleans_dates_and_ids() {
        let (column, _) = read(Kind::Categorical { order: vec!["NA".into(), "b".into()] }, &["b", "NA", ""]);
        assert_eq!(column.missing_count(), 1);
        let (column, invalid) = read(Kind::Boolean(BooleanFormat::default()), &["True", "0", "?", "maybe"]);
        assert_eq!((column.missing_count(), invalid), (2, 1));
        let format =
            DatetimeFormat { pattern: "%Y-%m-%d".into(), step: 86_400_000_000, offset: Offset::Unknown };
        let (column, invalid) = read(Kind::Datetime(format), &["2020-01-01", "yesterday", "NaT"]);
        assert_eq!((column.missing_count(), invalid), (2, 1));
        let (column, _) = read(Kind::Id(IdFormat::default()), &["1", "2"]);
        assert!(column.is_integer());
        let (column, _) = read(Kind::Id(IdFormat::default()), &["01", "2"]);
        assert!(column.is_text());
    }
}
