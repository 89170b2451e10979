//! Which texts stand for a missing value.
//!
//! Two lists. The *certain* spellings (empty, `NA`, `NaN`, `NULL`, `?` ...) mean missing in any column. The
//! *probable* ones (`-`, `.`, `none`, `unknown` ...) mean missing only among numbers, dates and truth values, where
//! they can mean nothing else; among words they are levels like any other. Two-letter codes of which one happens to
//! be `NA` (Namibia) keep it. The user's own list replaces both.

use crate::spelling::trim;

const CERTAIN: [&str; 22] = [
    "", "NA", "N/A", "n/a", "#N/A", "#NA", "<NA>", "NaN", "nan", "NAN", "-NaN", "-nan", "NULL", "Null",
    "null", "NaT", "\\N", "#NULL!", "?", "(null)", "#N/A N/A", "<na>",
];

const PROBABLE: [&str; 27] = [
    "-",
    "--",
    "---",
    "\u{2013}",
    "\u{2014}",
    ".",
    "..",
    "*",
    "na",
    "Na",
    "none",
    "None",
    "NONE",
    "nil",
    "n.a.",
    "N.A.",
    "missing",
    "Missing",
    "MISSING",
    "unknown",
    "Unknown",
    "UNKNOWN",
    "k.A.",
    "k. A.",
    "#VALUE!",
    "#DIV/0!",
    "not available",
];

/// The rule for one read: detection, or the user's own list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MissingRule<'a> {
    given: Option<&'a [String]>,
    token: &'a str,
}

impl<'a> MissingRule<'a> {
    /// Detection, or the user's list.
    pub(crate) fn new(given: Option<&'a [String]>) -> Self {
        MissingRule { given, token: "" }
    }

    /// Detection, and a token that a schema names.
    pub(crate) fn with_token(given: Option<&'a [String]>, token: &'a str) -> Self {
        MissingRule { given, token }
    }

    /// True when `text` means missing in any column.
    #[inline]
    pub(crate) fn certain(&self, text: &[u8]) -> bool {
        if text.len() > 64 {
            return false;
        }
        let text = trim(text);
        match self.given {
            Some(list) => list.iter().any(|spelling| trim(spelling.as_bytes()) == text),
            None => is_certain(text) || (!self.token.is_empty() && trim(self.token.as_bytes()) == text),
        }
    }

    /// True when `text` means missing among numbers, dates and truth values.
    #[inline]
    pub(crate) fn among_values(&self, text: &[u8]) -> bool {
        if self.given.is_some() || !self.token.is_empty() {
            if self.certain(text) {
                return true;
            }
        } else if text.first().is_some_and(u8::is_ascii_digit) {
            return false;
        }
        if self.given.is_some() || text.len() > 64 {
            return false;
        }
        let text = trim(text);
        is_certain(text) || PROBABLE.iter().any(|spelling| spelling.as_bytes() == text)
    }

    /// True when detection is at work and may be doubted.
    pub(crate) fn is_detection(&self) -> bool {
        self.given.is_none()
    }
}

fn is_certain(text: &[u8]) -> bool {
    match text.first() {
        None => true,
        Some(b'N' | b'n' | b'#' | b'<' | b'-' | b'\\' | b'?' | b'(') => {
            text.len() <= 8 && CERTAIN.iter().any(|spelling| spelling.as_bytes() == text)
        }
        Some(_) => false,
    }
}

/// The spellings of missing values in one column with their counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tokens {
    counts: Vec<(Box<[u8]>, u64)>,
    /// Cells that the source itself said were missing.
    pub(crate) nulls: u64,
}

impl Tokens {
    /// Notes one missing cell.
    pub(crate) fn note(&mut self, token: &[u8]) {
        self.add(token, 1);
    }

    /// Notes `count` missing cells of one spelling.
    pub(crate) fn add(&mut self, token: &[u8], count: u64) {
        if let Some((_, seen)) = self.counts.iter_mut().find(|(known, _)| known.as_ref() == token) {
            *seen += count;
        } else {
            self.counts.push((token.into(), count));
        }
    }

    /// Adds what another part of the column saw.
    pub(crate) fn merge(&mut self, other: Tokens) {
        for (token, count) in other.counts {
            self.add(&token, count);
        }
        self.nulls += other.nulls;
    }

    /// How many cells are missing.
    pub(crate) fn total(&self) -> u64 {
        self.nulls + self.counts.iter().map(|(_, count)| count).sum::<u64>()
    }

    /// How many missing cells have this spelling.
    pub(crate) fn count_of(&self, token: &[u8]) -> u64 {
        self.counts.iter().find(|(known, _)| known.as_ref() == token).map_or(0, |(_, count)| *count)
    }

    /// How many spellings there are.
    pub(crate) fn spellings(&self) -> usize {
        self.counts.len()
    }

    /// The most common spelling; of several equally common ones the first in byte order.
    pub(crate) fn most_common(&self) -> String {
        self.counts
            .iter()
            .max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)))
            .map(|(token, _)| String::from_utf8_lossy(token).into_owned())
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certain_and_probable_spellings() {
        let rule = MissingRule::new(None);
        for text in ["", "  ", "NA", " ?", "NaN", "null", "\\N", "#N/A"] {
            assert!(rule.certain(text.as_bytes()), "{text:?}");
        }
        for text in ["None", "-", ".", "unknown"] {
            assert!(!rule.certain(text.as_bytes()) && rule.among_values(text.as_bytes()), "{text:?}");
        }
        for text in ["no", "0", "nano", "Nanny", "other"] {
            assert!(!rule.among_values(text.as_bytes()), "{text:?}");
        }
    }

    #[test]
    fn a_list_replaces_detection() {
        let list = ["-999".to_owned()];
        let rule = MissingRule::new(Some(&list));
        assert!(rule.certain(b"-999") && !rule.certain(b"") && !rule.among_values(b"NA"));
    }

    #[test]
    fn the_most_common_token_wins() {
        let mut tokens = Tokens::default();
        tokens.note(b"NA");
        tokens.add(b"?", 2);
        tokens.add(b"", 2);
        assert_eq!(tokens.most_common(), "");
        assert_eq!((tokens.total(), tokens.spellings()), (5, 3));
    }
}
