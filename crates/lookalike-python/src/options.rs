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

/// A method with its options, such as `{"forest": {"effort": "high"}}`. All that is wrong is told at once.
pub(crate) fn method<T: DeserializeOwned>(text: &str) -> PyResult<T> {
    let whole: Value = read(text)?;
    let tried: Result<T, _> = serde_json::from_value(whole.clone());
    let error = match tried {
        Ok(method) => return Ok(method),
        Err(error) => error,
    };
    let mut problems = Vec::new();
    each_option(&whole, &mut |alone, name| {
        if let Err(error) = serde_json::from_value::<T>(alone) {
            problems.push(format!("{}: {}", name.replace('-', "_"), message(&error)));
        }
    });
    Err(errors::parameters(if problems.is_empty() { vec![message(&error)] } else { problems }))
}

/// Hands over the method with each of its options alone, however deep its name lies.
fn each_option(whole: &Value, take: &mut dyn FnMut(Value, &str)) {
    let Some((name, inner)) = whole.as_object().and_then(|outer| outer.iter().next()) else { return };
    let Some(options) = inner.as_object() else { return };
    let is_method = options.len() == 1 && options.values().all(Value::is_object);
    if is_method {
        each_option(inner, &mut |alone, option| take(json!({ name: alone }), option));
        return;
    }
    for (option, value) in options {
        let mut alone = Map::new();
        alone.insert(option.clone(), value.clone());
        take(json!({ name: alone }), option);
    }
}

/// What serde says, in Python's words and without the place in a text that the user has not written.
fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default().replace('`', "'").replace("null", "None");
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
    let synthesizer: AnySynthesizer = method(text)?;
    synthesizer.check().map_err(|error| errors::raised(error.into()))?;
    Ok(synthesizer)
}
