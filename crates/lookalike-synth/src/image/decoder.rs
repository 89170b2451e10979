use lookalike_core::Seed;
use lookalike_learn::net::image::{Pass, Prepared, Shape};
use lookalike_learn::net::{Activation, Parameters, sigmoid_each, tanh_each};

use super::between::Between;
use super::images::level;
use super::layout::Layout;
use super::memory;
use super::net::Net;
use super::nets::Layers;
use crate::neural::Pace;

/// What makes levels of what comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Output {
    Sigmoid,
    Tanh,
}

/// What an autoencoder or an adversary leaves: a network from noise and a class to an image.
#[derive(Debug, Clone)]
pub(super) struct Decoder {
    pub(super) net: Net,
    pub(super) parameters: Parameters,
    pub(super) latent: usize,
    pub(super) layout: Layout,
    pub(super) output: Output,
    /// True for those of autoencoders, whose numbers of noise mean something by themselves.
    pub(super) has_codes: bool,
}

/// What a decoder is like, as options say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Recipe<'a> {
    pub(super) layers: Layers<'a>,
    pub(super) latent: usize,
    pub(super) conditional: bool,
    pub(super) activation: Activation,
    pub(super) output: Output,
}

impl Recipe<'_> {
    /// What is wrong with it and its pace, all at once, for options of this name.
    pub(super) fn problems(&self, method: &str, pace: Pace, memory_limit: Option<u64>) -> Vec<String> {
        let mut problems = pace.problems(method);
        problems.extend(memory::problem(memory_limit, method));
        if self.latent == 0 {
            problems.push(format!("{method}.latent must be at least 1"));
        }
        problems.extend(self.layers.problem(method));
        problems
    }

    /// Numbers that tell the class.
    pub(super) fn told(&self, classes: usize) -> usize {
        if self.conditional { classes } else { 0 }
    }

    /// The decoder before it has learned.
    pub(super) fn decoder(&self, image: Shape, classes: usize, seed: Seed) -> Decoder {
        let mut parameters = Parameters::new();
        let sizes = (self.latent, self.told(classes));
        let stream = &mut seed.stream("decoder", 0);
        let net = self.layers.decoder(image, sizes, self.activation, &mut parameters, stream);
        Decoder {
            net,
            parameters,
            latent: self.latent,
            layout: self.layers.layout(image),
            output: self.output,
            has_codes: self.output == Output::Sigmoid,
        }
    }
}

impl Decoder {
    pub(super) fn prepare(&self) -> Prepared {
        self.net.graph.prepare(&self.parameters)
    }

    /// Levels of images of these classes from noise, image after image.
    pub(super) fn draw(
        &self,
        prepared: &Prepared,
        noise: &[f32],
        classes: &[Between],
        pass: &mut Pass,
    ) -> Vec<u8> {
        let Net { graph, input, told, output } = &self.net;
        if pass.images() != classes.len() {
            pass.resize(graph, classes.len());
        }
        pass.values_mut(*input).copy_from_slice(noise);
        if let Some(told) = *told {
            let width = graph.shape(told).size();
            for (to, class) in pass.values_mut(told).chunks_exact_mut(width).zip(classes) {
                class.tell(to);
            }
        }
        pass.forward(graph, &self.parameters, prepared);
        let mut values = pass.values(*output).to_vec();
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
        values
            .chunks_exact(self.layout.shape.size())
            .flat_map(|image| self.layout.leave(image))
            .map(|number| level(number, least))
            .collect()
    }
}
