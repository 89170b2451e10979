//! Linear maps that stretch nothing: the spectral norm of each is kept at 1 or below.
//!
//! Gouk, H., Frank, E., Pfahringer, B. and Cree, M. J. (2021). Regularisation of neural networks by enforcing Lipschitz
//! continuity. <https://doi.org/10.1007/s10994-020-05929-w>; Miyato, T. et al. (2018). Spectral normalization for generative
//! adversarial networks. <https://doi.org/10.48550/arXiv.1802.05957>

use lookalike_core::Stream;

use super::layer::Layer;
use super::matrix::{Matrix, View};
use super::network::Network;
use super::parameters::Parameters;
use super::product::multiply;
use super::random::fill_normal;

/// What is known of the directions that a network's linear maps stretch most.
#[derive(Debug, Clone)]
pub struct Spectral {
    /// Per linear map, a row of its inputs.
    directions: Vec<Matrix>,
}

impl Spectral {
    /// Of a network, from random directions.
    pub fn new(network: &Network, stream: &mut Stream) -> Self {
        let linear = network.layers().iter().filter_map(|layer| match layer {
            Layer::Linear(linear) => Some(linear.inputs),
            _ => None,
        });
        let directions = linear.map(|inputs| {
            let mut direction = Matrix::zeros(1, inputs);
            fill_normal(direction.values_mut(), stream);
            direction
        });
        Spectral { directions: directions.collect() }
    }

    /// All directions, one after the other.
    pub fn state(&self) -> Vec<f32> {
        self.directions.iter().flat_map(Matrix::values).copied().collect()
    }

    /// Goes back to directions that [`Self::state`] gave.
    pub fn restore(&mut self, state: &[f32]) {
        let mut rest = state;
        for direction in &mut self.directions {
            let (own, others) = rest.split_at(direction.values().len());
            direction.values_mut().copy_from_slice(own);
            rest = others;
        }
    }

    /// Divides the weights of each linear map by how much it stretches at most, where that is more than 1, as one more
    /// power iteration tells.
    pub fn project(&mut self, network: &Network, parameters: &mut Parameters) {
        let linear = network.layers().iter().filter_map(|layer| match layer {
            Layer::Linear(linear) => Some(linear),
            _ => None,
        });
        let mut out = Matrix::default();
        for (linear, direction) in linear.zip(&mut self.directions) {
            let weight = View::new(parameters.of(linear.weight), linear.inputs, linear.outputs);
            shorten(direction.values_mut());
            out.reshape(1, linear.outputs);
            multiply(direction.view(), weight, out.values_mut(), false);
            let stretched = shorten(out.values_mut());
            multiply(out.view(), weight.turned(), direction.values_mut(), false);
            if stretched > 1.0 {
                let factor = 1.0 / stretched;
                parameters.of_mut(linear.weight).iter_mut().for_each(|weight| *weight *= factor);
            }
        }
    }
}

/// Makes a vector one long, and gives how long it was.
fn shorten(values: &mut [f32]) -> f32 {
    let length = values.iter().map(|value| value * value).sum::<f32>().sqrt();
    if length > 0.0 {
        for value in values {
            *value /= length;
        }
    }
    length
}

#[cfg(test)]
mod tests {
    use lookalike_core::Seed;

    use super::*;

    #[test]
    fn nothing_is_stretched_after_a_while() {
        let mut parameters = Parameters::new();
        let mut stream = Seed::new(1).stream("spectral", 0);
        let network = Network::new(20).linear(30, &mut parameters, &mut stream);
        parameters.values_mut().iter_mut().for_each(|weight| *weight *= 20.0);
        let mut spectral = Spectral::new(&network, &mut stream);
        for _ in 0..200 {
            spectral.project(&network, &mut parameters);
        }
        let Layer::Linear(linear) = network.layers()[0] else { panic!("a linear map") };
        let weight = View::new(parameters.of(linear.weight), 20, 30);
        let mut longest = 0.0_f32;
        for _ in 0..100 {
            let mut x = Matrix::zeros(1, 20);
            fill_normal(x.values_mut(), &mut stream);
            let before = shorten(x.values_mut());
            let mut out = Matrix::zeros(1, 30);
            multiply(x.view(), weight, out.values_mut(), false);
            longest = longest.max(shorten(out.values_mut()));
            assert!(before > 0.0);
        }
        assert!((0.3..1.01).contains(&longest), "the longest image of a unit vector is {longest}");
    }
}
