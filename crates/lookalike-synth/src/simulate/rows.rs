//! Drawing rows: batch after batch, each column for a whole batch at a time, on all cores.

use std::sync::Arc;

use lookalike_core::{Cancelled, Context, Progress, Seed};
use lookalike_table::{Column, Schema, Table};
use rayon::prelude::*;

use super::SimulateError;
use super::columns::{ColumnSpec, Source, Start, step_of};
use super::series::{Series, State};
use super::shape::interpolate;
use super::stand_in;
use super::tables::{Children, Drawn, Link, TableSpec};
use crate::keys::Permutation;
use crate::sampler::BLOCK_ROWS;

/// Rows that are drawn together. A multiple of the rows that share a random stream.
const BATCH_ROWS: usize = 32 * BLOCK_ROWS;

/// How many rows to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    Rows(u64),
    /// All rows of so many parents.
    Parents(u64),
}

/// Rows of a simulated table as a stream of tables. Memory does not grow with their number.
pub struct SimulatedRows<'a> {
    tables: &'a [TableSpec],
    table: &'a TableSpec,
    seed: Seed,
    progress: &'a dyn Progress,
    limit: Limit,
    /// The next row.
    next: u64,
    /// The parent that the next row belongs to, and its place among that parent's rows.
    parent: u64,
    place: u64,
    states: Vec<State>,
    failed: bool,
}

/// Which rows of a parent a batch's rows belong to.
struct Places {
    /// The first parent of the batch.
    first: u64,
    /// How many parents there are from it on.
    count: usize,
    /// For each row its parent, counted from the first one.
    of_row: Vec<usize>,
    /// For each row its place among its parent's rows.
    place: Vec<u64>,
}

impl<'a> SimulatedRows<'a> {
    pub(super) fn new(tables: &'a [TableSpec], table: usize, limit: Limit, context: &Context<'a>) -> Self {
        let table = &tables[table];
        let total = match limit {
            Limit::Rows(rows) => Some(rows),
            Limit::Parents(_) => None,
        };
        context.progress.begin("simulating", total);
        SimulatedRows {
            tables,
            table,
            seed: context.seed,
            progress: context.progress,
            limit,
            next: 0,
            parent: 0,
            place: 0,
            states: vec![State::default(); table.columns.len()],
            failed: false,
        }
    }

    /// What the columns mean.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.table.schema
    }

    /// All rows in one table. Needs memory for all of them.
    ///
    /// # Errors
    /// Those of any batch.
    pub fn collect_table(mut self) -> Result<Table, SimulateError> {
        let mut tables = Vec::new();
        for batch in self.by_ref() {
            tables.push(batch?);
        }
        if tables.is_empty() {
            let one = Places { first: 0, count: 1, of_row: vec![0], place: vec![0] };
            let places = self.table.parent.as_ref().map(|_| &one);
            let batch = draw(self.tables, self.table, self.seed, 0, 1, places, &mut self.states)?;
            return Ok(batch.slice(0..0));
        }
        Ok(Table::concat(&tables)?)
    }

    /// The places of the next batch's rows.
    fn places(&mut self, link: &Link, most: usize) -> Result<Places, SimulateError> {
        let first = self.parent;
        let end = match self.limit {
            Limit::Rows(_) => u64::MAX,
            Limit::Parents(parents) => parents,
        };
        let (mut of_row, mut place) = (Vec::with_capacity(most), Vec::with_capacity(most));
        let mut sizes: Vec<u64> = Vec::new();
        let mut sizes_from = self.parent;
        let mut childless = 0;
        let mut parents = 0;
        while of_row.len() < most && self.parent < end {
            if self.parent >= sizes_from + sizes.len() as u64 {
                sizes_from = self.parent;
                let wanted = BLOCK_ROWS.min(usize::try_from(end - self.parent).unwrap_or(BLOCK_ROWS));
                sizes = self.sizes(&link.children, sizes_from, wanted)?;
            }
            let size = sizes[(self.parent - sizes_from) as usize];
            let slot = (self.parent - first) as usize;
            let take = (size - self.place).min((most - of_row.len()) as u64);
            of_row.extend(std::iter::repeat_n(slot, take as usize));
            place.extend(self.place..self.place + take);
            parents = slot + 1;
            self.place += take;
            childless = if size == 0 { childless + 1 } else { 0 };
            if matches!(self.limit, Limit::Rows(_)) && childless > 1_000_000 {
                return Err(SimulateError::NoRows);
            }
            if self.place >= size {
                self.parent += 1;
                self.place = 0;
            }
            if parents >= 4 * BATCH_ROWS {
                break;
            }
        }
        Ok(Places { first, count: parents, of_row, place })
    }

    /// How many rows parents have, from the one with number `first` on.
    fn sizes(&self, children: &Children, first: u64, count: usize) -> Result<Vec<u64>, SimulateError> {
        match children {
            Children::Fixed(size) => Ok(vec![*size; count]),
            Children::Drawn(shape) => {
                let seed = table_seed(self.seed, self.table);
                let units = units(seed, "rows per group", first, count);
                let sizes = shape.draw(&units, &[]).map_err(|_| SimulateError::NoRows)?;
                Ok(sizes.iter().map(|size| size.max(0.0) as u64).collect())
            }
        }
    }

    fn batch(&mut self) -> Result<Option<Table>, SimulateError> {
        let Some(link) = &self.table.parent else {
            let Limit::Rows(rows) = self.limit else { unreachable!("only children are drawn by parents") };
            let count = (rows - self.next).min(BATCH_ROWS as u64) as usize;
            if count == 0 {
                return Ok(None);
            }
            let batch = draw(self.tables, self.table, self.seed, self.next, count, None, &mut self.states)?;
            self.next += count as u64;
            return Ok(Some(batch));
        };
        let most = match self.limit {
            Limit::Rows(rows) => (rows - self.next).min(BATCH_ROWS as u64) as usize,
            Limit::Parents(_) => BATCH_ROWS,
        };
        if most == 0 {
            return Ok(None);
        }
        let places = self.places(link, most)?;
        if places.count == 0 {
            return Ok(None);
        }
        let count = places.of_row.len();
        let batch =
            draw(self.tables, self.table, self.seed, self.next, count, Some(&places), &mut self.states)?;
        self.next += count as u64;
        Ok(Some(batch))
    }
}

impl Iterator for SimulatedRows<'_> {
    type Item = Result<Table, SimulateError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        if self.progress.cancelled() {
            self.failed = true;
            return Some(Err(Cancelled.into()));
        }
        let batch = self.batch().transpose();
        match &batch {
            Some(Ok(table)) => self.progress.advance(table.n_rows() as u64),
            _ => self.failed = true,
        }
        batch
    }
}

impl Drop for SimulatedRows<'_> {
    fn drop(&mut self) {
        self.progress.end();
    }
}

impl std::fmt::Debug for SimulatedRows<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SimulatedRows").field("next", &self.next).finish_non_exhaustive()
    }
}

fn table_seed(seed: Seed, table: &TableSpec) -> Seed {
    seed.derive(&format!("simulated table {}", table.name))
}

/// A stretch of rows that share a random stream: the stream's number, rows to pass over, and how many follow.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    block: u64,
    skip: usize,
    /// Its first row within the batch.
    from: usize,
    length: usize,
}

fn stretches(first: u64, count: usize) -> Vec<Stretch> {
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
fn units(seed: Seed, label: &str, first: u64, count: usize) -> Vec<f64> {
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

/// The columns of some rows before cells go missing.
fn complete(
    tables: &[TableSpec],
    table: &TableSpec,
    seed: Seed,
    first: u64,
    count: usize,
    places: Option<&Places>,
    states: &mut [State],
) -> Result<Drawn, SimulateError> {
    let own = table_seed(seed, table);
    let stretches = stretches(first, count);
    let mut drawn: Drawn = vec![None; table.columns.len()];
    if let (Some(places), Some(link)) = (places, &table.parent) {
        let parent = &tables[link.table];
        let taken = complete(tables, parent, seed, places.first, places.count, None, &mut [])?;
        for (index, column) in table.columns.iter().enumerate() {
            if let Source::Parent(above) = column.source {
                drawn[index] = taken[above].as_ref().map(|column| column.take(&places.of_row));
            }
        }
    }
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
            drawn[index] = Some(rounded(values, *decimals));
            continue;
        }
        let slot =
            table.copula.as_ref().and_then(|copula| copula.columns.iter().position(|&other| other == index));
        let parts: Vec<Column> = stretches
            .par_iter()
            .enumerate()
            .map(|(number, stretch)| {
                let given = slot.map(|slot| together[number][slot].as_slice());
                let columns = sliced(column, table, &drawn, *stretch);
                let place = places.map(|places| &places.place[stretch.from..stretch.from + stretch.length]);
                let row = first + stretch.from as u64;
                one(column, own, *stretch, row, given, place, &columns)
            })
            .collect::<Result<_, SimulateError>>()?;
        let parts: Vec<&Column> = parts.iter().collect();
        drawn[index] = Some(Column::concat(&parts)?);
    }
    Ok(drawn)
}

/// The rows of a stretch, of the columns that a formula needs.
fn sliced(column: &ColumnSpec, table: &TableSpec, drawn: &Drawn, stretch: Stretch) -> Drawn {
    let missing = column.missing.as_ref().and_then(|missing| missing.formula());
    let names: Vec<&str> =
        column.formulas().into_iter().chain(missing).flat_map(|formula| formula.names()).collect();
    table
        .columns
        .iter()
        .zip(drawn)
        .map(|(spec, column)| {
            let column = column.as_ref().filter(|_| names.contains(&spec.name.as_str()))?;
            Some(column.slice(stretch.from, stretch.length))
        })
        .collect()
}

/// A column's values in a stretch of rows.
fn one(
    column: &ColumnSpec,
    seed: Seed,
    stretch: Stretch,
    row: u64,
    given: Option<&[f64]>,
    place: Option<&[u64]>,
    columns: &Drawn,
) -> Result<Column, SimulateError> {
    let n = stretch.length;
    let label = format!("column {}", column.name);
    let own;
    let drawn: &[f64] = match (given, column.is_drawn()) {
        (Some(given), _) => given,
        (None, true) => {
            own = units(seed, &label, row, n);
            &own
        }
        (None, false) => &[],
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
            if let Some(grid) = grid {
                for value in &mut values {
                    *value = (*value / grid).round() * grid;
                }
            }
            number_column(values, *decimals)
        }
        Source::Levels { levels, usual, cases } => {
            // The first case that holds decides.
            let mut case_of = vec![usize::MAX; n];
            for (index, (condition, _)) in cases.iter().enumerate().rev() {
                for (slot, holds) in case_of.iter_mut().zip(condition.evaluate(n, columns).holds()) {
                    if holds {
                        *slot = index;
                    }
                }
            }
            let choose = |(unit, case): (&f64, &usize)| {
                let weights = cases.get(*case).map_or(usual, |case| &case.1);
                weights.at(*unit) as u32
            };
            Column::from_codes(drawn.iter().zip(&case_of).map(choose).collect(), levels)
        }
        Source::Boolean(share) => {
            let shares = share.values(n, columns);
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
        Source::Date(calendar) => {
            Column::from_instants(drawn.iter().map(|&unit| calendar.at(unit)).collect(), None)
        }
        Source::DateQuantiles { shares, values, step } => {
            let at = |unit: &f64| (interpolate(shares, values, *unit) / *step as f64).floor() as i64 * step;
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
                let mut number =
                    || (u128::from(stream.bits()) << 64 | u128::from(stream.bits())) % pattern.size().max(1);
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
            Column::from_floats(
                values.into_iter().map(|value| (value * unit).round() / unit).collect(),
                missing,
            )
        }
        None => Column::from_floats(values, missing),
    }
}

/// Which cells of each column go missing. A parent's cells are missing for all of its rows.
fn gaps(table: &TableSpec, seed: Seed, first: u64, count: usize, drawn: &Drawn) -> Vec<Option<Vec<bool>>> {
    let own = table_seed(seed, table);
    table
        .columns
        .iter()
        .map(|column| {
            let share = column.missing.as_ref()?;
            let units = units(own, &format!("missing {}", column.name), first, count);
            let shares = share.formula().map(|formula| {
                let columns: Drawn = drawn.clone();
                formula.evaluate(count, &columns).numbers().expect("types were checked")
            });
            let fixed = share.fixed().unwrap_or(0.0);
            Some(
                units
                    .iter()
                    .enumerate()
                    .map(|(row, unit)| *unit < shares.as_ref().map_or(fixed, |shares| shares[row]))
                    .collect(),
            )
        })
        .collect()
}

/// A batch of rows as it is written.
fn draw(
    tables: &[TableSpec],
    table: &TableSpec,
    seed: Seed,
    first: u64,
    count: usize,
    places: Option<&Places>,
    states: &mut [State],
) -> Result<Table, SimulateError> {
    let mut drawn = complete(tables, table, seed, first, count, places, states)?;
    let mut masks = gaps(table, seed, first, count, &drawn);
    if let (Some(places), Some(link)) = (places, &table.parent) {
        let parent = &tables[link.table];
        if parent.columns.iter().any(|column| column.missing.is_some()) {
            let above = complete(tables, parent, seed, places.first, places.count, None, &mut [])?;
            let above = gaps(parent, seed, places.first, places.count, &above);
            for (mask, column) in masks.iter_mut().zip(&table.columns) {
                if let Source::Parent(index) = column.source {
                    *mask = above[index]
                        .as_ref()
                        .map(|flags| places.of_row.iter().map(|&row| flags[row]).collect());
                }
            }
        }
    }
    let mut columns = Vec::with_capacity(table.shown.len());
    for &index in &table.shown {
        let column = drawn[index].take().expect("every column is drawn");
        columns.push(match &masks[index] {
            Some(flags) => column.with_missing(flags),
            None => column,
        });
    }
    Ok(Table::new(table.schema.clone(), columns)?)
}
