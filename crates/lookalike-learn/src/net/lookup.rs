//! The first layer of a network that reads a row of a table: a linear map of numbers and of one-hot codes, without ever
//! writing the ones and zeros down.

#![expect(clippy::inline_always, reason = "what is not inlined into a dispatch is not vectorised")]

use lookalike_core::Stream;
use pulp::{Arch, Simd, WithSimd};

use super::layer::Linear;
use super::matrix::Matrix;
use super::parameters::Parameters;
use super::spans::NO_CODE;

/// A linear map of some numbers and, behind them, of one-hot codes.
#[derive(Debug, Clone, PartialEq)]
pub struct Lookup {
    linear: Linear,
    numbers: usize,
    /// Per code, the row of the weights that its 0 has; and the end.
    starts: Vec<usize>,
}

/// Some rows of a table as networks read them.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Numbers; one that is not a number counts nothing.
    pub numbers: Matrix,
    /// Codes, row after row; [`NO_CODE`] counts nothing.
    pub codes: Vec<u32>,
}

impl Lookup {
    /// Of so many numbers and of codes of these many kinds each.
    pub fn new(
        numbers: usize,
        kinds: &[usize],
        outputs: usize,
        parameters: &mut Parameters,
        stream: &mut Stream,
    ) -> Self {
        let mut starts = vec![numbers];
        starts.extend(kinds.iter().scan(numbers, |end, kinds| {
            *end += kinds;
            Some(*end)
        }));
        let inputs = starts[starts.len() - 1];
        // One input of each code is 1, so that as many inputs count as there are numbers and codes.
        let counting = numbers + kinds.len();
        let bound = 1.0 / (counting.max(1) as f32).sqrt();
        let weight = parameters.uniform(inputs * outputs, bound, stream);
        let bias = parameters.uniform(outputs, bound, stream);
        Lookup { linear: Linear { inputs, outputs, weight, bias }, numbers, starts }
    }

    /// The linear map.
    pub fn linear(&self) -> &Linear {
        &self.linear
    }

    /// Puts what comes out of a batch.
    ///
    /// # Panics
    /// If the batch has another shape, or a code is too large.
    pub fn forward(&self, parameters: &Parameters, batch: &Batch, out: &mut Matrix) {
        let (outputs, codes) = (self.linear.outputs.max(1), self.starts.len() - 1);
        let rows = batch.numbers.rows();
        assert!(batch.numbers.columns() == self.numbers && batch.codes.len() == rows * codes);
        out.reshape(rows, outputs);
        let (weight, bias) = (parameters.of(self.linear.weight), parameters.of(self.linear.bias));
        Arch::new().dispatch(Forward { lookup: self, weight, bias, batch, out: out.values_mut() });
    }

    /// Adds the gradients of weights and biases.
    ///
    /// # Panics
    /// If the shapes do not fit.
    pub fn backward(&self, batch: &Batch, d_out: &Matrix, gradients: &mut [f32]) {
        super::network::add_columns(d_out, &mut gradients[self.linear.bias.range()]);
        let gradients = &mut gradients[self.linear.weight.range()];
        Arch::new().dispatch(Backward { lookup: self, batch, d_out, gradients });
    }
}

/// Adds so many times a row of numbers.
#[inline(always)]
pub(super) fn add_times(to: &mut [f32], times: f32, from: &[f32]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = times.mul_add(*from, *to);
    }
}

#[inline(always)]
fn add(to: &mut [f32], from: &[f32]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += from;
    }
}

/// Some rows on their way through.
struct Forward<'a> {
    lookup: &'a Lookup,
    weight: &'a [f32],
    bias: &'a [f32],
    batch: &'a Batch,
    out: &'a mut [f32],
}

impl WithSimd for Forward<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Lookup { linear, starts, .. } = self.lookup;
        let (outputs, codes) = (linear.outputs.max(1), starts.len() - 1);
        for (row, out) in self.out.chunks_exact_mut(outputs).enumerate() {
            out.copy_from_slice(self.bias);
            for (index, &number) in self.batch.numbers.row(row).iter().enumerate() {
                if !number.is_nan() {
                    add_times(out, number, &self.weight[index * outputs..(index + 1) * outputs]);
                }
            }
            for (index, &code) in self.batch.codes[row * codes..(row + 1) * codes].iter().enumerate() {
                if code != NO_CODE {
                    let place = starts[index] + code as usize;
                    assert!(place < starts[index + 1], "codes are below their number of kinds");
                    add(out, &self.weight[place * outputs..(place + 1) * outputs]);
                }
            }
        }
    }
}

/// The gradients of all weights.
struct Backward<'a> {
    lookup: &'a Lookup,
    batch: &'a Batch,
    d_out: &'a Matrix,
    gradients: &'a mut [f32],
}

impl WithSimd for Backward<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Lookup { starts, .. } = self.lookup;
        let (outputs, codes) = (self.d_out.columns().max(1), starts.len() - 1);
        for (row, d) in self.d_out.values().chunks_exact(outputs).enumerate() {
            for (index, &number) in self.batch.numbers.row(row).iter().enumerate() {
                if !number.is_nan() {
                    add_times(&mut self.gradients[index * outputs..(index + 1) * outputs], number, d);
                }
            }
            for (index, &code) in self.batch.codes[row * codes..(row + 1) * codes].iter().enumerate() {
                if code != NO_CODE {
                    let place = starts[index] + code as usize;
                    add(&mut self.gradients[place * outputs..(place + 1) * outputs], d);
                }
            }
        }
    }
}
