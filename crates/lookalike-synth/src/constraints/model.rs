use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;
use lookalike_core::{Context, Seed, Warning};
use lookalike_table::constraints::{Rule, Rules};
use lookalike_table::{Column, Schema, Table};

use super::forward::{Gaps, forward};
use super::inverse::Inverse;
use super::plan::{Plan, Step};
use crate::error::{Error, Result};
use crate::synthesizer::{AnyModel, ColumnDescription, Description};

/// A model of a table in which constraints hold: another model, of the table written so that they cannot be broken.
#[derive(Debug, Clone)]
pub struct ConstrainedModel {
    pub(crate) inner: Box<AnyModel>,
    pub(crate) schema: Arc<Schema>,
    pub(crate) rules: Rules,
    pub(crate) plan: Plan,
    /// The cells of joint columns, by the number of the step.
    pub(super) joints: BTreeMap<usize, Vec<Column>>,
    pub(crate) warnings: Vec<Warning>,
}

impl ConstrainedModel {
    pub(super) fn joints(plan: &Plan) -> BTreeMap<usize, Vec<Column>> {
        let joint = |(number, step): (usize, &Step)| match step {
            Step::Joint { cells, .. } => {
                Some((number, cells.iter().map(super::combos::Cells::column).collect()))
            }
            _ => None,
        };
        plan.steps.iter().enumerate().filter_map(joint).collect()
    }

    pub(super) fn inverse(&self, seed: Seed) -> Inverse<'_> {
        Inverse {
            model: self,
            plan: &self.plan,
            rules: &self.rules,
            schema: &self.schema,
            frame: self.inner.frame(),
            seed: seed.derive("constraints"),
            joints: &self.joints,
        }
    }

    /// An error of the inner model in terms of the columns that people know.
    pub(super) fn named(&self, error: Error) -> Error {
        self.plan.named(error, self.inner.schema(), &self.schema)
    }

    /// A warning of the inner model in terms of the columns that people know.
    pub(super) fn about_outer(&self, warning: Warning) -> Warning {
        self.plan.about_outer(warning, self.inner.schema(), &self.schema)
    }

    /// The columns of the model that a table has, by name.
    pub(super) fn given(&self, table: &Table) -> Result<Vec<Option<Column>>> {
        let mut given = vec![None; self.schema.columns.len()];
        for (place, described) in table.schema().columns.iter().enumerate() {
            let index = self
                .schema
                .index_of(&described.name)
                .map_err(|_| Error::ForeignColumn { column: described.name.clone() })?;
            let column = table.column(place);
            if !self.schema.columns[index].kind.fits(column) {
                return Err(Error::Unsupported { column: described.name.clone() });
            }
            given[index] = Some(self.as_stored(index, column));
        }
        Ok(given)
    }

    /// What given columns come to in the inner table.
    pub(super) fn inner_table(&self, given: &[Option<Column>], n_rows: usize, gaps: Gaps) -> Result<Table> {
        let inner = forward(&self.plan, &self.rules, &self.schema, given, n_rows, (&HashMap::new(), gaps));
        // Names and formats are those that were learned.
        Ok(Table::new(self.inner.schema().clone(), inner.columns)?)
    }

    /// The probability of rows, where the way in which they are written can be followed backwards.
    pub(crate) fn log_prob(&self, table: &Table) -> Result<Option<Vec<f64>>> {
        let backwards = self.plan.numbered.is_empty()
            && self.plan.residual.is_empty()
            && !self.plan.steps.iter().any(|step| {
                matches!(
                    step,
                    Step::Imposed { .. } | Step::Blank { .. } | Step::Computed { alone: Some(_), .. }
                )
            });
        if !backwards {
            return Ok(None);
        }
        let given = self.given(table)?;
        let whole = self.full_table(&given, table.n_rows())?;
        let inner = self.inner_table(&given, table.n_rows(), Gaps::Missing)?;
        let Some(mut logs) = self.inner.log_prob(&inner)? else { return Ok(None) };
        for index in 0..self.rules.rules.len() {
            for (log, broken) in logs.iter_mut().zip(self.rules.violations(index, &whole)) {
                if broken {
                    *log = f64::NEG_INFINITY;
                }
            }
        }
        Ok(Some(logs))
    }

    /// A table of all columns: those that are not given are missing throughout.
    pub(super) fn full_table(&self, given: &[Option<Column>], n_rows: usize) -> Result<Table> {
        let columns = given
            .iter()
            .enumerate()
            .map(|(index, column)| {
                column
                    .clone()
                    .unwrap_or_else(|| super::forward::missing_column(&self.schema.columns[index], n_rows))
            })
            .collect();
        Ok(Table::new(self.schema.clone(), columns)?)
    }

    pub(crate) fn describe(&self) -> Description {
        let inner = self.inner.describe();
        let name = |index: usize| self.schema.columns[index].name.clone();
        let mut columns: Vec<Option<ColumnDescription>> = vec![None; self.schema.columns.len()];
        for step in &self.plan.steps {
            let like = |column: usize, from: usize, holds: String| ColumnDescription {
                name: name(column),
                kind: self.schema.columns[column].kind.name(),
                holds,
                ..inner.columns[from].clone()
            };
            match step {
                Step::Keep { column, from } => {
                    columns[*column] = Some(like(*column, *from, inner.columns[*from].holds.clone()));
                }
                Step::Joint { columns: members, from, cells } => {
                    let count = cells.first().map_or(0, super::combos::Cells::len) as u64;
                    let holds = crate::words::counted(count, "combination");
                    for &column in members {
                        columns[column] = Some(like(column, *from, holds.clone()));
                    }
                }
                Step::Offset(offset) => {
                    let references: Vec<String> = offset
                        .references
                        .iter()
                        .map(|(reference, _)| format!("{:?}", name(*reference)))
                        .collect();
                    let holds = format!(
                        "its distance from {}: {}",
                        references.join(", "),
                        inner.columns[offset.from].holds
                    );
                    columns[offset.column] = Some(like(offset.column, offset.from, holds));
                }
                Step::Multiple { column, from, .. } => {
                    let holds = format!("how many increments: {}", inner.columns[*from].holds);
                    columns[*column] = Some(like(*column, *from, holds));
                }
                Step::Computed { column, constraint, .. } => {
                    columns[*column] = Some(ColumnDescription {
                        name: name(*column),
                        kind: self.schema.columns[*column].kind.name(),
                        holds: format!("nothing: {}", self.rules.text(*constraint)),
                        missing_share: 0.0,
                        depends_on: Vec::new(),
                        draw: None,
                    });
                }
                _ => {}
            }
        }
        let outer = |inner_name: Option<String>| inner_name.filter(|name| self.schema.index_of(name).is_ok());
        Description {
            columns: columns.into_iter().flatten().collect(),
            unit: outer(inner.unit),
            target: outer(inner.target),
            warnings: self.warnings.clone(),
            ..inner
        }
    }

    /// Draws rows in which the constraints and the request hold.
    pub(crate) fn draw<'a>(
        &'a self,
        request: &crate::sampler::SampleRequest,
        context: &Context<'a>,
    ) -> Result<(Box<dyn crate::sampler::Blocks + 'a>, Vec<Warning>)> {
        super::draw::draw(self, request, context)
    }

    /// The constraints that go by the row's number.
    pub(super) fn numbered(&self) -> impl Iterator<Item = usize> + '_ {
        self.rules
            .rules
            .iter()
            .enumerate()
            .filter(|(_, rule)| matches!(rule, Rule::Unique(_) | Rule::Monotone { .. }))
            .map(|(index, _)| index)
    }
}
