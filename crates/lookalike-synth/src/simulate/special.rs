//! Incomplete gamma and beta functions, by series and continued fractions of pinned arithmetic.
//!
//! # References
//! NIST Digital Library of Mathematical Functions, sections 8.7, 8.9 and 8.17. <https://dlmf.nist.gov/8>
//! Wilson, E. B. and Hilferty, M. M. (1931). The distribution of chi-square. *PNAS* 17, 684–688.
//! <https://doi.org/10.1073/pnas.17.12.684> (large shapes; for the beta distribution as Paulson 1942,
//! <https://doi.org/10.1214/aoms/1177731608>)
//! Lentz, W. J. (1976). Generating Bessel functions in Mie scattering calculations using continued fractions. *Applied
//! Optics* 15, 668–671. <https://doi.org/10.1364/AO.15.000668>

use lookalike_core::{math, normal_cdf};

const TINY: f64 = 1e-300;
const PRECISION: f64 = 1e-15;
/// Enough for shapes up to [`LARGE`].
const MOST_TERMS: usize = 20_000;
/// Shapes from which on cube roots are normal to better than a millionth.
const LARGE: f64 = 1e5;

/// The regularised lower incomplete gamma function P(a, x), for a > 0 and x >= 0.
pub(super) fn gamma_cdf(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if a > LARGE {
        let ninth = 1.0 / (9.0 * a);
        return normal_cdf((math::pow(x / a, 1.0 / 3.0) - 1.0 + ninth) / ninth.sqrt());
    }
    let scale = math::exp(a * math::ln(x) - x - math::ln_gamma(a));
    if x < a + 1.0 {
        let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
        for _ in 0..MOST_TERMS {
            n += 1.0;
            term *= x / n;
            sum += term;
            if term < sum * PRECISION {
                break;
            }
        }
        return (sum * scale).clamp(0.0, 1.0);
    }
    let mut b = x + 1.0 - a;
    let (mut c, mut d) = (1.0 / TINY, 1.0 / b);
    let mut fraction = d;
    for n in 1..MOST_TERMS {
        let step = -(n as f64) * (n as f64 - a);
        b += 2.0;
        d = 1.0 / apart(step * d + b);
        c = apart(b + step / c);
        fraction *= d * c;
        if (d * c - 1.0).abs() < PRECISION {
            break;
        }
    }
    (1.0 - scale * fraction).clamp(0.0, 1.0)
}

/// The regularised incomplete beta function `I_x(a`, b), for a, b > 0 and x in [0, 1].
pub(super) fn beta_cdf(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    if a.min(b) > LARGE {
        // The ratio of two gamma variables, both of large shape.
        let (own, other) = (1.0 / (9.0 * a), 1.0 / (9.0 * b));
        let (left, right) = (math::pow(x / a, 1.0 / 3.0), math::pow((1.0 - x) / b, 1.0 / 3.0));
        let spread = (left * left * other + right * right * own).sqrt();
        return normal_cdf((left * (1.0 - other) - right * (1.0 - own)) / spread);
    }
    let scale = math::exp(
        math::ln_gamma(a + b) - math::ln_gamma(a) - math::ln_gamma(b) + a * math::ln(x) + b * math::ln_1p(-x),
    );
    if x < (a + 1.0) / (a + b + 2.0) {
        (scale * beta_fraction(a, b, x) / a).clamp(0.0, 1.0)
    } else {
        (1.0 - scale * beta_fraction(b, a, 1.0 - x) / b).clamp(0.0, 1.0)
    }
}

fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    let (mut c, mut d) = (1.0, 1.0 / apart(1.0 - (a + b) * x / (a + 1.0)));
    let mut fraction = d;
    for m in 1..MOST_TERMS {
        let m = m as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / apart(1.0 + even * d);
        c = apart(1.0 + even / c);
        fraction *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / apart(1.0 + odd * d);
        c = apart(1.0 + odd / c);
        fraction *= d * c;
        if (d * c - 1.0).abs() < PRECISION {
            break;
        }
    }
    fraction
}

/// Keeps a denominator away from 0.
fn apart(value: f64) -> f64 {
    if value.abs() < TINY { TINY } else { value }
}

/// Where a rising function on `[low, high]` reaches `p`, by bisection with secant steps (the Illinois method; Dowell and
/// Jarratt 1971, <https://doi.org/10.1007/BF01934364>).
pub(super) fn invert(p: f64, low: f64, high: f64, cdf: impl Fn(f64) -> f64) -> f64 {
    let (mut a, mut b) = (low, high);
    let (mut fa, mut fb) = (cdf(a) - p, cdf(b) - p);
    if fa >= 0.0 {
        return a;
    }
    if fb <= 0.0 {
        return b;
    }
    let mut side = 0;
    for round in 0..200 {
        let secant = (a * fb - b * fa) / (fb - fa);
        // Every third step halves, so that it always ends.
        let middle = if round % 3 == 2 || !(secant > a && secant < b) { 0.5 * (a + b) } else { secant };
        if middle <= a || middle >= b || (b - a) <= 4.0 * f64::EPSILON * middle.abs() {
            break;
        }
        let f = cdf(middle) - p;
        if f == 0.0 {
            return middle;
        }
        if f < 0.0 {
            (a, fa) = (middle, f);
            if side == -1 {
                fb *= 0.5;
            }
            side = -1;
        } else {
            (b, fb) = (middle, f);
            if side == 1 {
                fa *= 0.5;
            }
            side = 1;
        }
    }
    0.5 * (a + b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        // Of the chi-squared and beta tables: P(1, x) = 1 - exp(-x), P(1/2, x) = erf(sqrt x), I_x(1, b) = 1 - (1 - x)^b.
        for x in [0.01, 0.5, 1.0, 3.0, 20.0] {
            assert!((gamma_cdf(1.0, x) - (1.0 - math::exp(-x))).abs() < 1e-14, "{x}");
            assert!((gamma_cdf(0.5, x) - math::erf(x.sqrt())).abs() < 1e-14, "{x}");
        }
        assert!((gamma_cdf(2.5, 5.543_638) - 0.95).abs() < 1e-3);
        for x in [0.01, 0.3, 0.5, 0.9] {
            assert!((beta_cdf(1.0, 3.0, x) - (1.0 - math::pow(1.0 - x, 3.0))).abs() < 1e-14, "{x}");
            assert!((beta_cdf(2.0, 5.0, x) + beta_cdf(5.0, 2.0, 1.0 - x) - 1.0).abs() < 1e-14, "{x}");
        }
    }

    #[test]
    fn inverting_comes_back() {
        for p in [1e-9, 0.01, 0.3, 0.5, 0.9, 1.0 - 1e-9] {
            let x = invert(p, 0.0, 1e4, |x| gamma_cdf(7.3, x));
            assert!((gamma_cdf(7.3, x) - p).abs() < 1e-12, "{p}");
        }
    }
}
