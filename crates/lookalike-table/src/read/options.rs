use super::format::FileFormat;
use crate::constraints::Constraint;
use crate::error::Error;
use crate::infer;
use crate::schema::Schema;

/// How a file is to be read. The default detects everything.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The file's format, if its first bytes and its name are not to decide.
    pub format: Option<FileFormat>,
    /// The texts that mean a missing value; detected if not given. The empty text always does.
    pub missing: Option<Vec<String>>,
    /// Kinds of columns that overrule what would be inferred, and [`schema`](Self::schema): column name and kind name.
    pub columns: Vec<(String, String)>,
    /// What the columns mean, if it is not to be inferred. The table gets this schema's columns in its order.
    pub schema: Option<Schema>,
    /// With [`schema`](Self::schema): a column that only the file or only the schema has is no error. The table gets
    /// the columns that both have, and [`Reading`](super::Reading) names the others.
    pub only_common: bool,
    /// With [`schema`](Self::schema): the table gets all of the file's columns, in the file's order and laid out as the
    /// file is. What those mean that the schema lacks is inferred. Some column must be common.
    pub infer_others: bool,
    /// What must hold in every row, besides what [`schema`](Self::schema) says.
    pub constraints: Vec<Constraint>,
    /// The spreadsheet's sheet; the first one if not given.
    pub sheet: Option<String>,
    /// The delimiter of text; detected if not given.
    pub delimiter: Option<u8>,
    /// Whether the first row holds the columns' names; detected if not given.
    pub header: Option<bool>,
    /// The text's encoding by its WHATWG name; detected if not given. A byte-order mark overrules it.
    pub encoding: Option<String>,
    /// How many bytes a compressed file may become. If not given: 1 GiB or a hundred times its size, whichever is
    /// more.
    pub decompressed_limit: Option<u64>,
}

impl ReadOptions {
    /// All that is wrong with the kinds of columns, as far as that shows without a table.
    ///
    /// ```
    /// let columns = vec![("age".to_owned(), "zap".to_owned())];
    /// let options = lookalike_table::read::ReadOptions { columns, ..Default::default() };
    /// assert_eq!(options.problems().len(), 1);
    /// ```
    pub fn problems(&self) -> Vec<Error> {
        infer::kind_problems(&self.columns)
    }
}
