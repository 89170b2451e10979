//! The protection rule: what too few people share is not reproduced.
//!
//! A category level, a spike, a text pattern or a numeric bound enters a model only if at least
//! [`Protection::min_units`] different units (people, patients, accounts; rows where nothing else is said) have it
//! or, for a bound, lie at or beyond it. This is a heuristic against the plainest disclosures, not differential
//! privacy: it gives no formal guarantee.

use std::ops::Range;

use hashbrown::HashMap;

use crate::column::Column;
use crate::error::{Error, Result};
use crate::table::Table;

/// How many units must share something before it is reproduced.
///
/// ```
/// use lookalike_table::protect::Protection;
/// assert_eq!(Protection::default().min_units, 5);
/// assert!(!Protection::none().is_on());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Protection {
    /// At least 1; 1 means that nothing is withheld.
    pub min_units: u32,
}

impl Default for Protection {
    fn default() -> Self {
        Protection { min_units: 5 }
    }
}

impl Protection {
    /// Reproduces everything, however rare.
    pub fn none() -> Self {
        Protection { min_units: 1 }
    }

    /// False when nothing is withheld.
    pub fn is_on(self) -> bool {
        self.min_units > 1
    }
}

/// Which unit each row of a table belongs to.
#[derive(Debug, Clone)]
pub struct Units {
    /// The unit's number per row, or `None` when every row is a unit of its own.
    of_row: Option<Vec<u32>>,
    n_rows: usize,
    count: usize,
}

impl Units {
    /// Every row is a unit of its own.
    pub fn rows(n_rows: usize) -> Self {
        Units { of_row: None, n_rows, count: n_rows }
    }

    /// Rows with the same value in a column belong to one unit; each row without a value is a unit of its own.
    ///
    /// # Errors
    /// [`Error::UnitColumn`] when units cannot be told from the column: numbers with decimals are no identifiers.
    ///
    /// # Panics
    /// If there is no such column.
    pub fn of_column(table: &Table, column: usize) -> Result<Self> {
        let name = || table.schema().columns[column].name.clone();
        let column = table.column(column);
        let of_row = numbered(column).ok_or_else(|| Error::UnitColumn { column: name() })?;
        let count = of_row.iter().max().map_or(0, |&last| last as usize + 1);
        Ok(Units { n_rows: of_row.len(), of_row: Some(of_row), count })
    }

    /// How many units there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// True when there is no unit, that is, no row.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// How many rows there are.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// The unit that a row belongs to.
    pub fn unit_of(&self, row: usize) -> u32 {
        self.of_row.as_ref().map_or(row as u32, |units| units[row])
    }

    /// True when every row is a unit of its own.
    pub fn are_rows(&self) -> bool {
        self.of_row.is_none()
    }

    /// How many different units have each of `n_codes` codes. Codes out of range (missing) are passed over.
    pub fn per_code(&self, codes: &[u32], n_codes: usize) -> Vec<u32> {
        let mut counts = vec![0; n_codes];
        match &self.of_row {
            None => {
                for &code in codes.iter().filter(|&&code| (code as usize) < n_codes) {
                    counts[code as usize] += 1;
                }
            }
            Some(units) => {
                let mut pairs: Vec<(u32, u32)> = codes
                    .iter()
                    .zip(units)
                    .filter(|&(&code, _)| (code as usize) < n_codes)
                    .map(|(&code, &unit)| (code, unit))
                    .collect();
                pairs.sort_unstable();
                pairs.dedup();
                for (code, _) in pairs {
                    counts[code as usize] += 1;
                }
            }
        }
        counts
    }

    /// Counts different units in lists of rows.
    pub fn tally(&self) -> Tally<'_> {
        Tally {
            units: self.of_row.as_deref(),
            stamps: vec![0; self.of_row.as_ref().map_or(0, |_| self.count)],
            round: 0,
        }
    }
}

/// Counts different units in lists of rows, reusing its memory.
#[derive(Debug)]
pub struct Tally<'a> {
    units: Option<&'a [u32]>,
    stamps: Vec<u32>,
    round: u32,
}

impl Tally<'_> {
    /// How many different units are among these (different) rows.
    pub fn count(&mut self, rows: &[u32]) -> usize {
        let Some(units) = self.units else { return rows.len() };
        self.round += 1;
        let mut count = 0;
        for &row in rows {
            let stamp = &mut self.stamps[units[row as usize] as usize];
            count += usize::from(*stamp != self.round);
            *stamp = self.round;
        }
        count
    }

    /// The shortest beginning of `rows` with at least `wanted` different units, as its length.
    pub fn reach(&mut self, rows: impl Iterator<Item = u32>, wanted: usize) -> Option<usize> {
        if wanted == 0 {
            return Some(0);
        }
        self.round += 1;
        let mut count = 0;
        for (position, row) in rows.enumerate() {
            match self.units {
                None => count += 1,
                Some(units) => {
                    let stamp = &mut self.stamps[units[row as usize] as usize];
                    count += usize::from(*stamp != self.round);
                    *stamp = self.round;
                }
            }
            if count >= wanted {
                return Some(position + 1);
            }
        }
        None
    }

    /// True when `rows[range]` has at least `wanted` different units.
    pub fn has(&mut self, rows: &[u32], range: Range<usize>, wanted: usize) -> bool {
        range.len() >= wanted && self.reach(rows[range].iter().copied(), wanted).is_some()
    }
}

/// Numbers the distinct values of a column in order of first appearance; missing rows get numbers of their own.
fn numbered(column: &Column) -> Option<Vec<u32>> {
    let mut next = 0;
    let mut fresh = || {
        next += 1;
        next - 1
    };
    if let Some(integers) = column.integers() {
        let mut seen = HashMap::new();
        let missing = integers.missing;
        return Some(
            integers
                .values
                .into_iter()
                .enumerate()
                .map(|(row, value)| {
                    if missing.as_ref().is_some_and(|flags| flags[row]) {
                        fresh()
                    } else {
                        *seen.entry(value).or_insert_with(&mut fresh)
                    }
                })
                .collect(),
        );
    }
    let texts = column.texts()?;
    let mut seen: HashMap<&str, u32> = HashMap::new();
    Some(
        texts
            .iter()
            .map(|text| match text {
                None => fresh(),
                Some(text) => *seen.entry(text).or_insert_with(&mut fresh),
            })
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::schema::{ColumnSchema, Kind, Schema};

    fn patients() -> Table {
        let schema = Schema::new(vec![ColumnSchema::new("patient", Kind::Text)]);
        let column = Column::from_texts([Some("a"), Some("b"), Some("a"), None, None, Some("b")]);
        Table::new(Arc::new(schema), vec![column]).unwrap()
    }

    #[test]
    fn units_group_rows() {
        let units = Units::of_column(&patients(), 0).unwrap();
        assert_eq!((units.len(), units.n_rows()), (4, 6));
        assert_eq!(units.per_code(&[0, 0, 0, 1, u32::MAX, 1], 2), [2, 2]);
        let mut tally = units.tally();
        assert_eq!(tally.count(&[0, 2]), 1);
        assert_eq!(tally.count(&[0, 1, 3]), 3);
        assert_eq!(tally.reach([0, 2, 1, 3].into_iter(), 2), Some(3));
        assert!(!tally.has(&[0, 2], 0..2, 2));
    }

    #[test]
    fn rows_are_units_by_default() {
        let units = Units::rows(3);
        assert_eq!(units.per_code(&[1, 1, 0], 2), [1, 2]);
        assert_eq!(units.tally().count(&[0, 1]), 2);
    }
}
