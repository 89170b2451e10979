//! Running a graph forward and back.

use pulp::Arch;

use super::super::elementary::{each_with, put_with};
use super::super::matrix::View;
use super::super::network::{activate_values, back_activation_values};
use super::super::parameters::Parameters;
use super::super::product::multiply;
use super::convolution::Scratch;
use super::graph::{Convolution, Graph, Node, Operation, Prepared};
use super::kernel::{Begin, padded};
use super::shape::Shape;
use super::sums::{Combine, WithProduct, add_column_sums, column_sums};
use super::{group_norm, resample};

/// What a graph computes for some images on its way forward, and the gradients on its way back.
///
/// Images do not know of each other, so a batch may be run a few images at a time: those few stay in the nearer caches.
#[derive(Debug, Clone, Default)]
pub struct Pass {
    images: usize,
    values: Vec<Vec<f32>>,
    gradients: Vec<Vec<f32>>,
    /// Nodes of which a part of the gradient is there.
    begun: Vec<bool>,
    kept: Vec<Vec<f32>>,
    scratch: Scratch,
    bias: Vec<f32>,
}

impl Pass {
    /// For so many images.
    pub fn new(graph: &Graph, images: usize) -> Self {
        let mut pass = Pass::default();
        pass.resize(graph, images);
        pass
    }

    /// For another number of images. What values there are is left over: to be overwritten.
    pub fn resize(&mut self, graph: &Graph, images: usize) {
        self.images = images;
        self.values.resize_with(graph.steps.len(), Vec::new);
        self.gradients.resize_with(graph.steps.len(), Vec::new);
        self.kept.resize_with(graph.steps.len(), Vec::new);
        self.begun.resize(graph.steps.len(), false);
        for (values, step) in self.values.iter_mut().zip(&graph.steps) {
            values.resize(images * step.shape.size(), 0.0);
        }
    }

    /// How many images there are.
    pub fn images(&self) -> usize {
        self.images
    }

    /// What came out of a node, image after image.
    pub fn values(&self, node: Node) -> &[f32] {
        &self.values[node.0]
    }

    /// What an input is given, image after image.
    pub fn values_mut(&mut self, node: Node) -> &mut [f32] {
        &mut self.values[node.0]
    }

    /// Computes all nodes from the inputs.
    pub fn forward(&mut self, graph: &Graph, parameters: &Parameters, prepared: &Prepared) {
        for (index, step) in graph.steps.iter().enumerate() {
            let (before, after) = self.values.split_at_mut(index);
            let out = &mut after[0];
            if matches!(step.operation, Operation::Input) {
                continue;
            }
            let [a, b] = step.from.map(|from| &before[from][..]);
            let shape = graph.steps[step.from[0]].shape;
            match &step.operation {
                Operation::Input => {}
                Operation::Linear(linear) => {
                    let bias = parameters.of(linear.bias);
                    out.chunks_exact_mut(linear.outputs).for_each(|row| row.copy_from_slice(bias));
                    let weight = View::new(parameters.of(linear.weight), linear.inputs, linear.outputs);
                    multiply(View::new(a, self.images, linear.inputs), weight, out, true);
                }
                Operation::Convolve(own) => {
                    let weights = own.weights(parameters, prepared, &mut self.bias);
                    own.plan.reduce(weights, a, Begin::Bias(&self.bias), out, &mut self.scratch);
                }
                Operation::Transposed(own) => {
                    let weights = own.weights(parameters, prepared, &mut self.bias);
                    own.plan.enlarge(weights, a, Begin::Bias(&self.bias), out, &mut self.scratch);
                }
                Operation::GroupNorm { groups, gain, bias } => {
                    let learned = (parameters.of(*gain), parameters.of(*bias));
                    group_norm::forward(a, shape.size(), *groups, learned, out, &mut self.kept[index]);
                }
                Operation::Activation(activation) => activate_values(*activation, a, out),
                Operation::Add => put_with(out, a, b, |a: f32, b: f32| a + b),
                Operation::Concat => {
                    let (first, all) = (shape.channels, step.shape.channels);
                    let pixels = a.chunks_exact(first).zip(b.chunks_exact(all - first));
                    for (out, (a, b)) in out.chunks_exact_mut(all).zip(pixels) {
                        out[..first].copy_from_slice(a);
                        out[first..].copy_from_slice(b);
                    }
                }
                Operation::Modulate => modulate(shape, a, b, (out, false), true),
                Operation::Average(factor) => resample::average(a, shape, *factor, 1.0, (out, false)),
                Operation::Repeat(factor) => resample::repeat(a, step.shape, *factor, 1.0, (out, false)),
                Operation::Reshape => out.copy_from_slice(a),
            }
        }
    }

    /// What came out of a node, and where the gradient of a loss by it goes, before [`Self::backward`].
    pub fn gradient_mut(&mut self, node: Node) -> (&[f32], &mut [f32]) {
        let (values, gradient) = (&self.values[node.0], &mut self.gradients[node.0]);
        gradient.resize(values.len(), 0.0);
        self.begun[node.0] = true;
        (values, gradient)
    }

    /// The gradient by a node's values after [`Self::backward`]: nodes before which nothing is learned have one if they
    /// were wanted.
    pub fn gradient(&self, node: Node) -> &[f32] {
        &self.gradients[node.0]
    }

    /// Adds the gradients of what is learned to `gradients`, from those that [`Self::gradient_mut`] was given after
    /// [`Self::forward`]. `wanted` names inputs whose gradients are wanted too. An empty `gradients` computes those alone, for
    /// graphs without normalisations.
    ///
    /// # Panics
    /// If the graph was not run forward before.
    pub fn backward(
        &mut self,
        graph: &Graph,
        parameters: &Parameters,
        prepared: &Prepared,
        gradients: &mut [f32],
        wanted: &[Node],
    ) {
        // What leads to a node that needs a gradient needs one.
        let mut needs: Vec<bool> = Vec::with_capacity(graph.steps.len());
        for (index, step) in graph.steps.iter().enumerate() {
            let own = wanted.contains(&Node(index));
            let before = step.from.iter().any(|&from| from < index && needs[from]);
            needs.push(own || before || step.learns && !gradients.is_empty());
        }
        for (index, step) in graph.steps.iter().enumerate().rev() {
            if matches!(step.operation, Operation::Input)
                || !std::mem::take(&mut self.begun[index])
                || !needs[index]
            {
                continue;
            }
            let (before, after) = self.gradients.split_at_mut(index);
            let d_out = &after[0][..];
            let shape = graph.steps[step.from[0]].shape;
            let [a, b] = step.from.map(|from| &self.values[from][..]);
            let both = if matches!(step.operation, Operation::Add | Operation::Concat | Operation::Modulate) {
                2
            } else {
                1
            };
            for (which, &from) in step.from.iter().enumerate().take(both) {
                let wants = needs[from];
                let d = &mut before[from];
                if wants {
                    d.resize(self.values[from].len(), 0.0);
                }
                let add = self.begun[from];
                self.begun[from] |= wants;
                match &step.operation {
                    Operation::Input => {}
                    Operation::Linear(linear) => {
                        let d_view = View::new(d_out, self.images, linear.outputs);
                        if !gradients.is_empty() {
                            let own = &mut gradients[linear.weight.range()];
                            multiply(View::new(a, self.images, linear.inputs).turned(), d_view, own, true);
                            add_column_sums(d_out, linear.outputs, &mut gradients[linear.bias.range()]);
                        }
                        if wants {
                            let weight =
                                View::new(parameters.of(linear.weight), linear.inputs, linear.outputs);
                            multiply(d_view, weight.turned(), d, add);
                        }
                    }
                    Operation::Convolve(own) => {
                        if !gradients.is_empty() {
                            let d_weight = &mut gradients[own.weight.range()];
                            own.plan.add_gradient(a, d_out, d_weight, &mut self.scratch);
                            add_column_sums(d_out, step.shape.channels, &mut gradients[own.bias.range()]);
                        }
                        if wants {
                            let begin = if add { Begin::Own } else { Begin::Zero };
                            own.plan.enlarge(
                                own.prepared_weights(prepared),
                                d_out,
                                begin,
                                d,
                                &mut self.scratch,
                            );
                        }
                    }
                    Operation::Transposed(own) => {
                        if !gradients.is_empty() {
                            let d_weight = &mut gradients[own.weight.range()];
                            own.plan.add_gradient(d_out, a, d_weight, &mut self.scratch);
                            add_column_sums(d_out, step.shape.channels, &mut gradients[own.bias.range()]);
                        }
                        if wants {
                            let begin = if add { Begin::Own } else { Begin::Zero };
                            own.plan.reduce(
                                own.prepared_weights(prepared),
                                d_out,
                                begin,
                                d,
                                &mut self.scratch,
                            );
                        }
                    }
                    Operation::GroupNorm { groups, gain, bias } => {
                        assert!(
                            bias.range().start >= gain.range().end,
                            "in the order in which they were added"
                        );
                        let (first, second) = gradients.split_at_mut(bias.range().start);
                        let d_learned = (&mut first[gain.range()], &mut second[..bias.range().len()]);
                        let gain = parameters.of(*gain);
                        group_norm::backward(
                            (a, d_out),
                            shape.size(),
                            *groups,
                            &self.kept[index],
                            gain,
                            d_learned,
                            (d, add),
                        );
                    }
                    _ if !wants => {}
                    Operation::Activation(activation) => {
                        let out = &self.values[index];
                        if add {
                            let mut own = std::mem::take(&mut self.bias);
                            own.resize(d.len(), 0.0);
                            back_activation_values(*activation, (a, out), d_out, &mut own);
                            each_with(d, &own, |d: f32, own: f32| d + own);
                            self.bias = own;
                        } else {
                            back_activation_values(*activation, (a, out), d_out, d);
                        }
                    }
                    Operation::Add | Operation::Reshape => {
                        if add {
                            each_with(d, d_out, |d: f32, own: f32| d + own);
                        } else {
                            d.copy_from_slice(d_out);
                        }
                    }
                    Operation::Concat => {
                        let (first, all) = (shape.channels, step.shape.channels);
                        let own = if which == 0 { 0..first } else { first..all };
                        for (d, d_out) in d.chunks_exact_mut(own.len()).zip(d_out.chunks_exact(all)) {
                            if add {
                                d.iter_mut().zip(&d_out[own.clone()]).for_each(|(d, own)| *d += own);
                            } else {
                                d.copy_from_slice(&d_out[own.clone()]);
                            }
                        }
                    }
                    Operation::Modulate if which == 0 => modulate(shape, d_out, b, (d, add), false),
                    Operation::Modulate => back_modulation(shape, (a, d_out), (d, add)),
                    Operation::Average(factor) => {
                        let share = 1.0 / (factor * factor) as f32;
                        resample::repeat(d_out, shape, *factor, share, (d, add));
                    }
                    Operation::Repeat(factor) => {
                        let squared = (factor * factor) as f32;
                        resample::average(d_out, step.shape, *factor, squared, (d, add));
                    }
                }
            }
        }
        self.begun.fill(false);
    }
}

impl Convolution {
    fn prepared_weights<'a>(&self, prepared: &'a Prepared) -> &'a [f32] {
        &prepared.0[self.prepared..][..self.plan.prepared()]
    }

    /// The weights as kernels read them, and the bias with zeros behind.
    fn weights<'a>(&self, parameters: &Parameters, prepared: &'a Prepared, bias: &mut Vec<f32>) -> &'a [f32] {
        let own = parameters.of(self.bias);
        bias.clear();
        bias.extend_from_slice(own);
        bias.resize(padded(own.len()), 0.0);
        self.prepared_weights(prepared)
    }
}

/// Each channel times one plus a number of the image's row in `by`, plus another number of it, if that is to be added.
fn modulate(shape: Shape, images: &[f32], by: &[f32], (out, add): (&mut [f32], bool), plus: bool) {
    let channels = shape.channels;
    let zeros = vec![0.0; channels];
    let mut times = vec![0.0; channels];
    let all = images.chunks_exact(shape.size()).zip(out.chunks_exact_mut(shape.size()));
    for ((image, out), by) in all.zip(by.chunks_exact(2 * channels)) {
        let (factors, added) = by.split_at(channels);
        times.iter_mut().zip(factors).for_each(|(times, factor)| *times = 1.0 + factor);
        let plus = if plus { added } else { &zeros };
        Arch::new().dispatch(Combine { a: (image, &times), b: None, plus, out, add });
    }
}

fn back_modulation(shape: Shape, (images, d_out): (&[f32], &[f32]), (d, add): (&mut [f32], bool)) {
    let channels = shape.channels;
    let mut sums = vec![[0.0; 2]; channels];
    let all = images.chunks_exact(shape.size()).zip(d_out.chunks_exact(shape.size()));
    for ((image, d_out), d) in all.zip(d.chunks_exact_mut(2 * channels)) {
        column_sums(d_out, image, channels, WithProduct, &mut sums);
        let (factors, added) = d.split_at_mut(channels);
        for ((factor, added), [plain, with]) in factors.iter_mut().zip(added).zip(&sums) {
            if add {
                *factor += with;
                *added += plain;
            } else {
                (*factor, *added) = (*with, *plain);
            }
        }
    }
}
