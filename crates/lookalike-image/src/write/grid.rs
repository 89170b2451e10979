use crate::error::{Error, Result};
use crate::image::{Color, Image};
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
        let colors = image.to_color(Color::Rgb)?;
        let longest = image.width().max(image.height());
        let (w, h, how) = if longest <= cell {
            let factor = cell / longest;
            (image.width() * factor, image.height() * factor, Interpolation::Nearest)
        } else {
            let small = |side: usize| (side * cell / longest).max(1);
            (small(image.width()), small(image.height()), Interpolation::Area)
        };
        let plane = Plane {
            values: colors.as_u8().unwrap_or_default(),
            width: image.width(),
            height: image.height(),
            channels: 3,
        };
        let pixels = resize(plane, w, h, how);
        let left = (number % columns) * (cell + GAP) + GAP + (cell - w) / 2;
        let top = (number / columns) * (cell + GAP) + GAP + (cell - h) / 2;
        for (row, line) in pixels.chunks_exact(w * 3).enumerate() {
            out[((top + row) * width + left) * 3..][..w * 3].copy_from_slice(line);
        }
    }
    Image::from_u8(width, height, Color::Rgb, out)
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
