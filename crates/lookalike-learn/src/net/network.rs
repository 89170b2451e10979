//! Networks as rows of layers: forward and backward, without taking memory in a loop.

#![expect(clippy::inline_always, reason = "what is not inlined into a dispatch is not vectorised")]

use lookalike_core::Stream;
use pulp::{Arch, Simd, WithSimd};

use super::elementary::{BackSilu, Sigmoid, Silu, Tanh, each, each_with, put_with};
use super::layer::{Activation, BatchNorm, Layer, LayerNorm, Linear};
use super::matrix::{Matrix, View};
use super::norm;
use super::parameters::Parameters;
use super::product::multiply;
use super::random::fill_uniform;

/// Layers one after the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    layers: Vec<Layer>,
    /// Columns before the first layer and after each.
    widths: Vec<usize>,
}

/// What a network computed on its way forward, and the gradients on its way back.
#[derive(Debug, Clone, Default)]
pub struct Tape {
    /// The input, and what comes out of each layer.
    pub(super) steps: Vec<Matrix>,
    /// The gradients of the same.
    gradients: Vec<Matrix>,
    /// Per layer, what its way back needs besides.
    pub(super) kept: Vec<Kept>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Kept {
    /// Normalised numbers, or factors of dropout.
    pub(super) numbers: Matrix,
    /// One over the deviation of each column or row.
    scale: Vec<f32>,
    mean: Vec<f32>,
    variance: Vec<f32>,
}

/// What a network is run for.
#[derive(Debug)]
pub enum Mode<'a> {
    /// To learn: batches are normalised by themselves, and numbers dropped out.
    Learning(&'a mut Stream),
    /// To use what was learned.
    Using,
}

impl Network {
    /// No layer yet.
    pub fn new(inputs: usize) -> Self {
        Network { layers: Vec::new(), widths: vec![inputs] }
    }

    /// With a linear layer more.
    #[must_use]
    pub fn linear(mut self, outputs: usize, parameters: &mut Parameters, stream: &mut Stream) -> Self {
        self.layers.push(Layer::Linear(Linear::new(self.outputs(), outputs, parameters, stream)));
        self.widths.push(outputs);
        self
    }

    /// With a function of each number more.
    #[must_use]
    pub fn activation(self, activation: Activation) -> Self {
        self.with_same_width(Layer::Activation(activation))
    }

    /// With dropout more.
    #[must_use]
    pub fn dropout(self, rate: f32) -> Self {
        self.with_same_width(Layer::Dropout(rate))
    }

    /// With a normalisation over the batch more.
    #[must_use]
    pub fn batch_norm(self, parameters: &mut Parameters) -> Self {
        let layer = BatchNorm::new(self.outputs(), parameters);
        self.with_same_width(Layer::BatchNorm(layer))
    }

    /// With a normalisation of rows more.
    #[must_use]
    pub fn layer_norm(self, parameters: &mut Parameters) -> Self {
        let layer = LayerNorm::new(self.outputs(), parameters);
        self.with_same_width(Layer::LayerNorm(layer))
    }

    /// With the columns of an earlier step (0 is the input) behind those that come out now.
    ///
    /// # Panics
    /// If there is no such step.
    #[must_use]
    pub fn append(mut self, step: usize) -> Self {
        let width = self.outputs() + self.widths[step];
        self.layers.push(Layer::Append(step));
        self.widths.push(width);
        self
    }

    fn with_same_width(mut self, layer: Layer) -> Self {
        self.layers.push(layer);
        self.widths.push(self.outputs());
        self
    }

    /// The number of steps so far: what [`Self::append`] takes to name what comes out now.
    pub fn steps(&self) -> usize {
        self.layers.len()
    }

    /// The layers.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// The layers, to be changed without changing their shapes.
    pub fn layers_mut(&mut self) -> &mut [Layer] {
        &mut self.layers
    }

    /// Columns that come in.
    pub fn inputs(&self) -> usize {
        self.widths[0]
    }

    /// Columns that go out.
    pub fn outputs(&self) -> usize {
        self.widths[self.widths.len() - 1]
    }

    /// Runs the network on what [`Tape::input_mut`] holds.
    ///
    /// # Panics
    /// If the input has another number of columns.
    pub fn forward<'t>(&self, parameters: &Parameters, tape: &'t mut Tape, mut mode: Mode<'_>) -> &'t Matrix {
        assert_eq!(tape.input_mut().columns(), self.inputs(), "the network's number of columns");
        tape.steps.resize_with(self.layers.len() + 1, Matrix::default);
        tape.kept.resize_with(self.layers.len(), Kept::default);
        for (index, layer) in self.layers.iter().enumerate() {
            let (before, after) = tape.steps.split_at_mut(index + 1);
            let (x, out, kept) = (&before[index], &mut after[0], &mut tape.kept[index]);
            match layer {
                Layer::Linear(linear) => through(linear, parameters, x, out),
                Layer::BatchNorm(layer) => {
                    let learned = (parameters.of(layer.gain), parameters.of(layer.bias));
                    let Kept { numbers, scale, mean, variance } = kept;
                    if matches!(mode, Mode::Learning(_)) {
                        norm::moments(x, mean, variance);
                        norm::over_batch(x, (mean, variance), learned, numbers, scale, out);
                    } else {
                        norm::over_batch(x, (&layer.mean, &layer.variance), learned, numbers, scale, out);
                    }
                }
                Layer::LayerNorm(layer) => {
                    let learned = (parameters.of(layer.gain), parameters.of(layer.bias));
                    norm::over_rows(x, learned, &mut kept.numbers, &mut kept.scale, out);
                }
                Layer::Activation(activation) => activate(*activation, x, out),
                Layer::Dropout(rate) => {
                    out.reshape(x.rows(), x.columns());
                    if let Mode::Learning(stream) = &mut mode {
                        let factors = &mut kept.numbers;
                        factors.reshape(x.rows(), x.columns());
                        fill_uniform(factors.values_mut(), stream);
                        let (rate, larger) = (*rate, 1.0 / (1.0 - rate));
                        each(factors.values_mut(), move |u: f32| if u < rate { 0.0 } else { larger });
                        put_with(out.values_mut(), x.values(), factors.values(), |x: f32, factor: f32| {
                            x * factor
                        });
                    } else {
                        out.values_mut().copy_from_slice(x.values());
                    }
                }
                Layer::Append(step) => {
                    let other = &before[*step];
                    out.reshape(x.rows(), x.columns() + other.columns());
                    for row in 0..x.rows() {
                        let (own, rest) = out.row_mut(row).split_at_mut(x.columns());
                        own.copy_from_slice(x.row(row));
                        rest.copy_from_slice(other.row(row));
                    }
                }
            }
        }
        tape.output()
    }

    /// Adds the gradients of what was learned from [`Tape::output_gradient_mut`] after [`Self::forward`] while learning.
    /// The gradient of the input is in [`Tape::input_gradient`] then, if it is wanted. Without room for gradients of
    /// what was learned (an empty slice) only that is computed, for networks without normalisations.
    ///
    /// # Panics
    /// If the network was not run forward before.
    pub fn backward(
        &self,
        parameters: &Parameters,
        tape: &mut Tape,
        gradients: &mut [f32],
        wants_input: bool,
    ) {
        let Tape { steps, gradients: back, kept } = tape;
        // What is appended later gives its part of the gradient before the step's own part comes.
        let mut begun = vec![false; self.layers.len() + 1];
        for (index, layer) in self.layers.iter().enumerate().rev() {
            let (before, after) = back.split_at_mut(index + 1);
            let d_out = &after[0];
            let wanted = index > 0 || wants_input;
            if let Layer::Append(step) = layer {
                let own = self.widths[index];
                for (to, columns) in [(index, 0..own), (*step, own..self.widths[index + 1])] {
                    let d = &mut before[to];
                    if !begun[to] {
                        d.clear(d_out.rows(), columns.len());
                        begun[to] = true;
                    }
                    for row in 0..d_out.rows() {
                        let from = &d_out.row(row)[columns.clone()];
                        d.row_mut(row).iter_mut().zip(from).for_each(|(d, from)| *d += from);
                    }
                }
                continue;
            }
            let (x, out, kept) = (&steps[index], &steps[index + 1], &kept[index]);
            let mut own = Matrix::default();
            let d_x = if begun[index] { &mut own } else { &mut before[index] };
            match layer {
                Layer::Linear(linear) => {
                    back_through(linear, parameters, x, d_out, gradients, wanted.then_some(d_x));
                }
                Layer::BatchNorm(BatchNorm { gain, bias, .. }) => {
                    let (d_gain, d_bias) = two_parts(gradients, gain.range(), bias.range());
                    let gain = parameters.of(*gain);
                    norm::back_over_batch(d_out, &kept.numbers, &kept.scale, gain, (d_gain, d_bias), d_x);
                }
                Layer::LayerNorm(LayerNorm { gain, bias }) => {
                    let (d_gain, d_bias) = two_parts(gradients, gain.range(), bias.range());
                    let gain = parameters.of(*gain);
                    norm::back_over_rows(d_out, &kept.numbers, &kept.scale, gain, (d_gain, d_bias), d_x);
                }
                Layer::Activation(activation) => back_activation(*activation, x, out, d_out, d_x),
                Layer::Dropout(_) => {
                    d_x.reshape(d_out.rows(), d_out.columns());
                    put_with(
                        d_x.values_mut(),
                        d_out.values(),
                        kept.numbers.values(),
                        |d: f32, factor: f32| d * factor,
                    );
                }
                Layer::Append(_) => unreachable!("handled above"),
            }
            if begun[index] && wanted {
                each_with(before[index].values_mut(), own.values(), |a: f32, b: f32| a + b);
            }
        }
    }

    /// Fixes what batch normalisations subtract and divide by, to the moments of one large batch, in
    /// [`Tape::input_mut`]: exact for the parameters as they are now, where running means lag behind.
    pub fn settle(&mut self, parameters: &Parameters, tape: &mut Tape, stream: &mut Stream) {
        self.forward(parameters, tape, Mode::Learning(stream));
        for (layer, kept) in self.layers.iter_mut().zip(&tape.kept) {
            if let Layer::BatchNorm(norm) = layer {
                norm.mean.clone_from(&kept.mean);
                norm.variance.clone_from(&kept.variance);
            }
        }
    }
}

impl Tape {
    /// Where the input goes.
    pub fn input_mut(&mut self) -> &mut Matrix {
        if self.steps.is_empty() {
            self.steps.push(Matrix::default());
        }
        &mut self.steps[0]
    }

    /// What came out.
    ///
    /// # Panics
    /// If nothing went in.
    pub fn output(&self) -> &Matrix {
        &self.steps[self.steps.len() - 1]
    }

    /// What came out, and where its gradient goes, in the same shape.
    pub fn output_gradient_mut(&mut self) -> (&Matrix, &mut Matrix) {
        let last = self.steps.len() - 1;
        self.gradients.resize_with(last + 1, Matrix::default);
        let (output, gradient) = (&self.steps[last], &mut self.gradients[last]);
        gradient.reshape(output.rows(), output.columns());
        (output, gradient)
    }

    /// The gradient of the input.
    ///
    /// # Panics
    /// If nothing went back.
    pub fn input_gradient(&self) -> &Matrix {
        &self.gradients[0]
    }
}

/// Two parts of one row of numbers, the first before the second.
fn two_parts(
    all: &mut [f32],
    first: std::ops::Range<usize>,
    second: std::ops::Range<usize>,
) -> (&mut [f32], &mut [f32]) {
    debug_assert!(first.end <= second.start);
    let (before, after) = all.split_at_mut(second.start);
    (&mut before[first], &mut after[..second.len()])
}

fn through(linear: &Linear, parameters: &Parameters, x: &Matrix, out: &mut Matrix) {
    out.reshape(x.rows(), linear.outputs);
    let bias = parameters.of(linear.bias);
    out.values_mut().chunks_exact_mut(linear.outputs.max(1)).for_each(|row| row.copy_from_slice(bias));
    let weight = View::new(parameters.of(linear.weight), linear.inputs, linear.outputs);
    multiply(x.view(), weight, out.values_mut(), true);
}

fn back_through(
    linear: &Linear,
    parameters: &Parameters,
    x: &Matrix,
    d_out: &Matrix,
    gradients: &mut [f32],
    d_x: Option<&mut Matrix>,
) {
    if !gradients.is_empty() {
        multiply(x.view().turned(), d_out.view(), &mut gradients[linear.weight.range()], true);
        add_columns(d_out, &mut gradients[linear.bias.range()]);
    }
    if let Some(d_x) = d_x {
        d_x.reshape(x.rows(), linear.inputs);
        let weight = View::new(parameters.of(linear.weight), linear.inputs, linear.outputs);
        multiply(d_out.view(), weight.turned(), d_x.values_mut(), false);
    }
}

/// Adds the sum of each column.
pub(super) fn add_columns(matrix: &Matrix, sums: &mut [f32]) {
    Arch::new().dispatch(AddColumns(matrix, sums));
}

struct AddColumns<'a>(&'a Matrix, &'a mut [f32]);

impl WithSimd for AddColumns<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for row in self.0.values().chunks_exact(self.0.columns().max(1)) {
            for (sum, value) in self.1.iter_mut().zip(row) {
                *sum += value;
            }
        }
    }
}

fn activate(activation: Activation, x: &Matrix, out: &mut Matrix) {
    out.reshape(x.rows(), x.columns());
    activate_values(activation, x.values(), out.values_mut());
}

fn back_activation(activation: Activation, x: &Matrix, out: &Matrix, d_out: &Matrix, d_x: &mut Matrix) {
    d_x.reshape(x.rows(), x.columns());
    back_activation_values(activation, (x.values(), out.values()), d_out.values(), d_x.values_mut());
}

/// Puts the function of every number.
pub(super) fn activate_values(activation: Activation, x: &[f32], out: &mut [f32]) {
    out.copy_from_slice(x);
    match activation {
        Activation::Relu => each(out, |x: f32| if x > 0.0 { x } else { 0.0 }),
        Activation::LeakyRelu(slope) => each(out, move |x: f32| if x > 0.0 { x } else { x * slope }),
        Activation::Silu => each(out, Silu),
        Activation::Tanh => each(out, Tanh),
        Activation::Sigmoid => each(out, Sigmoid),
    }
}

/// Puts the gradients by numbers `x` that became `y`.
pub(super) fn back_activation_values(
    activation: Activation,
    (x, y): (&[f32], &[f32]),
    d: &[f32],
    d_x: &mut [f32],
) {
    match activation {
        Activation::Relu => put_with(d_x, d, x, |d: f32, x: f32| if x > 0.0 { d } else { 0.0 }),
        Activation::LeakyRelu(slope) => {
            put_with(d_x, d, x, move |d: f32, x: f32| if x > 0.0 { d } else { d * slope });
        }
        Activation::Silu => put_with(d_x, d, x, BackSilu),
        Activation::Tanh => put_with(d_x, d, y, |d: f32, y: f32| d * (1.0 - y * y)),
        Activation::Sigmoid => put_with(d_x, d, y, |d: f32, y: f32| d * y * (1.0 - y)),
    }
}
