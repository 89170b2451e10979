//! Telling quantities, codes, keys and dates among columns of numbers.
//!
//! - A number with leading zeros (`007`) is a code: nothing is counted that way.
//! - Numbers that are all different are keys if the column's name says so; or if they would hardly all be different
//!   by chance: among n draws from a range of r whole numbers, n²/2r pairs are expected to be equal, and at seven or
//!   more the chance of none is under a thousandth. Measurements that happen to be unique do not reach that, since
//!   they spread over a wide range; years and other time lines are excepted by name and by value.
//! - Up to twelve different whole numbers that begin at 0, 1 or below and leave few gaps are codes (0/1, 1 to 5,
//!   months), unless the name says that they count something, or they begin at 0 and become rarer with size, as counts
//!   do. So are two different whole numbers, hours of the day,
//!   and whatever has a name such as `zip code`.
//! - All else is a quantity.

use arrow_array::{Array, Float64Array, Int64Array};
use hashbrown::HashTable;

use super::missing::Tokens;
use super::numbers::{Converted, Spelling};
use super::words::{self, Nature};
use super::{Guess, Setting, datetime_guess, datetimes, described, personal, sample};
use crate::column::Column;
use crate::raw::RawColumn;
use crate::schema::{IdFormat, Kind, NumberFormat};

/// The most distinct numbers that may be codes without a name that says so.
const MOST_CODES: usize = 12;
/// The number of equal pairs that chance would give, above which their absence means a key.
const EXPECTED_PAIRS: f64 = 7.0;

/// What is known of a column of whole numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts {
    pub(crate) present: usize,
    missing: usize,
    min: i64,
    max: i64,
    /// How many are different, if that was counted.
    distinct: Option<usize>,
    /// Five or more numbers from 0 on, each hardly more frequent than the one before.
    declining: bool,
    pub(crate) unique: bool,
}

/// Distinct values of a wide range are counted only as far as that can matter.
const COUNT_LIMIT: usize = 1000;
/// The widest range of numbers that gets a flag for each: 4 MiB.
const MOST_FLAGS: i128 = 1 << 25;

impl Facts {
    /// Facts about a column of `i64`. `None` for other physical types or when nothing is present.
    pub(crate) fn of(column: &Column) -> Option<Facts> {
        let arrays: Vec<&Int64Array> =
            column.chunks().iter().map(|chunk| chunk.as_any().downcast_ref()).collect::<Option<_>>()?;
        let values = || arrays.iter().flat_map(|array| array.iter().flatten());
        let (mut min, mut max, mut present) = (i64::MAX, i64::MIN, 0);
        for value in values() {
            min = min.min(value);
            max = max.max(value);
            present += 1;
        }
        if present == 0 {
            return None;
        }
        let distinct = if i128::from(max) - i128::from(min) < MOST_FLAGS {
            Some(count_by_flags(values(), min, max))
        } else if is_monotone(values()) {
            // Wide and strictly monotone, as keys in order are: all different without any table.
            Some(present)
        } else {
            count_by_table(values())
        };
        let declining = min == 0
            && distinct.is_some_and(|distinct| (5..=MOST_CODES).contains(&distinct))
            && declines(values(), max);
        let unique = distinct == Some(present);
        Some(Facts { present, missing: column.len() - present, min, max, distinct, declining, unique })
    }

    /// Digits of the longest number.
    pub(crate) fn max_digits(&self) -> usize {
        let digits = |value: i64| value.unsigned_abs().checked_ilog10().map_or(1, |power| power as usize + 1);
        digits(self.min).max(digits(self.max))
    }

    fn range(&self) -> f64 {
        self.max as f64 - self.min as f64 + 1.0
    }

    /// All different although chance would hardly have it so.
    fn is_key_by_chance(&self) -> bool {
        let n = self.present as f64;
        self.unique && n >= 20.0 && n * n / (2.0 * self.range()) >= EXPECTED_PAIRS
    }

    fn are_years(&self) -> bool {
        self.min >= 1500 && self.max <= 2200
    }

    /// Few whole numbers without many gaps, from about 1 on.
    fn look_like_codes(&self) -> bool {
        match self.distinct {
            Some(2) => self.present >= 6,
            Some(distinct @ 3..=MOST_CODES) => {
                self.min <= 1
                    && !self.declining
                    && self.present >= 5 * distinct
                    && distinct as f64 * 2.0 >= self.range()
            }
            _ => false,
        }
    }
}

/// How many numbers are different, by a flag for each number of the range.
fn count_by_flags(values: impl Iterator<Item = i64>, min: i64, max: i64) -> usize {
    let mut flags = vec![0_u64; (max.wrapping_sub(min) as u64 / 64) as usize + 1];
    for value in values {
        let place = value.wrapping_sub(min) as u64;
        flags[(place / 64) as usize] |= 1 << (place % 64);
    }
    flags.iter().map(|word| word.count_ones() as usize).sum()
}

/// How many numbers are different; `None` when some are equal and more than a thousand differ.
fn count_by_table(values: impl Iterator<Item = i64>) -> Option<usize> {
    let hash = |value: i64| {
        let mixed = (value as u64 ^ (value as u64) >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        mixed ^ mixed >> 29
    };
    let mut seen: HashTable<i64> = HashTable::new();
    let mut repeated = false;
    for value in values {
        let hashed = hash(value);
        if seen.find(hashed, |&known| known == value).is_some() {
            repeated = true;
        } else {
            seen.insert_unique(hashed, value, |&known| hash(known));
        }
        if repeated && seen.len() > COUNT_LIMIT {
            return None;
        }
    }
    Some(seen.len())
}

fn is_monotone(values: impl Iterator<Item = i64>) -> bool {
    let mut before: Option<i64> = None;
    let mut upward = None;
    for value in values {
        if let Some(before) = before {
            if value == before || upward.is_some_and(|upward| upward != (value > before)) {
                return false;
            }
            upward = Some(value > before);
        }
        before = Some(value);
    }
    true
}

/// True when larger numbers are rarer, but for a little noise among rare ones.
fn declines(values: impl Iterator<Item = i64>, max: i64) -> bool {
    if max >= 64 {
        return false;
    }
    let mut counts = vec![0_u64; max as usize + 1];
    for value in values {
        counts[value as usize] += 1;
    }
    counts.windows(2).all(|pair| pair[1] <= pair[0] + pair[0] / 2 + 8)
        && counts[0] * 3 >= counts.iter().sum::<u64>()
}

/// What whole numbers are, by their facts and the column's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Keys, with the reason.
    Key(&'static str),
    /// Codes: levels or text, as their repetition says.
    Codes(Nature),
    /// Quantities, with the reason.
    Quantity(&'static str),
}

/// Decides what whole numbers are.
pub(crate) fn verdict(facts: &Facts, words: &super::NameWords, max_digits: usize) -> Verdict {
    if facts.distinct == Some(1) && facts.present > 1 && !words.is_code() {
        return Verdict::Quantity("constant");
    }
    if words.is_code() {
        return Verdict::Codes(Nature::NamedCodes);
    }
    let complete = facts.missing == 0;
    if facts.unique && complete && facts.present > 1 && words.is_key() {
        return Verdict::Key("whole numbers, all different, and named like a key");
    }
    let timeline = words.is_time() || words.is_quantity() || facts.are_years();
    if facts.is_key_by_chance() && complete && !timeline {
        return Verdict::Key("whole numbers, all different, with hardly a gap");
    }
    if facts.unique && complete && max_digits >= 16 && facts.present >= 10 && !words.is_time() {
        return Verdict::Key("long whole numbers, all different");
    }
    if words.is_reference() && !facts.unique {
        return Verdict::Codes(Nature::Reference);
    }
    let labels = words.is_label()
        && facts.min >= -1
        && facts.distinct.is_some_and(|count| count <= 50)
        && facts.present >= 5 * facts.distinct.unwrap_or(usize::MAX / 5)
        && facts.distinct.is_some_and(|count| count as f64 * 4.0 >= facts.range())
        && !words.is_quantity();
    let hours =
        words.is_hour() && facts.min >= 0 && facts.max <= 24 && facts.distinct.is_some_and(|d| d >= 3);
    if labels || hours {
        return Verdict::Codes(Nature::NamedLabels);
    }
    if facts.look_like_codes() && (facts.distinct == Some(2) || !words.is_quantity()) {
        return Verdict::Codes(Nature::FewNumbers);
    }
    Verdict::Quantity("whole numbers")
}

/// Decides on a column that was read as numbers.
pub(crate) fn decide(
    raw: RawColumn,
    converted: Converted,
    spelling: &Spelling,
    setting: Setting<'_>,
) -> Guess {
    let census = &converted.census;
    if census.leading_zeros > 0 && census.all_whole() {
        return words::decide(raw, setting, Nature::ZeroPadded);
    }
    let plain_spelling = spelling.skeleton == NumberFormat::default();
    if plain_spelling && census.all_whole() && census.max_whole_digits() >= 7 {
        let among_values = |text: &[u8]| setting.rule.among_values(text);
        let texts = sample(&raw, &among_values, 256);
        let distinct = distinct_texts(&texts);
        if personal::detect(&distinct, setting.words).is_some() {
            return words::decide(raw, setting, Nature::Text);
        }
        let dated = census.same_width()
            && matches!(census.max_whole_digits(), 8 | 14)
            && (texts.len() >= 10 || setting.words.is_date());
        if dated {
            let patterns = datetimes::patterns(&texts);
            let in_our_time = texts.iter().all(|text| text.starts_with(b"19") || text.starts_with(b"20"));
            if in_our_time
                && !patterns.is_empty()
                && let Some(learned) = datetimes::learn(&raw, &patterns, &among_values)
            {
                return datetime_guess(learned, setting);
            }
        }
    }
    if census.all_whole() && !converted.column.is_integer() {
        // More than 64 bits: nothing is counted or measured so finely.
        return words::decide(raw, setting, Nature::Text);
    }
    let facts = if census.all_whole() { Facts::of(&converted.column) } else { None };
    if let Some(facts) = &facts {
        let plain_whole = plain_spelling && census.is_plain_whole();
        match verdict(facts, setting.words, usize::from(census.max_whole_digits())) {
            Verdict::Key(reason) if plain_whole => {
                let mut guess = Guess {
                    schema: described(setting.name, Kind::Id(IdFormat::default()), reason),
                    column: converted.column,
                    warnings: Vec::new(),
                };
                guess.settle_tokens(&converted.tokens);
                return guess;
            }
            Verdict::Key(_) => return words::decide(raw, setting, Nature::Text),
            Verdict::Codes(nature) => return words::decide(raw, setting, nature),
            Verdict::Quantity(_) => {}
        }
    }
    quantity(
        converted,
        spelling,
        setting,
        facts.is_some_and(|facts| facts.distinct == Some(1) && facts.present > 1),
    )
}

/// A column of quantities.
pub(super) fn quantity(
    converted: Converted,
    spelling: &Spelling,
    setting: Setting<'_>,
    constant: bool,
) -> Guess {
    let Converted { column, census, tokens, rounded, .. } = converted;
    let format = census.format(&spelling.skeleton);
    let reason = if constant {
        "constant"
    } else if format.integer {
        "whole numbers"
    } else {
        "decimal numbers"
    };
    let mut guess = Guess {
        schema: described(setting.name, Kind::Numerical(format), reason),
        column,
        warnings: Vec::new(),
    };
    if spelling.ambiguous {
        guess.warn(format!(
            "the sign between digits could be a decimal comma or separate thousands; read as {}",
            if spelling.skeleton.decimal_sign == ',' { "decimals" } else { "thousands" }
        ));
    }
    if rounded > 0 {
        guess.warn(format!(
            "{rounded} numbers have more digits than are kept; they were rounded to 64-bit floats"
        ));
    }
    if let Some(share) = spike_outside(&guess.column) {
        guess.warn(share);
    }
    settle(&mut guess, &tokens);
    guess
}

fn settle(guess: &mut Guess, tokens: &Tokens) {
    guess.settle_tokens(tokens);
}

/// Words on a value like -999 that lies far outside of all others and may stand for missing ones.
fn spike_outside(column: &Column) -> Option<String> {
    let chunks = column.chunks();
    let values = || {
        chunks.iter().flat_map(|chunk| {
            let integers = chunk.as_any().downcast_ref::<Int64Array>();
            let floats = chunk.as_any().downcast_ref::<Float64Array>();
            let integers =
                integers.into_iter().flat_map(|array| array.iter().flatten().map(|value| value as f64));
            integers
                .chain(floats.into_iter().flat_map(|array| array.iter().flatten()))
                .filter(|value| value.is_finite())
        })
    };
    let bounds = |except: f64| {
        values()
            .filter(|&value| value != except)
            .fold((f64::INFINITY, f64::NEG_INFINITY, 0_u64), |found, value| {
                (found.0.min(value), found.1.max(value), found.2 + 1)
            })
    };
    // Only the usual stand-ins are looked for: a run of nines, perhaps negative.
    let stand_in =
        |value: f64| [99.0, 999.0, 9999.0, 99_999.0, 999_999.0, 9_999_999.0].contains(&value.abs());
    let (low, high, present) = bounds(f64::NAN);
    let extreme = if stand_in(high) {
        high
    } else if stand_in(low) && low < 0.0 {
        low
    } else {
        return None;
    };
    let (inner_low, inner_high, others) = bounds(extreme);
    let (count, spread) = (present - others, inner_high - inner_low);
    let far = if extreme == high { extreme - inner_high } else { inner_low - extreme };
    (count >= 5 && others >= 20 && spread > 0.0 && far > 2.0 * spread).then(|| {
        format!(
            "{count} cells hold one number of nines far from all others; \
             if it stands for missing values, name it with --missing"
        )
    })
}

fn distinct_texts<'a>(texts: &[&'a [u8]]) -> Vec<&'a str> {
    let mut found: Vec<&str> = texts.iter().filter_map(|text| std::str::from_utf8(text).ok()).collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::super::NameWords;
    use super::*;

    fn verdict_of(name: &str, values: Vec<i64>) -> Verdict {
        let facts = Facts::of(&Column::from_integers(values, None)).unwrap();
        verdict(&facts, &NameWords::new(name), 5)
    }

    #[test]
    fn keys() {
        let run: Vec<i64> = (1..=100).collect();
        assert!(matches!(verdict_of("x", run.clone()), Verdict::Key(_)));
        assert!(matches!(verdict_of("year", run.clone()), Verdict::Quantity(_)));
        assert!(matches!(verdict_of("x", (1900..2020).collect()), Verdict::Quantity(_)));
        let shuffled: Vec<i64> = (0..1000).map(|i| i * 7 % 1009).collect();
        assert!(matches!(verdict_of("x", shuffled), Verdict::Key(_)));
        // Unique measurements spread widely.
        let spread: Vec<i64> = (0..100).map(|i| i * i * 37 % 1_000_003).collect();
        assert!(matches!(verdict_of("income", spread.clone()), Verdict::Quantity(_)));
        assert!(matches!(verdict_of("customer_id", spread), Verdict::Key(_)));
        assert!(matches!(verdict_of("id", vec![5]), Verdict::Quantity(_)));
        assert!(matches!(verdict_of("id", vec![5, 9]), Verdict::Key(_)));
    }

    #[test]
    fn codes_and_counts() {
        let cycle = |low: i64, count: i64, n: i64| (0..n).map(|i| low + i % count).collect::<Vec<_>>();
        assert!(matches!(verdict_of("pclass", cycle(1, 3, 100)), Verdict::Codes(Nature::FewNumbers)));
        assert!(matches!(verdict_of("y", cycle(0, 2, 100)), Verdict::Codes(_)));
        assert!(matches!(verdict_of("month", cycle(1, 12, 100)), Verdict::Codes(_)));
        assert!(matches!(verdict_of("hr", cycle(0, 24, 1000)), Verdict::Codes(Nature::NamedLabels)));
        assert!(matches!(verdict_of("education-num", cycle(1, 16, 1000)), Verdict::Quantity(_)));
        assert!(matches!(verdict_of("age", cycle(17, 70, 1000)), Verdict::Quantity(_)));
        assert!(matches!(verdict_of("number of rooms", cycle(1, 8, 1000)), Verdict::Quantity(_)));
        assert!(matches!(verdict_of("quality", cycle(3, 7, 1000)), Verdict::Quantity(_)));
        assert!(matches!(
            verdict_of("zip code", cycle(10_000, 300, 3000)),
            Verdict::Codes(Nature::NamedCodes)
        ));
        assert!(matches!(verdict_of("TrackId", cycle(1, 300, 3000)), Verdict::Codes(Nature::Reference)));
        assert!(matches!(verdict_of("x", vec![7; 50]), Verdict::Quantity("constant")));
    }

    #[test]
    fn facts_do_not_depend_on_order() {
        let mut values: Vec<i64> = (0..5000).collect();
        values.extend([0, 7]);
        assert!(!Facts::of(&Column::from_integers(values.clone(), None)).unwrap().unique);
        values.truncate(5000);
        values.swap(4000, 4001);
        assert!(Facts::of(&Column::from_integers(values, None)).unwrap().unique);
    }
}
