use lookalike_core::math;

/// A sigmoid of the score: the probability is `1 / (1 + exp(-(slope * score + intercept)))`.
///
/// The two numbers minimise the logarithmic loss for targets that are drawn in from 0 and 1 as if one row of each class
/// were seen in addition (Platt), by Newton's method with steps that are halved until they help, and with the logarithms
/// written so that none overflows (Lin, Lin and Weng).
///
/// # References
/// Platt, J. C. (1999). Probabilistic outputs for support vector machines and comparisons to regularized likelihood
/// methods. *Advances in Large Margin Classifiers*, MIT Press.
///
/// Lin, H.-T., Lin, C.-J. and Weng, R. C. (2007). A note on Platt's probabilistic outputs for support vector machines.
/// *Machine Learning* 68, 267–276. <https://doi.org/10.1007/s10994-007-5018-6>
///
/// ```
/// use lookalike_learn::calibrate::Platt;
/// let scores = [-2.0, -1.0, -0.5, 0.5, 1.0, 2.0];
/// let platt = Platt::fit(&scores, &[false, false, true, false, true, true]);
/// assert!(platt.probability(2.0) > 0.7 && (platt.probability(0.0) - 0.5).abs() < 1e-9);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Platt {
    /// What the score is multiplied by.
    pub slope: f64,
    /// What is added.
    pub intercept: f64,
}

impl Platt {
    /// Learns from scores, which must be finite, and whether each row is positive.
    ///
    /// # Panics
    /// If there is not one label per score.
    pub fn fit(scores: &[f64], positive: &[bool]) -> Self {
        /// Added to the diagonal of the second derivative, which may be singular.
        const RIDGE: f64 = 1e-12;
        const MOST_STEPS: usize = 100;
        const SHORTEST_STEP: f64 = 1e-10;
        assert_eq!(scores.len(), positive.len(), "a label per score");
        let positives = positive.iter().filter(|own| **own).count() as f64;
        let negatives = scores.len() as f64 - positives;
        let high = (positives + 1.0) / (positives + 2.0);
        let low = 1.0 / (negatives + 2.0);
        let rows = || scores.iter().zip(positive).map(|(&score, &own)| (score, if own { high } else { low }));
        let loss = |slope: f64, intercept: f64| -> f64 {
            rows().map(|(score, target)| cross_entropy(slope * score + intercept, target)).sum()
        };
        let mut slope = 0.0;
        let mut intercept = math::ln((positives + 1.0) / (negatives + 1.0));
        let mut value = loss(slope, intercept);
        for _ in 0..MOST_STEPS {
            let (mut gradient, mut hessian) = ([0.0; 2], [RIDGE, 0.0, RIDGE]);
            for (score, target) in rows() {
                let probability = math::sigmoid(slope * score + intercept);
                let (error, weight) = (probability - target, probability * (1.0 - probability));
                gradient = [gradient[0] + error * score, gradient[1] + error];
                hessian =
                    [hessian[0] + weight * score * score, hessian[1] + weight * score, hessian[2] + weight];
            }
            if gradient.iter().all(|entry| entry.abs() < 1e-10 * (scores.len() as f64).max(1.0)) {
                break;
            }
            let determinant = hessian[0] * hessian[2] - hessian[1] * hessian[1];
            let step = [
                -(hessian[2] * gradient[0] - hessian[1] * gradient[1]) / determinant,
                -(hessian[0] * gradient[1] - hessian[1] * gradient[0]) / determinant,
            ];
            let descent = gradient[0] * step[0] + gradient[1] * step[1];
            let mut length = 1.0;
            let moved = loop {
                let (next_slope, next_intercept) = (slope + length * step[0], intercept + length * step[1]);
                let next = loss(next_slope, next_intercept);
                if next < value + 1e-4 * length * descent {
                    (slope, intercept, value) = (next_slope, next_intercept, next);
                    break true;
                }
                length /= 2.0;
                if length <= SHORTEST_STEP || descent.is_nan() {
                    break false;
                }
            };
            if !moved {
                break;
            }
        }
        Platt { slope, intercept }
    }

    /// The probability that a row of this score is positive.
    pub fn probability(&self, score: f64) -> f64 {
        math::sigmoid(self.slope * score + self.intercept)
    }
}

/// Minus the logarithm of what a row's target gives to the sigmoid of these log-odds.
fn cross_entropy(odds: f64, target: f64) -> f64 {
    // ln(1 + exp(odds)) - target * odds without overflow on either side.
    odds.max(0.0) - target * odds + math::ln_1p(math::exp(-odds.abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separable_scores_keep_a_finite_slope() {
        let platt = Platt::fit(&[0.0, 1.0, 2.0, 3.0], &[false, false, true, true]);
        assert!(platt.slope.is_finite() && platt.slope > 0.0);
        // With two rows of each class the targets are 3/4 and 1/4: no row is certain.
        assert!(platt.probability(3.0) < 0.9 && platt.probability(0.0) > 0.1);
    }

    #[test]
    fn constant_scores_and_one_class_give_the_smoothed_share() {
        let constant = Platt::fit(&[0.3; 6], &[true, false, false, false, false, false]);
        // The mean of the targets: (1 * 2/3 + 5 * 1/7) / 6.
        let expected = (2.0 / 3.0 + 5.0 / 7.0) / 6.0;
        assert!((constant.probability(0.3) - expected).abs() < 1e-6, "{}", constant.probability(0.3));
        let negative = Platt::fit(&[0.1, 0.9], &[false, false]);
        assert!((negative.probability(0.5) - 0.25).abs() < 1e-6);
        assert!(Platt::fit(&[], &[]).probability(1.0).is_finite());
    }
}
