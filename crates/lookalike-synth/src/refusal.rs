use std::fmt;

/// Why a model has no rows to offer for a condition.
///
/// A level that the data did not have and one that protection withheld are told in the same words on purpose: a difference
/// would reveal what was withheld. What a column's kind is, is no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The value is none of the column's kind, which is this.
    NotOfKind(&'static str),
    /// No condition can be put on columns of this kind.
    NoneOnKind(&'static str),
    /// Less and more was asked of what has no order.
    NoOrder,
    /// Missing was asked for together with values, or less and more of it.
    MissingBesides,
    /// No value was named.
    Nothing,
    /// The model has no such level.
    Level,
    /// The model does not draw exactly this number or instant.
    Value,
    /// The value reads like several conditions in one.
    Several,
    /// The model draws nothing in a range.
    Range,
    /// Conditions on one column contradict each other, or leave nothing.
    Together,
    /// The model draws no missing values in the column.
    NeverMissing,
    /// The model draws nothing but missing values in the column.
    AlwaysMissing,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::NotOfKind(kind) => {
                let give = match *kind {
                    "numerical" => "a number",
                    "datetime" => "a date or a time as the column spells it, or such as 2024-01-31",
                    "boolean" => "true or false",
                    _ => "a value of that kind",
                };
                write!(formatter, "the value is not of its kind, {kind}; give {give}")
            }
            Refusal::NoneOnKind(kind) => {
                write!(formatter, "it is of kind {kind}, and one can only ask whether something is there")
            }
            Refusal::NoOrder => formatter.write_str("what it holds has no order; ask with = or !="),
            Refusal::MissingBesides => {
                formatter.write_str("missing can be asked for alone, with = or !=, and not together with values")
            }
            Refusal::Nothing => formatter.write_str("no value is named"),
            Refusal::Level => formatter.write_str(
                "it has no such value to offer there: the data has none, or protection withholds it as too rare",
            ),
            Refusal::Value => formatter.write_str(
                "exactly this value lies beyond what was learned, or is too rare for protection; a range (>=, <=) works",
            ),
            Refusal::Several => formatter.write_str(
                "the value reads like a further condition behind `&` or `and`; give each condition by itself",
            ),
            Refusal::Range => formatter.write_str(
                "the range lies beyond what was learned, or holds only what is too rare for protection; widen it",
            ),
            Refusal::Together => formatter.write_str("no value that was learned meets all conditions on it"),
            Refusal::NeverMissing => formatter
                .write_str("it draws no missing values there: there were none, or too few for protection"),
            Refusal::AlwaysMissing => {
                formatter.write_str("it draws only missing values there: all were, or all but too few for protection")
            }
        }
    }
}
