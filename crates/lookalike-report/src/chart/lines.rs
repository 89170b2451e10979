use std::fmt::Write as _;

use lookalike_evaluate::Series;
use maud::{Markup, html};

use super::plane::Plane;
use super::{colours, legend, place, svg};
use crate::text::{figure, printable};

/// The most points of a line that can be pointed at.
const MOST_MARKS: usize = 40;

/// Lines in a plane.
pub(super) fn draw(id: &str, title: &str, axes: [&str; 2], series: &[Series<[f64; 2]>]) -> Markup {
    let size = [620.0, 340.0];
    let plane = Plane::around(size, series.iter().flat_map(|one| one.values.iter().copied()));
    let colours = colours(series);
    let path = |points: &[[f64; 2]]| -> String {
        let mut path = String::new();
        for [x, y] in points.iter().filter(|[x, y]| x.is_finite() && y.is_finite()) {
            path.push(if path.is_empty() { 'M' } else { 'L' });
            let _ = write!(path, "{} {}", place(plane.x(*x)), place(plane.y(*y)));
        }
        path
    };
    let inside = html! {
        (plane.axes(axes))
        @for (one, colour) in series.iter().zip(&colours) {
            path class={"stroke " (colour)} d=(path(&one.values)) {}
        }
        @for one in series {
            @for [x, y] in thinned(&one.values) {
                circle.hit cx=(place(plane.x(x))) cy=(place(plane.y(y))) r="5"
                    data-t={(printable(&one.name)) "\n" (axes[0]) " " (figure(x)) "\n" (axes[1]) " " (figure(y))} {}
            }
        }
    };
    let names: Vec<String> = series.iter().map(|one| printable(&one.name)).collect();
    let description = format!("Lines of {} over {}: {}.", axes[1], axes[0], names.join(", "));
    html! {
        @if series.len() > 1 { (legend(series, |_, colour| html! { path class={"stroke " (colour)} d="M0 6H22" {} })) }
        div.panels { div { (svg(id, title, &description, size, 1, &inside)) } }
    }
}

fn thinned(points: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let step = points.len().div_ceil(MOST_MARKS).max(1);
    let finite = points.iter().copied().filter(|point| point.iter().all(|x| x.is_finite()));
    finite.step_by(step).collect()
}
