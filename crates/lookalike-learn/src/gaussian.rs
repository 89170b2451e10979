//! Algebra of correlation matrices.

use nalgebra::{DMatrix, SymmetricEigen};

/// The Cholesky factor of a symmetric matrix given by its entries, as the rows of the lower triangle one after
/// the other; `None` when the matrix is not positive definite.
///
/// Plain loops in a fixed order: the same bytes on every machine.
///
/// ```
/// use lookalike_learn::gaussian::cholesky;
/// let factor = cholesky(2, |row, column| if row == column { 1.0 } else { 0.6 }).unwrap();
/// assert_eq!(factor, [1.0, 0.6, 0.8]);
/// ```
pub fn cholesky(size: usize, entry: impl Fn(usize, usize) -> f64) -> Option<Vec<f64>> {
    cholesky_with_floor(size, 0.0, entry)
}

/// As [`cholesky`], but `None` as soon as a pivot is not above `floor`: a matrix that is nearly singular.
pub fn cholesky_with_floor(size: usize, floor: f64, entry: impl Fn(usize, usize) -> f64) -> Option<Vec<f64>> {
    let mut factor: Vec<f64> = Vec::with_capacity(size * (size + 1) / 2);
    for row in 0..size {
        let start = row * (row + 1) / 2;
        for column in 0..=row {
            let other = column * (column + 1) / 2;
            let sum: f64 = factor[start..start + column]
                .iter()
                .zip(&factor[other..other + column])
                .map(|(a, b)| a * b)
                .sum();
            let rest = entry(row, column) - sum;
            if column < row {
                factor.push(rest / factor[other + column]);
            } else if rest > floor {
                factor.push(rest.sqrt());
            } else {
                return None;
            }
        }
    }
    Some(factor)
}

/// Above this size eigenvalues take too long; the matrix is mixed with the identity instead.
const LARGEST_EIGEN: usize = 600;

/// Turns a symmetric matrix with a unit diagonal into a correlation matrix near it whose Cholesky pivots are above
/// `floor`, in place.
///
/// Alternating projections onto matrices with eigenvalues of at least a floor and with a unit diagonal; large
/// matrices are mixed with the identity, as little as suffices.
///
/// # References
/// Higham, N. J. (2002). Computing the nearest correlation matrix. *IMA Journal of Numerical Analysis* 22,
/// 329–343. <https://doi.org/10.1093/imanum/22.3.329>
///
/// # Panics
/// If `matrix` does not have `size * size` entries.
pub fn nearest_correlation(matrix: &mut [f64], size: usize, floor: f64) {
    assert_eq!(matrix.len(), size * size, "a square matrix");
    if size <= LARGEST_EIGEN {
        project(matrix, size, floor);
    }
    let sound = |matrix: &[f64]| cholesky_with_floor(size, floor, |r, c| matrix[r * size + c]).is_some();
    if sound(matrix) {
        return;
    }
    let (mut low, mut high) = (0.0, 1.0);
    let mixed = |matrix: &[f64], weight: f64| -> Vec<f64> {
        let mut mixed: Vec<f64> = matrix.iter().map(|entry| entry * (1.0 - weight)).collect();
        for index in 0..size {
            mixed[index * size + index] = 1.0;
        }
        mixed
    };
    for _ in 0..20 {
        let middle = 0.5 * (low + high);
        if sound(&mixed(matrix, middle)) { high = middle } else { low = middle }
    }
    let repaired = mixed(matrix, high);
    matrix.copy_from_slice(&repaired);
}

/// The symmetric matrix with these eigenvectors, as columns, and eigenvalues.
///
/// Every entry is one sum over the eigenvalues in their order. A library's matrix product is not used on purpose: fast
/// ones choose their kernel, and with it the rounding, by the processor they find.
fn recomposed(vectors: &DMatrix<f64>, values: &[f64]) -> DMatrix<f64> {
    let size = values.len();
    let mut product = DMatrix::zeros(size, size);
    let mut lower = vec![0.0; size];
    for row in 0..size {
        lower[..=row].fill(0.0);
        for (vector, value) in vectors.as_slice().chunks_exact(size).zip(values) {
            let weight = vector[row] * value;
            for (sum, entry) in lower[..=row].iter_mut().zip(vector) {
                *sum += weight * entry;
            }
        }
        for column in 0..=row {
            product[(row, column)] = lower[column];
            product[(column, row)] = lower[column];
        }
    }
    product
}

fn project(matrix: &mut [f64], size: usize, floor: f64) {
    const ROUNDS: usize = 40;
    let mut correction = DMatrix::<f64>::zeros(size, size);
    let mut current = DMatrix::from_row_slice(size, size, matrix);
    for _ in 0..ROUNDS {
        // Dykstra's correction makes the alternation converge to the nearest matrix, not just to some.
        let shifted = &current - &correction;
        let eigen = SymmetricEigen::new(shifted.clone());
        let smallest = eigen.eigenvalues.min();
        let lifted = eigen.eigenvalues.map(|value| value.max(floor * 4.0));
        let definite = recomposed(&eigen.eigenvectors, lifted.as_slice());
        correction = &definite - &shifted;
        current = definite;
        for index in 0..size {
            current[(index, index)] = 1.0;
        }
        if smallest > floor * 2.0 {
            break;
        }
    }
    for row in 0..size {
        for column in 0..=row {
            // Symmetric to the last bit.
            let value = if row == column { 1.0 } else { current[(row, column)].clamp(-1.0, 1.0) };
            matrix[row * size + column] = value;
            matrix[column * size + row] = value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_times_its_transpose_is_the_matrix() {
        let matrix = [4.0, 2.0, 0.6, 2.0, 5.0, 1.0, 0.6, 1.0, 3.0];
        let factor = cholesky(3, |row, column| matrix[row * 3 + column]).unwrap();
        let entry = |row: usize, column: usize| {
            let at = |r: usize, c: usize| if c <= r { factor[r * (r + 1) / 2 + c] } else { 0.0 };
            (0..3).map(|k| at(row, k) * at(column, k)).sum::<f64>()
        };
        for row in 0..3 {
            for column in 0..3 {
                assert!((entry(row, column) - matrix[row * 3 + column]).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn indefinite_matrices_are_refused_and_repaired() {
        let mut matrix = vec![1.0, 0.9, -0.9, 0.9, 1.0, 0.9, -0.9, 0.9, 1.0];
        assert!(cholesky(3, |row, column| matrix[row * 3 + column]).is_none());
        nearest_correlation(&mut matrix, 3, 1e-6);
        assert!(cholesky(3, |row, column| matrix[row * 3 + column]).is_some());
        // By symmetry the nearest has equal magnitudes of one half.
        for (place, expected) in [(1, 0.5), (2, -0.5), (5, 0.5)] {
            assert!((matrix[place] - expected).abs() < 1e-3, "{matrix:?}");
        }
    }

    #[test]
    fn a_matrix_is_put_together_from_its_eigenvectors() {
        // Eigenvalues 4, 3 and 2 along (0, 0, 1), (1, 2, 0) / sqrt(5) and (2, -1, 0) / sqrt(5).
        let root = 5_f64.sqrt();
        let vectors = [0.0, 0.0, 1.0, 1.0 / root, 2.0 / root, 0.0, 2.0 / root, -1.0 / root, 0.0];
        let product = recomposed(&DMatrix::from_column_slice(3, 3, &vectors), &[4.0, 3.0, 2.0]);
        let expected = [2.2, 0.4, 0.0, 0.4, 2.8, 0.0, 0.0, 0.0, 4.0];
        for (entry, expected) in product.iter().zip(expected) {
            assert!((entry - expected).abs() < 1e-14, "{product}");
        }
    }

    /// The same bits on every machine: this fails where a product or a decomposition rounds otherwise.
    #[test]
    fn a_repaired_matrix_has_pinned_bits() {
        let size = 40;
        let mut matrix: Vec<f64> = (0..size * size)
            .map(|place| {
                let (row, column) = (place / size, place % size);
                let (low, high) = (row.min(column), row.max(column));
                if row == column { 1.0 } else { ((low * 7 + high * 13) % 19) as f64 / 10.0 - 0.9 }
            })
            .collect();
        nearest_correlation(&mut matrix, size, 1e-6);
        let folded =
            matrix.iter().fold(0_u64, |hash, entry| (hash ^ entry.to_bits()).wrapping_mul(0x0100_0000_01b3));
        assert_eq!(folded, 18_018_868_090_054_249_792);
    }

    #[test]
    fn large_matrices_are_mixed_with_the_identity() {
        let size = LARGEST_EIGEN + 1;
        let mut matrix = vec![-0.5; size * size];
        for index in 0..size {
            matrix[index * size + index] = 1.0;
        }
        nearest_correlation(&mut matrix, size, 1e-6);
        assert!(cholesky(size, |row, column| matrix[row * size + column]).is_some());
    }
}
