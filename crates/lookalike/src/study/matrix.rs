use std::collections::BTreeMap;

use lookalike_learn::tree::Feature;
use lookalike_table::{Codes, Column, ColumnSchema, Kind, Table, spelling};

use crate::error::{Error, Result};

/// What is predicted from: columns of numbers and of levels. Levels have the same numbers in all tables.
pub(super) struct Columns {
    columns: Vec<Described>,
}

struct Described {
    index: usize,
    /// The number of each level; nothing for numbers.
    levels: Option<BTreeMap<String, u32>>,
}

/// A table as learners see it.
pub(super) struct Matrix {
    cells: Vec<Cells>,
}

enum Cells {
    Numbers(Vec<f64>),
    Levels { codes: Vec<u32>, count: usize },
}

impl Cells {
    fn feature(&self) -> Feature<'_> {
        match self {
            Cells::Numbers(values) => Feature::Numeric(values),
            Cells::Levels { codes, count } => Feature::Categorical { codes, levels: *count },
        }
    }
}

impl Columns {
    /// All columns but the target, the unit, keys and texts.
    pub(super) fn of(table: &Table, target: usize, unit: Option<usize>) -> Result<Self> {
        let mut columns = Vec::new();
        for (index, described) in table.schema().columns.iter().enumerate() {
            if index == target || unit == Some(index) || matches!(described.kind, Kind::Id(_) | Kind::Text) {
                continue;
            }
            let column = table.column(index);
            let levels = if is_number(described, column) {
                None
            } else {
                let mut known = BTreeMap::new();
                for text in texts(described, column).1 {
                    let next = known.len() as u32;
                    known.entry(text).or_insert(next);
                }
                Some(known)
            };
            columns.push(Described { index, levels });
        }
        if columns.is_empty() {
            return Err(Error::Study { problem: "there is no column to predict the target from".to_owned() });
        }
        Ok(Columns { columns })
    }

    /// The cells of a table with the same columns. Levels that the first table had not are one level of their own.
    pub(super) fn matrix(&self, table: &Table) -> Matrix {
        let cells = self.columns.iter().map(|own| {
            let (described, column) = (&table.schema().columns[own.index], table.column(own.index));
            let Some(known) = &own.levels else {
                let values = column.numbers().map_or_else(Vec::new, |numbers| numbers.values);
                return Cells::Numbers(values);
            };
            let (codes, names) = texts(described, column);
            let unknown = known.len() as u32;
            let number: Vec<u32> =
                names.iter().map(|name| known.get(name).copied().unwrap_or(unknown)).collect();
            let codes = codes.into_iter().map(|code| match code {
                Codes::MISSING => Codes::MISSING,
                code => number[code as usize],
            });
            Cells::Levels { codes: codes.collect(), count: known.len() + 1 }
        });
        Matrix { cells: cells.collect() }
    }
}

impl Matrix {
    pub(super) fn features(&self) -> Vec<Feature<'_>> {
        self.cells.iter().map(Cells::feature).collect()
    }

    /// Some of its rows.
    pub(super) fn take(&self, rows: &[usize]) -> Matrix {
        let cells = self.cells.iter().map(|cells| match cells {
            Cells::Numbers(values) => Cells::Numbers(rows.iter().map(|&row| values[row]).collect()),
            Cells::Levels { codes, count } => {
                Cells::Levels { codes: rows.iter().map(|&row| codes[row]).collect(), count: *count }
            }
        });
        Matrix { cells: cells.collect() }
    }

    pub(super) fn n_rows(&self) -> usize {
        self.cells.first().map_or(0, |cells| cells.feature().len())
    }
}

fn is_number(described: &ColumnSchema, column: &Column) -> bool {
    matches!(described.kind, Kind::Numerical(_) | Kind::Datetime(_)) && column.numbers().is_some()
}

/// A column as numbers of texts.
fn texts(described: &ColumnSchema, column: &Column) -> (Vec<u32>, Vec<String>) {
    if let Some(Codes { codes, levels }) = column.codes() {
        return (codes, levels.iter().map(str::to_owned).collect());
    }
    let mut known: BTreeMap<String, u32> = BTreeMap::new();
    let mut names = Vec::new();
    let codes = spelling::spell(described, column).into_iter().map(|text| match text {
        None => Codes::MISSING,
        Some(text) => *known.entry(text).or_insert_with_key(|text| {
            names.push(text.clone());
            names.len() as u32 - 1
        }),
    });
    (codes.collect(), names)
}

#[cfg(test)]
mod tests {
    use lookalike_table::{Levels, Schema};

    use super::*;

    fn table(codes: Vec<u32>, levels: &[&str]) -> Table {
        let kind = Kind::Categorical { order: Vec::new() };
        let columns = ["y", "x"].map(|name| ColumnSchema::new(name, kind.clone()));
        let column = Column::from_codes(codes, &Levels::new(levels));
        Table::new(Schema::new(columns.to_vec()).into(), vec![column.clone(), column]).unwrap()
    }

    #[test]
    fn levels_have_the_same_numbers_in_all_tables_and_new_ones_are_one() {
        let first = table(vec![0, 1, Codes::MISSING, 1], &["a", "b"]);
        let columns = Columns::of(&first, 0, None).unwrap();
        let other = table(vec![0, 1, 2, 3, Codes::MISSING], &["b", "new", "a", "newer"]);
        let matrix = columns.matrix(&other);
        let [Feature::Categorical { codes, levels }] = matrix.features()[..] else {
            panic!("one column of levels")
        };
        assert_eq!((codes, levels), (&[1, 2, 0, 2, Codes::MISSING][..], 3));
        assert_eq!(matrix.take(&[2, 0]).n_rows(), 2);
        assert!(Columns::of(&first, 0, Some(1)).is_err());
    }
}
