//! Unique keys from a learned pattern, by a keyed permutation of the pattern's space.
//!
//! Row `r` gets the `r`-th key of a pseudo-random order of all keys that the pattern allows. So keys are unique
//! without a list of those given out, row ranges can be drawn anywhere, and no training key is looked at: one may
//! come up by chance, as often as chance has it.

mod learn;
mod permutation;

use lookalike_core::Seed;
use lookalike_table::Column;
use lookalike_table::pattern::Pattern;

use crate::error::{Error, Result};
pub(crate) use permutation::Permutation;

/// Where the keys of a column come from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Keys {
    /// Whole numbers from `first` on, in a space that grows by decades when it is used up.
    Numbers {
        /// The smallest key.
        first: i64,
        /// One more than the largest key of the first space.
        end: i64,
    },
    /// Texts: each pattern with the number of training rows that follow it.
    Patterns(Vec<(Pattern, u64)>),
}

impl Keys {
    /// The keys of rows `start..start + length`.
    pub(crate) fn column(&self, start: u64, length: usize, seed: Seed, as_text: bool) -> Column {
        match self {
            Keys::Numbers { first, end } => {
                let numbers = numbers(*first, *end, start, length, seed);
                if as_text {
                    Column::from_texts(numbers.iter().map(|number| Some(number.to_string())))
                } else {
                    Column::from_integers(numbers, None)
                }
            }
            Keys::Patterns(patterns) => {
                let orders: Vec<Permutation> = (0..patterns.len())
                    .map(|index| Permutation::new(patterns[index].0.size(), seed, index as u64))
                    .collect();
                let choice = Choice::new(patterns);
                Column::from_texts((start..start + length as u64).map(|row| {
                    let index = choice.pattern_of(row, seed);
                    Some(text_of(patterns, &orders, index, row))
                }))
            }
        }
    }

    /// The keys with these numbers: those that rows with the numbers have in [`Keys::column`].
    pub(crate) fn at(&self, places: &[u64], seed: Seed, as_text: bool) -> Column {
        match self {
            Keys::Numbers { first, end } => {
                // Numbers are asked for within a block, so this is no more than that.
                let from = places.iter().copied().min().unwrap_or(0);
                let length = places.iter().copied().max().map_or(0, |last| (last - from + 1) as usize);
                let all = numbers(*first, *end, from, length, seed);
                let chosen = places.iter().map(|place| all[(place - from) as usize]);
                if as_text {
                    Column::from_texts(chosen.map(|number| Some(number.to_string())))
                } else {
                    Column::from_integers(chosen.collect(), None)
                }
            }
            Keys::Patterns(patterns) => {
                let orders: Vec<Permutation> = (0..patterns.len())
                    .map(|index| Permutation::new(patterns[index].0.size(), seed, index as u64))
                    .collect();
                let choice = Choice::new(patterns);
                Column::from_texts(
                    places.iter().map(|&place| {
                        Some(text_of(patterns, &orders, choice.pattern_of(place, seed), place))
                    }),
                )
            }
        }
    }

    /// An error unless `rows` rows can have different keys.
    pub(crate) fn check(&self, name: &str, rows: u64) -> Result<()> {
        match self {
            Keys::Numbers { first, .. } => {
                let keys = i128::from(i64::MAX) - i128::from(*first);
                if i128::from(rows) > keys {
                    return Err(Error::KeysExhausted { column: name.to_owned(), keys: keys as u128, rows });
                }
            }
            Keys::Patterns(patterns) if patterns.is_empty() && rows > 0 => {
                return Err(Error::KeysExhausted { column: name.to_owned(), keys: 0, rows });
            }
            Keys::Patterns(_) => {}
        }
        Ok(())
    }
}

/// Keys that are whole numbers: the first space in permuted order, then the numbers up to the next power of ten
/// (at least doubling), and so on.
fn numbers(first: i64, end: i64, start: u64, length: usize, seed: Seed) -> Vec<i64> {
    let mut numbers = Vec::with_capacity(length);
    let (mut from, mut to) = (i128::from(first), i128::from(end.max(first.saturating_add(1))));
    let (mut before, mut space) = (0_u128, 0);
    let mut row = u128::from(start);
    let last = u128::from(start) + length as u128;
    while row < last {
        let size = (to - from) as u128;
        if row < before + size {
            let order = Permutation::new(size, seed, space);
            while row < last.min(before + size) {
                numbers.push((from + order.at(row - before) as i128) as i64);
                row += 1;
            }
        }
        before += size;
        space += 1;
        from = to;
        let mut decade = 10_i128;
        while decade <= to {
            decade *= 10;
        }
        to = decade.max(to + size as i128).min(i128::from(i64::MAX) + 1);
    }
    numbers
}

/// The key of a row under a pattern; rows beyond the pattern's space get more digits at the end of the longest.
fn text_of(patterns: &[(Pattern, u64)], orders: &[Permutation], index: Option<usize>, row: u64) -> String {
    if let Some(index) = index {
        return patterns[index].0.nth(orders[index].at(u128::from(row)));
    }
    let longest = longest(patterns);
    let size = patterns[longest].0.size();
    let (round, place) = (u128::from(row) / size, u128::from(row) % size);
    format!("{}{round}", patterns[longest].0.nth(orders[longest].at(place)))
}

/// The pattern with the longest texts: what is appended to it collides with no text of another.
fn longest(patterns: &[(Pattern, u64)]) -> usize {
    let length = |index: usize| patterns[index].0.nth(0).chars().count();
    (0..patterns.len()).rev().max_by_key(|&index| length(index)).expect("keys have a pattern")
}

/// Which pattern a row follows: by share among those whose space is not used up.
struct Choice {
    /// (size, running total of counts over patterns of at least that size), largest first.
    patterns: Vec<(u128, usize, u64)>,
}

impl Choice {
    fn new(patterns: &[(Pattern, u64)]) -> Self {
        let mut sized: Vec<(u128, usize, u64)> = patterns
            .iter()
            .enumerate()
            .map(|(index, (pattern, count))| (pattern.size(), index, *count))
            .collect();
        sized.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut total = 0;
        for entry in &mut sized {
            total += entry.2;
            entry.2 = total;
        }
        Choice { patterns: sized }
    }

    fn pattern_of(&self, row: u64, seed: Seed) -> Option<usize> {
        let fitting = self.patterns.partition_point(|&(size, _, _)| size > u128::from(row));
        let total = self.patterns[..fitting].last()?.2;
        if fitting == 1 {
            return Some(self.patterns[0].1);
        }
        let drawn = permutation::scramble(seed.number() ^ 0x6b65_7973, row) % total.max(1);
        let place = self.patterns[..fitting].partition_point(|&(_, _, running)| running <= drawn);
        Some(self.patterns[place.min(fitting - 1)].1)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn texts(column: &Column) -> Vec<String> {
        column.texts().unwrap().iter().map(|text| text.unwrap().to_owned()).collect()
    }

    #[test]
    fn numbers_are_unique_and_begin_in_the_learned_space() {
        let keys = Keys::Numbers { first: 1, end: 1000 };
        let column = keys.column(0, 30_000, Seed::new(1), false);
        let values = column.integers().unwrap().values;
        assert!(values[..999].iter().all(|value| (1..1000).contains(value)));
        assert_eq!(values.iter().collect::<BTreeSet<_>>().len(), 30_000);
        let part = keys.column(990, 100, Seed::new(1), false).integers().unwrap().values;
        assert_eq!(part, values[990..1090]);
    }

    #[test]
    fn patterns_are_followed_and_then_outgrown() {
        let keys = Keys::Patterns(vec![
            (Pattern::parse("[A-Z]-[0-9]{2}").unwrap(), 900),
            (Pattern::parse("x[0-9]").unwrap(), 100),
        ]);
        let column = keys.column(0, 5000, Seed::new(2), true);
        let all = texts(&column);
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 5000);
        let patterns = ["[A-Z]-[0-9]{2}", "x[0-9]"].map(|regex| Pattern::parse(regex).unwrap());
        assert!(all[..2600].iter().all(|text| patterns.iter().any(|pattern| pattern.matches(text))));
        assert_eq!(texts(&keys.column(100, 7, Seed::new(2), true)), all[100..107]);
        assert_ne!(texts(&keys.column(0, 7, Seed::new(3), true)), all[..7]);
    }
}
