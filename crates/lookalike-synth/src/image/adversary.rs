//! How adversarial networks of images learn, of dense layers as of convolutions.
//!
//! In Wasserstein's game the critic's slope by images is held near 1 between real and made ones, by a penalty on the length of its
//! gradient there. How parameters change that length would take second derivatives. But the length is the slope along the
//! gradient's own direction, and the way that the direction turns does not change it at first order; so the slope is taken as a
//! difference of the critic's values a short way ahead and behind along that direction, which first derivatives suffice for
//! and which is exact where the critic is straight in between.
//!
//! # References
//! Goodfellow, I. et al. (2014). Generative adversarial networks. <https://doi.org/10.48550/arXiv.1406.2661>
//!
//! Gulrajani, I. et al. (2017). Improved training of Wasserstein GANs. <https://doi.org/10.48550/arXiv.1704.00028>
//!
//! Pearlmutter, B. A. (1994). Fast exact multiplication by the Hessian (and by differences).
//! <https://doi.org/10.1162/neco.1994.6.1.147>

use std::ops::Range;

use lookalike_core::{Context, Seed, Stream, math};
use lookalike_learn::net::image::{Pass, Prepared};
use lookalike_learn::net::{
    Adam, AdamOptions, Learner, Parameters, Place, State, add_all, average, fill_normal, tanh_each, train,
};

use super::between::Between;
use super::decoder::{Decoder, Recipe};
use super::halves::{PARTS, halves};
use super::images::Images;
use super::layout::Layout;
use super::memory::Numbers;
use super::model::Told;
use super::net::Net;
use super::nets::{at_once, numbers};
use crate::error::Result;
use crate::neural::{Pace, Training};

/// What generator and critic want.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Game {
    /// The critic tells real from made by cross-entropy, and the generator wants its images taken for real.
    Classes,
    /// The critic's mean is high on real images and low on made ones, its slope being held near 1 with this weight.
    Wasserstein(f32),
}

/// How both sides learn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Play {
    pub(super) game: Game,
    /// Steps of the critic for each of the generator.
    pub(super) critic_steps: u32,
    pub(super) beta1: f32,
    pub(super) beta2: f32,
    /// How much of the generator's running mean stays at each of its steps; 0 to keep the generator itself.
    pub(super) average: f32,
}

/// How far ahead and behind the critic is asked for its slope, in numbers of which black and white are two apart.
const AHEAD: f32 = 0.1;

/// How often there are all parameters at most: they, their gradients and Adam's two means, and three of these at the last sound
/// step and at the one that is looked at.
const COPIES: usize = 4 + 2 * 3;

/// Learns images.
pub(super) fn fit(
    recipe: &Recipe<'_>,
    play: Play,
    (pace, memory_limit): (Pace, Option<u64>),
    images: &Images,
    context: &Context<'_>,
) -> Result<(Decoder, Told)> {
    // The critic has about as many.
    let least = recipe.layers.least_parameters(images.shape(), recipe.latent);
    Numbers::check_least(least, 2 * COPIES, images, memory_limit)?;
    let mut decoder = recipe.decoder(images.shape(), images.classes(), context.seed);
    let mut learning = Learning::new(recipe, &decoder, (play, pace.rate), images, context.seed);
    learning.numbers().check(images, memory_limit)?;
    let rows: Vec<u32> = (0..images.len() as u32).collect();
    let history = train(&mut learning, &rows, &pace.schedule(rows.len(), 0), context)?;
    decoder.parameters.values_mut().copy_from_slice(&learning.mean);
    Ok((decoder, Training::new(history, "none")))
}

struct Side {
    net: Net,
    parameters: Parameters,
    prepared: Prepared,
    adam: Adam,
    gradients: Vec<f32>,
}

struct Learning<'a> {
    play: Play,
    layout: Layout,
    images: &'a Images,
    seed: Seed,
    at_once: usize,
    generator: Side,
    critic: Side,
    /// The running mean of the generator's parameters.
    mean: Vec<f32>,
    /// As it was at the generator's last step.
    generator_loss: f64,
    parts: [Part; PARTS],
}

#[derive(Default)]
struct Part {
    generating: Pass,
    judging: Pass,
    generator_gradients: Vec<f32>,
    critic_gradients: Vec<f32>,
    sum: f64,
}

impl Side {
    fn step(&mut self, factor: f32) {
        self.adam.step(self.parameters.values_mut(), &mut self.gradients, factor);
    }

    fn prepare(&mut self) {
        self.net.graph.prepare_again(&self.parameters, &mut self.prepared);
    }

    /// Makes room for images of these classes.
    fn ready(&self, pass: &mut Pass, classes: &[u32]) {
        if pass.images() != classes.len() {
            pass.resize(&self.net.graph, classes.len());
        }
        if let Some(told) = self.net.told {
            let width = self.net.graph.shape(told).size();
            for (to, &class) in pass.values_mut(told).chunks_exact_mut(width).zip(classes) {
                Between::from(class).tell(to);
            }
        }
    }

    fn forward(&self, pass: &mut Pass) {
        pass.forward(&self.net.graph, &self.parameters, &self.prepared);
    }

    /// The gradient of the network's input, from that of what comes out.
    fn input_gradient<'p>(&self, pass: &'p mut Pass) -> &'p [f32] {
        pass.backward(&self.net.graph, &self.parameters, &self.prepared, &mut [], &[self.net.input]);
        pass.gradient(self.net.input)
    }
}

impl Game {
    /// Puts the gradient of what the critic loses by images, or what their maker loses by them, and gives the sum.
    fn judge(self, (pass, net): (&mut Pass, &Net), real: bool, for_maker: bool, share: f32) -> f64 {
        let (out, gradient) = pass.gradient_mut(net.output);
        // The critic wants real images high and made ones low; their maker wants them high.
        let sign: f32 = if real || for_maker { 1.0 } else { -1.0 };
        let mut sum = 0.0;
        for (&given, gradient) in out.iter().zip(gradient) {
            match self {
                Game::Classes => {
                    let x = f64::from(sign * given);
                    sum += math::ln_1p(math::exp(-x.abs())) + (-x).max(0.0);
                    *gradient = -sign * share * (1.0 - math::sigmoid(x)) as f32;
                }
                Game::Wasserstein(_) => {
                    sum -= f64::from(sign * given);
                    *gradient = -sign * share;
                }
            }
        }
        sum
    }
}

impl<'a> Learning<'a> {
    fn new(
        recipe: &Recipe<'_>,
        decoder: &Decoder,
        (play, rate): (Play, f32),
        images: &'a Images,
        seed: Seed,
    ) -> Self {
        let adam = AdamOptions { rate, beta1: play.beta1, beta2: play.beta2, ..AdamOptions::default() };
        let side = |net: Net, parameters: Parameters| Side {
            adam: Adam::new(parameters.len(), adam),
            gradients: vec![0.0; parameters.len()],
            prepared: Prepared::default(),
            net,
            parameters,
        };
        let mut parameters = Parameters::new();
        let critic = recipe.layers.encoder(
            images.shape(),
            (recipe.told(images.classes()), 1),
            recipe.activation,
            &mut parameters,
            &mut seed.stream("critic", 0),
        );
        Learning {
            play,
            layout: decoder.layout.clone(),
            images,
            seed,
            at_once: at_once(recipe.layers, [&critic, &decoder.net]),
            mean: decoder.parameters.values().to_vec(),
            generator: side(decoder.net.clone(), decoder.parameters.clone()),
            critic: side(critic, parameters),
            generator_loss: 0.0,
            parts: Default::default(),
        }
    }

    /// Numbers that learning holds at most.
    fn numbers(&self) -> Numbers {
        let nets = [&self.generator, &self.critic].map(|side| (&side.net, side.parameters.len()));
        // The decoder, the mean, and that of the last sound step and of the one before it is found sound.
        numbers(nets, COPIES, self.at_once)
            .and(Numbers::of(self.mean.len(), 4))
            .and(Numbers::of_images(self.layout.shape.size(), self.at_once))
    }

    /// The images that a generator makes for rows' classes.
    fn make(&self, part: &mut Part, classes: &[u32], stream: &mut Stream) -> Vec<f32> {
        let pass = &mut part.generating;
        self.generator.ready(pass, classes);
        fill_normal(pass.values_mut(self.generator.net.input), stream);
        self.generator.forward(pass);
        let mut made = pass.values(self.generator.net.output).to_vec();
        tanh_each(&mut made);
        made
    }

    fn classes(&self, rows: &[u32]) -> Vec<u32> {
        rows.iter().map(|&row| self.images.labels()[row as usize]).collect()
    }

    fn learn_critic(&self, part: &mut Part, rows: &[u32], share: f32, stream: &mut Stream) {
        let (critic, size) = (&self.critic, self.layout.shape.size());
        let classes = self.classes(rows);
        let made = self.make(part, &classes, stream);
        let mut real = vec![0.0; made.len()];
        let mut image = vec![0.0; self.images.shape().size()];
        for (to, &row) in real.chunks_exact_mut(size).zip(rows) {
            self.images.write(row, -1.0, &mut image);
            self.layout.enter(&image, to);
        }
        let Part { judging: pass, critic_gradients: gradients, sum, .. } = part;
        critic.ready(pass, &classes);
        let learn = |pass: &mut Pass, gradients: &mut [f32]| {
            pass.backward(&critic.net.graph, &critic.parameters, &critic.prepared, gradients, &[]);
        };
        for (images, is_real) in [(&real, true), (&made, false)] {
            pass.values_mut(critic.net.input).copy_from_slice(images);
            critic.forward(pass);
            *sum += self.play.game.judge((pass, &critic.net), is_real, false, share);
            learn(pass, gradients);
        }
        let Game::Wasserstein(penalty) = self.play.game else { return };
        // Somewhere between real and made ones.
        let mut between = real;
        for (between, made) in between.chunks_exact_mut(size).zip(made.chunks_exact(size)) {
            let part = stream.unit() as f32;
            between.iter_mut().zip(made).for_each(|(to, made)| *to += part * (made - *to));
        }
        pass.values_mut(critic.net.input).copy_from_slice(&between);
        critic.forward(pass);
        pass.gradient_mut(critic.net.output).1.fill(1.0);
        let mut ways = critic.input_gradient(pass).to_vec();
        let mut weights = Vec::with_capacity(rows.len());
        for way in ways.chunks_exact_mut(size) {
            let square: f64 = way.iter().map(|&x| f64::from(x) * f64::from(x)).sum();
            let length = square.sqrt().max(1e-12);
            let factor = (f64::from(AHEAD) / length) as f32;
            for x in &mut *way {
                *x *= factor;
            }
            *sum += f64::from(penalty) * (length - 1.0) * (length - 1.0);
            weights.push(penalty * (length - 1.0) as f32 / AHEAD);
        }
        for sign in [1.0, -1.0] {
            let all = between.iter().zip(&ways);
            for (to, (x, way)) in pass.values_mut(critic.net.input).iter_mut().zip(all) {
                *to = x + sign * way;
            }
            critic.forward(pass);
            let (_, gradient) = pass.gradient_mut(critic.net.output);
            gradient.iter_mut().zip(&weights).for_each(|(to, weight)| *to = sign * share * weight);
            learn(pass, gradients);
        }
    }

    fn learn_generator(&self, part: &mut Part, rows: &[u32], share: f32, stream: &mut Stream) {
        let classes = self.classes(rows);
        let made = self.make(part, &classes, stream);
        let Part { generating, judging, generator_gradients, sum, .. } = part;
        let Learning { generator, critic, .. } = self;
        critic.ready(judging, &classes);
        judging.values_mut(critic.net.input).copy_from_slice(&made);
        critic.forward(judging);
        *sum += self.play.game.judge((judging, &critic.net), false, true, share);
        let d_made = critic.input_gradient(judging);
        let (_, d_out) = generating.gradient_mut(generator.net.output);
        for (d, (y, d_image)) in d_out.iter_mut().zip(made.iter().zip(d_made)) {
            *d = d_image * (1.0 - y * y);
        }
        let Net { graph, .. } = &generator.net;
        generating.backward(graph, &generator.parameters, &generator.prepared, generator_gradients, &[]);
    }

    /// Has each half of a batch learned from, and gives the sum.
    fn run(
        &mut self,
        rows: &[u32],
        (label, step): (&str, u64),
        learn: impl Fn(&Self, &mut Part, &[u32], &mut Stream) + Sync,
    ) -> f64 {
        self.generator.prepare();
        self.critic.prepare();
        let mut parts = std::mem::take(&mut self.parts);
        for part in &mut parts {
            part.sum = 0.0;
            part.generator_gradients.resize(self.generator.parameters.len(), 0.0);
            part.critic_gradients.resize(self.critic.parameters.len(), 0.0);
        }
        let own = &*self;
        halves(&mut parts, rows.len(), self.at_once, |part, range: Range<usize>| {
            let mut stream = own.seed.stream(label, step * (1 << 20) + range.start as u64);
            learn(own, part, &rows[range], &mut stream);
        });
        let sums = &mut self.generator.gradients;
        add_all(sums, parts.iter_mut().map(|part| &mut part.generator_gradients));
        add_all(&mut self.critic.gradients, parts.iter_mut().map(|part| &mut part.critic_gradients));
        let sum: f64 = parts.iter().map(|part| part.sum).sum();
        self.parts = parts;
        sum / rows.len() as f64
    }
}

impl Learner for Learning<'_> {
    fn step(&mut self, rows: &[u32], at: Place, factor: f32) -> Vec<f64> {
        let share = 1.0 / rows.len() as f32;
        let critic_loss = self.run(rows, ("critic", at.step), |own, part, rows, stream| {
            own.learn_critic(part, rows, share, stream);
        });
        self.critic.step(factor);
        if at.step % u64::from(self.play.critic_steps) == u64::from(self.play.critic_steps) - 1 {
            self.generator_loss = self.run(rows, ("generator", at.step), |own, part, rows, stream| {
                own.learn_generator(part, rows, share, stream);
            });
            self.generator.step(factor);
            // At first the mean follows more quickly, lest it remembers where it began.
            let steps = self.generator.adam.steps as f32;
            let keep = self.play.average.min(steps / (10.0 + steps));
            average(&mut self.mean, self.generator.parameters.values(), keep);
        }
        vec![critic_loss, self.generator_loss]
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
        let numbers = side(&self.generator).into_iter().chain(side(&self.critic));
        State {
            numbers: numbers.chain([self.mean.clone()]).collect(),
            counts: vec![self.generator.adam.steps, self.critic.adam.steps, self.generator_loss.to_bits()],
        }
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
        self.mean.clone_from(&state.numbers[6]);
        self.generator_loss = f64::from_bits(state.counts[2]);
    }
}

#[cfg(test)]
mod tests {
    use lookalike_learn::net::Activation;
    use lookalike_learn::net::image::Shape;

    use super::super::decoder::Output;
    use super::super::nets::Layers;
    use super::*;

    /// How far a parameter is moved to either side.
    const STEP: f32 = 1e-2;

    #[test]
    fn the_penalty_has_the_gradient_of_what_is_lost() {
        let shape = Shape::new(3, 3, 1);
        let pixels = (0..8 * 9).map(|place| (place * 37 % 256) as u8).collect();
        let images = Images::new(shape, pixels, (0..8).map(|row| row % 2).collect(), 2).unwrap();
        let recipe = Recipe {
            layers: Layers::Dense(&[6]),
            latent: 3,
            conditional: true,
            activation: Activation::Silu,
            output: Output::Tanh,
        };
        let play =
            Play { game: Game::Wasserstein(10.0), critic_steps: 1, beta1: 0.0, beta2: 0.9, average: 0.0 };
        let decoder = recipe.decoder(shape, 2, Seed::new(1));
        let mut learning = Learning::new(&recipe, &decoder, (play, 1e-3), &images, Seed::new(1));
        let rows: Vec<u32> = (0..8).collect();
        let lost = |learning: &mut Learning<'_>| {
            learning.generator.prepare();
            learning.critic.prepare();
            let mut part = Part::default();
            part.critic_gradients.resize(learning.critic.parameters.len(), 0.0);
            learning.learn_critic(&mut part, &rows, 1.0, &mut Seed::new(2).stream("noise", 0));
            (part.sum, part.critic_gradients)
        };
        let (_, gradients) = lost(&mut learning);
        for place in 0..gradients.len() {
            let own = learning.critic.parameters.values()[place];
            let mut at = |value: f32| {
                learning.critic.parameters.values_mut()[place] = value;
                lost(&mut learning).0
            };
            let numeric = (at(own + STEP) - at(own - STEP)) / f64::from(2.0 * STEP);
            at(own);
            let found = f64::from(gradients[place]);
            assert!((numeric - found).abs() < 0.02 * (1.0 + numeric.abs()), "{place}: {found} for {numeric}");
        }
    }
}
