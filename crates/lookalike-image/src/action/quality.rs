use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::image::{Color, Image, Pixels};
use crate::kernel::jpeg;

/// Through a JPEG file and back. Opacity stays; pictures of 16 bits have 8 afterwards, stretched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompressJpeg {
    /// 1 to 100.
    pub quality: u8,
}

impl CompressJpeg {
    pub(super) fn apply(&self, image: &mut Image) -> Result<()> {
        let (width, height, color) = (image.width(), image.height(), image.color());
        let step = "compression";
        if width.max(height) > jpeg::LONGEST {
            let what = format!("a picture of {width} x {height}: JPEG ends at {} pixels", jpeg::LONGEST);
            return Err(Error::Step { step, what });
        }
        let bytes: Vec<u8> = match image.pixels() {
            Pixels::U8(values) => values.clone(),
            Pixels::U16(values) => {
                values.iter().map(|value| ((u32::from(*value) + 128) / 257) as u8).collect()
            }
            Pixels::F32(_) => {
                return Err(Error::Step { step, what: "a normalized picture".to_owned() });
            }
        };
        let seen = match color {
            Color::Rgba => {
                bytes.as_chunks::<4>().0.iter().flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()
            }
            _ => bytes,
        };
        let file = jpeg::encode(&seen, width, height, color.visible(), self.quality);
        let decoded = image::load_from_memory_with_format(&file, image::ImageFormat::Jpeg)
            .map_err(|_| Error::Step { step, what: "this picture: it cannot be read back".to_owned() })?;
        let decoded = decoded.as_bytes();
        let (visible, channels) = (color.visible(), color.channels());
        match image.pixels_mut() {
            Pixels::U8(values) => {
                for (to, from) in values.chunks_exact_mut(channels).zip(decoded.chunks_exact(visible)) {
                    to[..visible].copy_from_slice(from);
                }
            }
            Pixels::U16(values) => {
                for (to, from) in values.chunks_exact_mut(channels).zip(decoded.chunks_exact(visible)) {
                    to.iter_mut().zip(from).for_each(|(to, from)| *to = u16::from(*from) * 257);
                }
            }
            Pixels::F32(_) => {}
        }
        Ok(())
    }
}

/// By what pictures are normalized.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NormalizeMethod {
    /// By the given means and standard deviations.
    #[default]
    Standard,
    /// By the picture's own mean and standard deviation.
    Image,
    /// By those of each of its channels.
    ImagePerChannel,
    /// From 0 to 1 between its darkest and its brightest value.
    MinMax,
    /// The same for each channel.
    MinMaxPerChannel,
}

/// Real numbers of a known mean and spread. Nothing can follow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NormalizeAction {
    /// How.
    pub method: NormalizeMethod,
    /// The mean of each channel, in shares of `max_pixel_value`; the last one goes for all further channels.
    pub mean: Vec<f64>,
    /// The standard deviation of each channel, likewise.
    pub std: Vec<f64>,
    /// The brightest value; without it, that of the picture's depth.
    pub max_pixel_value: Option<f64>,
}

/// Added to what is divided by, so that flat pictures do not end in nothing over nothing.
const LITTLE: f64 = 1e-4;

impl NormalizeAction {
    pub(super) fn apply(&self, image: &mut Image) -> Result<()> {
        let (width, height, color) = (image.width(), image.height(), image.color());
        let (values, top): (Vec<f64>, f64) = match image.pixels() {
            Pixels::U8(values) => (values.iter().map(|v| f64::from(*v)).collect(), 255.0),
            Pixels::U16(values) => (values.iter().map(|v| f64::from(*v)).collect(), 65_535.0),
            Pixels::F32(_) => {
                let what = "a normalized picture".to_owned();
                return Err(Error::Step { step: "Normalize", what });
            }
        };
        let top = self.max_pixel_value.unwrap_or(top);
        let channels = color.channels();
        let per_channel = !matches!(self.method, NormalizeMethod::Image | NormalizeMethod::MinMax);
        let scales: Vec<(f64, f64)> = (0..channels)
            .map(|channel| {
                let (from, step) = if per_channel { (channel, channels) } else { (0, 1) };
                self.scale(channel, top, || values[from..].iter().step_by(step).copied())
            })
            .collect();
        let out = values
            .iter()
            .enumerate()
            .map(|(at, value)| {
                let (minus, over) = scales[at % channels];
                ((value - minus) / over) as f32
            })
            .collect();
        *image = Image::made(width, height, color, Pixels::F32(out));
        Ok(())
    }

    /// What is subtracted from a channel's values, and what they are divided by then.
    fn scale<I: Iterator<Item = f64>>(&self, channel: usize, top: f64, values: impl Fn() -> I) -> (f64, f64) {
        let of = |list: &[f64]| list.get(channel).or(list.last()).copied();
        match self.method {
            NormalizeMethod::Standard => {
                (of(&self.mean).unwrap_or(0.0) * top, of(&self.std).unwrap_or(1.0) * top)
            }
            NormalizeMethod::Image | NormalizeMethod::ImagePerChannel => {
                let (mut count, mut sum) = (0.0, 0.0);
                values().for_each(|value| {
                    count += 1.0;
                    sum += value;
                });
                let mean = sum / count;
                let variance = values().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count;
                (mean, variance.sqrt() + LITTLE)
            }
            NormalizeMethod::MinMax | NormalizeMethod::MinMaxPerChannel => {
                let (low, high) = values()
                    .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), value| (l.min(value), h.max(value)));
                (low, high - low + LITTLE)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalized(method: NormalizeMethod) -> Vec<f32> {
        let mut image = Image::from_u8(2, 1, Color::Rgb, vec![0, 51, 255, 255, 51, 0]).unwrap();
        NormalizeAction { method, mean: vec![0.5, 0.2], std: vec![0.25], max_pixel_value: None }
            .apply(&mut image)
            .unwrap();
        image.as_f32().unwrap().to_vec()
    }

    #[test]
    fn numbers_are_as_defined() {
        assert_eq!(normalized(NormalizeMethod::Standard), [-2.0, 0.0, 3.2, 2.0, 0.0, -0.8]);
        let own = normalized(NormalizeMethod::Image);
        assert!(own.iter().sum::<f32>().abs() < 1e-5);
        let ends = normalized(NormalizeMethod::MinMaxPerChannel);
        assert!(ends[0] == 0.0 && (ends[3] - 1.0).abs() < 1e-5 && ends[1] == 0.0);
    }

    #[test]
    fn compression_changes_little_at_best_quality() {
        let values: Vec<u16> = (0..64 * 64).map(|i| (i % 64 * 900) as u16).collect();
        let before = Image::from_u16(64, 64, Color::Grey, values).unwrap();
        let mut after = before.clone();
        CompressJpeg { quality: 100 }.apply(&mut after).unwrap();
        let apart = |a: &Image, b: &Image| {
            a.as_u16().unwrap().iter().zip(b.as_u16().unwrap()).map(|(a, b)| a.abs_diff(*b)).max().unwrap()
        };
        assert!(apart(&before, &after) < 600, "{}", apart(&before, &after));
        CompressJpeg { quality: 5 }.apply(&mut after).unwrap();
        assert!(apart(&before, &after) > 1000);
    }
}
