//! Options read from the JSON Schema that their types describe themselves with.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::docs::{self, Doc};
use super::{Family, MethodOption, MethodOptions, Type, Word};

/// The methods that are the variants of an enum, each named by the one key of an object; without those that lead to others.
pub(super) fn variants<T: JsonSchema>(family: Family, without: &[&str]) -> Vec<MethodOptions> {
    let mut settings = SchemaSettings::default();
    settings.inline_subschemas = true;
    let schema = Value::from(settings.into_generator().into_root_schema_for::<T>());
    let definitions = schema.get("$defs").unwrap_or(&Value::Null);
    let variants: Vec<(&str, &str, &Value)> = list(&schema, "oneOf")
        .filter_map(|variant| {
            let (name, options) = variant.get("properties")?.as_object()?.iter().next()?;
            Some((name.as_str(), text(variant), options))
        })
        .filter(|(name, _, _)| !without.contains(name))
        .collect();
    let methods = variants.iter().map(|&(name, title, options)| {
        let options = followed(options, definitions);
        let mut doc = Doc::read(text(options));
        // What describes several variants does not tell one from the other.
        let alike =
            variants.iter().filter(|(_, _, other)| text(followed(other, definitions)) == text(options));
        if alike.count() > 1 {
            doc.paragraphs.splice(0..0, Doc::read(title).paragraphs);
        }
        let Doc { paragraphs, references } = doc;
        let doc = paragraphs;
        MethodOptions { name: name.to_owned(), family, doc, references, options: fields(options) }
    });
    methods.collect()
}

/// The schema itself, or what it refers to.
fn followed<'a>(schema: &'a Value, definitions: &'a Value) -> &'a Value {
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix("#/$defs/"));
    name.and_then(|name| definitions.get(name)).unwrap_or(schema)
}

fn fields(schema: &Value) -> Vec<MethodOption> {
    let required: Vec<&str> = list(schema, "required").filter_map(Value::as_str).collect();
    let empty = Map::new();
    let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
    let option = |(name, schema): (&String, &Value)| {
        let kind = kind(schema).unwrap_or_else(|| panic!("the option {name} has a type that has no words"));
        let default = schema.get("default").map(|default| exact(default, schema));
        let default = default.or_else(|| (!required.contains(&name.as_str())).then_some(Value::Null));
        let (mut doc, said) = docs::field(text(schema));
        // A default that is a value speaks for itself.
        if let (Some(Value::Null), Some(said)) = (&default, said) {
            doc = format!("{doc} By default {said}.");
        }
        if limit(schema) {
            doc = format!("{doc} One number x stands for -x to x.");
        }
        MethodOption { name: name.clone(), doc, kind, default }
    };
    properties.iter().map(option).collect()
}

fn kind(schema: &Value) -> Option<Type> {
    if schema.get("$ref").is_some() {
        return Some(Type::Step);
    }
    if let Some(words) = words(schema) {
        return Some(Type::Word(words));
    }
    if schema.get("anyOf").is_some() {
        let (nulls, others): (Vec<_>, Vec<_>) =
            list(schema, "anyOf").partition(|schema| schema.get("type") == Some(&"null".into()));
        let mut kinds = others.into_iter().map(kind).collect::<Option<Vec<_>>>()?;
        let kind = if kinds.len() == 1 { kinds.remove(0) } else { Type::Either(kinds) };
        return Some(if nulls.is_empty() { kind } else { Type::Optional(Box::new(kind)) });
    }
    match schema.get("type")? {
        Value::String(name) => named(name, schema),
        Value::Array(names) => {
            let name = names.iter().filter_map(Value::as_str).find(|&name| name != "null")?;
            Some(Type::Optional(Box::new(named(name, schema)?)))
        }
        _ => None,
    }
}

fn named(name: &str, schema: &Value) -> Option<Type> {
    match name {
        "integer" => Some(Type::Int),
        "number" => Some(Type::Float),
        "boolean" => Some(Type::Bool),
        "object" => Some(Type::Record(fields(schema))),
        "array" => {
            let items = Box::new(kind(schema.get("items")?)?);
            match (schema.get("minItems"), schema.get("maxItems")) {
                (Some(least), Some(most)) if least == most => {
                    Some(Type::Tuple(items, least.as_u64()? as usize))
                }
                _ => Some(Type::Sequence(items)),
            }
        }
        _ => None,
    }
}

/// The words of an enum without values; nothing for other types.
fn words(schema: &Value) -> Option<Vec<Word>> {
    let word = |name: &Value, doc: &str| {
        let name = name.as_str()?.to_owned();
        Some(Word { name, doc: Doc::read(doc).paragraphs.join(" ") })
    };
    if let Some(name) = schema.get("const") {
        return Some(vec![word(name, "")?]);
    }
    if schema.get("enum").is_some() {
        return list(schema, "enum").map(|name| word(name, "")).collect();
    }
    schema.get("oneOf")?;
    let mut all = Vec::new();
    for one in list(schema, "oneOf") {
        match one.get("const") {
            Some(name) => all.push(word(name, text(one))?),
            None => all.extend(words(one)?),
        }
    }
    Some(all)
}

/// A number in single precision as short as it is written, not as long as it becomes in double precision.
fn exact(default: &Value, schema: &Value) -> Value {
    match (default.as_f64(), schema.get("format").and_then(Value::as_str)) {
        (Some(number), Some("float")) => {
            (number as f32).to_string().parse::<f64>().map_or_else(|_| default.clone(), Value::from)
        }
        _ => default.clone(),
    }
}

/// True where one number stands for a range around 0.
fn limit(schema: &Value) -> bool {
    let is = |schema: &Value| schema.get("format").and_then(Value::as_str) == Some("limit");
    is(schema) || list(schema, "anyOf").any(is)
}

fn text(schema: &Value) -> &str {
    schema.get("description").and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(schema: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    schema.get(key).and_then(Value::as_array).into_iter().flatten()
}
