//! Networks of convolutions from a few numbers and a class to images, and back.
//!
//! Images of few pixels are learned in few steps here, and what decides how good they become is how much each step teaches: so all
//! layers begin with signals of one size (He et al.), those of decoders are normalised, and the class is told where it can
//! change every channel. Pixels come and go in squares, which costs half of what a layer at their own resolution would.
//!
//! # References
//! He, K. et al. (2015). Delving deep into rectifiers. <https://doi.org/10.1109/ICCV.2015.123>
//!
//! Miyato, T. and Koyama, M. (2018). `cGANs` with projection discriminator. <https://doi.org/10.48550/arXiv.1802.05637>
//!
//! Perez, E. et al. (2018). `FiLM`: visual reasoning with a general conditioning layer.
//! <https://doi.org/10.1609/aaai.v32i1.11671>
//!
//! Shi, W. et al. (2016). Real-time single image and video super-resolution using an efficient sub-pixel convolutional neural network.
//! <https://doi.org/10.1109/CVPR.2016.207>
//!
//! Wu, Y. and He, K. (2018). Group normalization. <https://doi.org/10.1007/978-3-030-01261-8_1>

use lookalike_core::Stream;
use lookalike_learn::net::image::{Graph, Kernel, Node, Shape};
use lookalike_learn::net::{Activation, Parameters};

use super::net::{Net, beside};

/// The side of the squares of pixels that come and go together.
pub(super) const PATCH: usize = 2;

/// A kernel that halves an image, or doubles it.
const HALVING: Kernel = Kernel { size: 4, stride: 2, padding: 1 };
/// Units that read a whole image, where a network reads one.
const READING: usize = 128;
/// Channels of a group that is normalised.
const GROUP: usize = 8;
/// Weights are made uniform with a third of one over the number of inputs as their variance; rectified layers keep the size of
/// signals if it is twice that one, so this is by how much weights must grow: the root of 6.
const GAIN: f32 = 2.449_49;

/// From `latent` numbers and `told` of the class to images of the shape that is seen, whose height and width are multiples of what
/// the channels ask for.
pub(super) fn decoder(
    channels: &[usize],
    seen: Shape,
    (latent, told): (usize, usize),
    activation: Activation,
    parameters: &mut Parameters,
    stream: &mut Stream,
) -> Net {
    let mut graph = Graph::new();
    let input = graph.input(Shape::row(latent));
    let (own, x) = beside(&mut graph, input, told);
    let whole = 1 << (channels.len() - 1);
    let mut shape = Shape::new(seen.height / whole, seen.width / whole, channels[0]);
    let begun = parameters.len();
    let x = graph.linear(x, shape.size(), parameters, stream);
    grow(parameters, begun, GAIN);
    // One number of the class must be heard beside all those of noise.
    let by_class = begun + latent * shape.size();
    scale(&mut parameters.values_mut()[by_class..][..told * shape.size()], (latent as f32).sqrt());
    let x = graph.reshape(x, shape);
    let mut x = told_again(&mut graph, x, own, activation, parameters, stream);
    for &next in &channels[1..] {
        shape = Shape::new(shape.height * 2, shape.width * 2, next);
        let begun = parameters.len();
        x = graph.convolve_transposed(x, shape, HALVING, parameters, stream);
        // Of the taps, a quarter reach each pixel.
        grow(parameters, begun, 2.0 * GAIN);
        x = told_again(&mut graph, x, own, activation, parameters, stream);
    }
    let output = graph.convolve(x, seen.channels, Kernel::same(3), parameters, stream);
    Net { graph, input, told: own, output }
}

/// From images of the shape that is seen, and `told` numbers of the class, to `outputs` numbers.
pub(super) fn encoder(
    channels: &[usize],
    seen: Shape,
    (told, outputs): (usize, usize),
    activation: Activation,
    parameters: &mut Parameters,
    stream: &mut Stream,
) -> Net {
    let mut graph = Graph::new();
    let input = graph.input(seen);
    let mut x = input;
    for (place, &channels) in channels.iter().rev().enumerate() {
        let kernel = if place == 0 { Kernel::same(3) } else { HALVING };
        let begun = parameters.len();
        x = graph.convolve(x, channels, kernel, parameters, stream);
        grow(parameters, begun, GAIN);
        x = graph.activate(x, activation);
    }
    let row = Shape::row(graph.shape(x).size());
    x = graph.reshape(x, row);
    let begun = parameters.len();
    x = graph.linear(x, READING, parameters, stream);
    grow(parameters, begun, GAIN);
    let own = (told > 0).then(|| graph.input(Shape::row(told)));
    if let Some(own) = own {
        x = modulated(&mut graph, x, own, parameters, stream);
    }
    x = graph.activate(x, activation);
    let output = graph.linear(x, outputs, parameters, stream);
    Net { graph, input, told: own, output }
}

/// What a layer of a decoder passes on: normalised, changed as the class asks, and rectified.
fn told_again(
    graph: &mut Graph,
    x: Node,
    told: Option<Node>,
    activation: Activation,
    parameters: &mut Parameters,
    stream: &mut Stream,
) -> Node {
    let mut x = graph.group_norm(x, groups(graph.shape(x).channels), parameters);
    if let Some(told) = told {
        x = modulated(graph, x, told, parameters, stream);
    }
    graph.activate(x, activation)
}

fn modulated(
    graph: &mut Graph,
    x: Node,
    told: Node,
    parameters: &mut Parameters,
    stream: &mut Stream,
) -> Node {
    let begun = parameters.len();
    let by = graph.linear(told, 2 * graph.shape(x).channels, parameters, stream);
    // Of the numbers of classes only one is not 0, so however many there are, weights are as large as for one.
    grow(parameters, begun, (graph.shape(told).size() as f32).sqrt());
    graph.modulate(x, by)
}

/// Into how many groups of the same size channels are divided, of about [`GROUP`] each or more.
fn groups(channels: usize) -> usize {
    let most = (channels / GROUP).max(1);
    (1..=most).rev().find(|&count| channels.is_multiple_of(count)).unwrap_or(1)
}

/// Scales the parameters that were added last.
fn grow(parameters: &mut Parameters, begun: usize, factor: f32) {
    scale(&mut parameters.values_mut()[begun..], factor);
}

fn scale(values: &mut [f32], factor: f32) {
    for value in values {
        *value *= factor;
    }
}

#[cfg(test)]
mod tests {
    use lookalike_core::Seed;
    use lookalike_learn::net::image::Pass;

    use super::*;

    #[test]
    fn channels_fall_into_equal_groups() {
        assert_eq!([1, 7, 12, 16, 20, 28, 64].map(groups), [1, 1, 1, 2, 2, 2, 8]);
    }

    /// The standard deviation of what comes out for noise of each of two classes, and of the means of classes.
    fn spread(net: &Net, parameters: &Parameters, inputs: usize) -> f64 {
        let mut pass = Pass::default();
        pass.resize(&net.graph, inputs);
        let mut stream = Seed::new(3).stream("noise", 0);
        lookalike_learn::net::fill_normal(pass.values_mut(net.input), &mut stream);
        if let Some(told) = net.told {
            pass.values_mut(told)
                .chunks_exact_mut(2)
                .enumerate()
                .for_each(|(place, own)| own[place % 2] = 1.0);
        }
        pass.forward(&net.graph, parameters, &net.graph.prepare(parameters));
        let out = pass.values(net.output);
        let mean = out.iter().map(|&x| f64::from(x)).sum::<f64>() / out.len() as f64;
        (out.iter().map(|&x| (f64::from(x) - mean).powi(2)).sum::<f64>() / out.len() as f64).sqrt()
    }

    #[test]
    fn signals_neither_fade_nor_burst_however_deep_the_network() {
        for channels in [&[16][..], &[32, 16], &[32, 32, 16], &[32, 32, 16, 16]] {
            for (told, activation) in
                [(0, Activation::Relu), (2, Activation::Relu), (2, Activation::LeakyRelu(0.2))]
            {
                let whole = 1 << (channels.len() - 1);
                let seen = Shape::new(2 * whole, 2 * whole, 4);
                let (mut from, mut to) = (Parameters::new(), Parameters::new());
                let stream = &mut Seed::new(1).stream("parameters", 0);
                let decoder = decoder(channels, seen, (8, told), activation, &mut from, stream);
                let encoder = encoder(channels, seen, (told, 3), activation, &mut to, stream);
                for (net, parameters) in [(&decoder, &from), (&encoder, &to)] {
                    let found = spread(net, parameters, 32);
                    assert!((0.1..4.0).contains(&found), "{channels:?}, {activation:?}: {found}");
                }
            }
        }
    }
}
