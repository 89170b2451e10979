use bytesize::ByteSize;
use lookalike_core::Cancelled;
use lookalike_learn::net::Halted;

use crate::refusal::Refusal;
use crate::words::counted;

/// What can go wrong when a model is learned, used or opened. No message holds a cell's value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The work was stopped on request.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// What a checkpoint holds is of another method or of other options.
    #[error("the checkpoint is of another method or of other options: learn without it, or as it was begun")]
    ForeignCheckpoint,
    /// A dial cannot be turned as asked, as the rows show.
    #[error(transparent)]
    Dial(#[from] crate::dials::DialError),
    /// Options are out of range; all that is wrong with them, at once.
    #[error("{}", problems.join("; "))]
    Options {
        /// One sentence per problem.
        problems: Vec<String>,
    },
    /// A method for tables was given images.
    #[error(
        "column {column:?} holds images, which {method} does not learn; choose one of {}",
        crate::image::ImageSynthesizer::NAMES.join(", ")
    )]
    ImagesInTable {
        /// The column's name.
        column: String,
        /// The method.
        method: &'static str,
    },
    /// The table has no rows.
    #[error("there are no rows to learn from")]
    NoRows,
    /// Protection leaves no class of the images.
    #[error(
        "protection withholds the classes of all {images} images; use more of each class, or --protect none where nobody \
         needs protection"
    )]
    AllWithheld {
        /// How many images there are.
        images: usize,
    },
    /// The table has no columns.
    #[error("there are no columns to learn from")]
    NoColumns,
    /// Protection leaves nothing of a table this small.
    #[error(
        "the table has {} (rows, unless a unit column is given), and protection reproduces only what at least {min_units} units \
         share; use more data, or --protect none where nobody needs protection", counted(*units as u64, "unit")
    )]
    TooFewUnits {
        /// How many there are.
        units: usize,
        /// How many are needed.
        min_units: u32,
    },
    /// Some classes of the target would disappear under the protection rule.
    #[error(
        "{} of the target column {column:?} {} fewer than {min_units} units each, so protection would make {} disappear; leave \
         those rows out, merge the classes, or use --protect none",
        match classes { 1 => "1 class".to_owned(), _ => format!("{classes} classes") },
        if *classes == 1 { "has" } else { "have" }, if *classes == 1 { "it" } else { "them" }
    )]
    RareTargetClass {
        /// The target's name.
        column: String,
        /// How many classes are too rare.
        classes: usize,
        /// How many units a class needs.
        min_units: u32,
    },
    /// The target is a key or free text.
    #[error(
        "the target column {column:?} is of kind {kind}: only numerical, categorical, boolean and datetime columns can be targets"
    )]
    TargetKind {
        /// The target's name.
        column: String,
        /// Its kind.
        kind: &'static str,
    },
    /// Fitting would need more memory than there is.
    #[error(
        "fitting takes {} of memory or more, and {} are allowed: {cure}",
        ByteSize(*needed).display().si(),
        ByteSize(*limit).display().si()
    )]
    Memory {
        /// The estimate, in bytes; where already a part of it is too much, of that part.
        needed: u64,
        /// The limit, in bytes.
        limit: u64,
        /// What to do about it.
        cure: &'static str,
    },
    /// A condition's text cannot be read.
    #[error("cannot read the condition {position}: {problem}")]
    ConditionSyntax {
        /// Which condition, counted from 1.
        position: usize,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A condition names a column that does not exist.
    #[error(transparent)]
    Table(#[from] lookalike_table::Error),
    /// The model cannot produce rows that fulfil a condition.
    #[error("the model has no rows to offer for the condition on column {column:?}: {refusal}")]
    Refused {
        /// The column's name.
        column: String,
        /// Why not.
        refusal: Refusal,
    },
    /// Several conditions are not right.
    #[error("{}", problems.join("; "))]
    Conditions {
        /// One sentence per problem.
        problems: Vec<String>,
    },
    /// A column is none that can be asked for, or its cells are not of its kind.
    #[error(
        "column {column:?} can be neither asked for nor completed by: it is of a kind that has no conditions, or what was \
         given for it is of another kind"
    )]
    Unsupported {
        /// The column's name.
        column: String,
    },
    /// A condition is put on a column of stand-ins.
    #[error(
        "column {column:?} holds stand-ins for personal data, which no condition can be put on, only whether there is \
         one; give the values with --like instead"
    )]
    ConditionOnStandIns {
        /// The column's name.
        column: String,
    },
    /// A column that is to be treated in a way of personal data is none.
    #[error(
        "column {column:?} is of kind {kind}, and {what} is for columns of personal data; say what it holds with --column {column:?}=name, or leave it out"
    )]
    NotPersonal {
        /// The column's name.
        column: String,
        /// Its kind.
        kind: &'static str,
        /// What was asked for.
        what: &'static str,
    },
    /// The operating system gives no random numbers.
    #[error("the operating system gives no random numbers for the key of pseudonyms")]
    NoRandomness,
    /// A given row to be completed does not fit the model.
    #[error(
        "row {row} of the rows to complete does not fit the model in column {column:?}: the value is unknown to it, \
         withheld by protection, or not of the column's kind"
    )]
    UnsupportedRow {
        /// The row, counted from 1.
        row: u64,
        /// The column's name.
        column: String,
    },
    /// Too few of the rows that the model draws fulfil conditions together.
    #[error(
        "too few of the rows that the model draws fulfil the conditions: of {candidates} drafts for each row about \
         {effective:.1} fit, and {least} are needed; name the conditions' columns with --condition-on when fitting, \
         or ask for less"
    )]
    RareCondition {
        /// What the candidates are worth, in equally weighted ones.
        effective: f64,
        /// How many candidates there would be.
        candidates: u64,
        /// What they must be worth.
        least: f64,
    },
    /// No candidate for a given row is possible under the model.
    #[error("row {row} of the rows to complete combines values that the model takes for impossible")]
    ImpossibleRow {
        /// The row, counted from 1.
        row: u64,
    },
    /// The rows to complete have a column that the model does not know.
    #[error("the rows to complete have a column {column:?} that the model does not have")]
    ForeignColumn {
        /// The column's name.
        column: String,
    },
    /// More rows are asked for than a key's pattern has different keys.
    #[error("column {column:?} has only {keys} different keys, fewer than the rows up to {rows} need")]
    KeysExhausted {
        /// The column's name.
        column: String,
        /// How many keys its patterns allow.
        keys: u128,
        /// The number of the last row, which each row before it needs a key beside.
        rows: u64,
    },
    /// A condition on a column whose values go by the number of their row.
    #[error(
        "there can be no condition on column {column:?}: its values go by the number of the row, because of the constraint \
         `{constraint}`"
    )]
    ConditionOnNumbered {
        /// The column's name.
        column: String,
        /// The constraint.
        constraint: String,
    },
    /// A constraint cannot be met.
    #[error(
        "the model has too few rows to offer in which the constraint `{constraint}` holds: what it asks for is unknown to the \
         model, withheld by protection, or not possible beside the other constraints"
    )]
    Unmet {
        /// The constraint.
        constraint: String,
    },
    /// Too few of the rows that the model draws fulfil a condition on a column that follows from others.
    #[error(
        "too few of the rows that the model draws fulfil the condition on column {column:?}, which the constraint \
         `{constraint}` ties to others; name the column with --condition-on when fitting, or ask for less"
    )]
    RareWithConstraint {
        /// The column's name.
        column: String,
        /// A constraint about the column.
        constraint: String,
    },
    /// A given row cannot be completed so that a constraint holds.
    #[error(
        "row {row} of the rows to complete cannot be completed so that the constraint `{constraint}` holds"
    )]
    UnmetRow {
        /// The row, counted from 1.
        row: u64,
        /// The constraint.
        constraint: String,
    },
    /// A constraint asks for more different values than there are.
    #[error(
        "the constraint `{constraint}` can be met in {values} rows, fewer than the rows up to {rows}: there are no more \
         different values to draw"
    )]
    Exhausted {
        /// The constraint.
        constraint: String,
        /// How many rows there can be.
        values: u128,
        /// The number of the last row.
        rows: u64,
    },
    /// What rises or falls would leave the range of its column.
    #[error(
        "the constraint `{constraint}` can be met in {values} rows, fewer than the rows up to {rows}: further values would lie \
         beyond what its column is written with (dates end with the year 9999); draw fewer rows at a time"
    )]
    Outgrown {
        /// The constraint.
        constraint: String,
        /// How many rows there can be.
        values: u64,
        /// The number of the last row.
        rows: u64,
    },
    /// A table cannot be balanced as asked.
    #[error(transparent)]
    Resample(#[from] crate::resample::ResampleError),
    /// A model's parts are inconsistent.
    #[error("the model is damaged: {problem}")]
    Damaged {
        /// Which rule its parts break.
        problem: &'static str,
    },
}

/// The result of learning and sampling.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// One error for all that is wrong with conditions, if anything is.
    pub(crate) fn of_conditions(mut errors: Vec<Error>) -> Result<()> {
        match errors.len() {
            0 => Ok(()),
            1 => Err(errors.remove(0)),
            _ => Err(Error::Conditions { problems: errors.iter().map(ToString::to_string).collect() }),
        }
    }
}

impl From<Halted> for Error {
    fn from(halted: Halted) -> Self {
        match halted {
            Halted::Cancelled(cancelled) => cancelled.into(),
            Halted::Foreign => Error::ForeignCheckpoint,
        }
    }
}
