use std::io::Write;
use std::ops::Range;

use arrow_array::cast::AsArray;
use arrow_array::types::UInt32Type;
use arrow_array::{Array, ArrayRef, LargeStringArray, UInt32Array};
use rayon::prelude::*;

use crate::column::Column;
use crate::error::Result;
use crate::schema::{ColumnSchema, Schema};
use crate::spelling::Printer;
use crate::table::Table;

/// Rows that one thread spells at a time.
const PART: usize = 4096;
/// How many such parts are spelled before they are written.
const WAVE: usize = 32;

/// Spells a table's rows in parallel and writes them in order; the rows of one wave are written while the next is
/// being spelled.
pub(super) fn write_in_order(
    n_rows: usize,
    output: &mut (impl Write + Send),
    spell: impl Fn(Range<usize>) -> Result<Vec<u8>> + Sync,
    failed: impl Fn(std::io::Error) -> crate::Error + Send + Sync,
) -> Result<()> {
    let parts: Vec<Range<usize>> =
        (0..n_rows).step_by(PART).map(|start| start..(start + PART).min(n_rows)).collect();
    let mut spelled: Vec<Vec<u8>> = Vec::new();
    for wave in parts.chunks(WAVE) {
        let (written, next) = rayon::join(
            || write_all(output, &spelled, &failed),
            || wave.par_iter().map(|rows| spell(rows.clone())).collect::<Result<Vec<_>>>(),
        );
        written?;
        spelled = next?;
    }
    write_all(output, &spelled, &failed)
}

fn write_all(
    output: &mut impl Write,
    parts: &[Vec<u8>],
    failed: &impl Fn(std::io::Error) -> crate::Error,
) -> Result<()> {
    parts.iter().try_for_each(|part| output.write_all(part).map_err(failed))
}

/// The levels of a column as they are written, spelled once for all rows.
#[derive(Debug, Clone)]
pub(super) struct SpelledLevels {
    levels: LargeStringArray,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl SpelledLevels {
    fn new(levels: &LargeStringArray, spell: impl Fn(&str, &mut Vec<u8>)) -> Self {
        let mut spelled = SpelledLevels { levels: levels.clone(), bytes: Vec::new(), ends: vec![0] };
        for level in 0..levels.len() {
            spell(levels.value(level), &mut spelled.bytes);
            spelled.ends.push(spelled.bytes.len());
        }
        spelled
    }

    fn of_same_list(&self, levels: &LargeStringArray) -> bool {
        let same = |a: &[u8], b: &[u8]| a.as_ptr() == b.as_ptr() && a.len() == b.len();
        // The list is kept alive here, so no other one can have taken its place in memory.
        same(self.levels.value_data(), levels.value_data())
            && self.levels.value_offsets() == levels.value_offsets()
    }

    fn get(&self, code: usize) -> &[u8] {
        &self.bytes[self.ends[code]..self.ends[code + 1]]
    }
}

/// The spelled levels of the columns that have any, kept from one table to the next.
#[derive(Debug, Default)]
pub(super) struct LevelCache(Vec<Option<SpelledLevels>>);

impl LevelCache {
    /// Spells the levels of the table's columns unless that was done before.
    pub(super) fn update(&mut self, table: &Table, spell: impl Fn(usize, &str, &mut Vec<u8>)) {
        self.0.resize(table.n_columns(), None);
        for (index, (kept, column)) in self.0.iter_mut().zip(table.columns()).enumerate() {
            let Some(levels) = column.levels() else {
                *kept = None;
                continue;
            };
            if !kept.as_ref().is_some_and(|kept| kept.of_same_list(levels.array())) {
                *kept = Some(SpelledLevels::new(levels.array(), |level, out| spell(index, level, out)));
            }
        }
    }

    /// The cells of the table that was last [updated](Self::update), column by column.
    pub(super) fn cells<'a>(&'a self, table: &'a Table, schema: &'a Schema) -> Vec<Cells<'a>> {
        let columns = schema.columns.iter().zip(table.columns());
        columns
            .zip(&self.0)
            .map(|((schema, column), kept)| Cells::new(schema, column, kept.as_ref()))
            .collect()
    }
}

/// Row-wise access to the cells of one column for writing.
pub(super) enum Cells<'a> {
    Levels(&'a SpelledLevels, Vec<(usize, &'a UInt32Array)>),
    Texts(Vec<(usize, &'a LargeStringArray)>),
    Printed(Box<Printer<'a>>, Vec<(usize, &'a ArrayRef)>),
}

/// What a cell is before it is spelled.
pub(super) enum Cell<'a> {
    Missing,
    /// As it is written.
    Spelled(&'a [u8]),
    Text(&'a str),
    /// To be printed by the column's printer.
    Value,
}

impl<'a> Cells<'a> {
    fn new(schema: &'a ColumnSchema, column: &'a Column, levels: Option<&'a SpelledLevels>) -> Self {
        if let Some(levels) = levels {
            return Cells::Levels(levels, starts(column, |chunk| chunk.as_dictionary::<UInt32Type>().keys()));
        }
        if column.is_text() {
            return Cells::Texts(starts(column, AsArray::as_string));
        }
        Cells::Printed(Box::new(Printer::new(schema, column)), starts(column, |chunk| chunk))
    }

    #[inline]
    pub(super) fn get(&self, row: usize) -> Cell<'_> {
        match self {
            Cells::Levels(levels, chunks) => {
                let (chunk, row) = place(chunks, row);
                if chunk.is_null(row) {
                    Cell::Missing
                } else {
                    Cell::Spelled(levels.get(chunk.value(row) as usize))
                }
            }
            Cells::Texts(chunks) => {
                let (chunk, row) = place(chunks, row);
                if chunk.is_null(row) { Cell::Missing } else { Cell::Text(chunk.value(row)) }
            }
            Cells::Printed(_, chunks) => {
                let (chunk, row) = place(chunks, row);
                if chunk.is_null(row) { Cell::Missing } else { Cell::Value }
            }
        }
    }

    /// Appends the text of a [`Cell::Value`].
    #[inline]
    pub(super) fn print(&self, row: usize, out: &mut Vec<u8>) {
        if let Cells::Printed(printer, _) = self {
            printer.print(row, out);
        }
    }
}

fn starts<'a, T>(column: &'a Column, cast: impl Fn(&'a ArrayRef) -> T) -> Vec<(usize, T)> {
    let mut start = 0;
    let mut chunks = Vec::with_capacity(column.chunks().len());
    for chunk in column.chunks().iter().filter(|chunk| !chunk.is_empty()) {
        chunks.push((start, cast(chunk)));
        start += chunk.len();
    }
    chunks
}

#[inline]
fn place<T: Copy>(chunks: &[(usize, T)], row: usize) -> (T, usize) {
    let (start, chunk) = match chunks {
        [only] => *only,
        chunks => chunks[chunks.partition_point(|(start, _)| *start <= row) - 1],
    };
    (chunk, row - start)
}
