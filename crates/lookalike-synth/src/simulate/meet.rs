//! Rows in which constraints hold: cells that are missing together, and rows that are drawn again where they have to be.

use std::sync::Arc;

use lookalike_core::Seed;
use lookalike_table::constraints::{Comparand, Rule};
use lookalike_table::{Column, Table};
use rayon::prelude::*;

use super::SimulateError;
use super::columns::{ColumnSpec, Source};
use super::draw::{Cells, Stretch, once, stretches};
use super::rows::Places;
use super::rules::Meeting;
use super::tables::TableSpec;
use crate::constraints::MOST_ROUNDS;

/// All columns as they are written.
fn table(meeting: &Meeting, cells: &Cells) -> Result<Table, SimulateError> {
    let columns = (0..cells.drawn.len()).map(|index| cells.written(index)).collect();
    Ok(Table::new(Arc::clone(&meeting.schema), columns)?)
}

/// Makes cells missing together, and missing or present where rules say so.
pub(super) fn missing(meeting: &Meeting, n_rows: usize, cells: &mut Cells) -> Result<(), SimulateError> {
    together(meeting, n_rows, cells);
    // A rule may make another one apply; each round settles one of them at least.
    for _ in 0..=meeting.masks.len() {
        let mut changed = false;
        for &index in &meeting.masks {
            let Rule::When { then, .. } = &meeting.rules.rules[index] else {
                continue;
            };
            let goes_missing = matches!(then.is, Comparand::Missing);
            let broken = meeting.rules.violations(index, &table(meeting, cells)?);
            if !broken.contains(&true) {
                continue;
            }
            changed = true;
            let flags = cells.masks[then.column].get_or_insert_with(|| vec![false; n_rows]);
            for (flag, broken) in flags.iter_mut().zip(broken) {
                if broken {
                    *flag = goes_missing;
                }
            }
            together(meeting, n_rows, cells);
        }
        if !changed {
            break;
        }
    }
    Ok(())
}

/// A cell is missing where another of its group is.
fn together(meeting: &Meeting, n_rows: usize, cells: &mut Cells) {
    for columns in &meeting.together {
        let mut flags = vec![false; n_rows];
        for &column in columns {
            let drawn = cells.drawn[column].as_ref().and_then(Column::missing);
            for missing in [drawn.as_ref(), cells.masks[column].as_ref()].into_iter().flatten() {
                for (flag, missing) in flags.iter_mut().zip(missing) {
                    *flag |= missing;
                }
            }
        }
        for &column in columns {
            cells.masks[column] = Some(flags.clone());
        }
    }
}

/// True for what stays where a row is drawn again: what belongs to its number, its parent or its place.
fn stays(column: &ColumnSpec) -> bool {
    column.sorted.is_some()
        || match &column.source {
            Source::Parent(_) | Source::Sequence { .. } | Source::StandIn(_) | Source::Distinct { .. } => {
                true
            }
            Source::Pattern { unique, .. } => *unique,
            _ => false,
        }
}

/// Draws rows in which a constraint does not hold again, in their place: each until it holds in all of its cells.
pub(super) fn again(
    table_spec: &TableSpec,
    meeting: &Meeting,
    own: Seed,
    first: u64,
    count: usize,
    places: Option<&Places>,
    cells: Cells,
) -> Result<Cells, SimulateError> {
    if meeting.checked.is_empty() || count == 0 {
        return Ok(cells);
    }
    let broken = broken(meeting, &table(meeting, &cells)?);
    if broken.iter().all(Option::is_none) {
        return Ok(cells);
    }
    if table_spec.has_series() {
        let index = broken.iter().flatten().copied().next().unwrap_or(0);
        return Err(SimulateError::UnmetInSeries {
            constraint: meeting.rules.text(index),
            line: meeting.lines[index],
            rows: broken.iter().filter(|found| **found == Some(index)).count(),
        });
    }
    let stays: Vec<bool> = table_spec.columns.iter().map(stays).collect();
    let parts: Vec<Cells> = stretches(first, count)
        .into_par_iter()
        .map(|stretch| {
            let own_cells = slice(&cells, stretch);
            let rows = stretch.from..stretch.from + stretch.length;
            let broken = broken[rows].to_vec();
            if broken.iter().all(Option::is_none) {
                return Ok(own_cells);
            }
            let places = places.map(|places| places.slice(stretch.from, stretch.length));
            let row = first + stretch.from as u64;
            mended(table_spec, meeting, own, row, places.as_ref(), (own_cells, broken), &stays)
        })
        .collect::<Result<_, SimulateError>>()?;
    joined(&parts)
}

/// For each row a constraint that does not hold there.
fn broken(meeting: &Meeting, table: &Table) -> Vec<Option<usize>> {
    let mut found = vec![None; table.n_rows()];
    for &index in &meeting.checked {
        for (found, broken) in found.iter_mut().zip(meeting.rules.violations(index, table)) {
            if broken && found.is_none() {
                *found = Some(index);
            }
        }
    }
    found
}

fn slice(cells: &Cells, stretch: Stretch) -> Cells {
    let rows = stretch.from..stretch.from + stretch.length;
    Cells {
        drawn: cells
            .drawn
            .iter()
            .map(|column| Some(column.as_ref()?.slice(stretch.from, stretch.length)))
            .collect(),
        masks: cells.masks.iter().map(|flags| Some(flags.as_ref()?[rows.clone()].to_vec())).collect(),
    }
}

fn mended(
    spec: &TableSpec,
    meeting: &Meeting,
    own: Seed,
    row: u64,
    places: Option<&Places>,
    (cells, mut open): (Cells, Vec<Option<usize>>),
    stays: &[bool],
) -> Result<Cells, SimulateError> {
    let n = open.len();
    let kept = Cells {
        drawn: cells
            .drawn
            .iter()
            .zip(stays)
            .map(|(column, stays)| column.clone().filter(|_| *stays))
            .collect(),
        masks: spec
            .columns
            .iter()
            .zip(&cells.masks)
            .map(|(column, flags)| flags.clone().filter(|_| matches!(column.source, Source::Parent(_))))
            .collect(),
    };
    let mut drawn = vec![cells];
    let mut from: Vec<usize> = (0..n).collect();
    for round in 1..=MOST_ROUNDS {
        let seed = own.derive(&format!("rows again {round}"));
        let next = once(spec, seed, row, n, places, kept.clone(), &mut [])?;
        let found = broken(meeting, &table(meeting, &next)?);
        let mut used = false;
        for place in 0..n {
            if open[place].is_some() && found[place].is_none() {
                open[place] = None;
                from[place] = drawn.len() * n + place;
                used = true;
            }
        }
        if used {
            drawn.push(next);
        }
        if open.iter().all(Option::is_none) {
            return Ok(take(&joined(&drawn)?, &from));
        }
    }
    let index = open.iter().flatten().copied().next().unwrap_or(0);
    Err(SimulateError::Unmet {
        constraint: meeting.rules.text(index),
        line: meeting.lines[index],
        draws: MOST_ROUNDS,
        rows: open.iter().flatten().count(),
        of: n,
    })
}

fn take(cells: &Cells, rows: &[usize]) -> Cells {
    Cells {
        drawn: cells.drawn.iter().map(|column| Some(column.as_ref()?.take(rows))).collect(),
        masks: cells
            .masks
            .iter()
            .map(|flags| flags.as_ref().map(|flags| rows.iter().map(|&row| flags[row]).collect()))
            .collect(),
    }
}

/// Rows after one another.
fn joined(parts: &[Cells]) -> Result<Cells, SimulateError> {
    let columns = parts.first().map_or(0, |part| part.drawn.len());
    let mut all = Cells { drawn: Vec::with_capacity(columns), masks: Vec::with_capacity(columns) };
    for index in 0..columns {
        let of_parts: Vec<&Column> = parts.iter().filter_map(|part| part.drawn[index].as_ref()).collect();
        all.drawn.push(Some(Column::concat(&of_parts)?));
        let any = parts.iter().any(|part| part.masks[index].is_some());
        all.masks.push(any.then(|| {
            let flags = parts
                .iter()
                .zip(&of_parts)
                .map(|(part, column)| part.masks[index].clone().unwrap_or_else(|| vec![false; column.len()]));
            flags.collect::<Vec<_>>().concat()
        }));
    }
    Ok(all)
}
