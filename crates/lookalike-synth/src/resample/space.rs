//! How rows of a table lie in space.

use lookalike_learn::neighbours::MixedPoints;
use lookalike_table::{Codes, Column, Kind, Table};
use rayon::prelude::*;

use super::error::ResampleError;
use crate::error::Result;

/// The columns that say how near rows are to each other, and the scale of each.
///
/// Numbers and dates count by the square of their difference, divided by the column's standard deviation unless their own
/// units are asked for. Truth values and levels that differ count the square of the median of the standard deviations that
/// the numbers have within a class (Chawla et al. 2002, section 6.1, <https://doi.org/10.1613/jair.953>), or 1 where
/// no number varies. A missing number lies at the mean, and that it is missing counts as a level of its own.
#[derive(Debug)]
pub(super) struct Space<'a> {
    table: &'a Table,
    /// Columns of numbers, and how they are scaled.
    pub(super) numbers: Vec<(usize, Scale)>,
    /// Columns of levels.
    pub(super) levels: Vec<usize>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    mean: f64,
    /// What is subtracted before dividing: neighbours do not depend on it.
    origin: f64,
    unit: f64,
    may_miss: bool,
    low: f64,
    high: f64,
}

impl Scale {
    fn of(column: &Column, raw_units: bool) -> (Self, bool) {
        let values = column.numbers().expect("numbers").values;
        let (mut count, mut sum) = (0_usize, 0.0);
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for &value in values.iter().filter(|value| value.is_finite()) {
            count += 1;
            sum += value;
            low = low.min(value);
            high = high.max(value);
        }
        if count == 0 {
            let scale = Scale { mean: 0.0, origin: 0.0, unit: 1.0, may_miss: true, low: 0.0, high: 0.0 };
            return (scale, false);
        }
        let mean = (sum / count as f64).clamp(low, high);
        let from_mean = |value: &f64| (value - mean) * (value - mean);
        let deviation = if raw_units {
            1.0
        } else {
            let squares: f64 = values.iter().filter(|value| value.is_finite()).map(from_mean).sum();
            (squares / count as f64).sqrt()
        };
        let unit = if deviation > 0.0 && deviation.is_finite() { deviation } else { 1.0 };
        let origin = if raw_units { 0.0 } else { mean };
        let may_miss = values.iter().any(|value| value.is_nan());
        (Scale { mean, origin, unit, may_miss, low, high }, low < high || may_miss)
    }

    /// Where a value lies; infinite ones at the end of those that are not, missing ones at the mean.
    fn place(&self, value: f64) -> f64 {
        let value = if value.is_nan() { self.mean } else { value.clamp(self.low, self.high) };
        (value - self.origin) / self.unit
    }
}

/// Refuses a column of numbers of which some are infinite.
fn refuse_infinite(table: &Table, index: usize) -> Result<()> {
    let described = &table.schema().columns[index];
    let Kind::Numerical(_) = described.kind else { return Ok(()) };
    let numbers = table.column(index).numbers().map(|numbers| numbers.values).unwrap_or_default();
    match numbers.iter().filter(|value| value.is_infinite()).count() {
        0 => Ok(()),
        cells => Err(ResampleError::Infinite { column: described.name.clone(), cells }.into()),
    }
}

impl<'a> Space<'a> {
    pub(super) fn new(table: &'a Table, classes: &[usize], raw_units: bool) -> Result<Self> {
        let features: Vec<usize> =
            (0..table.n_columns()).filter(|column| !classes.contains(column)).collect();
        let scales: Vec<Option<(Scale, bool)>> = features
            .par_iter()
            .map(|&index| {
                let kind = &table.schema().columns[index].kind;
                let number = matches!(kind, Kind::Numerical(_) | Kind::Datetime(_));
                number.then(|| Scale::of(table.column(index), raw_units))
            })
            .collect();
        for &index in &features {
            refuse_infinite(table, index)?;
        }
        let mut space = Space { table, numbers: Vec::new(), levels: Vec::new() };
        let mut varies = false;
        for (&index, scale) in features.iter().zip(scales) {
            match (&table.schema().columns[index].kind, scale) {
                (_, Some((scale, differs))) => {
                    varies |= differs;
                    space.numbers.push((index, scale));
                }
                (Kind::Categorical { .. } | Kind::Boolean(_), None) => {
                    let codes = level_codes(table.column(index));
                    varies |= codes.iter().any(|&code| code != codes[0]);
                    space.levels.push(index);
                }
                _ => {}
            }
        }
        if varies { Ok(space) } else { Err(ResampleError::Constant.into()) }
    }

    /// The name of the first column of levels, if there is one.
    pub(super) fn first_level(&self) -> Option<&str> {
        self.levels.first().map(|&index| self.table.schema().columns[index].name.as_str())
    }

    /// The name of the first column of numbers, if there is one.
    pub(super) fn first_number(&self) -> Option<&str> {
        self.numbers.first().map(|&(index, _)| self.table.schema().columns[index].name.as_str())
    }

    /// Some rows as points, where levels cost what the numbers of `class` say.
    pub(super) fn points(&self, rows: &[u32], class: &[u32]) -> MixedPoints {
        let cost = self.cost(class);
        self.points_at(rows, cost)
    }

    /// Some rows as points, where a level that differs costs so much.
    pub(super) fn points_at(&self, rows: &[u32], cost: f64) -> MixedPoints {
        let rows: Vec<usize> = rows.iter().map(|&row| row as usize).collect();
        let numbers: Vec<Vec<f64>> =
            self.numbers.par_iter().map(|column| self.places(column, &rows)).collect();
        let missing = self.numbers.par_iter().filter(|(_, scale)| scale.may_miss).map(|&(index, _)| {
            let column = self.table.column(index).take(&rows);
            let values = column.numbers().expect("numbers").values;
            values.iter().map(|value| u32::from(value.is_nan())).collect::<Vec<u32>>()
        });
        let levels = self.levels.par_iter().map(|&index| level_codes(&self.table.column(index).take(&rows)));
        let levels: Vec<Vec<u32>> = levels.chain(missing).collect();
        let numbers: Vec<&[f64]> = numbers.iter().map(Vec::as_slice).collect();
        let levels: Vec<&[u32]> = levels.iter().map(Vec::as_slice).collect();
        let costs = vec![cost; levels.len()];
        MixedPoints::new(rows.len(), &numbers, &levels, costs)
    }

    fn places(&self, &(index, scale): &(usize, Scale), rows: &[usize]) -> Vec<f64> {
        let values = self.table.column(index).take(rows).numbers().expect("numbers").values;
        values.into_iter().map(|value| scale.place(value)).collect()
    }

    /// What a level that differs adds to the square of a distance: the square of the median of the standard deviations
    /// that numbers have in these rows. Numbers that do not vary there say nothing.
    pub(super) fn cost(&self, rows: &[u32]) -> f64 {
        if self.levels.is_empty() && !self.numbers.iter().any(|(_, scale)| scale.may_miss) {
            return 0.0;
        }
        let rows: Vec<usize> = rows.iter().map(|&row| row as usize).collect();
        let mut deviations: Vec<f64> = self
            .numbers
            .par_iter()
            .map(|column| {
                let places = self.places(column, &rows);
                let count = places.len().max(1) as f64;
                let mean = places.iter().sum::<f64>() / count;
                (places.iter().map(|place| (place - mean) * (place - mean)).sum::<f64>() / count).sqrt()
            })
            .collect();
        deviations.retain(|&deviation| deviation > 0.0 && deviation.is_finite());
        deviations.sort_unstable_by(f64::total_cmp);
        let middle = deviations.len() / 2;
        let median = match deviations.len() {
            0 => 1.0,
            odd if odd % 2 == 1 => deviations[middle],
            _ => f64::midpoint(deviations[middle - 1], deviations[middle]),
        };
        median * median
    }
}

/// A number per level, a missing value being one more.
pub(super) fn level_codes(column: &Column) -> Vec<u32> {
    if let Some(codes) = column.codes() {
        let missing = codes.levels.len() as u32;
        return codes
            .codes
            .into_iter()
            .map(|code| if code == Codes::MISSING { missing } else { code })
            .collect();
    }
    let truths = column.integers().expect("levels or truth values");
    let missing = |row: usize| truths.missing.as_ref().is_some_and(|flags| flags[row]);
    truths
        .values
        .iter()
        .enumerate()
        .map(|(row, &value)| if missing(row) { 2 } else { value as u32 })
        .collect()
}
