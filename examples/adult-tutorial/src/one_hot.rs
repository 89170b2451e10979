//! A table as the tutorial's learner sees it: standardised numbers, and a column of zeros and ones for every level.

use std::collections::BTreeSet;

use lookalike::Table;
use lookalike::table::spelling;

/// How columns of numbers are scaled and which levels there are; both are looked up in one table and used for others.
pub(crate) struct OneHot {
    features: Vec<Feature>,
}

struct Feature {
    column: usize,
    coding: Coding,
}

enum Coding {
    Number { mean: f64, deviation: f64 },
    Level(String),
}

impl OneHot {
    /// All columns but the target.
    pub(crate) fn of(table: &Table, target: usize) -> Self {
        let mut features = Vec::new();
        for column in (0..table.n_columns()).filter(|&column| column != target) {
            if let Some(values) = numbers(table, column) {
                let count = values.len().max(1) as f64;
                let mean = values.iter().sum::<f64>() / count;
                let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
                let deviation = (squares / count).sqrt().max(f64::MIN_POSITIVE);
                features.push(Feature { column, coding: Coding::Number { mean, deviation } });
            } else {
                let levels: BTreeSet<String> = levels(table, column).into_iter().collect();
                let coded = levels.into_iter().map(|level| Feature { column, coding: Coding::Level(level) });
                features.extend(coded);
            }
        }
        OneHot { features }
    }

    pub(crate) fn width(&self) -> usize {
        self.features.len()
    }

    /// The table's columns in this coding, each with a number per row.
    pub(crate) fn columns(&self, table: &Table) -> Vec<Vec<f64>> {
        let cells: Vec<(Option<Vec<f64>>, Vec<String>)> = (0..table.n_columns())
            .map(|column| match numbers(table, column) {
                Some(values) => (Some(values), Vec::new()),
                None => (None, levels(table, column)),
            })
            .collect();
        self.features
            .iter()
            .map(|Feature { column, coding }| match (coding, &cells[*column]) {
                (Coding::Number { mean, deviation }, (Some(values), _)) => {
                    values.iter().map(|value| (value - mean) / deviation).collect()
                }
                (Coding::Level(level), (_, cells)) => {
                    cells.iter().map(|cell| f64::from(u8::from(cell == level))).collect()
                }
                // A column of numbers has numbers in every table that has the same schema.
                (Coding::Number { .. }, (None, _)) => vec![0.0; table.n_rows()],
            })
            .collect()
    }
}

/// A column's numbers, if it has numbers.
fn numbers(table: &Table, column: usize) -> Option<Vec<f64>> {
    let numerical = table.schema().columns[column].kind.name() == "numerical";
    table.column(column).numbers().filter(|_| numerical).map(|numbers| numbers.values)
}

/// A column's cells as they are spelled.
pub(crate) fn levels(table: &Table, column: usize) -> Vec<String> {
    let described = &table.schema().columns[column];
    let cells = spelling::spell(described, table.column(column));
    cells.into_iter().map(Option::unwrap_or_default).collect()
}
