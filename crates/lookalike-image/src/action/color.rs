use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::image::{Color, Depth, Image, with_values};
use crate::kernel::color::{Lightness, from_hsv, luma, to_hsv};
use crate::kernel::vectorized;

/// One of the four changes of [`JitterColor`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JitterStep {
    /// Values times this.
    Brightness(f64),
    /// Away from the mean brightness of the picture by this factor.
    Contrast(f64),
    /// Away from each pixel's grey by this factor.
    Saturation(f64),
    /// Hue turned by this share of a whole turn.
    Hue(f64),
}

/// Brightness, contrast, saturation and hue, in an order. Grey pictures have no saturation and hue to change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JitterColor {
    /// What is done, one after the other.
    pub steps: Vec<JitterStep>,
}

/// Red, green and blue of each pixel changed; grey pictures and opacity are left alone.
fn each_color<T: Depth>(values: &mut [T], color: Color, change: impl Fn(f32, f32, f32) -> (f32, f32, f32)) {
    if color == Color::Grey {
        return;
    }
    for pixel in values.chunks_exact_mut(color.channels()) {
        let (red, green, blue) = change(pixel[0].real(), pixel[1].real(), pixel[2].real());
        for (value, new) in pixel.iter_mut().zip([red, green, blue]) {
            *value = T::rounded(new);
        }
    }
}

/// All but the opacity changed alike.
fn each_value<T: Depth>(values: &mut [T], color: Color, change: impl Fn(f32) -> f32) {
    vectorized(|| {
        if color == Color::Rgba {
            for pixel in values.chunks_exact_mut(4) {
                for value in &mut pixel[..3] {
                    *value = T::rounded(change(value.real()));
                }
            }
        } else {
            for value in values {
                *value = T::rounded(change(value.real()));
            }
        }
    });
}

fn mean_luma<T: Depth>(values: &[T], color: Color) -> f32 {
    let channels = color.channels();
    let sum: f64 = values
        .chunks_exact(channels)
        .map(|pixel| match color {
            Color::Grey => f64::from(pixel[0].real()),
            _ => f64::from(luma(pixel[0].real(), pixel[1].real(), pixel[2].real())),
        })
        .sum();
    (sum * channels as f64 / values.len() as f64) as f32
}

impl JitterColor {
    pub(super) fn apply(&self, image: &mut Image) -> Result<()> {
        let color = image.color();
        with_values!("a change of color", image.pixels_mut(), values => self.run(values, color));
        Ok(())
    }

    fn run<T: Depth>(&self, values: &mut [T], color: Color) {
        for step in &self.steps {
            match *step {
                JitterStep::Brightness(factor) => each_value(values, color, |value| value * factor as f32),
                JitterStep::Contrast(factor) => {
                    let mean = mean_luma(values, color);
                    each_value(values, color, |value| mean + (value - mean) * factor as f32);
                }
                JitterStep::Saturation(factor) => each_color(values, color, |red, green, blue| {
                    let grey = luma(red, green, blue);
                    let away = |value: f32| grey + (value - grey) * factor as f32;
                    (away(red), away(green), away(blue))
                }),
                JitterStep::Hue(turn) => each_color(values, color, |red, green, blue| {
                    let (hue, saturation, value) = to_hsv(red, green, blue);
                    from_hsv(hue + 6.0 * turn as f32, saturation, value)
                }),
            }
        }
    }
}

/// Hue, saturation and value shifted. Grey pictures have only a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShiftHsv {
    /// In steps of two degrees, as `OpenCV` counts hue.
    pub hue: f64,
    /// In 255ths.
    pub saturation: f64,
    /// In 255ths of the brightest value.
    pub value: f64,
}

impl ShiftHsv {
    pub(super) fn apply(&self, image: &mut Image) -> Result<()> {
        let color = image.color();
        with_values!("a change of color", image.pixels_mut(), values => self.run(values, color));
        Ok(())
    }

    fn run<T: Depth>(&self, values: &mut [T], color: Color) {
        let turn = (self.hue / 30.0) as f32;
        let more = (self.saturation / 255.0) as f32;
        let brighter = (self.value / 255.0) as f32 * T::MAX;
        if color == Color::Grey {
            each_value(values, color, |value| value + brighter);
            return;
        }
        each_color(values, color, |red, green, blue| {
            let (hue, saturation, value) = to_hsv(red, green, blue);
            from_hsv(hue + turn, (saturation + more).clamp(0.0, 1.0), (value + brighter).clamp(0.0, T::MAX))
        });
    }
}

/// How a color becomes grey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GrayMethod {
    /// 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601).
    #[default]
    WeightedAverage,
    /// The lightness of CIE L*a*b*.
    FromLab,
    /// Half of the strongest and the weakest channel.
    Desaturation,
    /// A third of each.
    Average,
    /// The strongest channel.
    Max,
}

/// No color. Grey pictures stay as they are, but for the channels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToGrayAction {
    /// How.
    pub method: GrayMethod,
    /// The channels that remain: 1, or 3 which are alike; opacity stays beside three and goes with one.
    pub channels: usize,
}

impl ToGrayAction {
    /// The channels that there are afterwards.
    pub(super) fn color(&self, before: Color) -> Color {
        match (self.channels, before) {
            (1, _) => Color::Grey,
            (_, Color::Rgba) => Color::Rgba,
            _ => Color::Rgb,
        }
    }

    pub(super) fn apply(&self, image: &mut Image) -> Result<()> {
        let (width, height, color) = (image.width(), image.height(), image.color());
        let new = self.color(color);
        let pixels = with_values!("a change of color", image.pixels(), values => Depth::pixels(self.run(values, color, new)));
        *image = Image::made(width, height, new, pixels);
        Ok(())
    }

    fn run<T: Depth>(&self, values: &[T], color: Color, new: Color) -> Vec<T> {
        let lightness = (self.method == GrayMethod::FromLab).then(Lightness::new::<T>);
        let mut out = Vec::with_capacity(values.len() / color.channels() * new.channels());
        for pixel in values.chunks_exact(color.channels()) {
            let level = match (color, &lightness) {
                (Color::Grey, _) => pixel[0],
                (_, Some(lightness)) => lightness.of(pixel),
                _ => self.grey(pixel[0], pixel[1], pixel[2]),
            };
            out.extend(std::iter::repeat_n(level, new.visible()));
            if new == Color::Rgba {
                out.push(pixel[3]);
            }
        }
        out
    }

    fn grey<T: Depth>(&self, red: T, green: T, blue: T) -> T {
        let (r, g, b) = (red.real(), green.real(), blue.real());
        match self.method {
            GrayMethod::WeightedAverage | GrayMethod::FromLab => T::rounded(luma(r, g, b)),
            GrayMethod::Desaturation => T::rounded(0.5 * (r.max(g).max(b) + r.min(g).min(b))),
            GrayMethod::Average => T::rounded((r + g + b) / 3.0),
            GrayMethod::Max => red.max(green).max(blue),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rgb(values: [u8; 3]) -> Image {
        Image::from_u8(1, 1, Color::Rgb, values.to_vec()).unwrap()
    }

    #[test]
    fn hue_turns() {
        let mut image = rgb([200, 40, 40]);
        ShiftHsv { hue: 60.0, saturation: 0.0, value: 0.0 }.apply(&mut image).unwrap();
        assert_eq!(image, rgb([40, 200, 40]));
        JitterColor { steps: vec![JitterStep::Hue(1.0 / 3.0)] }.apply(&mut image).unwrap();
        assert_eq!(image, rgb([40, 40, 200]));
    }

    #[test]
    fn no_saturation_is_grey() {
        let mut image = rgb([200, 40, 90]);
        JitterColor { steps: vec![JitterStep::Saturation(0.0)] }.apply(&mut image).unwrap();
        let mut grey = rgb([200, 40, 90]);
        ToGrayAction { method: GrayMethod::WeightedAverage, channels: 3 }.apply(&mut grey).unwrap();
        assert_eq!(image, grey);
        assert_eq!(grey, rgb([94; 3]));
    }

    #[test]
    fn opacity_goes_only_when_asked() {
        let clear = Image::from_u8(1, 1, Color::Rgba, vec![1, 2, 3, 4]).unwrap();
        let after = |channels: usize| {
            let mut image = clear.clone();
            ToGrayAction { method: GrayMethod::Max, channels }.apply(&mut image).unwrap();
            image.as_u8().unwrap().to_vec()
        };
        assert_eq!((after(3), after(1)), (vec![3, 3, 3, 4], vec![3]));
    }
}
