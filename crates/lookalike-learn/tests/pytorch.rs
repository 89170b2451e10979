//! Layers, losses, penalties and steps of networks are those of `PyTorch`: compared with figures that
//! `fixtures/pytorch/record.py` recorded in double precision.

use std::path::Path;

use lookalike_core::{Seed, Stream};
use lookalike_learn::net::{
    Activation, Adam, AdamOptions, Matrix, Mode, Network, Parameters, Penalty, PenaltyKind, Tape, average,
    back_softmax, clip, cross_entropy, softmax,
};
use serde_json::Value;

/// What single precision may be off, of numbers around 1.
const TOLERANCE: f32 = 1e-5;

fn cases(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/pytorch/figures.json");
    let figures: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let cases = figures[name].as_array().unwrap().clone();
    assert!(cases.len() > 1);
    cases
}

fn numbers(value: &Value) -> Vec<f32> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap() as f32).collect()
}

fn whole(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

fn assert_near(found: &[f32], expected: &Value, what: &str) {
    let expected = numbers(expected);
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(&expected) {
        assert!(
            (found - expected).abs() <= TOLERANCE * expected.abs().max(1.0),
            "{what}: {found} of {expected}"
        );
    }
}

fn stream() -> Stream {
    Seed::new(1).stream("pytorch", 0)
}

/// The network of a case, with its parameters and what goes into it.
fn network(case: &Value) -> (Network, Parameters, Tape) {
    let inputs = whole(&case["inputs"]);
    let (mut network, mut parameters) = (Network::new(inputs), Parameters::new());
    for layer in case["layers"].as_array().unwrap() {
        let option = &layer[1];
        network = match layer[0].as_str().unwrap() {
            "linear" => network.linear(whole(option), &mut parameters, &mut stream()),
            "batch-norm" => network.batch_norm(&mut parameters),
            "layer-norm" => network.layer_norm(&mut parameters),
            "append" => network.append(whole(option)),
            "relu" => network.activation(Activation::Relu),
            "leaky-relu" => network.activation(Activation::LeakyRelu(option.as_f64().unwrap() as f32)),
            "silu" => network.activation(Activation::Silu),
            "tanh" => network.activation(Activation::Tanh),
            "sigmoid" => network.activation(Activation::Sigmoid),
            other => panic!("{other}"),
        };
    }
    parameters.values_mut().copy_from_slice(&numbers(&case["parameters"]));
    let (x, mut tape) = (numbers(&case["x"]), Tape::default());
    *tape.input_mut() = Matrix::from_values(x.len() / inputs, inputs, x);
    (network, parameters, tape)
}

#[test]
fn networks_forward_and_backward() {
    for case in cases("networks") {
        let name = case["layers"].to_string();
        let (network, parameters, mut tape) = network(&case);
        let out = network.forward(&parameters, &mut tape, Mode::Learning(&mut stream()));
        assert_near(out.values(), &case["out"], &name);
        tape.output_gradient_mut().1.values_mut().copy_from_slice(&numbers(&case["weights"]));
        let mut gradients = vec![0.0; parameters.len()];
        network.backward(&parameters, &mut tape, &mut gradients, true);
        assert_near(tape.input_gradient().values(), &case["d_x"], &format!("{name}, input"));
        assert_near(&gradients, &case["d_parameters"], &format!("{name}, parameters"));
    }
}

#[test]
fn gradient_penalties() {
    for case in cases("penalties") {
        let kind = match case["kind"].as_str().unwrap() {
            "one-centred" => PenaltyKind::OneCentred,
            _ => PenaltyKind::Zero,
        };
        let (network, parameters, mut tape) = network(&case);
        network.forward(&parameters, &mut tape, Mode::Learning(&mut stream()));
        let mut gradients = vec![0.0; parameters.len()];
        let found = Penalty::default().add(&network, &parameters, &tape, (kind, 1.0), &mut gradients);
        assert!((found - case["penalty"].as_f64().unwrap()).abs() < f64::from(TOLERANCE), "{kind:?}");
        assert_near(&gradients, &case["d_parameters"], &format!("{kind:?}"));
    }
}

#[test]
fn softmaxes_and_cross_entropy() {
    for case in cases("softmaxes") {
        let mut end = 0;
        let spans: Vec<_> = case["sizes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|size| {
                let start = end;
                end += whole(size);
                start..end
            })
            .collect();
        let temperature = case["temperature"].as_f64().unwrap() as f32;
        let logits = numbers(&case["logits"]);
        let rows = logits.len() / end;
        let mut soft =
            Matrix::from_values(rows, end, logits.iter().map(|logit| logit / temperature).collect());
        softmax(&mut soft, &spans);
        assert_near(soft.values(), &case["softmax"], "softmax");
        let mut gradient = Matrix::from_values(rows, end, numbers(&case["weights"]));
        back_softmax(&soft, &spans, temperature, &mut gradient);
        assert_near(gradient.values(), &case["d_softmax"], "softmax, backward");

        let codes: Vec<u32> = numbers(&case["codes"]).iter().map(|&code| code as u32).collect();
        let logits = Matrix::from_values(rows, end, logits);
        let ones = vec![1.0; spans.len()];
        let losses = cross_entropy(&logits, &spans, &codes, &ones, 1.0, &mut gradient);
        let losses: Vec<f32> = losses.iter().map(|&loss| loss as f32).collect();
        assert_near(&losses, &case["losses"], "cross-entropy");
        assert_near(gradient.values(), &case["d_losses"], "cross-entropy, backward");
    }
}

#[test]
fn adam_clipping_and_running_means() {
    for case in cases("steps") {
        let option =
            |name: &str, usual: f32| case["options"][name].as_f64().map_or(usual, |value| value as f32);
        let beta = |place: usize, usual: f32| {
            case["options"]["betas"][place].as_f64().map_or(usual, |value| value as f32)
        };
        let weight_decay = option("weight_decay", 0.0);
        let decoupled = case["kind"] == "AdamW";
        let options = AdamOptions {
            rate: 0.05,
            beta1: beta(0, 0.9),
            beta2: beta(1, 0.999),
            l2: if decoupled { 0.0 } else { weight_decay },
            decay: if decoupled { weight_decay } else { 0.0 },
        };
        let mut values = numbers(&case["begin"]);
        let mut mean = values.clone();
        let mut adam = Adam::new(values.len(), options);
        for gradients in case["gradients"].as_array().unwrap() {
            let mut gradients = numbers(gradients);
            if let Some(most) = case["clip"].as_f64() {
                assert!(clip(&mut gradients, most) > most, "nothing is clipped");
            }
            adam.step(&mut values, &mut gradients, 1.0);
            average(&mut mean, &values, 0.9);
        }
        assert_near(&values, &case["end"], "steps");
        assert_near(&mean, &case["mean"], "running mean");
    }
}
