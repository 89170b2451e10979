use lookalike_learn::score::kolmogorov_smirnov;
use lookalike_table::Codes;
use rayon::prelude::*;

use crate::alignment::{AlignedColumn, Alignment, Cells, Role, Sort};
use crate::evaluation::{Measurement, Part};
use crate::metric::{Family, Goal, Metric};

/// Column shapes as `SDMetrics` computes them.
pub(crate) const SHAPE: Metric = Metric {
    name: "shape",
    title: "column shapes",
    meaning: "how like the training table's the distribution of each column is: one minus the Kolmogorov-Smirnov \
              distance for numbers and dates, one minus the total variation distance for levels, over values that \
              are present; the mean over columns, one that is absent counting as 0. Saturated: independent columns reach nearly the best value",
    family: Family::Fidelity,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[],
    citation: "SDMetrics Column Shapes, https://docs.sdv.dev/sdmetrics",
};

pub(crate) fn measure(alignment: &Alignment) -> Measurement {
    let parts: Vec<Part> = alignment
        .columns
        .par_iter()
        .map(|column| {
            let train = Prepared::new(column, Role::Train);
            let against = |role| {
                Prepared::new(column, role).as_ref().zip(train.as_ref()).and_then(|(b, a)| a.similarity(b))
            };
            let synthetic = if column.cells(Role::Synthetic).is_some() {
                against(Role::Synthetic)
            } else {
                // A column that is not there has no shape at all.
                Some(0.0)
            };
            Part {
                columns: vec![column.name.clone()],
                measure: match column.sort {
                    Sort::Level => "total-variation",
                    Sort::Number | Sort::Instant => "kolmogorov-smirnov",
                }
                .to_owned(),
                value: synthetic,
                floor: against(Role::Holdout),
                baseline: against(Role::Baseline),
                details: std::collections::BTreeMap::new(),
            }
        })
        .collect();
    let mean = |of: fn(&Part) -> Option<f64>| mean(parts.iter().filter_map(of));
    let value = mean(|part| part.value);
    let mut measurement = Measurement::of(&SHAPE, value, "no column has values in both tables")
        .beside(mean(|p| p.floor), mean(|p| p.baseline));
    measurement.parts = parts;
    measurement
}

/// The mean, if there is anything.
pub(crate) fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0_u32);
    for value in values {
        sum += value;
        count += 1;
    }
    (count > 0).then(|| sum / f64::from(count))
}

/// A column's distribution in one table.
enum Prepared {
    Sorted(Vec<f64>),
    Counts(Vec<u64>),
}

impl Prepared {
    fn new(column: &AlignedColumn, role: Role) -> Option<Self> {
        match column.cells(role)? {
            Cells::Numbers(values) => {
                let mut sorted: Vec<f64> =
                    values.iter().copied().filter(|v| !v.is_nan()).map(rounded).collect();
                sorted.sort_unstable_by(f64::total_cmp);
                (!sorted.is_empty()).then_some(Prepared::Sorted(sorted))
            }
            Cells::Levels(codes) => {
                let mut counts = vec![0_u64; column.levels];
                for &code in codes.iter().filter(|&&code| code != Codes::MISSING) {
                    counts[code as usize] += 1;
                }
                counts.iter().any(|&count| count > 0).then_some(Prepared::Counts(counts))
            }
        }
    }

    /// How like this distribution of the training table another one is.
    fn similarity(&self, other: &Prepared) -> Option<f64> {
        match (self, other) {
            (Prepared::Sorted(a), Prepared::Sorted(b)) => {
                kolmogorov_smirnov(a, b).map(|distance| 1.0 - distance)
            }
            (Prepared::Counts(a), Prepared::Counts(b)) => Some(1.0 - total_variation(a, b)),
            _ => None,
        }
    }
}

/// Half the sum of absolute differences of the levels' shares. As in `SDMetrics`, a level that only the other table
/// has counts as a millionth of a row in the training table.
fn total_variation(train: &[u64], other: &[u64]) -> f64 {
    let train: Vec<f64> = train
        .iter()
        .zip(other)
        .map(|(&own, &other)| if own == 0 && other > 0 { 1e-6 } else { own as f64 })
        .collect();
    let (total, other_total) = (train.iter().sum::<f64>(), other.iter().sum::<u64>() as f64);
    0.5 * train
        .iter()
        .zip(other)
        .map(|(own, &other)| (own / total - other as f64 / other_total).abs())
        .sum::<f64>()
}

/// To 14 decimals, as `SDMetrics` does: what a file format's last digits do to equal values shall not count.
fn rounded(value: f64) -> f64 {
    let scaled = value * 1e14;
    // One zero: the order of floats tells them apart.
    if scaled.is_finite() { scaled.round_ties_even() / 1e14 + 0.0 } else { value }
}
