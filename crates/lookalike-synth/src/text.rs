//! Texts that look like those of a column: the same shapes and lengths, invented words.
//!
//! A text's *template* is what is left when runs of letters and digits are replaced by marks: `Braund, Mr. Owen`
//! becomes `W, W. W`. Templates that enough units share are kept with the distribution of each run's length; no
//! word of a text is. Where no template is shared (long prose), only the distribution of the number and the
//! lengths of words is kept.

use std::collections::BTreeMap;

use lookalike_core::{Seed, Stream, Topic, Warning};
use lookalike_table::Column;
use lookalike_table::protect::{Protection, Units};
use lookalike_table::schema::ColumnSchema;
use serde::{Deserialize, Serialize};

use crate::words::counted;

/// Most templates that a column keeps.
const MAX_TEMPLATES: usize = 300;
/// Longest run of letters or digits that is told apart.
const MAX_RUN: usize = 40;
/// Most words of a text without a template.
const MAX_WORDS: usize = 2000;
/// Of so many texts at most the templates are learned.
const MAX_TEXTS: usize = 200_000;

/// The shapes of a column's texts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Texts {
    pub(crate) templates: Vec<Template>,
    /// Texts that follow no kept template.
    pub(crate) loose: u64,
    /// Numbers of words of loose texts, each with its count.
    pub(crate) words: Vec<(u32, u64)>,
    /// Lengths of words of loose texts, each with its count.
    pub(crate) lengths: Vec<(u32, u64)>,
}

/// A shape that enough texts share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Template {
    pub(crate) count: u64,
    pub(crate) pieces: Vec<Piece>,
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Piece {
    /// Spaces and punctuation, as they are.
    Literal(String),
    /// A run of letters or digits with the lengths it has, each with its count.
    Run(Style, Vec<(u32, u64)>),
}

/// What a run is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Style {
    /// Digits.
    Digits,
    /// Small letters (and letters that have no case).
    Lower,
    /// Capital letters.
    Upper,
    /// A capital letter followed by small ones, or any other mixture.
    Capitalized,
}

impl Texts {
    /// Learns the shapes of a column's texts under the protection rule.
    pub(crate) fn learn(
        column: &Column,
        schema: &ColumnSchema,
        units: &Units,
        protection: Protection,
        seed: Seed,
    ) -> (Texts, Vec<Warning>) {
        let texts: Vec<(u32, &str)> = match column.texts() {
            Some(texts) => texts
                .iter()
                .enumerate()
                .filter_map(|(row, text)| text.map(|text| (row as u32, text)))
                .collect(),
            None => Vec::new(),
        };
        let texts: Vec<(u32, &str)> = if texts.len() > MAX_TEXTS {
            let mut chosen = seed.stream("texts", 0).choose(texts.len(), MAX_TEXTS);
            chosen.sort_unstable();
            chosen.into_iter().map(|index| texts[index]).collect()
        } else {
            texts
        };
        let min_units = protection.min_units as usize;
        let mut tally = units.tally();
        let mut groups: BTreeMap<Vec<Mark<'_>>, Vec<usize>> = BTreeMap::new();
        let runs: Vec<Vec<Run<'_>>> = texts.iter().map(|(_, text)| split(text)).collect();
        for (index, pieces) in runs.iter().enumerate() {
            groups.entry(pieces.iter().map(|run| run.mark).collect()).or_default().push(index);
        }
        let mut kept: Vec<(Vec<Mark<'_>>, Vec<usize>)> = Vec::new();
        let mut loose: Vec<usize> = Vec::new();
        for (marks, members) in groups {
            let rows: Vec<u32> = members.iter().map(|&index| texts[index].0).collect();
            if tally.count(&rows) >= min_units && !marks.is_empty() {
                kept.push((marks, members));
            } else {
                loose.extend(members);
            }
        }
        kept.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then_with(|| a.0.cmp(&b.0)));
        for (_, members) in kept.drain(kept.len().min(MAX_TEMPLATES)..) {
            loose.extend(members);
        }
        let templates: Vec<Template> = kept
            .into_iter()
            .map(|(marks, members)| Template {
                count: members.len() as u64,
                pieces: marks
                    .iter()
                    .enumerate()
                    .map(|(place, mark)| match mark {
                        Mark::Literal(text) => Piece::Literal((*text).to_owned()),
                        Mark::Run(style) => {
                            let lengths =
                                members.iter().map(|&index| (texts[index].0, runs[index][place].length));
                            Piece::Run(*style, shared_lengths(lengths, units, min_units))
                        }
                    })
                    .collect(),
            })
            .collect();
        loose.sort_unstable();
        let word_counts = loose.iter().map(|&index| {
            let words = texts[index].1.split_whitespace().count().clamp(1, MAX_WORDS);
            (texts[index].0, words as u32)
        });
        let words = shared_lengths(word_counts, units, min_units);
        let word_lengths = loose.iter().flat_map(|&index| {
            let (row, text) = texts[index];
            text.split_whitespace().map(move |word| (row, word.chars().count().min(MAX_RUN) as u32))
        });
        let lengths = shared_lengths(word_lengths, units, min_units);
        let mut warnings = vec![Warning::of_column(
            Topic::Model,
            schema.name.clone(),
            "text is replaced by invented text of the same shapes and lengths; its meaning is not learned",
        )];
        if !loose.is_empty() && !templates.is_empty() {
            warnings.push(Warning::of_column(
                Topic::Protection,
                schema.name.clone(),
                format!(
                    "{} of a shape that fewer than {min_units} units share: only lengths are kept",
                    counted(loose.len() as u64, "text")
                ),
            ));
        }
        (Texts { templates, loose: loose.len() as u64, words, lengths }, warnings)
    }

    /// Texts for one block of rows.
    pub(crate) fn column(&self, length: usize, stream: &mut Stream, missing: Option<&[bool]>) -> Column {
        let total = self.templates.iter().map(|template| template.count).sum::<u64>() + self.loose;
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

    /// True when a file could have got these shapes from a fit: nothing so large that sampling would not end.
    pub(crate) fn is_sound(&self) -> bool {
        const MOST: u64 = 1 << 52;
        let counted = |lengths: &[(u32, u64)], most: usize| {
            lengths.len() <= most + 1
                && lengths.iter().all(|&(length, count)| length as usize <= most && count <= MOST / 4096)
        };
        let sum = self.templates.iter().try_fold(self.loose, |sum, template| sum.checked_add(template.count));
        self.templates.len() <= MAX_TEMPLATES
            && sum.is_some_and(|sum| sum <= MOST)
            && counted(&self.words, MAX_WORDS)
            && counted(&self.lengths, MAX_RUN)
            && self.templates.iter().flat_map(|template| &template.pieces).all(|piece| match piece {
                Piece::Literal(_) => true,
                Piece::Run(_, lengths) => counted(lengths, MAX_RUN),
            })
    }

    fn write_text(&self, total: u64, stream: &mut Stream, out: &mut String) {
        let mut drawn = stream.below(total.max(1));
        for template in &self.templates {
            if drawn >= template.count {
                drawn -= template.count;
                continue;
            }
            for piece in &template.pieces {
                match piece {
                    Piece::Literal(text) => out.push_str(text),
                    Piece::Run(style, lengths) => write_run(*style, draw(lengths, stream, 3), stream, out),
                }
            }
            return;
        }
        let words = draw(&self.words, stream, 3);
        for word in 0..words {
            if word > 0 {
                out.push(' ');
            }
            let style = if word == 0 { Style::Capitalized } else { Style::Lower };
            write_run(style, draw(&self.lengths, stream, 5), stream, out);
        }
    }
}

/// A run of a text, or what stands between two.
struct Run<'a> {
    mark: Mark<'a>,
    length: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mark<'a> {
    Literal(&'a str),
    Run(Style),
}

/// Splits a text into runs of letters, runs of digits, and what stands between them.
fn split(text: &str) -> Vec<Run<'_>> {
    let class = |c: char| if c.is_ascii_digit() { 0 } else { 1 + u8::from(!c.is_alphabetic()) };
    let mut runs = Vec::new();
    let mut start = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((_, first)) = characters.next() {
        while characters.next_if(|&(_, c)| class(c) == class(first)).is_some() {}
        let end = characters.peek().map_or(text.len(), |&(at, _)| at);
        let piece = &text[start..end];
        let mark = match class(first) {
            0 => Mark::Run(Style::Digits),
            1 => Mark::Run(letters(piece)),
            _ => Mark::Literal(piece),
        };
        runs.push(Run { mark, length: piece.chars().count().min(MAX_RUN) as u32 });
        start = end;
    }
    runs
}

fn letters(piece: &str) -> Style {
    if !piece.chars().any(char::is_uppercase) {
        Style::Lower
    } else if piece.chars().count() > 1 && piece.chars().all(char::is_uppercase) {
        Style::Upper
    } else {
        Style::Capitalized
    }
}

/// The lengths that enough units have, with their counts; others go to the nearest of these, or, if there is none,
/// all to the mean.
pub(crate) fn shared_lengths(
    lengths: impl Iterator<Item = (u32, u32)>,
    units: &Units,
    min_units: usize,
) -> Vec<(u32, u64)> {
    let mut rows_of: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let (mut sum, mut count) = (0_u64, 0_u64);
    for (row, length) in lengths {
        rows_of.entry(length).or_default().push(row);
        sum += u64::from(length);
        count += 1;
    }
    if count == 0 {
        return Vec::new();
    }
    let mut tally = units.tally();
    let counted: Vec<(u32, u64, bool)> = rows_of
        .into_iter()
        .map(|(length, mut rows)| {
            let count = rows.len() as u64;
            rows.dedup();
            (length, count, tally.count(&rows) >= min_units)
        })
        .collect();
    let mut shared: Vec<(u32, u64)> =
        counted.iter().filter(|entry| entry.2).map(|&(length, count, _)| (length, count)).collect();
    if shared.is_empty() {
        return vec![((sum / count).max(1) as u32, count)];
    }
    for &(length, count, _) in counted.iter().filter(|entry| !entry.2) {
        let nearest = shared.iter_mut().min_by_key(|entry| entry.0.abs_diff(length)).expect("not empty");
        nearest.1 += count;
    }
    shared
}

/// A length drawn by its count; `fallback` where nothing was learned.
pub(crate) fn draw(lengths: &[(u32, u64)], stream: &mut Stream, fallback: u32) -> u32 {
    let total: u64 = lengths.iter().map(|&(_, count)| count).sum();
    if total == 0 {
        return fallback;
    }
    let mut drawn = stream.below(total);
    for &(length, count) in lengths {
        if drawn < count {
            return length;
        }
        drawn -= count;
    }
    fallback
}

/// Writes `length` invented characters: digits, or letters in which consonants and vowels take turns.
pub(crate) fn write_run(style: Style, length: u32, stream: &mut Stream, out: &mut String) {
    const VOWELS: &[u8] = b"aaaeeeeiiioou";
    const CONSONANTS: &[u8] = b"bcddfghkllmmnnnnprrrrssstttvw";
    let mut vowel = stream.below(3) == 0;
    for place in 0..length {
        if style == Style::Digits {
            out.push(char::from(b'0' + stream.below(10) as u8));
            continue;
        }
        let letters = if vowel { VOWELS } else { CONSONANTS };
        let letter = char::from(letters[stream.below(letters.len() as u64) as usize]);
        let capital = style == Style::Upper || (style == Style::Capitalized && place == 0);
        out.push(if capital { letter.to_ascii_uppercase() } else { letter });
        vowel = !vowel;
    }
}

#[cfg(test)]
mod tests {
    use lookalike_table::Kind;

    use super::*;

    fn learn(texts: &[String]) -> Texts {
        let column = Column::from_texts(texts.iter().map(Some));
        let schema = ColumnSchema::new("note", Kind::Text);
        Texts::learn(&column, &schema, &Units::rows(texts.len()), Protection::default(), Seed::new(0)).0
    }

    fn sample(texts: &Texts, length: usize) -> Vec<String> {
        let column = texts.column(length, &mut Seed::new(1).stream("texts", 0), None);
        column.texts().unwrap().iter().map(|text| text.unwrap().to_owned()).collect()
    }

    #[test]
    fn shapes_are_kept_and_words_are_not() {
        let names = ["Anna", "Bertha", "Chloe", "Dora", "Emil", "Frida"];
        let texts: Vec<String> = (0..60)
            .map(|i| format!("{}@example.com, Room {}", names[i % 6].to_lowercase(), 10 + i))
            .collect();
        let learned = learn(&texts);
        assert_eq!(learned.templates.len(), 1);
        for text in sample(&learned, 50) {
            let shape: Vec<Mark<'_>> = split(&text).iter().map(|run| run.mark).collect();
            assert_eq!(shape, split(&texts[0]).iter().map(|run| run.mark).collect::<Vec<_>>());
            assert!(!text.contains("example"));
        }
    }

    #[test]
    fn unshared_shapes_leave_only_lengths() {
        let texts: Vec<String> = (0..30)
            .map(|i| (0..=i).map(|w| if w % 3 == 0 { "and-" } else { "word," }).collect::<Vec<_>>().join(" "))
            .collect();
        let learned = learn(&texts);
        assert!(learned.templates.is_empty());
        assert_eq!(learned.loose, 30);
        assert!(sample(&learned, 20).iter().all(|text| !text.contains("word")));
    }

    #[test]
    fn a_single_secret_leaves_no_trace() {
        let mut texts: Vec<String> = (0..40).map(|i| format!("note {i}")).collect();
        texts.push("PIN=(9987)!!".into());
        let json = serde_json::to_string(&learn(&texts)).unwrap();
        assert!(!json.contains("PIN") && !json.contains("!!"));
    }
}
