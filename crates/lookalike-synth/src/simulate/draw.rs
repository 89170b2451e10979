//! A batch of a table's rows, each column for a whole batch at a time, on all cores.

use lookalike_core::Seed;
use lookalike_table::{Column, Table};
use rayon::prelude::*;

use super::SimulateError;
use super::columns::{ColumnSpec, JointCells, Sorted, Source, Start, step_of};
use super::formula::Formula;
use super::limits;
use super::meet;
use super::rows::Places;
use super::rules::Limit;
use super::series::{Series, State};
use super::shape::interpolate;
use super::stand_in;
use super::tables::{Drawn, TableSpec};
use super::weights::Cumulative;
use crate::keys::Permutation;
use crate::sampler::BLOCK_ROWS;

pub(super) fn table_seed(seed: Seed, table: &TableSpec) -> Seed {
    seed.derive(&format!("simulated table {}", table.name))
}

/// A stretch of rows that share a random stream: the stream's number, rows to pass over, and how many follow.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    block: u64,
    skip: usize,
    /// Its first row within the batch.
    pub(super) from: usize,
    pub(super) length: usize,
}

pub(super) fn stretches(first: u64, count: usize) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    let mut from = 0;
    while from < count {
        let row = first + from as u64;
        let (block, skip) = (row / BLOCK_ROWS as u64, (row % BLOCK_ROWS as u64) as usize);
        let length = (BLOCK_ROWS - skip).min(count - from);
        stretches.push(Stretch { block, skip, from, length });
        from += length;
    }
    stretches
}

/// Places in (0, 1) for some rows, one each.
pub(super) fn units(seed: Seed, label: &str, first: u64, count: usize) -> Vec<f64> {
    stretches(first, count)
        .into_iter()
        .flat_map(|stretch| {
            let mut stream = seed.stream(label, stretch.block);
            for _ in 0..stretch.skip {
                stream.bits();
            }
            (0..stretch.length).map(|_| stream.open_unit()).collect::<Vec<f64>>()
        })
        .collect()
}

/// Some rows of a table: the columns before cells go missing, and the flags of those that do.
#[derive(Debug, Clone)]
pub(super) struct Cells {
    pub(super) drawn: Drawn,
    pub(super) masks: Vec<Option<Vec<bool>>>,
}

impl Cells {
    /// A column as it is written.
    pub(super) fn written(&self, index: usize) -> Column {
        let column = self.drawn[index].as_ref().expect("every column is drawn");
        match &self.masks[index] {
            Some(flags) => column.with_missing(flags),
            None => column.clone(),
        }
    }
}

/// The largest whole number that is written.
const MOST_WHOLE: f64 = 9e18;

/// Rows in which the table's constraints hold.
fn rows(
    tables: &[TableSpec],
    table: &TableSpec,
    seed: Seed,
    first: u64,
    count: usize,
    places: Option<&Places>,
    states: &mut [State],
) -> Result<Cells, SimulateError> {
    table.enough_values(first + count as u64)?;
    let mut kept = Cells { drawn: vec![None; table.columns.len()], masks: vec![None; table.columns.len()] };
    if let (Some(places), Some(link)) = (places, &table.parent) {
        // A parent's cells are those of all of its rows.
        let above = rows(tables, &tables[link.table], seed, places.first, places.count, None, &mut [])?;
        for (index, column) in table.columns.iter().enumerate() {
            let Source::Parent(parent) = column.source else { continue };
            kept.drawn[index] = above.drawn[parent].as_ref().map(|column| column.take(&places.of_row));
            let flags = above.masks[parent].as_ref();
            kept.masks[index] = flags.map(|flags| places.of_row.iter().map(|&row| flags[row]).collect());
        }
    }
    let own = table_seed(seed, table);
    let cells = once(table, own, first, count, places, kept, states)?;
    match &table.meeting {
        Some(meeting) => meet::again(table, meeting, own, first, count, places, cells),
        None => Ok(cells),
    }
}

/// Draws all columns but those that are there already, and which cells go missing.
pub(super) fn once(
    table: &TableSpec,
    own: Seed,
    first: u64,
    count: usize,
    places: Option<&Places>,
    kept: Cells,
    states: &mut [State],
) -> Result<Cells, SimulateError> {
    let drawn = complete(table, own, first, count, places, kept.drawn, states)?;
    let mut masks = gaps(table, own, first, count, &drawn)?;
    for (mask, kept) in masks.iter_mut().zip(kept.masks) {
        if kept.is_some() {
            *mask = kept;
        }
    }
    let mut cells = Cells { drawn, masks };
    if let Some(meeting) = &table.meeting {
        meet::missing(meeting, count, &mut cells)?;
    }
    Ok(cells)
}

/// The columns of some rows before cells go missing.
fn complete(
    table: &TableSpec,
    own: Seed,
    first: u64,
    count: usize,
    places: Option<&Places>,
    mut drawn: Drawn,
    states: &mut [State],
) -> Result<Drawn, SimulateError> {
    let stretches = stretches(first, count);
    // Places of correlated columns are drawn together.
    let together: Vec<Vec<Vec<f64>>> = match &table.copula {
        None => Vec::new(),
        Some(copula) => stretches
            .par_iter()
            .map(|stretch| {
                let mut stream = own.stream("correlated columns", stretch.block);
                drop(copula.units(&mut stream, stretch.skip));
                copula.units(&mut stream, stretch.length)
            })
            .collect(),
    };
    for &index in &table.order {
        let column = &table.columns[index];
        if drawn[index].is_some() {
            continue;
        }
        if let Source::Series { series, decimals } = &column.source {
            let label = format!("column {}", column.name);
            let noise: Vec<Vec<f64>> = stretches
                .par_iter()
                .map(|stretch| {
                    let mut stream = own.stream(&label, stretch.block);
                    drop(Series::units(&mut stream, stretch.skip));
                    Series::units(&mut stream, stretch.length)
                })
                .collect();
            let rows: Vec<u64> = match places {
                Some(places) => places.place.clone(),
                None => (first..first + count as u64).collect(),
            };
            let values = series.column(&noise.concat(), &rows, &drawn, &mut states[index]);
            if let Some(numbers) = values.numbers().filter(|_| !series.is_markov()) {
                writable(column, &numbers.values, *decimals)?;
            }
            drawn[index] = Some(rounded(values, *decimals));
            continue;
        }
        let decides = match &column.source {
            Source::Joint(joint) => table.columns.iter().position(|other| other.name == joint.leader),
            _ => Some(index),
        };
        let slot = table
            .copula
            .as_ref()
            .and_then(|copula| copula.columns.iter().position(|&other| Some(other) == decides));
        let limits: &[Limit] = table.meeting.as_ref().map_or(&[], |meeting| &meeting.limits[index]);
        let parts: Vec<Column> = stretches
            .par_iter()
            .enumerate()
            .map(|(number, stretch)| {
                let place = places.map(|places| &places.place[stretch.from..stretch.from + stretch.length]);
                let part = Part {
                    column,
                    seed: own,
                    stretch: *stretch,
                    row: first + stretch.from as u64,
                    place,
                    columns: sliced(column, limits, table, &drawn, *stretch),
                };
                let given = slot.map(|slot| together[number][slot].clone());
                let given = given.or_else(|| sorted_units(own, column, places?, *stretch, part.row));
                let schema = table.meeting.as_ref().map(|meeting| &meeting.schema);
                match schema.filter(|_| !limits.is_empty()) {
                    None => part.draw(given.as_deref()),
                    Some(schema) => limits::draw(&part, given, limits, schema),
                }
            })
            .collect::<Result<_, SimulateError>>()?;
        let parts: Vec<&Column> = parts.iter().collect();
        drawn[index] = Some(Column::concat(&parts)?);
    }
    Ok(drawn)
}

/// The rows of a stretch, of the columns that formulas and limits need.
fn sliced(
    column: &ColumnSpec,
    limits: &[Limit],
    table: &TableSpec,
    drawn: &Drawn,
    stretch: Stretch,
) -> Drawn {
    let missing = column.missing.as_ref().and_then(|missing| missing.formula());
    let names: Vec<&str> =
        column.formulas().into_iter().chain(missing).flat_map(|formula| formula.names()).collect();
    let numbers: Vec<usize> = limits.iter().flat_map(Limit::columns).collect();
    table
        .columns
        .iter()
        .zip(drawn)
        .enumerate()
        .map(|(index, (spec, column))| {
            let needed = |_: &&Column| names.contains(&spec.name.as_str()) || numbers.contains(&index);
            Some(column.as_ref().filter(needed)?.slice(stretch.from, stretch.length))
        })
        .collect()
}

/// Places in (0, 1) of a column that is put in order within groups: those of the rows of a group are drawn together and sorted.
/// Of a large group each row has a place in its own one of as many equal parts as there are rows, which comes to the same.
fn sorted_units(
    own: Seed,
    column: &ColumnSpec,
    places: &Places,
    stretch: Stretch,
    row: u64,
) -> Option<Vec<f64>> {
    const LARGE: u64 = 65_536;
    let way = column.sorted?;
    let label = format!("column {} in order", column.name);
    let rows = stretch.from..stretch.from + stretch.length;
    let mut found = Vec::with_capacity(stretch.length);
    for group in places.of_row[rows.clone()].chunk_by(|a, b| a == b) {
        let size = places.size[group[0]];
        let at = rows.start + found.len();
        let ranks = places.place[at..at + group.len()].iter().map(|&place| match way {
            Sorted::Rising => place,
            Sorted::Falling => size - 1 - place,
        });
        if size <= LARGE {
            let mut stream = own.stream(&label, places.first + group[0] as u64);
            let mut all: Vec<f64> = (0..size).map(|_| stream.open_unit()).collect();
            all.sort_by(f64::total_cmp);
            found.extend(ranks.map(|rank| all[rank as usize]));
        } else {
            let within =
                units(own, &format!("column {}", column.name), row + found.len() as u64, group.len());
            found.extend(ranks.zip(within).map(|(rank, unit)| (rank as f64 + unit) / size as f64));
        }
    }
    Some(found)
}

/// A stretch of a column that is to be drawn.
pub(super) struct Part<'a> {
    pub(super) column: &'a ColumnSpec,
    seed: Seed,
    stretch: Stretch,
    /// The number of its first row.
    row: u64,
    place: Option<&'a [u64]>,
    /// What it is computed from.
    pub(super) columns: Drawn,
}

impl Part<'_> {
    pub(super) fn n_rows(&self) -> usize {
        self.stretch.length
    }

    /// The places in (0, 1) that it is drawn by, where nothing else gives them.
    pub(super) fn units(&self) -> Vec<f64> {
        let by = match &self.column.source {
            Source::Joint(joint) => &joint.leader,
            _ => &self.column.name,
        };
        units(self.seed, &format!("column {by}"), self.row, self.stretch.length)
    }

    /// The column's values, by places in (0, 1) that are given or its own.
    pub(super) fn draw(&self, given: Option<&[f64]>) -> Result<Column, SimulateError> {
        let &Part { column, seed, stretch, row, place, ref columns } = self;
        let n = stretch.length;
        let label = format!("column {}", column.name);
        let own;
        let drawn: &[f64] = match given {
            Some(given) => given,
            None if column.is_drawn() || matches!(column.source, Source::Joint(_)) => {
                own = self.units();
                &own
            }
            None => &[],
        };
        Ok(match &column.source {
            Source::Number { shape, decimals, grid } => {
                let mut values = shape.draw(drawn, columns).map_err(|out| SimulateError::Parameter {
                    column: column.name.clone(),
                    line: column.line,
                    key: out.key,
                    wanted: out.wanted,
                    rows: out.rows,
                })?;
                let truncation = shape.truncation();
                if let Some(grid) = grid {
                    on_grid(&mut values, *grid, truncation);
                } else if let (Some(places), (Some(_), _) | (_, Some(_))) = (decimals, truncation) {
                    on_grid(&mut values, 10_f64.powi(-i32::from(*places)), truncation);
                }
                writable(column, &values, *decimals)?;
                number_column(values, *decimals)
            }
            Source::Levels { levels, usual, cases } => {
                let case_of = case_of(cases, n, columns);
                let choose = |(unit, case): (&f64, &usize)| {
                    let weights = cases.get(*case).map_or(usual, |case| &case.1);
                    weights.at(*unit) as u32
                };
                Column::from_codes(drawn.iter().zip(&case_of).map(choose).collect(), levels)
            }
            Source::Boolean(share) => {
                let shares = share.values(n, columns);
                in_range(column, "share", shares.as_deref())?;
                let share = share.fixed().unwrap_or(0.0);
                let flags = drawn
                    .iter()
                    .enumerate()
                    // True lies above, so that a positive correlation means more of it.
                    .map(|(row, unit)| *unit > 1.0 - shares.as_ref().map_or(share, |shares| shares[row]))
                    .collect();
                let missing = shares.map(|shares| shares.iter().map(|share| share.is_nan()).collect());
                Column::from_booleans(flags, missing)
            }
            Source::Joint(joint) => {
                let choices = drawn.iter().map(|&unit| joint.weights.at(unit));
                match &joint.cells {
                    JointCells::Levels(levels, codes) => {
                        Column::from_codes(choices.map(|choice| codes[choice]).collect(), levels)
                    }
                    JointCells::Flags(flags) => {
                        Column::from_booleans(choices.map(|choice| flags[choice]).collect(), None)
                    }
                }
            }
            Source::Distinct { low, count } => {
                let order = Permutation::new(u128::from(*count), seed.derive(&label), 0);
                let nth = |row: u64| low + order.at(u128::from(row)) as i64;
                Column::from_integers((row..row + n as u64).map(nth).collect(), None)
            }
            Source::Date(calendar) => {
                Column::from_instants(drawn.iter().map(|&unit| calendar.at(unit)).collect(), None)
            }
            Source::DateQuantiles { shares, values, step } => {
                let at =
                    |unit: &f64| (interpolate(shares, values, *unit) / *step as f64).floor() as i64 * step;
                Column::from_instants(drawn.iter().map(at).collect(), None)
            }
            Source::Sequence { start, step } => sequence(column, start, *step, row, n, place, columns),
            Source::Pattern { pattern, unique } => {
                let texts: Vec<String> = if *unique {
                    let rows = row + n as u64;
                    if pattern.size() < u128::from(rows) {
                        let (column, line) = (column.name.clone(), column.line);
                        return Err(SimulateError::TooFewTexts { column, line, texts: pattern.size(), rows });
                    }
                    let order = Permutation::new(pattern.size(), seed.derive(&label), 0);
                    (row..row + n as u64).map(|row| pattern.nth(order.at(u128::from(row)))).collect()
                } else {
                    let mut stream = seed.stream(&label, stretch.block);
                    let mut number = || {
                        (u128::from(stream.bits()) << 64 | u128::from(stream.bits())) % pattern.size().max(1)
                    };
                    for _ in 0..stretch.skip {
                        number();
                    }
                    (0..n).map(|_| pattern.nth(number())).collect()
                };
                Column::from_texts(texts.iter().map(Some))
            }
            Source::StandIn(own) => {
                stand_in::column(*own, &column.name, seed, (stretch.block, stretch.skip), row, n)
            }
            Source::Computed(formula) => computed(column, formula.evaluate(n, columns)),
            Source::Series { .. } | Source::Parent(_) => unreachable!("drawn elsewhere"),
        })
    }
}

/// Whole multiples of a number, within what truncation leaves where there is one.
fn on_grid(values: &mut [f64], grid: f64, (low, high): (Option<f64>, Option<f64>)) {
    for value in values {
        let mut times = (*value / grid).round();
        times = low.map_or(times, |low| times.max((low / grid).ceil()));
        times = high.map_or(times, |high| times.min((high / grid).floor()));
        *value = times * grid;
    }
}

/// Whether all shares that are computed are shares.
fn in_range(column: &ColumnSpec, key: &'static str, shares: Option<&[f64]>) -> Result<(), SimulateError> {
    let wrong = |share: &&f64| !share.is_nan() && !(0.0..=1.0).contains(*share);
    let rows = shares.unwrap_or(&[]).iter().filter(wrong).count();
    if rows == 0 {
        return Ok(());
    }
    let (column, line) = (column.name.clone(), column.line);
    Err(SimulateError::Parameter { column, line, key, wanted: "a share from 0 to 1", rows })
}

/// Whether all numbers can be written.
fn writable(column: &ColumnSpec, values: &[f64], decimals: Option<u8>) -> Result<(), SimulateError> {
    let most = if decimals == Some(0) { MOST_WHOLE } else { f64::MAX };
    let rows = values.iter().filter(|value| value.abs() > most).count();
    if rows == 0 {
        return Ok(());
    }
    Err(SimulateError::TooLarge { column: column.name.clone(), line: column.line, rows })
}

/// For each row the first case that holds.
pub(super) fn case_of(cases: &[(Formula, Cumulative)], n: usize, columns: &Drawn) -> Vec<usize> {
    let mut case_of = vec![usize::MAX; n];
    for (index, (condition, _)) in cases.iter().enumerate().rev() {
        for (slot, holds) in case_of.iter_mut().zip(condition.evaluate(n, columns).holds()) {
            if holds {
                *slot = index;
            }
        }
    }
    case_of
}

fn sequence(
    column: &ColumnSpec,
    start: &Start,
    step: i64,
    row: u64,
    n: usize,
    place: Option<&[u64]>,
    columns: &Drawn,
) -> Column {
    let nth = |index: usize| place.map_or(row + index as u64, |place| place[index]) as i64;
    let (values, missing): (Vec<i64>, Option<Vec<bool>>) = match start {
        Start::Whole(start) | Start::Date(start) => {
            ((0..n).map(|index| start.saturating_add(step.saturating_mul(nth(index)))).collect(), None)
        }
        Start::Formula(formula) => {
            let starts = formula.evaluate(n, columns).into_column().integers().expect("types were checked");
            let values = starts.values.iter().enumerate();
            (
                values.map(|(index, start)| start.saturating_add(step.saturating_mul(nth(index)))).collect(),
                starts.missing,
            )
        }
    };
    if matches!(column.kind, Some(lookalike_table::Kind::Datetime(_))) {
        Column::from_instants(values, missing)
    } else {
        Column::from_integers(values, missing)
    }
}

/// A computed column, as its kind wants it.
fn computed(column: &ColumnSpec, values: lookalike_table::expression::Values) -> Column {
    let result = values.into_column();
    if result.is_categorical() {
        let texts = result.texts().expect("levels have texts");
        return Column::from_texts(texts.iter());
    }
    if result.is_instant() {
        let step = step_of(column.kind.as_ref());
        let integers = result.integers().expect("dates are whole numbers");
        let values = integers.values.iter().map(|value| value.div_euclid(step) * step).collect();
        return Column::from_instants(values, integers.missing);
    }
    match &column.kind {
        Some(lookalike_table::Kind::Numerical(format)) if !(format.integer && result.is_integer()) => {
            rounded(result, format.decimals.places())
        }
        _ => result,
    }
}

/// Numbers on a grid of so many decimals; whole ones as whole numbers.
fn rounded(column: Column, decimals: Option<u8>) -> Column {
    match (decimals, column.is_numeric()) {
        (Some(_), true) => number_column(column.numbers().expect("numbers").values, decimals),
        _ => column,
    }
}

/// NaN becomes missing.
fn number_column(values: Vec<f64>, decimals: Option<u8>) -> Column {
    let any = values.iter().any(|value| !value.is_finite());
    let missing = any.then(|| values.iter().map(|value| !value.is_finite()).collect());
    match decimals {
        Some(0) => {
            let whole = |value: f64| if value.is_finite() { value.round() as i64 } else { 0 };
            Column::from_integers(values.into_iter().map(whole).collect(), missing)
        }
        Some(places) => {
            let unit = 10_f64.powi(i32::from(places));
            // What is too large for that many places has none anyway.
            let rounded =
                |value: f64| if (value * unit).is_finite() { (value * unit).round() / unit } else { value };
            Column::from_floats(values.into_iter().map(rounded).collect(), missing)
        }
        None => Column::from_floats(values, missing),
    }
}

/// Which cells of each column go missing.
fn gaps(
    table: &TableSpec,
    own: Seed,
    first: u64,
    count: usize,
    drawn: &Drawn,
) -> Result<Vec<Option<Vec<bool>>>, SimulateError> {
    let gaps_of = |column: &ColumnSpec| {
        let Some(share) = column.missing.as_ref() else { return Ok(None) };
        let units = units(own, &format!("missing {}", column.name), first, count);
        let shares = share.values(count, drawn);
        in_range(column, "missing", shares.as_deref())?;
        let fixed = share.fixed().unwrap_or(0.0);
        let share = |row: usize| shares.as_ref().map_or(fixed, |shares| shares[row]);
        Ok(Some(units.iter().enumerate().map(|(row, unit)| *unit < share(row)).collect()))
    };
    table.columns.iter().map(gaps_of).collect()
}

/// A batch of rows as it is written.
pub(super) fn batch(
    tables: &[TableSpec],
    table: &TableSpec,
    seed: Seed,
    first: u64,
    count: usize,
    places: Option<&Places>,
    states: &mut [State],
) -> Result<Table, SimulateError> {
    let cells = rows(tables, table, seed, first, count, places, states)?;
    let columns = table.shown.iter().map(|&index| cells.written(index)).collect();
    Ok(Table::new(table.schema.clone(), columns)?)
}
