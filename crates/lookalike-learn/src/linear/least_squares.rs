use super::design::Design;
use super::system::System;

/// Linear regression by least squares, with an L2 penalty on all coefficients but the intercept (ridge regression).
///
/// The coefficients are the minimum of half the sum of squares plus half the penalty times the sum of squared
/// coefficients; without a penalty they are those of ordinary least squares.
///
/// # References
/// Hoerl, A. E. and Kennard, R. W. (1970). Ridge regression: biased estimation for nonorthogonal problems.
/// *Technometrics* 12(1). <https://doi.org/10.1080/00401706.1970.10488634>
///
/// ```
/// use lookalike_learn::linear::{Design, LeastSquares};
/// let design = Design::from_rows(&[0.0, 1.0, 2.0, 3.0], 1);
/// let line = LeastSquares::fit(&design, &[1.0, 3.0, 5.0, 7.0], 0.0);
/// assert!((line.coefficients()[0] - 2.0).abs() < 1e-12 && (line.coefficients()[1] - 1.0).abs() < 1e-12);
/// assert!((line.predict(&Design::from_rows(&[10.0], 1))[0] - 21.0).abs() < 1e-10);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LeastSquares {
    coefficients: Vec<f64>,
    standard_errors: Vec<f64>,
}

impl LeastSquares {
    /// Solves the normal equations.
    ///
    /// # Panics
    /// If there is not one number per row.
    pub fn fit(design: &Design, truth: &[f64], penalty: f64) -> Self {
        assert_eq!(truth.len(), design.n_rows(), "a number per row");
        let size = design.width();
        let system = System::new(design.products(None), size, penalty);
        // Around the mean, where sums lose the fewest bits.
        let mean = truth.iter().sum::<f64>() / truth.len().max(1) as f64;
        let centred: Vec<f64> = truth.iter().map(|value| value - mean).collect();
        let mut coefficients = design.sums(&centred);
        system.solve(&mut coefficients);
        let fitted = design.times(&coefficients);
        let squares: f64 =
            centred.iter().zip(fitted).map(|(own, fitted)| (own - fitted) * (own - fitted)).sum();
        let freedom = truth.len().saturating_sub(size).max(1) as f64;
        let standard_errors =
            system.inverse_diagonal().into_iter().map(|entry| (entry * squares / freedom).sqrt()).collect();
        coefficients[size - 1] += mean;
        LeastSquares { coefficients, standard_errors }
    }

    /// One coefficient per column of the design, that of the intercept last.
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// The standard error of each coefficient: the roots of the diagonal of the inverse of the (penalised) matrix of
    /// products, times the variance of the residuals.
    pub fn standard_errors(&self) -> &[f64] {
        &self.standard_errors
    }

    /// The predicted numbers.
    ///
    /// # Panics
    /// If the design has another width.
    pub fn predict(&self, design: &Design) -> Vec<f64> {
        design.times(&self.coefficients)
    }
}
