//! What levels are called, for exhibits alone: measurements hold no value of a cell.

use lookalike_table::{Codes, spelling};

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
            let spelled = spelling::spell(
                &table.schema().columns[column.index],
                &table.column(column.index).take(&[first]),
            );
            *name = spelled.into_iter().next().flatten();
        }
    }
    names
}
