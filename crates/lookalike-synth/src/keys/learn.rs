use std::collections::BTreeMap;
use std::fmt::Write as _;

use lookalike_core::{Topic, Warning};
use lookalike_table::Column;
use lookalike_table::pattern::Pattern;
use lookalike_table::protect::{Protection, Units};
use lookalike_table::schema::{ColumnSchema, IdFormat};

use super::Keys;
use crate::words::counted;

/// Most characters of a key; longer ones are cut off when the pattern is learned.
const MAX_LENGTH: usize = 200;
/// At most this many different characters at a place are listed; more become a class.
const FEW_CHARACTERS: usize = 4;

impl Keys {
    /// Learns the keys' pattern: the characters at each place, for each length that enough units have.
    pub(crate) fn learn(
        column: &Column,
        schema: &ColumnSchema,
        format: &IdFormat,
        units: &Units,
        protection: Protection,
    ) -> (Keys, Vec<Warning>) {
        if let Some(pattern) = format.regex.as_deref().and_then(|regex| Pattern::parse(regex).ok()) {
            return (Keys::Patterns(vec![(pattern, 1)]), Vec::new());
        }
        if let Some(integers) = column.integers() {
            let missing = integers.missing;
            let present: Vec<i64> = integers
                .values
                .into_iter()
                .enumerate()
                .filter(|&(row, _)| missing.as_ref().is_none_or(|flags| !flags[row]))
                .map(|(_, value)| value)
                .collect();
            return (number_space(present, protection), Vec::new());
        }
        let mut lengths: BTreeMap<usize, Vec<(Vec<char>, u32)>> = BTreeMap::new();
        if let Some(texts) = column.texts() {
            for (row, text) in texts.iter().enumerate() {
                if let Some(text) = text {
                    let characters: Vec<char> = text.chars().take(MAX_LENGTH).collect();
                    lengths.entry(characters.len()).or_default().push((characters, row as u32));
                }
            }
        } else if let Some((values, missing)) = column.unsigned() {
            for (row, value) in values.into_iter().enumerate() {
                if missing.as_ref().is_none_or(|flags| !flags[row]) {
                    let characters: Vec<char> = value.to_string().chars().collect();
                    lengths.entry(characters.len()).or_default().push((characters, row as u32));
                }
            }
        }
        let min_units = protection.min_units as usize;
        let mut tally = units.tally();
        let mut patterns = Vec::new();
        let mut withheld = 0;
        for (length, keys) in &lengths {
            let rows: Vec<u32> = keys.iter().map(|&(_, row)| row).collect();
            if *length == 0 || tally.count(&rows) < min_units {
                withheld += keys.len();
                continue;
            }
            let mut regex = String::new();
            for place in 0..*length {
                regex.push_str(&class_at(keys, place, min_units));
            }
            if let Ok(pattern) = Pattern::parse(&regex) {
                patterns.push((pattern, keys.len() as u64));
            }
        }
        let mut warnings = Vec::new();
        if withheld > 0 {
            warnings.push(Warning::of_column(
                Topic::Protection,
                schema.name.clone(),
                format!(
                    "{} of a length that fewer than {min_units} units share: none like that is made",
                    counted(withheld as u64, "key")
                ),
            ));
        }
        if patterns.is_empty() {
            // Nothing may be told of the keys' spelling: plain numbers are keys too.
            let first = Pattern::parse("[0-9]{12}").expect("a valid pattern");
            patterns.push((first, 1));
        }
        (Keys::Patterns(patterns), warnings)
    }
}

/// The space of whole-number keys: from the smallest that may be told, to the end of the decade that holds most.
fn number_space(mut present: Vec<i64>, protection: Protection) -> Keys {
    present.sort_unstable();
    present.dedup();
    let smallest = present.first().copied().unwrap_or(1);
    // Counting from 0 or 1 is everybody's habit and tells nothing; other first numbers only once shared.
    let k = protection.min_units as usize - 1;
    let first = if (0..=1).contains(&smallest) { smallest } else { present.get(k).copied().unwrap_or(1) };
    // Not the largest key itself but the next round number, at a finer step for wide ranges.
    let largest = present.len().checked_sub(k + 1).map_or(first, |place| present[place]).max(first);
    let span = (largest.saturating_sub(first)).max(9);
    let mut step = 1_i64;
    while step <= span / 10 {
        step *= 10;
    }
    let end =
        largest.checked_div_euclid(step).and_then(|steps| (steps + 1).checked_mul(step)).unwrap_or(i64::MAX);
    Keys::Numbers { first, end: end.max(first.saturating_add(present.len() as i64)) }
}

/// The smallest class of characters for a place: those seen, as far as enough units have them, or a usual class.
fn class_at(keys: &[(Vec<char>, u32)], place: usize, min_units: usize) -> String {
    let mut counts: BTreeMap<char, usize> = BTreeMap::new();
    for (characters, _) in keys {
        *counts.entry(characters[place]).or_default() += 1;
    }
    let shared: Vec<char> = counts.iter().filter(|&(_, &n)| n >= min_units).map(|(&c, _)| c).collect();
    let all_shared = shared.len() == counts.len();
    let punctuated = counts.keys().any(|c| !c.is_ascii_alphanumeric());
    if all_shared
        && (shared.len() == 1 || (shared.len() <= FEW_CHARACTERS && keys.len() >= 20 * shared.len()))
    {
        return listed(&shared);
    }
    let has = |test: fn(&char) -> bool| counts.keys().any(test);
    let digits = has(char::is_ascii_digit);
    let lower = has(|c| c.is_ascii_lowercase() || (c.is_alphabetic() && !c.is_uppercase()));
    let upper = has(char::is_ascii_uppercase);
    let hexadecimal = digits && counts.keys().all(char::is_ascii_hexdigit) && (lower != upper);
    let mut class = String::new();
    if hexadecimal {
        class.push_str(if lower { "0-9a-f" } else { "0-9A-F" });
    } else {
        let nonzero =
            digits && !lower && !upper && place == 0 && !counts.contains_key(&'0') && keys.len() >= 50;
        if digits {
            class.push_str(if nonzero { "1-9" } else { "0-9" });
        }
        if lower {
            class.push_str("a-z");
        }
        if upper {
            class.push_str("A-Z");
        }
    }
    if punctuated {
        for &c in shared.iter().filter(|c| !c.is_ascii_alphanumeric()) {
            escape(c, &mut class);
        }
    }
    if class.is_empty() {
        class.push_str("0-9");
    }
    format!("[{class}]")
}

fn listed(characters: &[char]) -> String {
    let mut class = String::new();
    for &c in characters {
        escape(c, &mut class);
    }
    if characters.len() == 1 { class } else { format!("[{class}]") }
}

fn escape(c: char, out: &mut String) {
    if !c.is_alphanumeric() && c.is_ascii_punctuation() {
        out.push('\\');
    }
    write!(out, "{c}").expect("writing to a string");
}

#[cfg(test)]
mod tests {
    use lookalike_table::Kind;

    use super::*;

    fn learn(texts: impl Iterator<Item = String>, protection: Protection) -> Keys {
        let column = Column::from_texts(texts.map(Some));
        let schema = ColumnSchema::new("key", Kind::Id(IdFormat::default()));
        let units = Units::rows(column.len());
        Keys::learn(&column, &schema, &IdFormat::default(), &units, protection).0
    }

    fn regexes(keys: &Keys) -> Vec<String> {
        match keys {
            Keys::Patterns(patterns) => patterns.iter().map(|(pattern, _)| pattern.to_string()).collect(),
            Keys::Numbers { .. } => panic!("texts expected"),
        }
    }

    #[test]
    fn prefixes_stay_and_digits_vary() {
        let keys = learn((0..500).map(|i| format!("SKU-{:05}", i * 37)), Protection::default());
        let Keys::Patterns(patterns) = &keys else { panic!() };
        assert_eq!(patterns.len(), 1);
        assert!(patterns[0].0.matches("SKU-00042"));
        assert!(!patterns[0].0.matches("SKV-00042"));
    }

    #[test]
    fn rare_lengths_and_characters_are_withheld() {
        let mut texts: Vec<String> = (0..200).map(|i| format!("A{:04}", i * 41)).collect();
        texts.push("SECRET-AGENT-7".into());
        texts.push("Z0001".into());
        let keys = learn(texts.into_iter(), Protection::default());
        assert_eq!(regexes(&keys).len(), 1);
        assert!(!regexes(&keys)[0].contains("SECRET"));
        let none = learn((0..3).map(|i| format!("ab{i}")), Protection::default());
        assert!(matches!(&none, Keys::Patterns(patterns) if patterns[0].0.matches("123456789012")));
    }

    #[test]
    fn number_spaces_begin_and_end_at_round_places() {
        assert_eq!(
            number_space((1..=891).collect(), Protection::default()),
            Keys::Numbers { first: 1, end: 900 }
        );
        let Keys::Numbers { first, end } = number_space((10_248..11_078).collect(), Protection::default())
        else {
            panic!()
        };
        assert_eq!(first, 10_252);
        assert!((11_074..=11_200).contains(&end));
    }
}
