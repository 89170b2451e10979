//! Evaluations as files: what is written beside their figures, and how they are read again.

use std::io::Write as _;
use std::path::Path;

use lookalike_core::Warning;
use lookalike_evaluate::{Evaluation, Provenance, Remark, SCHEMA_VERSION, Source};
use lookalike_table::write::OutputFile;
use serde::Deserialize as _;
use serde_json::Value;

use crate::error::{Error, Result};
use crate::plan::Plan;

/// Where the tables of an evaluation come from: their files, each with what the table is, and what was warned of.
pub fn of_files(files: &[(&str, &Path)], warnings: &[Warning]) -> Provenance {
    let source = |(table, path): &(&str, &Path)| {
        let name = path.file_name().unwrap_or(path.as_os_str());
        Source { table: (*table).to_owned(), file: name.to_string_lossy().into_owned() }
    };
    let mut provenance = Provenance::default();
    env!("CARGO_PKG_VERSION").clone_into(&mut provenance.version);
    provenance.sources = files.iter().map(source).collect();
    provenance.warnings = warnings.iter().map(Remark::from).collect();
    provenance
}

/// Where the tables of a run come from.
pub(crate) fn of_run(plan: &Plan, warnings: &[Warning]) -> Provenance {
    let mut files = vec![("training", plan.input.file.as_path())];
    files.extend(plan.input.holdout.as_deref().map(|path| ("holdout", path)));
    let mut provenance = of_files(&files, warnings);
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
    provenance
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
