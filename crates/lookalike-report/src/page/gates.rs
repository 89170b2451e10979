use lookalike_evaluate::{Bound, GateResult, Verdict};
use maud::{Markup, html};

use super::scores::number;
use crate::text::{figure, printable};

/// What the gates say, if there are any: whoever set them looks here first.
pub(super) fn gates(gates: &[GateResult]) -> Markup {
    let kept = gates.iter().filter(|gate| gate.passed).count();
    html! { @if !gates.is_empty() {
        section #gates aria-labelledby="gates-title" {
            h2 #gates-title { "Gates: " (kept) " of " (gates.len()) " kept" }
            div.scroll { table {
                caption { "Bounds that were set before the table was judged. Where a score has an interval, all of it must keep the bound." }
                thead { tr {
                    th scope="col" { "score" }
                    th.number scope="col" { "bound" }
                    th.number scope="col" { "value" }
                    th.number scope="col" { "95 % interval" }
                    th scope="col" { "verdict" }
                } }
                tbody { @for gate in gates { tr {
                    th scope="row" { code { (printable(&gate.score)) } }
                    td.number { (bound(gate.bound)) }
                    td.number { (number(gate.value)) }
                    td.number { @if let Some([low, high]) = gate.interval { (figure(low)) " – " (figure(high)) } @else { "–" } }
                    td { span.standing.(class(gate.verdict)) { (words(gate.verdict)) } }
                } } }
            } }
        }
    } }
}

pub(crate) fn bound(bound: Bound) -> String {
    match bound {
        Bound::Min(least) => format!("at least {least}"),
        Bound::Max(most) => format!("at most {most}"),
    }
}

pub(crate) fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Kept => "kept",
        Verdict::Broken => "broken",
        Verdict::TooFewRows => "too few rows to tell",
        Verdict::NoScore => "no score",
    }
}

fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Kept => "good",
        Verdict::Broken => "poor",
        Verdict::TooFewRows => "mixed",
        Verdict::NoScore => "open",
    }
}
