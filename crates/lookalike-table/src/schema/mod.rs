//! What the columns of a table mean and how their values are spelled.

mod format;
mod personal;
pub mod sdv;

pub use format::{
    BooleanFormat, DatetimeFormat, Decimals, Dialect, IdFormat, ImageFormat, NumberFormat, Offset, Quoting,
    Storage,
};
pub use personal::{Locale, Personal};

use crate::column::Column;
use crate::constraints::Constraint;
use crate::error::{Error, Result};

/// What a table's columns mean.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Schema {
    /// One entry per column, in the table's order.
    pub columns: Vec<ColumnSchema>,
    /// The column whose values identify a row, if there is one.
    pub primary_key: Option<usize>,
    /// How the text file was laid out that the table came from, if it came from one.
    pub dialect: Option<Dialect>,
    /// What must hold in every row.
    pub constraints: Vec<Constraint>,
}

/// What one column means.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnSchema {
    /// Its name; may be empty, and may repeat within a table.
    pub name: String,
    /// What its values are, and how they are spelled.
    pub kind: Kind,
    /// The sort of personal data it seems to hold, if any.
    pub personal: Option<Personal>,
    /// Where the people live whose data it holds, if that is given: stand-ins then come from there.
    pub locale: Option<Locale>,
    /// How a missing value is spelled in text files.
    pub missing_token: String,
    /// The type it had in a typed file such as Parquet, to be written back.
    pub storage: Storage,
    /// Why its kind was chosen, in a few words without any value.
    pub reason: String,
}

/// What the values of a column are.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// Quantities: whole numbers or decimals.
    Numerical(NumberFormat),
    /// Levels, numeric codes among them. `order` lists the levels from low to high when they are ordinal, and is
    /// empty when they are not.
    Categorical {
        /// The levels from low to high, or nothing.
        order: Vec<String>,
    },
    /// Two truth values.
    Boolean(BooleanFormat),
    /// Dates and times.
    Datetime(DatetimeFormat),
    /// Unique keys without meaning of their own.
    Id(IdFormat),
    /// Free text, or personal data that is neither a key nor a level.
    Text,
    /// Images of one shape.
    Image(ImageFormat),
}

impl Kind {
    /// The word for this kind in options, messages and SDV metadata (`text` and `image` are ours).
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Numerical(_) => "numerical",
            Kind::Categorical { order } if order.is_empty() => "categorical",
            Kind::Categorical { .. } => "ordinal",
            Kind::Boolean(_) => "boolean",
            Kind::Datetime(_) => "datetime",
            Kind::Id(_) => "id",
            Kind::Text => "text",
            Kind::Image(_) => "image",
        }
    }

    /// True for images.
    pub fn is_image(&self) -> bool {
        matches!(self, Kind::Image(_))
    }

    /// True when `column`'s physical type can hold values of this kind: numbers for numerical columns, level codes
    /// for categorical ones, and so on; ids are whole numbers or text.
    pub fn fits(&self, column: &Column) -> bool {
        match self {
            Kind::Numerical(_) => column.is_numeric(),
            Kind::Categorical { .. } => column.is_categorical(),
            Kind::Boolean(_) => column.is_boolean(),
            Kind::Datetime(_) => column.is_instant(),
            Kind::Id(_) => column.is_text() || column.is_integer(),
            Kind::Text => column.is_text(),
            Kind::Image(format) => format.size().is_some() && column.image_size() == format.size(),
        }
    }
}

impl ColumnSchema {
    /// A column of this name and kind, spelled and stored in the usual way.
    pub fn new(name: impl Into<String>, kind: Kind) -> Self {
        ColumnSchema {
            name: name.into(),
            kind,
            personal: None,
            locale: None,
            missing_token: String::new(),
            storage: Storage::Text,
            reason: String::new(),
        }
    }
}

impl Schema {
    /// A schema of these columns.
    pub fn new(columns: Vec<ColumnSchema>) -> Self {
        Schema { columns, primary_key: None, dialect: None, constraints: Vec::new() }
    }

    /// The number of the column with this name.
    ///
    /// # Errors
    /// [`Error::UnknownColumn`] when there is none (with the nearest name as a hint), [`Error::AmbiguousColumn`]
    /// when there are several.
    pub fn index_of(&self, name: &str) -> Result<usize> {
        let mut found = self.columns.iter().enumerate().filter(|(_, column)| column.name == name);
        match (found.next(), found.next()) {
            (Some((index, _)), None) => Ok(index),
            (Some(_), Some(_)) => Err(Error::AmbiguousColumn { name: name.to_owned() }),
            (None, _) => Err(Error::UnknownColumn {
                name: name.to_owned(),
                nearest: nearest(name, self.columns.iter().map(|column| column.name.as_str())),
            }),
        }
    }

    /// The number of the only column of images, if there is one; `None` where there are several.
    pub fn image_column(&self) -> Option<usize> {
        let mut found = (0..self.columns.len()).filter(|&index| self.columns[index].kind.is_image());
        found.next().filter(|_| found.next().is_none())
    }

    /// The schema of only these columns, in this order, with the constraints that are about none but them.
    #[must_use]
    pub fn select(&self, columns: &[usize]) -> Schema {
        let kept: Vec<ColumnSchema> = columns.iter().map(|&index| self.columns[index].clone()).collect();
        let is_kept = |name: &String| kept.iter().any(|column| column.name == *name);
        let constraints =
            self.constraints.iter().filter(|constraint| constraint.columns().iter().all(is_kept));
        Schema {
            constraints: constraints.cloned().collect(),
            columns: kept,
            primary_key: self.primary_key.and_then(|key| columns.iter().position(|&index| index == key)),
            dialect: self.dialect.clone(),
        }
    }
}

/// The name that is fewest edits away from `wanted`, unless even that is a different word.
///
/// ```
/// use lookalike_table::schema::nearest;
/// assert_eq!(nearest("incme", ["age", "income"].into_iter()).as_deref(), Some("income"));
/// ```
pub fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let wanted_lower = wanted.to_lowercase();
    names
        .map(|name| (edits(&wanted_lower, &name.to_lowercase()), name))
        .min()
        .filter(|(distance, name)| *distance <= 1 + name.chars().count().min(wanted.chars().count()) / 3)
        .map(|(_, name)| name.to_owned())
}

/// Levenshtein's distance.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(200).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().take(200).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &to) in b.iter().enumerate() {
            let cost = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(names: &[&str]) -> Schema {
        Schema::new(names.iter().map(|&name| ColumnSchema::new(name, Kind::Text)).collect())
    }

    #[test]
    fn names_are_looked_up_with_a_hint() {
        let schema = schema(&["age", "income", "income"]);
        assert_eq!(schema.index_of("age").unwrap(), 0);
        assert!(matches!(schema.index_of("income"), Err(Error::AmbiguousColumn { .. })));
        match schema.index_of("Aeg") {
            Err(Error::UnknownColumn { nearest, .. }) => assert_eq!(nearest.as_deref(), Some("age")),
            other => panic!("{other:?}"),
        }
        match schema.index_of("zebra-crossing") {
            Err(Error::UnknownColumn { nearest, .. }) => assert_eq!(nearest, None),
            other => panic!("{other:?}"),
        }
    }
}
