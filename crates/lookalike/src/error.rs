use std::io;
use std::path::PathBuf;

/// What can go wrong. No message holds a cell's value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Images, or what is to be done with them, are not right.
    #[error(transparent)]
    Image(#[from] lookalike_image::Error),
    /// A table has not one column of images, of 1, 3 or 4 channels.
    #[error(
        "the table has not one column of pictures: give a folder of pictures, or an IDX, NPY or NPZ file"
    )]
    NoPictures,
    /// An option for tables, and the file holds pictures.
    #[error("{} holds pictures, which have no {what} to be said: leave that out", path.display())]
    NotOfPictures {
        /// The set.
        path: PathBuf,
        /// What was said.
        what: &'static str,
    },
    /// Something that is for tables of numbers and levels only.
    #[error("column {column:?} holds images, and {what} is for tables without: {instead}")]
    OnlyTables {
        /// The column.
        column: String,
        /// What was asked for.
        what: &'static str,
        /// What there is for pictures.
        instead: &'static str,
    },
    /// Pictures that have to be alike differ in size, or are larger than can be learned.
    #[error(
        "the pictures of {} {}; bring them to one with --size, such as --size 28x28", path.display(),
        if *sizes > 1 { format!("have {sizes} different sizes") } else { "are more than 65,535 pixels high or wide".to_owned() }
    )]
    Sizes {
        /// The set.
        path: PathBuf,
        /// How many different sizes there are.
        sizes: usize,
    },
    /// A table, a schema or a table's file is not right.
    #[error(transparent)]
    Table(#[from] lookalike_table::Error),
    /// A model cannot be learned or sampled as asked.
    #[error(transparent)]
    Synth(#[from] lookalike_synth::Error),
    /// Tables cannot be judged as asked.
    #[error(transparent)]
    Evaluate(#[from] lookalike_evaluate::Error),
    /// What was left of learning cannot be taken up.
    #[error("{} cannot be taken up: {problem}", path.display())]
    Checkpoint {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A file other than a table could not be read or written.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried: `read`, `write` or `create the folder`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A file is no model that can be used.
    #[error("cannot use the model {}: {source}", path.display())]
    ModelFile {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: crate::model_file::ModelFileError,
    },
    /// A plan that cannot be understood.
    #[error("{} is no plan that can be run: {problem}", path.display())]
    Plan {
        /// The plan's file.
        path: PathBuf,
        /// What is wrong, and where.
        problem: String,
    },
    /// A file of constraints that is not understood.
    #[error("{} holds no constraints that can be used", path.display())]
    ConstraintFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, and where.
        #[source]
        source: Box<lookalike_table::Error>,
    },
    /// A schema to simulate from that is not right.
    #[error("{}: {}", path.display(), problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Simulation {
        /// The schema's file.
        path: PathBuf,
        /// All that is wrong, each with its line and the cure.
        problems: Vec<lookalike_synth::simulate::SchemaProblem>,
    },
    /// Rows cannot be simulated as asked.
    #[error("{}{problem}", path.as_ref().map(|path| format!("{}: ", path.display())).unwrap_or_default())]
    Simulate {
        /// The schema's file, where it is known.
        path: Option<PathBuf>,
        /// What is wrong, with its line.
        problem: Box<lookalike_synth::simulate::SimulateError>,
    },
    /// Dials that cannot be turned as asked.
    #[error("{problem}")]
    Dials {
        /// What is wrong, and what to change.
        problem: String,
    },
    /// A schema file that is not understood.
    #[error("{} is no schema that can be used", path.display())]
    SchemaFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: Box<lookalike_table::Error>,
    },
    /// A file that holds no evaluation.
    #[error("{} holds no evaluation: {problem}; give what `lookalike evaluate --json` or `lookalike run` wrote", path.display())]
    NoEvaluation {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// A file that does not say what a run cost.
    #[error("{} holds no record of a run: {problem}; give the run.json that `lookalike run` wrote", path.display())]
    NoRecord {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// There is no method of this name.
    #[error("there is no method {name:?}; there are {}", known.join(", "))]
    UnknownMethod {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<&'static str>,
    },
    /// A score that does not exist.
    #[error("there is no score {name:?}; there are {}", known.join(", "))]
    UnknownScore {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<&'static str>,
    },
    /// A bound that nothing can be compared with.
    #[error("the bound on {score:?} is not a finite number")]
    Bound {
        /// The score's name.
        score: String,
    },
    /// Cells that are not of the kind that their column is to have.
    #[error(
        "column {column:?} in {} holds {}; mend or empty {}", path.display(),
        if *cells == 1 { format!("1 cell that is no {kind} value") } else { format!("{cells} cells that are no {kind} values") },
        if *cells == 1 { "it" } else { "them" }
    )]
    Unfit {
        /// The file.
        path: PathBuf,
        /// The column's name.
        column: String,
        /// The kind that it is to have.
        kind: &'static str,
        /// How many cells do not fit.
        cells: u64,
    },
    /// An audit that cannot be done as asked.
    #[error("{problem}")]
    Audit {
        /// What is wrong, and what to change.
        problem: String,
    },
    /// A study that cannot be done as asked.
    #[error("{problem}")]
    Study {
        /// What is wrong, and what to change.
        problem: String,
    },
    /// One column was given two roles that exclude each other.
    #[error("column {column:?} cannot be {first} and {second} at once")]
    Roles {
        /// The column's name.
        column: String,
        /// One role.
        first: &'static str,
        /// The other one.
        second: &'static str,
    },
}

impl From<lookalike_synth::dials::DialError> for Error {
    fn from(error: lookalike_synth::dials::DialError) -> Self {
        Error::Dials { problem: error.to_string() }
    }
}

impl Error {
    /// One error for all that was found wrong, if anything was: itself where it is one, and otherwise all of their sentences.
    ///
    /// # Errors
    /// The error, or [`Error::Synth`] with all problems at once.
    pub fn together(mut errors: Vec<Error>) -> Result<()> {
        match errors.len() {
            0 => Ok(()),
            1 => Err(errors.remove(0)),
            _ => Err(lookalike_synth::Error::Options { problems: Self::problems(&errors) }.into()),
        }
    }

    /// What several errors say, a sentence for each problem.
    pub(crate) fn problems(errors: &[Error]) -> Vec<String> {
        use lookalike_synth::Error as Synth;
        let each = errors.iter().flat_map(|error| match error {
            Error::Synth(Synth::Options { problems } | Synth::Conditions { problems }) => problems.clone(),
            error => vec![with_causes(error)],
        });
        each.collect()
    }

    /// True when the work was stopped on request.
    pub fn is_cancelled(&self) -> bool {
        matches!(
            self,
            Error::Image(lookalike_image::Error::Cancelled(_))
                | Error::Table(lookalike_table::Error::Cancelled(_))
                | Error::Synth(
                    lookalike_synth::Error::Cancelled(_)
                        | lookalike_synth::Error::Table(lookalike_table::Error::Cancelled(_))
                )
                | Error::Evaluate(lookalike_evaluate::Error::Cancelled(_))
        ) || matches!(self, Error::Simulate { problem, .. } if matches!(**problem, lookalike_synth::simulate::SimulateError::Cancelled(_)))
    }

    /// Names the file of the schema that rows cannot be simulated from.
    #[must_use]
    pub fn in_schema(self, file: &std::path::Path) -> Error {
        match self {
            Error::Simulate { path: None, problem } => {
                Error::Simulate { path: Some(file.to_owned()), problem }
            }
            other => other,
        }
    }
}

/// The message of an error followed by those of its causes, each once: what a person is to read.
///
/// ```
/// let error = lookalike::read("nowhere.csv".as_ref(), &lookalike::ReadOptions::default(), &lookalike::Silent).unwrap_err();
/// let text = lookalike::with_causes(&error);
/// assert!(text.starts_with(&error.to_string()) && text.contains("No such file"));
/// ```
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text
}

/// The result of what the facade does.
pub type Result<T> = std::result::Result<T, Error>;

impl From<lookalike_synth::simulate::SimulateError> for Error {
    fn from(error: lookalike_synth::simulate::SimulateError) -> Self {
        Error::Simulate { path: None, problem: Box::new(error) }
    }
}
