//! `lookalike evaluate`

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use console::Style;
use lookalike::evaluate::{LaysOpen, Measurement, Wanted, all_metrics};
use lookalike::plan::{Fitting, Gates};
use lookalike::report::{Options, render};
use lookalike::{Bound, Copying, Evaluation, Gate, GateResult, Judging, OutputFile, job, record};
use serde::Serialize;

use crate::commands::explain::better;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::reading::{ReadArgs, one_stdin, read};
use crate::session::{Session, WarningJson, warnings_json, width};
use crate::text::{GridColumn, ellipsis, grid, plural, printable, wrap};

const EXAMPLES: &str = "\
Examples:
  lookalike evaluate --real train.csv --holdout holdout.csv --synthetic synthetic.csv --target outcome
  Fail (exit code 1) when a score misses its mark:
    lookalike evaluate --real train.csv --holdout holdout.csv --synthetic synthetic.csv \\
      --min trend=0.97 --max dcr-share=0.55
  All scores, and what one of them means:
    lookalike evaluate --real train.csv --synthetic synthetic.csv --all
    lookalike explain wnmis
  A report for people, with all scores and charts, as one HTML file:
    lookalike evaluate --real train.csv --holdout holdout.csv --synthetic synthetic.csv \\
      --report report.html
  For a program to read:
    lookalike evaluate --real train.csv --synthetic synthetic.csv --json - | jq .evaluation

--real is what the model learned from. --holdout is rows of the same source that it did not see: without them most
questions stay open. Any tool's output can be judged. Columns are matched by name, in any order: one that the
synthetic table lacks scores 0 in shape and trend, one that it has besides is not looked at, and a warning names both.
Each score stands beside its floor, which is what real rows reach (the holdout in the place of the synthetic table),
and beside a baseline whose columns are right one by one and have nothing to do with each other. `lookalike explain
SCORE` says what a score means.

Finding no copies is not evidence of privacy, and synthetic data derived from personal data may remain personal data.";

/// Judge a synthetic table
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct EvaluateArgs {
    /// The table that was learned from
    #[arg(long, value_name = "FILE")]
    real: PathBuf,
    /// Rows of the same source that nothing was learned from
    #[arg(long, value_name = "FILE")]
    holdout: Option<PathBuf>,
    /// The look-alike
    #[arg(long, value_name = "FILE")]
    synthetic: PathBuf,
    /// The column that one wants to predict
    #[arg(long, value_name = "COLUMN")]
    target: Option<String>,
    /// The column that names whom rows belong to, such as a patient: the two-sample test keeps them together
    #[arg(long, value_name = "COLUMN")]
    unit: Option<String>,
    /// A score and the least that it must be; may repeat
    #[arg(long, value_name = "SCORE=X", value_parser = bound)]
    min: Vec<(String, f64)>,
    /// A score and the most that it may be; may repeat
    #[arg(long, value_name = "SCORE=X", value_parser = bound)]
    max: Vec<(String, f64)>,
    /// Find out all scores, not only those that tell most
    #[arg(long, conflicts_with = "scores")]
    all: bool,
    /// Find out these scores only, such as trend,wnmis; `lookalike explain` lists them
    #[arg(long, value_name = "SCORES", value_delimiter = ',')]
    scores: Vec<String>,
    /// Also write a report with charts, and find out all scores unless --scores says which; --json then holds the charts
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Show some real rows in the report
    #[arg(long, requires = "report", conflicts_with = "shareable")]
    show_rows: bool,
    /// Leave out of the report how real values are spread
    #[arg(long, requires = "report")]
    shareable: bool,
    #[command(flatten)]
    reading: ReadArgs,
}

impl EvaluateArgs {
    /// How much of the real tables the report may lay open, if there is one.
    fn exhibits(&self) -> Option<LaysOpen> {
        self.report.as_ref()?;
        Some(match (self.shareable, self.show_rows) {
            (true, _) => LaysOpen::Figures,
            (false, true) => LaysOpen::Rows,
            (false, false) => LaysOpen::Distributions,
        })
    }

    /// Where the tables come from.
    fn files(&self) -> Vec<(&str, &Path)> {
        let mut files = vec![("training", self.real.as_path()), ("synthetic", self.synthetic.as_path())];
        files.extend(self.holdout.as_deref().map(|path| ("holdout", path)));
        files
    }
}

#[derive(Debug, Serialize)]
struct EvaluateJson<'a> {
    evaluation: &'a Evaluation,
    gates: &'a [GateResult],
    warnings: Vec<WarningJson<'a>>,
}

pub(crate) fn run(args: &EvaluateArgs, session: &Session) -> Result<Exit> {
    let gates = gates(args)?;
    one_stdin(&[Some(&args.real), args.holdout.as_ref(), Some(&args.synthetic)])?;
    let json = session.json(args.report.as_deref())?;
    let report = args.report.as_deref().map(OutputFile::create).transpose()?;
    let (real, mut warnings) = read(&args.real, &args.reading, session.progress())?;
    let schema = real.table.schema();
    let fitting = Fitting { target: args.target.clone(), unit: args.unit.clone(), ..Fitting::default() };
    let roles = job::roles(&fitting, schema)?;
    let holdout = match &args.holdout {
        Some(path) => {
            let holdout = job::read_common(path, schema, session.progress())?;
            warnings.extend(job::warn_of_columns(&holdout, "the holdout"));
            warnings.extend(job::warn_of_invalid(&holdout));
            Some(holdout)
        }
        None => None,
    };
    let synthetic = job::read_common(&args.synthetic, schema, session.progress())?;
    warnings.extend(job::warn_of_columns(&synthetic, "the synthetic table"));
    warnings.extend(job::warn_of_invalid(&synthetic));
    let judging = Judging {
        holdout: holdout.as_ref().map(|reading| &reading.table),
        roles,
        invalid: &synthetic.invalid,
        unread_of_holdout: holdout.as_ref().map_or(&[], |reading| &reading.extra),
        unread_of_synthetic: &synthetic.extra,
        wanted: wanted(args, &gates)?,
        exhibits: args.exhibits(),
        ..Judging::new(&real.table, &synthetic.table)
    };
    let mut evaluation = lookalike::judge(&judging, &session.context())?;
    evaluation.provenance = Some(record::of_files(&args.files(), &warnings));
    if let Some(mut report) = report {
        record::write_text(&mut report, &render(&evaluation, Options { shareable: args.shareable }))?;
        report.finish()?;
    }
    let results: Vec<GateResult> = gates.iter().map(|gate| gate.check(&evaluation)).collect();
    show(&evaluation, &results, &mut session.out()).map_err(Failure::Output)?;
    session.warn(&warnings);
    json.write(&EvaluateJson {
        evaluation: &evaluation,
        gates: &results,
        warnings: warnings_json(&warnings),
    })?;
    Ok(exit(&results))
}

/// Which scores to find out: those asked for and those that gates need.
fn wanted(args: &EvaluateArgs, gates: &[Gate]) -> Result<Wanted> {
    let known = all_metrics();
    if let Some(name) = args.scores.iter().find(|name| known.iter().all(|metric| metric.name != **name)) {
        return Err(Failure::options(format!(
            "there is no score {name:?}; `lookalike explain` lists all of them"
        )));
    }
    let wanted = match (args.all || args.report.is_some(), args.scores.is_empty()) {
        (_, false) => Wanted::These(args.scores.clone()),
        (true, true) => Wanted::All,
        (false, true) => Wanted::Headline,
    };
    Ok(wanted.and(gates.iter().map(|gate| gate.score.as_str())))
}

fn gates(args: &EvaluateArgs) -> Result<Vec<Gate>> {
    let collect = |bounds: &[(String, f64)]| -> Result<BTreeMap<String, f64>> {
        let map: BTreeMap<String, f64> = bounds.iter().cloned().collect();
        if map.len() < bounds.len() {
            return Err(Failure::options("a score has two bounds of the same sort; give each once"));
        }
        Ok(map)
    };
    Ok(Gate::all(&Gates { min: collect(&args.min)?, max: collect(&args.max)? })?)
}

/// How the program ends after these gates.
pub(super) fn exit(gates: &[GateResult]) -> Exit {
    if gates.iter().all(|gate| gate.passed) { Exit::Fine } else { Exit::GateFailed }
}

fn bound(text: &str) -> std::result::Result<(String, f64), String> {
    let wrong = || "write SCORE=X, such as trend=0.97".to_owned();
    let (score, number) = text.split_once('=').ok_or_else(wrong)?;
    let number = number.parse().map_err(|_| wrong())?;
    Ok((score.to_owned(), number))
}

/// Shows an evaluation to people.
pub(super) fn show(evaluation: &Evaluation, gates: &[GateResult], out: &mut dyn Write) -> io::Result<()> {
    let width = width();
    let rows = evaluation.rows;
    let holdout =
        rows.holdout.map_or_else(String::new, |rows| format!(", {} held out", plural(rows as u64, "row")));
    let head = format!(
        "{} judged by {}{holdout}",
        plural(rows.synthetic as u64, "synthetic row"),
        plural(rows.train as u64, "training row")
    );
    write!(out, "{}", wrap(&head, "", width))?;
    if let Some(target) = &evaluation.target {
        write!(out, "{}", wrap(&format!("to predict: {}", printable(target)), "", width))?;
    }
    writeln!(out)?;

    let columns = [
        GridColumn { title: "score", right: false, widest: 24 },
        GridColumn { title: "value", right: true, widest: 9 },
        GridColumn { title: "floor", right: true, widest: 9 },
        GridColumn { title: "baseline", right: true, widest: 9 },
        GridColumn { title: "better", right: false, widest: 10 },
        GridColumn { title: "what it is", right: false, widest: 60 },
    ];
    let cells: Vec<Vec<String>> = evaluation.metrics.iter().map(cells).collect();
    write!(out, "{}", grid(&columns, &cells, width, ellipsis()))?;
    let more = all_metrics().len() - evaluation.metrics.len();
    if more > 0 {
        let note = format!("{} more: --all of `lookalike evaluate`", plural(more as u64, "score"));
        write!(out, "{}", wrap(&note, "", width))?;
    }
    writeln!(out)?;
    let legend = "floor: what real rows reach (the holdout in the place of the synthetic rows); baseline: columns that \
                  are right one by one and have nothing to do with each other";
    write!(out, "{}", wrap(legend, "", width))?;

    let copying = match Copying::of(evaluation) {
        Copying::NotTested => None,
        Copying::NoEvidence => Some(
            "We found no evidence of copying under these tests. That is not evidence of privacy.".to_owned(),
        ),
        Copying::Evidence(scores) => Some(format!(
            "We found evidence of copying: {} is worse than chance explains.",
            scores.join(" and ")
        )),
    };
    if let Some(sentence) = copying {
        writeln!(out)?;
        write!(out, "{}", wrap(&sentence, "", width))?;
    }
    list(out, "Could not tell:", &evaluation.could_not_tell, width)?;
    let left_out: Vec<String> = evaluation
        .left_out
        .iter()
        .map(|left| format!("column {:?} is left out: {}", left.column, left.reason))
        .collect();
    let notes: Vec<String> = evaluation.notes.iter().cloned().chain(left_out).collect();
    list(out, "Notes:", &notes, width)?;
    show_gates(gates, out)
}

fn list(out: &mut dyn Write, title: &str, items: &[String], width: usize) -> io::Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{title}")?;
    for item in items {
        write!(out, "{}", wrap(&format!("- {}", printable(item)), "  ", width))?;
    }
    Ok(())
}

fn show_gates(gates: &[GateResult], out: &mut dyn Write) -> io::Result<()> {
    if gates.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nGates:")?;
    for gate in gates {
        let (sign, bound) = match gate.bound {
            Bound::Min(bound) => (">=", bound),
            Bound::Max(bound) => ("<=", bound),
        };
        let (style, word) = if gate.passed {
            (Style::new().green(), "passed")
        } else {
            (Style::new().red().bold(), "FAILED")
        };
        let value =
            gate.value.map_or_else(|| "could not be told".to_owned(), |value| format!("is {value:.4}"));
        writeln!(out, "  {}  {} {sign} {bound}: {value}", style.apply_to(word), gate.score)?;
    }
    Ok(())
}

fn cells(measurement: &Measurement) -> Vec<String> {
    let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.4}"));
    vec![
        measurement.name.clone(),
        number(measurement.value),
        number(measurement.floor),
        number(measurement.baseline),
        better(measurement.goal),
        measurement.title.clone(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_a_score_and_a_number() {
        assert_eq!(bound("trend=0.97"), Ok(("trend".to_owned(), 0.97)));
        for text in ["trend", "trend=", "trend=high", "=0.5x"] {
            assert!(bound(text).is_err(), "{text}");
        }
    }
}
