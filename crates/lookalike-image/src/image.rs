#![expect(clippy::inline_always, reason = "what is not inlined into a dispatch is not vectorised")]

use crate::error::{Error, Result};

/// What the values of a pixel mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Color {
    /// One value: how bright.
    Grey,
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue, and how opaque.
    Rgba,
}

impl Color {
    /// How many values a pixel has: 1, 3 or 4.
    pub fn channels(self) -> usize {
        match self {
            Color::Grey => 1,
            Color::Rgb => 3,
            Color::Rgba => 4,
        }
    }

    /// How many of them are seen: opacity is not.
    pub(crate) fn visible(self) -> usize {
        self.channels().min(3)
    }

    /// The meaning of pixels with so many values.
    pub fn of_channels(channels: usize) -> Option<Self> {
        [Color::Grey, Color::Rgb, Color::Rgba].into_iter().find(|color| color.channels() == channels)
    }
}

/// The values of all pixels: row by row, from the top, a pixel's values side by side.
#[derive(Debug, Clone, PartialEq)]
pub enum Pixels {
    /// Whole numbers from 0 to 255.
    U8(Vec<u8>),
    /// Whole numbers from 0 to 65,535.
    U16(Vec<u16>),
    /// Real numbers, as `Normalize` makes them; nothing can follow it.
    F32(Vec<f32>),
}

impl Pixels {
    pub(crate) fn len(&self) -> usize {
        match self {
            Pixels::U8(values) => values.len(),
            Pixels::U16(values) => values.len(),
            Pixels::F32(values) => values.len(),
        }
    }
}

/// A picture: grey, RGB or RGBA, of 8 or 16 bits. It has at least one pixel.
///
/// ```
/// use lookalike_image::{Color, Image};
/// let image = Image::from_u8(2, 1, Color::Grey, vec![0, 255])?;
/// assert_eq!((image.width(), image.height(), image.color()), (2, 1, Color::Grey));
/// assert!(Image::from_u8(2, 1, Color::Rgb, vec![0, 255]).is_err());
/// # Ok::<(), lookalike_image::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    width: usize,
    height: usize,
    color: Color,
    pixels: Pixels,
}

impl Image {
    /// A picture of `width` times `height` pixels.
    ///
    /// # Errors
    /// [`Error::Shape`] when `pixels` are not so many, or none.
    pub fn new(width: usize, height: usize, color: Color, pixels: Pixels) -> Result<Self> {
        let channels = color.channels();
        let needed = width.checked_mul(height).and_then(|count| count.checked_mul(channels));
        if needed != Some(pixels.len()) || pixels.len() == 0 {
            return Err(Error::Shape { width, height, channels, values: pixels.len() });
        }
        Ok(Image { width, height, color, pixels })
    }

    /// A picture of 8 bits.
    ///
    /// # Errors
    /// As [`Image::new`].
    pub fn from_u8(width: usize, height: usize, color: Color, values: Vec<u8>) -> Result<Self> {
        Image::new(width, height, color, Pixels::U8(values))
    }

    /// A picture of 16 bits.
    ///
    /// # Errors
    /// As [`Image::new`].
    pub fn from_u16(width: usize, height: usize, color: Color, values: Vec<u16>) -> Result<Self> {
        Image::new(width, height, color, Pixels::U16(values))
    }

    /// As [`Image::new`], for kernels that made as many values as they should.
    pub(crate) fn made(width: usize, height: usize, color: Color, pixels: Pixels) -> Self {
        assert!(
            pixels.len() == width * height * color.channels() && pixels.len() > 0,
            "a kernel lost pixels"
        );
        Image { width, height, color, pixels }
    }

    /// Pixels in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// What the values of a pixel mean.
    pub fn color(&self) -> Color {
        self.color
    }

    /// Values of a pixel: 1, 3 or 4.
    pub fn channels(&self) -> usize {
        self.color.channels()
    }

    /// The values.
    pub fn pixels(&self) -> &Pixels {
        &self.pixels
    }

    /// The values, to be changed in place.
    pub(crate) fn pixels_mut(&mut self) -> &mut Pixels {
        &mut self.pixels
    }

    /// The values, taken out.
    pub fn into_pixels(self) -> Pixels {
        self.pixels
    }

    /// The values of a picture of 8 bits.
    pub fn as_u8(&self) -> Option<&[u8]> {
        if let Pixels::U8(values) = &self.pixels { Some(values) } else { None }
    }

    /// The values of a picture of 16 bits.
    pub fn as_u16(&self) -> Option<&[u16]> {
        if let Pixels::U16(values) = &self.pixels { Some(values) } else { None }
    }

    /// The values of a normalized picture.
    pub fn as_f32(&self) -> Option<&[f32]> {
        if let Pixels::F32(values) = &self.pixels { Some(values) } else { None }
    }

    /// Its size and kind.
    pub fn shape(&self) -> Shape {
        Shape { width: self.width, height: self.height, color: self.color, bits: self.bits() }
    }

    /// Bits of a value: 8, 16, or 32 once normalized.
    pub fn bits(&self) -> u8 {
        match self.pixels {
            Pixels::U8(_) => 8,
            Pixels::U16(_) => 16,
            Pixels::F32(_) => 32,
        }
    }

    /// The mean of all values.
    pub fn mean(&self) -> f64 {
        let sum = match &self.pixels {
            Pixels::U8(values) => values.iter().map(|&v| u64::from(v)).sum::<u64>() as f64,
            Pixels::U16(values) => values.iter().map(|&v| u64::from(v)).sum::<u64>() as f64,
            Pixels::F32(values) => values.iter().map(|&v| f64::from(v)).sum(),
        };
        sum / self.pixels.len() as f64
    }
}

/// The size and kind of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shape {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// What the values of a pixel mean.
    pub color: Color,
    /// Bits of a value.
    pub bits: u8,
}

impl std::fmt::Display for Shape {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let color = match self.color {
            Color::Grey => "grey",
            Color::Rgb => "RGB",
            Color::Rgba => "RGBA",
        };
        write!(formatter, "{} x {} {color} of {} bits", self.width, self.height, self.bits)
    }
}

/// A kind of whole number that pixels are made of.
pub(crate) trait Depth: crate::kernel::turn::Value + Default + Ord + Into<u32> + Send + Sync {
    /// The brightest value.
    const MAX: f32;
    /// How many values there are.
    const LEVELS: usize;

    fn real(self) -> f32;

    /// The nearest value, halves to even; what is beyond the ends becomes the end.
    fn rounded(value: f32) -> Self;

    fn index(self) -> usize;

    /// The value with this number; larger ones become the largest.
    fn at(index: usize) -> Self;

    /// Between `a` (top left), `b`, `c` (bottom left) and `d`, by weights in 2048ths.
    fn blend(a: Self, b: Self, c: Self, d: Self, right: u32, down: u32) -> Self;

    /// Values as a picture's.
    fn pixels(values: Vec<Self>) -> Pixels;
}

/// Between 0 and the end; what is no number becomes 0, which `clamp` would not do.
#[inline(always)]
fn clipped(value: f32, end: f32) -> f32 {
    value.max(0.0).min(end)
}

/// Adding this to a small number rounds it: what remains are the lowest bits.
const ROUNDING: f32 = 8_388_608.0;

impl Depth for u8 {
    const MAX: f32 = 255.0;
    const LEVELS: usize = 256;

    #[inline(always)]
    fn real(self) -> f32 {
        f32::from(self)
    }

    #[inline(always)]
    fn rounded(value: f32) -> Self {
        (clipped(value, 255.0) + ROUNDING).to_bits() as u8
    }

    #[inline(always)]
    fn index(self) -> usize {
        usize::from(self)
    }

    #[inline(always)]
    fn at(index: usize) -> Self {
        index.min(255) as u8
    }

    #[inline(always)]
    fn blend(a: Self, b: Self, c: Self, d: Self, right: u32, down: u32) -> Self {
        // Differences are short enough for the fast multiplication of several numbers at a time.
        let [a, b, c, d] = [a, b, c, d].map(i32::from);
        let top = (a << 11) + (b - a) * right as i32;
        let bottom = (c << 11) + (d - c) * right as i32;
        (((top << 11) + (bottom - top) * down as i32 + (1 << 21)) >> 22) as u8
    }

    fn pixels(values: Vec<Self>) -> Pixels {
        Pixels::U8(values)
    }
}

impl Depth for u16 {
    const MAX: f32 = 65_535.0;
    const LEVELS: usize = 65_536;

    #[inline(always)]
    fn real(self) -> f32 {
        f32::from(self)
    }

    #[inline(always)]
    fn rounded(value: f32) -> Self {
        (clipped(value, 65_535.0) + ROUNDING).to_bits() as u16
    }

    #[inline(always)]
    fn index(self) -> usize {
        usize::from(self)
    }

    #[inline(always)]
    fn at(index: usize) -> Self {
        index.min(65_535) as u16
    }

    #[inline(always)]
    fn blend(a: Self, b: Self, c: Self, d: Self, right: u32, down: u32) -> Self {
        let (right, down) = (u64::from(right), u64::from(down));
        let top = u64::from(a) * (2048 - right) + u64::from(b) * right;
        let bottom = u64::from(c) * (2048 - right) + u64::from(d) * right;
        ((top * (2048 - down) + bottom * down + (1 << 21)) >> 22) as u16
    }

    fn pixels(values: Vec<Self>) -> Pixels {
        Pixels::U16(values)
    }
}

/// Runs one expression on the values, whichever whole numbers they are; pictures of real numbers end it with an error.
///
/// A macro, since a closure cannot be generic over the type of the values.
macro_rules! with_values {
    ($step:expr, $pixels:expr, $values:ident => $body:expr) => {
        match $pixels {
            $crate::image::Pixels::U8($values) => $body,
            $crate::image::Pixels::U16($values) => $body,
            $crate::image::Pixels::F32(_) => {
                return Err($crate::error::Error::Step {
                    step: $step,
                    what: "a normalized picture: Normalize must come last".to_owned(),
                });
            }
        }
    };
}
pub(crate) use with_values;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_to_even_and_clipped() {
        let rounded: Vec<u8> = [-3.0, -0.4, 0.5, 1.5, 2.49, 254.6, 255.4, 900.0, f32::NAN]
            .into_iter()
            .map(u8::rounded)
            .collect();
        assert_eq!(rounded, [0, 0, 0, 2, 2, 255, 255, 255, 0]);
        assert_eq!([u16::rounded(65_534.6), u16::rounded(7e4), u16::rounded(1000.4)], [65_535, 65_535, 1000]);
    }

    #[test]
    fn a_picture_has_as_many_values_as_it_says() {
        assert!(Image::from_u8(0, 3, Color::Grey, vec![]).is_err());
        assert!(Image::from_u8(usize::MAX, 3, Color::Rgb, vec![1]).is_err());
        assert!(Image::from_u16(1, 1, Color::Rgba, vec![1; 4]).is_ok());
    }

    #[test]
    fn blending_meets_its_corners() {
        assert_eq!(u8::blend(10, 20, 30, 40, 0, 0), 10);
        assert_eq!(u8::blend(10, 20, 30, 40, 2048, 2048), 40);
        assert_eq!(u16::blend(0, 65_535, 0, 65_535, 1024, 7), 32_768);
    }
}
