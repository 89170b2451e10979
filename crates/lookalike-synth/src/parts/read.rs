use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashSet;
use lookalike_core::{Topic, Warning};
use lookalike_table::pattern::Pattern;
use lookalike_table::protect::Protection;
use lookalike_table::schema::sdv;
use lookalike_table::{Kind, Levels, Locale, Personal};

use super::header::{self, Header};
use super::{Array, IMAGES, Parts, damaged};
use crate::constraints::ConstrainedModel;
use crate::error::Result;
use crate::frame::{Frame, Mask, Presence, Source};
use crate::image::{ImageModel, ImageTableModel};
use crate::keys::Keys;
use crate::latent::Latent;
use crate::margin::{Grid, Margin, Support, Unit};
use crate::prose::{Follow, Prose, ProseLengths};
use crate::standin::{Fake, FakeColumn};
use crate::synthesizer::{
    AnyModel, AutoregressiveModel, CopulaModel, ForestModel, IndependentModel, NetworkModel,
};

/// Counts stay below this, so that sums of them are exact in a double and never overflow.
const MOST_ROWS: u64 = 1 << 52;

pub(super) fn model(mut parts: Parts) -> Result<AnyModel> {
    let mut header: Header = serde_json::from_value(parts.header)
        .map_err(|_| damaged("its header does not have the expected entries"))?;
    let constrained = header.constrained.take();
    if let Some(images) = header.images.take() {
        if constrained.is_some() {
            return Err(damaged("models of images know no constraints"));
        }
        let (own, others) = parts.arrays.into_iter().partition(|(name, _)| name.starts_with(IMAGES));
        return with_images(images, own, method_model(header, others)?);
    }
    let inner = method_model(header, std::mem::take(&mut parts.arrays))?;
    let Some(constrained) = constrained else { return Ok(inner) };
    if constrained.version != header::CONSTRAINED_VERSION {
        return Err(damaged("its constraints are of a version that this one does not read"));
    }
    let schema = sdv::from_value(&constrained.schema).map_err(|_| damaged("its schema cannot be read"))?;
    let warnings = read_warnings(constrained.warnings)?;
    ConstrainedModel::restore(inner, schema, constrained.plan, warnings)
        .map(AnyModel::Constrained)
        .ok_or_else(|| damaged("its constraints and its columns do not belong together"))
}

/// A model of images beside one of the other columns.
fn with_images(images: header::Images, arrays: BTreeMap<String, Array>, inner: AnyModel) -> Result<AnyModel> {
    if images.version != header::IMAGES_VERSION {
        return Err(damaged("its images are of a version that this one does not read"));
    }
    let arrays = arrays.into_iter().map(|(name, array)| (name[IMAGES.len()..].to_owned(), array)).collect();
    let model = ImageModel::from_parts(Parts { header: images.model, arrays })?;
    let warnings = read_warnings(images.warnings)?;
    ImageTableModel::restore(inner, model, images.class_column, warnings)
        .map(|model| AnyModel::Image(Box::new(model)))
        .ok_or_else(|| damaged("its images and its columns do not belong together"))
}

fn read_warnings(warnings: Vec<header::Warning>) -> Result<Vec<Warning>> {
    let read = |warning: header::Warning| {
        let topic =
            Topic::from_name(&warning.topic).ok_or_else(|| damaged("a warning has an unknown topic"))?;
        Ok(Warning { topic, column: warning.column, message: warning.message })
    };
    warnings.into_iter().map(read).collect()
}

fn method_model(header: Header, arrays: BTreeMap<String, Array>) -> Result<AnyModel> {
    if header.contains_training_rows {
        return Err(damaged("it says that it holds training rows, which no method of this version does"));
    }
    let mut arrays = Arrays(arrays);
    let schema = sdv::from_value(&header.schema).map_err(|_| damaged("its schema cannot be read"))?;
    let n_columns = schema.columns.len();
    if header.columns.len() != n_columns || n_columns == 0 {
        return Err(damaged("the numbers of columns in header and schema differ"));
    }
    if header.n_rows == 0
        || header.n_rows > MOST_ROWS
        || header.n_units > header.n_rows
        || header.min_units == 0
    {
        return Err(damaged("its numbers of rows and units are impossible"));
    }
    if header.unit.is_some_and(|unit| unit >= n_columns)
        || header.target.is_some_and(|target| target >= n_columns)
    {
        return Err(damaged("it names a column that does not exist"));
    }
    if header.masks.iter().any(|&missing| missing == 0 || missing >= header.n_rows) {
        return Err(damaged("a mask covers no row or every row"));
    }
    let mut sources = Vec::with_capacity(n_columns);
    let mut presence = Vec::with_capacity(n_columns);
    for (index, column) in header.columns.into_iter().enumerate() {
        sources.push(read_source(index, column.source, schema.columns[index].personal, &mut arrays)?);
        presence.push(match column.presence {
            header::Presence::Always => Presence::Always,
            header::Presence::Never => Presence::Never,
            header::Presence::Mask(mask) if mask < header.masks.len() => Presence::Mask(mask),
            header::Presence::Mask(_) => {
                return Err(damaged("a column refers to a mask that does not exist"));
            }
        });
    }
    let warnings = read_warnings(header.warnings)?;
    let frame = Frame {
        schema: Arc::new(schema),
        n_rows: header.n_rows,
        n_units: header.n_units,
        unit: header.unit,
        target: header.target,
        protection: Protection { min_units: header.min_units },
        sources,
        presence,
        masks: header.masks.into_iter().map(|missing| Mask { missing }).collect(),
        warnings,
    };
    check_kinds(&frame)?;
    let variables = Latent::variables(&frame);
    let network = crate::neural::METHODS.into_iter().find(|method| *method == header.method);
    let has_networks = header.method == "autoregressive";
    if header.forest.is_some() != (header.method == "forest")
        || header.decoder.is_some() != network.is_some()
        || header.networks.is_some() != has_networks
    {
        return Err(damaged("its method and its entries do not match"));
    }
    if let (Some(method), Some(decoder)) = (network, &header.decoder) {
        let decoder = super::decoder::read(decoder, method, frame, &mut arrays)?;
        return whole(AnyModel::Network(NetworkModel(Box::new(decoder))), &arrays);
    }
    let model = match header.method.as_str() {
        "forest" => {
            let forest = header.forest.as_ref().ok_or_else(|| damaged("a forest has no trees"))?;
            AnyModel::Forest(ForestModel(super::forest::read(forest, frame, &mut arrays)?))
        }
        "autoregressive" => {
            let networks = header.networks.as_ref().ok_or_else(|| damaged("it has no networks"))?;
            let networks = super::networks::read(networks, frame, &mut arrays)?;
            AnyModel::Autoregressive(AutoregressiveModel(Box::new(networks)))
        }
        "copula" => {
            let correlation = Some(read_correlation(arrays.reals("correlation")?, variables.len())?);
            AnyModel::Copula(CopulaModel(Latent { frame, variables, correlation }))
        }
        "independent" => {
            AnyModel::Independent(IndependentModel(Latent { frame, variables, correlation: None }))
        }
        _ => return Err(damaged("its method is unknown to this version")),
    };
    whole(model, &arrays)
}

/// A model of which no array is left over.
fn whole(model: AnyModel, arrays: &Arrays) -> Result<AnyModel> {
    if arrays.0.is_empty() { Ok(model) } else { Err(damaged("it has arrays that nothing refers to")) }
}

/// What each column holds must be of the kind that the schema says.
fn check_kinds(frame: &Frame) -> Result<()> {
    for (index, (source, column)) in frame.sources.iter().zip(&frame.schema.columns).enumerate() {
        let right = match (source, &column.kind) {
            (Source::Keys(_), kind) => matches!(kind, Kind::Id(_)),
            (Source::Texts(_) | Source::Prose(_) | Source::Fakes(_), kind) => matches!(kind, Kind::Text),
            (Source::Margin(_) | Source::Nothing, Kind::Id(_) | Kind::Text) => false,
            (Source::Nothing, _) => frame.presence[index] == Presence::Never,
            (Source::Margin(_), kind) => kind.fits(&frame.missing_column(index, 1)),
        };
        if !right {
            return Err(damaged("a column's values are not of the kind that its schema says"));
        }
    }
    Ok(())
}

fn read_source(
    index: usize,
    source: header::Source,
    personal: Option<Personal>,
    arrays: &mut Arrays,
) -> Result<Source> {
    let name = |what: &str| format!("columns/{index}/{what}");
    let support = match source {
        header::Source::Nothing {} => return Ok(Source::Nothing),
        header::Source::KeyNumbers { first, end } => {
            if end <= first {
                return Err(damaged("a range of keys is empty"));
            }
            return Ok(Source::Keys(Keys::Numbers { first, end }));
        }
        header::Source::KeyPatterns { patterns } => {
            let sum = patterns.iter().try_fold(0_u64, |sum, (_, count)| sum.checked_add(*count));
            if patterns.is_empty() || sum.is_none_or(|sum| sum > MOST_ROWS) {
                return Err(damaged("key patterns have impossible counts"));
            }
            let patterns = patterns
                .into_iter()
                .map(|(regex, count)| {
                    let pattern =
                        Pattern::parse(&regex).map_err(|_| damaged("a key pattern cannot be read"))?;
                    Ok((pattern, count))
                })
                .collect::<Result<Vec<_>>>()?;
            if patterns.iter().any(|(pattern, _)| pattern.size() == 0) {
                return Err(damaged("a key pattern allows no key"));
            }
            return Ok(Source::Keys(Keys::Patterns(patterns)));
        }
        header::Source::Texts(texts) => {
            return if texts.is_sound() {
                Ok(Source::Texts(texts))
            } else {
                Err(damaged("text shapes are impossible"))
            };
        }
        header::Source::Prose(lengths) => return read_prose(index, lengths, arrays),
        header::Source::StandIns { locale, person, unique } => {
            let sort = personal.ok_or_else(|| damaged("stand-ins are of no sort of personal data"))?;
            let locale = Locale::ALL.into_iter().find(|known| known.code() == locale);
            let locale = locale.ok_or_else(|| damaged("stand-ins are of an unknown locale"))?;
            return Ok(Source::Fakes(FakeColumn { fake: Fake::new(sort, locale), person, unique }));
        }
        header::Source::Booleans { values } => Support::Booleans(values),
        header::Source::Levels {} => {
            let levels =
                read_levels(&arrays.counts(&name("levels.offsets"))?, &arrays.bytes(&name("levels.bytes"))?)?;
            let codes = arrays.codes(&name("codes"))?;
            let distinct: HashSet<u32> = codes.iter().copied().collect();
            if distinct.len() != codes.len() || codes.iter().any(|&code| code as usize >= levels.len()) {
                return Err(damaged("level codes repeat or are out of range"));
            }
            Support::Levels { levels, codes }
        }
        header::Source::Grid { unit, origin, step } => {
            let unit = read_unit(&unit)?;
            let (low, high) = (arrays.positions(&name("low"))?, arrays.positions(&name("high"))?);
            let grid = Grid { unit, origin, step };
            check_ranges(&low, &high, |a, b| a < b)?;
            let at = |tick: i64| i128::from(origin) + i128::from(step) * i128::from(tick);
            let fits = |tick: i64| i64::try_from(at(tick)).is_ok();
            if step < 1 || !low.iter().chain(&high).all(|&tick| fits(tick)) {
                return Err(damaged("a grid's values are out of range"));
            }
            Support::Grid { grid, low, high }
        }
        header::Source::Reals {} => {
            let (low, high) = (arrays.reals(&name("low"))?, arrays.reals(&name("high"))?);
            check_ranges(&low, &high, |a, b| a <= b)?;
            Support::Reals { low, high }
        }
    };
    let counts = arrays.counts(&name("counts"))?;
    let sum = counts.iter().try_fold(0_u64, |sum, &count| sum.checked_add(count));
    if counts.len() != support.len()
        || counts.contains(&0)
        || sum.is_none_or(|sum| sum == 0 || sum > MOST_ROWS)
    {
        return Err(damaged("a column's counts are impossible"));
    }
    if matches!(&support, Support::Booleans(values) if values.len() > 2 || values.windows(2).any(|pair| pair[0] == pair[1]))
    {
        return Err(damaged("a column has more than two truth values"));
    }
    Ok(Source::Margin(Margin { support, counts }))
}

fn read_prose(index: usize, lengths: ProseLengths, arrays: &mut Arrays) -> Result<Source> {
    let name = |what: &str| format!("columns/{index}/{what}");
    let mut follow = |order: &str| -> Result<Follow> {
        let name = |what: &str| name(&format!("{order}.{what}"));
        Ok(Follow {
            contexts: arrays.codes(&name("contexts"))?,
            totals: arrays.counts(&name("totals"))?,
            starts: arrays.counts(&name("starts"))?,
            next: arrays.codes(&name("next"))?,
            counts: arrays.counts(&name("counts"))?,
        })
    };
    let (after_two, after_one) = (follow("after_two")?, follow("after_one")?);
    let words = read_levels(&arrays.counts(&name("words.offsets"))?, &arrays.bytes(&name("words.bytes"))?)?;
    let words = words.iter().map(str::to_owned).collect();
    let alone = arrays.counts(&name("alone"))?;
    let prose = Prose { lengths, words, after_two, after_one, alone };
    if prose.is_sound() {
        Ok(Source::Prose(Box::new(prose)))
    } else {
        Err(damaged("a model of words is impossible"))
    }
}

fn read_unit(unit: &header::Unit) -> Result<Unit> {
    Ok(match *unit {
        header::Unit::Integer => Unit::Integer,
        header::Unit::Unsigned => Unit::Unsigned,
        header::Unit::Instant => Unit::Instant,
        header::Unit::Places(places) if places <= 15 => Unit::Places(places),
        header::Unit::Decimal(scale) if (-38..=38).contains(&scale) => Unit::Decimal(scale),
        _ => return Err(damaged("a grid's unit is out of range")),
    })
}

/// Ranges must be as many as each other, right way round, rising, and numbers.
fn check_ranges<V: Copy + PartialOrd>(low: &[V], high: &[V], apart: impl Fn(V, V) -> bool) -> Result<()> {
    let right_way = low.len() == high.len() && low.iter().zip(high).all(|(low, high)| low <= high);
    let rising = high.iter().zip(low.iter().skip(1)).all(|(&before, &next)| apart(before, next));
    if right_way && rising { Ok(()) } else { Err(damaged("a column's ranges are not in order")) }
}

fn read_levels(offsets: &[u64], bytes: &[u8]) -> Result<Levels> {
    let problem = || damaged("a column's levels cannot be read");
    if offsets.first() != Some(&0) || offsets.last().copied() != Some(bytes.len() as u64) {
        return Err(problem());
    }
    let mut seen = HashSet::new();
    let mut texts = Vec::with_capacity(offsets.len() - 1);
    for pair in offsets.windows(2) {
        let range = usize::try_from(pair[0]).ok().zip(usize::try_from(pair[1]).ok()).ok_or_else(problem)?;
        let text = bytes
            .get(range.0..range.1)
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .ok_or_else(problem)?;
        if !seen.insert(text) {
            return Err(damaged("a column's levels repeat"));
        }
        texts.push(text);
    }
    Ok(Levels::new(texts))
}

fn read_correlation(lower: Vec<f64>, size: usize) -> Result<Vec<f64>> {
    if Some(lower.len()) != size.checked_mul(size.saturating_sub(1)).map(|twice| twice / 2) {
        return Err(damaged("its correlations do not match its columns"));
    }
    if !lower.iter().all(|entry| entry.abs() <= 1.0) {
        return Err(damaged("a correlation is out of range"));
    }
    let mut matrix = vec![0.0; size * size];
    let mut entries = lower.into_iter();
    for row in 0..size {
        matrix[row * size + row] = 1.0;
        for (column, entry) in (0..row).zip(&mut entries) {
            matrix[row * size + column] = entry;
            matrix[column * size + row] = entry;
        }
    }
    lookalike_learn::gaussian::cholesky(size, |row, column| matrix[row * size + column])
        .ok_or_else(|| damaged("its correlations contradict each other"))?;
    Ok(matrix)
}

/// Arrays that are taken out one by one, so that what is left over is seen.
pub(super) struct Arrays(BTreeMap<String, Array>);

impl Arrays {
    pub(super) fn take(&mut self, name: &str) -> Result<Array> {
        self.0.remove(name).ok_or_else(|| damaged("an array is missing"))
    }

    pub(super) fn counts(&mut self, name: &str) -> Result<Vec<u64>> {
        if let Array::U64(values) = self.take(name)? { Ok(values) } else { Err(wrong_type()) }
    }

    pub(super) fn codes(&mut self, name: &str) -> Result<Vec<u32>> {
        if let Array::U32(values) = self.take(name)? { Ok(values) } else { Err(wrong_type()) }
    }

    pub(super) fn positions(&mut self, name: &str) -> Result<Vec<i64>> {
        if let Array::I64(values) = self.take(name)? { Ok(values) } else { Err(wrong_type()) }
    }

    pub(super) fn bytes(&mut self, name: &str) -> Result<Vec<u8>> {
        if let Array::U8(values) = self.take(name)? { Ok(values) } else { Err(wrong_type()) }
    }

    pub(super) fn singles(&mut self, name: &str) -> Result<Vec<f32>> {
        match self.take(name)? {
            Array::F32(values) if values.iter().all(|value| value.is_finite()) => Ok(values),
            Array::F32(_) => Err(damaged("an array holds what is not a number")),
            _ => Err(wrong_type()),
        }
    }

    pub(super) fn reals(&mut self, name: &str) -> Result<Vec<f64>> {
        match self.take(name)? {
            Array::F64(values) if values.iter().all(|value| !value.is_nan()) => Ok(values),
            Array::F64(_) => Err(damaged("an array holds what is not a number")),
            _ => Err(wrong_type()),
        }
    }
}

fn wrong_type() -> crate::error::Error {
    damaged("an array has the wrong type")
}
