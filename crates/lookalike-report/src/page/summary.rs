use std::collections::BTreeSet;

use lookalike_evaluate::{Evaluation, Family};
use maud::{Markup, html};

use crate::findings::{Finding, finding};
use crate::text::{count, name, sentence};
use crate::{CAUTIONS, Options, families};

/// The head of the page: what was judged.
pub(super) fn head(evaluation: &Evaluation) -> Markup {
    let rows = evaluation.rows;
    let things = families::things(evaluation);
    html! {
        header {
            h1 { "How alike is the look-alike?" }
            p.lead {
                (count(rows.synthetic)) " synthetic " (things) ", judged by " (count(rows.train)) " training " (things)
                @if let Some(holdout) = rows.holdout { " and " (count(holdout)) " real " (things) " that were held out" }
                "."
                @if let Some(target) = &evaluation.target { " To predict: " (name(target)) "." }
            }
        }
    }
}

/// The findings, what they cannot say, and what was left open.
pub(super) fn short(
    evaluation: &Evaluation,
    options: Options<'_>,
    left_out: usize,
    families: &BTreeSet<Family>,
) -> Markup {
    html! {
        section aria-labelledby="short-title" {
            h2 #short-title { "In short" }
            @if options.shareable { div.banner role="note" { p {
                strong { "To be shared: " }
                "this report leaves out how real values are spread, values of rows and names of files"
                @if left_out > 0 { " (" (left_out) @if left_out == 1 { " figure" } @else { " figures" } " fewer)" }
                ". It still holds the names of columns and figures about the tables as wholes."
            } } }
            div.findings { @for family in families { (card(&finding(evaluation, *family))) } }
            div.caution role="note" aria-label="What this cannot say" {
                h3 { "What this cannot say" }
                ul { @for caution in CAUTIONS { li { (caution) } } }
            }
            @if !evaluation.could_not_tell.is_empty() {
                h3 { "Could not be told" }
                ul { @for open in &evaluation.could_not_tell { li { (sentence(open)) } } }
            }
        }
    }
}

fn card(finding: &Finding) -> Markup {
    html! {
        article.finding.(finding.tone.class()) {
            h3 { (families::name(finding.family)) span.verdict { (finding.tone.words()) } }
            p.says { (finding.says) }
            dl {
                @if !finding.evidence.is_empty() {
                    div { dt { "Evidence" } dd { ul { @for one in &finding.evidence { li { (one) } } } } }
                }
                @if let Some(weakest) = &finding.weakest { div { dt { "Weakest point" } dd { (weakest) "." } } }
                div { dt { "What to do" } dd { (finding.advice) } }
            }
        }
    }
}
