//! Level codes from texts: one table of distinct texts per chunk, merged in order, sorted at the end.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, DictionaryArray, LargeStringArray, StringArray, UInt32Array};
use arrow_buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};
use hashbrown::HashTable;
use rayon::prelude::*;

use super::missing::Tokens;
use crate::column::{Codes, Column};
use crate::raw::RawColumn;
use crate::spelling::plain;

/// Distinct texts, numbered by first appearance.
#[derive(Debug, Default)]
pub(crate) struct Dictionary {
    table: HashTable<u32>,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    /// How often each was seen.
    pub(crate) counts: Vec<u64>,
}

/// A hash that is the same in every run. Texts come from the user's own file, so nobody gains from making them
/// collide; even then only reading slows down.
#[inline]
pub(crate) fn hash(text: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut state = text.len() as u64 ^ 0x5851_F42D_4C95_7F2D;
    let mut rest = text;
    while let Some((head, tail)) = rest.split_first_chunk::<8>() {
        state = fold(state ^ u64::from_le_bytes(*head), FACTOR);
        rest = tail;
    }
    let mut last = 0;
    for (index, &byte) in rest.iter().enumerate() {
        last |= u64::from(byte) << (8 * index);
    }
    fold(state ^ last, 0xD6E8_FEB8_6659_FD93)
}

#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ (product >> 64) as u64
}

impl Dictionary {
    /// The number of this text, which is entered if it is new.
    #[inline]
    pub(crate) fn number_of(&mut self, text: &[u8], count: u64) -> u32 {
        let Dictionary { table, bytes, ends, counts } = self;
        let text_at = |number: u32| {
            let number = number as usize;
            let start = if number == 0 { 0 } else { ends[number - 1] };
            &bytes[start..ends[number]]
        };
        let entry =
            table.entry(hash(text), |&number| text_at(number) == text, |&number| hash(text_at(number)));
        match entry {
            hashbrown::hash_table::Entry::Occupied(found) => {
                let number = *found.get();
                counts[number as usize] += count;
                number
            }
            hashbrown::hash_table::Entry::Vacant(place) => {
                let number = counts.len() as u32;
                place.insert(number);
                bytes.extend_from_slice(text);
                ends.push(bytes.len());
                counts.push(count);
                number
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.counts.len()
    }

    pub(crate) fn text(&self, number: usize) -> &[u8] {
        let start = if number == 0 { 0 } else { self.ends[number - 1] };
        &self.bytes[start..self.ends[number]]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[u8], u64)> {
        (0..self.len()).map(|number| (self.text(number), self.counts[number]))
    }
}

/// A column as codes of distinct texts, in order of first appearance.
#[derive(Debug)]
pub(crate) struct Coded {
    pub(crate) dictionary: Dictionary,
    chunks: Vec<Vec<u32>>,
    pub(crate) tokens: Tokens,
}

/// Numbers the distinct texts of a column. Missing are the cells that `is_missing` says so of.
pub(crate) fn encode(raw: &RawColumn, is_missing: impl Fn(&[u8]) -> bool + Sync) -> Coded {
    let parts: Vec<(Dictionary, Vec<u32>, Tokens)> =
        raw.chunks.par_iter().map(|chunk| encode_chunk(chunk, &is_missing)).collect();
    let mut parts = parts.into_iter();
    let Some((mut dictionary, first, mut tokens)) = parts.next() else {
        return Coded { dictionary: Dictionary::default(), chunks: Vec::new(), tokens: Tokens::default() };
    };
    let mut chunks = vec![first];
    for (part, mut codes, part_tokens) in parts {
        let map: Vec<u32> = part.iter().map(|(text, count)| dictionary.number_of(text, count)).collect();
        for code in &mut codes {
            if *code != Codes::MISSING {
                *code = map[*code as usize];
            }
        }
        chunks.push(codes);
        tokens.merge(part_tokens);
    }
    Coded { dictionary, chunks, tokens }
}

fn encode_chunk(
    chunk: &StringArray,
    is_missing: &(impl Fn(&[u8]) -> bool + Sync),
) -> (Dictionary, Vec<u32>, Tokens) {
    let mut dictionary = Dictionary::default();
    let mut tokens = Tokens::default();
    // Whether a text means missing is asked once per distinct text.
    let mut missing: Vec<bool> = Vec::new();
    let mut codes = Vec::with_capacity(chunk.len());
    for row in 0..chunk.len() {
        if chunk.is_null(row) {
            tokens.nulls += 1;
            codes.push(Codes::MISSING);
            continue;
        }
        let text = chunk.value(row).as_bytes();
        let number = dictionary.number_of(text, 1);
        if number as usize == missing.len() {
            missing.push(is_missing(text));
        }
        codes.push(number);
    }
    if !missing.contains(&true) {
        return (dictionary, codes, tokens);
    }
    let mut kept = Dictionary::default();
    let map: Vec<u32> = dictionary
        .iter()
        .zip(&missing)
        .map(|((text, count), &missing)| {
            if missing {
                tokens.add(text, count);
                Codes::MISSING
            } else {
                kept.number_of(text, count)
            }
        })
        .collect();
    for code in &mut codes {
        if *code != Codes::MISSING {
            *code = map[*code as usize];
        }
    }
    (kept, codes, tokens)
}

impl Coded {
    pub(crate) fn n_present(&self) -> u64 {
        self.dictionary.counts.iter().sum()
    }

    /// The column with sorted levels: by number where all are numbers, otherwise by bytes.
    pub(crate) fn into_column(self) -> Column {
        let n = self.dictionary.len();
        let mut order: Vec<u32> = (0..n as u32).collect();
        let text = |number: u32| self.dictionary.text(number as usize);
        let numbers: Option<Vec<f64>> =
            (0..n as u32).map(|number| plain(text(number)).map(|parsed| parsed.value)).collect();
        match numbers {
            Some(values) => order.sort_unstable_by(|&a, &b| {
                values[a as usize].total_cmp(&values[b as usize]).then_with(|| text(a).cmp(text(b)))
            }),
            None => order.par_sort_unstable_by(|&a, &b| text(a).cmp(text(b))),
        }
        let mut rank = vec![0_u32; n];
        for (position, &number) in order.iter().enumerate() {
            rank[number as usize] = position as u32;
        }
        let levels = Arc::new(LargeStringArray::from_iter_values(
            order.iter().map(|&number| std::str::from_utf8(text(number)).expect("texts came from UTF-8")),
        ));
        let chunks = self
            .chunks
            .into_par_iter()
            .map(|mut codes| {
                let any_missing = codes.contains(&Codes::MISSING);
                let nulls: Option<NullBuffer> =
                    any_missing.then(|| codes.iter().map(|&code| code != Codes::MISSING).collect());
                for code in &mut codes {
                    *code = if *code == Codes::MISSING { 0 } else { rank[*code as usize] };
                }
                let keys = UInt32Array::new(codes.into(), nulls);
                Arc::new(DictionaryArray::new(keys, levels.clone())) as ArrayRef
            })
            .collect();
        column_of(chunks, || {
            Arc::new(DictionaryArray::new(UInt32Array::from(Vec::<u32>::new()), levels.clone()))
        })
    }
}

/// A column of these chunks, or of an empty one where there is none.
pub(crate) fn column_of(chunks: Vec<ArrayRef>, empty: impl FnOnce() -> ArrayRef) -> Column {
    Column::from_chunks(if chunks.is_empty() { vec![empty()] } else { chunks })
}

/// A column of text: the bytes of the cells are shared, not copied.
pub(crate) fn texts(raw: RawColumn, is_missing: impl Fn(&[u8]) -> bool + Sync) -> (Column, Tokens) {
    let parts: Vec<(ArrayRef, Tokens)> = raw
        .chunks
        .into_par_iter()
        .map(|chunk| {
            let mut tokens = Tokens::default();
            let valid: Vec<bool> = (0..chunk.len())
                .map(|row| {
                    if chunk.is_null(row) {
                        tokens.nulls += 1;
                        return false;
                    }
                    let text = chunk.value(row).as_bytes();
                    let missing = is_missing(text);
                    if missing {
                        tokens.note(text);
                    }
                    !missing
                })
                .collect();
            let nulls = (tokens.total() > 0).then(|| NullBuffer::from(valid));
            let offsets: ScalarBuffer<i64> = chunk.offsets().iter().map(|&at| i64::from(at)).collect();
            let array = LargeStringArray::new(OffsetBuffer::new(offsets), chunk.values().clone(), nulls);
            (Arc::new(array) as ArrayRef, tokens)
        })
        .collect();
    let mut tokens = Tokens::default();
    let mut chunks = Vec::with_capacity(parts.len());
    for (chunk, part) in parts {
        chunks.push(chunk);
        tokens.merge(part);
    }
    (column_of(chunks, || Arc::new(LargeStringArray::from(Vec::<&str>::new()))), tokens)
}

#[cfg(test)]
mod tests {
    use super::super::missing::MissingRule;
    use super::*;

    fn raw(chunks: &[&[Option<&str>]]) -> RawColumn {
        RawColumn { chunks: chunks.iter().map(|chunk| chunk.iter().copied().collect()).collect() }
    }

    fn rule(text: &[u8]) -> bool {
        MissingRule::new(None).certain(text)
    }

    #[test]
    fn codes_are_the_same_however_rows_are_chunked() {
        let cells = [Some("b"), Some("NA"), None, Some("a"), Some("b"), Some("")];
        let whole = encode(&raw(&[&cells]), rule).into_column().codes().unwrap();
        let split = encode(&raw(&[&cells[..2], &[], &cells[2..]]), rule);
        assert_eq!((split.tokens.total(), split.tokens.nulls, split.n_present()), (3, 1, 3));
        let split = split.into_column().codes().unwrap();
        assert_eq!(whole.codes, split.codes);
        assert_eq!(whole.codes, [1, Codes::MISSING, Codes::MISSING, 0, 1, Codes::MISSING]);
        assert_eq!(whole.levels.iter().collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn numeric_levels_are_in_numeric_order() {
        let column = encode(&raw(&[&[Some("10"), Some("9"), Some("-1")]]), rule).into_column();
        assert_eq!(column.levels().unwrap().iter().collect::<Vec<_>>(), ["-1", "9", "10"]);
    }

    #[test]
    fn no_rows_and_no_levels() {
        assert_eq!(encode(&raw(&[]), rule).into_column().len(), 0);
        let all_missing = encode(&raw(&[&[None, Some("?")]]), rule).into_column();
        assert_eq!((all_missing.len(), all_missing.missing_count()), (2, 2));
        let (texts, tokens) = texts(raw(&[&[Some("x"), Some("NA")], &[Some("y")]]), rule);
        assert_eq!((texts.len(), texts.missing_count(), tokens.total()), (3, 1, 1));
    }

    #[test]
    fn many_distinct_texts_keep_their_numbers() {
        let mut dictionary = Dictionary::default();
        for round in 0..2 {
            for value in 0..10_000_u32 {
                assert_eq!(
                    dictionary.number_of(format!("level-{value}").as_bytes(), 1),
                    value,
                    "round {round}"
                );
            }
        }
        assert!(dictionary.counts.iter().all(|&count| count == 2));
    }
}
