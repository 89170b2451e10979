//! Networks of images as graphs of nodes.

use lookalike_core::Stream;

use super::super::layer::{Activation, Linear};
use super::super::parameters::{Parameters, Slot};
use super::convolution::Plan;
use super::shape::Shape;

/// Numbers of a pass over several images; a single one may take more.
const MOST_NUMBERS: usize = 1 << 25;

/// A node of a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node(pub(super) usize);

/// What a convolution is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kernel {
    /// Rows and columns of pixels that meet each other.
    pub size: usize,
    /// Pixels from one place of the kernel to the next.
    pub stride: usize,
    /// Rows and columns of zeros around the image.
    pub padding: usize,
}

impl Kernel {
    /// Of odd size, and such that the image keeps its own.
    pub fn same(size: usize) -> Self {
        Kernel { size, stride: 1, padding: size / 2 }
    }

    /// With another stride.
    #[must_use]
    pub fn stride(self, stride: usize) -> Self {
        Kernel { stride, ..self }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Operation {
    Input,
    /// A linear map of all numbers of an image.
    Linear(Linear),
    Convolve(Convolution),
    /// From the convolution's small image to its large one.
    Transposed(Convolution),
    GroupNorm {
        groups: usize,
        gain: Slot,
        bias: Slot,
    },
    Activation(Activation),
    /// Two images of the same shape.
    Add,
    /// The channels of the second behind those of the first.
    Concat,
    /// The first image, each channel times one plus a number of the second, plus another number of it.
    Modulate,
    Average(usize),
    Repeat(usize),
    /// The same numbers in another shape.
    Reshape,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Convolution {
    pub(super) plan: Plan,
    pub(super) weight: Slot,
    pub(super) bias: Slot,
    /// Where its weights are among those that are prepared.
    pub(super) prepared: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Step {
    pub(super) operation: Operation,
    pub(super) from: [usize; 2],
    pub(super) shape: Shape,
    /// True when something that is learned comes before it.
    pub(super) learns: bool,
}

/// A network of images: nodes that are computed from earlier ones. It is run by a [`super::Pass`], with what
/// [`Graph::prepare`] makes of the parameters.
///
/// ```
/// use lookalike_core::Seed;
/// use lookalike_learn::net::image::{Graph, Kernel, Pass, Shape};
/// use lookalike_learn::net::{Activation, Parameters};
///
/// let (mut graph, mut parameters) = (Graph::new(), Parameters::new());
/// let stream = &mut Seed::new(1).stream("parameters", 0);
/// let image = graph.input(Shape::new(8, 8, 3));
/// let wide = graph.convolve(image, 16, Kernel::same(3), &mut parameters, stream);
/// let active = graph.activate(wide, Activation::Silu);
/// let small = graph.average(active, 2);
/// assert_eq!(graph.shape(small), Shape::new(4, 4, 16));
///
/// let (prepared, mut pass) = (graph.prepare(&parameters), Pass::new(&graph, 5));
/// pass.values_mut(image).fill(0.5);
/// pass.forward(&graph, &parameters, &prepared);
/// assert_eq!(pass.values(small).len(), 5 * 4 * 4 * 16);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Graph {
    pub(super) steps: Vec<Step>,
    /// Numbers of all prepared weights so far.
    prepared: usize,
}

/// Parameters as the kernels read them: to be made anew after each step of learning.
#[derive(Debug, Clone, Default)]
pub struct Prepared(pub(super) Vec<f32>);

impl Graph {
    /// Without nodes.
    pub fn new() -> Self {
        Graph::default()
    }

    /// The shape of what comes out of a node.
    pub fn shape(&self, node: Node) -> Shape {
        self.steps[node.0].shape
    }

    /// Numbers that a [`super::Pass`] holds of one image while it learns: what comes out of every node, and the gradient by it.
    pub fn numbers(&self) -> usize {
        2 * self.steps.iter().map(|step| step.shape.size()).sum::<usize>()
    }

    /// Numbers that [`Prepared`] holds.
    pub fn prepared_numbers(&self) -> usize {
        self.prepared
    }

    /// How many images are run together, at least 1 and at most `most`: of large ones fewer, so that a pass that learns holds
    /// about 128 MB.
    ///
    /// ```
    /// use lookalike_learn::net::image::{Graph, Shape};
    ///
    /// let (mut small, mut large) = (Graph::new(), Graph::new());
    /// small.input(Shape::new(28, 28, 32));
    /// large.input(Shape::new(1024, 1024, 3));
    /// assert_eq!((small.at_once(8), large.at_once(8)), (8, 5));
    /// ```
    pub fn at_once(&self, most: usize) -> usize {
        (MOST_NUMBERS / self.numbers().max(1)).clamp(1, most.max(1))
    }

    fn push(&mut self, operation: Operation, from: [Node; 2], shape: Shape) -> Node {
        let own = !matches!(
            operation,
            Operation::Input
                | Operation::Activation(_)
                | Operation::Add
                | Operation::Concat
                | Operation::Modulate
                | Operation::Average(_)
                | Operation::Repeat(_)
                | Operation::Reshape
        );
        let before = |node: Node| self.steps.get(node.0).is_some_and(|step| step.learns);
        let learns = own || from.into_iter().any(before);
        self.steps.push(Step { operation, from: from.map(|node| node.0), shape, learns });
        Node(self.steps.len() - 1)
    }

    /// What is given from outside.
    pub fn input(&mut self, shape: Shape) -> Node {
        let own = Node(self.steps.len());
        let node = self.push(Operation::Input, [own; 2], shape);
        self.steps[node.0].learns = false;
        node
    }

    /// A linear map of all numbers of each image, with weights and biases uniform within one over the root of the number of
    /// inputs.
    pub fn linear(
        &mut self,
        from: Node,
        outputs: usize,
        parameters: &mut Parameters,
        stream: &mut Stream,
    ) -> Node {
        let linear = Linear::new(self.shape(from).size(), outputs, parameters, stream);
        self.push(Operation::Linear(linear), [from; 2], Shape::row(outputs))
    }

    /// A convolution with a bias per output channel; weights (a row of outputs per row, column and input channel of the
    /// kernel) and biases are uniform within one over the root of the number of numbers that meet.
    ///
    /// # Panics
    /// If the kernel is larger than the padded image, or something is 0.
    pub fn convolve(
        &mut self,
        from: Node,
        outputs: usize,
        kernel: Kernel,
        parameters: &mut Parameters,
        stream: &mut Stream,
    ) -> Node {
        let large = self.shape(from);
        let plan = Plan::new(large, outputs, (kernel.size, kernel.stride, kernel.padding));
        let small = plan.small;
        let convolution = self.convolution(plan, large.channels, outputs, kernel, parameters, stream);
        self.push(Operation::Convolve(convolution), [from; 2], small)
    }

    /// A transposed convolution: to an image of this shape, from which a convolution would lead back. Weights have a row of
    /// input channels per row, column and output channel.
    ///
    /// # Panics
    /// If no such convolution leads back.
    pub fn convolve_transposed(
        &mut self,
        from: Node,
        to: Shape,
        kernel: Kernel,
        parameters: &mut Parameters,
        stream: &mut Stream,
    ) -> Node {
        let small = self.shape(from);
        let plan = Plan::new(to, small.channels, (kernel.size, kernel.stride, kernel.padding));
        assert_eq!(plan.small, small, "a convolution of that kernel leads back");
        let convolution = self.convolution(plan, small.channels, to.channels, kernel, parameters, stream);
        self.push(Operation::Transposed(convolution), [from; 2], to)
    }

    fn convolution(
        &mut self,
        plan: Plan,
        inputs: usize,
        outputs: usize,
        kernel: Kernel,
        parameters: &mut Parameters,
        stream: &mut Stream,
    ) -> Convolution {
        let bound = 1.0 / ((kernel.size * kernel.size * inputs) as f32).sqrt();
        let weight = parameters.uniform(plan.weights(), bound, stream);
        let bias = parameters.uniform(outputs, bound, stream);
        let prepared = self.prepared;
        self.prepared += plan.prepared();
        Convolution { plan, weight, bias, prepared }
    }

    /// A group normalisation that changes nothing yet but the scale.
    ///
    /// # Panics
    /// If the channels cannot be split into so many groups.
    pub fn group_norm(&mut self, from: Node, groups: usize, parameters: &mut Parameters) -> Node {
        let shape = self.shape(from);
        assert!(groups > 0 && shape.channels.is_multiple_of(groups), "groups of the same size");
        let gain = parameters.constant(shape.channels, 1.0);
        let bias = parameters.constant(shape.channels, 0.0);
        self.push(Operation::GroupNorm { groups, gain, bias }, [from; 2], shape)
    }

    /// A function of every number by itself.
    pub fn activate(&mut self, from: Node, activation: Activation) -> Node {
        self.push(Operation::Activation(activation), [from; 2], self.shape(from))
    }

    /// The sum of two images.
    ///
    /// # Panics
    /// If their shapes differ.
    pub fn add(&mut self, a: Node, b: Node) -> Node {
        assert_eq!(self.shape(a), self.shape(b), "images of the same shape");
        self.push(Operation::Add, [a, b], self.shape(a))
    }

    /// The channels of a second image behind those of a first.
    ///
    /// # Panics
    /// If they differ in height or width.
    pub fn concat(&mut self, a: Node, b: Node) -> Node {
        let (first, second) = (self.shape(a), self.shape(b));
        assert!(first.height == second.height && first.width == second.width, "images of the same size");
        let channels = first.channels + second.channels;
        self.push(Operation::Concat, [a, b], Shape { channels, ..first })
    }

    /// Every channel times one plus a number, plus another number, both of the image's row in `by`: first all factors, then all
    /// that is added.
    ///
    /// Perez, E. et al. (2018). `FiLM`: visual reasoning with a general conditioning layer.
    /// <https://doi.org/10.1609/aaai.v32i1.11671>
    ///
    /// # Panics
    /// If `by` has not two numbers per channel.
    pub fn modulate(&mut self, image: Node, by: Node) -> Node {
        assert_eq!(self.shape(by).size(), 2 * self.shape(image).channels, "two numbers per channel");
        self.push(Operation::Modulate, [image, by], self.shape(image))
    }

    /// The mean of each square of `factor` by `factor` pixels.
    ///
    /// # Panics
    /// If the image cannot be divided so.
    pub fn average(&mut self, from: Node, factor: usize) -> Node {
        let Shape { height, width, channels } = self.shape(from);
        assert!(factor > 0 && height.is_multiple_of(factor) && width.is_multiple_of(factor), "whole squares");
        self.push(
            Operation::Average(factor),
            [from; 2],
            Shape::new(height / factor, width / factor, channels),
        )
    }

    /// Each pixel as a square of `factor` by `factor` pixels (nearest up-sampling).
    ///
    /// # Panics
    /// If `factor` is 0.
    pub fn repeat(&mut self, from: Node, factor: usize) -> Node {
        assert!(factor > 0, "squares of at least a pixel");
        let Shape { height, width, channels } = self.shape(from);
        self.push(Operation::Repeat(factor), [from; 2], Shape::new(height * factor, width * factor, channels))
    }

    /// The same numbers, in the same order, in another shape.
    ///
    /// # Panics
    /// If it has another size.
    pub fn reshape(&mut self, from: Node, shape: Shape) -> Node {
        assert_eq!(self.shape(from).size(), shape.size(), "as many numbers");
        self.push(Operation::Reshape, [from; 2], shape)
    }

    /// Writes the parameters of convolutions as the kernels read them.
    pub fn prepare(&self, parameters: &Parameters) -> Prepared {
        let mut prepared = Prepared::default();
        self.prepare_again(parameters, &mut prepared);
        prepared
    }

    /// The same, into the memory of an earlier one.
    pub fn prepare_again(&self, parameters: &Parameters, prepared: &mut Prepared) {
        prepared.0.resize(self.prepared, 0.0);
        for step in &self.steps {
            if let Operation::Convolve(own) | Operation::Transposed(own) = &step.operation {
                own.plan.prepare(
                    parameters.of(own.weight),
                    &mut prepared.0[own.prepared..][..own.plan.prepared()],
                );
            }
        }
    }
}
