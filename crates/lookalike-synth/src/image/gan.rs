//! A generative adversarial network of images, of dense layers.
//!
//! Goodfellow, I. et al. (2014). Generative adversarial nets. <https://doi.org/10.48550/arXiv.1406.2661>

use lookalike_core::{Context, Seed, math};
use lookalike_learn::net::image::Shape;
use lookalike_learn::net::{
    Activation, Adam, AdamOptions, Learner, Mode, Network, Parameters, Place, State, Tape, add_all,
    fill_normal, tanh_each, train,
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::dense::{Dense, Output, chain, write_told};
use super::images::Images;
use super::model::Told;
use crate::error::Result;
use crate::neural::{Pace, Training};

/// The options of the adversarial network of images.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ImageGan {
    /// How often every image is seen at most, at least 1.
    pub epochs: u32,
    /// Images in a batch, at least 2; never more than a twentieth of the images (or 8).
    pub batch: usize,
    /// The length of Adam's steps, above 0.
    pub rate: f32,
    /// Learning ends after so many seconds; the model then depends on the speed of the machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_seconds: Option<f64>,
    /// Numbers of noise per image, at least 1.
    pub latent: usize,
    /// Units of each hidden layer of the generator, and in reverse of the critic, at least 1.
    pub hidden: Vec<usize>,
    /// The slope of units below 0, in [0, 1).
    pub slope: f32,
    /// How much of Adam's mean gradient is kept at each step, in [0, 1).
    pub beta1: f32,
    /// True to tell both networks an image's class.
    pub conditional: bool,
}

impl Default for ImageGan {
    fn default() -> Self {
        ImageGan {
            epochs: 60,
            batch: 128,
            rate: 2e-4,
            max_seconds: None,
            latent: 100,
            hidden: vec![256, 512],
            slope: 0.2,
            beta1: 0.5,
            conditional: true,
        }
    }
}

impl ImageGan {
    /// The network of the tutorials: 100-128-784 for images of 28 by 28 pixels, without classes.
    pub fn tutorial() -> Self {
        ImageGan {
            hidden: vec![128],
            rate: 1e-3,
            slope: 0.01,
            beta1: 0.9,
            conditional: false,
            ..ImageGan::default()
        }
    }

    fn pace(&self) -> Pace {
        let ImageGan { epochs, batch, rate, max_seconds, .. } = *self;
        Pace { epochs, batch, rate, max_seconds, patience: 0 }
    }

    /// What is wrong with the options, all at once.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = self.pace().problems("gan");
        if self.latent == 0 || self.hidden.contains(&0) {
            problems.push("gan.latent and gan.hidden must be at least 1".to_owned());
        }
        if !(0.0..1.0).contains(&self.slope) || !(0.0..1.0).contains(&self.beta1) {
            problems.push("gan.slope and gan.beta1 must be in [0, 1)".to_owned());
        }
        problems
    }

    /// The generator of images of this shape.
    pub(super) fn generator(
        &self,
        shape: Shape,
        classes: usize,
        parameters: &mut Parameters,
        seed: Seed,
    ) -> Network {
        let told = if self.conditional { classes } else { 0 };
        let stream = &mut seed.stream("generator", 0);
        let activation = Activation::LeakyRelu(self.slope);
        chain(self.latent + told, &self.hidden, shape.size(), activation, parameters, stream)
    }

    /// Learns images.
    pub(super) fn fit(&self, images: &Images, context: &Context<'_>) -> Result<(Dense, Told)> {
        let told = if self.conditional { images.classes() } else { 0 };
        let adam = AdamOptions { rate: self.rate, beta1: self.beta1, ..AdamOptions::default() };
        let side = |network: Network, parameters: Parameters| Side {
            adam: Adam::new(parameters.len(), adam),
            gradients: vec![0.0; parameters.len()],
            network,
            parameters,
        };
        let mut parameters = Parameters::new();
        let generator = self.generator(images.shape(), images.classes(), &mut parameters, context.seed);
        let generator = side(generator, parameters);
        let mut parameters = Parameters::new();
        let reversed: Vec<usize> = self.hidden.iter().rev().copied().collect();
        let (inputs, stream) = (images.shape().size() + told, &mut context.seed.stream("critic", 0));
        let activation = Activation::LeakyRelu(self.slope);
        let critic = chain(inputs, &reversed, 1, activation, &mut parameters, stream);
        let critic = side(critic, parameters);
        let mut learning = Learning {
            latent: self.latent,
            told,
            images,
            seed: context.seed,
            generator,
            critic,
            parts: Default::default(),
        };
        let rows: Vec<u32> = (0..images.len() as u32).collect();
        let history = train(&mut learning, &rows, &self.pace().schedule(rows.len(), 0), context)?;
        let training = Training::new(history, "none");
        let Side { network, parameters, .. } = learning.generator;
        Ok((Dense { network, parameters, latent: self.latent, told, output: Output::Tanh }, training))
    }
}

/// Parts of a batch, each a thread's, whatever the number of threads.
const PARTS: usize = 2;

struct Side {
    network: Network,
    parameters: Parameters,
    adam: Adam,
    gradients: Vec<f32>,
}

struct Learning<'a> {
    latent: usize,
    told: usize,
    images: &'a Images,
    seed: Seed,
    generator: Side,
    critic: Side,
    parts: [Part; PARTS],
}

#[derive(Default)]
struct Part {
    generating: Tape,
    real: Tape,
    made: Tape,
    generator_gradients: Vec<f32>,
    critic_gradients: Vec<f32>,
    sums: [f64; 2],
}

/// Puts the gradient of the binary cross-entropy of what the critic gives, wanted to be 1 or 0, and gives its sum.
fn judge(tape: &mut Tape, real: bool, share: f32) -> f64 {
    let (out, gradient) = tape.output_gradient_mut();
    let mut sum = 0.0;
    for (&given, gradient) in out.values().iter().zip(gradient.values_mut()) {
        let sign = if real { 1.0 } else { -1.0 };
        let x = f64::from(sign * given);
        sum += math::ln_1p(math::exp(-x.abs())) + (-x).max(0.0);
        *gradient = -sign * share * (1.0 - math::sigmoid(x)) as f32;
    }
    sum
}

impl Learning<'_> {
    fn learn_critic(&self, part: &mut Part, rows: &[u32], share: f32, stream: &mut lookalike_core::Stream) {
        let Learning { latent, told, images, .. } = *self;
        let size = images.shape().size();
        part.critic_gradients.resize(self.critic.parameters.len(), 0.0);
        part.generator_gradients.resize(self.generator.parameters.len(), 0.0);
        let noise = part.generating.input_mut();
        noise.reshape(rows.len(), latent + told);
        for (place, &row) in rows.iter().enumerate() {
            let (noise, class) = noise.row_mut(place).split_at_mut(latent);
            fill_normal(noise, stream);
            write_told(images.labels()[row as usize], class);
        }
        let Side { network, parameters, .. } = &self.generator;
        let made = network.forward(parameters, &mut part.generating, Mode::Using);
        for (tape, is_real) in [(&mut part.real, true), (&mut part.made, false)] {
            let x = tape.input_mut();
            x.reshape(rows.len(), size + told);
            for (place, &row) in rows.iter().enumerate() {
                let (own, class) = x.row_mut(place).split_at_mut(size);
                write_told(images.labels()[row as usize], class);
                if is_real {
                    images.write(row, -1.0, own);
                } else {
                    own.copy_from_slice(made.row(place));
                    tanh_each(own);
                }
            }
        }
        part.sums[0] = 0.0;
        let Side { network, parameters, .. } = &self.critic;
        for (tape, is_real) in [(&mut part.real, true), (&mut part.made, false)] {
            network.forward(parameters, tape, Mode::Using);
            part.sums[0] += judge(tape, is_real, share);
            network.backward(parameters, tape, &mut part.critic_gradients, false);
        }
    }

    /// The critic, after its step, looks at the same images again; the generator wants them to be taken for real.
    fn learn_generator(&self, part: &mut Part, share: f32) {
        let size = self.images.shape().size();
        let Side { network, parameters, .. } = &self.critic;
        network.forward(parameters, &mut part.made, Mode::Using);
        part.sums[1] = judge(&mut part.made, true, share);
        network.backward(parameters, &mut part.made, &mut [], true);
        let images = part.made.input_mut().clone();
        let d_images = part.made.input_gradient();
        let (_, d_out) = part.generating.output_gradient_mut();
        for place in 0..images.rows() {
            let all = images.row(place)[..size].iter().zip(&d_images.row(place)[..size]);
            for (d, (y, d_image)) in d_out.row_mut(place).iter_mut().zip(all) {
                *d = d_image * (1.0 - y * y);
            }
        }
        let Side { network, parameters, .. } = &self.generator;
        network.backward(parameters, &mut part.generating, &mut part.generator_gradients, false);
    }
}

impl Side {
    fn step(&mut self, factor: f32) {
        self.adam.step(self.parameters.values_mut(), &mut self.gradients, factor);
    }
}

impl Learner for Learning<'_> {
    fn step(&mut self, rows: &[u32], at: Place, factor: f32) -> Vec<f64> {
        let mut parts = std::mem::take(&mut self.parts);
        let size = rows.len().div_ceil(PARTS).max(1);
        let used = rows.len().div_ceil(size);
        let share = 1.0 / rows.len() as f32;
        parts.par_iter_mut().zip(rows.par_chunks(size)).enumerate().for_each(|(number, (part, rows))| {
            let mut stream = self.seed.stream("step", at.step * PARTS as u64 + number as u64);
            self.learn_critic(part, rows, share, &mut stream);
        });
        add_all(&mut self.critic.gradients, parts[..used].iter_mut().map(|part| &mut part.critic_gradients));
        self.critic.step(factor);
        parts[..used].par_iter_mut().for_each(|part| self.learn_generator(part, share));
        let gradients = parts[..used].iter_mut().map(|part| &mut part.generator_gradients);
        add_all(&mut self.generator.gradients, gradients);
        self.generator.step(factor);
        let mean =
            |loss: usize| parts[..used].iter().map(|part| part.sums[loss]).sum::<f64>() * f64::from(share);
        let losses = vec![mean(0), mean(1)];
        self.parts = parts;
        losses
    }

    fn losses(&self) -> &'static [&'static str] {
        &["critic", "generator"]
    }

    fn held_out(&mut self, _: Place) -> Option<f64> {
        None
    }

    fn state(&self) -> State {
        let side = |side: &Side| {
            [side.parameters.values().to_vec(), side.adam.first.clone(), side.adam.second.clone()]
        };
        let numbers = side(&self.generator).into_iter().chain(side(&self.critic)).collect();
        State { numbers, counts: vec![self.generator.adam.steps, self.critic.adam.steps] }
    }

    fn restore(&mut self, state: &State) {
        let sides = [&mut self.generator, &mut self.critic].into_iter();
        for ((side, numbers), &steps) in sides.zip(state.numbers.chunks_exact(3)).zip(&state.counts) {
            side.parameters.values_mut().copy_from_slice(&numbers[0]);
            side.adam.first.clone_from(&numbers[1]);
            side.adam.second.clone_from(&numbers[2]);
            side.adam.steps = steps;
            side.gradients.fill(0.0);
        }
    }
}
