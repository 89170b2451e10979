//! What a table's columns mean.

use std::sync::Arc;

use lookalike::table::schema::sdv::{self, SpecVersion};
use lookalike::table::schema::{ImageFormat, Storage};
use lookalike::{Condition, Kind};
use pyo3::prelude::*;

use crate::errors;

/// What a table's columns mean.
#[pyclass(frozen, module = "lookalike._native")]
pub(crate) struct Schema(pub(crate) Arc<lookalike::Schema>);

#[pymethods]
impl Schema {
    /// The names of the columns.
    #[getter]
    fn names(&self) -> Vec<&str> {
        self.0.columns.iter().map(|column| column.name.as_str()).collect()
    }

    /// The word for each column's kind.
    #[getter]
    fn kinds(&self) -> Vec<&'static str> {
        self.0.columns.iter().map(|column| column.kind.name()).collect()
    }

    /// The time zone of each column that has one, by the column's name.
    #[getter]
    fn zones(&self) -> Vec<(&str, &str)> {
        let zoned = self.0.columns.iter().filter_map(|column| match &column.storage {
            Storage::Timestamp { zone: Some(zone), .. } => Some((column.name.as_str(), zone.as_str())),
            _ => None,
        });
        zoned.collect()
    }

    /// The column, the operator and the value (None for missing) of a condition such as `age>=30`.
    fn condition(&self, text: &str) -> PyResult<(&str, &'static str, Option<String>)> {
        let condition = Condition::parse(text, &self.0, 1).map_err(|error| errors::raised(error.into()))?;
        let column = &self.0.columns[condition.column].name;
        Ok((column, condition.operator.sign(), condition.values.into_iter().next().flatten()))
    }

    /// Rows, pixels in a row, and channels of the images of its only column of them.
    #[getter]
    fn image_shape(&self) -> Option<(u16, u16, u8)> {
        match self.0.columns[self.0.image_column()?].kind {
            Kind::Image(ImageFormat { height, width, channels }) => Some((height, width, channels)),
            _ => None,
        }
    }

    /// SDV's metadata JSON, of version `V1` or `V2`, with an extension that says everything.
    fn to_json(&self, version: &str) -> String {
        sdv::to_json(&self.0, if version == "V1" { SpecVersion::V1 } else { SpecVersion::V2 })
    }
}
