//! What options are made of: ranges, fills, and ways to look between pixels and beyond edges.

use std::borrow::Cow;
use std::fmt;

use lookalike_core::Stream;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Problems;

/// Where a parameter is drawn from, uniformly. In files `[low, high]`, or one number for always the same.
///
/// ```
/// use lookalike_image::Range;
/// assert_eq!(toml::from_str::<std::collections::BTreeMap<String, Range>>("x = 0.5")?["x"], Range(0.5, 0.5));
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range(pub f64, pub f64);

/// Where a parameter that may have both signs is drawn from, uniformly. In files `[low, high]`, or one number x for from
/// -x to x.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit(pub f64, pub f64);

impl Range {
    pub(crate) fn draw(self, stream: &mut Stream) -> f64 {
        self.0 + (self.1 - self.0) * stream.unit()
    }

    /// A whole number from the range, both ends included.
    pub(crate) fn draw_whole(self, stream: &mut Stream) -> usize {
        let (low, high) = (self.0 as u64, self.1 as u64);
        (low + stream.below(high.saturating_sub(low) + 1)) as usize
    }

    pub(crate) fn check(self, problems: &mut Problems, option: &str, low: f64, high: f64) {
        let inside = self.0 >= low && self.1 <= high && self.0 <= self.1 && self.1.is_finite();
        let wanted = if high.is_finite() {
            format!("must be a range within {low} to {high}")
        } else {
            format!("must be a range from {low} upwards")
        };
        problems.require(inside, option, wanted);
    }

    pub(crate) fn check_whole(self, problems: &mut Problems, option: &str, low: f64, high: f64) {
        self.check(problems, option, low, high);
        let whole = self.0.fract() == 0.0 && self.1.fract() == 0.0;
        problems.require(whole, option, "must be of whole numbers");
    }
}

impl Limit {
    pub(crate) fn draw(self, stream: &mut Stream) -> f64 {
        Range(self.0, self.1).draw(stream)
    }

    pub(crate) fn check(self, problems: &mut Problems, option: &str, low: f64, high: f64) {
        Range(self.0, self.1).check(problems, option, low, high);
    }
}

struct PairVisitor;

impl<'de> Visitor<'de> for PairVisitor {
    type Value = (f64, Option<f64>);

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a number or [low, high]")
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Self::Value, E> {
        Ok((value, None))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok((value as f64, None))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok((value as f64, None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let low = seq.next_element()?.ok_or_else(|| de::Error::invalid_length(0, &self))?;
        let high = seq.next_element()?.ok_or_else(|| de::Error::invalid_length(1, &self))?;
        if seq.next_element::<f64>()?.is_some() {
            return Err(de::Error::invalid_length(3, &self));
        }
        Ok((low, Some(high)))
    }
}

impl<'de> Deserialize<'de> for Range {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (low, high) = deserializer.deserialize_any(PairVisitor)?;
        Ok(Range(low, high.unwrap_or(low)))
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match deserializer.deserialize_any(PairVisitor)? {
            (low, Some(high)) => Limit(low, high),
            (end, None) => Limit(-end.abs(), end.abs()),
        })
    }
}

impl Serialize for Range {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [self.0, self.1].serialize(serializer)
    }
}

impl Serialize for Limit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [self.0, self.1].serialize(serializer)
    }
}

impl JsonSchema for Range {
    fn schema_name() -> Cow<'static, str> {
        "Range".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "format": "range", "anyOf": [number(), pair()] })
    }
}

impl JsonSchema for Limit {
    fn schema_name() -> Cow<'static, str> {
        "Limit".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "format": "limit", "anyOf": [number(), pair()] })
    }
}

impl JsonSchema for Fill {
    fn schema_name() -> Cow<'static, str> {
        "Fill".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [number(), { "type": "array", "items": number() }] })
    }
}

fn number() -> Schema {
    json_schema!({ "type": "number" })
}

fn pair() -> Schema {
    json_schema!({ "type": "array", "items": number(), "minItems": 2, "maxItems": 2 })
}

/// What is put where there is no picture: one number for all channels, or one for each, in grey levels from 0 to 255
/// (for 16 bits they are stretched).
#[derive(Debug, Clone, PartialEq)]
pub struct Fill(pub Vec<f64>);

impl Default for Fill {
    fn default() -> Self {
        Fill(vec![0.0])
    }
}

impl Fill {
    pub(crate) fn check(&self, problems: &mut Problems, option: &str) {
        let inside = self.0.iter().all(|level| (0.0..=255.0).contains(level));
        problems.require(inside, option, "must be of numbers within 0 to 255");
        let count = matches!(self.0.len(), 1 | 3 | 4);
        problems.require(count, option, "must be one number, or one for each channel");
    }

    /// The level of a channel, as a share of the brightest. A list of three leaves pictures opaque; for a grey picture the
    /// three are weighed as `ToGray` does.
    pub(crate) fn share(&self, channel: usize, channels: usize) -> f64 {
        match (self.0.as_slice(), channels) {
            ([level], _) => level / 255.0,
            ([red, green, blue, ..], 1) => (0.299 * red + 0.587 * green + 0.114 * blue) / 255.0,
            (levels, _) => levels.get(channel).map_or(1.0, |level| level / 255.0),
        }
    }
}

struct FillVisitor;

impl<'de> Visitor<'de> for FillVisitor {
    type Value = Fill;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a number or a list of numbers, one for each channel")
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Fill, E> {
        Ok(Fill(vec![value]))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Fill, E> {
        Ok(Fill(vec![value as f64]))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Fill, E> {
        Ok(Fill(vec![value as f64]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Fill, A::Error> {
        let mut levels = Vec::new();
        while let Some(level) = seq.next_element()? {
            levels.push(level);
        }
        Ok(Fill(levels))
    }
}

impl<'de> Deserialize<'de> for Fill {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FillVisitor)
    }
}

impl Serialize for Fill {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [level] => serializer.serialize_f64(*level),
            levels => levels.serialize(serializer),
        }
    }
}

/// How a value between pixels is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Interpolation {
    /// The nearest pixel.
    Nearest,
    /// Between the four around it.
    #[default]
    Linear,
    /// Between sixteen: the cubic of Keys (1981, <https://doi.org/10.1109/TASSP.1981.1163711>) with a = -0.75, as
    /// `OpenCV` has it.
    Cubic,
    /// Between sixty-four: Lanczos' window over four pixels to each side.
    Lanczos4,
    /// The mean over the area of the new pixel: for making pictures smaller. Only for changes of size.
    Area,
}

impl Interpolation {
    pub(crate) fn check_for_warps(self, problems: &mut Problems, option: &str) {
        problems.require(
            self != Interpolation::Area,
            option,
            "must not be area, which is for changes of size",
        );
    }
}

/// What is seen beyond the edges of a picture, here `abcd`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum BorderMode {
    /// The fill.
    #[default]
    #[serde(rename = "constant")]
    Constant,
    /// `aaa|abcd|ddd`
    #[serde(rename = "replicate")]
    Replicate,
    /// `cba|abcd|dcb`
    #[serde(rename = "reflect")]
    Reflect,
    /// `bcd|abcd|abc`
    #[serde(rename = "wrap")]
    Wrap,
    /// `dcb|abcd|cba`
    #[serde(rename = "reflect_101")]
    Reflect101,
}

impl BorderMode {
    /// Which of `count` pixels is seen at `at`; none where the fill is.
    #[inline]
    pub(crate) fn index(self, at: i64, count: usize) -> Option<usize> {
        let count = count as i64;
        if (0..count).contains(&at) {
            return Some(at as usize);
        }
        // Just beyond an edge, where nearly all places are, no division is needed.
        let mirrored = match self {
            BorderMode::Reflect => {
                if at < 0 {
                    -1 - at
                } else {
                    2 * count - 1 - at
                }
            }
            BorderMode::Reflect101 => {
                if at < 0 {
                    -at
                } else {
                    2 * count - 2 - at
                }
            }
            _ => -1,
        };
        if (0..count).contains(&mirrored) {
            return Some(mirrored as usize);
        }
        Some(match self {
            BorderMode::Constant => return None,
            BorderMode::Replicate => at.clamp(0, count - 1),
            BorderMode::Wrap => at.rem_euclid(count),
            BorderMode::Reflect => {
                let place = at.rem_euclid(2 * count);
                place.min(2 * count - 1 - place)
            }
            BorderMode::Reflect101 if count == 1 => 0,
            BorderMode::Reflect101 => {
                let place = at.rem_euclid(2 * count - 2);
                place.min(2 * count - 2 - place)
            }
        } as usize)
    }
}

/// How boxes follow a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BoxMethod {
    /// The smallest upright box around the four moved corners.
    #[default]
    LargestBox,
    /// The smallest upright box around the moved ellipse inside the box: tighter.
    Ellipse,
}

/// Where a smaller picture is put in a larger one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// In the middle; the odd pixel goes below and to the right.
    #[default]
    Center,
    /// Into the upper left corner.
    TopLeft,
    /// Into the upper right corner.
    TopRight,
    /// Into the lower left corner.
    BottomLeft,
    /// Into the lower right corner.
    BottomRight,
    /// Anywhere.
    Random,
}

impl Position {
    /// How much of the missing `height` goes above, and of the missing `width` to the left.
    pub(crate) fn before(self, height: usize, width: usize, stream: &mut Stream) -> (usize, usize) {
        match self {
            Position::Center => (height / 2, width / 2),
            Position::TopLeft => (0, 0),
            Position::TopRight => (0, width),
            Position::BottomLeft => (height, 0),
            Position::BottomRight => (height, width),
            Position::Random => {
                let above = stream.below(height as u64 + 1) as usize;
                (above, stream.below(width as u64 + 1) as usize)
            }
        }
    }
}

pub(crate) fn check_probability(problems: &mut Problems, p: f64) {
    problems.require((0.0..=1.0).contains(&p), "p", "must be a probability, 0 to 1");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_continue_as_drawn() {
        let seen = |mode: BorderMode| -> String {
            (-3..7).map(|at| mode.index(at, 4).map_or('-', |index| ['a', 'b', 'c', 'd'][index])).collect()
        };
        assert_eq!(seen(BorderMode::Constant), "---abcd---");
        assert_eq!(seen(BorderMode::Replicate), "aaaabcdddd");
        assert_eq!(seen(BorderMode::Reflect), "cbaabcddcb");
        assert_eq!(seen(BorderMode::Wrap), "bcdabcdabc");
        assert_eq!(seen(BorderMode::Reflect101), "dcbabcdcba");
        for mode in [BorderMode::Reflect, BorderMode::Wrap, BorderMode::Reflect101, BorderMode::Replicate] {
            assert!((-9..9).all(|at| mode.index(at, 1) == Some(0)));
        }
    }

    #[test]
    fn numbers_stand_for_ranges() {
        #[derive(Deserialize)]
        struct Both {
            a: Range,
            b: Limit,
            c: Fill,
        }
        let both: Both = toml::from_str("a = 2\nb = 45\nc = [1, 2.5, 3]").unwrap();
        assert_eq!(
            (both.a, both.b, both.c),
            (Range(2.0, 2.0), Limit(-45.0, 45.0), Fill(vec![1.0, 2.5, 3.0]))
        );
        assert!(toml::from_str::<Both>("a = [1, 2, 3]\nb = 1\nc = 0").is_err());
        assert!(toml::from_str::<Both>("a = \"x\"\nb = 1\nc = 0").is_err());
    }
}
