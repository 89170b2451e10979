//! Writing tables to files that look like those they were learned from.
//!
//! Text keeps its layout and encoding, numbers and dates their format, missing values their token; typed files keep
//! their columns' types. Values are written as they are, even where a spreadsheet would take them for a formula.
//!
//! ```
//! use lookalike_core::Silent;
//! use lookalike_table::read::{ReadOptions, read};
//! use lookalike_table::write::Writer;
//!
//! let folder = tempfile::tempdir()?;
//! let (original, copy) = (folder.path().join("original.csv"), folder.path().join("copy.csv"));
//! std::fs::write(&original, "id;price\n007;1,50\n008;NA\n009;12,00\n")?;
//!
//! let table = read(&original, &ReadOptions::default(), &Silent)?.table;
//! let mut writer = Writer::create(&copy, None, table.schema())?;
//! writer.write(&table)?;
//! writer.finish()?;
//! assert_eq!(std::fs::read(&original)?, std::fs::read(&copy)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod delimited;
mod encode;
mod json_lines;
mod output;
mod rows;
mod target;
mod typed;
mod writer;

pub use output::OutputFile;
pub use typed::to_batch;
pub use writer::Writer;
