use serde::{Deserialize, Serialize};

use super::attack::Attack;
use super::power::{GROUPS, LEVEL};

/// The version of the JSON form of [`Audit`]. It goes up when a field changes its meaning or disappears; fields may be
/// added within a version.
pub const AUDIT_SCHEMA_VERSION: u32 = 1;

/// What an audit found. It holds numbers of rows and names of columns, never a cell's value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Audit {
    /// [`AUDIT_SCHEMA_VERSION`] of the program that wrote it.
    pub schema_version: u32,
    /// The seed of all draws.
    pub seed: u64,
    /// The method that was audited.
    pub method: String,
    /// How often the table was learned.
    pub refits: usize,
    /// How many rows were learned from in every refit, besides the chosen records.
    pub rows_in_all: usize,
    /// The columns that attacks look at.
    pub columns_compared: Vec<String>,
    /// True when membership was told beyond chance: of all exact tests together, a false alarm has a probability of at
    /// most 5 %.
    pub beyond_chance: bool,
    /// What was found for each kind of record, and at last for all together.
    pub findings: Vec<Finding>,
    /// What could not be told for want of data, in sentences.
    pub could_not_tell: Vec<String>,
    /// What was found for each record.
    pub records: Vec<AuditedRecord>,
}

/// Which sort of record was looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RecordKind {
    /// Drawn at random.
    Ordinary,
    /// Farthest from its nearest other row.
    Outlying,
    /// Made: an unheard-of combination of values, each of which others have.
    Planted,
}

impl RecordKind {
    /// All kinds.
    pub const ALL: [RecordKind; 3] = [RecordKind::Ordinary, RecordKind::Outlying, RecordKind::Planted];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            RecordKind::Ordinary => "ordinary",
            RecordKind::Outlying => "outlying",
            RecordKind::Planted => "planted",
        }
    }
}

/// What was found for a group of records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    /// Which records; all kinds if null.
    pub kind: Option<RecordKind>,
    /// How many records.
    pub records: usize,
    /// How often a record was in, and as often out.
    pub decisions: u64,
    /// The attack that did best in one half of the refits, and so judged the other: for the first half, and for the
    /// second.
    pub attacks: [Attack; 2],
    /// How often, of two refits with and without a record, the one with it has the higher score; ties count half. 0.5 is
    /// chance. The same as the area under the ROC curve of one record, averaged.
    pub auc: Bounded,
    /// How often records are found at a given rate of false alarms.
    pub rates: Vec<AtRate>,
    /// The probability that records without any trace look found as clearly as this, by the most telling of the group's
    /// exact tests and corrected for their number.
    pub p_value: f64,
}

/// How often records are found at a given rate of false alarms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AtRate {
    /// The false positive rate that thresholds were set for, in the other half of the refits.
    pub aimed_at: f64,
    /// The share of refits with a record in which it is said to be in.
    pub tpr: Bounded,
    /// An interval for it that takes the mean of each record as one observation: 95 %, by Student's t. Wider where
    /// records differ in how well they are found. Null for fewer than 2 records.
    pub tpr_by_record: Option<[f64; 2]>,
    /// The share of refits without a record in which it is said to be in.
    pub fpr: Bounded,
    /// An (ε, 0)-differentially private method could not be attacked like this, with 95 % confidence, if its ε were
    /// smaller. It bounds what was found from below, and nothing from above.
    pub epsilon_at_least: f64,
    /// The smallest true positive rate that would have been called beyond chance with a probability of 90 %.
    pub detectable: Option<f64>,
}

/// A share with its exact (Clopper-Pearson) 95 % interval, decisions taken as independent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bounded {
    /// The share.
    pub value: f64,
    /// The interval's lower end.
    pub low: f64,
    /// The interval's upper end.
    pub high: f64,
}

/// What was found for one record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AuditedRecord {
    /// Its kind.
    pub kind: RecordKind,
    /// The numbers of its rows, from 1; of a planted one, of the row that it takes the keys and texts of.
    pub rows: Vec<usize>,
    /// How often the refit with it has the higher score of two.
    pub auc: f64,
    /// How often it is found where it is in, at a false positive rate of 1 % for its kind.
    pub tpr: Option<f64>,
}

impl Finding {
    /// True when the records are told beyond chance, with room for the other groups' tests.
    pub fn is_beyond_chance(&self) -> bool {
        self.p_value < LEVEL / GROUPS
    }

    /// The word for its records.
    pub fn name(&self) -> &'static str {
        self.kind.map_or("all", RecordKind::name)
    }
}

impl AtRate {
    /// The highest true positive rate that is believable: the upper end of the wider interval.
    pub fn tpr_at_most(&self) -> f64 {
        self.tpr_by_record.map_or(self.tpr.high, |[_, high]| high.max(self.tpr.high))
    }
}
