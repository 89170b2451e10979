use rayon::prelude::*;

/// The squared maximum mean discrepancy of two sets of rows of so many numbers under the kernel `(x·y / columns + 1)^3`:
/// 0 in the mean for rows of one distribution, where it may be below 0.
///
/// It is the mean of unbiased estimates over disjoint blocks of rows, in their order, of the same size in both sets, and
/// with it comes the standard error of that mean; none where there is one block only. Rows beyond the last whole block are
/// left out. Unlike the Fréchet distance it does not grow where there are fewer rows.
///
/// Gretton, A. et al. (2012). A kernel two-sample test. *Journal of Machine Learning Research* 13.
/// <https://jmlr.org/papers/v13/gretton12a.html>; of features of images, with this kernel: Bińkowski, M. et al. (2018).
/// <https://doi.org/10.48550/arXiv.1801.01401>
///
/// ```
/// use lookalike_learn::score::kernel_distance;
/// let a = [0.0, 1.0, 0.0, 1.0];
/// let (distance, error) = kernel_distance(&a, &[5.0, 6.0, 5.0, 6.0], 1, 2).unwrap();
/// assert!(distance > 1.0 && error.unwrap() < 1e-9);
/// ```
///
/// `None` when a block has fewer than two rows.
///
/// # Panics
/// If `columns` or `blocks` is 0.
pub fn kernel_distance(a: &[f32], b: &[f32], columns: usize, blocks: usize) -> Option<(f64, Option<f64>)> {
    let each = (a.len().min(b.len()) / columns / blocks) * columns;
    if each < 2 * columns {
        return None;
    }
    let estimates: Vec<f64> = a
        .par_chunks_exact(each)
        .zip(b.par_chunks_exact(each))
        .take(blocks)
        .map(|(a, b)| unbiased(a, b, columns))
        .collect();
    let mean = estimates.iter().sum::<f64>() / blocks as f64;
    let squares: f64 = estimates.iter().map(|estimate| (estimate - mean) * (estimate - mean)).sum();
    let error = (blocks > 1).then(|| (squares / (blocks - 1) as f64 / blocks as f64).sqrt());
    Some((mean, error))
}

fn unbiased(a: &[f32], b: &[f32], columns: usize) -> f64 {
    let count = (a.len() / columns) as f64;
    let kernel = |x: &[f32], y: &[f32]| {
        let base = dot(x, y) / columns as f64 + 1.0;
        base * base * base
    };
    let within = |rows: &[f32]| {
        let mut sum = 0.0;
        for (number, x) in rows.chunks_exact(columns).enumerate() {
            sum += rows.chunks_exact(columns).take(number).map(|y| kernel(x, y)).sum::<f64>();
        }
        2.0 * sum / (count * (count - 1.0))
    };
    let mut between = 0.0;
    for x in a.chunks_exact(columns) {
        between += b.chunks_exact(columns).map(|y| kernel(x, y)).sum::<f64>();
    }
    within(a) + within(b) - 2.0 * between / (count * count)
}

/// Four sums side by side: one chain of additions would wait for itself.
fn dot(x: &[f32], y: &[f32]) -> f64 {
    let mut sums = [0.0; 4];
    let (fours, others) = (x.chunks_exact(4), y.chunks_exact(4));
    let rest: f64 =
        fours.remainder().iter().zip(others.remainder()).map(|(&x, &y)| f64::from(x) * f64::from(y)).sum();
    for (x, y) in fours.zip(others) {
        for lane in 0..4 {
            sums[lane] += f64::from(x[lane]) * f64::from(y[lane]);
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Forty rows of six numbers that stand for some shape, exact in every format.
    pub(in super::super) fn rows(square: u64, once: u64, modulus: u64, scale: f32, moved: f32) -> Vec<f32> {
        (0..240_u64).map(|i| ((i * i * square + i * once) % modulus) as f32 / 8.0 * scale + moved).collect()
    }

    /// Recorded with `NumPy` 2, from all pairs in double precision.
    #[test]
    fn equals_recorded_values() {
        let (a, b) = (rows(7, 13, 101, 1.0, 0.0), rows(11, 5, 97, 0.5, 5.0));
        let close = |found: f64, expected: f64| (found - expected).abs() < 1e-9 * expected.abs();
        let (whole, none) = kernel_distance(&a, &b, 6, 1).unwrap();
        assert!(close(whole, 116_054.340_501_545) && none.is_none(), "{whole}");
        let (mean, error) = kernel_distance(&a, &b, 6, 4).unwrap();
        assert!(close(mean, 110_433.824_838_812_03), "{mean}");
        assert!(close(error.unwrap(), 6_807.531_761_003_954), "{error:?}");
        assert_eq!(kernel_distance(&a, &b[..6], 6, 1), None);
        assert_eq!(kernel_distance(&a, &b, 6, 21), None, "one row in a block");
    }

    #[test]
    fn rows_that_are_all_alike_are_no_distance_apart() {
        let same = [0.5_f32; 60];
        assert_eq!(kernel_distance(&same, &same, 6, 2), Some((0.0, Some(0.0))));
    }
}
