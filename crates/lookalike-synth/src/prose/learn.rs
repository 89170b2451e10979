use lookalike_core::{Seed, Topic, Warning};
use lookalike_table::Column;
use lookalike_table::protect::{Protection, Tally, Units};
use lookalike_table::schema::ColumnSchema;

use super::{END, FIRST, Follow, MAX_LENGTH, MAX_WORDS, Prose, ProseLengths, RARE};
use crate::text::shared_lengths;
use crate::words::counted;

/// Of so many texts at most is learned, and of so many words.
const MOST_TEXTS: usize = 200_000;
const MOST_TOKENS: usize = 4_000_000;
/// Prose has so many words at least, on average.
const FEWEST_WORDS: f64 = 3.0;
/// And so large a share of its words is known.
const KNOWN_SHARE: f64 = 0.6;
/// More words with a digit than this, and it is no prose.
const NUMBERS_SHARE: f64 = 0.1;

/// What came of looking for words.
pub(crate) enum Outcome {
    /// They can be learned.
    Learned(Box<Prose>, Vec<Warning>),
    /// It is prose, but too few of its words are shared.
    TooRare(Warning),
    /// It is no prose.
    No,
}

impl Prose {
    /// Learns a column's words, if it is prose whose words enough units share.
    pub(crate) fn learn(
        column: &Column,
        schema: &ColumnSchema,
        units: &Units,
        protection: Protection,
        seed: Seed,
    ) -> Outcome {
        let Some(texts) = column.texts() else { return Outcome::No };
        let texts: Vec<(u32, &str)> =
            (0..).zip(texts.iter()).filter_map(|(row, text)| Some((row, text?))).collect();
        if texts.is_empty() {
            return Outcome::No;
        }
        let chosen = chosen(texts, seed);
        let tokens: Vec<(u32, Vec<&str>)> = chosen
            .iter()
            .map(|&(row, text)| (row, text.split_whitespace().take(MAX_WORDS as usize).collect()))
            .collect();
        let n_tokens: usize = tokens.iter().map(|(_, words)| words.len()).sum();
        let all = || tokens.iter().flat_map(|(row, words)| words.iter().map(move |word| (*row, *word)));
        let with_digit = all().filter(|(_, word)| word.bytes().any(|byte| byte.is_ascii_digit())).count();
        if (n_tokens as f64) < FEWEST_WORDS * tokens.len() as f64
            || with_digit as f64 > NUMBERS_SHARE * n_tokens as f64
        {
            return Outcome::No;
        }
        let min_units = protection.min_units as usize;
        let mut tally = units.tally();
        let vocabulary = vocabulary(all(), &mut tally, min_units);
        let number = |word: &str| vocabulary.binary_search(&word).map_or(RARE, |place| place as u32 + FIRST);
        let numbered: Vec<(u32, Vec<u32>)> = tokens
            .iter()
            .map(|(row, words)| (*row, words.iter().map(|word| number(word)).collect()))
            .collect();
        let known = numbered.iter().flat_map(|(_, words)| words).filter(|&&word| word != RARE).count();
        if (known as f64) < KNOWN_SHARE * n_tokens as f64 {
            return Outcome::TooRare(Warning::of_column(
                Topic::Protection,
                schema.name.clone(),
                format!(
                    "long and rare text: only {:.0} % of its words are shared by {min_units} units, so they are not \
                     learned; the texts are replaced by invented ones of the same shapes and lengths",
                    100.0 * known as f64 / n_tokens as f64
                ),
            ));
        }
        let n_rare = n_tokens - known;
        let rare = all().filter(|(_, word)| number(word) == RARE);
        let rare = rare.map(|(row, word)| (row, (word.chars().count() as u32).min(MAX_LENGTH)));
        let words = numbered.iter().map(|(row, words)| (*row, words.len().max(1) as u32));
        let lengths = ProseLengths {
            rare: shared_lengths(rare, units, min_units),
            words: shared_lengths(words, units, min_units),
        };
        let mut triples: Vec<([u32; 3], u32)> = Vec::with_capacity(n_tokens);
        for (row, words) in &numbered {
            let (mut before, mut last) = (END, END);
            for &word in words.iter().chain([&END]) {
                triples.push(([before, last, word], *row));
                (before, last) = (last, word);
            }
        }
        triples.sort_unstable();
        let after_two = follow_triples(&triples, &mut tally, min_units);
        let mut pairs: Vec<([u32; 2], u32, u32)> =
            triples.iter().map(|&([before, last, word], row)| ([last, word], before, row)).collect();
        pairs.sort_unstable();
        let after_one = follow_pairs(&pairs, &mut tally, min_units);
        let mut alone = vec![0; vocabulary.len() + FIRST as usize];
        for group in pairs.chunk_by(|a, b| a.0 == b.0) {
            alone[group[0].0[1] as usize] += 1;
        }
        let mut warnings = vec![Warning::of_column(
            Topic::Model,
            schema.name.clone(),
            format!(
                "text is replaced by text of {} and of what follows what, as far as {min_units} units share it",
                counted(vocabulary.len() as u64, "word")
            ),
        )];
        if n_rare > 0 {
            warnings.push(Warning::of_column(
                Topic::Protection,
                schema.name.clone(),
                format!(
                    "{} that fewer than {min_units} units share became invented ones",
                    counted(n_rare as u64, "word")
                ),
            ));
        }
        let words = vocabulary.into_iter().map(str::to_owned).collect();
        Outcome::Learned(Box::new(Prose { lengths, words, after_two, after_one, alone }), warnings)
    }
}

/// Not more texts than can be learned from, at random and in their order.
fn chosen(texts: Vec<(u32, &str)>, seed: Seed) -> Vec<(u32, &str)> {
    let words: usize = texts.iter().take(1_000).map(|(_, text)| text.split_whitespace().count()).sum();
    let per_text = words.div_ceil(texts.len().min(1_000)).max(1);
    let most = MOST_TEXTS.min(MOST_TOKENS / per_text);
    if texts.len() <= most {
        return texts;
    }
    let mut chosen = seed.stream("prose", 0).choose(texts.len(), most);
    chosen.sort_unstable();
    chosen.into_iter().map(|index| texts[index]).collect()
}

/// The words that enough units have, in order.
fn vocabulary<'a>(
    all: impl Iterator<Item = (u32, &'a str)>,
    tally: &mut Tally<'_>,
    min_units: usize,
) -> Vec<&'a str> {
    let mut tokens: Vec<(&str, u32)> = all.map(|(row, word)| (word, row)).collect();
    tokens.sort_unstable();
    tokens.dedup();
    let mut rows = Vec::new();
    tokens
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|group| {
            rows.clear();
            rows.extend(group.iter().map(|(_, row)| *row));
            tally.count(&rows) >= min_units
        })
        .map(|group| group[0].0)
        .collect()
}

/// What follows the first two of each triple. Triples are in order.
fn follow_triples(triples: &[([u32; 3], u32)], tally: &mut Tally<'_>, min_units: usize) -> Follow {
    let mut follow = Follow { starts: vec![0], ..Follow::default() };
    let mut rows = Vec::new();
    for context in triples.chunk_by(|a, b| a.0[..2] == b.0[..2]) {
        let before = follow.next.len();
        for group in context.chunk_by(|a, b| a.0 == b.0) {
            if is_shared(group.iter().map(|(_, row)| *row), &mut rows, tally, min_units) {
                follow.next.push(group[0].0[2]);
                follow.counts.push(group.len() as u64);
            }
        }
        if follow.next.len() > before {
            follow.contexts.extend(&context[0].0[..2]);
            follow.totals.push(context.len() as u64);
            follow.starts.push(follow.next.len() as u64);
        }
    }
    follow
}

/// What follows the first of each pair, counted by what stands before the pair. Pairs are in order.
fn follow_pairs(pairs: &[([u32; 2], u32, u32)], tally: &mut Tally<'_>, min_units: usize) -> Follow {
    let mut follow = Follow { starts: vec![0], ..Follow::default() };
    let mut rows = Vec::new();
    for context in pairs.chunk_by(|a, b| a.0[0] == b.0[0]) {
        let start = follow.next.len();
        let mut total = 0;
        for group in context.chunk_by(|a, b| a.0 == b.0) {
            let surroundings = group.chunk_by(|a, b| a.1 == b.1).count() as u64;
            total += surroundings;
            // Rows come in the order of what stands before: they have to be sorted to be counted once each.
            if is_shared(group.iter().map(|(.., row)| *row), &mut rows, tally, min_units) {
                follow.next.push(group[0].0[1]);
                follow.counts.push(surroundings);
            }
        }
        if follow.next.len() > start {
            follow.contexts.push(context[0].0[0]);
            follow.totals.push(total);
            follow.starts.push(follow.next.len() as u64);
        }
    }
    follow
}

fn is_shared(
    of: impl Iterator<Item = u32>,
    rows: &mut Vec<u32>,
    tally: &mut Tally<'_>,
    min_units: usize,
) -> bool {
    rows.clear();
    rows.extend(of);
    rows.sort_unstable();
    rows.dedup();
    tally.count(rows) >= min_units
}
