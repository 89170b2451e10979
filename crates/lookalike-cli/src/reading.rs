//! The options that say how a file is to be read.

use std::path::{Path, PathBuf};

use clap::Args;
use lookalike::pictures::{PictureOptions, SetOptions};
use lookalike::{FileFormat, Progress, ReadOptions, Reading, Warning, job};

use crate::failure::{Failure, Result};

/// How to read a table. All of it is detected unless it is said here.
#[derive(Debug, Args, Default)]
#[command(next_help_heading = "Reading")]
pub(crate) struct ReadArgs {
    /// Overrule what a column seems to be, or what --schema says it is: numerical, categorical, ordinal, boolean, datetime, id or text; may repeat
    #[arg(long, value_name = "NAME=KIND", value_parser = name_and_kind)]
    pub(crate) column: Vec<(String, String)>,
    /// Say what all columns are: a schema file (SDV's metadata JSON)
    #[arg(long, value_name = "FILE")]
    pub(crate) schema: Option<PathBuf>,
    /// A text that means a missing value; may repeat. An empty cell always does
    #[arg(long, value_name = "TEXT")]
    pub(crate) missing: Option<Vec<String>>,
    /// The sheet of a spreadsheet
    #[arg(long, value_name = "NAME")]
    pub(crate) sheet: Option<String>,
    /// The file's format: csv, tsv, jsonl, excel, parquet or arrow
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    pub(crate) format: Option<FileFormat>,
    /// The sign between fields, such as ';' or '\t'
    #[arg(long, value_name = "CHAR", value_parser = delimiter)]
    pub(crate) delimiter: Option<u8>,
    /// The encoding of text, such as utf-8, windows-1252 or shift-jis
    #[arg(long, value_name = "NAME")]
    pub(crate) encoding: Option<String>,
    /// Whether the first row holds the names of the columns
    #[arg(long, value_name = "YES|NO", value_parser = yes_or_no)]
    pub(crate) header: Option<bool>,
    /// Bring all pictures to so many pixels, such as 28x28 (width and height)
    #[arg(long, value_name = "WxH", value_parser = size)]
    pub(crate) size: Option<(u16, u16)>,
    /// The classes of pictures: a CSV file of names and classes, or an IDX or NPY file [default: sub-folders, labels.csv, or
    /// the file beside an IDX file]
    #[arg(long, value_name = "FILE")]
    pub(crate) labels: Option<PathBuf>,
    /// Take a CSV file for pictures: one in a line, pixels from 0 to 255
    #[arg(long)]
    pub(crate) pictures: bool,
    /// How many bytes a compressed file may become [default: a hundred times its size, or 1 GiB]
    #[arg(long, value_name = "BYTES")]
    pub(crate) decompressed_limit: Option<u64>,
}

impl ReadArgs {
    /// How pictures are read.
    pub(crate) fn of_pictures(&self) -> PictureOptions {
        PictureOptions {
            wanted: self.pictures,
            set: SetOptions { labels: self.labels.clone(), ..SetOptions::default() },
            size: self.size,
        }
    }
}

/// What must hold in every row.
#[derive(Debug, Args, Default)]
#[command(next_help_heading = "Constraints")]
pub(crate) struct ConstraintArgs {
    /// What must hold in every row, such as 'admitted <= discharged' or 'total = price * quantity'; may repeat
    #[arg(long, value_name = "CONSTRAINT", allow_hyphen_values = true)]
    pub(crate) constraint: Vec<String>,
    /// A file of constraints: one per line, or JSON, or those of SDV; may repeat
    #[arg(long, value_name = "FILE")]
    pub(crate) constraints: Vec<PathBuf>,
}

/// What was read, with all there is to say about it.
pub(crate) fn read(path: &Path, args: &ReadArgs, progress: &dyn Progress) -> Result<(Reading, Vec<Warning>)> {
    read_constrained(path, args, &ConstraintArgs::default(), progress)
}

/// The same with constraints in the table's schema.
pub(crate) fn read_constrained(
    path: &Path,
    args: &ReadArgs,
    constraints: &ConstraintArgs,
    progress: &dyn Progress,
) -> Result<(Reading, Vec<Warning>)> {
    let (declared, of_constraints) = job::constraints(&constraints.constraint, &constraints.constraints)?;
    let mut options = ReadOptions {
        format: args.format,
        missing: args.missing.clone(),
        columns: args.column.clone(),
        sheet: args.sheet.clone(),
        delimiter: args.delimiter,
        header: args.header,
        encoding: args.encoding.clone(),
        decompressed_limit: args.decompressed_limit,
        constraints: declared,
        ..ReadOptions::default()
    };
    let mut warnings = match &args.schema {
        Some(path) => job::use_schema_file(&mut options, path)?,
        None => Vec::new(),
    };
    warnings.extend(of_constraints);
    let reading = lookalike::read_as(path, &options, &args.of_pictures(), progress)?;
    warnings.extend_from_slice(&reading.warnings);
    warnings.extend(job::warn_of_invalid(&reading));
    Ok((reading, warnings))
}

/// Refuses several inputs that are all standard input: it can be read once.
pub(crate) fn one_stdin(paths: &[Option<&PathBuf>]) -> Result<()> {
    let count = paths.iter().flatten().filter(|path| path.as_os_str() == "-").count();
    if count > 1 {
        return Err(Failure::options("standard input (-) can be read only once; give a file for the others"));
    }
    Ok(())
}

/// Divides at the first `=` that a word for a kind follows: names may hold `=`, and so may what comes after a kind.
fn name_and_kind(text: &str) -> std::result::Result<(String, String), String> {
    let is_kind = |rest: &str| {
        let word = rest.split(':').next().unwrap_or_default();
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    text.match_indices('=')
        .map(|(at, _)| (&text[..at], &text[at + 1..]))
        .find(|(_, rest)| is_kind(rest))
        .map(|(name, kind)| (name.to_owned(), kind.to_owned()))
        .ok_or_else(|| "write NAME=KIND, such as zip=categorical".to_owned())
}

pub(crate) fn format(text: &str) -> std::result::Result<FileFormat, String> {
    FileFormat::from_name(text)
        .ok_or_else(|| "there are csv, tsv, jsonl, excel (read only), parquet and arrow".to_owned())
}

fn size(text: &str) -> std::result::Result<(u16, u16), String> {
    let sides = text
        .split_once(['x', 'X'])
        .and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    sides
        .filter(|&(width, height)| width > 0 && height > 0)
        .ok_or_else(|| "write WIDTHxHEIGHT in pixels, such as 28x28".to_owned())
}

fn delimiter(text: &str) -> std::result::Result<u8, String> {
    match text.as_bytes() {
        b"\\t" => Ok(b'\t'),
        [byte] if byte.is_ascii() && !byte.is_ascii_alphanumeric() => Ok(*byte),
        _ => Err("give one sign that is neither letter nor digit, such as ';' or '\\t'".to_owned()),
    }
}

fn yes_or_no(text: &str) -> std::result::Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("say yes or no".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_may_hold_an_equals_sign() {
        assert_eq!(name_and_kind("a=b=id").unwrap(), ("a=b".to_owned(), "id".to_owned()));
        assert_eq!(name_and_kind("s=ordinal:a=b").unwrap(), ("s".to_owned(), "ordinal:a=b".to_owned()));
        assert!(name_and_kind("age").is_err());
        assert!(name_and_kind("age=").is_err());
    }

    #[test]
    fn sizes_are_two_numbers() {
        assert_eq!(size("28x30"), Ok((28, 30)));
        for text in ["28", "x", "0x3", "3x70000", "-1x2", "2x3x4"] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn delimiters_are_one_sign() {
        assert_eq!(delimiter(";"), Ok(b';'));
        assert_eq!(delimiter("\\t"), Ok(b'\t'));
        assert!(delimiter("a").is_err());
        assert!(delimiter(";;").is_err());
        assert!(delimiter("").is_err());
    }
}
