//! Judging.

use lookalike::evaluate::{LaysOpen, Wanted, all_metrics};
use lookalike::plan::{Fitting, Gates};
use lookalike::report::Options;
use lookalike::{Evaluation, Gate, Judging, job};
use pyo3::prelude::*;
use serde::Deserialize;
use serde_json::json;

use crate::table::Table;
use crate::{errors, job as work, options};

/// How to judge, as Python says it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    target: Option<String>,
    unit: Option<String>,
    keys: Vec<String>,
    sensitive: Vec<String>,
    /// Names of scores; `["all"]` for every one, nothing for those that tell most.
    scores: Vec<String>,
    bootstrap: bool,
    /// `figures`, `distributions` or `rows`: how much of the real tables the report may lay open.
    lays_open: LaysOpen,
}

/// Judges a synthetic table: the evaluation as JSON.
#[pyfunction]
#[pyo3(signature = (options, real, synthetic, holdout=None, further=Vec::new(), seed=0, listener=None))]
pub(crate) fn evaluate(
    py: Python<'_>,
    options: &str,
    real: &Table,
    synthetic: &Table,
    holdout: Option<&Table>,
    further: Vec<Bound<'_, Table>>,
    seed: u64,
    listener: Option<Py<PyAny>>,
) -> PyResult<String> {
    let wish: Wish = options::read(options)?;
    let further: Vec<lookalike::Table> = further.iter().map(|table| table.get().table.clone()).collect();
    let evaluation = work::run(py, seed, listener.as_ref(), |context| {
        let schema = real.table.schema();
        let fitting = Fitting { target: wish.target, unit: wish.unit, ..Fitting::default() };
        let is_unknown = |name: &&String| {
            *name != "all" && all_metrics().iter().all(|metric| metric.name != name.as_str())
        };
        let unknown = wish.scores.iter().filter(is_unknown).map(|name| {
            let known = all_metrics().iter().map(|metric| metric.name).collect();
            lookalike::Error::UnknownScore { name: name.clone(), known }
        });
        let roles = job::roles(&fitting, schema);
        let (keys, sensitive) = (job::columns(&wish.keys, schema), job::columns(&wish.sensitive, schema));
        let mut errors: Vec<lookalike::Error> = Vec::new();
        let (roles, keys, sensitive) = (
            roles.map_err(|error| errors.push(error)),
            keys.map_err(|error| errors.push(error)),
            sensitive.map_err(|error| errors.push(error)),
        );
        errors.extend(unknown);
        lookalike::Error::together(errors)?;
        let wanted = match wish.scores.as_slice() {
            [] => Wanted::Headline,
            scores if scores.iter().any(|name| name == "all") => Wanted::All,
            scores => Wanted::These(scores.to_vec()),
        };
        let of_constraints = (!schema.constraints.is_empty()).then_some(job::CONSTRAINT_ADHERENCE);
        let judging = Judging {
            second: further.first(),
            further: &further,
            keys: keys.unwrap_or_default(),
            sensitive: sensitive.unwrap_or_default(),
            holdout: holdout.map(|table| &table.table),
            roles: roles.unwrap_or_default(),
            invalid: &synthetic.invalid,
            unread_of_holdout: holdout.map_or(&[], |table| &table.extra),
            unread_of_synthetic: &synthetic.extra,
            wanted: wanted.and(of_constraints),
            exhibits: Some(wish.lays_open),
            bootstrap: wish.bootstrap,
            ..Judging::new(&real.table, &synthetic.table)
        };
        lookalike::judge(&judging, context)
    })?;
    written(&evaluation)
}

fn written(evaluation: &Evaluation) -> PyResult<String> {
    serde_json::to_string(evaluation).map_err(|_| errors::bug("an evaluation that JSON cannot hold"))
}

/// The evaluation as a page; `shareable` leaves out how real values are spread.
#[pyfunction]
pub(crate) fn render(evaluation: &str, shareable: bool) -> PyResult<String> {
    let evaluation: Evaluation = options::read(evaluation)?;
    Ok(lookalike::report::render(&evaluation, Options { shareable, ..Options::default() }))
}

/// The evaluation with its gates checked; `gates` is JSON with `min` and `max`.
#[pyfunction]
pub(crate) fn check(evaluation: &str, gates: &str) -> PyResult<String> {
    let mut evaluation: Evaluation = options::read(evaluation)?;
    let gates: Gates = options::read(gates)?;
    let gates = Gate::all(&gates).map_err(errors::raised)?;
    evaluation.gates = gates.iter().map(|gate| gate.check(&evaluation)).collect();
    written(&evaluation)
}

/// What each score says of itself, as JSON.
#[pyfunction]
pub(crate) fn metrics() -> String {
    let all: Vec<_> = all_metrics()
        .iter()
        .map(|metric| {
            json!({
                "name": metric.name, "family": metric.family, "headline": metric.headline,
                "range": metric.range,
            })
        })
        .collect();
    serde_json::Value::from(all).to_string()
}
