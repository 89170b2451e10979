use super::{ColumnMeasure, Compared, Sample, is_level};
use crate::metric::{Family, Goal, Metric};

/// Distance of the shares of levels.
const TV_COMPLEMENT: Metric = Metric {
    name: "tv-complement",
    title: "TVComplement",
    meaning: "levels: one minus half the sum of the absolute differences of their shares, the total variation \
              distance. Rare levels hardly count",
    family: Family::Fidelity,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[],
    headline: false,
    citation: "TVComplement of SDMetrics, https://docs.sdv.dev/sdmetrics",
};

pub(super) const MEASURE: ColumnMeasure = ColumnMeasure {
    metric: &TV_COMPLEMENT,
    applies: is_level,
    compare: |real, other| similarity(real, other).map(Compared::from),
    otherwise: "no column of levels has values in both tables",
};

/// One minus the total variation distance. As in `SDMetrics`, a level that only the other table has counts as a
/// millionth of a row in the training table.
pub(in crate::fidelity) fn similarity(real: &Sample, other: &Sample) -> Option<f64> {
    let ((real, _), (other, other_total)) = (real.counts()?, other.counts()?);
    let real: Vec<f64> = real
        .iter()
        .zip(other)
        .map(|(&own, &other)| if own == 0 && other > 0 { 1e-6 } else { own as f64 })
        .collect();
    let total = real.iter().sum::<f64>();
    let differences =
        real.iter().zip(other).map(|(own, &other)| (own / total - other as f64 / other_total as f64).abs());
    Some(1.0 - 0.5 * differences.sum::<f64>())
}
