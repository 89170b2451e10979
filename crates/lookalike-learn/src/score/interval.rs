//! Exact intervals and quantiles by the incomplete beta function.

use lookalike_core::math;

/// The interval of Clopper and Pearson: the shares under which seeing so many successes, or more extreme numbers, is not
/// too unlikely. It holds the true share at least as often as `confidence` says, whatever the number of trials.
/// Without trials: from 0 to 1.
///
/// # References
/// Clopper, C. J. and Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in the case of the
/// binomial. *Biometrika* 26(4). <https://doi.org/10.1093/biomet/26.4.404>
///
/// # Panics
/// If there are more successes than trials.
///
/// ```
/// use lookalike_learn::score::clopper_pearson;
/// let [low, high] = clopper_pearson(0, 100, 0.95);
/// assert_eq!(low, 0.0);
/// assert!((high - 0.036_216_692_645).abs() < 1e-8);
/// ```
pub fn clopper_pearson(successes: u64, trials: u64, confidence: f64) -> [f64; 2] {
    assert!(successes <= trials, "more successes than trials");
    let (k, n) = (successes as f64, trials as f64);
    let tail = (1.0 - confidence) / 2.0;
    let low = if successes == 0 { 0.0 } else { beta_quantile(k, n - k + 1.0, tail) };
    let high = if successes == trials { 1.0 } else { beta_quantile(k + 1.0, n - k, 1.0 - tail) };
    [low, high]
}

/// The probability of at least so many successes in independent trials that succeed with `probability` each.
///
/// ```
/// let tail = lookalike_learn::score::binomial_tail(8, 10, 0.5);
/// assert!((tail - 56.0 / 1024.0).abs() < 1e-12);
/// ```
///
/// # Panics
/// If there are more successes than trials.
pub fn binomial_tail(successes: u64, trials: u64, probability: f64) -> f64 {
    assert!(successes <= trials, "more successes than trials");
    if successes == 0 {
        return 1.0;
    }
    incomplete_beta(successes as f64, (trials - successes) as f64 + 1.0, probability)
}

/// The quantile of Student's t distribution with so many degrees of freedom.
///
/// ```
/// let t = lookalike_learn::score::student_quantile(0.975, 4.0);
/// assert!((t - 2.776_445_105).abs() < 1e-8);
/// ```
pub fn student_quantile(probability: f64, degrees_of_freedom: f64) -> f64 {
    if probability == 0.5 {
        return 0.0;
    }
    let tail = if probability < 0.5 { probability } else { 1.0 - probability };
    // P(T > t) is half the incomplete beta function at x = df / (df + t²).
    let x = beta_quantile(degrees_of_freedom / 2.0, 0.5, 2.0 * tail);
    let t = (degrees_of_freedom * (1.0 - x) / x).sqrt();
    if probability < 0.5 { -t } else { t }
}

/// Where the regularized incomplete beta function is `probability`, by bisection.
fn beta_quantile(a: f64, b: f64, probability: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    // Ends when no number lies between.
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return middle;
        }
        if incomplete_beta(a, b, middle) < probability {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// The regularized incomplete beta function by its continued fraction (DLMF 8.17.22, <https://dlmf.nist.gov/8.17>).
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    let front = math::exp(
        math::ln_gamma(a + b) - math::ln_gamma(a) - math::ln_gamma(b) + a * math::ln(x) + b * math::ln_1p(-x),
    );
    // The fraction converges fast on this side only.
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(a, b, x) / a
    } else {
        1.0 - front * fraction(b, a, 1.0 - x) / b
    }
}

/// The continued fraction, evaluated from its beginning (Lentz 1976, <https://doi.org/10.1364/AO.15.000668>).
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away_from_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for step in 1..100_000 {
        let m = f64::from(step);
        for numerator in [
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        ] {
            d = 1.0 / away_from_zero(1.0 + numerator * d);
            c = away_from_zero(1.0 + numerator / c);
            value *= c * d;
        }
        if (c * d - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded with `scipy.stats.beta.ppf` and `scipy.stats.t.ppf`, `SciPy` 1.17.1.
    #[test]
    fn equals_recorded_quantiles() {
        let cases = [
            (5, 100, 0.95, [0.016_431_879_182_052_158, 0.112_834_911_105_462_75]),
            (128, 256, 0.95, [0.437_108_648_940_364_5, 0.562_891_351_059_635_5]),
            (1, 1_000_000, 0.99, [5.012_541_810_981_499e-9, 7.430_105_611_978_525e-6]),
            (10, 10, 0.95, [0.691_502_892_181_24, 1.0]),
        ];
        for (successes, trials, confidence, expected) in cases {
            let found = clopper_pearson(successes, trials, confidence);
            for (found, expected) in found.into_iter().zip(expected) {
                assert!((found - expected).abs() <= 1e-9 * expected, "{successes}: {found} of {expected}");
            }
        }
        for (probability, freedom, expected) in [
            (0.975, 1.0, 12.706_204_736_174_694),
            (0.95, 30.0, 1.697_260_886_593_957),
            (0.005, 2.5, -7.163_728_138_948_786),
        ] {
            let found = student_quantile(probability, freedom);
            assert!((found - expected).abs() < 1e-9 * expected.abs(), "{found} of {expected}");
        }
        assert_eq!(clopper_pearson(0, 0, 0.95), [0.0, 1.0]);
    }
}
