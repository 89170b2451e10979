/// The rising function of the score that is nearest to what happened, by squares: pools neighbours that stand in the
/// wrong order (pool adjacent violators), and goes in straight lines between them. Beyond the scores that were learned
/// from it stays level.
///
/// # References
/// Ayer, M. et al. (1955). An empirical distribution function for sampling with incomplete information. *Annals of
/// Mathematical Statistics* 26(4). <https://doi.org/10.1214/aoms/1177728423>
///
/// Zadrozny, B. and Elkan, C. (2002). Transforming classifier scores into accurate multiclass probability estimates.
/// *KDD*. <https://doi.org/10.1145/775047.775151>
///
/// ```
/// use lookalike_learn::calibrate::Isotonic;
/// let isotonic = Isotonic::fit(&[0.1, 0.2, 0.3, 0.4], &[false, true, false, true]).unwrap();
/// assert_eq!([0.0, 0.2, 0.25, 9.0].map(|score| isotonic.probability(score)), [0.0, 0.5, 0.5, 1.0]);
/// assert!((isotonic.probability(0.35) - 0.75).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Isotonic {
    /// Scores and probabilities where the function bends, both rising.
    knots: Vec<[f64; 2]>,
}

/// Neighbours with one probability.
#[derive(Clone, Copy)]
struct Pool {
    first: f64,
    last: f64,
    positives: u64,
    rows: u64,
}

impl Isotonic {
    /// Learns from scores, which must be finite, and whether each row is positive. `None` without rows.
    ///
    /// # Panics
    /// If there is not one label per score.
    pub fn fit(scores: &[f64], positive: &[bool]) -> Option<Self> {
        assert_eq!(scores.len(), positive.len(), "a label per score");
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
        let mut pools: Vec<Pool> = Vec::new();
        for equal in order.chunk_by(|&a, &b| scores[a] == scores[b]) {
            let score = scores[equal[0]];
            let positives = equal.iter().filter(|&&row| positive[row]).count() as u64;
            let mut own = Pool { first: score, last: score, positives, rows: equal.len() as u64 };
            // Shares are compared as products of whole numbers: equal ones are pooled, as nothing lies between them.
            while let Some(before) = pools.last().filter(|before| {
                u128::from(before.positives) * u128::from(own.rows)
                    >= u128::from(own.positives) * u128::from(before.rows)
            }) {
                own = Pool {
                    first: before.first,
                    last: own.last,
                    positives: before.positives + own.positives,
                    rows: before.rows + own.rows,
                };
                pools.pop();
            }
            pools.push(own);
        }
        let mut knots = Vec::with_capacity(2 * pools.len());
        for pool in pools {
            let share = pool.positives as f64 / pool.rows as f64;
            knots.push([pool.first, share]);
            if pool.last > pool.first {
                knots.push([pool.last, share]);
            }
        }
        (!knots.is_empty()).then_some(Isotonic { knots })
    }

    /// The probability that a row of this score is positive.
    pub fn probability(&self, score: f64) -> f64 {
        let after = self.knots.partition_point(|knot| knot[0] < score);
        match (after.checked_sub(1).map(|before| self.knots[before]), self.knots.get(after)) {
            (Some([x0, y0]), Some([x1, y1])) => {
                let way = (score - x0) / (x1 - x0);
                // A difference beyond what a number can hold: halfway.
                let way = if way.is_finite() { way } else { 0.5 };
                y0 + way * (y1 - y0)
            }
            (None, Some(only)) => only[1],
            (Some(only), None) => only[1],
            (None, None) => 0.5,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_function_rises_and_keeps_the_mean() {
        let scores: Vec<f64> = (0..200).map(|row| f64::from(row * 71 % 50)).collect();
        let positive: Vec<bool> = (0..200).map(|row| (row * 71 % 50) + (row * 13 % 40) > 45).collect();
        let isotonic = Isotonic::fit(&scores, &positive).unwrap();
        assert!(isotonic.knots.windows(2).all(|pair| pair[0][0] < pair[1][0] && pair[0][1] <= pair[1][1]));
        let sum: f64 = scores.iter().map(|&score| isotonic.probability(score)).sum();
        let positives = positive.iter().filter(|own| **own).count() as f64;
        assert!((sum - positives).abs() < 1e-9, "{sum} of {positives}");
    }

    #[test]
    fn order_without_violations_is_kept_and_the_reverse_is_one_pool() {
        let rising = Isotonic::fit(&[1.0, 2.0], &[false, true]).unwrap();
        assert_eq!((rising.probability(1.0), rising.probability(2.0)), (0.0, 1.0));
        let falling = Isotonic::fit(&[1.0, 2.0, 3.0], &[true, false, false]).unwrap();
        assert_eq!([0.0, 1.0, 2.5, 4.0].map(|score| falling.probability(score)), [1.0 / 3.0; 4]);
        assert_eq!(Isotonic::fit(&[], &[]), None);
    }
}
