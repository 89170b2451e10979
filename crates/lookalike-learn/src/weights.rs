//! How much rows count.

/// A weight for every row such that all classes that occur weigh the same together, and the mean weight is 1: what is
/// called "balanced" class weights. Learners that take weights then heed a rare class as much as a frequent one; their
/// probabilities are those of a world in which classes are equally frequent, and no longer those of the rows.
///
/// # References
/// King, G. and Zeng, L. (2001). Logistic regression in rare events data. *Political Analysis* 9(2).
/// <https://doi.org/10.1093/oxfordjournals.pan.a004868>
///
/// ```
/// use lookalike_learn::weights::balanced_weights;
/// assert_eq!(balanced_weights(&[0, 0, 0, 1], 2), [2.0 / 3.0, 2.0 / 3.0, 2.0 / 3.0, 2.0]);
/// ```
///
/// # Panics
/// If a class is not below their number.
pub fn balanced_weights(classes: &[u32], count: usize) -> Vec<f64> {
    let mut rows = vec![0_usize; count];
    for &class in classes {
        rows[class as usize] += 1;
    }
    let occurring = rows.iter().filter(|rows| **rows > 0).count();
    let weight = |class: u32| classes.len() as f64 / (occurring * rows[class as usize]) as f64;
    classes.iter().map(|&class| weight(class)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_without_rows_take_no_part() {
        let weights = balanced_weights(&[2, 2, 2, 0], 3);
        assert_eq!(weights, [2.0 / 3.0, 2.0 / 3.0, 2.0 / 3.0, 2.0]);
        assert!(balanced_weights(&[], 2).is_empty());
    }
}
