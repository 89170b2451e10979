//! Whether the scores of two methods in the same splits differ by more than luck: Student's paired t-test.

/// What the 97.5 % quantile of Student's t is with 1 to 30 degrees of freedom. With more it is lower by .08 at most, and
/// the last is used.
const QUANTILES: [f64; 30] = [
    12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281, 2.201, 2.1788, 2.1604,
    2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.093, 2.086, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555,
    2.0518, 2.0484, 2.0452, 2.0423,
];

/// What the test says of the first of two methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Better,
    Worse,
    /// The two-sided p-value is 0.05 or more.
    Open,
}

/// Compares scores of which higher ones are better, one of each method per split. There is no verdict on a single split,
/// nor where a score is missing.
pub(crate) fn compare(first: &[f64], second: &[f64]) -> Option<Verdict> {
    let differences: Vec<f64> = first.iter().zip(second).map(|(a, b)| a - b).collect();
    let n = differences.len();
    if n < 2 || differences.iter().any(|difference| !difference.is_finite()) {
        return None;
    }
    let mean = differences.iter().sum::<f64>() / n as f64;
    let squares: f64 = differences.iter().map(|difference| (difference - mean) * (difference - mean)).sum();
    let error = (squares / (n - 1) as f64 / n as f64).sqrt();
    // Not a quotient, which equal differences would divide by zero.
    let significant = mean.abs() > QUANTILES[(n - 2).min(QUANTILES.len() - 1)] * error;
    Some(match significant {
        true if mean > 0.0 => Verdict::Better,
        true => Verdict::Worse,
        false => Verdict::Open,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_those_of_students_t() {
        // Differences 1, 2, 3: t = 2 / (1 / sqrt 3) = 3.464, below 4.303.
        assert_eq!(compare(&[1.0, 2.0, 3.0], &[0.0; 3]), Some(Verdict::Open));
        // 2, 3, 4: t = 5.196.
        assert_eq!(compare(&[2.0, 3.0, 4.0], &[0.0; 3]), Some(Verdict::Better));
        assert_eq!(compare(&[0.0; 3], &[2.0, 3.0, 4.0]), Some(Verdict::Worse));
        // 1, 2, 3, 4: t = 2.5 / (1.291 / 2) = 3.873, above 3.182.
        assert_eq!(compare(&[1.0, 2.0, 3.0, 4.0], &[0.0; 4]), Some(Verdict::Better));
    }

    #[test]
    fn equal_differences_are_no_division_by_zero() {
        assert_eq!(compare(&[0.5, 0.75], &[0.5, 0.75]), Some(Verdict::Open));
        assert_eq!(compare(&[0.5, 0.75], &[0.75, 1.0]), Some(Verdict::Worse));
    }

    #[test]
    fn there_is_no_verdict_on_too_little() {
        assert_eq!(compare(&[1.0], &[0.0]), None);
        assert_eq!(compare(&[1.0, f64::NAN], &[0.0, 0.0]), None);
    }

    #[test]
    fn many_splits_use_the_last_quantile() {
        let alternating: Vec<f64> = (0..40).map(|split| if split % 2 == 0 { 1.0 } else { -1.0 }).collect();
        assert_eq!(compare(&alternating, &[0.0; 40]), Some(Verdict::Open));
        assert_eq!(compare(&alternating, &[0.5; 40]), Some(Verdict::Worse));
    }
}
