//! A sample request resolved against a model's frame.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use lookalike_core::{Topic, Warning, normal_quantile};
use lookalike_table::{Column, Integers, Kind, Numbers, Table};

use crate::condition::{Condition, Operator};
use crate::error::{Error, Result};
use crate::frame::{Frame, Presence, Source};
use crate::margin::{Grid, Margin, Restricted, Support, Unit, Wanted};
use crate::refusal::Refusal;
use crate::sampler::{BLOCK_ROWS, SampleRequest};

/// What rows have to fulfil, in terms of margins and masks.
#[derive(Debug, Default)]
pub(crate) struct Request {
    /// Columns whose values are restricted by conditions.
    pub(crate) restricted: BTreeMap<usize, Restricted>,
    /// Masks that conditions decide: true for missing.
    pub(crate) masks: BTreeMap<usize, bool>,
    pub(crate) like: Option<Like>,
    /// Rows to draw others around.
    pub(crate) around: Option<Like>,
    /// The columns that are needed of the rows, if not all are.
    pub(crate) wanted: Option<Vec<bool>>,
    pub(crate) low_discrepancy: bool,
}

impl Request {
    /// Resolves conditions and given rows, or says which of them the model cannot support.
    pub(crate) fn new(request: &SampleRequest, frame: &Frame) -> Result<Self> {
        let mut wanted: BTreeMap<usize, (Vec<Operator>, Vec<Wanted>)> = BTreeMap::new();
        let mut masks: BTreeMap<usize, bool> = BTreeMap::new();
        let mut errors = Vec::new();
        let mut resolve = |condition: &Condition| -> Result<()> {
            let column = condition.column;
            let schema = &frame.schema.columns[column];
            let refused = |refusal| Error::Refused {
                column: schema.name.clone(),
                refusal: condition.reason(refusal, &frame.schema),
            };
            let (missing, texts) = condition.sought().map_err(refused)?;
            if !texts.is_empty() {
                if let Source::Fakes(_) = &frame.sources[column] {
                    return Err(Error::ConditionOnStandIns { column: schema.name.clone() });
                }
                let Source::Margin(margin) = &frame.sources[column] else {
                    return Err(refused(match frame.presence[column] {
                        Presence::Never if accepts_conditions(&schema.kind) => Refusal::AlwaysMissing,
                        _ => Refusal::NoneOnKind(schema.kind.name()),
                    }));
                };
                let wants = margin.sought(schema, condition.operator, &texts).map_err(refused)?;
                let (operators, all) = wanted.entry(column).or_default();
                operators.push(condition.operator);
                all.extend(wants);
            }
            match (frame.presence[column], missing) {
                (Presence::Mask(mask), _)
                    if masks.insert(mask, missing).is_some_and(|before| before != missing) =>
                {
                    return Err(refused(Refusal::Together));
                }
                (Presence::Always, true) => return Err(refused(Refusal::NeverMissing)),
                (Presence::Never, false) => return Err(refused(Refusal::AlwaysMissing)),
                _ => {}
            }
            Ok(())
        };
        for condition in &request.conditions {
            errors.extend(resolve(condition).err());
        }
        let mut restricted = BTreeMap::new();
        for (column, (operators, wanted)) in wanted {
            let Source::Margin(margin) = &frame.sources[column] else { continue };
            match margin.restrict(&wanted) {
                Some(cut) => {
                    restricted.insert(column, cut);
                }
                None => errors.push(Error::Refused {
                    column: frame.schema.columns[column].name.clone(),
                    refusal: margin.refusal(&operators),
                }),
            }
        }
        Error::of_conditions(errors)?;
        let like = request.like.as_ref().map(|table| Like::new(table, frame)).transpose()?;
        let around = request.around.as_ref().map(|table| Like::new(table, frame)).transpose()?;
        let around = around.map(|like| Like { lenient: true, ..like });
        let low_discrepancy = request.low_discrepancy;
        Ok(Request { restricted, masks, like, around, wanted: None, low_discrepancy })
    }

    /// Asks for the values that rows lack in some columns, `wanted`. What is given and the model does not know says
    /// nothing.
    pub(crate) fn to_fill(table: &Table, wanted: Vec<bool>, frame: &Frame) -> Result<Self> {
        let like = Like { lenient: true, ..Like::new(table, frame)? };
        let masks = like.columns.iter().zip(&frame.presence).filter_map(|(given, presence)| match presence {
            Presence::Mask(mask) if given.is_some() => Some((*mask, false)),
            _ => None,
        });
        Ok(Request { masks: masks.collect(), like: Some(like), wanted: Some(wanted), ..Request::default() })
    }

    /// True for a column that is needed of the rows.
    pub(crate) fn wants(&self, column: usize) -> bool {
        self.wanted.as_ref().is_none_or(|wanted| wanted[column])
    }

    /// Where the latent variable of a given value lies; `None` when the row leaves it open. An error if a condition
    /// excludes the value.
    pub(crate) fn given_range(
        &self,
        column: usize,
        row: u64,
        margin: &Margin,
        frame: &Frame,
    ) -> Result<Option<(f64, f64)>> {
        let Some(like) = &self.like else { return Ok(None) };
        let range = like.range(column, row, margin, frame)?;
        if let (Some((from, to)), Some(restricted)) = (range, self.restricted.get(&column))
            && !restricted.ranges.iter().any(|&(a, b)| a <= from && to <= b)
        {
            return Err(unsupported_row(row, column, frame));
        }
        Ok(range)
    }

    /// True when a row has no value under a mask, false when it has one; `None` when neither its given cells nor a
    /// condition say so. An error if they contradict each other.
    pub(crate) fn missing(&self, mask: usize, row: u64, frame: &Frame) -> Result<Option<bool>> {
        let by_condition = self.masks.get(&mask).copied();
        if !self.like.as_ref().is_some_and(|like| like.needs(mask, row)) {
            return Ok(by_condition);
        }
        if by_condition == Some(true) {
            let column = frame.presence.iter().position(|presence| *presence == Presence::Mask(mask));
            return Err(unsupported_row(row, column.unwrap_or(0), frame));
        }
        Ok(Some(false))
    }

    /// True when nothing is asked of the rows.
    pub(crate) fn is_free(&self) -> bool {
        self.restricted.is_empty() && self.masks.is_empty() && self.like.is_none() && self.around.is_none()
    }
}

/// Rows to complete.
#[derive(Debug)]
pub(crate) struct Like {
    n_rows: u64,
    /// Per column of the model, the given values.
    columns: Vec<Option<Given>>,
    /// Per mask, the given columns under it.
    of_mask: Vec<Vec<usize>>,
    /// True when values that the model does not know are no error.
    lenient: bool,
}

#[derive(Debug)]
struct Given {
    column: Column,
    missing: Option<Vec<bool>>,
    values: Values,
}

/// Given values in the form that margins compare.
#[derive(Debug)]
enum Values {
    /// The segment's number, or `u32::MAX` for a level that the margin does not have.
    Segments(Vec<u32>),
    Integers(Integers),
    Unsigned(Vec<u64>),
    Decimals(Vec<i128>, i8),
    Floats(Numbers),
    /// Copied as they are: keys and texts.
    Other,
}

impl Like {
    pub(crate) fn new(table: &Table, frame: &Frame) -> Result<Self> {
        let mut columns: Vec<Option<Given>> = frame.sources.iter().map(|_| None).collect();
        for (index, given) in table.schema().columns.iter().enumerate() {
            let place = frame
                .schema
                .index_of(&given.name)
                .map_err(|_| Error::ForeignColumn { column: given.name.clone() })?;
            let column = table.column(index);
            if !frame.schema.columns[place].kind.fits(column) {
                return Err(Error::Unsupported { column: given.name.clone() });
            }
            // Whole numbers may stand for decimals, and the other way round.
            let column = crate::impute::stored_like(column, &frame.missing_column(place, 0));
            let values = match &frame.sources[place] {
                Source::Margin(margin) => values(&column, margin),
                _ => Values::Other,
            };
            columns[place] = Some(Given { missing: column.missing(), column, values });
        }
        let mut of_mask = vec![Vec::new(); frame.masks.len()];
        for (column, presence) in frame.presence.iter().enumerate() {
            if let (Presence::Mask(mask), Some(_)) = (presence, &columns[column]) {
                of_mask[*mask].push(column);
            }
        }
        Ok(Like { n_rows: table.n_rows() as u64, columns, of_mask, lenient: false })
    }

    pub(crate) fn n_rows(&self) -> u64 {
        self.n_rows
    }

    /// True for a column that the table has.
    pub(crate) fn is_given(&self, column: usize) -> bool {
        self.columns[column].is_some()
    }

    /// True when the row leaves the column's value open.
    pub(crate) fn is_open(&self, column: usize, row: u64) -> bool {
        self.given(column, row).is_none()
    }

    fn given(&self, column: usize, row: u64) -> Option<&Given> {
        let given = self.columns[column].as_ref()?;
        given.missing.as_ref().is_none_or(|flags| !flags[row as usize]).then_some(given)
    }

    /// True when a column under this mask has a value in the row.
    pub(crate) fn needs(&self, mask: usize, row: u64) -> bool {
        self.of_mask[mask].iter().any(|&column| self.given(column, row).is_some())
    }

    /// Warnings about values that the model does not know.
    pub(crate) fn unknown(&self, frame: &Frame) -> Vec<Warning> {
        let unknown = |column: usize, row: u64| match &frame.sources[column] {
            Source::Margin(margin) => matches!(self.place(column, row, margin, frame), Ok(None) | Err(_)),
            Source::Nothing => true,
            Source::Keys(_) | Source::Texts(_) | Source::Prose(_) | Source::Fakes(_) => false,
        };
        let mut warnings = Vec::new();
        for column in 0..self.columns.len() {
            let given = (0..self.n_rows).filter(|&row| self.given(column, row).is_some());
            let count = given.filter(|&row| unknown(column, row)).count();
            if count > 0 {
                let name = &frame.schema.columns[column].name;
                let message = format!(
                    "given values that the model does not know or withholds say nothing about other cells ({count})"
                );
                warnings.push(Warning::of_column(Topic::Sampling, name, message));
            }
        }
        warnings
    }

    /// The segment of a given value, and the part of it in [0, 1] that the value takes; `None` when the row leaves it
    /// open (or, if that is no error, when the model does not know the value).
    pub(crate) fn place(
        &self,
        column: usize,
        row: u64,
        margin: &Margin,
        frame: &Frame,
    ) -> Result<Option<(usize, f64, f64)>> {
        let Some(given) = self.given(column, row) else { return Ok(None) };
        let (support, row_index) = (&margin.support, row as usize);
        let share = match (&given.values, support) {
            (Values::Segments(segments), _) => {
                let segment = segments[row_index] as usize;
                (segment < margin.n_segments()).then_some((segment, 0.0, 1.0))
            }
            (Values::Integers(integers), Support::Booleans(values)) => {
                values.iter().position(|&v| i64::from(v) == integers.values[row_index]).map(|s| (s, 0.0, 1.0))
            }
            (Values::Floats(numbers), Support::Reals { low, high }) => {
                let value = numbers.values[row_index];
                let segment = high.partition_point(|&bound| bound < value);
                (segment < low.len() && low[segment] <= value).then(|| {
                    let width = high[segment] - low[segment];
                    if width > 0.0 {
                        let place = ((value - low[segment]) / width).clamp(0.0, 1.0 - 1e-9);
                        (segment, place, place + 1e-9)
                    } else {
                        (segment, 0.0, 1.0)
                    }
                })
            }
            (values, Support::Grid { grid, low, high }) => {
                position(values, row_index, *grid).and_then(|position| grid.tick(position)).and_then(|tick| {
                    let segment = high.partition_point(|&bound| bound < tick);
                    (segment < low.len() && low[segment] <= tick).then(|| {
                        let width = (high[segment].wrapping_sub(low[segment]) as u64) as f64 + 1.0;
                        let offset = (tick.wrapping_sub(low[segment]) as u64) as f64;
                        (segment, offset / width, (offset + 1.0) / width)
                    })
                })
            }
            _ => None,
        };
        match share {
            None if !self.lenient => Err(unsupported_row(row, column, frame)),
            share => Ok(share),
        }
    }

    /// Where the latent variable of a given value lies; `None` when the row leaves it open.
    pub(crate) fn range(
        &self,
        column: usize,
        row: u64,
        margin: &Margin,
        frame: &Frame,
    ) -> Result<Option<(f64, f64)>> {
        let Some((segment, from, to)) = self.place(column, row, margin, frame)? else { return Ok(None) };
        let borders = margin.borders_of(segment);
        let width = borders.1 - borders.0;
        let at = |place: f64| normal_quantile((borders.0 + width * place).clamp(0.0, 1.0));
        Ok(Some((at(from), at(to))))
    }

    /// The block's column with the given values put in, unless only drawn ones are needed.
    pub(crate) fn fill(&self, column: usize, first_row: u64, drawn: Column) -> Result<Column> {
        let Some(given) = &self.columns[column] else { return Ok(drawn) };
        let n_rows = self.n_rows as usize;
        if n_rows == 0 || self.lenient {
            return Ok(drawn);
        }
        let both = Column::concat(&[&drawn, &given.column])?;
        let rows: Vec<usize> = (0..BLOCK_ROWS)
            .map(|row| {
                let source = ((first_row + row as u64) % self.n_rows) as usize;
                let open = given.missing.as_ref().is_some_and(|flags| flags[source]);
                if open { row } else { BLOCK_ROWS + source }
            })
            .collect();
        Ok(both.take(&rows))
    }

    /// An error if a given value of a column that is always one value, or of kind `Nothing`, does not fit.
    pub(crate) fn check_constants(&self, frame: &Frame) -> Result<()> {
        if self.lenient {
            return Ok(());
        }
        for (column, source) in frame.sources.iter().enumerate() {
            for row in 0..self.n_rows {
                if self.given(column, row).is_none() {
                    continue;
                }
                match source {
                    Source::Margin(margin) => {
                        self.range(column, row, margin, frame)?;
                    }
                    Source::Nothing => return Err(unsupported_row(row, column, frame)),
                    Source::Keys(_) | Source::Texts(_) | Source::Prose(_) | Source::Fakes(_) => break,
                }
            }
        }
        Ok(())
    }
}

/// For each column of rows to complete that has some, by its number in the model, the rows whose value the model does not
/// know.
pub(crate) fn unknown_cells(table: &Table, frame: &Frame) -> Result<Vec<(usize, Vec<bool>)>> {
    let like = Like { lenient: true, ..Like::new(table, frame)? };
    let mut found = Vec::new();
    for (column, source) in frame.sources.iter().enumerate().filter(|(column, _)| like.is_given(*column)) {
        let unknown: Vec<bool> = (0..like.n_rows)
            .map(|row| {
                !like.is_open(column, row)
                    && match source {
                        Source::Margin(margin) => {
                            matches!(like.place(column, row, margin, frame), Ok(None) | Err(_))
                        }
                        _ => matches!(source, Source::Nothing),
                    }
            })
            .collect();
        if unknown.contains(&true) {
            found.push((column, unknown));
        }
    }
    Ok(found)
}

fn unsupported_row(row: u64, column: usize, frame: &Frame) -> Error {
    Error::UnsupportedRow { row: row + 1, column: frame.schema.columns[column].name.clone() }
}

fn values(column: &Column, margin: &Margin) -> Values {
    if let Support::Levels { levels, codes } = &margin.support {
        let segment_of: HashMap<&str, u32> =
            codes.iter().enumerate().map(|(segment, &code)| (levels.get(code), segment as u32)).collect();
        let texts = column.texts().expect("the kind was checked");
        return Values::Segments(
            texts
                .iter()
                .map(|text| text.and_then(|text| segment_of.get(text).copied()).unwrap_or(u32::MAX))
                .collect(),
        );
    }
    if let Some(integers) = column.integers() {
        return Values::Integers(integers);
    }
    if let Some((values, _)) = column.unsigned() {
        return Values::Unsigned(values);
    }
    if let Some((values, scale, _)) = column.decimals() {
        return Values::Decimals(values, scale);
    }
    column.numbers().map_or(Values::Other, Values::Floats)
}

/// The grid number of a given value, if it has one.
fn position(values: &Values, row: usize, grid: Grid) -> Option<i128> {
    match (values, grid.unit) {
        (Values::Integers(integers), Unit::Integer | Unit::Instant) => Some(i128::from(integers.values[row])),
        (Values::Integers(integers), Unit::Unsigned) => Some(i128::from(integers.values[row]) - (1 << 63)),
        (Values::Integers(integers), Unit::Places(places)) => {
            Some(i128::from(integers.values[row]) * 10_i128.checked_pow(u32::from(places))?)
        }
        (Values::Unsigned(values), Unit::Unsigned) => Some(i128::from(values[row]) - (1 << 63)),
        (Values::Decimals(values, scale), Unit::Decimal(own)) if *scale == own => Some(values[row]),
        (Values::Floats(numbers), Unit::Places(places)) => {
            let scaled = (numbers.values[row] * 10f64.powi(i32::from(places))).round();
            (scaled / 10f64.powi(i32::from(places)) == numbers.values[row]).then_some(scaled as i128)
        }
        (Values::Floats(numbers), Unit::Integer) => {
            let value = numbers.values[row];
            (value.fract() == 0.0).then_some(value as i128)
        }
        _ => None,
    }
}

/// True for columns that conditions can be put on.
pub(crate) fn accepts_conditions(kind: &Kind) -> bool {
    !matches!(kind, Kind::Id(_) | Kind::Text)
}
