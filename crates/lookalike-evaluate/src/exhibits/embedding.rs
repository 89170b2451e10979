use lookalike_table::Codes;
use rayon::prelude::*;

use super::small_cells::FEWEST;
use crate::alignment::{AlignedColumn, Cells, Role};
use crate::exhibit::{Exhibit, LaysOpen, Series, Shape};
use crate::group::Scene;
use crate::metric::Family;

/// Training rows that the plane is laid through.
const FITTED_ROWS: usize = 2_000;
/// Points of each table.
const SHOWN_ROWS: usize = 500;
/// Levels of a column that count, the commonest.
const MOST_LEVELS: usize = 12;
/// Steps towards the directions of largest variance: more would move no point visibly.
const STEPS: usize = 60;

/// The rows of each table as points of the plane in which training rows differ most: principal components of mixed
/// data (Pagès 2004, Revue de Statistique Appliquée 52(4)), in which each number and each column of levels weighs
/// alike.
pub(super) fn make(scene: &Scene<'_>) -> Option<Exhibit> {
    let alignment = &scene.alignment;
    let mut roles = vec![(Role::Train, "training"), (Role::Synthetic, "synthetic")];
    if alignment.has(Role::Holdout) {
        roles.insert(1, (Role::Holdout, "holdout"));
    }
    let all: Vec<Role> = roles.iter().map(|(role, _)| *role).collect();
    let drawn = |role: Role, most: usize| {
        scene.context.seed.stream("embedded rows", role as u64).choose(alignment.n_rows(role), most)
    };
    let fitted = drawn(Role::Train, FITTED_ROWS);
    let columns = alignment.common(&all);
    let axes: Vec<(&AlignedColumn, Axis)> =
        columns.into_iter().filter_map(|column| Some((column, Axis::new(column, &fitted)?))).collect();
    let width: usize = axes.iter().map(|(_, axis)| axis.width()).sum();
    if width < 2 || fitted.len() < 3 {
        return None;
    }
    let rows_of = |role: Role, rows: &[usize]| -> Vec<Vec<f64>> {
        rows.par_iter()
            .map(|&row| {
                let mut point = Vec::with_capacity(width);
                for (column, axis) in &axes {
                    axis.push(column.cells(role).expect("the table has the column"), row, &mut point);
                }
                point
            })
            .collect()
    };
    let plane = plane(&rows_of(Role::Train, &fitted), width);
    let series = roles
        .iter()
        .map(|(role, name)| {
            let points = rows_of(*role, &drawn(*role, SHOWN_ROWS));
            let place = |direction: &[f64], point: &[f64]| (dot(direction, point) * 100.0).round() / 100.0;
            let place = |point: &Vec<f64>| [place(&plane[0], point), place(&plane[1], point)];
            Series::new(name, points.iter().map(place).collect())
        })
        .collect();
    Some(Exhibit {
        name: "embedding".to_owned(),
        title: "rows in a plane".to_owned(),
        caption: format!(
            "Each point is a row, at most {SHOWN_ROWS} of each table, in the plane in which training rows differ most \
             (principal components of numbers and levels). Clouds of one shape are to be expected of a good \
             look-alike; a plane cannot show all that differs."
        ),
        family: Family::Fidelity,
        lays_open: LaysOpen::Distributions,
        shape: Shape::Points {
            x_title: "first component".to_owned(),
            y_title: "second component".to_owned(),
            series,
        },
    })
}

/// How a column becomes coordinates.
enum Axis {
    Number {
        mean: f64,
        scale: f64,
    },
    /// For each level that counts its code, and the weight of its indicator.
    Levels(Vec<(u32, f64, f64)>),
}

/// Numbers further out than this many standard deviations are drawn in: one value must not decide the plane.
const FURTHEST: f64 = 4.0;

impl Axis {
    fn new(column: &AlignedColumn, rows: &[usize]) -> Option<Self> {
        match column.cells(Role::Train)? {
            Cells::Numbers(values) => {
                let present: Vec<f64> =
                    rows.iter().map(|&row| values[row]).filter(|value| value.is_finite()).collect();
                let count = present.len() as f64;
                let mean = present.iter().map(|value| value / count).sum::<f64>();
                let variance =
                    present.iter().map(|value| (value - mean) * ((value - mean) / count)).sum::<f64>();
                let scale = variance.sqrt();
                (scale > 0.0 && scale.is_finite()).then_some(Axis::Number { mean, scale })
            }
            Cells::Levels(codes) => {
                let mut counts = vec![0_u64; column.levels];
                let present = rows.iter().map(|&row| codes[row]).filter(|&code| code != Codes::MISSING);
                present.for_each(|code| counts[code as usize] += 1);
                let mut order: Vec<usize> =
                    (0..counts.len()).filter(|&level| counts[level] >= FEWEST).collect();
                order.sort_by_key(|&level| (std::cmp::Reverse(counts[level]), level));
                order.truncate(MOST_LEVELS);
                let weight = |level: usize| {
                    let share = counts[level] as f64 / rows.len() as f64;
                    (level as u32, share, 1.0 / share.sqrt())
                };
                (order.len() > 1).then(|| Axis::Levels(order.into_iter().map(weight).collect()))
            }
        }
    }

    fn width(&self) -> usize {
        match self {
            Axis::Number { .. } => 1,
            Axis::Levels(levels) => levels.len(),
        }
    }

    fn push(&self, cells: &Cells, row: usize, point: &mut Vec<f64>) {
        match (self, cells) {
            (Axis::Number { mean, scale }, Cells::Numbers(values)) => {
                let place = (values[row] - mean) / scale;
                point.push(if place.is_nan() { 0.0 } else { place.clamp(-FURTHEST, FURTHEST) });
            }
            (Axis::Levels(levels), Cells::Levels(codes)) => {
                let indicator = |code: u32| f64::from(u8::from(codes[row] == code));
                point.extend(levels.iter().map(|&(code, share, weight)| (indicator(code) - share) * weight));
            }
            _ => unreachable!("a column is of one sort in all tables"),
        }
    }
}

/// Two orthogonal directions of largest variance, by repeated multiplication. Their signs are chosen, since variance
/// has none.
fn plane(points: &[Vec<f64>], width: usize) -> [Vec<f64>; 2] {
    let mut found: Vec<Vec<f64>> = Vec::new();
    for number in 0..2 {
        let mut direction: Vec<f64> = (0..width).map(|place| 1.0 + (place + number) as f64 % 3.0).collect();
        for _ in 0..STEPS {
            let lengths: Vec<f64> = points.par_iter().map(|point| dot(&direction, point)).collect();
            let mut next = vec![0.0; width];
            for (point, length) in points.iter().zip(&lengths) {
                next.iter_mut().zip(point).for_each(|(sum, coordinate)| *sum += length * coordinate);
            }
            for known in &found {
                let shadow = dot(&next, known);
                next.iter_mut().zip(known).for_each(|(coordinate, known)| *coordinate -= shadow * known);
            }
            let length = dot(&next, &next).sqrt();
            if length <= 1e-12 {
                break;
            }
            direction = next.into_iter().map(|coordinate| coordinate / length).collect();
        }
        let largest =
            direction.iter().copied().fold(0.0, |most: f64, x| if x.abs() > most.abs() { x } else { most });
        if largest < 0.0 {
            direction = direction.into_iter().map(|coordinate| -coordinate).collect();
        }
        found.push(direction);
    }
    let second = found.pop().expect("there are two");
    [found.pop().expect("there are two"), second]
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plane_is_where_points_differ_most() {
        let points: Vec<Vec<f64>> = (0..200)
            .map(|row| {
                let (a, b, c) = (f64::from(row % 20 - 10), f64::from(row / 20 - 5), f64::from(row % 2));
                vec![c * 0.01, 3.0 * a, b]
            })
            .collect();
        let [first, second] = plane(&points, 3);
        assert!(first[1] > 0.999, "{first:?}");
        assert!(second[2] > 0.99, "{second:?}");
        assert!(dot(&first, &second).abs() < 1e-9);
    }
}
