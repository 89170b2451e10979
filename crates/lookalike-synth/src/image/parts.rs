//! Models of images taken apart into plain data, and put together again with every rule checked.

use std::collections::BTreeMap;

use lookalike_core::{Seed, Topic, Warning};
use lookalike_learn::net::image::Shape;
use serde::{Deserialize, Serialize};

use super::flow::{Base, FittedFlow};
use super::model::{Fitted, ImageModel};
use super::synthesizer::ImageSynthesizer;
use crate::error::{Error, Result};
use crate::neural::Training;
use crate::parts::{Array, Parts};

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
            Fitted::Decoder(decoder) => &decoder.parameters,
        };
        let mut arrays = BTreeMap::from([
            ("parameters".to_owned(), Array::F32(parameters.values().to_vec())),
            ("shares".to_owned(), Array::F64(self.shares.clone())),
        ]);
        if let Fitted::Flow(flow) = &self.fitted {
            write_base(&flow.base, &mut arrays);
        }
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
        if header.method.check().is_err() {
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
        if values.len() > MOST_PARAMETERS || values.iter().any(|value| !value.is_finite()) {
            return Err(damaged("parameters are out of range"));
        }
        if header.method.least_parameters(shape, shares.len()) > values.len() {
            return Err(damaged("there are fewer parameters than the options want"));
        }
        let classes = shares.len();
        let mut fitted = match (&header.method, header.method.recipe()) {
            (ImageSynthesizer::Flow(flow), _) => {
                let size = flow.size(shape, classes).image.size();
                let base = read_base((size, classes, flow.axes), &mut parts.arrays)
                    .ok_or_else(|| damaged("the distributions of classes are damaged"))?;
                Fitted::Flow(FittedFlow::empty(flow.clone(), shape, classes, base))
            }
            (_, Some(recipe)) => Fitted::Decoder(recipe.decoder(shape, classes, Seed::new(0))),
            (_, None) => return Err(damaged("the method is unknown")),
        };
        if !parts.arrays.is_empty() {
            return Err(damaged("it has arrays that nothing refers to"));
        }
        let own = match &mut fitted {
            Fitted::Flow(flow) => &mut flow.parameters,
            Fitted::Decoder(decoder) => &mut decoder.parameters,
        };
        if own.len() != values.len() {
            return Err(damaged("there are not as many parameters as the options want"));
        }
        own.values_mut().copy_from_slice(&values);
        Ok(ImageModel { method: header.method, shape, shares, fitted, training: header.training, warnings })
    }
}

fn write_base(base: &Base, arrays: &mut BTreeMap<String, Array>) {
    let ranks = base.covariances.iter().map(|own| own.variances().len() as u32).collect();
    let variances =
        base.covariances.iter().flat_map(|own| own.variances().iter().copied().chain([own.rest()])).collect();
    let axes = base.covariances.iter().flat_map(|own| own.axes().iter().copied()).collect();
    arrays.extend([
        ("means".to_owned(), Array::F32(base.means.clone())),
        ("covariances".to_owned(), Array::U32(base.which.clone())),
        ("ranks".to_owned(), Array::U32(ranks)),
        ("variances".to_owned(), Array::F32(variances)),
        ("axes".to_owned(), Array::F32(axes)),
    ]);
}

fn read_base(sizes: (usize, usize, usize), arrays: &mut BTreeMap<String, Array>) -> Option<Base> {
    let mut real = |name: &str| match arrays.remove(name) {
        Some(Array::F32(numbers)) => Some(numbers),
        _ => None,
    };
    let (means, variances, axes) = (real("means")?, real("variances")?, real("axes")?);
    let mut whole = |name: &str| match arrays.remove(name) {
        Some(Array::U32(numbers)) => Some(numbers),
        _ => None,
    };
    let (which, ranks) = (whole("covariances")?, whole("ranks")?);
    Base::from_numbers(sizes, means, which, (&ranks, &variances, &axes))
}
