//! Many pictures in one file.

use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::write_whole;
use crate::error::{Error, Refusal, Result};
use crate::image::{Color, Image, Pixels, Shape};
use crate::limits::same_shape;

/// The shape that all pictures have.
fn common(path: &Path, images: &[Image]) -> Result<Shape> {
    let Some(first) = images.first() else {
        return Err(Error::Empty { path: path.to_owned(), refused: 0 });
    };
    for image in images {
        same_shape(image.shape(), first.shape()).map_err(|reason| Refusal::new(path, reason))?;
    }
    Ok(first.shape())
}

/// Packs the bytes if the name says so, and writes them.
fn finish(path: &Path, bytes: &[u8]) -> Result<()> {
    if path.extension().is_none_or(|ending| ending != "gz") {
        return write_whole(path, bytes);
    }
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes).map_err(Error::io("write", path))?;
    write_whole(path, &packer.finish().map_err(Error::io("write", path))?)
}

/// Writes pictures of 8 bits as an IDX file; packed if its name ends in `.gz`.
///
/// # Errors
/// [`Error::Refused`] when the pictures are not all alike, [`Error::Step`] when they do not have 8 bits, [`Error::Empty`]
/// when there are none, and [`Error::Io`].
pub fn write_idx(path: &Path, images: &[Image]) -> Result<()> {
    let shape = common(path, images)?;
    let grey = shape.color == Color::Grey;
    let mut bytes = vec![0, 0, 8, if grey { 3 } else { 4 }];
    let sizes = [images.len(), shape.height, shape.width, shape.color.channels()];
    for size in &sizes[..if grey { 3 } else { 4 }] {
        bytes.extend_from_slice(&(*size as u32).to_be_bytes());
    }
    for image in images {
        let what = "pictures that do not have 8 bits".to_owned();
        bytes.extend_from_slice(image.as_u8().ok_or(Error::Step { step: "IDX", what })?);
    }
    finish(path, &bytes)
}

/// Writes labels as an IDX file; packed if its name ends in `.gz`.
///
/// # Errors
/// [`Error::Io`].
pub fn write_idx_labels(path: &Path, labels: &[u8]) -> Result<()> {
    let mut bytes = vec![0, 0, 8, 1];
    bytes.extend_from_slice(&(labels.len() as u32).to_be_bytes());
    bytes.extend_from_slice(labels);
    finish(path, &bytes)
}

/// Writes pictures as an NPY file of version 1.0: how many, rows, pixels in a row, and the channels unless there is one.
///
/// # Errors
/// [`Error::Refused`] when the pictures are not all alike, [`Error::Empty`] when there are none, and [`Error::Io`].
pub fn write_npy(path: &Path, images: &[Image]) -> Result<()> {
    let shape = common(path, images)?;
    let kind = match shape.bits {
        8 => "|u1",
        16 => "<u2",
        _ => "<f4",
    };
    let channels = match shape.color {
        Color::Grey => String::new(),
        color => format!(", {}", color.channels()),
    };
    let sizes = format!("{}, {}, {}{channels}", images.len(), shape.height, shape.width);
    let mut header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': ({sizes}), }}");
    // The data begins at a multiple of 64 bytes.
    let length = (10 + header.len() + 1).next_multiple_of(64) - 10;
    header.push_str(&" ".repeat(length - header.len() - 1));
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend_from_slice(&(header.len() as u16).to_le_bytes());
    bytes.extend_from_slice(header.as_bytes());
    for image in images {
        match image.pixels() {
            Pixels::U8(values) => bytes.extend_from_slice(values),
            Pixels::U16(values) => bytes.extend(values.iter().flat_map(|value| value.to_le_bytes())),
            Pixels::F32(values) => bytes.extend(values.iter().flat_map(|value| value.to_le_bytes())),
        }
    }
    write_whole(path, &bytes)
}
