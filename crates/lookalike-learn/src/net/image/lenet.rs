use lookalike_core::{Context, math};

use super::super::layer::Activation;
use super::super::matrix::Matrix;
use super::super::optimizer::{Adam, AdamOptions};
use super::super::parameters::Parameters;
use super::super::train::{Halted, Learner, Place, Schedule, State, train};
use super::graph::{Graph, Kernel, Node, Prepared};
use super::shape::Shape;
use super::split::Split;

/// Images with their classes, as a learner takes them.
#[derive(Debug, Clone, Copy)]
pub struct Labelled<'a> {
    /// The images' shape.
    pub shape: Shape,
    /// Pixels from 0 to 255, image after image.
    pub pixels: &'a [u8],
    /// A class per image.
    pub labels: &'a [u32],
}

/// A small network that tells the classes of images: two convolutions with averages behind them, and three linear maps.
///
/// `LeCun`, Y. et al. (1998). Gradient-based learning applied to document recognition. <https://doi.org/10.1109/5.726791>
/// (with rectified units and more channels).
#[derive(Debug, Clone)]
pub struct LeNet {
    graph: Graph,
    image: Node,
    features: Node,
    output: Node,
    parameters: Parameters,
}

/// Numbers before the last linear map, in which images are compared.
pub const FEATURES: usize = 84;
/// Channels of the two convolutions.
const CHANNELS: [usize; 2] = [16, 32];
const BATCH: usize = 64;
/// The length of steps at their longest: after so many of them, at the beginning, and then ever less.
const RATE: f32 = 3e-3;
const RISE: f32 = 50.0;

impl LeNet {
    /// Learns to tell `classes` classes, seeing every image so often.
    ///
    /// # Errors
    /// [`Halted`] when the listener wants the work to stop.
    ///
    /// # Panics
    /// If height and width cannot be divided by four, or labels are not below the number of classes, one per image.
    pub fn fit(
        images: Labelled<'_>,
        classes: usize,
        epochs: u32,
        context: &Context<'_>,
    ) -> Result<Self, Halted> {
        assert_eq!(images.pixels.len(), images.labels.len() * images.shape.size(), "a label per image");
        let mut stream = context.seed.stream("parameters", 0);
        let (mut graph, mut parameters) = (Graph::new(), Parameters::new());
        let image = graph.input(images.shape);
        let mut x = image;
        for channels in CHANNELS {
            x = graph.convolve(x, channels, Kernel::same(5), &mut parameters, &mut stream);
            x = graph.activate(x, Activation::Relu);
            x = graph.average(x, 2);
        }
        x = graph.linear(x, 120, &mut parameters, &mut stream);
        x = graph.activate(x, Activation::Relu);
        let features = graph.linear(x, FEATURES, &mut parameters, &mut stream);
        let active = graph.activate(features, Activation::Relu);
        let output = graph.linear(active, classes, &mut parameters, &mut stream);
        let lenet = LeNet { graph, image, features, output, parameters };
        let mut learning = Learning {
            adam: Adam::new(
                lenet.parameters.len(),
                AdamOptions { decay: 1e-2, rate: RATE, ..AdamOptions::default() },
            ),
            gradients: vec![0.0; lenet.parameters.len()],
            prepared: Prepared::default(),
            split: Split::default(),
            lenet,
            images,
        };
        let rows: Vec<u32> = (0..images.labels.len() as u32).collect();
        let schedule = Schedule { epochs, batch: BATCH, most_time: None, patience: 0, looks: 0 };
        train(&mut learning, &rows, &schedule, context)?;
        Ok(learning.lenet)
    }

    /// The numbers before the last linear map, a row of [`FEATURES`] per image, and the most likely class.
    ///
    /// # Panics
    /// If the images have another shape.
    pub fn judge(&self, pixels: &[u8]) -> (Matrix, Vec<u32>) {
        let size = self.graph.shape(self.image).size();
        let count = pixels.len() / size;
        assert_eq!(pixels.len(), count * size, "images of the shape that was learned");
        let prepared = self.graph.prepare(&self.parameters);
        let mut pass = super::pass::Pass::default();
        let (mut features, mut classes) = (Vec::with_capacity(count * FEATURES), Vec::with_capacity(count));
        for pixels in pixels.chunks(16 * size) {
            pass.resize(&self.graph, pixels.len() / size);
            scale(pixels, pass.values_mut(self.image));
            pass.forward(&self.graph, &self.parameters, &prepared);
            features.extend_from_slice(pass.values(self.features));
            let width = self.graph.shape(self.output).size();
            classes.extend(pass.values(self.output).chunks_exact(width).map(|logits| {
                let best =
                    (0..width).fold(0, |best, class| if logits[class] > logits[best] { class } else { best });
                best as u32
            }));
        }
        (Matrix::from_values(count, FEATURES, features), classes)
    }

    /// The share of images whose most likely class is theirs.
    pub fn accuracy(&self, images: Labelled<'_>) -> f64 {
        let (_, found) = self.judge(images.pixels);
        let right = found.iter().zip(images.labels).filter(|(found, label)| found == label).count();
        right as f64 / images.labels.len().max(1) as f64
    }
}

/// Grey levels as numbers from -1 to 1.
fn scale(pixels: &[u8], to: &mut [f32]) {
    for (to, &level) in to.iter_mut().zip(pixels) {
        *to = f32::from(level) * (2.0 / 255.0) - 1.0;
    }
}

struct Learning<'a> {
    lenet: LeNet,
    adam: Adam,
    gradients: Vec<f32>,
    prepared: Prepared,
    split: Split,
    images: Labelled<'a>,
}

impl Learner for Learning<'_> {
    fn step(&mut self, rows: &[u32], at: Place, factor: f32) -> Vec<f64> {
        let Learning { lenet, adam, gradients, prepared, split, images } = self;
        lenet.graph.prepare_again(&lenet.parameters, prepared);
        let size = images.shape.size();
        let share = 1.0 / rows.len() as f64;
        let sum = split.run(&lenet.graph, rows.len(), gradients, |part, range| {
            let rows = &rows[range];
            for (to, &row) in part.pass.values_mut(lenet.image).chunks_exact_mut(size).zip(rows) {
                scale(&images.pixels[row as usize * size..][..size], to);
            }
            part.pass.forward(&lenet.graph, &lenet.parameters, prepared);
            let (logits, gradient) = part.pass.gradient_mut(lenet.output);
            let width = logits.len() / rows.len();
            let each = logits.chunks_exact(width).zip(gradient.chunks_exact_mut(width)).zip(rows);
            for ((logits, gradient), &row) in each {
                let log = super::super::spans::log_softmax(logits);
                let label = images.labels[row as usize] as usize;
                part.sum -= log[label];
                for (class, (gradient, log)) in gradient.iter_mut().zip(log).enumerate() {
                    let own = if class == label { 1.0 } else { 0.0 };
                    *gradient = ((math::exp(log) - own) * share) as f32;
                }
            }
            part.pass.backward(&lenet.graph, &lenet.parameters, prepared, &mut part.gradients, &[]);
        });
        // The rate rises while Adam knows little, and then falls to nothing in a straight line.
        let rise = ((at.step + 1) as f32 / RISE).min(1.0);
        adam.step(lenet.parameters.values_mut(), gradients, factor * rise * (1.0 - at.done as f32));
        vec![sum * share]
    }

    fn losses(&self) -> &'static [&'static str] {
        &["cross-entropy"]
    }

    fn held_out(&mut self, _: Place) -> Option<f64> {
        None
    }

    fn state(&self) -> State {
        let numbers =
            vec![self.lenet.parameters.values().to_vec(), self.adam.first.clone(), self.adam.second.clone()];
        State { numbers, counts: vec![self.adam.steps] }
    }

    fn restore(&mut self, state: &State) {
        self.lenet.parameters.values_mut().copy_from_slice(&state.numbers[0]);
        self.adam.first.clone_from(&state.numbers[1]);
        self.adam.second.clone_from(&state.numbers[2]);
        self.adam.steps = state.counts[0];
        self.gradients.fill(0.0);
    }
}

#[cfg(test)]
mod tests {
    use lookalike_core::Seed;

    use super::*;

    /// Squares in one of four corners, with noise.
    fn corners(count: usize, label: &str) -> (Vec<u8>, Vec<u32>) {
        let mut stream = Seed::new(4).stream(label, 0);
        let (mut pixels, mut labels) = (Vec::new(), Vec::new());
        for _ in 0..count {
            let class = stream.below(4) as u32;
            for row in 0..8 {
                for column in 0..8 {
                    let inside = (row / 4) * 2 + column / 4 == class;
                    pixels.push(if inside { 150 } else { 60 } + stream.below(100) as u8);
                }
            }
            labels.push(class);
        }
        (pixels, labels)
    }

    #[test]
    fn classes_are_told_on_any_number_of_threads() {
        let shape = Shape::new(8, 8, 1);
        let (pixels, labels) = corners(600, "train");
        let (others, classes) = corners(200, "test");
        let images = Labelled { shape, pixels: &pixels, labels: &labels };
        let fit = || LeNet::fit(images, 4, 12, &Context::new(Seed::new(1))).unwrap();
        let lenet = fit();
        let accuracy = lenet.accuracy(Labelled { shape, pixels: &others, labels: &classes });
        assert!(accuracy > 0.95, "{accuracy}");
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let again = one.install(fit);
        assert_eq!(again.parameters, lenet.parameters);
    }
}
