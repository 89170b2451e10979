//! Where a table comes from, and how it is to be read.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchOptions, RecordBatchReader};
use arrow_schema::Schema as ArrowSchema;
use lookalike::pictures::PictureOptions;
use lookalike::table::read::from_batches;
use lookalike::{Progress, ReadOptions, Reading, Warning, job, read_as};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};
use serde::Deserialize;

use crate::{arrow_stream, cells, errors, options};

/// A file, or a table that Python holds.
pub(crate) enum Source {
    File(PathBuf),
    Batches(Box<dyn RecordBatchReader + Send>),
}

impl Source {
    /// A `str` or path, a list of columns ([`cells`]), or anything with Arrow's stream interface.
    pub(crate) fn take(object: &Bound<'_, PyAny>) -> PyResult<Source> {
        if let Ok(columns) = object.cast::<PyList>() {
            return Ok(Source::Batches(Box::new(columns_of(columns)?)));
        }
        if object.hasattr("__arrow_c_stream__")? {
            return Ok(Source::Batches(Box::new(arrow_stream::take(object)?)));
        }
        Ok(Source::File(object.extract()?))
    }

    /// What messages call it.
    pub(crate) fn name(&self) -> &Path {
        match self {
            Source::File(path) => path,
            Source::Batches(_) => Path::new("the table"),
        }
    }

    pub(crate) fn read(self, options: &ReadOptions, progress: &dyn Progress) -> lookalike::Result<Reading> {
        match self {
            Source::File(path) => read_as(&path, options, &PictureOptions::default(), progress),
            Source::Batches(batches) => Ok(from_batches(Path::new("the table"), batches, options, progress)?),
        }
    }
}

fn columns_of(columns: &Bound<'_, PyList>) -> PyResult<impl RecordBatchReader + Send + 'static> {
    let (mut fields, mut arrays) = (Vec::new(), Vec::new());
    for column in columns {
        let (field, array) = cells::take(column.cast::<PyTuple>()?)?;
        fields.push(field);
        arrays.push(array);
    }
    if arrays.is_empty() {
        return Err(errors::data("the table has no columns"));
    }
    let schema = Arc::new(ArrowSchema::new(fields));
    let rows = RecordBatchOptions::new().with_row_count(arrays.first().map(|array| array.len()));
    let batch = RecordBatch::try_new_with_options(schema.clone(), arrays, &rows)
        .map_err(|_| errors::data("the table's columns differ in length"))?;
    Ok(RecordBatchIterator::new([Ok(batch)], schema))
}

/// How a table is to be read, as Python says it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Wishes {
    /// Kinds of columns.
    columns: Vec<(String, String)>,
    /// What must hold in every row.
    constraints: Vec<String>,
    /// Files of such.
    constraint_files: Vec<PathBuf>,
    /// A schema's JSON.
    schema: Option<String>,
    /// The texts that mean a missing value.
    missing: Option<Vec<String>>,
    /// The sheet of a spreadsheet.
    sheet: Option<String>,
}

/// Understands how a table is to be read.
pub(crate) fn wishes(text: &str) -> PyResult<(ReadOptions, Vec<Warning>)> {
    let Wishes { columns, constraints, constraint_files, schema, missing, sheet } = options::read(text)?;
    let mut read = ReadOptions { columns, missing, sheet, ..ReadOptions::default() };
    let mut warnings = Vec::new();
    if let Some(schema) = schema {
        warnings.extend(job::use_schema(&mut read, &schema).map_err(|error| {
            errors::parameters(vec![format!("schema: {}", lookalike::with_causes(&error))])
        })?);
    }
    let mut wrong: Vec<lookalike::Error> = read.problems().into_iter().map(Into::into).collect();
    match job::constraints(&constraints, &constraint_files) {
        Ok((declared, own)) => {
            read.constraints.extend(declared);
            warnings.extend(own);
        }
        Err(error) => wrong.push(error),
    }
    lookalike::Error::together(wrong).map_err(errors::raised)?;
    Ok((read, warnings))
}
