use serde::{Deserialize, Serialize};

use crate::prose::ProseLengths;
use crate::text::Texts;

/// The header of a model's parts. Names and meanings are part of the file format.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub(super) method: String,
    pub(super) contains_training_rows: bool,
    pub(super) n_rows: u64,
    pub(super) n_units: u64,
    pub(super) min_units: u32,
    pub(super) unit: Option<usize>,
    pub(super) target: Option<usize>,
    /// SDV metadata with our extension.
    pub(super) schema: serde_json::Value,
    pub(super) columns: Vec<Column>,
    /// Rows without a value, per mask.
    pub(super) masks: Vec<u64>,
    pub(super) warnings: Vec<Warning>,
    /// Of a forest only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) forest: Option<Forest>,
    /// Of methods with a decoder of noise only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) decoder: Option<super::decoder::Decoder>,
    /// Of networks that draw column after column only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) networks: Option<super::networks::Networks>,
    /// Of models of tables in which constraints hold only: all other entries are then of the inner table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) constrained: Option<Constrained>,
    /// Of models of tables with a column of images only: all other entries are then of the other columns, and arrays of the
    /// images' model are named `images/<what>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) images: Option<Images>,
}

/// The version of [`Images`] that is written, and the only one that is read.
pub(super) const IMAGES_VERSION: u32 = 1;

/// What draws the images of a table.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Images {
    pub(super) version: u32,
    /// The column of classes.
    pub(super) class_column: Option<usize>,
    /// The header of the images' model.
    pub(super) model: serde_json::Value,
    pub(super) warnings: Vec<Warning>,
}

/// The version of [`Constrained`] that is written, and the only one that is read.
pub(super) const CONSTRAINED_VERSION: u32 = 1;

/// How the inner table comes back to one in which constraints hold.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Constrained {
    pub(super) version: u32,
    /// SDV metadata with our extension, in which the constraints stand.
    pub(super) schema: serde_json::Value,
    pub(super) plan: crate::constraints::Plan,
    pub(super) warnings: Vec<Warning>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Forest {
    /// The order in which variables are drawn.
    pub(super) order: Vec<Variable>,
    /// How many nested dichotomies each has; 0 where it follows from another.
    pub(super) members: Vec<usize>,
    /// How many bits a value of each takes given those before it.
    pub(super) bits: Vec<f64>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Variable {
    Column(usize),
    Mask(usize),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Column {
    pub(super) presence: Presence,
    pub(super) source: Source,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Presence {
    Always,
    Never,
    Mask(usize),
}

/// Where values come from; arrays that go with it are named `columns/<number>/<what>`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Source {
    Nothing {},
    /// Arrays `counts`, `codes`, `levels.offsets`, `levels.bytes`.
    Levels {},
    /// Array `counts`.
    Booleans {
        values: Vec<bool>,
    },
    /// Arrays `counts`, `low`, `high`.
    Grid {
        unit: Unit,
        origin: i64,
        step: i64,
    },
    /// Arrays `counts`, `low`, `high`.
    Reals {},
    KeyNumbers {
        first: i64,
        end: i64,
    },
    KeyPatterns {
        patterns: Vec<(String, u64)>,
    },
    Texts(Texts),
    /// Arrays `words.offsets`, `words.bytes`, `alone`, and of `after_two` and `after_one` each `.contexts`, `.totals`,
    /// `.starts`, `.next` and `.counts`.
    Prose(ProseLengths),
    /// Stand-ins for personal data: whose, and whether they may repeat. The schema says of what sort.
    StandIns {
        locale: String,
        person: u32,
        unique: bool,
    },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Unit {
    Integer,
    Unsigned,
    Places(u8),
    Decimal(i8),
    Instant,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Warning {
    pub(super) topic: String,
    pub(super) column: Option<String>,
    pub(super) message: String,
}
