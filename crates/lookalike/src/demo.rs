//! The table that is built in: UCI Adult, 48,842 people from a census in 1994.
//!
//! Becker, B. and Kohavi, R. (1996). Adult. UCI Machine Learning Repository. DOI 10.24432/C5XW20, CC BY 4.0.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use lookalike_table::write::OutputFile;

use crate::error::{Error, Result};
use crate::folder::OutputFolder;
use crate::plan::{Fitting, Input, Output, Plan};

const ADULT: &[u8] = include_bytes!("../data/adult.csv.zst");

/// Whom to name where the demo data is shown.
pub const ATTRIBUTION: &str = "UCI Adult (Becker & Kohavi 1996, DOI 10.24432/C5XW20), CC BY 4.0";

/// Writes the built-in table as `adult.csv` into a folder, and beside it `plan.toml`, a plan that does the whole job
/// on it. Returns where the plan is, and the plan.
///
/// # Errors
/// [`Error::Io`] when the files cannot be written.
///
/// # Panics
/// Never: the data that is built in is whole.
pub fn write(folder: &Path, seed: u64) -> Result<(PathBuf, Plan)> {
    let failed = |action, path: &Path| {
        let path = path.to_owned();
        move |source| Error::Io { action, path, source }
    };
    let _folder = OutputFolder::create(folder)?;
    let table = folder.join("adult.csv");
    let mut file = OutputFile::create(&table)?;
    zstd::stream::copy_decode(ADULT, &mut file).map_err(failed("write", &table))?;
    file.finish()?;

    let plan = Plan {
        seed,
        input: Input { file: "adult.csv".into(), ..Input::default() },
        fit: Fitting { target: Some("income".to_owned()), ..Fitting::default() },
        output: Output { folder: ".".into() },
        ..Plan::default()
    };
    let path = folder.join("plan.toml");
    let mut file = OutputFile::create(&path)?;
    let text = format!("# {ATTRIBUTION}\n# lookalike run plan.toml\n\n{}", plan.to_toml());
    file.write_all(text.as_bytes()).map_err(failed("write", &path))?;
    file.finish()?;
    Ok((path.clone(), plan.beside(&path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_table_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let (path, plan) = write(folder.path(), 7).unwrap();
        let text = std::fs::read_to_string(folder.path().join("adult.csv")).unwrap();
        assert_eq!(text.lines().count(), 48_843);
        assert!(text.lines().all(|line| line.split(',').count() == 15));
        assert!(text.lines().skip(1).all(|line| line.ends_with("<=50K") || line.ends_with(">50K")));
        assert_eq!(Plan::read(&path).unwrap(), plan);
        assert_eq!(plan.input.file, folder.path().join("adult.csv"));
    }
}
