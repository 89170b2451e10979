//! A small language of expressions over the columns of a table.
//!
//! An expression is parsed once, its names and types are checked against columns once, and then it is evaluated on whole
//! columns at a time. It reaches nothing but the columns it names, always ends, and has no side effect.
//!
//! ```
//! use lookalike_table::Column;
//! use lookalike_table::expression::{Expression, Type};
//!
//! let total = Expression::parse("round(price * quantity * if(member, 0.9, 1), 2)")?;
//! let types = [("price", Type::Exact { places: 2 }), ("quantity", Type::Exact { places: 0 }), ("member", Type::Boolean)];
//! let total = total.bind(&types)?;
//! let columns = [
//!     Column::from_floats(vec![1.5, 0.99], None),
//!     Column::from_integers(vec![3, 10], None),
//!     Column::from_booleans(vec![true, false], None),
//! ];
//! let values = total.evaluate(2, &|index| &columns[index]);
//! assert_eq!(values.numbers(), Some(vec![4.05, 9.9]));
//! # Ok::<(), lookalike_table::expression::ExpressionError>(())
//! ```
//!
//! # What can be written
//!
//! | | |
//! |---|---|
//! | columns | `income`, or `"total amount"` in double quotes (or backticks) where a name has other signs than letters, digits, `_` and points before letters (`customer.age`), or is a keyword |
//! | values | `12`, `1.50`, `1e-3`, `'text'` (a quote is doubled: `'it''s'`), `true`, `false`, `missing`, `date('2024-01-31')`, `date('2024-01-31 08:00')`; beside a date a text in quotes is a date |
//! | arithmetic | `+ - * / % ^`; `^` binds most tightly and to the right, and `-2 ^ 2` is -4 |
//! | comparisons | `= != < <= > >=`, also in chains: `0 <= x < 10` |
//! | conditions | `and`, `or`, `not`, `x is missing`, `x is not missing`, `x in ('a', 'b')`, `x not in (1, 2)` |
//! | choices | `if(condition, then, otherwise)`, `coalesce(a, b, ...)`: the first that is not missing |
//! | numbers | `min(a, b, ...)`, `max(a, b, ...)`, `clamp(x, low, high)`, `abs`, `sign`, `round(x)`, `round(x, digits)`, `floor`, `ceil`, `exp`, `ln`, `log10`, `sqrt`, `sin`, `cos` (radians), `number(text)`, `number(condition)` |
//! | texts | `concat(a, b, ...)`, `lower`, `upper`, `trim`, `length`, `starts_with(text, part)`, `ends_with`, `contains`, `text(value)` |
//! | dates | `year`, `month` (1–12), `day` (1–31), `weekday` (1 is Monday, 7 Sunday), `day_of_year`, `hour`, `minute`, `second`, `start_of_day`, `add_months(date, n)` (a day that the month lacks becomes its last) |
//! | spans | `days(n)`, `hours(n)`, `minutes(n)`, `seconds(n)`; two dates differ by a span, a date and a span make a date, and a span divided by a span is a number: `(left - came) / days(1)` |
//!
//! Keywords and functions may be written in any case; names of columns and texts are taken as they are.
//!
//! # Numbers
//!
//! Whole numbers, and decimals with at most [`MOST_PLACES`] places (columns whose format has so many, and numbers written
//! without an exponent), are exact: sums, differences, products, remainders, comparisons, `round`, `min` and the like have
//! no rounding errors, and `0.1 + 0.2 = 0.3` is true. `/`, `^`, `sqrt` and the other functions give floating-point
//! numbers, and so does whatever a floating-point number takes part in, or a product of more than [`MOST_PLACES`] places.
//! `round`, `floor` and `ceil` give exact numbers again; halves are rounded away from zero. A remainder has the sign of
//! what was divided by.
//!
//! # Missing values
//!
//! What is computed from a missing value is missing, with these exceptions: `is missing` is true or false; `false and
//! missing` is false and `true or missing` is true; a condition of `if` that is missing counts as false; `coalesce` passes
//! over missing values. What has no finite result is missing too: division by zero, the logarithm of zero, numbers beyond
//! 38 digits, dates beyond the years 1 to 9999, and infinities and NaN in a column.

mod error;
mod evaluate;
mod lexer;
mod parser;
mod print;
mod syntax;
mod types;
mod values;

#[cfg(test)]
mod tests;

use std::fmt;

pub use error::{ExpressionError, ExpressionProblem};
pub use types::Type;
pub use values::{Data, Values};

use crate::column::Column;
use crate::schema::Schema;
use crate::table::Table;
use evaluate::Rows;
use syntax::{Node, NodeKind};
use types::{Binder, Step};

/// The longest expression, in bytes.
pub const LONGEST: usize = 4000;
/// The deepest nesting, of parentheses and of operators in a row.
pub const DEEPEST: usize = 100;
/// The most places after the point that are computed exactly.
pub const MOST_PLACES: usize = 12;

/// An expression as it was written, not yet of any table.
///
/// Printing gives a text that parses to the same expression:
///
/// ```
/// use lookalike_table::expression::Expression;
/// let expression = Expression::parse("NOT (a<1 and  \"b c\" is missing)")?;
/// assert_eq!(expression.to_string(), "not (a < 1 and \"b c\" is missing)");
/// assert_eq!(expression.columns(), ["a", "b c"]);
/// assert_eq!(Expression::parse(&expression.to_string())?, expression);
/// # Ok::<(), lookalike_table::expression::ExpressionError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    root: Node,
}

/// An expression whose names are columns and whose types go together.
#[derive(Debug, Clone, PartialEq)]
pub struct BoundExpression {
    root: Step,
    of: Type,
    columns: Vec<usize>,
}

impl Expression {
    /// Understands an expression.
    ///
    /// # Errors
    /// What is wrong, where, and the cure. At most [`LONGEST`] bytes and [`DEEPEST`] levels are taken.
    pub fn parse(text: &str) -> Result<Expression, ExpressionError> {
        Ok(Expression { root: parser::parse(text)? })
    }

    /// The names of the columns that it is computed from, each once, in the order in which they stand.
    pub fn columns(&self) -> Vec<&str> {
        let mut names = Vec::new();
        collect(&self.root, &mut names);
        names
    }

    /// Settles names and types for columns with these names and types.
    ///
    /// # Errors
    /// When a column does not exist, and when values do not go together.
    pub fn bind(&self, columns: &[(&str, Type)]) -> Result<BoundExpression, ExpressionError> {
        let (root, of) = Binder { columns }.bind(&self.root)?;
        let names = self.columns();
        let used = (0..columns.len()).filter(|&index| names.contains(&columns[index].0)).collect();
        Ok(BoundExpression { root, of, columns: used })
    }

    /// Settles names and types for the columns of a table.
    ///
    /// # Errors
    /// Those of [`bind`](Self::bind).
    pub fn bind_schema(&self, schema: &Schema) -> Result<BoundExpression, ExpressionError> {
        let columns: Vec<(&str, Type)> =
            schema.columns.iter().map(|column| (column.name.as_str(), Type::of(column))).collect();
        self.bind(&columns)
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        print::print(&self.root, formatter)
    }
}

impl std::str::FromStr for Expression {
    type Err = ExpressionError;

    fn from_str(text: &str) -> Result<Expression, ExpressionError> {
        Expression::parse(text)
    }
}

impl BoundExpression {
    /// What its values are.
    pub fn result(&self) -> Type {
        self.of
    }

    /// The numbers of the columns that it is computed from, in rising order.
    pub fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// Its values for `n_rows` rows. `column` is asked for the columns of [`columns`](Self::columns) alone.
    ///
    /// # Panics
    /// If a column has another length, or is not stored as values of the type that it was bound with are.
    pub fn evaluate<'a>(&self, n_rows: usize, column: &dyn Fn(usize) -> &'a Column) -> Values {
        Rows { length: n_rows, column }.evaluate(&self.root)
    }

    /// Its values for every row of a table whose schema it was bound with.
    ///
    /// # Panics
    /// If the table is of another schema.
    pub fn evaluate_table(&self, table: &Table) -> Values {
        self.evaluate(table.n_rows(), &|index| table.column(index))
    }
}

fn collect<'a>(node: &'a Node, names: &mut Vec<&'a str>) {
    if let NodeKind::Column(name) = &node.kind
        && !names.contains(&name.as_str())
    {
        names.push(name);
    }
    for part in node.parts() {
        collect(part, names);
    }
}

/// `10^places`.
fn power_of_ten(places: u8) -> i128 {
    10_i128.pow(u32::from(places))
}
