use super::{ColumnMeasure, Compared, Sample, is_level};
use crate::metric::{Family, Goal, Metric};

/// Levels that exist.
const CATEGORY_ADHERENCE: Metric = Metric {
    name: "category-adherence",
    title: "CategoryAdherence",
    meaning: "levels: the share of cells whose level the training column has; missing ones count as a level, which it \
              has where any of its cells is missing",
    family: Family::Validity,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[],
    headline: false,
    citation: "CategoryAdherence of SDMetrics, https://docs.sdv.dev/sdmetrics",
};

pub(super) const MEASURE: ColumnMeasure = ColumnMeasure {
    metric: &CATEGORY_ADHERENCE,
    applies: is_level,
    compare: |real, other| compare(real, other).map(Compared::from),
    otherwise: "there is no column of levels in both tables",
};

fn compare(real: &Sample, other: &Sample) -> Option<f64> {
    if other.rows == 0 {
        return None;
    }
    let known: u64 = match (real.counts(), other.counts()) {
        (Some((real, _)), Some((other, _))) => {
            real.iter().zip(other).filter(|(real, _)| **real > 0).map(|(_, other)| other).sum()
        }
        _ => 0,
    };
    let missing = if real.missing > 0 { other.missing } else { 0 };
    Some((known as usize + missing) as f64 / other.rows as f64)
}
