//! Every layer's way back against differences of its way forward.

use lookalike_core::{Seed, Stream};
use lookalike_learn::net::{
    Activation, Batch, Layer, Lookup, Matrix, Mode, NO_CODE, Network, Parameters, Penalty, PenaltyKind, Tape,
    back_softmax, cross_entropy, fill_normal, softmax,
};

fn stream(label: &str) -> Stream {
    Seed::new(3).stream(label, 0)
}

fn normal(rows: usize, columns: usize, label: &str) -> Matrix {
    let mut matrix = Matrix::zeros(rows, columns);
    fill_normal(matrix.values_mut(), &mut stream(label));
    matrix
}

/// The output's numbers times fixed ones, summed: a loss whose gradient by the output is known.
fn loss(output: &Matrix, with: &Matrix) -> f64 {
    output.values().iter().zip(with.values()).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

/// Compares gradients with central differences of `value`, for every one of `at`, within what single precision allows.
fn compare(at: &mut [f32], gradients: &[f32], mut value: impl FnMut(&[f32]) -> f64, what: &str) {
    let step = 2e-3;
    let largest = gradients.iter().fold(0.0_f32, |most, g| most.max(g.abs()));
    assert!(largest > 1e-3, "{what}: a gradient of nothing shows nothing");
    let mut wrong = 0;
    for index in 0..at.len() {
        let before = at[index];
        at[index] = before + step;
        let above = value(at);
        at[index] = before - step;
        let below = value(at);
        at[index] = before;
        let slope = (above - below) / (2.0 * f64::from(step));
        // A unit that switches within the step has no slope there: few may.
        if (slope - f64::from(gradients[index])).abs() > 0.01 * f64::from(largest) + 2e-3 {
            wrong += 1;
        }
    }
    assert!(wrong * 50 <= at.len(), "{what}: {wrong} of {} gradients are wrong", at.len());
}

fn check(name: &str, network: &Network, parameters: &mut Parameters) {
    let (rows, mut tape) = (6, Tape::default());
    let mut input = normal(rows, network.inputs(), "input");
    let with = normal(rows, network.outputs(), "with");
    let run = |parameters: &Parameters, input: &Matrix, tape: &mut Tape| {
        tape.input_mut().clone_from(input);
        // The same stream every time, so that dropout drops the same.
        loss(network.forward(parameters, tape, Mode::Learning(&mut stream("dropout"))), &with)
    };
    run(parameters, &input, &mut tape);
    tape.output_gradient_mut().1.clone_from(&with);
    let mut gradients = vec![0.0; parameters.len()];
    network.backward(parameters, &mut tape, &mut gradients, true);
    let d_input = tape.input_gradient().clone();
    if !parameters.is_empty() {
        let mut values = parameters.values().to_vec();
        compare(
            &mut values,
            &gradients,
            |values| {
                parameters.values_mut().copy_from_slice(values);
                run(parameters, &input, &mut tape)
            },
            name,
        );
    }
    let mut values = input.values().to_vec();
    compare(
        &mut values,
        d_input.values(),
        |values| {
            input.values_mut().copy_from_slice(values);
            run(parameters, &input, &mut tape)
        },
        &format!("{name}, input"),
    );
}

#[test]
fn every_layer_goes_back_as_it_came() {
    let activations = [
        Activation::Relu,
        Activation::LeakyRelu(0.2),
        Activation::Silu,
        Activation::Tanh,
        Activation::Sigmoid,
    ];
    for activation in activations {
        check(&format!("{activation:?}"), &Network::new(5).activation(activation), &mut Parameters::new());
    }
    let with = |build: &dyn Fn(Network, &mut Parameters, &mut Stream) -> Network, name: &str| {
        let mut parameters = Parameters::new();
        let network = build(Network::new(5), &mut parameters, &mut stream("parameters"));
        check(name, &network, &mut parameters);
    };
    with(&|network, parameters, stream| network.linear(4, parameters, stream), "linear");
    with(&|network, parameters, _| network.batch_norm(parameters), "batch norm");
    with(&|network, parameters, _| network.layer_norm(parameters), "layer norm");
    with(&|network, parameters, stream| network.dropout(0.4).linear(3, parameters, stream), "dropout");
    with(
        &|network, parameters, stream| {
            let network = network.linear(7, parameters, stream).batch_norm(parameters);
            let network = network.activation(Activation::Silu).append(0);
            let middle = network.steps();
            let network = network.linear(6, parameters, stream).layer_norm(parameters);
            network.activation(Activation::Tanh).append(middle).dropout(0.2).linear(3, parameters, stream)
        },
        "all together",
    );
}

#[test]
fn lookups_are_linear_maps_of_ones_and_zeros() {
    let mut parameters = Parameters::new();
    let lookup = Lookup::new(2, &[3, 4], 5, &mut parameters, &mut stream("lookup"));
    let mut numbers = normal(4, 2, "numbers");
    numbers.values_mut()[3] = f32::NAN;
    let batch = Batch { numbers, codes: vec![0, 3, 2, 0, NO_CODE, 1, 1, NO_CODE] };
    let mut dense = Matrix::zeros(4, 9);
    for row in 0..4 {
        for (column, &number) in batch.numbers.row(row).iter().enumerate() {
            dense.row_mut(row)[column] = if number.is_nan() { 0.0 } else { number };
        }
        for (code, start) in batch.codes[row * 2..row * 2 + 2].iter().zip([2, 5]) {
            if *code != NO_CODE {
                dense.row_mut(row)[start + *code as usize] = 1.0;
            }
        }
    }
    let mut same = Parameters::new();
    let network = Network::new(9).linear(5, &mut same, &mut stream("other"));
    same.values_mut().copy_from_slice(parameters.values());
    let (mut tape, mut out) = (Tape::default(), Matrix::default());
    tape.input_mut().clone_from(&dense);
    network.forward(&same, &mut tape, Mode::Using);
    lookup.forward(&parameters, &batch, &mut out);
    let near = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5);
    assert!(near(out.values(), tape.output().values()));

    let with = normal(4, 5, "with");
    tape.output_gradient_mut().1.clone_from(&with);
    let (mut theirs, mut ours) = (vec![0.0; same.len()], vec![0.0; same.len()]);
    network.backward(&same, &mut tape, &mut theirs, false);
    lookup.backward(&batch, &with, &mut ours);
    assert!(near(&ours, &theirs));
}

#[test]
fn spans_go_back_as_they_came() {
    let (spans, temperature) = ([0..3, 4..8], 0.7);
    let mut logits = normal(5, 9, "logits");
    let with = normal(5, 9, "with");
    let run = |logits: &[f32]| {
        let mut out = Matrix::from_values(5, 9, logits.iter().map(|x| x / temperature).collect());
        softmax(&mut out, &spans);
        out
    };
    let value = |logits: &[f32]| {
        let out = run(logits);
        let inside = |column: usize| spans.iter().any(|span| span.contains(&column));
        let cells = out.values().iter().zip(with.values()).enumerate();
        cells.filter(|(cell, _)| inside(cell % 9)).map(|(_, (a, b))| f64::from(a * b)).sum()
    };
    let out = run(logits.values());
    for row in 0..5 {
        let sum: f32 = out.row(row)[4..8].iter().sum();
        assert!((sum - 1.0).abs() < 1e-6);
    }
    let mut gradient = with.clone();
    back_softmax(&out, &spans, temperature, &mut gradient);
    for row in 0..5 {
        for column in [3, 8] {
            gradient.row_mut(row)[column] = 0.0;
        }
    }
    compare(logits.values_mut(), gradient.values(), value, "softmax");

    let codes = [0, 1, 2, NO_CODE, 1, 3, 0, 0, NO_CODE, 2];
    let (weights, mut gradient) = ([1.0, 2.5], Matrix::zeros(5, 9));
    cross_entropy(&logits, &spans, &codes, &weights, 0.5, &mut gradient);
    let value = |logits: &[f32]| {
        let logits = Matrix::from_values(5, 9, logits.to_vec());
        let sums = cross_entropy(&logits, &spans, &codes, &weights, 0.5, &mut Matrix::zeros(5, 9));
        0.5 * (sums[0] + 2.5 * sums[1])
    };
    compare(logits.values_mut(), gradient.values(), value, "cross-entropy");
}

#[test]
fn penalties_go_back_twice() {
    let mut parameters = Parameters::new();
    let mut source = stream("critic");
    let critic = Network::new(6)
        .linear(9, &mut parameters, &mut source)
        .activation(Activation::LeakyRelu(0.2))
        .dropout(0.3)
        .linear(8, &mut parameters, &mut source)
        .activation(Activation::Relu)
        .linear(1, &mut parameters, &mut source);
    assert!(matches!(critic.layers()[2], Layer::Dropout(_)));
    let input = normal(7, 6, "input");
    for kind in [PenaltyKind::OneCentred, PenaltyKind::Zero] {
        let mut tape = Tape::default();
        // The penalty from the way back through the network itself, which the test above has checked.
        let value = |parameters: &Parameters, tape: &mut Tape| {
            tape.input_mut().clone_from(&input);
            critic.forward(parameters, tape, Mode::Learning(&mut stream("dropout")));
            tape.output_gradient_mut().1.values_mut().fill(1.0);
            critic.backward(parameters, tape, &mut vec![0.0; parameters.len()], true);
            let rows = (0..7).map(|row| {
                let length =
                    tape.input_gradient().row(row).iter().map(|g| f64::from(g * g)).sum::<f64>().sqrt();
                match kind {
                    PenaltyKind::OneCentred => (length - 1.0).powi(2),
                    PenaltyKind::Zero => length * length / 2.0,
                }
            });
            rows.sum::<f64>() / 7.0
        };
        let expected = value(&parameters, &mut tape);
        let mut gradients = vec![0.0; parameters.len()];
        let found = Penalty::default().add(&critic, &parameters, &tape, (kind, 1.0), &mut gradients);
        assert!((found - expected).abs() < 1e-5 * expected.max(1.0));
        let mut values = parameters.values().to_vec();
        let mut parameters = parameters.clone();
        let at = |values: &[f32]| {
            parameters.values_mut().copy_from_slice(values);
            value(&parameters, &mut tape)
        };
        compare(&mut values, &gradients, at, &format!("{kind:?}"));
    }
}
