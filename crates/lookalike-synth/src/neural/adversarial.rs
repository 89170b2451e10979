//! Generative adversarial networks of table rows: a generator of rows against a critic that tells them from real ones.
//!
//! Goodfellow, I. et al. (2014). Generative adversarial networks. <https://doi.org/10.48550/arXiv.1406.2661>

use lookalike_core::{Context, Seed, Stream, math};
use lookalike_learn::net::{
    Activation, Adam, AdamOptions, Learner, Matrix, Mode, NO_CODE, Network, Parameters, Penalty, PenaltyKind,
    Place, Spectral, State, Tape, add_all, average, back_softmax, cross_entropy, fill_normal, gumbel_softmax,
    softmax, train,
};
use rayon::prelude::*;

use super::decoder::{FittedDecoder, Output, Prior, Shape};
use super::draw::choose;
use super::face::{Face, pack};
use super::history::Training;
use super::layout::{Layout, Rows};
use super::likeness::Likeness;
use super::pace::Pace;
use super::prepare::Sides;
use super::told::{Telling, Told, write_inputs};
use crate::error::Result;
use crate::frame::Frame;

/// The rules that generator and critic play by.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Game {
    /// The method's name.
    pub(crate) method: &'static str,
    pub(crate) shape: Shape,
    /// What the generator is told of the row that is wanted.
    pub(crate) told: Told,
    /// Units of each hidden layer of the critic.
    pub(crate) critic: Vec<usize>,
    /// How many rows the critic sees at once.
    pub(crate) pac: usize,
    /// The share of the critic's units that are left out at each step.
    pub(crate) dropout: f32,
    pub(crate) loss: Loss,
    pub(crate) restraint: Restraint,
    /// Steps from one penalty to the next, at least 1.
    pub(crate) penalty_every: u32,
    /// How much of each parameter is added to its gradient.
    pub(crate) l2: f32,
    /// How much of the generator's running mean stays at each step.
    pub(crate) keep: f32,
    /// How much of the learning rate is left at the end.
    pub(crate) last_rate: f32,
    /// True to put right what is wrong about single columns after learning.
    pub(crate) corrected: bool,
}

/// What generator and critic want.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loss {
    /// That rows are taken for real, by cross-entropy.
    CrossEntropy,
    /// That the critic's numbers are high or low.
    Wasserstein,
}

/// What keeps a critic from growing too steep.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Restraint {
    Nothing,
    /// A penalty on slopes other than 1 between real and made rows, with this weight.
    Slope(f32),
    /// A penalty on slopes at real rows, with this weight.
    RealSlope(f32),
    /// Linear maps that stretch nothing.
    Spectral,
}

/// Generator and critic while they learn.
pub(crate) struct Adversaries<'a> {
    layout: &'a Layout,
    rows: &'a Rows,
    game: &'a Game,
    face: Face,
    likeness: Likeness,
    /// Per head that is told and code, the rows to learn from that have it.
    by_code: Vec<Vec<Vec<u32>>>,
    /// Per head that is told, how often each code is drawn while learning.
    weights: Vec<Vec<f64>>,
    generator: Side,
    critic: Side,
    spectral: Option<Spectral>,
    /// The running mean of the generator's parameters.
    mean: Vec<f32>,
    seed: Seed,
    /// A batch is split into as many parts, each a thread's, whatever the number of threads.
    parts: [Part; PARTS],
}

/// One of the two networks.
struct Side {
    network: Network,
    parameters: Parameters,
    adam: Adam,
    gradients: Vec<f32>,
}

impl Side {
    fn new(network: Network, parameters: Parameters, options: AdamOptions) -> Self {
        let count = parameters.len();
        let (adam, gradients) = (Adam::new(count, options), vec![0.0; count]);
        Side { network, parameters, adam, gradients }
    }

    fn step(&mut self, factor: f32) {
        self.adam.step(self.parameters.values_mut(), &mut self.gradients, factor);
    }
}

/// A part of a batch on its way forward and back.
#[derive(Default)]
struct Part {
    generating: Tape,
    noise: Matrix,
    /// What the generator gave, softened.
    soft: Matrix,
    gumbel: Matrix,
    tellings: Vec<Telling>,
    /// The codes that were told, row after row.
    told_codes: Vec<u32>,
    real: Tape,
    made: Tape,
    between: Tape,
    penalty: Penalty,
    d_logits: Matrix,
    generator_gradients: Vec<f32>,
    critic_gradients: Vec<f32>,
    /// The critic's loss, its penalty, and the generator's loss.
    sums: [f64; 3],
}

/// Parts of a batch.
const PARTS: usize = 2;
/// Rows that are made to be compared with those held out, and to settle normalisations with.
const MADE: usize = 4096;
/// How often held-out rows are looked at.
const LOOKS: u32 = 30;
/// How soft draws of codes are.
const TEMPERATURE: f32 = 0.2;
/// Below this slope the critic's units pass less on.
const SLOPE: f32 = 0.2;

impl<'a> Adversaries<'a> {
    /// Learns rows, and gives the generator.
    pub(crate) fn fit(
        mut frame: Frame,
        (layout, rows, sides): (&'a Layout, &'a Rows, Sides),
        game: &'a Game,
        options: &Pace,
        context: &Context<'_>,
    ) -> Result<FittedDecoder> {
        let Sides { learned, held_out } = sides;
        let likeness = Likeness::new(&frame, layout, rows, &held_out);
        let mut model =
            Adversaries::new(&frame, (layout, rows), game, (&learned, likeness), options, context.seed);
        let history = train(&mut model, &learned, &options.schedule(learned.len(), LOOKS), context)?;
        let (training, warnings) =
            Training::new(history, "distance of pairs of columns from held-out rows (total variation)");
        frame.warnings.extend(warnings);
        let mut parameters = model.generator.parameters.clone();
        parameters.values_mut().copy_from_slice(&model.mean);
        let mut network = model.generator.network.clone();
        model.settle(&mut network, &parameters, &mut context.seed.stream("settling", 0));
        let mut fitted = FittedDecoder {
            method: game.method,
            frame,
            layout: layout.clone(),
            shape: game.shape.clone(),
            network,
            parameters,
            noise: vec![0.0; layout.n_numbers],
            told: game.told.clone(),
            tells: true,
            prior: Prior::Normal,
            output: Output::Logits,
            encoder: None,
            lines: Vec::new(),
            training,
        };
        let before = fitted.variety(rows, context.seed);
        fitted.frame.warnings.extend(before.warning());
        fitted.training.checks = before.checks();
        if game.corrected {
            fitted.correct(context.seed);
        }
        Ok(fitted)
    }

    fn new(
        frame: &Frame,
        (layout, rows): (&'a Layout, &'a Rows),
        game: &'a Game,
        (learned, likeness): (&[u32], Likeness),
        options: &Pace,
        seed: Seed,
    ) -> Self {
        let mut stream = seed.stream("parameters", 0);
        let adam =
            AdamOptions { rate: options.rate, beta1: 0.5, beta2: 0.9, l2: game.l2, ..AdamOptions::default() };
        let told = game.told.width();
        let mut parameters = Parameters::new();
        let network = game.shape.build(told, layout.width(), &mut parameters, &mut stream);
        let generator = Side::new(network, parameters, adam);
        let mut parameters = Parameters::new();
        let mut network = Network::new((layout.width() + told) * game.pac);
        for &units in &game.critic {
            network = network.linear(units, &mut parameters, &mut stream);
            network = network.activation(Activation::LeakyRelu(SLOPE));
            if game.dropout > 0.0 {
                network = network.dropout(game.dropout);
            }
        }
        let network = network.linear(1, &mut parameters, &mut stream);
        let spectral = (game.restraint == Restraint::Spectral).then(|| Spectral::new(&network, &mut stream));
        let critic = Side::new(network, parameters, adam);
        let by_code: Vec<Vec<Vec<u32>>> = game
            .told
            .heads
            .iter()
            .enumerate()
            .map(|(place, &head)| {
                let mut by_code = vec![Vec::new(); game.told.codes(place)];
                for &row in learned {
                    let code = rows.codes_of(row, layout.heads.len())[head];
                    if code != NO_CODE {
                        by_code[code as usize].push(row);
                    }
                }
                by_code
            })
            .collect();
        let log = |rows: &Vec<u32>| math::ln(1.0 + rows.len() as f64);
        Adversaries {
            layout,
            rows,
            game,
            face: Face::new(frame, layout),
            likeness,
            weights: by_code.iter().map(|codes| codes.iter().map(log).collect()).collect(),
            by_code,
            mean: generator.parameters.values().to_vec(),
            generator,
            critic,
            spectral,
            seed,
            parts: Default::default(),
        }
    }

    /// Draws what to tell while learning: a head, and a code of it by the logarithm of how many rows have it, so that rare
    /// ones are learned, too (Xu et al. 2019, section 4.3).
    fn tell(&self, stream: &mut Stream) -> Telling {
        if self.weights.is_empty() {
            return None;
        }
        let place = stream.below(self.weights.len() as u64) as usize;
        Some((place, choose(&self.weights[place], stream) as u32))
    }

    /// Makes rows, and shows the critic both kinds.
    fn learn_critic(&self, part: &mut Part, rows: &[u32], penalised: bool, mut stream: Stream) {
        let count = rows.len();
        part.critic_gradients.resize(self.critic.parameters.len(), 0.0);
        part.generator_gradients.resize(self.generator.parameters.len(), 0.0);
        part.tellings.clear();
        part.tellings.extend((0..count).map(|_| self.tell(&mut stream)));
        self.make(part, count, &mut stream);
        self.show_made(part);
        // Real rows have what was told, but not row by row, lest they come in the made ones' order.
        let mut order = stream.permutation(count);
        if self.weights.is_empty() {
            order = (0..count).collect();
        }
        let input = part.real.input_mut();
        let width = self.layout.width();
        input.reshape(count, width + self.game.told.width());
        for (place, &from) in order.iter().enumerate() {
            let telling = part.tellings[from];
            let row = match telling {
                Some((head, code)) => {
                    let rows = &self.by_code[head][code as usize];
                    if rows.is_empty() {
                        self.any(&mut stream)
                    } else {
                        rows[stream.below(rows.len() as u64) as usize]
                    }
                }
                None => rows[place],
            };
            let (own, told) = input.row_mut(place).split_at_mut(width);
            let numbers = self.rows.numbers_of(row, self.layout.n_numbers);
            self.face.of_row(numbers, self.rows.codes_of(row, self.layout.heads.len()), own);
            self.game.told.write(telling, told);
        }
        pack(input, self.game.pac);
        let groups = count / self.game.pac;
        let share = 1.0 / (groups * PARTS) as f32;
        part.sums = [0.0; 3];
        for real in [true, false] {
            let tape = if real { &mut part.real } else { &mut part.made };
            self.critic.network.forward(&self.critic.parameters, tape, Mode::Learning(&mut stream));
            let sum = self.judge(tape, if real { 1.0 } else { -1.0 }, share);
            self.critic.network.backward(&self.critic.parameters, tape, &mut part.critic_gradients, !real);
            part.sums[0] += sum / groups as f64;
        }
        if !penalised {
            return;
        }
        let (kind, weight) = match self.game.restraint {
            Restraint::Slope(weight) => {
                Self::mix(part, groups, &mut stream);
                let mode = Mode::Learning(&mut stream);
                self.critic.network.forward(&self.critic.parameters, &mut part.between, mode);
                (PenaltyKind::OneCentred, weight)
            }
            Restraint::RealSlope(weight) => (PenaltyKind::Zero, weight),
            Restraint::Nothing | Restraint::Spectral => return,
        };
        // A penalty now and then, and as much heavier, does the same for less (Karras et al. 2020, section 3.1,
        // https://doi.org/10.1109/CVPR42600.2020.00813).
        let tape = if kind == PenaltyKind::Zero { &part.real } else { &part.between };
        let (network, parameters) = (&self.critic.network, &self.critic.parameters);
        let weighted = (kind, weight * self.game.penalty_every as f32 / PARTS as f32);
        let penalty = part.penalty.add(network, parameters, tape, weighted, &mut part.critic_gradients);
        // The mean over steps is that over penalties.
        part.sums[1] = penalty * f64::from(self.game.penalty_every);
    }

    fn any(&self, stream: &mut Stream) -> u32 {
        stream.below((self.rows.codes.len() / self.layout.heads.len()) as u64) as u32
    }

    /// Puts the gradient of a loss that wants the critic's numbers high (`wanted` 1) or low (-1), and gives its sum.
    fn judge(&self, tape: &mut Tape, wanted: f32, share: f32) -> f64 {
        let (out, gradient) = tape.output_gradient_mut();
        let mut sum = 0.0;
        for (&given, gradient) in out.values().iter().zip(gradient.values_mut()) {
            match self.game.loss {
                Loss::Wasserstein => {
                    sum -= f64::from(wanted * given);
                    *gradient = -wanted * share;
                }
                Loss::CrossEntropy => {
                    // ln(1 + exp(-x)), without overflow.
                    let x = f64::from(wanted * given);
                    let small = math::exp(-x.abs());
                    sum += math::ln(1.0 + small) + (-x).max(0.0);
                    let doubt = if x > 0.0 { small / (1.0 + small) } else { 1.0 / (1.0 + small) };
                    *gradient = -wanted * share * doubt as f32;
                }
            }
        }
        sum
    }

    /// Points between real and made groups of rows, at random.
    fn mix(part: &mut Part, groups: usize, stream: &mut Stream) {
        let (real, made) = (part.real.input_mut(), part.made.input_mut());
        let between = part.between.input_mut();
        between.reshape(groups, real.columns());
        for group in 0..groups {
            let share = stream.unit() as f32;
            let cells = real.row(group).iter().zip(made.row(group));
            for (to, (real, made)) in between.row_mut(group).iter_mut().zip(cells) {
                *to = made + share * (real - made);
            }
        }
    }

    /// Runs the generator for what is to be told.
    fn make(&self, part: &mut Part, count: usize, stream: &mut Stream) {
        part.noise.reshape(count, self.game.shape.latent);
        fill_normal(part.noise.values_mut(), stream);
        write_inputs(&part.noise, &self.game.told, &part.tellings, part.generating.input_mut());
        let Side { network, parameters, .. } = &self.generator;
        let out = network.forward(parameters, &mut part.generating, Mode::Learning(stream));
        part.soft.clone_from(out);
        super::finish(self.layout, &mut part.soft);
        gumbel_softmax(&mut part.soft, &self.layout.spans, TEMPERATURE, &mut part.gumbel, stream);
    }

    /// Shows the critic what the generator made.
    fn show_made(&self, part: &mut Part) {
        let width = self.layout.width();
        let input = part.made.input_mut();
        input.reshape(part.soft.rows(), width + self.game.told.width());
        for row in 0..part.soft.rows() {
            let (own, told) = input.row_mut(row).split_at_mut(width);
            self.face.of_made(part.soft.row(row), own);
            self.game.told.write(part.tellings[row], told);
        }
        pack(input, self.game.pac);
    }

    /// Goes back through the generator, from the gradient of the generator's loss by the made rows: times `factor` what the
    /// critic's way back left there.
    fn learn_generator(&self, part: &mut Part, factor: f32) {
        let count = part.soft.rows();
        let width = self.layout.width();
        let wide = width + self.game.told.width();
        let d_input = part.made.input_gradient().values();
        let (out, d_out) = part.generating.output_gradient_mut();
        for row in 0..count {
            let d = d_out.row_mut(row);
            let from = &d_input[row * wide..row * wide + width];
            d.iter_mut().zip(from).for_each(|(d, from)| *d = factor * from);
            self.face.back(part.soft.row(row), d);
        }
        back_softmax(&part.soft, &self.layout.spans, TEMPERATURE, d_out);
        if self.layout.is_bounded() {
            for row in 0..count {
                let numbers = part.soft.row(row)[..self.layout.n_numbers].iter();
                d_out.row_mut(row).iter_mut().zip(numbers).for_each(|(d, y)| *d *= 1.0 - y * y);
            }
        }
        if !self.weights.is_empty() {
            let n_heads = self.layout.heads.len();
            part.told_codes.clear();
            part.told_codes.resize(count * n_heads, NO_CODE);
            for (row, telling) in part.tellings.iter().enumerate() {
                if let Some((place, code)) = telling {
                    part.told_codes[row * n_heads + self.game.told.heads[*place]] = *code;
                }
            }
            part.d_logits.clear(count, width);
            let weights = vec![1.0; n_heads];
            let scale = 1.0 / (count * PARTS) as f32;
            let sums =
                cross_entropy(out, &self.layout.spans, &part.told_codes, &weights, scale, &mut part.d_logits);
            part.sums[2] += sums.iter().sum::<f64>() / count as f64;
            d_out.values_mut().iter_mut().zip(part.d_logits.values()).for_each(|(d, more)| *d += more);
        }
        let Side { network, parameters, .. } = &self.generator;
        network.backward(parameters, &mut part.generating, &mut part.generator_gradients, false);
    }

    /// Runs a generator's normalisations on many rows, as they are told when nothing is asked for.
    fn settle(&self, network: &mut Network, parameters: &Parameters, stream: &mut Stream) {
        let mut tape = Tape::default();
        self.free_inputs(MADE, tape.input_mut(), stream);
        network.settle(parameters, &mut tape, stream);
    }

    fn free_inputs(&self, count: usize, to: &mut Matrix, stream: &mut Stream) -> Vec<Telling> {
        let tellings: Vec<Telling> = (0..count).map(|_| self.game.told.draw(None, stream)).collect();
        let mut noise = Matrix::zeros(count, self.game.shape.latent);
        fill_normal(noise.values_mut(), stream);
        write_inputs(&noise, &self.game.told, &tellings, to);
        tellings
    }
}

impl Adversaries<'_> {
    /// The generator learns from the critic's own look at the made rows: what it wants is the opposite.
    fn learn_from_same_look(&self, part: &mut Part) {
        let given = part.made.output().values();
        part.sums[2] = -given.iter().map(|&given| f64::from(given)).sum::<f64>() / given.len() as f64;
        self.learn_generator(part, -1.0);
    }

    /// The critic, as it is after its step, looks at the made rows once more, and the generator learns from that: without
    /// it, generators that learn by cross-entropy collapse.
    fn learn_from_next_look(&self, part: &mut Part, mut stream: Stream) {
        let groups = part.soft.rows() / self.game.pac;
        let Side { network, parameters, .. } = &self.critic;
        network.forward(parameters, &mut part.made, Mode::Learning(&mut stream));
        part.sums[2] = self.judge(&mut part.made, 1.0, 1.0 / (groups * PARTS) as f32) / groups as f64;
        network.backward(parameters, &mut part.made, &mut [], true);
        self.learn_generator(part, 1.0);
    }
}

impl Learner for Adversaries<'_> {
    fn step(&mut self, rows: &[u32], at: Place, factor: f32) -> Vec<f64> {
        let pac = self.game.pac;
        let count = (rows.len() / PARTS / pac).max(1) * pac;
        let mut parts = std::mem::take(&mut self.parts);
        let falling = 1.0 - at.done as f32 * (1.0 - self.game.last_rate);
        parts.par_iter_mut().enumerate().for_each(|(number, part)| {
            let own: Vec<u32> = (0..count).map(|place| rows[(number * count + place) % rows.len()]).collect();
            let stream = self.seed.stream("step", at.step * PARTS as u64 + number as u64);
            let penalised = at.step.is_multiple_of(self.game.penalty_every.into());
            self.learn_critic(part, &own, penalised, stream);
            if self.game.loss == Loss::Wasserstein {
                self.learn_from_same_look(part);
            }
        });
        add_all(&mut self.critic.gradients, parts.iter_mut().map(|part| &mut part.critic_gradients));
        self.critic.step(factor * falling);
        if let Some(spectral) = &mut self.spectral {
            spectral.project(&self.critic.network, &mut self.critic.parameters);
        }
        if self.game.loss == Loss::CrossEntropy {
            parts.par_iter_mut().enumerate().for_each(|(number, part)| {
                let step = at.step * PARTS as u64 + number as u64;
                self.learn_from_next_look(part, self.seed.stream("next look", step));
            });
        }
        let gradients = parts.iter_mut().map(|part| &mut part.generator_gradients);
        add_all(&mut self.generator.gradients, gradients);
        self.generator.step(factor * falling);
        // At first the mean follows more quickly, lest it remembers where it began.
        let keep = self.game.keep.min((1.0 + at.step as f32) / (10.0 + at.step as f32));
        average(&mut self.mean, self.generator.parameters.values(), keep);
        let mean = |loss: usize| parts.iter().map(|part| part.sums[loss]).sum::<f64>() / PARTS as f64;
        let losses = vec![mean(0), mean(1), mean(2)];
        self.parts = parts;
        losses
    }

    fn losses(&self) -> &'static [&'static str] {
        &["critic", "penalty", "generator"]
    }

    fn held_out(&mut self, _: Place) -> Option<f64> {
        if self.likeness.n_rows() == 0 {
            return None;
        }
        let mut stream = self.seed.stream("held out noise", 0);
        let mut parameters = self.generator.parameters.clone();
        parameters.values_mut().copy_from_slice(&self.mean);
        let mut network = self.generator.network.clone();
        self.settle(&mut network, &parameters, &mut stream);
        let mut tape = Tape::default();
        let tellings = self.free_inputs(MADE, tape.input_mut(), &mut stream);
        let mut made = network.forward(&parameters, &mut tape, Mode::Using).clone();
        super::finish(self.layout, &mut made);
        softmax(&mut made, &self.layout.spans);
        for (row, &telling) in tellings.iter().enumerate() {
            self.game.told.impose(telling, self.layout, made.row_mut(row));
        }
        self.likeness.distance(self.layout, &made, &mut stream)
    }

    fn state(&self) -> State {
        let side = |side: &Side| {
            [side.parameters.values().to_vec(), side.adam.first.clone(), side.adam.second.clone()]
        };
        let mut numbers = vec![self.mean.clone()];
        numbers.extend(side(&self.generator));
        numbers.extend(side(&self.critic));
        numbers.extend(self.spectral.iter().map(Spectral::state));
        State { numbers, counts: vec![self.generator.adam.steps, self.critic.adam.steps] }
    }

    fn restore(&mut self, state: &State) {
        self.mean.clone_from(&state.numbers[0]);
        let sides = [&mut self.generator, &mut self.critic].into_iter();
        for ((side, numbers), &steps) in sides.zip(state.numbers[1..].chunks_exact(3)).zip(&state.counts) {
            side.parameters.values_mut().copy_from_slice(&numbers[0]);
            side.adam.first.clone_from(&numbers[1]);
            side.adam.second.clone_from(&numbers[2]);
            side.adam.steps = steps;
            side.gradients.fill(0.0);
        }
        if let (Some(spectral), Some(state)) = (&mut self.spectral, state.numbers.get(7)) {
            spectral.restore(state);
        }
    }
}
