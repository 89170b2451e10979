//! Autoregressive trees: each column given those before it, as a tree of two-way choices that are boosted trees each.
//!
//! The table's joint distribution is the product of each variable's distribution given the variables before it. A
//! variable's values (levels, spikes, narrow ranges) stand in an order and are halved again and again into a binary
//! tree, a nested dichotomy; which half a row falls into is learned by gradient-boosted trees from the variables
//! before. Several such trees with different halves, each stopped by other rows held back, are averaged by drawing
//! one of them per row and variable, so that sampling costs no more than with one.
//!
//! # References
//! - Frank, E. and Kramer, S. (2004). Ensembles of nested dichotomies for multi-class problems. *ICML*.
//!   <https://doi.org/10.1145/1015330.1015363>
//! - Friedman, J. H. (2001). Greedy function approximation: a gradient boosting machine. *Annals of Statistics* 29.
//!   <https://doi.org/10.1214/aos/1013203451>
//! - `McCarter`, C. (2024). Unmasking Trees for tabular data. <https://arxiv.org/abs/2407.05593>

mod bins;
mod draw;
mod given;
mod learn;
mod learned;
mod likelihood;
mod limit;
mod memory;
mod model;
mod plan;
mod uniforms;

use lookalike_core::{Context, Phase};
use lookalike_table::Table;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::frame::{FitOptions, Frame};
use crate::level_order::arrange_levels;

pub(crate) use bins::{group, halve};
pub(crate) use model::{FittedForest, Member, Split, Variables, Way};

/// How much work goes into a forest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Effort {
    /// One nested dichotomy per column: the fastest, for tests and large tables.
    Fast,
    /// Three per column.
    #[default]
    Default,
    /// Twelve per column, each learned in smaller steps.
    High,
}

impl Effort {
    /// All efforts by name.
    pub const NAMES: [(&'static str, Effort); 3] =
        [("fast", Effort::Fast), ("default", Effort::Default), ("high", Effort::High)];
}

/// Autoregressive trees: each column is drawn given those before it, by boosted trees.
///
/// A column's values stand in an order and are halved again and again; which half a row falls into is learned by
/// gradient-boosted trees from the columns before it. Several such trees are averaged by drawing one of them per row
/// and column.
///
/// # References
/// - Frank, E. and Kramer, S. (2004). Ensembles of nested dichotomies for multi-class problems.
///   <https://doi.org/10.1145/1015330.1015363>
/// - Friedman, J. H. (2001). Greedy function approximation: a gradient boosting machine.
///   <https://doi.org/10.1214/aos/1013203451>
/// - `McCarter`, C. (2024). Unmasking Trees for tabular data. <https://arxiv.org/abs/2407.05593>
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Forest {
    /// How much work goes into the forest.
    pub effort: Effort,
    /// The most training rows that a single choice is learned from, at least 1,000; of more, an even share is taken. Shares
    /// and counts are always those of all rows.
    pub max_rows: usize,
    /// The most memory in bytes that learning may take beside the table, as estimated. Of a table that needs more, a sample
    /// of the rows is learned from, whole units at a time, and a warning says how many.
    pub memory_limit: u64,
}

impl Default for Forest {
    fn default() -> Self {
        Forest { effort: Effort::Default, max_rows: 1 << 17, memory_limit: 4 << 30 }
    }
}

impl Forest {
    /// What is wrong with the options, all at once.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.max_rows < 1000 {
            problems.push("forest.max-rows must be at least 1000".to_owned());
        }
        if self.memory_limit < 1 << 20 {
            problems.push("forest.memory-limit must be at least 1048576 bytes".to_owned());
        }
        problems
    }

    pub(crate) fn fit(
        &self,
        table: &Table,
        options: &FitOptions,
        context: &Context<'_>,
    ) -> Result<FittedForest> {
        let sampled = memory::within(self.memory_limit, table, options, context)?;
        let table = sampled.as_ref().map_or(table, |(sample, _)| sample);
        let (mut frame, mut encoded) = Frame::fit(table, options, context)?;
        arrange_levels(&mut frame, &mut encoded, context)?;
        frame.warnings.extend(sampled.map(|(_, warning)| warning));
        let plan = plan::Plan::new(&frame, encoded, &options.condition_on);
        let phase = Phase::begin(context.progress, "learning choices", None);
        let learned = learn::learn(&plan, self, context.seed, &phase)?;
        drop(phase);
        let (ways, bits) = learned.into_iter().unzip();
        Ok(FittedForest { frame, variables: plan.variables, ways, bits })
    }
}
