use super::confusion::times_of;

/// Rows in the falling order of their scores, for the figures that depend on that order alone: sorted once, asked
/// often, such as for many draws of the rows.
///
/// Where `times` is given, each row counts as often as it says.
///
/// ```
/// use lookalike_learn::score::Ranking;
/// let ranking = Ranking::new(&[0.1, 0.4, 0.4, 0.9], &[false, true, false, true]);
/// assert_eq!(ranking.auc(None), Some(0.875));
/// // Without the negative of a tie, every positive stands above every negative.
/// assert_eq!(ranking.auc(Some(&[1, 1, 0, 1])), Some(1.0));
/// ```
#[derive(Debug, Clone)]
pub struct Ranking {
    /// Rows, the highest score first.
    order: Vec<u32>,
    /// Of each row in that order whether it is positive.
    positive: Vec<bool>,
    /// Where runs of equal scores end in that order.
    ends: Vec<u32>,
}

impl Ranking {
    /// Sorts the rows.
    ///
    /// # Panics
    /// If there is not one label per score.
    pub fn new(scores: &[f64], positive: &[bool]) -> Self {
        assert_eq!(scores.len(), positive.len(), "a label per score");
        // One zero: the order of floats tells them apart.
        let score = |row: u32| scores[row as usize] + 0.0;
        let mut order: Vec<u32> = (0..scores.len() as u32).collect();
        order.sort_by(|&a, &b| score(b).total_cmp(&score(a)));
        let mut ends = Vec::new();
        for equal in order.chunk_by(|&a, &b| score(a) == score(b)) {
            ends.push(ends.last().copied().unwrap_or(0) + equal.len() as u32);
        }
        let positive = order.iter().map(|&row| positive[row as usize]).collect();
        Ranking { order, positive, ends }
    }

    /// The area under the receiver operating characteristic, as [`roc_auc`].
    pub fn auc(&self, times: Option<&[u32]>) -> Option<f64> {
        // Counts pairs in halves, as whole numbers: exact whatever the order.
        let (mut won, mut before) = (0_u128, [0_u128; 2]);
        let steps = self.steps(times);
        for [positives, negatives] in steps {
            let [up, down] = [positives - before[0], negatives - before[1]];
            won += down * (2 * before[0] + up);
            before = [positives, negatives];
        }
        let pairs = before[0] * before[1];
        (pairs > 0).then(|| won as f64 / (2 * pairs) as f64)
    }

    /// The average precision: the mean over the positives of the precision down to each one's score, a summary of the
    /// precision-recall curve without interpolation. `None` without positives.
    ///
    /// # References
    /// Davis, J. and Goadrich, M. (2006). The relationship between precision-recall and ROC curves. *ICML*.
    /// <https://doi.org/10.1145/1143844.1143874>
    pub fn average_precision(&self, times: Option<&[u32]>) -> Option<f64> {
        let (mut sum, mut before) = (0.0, 0);
        for [positives, negatives] in self.steps(times) {
            if positives > before {
                sum += (positives - before) as f64 * (positives as f64 / (positives + negatives) as f64);
            }
            before = positives;
        }
        (before > 0).then(|| sum / before as f64)
    }

    /// The receiver operating characteristic: the share of negatives and of positives above each score, from (0, 0) to
    /// (1, 1). Nothing unless there are both.
    pub fn roc(&self) -> Vec<[f64; 2]> {
        let steps: Vec<[u128; 2]> = self.steps(None).collect();
        let Some(&[all_positives, all_negatives]) = steps.last() else { return Vec::new() };
        if all_positives == 0 || all_negatives == 0 {
            return Vec::new();
        }
        let point = |[positives, negatives]: [u128; 2]| {
            [negatives as f64 / all_negatives as f64, positives as f64 / all_positives as f64]
        };
        std::iter::once([0.0, 0.0]).chain(steps.into_iter().map(point)).collect()
    }

    /// Recall and precision down to each score, from recall 0, where precision is taken as 1. Nothing without
    /// positives.
    pub fn precision_recall(&self) -> Vec<[f64; 2]> {
        let steps: Vec<[u128; 2]> = self.steps(None).collect();
        let Some(&[all, _]) = steps.last().filter(|step| step[0] > 0) else { return Vec::new() };
        let point = |[positives, negatives]: [u128; 2]| {
            [positives as f64 / all as f64, positives as f64 / (positives + negatives) as f64]
        };
        std::iter::once([0.0, 1.0]).chain(steps.into_iter().map(point)).collect()
    }

    /// The highest recall among the thresholds that have at least this precision; 0 where none has. `None` without
    /// positives.
    pub fn recall_at_precision(&self, least: f64) -> Option<f64> {
        let curve = self.precision_recall();
        let kept = curve.iter().filter(|[_, precision]| *precision >= least).map(|[recall, _]| *recall);
        (!curve.is_empty()).then(|| kept.fold(0.0, f64::max))
    }

    /// The highest precision among the thresholds that have at least this recall. `None` without positives.
    pub fn precision_at_recall(&self, least: f64) -> Option<f64> {
        let curve = self.precision_recall();
        let kept = curve.iter().filter(|[recall, _]| *recall >= least).map(|[_, precision]| *precision);
        (!curve.is_empty()).then(|| kept.fold(0.0, f64::max))
    }

    /// How many positives and negatives have at least each score, from the highest down.
    fn steps<'a>(&'a self, times: Option<&'a [u32]>) -> impl Iterator<Item = [u128; 2]> + 'a {
        let mut counts = [0_u128; 2];
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            for place in start..end as usize {
                let times = times_of(times, self.order[place] as usize);
                counts[usize::from(!self.positive[place])] += u128::from(times);
            }
            start = end as usize;
            counts
        })
    }
}

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
    Ranking::new(scores, positive).auc(None)
}

/// A ranking of each class against the rest. `probabilities` has a number per class for each row, row after row.
///
/// # Panics
/// If the lengths do not match.
pub fn one_vs_rest(probabilities: &[f64], classes: &[u32], count: usize) -> Vec<Ranking> {
    assert_eq!(probabilities.len(), classes.len() * count, "a probability per row and class");
    (0..count)
        .map(|class| {
            let scores: Vec<f64> = probabilities.iter().skip(class).step_by(count).copied().collect();
            let positive: Vec<bool> = classes.iter().map(|&own| own as usize == class).collect();
            Ranking::new(&scores, &positive)
        })
        .collect()
}

/// The corners of a curve that a picture needs: at most `most` points (at least 2), the first and the last among them,
/// evenly spread along its way.
///
/// ```
/// let points: Vec<[f64; 2]> = (0..=1000).map(|x| [f64::from(x), 0.0]).collect();
/// let thinned = lookalike_learn::score::thinned(&points, 11);
/// assert_eq!(thinned.len(), 11);
/// assert_eq!((thinned[1], thinned[10]), ([100.0, 0.0], [1000.0, 0.0]));
/// ```
pub fn thinned(points: &[[f64; 2]], most: usize) -> Vec<[f64; 2]> {
    let most = most.max(2);
    if points.len() <= most {
        return points.to_vec();
    }
    let step = |a: [f64; 2], b: [f64; 2]| (a[0] - b[0]).abs() + (a[1] - b[1]).abs();
    let whole: f64 = points.windows(2).map(|pair| step(pair[0], pair[1])).sum();
    let mut kept = vec![points[0]];
    let mut way = 0.0;
    for pair in points[..points.len() - 1].windows(2) {
        way += step(pair[0], pair[1]);
        if kept.len() < most - 1 && way >= whole * kept.len() as f64 / (most - 1) as f64 {
            kept.push(pair[1]);
        }
    }
    kept.push(points[points.len() - 1]);
    kept
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
    fn counting_a_row_twice_is_having_it_twice() {
        let (scores, positive) = ([0.5, 0.5, 0.1, 0.9, 0.3], [true, false, false, true, true]);
        let times = [2, 1, 3, 0, 1];
        let rows: Vec<usize> = (0..5).flat_map(|row| vec![row; times[row] as usize]).collect();
        let repeated = Ranking::new(
            &rows.iter().map(|&row| scores[row]).collect::<Vec<_>>(),
            &rows.iter().map(|&row| positive[row]).collect::<Vec<_>>(),
        );
        let counted = Ranking::new(&scores, &positive);
        assert_eq!(counted.auc(Some(&times)), repeated.auc(None));
        assert_eq!(counted.average_precision(Some(&times)), repeated.average_precision(None));
    }

    #[test]
    fn curves_need_what_they_are_about() {
        let all_positive = Ranking::new(&[0.1, 0.2], &[true, true]);
        assert!(all_positive.roc().is_empty() && all_positive.auc(None).is_none());
        assert_eq!(all_positive.average_precision(None), Some(1.0));
        let all_negative = Ranking::new(&[0.1, 0.2], &[false, false]);
        assert!(all_negative.precision_recall().is_empty());
        assert_eq!(all_negative.average_precision(None), None);
    }

    #[test]
    fn points_of_the_curve_are_the_best_that_are_allowed() {
        // Precision down to each score: 1, 1/2, 2/3, 3/4, 3/5.
        let ranking = Ranking::new(&[0.9, 0.8, 0.7, 0.6, 0.5], &[true, false, true, true, false]);
        assert_eq!(ranking.recall_at_precision(0.75), Some(1.0));
        assert_eq!(ranking.recall_at_precision(0.8), Some(1.0 / 3.0));
        assert_eq!(ranking.precision_at_recall(0.5), Some(0.75));
        assert_eq!(ranking.precision_at_recall(0.3), Some(1.0));
        let hopeless = Ranking::new(&[0.9, 0.1], &[false, true]);
        assert_eq!(hopeless.recall_at_precision(0.75), Some(0.0));
        assert_eq!(Ranking::new(&[0.9], &[false]).precision_at_recall(0.8), None);
    }

    #[test]
    fn classes_are_ranked_one_by_one() {
        let probabilities = [0.8, 0.1, 0.1, 0.2, 0.7, 0.1];
        let areas: Vec<Option<f64>> =
            one_vs_rest(&probabilities, &[0, 1], 3).iter().map(|ranking| ranking.auc(None)).collect();
        assert_eq!(areas, [Some(1.0), Some(1.0), None]);
    }

    #[test]
    fn ks_of_ties_and_shifts() {
        assert_eq!(kolmogorov_smirnov(&[1.0, 1.0, 2.0], &[1.0, 1.0, 2.0]), Some(0.0));
        assert_eq!(kolmogorov_smirnov(&[1.0], &[2.0]), Some(1.0));
        assert_eq!(kolmogorov_smirnov(&[1.0, 1.0, 1.0, 5.0], &[1.0, 5.0]), Some(0.25));
        assert_eq!(kolmogorov_smirnov(&[], &[1.0]), None);
    }
}
