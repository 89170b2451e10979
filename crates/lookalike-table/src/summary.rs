//! What there is to see in a table at a glance: for each column its kind and why, missing and distinct values, and a
//! small sketch of its distribution.
//!
//! Summaries hold values (bounds, common levels) of the table they are of: they are for the eyes of its owner.

use hashbrown::HashTable;
use rayon::prelude::*;
use serde::Serialize;

use crate::column::{Codes, Column};
use crate::infer::hash;
use crate::schema::{ColumnSchema, Kind};
use crate::spelling::Printer;
use crate::table::Table;

/// One column at a glance.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ColumnSummary {
    /// Its name.
    pub name: String,
    /// The word for its kind.
    pub kind: &'static str,
    /// Why it was taken for that.
    pub reason: String,
    /// SDV's word for the sort of personal data that it seems to hold.
    pub personal: Option<&'static str>,
    /// How many rows there are.
    pub rows: u64,
    /// How many of them are missing.
    pub missing: u64,
    /// How many different values there are, missing ones aside.
    pub distinct: u64,
    /// False when there are more than were counted.
    pub distinct_is_exact: bool,
    /// True when there is one value only, or none.
    pub constant: bool,
    /// Single numbers that many rows share among numbers that are otherwise spread out, the most common first.
    pub spikes: Vec<Share>,
    /// The shape of the distribution.
    pub sketch: Sketch,
}

/// A value as it is spelled, and how many rows have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Share {
    /// The value.
    pub value: String,
    /// How many rows have it.
    pub count: u64,
}

/// The shape of a distribution.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Sketch {
    /// There is nothing to show.
    Nothing,
    /// Numbers or instants: how many fall into each of equally wide buckets.
    Histogram {
        /// The smallest value as it is spelled.
        low: String,
        /// The largest value as it is spelled.
        high: String,
        /// Rows in each bucket.
        counts: Vec<u64>,
    },
    /// Levels or truth values: the most common ones.
    Levels {
        /// The most common levels, the most common first.
        top: Vec<Share>,
        /// Rows that have another level.
        others: u64,
    },
    /// Texts and keys: how long they are, in characters.
    Lengths {
        /// The shortest.
        shortest: u64,
        /// The longest.
        longest: u64,
        /// Rows in each of equally wide buckets of length.
        counts: Vec<u64>,
    },
}

/// How many buckets a histogram has at most.
pub const BUCKETS: usize = 16;
/// How many levels are named at most.
pub const TOP_LEVELS: usize = 8;
/// Distinct values are counted up to here.
const MOST_DISTINCT: usize = 1_000_000;
/// The share of rows above which a single number is a spike.
const SPIKE: f64 = 0.05;
/// Numbers with fewer distinct values have no spikes: each is one.
const SPREAD_OUT: usize = 20;

/// Summaries of all columns.
///
/// ```
/// use lookalike_table::summary::{Sketch, summarize};
/// use lookalike_table::{Column, ColumnSchema, Kind, Levels, Schema, Table};
/// use std::sync::Arc;
///
/// let column = Column::from_codes(vec![0, 1, 1], &Levels::new(["a", "b"]));
/// let schema = Schema::new(vec![ColumnSchema::new("x", Kind::Categorical { order: vec![] })]);
/// let summary = &summarize(&Table::new(Arc::new(schema), vec![column])?)[0];
/// assert_eq!((summary.distinct, summary.missing), (2, 0));
/// assert!(matches!(&summary.sketch, Sketch::Levels { top, .. } if top[0].value == "b" && top[0].count == 2));
/// # Ok::<(), lookalike_table::Error>(())
/// ```
pub fn summarize(table: &Table) -> Vec<ColumnSummary> {
    table
        .schema()
        .columns
        .par_iter()
        .zip(table.columns())
        .map(|(schema, column)| summarize_column(schema, column))
        .collect()
}

fn summarize_column(schema: &ColumnSchema, column: &Column) -> ColumnSummary {
    let missing = column.missing_count() as u64;
    let mut summary = ColumnSummary {
        name: schema.name.clone(),
        kind: schema.kind.name(),
        reason: schema.reason.clone(),
        personal: schema.personal.map(crate::schema::Personal::sdtype),
        rows: column.len() as u64,
        missing,
        distinct: 0,
        distinct_is_exact: true,
        constant: false,
        spikes: Vec::new(),
        sketch: Sketch::Nothing,
    };
    if let Some(codes) = column.codes() {
        levels(&codes, &mut summary);
    } else if column.is_text() {
        texts(column, &mut summary);
    } else if let Some(size) = column.image_size() {
        let (levels, missing) = (column.images().unwrap_or_default(), column.missing());
        let mut seen = Distinct::default();
        for (row, image) in levels.chunks_exact(size).enumerate() {
            if missing.as_ref().is_none_or(|missing| !missing[row]) {
                seen.add(hash(image));
            }
        }
        summary.distinct = seen.count();
        summary.distinct_is_exact = !seen.overflowed;
    } else {
        numbers(schema, column, &mut summary);
    }
    summary.constant = summary.distinct_is_exact && summary.distinct <= 1;
    summary
}

fn levels(codes: &Codes, summary: &mut ColumnSummary) {
    let mut counts = vec![0_u64; codes.levels.len()];
    for &code in codes.codes.iter().filter(|&&code| code != Codes::MISSING) {
        counts[code as usize] += 1;
    }
    let mut order: Vec<u32> =
        (0..codes.levels.len() as u32).filter(|&code| counts[code as usize] > 0).collect();
    summary.distinct = order.len() as u64;
    order.sort_by_key(|&code| std::cmp::Reverse(counts[code as usize]));
    let top: Vec<Share> = order
        .iter()
        .take(TOP_LEVELS)
        .map(|&code| Share { value: codes.levels.get(code).to_owned(), count: counts[code as usize] })
        .collect();
    let others = order.iter().skip(TOP_LEVELS).map(|&code| counts[code as usize]).sum();
    if !top.is_empty() {
        summary.sketch = Sketch::Levels { top, others };
    }
}

fn texts(column: &Column, summary: &mut ColumnSummary) {
    let Some(texts) = column.texts() else { return };
    let mut seen = Distinct::default();
    let mut lengths: Vec<u64> = Vec::new();
    for text in texts.iter().flatten() {
        seen.add(hash(text.as_bytes()));
        lengths.push(text.chars().count() as u64);
    }
    summary.distinct = seen.count();
    summary.distinct_is_exact = !seen.overflowed;
    let (Some(&shortest), Some(&longest)) = (lengths.iter().min(), lengths.iter().max()) else { return };
    let buckets = ((longest - shortest + 1) as usize).min(BUCKETS);
    let mut counts = vec![0; buckets];
    for length in lengths {
        let bucket = (length - shortest) as u128 * buckets as u128 / (longest - shortest + 1) as u128;
        counts[bucket as usize] += 1;
    }
    summary.sketch = Sketch::Lengths { shortest, longest, counts };
}

fn numbers(schema: &ColumnSchema, column: &Column, summary: &mut ColumnSummary) {
    let Some(numbers) = column.numbers() else { return };
    let is_missing = |row: usize| numbers.missing.as_ref().is_some_and(|missing| missing[row]);
    let printed = |row: usize| {
        let mut text = Vec::new();
        Printer::new(schema, column).print(row, &mut text);
        String::from_utf8_lossy(&text).into_owned()
    };
    let mut seen = Distinct::default();
    let (mut low, mut high): (Option<usize>, Option<usize>) = (None, None);
    for (row, &value) in numbers.values.iter().enumerate() {
        if is_missing(row) {
            continue;
        }
        seen.add(value.to_bits());
        if value.is_finite() {
            if low.is_none_or(|low| value < numbers.values[low]) {
                low = Some(row);
            }
            if high.is_none_or(|high| value > numbers.values[high]) {
                high = Some(row);
            }
        }
    }
    summary.distinct = seen.count();
    summary.distinct_is_exact = !seen.overflowed;
    if matches!(schema.kind, Kind::Boolean(_)) {
        let mut top: Vec<Share> = [0.0, 1.0]
            .into_iter()
            .filter_map(|wanted| {
                let mut rows = (0..numbers.values.len())
                    .filter(|&row| !is_missing(row) && numbers.values[row] == wanted);
                let first = rows.next()?;
                Some(Share { value: printed(first), count: 1 + rows.count() as u64 })
            })
            .collect();
        top.sort_by_key(|share| std::cmp::Reverse(share.count));
        summary.sketch = Sketch::Levels { top, others: 0 };
        return;
    }
    let (Some(low), Some(high)) = (low, high) else { return };
    let (from, to) = (numbers.values[low], numbers.values[high]);
    // Few whole numbers have a bucket each.
    let whole = (to - from).fract() == 0.0 && to - from < BUCKETS as f64 && column.is_integer();
    let buckets = if whole { (to - from) as usize + 1 } else { BUCKETS };
    // Halving first keeps the width of the widest range finite.
    let width = if whole { 0.5 } else { (to / 2.0 - from / 2.0) / buckets as f64 };
    let mut counts = vec![0; if width == 0.0 { 1 } else { buckets }];
    for (row, &value) in numbers.values.iter().enumerate() {
        if !is_missing(row) && value.is_finite() {
            let bucket = if width == 0.0 { 0.0 } else { (value / 2.0 - from / 2.0) / width };
            let last = counts.len() - 1;
            counts[(bucket as usize).min(last)] += 1;
        }
    }
    summary.sketch = Sketch::Histogram { low: printed(low), high: printed(high), counts };
    if !matches!(schema.kind, Kind::Id(_)) && seen.count() as usize > SPREAD_OUT {
        let present = summary.rows - summary.missing;
        let mut spikes = spikes(&numbers.values, &is_missing, present);
        spikes.sort_by_key(|&(row, count)| (std::cmp::Reverse(count), row));
        summary.spikes =
            spikes.into_iter().map(|(row, count)| Share { value: printed(row), count }).collect();
    }
}

/// Numbers that at least one row in twenty has, by a row that has them, with their counts. There are at most twenty,
/// and all of them are among the candidates that survive being cancelled against one another.
fn spikes(values: &[f64], is_missing: &dyn Fn(usize) -> bool, present: u64) -> Vec<(usize, u64)> {
    let most = (1.0 / SPIKE) as usize;
    let mut candidates: Vec<(usize, u64)> = Vec::with_capacity(most + 1);
    for (row, value) in values.iter().enumerate().filter(|&(row, _)| !is_missing(row)) {
        if let Some((_, weight)) = candidates.iter_mut().find(|(known, _)| values[*known] == *value) {
            *weight += 1;
        } else {
            candidates.push((row, 1));
            if candidates.len() > most {
                for (_, weight) in &mut candidates {
                    *weight -= 1;
                }
                candidates.retain(|(_, weight)| *weight > 0);
            }
        }
    }
    candidates
        .into_iter()
        .map(|(known, _)| {
            let count = values
                .iter()
                .enumerate()
                .filter(|&(row, value)| *value == values[known] && !is_missing(row))
                .count();
            (known, count as u64)
        })
        .filter(|&(_, count)| count as f64 >= SPIKE * present as f64)
        .collect()
}

/// Counts different hashes of 64 bits: among a million, a collision that spoils the count by one has a chance of one
/// in 30 million.
#[derive(Debug, Default)]
struct Distinct {
    seen: HashTable<u64>,
    overflowed: bool,
}

impl Distinct {
    fn add(&mut self, hash: u64) {
        let mixed = |hash: u64| (hash ^ hash >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        if self.overflowed || self.seen.find(mixed(hash), |&known| known == hash).is_some() {
            return;
        }
        if self.seen.len() == MOST_DISTINCT {
            self.overflowed = true;
            return;
        }
        self.seen.insert_unique(mixed(hash), hash, |&known| mixed(known));
    }

    fn count(&self) -> u64 {
        self.seen.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::column::Levels;
    use crate::schema::{BooleanFormat, NumberFormat, Schema};

    fn summary(kind: Kind, column: Column) -> ColumnSummary {
        let table =
            Table::new(Arc::new(Schema::new(vec![ColumnSchema::new("x", kind)])), vec![column]).unwrap();
        summarize(&table).remove(0)
    }

    #[test]
    fn numbers_have_bounds_buckets_and_spikes() {
        let mut values: Vec<i64> = (0..160).collect();
        values.extend([77; 40]);
        let summary = summary(Kind::Numerical(NumberFormat::whole()), Column::from_integers(values, None));
        assert_eq!((summary.rows, summary.distinct, summary.constant), (200, 160, false));
        assert_eq!(summary.spikes, [Share { value: "77".into(), count: 41 }]);
        let Sketch::Histogram { low, high, counts } = summary.sketch else { panic!("no histogram") };
        assert_eq!((low.as_str(), high.as_str(), counts.len()), ("0", "159", BUCKETS));
        assert_eq!(counts.iter().sum::<u64>(), 200);
    }

    #[test]
    fn odd_columns() {
        let number = || Kind::Numerical(NumberFormat::default());
        let nothing = summary(number(), Column::from_floats(vec![], None));
        assert_eq!((nothing.sketch, nothing.constant), (Sketch::Nothing, true));
        let extreme =
            summary(number(), Column::from_floats(vec![f64::MAX, -f64::MAX, f64::NAN, f64::INFINITY], None));
        assert!(
            matches!(extreme.sketch, Sketch::Histogram { counts, .. } if counts.iter().sum::<u64>() == 2)
        );
        let same = summary(number(), Column::from_floats(vec![1.5; 3], None));
        assert!(same.constant && matches!(same.sketch, Sketch::Histogram { counts, .. } if counts == [3]));
        let few = summary(Kind::Numerical(NumberFormat::whole()), Column::from_integers(vec![3, 5, 5], None));
        assert!(matches!(few.sketch, Sketch::Histogram { counts, .. } if counts == [1, 0, 2]));
    }

    #[test]
    fn levels_booleans_and_texts() {
        let levels = Column::from_codes(vec![0, Codes::MISSING, 2, 2], &Levels::new(["a", "unused", "b"]));
        let levels = summary(Kind::Categorical { order: vec![] }, levels);
        assert_eq!((levels.distinct, levels.missing), (2, 1));
        let booleans = Column::from_booleans(vec![true, true, false], Some(vec![false, false, true]));
        let booleans = summary(Kind::Boolean(BooleanFormat::default()), booleans);
        assert!(booleans.constant);
        assert_eq!(
            booleans.sketch,
            Sketch::Levels { top: vec![Share { value: "true".into(), count: 2 }], others: 0 }
        );
        let texts =
            summary(Kind::Text, Column::from_texts([Some("\u{e9}\u{e9}"), None, Some("abcd"), Some("abcd")]));
        assert_eq!(texts.distinct, 2);
        assert_eq!(texts.sketch, Sketch::Lengths { shortest: 2, longest: 4, counts: vec![1, 0, 2] });
    }
}
