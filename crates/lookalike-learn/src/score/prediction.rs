use lookalike_core::math;

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

/// The squared error of the probabilities of each row: for two classes that of the second, for more the sum over all
/// classes. Their mean is the Brier score.
///
/// # References
/// Brier, G. W. (1950). Verification of forecasts expressed in terms of probability. *Monthly Weather Review* 78, 1–3.
/// <https://doi.org/10.1175/1520-0493(1950)078%3C0001:VOFEIT%3E2.0.CO;2>
///
/// ```
/// use lookalike_learn::score::brier_errors;
/// assert_eq!(brier_errors(&[0.5, 0.5, 0.0, 1.0], &[0, 1], 2), [0.25, 0.0]);
/// assert_eq!(brier_errors(&[0.0, 0.5, 0.5], &[0], 3), [1.5]);
/// ```
///
/// # Panics
/// If the lengths do not match.
pub fn brier_errors(probabilities: &[f64], classes: &[u32], count: usize) -> Vec<f64> {
    assert_eq!(probabilities.len(), classes.len() * count, "a probability per row and class");
    let square = |error: f64| error * error;
    probabilities
        .chunks_exact(count.max(1))
        .zip(classes)
        .map(|(row, &own)| {
            let error = |class: usize| square(row[class] - f64::from(u8::from(class == own as usize)));
            if count == 2 { error(1) } else { (0..count).map(error).sum() }
        })
        .collect()
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
