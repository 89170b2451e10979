//! `lookalike split`

use std::path::PathBuf;

use clap::Args;
use lookalike::{Context, OutputFolder, Split, SplitOptions, Table, Writer, job};
use serde::Serialize;

use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::reading::{ReadArgs, read};
use crate::session::{Session, WarningJson, warnings_json};
use crate::text::plural;

const EXAMPLES: &str = "\
Examples:
  A fifth of the rows, at random:
    lookalike split patients.csv --share 0.2 -o parts
  All visits of a patient on one side:
    lookalike split visits.csv --share 0.2 --by patient_id -o parts
  Pictures in a folder, into two folders:
    lookalike split digits/ --share 0.2 -o parts
  The latest tenth, to see whether the past tells the future:
    lookalike split sales.parquet --share 0.1 --time day -o parts

Both files have the rows in their original order and are written like the file they come from. With --by and --time,
those units are held out that begin latest, so no row of the holdout lies before the cut. Rows with an empty --by are
units of their own; rows with an empty --time go into train.";

/// Divide a table into train and holdout
///
/// Learn from train and judge with holdout: what a model does to rows that it never saw tells what it learned.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct SplitArgs {
    /// The table; - is standard input
    file: PathBuf,
    /// The share of rows that goes into the holdout, between 0 and 1
    #[arg(long, value_name = "SHARE")]
    share: f64,
    /// The folder for train and holdout; it is created if need be
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,
    /// The column whose values stay whole on one side, such as a patient
    #[arg(long, value_name = "COLUMN")]
    by: Option<String>,
    /// The column that says when: the latest rows go into the holdout
    #[arg(long, value_name = "COLUMN")]
    time: Option<String>,
    #[command(flatten)]
    reading: ReadArgs,
}

#[derive(Debug, Serialize)]
struct Side {
    file: PathBuf,
    rows: usize,
}

#[derive(Debug, Serialize)]
struct SplitJson<'a> {
    train: Side,
    holdout: Side,
    warnings: Vec<WarningJson<'a>>,
}

pub(crate) fn run(args: &SplitArgs, session: &Session) -> Result<Exit> {
    let json = session.json(None)?;
    let _folder = OutputFolder::create(&args.out)?;
    let (reading, mut warnings) = read(&args.file, &args.reading, session.progress())?;
    let sides =
        divide(&reading.table, args.share, args.by.as_deref(), args.time.as_deref(), session.context())?;

    let create = |name: &str| -> Result<(PathBuf, Writer)> {
        let path = args.out.join(job::written_like(&args.file, name, reading.table.schema()));
        let writer = Writer::create(&path, None, reading.table.schema())?;
        Ok((path, writer))
    };
    let (train_path, mut train) = create("train")?;
    let (holdout_path, mut holdout) = create("holdout")?;
    train.write(&reading.table.take(&sides.train))?;
    holdout.write(&reading.table.take(&sides.holdout))?;
    train.finish()?;
    holdout.finish()?;

    let mut out = session.out();
    for (path, rows) in [(&train_path, sides.train.len()), (&holdout_path, sides.holdout.len())] {
        writeln!(out, "{}: {}", path.display(), plural(rows as u64, "row")).map_err(Failure::Output)?;
    }
    warnings.extend(sides.warnings);
    session.warn(&warnings);
    json.write(&SplitJson {
        train: Side { file: train_path, rows: sides.train.len() },
        holdout: Side { file: holdout_path, rows: sides.holdout.len() },
        warnings: warnings_json(&warnings),
    })?;
    Ok(Exit::Fine)
}

/// Divides a table by the names of columns.
pub(super) fn divide(
    table: &Table,
    share: f64,
    by: Option<&str>,
    time: Option<&str>,
    context: Context<'_>,
) -> Result<Split> {
    let index = |name: Option<&str>| name.map(|name| table.schema().index_of(name)).transpose();
    let options = SplitOptions { share, by: index(by)?, time: index(time)? };
    Ok(lookalike::split(table, &options, context.seed)?)
}
