//! Distributions of numbers: what they need, their distribution functions and quantiles.
//!
//! # References
//! Johnson, N. L., Kotz, S. and Balakrishnan, N. (1994, 1995). *Continuous Univariate Distributions* 1 and 2. Wiley.
//! Johnson, N. L., Kemp, A. W. and Kotz, S. (2005). *Univariate Discrete Distributions*.
//! <https://doi.org/10.1002/0471715816>

use lookalike_core::{math, normal_cdf, normal_quantile};

use super::special::{beta_cdf, gamma_cdf, invert};

/// The family of a distribution. Its parameters come as numbers in the order of [`Family::parameters`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Normal,
    LogNormal,
    Uniform,
    Exponential,
    Gamma,
    Beta,
    Weibull,
    Pareto,
    StudentT,
    Binomial,
    Poisson,
    Geometric,
    NegativeBinomial,
    UniformInteger,
}

/// A parameter: its key, what it has to be, and what it is if nothing is said.
pub(super) struct ParameterRule {
    pub(super) key: &'static str,
    pub(super) default: Option<f64>,
    pub(super) wanted: &'static str,
    pub(super) fits: fn(f64) -> bool,
}

const fn rule(key: &'static str, wanted: &'static str, fits: fn(f64) -> bool) -> ParameterRule {
    ParameterRule { key, default: None, wanted, fits }
}

const fn with_default(
    key: &'static str,
    default: f64,
    wanted: &'static str,
    fits: fn(f64) -> bool,
) -> ParameterRule {
    ParameterRule { key, default: Some(default), wanted, fits }
}

fn finite(value: f64) -> bool {
    value.is_finite()
}

fn positive(value: f64) -> bool {
    value > 0.0 && value < 1e12
}

fn share(value: f64) -> bool {
    (0.0..=1.0).contains(&value)
}

fn some_share(value: f64) -> bool {
    value > 0.0 && value <= 1.0
}

fn count(value: f64) -> bool {
    (0.0..=1e9).contains(&value) && value.fract() == 0.0
}

fn mean_count(value: f64) -> bool {
    (0.0..=1e9).contains(&value)
}

fn whole(value: f64) -> bool {
    value.abs() <= 9e15 && value.fract() == 0.0
}

const POSITIVE: &str = "above 0 and below 1e12";

impl Family {
    pub(super) const ALL: [(Family, &'static str); 14] = [
        (Family::Normal, "normal"),
        (Family::LogNormal, "log-normal"),
        (Family::Uniform, "uniform"),
        (Family::Exponential, "exponential"),
        (Family::Gamma, "gamma"),
        (Family::Beta, "beta"),
        (Family::Weibull, "weibull"),
        (Family::Pareto, "pareto"),
        (Family::StudentT, "student-t"),
        (Family::Binomial, "binomial"),
        (Family::Poisson, "poisson"),
        (Family::Geometric, "geometric"),
        (Family::NegativeBinomial, "negative-binomial"),
        (Family::UniformInteger, "uniform-integer"),
    ];

    pub(super) fn from_name(name: &str) -> Option<Family> {
        Self::ALL.into_iter().find(|entry| entry.1 == name).map(|entry| entry.0)
    }

    pub(super) fn parameters(self) -> &'static [ParameterRule] {
        match self {
            Family::Normal => {
                const {
                    &[
                        with_default("mean", 0.0, "a finite number", finite),
                        with_default("sd", 1.0, POSITIVE, positive),
                    ]
                }
            }
            Family::LogNormal => {
                const { &[rule("median", POSITIVE, positive), rule("sigma", POSITIVE, positive)] }
            }
            Family::Uniform => {
                const {
                    &[
                        with_default("low", 0.0, "a finite number", finite),
                        with_default("high", 1.0, "a finite number", finite),
                    ]
                }
            }
            Family::Exponential => const { &[rule("mean", POSITIVE, positive)] },
            Family::Gamma | Family::Weibull => {
                const { &[rule("shape", POSITIVE, positive), with_default("scale", 1.0, POSITIVE, positive)] }
            }
            Family::Beta => const { &[rule("alpha", POSITIVE, positive), rule("beta", POSITIVE, positive)] },
            Family::Pareto => {
                const { &[with_default("low", 1.0, POSITIVE, positive), rule("shape", POSITIVE, positive)] }
            }
            Family::StudentT => {
                const {
                    &[
                        rule("freedom", POSITIVE, positive),
                        with_default("mean", 0.0, "a finite number", finite),
                        with_default("scale", 1.0, POSITIVE, positive),
                    ]
                }
            }
            Family::Binomial => {
                const {
                    &[
                        rule("trials", "a whole number from 0 to 1e9", count),
                        rule("share", "from 0 to 1", share),
                    ]
                }
            }
            Family::Poisson => const { &[rule("mean", "from 0 to 1e9", mean_count)] },
            Family::Geometric => const { &[rule("share", "above 0 and at most 1", some_share)] },
            Family::NegativeBinomial => {
                const { &[rule("mean", "from 0 to 1e9", mean_count), rule("dispersion", POSITIVE, positive)] }
            }
            Family::UniformInteger => {
                const { &[rule("low", "a whole number", whole), rule("high", "a whole number", whole)] }
            }
        }
    }

    /// True when all values are whole numbers.
    pub(super) fn is_discrete(self) -> bool {
        matches!(
            self,
            Family::Binomial
                | Family::Poisson
                | Family::Geometric
                | Family::NegativeBinomial
                | Family::UniformInteger
        )
    }

    /// The least and the most value.
    pub(super) fn support(self, p: &[f64]) -> (f64, f64) {
        match self {
            Family::Normal | Family::StudentT => (f64::NEG_INFINITY, f64::INFINITY),
            Family::Uniform | Family::UniformInteger => (p[0], p[1]),
            Family::Beta => (0.0, 1.0),
            Family::Pareto => (p[0], f64::INFINITY),
            Family::Binomial => (0.0, p[0]),
            Family::Geometric => (1.0, f64::INFINITY),
            _ => (0.0, f64::INFINITY),
        }
    }

    /// The probability of values up to and including `x`.
    pub(super) fn cdf(self, p: &[f64], x: f64) -> f64 {
        let (low, high) = self.support(p);
        if x < low {
            return 0.0;
        }
        if x >= high {
            return 1.0;
        }
        match self {
            Family::Normal => normal_cdf((x - p[0]) / p[1]),
            Family::LogNormal if x <= 0.0 => 0.0,
            Family::LogNormal => normal_cdf((math::ln(x) - math::ln(p[0])) / p[1]),
            Family::Uniform => (x - p[0]) / (p[1] - p[0]),
            Family::Exponential => -math::expm1(-x / p[0]),
            Family::Gamma => gamma_cdf(p[0], x / p[1]),
            Family::Beta => beta_cdf(p[0], p[1], x),
            Family::Weibull => -math::expm1(-math::pow(x / p[1], p[0])),
            Family::Pareto => 1.0 - math::pow(p[0] / x, p[1]),
            Family::StudentT => {
                let t = (x - p[1]) / p[2];
                let tail = 0.5 * beta_cdf(0.5 * p[0], 0.5, p[0] / (p[0] + t * t));
                if t > 0.0 { 1.0 - tail } else { tail }
            }
            Family::Binomial => {
                let k = x.floor();
                if p[1] <= 0.0 {
                    1.0
                } else if p[1] >= 1.0 {
                    0.0
                } else {
                    beta_cdf(p[0] - k, k + 1.0, 1.0 - p[1])
                }
            }
            // Both are always 0 then.
            Family::Poisson | Family::NegativeBinomial if p[0] <= 0.0 => 1.0,
            Family::Poisson => 1.0 - gamma_cdf(x.floor() + 1.0, p[0]),
            Family::Geometric => -math::expm1(x.floor() * math::ln_1p(-p[0])),
            Family::NegativeBinomial => beta_cdf(p[1], x.floor() + 1.0, p[1] / (p[1] + p[0])),
            Family::UniformInteger => (x.floor() - p[0] + 1.0) / (p[1] - p[0] + 1.0),
        }
    }

    /// The value that a share `u` of the distribution, in (0, 1), lies at or below.
    pub(super) fn quantile(self, p: &[f64], u: f64) -> f64 {
        match self {
            Family::Normal => p[0] + p[1] * normal_quantile(u),
            Family::LogNormal => p[0] * math::exp(p[1] * normal_quantile(u)),
            Family::Uniform => p[0] + (p[1] - p[0]) * u,
            Family::Exponential => -p[0] * math::ln_1p(-u),
            Family::Weibull => p[1] * math::pow(-math::ln_1p(-u), 1.0 / p[0]),
            Family::Pareto => p[0] * math::exp(-math::ln_1p(-u) / p[1]),
            Family::Gamma => {
                // Of large shapes this is the distribution itself.
                let guess = wilson_hilferty(p[0], u);
                p[1] * bracketed(u, guess, |x| gamma_cdf(p[0], x))
            }
            Family::Beta => invert(u, 0.0, 1.0, |x| beta_cdf(p[0], p[1], x)),
            Family::StudentT => {
                let tail = if u < 0.5 { 2.0 * u } else { 2.0 * (1.0 - u) };
                let x = invert(tail, 0.0, 1.0, |x| beta_cdf(0.5 * p[0], 0.5, x));
                let t = (p[0] * (1.0 - x) / x.max(1e-300)).sqrt();
                p[1] + p[2] * if u < 0.5 { -t } else { t }
            }
            Family::UniformInteger => {
                let count = p[1] - p[0] + 1.0;
                (p[0] + (u * count).floor()).min(p[1])
            }
            Family::Geometric if p[0] >= 1.0 => 1.0,
            Family::Geometric => (math::ln_1p(-u) / math::ln_1p(-p[0])).ceil().max(1.0),
            Family::Binomial => self.whole_quantile(p, u, p[0] * p[1], (p[0] * p[1] * (1.0 - p[1])).sqrt()),
            Family::Poisson => self.whole_quantile(p, u, p[0], p[0].sqrt()),
            Family::NegativeBinomial => self.whole_quantile(p, u, p[0], (p[0] + p[0] * p[0] / p[1]).sqrt()),
        }
    }

    /// The least whole number whose distribution function reaches `u`, by bisection from a guess.
    fn whole_quantile(self, p: &[f64], u: f64, mean: f64, sd: f64) -> f64 {
        let (low, high) = self.support(p);
        let guess = (mean + sd * normal_quantile(u)).floor().clamp(low, high.min(1e15));
        let mut step = (0.1 * sd).floor().max(1.0);
        // `under` has less than u below or at it (or is below the support), `at` reaches it.
        let (mut under, mut at);
        if self.cdf(p, guess) >= u {
            at = guess;
            under = guess - step;
            while under >= low && self.cdf(p, under) >= u {
                at = under;
                step *= 2.0;
                under -= step;
            }
            under = under.max(low - 1.0);
        } else {
            under = guess;
            at = guess + step;
            while at < high && self.cdf(p, at) < u {
                under = at;
                step *= 2.0;
                at += step;
            }
            at = at.min(high);
        }
        while at - under > 1.0 {
            let middle = ((at + under) * 0.5).floor();
            if self.cdf(p, middle) >= u { at = middle } else { under = middle }
        }
        at
    }
}

/// A first guess of a gamma quantile with scale 1 (Wilson and Hilferty 1931, <https://doi.org/10.1073/pnas.17.12.684>).
fn wilson_hilferty(shape: f64, u: f64) -> f64 {
    let ninth = 1.0 / (9.0 * shape);
    let root = 1.0 - ninth + normal_quantile(u) * ninth.sqrt();
    if root > 0.0 {
        return shape * root * root * root;
    }
    // Far in the lower tail P(a, x) is about x^a / (a gamma(a)).
    math::exp((math::ln(u) + math::ln_gamma(shape + 1.0)) / shape)
}

/// Inverts a distribution function on the positive numbers from a guess.
fn bracketed(u: f64, guess: f64, cdf: impl Fn(f64) -> f64) -> f64 {
    let guess = guess.max(1e-290);
    let (mut low, mut high) = (guess * 0.9, guess * 1.1);
    while low > 1e-300 && cdf(low) > u {
        high = low;
        low *= 0.25;
    }
    while high < 1e300 && cdf(high) < u {
        low = high;
        high *= 2.0;
    }
    invert(u, low, high, cdf)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_invert_distribution_functions() {
        let cases: [(Family, &[f64]); 20] = [
            (Family::Normal, &[3.0, 2.0]),
            (Family::LogNormal, &[30.0, 0.7]),
            (Family::Uniform, &[-1.0, 4.0]),
            (Family::Exponential, &[5.0]),
            (Family::Gamma, &[0.3, 2.0]),
            (Family::Gamma, &[40.0, 1.0]),
            (Family::Beta, &[0.5, 0.5]),
            (Family::Beta, &[20.0, 3.0]),
            (Family::Weibull, &[1.7, 3.0]),
            (Family::Pareto, &[2.0, 3.0]),
            (Family::StudentT, &[3.0, 1.0, 2.0]),
            (Family::Binomial, &[20.0, 0.3]),
            (Family::Binomial, &[100_000.0, 0.001]),
            (Family::Poisson, &[0.7]),
            (Family::Poisson, &[5000.0]),
            (Family::Geometric, &[0.2]),
            (Family::NegativeBinomial, &[4.0, 0.5]),
            (Family::UniformInteger, &[-3.0, 9.0]),
            (Family::Binomial, &[7.0, 1.0]),
            (Family::Poisson, &[0.0]),
        ];
        for (family, p) in cases {
            for u in [1e-6, 0.01, 0.2, 0.5, 0.77, 0.99, 1.0 - 1e-6] {
                let x = family.quantile(p, u);
                if family.is_discrete() {
                    assert!(family.cdf(p, x) >= u - 1e-12, "{family:?} {p:?} {u}: {x}");
                    assert!(family.cdf(p, x - 1.0) < u + 1e-12, "{family:?} {p:?} {u}: {x}");
                } else {
                    assert!((family.cdf(p, x) - u).abs() < 1e-9, "{family:?} {p:?} {u}: {x}");
                }
            }
        }
    }

    #[test]
    fn distribution_functions_are_those_of_scipy() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/scipy/figures.json");
        let text = std::fs::read_to_string(path).expect("the fixture is part of the repository");
        let cases: Vec<serde_json::Value> = serde_json::from_str(&text).expect("a list");
        assert!(cases.len() > 30);
        let numbers = |value: &serde_json::Value| -> Vec<f64> {
            value.as_array().expect("a list").iter().map(|x| x.as_f64().expect("a number")).collect()
        };
        for case in &cases {
            let family = Family::from_name(case["family"].as_str().expect("a name")).expect("one of ours");
            let p = numbers(&case["parameters"]);
            // Of large shapes the distribution is an approximation that no sample can tell.
            let slack = if p.iter().any(|parameter| *parameter > 1e5) { 2e-5 } else { 1e-9 };
            for (x, expected) in numbers(&case["values"]).into_iter().zip(numbers(&case["cdf"])) {
                let found = family.cdf(&p, x);
                assert!((found - expected).abs() < slack, "{family:?} {p:?} at {x}: {found} of {expected}");
                // Of the smallest shapes half of the values are below the smallest double.
                if (1e-4..0.9999).contains(&expected) && !family.is_discrete() && p[0] > 0.01 {
                    let back = family.cdf(&p, family.quantile(&p, expected));
                    assert!((back - expected).abs() < slack, "{family:?} {p:?} {expected}: {back}");
                }
            }
        }
    }
}
