//! The gradient penalty of Wasserstein critics, with its second derivative in closed form.
//!
//! Gulrajani, I. et al. (2017). Improved training of Wasserstein GANs. <https://doi.org/10.48550/arXiv.1704.00028>
//!
//! A critic of linear maps and of functions that are straight on both sides of 0 is, around each input, a linear map: its
//! input gradient is a product of the weights, with the rows where a unit is off (or dropped out) multiplied by its slope.
//! So the penalty's gradient by the weights needs no second derivative of any function: it is the way forward through the
//! same product, begun with the penalty's gradient by the input gradient.

use super::layer::Layer;
use super::matrix::{Matrix, View};
use super::network::{Network, Tape};
use super::parameters::Parameters;
use super::product::multiply;

/// What the penalty computes on its way; kept to take no memory in a loop.
#[derive(Debug, Clone, Default)]
pub struct Penalty {
    /// The gradient of the output by what comes out of each step, the input first.
    slopes: Vec<Matrix>,
    forward: Matrix,
    other: Matrix,
}

/// Which penalty.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// The mean of `(length - 1)^2`, of the input gradients' lengths.
    OneCentred,
    /// The mean of `length^2`, halved.
    ///
    /// Mescheder, L., Geiger, A. and Nowozin, S. (2018). <https://doi.org/10.48550/arXiv.1801.04406>
    Zero,
}

impl Penalty {
    /// Adds the gradient of `weight` times the penalty, at the input with which the network ran forward last while
    /// learning, and gives the penalty.
    ///
    /// # Panics
    /// If the network has more than one output, or layers besides linear ones, dropout and functions that are straight on
    /// both sides of 0.
    pub fn add(
        &mut self,
        network: &Network,
        parameters: &Parameters,
        tape: &Tape,
        (kind, weight): (Kind, f32),
        gradients: &mut [f32],
    ) -> f64 {
        assert_eq!(network.outputs(), 1, "a critic gives one number");
        let layers = network.layers();
        let rows = tape.output().rows();
        self.slopes.resize_with(layers.len() + 1, Matrix::default);
        let last = &mut self.slopes[layers.len()];
        last.reshape(rows, 1);
        last.values_mut().fill(1.0);
        for (index, layer) in layers.iter().enumerate().rev() {
            let (before, after) = self.slopes.split_at_mut(index + 1);
            let (to, from) = (&mut before[index], &after[0]);
            if let Layer::Linear(linear) = layer {
                to.reshape(rows, linear.inputs);
                let weight = View::new(parameters.of(linear.weight), linear.inputs, linear.outputs);
                multiply(from.view(), weight.turned(), to.values_mut(), false);
            } else {
                times_slopes(layer, tape, index, from, to);
            }
        }
        let (penalty, columns) = (&self.slopes[0], network.inputs());
        self.forward.reshape(rows, columns);
        let share = 1.0 / rows.max(1) as f32;
        let mut sum = 0.0;
        for row in 0..rows {
            let gradient = penalty.row(row);
            let length = gradient.iter().map(|g| g * g).sum::<f32>().sqrt();
            let factor = match kind {
                Kind::OneCentred => {
                    sum += f64::from((length - 1.0) * (length - 1.0));
                    2.0 * (length - 1.0) / length.max(1e-12)
                }
                Kind::Zero => {
                    sum += f64::from(length * length) / 2.0;
                    1.0
                }
            };
            let factor = factor * share * weight;
            self.forward.row_mut(row).iter_mut().zip(gradient).for_each(|(v, g)| *v = factor * g);
        }
        for (index, layer) in layers.iter().enumerate() {
            if let Layer::Linear(linear) = layer {
                let after = &self.slopes[index + 1];
                let own = &mut gradients[linear.weight.range()];
                multiply(self.forward.view().turned(), after.view(), own, true);
                if index + 1 == layers.len() {
                    break;
                }
                self.other.reshape(rows, linear.outputs);
                let weight = View::new(parameters.of(linear.weight), linear.inputs, linear.outputs);
                multiply(self.forward.view(), weight, self.other.values_mut(), false);
            } else {
                times_slopes(layer, tape, index, &self.forward, &mut self.other);
            }
            std::mem::swap(&mut self.forward, &mut self.other);
        }
        sum / rows.max(1) as f64
    }
}

/// Multiplies by the slope of each unit, which is the same on the way back and forth.
fn times_slopes(layer: &Layer, tape: &Tape, index: usize, from: &Matrix, to: &mut Matrix) {
    to.reshape(from.rows(), from.columns());
    match layer {
        Layer::Activation(activation) => {
            let (below, above) = activation.slopes().expect("a function that is straight on both sides of 0");
            let x = tape.steps[index].values();
            super::elementary::put_with(to.values_mut(), from.values(), x, move |d: f32, x: f32| {
                if x > 0.0 { d * above } else { d * below }
            });
        }
        Layer::Dropout(_) => {
            let factors = tape.kept[index].numbers.values();
            super::elementary::put_with(to.values_mut(), from.values(), factors, |d: f32, factor: f32| {
                d * factor
            });
        }
        other => panic!("a critic with a penalty has no such layer: {other:?}"),
    }
}
