/// The expected calibration error of probabilities of the positive class: rows are put into `bins` groups of about
/// equal size by their probability, and the distances between the mean probability and the share of positives in each
/// group are averaged, groups weighted by their rows. `None` without rows.
///
/// Groups are of equal mass and not of equal width: where one class is rare, most probabilities are small, and groups
/// of equal width would put nearly all rows into one. Rows of one probability stay in one group, so that the figure does
/// not depend on their order; there may then be fewer groups.
///
/// It is above 0 even for perfect probabilities, the more so the fewer the rows.
///
/// # References
/// Naeini, M. P., Cooper, G. F. and Hauskrecht, M. (2015). Obtaining well calibrated probabilities using Bayesian
/// binning. *AAAI*. <https://doi.org/10.1609/aaai.v29i1.9602>
///
/// Nixon, J. et al. (2019). Measuring calibration in deep learning. <https://arxiv.org/abs/1904.01685>
///
/// ```
/// use lookalike_learn::score::calibration_error;
/// let error = calibration_error(&[0.2, 0.2, 0.9, 0.9], &[false, false, true, true], 2);
/// assert!((error.unwrap() - 0.15).abs() < 1e-12);
/// ```
///
/// # Panics
/// If there is not one label per probability.
pub fn calibration_error(probabilities: &[f64], positive: &[bool], bins: usize) -> Option<f64> {
    assert_eq!(probabilities.len(), positive.len(), "a label per probability");
    let rows = probabilities.len();
    if rows == 0 {
        return None;
    }
    let mut order: Vec<usize> = (0..rows).collect();
    order.sort_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b]));
    let (mut error, mut sum, mut found, mut inside, mut seen) = (0.0, 0.0, 0_usize, 0_usize, 0_usize);
    let mut group = 1;
    for equal in order.chunk_by(|&a, &b| probabilities[a] == probabilities[b]) {
        sum += probabilities[equal[0]] * equal.len() as f64;
        found += equal.iter().filter(|&&row| positive[row]).count();
        inside += equal.len();
        seen += equal.len();
        // The group ends where its share of the rows is reached.
        if seen * bins.max(1) >= group * rows {
            error += (sum - found as f64).abs();
            group = seen * bins.max(1) / rows + 1;
            (sum, found, inside) = (0.0, 0, 0);
        }
    }
    debug_assert_eq!(inside, 0, "the last group ends with the last row");
    Some(error / rows as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_rows_does_not_matter() {
        let probabilities: Vec<f64> = (0..50).map(|row| f64::from(row * 7 % 5) / 5.0).collect();
        let positive: Vec<bool> = (0..50).map(|row| row % 3 == 0).collect();
        let forth = calibration_error(&probabilities, &positive, 4);
        let turned: (Vec<f64>, Vec<bool>) =
            probabilities.iter().copied().zip(positive.iter().copied()).rev().unzip();
        assert_eq!(forth, calibration_error(&turned.0, &turned.1, 4));
    }

    #[test]
    fn one_group_compares_the_means() {
        let error = calibration_error(&[0.1, 0.2, 0.3, 0.8], &[true, false, false, true], 1).unwrap();
        assert!((error - 0.15).abs() < 1e-12);
        assert_eq!(calibration_error(&[], &[], 10), None);
        let constant = calibration_error(&[0.25; 4], &[true, false, false, false], 10);
        assert_eq!(constant, Some(0.0));
    }
}
