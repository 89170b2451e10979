//! Values that go by the number of their row: all different, or rising down the table.
//!
//! Neither looks at any other row, so rows can be drawn anywhere and in parts. Values that are all different come from a keyed
//! permutation of all values that the margin knows (Black and Rogaway 2002, <https://doi.org/10.1007/3-540-45760-7_9>): row
//! `r` gets the `r`-th of them. Where there are many more than are needed, the permutation is only within one of several
//! equally large buckets, and the method's own draw says which: that keeps the shape of the margin, and its ties to other
//! columns, as far as buckets can.

use lookalike_core::Seed;
use lookalike_table::constraints::{Amounts, Rules};
use lookalike_table::{Column, Schema, Table};

use super::form::Form;
use super::plan::{Numbered, Plan};
use crate::error::{Error, Result};
use crate::frame::{Frame, Source};
use crate::keys::Permutation;
use crate::margin::{Grid, Margin, Support, Unit};
use crate::sampler::BLOCK_ROWS;

/// Different values that a bucket should at least have, so that as many rows can be drawn.
const LEAST_BUCKET: u128 = 1 << 22;
/// So many times the training rows, if that is more.
const TRAINING_TIMES: u128 = 16;
/// More buckets do not keep the margin's shape better.
const MOST_BUCKETS: u128 = 4096;
/// How finely a range of real numbers is divided.
const REAL_CELLS: u128 = 1 << 40;

/// What is needed to number rows.
pub(super) enum Prepared {
    Distinct(Distinct),
    Rising { from: usize, rises: Rises, n_training: u64 },
}

/// A column that rises or falls, and the values that it begins with.
pub(super) struct Rises {
    margin: Margin,
    falling: bool,
    strict: bool,
    form: Form,
}

pub(super) struct Distinct {
    /// Inner columns with their margins, and how many values each has.
    carriers: Vec<(usize, Margin, u128)>,
    permutation: Permutation,
    /// Values in a bucket, and buckets; one bucket where several columns carry the difference.
    bucket: u128,
    buckets: u128,
}

/// Gets ready for rows up to `end`.
pub(super) fn prepare(
    plan: &Plan,
    rules: &Rules,
    frame: &Frame,
    seed: Seed,
    end: u64,
) -> Result<Vec<Prepared>> {
    plan.numbered
        .iter()
        // Keys are put in at the end, when the cells beside them are known.
        .filter(|numbered| !matches!(numbered, Numbered::Keyed { .. }))
        .map(|numbered| match numbered {
            Numbered::Keyed { .. } => unreachable!("they are left out"),
            Numbered::Rising { from, falling, strict, form, .. } => {
                let Source::Margin(margin) = &frame.sources[*from] else {
                    return Err(Error::Unmet { constraint: rules.text(numbered.constraint()) });
                };
                let rises = Rises { margin: margin.clone(), falling: *falling, strict: *strict, form: *form };
                let rows = rises.room(frame.n_rows, end);
                if rows < end {
                    let constraint = rules.text(numbered.constraint());
                    return Err(Error::Outgrown { constraint, values: rows, rows: end });
                }
                Ok(Prepared::Rising { from: *from, rises, n_training: frame.n_rows })
            }
            Numbered::Distinct { constraint, from, .. } => {
                let mut carriers: Vec<(usize, Margin, u128)> = from
                    .iter()
                    .filter_map(|&from| match &frame.sources[from] {
                        Source::Margin(margin) => Some((from, margin.clone(), size(&margin.support))),
                        _ => None,
                    })
                    .collect();
                carriers.sort_by(|a, b| b.2.cmp(&a.2).then(a.0.cmp(&b.0)));
                let enough = LEAST_BUCKET.max(u128::from(frame.n_rows) * TRAINING_TIMES);
                let (mut all, mut count) = (1_u128, 0);
                while count < carriers.len() && all < enough {
                    all = all.saturating_mul(carriers[count].2);
                    count += 1;
                }
                carriers.truncate(count);
                if carriers.is_empty() || all < u128::from(end) {
                    let values = if carriers.is_empty() { 0 } else { all };
                    return Err(Error::Exhausted { constraint: rules.text(*constraint), values, rows: end });
                }
                let buckets = if count == 1 { (all / enough).clamp(1, MOST_BUCKETS) } else { 1 };
                let bucket = all / buckets;
                if bucket < u128::from(end) {
                    return Err(Error::Exhausted {
                        constraint: rules.text(*constraint),
                        values: bucket,
                        rows: end,
                    });
                }
                let seed = seed.derive("distinct").derive(&constraint.to_string());
                Ok(Prepared::Distinct(Distinct {
                    carriers,
                    permutation: Permutation::new(bucket, seed, 0),
                    bucket,
                    buckets,
                }))
            }
        })
        .collect()
}

impl Prepared {
    /// The inner columns with the values of rows from `block` on put in; missing cells stay so.
    pub(super) fn apply(&self, columns: &mut [Column], schema: &Schema, block: u64, seed: Seed) {
        let first = block * BLOCK_ROWS as u64;
        match self {
            Prepared::Distinct(distinct) => distinct.apply(columns, schema, first),
            Prepared::Rising { from, rises, n_training } => {
                let own = &columns[*from];
                let missing = own.missing();
                let mut stream = seed.derive("rising").derive(&from.to_string()).stream("rows", block);
                let places: Vec<f64> = (0..own.len())
                    .map(|row| (first as f64 + row as f64 + stream.unit()) / *n_training as f64)
                    .collect();
                columns[*from] = rises.column(&places, first, missing);
            }
        }
    }
}

impl Distinct {
    fn apply(&self, columns: &mut [Column], schema: &Schema, first: u64) {
        let n_rows = columns[self.carriers[0].0].len();
        // A block is drawn whole; rows beyond those that are asked for may lie beyond the last place, and are cut off later.
        let places: Vec<u128> = (0..n_rows as u64)
            .map(|row| self.permutation.at(u128::from(first + row) % self.bucket))
            .collect();
        if let [(from, margin, _)] = self.carriers.as_slice() {
            let own = &columns[*from];
            let indices: Vec<u128> = if self.buckets == 1 {
                places
            } else {
                let drawn = indices(&margin.support, own, schema, *from);
                let last = self.buckets - 1;
                drawn
                    .iter()
                    .zip(places)
                    .map(|(drawn, place)| (drawn / self.bucket).min(last) * self.bucket + place)
                    .collect()
            };
            columns[*from] = values(&margin.support, &indices, own.missing());
            return;
        }
        // Several columns: their values are the digits of the place.
        let mut left = places;
        for (from, margin, size) in &self.carriers {
            let digits: Vec<u128> = left.iter().map(|place| place % size).collect();
            for place in &mut left {
                *place /= size;
            }
            columns[*from] = values(&margin.support, &digits, columns[*from].missing());
        }
    }
}

/// How many different values a margin has.
fn size(support: &Support) -> u128 {
    match support {
        Support::Levels { codes, .. } => codes.len() as u128,
        Support::Booleans(values) => values.len() as u128,
        Support::Grid { low, high, .. } => {
            low.iter().zip(high).map(|(low, high)| u128::from(high.wrapping_sub(*low) as u64) + 1).sum()
        }
        Support::Reals { low, high } => {
            let (from, to) = (low[0], high[high.len() - 1]);
            let width = to - from;
            // No finer than neighbouring doubles of the larger end.
            let finest = from.abs().max(to.abs()) * f64::EPSILON * 4.0;
            if width <= 0.0 {
                1
            } else {
                ((width / finest.max(f64::MIN_POSITIVE)) as u128).clamp(1, REAL_CELLS)
            }
        }
    }
}

/// The numbers of drawn values among all values of a margin, in order.
fn indices(support: &Support, column: &Column, schema: &Schema, from: usize) -> Vec<u128> {
    match support {
        Support::Grid { grid, low, high } => {
            let Some(amounts) = Amounts::of(column, &schema.columns[from]) else {
                return vec![0; column.len()];
            };
            let mut before = Vec::with_capacity(low.len());
            let mut sum = 0_u128;
            for (low, high) in low.iter().zip(high) {
                before.push(sum);
                sum += u128::from(high.wrapping_sub(*low) as u64) + 1;
            }
            let places = match grid.unit {
                Unit::Places(places) => places,
                Unit::Decimal(scale) => u8::try_from(scale).unwrap_or(0),
                _ => 0,
            };
            (0..column.len())
                .map(|row| {
                    let Some(amount) = amounts.get(row) else { return 0 };
                    let position = amount.floor_ticks(places).0;
                    let position =
                        if grid.unit == Unit::Unsigned { position - (1 << 63) } else { position };
                    let tick = grid.tick_at_most(position);
                    let segment = high.partition_point(|&bound| bound < tick).min(low.len() - 1);
                    before[segment] + u128::from(tick.clamp(low[segment], high[segment]).wrapping_sub(low[segment]) as u64)
                })
                .collect()
        }
        Support::Reals { low, high } => {
            let (from, width) = (low[0], high[high.len() - 1] - low[0]);
            let cells = size(support) as f64;
            let numbers = column.numbers().map(|numbers| numbers.values).unwrap_or_default();
            numbers
                .into_iter()
                .map(|value| {
                    if width > 0.0 && value.is_finite() {
                        ((value - from) / width * cells) as u128
                    } else {
                        0
                    }
                })
                .collect()
        }
        _ => vec![0; column.len()],
    }
}

/// The values with these numbers.
fn values(support: &Support, indices: &[u128], missing: Option<Vec<bool>>) -> Column {
    match support {
        Support::Grid { low, high, .. } => {
            let widths: Vec<u128> = low
                .iter()
                .zip(high)
                .map(|(low, high)| u128::from(high.wrapping_sub(*low) as u64) + 1)
                .collect();
            let ends: Vec<u128> = widths
                .iter()
                .scan(0_u128, |sum, width| {
                    *sum += width;
                    Some(*sum)
                })
                .collect();
            let (segments, fractions): (Vec<u32>, Vec<f64>) = indices
                .iter()
                .map(|&index| {
                    let segment = ends.partition_point(|&end| end <= index).min(ends.len() - 1);
                    let offset = index - (ends[segment] - widths[segment]);
                    (segment as u32, (offset as f64 + 0.5) / widths[segment] as f64)
                })
                .unzip();
            support.decode(&segments, &fractions, missing)
        }
        Support::Reals { low, high } => {
            let (from, width) = (low[0], high[high.len() - 1] - low[0]);
            let cells = size(support) as f64;
            let values = indices.iter().map(|&index| from + (index as f64 + 0.5) / cells * width).collect();
            Column::from_floats(values, missing)
        }
        _ => {
            let segments: Vec<u32> = indices.iter().map(|&index| index as u32).collect();
            support.decode(&segments, &vec![0.5; segments.len()], missing)
        }
    }
}

impl Rises {
    /// How many of the first `end` rows have values that can be written: dates end with the year 9999.
    fn room(&self, n_training: u64, end: u64) -> u64 {
        let Support::Grid { grid, .. } = &self.margin.support else { return end };
        let fits = |row: u64| {
            let place = (row as f64 + (1.0 - 1e-9)) / n_training as f64;
            self.form.holds(self.units(*grid, place, row))
        };
        let (mut low, mut high) = (0, end);
        if end == 0 || fits(end - 1) {
            return end;
        }
        while low < high {
            let middle = low + (high - low) / 2;
            if fits(middle) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The segment at a share of the margin, and how far within it.
    fn locate(&self, borders: &[f64], share: f64) -> (usize, f64) {
        let share = if self.falling { 1.0 - share } else { share }.clamp(0.0, 1.0 - f64::EPSILON);
        let segment = borders.partition_point(|&border| border <= share).clamp(1, borders.len() - 1) - 1;
        let width = borders[segment + 1] - borders[segment];
        let fraction = if width > 0.0 {
            ((share - borders[segment]) / width).clamp(0.0, 1.0 - f64::EPSILON)
        } else {
            0.0
        };
        (segment, fraction)
    }

    /// A row's value on a grid, in units of the column's last place.
    fn units(&self, grid: Grid, place: f64, row: u64) -> i128 {
        self.units_at(grid, &self.margin.borders(), place, row)
    }

    fn units_at(&self, grid: Grid, borders: &[f64], place: f64, row: u64) -> i128 {
        let Support::Grid { low, high, .. } = &self.margin.support else { return 0 };
        let range = i128::from(high[high.len() - 1]) - i128::from(low[0]) + 1;
        let (segment, fraction) = self.locate(borders, place.fract());
        let tick = self.margin.support.tick(segment as u32, fraction).unwrap_or(0);
        let more = i128::from(self.strict) * i128::from(row);
        let further = place.floor() as i128 * range + more;
        let tick = i128::from(tick) + if self.falling { -further } else { further };
        let position = i128::from(grid.origin) + i128::from(grid.step).saturating_mul(tick);
        if grid.unit == Unit::Unsigned { position + (1 << 63) } else { position }
    }

    /// The margin's quantiles at rising places; from 1 on it goes on from its end, as far again.
    fn column(&self, places: &[f64], first: u64, missing: Option<Vec<bool>>) -> Column {
        let borders = self.margin.borders();
        match &self.margin.support {
            Support::Grid { grid, .. } => {
                let values: Vec<i128> = places
                    .iter()
                    .enumerate()
                    .map(|(row, place)| self.units_at(*grid, &borders, *place, first + row as u64))
                    .collect();
                // Positions are in units of the column's last place, as the form's are.
                self.form.in_units(&values, missing)
            }
            Support::Reals { low, high } => {
                let (from, to) = (low[0], high[high.len() - 1]);
                let range = (to - from).max(f64::MIN_POSITIVE);
                let smallest = range * 1e-9;
                let sign = if self.falling { -1.0 } else { 1.0 };
                let values = places
                    .iter()
                    .enumerate()
                    .map(|(row, place)| {
                        let (segment, fraction) = self.locate(&borders, place.fract());
                        let value = low[segment] + fraction * (high[segment] - low[segment]);
                        let more = f64::from(u8::from(self.strict)) * smallest * (first as f64 + row as f64);
                        value + sign * (place.floor() * range + more)
                    })
                    .collect();
                Column::from_floats(values, missing)
            }
            _ => unreachable!("only numbers and dates rise"),
        }
    }
}

/// The inner table with all numbered values put in.
pub(super) fn apply(prepared: &[Prepared], inner: Table, block: u64, seed: Seed) -> Result<Table> {
    if prepared.is_empty() {
        return Ok(inner);
    }
    let mut columns = inner.columns().to_vec();
    for numbered in prepared {
        numbered.apply(&mut columns, inner.schema(), block, seed);
    }
    Ok(Table::new(inner.schema().clone(), columns)?)
}

#[cfg(test)]
mod tests {
    use lookalike_table::schema::NumberFormat;
    use lookalike_table::{ColumnSchema, Kind};

    use super::*;
    use crate::margin::Grid;

    fn margin() -> Margin {
        let grid = Grid { unit: Unit::Integer, origin: 5, step: 5 };
        Margin { support: Support::Grid { grid, low: vec![0, 10], high: vec![3, 12] }, counts: vec![8, 2] }
    }

    #[test]
    fn every_value_has_one_number() {
        let support = margin().support;
        assert_eq!(size(&support), 7);
        let all: Vec<u128> = (0..7).collect();
        let column = values(&support, &all, None);
        assert_eq!(column.integers().unwrap().values, [5, 10, 15, 20, 55, 60, 65]);
        let schema = Schema::new(vec![ColumnSchema::new("x", Kind::Numerical(NumberFormat::whole()))]);
        assert_eq!(indices(&support, &column, &schema, 0), all);
        let reals = Support::Reals { low: vec![-1.0, 2.0], high: vec![0.0, 3.0] };
        assert_eq!(size(&reals), REAL_CELLS);
    }

    #[test]
    fn what_rises_follows_the_margin_and_goes_on() {
        let form = Form::of(
            &Column::from_integers(vec![5], None),
            &ColumnSchema::new("x", Kind::Numerical(NumberFormat::whole())),
        );
        let places: Vec<f64> = (0..20).map(|row| (f64::from(row) + 0.5) / 10.0).collect();
        for (falling, strict) in [(false, false), (false, true), (true, false), (true, true)] {
            let column = Rises { margin: margin(), falling, strict, form }.column(&places, 0, None);
            let cells = column.numbers().unwrap().values;
            for pair in cells.windows(2) {
                let step = if falling { pair[0] - pair[1] } else { pair[1] - pair[0] };
                assert!(step >= 0.0 && (!strict || step > 0.0), "{cells:?}");
            }
        }
        let rises = Rises { margin: margin(), falling: false, strict: false, form };
        let column = rises.column(&places[..10], 0, None);
        assert_eq!(column.integers().unwrap().values.iter().filter(|&&value| value < 50).count(), 8);
    }
}
