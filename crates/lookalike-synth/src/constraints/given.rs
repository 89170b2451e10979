//! What follows from the given cells of rows that are to be completed.
//!
//! Three things, in this order. An equation with one unknown is solved for it before anything is drawn. What is drawn below a
//! given value is moved so that its distance from it is the drawn one. And of several unknown parts of a given sum the last is
//! what the others leave.

use std::collections::BTreeMap;

use lookalike_core::Seed;
use lookalike_table::constraints::{Amount, Amounts, Check, Comparand, Rule};
use lookalike_table::expression::{BoundExpression, Data, Type};
use lookalike_table::{Column, Kind, Table};

use super::form::{Form, Side};
use super::forward::missing_column;
use super::inverse::{Inverse, Origin};
use super::model::ConstrainedModel;
use super::plan::{Offset, Step};
use crate::error::Result;
use crate::frame::Source;
use crate::impute::fill;

/// Microseconds of a day: dates are tried so far apart, since what follows from them may be days.
const DAY: i64 = 86_400_000_000;

/// Given cells, by outer column, for the rows that are written back.
pub(super) struct Pins {
    pub(super) cells: Vec<Option<Column>>,
    given: Vec<Option<Vec<bool>>>,
    n_rows: usize,
    /// True where a drawn combination that does not have the given cells is to be exchanged for one that has.
    pub(super) exchange: bool,
}

/// Values that come in the place of drawn ones, by outer column; missing where the drawn one stays.
pub(super) type Moved = BTreeMap<usize, Column>;

impl Pins {
    pub(super) fn new(cells: Vec<Option<Column>>, n_rows: usize, exchange: bool) -> Pins {
        let given = cells.iter().map(|cells| cells.as_ref().map(there)).collect();
        Pins { cells, given, n_rows, exchange }
    }

    pub(super) fn is_given(&self, column: usize, row: usize) -> bool {
        self.given[column].as_ref().is_some_and(|flags| flags[row])
    }

    /// Rows in which the column is given.
    pub(super) fn rows(&self, column: usize) -> Vec<bool> {
        self.given[column].clone().unwrap_or_else(|| vec![false; self.n_rows])
    }
}

/// Rows in which a column has a value.
pub(super) fn there(column: &Column) -> Vec<bool> {
    column
        .missing()
        .map_or_else(|| vec![true; column.len()], |flags| flags.into_iter().map(|flag| !flag).collect())
}

/// The column with other values in some rows.
pub(super) fn replaced(own: &Column, others: &Column, rows: &[bool]) -> Result<Column> {
    let every: Vec<usize> = (0..own.len()).collect();
    fill(own, others, &every, rows)
}

impl ConstrainedModel {
    /// Given cells, and those that equations say of them: where one cell of a linear equation is unknown, it is solved for
    /// that.
    pub(super) fn solved(&self, given: &[Option<Column>], n_rows: usize) -> Result<Vec<Option<Column>>> {
        let mut cells = given.to_vec();
        // Each pass that finds something settles a cell, and what it settles may let another equation be solved.
        for _ in 0..=self.rules.rules.len() {
            let mut found = false;
            for (index, rule) in self.rules.rules.iter().enumerate() {
                let Rule::Equation { column, expression, .. } = rule else { continue };
                for &input in expression.columns() {
                    let Some((solved, rows)) = self.solve(*column, expression, input, &cells, n_rows) else {
                        continue;
                    };
                    let before = cells[input].clone();
                    let own =
                        before.clone().unwrap_or_else(|| missing_column(&self.schema.columns[input], n_rows));
                    cells[input] = Some(self.as_stored(input, &replaced(&own, &solved, &rows)?));
                    // Rounded as its column is written, it may not come to what is given: then it stays unknown.
                    let whole = self.full_table(&cells, n_rows)?;
                    let broken = self.rules.violations(index, &whole);
                    let undone: Vec<bool> = (0..n_rows).map(|row| rows[row] && broken[row]).collect();
                    if rows == undone {
                        cells[input] = before;
                        continue;
                    }
                    if undone.contains(&true) {
                        cells[input] = cells[input].take().map(|column| column.with_missing(&undone));
                    }
                    found = true;
                }
            }
            if !found {
                break;
            }
        }
        Ok(cells)
    }

    /// The values of one unknown, and where it could be solved for; `None` where it could not be anywhere.
    fn solve(
        &self,
        column: usize,
        expression: &BoundExpression,
        input: usize,
        cells: &[Option<Column>],
        n_rows: usize,
    ) -> Option<(Column, Vec<bool>)> {
        let known = |column: usize| -> Option<Vec<bool>> { cells[column].as_ref().map(there) };
        let mut open = known(column)?;
        for &other in expression.columns() {
            match known(other) {
                Some(flags) if other == input => {
                    open.iter_mut().zip(flags).for_each(|(open, known)| *open &= !known);
                }
                Some(flags) => open.iter_mut().zip(flags).for_each(|(open, known)| *open &= known),
                None if other == input => {}
                None => return None,
            }
        }
        let rows: Vec<usize> = (0..n_rows).filter(|&row| open[row]).collect();
        if rows.is_empty() {
            return None;
        }
        let total = cells[column].as_ref()?.take(&rows);
        let total = Amounts::of(&total, &self.schema.columns[column])?;
        let kind = &self.schema.columns[input].kind;
        let parts: Vec<(usize, Column)> = expression
            .columns()
            .iter()
            .filter(|&&other| other != input)
            .map(|&other| Some((other, cells[other].as_ref()?.take(&rows))))
            .collect::<Option<_>>()?;
        // A line through three points is told from anything else by the third.
        let at: Vec<Data> = (0..3_i64)
            .map(|times| {
                let trial = trial(kind, times, rows.len())?;
                let column = |index: usize| {
                    if index == input {
                        return &trial;
                    }
                    parts.iter().find(|(own, _)| *own == index).map_or(&trial, |(_, column)| column)
                };
                Some(expression.evaluate(rows.len(), &column).data)
            })
            .collect::<Option<_>>()?;
        let form = form_of(kind)?;
        let mut found: Vec<Option<Amount>> = Vec::with_capacity(rows.len());
        for row in 0..rows.len() {
            let points = [0, 1, 2].map(|point| point_of(&at[point], row));
            let amount = match (total.get(row), points) {
                (Some(total), [Some(a), Some(b), Some(c)]) => intersect(total, [a, b, c], kind),
                _ => None,
            };
            found.push(amount);
        }
        for (number, &row) in rows.iter().enumerate() {
            open[row] = found[number].is_some();
        }
        if !open.contains(&true) {
            return None;
        }
        let missing: Vec<bool> = found.iter().map(Option::is_none).collect();
        let values = if form.is_real() {
            let values = found.iter().map(|amount| amount.map_or(0.0, Amount::to_f64)).collect();
            Column::from_floats(values, Some(missing))
        } else {
            let steps: Vec<i128> =
                found.iter().map(|amount| amount.map_or(0, |amount| form.nearest(amount))).collect();
            form.column(&steps, Some(missing))
        };
        let mut places = vec![0; n_rows];
        for (number, &row) in rows.iter().enumerate() {
            places[row] = number;
        }
        Some((values.take(&places), open))
    }

    /// Numbers as the model's own columns store them: whole ones may stand for decimals, and the other way round.
    pub(super) fn as_stored(&self, index: usize, column: &Column) -> Column {
        let like = self.plan.steps.iter().find_map(|step| match step {
            Step::Keep { column, from } if *column == index => {
                Some(self.inner.frame().missing_column(*from, 0))
            }
            Step::Offset(offset) if offset.column == index => Some(offset.form.column(&[], None)),
            Step::Computed { column, form, .. } | Step::Multiple { column, form, .. } if *column == index => {
                Some(form.column(&[], None))
            }
            Step::Joint { columns, cells, .. } => {
                let place = columns.iter().position(|&column| column == index)?;
                Some(cells[place].column().slice(0, 0))
            }
            _ => None,
        });
        like.map_or_else(|| column.clone(), |like| crate::impute::stored_like(column, &like))
    }
}

/// A column with one value in all rows, to see what an expression makes of it.
fn trial(kind: &Kind, times: i64, n_rows: usize) -> Option<Column> {
    match kind {
        Kind::Numerical(format) if format.integer => Some(Column::from_integers(vec![times; n_rows], None)),
        Kind::Numerical(_) => Some(Column::from_floats(vec![times as f64; n_rows], None)),
        Kind::Datetime(_) => Some(Column::from_instants(vec![times * DAY; n_rows], None)),
        _ => None,
    }
}

/// The form of solved values: one step is the last decimal place, or a microsecond.
fn form_of(kind: &Kind) -> Option<Form> {
    let schema = lookalike_table::ColumnSchema::new("", kind.clone());
    let column = trial(kind, 0, 1)?;
    Some(match kind {
        Kind::Datetime(_) => Form::of(&column, &schema).finest(),
        _ => Form::of(&column, &schema),
    })
}

fn point_of(data: &Data, row: usize) -> Option<Amount> {
    match data {
        Data::Exact { units, places } => Some(Amount::Exact { ticks: units[row], places: *places }),
        Data::Dates(values) => Some(Amount::Exact { ticks: i128::from(values[row]), places: 0 }),
        Data::Floats(values) => Some(Amount::Real(values[row])),
        _ => None,
    }
}

/// Where the line through the values at 0, 1 and 2 units has the wanted one.
fn intersect(wanted: Amount, points: [Amount; 3], kind: &Kind) -> Option<Amount> {
    let exact = |amount: Amount, common: u8| match amount {
        Amount::Exact { ticks, places } => {
            ticks.checked_mul(10_i128.checked_pow(u32::from(common - places))?)
        }
        Amount::Real(_) => None,
    };
    let places_of = |amount: &Amount| match amount {
        Amount::Exact { places, .. } => Some(*places),
        Amount::Real(_) => None,
    };
    let own_places = match Type::of(&lookalike_table::ColumnSchema::new("", kind.clone())) {
        Type::Exact { places } => Some(places),
        Type::Date { .. } => Some(0),
        _ => None,
    };
    let all: Option<Vec<u8>> = points.iter().chain([&wanted]).map(places_of).collect();
    if let (Some(all), Some(places)) = (all, own_places) {
        let common = all.into_iter().max()?;
        let [a, b, c] = [exact(points[0], common)?, exact(points[1], common)?, exact(points[2], common)?];
        let slope = b.checked_sub(a)?;
        if slope == 0 || c.checked_sub(b)? != slope {
            return None;
        }
        let unit = match kind {
            Kind::Datetime(_) => i128::from(DAY),
            _ => 10_i128.checked_pow(u32::from(places))?,
        };
        let over = exact(wanted, common)?.checked_sub(a)?.checked_mul(unit)?;
        let (over, slope) = if slope < 0 { (over.checked_neg()?, -slope) } else { (over, slope) };
        // To the nearest: whether that is near enough is seen by the equation.
        let ticks = (over.checked_mul(2)?.checked_add(slope)?).div_euclid(slope.checked_mul(2)?);
        return Some(Amount::Exact { ticks, places });
    }
    let [a, b, c] = points.map(Amount::to_f64);
    let slope = b - a;
    let scale = a.abs() + b.abs() + c.abs();
    let value = (wanted.to_f64() - a) / slope;
    let unit = if matches!(kind, Kind::Datetime(_)) { DAY as f64 } else { 1.0 };
    let straight = slope != 0.0 && (c - b - slope).abs() <= 1e-9 * scale;
    (straight && value.is_finite()).then_some(Amount::Real(value * unit))
}

impl Inverse<'_> {
    /// The inner table with a distance wherever the value is given: one from the margin, where none was drawn since the value
    /// was to be missing.
    pub(super) fn with_distances(&self, inner: &Table, pins: &Pins, origins: &[Origin]) -> Result<Table> {
        let mut columns = inner.columns().to_vec();
        for step in &self.plan.steps {
            let Step::Offset(offset) = step else { continue };
            let (given, has) = (pins.rows(offset.column), there(&columns[offset.from]));
            let open: Vec<bool> = given.iter().zip(has).map(|(given, has)| *given && !has).collect();
            if !open.contains(&true) {
                continue;
            }
            let Source::Margin(margin) = &self.frame.sources[offset.from] else { continue };
            let Some(all) = margin.restrict(&[]) else { continue };
            let seed = self.seed.derive("distances").derive(&offset.from.to_string());
            let (pieces, fractions): (Vec<u32>, Vec<f64>) =
                uniforms(seed, origins).into_iter().map(|uniform| all.place(uniform)).unzip();
            columns[offset.from] =
                replaced(&columns[offset.from], &all.support.decode(&pieces, &fractions, None), &open)?;
        }
        Ok(Table::new(inner.schema().clone(), columns)?)
    }

    /// What has to be drawn elsewhere for given cells to be where they are.
    pub(super) fn moved(&self, drawn: &Table, pins: &Pins) -> Result<Moved> {
        let mut moved: BTreeMap<usize, Vec<Option<Amount>>> = BTreeMap::new();
        let n_rows = drawn.n_rows();
        for step in &self.plan.steps {
            let Step::Offset(offset) = step else { continue };
            let Some(given) = &pins.cells[offset.column] else { continue };
            let described = &self.schema.columns[offset.column];
            let amounts =
                (Amounts::of(given, described), Amounts::of(drawn.column(offset.column), described));
            let (Some(wanted), Some(own)) = amounts else { continue };
            for row in 0..n_rows {
                let (Some(wanted), Some(own)) = (wanted.get(row), own.get(row)) else { continue };
                for root in self.roots(offset, row, pins) {
                    let slot = &mut moved.entry(root).or_insert_with(|| vec![None; n_rows])[row];
                    let schema = &self.schema.columns[root];
                    let at = Amounts::of(drawn.column(root), schema).and_then(|amounts| amounts.get(row));
                    if let (None, Some(at)) = (&slot, at) {
                        *slot = shifted(at, own, wanted, offset);
                    }
                }
            }
        }
        let mut columns = Moved::new();
        for (root, values) in moved {
            if values.iter().any(Option::is_some) {
                let side = self.side_of(root);
                columns.insert(root, self.column_of(root, drawn.column(root), &values, side));
            }
        }
        self.left_over(drawn, pins, &mut columns)?;
        Ok(columns)
    }

    /// The unknown columns that a distance is measured from in the end, and that are drawn as they are.
    fn roots(&self, offset: &Offset, row: usize, pins: &Pins) -> Vec<usize> {
        let mut found = Vec::new();
        let mut open: Vec<usize> = offset.references.iter().map(|(column, _)| *column).collect();
        let mut next = 0;
        while next < open.len() {
            let column = open[next];
            next += 1;
            if pins.is_given(column, row) {
                continue;
            }
            let measured = self.plan.steps.iter().find_map(|step| match step {
                Step::Offset(other) if other.column == column && other.side == offset.side => Some(other),
                _ => None,
            });
            match measured {
                Some(other) => {
                    for &(reference, _) in &other.references {
                        if !open.contains(&reference) {
                            open.push(reference);
                        }
                    }
                }
                None if self.plan.is_as_drawn(column) => found.push(column),
                None => {}
            }
        }
        found
    }

    /// On which side of a column the others are measured from it.
    fn side_of(&self, root: usize) -> Side {
        let above = self.plan.steps.iter().any(|step| match step {
            Step::Offset(offset) => {
                offset.side == Side::Above && offset.references.iter().any(|(column, _)| *column == root)
            }
            _ => false,
        });
        if above { Side::Above } else { Side::Below }
    }

    /// A column of values rounded away from what is measured from them; missing where there is none.
    fn column_of(&self, column: usize, like: &Column, values: &[Option<Amount>], side: Side) -> Column {
        let form = Form::of(like, &self.schema.columns[column]);
        let missing: Vec<bool> = values.iter().map(Option::is_none).collect();
        if form.is_real() {
            let numbers = values.iter().map(|value| value.map_or(0.0, Amount::to_f64)).collect();
            return Column::from_floats(numbers, Some(missing));
        }
        let other = if side == Side::Above { Side::Below } else { Side::Above };
        let steps: Vec<i128> =
            values.iter().map(|value| value.map_or(0, |value| form.edge(value, false, other))).collect();
        form.column(&steps, Some(missing))
    }

    /// Of several unknown columns that a given one is computed from, the last is what the others leave, if the model knows
    /// values as low and as high.
    fn left_over(&self, drawn: &Table, pins: &Pins, moved: &mut Moved) -> Result<()> {
        let n_rows = drawn.n_rows();
        for step in &self.plan.steps {
            let Step::Computed { column, constraint, .. } = step else { continue };
            let Rule::Equation { expression, .. } = &self.rules.rules[*constraint] else { continue };
            let Some(total) = &pins.cells[*column] else { continue };
            let inputs = expression.columns();
            let Some(&last) = inputs
                .iter()
                .rev()
                .find(|&&input| self.plan.is_as_drawn(input) && !moved.contains_key(&input))
            else {
                continue;
            };
            let wanted: Vec<bool> =
                (0..n_rows).map(|row| pins.is_given(*column, row) && !pins.is_given(last, row)).collect();
            if !wanted.contains(&true) {
                continue;
            }
            let mut cells: Vec<Option<Column>> = vec![None; self.schema.columns.len()];
            cells[*column] = Some(total.clone());
            for &input in inputs.iter().filter(|&&input| input != last) {
                let own = drawn.column(input);
                cells[input] = Some(match (&pins.cells[input], moved.get(&input)) {
                    (Some(given), _) => replaced(own, given, &pins.rows(input))?,
                    (None, Some(other)) => replaced(own, other, &there(other))?,
                    (None, None) => own.clone(),
                });
            }
            let Some((solved, rows)) = self.model.solve(*column, expression, last, &cells, n_rows) else {
                continue;
            };
            let described = &self.schema.columns[last];
            let Some(amounts) = Amounts::of(&solved, described) else { continue };
            let has = there(drawn.column(last));
            let fits = |row: usize| {
                wanted[row]
                    && rows[row]
                    && has[row]
                    && amounts.get(row).is_some_and(|amount| self.is_known(last, amount))
            };
            let keep: Vec<bool> = (0..n_rows).map(fits).collect();
            if keep.contains(&true) {
                let gone: Vec<bool> = keep.iter().map(|keep| !keep).collect();
                moved.insert(last, solved.with_missing(&gone));
            }
        }
        Ok(())
    }

    /// True for a value between the least and the greatest that the model knows of a column.
    fn is_known(&self, column: usize, amount: Amount) -> bool {
        let Some(from) = self.plan.kept(column) else { return false };
        let Source::Margin(margin) = &self.frame.sources[from] else { return false };
        let described = &self.schema.columns[column];
        let has = |is: Comparand| margin.restrict_to(described, &[&Check { column, is }]).is_some();
        has(Comparand::AtLeast(amount)) && has(Comparand::AtMost(amount))
    }

    /// For each row, a combination that has the given cells: the drawn one if it has, else one of those that have, as often
    /// as the model knows them. `None` where no cell is given, or none has them.
    pub(super) fn exchanged(
        &self,
        columns: &[usize],
        cells: &[Column],
        from: usize,
        codes: &[usize],
        pins: &Pins,
        origins: &[Origin],
    ) -> Vec<usize> {
        use lookalike_table::spelling::spell;
        let n_rows = codes.len();
        let given: Vec<Vec<Option<String>>> = columns
            .iter()
            .map(|&column| match &pins.cells[column] {
                Some(own) => spell(&self.schema.columns[column], own),
                None => vec![None; n_rows],
            })
            .collect();
        let known: Vec<Vec<Option<String>>> = columns
            .iter()
            .zip(cells)
            .map(|(&column, cells)| spell(&self.schema.columns[column], cells))
            .collect();
        let count = cells.first().map_or(0, Column::len);
        let weights = self.weights(from, count);
        let fits = |row: usize, code: usize| {
            given.iter().zip(&known).all(|(given, known)| given[row].is_none() || given[row] == known[code])
        };
        let uniforms = uniforms(self.seed.derive("exchanged").derive(&from.to_string()), origins);
        (0..n_rows)
            .map(|row| {
                if fits(row, codes[row]) {
                    return codes[row];
                }
                let fitting: Vec<usize> = (0..count).filter(|&code| fits(row, code)).collect();
                let total: u64 = fitting.iter().map(|&code| weights[code]).sum();
                let mut left = uniforms[row] * total as f64;
                for &code in &fitting {
                    left -= weights[code] as f64;
                    if left < 0.0 {
                        return code;
                    }
                }
                fitting.last().copied().unwrap_or(codes[row])
            })
            .collect()
    }

    /// How often the model saw each combination.
    fn weights(&self, from: usize, count: usize) -> Vec<u64> {
        let mut weights = vec![0; count];
        if let Source::Margin(margin) = &self.frame.sources[from]
            && let crate::margin::Support::Levels { levels, codes } = &margin.support
        {
            for (&code, &n) in codes.iter().zip(&margin.counts) {
                let number: Option<usize> = levels.get(code).get(1..).and_then(|text| text.parse().ok());
                if let Some(slot) = number.and_then(|number| weights.get_mut(number)) {
                    *slot += n;
                }
            }
        }
        weights
    }
}

/// A number in [0, 1) for each row, that of the place where it was drawn.
fn uniforms(seed: Seed, origins: &[Origin]) -> Vec<f64> {
    let mut draws: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
    origins
        .iter()
        .map(|&(block, place)| {
            let of_block = draws.entry(block).or_insert_with(|| {
                let mut stream = seed.stream("rows", block);
                (0..crate::sampler::BLOCK_ROWS).map(|_| stream.unit()).collect()
            });
            of_block[place as usize]
        })
        .collect()
}

/// Where a value lies if what was drawn beyond it is moved to what is given.
fn shifted(at: Amount, own: Amount, wanted: Amount, offset: &Offset) -> Option<Amount> {
    if let (
        Amount::Exact { ticks: at, places: a },
        Amount::Exact { ticks: own, places: b },
        Amount::Exact { ticks: wanted, places: c },
    ) = (at, own, wanted)
    {
        let common = a.max(b).max(c);
        let scaled =
            |ticks: i128, places: u8| ticks.checked_mul(10_i128.checked_pow(u32::from(common - places))?);
        let ticks = scaled(at, a)?.checked_add(scaled(wanted, c)?.checked_sub(scaled(own, b)?)?)?;
        return Some(Amount::Exact { ticks, places: common });
    }
    let value = at.to_f64() + (wanted.to_f64() - own.to_f64());
    // Rounding of doubles must not bring it beyond what is given.
    let strict = offset.references.iter().any(|(_, strict)| *strict);
    let bound = match (strict, offset.side) {
        (false, _) => wanted.to_f64(),
        (true, Side::Above) => wanted.to_f64().next_down(),
        (true, Side::Below) => wanted.to_f64().next_up(),
    };
    Some(Amount::Real(if offset.side == Side::Above { value.min(bound) } else { value.max(bound) }))
}
