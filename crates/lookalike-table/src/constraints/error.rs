/// Why a constraint is refused. Messages hold names of columns and the constraint's own words, never a cell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConstraintError {
    /// Its text cannot be understood.
    #[error("cannot read the constraint `{text}`: {problem}")]
    Syntax {
        /// The text.
        text: String,
        /// What is wrong, and the cure.
        problem: String,
    },
    /// A file of constraints cannot be understood.
    #[error("cannot read the constraints{}: {problem}", at_line(*line))]
    File {
        /// The line, counted from 1, where it is known.
        line: Option<usize>,
        /// What is wrong, and the cure.
        problem: String,
    },
    /// It does not fit the table.
    #[error("the constraint `{constraint}` cannot be: {problem}")]
    Impossible {
        /// The constraint's text.
        constraint: String,
        /// What is wrong, and the cure.
        problem: String,
    },
    /// Several cannot hold together.
    #[error("the constraints {} contradict each other: {problem}", listed(constraints))]
    Contradiction {
        /// Their texts.
        constraints: Vec<String>,
        /// Why, and the cure.
        problem: String,
    },
}

fn at_line(line: Option<usize>) -> String {
    line.map(|line| format!(" in line {line}")).unwrap_or_default()
}

fn listed(constraints: &[String]) -> String {
    let quoted: Vec<String> = constraints.iter().map(|text| format!("`{text}`")).collect();
    match quoted.as_slice() {
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
        [] => String::new(),
    }
}
