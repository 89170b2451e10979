//! Columns that are computed from others: copies, sums and products.

use lookalike_core::Seed;

use super::super::amounts::Amounts;
use super::super::resolve::is_instant;
use super::super::{Amount, Constraint, Term, compare};
use super::{LEAST_EVIDENCE, LEAST_ROWS, Look};
use crate::schema::Kind;

/// More columns of numbers are not tried: time grows with the cube of their number.
const MOST_NUMBERS: usize = 25;

impl Look<'_> {
    /// `total = a + b (+ c ...)`: a column of numbers that is the sum of two others, or of all others of a run beside it.
    pub(super) fn sums(&self, left_out: &[usize]) -> (Vec<Constraint>, Vec<usize>) {
        let columns: Vec<(usize, Vec<Option<f64>>)> =
            self.numbers(left_out).into_iter().filter(|(_, values)| varied(values)).collect();
        let mut found = Vec::new();
        let mut taken: Vec<usize> = Vec::new();
        for (total, (column, values)) in columns.iter().enumerate() {
            // Runs of neighbours first, the longest of them, then any two.
            let others: Vec<usize> = (0..columns.len()).filter(|&other| other != total).collect();
            let mut parts: Vec<Vec<usize>> = Vec::new();
            for length in (2..=others.len().min(8)).rev() {
                parts.extend(others.windows(length).map(<[usize]>::to_vec));
            }
            for (place, &a) in others.iter().enumerate() {
                parts.extend(others[place + 1..].iter().map(|&b| vec![a, b]));
            }
            let fits = parts.into_iter().find(|parts| {
                !parts.iter().any(|part| taken.contains(&columns[*part].0))
                    && adds_up(
                        values,
                        &parts.iter().map(|&part| columns[part].1.as_slice()).collect::<Vec<_>>(),
                    )
            });
            if let Some(parts) = fits
                && !taken.contains(column)
            {
                let own: Vec<usize> = parts.iter().map(|&part| columns[part].0).collect();
                let expression: Vec<String> =
                    own.iter().map(|&part| Term::Column(self.name(part)).to_string()).collect();
                found.push(Constraint::Equation {
                    column: self.name(*column),
                    expression: expression.join(" + "),
                    tolerance: None,
                });
                taken.push(*column);
                taken.extend(own);
            }
        }
        (found, taken)
    }

    /// `net = price * quantity`: a column of numbers that is the product of two others, rounded as it is written. Also those
    /// that take part in one.
    pub(super) fn products(&self, left_out: &[usize], sums: &[Constraint]) -> (Vec<Constraint>, Vec<usize>) {
        let columns: Vec<(usize, Vec<Option<f64>>)> = self.numbers(left_out);
        let said: Vec<String> = sums.iter().filter_map(|sum| sum.columns().into_iter().next()).collect();
        let (mut found, mut taken) = (Vec::new(), Vec::new());
        for (column, values) in &columns {
            if said.contains(&self.name(*column)) || !varied(values) {
                continue;
            }
            let tolerance = half_unit(&self.table.schema().columns[*column].kind);
            let fits = columns.iter().enumerate().find_map(|(place, (first, a))| {
                columns[place + 1..].iter().find_map(|(second, b)| {
                    let apart = first != column && second != column;
                    (apart && multiplies(values, a, b, tolerance)).then_some((*first, *second))
                })
            });
            if let Some((first, second)) = fits {
                let term = |index: usize| Term::Column(self.name(index)).to_string();
                found.push(Constraint::Equation {
                    column: self.name(*column),
                    expression: format!("{} * {}", term(first), term(second)),
                    tolerance: None,
                });
                taken.extend([*column, first, second]);
            }
        }
        (found, taken)
    }

    /// Columns of numbers or dates that are the same as one before them, in every row: as equations, and by number.
    pub(super) fn copies(&self, left_out: &[usize]) -> (Vec<Constraint>, Vec<usize>) {
        let columns: Vec<usize> =
            self.named.iter().filter(|index| !left_out.contains(index)).copied().collect();
        let amounts: Vec<(usize, Amounts)> =
            columns.into_iter().filter_map(|index| Some((index, self.amounts(index)?))).collect();
        let (mut found, mut copied) = (Vec::new(), Vec::new());
        for (place, (column, own)) in amounts.iter().enumerate() {
            let kind = |index: usize| &self.table.schema().columns[index].kind;
            let equal = |other: &Amounts| {
                (0..own.len()).all(|row| match (own.get(row), other.get(row)) {
                    (Some(a), Some(b)) => compare(a, b) == Some(std::cmp::Ordering::Equal),
                    (a, b) => a.is_none() == b.is_none(),
                })
            };
            let first = amounts[..place].iter().find(|(other, amounts)| {
                !copied.contains(other)
                    && is_instant(kind(*other)) == is_instant(kind(*column))
                    && equal(amounts)
            });
            let Some((first, _)) = first else { continue };
            copied.push(*column);
            let values: Vec<Option<f64>> =
                (0..own.len()).map(|row| own.get(row).map(Amount::to_f64)).collect();
            // Columns of few values may well be equal and mean different things.
            if varied(&values) {
                found.push(Constraint::Equation {
                    column: self.name(*column),
                    expression: Term::Column(self.name(*first)).to_string(),
                    tolerance: None,
                });
            }
        }
        (found, copied)
    }

    /// Columns of numbers, with their values.
    fn numbers(&self, left_out: &[usize]) -> Vec<(usize, Vec<Option<f64>>)> {
        self.named
            .iter()
            .filter(|index| !left_out.contains(index))
            .filter(|&&index| matches!(self.table.schema().columns[index].kind, Kind::Numerical(_)))
            .filter_map(|&index| {
                let amounts = self.amounts(index)?;
                let values: Vec<Option<f64>> =
                    (0..amounts.len()).map(|row| amounts.get(row).map(Amount::to_f64)).collect();
                Some((index, values))
            })
            .take(MOST_NUMBERS)
            .collect()
    }
}

fn varied(values: &[Option<f64>]) -> bool {
    let mut present: Vec<u64> = values.iter().flatten().map(|value| value.to_bits()).collect();
    present.sort_unstable();
    present.dedup();
    present.len() >= 10
}

/// True when the parts come to the total wherever all are there, and more than one of them matters.
fn adds_up(total: &[Option<f64>], parts: &[&[Option<f64>]]) -> bool {
    let (mut rows, mut mattering) = (0_usize, vec![0_usize; parts.len()]);
    for (row, total) in total.iter().enumerate() {
        let cells: Option<Vec<f64>> = parts.iter().map(|part| part[row]).collect();
        let (Some(total), Some(cells)) = (total, cells) else { continue };
        let sum: f64 = cells.iter().sum();
        if (sum - total).abs() > 1e-9 * (total.abs() + cells.iter().map(|cell| cell.abs()).sum::<f64>()) {
            return false;
        }
        rows += 1;
        for (count, cell) in mattering.iter_mut().zip(&cells) {
            *count += usize::from(*cell != 0.0);
        }
    }
    rows >= LEAST_ROWS && mattering.iter().all(|&count| count >= 20)
}

/// Half a unit of the last place that a column is written with.
fn half_unit(kind: &Kind) -> f64 {
    match kind {
        Kind::Numerical(format) if format.integer => 0.5,
        Kind::Numerical(format) => {
            format.decimals.places().map_or(0.0, |places| 0.5 / 10f64.powi(i32::from(places)))
        }
        _ => 0.0,
    }
}

/// True when a column is the product of two others wherever all are there, in enough rows in which neither factor is 0 or 1,
/// and would not be if rows were exchanged.
fn multiplies(product: &[Option<f64>], a: &[Option<f64>], b: &[Option<f64>], tolerance: f64) -> bool {
    let near = |product: f64, a: f64, b: f64| {
        (product - a * b).abs() <= tolerance * (1.0 + 1e-9) + 1e-9 * product.abs().max((a * b).abs())
    };
    let mut rows: Vec<(f64, f64, f64)> = Vec::new();
    for ((product, a), b) in product.iter().zip(a).zip(b) {
        let (Some(product), Some(a), Some(b)) = (product, a, b) else { continue };
        if !near(*product, *a, *b) {
            return false;
        }
        let plain = |value: f64| value == 0.0 || value.abs() == 1.0;
        if !plain(*a) && !plain(*b) {
            rows.push((*product, *a, *b));
        }
    }
    if rows.len() < LEAST_ROWS {
        return false;
    }
    // Either factor of another row: a factor that hardly varies is none, and a product that is rounded to nothing says nothing.
    let order = Seed::new(0).stream("suggestions", 0).permutation(rows.len());
    let broken = |near: &dyn Fn(usize, usize) -> bool| {
        let count = (0..rows.len()).filter(|&row| !near(row, order[row])).count() as f64;
        count >= LEAST_EVIDENCE.max(0.05 * rows.len() as f64)
    };
    broken(&|row, other| near(rows[row].0, rows[other].1, rows[row].2))
        && broken(&|row, other| near(rows[row].0, rows[row].1, rows[other].2))
}
