use std::fmt::Write as _;

use lookalike_evaluate::Series;
use maud::{Markup, html};

use super::{colours, legend, place, svg};
use crate::text::{figure, printable, short, shortest};

const ROW: f64 = 19.0;
const LABEL: f64 = 122.0;

/// The most bars that are drawn; a table would tell the rest better.
const MOST_BARS: usize = 40;

/// One name with the amount of each series.
pub(super) struct Bar {
    pub(super) name: String,
    pub(super) tip: String,
    pub(super) values: Vec<f64>,
}

/// Amounts with names.
pub(super) fn draw(
    id: &str,
    title: &str,
    value_title: &str,
    names: &[String],
    series: &[Series<f64>],
) -> Markup {
    let bars: Vec<Bar> = names
        .iter()
        .take(MOST_BARS)
        .enumerate()
        .map(|(place, name)| {
            let values: Vec<f64> =
                series.iter().map(|one| one.values.get(place).copied().unwrap_or(f64::NAN)).collect();
            let mut tip = short(name);
            for (one, value) in series.iter().zip(&values) {
                let _ = write!(tip, "\n{} {}", printable(&one.name), figure(*value));
            }
            Bar { name: name.clone(), tip, values }
        })
        .collect();
    html! {
        @if series.len() > 1 { (legend(series, mark)) }
        div.panels { div {
            p.note { (printable(value_title)) }
            (horizontal(id, title, &bars, &colours(series), 520.0))
            @if names.len() > MOST_BARS { p.note { "The first " (MOST_BARS) " of " (names.len()) "." } }
        } }
        details {
            summary { "Values as a table" }
            div.scroll { table.parts {
                caption { (printable(value_title)) }
                thead { tr { th scope="col" { "name" } @for one in series { th.number scope="col" { (printable(&one.name)) } } } }
                tbody { @for (bar, name) in bars.iter().zip(names) {
                    tr { th scope="row" { bdi { (short(name)) } } @for value in &bar.values { td.number { (figure(*value)) } } }
                } }
            } }
        }
    }
}

/// What stands for a series of bars in a legend: see [`horizontal`].
fn mark(series: usize, colour: &str) -> Markup {
    html! { @if series == 0 {
        rect class={"fill wide " (colour)} y="1" width="22" height="10" {}
    } @else {
        rect class={"fill " (colour)} y="3.5" width="22" height="5" {}
    } }
}

/// Bars to the right: the first series wide and pale, the last narrow in front of it, those between as ticks. Amounts
/// below zero go to the left of a line.
pub(super) fn horizontal(id: &str, title: &str, bars: &[Bar], colours: &[&str], width: f64) -> Markup {
    let amounts = || bars.iter().flat_map(|bar| bar.values.iter().copied()).filter(|value| value.is_finite());
    let high = amounts().fold(0.0, f64::max);
    let low = amounts().fold(0.0, f64::min);
    let span = if high > low { high - low } else { 1.0 };
    let x = |value: f64| LABEL + (value - low) / span * (width - LABEL - 4.0);
    let last = colours.len().saturating_sub(1);
    let height = ROW * bars.len() as f64 + 4.0;
    let inside = html! {
        @for (row, bar) in bars.iter().enumerate() {
            @let top = 2.0 + row as f64 * ROW;
            text.name x=(LABEL - 8.0) y=(place(top + 13.0)) text-anchor="end" { (shortest(&bar.name)) }
            @for (number, (&value, colour)) in bar.values.iter().zip(colours).enumerate() {
                @let (from, to) = (x(value.min(0.0)), x(value.max(0.0)));
                @if !value.is_finite() {
                } @else if number == 0 {
                    rect class={"fill wide " (colour)} x=(place(from)) y=(place(top + 2.0)) width=(place(to - from)) height=(ROW - 4.0) {}
                } @else if number == last {
                    rect class={"fill " (colour)} x=(place(from)) y=(place(top + 6.5)) width=(place(to - from)) height=(ROW - 13.0) {}
                } @else {
                    line class={"tick " (colour)} x1=(place(x(value))) x2=(place(x(value))) y1=(place(top + 1.0)) y2=(place(top + ROW - 1.0)) {}
                }
            }
            rect.hit x="0" y=(place(top)) width=(width) height=(ROW) data-t=(bar.tip) {}
        }
        line.axis x1=(place(x(0.0))) x2=(place(x(0.0))) y1="0" y2=(place(height)) {}
    };
    let description = format!("Bars of {} names.", bars.len());
    svg(id, &short(title), &description, [width, height], 1, &inside)
}
