//! What levels are called, for exhibits alone: measurements hold no value of a cell.

use lookalike_table::{Codes, Kind, Table};

use crate::alignment::{AlignedColumn, Cells, Role};
use crate::group::Scene;

/// Levels of fewer rows are not named, nor are shares of fewer rows told.
pub(crate) const LEAST_ROWS: usize = 5;

/// The name of each level of a column that at least [`LEAST_ROWS`] training rows have.
pub(crate) fn level_names(scene: &Scene<'_>, column: &AlignedColumn) -> Vec<Option<String>> {
    let mut names = vec![None; column.levels];
    let (Some(Cells::Levels(codes)), Some(table)) = (column.cells(Role::Train), scene.tables[0]) else {
        return names;
    };
    let mut seen = vec![(0, 0); column.levels];
    for (row, &code) in codes.iter().enumerate().filter(|(_, code)| **code != Codes::MISSING) {
        let (count, first) = &mut seen[code as usize];
        if *count == 0 {
            *first = row;
        }
        *count += 1;
    }
    for (name, (count, first)) in names.iter_mut().zip(seen) {
        if count >= LEAST_ROWS {
            *name = text(table, column.index, first);
        }
    }
    names
}

/// The text of a cell of levels.
fn text(table: &Table, column: usize, row: usize) -> Option<String> {
    let cell = table.column(column).take(&[row]);
    if let Some(codes) = cell.codes() {
        return Some(codes.levels.get(codes.codes[0]).to_owned());
    }
    if let Some(texts) = cell.texts() {
        return texts.iter().next().flatten().map(str::to_owned);
    }
    let value = cell.numbers()?.values[0];
    match &table.schema().columns[column].kind {
        Kind::Boolean(format) if value == 0.0 => Some(format.false_text.clone()),
        Kind::Boolean(format) => Some(format.true_text.clone()),
        _ => Some(format!("{value}")),
    }
}
