use std::fmt::Write as _;

use lookalike_evaluate::Series;
use maud::{Markup, html};

use super::plane::Plane;
use super::{colours, legend, place, svg};
use crate::text::printable;

/// Points in a plane, one panel for each table on the same axes: thousands of points on top of each other would hide
/// what comes first.
pub(super) fn draw(id: &str, title: &str, axes: [&str; 2], series: &[Series<[f64; 2]>]) -> Markup {
    let size = [380.0, 300.0];
    let plane = Plane::around(size, series.iter().flat_map(|one| one.values.iter().copied()));
    let dots = |points: &[[f64; 2]]| -> String {
        let mut path = String::new();
        for [x, y] in points.iter().filter(|[x, y]| x.is_finite() && y.is_finite()) {
            let _ = write!(path, "M{} {}h0", place(plane.x(*x)), place(plane.y(*y)));
        }
        path
    };
    html! {
        (legend(series, |_, colour| html! { circle class={"dot " (colour)} cx="11" cy="6" r="4" {} }))
        div.panels.three {
            @for (number, (one, colour)) in series.iter().zip(colours(series)).enumerate() {
                @let name = printable(&one.name);
                div {
                    h4 { (name) }
                    (svg(
                        &format!("{id}-{number}"),
                        &format!("{title}: {name}"),
                        &format!("{} points of {name}.", one.values.len()),
                        size,
                        1,
                        &html! { (plane.axes(axes)) path class={"dots " (colour)} d=(dots(&one.values)) {} },
                    ))
                }
            }
        }
    }
}
