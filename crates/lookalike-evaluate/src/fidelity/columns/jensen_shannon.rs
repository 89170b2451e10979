use lookalike_core::math;

use super::{ColumnMeasure, Compared, Sample};
use crate::metric::{Family, Goal, Metric};

/// Distance of distributions in terms of information.
const JENSEN_SHANNON: Metric = Metric {
    name: "jensen-shannon",
    title: "Jensen-Shannon distance",
    meaning: "the square root of the mean divergence, in bits, of both distributions from their average: 0 for equal \
              ones, 1 where no value is in both. Of levels their shares; numbers and dates are cut at the twentieths \
              of the training column",
    family: Family::Fidelity,
    goal: Goal::Lower,
    range: (Some(0.0), Some(1.0)),
    needs: &[],
    headline: false,
    citation: "Lin 1991, https://doi.org/10.1109/18.61115; jensenshannon of SciPy",
};

/// Into how many parts numbers are cut.
const PARTS: usize = 20;

pub(super) const MEASURE: ColumnMeasure = ColumnMeasure {
    metric: &JENSEN_SHANNON,
    applies: |_| true,
    compare: |real, other| compare(real, other).map(Compared::from),
    otherwise: "no column has values in both tables",
};

fn compare(real: &Sample, other: &Sample) -> Option<f64> {
    if let (Some((real, _)), Some((other, _))) = (real.counts(), other.counts()) {
        return Some(distance(real, other));
    }
    let (real, other) = (real.sorted()?, other.sorted()?);
    // Each edge is a value: the first that this share of the rows does not exceed.
    let mut edges: Vec<f64> =
        (1..PARTS).map(|part| real[(part * real.len()).div_ceil(PARTS).max(1) - 1]).collect();
    edges.dedup();
    Some(distance(&cut(real, &edges), &cut(other, &edges)))
}

/// How many values lie up to each edge, and beyond the last.
fn cut(sorted: &[f64], edges: &[f64]) -> Vec<u64> {
    let mut before = 0;
    let mut counts: Vec<u64> = edges
        .iter()
        .map(|edge| {
            let up_to = sorted.partition_point(|value| value <= edge);
            let count = up_to - before;
            before = up_to;
            count as u64
        })
        .collect();
    counts.push((sorted.len() - before) as u64);
    counts
}

fn distance(a: &[u64], b: &[u64]) -> f64 {
    let shares = |counts: &[u64]| -> Vec<f64> {
        let total = counts.iter().sum::<u64>() as f64;
        counts.iter().map(|&count| count as f64 / total).collect()
    };
    let (a, b) = (shares(a), shares(b));
    let term = |share: f64, middle: f64| if share > 0.0 { share * math::log2(share / middle) } else { 0.0 };
    let divergence: f64 = a
        .iter()
        .zip(&b)
        .map(|(&a, &b)| {
            let middle = f64::midpoint(a, b);
            term(a, middle) + term(b, middle)
        })
        .sum();
    (divergence / 2.0).max(0.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_shares_are_at_no_distance_and_separate_ones_at_one() {
        assert_eq!(distance(&[1, 2, 3], &[2, 4, 6]), 0.0);
        assert_eq!(distance(&[5, 0], &[0, 9]), 1.0);
        assert!((distance(&[1, 1], &[1, 0]) - 0.311_278_124_459_132_8_f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn edges_belong_to_the_part_before_them() {
        assert_eq!(cut(&[1.0, 1.0, 2.0, 3.0], &[1.0, 2.0]), [2, 1, 1]);
        assert_eq!(cut(&[0.0, 9.0], &[1.0, 2.0]), [1, 0, 1]);
    }
}
