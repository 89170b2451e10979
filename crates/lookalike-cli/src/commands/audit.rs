//! `lookalike audit`

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use lookalike::audit::{AtRate, Bounded, Finding, least_bound};
use lookalike::plan::Fitting;
use lookalike::synth::Effort;
use lookalike::{Audit, AuditOptions, Protection, job};
use serde::Serialize;

use crate::commands::fit::{effort, protection};
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::reading::{ReadArgs, read};
use crate::session::{Session, WarningJson, warnings_json, width};
use crate::text::{GridColumn, ellipsis, grid, percent, plural, wrap};

const EXAMPLES: &str = "\
Examples:
  lookalike audit patients.csv
  Thoroughly, where a look of a few minutes is not enough:
    lookalike audit patients.csv --effort fast --refits 128
  Patients as a whole are in or out, and learning keeps to what 10 of them share:
    lookalike audit visits.csv --unit patient_id --protect 10
  Fail (exit code 1) when more than 5 % of the records may be found at 1 % false alarms:
    lookalike audit patients.csv --refits 128 --max-tpr 0.05

Learns the table many times, with each chosen record in or out by a fair coin, and lets attacks guess from each synthetic
table which records were in. Records are ordinary (drawn at random), outlying (farthest from their nearest other row) and
planted (made: unheard-of combinations of values that others have). What attacks find in one half of the refits is
judged by what was learned from the other half, so chance is not taken for success.

The audit can find only what these attacks can. That they find nothing is no guarantee, and synthetic data derived from
personal data may remain personal data.";

/// Find out whether synthetic data tells which records were learned from
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct AuditArgs {
    /// The table; - is standard input
    file: PathBuf,
    /// How to learn: forest, copula, autoregressive, vae, tvae, gan, ctgan or independent
    #[arg(long, value_name = "METHOD", default_value = "forest")]
    method: String,
    /// How much work goes into a forest: fast, default or high
    #[arg(long, value_name = "EFFORT", value_parser = effort)]
    effort: Option<Effort>,
    /// How often to learn the table: a multiple of 4; 128 is thorough
    #[arg(long, value_name = "N", default_value_t = AuditOptions::default().refits)]
    refits: usize,
    /// How many records of each of the three kinds to look for
    #[arg(long, value_name = "N", default_value_t = AuditOptions::default().targets)]
    targets: usize,
    /// How many rows to learn from each time, besides the chosen records [default: all others]
    #[arg(long, value_name = "N")]
    rows: Option<usize>,
    /// The column that names who is in or out as a whole, such as a patient
    #[arg(long, value_name = "COLUMN")]
    unit: Option<String>,
    /// How many units must share what is reproduced, or none
    #[arg(long, value_name = "UNITS", default_value = "5", value_parser = protection)]
    protect: Protection,
    /// The most that the true positive rate at 1 % false positives may be, by its upper confidence bound and for each
    /// kind of record
    #[arg(long, value_name = "X", value_parser = rate)]
    max_tpr: Option<f64>,
    #[command(flatten)]
    reading: ReadArgs,
}

#[derive(Debug, Serialize)]
struct AuditJson<'a> {
    audit: &'a Audit,
    gate: Option<TprGate>,
    warnings: Vec<WarningJson<'a>>,
}

/// Whether the rate of found records keeps its bound.
#[derive(Debug, Clone, Copy, Serialize)]
struct TprGate {
    max_tpr: f64,
    /// The highest upper bound of all kinds of record; nothing when it could not be told.
    at_most: Option<f64>,
    passed: bool,
}

pub(crate) fn run(args: &AuditArgs, session: &Session) -> Result<Exit> {
    let mut synthesizer = job::method(&args.method)?;
    if let Some(effort) = args.effort {
        synthesizer = synthesizer.with_effort(effort)?;
    }
    let options = AuditOptions { refits: args.refits, targets: args.targets, rows: args.rows };
    options.check()?;
    if let Some(bound) = args.max_tpr {
        let least = least_bound(&options);
        if bound < least {
            return Err(Failure::options(format!(
                "with {} refits and {} targets the bound on the true positive rate cannot fall below {least:.3}, so \
                 --max-tpr {bound} could not be kept; ask for more refits or targets",
                args.refits, args.targets
            )));
        }
    }
    let json = session.json(None)?;
    let (reading, warnings) = read(&args.file, &args.reading, session.progress())?;
    let fitting = Fitting { unit: args.unit.clone(), protect: args.protect, ..Fitting::default() };
    let roles = job::roles(&fitting, reading.table.schema())?;
    let start = Instant::now();
    let audit = lookalike::audit(&reading.table, &synthesizer, &roles, &options, &session.context())?;
    let seconds = start.elapsed().as_secs_f64();
    let gate = args.max_tpr.map(|bound| TprGate::of(&audit, bound));
    show(&audit, gate, seconds, &mut session.out()).map_err(Failure::Output)?;
    session.warn(&warnings);
    json.write(&AuditJson { audit: &audit, gate, warnings: warnings_json(&warnings) })?;
    Ok(if gate.is_none_or(|gate| gate.passed) { Exit::Fine } else { Exit::GateFailed })
}

impl TprGate {
    fn of(audit: &Audit, max_tpr: f64) -> Self {
        let bounds = audit.findings.iter().filter(|finding| finding.kind.is_some());
        let at_most = bounds
            .map(|finding| {
                finding.rates.first().filter(|rate| rate.aimed_at == 0.01).map(AtRate::tpr_at_most)
            })
            .try_fold(0.0_f64, |most, bound| bound.map(|bound| most.max(bound)));
        TprGate { max_tpr, at_most, passed: at_most.is_some_and(|bound| bound <= max_tpr) }
    }
}

fn show(audit: &Audit, gate: Option<TprGate>, seconds: f64, out: &mut dyn Write) -> io::Result<()> {
    let width = width();
    let head = format!(
        "{} learned {} times from {} and half of the chosen records each, in {seconds:.0} s",
        audit.method,
        audit.refits,
        plural(audit.rows_in_all as u64, "row"),
    );
    write!(out, "{}", wrap(&head, "", width))?;
    writeln!(out)?;
    let columns = [
        GridColumn { title: "records", right: false, widest: 10 },
        GridColumn { title: "count", right: true, widest: 7 },
        GridColumn { title: "AUC (95 %)", right: true, widest: 22 },
        GridColumn { title: "found at 1 % (95 %)", right: true, widest: 26 },
        GridColumn { title: "falsely", right: true, widest: 8 },
        GridColumn { title: "at 0.1 %", right: true, widest: 9 },
        GridColumn { title: "eps >=", right: true, widest: 7 },
        GridColumn { title: "p", right: true, widest: 8 },
    ];
    let rows: Vec<Vec<String>> = audit.findings.iter().map(cells).collect();
    write!(out, "{}", grid(&columns, &rows, width, ellipsis()))?;
    writeln!(out)?;
    let legend = "AUC: how often, of two refits with and without a record, the one with it looks so (0.5 is chance); found: \
                  the share of records said to be in where they are in, with thresholds for 1 % and 0.1 % false alarms; \
                  falsely: the false alarms there were at 1 %; eps: no smaller epsilon allows this (95 %); p: how likely \
                  it would be by chance";
    write!(out, "{}", wrap(legend, "", width))?;
    writeln!(out)?;
    let verdict = if audit.beyond_chance {
        let found: Vec<&str> =
            audit.findings.iter().filter(|finding| finding.is_beyond_chance()).map(Finding::name).collect();
        format!("Membership can be told beyond chance: {}.", found.join(", "))
    } else {
        "No membership inference succeeded beyond chance under this attack. The audit can find only what this attack \
         can."
            .to_owned()
    };
    write!(out, "{}", wrap(&verdict, "", width))?;
    for finding in &audit.findings {
        if let Some(least) = finding.rates.first().and_then(|rate| rate.detectable) {
            let sentence = format!(
                "- {} records: an attack that finds {} of them at 1 % would have been noticed with a probability of 90 %",
                finding.name(),
                percent(least)
            );
            write!(out, "{}", wrap(&sentence, "  ", width))?;
        }
    }
    if !audit.could_not_tell.is_empty() {
        writeln!(out, "\nCould not tell:")?;
        for sentence in &audit.could_not_tell {
            write!(out, "{}", wrap(&format!("- {sentence}"), "  ", width))?;
        }
    }
    if let Some(gate) = gate {
        let word = if gate.passed { "passed" } else { "FAILED" };
        let value = gate
            .at_most
            .map_or_else(|| "could not be told".to_owned(), |bound| format!("may be up to {bound:.4}"));
        writeln!(out, "\nGate:\n  {word}  true positive rate at 1 % <= {}: {value}", gate.max_tpr)?;
    }
    Ok(())
}

fn cells(finding: &Finding) -> Vec<String> {
    let bounded = |found: &Bounded| format!("{:.3} ({:.3}-{:.3})", found.value, found.low, found.high);
    let at = |rate: f64| finding.rates.iter().find(|found| found.aimed_at == rate);
    let none = || "-".to_owned();
    vec![
        finding.name().to_owned(),
        finding.records.to_string(),
        bounded(&finding.auc),
        at(0.01).map_or_else(none, |rate| bounded(&rate.tpr)),
        at(0.01).map_or_else(none, |rate| format!("{:.3}", rate.fpr.value)),
        at(0.001).map_or_else(none, |rate| format!("{:.4}", rate.tpr.value)),
        at(0.01).map_or_else(none, |rate| format!("{:.2}", rate.epsilon_at_least)),
        if finding.p_value < 0.0001 { "<0.0001".to_owned() } else { format!("{:.4}", finding.p_value) },
    ]
}

fn rate(text: &str) -> std::result::Result<f64, String> {
    let number = text.parse().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or_else(|| "give a share between 0 and 1".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_shares() {
        assert_eq!(rate("0.05"), Ok(0.05));
        for text in ["", "NaN", "-0.1", "1.5", "5%"] {
            assert!(rate(text).is_err(), "{text}");
        }
    }
}
