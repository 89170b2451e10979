//! Values and types as Python writes them.

use lookalike::options::{MethodOption, Type};
use serde_json::Value;

/// A value as a literal. Lists become tuples, which nobody can change for everybody else.
pub(super) fn literal(value: &Value, kind: &Type) -> String {
    match (value, kind) {
        (value, Type::Optional(kind)) if !value.is_null() => literal(value, kind),
        // A record stands for values that are all left to it.
        (Value::Null | Value::Object(_), _) => "None".to_owned(),
        (Value::Bool(truth), _) => if *truth { "True" } else { "False" }.to_owned(),
        (Value::String(word), _) => format!("\"{word}\""),
        (Value::Number(number), Type::Int) => number.to_string(),
        (Value::Number(number), _) => float(number.as_f64().unwrap_or_default()),
        (Value::Array(values), kind) => {
            let item = item(kind);
            let values: Vec<String> = values.iter().map(|value| literal(value, &item)).collect();
            match values.as_slice() {
                [one] => format!("({one},)"),
                values => format!("({})", values.join(", ")),
            }
        }
    }
}

/// What the values of a list are.
fn item(kind: &Type) -> Type {
    match kind {
        Type::Tuple(kind, _) | Type::Sequence(kind) => (**kind).clone(),
        Type::Either(kinds) => kinds
            .iter()
            .find(|kind| matches!(kind, Type::Tuple(..) | Type::Sequence(_)))
            .map_or(Type::Float, item),
        _ => Type::Float,
    }
}

fn float(number: f64) -> String {
    let text = format!("{number:?}");
    match text.split_once('e') {
        Some((digits, exponent)) => {
            let digits = digits.strip_suffix(".0").unwrap_or(digits);
            let (sign, exponent) =
                exponent.strip_prefix('-').map_or(("", exponent), |exponent| ("-", exponent));
            format!("{digits}e{sign}{exponent:0>2}")
        }
        None => text,
    }
}

/// A type as a hint.
pub(super) fn annotation(kind: &Type, default: Option<&Value>) -> String {
    let hint = hint(kind);
    let none = default.is_some_and(|default| default.is_null() || default.is_object());
    if none && !hint.ends_with("| None") { format!("{hint} | None") } else { hint }
}

fn hint(kind: &Type) -> String {
    match kind {
        Type::Int => "int".to_owned(),
        Type::Float => "float".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Word(words) => {
            let words: Vec<String> = words.iter().map(|word| format!("\"{}\"", word.name)).collect();
            format!("Literal[{}]", words.join(", "))
        }
        Type::Tuple(kind, count) => format!("tuple[{}]", vec![hint(kind); *count].join(", ")),
        Type::Sequence(kind) => format!("Sequence[{}]", hint(kind)),
        Type::Either(kinds) => kinds.iter().map(hint).collect::<Vec<_>>().join(" | "),
        Type::Record(_) => "Mapping[str, Any]".to_owned(),
        Type::Optional(kind) => format!("{} | None", hint(kind)),
        _ => "Any".to_owned(),
    }
}

/// A type and a default as numpydoc has them.
pub(super) fn words(kind: &Type, default: Option<&Value>) -> String {
    let none = default.is_some_and(|default| default.is_null() || default.is_object());
    let kind = match kind {
        Type::Optional(inner) if none => inner,
        kind => kind,
    };
    let words = if none { format!("{kind} or None") } else { kind.to_string() };
    match default {
        None => words,
        Some(value) => format!("{words}, default={}", literal(value, kind).replace('"', "'")),
    }
}

/// What an option sets, and what its words mean.
pub(super) fn meaning(option: &MethodOption) -> Vec<String> {
    let mut meaning = vec![option.doc.clone()];
    let kind = match &option.kind {
        Type::Optional(kind) => kind,
        kind => kind,
    };
    match kind {
        Type::Word(words) => {
            let said = words.iter().filter(|word| !word.doc.is_empty());
            meaning.extend(said.map(|word| format!("- '{}': {}", word.name, word.doc)));
        }
        Type::Record(fields) => meaning.extend(fields.iter().map(|field| {
            let default = field.default.as_ref();
            format!("- '{}' ({}): {}", field.name, words(&field.kind, default), field.doc)
        })),
        _ => {}
    }
    meaning
}
