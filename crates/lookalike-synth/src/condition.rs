//! Conditions that sampled rows fulfil exactly.

use std::fmt;

use lookalike_table::Schema;

use crate::error::{Error, Result};

/// How a column's value compares with a given one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<=`
    AtMost,
    /// `>=`
    AtLeast,
    /// `<`
    Less,
    /// `>`
    More,
}

impl Operator {
    /// Longest first, so that `<=` is not read as `<`.
    const ALL: [(&'static str, Operator); 6] = [
        ("!=", Operator::NotEqual),
        ("<=", Operator::AtMost),
        (">=", Operator::AtLeast),
        ("=", Operator::Equal),
        ("<", Operator::Less),
        (">", Operator::More),
    ];
}

/// A condition on one column, such as `age>=30`.
#[derive(Clone, PartialEq, Eq)]
pub struct Condition {
    /// The column's number.
    pub column: usize,
    /// How its value compares.
    pub operator: Operator,
    /// With what, as it is spelled in the table; the token for missing values (or nothing) means missing.
    pub value: String,
}

/// Shows the column and the operator only: a value may be personal.
impl fmt::Debug for Condition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Condition")
            .field("column", &self.column)
            .field("operator", &self.operator)
            .finish_non_exhaustive()
    }
}

impl Condition {
    /// Reads a condition. The operator is the leftmost of `=`, `!=`, `<=`, `>=`, `<`, `>`, and the longest that
    /// stands there; the name before it may have spaces around it, everything after it is the value, verbatim.
    /// `position` is the condition's place in a list of several, from 1, for the error message.
    ///
    /// ```
    /// use lookalike_synth::{Condition, Operator};
    /// use lookalike_table::{ColumnSchema, Kind, Schema};
    /// let schema = Schema::new(vec![ColumnSchema::new("income", Kind::Text)]);
    /// let condition = Condition::parse("income=>50K", &schema, 1)?;
    /// assert_eq!((condition.operator, condition.value.as_str()), (Operator::Equal, ">50K"));
    /// # Ok::<(), lookalike_synth::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::ConditionSyntax`] when there is no operator or no name, [`Error::Table`] when no column or several
    /// have that name.
    ///
    /// # Panics
    /// Never: an operator that was found is one of the list.
    pub fn parse(text: &str, schema: &Schema, position: usize) -> Result<Self> {
        let start = Operator::ALL.iter().filter_map(|(sign, _)| text.find(sign)).min().ok_or(
            Error::ConditionSyntax {
                position,
                problem: "there is no operator in it; write NAME=VALUE, or one of != <= >= < > instead of =",
            },
        )?;
        let (sign, operator) =
            Operator::ALL.into_iter().find(|(sign, _)| text[start..].starts_with(sign)).expect("found above");
        let name = &text[..start];
        if name.trim().is_empty() && !schema.columns.iter().any(|column| column.name == name) {
            return Err(Error::ConditionSyntax {
                position,
                problem: "no column is named before the operator",
            });
        }
        let exact = schema.columns.iter().any(|column| column.name == name);
        let column = schema.index_of(if exact { name } else { name.trim() })?;
        Ok(Condition { column, operator, value: text[start + sign.len()..].to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use lookalike_table::{ColumnSchema, Kind};

    use super::*;

    fn parse(text: &str) -> Result<(usize, Operator, String)> {
        let schema =
            Schema::new(["age", "a b", "", "x!y"].map(|name| ColumnSchema::new(name, Kind::Text)).to_vec());
        Condition::parse(text, &schema, 1).map(|c| (c.column, c.operator, c.value))
    }

    #[test]
    fn operators_are_leftmost_and_longest() {
        assert_eq!(parse("age>=30").unwrap(), (0, Operator::AtLeast, "30".into()));
        assert_eq!(parse("age=>50K").unwrap(), (0, Operator::Equal, ">50K".into()));
        assert_eq!(parse("age<=>").unwrap(), (0, Operator::AtMost, ">".into()));
        assert_eq!(parse("a b != x = y ").unwrap(), (1, Operator::NotEqual, " x = y ".into()));
        assert_eq!(parse("=v").unwrap(), (2, Operator::Equal, "v".into()));
        assert_eq!(parse("x!y<3").unwrap(), (3, Operator::Less, "3".into()));
        assert_eq!(parse("age=").unwrap(), (0, Operator::Equal, String::new()));
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(matches!(parse("age"), Err(Error::ConditionSyntax { .. })));
        assert!(matches!(parse("ages>3"), Err(Error::Table(_))));
        assert!(
            !format!("{:?}", Condition { column: 0, operator: Operator::Equal, value: "secret".into() })
                .contains("secret")
        );
    }
}
