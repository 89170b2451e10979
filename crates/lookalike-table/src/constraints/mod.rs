//! What must hold in every row of a table, as data.
//!
//! A [`Constraint`] names columns and says what they have to do with each other. It has a text form for people
//! ([`Constraint::parse`], and `Display` the other way), a JSON form (serde), and is read from SDV's constraints
//! ([`read_constraints`]). A [`Schema`](crate::Schema) carries a list of them; [`Rules`] are those of a schema with columns looked up, constants
//! understood and contradictions refused, and [`Rules::violations`] finds the rows in which one does not hold.
//!
//! A missing cell says nothing: a comparison, an equation or a combination in which a cell is missing holds, unless the
//! constraint is about missing cells.
//!
//! ```
//! use lookalike_table::constraints::{Constraint, Rules};
//! use lookalike_table::schema::NumberFormat;
//! use lookalike_table::{Column, ColumnSchema, Kind, Schema, Table};
//!
//! let whole = || Kind::Numerical(NumberFormat::whole());
//! let mut schema = Schema::new(vec![ColumnSchema::new("low", whole()), ColumnSchema::new("high", whole())]);
//! schema.constraints = vec![Constraint::parse("0 <= low < high")?];
//! let rules = Rules::new(&schema)?;
//! let columns = vec![Column::from_integers(vec![1, 5, -1], None), Column::from_integers(vec![2, 5, 7], None)];
//! let table = Table::new(schema.into(), columns)?;
//! assert_eq!(rules.violations(0, &table), [false, true, true]);
//! # Ok::<(), lookalike_table::Error>(())
//! ```

mod amounts;
mod error;
mod order;
mod read;
mod resolve;
mod suggest;
mod text;
mod violations;

use serde::{Deserialize, Serialize};

pub use amounts::{Amount, Amounts, compare};
pub use error::ConstraintError;
pub(crate) use read::from_json;
pub use read::read_constraints;
pub use resolve::{Check, Comparand, Operand, Rule, Rules, Value};
pub use suggest::{Suggestion, suggest, support};
pub use violations::multiple;

/// What must hold in every row, or of all rows together. Columns are named as in the schema.
///
/// JSON: `{"order": {"terms": [{"column": "low"}, {"column": "high"}], "strict": [false]}}` and so on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Constraint {
    /// `0 <= low < high`: every two of the values stand in this order.
    Order {
        /// Two or more, from low to high.
        terms: Vec<Term>,
        /// Between each two, whether equal values are excluded.
        strict: Vec<bool>,
    },
    /// `combinations(city, state)`: only combinations of values occur that occur in the training table.
    Combinations {
        /// Two or more.
        columns: Vec<String>,
    },
    /// `total = price * quantity`: a column is what an expression over others says.
    Equation {
        /// The column that follows.
        column: String,
        /// What it follows from.
        expression: String,
        /// How far it may be off; half a unit of the column's last decimal place if not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tolerance: Option<f64>,
    },
    /// `one_hot(red, green, blue)`: exactly one of the columns is 1 (or true), the others are 0.
    OneHot {
        /// Two or more.
        columns: Vec<String>,
    },
    /// `unique(patient, visit)`: no two rows have the same values in all these columns.
    Unique {
        /// One or more.
        columns: Vec<String>,
    },
    /// `all_or_none(street, town)`: in each row all of these are missing, or none is.
    AllOrNone {
        /// Two or more.
        columns: Vec<String>,
    },
    /// `increments(price, 500)`: every value is a whole multiple.
    Increments {
        /// A column of numbers.
        column: String,
        /// Of what, as text.
        step: String,
    },
    /// `rising(time, sensor)`: down the table, values do not fall within a group; also `falling`, `strictly_rising` and
    /// `strictly_falling`.
    Monotone {
        /// The column that rises or falls.
        column: String,
        /// The columns that name the group; all rows are one if there is none.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        within: Vec<String>,
        /// True where values fall.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        falling: bool,
        /// True where equal values may not follow each other.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        strict: bool,
    },
    /// `if type = 'cash' then card is missing`: where all tests hold, so does another.
    When {
        /// The tests that all hold where something follows.
        tests: Vec<Test>,
        /// What follows.
        then: Test,
    },
}

/// A column or a constant in an [order](Constraint::Order).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// A column of numbers, or of dates and times.
    Column(String),
    /// A number, or a date or time as the column beside it or ISO 8601 spells it.
    Constant(String),
}

/// A test of one cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Test {
    /// The column.
    pub column: String,
    /// What its cell is to be.
    pub is: Is,
}

/// What a cell is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Is {
    /// Missing.
    Missing,
    /// Not missing.
    Present,
    /// One of these values.
    Among(Vec<String>),
    /// A value other than these.
    NotAmong(Vec<String>),
    /// Less than a value.
    Less(String),
    /// At most a value.
    AtMost(String),
    /// More than a value.
    More(String),
    /// At least a value.
    AtLeast(String),
}

impl Constraint {
    /// The columns that it is about, each once, in the order in which it names them. Those in the expression of an equation
    /// are among them if it can be understood.
    pub fn columns(&self) -> Vec<String> {
        let mut names: Vec<String> = match self {
            Constraint::Order { terms, .. } => terms
                .iter()
                .filter_map(|term| match term {
                    Term::Column(name) => Some(name.clone()),
                    Term::Constant(_) => None,
                })
                .collect(),
            Constraint::Combinations { columns }
            | Constraint::OneHot { columns }
            | Constraint::Unique { columns }
            | Constraint::AllOrNone { columns } => columns.clone(),
            Constraint::Equation { column, expression, .. } => {
                let parsed = crate::expression::Expression::parse(expression);
                let mut names = vec![column.clone()];
                if let Ok(parsed) = &parsed {
                    names.extend(parsed.columns().into_iter().map(str::to_owned));
                }
                names
            }
            Constraint::Increments { column, .. } => vec![column.clone()],
            Constraint::Monotone { column, within, .. } => {
                std::iter::once(column).chain(within).cloned().collect()
            }
            Constraint::When { tests, then } => {
                tests.iter().chain([then]).map(|test| test.column.clone()).collect()
            }
        };
        let mut seen = Vec::new();
        names.retain(|name| {
            let new = !seen.contains(name);
            seen.push(name.clone());
            new
        });
        names
    }

    /// The word for its kind, as scores and messages use it.
    pub fn kind(&self) -> &'static str {
        match self {
            Constraint::Order { .. } => "order",
            Constraint::Combinations { .. } => "combinations",
            Constraint::Equation { .. } => "equation",
            Constraint::OneHot { .. } => "one-hot",
            Constraint::Unique { .. } => "unique",
            Constraint::AllOrNone { .. } => "all-or-none",
            Constraint::Increments { .. } => "increments",
            Constraint::Monotone { .. } => "monotone",
            Constraint::When { .. } => "rule",
        }
    }
}
