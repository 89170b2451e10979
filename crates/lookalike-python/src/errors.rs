//! Errors as exceptions: those of `lookalike.exceptions`, or Python's own where Python has one.

use std::error::Error as _;
use std::io;

use lookalike::{Error, with_causes};
use pyo3::exceptions::{PyFileNotFoundError, PyKeyboardInterrupt, PyMemoryError, PyOSError, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::types::PyType;

/// A defect of ours.
pub(crate) fn bug(what: &str) -> PyErr {
    PyRuntimeError::new_err(format!("{what}: this is a bug of lookalike, please report it"))
}

/// The place of a panic is told, and never its message, which may hold a value.
pub(crate) fn hide_panics() {
    std::panic::set_hook(Box::new(|panic| {
        use std::io::Write as _;
        if let Some(place) = panic.location() {
            let _ = writeln!(io::stderr(), "lookalike: a bug at {}:{}", place.file(), place.line());
        }
    }));
}

/// Options that are not right, all of them at once.
pub(crate) fn parameters(problems: Vec<String>) -> PyErr {
    raise("ParameterError", problems.iter().map(|problem| spoken(problem)).collect())
}

/// A table that is not right.
pub(crate) fn data(problem: &str) -> PyErr {
    raise("DataError", vec![spoken(problem)])
}

/// An exception of `lookalike.exceptions`.
fn raise(class: &str, problems: Vec<String>) -> PyErr {
    Python::attach(|py| {
        let made = py
            .import("lookalike.exceptions")
            .and_then(|module| module.getattr(class))
            .and_then(|class| Ok(class.cast_into::<PyType>()?))
            .and_then(|class| class.call1((problems.join("; "), problems)));
        made.map_or_else(|error| error, PyErr::from_value)
    })
}

/// The exception for an error of the library.
pub(crate) fn raised(error: Error) -> PyErr {
    if error.is_cancelled() {
        return PyKeyboardInterrupt::new_err("stopped");
    }
    let message = with_causes(&error);
    match kind(&error) {
        Kind::Missing => PyFileNotFoundError::new_err((2, spoken(&message))),
        Kind::System => PyOSError::new_err(spoken(&message)),
        Kind::ModelFile => raise("ModelFileError", vec![spoken(&message)]),
        Kind::Data => data(&message),
        Kind::Memory => PyMemoryError::new_err(spoken(&message)),
        Kind::Parameter => match error {
            Error::Synth(
                lookalike::synth::Error::Options { problems }
                | lookalike::synth::Error::Conditions { problems },
            )
            | Error::Image(lookalike::image::Error::Options { problems }) => parameters(problems),
            _ => parameters(vec![message]),
        },
    }
}

enum Kind {
    Missing,
    System,
    ModelFile,
    Parameter,
    Data,
    Memory,
}

fn kind(error: &Error) -> Kind {
    use lookalike::synth::Error as Synth;
    use lookalike::table::Error as Table;
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(system) = inner.downcast_ref::<io::Error>() {
            return if system.kind() == io::ErrorKind::NotFound { Kind::Missing } else { Kind::System };
        }
        cause = inner.source();
    }
    match error {
        Error::Io { .. } => Kind::System,
        Error::Table(Table::Memory { .. }) | Error::Synth(Synth::Table(Table::Memory { .. })) => Kind::Memory,
        Error::ModelFile { .. } | Error::Checkpoint { .. } => Kind::ModelFile,
        Error::Synth(
            Synth::Options { .. } | Synth::Conditions { .. } | Synth::Table(Table::UnknownColumn { .. }),
        )
        | Error::Table(
            Table::UnknownColumn { .. } | Table::AmbiguousColumn { .. } | Table::UnknownKind { .. },
        )
        | Error::Image(
            lookalike::image::Error::Options { .. } | lookalike::image::Error::PipelineFile { .. },
        )
        | Error::UnknownMethod { .. }
        | Error::UnknownScore { .. }
        | Error::Bound { .. }
        | Error::Roles { .. }
        | Error::Plan { .. }
        | Error::Dials { .. }
        | Error::Audit { .. }
        | Error::Study { .. }
        | Error::ConstraintFile { .. }
        | Error::Simulation { .. } => Kind::Parameter,
        _ => Kind::Data,
    }
}

/// A sentence that names options of the program, as Python has them: `--keep-format` becomes `keep_format=`.
pub(crate) fn spoken(sentence: &str) -> String {
    let mut text = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some(place) = rest.find("--") {
        let (before, after) = rest.split_at(place);
        let option = &after[2..];
        let begins = before.chars().next_back().is_none_or(|sign| !sign.is_alphanumeric() && sign != '-');
        let length =
            option.find(|sign: char| !sign.is_ascii_lowercase() && sign != '-').unwrap_or(option.len());
        let name = option[..length].trim_end_matches('-');
        text.push_str(before);
        if begins && name.starts_with(|sign: char| sign.is_ascii_lowercase()) {
            text.push_str(&name.replace('-', "_"));
            text.push('=');
            rest = &option[name.len()..];
            // What the option is to be stands right behind it.
            rest = rest
                .strip_prefix(' ')
                .filter(|value| value.starts_with('\'') || value.starts_with("none"))
                .unwrap_or(rest);
        } else {
            text.push_str("--");
            rest = option;
        }
    }
    text.push_str(rest);
    kinds(&text)
}

/// `column='age=categorical'` as Python has it: `columns={'age': 'categorical'}`.
fn kinds(text: &str) -> String {
    const BEFORE: &str = "column='";
    let Some((before, rest)) = text.split_once(BEFORE) else { return text.to_owned() };
    let pair = rest.split_once('\'').and_then(|(pair, after)| Some((pair.rsplit_once('=')?, after)));
    match pair {
        Some(((name, kind), after)) => format!("{before}columns={{'{name}': '{kind}'}}{}", kinds(after)),
        None => text.to_owned(),
    }
}

/// Bytes that are no model.
pub(crate) fn model_file(error: &lookalike::model_file::ModelFileError) -> PyErr {
    raise("ModelFileError", vec![with_causes(error)])
}
