use std::collections::BTreeMap;

use lookalike_core::Warning;
use serde::{Deserialize, Serialize};

use crate::exhibit::Series;

/// Where the tables of an evaluation come from, told by whoever asked for it: an evaluation sees only tables.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Provenance {
    /// The version of the program.
    pub version: String,
    /// The tables.
    pub sources: Vec<Source>,
    /// The method that made the synthetic table, where that is known.
    pub method: Option<String>,
    /// The method's options, as a plan writes them.
    pub options: BTreeMap<String, String>,
    /// How many units had to share what the method reproduced (1 where nothing was withheld), where that is known.
    pub protection: Option<u32>,
    /// The column that told units apart, if rows did not stand for themselves.
    pub unit: Option<String>,
    /// What was done differently from what one may expect.
    pub warnings: Vec<Remark>,
    /// How learning went on: for each quantity its value at each step.
    pub training: Vec<Series<[f64; 2]>>,
    /// What was counted when learning had ended, such as the latent numbers that are in use.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub learned: Vec<(String, f64)>,
}

/// A table, and where it is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// `training`, `holdout`, `synthetic` or `further synthetic`.
    pub table: String,
    /// The name of the file that it was read from or, if the program made it, written to, without its folder.
    pub file: String,
    /// How many rows it has, where that is told here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// How it was made, if it is not the file as it is: part of a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<String>,
}

/// A [`Warning`] as a file keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// The name of its topic.
    pub topic: String,
    /// The column it concerns, if it concerns one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// One sentence, lower case, without a full stop.
    pub message: String,
}

impl From<&Warning> for Remark {
    fn from(warning: &Warning) -> Self {
        Remark {
            topic: warning.topic.name().to_owned(),
            column: warning.column.clone(),
            message: warning.message.clone(),
        }
    }
}
