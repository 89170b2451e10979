use lookalike_evaluate::{Evaluation, Family, Measurement, all_metrics};
use maud::{Markup, html};

use crate::standing::{Standing, worst_parts};
use crate::text::{figure, names, printable, sentence};

/// The most parts of a figure that are listed.
const MOST_PARTS: usize = 10;

/// The figures of a family in a table, and what was not told.
pub(super) fn scores(evaluation: &Evaluation, family: Family) -> Markup {
    let of_family = || evaluation.metrics.iter().filter(move |metric| metric.family == family);
    let things = crate::families::things(evaluation);
    let told: Vec<&Measurement> = of_family().filter(|metric| metric.value.is_some()).collect();
    let skipped: Vec<&Measurement> = of_family().filter(|metric| metric.value.is_none()).collect();
    html! {
        @if !told.is_empty() {
            h3 { "Scores" }
            div.scroll tabindex="0" role="region" aria-label={"scores of " (crate::families::name(family))} {
                table.scores.sorts {
                    caption {
                        "Real " (things) ": the same formula for " @if things == "images" { "other real images" } @else { "the holdout" } " in the place of the synthetic table. Baseline: columns that are right one by one and have nothing to do with each other; copies, where given: training " (things) " drawn with replacement. Shortfall: how much worse than real " (things) "."
                    }
                    thead { tr {
                        th scope="col" { "score" }
                        th.number scope="col" { "value" }
                        th.number scope="col" { "real " (things) }
                        th.number scope="col" { "baseline" }
                        th.number scope="col" { "shortfall" }
                        th scope="col" { "stands" }
                        th scope="col" { "better" }
                    } }
                    tbody { @for metric in &told { (row(metric)) } }
                }
            }
        }
        @if !skipped.is_empty() {
            h3 { "Not told" }
            div.scroll { table {
                thead { tr { th scope="col" { "score" } th scope="col" { "why" } } }
                tbody { @for metric in skipped { tr {
                    th scope="row" { (sentence(&metric.title).trim_end_matches('.')) " " code.quiet { (printable(&metric.name)) } }
                    td { (sentence(metric.skipped.as_deref().unwrap_or("no figure"))) }
                } } }
            } }
        }
    }
}

fn row(metric: &Measurement) -> Markup {
    let known = all_metrics().into_iter().find(|known| known.name == metric.name);
    let standing = Standing::of(metric);
    html! {
        tr {
            th scope="row" {
                (sentence(&metric.title).trim_end_matches('.'))
                span.quiet { code { (printable(&metric.name)) } }
                details {
                    summary { "What it means" }
                    @if let Some(known) = known {
                        @let limits = known.limits();
                        p { (sentence(known.meaning)) }
                        p { "What it cannot tell: " (limits.cannot_tell) "." }
                        p { "How it is gamed: " (limits.gamed_by) "." }
                        p.quiet { "Source: " (known.citation) "." }
                    }
                    @if let Some(interval) = &metric.interval {
                        p.quiet { "Interval of " (figure(interval.confidence * 100.0)) " %: " (printable(&interval.method)) "." }
                    }
                    @if !metric.details.is_empty() {
                        ul.quiet { @for (name, value) in &metric.details { li { (printable(&name.replace('_', " "))) ": " (figure(*value)) } } }
                    }
                    (parts(metric))
                }
            }
            td.number data-key=(key(metric.value)) {
                (number(metric.value))
                @if let Some(interval) = &metric.interval { br; span.quiet { (figure(interval.low)) " – " (figure(interval.high)) } }
            }
            td.number data-key=(key(metric.floor)) { (number(metric.floor)) }
            td.number data-key=(key(metric.baseline)) {
                (number(metric.baseline))
                @if metric.bootstrap.is_some() { br; span.quiet { "copies " (number(metric.bootstrap)) } }
            }
            td.number data-key=(key(metric.gap())) { (number(metric.gap().map(|gap| gap.max(0.0)))) }
            td { span.standing.(standing.class()) { (standing.words()) } }
            td { (metric.goal) }
        }
    }
}

fn parts(metric: &Measurement) -> Markup {
    let parts = worst_parts(metric);
    html! { @if !parts.is_empty() {
        table.parts {
            caption { "The " (parts.len().min(MOST_PARTS)) " worst of " (metric.parts.len()) " parts" }
            thead { tr { th scope="col" { "columns" } th.number scope="col" { "value" } th.number scope="col" { "real rows" } } }
            tbody { @for part in parts.iter().take(MOST_PARTS) {
                tr { th scope="row" { (names(&part.columns)) } td.number { (number(part.value)) } td.number { (number(part.floor)) } }
            } }
        }
    } }
}

/// A figure, or a dash.
pub(super) fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), figure)
}

/// What a cell is sorted by.
pub(super) fn key(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| format!("{value:.9}"))
}
