//! What measures of pairs share.

use lookalike_core::Context;

/// With more pairs than this, that many are drawn.
const MOST_PAIRS: usize = 20_000;

/// The pairs of so many columns, in order, or many of them by draw; and how many there are.
pub(super) fn pairs_of(columns: usize, context: &Context<'_>) -> (Vec<(usize, usize)>, usize) {
    let mut pairs: Vec<(usize, usize)> =
        (0..columns).flat_map(|a| (a + 1..columns).map(move |b| (a, b))).collect();
    let all = pairs.len();
    if all > MOST_PAIRS {
        let drawn = context.seed.stream("trend pairs", 0).choose(all, MOST_PAIRS);
        pairs = drawn.into_iter().map(|pair| pairs[pair]).collect();
        pairs.sort_unstable();
    }
    (pairs, all)
}

/// Pearson's correlation over the rows where neither is NaN; `None` where one is constant.
pub(super) fn pearson(a: &[f64], b: &[f64]) -> Option<f64> {
    let both = || a.iter().copied().zip(b.iter().copied()).filter(|(a, b)| !(a.is_nan() || b.is_nan()));
    let count = both().count() as f64;
    let (first_a, first_b) = both().next()?;
    if both().all(|(a, _)| a == first_a) || both().all(|(_, b)| b == first_b) {
        return None;
    }
    // Scaled by the largest deviation, so that squares stay within what a number can hold.
    let (mean_a, mean_b) = both().fold((0.0, 0.0), |sums, (a, b)| (sums.0 + a / count, sums.1 + b / count));
    let (scale_a, scale_b) = both().fold((0.0_f64, 0.0_f64), |most, (a, b)| {
        (most.0.max((a - mean_a).abs()), most.1.max((b - mean_b).abs()))
    });
    let (mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0);
    for (a, b) in both() {
        let (a, b) = ((a - mean_a) / scale_a, (b - mean_b) / scale_b);
        aa += a * a;
        bb += b * b;
        ab += a * b;
    }
    let correlation = ab / (aa.sqrt() * bb.sqrt());
    correlation.is_finite().then(|| correlation.clamp(-1.0, 1.0))
}
