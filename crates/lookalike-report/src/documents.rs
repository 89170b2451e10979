//! Documents in Markdown that go with a table or a model: to be completed and signed by people.

use std::fmt::Write as _;

use lookalike_evaluate::{Evaluation, Family, GateResult, Goal, Measurement, Provenance, RunRecord};

use crate::CAUTIONS;
use crate::families::{families, name};
use crate::findings::finding;
use crate::page::cost::bytes;
use crate::page::gates::{bound, words as verdict};
use crate::page::origin::protection;
use crate::text::{count, figure, printable, sentence, short};

/// What stands where only people know what to say.
const TO_FILL_IN: &str = "_To be filled in._";

/// A model card after Mitchell et al. 2019 (<https://arxiv.org/abs/1810.03993>): what was learned, how, and what the
/// tests say of it, and what it took if that is known.
pub fn model_card(evaluation: &Evaluation, record: Option<&RunRecord>) -> String {
    let provenance = provenance(evaluation);
    let mut text = "# Model card\n\n".to_owned();
    section(&mut text, "Purpose", TO_FILL_IN);
    section(&mut text, "Uses that it is not meant for", TO_FILL_IN);
    let mut facts = vec![
        ("Method", provenance.method.as_deref().map_or_else(|| "not recorded".to_owned(), plain)),
        ("Learned from", format!("{} rows", count(evaluation.rows.train))),
        (
            "Judged by lookalike",
            plain(if provenance.version.is_empty() { "(version not recorded)" } else { &provenance.version }),
        ),
        ("Seed", evaluation.seed.to_string()),
        ("Unit", unit(&provenance)),
        ("Protection", protection(&provenance)),
    ];
    if let Some(target) = &evaluation.target {
        facts.push(("To predict", plain(&short(target))));
    }
    table(
        &mut text,
        "What it is",
        &["", ""],
        facts.into_iter().map(|(what, value)| vec![what.to_owned(), value]),
    );
    if !provenance.options.is_empty() {
        let rows = provenance.options.iter().map(|(option, value)| vec![plain(option), plain(value)]);
        table(&mut text, "Options", &["option", "value"], rows);
    }
    let _ = writeln!(text, "## What the tests say\n");
    for family in families(evaluation) {
        let found = finding(evaluation, family);
        let _ = writeln!(text, "- **{}**: {}", name(family), plain(&found.says));
        if let Some(weakest) = found.weakest {
            let _ = writeln!(text, "  Weakest point: {}.", plain(&weakest));
        }
    }
    text.push('\n');
    let told = evaluation.metrics.iter().filter(|metric| metric.value.is_some());
    scores(&mut text, "Scores", told);
    gates(&mut text, evaluation.gates.iter());
    if let Some(record) = record {
        table(&mut text, "What it cost", &["", ""], cost(record).into_iter());
    }
    not_tested(&mut text, evaluation);
    let warnings: Vec<String> =
        provenance.warnings.iter().map(|warning| sentence(&warning.message)).collect();
    list(&mut text, "What was withheld or done differently", &warnings);
    list(&mut text, "Limits", &CAUTIONS.map(str::to_owned));
    reviewer(&mut text);
    text
}

/// What was done and tested for the privacy of those whom the rows are about, and what was not.
pub fn privacy_statement(evaluation: &Evaluation) -> String {
    let provenance = provenance(evaluation);
    let mut text = "# Privacy statement\n\n".to_owned();
    section(&mut text, "Purpose of the synthetic table", TO_FILL_IN);
    section(&mut text, "Who may see it", TO_FILL_IN);
    section(&mut text, "Unit", &unit(&provenance));
    section(&mut text, "Protection used", &sentence(&protection(&provenance)));
    section(&mut text, "Formal guarantee", "None: no (ε, δ) ledger was kept.");
    if families(evaluation).contains(&Family::Privacy) {
        let found = finding(evaluation, Family::Privacy);
        section(&mut text, "Finding", &plain(&found.says));
    } else {
        section(&mut text, "Finding", "Copying was not tested.");
    }
    let of_privacy = |metric: &&Measurement| metric.family == Family::Privacy;
    let told = evaluation.metrics.iter().filter(of_privacy).filter(|metric| metric.value.is_some());
    scores(&mut text, "Tests and their figures", told.clone());
    gates(
        &mut text,
        evaluation.gates.iter().filter(|gate| told.clone().any(|metric| metric.name == gate.score)),
    );
    let rows = evaluation.rows;
    let power = match rows.holdout {
        Some(holdout) => format!(
            "The tests compare {} synthetic rows with {} training and {} holdout rows. A copy of fewer rows than chance \
             brings about among so many can go unseen.",
            count(rows.synthetic),
            count(rows.train),
            count(holdout)
        ),
        None => "There was no holdout: whether rows were memorized was not tested.".to_owned(),
    };
    section(&mut text, "What these tests can see", &power);
    not_tested(&mut text, evaluation);
    list(&mut text, "What this does not say", &CAUTIONS.map(str::to_owned));
    reviewer(&mut text);
    text
}

fn provenance(evaluation: &Evaluation) -> Provenance {
    evaluation.provenance.clone().unwrap_or_default()
}

fn unit(provenance: &Provenance) -> String {
    provenance.unit.as_ref().map_or_else(
        || {
            "Each row by itself; if several rows are about one person, that person is protected less."
                .to_owned()
        },
        |unit| format!("Rows with the same {}.", plain(&short(unit))),
    )
}

fn not_tested(text: &mut String, evaluation: &Evaluation) {
    let skipped = evaluation.metrics.iter().filter_map(|metric| {
        let reason = metric.skipped.as_ref()?;
        Some(plain(&format!("{}: {reason}.", sentence(&metric.title).trim_end_matches('.'))))
    });
    let open = evaluation.could_not_tell.iter().map(|open| plain(&sentence(open)));
    let audits =
        "Attacks, such as guessing who was in the training table, unless scores of them stand above."
            .to_owned();
    let all: Vec<String> = open.chain(skipped).chain([audits]).collect();
    list(text, "What was not tested", &all);
}

fn scores<'a>(text: &mut String, title: &str, metrics: impl Iterator<Item = &'a Measurement>) {
    let number = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), figure);
    let rows = metrics.map(|metric| {
        let better = match metric.goal {
            Goal::Higher => "higher".to_owned(),
            Goal::Lower => "lower".to_owned(),
            Goal::Near(ideal) => format!("near {ideal}"),
        };
        let interval = metric.interval.as_ref();
        let interval =
            interval.map(|interval| format!("{} to {}", figure(interval.low), figure(interval.high)));
        let interval = interval.unwrap_or_else(|| "–".to_owned());
        vec![
            plain(&metric.title),
            number(metric.value),
            interval,
            number(metric.floor),
            number(metric.baseline),
            better,
        ]
    });
    table(text, title, &["score", "value", "interval", "real rows", "baseline", "better"], rows);
}

/// Bounds that were set before the table was judged, if there are any.
fn gates<'a>(text: &mut String, gates: impl Iterator<Item = &'a GateResult>) {
    let rows: Vec<Vec<String>> = gates
        .map(|gate| {
            let value = gate.value.map_or_else(|| "–".to_owned(), figure);
            vec![plain(&gate.score), bound(gate.bound), value, verdict(gate.verdict).to_owned()]
        })
        .collect();
    if !rows.is_empty() {
        table(text, "Gates", &["score", "bound", "value", "verdict"], rows.into_iter());
    }
}

/// What a run took, in lines of two cells.
fn cost(record: &RunRecord) -> Vec<Vec<String>> {
    let seconds = |seconds: Option<f64>| {
        seconds.map_or_else(|| "not told".to_owned(), |seconds| format!("{seconds:.2}"))
    };
    let memory = record.peak_memory_bytes.map_or_else(|| "not told".to_owned(), bytes);
    let lines = [
        ("Seconds", seconds(Some(record.wall_seconds()))),
        ("Processor seconds", seconds(record.cpu_seconds())),
        ("Most memory at any time", memory),
        ("Rows learned from", count(record.rows_learned)),
        ("Rows drawn", count(record.rows_sampled)),
        ("Size of the model file", bytes(record.model_bytes)),
    ];
    lines.into_iter().map(|(what, value)| vec![what.to_owned(), value]).collect()
}

fn section(text: &mut String, title: &str, content: &str) {
    let _ = writeln!(text, "## {title}\n\n{content}\n");
}

fn list(text: &mut String, title: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    let _ = writeln!(text, "## {title}\n");
    for item in items {
        let _ = writeln!(text, "- {item}");
    }
    text.push('\n');
}

fn table(text: &mut String, title: &str, head: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    let _ = writeln!(text, "## {title}\n\n| {} |\n|{}", head.join(" | "), "---|".repeat(head.len()));
    for row in rows {
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
    text.push('\n');
}

fn reviewer(text: &mut String) {
    text.push_str("## Reviewed by\n\nName: ____________________\n\nDate: ____________________\n\nDecision: ____________________\n");
}

/// Text that Markdown and what it becomes take for nothing but text.
fn plain(text: &str) -> String {
    let mut escaped = String::new();
    for c in printable(text).chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '!' | '~' => {
                escaped.push('\\');
                escaped.push(c);
            }
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn markdown_takes_names_for_text() {
        assert_eq!(plain("<img src=x>|[a](b)"), "&lt;img src=x&gt;\\|\\[a\\](b)");
        assert_eq!(plain("a\nb"), "a\u{fffd}b");
    }
}
