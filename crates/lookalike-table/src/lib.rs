//! Tables and what their columns mean.
//!
//! A [`Table`] is a [`Schema`] plus one [`Column`] per column of the schema. Columns are stored as chunked Arrow
//! arrays inside; other crates see them through plain Rust types ([`Numbers`], [`Codes`], [`Texts`] ...).

mod column;
pub mod constraints;
mod error;
pub mod expression;
mod infer;
mod memory;
pub mod pattern;
pub mod protect;
mod raw;
pub mod read;
pub mod schema;
pub mod spelling;
mod split;
pub mod summary;
mod table;
pub mod write;

pub use column::{Codes, Column, Integers, Levels, Numbers, Texts};
pub use error::{Error, Result};
pub use schema::{ColumnSchema, Kind, Locale, Personal, Schema};
pub use split::{Split, SplitOptions, split};
pub use table::Table;
