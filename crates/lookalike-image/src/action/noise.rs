#![expect(clippy::inline_always, reason = "what is not inlined into a dispatch is not vectorised")]

use lookalike_core::{Seed, Stream, math};
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::image::{Color, Depth, Image, with_values};
use crate::kernel::color::{from_hsl, to_hsl};
use crate::kernel::{Loop, run_wide, vectorized};
use crate::random::Lanes;

/// Numbers that are made at a time: they stay in the fastest memory.
const CHUNK: usize = 1024;

/// Normal noise added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddGaussian {
    /// Its mean, as a share of the brightest value.
    pub mean: f64,
    /// Its standard deviation, likewise.
    pub sigma: f64,
    /// Other noise for each channel.
    pub per_channel: bool,
    /// Made at so much of the resolution and stretched, for coarser grain: above 0, at most 1.
    pub scale: f64,
    /// Where it comes from.
    pub seed: u64,
}

impl AddGaussian {
    pub(super) fn apply(&self, image: &mut Image) -> Result<()> {
        let (color, width, height) = (image.color(), image.width(), image.height());
        with_values!("noise", image.pixels_mut(), values => {
            let mut lanes = Lanes::new(self.seed);
            if self.scale < 1.0 {
                self.coarse(values, width, height, color, &mut lanes);
            } else if self.per_channel && color != Color::Rgba {
                self.each(values, &mut lanes);
            } else {
                self.some(values, color, &mut lanes);
            }
        });
        Ok(())
    }

    /// Other noise for each value: the common case, and the fast one.
    fn each<T: Depth>(&self, values: &mut [T], lanes: &mut Lanes) {
        let (mean, sigma) = ((self.mean * f64::from(T::MAX)) as f32, (self.sigma * f64::from(T::MAX)) as f32);
        run_wide(AddNormals { values, lanes, mean, sigma });
    }

    /// One number for the channels of a pixel, or one for each but the opacity.
    fn some<T: Depth>(&self, values: &mut [T], color: Color, lanes: &mut Lanes) {
        let (mean, sigma) = ((self.mean * f64::from(T::MAX)) as f32, (self.sigma * f64::from(T::MAX)) as f32);
        let (channels, visible) = (color.channels(), color.visible());
        let per_pixel = if self.per_channel { visible } else { 1 };
        let mut noise = vec![0.0; CHUNK * per_pixel];
        for chunk in values.chunks_mut(CHUNK * channels) {
            let noise = &mut noise[..chunk.len() / channels * per_pixel];
            lanes.fill_normals(noise);
            for (pixel, noise) in chunk.chunks_exact_mut(channels).zip(noise.chunks_exact(per_pixel)) {
                for (channel, value) in pixel[..visible].iter_mut().enumerate() {
                    *value = T::rounded(value.real() + (mean + sigma * noise[channel % per_pixel]));
                }
            }
        }
    }

    /// Noise of fewer pixels, linear between them.
    fn coarse<T: Depth>(
        &self,
        values: &mut [T],
        width: usize,
        height: usize,
        color: Color,
        lanes: &mut Lanes,
    ) {
        let (mean, sigma) = ((self.mean * f64::from(T::MAX)) as f32, (self.sigma * f64::from(T::MAX)) as f32);
        let (channels, visible) = (color.channels(), color.visible());
        let small = |size: usize| ((size as f64 * self.scale).round() as usize).max(1);
        let (columns, rows) = (small(width), small(height));
        let per_pixel = if self.per_channel { visible } else { 1 };
        let mut noise = vec![0.0_f32; columns * rows * per_pixel];
        lanes.fill_normals(&mut noise);
        let between = |at: usize, size: usize, count: usize| {
            let place = ((at as f32 + 0.5) * count as f32 / size as f32 - 0.5).clamp(0.0, (count - 1) as f32);
            (place as usize, (place as usize + 1).min(count - 1), place.fract())
        };
        for (number, pixel) in values.chunks_exact_mut(channels).enumerate() {
            let (left, right, across) = between(number % width, width, columns);
            let (above, below, down) = between(number / width, height, rows);
            for (channel, value) in pixel[..visible].iter_mut().enumerate() {
                let at = |row: usize, column: usize| {
                    noise[(row * columns + column) * per_pixel + channel % per_pixel]
                };
                let top = at(above, left) * (1.0 - across) + at(above, right) * across;
                let bottom = at(below, left) * (1.0 - across) + at(below, right) * across;
                *value = T::rounded(value.real() + mean + sigma * (top * (1.0 - down) + bottom * down));
            }
        }
    }
}

struct AddNormals<'a, T> {
    values: &'a mut [T],
    lanes: &'a mut Lanes,
    mean: f32,
    sigma: f32,
}

impl<T: Depth> Loop for AddNormals<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let mut noise = [0.0; CHUNK];
        for chunk in self.values.chunks_mut(CHUNK) {
            let noise = &mut noise[..chunk.len()];
            self.lanes.fill_normals(noise);
            for (value, noise) in chunk.iter_mut().zip(noise) {
                *value = T::rounded(value.real() + (self.mean + self.sigma * *noise));
            }
        }
    }
}

/// Single pixels white or black.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddSalt {
    /// The probability of each pixel to become white.
    pub salt: f64,
    /// That to become black.
    pub pepper: f64,
    /// Where randomness comes from.
    pub seed: u64,
}

impl AddSalt {
    pub(super) fn apply(&self, image: &mut Image) -> Result<()> {
        let color = image.color();
        with_values!("noise", image.pixels_mut(), values => self.run(values, color));
        Ok(())
    }

    fn run<T: Depth>(&self, values: &mut [T], color: Color) {
        let (channels, visible) = (color.channels(), color.visible());
        let mut lanes = Lanes::new(self.seed);
        let (salt, both) = (self.salt as f32, (self.salt + self.pepper) as f32);
        let mut units = [0.0; CHUNK];
        let (white, black) = (T::at(T::LEVELS - 1), T::default());
        for chunk in values.chunks_mut(CHUNK * channels) {
            let units = &mut units[..chunk.len() / channels];
            lanes.fill_units(units);
            for (pixel, unit) in chunk.chunks_exact_mut(channels).zip(units) {
                if *unit < both {
                    pixel[..visible].fill(if *unit < salt { white } else { black });
                }
            }
        }
    }
}

/// The noise of counting photons: in linear light, the count is Poisson-distributed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddShot {
    /// How much light a photon is, as a share of the brightest: the variance of a pixel is this times its light.
    pub scale: f64,
    /// Where randomness comes from.
    pub seed: u64,
}

/// The exponent between values and light.
const GAMMA: f64 = 2.2;

impl AddShot {
    pub(super) fn apply(&self, image: &mut Image) -> Result<()> {
        let color = image.color();
        with_values!("noise", image.pixels_mut(), values => self.run(values, color));
        Ok(())
    }

    fn run<T: Depth>(&self, values: &mut [T], color: Color) {
        let (channels, visible) = (color.channels(), color.visible());
        let mut stream = Seed::new(self.seed).stream("photons", 0);
        let largest = f64::from(T::MAX);
        let poisson: Vec<Poisson> = (0..T::LEVELS)
            .map(|level| Poisson::new(math::pow(level as f64 / largest, GAMMA) / self.scale))
            .collect();
        // The value of each count, as far as counts are frequent.
        let value = |count: f64| {
            let light = (count * self.scale).min(1.0);
            T::rounded((math::pow(light, 1.0 / GAMMA) * largest) as f32)
        };
        let known: Vec<T> = (0..256).map(|count| value(f64::from(count))).collect();
        for pixel in values.chunks_exact_mut(channels) {
            for old in &mut pixel[..visible] {
                let count = poisson[old.index()].draw(&mut stream);
                *old = known.get(count as usize).copied().unwrap_or_else(|| value(count));
            }
        }
    }
}

/// A Poisson distribution.
struct Poisson {
    mean: f64,
    /// `exp(-mean)`
    none: f64,
}

/// Above this mean, counting from zero takes longer than rejecting.
const COUNTED: f64 = 12.0;

impl Poisson {
    fn new(mean: f64) -> Self {
        Poisson { mean, none: if mean < COUNTED { math::exp(-mean) } else { 0.0 } }
    }

    fn draw(&self, stream: &mut Stream) -> f64 {
        if self.mean >= COUNTED {
            return self.rejected(stream);
        }
        // Inversion: the first count whose cumulated probability is above a uniform number.
        let unit = stream.unit();
        let (mut count, mut share, mut sum) = (0.0, self.none, self.none);
        while unit >= sum && count < 100.0 {
            count += 1.0;
            share *= self.mean / count;
            sum += share;
        }
        count
    }

    /// Transformed rejection (Hörmann 1993, <https://doi.org/10.1016/0167-6687(93)90997-4>), algorithm PTRS.
    fn rejected(&self, stream: &mut Stream) -> f64 {
        let b = 0.931 + 2.53 * self.mean.sqrt();
        let a = -0.059 + 0.024_83 * b;
        let inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
        let quick = 0.9277 - 3.6224 / (b - 2.0);
        loop {
            let u = stream.unit() - 0.5;
            let v = stream.open_unit();
            let us = 0.5 - u.abs();
            let count = ((2.0 * a / us + b) * u + self.mean + 0.43).floor();
            if us >= 0.07 && v <= quick {
                return count;
            }
            if count < 0.0 || !count.is_finite() || (us < 0.013 && v > us) {
                continue;
            }
            let left = math::ln(v * inverse_alpha / (a / (us * us) + b));
            if left <= count * math::ln(self.mean) - self.mean - math::ln_gamma(count + 1.0) {
                return count;
            }
        }
    }
}

/// Values multiplied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Multiply {
    /// The factor of each channel, or one for all; with `elementwise`, the two ends that factors are drawn between.
    pub factors: Vec<f64>,
    /// Other factors for each pixel.
    pub elementwise: bool,
    /// Then also for each channel.
    pub per_channel: bool,
    /// Where randomness comes from.
    pub seed: u64,
}

impl Multiply {
    pub(super) fn apply(&self, image: &mut Image) -> Result<()> {
        let color = image.color();
        with_values!("noise", image.pixels_mut(), values => self.run(values, color));
        Ok(())
    }

    fn run<T: Depth>(&self, values: &mut [T], color: Color) {
        let (channels, visible) = (color.channels(), color.visible());
        let factor =
            |number: usize| self.factors.get(number).or(self.factors.last()).map_or(1.0, |f| *f as f32);
        if !self.elementwise {
            let factors: [f32; 4] =
                std::array::from_fn(|channel| if channel < visible { factor(channel) } else { 1.0 });
            vectorized(|| {
                for pixel in values.chunks_exact_mut(channels) {
                    for (value, factor) in pixel.iter_mut().zip(&factors) {
                        *value = T::rounded(value.real() * factor);
                    }
                }
            });
            return;
        }
        let (low, spread) = (factor(0), factor(1) - factor(0));
        let per_pixel = if self.per_channel { visible } else { 1 };
        let mut lanes = Lanes::new(self.seed);
        let mut units = vec![0.0; CHUNK * per_pixel];
        for chunk in values.chunks_mut(CHUNK * channels) {
            let units = &mut units[..chunk.len() / channels * per_pixel];
            lanes.fill_units(units);
            for (pixel, units) in chunk.chunks_exact_mut(channels).zip(units.chunks_exact(per_pixel)) {
                for (channel, value) in pixel[..visible].iter_mut().enumerate() {
                    *value = T::rounded(value.real() * (low + spread * units[channel % per_pixel]));
                }
            }
        }
    }
}

/// The noise of a sensitive camera: hue and lightness of each pixel change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddIso {
    /// The standard deviation of the hue, as a share of a whole turn, before `intensity`.
    pub color_shift: f64,
    /// How strong both are.
    pub intensity: f64,
    /// Where randomness comes from.
    pub seed: u64,
}

impl AddIso {
    pub(super) fn apply(&self, image: &mut Image) -> Result<()> {
        let color = image.color();
        with_values!("noise", image.pixels_mut(), values => self.run(values, color));
        Ok(())
    }

    fn run<T: Depth>(&self, values: &mut [T], color: Color) {
        let channels = color.channels();
        let share = 1.0 / T::MAX;
        let light = |pixel: &[T]| {
            let visible = &pixel[..color.visible()];
            let ends = (visible.iter().max(), visible.iter().min());
            ends.0.map_or(0.0, |v| v.real() * share) / 2.0 + ends.1.map_or(0.0, |v| v.real() * share) / 2.0
        };
        let count = (values.len() / channels) as f64;
        let (mut sum, mut squares) = (0.0, 0.0);
        for pixel in values.chunks_exact(channels) {
            let light = f64::from(light(pixel));
            sum += light;
            squares += light * light;
        }
        let deviation = (squares / count - (sum / count) * (sum / count)).max(0.0).sqrt();
        let poisson = Poisson::new(deviation * self.intensity * 255.0);
        let mut stream = Seed::new(self.seed).stream("light", 0);
        let mut lanes = Lanes::new(self.seed);
        let turn = (6.0 * self.color_shift * self.intensity) as f32;
        let mut normals = [0.0; CHUNK];
        for chunk in values.chunks_mut(CHUNK * channels) {
            let normals = &mut normals[..chunk.len() / channels];
            lanes.fill_normals(normals);
            for (pixel, normal) in chunk.chunks_exact_mut(channels).zip(normals) {
                let lighter = (poisson.draw(&mut stream) / 255.0) as f32;
                let brighten = |lightness: f32| (lightness + lighter * (1.0 - lightness)).min(1.0);
                if color == Color::Grey {
                    pixel[0] = T::rounded(brighten(pixel[0].real() * share) * T::MAX);
                    continue;
                }
                let [red, green, blue] = [0, 1, 2].map(|channel| pixel[channel].real() * share);
                let (hue, saturation, lightness) = to_hsl(red, green, blue);
                let (red, green, blue) = from_hsl(hue + turn * *normal, saturation, brighten(lightness));
                for (value, new) in pixel.iter_mut().zip([red, green, blue]) {
                    *value = T::rounded(new * T::MAX);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean and standard deviation of what noise made of a flat picture, in shares of the brightest value.
    fn moments(level: u16, run: impl Fn(&mut Image)) -> (f64, f64) {
        let mut image = Image::from_u16(300, 200, Color::Rgb, vec![level; 180_000]).unwrap();
        run(&mut image);
        let values = image.as_u16().unwrap();
        let count = values.len() as f64;
        let mean = values.iter().map(|&v| f64::from(v)).sum::<f64>() / count;
        let variance = values.iter().map(|&v| (f64::from(v) - mean).powi(2)).sum::<f64>() / count;
        (mean / 65_535.0, variance.sqrt() / 65_535.0)
    }

    #[test]
    fn normal_noise_has_the_asked_moments() {
        for (per_channel, scale) in [(true, 1.0), (false, 1.0)] {
            let (mean, sigma) = moments(32_768, |image| {
                AddGaussian { mean: 0.02, sigma: 0.1, per_channel, scale, seed: 3 }.apply(image).unwrap();
            });
            let pixels = if per_channel { 180_000_f64 } else { 60_000.0 };
            assert!((mean - 0.52).abs() < 4.0 * 0.1 / pixels.sqrt(), "{mean}");
            assert!((sigma - 0.1).abs() < 4.0 * 0.1 / (2.0 * pixels).sqrt(), "{sigma}");
        }
        let (mean, sigma) = moments(32_768, |image| {
            AddGaussian { mean: 0.0, sigma: 0.1, per_channel: true, scale: 0.25, seed: 3 }
                .apply(image)
                .unwrap();
        });
        assert!((mean - 0.5).abs() < 0.01 && sigma > 0.05 && sigma < 0.1, "{mean} {sigma}");
    }

    #[test]
    fn noise_does_not_wrap() {
        let mut image = Image::from_u8(200, 200, Color::Grey, vec![3; 40_000]).unwrap();
        AddGaussian { mean: 0.0, sigma: 25.0 / 255.0, per_channel: true, scale: 1.0, seed: 1 }
            .apply(&mut image)
            .unwrap();
        assert!(image.as_u8().unwrap().iter().all(|&value| value < 150));
        assert!(image.as_u8().unwrap().iter().map(|&value| usize::from(value == 0)).sum::<usize>() > 15_000);
    }

    #[test]
    fn counts_have_the_moments_of_poisson() {
        for mean in [0.3, 5.0, 11.9, 12.1, 80.0, 900.0] {
            let poisson = Poisson::new(mean);
            let mut stream = Seed::new(9).stream("test", 0);
            let counts: Vec<f64> = (0..50_000).map(|_| poisson.draw(&mut stream)).collect();
            let average = counts.iter().sum::<f64>() / 50_000.0;
            let variance = counts.iter().map(|c| (c - average).powi(2)).sum::<f64>() / 50_000.0;
            assert!((average - mean).abs() < 4.0 * (mean / 50_000.0).sqrt(), "{mean}: {average}");
            let spread = ((2.0 * mean * mean + mean) / 50_000.0).sqrt();
            assert!((variance - mean).abs() < 5.0 * spread, "{mean}: {variance}");
        }
    }

    #[test]
    fn light_is_kept_by_shot_noise() {
        let level = 32_768.0_f64 / 65_535.0;
        let light = math::pow(level, GAMMA);
        let mut image = Image::from_u16(300, 200, Color::Grey, vec![32_768; 60_000]).unwrap();
        AddShot { scale: 0.01, seed: 1 }.apply(&mut image).unwrap();
        let lights: Vec<f64> =
            image.as_u16().unwrap().iter().map(|&v| math::pow(f64::from(v) / 65_535.0, GAMMA)).collect();
        let mean = lights.iter().sum::<f64>() / 60_000.0;
        let variance = lights.iter().map(|l| (l - mean).powi(2)).sum::<f64>() / 60_000.0;
        assert!((mean - light).abs() < 4.0 * (0.01 * light / 60_000.0).sqrt(), "{mean} {light}");
        assert!((variance / (0.01 * light) - 1.0).abs() < 0.05, "{variance}");
    }

    #[test]
    fn salt_pepper_and_factors_are_as_frequent_as_asked() {
        let mut image = Image::from_u8(400, 400, Color::Rgb, vec![100; 480_000]).unwrap();
        AddSalt { salt: 0.03, pepper: 0.01, seed: 2 }.apply(&mut image).unwrap();
        let share = |level: u8| {
            image.as_u8().unwrap().iter().map(|&v| f64::from(u8::from(v == level))).sum::<f64>() / 480_000.0
        };
        assert!((share(255) - 0.03).abs() < 0.002 && (share(0) - 0.01).abs() < 0.001);
        let (mean, sigma) = moments(20_000, |image| {
            Multiply { factors: vec![0.5, 1.5], elementwise: true, per_channel: true, seed: 4 }
                .apply(image)
                .unwrap();
        });
        let level = 20_000.0 / 65_535.0;
        assert!((mean / level - 1.0).abs() < 0.005 && (sigma / level - 1.0 / 12_f64.sqrt()).abs() < 0.005);
    }

    #[test]
    fn opacity_is_left_alone() {
        let values: Vec<u8> = (0..400).map(|i| (i * 7 % 256) as u8).collect();
        let before = Image::from_u8(10, 10, Color::Rgba, values).unwrap();
        let mut after = before.clone();
        AddGaussian { mean: 0.0, sigma: 0.2, per_channel: true, scale: 1.0, seed: 1 }
            .apply(&mut after)
            .unwrap();
        AddSalt { salt: 0.5, pepper: 0.5, seed: 1 }.apply(&mut after).unwrap();
        AddIso { color_shift: 0.05, intensity: 0.5, seed: 1 }.apply(&mut after).unwrap();
        AddShot { scale: 0.2, seed: 1 }.apply(&mut after).unwrap();
        let opacity = |image: &Image| -> Vec<u8> {
            image.as_u8().unwrap().iter().skip(3).step_by(4).copied().collect()
        };
        assert_eq!(opacity(&before), opacity(&after));
        assert_ne!(before, after);
    }
}
