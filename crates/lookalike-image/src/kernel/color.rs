//! Colors in other coordinates.

#![expect(clippy::inline_always, reason = "what is not inlined into a dispatch is not vectorised")]

use std::sync::LazyLock;

use lookalike_core::math;

use crate::image::Depth;

/// How bright a color looks, by the weights of ITU-R BT.601.
#[inline(always)]
pub(crate) fn luma(red: f32, green: f32, blue: f32) -> f32 {
    0.299 * red + 0.587 * green + 0.114 * blue
}

/// Hue in sixths of a turn, 0 to 6; saturation and value, 0 to 1 (Smith 1978, <https://doi.org/10.1145/965139.807361>).
#[inline(always)]
pub(crate) fn to_hsv(red: f32, green: f32, blue: f32) -> (f32, f32, f32) {
    let (high, low) = (red.max(green).max(blue), red.min(green).min(blue));
    let spread = high - low;
    if spread <= 0.0 {
        return (0.0, 0.0, high);
    }
    let hue = if high == red {
        (green - blue) / spread
    } else if high == green {
        (blue - red) / spread + 2.0
    } else {
        (red - green) / spread + 4.0
    };
    (if hue < 0.0 { hue + 6.0 } else { hue }, spread / high, high)
}

/// The way back from [`to_hsv`]. Any hue is taken, as whole turns do not matter.
#[inline(always)]
pub(crate) fn from_hsv(hue: f32, saturation: f32, value: f32) -> (f32, f32, f32) {
    let hue = hue - 6.0 * (hue / 6.0).floor();
    let channel = |shift: f32| {
        let place = shift + hue;
        let place = if place >= 6.0 { place - 6.0 } else { place };
        value - value * saturation * place.min(4.0 - place).clamp(0.0, 1.0)
    };
    (channel(5.0), channel(3.0), channel(1.0))
}

/// Hue in sixths of a turn, saturation and lightness (half of the strongest and the weakest channel), 0 to 1.
#[inline(always)]
pub(crate) fn to_hsl(red: f32, green: f32, blue: f32) -> (f32, f32, f32) {
    let (hue, saturation, value) = to_hsv(red, green, blue);
    let lightness = value * (1.0 - saturation / 2.0);
    let room = lightness.min(1.0 - lightness);
    (hue, if room <= 0.0 { 0.0 } else { (value - lightness) / room }, lightness)
}

/// The way back from [`to_hsl`].
#[inline(always)]
pub(crate) fn from_hsl(hue: f32, saturation: f32, lightness: f32) -> (f32, f32, f32) {
    let value = lightness + saturation * lightness.min(1.0 - lightness);
    let saturation = if value <= 0.0 { 0.0 } else { 2.0 * (1.0 - lightness / value) };
    from_hsv(hue, saturation, value)
}

/// Colors by lightness (CIE L*a*b*, of sRGB under D65), for changes of lightness alone.
pub(crate) struct Lightness {
    decode: &'static [f32],
    encode: &'static [f32],
}

/// Steps of the table back to sRGB.
const ENCODING: usize = 16_384;

/// What levels of 8 and of 16 bits are in linear light, and the way back: filled once, when first needed.
static DECODE_8: LazyLock<Vec<f32>> = LazyLock::new(|| decoding(u8::LEVELS));
static DECODE_16: LazyLock<Vec<f32>> = LazyLock::new(|| decoding(u16::LEVELS));
static ENCODE: LazyLock<Vec<f32>> = LazyLock::new(|| {
    let encoded = |step: usize| {
        let linear = step as f64 / ENCODING as f64;
        let share =
            if linear <= 0.003_130_8 { linear * 12.92 } else { 1.055 * math::pow(linear, 1.0 / 2.4) - 0.055 };
        share as f32
    };
    (0..=ENCODING + 1).map(encoded).collect()
});

fn decoding(levels: usize) -> Vec<f32> {
    let decoded = |level: usize| {
        let share = level as f64 / (levels - 1) as f64;
        let linear = if share <= 0.040_45 { share / 12.92 } else { math::pow((share + 0.055) / 1.055, 2.4) };
        linear as f32
    };
    (0..levels).map(decoded).collect()
}

impl Lightness {
    /// The tables for values of this depth.
    pub(crate) fn new<T: Depth>() -> Self {
        let decode = if T::LEVELS == u8::LEVELS { &DECODE_8 } else { &DECODE_16 };
        Lightness { decode, encode: &ENCODE }
    }

    #[inline(always)]
    fn linear<T: Depth>(&self, pixel: &[T]) -> [f32; 3] {
        [0, 1, 2].map(|channel| self.decode[pixel[channel].index()])
    }

    /// The cube roots that L*, a* and b* are differences of: for X, Y and Z.
    #[inline(always)]
    fn roots<T: Depth>(&self, pixel: &[T]) -> [f32; 3] {
        let [red, green, blue] = self.linear(pixel);
        [
            root((0.412_453 * red + 0.357_580 * green + 0.180_423 * blue) / 0.950_456),
            root(0.212_671 * red + 0.715_160 * green + 0.072_169 * blue),
            root((0.019_334 * red + 0.119_193 * green + 0.950_227 * blue) / 1.088_754),
        ]
    }

    /// L* stretched over all levels.
    pub(crate) fn of<T: Depth>(&self, pixel: &[T]) -> T {
        let [red, green, blue] = self.linear(pixel);
        let y = root(0.212_671 * red + 0.715_160 * green + 0.072_169 * blue);
        T::rounded((116.0 * y - 16.0) * (T::MAX / 100.0))
    }

    /// Changes the lightness of a pixel from one level to another; its a* and b* stay.
    pub(crate) fn change<T: Depth>(&self, pixel: &mut [T], from: T, to: T) {
        let step = (to.real() - from.real()) * (100.0 / 116.0 / T::MAX);
        let [x, y, z] = self.roots(pixel).map(|value| cubed(value + step));
        let (x, z) = (x * 0.950_456, z * 1.088_754);
        let linear = [
            3.240_479 * x - 1.537_15 * y - 0.498_535 * z,
            -0.969_256 * x + 1.875_991 * y + 0.041_556 * z,
            0.055_648 * x - 0.204_043 * y + 1.057_311 * z,
        ];
        for (value, linear) in pixel.iter_mut().zip(linear) {
            let place = linear.clamp(0.0, 1.0) * ENCODING as f32;
            let step = place as usize;
            let (low, high) = (self.encode[step], self.encode[step + 1]);
            *value = T::rounded((low + (high - low) * (place - step as f32)) * T::MAX);
        }
    }
}

/// The cube root, and near zero the line that L*a*b* has there.
#[inline(always)]
fn root(t: f32) -> f32 {
    if t <= 0.008_856 {
        return 7.787 * t + 16.0 / 116.0;
    }
    // A third of the exponent, and two steps of Halley's method.
    let mut y = f32::from_bits(t.to_bits() / 3 + 709_921_077);
    for _ in 0..2 {
        let cube = y * y * y;
        y *= (cube + 2.0 * t) / (2.0 * cube + t);
    }
    y
}

fn cubed(value: f32) -> f32 {
    let cube = value * value * value;
    if cube > 0.008_856 { cube } else { (value - 16.0 / 116.0) / 7.787 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_come_back_from_hsv() {
        for step in 0..1000 {
            let (red, green, blue) =
                ((step % 10) as f32 / 9.0, (step / 10 % 10) as f32 / 9.0, (step / 100) as f32 / 9.0);
            let (hue, saturation, value) = to_hsv(red, green, blue);
            assert!((0.0..6.0).contains(&hue));
            for turns in [0.0, 6.0, -6.0] {
                let (r, g, b) = from_hsv(hue + turns, saturation, value);
                assert!((r - red).abs() + (g - green).abs() + (b - blue).abs() < 1e-5);
            }
            let (hue, saturation, lightness) = to_hsl(red, green, blue);
            let (r, g, b) = from_hsl(hue, saturation, lightness);
            assert!((r - red).abs() + (g - green).abs() + (b - blue).abs() < 1e-5);
        }
    }

    #[test]
    fn lightness_is_that_of_the_books() {
        let lightness = Lightness::new::<u8>();
        // L* of mid grey 119 is 50.03.
        assert_eq!(lightness.of(&[119_u8, 119, 119]), 128);
        assert_eq!((lightness.of(&[255_u8, 255, 255]), lightness.of(&[0_u8, 0, 0])), (255, 0));
        for pixel in [[200_u8, 30, 90], [0, 0, 0], [255, 255, 255], [3, 250, 1]] {
            let mut same = pixel;
            lightness.change(&mut same, 77, 77);
            assert!(same.iter().zip(pixel).all(|(a, b)| a.abs_diff(b) <= 1), "{same:?} {pixel:?}");
        }
    }
}
