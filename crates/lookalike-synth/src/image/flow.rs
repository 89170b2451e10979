//! Flow matching: a network learns the velocity with which noise becomes images, and new images are where noise is
//! carried by it.
//!
//! Between noise `x0` and an image `x1` a straight line leads, `x(t) = (1 - t) x0 + t x1`; the network learns `x1 - x0` from
//! `x(t)`, `t` and the class by squared error, and what it then gives is the mean velocity there. Times are drawn from a
//! logit-normal distribution, which has more of those at which the velocity is hard to tell. The class is kept from the network
//! now and then; new images go by what it gives with the class, and further that way than without (guidance).
//!
//! # References
//! Lipman, Y. et al. (2023). Flow matching for generative modeling. <https://doi.org/10.48550/arXiv.2210.02747>
//!
//! Liu, X., Gong, C. and Liu, Q. (2023). Flow straight and fast. <https://doi.org/10.48550/arXiv.2209.03003>
//!
//! Ho, J. and Salimans, T. (2022). Classifier-free diffusion guidance. <https://doi.org/10.48550/arXiv.2207.12598>
//!
//! Esser, P. et al. (2024). Scaling rectified flow transformers (times). <https://doi.org/10.48550/arXiv.2403.03206>

use lookalike_core::{Context, Seed, math};
use lookalike_learn::net::image::{Pass, Prepared, Shape, Split, UNet, UNetSize};
use lookalike_learn::net::{
    Adam, AdamOptions, Learner, Parameters, Place, Schedule, State, average, fill_normal, sigmoid_each, train,
};
use serde::{Deserialize, Serialize};

use super::images::Images;
use super::model::Told;
use crate::error::Result;
use crate::neural::{Pace, Training};

/// The options of flow matching.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Flow {
    /// How often every image is seen at most, at least 1.
    pub epochs: u32,
    /// Images in a batch, at least 2; never more than a twentieth of the images (or 8).
    pub batch: usize,
    /// The length of Adam's steps, above 0; it falls to nothing along a cosine.
    pub rate: f32,
    /// Learning ends after so many seconds; the model then depends on the speed of the machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_seconds: Option<f64>,
    /// Looks at held-out images (10 in all epochs) without improvement after which learning ends; 0 to go on.
    pub patience: u32,
    /// Squares of so many by so many pixels are what the network takes for one, at least 1; height and width must be
    /// multiples of it.
    pub patch: usize,
    /// Channels of the network at each resolution, each half the one before; multiples of 8.
    pub channels: Vec<usize>,
    /// Residual blocks at each resolution, on the way down as on the way up, at least 1.
    pub blocks: usize,
    /// Units of the layers that read time and class, at least 1.
    pub embedding: usize,
    /// How much of the network's running mean stays at each step, in [0, 1).
    pub average: f32,
    /// Share of images whose class is kept from the network while it learns, in [0, 1).
    pub untold: f32,
    /// How far images go the way of their class: 1 is as far as the network says, more is further.
    pub guidance: f32,
    /// Steps from noise to image, at least 1; each asks the network twice (four times with guidance).
    pub steps: u32,
}

impl Default for Flow {
    fn default() -> Self {
        Flow {
            epochs: 6,
            batch: 128,
            rate: 2e-3,
            max_seconds: None,
            patience: 0,
            patch: 2,
            channels: vec![32, 32],
            blocks: 1,
            embedding: 128,
            average: 0.999,
            untold: 0.1,
            guidance: 1.0,
            steps: 8,
        }
    }
}

/// How often held-out images are looked at.
const LOOKS: u32 = 10;
/// Frequencies in which time is told, each by a sine and a cosine.
const FREQUENCIES: usize = 16;
/// Held-out images that are looked at.
const HELD_OUT: usize = 1024;

impl Flow {
    /// What is wrong with the options for images of this shape, all at once.
    pub(super) fn problems(&self, shape: Shape) -> Vec<String> {
        let Flow { epochs, batch, rate, max_seconds, patience, .. } = *self;
        let mut problems = Pace { epochs, batch, rate, max_seconds, patience }.problems("flow");
        if self.channels.is_empty() || self.channels.iter().any(|&channels| channels == 0 || channels % 8 > 0)
        {
            problems.push("flow.channels must be multiples of 8, at least one".to_owned());
        }
        if self.patch == 0 || self.blocks == 0 || self.embedding == 0 || self.steps == 0 {
            problems
                .push("flow.patch, flow.blocks, flow.embedding and flow.steps must be at least 1".to_owned());
        }
        let halved = 1_usize.checked_shl(self.channels.len().saturating_sub(1) as u32).unwrap_or(0);
        let least = self.patch.saturating_mul(halved);
        if least == 0 || !shape.height.is_multiple_of(least) || !shape.width.is_multiple_of(least) {
            problems.push(format!(
                "height and width of images must be multiples of {least}, that is of flow.patch halved once less often \
                 than there are flow.channels"
            ));
        }
        if !(0.0..1.0).contains(&self.average) || !(0.0..1.0).contains(&self.untold) {
            problems.push("flow.average and flow.untold must be in [0, 1)".to_owned());
        }
        if !(self.guidance >= 0.0 && self.guidance.is_finite()) {
            problems.push("flow.guidance must be a number of at least 0".to_owned());
        }
        problems
    }

    /// Learns images.
    pub(super) fn fit(&self, images: &Images, context: &Context<'_>) -> Result<(FittedFlow, Told)> {
        let mut order: Vec<u32> = (0..images.len() as u32).collect();
        context.seed.stream("held out", 0).shuffle(&mut order);
        let held_out = (images.len() / 20).min(HELD_OUT);
        let learned = order.split_off(held_out);
        let mut parameters = Parameters::new();
        let size = self.size(images);
        let network = UNet::new(&size, &mut parameters, &mut context.seed.stream("parameters", 0));
        let adam = AdamOptions { rate: self.rate, beta2: 0.99, ..AdamOptions::default() };
        let mut learning = Learning {
            options: self,
            images,
            held_out: order,
            seed: context.seed,
            adam: Adam::new(parameters.len(), adam),
            gradients: vec![0.0; parameters.len()],
            mean: parameters.values().to_vec(),
            prepared: Prepared::default(),
            split: Split::default(),
            places: places(images.shape(), self.patch),
            parameters,
            network,
        };
        let Flow { epochs, batch, rate, max_seconds, patience, .. } = *self;
        let pace = Pace { epochs, batch, rate, max_seconds, patience };
        let schedule: Schedule = pace.schedule(learned.len(), LOOKS);
        let history = train(&mut learning, &learned, &schedule, context)?;
        let training = Training::new(history, "mean squared error of the velocity");
        let mut parameters = learning.parameters;
        parameters.values_mut().copy_from_slice(&learning.mean);
        let fitted = FittedFlow { options: self.clone(), size, network: learning.network, parameters };
        Ok((fitted, training))
    }

    fn size(&self, images: &Images) -> UNetSize {
        let Shape { height, width, channels } = images.shape();
        let patch = self.patch;
        UNetSize {
            image: Shape::new(height / patch, width / patch, channels * patch * patch),
            channels: self.channels.clone(),
            blocks: self.blocks,
            told: told(images.classes()),
            embedding: self.embedding,
        }
    }
}

/// Numbers that tell time and class.
fn told(classes: usize) -> usize {
    2 * FREQUENCIES + classes
}

/// Tells time, and the class if there is one to tell.
fn tell(time: f32, class: Option<u32>, to: &mut [f32]) {
    let (waves, classes) = to.split_at_mut(2 * FREQUENCIES);
    for (number, wave) in waves.as_chunks_mut::<2>().0.iter_mut().enumerate() {
        let angle = f64::from(time) * 0.5 * std::f64::consts::PI * math::exp2(number as f64 * 0.5);
        *wave = [math::sin(angle) as f32, math::cos(angle) as f32];
    }
    classes.fill(0.0);
    if let Some(class) = class {
        classes[class as usize] = 1.0;
    }
}

/// Where each number of an image is when squares of pixels are taken for one.
fn places(shape: Shape, patch: usize) -> Vec<usize> {
    let (row, columns) = (shape.width * shape.channels, shape.width / patch);
    let place = |place: usize| {
        let (y, x, channel) = (place / row, place % row / shape.channels, place % shape.channels);
        let pixel = y / patch * columns + x / patch;
        (pixel * patch * patch + y % patch * patch + x % patch) * shape.channels + channel
    };
    (0..shape.size()).map(place).collect()
}

/// A network of velocities.
#[derive(Debug, Clone)]
pub(super) struct FittedFlow {
    pub(super) options: Flow,
    pub(super) size: UNetSize,
    pub(super) network: UNet,
    pub(super) parameters: Parameters,
}

impl FittedFlow {
    /// Built again from what a file holds; the parameters' number is checked by the caller.
    pub(super) fn empty(options: Flow, images: &Images) -> Self {
        let (size, mut parameters) = (options.size(images), Parameters::new());
        let network = UNet::new(&size, &mut parameters, &mut Seed::new(0).stream("shape", 0));
        FittedFlow { options, size, network, parameters }
    }

    pub(super) fn prepare(&self) -> Prepared {
        self.network.graph.prepare(&self.parameters)
    }

    /// Carries noise, which `images` holds row after row as the network sees it, to images, by Heun's method.
    fn carry(&self, prepared: &Prepared, labels: &[u32], images: &mut [f32], pass: &mut Pass) {
        let guided = self.options.guidance != 1.0 && self.options.untold > 0.0;
        let count = labels.len() * if guided { 2 } else { 1 };
        if pass.images() != count {
            pass.resize(&self.network.graph, count);
        }
        let step = 1.0 / self.options.steps as f32;
        let mut first = vec![0.0; images.len()];
        let mut second = vec![0.0; images.len()];
        let mut ahead = vec![0.0; images.len()];
        for number in 0..self.options.steps {
            let time = number as f32 * step;
            self.velocity(prepared, (time, labels, guided), images, pass, &mut first);
            for (ahead, (x, v)) in ahead.iter_mut().zip(images.iter().zip(&first)) {
                *ahead = x + step * v;
            }
            self.velocity(prepared, (time + step, labels, guided), &ahead, pass, &mut second);
            for (x, (first, second)) in images.iter_mut().zip(first.iter().zip(&second)) {
                *x += 0.5 * step * (first + second);
            }
        }
    }

    fn velocity(
        &self,
        prepared: &Prepared,
        (time, labels, guided): (f32, &[u32], bool),
        images: &[f32],
        pass: &mut Pass,
        out: &mut [f32],
    ) {
        let width = self.size.told;
        for (place, to) in pass.values_mut(self.network.told).chunks_exact_mut(width).enumerate() {
            tell(time, labels.get(place).copied(), to);
        }
        for to in pass.values_mut(self.network.image).chunks_exact_mut(images.len()) {
            to.copy_from_slice(images);
        }
        pass.forward(&self.network.graph, &self.parameters, prepared);
        let found = pass.values(self.network.output);
        if guided {
            let (with, without) = found.split_at(images.len());
            let guidance = self.options.guidance;
            for (out, (with, without)) in out.iter_mut().zip(with.iter().zip(without)) {
                *out = without + guidance * (with - without);
            }
        } else {
            out.copy_from_slice(found);
        }
    }

    /// Images of these classes; the first is the one of this number among all that are drawn.
    pub(super) fn sample(
        &self,
        prepared: &Prepared,
        (first, labels): (u64, &[u32]),
        shape: Shape,
        seed: Seed,
        pass: &mut Pass,
    ) -> Vec<f32> {
        let mut images = vec![0.0; labels.len() * shape.size()];
        for (number, image) in images.chunks_exact_mut(shape.size()).enumerate() {
            fill_normal(image, &mut seed.stream("noise of images", first + number as u64));
        }
        self.carry(prepared, labels, &mut images, pass);
        let places = places(shape, self.options.patch);
        images.chunks_exact(shape.size()).flat_map(|image| places.iter().map(|&place| image[place])).collect()
    }
}

struct Learning<'a> {
    options: &'a Flow,
    images: &'a Images,
    held_out: Vec<u32>,
    seed: Seed,
    network: UNet,
    parameters: Parameters,
    adam: Adam,
    gradients: Vec<f32>,
    mean: Vec<f32>,
    prepared: Prepared,
    split: Split,
    /// See [`places`].
    places: Vec<usize>,
}

impl Learning<'_> {
    /// Runs some images, from their own noise at their own times, and gives the mean squared error.
    fn run(&mut self, rows: &[u32], (label, block): (&str, u64), learning: bool) -> f64 {
        let Learning {
            options, images, network, parameters, gradients, prepared, split, seed, places, ..
        } = self;
        network.graph.prepare_again(parameters, prepared);
        let size = images.shape().size();
        let scale = 1.0 / (rows.len() * size) as f32;
        let none = &mut [][..];
        split.run(&network.graph, rows.len(), if learning { gradients } else { none }, |part, range| {
            let mut stream = seed.stream(label, block * (1 << 20) + range.start as u64);
            let rows = &rows[range];
            let mut times = vec![0.0; rows.len()];
            fill_normal(&mut times, &mut stream);
            sigmoid_each(&mut times);
            for ((to, &row), &time) in part
                .pass
                .values_mut(network.told)
                .chunks_exact_mut(told(images.classes()))
                .zip(rows)
                .zip(&times)
            {
                let untold = learning && stream.unit() < f64::from(options.untold);
                tell(time, (!untold).then(|| images.labels()[row as usize]), to);
            }
            let mut wanted = vec![0.0; rows.len() * size];
            let mut image = vec![0.0; size];
            let x = part.pass.values_mut(network.image);
            fill_normal(x, &mut stream);
            for (((x, wanted), &row), &time) in
                x.chunks_exact_mut(size).zip(wanted.chunks_exact_mut(size)).zip(rows).zip(&times)
            {
                images.write(row, -1.0, &mut image);
                for (&place, number) in places.iter().zip(&image) {
                    wanted[place] = number - x[place];
                    x[place] += time * wanted[place];
                }
            }
            part.pass.forward(&network.graph, parameters, prepared);
            let (found, gradient) = part.pass.gradient_mut(network.output);
            let mut sum = 0.0;
            for ((gradient, found), wanted) in gradient.iter_mut().zip(found).zip(&wanted) {
                let off = found - wanted;
                sum += off * off;
                *gradient = 2.0 * scale * off;
            }
            part.sum += f64::from(sum * scale);
            if learning {
                part.pass.backward(&network.graph, parameters, prepared, &mut part.gradients, &[]);
            }
        })
    }
}

impl Learner for Learning<'_> {
    fn step(&mut self, rows: &[u32], at: Place, factor: f32) -> Vec<f64> {
        let loss = self.run(rows, ("flow", at.step), true);
        lookalike_learn::net::clip(&mut self.gradients, 1.0);
        // A short rise, since Adam knows nothing yet, and then down a cosine.
        let rise = ((at.step + 1) as f32 / 100.0).min(1.0);
        let fall = 0.5 + 0.5 * math::cos(std::f64::consts::PI * at.done) as f32;
        self.adam.step(self.parameters.values_mut(), &mut self.gradients, factor * rise * fall);
        // At first the mean follows more quickly, lest it remembers where it began.
        let keep = self.options.average.min((1.0 + at.step as f32) / (10.0 + at.step as f32));
        average(&mut self.mean, self.parameters.values(), keep);
        vec![loss]
    }

    fn losses(&self) -> &'static [&'static str] {
        &["squared error"]
    }

    fn held_out(&mut self, _: Place) -> Option<f64> {
        if self.held_out.is_empty() {
            return None;
        }
        let rows = self.held_out.clone();
        let now = self.parameters.values().to_vec();
        self.parameters.values_mut().copy_from_slice(&self.mean);
        let error = self.run(&rows, ("held out noise", 0), false);
        self.parameters.values_mut().copy_from_slice(&now);
        Some(error)
    }

    fn state(&self) -> State {
        let numbers = vec![
            self.mean.clone(),
            self.parameters.values().to_vec(),
            self.adam.first.clone(),
            self.adam.second.clone(),
        ];
        State { numbers, counts: vec![self.adam.steps] }
    }

    fn restore(&mut self, state: &State) {
        self.mean.clone_from(&state.numbers[0]);
        self.parameters.values_mut().copy_from_slice(&state.numbers[1]);
        self.adam.first.clone_from(&state.numbers[2]);
        self.adam.second.clone_from(&state.numbers[3]);
        self.adam.steps = state.counts[0];
        self.gradients.fill(0.0);
    }
}
