//! Normalisation over batches and over rows, forward and backward.

#![expect(clippy::inline_always, reason = "what is not inlined into a dispatch is not vectorised")]

use pulp::{Arch, Simd, WithSimd};

use super::matrix::Matrix;

/// Added to a variance before it divides.
const EPSILON: f32 = 1e-5;

/// Means and variances (over n) of the columns.
pub(super) fn moments(x: &Matrix, mean: &mut Vec<f32>, variance: &mut Vec<f32>) {
    let share = 1.0 / x.rows().max(1) as f32;
    mean.clear();
    mean.resize(x.columns(), 0.0);
    variance.clear();
    variance.resize(x.columns(), 0.0);
    Arch::new().dispatch(Moments { x, share, mean, variance });
}

/// Normalises columns: `normal` is what comes out before gain and bias, `scale` one over the deviations.
pub(super) fn over_batch(
    x: &Matrix,
    (mean, variance): (&[f32], &[f32]),
    (gain, bias): (&[f32], &[f32]),
    normal: &mut Matrix,
    scale: &mut Vec<f32>,
    out: &mut Matrix,
) {
    let columns = x.columns();
    normal.reshape(x.rows(), columns);
    out.reshape(x.rows(), columns);
    scale.clear();
    scale.extend(variance.iter().map(|variance| 1.0 / (variance + EPSILON).sqrt()));
    Arch::new().dispatch(Forward { x, mean, scale, gain, bias, normal, out });
}

/// The way back through a normalisation over the batch.
pub(super) fn back_over_batch(
    d_out: &Matrix,
    normal: &Matrix,
    scale: &[f32],
    gain: &[f32],
    (d_gain, d_bias): (&mut [f32], &mut [f32]),
    d_x: &mut Matrix,
) {
    let columns = d_out.columns();
    let share = 1.0 / d_out.rows().max(1) as f32;
    d_x.reshape(d_out.rows(), columns);
    let back =
        Backward { d_out, normal, scale, gain, d_gain, d_bias, d_x, share, sums: vec![[0.0; 2]; columns] };
    Arch::new().dispatch(back);
}

struct Moments<'a> {
    x: &'a Matrix,
    share: f32,
    mean: &'a mut [f32],
    variance: &'a mut [f32],
}

impl WithSimd for Moments<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let columns = self.x.columns().max(1);
        for row in self.x.values().chunks_exact(columns) {
            for (mean, &value) in self.mean.iter_mut().zip(row) {
                *mean += value;
            }
        }
        self.mean.iter_mut().for_each(|mean| *mean *= self.share);
        for row in self.x.values().chunks_exact(columns) {
            for ((variance, &mean), &value) in self.variance.iter_mut().zip(self.mean.iter()).zip(row) {
                let off = value - mean;
                *variance = off.mul_add(off, *variance);
            }
        }
        self.variance.iter_mut().for_each(|variance| *variance *= self.share);
    }
}

struct Forward<'a> {
    x: &'a Matrix,
    mean: &'a [f32],
    scale: &'a [f32],
    gain: &'a [f32],
    bias: &'a [f32],
    normal: &'a mut Matrix,
    out: &'a mut Matrix,
}

impl WithSimd for Forward<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let columns = self.x.columns();
        let (mean, scale) = (&self.mean[..columns], &self.scale[..columns]);
        let (gain, bias) = (&self.gain[..columns], &self.bias[..columns]);
        for row in 0..self.x.rows() {
            let (x, normal, out) = (self.x.row(row), self.normal.row_mut(row), self.out.row_mut(row));
            for c in 0..columns {
                normal[c] = (x[c] - mean[c]) * scale[c];
                out[c] = normal[c].mul_add(gain[c], bias[c]);
            }
        }
    }
}

struct Backward<'a> {
    d_out: &'a Matrix,
    normal: &'a Matrix,
    scale: &'a [f32],
    gain: &'a [f32],
    d_gain: &'a mut [f32],
    d_bias: &'a mut [f32],
    d_x: &'a mut Matrix,
    share: f32,
    /// Per column, the sums of the gradients times what was normalised, and of the gradients.
    sums: Vec<[f32; 2]>,
}

impl WithSimd for Backward<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, _: S) {
        let columns = self.d_out.columns();
        for row in 0..self.d_out.rows() {
            let (d, normal) = (self.d_out.row(row), self.normal.row(row));
            for ((sums, d), normal) in self.sums.iter_mut().zip(d).zip(normal) {
                sums[0] = d.mul_add(*normal, sums[0]);
                sums[1] += d;
            }
        }
        let (gain, scale) = (&self.gain[..columns], &self.scale[..columns]);
        for row in 0..self.d_out.rows() {
            let (d, normal, d_x) = (self.d_out.row(row), self.normal.row(row), self.d_x.row_mut(row));
            for c in 0..columns {
                let [with, sum] = self.sums[c];
                let off = normal[c].mul_add(with, sum);
                d_x[c] = gain[c] * scale[c] * off.mul_add(-self.share, d[c]);
            }
        }
        for (c, [with, sum]) in self.sums.iter().enumerate() {
            self.d_gain[c] += with;
            self.d_bias[c] += sum;
        }
    }
}

/// Normalises rows.
pub(super) fn over_rows(
    x: &Matrix,
    (gain, bias): (&[f32], &[f32]),
    normal: &mut Matrix,
    scale: &mut Vec<f32>,
    out: &mut Matrix,
) {
    let columns = x.columns();
    let share = 1.0 / columns.max(1) as f32;
    normal.reshape(x.rows(), columns);
    out.reshape(x.rows(), columns);
    scale.clear();
    for row in 0..x.rows() {
        let from = x.row(row);
        let mean = from.iter().sum::<f32>() * share;
        let variance = from.iter().map(|value| (value - mean) * (value - mean)).sum::<f32>() * share;
        let over = 1.0 / (variance + EPSILON).sqrt();
        scale.push(over);
        let (normal, out) = (normal.row_mut(row), out.row_mut(row));
        for c in 0..columns {
            normal[c] = (from[c] - mean) * over;
            out[c] = normal[c] * gain[c] + bias[c];
        }
    }
}

/// The way back through a normalisation of rows.
pub(super) fn back_over_rows(
    d_out: &Matrix,
    normal: &Matrix,
    scale: &[f32],
    gain: &[f32],
    (d_gain, d_bias): (&mut [f32], &mut [f32]),
    d_x: &mut Matrix,
) {
    let columns = d_out.columns();
    let share = 1.0 / columns.max(1) as f32;
    d_x.reshape(d_out.rows(), columns);
    for row in 0..d_out.rows() {
        let (d, normal, d_x) = (d_out.row(row), normal.row(row), d_x.row_mut(row));
        let (mut sum, mut with) = (0.0, 0.0);
        for c in 0..columns {
            d_gain[c] += d[c] * normal[c];
            d_bias[c] += d[c];
            let own = d[c] * gain[c];
            sum += own;
            with += own * normal[c];
        }
        for c in 0..columns {
            d_x[c] = scale[row] * (d[c] * gain[c] - share * (sum + normal[c] * with));
        }
    }
}
