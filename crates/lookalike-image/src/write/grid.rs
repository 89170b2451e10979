use crate::error::{Error, Result};
use crate::image::{Color, Image};
use crate::kernel::resize::resize;
use crate::kernel::warp::Plane;
use crate::values::Interpolation;

/// Pixels between the pictures.
const GAP: usize = 2;

/// Pictures side by side on white, `columns` in a row, as one of RGB and 8 bits. Each is made to fit a square of `side`
/// pixels; small ones are made larger by whole factors, so that their pixels are seen. Cells are as wide as the widest and as
/// high as the highest is then.
///
/// # Errors
/// [`Error::Step`] when there are none, or a picture is normalized.
pub fn grid(images: &[Image], columns: usize, side: usize) -> Result<Image> {
    let step = "a grid";
    if images.is_empty() || columns == 0 || side == 0 {
        return Err(Error::Step { step, what: "no pictures".to_owned() });
    }
    let columns = columns.min(images.len());
    let rows = images.len().div_ceil(columns);
    let sizes: Vec<(usize, usize)> = images.iter().map(|image| fitted(image, side)).collect();
    let cell_width = sizes.iter().map(|&(width, _)| width).max().unwrap_or(1);
    let cell_height = sizes.iter().map(|&(_, height)| height).max().unwrap_or(1);
    let (width, height) = (columns * (cell_width + GAP) + GAP, rows * (cell_height + GAP) + GAP);
    let mut out = vec![255; width * height * 3];
    for (number, (image, &(w, h))) in images.iter().zip(&sizes).enumerate() {
        let colors = image.to_color(Color::Rgb)?;
        let how = if h < image.height() || w < image.width() {
            Interpolation::Area
        } else {
            Interpolation::Nearest
        };
        let plane = Plane {
            values: colors.as_u8().unwrap_or_default(),
            width: image.width(),
            height: image.height(),
            channels: 3,
        };
        let pixels = resize(plane, w, h, how);
        let left = (number % columns) * (cell_width + GAP) + GAP + (cell_width - w) / 2;
        let top = (number / columns) * (cell_height + GAP) + GAP + (cell_height - h) / 2;
        for (row, line) in pixels.chunks_exact(w * 3).enumerate() {
            out[((top + row) * width + left) * 3..][..w * 3].copy_from_slice(line);
        }
    }
    Image::from_u8(width, height, Color::Rgb, out)
}

/// How wide and high a picture is in a square of `side` pixels.
fn fitted(image: &Image, side: usize) -> (usize, usize) {
    let (width, height) = (image.width(), image.height());
    let longest = width.max(height);
    if longest <= side {
        let factor = side / longest;
        return (width * factor, height * factor);
    }
    let small = |length: usize| (length * side / longest).max(1);
    (small(width), small(height))
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

    #[test]
    fn cells_are_no_larger_than_their_pictures() {
        let flat = Image::from_u8(64, 48, Color::Grey, vec![7; 64 * 48]).unwrap();
        let sheet = grid(&[flat.clone(), flat.clone()], 2, 64).unwrap();
        assert_eq!((sheet.width(), sheet.height()), (2 * 66 + 2, 50 + 2));
        let sheet = grid(&[flat.clone(), flat], 1, 32).unwrap();
        assert_eq!((sheet.width(), sheet.height()), (34 + 2, 2 * 26 + 2));
        let line = Image::from_u8(1, 30, Color::Grey, vec![7; 30]).unwrap();
        let sheet = grid(&[line], 1, 10).unwrap();
        assert_eq!((sheet.width(), sheet.height()), (1 + 4, 10 + 4));
    }
}
