//! A linear map of rows of which most numbers are 0 and never written down.

#![expect(clippy::inline_always, reason = "what is not inlined into a dispatch is not vectorised")]

use lookalike_core::Stream;
use pulp::{Arch, Simd, WithSimd};

use super::layer::Linear;
use super::lookup::add_times;
use super::matrix::Matrix;
use super::parameters::Parameters;

/// Rows of numbers, most of which are 0: only the others are listed.
#[derive(Debug, Clone, Default)]
pub struct Sparse {
    /// Per row, where its numbers end.
    ends: Vec<usize>,
    places: Vec<u32>,
    values: Vec<f32>,
}

impl Sparse {
    /// No rows.
    pub fn clear(&mut self) {
        self.ends.clear();
        self.places.clear();
        self.values.clear();
    }

    /// One number more of the row that is being written.
    pub fn push(&mut self, place: u32, value: f32) {
        self.places.push(place);
        self.values.push(value);
    }

    /// Ends the row.
    pub fn end_row(&mut self) {
        self.ends.push(self.places.len());
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.ends.len()
    }

    fn fits(&self, inputs: usize) -> bool {
        self.places.iter().all(|&place| (place as usize) < inputs)
    }
}

/// A linear map of sparse rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SparseLinear {
    linear: Linear,
}

impl SparseLinear {
    /// Of `inputs` numbers, of which about `counting` are not 0 in a row.
    pub fn new(
        inputs: usize,
        outputs: usize,
        counting: usize,
        parameters: &mut Parameters,
        stream: &mut Stream,
    ) -> Self {
        let bound = 1.0 / (counting.max(1) as f32).sqrt();
        let weight = parameters.uniform(inputs * outputs, bound, stream);
        let bias = parameters.uniform(outputs, bound, stream);
        SparseLinear { linear: Linear { inputs, outputs, weight, bias } }
    }

    /// Puts what comes out of some rows.
    ///
    /// # Panics
    /// If a number has no place in this map.
    pub fn forward(&self, parameters: &Parameters, rows: &Sparse, out: &mut Matrix) {
        assert!(rows.fits(self.linear.inputs), "places are those of inputs");
        out.reshape(rows.rows(), self.linear.outputs);
        let (weight, bias) = (parameters.of(self.linear.weight), parameters.of(self.linear.bias));
        Arch::new().dispatch(Forward { weight, bias, rows, out: out.values_mut() });
    }

    /// Adds the gradients of weights and biases.
    ///
    /// # Panics
    /// If the shapes do not fit.
    pub fn backward(&self, rows: &Sparse, d_out: &Matrix, gradients: &mut [f32]) {
        assert!(rows.fits(self.linear.inputs) && rows.rows() == d_out.rows(), "the rows are those before");
        super::network::add_columns(d_out, &mut gradients[self.linear.bias.range()]);
        let gradients = &mut gradients[self.linear.weight.range()];
        Arch::new().dispatch(Backward { rows, d_out, gradients });
    }
}

struct Forward<'a> {
    weight: &'a [f32],
    bias: &'a [f32],
    rows: &'a Sparse,
    out: &'a mut [f32],
}

impl WithSimd for Forward<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let outputs = self.bias.len().max(1);
        let mut start = 0;
        for (out, &end) in self.out.chunks_exact_mut(outputs).zip(&self.rows.ends) {
            out.copy_from_slice(self.bias);
            for (&place, &value) in self.rows.places[start..end].iter().zip(&self.rows.values[start..end]) {
                let from = place as usize * outputs;
                add_times(out, value, &self.weight[from..from + outputs]);
            }
            start = end;
        }
    }
}

struct Backward<'a> {
    rows: &'a Sparse,
    d_out: &'a Matrix,
    gradients: &'a mut [f32],
}

impl WithSimd for Backward<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let outputs = self.d_out.columns().max(1);
        let mut start = 0;
        for (d, &end) in self.d_out.values().chunks_exact(outputs).zip(&self.rows.ends) {
            for (&place, &value) in self.rows.places[start..end].iter().zip(&self.rows.values[start..end]) {
                let to = place as usize * outputs;
                add_times(&mut self.gradients[to..to + outputs], value, d);
            }
            start = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use lookalike_core::Seed;

    use super::*;

    #[test]
    fn zeros_need_not_be_written_down() {
        let mut stream = Seed::new(1).stream("sparse", 0);
        let mut parameters = Parameters::new();
        let map = SparseLinear::new(5, 3, 2, &mut parameters, &mut stream);
        let mut rows = Sparse::default();
        let dense = [[0.0, 1.0, 0.0, 0.0, -0.5], [0.0; 5], [2.0, 0.0, 0.0, 1.0, 0.0]];
        for row in dense {
            for (place, value) in row.into_iter().enumerate().filter(|(_, value)| *value != 0.0) {
                rows.push(place as u32, value);
            }
            rows.end_row();
        }
        let mut out = Matrix::default();
        map.forward(&parameters, &rows, &mut out);
        let (weight, bias) = (parameters.of(map.linear.weight), parameters.of(map.linear.bias));
        let d_out = Matrix::from_values(3, 3, (0..9).map(|i| i as f32 - 3.0).collect());
        let mut gradients = vec![0.0; parameters.len()];
        map.backward(&rows, &d_out, &mut gradients);
        for output in 0..3 {
            for (row, x) in dense.iter().enumerate() {
                let expected: f32 = (0..5).map(|i| x[i] * weight[i * 3 + output]).sum::<f32>() + bias[output];
                assert!((out.row(row)[output] - expected).abs() < 1e-5);
            }
            for input in 0..5 {
                let expected: f32 = (0..3).map(|row| dense[row][input] * d_out.row(row)[output]).sum();
                assert!((gradients[map.linear.weight.range()][input * 3 + output] - expected).abs() < 1e-5);
            }
            let expected: f32 = (0..3).map(|row| d_out.row(row)[output]).sum();
            assert!((gradients[map.linear.bias.range()][output] - expected).abs() < 1e-5);
        }
    }
}
