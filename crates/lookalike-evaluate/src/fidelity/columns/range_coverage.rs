use super::{ColumnMeasure, Compared, Sample, is_number};
use crate::metric::{Family, Goal, Metric};

/// How much of the range is reached.
const RANGE_COVERAGE: Metric = Metric {
    name: "range-coverage",
    title: "RangeCoverage",
    meaning: "numbers and dates: the share of the training column's range that lies between the lowest and the \
              highest value. Protection draws bounds in on purpose, and so lowers it",
    family: Family::Fidelity,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[],
    headline: false,
    citation: "RangeCoverage of SDMetrics, https://docs.sdv.dev/sdmetrics",
};

pub(super) const MEASURE: ColumnMeasure = ColumnMeasure {
    metric: &RANGE_COVERAGE,
    applies: is_number,
    compare: |real, other| compare(real, other).map(Compared::from),
    otherwise: "no number or date varies in the training table and has values in both",
};

fn compare(real: &Sample, other: &Sample) -> Option<f64> {
    let ((low, high), (own_low, own_high)) = (real.range()?, other.range()?);
    let width = high - low;
    if width <= 0.0 {
        return None;
    }
    let short = ((own_low - low) / width).max(0.0) + ((high - own_high) / width).max(0.0);
    Some((1.0 - short).max(0.0))
}
