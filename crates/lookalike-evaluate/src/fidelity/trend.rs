use std::collections::BTreeMap;

use lookalike_core::Context;
use lookalike_table::Codes;
use rayon::prelude::*;

use super::joint::Joint;
use super::pairs::pairs_of;
use crate::alignment::{AlignedColumn, Alignment, Cells, Role, Sort};
use crate::evaluation::{Measurement, Part, mean};
use crate::metric::{Family, Goal, Metric};

/// Pair trends over all pairs, as papers report them.
pub(crate) const TREND: Metric = Metric {
    name: "trend",
    title: "pair trends, all pairs",
    meaning: "how like the training table's the dependence of each pair of columns is: half the difference of \
              Pearson's correlations for two numbers, the total variation distance of the joint table otherwise, \
              numbers cut into ten equal bins in each table for itself; one minus it, and the mean over all pairs, \
              those of a column that is absent, or that only one of the two tables has values in, counting as 0",
    family: Family::Fidelity,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[],
    headline: true,
    citation: "SDMetrics Column Pair Trends up to 0.28.0, https://docs.sdv.dev/sdmetrics",
};

/// Pair trends over dependent pairs only, as `SDMetrics` does since 0.28.1.
pub(crate) const TREND_SDMETRICS: Metric = Metric {
    name: "trend-sdmetrics",
    title: "pair trends, SDMetrics 0.28.1 and later",
    meaning: "as `trend`, but the mean is taken over only those pairs whose correlation exceeds 0.5, or whose \
              Cramér's V exceeds 0.3, in the training table",
    family: Family::Fidelity,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[],
    headline: true,
    citation: "SDMetrics Column Pair Trends since 0.28.1, https://docs.sdv.dev/sdmetrics",
};

/// Correlations of pairs of numbers.
pub(crate) const CORRELATION_SIMILARITY: Metric = Metric {
    name: "correlation-similarity",
    title: "CorrelationSimilarity (Pearson)",
    meaning: "pairs of numbers or dates: one minus half the difference of Pearson's correlations, over the rows where \
              both are present; the mean over all such pairs. Blind to ties that are not along a line",
    headline: false,
    citation: "CorrelationSimilarity of SDMetrics, https://docs.sdv.dev/sdmetrics",
    ..TREND
};

/// Joint tables of pairs of levels.
pub(crate) const CONTINGENCY_SIMILARITY: Metric = Metric {
    name: "contingency-similarity",
    title: "ContingencySimilarity",
    meaning: "pairs of columns of levels: one minus the total variation distance of their joint tables; the mean over \
              all such pairs. Says little of rare levels",
    headline: false,
    citation: "ContingencySimilarity of SDMetrics, https://docs.sdv.dev/sdmetrics",
    ..TREND
};

const CORRELATION_THRESHOLD: f64 = 0.5;
const ASSOCIATION_THRESHOLD: f64 = 0.3;

/// Bins of a number in a joint table; the highest value and missing ones have one more.
const BINS: usize = 10;

/// Rows beyond this are left out of joint tables, by draw.
const MOST_ROWS: usize = 200_000;

/// What is read from pairs in one pass.
pub(crate) const METRICS: [&Metric; 4] =
    [&TREND, &TREND_SDMETRICS, &CORRELATION_SIMILARITY, &CONTINGENCY_SIMILARITY];

pub(crate) fn measure(alignment: &Alignment, context: &Context<'_>) -> Vec<Measurement> {
    let rows: [Option<Vec<usize>>; 4] = std::array::from_fn(|role| {
        let count = alignment.rows[role]?;
        (count > MOST_ROWS).then(|| context.seed.stream("trend rows", role as u64).choose(count, MOST_ROWS))
    });
    let columns: Vec<[Option<Prepared>; 4]> = alignment
        .columns
        .par_iter()
        .map(|column| {
            std::array::from_fn(|role| {
                let cells = column.cells[role].as_ref()?;
                Some(match &rows[role] {
                    Some(rows) => Prepared::new(column, &cells.take(rows)),
                    None => Prepared::new(column, cells),
                })
            })
        })
        .collect();
    let (pairs, all) = pairs_of(columns.len(), context);
    let compared: Vec<(Part, Pair)> = pairs
        .par_iter()
        .map(|&(a, b)| compare(&alignment.columns[a], &alignment.columns[b], &columns[a], &columns[b]))
        .collect();
    let of = |metric: &Metric, counts: fn(&Pair) -> bool, otherwise: &str| {
        let chosen = || compared.iter().filter(|(_, pair)| counts(pair)).map(|(part, _)| part);
        let mut measurement =
            Measurement::of(metric, mean(chosen().filter_map(|part| part.value)), otherwise)
                .beside(
                    mean(chosen().filter_map(|part| part.floor)),
                    mean(chosen().filter_map(|part| part.baseline)),
                )
                .detail("pairs", Some(chosen().filter(|part| part.value.is_some()).count() as f64))
                .detail("all_pairs", Some(all as f64));
        measurement.parts = chosen().cloned().collect();
        measurement
    };
    vec![
        of(&TREND, |_| true, "there is no pair of columns whose dependence is defined"),
        of(
            &TREND_SDMETRICS,
            |pair| pair.dependent,
            "no pair of columns has a correlation above 0.5 or an association above 0.3 in the training table",
        ),
        of(&CORRELATION_SIMILARITY, |pair| pair.numbers, "there are no two numbers that vary"),
        of(&CONTINGENCY_SIMILARITY, |pair| pair.levels, "there are no two columns of levels"),
    ]
}

/// Which figures a pair counts in.
struct Pair {
    dependent: bool,
    numbers: bool,
    levels: bool,
}

/// A column of one table, ready to be paired.
struct Prepared {
    /// Numbers as they are, for correlations.
    numbers: Option<Vec<f64>>,
    /// Bins or levels, missing ones included, for joint tables.
    codes: Vec<u32>,
    count: usize,
}

impl Prepared {
    fn new(column: &AlignedColumn, cells: &Cells) -> Self {
        match cells {
            Cells::Numbers(values) => {
                Prepared { numbers: Some(values.clone()), codes: equal_width_bins(values), count: BINS + 2 }
            }
            Cells::Levels(codes) => {
                let missing = column.levels as u32;
                let codes =
                    codes.iter().map(|&code| if code == Codes::MISSING { missing } else { code }).collect();
                Prepared { numbers: None, codes, count: column.levels + 1 }
            }
        }
    }
}

/// Ten bins of equal width between the lowest and the highest value; the highest value itself has number 11, and so
/// have missing ones.
fn equal_width_bins(values: &[f64]) -> Vec<u32> {
    let present = || values.iter().copied().filter(|value| value.is_finite());
    let mut low = present().fold(f64::INFINITY, f64::min);
    let mut high = present().fold(f64::NEG_INFINITY, f64::max);
    if low > high {
        (low, high) = (0.0, 1.0);
    }
    if low == high {
        (low, high) = (low - 0.5, high + 0.5);
    }
    let step = (high / BINS as f64) - (low / BINS as f64);
    let step = if (high - low).is_finite() { (high - low) / BINS as f64 } else { step };
    let mut edges: Vec<f64> = (0..=BINS).map(|edge| edge as f64 * step + low).collect();
    edges[BINS] = high;
    values
        .iter()
        .map(|&value| {
            if value.is_nan() {
                BINS as u32 + 1
            } else {
                edges.iter().filter(|&&edge| edge <= value).count() as u32
            }
        })
        .collect()
}

fn compare(
    a: &AlignedColumn,
    b: &AlignedColumn,
    cells_a: &[Option<Prepared>; 4],
    cells_b: &[Option<Prepared>; 4],
) -> (Part, Pair) {
    let in_table = |role: Role| Some((cells_a[role as usize].as_ref()?, cells_b[role as usize].as_ref()?));
    let others = [Role::Synthetic, Role::Holdout, Role::Baseline];
    let mut details = BTreeMap::new();
    let (scores, dependent, measure) = match in_table(Role::Train) {
        None => ([None; 3], false, "joint-table"),
        Some(real) if a.sort != Sort::Level && b.sort != Sort::Level => {
            let correlation = pearson(real);
            if let Some(correlation) = correlation {
                details.insert("real_correlation".to_owned(), correlation);
            }
            let scores = others.map(|role| {
                let other = pearson(in_table(role)?);
                if let (Role::Synthetic, Some(other)) = (role, other) {
                    details.insert("synthetic_correlation".to_owned(), other);
                }
                Some(1.0 - (correlation? - other?).abs() / 2.0)
            });
            (scores, correlation.is_some_and(|r| r.abs() > CORRELATION_THRESHOLD), "correlation")
        }
        Some(real) => {
            let joint = joint(real);
            let association = joint.cramers_v();
            if let Some(association) = association {
                details.insert("real_association".to_owned(), association);
            }
            let scores = others.map(|role| joint.similarity(&self::joint(in_table(role)?)));
            (scores, association.is_some_and(|v| v > ASSOCIATION_THRESHOLD), "joint-table")
        }
    };
    // Of a column that is not there, no dependence is kept.
    let score = |place: usize, role: Role| {
        if a.is_one_sided(role) || b.is_one_sided(role) { Some(0.0) } else { scores[place] }
    };
    let part = Part {
        columns: vec![a.name.clone(), b.name.clone()],
        measure: measure.to_owned(),
        value: score(0, Role::Synthetic),
        floor: score(1, Role::Holdout),
        baseline: score(2, Role::Baseline),
        details,
    };
    let both = |is: fn(Sort) -> bool| is(a.sort) && is(b.sort);
    let pair = Pair {
        dependent,
        numbers: both(|sort| sort != Sort::Level),
        levels: both(|sort| sort == Sort::Level),
    };
    (part, pair)
}

fn joint((a, b): (&Prepared, &Prepared)) -> Joint {
    Joint::new(&[(&a.codes, a.count), (&b.codes, b.count)])
}

/// Pearson's correlation over the rows where both are present; `None` where one is constant.
fn pearson((a, b): (&Prepared, &Prepared)) -> Option<f64> {
    super::pairs::pearson(a.numbers.as_ref()?, b.numbers.as_ref()?)
}
