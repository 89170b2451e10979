//! Conditions that sampled rows fulfil exactly.

use std::fmt;

use lookalike_table::Schema;

use crate::error::{Error, Result};
use crate::refusal::Refusal;

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

    /// How it is written, such as `<=`.
    pub fn sign(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, operator)| *operator == self).map_or("=", |(sign, _)| sign)
    }

    /// The operator that is written so.
    ///
    /// ```
    /// use lookalike_synth::Operator;
    /// assert_eq!(Operator::from_sign("<="), Some(Operator::AtMost));
    /// assert_eq!(Operator::from_sign("=<"), None);
    /// ```
    pub fn from_sign(sign: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == sign).map(|(_, operator)| operator)
    }
}

/// A condition on one column, such as `age>=30`.
#[derive(Clone, PartialEq, Eq)]
pub struct Condition {
    /// The column's number.
    pub column: usize,
    /// How its value compares.
    pub operator: Operator,
    /// With what, as it is spelled in the table, or plainly; `None` means missing. Of several, `=` wants one and `!=` wants none.
    pub values: Vec<Option<String>>,
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
    /// That a column has this value. The text stands for itself: also where it is empty, or elsewhere stands for missing.
    ///
    /// ```
    /// let condition = lookalike_synth::Condition::equal(0, "Female");
    /// assert_eq!(condition.values, [Some("Female".to_owned())]);
    /// ```
    pub fn equal(column: usize, value: impl Into<String>) -> Self {
        Condition { column, operator: Operator::Equal, values: vec![Some(value.into())] }
    }

    /// Reads a condition. The operator is the leftmost of `=`, `!=`, `<=`, `>=`, `<`, `>`, and the longest that
    /// stands there; the name before it may have spaces around it, everything after it is the value, verbatim. The column's
    /// token for missing values (or nothing) means missing.
    /// `position` is the condition's place in a list of several, from 1, for the error message.
    ///
    /// ```
    /// use lookalike_synth::{Condition, Operator};
    /// use lookalike_table::{ColumnSchema, Kind, Schema};
    /// let schema = Schema::new(vec![ColumnSchema::new("income", Kind::Text)]);
    /// let condition = Condition::parse("income=>50K", &schema, 1)?;
    /// assert_eq!((condition.operator, condition.values), (Operator::Equal, vec![Some(">50K".to_owned())]));
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
        let value = &text[start + sign.len()..];
        let is_missing = value.is_empty() || value == schema.columns[column].missing_token;
        Ok(Condition { column, operator, values: vec![(!is_missing).then(|| value.to_owned())] })
    }
}

impl Condition {
    /// Whether rows are to lack the value, and otherwise with which values it is to be compared; none where it is to be
    /// there, whatever it is.
    pub(crate) fn sought(&self) -> std::result::Result<(bool, Vec<&str>), Refusal> {
        let texts: Vec<&str> = self.values.iter().flatten().map(String::as_str).collect();
        let gaps = self.values.len() - texts.len();
        match (self.operator, gaps, texts.len()) {
            (_, 0, 0) => Err(Refusal::Nothing),
            (Operator::Equal, 1.., 0) => Ok((true, texts)),
            (Operator::NotEqual, _, _) | (Operator::Equal, 0, _) | (_, 0, 1) => Ok((false, texts)),
            (Operator::Equal, _, _) | (_, 1.., _) => Err(Refusal::MissingBesides),
            _ => Err(Refusal::NoOrder),
        }
    }

    /// Why its values are refused: as was found, or because several conditions were written as one.
    pub(crate) fn reason(&self, refusal: Refusal, schema: &Schema) -> Refusal {
        let is_about_values = matches!(refusal, Refusal::NotOfKind(_) | Refusal::NoOrder | Refusal::Level);
        let mut texts = self.values.iter().flatten();
        if is_about_values && texts.any(|text| holds_another(text, schema)) {
            return Refusal::Several;
        }
        refusal
    }
}

/// True where a further condition on a column of the schema stands behind a word that joins two.
fn holds_another(text: &str, schema: &Schema) -> bool {
    ["&", ",", ";", " and ", " AND "].iter().any(|word| {
        let after =
            text.match_indices(word).map(|(place, _)| text[place + word.len()..].trim_start_matches('&'));
        after.into_iter().any(|rest| Condition::parse(rest, schema, 1).is_ok())
    })
}

#[cfg(test)]
mod tests {
    use lookalike_table::{ColumnSchema, Kind};

    use super::*;

    fn parse(text: &str) -> Result<(usize, Operator, String)> {
        let schema =
            Schema::new(["age", "a b", "", "x!y"].map(|name| ColumnSchema::new(name, Kind::Text)).to_vec());
        Condition::parse(text, &schema, 1)
            .map(|c| (c.column, c.operator, c.values[0].clone().unwrap_or_default()))
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
    fn several_conditions_in_one_are_told_as_such() {
        let schema = Schema::new(["age", "sex"].map(|name| ColumnSchema::new(name, Kind::Text)).to_vec());
        let reason = |text: &str| {
            let condition = Condition::parse(text, &schema, 1).unwrap();
            condition.reason(Refusal::Level, &schema)
        };
        for text in ["age>=65 & sex=Male", "age>=65&&sex=Male", "age=1 and sex!=Male", "age<5, sex=Male"] {
            assert_eq!(reason(text), Refusal::Several, "{text}");
        }
        for text in ["age=R & D", "age=a,b", "age=x & y=z"] {
            assert_eq!(reason(text), Refusal::Level, "{text}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(matches!(parse("age"), Err(Error::ConditionSyntax { .. })));
        assert!(matches!(parse("ages>3"), Err(Error::Table(_))));
        assert!(!format!("{:?}", Condition::equal(0, "secret")).contains("secret"));
    }
}
