use lookalike_core::{Topic, Warning};
use lookalike_table::protect::{Protection, Units};
use lookalike_table::{Codes, Column, ColumnSchema, Kind};

use super::support::{Grid, Support, Unit};
use super::{Margin, levels, ranges};

/// A margin and where each training row falls in it.
#[derive(Debug)]
pub(crate) struct Built {
    /// `None` when protection leaves nothing to reproduce, or nothing is present.
    pub(crate) margin: Option<Margin>,
    /// The segment per row; [`Codes::MISSING`] where the value is missing.
    pub(crate) segments: Vec<u32>,
    pub(crate) warnings: Vec<Warning>,
}

/// What the protection rule needs to know while a margin is built.
pub(super) struct Rule<'a> {
    pub(super) name: &'a str,
    pub(super) units: &'a Units,
    pub(super) protection: Protection,
}

impl Rule<'_> {
    pub(super) fn min_units(&self) -> usize {
        self.protection.min_units as usize
    }

    pub(super) fn warn(&self, message: String) -> Warning {
        Warning::of_column(Topic::Protection, self.name, message)
    }
}

/// Learns the margin of a numerical, categorical, boolean or datetime column. Keys and text have none.
pub(crate) fn build(
    column: &Column,
    schema: &ColumnSchema,
    units: &Units,
    protection: Protection,
) -> Option<Built> {
    let rule = Rule { name: &schema.name, units, protection };
    Some(match &schema.kind {
        Kind::Categorical { order } => levels::categorical(&column.codes()?, order, &rule),
        Kind::Boolean(_) => levels::boolean(&column.integers()?, &rule),
        Kind::Numerical(format) => match positions(column, format.decimals.places()) {
            Some((positions, missing, unit)) => on_grid(&positions, missing.as_ref(), unit, &rule),
            None => on_reals(column, &rule)?,
        },
        Kind::Datetime(_) => {
            let instants = column.integers()?;
            on_grid(&instants.values, instants.missing.as_ref(), Unit::Instant, &rule)
        }
        _ => return None,
    })
}

/// Exact whole numbers for the values of a column, if it has a grid that 64 bits can count.
fn positions(column: &Column, places: Option<u8>) -> Option<(Vec<i64>, Option<Vec<bool>>, Unit)> {
    if let Some(integers) = column.integers() {
        return Some((integers.values, integers.missing, Unit::Integer));
    }
    if let Some((values, missing)) = column.unsigned() {
        return Some((values.into_iter().map(|v| (v ^ (1 << 63)) as i64).collect(), missing, Unit::Unsigned));
    }
    if let Some((values, scale, missing)) = column.decimals() {
        let positions = values.into_iter().map(|v| i64::try_from(v).ok()).collect::<Option<Vec<i64>>>()?;
        return Some((positions, missing, Unit::Decimal(scale)));
    }
    let places = places.filter(|&places| places <= 15)?;
    let numbers = column.numbers()?;
    let unit = 10f64.powi(i32::from(places));
    let mut positions = Vec::with_capacity(numbers.values.len());
    for (row, &value) in numbers.values.iter().enumerate() {
        if numbers.missing.as_ref().is_some_and(|flags| flags[row]) {
            positions.push(0);
            continue;
        }
        let scaled = (value * unit).round();
        // Only where the grid holds the very value is it a grid.
        if scaled.abs() > 9.0e15 || scaled / unit != value {
            return None;
        }
        positions.push(scaled as i64);
    }
    Some((positions, numbers.missing, Unit::Places(places)))
}

fn present_rows(n_rows: usize, missing: Option<&Vec<bool>>) -> Vec<u32> {
    (0..n_rows as u32).filter(|&row| missing.is_none_or(|flags| !flags[row as usize])).collect()
}

fn on_grid(positions: &[i64], missing: Option<&Vec<bool>>, unit: Unit, rule: &Rule<'_>) -> Built {
    let n_rows = positions.len();
    let mut order = present_rows(n_rows, missing);
    order.sort_unstable_by_key(|&row| (positions[row as usize], row));
    let sorted: Vec<i64> = order.iter().map(|&row| positions[row as usize]).collect();
    let grid = common_grid(&sorted, unit);
    let ticks: Vec<i64> = sorted
        .iter()
        .map(|&position| grid.tick(i128::from(position)).expect("the grid was made for it"))
        .collect();
    let parts = ranges::partition(&ticks, &order, rule);
    finish(parts, &order, n_rows, |low, high| Support::Grid { grid, low, high })
}

fn on_reals(column: &Column, rule: &Rule<'_>) -> Option<Built> {
    let numbers = column.numbers()?;
    let values = numbers.values;
    let n_rows = values.len();
    let mut order: Vec<u32> = (0..n_rows as u32).filter(|&row| !values[row as usize].is_nan()).collect();
    order.sort_unstable_by(|&a, &b| values[a as usize].total_cmp(&values[b as usize]).then(a.cmp(&b)));
    // Both zeros are one value.
    let sorted: Vec<f64> = order.iter().map(|&row| values[row as usize] + 0.0).collect();
    let missing_count = numbers.missing.map_or(0, |flags| flags.iter().filter(|&&flag| flag).count());
    let not_numbers = n_rows - order.len() - missing_count;
    let parts = ranges::partition(&sorted, &order, rule);
    let mut built = finish(parts, &order, n_rows, |low, high| Support::Reals { low, high });
    if not_numbers > 0 {
        built.warnings.push(Warning::of_column(
            Topic::Model,
            rule.name,
            format!("{not_numbers} values that are not a number (NaN) are treated as missing"),
        ));
    }
    Some(built)
}

/// The coarsest grid that all values lie on. Its origin is a remainder, so that it tells nothing of any value.
fn common_grid(sorted: &[i64], unit: Unit) -> Grid {
    let mut step: u64 = 0;
    for pair in sorted.windows(2) {
        step = greatest_common_divisor(step, pair[1].wrapping_sub(pair[0]) as u64);
        if step == 1 {
            break;
        }
    }
    let step = i64::try_from(step).ok().filter(|&step| step > 0).unwrap_or(1);
    Grid { unit, origin: sorted.first().map_or(0, |first| first.rem_euclid(step)), step }
}

fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

fn finish<V>(
    parts: ranges::Parts<V>,
    order: &[u32],
    n_rows: usize,
    support: impl FnOnce(Vec<V>, Vec<V>) -> Support,
) -> Built {
    let mut segments = vec![Codes::MISSING; n_rows];
    let mut counts = Vec::with_capacity(parts.segments.len());
    let (mut low, mut high) = (Vec::new(), Vec::new());
    for (number, segment) in parts.segments.into_iter().enumerate() {
        counts.push(segment.rows.iter().map(|range| range.len() as u64).sum());
        for range in segment.rows {
            for &row in &order[range] {
                segments[row as usize] = number as u32;
            }
        }
        low.push(segment.low);
        high.push(segment.high);
    }
    let margin = (!counts.is_empty()).then(|| Margin { support: support(low, high), counts });
    Built { margin, segments, warnings: parts.warnings }
}
