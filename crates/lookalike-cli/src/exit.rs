//! How the program ends. Scripts rely on these numbers.

use std::process::ExitCode;

/// How the program ended.
///
/// | code | meaning |
/// |---|---|
/// | 0 | all went well; also when the reader of a pipe went away |
/// | 1 | the work was done, and a gate (`--min`, `--max`) failed |
/// | 2 | a file, a value or an option was not right; the message says what to change |
/// | 101 | a bug in lookalike |
/// | 130 | stopped with Ctrl-C; nothing half-written is left |
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All went well.
    Fine,
    /// The work was done, and a gate failed.
    GateFailed,
    /// A file, a value or an option was not right.
    Refused,
    /// Stopped on request.
    Interrupted,
}

impl Exit {
    /// The number that the system is given. 101 is what Rust itself ends with after a panic.
    pub(crate) fn code(self) -> u8 {
        match self {
            Exit::Fine => 0,
            Exit::GateFailed => 1,
            Exit::Refused => 2,
            Exit::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}

/// Part of `lookalike --help`.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0    all went well
  1    a gate (--min, --max) failed
  2    a file, a value or an option was not right; the message says what to change
  101  a bug in lookalike
  130  stopped with Ctrl-C; nothing half-written is left";
