//! What is built in to try things with: a table, UCI Adult, 48,842 people from a census in 1994; and 2,000 pictures of
//! Fashion-MNIST.
//!
//! Becker, B. and Kohavi, R. (1996). Adult. UCI Machine Learning Repository. DOI 10.24432/C5XW20, CC BY 4.0.
//!
//! Xiao, H., Rasul, K. and Vollgraf, R. (2017). Fashion-MNIST. arXiv 1708.07747, copyright Zalando SE, MIT licence.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use lookalike_synth::AnySynthesizer;
use lookalike_synth::image::{Flow, ImageSynthesizer};
use lookalike_table::write::OutputFile;

use crate::error::{Error, Result};
use crate::folder::OutputFolder;
use crate::pictures::LABEL;
use crate::plan::{Fitting, Input, Output, Plan};

const ADULT: &[u8] = include_bytes!("../data/adult.csv.zst");

const PICTURES: &[u8] = include_bytes!("../data/fashion-images.idx.zst");
const CLASSES: &[u8] = include_bytes!("../data/fashion-labels.idx");

/// Whom to name where the demo data is shown.
pub const ATTRIBUTION: &str = "UCI Adult (Becker & Kohavi 1996, DOI 10.24432/C5XW20), CC BY 4.0";

/// Whom to name where the demo pictures are shown.
pub const ATTRIBUTION_OF_PICTURES: &str =
    "2,000 pictures of Fashion-MNIST (Xiao et al. 2017, arXiv 1708.07747), (c) Zalando SE, MIT licence";

/// How often the demo's network sees every picture: about a minute on two processors.
const EPOCHS: u32 = 25;

/// Writes the built-in table as `adult.csv` into a folder, and beside it `plan.toml`, a plan that does the whole job
/// on it. Returns where the plan is, and the plan.
///
/// # Errors
/// [`Error::Io`] when the files cannot be written.
///
/// # Panics
/// Never: the data that is built in is whole.
pub fn write(folder: &Path, seed: u64) -> Result<(PathBuf, Plan)> {
    let _folder = OutputFolder::create(folder)?;
    unpack(ADULT, &folder.join("adult.csv"))?;
    let plan = Plan {
        seed,
        input: Input { file: "adult.csv".into(), ..Input::default() },
        fit: Fitting { target: Some("income".to_owned()), ..Fitting::default() },
        output: Output { folder: ".".into() },
        ..Plan::default()
    };
    write_plan(folder, plan, ATTRIBUTION)
}

/// Writes the built-in table as a CSV file.
///
/// # Errors
/// [`Error::Io`] when it cannot be written.
///
/// # Panics
/// Never: the data that is built in is whole.
pub fn write_table(path: &Path) -> Result<()> {
    unpack(ADULT, path)
}

/// Writes the built-in pictures and their classes as `fashion-images.idx` and `fashion-labels.idx` into a folder, and beside
/// them `plan.toml`, a plan that does the whole job on them. Returns where the plan is, and the plan.
///
/// # Errors
/// [`Error::Io`] when the files cannot be written.
///
/// # Panics
/// Never: the data that is built in is whole.
pub fn write_pictures(folder: &Path, seed: u64) -> Result<(PathBuf, Plan)> {
    let _folder = OutputFolder::create(folder)?;
    unpack(PICTURES, &folder.join("fashion-images.idx"))?;
    write_text(&folder.join("fashion-labels.idx"), CLASSES)?;
    let flow = Flow { epochs: Some(EPOCHS), ..Flow::default() };
    let plan = Plan {
        seed,
        input: Input { file: "fashion-images.idx".into(), ..Input::default() },
        fit: Fitting { target: Some(LABEL.to_owned()), ..Fitting::default() },
        synthesizer: AnySynthesizer::Image(ImageSynthesizer::Flow(flow)),
        output: Output { folder: ".".into() },
        ..Plan::default()
    };
    write_plan(folder, plan, ATTRIBUTION_OF_PICTURES)
}

fn unpack(packed: &[u8], path: &Path) -> Result<()> {
    let mut file = OutputFile::create(path)?;
    zstd::stream::copy_decode(packed, &mut file).map_err(failed(path))?;
    Ok(file.finish()?)
}

fn write_text(path: &Path, text: &[u8]) -> Result<()> {
    let mut file = OutputFile::create(path)?;
    file.write_all(text).map_err(failed(path))?;
    Ok(file.finish()?)
}

fn write_plan(folder: &Path, plan: Plan, attribution: &str) -> Result<(PathBuf, Plan)> {
    let path = folder.join("plan.toml");
    let text = format!("# {attribution}\n# lookalike run plan.toml\n\n{}", plan.to_toml());
    write_text(&path, text.as_bytes())?;
    Ok((path.clone(), plan.beside(&path)))
}

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Io { action: "write", path, source }
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

    #[test]
    fn the_built_in_pictures_are_whole() {
        let folder = tempfile::tempdir().unwrap();
        let (path, plan) = write_pictures(folder.path(), 7).unwrap();
        assert_eq!(Plan::read(&path).unwrap(), plan);
        let reading = crate::read(&plan.input.file, &crate::ReadOptions::default(), &crate::Silent).unwrap();
        assert!(reading.warnings.is_empty());
        let classes = reading.table.column(1).codes().unwrap();
        let counts: Vec<usize> =
            (0..10).map(|class| classes.codes.iter().filter(|&&code| code == class).count()).collect();
        assert_eq!(counts, [200; 10]);
        assert_eq!(classes.levels.iter().collect::<String>(), "0123456789");
    }
}
