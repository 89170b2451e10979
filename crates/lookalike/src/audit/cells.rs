use hashbrown::HashMap;
use lookalike_learn::neighbours::{Points, Space};
use lookalike_learn::tree::Feature;
use lookalike_table::{Codes, Column, Kind, Table};

use crate::error::{Error, Result};

/// The columns that attacks look at, and the space in which rows are near each other or not.
pub(super) struct Compared {
    pub(super) columns: Vec<usize>,
    space: Space,
}

/// A column as numbers or as level numbers.
pub(super) enum Cells {
    /// NaN where missing.
    Numbers(Vec<f64>),
    /// [`Codes::MISSING`] where missing.
    Levels { codes: Vec<u32>, count: usize },
}

impl Cells {
    pub(super) fn of(kind: &Kind, column: &Column) -> Cells {
        if matches!(kind, Kind::Numerical(_) | Kind::Datetime(_))
            && let Some(numbers) = column.numbers()
        {
            return Cells::Numbers(numbers.values);
        }
        if let Some(Codes { codes, levels }) = column.codes() {
            return Cells::Levels { codes, count: levels.len() };
        }
        match column.numbers() {
            Some(numbers) => {
                let present = |value: f64| (!value.is_nan()).then(|| (value + 0.0).to_bits());
                numbered(numbers.values.into_iter().map(present))
            }
            None => numbered(column.texts().expect("what is not numbers is text").iter()),
        }
    }

    fn feature(&self) -> Feature<'_> {
        match self {
            Cells::Numbers(values) => Feature::Numeric(values),
            Cells::Levels { codes, count } => Feature::Categorical { codes, levels: *count },
        }
    }
}

/// Numbers different values in the order in which they come.
fn numbered<T: Eq + std::hash::Hash>(values: impl Iterator<Item = Option<T>>) -> Cells {
    let mut known: HashMap<T, u32> = HashMap::new();
    let codes = values
        .map(|value| match value {
            None => Codes::MISSING,
            Some(value) => {
                let next = known.len() as u32;
                *known.entry(value).or_insert(next)
            }
        })
        .collect();
    Cells::Levels { codes, count: known.len() }
}

impl Compared {
    /// All columns but keys, free text, that of units, and those without any value.
    pub(super) fn of(table: &Table, unit: Option<usize>) -> Result<Self> {
        let columns: Vec<usize> = (0..table.n_columns())
            .filter(|&index| {
                let kind = &table.schema().columns[index].kind;
                unit != Some(index)
                    && !matches!(kind, Kind::Id(_) | Kind::Text)
                    && table.column(index).missing_count() < table.n_rows()
            })
            .collect();
        if columns.is_empty() {
            return Err(Error::Audit {
                problem: "the table has no column to compare besides keys, texts and the unit".to_owned(),
            });
        }
        let cells = cells(table, &columns);
        let space = Space::new(&features(&cells), &[]);
        Ok(Compared { columns, space })
    }

    /// The rows as points. Points of one call are of one numbering of levels; those of two calls are not.
    pub(super) fn points(&self, table: &Table) -> Points {
        self.space.points(&features(&cells(table, &self.columns)))
    }

    pub(super) fn names(&self, table: &Table) -> Vec<String> {
        self.columns.iter().map(|&index| table.schema().columns[index].name.clone()).collect()
    }
}

fn cells(table: &Table, columns: &[usize]) -> Vec<Cells> {
    let kinds = &table.schema().columns;
    columns.iter().map(|&index| Cells::of(&kinds[index].kind, table.column(index))).collect()
}

fn features(cells: &[Cells]) -> Vec<Feature<'_>> {
    cells.iter().map(Cells::feature).collect()
}
