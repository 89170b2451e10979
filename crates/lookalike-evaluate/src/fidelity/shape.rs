use rayon::prelude::*;

use super::columns::{Distribution, Sample, ks_complement, tv_complement};
use crate::alignment::{Alignment, Cells, Role, Sort};
use crate::evaluation::{Measurement, Part};
use crate::metric::{Family, Goal, Metric};

/// Column shapes as `SDMetrics` computes them.
pub(crate) const SHAPE: Metric = Metric {
    name: "shape",
    title: "column shapes",
    meaning: "how like the training table's the distribution of each column is: one minus the Kolmogorov-Smirnov \
              distance for numbers and dates, one minus the total variation distance for levels, over values that \
              are present; the mean over columns. One that is absent counts as 0, and so does one that has values in one of \
              the two tables and none in the other. Saturated: independent columns reach nearly the best value",
    family: Family::Fidelity,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[],
    headline: true,
    citation: "SDMetrics Column Shapes, https://docs.sdv.dev/sdmetrics",
};

pub(crate) fn measure(alignment: &Alignment) -> Measurement {
    let parts: Vec<Part> = alignment
        .columns
        .par_iter()
        .map(|column| {
            let of = |role: Role| column.cells(role).map(|cells| Sample::new(cells, column.levels));
            let train = of(Role::Train);
            let against = |role| {
                // A column without values has no shape at all.
                if column.is_one_sided(role) { Some(0.0) } else { similarity(train.as_ref()?, &of(role)?) }
            };
            Part {
                columns: vec![column.name.clone()],
                measure: match column.sort {
                    Sort::Level => "total-variation",
                    Sort::Number | Sort::Instant => "kolmogorov-smirnov",
                }
                .to_owned(),
                value: against(Role::Synthetic),
                floor: against(Role::Holdout),
                baseline: against(Role::Baseline),
                details: std::collections::BTreeMap::new(),
            }
        })
        .collect();
    Measurement::mean_of(&SHAPE, parts, "no column has values in both tables")
}

/// How like the distribution of these cells of a column other cells of it are distributed: a number as `shape` has it.
pub(crate) fn similarity_of(cells: &Cells, others: &Cells, levels: usize) -> Option<f64> {
    similarity(&Sample::new(cells, levels), &Sample::new(others, levels))
}

/// How like the distribution of the training column another one is.
fn similarity(train: &Sample, other: &Sample) -> Option<f64> {
    match train.values {
        Distribution::Sorted(_) => ks_complement::similarity(train, other),
        Distribution::Counts(_) => tv_complement::similarity(train, other),
    }
}
