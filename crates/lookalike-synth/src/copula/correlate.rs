use lookalike_core::Phase;
use rayon::prelude::*;

use super::scores::{Scored, TERMS};
use crate::error::Result;

/// Latent correlations stay below this, so that no variable determines another to the last bit.
const MOST: f64 = 0.9995;
/// Steps of the search for a latent correlation.
const MOST_STEPS: usize = 40;
/// Smallest eigenvalue of a repaired matrix.
const FLOOR: f64 = 1e-6;
/// Fewer common rows than this say nothing of a correlation.
const FEWEST_ROWS: usize = 3;

/// The latent correlation matrix (row-major and full) behind the scores.
pub(super) fn correlations(scored: &[Scored], phase: &Phase<'_>) -> Result<Vec<f64>> {
    let size = scored.len();
    let rows: Vec<Vec<f64>> = (0..size)
        .into_par_iter()
        .map(|a| {
            let row = (0..a).map(|b| latent(&scored[a], &scored[b])).collect();
            phase.advance(1)?;
            Ok(row)
        })
        .collect::<Result<_>>()?;
    let mut matrix = vec![0.0; size * size];
    for (a, row) in rows.iter().enumerate() {
        matrix[a * size + a] = 1.0;
        for (b, &value) in row.iter().enumerate() {
            matrix[a * size + b] = value;
            matrix[b * size + a] = value;
        }
    }
    Ok(matrix)
}

/// The latent correlation under which the scores would correlate as they do.
fn latent(a: &Scored, b: &Scored) -> f64 {
    let observed = observed(a, b);
    let series: [f64; TERMS] = std::array::from_fn(|m| a.hermite[m] * b.hermite[m]);
    let value = |rho: f64| series.iter().rev().fold(0.0, |sum, coefficient| (sum + coefficient) * rho);
    // The expected product of two rising functions rises with the correlation: one root, between the ends. The
    // secant through them is cut short whenever one end stays where it is (the Illinois rule).
    let (mut low, mut high) = (-MOST, MOST);
    let (mut below, mut above) = (value(low) - observed, value(high) - observed);
    if below >= 0.0 {
        return low;
    }
    if above <= 0.0 {
        return high;
    }
    for _ in 0..MOST_STEPS {
        let middle = low - below * (high - low) / (above - below);
        let here = value(middle) - observed;
        if here < 0.0 {
            (low, below) = (middle, here);
            above *= 0.5;
        } else {
            (high, above) = (middle, here);
            below *= 0.5;
        }
        if here.abs() < 1e-10 || high - low < 1e-10 {
            return middle;
        }
    }
    0.5 * (low + high)
}

/// The mean product of scores over rows that have both, each standardised over these rows.
fn observed(a: &Scored, b: &Scored) -> f64 {
    // Eight sums in a fixed order: the compiler may keep them in one register, the result is the same anyway.
    const LANES: usize = 8;
    if a.missing.is_none() && b.missing.is_none() {
        let mut sums = [0.0_f64; LANES];
        let (left, right) = (a.values.chunks_exact(LANES), b.values.chunks_exact(LANES));
        let rest: f64 =
            left.remainder().iter().zip(right.remainder()).map(|(&x, &y)| f64::from(x) * f64::from(y)).sum();
        for (x, y) in left.zip(right) {
            for lane in 0..LANES {
                sums[lane] += f64::from(x[lane]) * f64::from(y[lane]);
            }
        }
        return (sums.iter().sum::<f64>() + rest) / a.values.len() as f64;
    }
    let absent = |scored: &Scored, row: usize| scored.missing.as_ref().is_some_and(|flags| flags[row]);
    let (mut count, mut sums) = (0, [0.0_f64; 5]);
    for row in 0..a.values.len() {
        if absent(a, row) || absent(b, row) {
            continue;
        }
        let (x, y) = (f64::from(a.values[row]), f64::from(b.values[row]));
        count += 1;
        for (sum, term) in sums.iter_mut().zip([x, y, x * x, y * y, x * y]) {
            *sum += term;
        }
    }
    if count < FEWEST_ROWS {
        return 0.0;
    }
    let n = count as f64;
    let [x, y, xx, yy, xy] = sums.map(|sum| sum / n);
    let scale = ((xx - x * x) * (yy - y * y)).sqrt();
    // Products are put back on the scale of the whole column, which the series belongs to.
    if scale > 1e-12 { (xy - x * y) / scale } else { 0.0 }
}

/// Makes the matrix positive definite if it is not; true if it had to be changed.
pub(super) fn repair(matrix: &mut [f64], size: usize) -> bool {
    use lookalike_learn::gaussian;
    if gaussian::cholesky_with_floor(size, FLOOR, |row, column| matrix[row * size + column]).is_some() {
        return false;
    }
    gaussian::nearest_correlation(matrix, size, FLOOR);
    true
}

#[cfg(test)]
mod tests {
    use lookalike_core::{Seed, normal_quantile};

    use super::*;
    use crate::copula::scores;

    fn column(values: &[f64], borders: &[f64]) -> Scored {
        let segments: Vec<u32> =
            values.iter().map(|&z| borders[1..].partition_point(|&border| border <= z) as u32).collect();
        scores::scored_for_tests(borders, &segments)
    }

    #[test]
    fn discretised_normals_give_back_their_correlation() {
        let mut stream = Seed::new(11).stream("test", 0);
        for rho in [-0.9, -0.3, 0.0, 0.5, 0.8, 0.95] {
            let (mut x, mut y) = (Vec::new(), Vec::new());
            for _ in 0..60_000 {
                let (a, b) = (stream.normal(), stream.normal());
                x.push(a);
                y.push(rho * a + (1.0_f64 - rho * rho).sqrt() * b);
            }
            let two = [f64::NEG_INFINITY, 1.0, f64::INFINITY];
            let five: Vec<f64> = [0.0, 0.1, 0.3, 0.6, 0.95, 1.0].map(normal_quantile).to_vec();
            let fine: Vec<f64> = (0..=400).map(|i| normal_quantile(f64::from(i) / 400.0)).collect();
            for (a, b) in [(&two[..], &five[..]), (&five[..], &fine[..]), (&fine[..], &fine[..])] {
                let found = latent(&column(&x, a), &column(&y, b));
                assert!((found - rho).abs() < 0.03, "{rho} came back as {found}");
            }
        }
    }

    #[test]
    fn contradicting_correlations_are_repaired() {
        let mut matrix = vec![1.0, 0.9, -0.9, 0.9, 1.0, 0.9, -0.9, 0.9, 1.0];
        assert!(repair(&mut matrix, 3));
        assert!(!repair(&mut matrix.clone(), 3));
        assert!((0..3).all(|i| (matrix[i * 4] - 1.0).abs() < 1e-12));
    }
}
