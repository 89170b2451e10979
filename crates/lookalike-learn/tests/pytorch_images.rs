//! Operations on images are those of `PyTorch`: compared with figures that `fixtures/pytorch/record_images.py` recorded in
//! double precision.

use std::path::Path;

use lookalike_core::{Seed, Stream};
use lookalike_learn::net::image::{Graph, Kernel, Node, Pass, Shape};
use lookalike_learn::net::{Activation, Parameters};
use serde_json::Value;

/// What single precision may be off, of numbers around 1.
const TOLERANCE: f32 = 1e-5;

fn numbers(value: &Value) -> Vec<f32> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap() as f32).collect()
}

fn assert_near(found: &[f32], expected: &Value, what: &str) {
    let expected = numbers(expected);
    assert_eq!(found.len(), expected.len(), "{what}");
    // A sum of many numbers is off by what its largest terms are.
    let scale = expected.iter().fold(1.0_f32, |most, x| most.max(x.abs()));
    for (found, expected) in found.iter().zip(&expected) {
        assert!((found - expected).abs() <= TOLERANCE * scale, "{what}: {found} of {expected}");
    }
}

struct Build {
    graph: Graph,
    parameters: Parameters,
    stream: Stream,
    told: Vec<Node>,
}

impl Build {
    fn operations(&mut self, mut x: Node, operations: &Value) -> Node {
        for operation in operations.as_array().unwrap() {
            let Build { graph, parameters, stream, told } = self;
            let option = |index: usize| usize::try_from(operation[index].as_u64().unwrap()).unwrap();
            let kernel = |first: usize| Kernel {
                size: option(first),
                stride: option(first + 1),
                padding: option(first + 2),
            };
            x = match operation[0].as_str().unwrap() {
                "convolve" => graph.convolve(x, option(1), kernel(2), parameters, stream),
                "transposed" => {
                    let to = Shape::new(option(1), option(2), option(3));
                    graph.convolve_transposed(x, to, kernel(4), parameters, stream)
                }
                "group-norm" => graph.group_norm(x, option(1), parameters),
                "silu" => graph.activate(x, Activation::Silu),
                "average" => graph.average(x, option(1)),
                "repeat" => graph.repeat(x, option(1)),
                "modulate" => {
                    let by = graph.input(Shape::row(2 * graph.shape(x).channels));
                    told.push(by);
                    graph.modulate(x, by)
                }
                "linear" => graph.linear(x, option(1), parameters, stream),
                "residual" => {
                    let inner = self.operations(x, &operation[1]);
                    self.graph.add(x, inner)
                }
                other => panic!("{other}"),
            };
        }
        x
    }
}

#[test]
fn networks_forward_and_backward() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/pytorch/images.json");
    let figures: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let cases = figures["networks"].as_array().unwrap();
    assert!(cases.len() > 10);
    for case in cases {
        let name = format!("{} on {}", case["operations"], case["shape"]);
        let shape: Vec<usize> = numbers(&case["shape"]).iter().map(|&size| size as usize).collect();
        let mut build = Build {
            graph: Graph::new(),
            parameters: Parameters::new(),
            stream: Seed::new(1).stream("parameters", 0),
            told: Vec::new(),
        };
        let image = build.graph.input(Shape::new(shape[0], shape[1], shape[2]));
        let output = build.operations(image, &case["operations"]);
        let Build { graph, mut parameters, told, .. } = build;
        parameters.values_mut().copy_from_slice(&numbers(&case["parameters"]));
        let x = numbers(&case["x"]);
        let mut pass = Pass::new(&graph, x.len() / graph.shape(image).size());
        pass.values_mut(image).copy_from_slice(&x);
        for (&node, values) in told.iter().zip(case["told"].as_array().unwrap()) {
            pass.values_mut(node).copy_from_slice(&numbers(values));
        }
        let prepared = graph.prepare(&parameters);
        pass.forward(&graph, &parameters, &prepared);
        assert_near(pass.values(output), &case["out"], &name);
        pass.gradient_mut(output).1.copy_from_slice(&numbers(&case["weights"]));
        let mut gradients = vec![0.0; parameters.len()];
        let wanted: Vec<Node> = std::iter::once(image).chain(told.iter().copied()).collect();
        pass.backward(&graph, &parameters, &prepared, &mut gradients, &wanted);
        assert_near(pass.gradient(image), &case["d_x"], &format!("{name}, input"));
        for (&node, expected) in told.iter().zip(case["d_told"].as_array().unwrap()) {
            assert_near(pass.gradient(node), expected, &format!("{name}, told"));
        }
        assert_near(&gradients, &case["d_parameters"], &format!("{name}, parameters"));
    }
}
