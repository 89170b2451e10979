//! Steps of a pipeline: transforms, or choices among steps.

use std::borrow::Cow;
use std::fmt;

use lookalike_core::Stream;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, DeserializeSeed, EnumAccess, MapAccess, VariantAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::action::Action;
use crate::error::Problems;
use crate::image::Shape;
use crate::record::Drawn;
use crate::transform::Transform;
use crate::values::check_probability;

/// One step: a transform, or several of which some are done.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Step {
    /// A transform.
    Transform(Transform),
    /// One of several.
    OneOf(OneOf),
    /// Some of several.
    SomeOf(SomeOf),
    /// All of several, or none.
    Sequential(Sequential),
}

impl From<Transform> for Step {
    fn from(transform: Transform) -> Self {
        Step::Transform(transform)
    }
}

/// One of several steps, each as likely as its `p` says beside those of the others; it is done for certain then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OneOf {
    /// The steps, at least one.
    pub steps: Vec<Step>,
    /// How likely any of it is done, 0 to 1 [default: 0.5].
    #[serde(default = "half")]
    pub p: f64,
}

/// `n` of several steps, in their order, each then with its own probability.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SomeOf {
    /// The steps, at least one.
    pub steps: Vec<Step>,
    /// How many [default: 1].
    #[serde(default = "one")]
    pub n: usize,
    /// The same step may be chosen again [default: false].
    #[serde(default)]
    pub replace: bool,
    /// How likely any of it is done, 0 to 1 [default: 1].
    #[serde(default = "always")]
    pub p: f64,
}

/// All of several steps, each with its own probability, or none of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sequential {
    /// The steps, at least one.
    pub steps: Vec<Step>,
    /// How likely any of it is done, 0 to 1 [default: 0.5].
    #[serde(default = "half")]
    pub p: f64,
}

fn half() -> f64 {
    0.5
}

fn one() -> usize {
    1
}

fn always() -> f64 {
    1.0
}

/// Choices in choices end somewhere.
const DEEPEST: usize = 32;

impl Step {
    /// How likely it is done, 0 to 1.
    pub fn p(&self) -> f64 {
        match self {
            Step::Transform(transform) => transform.p(),
            Step::OneOf(choice) => choice.p,
            Step::SomeOf(choice) => choice.p,
            Step::Sequential(all) => all.p,
        }
    }

    /// The steps inside it.
    fn inner(&self) -> &[Step] {
        match self {
            Step::Transform(_) => &[],
            Step::OneOf(choice) => &choice.steps,
            Step::SomeOf(choice) => &choice.steps,
            Step::Sequential(all) => &all.steps,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Step::Transform(transform) => transform.name(),
            Step::OneOf(_) => "OneOf",
            Step::SomeOf(_) => "SomeOf",
            Step::Sequential(_) => "Sequential",
        }
    }

    pub(crate) fn check(&self, problems: &mut Problems, depth: usize) {
        if depth >= DEEPEST {
            problems.require(false, self.name(), format!("is {DEEPEST} steps deep, which is too deep"));
            return;
        }
        if let Step::Transform(transform) = self {
            transform.check(problems);
            return;
        }
        problems.within(self.name(), |problems| {
            check_probability(problems, self.p());
            problems.require(!self.inner().is_empty(), "steps", "must have at least one step");
            if let Step::OneOf(choice) = self {
                let some = choice.steps.is_empty() || choice.steps.iter().any(|step| step.p() > 0.0);
                problems.require(some, "steps", "must have a step with p above 0");
            }
            if let Step::SomeOf(choice) = self {
                let most = if choice.replace { 1000 } else { choice.steps.len() };
                problems.require(
                    (1..=most.max(1)).contains(&choice.n),
                    "n",
                    format!("must be within 1 to {most}"),
                );
            }
            for (number, step) in self.inner().iter().enumerate() {
                problems.within(format!("steps[{number}]"), |problems| step.check(problems, depth + 1));
            }
        });
    }

    /// True when a normalization is in it.
    pub(crate) fn normalizes(&self) -> bool {
        matches!(self, Step::Transform(Transform::Normalize(_))) || self.inner().iter().any(Step::normalizes)
    }

    /// Notes what is done to a picture of this shape, if anything, and what shape it then has.
    pub(crate) fn draw(&self, shape: &mut Shape, stream: &mut Stream, out: &mut Vec<Drawn>) {
        if stream.unit() < self.p() {
            self.draw_certainly(shape, stream, out);
        }
    }

    fn draw_certainly(&self, shape: &mut Shape, stream: &mut Stream, out: &mut Vec<Drawn>) {
        match self {
            Step::Transform(transform) => {
                let actions = transform.draw(*shape, stream);
                *shape = actions.iter().fold(*shape, |shape, action| Action::shape(action, shape));
                out.push(Drawn { transform: transform.name().into(), actions });
            }
            Step::OneOf(choice) => {
                let sum: f64 = choice.steps.iter().map(Step::p).sum();
                let mut left = stream.unit() * sum;
                let mut likely = choice.steps.iter().filter(|step| step.p() > 0.0);
                let chosen = likely.clone().find(|step| {
                    left -= step.p();
                    left < 0.0
                });
                if let Some(step) = chosen.or(likely.next_back()) {
                    step.draw_certainly(shape, stream, out);
                }
            }
            Step::SomeOf(choice) => {
                let count = choice.steps.len();
                let mut numbers = if choice.replace {
                    (0..choice.n).map(|_| stream.below(count.max(1) as u64) as usize).collect()
                } else {
                    stream.choose(count, choice.n)
                };
                numbers.sort_unstable();
                for step in numbers.into_iter().filter_map(|number| choice.steps.get(number)) {
                    step.draw(shape, stream, out);
                }
            }
            Step::Sequential(all) => all.steps.iter().for_each(|step| step.draw(shape, stream, out)),
        }
    }
}

impl JsonSchema for Step {
    fn schema_name() -> Cow<'static, str> {
        "Step".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let choice = |name: &str, schema: Schema| {
            json_schema!({
                "type": "object",
                "properties": { name: schema },
                "required": [name],
                "additionalProperties": false,
            })
        };
        json_schema!({
            "oneOf": [
                generator.subschema_for::<Transform>(),
                choice("OneOf", generator.subschema_for::<OneOf>()),
                choice("SomeOf", generator.subschema_for::<SomeOf>()),
                choice("Sequential", generator.subschema_for::<Sequential>()),
            ],
        })
    }
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Step::Transform(transform) => transform.serialize(serializer),
            Step::OneOf(choice) => serializer.serialize_newtype_variant("Step", 0, "OneOf", choice),
            Step::SomeOf(choice) => serializer.serialize_newtype_variant("Step", 1, "SomeOf", choice),
            Step::Sequential(all) => serializer.serialize_newtype_variant("Step", 2, "Sequential", all),
        }
    }
}

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(StepVisitor)
    }
}

struct StepVisitor;

impl<'de> Visitor<'de> for StepVisitor {
    type Value = Step;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("one transform with its options, such as `Rotate = { limit = 45 }`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Step, A::Error> {
        let Some(name) = map.next_key::<String>()? else {
            return Err(de::Error::invalid_length(0, &self));
        };
        let step = match name.as_str() {
            "OneOf" => Step::OneOf(map.next_value()?),
            "SomeOf" => Step::SomeOf(map.next_value()?),
            "Sequential" => Step::Sequential(map.next_value()?),
            _ => Step::Transform(Transform::deserialize(Named { name, map: &mut map })?),
        };
        if map.next_key::<String>()?.is_some() {
            return Err(de::Error::invalid_length(2, &self));
        }
        Ok(step)
    }
}

/// The value of a key that has been read, as the variant of an enum with the key's name.
struct Named<'a, A> {
    name: String,
    map: &'a mut A,
}

impl<'de, A: MapAccess<'de>> Deserializer<'de> for Named<'_, A> {
    type Error = A::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_enum(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de, A: MapAccess<'de>> EnumAccess<'de> for Named<'_, A> {
    type Error = A::Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), A::Error> {
        let name = seed.deserialize(de::value::StrDeserializer::new(&self.name))?;
        Ok((name, self))
    }
}

impl<'de, A: MapAccess<'de>> VariantAccess<'de> for Named<'_, A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.map.next_value()
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, A::Error> {
        self.map.next_value_seed(seed)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_unit()
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        visitor.visit_unit()
    }
}
