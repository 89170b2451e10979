//! Balancing.

use lookalike::rebalance::Rebalance;
use lookalike::synth::resample::{AnyResampler, Origin, Strategy};
use pyo3::prelude::*;
use pyo3::types::PyByteArray;
use serde::Deserialize;

use crate::fit::spoken;
use crate::table::Table;
use crate::{job as work, options};

/// What is to be balanced, as Python says it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    target: String,
    by: Vec<String>,
    within: bool,
    strategy: Strategy,
    textbook: bool,
    raw_units: bool,
}

/// Numbers of rows, as 64-bit buffers: those that stay, and those that copies are of; the new rows; warnings.
type Balanced<'py> = (Bound<'py, PyByteArray>, Bound<'py, PyByteArray>, Table, Vec<String>);

/// Balances a table: the numbers of the rows that stay and then those that copies are of, as 64-bit buffers, the new rows
/// (copies too), and warnings. `method` is JSON such as `{"smote": {"neighbors": 5}}`; `wish` says what is to be balanced.
#[pyfunction]
#[pyo3(signature = (table, method, wish, seed, listener=None))]
pub(crate) fn resample<'py>(
    py: Python<'py>,
    table: &Table,
    method: &str,
    wish: &str,
    seed: u64,
    listener: Option<Py<PyAny>>,
) -> PyResult<Balanced<'py>> {
    let method = options::method(method, |method: &AnyResampler| options::problems(method.check()))?;
    let Wish { target, by, within, strategy, textbook, raw_units } = options::read(wish)?;
    let options = Rebalance { method, target, by, within, strategy, textbook, raw_units };
    let balanced = work::run(py, seed, listener.as_ref(), |context| {
        lookalike::rebalance(&table.table, &options, context)
    })?;
    let (mut kept, mut copies, mut new) = (Vec::new(), Vec::new(), Vec::new());
    for (row, origin) in balanced.origins.iter().enumerate() {
        if let Origin::Kept(from) = origin {
            kept.extend(u64::from(*from).to_ne_bytes());
        } else {
            let from = if let Origin::Copy(from) = origin { i64::from(*from) } else { -1 };
            copies.extend(from.to_ne_bytes());
            new.push(row);
        }
    }
    let warnings = spoken(&balanced.warnings);
    let table = Table::new(balanced.table.take(&new), Vec::new());
    Ok((PyByteArray::new(py, &kept), PyByteArray::new(py, &copies), table, warnings))
}
