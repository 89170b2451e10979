/// The area under the receiver operating characteristic: the probability that a random positive has a higher
/// score than a random negative, ties counting half. `None` unless there are both.
///
/// # References
/// Hanley, J. A. and `McNeil`, B. J. (1982). *Radiology* 143, 29–36.
/// <https://doi.org/10.1148/radiology.143.1.7063747>
///
/// ```
/// use lookalike_learn::score::roc_auc;
/// assert_eq!(roc_auc(&[0.1, 0.4, 0.4, 0.9], &[false, true, false, true]), Some(0.875));
/// assert_eq!(roc_auc(&[0.1, 0.4], &[true, true]), None);
/// ```
///
/// # Panics
/// If there is not one label per score.
pub fn roc_auc(scores: &[f64], positive: &[bool]) -> Option<f64> {
    assert_eq!(scores.len(), positive.len(), "a label per score");
    let mut sorted: Vec<(f64, bool)> =
        scores.iter().map(|score| score + 0.0).zip(positive.iter().copied()).collect();
    sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    // Counts pairs in halves, as whole numbers: exact whatever the order.
    let (mut won, mut negatives_below, mut positives) = (0_u128, 0_u128, 0_u128);
    for tied in sorted.chunk_by(|a, b| a.0 == b.0) {
        let up = tied.iter().filter(|(_, positive)| *positive).count() as u128;
        let down = tied.len() as u128 - up;
        won += up * (2 * negatives_below + down);
        negatives_below += down;
        positives += up;
    }
    let pairs = positives * negatives_below;
    (pairs > 0).then(|| won as f64 / (2 * pairs) as f64)
}

/// The mean over the classes that occur (but are not all there is) of [`roc_auc`] of that class against the rest.
/// `probabilities` has a number per class for each row, row after row.
///
/// # Panics
/// If the lengths do not match.
pub fn one_vs_rest_auc(probabilities: &[f64], classes: &[u32], count: usize) -> Option<f64> {
    assert_eq!(probabilities.len(), classes.len() * count, "a probability per row and class");
    let (mut sum, mut defined) = (0.0, 0);
    for class in 0..count {
        let scores: Vec<f64> = probabilities.iter().skip(class).step_by(count).copied().collect();
        let positive: Vec<bool> = classes.iter().map(|&own| own as usize == class).collect();
        if let Some(auc) = roc_auc(&scores, &positive) {
            sum += auc;
            defined += 1;
        }
    }
    (defined > 0).then(|| sum / f64::from(defined))
}

/// The largest distance between the two samples' distribution functions. Both must be sorted upwards and free of
/// NaN; `None` when one is empty.
///
/// ```
/// use lookalike_learn::score::kolmogorov_smirnov;
/// assert_eq!(kolmogorov_smirnov(&[1.0, 2.0], &[2.0, 3.0]), Some(0.5));
/// ```
pub fn kolmogorov_smirnov(a: &[f64], b: &[f64]) -> Option<f64> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let (mut i, mut j) = (0, 0);
    // The distance times both sizes is a whole number.
    let mut largest = 0_u128;
    while i < a.len() && j < b.len() {
        let value = if a[i] <= b[j] { a[i] } else { b[j] };
        while i < a.len() && a[i] <= value {
            i += 1;
        }
        while j < b.len() && b[j] <= value {
            j += 1;
        }
        largest = largest.max((i as u128 * b.len() as u128).abs_diff(j as u128 * a.len() as u128));
    }
    Some(largest as f64 / (a.len() as u128 * b.len() as u128) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auc_counts_pairs() {
        let scores = [0.5, 0.5, 0.1, 0.9, 0.3, 0.5];
        let positive = [true, false, false, true, true, false];
        let mut expected = 0.0;
        for (a, _) in scores.iter().zip(positive).filter(|(_, positive)| *positive) {
            for (b, _) in scores.iter().zip(positive).filter(|(_, positive)| !*positive) {
                expected += if a > b {
                    1.0
                } else if a == b {
                    0.5
                } else {
                    0.0
                };
            }
        }
        assert_eq!(roc_auc(&scores, &positive), Some(expected / 9.0));
        assert_eq!(roc_auc(&[], &[]), None);
        assert_eq!(roc_auc(&[0.0, -0.0], &[true, false]), Some(0.5));
    }

    #[test]
    fn one_vs_rest_skips_absent_classes() {
        let probabilities = [0.8, 0.1, 0.1, 0.2, 0.7, 0.1];
        assert_eq!(one_vs_rest_auc(&probabilities, &[0, 1], 3), Some(1.0));
        assert_eq!(one_vs_rest_auc(&probabilities, &[1, 1], 3), None);
    }

    #[test]
    fn ks_of_ties_and_shifts() {
        assert_eq!(kolmogorov_smirnov(&[1.0, 1.0, 2.0], &[1.0, 1.0, 2.0]), Some(0.0));
        assert_eq!(kolmogorov_smirnov(&[1.0], &[2.0]), Some(1.0));
        assert_eq!(kolmogorov_smirnov(&[1.0, 1.0, 1.0, 5.0], &[1.0, 5.0]), Some(0.25));
        assert_eq!(kolmogorov_smirnov(&[], &[1.0]), None);
    }
}
