//! NPY and NPZ, the formats of `NumPy` (<https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>).

use std::io::Read;
use std::path::Path;

use super::idx::unpacked;
use crate::error::{Reason, Refusal};
use crate::image::{Color, Image, Pixels};
use crate::limits::Limits;

/// An array as a file has it.
pub(super) struct Array {
    shape: Vec<usize>,
    values: Values,
}

enum Values {
    U8(Vec<u8>),
    U16(Vec<u16>),
    Whole(Vec<i64>),
}

impl Array {
    fn parse(file: &[u8]) -> Result<Array, Reason> {
        let damaged = Reason::Header("it does not begin as NPY files do");
        let Some(b"\x93NUMPY") = file.get(..6) else { return Err(damaged) };
        let (start, length) = match file.get(6..12) {
            Some([1, 0, a, b, ..]) => (10, usize::from(u16::from_le_bytes([*a, *b]))),
            Some([2 | 3, 0, a, b, c, d]) => (12, u32::from_le_bytes([*a, *b, *c, *d]) as usize),
            Some(_) => return Err(Reason::Header("its version of the format is not known")),
            None => return Err(Reason::Truncated),
        };
        let end = start + length;
        let header = file.get(start..end).ok_or(Reason::Truncated)?;
        let header = std::str::from_utf8(header).map_err(|_| damaged.clone())?;
        let kind = value_of(header, "descr").ok_or(Reason::Header("it does not say what its numbers are"))?;
        let order = value_of(header, "fortran_order").ok_or(damaged.clone())?;
        if order.starts_with("True") {
            return Err(Reason::Header("its rows and columns are exchanged (Fortran order)"));
        }
        let shape = value_of(header, "shape").ok_or(Reason::Header("it has no shape"))?;
        let shape: Vec<usize> = shape
            .trim_start_matches('(')
            .split(')')
            .next()
            .unwrap_or_default()
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| part.parse().map_err(|_| Reason::Header("its shape is not of whole numbers")))
            .collect::<Result<_, _>>()?;
        let kind = kind.trim_start_matches(['\'', '"']).split(['\'', '"']).next().unwrap_or_default();
        let size: usize = match kind.trim_start_matches(['<', '>', '|', '=']) {
            "u1" | "i1" | "b1" => 1,
            "u2" | "i2" => 2,
            "i4" | "u4" => 4,
            "i8" | "u8" => 8,
            _ => return Err(Reason::Header("its numbers are not whole ones of 8, 16, 32 or 64 bits")),
        };
        let data = &file[end..];
        let promised = shape.iter().try_fold(size as u64, |product, size| product.checked_mul(*size as u64));
        if promised != Some(data.len() as u64) {
            let promised = promised.unwrap_or(u64::MAX);
            return Err(Reason::Length { promised, there: data.len() as u64 });
        }
        let big = kind.starts_with('>');
        let values = match kind.trim_start_matches(['<', '>', '|', '=']) {
            "u1" | "b1" => Values::U8(data.to_vec()),
            "u2" => {
                let number = if big { u16::from_be_bytes } else { u16::from_le_bytes };
                Values::U16(data.as_chunks::<2>().0.iter().map(|bytes| number(*bytes)).collect())
            }
            other => {
                let signed = other.starts_with('i');
                Values::Whole(data.chunks_exact(size).map(|bytes| whole(bytes, big, signed)).collect())
            }
        };
        Ok(Array { shape, values })
    }

    /// The pictures of an array: rows and pixels in a row; before them, if there are more sizes, how many; after them, if
    /// the last is 3 or 4, or 1, the channels.
    fn images(self, limits: &Limits) -> Result<Vec<Image>, Reason> {
        let channels = |count: usize| Color::of_channels(count);
        let (height, width, color) = match self.shape.as_slice() {
            [height, width] | [_, height, width @ (0..=2 | 5..)] => (*height, *width, Color::Grey),
            [height, width, last @ (3 | 4)] => (*height, *width, channels(*last).unwrap_or(Color::Rgb)),
            [_, height, width, last] => {
                let wrong = Reason::Header("the last of four sizes must be 1, 3 or 4 channels");
                (*height, *width, channels(*last).ok_or(wrong)?)
            }
            _ => return Err(Reason::Header("pictures have two to four sizes")),
        };
        limits.check(width as u64, height as u64)?;
        let count = width * height * color.channels();
        let made = |pixels: Pixels| Image::new(width, height, color, pixels).map_err(|_| Reason::Damaged);
        match self.values {
            Values::U8(values) => {
                values.chunks_exact(count).map(|part| made(Pixels::U8(part.to_vec()))).collect()
            }
            Values::U16(values) => {
                values.chunks_exact(count).map(|part| made(Pixels::U16(part.to_vec()))).collect()
            }
            Values::Whole(_) => Err(Reason::Header("its numbers are not unsigned ones of 8 or 16 bits")),
        }
    }

    /// The labels of an array of one size.
    fn labels(self) -> Result<Vec<String>, Reason> {
        if self.shape.len() != 1 && self.shape.iter().skip(1).any(|size| *size != 1) {
            return Err(Reason::Header("labels have one size"));
        }
        Ok(match self.values {
            Values::U8(values) => values.iter().map(ToString::to_string).collect(),
            Values::U16(values) => values.iter().map(ToString::to_string).collect(),
            Values::Whole(values) => values.iter().map(ToString::to_string).collect(),
        })
    }
}

/// A whole number of up to eight bytes.
fn whole(bytes: &[u8], big: bool, signed: bool) -> i64 {
    let mut wide = [0; 8];
    for (number, byte) in bytes.iter().enumerate() {
        wide[if big { bytes.len() - 1 - number } else { number }] = *byte;
    }
    if signed && wide[bytes.len() - 1] >= 0x80 {
        wide[bytes.len()..].fill(0xff);
    }
    i64::from_le_bytes(wide)
}

/// What stands after a key in the header, which is a dictionary as Python writes it.
fn value_of<'a>(header: &'a str, key: &str) -> Option<&'a str> {
    let at = [format!("'{key}'"), format!("\"{key}\"")].iter().find_map(|key| {
        let at = header.find(key.as_str())?;
        Some(at + key.len())
    })?;
    Some(header[at..].trim_start().strip_prefix(':')?.trim_start())
}

/// Reads pictures from an NPY file of unsigned bytes or of unsigned numbers of 16 bits.
///
/// # Errors
/// A [`Refusal`] when the header is wrong, the length is not what it says, or the pictures are beyond the limits.
pub fn read_npy(path: &Path, limits: &Limits) -> Result<Vec<Image>, Refusal> {
    let images = || Array::parse(&unpacked(path, limits.set_bytes)?)?.images(limits);
    images().map_err(|reason| Refusal::new(path, reason))
}

/// Reads labels from an NPY file of whole numbers.
pub(super) fn read_npy_labels(path: &Path, limits: &Limits) -> Result<Vec<String>, Refusal> {
    let labels = || Array::parse(&unpacked(path, limits.set_bytes)?)?.labels();
    labels().map_err(|reason| Refusal::new(path, reason))
}

/// Reads pictures and, where there are any, labels from an NPZ file: the first array with two sizes or more is that of the
/// pictures, the first with one size that of the labels.
///
/// # Errors
/// A [`Refusal`] as [`read_npy`].
pub fn read_npz(path: &Path, limits: &Limits) -> Result<(Vec<Image>, Option<Vec<String>>), Refusal> {
    let read = || {
        let unreadable = |error: std::io::Error| Reason::Unreadable(error.kind());
        let file = std::fs::File::open(path).map_err(unreadable)?;
        Limits::check_bytes(file.metadata().map_err(unreadable)?.len(), limits.set_bytes)?;
        let mut archive = zip::ZipArchive::new(file).map_err(|_| Reason::Damaged)?;
        let (mut images, mut labels) = (None, None);
        let mut left = limits.set_bytes;
        for number in 0..archive.len() {
            let entry = archive.by_index(number).map_err(|_| Reason::Damaged)?;
            if !entry.name().is_ok_and(|name| name.ends_with(".npy")) {
                continue;
            }
            let mut bytes = Vec::new();
            entry.take(left + 1).read_to_end(&mut bytes).map_err(|_| Reason::Damaged)?;
            let length = bytes.len() as u64;
            left = left.checked_sub(length).ok_or(Reason::TooManyBytes { bytes: length, limit: left })?;
            let array = Array::parse(&bytes)?;
            if array.shape.len() == 1 && labels.is_none() {
                labels = Some(array.labels()?);
            } else if array.shape.len() > 1 && images.is_none() {
                images = Some(array.images(limits)?);
            }
        }
        Ok((images.ok_or(Reason::Header("none of its arrays holds pictures"))?, labels))
    };
    read().map_err(|reason| Refusal::new(path, reason))
}
