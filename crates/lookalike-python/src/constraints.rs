//! What holds in every row of a table.

use lookalike::table::constraints::suggest;
use pyo3::prelude::*;

use crate::job as work;
use crate::table::Table;

/// Constraints that a table keeps and that are hardly chance: their texts, and in how many rows each has something to say
/// and holds.
#[pyfunction]
pub(crate) fn suggest_constraints(py: Python<'_>, table: &Table) -> PyResult<Vec<(String, u64, u64)>> {
    work::run(py, 0, None, |_| {
        let found = suggest(&table.table)?;
        Ok(found.iter().map(|one| (one.constraint.to_string(), one.rows, one.holding)).collect())
    })
}
