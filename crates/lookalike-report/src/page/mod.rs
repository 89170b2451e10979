//! The page and its sections.

pub(crate) mod cost;
mod exhibits;
pub(crate) mod gates;
pub(crate) mod origin;
mod policy;
mod scores;
pub(crate) mod study;
mod summary;
mod worst;

use lookalike_evaluate::{Evaluation, Exhibit, LaysOpen};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::Options;
use crate::families::{families, name, question, things};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// The whole page.
pub(crate) fn page(evaluation: &Evaluation, options: Options<'_>) -> Markup {
    let most = if options.shareable { LaysOpen::Figures } else { LaysOpen::Rows };
    let shown: Vec<&Exhibit> =
        evaluation.exhibits.iter().filter(|exhibit| exhibit.lays_open <= most).collect();
    let left_out = evaluation.exhibits.len() - shown.len();
    let families = families(evaluation);
    let worst = worst::worst(evaluation);
    let sections = html! {
        @if !evaluation.gates.is_empty() { li { a href="#gates" { "Gates" } } }
        li { a href="#short-title" { "In short" } }
        @if !worst.0.is_empty() { li { a href="#worst" { "Worst first" } } }
        @for family in &families { li { a href={"#" (name(*family).to_lowercase())} { (name(*family)) } } }
        @if options.record.is_some() { li { a href="#cost" { "Cost" } } }
        li { a href="#origin" { "Origin" } }
    };
    let content = html! {
        (gates::gates(&evaluation.gates))
        (summary::short(evaluation, options, left_out, &families))
        (worst)
        @for family in &families {
            @let id = name(*family).to_lowercase();
            section #(id) aria-labelledby={(id) "-title"} {
                h2 #{ (id) "-title" } { (name(*family)) }
                p.lead { (question(*family, things(evaluation))) }
                (scores::scores(evaluation, *family))
                (exhibits::exhibits(evaluation, *family, &shown))
            }
        }
        @if let Some(record) = options.record { (cost::cost(record)) }
        (origin::origin(evaluation, options.shareable))
    };
    frame("lookalike report", &summary::head(evaluation), &sections, &content)
}

/// What every page has, around its head, the list of its sections and what they hold.
fn frame(title: &str, head: &Markup, sections: &Markup, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy::policy(STYLE, SCRIPT, content.0.contains("<img ")));
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#content" { "Skip to the findings" }
                (head)
                nav aria-label="Sections" { div {
                    ul { (sections) }
                    button.scripted #theme type="button" aria-pressed="false" { "Light / dark" }
                } }
                main #content tabindex="-1" { (content) }
                footer { "Written by lookalike. This page is one file, loads nothing and sends nothing." }
                div #tip role="status" aria-live="polite" {}
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
}
