//! Filling the gaps of a table.

use std::sync::Arc;

use lookalike_core::{Context, Topic, Warning};
use lookalike_table::schema::{Decimals, NumberFormat, Schema, Storage};
use lookalike_table::{Column, Kind, Table};

use crate::error::{Error, Result};
use crate::frame::{Frame, Presence, Source};
use crate::request::Request;
use crate::sampler::Sampler;
use crate::synthesizer::AnyModel;
use crate::words::counted;

/// A table whose gaps were filled.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Imputed {
    /// The table: every value that was given, in its place, and drawn ones where there was none. Its schema differs
    /// from the given one only where drawn numbers have more places than that spells.
    pub table: Table,
    /// For each column, how many cells were filled.
    pub filled: Vec<u64>,
    /// What could not be filled, and what was done differently from what one may expect.
    pub warnings: Vec<Warning>,
}

/// What the model can do about a table's gaps.
struct Gaps {
    /// Numbers of the columns that the model knows, in the table and in the model.
    known: Vec<(usize, usize)>,
    /// Those among them with cells to be filled, and where these are.
    open: Vec<(usize, usize, Vec<bool>)>,
    /// The rows that have such cells.
    rows: Vec<usize>,
    warnings: Vec<Warning>,
}

impl AnyModel {
    /// Draws every missing cell of the columns that the model knows, given the other cells of its row. Columns are
    /// matched by name; all others, and all cells that are there, stay as they are.
    ///
    /// A given value that the model does not know (or withholds) says nothing about the other cells; how many there are
    /// is a warning. Columns of which the model never saw a value stay missing. The same table and seed give the same
    /// values on any number of threads.
    ///
    /// # Errors
    /// [`Error::Unsupported`] when a column is not of the model's kind, [`Error::ImpossibleRow`] when the model takes
    /// the given cells of a row for impossible, [`Error::Table`] when a name is not clear.
    pub fn impute(&self, table: &Table, context: &Context<'_>) -> Result<Imputed> {
        if let AnyModel::Constrained(model) = self {
            return model.impute(table, context);
        }
        if let AnyModel::Image(_) = self {
            let problem = "models of images draw whole rows, and fill no gaps in given ones".to_owned();
            return Err(Error::Options { problems: vec![problem] });
        }
        let frame = self.frame();
        let gaps = Gaps::find(table, frame)?;
        let mut filled = vec![0; table.n_columns()];
        let (mut columns, mut schema) = (table.columns().to_vec(), Schema::clone(table.schema()));
        let mut warnings = gaps.warnings;
        if !gaps.rows.is_empty() {
            let places: Vec<usize> = gaps.known.iter().map(|(place, _)| *place).collect();
            let given = table.select(&places).take(&gaps.rows);
            let mut wanted = vec![false; frame.sources.len()];
            for (_, number, _) in &gaps.open {
                wanted[*number] = true;
            }
            let request = Request::to_fill(&given, wanted, frame)?;
            warnings.extend(request.like.iter().flat_map(|like| like.unknown(frame)));
            let drawn =
                self.drawn(request, gaps.rows.len() as u64, context).map_err(|error| match error {
                    Error::ImpossibleRow { row } => {
                        Error::ImpossibleRow { row: gaps.rows[row as usize - 1] as u64 + 1 }
                    }
                    other => other,
                })?;
            for (place, number, open) in &gaps.open {
                columns[*place] = fill(&columns[*place], drawn.column(*number), &gaps.rows, open)?;
                filled[*place] = open.iter().filter(|&&open| open).count() as u64;
            }
        }
        schema = described_as(schema, &gaps.known, &columns);
        Ok(Imputed { table: Table::new(Arc::new(schema), columns)?, filled, warnings })
    }

    fn drawn(&self, request: Request, n_rows: u64, context: &Context<'_>) -> Result<Table> {
        let (blocks, _) = self.blocks(request, n_rows, context)?;
        Sampler::new(blocks, 0..n_rows, context.progress).collect_table()
    }
}

impl Gaps {
    fn find(table: &Table, frame: &Frame) -> Result<Self> {
        let mut gaps = Gaps { known: Vec::new(), open: Vec::new(), rows: Vec::new(), warnings: Vec::new() };
        let mut has_gap = vec![false; table.n_rows()];
        for (place, described) in table.schema().columns.iter().enumerate() {
            let name = &described.name;
            if !frame.schema.columns.iter().any(|column| column.name == *name) {
                continue;
            }
            // A name that either side repeats says no column.
            table.schema().index_of(name)?;
            let number = frame.schema.index_of(name)?;
            gaps.known.push((place, number));
            let column = table.column(place);
            let Some(missing) = column.missing() else { continue };
            let cells = counted(column.missing_count() as u64, "missing cell");
            let nothing = matches!(frame.sources[number], Source::Nothing);
            if nothing || frame.presence[number] == Presence::Never {
                let message = format!("the model never saw a value of it: {cells} left as they are");
                gaps.warnings.push(Warning::of_column(Topic::Sampling, name, message));
                continue;
            }
            if matches!(frame.sources[number], Source::Keys(_)) {
                let message = format!("{cells} got made-up keys, which may equal given ones");
                gaps.warnings.push(Warning::of_column(Topic::Sampling, name, message));
            }
            for (row, _) in missing.iter().enumerate().filter(|(_, missing)| **missing) {
                has_gap[row] = true;
            }
            gaps.open.push((place, number, missing));
        }
        gaps.rows = (0..table.n_rows()).filter(|&row| has_gap[row]).collect();
        Ok(gaps)
    }
}

/// The schema with formats that spell all numbers of the columns that were filled.
pub(crate) fn described_as(mut schema: Schema, known: &[(usize, usize)], columns: &[Column]) -> Schema {
    for &(place, _) in known {
        let described = &mut schema.columns[place];
        if let Kind::Numerical(format) = &mut described.kind
            && !fits(format, &columns[place])
        {
            format.integer = false;
            format.decimals = Decimals::Shortest;
            described.storage = Storage::default();
        }
    }
    schema
}

/// The column with drawn values (of `rows`) where it is open.
pub(crate) fn fill(given: &Column, drawn: &Column, rows: &[usize], open: &[bool]) -> Result<Column> {
    let (given, drawn) = same_type(given, drawn);
    let both = Column::concat(&[&given, &drawn])?;
    let mut order: Vec<usize> = (0..given.len()).collect();
    for (number, &row) in rows.iter().enumerate() {
        if open[row] {
            order[row] = given.len() + number;
        }
    }
    Ok(both.take(&order))
}

/// Numbers may be whole in one column and have decimals in the other, keys may be numbers in one and texts in the other:
/// both as what holds either.
pub(crate) fn same_type(given: &Column, drawn: &Column) -> (Column, Column) {
    let as_is = || (given.clone(), drawn.clone());
    if given.is_text() != drawn.is_text() {
        return (as_texts(given), as_texts(drawn));
    }
    if !(given.is_numeric() && drawn.is_numeric()) || kind_of_number(given) == kind_of_number(drawn) {
        return as_is();
    }
    match (as_decimals(given), as_decimals(drawn)) {
        (Some(a), Some(b)) => {
            let scale = a.1.max(b.1);
            match (at_scale(a, scale), at_scale(b, scale)) {
                (Some(a), Some(b)) => (a, b),
                _ => (as_floats(given), as_floats(drawn)),
            }
        }
        _ => (as_floats(given), as_floats(drawn)),
    }
}

/// Numbers stored as those of another column, if that holds them all exactly (or as near as floats come); else as they are.
pub(crate) fn stored_like(column: &Column, like: &Column) -> Column {
    if !(column.is_numeric() && like.is_numeric()) || kind_of_number(column) == kind_of_number(like) {
        return column.clone();
    }
    let found = match kind_of_number(like) {
        2 => Some(as_floats(column)),
        0 => whole_numbers(column).and_then(|(values, missing)| {
            let values: Option<Vec<i64>> =
                values.into_iter().map(|value| i64::try_from(value).ok()).collect();
            Some(Column::from_integers(values?, missing))
        }),
        1 => whole_numbers(column).and_then(|(values, missing)| {
            let values: Option<Vec<u64>> =
                values.into_iter().map(|value| u64::try_from(value).ok()).collect();
            Some(Column::from_unsigned(values?, missing))
        }),
        _ => like.decimals().and_then(|(_, scale, _)| match as_decimals(column) {
            Some(exact) if exact.1 <= scale => at_scale(exact, scale),
            Some(_) => None,
            None => {
                let numbers = column.numbers()?;
                let unit = 10f64.powi(i32::from(scale));
                let ticks = numbers.values.iter().map(|value| {
                    let tick = (value * unit).round();
                    let fits = value.is_nan() || (tick.abs() < 1e30 && tick / unit == *value);
                    fits.then_some(if value.is_nan() { 0 } else { tick as i128 })
                });
                Column::from_decimals(ticks.collect::<Option<_>>()?, scale, numbers.missing).ok()
            }
        }),
    };
    found.unwrap_or_else(|| column.clone())
}

/// The values of a column of whole numbers, however they are stored; `None` where one is not whole.
fn whole_numbers(column: &Column) -> Option<(Vec<i128>, Option<Vec<bool>>)> {
    if let Some((values, scale, missing)) = as_decimals(column) {
        let unit = 10_i128.checked_pow(u32::try_from(scale).ok()?)?;
        let whole: Option<Vec<i128>> =
            values.into_iter().map(|value| (value % unit == 0).then_some(value / unit)).collect();
        return Some((whole?, missing));
    }
    let numbers = column.numbers()?;
    let missing = numbers.missing;
    let gone = |row: usize| missing.as_ref().is_some_and(|flags| flags[row]);
    let whole: Option<Vec<i128>> = numbers
        .values
        .iter()
        .enumerate()
        .map(|(row, value)| match value {
            _ if gone(row) => Some(0),
            value if value.fract() == 0.0 && value.abs() < 9e15 => Some(*value as i128),
            _ => None,
        })
        .collect();
    Some((whole?, missing))
}

/// 0 for `i64`, 1 for `u64`, 2 for floats, 3 and more for decimals of each scale.
fn kind_of_number(column: &Column) -> i16 {
    match column.decimals() {
        Some((_, scale, _)) => 256 + i16::from(scale),
        None if column.unsigned().is_some() => 1,
        None if column.integers().is_some() => 0,
        None => 2,
    }
}

fn as_floats(column: &Column) -> Column {
    column
        .numbers()
        .map_or_else(|| column.clone(), |numbers| Column::from_floats(numbers.values, numbers.missing))
}

type ExactNumbers = (Vec<i128>, i8, Option<Vec<bool>>);

/// Exact numbers in units of ten to the minus scale; `None` for floats.
fn as_decimals(column: &Column) -> Option<ExactNumbers> {
    if let Some(integers) = column.integers() {
        return Some((integers.values.into_iter().map(i128::from).collect(), 0, integers.missing));
    }
    if let Some((values, missing)) = column.unsigned() {
        return Some((values.into_iter().map(i128::from).collect(), 0, missing));
    }
    column.decimals()
}

fn at_scale((values, own, missing): ExactNumbers, scale: i8) -> Option<Column> {
    let factor = 10_i128.checked_pow(u32::try_from(i16::from(scale) - i16::from(own)).ok()?)?;
    let values: Option<Vec<i128>> = values.into_iter().map(|value| value.checked_mul(factor)).collect();
    Column::from_decimals(values?, scale, missing).ok()
}

fn as_texts(column: &Column) -> Column {
    let Some(integers) = column.integers() else { return column.clone() };
    let is_missing = |row: usize| integers.missing.as_ref().is_some_and(|flags| flags[row]);
    let text = |(row, value): (usize, &i64)| (!is_missing(row)).then(|| value.to_string());
    Column::from_texts(integers.values.iter().enumerate().map(text))
}

/// True when the format spells all numbers of the column exactly.
fn fits(format: &NumberFormat, column: &Column) -> bool {
    let Some(places) = format.decimals.places().map(i32::from) else { return true };
    match column.decimals() {
        Some((values, scale, _)) => {
            let unit = 10_i128.checked_pow((i32::from(scale) - places).max(0) as u32);
            unit.is_some_and(|unit| values.iter().all(|value| value % unit == 0))
        }
        None if column.is_integer() => true,
        None => {
            let unit = 10f64.powi(places);
            let on_grid = |value: f64| !value.is_finite() || (value * unit).round() / unit == value;
            column.numbers().is_none_or(|numbers| numbers.values.into_iter().all(on_grid))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_and_decimals_become_what_holds_both() {
        let whole = Column::from_integers(vec![7, 0], Some(vec![false, true]));
        let float = Column::from_floats(vec![2.5], None);
        let filled = fill(&whole, &float, &[1], &[false, true]).unwrap();
        assert_eq!(filled.numbers().unwrap().values, [7.0, 2.5]);
        let exact = Column::from_decimals(vec![12345], 3, None).unwrap();
        let filled = fill(&whole, &exact, &[1], &[false, true]).unwrap();
        assert_eq!(filled.decimals().unwrap().0, [7000, 12345]);
        let keys = Column::from_texts([Some("A1")]);
        let filled = fill(&whole, &keys, &[1], &[false, true]).unwrap();
        assert_eq!(filled.texts().unwrap().iter().collect::<Vec<_>>(), [Some("7"), Some("A1")]);
    }

    #[test]
    fn formats_that_would_round_are_told() {
        let spelled = |column: &Column, decimals: Decimals| {
            fits(&NumberFormat { decimals, ..NumberFormat::default() }, column)
        };
        let floats = Column::from_floats(vec![0.1, 0.25, f64::NAN], Some(vec![false, false, true]));
        assert!(spelled(&floats, Decimals::Fixed(2)) && !spelled(&floats, Decimals::UpTo(1)));
        let exact = Column::from_decimals(vec![1250], 3, None).unwrap();
        assert!(spelled(&exact, Decimals::Fixed(2)) && !spelled(&exact, Decimals::Fixed(1)));
        assert!(spelled(&Column::from_integers(vec![5], None), Decimals::Fixed(0)));
    }
}
