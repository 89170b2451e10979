//! One file per sub-command: its options, and what it does with them.

pub(crate) mod audit;
pub(crate) mod augment;
pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod evaluate;
pub(crate) mod explain;
pub(crate) mod fit;
pub(crate) mod impute;
pub(crate) mod inspect;
pub(crate) mod rebalance;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod sample;
pub(crate) mod simulate;
pub(crate) mod split;

use std::io::Write as _;
use std::path::Path;

use lookalike::table::schema::sdv::{self, SpecVersion};
use lookalike::{OutputFile, Schema};

use crate::failure::{Failure, Result};

/// Writes a schema as a file that `--schema` takes.
fn write_schema(path: &Path, schema: &Schema) -> Result<()> {
    let mut file = OutputFile::create(path)?;
    let text = sdv::to_json(schema, SpecVersion::default()) + "\n";
    file.write_all(text.as_bytes()).map_err(Failure::Output)?;
    Ok(file.finish()?)
}
