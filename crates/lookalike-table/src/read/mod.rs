//! Reading tables from files.
//!
//! [`read()`] takes any of the formats in [`FileFormat`], finds out which it is, how text is laid out, encoded and
//! compressed, and what the columns mean:
//!
//! ```
//! use lookalike_core::Silent;
//! use lookalike_table::read::{ReadOptions, read};
//!
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("people.csv");
//! std::fs::write(&path, "name;height\nAda;1,65\nAlan;1,80\n")?;
//!
//! let reading = read(&path, &ReadOptions::default(), &Silent)?;
//! assert_eq!(reading.table.n_rows(), 2);
//! assert_eq!(reading.table.schema().columns[1].name, "height");
//! assert_eq!(reading.table.schema().dialect.as_ref().map(|dialect| dialect.delimiter), Some(b';'));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Text is read in windows of 32 MB, of which there are two at a time. All of a file's cells are held as text (their
//! bytes and four more for each) until their column's meaning is known; then column by column the text gives way to
//! values. So a file of text needs up to about 2.5 times its size, and 100 MB.

mod decode;
mod delimited;
mod excel;
mod format;
mod guard;
mod json_lines;
mod options;
mod source;
mod table;
mod typed;
mod under_schema;
mod window;

pub(crate) use format::Compression;
pub use format::FileFormat;
pub use options::ReadOptions;
pub use table::{Reading, from_batches, read};
