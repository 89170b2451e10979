//! Sums over pixels, per channel.

#![expect(clippy::inline_always, reason = "what is not inlined into a dispatch is not vectorised")]

use pulp::{Arch, Simd, WithSimd};

/// A vector of numbers, with zeros behind them if there are too few.
#[inline(always)]
pub(super) fn load<S: Simd>(values: &[f32]) -> S::f32s {
    if values.len() == S::F32_LANES {
        return S::as_simd_f32s(values).0[0];
    }
    let mut whole = [0.0; 16];
    whole[..values.len()].copy_from_slice(values);
    S::as_simd_f32s(&whole[..S::F32_LANES]).0[0]
}

/// The first numbers of a vector.
#[inline(always)]
pub(super) fn store<S: Simd>(vector: S::f32s, values: &mut [f32]) {
    if values.len() == S::F32_LANES {
        S::as_mut_simd_f32s(values).0[0] = vector;
    } else {
        let mut whole = [0.0; 16];
        S::as_mut_simd_f32s(&mut whole[..S::F32_LANES]).0[0] = vector;
        values.copy_from_slice(&whole[..values.len()]);
    }
}

/// Chains that a sum is split into, whatever the vectors' width: one would wait for each addition.
const CHAINS: usize = 4;

/// A term of a sum over pixels, per channel.
pub(super) trait Term: Copy {
    /// Adds a number of each matrix to two sums; `means` are what the term has per column.
    fn add<S: Simd>(self, simd: S, values: [S::f32s; 2], mean: S::f32s, sums: &mut [S::f32s; 2]);

    /// What the term has per column.
    fn means(&self) -> Option<&[f32]> {
        None
    }
}

/// Adds the sums of the columns of numbers that lie row after row.
pub(super) fn add_column_sums(values: &[f32], columns: usize, sums: &mut [f32]) {
    let mut pairs = vec![[0.0; 2]; columns];
    column_sums(values, values, columns, Plain, &mut pairs);
    for (sum, [own, _]) in sums.iter_mut().zip(pairs) {
        *sum += own;
    }
}

/// Puts two sums per column, over the rows of two matrices.
pub(super) fn column_sums(a: &[f32], b: &[f32], columns: usize, term: impl Term, sums: &mut [[f32; 2]]) {
    Arch::new().dispatch(Reduction { a, b, columns, term, sums });
}

/// The first matrix alone.
#[derive(Clone, Copy)]
pub(super) struct Plain;

impl Term for Plain {
    #[inline(always)]
    fn add<S: Simd>(self, simd: S, [a, _]: [S::f32s; 2], _: S::f32s, sums: &mut [S::f32s; 2]) {
        sums[0] = simd.add_f32s(sums[0], a);
    }
}

/// The squared difference of the first matrix from a number per column.
#[derive(Clone, Copy)]
pub(super) struct SquaredOff<'a>(pub(super) &'a [f32]);

impl Term for SquaredOff<'_> {
    #[inline(always)]
    fn add<S: Simd>(self, simd: S, [a, _]: [S::f32s; 2], mean: S::f32s, sums: &mut [S::f32s; 2]) {
        let off = simd.sub_f32s(a, mean);
        sums[0] = simd.mul_add_f32s(off, off, sums[0]);
    }

    fn means(&self) -> Option<&[f32]> {
        Some(self.0)
    }
}

/// The first matrix, and the first times the second.
#[derive(Clone, Copy)]
pub(super) struct WithProduct;

impl Term for WithProduct {
    #[inline(always)]
    fn add<S: Simd>(self, simd: S, [a, b]: [S::f32s; 2], _: S::f32s, sums: &mut [S::f32s; 2]) {
        sums[0] = simd.add_f32s(sums[0], a);
        sums[1] = simd.mul_add_f32s(a, b, sums[1]);
    }
}

struct Reduction<'a, T> {
    a: &'a [f32],
    b: &'a [f32],
    columns: usize,
    term: T,
    sums: &'a mut [[f32; 2]],
}

impl<T: Term> WithSimd for Reduction<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Reduction { a, b, columns, term, sums } = self;
        let zero = simd.splat_f32s(0.0);
        for first in (0..columns).step_by(S::F32_LANES) {
            let own = first..columns.min(first + S::F32_LANES);
            let mean = term.means().map_or(zero, |means| load::<S>(&means[own.clone()]));
            let mut chains = [[zero; 2]; CHAINS];
            let size = CHAINS * columns;
            for (a, b) in a.chunks(size).zip(b.chunks(size)) {
                let rows = a.chunks_exact(columns).zip(b.chunks_exact(columns));
                for ((a, b), sums) in rows.zip(&mut chains) {
                    term.add(simd, [load::<S>(&a[own.clone()]), load::<S>(&b[own.clone()])], mean, sums);
                }
            }
            for which in 0..2 {
                let [a, b, c, d] = chains.map(|sums| sums[which]);
                let sum = simd.add_f32s(simd.add_f32s(a, b), simd.add_f32s(c, d));
                let mut row = [0.0; 16];
                store::<S>(sum, &mut row[..own.len()]);
                for (sums, sum) in sums[own.clone()].iter_mut().zip(row) {
                    sums[which] = sum;
                }
            }
        }
    }
}

/// Puts a number of each of two matrices, each times a number per column, plus a number per column.
pub(super) struct Combine<'a> {
    pub(super) a: (&'a [f32], &'a [f32]),
    pub(super) b: Option<(&'a [f32], &'a [f32])>,
    pub(super) plus: &'a [f32],
    pub(super) out: &'a mut [f32],
    /// True to add to what is there.
    pub(super) add: bool,
}

impl WithSimd for Combine<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let columns = self.plus.len();
        for first in (0..columns).step_by(S::F32_LANES) {
            let own = first..columns.min(first + S::F32_LANES);
            let [times_a, plus] = [self.a.1, self.plus].map(|row| load::<S>(&row[own.clone()]));
            let rows = self.out.chunks_exact_mut(columns).zip(self.a.0.chunks_exact(columns));
            let sum = |out: &mut [f32], sum: S::f32s| {
                let sum = if self.add { simd.add_f32s(sum, load::<S>(out)) } else { sum };
                store::<S>(sum, out);
            };
            match self.b {
                None => rows.for_each(|(out, a)| {
                    sum(&mut out[own.clone()], simd.mul_add_f32s(load::<S>(&a[own.clone()]), times_a, plus));
                }),
                Some((b, times_b)) => {
                    let times_b = load::<S>(&times_b[own.clone()]);
                    rows.zip(b.chunks_exact(columns)).for_each(|((out, a), b)| {
                        let part = simd.mul_add_f32s(load::<S>(&b[own.clone()]), times_b, plus);
                        let all = simd.mul_add_f32s(load::<S>(&a[own.clone()]), times_a, part);
                        sum(&mut out[own.clone()], all);
                    });
                }
            }
        }
    }
}
