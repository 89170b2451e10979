//! How many rows a forest is learned from where memory is short.

use bytesize::ByteSize;
use lookalike_core::{Context, Topic, Warning};
use lookalike_table::{SplitOptions, Table, split};

use crate::error::{Error, Result};
use crate::frame::FitOptions;
use crate::words::counted;

/// Bytes per cell: the segment's number, the bin, and what is sorted or copied of some columns at a time.
const PER_CELL: u64 = 8;
/// Bytes per row besides: sorted values while margins are learned.
const PER_ROW: u64 = 80;
/// Fewer rows are not worth learning from instead of all.
const LEAST_ROWS: u64 = 1000;

/// A table that can be learned from within so many bytes, and what to say of it: the rows of a sample of units, if all
/// rows would take more. `None` where all may be learned from.
pub(super) fn within(
    limit: u64,
    table: &Table,
    options: &FitOptions,
    context: &Context<'_>,
) -> Result<Option<(Table, Warning)>> {
    let n_rows = table.n_rows() as u64;
    let per_row = PER_CELL * table.n_columns() as u64 + PER_ROW;
    if n_rows * per_row <= limit {
        return Ok(None);
    }
    let wanted = limit / per_row;
    if wanted < LEAST_ROWS {
        let cure = "allow more with --memory";
        return Err(Error::Memory { needed: n_rows.min(LEAST_ROWS) * per_row, limit, cure });
    }
    let share = 1.0 - wanted as f64 / n_rows as f64;
    let dividing = SplitOptions { share, by: options.unit, ..SplitOptions::default() };
    let rows = split(table, &dividing, context.seed.derive("memory"))?.train;
    let warning = Warning::new(
        Topic::Model,
        format!(
            "learned from {} of {n_rows}, drawn at random: all would take about {} of memory, and {} are allowed",
            counted(rows.len() as u64, "row"),
            ByteSize(n_rows * per_row).display().si(),
            ByteSize(limit).display().si()
        ),
    );
    Ok(Some((table.take(&rows), warning)))
}
