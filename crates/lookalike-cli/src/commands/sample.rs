//! `lookalike sample`

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use lookalike::image::Image;
use lookalike::{
    AnyModel, Condition, FileFormat, OutputFile, SampleRequest, Warning, Writer, conditions, job, model_file,
    pictures, simulate,
};
use serde::Serialize;

use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::reading::{format, one_stdin};
use crate::session::{JsonResult, Session, WarningJson, warnings_json};
use crate::text::plural;

const EXAMPLES: &str = "\
Examples:
  lookalike sample patients.model -n 10000 -o synthetic.csv
  Only rows that fulfil conditions, all of them exactly:
    lookalike sample patients.model -n 500 --where 'age>=65' --where sex=female -o older.csv
  Complete rows: a file with some of the columns, or with empty cells:
    lookalike sample patients.model --like partial.csv -o completed.csv
  Rows that resemble given ones, ten around each of a hundred (methods vae and tvae):
    lookalike sample patients.model --around rare.csv -n 1000 -o more.csv
  A billion rows in parts, on as many machines as you like:
    lookalike sample patients.model --rows 0..500000000 -o first.parquet
    lookalike sample patients.model --rows 500000000..1000000000 -o second.parquet
  A small sample whose columns are distributed as evenly as can be:
    lookalike sample patients.model -n 512 --low-discrepancy -o excerpt.csv
  A scenario: cells that go missing, and a column that says which:
    lookalike sample patients.model -n 1000 --dial 'missing income 0.1' --truth what -o gaps.csv
  Pictures of one class, to look at; and many of all classes, each in its class's folder:
    lookalike sample digits.model -n 25 --where label=3 --grid threes.png
    lookalike sample digits.model -n 10000 -o new/ --grid some.png
  Ways from one picture to another, and what the latent numbers of an autoencoder do:
    lookalike sample digits.model -n 5 --interpolate 9 --grid ways.png
    lookalike sample vae.model -n 8 --traverse 9 --grid numbers.png
  Another sample, and a look at it:
    lookalike sample patients.model -n 5 --seed 2 -o -

The same seed gives the same rows; a shorter sample is the beginning of a longer one. A condition is NAME OPERATOR VALUE
without blanks around the operator; the operator is the leftmost, longest of = != <= >= < >, and everything after it is
the value, so income=>50K means that income is \">50K\". NAME= means that the value is missing. Rows go to the file as
they are drawn: memory does not grow with their number.";

/// Pictures of a grid at most.
const SHOWN: usize = 400;

/// Draw rows from a model
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct SampleArgs {
    /// The model
    model: PathBuf,
    /// How many rows
    #[arg(long = "number", short = 'n', value_name = "ROWS", conflicts_with = "rows")]
    number: Option<u64>,
    /// The file for the rows: .csv, .tsv, .jsonl, .parquet or .arrow, also with .gz or .zst; - is standard output. Pictures
    /// go into a folder, or a file whose name ends in .idx, ubyte or .npy
    #[arg(long, short, value_name = "FILE", required_unless_present = "grid")]
    out: Option<PathBuf>,
    /// Pictures side by side, as a PNG file; of more than 400 the first ones
    #[arg(long, value_name = "FILE")]
    grid: Option<PathBuf>,
    /// Instead of rows, show in --grid as many ways from one picture to another, each in so many steps
    #[arg(long, value_name = "STEPS", requires = "grid", conflicts_with_all = ["out", "traverse", "like", "around", "dials"])]
    interpolate: Option<usize>,
    /// Instead of rows, show in --grid what each latent number of an autoencoder of pictures does, in so many steps
    #[arg(long, value_name = "STEPS", requires = "grid", conflicts_with_all = ["out", "like", "around", "dials"])]
    traverse: Option<usize>,
    /// A condition that every row fulfils, such as age>=65; may repeat
    #[arg(long = "where", value_name = "CONDITION", allow_hyphen_values = true)]
    conditions: Vec<String>,
    /// Rows to complete: a table with some of the columns, or with empty cells; - is standard input
    #[arg(long, value_name = "FILE")]
    like: Option<PathBuf>,
    /// Rows to draw others around, one around each in turn: a table with some of the columns (methods vae and tvae)
    #[arg(long, value_name = "FILE")]
    around: Option<PathBuf>,
    /// Only rows A to B (not B itself) of the endless table that the seed stands for
    #[arg(long, value_name = "A..B", value_parser = range)]
    rows: Option<Range<u64>>,
    /// Spread rows evenly over what the model knows, rather than draw each for itself: nearer to it in small samples
    #[arg(long)]
    low_discrepancy: bool,
    /// A change of the rows, such as 'missing income 0.05' (docs/simulate.md); may repeat
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
struct SampleJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grid: Option<&'a PathBuf>,
    rows: u64,
    warnings: Vec<WarningJson<'a>>,
}

pub(crate) fn run(args: &SampleArgs, session: &Session) -> Result<Exit> {
    one_stdin(&[Some(&args.model), args.like.as_ref(), args.around.as_ref()])?;
    let json = session.json(args.out.as_deref())?;
    let model = model_file::load(&args.model)?;
    let schema = Arc::new(model.schema().clone());
    let conditions = conditions::resolve(&args.conditions, &[], &model, &session.context())?;
    let partial = |path: &PathBuf| job::read_partial(path, &schema, session.progress());
    let like = args.like.as_ref().map(partial).transpose()?;
    let around = args.around.as_ref().map(partial).transpose()?;
    let rows = match (&args.rows, args.number, like.as_ref().or(around.as_ref())) {
        (Some(rows), _, _) => rows.clone(),
        (None, Some(number), _) => 0..number,
        (None, None, Some(given)) => 0..given.n_rows() as u64,
        (None, None, None) => return Err(Failure::options("say how many rows: -n ROWS, or --rows A..B")),
    };
    let count = rows.end - rows.start;
    let context = session.context();
    if let Some(grid) = args.grid.as_ref().filter(|_| args.interpolate.or(args.traverse).is_some()) {
        return ways(args, &model, (rows, conditions), grid, (session, json));
    }
    let dials = simulate::turn(&simulate::dials(&args.dials)?, args.truth.as_deref(), &schema, &context)?;
    let first = rows.start;
    // Where rows are left out, more of them have to be drawn.
    let end = if dials.selects() { simulate::ENDLESS } else { rows.end };
    let rows = dials.start(first)..end;
    let request = SampleRequest { rows, conditions, like, around, low_discrepancy: args.low_discrepancy };
    // What the model cannot do is to be known before standard output gets its first line.
    let sampler = model.sample(&request, &context)?;
    if args.grid.is_some() && schema.image_column().is_none() {
        return Err(Failure::options("--grid shows pictures, and this is a model of a table"));
    }
    let out = args.out.as_ref();
    let create = |path: &PathBuf| Writer::create_from(path, args.format, dials.schema(), first);
    let mut writer = out.map(create).transpose()?;
    let grid = args.grid.as_deref().map(OutputFile::create).transpose()?;
    let mut warnings: Vec<Warning> = sampler.warnings().to_vec();
    warnings.extend(writer.iter().flat_map(Writer::warnings));
    let mut shown = Vec::new();
    simulate::each(&dials, sampler, first, count, |batch| {
        if args.grid.is_some() && shown.len() < SHOWN {
            shown.extend(pictures::pictures(batch)?);
        }
        writer.as_mut().map_or(Ok(()), |writer| writer.write(batch))
    })?;
    if let Some(writer) = writer {
        writer.finish()?;
    }
    if let Some(grid) = grid {
        shown.truncate(SHOWN);
        show(&shown, shown.len().isqrt().max(1), grid, session)?;
    }
    if let Some(out) = out.filter(|out| out.as_os_str() != "-") {
        writeln!(session.out(), "{}: {}", out.display(), plural(count, "row")).map_err(Failure::Output)?;
    }
    session.warn(&warnings);
    let grid = args.grid.as_ref();
    json.write(&SampleJson { file: out, grid, rows: count, warnings: warnings_json(&warnings) })?;
    Ok(Exit::Fine)
}

/// Writes pictures side by side, and says so.
fn show(shown: &[Image], columns: usize, file: OutputFile, session: &Session) -> Result<()> {
    let path = file.path().to_owned();
    pictures::write_grid(shown, columns, file)?;
    writeln!(session.out(), "{}: {}", path.display(), plural(shown.len() as u64, "picture"))
        .map_err(Failure::Output)
}

/// Shows ways through what a model of pictures knows.
fn ways(
    args: &SampleArgs,
    model: &AnyModel,
    (rows, conditions): (Range<u64>, Vec<Condition>),
    grid: &PathBuf,
    (session, json): (&Session, JsonResult),
) -> Result<Exit> {
    let file = OutputFile::create(grid)?;
    let context = session.context();
    let count = rows.end - rows.start;
    let (shown, steps) = if let Some(steps) = args.interpolate {
        // Each way has two ends.
        let rows = rows.start..rows.start + 2 * count;
        let request = SampleRequest { rows, conditions, ..SampleRequest::default() };
        (pictures::interpolate(model, &request, steps, &context)?, steps)
    } else {
        let steps = args.traverse.unwrap_or_default();
        let request = SampleRequest { rows, conditions, ..SampleRequest::default() };
        (pictures::traverse(model, &request, steps, &context)?, steps)
    };
    show(&shown, steps.max(1), file, session)?;
    json.write(&SampleJson { file: None, grid: Some(grid), rows: shown.len() as u64, warnings: Vec::new() })?;
    Ok(Exit::Fine)
}

fn range(text: &str) -> std::result::Result<Range<u64>, String> {
    let parts = text.split_once("..").and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    match parts {
        Some((from, to)) if from <= to => Ok(from..to),
        Some(_) => Err("A must not be above B".to_owned()),
        None => Err("write A..B, such as 0..1000".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_do_not_run_backwards() {
        assert_eq!(range("5..9"), Ok(5..9));
        assert_eq!(range("5..5"), Ok(5..5));
        for text in ["", "5", "..", "9..5", "a..b", "-1..4", "1...4"] {
            assert!(range(text).is_err(), "{text}");
        }
    }
}
