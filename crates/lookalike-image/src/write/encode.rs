use std::io::Cursor;
use std::path::Path;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder, ImageFormat};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::image::{Color, Image, Pixels};
use crate::kernel::jpeg;

/// Formats that single pictures are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// Without loss, all kinds.
    Png,
    /// With loss, 8 bits, without opacity.
    Jpeg,
    /// Without loss, 8 bits.
    Webp,
    /// Without loss, 8 bits.
    Bmp,
    /// Without loss, all kinds.
    Tiff,
}

impl FileFormat {
    /// The format that the ending of a file's name stands for.
    pub fn of_name(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_lowercase();
        Some(match ending.as_str() {
            "png" => FileFormat::Png,
            "jpg" | "jpeg" => FileFormat::Jpeg,
            "webp" => FileFormat::Webp,
            "bmp" => FileFormat::Bmp,
            "tif" | "tiff" => FileFormat::Tiff,
            _ => return None,
        })
    }

    /// The usual ending.
    pub fn ending(self) -> &'static str {
        match self {
            FileFormat::Png => "png",
            FileFormat::Jpeg => "jpg",
            FileFormat::Webp => "webp",
            FileFormat::Bmp => "bmp",
            FileFormat::Tiff => "tiff",
        }
    }
}

/// The bytes of a picture's file. `quality` is JPEG's, 1 to 100.
///
/// # Errors
/// [`Error::Step`] when the format does not have such pictures.
pub fn encode(image: &Image, format: FileFormat, quality: u8) -> Result<Vec<u8>> {
    let step = "writing it as a file";
    let refuse = |what: &str| Error::Step { step, what: what.to_owned() };
    let (width, height) = (image.width() as u32, image.height() as u32);
    let deep;
    let (bytes, color): (&[u8], ExtendedColorType) = match image.pixels() {
        Pixels::U8(values) => (
            values,
            match image.color() {
                Color::Grey => ExtendedColorType::L8,
                Color::Rgb => ExtendedColorType::Rgb8,
                Color::Rgba => ExtendedColorType::Rgba8,
            },
        ),
        Pixels::U16(values) => {
            if !matches!(format, FileFormat::Png | FileFormat::Tiff) {
                return Err(refuse("a picture of 16 bits in this format: choose PNG or TIFF"));
            }
            deep = values.iter().flat_map(|value| value.to_ne_bytes()).collect::<Vec<u8>>();
            (
                &deep,
                match image.color() {
                    Color::Grey => ExtendedColorType::L16,
                    Color::Rgb => ExtendedColorType::Rgb16,
                    Color::Rgba => ExtendedColorType::Rgba16,
                },
            )
        }
        Pixels::F32(_) => return Err(refuse("a normalized picture: choose NPY")),
    };
    let mut out = Cursor::new(Vec::new());
    let written = match format {
        FileFormat::Jpeg => {
            let Some(values) = image.as_u8().filter(|_| image.color() != Color::Rgba) else {
                return Err(refuse("a picture with opacity in JPEG: choose PNG"));
            };
            if image.width().max(image.height()) > jpeg::LONGEST {
                return Err(refuse("a picture so large in JPEG: choose PNG"));
            }
            return Ok(jpeg::encode(values, image.width(), image.height(), image.channels(), quality));
        }
        FileFormat::Png => {
            // What the slower levels save is a few hundredths of the size.
            let encoder = PngEncoder::new_with_quality(&mut out, CompressionType::Fast, FilterType::Adaptive);
            encoder.write_image(bytes, width, height, color)
        }
        FileFormat::Webp => WebPEncoder::new_lossless(&mut out).write_image(bytes, width, height, color),
        FileFormat::Bmp => {
            image::write_buffer_with_format(&mut out, bytes, width, height, color, ImageFormat::Bmp)
        }
        FileFormat::Tiff => {
            image::write_buffer_with_format(&mut out, bytes, width, height, color, ImageFormat::Tiff)
        }
    };
    written.map_err(|_| refuse("a picture of this size in this format"))?;
    Ok(out.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::read::decode;

    #[test]
    fn files_without_loss_are_read_as_they_were_written() {
        for color in [Color::Grey, Color::Rgb, Color::Rgba] {
            let count = 7 * 5 * color.channels();
            let shallow =
                Image::from_u8(7, 5, color, (0..count).map(|i| (i * 3 % 256) as u8).collect()).unwrap();
            let deep = Image::from_u16(7, 5, color, (0..count).map(|i| (i * 601) as u16).collect()).unwrap();
            for format in [FileFormat::Png, FileFormat::Tiff] {
                for image in [&shallow, &deep] {
                    let file = encode(image, format, 90).unwrap();
                    assert_eq!(decode(&file, &Limits::default()).as_ref(), Ok(image), "{format:?}");
                }
            }
            // These two know color only.
            for format in [FileFormat::Webp, FileFormat::Bmp] {
                let file = encode(&shallow, format, 90).unwrap();
                let back = decode(&file, &Limits::default()).unwrap();
                assert!(color == Color::Grey || back == shallow, "{format:?} {color:?}");
                assert!(encode(&deep, format, 90).is_err());
            }
        }
    }
}
