//! Changes of rows after they are drawn, for scenarios: cells that go missing, outliers, drift, faults of sensors and the
//! like, and a column that says what was done. What each dial does is told in `docs/simulate.md`.
//!
//! Every row's changes depend on the seed and the row's number alone (those of runs and duplicates on rows of the same
//! 2048 before it), so that a shorter sample is a prefix of a longer one.
//!
//! ```
//! use std::sync::Arc;
//! use lookalike_core::Seed;
//! use lookalike_synth::dials::{Dial, Dials};
//! use lookalike_synth::simulate::SimulateError;
//! use lookalike_table::schema::NumberFormat;
//! use lookalike_table::{Column, ColumnSchema, Kind, Schema, Table};
//!
//! let schema = Arc::new(Schema::new(vec![ColumnSchema::new("income", Kind::Numerical(NumberFormat::whole()))]));
//! let table = Table::new(schema.clone(), vec![Column::from_integers(vec![100; 1000], None)])?;
//! let dials = [Dial::parse("missing income 0.25").unwrap(), Dial::parse("scale income 2").unwrap()];
//! let dials = Dials::new(&dials, Some("what"), &schema, Seed::new(1))?;
//! let changed: Vec<Table> =
//!     dials.apply(std::iter::once(Ok::<_, SimulateError>(table)), 0, 1000).collect::<Result<_, _>>()?;
//! assert_eq!(changed[0].n_columns(), 2);
//! assert!((200..300).contains(&changed[0].column(0).missing_count()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod apply;
mod block;
mod spec;
#[cfg(test)]
mod tests;

pub use apply::{DialedRows, Dials};
pub(crate) use spec::read;
pub use spec::{Dial, DialError};
