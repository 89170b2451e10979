//! Sets of pictures as tables: a column of images, and one of their classes.

use std::path::PathBuf;

use lookalike::image::Policy;
use lookalike::pictures::{self, IMAGE, LABEL, PictureOptions, SetOptions};
use lookalike::table::schema::ImageFormat;
use lookalike::table::{Codes, Levels};
use lookalike::{AnyModel, Column, ColumnSchema, Kind, Reading, Schema as Columns, job};
use pyo3::buffer::PyBuffer;
use pyo3::prelude::*;
use pyo3::types::PyByteArray;

use super::picture::written;
use crate::fit::Model;
use crate::schema::Schema;
use crate::table::Table;
use crate::{errors, job as work};

/// Images, rows of each, pixels in a row, and channels.
pub(super) type ArrayShape = (usize, usize, usize, usize);

/// The names of the columns of images and of classes; those of `like`, if it is given.
fn names(like: Option<&Schema>) -> (String, String) {
    let of = |is: &dyn Fn(&Kind) -> bool| {
        let columns = like.map(|Schema(schema)| &schema.columns).into_iter().flatten();
        columns.into_iter().find(|column| is(&column.kind)).map(|column| column.name.clone())
    };
    let image = of(&|kind| kind.is_image()).unwrap_or_else(|| IMAGE.to_owned());
    let label = of(&|kind| matches!(kind, Kind::Categorical { .. })).unwrap_or_else(|| LABEL.to_owned());
    (image, label)
}

/// A table of pictures, of their classes, or of both. `images` is the shape of an array of 8 bits and the array itself;
/// `labels` a number of a class for each, -1 where it has none, and what the classes are called.
#[pyfunction]
#[pyo3(signature = (images=None, labels=None, like=None))]
pub(crate) fn image_table(
    py: Python<'_>,
    images: Option<(ArrayShape, PyBuffer<u8>)>,
    labels: Option<(PyBuffer<i32>, Vec<String>)>,
    like: Option<&Schema>,
) -> PyResult<Table> {
    let (image_name, label_name) = names(like);
    let (mut columns, mut values) = (Vec::new(), Vec::new());
    if let Some(((_, height, width, channels), levels)) = images {
        let side =
            |side: usize| u16::try_from(side).map_err(|_| errors::data("images are too large to be learned"));
        let format = ImageFormat { height: side(height)?, width: side(width)?, channels: channels as u8 };
        let size =
            format.size().ok_or_else(|| errors::data("images have no pixels, or too many to be learned"))?;
        let column = Column::from_images(levels.to_vec(py)?, size);
        values.push(column.map_err(|error| errors::raised(error.into()))?);
        columns.push(ColumnSchema::new(image_name, Kind::Image(format)));
    }
    if let Some((codes, levels)) = labels {
        let codes = codes.to_vec(py)?;
        if codes.iter().any(|&code| code >= 0 && code as usize >= levels.len()) {
            return Err(errors::bug("a number of no class"));
        }
        let codes = codes.into_iter().map(|code| u32::try_from(code).unwrap_or(Codes::MISSING)).collect();
        values.push(Column::from_codes(codes, &Levels::new(&levels)));
        columns.push(ColumnSchema::new(label_name, Kind::Categorical { order: Vec::new() }));
    }
    let table = lookalike::Table::new(Columns::new(columns).into(), values);
    Ok(Table::new(table.map_err(|error| errors::raised(error.into()))?, Vec::new()))
}

/// Reads a folder or a file of pictures, brought to `size` (rows, pixels in a row) or to the shape of those of `like`.
#[pyfunction]
#[pyo3(signature = (path, size=None, labels=None, strict=false, like=None, listener=None))]
pub(crate) fn read_pictures(
    py: Python<'_>,
    path: PathBuf,
    size: Option<(u16, u16)>,
    labels: Option<PathBuf>,
    strict: bool,
    like: Option<&Schema>,
    listener: Option<Py<PyAny>>,
) -> PyResult<Table> {
    let policy = if strict { Policy::Fail } else { Policy::Skip };
    let options = PictureOptions {
        wanted: true,
        set: SetOptions { policy, labels, ..SetOptions::default() },
        size: size.map(|(height, width)| (width, height)),
    };
    let like = like.map(|Schema(schema)| schema.clone());
    let reading = work::run(py, 0, listener.as_ref(), |context| {
        pictures::read_pictures(&path, &options, like.as_deref(), context.progress)
    })?;
    let mut told = reading.warnings.clone();
    told.extend(job::warn_of_invalid(&reading));
    let Reading { table, invalid, extra, .. } = reading;
    let mut made = Table::new(table, told);
    made.invalid = invalid;
    made.extra = extra;
    Ok(made)
}

/// What the classes are called that a model draws images by; None for a model of tables, or of images without classes.
#[pyfunction]
pub(crate) fn image_classes(model: &Model) -> Option<Vec<String>> {
    let AnyModel::Image(model) = &*model.0 else { return None };
    let names: Vec<String> = model.class_names().into_iter().flatten().map(str::to_owned).collect();
    (!names.is_empty()).then_some(names)
}

/// The images of a table, and the shape of the array that they are.
#[pyfunction]
pub(crate) fn pictures_of<'py>(
    py: Python<'py>,
    table: &Table,
) -> PyResult<(Bound<'py, PyByteArray>, ArrayShape)> {
    let table = &table.table;
    let missing = || errors::raised(lookalike::Error::NoPictures);
    let column = table.schema().image_column().ok_or_else(missing)?;
    let Kind::Image(format) = table.schema().columns[column].kind else { return Err(missing()) };
    let levels = table.column(column).images().ok_or_else(missing)?;
    let shape = (table.n_rows(), format.height.into(), format.width.into(), format.channels.into());
    Ok((PyByteArray::new(py, &levels), shape))
}

/// Each image's class: its number as a buffer of 32-bit integers, -1 where it has none, and what the classes are called. None
/// for a table without classes.
#[pyfunction]
pub(crate) fn labels_of<'py>(
    py: Python<'py>,
    table: &Table,
) -> PyResult<Option<(Bound<'py, PyByteArray>, Vec<String>)>> {
    let table = &table.table;
    let is_class = |column: &ColumnSchema| matches!(column.kind, Kind::Categorical { .. });
    let Some(column) = table.schema().columns.iter().position(is_class) else { return Ok(None) };
    let Some(Codes { codes, levels }) = table.column(column).codes() else { return Ok(None) };
    // A missing one has the largest number, which is -1 with a sign.
    let buffer = written(py, codes.iter().map(|&code| (code as i32).to_ne_bytes()))?;
    Ok(Some((buffer, levels.iter().map(str::to_owned).collect())))
}
