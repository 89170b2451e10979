//! `lookalike impute`

use std::path::PathBuf;

use clap::Args;
use lookalike::{FileFormat, Writer, job, model_file};
use serde::Serialize;

use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::reading::{format, one_stdin};
use crate::session::{Session, WarningJson, warnings_json};
use crate::text::plural;

/// More columns than this are counted, not named.
const NAMED: usize = 12;

const EXAMPLES: &str = "\
Examples:
  lookalike impute patients.model visits.csv -o filled.csv
  Several times, to see what depends on the values that were drawn:
    lookalike impute patients.model visits.csv -o second.csv --seed 2

Every empty cell of a column that the model knows is drawn given the other cells of its row. What is there stays as it is,
and so do columns that the model does not know and the order of rows. A value that the model does not know is kept, and
says nothing about the other cells.

A drawn value is one that could have stood there, not the most likely one, so that columns keep their spread. It is made
up all the same: what is computed from one filled table is surer of itself than it should be. Fill it with several seeds,
and see how far the results differ.";

/// Fill the empty cells of a table with what a model knows
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ImputeArgs {
    /// The model
    model: PathBuf,
    /// The table; - is standard input
    data: PathBuf,
    /// The file for the filled table: .csv, .tsv, .jsonl, .parquet or .arrow, also with .gz or .zst; - is standard output
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
    /// The format to write: csv, tsv, jsonl, parquet or arrow [default: what the file's name says, or csv]
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    format: Option<FileFormat>,
}

#[derive(Debug, Serialize)]
struct ImputeJson<'a> {
    file: &'a PathBuf,
    rows: usize,
    filled: Vec<FilledJson<'a>>,
    warnings: Vec<WarningJson<'a>>,
}

#[derive(Debug, Serialize)]
struct FilledJson<'a> {
    column: &'a str,
    cells: u64,
}

pub(crate) fn run(args: &ImputeArgs, session: &Session) -> Result<Exit> {
    one_stdin(&[Some(&args.model), Some(&args.data)])?;
    let json = session.json(Some(&args.out))?;
    let model = model_file::load(&args.model)?;
    let reading = job::read_incomplete(&args.data, model.schema(), session.progress())?;
    let to_file = args.out.as_os_str() != "-";
    // That the file can be written is to be known before the work; how its columns are spelled may depend on the work.
    let trial =
        to_file.then(|| Writer::create(&args.out, args.format, reading.table.schema())).transpose()?;
    let imputed = model.impute(&reading.table, &session.context())?;
    drop(trial);
    let mut writer = Writer::create(&args.out, args.format, imputed.table.schema())?;
    writer.write(&imputed.table)?;
    writer.finish()?;

    let names = imputed.table.schema().columns.iter().map(|column| column.name.as_str());
    let filled: Vec<FilledJson> = names
        .zip(&imputed.filled)
        .filter(|(_, cells)| **cells > 0)
        .map(|(column, &cells)| FilledJson { column, cells })
        .collect();
    let rows = imputed.table.n_rows();
    if to_file {
        let cells = plural(filled.iter().map(|column| column.cells).sum(), "cell");
        writeln!(session.out(), "{}: {}, {cells} filled", args.out.display(), plural(rows as u64, "row"))
            .map_err(Failure::Output)?;
    }
    session.note(&summary(&filled));
    let mut warnings = reading.warnings;
    warnings.extend(imputed.warnings);
    session.warn(&warnings);
    json.write(&ImputeJson { file: &args.out, rows, filled, warnings: warnings_json(&warnings) })?;
    Ok(Exit::Fine)
}

/// How many cells of which columns were filled, in one line.
fn summary(filled: &[FilledJson<'_>]) -> String {
    if filled.is_empty() {
        return "no cell that the model could fill is missing: the rows are written as they are".to_owned();
    }
    let mut parts: Vec<String> =
        filled.iter().take(NAMED).map(|one| format!("{:?} {}", one.column, one.cells)).collect();
    if filled.len() > NAMED {
        parts.push(plural((filled.len() - NAMED) as u64, "more column"));
    }
    format!("filled cells: {}", parts.join(", "))
}
