//! Columns whose distribution is cut down, row by row, to what constraints leave.

use std::cmp::Ordering;

use hashbrown::HashMap;
use lookalike_table::constraints::{Amount, Amounts, Check, Comparand, Operand, Value, compare};
use lookalike_table::{Column, Levels, Schema};

use super::SimulateError;
use super::columns::Source;
use super::draw::{Part, case_of};
use super::rules::Limit;
use super::tables::Drawn;
use super::weights::Cumulative;

/// Halvings of (0, 1): what is left is narrower than any share that matters.
const HALVINGS: usize = 44;
/// The nearest to 0 and 1 that quantile functions are asked.
const EDGE: f64 = 1e-15;

/// Draws a stretch of a column within its limits. Rows in which nothing is left within them are drawn as if there were none.
pub(super) fn draw(
    part: &Part<'_>,
    given: Option<Vec<f64>>,
    limits: &[Limit],
    schema: &Schema,
) -> Result<Column, SimulateError> {
    let units = given.unwrap_or_else(|| part.units());
    match &part.column.source {
        Source::Levels { levels, usual, cases } => {
            let applying = applying(limits, &part.columns, part.n_rows(), schema);
            Ok(chosen(&units, levels, (usual, cases), part, limits, &applying))
        }
        Source::Boolean(_) => {
            let drawn = part.draw(Some(&units))?;
            let applying = applying(limits, &part.columns, part.n_rows(), schema);
            Ok(truths(&drawn, limits, &applying))
        }
        _ => between(part, &units, limits, schema),
    }
}

/// For each row the limits that apply there, as bits.
fn applying(limits: &[Limit], columns: &Drawn, n_rows: usize, schema: &Schema) -> Vec<u64> {
    let mut bits = vec![0; n_rows];
    for (number, limit) in limits.iter().enumerate().take(64) {
        let Limit::Where(tests, _) = limit else { continue };
        for (bits, holds) in bits.iter_mut().zip(all_hold(tests, columns, n_rows, schema)) {
            *bits |= u64::from(holds) << number;
        }
    }
    bits
}

fn all_hold(tests: &[Check], columns: &Drawn, n_rows: usize, schema: &Schema) -> Vec<bool> {
    let mut hold = vec![true; n_rows];
    for test in tests {
        let column = columns[test.column].as_ref().expect("limits look at columns that were drawn before");
        for (hold, holds) in hold.iter_mut().zip(test.holds_in(column, &schema.columns[test.column])) {
            *hold &= holds;
        }
    }
    hold
}

/// What the limits that apply say of a value.
fn allowed(limits: &[Limit], bits: u64, value: &Value) -> bool {
    limits.iter().enumerate().take(64).all(|(number, limit)| match limit {
        Limit::Where(_, is) if bits >> number & 1 == 1 => is.takes(value),
        _ => true,
    })
}

/// Levels by their weights, those that limits exclude having none.
fn chosen(
    units: &[f64],
    levels: &Levels,
    (usual, cases): (&Cumulative, &[(super::formula::Formula, Cumulative)]),
    part: &Part<'_>,
    limits: &[Limit],
    applying: &[u64],
) -> Column {
    let case_of = case_of(cases, part.n_rows(), &part.columns);
    let mut known: HashMap<(usize, u64), Cumulative> = HashMap::new();
    let codes = units
        .iter()
        .zip(case_of.iter().zip(applying))
        .map(|(&unit, (&case, &bits))| {
            let weights = known.entry((case, bits)).or_insert_with(|| {
                let weights = cases.get(case).map_or(usual, |case| &case.1);
                let takes = |level: &str| allowed(limits, bits, &Value::Text(level.to_owned()));
                let left: Vec<f64> = weights
                    .weights()
                    .into_iter()
                    .zip(levels.iter())
                    .map(|(weight, level)| if takes(level) { weight } else { 0.0 })
                    .collect();
                Cumulative::new(&left).unwrap_or_else(|| weights.clone())
            });
            weights.at(unit) as u32
        })
        .collect();
    Column::from_codes(codes, levels)
}

fn truths(drawn: &Column, limits: &[Limit], applying: &[u64]) -> Column {
    let integers = drawn.integers().expect("truth values are 0 and 1");
    let flags = integers
        .values
        .iter()
        .zip(applying)
        .map(|(&value, &bits)| {
            let truth = value == 1;
            let fits = |truth: bool| allowed(limits, bits, &Value::Truth(truth));
            if !fits(truth) && fits(!truth) { !truth } else { truth }
        })
        .collect();
    Column::from_booleans(flags, integers.missing)
}

/// The lowest or highest value that a row allows, and whether it is itself excluded.
type Bound = Option<(Amount, bool)>;

/// The narrower of two bounds; `above` is how a narrower one compares.
fn narrower(bound: Bound, other: Bound, above: Ordering) -> Bound {
    match (bound, other) {
        (Some((a, a_strict)), Some((b, b_strict))) => match compare(b, a) {
            Some(Ordering::Equal) => Some((a, a_strict || b_strict)),
            Some(found) if found == above => other,
            _ => bound,
        },
        (bound, other) => bound.or(other),
    }
}

/// For each row the bounds from below and from above.
fn bounds(part: &Part<'_>, limits: &[Limit], schema: &Schema) -> (Vec<Bound>, Vec<Bound>) {
    let n = part.n_rows();
    let (mut low, mut high) = (vec![None; n], vec![None; n]);
    let narrow = |bounds: &mut Vec<Bound>, above: Ordering, of: &dyn Fn(usize) -> Bound| {
        for (row, bound) in bounds.iter_mut().enumerate() {
            *bound = narrower(*bound, of(row), above);
        }
    };
    for limit in limits {
        match limit {
            Limit::AtLeast(operand, strict) | Limit::AtMost(operand, strict) => {
                let amounts = match operand {
                    Operand::Constant(_) => None,
                    Operand::Column(column) => {
                        let drawn = part.columns[*column].as_ref().expect("drawn before");
                        Amounts::of(drawn, &schema.columns[*column])
                    }
                };
                let of = |row: usize| match (operand, &amounts) {
                    (Operand::Constant(amount), _) => Some((*amount, *strict)),
                    (_, Some(amounts)) => Some((amounts.get(row)?, *strict)),
                    _ => None,
                };
                match limit {
                    Limit::AtLeast(..) => narrow(&mut low, Ordering::Greater, &of),
                    _ => narrow(&mut high, Ordering::Less, &of),
                }
            }
            Limit::Where(tests, is) => {
                let applies = all_hold(tests, &part.columns, n, schema);
                let (from, to): (Bound, Bound) = match is {
                    Comparand::AtLeast(amount) => (Some((*amount, false)), None),
                    Comparand::More(amount) => (Some((*amount, true)), None),
                    Comparand::AtMost(amount) => (None, Some((*amount, false))),
                    Comparand::Less(amount) => (None, Some((*amount, true))),
                    Comparand::Among(values) => match values.as_slice() {
                        [Value::Amount(amount)] => (Some((*amount, false)), Some((*amount, false))),
                        _ => (None, None),
                    },
                    _ => (None, None),
                };
                narrow(&mut low, Ordering::Greater, &|row| from.filter(|_| applies[row]));
                narrow(&mut high, Ordering::Less, &|row| to.filter(|_| applies[row]));
            }
        }
    }
    (low, high)
}

/// Draws a column whose values rise with their places between bounds: the places at which values keep to them are an interval,
/// and its ends are found by halving. What is looked at are values as they are written, so rounding breaks nothing.
fn between(
    part: &Part<'_>,
    units: &[f64],
    limits: &[Limit],
    schema: &Schema,
) -> Result<Column, SimulateError> {
    let n = part.n_rows();
    let (low, high) = bounds(part, limits, schema);
    let own = part.column.schema();
    // For each row whether the value at a place keeps to the bound from below, and to that from above.
    let keeps = |places: &[f64], bounds: &[Bound], wrong: Ordering| -> Result<Vec<bool>, SimulateError> {
        let drawn = part.draw(Some(places))?;
        let amounts = Amounts::of(&drawn, &own).expect("only numbers and dates have bounds");
        let keeps = |row: usize| {
            let Some((bound, strict)) = bounds[row] else { return true };
            let Some(amount) = amounts.get(row) else { return true };
            compare(amount, bound).is_none_or(|found| found != wrong && !(strict && found == Ordering::Equal))
        };
        Ok((0..n).map(keeps).collect())
    };
    let edge = |bounds: &[Bound], wrong: Ordering| -> Result<Option<Vec<f64>>, SimulateError> {
        if bounds.iter().all(Option::is_none) {
            return Ok(None);
        }
        // From below values are wrong near 0, from above near 1.
        let (bad, good) = if wrong == Ordering::Less { (EDGE, 1.0 - EDGE) } else { (1.0 - EDGE, EDGE) };
        let at_bad = keeps(&vec![bad; n], bounds, wrong)?;
        let at_good = keeps(&vec![good; n], bounds, wrong)?;
        let mut bads = vec![bad; n];
        let mut goods: Vec<f64> = vec![good; n];
        for _ in 0..HALVINGS {
            let middle: Vec<f64> = bads.iter().zip(&goods).map(|(bad, good)| (bad + good) / 2.0).collect();
            for (row, keeps) in keeps(&middle, bounds, wrong)?.into_iter().enumerate() {
                if keeps {
                    goods[row] = middle[row];
                } else {
                    bads[row] = middle[row];
                }
            }
        }
        let place = |row: usize| match (at_bad[row], at_good[row]) {
            // Nothing is cut away, or nothing is left.
            (true, _) => bad.round(),
            (_, false) => f64::NAN,
            _ => goods[row],
        };
        Ok(Some((0..n).map(place).collect()))
    };
    let (from, to) = (edge(&low, Ordering::Less)?, edge(&high, Ordering::Greater)?);
    let places: Vec<f64> = units
        .iter()
        .enumerate()
        .map(|(row, &unit)| {
            let from = from.as_ref().map_or(0.0, |from| from[row]);
            let to = to.as_ref().map_or(1.0, |to| to[row]);
            // Also where one is no number.
            if from <= to {
                (from + (to - from) * unit).clamp(1e-300, 1.0 - f64::EPSILON / 2.0)
            } else {
                unit
            }
        })
        .collect();
    part.draw(Some(&places))
}
