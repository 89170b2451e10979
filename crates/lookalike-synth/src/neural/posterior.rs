//! Where an encoder puts rows: which of its numbers are in use, and where rows of a class lie.

use lookalike_core::{Topic, Warning, math};

use super::decoder::Cloud;
use super::told::Told;

/// Sums over the rows that were looked at, of all and of each class.
pub(crate) struct Posterior {
    latent: usize,
    /// Per class, that of all rows first.
    sums: Vec<Sums>,
}

/// Sums over some rows.
#[derive(Clone)]
struct Sums {
    rows: f64,
    means: Vec<f64>,
    /// Products of means, the lower triangle row after row.
    products: Vec<f64>,
    variances: Vec<f64>,
}

/// A latent number whose mean varies by more than this between rows is in use.
///
/// Burda, Y., Grosse, R. and Salakhutdinov, R. (2016). Importance weighted autoencoders.
/// <https://doi.org/10.48550/arXiv.1509.00519>
const ACTIVE: f64 = 0.01;

impl Posterior {
    pub(crate) fn new(latent: usize) -> Self {
        Posterior { latent, sums: vec![Sums::new(latent)] }
    }

    /// Takes a row in.
    pub(crate) fn add(&mut self, mean: &[f32], log_variance: &[f32], most: f32, class: Option<u32>) {
        self.sums[0].add(mean, log_variance, most);
        if let Some(class) = class {
            let class = class as usize + 1;
            if self.sums.len() <= class {
                self.sums.resize(class + 1, Sums::new(self.latent));
            }
            self.sums[class].add(mean, log_variance, most);
        }
    }

    fn active(&self) -> usize {
        let all = &self.sums[0];
        let varies = |number: &usize| all.covariance(*number, *number) > ACTIVE;
        (0..self.latent).filter(varies).count()
    }

    /// What was counted.
    pub(crate) fn checks(&self) -> Vec<(String, f64)> {
        vec![
            ("latent numbers in use".to_owned(), self.active() as f64),
            ("latent numbers".to_owned(), self.latent as f64),
        ]
    }

    /// What to warn of.
    pub(crate) fn warning(&self) -> Option<Warning> {
        let active = self.active();
        let message = format!(
            "posterior collapse: of {} latent numbers {active} tell rows apart (their mean varies by more than {ACTIVE} \
             between rows); the rows that the model makes differ by little more than noise",
            self.latent
        );
        (active < self.latent.min(2)).then(|| Warning::new(Topic::Model, message))
    }

    /// Where the rows of each class lie (of all, where nothing is told), with their covariance or with this deviation.
    pub(crate) fn clouds(&self, told: &Told, spread: Option<f32>) -> Vec<Cloud> {
        let all = self.sums[0].cloud(spread);
        if told.heads.is_empty() {
            return vec![all];
        }
        let of = |code: usize| match self.sums.get(code + 1) {
            // Of fewer rows a covariance is of no use: they share that of all.
            Some(sums) if sums.rows > 0.0 && (spread.is_some() || sums.rows >= 2.0 * self.latent as f64) => {
                sums.cloud(spread)
            }
            Some(sums) if sums.rows > 0.0 => Cloud { factor: all.factor.clone(), ..sums.cloud(None) },
            _ => all.clone(),
        };
        (0..told.codes(0)).map(of).collect()
    }
}

impl Sums {
    fn new(latent: usize) -> Self {
        Sums {
            rows: 0.0,
            means: vec![0.0; latent],
            products: vec![0.0; latent * (latent + 1) / 2],
            variances: vec![0.0; latent],
        }
    }

    fn add(&mut self, mean: &[f32], log_variance: &[f32], most: f32) {
        self.rows += 1.0;
        let mut place = 0;
        for (row, &a) in mean.iter().enumerate() {
            self.means[row] += f64::from(a);
            self.variances[row] += math::exp(f64::from(log_variance[row].clamp(-most, most)));
            for &b in &mean[..=row] {
                self.products[place] += f64::from(a) * f64::from(b);
                place += 1;
            }
        }
    }

    /// The covariance of the means of two numbers, the first not before the second.
    fn covariance(&self, row: usize, column: usize) -> f64 {
        let product = self.products[row * (row + 1) / 2 + column] / self.rows;
        product - self.means[row] / self.rows * (self.means[column] / self.rows)
    }

    fn cloud(&self, spread: Option<f32>) -> Cloud {
        let latent = self.means.len();
        let mean = self.means.iter().map(|mean| (mean / self.rows) as f32).collect();
        let mut factor = vec![0.0_f64; latent * (latent + 1) / 2];
        let at = |row: usize, column: usize| row * (row + 1) / 2 + column;
        for row in 0..latent {
            if let Some(spread) = spread {
                factor[at(row, row)] = f64::from(spread);
                continue;
            }
            for column in 0..=row {
                // What the encoder leaves open is part of where rows lie.
                let own = if row == column { self.variances[row] / self.rows } else { 0.0 };
                let mut rest = self.covariance(row, column) + own;
                for before in 0..column {
                    rest -= factor[at(row, before)] * factor[at(column, before)];
                }
                factor[at(row, column)] =
                    if row == column { rest.max(1e-9).sqrt() } else { rest / factor[at(column, column)] };
            }
        }
        Cloud { mean, factor: factor.into_iter().map(|factor| factor as f32).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cloud_has_the_rows_mean_and_covariance() {
        let mut posterior = Posterior::new(2);
        for (a, b) in [(1.0_f32, 2.0_f32), (3.0, 2.0), (1.0, 4.0), (3.0, 8.0)] {
            posterior.add(&[a, b], &[0.0, f32::NEG_INFINITY], 8.0, Some(1));
        }
        let cloud = &posterior.clouds(&Told::default(), None)[0];
        assert_eq!(cloud.mean, [2.0, 4.0]);
        // Covariances: 1 + 1, 1, 6 and e to the power of -8.
        let [a, b, c] = cloud.factor[..] else { panic!("three factors of two numbers") };
        assert!((a * a - 2.0).abs() < 1e-5 && (a * b - 1.0).abs() < 1e-5);
        assert!((b * b + c * c - 6.0).abs() < 1e-3);
        assert_eq!(posterior.active(), 2);
        assert!(posterior.warning().is_none());
    }
}
