//! How variational autoencoders of images learn, of dense layers as of convolutions.
//!
//! Kingma, D. P. and Welling, M. (2014). Auto-encoding variational Bayes. <https://doi.org/10.48550/arXiv.1312.6114>

use std::ops::Range;

use lookalike_core::{Context, Seed, math};
use lookalike_learn::net::image::{Pass, Prepared};
use lookalike_learn::net::{
    Activation, Adam, AdamOptions, Learner, Parameters, Place, State, add_all, exp_each, fill_normal,
    sigmoid_each, train,
};

use super::between::Between;
use super::decoder::{Decoder, Output, Recipe};
use super::halves::{PARTS, halves};
use super::held_out::{LOOKS, hold_out};
use super::images::Images;
use super::memory::Numbers;
use super::model::Told;
use super::net::Net;
use super::nets::{Layers, at_once, numbers};
use crate::error::Result;
use crate::neural::{Pace, Training};

/// Bound of the logarithms of variances.
const LOG_VARIANCE: f32 = 10.0;

/// How often there are all parameters at most: they, their gradients and Adam's two means, and three of these at the last sound
/// step, at the best look and at the one that is looked at.
const COPIES: usize = 4 + 3 * 3;

/// What the decoders of autoencoders are like.
pub(super) fn recipe(layers: Layers<'_>, latent: usize, conditional: bool) -> Recipe<'_> {
    Recipe { layers, latent, conditional, activation: Activation::Relu, output: Output::Sigmoid }
}

/// Learns images.
pub(super) fn fit(
    recipe: &Recipe<'_>,
    (pace, memory_limit): (Pace, Option<u64>),
    images: &Images,
    context: &Context<'_>,
) -> Result<(Decoder, Told)> {
    let (learned, held_out) = hold_out(images.len(), context.seed);
    // The encoder has about as many.
    let least = recipe.layers.least_parameters(images.shape(), recipe.latent);
    Numbers::check_least(least, 2 * COPIES, images, memory_limit)?;
    let decoder = recipe.decoder(images.shape(), images.classes(), context.seed);
    let mut parameters = Parameters::new();
    let encoder = recipe.layers.encoder(
        images.shape(),
        (recipe.told(images.classes()), 2 * recipe.latent),
        recipe.activation,
        &mut parameters,
        &mut context.seed.stream("encoder", 0),
    );
    let at_once = at_once(recipe.layers, [&encoder, &decoder.net]);
    let nets = [(&encoder, parameters.len()), (&decoder.net, decoder.parameters.len())];
    numbers(nets, COPIES, at_once)
        .and(Numbers::of_images(decoder.layout.shape.size(), at_once))
        .check(images, memory_limit)?;
    let adam = AdamOptions { rate: pace.rate, ..AdamOptions::default() };
    let side = |parameters: &Parameters| Side {
        adam: Adam::new(parameters.len(), adam),
        gradients: vec![0.0; parameters.len()],
        prepared: Prepared::default(),
    };
    let mut learning = Learning {
        images,
        held_out,
        seed: context.seed,
        at_once,
        sides: [side(&parameters), side(&decoder.parameters)],
        encoder,
        parameters,
        decoder,
        parts: Default::default(),
    };
    let history = train(&mut learning, &learned, &pace.schedule(learned.len(), LOOKS), context)?;
    let told = Training::new(history, "negative evidence lower bound, nats per image");
    Ok((learning.decoder, told))
}

/// How one of both networks learns.
struct Side {
    adam: Adam,
    gradients: Vec<f32>,
    prepared: Prepared,
}

struct Learning<'a> {
    images: &'a Images,
    held_out: Vec<u32>,
    seed: Seed,
    at_once: usize,
    encoder: Net,
    /// The encoder's.
    parameters: Parameters,
    decoder: Decoder,
    /// Of the encoder and of the decoder.
    sides: [Side; 2],
    parts: [Part; PARTS],
}

#[derive(Default)]
struct Part {
    encoding: Pass,
    decoding: Pass,
    gradients: [Vec<f32>; 2],
    sum: f64,
}

impl Learning<'_> {
    /// The mean of what is lost per image, in nats.
    fn run(&mut self, rows: &[u32], (label, block): (&str, u64), learning: bool) -> f64 {
        let [encoding, decoding] = &mut self.sides;
        self.encoder.graph.prepare_again(&self.parameters, &mut encoding.prepared);
        self.decoder.net.graph.prepare_again(&self.decoder.parameters, &mut decoding.prepared);
        let mut parts = std::mem::take(&mut self.parts);
        for part in &mut parts {
            part.sum = 0.0;
            part.gradients[0].resize(self.parameters.len(), 0.0);
            part.gradients[1].resize(self.decoder.parameters.len(), 0.0);
        }
        let share = 1.0 / rows.len() as f32;
        halves(&mut parts, rows.len(), self.at_once, |part, range| {
            let noise = (label, block * (1 << 20) + range.start as u64);
            self.part(part, &rows[range], share, noise, learning);
        });
        if learning {
            for (place, side) in self.sides.iter_mut().enumerate() {
                add_all(&mut side.gradients, parts.iter_mut().map(|part| &mut part.gradients[place]));
            }
        }
        let sum: f64 = parts.iter().map(|part| part.sum).sum();
        self.parts = parts;
        sum * f64::from(share)
    }

    fn part(&self, part: &mut Part, rows: &[u32], share: f32, (label, block): (&str, u64), learning: bool) {
        let Learning { images, encoder, decoder, .. } = self;
        let Part { encoding, decoding, gradients, sum } = part;
        let (latent, layout) = (decoder.latent, &decoder.layout);
        for (pass, net) in [(&mut *encoding, encoder), (&mut *decoding, &decoder.net)] {
            if pass.images() != rows.len() {
                pass.resize(&net.graph, rows.len());
            }
            if let Some(told) = net.told {
                let width = net.graph.shape(told).size();
                for (to, &row) in pass.values_mut(told).chunks_exact_mut(width).zip(rows) {
                    Between::from(images.labels()[row as usize]).tell(to);
                }
            }
        }
        let mut image = vec![0.0; images.shape().size()];
        for (to, &row) in encoding.values_mut(encoder.input).chunks_exact_mut(layout.shape.size()).zip(rows) {
            images.write(row, 0.0, &mut image);
            layout.enter(&image, to);
        }
        encoding.forward(&encoder.graph, &self.parameters, &self.sides[0].prepared);
        let mut noise = vec![0.0; rows.len() * latent];
        fill_normal(&mut noise, &mut self.seed.stream(label, block));
        let (codes, d_codes) = encoding.gradient_mut(encoder.output);
        let mut spreads: Vec<f32> = codes
            .chunks_exact(2 * latent)
            .flat_map(|code| &code[latent..])
            .map(|log| 0.5 * log.clamp(-LOG_VARIANCE, LOG_VARIANCE))
            .collect();
        exp_each(&mut spreads);
        let each = |place: usize| place * latent..(place + 1) * latent;
        for (place, code) in codes.chunks_exact(2 * latent).enumerate() {
            let (mean, log) = code.split_at(latent);
            let (spread, noise) = (&spreads[each(place)], &noise[each(place)]);
            let z = &mut decoding.values_mut(decoder.net.input)[each(place)];
            for i in 0..latent {
                z[i] = mean[i] + spread[i] * noise[i];
                let log = log[i].clamp(-LOG_VARIANCE, LOG_VARIANCE);
                *sum += f64::from(0.5 * (mean[i] * mean[i] + spread[i] * spread[i] - 1.0 - log));
            }
        }
        decoding.forward(&decoder.net.graph, &decoder.parameters, &self.sides[1].prepared);
        let (logits, d_logits) = decoding.gradient_mut(decoder.net.output);
        let mut given = logits.to_vec();
        sigmoid_each(&mut given);
        d_logits.fill(0.0);
        for (place, &row) in rows.iter().enumerate() {
            let own: Range<usize> = place * layout.shape.size()..(place + 1) * layout.shape.size();
            let (logits, given, d_logits) = (&logits[own.clone()], &given[own.clone()], &mut d_logits[own]);
            images.write(row, 0.0, &mut image);
            // What lies beyond the image's edges is not judged.
            for (seen, wanted) in layout.places().zip(&image) {
                let (logit, given) = (logits[seen], given[seen]);
                // ln(1 + exp(-|x|)), from what the sigmoid gives.
                let larger = f64::from(given.max(1.0 - given));
                *sum += f64::from(logit.max(0.0) - logit * wanted) - math::ln(larger);
                d_logits[seen] = (given - wanted) * share;
            }
        }
        if !learning {
            return;
        }
        let [d_encoder, d_decoder] = gradients;
        let Net { graph, input, .. } = &decoder.net;
        decoding.backward(graph, &decoder.parameters, &self.sides[1].prepared, d_decoder, &[*input]);
        let d_z = decoding.gradient(*input);
        for (place, (code, d_code)) in
            codes.chunks_exact(2 * latent).zip(d_codes.chunks_exact_mut(2 * latent)).enumerate()
        {
            let (mean, log) = code.split_at(latent);
            let (d_mean, d_log) = d_code.split_at_mut(latent);
            let (d_z, noise, spread) = (&d_z[each(place)], &noise[each(place)], &spreads[each(place)]);
            for i in 0..latent {
                d_mean[i] = d_z[i] + share * mean[i];
                let inside = log[i].abs() < LOG_VARIANCE;
                let by_spread = d_z[i] * noise[i] * 0.5 * spread[i];
                d_log[i] = if inside { by_spread + share * 0.5 * (spread[i] * spread[i] - 1.0) } else { 0.0 };
            }
        }
        encoding.backward(&encoder.graph, &self.parameters, &self.sides[0].prepared, d_encoder, &[]);
    }
}

impl Learner for Learning<'_> {
    fn step(&mut self, rows: &[u32], at: Place, factor: f32) -> Vec<f64> {
        let loss = self.run(rows, ("autoencoder", at.step), true);
        let [encoding, decoding] = &mut self.sides;
        encoding.adam.step(self.parameters.values_mut(), &mut encoding.gradients, factor);
        decoding.adam.step(self.decoder.parameters.values_mut(), &mut decoding.gradients, factor);
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
        let both = [&self.parameters, &self.decoder.parameters].into_iter().zip(&self.sides);
        let numbers = both.flat_map(|(parameters, side)| {
            [parameters.values().to_vec(), side.adam.first.clone(), side.adam.second.clone()]
        });
        State { numbers: numbers.collect(), counts: self.sides.iter().map(|side| side.adam.steps).collect() }
    }

    fn restore(&mut self, state: &State) {
        let both = [&mut self.parameters, &mut self.decoder.parameters].into_iter().zip(&mut self.sides);
        for ((parameters, side), (numbers, &steps)) in
            both.zip(state.numbers.chunks_exact(3).zip(&state.counts))
        {
            parameters.values_mut().copy_from_slice(&numbers[0]);
            side.adam.first.clone_from(&numbers[1]);
            side.adam.second.clone_from(&numbers[2]);
            side.adam.steps = steps;
            side.gradients.fill(0.0);
        }
    }
}
