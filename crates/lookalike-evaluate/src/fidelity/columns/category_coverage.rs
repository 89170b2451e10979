use super::{ColumnMeasure, Compared, Sample, is_level};
use crate::metric::{Family, Goal, Metric};

/// Levels that occur.
const CATEGORY_COVERAGE: Metric = Metric {
    name: "category-coverage",
    title: "CategoryCoverage",
    meaning: "levels: the share of the training column's levels that occur. Protection withholds rare ones on \
              purpose, and so lowers it",
    family: Family::Fidelity,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[],
    headline: false,
    citation: "CategoryCoverage of SDMetrics, https://docs.sdv.dev/sdmetrics",
};

pub(super) const MEASURE: ColumnMeasure = ColumnMeasure {
    metric: &CATEGORY_COVERAGE,
    applies: is_level,
    compare: |real, other| compare(real, other).map(Compared::from),
    otherwise: "no column of levels has values in the training table",
};

fn compare(real: &Sample, other: &Sample) -> Option<f64> {
    let (real, _) = real.counts()?;
    let levels = real.iter().filter(|&&count| count > 0).count();
    let covered = match other.counts() {
        Some((other, _)) => real.iter().zip(other).filter(|(real, other)| **real > 0 && **other > 0).count(),
        None => 0,
    };
    Some(covered as f64 / levels as f64)
}
