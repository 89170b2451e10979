use lookalike_core::{Context, Seed, math};
use lookalike_learn::net::image::{Prepared, Split, UNet};
use lookalike_learn::net::{
    Adam, AdamOptions, Learner, Parameters, Place, State, average, fill_normal, sigmoid_each, train,
};

use super::super::between::Between;
use super::super::held_out::{LOOKS, hold_out};
use super::super::images::Images;
use super::super::layout::Layout;
use super::super::memory::Numbers;
use super::super::model::Told;
use super::base::Base;
use super::fitted::FittedFlow;
use super::options::Flow;
use super::tell::{tell, told};
use crate::error::Result;
use crate::neural::Training;

/// How often there are all parameters at most: they, their gradients, Adam's two means and the running mean, and four of these at
/// the last sound step, at the best look and at the one that is looked at.
const COPIES: usize = 5 + 3 * 4;

impl Flow {
    /// Learns images.
    pub(in super::super) fn fit(&self, images: &Images, context: &Context<'_>) -> Result<(FittedFlow, Told)> {
        let (learned, held_out) = hold_out(images.len(), context.seed);
        let mut parameters = Parameters::new();
        let (size, layout) = (self.size(images.shape(), images.classes()), self.layout(images.shape()));
        let least = self.least_parameters(images.classes());
        Numbers::check_least(least, COPIES, images, self.memory_limit)?;
        let network = UNet::new(&size, &mut parameters, &mut context.seed.stream("parameters", 0));
        let most = Numbers::of(parameters.len(), COPIES)
            .and(Numbers::of_weights(&network.graph))
            .and(Numbers::of(Split::numbers(&network.graph, parameters.len()), 1))
            .and(Numbers::of_images(layout.shape.size(), Split::at_once(&network.graph)))
            .and(Base::numbers(images, &layout, self.axes));
        most.check(images, self.memory_limit)?;
        let (base, warning) = Base::fit(images, &learned, &layout, self.axes, context.seed);
        let adam = AdamOptions { rate: self.rate, beta2: 0.99, ..AdamOptions::default() };
        let mut learning = Learning {
            options: self,
            images,
            held_out,
            seed: context.seed,
            adam: Adam::new(parameters.len(), adam),
            gradients: vec![0.0; parameters.len()],
            mean: parameters.values().to_vec(),
            prepared: Prepared::default(),
            split: Split::default(),
            layout,
            base,
            parameters,
            network,
        };
        let history =
            train(&mut learning, &learned, &self.pace(images.len()).schedule(learned.len(), LOOKS), context)?;
        let (training, mut warnings) = Training::new(history, "mean squared error of the velocity");
        warnings.extend(warning);
        let Learning { network, layout, base, mut parameters, mean, .. } = learning;
        parameters.values_mut().copy_from_slice(&mean);
        Ok((FittedFlow { options: self.clone(), layout, network, parameters, base }, (training, warnings)))
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
    layout: Layout,
    base: Base,
}

impl Learning<'_> {
    /// Runs some images, from their own noise at their own times, and gives the mean squared error.
    fn run(&mut self, rows: &[u32], (label, block): (&str, u64), learning: bool) -> f64 {
        let Learning {
            options,
            images,
            network,
            parameters,
            gradients,
            prepared,
            split,
            seed,
            layout,
            base,
            ..
        } = self;
        network.graph.prepare_again(parameters, prepared);
        let size = layout.shape.size();
        let scale = 1.0 / (rows.len() * size) as f32;
        let none = &mut [][..];
        split.run(&network.graph, rows.len(), if learning { gradients } else { none }, |part, range| {
            let mut stream = seed.stream(label, block * (1 << 20) + range.start as u64);
            let rows = &rows[range];
            let mut times = vec![0.0; rows.len()];
            fill_normal(&mut times, &mut stream);
            sigmoid_each(&mut times);
            let classes: Vec<Option<u32>> = rows
                .iter()
                .map(|&row| {
                    let untold = learning && stream.unit() < f64::from(options.untold);
                    (!untold).then(|| images.labels()[row as usize])
                })
                .collect();
            let width = told(images.classes());
            let all = part.pass.values_mut(network.told).chunks_exact_mut(width).zip(&classes);
            for ((to, &class), &time) in all.zip(&times) {
                tell(time, class.map(Between::from), to);
            }
            // What the network is to give: the velocity from noise to image less that of the normal distribution.
            let mut wanted = vec![0.0; rows.len() * size];
            let (mut image, mut seen) = (vec![0.0; images.shape().size()], vec![0.0; size]);
            let mut velocity = vec![0.0; size];
            fill_normal(part.pass.values_mut(network.image), &mut stream);
            for (place, (&row, &time)) in rows.iter().zip(&times).enumerate() {
                let own = place * size..(place + 1) * size;
                let x = &mut part.pass.values_mut(network.image)[own.clone()];
                let wanted = &mut wanted[own.clone()];
                images.write(row, -1.0, &mut image);
                layout.enter(&image, &mut seen);
                for ((x, wanted), number) in x.iter_mut().zip(&mut *wanted).zip(&seen) {
                    *wanted = number - *x;
                    *x += time * *wanted;
                }
                base.velocity(classes[place], time, x, &mut velocity);
                for ((seen, x), (wanted, velocity)) in
                    seen.iter_mut().zip(x).zip(wanted.iter_mut().zip(&velocity))
                {
                    *seen = *x + (1.0 - time) * velocity;
                    *wanted -= velocity;
                }
                part.pass.values_mut(network.beside)[own].copy_from_slice(&seen);
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
