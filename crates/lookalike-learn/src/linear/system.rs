use crate::gaussian::cholesky;

/// A system of equations with a positive definite matrix, factored.
#[derive(Debug, Clone)]
pub(super) struct System {
    size: usize,
    /// The rows of the lower triangle of the Cholesky factor.
    factor: Vec<f64>,
}

impl System {
    /// Factors the matrix whose lower triangle these are the rows of, with `penalty` added to its diagonal but for the
    /// last entry, the intercept's. Where it is singular, as for columns that depend on each other, the diagonal is
    /// raised by as little as makes it definite.
    pub(super) fn new(mut products: Vec<f64>, size: usize, penalty: f64) -> Self {
        let diagonal = |index: usize| index * (index + 1) / 2 + index;
        for index in 0..size - 1 {
            products[diagonal(index)] += penalty;
        }
        let largest = (0..size).map(|index| products[diagonal(index)]).fold(0.0, f64::max);
        let mut raised = 0.0;
        loop {
            let entry = |row: usize, column: usize| {
                products[row * (row + 1) / 2 + column] + if row == column { raised } else { 0.0 }
            };
            // A pivot that rounding alone could have made positive counts as none.
            let floor = largest * size as f64 * f64::EPSILON;
            if let Some(factor) = crate::gaussian::cholesky_with_floor(size, floor, entry) {
                return System { size, factor };
            }
            raised = if raised > 0.0 { raised * 10.0 } else { (largest * 1e-12).max(f64::MIN_POSITIVE) };
            if !raised.is_finite() {
                // Not a number anywhere: nothing can be solved.
                let identity = cholesky(size, |row, column| f64::from(u8::from(row == column)));
                return System { size, factor: identity.expect("the identity is definite") };
            }
        }
    }

    /// The matrix's inverse times a vector, in its place.
    pub(super) fn solve(&self, vector: &mut [f64]) {
        self.solve_lower(vector, 0);
        for row in (0..self.size).rev() {
            let start = row * (row + 1) / 2;
            let value = vector[row] / self.factor[start + row];
            vector[row] = value;
            for (entry, factor) in vector[..row].iter_mut().zip(&self.factor[start..]) {
                *entry -= factor * value;
            }
        }
    }

    /// The diagonal of the matrix's inverse.
    pub(super) fn inverse_diagonal(&self) -> Vec<f64> {
        use rayon::prelude::*;
        // The inverse is the product of the inverse factor with itself: its diagonal are sums of squares.
        (0..self.size)
            .into_par_iter()
            .map(|index| {
                let mut unit = vec![0.0; self.size];
                unit[index] = 1.0;
                self.solve_lower(&mut unit, index);
                unit[index..].iter().map(|value| value * value).sum()
            })
            .collect()
    }

    /// The inverse of the factor times a vector that is 0 before `first`.
    fn solve_lower(&self, vector: &mut [f64], first: usize) {
        for row in first..self.size {
            let start = row * (row + 1) / 2;
            let sum: f64 = self.factor[start + first..start + row]
                .iter()
                .zip(&vector[first..row])
                .map(|(a, b)| a * b)
                .sum();
            vector[row] = (vector[row] - sum) / self.factor[start + row];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solutions_and_inverse() {
        // [[4, 2], [2, 3]], whose inverse is [[3, -2], [-2, 4]] / 8.
        let system = System::new(vec![4.0, 2.0, 3.0], 2, 0.0);
        let mut vector = [1.0, 2.0];
        system.solve(&mut vector);
        assert!((vector[0] + 0.125).abs() < 1e-15 && (vector[1] - 0.75).abs() < 1e-15);
        let diagonal = system.inverse_diagonal();
        assert!((diagonal[0] - 0.375).abs() < 1e-15 && (diagonal[1] - 0.5).abs() < 1e-15);
    }

    #[test]
    fn singular_systems_are_solved_nearly() {
        let system = System::new(vec![1.0, 1.0, 1.0], 2, 0.0);
        let mut vector = [2.0, 2.0];
        system.solve(&mut vector);
        assert!((vector[0] + vector[1] - 2.0).abs() < 1e-4, "{vector:?}");
    }
}
