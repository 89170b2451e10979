//! Charts as SVG: drawn here, so that a page is whole without scripts.
//!
//! Colours are classes, never attributes, so that the page's style decides them, by day and by night. What a script
//! shows when a mark is pointed at is the mark's `data-t`.

mod bars;
mod colour;
mod distribution;
mod images;
pub(crate) mod intervals;
mod lines;
mod matrix;
mod plane;
mod points;
mod rows;

use lookalike_evaluate::Shape;
use maud::{Markup, html};

pub(crate) use colour::{colours, legend};

/// A chart of any shape. `id` is no other chart's; `title` is what it is about, for those who do not see it.
pub(crate) fn draw(id: &str, title: &str, shape: &Shape) -> Markup {
    match shape {
        Shape::Distribution { bins, edges, series, .. } => distribution::draw(id, title, bins, edges, series),
        Shape::Matrix { row_title, column_title, rows, columns, series, scale } => {
            let labels = matrix::Labels { row_title, column_title, rows, columns };
            matrix::draw(id, title, &labels, series, *scale)
        }
        Shape::Curves { x_title, y_title, series } => lines::draw(id, title, [x_title, y_title], series),
        Shape::Points { x_title, y_title, series } => points::draw(id, title, [x_title, y_title], series),
        Shape::Bars { value_title, names, series } => bars::draw(id, title, value_title, names, series),
        Shape::Rows { columns, series } => rows::draw(columns, series),
        Shape::Images { height, width, channels, across, columns, rows, series } => {
            let size = images::Size { height: *height, width: *width, channels: *channels };
            images::draw(size, *across, [columns, rows], series)
        }
        _ => html! { p.quiet { "This report does not know how to draw what there is to see here." } },
    }
}

/// An SVG element that tells what it shows. `step` is how many marks the keys up and down pass over.
fn svg(
    id: &str,
    title: &str,
    description: &str,
    [width, height]: [f64; 2],
    step: usize,
    inside: &Markup,
) -> Markup {
    let (title_id, description_id) = (format!("{id}-t"), format!("{id}-d"));
    html! {
        svg.chart id=(id) viewBox={"0 0 " (place(width)) " " (place(height))} role="img" data-width=(step)
            aria-labelledby={(title_id) " " (description_id)} {
            title id=(title_id) { (title) }
            desc id=(description_id) { (description) }
            (inside)
        }
    }
}

/// A coordinate with no more decimals than a screen shows.
fn place(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}
