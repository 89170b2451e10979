use lookalike_core::normal_pdf;
use lookalike_table::Codes;

use crate::frame::{Encoded, Frame, Source};
use crate::latent::{Latent, Variable};

/// Terms of the series that are kept. Scores are step functions, whose coefficients fall off slowly; beyond this
/// the powers of a correlation below 0.97 no longer matter.
pub(super) const TERMS: usize = 192;

/// A latent variable's observable side.
pub(super) struct Scored {
    /// Per row, the mean of the latent variable given the row's segment; 0 where missing. Scaled to variance one
    /// over the rows that have a value.
    pub(super) values: Vec<f32>,
    /// True where there is no value. `None` when every row has one.
    pub(super) missing: Option<Vec<bool>>,
    /// Coefficients of that step function in normalised Hermite polynomials 1, 2, ..., for the scaled scores.
    pub(super) hermite: [f64; TERMS],
}

/// Scores of all variables.
pub(super) fn scores(frame: &Frame, encoded: &Encoded, variables: &[Variable]) -> Vec<Scored> {
    variables
        .iter()
        .map(|variable| match *variable {
            Variable::Values(column) => {
                let Source::Margin(margin) = &frame.sources[column] else {
                    unreachable!("variables have a margin")
                };
                let mut borders = margin.normal_borders();
                borders[0] = f64::NEG_INFINITY;
                scored(&borders, &encoded.segments[column])
            }
            Variable::Mask(mask) => {
                let borders = [f64::NEG_INFINITY, Latent::threshold(frame, mask), f64::INFINITY];
                let segments: Vec<u32> =
                    encoded.masks[mask].iter().map(|&missing| u32::from(missing)).collect();
                scored(&borders, &segments)
            }
        })
        .collect()
}

fn scored(borders: &[f64], segments: &[u32]) -> Scored {
    let n_segments = borders.len() - 1;
    let densities: Vec<f64> =
        borders.iter().map(|&z| if z.is_finite() { normal_pdf(z) } else { 0.0 }).collect();
    let mut counts = vec![0_u64; n_segments];
    let mut present = 0_u64;
    for &segment in segments.iter().filter(|&&segment| segment != Codes::MISSING) {
        counts[segment as usize] += 1;
        present += 1;
    }
    let total = present.max(1) as f64;
    // The mean of a normal variable between two borders is the difference of densities over the probability.
    let mut steps: Vec<f64> = (0..n_segments)
        .map(|s| {
            let share = counts[s] as f64 / total;
            if share > 0.0 { (densities[s] - densities[s + 1]) / share } else { 0.0 }
        })
        .collect();
    let variance: f64 =
        steps.iter().zip(&counts).map(|(score, &count)| score * score * count as f64 / total).sum();
    let scale = if variance > 0.0 { 1.0 / variance.sqrt() } else { 0.0 };
    for step in &mut steps {
        *step *= scale;
    }
    let missing = (present < segments.len() as u64)
        .then(|| segments.iter().map(|&segment| segment == Codes::MISSING).collect());
    let values = segments
        .iter()
        .map(|&segment| if segment == Codes::MISSING { 0.0 } else { steps[segment as usize] as f32 })
        .collect();
    Scored { values, missing, hermite: coefficients(borders, &densities, &steps) }
}

/// Coefficient m is the sum over segments of score times the integral of the m-th polynomial times the density,
/// and that integral is the difference of `He[m-1] * density` at the borders, over the square root of m!.
fn coefficients(borders: &[f64], densities: &[f64], steps: &[f64]) -> [f64; TERMS] {
    let mut coefficients = [0.0; TERMS];
    for inner in 1..borders.len() - 1 {
        // Segments meet here: what the lower one gains, the upper one loses.
        let jump = steps[inner] - steps[inner - 1];
        let (z, density) = (borders[inner], densities[inner]);
        if !z.is_finite() {
            continue;
        }
        // Normalised polynomials h[m] = He[m] / sqrt(m!): h[m+1] = (z h[m] - sqrt(m) h[m-1]) / sqrt(m+1).
        let (mut before, mut current) = (0.0, 1.0);
        for (m, coefficient) in coefficients.iter_mut().enumerate() {
            let order = (m + 1) as f64;
            *coefficient += jump * density * current / order.sqrt();
            let next = (z * current - (m as f64).sqrt() * before) / order.sqrt();
            (before, current) = (current, next);
        }
    }
    coefficients
}

/// Lets tests of other files score plain segments.
#[cfg(test)]
pub(super) fn scored_for_tests(borders: &[f64], segments: &[u32]) -> Scored {
    scored(borders, segments)
}

#[cfg(test)]
mod tests {
    use lookalike_core::normal_quantile;

    use super::*;

    #[test]
    fn a_fine_staircase_is_nearly_the_identity() {
        let n = 2000;
        let borders: Vec<f64> = (0..=n).map(|i| normal_quantile(f64::from(i) / f64::from(n))).collect();
        let scored = scored(&borders, &(0..n as u32).collect::<Vec<_>>());
        assert!((scored.hermite[0] - 1.0).abs() < 2e-3);
        assert!(scored.hermite[1..].iter().all(|c| c.abs() < 0.03));
    }

    #[test]
    fn the_coefficients_add_up_to_the_variance() {
        // Two equal halves: coefficients of a sign function, whose squares add up to one.
        let borders = [f64::NEG_INFINITY, 0.0, f64::INFINITY];
        let scored = scored(&borders, &[0, 1, 0, 1]);
        let sum: f64 = scored.hermite.iter().map(|c| c * c).sum();
        assert!((scored.hermite[0].powi(2) - 2.0 / std::f64::consts::PI).abs() < 1e-12);
        assert!(sum > 0.88 && sum < 1.0, "{sum}");
        assert_eq!(scored.values, [-1.0, 1.0, -1.0, 1.0]);
    }
}
