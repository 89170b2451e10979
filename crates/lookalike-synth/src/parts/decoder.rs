//! Decoders of noise as plain data, and back with every rule checked.

use std::collections::BTreeMap;

use lookalike_core::Seed;
use lookalike_learn::net::{Layer, Network, Parameters};
use serde::{Deserialize, Serialize};

use super::read::Arrays;
use super::{Array, damaged};
use crate::error::Result;
use crate::frame::Frame;
use crate::neural::{Choice, Component, Encoding, FittedDecoder, Layout, Shape, Training};

/// The header's entry for a decoder of noise. Arrays that go with it are named `decoder/<what>` and
/// `heads/<number>/<what>`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Decoder {
    shape: Shape,
    encoding: Encoding,
    /// Numbers of the heads that are spikes and modes on a line: arrays `spikes` and `modes` (weight, mean, deviation).
    lines: Vec<usize>,
    training: Training,
}

/// Sizes beyond this are no network of ours.
const MOST_UNITS: usize = 1 << 16;
const MOST_MODES: usize = 64;

pub(super) fn write(model: &FittedDecoder, arrays: &mut BTreeMap<String, Array>) -> Decoder {
    let mut lines = Vec::new();
    for (number, head) in model.layout.heads.iter().enumerate() {
        if let Choice::Line { spikes, modes, .. } = &head.choice {
            lines.push(number);
            arrays.insert(format!("heads/{number}/spikes"), Array::U32(spikes.clone()));
            let modes = modes.iter().flat_map(|mode| [mode.weight, mode.mean, mode.deviation]);
            arrays.insert(format!("heads/{number}/modes"), Array::F64(modes.collect()));
        }
    }
    arrays.insert("decoder/parameters".to_owned(), Array::F32(model.parameters.values().to_vec()));
    arrays.insert("decoder/noise".to_owned(), Array::F32(model.noise.clone()));
    let moments: Vec<f32> = model.network.layers().iter().flat_map(moments).collect();
    if !moments.is_empty() {
        arrays.insert("decoder/moments".to_owned(), Array::F32(moments));
    }
    Decoder {
        shape: model.shape.clone(),
        encoding: model.layout.encoding,
        lines,
        training: model.training.clone(),
    }
}

/// What a layer has seen of batches: means, then variances.
fn moments(layer: &Layer) -> Vec<f32> {
    match layer {
        Layer::BatchNorm(norm) => norm.mean.iter().chain(&norm.variance).copied().collect(),
        _ => Vec::new(),
    }
}

pub(super) fn read(header: &Decoder, frame: Frame, arrays: &mut Arrays) -> Result<FittedDecoder> {
    let layout = layout(header, &frame, arrays)?;
    let shape = header.shape.clone();
    let sizes = std::iter::once(&shape.latent).chain(&shape.hidden);
    if shape.hidden.len() > 64 || sizes.clone().any(|&units| units == 0 || units > MOST_UNITS) {
        return Err(damaged("a network has an impossible shape"));
    }
    let values = arrays.singles("decoder/parameters")?;
    // The file must hold as many parameters before memory is taken for them.
    if shape.parameters(layout.width()) != Some(values.len()) {
        return Err(damaged("a network has not as many parameters as its shape wants"));
    }
    let mut parameters = Parameters::new();
    let mut network = shape.build(layout.width(), &mut parameters, &mut Seed::new(0).stream("shape", 0));
    parameters.values_mut().copy_from_slice(&values);
    read_moments(&mut network, arrays)?;
    let noise = arrays.singles("decoder/noise")?;
    if noise.len() != layout.n_numbers || noise.iter().any(|&noise| noise < 0.0) {
        return Err(damaged("a network's noise is impossible"));
    }
    Ok(FittedDecoder { frame, layout, shape, network, parameters, noise, training: header.training.clone() })
}

fn read_moments(network: &mut Network, arrays: &mut Arrays) -> Result<()> {
    let problem = || damaged("what a network normalises by is impossible");
    let wanted: usize = network.layers().iter().map(|layer| moments(layer).len()).sum();
    if wanted == 0 {
        return Ok(());
    }
    let all = arrays.singles("decoder/moments")?;
    if all.len() != wanted {
        return Err(problem());
    }
    let mut rest = all.as_slice();
    for layer in network.layers_mut() {
        if let Layer::BatchNorm(norm) = layer {
            let (mean, others) = rest.split_at(norm.mean.len());
            let (variance, others) = others.split_at(norm.variance.len());
            if variance.iter().any(|&variance| variance < 0.0) {
                return Err(problem());
            }
            norm.mean.copy_from_slice(mean);
            norm.variance.copy_from_slice(variance);
            rest = others;
        }
    }
    Ok(())
}

fn layout(header: &Decoder, frame: &Frame, arrays: &mut Arrays) -> Result<Layout> {
    let problem = || damaged("a column's spikes or modes are impossible");
    let mut lines: BTreeMap<usize, (Vec<u32>, Vec<Component>)> = BTreeMap::new();
    for &number in &header.lines {
        let spikes = arrays.codes(&format!("heads/{number}/spikes"))?;
        let modes = arrays.reals(&format!("heads/{number}/modes"))?;
        let (modes, rest) = modes.as_chunks::<3>();
        let sound = |[weight, mean, deviation]: &[f64; 3]| {
            *weight > 0.0 && *deviation > 0.0 && [weight, mean, deviation].iter().all(|x| x.is_finite())
        };
        if !rest.is_empty() || modes.is_empty() || modes.len() > MOST_MODES || !modes.iter().all(sound) {
            return Err(problem());
        }
        if !spikes.windows(2).all(|pair| pair[0] < pair[1]) {
            return Err(problem());
        }
        let modes = modes.iter().map(|&[weight, mean, deviation]| Component { weight, mean, deviation });
        if lines.insert(number, (spikes, modes.collect())).is_some() {
            return Err(problem());
        }
    }
    let layout = Layout::rebuild(frame, header.encoding, &mut lines).ok_or_else(problem)?;
    if lines.is_empty() { Ok(layout) } else { Err(problem()) }
}
