//! `lookalike evaluate`

mod compare;
mod junit;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use console::Style;
use lookalike::evaluate::{Family, LaysOpen, Measurement, Wanted, all_metrics};
use lookalike::plan::{Fitting, Gates};
use lookalike::report::{Options, render};
use lookalike::{
    Bound, Comparison, Copying, Evaluation, FitOptions, Gate, GateResult, Judging, OutputFile, Reading,
    Verdict, Warning, job, record,
};
use serde::Serialize;

use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::reading::{ConstraintArgs, ReadArgs, one_stdin, read_constrained};
use crate::session::{Session, WarningJson, warnings_json, width};
use crate::text::{GridColumn, ellipsis, grid, plural, printable, wrap};

const EXAMPLES: &str = "\
Examples:
  lookalike evaluate --real train.csv --holdout holdout.csv --synthetic synthetic.csv --target outcome
  Fail (exit code 1) when a score misses its mark:
    lookalike evaluate --real train.csv --holdout holdout.csv --synthetic synthetic.csv \\
      --min trend=0.97 --max dcr-share=0.55 --junit gates.xml
  Several synthetic tables side by side:
    lookalike evaluate --real train.csv --holdout holdout.csv --synthetic forest.csv copula.csv
  All scores, and what one of them means:
    lookalike evaluate --real train.csv --synthetic synthetic.csv --all
    lookalike explain wnmis
  With further draws, so that intervals of utility cover the luck of the draw:
    lookalike evaluate --real train.csv --holdout holdout.csv --synthetic a.csv \\
      --second b.csv --second c.csv --target outcome
  How the groups of a column fare, by their rows and by what models predict:
    lookalike evaluate --real train.csv --holdout holdout.csv --synthetic synthetic.csv \\
      --target outcome --sensitive sex
  A report for people, with all scores and charts, as one HTML file:
    lookalike evaluate --real train.csv --holdout holdout.csv --synthetic synthetic.csv \\
      --report report.html
  Pictures, of which a network learned on others of them tells how alike they are (docs/pictures.md):
    lookalike evaluate --real parts/train --holdout parts/holdout --synthetic new/ --report report.html
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
    /// The look-alike; several are shown side by side
    #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
    synthetic: Vec<PathBuf>,
    /// Another table of the same generator, drawn with another seed; may repeat. The two-sample test learns from the look-alike
    /// and is tested on the first of these, so that balanced or copied rows cannot mislead it. The intervals of tstr and the
    /// scores like it then cover other draws besides other test rows (not other training rows); give two or more, for with
    /// one such an interval is wide
    #[arg(long, value_name = "FILE")]
    second: Vec<PathBuf>,
    /// The column that one wants to predict
    #[arg(long, value_name = "COLUMN")]
    target: Option<String>,
    /// A column whose groups are to fare alike, such as sex: adds the scores of fairness; may repeat
    #[arg(long, value_name = "COLUMN")]
    sensitive: Vec<String>,
    /// The column that names whom rows belong to, such as a patient: the two-sample test keeps them together
    #[arg(long, value_name = "COLUMN")]
    unit: Option<String>,
    /// Columns that an attacker may know of a person, such as age,sex,zip: how much they give away
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    keys: Vec<String>,
    /// A score and the least that it must be; may repeat
    #[arg(long, value_name = "SCORE=X", value_parser = bound)]
    min: Vec<(String, f64)>,
    /// A score and the most that it may be; may repeat
    #[arg(long, value_name = "SCORE=X", value_parser = bound)]
    max: Vec<(String, f64)>,
    /// Write the gates as test reports that build servers read, one case for each gate and file
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Find out all scores, not only those that tell most
    #[arg(long, conflicts_with = "scores")]
    all: bool,
    /// Find out these scores only, such as trend,wnmis; `lookalike explain` lists them
    #[arg(long, value_name = "SCORES", value_delimiter = ',')]
    scores: Vec<String>,
    #[command(flatten)]
    page: ReportFlags,
    /// Find out of every score too what a bootstrap of the training rows reaches, a tool that only copies; takes twice as
    /// long
    #[arg(long)]
    bootstrap: bool,
    #[command(flatten)]
    constraints: ConstraintArgs,
    #[command(flatten)]
    reading: ReadArgs,
}

/// Whether there is to be a report, and what it may show.
#[derive(Debug, Args)]
struct ReportFlags {
    /// Also write a report with charts, and find out all scores unless --scores says which; --json then holds the charts
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Show some real rows in the report
    #[arg(long, requires = "report", conflicts_with = "shareable")]
    show_rows: bool,
    /// Leave out of the report how real values are spread
    #[arg(long, requires = "report")]
    shareable: bool,
}

impl ReportFlags {
    /// How much of the real tables the report may lay open, if there is one.
    fn exhibits(&self) -> Option<LaysOpen> {
        self.report.as_ref()?;
        Some(match (self.shareable, self.show_rows) {
            (true, _) => LaysOpen::Figures,
            (false, true) => LaysOpen::Rows,
            (false, false) => LaysOpen::Distributions,
        })
    }
}

impl EvaluateArgs {
    /// Where the tables come from.
    fn files<'a>(&'a self, synthetic: &'a Path) -> Vec<(&'a str, &'a Path)> {
        let mut files = vec![("training", self.real.as_path()), ("synthetic", synthetic)];
        files.extend(self.holdout.as_deref().map(|path| ("holdout", path)));
        files.extend(self.second.iter().map(|path| ("further synthetic", path.as_path())));
        files
    }
}

/// The result, of one synthetic table or of several.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum EvaluateJson<'a> {
    One { evaluation: &'a Evaluation, warnings: Vec<WarningJson<'a>> },
    Several { evaluations: Vec<JudgedJson<'a>>, comparison: &'a Comparison, warnings: Vec<WarningJson<'a>> },
}

/// What was found out about one of several tables.
#[derive(Debug, Serialize)]
struct JudgedJson<'a> {
    file: &'a str,
    evaluation: &'a Evaluation,
}

/// What all synthetic tables are judged by.
struct Yardstick<'a> {
    real: &'a Reading,
    holdout: Option<&'a Reading>,
    roles: FitOptions,
    keys: Vec<usize>,
    sensitive: Vec<usize>,
    wanted: Wanted,
}

pub(crate) fn run(args: &EvaluateArgs, session: &Session) -> Result<Exit> {
    let gates = gates(args)?;
    if args.junit.is_some() && gates.is_empty() {
        return Err(Failure::options("--junit writes gates, and there are none; give --min or --max"));
    }
    let mut inputs = vec![Some(&args.real), args.holdout.as_ref()];
    inputs.extend(args.second.iter().map(Some));
    inputs.extend(args.synthetic.iter().map(Some));
    one_stdin(&inputs)?;
    for (given, option) in [(!args.second.is_empty(), "--second"), (args.page.report.is_some(), "--report")] {
        if given && args.synthetic.len() > 1 {
            return Err(Failure::options(format!(
                "{option} is about one synthetic table; give one --synthetic with it"
            )));
        }
    }
    let json = session.json(args.page.report.as_deref())?;
    let report = args.page.report.as_deref().map(OutputFile::create).transpose()?;
    let mut junit_file = args.junit.as_deref().map(OutputFile::create).transpose()?;
    let (real, mut warnings) =
        read_constrained(&args.real, &args.reading, &args.constraints, session.progress())?;
    let schema = real.table.schema();
    let fitting = Fitting { target: args.target.clone(), unit: args.unit.clone(), ..Fitting::default() };
    let roles = job::roles(&fitting, schema)?;
    let (keys, sensitive) = (job::columns(&args.keys, schema)?, job::columns(&args.sensitive, schema)?);
    let mut wanted = wanted(args, &gates)?;
    // Whoever declares constraints wants to know whether they hold.
    if !schema.constraints.is_empty() && args.scores.is_empty() {
        wanted = wanted.and([job::CONSTRAINT_ADHERENCE]);
    }
    let holdout = match &args.holdout {
        Some(path) => {
            let holdout = job::read_common(path, schema, session.progress())?;
            warnings.extend(job::warn_of_common(&holdout, "the holdout"));
            warnings.extend(job::warn_of_invalid(&holdout));
            Some(holdout)
        }
        None => None,
    };
    let labels = labels(&args.synthetic);
    let tables = Yardstick { real: &real, holdout: holdout.as_ref(), roles, keys, sensitive, wanted };
    let mut evaluations = Vec::new();
    for (path, label) in args.synthetic.iter().zip(&labels) {
        let what = if labels.len() == 1 { "the synthetic table" } else { label };
        let (mut evaluation, own) = judge(path, what, &tables, args, session)?;
        warnings.extend(own);
        evaluation.provenance = Some(record::of_files(&args.files(path), &warnings));
        evaluations.push(evaluation);
    }
    for evaluation in &mut evaluations {
        evaluation.gates = gates.iter().map(|gate| gate.check(evaluation)).collect();
    }
    if let (Some(mut report), [evaluation]) = (report, &evaluations[..]) {
        record::write_text(
            &mut report,
            &render(evaluation, Options { shareable: args.page.shareable, ..Options::default() }),
        )?;
        report.finish()?;
    }

    let mut out = session.out();
    let judged = || labels.iter().map(String::as_str).zip(&evaluations);
    for (label, evaluation) in judged() {
        if labels.len() > 1 {
            writeln!(out, "\n{}", Style::new().bold().apply_to(printable(label))).map_err(Failure::Output)?;
        }
        show(evaluation, &mut out).map_err(Failure::Output)?;
    }
    let comparison = Comparison::of(&evaluations);
    if labels.len() > 1 {
        compare::show(&comparison, &labels, width(), &mut out).map_err(Failure::Output)?;
    }
    session.warn(&warnings);
    if let Some(mut file) = junit_file.take() {
        let suites: Vec<(&str, &[GateResult])> =
            judged().map(|(label, evaluation)| (label, &evaluation.gates[..])).collect();
        file.write_all(&junit::xml(&suites).map_err(Failure::Output)?).map_err(Failure::Output)?;
        file.finish()?;
    }
    json.write(&if let [evaluation] = &evaluations[..] {
        EvaluateJson::One { evaluation, warnings: warnings_json(&warnings) }
    } else {
        EvaluateJson::Several {
            evaluations: judged().map(|(file, evaluation)| JudgedJson { file, evaluation }).collect(),
            comparison: &comparison,
            warnings: warnings_json(&warnings),
        }
    })?;
    Ok(exit(evaluations.iter().flat_map(|evaluation| &evaluation.gates)))
}

/// Reads one synthetic table and judges it. `what` is what warnings call it.
fn judge(
    path: &Path,
    what: &str,
    tables: &Yardstick<'_>,
    args: &EvaluateArgs,
    session: &Session,
) -> Result<(Evaluation, Vec<Warning>)> {
    let schema = tables.real.table.schema();
    let synthetic = job::read_common(path, schema, session.progress())?;
    let mut warnings: Vec<Warning> = job::warn_of_common(&synthetic, what);
    warnings.extend(job::warn_of_invalid(&synthetic));
    let mut further = Vec::new();
    for path in &args.second {
        let draw = job::read_common(path, schema, session.progress())?;
        warnings.extend(job::warn_of_common(&draw, "a table of --second"));
        warnings.extend(job::warn_of_invalid(&draw));
        further.push(draw.table);
    }
    let judging = Judging {
        second: further.first(),
        further: &further,
        keys: tables.keys.clone(),
        sensitive: tables.sensitive.clone(),
        holdout: tables.holdout.map(|reading| &reading.table),
        roles: tables.roles.clone(),
        invalid: &synthetic.invalid,
        unread_of_holdout: tables.holdout.map_or(&[], |reading| &reading.extra),
        unread_of_synthetic: &synthetic.extra,
        wanted: tables.wanted.clone(),
        exhibits: args.page.exhibits(),
        bootstrap: args.bootstrap,
        ..Judging::new(&tables.real.table, &synthetic.table)
    };
    Ok((lookalike::judge(&judging, &session.context())?, warnings))
}

/// What to call the tables: their file names, or their whole paths where two have the same name.
fn labels(paths: &[PathBuf]) -> Vec<String> {
    let name = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
    paths
        .iter()
        .map(|path| {
            let alone = paths.iter().filter(|other| name(other) == name(path)).count() == 1;
            name(path).filter(|_| alone).unwrap_or_else(|| path.display().to_string())
        })
        .collect()
}

/// Which scores to find out: those asked for and those that gates need.
fn wanted(args: &EvaluateArgs, gates: &[Gate]) -> Result<Wanted> {
    let known = all_metrics();
    if let Some(name) = args.scores.iter().find(|name| known.iter().all(|metric| metric.name != **name)) {
        return Err(Failure::options(format!(
            "there is no score {name:?}; `lookalike explain` lists all of them"
        )));
    }
    let wanted = match (args.all || args.page.report.is_some(), args.scores.is_empty()) {
        (_, false) => Wanted::These(args.scores.clone()),
        (true, true) => Wanted::All,
        (false, true) => Wanted::Headline,
    };
    // Whoever names a sensitive column wants to know how its groups fare.
    let fairness = known.iter().filter(|metric| {
        metric.family == Family::Fairness && !args.sensitive.is_empty() && args.scores.is_empty()
    });
    Ok(wanted.and(gates.iter().map(|gate| gate.score.as_str()).chain(fairness.map(|metric| metric.name))))
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
pub(super) fn exit<'a>(gates: impl IntoIterator<Item = &'a GateResult>) -> Exit {
    if gates.into_iter().all(|gate| gate.passed) { Exit::Fine } else { Exit::GateFailed }
}

fn bound(text: &str) -> std::result::Result<(String, f64), String> {
    let wrong = || "write SCORE=X, such as trend=0.97".to_owned();
    let (score, number) = text.split_once('=').ok_or_else(wrong)?;
    let number = number.parse().map_err(|_| wrong())?;
    Ok((score.to_owned(), number))
}

/// Shows an evaluation to people.
pub(super) fn show(evaluation: &Evaluation, out: &mut dyn Write) -> io::Result<()> {
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

    let with_bootstrap = evaluation.metrics.iter().any(|measurement| measurement.bootstrap.is_some());
    let mut columns = vec![
        GridColumn { title: "score", right: false, widest: 29 },
        GridColumn { title: "value", right: true, widest: 9 },
        GridColumn { title: "95 % interval", right: true, widest: 16 },
        GridColumn { title: "floor", right: true, widest: 9 },
        GridColumn { title: "baseline", right: true, widest: 9 },
        GridColumn { title: "better", right: false, widest: 10 },
        GridColumn { title: "what it is", right: false, widest: 60 },
    ];
    let mut cells: Vec<Vec<String>> = evaluation.metrics.iter().map(cells).collect();
    if with_bootstrap {
        columns.insert(BOOTSTRAP, GridColumn { title: "bootstrap", right: true, widest: 9 });
        for (cells, measurement) in cells.iter_mut().zip(&evaluation.metrics) {
            cells.insert(BOOTSTRAP, number(measurement.bootstrap));
        }
    }
    write!(out, "{}", grid(&columns, &cells, width, ellipsis()))?;
    let more = evaluation.metrics_left();
    if more > 0 {
        let note = format!("{} more: --all of `lookalike evaluate`", plural(more as u64, "score"));
        write!(out, "{}", wrap(&note, "", width))?;
    }
    writeln!(out)?;
    let legend = "floor: what real rows reach (the holdout in the place of the synthetic rows); baseline: columns that \
                  are right one by one and have nothing to do with each other";
    write!(out, "{}", wrap(legend, "", width))?;
    if with_bootstrap {
        let legend = "bootstrap: training rows drawn with replacement, what a tool reaches that only copies";
        write!(out, "{}", wrap(legend, "", width))?;
    }

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
    show_gates(&evaluation.gates, out)
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
        let within =
            gate.interval.map_or_else(String::new, |[low, high]| format!(" ({low:.4} to {high:.4})"));
        let value = match (gate.value, gate.verdict) {
            (Some(value), Verdict::TooFewRows) => format!("is {value:.4}{within}: too few rows to tell"),
            (Some(value), _) => format!("is {value:.4}{within}"),
            (None, _) => "could not be told".to_owned(),
        };
        writeln!(out, "  {}  {} {sign} {bound}: {value}", style.apply_to(word), gate.score)?;
    }
    Ok(())
}

/// Where the column of a bootstrap stands, if there is one: after the baseline.
const BOOTSTRAP: usize = 5;

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.4}"))
}

fn cells(measurement: &Measurement) -> Vec<String> {
    let interval = measurement.interval.as_ref();
    vec![
        measurement.name.clone(),
        number(measurement.value),
        interval
            .map_or_else(|| "-".to_owned(), |interval| format!("{:.4} {:.4}", interval.low, interval.high)),
        number(measurement.floor),
        number(measurement.baseline),
        measurement.goal.to_string(),
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
