//! All that is wrong with the arguments of learning, as far as that shows without a table.

use lookalike::plan::Fitting;
use lookalike::table::schema::Locale;
use lookalike::with_causes;
use pyo3::prelude::*;

use crate::options;
use crate::source::wishes;
use crate::spoken::spoken;

/// What is wrong with a method (nothing where it is empty), with what to respect while learning, and with how the table is to
/// be read, each as its own function takes it.
#[pyfunction]
pub(crate) fn problems(py: Python<'_>, method: &str, fitting: &str, reading: &str) -> PyResult<Vec<String>> {
    let mut found = Vec::new();
    if !method.is_empty() {
        collect(py, options::synthesizer(method), &mut found)?;
    }
    match options::read::<Fitting>(fitting) {
        Ok(fitting) => {
            let locale = fitting.locale.as_deref().map(Locale::parse).transpose();
            found.extend(locale.err().map(|error| spoken(&with_causes(&error))));
        }
        Err(error) => collect::<()>(py, Err(error), &mut found)?,
    }
    collect(py, wishes(reading), &mut found)?;
    Ok(found)
}

/// The problems that an exception tells of.
fn collect<T>(py: Python<'_>, result: PyResult<T>, found: &mut Vec<String>) -> PyResult<()> {
    let Err(error) = result else { return Ok(()) };
    match error.value(py).getattr("problems") {
        Ok(problems) => found.extend(problems.extract::<Vec<String>>()?),
        // It is none of ours, such as of a file that is not there.
        Err(_) => return Err(error),
    }
    Ok(())
}
