//! A variational autoencoder of images, of dense layers.
//!
//! Kingma, D. P. and Welling, M. (2014). Auto-encoding variational Bayes. <https://doi.org/10.48550/arXiv.1312.6114>

use lookalike_core::{Context, Seed};
use lookalike_learn::net::image::Shape;
use lookalike_learn::net::{
    Activation, Adam, AdamOptions, Learner, Matrix, Mode, Network, Parameters, Place, State, Tape, add_all,
    exp_each, fill_normal, sigmoid_each, train,
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::dense::{Dense, Output, chain, write_told};
use super::images::Images;
use super::model::Told;
use crate::error::Result;
use crate::neural::{Pace, Training};

/// The options of the autoencoder of images.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ImageVae {
    /// How often every image is seen at most, at least 1.
    pub epochs: u32,
    /// Images in a batch, at least 2; never more than a twentieth of the images (or 8).
    pub batch: usize,
    /// The length of Adam's steps, above 0.
    pub rate: f32,
    /// Learning ends after so many seconds; the model then depends on the speed of the machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_seconds: Option<f64>,
    /// Looks at held-out images (10 in all epochs) without improvement after which learning ends; 0 to go on.
    pub patience: u32,
    /// Numbers between encoder and decoder, at least 1.
    pub latent: usize,
    /// Units of each hidden layer of the decoder, and in reverse of the encoder, at least 1.
    pub hidden: Vec<usize>,
    /// True to tell both networks an image's class.
    pub conditional: bool,
}

impl Default for ImageVae {
    fn default() -> Self {
        ImageVae {
            epochs: 40,
            batch: 128,
            rate: 1e-3,
            max_seconds: None,
            patience: 0,
            latent: 32,
            hidden: vec![256, 512],
            conditional: true,
        }
    }
}

/// How often held-out images are looked at.
const LOOKS: u32 = 10;
/// Held-out images that are looked at.
const HELD_OUT: usize = 1024;
/// Bound of the logarithms of variances.
const LOG_VARIANCE: f32 = 10.0;

impl ImageVae {
    /// The network of the tutorials: 784-128-2-128-784 for images of 28 by 28 pixels, without classes.
    pub fn tutorial() -> Self {
        ImageVae { latent: 2, hidden: vec![128], conditional: false, ..ImageVae::default() }
    }

    fn pace(&self) -> Pace {
        let ImageVae { epochs, batch, rate, max_seconds, patience, .. } = *self;
        Pace { epochs, batch, rate, max_seconds, patience }
    }

    /// What is wrong with the options, all at once.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = self.pace().problems("vae");
        if self.latent == 0 || self.hidden.contains(&0) {
            problems.push("vae.latent and vae.hidden must be at least 1".to_owned());
        }
        problems
    }

    /// The decoder of images of this shape.
    pub(super) fn decoder(
        &self,
        shape: Shape,
        classes: usize,
        parameters: &mut Parameters,
        seed: Seed,
    ) -> Network {
        let told = if self.conditional { classes } else { 0 };
        let stream = &mut seed.stream("decoder", 0);
        chain(self.latent + told, &self.hidden, shape.size(), Activation::Relu, parameters, stream)
    }

    /// Learns images.
    pub(super) fn fit(&self, images: &Images, context: &Context<'_>) -> Result<(Dense, Told)> {
        let mut order: Vec<u32> = (0..images.len() as u32).collect();
        context.seed.stream("held out", 0).shuffle(&mut order);
        let held_out = (images.len() / 20).min(HELD_OUT);
        let learned = order.split_off(held_out);
        let told = if self.conditional { images.classes() } else { 0 };
        let mut parameters = Parameters::new();
        let decoder = self.decoder(images.shape(), images.classes(), &mut parameters, context.seed);
        let own = parameters.len();
        let reversed: Vec<usize> = self.hidden.iter().rev().copied().collect();
        let stream = &mut context.seed.stream("encoder", 0);
        let inputs = images.shape().size() + told;
        let encoder = chain(inputs, &reversed, 2 * self.latent, Activation::Relu, &mut parameters, stream);
        let adam = AdamOptions { rate: self.rate, ..AdamOptions::default() };
        let mut learning = Learning {
            latent: self.latent,
            told,
            images,
            held_out: order,
            seed: context.seed,
            adam: Adam::new(parameters.len(), adam),
            gradients: vec![0.0; parameters.len()],
            encoder,
            decoder,
            parameters,
            parts: Default::default(),
        };
        let history = train(&mut learning, &learned, &self.pace().schedule(learned.len(), LOOKS), context)?;
        let training = Training::new(history, "negative evidence lower bound, nats per image");
        let mut parameters = Parameters::new();
        let network = self.decoder(images.shape(), images.classes(), &mut parameters, context.seed);
        parameters.values_mut().copy_from_slice(&learning.parameters.values()[..own]);
        Ok((Dense { network, parameters, latent: self.latent, told, output: Output::Sigmoid }, training))
    }
}

/// Parts of a batch, each a thread's, whatever the number of threads.
const PARTS: usize = 2;

struct Learning<'a> {
    latent: usize,
    told: usize,
    images: &'a Images,
    held_out: Vec<u32>,
    seed: Seed,
    encoder: Network,
    decoder: Network,
    parameters: Parameters,
    adam: Adam,
    gradients: Vec<f32>,
    parts: [Part; PARTS],
}

#[derive(Default)]
struct Part {
    encoding: Tape,
    decoding: Tape,
    noise: Matrix,
    gradients: Vec<f32>,
    sum: f64,
}

impl Learning<'_> {
    /// The mean of what is lost per image, in nats.
    fn run(&mut self, rows: &[u32], (label, block): (&str, u64), learning: bool) -> f64 {
        let mut parts = std::mem::take(&mut self.parts);
        let size = rows.len().div_ceil(PARTS).max(1);
        let share = 1.0 / rows.len() as f32;
        parts.par_iter_mut().zip(rows.par_chunks(size)).enumerate().for_each(|(number, (part, rows))| {
            let mut stream = self.seed.stream(label, block * PARTS as u64 + number as u64);
            self.part(part, rows, share, &mut stream, learning);
        });
        let used = rows.len().div_ceil(size);
        let sum = parts[..used].iter().map(|part| part.sum).sum::<f64>();
        if learning {
            add_all(&mut self.gradients, parts[..used].iter_mut().map(|part| &mut part.gradients));
        }
        self.parts = parts;
        sum * f64::from(share)
    }

    fn part(
        &self,
        part: &mut Part,
        rows: &[u32],
        share: f32,
        stream: &mut lookalike_core::Stream,
        learning: bool,
    ) {
        let Learning { latent, told, images, .. } = *self;
        let Part { encoding, decoding, noise, gradients, sum } = part;
        gradients.resize(self.parameters.len(), 0.0);
        let size = images.shape().size();
        let x = encoding.input_mut();
        x.reshape(rows.len(), size + told);
        for (place, &row) in rows.iter().enumerate() {
            let (own, class) = x.row_mut(place).split_at_mut(size);
            images.write(row, 0.0, own);
            write_told(images.labels()[row as usize], class);
        }
        self.encoder.forward(&self.parameters, encoding, Mode::Using);
        noise.reshape(rows.len(), latent);
        fill_normal(noise.values_mut(), stream);
        let (code, d_code) = encoding.output_gradient_mut();
        let z = decoding.input_mut();
        z.reshape(rows.len(), latent + told);
        *sum = 0.0;
        let mut spreads = vec![0.0; rows.len() * latent];
        for place in 0..rows.len() {
            for (spread, log) in spreads[place * latent..].iter_mut().zip(&code.row(place)[latent..]) {
                *spread = 0.5 * log.clamp(-LOG_VARIANCE, LOG_VARIANCE);
            }
        }
        exp_each(&mut spreads);
        for (place, &row) in rows.iter().enumerate() {
            let (mean, log) = code.row(place).split_at(latent);
            let (own, class) = z.row_mut(place).split_at_mut(latent);
            write_told(images.labels()[row as usize], class);
            let spread = &spreads[place * latent..][..latent];
            for i in 0..latent {
                own[i] = mean[i] + spread[i] * noise.row(place)[i];
                let log = log[i].clamp(-LOG_VARIANCE, LOG_VARIANCE);
                *sum += f64::from(0.5 * (mean[i] * mean[i] + spread[i] * spread[i] - 1.0 - log));
            }
        }
        self.decoder.forward(&self.parameters, decoding, Mode::Using);
        let (logits, d_logits) = decoding.output_gradient_mut();
        // ln(1 + exp(-|x|)), from what the sigmoid gives.
        d_logits.values_mut().copy_from_slice(logits.values());
        sigmoid_each(d_logits.values_mut());
        let mut wanted = vec![0.0; size];
        for (place, &row) in rows.iter().enumerate() {
            images.write(row, 0.0, &mut wanted);
            let all = d_logits.row_mut(place).iter_mut().zip(logits.row(place)).zip(&wanted);
            for ((given, &logit), &wanted) in all {
                let larger = f64::from(given.max(1.0 - *given));
                *sum += f64::from(logit.max(0.0) - logit * wanted) - lookalike_core::math::ln(larger);
                *given = (*given - wanted) * share;
            }
        }
        if !learning {
            return;
        }
        self.decoder.backward(&self.parameters, decoding, gradients, true);
        for place in 0..rows.len() {
            let (mean, log) = code.row(place).split_at(latent);
            let (d_mean, d_log) = d_code.row_mut(place).split_at_mut(latent);
            let (d_z, noise) = (decoding.input_gradient().row(place), noise.row(place));
            let spread = &spreads[place * latent..][..latent];
            for i in 0..latent {
                d_mean[i] = d_z[i] + share * mean[i];
                let inside = log[i].abs() < LOG_VARIANCE;
                let by_spread = d_z[i] * noise[i] * 0.5 * spread[i];
                d_log[i] = if inside { by_spread + share * 0.5 * (spread[i] * spread[i] - 1.0) } else { 0.0 };
            }
        }
        self.encoder.backward(&self.parameters, encoding, gradients, false);
    }
}

impl Learner for Learning<'_> {
    fn step(&mut self, rows: &[u32], at: Place, factor: f32) -> Vec<f64> {
        let loss = self.run(rows, ("vae", at.step), true);
        self.adam.step(self.parameters.values_mut(), &mut self.gradients, factor);
        vec![loss]
    }

    fn losses(&self) -> &'static [&'static str] {
        &["negative evidence lower bound"]
    }

    fn held_out(&mut self, _: Place) -> Option<f64> {
        let rows = self.held_out.clone();
        (!rows.is_empty()).then(|| self.run(&rows, ("held out noise", 0), false))
    }

    fn state(&self) -> State {
        let Adam { first, second, steps, .. } = &self.adam;
        let numbers = vec![self.parameters.values().to_vec(), first.clone(), second.clone()];
        State { numbers, counts: vec![*steps] }
    }

    fn restore(&mut self, state: &State) {
        self.parameters.values_mut().copy_from_slice(&state.numbers[0]);
        self.adam.first.clone_from(&state.numbers[1]);
        self.adam.second.clone_from(&state.numbers[2]);
        self.adam.steps = state.counts[0];
        self.gradients.fill(0.0);
    }
}
