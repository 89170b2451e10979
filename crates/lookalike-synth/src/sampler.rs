//! Sampling as a stream of tables.

use std::ops::Range;

use lookalike_core::{Progress, Warning};
use lookalike_table::Table;
use rayon::prelude::*;

use crate::condition::Condition;
use crate::error::{Error, Result};

/// Rows that share one random stream. Part of the determinism contract: changing it changes every sample.
pub(crate) const BLOCK_ROWS: usize = 2048;
/// Blocks that are drawn in parallel and handed over together.
const BLOCKS_PER_BATCH: u64 = 32;

/// For more rows than this it is found out first whether they can be held at all.
const LARGE: u64 = 1 << 20;

/// What to sample.
#[derive(Debug, Clone, Default)]
pub struct SampleRequest {
    /// The rows to draw, as numbers in an endless table: `0..n` for a sample of n. The same numbers give the same
    /// rows, whatever else is drawn.
    pub rows: Range<u64>,
    /// What every row has to fulfil.
    pub conditions: Vec<Condition>,
    /// Rows to complete: row `r` of the sample takes over every value of row `r` (modulo their number) of this
    /// table, and only its missing ones are drawn. Columns are matched by name.
    pub like: Option<Table>,
    /// Rows to draw others around: row `r` of the sample is drawn where the model's encoder puts row `r` (modulo their
    /// number) of this table, as far as it knows its values. Columns are matched by name. Only autoencoders can.
    pub around: Option<Table>,
    /// Draws rows that are not independent of each other but spread evenly over what the model knows, so that even a
    /// small sample's columns are distributed nearly as the model's are. Not with conditions or rows to complete.
    pub low_discrepancy: bool,
}

impl SampleRequest {
    /// The first `n_rows` rows, without conditions.
    pub fn rows(n_rows: u64) -> Self {
        SampleRequest { rows: 0..n_rows, ..Self::default() }
    }

    /// Checks whether models of a method can draw such rows, as far as that does not depend on what they learned.
    ///
    /// # Errors
    /// [`Error::Options`] for low discrepancy or rows to draw around together with what they do not go with.
    pub fn check(&self, method: &str) -> Result<()> {
        let mut problems = Vec::new();
        if self.low_discrepancy
            && !(self.conditions.is_empty() && self.like.is_none() && self.around.is_none())
        {
            problems.push("--low-discrepancy does not go with conditions, --like or --around".to_owned());
        }
        if self.low_discrepancy && method != "forest" {
            problems
                .push(format!("only the method forest has --low-discrepancy, not {method}: leave it out"));
        }
        if self.around.is_some() && self.like.is_some() {
            problems.push("--around does not go with --like: say one of them".to_owned());
        }
        if self.around.is_some() && !matches!(method, "vae" | "tvae") {
            problems.push(format!("only the methods vae and tvae draw --around rows, not {method}"));
        }
        if problems.is_empty() { Ok(()) } else { Err(Error::Options { problems }) }
    }
}

/// Draws blocks of [`BLOCK_ROWS`] rows, each on its own.
pub(crate) trait Blocks: Sync + Send {
    fn block(&self, block: u64) -> Result<Table>;

    /// Some rows of a block, for what draws them faster than all of it.
    fn part(&self, block: u64, rows: Range<usize>) -> Result<Table> {
        let table = self.block(block)?;
        Ok(if rows == (0..BLOCK_ROWS) { table } else { table.slice(rows) })
    }

    /// Rows that are drawn in parallel and handed over together.
    fn rows_at_once(&self) -> u64 {
        BLOCKS_PER_BATCH * BLOCK_ROWS as u64
    }
}

/// An iterator over batches of sampled rows. Memory does not grow with the number of rows.
pub struct Sampler<'a> {
    blocks: Box<dyn Blocks + 'a>,
    progress: &'a dyn Progress,
    rows: Range<u64>,
    warnings: Vec<Warning>,
    failed: bool,
}

impl<'a> Sampler<'a> {
    pub(crate) fn new(blocks: Box<dyn Blocks + 'a>, rows: Range<u64>, progress: &'a dyn Progress) -> Self {
        progress.begin("sampling", Some(rows.end.saturating_sub(rows.start)));
        Sampler { blocks, progress, rows, warnings: Vec::new(), failed: false }
    }

    pub(crate) fn with_warnings(mut self, warnings: Vec<Warning>) -> Self {
        self.warnings.extend(warnings);
        self
    }

    /// What was done differently from what one may expect.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// All rows in one table. Needs memory for all of them.
    ///
    /// # Errors
    /// Those of any batch, and [`Error::Table`] where the system has no memory for so many rows.
    pub fn collect_table(self) -> Result<Table> {
        if self.rows.is_empty() {
            return self.blocks.part(0, 0..0);
        }
        let rows = self.rows.end - self.rows.start;
        if rows > LARGE {
            self.blocks.part(0, 0..0)?.schema().hold(rows)?;
        }
        let tables = self.collect::<Result<Vec<Table>>>()?;
        Ok(Table::concat(&tables)?)
    }

    fn batch(&self, rows: Range<u64>) -> Result<Table> {
        let size = BLOCK_ROWS as u64;
        let blocks = rows.start / size..rows.end.div_ceil(size);
        let tables: Vec<Table> = blocks
            .into_par_iter()
            .map(|block| {
                let first = block * size;
                let from = rows.start.saturating_sub(first).min(size) as usize;
                let to = (rows.end - first).min(size) as usize;
                self.blocks.part(block, from..to)
            })
            .collect::<Result<_>>()?;
        Ok(Table::concat(&tables)?)
    }
}

impl Iterator for Sampler<'_> {
    type Item = Result<Table>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed || self.rows.start >= self.rows.end {
            return None;
        }
        if self.progress.cancelled() {
            self.failed = true;
            return Some(Err(lookalike_core::Cancelled.into()));
        }
        // Batches end at multiples of their size, whatever row the request begins with.
        let size = self.blocks.rows_at_once();
        let end = (self.rows.start / size + 1).saturating_mul(size).min(self.rows.end);
        let rows = self.rows.start..end;
        self.rows.start = end;
        let batch = self.batch(rows.clone());
        self.failed = batch.is_err();
        self.progress.advance(rows.end - rows.start);
        Some(batch)
    }
}

impl Drop for Sampler<'_> {
    fn drop(&mut self) {
        self.progress.end();
    }
}

impl std::fmt::Debug for Sampler<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Sampler").field("rows", &self.rows).finish_non_exhaustive()
    }
}
