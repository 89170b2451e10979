//! How good drawn images are: distances of features of a small network that was learned on other real images, and what a network
//! that learns drawn images knows of real ones.

use lookalike_core::{Context, Seed};
use lookalike_learn::net::Matrix;
use lookalike_learn::net::image::{FEATURES, Labelled, LeNet};
use lookalike_learn::score::frechet_distance;
use lookalike_synth::image::Images;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Epochs of the network that judges, and of those that learn drawn images.
const EPOCHS: u32 = 10;
/// Drawn images whose nearest real ones are looked for.
const NEAREST: usize = 1000;

/// What is compared with: a network learned on images that nothing else sees, and real images.
#[derive(Debug)]
pub(crate) struct Judge {
    lenet: LeNet,
    reference: Images,
    reference_features: Matrix,
    /// As many as there are held out, from those that methods learn.
    train_features: Matrix,
    holdout_features: Matrix,
    /// The distance between two halves of the held-out images.
    pub(crate) floor: f64,
}

/// What is found of drawn images.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Verdict {
    /// Squared distance of distributions of features.
    pub(crate) frechet: f64,
    /// The share of held-out images whose class a network tells that learned the drawn ones; none without classes.
    pub(crate) accuracy: Option<f64>,
    /// The share of drawn images that are nearer to one that was learned from than to one that was not.
    pub(crate) nearer: f64,
}

pub(crate) fn labelled(images: &Images) -> Labelled<'_> {
    Labelled { shape: images.shape(), pixels: images.pixels(), labels: images.labels() }
}

/// Learns to tell classes.
pub(crate) fn lenet(images: &Images) -> Result<LeNet> {
    Ok(LeNet::fit(labelled(images), images.classes(), EPOCHS, &Context::new(Seed::new(7)))?)
}

impl Judge {
    /// `own` is what the network learns, `train` what methods learn, `holdout` what nothing learns.
    pub(crate) fn new(own: &Images, train: &Images, holdout: &Images) -> Result<Self> {
        let lenet = lenet(own)?;
        let half = (holdout.len() / 2) as u32;
        let reference = holdout.take(&(0..half).collect::<Vec<_>>());
        let rest = holdout.take(&(half..2 * half).collect::<Vec<_>>());
        let learned = train.take(&(0..half).collect::<Vec<_>>());
        let features = |images: &Images| lenet.judge(images.pixels()).0;
        let (reference_features, holdout_features) = (features(&reference), features(&rest));
        let floor = distance(&reference_features, &holdout_features);
        let train_features = features(&learned);
        let reference = holdout.clone();
        Ok(Judge { lenet, reference, reference_features, train_features, holdout_features, floor })
    }

    /// How many drawn images are compared with as many real ones.
    pub(crate) fn count(&self) -> usize {
        self.reference_features.rows()
    }

    /// How often the judge is right about images that it has not seen.
    pub(crate) fn accuracy(&self) -> f64 {
        self.lenet.accuracy(labelled(&self.reference))
    }

    /// Judges at least [`Self::count`] drawn images; those classes mean something that are `conditional`.
    pub(crate) fn judge(&self, drawn: &Images, conditional: bool) -> Result<Verdict> {
        let (features, _) = self.lenet.judge(drawn.pixels());
        let few = |count: usize| {
            let values = features.values()[..count.min(drawn.len()) * FEATURES].to_vec();
            Matrix::from_values(values.len() / FEATURES, FEATURES, values)
        };
        let accuracy =
            if conditional { Some(lenet(drawn)?.accuracy(labelled(&self.reference))) } else { None };
        Ok(Verdict {
            frechet: distance(&self.reference_features, &few(self.count())),
            accuracy,
            nearer: self.nearer(&few(NEAREST)),
        })
    }

    /// Ties count half.
    fn nearer(&self, drawn: &Matrix) -> f64 {
        let least = |row: &[f32], to: &Matrix| {
            let squares = (0..to.rows())
                .map(|other| row.iter().zip(to.row(other)).map(|(a, b)| (a - b) * (a - b)).sum::<f32>());
            squares.fold(f32::INFINITY, f32::min)
        };
        let nearer: f64 = (0..drawn.rows())
            .map(|row| {
                let row = drawn.row(row);
                let (train, other) = (least(row, &self.train_features), least(row, &self.holdout_features));
                if train < other {
                    1.0
                } else if train > other {
                    0.0
                } else {
                    0.5
                }
            })
            .sum();
        nearer / drawn.rows().max(1) as f64
    }
}

fn distance(a: &Matrix, b: &Matrix) -> f64 {
    frechet_distance(a.values(), b.values(), FEATURES).unwrap_or(f64::NAN)
}
