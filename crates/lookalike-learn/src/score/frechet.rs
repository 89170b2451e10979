use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// The Fréchet distance between normal distributions with the means and covariances of two sets of rows of so many
/// numbers: `|m - n|^2 + tr(C + D - 2 (C D)^(1/2))`, in squared units of the numbers; 0 for the same moments.
///
/// Dowson, D. C. and Landau, B. V. (1982). The Fréchet distance between multivariate normal distributions.
/// <https://doi.org/10.1016/0047-259X(82)90077-X>; of features of images: Heusel, M. et al. (2017).
/// <https://doi.org/10.48550/arXiv.1706.08500>
///
/// ```
/// use lookalike_learn::score::frechet_distance;
/// let a = [0.0, 2.0, 0.0, 2.0];
/// let moved: Vec<f32> = a.iter().map(|x| x + 3.0).collect();
/// assert!((frechet_distance(&a, &moved, 1).unwrap() - 9.0).abs() < 1e-9);
/// ```
///
/// `None` when there are fewer than two rows in either.
///
/// # Panics
/// If `columns` is 0.
pub fn frechet_distance(a: &[f32], b: &[f32], columns: usize) -> Option<f64> {
    let (mean_a, covariance_a) = moments(a, columns)?;
    let (mean_b, covariance_b) = moments(b, columns)?;
    // The root of C D has the trace of that of C^(1/2) D C^(1/2), which is symmetric.
    let root_a = root(&covariance_a);
    let inner = &root_a * &covariance_b * &root_a;
    let inner = (&inner + inner.transpose()) * 0.5;
    let both: f64 = inner.symmetric_eigenvalues().iter().map(|&value| value.max(0.0).sqrt()).sum();
    let distance =
        (mean_a - mean_b).norm_squared() + covariance_a.trace() + covariance_b.trace() - 2.0 * both;
    Some(distance.max(0.0))
}

/// Means, and covariances over `n - 1`.
fn moments(rows: &[f32], columns: usize) -> Option<(DVector<f64>, DMatrix<f64>)> {
    let count = rows.len() / columns;
    if count < 2 {
        return None;
    }
    let mut mean = DVector::zeros(columns);
    for row in rows.chunks_exact(columns) {
        for (mean, &number) in mean.iter_mut().zip(row) {
            *mean += f64::from(number);
        }
    }
    mean /= count as f64;
    let mut covariance = DMatrix::zeros(columns, columns);
    let mut off = vec![0.0; columns];
    for row in rows.chunks_exact(columns) {
        for (off, (&number, mean)) in off.iter_mut().zip(row.iter().zip(&mean)) {
            *off = f64::from(number) - mean;
        }
        for (column, &own) in off.iter().enumerate() {
            for (sum, other) in covariance.column_mut(column).iter_mut().zip(&off) {
                *sum += own * other;
            }
        }
    }
    Some((mean, covariance / (count - 1) as f64))
}

fn root(matrix: &DMatrix<f64>) -> DMatrix<f64> {
    let SymmetricEigen { eigenvectors, eigenvalues } = SymmetricEigen::new(matrix.clone());
    let scaled = &eigenvectors * DMatrix::from_diagonal(&eigenvalues.map(|value| value.max(0.0).sqrt()));
    scaled * eigenvectors.transpose()
}

#[cfg(test)]
mod tests {
    use lookalike_core::Seed;

    use super::*;

    #[test]
    fn of_normal_distributions_it_is_the_formula() {
        let mut stream = Seed::new(1).stream("frechet", 0);
        let mut rows = |scale: [f64; 2], move_by: f64| -> Vec<f32> {
            (0..40_000).flat_map(|_| scale.map(|scale| (stream.normal() * scale + move_by) as f32)).collect()
        };
        let (a, b) = (rows([1.0, 2.0], 0.0), rows([3.0, 2.0], 1.0));
        // Independent numbers: each adds the squared differences of means and of deviations.
        let found = frechet_distance(&a, &b, 2).unwrap();
        assert!((found - (1.0 + 4.0 + 1.0)).abs() < 0.15, "{found}");
        assert!(frechet_distance(&a, &a, 2).unwrap() < 1e-9);
        assert_eq!(frechet_distance(&a, &b[..2], 2), None);
        // Turned by a quarter, the same distribution with correlated numbers is as far away from the same turned one.
        let turn = |rows: &[f32]| -> Vec<f32> {
            rows.chunks_exact(2)
                .flat_map(|row| [0.6 * row[0] - 0.8 * row[1], 0.8 * row[0] + 0.6 * row[1]])
                .collect()
        };
        assert!((frechet_distance(&turn(&a), &turn(&b), 2).unwrap() - found).abs() < 1e-3);
    }
}
