//! A block of rows while dials change it: which cells, and how they stay what their columns hold.

use lookalike_table::spelling::parse_boolean;
use lookalike_table::{Codes, Column, Schema};

const DAY: f64 = 86_400e6;
/// From the year 1 to the year 9999, in microseconds since 1970.
const YEARS: std::ops::Range<f64> = -62_135_596_800e6..253_402_300_800e6;
/// The largest whole number that is written.
const MOST_WHOLE: f64 = 9e18;

/// A block of rows while it is changed.
pub(super) struct Block<'a> {
    pub(super) schema: &'a Schema,
    pub(super) columns: Vec<Column>,
    pub(super) n: usize,
    pub(super) first: u64,
    /// Rows that stay.
    pub(super) kept: Vec<bool>,
    /// Which dials changed each row, by number.
    pub(super) marks: Vec<Vec<usize>>,
}

impl Block<'_> {
    /// Empties cells; which of them held something.
    pub(super) fn empty(&mut self, column: usize, rows: &[usize]) -> Vec<usize> {
        let before = self.columns[column].missing();
        let held = |row: &usize| before.as_ref().is_none_or(|missing| !missing[*row]);
        let rows: Vec<usize> = rows.iter().copied().filter(held).collect();
        let mut flags = vec![false; self.n];
        for &row in &rows {
            flags[row] = true;
        }
        self.columns[column] = self.columns[column].with_missing(&flags);
        rows
    }

    /// Gives cells of a column what other rows have there; which of them changed.
    pub(super) fn copy(&mut self, column: usize, from: &[usize]) -> Vec<usize> {
        let schema = &self.schema.columns[column];
        let before = lookalike_table::spelling::spell(schema, &self.columns[column]);
        self.columns[column] = self.columns[column].take(from);
        (0..self.n).filter(|&row| before[row] != before[from[row]]).collect()
    }

    /// What 1 means in a column: a day in a column of dates.
    pub(super) fn unit(&self, column: usize) -> f64 {
        if self.columns[column].is_instant() { DAY } else { 1.0 }
    }

    /// Changes the numbers of some rows, on the column's grid; in which of them the cell is another one then. What would leave
    /// the range of the column's numbers, or the years 1 to 9999, stays as it is.
    pub(super) fn edit(
        &mut self,
        column: usize,
        rows: &[usize],
        change: impl Fn(usize, f64) -> f64,
    ) -> Vec<usize> {
        let old = &self.columns[column];
        let numbers = old.numbers().expect("the column holds numbers");
        let mut changed = Vec::new();
        let present = |row: &&usize| !numbers.values[**row].is_nan();
        let value = |row: usize| change(row, numbers.values[row]);
        let new = if let Some(mut integers) = old.integers() {
            let (step, range) = match &self.schema.columns[column].kind {
                lookalike_table::Kind::Datetime(format) => (format.step.max(1), YEARS),
                _ => (1, -MOST_WHOLE..MOST_WHOLE),
            };
            for &row in rows.iter().filter(present) {
                // By how much it moves, so that large numbers keep their last digits.
                let by = ((value(row) - numbers.values[row]) / step as f64).round() * step as f64;
                if by != 0.0 && range.contains(&(integers.values[row] as f64 + by)) {
                    integers.values[row] += by as i64;
                    changed.push(row);
                }
            }
            if old.is_instant() {
                Column::from_instants(integers.values, integers.missing)
            } else {
                Column::from_integers(integers.values, integers.missing)
            }
        } else if let Some((mut values, missing)) = old.unsigned() {
            for &row in rows.iter().filter(present) {
                let new = value(row).round();
                if (0.0..2.0 * MOST_WHOLE).contains(&new) && new as u64 != values[row] {
                    values[row] = new as u64;
                    changed.push(row);
                }
            }
            Column::from_unsigned(values, missing)
        } else if let Some((mut values, scale, missing)) = old.decimals() {
            for &row in rows.iter().filter(present) {
                let new = (value(row) * 10_f64.powi(i32::from(scale))).round();
                if new.abs() < 1e36 && new as i128 != values[row] {
                    values[row] = new as i128;
                    changed.push(row);
                }
            }
            Column::from_decimals(values, scale, missing).expect("the scale is the column's own")
        } else {
            let places = match &self.schema.columns[column].kind {
                lookalike_table::Kind::Numerical(format) => format.decimals.places(),
                _ => None,
            };
            let unit = 10_f64.powi(i32::from(places.unwrap_or(0)));
            let mut values = numbers.values.clone();
            for &row in rows.iter().filter(present) {
                let new = value(row);
                let new = if places.is_some() { (new * unit).round() / unit } else { new };
                if new.is_finite() && new != values[row] {
                    values[row] = new;
                    changed.push(row);
                }
            }
            Column::from_floats(values, numbers.missing.clone())
        };
        self.columns[column] = new;
        changed
    }

    pub(super) fn set_true(&mut self, column: usize, rows: &[usize]) {
        let flags = self.columns[column].integers().expect("truth values");
        let mut values: Vec<bool> = flags.values.iter().map(|&flag| flag != 0).collect();
        let mut missing = flags.missing;
        for &row in rows {
            values[row] = true;
            if let Some(missing) = &mut missing {
                missing[row] = false;
            }
        }
        self.columns[column] = Column::from_booleans(values, missing);
    }

    pub(super) fn is_level(&self, column: usize, wanted: &str) -> Vec<bool> {
        if let Some(codes) = self.columns[column].codes() {
            let code = codes.levels.iter().position(|level| level == wanted).map(|code| code as u32);
            return codes.codes.iter().map(|&other| Some(other) == code).collect();
        }
        let wanted = match &self.schema.columns[column].kind {
            lookalike_table::Kind::Boolean(format) => parse_boolean(wanted, format),
            _ => None,
        };
        let flags = self.columns[column].integers().expect("truth values");
        let missing = flags.missing;
        let present = |row: usize| missing.as_ref().is_none_or(|missing| !missing[row]);
        flags
            .values
            .iter()
            .enumerate()
            .map(|(row, &flag)| present(row) && Some(flag != 0) == wanted)
            .collect()
    }

    /// Gives rows another level, each of the others as likely; which of them had one.
    pub(super) fn relabel(&mut self, column: usize, rows: &[usize], draws: &[(f64, f64)]) -> Vec<usize> {
        if let Some(mut codes) = self.columns[column].codes() {
            let others = codes.levels.len().saturating_sub(1);
            let rows: Vec<usize> = rows
                .iter()
                .copied()
                .filter(|&row| others > 0 && codes.codes[row] != Codes::MISSING)
                .collect();
            for &row in &rows {
                let other = ((draws[row].1 * others as f64) as u32).min(others as u32 - 1);
                codes.codes[row] = if other >= codes.codes[row] { other + 1 } else { other };
            }
            self.columns[column] = Column::from_codes(codes.codes, &codes.levels);
            return rows;
        }
        let flags = self.columns[column].integers().expect("truth values");
        let mut values: Vec<bool> = flags.values.iter().map(|&flag| flag != 0).collect();
        let missing = flags.missing;
        let present = |row: usize| missing.as_ref().is_none_or(|missing| !missing[row]);
        let rows: Vec<usize> = rows.iter().copied().filter(|&row| present(row)).collect();
        for &row in &rows {
            values[row] = !values[row];
        }
        self.columns[column] = Column::from_booleans(values, missing);
        rows
    }

    /// True where a column's value differs from that of the row before.
    pub(super) fn groups(&self, column: usize) -> Vec<bool> {
        let cells = lookalike_table::spelling::spell(&self.schema.columns[column], &self.columns[column]);
        (0..self.n).map(|row| row == 0 || cells[row] != cells[row - 1]).collect()
    }
}
