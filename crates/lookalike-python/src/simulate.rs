//! Rows from a schema alone, and a schema from a table.

use lookalike::plan::Fitting;
use lookalike::synth::simulate::{Simulation, emit};
use lookalike::{job, simulate as facade};
use pyo3::prelude::*;

use crate::fit::spoken;
use crate::table::Table;
use crate::{errors, job as work, options};

/// The tables of a schema, drawn: names and tables. `rows` is how many, if the schema does not say.
#[pyfunction]
#[pyo3(signature = (schema, rows, seed, dials=Vec::new(), truth=None, listener=None))]
pub(crate) fn simulate(
    py: Python<'_>,
    schema: &str,
    rows: Option<u64>,
    seed: u64,
    dials: Vec<String>,
    truth: Option<String>,
    listener: Option<Py<PyAny>>,
) -> PyResult<Vec<(String, Table)>> {
    let simulation = Simulation::parse(schema).map_err(|problems| {
        errors::parameters(problems.iter().map(|problem| format!("schema: {problem}")).collect())
    })?;
    let Some(rows) = rows.or(simulation.rows()) else {
        return Err(errors::parameters(vec!["say how many rows, in the schema or by n".to_owned()]));
    };
    let tables = work::run(py, seed, listener.as_ref(), |context| {
        facade::tables(&simulation, rows, &facade::dials(&dials)?, truth.as_deref(), context)
    })?;
    Ok(tables.into_iter().map(|(name, table)| (name, Table::new(table, Vec::new()))).collect())
}

/// A schema to simulate from that makes tables like this one, and what is to be said of it.
#[pyfunction]
#[pyo3(signature = (table, fitting, seed, listener=None))]
pub(crate) fn emit_schema(
    py: Python<'_>,
    table: &Table,
    fitting: &str,
    seed: u64,
    listener: Option<Py<PyAny>>,
) -> PyResult<(String, Vec<String>)> {
    let fitting: Fitting = options::read(fitting)?;
    let (text, warnings) = work::run(py, seed, listener.as_ref(), |context| {
        let roles = job::roles(&fitting, table.table.schema())?;
        Ok(emit(&table.table, &roles, context)?)
    })?;
    Ok((text, spoken(&warnings)))
}
