//! `lookalike fit`

use std::path::PathBuf;

use bytesize::ByteSize;
use clap::Args;
use lookalike::plan::Fitting;
use lookalike::synth::Effort;
use lookalike::{OutputFile, Protection, job, model_file};
use serde::Serialize;

use crate::commands::split::divide;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::reading::{ReadArgs, one_stdin, read};
use crate::session::{Session, WarningJson, warnings_json};
use crate::text::plural;

const EXAMPLES: &str = "\
Examples:
  lookalike fit train.csv -o patients.model
  Say what one wants to predict, and whom protection is to count:
    lookalike fit visits.csv -o visits.model --target outcome --unit patient_id
  Keep a fifth of the rows out, as `split` would with the same seed:
    lookalike fit patients.csv -o patients.model --holdout 0.2
  Take more time for a better model, or less:
    lookalike fit patients.csv -o patients.model --effort high
  Data that nobody needs protection from:
    lookalike fit stars.parquet -o stars.model --protect none

Protection: a category, a spike, a pattern of text or a bound is reproduced only if at least 5 units share it; what is
rarer is withheld, and a warning says so. This is a heuristic, not differential privacy. A unit is a row, or all rows
with the same value in the column of --unit.";

/// Learn a table, and write the model to a file
///
/// The model is one file. It holds no rows, keys or texts of the table.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct FitArgs {
    /// The table; - is standard input
    file: PathBuf,
    /// The file for the model; - is standard output
    #[arg(long, short, value_name = "MODEL")]
    out: PathBuf,
    /// How to learn: forest (trees, whatever columns have to do with each other), copula (pairwise ties, faster), tvae (an
    /// autoencoder network), autoregressive (a network per column, conditions in any order) or independent (columns one by
    /// one)
    #[arg(long, value_name = "METHOD", default_value = "forest")]
    method: String,
    /// How much work goes into a forest: fast, default or high
    #[arg(long, value_name = "EFFORT", value_parser = effort)]
    effort: Option<Effort>,
    /// How often a network sees every row at most [default: 200, autoregressive 40]
    #[arg(long, value_name = "N")]
    epochs: Option<u32>,
    /// End a network's learning after so many seconds and keep the best so far; the model then depends on the machine
    #[arg(long, value_name = "SECONDS")]
    max_seconds: Option<f64>,
    /// How much memory learning may take beside the table, such as 2GB: a forest is learned from fewer rows where all
    /// would take more [default: 4GiB]
    #[arg(long, value_name = "SIZE")]
    memory: Option<ByteSize>,
    /// The column that one wants to predict; it is learned with most care
    #[arg(long, value_name = "COLUMN")]
    target: Option<String>,
    /// The column that names whom protection counts, such as a patient
    #[arg(long, value_name = "COLUMN")]
    unit: Option<String>,
    /// Columns that conditions will be put on
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    condition_on: Vec<String>,
    /// How many units must share what is reproduced, or none
    #[arg(long, value_name = "UNITS", default_value = "5", value_parser = protection)]
    protect: Protection,
    /// Keep this share of the rows out; units stay whole
    #[arg(long, value_name = "SHARE")]
    holdout: Option<f64>,
    #[command(flatten)]
    reading: ReadArgs,
}

#[derive(Debug, Serialize)]
struct FitJson<'a> {
    model: &'a PathBuf,
    method: &'static str,
    rows: u64,
    columns: usize,
    rows_kept_out: usize,
    warnings: Vec<WarningJson<'a>>,
}

pub(crate) fn run(args: &FitArgs, session: &Session) -> Result<Exit> {
    let mut synthesizer = job::method(&args.method)?;
    if let Some(effort) = args.effort {
        synthesizer = synthesizer.with_effort(effort)?;
    }
    if let Some(epochs) = args.epochs {
        synthesizer = synthesizer.with_epochs(epochs)?;
    }
    if let Some(seconds) = args.max_seconds {
        synthesizer = synthesizer.with_max_seconds(seconds)?;
    }
    if let Some(memory) = args.memory {
        synthesizer = synthesizer.with_memory_limit(memory.as_u64())?;
    }
    one_stdin(&[Some(&args.file), args.reading.schema.as_ref()])?;
    let json = session.json(Some(&args.out))?;
    let mut file = OutputFile::create(&args.out)?;
    let (reading, mut warnings) = read(&args.file, &args.reading, session.progress())?;
    let mut table = reading.table;
    let fitting = Fitting {
        target: args.target.clone(),
        unit: args.unit.clone(),
        condition_on: args.condition_on.clone(),
        protect: args.protect,
    };
    let roles = job::roles(&fitting, table.schema())?;
    let n_rows = table.n_rows();
    if let Some(share) = args.holdout {
        let sides = divide(&table, share, args.unit.as_deref(), None, session.context())?;
        table = table.take(&sides.train);
        warnings.extend(sides.warnings);
    }
    let model = synthesizer.fit(&table, &roles, &session.context())?;
    warnings.extend_from_slice(model.warnings());
    model_file::write(&model, &mut file)?;
    file.finish()?;

    let learned = model.describe().n_rows;
    if args.out.as_os_str() != "-" {
        let rows = plural(learned, "row");
        let columns = plural(table.n_columns() as u64, "column");
        writeln!(session.out(), "{}: {} of {rows} and {columns}", args.out.display(), model.method())
            .map_err(Failure::Output)?;
    }
    session.warn(&warnings);
    json.write(&FitJson {
        model: &args.out,
        method: model.method(),
        rows: learned,
        columns: table.n_columns(),
        rows_kept_out: n_rows - table.n_rows(),
        warnings: warnings_json(&warnings),
    })?;
    Ok(Exit::Fine)
}

pub(super) fn effort(text: &str) -> std::result::Result<Effort, String> {
    let found = Effort::NAMES.iter().find(|(name, _)| *name == text);
    found.map(|(_, effort)| *effort).ok_or_else(|| "give fast, default or high".to_owned())
}

pub(super) fn protection(text: &str) -> std::result::Result<Protection, String> {
    if text == "none" {
        return Ok(Protection::none());
    }
    text.parse()
        .ok()
        .filter(|&units| units > 1)
        .map(|min_units| Protection { min_units })
        .ok_or_else(|| "give a number of units of at least 2, or none".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn protection_is_a_number_or_none() {
        assert_eq!(protection("none"), Ok(Protection::none()));
        assert_eq!(protection("12"), Ok(Protection { min_units: 12 }));
        for text in ["", "0", "1", "-3", "some", "2.5"] {
            assert!(protection(text).is_err(), "{text}");
        }
    }
}
