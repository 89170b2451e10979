//! The half of an autoencoder that says where a row lies among the numbers that the decoder reads.

use lookalike_core::Stream;
use lookalike_learn::net::{Activation, Batch, Lookup, Matrix, Mode, Network, Parameters, Tape};

use super::layout::Layout;

/// Logarithms of variances stay within this.
pub(crate) const LOG_VARIANCE: f32 = 8.0;

/// From rows of a table to a mean and the logarithm of a variance for each latent number.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Encoder {
    lookup: Lookup,
    network: Network,
}

impl Encoder {
    /// With so many units in each hidden layer.
    pub(crate) fn new(
        layout: &Layout,
        hidden: &[usize],
        latent: usize,
        parameters: &mut Parameters,
        stream: &mut Stream,
    ) -> Self {
        let first = hidden.first().copied().unwrap_or(2 * latent);
        let lookup = Lookup::new(layout.n_numbers, &layout.kinds(), first, parameters, stream);
        let mut network = Network::new(first);
        for &units in hidden.iter().skip(1) {
            network = network.activation(Activation::Relu).linear(units, parameters, stream);
        }
        if !hidden.is_empty() {
            network = network.activation(Activation::Relu).linear(2 * latent, parameters, stream);
        }
        Encoder { lookup, network }
    }

    /// Means, and behind them logarithms of variances. No layer of it is random.
    pub(crate) fn forward<'t>(
        &self,
        parameters: &Parameters,
        batch: &Batch,
        tape: &'t mut Tape,
    ) -> &'t Matrix {
        self.lookup.forward(parameters, batch, tape.input_mut());
        self.network.forward(parameters, tape, Mode::Using)
    }

    /// Adds the gradients of what was learned, from that of what came out.
    pub(crate) fn backward(
        &self,
        parameters: &Parameters,
        batch: &Batch,
        tape: &mut Tape,
        gradients: &mut [f32],
    ) {
        self.network.backward(parameters, tape, gradients, true);
        self.lookup.backward(batch, tape.input_gradient(), gradients);
    }
}

/// An encoder that has learned.
#[derive(Debug, Clone)]
pub(crate) struct FittedEncoder {
    /// Units of each hidden layer.
    pub(crate) hidden: Vec<usize>,
    pub(crate) parameters: Parameters,
    encoder: Encoder,
}

impl FittedEncoder {
    /// How many parameters one has; `None` if more than can be counted.
    pub(crate) fn count(layout: &Layout, hidden: &[usize], latent: usize) -> Option<usize> {
        let mut width = layout.n_numbers.checked_add(layout.kinds().iter().sum())?;
        let mut sum: usize = 0;
        for units in hidden.iter().copied().chain([latent.checked_mul(2)?]) {
            sum = sum.checked_add(width.checked_add(1)?.checked_mul(units)?)?;
            width = units;
        }
        Some(sum)
    }

    /// From what it has learned.
    ///
    /// # Panics
    /// If there are not [`Self::count`] parameters.
    pub(crate) fn new(layout: &Layout, hidden: Vec<usize>, latent: usize, values: &[f32]) -> Self {
        let mut parameters = Parameters::new();
        let mut stream = lookalike_core::Seed::new(0).stream("shape", 0);
        let encoder = Encoder::new(layout, &hidden, latent, &mut parameters, &mut stream);
        parameters.values_mut().copy_from_slice(values);
        FittedEncoder { hidden, parameters, encoder }
    }

    /// Moves standard normal noise to where the rows of a batch lie.
    pub(crate) fn place(&self, batch: &Batch, noise: &mut Matrix) {
        let mut tape = Tape::default();
        let code = self.encoder.forward(&self.parameters, batch, &mut tape);
        for row in 0..noise.rows() {
            let (means, logs) = code.row(row).split_at(noise.columns());
            for ((z, mean), log) in noise.row_mut(row).iter_mut().zip(means).zip(logs) {
                let half = 0.5 * log.clamp(-LOG_VARIANCE, LOG_VARIANCE);
                *z = mean + *z * lookalike_core::math::exp(f64::from(half)) as f32;
            }
        }
    }
}
