//! Whether synthetic rows tell who was learned from.

use lookalike::plan::Fitting;
use lookalike::{AuditOptions, job};
use pyo3::prelude::*;

use crate::table::Table;
use crate::{errors, job as work, options};

/// Audits a method on a table: the audit as JSON.
#[pyfunction]
#[pyo3(signature = (table, method, fitting, refits, targets, rows, seed, listener=None))]
pub(crate) fn audit(
    py: Python<'_>,
    table: &Table,
    method: &str,
    fitting: &str,
    refits: usize,
    targets: usize,
    rows: Option<usize>,
    seed: u64,
    listener: Option<Py<PyAny>>,
) -> PyResult<String> {
    let synthesizer = options::synthesizer(method)?;
    let fitting: Fitting = options::read(fitting)?;
    let options = AuditOptions { refits, targets, rows };
    let audit = work::run(py, seed, listener.as_ref(), |context| {
        let roles = job::roles(&fitting, table.table.schema())?;
        lookalike::audit(&table.table, &synthesizer, &roles, &options, context)
    })?;
    serde_json::to_string(&audit).map_err(|_| errors::bug("an audit that JSON cannot hold"))
}
