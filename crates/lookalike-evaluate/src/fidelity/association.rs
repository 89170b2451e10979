use rayon::prelude::*;

use lookalike_core::Context;
use lookalike_table::Codes;

use super::joint::Joint;
use super::pairs::{pairs_of, pearson};
use crate::alignment::{AlignedColumn, Alignment, Cells, Role};
use crate::evaluation::{Measurement, Part};
use crate::metric::{Family, Goal, Metric};

/// How strongly columns go together.
pub(crate) const ASSOCIATION_SIMILARITY: Metric = Metric {
    name: "association-similarity",
    title: "similarity of associations",
    meaning: "one minus the difference in how strongly two columns go together, from 0 to 1: Cramér's V for levels, \
              the correlation ratio for a number and levels, the size of Pearson's correlation for numbers, over the \
              rows where both are present; the mean over all pairs. It compares strengths, not directions",
    family: Family::Fidelity,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[],
    headline: false,
    citation: "Cramér 1946, Mathematical Methods of Statistics, and Fisher 1925, Statistical Methods for Research \
               Workers",
};

pub(crate) fn measure(alignment: &Alignment, context: &Context<'_>) -> Measurement {
    let (pairs, all) = pairs_of(alignment.columns.len(), context);
    let parts: Vec<Part> = pairs
        .par_iter()
        .map(|&(a, b)| {
            let (a, b) = (&alignment.columns[a], &alignment.columns[b]);
            let [real, floor, synthetic, baseline] =
                [Role::Train, Role::Holdout, Role::Synthetic, Role::Baseline]
                    .map(|role| strength(a, b, role));
            let similarity = |role: Role, other: Option<f64>| {
                let nothing_kept = a.is_one_sided(role) || b.is_one_sided(role);
                if nothing_kept { Some(0.0) } else { Some(1.0 - (real? - other?).abs()) }
            };
            Part {
                columns: vec![a.name.clone(), b.name.clone()],
                measure: match (a.cells(Role::Train), b.cells(Role::Train)) {
                    (Some(Cells::Numbers(_)), Some(Cells::Numbers(_))) => "correlation",
                    (Some(Cells::Levels(_)), Some(Cells::Levels(_))) => "cramers-v",
                    _ => "correlation-ratio",
                }
                .to_owned(),
                value: similarity(Role::Synthetic, synthetic),
                floor: similarity(Role::Holdout, floor),
                baseline: similarity(Role::Baseline, baseline),
                details: [("real", real), ("synthetic", synthetic)]
                    .into_iter()
                    .filter_map(|(name, strength)| Some((name.to_owned(), strength?)))
                    .collect(),
            }
        })
        .collect();
    Measurement::mean_of(&ASSOCIATION_SIMILARITY, parts, "there are no two columns that vary")
        .detail("all_pairs", Some(all as f64))
}

/// How strongly two columns of a table go together, in [0, 1]; `None` where one does not vary.
pub(crate) fn strength(a: &AlignedColumn, b: &AlignedColumn, role: Role) -> Option<f64> {
    match (a.cells(role)?, b.cells(role)?) {
        (Cells::Numbers(a), Cells::Numbers(b)) => pearson(a, b).map(f64::abs),
        (Cells::Levels(of_a), Cells::Levels(of_b)) => {
            let present = |(a, b): &(&u32, &u32)| **a != Codes::MISSING && **b != Codes::MISSING;
            let (of_a, of_b): (Vec<u32>, Vec<u32>) =
                of_a.iter().zip(of_b).filter(present).map(|(&a, &b)| (a, b)).unzip();
            Joint::new(&[(&of_a, a.levels), (&of_b, b.levels)]).cramers_v().map(|v| v.min(1.0))
        }
        (Cells::Numbers(values), Cells::Levels(codes)) => correlation_ratio(values, codes, b.levels),
        (Cells::Levels(codes), Cells::Numbers(values)) => correlation_ratio(values, codes, a.levels),
    }
}

/// The root of the share of a number's variance that lies between levels.
fn correlation_ratio(values: &[f64], codes: &[u32], levels: usize) -> Option<f64> {
    let both = || {
        let rows = values.iter().copied().zip(codes.iter().copied());
        rows.filter(|&(value, code)| value.is_finite() && code != Codes::MISSING)
    };
    let count = both().count() as f64;
    let first = both().next()?;
    if both().all(|(value, _)| value == first.0) || both().all(|(_, code)| code == first.1) {
        return None;
    }
    let mean = both().map(|(value, _)| value / count).sum::<f64>();
    let scale = both().map(|(value, _)| (value - mean).abs()).fold(0.0, f64::max);
    let mut sums = vec![(0.0, 0.0); levels];
    let mut total = 0.0;
    for (value, code) in both() {
        let deviation = (value - mean) / scale;
        sums[code as usize].0 += deviation;
        sums[code as usize].1 += 1.0;
        total += deviation * deviation;
    }
    let between: f64 = sums.iter().filter(|(_, rows)| *rows > 0.0).map(|(sum, rows)| sum * sum / rows).sum();
    let share = between / total;
    share.is_finite().then(|| share.clamp(0.0, 1.0).sqrt())
}

#[cfg(test)]
mod tests {
    use super::correlation_ratio;

    #[test]
    fn a_ratio_is_the_share_between_levels() {
        assert_eq!(correlation_ratio(&[1.0, 1.0, 5.0, 5.0], &[0, 0, 1, 1], 2), Some(1.0));
        assert_eq!(correlation_ratio(&[1.0, 5.0, 1.0, 5.0], &[0, 0, 1, 1], 2), Some(0.0));
        // Means 2 and 4 around 3: 4 of 8 squares lie between.
        let half = correlation_ratio(&[1.0, 3.0, 3.0, 5.0], &[0, 0, 1, 1], 2).unwrap();
        assert!((half - 0.5_f64.sqrt()).abs() < 1e-12);
        assert_eq!(correlation_ratio(&[1.0, 2.0], &[0, 0], 1), None);
        assert_eq!(correlation_ratio(&[2.0, 2.0], &[0, 1], 2), None);
    }
}
