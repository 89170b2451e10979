use std::collections::BTreeMap;

use lookalike_core::{Context, Seed, Topic, Warning};
use lookalike_learn::net::Parameters;
use lookalike_learn::net::image::Shape;
use serde::{Deserialize, Serialize};

use super::dense::{Dense, Output};
use super::drawing::Drawing;
use super::flow::{FittedFlow, Flow};
use super::gan::ImageGan;
use super::images::Images;
use super::vae::ImageVae;
use crate::error::{Error, Result};
use crate::neural::Training;
use crate::parts::{Array, Parts};

/// A method for images with its options, before it has seen any.
///
/// ```
/// use lookalike_core::{Context, Seed};
/// use lookalike_learn::net::image::Shape;
/// use lookalike_synth::image::{ImageSynthesizer, Images, ImageVae};
///
/// let pixels = (0..200 * 16).map(|place| (place % 7 * 40) as u8).collect();
/// let images = Images::new(Shape::new(4, 4, 1), pixels, vec![0; 200], 1)?;
/// let method = ImageSynthesizer::Vae(ImageVae { epochs: 1, ..ImageVae::default() });
/// let context = Context::new(Seed::new(1));
/// let sample = method.fit(&images, &context)?.sample(0..5, None, &context)?;
/// assert_eq!(sample.len(), 5);
/// # Ok::<(), lookalike_synth::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ImageSynthesizer {
    /// Flow matching.
    Flow(Flow),
    /// A variational autoencoder of dense layers.
    Vae(ImageVae),
    /// A generative adversarial network of dense layers.
    Gan(ImageGan),
}

impl ImageSynthesizer {
    /// The names of all methods, the default first.
    pub const NAMES: [&'static str; 3] = ["flow", "vae", "gan"];

    /// The method of this name with its default options.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "flow" => Some(ImageSynthesizer::Flow(Flow::default())),
            "vae" => Some(ImageSynthesizer::Vae(ImageVae::default())),
            "gan" => Some(ImageSynthesizer::Gan(ImageGan::default())),
            _ => None,
        }
    }

    /// The method's name.
    pub fn name(&self) -> &'static str {
        match self {
            ImageSynthesizer::Flow(_) => "flow",
            ImageSynthesizer::Vae(_) => "vae",
            ImageSynthesizer::Gan(_) => "gan",
        }
    }

    /// What is wrong with the options for images of this shape, all at once.
    fn problems(&self, shape: Shape) -> Vec<String> {
        match self {
            ImageSynthesizer::Flow(flow) => flow.problems(shape),
            ImageSynthesizer::Vae(vae) => vae.problems(),
            ImageSynthesizer::Gan(gan) => gan.problems(),
        }
    }

    /// Learns images.
    ///
    /// # Errors
    /// [`Error::NoRows`] without images, [`Error::Options`] with all that is wrong with the options, [`Error::Cancelled`] and
    /// [`Error::ForeignCheckpoint`].
    pub fn fit(&self, images: &Images, context: &Context<'_>) -> Result<ImageModel> {
        let problems = self.problems(images.shape());
        if !problems.is_empty() {
            return Err(Error::Options { problems });
        }
        if images.is_empty() {
            return Err(Error::NoRows);
        }
        let (fitted, (training, warnings)) = match self {
            ImageSynthesizer::Flow(flow) => {
                let (fitted, training) = flow.fit(images, context)?;
                (Fitted::Flow(fitted), training)
            }
            ImageSynthesizer::Vae(vae) => {
                let (fitted, training) = vae.fit(images, context)?;
                (Fitted::Dense(fitted), training)
            }
            ImageSynthesizer::Gan(gan) => {
                let (fitted, training) = gan.fit(images, context)?;
                (Fitted::Dense(fitted), training)
            }
        };
        Ok(ImageModel {
            method: self.clone(),
            shape: images.shape(),
            shares: images.shares(),
            fitted,
            training,
            warnings,
        })
    }
}

/// What a method has learned of images: parameters of a network, and how frequent classes are. It holds no image.
#[derive(Debug, Clone)]
pub struct ImageModel {
    method: ImageSynthesizer,
    shape: Shape,
    shares: Vec<f64>,
    pub(super) fitted: Fitted,
    training: Training,
    warnings: Vec<Warning>,
}

/// How learning went, and what is to be said of it.
pub(super) type Told = (Training, Vec<Warning>);

#[derive(Debug, Clone)]
pub(super) enum Fitted {
    Flow(FittedFlow),
    Dense(Dense),
}

/// What a model file holds besides arrays.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    kind: String,
    method: ImageSynthesizer,
    height: usize,
    width: usize,
    channels: usize,
    training: Training,
    #[serde(default)]
    warnings: Vec<Noted>,
}

/// A warning, as a file holds it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Noted {
    topic: String,
    message: String,
}

/// What a header says it is of.
const KIND: &str = "images";
/// No network that a file describes may be larger.
const MOST_PARAMETERS: usize = 1 << 28;

impl ImageModel {
    /// The method, with its options.
    pub fn method(&self) -> &ImageSynthesizer {
        &self.method
    }

    /// The shape of images.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// How many numbers the network has.
    pub fn size(&self) -> usize {
        match &self.fitted {
            Fitted::Flow(flow) => flow.parameters.len(),
            Fitted::Dense(dense) => dense.parameters.len(),
        }
    }

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.shares.len()
    }

    /// How learning went.
    pub fn training(&self) -> &Training {
        &self.training
    }

    /// What was done differently from what one may expect while learning.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// True when images are drawn by class; otherwise classes of drawn images mean nothing.
    pub fn is_conditional(&self) -> bool {
        match &self.fitted {
            Fitted::Flow(_) => true,
            Fitted::Dense(dense) => dense.told > 0,
        }
    }

    /// The same model, drawing images in so many steps with so much guidance. Methods without such options stay as they are.
    #[must_use]
    pub fn with_guidance(mut self, guidance: f32, steps: u32) -> Self {
        if let Fitted::Flow(flow) = &mut self.fitted {
            (flow.options.guidance, flow.options.steps) = (guidance, steps);
            self.method = ImageSynthesizer::Flow(flow.options.clone());
        }
        self
    }

    /// Draws the images of these numbers, of one class or of classes as frequent as they were learned. An image depends on
    /// the seed and its number alone.
    ///
    /// # Errors
    /// [`Error::Options`] when there is no such class, or the method knows none; [`Error::Cancelled`].
    pub fn sample(
        &self,
        numbers: std::ops::Range<u64>,
        class: Option<u32>,
        context: &Context<'_>,
    ) -> Result<Images> {
        if class.is_some_and(|class| class as usize >= self.classes() || !self.is_conditional()) {
            return Err(Error::Options { problems: vec!["the model knows no such class".to_owned()] });
        }
        let seed = context.seed;
        let labels: Vec<u32> =
            numbers.clone().map(|number| class.unwrap_or_else(|| self.draw_class(seed, number))).collect();
        let pixels = self.prepare(seed).draw(numbers.start, &labels, context.progress)?;
        Images::new(self.shape, pixels, labels, self.classes())
    }

    /// The model made ready to draw the images of a seed. That takes a moment: draw many from one.
    pub fn prepare(&self, seed: Seed) -> Drawing<'_> {
        Drawing::new(self, seed)
    }

    /// The class of the image of this number, as frequent as it was learned.
    pub(crate) fn draw_class(&self, seed: Seed, number: u64) -> u32 {
        let mut left = seed.stream("class of images", number).unit();
        for (class, share) in self.shares.iter().enumerate() {
            left -= share;
            if left < 0.0 {
                return class as u32;
            }
        }
        // Shares add up to 1 but for rounding.
        self.shares.iter().rposition(|&share| share > 0.0).unwrap_or(0) as u32
    }

    /// Takes the model apart.
    pub fn to_parts(&self) -> Parts {
        let Shape { height, width, channels } = self.shape;
        let header = Header {
            kind: KIND.to_owned(),
            method: self.method.clone(),
            height,
            width,
            channels,
            training: self.training.clone(),
            warnings: self
                .warnings
                .iter()
                .map(|warning| Noted {
                    topic: warning.topic.name().to_owned(),
                    message: warning.message.clone(),
                })
                .collect(),
        };
        let parameters = match &self.fitted {
            Fitted::Flow(flow) => &flow.parameters,
            Fitted::Dense(dense) => &dense.parameters,
        };
        let arrays = BTreeMap::from([
            ("parameters".to_owned(), Array::F32(parameters.values().to_vec())),
            ("shares".to_owned(), Array::F64(self.shares.clone())),
        ]);
        // Plain data always becomes a value.
        Parts { header: serde_json::to_value(header).unwrap_or_default(), arrays }
    }

    /// Puts a model together.
    ///
    /// # Errors
    /// [`Error::Damaged`] naming the first rule that the parts break.
    pub fn from_parts(mut parts: Parts) -> Result<Self> {
        let damaged = |problem| Error::Damaged { problem };
        let header: Header =
            serde_json::from_value(parts.header).map_err(|_| damaged("the header is not one of images"))?;
        if header.kind != KIND {
            return Err(damaged("the header is not one of images"));
        }
        let warning = |told: Noted| Some(Warning::new(Topic::from_name(&told.topic)?, told.message));
        let warnings = header.warnings.into_iter().map(warning).collect::<Option<Vec<_>>>();
        let warnings = warnings.ok_or_else(|| damaged("a warning has an unknown topic"))?;
        let shape = Shape::new(header.height, header.width, header.channels);
        let sizes = [shape.height, shape.width, shape.channels];
        if sizes.contains(&0) || sizes.iter().any(|&size| size > 4096) || shape.size() > 1 << 22 {
            return Err(damaged("images have no such shape"));
        }
        if !header.method.problems(shape).is_empty() {
            return Err(damaged("options are out of range"));
        }
        let Some(Array::F64(shares)) = parts.arrays.remove("shares") else {
            return Err(damaged("the shares of classes are missing"));
        };
        let total: f64 = shares.iter().sum();
        if shares.is_empty()
            || shares.len() > 1 << 16
            || shares.iter().any(|share| !(0.0..=1.0 + 1e-9).contains(share))
            || (total - 1.0).abs() > 1e-6
        {
            return Err(damaged("the shares of classes do not add up"));
        }
        let Some(Array::F32(values)) = parts.arrays.remove("parameters") else {
            return Err(damaged("the parameters are missing"));
        };
        if !parts.arrays.is_empty() {
            return Err(damaged("it has arrays that nothing refers to"));
        }
        if values.len() > MOST_PARAMETERS || values.iter().any(|value| !value.is_finite()) {
            return Err(damaged("parameters are out of range"));
        }
        if header.method.least_parameters(shape, shares.len()) > values.len() {
            return Err(damaged("there are fewer parameters than the options want"));
        }
        let classes = shares.len();
        let (seed, mut parameters) = (Seed::new(0), Parameters::new());
        let mut fitted = match &header.method {
            ImageSynthesizer::Flow(flow) => Fitted::Flow(FittedFlow::empty(
                flow.clone(),
                &Images::new(shape, Vec::new(), Vec::new(), classes)?,
            )),
            ImageSynthesizer::Vae(vae) => {
                let network = vae.decoder(shape, classes, &mut parameters, seed);
                let told = if vae.conditional { classes } else { 0 };
                Fitted::Dense(Dense {
                    network,
                    parameters,
                    latent: vae.latent,
                    told,
                    output: Output::Sigmoid,
                })
            }
            ImageSynthesizer::Gan(gan) => {
                let network = gan.generator(shape, classes, &mut parameters, seed);
                let told = if gan.conditional { classes } else { 0 };
                Fitted::Dense(Dense { network, parameters, latent: gan.latent, told, output: Output::Tanh })
            }
        };
        let own = match &mut fitted {
            Fitted::Flow(flow) => &mut flow.parameters,
            Fitted::Dense(dense) => &mut dense.parameters,
        };
        if own.len() != values.len() {
            return Err(damaged("there are not as many parameters as the options want"));
        }
        own.values_mut().copy_from_slice(&values);
        Ok(ImageModel { method: header.method, shape, shares, fitted, training: header.training, warnings })
    }
}

impl ImageSynthesizer {
    /// A number of parameters that the network has at least: what a file describes is not built before it is known that the
    /// file has as many.
    fn least_parameters(&self, shape: Shape, classes: usize) -> usize {
        let dense = |inputs: usize, hidden: &[usize]| {
            let mut widths = vec![inputs];
            widths.extend_from_slice(hidden);
            widths.push(shape.size());
            widths.windows(2).fold(0_usize, |sum, pair| sum.saturating_add(pair[0].saturating_mul(pair[1])))
        };
        match self {
            ImageSynthesizer::Flow(flow) => flow.channels.iter().fold(
                classes
                    .saturating_mul(flow.embedding)
                    .saturating_add(flow.embedding.saturating_mul(flow.embedding)),
                |sum, &channels| {
                    let own =
                        channels.saturating_mul(channels).saturating_mul(18).saturating_mul(flow.blocks);
                    sum.saturating_add(own)
                },
            ),
            ImageSynthesizer::Vae(vae) => dense(vae.latent, &vae.hidden),
            ImageSynthesizer::Gan(gan) => dense(gan.latent, &gan.hidden),
        }
    }
}
