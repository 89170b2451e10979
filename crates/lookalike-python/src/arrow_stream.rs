//! Tables that come and go by Arrow's C stream interface, in capsules
//! (<https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html>).

use std::ffi::CStr;

use arrow_array::ffi_stream::{ArrowArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::errors;

const NAME: &CStr = c"arrow_array_stream";

/// The batches of an object that has `__arrow_c_stream__`. They are shared with who made them, not copied.
pub(crate) fn take(object: &Bound<'_, PyAny>) -> PyResult<ArrowArrayStreamReader> {
    let capsule = object.call_method0("__arrow_c_stream__")?.cast_into::<PyCapsule>()?;
    let pointer = capsule.pointer_checked(Some(NAME))?.cast::<FFI_ArrowArrayStream>();
    // SAFETY: a capsule of this name holds a stream by Arrow's convention. Taking it leaves an empty one behind, which the
    // capsule's destructor sees as taken.
    #[expect(unsafe_code, reason = "a C interface")]
    let reader = unsafe { ArrowArrayStreamReader::from_raw(pointer.as_ptr()) };
    reader.map_err(|_| errors::data("the table's Arrow stream cannot be read"))
}

/// A capsule with one batch.
pub(crate) fn give(py: Python<'_>, batch: RecordBatch) -> PyResult<Bound<'_, PyCapsule>> {
    let schema = batch.schema();
    let batches = RecordBatchIterator::new([Ok(batch)], schema);
    let stream = FFI_ArrowArrayStream::new(Box::new(batches) as Box<dyn RecordBatchReader + Send>);
    // What is not taken is released when the capsule goes, by the stream's own destructor.
    PyCapsule::new_with_value(py, stream, NAME)
}
