//! IDX, the format of MNIST (<http://yann.lecun.com/exdb/mnist/>), also packed with gzip.

use std::io::{BufReader, Read};
use std::path::Path;

use flate2::bufread::GzDecoder;

use crate::error::{Reason, Refusal};
use crate::image::{Color, Image};
use crate::limits::Limits;

/// The numbers of unsigned bytes that a file holds, and its sizes.
struct Numbers {
    sizes: Vec<usize>,
    bytes: Vec<u8>,
}

/// The whole file, unpacked, no longer than the limit.
pub(super) fn unpacked(path: &Path, limit: u64) -> Result<Vec<u8>, Reason> {
    let unreadable = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof => Reason::Truncated,
        std::io::ErrorKind::InvalidInput | std::io::ErrorKind::InvalidData => Reason::Damaged,
        kind => Reason::Unreadable(kind),
    };
    let file = std::fs::File::open(path).map_err(unreadable)?;
    Limits::check_bytes(file.metadata().map_err(unreadable)?.len(), limit)?;
    let mut reader = BufReader::new(file);
    let packed = std::io::BufRead::fill_buf(&mut reader).map_err(unreadable)?.starts_with(&[0x1f, 0x8b]);
    let mut bytes = Vec::new();
    if packed {
        GzDecoder::new(reader).take(limit + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    } else {
        reader.take(limit + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    }
    Limits::check_bytes(bytes.len() as u64, limit)?;
    Ok(bytes)
}

fn numbers(path: &Path, limits: &Limits) -> Result<Numbers, Reason> {
    let mut bytes = unpacked(path, limits.set_bytes)?;
    let dimensions = match bytes.get(..4) {
        Some([0, 0, 8, dimensions]) => usize::from(*dimensions),
        Some([0, 0, 9 | 11..=14, _]) => {
            return Err(Reason::Header("its numbers are not unsigned bytes"));
        }
        Some(_) => return Err(Reason::Header("it does not begin as IDX files do")),
        None => return Err(Reason::Truncated),
    };
    let start = 4 + 4 * dimensions;
    let header = bytes.get(4..start).ok_or(Reason::Truncated)?;
    let (chunks, _) = header.as_chunks::<4>();
    let sizes: Vec<usize> = chunks.iter().map(|size| u32::from_be_bytes(*size) as usize).collect();
    let promised = sizes.iter().try_fold(1_u64, |product, size| product.checked_mul(*size as u64));
    let there = (bytes.len() - start) as u64;
    if promised != Some(there) {
        return Err(Reason::Length { promised: promised.unwrap_or(u64::MAX), there });
    }
    bytes.drain(..start);
    Ok(Numbers { sizes, bytes })
}

/// Reads pictures: three sizes (how many, rows, pixels in a row), or four with the channels last.
///
/// # Errors
/// A [`Refusal`] when the header is wrong, the length is not what it says, or the pictures are beyond the limits.
pub fn read_idx(path: &Path, limits: &Limits) -> Result<Vec<Image>, Refusal> {
    let images = || {
        let Numbers { sizes, bytes } = numbers(path, limits)?;
        let (height, width, channels) = match sizes.as_slice() {
            [_, height, width] => (*height, *width, 1),
            [_, height, width, channels] => (*height, *width, *channels),
            _ => return Err(Reason::Header("pictures have three sizes, or four")),
        };
        let color = Color::of_channels(channels).ok_or(Reason::Header("channels must be 1, 3 or 4"))?;
        limits.check(width as u64, height as u64)?;
        bytes
            .chunks_exact(width * height * channels)
            .map(|values| Image::from_u8(width, height, color, values.to_vec()).map_err(|_| Reason::Damaged))
            .collect()
    };
    images().map_err(|reason| Refusal::new(path, reason))
}

/// Reads labels: whole numbers from 0 to 255.
///
/// # Errors
/// A [`Refusal`] when the header is wrong or the length is not what it says.
pub fn read_idx_labels(path: &Path, limits: &Limits) -> Result<Vec<u8>, Refusal> {
    let labels = || match numbers(path, limits)? {
        Numbers { sizes, bytes } if sizes.len() == 1 => Ok(bytes),
        _ => Err(Reason::Header("labels have one size")),
    };
    labels().map_err(|reason| Refusal::new(path, reason))
}
