//! Elementary functions of single precision that a compiler turns into vectors, and loops over them.
//!
//! All are polynomials made of additions, products and fused multiply-adds, so that they round the same way on every
//! processor; none gives a denormal number, on which processors are many times slower.

#![expect(
    clippy::inline_always,
    reason = "what is not inlined into the loop of a dispatch is not vectorised"
)]
#![expect(clippy::excessive_precision, reason = "coefficients as they were published")]

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// Numbers that one thread takes at once; fewer stay on their thread, since waking another takes longer.
const CHUNK: usize = 1 << 18;

/// A function of one number that is inlined wherever it is used: what is not inlined into a dispatch is not vectorised.
pub(crate) trait Map: Copy + Sync {
    /// The function's value.
    fn of(self, x: f32) -> f32;
}

/// A function of two numbers that is inlined wherever it is used.
pub(crate) trait Join: Copy + Sync {
    /// The function's value.
    fn of(self, a: f32, b: f32) -> f32;
}

/// [`exp`].
#[derive(Clone, Copy)]
pub(crate) struct Exp;
/// [`tanh`].
#[derive(Clone, Copy)]
pub(crate) struct Tanh;
/// [`sigmoid`].
#[derive(Clone, Copy)]
pub(crate) struct Sigmoid;
/// `x * sigmoid(x)`.
#[derive(Clone, Copy)]
pub(crate) struct Silu;
/// [`normal_quantile`].
#[derive(Clone, Copy)]
pub(crate) struct NormalQuantile;
/// `-ln(-ln(x))`.
#[derive(Clone, Copy)]
pub(crate) struct Gumbel;

impl Map for Exp {
    #[inline(always)]
    fn of(self, x: f32) -> f32 {
        exp(x)
    }
}

impl Map for Tanh {
    #[inline(always)]
    fn of(self, x: f32) -> f32 {
        tanh(x)
    }
}

impl Map for Sigmoid {
    #[inline(always)]
    fn of(self, x: f32) -> f32 {
        sigmoid(x)
    }
}

impl Map for Silu {
    #[inline(always)]
    fn of(self, x: f32) -> f32 {
        x * sigmoid(x)
    }
}

impl Map for NormalQuantile {
    #[inline(always)]
    fn of(self, x: f32) -> f32 {
        normal_quantile(x)
    }
}

impl Map for Gumbel {
    #[inline(always)]
    fn of(self, x: f32) -> f32 {
        -ln(-ln(x))
    }
}

/// The derivative of [`Silu`] at the second number, times the first.
#[derive(Clone, Copy)]
pub(crate) struct BackSilu;

impl Join for BackSilu {
    #[inline(always)]
    fn of(self, d: f32, x: f32) -> f32 {
        let s = sigmoid(x);
        d * s * (x * (1.0 - s) + 1.0)
    }
}

/// Short functions without any of those above are inlined by themselves.
impl<F: Fn(f32) -> f32 + Copy + Sync> Map for F {
    #[inline(always)]
    fn of(self, x: f32) -> f32 {
        self(x)
    }
}

impl<F: Fn(f32, f32) -> f32 + Copy + Sync> Join for F {
    #[inline(always)]
    fn of(self, a: f32, b: f32) -> f32 {
        self(a, b)
    }
}

struct Each<'a, M>(&'a mut [f32], M);

impl<M: Map> WithSimd for Each<'_, M> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for value in self.0 {
            *value = self.1.of(*value);
        }
    }
}

struct EachWith<'a, J>(&'a mut [f32], &'a [f32], J);

impl<J: Join> WithSimd for EachWith<'_, J> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (value, &other) in self.0.iter_mut().zip(self.1) {
            *value = self.2.of(*value, other);
        }
    }
}

struct PutWith<'a, J>(&'a mut [f32], &'a [f32], &'a [f32], J);

impl<J: Join> WithSimd for PutWith<'_, J> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for ((out, &a), &b) in self.0.iter_mut().zip(self.1).zip(self.2) {
            *out = self.3.of(a, b);
        }
    }
}

/// Changes every number by itself.
pub(crate) fn each(values: &mut [f32], map: impl Map) {
    let work = |values: &mut [f32]| Arch::new().dispatch(Each(values, map));
    if values.len() <= 2 * CHUNK {
        work(values);
    } else {
        values.par_chunks_mut(CHUNK).for_each(work);
    }
}

/// Changes every number by itself and another one in the same place.
pub(crate) fn each_with(values: &mut [f32], others: &[f32], join: impl Join) {
    debug_assert_eq!(values.len(), others.len());
    let work = |(values, others): (&mut [f32], &[f32])| Arch::new().dispatch(EachWith(values, others, join));
    if values.len() <= 2 * CHUNK {
        work((values, others));
    } else {
        values.par_chunks_mut(CHUNK).zip(others.par_chunks(CHUNK)).for_each(work);
    }
}

/// Puts a function of two numbers in the same place.
pub(crate) fn put_with(out: &mut [f32], a: &[f32], b: &[f32], join: impl Join) {
    debug_assert!(out.len() == a.len() && a.len() == b.len());
    let work = |((out, a), b): ((&mut [f32], &[f32]), &[f32])| Arch::new().dispatch(PutWith(out, a, b, join));
    if out.len() <= 2 * CHUNK {
        work(((out, a), b));
    } else {
        out.par_chunks_mut(CHUNK).zip(a.par_chunks(CHUNK)).zip(b.par_chunks(CHUNK)).for_each(work);
    }
}

/// Puts e to the power of each number.
pub fn exp_each(values: &mut [f32]) {
    each(values, Exp);
}

/// Puts the hyperbolic tangent of each number.
pub fn tanh_each(values: &mut [f32]) {
    each(values, Tanh);
}

/// Puts 1 / (1 + exp(-x)) of each number.
pub fn sigmoid_each(values: &mut [f32]) {
    each(values, Sigmoid);
}

/// e to the power of `x`, to about one unit in the last place; 0 below -80, and no more than e to the power of 88.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    // Adding and taking away 1.5 * 2^23 rounds to a whole number.
    const ROUND: f32 = 12_582_912.0;
    let bounded = x.clamp(-80.0, 88.0);
    let whole = bounded.mul_add(std::f32::consts::LOG2_E, ROUND) - ROUND;
    // ln 2 in two parts, the first of few bits.
    let rest = whole.mul_add(-0.693_359_4, bounded);
    let rest = whole.mul_add(2.121_944_4e-4, rest);
    let mut sum = 1.987_569_1e-4_f32;
    for coefficient in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
        sum = sum.mul_add(rest, coefficient);
    }
    let sum = (rest * rest).mul_add(sum, rest + 1.0);
    // Through a whole number of 32 bits: vectors have no other conversion.
    let power = f32::from_bits(((whole as i32 + 127) << 23) as u32);
    if x < -80.0 { 0.0 } else { sum * power }
}

/// The natural logarithm of a positive number that is not denormal.
#[inline(always)]
pub(crate) fn ln(x: f32) -> f32 {
    let bits = x.to_bits() as i32;
    // Into [sqrt(1/2), sqrt(2)) times a power of two.
    let shifted = bits - 0x3f35_04f3;
    let power = (shifted >> 23) as f32;
    let mantissa = f32::from_bits(((shifted & 0x007f_ffff) + 0x3f35_04f3) as u32) - 1.0;
    let mut sum = 7.037_683_6e-2_f32;
    for coefficient in [
        -1.151_461e-1,
        1.167_699_9e-1,
        -1.242_014_1e-1,
        1.424_932_3e-1,
        -1.666_805_8e-1,
        2.000_071_5e-1,
        -2.499_999_4e-1,
        3.333_333_1e-1,
    ] {
        sum = sum.mul_add(mantissa, coefficient);
    }
    let square = mantissa * mantissa;
    let sum = square * mantissa * sum;
    let sum = power.mul_add(-2.121_944_4e-4, sum);
    let sum = square.mul_add(-0.5, sum) + mantissa;
    power.mul_add(0.693_359_4, sum)
}

/// `1 / (1 + exp(-x))`.
#[inline(always)]
pub(crate) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// The hyperbolic tangent.
#[inline(always)]
pub(crate) fn tanh(x: f32) -> f32 {
    let square = x * x;
    let mut sum = -5.704_988_7e-3_f32;
    for coefficient in [2.063_908_9e-2, -5.373_972e-2, 1.333_144_2e-1, -3.333_328_2e-1] {
        sum = sum.mul_add(square, coefficient);
    }
    let near = (sum * square).mul_add(x, x);
    let far = 1.0 - 2.0 / (exp(2.0 * x.abs()) + 1.0);
    if x.abs() < 0.625 { near } else { far.copysign(x) }
}

/// The standard normal quantile of a number in (0, 1), to single precision.
///
/// Giles, M. (2012). Approximating the erfinv function. GPU Computing Gems Jade Edition, 109-116.
/// <https://doi.org/10.1016/B978-0-12-385963-1.00010-1>
#[inline(always)]
pub(crate) fn normal_quantile(u: f32) -> f32 {
    let x = u.mul_add(2.0, -1.0);
    let w = -ln((1.0 - x) * (1.0 + x));
    let a = w - 2.5;
    let mut near = 2.810_226_4e-8_f32;
    for coefficient in [
        3.432_739_4e-7,
        -3.523_387_7e-6,
        -4.391_506_5e-6,
        2.185_808_7e-4,
        -1.253_725e-3,
        -4.177_681_6e-3,
        2.466_407_3e-1,
        1.501_409_4,
    ] {
        near = near.mul_add(a, coefficient);
    }
    let b = w.max(0.0).sqrt() - 3.0;
    let mut far = -2.002_142_6e-4_f32;
    for coefficient in [
        1.009_505_6e-4,
        1.349_343_2e-3,
        -3.673_428_5e-3,
        5.739_507_7e-3,
        -7.622_461_3e-3,
        9.438_870_5e-3,
        1.001_674_1,
        2.832_976_8,
    ] {
        far = far.mul_add(b, coefficient);
    }
    std::f32::consts::SQRT_2 * x * if w < 5.0 { near } else { far }
}

#[cfg(test)]
mod tests {
    use lookalike_core::math;

    use super::*;

    fn worst(from: f64, to: f64, ours: impl Fn(f32) -> f32, exact: impl Fn(f64) -> f64) -> f64 {
        (0..=100_000)
            .map(|step| {
                let x = (from + (to - from) * f64::from(step) / 100_000.0) as f32;
                let exact = exact(f64::from(x));
                (f64::from(ours(x)) - exact).abs() / exact.abs().max(1e-3)
            })
            .fold(0.0, f64::max)
    }

    #[test]
    fn they_are_what_they_say() {
        assert!(worst(-60.0, 88.0, exp, math::exp) < 2e-7, "exp");
        assert!(worst(1e-6, 50.0, ln, math::ln) < 2e-7, "ln");
        assert!(worst(-20.0, 20.0, tanh, math::tanh) < 3e-7, "tanh");
        assert!(worst(-20.0, 60.0, sigmoid, math::sigmoid) < 3e-7, "sigmoid");
        assert!(worst(1e-3, 0.999, normal_quantile, lookalike_core::normal_quantile) < 2e-5);
        assert_eq!((exp(-100.0), exp(f32::NEG_INFINITY)), (0.0, 0.0));
        assert!(exp(200.0).is_finite() && exp(f32::NAN).is_nan() && tanh(f32::NAN).is_nan());
    }

    #[test]
    fn bits_are_pinned() {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut values: Vec<f32> = (1..40_000).map(|step| step as f32 * 0.002).collect();
        let with = values.clone();
        each_with(&mut values, &with, |a: f32, b: f32| tanh(ln(a)) + sigmoid(-b) * exp(-a));
        each(&mut values, |x: f32| normal_quantile(sigmoid(x)));
        for value in values {
            hash = (hash ^ u64::from(value.to_bits())).wrapping_mul(0x0100_0000_01b3);
        }
        assert_eq!(hash, 16_874_613_223_653_519_267);
    }
}
