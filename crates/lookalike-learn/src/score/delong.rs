use super::ranks::ranks;

/// The area under the ROC curve and its standard error: how much it would vary with other rows of the same two sorts.
/// `None` where a sort has fewer than two rows.
///
/// # References
/// `DeLong`, E. R., `DeLong`, D. M. and Clarke-Pearson, D. L. (1988). Comparing the areas under two or more correlated
/// receiver operating characteristic curves. *Biometrics* 44(3). <https://doi.org/10.2307/2531595>
///
/// # Panics
/// If there are not as many scores as rows.
///
/// ```
/// use lookalike_learn::score::auc_with_error;
/// let (auc, error) = auc_with_error(&[0.1, 0.4, 0.35, 0.8], &[false, false, true, true]).unwrap();
/// assert_eq!(auc, 0.75);
/// // Placements: 1/2 and 1 of the positive rows, 1 and 1/2 of the negative ones.
/// assert!((error - (0.125_f64 / 2.0 + 0.125 / 2.0).sqrt()).abs() < 1e-12);
/// ```
pub fn auc_with_error(scores: &[f64], positive: &[bool]) -> Option<(f64, f64)> {
    assert_eq!(scores.len(), positive.len(), "a score per row");
    let of =
        |wanted: bool| -> Vec<usize> { (0..scores.len()).filter(|&row| positive[row] == wanted).collect() };
    let all = ranks(scores);
    // Which share of the other sort a row lies above.
    let placements = |rows: &[usize], others: usize| -> Vec<f64> {
        let own: Vec<f64> = rows.iter().map(|&row| scores[row]).collect();
        rows.iter().zip(ranks(&own)).map(|(&row, among_own)| (all[row] - among_own) / others as f64).collect()
    };
    let (high, low) = (of(true), of(false));
    if high.len() < 2 || low.len() < 2 {
        return None;
    }
    let (above, below) = (placements(&high, low.len()), placements(&low, high.len()));
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let error = |values: &[f64]| {
        let mean = mean(values);
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        squares / (values.len() - 1) as f64 / values.len() as f64
    };
    Some((mean(&above), (error(&above) + error(&below)).sqrt()))
}
