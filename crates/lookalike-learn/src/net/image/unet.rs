use lookalike_core::Stream;

use super::super::layer::Activation;
use super::super::parameters::Parameters;
use super::graph::{Graph, Kernel, Node};
use super::shape::Shape;

/// The sizes of a [`UNet`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UNetSize {
    /// What comes in and goes out. Height and width can be halved once less often than there are entries in `channels`.
    pub image: Shape,
    /// Channels of what is given beside the image, in its height and width; 0 for nothing.
    pub beside: usize,
    /// Channels at each resolution, from the finest on; multiples of 8.
    pub channels: Vec<usize>,
    /// Residual blocks at each resolution, on the way down as on the way up.
    pub blocks: usize,
    /// Numbers that tell the time and what else is known of an image.
    pub told: usize,
    /// Units of the layers that read them.
    pub embedding: usize,
}

/// A network from images to images that is told something: residual blocks at several resolutions, with connections from
/// the way down to the way up, each block modulated by what is told.
///
/// Ronneberger, O., Fischer, P. and Brox, T. (2015). U-Net. <https://doi.org/10.1007/978-3-319-24574-4_28>;
/// Ho, J., Jain, A. and Abbeel, P. (2020). Denoising diffusion probabilistic models.
/// <https://doi.org/10.48550/arXiv.2006.11239>
#[derive(Debug, Clone, PartialEq)]
pub struct UNet {
    /// Its nodes.
    pub graph: Graph,
    /// Where images go in.
    pub image: Node,
    /// Where what is beside them goes in; without anything beside, the same as `image`.
    pub beside: Node,
    /// Where what is told goes in, a row per image.
    pub told: Node,
    /// What comes out: images of the same shape, at first all near zero.
    pub output: Node,
}

/// What building a block needs.
struct Builder<'a> {
    graph: Graph,
    parameters: &'a mut Parameters,
    stream: &'a mut Stream,
    embedding: Node,
}

impl UNet {
    /// With random parameters behind those that there are.
    ///
    /// # Panics
    /// If sizes are not as [`UNetSize`] says.
    pub fn new(size: &UNetSize, parameters: &mut Parameters, stream: &mut Stream) -> Self {
        let mut graph = Graph::new();
        let image = graph.input(size.image);
        let (beside, seen) = if size.beside == 0 {
            (image, image)
        } else {
            let beside = graph.input(Shape { channels: size.beside, ..size.image });
            (beside, graph.concat(image, beside))
        };
        let told = graph.input(Shape::row(size.told));
        let embedding = graph.linear(told, size.embedding, parameters, stream);
        let embedding = graph.activate(embedding, Activation::Silu);
        let embedding = graph.linear(embedding, size.embedding, parameters, stream);
        let embedding = graph.activate(embedding, Activation::Silu);
        let mut build = Builder { graph, parameters, stream, embedding };
        let mut x = build.convolve(seen, size.channels[0]);
        let mut skipped = vec![x];
        let last = size.channels.len() - 1;
        for (level, &channels) in size.channels.iter().enumerate() {
            for _ in 0..size.blocks {
                x = build.block(x, channels);
                skipped.push(x);
            }
            if level < last {
                x = build.graph.average(x, 2);
                skipped.push(x);
            }
        }
        x = build.block(x, size.channels[last]);
        for (level, &channels) in size.channels.iter().enumerate().rev() {
            for _ in 0..=size.blocks {
                let skip = skipped.pop().expect("as many as were pushed");
                let both = build.graph.concat(x, skip);
                x = build.block(both, channels);
            }
            if level > 0 {
                x = build.graph.repeat(x, 2);
            }
        }
        x = build.norm(x);
        x = build.graph.activate(x, Activation::Silu);
        let before = build.parameters.len();
        let output = build.convolve(x, size.image.channels);
        build.parameters.values_mut()[before..].iter_mut().for_each(|value| *value *= SMALL);
        UNet { graph: build.graph, image, beside, told, output }
    }
}

/// How much smaller than usual the last layers of a block and of the network begin, so that they change little at first.
const SMALL: f32 = 0.1;
/// Channels of a group that is normalised.
const GROUP: usize = 8;

impl Builder<'_> {
    fn convolve(&mut self, from: Node, channels: usize) -> Node {
        self.graph.convolve(from, channels, Kernel::same(3), self.parameters, self.stream)
    }

    fn norm(&mut self, from: Node) -> Node {
        let groups = self.graph.shape(from).channels / GROUP;
        self.graph.group_norm(from, groups, self.parameters)
    }

    fn block(&mut self, from: Node, channels: usize) -> Node {
        let normal = self.norm(from);
        let active = self.graph.activate(normal, Activation::Silu);
        let first = self.convolve(active, channels);
        let normal = self.norm(first);
        let by = self.graph.linear(self.embedding, 2 * channels, self.parameters, self.stream);
        let modulated = self.graph.modulate(normal, by);
        let active = self.graph.activate(modulated, Activation::Silu);
        let before = self.parameters.len();
        let second = self.convolve(active, channels);
        self.parameters.values_mut()[before..].iter_mut().for_each(|value| *value *= SMALL);
        let own = if self.graph.shape(from).channels == channels {
            from
        } else {
            self.graph.convolve(from, channels, Kernel::same(1), self.parameters, self.stream)
        };
        self.graph.add(second, own)
    }
}
