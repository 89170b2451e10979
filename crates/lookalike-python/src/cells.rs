//! Columns that Python holds in buffers and lists, in and out.
//!
//! A column in is a tuple of its name, what it is, and its parts:
//!
//! - `(name, "numbers", buffer, missing)`: whole numbers or floats, as the buffer's format says;
//! - `(name, "booleans", buffer, missing)`: bytes of 0 and 1;
//! - `(name, "instants", buffer, unit, zone, missing)`: 64-bit counts of `unit` (`s`, `ms`, `us`, `ns`) since 1970;
//! - `(name, "days", buffer, missing)`: 32-bit counts of days since 1970;
//! - `(name, "texts", list)`: `str`, or None where missing;
//! - `(name, "levels", buffer, list)`: 32-bit numbers of levels, -1 where missing, and the levels as texts;
//! - `(name, "arrow", table)`: an Arrow table of this one column.
//!
//! `missing` is None or a buffer of bytes that are 1 where the value is missing. A column out is the same without its name,
//! with `bytearray` for buffers, and the type's name before `missing` where it is of numbers. Decimals come out as
//! `("decimals", list)` of texts.

use std::sync::Arc;

use arrow_array::builder::LargeStringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, BooleanArray, DictionaryArray, Int32Array, LargeStringArray,
    PrimitiveArray, RecordBatchReader, StringArray,
};
use arrow_buffer::{ArrowNativeType, NullBuffer, ToByteSlice};
use arrow_cast::cast;
use arrow_schema::{DataType, Field, TimeUnit};
use arrow_select::concat::concat;
use pyo3::buffer::{Element, PyBuffer};
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyList, PyString, PyTuple};

use crate::{arrow_stream, errors};

/// A column from Python.
pub(crate) fn take(column: &Bound<'_, PyTuple>) -> PyResult<(Field, ArrayRef)> {
    let name: String = column.get_item(0)?.extract()?;
    let form: String = column.get_item(1)?.extract()?;
    let part = |index: usize| column.get_item(index);
    let array: ArrayRef = match form.as_str() {
        "numbers" => numbers(&part(2)?, missing(&part(3)?)?)?,
        "booleans" => {
            let values: Vec<u8> = buffer(&part(2)?)?;
            let values: Vec<bool> = values.into_iter().map(|value| value != 0).collect();
            Arc::new(BooleanArray::new(values.into(), missing(&part(3)?)?))
        }
        "instants" => {
            let unit: String = part(3)?.extract()?;
            let zone: Option<String> = part(4)?.extract()?;
            instants(buffer(&part(2)?)?, &unit, zone, missing(&part(5)?)?)?
        }
        "days" => Arc::new(PrimitiveArray::<Date32Type>::new(buffer(&part(2)?)?.into(), missing(&part(3)?)?)),
        "texts" => texts(&part(2)?)?,
        "levels" => levels(buffer(&part(2)?)?, &part(3)?)?,
        "arrow" => from_arrow(&part(2)?)?,
        _ => return Err(errors::bug("a column of an unknown form")),
    };
    Ok((Field::new(name, array.data_type().clone(), true), array))
}

fn buffer<T: Element>(object: &Bound<'_, PyAny>) -> PyResult<Vec<T>> {
    PyBuffer::<T>::get(object)?.to_vec(object.py())
}

fn missing(object: &Bound<'_, PyAny>) -> PyResult<Option<NullBuffer>> {
    if object.is_none() {
        return Ok(None);
    }
    let flags: Vec<u8> = buffer(object)?;
    Ok(flags.contains(&1).then(|| flags.iter().map(|&flag| flag == 0).collect()))
}

fn numbers(object: &Bound<'_, PyAny>, missing: Option<NullBuffer>) -> PyResult<ArrayRef> {
    macro_rules! first_that_fits {
        ($($arrow:ty),*) => {$(
            if let Ok(values) = PyBuffer::<<$arrow as ArrowPrimitiveType>::Native>::get(object) {
                let values = values.to_vec(object.py())?;
                return Ok(Arc::new(PrimitiveArray::<$arrow>::new(values.into(), missing)));
            }
        )*};
    }
    first_that_fits!(
        Int64Type,
        Float64Type,
        Int32Type,
        Float32Type,
        Int16Type,
        Int8Type,
        UInt8Type,
        UInt16Type,
        UInt32Type,
        UInt64Type
    );
    Err(errors::data("a column's numbers are of no type that can be read"))
}

fn instants(
    values: Vec<i64>,
    unit: &str,
    zone: Option<String>,
    missing: Option<NullBuffer>,
) -> PyResult<ArrayRef> {
    let values = values.into();
    let zone: Option<Arc<str>> = zone.map(Into::into);
    Ok(match unit {
        "s" => Arc::new(PrimitiveArray::<TimestampSecondType>::new(values, missing).with_timezone_opt(zone)),
        "ms" => {
            Arc::new(PrimitiveArray::<TimestampMillisecondType>::new(values, missing).with_timezone_opt(zone))
        }
        "us" => {
            Arc::new(PrimitiveArray::<TimestampMicrosecondType>::new(values, missing).with_timezone_opt(zone))
        }
        "ns" => {
            Arc::new(PrimitiveArray::<TimestampNanosecondType>::new(values, missing).with_timezone_opt(zone))
        }
        _ => return Err(errors::bug("an unknown unit of time")),
    })
}

fn texts(object: &Bound<'_, PyAny>) -> PyResult<ArrayRef> {
    let list = object.cast::<PyList>()?;
    let mut builder = LargeStringBuilder::with_capacity(list.len(), 8 * list.len());
    for item in list {
        match item.cast::<PyString>() {
            // A text with half a surrogate pair has no bytes.
            Ok(text) => match text.to_str() {
                Ok(text) => builder.append_value(text),
                Err(_) => return Err(errors::data("a text is not valid Unicode")),
            },
            Err(_) => builder.append_null(),
        }
    }
    Ok(Arc::new(builder.finish()))
}

fn levels(codes: Vec<i32>, levels: &Bound<'_, PyAny>) -> PyResult<ArrayRef> {
    let levels: Vec<String> = levels.extract()?;
    let present = codes.iter().map(|&code| code >= 0).collect::<NullBuffer>();
    let codes = Int32Array::new(codes.into_iter().map(|code| code.max(0)).collect(), Some(present));
    let levels = StringArray::from_iter_values(levels);
    let array = DictionaryArray::<Int32Type>::try_new(codes, Arc::new(levels))
        .map_err(|_| errors::bug("codes beyond their levels"))?;
    Ok(Arc::new(array))
}

fn from_arrow(object: &Bound<'_, PyAny>) -> PyResult<ArrayRef> {
    let reader = arrow_stream::take(object)?;
    let field = reader.schema().field(0).clone();
    let unreadable = |_| errors::data("a column's Arrow data cannot be read");
    let batches = reader.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    let chunks: Vec<&dyn Array> = batches.iter().map(|batch| batch.column(0).as_ref()).collect();
    if chunks.is_empty() {
        return Ok(arrow_array::new_empty_array(field.data_type()));
    }
    concat(&chunks).map_err(unreadable)
}

/// A column for Python.
pub(crate) fn give<'py>(py: Python<'py>, array: &ArrayRef) -> PyResult<Bound<'py, PyTuple>> {
    macro_rules! numbers {
        ($arrow:ty, $name:expr) => {
            ("numbers", bytes(py, array.as_primitive::<$arrow>().values()), $name, flags(py, array))
                .into_pyobject(py)
        };
    }
    match array.data_type() {
        DataType::Int8 => numbers!(Int8Type, "int8"),
        DataType::Int16 => numbers!(Int16Type, "int16"),
        DataType::Int32 => numbers!(Int32Type, "int32"),
        DataType::Int64 => numbers!(Int64Type, "int64"),
        DataType::UInt8 => numbers!(UInt8Type, "uint8"),
        DataType::UInt16 => numbers!(UInt16Type, "uint16"),
        DataType::UInt32 => numbers!(UInt32Type, "uint32"),
        DataType::UInt64 => numbers!(UInt64Type, "uint64"),
        DataType::Float32 => numbers!(Float32Type, "float32"),
        DataType::Float64 => numbers!(Float64Type, "float64"),
        DataType::Boolean => {
            let values: Vec<u8> = array.as_boolean().values().iter().map(u8::from).collect();
            ("booleans", PyByteArray::new(py, &values), flags(py, array)).into_pyobject(py)
        }
        DataType::Date32 => {
            let values = bytes(py, array.as_primitive::<Date32Type>().values());
            ("days", values, flags(py, array)).into_pyobject(py)
        }
        DataType::Timestamp(unit, zone) => {
            let counts = converted(array, &DataType::Int64)?;
            let unit = match unit {
                TimeUnit::Second => "s",
                TimeUnit::Millisecond => "ms",
                TimeUnit::Microsecond => "us",
                TimeUnit::Nanosecond => "ns",
            };
            let values = bytes(py, counts.as_primitive::<Int64Type>().values());
            ("instants", values, unit, zone.as_deref(), flags(py, array)).into_pyobject(py)
        }
        DataType::Dictionary(..) => {
            let array = converted(
                array,
                &DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::LargeUtf8)),
            )?;
            let array = array.as_dictionary::<Int32Type>();
            let codes: Vec<i32> = array.keys().iter().map(|code| code.unwrap_or(-1)).collect();
            ("levels", bytes(py, &codes), list(py, array.values().as_string::<i64>())?).into_pyobject(py)
        }
        DataType::Float16 => give(py, &converted(array, &DataType::Float32)?),
        other => {
            let form = if other.is_decimal() { "decimals" } else { "texts" };
            let texts = converted(array, &DataType::LargeUtf8)?;
            (form, list(py, texts.as_string::<i64>())?).into_pyobject(py)
        }
    }
}

fn converted(array: &ArrayRef, to: &DataType) -> PyResult<ArrayRef> {
    cast(array, to).map_err(|_| errors::bug("a column that cannot be handed over"))
}

fn bytes<'py, T: ArrowNativeType>(py: Python<'py>, values: &[T]) -> Bound<'py, PyByteArray> {
    PyByteArray::new(py, values.to_byte_slice())
}

fn flags<'py>(py: Python<'py>, array: &ArrayRef) -> Option<Bound<'py, PyByteArray>> {
    let nulls = array.nulls().filter(|nulls| nulls.null_count() > 0)?;
    let flags: Vec<u8> = nulls.iter().map(|present| u8::from(!present)).collect();
    Some(PyByteArray::new(py, &flags))
}

fn list<'py>(py: Python<'py>, texts: &LargeStringArray) -> PyResult<Bound<'py, PyList>> {
    PyList::new(py, texts.iter())
}
