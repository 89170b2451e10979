//! Movements of the plane, as matrices over homogeneous coordinates. Pixel number i has its middle at i.

use lookalike_core::math;
use serde::{Deserialize, Serialize};

use crate::sample::{BoundingBox, Sample};
use crate::values::BoxMethod;

/// A movement of the plane: affine, or with perspective. Row by row.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Matrix(pub [f64; 9]);

impl Matrix {
    /// Nothing moves.
    pub const IDENTITY: Matrix = Matrix([1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]);

    /// Moved to the right and down.
    pub fn translation(x: f64, y: f64) -> Self {
        Matrix([1.0, 0.0, x, 0.0, 1.0, y, 0.0, 0.0, 1.0])
    }

    /// Stretched about the origin.
    pub fn scale(x: f64, y: f64) -> Self {
        Matrix([x, 0.0, 0.0, 0.0, y, 0.0, 0.0, 0.0, 1.0])
    }

    /// Turned about the origin by so many degrees, counter-clockwise as it is seen.
    pub fn rotation(degrees: f64) -> Self {
        let (sine, cosine) = sine_cosine(degrees);
        Matrix([cosine, sine, 0.0, -sine, cosine, 0.0, 0.0, 0.0, 1.0])
    }

    /// Slanted: x by the tangent of the first angle times y, and y by that of the second times x.
    pub fn shear(x_degrees: f64, y_degrees: f64) -> Self {
        let tangent = |degrees: f64| {
            let (sine, cosine) = sine_cosine(degrees);
            sine / cosine
        };
        Matrix([1.0, tangent(x_degrees), 0.0, tangent(y_degrees), 1.0, 0.0, 0.0, 0.0, 1.0])
    }

    /// This movement, then `next`.
    #[must_use]
    pub fn then(self, next: Matrix) -> Self {
        let (a, b) = (next.0, self.0);
        Matrix(std::array::from_fn(|place| {
            let (row, column) = (place / 3, place % 3);
            (0..3).map(|k| a[3 * row + k] * b[3 * k + column]).sum()
        }))
    }

    /// This movement about another point than the origin.
    #[must_use]
    pub fn about(self, x: f64, y: f64) -> Self {
        Matrix::translation(-x, -y).then(self).then(Matrix::translation(x, y))
    }

    /// The movement that takes it back, if there is one.
    pub fn inverse(self) -> Option<Self> {
        let m = self.0;
        let minor = |a: usize, b: usize, c: usize, d: usize| m[a] * m[d] - m[b] * m[c];
        let determinant = m[0] * minor(4, 5, 7, 8) - m[1] * minor(3, 5, 6, 8) + m[2] * minor(3, 4, 6, 7);
        if determinant == 0.0 || !determinant.is_finite() {
            return None;
        }
        let adjugate = [
            minor(4, 5, 7, 8),
            -minor(1, 2, 7, 8),
            minor(1, 2, 4, 5),
            -minor(3, 5, 6, 8),
            minor(0, 2, 6, 8),
            -minor(0, 2, 3, 5),
            minor(3, 4, 6, 7),
            -minor(0, 1, 6, 7),
            minor(0, 1, 3, 4),
        ];
        let inverse = adjugate.map(|value| value / determinant);
        inverse.iter().all(|value| value.is_finite()).then_some(Matrix(inverse))
    }

    /// True when parallels stay parallel.
    pub fn is_affine(self) -> bool {
        self.0[6] == 0.0 && self.0[7] == 0.0 && self.0[8] == 1.0
    }

    /// Where a point goes; none when it goes behind the horizon.
    pub fn apply(self, x: f64, y: f64) -> Option<(f64, f64)> {
        let m = self.0;
        let depth = m[6] * x + m[7] * y + m[8];
        let to = ((m[0] * x + m[1] * y + m[2]) / depth, (m[3] * x + m[4] * y + m[5]) / depth);
        (depth > 0.0 && to.0.is_finite() && to.1.is_finite()).then_some(to)
    }

    /// The movement that takes four points to four others, by solving its eight equations; none if three are on a line.
    pub fn of_quadrilateral(from: [(f64, f64); 4], to: [(f64, f64); 4]) -> Option<Self> {
        let mut rows = [[0.0; 9]; 8];
        for (number, ((x, y), (u, v))) in from.into_iter().zip(to).enumerate() {
            rows[2 * number] = [x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y, u];
            rows[2 * number + 1] = [0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y, v];
        }
        for column in 0..8 {
            let pivot =
                (column..8).max_by(|&a, &b| rows[a][column].abs().total_cmp(&rows[b][column].abs()))?;
            rows.swap(column, pivot);
            if rows[column][column].abs() < 1e-12 {
                return None;
            }
            let lead = rows[column];
            for (number, row) in rows.iter_mut().enumerate() {
                if number != column {
                    let factor = row[column] / lead[column];
                    for (value, above) in row.iter_mut().zip(lead) {
                        *value -= factor * above;
                    }
                }
            }
        }
        let mut matrix = [1.0; 9];
        for (column, value) in matrix.iter_mut().take(8).enumerate() {
            *value = rows[column][8] / rows[column][column];
        }
        matrix.iter().all(|value| value.is_finite()).then_some(Matrix(matrix))
    }
}

/// Exact for quarter turns.
pub(crate) fn sine_cosine(degrees: f64) -> (f64, f64) {
    let turned = degrees.rem_euclid(360.0);
    if turned % 90.0 == 0.0 {
        return [(0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (-1.0, 0.0)][(turned / 90.0) as usize % 4];
    }
    let radians = degrees.to_radians();
    (math::sin(radians), math::cos(radians))
}

/// Points on each side of a box, or on its ellipse in all, by which it follows a movement.
const POINTS: usize = 32;

/// The smallest upright box around a moved one; none if none of it is in front of the horizon.
pub(crate) fn moved_box(
    bounds: &BoundingBox,
    method: BoxMethod,
    straight: bool,
    point: impl Fn(f64, f64) -> Option<(f64, f64)>,
) -> Option<BoundingBox> {
    let (width, height) = (bounds.right - bounds.left, bounds.bottom - bounds.top);
    let mut moved = BoundingBox {
        left: f64::INFINITY,
        top: f64::INFINITY,
        right: f64::NEG_INFINITY,
        bottom: f64::NEG_INFINITY,
        label: bounds.label.clone(),
    };
    // Edges lie half a pixel beside the middles of pixels.
    let mut around = |across: f64, down: f64| {
        if let Some((x, y)) = point(bounds.left + width * across - 0.5, bounds.top + height * down - 0.5) {
            moved.left = moved.left.min(x + 0.5);
            moved.right = moved.right.max(x + 0.5);
            moved.top = moved.top.min(y + 0.5);
            moved.bottom = moved.bottom.max(y + 0.5);
        }
    };
    match method {
        BoxMethod::LargestBox => {
            let steps = if straight { 1 } else { POINTS };
            for step in 0..=steps {
                let part = step as f64 / steps as f64;
                around(part, 0.0);
                around(part, 1.0);
                around(0.0, part);
                around(1.0, part);
            }
        }
        BoxMethod::Ellipse => {
            for step in 0..4 * POINTS {
                let (sine, cosine) = sine_cosine(step as f64 * 360.0 / (4 * POINTS) as f64);
                around(0.5 + 0.5 * cosine, 0.5 + 0.5 * sine);
            }
        }
    }
    (moved.left <= moved.right).then_some(moved)
}

/// Moves the boxes and keypoints of a sample; what goes behind the horizon is left out.
pub(crate) fn move_marks(
    sample: &mut Sample,
    method: BoxMethod,
    straight: bool,
    point: impl Fn(f64, f64) -> Option<(f64, f64)>,
) {
    sample.boxes =
        sample.boxes.iter().filter_map(|bounds| moved_box(bounds, method, straight, &point)).collect();
    sample.move_points(point);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: (f64, f64), b: (f64, f64)) -> bool {
        (a.0 - b.0).abs() < 1e-9 && (a.1 - b.1).abs() < 1e-9
    }

    #[test]
    fn a_quarter_turn_goes_counter_clockwise() {
        // What is right of the middle goes above it; y points downwards.
        let turned = Matrix::rotation(90.0).about(5.0, 5.0).apply(8.0, 5.0).unwrap();
        assert!(near(turned, (5.0, 2.0)));
    }

    #[test]
    fn inverses_take_back() {
        let matrix = Matrix::rotation(33.0)
            .then(Matrix::shear(10.0, 4.0))
            .then(Matrix([1.0, 0.1, 3.0, 0.0, 1.2, -4.0, 0.001, 0.0004, 1.0]));
        let (x, y) = matrix.apply(12.0, 7.0).unwrap();
        assert!(near(matrix.inverse().unwrap().apply(x, y).unwrap(), (12.0, 7.0)));
        assert_eq!(Matrix::scale(0.0, 1.0).inverse(), None);
    }

    #[test]
    fn four_corners_go_where_they_should() {
        let from = [(0.0, 0.0), (9.0, 0.0), (9.0, 5.0), (0.0, 5.0)];
        let to = [(1.0, 0.5), (8.0, -1.0), (9.5, 6.0), (-1.0, 4.0)];
        let matrix = Matrix::of_quadrilateral(from, to).unwrap();
        for (corner, goal) in from.into_iter().zip(to) {
            assert!(near(matrix.apply(corner.0, corner.1).unwrap(), goal));
        }
        assert_eq!(Matrix::of_quadrilateral([(0.0, 0.0); 4], to), None);
    }

    #[test]
    fn an_ellipse_is_tighter_than_its_box() {
        let bounds = BoundingBox { left: 2.0, top: 2.0, right: 8.0, bottom: 8.0, label: "a".to_owned() };
        let turn = |x, y| Matrix::rotation(45.0).about(4.5, 4.5).apply(x, y);
        let (wide, tight) = (
            moved_box(&bounds, BoxMethod::LargestBox, true, turn).unwrap(),
            moved_box(&bounds, BoxMethod::Ellipse, true, turn).unwrap(),
        );
        assert!((wide.right - wide.left - 6.0 * 2f64.sqrt()).abs() < 1e-9);
        assert!((tight.right - tight.left - 6.0).abs() < 0.01);
    }
}
