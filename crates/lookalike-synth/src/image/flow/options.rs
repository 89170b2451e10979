use lookalike_learn::net::image::{Shape, UNetSize};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::epochs::epochs_for;
use super::super::layout::Layout;
use super::super::memory;
use super::tell::told;
use crate::neural::Pace;

/// Flow matching: a network learns the velocity with which noise becomes images.
///
/// New images are where noise is carried by it. A normal distribution of each class is found in closed form first;
/// the network learns what that leaves.
///
/// # References
/// - Lipman, Y. et al. (2023). Flow matching for generative modeling. <https://doi.org/10.48550/arXiv.2210.02747>
/// - Liu, X., Gong, C. and Liu, Q. (2023). Flow straight and fast: learning to generate and transfer data with rectified
///   flow. <https://doi.org/10.48550/arXiv.2209.03003>
/// - Ho, J. and Salimans, T. (2022). Classifier-free diffusion guidance. <https://doi.org/10.48550/arXiv.2207.12598>
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Flow {
    /// How often every image is seen at most, at least 1; if not said, 6 times, and fewer than 50,000 images as much more often
    /// (at most ten times so).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epochs: Option<u32>,
    /// Images in a batch, at least 2; never more than a twentieth of the images (or 8).
    pub batch: usize,
    /// The length of Adam's steps, above 0; it falls to nothing along a cosine.
    pub rate: f32,
    /// Learning ends after so many seconds; the model then depends on the speed of the machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_seconds: Option<f64>,
    /// Bytes that learning may take beside the table, at least 1,048,576; 4,294,967,296 unless it is said. What would take more
    /// is refused before the work starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_limit: Option<u64>,
    /// Learning ends after so many looks at held-out images without improvement, of 10 in all epochs; 0 to go on.
    pub patience: u32,
    /// Squares of so many by so many pixels are what the network takes for one, from 1 to 16.
    pub patch: usize,
    /// Channels of the network at each resolution, each half the one before; multiples of 8, for 1 to 6 resolutions. Images
    /// of other sizes than these can halve are continued from their edges before the network, and cut behind it.
    pub channels: Vec<usize>,
    /// Residual blocks at each resolution, on the way down as on the way up, at least 1.
    pub blocks: usize,
    /// Units of the layers that read time and class, at least 1.
    pub embedding: usize,
    /// Axes of the normal distribution that is learned of each class before the network, 0 for means alone; never more than
    /// one for twenty images.
    pub axes: usize,
    /// How much of the network's running mean stays at each step, in [0, 1).
    pub average: f32,
    /// Share of images whose class is kept from the network while it learns, in [0, 1).
    pub untold: f32,
    /// How far images go the way of their class: 1 is as far as the network says, more is further.
    pub guidance: f32,
    /// Steps from noise to image, at least 1; each but the last asks the network twice, and with guidance twice as often.
    pub steps: u32,
}

/// How often each of 50,000 images is seen unless it is said.
const EPOCHS: u32 = 6;

impl Default for Flow {
    fn default() -> Self {
        Flow {
            epochs: None,
            batch: 32,
            rate: 2e-3,
            max_seconds: None,
            memory_limit: None,
            patience: 0,
            patch: 2,
            channels: vec![32, 32],
            blocks: 1,
            embedding: 128,
            axes: 64,
            average: 0.998,
            untold: 0.1,
            guidance: 1.0,
            steps: 8,
        }
    }
}

impl Flow {
    /// What is wrong with the options, all at once.
    pub(in super::super) fn problems(&self) -> Vec<String> {
        let mut problems = self.pace(1).problems("flow");
        problems.extend(memory::problem(self.memory_limit, "flow"));
        if !(1..=6).contains(&self.channels.len()) || self.channels.iter().any(|&own| own == 0 || own % 8 > 0)
        {
            problems.push("flow.channels must be 1 to 6 multiples of 8".to_owned());
        }
        if !(1..=16).contains(&self.patch) || self.blocks == 0 || self.embedding == 0 || self.steps == 0 {
            problems.push(
                "flow.patch must be from 1 to 16, and flow.blocks, flow.embedding and flow.steps at least 1"
                    .to_owned(),
            );
        }
        if !(0.0..1.0).contains(&self.average) || !(0.0..1.0).contains(&self.untold) {
            problems.push("flow.average and flow.untold must be in [0, 1)".to_owned());
        }
        if !(self.guidance >= 0.0 && self.guidance.is_finite()) {
            problems.push("flow.guidance must be a number of at least 0".to_owned());
        }
        if self.guidance != 1.0 && self.untold == 0.0 {
            problems.push("flow.guidance other than 1 needs flow.untold above 0".to_owned());
        }
        problems
    }

    /// How images lie before the network.
    pub(super) fn layout(&self, image: Shape) -> Layout {
        Layout::new(image, self.patch, 1 << (self.channels.len() - 1))
    }

    /// The sizes of the network for images of this shape.
    pub(in super::super) fn size(&self, image: Shape, classes: usize) -> UNetSize {
        let image = Layout::shape(image, self.patch, 1 << (self.channels.len() - 1));
        UNetSize {
            image,
            beside: image.channels,
            channels: self.channels.clone(),
            blocks: self.blocks,
            told: told(classes),
            embedding: self.embedding,
        }
    }

    pub(super) fn pace(&self, images: usize) -> Pace {
        let Flow { epochs, batch, rate, max_seconds, patience, .. } = *self;
        let epochs = epochs.unwrap_or_else(|| epochs_for(images, EPOCHS));
        Pace { epochs, batch, rate, max_seconds, patience }
    }

    /// A number of parameters that the network has at least.
    pub(in super::super) fn least_parameters(&self, classes: usize) -> usize {
        let embedding = self.embedding.saturating_mul(classes.saturating_add(self.embedding));
        self.channels.iter().fold(embedding, |sum, &channels| {
            let own = channels.saturating_mul(channels).saturating_mul(18).saturating_mul(self.blocks);
            sum.saturating_add(own)
        })
    }
}
