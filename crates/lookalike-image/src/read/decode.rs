use std::io::Cursor;
use std::path::Path;

use image::codecs::webp::WebPDecoder;
use image::error::{ImageError, LimitErrorKind};
use image::{ColorType, DynamicImage, ImageDecoder, ImageFormat, ImageReader};

use crate::error::{Reason, Refusal};
use crate::image::{Color, Image, Pixels};
use crate::limits::Limits;

/// Formats that are read.
const FORMATS: [ImageFormat; 5] =
    [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Bmp, ImageFormat::Tiff];

/// Reads a PNG, JPEG, WebP, BMP or TIFF file. What it is follows from its first bytes, not from its name.
///
/// # Errors
/// A [`Refusal`] with the file and the reason: not readable, damaged, cut short, without pixels, animated or beyond the
/// limits.
pub fn read_image(path: &Path, limits: &Limits) -> Result<Image, Refusal> {
    let refuse = |reason| Refusal::new(path, reason);
    let unreadable = |error: std::io::Error| refuse(Reason::Unreadable(error.kind()));
    let bytes = std::fs::metadata(path).map_err(unreadable)?.len();
    Limits::check_bytes(bytes, limits.file_bytes).map_err(refuse)?;
    decode(&std::fs::read(path).map_err(unreadable)?, limits).map_err(refuse)
}

/// Reads a PNG, JPEG, WebP, BMP or TIFF file from memory.
///
/// Palettes become colors, grey with opacity becomes RGBA, and real numbers (of TIFF) are refused.
///
/// # Errors
/// As [`read_image`].
pub fn decode(file: &[u8], limits: &Limits) -> Result<Image, Reason> {
    if file.is_empty() {
        return Err(Reason::EmptyFile);
    }
    let format = image::guess_format(file).map_err(|_| Reason::UnknownFormat)?;
    if !FORMATS.contains(&format) {
        return Err(Reason::UnknownFormat);
    }
    if is_animated(file, format)? {
        return Err(Reason::Animated);
    }
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut bounds = image::Limits::default();
    // Decoders need some memory besides the picture's.
    bounds.max_alloc = Some(limits.pixels.saturating_mul(16).saturating_add(1 << 24));
    reader.limits(bounds);
    let decoder = reader.into_decoder().map_err(|error| reason(&error))?;
    let (width, height) = decoder.dimensions();
    limits.check(u64::from(width), u64::from(height))?;
    if matches!(decoder.color_type(), ColorType::Rgb32F | ColorType::Rgba32F) {
        return Err(Reason::Unsupported);
    }
    let decoded = DynamicImage::from_decoder(decoder).map_err(|error| reason(&error))?;
    let (color, pixels) = match decoded {
        DynamicImage::ImageLuma8(buffer) => (Color::Grey, Pixels::U8(buffer.into_raw())),
        DynamicImage::ImageRgb8(buffer) => (Color::Rgb, Pixels::U8(buffer.into_raw())),
        DynamicImage::ImageRgba8(buffer) => (Color::Rgba, Pixels::U8(buffer.into_raw())),
        DynamicImage::ImageLuma16(buffer) => (Color::Grey, Pixels::U16(buffer.into_raw())),
        DynamicImage::ImageRgb16(buffer) => (Color::Rgb, Pixels::U16(buffer.into_raw())),
        DynamicImage::ImageRgba16(buffer) => (Color::Rgba, Pixels::U16(buffer.into_raw())),
        DynamicImage::ImageLumaA8(_) => (Color::Rgba, Pixels::U8(decoded.into_rgba8().into_raw())),
        DynamicImage::ImageLumaA16(_) => (Color::Rgba, Pixels::U16(decoded.into_rgba16().into_raw())),
        _ => return Err(Reason::Unsupported),
    };
    Image::new(width as usize, height as usize, color, pixels).map_err(|_| Reason::Damaged)
}

/// True when the file holds several pictures that follow each other.
fn is_animated(file: &[u8], format: ImageFormat) -> Result<bool, Reason> {
    match format {
        ImageFormat::Png => {
            // The chunk that announces an animation stands before the first one of pixels.
            let mut rest = file.get(8..).unwrap_or_default();
            while let Some((header, after)) = rest.split_at_checked(8) {
                match &header[4..] {
                    b"acTL" => return Ok(true),
                    b"IDAT" => return Ok(false),
                    _ => {}
                }
                let length = u32::from_be_bytes([header[0], header[1], header[2], header[3]]) as usize;
                rest = after.get(length.saturating_add(4)..).unwrap_or_default();
            }
            Ok(false)
        }
        ImageFormat::WebP => {
            let decoder = WebPDecoder::new(Cursor::new(file)).map_err(|error| reason(&error))?;
            Ok(decoder.has_animation())
        }
        ImageFormat::Tiff => {
            let mut pages = tiff_pages(file).ok_or(Reason::Damaged)?;
            Ok(pages.nth(1).is_some())
        }
        _ => Ok(false),
    }
}

/// Where the pages of a TIFF file stand: each directory says where the next one is.
fn tiff_pages(file: &[u8]) -> Option<Box<dyn Iterator<Item = u32> + '_>> {
    let little = match file.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        // Larger ones (BigTIFF) are left to the decoder.
        _ => return Some(Box::new(std::iter::empty())),
    };
    let number = move |at: usize, length: usize| {
        let bytes = file.get(at..at.checked_add(length)?)?;
        let value =
            |bytes: &mut dyn Iterator<Item = &u8>| bytes.fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
        Some(if little { value(&mut bytes.iter().rev()) } else { value(&mut bytes.iter()) })
    };
    let first = number(4, 4)?;
    Some(Box::new(std::iter::successors(Some(first), move |at| {
        let entries = number(*at as usize, 2)?;
        let next = number((*at as usize).checked_add(2)?.checked_add(12 * entries as usize)?, 4)?;
        // A file in which directories follow in a circle has no more pages than these.
        (next > *at).then_some(next)
    })))
}

/// In a word why the decoder gave up. Its own message may quote the file.
fn reason(error: &ImageError) -> Reason {
    match error {
        ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Reason::Truncated,
        ImageError::IoError(error) => Reason::Unreadable(error.kind()),
        ImageError::Limits(limit) => match limit.kind() {
            LimitErrorKind::DimensionError | LimitErrorKind::InsufficientMemory => {
                Reason::TooLarge { width: 0, height: 0, limit: "memory".to_owned() }
            }
            _ => Reason::Unsupported,
        },
        ImageError::Unsupported(_) => Reason::Unsupported,
        ImageError::Decoding(_) => {
            // Decoders wrap the end of the file in errors of their own.
            let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
            while let Some(inner) = cause {
                let ended = inner
                    .downcast_ref::<std::io::Error>()
                    .is_some_and(|error| error.kind() == std::io::ErrorKind::UnexpectedEof);
                if ended {
                    return Reason::Truncated;
                }
                cause = inner.source();
            }
            Reason::Damaged
        }
        _ => Reason::Damaged,
    }
}
