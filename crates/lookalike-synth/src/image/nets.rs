//! Networks from a few numbers and a class to images, and back.

use lookalike_core::Stream;
use lookalike_learn::net::image::{Graph, Shape};
use lookalike_learn::net::{Activation, Parameters};

use super::convolutional;
use super::halves::PARTS;
use super::layout::Layout;
use super::memory::Numbers;
use super::net::{Net, beside};

/// What a network is made of between images and the few numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Layers<'a> {
    /// Linear maps of so many units, from the few numbers on.
    Dense(&'a [usize]),
    /// Convolutions of so many channels, from the coarsest resolution on, beyond it linear maps.
    Convolutional(&'a [usize]),
}

/// How many images of the larger of both networks a thread runs at once: where weights are many and images small, the more the
/// better.
pub(super) fn at_once(layers: Layers<'_>, nets: [&Net; 2]) -> usize {
    let most = match layers {
        Layers::Dense(_) => 64,
        Layers::Convolutional(_) => 8,
    };
    nets.into_iter().fold(most, |most, net| net.graph.at_once(most))
}

/// Numbers that both networks hold while they learn, with so many copies of the parameters of each beside the two of their
/// gradients in halves.
pub(super) fn numbers(nets: [(&Net, usize); 2], copies: usize, at_once: usize) -> Numbers {
    nets.into_iter().fold(Numbers::default(), |sum, (net, parameters)| {
        sum.and(Numbers::of(parameters, copies + PARTS))
            .and(Numbers::of_weights(&net.graph))
            .and(Numbers::of_passes(&net.graph, at_once))
    })
}

impl Layers<'_> {
    /// What is wrong with them, for options of this name.
    pub(super) fn problem(self, method: &str) -> Option<String> {
        match self {
            Layers::Dense(hidden) if hidden.contains(&0) => {
                Some(format!("{method}.hidden must be at least 1"))
            }
            Layers::Convolutional(channels)
                if !(1..=6).contains(&channels.len()) || channels.contains(&0) =>
            {
                Some(format!("{method}.channels must be 1 to 6 numbers of at least 1"))
            }
            _ => None,
        }
    }

    /// How images lie before the network.
    pub(super) fn layout(self, image: Shape) -> Layout {
        let (patch, whole) = self.squares();
        Layout::new(image, patch, whole)
    }

    /// The shape in which they do.
    fn seen(self, image: Shape) -> Shape {
        let (patch, whole) = self.squares();
        Layout::shape(image, patch, whole)
    }

    /// The side of the squares of pixels that the network takes for one, and of those of such squares that it has one of at the
    /// coarsest resolution.
    fn squares(self) -> (usize, usize) {
        match self {
            Layers::Dense(_) => (1, 1),
            Layers::Convolutional(channels) => (convolutional::PATCH, 1 << channels.len().saturating_sub(1)),
        }
    }

    /// From `latent` numbers and `told` of the class to images.
    pub(super) fn decoder(
        self,
        image: Shape,
        (latent, told): (usize, usize),
        activation: Activation,
        parameters: &mut Parameters,
        stream: &mut Stream,
    ) -> Net {
        let seen = self.seen(image);
        let hidden = match self {
            Layers::Dense(hidden) => hidden,
            Layers::Convolutional(channels) => {
                return convolutional::decoder(
                    channels,
                    seen,
                    (latent, told),
                    activation,
                    parameters,
                    stream,
                );
            }
        };
        let mut graph = Graph::new();
        let input = graph.input(Shape::row(latent));
        let (told, mut x) = beside(&mut graph, input, told);
        for &units in hidden {
            x = graph.linear(x, units, parameters, stream);
            x = graph.activate(x, activation);
        }
        x = graph.linear(x, seen.size(), parameters, stream);
        x = graph.reshape(x, seen);
        Net { graph, input, told, output: x }
    }

    /// From images, and `told` numbers of the class, to `outputs` numbers.
    pub(super) fn encoder(
        self,
        image: Shape,
        (told, outputs): (usize, usize),
        activation: Activation,
        parameters: &mut Parameters,
        stream: &mut Stream,
    ) -> Net {
        let seen = self.seen(image);
        let hidden = match self {
            Layers::Dense(hidden) => hidden,
            Layers::Convolutional(channels) => {
                return convolutional::encoder(
                    channels,
                    seen,
                    (told, outputs),
                    activation,
                    parameters,
                    stream,
                );
            }
        };
        let mut graph = Graph::new();
        let input = graph.input(seen);
        let x = graph.reshape(input, Shape::row(seen.size()));
        let (told, mut x) = beside(&mut graph, x, told);
        for &units in hidden.iter().rev() {
            x = graph.linear(x, units, parameters, stream);
            x = graph.activate(x, activation);
        }
        x = graph.linear(x, outputs, parameters, stream);
        Net { graph, input, told, output: x }
    }

    /// A number of parameters that a decoder has at least.
    pub(super) fn least_parameters(self, image: Shape, latent: usize) -> usize {
        let product = |a: usize, b: usize| a.saturating_mul(b);
        match self {
            Layers::Dense(hidden) => {
                let mut widths = vec![latent];
                widths.extend_from_slice(hidden);
                widths.push(image.size());
                widths.windows(2).fold(0, |sum, pair| sum.saturating_add(product(pair[0], pair[1])))
            }
            Layers::Convolutional(channels) => {
                let (_, whole) = self.squares();
                let coarse = self.seen(image).pixels() / (whole * whole);
                let first = product(product(latent, coarse), channels.first().copied().unwrap_or(0));
                channels
                    .windows(2)
                    .fold(first, |sum, pair| sum.saturating_add(product(16, product(pair[0], pair[1]))))
            }
        }
    }
}
