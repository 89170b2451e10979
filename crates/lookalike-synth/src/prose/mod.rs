//! Free text by a model of words: which word follows which two, where enough units share it.
//!
//! An interpolated model of order three with absolute discounting, whose lower orders count in how many different
//! surroundings a word stands (Kneser and Ney 1995), as Chen and Goodman (1999) found best. A word, a pair of words and a
//! triple of words are known only if enough units share them; what is rarer leads to the order below, and at the lowest
//! to an invented word of a length that rare words have. So no word, and no run of words that was learned as one, of
//! fewer units can come out, but by chance. A text ends where the model says so, or when it is as long as the longest that
//! enough units have.
//!
//! # References
//! Kneser, R. and Ney, H. (1995). Improved backing-off for m-gram language modeling. ICASSP.
//! <https://doi.org/10.1109/ICASSP.1995.479394>
//! Chen, S. F. and Goodman, J. (1999). An empirical study of smoothing techniques for language modeling. Computer Speech &
//! Language 13(4). <https://doi.org/10.1006/csla.1999.0128>

mod learn;

use lookalike_core::Stream;
use lookalike_table::Column;
use serde::{Deserialize, Serialize};

pub(crate) use learn::Outcome;

use crate::text::{Style, draw, write_run};

/// Weights are counts times this, from each of which [`DISCOUNT`] is taken: the usual discount of three quarters in whole
/// numbers, so that no rounding decides what is drawn.
const SCALE: u64 = 4;
const DISCOUNT: u64 = 3;
/// Most words of a text.
pub(crate) const MAX_WORDS: u32 = 2_000;
/// Longest invented word.
pub(crate) const MAX_LENGTH: u32 = 40;
/// The number of all words that are not known.
const RARE: u32 = 0;
/// The number of what stands before the first word and behind the last.
const END: u32 = 1;
/// The number of the first known word.
const FIRST: u32 = 2;

/// What is learned of a column's prose.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Prose {
    pub(crate) lengths: ProseLengths,
    /// The known words; the numbers 0 and 1 stand for rare words and for the start.
    pub(crate) words: Vec<String>,
    /// How often each number follows two others.
    pub(crate) after_two: Follow,
    /// In how many surroundings each number follows another.
    pub(crate) after_one: Follow,
    /// In how many surroundings each number stands, from 0 on.
    pub(crate) alone: Vec<u64>,
}

/// Lengths of texts and words, each with its count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProseLengths {
    /// Numbers of words of texts.
    pub(crate) words: Vec<(u32, u64)>,
    /// Lengths of rare words.
    pub(crate) rare: Vec<(u32, u64)>,
}

/// What follows each of some contexts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Follow {
    /// The contexts in order, one after the other: one or two numbers each.
    pub(crate) contexts: Vec<u32>,
    /// The count of all that follows each, known or not.
    pub(crate) totals: Vec<u64>,
    /// Where what follows each begins, and the end.
    pub(crate) starts: Vec<u64>,
    /// What follows.
    pub(crate) next: Vec<u32>,
    /// How often.
    pub(crate) counts: Vec<u64>,
}

impl Follow {
    /// What follows `context`, or nothing if that is not known or the order below is to decide.
    fn draw(&self, context: &[u32], stream: &mut Stream) -> Option<u32> {
        let order = context.len();
        let n = self.totals.len();
        let at = |place: usize| &self.contexts[place * order..(place + 1) * order];
        let place = partition(n, |place| at(place) < context);
        if place == n || at(place) != context {
            return None;
        }
        let mut drawn = stream.below(self.totals[place] * SCALE);
        for entry in self.starts[place] as usize..self.starts[place + 1] as usize {
            let weight = self.counts[entry] * SCALE - DISCOUNT;
            if drawn < weight {
                return Some(self.next[entry]);
            }
            drawn -= weight;
        }
        None
    }

    /// True when a file could have got this from a fit: contexts of `order` numbers below `n_words`.
    fn is_sound(&self, order: usize, n_words: usize) -> bool {
        let n = self.totals.len();
        let shaped = self.contexts.len() == n * order
            && self.starts.len() == n + 1
            && self.starts[0] == 0
            && self.starts[n] == self.next.len() as u64
            && self.starts.windows(2).all(|pair| pair[0] < pair[1])
            && self.counts.len() == self.next.len();
        shaped
            && self.contexts.iter().chain(&self.next).all(|&word| (word as usize) < n_words)
            && self.contexts.chunks(order).zip(self.contexts.chunks(order).skip(1)).all(|(a, b)| a < b)
            && (0..n).all(|place| {
                let entries = self.starts[place] as usize..self.starts[place + 1] as usize;
                let sum = self.counts[entries]
                    .iter()
                    .try_fold(0_u64, |sum, &count| sum.checked_add(count).filter(|_| count > 0));
                sum.is_some_and(|sum| sum <= self.totals[place]) && self.totals[place] <= MOST
            })
    }
}

/// Counts stay below this.
const MOST: u64 = 1 << 52;

/// The first of `0..n` for which `before` is false.
fn partition(n: usize, before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, n);
    while low < high {
        let middle = low.midpoint(high);
        if before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

impl Prose {
    /// Texts for one block of rows.
    pub(crate) fn column(&self, length: usize, stream: &mut Stream, missing: Option<&[bool]>) -> Column {
        let total: u64 = self.alone.iter().sum();
        let mut buffer = String::new();
        let texts: Vec<Option<String>> = (0..length)
            .map(|row| {
                buffer.clear();
                // Drawn even where it is not shown, so that masks do not shift what follows.
                self.write_text(total, stream, &mut buffer);
                missing.is_none_or(|flags| !flags[row]).then(|| buffer.clone())
            })
            .collect();
        Column::from_texts(texts)
    }

    fn write_text(&self, total: u64, stream: &mut Stream, out: &mut String) {
        let longest = self.lengths.words.iter().map(|&(length, _)| length).max().unwrap_or(0);
        let (mut before, mut last) = (END, END);
        for place in 0..longest {
            let word = self
                .after_two
                .draw(&[before, last], stream)
                .or_else(|| self.after_one.draw(&[last], stream))
                .unwrap_or_else(|| self.draw_alone(total, stream));
            if word == END {
                return;
            }
            if place > 0 {
                out.push(' ');
            }
            if word == RARE {
                let style = if place == 0 { Style::Capitalized } else { Style::Lower };
                write_run(style, draw(&self.lengths.rare, stream, 6), stream, out);
            } else {
                out.push_str(&self.words[(word - FIRST) as usize]);
            }
            (before, last) = (last, word);
        }
    }

    fn draw_alone(&self, total: u64, stream: &mut Stream) -> u32 {
        if total == 0 {
            return RARE;
        }
        let mut drawn = stream.below(total);
        for (word, &count) in (0..).zip(&self.alone) {
            if drawn < count {
                return word;
            }
            drawn -= count;
        }
        RARE
    }

    /// True when a file could have got this from a fit.
    pub(crate) fn is_sound(&self) -> bool {
        let n_words = self.words.len() + FIRST as usize;
        let counted = |lengths: &[(u32, u64)], most: u32| {
            lengths.len() <= most as usize + 1
                && lengths.iter().all(|&(length, count)| length <= most && count <= MOST / 4096)
        };
        counted(&self.lengths.words, MAX_WORDS)
            && counted(&self.lengths.rare, MAX_LENGTH)
            && self.alone.len() == n_words
            && self
                .alone
                .iter()
                .try_fold(0_u64, |sum, &count| sum.checked_add(count))
                .is_some_and(|sum| sum <= MOST)
            && self.after_two.is_sound(2, n_words)
            && self.after_one.is_sound(1, n_words)
    }
}

#[cfg(test)]
mod tests;
