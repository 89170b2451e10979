//! Pictures of another size, color or depth.

use crate::error::{Error, Result};
use crate::image::{Color, Depth, Image, Pixels};
use crate::kernel::color::luma;
use crate::kernel::resize::resize;
use crate::kernel::warp::Plane;
use crate::values::Interpolation;

impl Image {
    /// The picture with 8 bits for a value: 16 bits are divided by 257 and rounded.
    ///
    /// # Errors
    /// [`Error::Step`] for a normalized picture, whose numbers have no range.
    pub fn to_8_bits(&self) -> Result<Image> {
        let values = match self.pixels() {
            Pixels::U8(_) => return Ok(self.clone()),
            Pixels::U16(values) => {
                values.iter().map(|value| ((u32::from(*value) + 128) / 257) as u8).collect()
            }
            Pixels::F32(_) => {
                return Err(Error::Step {
                    step: "rounding to 8 bits",
                    what: "a normalized picture".to_owned(),
                });
            }
        };
        Image::from_u8(self.width(), self.height(), self.color(), values)
    }

    /// The picture with 8 bits and other channels: grey is 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601), and what is
    /// not opaque is seen on white where opacity goes.
    ///
    /// ```
    /// use lookalike_image::{Color, Image};
    /// let clear = Image::from_u8(1, 1, Color::Rgba, vec![10, 20, 30, 0])?;
    /// assert_eq!(clear.to_color(Color::Rgb)?.as_u8(), Some(&[255; 3][..]));
    /// # Ok::<(), lookalike_image::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Image::to_8_bits`].
    pub fn to_color(&self, color: Color) -> Result<Image> {
        let own = self.to_8_bits()?;
        if own.color() == color {
            return Ok(own);
        }
        let values = own.as_u8().unwrap_or_default();
        let mut out = Vec::with_capacity(values.len() / own.channels() * color.channels());
        for pixel in values.chunks_exact(own.channels()) {
            let [red, green, blue] = match own.color() {
                Color::Grey => [pixel[0]; 3],
                Color::Rgb => [pixel[0], pixel[1], pixel[2]],
                // What is not seen at all keeps its color where opacity stays.
                Color::Rgba => {
                    [on_white(pixel[0], pixel[3]), on_white(pixel[1], pixel[3]), on_white(pixel[2], pixel[3])]
                }
            };
            match color {
                Color::Grey if own.color() == Color::Grey => out.push(red),
                Color::Grey => out.push(u8::rounded(luma(red.real(), green.real(), blue.real()))),
                Color::Rgb => out.extend([red, green, blue]),
                Color::Rgba => out.extend([red, green, blue, 255]),
            }
        }
        Image::from_u8(own.width(), own.height(), color, out)
    }

    /// The picture with another size: means of areas where it becomes smaller, straight lines between pixels otherwise.
    ///
    /// # Errors
    /// [`Error::Shape`] for a size of nothing, and as [`Image::to_8_bits`].
    pub fn resized(&self, width: usize, height: usize) -> Result<Image> {
        let (old_width, old_height, channels) = (self.width(), self.height(), self.channels());
        if (old_width, old_height) == (width, height) {
            return Ok(self.clone());
        }
        if width == 0 || height == 0 {
            return Err(Error::Shape { width, height, channels, values: 0 });
        }
        let smaller = width <= old_width && height <= old_height;
        let how = if smaller { Interpolation::Area } else { Interpolation::Linear };
        let pixels = match self.pixels() {
            Pixels::U8(values) => {
                let plane = Plane { values, width: old_width, height: old_height, channels };
                Pixels::U8(resize(plane, width, height, how))
            }
            Pixels::U16(values) => {
                let plane = Plane { values, width: old_width, height: old_height, channels };
                Pixels::U16(resize(plane, width, height, how))
            }
            Pixels::F32(_) => {
                return Err(Error::Step { step: "another size", what: "a normalized picture".to_owned() });
            }
        };
        Image::new(width, height, self.color(), pixels)
    }
}

fn on_white(value: u8, opacity: u8) -> u8 {
    let (value, opacity) = (u32::from(value), u32::from(opacity));
    ((value * opacity + 255 * (255 - opacity) + 127) / 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_become_others() {
        let color = Image::from_u16(2, 1, Color::Rgb, vec![65_535, 0, 0, 257, 514, 771]).unwrap();
        assert_eq!(color.to_8_bits().unwrap().as_u8(), Some(&[255, 0, 0, 1, 2, 3][..]));
        assert_eq!(color.to_color(Color::Grey).unwrap().as_u8(), Some(&[76, 2][..]));
        let grey = Image::from_u8(2, 2, Color::Grey, vec![0, 100, 100, 200]).unwrap();
        assert_eq!(grey.to_color(Color::Rgba).unwrap().as_u8().unwrap()[4..8], [100, 100, 100, 255]);
        assert_eq!(grey.resized(1, 1).unwrap().as_u8(), Some(&[100][..]));
        assert_eq!(grey.resized(4, 2).unwrap().width(), 4);
        assert!(grey.resized(0, 2).is_err());
    }
}
