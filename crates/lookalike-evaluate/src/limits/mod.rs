//! What each measure cannot tell, and how a table can be made to look good under it.

mod columns;
mod fairness;
mod images;
mod pairs;
mod privacy;
mod rows;
mod utility;
mod validity;

use crate::metric::Metric;

/// What a metric cannot tell, and how it is gamed.
///
/// Both continue a sentence, and so begin with a small letter and end without a full stop, as [`Metric::meaning`] does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The names of the metrics that have these limits.
    of: &'static [&'static str],
    /// What stays open, whatever the figure is.
    pub cannot_tell: &'static str,
    /// What makes the figure good without making the synthetic table good.
    pub gamed_by: &'static str,
}

/// The limits of all metrics.
fn all() -> impl Iterator<Item = &'static Limits> {
    let of_sorts = [
        validity::LIMITS,
        columns::LIMITS,
        pairs::LIMITS,
        rows::LIMITS,
        utility::LIMITS,
        images::LIMITS,
        privacy::LIMITS,
        fairness::LIMITS,
    ];
    of_sorts.into_iter().flatten()
}

impl Metric {
    /// What it cannot tell, and how it is gamed.
    ///
    /// ```
    /// let all = lookalike_evaluate::all_metrics();
    /// let copies = all.iter().find(|metric| metric.name == "copies").unwrap();
    /// assert_eq!(copies.limits().gamed_by, "by changing one cell of every copied row");
    /// ```
    ///
    /// # Panics
    /// If it is none of [`all_metrics`](crate::all_metrics): every one of these has limits.
    pub fn limits(&self) -> Limits {
        *all().find(|limits| limits.of.contains(&self.name)).expect("every metric has limits")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::all_metrics;

    #[test]
    fn every_metric_has_limits_once_and_nothing_else_has() {
        let mut named: Vec<&str> = all().flat_map(|limits| limits.of).copied().collect();
        let mut metrics: Vec<&str> = all_metrics().iter().map(|metric| metric.name).collect();
        named.sort_unstable();
        metrics.sort_unstable();
        assert_eq!(named, metrics);
    }

    #[test]
    fn limits_continue_a_sentence() {
        for limits in all() {
            for text in [limits.cannot_tell, limits.gamed_by] {
                assert!(text.starts_with(|first: char| first.is_ascii_lowercase()), "{text:?}");
                assert!(text.len() > 30 && !text.ends_with('.') && !text.contains("  "), "{text:?}");
            }
        }
    }

    /// What another metric is called may change; what is said of it must not be left behind.
    #[test]
    fn limits_name_metrics_and_details_that_exist() {
        let others = ["expected", "impossible_rows", "lowest_ratio", "groups_not_told", "lookalike audit"];
        for limits in all() {
            for text in [limits.cannot_tell, limits.gamed_by] {
                for name in text.split('`').skip(1).step_by(2) {
                    let known = all_metrics().iter().any(|metric| metric.name == name);
                    assert!(known || others.contains(&name), "{name:?} in {text:?}");
                }
            }
        }
    }
}
