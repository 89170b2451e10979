use super::{ColumnMeasure, Compared, Sample};
use crate::metric::{Family, Goal, Metric};

/// How often values are missing.
const MISSING_VALUE_SIMILARITY: Metric = Metric {
    name: "missing-value-similarity",
    title: "MissingValueSimilarity",
    meaning: "one minus the difference between the shares of missing cells",
    family: Family::Fidelity,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[],
    headline: false,
    citation: "MissingValueSimilarity of SDMetrics, https://docs.sdv.dev/sdmetrics",
};

pub(super) const MEASURE: ColumnMeasure = ColumnMeasure {
    metric: &MISSING_VALUE_SIMILARITY,
    applies: |_| true,
    compare: |real, other| compare(real, other).map(Compared::from),
    otherwise: "there is no column with rows in both tables",
};

fn compare(real: &Sample, other: &Sample) -> Option<f64> {
    let share = |sample: &Sample| (sample.rows > 0).then(|| sample.missing as f64 / sample.rows as f64);
    Some(1.0 - (share(real)? - share(other)?).abs())
}
