//! `lookalike explain`

use std::io::{self, Write};

use clap::Args;
use lookalike::evaluate::{Metric, Need, all_metrics};

use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::session::{Session, width};
use crate::text::{GridColumn, ellipsis, grid, wrap};

const EXAMPLES: &str = "\
Examples:
  lookalike explain
  lookalike explain c2st";

/// Say what a score of evaluate means
///
/// Without a name: all scores.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ExplainArgs {
    /// The score, as evaluate names it
    score: Option<String>,
}

pub(crate) fn run(args: &ExplainArgs, session: &Session) -> Result<Exit> {
    session.no_json("explain")?;
    let metrics = all_metrics();
    let mut out = session.out();
    match &args.score {
        None => list(&metrics, &mut out),
        Some(name) => {
            let Some(metric) = metrics.iter().find(|metric| metric.name == name) else {
                return Err(Failure::options(format!(
                    "there is no score {name:?}; `lookalike explain` lists all of them"
                )));
            };
            page(metric, &mut out)
        }
    }
    .map_err(Failure::Output)?;
    Ok(Exit::Fine)
}

fn list(metrics: &[&Metric], out: &mut dyn Write) -> io::Result<()> {
    let columns = [
        GridColumn { title: "score", right: false, widest: 29 },
        GridColumn { title: "better", right: false, widest: 10 },
        GridColumn { title: "what it is", right: false, widest: 60 },
    ];
    let cells: Vec<Vec<String>> = metrics
        .iter()
        .map(|metric| vec![metric.name.to_owned(), metric.goal.to_string(), metric.title.to_owned()])
        .collect();
    write!(out, "{}", grid(&columns, &cells, width(), ellipsis()))
}

fn page(metric: &Metric, out: &mut dyn Write) -> io::Result<()> {
    let width = width();
    write!(out, "{}", wrap(&format!("{}: {}", metric.name, metric.title), "", width))?;
    writeln!(out)?;
    let mut sentence = metric.meaning.to_owned();
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let limits = metric.limits();
    for paragraph in [
        format!("{sentence}."),
        format!("What it cannot tell: {}.", limits.cannot_tell),
        format!("How it is gamed: {}.", limits.gamed_by),
    ] {
        write!(out, "{}", wrap(&paragraph, "", width))?;
        writeln!(out)?;
    }
    let end = |end: Option<f64>| end.map_or_else(|| "no bound".to_owned(), |end| format!("{end}"));
    let (low, high) = metric.range;
    let needs: Vec<&str> = metric
        .needs
        .iter()
        .map(|need| match need {
            Need::Holdout => "a holdout (--holdout)",
            Need::Target => "a target (--target)",
            Need::Keys => "keys (--keys)",
            Need::Sensitive => "a sensitive column (--sensitive)",
            Need::Model => "a model (only `lookalike run` has one)",
            Need::Images => "a column of images",
            _ => "more",
        })
        .collect();
    let needs = if needs.is_empty() { "nothing but the two tables".to_owned() } else { needs.join(" and ") };
    for line in [
        format!("better: {}; from {} to {}", metric.goal, end(low), end(high)),
        format!("needs: {needs}"),
        format!("source: {}", metric.citation),
    ] {
        write!(out, "{}", wrap(&line, "  ", width))?;
    }
    Ok(())
}
