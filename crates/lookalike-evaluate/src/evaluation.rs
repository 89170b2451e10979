use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::exhibit::Exhibit;
use crate::metric::{Family, Goal, Metric, Need};
use crate::provenance::Provenance;
use crate::verdict::GateResult;

/// The version of the JSON form of [`Evaluation`]. It goes up when a field changes its meaning or disappears;
/// fields may be added within a version.
pub const SCHEMA_VERSION: u32 = 1;

/// What was found out about a synthetic table.
///
/// Its JSON form is an object with the fields below. Figures are finite numbers or null, never NaN.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Evaluation {
    /// [`SCHEMA_VERSION`] of the program that wrote it.
    pub schema_version: u32,
    /// The seed of all draws of rows.
    pub seed: u64,
    /// How many rows the tables have.
    pub rows: RowCounts,
    /// The name of the column that was predicted.
    pub target: Option<String>,
    /// The figures, in the order of [`all_metrics`](crate::all_metrics).
    pub metrics: Vec<Measurement>,
    /// What there is to look at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exhibits: Vec<Exhibit>,
    /// Columns that the figures leave out, and why.
    pub left_out: Vec<LeftOut>,
    /// Tables whose columns are not those of the training table. Empty when all have the same.
    #[serde(default)]
    pub unmatched: Vec<Unmatched>,
    /// What could not be told for want of data, in sentences.
    pub could_not_tell: Vec<String>,
    /// What a reader should know about how the tables were matched, in sentences.
    pub notes: Vec<String>,
    /// What gates say of the figures, where whoever asked for the evaluation set any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<GateResult>,
    /// Where the tables come from, as far as whoever asked for the evaluation said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Provenance>,
}

/// How many rows the tables have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowCounts {
    /// The training table.
    pub train: usize,
    /// The holdout, if there is one.
    pub holdout: Option<usize>,
    /// The synthetic table.
    pub synthetic: usize,
    /// The baseline's table, if there is one.
    pub baseline: Option<usize>,
}

/// A column that the figures leave out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The column's name.
    pub column: String,
    /// Why it is left out.
    pub reason: String,
}

/// How the columns of a table differ from those of the training table.
///
/// Figures are about the columns that both have. One that the synthetic table lacks counts as 0 in `shape`, in the
/// pairs of `trend` and, cell by cell, in `validity`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Unmatched {
    /// Which table: `holdout` or `synthetic`.
    pub table: String,
    /// Columns of the training table that it lacks.
    pub missing: Vec<String>,
    /// Columns of it that the training table lacks, which nothing looks at.
    pub extra: Vec<String>,
}

/// One metric's figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Measurement {
    /// The metric's name, as in gates.
    pub name: String,
    /// The metric's name for people.
    pub title: String,
    /// What the metric is about.
    pub family: Family,
    /// Which values are good.
    pub goal: Goal,
    /// The figure, unless it was skipped.
    pub value: Option<f64>,
    /// Why there is no figure.
    pub skipped: Option<String>,
    /// The same formula for the holdout in the place of the synthetic table: what real rows reach.
    pub floor: Option<f64>,
    /// The same formula for the baseline's table.
    pub baseline: Option<f64>,
    /// The same formula for training rows drawn with replacement: what a tool reaches that only copies. Known where it was
    /// asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bootstrap: Option<f64>,
    /// Where the figure would lie with other rows of the same sources, if that is known.
    #[serde(default)]
    pub interval: Option<Interval>,
    /// Figures that belong to it, by name.
    pub details: BTreeMap<String, f64>,
    /// The figure for each column, pair of columns or class, where it is made of such.
    pub parts: Vec<Part>,
}

/// A confidence interval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// How often such intervals hold the true value: 0.95.
    pub confidence: f64,
    /// How it was found, such as `Clopper-Pearson`.
    pub method: String,
}

/// The share of one column or pair of columns in a figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Part {
    /// The columns' names.
    pub columns: Vec<String>,
    /// How it was measured.
    pub measure: String,
    /// Its figure; null where it is not defined, or does not count.
    pub value: Option<f64>,
    /// The same for the holdout.
    pub floor: Option<f64>,
    /// The same for the baseline's table.
    pub baseline: Option<f64>,
    /// Figures that belong to it, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, f64>,
}

impl Interval {
    /// So far to either side as a standard error says, within what is possible.
    pub(crate) fn around(value: f64, error: f64, [least, most]: [f64; 2], method: &str) -> Self {
        let margin = 1.96 * error;
        Self::between((value - margin).max(least), (value + margin).min(most), method)
    }

    /// An interval with these ends.
    pub(crate) fn between(low: f64, high: f64, method: &str) -> Self {
        Interval { low, high, confidence: 0.95, method: method.to_owned() }
    }
}

impl Evaluation {
    /// The figures of the metric with this name: a gate's lookup.
    pub fn metric(&self, name: &str) -> Option<&Measurement> {
        self.metrics.iter().find(|measurement| measurement.name == name)
    }

    /// How many more metrics there are for tables of this sort: those of images only where it holds one of them.
    pub fn metrics_left(&self) -> usize {
        let of_images = |metric: &Metric| metric.needs.contains(&Need::Images);
        let all = crate::all_metrics();
        let has_images = all.iter().any(|metric| of_images(metric) && self.metric(metric.name).is_some());
        let left = all.iter().filter(|metric| of_images(metric) == has_images);
        left.filter(|metric| self.metric(metric.name).is_none()).count()
    }
}

impl Measurement {
    /// A metric with a figure.
    pub(crate) fn of(metric: &Metric, value: Option<f64>, otherwise: &str) -> Self {
        let value = finite(value);
        Measurement {
            name: metric.name.to_owned(),
            title: metric.title.to_owned(),
            family: metric.family,
            goal: metric.goal,
            value,
            skipped: value.is_none().then(|| otherwise.to_owned()),
            floor: None,
            baseline: None,
            bootstrap: None,
            interval: None,
            details: BTreeMap::new(),
            parts: Vec::new(),
        }
    }

    /// A metric without a figure.
    pub(crate) fn skipped(metric: &Metric, reason: &str) -> Self {
        Self::of(metric, None, reason)
    }

    /// A metric that is the mean of the figures of its parts, as far as these have any.
    pub(crate) fn mean_of(metric: &Metric, parts: Vec<Part>, otherwise: &str) -> Self {
        let of = |figure: fn(&Part) -> Option<f64>| mean(parts.iter().filter_map(figure));
        let mut measurement = Self::of(metric, of(|part| part.value), otherwise)
            .beside(of(|part| part.floor), of(|part| part.baseline));
        measurement.parts = parts;
        measurement
    }

    /// The same with an interval around the figure, if there is one.
    pub(crate) fn within(mut self, interval: Option<Interval>) -> Self {
        self.interval = interval.filter(|_| self.value.is_some());
        self
    }

    pub(crate) fn beside(mut self, floor: Option<f64>, baseline: Option<f64>) -> Self {
        self.floor = finite(floor);
        self.baseline = finite(baseline);
        self
    }

    pub(crate) fn detail(mut self, name: &str, value: Option<f64>) -> Self {
        if let Some(value) = finite(value) {
            self.details.insert(name.to_owned(), value);
        }
        self
    }

    /// How far the figure is from its floor or better: positive when it is worse than real rows. `None` where
    /// either is unknown.
    pub fn gap(&self) -> Option<f64> {
        let (value, floor) = (self.value?, self.floor?);
        Some(match self.goal {
            Goal::Higher => floor - value,
            Goal::Lower => value - floor,
            Goal::Near(ideal) => (value - ideal).abs() - (floor - ideal).abs(),
        })
    }
}

impl Part {
    /// A part without figures yet.
    pub(crate) fn new(columns: Vec<String>, measure: &str) -> Self {
        Part {
            columns,
            measure: measure.to_owned(),
            value: None,
            floor: None,
            baseline: None,
            details: BTreeMap::new(),
        }
    }
}

fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite())
}

/// The mean, if there is anything.
pub(crate) fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0_u32);
    for value in values {
        sum += value;
        count += 1;
    }
    (count > 0).then(|| sum / f64::from(count))
}
