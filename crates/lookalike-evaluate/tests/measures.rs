//! The page of all measures, `docs/measures.md`, is made from what they say of themselves.
//!
//! `UPDATE_DOCS=1 cargo test -p lookalike-evaluate --test measures` writes it anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use lookalike_evaluate::{Family, Metric, Need, all_metrics};

const HEAD: &str = "\
# Measures

What each score of `lookalike evaluate` tells, what it cannot, and how it is gamed: what makes the figure good without
making the synthetic table good. `lookalike explain SCORE` prints the same in a terminal. This page is made from the
program; `crates/lookalike-evaluate/tests/measures.rs` checks that it is up to date, and writes it when `UPDATE_DOCS` is set.

No score stands alone. Read each beside its floor (the same formula for real rows that no model has seen) and beside the
baseline (columns that are right one by one and have nothing to do with each other). Copied training rows
reach the best that fidelity and utility can expect, and what measures copying says nothing of how good rows are: only
together do they say anything.
A column that has values in one of the two tables and none in the other, or that the synthetic table lacks, counts as the worst that
there is in every mean over columns or pairs that it belongs to; where there is no worst (`wasserstein`), there is no mean. A column
without values in both is left out, and named.
Where none of the measures of privacy speaks up, there is no evidence of copying under these tests, and no more than that.
";

fn page() -> String {
    let metrics = all_metrics();
    let families: BTreeSet<Family> = metrics.iter().map(|metric| metric.family).collect();
    let mut page = HEAD.to_owned();
    for family in families {
        writeln!(page, "\n## {family:?}").unwrap();
        for metric in metrics.iter().filter(|metric| metric.family == family) {
            section(&mut page, metric);
        }
    }
    page
}

fn section(page: &mut String, metric: &Metric) {
    let limits = metric.limits();
    let end = |end: Option<f64>| end.map_or_else(|| "no bound".to_owned(), |end| end.to_string());
    let (low, high) = metric.range;
    let shown = if metric.headline { "by default" } else { "with `--all`" };
    let lines = [
        format!("\n### {}: {}\n", metric.name, metric.title),
        format!("{}.\n", capital(metric.meaning)),
        format!("**What it cannot tell:** {}.\n", limits.cannot_tell),
        format!("**How it is gamed:** {}.\n", limits.gamed_by),
        format!("- Better: {}; from {} to {}", metric.goal, end(low), end(high)),
        format!("- Needs: {}; shown {shown}", needs(metric)),
        format!("- Source: {}", metric.citation),
    ];
    for line in lines {
        writeln!(page, "{line}").unwrap();
    }
}

fn needs(metric: &Metric) -> String {
    let word = |need: &Need| match need {
        Need::Holdout => "a holdout",
        Need::Target => "a target",
        Need::Keys => "keys",
        Need::Sensitive => "a sensitive column",
        Need::Model => "a model (only `run` has one)",
        Need::Images => "a column of images",
        _ => panic!("the page has no word for {need:?}"),
    };
    let words: Vec<&str> = metric.needs.iter().map(word).collect();
    if words.is_empty() { "nothing but the two tables".to_owned() } else { words.join(" and ") }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default()
        + letters.as_str()
}

#[test]
fn the_page_of_measures_is_up_to_date() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/measures.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&file, page()).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == page(),
        "docs/measures.md differs from what measures say of themselves: run this test with UPDATE_DOCS=1"
    );
}
