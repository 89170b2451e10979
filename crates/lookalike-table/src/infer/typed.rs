//! Columns from files that have types: the same kinds by the same rules.

use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, Decimal128Array, Float64Array, Int64Array, StringArray, TimestampMicrosecondArray,
    UInt64Array,
};
use arrow_cast::cast;
use arrow_schema::{DataType, TimeUnit};

use super::dictionary::{self, column_of};
use super::missing::{MissingRule, Tokens};
use super::names::NameWords;
use super::numeric::{self, Facts, Verdict};
use super::{Guess, InferOptions, Setting, described, given, guess, overrides, words};
use crate::column::Column;
use crate::error::{Error, Result};
use crate::raw::RawColumn;
use crate::schema::{
    BooleanFormat, ColumnSchema, DatetimeFormat, Decimals, IdFormat, Kind, NumberFormat, Offset, Storage,
};
use crate::spelling::{DAY, HOUR, MINUTE, Printer, SECOND};

/// Finds what a column of typed values means.
///
/// # Errors
/// [`Error::UnsupportedType`] for lists, structures and the like; errors of the user's own kind for this column.
pub(crate) fn typed(name: &str, arrays: Vec<ArrayRef>, options: &InferOptions) -> Result<Guess> {
    let name_words = NameWords::new(name);
    // A typed file says itself what is missing, so no text is taken for it unless the user says so.
    let nothing: &[String] = &[];
    let rule = MissingRule::new(Some(options.missing.as_deref().unwrap_or(nothing)));
    let setting = Setting { name, words: &name_words, rule, comma_table: false };
    let forced = options
        .columns
        .iter()
        .find(|(column, _)| column == name)
        .map(|(column, kind)| overrides::Forced::parse(column, kind))
        .transpose()?;
    let (storage, natural) = natural(arrays, setting)?;
    let mut found = match (natural, forced) {
        (Natural::Raw(raw), None) => guess(raw, setting),
        (Natural::Levels(raw), None) => {
            let coded = dictionary::encode(&raw, |text| rule.certain(text));
            words::categorical(coded, name, "stored with a dictionary")
        }
        (Natural::Raw(raw) | Natural::Levels(raw), Some(forced)) => forced.apply(raw, setting)?,
        (Natural::Typed(column, kind, warnings), None) => {
            let mut found = kind_of(column, kind, setting);
            for message in warnings {
                found.warn(message);
            }
            found
        }
        // What the type says already needs no detour by text, which takes long and may not hold every value.
        (Natural::Typed(column, kind, warnings), Some(forced)) if forced.is(&kind) => {
            let schema = described(name, kind, "given by the user");
            let mut found = Guess { schema, column, warnings: Vec::new() };
            for message in warnings {
                found.warn(message);
            }
            found
        }
        (Natural::Typed(column, kind, _), Some(forced)) => {
            forced.apply(to_text(&ColumnSchema::new(name, kind), &column), setting)?
        }
    };
    found.schema.storage = storage;
    Ok(found)
}

/// Converts a typed column as `schema` says; how many cells became missing because they do not fit is returned too.
///
/// # Errors
/// [`Error::UnsupportedType`] for lists, structures and the like.
pub(crate) fn typed_with_schema(schema: &ColumnSchema, arrays: Vec<ArrayRef>) -> Result<(Column, u64)> {
    let nothing: &[String] = &[];
    let name_words = NameWords::new(&schema.name);
    let setting = Setting {
        name: &schema.name,
        words: &name_words,
        rule: MissingRule::new(Some(nothing)),
        comma_table: false,
    };
    let raw = match natural(arrays, setting)?.1 {
        Natural::Typed(column, kind, _) => {
            let same = std::mem::discriminant(&kind) == std::mem::discriminant(&schema.kind);
            if (same && schema.kind.fits(&column))
                || (matches!(schema.kind, Kind::Id(_)) && column.is_integer())
            {
                return Ok((column, 0));
            }
            to_text(&ColumnSchema::new(schema.name.as_str(), kind), &column)
        }
        Natural::Raw(raw) | Natural::Levels(raw) => raw,
    };
    Ok(given::with_schema(schema, raw, Some(nothing)))
}

/// What a typed column is before anyone asks what it means.
enum Natural {
    /// Text.
    Raw(RawColumn),
    /// Text with a dictionary.
    Levels(RawColumn),
    /// Values, with the kind that their type suggests, and warnings.
    Typed(Column, Kind, Vec<String>),
}

fn natural(arrays: Vec<ArrayRef>, setting: Setting<'_>) -> Result<(Storage, Natural)> {
    let data_type = arrays.first().map_or(DataType::Null, |array| array.data_type().clone());
    let unsupported =
        || Error::UnsupportedType { column: setting.name.to_owned(), data_type: data_type.to_string() };
    let cast_all = |to: &DataType| -> Result<Vec<ArrayRef>> {
        arrays.iter().map(|array| cast(array, to).map_err(|_| unsupported())).collect()
    };
    let typed = |chunks: Vec<ArrayRef>, kind: Kind, warnings: Vec<String>| {
        Natural::Typed(column_of(chunks, || Arc::new(Int64Array::from(Vec::<i64>::new()))), kind, warnings)
    };
    let whole = || Kind::Numerical(NumberFormat::whole());
    Ok(match &data_type {
        DataType::Null => {
            let raw =
                RawColumn { chunks: arrays.iter().map(|array| StringArray::new_null(array.len())).collect() };
            (Storage::Utf8, Natural::Raw(raw))
        }
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64 => {
            let bits = data_type.primitive_width().unwrap_or(8) * 8;
            (Storage::Int(bits as u8), typed(cast_all(&DataType::Int64)?, whole(), Vec::new()))
        }
        DataType::UInt8 | DataType::UInt16 | DataType::UInt32 => {
            let bits = data_type.primitive_width().unwrap_or(8) * 8;
            (Storage::UInt(bits as u8), typed(cast_all(&DataType::Int64)?, whole(), Vec::new()))
        }
        DataType::UInt64 => {
            let small = arrays
                .iter()
                .filter_map(|array| array.as_any().downcast_ref::<UInt64Array>())
                .all(|array| array.iter().flatten().all(|value| i64::try_from(value).is_ok()));
            let to = if small { DataType::Int64 } else { DataType::UInt64 };
            (Storage::UInt(64), typed(cast_all(&to)?, whole(), Vec::new()))
        }
        DataType::Float16 | DataType::Float32 | DataType::Float64 => {
            let bits = data_type.primitive_width().unwrap_or(8) * 8;
            let chunks = if bits == 64 { arrays } else { widened(&arrays, &unsupported)? };
            let (chunks, format) = float_format(chunks);
            (Storage::Float(bits as u8), typed(chunks, Kind::Numerical(format), Vec::new()))
        }
        DataType::Decimal32(precision, scale)
        | DataType::Decimal64(precision, scale)
        | DataType::Decimal128(precision, scale)
        | DataType::Decimal256(precision, scale) => {
            let storage = Storage::Decimal { precision: *precision, scale: *scale };
            (storage, typed(decimals(&cast_all, *scale)?, decimal_kind(*scale), Vec::new()))
        }
        DataType::Boolean => {
            (Storage::Bool, typed(arrays, Kind::Boolean(BooleanFormat::default()), Vec::new()))
        }
        DataType::Date32 | DataType::Date64 => {
            let chunks = cast_all(&DataType::Timestamp(TimeUnit::Microsecond, None))?;
            let format = DatetimeFormat { pattern: "%Y-%m-%d".into(), step: DAY, offset: Offset::Unknown };
            (Storage::Date, typed(chunks, Kind::Datetime(format), Vec::new()))
        }
        DataType::Timestamp(unit, zone) => {
            let digits = match unit {
                TimeUnit::Second => 0,
                TimeUnit::Millisecond => 3,
                TimeUnit::Microsecond => 6,
                TimeUnit::Nanosecond => 9,
            };
            let finer = *unit == TimeUnit::Nanosecond && has_nanoseconds(&arrays);
            let chunks = cast_all(&DataType::Timestamp(TimeUnit::Microsecond, None))?;
            let format = instant_format(&chunks, zone.is_some());
            let warnings = if finer {
                vec!["fractions of a second finer than microseconds were dropped".to_owned()]
            } else {
                Vec::new()
            };
            let storage = Storage::Timestamp { digits, zone: zone.as_ref().map(ToString::to_string) };
            (storage, typed(chunks, Kind::Datetime(format), warnings))
        }
        DataType::Time32(_) | DataType::Time64(_) => {
            let micros = cast_all(&DataType::Time64(TimeUnit::Microsecond))?;
            let chunks = micros
                .iter()
                .map(|array| {
                    let numbers = cast(array, &DataType::Int64).map_err(|_| unsupported())?;
                    cast(&numbers, &DataType::Timestamp(TimeUnit::Microsecond, None))
                        .map_err(|_| unsupported())
                })
                .collect::<Result<_>>()?;
            let format = DatetimeFormat { pattern: "%H:%M:%S%.f".into(), step: 1, offset: Offset::Unknown };
            (Storage::Utf8, typed(chunks, Kind::Datetime(format), Vec::new()))
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
            (Storage::Utf8, Natural::Raw(RawColumn { chunks: text_chunks(&arrays).ok_or_else(unsupported)? }))
        }
        DataType::Dictionary(_, values) => {
            let plain = cast_all(values)?;
            if matches!(**values, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View) {
                let chunks = text_chunks(&plain).ok_or_else(unsupported)?;
                (Storage::Dictionary, Natural::Levels(RawColumn { chunks }))
            } else {
                return natural(plain, setting);
            }
        }
        _ => return Err(unsupported()),
    })
}

/// Doubles from narrower floats, by their shortest digits: 0.1 of 32 bits becomes 0.1, not 0.10000000149.
fn widened(arrays: &[ArrayRef], unsupported: &dyn Fn() -> Error) -> Result<Vec<ArrayRef>> {
    arrays
        .iter()
        .map(|array| {
            let narrow = cast(array, &DataType::Float32).map_err(|_| unsupported())?;
            let narrow = narrow
                .as_any()
                .downcast_ref::<arrow_array::Float32Array>()
                .expect("the cast was to this type");
            let mut buffer = zmij::Buffer::new();
            let wide: Float64Array = narrow
                .iter()
                .map(|value| {
                    value.map(|value| {
                        if value.is_finite() {
                            fast_float2::parse(buffer.format_finite(value)).unwrap_or(f64::from(value))
                        } else {
                            f64::from(value)
                        }
                    })
                })
                .collect();
            Ok(Arc::new(wide) as ArrayRef)
        })
        .collect()
}

/// The format of doubles: whole, on a grid of up to six places, or free. Whole ones become integers.
fn float_format(chunks: Vec<ArrayRef>) -> (Vec<ArrayRef>, NumberFormat) {
    let arrays: Vec<&Float64Array> =
        chunks.iter().filter_map(|chunk| chunk.as_any().downcast_ref()).collect();
    let values = || arrays.iter().flat_map(|array| array.iter().flatten());
    let base = NumberFormat { whole_zeros: 1, padded_exponent: true, ..NumberFormat::default() };
    let mut present = 0;
    let whole = values().all(|value| {
        present += 1;
        value.fract() == 0.0 && value.abs() < 9e15
    });
    if whole && present > 0 {
        let chunks = arrays
            .iter()
            .map(|array| {
                let integers: Int64Array =
                    array.iter().map(|value| value.map(|value| value as i64)).collect();
                Arc::new(integers) as ArrayRef
            })
            .collect();
        return (chunks, NumberFormat { integer: true, decimals: Decimals::Fixed(0), ..base });
    }
    let mut places = 1;
    for value in values().filter(|value| value.is_finite()) {
        while places <= 6 {
            let unit = 10_f64.powi(places);
            let scaled = (value * unit).round();
            if scaled.abs() < 9e15 && scaled / unit == value {
                break;
            }
            places += 1;
        }
        if places > 6 {
            return (chunks, base);
        }
    }
    (chunks, NumberFormat { decimals: Decimals::UpTo(places as u8), ..base })
}

/// Decimals in our width; whole ones that fit become integers.
fn decimals(cast_all: &dyn Fn(&DataType) -> Result<Vec<ArrayRef>>, scale: i8) -> Result<Vec<ArrayRef>> {
    let chunks = cast_all(&DataType::Decimal128(38, scale.max(0)))?;
    if scale > 0 {
        return Ok(chunks);
    }
    let arrays: Vec<&Decimal128Array> =
        chunks.iter().filter_map(|chunk| chunk.as_any().downcast_ref()).collect();
    let small = arrays.iter().all(|array| array.iter().flatten().all(|value| i64::try_from(value).is_ok()));
    if !small {
        return Ok(chunks);
    }
    Ok(arrays
        .iter()
        .map(|array| {
            let integers: Int64Array =
                array.iter().map(|value| value.and_then(|value| i64::try_from(value).ok())).collect();
            Arc::new(integers) as ArrayRef
        })
        .collect())
}

fn decimal_kind(scale: i8) -> Kind {
    Kind::Numerical(if scale > 0 {
        NumberFormat { decimals: Decimals::Fixed(scale as u8), ..NumberFormat::default() }
    } else {
        NumberFormat::whole()
    })
}

fn has_nanoseconds(arrays: &[ArrayRef]) -> bool {
    arrays.iter().any(|array| {
        cast(array, &DataType::Int64).ok().is_some_and(|numbers| {
            numbers
                .as_any()
                .downcast_ref::<Int64Array>()
                .is_some_and(|numbers| numbers.iter().flatten().any(|value| value % 1000 != 0))
        })
    })
}

/// The ISO pattern as long as the values need it.
fn instant_format(chunks: &[ArrayRef], zoned: bool) -> DatetimeFormat {
    let steps = [DAY, HOUR, MINUTE, SECOND, 1000, 1];
    let mut step = 0;
    for chunk in chunks {
        if let Some(array) = chunk.as_any().downcast_ref::<TimestampMicrosecondArray>() {
            for value in array.iter().flatten() {
                while value.rem_euclid(steps[step]) != 0 {
                    step += 1;
                }
            }
        }
    }
    let clock = match step {
        0..=3 => "%H:%M:%S",
        4 => "%H:%M:%S.%3f",
        _ => "%H:%M:%S.%6f",
    };
    DatetimeFormat {
        pattern: format!("%Y-%m-%d {clock}{}", if zoned { "%:z" } else { "" }),
        step: steps[step],
        offset: if zoned { Offset::Fixed(0) } else { Offset::Unknown },
    }
}

/// Texts with 32-bit offsets, in chunks that these can address.
fn text_chunks(arrays: &[ArrayRef]) -> Option<Vec<StringArray>> {
    let mut chunks = Vec::with_capacity(arrays.len());
    for array in arrays {
        match cast(array, &DataType::Utf8) {
            Ok(texts) => chunks.push(texts.as_any().downcast_ref::<StringArray>()?.clone()),
            // More than 2 GiB of text: halves are cast on their own.
            Err(_) if array.len() > 1 => {
                let middle = array.len() / 2;
                let halves = [array.slice(0, middle), array.slice(middle, array.len() - middle)];
                chunks.extend(text_chunks(&halves)?);
            }
            Err(_) => return None,
        }
    }
    Some(chunks)
}

/// The texts of a column as its schema prints them.
fn to_text(schema: &ColumnSchema, column: &Column) -> RawColumn {
    let printer = Printer::new(schema, column);
    let missing = column.missing();
    let mut chunks = Vec::new();
    let mut start = 0;
    let mut cell = Vec::new();
    for chunk in column.chunks() {
        let texts: StringArray = (start..start + chunk.len())
            .map(|row| {
                if missing.as_ref().is_some_and(|missing| missing[row]) {
                    return None;
                }
                cell.clear();
                printer.print(row, &mut cell);
                Some(String::from_utf8_lossy(&cell).into_owned())
            })
            .collect();
        start += chunk.len();
        chunks.push(texts);
    }
    RawColumn { chunks }
}

/// What typed values mean.
fn kind_of(column: Column, kind: Kind, setting: Setting<'_>) -> Guess {
    let natural = |column: Column, kind: Kind, reason: &str| Guess {
        schema: described(setting.name, kind, reason),
        column,
        warnings: Vec::new(),
    };
    let whole_floats = matches!(&kind, Kind::Numerical(format) if format.whole_zeros > 0);
    match &kind {
        Kind::Numerical(_) => {}
        Kind::Boolean(_) => return natural(column, kind, "stored as truth values"),
        _ => return natural(column, kind, "stored as dates or times"),
    }
    let Some(facts) = Facts::of(&column) else {
        let reason = if column.missing_count() == column.len() {
            "no values: all are missing"
        } else {
            "decimal numbers"
        };
        return natural(column, kind, reason);
    };
    let digits = facts.max_digits();
    match numeric::verdict(&facts, setting.words, digits) {
        Verdict::Key(reason) if !whole_floats => natural(column, Kind::Id(IdFormat::default()), reason),
        Verdict::Codes(nature) => {
            let raw = to_text(&ColumnSchema::new(setting.name, kind), &column);
            let mut guess = words::decide(raw, setting, nature);
            guess.settle_tokens(&Tokens::default());
            guess
        }
        Verdict::Key(_) => natural(column, kind, "whole numbers"),
        Verdict::Quantity(reason) => natural(column, kind, reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, array: ArrayRef) -> Guess {
        typed(name, vec![array], &InferOptions::default()).unwrap()
    }

    #[test]
    fn floats_show_their_grid() {
        let array = |values: Vec<f64>| Arc::new(Float64Array::from(values)) as ArrayRef;
        let kind = |values| found("x", array(values)).schema.kind;
        let Kind::Numerical(whole) = kind(vec![1.0, 20.0, 35.0]) else { panic!("no number") };
        assert!(whole.integer && whole.whole_zeros == 1);
        let Kind::Numerical(cents) = kind(vec![1.25, 20.5]) else { panic!("no number") };
        assert_eq!(cents.decimals, Decimals::UpTo(2));
        let Kind::Numerical(free) = kind(vec![1.0 / 3.0, f64::NAN]) else { panic!("no number") };
        assert_eq!(free.decimals, Decimals::Shortest);
    }

    #[test]
    fn codes_keys_and_dates() {
        let codes: arrow_array::Int8Array = (0..100).map(|i| i % 3).collect();
        let guess = found("grade", Arc::new(codes));
        assert_eq!(guess.schema.kind, Kind::Categorical { order: vec![] });
        assert_eq!(guess.column.levels().unwrap().iter().collect::<Vec<_>>(), ["0", "1", "2"]);
        assert_eq!(guess.schema.storage, Storage::Int(8));
        let keys: Int64Array = (0..100).collect();
        assert!(matches!(found("x", Arc::new(keys)).schema.kind, Kind::Id(_)));
        let days = arrow_array::Date32Array::from(vec![0, 1]);
        let Kind::Datetime(format) = found("x", Arc::new(days)).schema.kind else { panic!("no date") };
        assert_eq!((format.pattern.as_str(), format.step), ("%Y-%m-%d", DAY));
    }

    #[test]
    fn a_kind_that_the_type_has_already_leaves_values_as_they_are() {
        let options =
            InferOptions { columns: vec![("x".into(), "numerical".into())], ..InferOptions::default() };
        let codes: arrow_array::Int8Array = (0..100).map(|i| i % 3).collect();
        let guess = typed("x", vec![Arc::new(codes)], &options).unwrap();
        assert!(
            matches!(guess.schema.kind, Kind::Numerical(_)) && guess.schema.reason == "given by the user"
        );
        let wide = vec![f64::INFINITY, f64::MIN_POSITIVE, -0.0];
        let guess = typed("x", vec![Arc::new(Float64Array::from(wide.clone()))], &options).unwrap();
        assert_eq!(guess.column.numbers().unwrap().values, wide);
    }

    #[test]
    fn narrow_floats_keep_their_digits() {
        let narrow = arrow_array::Float32Array::from(vec![0.1, 2.5]);
        let guess = found("x", Arc::new(narrow));
        assert_eq!(guess.column.numbers().unwrap().values, [0.1, 2.5]);
        assert_eq!(guess.schema.storage, Storage::Float(32));
    }

    #[test]
    fn a_schema_is_applied() {
        let floats = Arc::new(Float64Array::from(vec![Some(39.0), None])) as ArrayRef;
        let whole = ColumnSchema::new("x", Kind::Numerical(NumberFormat::whole()));
        let (column, invalid) = typed_with_schema(&whole, vec![floats.clone()]).unwrap();
        assert_eq!((column.integers().unwrap().values, invalid), (vec![39, 0], 0));
        let levels = ColumnSchema::new("x", Kind::Categorical { order: vec![] });
        let (column, _) = typed_with_schema(&levels, vec![floats]).unwrap();
        assert_eq!(column.levels().unwrap().iter().collect::<Vec<_>>(), ["39.0"]);
    }
}
