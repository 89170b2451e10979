//! Classes, written beside the pictures.

use std::fmt::Write as _;
use std::path::Path;

use super::{write_idx_labels, write_whole};
use crate::augment::Target;
use crate::error::Result;

/// A picture's file, or its number in a file of many, and its class.
#[derive(Debug, Clone)]
pub(crate) struct Labelled {
    pub(crate) file: String,
    pub(crate) label: Option<String>,
}

impl Labelled {
    /// True when the folder that the file is in says its class.
    pub(crate) fn is_in_its_folder(&self) -> bool {
        match (self.file.split_once('/'), self.label.as_deref()) {
            (Some((folder, _)), Some(label)) => folder == label,
            (_, label) => label.is_none(),
        }
    }
}

/// Writes the classes of a file of many pictures: as an IDX file where that is the custom and they are whole numbers up to
/// 255, otherwise as a CSV file that has the name of the pictures' and `.labels.csv`.
pub(crate) fn write_labels_beside(out: &Path, labels: &[Labelled]) -> Result<()> {
    if labels.iter().all(|labelled| labelled.label.is_none()) {
        return Ok(());
    }
    if Target::of_name(out) == Target::Idx {
        let numbers: Option<Vec<u8>> =
            labels.iter().map(|labelled| labelled.label.as_ref()?.parse().ok()).collect();
        let name = out.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let beside = name.replace("images", "labels").replace("idx3", "idx1");
        if let (Some(numbers), true) = (numbers, beside != name) {
            return write_idx_labels(&out.with_file_name(beside), &numbers);
        }
    }
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(".labels.csv");
    write_whole(&out.with_file_name(name), label_table(labels).as_bytes())
}

/// A table of files and their classes; those without a class are left out.
pub(crate) fn label_table(labels: &[Labelled]) -> String {
    let quoted = |text: &str| {
        if text.contains([',', '"', '\n']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.to_owned()
        }
    };
    let mut table = "file,label\n".to_owned();
    for Labelled { file, label } in labels {
        if let Some(label) = label {
            let _ = writeln!(table, "{},{}", quoted(file), quoted(label));
        }
    }
    table
}
