//! Networks from a few numbers and a class to images, and back.

use lookalike_core::Stream;
use lookalike_learn::net::image::{Graph, Kernel, Node, Shape};
use lookalike_learn::net::{Activation, Parameters};

use super::halves::PARTS;
use super::layout::Layout;
use super::memory::Numbers;

/// What a network is made of between images and the few numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Layers<'a> {
    /// Linear maps of so many units, from the few numbers on.
    Dense(&'a [usize]),
    /// Convolutions of so many channels, from the coarsest resolution on, and behind them a linear map.
    Convolutional(&'a [usize]),
}

/// A network with its ends.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Net {
    pub(super) graph: Graph,
    pub(super) input: Node,
    /// Where the class is told, if it is.
    pub(super) told: Option<Node>,
    pub(super) output: Node,
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

/// A kernel that halves an image, or doubles it.
const HALVING: Kernel = Kernel { size: 4, stride: 2, padding: 1 };
/// Units that read class and image together, where a convolutional network reads both.
const READING: usize = 128;

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
        Layout::new(image, 1, self.whole())
    }

    /// Height and width are multiples of this before the network.
    fn whole(self) -> usize {
        match self {
            Layers::Dense(_) => 1,
            Layers::Convolutional(channels) => 1 << channels.len(),
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
        let mut graph = Graph::new();
        let input = graph.input(Shape::row(latent));
        let (told, mut x) = beside(&mut graph, input, told);
        let seen = Layout::shape(image, 1, self.whole());
        match self {
            Layers::Dense(hidden) => {
                for &units in hidden {
                    x = graph.linear(x, units, parameters, stream);
                    x = graph.activate(x, activation);
                }
                x = graph.linear(x, seen.size(), parameters, stream);
                x = graph.reshape(x, seen);
            }
            Layers::Convolutional(channels) => {
                let mut shape =
                    Shape::new(seen.height / self.whole(), seen.width / self.whole(), channels[0]);
                x = graph.linear(x, shape.size(), parameters, stream);
                x = graph.reshape(x, shape);
                for place in 0..channels.len() {
                    x = graph.activate(x, activation);
                    let last = (channels[place] / 2).max(1);
                    let next = channels.get(place + 1).copied().unwrap_or(last);
                    shape = Shape::new(shape.height * 2, shape.width * 2, next);
                    x = graph.convolve_transposed(x, shape, HALVING, parameters, stream);
                }
                x = graph.activate(x, activation);
                x = graph.convolve(x, seen.channels, Kernel::same(3), parameters, stream);
            }
        }
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
        let mut graph = Graph::new();
        let input = graph.input(Layout::shape(image, 1, self.whole()));
        let mut x = input;
        if let Layers::Convolutional(channels) = self {
            for &channels in channels.iter().rev() {
                x = graph.convolve(x, channels, HALVING, parameters, stream);
                x = graph.activate(x, activation);
            }
        }
        let row = Shape::row(graph.shape(x).size());
        x = graph.reshape(x, row);
        let (told, mut x) = beside(&mut graph, x, told);
        let hidden = match self {
            Layers::Dense(hidden) => hidden,
            Layers::Convolutional(_) => &[READING][..],
        };
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
                let seen = Layout::shape(image, 1, self.whole());
                let coarse = seen.pixels() / (self.whole() * self.whole());
                let first = product(product(latent, coarse), channels.first().copied().unwrap_or(0));
                channels
                    .windows(2)
                    .fold(first, |sum, pair| sum.saturating_add(product(16, product(pair[0], pair[1]))))
            }
        }
    }
}

/// A node with the class beside it, if it is told, and where that is.
fn beside(graph: &mut Graph, x: Node, told: usize) -> (Option<Node>, Node) {
    if told == 0 {
        return (None, x);
    }
    let own = graph.input(Shape::row(told));
    (Some(own), graph.concat(x, own))
}
