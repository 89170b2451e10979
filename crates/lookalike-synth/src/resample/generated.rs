//! New rows drawn by a generator.

use lookalike_core::Context;
use lookalike_table::protect::Protection;
use lookalike_table::spelling::spell;
use lookalike_table::{Column, Table};

use super::error::ResampleError;
use super::work::{Found, Work};
use crate::condition::{Condition, Operator};
use crate::error::{Error, Result};
use crate::frame::FitOptions;
use crate::impute::same_type;
use crate::sampler::SampleRequest;
use crate::synthesizer::AnySynthesizer;

/// Learns the table, and draws the rows that classes are to get, each class under the condition that rows are of it.
///
/// Nothing is withheld by protection: the balanced table has the real rows themselves.
pub(super) fn find(synthesizer: &AnySynthesizer, work: &Work<'_>) -> Result<(Found, Option<Table>)> {
    let growing = work.growing(synthesizer.name())?;
    let mut found = Found::default();
    if growing.is_empty() {
        return Ok((found, None));
    }
    let options = FitOptions {
        target: Some(work.balance.target),
        condition_on: work.class_columns.clone(),
        protection: Protection::none(),
        ..FitOptions::default()
    };
    let model = synthesizer.fit(work.table, &options, work.context)?;
    found.warnings.extend_from_slice(model.warnings());
    let mut tables = Vec::new();
    for (class, count) in growing {
        let first = work.classes.of_row.iter().position(|&of| of as usize == class).unwrap_or(0);
        let conditions = work.class_columns.iter().map(|&column| {
            let schema = &work.table.schema().columns[column];
            let value = spell(schema, &work.table.column(column).take(&[first]))[0].clone();
            Condition { column, operator: Operator::Equal, values: vec![value] }
        });
        let request = SampleRequest { conditions: conditions.collect(), ..SampleRequest::rows(count as u64) };
        let context =
            Context { seed: work.context.seed.derive("class").derive(&class.to_string()), ..*work.context };
        let drawn = model.sample(&request, &context).and_then(|sampler| {
            let mut table = sampler.collect_table()?;
            if table.n_rows() > count {
                table = table.slice(0..count);
            }
            Ok(table)
        });
        match drawn {
            Ok(table) => tables.push(table),
            Err(Error::Cancelled(cancelled)) => return Err(cancelled.into()),
            Err(error) => return Err(ResampleError::Generator { problem: error.to_string() }.into()),
        }
    }
    Ok((found, Some(Table::concat(&tables)?)))
}

/// The rows of a table, then those of another with the same columns, which may hold numbers in other types.
pub(super) fn join(given: &Table, drawn: &Table) -> Result<Table> {
    let columns = given
        .columns()
        .iter()
        .zip(drawn.columns())
        .map(|(given, drawn)| {
            let (given, drawn) = same_type(given, drawn);
            Column::concat(&[&given, &drawn])
        })
        .collect::<std::result::Result<Vec<_>, _>>()?;
    Ok(Table::new(given.schema().clone(), columns)?)
}
