//! The native module `lookalike._native` of the Python package. It is thin: it hands tables, options and results over, runs
//! long work so that Python stays responsive, and turns errors into exceptions. What Python users see is written in Python,
//! in `python/lookalike`.

#![expect(clippy::needless_pass_by_value, reason = "what Python hands over is owned")]
#![expect(clippy::too_many_arguments, reason = "a call from Python has all that it can have, by name")]

use pyo3::prelude::*;

mod arrow_stream;
mod audit;
mod cells;
mod check;
mod constraints;
mod errors;
mod evaluate;
mod fit;
mod images;
mod job;
mod options;
mod pool;
mod resample;
mod schema;
mod simulate;
mod source;
mod spoken;
mod table;

#[pymodule]
mod _native {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::audit::audit;
    #[pymodule_export]
    use crate::check::problems;
    #[pymodule_export]
    use crate::constraints::suggest_constraints;
    #[pymodule_export]
    use crate::evaluate::{check, evaluate, metrics, render};
    #[pymodule_export]
    use crate::fit::{Model, fit, select};
    #[pymodule_export]
    use crate::images::{
        Pipeline, Record, augment, grid, image_classes, image_table, interpolate, labels_of, mix,
        pictures_of, read_pictures, traverse, write_grid,
    };
    #[pymodule_export]
    use crate::options::preset;
    #[pymodule_export]
    use crate::pool::set_threads;
    #[pymodule_export]
    use crate::resample::resample;
    #[pymodule_export]
    use crate::schema::Schema;
    #[pymodule_export]
    use crate::simulate::{emit_schema, simulate};
    #[pymodule_export]
    use crate::table::{Table, read_table, split, write_demo_table};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::errors::hide_panics();
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
