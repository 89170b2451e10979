//! Tables.

use std::path::PathBuf;
use std::sync::OnceLock;

use arrow_array::{Array, ArrayRef, RecordBatch};
use lookalike::table::write::to_batch;
use lookalike::{Reading, SplitOptions, Warning, job};
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyCapsule, PyTuple};

use crate::fit::spoken;
use crate::schema::Schema;
use crate::source::{Source, wishes};
use crate::{arrow_stream, cells, errors, job as work};

/// A table, and what its columns mean.
#[pyclass(frozen, module = "lookalike._native")]
#[expect(clippy::struct_field_names, reason = "it is the library's table with what Python is told of it")]
pub(crate) struct Table {
    pub(crate) table: lookalike::Table,
    /// For each column, how many cells do not fit the schema that it was read under.
    pub(crate) invalid: Vec<u64>,
    /// Columns that were not read.
    pub(crate) extra: Vec<String>,
    pub(crate) warnings: Vec<Warning>,
    batch: OnceLock<RecordBatch>,
}

impl Table {
    pub(crate) fn new(table: lookalike::Table, warnings: Vec<Warning>) -> Table {
        let invalid = vec![0; table.n_columns()];
        Table { table, invalid, extra: Vec::new(), warnings, batch: OnceLock::new() }
    }

    fn batch(&self) -> PyResult<&RecordBatch> {
        if let Some(batch) = self.batch.get() {
            return Ok(batch);
        }
        let batch = to_batch(&self.table).map_err(|error| errors::raised(error.into()))?;
        Ok(self.batch.get_or_init(|| batch))
    }
}

/// Reads a file, or a table that Python holds. `options` is JSON ([`Wishes`](crate::source)). With `like` the table is
/// read as that has its columns, in a `way`: all of them (`same`), those in `common`, a `partial` table whose rows are to be
/// completed, or an `incomplete` one whose gaps are to be filled. `what` is what warnings call it.
#[pyfunction]
#[pyo3(signature = (source, options, like=None, way="same", what="the table", listener=None))]
pub(crate) fn read_table(
    py: Python<'_>,
    source: &Bound<'_, PyAny>,
    options: &str,
    like: Option<&Schema>,
    way: &str,
    what: &str,
    listener: Option<Py<PyAny>>,
) -> PyResult<Table> {
    let source = Source::take(source)?;
    let (mut options, mut warnings) = wishes(options)?;
    if let Some(Schema(schema)) = like {
        options.schema = Some(lookalike::Schema::clone(schema));
        options.only_common = matches!(way, "common" | "partial");
        options.infer_others = way == "incomplete";
    }
    let name = source.name().to_owned();
    let reading = work::run(py, 0, listener.as_ref(), |context| {
        let reading = source.read(&options, context.progress)?;
        match (like, way) {
            (Some(Schema(schema)), "partial") => {
                let table = job::partial(reading.clone(), &name, schema)?;
                Ok(Reading { table, ..reading })
            }
            (Some(_), "incomplete") => {
                job::check_cells(&reading, &name)?;
                Ok(reading)
            }
            _ => Ok(reading),
        }
    })?;
    if way == "common" {
        warnings.extend(job::warn_of_common(&reading, what));
    }
    warnings.extend(job::warn_of_invalid(&reading));
    let Reading { table, warnings: own, invalid, extra, .. } = reading;
    warnings.extend(own);
    Ok(Table { table, invalid, extra, warnings, batch: OnceLock::new() })
}

#[pymethods]
impl Table {
    /// How many rows there are.
    #[getter]
    fn n_rows(&self) -> usize {
        self.table.n_rows()
    }

    /// What the columns mean.
    #[getter]
    fn schema(&self) -> Schema {
        Schema(self.table.schema().clone())
    }

    /// What was done differently from what one may expect.
    #[getter]
    fn warnings(&self) -> Vec<String> {
        spoken(&self.warnings)
    }

    /// Columns that were not read.
    #[getter]
    fn extra(&self) -> Vec<String> {
        self.extra.clone()
    }

    /// Arrow's stream interface.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The protocol lets a producer answer with its own types.
        let _ = requested_schema;
        arrow_stream::give(py, self.batch()?.clone())
    }

    /// The cells of column number `index` ([`cells`]).
    fn column<'py>(&self, py: Python<'py>, index: usize) -> PyResult<Bound<'py, PyTuple>> {
        match self.batch()?.columns().get(index) {
            Some(array) => cells::give(py, array),
            None => Err(errors::bug("a column that does not exist")),
        }
    }

    /// Where the first buffer of each column lies, which tells what is shared with others.
    fn addresses(&self) -> PyResult<Vec<usize>> {
        let first =
            |array: &ArrayRef| array.to_data().buffers().first().map_or(0, |buffer| buffer.as_ptr() as usize);
        Ok(self.batch()?.columns().iter().map(first).collect())
    }

    /// These rows, in this order.
    fn take(&self, rows: Vec<usize>) -> PyResult<Table> {
        if rows.iter().any(|&row| row >= self.table.n_rows()) {
            return Err(errors::parameters(vec!["there are not so many rows".to_owned()]));
        }
        Ok(Table::new(self.table.take(&rows), Vec::new()))
    }

    /// Writes a file in the format that its name says.
    fn write(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        work::run(py, 0, None, |_| {
            let mut writer = lookalike::Writer::create(&path, None, self.table.schema())?;
            writer.write(&self.table)?;
            writer.finish()
        })
    }
}

/// Writes the table that demonstrations use, UCI Adult, as a CSV file.
#[pyfunction]
pub(crate) fn write_demo_table(path: PathBuf) -> PyResult<()> {
    lookalike::demo::write_table(&path).map_err(errors::raised)
}

/// Divides rows into those to learn from and those to judge by: their numbers as 64-bit buffers, and warnings.
#[pyfunction]
#[pyo3(signature = (table, share, by, time, seed))]
pub(crate) fn split<'py>(
    py: Python<'py>,
    table: &Table,
    share: f64,
    by: Option<&str>,
    time: Option<&str>,
    seed: u64,
) -> PyResult<(Bound<'py, PyByteArray>, Bound<'py, PyByteArray>, Vec<String>)> {
    let sides = work::run(py, seed, None, |context| {
        let index = |name: Option<&str>| name.map(|name| table.table.schema().index_of(name)).transpose();
        let options = SplitOptions { share, by: index(by)?, time: index(time)? };
        Ok(lookalike::split(&table.table, &options, context.seed)?)
    })?;
    let numbers = |rows: &[usize]| {
        let bytes: Vec<u8> = rows.iter().flat_map(|&row| (row as u64).to_ne_bytes()).collect();
        PyByteArray::new(py, &bytes)
    };
    Ok((numbers(&sides.train), numbers(&sides.holdout), spoken(&sides.warnings)))
}
