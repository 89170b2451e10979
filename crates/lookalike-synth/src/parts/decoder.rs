//! Decoders of noise as plain data, and back with every rule checked.

use std::collections::BTreeMap;

use lookalike_core::Seed;
use lookalike_learn::net::{Layer, Network, Parameters};
use serde::{Deserialize, Serialize};

use super::read::Arrays;
use super::{Array, damaged};
use crate::error::Result;
use crate::frame::Frame;
use crate::neural::{
    Choice, Cloud, Component, Correction, Encoding, FittedDecoder, FittedEncoder, Layout, Output, Prior,
    Shape, Told, Training,
};

/// The header's entry for a decoder of noise. Arrays that go with it are named `decoder/<what>` and
/// `heads/<number>/<what>`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Decoder {
    shape: Shape,
    encoding: Encoding,
    /// Numbers of the heads that are spikes and modes on a line: arrays `spikes` and `modes` (weight, mean, deviation).
    lines: Vec<usize>,
    /// Numbers of the heads of which a row is begun with a code, and whether the network is told of it.
    #[serde(default)]
    told: Vec<usize>,
    #[serde(default)]
    tells: bool,
    /// True when noise is drawn around means: arrays `decoder/means` and `decoder/factors`.
    #[serde(default)]
    clouds: bool,
    #[serde(default)]
    output: Output,
    /// The numbers whose lines are corrected: arrays `numbers/<number>/from` and `to`.
    #[serde(default)]
    corrected: Vec<usize>,
    /// Units of each hidden layer of the encoder, where there is one: array `encoder/parameters`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    encoder: Option<Vec<usize>>,
    /// True when heads say of instants where in a cycle they lie.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    cycles: bool,
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
    if let Some(encoder) = &model.encoder {
        let values = encoder.parameters.values().to_vec();
        arrays.insert("encoder/parameters".to_owned(), Array::F32(values));
    }
    arrays.insert("decoder/noise".to_owned(), Array::F32(model.noise.clone()));
    let moments: Vec<f32> = model.network.layers().iter().flat_map(moments).collect();
    if !moments.is_empty() {
        arrays.insert("decoder/moments".to_owned(), Array::F32(moments));
    }
    if let Prior::Classes(clouds) = &model.prior {
        let all = |part: fn(&Cloud) -> &Vec<f32>| clouds.iter().flat_map(part).copied().collect();
        arrays.insert("decoder/means".to_owned(), Array::F32(all(|cloud| &cloud.mean)));
        arrays.insert("decoder/factors".to_owned(), Array::F32(all(|cloud| &cloud.factor)));
    }
    let mut corrected = Vec::new();
    for (number, line) in model.lines.iter().enumerate() {
        if !line.from.is_empty() {
            corrected.push(number);
            arrays.insert(format!("numbers/{number}/from"), Array::F64(line.from.clone()));
            arrays.insert(format!("numbers/{number}/to"), Array::F64(line.to.clone()));
        }
    }
    Decoder {
        shape: model.shape.clone(),
        encoding: model.layout.encoding,
        lines,
        told: model.told.heads.clone(),
        tells: model.tells,
        clouds: matches!(model.prior, Prior::Classes(_)),
        output: model.output,
        corrected,
        cycles: model.layout.has_cycles(),
        encoder: model.encoder.as_ref().map(|encoder| encoder.hidden.clone()),
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

pub(super) fn read(
    header: &Decoder,
    method: &'static str,
    frame: Frame,
    arrays: &mut Arrays,
) -> Result<FittedDecoder> {
    let layout = layout(header, &frame, arrays)?;
    let told = Told::new(&frame, &layout, header.told.clone())
        .ok_or_else(|| damaged("what a network is told is impossible"))?;
    let told_width = if header.tells { told.width() } else { 0 };
    let shape = header.shape.clone();
    let sizes = std::iter::once(&shape.latent).chain(&shape.hidden);
    if shape.hidden.len() > 64 || sizes.clone().any(|&units| units == 0 || units > MOST_UNITS) {
        return Err(damaged("a network has an impossible shape"));
    }
    let values = arrays.singles("decoder/parameters")?;
    // The file must hold as many parameters before memory is taken for them.
    if shape.parameters(told_width, layout.width()) != Some(values.len()) {
        return Err(damaged("a network has not as many parameters as its shape wants"));
    }
    let mut parameters = Parameters::new();
    let mut network =
        shape.build(told_width, layout.width(), &mut parameters, &mut Seed::new(0).stream("shape", 0));
    parameters.values_mut().copy_from_slice(&values);
    read_moments(&mut network, arrays)?;
    let encoder = read_encoder(header, &layout, arrays)?;
    let noise = arrays.singles("decoder/noise")?;
    if noise.len() != layout.n_numbers || noise.iter().any(|&noise| noise < 0.0) {
        return Err(damaged("a network's noise is impossible"));
    }
    let prior = read_prior(header, shape.latent, &told, arrays)?;
    let lines = read_corrections(header, layout.n_numbers, arrays)?;
    Ok(FittedDecoder {
        method,
        frame,
        layout,
        shape,
        network,
        parameters,
        encoder,
        noise,
        told,
        tells: header.tells,
        prior,
        output: header.output,
        lines,
        training: header.training.clone(),
    })
}

fn read_encoder(header: &Decoder, layout: &Layout, arrays: &mut Arrays) -> Result<Option<FittedEncoder>> {
    let Some(hidden) = &header.encoder else { return Ok(None) };
    if hidden.len() > 64 || hidden.iter().any(|&units| units == 0 || units > MOST_UNITS) {
        return Err(damaged("an encoder has an impossible shape"));
    }
    let values = arrays.singles("encoder/parameters")?;
    let latent = header.shape.latent;
    if FittedEncoder::count(layout, hidden, latent) != Some(values.len()) {
        return Err(damaged("an encoder has not as many parameters as its shape wants"));
    }
    Ok(Some(FittedEncoder::new(layout, hidden.clone(), latent, &values)))
}

fn read_prior(header: &Decoder, latent: usize, told: &Told, arrays: &mut Arrays) -> Result<Prior> {
    if !header.clouds {
        return Ok(Prior::Normal);
    }
    let (means, factors) = (arrays.singles("decoder/means")?, arrays.singles("decoder/factors")?);
    let count = match told.heads.len() {
        0 => 1,
        1 => told.codes(0),
        _ => return Err(damaged("noise goes by more than one column")),
    };
    let each = latent * (latent + 1) / 2;
    if means.len() != count * latent || factors.len() != count * each {
        return Err(damaged("a network's noise has not as many means as it wants"));
    }
    let clouds = means.chunks_exact(latent).zip(factors.chunks_exact(each));
    let cloud = |(mean, factor): (&[f32], &[f32])| Cloud { mean: mean.to_vec(), factor: factor.to_vec() };
    Ok(Prior::Classes(clouds.map(cloud).collect()))
}

fn read_corrections(header: &Decoder, n_numbers: usize, arrays: &mut Arrays) -> Result<Vec<Correction>> {
    let problem = || damaged("what is put right about a number is impossible");
    if header.corrected.is_empty() {
        return Ok(Vec::new());
    }
    let mut lines = vec![Correction::default(); n_numbers];
    for &number in &header.corrected {
        let from = arrays.reals(&format!("numbers/{number}/from"))?;
        let to = arrays.reals(&format!("numbers/{number}/to"))?;
        let rises = |knots: &[f64]| {
            knots.iter().all(|knot| knot.is_finite()) && knots.windows(2).all(|pair| pair[0] <= pair[1])
        };
        if from.is_empty() || from.len() != to.len() || !rises(&from) || !rises(&to) {
            return Err(problem());
        }
        *lines.get_mut(number).ok_or_else(problem)? = Correction { from, to };
    }
    Ok(lines)
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
    let layout = Layout::rebuild(frame, header.encoding, header.cycles, &mut lines).ok_or_else(problem)?;
    if lines.is_empty() { Ok(layout) } else { Err(problem()) }
}
