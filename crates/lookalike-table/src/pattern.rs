//! A subset of regular expressions that describes a finite space of texts, each of which has a number.

use std::fmt;

/// A regular expression whose texts can be counted and numbered.
///
/// Understood are literals, classes such as `[A-Z0-9]`, `\d`, `\w`, `\s` and `.` (printable ASCII), repeats `{n}`,
/// `{n,m}`, `?`, groups, and alternatives with `|`; `*` and `+` mean up to 16 repeats.
///
/// ```
/// use lookalike_table::pattern::Pattern;
/// let pattern = Pattern::parse("[A-C]-\\d{2}")?;
/// assert_eq!(pattern.size(), 300);
/// assert_eq!(pattern.nth(0), "A-00");
/// assert_eq!(pattern.nth(299), "C-99");
/// assert!(pattern.matches("B-07") && !pattern.matches("D-07"));
/// # Ok::<(), lookalike_table::pattern::PatternError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    alternatives: Vec<Sequence>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
struct Sequence {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Part {
    atom: Atom,
    min: u16,
    max: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Atom {
    /// One of these characters: disjoint ranges in order.
    Class(Vec<(char, char)>),
    /// A group.
    Group(Pattern),
}

/// Why a regular expression is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PatternError {
    /// A construct outside of the subset.
    #[error(
        "{construct} at character {position} is not supported; use literals, classes, {{n,m}} and alternatives"
    )]
    Unsupported {
        /// What it is.
        construct: &'static str,
        /// Where it stands, counted from 1.
        position: usize,
    },
    /// Something that never ends, or an end without a beginning.
    #[error("unbalanced {sign:?} at character {position}")]
    Unbalanced {
        /// The sign.
        sign: char,
        /// Where it stands, counted from 1.
        position: usize,
    },
    /// A repeat such as `{3,1}`, or of nothing, or of more than 1000.
    #[error("the repeat at character {position} is not one from 0 to 1000 times")]
    Repeat {
        /// Where it stands, counted from 1.
        position: usize,
    },
    /// Nested or repeated too deeply.
    #[error("the expression is too large")]
    TooLarge,
}

/// How often `*` and `+` repeat at most.
const UNBOUNDED: u16 = 16;
/// The deepest nesting of groups.
const DEEPEST: usize = 16;
/// The most repeats.
const MOST_REPEATS: u16 = 1000;
/// The longest text.
const LONGEST: u64 = 100_000;

const DIGITS: &[(char, char)] = &[('0', '9')];
const WORD: &[(char, char)] = &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];
const SPACE: &[(char, char)] = &[(' ', ' ')];
const PRINTABLE: &[(char, char)] = &[(' ', '~')];

impl Pattern {
    /// Understands a regular expression. It always means the whole text: `^` and `$` at its ends change nothing.
    ///
    /// # Errors
    /// [`PatternError`] when it is outside of the subset.
    pub fn parse(regex: &str) -> Result<Pattern, PatternError> {
        let mut characters: Vec<char> = regex.chars().collect();
        let mut skipped = 0;
        if characters.first() == Some(&'^') {
            characters.remove(0);
            skipped = 1;
        }
        let escaped_end = characters.iter().rev().skip(1).take_while(|&&c| c == '\\').count() % 2 == 1;
        if characters.last() == Some(&'$') && !escaped_end {
            characters.pop();
        }
        let mut parser = Parser { characters, at: 0, skipped };
        let pattern = parser.alternatives(0)?;
        if parser.at < parser.characters.len() {
            return Err(PatternError::Unbalanced { sign: ')', position: parser.position() });
        }
        if pattern.longest() > LONGEST {
            return Err(PatternError::TooLarge);
        }
        Ok(pattern)
    }

    /// The shape of one text: each character becomes the class it belongs to (digits, capitals, small letters), all
    /// others stand for themselves, and equal neighbours are counted.
    ///
    /// ```
    /// use lookalike_table::pattern::Pattern;
    /// assert_eq!(Pattern::of("AB-123").to_string(), "[A-Z]{2}-[0-9]{3}");
    /// ```
    pub fn of(text: &str) -> Pattern {
        let mut parts: Vec<Part> = Vec::new();
        for c in text.chars() {
            let class = match c {
                '0'..='9' => ('0', '9'),
                'A'..='Z' => ('A', 'Z'),
                'a'..='z' => ('a', 'z'),
                // Letters of other alphabets are as telling as the text itself: they become Latin ones.
                c if c.is_uppercase() => ('A', 'Z'),
                c if c.is_alphabetic() => ('a', 'z'),
                c => (c, c),
            };
            match parts.last_mut() {
                Some(Part { atom: Atom::Class(ranges), min, max })
                    if ranges.as_slice() == [class] && *max < MOST_REPEATS =>
                {
                    *min += 1;
                    *max += 1;
                }
                _ => parts.push(Part { atom: Atom::Class(vec![class]), min: 1, max: 1 }),
            }
        }
        Pattern { alternatives: vec![Sequence { parts }] }
    }

    /// A pattern that has all texts of these.
    pub fn any_of(patterns: impl IntoIterator<Item = Pattern>) -> Pattern {
        let mut alternatives: Vec<Sequence> = Vec::new();
        for sequence in patterns.into_iter().flat_map(|pattern| pattern.alternatives) {
            if !alternatives.contains(&sequence) {
                alternatives.push(sequence);
            }
        }
        Pattern { alternatives }
    }

    /// How many texts there are, counted with repetition where the expression is ambiguous. Saturates.
    pub fn size(&self) -> u128 {
        self.alternatives.iter().fold(0, |sum: u128, sequence| sum.saturating_add(sequence.size()))
    }

    /// Text number `index`, counted from 0. Different numbers give different texts unless the expression is
    /// ambiguous, such as `a|a`.
    ///
    /// # Panics
    /// If `index` is not below [`size`](Self::size).
    pub fn nth(&self, index: u128) -> String {
        assert!(index < self.size(), "the pattern has no text of this number");
        let mut text = String::new();
        self.write_nth(index, &mut text);
        text
    }

    fn write_nth(&self, mut index: u128, text: &mut String) {
        for sequence in &self.alternatives {
            let size = sequence.size();
            if index < size {
                sequence.write_nth(index, text);
                return;
            }
            index -= size;
        }
    }

    /// True when the whole of `text` follows the pattern.
    pub fn matches(&self, text: &str) -> bool {
        let characters: Vec<char> = text.chars().collect();
        let mut ends = Vec::new();
        self.ends(&characters, 0, &mut ends);
        ends.contains(&characters.len())
    }

    /// Where a match that begins at `start` may end.
    fn ends(&self, text: &[char], start: usize, found: &mut Vec<usize>) {
        for sequence in &self.alternatives {
            let mut starts = vec![start];
            for part in &sequence.parts {
                let mut next = Vec::new();
                part.ends(text, &starts, &mut next);
                starts = next;
                if starts.is_empty() {
                    break;
                }
            }
            for end in starts {
                if !found.contains(&end) {
                    found.push(end);
                }
            }
        }
    }

    fn longest(&self) -> u64 {
        self.alternatives.iter().map(Sequence::longest).max().unwrap_or(0)
    }
}

impl Sequence {
    fn size(&self) -> u128 {
        self.parts.iter().fold(1, |product: u128, part| product.saturating_mul(part.size()))
    }

    fn write_nth(&self, mut index: u128, text: &mut String) {
        // The last part turns fastest, as digits of a number do.
        let mut rest: Vec<u128> = vec![1; self.parts.len() + 1];
        for (at, part) in self.parts.iter().enumerate().rev() {
            rest[at] = rest[at + 1].saturating_mul(part.size());
        }
        for (at, part) in self.parts.iter().enumerate() {
            let after = rest[at + 1].max(1);
            part.write_nth(index / after, text);
            index %= after;
        }
    }

    fn longest(&self) -> u64 {
        self.parts.iter().fold(0, |sum: u64, part| {
            let one = match &part.atom {
                Atom::Class(_) => 1,
                Atom::Group(group) => group.longest(),
            };
            sum.saturating_add(one.saturating_mul(u64::from(part.max)))
        })
    }
}

impl Part {
    fn size(&self) -> u128 {
        let base = self.atom.size();
        (self.min..=self.max).fold(0, |sum: u128, count| sum.saturating_add(saturating_power(base, count)))
    }

    fn write_nth(&self, mut index: u128, text: &mut String) {
        let base = self.atom.size();
        for count in self.min..=self.max {
            let size = saturating_power(base, count);
            if index >= size {
                index -= size;
                continue;
            }
            for place in (0..count).rev() {
                let unit = saturating_power(base, place).max(1);
                self.atom.write_nth(index / unit, text);
                index %= unit;
            }
            return;
        }
    }

    fn ends(&self, text: &[char], starts: &[usize], found: &mut Vec<usize>) {
        let mut current: Vec<usize> = starts.to_vec();
        if self.min == 0 {
            found.extend_from_slice(&current);
        }
        for count in 1..=self.max {
            let mut next: Vec<usize> = Vec::new();
            for &start in &current {
                match &self.atom {
                    Atom::Class(ranges) => {
                        if text.get(start).is_some_and(|&c| within(ranges, c)) && !next.contains(&(start + 1))
                        {
                            next.push(start + 1);
                        }
                    }
                    Atom::Group(group) => group.ends(text, start, &mut next),
                }
            }
            if next.is_empty() {
                return;
            }
            if count >= self.min {
                for &end in &next {
                    if !found.contains(&end) {
                        found.push(end);
                    }
                }
            }
            current = next;
        }
    }
}

impl Atom {
    fn size(&self) -> u128 {
        match self {
            Atom::Class(ranges) => ranges.iter().map(|&range| width(range)).sum(),
            Atom::Group(group) => group.size(),
        }
    }

    fn write_nth(&self, mut index: u128, text: &mut String) {
        match self {
            Atom::Group(group) => group.write_nth(index, text),
            Atom::Class(ranges) => {
                for &(low, high) in ranges {
                    let size = width((low, high));
                    if index < size {
                        text.push(nth_char(low, index as u32));
                        return;
                    }
                    index -= size;
                }
            }
        }
    }
}

/// The surrogates, which are no characters.
const GAP: std::ops::Range<u32> = 0xD800..0xE000;

fn width((low, high): (char, char)) -> u128 {
    let (low, high) = (low as u32, high as u32);
    let gap = if low < GAP.start && high >= GAP.end { GAP.end - GAP.start } else { 0 };
    u128::from(high - low + 1 - gap)
}

fn nth_char(low: char, index: u32) -> char {
    let low = low as u32;
    let plain = low + index;
    let code = if low < GAP.start && plain >= GAP.start { plain + (GAP.end - GAP.start) } else { plain };
    char::from_u32(code).expect("ranges hold characters only")
}

fn within(ranges: &[(char, char)], c: char) -> bool {
    ranges.iter().any(|&(low, high)| (low..=high).contains(&c))
}

fn saturating_power(base: u128, exponent: u16) -> u128 {
    base.saturating_pow(u32::from(exponent))
}

struct Parser {
    characters: Vec<char>,
    at: usize,
    skipped: usize,
}

impl Parser {
    fn position(&self) -> usize {
        self.at + self.skipped + 1
    }

    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn unsupported<T>(&self, construct: &'static str) -> Result<T, PatternError> {
        Err(PatternError::Unsupported { construct, position: self.position() })
    }

    fn alternatives(&mut self, depth: usize) -> Result<Pattern, PatternError> {
        if depth > DEEPEST {
            return Err(PatternError::TooLarge);
        }
        let mut alternatives = vec![self.sequence(depth)?];
        while self.peek() == Some('|') {
            self.at += 1;
            alternatives.push(self.sequence(depth)?);
        }
        Ok(Pattern { alternatives })
    }

    fn sequence(&mut self, depth: usize) -> Result<Sequence, PatternError> {
        let mut parts = Vec::new();
        while let Some(c) = self.peek() {
            if matches!(c, '|' | ')') {
                break;
            }
            let atom = self.atom(depth)?;
            let (min, max) = self.repeat()?;
            parts.push(Part { atom, min, max });
        }
        Ok(Sequence { parts })
    }

    fn atom(&mut self, depth: usize) -> Result<Atom, PatternError> {
        let position = self.position();
        let c = self.characters[self.at];
        match c {
            '(' => {
                self.at += 1;
                if self.peek() == Some('?') {
                    if self.characters.get(self.at + 1) != Some(&':') {
                        return self.unsupported("a special group");
                    }
                    self.at += 2;
                }
                let group = self.alternatives(depth + 1)?;
                if self.peek() != Some(')') {
                    return Err(PatternError::Unbalanced { sign: '(', position });
                }
                self.at += 1;
                Ok(Atom::Group(group))
            }
            '[' => self.class(),
            '.' => {
                self.at += 1;
                Ok(Atom::Class(PRINTABLE.to_vec()))
            }
            '\\' => {
                self.at += 1;
                Ok(Atom::Class(self.escape()?))
            }
            '*' | '+' | '?' | '{' => Err(PatternError::Repeat { position }),
            '^' | '$' => self.unsupported("an anchor inside the expression"),
            c => {
                self.at += 1;
                Ok(Atom::Class(vec![(c, c)]))
            }
        }
    }

    /// What stands after a backslash.
    fn escape(&mut self) -> Result<Vec<(char, char)>, PatternError> {
        let Some(c) = self.peek() else { return self.unsupported("a backslash at the end") };
        let ranges = match c {
            'd' => DIGITS.to_vec(),
            'w' => WORD.to_vec(),
            's' => SPACE.to_vec(),
            't' => vec![('\t', '\t')],
            'n' => vec![('\n', '\n')],
            'r' => vec![('\r', '\r')],
            c if c.is_ascii_alphanumeric() => return self.unsupported("this escape"),
            c => vec![(c, c)],
        };
        self.at += 1;
        Ok(ranges)
    }

    fn class(&mut self) -> Result<Atom, PatternError> {
        let position = self.position();
        self.at += 1;
        if self.peek() == Some('^') {
            return self.unsupported("a negated class");
        }
        let mut ranges: Vec<(char, char)> = Vec::new();
        let mut first = true;
        loop {
            let Some(c) = self.peek() else { return Err(PatternError::Unbalanced { sign: '[', position }) };
            if c == ']' && !first {
                self.at += 1;
                break;
            }
            first = false;
            let low = if c == '\\' {
                self.at += 1;
                let escaped = self.escape()?;
                match escaped.as_slice() {
                    [(low, high)] if low == high => *low,
                    _ => {
                        ranges.extend(escaped);
                        continue;
                    }
                }
            } else {
                self.at += 1;
                c
            };
            let is_range =
                self.peek() == Some('-') && self.characters.get(self.at + 1).is_some_and(|&c| c != ']');
            if !is_range {
                ranges.push((low, low));
                continue;
            }
            self.at += 1;
            let mut high = self.characters[self.at];
            if high == '\\' {
                self.at += 1;
                match self.escape()?.as_slice() {
                    [(only, same)] if only == same => high = *only,
                    _ => return self.unsupported("a class as the end of a range"),
                }
            } else {
                self.at += 1;
            }
            if high < low {
                return self.unsupported("a range that runs backwards");
            }
            ranges.push((low, high));
        }
        Ok(Atom::Class(merged(ranges)))
    }

    fn repeat(&mut self) -> Result<(u16, u16), PatternError> {
        let position = self.position();
        let repeat = match self.peek() {
            Some('?') => (0, 1),
            Some('*') => (0, UNBOUNDED),
            Some('+') => (1, UNBOUNDED),
            Some('{') => {
                let Some(length) = self.characters[self.at..].iter().position(|&c| c == '}') else {
                    return Err(PatternError::Unbalanced { sign: '{', position });
                };
                let inside: String = self.characters[self.at + 1..self.at + length].iter().collect();
                let number = |text: &str| -> Result<u16, PatternError> {
                    let fine = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
                    text.parse()
                        .ok()
                        .filter(|&count| fine && count <= MOST_REPEATS)
                        .ok_or(PatternError::Repeat { position })
                };
                let (min, max) = match inside.split_once(',') {
                    None => (number(&inside)?, number(&inside)?),
                    Some((min, "")) => (number(min)?, number(min)?.saturating_add(UNBOUNDED)),
                    Some((min, max)) => (number(min)?, number(max)?),
                };
                if min > max {
                    return Err(PatternError::Repeat { position });
                }
                self.at += length;
                (min, max)
            }
            _ => return Ok((1, 1)),
        };
        self.at += 1;
        // A lazy or possessive repeat has the same texts.
        if matches!(self.peek(), Some('?' | '+')) {
            self.at += 1;
        }
        Ok(repeat)
    }
}

/// Ranges in order, none of which overlap.
fn merged(mut ranges: Vec<(char, char)>) -> Vec<(char, char)> {
    ranges.sort_unstable();
    let mut found: Vec<(char, char)> = Vec::new();
    for (low, high) in ranges {
        match found.last_mut() {
            Some(last) if low as u32 <= last.1 as u32 + 1 => last.1 = last.1.max(high),
            _ => found.push((low, high)),
        }
    }
    found
}

impl fmt::Display for Pattern {
    /// As a regular expression that means the same.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, sequence) in self.alternatives.iter().enumerate() {
            if index > 0 {
                formatter.write_str("|")?;
            }
            for part in &sequence.parts {
                match &part.atom {
                    Atom::Group(group) => write!(formatter, "({group})")?,
                    Atom::Class(ranges) => match ranges.as_slice() {
                        [(low, high)] if low == high => write_literal(*low, r"\.+*?()|[]{}^$", formatter)?,
                        ranges => {
                            formatter.write_str("[")?;
                            for (low, high) in ranges {
                                write_literal(*low, r"\[]^-", formatter)?;
                                if low != high {
                                    formatter.write_str("-")?;
                                    write_literal(*high, r"\[]^-", formatter)?;
                                }
                            }
                            formatter.write_str("]")?;
                        }
                    },
                }
                match (part.min, part.max) {
                    (1, 1) => {}
                    (0, 1) => formatter.write_str("?")?,
                    (min, max) if min == max => write!(formatter, "{{{min}}}")?,
                    (min, max) => write!(formatter, "{{{min},{max}}}")?,
                }
            }
        }
        Ok(())
    }
}

fn write_literal(c: char, special: &str, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    match c {
        '\n' => formatter.write_str("\\n"),
        '\r' => formatter.write_str("\\r"),
        '\t' => formatter.write_str("\\t"),
        c if special.contains(c) => write!(formatter, "\\{c}"),
        c => write!(formatter, "{c}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_texts_of_a_pattern_are_different_and_match() {
        for (regex, size) in [
            ("[0-9]{3}", 1000),
            ("a|b|cd", 3),
            ("[A-C]?x{0,2}", 12),
            ("(ab|c){1,2}-\\d", 60),
            ("", 1),
            ("x*", 17),
            ("\\w", 63),
            ("[\\d.-]", 12),
            ("^a\\.b$", 1),
        ] {
            let pattern = Pattern::parse(regex).unwrap_or_else(|error| panic!("{regex}: {error}"));
            assert_eq!(pattern.size(), size, "{regex}");
            let mut texts: Vec<String> = (0..size).map(|index| pattern.nth(index)).collect();
            assert!(texts.iter().all(|text| pattern.matches(text)), "{regex}");
            texts.sort();
            texts.dedup();
            assert_eq!(texts.len() as u128, size, "{regex}");
            let printed = pattern.to_string();
            assert_eq!(Pattern::parse(&printed).unwrap().size(), size, "{regex} as {printed}");
        }
    }

    #[test]
    fn shapes_of_texts() {
        for (text, regex) in [
            ("M14860", "[A-Z][0-9]{5}"),
            ("a.b", "[a-z]\\.[a-z]"),
            ("", ""),
            ("\u{c4}\u{f6}--1", "[A-Z][a-z]-{2}[0-9]"),
            ("+49 (0)", "\\+[0-9]{2} \\([0-9]\\)"),
        ] {
            assert_eq!(Pattern::of(text).to_string(), regex);
            assert_eq!(Pattern::parse(regex).unwrap(), Pattern::of(text));
        }
        assert!(Pattern::of("M14860").matches("L47181"));
    }

    #[test]
    fn large_spaces() {
        let uuid = Pattern::parse("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").unwrap();
        assert_eq!(uuid.size(), u128::MAX);
        assert!(uuid.matches(&uuid.nth(u128::MAX - 1)));
        assert_eq!(Pattern::parse("[0-9]{20}").unwrap().nth(123), "00000000000000000123");
    }

    #[test]
    fn what_is_not_understood() {
        for regex in [
            "[^a]",
            "a{3,1}",
            "(?=a)",
            "(a",
            "a)",
            "[a",
            "\\b",
            "*a",
            "a{9999}",
            "\\",
            "a^b",
            "((a{1000}){1000})",
        ] {
            assert!(Pattern::parse(regex).is_err(), "{regex}");
        }
    }

    #[test]
    fn patterns_join() {
        let joined = Pattern::any_of([Pattern::of("A1"), Pattern::of("B2"), Pattern::of("1-1")]);
        assert_eq!(joined.to_string(), "[A-Z][0-9]|[0-9]-[0-9]");
        assert_eq!(joined.size(), 360);
        assert_eq!(joined.nth(260), "0-0");
    }
}
