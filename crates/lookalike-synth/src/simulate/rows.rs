//! Rows of a simulated table as a stream: batch after batch, and which rows belong to which parent.

use std::sync::Arc;

use lookalike_core::{Cancelled, Context, Progress, Seed};
use lookalike_table::{Schema, Table};

use super::SimulateError;
use super::draw::{self, table_seed, units};
use super::series::State;
use super::tables::{Children, Link, TableSpec};
use crate::sampler::BLOCK_ROWS;

/// Rows that are drawn together. A multiple of the rows that share a random stream.
const BATCH_ROWS: usize = 32 * BLOCK_ROWS;

/// How many rows to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    Rows(u64),
    /// All rows of so many parents.
    Parents(u64),
}

/// Rows of a simulated table as a stream of tables. Memory does not grow with their number.
pub struct SimulatedRows<'a> {
    tables: &'a [TableSpec],
    table: &'a TableSpec,
    seed: Seed,
    progress: &'a dyn Progress,
    limit: Limit,
    /// The next row.
    next: u64,
    /// The parent that the next row belongs to, and its place among that parent's rows.
    parent: u64,
    place: u64,
    /// Parents without a row that came one after the other.
    childless: u64,
    states: Vec<State>,
    failed: bool,
}

/// Which rows of a parent a batch's rows belong to.
pub(super) struct Places {
    /// The first parent of the batch.
    pub(super) first: u64,
    /// How many parents there are from it on.
    pub(super) count: usize,
    /// How many rows each of them has.
    pub(super) size: Vec<u64>,
    /// For each row its parent, counted from the first one.
    pub(super) of_row: Vec<usize>,
    /// For each row its place among its parent's rows.
    pub(super) place: Vec<u64>,
}

impl Places {
    /// Those of some of the rows.
    pub(super) fn slice(&self, from: usize, length: usize) -> Places {
        Places {
            first: self.first,
            count: self.count,
            size: self.size.clone(),
            of_row: self.of_row[from..from + length].to_vec(),
            place: self.place[from..from + length].to_vec(),
        }
    }
}

impl<'a> SimulatedRows<'a> {
    pub(super) fn new(tables: &'a [TableSpec], table: usize, limit: Limit, context: &Context<'a>) -> Self {
        let table = &tables[table];
        let total = match limit {
            Limit::Rows(rows) => Some(rows),
            Limit::Parents(_) => None,
        };
        context.progress.begin("simulating", total);
        SimulatedRows {
            tables,
            table,
            seed: context.seed,
            progress: context.progress,
            limit,
            next: 0,
            parent: 0,
            place: 0,
            childless: 0,
            states: vec![State::default(); table.columns.len()],
            failed: false,
        }
    }

    /// What the columns mean.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.table.schema
    }

    /// All rows in one table. Needs memory for all of them.
    ///
    /// # Errors
    /// Those of any batch.
    pub fn collect_table(mut self) -> Result<Table, SimulateError> {
        let mut tables = Vec::new();
        for batch in self.by_ref() {
            tables.push(batch?);
        }
        if tables.is_empty() {
            let one = Places { first: 0, count: 1, size: vec![1], of_row: vec![0], place: vec![0] };
            let places = self.table.parent.as_ref().map(|_| &one);
            let batch = draw::batch(self.tables, self.table, self.seed, 0, 1, places, &mut self.states)?;
            return Ok(batch.slice(0..0));
        }
        Ok(Table::concat(&tables)?)
    }

    /// The places of the next batch's rows.
    fn places(&mut self, link: &Link, most: usize) -> Result<Places, SimulateError> {
        let first = self.parent;
        let end = match self.limit {
            Limit::Rows(_) => u64::MAX,
            Limit::Parents(parents) => parents,
        };
        let (mut of_row, mut place) = (Vec::with_capacity(most), Vec::with_capacity(most));
        let mut sizes: Vec<u64> = Vec::new();
        let mut sizes_from = self.parent;
        let mut parents = 0;
        let mut known = Vec::new();
        while of_row.len() < most && self.parent < end {
            if self.parent >= sizes_from + sizes.len() as u64 {
                sizes_from = self.parent;
                let wanted = BLOCK_ROWS.min(usize::try_from(end - self.parent).unwrap_or(BLOCK_ROWS));
                sizes = self.sizes(&link.children, sizes_from, wanted)?;
            }
            let size = sizes[(self.parent - sizes_from) as usize];
            let slot = (self.parent - first) as usize;
            let take = (size - self.place).min((most - of_row.len()) as u64);
            of_row.extend(std::iter::repeat_n(slot, take as usize));
            place.extend(self.place..self.place + take);
            parents = slot + 1;
            known.resize(parents, size);
            self.place += take;
            self.childless = if size == 0 { self.childless + 1 } else { 0 };
            if matches!(self.limit, Limit::Rows(_)) && self.childless > 1_000_000 {
                return Err(SimulateError::NoRows);
            }
            if self.place >= size {
                self.parent += 1;
                self.place = 0;
            }
            if parents >= 4 * BATCH_ROWS {
                break;
            }
        }
        Ok(Places { first, count: parents, size: known, of_row, place })
    }

    /// How many rows parents have, from the one with number `first` on.
    fn sizes(&self, children: &Children, first: u64, count: usize) -> Result<Vec<u64>, SimulateError> {
        match children {
            Children::Fixed(size) => Ok(vec![*size; count]),
            Children::Drawn(shape) => {
                let seed = table_seed(self.seed, self.table);
                let units = units(seed, "rows per group", first, count);
                let sizes = shape.draw(&units, &[]).map_err(|_| SimulateError::NoRows)?;
                Ok(sizes.iter().map(|size| size.max(0.0) as u64).collect())
            }
        }
    }

    fn batch(&mut self) -> Result<Option<Table>, SimulateError> {
        let Some(link) = &self.table.parent else {
            let Limit::Rows(rows) = self.limit else { unreachable!("only children are drawn by parents") };
            let count = (rows - self.next).min(BATCH_ROWS as u64) as usize;
            if count == 0 {
                return Ok(None);
            }
            let batch =
                draw::batch(self.tables, self.table, self.seed, self.next, count, None, &mut self.states)?;
            self.next += count as u64;
            return Ok(Some(batch));
        };
        let most = match self.limit {
            Limit::Rows(rows) => (rows - self.next).min(BATCH_ROWS as u64) as usize,
            Limit::Parents(_) => BATCH_ROWS,
        };
        if most == 0 {
            return Ok(None);
        }
        let mut places = self.places(link, most)?;
        while places.count > 0 && places.of_row.is_empty() {
            // Parents without children: on to the next ones.
            places = self.places(link, most)?;
        }
        if places.count == 0 {
            return Ok(None);
        }
        let count = places.of_row.len();
        let batch = draw::batch(
            self.tables,
            self.table,
            self.seed,
            self.next,
            count,
            Some(&places),
            &mut self.states,
        )?;
        self.next += count as u64;
        Ok(Some(batch))
    }
}

impl Iterator for SimulatedRows<'_> {
    type Item = Result<Table, SimulateError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        if self.progress.cancelled() {
            self.failed = true;
            return Some(Err(Cancelled.into()));
        }
        let batch = self.batch().transpose();
        match &batch {
            Some(Ok(table)) => self.progress.advance(table.n_rows() as u64),
            _ => self.failed = true,
        }
        batch
    }
}

impl Drop for SimulatedRows<'_> {
    fn drop(&mut self) {
        self.progress.end();
    }
}

impl std::fmt::Debug for SimulatedRows<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SimulatedRows").field("next", &self.next).finish_non_exhaustive()
    }
}
