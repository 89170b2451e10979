use maud::{Markup, html};

use super::place;
use crate::text::{figure, printable};

/// A rectangle with axes to draw in.
pub(super) struct Plane {
    pub(super) size: [f64; 2],
    x: [f64; 2],
    y: [f64; 2],
}

const LEFT: f64 = 46.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 40.0;

impl Plane {
    /// Axes that hold all points. What is not finite is passed over.
    pub(super) fn around(size: [f64; 2], points: impl Iterator<Item = [f64; 2]>) -> Self {
        let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for point in points.filter(|point| point.iter().all(|x| x.is_finite())) {
            for axis in 0..2 {
                low[axis] = low[axis].min(point[axis]);
                high[axis] = high[axis].max(point[axis]);
            }
        }
        let span = |axis: usize| {
            let (low, high) = if low[axis] <= high[axis] { (low[axis], high[axis]) } else { (0.0, 1.0) };
            // Shares keep their whole scale.
            if low >= 0.0 && high <= 1.0 && high > 0.3 {
                return [0.0, 1.0];
            }
            if low >= 0.0 && low < high / 3.0 {
                return [0.0, high];
            }
            if low < high { [low, high] } else { [low - 0.5, high + 0.5] }
        };
        Plane { size, x: span(0), y: span(1) }
    }

    pub(super) fn x(&self, value: f64) -> f64 {
        LEFT + (value - self.x[0]) / (self.x[1] - self.x[0]) * (self.size[0] - LEFT - RIGHT)
    }

    pub(super) fn y(&self, value: f64) -> f64 {
        let height = self.size[1] - TOP - BOTTOM;
        TOP + height - (value - self.y[0]) / (self.y[1] - self.y[0]) * height
    }

    /// Axes with their titles, and a number at round places.
    pub(super) fn axes(&self, [x_title, y_title]: [&str; 2]) -> Markup {
        let [width, height] = self.size;
        let (bottom, right) = (height - BOTTOM, width - RIGHT);
        html! {
            @for tick in ticks(self.y) {
                line.axis x1=(LEFT) x2=(right) y1=(place(self.y(tick))) y2=(place(self.y(tick))) {}
                text x=(LEFT - 6.0) y=(place(self.y(tick) + 4.0)) text-anchor="end" { (tick_text(tick)) }
            }
            path.axis d={"M" (LEFT) " " (TOP) "V" (bottom) "H" (right)} {}
            @for tick in ticks(self.x) {
                line.axis x1=(place(self.x(tick))) x2=(place(self.x(tick))) y1=(bottom) y2=(bottom + 4.0) {}
                text x=(place(self.x(tick))) y=(bottom + 16.0) text-anchor="middle" { (tick_text(tick)) }
            }
            text x=(place(f64::midpoint(LEFT, right))) y=(height - 5.0) text-anchor="middle" { (printable(x_title)) }
            text transform={"translate(11 " (place(f64::midpoint(TOP, bottom))) ") rotate(-90)"} text-anchor="middle" {
                (printable(y_title))
            }
        }
    }
}

/// About five round numbers between two ends.
fn ticks([low, high]: [f64; 2]) -> Vec<f64> {
    let rough = (high - low) / 4.0;
    let mut power = 1.0;
    while power > rough {
        power /= 10.0;
    }
    while power * 10.0 <= rough {
        power *= 10.0;
    }
    let step =
        [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|round| round * power >= rough).unwrap_or(10.0) * power;
    let first = (low / step).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    (first..=last.min(first + 20)).map(|number| number as f64 * step).collect()
}

fn tick_text(value: f64) -> String {
    let text = figure(value);
    if text.contains('.') && !text.contains('e') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_within() {
        assert_eq!(ticks([0.0, 1.0]), [0.0, 0.25, 0.5, 0.75, 1.0]);
        assert_eq!(ticks([-3.0, 7.0]), [-2.5, 0.0, 2.5, 5.0]);
        assert!(ticks([0.0, 1e-7]).len() > 2);
        assert_eq!(tick_text(0.25), "0.25");
        assert_eq!(tick_text(-0.0), "0");
    }

    #[test]
    fn a_plane_holds_its_points() {
        let plane = Plane::around([300.0, 200.0], [[-5.0, 2.0], [9.0, f64::NAN], [4.0, 8.0]].into_iter());
        assert!((plane.x(-5.0) - LEFT).abs() < 1e-9 && (plane.x(4.0) - 288.0).abs() < 1e-9);
        assert!((plane.y(8.0) - TOP).abs() < 1e-9);
        // Without any point it is still a plane.
        assert!(Plane::around([300.0, 200.0], std::iter::empty()).x(0.5).is_finite());
    }
}
