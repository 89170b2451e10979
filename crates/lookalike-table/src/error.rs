use std::path::PathBuf;

/// What can go wrong with tables and files. No message holds a cell's value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// So many rows cannot be held in memory at once.
    #[error(
        "there is no memory for {rows} rows at once, which take {:.1} GB or more; draw fewer at a time, or let the program write \
         them to a file", *bytes as f64 / 1e9
    )]
    Memory {
        /// How many rows.
        rows: u64,
        /// The fewest bytes that they take.
        bytes: u128,
    },
    /// A file could not be read or written.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried: `read`, `create`, `write` ...
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// Columns and schema do not have the same shape.
    #[error("the columns of a table differ in number or length from its schema")]
    Shape,
    /// A column's values are not of the kind that the schema says.
    #[error("column {column:?} is not stored as {kind} values are")]
    Storage {
        /// The column's name.
        column: String,
        /// The kind that the schema gives it.
        kind: &'static str,
    },
    /// Columns of different physical types were to be joined.
    #[error("columns of different physical types cannot be joined")]
    PhysicalType,
    /// Images do not go into the file of a table.
    #[error("column {column:?} holds images: name a folder to write, or a file that ends in .idx or .npy")]
    ImagesInTable {
        /// The column.
        column: String,
    },
    /// A constraint that cannot be read, does not fit the table, or contradicts another.
    #[error(transparent)]
    Constraint(#[from] crate::constraints::ConstraintError),
    /// No columns were given.
    #[error("there are no columns")]
    NoColumns,
    /// A decimal's scale is out of range.
    #[error("a decimal scale of {scale} is out of range")]
    Decimal {
        /// The scale.
        scale: i8,
    },
    /// There is no column of this name.
    #[error("there is no column {name:?}{}", hint(nearest.as_deref()))]
    UnknownColumn {
        /// The name that was asked for.
        name: String,
        /// The most similar name that exists.
        nearest: Option<String>,
    },
    /// Several columns have this name.
    #[error("several columns are named {name:?}")]
    AmbiguousColumn {
        /// The name.
        name: String,
    },
    /// A share that leaves no two sides.
    #[error("a share of {share} is not between 0 and 1; for a fifth, say 0.2")]
    Share {
        /// The share that was asked for.
        share: f64,
    },
    /// One side of a division would be empty.
    #[error(
        "with a share of {share} of {rows} rows the {side} would be empty; {}",
        if *whole_units { "units stay whole, so take another share or more units" } else { "take another share or more rows" }
    )]
    EmptySide {
        /// `train` or `holdout`.
        side: &'static str,
        /// The share that was asked for.
        share: f64,
        /// How many rows there are.
        rows: usize,
        /// True when units had to stay whole.
        whole_units: bool,
    },
    /// A column was to say when, but its values have no order in time.
    #[error(
        "column {column:?} is {kind}, so its values have no order in time; name a column of dates or numbers"
    )]
    NoOrder {
        /// The column's name.
        column: String,
        /// Its kind.
        kind: &'static str,
    },
    /// Units cannot be told from this column.
    #[error(
        "column {column:?} cannot tell units apart: an identifier, a category or a whole number is needed"
    )]
    UnitColumn {
        /// The column's name.
        column: String,
    },
    /// There is no kind of this name.
    #[error(
        "column {column:?} cannot be of kind {kind:?}{}; kinds are numerical, categorical, ordinal, boolean, \
         datetime, id, text, and the sdtypes of personal data such as email, name or phone_number",
        hint(nearest.as_deref())
    )]
    UnknownKind {
        /// The column.
        column: String,
        /// The kind that was asked for.
        kind: String,
        /// The most similar kind that exists.
        nearest: Option<String>,
    },
    /// There is no locale of this code.
    #[error("there is no locale {code:?}; there are {known}")]
    UnknownLocale {
        /// The code that was asked for.
        code: String,
        /// All codes.
        known: String,
    },
    /// One column was given several kinds.
    #[error("column {column:?} is given two different kinds; give it one")]
    TwoKinds {
        /// The column.
        column: String,
    },
    /// Cells that cannot be of the kind that the user gives a column.
    #[error(
        "column {column:?} is not {kind}: {} not, such as {}; {cure}",
        if *count == 1 { "1 value is".to_owned() } else { format!("{count} values are") },
        numbered("row", rows, *count)
    )]
    Contradiction {
        /// The column.
        column: String,
        /// The kind that was asked for.
        kind: &'static str,
        /// How many cells contradict it.
        count: u64,
        /// The first such rows, counted from 1 without the header.
        rows: Vec<u64>,
        /// What can be done.
        cure: &'static str,
    },
    /// A pattern of dates that is not understood.
    #[error(
        "the date pattern {pattern:?} of column {column:?} is not understood; \
         write it with strftime directives, such as %Y-%m-%d %H:%M:%S"
    )]
    DatetimePattern {
        /// The column.
        column: String,
        /// The pattern.
        pattern: String,
    },
    /// A regular expression that is not understood.
    #[error("the regular expression of column {column:?} is not understood: {problem}")]
    Regex {
        /// The column.
        column: String,
        /// What is wrong, and what is understood.
        problem: String,
    },
    /// A schema file that is not SDV metadata.
    #[error("the schema cannot be used: {problem}")]
    Metadata {
        /// What is wrong, without any value.
        problem: String,
    },
    /// A typed file has a column of a type that tables cannot hold.
    #[error(
        "column {column:?} is of type {data_type}, which tables here cannot hold; leave it out or convert it"
    )]
    UnsupportedType {
        /// The column.
        column: String,
        /// The type's name in Arrow.
        data_type: String,
    },
    /// The work was stopped on request.
    #[error(transparent)]
    Cancelled(#[from] lookalike_core::Cancelled),
    /// A file without a single line of text.
    #[error("{} is empty; a table needs at least a line of column names", path.display())]
    EmptyFile {
        /// The file.
        path: PathBuf,
    },
    /// A file that is none of the formats known.
    #[error(
        "{} is neither text nor a table format that is known; \
         give CSV, JSON lines, Excel, Parquet or Arrow IPC",
        path.display()
    )]
    NotATable {
        /// The file.
        path: PathBuf,
    },
    /// A file of a known format that cannot be understood.
    #[error("{} is damaged or not a {format} file ({problem})", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The format that it has by its first bytes or its name.
        format: &'static str,
        /// What was found, without any value.
        problem: String,
    },
    /// Bytes that mean nothing in the file's encoding.
    #[error(
        "line {line} of {} holds bytes that are not valid {encoding}; \
         convert the file to UTF-8 or name its encoding",
        path.display()
    )]
    Undecodable {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// The encoding that the rest of the file has.
        encoding: String,
    },
    /// No encoding has this name.
    #[error("there is no encoding {name:?}; use a WHATWG name such as utf-8, windows-1252 or shift_jis")]
    UnknownEncoding {
        /// What was asked for.
        name: String,
    },
    /// A compressed file becomes suspiciously large.
    #[error(
        "{} decompresses to more than {limit} bytes, far more than its size suggests; \
         if you trust it, raise the limit or decompress it first",
        path.display()
    )]
    DecompressedTooLarge {
        /// The file.
        path: PathBuf,
        /// The limit in bytes that was exceeded.
        limit: u64,
    },
    /// Rows that have more or fewer fields than there are columns.
    #[error(
        "{} of {} {} not have {expected} fields like the first ({}); \
         mend these lines, or quote fields that hold the delimiter",
        plural(*count, "row"), path.display(), if *count == 1 { "does" } else { "do" }, numbered_lines(lines, *count)
    )]
    Ragged {
        /// The file.
        path: PathBuf,
        /// How many fields a row should have.
        expected: usize,
        /// How many rows have another number.
        count: u64,
        /// The first such lines, counted from 1.
        lines: Vec<u64>,
    },
    /// A quoted field that never ends.
    #[error(
        "the quoted field that begins in line {line} of {} never ends; \
         close the quote, or double quotes that belong to the text",
        path.display()
    )]
    OpenQuote {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
    },
    /// A piece of a column beyond 2 GiB.
    #[error("a cell near line {line} of {} is larger than 2 GiB", path.display())]
    CellTooLarge {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
    },
    /// A line of JSON that is no record.
    #[error("line {line} of {} {problem}", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// What is wrong, without any value.
        problem: &'static str,
    },
    /// Records with ever new keys.
    #[error("the records of {} have more than {limit} different keys; is this a table?", path.display())]
    TooManyKeys {
        /// The file.
        path: PathBuf,
        /// The limit.
        limit: usize,
    },
    /// A spreadsheet has no such sheet.
    #[error("{} has no sheet {sheet:?}; it has {}", path.display(), listed(available))]
    NoSheet {
        /// The file.
        path: PathBuf,
        /// The sheet that was asked for.
        sheet: String,
        /// The sheets that exist.
        available: Vec<String>,
    },
    /// A sheet was asked for in a file that has none.
    #[error("{} is not a spreadsheet, so it has no sheet {sheet:?}", path.display())]
    NotASpreadsheet {
        /// The file.
        path: PathBuf,
        /// The sheet that was asked for.
        sheet: String,
    },
    /// A folder without Parquet files.
    #[error("the folder {} holds no .parquet file; give a file, or a folder of Parquet files", path.display())]
    EmptyFolder {
        /// The folder.
        path: PathBuf,
    },
    /// Files of one folder that differ in their columns.
    #[error(
        "{} does not have the same columns and types as {}; \
         only files of one schema make one table",
        path.display(), first.display()
    )]
    MixedFolder {
        /// The file that differs.
        path: PathBuf,
        /// The file that it was compared with.
        first: PathBuf,
    },
    /// A file whose columns are not those of the schema given.
    #[error("the columns of {} are not those of the schema{}", path.display(), differing(missing, extra))]
    OtherColumns {
        /// The file.
        path: PathBuf,
        /// Columns of the schema that the file lacks.
        missing: Vec<String>,
        /// Columns of the file that the schema lacks.
        extra: Vec<String>,
    },
    /// A file none of whose columns is in the schema given.
    #[error(
        "{} shares no column with the table that it is to be like{}; columns are matched by their names, so give it the same",
        path.display(), differing(missing, extra)
    )]
    NoCommonColumn {
        /// The file.
        path: PathBuf,
        /// Columns of the schema.
        missing: Vec<String>,
        /// Columns of the file.
        extra: Vec<String>,
    },
    /// Excel files are read but not written.
    #[error("cannot write {} as an Excel file; write .csv, which Excel opens, or .parquet", path.display())]
    ExcelNotWritten {
        /// The file.
        path: PathBuf,
    },
    /// A format that identifies columns by name cannot hold these.
    #[error("{format} needs distinct column names and {name:?} is repeated; rename one, or write CSV")]
    RepeatedName {
        /// The format.
        format: &'static str,
        /// The name.
        name: String,
    },
    /// The folder of a file to write does not exist.
    #[error("cannot create {}: there is no folder {}; create it first", path.display(), folder.display())]
    NoFolder {
        /// The file.
        path: PathBuf,
        /// The folder that is missing.
        folder: PathBuf,
    },
    /// A folder stands where a file is to be written.
    #[error("cannot create {}: it is a folder; give a file name", path.display())]
    IsFolder {
        /// The path.
        path: PathBuf,
    },
    /// Text that the file's encoding has no bytes for.
    #[error("{} cannot hold all characters in {encoding}; write it as UTF-8", path.display())]
    Unencodable {
        /// The file.
        path: PathBuf,
        /// The encoding.
        encoding: String,
    },
    /// Values that do not fit the type that the column had in its typed file.
    #[error("column {column:?} has values that do not fit its stored type {stored}; write CSV instead")]
    StoredType {
        /// The column.
        column: String,
        /// The type.
        stored: String,
    },
}

impl Error {
    /// True when the reader of what was being written has gone away, as `head` does: no reason for a message.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Error::Io { source, .. } if source.kind() == std::io::ErrorKind::BrokenPipe)
    }
}

fn plural(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

fn numbered_lines(lines: &[u64], count: u64) -> String {
    numbered("line", lines, count)
}

fn numbered(noun: &str, numbers: &[u64], count: u64) -> String {
    let listed: Vec<String> = numbers.iter().map(u64::to_string).collect();
    let more = if (numbers.len() as u64) < count { ", ..." } else { "" };
    format!("{noun}{} {}{more}", if count == 1 { "" } else { "s" }, listed.join(", "))
}

fn listed(names: &[String]) -> String {
    match names {
        [] => "none".to_owned(),
        names => {
            let quoted: Vec<String> = names.iter().take(8).map(|name| format!("{name:?}")).collect();
            let more = if names.len() > 8 { format!(" and {} more", names.len() - 8) } else { String::new() };
            quoted.join(", ") + &more
        }
    }
}

fn differing(missing: &[String], extra: &[String]) -> String {
    let lacking = if missing.is_empty() { String::new() } else { format!("; it lacks {}", listed(missing)) };
    let besides = if extra.is_empty() { String::new() } else { format!("; it also has {}", listed(extra)) };
    lacking + &besides
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map(|name| format!("; did you mean {name:?}?")).unwrap_or_default()
}

/// The result of working with tables.
pub type Result<T, E = Error> = std::result::Result<T, E>;
