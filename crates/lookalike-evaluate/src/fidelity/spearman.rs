use std::borrow::Cow;
use std::collections::BTreeMap;

use lookalike_core::Context;
use lookalike_learn::score::ranks;
use rayon::prelude::*;

use super::pairs::{pairs_of, pearson};
use crate::alignment::{AlignedColumn, Alignment, Cells, Role, Sort};
use crate::evaluation::{Measurement, Part};
use crate::metric::{Family, Goal, Metric};

/// Correlations of ranks.
pub(crate) const SPEARMAN_SIMILARITY: Metric = Metric {
    name: "spearman-similarity",
    title: "CorrelationSimilarity (Spearman)",
    meaning: "as `correlation-similarity`, of ranks: it sees ties that rise or fall along any curve, and far values \
              weigh no more than others",
    family: Family::Fidelity,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[],
    headline: false,
    citation: "Spearman 1904, https://doi.org/10.2307/1412159; CorrelationSimilarity of SDMetrics, \
               https://docs.sdv.dev/sdmetrics",
};

/// Rows beyond this are left out, by draw.
const MOST_ROWS: usize = 200_000;

/// A column of numbers in one table.
struct Ranked<'a> {
    values: Cow<'a, [f64]>,
    /// The rank of each row, where no row is missing: it is then the same in every pair.
    ranks: Option<Vec<f64>>,
}

impl<'a> Ranked<'a> {
    fn new(column: &'a AlignedColumn, role: Role, rows: Option<&[usize]>) -> Option<Self> {
        let Cells::Numbers(values) = column.cells(role)? else { return None };
        let values: Cow<'_, [f64]> = match rows {
            Some(rows) => Cow::Owned(rows.iter().map(|&row| values[row]).collect()),
            None => Cow::Borrowed(values),
        };
        let ranks = (!values.iter().any(|value| value.is_nan())).then(|| ranks(&values));
        Some(Ranked { values, ranks })
    }
}

pub(crate) fn measure(alignment: &Alignment, context: &Context<'_>) -> Measurement {
    let rows: [Option<Vec<usize>>; 4] = std::array::from_fn(|role| {
        let count = alignment.rows[role]?;
        (count > MOST_ROWS).then(|| context.seed.stream("rank rows", role as u64).choose(count, MOST_ROWS))
    });
    let columns: Vec<(&AlignedColumn, [Option<Ranked<'_>>; 4])> = alignment
        .columns
        .par_iter()
        .filter(|column| column.sort != Sort::Level)
        .map(|column| {
            let roles = [Role::Train, Role::Holdout, Role::Synthetic, Role::Baseline];
            (column, roles.map(|role| Ranked::new(column, role, rows[role as usize].as_deref())))
        })
        .collect();
    let (pairs, all) = pairs_of(columns.len(), context);
    let parts: Vec<Part> = pairs
        .par_iter()
        .map(|&(a, b)| {
            let ((a, of_a), (b, of_b)) = (&columns[a], &columns[b]);
            let correlation =
                |role: Role| spearman(of_a[role as usize].as_ref()?, of_b[role as usize].as_ref()?);
            let real = correlation(Role::Train);
            let against = |role: Role| {
                let nothing_kept = a.is_one_sided(role) || b.is_one_sided(role);
                if nothing_kept { Some(0.0) } else { Some(1.0 - (real? - correlation(role)?).abs() / 2.0) }
            };
            Part {
                columns: vec![a.name.clone(), b.name.clone()],
                measure: "rank-correlation".to_owned(),
                value: against(Role::Synthetic),
                floor: against(Role::Holdout),
                baseline: against(Role::Baseline),
                details: real
                    .map(|real| ("real_correlation".to_owned(), real))
                    .into_iter()
                    .collect::<BTreeMap<_, _>>(),
            }
        })
        .collect();
    Measurement::mean_of(&SPEARMAN_SIMILARITY, parts, "there are no two numbers that vary")
        .detail("all_pairs", Some(all as f64))
}

fn spearman(a: &Ranked<'_>, b: &Ranked<'_>) -> Option<f64> {
    if let (Some(a), Some(b)) = (&a.ranks, &b.ranks) {
        return pearson(a, b);
    }
    let both = || a.values.iter().zip(b.values.iter()).filter(|(a, b)| !(a.is_nan() || b.is_nan()));
    let (of_a, of_b): (Vec<f64>, Vec<f64>) = both().map(|(&a, &b)| (a, b)).unzip();
    rank_correlation(&of_a, &of_b)
}

/// Spearman's correlation of values that are all present; `None` where one side is constant.
pub(crate) fn rank_correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    pearson(&ranks(a), &ranks(b))
}
