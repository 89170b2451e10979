use maud::{Markup, html};

use super::{place, svg};
use crate::text::{figure, short};

const ROW: f64 = 19.0;
const LABEL: f64 = 232.0;
const WIDTH: f64 = 640.0;

/// A difference with its interval.
pub(crate) struct Row<'a> {
    pub(crate) name: &'a str,
    pub(crate) colour: &'static str,
    pub(crate) value: f64,
    pub(crate) interval: [f64; 2],
}

/// Differences as points with their intervals, on both sides of a line that stands for none.
pub(crate) fn draw(id: &str, title: &str, rows: &[Row<'_>]) -> Markup {
    let ends = || rows.iter().flat_map(|row| row.interval).filter(|end| end.is_finite());
    let low = ends().fold(0.0, f64::min);
    let high = ends().fold(0.0, f64::max);
    let span = if high > low { high - low } else { 1.0 };
    let x = |value: f64| LABEL + (value - low) / span * (WIDTH - LABEL - 8.0);
    let height = ROW * rows.len() as f64 + 20.0;
    let inside = html! {
        line.axis x1=(place(x(0.0))) x2=(place(x(0.0))) y1="0" y2=(place(height - 16.0)) {}
        @for (number, row) in rows.iter().enumerate() {
            @let y = ROW * (number as f64 + 0.5);
            @let [from, to] = row.interval;
            text.name x=(LABEL - 8.0) y=(place(y + 4.0)) text-anchor="end" { (short(row.name)) }
            line class={"tick " (row.colour)} x1=(place(x(from))) x2=(place(x(to))) y1=(place(y)) y2=(place(y)) {}
            circle class={"fill " (row.colour)} cx=(place(x(row.value))) cy=(place(y)) r="4" {}
            rect.hit x="0" y=(place(y - ROW / 2.0)) width=(WIDTH) height=(ROW)
                data-t={(short(row.name)) "\n" (figure(row.value)) "\n" (figure(from)) " to " (figure(to))} {}
        }
        text x=(place(x(low))) y=(place(height - 4.0)) { (figure(low)) }
        text x=(place(x(high))) y=(place(height - 4.0)) text-anchor="end" { (figure(high)) }
    };
    let description = format!("Differences of {} variants with intervals.", rows.len());
    svg(id, title, &description, [WIDTH, height], 1, &inside)
}
