use serde::{Deserialize, Serialize};

use crate::{fidelity, privacy, utility};

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

/// What a metric cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Need {
    /// Real rows that no model has seen.
    Holdout,
    /// A column to predict.
    Target,
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
    let headline = [
        &fidelity::validity::VALIDITY,
        &fidelity::shape::SHAPE,
        &fidelity::trend::TREND,
        &fidelity::trend::TREND_SDMETRICS,
        &fidelity::two_sample::C2ST,
        &fidelity::two_sample::C2ST_TRAIN,
        &utility::train_on_synthetic::TSTR,
        &utility::train_on_synthetic::TRTR,
        &utility::train_on_synthetic::TSTR_RATIO,
        &privacy::dcr_share::DCR_SHARE,
        &privacy::dcr_share::DCR_SHARE_TIE_SPLIT,
        &privacy::copies::COPIES,
    ];
    let of_columns = fidelity::columns::MEASURES.iter().map(|measure| measure.metric);
    let of_pairs = [
        &fidelity::trend::CORRELATION_SIMILARITY,
        &fidelity::spearman::SPEARMAN_SIMILARITY,
        &fidelity::trend::CONTINGENCY_SIMILARITY,
        &fidelity::association::ASSOCIATION_SIMILARITY,
        &fidelity::mutual_information::WNMIS,
    ];
    let of_columns = of_columns.chain([&fidelity::key_uniqueness::KEY_UNIQUENESS]);
    let of_tables = fidelity::accuracy::METRICS.into_iter().chain(of_pairs);
    headline.into_iter().chain(of_tables).chain(of_columns).collect()
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
