use lookalike_core::math;

/// The share of rows whose class was predicted. `None` without rows.
///
/// # Panics
/// If there is not one prediction per row.
pub fn accuracy(predicted: &[u32], truth: &[u32]) -> Option<f64> {
    assert_eq!(predicted.len(), truth.len(), "a prediction per row");
    let right = predicted.iter().zip(truth).filter(|(a, b)| a == b).count();
    (!truth.is_empty()).then(|| right as f64 / truth.len() as f64)
}

/// The harmonic mean of precision and recall of one class: 0 when it is never rightly predicted, `None` when it
/// neither occurs nor is predicted.
///
/// # Panics
/// If there is not one prediction per row.
pub fn f1(predicted: &[u32], truth: &[u32], class: u32) -> Option<f64> {
    assert_eq!(predicted.len(), truth.len(), "a prediction per row");
    let both = predicted.iter().zip(truth).filter(|(a, b)| **a == class && **b == class).count();
    let either = predicted.iter().filter(|&&own| own == class).count()
        + truth.iter().filter(|&&own| own == class).count();
    (either > 0).then(|| 2.0 * both as f64 / either as f64)
}

/// The mean of [`f1`] over the classes that occur or are predicted.
pub fn macro_f1(predicted: &[u32], truth: &[u32], classes: usize) -> Option<f64> {
    let scores: Vec<f64> = (0..classes as u32).filter_map(|class| f1(predicted, truth, class)).collect();
    (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
}

/// The mean of minus the logarithm of the probability given to the true class, probabilities kept at least 1e-15.
/// `probabilities` has a number per class for each row, row after row.
///
/// # Panics
/// If the lengths do not match.
pub fn log_loss(probabilities: &[f64], classes: &[u32], count: usize) -> Option<f64> {
    assert_eq!(probabilities.len(), classes.len() * count, "a probability per row and class");
    let sum: f64 = probabilities
        .chunks_exact(count.max(1))
        .zip(classes)
        .map(|(row, &class)| -math::ln(row[class as usize].clamp(1e-15, 1.0)))
        .sum();
    (!classes.is_empty()).then(|| sum / classes.len() as f64)
}

/// The share of the variance that is predicted; negative when the mean would have been better, `None` when there
/// is no variance.
///
/// # Panics
/// If there is not one prediction per row.
pub fn r_squared(predicted: &[f64], truth: &[f64]) -> Option<f64> {
    assert_eq!(predicted.len(), truth.len(), "a prediction per row");
    let mean = truth.iter().sum::<f64>() / truth.len().max(1) as f64;
    let total: f64 = truth.iter().map(|value| (value - mean) * (value - mean)).sum();
    let left: f64 = predicted.iter().zip(truth).map(|(a, b)| (a - b) * (a - b)).sum();
    let value = 1.0 - left / total;
    (total > 0.0 && value.is_finite()).then_some(value)
}

/// The root of the mean squared error. `None` without rows, or beyond what a number can hold.
///
/// # Panics
/// If there is not one prediction per row.
pub fn root_mean_squared_error(predicted: &[f64], truth: &[f64]) -> Option<f64> {
    assert_eq!(predicted.len(), truth.len(), "a prediction per row");
    let sum: f64 = predicted.iter().zip(truth).map(|(a, b)| (a - b) * (a - b)).sum();
    let value = (sum / truth.len() as f64).sqrt();
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        let (predicted, truth) = ([0, 1, 1, 0, 1], [0, 1, 0, 0, 0]);
        assert_eq!(accuracy(&predicted, &truth), Some(0.6));
        assert_eq!(f1(&predicted, &truth, 1), Some(0.5));
        assert_eq!(f1(&predicted, &truth, 2), None);
        assert_eq!(f1(&predicted, &[0; 5], 1), Some(0.0));
        assert!((macro_f1(&predicted, &truth, 3).unwrap() - 7.0 / 12.0).abs() < 1e-15);
        assert_eq!(accuracy(&[], &[]), None);
    }

    #[test]
    fn probabilities() {
        let loss = log_loss(&[0.5, 0.5, 0.0, 1.0], &[0, 1], 2).unwrap();
        assert!((loss - 0.5 * std::f64::consts::LN_2).abs() < 1e-15);
        assert!(log_loss(&[1.0, 0.0], &[1], 2).unwrap() < 35.0);
    }

    #[test]
    fn numbers() {
        assert_eq!(r_squared(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]), Some(1.0));
        assert_eq!(r_squared(&[2.0, 2.0, 2.0], &[1.0, 2.0, 3.0]), Some(0.0));
        assert_eq!(r_squared(&[2.0], &[2.0]), None);
        assert_eq!(root_mean_squared_error(&[1.0, 5.0], &[1.0, 1.0]), Some(8f64.sqrt()));
        assert_eq!(root_mean_squared_error(&[], &[]), None);
        assert_eq!(root_mean_squared_error(&[f64::MAX], &[-f64::MAX]), None);
    }
}
