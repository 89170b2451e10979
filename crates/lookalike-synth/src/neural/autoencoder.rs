//! Variational autoencoders of table rows: an encoder to a normal distribution of a few numbers, and a decoder back.
//!
//! Kingma, D. P. and Welling, M. (2014). Auto-encoding variational Bayes. <https://doi.org/10.48550/arXiv.1312.6114>

use lookalike_core::{Context, Seed, math};
use lookalike_learn::net::{
    Adam, AdamOptions, Batch, Learner, Matrix, Mode, NO_CODE, Network, Parameters, Place, Slot, State, Tape,
    add_all, cross_entropy, exp_each, fill_normal, sigmoid_each, tanh_each, train,
};

use rayon::prelude::*;

use super::decoder::{FittedDecoder, Output, Prior, Shape};
use super::encoder::{Encoder, FittedEncoder, LOG_VARIANCE};
use super::history::Training;
use super::layout::{Layout, Rows};
use super::pace::Pace;
use super::posterior::Posterior;
use super::prepare::Sides;
use super::told::Told;
use crate::error::Result;
use crate::frame::Frame;

/// What is built and how it is used.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plan {
    /// The method's name.
    pub(crate) method: &'static str,
    /// The decoder.
    pub(crate) shape: Shape,
    /// Units of each hidden layer of the encoder.
    pub(crate) encoder: Vec<usize>,
    /// What a row is begun with: nothing, or its class.
    pub(crate) told: Told,
    /// True when the decoder is told of it.
    pub(crate) tells: bool,
    /// True to learn from as many rows of each class.
    pub(crate) balanced: bool,
    pub(crate) output: Output,
    pub(crate) around: Around,
    /// True to put right what is wrong about single columns after learning.
    pub(crate) corrected: bool,
}

/// Where the latent numbers of new rows are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Around {
    /// From the standard normal distribution.
    Prior,
    /// From the normal distribution of what the encoder gives, of all rows or of each class.
    Posterior,
    /// At the mean of what the encoder gives for a class, with noise of this standard deviation.
    Means(f32),
}

/// What is minimised: reconstruction against divergence from the prior.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Objective {
    /// How much reconstruction counts.
    pub(crate) reconstruction: f32,
    /// Share of all steps in which the divergence's weight rises from 0 to 1.
    pub(crate) warm_up: f64,
    /// Nats of divergence per latent number that cost nothing, so that the decoder does not learn to do without.
    pub(crate) free_nats: f32,
    /// How much of each parameter is added to its gradient.
    pub(crate) l2: f32,
    /// Bounds of the standard deviations around numbers.
    pub(crate) noise: (f32, f32),
    /// How much of the learning rate is left at the end.
    pub(crate) last_rate: f32,
}

/// An autoencoder while it learns.
pub(crate) struct Autoencoder<'a> {
    layout: &'a Layout,
    plan: &'a Plan,
    objective: Objective,
    encoder: Encoder,
    decoder: Network,
    parameters: Parameters,
    /// Where the decoder's parameters are; the encoder's stand before them.
    decoder_parameters: std::ops::Range<usize>,
    /// Standard deviations around numbers.
    noise: Slot,
    adam: Adam,
    gradients: Vec<f32>,
    rows: &'a Rows,
    held_out: Vec<u32>,
    seed: Seed,
    /// A batch is split into as many parts, each a thread's, whatever the number of threads.
    parts: [Part; PARTS],
}

/// A part of a batch on its way forward and back.
#[derive(Default)]
struct Part {
    batch: Batch,
    encoding: Tape,
    decoding: Tape,
    epsilon: Matrix,
    spread: Matrix,
    gradients: Vec<f32>,
    /// Reconstruction and divergence, summed over the rows.
    sums: (f64, f64),
}

/// What a part is run for.
#[derive(Clone, Copy)]
struct Task<'a> {
    rows: &'a [u32],
    /// Names its random numbers.
    noise: (&'a str, u64),
    /// One over the rows of the whole batch.
    share: f32,
    kl_weight: f32,
    learning: bool,
}

/// Parts of a batch.
const PARTS: usize = 2;
/// How often held-out rows are looked at.
const LOOKS: u32 = 30;

impl<'a> Autoencoder<'a> {
    /// Learns rows, and gives the decoder.
    pub(crate) fn fit(
        mut frame: Frame,
        (layout, rows, sides): (&'a Layout, &'a Rows, Sides),
        plan: &'a Plan,
        objective: Objective,
        options: &Pace,
        context: &Context<'_>,
    ) -> Result<FittedDecoder> {
        let Sides { mut learned, mut held_out } = sides;
        if plan.balanced {
            // What is kept is what suits all classes: the rare one's accidents are learned before the others'.
            for rows_of in [&mut learned, &mut held_out] {
                *rows_of = balanced(rows_of, &plan.told, rows, layout.heads.len());
            }
        }
        let mut model = Autoencoder::new((layout, rows), plan, objective, options, context.seed);
        model.held_out = held_out;
        let history = train(&mut model, &learned, &options.schedule(learned.len(), LOOKS), context)?;
        let measure = match plan.output {
            Output::Logits => "negative evidence lower bound, nats per row",
            Output::Sigmoid => "squared error and divergence",
        };
        let (mut training, warnings) = Training::new(history, measure);
        frame.warnings.extend(warnings);
        let seen = model.look(&learned);
        training.checks = seen.checks();
        frame.warnings.extend(seen.warning());
        let prior = match plan.around {
            Around::Prior => Prior::Normal,
            Around::Posterior => Prior::Classes(seen.clouds(&plan.told, None)),
            Around::Means(spread) => Prior::Classes(seen.clouds(&plan.told, Some(spread))),
        };
        let begin = model.decoder_parameters.start;
        let encoder = &model.parameters.values()[..begin];
        let encoder = FittedEncoder::new(layout, plan.encoder.clone(), plan.shape.latent, encoder);
        let own = &model.parameters.values()[model.decoder_parameters.clone()];
        let mut parameters = Parameters::new();
        let told = if plan.tells { plan.told.width() } else { 0 };
        let network =
            plan.shape.build(told, layout.width(), &mut parameters, &mut context.seed.stream("shape", 0));
        parameters.values_mut().copy_from_slice(own);
        let noise = match plan.output {
            Output::Logits => model.parameters.of(model.noise).to_vec(),
            Output::Sigmoid => vec![0.0; layout.n_numbers],
        };
        let mut fitted = FittedDecoder {
            method: plan.method,
            frame,
            layout: layout.clone(),
            shape: plan.shape.clone(),
            network,
            parameters,
            encoder: Some(encoder),
            noise,
            told: plan.told.clone(),
            tells: plan.tells,
            prior,
            output: plan.output,
            lines: Vec::new(),
            training,
        };
        if plan.corrected {
            fitted.correct(context.seed);
        }
        Ok(fitted)
    }

    fn new(
        (layout, rows): (&'a Layout, &'a Rows),
        plan: &'a Plan,
        objective: Objective,
        options: &Pace,
        seed: Seed,
    ) -> Self {
        let Plan { shape, encoder, .. } = plan;
        let mut parameters = Parameters::new();
        let mut stream = seed.stream("parameters", 0);
        let encoder = Encoder::new(layout, encoder, shape.latent, &mut parameters, &mut stream);
        let begin = parameters.len();
        let told = if plan.tells { plan.told.width() } else { 0 };
        let decoder = shape.build(told, layout.width(), &mut parameters, &mut stream);
        let decoder_parameters = begin..parameters.len();
        let start = 0.1_f32.clamp(objective.noise.0, objective.noise.1);
        let noise = parameters.constant(layout.n_numbers, start);
        let adam = AdamOptions { rate: options.rate, l2: objective.l2, ..AdamOptions::default() };
        Autoencoder {
            layout,
            plan,
            objective,
            encoder,
            decoder,
            adam: Adam::new(parameters.len(), adam),
            gradients: vec![0.0; parameters.len()],
            parameters,
            decoder_parameters,
            noise,
            rows,
            held_out: Vec::new(),
            seed,
            parts: Default::default(),
        }
    }

    /// Runs all parts on some rows, and gives the losses per row.
    fn run(&mut self, rows: &[u32], noise: (&str, u64), kl_weight: f32, learning: bool) -> (f64, f64) {
        let mut parts = std::mem::take(&mut self.parts);
        let size = rows.len().div_ceil(PARTS).max(1);
        let share = 1.0 / rows.len().max(1) as f32;
        let each = rows.chunks(size).zip(&mut parts).enumerate().collect::<Vec<_>>();
        each.into_par_iter().for_each(|(number, (rows, part))| {
            let noise = (noise.0, noise.1 * PARTS as u64 + number as u64);
            self.forward(part, Task { rows, noise, share, kl_weight, learning });
            if learning {
                self.backward(part);
            }
        });
        let used = rows.len().div_ceil(size);
        let sums =
            parts[..used].iter().fold((0.0, 0.0), |sum, part| (sum.0 + part.sums.0, sum.1 + part.sums.1));
        if learning {
            add_all(&mut self.gradients, parts[..used].iter_mut().map(|part| &mut part.gradients));
        }
        self.parts = parts;
        let share = 1.0 / rows.len().max(1) as f64;
        (sums.0 * share, sums.1 * share)
    }

    /// Forward: the losses are in `sums`, and gradients of the outputs on the tapes.
    fn forward(&self, part: &mut Part, task: Task<'_>) {
        let Task { rows, noise, share, kl_weight, learning } = task;
        part.gradients.resize(self.parameters.len(), 0.0);
        super::layout::gather(self.layout, self.rows, rows, &mut part.batch);
        let latent = self.plan.shape.latent;
        let mut stream = self.seed.stream(noise.0, noise.1);
        self.encoder.forward(&self.parameters, &part.batch, &mut part.encoding);
        part.epsilon.reshape(rows.len(), latent);
        part.spread.reshape(rows.len(), latent);
        fill_normal(part.epsilon.values_mut(), &mut stream);
        let (code, d_code) = part.encoding.output_gradient_mut();
        for row in 0..rows.len() {
            let log_variance = &code.row(row)[latent..];
            for (spread, log) in part.spread.row_mut(row).iter_mut().zip(log_variance) {
                *spread = 0.5 * log.clamp(-LOG_VARIANCE, LOG_VARIANCE);
            }
        }
        exp_each(part.spread.values_mut());
        let z = part.decoding.input_mut();
        z.reshape(rows.len(), self.decoder.inputs());
        let mut by_number = vec![0.0_f32; latent];
        for row in 0..rows.len() {
            let (mean, log_variance) = code.row(row).split_at(latent);
            let (spread, epsilon) = (&part.spread.row(row)[..latent], &part.epsilon.row(row)[..latent]);
            let (z, told) = z.row_mut(row).split_at_mut(latent);
            if self.plan.tells {
                let telling = self.plan.told.of_row(0, rows[row], self.rows, self.layout.heads.len());
                self.plan.told.write(telling, told);
            }
            for i in 0..latent {
                z[i] = spread[i] * epsilon[i] + mean[i];
                let log = log_variance[i].clamp(-LOG_VARIANCE, LOG_VARIANCE);
                by_number[i] += 0.5 * (mean[i] * mean[i] + spread[i] * spread[i] - 1.0 - log);
            }
        }
        let divergence: f64 = by_number.iter().map(|&nats| f64::from(nats)).sum();
        if learning {
            let free = self.objective.free_nats * rows.len() as f32;
            let weights: Vec<f32> =
                by_number.iter().map(|&nats| if nats >= free { kl_weight * share } else { 0.0 }).collect();
            for row in 0..rows.len() {
                let (mean, log_variance) = code.row(row).split_at(latent);
                let spread = &part.spread.row(row)[..latent];
                let (d_mean, d_log) = d_code.row_mut(row).split_at_mut(latent);
                for i in 0..latent {
                    d_mean[i] = weights[i] * mean[i];
                    let inside = log_variance[i].abs() < LOG_VARIANCE;
                    d_log[i] = if inside { weights[i] * 0.5 * (spread[i] * spread[i] - 1.0) } else { 0.0 };
                }
            }
        }
        self.decoder.forward(&self.parameters, &mut part.decoding, Mode::Using);
        let scale = share * self.objective.reconstruction;
        let reconstruction = match self.plan.output {
            Output::Logits => self.reconstruct(part, scale),
            Output::Sigmoid => self.reconstruct_squares(part, scale),
        };
        part.sums = (reconstruction, divergence);
    }

    /// How unlikely the part's cells are under what the decoder gives, in nats; its gradient times `scale`.
    fn reconstruct(&self, part: &mut Part, scale: f32) -> f64 {
        let layout = self.layout;
        let noise = self.parameters.of(self.noise);
        let d_noise = &mut part.gradients[self.noise.range()];
        let (out, gradient) = part.decoding.output_gradient_mut();
        let weights = vec![1.0; layout.spans.len()];
        let codes = cross_entropy(out, &layout.spans, &part.batch.codes, &weights, scale, gradient);
        let mut sum: f64 = codes.iter().sum();
        let bounded = layout.is_bounded();
        let log_noise: Vec<f64> = noise.iter().map(|&noise| math::ln(f64::from(noise))).collect();
        let mut means = vec![0.0; layout.n_numbers];
        for row in 0..out.rows() {
            let wanted = part.batch.numbers.row(row);
            means.copy_from_slice(&out.row(row)[..layout.n_numbers]);
            if bounded {
                tanh_each(&mut means);
            }
            let gradient = gradient.row_mut(row);
            for number in 0..layout.n_numbers {
                if wanted[number].is_nan() {
                    gradient[number] = 0.0;
                    continue;
                }
                let mean = means[number];
                let over = 1.0 / noise[number];
                let off = (mean - wanted[number]) * over;
                sum += f64::from(0.5 * off * off) + log_noise[number];
                let d_mean = scale * off * over;
                gradient[number] = if bounded { d_mean * (1.0 - mean * mean) } else { d_mean };
                d_noise[number] += scale * over * (1.0 - off * off);
            }
        }
        sum
    }

    /// The mean squared difference between all columns of a row and what the decoder gives through a sigmoid, summed
    /// over rows; its gradient times `scale`.
    fn reconstruct_squares(&self, part: &mut Part, scale: f32) -> f64 {
        let layout = self.layout;
        let (out, gradient) = part.decoding.output_gradient_mut();
        let share = 1.0 / layout.width().max(1) as f32;
        let mut wanted = vec![0.0; layout.width()];
        let mut given = Vec::new();
        let mut sum = 0.0;
        for row in 0..out.rows() {
            wanted.fill(0.0);
            for (wanted, &number) in wanted.iter_mut().zip(part.batch.numbers.row(row)) {
                *wanted = if number.is_nan() { 0.0 } else { number };
            }
            let codes = &part.batch.codes[row * layout.heads.len()..(row + 1) * layout.heads.len()];
            for (span, &code) in layout.spans.iter().zip(codes) {
                if code != NO_CODE {
                    wanted[span.start + code as usize] = 1.0;
                }
            }
            given.clear();
            given.extend_from_slice(out.row(row));
            sigmoid_each(&mut given);
            let cells = given.iter().zip(&wanted).zip(gradient.row_mut(row));
            for ((&given, &wanted), gradient) in cells {
                let off = given - wanted;
                sum += f64::from(off * off * share);
                *gradient = scale * 2.0 * share * off * given * (1.0 - given);
            }
        }
        sum
    }

    /// What the encoder makes of rows, at most of so many as are looked at.
    fn look(&self, rows: &[u32]) -> Posterior {
        const MOST: usize = 20_000;
        let rows = &rows[..rows.len().min(MOST)];
        let latent = self.plan.shape.latent;
        let heads = self.layout.heads.len();
        let mut posterior = Posterior::new(latent);
        let (mut batch, mut tape) = (Batch::default(), Tape::default());
        for rows in rows.chunks(1024) {
            super::layout::gather(self.layout, self.rows, rows, &mut batch);
            let code = self.encoder.forward(&self.parameters, &batch, &mut tape);
            for (place, &row) in rows.iter().enumerate() {
                let (mean, log_variance) = code.row(place).split_at(latent);
                let class = if self.plan.told.heads.is_empty() {
                    None
                } else {
                    self.plan.told.of_row(0, row, self.rows, heads).map(|(_, code)| code)
                };
                posterior.add(mean, log_variance, LOG_VARIANCE, class);
            }
        }
        posterior
    }

    /// The way back, into the part's gradients.
    fn backward(&self, part: &mut Part) {
        let Part { batch, encoding, decoding, epsilon, spread, gradients, .. } = part;
        let latent = self.plan.shape.latent;
        self.decoder.backward(&self.parameters, decoding, gradients, true);
        let d_z = decoding.input_gradient();
        let (code, d_code) = encoding.output_gradient_mut();
        for row in 0..d_z.rows() {
            let (d_z, spread, epsilon) = (d_z.row(row), spread.row(row), epsilon.row(row));
            let log_variance = &code.row(row)[latent..];
            let (d_mean, d_log) = d_code.row_mut(row).split_at_mut(latent);
            for i in 0..latent {
                d_mean[i] += d_z[i];
                if log_variance[i].abs() < LOG_VARIANCE {
                    d_log[i] += 0.5 * d_z[i] * spread[i] * epsilon[i];
                }
            }
        }
        self.encoder.backward(&self.parameters, batch, encoding, gradients);
    }
}

/// As many rows of each class, each row of a class about as often as the others: as many rows in all as there were.
fn balanced(learned: &[u32], told: &Told, rows: &Rows, n_heads: usize) -> Vec<u32> {
    let mut classes: Vec<Vec<u32>> = vec![Vec::new(); told.codes(0)];
    for &row in learned {
        if let Some((_, code)) = told.of_row(0, row, rows, n_heads) {
            classes[code as usize].push(row);
        }
    }
    classes.retain(|rows| !rows.is_empty());
    let each = learned.len() / classes.len().max(1);
    classes.iter().flat_map(|rows| rows.iter().cycle().take(each.max(1)).copied()).collect()
}

impl Learner for Autoencoder<'_> {
    fn step(&mut self, rows: &[u32], at: Place, factor: f32) -> Vec<f64> {
        let rising =
            if self.objective.warm_up > 0.0 { (at.done / self.objective.warm_up).min(1.0) } else { 1.0 };
        let losses = self.run(rows, ("step", at.step), rising as f32, true);
        let falling = 1.0 - at.done as f32 * (1.0 - self.objective.last_rate);
        self.adam.step(self.parameters.values_mut(), &mut self.gradients, factor * falling);
        let (least, most) = self.objective.noise;
        self.parameters.of_mut(self.noise).iter_mut().for_each(|noise| *noise = noise.clamp(least, most));
        vec![losses.0, losses.1]
    }

    fn losses(&self) -> &'static [&'static str] {
        &["reconstruction", "divergence"]
    }

    fn held_out(&mut self, _: Place) -> Option<f64> {
        if self.held_out.is_empty() {
            return None;
        }
        let rows = std::mem::take(&mut self.held_out);
        let (reconstruction, divergence) = self.run(&rows, ("held out noise", 0), 1.0, false);
        // What the way forward adds to the gradients of the noise is of no use.
        self.parts.iter_mut().for_each(|part| part.gradients.fill(0.0));
        self.held_out = rows;
        Some(reconstruction + divergence)
    }

    fn state(&self) -> State {
        State {
            numbers: vec![
                self.parameters.values().to_vec(),
                self.adam.first.clone(),
                self.adam.second.clone(),
            ],
            counts: vec![self.adam.steps],
        }
    }

    fn restore(&mut self, state: &State) {
        self.parameters.values_mut().copy_from_slice(&state.numbers[0]);
        self.adam.first.clone_from(&state.numbers[1]);
        self.adam.second.clone_from(&state.numbers[2]);
        self.adam.steps = state.counts[0];
        self.gradients.fill(0.0);
    }
}
