//! More pictures from a folder or a file of them.

use std::path::PathBuf;

use lookalike::image::{self, Augmenting, Copies, FileFormat, ImageSet, Limits, Policy, ReadOptions, Target};
use pyo3::prelude::*;
use serde::Deserialize;
use serde_json::json;

use super::pipeline;
use crate::{errors, job as work, options};

/// How pictures are read, and how many are made, as Python says it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    /// None to balance.
    copies: Option<u64>,
    originals: bool,
    format: Option<String>,
    quality: u8,
    labels: Option<PathBuf>,
    annotations: Option<PathBuf>,
    masks: Option<PathBuf>,
    preview: Option<PathBuf>,
    strict: bool,
    max_side: usize,
}

/// Makes more pictures from those in a folder or a file: what came of it, as JSON, and a sentence for each file that was left
/// out.
#[pyfunction]
#[pyo3(signature = (input, out, pipeline, wish, seed, listener=None))]
pub(crate) fn augment(
    py: Python<'_>,
    input: PathBuf,
    out: PathBuf,
    pipeline: &str,
    wish: &str,
    seed: u64,
    listener: Option<Py<PyAny>>,
) -> PyResult<(String, Vec<String>)> {
    let pipeline = pipeline::read(pipeline)?;
    let wish: Wish = options::read(wish)?;
    let format = match &wish.format {
        None => None,
        Some(word) => Some(FileFormat::of_name(&PathBuf::from(format!("x.{word}"))).ok_or_else(|| {
            errors::parameters(vec!["format must be 'png', 'jpeg', 'webp', 'bmp' or 'tiff'".to_owned()])
        })?),
    };
    let policy = if wish.strict { Policy::Fail } else { Policy::Skip };
    let reading = ReadOptions {
        limits: Limits { side: wish.max_side, ..Limits::default() },
        policy,
        labels: wish.labels,
        annotations: wish.annotations,
        masks: wish.masks,
    };
    let augmenting = Augmenting {
        copies: wish.copies.map_or(Copies::Balance, Copies::Each),
        originals: wish.originals,
        target: Target::of_name(&out),
        format,
        quality: wish.quality,
        preview: wish.preview,
        policy,
    };
    let outcome = work::run(py, seed, listener.as_ref(), |context| {
        let set = ImageSet::open(&input, &reading)?;
        Ok(image::augment(&set, &pipeline, &out, &augmenting, context)?)
    })?;
    let left_out: Vec<String> = outcome.refused.iter().map(|refusal| format!("left out {refusal}")).collect();
    if outcome.written == 0 {
        let reasons = left_out.first().map(|first| format!(": {first}")).unwrap_or_default();
        return Err(errors::data(&format!("no picture could be made{reasons}")));
    }
    let refused: Vec<_> = outcome
        .refused
        .iter()
        .map(|refusal| json!({ "file": refusal.file, "reason": refusal.reason.to_string() }))
        .collect();
    let told = json!({
        "written": outcome.written, "classes": outcome.classes, "refused": refused, "manifest": outcome.manifest,
    });
    Ok((told.to_string(), left_out))
}
