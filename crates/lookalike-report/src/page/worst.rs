use lookalike_evaluate::{Evaluation, Measurement, Part};
use maud::{Markup, html};

use super::scores::{key, number};
use crate::standing::{badness, worst_parts};
use crate::text::{names, printable, sentence, shortfall};

/// The most rows of a table.
const MOST_ROWS: usize = 200;

/// The columns and the pairs of columns that are furthest from real ones.
pub(super) fn worst(evaluation: &Evaluation) -> Markup {
    let of_size = |size: usize, preferred: &str| {
        let has = |metric: &&Measurement| metric.parts.iter().any(|part| part.columns.len() == size);
        evaluation.metric(preferred).filter(has).or_else(|| evaluation.metrics.iter().find(has))
    };
    // Of images there are classes, and hardly a column.
    if crate::families::things(evaluation) == "images" {
        let classes = evaluation.metric("image-accuracy").filter(|metric| !metric.parts.is_empty());
        return html! { @if let Some(metric) = classes {
            section #worst aria-labelledby="worst-title" {
                h2 #worst-title { "Classes, the worst first" }
                p.quiet { "Shortfall is how much worse a class is told than after learning from real images. Classes are numbered by how frequent they are in training." }
                (table(metric, 1, "worst-classes", "Classes"))
            }
        } };
    }
    let columns = of_size(1, "shape");
    let pairs = of_size(2, "trend");
    html! { @if columns.is_some() || pairs.is_some() {
        section #worst aria-labelledby="worst-title" {
            h2 #worst-title { "Columns and pairs, the worst first" }
            p.quiet { "Shortfall is how much worse a part is than the same for real rows, or than the best that can be where those are not known." }
            @if let Some(metric) = columns { (table(metric, 1, "worst-columns", "Columns")) }
            @if let Some(metric) = pairs { (table(metric, 2, "worst-pairs", "Pairs of columns")) }
        }
    } }
}

fn table(metric: &Measurement, size: usize, id: &str, title: &str) -> Markup {
    let parts: Vec<&Part> =
        worst_parts(metric).into_iter().filter(|part| part.columns.len() == size).collect();
    html! {
        h3 { (title) }
        div.tools.scripted {
            label { span.quiet { "Search " } input type="search" data-filters=(id); }
            span.quiet #{ (id) "-count" } aria-live="polite" {}
        }
        div.scroll.tall tabindex="0" role="region" aria-label=(title) {
            table.sorts #(id) {
                caption {
                    "By " (sentence(&metric.title).trim_end_matches('.')) " (" code { (printable(&metric.name)) } ")"
                    @if parts.len() > MOST_ROWS { "; the first " (MOST_ROWS) " of " (parts.len()) }
                    "."
                }
                thead { tr {
                    th scope="col" { "column" }
                    th.number scope="col" { "value" }
                    th.number scope="col" { "real rows" }
                    th.number scope="col" { "baseline" }
                    th.number scope="col" { "shortfall" }
                    th scope="col" { "measured by" }
                } }
                tbody { @for part in parts.iter().take(MOST_ROWS) {
                    @let find: Vec<String> = part.columns.iter().map(|name| crate::text::short(name)).collect();
                    tr data-find=(find.join(" ")) {
                        th scope="row" { (names(&part.columns)) }
                        td.number data-key=(key(part.value)) { (number(part.value)) }
                        td.number data-key=(key(part.floor)) { (number(part.floor)) }
                        td.number data-key=(key(part.baseline)) { (number(part.baseline)) }
                        td.number data-key=(key(badness(metric.goal, part))) { (badness(metric.goal, part).map_or_else(String::new, shortfall)) }
                        td { (printable(&part.measure)) }
                    }
                } }
            }
        }
    }
}
