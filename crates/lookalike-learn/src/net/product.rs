//! The product of matrices: the one place where most of the time of learning goes.
//!
//! Every number of a product is one chain of fused multiply-adds over the inner index, begun with what it is added to.
//! A fused multiply-add rounds once, the same way on every processor, so neither the width of the vectors nor the size
//! of the tiles changes a bit. A product stays on its thread: several threads share a batch, not a product, since waking one
//! takes longer than most products here.

#![expect(clippy::inline_always, reason = "what is not inlined into a dispatch is not vectorised")]

use std::cell::RefCell;
use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::matrix::View;

/// So much of the inner index is taken at once: a strip of the right matrix then stays in the nearest cache.
const DEPTH: usize = 384;
/// Rows that are packed at once; a multiple of both heights of a tile.
const BLOCK: usize = 48;
/// Vectors of a tile's row.
const WIDE: usize = 2;

thread_local! {
    /// Packed strips of the left matrix.
    static LEFT: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) };
    /// Packed strips of the right matrix.
    static RIGHT: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) };
}

/// Adds the product of two matrices to `out` (row after row), or puts it there.
///
/// # Panics
/// If the shapes do not fit.
pub(crate) fn multiply(left: View<'_>, right: View<'_>, out: &mut [f32], add: bool) {
    multiply_by(Arch::new(), left, right, out, add);
}

fn multiply_by(arch: Arch, left: View<'_>, right: View<'_>, out: &mut [f32], add: bool) {
    let (rows, depth, columns) = (left.rows, left.columns, right.columns);
    assert_eq!(depth, right.rows, "the inner sizes are the same");
    assert_eq!(out.len(), rows * columns, "the product has as many cells");
    if !add {
        out.fill(0.0);
    }
    if out.is_empty() {
        return;
    }
    let mut packed = RIGHT.take();
    for start in (0..depth).step_by(DEPTH) {
        let inner = start..(start + DEPTH).min(depth);
        arch.dispatch(PackRight { right, inner: inner.clone(), packed: &mut packed });
        let mut own = LEFT.take();
        for (block, out) in out.chunks_mut(BLOCK * columns).enumerate() {
            let rows = block * BLOCK..(block * BLOCK + BLOCK).min(rows);
            let inner = inner.clone();
            arch.dispatch(Tiles { left, rows, inner, strips: &packed, out, columns, packed: &mut own });
        }
        LEFT.set(own);
    }
    RIGHT.set(packed);
}

/// Copies rows of the right matrix into strips as wide as a tile: the numbers of a strip lie in the order in which they
/// are used.
struct PackRight<'a> {
    right: View<'a>,
    inner: Range<usize>,
    packed: &'a mut Vec<f32>,
}

impl WithSimd for PackRight<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let width = WIDE * S::F32_LANES;
        let columns = self.right.columns;
        let depth = self.inner.len();
        let size = columns.div_ceil(width) * width * depth;
        if self.packed.len() < size {
            self.packed.resize(size, 0.0);
        }
        for (strip, to) in self.packed[..size].chunks_exact_mut(width * depth).enumerate() {
            let first = strip * width;
            let taken = width.min(columns - first);
            if self.right.is_by_rows() {
                for (index, to) in self.inner.clone().zip(to.chunks_exact_mut(width)) {
                    copy_padded(&self.right.from(index, first)[..taken], to);
                }
            } else {
                for column in 0..width {
                    if column < taken {
                        let from = &self.right.from(self.inner.start, first + column)[..depth];
                        for (to, &from) in to[column..].iter_mut().step_by(width).zip(from) {
                            *to = from;
                        }
                    } else {
                        to[column..].iter_mut().step_by(width).for_each(|to| *to = 0.0);
                    }
                }
            }
        }
    }
}

/// Some rows of a product.
struct Tiles<'a> {
    left: View<'a>,
    rows: Range<usize>,
    inner: Range<usize>,
    strips: &'a [f32],
    /// The rows' cells.
    out: &'a mut [f32],
    columns: usize,
    packed: &'a mut Vec<f32>,
}

impl WithSimd for Tiles<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // As many rows as leave registers for two vectors of the right matrix and one number of the left.
        if S::F32_LANES >= 16 { self.of_height::<S, 12>(simd) } else { self.of_height::<S, 6>(simd) }
    }
}

impl Tiles<'_> {
    #[inline(always)]
    fn of_height<S: Simd, const HIGH: usize>(self, simd: S) {
        let width = WIDE * S::F32_LANES;
        let depth = self.inner.len();
        let n_rows = self.rows.len();
        pack_left::<HIGH>(self.left, self.rows, self.inner, self.packed);
        let strips = self.columns.div_ceil(width);
        for (strip, right) in self.strips[..strips * width * depth].chunks_exact(width * depth).enumerate() {
            let first = strip * width;
            let wide = width.min(self.columns - first);
            let tiles = n_rows.div_ceil(HIGH);
            for (tile, left) in self.packed[..tiles * HIGH * depth].chunks_exact(HIGH * depth).enumerate() {
                let top = tile * HIGH;
                let high = HIGH.min(n_rows - top);
                let out = &mut self.out[top * self.columns + first..];
                if high == HIGH && wide == width {
                    whole_tile::<S, HIGH>(simd, left, right, out, self.columns);
                } else {
                    part_of_tile::<S, HIGH>(simd, left, right, out, self.columns, (high, wide));
                }
            }
        }
    }
}

/// Copies a few numbers, and zeros behind them: a loop, since a call would take longer than the copying.
#[inline(always)]
fn copy_padded(from: &[f32], to: &mut [f32]) {
    if from.len() == to.len() {
        for (to, from) in to.iter_mut().zip(from) {
            *to = *from;
        }
        return;
    }
    for (index, to) in to.iter_mut().enumerate() {
        *to = from.get(index).copied().unwrap_or(0.0);
    }
}

/// Copies rows of the left matrix into strips as high as a tile.
#[inline(always)]
fn pack_left<const HIGH: usize>(
    left: View<'_>,
    rows: Range<usize>,
    inner: Range<usize>,
    packed: &mut Vec<f32>,
) {
    let depth = inner.len();
    let size = rows.len().div_ceil(HIGH) * HIGH * depth;
    if packed.len() < size {
        packed.resize(size, 0.0);
    }
    for (strip, to) in packed[..size].chunks_exact_mut(HIGH * depth).enumerate() {
        let first = rows.start + strip * HIGH;
        let taken = HIGH.min(rows.end - first);
        if left.is_by_rows() {
            for row in 0..HIGH {
                if row < taken {
                    let from = &left.from(first + row, inner.start)[..depth];
                    for (to, &from) in to.chunks_exact_mut(HIGH).zip(from) {
                        to[row] = from;
                    }
                } else {
                    to.chunks_exact_mut(HIGH).for_each(|to| to[row] = 0.0);
                }
            }
        } else {
            for (index, to) in inner.clone().zip(to.chunks_exact_mut(HIGH)) {
                copy_padded(&left.from(first, index)[..taken], to);
            }
        }
    }
}

#[inline(always)]
fn whole_tile<S: Simd, const HIGH: usize>(
    simd: S,
    left: &[f32],
    right: &[f32],
    out: &mut [f32],
    columns: usize,
) {
    let width = WIDE * S::F32_LANES;
    let mut sums = [[simd.splat_f32s(0.0); WIDE]; HIGH];
    for (row, sums) in sums.iter_mut().enumerate() {
        let (vectors, _) = S::as_simd_f32s(&out[row * columns..row * columns + width]);
        *sums = [vectors[0], vectors[1]];
    }
    sum_up::<S, HIGH>(simd, left, right, &mut sums);
    for (row, sums) in sums.iter().enumerate() {
        let (vectors, _) = S::as_mut_simd_f32s(&mut out[row * columns..row * columns + width]);
        (vectors[0], vectors[1]) = (sums[0], sums[1]);
    }
}

/// At the right and lower edge, where a tile is larger than what is left.
#[inline(always)]
fn part_of_tile<S: Simd, const HIGH: usize>(
    simd: S,
    left: &[f32],
    right: &[f32],
    out: &mut [f32],
    columns: usize,
    (high, wide): (usize, usize),
) {
    let width = WIDE * S::F32_LANES;
    // Large enough for the widest vectors.
    let mut whole = [0.0; 12 * WIDE * 16];
    for row in 0..high {
        whole[row * width..row * width + wide].copy_from_slice(&out[row * columns..row * columns + wide]);
    }
    whole_tile::<S, HIGH>(simd, left, right, &mut whole, width);
    for row in 0..high {
        out[row * columns..row * columns + wide].copy_from_slice(&whole[row * width..row * width + wide]);
    }
}

#[inline(always)]
fn sum_up<S: Simd, const HIGH: usize>(
    simd: S,
    left: &[f32],
    right: &[f32],
    sums: &mut [[S::f32s; WIDE]; HIGH],
) {
    let (vectors, _) = S::as_simd_f32s(right);
    for (left, right) in left.chunks_exact(HIGH).zip(vectors.chunks_exact(WIDE)) {
        for row in 0..HIGH {
            let number = simd.splat_f32s(left[row]);
            for vector in 0..WIDE {
                sums[row][vector] = simd.mul_add_f32s(number, right[vector], sums[row][vector]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use lookalike_core::Seed;

    use super::*;

    fn numbers(count: usize, label: &str) -> Vec<f32> {
        let mut stream = Seed::new(5).stream(label, 0);
        (0..count).map(|_| stream.normal() as f32).collect()
    }

    /// One chain of fused multiply-adds per cell, as the head of this file promises.
    fn plainly(left: View<'_>, right: View<'_>, out: &mut [f32]) {
        for (cell, out) in out.iter_mut().enumerate() {
            let (row, column) = (cell / right.columns, cell % right.columns);
            for index in 0..left.columns {
                *out = left.from(row, index)[0].mul_add(right.from(index, column)[0], *out);
            }
        }
    }

    #[test]
    fn every_bit_is_that_of_the_plain_loop() {
        let sizes =
            [(1, 1, 1), (5, 3, 2), (12, 16, 32), (50, 401, 33), (130, 20, 7), (97, 800, 65), (3, 0, 4)];
        for (rows, depth, columns) in sizes {
            let (a, b) = (numbers(rows * depth, "a"), numbers(depth * columns, "b"));
            let start = numbers(rows * columns, "c");
            for turn in 0..4 {
                let left = if turn & 1 == 0 {
                    View::new(&a, rows, depth)
                } else {
                    View::new(&a, depth, rows).turned()
                };
                let right = if turn & 2 == 0 {
                    View::new(&b, depth, columns)
                } else {
                    View::new(&b, columns, depth).turned()
                };
                let mut expected = start.clone();
                plainly(left, right, &mut expected);
                let mut found = start.clone();
                multiply(left, right, &mut found, true);
                assert_eq!(found, expected, "{rows} x {depth} x {columns}, turn {turn}");
            }
        }
    }

    #[test]
    fn processors_do_not_matter() {
        let (a, b) = (numbers(200 * 700, "a"), numbers(700 * 90, "b"));
        let product = |arch: Arch| {
            let mut out = vec![0.0; 200 * 90];
            multiply_by(arch, View::new(&a, 200, 700), View::new(&b, 700, 90), &mut out, false);
            out
        };
        let best = product(Arch::new());
        assert_eq!(product(Arch::Scalar), best);
        #[cfg(target_arch = "x86_64")]
        if let Some(narrow) = pulp::x86::V3::try_new() {
            assert_eq!(product(Arch::V3(narrow)), best);
        }
    }

    #[test]
    #[ignore = "prints how fast products are"]
    #[expect(clippy::print_stdout, reason = "that is what it is for")]
    fn speed() {
        for (rows, depth, columns) in [
            (500, 160, 128),
            (500, 128, 128),
            (160, 500, 128),
            (50, 3000, 256),
            (500, 256, 256),
            (1024, 1024, 1024),
        ] {
            let (a, b) = (numbers(rows * depth, "a"), numbers(depth * columns, "b"));
            let mut out = vec![0.0; rows * columns];
            let times = (2_000_000_000 / (rows * depth * columns)).max(1);
            let start = std::time::Instant::now();
            for _ in 0..times {
                multiply(View::new(&a, rows, depth), View::new(&b, depth, columns), &mut out, false);
            }
            let flops = 2.0 * (rows * depth * columns * times) as f64;
            println!(
                "{rows} x {depth} x {columns}: {:.1} GFLOP/s",
                flops / start.elapsed().as_secs_f64() / 1e9
            );
        }
    }
}
