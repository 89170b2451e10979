use std::fmt::Write as _;

use lookalike_evaluate::Series;
use maud::{Markup, html};

use super::bars::{Bar, horizontal};
use super::{colours, place, svg};
use crate::text::{percent, printable, short, shortest};

const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 138.0;
const BOTTOM: f64 = 20.0;
const TOP: f64 = 6.0;

/// How one column is spread in several tables, on top of each other: ranges as steps whose area is the share of rows,
/// levels as bars.
pub(super) fn draw(id: &str, title: &str, bins: &[String], edges: &[f64], series: &[Series<f64>]) -> Markup {
    let ranges = edges.len().saturating_sub(1).min(bins.len());
    let picture = if ranges == 0 {
        let bars: Vec<Bar> = (0..bins.len())
            .map(|bin| Bar {
                name: bins[bin].clone(),
                tip: tip(bins, series, bin),
                values: values(series, bin),
            })
            .collect();
        horizontal(id, title, &bars, &colours(series), WIDTH)
    } else {
        steps(id, title, bins, edges, series)
    };
    html! {
        (picture)
        @for bin in ranges.max(1)..bins.len() {
            @if ranges > 0 { p.note { (printable(&tip(bins, series, bin).replace('\n', ", "))) } }
        }
        details {
            summary { "Shares as a table" }
            div.scroll { table.parts {
                caption { "Share of rows of " (short(title)) }
                thead { tr { th scope="col" { "range or level" } @for one in series { th.number scope="col" { (printable(&one.name)) } } } }
                tbody { @for bin in 0..bins.len() {
                    tr { th scope="row" { bdi { (short(&bins[bin])) } }
                        @for one in series { td.number { (one.values.get(bin).map_or_else(String::new, |share| percent(*share))) } } }
                } }
            } }
        }
    }
}

fn values(series: &[Series<f64>], bin: usize) -> Vec<f64> {
    series.iter().map(|one| one.values.get(bin).copied().unwrap_or(0.0)).collect()
}

/// What a bin says when it is pointed at.
fn tip(bins: &[String], series: &[Series<f64>], bin: usize) -> String {
    let mut text = short(&bins[bin]);
    for (one, share) in series.iter().zip(values(series, bin)) {
        let _ = write!(text, "\n{} {}", printable(&one.name), percent(share));
    }
    text
}

fn steps(id: &str, title: &str, bins: &[String], edges: &[f64], series: &[Series<f64>]) -> Markup {
    let ranges = edges.len() - 1;
    let (low, high) = (edges[0], edges[ranges]);
    let span = if high > low { high - low } else { 1.0 };
    let x = |edge: f64| (edge - low) / span * WIDTH;
    let density = |share: f64, bin: usize| share / ((edges[bin + 1] - edges[bin]) / span).max(1e-9);
    let highest = series
        .iter()
        .flat_map(|one| one.values.iter().take(ranges).enumerate().map(|(bin, share)| density(*share, bin)))
        .fold(1e-9, f64::max);
    let base = HEIGHT - BOTTOM;
    let y = |height: f64| base - height / highest * (base - TOP);
    let outline = |one: &Series<f64>| -> String {
        let mut path = format!("M0 {}", place(base));
        for (bin, share) in one.values.iter().take(ranges).enumerate() {
            let _ = write!(path, "V{}H{}", place(y(density(*share, bin))), place(x(edges[bin + 1])));
        }
        path + &format!("V{}", place(base))
    };
    let inside = html! {
        @for (number, (one, colour)) in series.iter().zip(colours(series)).enumerate() {
            path class={(if number == 0 { "area" } else { "stroke" }) " " (colour)} d=(outline(one)) {}
        }
        path.axis d={"M0 " (place(base)) "H" (WIDTH)} {}
        text x="0" y=(HEIGHT - 5.0) { (shortest(&bins[0])) }
        @if ranges > 4 {
            text x=(place(x(f64::midpoint(edges[ranges / 2], edges[ranges / 2 + 1])))) y=(HEIGHT - 5.0) text-anchor="middle" { (shortest(&bins[ranges / 2])) }
        }
        @if ranges > 1 {
            text x=(WIDTH) y=(HEIGHT - 5.0) text-anchor="end" { (shortest(&bins[ranges - 1])) }
        }
        @for bin in 0..ranges {
            rect.hit x=(place(x(edges[bin]))) width=(place(x(edges[bin + 1]) - x(edges[bin]))) y="0" height=(base) data-t=(tip(bins, series, bin)) {}
        }
    };
    let names: Vec<String> = series.iter().map(|one| printable(&one.name)).collect();
    let description =
        format!("How {} is spread over {ranges} ranges in: {}.", short(title), names.join(", "));
    svg(id, &short(title), &description, [WIDTH, HEIGHT], 1, &inside)
}
