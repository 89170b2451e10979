use lookalike_learn::score::kolmogorov_smirnov;

use super::{ColumnMeasure, Compared, Sample, is_number};
use crate::metric::{Family, Goal, Metric};

/// Distance of distribution functions.
const KS_COMPLEMENT: Metric = Metric {
    name: "ks-complement",
    title: "KSComplement",
    meaning: "numbers and dates: one minus the largest difference between the two distribution functions, the \
              Kolmogorov-Smirnov distance. It weighs all values alike, and so hardly sees the tails",
    family: Family::Fidelity,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[],
    headline: false,
    citation: "Kolmogorov 1933; KSComplement of SDMetrics, https://docs.sdv.dev/sdmetrics",
};

pub(super) const MEASURE: ColumnMeasure = ColumnMeasure {
    metric: &KS_COMPLEMENT,
    applies: is_number,
    compare: |real, other| similarity(real, other).map(Compared::from),
    otherwise: "no number or date has values in both tables",
};

/// One minus the Kolmogorov-Smirnov distance of the values, rounded to 14 decimals as `SDMetrics` does: what a file
/// format's last digits do to equal values shall not count.
pub(in crate::fidelity) fn similarity(real: &Sample, other: &Sample) -> Option<f64> {
    // Rounding keeps the order.
    let rounded = |values: &[f64]| values.iter().map(|&value| rounded(value)).collect::<Vec<f64>>();
    let (real, other) = (rounded(real.sorted()?), rounded(other.sorted()?));
    kolmogorov_smirnov(&real, &other).map(|distance| 1.0 - distance)
}

fn rounded(value: f64) -> f64 {
    let scaled = value * 1e14;
    // One zero: the order of floats tells them apart.
    if scaled.is_finite() { scaled.round_ties_even() / 1e14 + 0.0 } else { value }
}
