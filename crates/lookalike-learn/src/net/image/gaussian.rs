//! Normal distributions of many numbers, of which a few directions are known and the rest is taken for round.

#![expect(clippy::inline_always, reason = "what is not inlined into a dispatch is not vectorised")]

use lookalike_core::Stream;
use nalgebra::{DMatrix, SymmetricEigen};
use pulp::{Arch, Simd, WithSimd};

use super::super::matrix::View;
use super::super::product::multiply;
use super::super::random::fill_normal;

/// A covariance: some axes with the variance along each, and one variance along all others.
///
/// Tipping, M. E. and Bishop, C. M. (1999). Probabilistic principal component analysis.
/// <https://doi.org/10.1111/1467-9868.00196>
#[derive(Debug, Clone, PartialEq)]
pub struct Covariance {
    /// Numbers of a vector.
    size: usize,
    /// The variance along each axis, the largest first.
    variances: Vec<f32>,
    /// The variance along all other directions.
    rest: f32,
    /// The axes, of unit length and at right angles, one after the other.
    axes: Vec<f32>,
    /// The same numbers, a row per number of a vector.
    turned: Vec<f32>,
}

/// Axes that are looked for beyond those that are kept: the last ones converge slowly.
const MORE: usize = 8;
/// How often vectors are looked at to find the axes.
const ROUNDS: usize = 6;
/// Vectors that are looked at together at most, and numbers of them, if it is more than one.
const BLOCK: usize = 256;
const MOST_NUMBERS: usize = 1 << 22;
/// No variance is less: that of rounding to 256 levels from -1 to 1 is about half of it.
const LEAST: f32 = 1e-5;

impl Covariance {
    /// Of `count` vectors that have no mean left, which `row` writes by their numbers, along at most `rank` axes. Takes time
    /// in proportion to all three, and memory for a few hundred vectors, of long ones fewer.
    ///
    /// Halko, N., Martinsson, P. G. and Tropp, J. A. (2011). Finding structure with randomness (subspace iteration).
    /// <https://doi.org/10.1137/090771806>
    pub fn fit(
        (count, size): (usize, usize),
        rank: usize,
        stream: &mut Stream,
        row: impl Fn(usize, &mut [f32]),
    ) -> Self {
        let rank = rank.min(size.saturating_sub(1)).min(count.saturating_sub(1));
        let wide = if rank == 0 { 0 } else { (rank + MORE).min(size) };
        let mut axes = vec![0.0; wide * size];
        fill_normal(&mut axes, stream);
        straighten(&mut axes, size);
        let block = BLOCK.min(MOST_NUMBERS / size.max(1)).max(1);
        let mut rows = vec![0.0; block.min(count) * size];
        let mut along = Vec::new();
        let mut total = 0.0;
        let mut inner = DMatrix::<f64>::zeros(wide, wide);
        for round in 0..ROUNDS {
            let last = round + 1 == ROUNDS;
            let mut next = vec![0.0; wide * size];
            for from in (0..count).step_by(block) {
                let taken = block.min(count - from);
                let rows = &mut rows[..taken * size];
                for (number, to) in rows.chunks_exact_mut(size).enumerate() {
                    row(from + number, to);
                }
                along.resize(wide * taken, 0.0);
                let (left, right) = (View::new(&axes, wide, size), View::new(rows, taken, size));
                multiply(left, right.turned(), &mut along, false);
                if last {
                    total += rows.iter().map(|&x| f64::from(x) * f64::from(x)).sum::<f64>();
                    for a in 0..wide {
                        for b in 0..=a {
                            let pairs = along[a * taken..][..taken].iter().zip(&along[b * taken..][..taken]);
                            let sum: f64 = pairs.map(|(&a, &b)| f64::from(a) * f64::from(b)).sum();
                            inner[(a, b)] += sum;
                        }
                    }
                } else {
                    multiply(View::new(&along, wide, taken), right, &mut next, true);
                }
            }
            if !last {
                axes = next;
                straighten(&mut axes, size);
            }
        }
        let count = count.max(1) as f64;
        let (mut own, mut found) = (Vec::new(), vec![0.0; rank * size]);
        // There is nothing to turn without axes.
        if rank > 0 {
            inner.fill_upper_triangle_with_lower_triangle();
            let eigen = SymmetricEigen::new(inner / count);
            let mut order: Vec<usize> = (0..wide).collect();
            order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
            for (to, &place) in found.chunks_exact_mut(size).zip(&order) {
                own.push(eigen.eigenvalues[place].max(0.0));
                for (axis, part) in axes.chunks_exact(size).zip(&eigen.eigenvectors.column(place)) {
                    to.iter_mut().zip(axis).for_each(|(to, &number)| *to += *part as f32 * number);
                }
            }
        }
        let rest = (total / count - own.iter().sum::<f64>()).max(0.0) / (size - rank).max(1) as f64;
        let variances = own.into_iter().map(|variance: f64| (variance as f32).max(LEAST)).collect();
        Covariance::new(size, variances, (rest as f32).max(LEAST), found)
    }

    /// Numbers that [`Covariance::fit`] holds at most along so many axes, what it gives included.
    pub fn numbers(size: usize, rank: usize) -> usize {
        let wide = if rank == 0 { 0 } else { (rank + MORE).min(size) };
        // Axes before and after a round, and then those that are found, lying and turned.
        let rows = (BLOCK * size).min(MOST_NUMBERS.max(size));
        size.saturating_mul(2 * wide + 2 * rank).saturating_add(rows)
    }

    /// From its numbers: the variance along each axis and along the rest, and the axes one after the other.
    ///
    /// # Panics
    /// If there are not `size` numbers per axis.
    pub fn new(size: usize, variances: Vec<f32>, rest: f32, axes: Vec<f32>) -> Self {
        assert_eq!(axes.len(), size * variances.len(), "an axis per variance");
        let mut turned = vec![0.0; axes.len()];
        for (axis, from) in axes.chunks_exact(size).enumerate() {
            for (to, &number) in turned[axis..].iter_mut().step_by(variances.len()).zip(from) {
                *to = number;
            }
        }
        Covariance { size, variances, rest, axes, turned }
    }

    /// The variance along each axis, the largest first.
    pub fn variances(&self) -> &[f32] {
        &self.variances
    }

    /// The variance along all other directions, above 0.
    pub fn rest(&self) -> f32 {
        self.rest
    }

    /// The axes one after the other.
    pub fn axes(&self) -> &[f32] {
        &self.axes
    }

    /// The mean velocity at `x`, at a time from 0 to 1, with which standard normal noise becomes vectors of this covariance
    /// around `mean` along straight lines: what `image - noise` is on average where `(1 - time) noise + time image` is `x`.
    ///
    /// # Panics
    /// If `mean`, `x` or `velocity` have not as many numbers as vectors have.
    pub fn velocity(&self, mean: &[f32], time: f32, x: &[f32], velocity: &mut [f32]) {
        assert!([mean.len(), x.len(), velocity.len()] == [self.size; 3], "vectors of one size");
        let noise = 1.0 - time;
        // Along each axis by itself, noise and image are normal: a regression on their weighted sum.
        let slope = |variance: f32| (time * variance - noise) / (time * time * variance + noise * noise);
        let rest = slope(self.rest);
        let mut along = vec![0.0; self.variances.len()];
        Arch::new().dispatch(Along { turned: &self.turned, mean, time, x, out: &mut along });
        for (along, &variance) in along.iter_mut().zip(&self.variances) {
            *along *= slope(variance) - rest;
        }
        Arch::new().dispatch(Back { axes: &self.axes, along: &along, mean, time, x, rest, velocity });
    }
}

/// How far `x` less a share of the mean goes along each axis.
struct Along<'a> {
    turned: &'a [f32],
    mean: &'a [f32],
    time: f32,
    x: &'a [f32],
    out: &'a mut [f32],
}

impl WithSimd for Along<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let rank = self.out.len();
        if rank == 0 {
            return;
        }
        for ((row, x), mean) in self.turned.chunks_exact(rank).zip(self.x).zip(self.mean) {
            let off = mean.mul_add(-self.time, *x);
            for (out, axis) in self.out.iter_mut().zip(row) {
                *out = axis.mul_add(off, *out);
            }
        }
    }
}

/// The velocity from its parts along each axis.
struct Back<'a> {
    axes: &'a [f32],
    along: &'a [f32],
    mean: &'a [f32],
    time: f32,
    x: &'a [f32],
    rest: f32,
    velocity: &'a mut [f32],
}

impl WithSimd for Back<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let all = self.velocity.iter_mut().zip(self.x).zip(self.mean);
        for ((velocity, x), mean) in all {
            *velocity = mean.mul_add(-self.time, *x).mul_add(self.rest, *mean);
        }
        let size = self.velocity.len();
        for (axis, along) in self.axes.chunks_exact(size).zip(self.along) {
            for (velocity, axis) in self.velocity.iter_mut().zip(axis) {
                *velocity = axis.mul_add(*along, *velocity);
            }
        }
    }
}

/// Makes rows of `size` numbers of unit length and at right angles to each other, in their order. What has no length of its
/// own left is zero.
fn straighten(rows: &mut [f32], size: usize) {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum::<f64>();
    for row in 0..rows.len() / size {
        let (before, after) = rows.split_at_mut(row * size);
        let own = &mut after[..size];
        let begun = dot(own, own);
        // Twice, since what rounding leaves the first time is taken away the second.
        for _ in 0..2 {
            for other in before.chunks_exact(size) {
                let part = dot(own, other) as f32;
                own.iter_mut().zip(other).for_each(|(own, other)| *own -= part * other);
            }
        }
        let left = dot(own, own);
        let factor = if left > 1e-10 * begun && left > 0.0 { (1.0 / left.sqrt()) as f32 } else { 0.0 };
        for own in own {
            *own *= factor;
        }
    }
}

#[cfg(test)]
mod tests {
    use lookalike_core::Seed;

    use super::*;

    #[test]
    fn axes_and_variances_are_found() {
        const SIZE: usize = 30;
        let mut stream = Seed::new(1).stream("vectors", 0);
        let deviations: Vec<f64> =
            (0..SIZE).map(|place| [4.0, 2.0, 1.0].get(place).copied().unwrap_or(0.1)).collect();
        // Turned by 45 degrees in the plane of the first and the last number.
        let rows: Vec<f32> = (0..20_000)
            .flat_map(|_| {
                let mut row: Vec<f64> =
                    deviations.iter().map(|deviation| deviation * stream.normal()).collect();
                let (a, b) = (row[0], row[SIZE - 1]);
                (row[0], row[SIZE - 1]) = ((a + b) * 0.5_f64.sqrt(), (a - b) * 0.5_f64.sqrt());
                row.into_iter().map(|number| number as f32)
            })
            .collect();
        let copy = |row: usize, to: &mut [f32]| to.copy_from_slice(&rows[row * SIZE..][..SIZE]);
        let found = Covariance::fit((20_000, SIZE), 3, &mut Seed::new(2).stream("axes", 0), copy);
        for (found, expected) in found.variances().iter().zip([16.0, 4.0, 1.0]) {
            assert!((found / expected - 1.0).abs() < 0.05, "{found} for {expected}");
        }
        assert!((found.rest() - 0.01).abs() < 0.001, "{}", found.rest());
        let first = &found.axes()[..SIZE];
        assert!((first[0] * first[SIZE - 1] - 0.5).abs() < 0.01, "{first:?}");
    }

    #[test]
    fn velocities_carry_noise_to_the_distribution() {
        let root = 0.5_f32.sqrt();
        let covariance = Covariance::new(2, vec![4.0], 0.25, vec![root, root]);
        let mean = [1.0, -2.0];
        let mut sums = [0.0_f64; 5];
        let mut stream = Seed::new(3).stream("noise", 0);
        let count = 4000;
        for _ in 0..count {
            let mut x = [stream.normal() as f32, stream.normal() as f32];
            let (mut velocity, steps) = ([0.0; 2], 100);
            for step in 0..steps {
                covariance.velocity(&mean, (step as f32 + 0.5) / steps as f32, &x, &mut velocity);
                x.iter_mut().zip(velocity).for_each(|(x, velocity)| *x += velocity / steps as f32);
            }
            let (a, b) = (f64::from(x[0] - mean[0]), f64::from(x[1] - mean[1]));
            for (sum, found) in sums.iter_mut().zip([a, b, a * a, b * b, a * b]) {
                *sum += found / f64::from(count);
            }
        }
        for (found, expected) in sums.iter().zip([0.0, 0.0, 2.125, 2.125, 1.875]) {
            assert!((found - expected).abs() < 0.15, "{sums:?}");
        }
    }

    #[test]
    fn what_does_not_vary_has_a_covariance() {
        let copy = |_: usize, to: &mut [f32]| to.fill(0.0);
        let found = Covariance::fit((5, 4), 3, &mut Seed::new(2).stream("axes", 0), copy);
        let mut velocity = [0.0; 4];
        found.velocity(&[0.5; 4], 1.0, &[0.5; 4], &mut velocity);
        assert!(velocity.iter().all(|velocity| velocity.is_finite()), "{velocity:?}");
        let one = Covariance::fit((1, 1), 3, &mut Seed::new(2).stream("axes", 0), copy);
        assert!(one.variances().is_empty());
    }
}
