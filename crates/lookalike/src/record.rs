//! Evaluations as files: what is written beside their figures, and how they are read again.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use lookalike_core::Warning;
use lookalike_evaluate::{
    Evaluation, Provenance, RECORD_VERSION, Remark, RunRecord, SCHEMA_VERSION, Series, Source,
};
use lookalike_synth::{AnyModel, Training};
use lookalike_table::write::OutputFile;
use serde::Deserialize as _;
use serde_json::Value;

use crate::error::{Error, Result};
use crate::job::FURTHER_DRAWS;
use crate::plan::Plan;

/// Where the tables of an evaluation come from: their files, each with what the table is, and what was warned of.
pub fn of_files(files: &[(&str, &Path)], warnings: &[Warning]) -> Provenance {
    let source = |(table, path): &(&str, &Path)| {
        let name = path.file_name().unwrap_or(path.as_os_str());
        let file = name.to_string_lossy().into_owned();
        Source { table: (*table).to_owned(), file, rows: None, made: None }
    };
    let mut provenance = Provenance::default();
    env!("CARGO_PKG_VERSION").clone_into(&mut provenance.version);
    provenance.sources = files.iter().map(source).collect();
    provenance.warnings = warnings.iter().map(Remark::from).collect();
    provenance
}

/// Where the tables of a run come from: `rows` are those of the training table and the holdout, `written` is the file of
/// the synthetic table.
pub(crate) fn of_run(
    plan: &Plan,
    model: &AnyModel,
    rows: [u64; 2],
    written: &Path,
    warnings: &[Warning],
) -> Provenance {
    let file = plan.input.file.as_path();
    let holdout = plan.input.holdout.as_deref().unwrap_or(file);
    let mut provenance =
        of_files(&[("training", file), ("holdout", holdout), ("synthetic", written)], warnings);
    let divided = plan.input.holdout.is_none().then(|| division(plan));
    let made = [
        divided.as_ref().map(|how| format!("what {how} left")),
        divided.as_ref().map(|how| format!("what {how} held out")),
        Some(drawn(plan, rows[0])),
    ];
    for ((source, rows), made) in provenance.sources.iter_mut().zip([rows[0], rows[1], rows[0]]).zip(made) {
        source.rows = Some(rows);
        source.made = made;
    }
    provenance.method = Some(plan.synthesizer.name().to_owned());
    // A method's options stand under its name.
    if let Ok(Value::Object(method)) = serde_json::to_value(&plan.synthesizer) {
        let options = method.into_iter().filter_map(|(_, options)| match options {
            Value::Object(options) => Some(options),
            _ => None,
        });
        provenance.options = options.flatten().map(|(option, value)| (option, spelled(&value))).collect();
    }
    provenance.protection = Some(plan.fit.protect.min_units);
    provenance.unit.clone_from(&plan.fit.unit);
    provenance.training = model.training().map(curves).unwrap_or_default();
    provenance.learned = model.training().map(|training| training.checks.clone()).unwrap_or_default();
    provenance
}

/// How learning went, as lines over epochs.
fn curves(training: &Training) -> Vec<Series<[f64; 2]>> {
    let losses = training.losses.iter().map(|(name, means)| {
        let points = means.iter().enumerate().map(|(epoch, &mean)| [(epoch + 1) as f64, mean]);
        Series::new(name, points.collect())
    });
    let held_out = training.held_out.iter().map(|&(epoch, measure)| [f64::from(epoch), measure]).collect();
    losses.chain([Series::new(&format!("held out: {}", training.measure), held_out)]).collect()
}

/// How a table was divided, as a thing that can leave rows and hold them out.
fn division(plan: &Plan) -> String {
    let by = plan.split.by.as_ref().or(plan.fit.unit.as_ref());
    let by = match (&plan.split.time, by) {
        (Some(column), _) => format!("by the time in column {column:?}"),
        (None, Some(column)) => format!("by the units of column {column:?}"),
        (None, None) => "by rows".to_owned(),
    };
    format!("a division {by} (share {}, seed {})", plan.split.share, plan.seed)
}

/// How the judged rows were drawn, and how the file of synthetic rows differs. Conditions hold values, and so are counted
/// and not told.
fn drawn(plan: &Plan, judged: u64) -> String {
    let mut text = format!("drawn from the model, without conditions, with seed {}", plan.seed);
    let rows = plan.sample.rows.unwrap_or(judged);
    let with = match (plan.sample.conditions.len(), plan.sample.low_discrepancy) {
        (0, false) => String::new(),
        (0, true) => " of low discrepancy".to_owned(),
        (1, _) => " under one condition".to_owned(),
        (count, _) => format!(" under {count} conditions"),
    };
    if rows != judged || !with.is_empty() {
        let _ = write!(text, "; the file holds {rows} rows of the same model{with}");
    }
    if plan.fit.target.is_some() {
        let _ = write!(
            text,
            "; {FURTHER_DRAWS} further draws, with the next seeds, for the intervals of utility"
        );
    }
    text
}

fn spelled(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Reads an evaluation from JSON: by itself, or under `evaluation` as the program's results have it.
///
/// # Errors
/// [`Error::Io`] when the file cannot be read, [`Error::NoEvaluation`] when it holds none that is understood.
pub fn read(path: &Path) -> Result<Evaluation> {
    let failed = |source| Error::Io { action: "read", path: path.to_owned(), source };
    let refused = |problem: &str| Error::NoEvaluation { path: path.to_owned(), problem: problem.to_owned() };
    let bytes = std::fs::read(path).map_err(failed)?;
    let mut json: Value = serde_json::from_slice(&bytes).map_err(|_| refused("it is not JSON"))?;
    if let Some(inner) = json.get_mut("evaluation") {
        json = inner.take();
    }
    match json.get("schema_version").and_then(Value::as_u64) {
        None => return Err(refused("it has no figures of one")),
        Some(version) if version != u64::from(SCHEMA_VERSION) => {
            return Err(refused(&format!("it is of version {version}, this program reads {SCHEMA_VERSION}")));
        }
        Some(_) => {}
    }
    // What a parser says could hold a value from the file.
    Evaluation::deserialize(json).map_err(|_| refused("some of its fields are not those of an evaluation"))
}

/// Reads what a run cost from the `run.json` that it wrote.
///
/// # Errors
/// [`Error::Io`] when the file cannot be read, [`Error::NoRecord`] when it holds none that is understood.
pub fn read_run(path: &Path) -> Result<RunRecord> {
    let failed = |source| Error::Io { action: "read", path: path.to_owned(), source };
    let refused = |problem: &str| Error::NoRecord { path: path.to_owned(), problem: problem.to_owned() };
    let bytes = std::fs::read(path).map_err(failed)?;
    let json: Value = serde_json::from_slice(&bytes).map_err(|_| refused("it is not JSON"))?;
    match json.get("record_version").and_then(Value::as_u64) {
        None => return Err(refused("it does not say what a run cost")),
        Some(version) if version != u64::from(RECORD_VERSION) => {
            return Err(refused(&format!("it is of version {version}, this program reads {RECORD_VERSION}")));
        }
        Some(_) => {}
    }
    RunRecord::deserialize(json).map_err(|_| refused("some of its fields are not those of a record"))
}

/// Writes a text into a file that was made ready for it.
///
/// # Errors
/// [`Error::Io`] when that is not possible.
pub fn write_text(file: &mut OutputFile, text: &str) -> Result<()> {
    let path = file.path().to_owned();
    file.write_all(text.as_bytes()).map_err(|source| Error::Io { action: "write", path, source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_evaluations_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let problem = |text: &str| {
            let path = folder.path().join("x.json");
            std::fs::write(&path, text).unwrap();
            match read(&path) {
                Err(Error::NoEvaluation { problem, .. }) => problem,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(problem("age,city\n1,2\n"), "it is not JSON");
        assert_eq!(problem("[1, 2]"), "it has no figures of one");
        assert_eq!(problem("{\"evaluation\": 5}"), "it has no figures of one");
        assert!(problem("{\"schema_version\": 999}").contains("999"));
        assert!(!problem("{\"schema_version\": 1, \"seed\": \"Zanzibar\"}").contains("Zanzibar"));
        assert!(matches!(read(&folder.path().join("none")), Err(Error::Io { .. })));
    }
}
