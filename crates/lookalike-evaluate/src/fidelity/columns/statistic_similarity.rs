use super::{ColumnMeasure, Compared, Sample, is_number};
use crate::metric::{Family, Goal, Metric};

/// Means.
const MEAN_SIMILARITY: Metric = Metric {
    name: "mean-similarity",
    title: "StatisticSimilarity of the mean",
    meaning: "numbers and dates: one minus the difference of the means, in units of the training column's range; at \
              least 0. A long range hides differences",
    family: Family::Fidelity,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[],
    headline: false,
    citation: "StatisticSimilarity of SDMetrics, https://docs.sdv.dev/sdmetrics",
};

const MEDIAN_SIMILARITY: Metric = Metric {
    name: "median-similarity",
    title: "StatisticSimilarity of the median",
    meaning: "as `mean-similarity`, of the medians",
    ..MEAN_SIMILARITY
};

const STD_SIMILARITY: Metric = Metric {
    name: "std-similarity",
    title: "StatisticSimilarity of the standard deviation",
    meaning: "as `mean-similarity`, of the standard deviations (of a sample: n - 1)",
    ..MEAN_SIMILARITY
};

const OTHERWISE: &str = "no number or date varies in the training table and has values in both";

pub(super) const MEAN: ColumnMeasure = ColumnMeasure {
    metric: &MEAN_SIMILARITY,
    applies: is_number,
    compare: |real, other| similarity(real, other, |sample| sample.moments().map(|(mean, _)| mean)),
    otherwise: OTHERWISE,
};

pub(super) const MEDIAN: ColumnMeasure = ColumnMeasure {
    metric: &MEDIAN_SIMILARITY,
    applies: is_number,
    compare: |real, other| similarity(real, other, median),
    otherwise: OTHERWISE,
};

pub(super) const STD: ColumnMeasure = ColumnMeasure {
    metric: &STD_SIMILARITY,
    applies: is_number,
    compare: |real, other| similarity(real, other, deviation),
    otherwise: OTHERWISE,
};

fn similarity(real: &Sample, other: &Sample, statistic: fn(&Sample) -> Option<f64>) -> Option<Compared> {
    let (low, high) = real.range()?;
    let width = high - low;
    let difference = (statistic(real)? - statistic(other)?).abs();
    (width > 0.0).then(|| (1.0 - difference / width).max(0.0).into())
}

fn median(sample: &Sample) -> Option<f64> {
    let sorted = sample.sorted()?;
    let middle = sorted.len() / 2;
    Some(if sorted.len() % 2 == 1 { sorted[middle] } else { sorted[middle - 1] / 2.0 + sorted[middle] / 2.0 })
}

fn deviation(sample: &Sample) -> Option<f64> {
    let (_, squares) = sample.moments()?;
    let count = sample.sorted()?.len();
    (count > 1).then(|| (squares / (count - 1) as f64).sqrt())
}
