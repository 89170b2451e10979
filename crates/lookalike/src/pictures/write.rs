//! From a table of images to files.

use std::path::Path;

use lookalike_image::SetWriter;
use lookalike_table::{Kind, Schema, Table};

use super::{class_column, of_levels, shape};
use crate::error::{Error, Result};

/// Writes tables with a column of images, piece by piece, as [`SetWriter`] does: a folder, an IDX or an NPY file. The
/// column of levels or truth values that is called [`super::LABEL`] is the class, or else the first of them; other columns are not
/// written.
#[derive(Debug)]
pub struct PictureWriter {
    inner: SetWriter,
    image: usize,
    class: Option<usize>,
    left_out: Vec<String>,
}

impl PictureWriter {
    /// Begins to write; the first row has this number.
    ///
    /// # Errors
    /// [`Error::NoPictures`] when the table has not one column of images, [`Error::Image`] when nothing can be written there.
    pub fn create(path: &Path, schema: &Schema, first: u64) -> Result<Self> {
        let image = schema.image_column().ok_or(Error::NoPictures)?;
        let class = class_column(schema);
        let written = |index: usize| index == image || Some(index) == class;
        let others = schema.columns.iter().enumerate().filter(|(index, _)| !written(*index));
        let left_out = others.map(|(_, column)| column.name.clone()).collect();
        Ok(PictureWriter { inner: SetWriter::create(path, first)?, image, class, left_out })
    }

    /// Names of columns that are not written.
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }

    /// Writes a table's rows after those written before.
    ///
    /// # Errors
    /// [`Error::Image`] when a picture cannot be written; [`Error::NoPictures`] for a table of another kind.
    pub fn write(&mut self, table: &Table) -> Result<()> {
        let Kind::Image(format) = table.schema().columns[self.image].kind else {
            return Err(Error::NoPictures);
        };
        let images = of_levels(&table.column(self.image).images().ok_or(Error::NoPictures)?, shape(format))?;
        let labels: Vec<Option<String>> = match self.class.map(|class| (class, table.column(class))) {
            None => vec![None; table.n_rows()],
            Some((class, column)) => match (column.texts(), &table.schema().columns[class].kind) {
                (Some(texts), _) => texts.iter().map(|text| text.map(str::to_owned)).collect(),
                (None, Kind::Boolean(format)) => {
                    let values = column.integers().ok_or(Error::NoPictures)?;
                    let text = |value: i64| if value != 0 { &format.true_text } else { &format.false_text };
                    let is_missing = |row: usize| values.missing.as_ref().is_some_and(|missing| missing[row]);
                    let rows = values.values.iter().enumerate();
                    rows.map(|(row, &value)| (!is_missing(row)).then(|| text(value).clone())).collect()
                }
                _ => return Err(Error::NoPictures),
            },
        };
        for (image, label) in images.into_iter().zip(labels) {
            self.inner.write(image, label.as_deref())?;
        }
        Ok(())
    }

    /// Completes the set and puts it in its place.
    ///
    /// # Errors
    /// [`Error::Image`].
    pub fn finish(self) -> Result<()> {
        Ok(self.inner.finish()?)
    }
}
