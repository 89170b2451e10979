use lookalike_evaluate::{Evaluation, Provenance, Shape, Source};
use maud::{Markup, html};

use crate::chart;
use crate::text::{count, name, printable, sentence};

/// Where everything comes from: versions, seeds, options, protection, warnings, and how learning went on.
pub(super) fn origin(evaluation: &Evaluation, shareable: bool) -> Markup {
    let unknown = Provenance::default();
    let provenance = evaluation.provenance.as_ref().unwrap_or(&unknown);
    html! {
        section #origin aria-labelledby="origin-title" {
            h2 #origin-title { "Where this comes from" }
            div.scroll { table {
                tbody {
                    (fact("judged by", &html! { "lookalike " @if provenance.version.is_empty() { "(version not recorded)" } @else { (printable(&provenance.version)) } }))
                    (fact("form of the result", &html! { "version " (evaluation.schema_version) }))
                    (fact("seed", &html! { (evaluation.seed) }))
                    (fact("rows", &rows(evaluation)))
                    @if let Some(target) = &evaluation.target { (fact("to predict", &name(target))) }
                    @if !shareable { @for source in &provenance.sources {
                        (fact(&format!("{} table", printable(&source.table)), &from(source)))
                    } }
                    (fact("method", &html! { @match &provenance.method { Some(method) => { (printable(method)) } None => { "not recorded: the table may come from any tool" } } }))
                    @for (option, value) in &provenance.options { (fact(&printable(option), &html! { (printable(value)) })) }
                    @for (what, value) in &provenance.learned { (fact(what, &html! { (format!("{value:.3}").trim_end_matches('0').trim_end_matches('.')) })) }
                    (fact("protection", &html! { (protection(provenance)) }))
                    @if let Some(unit) = &provenance.unit { (fact("unit", &name(unit))) }
                    (fact("formal guarantee", &html! { "none: no (ε, δ) ledger was kept" }))
                }
            } }
            @if !provenance.training.is_empty() {
                figure.exhibit {
                    h3 { "How learning went on" }
                    (chart::draw("training", "how learning went on", &Shape::Curves {
                        x_title: "epoch".to_owned(), y_title: "loss".to_owned(), series: provenance.training.clone(),
                    }))
                }
            }
            (sentences("Warnings", provenance.warnings.iter().map(|warning| html! {
                @if let Some(column) = &warning.column { "Column " (name(column)) ": " (printable(&warning.message)) "." }
                @else { (sentence(&warning.message)) }
            }).collect()))
            (sentences("Notes", evaluation.notes.iter().map(|note| html! { (sentence(note)) }).collect()))
            (sentences("Columns that no score looks at", evaluation.left_out.iter().map(|left| html! {
                (name(&left.column)) ": " (printable(&left.reason)) "."
            }).collect()))
        }
    }
}

/// The file that a table is from, its rows, and how it was made of that.
fn from(source: &Source) -> Markup {
    html! {
        bdi { (printable(&source.file)) }
        @if let Some(rows) = source.rows { ", " (count(rows)) " rows" }
        @if let Some(made) = &source.made { ": " (printable(made)) }
    }
}

pub(super) fn fact(what: &str, value: &Markup) -> Markup {
    html! { tr { th scope="row" { (what) } td { (value) } } }
}

fn rows(evaluation: &Evaluation) -> Markup {
    let rows = evaluation.rows;
    html! {
        (count(rows.train)) " training, " (count(rows.synthetic)) " synthetic"
        @if let Some(holdout) = rows.holdout { ", " (count(holdout)) " held out" } @else { ", none held out" }
    }
}

pub(crate) fn protection(provenance: &Provenance) -> String {
    match provenance.protection {
        Some(0 | 1) => "off: nothing rare was withheld".to_owned(),
        Some(units) => format!(
            "what fewer than {units} units share was withheld (a heuristic, not differential privacy)"
        ),
        None => "not recorded".to_owned(),
    }
}

/// The most sentences of a list.
const MOST: usize = 60;

fn sentences(title: &str, all: Vec<Markup>) -> Markup {
    let more = all.len().saturating_sub(MOST);
    html! { @if !all.is_empty() {
        h3 { (title) }
        ul { @for one in all.into_iter().take(MOST) { li { (one) } } @if more > 0 { li { "and " (more) " more" } } }
    } }
}
