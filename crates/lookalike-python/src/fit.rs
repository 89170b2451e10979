//! Models: learned, drawn from, kept.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use lookalike::conditions::Named;
use lookalike::plan::Fitting;
use lookalike::synth::Operator;
use lookalike::warnings::sentences;
use lookalike::{AnyModel, SampleRequest, Warning, conditions, job, model_file, simulate};
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes};
use serde_json::json;

use crate::schema::Schema;
use crate::table::Table;
use crate::{errors, job as work, options, spoken};

/// What a method has learned.
#[pyclass(frozen, module = "lookalike._native")]
pub(crate) struct Model(pub(crate) Arc<AnyModel>);

/// Learns a table with a method, JSON such as `{"forest": {"effort": "high"}}`; `fitting` is JSON as a plan has it.
#[pyfunction]
#[pyo3(signature = (table, method, fitting, seed, listener=None))]
pub(crate) fn fit(
    py: Python<'_>,
    table: &Table,
    method: &str,
    fitting: &str,
    seed: u64,
    listener: Option<Py<PyAny>>,
) -> PyResult<Model> {
    let synthesizer = options::synthesizer(method)?;
    let fitting: Fitting = options::read(fitting)?;
    let model = work::run(py, seed, listener.as_ref(), |context| {
        let roles = job::roles(&fitting, table.table.schema())?;
        Ok(synthesizer.fit(&table.table, &roles, context)?)
    })?;
    Ok(Model(Arc::new(model)))
}

/// Learns a table with whatever method is best within `seconds`: the model, what was tried (JSON), and why it was chosen.
#[pyfunction]
#[pyo3(signature = (table, fitting, seconds, seed, listener=None))]
pub(crate) fn select(
    py: Python<'_>,
    table: &Table,
    fitting: &str,
    seconds: f64,
    seed: u64,
    listener: Option<Py<PyAny>>,
) -> PyResult<(Model, String, String)> {
    let budget = Duration::try_from_secs_f64(seconds)
        .map_err(|_| errors::parameters(vec!["budget must be a number of seconds above 0".to_owned()]))?;
    let fitting: Fitting = options::read(fitting)?;
    let selection = work::run(py, seed, listener.as_ref(), |context| {
        let roles = job::roles(&fitting, table.table.schema())?;
        lookalike::select(&table.table, &roles, budget, context)
    })?;
    let trials: Vec<_> = selection
        .trials
        .iter()
        .map(|trial| json!({ "method": trial.method, "score": trial.score, "seconds": trial.seconds, "note": trial.note }))
        .collect();
    let trials = serde_json::Value::from(trials).to_string();
    Ok((Model(Arc::new(selection.model)), trials, selection.reason))
}

#[pymethods]
impl Model {
    /// The method's name.
    #[getter]
    fn method(&self) -> &'static str {
        self.0.method()
    }

    /// What the columns mean.
    #[getter]
    fn schema(&self) -> Schema {
        Schema(self.0.schema().clone())
    }

    /// How many rows it was learned from.
    #[getter]
    fn n_training_rows(&self) -> u64 {
        self.0.n_training_rows()
    }

    /// What was done differently from what one may expect.
    #[getter]
    fn warnings(&self) -> Vec<String> {
        spoken(self.0.warnings())
    }

    /// Rows `start` to `stop` (not itself) of the endless table that the seed stands for. Conditions are texts such as `age>=30`,
    /// or `named`: a column, one of `=`, `!=`, `<=`, `>=`, `<` and `>`, and values, None for missing.
    #[pyo3(signature = (start, stop, seed, conditions=Vec::new(), named=Vec::new(), like=None, around=None, low_discrepancy=false, dials=Vec::new(), truth=None, listener=None))]
    fn sample(
        &self,
        py: Python<'_>,
        start: u64,
        stop: u64,
        seed: u64,
        conditions: Vec<String>,
        named: Vec<Asked>,
        like: Option<&Table>,
        around: Option<&Table>,
        low_discrepancy: bool,
        dials: Vec<String>,
        truth: Option<String>,
        listener: Option<Py<PyAny>>,
    ) -> PyResult<Table> {
        let schema = self.0.schema();
        let named = named_conditions(named)?;
        let (table, warnings) = work::run(py, seed, listener.as_ref(), |context| {
            let turned = simulate::turn(&simulate::dials(&dials)?, truth.as_deref(), schema, context)?;
            turned.schema().hold(stop.saturating_sub(start))?;
            // Where rows are left out, more of them have to be drawn.
            let end = if turned.selects() { simulate::ENDLESS } else { stop };
            let request = SampleRequest {
                rows: turned.start(start)..end,
                conditions: conditions::resolve(&conditions, &named, &self.0, context)?,
                like: like.map(|table| table.table.clone()),
                around: around.map(|table| table.table.clone()),
                low_discrepancy,
            };
            let sampler = self.0.sample(&request, context)?;
            let warnings = sampler.warnings().to_vec();
            let mut batches = Vec::new();
            simulate::each(&turned, sampler, start, stop.saturating_sub(start), |batch| {
                batches.push(batch.clone());
                Ok(())
            })?;
            if batches.is_empty() {
                let nothing = self.0.sample(&SampleRequest::rows(0), context)?.collect_table()?;
                return Ok((nothing, warnings));
            }
            Ok((lookalike::Table::concat(&batches)?, warnings))
        })?;
        Ok(Table::new(table, warnings))
    }

    /// The logarithm of each row's density or probability, as a buffer of doubles; None if the method cannot tell.
    fn log_prob<'py>(&self, py: Python<'py>, table: &Table) -> PyResult<Option<Bound<'py, PyByteArray>>> {
        let found = work::run(py, 0, None, |_| {
            // A cell that could not be read is no missing one: the row would be of no probability, or of a wrong one.
            job::check_invalid(table.table.schema(), &table.invalid, Path::new("the table"))?;
            Ok(self.0.log_prob(&table.table)?)
        })?;
        Ok(found.map(|values| {
            let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_ne_bytes()).collect();
            PyByteArray::new(py, &bytes)
        }))
    }

    /// The table with its gaps filled, and how many cells of each column were.
    #[pyo3(signature = (table, seed, listener=None))]
    fn impute(
        &self,
        py: Python<'_>,
        table: &Table,
        seed: u64,
        listener: Option<Py<PyAny>>,
    ) -> PyResult<(Table, Vec<u64>)> {
        let imputed =
            work::run(py, seed, listener.as_ref(), |context| Ok(self.0.impute(&table.table, context)?))?;
        Ok((Table::new(imputed.table, imputed.warnings), imputed.filled))
    }

    /// What of the arguments of learning the model keeps, as JSON in Python's words.
    fn kept_json(&self) -> String {
        let about = self.0.describe();
        let constraints: Vec<String> = self.0.schema().constraints.iter().map(ToString::to_string).collect();
        let units = about.protection.min_units;
        let mut kept =
            json!({ "target": about.target, "unit": about.unit, "protect": (units > 1).then_some(units) });
        if !constraints.is_empty() {
            kept["constraints"] = json!(constraints);
        }
        kept.to_string()
    }

    /// How learning went, as JSON; None for methods that do not learn in epochs.
    fn training_json(&self) -> PyResult<Option<String>> {
        let written = self.0.training().map(serde_json::to_string).transpose();
        written.map_err(|_| errors::bug("losses that JSON cannot hold"))
    }

    /// The bytes of its file.
    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &model_file::to_bytes(&self.0))
    }

    /// A model from the bytes of its file.
    #[staticmethod]
    fn from_bytes(bytes: &[u8]) -> PyResult<Model> {
        let model = model_file::from_bytes(bytes);
        model.map(|model| Model(Arc::new(model))).map_err(|error| errors::model_file(&error))
    }

    /// Writes its file.
    fn save(&self, path: PathBuf) -> PyResult<()> {
        model_file::save(&self.0, &path).map_err(errors::raised)
    }

    /// Reads a model's file.
    #[staticmethod]
    fn load(path: PathBuf) -> PyResult<Model> {
        model_file::load(&path).map(|model| Model(Arc::new(model))).map_err(errors::raised)
    }
}

/// A condition as Python names it: a column, a sign, and values.
pub(crate) type Asked = (String, String, Vec<Option<String>>);

/// Conditions as Python names them.
pub(crate) fn named_conditions(asked: Vec<Asked>) -> PyResult<Vec<Named>> {
    let condition = |(column, sign, values): Asked| {
        let operator =
            Operator::from_sign(&sign).ok_or_else(|| errors::bug("an operator that does not exist"))?;
        Ok(Named { column, operator, values })
    };
    asked.into_iter().map(condition).collect()
}

/// Warnings as sentences that speak of Python's options.
pub(crate) fn spoken(warnings: &[Warning]) -> Vec<String> {
    sentences(warnings).iter().map(|sentence| spoken::spoken(sentence)).collect()
}
