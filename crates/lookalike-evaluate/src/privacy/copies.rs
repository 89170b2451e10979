use lookalike_learn::score::row_keys;
use lookalike_learn::tree::Feature;

use super::clopper_pearson;
use crate::alignment::{AlignedColumn, Alignment, Role};
use crate::evaluation::Measurement;
use crate::metric::{Family, Goal, Metric};

/// Exact copies of training rows.
pub(crate) const COPIES: Metric = Metric {
    name: "copies",
    title: "exact copies of training rows",
    meaning: "the share of synthetic rows that equal some training row in every column that is compared. Its floor \
              is the share of holdout rows that do so by nature; more is evidence of copying",
    family: Family::Privacy,
    goal: Goal::Lower,
    range: (Some(0.0), Some(1.0)),
    needs: &[],
    headline: true,
    citation: "IMS (identical match share) of Platzer and Reutterer 2021, https://arxiv.org/abs/2104.00635",
};

pub(crate) fn measure(alignment: &Alignment) -> Measurement {
    // A floor over fewer columns would be higher, and hide copies.
    let mut roles = vec![Role::Train, Role::Synthetic];
    roles.extend([Role::Holdout].into_iter().filter(|&role| alignment.has(role)));
    let columns = alignment.common(&roles);
    let share = |role: Role| {
        if columns.iter().any(|column| column.cells(role).is_none()) {
            return None;
        }
        if columns.is_empty() || alignment.n_rows(role) == 0 {
            return None;
        }
        let keys = |role: Role| {
            let features: Vec<_> = columns
                .iter()
                .map(|column| column.cells(role).expect("all have it").feature(column.levels))
                .collect();
            row_keys(&features)
        };
        let mut known = keys(Role::Train);
        known.sort_unstable();
        let asked = keys(role);
        let copies = asked.iter().filter(|key| known.binary_search(key).is_ok()).count();
        Some((copies, copies as f64 / asked.len() as f64))
    };
    let synthetic = share(Role::Synthetic);
    Measurement::of(
        &COPIES,
        synthetic.map(|(_, share)| share),
        "the synthetic table has no rows, or no column that all tables have",
    )
    .beside(share(Role::Holdout).map(|(_, share)| share), share(Role::Baseline).map(|(_, share)| share))
    .within(
        synthetic.map(|(count, _)| clopper_pearson(count as u64, alignment.n_rows(Role::Synthetic) as u64)),
    )
    .detail("rows", synthetic.map(|(count, _)| count as f64))
    .detail("repeated_in_training", repeated_in_training(alignment, &columns))
    .detail("columns_compared", Some(columns.len() as f64))
}

/// The share of training rows that equal another one.
fn repeated_in_training(alignment: &Alignment, columns: &[&AlignedColumn]) -> Option<f64> {
    let features: Option<Vec<Feature<'_>>> =
        columns.iter().map(|column| Some(column.cells(Role::Train)?.feature(column.levels))).collect();
    let mut keys = row_keys(&features?);
    keys.sort_unstable();
    let repeated: usize = keys.chunk_by(|a, b| a == b).map(<[_]>::len).filter(|&rows| rows > 1).sum();
    (alignment.n_rows(Role::Train) > 0 && !columns.is_empty()).then(|| repeated as f64 / keys.len() as f64)
}

/// By how much more holdout rows than training rows may have an equal among the training rows.
const OVERLAP: f64 = 0.05;

/// What to say where the holdout holds training rows.
pub(crate) fn remark(measurement: &Measurement) -> Option<String> {
    let repeated = measurement.details.get("repeated_in_training")?;
    let floor = measurement.floor.filter(|_| measurement.name == COPIES.name)?;
    (floor > repeated + OVERLAP).then(|| {
        format!(
            "{:.1} % of the holdout rows equal training rows, and only {:.1} % of the training rows equal another one: the \
             holdout seems to hold rows that were learned from, and then floors and figures of privacy mean nothing",
            100.0 * floor,
            100.0 * repeated
        )
    })
}
