//! What ends a command early, and what the user is told.

use std::error::Error;
use std::io;

use lookalike::with_causes;

use crate::exit::Exit;

/// Why a command did not end well.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The library refused or was stopped.
    Library(lookalike::Error),
    /// Standard output, or a file that the program itself writes, failed.
    Output(io::Error),
    /// Options that do not go together, or ask for what is not there.
    Options(String),
}

/// The result of a command.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// A failure of the options, as one sentence that says the cure.
    pub(crate) fn options(sentence: impl Into<String>) -> Self {
        Failure::Options(sentence.into())
    }

    /// How the program ends because of it.
    pub(crate) fn exit(&self) -> Exit {
        if self.is_broken_pipe() {
            // Whoever read our output had enough, as `head` does: that is no failure.
            Exit::Fine
        } else if matches!(self, Failure::Library(error) if error.is_cancelled()) {
            Exit::Interrupted
        } else {
            Exit::Refused
        }
    }

    /// What the user is told: one line. `None` when there is nothing to say.
    pub(crate) fn message(&self) -> Option<String> {
        match (self.exit(), self) {
            (Exit::Fine, _) => None,
            (Exit::Interrupted, _) => Some("stopped; nothing half-written is left".to_owned()),
            (_, Failure::Library(error)) => Some(with_causes(error)),
            (_, Failure::Output(error)) => Some(format!("cannot write the output: {error}")),
            (_, Failure::Options(sentence)) => Some(sentence.clone()),
        }
    }

    fn is_broken_pipe(&self) -> bool {
        match self {
            Failure::Library(error) => has_broken_pipe(error),
            Failure::Output(error) => error.kind() == io::ErrorKind::BrokenPipe,
            Failure::Options(_) => false,
        }
    }
}

fn has_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
            return true;
        }
        cause = error.source();
    }
    false
}

impl From<lookalike::Error> for Failure {
    fn from(error: lookalike::Error) -> Self {
        Failure::Library(error)
    }
}

impl From<lookalike::image::Error> for Failure {
    fn from(error: lookalike::image::Error) -> Self {
        Failure::Library(error.into())
    }
}

impl From<lookalike::table::Error> for Failure {
    fn from(error: lookalike::table::Error) -> Self {
        Failure::Library(error.into())
    }
}

impl From<lookalike::synth::Error> for Failure {
    fn from(error: lookalike::synth::Error) -> Self {
        Failure::Library(error.into())
    }
}
