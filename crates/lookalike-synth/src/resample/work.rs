//! What all methods are given, and what they hand back.

use lookalike_core::{Context, Topic, Warning};
use lookalike_learn::neighbours::{MixedPoints, Neighbourhoods, k_nearest, k_nearest_others};
use lookalike_table::Table;

use super::classes::Classes;
use super::drafts::Drafts;
use super::error::ResampleError;
use super::options::Balance;
use super::space::Space;
use crate::error::Result;

/// The table to be balanced, and how.
pub(super) struct Work<'a> {
    pub(super) table: &'a Table,
    pub(super) classes: Classes,
    /// The columns that make the classes.
    pub(super) class_columns: Vec<usize>,
    pub(super) balance: &'a Balance,
    pub(super) context: &'a Context<'a>,
}

/// What a method found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The given rows that stay, in their order; all when `None`.
    pub(super) kept: Option<Vec<u32>>,
    pub(super) drafts: Drafts,
    pub(super) warnings: Vec<Warning>,
}

impl Found {
    pub(super) fn keeping(rows: Vec<u32>) -> Self {
        Found { kept: Some(rows), ..Found::default() }
    }

    pub(super) fn warn(&mut self, message: impl Into<String>) {
        self.warnings.push(Warning::new(Topic::Sampling, message));
    }
}

impl<'a> Work<'a> {
    pub(super) fn new(table: &'a Table, balance: &'a Balance, context: &'a Context<'a>) -> Result<Self> {
        let classes = Classes::of(table, balance)?;
        let mut class_columns = vec![balance.target];
        class_columns.extend(balance.by.iter().copied().filter(|&column| column != balance.target));
        Ok(Work { table, classes, class_columns, balance, context })
    }

    pub(super) fn space(&self) -> Result<Space<'a>> {
        Space::new(self.table, &self.class_columns, self.balance.raw_units)
    }

    pub(super) fn all_rows(&self) -> Vec<u32> {
        (0..self.table.n_rows() as u32).collect()
    }

    pub(super) fn class_of(&self, row: u32) -> usize {
        self.classes.of_row[row as usize] as usize
    }

    /// The classes that are to grow, and by how many rows.
    pub(super) fn growing(&self, method: &'static str) -> Result<Vec<(usize, usize)>> {
        let added = self.balance.strategy.added(&self.classes, method)?;
        let more = added.iter().fold(0_usize, |all, &more| all.saturating_add(more));
        // What grows is held as a whole.
        self.table.schema().hold(more as u64)?;
        Ok(added.into_iter().enumerate().filter(|&(_, count)| count > 0).collect())
    }

    /// The rows of a class that is to grow, of which each needs `neighbors` others.
    pub(super) fn members(&self, class: usize, neighbors: usize) -> Result<Vec<u32>> {
        enough(self.classes.counts[class], neighbors)?;
        Ok(self.classes.rows(class))
    }

    /// All rows as points; levels cost what the smallest class says.
    pub(super) fn all_points(&self, space: &Space<'_>) -> MixedPoints {
        let counts = &self.classes.counts;
        let smallest = (0..counts.len()).min_by_key(|&class| (counts[class], class)).unwrap_or(0);
        space.points(&self.all_rows(), &self.classes.rows(smallest))
    }

    /// For each of some rows the nearest others of the same rows, by their place.
    pub(super) fn among_themselves(&self, points: &MixedPoints, k: usize) -> Result<Neighbourhoods> {
        Ok(k_nearest_others(points, k, self.context.progress)?)
    }

    /// For each of `rows` the nearest other rows of the table.
    pub(super) fn among_all(&self, points: &MixedPoints, rows: &[u32], k: usize) -> Result<Neighbourhoods> {
        if rows.len() == points.len() && rows.is_sorted() {
            return self.among_themselves(points, k);
        }
        Ok(k_nearest(&points.take(rows), Some(rows), points, k, self.context.progress)?)
    }
}

/// Refuses a class that is too small for so many neighbours.
pub(super) fn enough(rows: usize, neighbors: usize) -> Result<()> {
    match rows {
        0 | 1 => Err(ResampleError::SingleRow.into()),
        _ if rows <= neighbors => Err(ResampleError::FewRows { rows, neighbors }.into()),
        _ => Ok(()),
    }
}
