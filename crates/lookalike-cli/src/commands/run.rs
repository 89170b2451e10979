//! `lookalike run`

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use lookalike::{Outcome, Plan, RunRecord, job};
use serde::Serialize;

use crate::commands::evaluate;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::session::{Session, WarningJson, warnings_json, width};
use crate::text::{plural, wrap};

const EXAMPLES: &str = "\
Examples:
  lookalike run plan.toml

A plan says the whole job in one file. Only the input's file is needed:

  seed = 7                        # --seed overrules it

  [input]
  file = \"patients.csv\"           # relative to the plan
  columns = { zip = \"categorical\" }
  # holdout = \"later.csv\"         # instead of dividing; also: schema, sheet, missing

  [split]
  share = 0.2                     # also: by, time; by is the unit unless it is said

  [fit]
  target = \"outcome\"
  unit = \"patient_id\"
  protect = 5                     # or \"none\"; also: condition-on, constraints-file
  constraints = [\"admitted <= discharged\"]

  [synthesizer.forest]            # the method and its options
  effort = \"default\"

  [sample]
  rows = 10000                    # as many as were learned from unless it is said; also: where, low-discrepancy

  [evaluate]
  min = { trend = 0.9 }           # gates: exit code 1 when a score misses its mark
  max = { dcr-share = 0.55 }

  [output]
  folder = \"out\"                  # for train, holdout, model, synthetic and scores";

/// Do the whole job as a plan says
///
/// Reads, divides, learns, samples, judges, and writes all of it into a folder.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct RunArgs {
    /// The plan
    plan: PathBuf,
}

#[derive(Debug, Serialize)]
struct FileJson<'a> {
    what: &'static str,
    file: &'a PathBuf,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<u64>,
}

#[derive(Debug, Serialize)]
struct RunJson<'a> {
    files: Vec<FileJson<'a>>,
    evaluation: &'a lookalike::Evaluation,
    warnings: Vec<WarningJson<'a>>,
}

pub(crate) fn run(args: &RunArgs, session: &Session) -> Result<Exit> {
    let mut plan = Plan::read(&args.plan)?;
    plan.seed = session.seed.unwrap_or(plan.seed);
    execute(&plan, session)
}

/// Runs a plan and shows what came of it.
pub(super) fn execute(plan: &Plan, session: &Session) -> Result<Exit> {
    let json = session.json(None)?;
    let outcome = job::run(plan, session.progress())?;
    let mut out = session.out();
    evaluate::show(&outcome.evaluation, &mut out).map_err(Failure::Output)?;
    show_files(&outcome, &mut out).map_err(Failure::Output)?;
    write!(out, "{}", wrap(&cost(&outcome.record), "", width())).map_err(Failure::Output)?;
    session.warn(&outcome.warnings);
    json.write(&RunJson {
        files: outcome
            .files
            .iter()
            .map(|file| FileJson { what: file.what, file: &file.path, rows: file.rows })
            .collect(),
        evaluation: &outcome.evaluation,
        warnings: warnings_json(&outcome.warnings),
    })?;
    Ok(evaluate::exit(&outcome.evaluation.gates))
}

/// What a run took, in a line.
fn cost(record: &RunRecord) -> String {
    let phases: Vec<String> =
        record.phases.iter().map(|phase| format!("{} {:.1} s", phase.phase, phase.wall_seconds)).collect();
    let mut text = format!("cost: {}", phases.join(", "));
    if let Some(seconds) = record.cpu_seconds() {
        let _ =
            write!(text, "; {seconds:.1} processor seconds on {}", plural(record.threads as u64, "thread"));
    }
    if let Some(bytes) = record.peak_memory_bytes {
        let _ = write!(text, "; {:.0} MB of memory at most", bytes as f64 / 1e6);
    }
    let _ = write!(text, "; model of {:.2} MB", record.model_bytes as f64 / 1e6);
    text
}

fn show_files(outcome: &Outcome, out: &mut dyn std::io::Write) -> std::io::Result<()> {
    writeln!(out)?;
    for file in &outcome.files {
        let rows = file.rows.map(|rows| format!(" ({})", plural(rows, "row"))).unwrap_or_default();
        writeln!(out, "{:<10} {}{rows}", file.what, file.path.display())?;
    }
    Ok(())
}
