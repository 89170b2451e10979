use std::borrow::Cow;

use lookalike_core::Seed;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Result;
use crate::image::{Color, Depth, Image, with_values};
use crate::sample::Sample;
use crate::values::Fill;

/// A rectangle of pixels. What of it is outside the picture does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hole {
    /// The first column.
    pub x: usize,
    /// The first row.
    pub y: usize,
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

/// What holes are filled with. In files a level or a list of them, `"random"` or `"random_uniform"`.
#[derive(Debug, Clone, PartialEq)]
pub enum HoleFill {
    /// This.
    Level(Fill),
    /// Random values, each by itself.
    Random,
    /// One random color for each hole.
    RandomUniform,
}

impl Serialize for HoleFill {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            HoleFill::Level(fill) => fill.serialize(serializer),
            HoleFill::Random => serializer.serialize_str("random"),
            HoleFill::RandomUniform => serializer.serialize_str("random_uniform"),
        }
    }
}

struct HoleFillVisitor;

impl<'de> Visitor<'de> for HoleFillVisitor {
    type Value = HoleFill;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a number, a list of numbers, \"random\" or \"random_uniform\"")
    }

    fn visit_str<E: de::Error>(self, word: &str) -> std::result::Result<HoleFill, E> {
        match word {
            "random" => Ok(HoleFill::Random),
            "random_uniform" => Ok(HoleFill::RandomUniform),
            _ => Err(de::Error::invalid_value(de::Unexpected::Str(word), &self)),
        }
    }

    fn visit_f64<E: de::Error>(self, level: f64) -> std::result::Result<HoleFill, E> {
        Ok(HoleFill::Level(Fill(vec![level])))
    }

    fn visit_i64<E: de::Error>(self, level: i64) -> std::result::Result<HoleFill, E> {
        self.visit_f64(level as f64)
    }

    fn visit_u64<E: de::Error>(self, level: u64) -> std::result::Result<HoleFill, E> {
        self.visit_f64(level as f64)
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, seq: A) -> std::result::Result<HoleFill, A::Error> {
        Fill::deserialize(de::value::SeqAccessDeserializer::new(seq)).map(HoleFill::Level)
    }
}

impl<'de> Deserialize<'de> for HoleFill {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_any(HoleFillVisitor)
    }
}

impl JsonSchema for HoleFill {
    fn schema_name() -> Cow<'static, str> {
        "HoleFill".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [generator.subschema_for::<Fill>(), { "type": "string", "enum": ["random", "random_uniform"] }] })
    }
}

impl Default for HoleFill {
    fn default() -> Self {
        HoleFill::Level(Fill::default())
    }
}

/// Rectangles filled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erase {
    /// The rectangles.
    pub holes: Vec<Hole>,
    /// What they are filled with.
    pub fill: HoleFill,
    /// What they are filled with in the mask: the number of a class; nothing happens there without it.
    pub fill_mask: Option<u16>,
    /// Where randomness comes from.
    pub seed: u64,
}

impl Erase {
    pub(super) fn apply(&self, sample: &mut Sample) -> Result<()> {
        let color = sample.image.color();
        let channels = color.channels();
        let mut stream = Seed::new(self.seed).stream("holes", 0);
        self.fill_holes(&mut sample.image, |first, values| {
            // Random colors are opaque.
            let visible = |channel: usize| color != Color::Rgba || channel < 3;
            match &self.fill {
                HoleFill::Level(fill) => {
                    for (channel, value) in values.iter_mut().enumerate() {
                        *value = fill.share(channel, channels);
                    }
                }
                HoleFill::Random => {
                    for (channel, value) in values.iter_mut().enumerate() {
                        *value = if visible(channel) { stream.unit() } else { 1.0 };
                    }
                }
                HoleFill::RandomUniform if first => {
                    for (channel, value) in values.iter_mut().enumerate() {
                        *value = if visible(channel) { stream.unit() } else { 1.0 };
                    }
                }
                HoleFill::RandomUniform => {}
            }
        })?;
        if let (Some(mask), Some(class)) = (&mut sample.mask, self.fill_mask) {
            let largest = if mask.bits() == 8 { 255.0 } else { 65_535.0 };
            self.fill_holes(mask, |_, values| values.fill(f64::from(class) / largest))?;
        }
        // Points that cannot be seen any more go, as albumentations has it.
        let inside = |hole: &Hole, x: f64, y: f64| {
            let within = |at: f64, start: usize, size: usize| {
                at >= start as f64 - 0.5 && at < (start + size) as f64 - 0.5
            };
            within(x, hole.x, hole.width) && within(y, hole.y, hole.height)
        };
        sample.move_points(|x, y| (!self.holes.iter().any(|hole| inside(hole, x, y))).then_some((x, y)));
        Ok(())
    }

    /// Fills the holes with shares of the brightest value; `next` changes those of the pixel before, and is told when a
    /// hole begins.
    fn fill_holes(&self, image: &mut Image, mut next: impl FnMut(bool, &mut [f64])) -> Result<()> {
        fn write<T: Depth>(pixel: &mut [T], shares: &[f64]) {
            for (value, share) in pixel.iter_mut().zip(shares) {
                *value = T::rounded(*share as f32 * T::MAX);
            }
        }
        let (width, height, channels) = (image.width(), image.height(), image.channels());
        let mut shares = vec![0.0; channels];
        for hole in &self.holes {
            let mut first = true;
            for y in hole.y.min(height)..hole.y.saturating_add(hole.height).min(height) {
                for x in hole.x.min(width)..hole.x.saturating_add(hole.width).min(width) {
                    next(first, &mut shares);
                    first = false;
                    let at = (y * width + x) * channels;
                    with_values!("holes", image.pixels_mut(), values => write(&mut values[at..at + channels], &shares));
                }
            }
        }
        Ok(())
    }
}
