//! Dense networks from noise and a class to images: what autoencoders and adversarial networks learn.

use lookalike_core::{Seed, Stream};
use lookalike_learn::net::{
    Activation, Mode, Network, Parameters, Tape, fill_normal, sigmoid_each, tanh_each,
};

use super::images::level;

/// What makes levels of what comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Output {
    Sigmoid,
    Tanh,
}

/// A network from noise and a class to an image.
#[derive(Debug, Clone)]
pub(super) struct Dense {
    pub(super) network: Network,
    pub(super) parameters: Parameters,
    pub(super) latent: usize,
    /// Numbers that tell the class: none, or one per class.
    pub(super) told: usize,
    pub(super) output: Output,
}

/// Linear maps with an activation between each two.
pub(super) fn chain(
    inputs: usize,
    hidden: &[usize],
    outputs: usize,
    activation: Activation,
    parameters: &mut Parameters,
    stream: &mut Stream,
) -> Network {
    let network = hidden.iter().fold(Network::new(inputs), |network, &units| {
        network.linear(units, parameters, stream).activation(activation)
    });
    network.linear(outputs, parameters, stream)
}

/// Tells the class, if there is room for it.
pub(super) fn write_told(class: u32, to: &mut [f32]) {
    to.fill(0.0);
    if let Some(own) = to.get_mut(class as usize) {
        *own = 1.0;
    }
}

impl Dense {
    /// Levels of images of these classes; the first is the one of this number among all that are drawn.
    pub(super) fn sample(&self, (first, labels): (u64, &[u32]), seed: Seed) -> Vec<u8> {
        let mut tape = Tape::default();
        let input = tape.input_mut();
        input.reshape(labels.len(), self.latent + self.told);
        for (number, &label) in labels.iter().enumerate() {
            let (noise, told) = input.row_mut(number).split_at_mut(self.latent);
            fill_normal(noise, &mut seed.stream("noise of images", first + number as u64));
            write_told(label, told);
        }
        let mut values = self.network.forward(&self.parameters, &mut tape, Mode::Using).values().to_vec();
        let least = match self.output {
            Output::Sigmoid => {
                sigmoid_each(&mut values);
                0.0
            }
            Output::Tanh => {
                tanh_each(&mut values);
                -1.0
            }
        };
        values.into_iter().map(|number| level(number, least)).collect()
    }
}
