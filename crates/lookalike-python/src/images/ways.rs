//! Ways through what a model knows, and pictures side by side.

use std::path::PathBuf;

use lookalike::conditions::resolve;
use lookalike::image::Image;
use lookalike::{OutputFile, SampleRequest, pictures};
use pyo3::prelude::*;
use pyo3::types::PyByteArray;

use super::picture::{self, Form, Given};
use crate::fit::{Asked, Model, named_conditions};
use crate::table::Table;
use crate::{errors, job as work};

/// Rows of images, images in each, rows of pixels, pixels in a row, and channels.
type RowsShape = (usize, usize, usize, usize, usize);

/// `rows` ways from one image to another, in so many steps each.
#[pyfunction]
#[pyo3(signature = (model, rows, steps, seed, conditions=Vec::new(), named=Vec::new(), listener=None))]
pub(crate) fn interpolate<'py>(
    py: Python<'py>,
    model: &Model,
    rows: u64,
    steps: usize,
    seed: u64,
    conditions: Vec<String>,
    named: Vec<Asked>,
    listener: Option<Py<PyAny>>,
) -> PyResult<(Bound<'py, PyByteArray>, RowsShape)> {
    let named = named_conditions(named)?;
    let images = work::run(py, seed, listener.as_ref(), |context| {
        let conditions = resolve(&conditions, &named, &model.0, context)?;
        // Each way has two ends.
        let request =
            SampleRequest { rows: 0..rows.saturating_mul(2), conditions, ..SampleRequest::default() };
        pictures::interpolate(&model.0, &request, steps, context)
    })?;
    in_rows(py, &images, steps)
}

/// What each of the first `rows` latent numbers of an autoencoder does, in so many steps.
#[pyfunction]
#[pyo3(signature = (model, rows, steps, seed, conditions=Vec::new(), named=Vec::new(), listener=None))]
pub(crate) fn traverse<'py>(
    py: Python<'py>,
    model: &Model,
    rows: u64,
    steps: usize,
    seed: u64,
    conditions: Vec<String>,
    named: Vec<Asked>,
    listener: Option<Py<PyAny>>,
) -> PyResult<(Bound<'py, PyByteArray>, RowsShape)> {
    let named = named_conditions(named)?;
    let images = work::run(py, seed, listener.as_ref(), |context| {
        let conditions = resolve(&conditions, &named, &model.0, context)?;
        let request = SampleRequest { rows: 0..rows, conditions, ..SampleRequest::default() };
        pictures::traverse(&model.0, &request, steps, context)
    })?;
    in_rows(py, &images, steps)
}

fn in_rows<'py>(
    py: Python<'py>,
    images: &[Image],
    steps: usize,
) -> PyResult<(Bound<'py, PyByteArray>, RowsShape)> {
    let first =
        images.first().ok_or_else(|| errors::data("there are no images on no way: ask for at least one"))?;
    let shape = (images.len() / steps.max(1), steps, first.height(), first.width(), first.channels());
    let levels: Vec<u8> = images.iter().filter_map(Image::as_u8).flatten().copied().collect();
    Ok((PyByteArray::new(py, &levels), shape))
}

/// The images of a table side by side, so many in a row.
#[pyfunction]
pub(crate) fn grid<'py>(py: Python<'py>, table: &Table, columns: usize) -> PyResult<Given<'py>> {
    let images = pictures::pictures(&table.table).map_err(errors::raised)?;
    let sheet = picture::working(py, usize::MAX, || pictures::grid(&images, columns))?;
    picture::give(py, sheet, Form::U8, false)
}

/// Writes the images of a table side by side, so many in a row, as a PNG file.
#[pyfunction]
pub(crate) fn write_grid(py: Python<'_>, table: &Table, columns: usize, path: PathBuf) -> PyResult<()> {
    work::run(py, 0, None, |_| {
        let images = pictures::pictures(&table.table)?;
        pictures::write_grid(&images, columns, OutputFile::create(&path)?)
    })
}
