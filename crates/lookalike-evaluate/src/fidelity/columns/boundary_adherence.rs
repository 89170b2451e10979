use super::{ColumnMeasure, Compared, Sample, is_number};
use crate::metric::{Family, Goal, Metric};

/// Values that stay within the range.
const BOUNDARY_ADHERENCE: Metric = Metric {
    name: "boundary-adherence",
    title: "BoundaryAdherence",
    meaning: "numbers and dates: the share of values that lie between the lowest and the highest of the training \
              column",
    family: Family::Validity,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[],
    headline: false,
    citation: "BoundaryAdherence of SDMetrics, https://docs.sdv.dev/sdmetrics",
};

pub(super) const MEASURE: ColumnMeasure = ColumnMeasure {
    metric: &BOUNDARY_ADHERENCE,
    applies: is_number,
    compare: |real, other| compare(real, other).map(Compared::from),
    otherwise: "no number or date has values in both tables",
};

fn compare(real: &Sample, other: &Sample) -> Option<f64> {
    let ((low, high), values) = (real.range()?, other.sorted()?);
    let below = values.partition_point(|&value| value < low);
    let up_to = values.partition_point(|&value| value <= high);
    Some((up_to - below) as f64 / values.len() as f64)
}
