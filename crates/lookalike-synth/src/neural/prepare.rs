//! What comes before a network learns: rows as it reads them, and which of them are held out.

use lookalike_core::Context;
use lookalike_table::Table;

use super::layout::{Encoding, Layout, Rows};
use crate::error::Result;
use crate::frame::{FitOptions, Frame};
use crate::level_order::arrange_levels;

/// Most rows that are held out.
const MOST_HELD_OUT: usize = 5000;

/// A table as networks that turn noise into rows see it.
pub(crate) fn prepare(
    table: &Table,
    options: &FitOptions,
    encoding: Encoding,
    context: &Context<'_>,
) -> Result<(Frame, Layout, Rows)> {
    let (mut frame, mut encoded) = Frame::fit(table, options, context)?;
    arrange_levels(&mut frame, &mut encoded, context)?;
    let layout = Layout::new(&frame, encoding);
    let rows = layout.encode(&encoded, table.n_rows(), context.seed);
    Ok((frame, layout, rows))
}

/// Rows to learn from, and rows that are held out: a twentieth, where there are rows enough to lose them.
pub(crate) fn hold_out(n_rows: u64, context: &Context<'_>) -> (Vec<u32>, Vec<u32>) {
    let n_rows = n_rows as usize;
    let order = context.seed.stream("held out", 0).permutation(n_rows);
    let mut learned: Vec<u32> = order.into_iter().map(|row| row as u32).collect();
    let held = if n_rows >= 500 { (n_rows / 20).min(MOST_HELD_OUT) } else { 0 };
    let held_out = learned.split_off(n_rows - held);
    (learned, held_out)
}
