use crate::error::{Error, Result};
use crate::image::{Color, Image, Pixels};
use crate::kernel::resize::resize;
use crate::kernel::warp::Plane;
use crate::values::Interpolation;

/// Pixels between the pictures.
const GAP: usize = 2;

/// Pictures side by side on white, `columns` in a row, as one of RGB and 8 bits. Each is made to fit a square cell of `cell`
/// pixels; small ones are made larger by whole factors, so that their pixels are seen.
///
/// # Errors
/// [`Error::Step`] when there are none, or a picture is normalized.
pub fn grid(images: &[Image], columns: usize, cell: usize) -> Result<Image> {
    let step = "a grid";
    if images.is_empty() || columns == 0 || cell == 0 {
        return Err(Error::Step { step, what: "no pictures".to_owned() });
    }
    let columns = columns.min(images.len());
    let rows = images.len().div_ceil(columns);
    let (width, height) = (columns * (cell + GAP) + GAP, rows * (cell + GAP) + GAP);
    let mut out = vec![255; width * height * 3];
    for (number, image) in images.iter().enumerate() {
        let Some(colors) = colors(image) else {
            return Err(Error::Step { step, what: "a normalized picture".to_owned() });
        };
        let longest = image.width().max(image.height());
        let (w, h, how) = if longest <= cell {
            let factor = cell / longest;
            (image.width() * factor, image.height() * factor, Interpolation::Nearest)
        } else {
            let small = |side: usize| (side * cell / longest).max(1);
            (small(image.width()), small(image.height()), Interpolation::Area)
        };
        let plane = Plane { values: &colors, width: image.width(), height: image.height(), channels: 3 };
        let pixels = resize(plane, w, h, how);
        let left = (number % columns) * (cell + GAP) + GAP + (cell - w) / 2;
        let top = (number / columns) * (cell + GAP) + GAP + (cell - h) / 2;
        for (row, line) in pixels.chunks_exact(w * 3).enumerate() {
            out[((top + row) * width + left) * 3..][..w * 3].copy_from_slice(line);
        }
    }
    Image::from_u8(width, height, Color::Rgb, out)
}

/// Red, green and blue of 8 bits, on white where the picture is not opaque.
fn colors(image: &Image) -> Option<Vec<u8>> {
    let values: Vec<u8> = match image.pixels() {
        Pixels::U8(values) => values.clone(),
        Pixels::U16(values) => values.iter().map(|value| ((u32::from(*value) + 128) / 257) as u8).collect(),
        Pixels::F32(_) => return None,
    };
    Some(match image.color() {
        Color::Grey => values.iter().flat_map(|value| [*value; 3]).collect(),
        Color::Rgb => values,
        Color::Rgba => values
            .as_chunks::<4>()
            .0
            .iter()
            .flat_map(|pixel| {
                let on_white = |value: u8| {
                    let (value, opacity) = (u32::from(value), u32::from(pixel[3]));
                    ((value * opacity + 255 * (255 - opacity) + 127) / 255) as u8
                };
                [on_white(pixel[0]), on_white(pixel[1]), on_white(pixel[2])]
            })
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_hold_their_pictures() {
        let small = Image::from_u8(1, 1, Color::Grey, vec![7]).unwrap();
        let large = Image::from_u16(30, 10, Color::Rgb, vec![65_535; 900]).unwrap();
        let clear = Image::from_u8(2, 2, Color::Rgba, vec![0; 16]).unwrap();
        let sheet = grid(&[small, large, clear], 2, 10).unwrap();
        assert_eq!((sheet.width(), sheet.height()), (26, 26));
        let dark = sheet.as_u8().unwrap().iter().map(|&value| u32::from(value == 7)).sum::<u32>();
        assert_eq!(dark, 300);
        assert!(grid(&[], 3, 10).is_err());
    }
}
