//! Errors as exceptions: those of `lookalike.exceptions`, or Python's own where Python has one.

use std::error::Error as _;
use std::io;

use lookalike::{Error, with_causes};
use pyo3::exceptions::{
    PyFileNotFoundError, PyIsADirectoryError, PyKeyboardInterrupt, PyMemoryError, PyOSError, PyRuntimeError,
};
use pyo3::prelude::*;
use pyo3::types::PyType;

use crate::spoken::spoken;

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
        Kind::Folder => PyIsADirectoryError::new_err((21, spoken(&message))),
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
    Folder,
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
        Error::Table(Table::NoFolder { .. }) => Kind::Missing,
        Error::Table(Table::IsFolder { .. }) => Kind::Folder,
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

/// Bytes that are no model.
pub(crate) fn model_file(error: &lookalike::model_file::ModelFileError) -> PyErr {
    raise("ModelFileError", vec![with_causes(error)])
}
