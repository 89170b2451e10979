/// What a threshold is chosen for.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Aim {
    /// The highest balanced accuracy (that of Youden's index).
    BalancedAccuracy,
    /// The fewest rows above it that still hold this share of the positives.
    Recall(f64),
}

/// The threshold that serves an aim best on these rows: a row is taken for positive where its score is at least the
/// threshold. It lies halfway between two scores that occur, so that new scores near either fall on its side; of
/// several equally good ones it is the highest. `None` unless there are both positives and negatives.
///
/// A threshold is a setting like any other: choose it on rows that were neither learned from nor are judged with.
///
/// # References
/// Youden, W. J. (1950). Index for rating diagnostic tests. *Cancer* 3(1).
/// <https://doi.org/10.1002/1097-0142(1950)3:1%3C32::AID-CNCR2820030106%3E3.0.CO;2-3>
///
/// ```
/// use lookalike_learn::score::{Aim, threshold_for};
/// let (scores, positive) = ([0.1, 0.2, 0.3, 0.4], [false, false, true, true]);
/// assert_eq!(threshold_for(&scores, &positive, Aim::BalancedAccuracy), Some(0.25));
/// assert_eq!(threshold_for(&scores, &positive, Aim::Recall(0.5)), Some(0.35));
/// ```
///
/// # Panics
/// If there is not one label per score.
pub fn threshold_for(scores: &[f64], positive: &[bool], aim: Aim) -> Option<f64> {
    assert_eq!(scores.len(), positive.len(), "a label per score");
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    let all = positive.iter().filter(|own| **own).count() as u128;
    let negatives = scores.len() as u128 - all;
    if all == 0 || negatives == 0 {
        return None;
    }
    let (mut found, mut taken, mut best) = (0_u128, 0_u128, None);
    let mut groups = order.chunk_by(|&a, &b| scores[a] == scores[b]).peekable();
    while let Some(group) = groups.next() {
        found += group.iter().filter(|&&row| positive[row]).count() as u128;
        taken += group.len() as u128;
        let own = scores[group[0]];
        // Below the lowest score there is nothing to keep away from.
        let between = groups.peek().map_or(own, |next| middle(own, scores[next[0]]));
        match aim {
            // Twice the balanced accuracy times both numbers of rows: whole numbers, so ties are ties.
            Aim::BalancedAccuracy => {
                let value = found * negatives + (negatives - (taken - found)) * all;
                if best.is_none_or(|(most, _)| value > most) {
                    best = Some((value, between));
                }
            }
            Aim::Recall(least) => {
                if found as f64 >= least * all as f64 {
                    return Some(between);
                }
                best = Some((0, between));
            }
        }
    }
    best.map(|(_, threshold)| threshold)
}

/// A number above `low` and at most `high`, halfway if possible.
fn middle(high: f64, low: f64) -> f64 {
    let middle = high / 2.0 + low / 2.0;
    if middle > low && middle <= high { middle } else { high }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::Confusion;

    fn balanced(scores: &[f64], positive: &[bool], threshold: f64) -> f64 {
        let predicted: Vec<u32> = scores.iter().map(|&score| u32::from(score >= threshold)).collect();
        let truth: Vec<u32> = positive.iter().map(|&own| u32::from(own)).collect();
        Confusion::new(&predicted, &truth, 2, None).balanced_accuracy().unwrap()
    }

    #[test]
    fn no_other_threshold_is_better() {
        let scores: Vec<f64> = (0..60).map(|row| f64::from(row * 37 % 23) / 23.0).collect();
        let positive: Vec<bool> = (0..60).map(|row| (row * 37 % 23) + (row * 11 % 17) > 22).collect();
        let chosen = threshold_for(&scores, &positive, Aim::BalancedAccuracy).unwrap();
        let most = scores.iter().map(|&score| balanced(&scores, &positive, score)).fold(0.0, f64::max);
        assert_eq!(balanced(&scores, &positive, chosen), most);
    }

    #[test]
    fn a_recall_is_reached_with_the_fewest_rows() {
        let (scores, positive) = ([0.9, 0.8, 0.8, 0.5, 0.1], [true, false, true, true, false]);
        assert_eq!(threshold_for(&scores, &positive, Aim::Recall(0.6)), Some(0.65));
        assert_eq!(threshold_for(&scores, &positive, Aim::Recall(1.0)), Some(0.3));
        assert_eq!(threshold_for(&scores, &positive, Aim::Recall(0.0)), Some(0.850_000_000_000_000_1));
    }

    #[test]
    fn neighbouring_scores_are_told_apart_and_one_class_is_none() {
        let next = f64::from_bits(0.5_f64.to_bits() + 1);
        assert_eq!(threshold_for(&[0.5, next], &[false, true], Aim::BalancedAccuracy), Some(next));
        assert_eq!(threshold_for(&[0.5, 0.6], &[true, true], Aim::BalancedAccuracy), None);
        assert_eq!(threshold_for(&[], &[], Aim::Recall(0.5)), None);
    }
}
