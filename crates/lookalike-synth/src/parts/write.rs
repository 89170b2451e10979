use std::collections::BTreeMap;

use lookalike_core::Warning;
use lookalike_table::Levels;
use lookalike_table::schema::sdv;

use super::header::{self, Header};
use super::{Array, IMAGES, Parts};
use crate::constraints::ConstrainedModel;
use crate::frame::{Presence, Source};
use crate::image::ImageTableModel;
use crate::keys::Keys;
use crate::margin::{Margin, Support, Unit};
use crate::prose::Prose;
use crate::synthesizer::{
    AnyModel, AutoregressiveModel, CopulaModel, ForestModel, IndependentModel, NetworkModel,
};

pub(super) fn parts(model: &AnyModel) -> Parts {
    if let AnyModel::Constrained(constrained) = model {
        return with_constraints(constrained);
    }
    if let AnyModel::Image(model) = model {
        return with_images(model);
    }
    let frame = model.frame();
    let mut arrays = BTreeMap::new();
    let columns = frame
        .sources
        .iter()
        .zip(&frame.presence)
        .enumerate()
        .map(|(index, (source, presence))| header::Column {
            presence: match presence {
                Presence::Always => header::Presence::Always,
                Presence::Never => header::Presence::Never,
                Presence::Mask(mask) => header::Presence::Mask(*mask),
            },
            source: write_source(index, source, &mut arrays),
        })
        .collect();
    let (mut forest, mut decoder, mut networks) = (None, None, None);
    match model {
        AnyModel::Constrained(_) | AnyModel::Image(_) => unreachable!("the inner model is written"),
        AnyModel::Forest(ForestModel(model)) => forest = Some(super::forest::write(model, &mut arrays)),
        AnyModel::Network(NetworkModel(model)) => decoder = Some(super::decoder::write(model, &mut arrays)),
        AnyModel::Autoregressive(AutoregressiveModel(model)) => {
            networks = Some(super::networks::write(model, &mut arrays));
        }
        AnyModel::Copula(CopulaModel(latent)) | AnyModel::Independent(IndependentModel(latent)) => {
            if let Some(correlation) = &latent.correlation {
                let size = latent.variables.len();
                let lower = (0..size)
                    .flat_map(|row| (0..row).map(move |column| (row, column)))
                    .map(|(r, c)| correlation[r * size + c]);
                arrays.insert("correlation".to_owned(), Array::F64(lower.collect()));
            }
        }
    }
    let header = Header {
        method: model.method().to_owned(),
        contains_training_rows: model.contains_training_rows(),
        n_rows: frame.n_rows,
        n_units: frame.n_units,
        min_units: frame.protection.min_units,
        unit: frame.unit,
        target: frame.target,
        schema: sdv::to_value(&frame.schema),
        columns,
        masks: frame.masks.iter().map(|mask| mask.missing).collect(),
        warnings: frame.warnings.iter().map(write_warning).collect(),
        forest,
        decoder,
        networks,
        constrained: None,
        images: None,
    };
    Parts { header: serde_json::to_value(header).expect("headers are plain data"), arrays }
}

fn write_warning(warning: &Warning) -> header::Warning {
    header::Warning {
        topic: warning.topic.name().to_owned(),
        column: warning.column.clone(),
        message: warning.message.clone(),
    }
}

/// The parts of the inner model, and how its rows come to those in which the constraints hold.
fn with_constraints(model: &ConstrainedModel) -> Parts {
    let mut parts = parts(&model.inner);
    let constrained = header::Constrained {
        version: header::CONSTRAINED_VERSION,
        schema: sdv::to_value(&model.schema),
        plan: model.plan.clone(),
        warnings: model.warnings.iter().map(write_warning).collect(),
    };
    parts.header["constrained"] = serde_json::to_value(constrained).expect("plans are plain data");
    parts
}

/// The parts of the other columns' model, and those of the images' beside them.
fn with_images(model: &ImageTableModel) -> Parts {
    let mut parts = parts(&model.inner);
    let own = model.images.to_parts();
    let images = header::Images {
        version: header::IMAGES_VERSION,
        class_column: model.classes.as_ref().map(|classes| classes.column),
        model: own.header,
        warnings: model.warnings.iter().map(write_warning).collect(),
    };
    parts.header["images"] = serde_json::to_value(images).expect("headers are plain data");
    parts.arrays.extend(own.arrays.into_iter().map(|(name, array)| (format!("{IMAGES}{name}"), array)));
    parts
}

fn write_source(index: usize, source: &Source, arrays: &mut BTreeMap<String, Array>) -> header::Source {
    match source {
        Source::Nothing => header::Source::Nothing {},
        Source::Keys(Keys::Numbers { first, end }) => header::Source::KeyNumbers { first: *first, end: *end },
        Source::Keys(Keys::Patterns(patterns)) => header::Source::KeyPatterns {
            patterns: patterns.iter().map(|(pattern, count)| (pattern.to_string(), *count)).collect(),
        },
        Source::Texts(texts) => header::Source::Texts(texts.clone()),
        Source::Prose(prose) => write_prose(index, prose, arrays),
        Source::Fakes(fake) => header::Source::StandIns {
            locale: fake.fake.locale.code().to_owned(),
            person: fake.person,
            unique: fake.unique,
        },
        Source::Margin(margin) => write_margin(index, margin, arrays),
    }
}

fn write_prose(index: usize, prose: &Prose, arrays: &mut BTreeMap<String, Array>) -> header::Source {
    let mut put = |what: &str, array: Array| {
        arrays.insert(format!("columns/{index}/{what}"), array);
    };
    let (offsets, bytes) = flatten(&Levels::new(&prose.words));
    put("words.offsets", Array::U64(offsets));
    put("words.bytes", Array::U8(bytes));
    put("alone", Array::U64(prose.alone.clone()));
    for (name, follow) in [("after_two", &prose.after_two), ("after_one", &prose.after_one)] {
        put(&format!("{name}.contexts"), Array::U32(follow.contexts.clone()));
        put(&format!("{name}.totals"), Array::U64(follow.totals.clone()));
        put(&format!("{name}.starts"), Array::U64(follow.starts.clone()));
        put(&format!("{name}.next"), Array::U32(follow.next.clone()));
        put(&format!("{name}.counts"), Array::U64(follow.counts.clone()));
    }
    header::Source::Prose(prose.lengths.clone())
}

fn write_margin(index: usize, margin: &Margin, arrays: &mut BTreeMap<String, Array>) -> header::Source {
    let mut put = |what: &str, array: Array| {
        arrays.insert(format!("columns/{index}/{what}"), array);
    };
    put("counts", Array::U64(margin.counts.clone()));
    match &margin.support {
        Support::Levels { levels, codes } => {
            let (offsets, bytes) = flatten(levels);
            put("levels.offsets", Array::U64(offsets));
            put("levels.bytes", Array::U8(bytes));
            put("codes", Array::U32(codes.clone()));
            header::Source::Levels {}
        }
        Support::Booleans(values) => header::Source::Booleans { values: values.clone() },
        Support::Grid { grid, low, high } => {
            put("low", Array::I64(low.clone()));
            put("high", Array::I64(high.clone()));
            let unit = match grid.unit {
                Unit::Integer => header::Unit::Integer,
                Unit::Unsigned => header::Unit::Unsigned,
                Unit::Places(places) => header::Unit::Places(places),
                Unit::Decimal(scale) => header::Unit::Decimal(scale),
                Unit::Instant => header::Unit::Instant,
            };
            header::Source::Grid { unit, origin: grid.origin, step: grid.step }
        }
        Support::Reals { low, high } => {
            put("low", Array::F64(low.clone()));
            put("high", Array::F64(high.clone()));
            header::Source::Reals {}
        }
    }
}

/// Texts one after the other, and where each begins and ends.
fn flatten(levels: &Levels) -> (Vec<u64>, Vec<u8>) {
    let mut offsets = vec![0];
    let mut bytes = Vec::new();
    for level in levels.iter() {
        bytes.extend_from_slice(level.as_bytes());
        offsets.push(bytes.len() as u64);
    }
    (offsets, bytes)
}
