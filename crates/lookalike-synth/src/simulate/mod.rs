//! Tables from knowledge alone: a file says how columns are distributed and what they have to do with each other, and
//! rows are drawn from it without any data. The whole reference is `docs/simulate.md`.
//!
//! ```
//! use lookalike_core::{Context, Seed};
//! use lookalike_synth::simulate::Simulation;
//!
//! let simulation = Simulation::parse(r#"
//!     [columns.age]
//!     type = "normal"
//!     mean = 50
//!     sd = 15
//!     min = 18
//!     decimals = 0
//!     [columns.income]
//!     type = "log-normal"
//!     median = "20000 + 500 * age"
//!     sigma = 0.4
//!     missing = "if(age < 25, 0.2, 0.05)"
//! "#).expect("nothing is wrong with it");
//! let table = simulation.sample(0, 1000, &Context::new(Seed::new(1))).collect_table()?;
//! assert_eq!((table.n_rows(), table.n_columns()), (1000, 2));
//! # Ok::<(), lookalike_synth::simulate::SimulateError>(())
//! ```

mod calendar;
mod columns;
mod correlate;
mod distribution;
mod draw;
mod emit;
mod formula;
mod limits;
mod meet;
mod rows;
mod rules;
mod series;
mod shape;
mod source;
mod special;
mod stand_in;
mod tables;
mod weights;

#[cfg(test)]
mod constraint_tests;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use lookalike_core::{Cancelled, Context};
use lookalike_table::Schema;
use toml::de::DeTable;

pub use emit::emit;
pub use rows::SimulatedRows;
pub use source::SchemaProblem;

use crate::dials::{self, Dial, DialError};
use columns::Source;
use rows::Limit;
use source::Problems;
pub(crate) use source::Section;
use tables::TableSpec;

/// What can go wrong when rows are drawn from a schema that is right in itself.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SimulateError {
    /// The work was stopped on request.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// A parameter that is computed is out of range in some rows.
    #[error(
        "line {line}: `{key}` of column {column:?} is computed and has to be {wanted}, which it is not in {rows} rows of a \
         batch; bound it with max(), min() or clamp()"
    )]
    Parameter {
        /// The column.
        column: String,
        /// The line of the column in the file.
        line: usize,
        /// The parameter.
        key: &'static str,
        /// What it has to be.
        wanted: &'static str,
        /// How many rows of a batch it is not.
        rows: usize,
    },
    /// Numbers are too large to be written.
    #[error(
        "line {line}: column {column:?} has numbers that are too large to be written in {rows} rows of a batch; lower its \
         parameters, or cut it with `max`"
    )]
    TooLarge {
        /// The column.
        column: String,
        /// The line of the column in the file.
        line: usize,
        /// How many rows of a batch.
        rows: usize,
    },
    /// A pattern has too few texts.
    #[error(
        "line {line}: the pattern of column {column:?} has {texts} different texts, fewer than the {rows} rows asked for; \
         lengthen it, or leave out `unique`"
    )]
    TooFewTexts {
        /// The column.
        column: String,
        /// The line of the column in the file.
        line: usize,
        /// How many texts the pattern has.
        texts: u128,
        /// How many rows are asked for.
        rows: u64,
    },
    /// A unique column has too few values.
    #[error(
        "line {line}: the unique column {column:?} has {values} different values, fewer than the {rows} rows asked for; widen \
         it, or leave out the constraint"
    )]
    TooFewValues {
        /// The column.
        column: String,
        /// The line of the column in the file.
        line: usize,
        /// How many values there are.
        values: u64,
        /// How many rows are asked for.
        rows: u64,
    },
    /// A constraint does not hold in any of many rows that were drawn in one place.
    #[error(
        "line {line}: no row in which `{constraint}` holds was found in {draws} draws, for {rows} of {of} rows; widen the \
         distributions of its columns, or compute one of them from the others"
    )]
    Unmet {
        /// The constraint.
        constraint: String,
        /// Its line in the file.
        line: usize,
        /// How often these rows were drawn.
        draws: u64,
        /// In how many rows it does not hold.
        rows: usize,
        /// Of how many.
        of: usize,
    },
    /// A constraint does not hold in rows that cannot be drawn again, since others follow from them.
    #[error(
        "line {line}: `{constraint}` does not hold in {rows} rows, and rows of a table with a series are not drawn again; \
         compute one of its columns from the others"
    )]
    UnmetInSeries {
        /// The constraint.
        constraint: String,
        /// Its line in the file.
        line: usize,
        /// In how many rows it does not hold.
        rows: usize,
    },
    /// No group has a row.
    #[error("the groups have no rows: their numbers of rows are all 0; raise them")]
    NoRows,
    /// A dial cannot be turned as asked, as the rows show.
    #[error(transparent)]
    Dial(#[from] DialError),
    /// Columns do not fit together, or to their schema.
    #[error(transparent)]
    Table(#[from] lookalike_table::Error),
}

/// A schema that was read, understood and found to be right.
#[derive(Debug, Clone)]
pub struct Simulation {
    tables: Vec<TableSpec>,
    rows: Option<u64>,
    dials: Vec<Dial>,
}

impl Simulation {
    /// Understands the text of a schema file.
    ///
    /// # Errors
    /// All that is wrong with it, each with its line and the cure.
    pub fn parse(text: &str) -> Result<Simulation, Vec<SchemaProblem>> {
        let problems = Problems::new(text);
        let root = match DeTable::parse(text) {
            Ok(root) => root,
            Err(error) => {
                let line = problems.line(error.span().map_or(0, |span| span.start));
                return Err(vec![SchemaProblem { line, message: error.message().trim().replace('\n', " ") }]);
            }
        };
        let (tables, rows, dials) = {
            let section = Section::new(root.get_ref(), &problems, 1, "the file");
            let rows = section.whole("rows", 0, i64::MAX).map(|rows| rows.value as u64);
            let dials = dials::read(&section.sections("dials", "a dial"));
            let tables = tables::read(&section, &problems);
            section.close();
            (tables, rows, dials)
        };
        if problems.is_empty() { Ok(Simulation { tables, rows, dials }) } else { Err(problems.into_sorted()) }
    }

    /// How many rows the file asks for, if it does.
    pub fn rows(&self) -> Option<u64> {
        self.rows
    }

    /// The dials that the file turns on its rows.
    pub fn dials(&self) -> &[Dial] {
        &self.dials
    }

    /// The tables that are written, in the order in which they are drawn: their numbers and names.
    pub fn tables(&self) -> Vec<(usize, &str)> {
        let written = self.tables.iter().enumerate().filter(|(_, table)| table.written);
        written.map(|(index, table)| (index, table.name.as_str())).collect()
    }

    /// What the columns of a table mean.
    ///
    /// # Panics
    /// If there is no such table.
    pub fn schema(&self, table: usize) -> &Arc<Schema> {
        &self.tables[table].schema
    }

    /// Checks whether so many rows can be drawn.
    ///
    /// # Errors
    /// [`SimulateError::TooFewTexts`].
    pub fn check(&self, n_rows: u64) -> Result<(), SimulateError> {
        // How many groups there will be, and how many children, is known when they are drawn.
        for table in self.tables.iter().filter(|table| table.written && table.parent.is_none()) {
            for column in &table.columns {
                if let Source::Pattern { pattern, unique: true } = &column.source
                    && pattern.size() < u128::from(n_rows)
                {
                    return Err(SimulateError::TooFewTexts {
                        column: column.name.clone(),
                        line: column.line,
                        texts: pattern.size(),
                        rows: n_rows,
                    });
                }
            }
        }
        for table in self.tables.iter().filter(|table| table.written && !self.is_by_parents(table)) {
            table.enough_values(n_rows)?;
        }
        Ok(())
    }

    /// True when the number of a table's rows follows from that of its parent's rows.
    ///
    /// # Panics
    /// If there is no such table.
    pub fn follows_from_parent(&self, table: usize) -> bool {
        self.is_by_parents(&self.tables[table])
    }

    fn is_by_parents(&self, table: &TableSpec) -> bool {
        table.parent.as_ref().is_some_and(|link| self.tables[link.table].written)
    }

    /// The first `n_rows` rows of a table that has no parent; of a table with one, all rows of its parent's first
    /// `n_rows`. The single table of a file is its last one, with or without groups; of it so many rows are drawn.
    ///
    /// # Panics
    /// If there is no such table.
    pub fn sample<'a>(&'a self, table: usize, n_rows: u64, context: &Context<'a>) -> SimulatedRows<'a> {
        let limit = if self.is_by_parents(&self.tables[table]) {
            Limit::Parents(n_rows)
        } else {
            Limit::Rows(n_rows)
        };
        SimulatedRows::new(&self.tables, table, limit, context)
    }
}
