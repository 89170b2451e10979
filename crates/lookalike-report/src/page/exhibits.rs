use lookalike_evaluate::{Evaluation, Exhibit, Family, Shape};
use maud::{Markup, html};

use crate::chart;
use crate::standing::{badness, worst_parts};
use crate::text::{name, printable, sentence, short};

/// What a section draws: the columns' distributions together, the worst first, and then everything else.
pub(super) fn exhibits(evaluation: &Evaluation, family: Family, shown: &[&Exhibit]) -> Markup {
    let of_family: Vec<(usize, &Exhibit)> =
        shown.iter().copied().enumerate().filter(|(_, exhibit)| exhibit.family == family).collect();
    let is_column = |exhibit: &Exhibit| matches!(exhibit.shape, Shape::Distribution { .. });
    let columns: Vec<(usize, &Exhibit)> =
        of_family.iter().copied().filter(|(_, exhibit)| is_column(exhibit)).collect();
    html! {
        @if !columns.is_empty() { (distributions(evaluation, columns)) }
        @for (number, exhibit) in of_family.into_iter().filter(|(_, exhibit)| !is_column(exhibit)) {
            figure.exhibit {
                h3.first { (printable(&exhibit.title)) }
                figcaption { (sentence(&exhibit.caption)) }
                (chart::draw(&format!("figure-{number}"), &exhibit.title, &exhibit.shape))
            }
        }
    }
}

/// How well each column is kept, by name: its value, that of real rows, and how bad it is.
fn kept<'a>(evaluation: &'a Evaluation, column: &str) -> Option<(usize, &'a lookalike_evaluate::Part, f64)> {
    let shape = evaluation.metric("shape")?;
    let parts = worst_parts(shape);
    let place = parts.iter().position(|part| part.columns.len() == 1 && part.columns[0] == column)?;
    Some((place, parts[place], badness(shape.goal, parts[place])?))
}

fn distributions(evaluation: &Evaluation, columns: Vec<(usize, &Exhibit)>) -> Markup {
    let mut ranked: Vec<_> = columns
        .into_iter()
        .map(|(number, exhibit)| (kept(evaluation, &exhibit.title), number, exhibit))
        .collect();
    ranked.sort_by_key(|(kept, _, _)| kept.as_ref().map_or(usize::MAX, |(place, _, _)| *place));
    let Shape::Distribution { series, .. } = &ranked[0].2.shape else {
        unreachable!("only these were chosen")
    };
    let mark = |place: usize, colour: &str| {
        html! {
            @if place == 0 { rect class={"area " (colour)} x="1" y="1" width="20" height="10" {} }
            @else { path class={"stroke " (colour)} d="M0 6H22" {} }
        }
    };
    html! {
        h3 { "How columns are spread" }
        p.quiet { (sentence(&ranked[0].2.caption)) " Where columns are levels, the wide bar is training, the narrow one synthetic and the tick the holdout." }
        (chart::legend(series, mark))
        div.tools.scripted {
            label { span.quiet { "Search columns " } input type="search" data-filters="columns"; }
            span.quiet #columns-count aria-live="polite" {}
        }
        div.cards #columns {
            @for (kept, number, exhibit) in &ranked {
                figure.card data-find=(short(&exhibit.title)) {
                    h4 { (name(&exhibit.title)) }
                    @if let Some((_, part, _)) = kept {
                        p.note {
                            "similarity " (super::scores::number(part.value))
                            @if let Some(floor) = part.floor { ", real rows " (crate::text::figure(floor)) }
                        }
                    }
                    (chart::draw(&format!("figure-{number}"), &exhibit.title, &exhibit.shape))
                }
            }
        }
    }
}
