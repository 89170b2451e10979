//! Every operation's way back on images against differences of its way forward, and the same bytes however images are split.

use lookalike_core::{Seed, Stream};
use lookalike_learn::net::image::{Graph, Kernel, Node, Pass, Shape};
use lookalike_learn::net::{Activation, Parameters, fill_normal};

fn stream(label: &str) -> Stream {
    Seed::new(3).stream(label, 0)
}

fn normal(count: usize, label: &str) -> Vec<f32> {
    let mut values = vec![0.0; count];
    fill_normal(&mut values, &mut stream(label));
    values
}

const IMAGES: usize = 3;

/// A graph with its inputs and its output.
struct Case {
    graph: Graph,
    parameters: Parameters,
    inputs: Vec<Node>,
    output: Node,
}

impl Case {
    fn new(
        shapes: &[Shape],
        build: impl FnOnce(&mut Graph, &mut Parameters, &mut Stream, &[Node]) -> Node,
    ) -> Self {
        let (mut graph, mut parameters) = (Graph::new(), Parameters::new());
        let inputs: Vec<Node> = shapes.iter().map(|&shape| graph.input(shape)).collect();
        let output = build(&mut graph, &mut parameters, &mut stream("parameters"), &inputs);
        // Gains of 1 and biases of 0 hide mistakes.
        let noise = normal(parameters.len(), "noise");
        parameters.values_mut().iter_mut().zip(noise).for_each(|(value, noise)| *value += 0.1 * noise);
        Case { graph, parameters, inputs, output }
    }

    /// The output's numbers times fixed ones, summed.
    fn loss(&self, pass: &mut Pass, parameters: &Parameters, inputs: &[Vec<f32>]) -> f64 {
        for (&node, values) in self.inputs.iter().zip(inputs) {
            pass.values_mut(node).copy_from_slice(values);
        }
        pass.forward(&self.graph, parameters, &self.graph.prepare(parameters));
        let out = pass.values(self.output);
        out.iter().zip(normal(out.len(), "with")).map(|(a, b)| f64::from(*a) * f64::from(b)).sum()
    }

    fn check(&self, name: &str) {
        let mut pass = Pass::new(&self.graph, IMAGES);
        let mut inputs: Vec<Vec<f32>> = (self.inputs.iter().enumerate())
            .map(|(number, &node)| normal(IMAGES * self.graph.shape(node).size(), &format!("input {number}")))
            .collect();
        self.loss(&mut pass, &self.parameters, &inputs);
        let (out, gradient) = pass.gradient_mut(self.output);
        gradient.copy_from_slice(&normal(out.len(), "with"));
        let mut gradients = vec![0.0; self.parameters.len()];
        let prepared = self.graph.prepare(&self.parameters);
        pass.backward(&self.graph, &self.parameters, &prepared, &mut gradients, &self.inputs);
        let found: Vec<Vec<f32>> = self.inputs.iter().map(|&node| pass.gradient(node).to_vec()).collect();
        for number in 0..inputs.len() {
            let mut values = inputs[number].clone();
            compare(&mut values, &found[number], &format!("{name}, input {number}"), |values| {
                inputs[number].copy_from_slice(values);
                self.loss(&mut pass, &self.parameters, &inputs)
            });
            inputs[number] = values;
        }
        if !gradients.is_empty() {
            let mut parameters = self.parameters.clone();
            let mut values = parameters.values().to_vec();
            compare(&mut values, &gradients, name, |values| {
                parameters.values_mut().copy_from_slice(values);
                self.loss(&mut pass, &parameters, &inputs)
            });
        }
    }
}

/// Compares gradients with central differences of `value`, within what single precision allows; of many, with some.
fn compare(at: &mut [f32], gradients: &[f32], what: &str, mut value: impl FnMut(&[f32]) -> f64) {
    let step = 4e-3;
    let largest = gradients.iter().fold(0.0_f32, |most, g| most.max(g.abs()));
    assert!(largest > 1e-3, "{what}: a gradient of nothing shows nothing");
    let (mut wrong, mut seen) = (0, 0);
    for index in (0..at.len()).step_by((at.len() / 150).max(1)) {
        let before = at[index];
        at[index] = before + step;
        let above = value(at);
        at[index] = before - step;
        let below = value(at);
        at[index] = before;
        let slope = (above - below) / (2.0 * f64::from(step));
        seen += 1;
        // A unit that switches within the step has no slope there: few may.
        if (slope - f64::from(gradients[index])).abs() > 0.01 * f64::from(largest) + 2e-3 {
            wrong += 1;
        }
    }
    value(at);
    assert!(wrong * 50 <= seen, "{what}: {wrong} of {seen} gradients are wrong");
}

#[test]
fn convolutions() {
    let shapes = [(5, 6, 3), (8, 8, 16), (15, 4, 9), (7, 7, 33)];
    for (height, width, channels) in shapes {
        for outputs in [1, 5, 16, 50] {
            for (size, stride, padding) in [(3, 1, 1), (1, 1, 0), (3, 2, 1), (4, 2, 1), (2, 3, 0), (3, 1, 2)]
            {
                let kernel = Kernel { size, stride, padding };
                Case::new(&[Shape::new(height, width, channels)], |graph, parameters, stream, inputs| {
                    graph.convolve(inputs[0], outputs, kernel, parameters, stream)
                })
                .check(&format!("{height} x {width} x {channels} to {outputs} by {kernel:?}"));
            }
        }
    }
}

#[test]
fn transposed_convolutions() {
    for (large, small, (size, stride, padding)) in [
        (Shape::new(8, 8, 5), Shape::new(4, 4, 7), (4, 2, 1)),
        (Shape::new(7, 7, 16), Shape::new(3, 3, 32), (3, 2, 0)),
        (Shape::new(14, 14, 1), Shape::new(7, 7, 20), (3, 2, 1)),
        (Shape::new(5, 9, 2), Shape::new(5, 9, 3), (3, 1, 1)),
        (Shape::new(7, 7, 2), Shape::new(3, 3, 4), (2, 3, 1)),
    ] {
        Case::new(&[small], |graph, parameters, stream, inputs| {
            graph.convolve_transposed(inputs[0], large, Kernel { size, stride, padding }, parameters, stream)
        })
        .check(&format!("{small:?} to {large:?}"));
    }
}

#[test]
fn other_operations() {
    let image = Shape::new(4, 6, 12);
    for groups in [1, 3, 12] {
        Case::new(&[image], |graph, parameters, _, inputs| graph.group_norm(inputs[0], groups, parameters))
            .check(&format!("{groups} groups"));
    }
    for activation in [Activation::Relu, Activation::LeakyRelu(0.2), Activation::Silu, Activation::Tanh] {
        Case::new(&[image], |graph, _, _, inputs| graph.activate(inputs[0], activation))
            .check(&format!("{activation:?}"));
    }
    Case::new(&[image, image], |graph, _, _, inputs| graph.add(inputs[0], inputs[1])).check("sum");
    Case::new(&[image, Shape::new(4, 6, 3)], |graph, _, _, inputs| graph.concat(inputs[0], inputs[1]))
        .check("concat");
    Case::new(&[image, Shape::row(24)], |graph, _, _, inputs| graph.modulate(inputs[0], inputs[1]))
        .check("modulate");
    Case::new(&[image], |graph, _, _, inputs| graph.average(inputs[0], 2)).check("average");
    Case::new(&[image], |graph, _, _, inputs| graph.repeat(inputs[0], 3)).check("repeat");
    Case::new(&[image], |graph, parameters, stream, inputs| {
        let row = graph.reshape(inputs[0], Shape::row(4 * 6 * 12));
        graph.linear(row, 5, parameters, stream)
    })
    .check("linear");
}

/// Residual and skip connections, with a row that modulates them: nodes from which several others follow.
fn network() -> Case {
    Case::new(&[Shape::new(8, 8, 2), Shape::row(6)], |graph, parameters, stream, inputs| {
        let wide = graph.convolve(inputs[0], 16, Kernel::same(3), parameters, stream);
        let by = graph.linear(inputs[1], 32, parameters, stream);
        let normal = graph.group_norm(wide, 4, parameters);
        let modulated = graph.modulate(normal, by);
        let active = graph.activate(modulated, Activation::Silu);
        let next = graph.convolve(active, 16, Kernel::same(3), parameters, stream);
        let sum = graph.add(next, wide);
        let small = graph.convolve(sum, 24, Kernel::same(3).stride(2), parameters, stream);
        let small = graph.activate(small, Activation::Silu);
        let large = graph.repeat(small, 2);
        let both = graph.concat(large, sum);
        let averaged = graph.average(both, 2);
        let again = graph.repeat(averaged, 2);
        let all = graph.add(again, both);
        graph.convolve(all, 2, Kernel::same(3), parameters, stream)
    })
}

#[test]
fn whole_networks() {
    network().check("network");
}

#[test]
fn images_do_not_know_of_each_other() {
    let case = network();
    let prepared = case.graph.prepare(&case.parameters);
    let inputs: Vec<Vec<f32>> =
        (case.inputs.iter()).map(|&node| normal(IMAGES * case.graph.shape(node).size(), "input")).collect();
    let run = |from: usize, to: usize, gradients: &mut [f32]| {
        let mut pass = Pass::new(&case.graph, to - from);
        for (&node, values) in case.inputs.iter().zip(&inputs) {
            let size = case.graph.shape(node).size();
            pass.values_mut(node).copy_from_slice(&values[from * size..to * size]);
        }
        pass.forward(&case.graph, &case.parameters, &prepared);
        pass.gradient_mut(case.output).1.fill(0.5);
        pass.backward(&case.graph, &case.parameters, &prepared, gradients, &case.inputs);
        let mut out = pass.values(case.output).to_vec();
        out.extend_from_slice(pass.gradient(case.inputs[0]));
        (pass.values(case.output).to_vec(), pass.gradient(case.inputs[0]).to_vec())
    };
    let mut together = vec![0.0; case.parameters.len()];
    let all = run(0, IMAGES, &mut together);
    let mut apart = vec![0.0; case.parameters.len()];
    let mut parts = (Vec::new(), Vec::new());
    for image in 0..IMAGES {
        let (out, d) = run(image, image + 1, &mut apart);
        parts.0.extend(out);
        parts.1.extend(d);
    }
    assert_eq!(parts, all);
    let off = together.iter().zip(&apart).fold(0.0_f32, |most, (a, b)| most.max((a - b).abs()));
    assert!(off < 1e-3, "{off}");
}
