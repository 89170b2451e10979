use lookalike_core::{Cancelled, Progress, math};
use rayon::prelude::*;

use super::design::Design;
use super::minimum::{Objective, minimum};
use super::system::System;

/// How logistic regression is fitted.
#[derive(Debug, Clone, PartialEq)]
pub struct LogisticOptions {
    /// The L2 penalty: half of this times the sum of squared coefficients is added to the sum of losses. The intercepts
    /// are free. It is the inverse of what others call `C`.
    pub penalty: f64,
    /// Ends when no entry of the gradient, divided by the number of rows, is above this.
    pub tolerance: f64,
    /// The most steps.
    pub most_steps: usize,
}

impl Default for LogisticOptions {
    fn default() -> Self {
        LogisticOptions { penalty: 1.0, tolerance: 1e-8, most_steps: 500 }
    }
}

/// Logistic regression: the logarithm of the odds of two classes, or those of several classes up to a common summand
/// (multinomial), as a linear function.
///
/// The coefficients minimise the sum of losses plus the penalty. The search starts from Böhning's bound of the second
/// derivative, which takes one factorization, and so needs few steps however the columns are scaled.
///
/// # References
/// Cox, D. R. (1958). The regression analysis of binary sequences. *Journal of the Royal Statistical Society B* 20(2).
/// <https://doi.org/10.1111/j.2517-6161.1958.tb00292.x>
///
/// Böhning, D. (1992). Multinomial logistic regression algorithm. *Annals of the Institute of Statistical Mathematics*
/// 44, 197–200. <https://doi.org/10.1007/BF00048682>
///
/// ```
/// use lookalike_core::Silent;
/// use lookalike_learn::linear::{Design, Logistic, LogisticOptions};
/// let design = Design::from_rows(&[0.0, 1.0, 2.0, 3.0], 1);
/// let model = Logistic::fit(&design, &[0, 0, 1, 1], 2, &LogisticOptions::default(), &Silent)?;
/// assert!((model.probabilities(&Design::from_rows(&[1.5], 1))[1] - 0.5).abs() < 1e-6);
/// # Ok::<(), lookalike_core::Cancelled>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Logistic {
    /// One vector for two classes, else one per class.
    coefficients: Vec<Vec<f64>>,
    classes: usize,
    penalty: f64,
}

impl Logistic {
    /// Learns to tell `classes` classes apart.
    ///
    /// # Errors
    /// [`Cancelled`] when the listener wants the work to stop.
    ///
    /// # Panics
    /// If there is not one class per row, or fewer than two classes.
    pub fn fit(
        design: &Design,
        truth: &[u32],
        classes: usize,
        options: &LogisticOptions,
        progress: &dyn Progress,
    ) -> Result<Self, Cancelled> {
        Self::fit_with(design, truth, None, classes, options, progress)
    }

    /// The same with a weight of at least 0 per row, by which its loss is multiplied: a row of weight 2 counts as two.
    /// [`balanced_weights`](crate::weights::balanced_weights) makes classes equal.
    ///
    /// # Errors
    /// [`Cancelled`] when the listener wants the work to stop.
    ///
    /// # Panics
    /// If there is not one class and one weight per row, or fewer than two classes.
    pub fn fit_weighted(
        design: &Design,
        truth: &[u32],
        weights: &[f64],
        classes: usize,
        options: &LogisticOptions,
        progress: &dyn Progress,
    ) -> Result<Self, Cancelled> {
        assert_eq!(weights.len(), design.n_rows(), "a weight per row");
        Self::fit_with(design, truth, Some(weights), classes, options, progress)
    }

    fn fit_with(
        design: &Design,
        truth: &[u32],
        weights: Option<&[f64]>,
        classes: usize,
        options: &LogisticOptions,
        progress: &dyn Progress,
    ) -> Result<Self, Cancelled> {
        assert_eq!(truth.len(), design.n_rows(), "a class per row");
        assert!(classes >= 2, "two classes at least");
        let width = design.width();
        let outputs = if classes == 2 { 1 } else { classes };
        // Böhning's bound: a quarter of the products for two classes, a half for more.
        let bound = if classes == 2 { 0.25 } else { 0.5 };
        let products = design.products(weights).into_iter().map(|product| bound * product).collect();
        let loss = Loss {
            design,
            truth,
            weights,
            outputs,
            penalty: options.penalty,
            curvature: System::new(products, width, options.penalty),
        };
        let mut start = vec![0.0; outputs * width];
        for (output, intercept) in start_intercepts(truth, weights, classes).into_iter().enumerate() {
            start[(output + 1) * width - 1] = intercept;
        }
        let rows = weights.map_or(design.n_rows() as f64, |weights| weights.iter().sum());
        let tolerance = options.tolerance * rows;
        let found = minimum(&loss, start, tolerance, options.most_steps, progress)?;
        let coefficients = found.chunks_exact(width).map(<[f64]>::to_vec).collect();
        Ok(Logistic { coefficients, classes, penalty: options.penalty })
    }

    /// For two classes one vector, of the odds of class 1; for more one vector per class. Each has a coefficient per
    /// column of the design, that of the intercept last.
    pub fn coefficients(&self) -> &[Vec<f64>] {
        &self.coefficients
    }

    /// The standard error of each coefficient of two classes: the roots of the diagonal of the inverse of the (penalised)
    /// second derivative at the minimum. `None` for more classes.
    ///
    /// # Panics
    /// If the design has another width.
    pub fn standard_errors(&self, design: &Design) -> Option<Vec<f64>> {
        let [coefficients] = &self.coefficients[..] else { return None };
        let weights: Vec<f64> = design
            .times(coefficients)
            .into_iter()
            .map(|odds| math::sigmoid(odds) * math::sigmoid(-odds))
            .collect();
        let system = System::new(design.products(Some(&weights)), design.width(), self.penalty);
        Some(system.inverse_diagonal().into_iter().map(f64::sqrt).collect())
    }

    /// The probability of every class for every row, row after row.
    ///
    /// # Panics
    /// If the design has another width.
    pub fn probabilities(&self, design: &Design) -> Vec<f64> {
        let scores: Vec<Vec<f64>> = self.coefficients.iter().map(|own| design.times(own)).collect();
        let mut probabilities = Vec::with_capacity(design.n_rows() * self.classes);
        for row in 0..design.n_rows() {
            if let [odds] = &scores[..] {
                probabilities.extend([math::sigmoid(-odds[row]), math::sigmoid(odds[row])]);
            } else {
                let highest = scores.iter().map(|own| own[row]).fold(f64::NEG_INFINITY, f64::max);
                let start = probabilities.len();
                probabilities.extend(scores.iter().map(|own| math::exp(own[row] - highest)));
                let sum: f64 = probabilities[start..].iter().sum();
                probabilities[start..].iter_mut().for_each(|own| *own /= sum);
            }
        }
        probabilities
    }
}

/// The intercepts that alone explain how frequent the classes are; half a row is added to each, so that one without rows
/// has one too.
fn start_intercepts(truth: &[u32], weights: Option<&[f64]>, classes: usize) -> Vec<f64> {
    let mut counts = vec![0.5; classes];
    for (row, &class) in truth.iter().enumerate() {
        counts[class as usize] += weights.map_or(1.0, |weights| weights[row]);
    }
    let logs: Vec<f64> = counts.iter().map(|&count| math::ln(count)).collect();
    if classes == 2 {
        return vec![logs[1] - logs[0]];
    }
    // Only differences matter; the sum stays 0 from here on.
    let mean = logs.iter().sum::<f64>() / classes as f64;
    logs.iter().map(|log| log - mean).collect()
}

/// The penalised sum of losses, as a function of all coefficients.
struct Loss<'a> {
    design: &'a Design,
    truth: &'a [u32],
    weights: Option<&'a [f64]>,
    outputs: usize,
    penalty: f64,
    curvature: System,
}

impl Loss<'_> {
    fn weight(&self, row: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[row])
    }
}

impl Objective for Loss<'_> {
    fn at(&self, point: &[f64]) -> (f64, Vec<f64>) {
        let width = self.design.width();
        // For each output the derivative of each row's loss.
        let mut derivatives: Vec<Vec<f64>> =
            point.chunks_exact(width).map(|own| self.design.times(own)).collect();
        let losses: f64 = if self.outputs == 1 {
            let of_row = |row: usize, score: &mut f64, class: u32| {
                let (odds, weight) = (*score, self.weight(row));
                let probability = math::sigmoid(odds);
                *score = weight * (probability - f64::from(class));
                // ln(1 + exp(odds)) - class * odds, without overflow.
                let against = if class == 1 { -odds } else { odds };
                weight * (against.max(0.0) + math::ln_1p(math::exp(-against.abs())))
            };
            let losses: Vec<f64> = derivatives[0]
                .par_iter_mut()
                .zip(self.truth)
                .enumerate()
                .map(|(row, (score, &class))| of_row(row, score, class))
                .collect();
            losses.iter().sum()
        } else {
            let mut losses = 0.0;
            for (row, &class) in self.truth.iter().enumerate() {
                let highest = derivatives.iter().map(|own| own[row]).fold(f64::NEG_INFINITY, f64::max);
                let own = derivatives[class as usize][row];
                let mut sum = 0.0;
                for scores in &mut derivatives {
                    scores[row] = math::exp(scores[row] - highest);
                    sum += scores[row];
                }
                let weight = self.weight(row);
                for (output, scores) in derivatives.iter_mut().enumerate() {
                    let own = f64::from(u8::from(output == class as usize));
                    scores[row] = weight * (scores[row] / sum - own);
                }
                losses += weight * (math::ln(sum) + highest - own);
            }
            losses
        };
        let mut gradient: Vec<f64> =
            derivatives.iter().flat_map(|derivatives| self.design.sums(derivatives)).collect();
        let mut squares = 0.0;
        for (own, gradient) in point.chunks_exact(width).zip(gradient.chunks_exact_mut(width)) {
            for (coefficient, entry) in own.iter().zip(gradient).take(width - 1) {
                *entry += self.penalty * coefficient;
                squares += coefficient * coefficient;
            }
        }
        (losses + 0.5 * self.penalty * squares, gradient)
    }

    fn precondition(&self, vector: &mut [f64]) {
        vector.chunks_exact_mut(self.design.width()).for_each(|own| self.curvature.solve(own));
    }
}
