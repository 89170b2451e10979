use lookalike_evaluate::Series;
use maud::{Markup, html};

use super::{place, svg};
use crate::text::{figure, printable, short, shortest};

const LABEL: f64 = 118.0;
const WIDTH: f64 = 560.0;

/// Up to so many rows and columns, each cell also holds its number.
const MOST_WRITTEN: usize = 12;

/// What rows and columns are.
pub(super) struct Labels<'a> {
    pub(super) row_title: &'a str,
    pub(super) column_title: &'a str,
    pub(super) rows: &'a [String],
    pub(super) columns: &'a [String],
}

/// A heat map for each series.
pub(super) fn draw(
    id: &str,
    title: &str,
    labels: &Labels<'_>,
    series: &[Series<Vec<Option<f64>>>],
    scale: [f64; 2],
) -> Markup {
    html! {
        (key(scale))
        div.panels {
            @for (number, one) in series.iter().enumerate() {
                div {
                    @if series.len() > 1 { h4 { (printable(&one.name)) } }
                    (one_map(&format!("{id}-{number}"), title, labels, one, scale))
                }
            }
        }
    }
}

/// What the depths of colour mean.
fn key([low, high]: [f64; 2]) -> Markup {
    let steps = 8;
    html! {
        ul.legend aria-hidden="true" {
            li {
                (figure(low))
                svg.key viewBox="0 0 72 12" preserveAspectRatio="none" {
                    @for step in 0..=steps {
                        @let value = low + (high - low) * f64::from(step) / f64::from(steps);
                        rect class=(class(value)) x=(step * 8) width="8" height="12" fill-opacity=(depth(value, [low, high])) {}
                    }
                }
                (figure(high))
            }
        }
    }
}

fn class(value: f64) -> &'static str {
    if value < 0.0 { "cell neg" } else { "cell" }
}

/// How deep a colour is: from nothing at 0, or at the lower end where that is above 0.
fn depth(value: f64, [low, high]: [f64; 2]) -> String {
    let depth = if low < 0.0 {
        value.abs() / if value < 0.0 { -low } else { high.max(1e-12) }
    } else {
        (value - low) / (high - low).max(1e-12)
    };
    format!("{:.2}", depth.clamp(0.0, 1.0))
}

fn one_map(
    id: &str,
    title: &str,
    labels: &Labels<'_>,
    one: &Series<Vec<Option<f64>>>,
    scale: [f64; 2],
) -> Markup {
    let (n_rows, n_columns) = (labels.rows.len(), labels.columns.len());
    let side = ((WIDTH - LABEL) / n_columns.max(1) as f64).min(46.0);
    // Names of columns stand aslant above them, below the title.
    let longest = labels.columns.iter().map(|name| shortest(name).chars().count()).max().unwrap_or(0);
    let top = 26.0 + 5.0 * longest as f64;
    let size = [WIDTH, top + side * n_rows as f64 + 4.0];
    let middle = side / 2.0 + 4.0;
    // Names would overlap where cells are narrow: then every second or third is written, and pointing tells the rest.
    let every = (11.0 / side).ceil().max(1.0) as usize;
    let written = n_rows.max(n_columns) <= MOST_WRITTEN && side > 30.0;
    let inside = html! {
        @for (column, name) in labels.columns.iter().enumerate() {
            @let x = place(LABEL + side * column as f64 + middle);
            @if column % every == 0 {
                text.name transform={"translate(" (x) " " (top - 6.0) ") rotate(-60)"} data-column=(short(name)) { (shortest(name)) }
            } @else { text data-column=(short(name)) {} }
        }
        @for (row, name) in labels.rows.iter().enumerate() {
            @let y = top + side * row as f64;
            g data-row=(short(name)) {
                @if row % every == 0 { text.name x=(LABEL - 6.0) y=(place(y + middle)) text-anchor="end" { (shortest(name)) } }
                @for column in 0..n_columns {
                    @let value = one.values.get(row).and_then(|cells| cells.get(column).copied()).flatten();
                    @let (x, width) = (place(LABEL + side * column as f64), place(side));
                    @if let Some(value) = value {
                        rect class=(class(value)) x=(x) y=(place(y)) width=(width) height=(width) fill-opacity=(depth(value, scale)) data-t=(figure(value)) {}
                    } @else {
                        rect.none x=(x) y=(place(y)) width=(width) height=(width) data-t="not defined" {}
                    }
                }
                @if written { @for column in 0..n_columns {
                    @if let Some(value) = one.values.get(row).and_then(|cells| cells.get(column).copied()).flatten() {
                        text.name.value x=(place(LABEL + side * (column as f64 + 0.5))) y=(place(y + middle)) text-anchor="middle" pointer-events="none" { (brief(value)) }
                    }
                } }
            }
        }
        @if !labels.row_title.is_empty() {
            text x="0" y=(top - 6.0) { (shortest(labels.row_title)) " ↓" }
        }
        @if !labels.column_title.is_empty() {
            text x=(LABEL) y="10" { (shortest(labels.column_title)) " →" }
        }
    };
    let title = format!("{}, {}", short(title), printable(&one.name));
    let description = format!("A matrix of {n_rows} rows and {n_columns} columns.");
    svg(id, &title, &description, size, n_columns, &inside)
}

/// A number that fits in a cell.
fn brief(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e6 { format!("{value:.0}") } else { format!("{value:.2}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_deepen_with_values() {
        assert_eq!(
            [depth(0.0, [0.0, 1.0]), depth(1.0, [0.0, 1.0]), depth(5.0, [0.0, 1.0])],
            ["0.00", "1.00", "1.00"]
        );
        assert_eq!([depth(-0.1, [-0.2, 0.2]), depth(0.0, [-0.2, 0.2])], ["0.50", "0.00"]);
        assert_eq!(depth(0.0, [0.0, 0.0]), "0.00");
    }
}
