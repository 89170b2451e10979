use lookalike_core::Stream;

use super::parameters::{Parameters, Slot};

/// One step of a network. Shapes are numbers of columns; rows are examples.
#[derive(Debug, Clone, PartialEq)]
pub enum Layer {
    /// A linear map.
    Linear(Linear),
    /// Each column less its mean over the batch, over its standard deviation, times a gain plus a bias.
    ///
    /// Ioffe, S. and Szegedy, C. (2015). Batch normalization. <https://doi.org/10.48550/arXiv.1502.03167>
    BatchNorm(BatchNorm),
    /// Each row less its mean, over its standard deviation, times a gain plus a bias.
    ///
    /// Ba, J. L., Kiros, J. R. and Hinton, G. E. (2016). Layer normalization.
    /// <https://doi.org/10.48550/arXiv.1607.06450>
    LayerNorm(LayerNorm),
    /// A function of every number by itself.
    Activation(Activation),
    /// While learning, a number is 0 with this probability, and otherwise larger for it.
    Dropout(f32),
    /// The columns, and behind them those of an earlier step (0 is the network's input).
    Append(usize),
}

/// A linear map: row times `weight` plus `bias`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Linear {
    /// Columns that come in.
    pub inputs: usize,
    /// Columns that go out.
    pub outputs: usize,
    /// The weights, a row per input.
    pub weight: Slot,
    /// One number per output.
    pub bias: Slot,
}

impl Linear {
    /// With weights and biases uniform within one over the root of the number of inputs, as is usual.
    pub fn new(inputs: usize, outputs: usize, parameters: &mut Parameters, stream: &mut Stream) -> Self {
        let bound = 1.0 / (inputs.max(1) as f32).sqrt();
        let weight = parameters.uniform(inputs * outputs, bound, stream);
        let bias = parameters.uniform(outputs, bound, stream);
        Linear { inputs, outputs, weight, bias }
    }
}

/// What a batch normalisation learns and what it has seen.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchNorm {
    /// One factor per column.
    pub gain: Slot,
    /// One number per column.
    pub bias: Slot,
    /// The mean per column when nothing is learned any more; see [`super::Network::settle`].
    pub mean: Vec<f32>,
    /// The variance per column when nothing is learned any more.
    pub variance: Vec<f32>,
}

impl BatchNorm {
    /// That changes nothing yet but the scale.
    pub fn new(columns: usize, parameters: &mut Parameters) -> Self {
        let gain = parameters.constant(columns, 1.0);
        let bias = parameters.constant(columns, 0.0);
        BatchNorm { gain, bias, mean: vec![0.0; columns], variance: vec![1.0; columns] }
    }
}

/// What a layer normalisation learns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LayerNorm {
    /// One factor per column.
    pub gain: Slot,
    /// One number per column.
    pub bias: Slot,
}

impl LayerNorm {
    /// That changes nothing yet but the scale.
    pub fn new(columns: usize, parameters: &mut Parameters) -> Self {
        LayerNorm { gain: parameters.constant(columns, 1.0), bias: parameters.constant(columns, 0.0) }
    }
}

/// A function of every number by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Activation {
    /// 0 below 0.
    Relu,
    /// So many times the number below 0.
    LeakyRelu(f32),
    /// `x * sigmoid(x)`.
    Silu,
    /// The hyperbolic tangent.
    Tanh,
    /// `1 / (1 + exp(-x))`.
    Sigmoid,
}

impl Activation {
    /// The slope on either side of 0, for those that are straight there.
    pub(super) fn slopes(self) -> Option<(f32, f32)> {
        match self {
            Activation::Relu => Some((0.0, 1.0)),
            Activation::LeakyRelu(slope) => Some((slope, 1.0)),
            Activation::Silu | Activation::Tanh | Activation::Sigmoid => None,
        }
    }
}
