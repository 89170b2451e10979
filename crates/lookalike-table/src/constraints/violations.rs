//! In which rows constraints do not hold.

use std::cmp::Ordering;

use hashbrown::{HashMap, HashSet};

use super::amounts::{Amount, Amounts, compare};
use super::resolve::{Check, Comparand, Operand, Rule, Rules, Value};
use crate::column::{Codes, Column};
use crate::expression::Data;
use crate::schema::{Kind, Schema};
use crate::spelling;
use crate::table::Table;

impl Rules {
    /// For each row of a table whose schema the rules are of, whether constraint number `index` is broken there: for
    /// uniqueness, whether an earlier row has the same values; for what rises, whether the row before in its group is above.
    ///
    /// Combinations have no rows to break them here: which occur is for [`violations_beside`](Self::violations_beside).
    ///
    /// # Panics
    /// If the table has other columns.
    pub fn violations(&self, index: usize, table: &Table) -> Vec<bool> {
        self.violations_beside(index, table, table)
    }

    /// The same; combinations are those of the `training` table.
    ///
    /// # Panics
    /// If one of the tables has other columns.
    pub fn violations_beside(&self, index: usize, table: &Table, training: &Table) -> Vec<bool> {
        let n_rows = table.n_rows();
        let schema = table.schema();
        let amounts = |column: usize| {
            Amounts::of(table.column(column), &schema.columns[column])
                .expect("rules are of numbers and dates")
        };
        match &self.rules[index] {
            Rule::Order { operands, strict } => {
                let columns: Vec<Option<Amounts>> = operands
                    .iter()
                    .map(|operand| match operand {
                        Operand::Column(column) => Some(amounts(*column)),
                        Operand::Constant(_) => None,
                    })
                    .collect();
                let at = |place: usize, row: usize| match (&operands[place], &columns[place]) {
                    (Operand::Constant(amount), _) => Some(*amount),
                    (_, Some(amounts)) => amounts.get(row),
                    _ => None,
                };
                (0..n_rows).map(|row| !in_order(operands.len(), strict, |place| at(place, row))).collect()
            }
            Rule::Combinations(columns) => {
                let known: HashSet<Vec<u64>> = {
                    let keys = Keys::new(training, columns);
                    (0..training.n_rows()).filter_map(|row| keys.whole(row)).collect()
                };
                let keys = Keys::new(table, columns);
                (0..n_rows).map(|row| keys.whole(row).is_some_and(|key| !known.contains(&key))).collect()
            }
            Rule::Equation { column, expression, tolerance } => {
                let computed = expression.evaluate_table(table);
                let missing = |row: usize| computed.missing.as_ref().is_some_and(|flags| flags[row]);
                let at = *column;
                let column = table.column(at);
                match &computed.data {
                    Data::Booleans(values) => {
                        let own = column.integers().expect("a column of truth values");
                        let blank = |row: usize| own.missing.as_ref().is_some_and(|flags| flags[row]);
                        (0..n_rows)
                            .map(|row| !missing(row) && !blank(row) && values[row] != (own.values[row] == 1))
                            .collect()
                    }
                    Data::Dates(values) => {
                        let own = column.integers().expect("a column of dates");
                        let blank = |row: usize| own.missing.as_ref().is_some_and(|flags| flags[row]);
                        let step = step_of(schema, &self.rules[index]);
                        (0..n_rows)
                            .map(|row| {
                                let apart = i128::from(values[row]) - i128::from(own.values[row]);
                                !missing(row) && !blank(row) && !(0..i128::from(step)).contains(&apart)
                            })
                            .collect()
                    }
                    data => {
                        let own = Amounts::of(column, &schema.columns[at]).expect("a column of numbers");
                        let exact = match data {
                            Data::Exact { units, places } => Some((units, *places)),
                            _ => None,
                        };
                        let values = computed.numbers().expect("an equation of numbers");
                        (0..n_rows)
                            .map(|row| {
                                let (Some(amount), false) = (own.get(row), missing(row)) else {
                                    return false;
                                };
                                match (amount, exact) {
                                    (Amount::Exact { ticks, places }, Some((units, other))) => {
                                        exceeds((ticks, places), (units[row], other), *tolerance)
                                    }
                                    (amount, _) => differs(amount.to_f64(), values[row], *tolerance),
                                }
                            })
                            .collect()
                    }
                }
            }
            Rule::OneHot(columns) => {
                let flags: Vec<Vec<Option<bool>>> =
                    columns.iter().map(|&column| truths(table, column)).collect();
                (0..n_rows)
                    .map(|row| {
                        let cells: Vec<Option<bool>> = flags.iter().map(|flags| flags[row]).collect();
                        let hot = cells.iter().filter(|cell| **cell == Some(true)).count();
                        // Cells that are neither 0 nor 1 are read as missing; a row without a cell says nothing.
                        let known = cells.iter().all(Option::is_some);
                        let none = cells.iter().all(Option::is_none);
                        !none && (hot != 1 || !known)
                    })
                    .collect()
            }
            Rule::Unique(columns) => {
                let keys = Keys::new(table, columns);
                let mut seen = HashSet::new();
                (0..n_rows).map(|row| keys.whole(row).is_some_and(|key| !seen.insert(key))).collect()
            }
            Rule::AllOrNone(columns) => {
                let missing: Vec<Vec<bool>> =
                    columns.iter().map(|&column| missing(table.column(column))).collect();
                (0..n_rows)
                    .map(|row| {
                        let count = missing.iter().filter(|flags| flags[row]).count();
                        count != 0 && count != columns.len()
                    })
                    .collect()
            }
            Rule::Increments { column, step } => {
                let amounts = amounts(*column);
                (0..n_rows)
                    .map(|row| amounts.get(row).is_some_and(|amount| multiple(amount, *step).is_none()))
                    .collect()
            }
            Rule::Monotone { column, within, falling, strict } => {
                let amounts = amounts(*column);
                let groups = Keys::new(table, within);
                let mut last: HashMap<Vec<u64>, Amount> = HashMap::new();
                (0..n_rows)
                    .map(|row| {
                        let Some(amount) = amounts.get(row) else { return false };
                        let before = last.insert(groups.any(row), amount);
                        before.is_some_and(|before| {
                            let (low, high) = if *falling { (amount, before) } else { (before, amount) };
                            !holds(low, high, *strict)
                        })
                    })
                    .collect()
            }
            Rule::When { tests, then } => {
                let mut applies = vec![true; n_rows];
                for test in tests {
                    for (applies, holds) in applies.iter_mut().zip(test.holds(table)) {
                        *applies &= holds;
                    }
                }
                applies.into_iter().zip(then.holds(table)).map(|(applies, holds)| applies && !holds).collect()
            }
        }
    }

    /// Rows in which the constraint has something to say: those in which no cell that it compares is missing, or in which its
    /// tests hold.
    ///
    /// # Panics
    /// If the table has other columns.
    pub fn applies(&self, index: usize, table: &Table) -> Vec<bool> {
        let n_rows = table.n_rows();
        let columns: Vec<usize> = match &self.rules[index] {
            Rule::Order { operands, .. } => operands
                .iter()
                .filter_map(|operand| match operand {
                    Operand::Column(column) => Some(*column),
                    Operand::Constant(_) => None,
                })
                .collect(),
            Rule::When { tests, .. } => {
                let mut applies = vec![true; n_rows];
                for test in tests {
                    for (applies, holds) in applies.iter_mut().zip(test.holds(table)) {
                        *applies &= holds;
                    }
                }
                return applies;
            }
            Rule::AllOrNone(_) => return vec![true; n_rows],
            Rule::Equation { column, expression, .. } => {
                std::iter::once(*column).chain(expression.columns().iter().copied()).collect()
            }
            Rule::Combinations(columns) | Rule::OneHot(columns) | Rule::Unique(columns) => columns.clone(),
            Rule::Increments { column, .. } | Rule::Monotone { column, .. } => vec![*column],
        };
        let missing: Vec<Vec<bool>> =
            columns.iter().filter_map(|&column| table.column(column).missing()).collect();
        (0..n_rows).map(|row| !missing.iter().any(|flags| flags[row])).collect()
    }
}

fn step_of(schema: &Schema, rule: &Rule) -> i64 {
    match rule {
        Rule::Equation { column, .. } => match &schema.columns[*column].kind {
            Kind::Datetime(format) => format.step.max(1),
            _ => 1,
        },
        _ => 1,
    }
}

/// True when two numbers of so many decimal places are further apart than is allowed: nothing is rounded, so nothing else is
/// granted.
fn exceeds((own, places): (i128, u8), (computed, other): (i128, u8), tolerance: f64) -> bool {
    let common = places.max(other);
    let scaled = |ticks: i128, from: u8| {
        10_i128.checked_pow(u32::from(common - from)).and_then(|unit| ticks.checked_mul(unit))
    };
    match scaled(own, places).zip(scaled(computed, other)) {
        // The tolerance is a double: a billionth of itself is its own rounding.
        Some((a, b)) => a.abs_diff(b) as f64 > tolerance * 10f64.powi(i32::from(common)) * (1.0 + 1e-9),
        None => differs(
            Amount::Exact { ticks: own, places }.to_f64(),
            Amount::Exact { ticks: computed, places: other }.to_f64(),
            tolerance,
        ),
    }
}

/// True when two numbers are further apart than is allowed and than rounding of doubles explains.
fn differs(own: f64, computed: f64, tolerance: f64) -> bool {
    let slack = 1e-9 * own.abs().max(computed.abs());
    (own - computed).abs() > tolerance + slack
}

fn holds(low: Amount, high: Amount, strict: bool) -> bool {
    match compare(low, high) {
        Some(Ordering::Less) => true,
        Some(Ordering::Equal) => !strict,
        _ => false,
    }
}

/// True when every two of the values that are there stand in order.
fn in_order(count: usize, strict: &[bool], at: impl Fn(usize) -> Option<Amount>) -> bool {
    let mut last: Option<Amount> = None;
    let mut strictly = false;
    for place in 0..count {
        if place > 0 {
            strictly |= strict[place - 1];
        }
        let Some(amount) = at(place) else { continue };
        if last.is_some_and(|last| !holds(last, amount, strictly)) {
            return false;
        }
        last = Some(amount);
        strictly = false;
    }
    true
}

/// How many times a step goes into an amount, if it does so evenly.
pub fn multiple(amount: Amount, step: Amount) -> Option<i128> {
    match (amount, step) {
        (Amount::Exact { ticks, places }, Amount::Exact { ticks: step, places: of_step }) => {
            let common = places.max(of_step);
            let scaled = |ticks: i128, from: u8| {
                10_i128.checked_pow(u32::from(common - from)).and_then(|unit| ticks.checked_mul(unit))
            };
            let (ticks, step) = (scaled(ticks, places)?, scaled(step, of_step)?);
            (step != 0 && ticks % step == 0).then(|| ticks / step)
        }
        (amount, step) => {
            let times = amount.to_f64() / step.to_f64();
            ((times - times.round()).abs() < 1e-9 * times.abs().max(1.0)).then(|| times.round() as i128)
        }
    }
}

fn missing(column: &Column) -> Vec<bool> {
    column.missing().unwrap_or_else(|| vec![false; column.len()])
}

/// Cells as 1 and 0, whatever they are stored as; `None` for missing and other cells.
fn truths(table: &Table, index: usize) -> Vec<Option<bool>> {
    let column = table.column(index);
    let missing = missing(column);
    if let Some(texts) = column.texts() {
        return texts
            .iter()
            .map(|text| match text {
                Some("1") => Some(true),
                Some("0") => Some(false),
                _ => None,
            })
            .collect();
    }
    let numbers = column.numbers().expect("a column of numbers or truth values").values;
    let truth = |(row, value): (usize, f64)| match value {
        _ if missing[row] => None,
        1.0 => Some(true),
        0.0 => Some(false),
        _ => None,
    };
    numbers.into_iter().enumerate().map(truth).collect()
}

impl Check {
    /// For each row, whether the cell is what it is to be.
    ///
    /// # Panics
    /// If the table has other columns.
    pub fn holds(&self, table: &Table) -> Vec<bool> {
        self.holds_in(table.column(self.column), &table.schema().columns[self.column])
    }

    /// The same for a column by itself.
    ///
    /// # Panics
    /// If the column is not of the kind that its schema says.
    pub fn holds_in(&self, column: &Column, schema: &crate::schema::ColumnSchema) -> Vec<bool> {
        let missing = missing(column);
        match &self.is {
            Comparand::Missing => return missing,
            Comparand::Present => return missing.into_iter().map(|missing| !missing).collect(),
            _ => {}
        }
        if let Some(codes) = column.codes() {
            // Each level is looked at once.
            let fits: Vec<bool> =
                codes.levels.iter().map(|level| self.is.takes(&Value::Text(level.to_owned()))).collect();
            return codes.codes.iter().map(|&code| code != Codes::MISSING && fits[code as usize]).collect();
        }
        if column.is_boolean() {
            let values = column.integers().expect("truth values are 0 and 1").values;
            let fits = [false, true].map(|truth| self.is.takes(&Value::Truth(truth)));
            return (0..values.len())
                .map(|row| !missing[row] && fits[usize::from(values[row] == 1)])
                .collect();
        }
        if let Some(texts) = column.texts() {
            return texts
                .iter()
                .map(|text| text.is_some_and(|text| self.is.takes(&Value::Text(text.to_owned()))))
                .collect();
        }
        if matches!(schema.kind, Kind::Id(_)) {
            let takes = |text: &Option<String>| {
                text.as_ref().is_some_and(|text| self.is.takes(&Value::Text(text.clone())))
            };
            return spelling::spell(schema, column).iter().map(takes).collect();
        }
        let amounts = Amounts::of(column, schema).expect("all other columns are numbers or dates");
        (0..amounts.len())
            .map(|row| amounts.get(row).is_some_and(|amount| self.is.takes(&Value::Amount(amount))))
            .collect()
    }
}

/// Cells of several columns as numbers that are equal where the cells are, in this table and in others.
pub(super) struct Keys {
    columns: Vec<Vec<Option<u64>>>,
}

impl Keys {
    pub(super) fn new(table: &Table, columns: &[usize]) -> Self {
        let cells = |&column: &usize| cells(table.column(column), &table.schema().columns[column]);
        Keys { columns: columns.iter().map(cells).collect() }
    }

    /// The row's key, if no cell is missing.
    pub(super) fn whole(&self, row: usize) -> Option<Vec<u64>> {
        self.columns.iter().map(|cells| cells[row]).collect()
    }

    /// The row's key; a missing cell is like another.
    pub(super) fn any(&self, row: usize) -> Vec<u64> {
        self.columns.iter().map(|cells| cells[row].unwrap_or(u64::MAX)).collect()
    }
}

/// One number per cell: amounts by value, texts by hash.
fn cells(column: &Column, schema: &crate::schema::ColumnSchema) -> Vec<Option<u64>> {
    if let Some(texts) = column.texts() {
        return texts.iter().map(|text| text.map(|text| hash(text.as_bytes()))).collect();
    }
    if column.is_boolean() {
        let integers = column.integers().expect("truth values are 0 and 1");
        let missing = missing(column);
        return (0..column.len()).map(|row| (!missing[row]).then_some(integers.values[row] as u64)).collect();
    }
    let Some(amounts) = Amounts::of(column, schema) else { return vec![None; column.len()] };
    (0..column.len())
        .map(|row| {
            amounts.get(row).map(|amount| match amount {
                // The same value with other places is the same number.
                Amount::Exact { mut ticks, mut places } => {
                    while places > 0 && ticks % 10 == 0 {
                        ticks /= 10;
                        places -= 1;
                    }
                    let mut bytes = ticks.to_le_bytes().to_vec();
                    bytes.push(places);
                    hash(&bytes)
                }
                Amount::Real(value) => (value + 0.0).to_bits(),
            })
        })
        .collect()
}

/// FNV-1a with a final mix: short texts only, and not against an adversary.
fn hash(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for &byte in bytes {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    hash ^ (hash >> 29)
}
