use lookalike_core::math;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::image::{Color, Depth, Image, with_values};
use crate::kernel::color::{Lightness, luma};
use crate::kernel::histogram::{EqualizeMode, adaptive, counts, equalizing};

/// A new level for each old one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Raised to this power, as shares of the brightest.
    Gamma(f64),
    /// Only so many of the highest bits are kept.
    Posterize(u8),
    /// Levels from this share of the brightest on are inverted.
    Solarize(f64),
    /// Bright becomes dark.
    Invert,
}

impl Tone {
    fn level<T: Depth>(&self, level: usize) -> T {
        let top = T::LEVELS - 1;
        match self {
            Tone::Gamma(power) => {
                T::rounded((math::pow(level as f64 / top as f64, *power) * top as f64) as f32)
            }
            Tone::Posterize(bits) => {
                let all = T::LEVELS.trailing_zeros();
                let lost = all.saturating_sub(u32::from(*bits));
                T::at(level >> lost << lost)
            }
            Tone::Solarize(threshold) if (level as f64) < threshold * top as f64 => T::at(level),
            Tone::Solarize(_) | Tone::Invert => T::at(top - level),
        }
    }

    pub(super) fn apply(&self, image: &mut Image) -> Result<()> {
        fn run<T: Depth>(tone: &Tone, values: &mut [T], color: Color) {
            let table: Vec<T> = (0..T::LEVELS).map(|level| tone.level(level)).collect();
            if color == Color::Rgba {
                for pixel in values.chunks_exact_mut(4) {
                    for value in &mut pixel[..3] {
                        *value = table[value.index()];
                    }
                }
            } else {
                for value in values {
                    *value = table[value.index()];
                }
            }
        }
        let color = image.color();
        with_values!("a change of tones", image.pixels_mut(), values => run(self, values, color));
        Ok(())
    }
}

/// Brightness and contrast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrightnessContrast {
    /// What values are multiplied by.
    pub contrast: f64,
    /// What is added: as a share of the brightest value, or of the mean.
    pub brightness: f64,
    /// Which of the two.
    pub by_max: bool,
}

impl BrightnessContrast {
    pub(super) fn apply(&self, image: &mut Image) -> Result<()> {
        let color = image.color();
        let mean = if self.by_max { 0.0 } else { image.mean() };
        with_values!("a change of tones", image.pixels_mut(), values => self.run(values, color, mean));
        Ok(())
    }

    fn run<T: Depth>(&self, values: &mut [T], color: Color, mean: f64) {
        let unit = if self.by_max { f64::from(T::MAX) } else { mean };
        let (factor, more) = (self.contrast as f32, (self.brightness * unit) as f32);
        crate::kernel::vectorized(|| {
            if color == Color::Rgba {
                for pixel in values.chunks_exact_mut(4) {
                    for value in &mut pixel[..3] {
                        *value = T::rounded(value.real() * factor + more);
                    }
                }
            } else {
                for value in values {
                    *value = T::rounded(value.real() * factor + more);
                }
            }
        });
    }
}

/// Levels made equally frequent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EqualizeAction {
    /// Whose rounding.
    pub mode: EqualizeMode,
    /// Each channel by itself; otherwise brightness alone (Y of ITU-R BT.601), and colors stay.
    pub by_channels: bool,
}

impl EqualizeAction {
    pub(super) fn apply(&self, image: &mut Image) -> Result<()> {
        let color = image.color();
        with_values!("a change of tones", image.pixels_mut(), values => self.run(values, color));
        Ok(())
    }

    fn run<T: Depth>(&self, values: &mut [T], color: Color) {
        let channels = color.channels();
        if self.by_channels || color == Color::Grey {
            for channel in 0..color.visible() {
                let table: Vec<T> = equalizing(&counts(values, channel, channels), self.mode);
                for value in values[channel..].iter_mut().step_by(channels) {
                    *value = table[value.index()];
                }
            }
            return;
        }
        let bright = |pixel: &[T]| T::rounded(luma(pixel[0].real(), pixel[1].real(), pixel[2].real()));
        let levels: Vec<T> = values.chunks_exact(channels).map(bright).collect();
        let table: Vec<T> = equalizing(&counts(&levels, 0, 1), self.mode);
        for (pixel, level) in values.chunks_exact_mut(channels).zip(levels) {
            let more = table[level.index()].real() - level.real();
            for value in &mut pixel[..3] {
                *value = T::rounded(value.real() + more);
            }
        }
    }
}

/// Levels made equally frequent in parts of the picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaheAction {
    /// How many times as frequent as on average a level may be.
    pub clip_limit: f64,
    /// Tiles in a row.
    pub columns: usize,
    /// Rows of tiles.
    pub rows: usize,
}

impl ClaheAction {
    pub(super) fn apply(&self, image: &mut Image) -> Result<()> {
        let (width, height, color) = (image.width(), image.height(), image.color());
        with_values!("a change of tones", image.pixels_mut(), values => self.run(values, width, height, color));
        Ok(())
    }

    fn run<T: Depth>(&self, values: &mut [T], width: usize, height: usize, color: Color) {
        let even = |levels: &[T]| adaptive(levels, width, height, self.clip_limit, self.columns, self.rows);
        if color == Color::Grey {
            let new = even(values);
            values.copy_from_slice(&new);
            return;
        }
        let channels = color.channels();
        let lightness = Lightness::new::<T>();
        let levels: Vec<T> = values.chunks_exact(channels).map(|pixel| lightness.of(pixel)).collect();
        for ((pixel, from), to) in values.chunks_exact_mut(channels).zip(&levels).zip(even(&levels)) {
            lightness.change(&mut pixel[..3], *from, to);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(tone: &Tone, levels: &[u8]) -> Vec<u8> {
        let mut image = Image::from_u8(levels.len(), 1, Color::Grey, levels.to_vec()).unwrap();
        tone.apply(&mut image).unwrap();
        image.as_u8().unwrap().to_vec()
    }

    #[test]
    fn tones_are_as_defined() {
        assert_eq!(after(&Tone::Invert, &[0, 10, 255]), [255, 245, 0]);
        assert_eq!(after(&Tone::Posterize(2), &[0, 63, 64, 255]), [0, 0, 64, 192]);
        assert_eq!(after(&Tone::Solarize(0.5), &[0, 127, 128, 255]), [0, 127, 127, 0]);
        assert_eq!(after(&Tone::Gamma(2.0), &[0, 128, 255]), [0, 64, 255]);
        let mut deep = Image::from_u16(1, 1, Color::Grey, vec![0xabcd]).unwrap();
        Tone::Posterize(4).apply(&mut deep).unwrap();
        assert_eq!(deep.as_u16(), Some([0xa000].as_slice()));
    }

    #[test]
    fn equal_brightness_keeps_hue() {
        let mut image = Image::from_u8(2, 1, Color::Rgb, vec![100, 90, 80, 120, 110, 100]).unwrap();
        EqualizeAction { mode: EqualizeMode::Cv, by_channels: false }.apply(&mut image).unwrap();
        let values = image.as_u8().unwrap();
        assert!(values[0] > values[1] && values[1] >= values[2] && values[3] == 255);
    }
}
