//! From a drawn inner table to an outer one in which the constraints hold.

use std::collections::BTreeMap;

use lookalike_core::Seed;
use lookalike_table::constraints::{Amount, Amounts, Check, Comparand, Rule, Rules};
use lookalike_table::expression::{Data, Values};
use lookalike_table::{Column, Schema, Table};

use super::form::{Form, Side};
use super::given::{Moved, Pins, replaced, there};
use super::model::ConstrainedModel;
use super::plan::{Bound, Offset, Plan, Step};
use crate::error::{Error, Result};
use crate::frame::{Frame, Source};
use crate::sampler::BLOCK_ROWS;

/// Where a row was drawn: a block's number, and the row's place in it.
pub(super) type Origin = (u64, u32);

/// The origins of all rows of a block.
pub(super) fn origins(block: u64) -> Vec<Origin> {
    (0..BLOCK_ROWS as u32).map(|row| (block, row)).collect()
}

/// What a plan is inverted with.
pub(super) struct Inverse<'a> {
    pub(super) model: &'a ConstrainedModel,
    pub(super) plan: &'a Plan,
    pub(super) rules: &'a Rules,
    pub(super) schema: &'a std::sync::Arc<Schema>,
    pub(super) frame: &'a Frame,
    pub(super) seed: Seed,
    /// The cells of joint columns, by the number of the step.
    pub(super) joints: &'a BTreeMap<usize, Vec<Column>>,
}

impl Inverse<'_> {
    /// The outer table. Where this draws values itself, each row's are those of the place where it was drawn first.
    ///
    /// Given cells, if there are some, stand where they are given, and what is drawn goes with them as far as that can be
    /// brought about; whether constraints hold is then to be looked at.
    pub(super) fn table(&self, inner: &Table, origins: &[Origin], pins: Option<&Pins>) -> Result<Table> {
        let Some(pins) = pins else { return self.written(inner, origins, None) };
        let inner = &self.with_distances(inner, pins, origins)?;
        let drawn = self.written(inner, origins, None)?;
        let moved = self.moved(&drawn, pins)?;
        self.written(inner, origins, Some((pins, &moved)))
    }

    fn written(&self, inner: &Table, origins: &[Origin], given: Option<(&Pins, &Moved)>) -> Result<Table> {
        let n_rows = inner.n_rows();
        let mut outer = Outer { columns: vec![None; self.schema.columns.len()], schema: self.schema };
        for (number, step) in self.plan.steps.iter().enumerate() {
            match step {
                Step::Keep { column, from } => {
                    let own = inner.column(*from);
                    outer.columns[*column] = Some(match given {
                        Some((pins, moved)) => self.kept(*column, own, pins, moved)?,
                        None => own.clone(),
                    });
                }
                Step::Joint { columns, from, .. } => {
                    let joint = &self.joints[&number];
                    let mut codes =
                        combination_codes(inner.column(*from), joint.first().map_or(0, Column::len));
                    if let Some((pins, _)) = given.filter(|(pins, _)| pins.exchange) {
                        codes = self.exchanged(columns, joint, *from, &codes, pins, origins);
                    }
                    for (&column, cells) in columns.iter().zip(joint) {
                        outer.columns[column] = Some(cells.take(&codes));
                    }
                }
                Step::Offset(offset) => {
                    let alone = offset.alone.map(|from| inner.column(from));
                    let mut column = offset_column(offset, inner.column(offset.from), alone, &outer);
                    if let Some((pins, _)) = given
                        && let Some(cells) = &pins.cells[offset.column]
                    {
                        // Where nothing can lie between bounds, a given cell does not lie there either.
                        let base = Base::new(offset, |column| outer.amounts(column));
                        let gone = column.missing();
                        let rows: Vec<bool> = (0..n_rows)
                            .map(|row| {
                                pins.is_given(offset.column, row)
                                    && (!gone.as_ref().is_some_and(|flags| flags[row])
                                        || base.is_unbounded(row))
                            })
                            .collect();
                        column = replaced(&column, cells, &rows)?;
                    }
                    outer.columns[offset.column] = Some(column);
                }
                Step::Computed { column, constraint, present, alone, form } => {
                    let Rule::Equation { expression, .. } = &self.rules.rules[*constraint] else { continue };
                    let values = expression.evaluate(n_rows, &|index| outer.get(index));
                    let mut computed = computed_column(values, *form);
                    if let Some(from) = present {
                        let given = inner.column(*from).integers().map(|integers| integers.values);
                        let open: Vec<bool> =
                            given.unwrap_or_default().into_iter().map(|value| value == 0).collect();
                        // Missing flags say nothing here: those rows have no value anyway.
                        let unknown = inner.column(*from).missing();
                        let flags = open
                            .iter()
                            .enumerate()
                            .map(|(row, &open)| open && !unknown.as_ref().is_some_and(|flags| flags[row]));
                        computed = computed.with_missing(&flags.collect::<Vec<_>>());
                    }
                    if let Some(from) = alone {
                        let own = inner.column(*from);
                        let gap = computed.missing().unwrap_or_else(|| vec![false; n_rows]);
                        computed = replaced(&computed, own, &gap)?;
                        if let Some(missing) = own.missing() {
                            computed = computed.with_missing(&missing);
                        }
                    }
                    if let Some((pins, _)) = given
                        && let Some(cells) = &pins.cells[*column]
                    {
                        computed = replaced(&computed, cells, &pins.rows(*column))?;
                    }
                    outer.columns[*column] = Some(computed);
                }
                Step::Multiple { column, from, constraint, form } => {
                    let Rule::Increments { step, .. } = &self.rules.rules[*constraint] else { continue };
                    outer.columns[*column] = Some(multiple_column(inner.column(*from), *step, *form));
                }
                Step::Imposed { column, from, constraints } => {
                    let changed = self.imposed((*column, *from), constraints, &outer, origins, number)?;
                    outer.columns[*column] = Some(changed);
                }
                Step::Blank { column, constraints } => {
                    let mut flags = vec![false; n_rows];
                    for &constraint in constraints {
                        for (flag, applies) in flags.iter_mut().zip(self.applies(constraint, &outer, n_rows))
                        {
                            *flag |= applies;
                        }
                    }
                    outer.blank(*column, &flags);
                }
                Step::Together { columns } => {
                    let mut flags = vec![false; n_rows];
                    for &column in columns {
                        if let Some(missing) = outer.get(column).missing() {
                            for (flag, missing) in flags.iter_mut().zip(missing) {
                                *flag |= missing;
                            }
                        }
                    }
                    for &column in columns {
                        outer.blank(column, &flags);
                    }
                }
            }
        }
        let columns =
            outer.columns.into_iter().map(|column| column.expect("every column has a step")).collect();
        Ok(Table::new(self.schema.clone(), columns)?)
    }

    /// A column that is learned as it is, with given cells and moved ones put in.
    fn kept(&self, column: usize, own: &Column, pins: &Pins, moved: &Moved) -> Result<Column> {
        let mut own = own.clone();
        // What is changed later, or goes by the row's number, is not given so.
        if !self.plan.is_as_drawn(column) {
            return Ok(own);
        }
        if let Some(cells) = &pins.cells[column] {
            own = replaced(&own, cells, &pins.rows(column))?;
        }
        if let Some(cells) = moved.get(&column) {
            own = replaced(&own, cells, &there(cells))?;
        }
        Ok(own)
    }

    /// The rows in which all tests of a rule hold.
    fn applies(&self, constraint: usize, outer: &Outer<'_>, n_rows: usize) -> Vec<bool> {
        let Rule::When { tests, .. } = &self.rules.rules[constraint] else { return vec![false; n_rows] };
        let mut applies = vec![true; n_rows];
        for test in tests {
            let holds = test.holds_in(outer.get(test.column), &self.schema.columns[test.column]);
            for (applies, holds) in applies.iter_mut().zip(holds) {
                *applies &= holds;
            }
        }
        applies
    }

    /// A column in which values that rules do not allow are drawn again, among those that all rules that apply to the row
    /// allow, as often as the column has them.
    fn imposed(
        &self,
        (column, from): (usize, usize),
        constraints: &[usize],
        outer: &Outer<'_>,
        origins: &[Origin],
        step: usize,
    ) -> Result<Column> {
        let own = outer.get(column);
        let described = &self.schema.columns[column];
        let n_rows = own.len();
        let mut active = vec![0_u64; n_rows];
        let mut broken = vec![false; n_rows];
        for (bit, &constraint) in constraints.iter().enumerate() {
            let Rule::When { then, .. } = &self.rules.rules[constraint] else { continue };
            // Of another column of a group that is missing together it is known only that there is a value.
            let holds = if then.column == column { then.holds_in(own, described) } else { there(own) };
            for (row, applies) in self.applies(constraint, outer, n_rows).into_iter().enumerate() {
                if applies {
                    active[row] |= 1 << (bit % 64);
                    broken[row] |= !holds[row];
                }
            }
        }
        if !broken.contains(&true) {
            return Ok(own.clone());
        }
        let Source::Margin(margin) = &self.frame.sources[from] else {
            return Err(self.unmet(constraints[0]));
        };
        let seed = self.seed.derive("imposed").derive(&step.to_string());
        let mut draws: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
        let mut uniform = |row: usize| {
            let (block, place) = origins[row];
            let of_block = draws.entry(block).or_insert_with(|| {
                let mut stream = seed.stream("rows", block);
                (0..BLOCK_ROWS).map(|_| stream.unit()).collect()
            });
            of_block[place as usize]
        };
        let mut parts: Vec<Column> = vec![own.clone()];
        let mut order: Vec<usize> = (0..n_rows).collect();
        let mut rows_of: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for row in (0..n_rows).filter(|&row| broken[row]) {
            rows_of.entry(active[row]).or_default().push(row);
        }
        let mut next = n_rows;
        for (mask, rows) in rows_of {
            let chosen: Vec<usize> = constraints
                .iter()
                .enumerate()
                .filter(|(bit, _)| mask >> (bit % 64) & 1 == 1)
                .map(|(_, &c)| c)
                .collect();
            let checks = chosen.iter().filter_map(|&constraint| match &self.rules.rules[constraint] {
                Rule::When { then, .. } => Some(then),
                _ => None,
            });
            let wanted: Vec<&Check> =
                checks.filter(|check| check.column == column && check.is != Comparand::Present).collect();
            let restricted = margin
                .restrict_to(described, &wanted)
                .ok_or_else(|| self.unmet(chosen.first().copied().unwrap_or(constraints[0])))?;
            let (pieces, fractions): (Vec<u32>, Vec<f64>) =
                rows.iter().map(|&row| restricted.place(uniform(row))).unzip();
            parts.push(restricted.support.decode(&pieces, &fractions, None));
            for row in rows {
                order[row] = next;
                next += 1;
            }
        }
        let all: Vec<&Column> = parts.iter().collect();
        Ok(Column::concat(&all)?.take(&order))
    }

    fn unmet(&self, constraint: usize) -> Error {
        Error::Unmet { constraint: self.rules.text(constraint) }
    }
}

/// Outer columns as far as they are known.
pub(super) struct Outer<'a> {
    columns: Vec<Option<Column>>,
    schema: &'a Schema,
}

impl Outer<'_> {
    fn get(&self, column: usize) -> &Column {
        self.columns[column].as_ref().expect("steps come in an order in which all that is needed is there")
    }

    fn amounts(&self, column: usize) -> Option<Amounts> {
        Amounts::of(self.columns[column].as_ref()?, &self.schema.columns[column])
    }

    fn blank(&mut self, column: usize, flags: &[bool]) {
        if flags.contains(&true) {
            let blanked = self.get(column).with_missing(flags);
            self.columns[column] = Some(blanked);
        }
    }
}

/// The numbers of combinations by which methods call them; the first one where a method gives none.
fn combination_codes(column: &Column, count: usize) -> Vec<usize> {
    let codes = column.codes().expect("joint columns are levels");
    let numbers: Vec<usize> = codes
        .levels
        .iter()
        .map(|level| {
            level.get(1..).and_then(|text| text.parse().ok()).filter(|&code| code < count).unwrap_or(0)
        })
        .collect();
    codes.codes.iter().map(|&code| numbers.get(code as usize).copied().unwrap_or(0)).collect()
}

/// What a column is measured from, row by row.
pub(super) struct Base<'a> {
    offset: &'a Offset,
    references: Vec<(Amounts, bool)>,
}

impl<'a> Base<'a> {
    pub(super) fn new(offset: &'a Offset, amounts: impl Fn(usize) -> Option<Amounts>) -> Self {
        let references =
            offset.references.iter().filter_map(|&(column, strict)| Some((amounts(column)?, strict)));
        Base { offset, references: references.collect() }
    }

    pub(super) fn sign(&self) -> f64 {
        if self.offset.side == Side::Above { 1.0 } else { -1.0 }
    }

    /// True where no other column bounds it.
    pub(super) fn is_unbounded(&self, row: usize) -> bool {
        self.references.iter().all(|(amounts, _)| amounts.get(row).is_none())
    }

    /// The first value that is allowed, in steps; `None` where no other column bounds it.
    pub(super) fn steps(&self, row: usize) -> Option<i128> {
        let Offset { side, form, start, .. } = self.offset;
        let edges = self
            .references
            .iter()
            .filter_map(|(amounts, strict)| Some(form.edge(amounts.get(row)?, *strict, *side)));
        let base = match side {
            Side::Above => edges.max()?,
            Side::Below => edges.min()?,
        };
        Some(match (start, side) {
            (Some(Bound::Steps(start)), Side::Above) => base.max(i128::from(*start)),
            (Some(Bound::Steps(start)), Side::Below) => base.min(i128::from(*start)),
            _ => base,
        })
    }

    /// The same for forms without steps.
    pub(super) fn real(&self, row: usize) -> Option<f64> {
        let above = self.offset.side == Side::Above;
        let edges = self.references.iter().filter_map(|(amounts, strict)| {
            let value = amounts.get(row)?.to_f64();
            Some(match (strict, above) {
                (false, _) => value,
                (true, true) => value.next_up(),
                (true, false) => value.next_down(),
            })
        });
        let base = edges.reduce(if above { f64::max } else { f64::min })?;
        Some(match self.offset.start {
            Some(Bound::Real(start)) if above => base.max(start),
            Some(Bound::Real(start)) => base.min(start),
            _ => base,
        })
    }
}

fn offset_column(offset: &Offset, distance: &Column, alone: Option<&Column>, outer: &Outer<'_>) -> Column {
    let base = Base::new(offset, |column| outer.amounts(column));
    let n_rows = distance.len();
    let form = offset.form;
    let drawn = distance.numbers().expect("distances are numbers");
    let whole = distance.integers().map(|integers| integers.values);
    let open = |row: usize| drawn.missing.as_ref().is_some_and(|flags| flags[row]);
    let alone = alone.and_then(|column| Amounts::of(column, &outer.schema.columns[offset.column]));
    let alone = |row: usize| alone.as_ref().and_then(|amounts| amounts.get(row));
    let mut missing = vec![false; n_rows];
    if form.is_real() {
        let values: Vec<f64> = (0..n_rows)
            .map(|row| {
                let found = match base.real(row) {
                    None => alone(row).map(Amount::to_f64),
                    Some(_) if open(row) => None,
                    Some(from) => far(from, drawn.values[row], offset, base.sign()),
                };
                missing[row] = found.is_none();
                found.unwrap_or(0.0)
            })
            .collect();
        return Column::from_floats(values, Some(missing));
    }
    let sign: i128 = if offset.side == Side::Above { 1 } else { -1 };
    let values: Vec<i128> = (0..n_rows)
        .map(|row| {
            let found = match base.steps(row) {
                None => alone(row).map(|amount| form.steps(amount)),
                Some(_) if open(row) => None,
                Some(from) => {
                    let limit = offset.limit.and_then(|limit| match limit {
                        Bound::Steps(limit) => Some(i128::from(limit)),
                        Bound::Real(_) => None,
                    });
                    let room = limit.map(|limit| sign * (limit - from));
                    match room {
                        // Nothing lies between.
                        Some(room) if room < 0 => None,
                        Some(room) if offset.share => {
                            let share = drawn.values[row].clamp(0.0, 1.0);
                            let steps = ((room as f64 + 1.0) * share) as i128;
                            Some(from + sign * steps.min(room))
                        }
                        room => {
                            let steps = whole.as_ref().map_or(0, |whole| i128::from(whole[row])).max(0);
                            Some(from + sign * room.map_or(steps, |room| steps.min(room)))
                        }
                    }
                }
            };
            missing[row] = found.is_none();
            found.unwrap_or(0)
        })
        .collect();
    form.column(&values, Some(missing))
}

/// A number so far from another, within the limit.
fn far(from: f64, drawn: f64, offset: &Offset, sign: f64) -> Option<f64> {
    let Some(Bound::Real(limit)) = offset.limit else { return Some(from + sign * drawn.max(0.0)) };
    let room = sign * (limit - from);
    if room < 0.0 {
        return None;
    }
    let distance = if offset.share { room * drawn.clamp(0.0, 1.0) } else { drawn.max(0.0) };
    let value = from + sign * distance;
    Some(if sign > 0.0 { value.clamp(from, limit) } else { value.clamp(limit, from) })
}

/// Values of an expression as a column of the form.
fn computed_column(values: Values, form: Form) -> Column {
    let missing = values.missing.clone();
    match &values.data {
        Data::Exact { units, places } => {
            let steps: Vec<i128> =
                units.iter().map(|&ticks| form.nearest(Amount::Exact { ticks, places: *places })).collect();
            if form.is_real() {
                let numbers = values.numbers().expect("exact values are numbers");
                return Column::from_floats(numbers, missing);
            }
            form.column(&steps, missing)
        }
        Data::Floats(numbers) => form.rounded(numbers, missing),
        Data::Dates(instants) => {
            let steps: Vec<i128> = instants
                .iter()
                .map(|&instant| form.steps(Amount::Exact { ticks: i128::from(instant), places: 0 }))
                .collect();
            form.column(&steps, missing)
        }
        _ => values.into_column(),
    }
}

fn multiple_column(times: &Column, step: Amount, form: Form) -> Column {
    let integers = times.integers().unwrap_or_else(|| {
        // Only a file that someone else wrote has other numbers here.
        let numbers = times.numbers().expect("increments are numbers");
        lookalike_table::Integers {
            values: numbers.values.iter().map(|value| value.round() as i64).collect(),
            missing: numbers.missing,
        }
    });
    match step {
        Amount::Exact { ticks, places } => {
            let steps: Vec<i128> = integers
                .values
                .iter()
                .map(|&times| {
                    form.nearest(Amount::Exact { ticks: ticks.saturating_mul(i128::from(times)), places })
                })
                .collect();
            if form.is_real() {
                let unit = Amount::Exact { ticks, places }.to_f64();
                let values = integers.values.iter().map(|&times| times as f64 * unit).collect();
                return Column::from_floats(values, integers.missing);
            }
            form.column(&steps, integers.missing)
        }
        Amount::Real(step) => {
            let values: Vec<f64> = integers.values.iter().map(|&times| times as f64 * step).collect();
            form.rounded(&values, integers.missing)
        }
    }
}
