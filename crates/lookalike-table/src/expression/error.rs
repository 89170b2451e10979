use super::types::Type;

/// Why an expression is not understood, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at character {position}: {problem}")]
pub struct ExpressionError {
    /// The character of the expression that it is about, counted from 1.
    pub position: usize,
    /// What is wrong, and the cure.
    pub problem: ExpressionProblem,
}

/// What is wrong with an expression. Messages hold words of the expression itself, never of a cell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExpressionProblem {
    /// A sign that means nothing here.
    #[error("the sign {sign:?} means nothing here{}", cure(hint))]
    Sign {
        /// The sign.
        sign: char,
        /// What may have been meant.
        hint: &'static str,
    },
    /// A quote or a parenthesis that is never closed.
    #[error("{what} is never closed; close it with {close:?}")]
    Unclosed {
        /// What was opened.
        what: &'static str,
        /// What closes it.
        close: char,
    },
    /// Something else stands where this was expected.
    #[error("expected {wanted}, found {found}")]
    Expected {
        /// What may stand here.
        wanted: &'static str,
        /// What does.
        found: String,
    },
    /// Longer than [`LONGEST`](super::LONGEST) bytes.
    #[error("the expression is longer than {limit} bytes; compute it in several columns")]
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// Nested more deeply than [`DEEPEST`](super::DEEPEST) levels.
    #[error("the expression is nested more than {limit} levels deep; compute it in several columns")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// There is no such function.
    #[error("there is no function {name:?}{}; there are {known}", did_you_mean(nearest.as_deref()))]
    UnknownFunction {
        /// What was called.
        name: String,
        /// The most similar function.
        nearest: Option<String>,
        /// All of them.
        known: String,
    },
    /// Too few or too many arguments.
    #[error("{function} takes {wanted}, not {given}")]
    Arguments {
        /// The function.
        function: &'static str,
        /// How many it takes, in words.
        wanted: &'static str,
        /// How many it was given.
        given: usize,
    },
    /// There is no such column.
    #[error(
        "there is no column {name:?}{}; names with signs other than letters, digits and _ stand in double quotes, and \
         texts in single ones",
        did_you_mean(nearest.as_deref())
    )]
    UnknownColumn {
        /// The name.
        name: String,
        /// The most similar name.
        nearest: Option<String>,
    },
    /// Several columns have this name.
    #[error("several columns are named {name:?}; rename one")]
    AmbiguousColumn {
        /// The name.
        name: String,
    },
    /// The column holds images.
    #[error("column {name:?} holds images, and expressions have no use for them")]
    Images {
        /// The name.
        name: String,
    },
    /// A value of a type that does not go here.
    #[error("{place} takes {wanted}, not {}{}", found.words(), cure(hint))]
    Type {
        /// What takes it.
        place: &'static str,
        /// What it takes.
        wanted: &'static str,
        /// What it was given.
        found: Type,
        /// How it is mended.
        hint: &'static str,
    },
    /// Values of types that do not go together.
    #[error("{place} takes values of one type, not {} and {}{}", left.words(), right.words(), cure(hint))]
    Types {
        /// What takes them.
        place: &'static str,
        /// The first one's type.
        left: Type,
        /// The second one's type.
        right: Type,
        /// How it is mended.
        hint: &'static str,
    },
    /// An argument that has to be written out.
    #[error("{place} has to be {wanted}, written out")]
    Literal {
        /// The argument.
        place: &'static str,
        /// What it has to be.
        wanted: &'static str,
    },
}

fn cure(hint: &str) -> String {
    if hint.is_empty() { String::new() } else { format!("; {hint}") }
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map(|name| format!(", did you mean {name:?}?")).unwrap_or_default()
}

pub(super) fn fail<T>(position: usize, problem: ExpressionProblem) -> Result<T, ExpressionError> {
    Err(ExpressionError { position, problem })
}
