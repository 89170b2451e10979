//! The whole job in one file.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use lookalike_synth::AnySynthesizer;
use lookalike_table::protect::Protection;
use serde::de::{Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use crate::error::{Error, Result};

/// Everything from a file to scores: what to read, how to divide, learn, sample and judge, and where to put it.
///
/// Only the input's file is needed; unknown keys are refused. Paths are relative to the plan's own file.
///
/// ```
/// let plan = lookalike::Plan::parse(r#"
///     seed = 7
///     [input]
///     file = "patients.csv"
///     columns = { zip = "categorical" }
///     [split]
///     share = 0.25
///     [fit]
///     target = "outcome"
///     unit = "patient"
///     protect = 10
///     [synthesizer.copula]
///     [sample]
///     rows = 5000
///     [evaluate]
///     min = { trend = 0.9 }
/// "#)?;
/// assert_eq!(plan.sample.rows, Some(5000));
/// assert_eq!(plan.fit.protect.min_units, 10);
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Plan {
    /// Where all randomness comes from.
    #[serde(default)]
    pub seed: u64,
    /// What to read.
    pub input: Input,
    /// How to divide the table into train and holdout, unless the input names a holdout.
    #[serde(default)]
    pub split: Dividing,
    /// What to know and to respect while learning.
    #[serde(default)]
    pub fit: Fitting,
    /// The method and its options, such as `[synthesizer.copula]`.
    #[serde(default = "default_synthesizer")]
    pub synthesizer: AnySynthesizer,
    /// What to sample.
    #[serde(default)]
    pub sample: Sampling,
    /// What the scores have to be.
    #[serde(default)]
    pub evaluate: Gates,
    /// Where to put the files.
    #[serde(default)]
    pub output: Output,
}

/// What to read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Input {
    /// The table's file.
    pub file: PathBuf,
    /// A file of rows to judge with, if they are not to be divided off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holdout: Option<PathBuf>,
    /// A schema file (SDV's metadata JSON).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<PathBuf>,
    /// The sheet of a spreadsheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The texts that mean a missing value; detected if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Vec<String>>,
    /// The width and height that pictures are brought to; without it they have to be alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<(u16, u16)>,
    /// Kinds of columns, by name, that overrule what would be inferred.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, String>,
}

/// How to divide the table into train and holdout.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Dividing {
    /// The share of rows that goes into the holdout.
    pub share: f64,
    /// The column that names what must stay on one side; the unit's column if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The column that says when: the latest rows go into the holdout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
}

impl Default for Dividing {
    fn default() -> Self {
        Dividing { share: 0.2, by: None, time: None }
    }
}

/// What to know and to respect while learning.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Fitting {
    /// The column that one wants to predict.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The column that names whom protection counts, such as a patient; each row by itself if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Columns that conditions will be put on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub condition_on: Vec<String>,
    /// What must hold in every row, such as `admitted <= discharged`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<String>,
    /// A file of further constraints.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub constraints_file: Option<PathBuf>,
    /// How many units must share what is reproduced, or `"none"`.
    #[serde(serialize_with = "write_protection", deserialize_with = "read_protection")]
    pub protect: Protection,
    /// Where stand-ins for personal data come from, such as `de_DE`; guessed from the data if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Columns of personal data that keep the shapes of their texts, with letters and digits drawn anew.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keep_format: Vec<String>,
    /// Columns of personal data in which one value always becomes the same stand-in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub consistent: Vec<String>,
}

/// What to sample.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Sampling {
    /// How many rows; as many as were learned from if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// Conditions that every row fulfils, such as `age>=30`.
    #[serde(rename = "where", skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
    /// Draws rows that are spread evenly rather than independent of each other.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub low_discrepancy: bool,
}

/// What scores have to be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Gates {
    /// Scores and the least that each must be.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub min: BTreeMap<String, f64>,
    /// Scores and the most that each may be.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub max: BTreeMap<String, f64>,
}

/// Where to put the files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Output {
    /// The folder; it is created if it does not exist.
    pub folder: PathBuf,
}

impl Default for Output {
    fn default() -> Self {
        Output { folder: "lookalike-out".into() }
    }
}

impl Default for Plan {
    /// A plan without a file to read.
    fn default() -> Self {
        Plan {
            seed: 0,
            input: Input::default(),
            split: Dividing::default(),
            fit: Fitting::default(),
            synthesizer: default_synthesizer(),
            sample: Sampling::default(),
            evaluate: Gates::default(),
            output: Output::default(),
        }
    }
}

fn default_synthesizer() -> AnySynthesizer {
    AnySynthesizer::Forest(lookalike_synth::Forest::default())
}

impl Plan {
    /// Understands the text of a plan.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn parse(text: &str) -> std::result::Result<Plan, String> {
        toml::from_str(text).map_err(|error: toml::de::Error| {
            let line = error.span().map(|span| text[..span.start].matches('\n').count() + 1);
            match line {
                Some(line) => format!("line {line}: {}", error.message()),
                None => error.message().to_owned(),
            }
        })
    }

    /// Reads a plan. Its paths become relative to where it was read from.
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be read, [`Error::Plan`] when it is no plan.
    pub fn read(path: &Path) -> Result<Plan> {
        let text = std::fs::read_to_string(path).map_err(|source| Error::Io {
            action: "read",
            path: path.to_owned(),
            source,
        })?;
        let plan = Plan::parse(&text).map_err(|problem| Error::Plan { path: path.to_owned(), problem })?;
        Ok(plan.beside(path))
    }

    /// The same plan with its paths made relative to the folder of `file` instead of to the current one.
    #[must_use]
    pub fn beside(mut self, file: &Path) -> Plan {
        let folder = file.parent().unwrap_or(Path::new(""));
        let mut paths: Vec<&mut PathBuf> = vec![&mut self.input.file, &mut self.output.folder];
        paths.extend(&mut self.input.holdout);
        paths.extend(&mut self.input.schema);
        paths.extend(&mut self.fit.constraints_file);
        for path in paths {
            *path = if *path == Path::new(".") { folder.to_owned() } else { folder.join(&path) };
        }
        self
    }

    /// The plan as the text of a file.
    ///
    /// # Panics
    /// If a path is not valid Unicode, which TOML cannot hold.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("a plan has nothing in it that TOML lacks")
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn write_protection<S: Serializer>(
    protection: &Protection,
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    if protection.is_on() {
        serializer.serialize_u32(protection.min_units)
    } else {
        serializer.serialize_str("none")
    }
}

fn read_protection<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Protection, D::Error> {
    struct ProtectionVisitor;

    impl Visitor<'_> for ProtectionVisitor {
        type Value = Protection;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a number of units of at least 2, or \"none\"")
        }

        fn visit_i64<E: serde::de::Error>(self, units: i64) -> std::result::Result<Protection, E> {
            u32::try_from(units)
                .ok()
                .filter(|units| *units > 1)
                .map(|min_units| Protection { min_units })
                .ok_or_else(|| E::invalid_value(serde::de::Unexpected::Signed(units), &self))
        }

        // JSON's whole numbers.
        fn visit_u64<E: serde::de::Error>(self, units: u64) -> std::result::Result<Protection, E> {
            i64::try_from(units)
                .map_err(|_| E::invalid_value(serde::de::Unexpected::Unsigned(units), &self))
                .and_then(|units| self.visit_i64(units))
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> std::result::Result<Protection, E> {
            if text == "none" {
                Ok(Protection::none())
            } else {
                Err(E::invalid_value(serde::de::Unexpected::Str(text), &self))
            }
        }
    }

    deserializer.deserialize_any(ProtectionVisitor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_needs_a_file_and_no_more() {
        let plan = Plan::parse("[input]\nfile = \"a.csv\"").unwrap();
        assert_eq!(
            plan,
            Plan { input: Input { file: "a.csv".into(), ..Input::default() }, ..Plan::default() }
        );
        assert!(Plan::parse("").unwrap_err().contains("input"));
    }

    #[test]
    fn what_is_not_known_is_refused_with_its_line() {
        let refused = |text: &str| Plan::parse(&format!("[input]\nfile = \"a.csv\"\n{text}")).unwrap_err();
        assert!(refused("[fit]\ntraget = \"x\"").starts_with("line 4: unknown field `traget`"));
        assert!(refused("[synthesizer.oracle]").contains("unknown variant `oracle`"));
        assert!(refused("[fit]\nprotect = \"some\"").contains("\"none\""));
        assert!(refused("[fit]\nprotect = 1").contains("at least 2"));
        assert!(refused("[sample]\nrows = -1").contains("line 4"));
    }

    #[test]
    fn plans_are_written_and_read_back() {
        let mut plan = Plan { seed: 9, ..Plan::default() };
        plan.input.file = "in.parquet".into();
        plan.input.columns.insert("a b".into(), "id".into());
        plan.fit.protect = Protection::none();
        plan.fit.constraints = vec!["a <= b".into()];
        plan.fit.constraints_file = Some("rules.txt".into());
        plan.sample.conditions = vec!["income=>50K".into()];
        plan.sample.low_discrepancy = true;
        plan.evaluate.max.insert("dcr-share".into(), 0.55);
        assert_eq!(Plan::parse(&plan.to_toml()).unwrap(), plan);
    }

    #[test]
    fn paths_are_relative_to_the_plan() {
        let plan = Plan::parse("[input]\nfile = \"a.csv\"\nschema = \"/s.json\"").unwrap();
        let plan = plan.beside(Path::new("jobs/plan.toml"));
        assert_eq!(plan.input.file, Path::new("jobs/a.csv"));
        assert_eq!(plan.input.schema.as_deref(), Some(Path::new("/s.json")));
        assert_eq!(plan.output.folder, Path::new("jobs/lookalike-out"));
    }
}
