//! `lookalike report`

use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args};
use lookalike::report::{Options, model_card, privacy_statement, render};
use lookalike::{OutputFile, record};

use crate::exit::Exit;
use crate::failure::Result;
use crate::session::Session;

const EXAMPLES: &str = "\
Examples:
  lookalike evaluate --real train.csv --holdout holdout.csv --synthetic synthetic.csv \\
      --report report.html --json scores.json
  lookalike report scores.json -o shared.html --shareable
  lookalike report lookalike-demo/evaluation.json --record lookalike-demo/run.json -o report.html \\
      --model-card model-card.md --privacy-statement privacy-statement.md

A report is one file that loads nothing and can be read without scripts. It draws what the evaluation holds: one that was
made with --report or by `run` holds how columns are spread. --shareable leaves all of that out, and keeps names of
columns and figures about the tables as wholes. --record adds what the run took of time and memory.

The model card and the privacy statement are Markdown: they say what was tested and what was not, and leave room for what
only people know, and for the name of who reviewed them.";

/// Make a report of an evaluation, for people
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[command(group(ArgGroup::new("documents").required(true).multiple(true).args(["out", "model_card", "privacy_statement"])))]
#[command(group(ArgGroup::new("with_cost").multiple(true).args(["out", "model_card"])))]
pub(crate) struct ReportArgs {
    /// What `evaluate --json` wrote, or evaluation.json of `run`
    evaluation: PathBuf,
    /// The report, an HTML page
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Leave out how real values are spread, values of rows and names of files
    #[arg(long, requires = "out")]
    shareable: bool,
    /// What the run cost, to be shown too on the page and the model card: run.json of `run`
    #[arg(long, value_name = "FILE", requires = "with_cost")]
    record: Option<PathBuf>,
    /// A model card to complete, in Markdown
    #[arg(long, value_name = "FILE")]
    model_card: Option<PathBuf>,
    /// A privacy statement to complete, in Markdown
    #[arg(long, value_name = "FILE")]
    privacy_statement: Option<PathBuf>,
}

pub(crate) fn run(args: &ReportArgs, session: &Session) -> Result<Exit> {
    session.no_json("report")?;
    let create = |path: &Option<PathBuf>| path.as_deref().map(OutputFile::create).transpose();
    let (page, card, statement) =
        (create(&args.out)?, create(&args.model_card)?, create(&args.privacy_statement)?);
    let evaluation = record::read(&args.evaluation)?;
    let cost = args.record.as_deref().map(record::read_run).transpose()?;
    let options = Options { shareable: args.shareable, record: cost.as_ref() };
    write(page, || render(&evaluation, options))?;
    write(card, || model_card(&evaluation, cost.as_ref()))?;
    write(statement, || privacy_statement(&evaluation))?;
    for path in [&args.out, &args.model_card, &args.privacy_statement].into_iter().flatten() {
        if path.as_path() != Path::new("-") {
            session.note(&format!("wrote {}", path.display()));
        }
    }
    Ok(Exit::Fine)
}

/// Writes what is asked for.
fn write(file: Option<OutputFile>, text: impl Fn() -> String) -> Result<()> {
    let Some(mut file) = file else { return Ok(()) };
    record::write_text(&mut file, &text())?;
    Ok(file.finish()?)
}
