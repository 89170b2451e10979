use std::fmt;

use serde::{Deserialize, Serialize};

use crate::group::groups;

/// What a metric is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Family {
    /// Whether the values can be values of the table at all.
    Validity,
    /// How like the training table it is.
    Fidelity,
    /// What can be learned from it.
    Utility,
    /// Whether training rows were copied.
    Privacy,
    /// Whether groups of people fare alike.
    Fairness,
}

/// Which values of a metric are good.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Goal {
    /// The higher the better.
    Higher,
    /// The lower the better.
    Lower,
    /// The nearer to this the better.
    Near(f64),
}

/// In a word or two.
impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Goal::Higher => f.write_str("higher"),
            Goal::Lower => f.write_str("lower"),
            Goal::Near(ideal) => write!(f, "near {ideal}"),
        }
    }
}

/// What a metric cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Need {
    /// Real rows that no model has seen.
    Holdout,
    /// A column to predict.
    Target,
    /// Columns that an attacker may know of a person.
    Keys,
    /// Columns whose groups are to fare alike.
    Sensitive,
    /// What a model says of the holdout's rows.
    Model,
    /// A training table with one column of images: elsewhere the metric is left out altogether.
    Images,
}

/// What a metric says of itself.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Metric {
    /// Its name in files and gates; never changes.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What it measures, in a sentence or two.
    pub meaning: &'static str,
    /// What it is about.
    pub family: Family,
    /// Which values are good.
    pub goal: Goal,
    /// The lowest and the highest possible value, where there is one.
    pub range: (Option<f64>, Option<f64>),
    /// What it cannot do without.
    pub needs: &'static [Need],
    /// Whether it is among the few that tell most, and are shown where there is little room.
    pub headline: bool,
    /// Where its definition is from.
    pub citation: &'static str,
}

/// Every metric, in the order of a report.
///
/// ```
/// assert!(lookalike_evaluate::all_metrics().iter().any(|metric| metric.name == "trend"));
/// ```
pub fn all_metrics() -> Vec<&'static Metric> {
    let all = || groups().flat_map(|group| group.metrics.iter().copied());
    all().filter(|metric| metric.headline).chain(all().filter(|metric| !metric.headline)).collect()
}

/// Which metrics are wanted: the others cost nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Wanted {
    /// The few that tell most ([`Metric::headline`]).
    #[default]
    Headline,
    /// Every metric.
    All,
    /// Those with these names. Names of no metric are ignored.
    These(Vec<String>),
}

impl Wanted {
    /// Whether this metric is wanted.
    pub fn includes(&self, metric: &Metric) -> bool {
        match self {
            Wanted::Headline => metric.headline,
            Wanted::All => true,
            Wanted::These(names) => names.iter().any(|name| name == metric.name),
        }
    }

    /// These and others by name, such as those that gates need.
    #[must_use]
    pub fn and<'a>(self, names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut all: Vec<String> = match self {
            Wanted::All => return Wanted::All,
            Wanted::Headline => {
                let headline = all_metrics().into_iter().filter(|metric| metric.headline);
                headline.map(|metric| metric.name.to_owned()).collect()
            }
            Wanted::These(names) => names,
        };
        all.extend(names.into_iter().map(str::to_owned));
        Wanted::These(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_can_stand_in_a_gate() {
        let mut names: Vec<_> = all_metrics().iter().map(|metric| metric.name).collect();
        assert!(
            names
                .iter()
                .all(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'))
        );
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all_metrics().len());
    }
}
