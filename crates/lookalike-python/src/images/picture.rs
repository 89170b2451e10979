//! Arrays as pictures, and pictures as buffers that arrays are made of.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lookalike::image::{Color, Error, Image, Pixels};
use pyo3::buffer::PyUntypedBuffer;
use pyo3::prelude::*;
use pyo3::types::PyByteArray;

use crate::errors;

/// What the values of an array are, which those of the array that comes back are too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Whole numbers of 8 bits.
    U8,
    /// Whole numbers of 16 bits.
    U16,
    /// Real numbers of 32 bits from 0 to 1, which here are shares of 65,535.
    Share,
}

/// A picture, and what it came as.
pub(super) struct Taken {
    pub(super) image: Image,
    pub(super) form: Form,
    /// Its array has no axis of channels.
    pub(super) flat: bool,
}

/// A buffer, the shape of the array that it is to become, and its type: 0 for uint8, 1 for uint16, 2 for float32.
pub(super) type Given<'py> = (Bound<'py, PyByteArray>, Vec<usize>, u8);

/// Pictures with more values are worked on without the interpreter's lock.
const SMALL: usize = 1 << 14;

/// Height, width and channels of an array that could be a picture, without its values.
fn measured(buffer: &PyUntypedBuffer, what: &str) -> PyResult<(usize, usize, Color, bool)> {
    let (height, width, channels, flat) = match *buffer.shape() {
        [height, width] => (height, width, 1, true),
        [height, width, channels] => (height, width, channels, false),
        ref other => {
            return Err(errors::data(&format!(
                "{what} has {} dimensions: it must have two (rows, pixels in a row), or a third one of channels",
                other.len()
            )));
        }
    };
    if height == 0 || width == 0 {
        return Err(errors::data(&format!("{what} has no pixels")));
    }
    let color = Color::of_channels(channels).ok_or_else(|| {
        errors::data(&format!(
            "{what} has {channels} channels: it must have 1 (grey), 3 (red, green, blue) or 4 (and opacity) of them, \
             the last axis"
        ))
    })?;
    Ok((height, width, color, flat))
}

fn buffer(array: &Bound<'_, PyAny>, what: &str) -> PyResult<PyUntypedBuffer> {
    PyUntypedBuffer::get(array).map_err(|_| {
        let class = array.get_type().name().map(|name| name.to_string()).unwrap_or_default();
        errors::data(&format!("{what} must be a NumPy array, and is of type {class}"))
    })
}

/// The picture that an array holds. `what` is what errors call it.
pub(super) fn take(array: &Bound<'_, PyAny>, what: &str) -> PyResult<Taken> {
    let py = array.py();
    let buffer = buffer(array, what)?;
    let (height, width, color, flat) = measured(&buffer, what)?;
    let (pixels, form) = if let Ok(values) = buffer.as_typed::<u8>() {
        (Pixels::U8(values.to_vec(py)?), Form::U8)
    } else if let Ok(values) = buffer.as_typed::<u16>() {
        (Pixels::U16(values.to_vec(py)?), Form::U16)
    } else if let Ok(values) = buffer.as_typed::<f32>() {
        (Pixels::U16(shares(&values.to_vec(py)?, what)?), Form::Share)
    } else {
        let kind = array.getattr("dtype").map(|kind| kind.to_string()).unwrap_or_default();
        return Err(errors::data(&format!(
            "{what} is of {kind}: it must be of uint8, uint16, or float32 from 0 to 1, such as by .astype(\"float32\")"
        )));
    };
    let image = Image::new(width, height, color, pixels).map_err(raised)?;
    Ok(Taken { image, form, flat })
}

fn shares(values: &[f32], what: &str) -> PyResult<Vec<u16>> {
    if !values.iter().all(|value| (0.0..=1.0).contains(value)) {
        return Err(errors::data(&format!(
            "{what} is of float32 and has values that are not within 0 to 1: divide it by its brightest value, \
             or give uint8"
        )));
    }
    Ok(values.iter().map(|value| (value * 65_535.0 + 0.5) as u16).collect())
}

/// Rows, pixels in a row, channels and bits of an array, without looking at its values.
pub(super) fn shape(array: &Bound<'_, PyAny>) -> PyResult<lookalike::image::Shape> {
    let what = "image";
    let buffer = buffer(array, what)?;
    let (height, width, color, _) = measured(&buffer, what)?;
    Ok(lookalike::image::Shape { width, height, color, bits: if buffer.item_size() == 1 { 8 } else { 16 } })
}

/// A picture as a buffer, in the form that it came in; normalized ones are real numbers.
pub(super) fn give(py: Python<'_>, image: Image, form: Form, flat: bool) -> PyResult<Given<'_>> {
    let (height, width, channels) = (image.height(), image.width(), image.channels());
    let shape = if flat && channels == 1 { vec![height, width] } else { vec![height, width, channels] };
    let (bytes, code) = match (image.into_pixels(), form) {
        (Pixels::U8(values), Form::U8 | Form::U16) => (PyByteArray::new(py, &values), 0),
        (Pixels::U16(values), Form::U8 | Form::U16) => {
            (written(py, values.iter().map(|value| value.to_ne_bytes()))?, 1)
        }
        (Pixels::U8(values), Form::Share) => {
            (written(py, values.iter().map(|&value| (f32::from(value) / 255.0).to_ne_bytes()))?, 2)
        }
        (Pixels::U16(values), Form::Share) => {
            (written(py, values.iter().map(|&value| (f32::from(value) / 65_535.0).to_ne_bytes()))?, 2)
        }
        (Pixels::F32(values), _) => (written(py, values.iter().map(|value| value.to_ne_bytes()))?, 2),
    };
    Ok((bytes, shape, code))
}

/// A buffer of values of `N` bytes each.
pub(super) fn written<const N: usize>(
    py: Python<'_>,
    values: impl ExactSizeIterator<Item = [u8; N]>,
) -> PyResult<Bound<'_, PyByteArray>> {
    PyByteArray::new_with(py, values.len() * N, |bytes| {
        for (place, value) in bytes.as_chunks_mut::<N>().0.iter_mut().zip(values) {
            *place = value;
        }
        Ok(())
    })
}

/// Runs `work`, without the interpreter's lock where it is worth it. What breaks off is a bug of ours and told as such.
pub(super) fn working<T: Send, E: Into<lookalike::Error> + Send>(
    py: Python<'_>,
    values: usize,
    work: impl FnOnce() -> Result<T, E> + Send,
) -> PyResult<T> {
    let work = || catch_unwind(AssertUnwindSafe(work));
    let done = if values > SMALL { py.detach(work) } else { work() };
    match done {
        Ok(result) => result.map_err(|error| errors::raised(error.into())),
        Err(_) => Err(errors::bug("a step broke off")),
    }
}

pub(super) fn raised(error: Error) -> PyErr {
    errors::raised(error.into())
}
