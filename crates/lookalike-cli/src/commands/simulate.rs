//! `lookalike simulate`

use std::path::PathBuf;

use clap::Args;
use lookalike::FileFormat;
use lookalike::simulate::{self, Simulating};
use serde::Serialize;

use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::reading::format;
use crate::session::Session;
use crate::text::plural;

const EXAMPLES: &str = "\
Examples:
  lookalike simulate schema.toml -n 10000 -o rows.csv
  What a schema file looks like:
    [columns.age]
    type = \"normal\"
    mean = 45
    sd = 16
    min = 0
    decimals = 0
    [columns.income]
    type = \"log-normal\"
    median = \"20000 + 400 * age\"
    sigma = 0.5
    missing = 0.05
  One from real data, statistics only, to be edited and shared:
    lookalike inspect patients.csv --emit-schema schema.toml
  Scenarios, with a column that says what was done:
    lookalike simulate schema.toml -n 10000 -o rows.csv --dial 'missing income 0.2' \\
      --dial 'outliers income 0.01 factor=20' --truth what

There is no training data: everything is in the file. docs/simulate.md is its reference, and the folder examples has
complete ones. The same seed gives the same rows, and a shorter sample is the beginning of a longer one.";

/// Draw rows from a schema file alone, without any data
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct SimulateArgs {
    /// The schema file (TOML)
    schema: PathBuf,
    /// How many rows; of several tables, how many of those without a parent [default: what the file says]
    #[arg(long = "number", short = 'n', value_name = "ROWS")]
    number: Option<u64>,
    /// The file for the rows: .csv, .tsv, .jsonl, .parquet or .arrow, also with .gz or .zst; - is standard output; a
    /// folder where the schema has several tables
    #[arg(long, short, value_name = "FILE", default_value = "-")]
    out: PathBuf,
    /// A change of the rows, such as 'missing income 0.05'; may repeat
    #[arg(long = "dial", value_name = "DIAL")]
    dials: Vec<String>,
    /// Add a column of this name that says which dials changed a row
    #[arg(long, value_name = "NAME")]
    truth: Option<String>,
    /// The format to write: csv, tsv, jsonl, parquet or arrow [default: what the file's name says, or csv]
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    format: Option<FileFormat>,
}

#[derive(Debug, Serialize)]
struct SimulateJson<'a> {
    files: Vec<FileJson<'a>>,
}

#[derive(Debug, Serialize)]
struct FileJson<'a> {
    file: &'a PathBuf,
    rows: u64,
}

pub(crate) fn run(args: &SimulateArgs, session: &Session) -> Result<Exit> {
    let json = session.json(Some(&args.out))?;
    let simulation = simulate::read(&args.schema)?;
    let rows = args
        .number
        .or(simulation.rows())
        .ok_or_else(|| Failure::options("say how many rows: -n ROWS, or `rows` in the schema"))?;
    let to_stdout = args.out.as_os_str() == "-";
    if to_stdout && simulation.tables().len() > 1 {
        return Err(Failure::options("several tables do not go to standard output; give a folder with -o"));
    }
    let options = Simulating {
        rows,
        out: args.out.clone(),
        format: args.format,
        dials: simulate::dials(&args.dials)?,
        truth: args.truth.clone(),
    };
    let files = simulate::simulate(&simulation, &options, &session.context())
        .map_err(|error| error.in_schema(&args.schema))?;
    if !to_stdout {
        for (path, rows) in &files {
            writeln!(session.out(), "{}: {}", path.display(), plural(*rows, "row"))
                .map_err(Failure::Output)?;
        }
    }
    json.write(&SimulateJson {
        files: files.iter().map(|(file, rows)| FileJson { file, rows: *rows }).collect(),
    })?;
    Ok(Exit::Fine)
}
