//! Expressions and numbers that may be expressions.

use lookalike_table::Column;
use lookalike_table::expression::{BoundExpression, Expression, Type, Values};

use super::source::{At, Problems, Section};

/// An expression over the columns of a row.
#[derive(Debug, Clone)]
pub(super) struct Formula {
    expression: Expression,
    bound: Option<BoundExpression>,
    pub(super) line: usize,
}

impl Formula {
    /// Understands an expression, or notes why not.
    pub(super) fn parse(text: &At<String>, section: &Section<'_>, key: &str) -> Option<Formula> {
        match Expression::parse(&text.value) {
            Ok(expression) => Some(Formula { expression, bound: None, line: text.line }),
            Err(error) => {
                section.problems.add(text.line, format!("`{key}` of {}: {error}", section.what));
                None
            }
        }
    }

    /// The names that it is computed from.
    pub(super) fn names(&self) -> Vec<&str> {
        self.expression.columns()
    }

    /// Settles names and types; what is wrong is noted.
    pub(super) fn bind(
        &mut self,
        columns: &[(&str, Type)],
        what: &str,
        problems: &Problems<'_>,
    ) -> Option<Type> {
        match self.expression.bind(columns) {
            Ok(bound) => {
                let of = bound.result();
                self.bound = Some(bound);
                Some(of)
            }
            Err(error) => {
                problems.add(self.line, format!("{what}: {error}"));
                None
            }
        }
    }

    /// Its values for some rows.
    pub(super) fn evaluate(&self, n_rows: usize, columns: &[Option<Column>]) -> Values {
        let bound = self.bound.as_ref().expect("every formula is bound when a schema is read");
        bound.evaluate(n_rows, &|index| columns[index].as_ref().expect("columns are drawn in their order"))
    }
}

/// A number that is the same for all rows, or computed from each row's columns.
#[derive(Debug, Clone)]
pub(super) enum Parameter {
    Fixed(f64),
    Formula(Formula),
}

impl Parameter {
    /// Reads a number or an expression.
    pub(super) fn read(section: &Section<'_>, key: &'static str) -> Option<At<Parameter>> {
        let At { value, line } = section.number_or_text(key)?;
        let parameter = match value {
            Ok(number) => Parameter::Fixed(number),
            Err(text) => Parameter::Formula(Formula::parse(&At { value: text, line }, section, key)?),
        };
        Some(At { value: parameter, line })
    }

    pub(super) fn fixed(&self) -> Option<f64> {
        match self {
            Parameter::Fixed(value) => Some(*value),
            Parameter::Formula(_) => None,
        }
    }

    /// One number per row, NaN where it is missing; `None` when it is the same for all.
    pub(super) fn values(&self, n_rows: usize, columns: &[Option<Column>]) -> Option<Vec<f64>> {
        match self {
            Parameter::Fixed(_) => None,
            Parameter::Formula(formula) => formula.evaluate(n_rows, columns).numbers(),
        }
    }

    pub(super) fn formula_mut(&mut self) -> Option<&mut Formula> {
        match self {
            Parameter::Fixed(_) => None,
            Parameter::Formula(formula) => Some(formula),
        }
    }

    pub(super) fn formula(&self) -> Option<&Formula> {
        match self {
            Parameter::Fixed(_) => None,
            Parameter::Formula(formula) => Some(formula),
        }
    }
}
