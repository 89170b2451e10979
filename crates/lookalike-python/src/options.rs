//! Options, which Python hands over as JSON.

use lookalike::AnySynthesizer;
use pyo3::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::errors;

/// Understands what Python wrote.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> PyResult<T> {
    serde_json::from_str(text).map_err(|error| errors::parameters(vec![message(&error)]))
}

/// Understands a part of what Python wrote, or says why not.
pub(crate) fn value<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    T::deserialize(value).map_err(|error| message(&error))
}

/// A method as [`synthesizer`] takes it, with the set of options that has this name.
#[pyfunction]
pub(crate) fn preset(method: &str, name: &str) -> PyResult<String> {
    let chosen = synthesizer(method)?.with_preset(name).map_err(|error| errors::raised(error.into()))?;
    serde_json::to_string(&chosen).map_err(|_| errors::bug("options were not written"))
}

/// A method with its options, such as `{"forest": {"effort": "high"}}`, which `check` looks at. All that is wrong is told at once:
/// what is of another type, and what of the rest is out of range.
pub(crate) fn method<T: DeserializeOwned>(text: &str, check: impl Fn(&T) -> Vec<String>) -> PyResult<T> {
    let mut whole: Value = read(text)?;
    let tried: Result<T, _> = serde_json::from_value(whole.clone());
    let (mut problems, checked) = match tried {
        Ok(method) => (Vec::new(), Ok(method)),
        Err(error) => {
            let problems = of_other_types::<T>(&mut whole);
            if problems.is_empty() {
                return Err(errors::parameters(vec![message(&error)]));
            }
            (problems, serde_json::from_value(whole))
        }
    };
    if let Ok(method) = &checked {
        problems.extend(check(method));
    }
    match checked {
        Ok(method) if problems.is_empty() => Ok(method),
        _ => Err(errors::parameters(problems)),
    }
}

/// What is wrong with options by themselves, and takes these out.
fn of_other_types<T: DeserializeOwned>(whole: &mut Value) -> Vec<String> {
    let mut path: Vec<String> = Vec::new();
    let mut inner = &*whole;
    // However deep the method's name lies, its options are below it.
    while let Some((name, below)) =
        inner.as_object().filter(|outer| outer.len() == 1).and_then(|outer| outer.iter().next())
    {
        if !below.is_object() {
            break;
        }
        path.push(name.clone());
        inner = below;
    }
    let Some(options) = inner.as_object().cloned() else { return Vec::new() };
    let with = |options: Value| path.iter().rev().fold(options, |inner, name| json!({ name: inner }));
    let name = path.last().cloned().unwrap_or_default();
    let (mut problems, mut kept) = (Vec::new(), Map::new());
    for (option, value) in options {
        let alone: Map<String, Value> = [(option.clone(), value.clone())].into_iter().collect();
        match serde_json::from_value::<T>(with(Value::Object(alone))) {
            Ok(_) => {
                kept.insert(option, value);
            }
            Err(error) => problems.push(match message(&error) {
                sentence if sentence.starts_with(MUST) => format!("{name}.{option} {sentence}"),
                sentence => format!("{}: {sentence}", option.replace('-', "_")),
            }),
        }
    }
    *whole = with(Value::Object(kept));
    problems
}

/// How a sentence goes on behind the name of an option.
const MUST: &str = "must be one of ";

/// What serde says, in Python's words and without the place in a text that the user has not written.
fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default().replace('`', "'").replace("null", "None");
    if let Some((_, known)) =
        text.split_once("expected one of ").filter(|_| text.starts_with("unknown variant "))
    {
        return format!("{MUST}{known}");
    }
    let Some((before, wanted)) = text.rsplit_once("expected ") else { return text };
    let wanted = match wanted {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number from 0",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "a boolean" => "True or False",
        other => other,
    };
    format!("{before}expected {wanted}")
}

/// A method of generating, checked: what is out of range is told too.
pub(crate) fn synthesizer(text: &str) -> PyResult<AnySynthesizer> {
    method(text, |synthesizer: &AnySynthesizer| problems(synthesizer.check()))
}

/// What is wrong with options, by what checking them said.
pub(crate) fn problems(checked: lookalike::synth::Result<()>) -> Vec<String> {
    match checked {
        Ok(()) => Vec::new(),
        Err(lookalike::synth::Error::Options { problems }) => problems,
        Err(error) => vec![error.to_string()],
    }
}
