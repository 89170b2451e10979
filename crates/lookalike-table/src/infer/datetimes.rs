//! Columns of dates and times: learning their pattern, and their conversion.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, StringArray, TimestampMicrosecondArray};
use arrow_buffer::NullBuffer;
use rayon::prelude::*;

use super::dictionary::column_of;
use super::missing::Tokens;
use super::numbers::Strictness;
use crate::column::Column;
use crate::raw::RawColumn;
use crate::schema::{DatetimeFormat, Offset};
use crate::spelling::{DAY, DatetimePattern, DatetimeSpelling, Field, HOUR, MINUTE, Moment, SECOND};

/// A column of dates.
#[derive(Debug)]
pub(crate) struct Learned {
    pub(crate) column: Column,
    pub(crate) format: DatetimeFormat,
    pub(crate) tokens: Tokens,
    /// Day and month could be exchanged throughout.
    pub(crate) ambiguous: bool,
    /// The other order of day and month, if the column was ambiguous.
    pub(crate) other_pattern: Option<String>,
    /// Years have two digits.
    pub(crate) short_years: bool,
    /// How many offsets from UTC occur, up to 255.
    pub(crate) offsets: usize,
    /// Some fractions had digits beyond microseconds.
    pub(crate) finer: bool,
}

/// What is known of the spelling after seeing a part of the column.
#[derive(Debug, Clone)]
struct Census {
    present: u64,
    max_day: u8,
    bare: u16,
    padded: u16,
    min_fraction: u8,
    max_fraction: u8,
    finer: bool,
    step: i64,
    offsets: Vec<(i16, u64)>,
    /// Cells that follow an earlier one in time, and that precede one.
    forward: u64,
    backward: u64,
}

impl Default for Census {
    fn default() -> Self {
        Census {
            present: 0,
            max_day: 0,
            bare: 0,
            padded: 0,
            min_fraction: u8::MAX,
            max_fraction: 0,
            finer: false,
            step: 0,
            offsets: Vec::new(),
            forward: 0,
            backward: 0,
        }
    }
}

impl Census {
    #[inline]
    fn note(&mut self, moment: &Moment) {
        self.present += 1;
        self.max_day = self.max_day.max(moment.day);
        self.bare |= moment.bare;
        self.padded |= moment.padded;
        self.min_fraction = self.min_fraction.min(moment.fraction_digits);
        self.max_fraction = self.max_fraction.max(moment.fraction_digits);
        self.finer |= moment.finer;
        let steps = [DAY, HOUR, MINUTE, SECOND, 1000, 1];
        while moment.wall.rem_euclid(steps[self.step as usize]) != 0 {
            self.step += 1;
        }
        if let Some(offset) = moment.offset {
            self.add_offset(offset, 1);
        }
    }

    fn add_offset(&mut self, offset: i16, count: u64) {
        if let Some((_, seen)) = self.offsets.iter_mut().find(|(known, _)| *known == offset) {
            *seen += count;
        } else {
            self.offsets.push((offset, count));
        }
    }

    fn merge(&mut self, other: &Census) {
        self.present += other.present;
        self.max_day = self.max_day.max(other.max_day);
        self.bare |= other.bare;
        self.padded |= other.padded;
        self.min_fraction = self.min_fraction.min(other.min_fraction);
        self.max_fraction = self.max_fraction.max(other.max_fraction);
        self.finer |= other.finer;
        self.step = self.step.max(other.step);
        for &(offset, count) in &other.offsets {
            self.add_offset(offset, count);
        }
        self.forward += other.forward;
        self.backward += other.backward;
    }

    fn step(&self) -> i64 {
        [DAY, HOUR, MINUTE, SECOND, 1000, 1][self.step as usize]
    }
}

/// Patterns that all texts of the sample follow, the most probable first. Empty when they are not dates.
pub(crate) fn patterns(sample: &[&[u8]]) -> Vec<String> {
    let Some(first) = sample.first() else { return Vec::new() };
    let mut found: Vec<String> = Vec::new();
    // Another row may show what the first does not: a long month name, a fraction that comes and goes.
    let longest = sample.iter().max_by_key(|text| text.len()).unwrap_or(first);
    for text in [first, longest] {
        for pattern in candidates(text) {
            if found.contains(&pattern) {
                continue;
            }
            let Some(compiled) = DatetimePattern::compile(&pattern) else { continue };
            if sample.iter().all(|text| compiled.parse(text).is_some()) {
                found.push(pattern);
            }
        }
    }
    found
}

/// The pattern that most texts of the sample follow, if any does.
pub(crate) fn best_pattern(sample: &[&[u8]]) -> Option<String> {
    let mut best: Option<(usize, String)> = None;
    for text in sample.iter().take(32) {
        for pattern in candidates(text) {
            let Some(compiled) = DatetimePattern::compile(&pattern) else { continue };
            let fitting = sample.iter().filter(|text| compiled.parse(text).is_some()).count();
            if fitting > best.as_ref().map_or(0, |(count, _)| *count) {
                best = Some((fitting, pattern));
            }
        }
    }
    best.map(|(_, pattern)| pattern)
}

/// A stretch of a date's text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Digits(usize),
    Letters(String),
    Other(char),
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    for c in text.chars() {
        match found.last_mut() {
            Some(Piece::Digits(count)) if c.is_ascii_digit() => *count += 1,
            Some(Piece::Letters(letters)) if c.is_ascii_alphabetic() => letters.push(c),
            _ if c.is_ascii_digit() => found.push(Piece::Digits(1)),
            _ if c.is_ascii_alphabetic() => found.push(Piece::Letters(c.into())),
            _ => found.push(Piece::Other(c)),
        }
    }
    found
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The directive for a month's or weekday's name, with its capitals.
fn name_directives(letters: &str) -> Vec<String> {
    let lower = letters.to_ascii_lowercase();
    let flag = if letters.len() > 1 && letters.bytes().all(|byte| byte.is_ascii_uppercase()) {
        "^"
    } else if letters.bytes().all(|byte| byte.is_ascii_lowercase()) {
        "~"
    } else {
        ""
    };
    let mut found = Vec::new();
    for (names, short, full) in [(&MONTHS[..], 'b', 'B'), (&WEEKDAYS[..], 'a', 'A')] {
        for name in names {
            // May is as long as its abbreviation.
            if lower == name[..3] {
                found.push(format!("%{flag}{short}"));
            }
            if lower == *name {
                found.push(format!("%{flag}{full}"));
            }
        }
    }
    found
}

/// Patterns that the shape of one text suggests.
fn candidates(text: &[u8]) -> Vec<String> {
    let Ok(text) = std::str::from_utf8(text) else { return Vec::new() };
    if text.len() > 48 || text.len() < 5 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let pieces = pieces(text);
    // The clock begins at digits that a colon follows (or at a compact run of digits).
    let clock = (0..pieces.len().saturating_sub(1)).find(|&at| {
        matches!(pieces[at], Piece::Digits(1 | 2))
            && pieces[at + 1] == Piece::Other(':')
            && matches!(pieces.get(at + 2), Some(Piece::Digits(2)))
    });
    let oracle_clock = || {
        // 05-JAN-21 11.59.59.123456 PM
        (0..pieces.len()).find(|&at| {
            at > 4
                && matches!(
                    pieces[at..],
                    [
                        Piece::Digits(2),
                        Piece::Other('.'),
                        Piece::Digits(2),
                        Piece::Other('.'),
                        Piece::Digits(2),
                        ..
                    ]
                )
        })
    };
    let clock = clock.or_else(oracle_clock);
    let (date, time) = pieces.split_at(clock.unwrap_or(pieces.len()));
    let times = match clock {
        None => vec![String::new()],
        Some(_) => clock_patterns(time),
    };
    let mut found = Vec::new();
    for date in date_patterns(date) {
        for time in &times {
            found.push(format!("{date}{time}"));
        }
    }
    found
}

fn literal(c: char, pattern: &mut String) {
    if c == '%' {
        pattern.push('%');
    }
    pattern.push(c);
}

/// Patterns of the clock's part.
fn clock_patterns(pieces: &[Piece]) -> Vec<String> {
    let half_day = pieces.iter().find_map(|piece| match piece {
        Piece::Letters(letters)
            if letters.eq_ignore_ascii_case("am") || letters.eq_ignore_ascii_case("pm") =>
        {
            Some(letters.bytes().all(|byte| byte.is_ascii_lowercase()))
        }
        _ => None,
    });
    let mut pattern = String::new();
    let mut at = 0;
    let mut fields = ["%H", "%M", "%S"].into_iter();
    if half_day.is_some() {
        fields = ["%I", "%M", "%S"].into_iter();
    }
    let separator = pieces.get(1).cloned();
    let mut seconds = false;
    while let Some(field) = fields.next() {
        let Some(Piece::Digits(1 | 2)) = pieces.get(at) else { return Vec::new() };
        pattern.push_str(field);
        seconds = field == "%S";
        at += 1;
        if pieces.get(at) != separator.as_ref() || fields.len() == 0 {
            break;
        }
        if let Some(Piece::Other(c)) = separator {
            pattern.push(c);
        }
        at += 1;
    }
    let mut optional = None;
    if seconds
        && let (Some(Piece::Other(sign @ ('.' | ','))), Some(Piece::Digits(digits @ 1..=9))) =
            (pieces.get(at), pieces.get(at + 1))
    {
        if *sign == '.' {
            optional = Some(pattern.clone() + "%.f");
        }
        pattern.push(*sign);
        pattern.push('%');
        pattern.push_str(&digits.to_string());
        pattern.push('f');
        at += 2;
    } else if seconds {
        optional = Some(pattern.clone() + "%.f");
    }
    let mut rest = String::new();
    let mut alternatives: Vec<String> = Vec::new();
    while at < pieces.len() {
        match &pieces[at] {
            Piece::Letters(letters)
                if half_day.is_some()
                    && (letters.eq_ignore_ascii_case("am") || letters.eq_ignore_ascii_case("pm")) =>
            {
                rest.push_str(if half_day == Some(true) { "%P" } else { "%p" });
            }
            Piece::Letters(letters) if matches!(letters.as_str(), "Z" | "UTC" | "GMT") => {
                if letters == "Z" {
                    alternatives.push(format!("{rest}%:z"));
                }
                rest.push_str(letters);
            }
            Piece::Other('+' | '-') => match pieces[at + 1..] {
                [Piece::Digits(2), Piece::Other(':'), Piece::Digits(2), ..] => {
                    rest.push_str("%:z");
                    at += 3;
                }
                [Piece::Digits(4), ..] => {
                    rest.push_str("%z");
                    at += 1;
                }
                [Piece::Digits(2), ..] => {
                    rest.push_str("%:::z");
                    at += 1;
                }
                _ => return Vec::new(),
            },
            Piece::Other(c @ (' ' | '(' | ')')) => literal(*c, &mut rest),
            // Thu Jan 01 12:00:00 1970
            Piece::Digits(4) => rest.push_str("%Y"),
            _ => return Vec::new(),
        }
        at += 1;
    }
    let mut found = Vec::new();
    for ending in std::iter::once(&rest).chain(&alternatives) {
        found.push(format!("{pattern}{ending}"));
        if let Some(optional) = &optional {
            found.push(format!("{optional}{ending}"));
        }
    }
    found
}

/// Patterns of the date's part, which ends with what stands between date and clock.
fn date_patterns(pieces: &[Piece]) -> Vec<String> {
    if pieces.is_empty() {
        return vec![String::new()];
    }
    // Fill in names; number the runs of digits.
    let mut templates: Vec<String> = vec![String::new()];
    let mut runs: Vec<usize> = Vec::new();
    let mut month_named = false;
    let mut separators = String::new();
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Digits(count) => {
                runs.push(*count);
                for template in &mut templates {
                    template.push('\u{1}');
                }
            }
            Piece::Letters(letters) => {
                let names = name_directives(letters);
                if names.is_empty() {
                    let last = at + 1 == pieces.len();
                    let compact = matches!(pieces.get(at + 1), Some(Piece::Digits(6)));
                    let separator =
                        (letters == "T" && (last || compact)) || (letters == "Z" && last && runs == [8, 6]);
                    let ordinal = matches!(letters.as_str(), "of" | "at");
                    if !separator && !ordinal {
                        return Vec::new();
                    }
                    for template in &mut templates {
                        template.push_str(letters);
                    }
                    continue;
                }
                month_named |= names.iter().any(|name| name.ends_with(['b', 'B']));
                templates = templates
                    .iter()
                    .flat_map(|template| names.iter().map(move |name| format!("{template}{name}")))
                    .collect();
            }
            Piece::Other(c) => {
                if !matches!(
                    c,
                    '-' | '/' | '.' | ',' | ' ' | '_' | ':' | '\u{5e74}' | '\u{6708}' | '\u{65e5}'
                ) {
                    return Vec::new();
                }
                separators.push(*c);
                for template in &mut templates {
                    literal(*c, template);
                }
            }
        }
    }
    let orders: Vec<Vec<&str>> = match (month_named, runs.as_slice()) {
        (true, [4, 1 | 2]) => vec![vec!["%Y", "%d"]],
        (true, [1 | 2, 4]) => vec![vec!["%d", "%Y"]],
        (true, [1 | 2, 2]) => vec![vec!["%d", "%y"]],
        (true, [4]) => vec![vec!["%Y"]],
        // Thu Jan 01 12:00:00 1970: the year follows the clock.
        (true, [1 | 2]) => vec![vec!["%d"], vec!["%y"]],
        (false, [4, 1 | 2, 1 | 2]) => vec![vec!["%Y", "%m", "%d"], vec!["%Y", "%d", "%m"]],
        (false, [1 | 2, 1 | 2, 4]) => day_or_month_first(&separators, "%Y"),
        (false, [1 | 2, 1 | 2, 2]) => {
            let mut orders = day_or_month_first(&separators, "%y");
            if runs[0] == 2 {
                orders.push(vec!["%y", "%m", "%d"]);
            }
            orders
        }
        (false, [4, 1 | 2]) => vec![vec!["%Y", "%m"]],
        (false, [1 | 2, 4]) => vec![vec!["%m", "%Y"]],
        (false, [8]) => vec![vec!["%Y%m%d"]],
        (false, [14]) => vec![vec!["%Y%m%d%H%M%S"]],
        (false, [8, 6]) => vec![vec!["%Y%m%d", "%H%M%S"]],
        _ => return Vec::new(),
    };
    // A point alone between two numbers is a decimal number.
    if runs.len() == 2 && !month_named && separators.contains(['.', ' ', ',']) && runs != [8, 6] {
        return Vec::new();
    }
    let mut found = Vec::new();
    for order in orders {
        for template in &templates {
            let mut fields = order.iter();
            let pattern: String = template
                .chars()
                .map(|c| match c {
                    '\u{1}' => fields.next().map_or_else(String::new, |field| (*field).to_owned()),
                    c => c.to_string(),
                })
                .collect();
            found.push(pattern);
        }
    }
    found
}

/// Both orders, the customary one for the separator first: slashes are American, points and dashes are not.
fn day_or_month_first(separators: &str, year: &'static str) -> Vec<Vec<&'static str>> {
    let day_first = vec!["%d", "%m", year];
    let month_first = vec!["%m", "%d", year];
    if separators.starts_with('/') { vec![month_first, day_first] } else { vec![day_first, month_first] }
}

/// The same pattern with day and month exchanged, where both are numbers.
fn exchange(pattern: &str) -> Option<String> {
    (pattern.contains("%d") && pattern.contains("%m"))
        .then(|| pattern.replace("%d", "\u{1}").replace("%m", "%d").replace('\u{1}', "%m"))
}

struct Part {
    walls: Vec<i64>,
    valid: Option<Vec<bool>>,
    census: Census,
    tokens: Tokens,
}

/// Converts a column that follows one of `patterns`. `None` when it follows none of them throughout.
pub(crate) fn learn(
    raw: &RawColumn,
    patterns: &[String],
    is_missing: &(impl Fn(&[u8]) -> bool + Sync),
) -> Option<Learned> {
    let (at, parts) = patterns.iter().enumerate().find_map(|(at, pattern)| {
        convert(raw, &DatetimePattern::compile(pattern)?, is_missing).map(|parts| (at, parts))
    })?;
    let mut census = merge(&parts);
    let mut pattern = patterns[at].clone();
    let mut parts = parts;
    let exchanged = exchange(&pattern).filter(|other| patterns.contains(other) && census.max_day <= 12);
    let mut ambiguous = false;
    if let Some(other) = &exchanged
        && let Some(compiled) = DatetimePattern::compile(other)
        && let Some(other_parts) = convert(raw, &compiled, is_missing)
    {
        ambiguous = true;
        // Rows are often in order of time: the reading under which they run one way is the likelier one.
        let other_census = merge(&other_parts);
        let disorder = |census: &Census| census.forward.min(census.backward);
        if disorder(&other_census) * 2 < disorder(&census) {
            pattern.clone_from(other);
            census = other_census;
            parts = other_parts;
        }
    }
    let offset = census
        .offsets
        .iter()
        .max_by_key(|(offset, count)| (*count, -i32::from(*offset)))
        .map(|found| found.0);
    let literal_zone = pattern.ends_with('Z') || pattern.ends_with("UTC") || pattern.ends_with("GMT");
    let format = DatetimeFormat {
        pattern: settle(&pattern, &census),
        step: census.step(),
        offset: match offset {
            Some(minutes) => Offset::Fixed(minutes),
            None if literal_zone => Offset::Fixed(0),
            None => Offset::Unknown,
        },
    };
    let mut tokens = Tokens::default();
    let mut chunks = Vec::with_capacity(parts.len());
    for part in parts {
        tokens.merge(part.tokens);
        let array = TimestampMicrosecondArray::new(part.walls.into(), part.valid.map(NullBuffer::from));
        chunks.push(Arc::new(array) as ArrayRef);
    }
    Some(Learned {
        column: column_of(chunks, empty),
        tokens,
        ambiguous,
        other_pattern: exchanged.filter(|_| ambiguous),
        short_years: pattern.contains("%y"),
        offsets: census.offsets.len(),
        finer: census.finer,
        format,
    })
}

fn merge(parts: &[Part]) -> Census {
    let mut census = Census::default();
    for part in parts {
        census.merge(&part.census);
    }
    census
}

fn empty() -> ArrayRef {
    Arc::new(TimestampMicrosecondArray::from(Vec::<i64>::new()))
}

/// The pattern with what the whole column showed: fields without leading zeros.
fn settle(pattern: &str, census: &Census) -> String {
    let mut settled = pattern.to_owned();
    for (directive, field) in [
        ('m', Field::Month),
        ('d', Field::Day),
        ('H', Field::Hour),
        ('I', Field::Hour12),
        ('M', Field::Minute),
        ('S', Field::Second),
    ] {
        if census.bare & (1 << field as u16) != 0 && census.padded & (1 << field as u16) == 0 {
            settled = settled.replace(&format!("%{directive}"), &format!("%-{directive}"));
        }
    }
    // The digits of the fraction are those that all rows have; where they differ, they vary.
    let fixed = settled.find(".%").filter(|&at| settled[at + 3..].starts_with('f'));
    if let Some(at) = fixed {
        let digits = if census.min_fraction == census.max_fraction {
            format!(".%{}f", census.max_fraction)
        } else {
            "%.f".to_owned()
        };
        settled.replace_range(at..at + 4, &digits);
    } else if census.min_fraction == census.max_fraction && census.max_fraction > 0 {
        settled = settled.replace("%.f", &format!(".%{}f", census.max_fraction));
    }
    settled
}

fn convert(
    raw: &RawColumn,
    pattern: &DatetimePattern,
    is_missing: &(impl Fn(&[u8]) -> bool + Sync),
) -> Option<Vec<Part>> {
    raw.chunks.par_iter().map(|chunk| convert_chunk(chunk, pattern, is_missing)).collect()
}

fn convert_chunk(
    chunk: &StringArray,
    pattern: &DatetimePattern,
    is_missing: &(impl Fn(&[u8]) -> bool + Sync),
) -> Option<Part> {
    let mut walls: Vec<i64> = Vec::with_capacity(chunk.len());
    let mut valid: Option<Vec<bool>> = None;
    let mut census = Census::default();
    let mut tokens = Tokens::default();
    let mut before: Option<i64> = None;
    for row in 0..chunk.len() {
        let null = chunk.is_null(row);
        let text = chunk.value(row).as_bytes();
        let Some(moment) = (!null).then(|| pattern.parse(text)).flatten() else {
            if null {
                tokens.nulls += 1;
            } else if is_missing(text) {
                tokens.note(text);
            } else {
                return None;
            }
            valid.get_or_insert_with(|| vec![true; row]).push(false);
            walls.push(0);
            continue;
        };
        census.note(&moment);
        let instant = moment.wall - i64::from(moment.offset.unwrap_or(0)) * MINUTE;
        if let Some(before) = before {
            census.forward += u64::from(instant > before);
            census.backward += u64::from(instant < before);
        }
        before = Some(instant);
        if let Some(valid) = &mut valid {
            valid.push(true);
        }
        walls.push(instant);
    }
    Some(Part { walls, valid, census, tokens })
}

/// Converts a column under a given spelling: the column, and how many cells became missing because they do not
/// follow it. `None` when there are such cells and they are not allowed.
pub(crate) fn convert_as(
    raw: &RawColumn,
    spelling: &DatetimeSpelling,
    is_missing: &(impl Fn(&[u8]) -> bool + Sync),
    strictness: Strictness,
) -> Option<(Column, Tokens, u64)> {
    let parts: Vec<(ArrayRef, Tokens, u64)> = raw
        .chunks
        .par_iter()
        .map(|chunk| {
            let mut tokens = Tokens::default();
            let mut invalid = 0;
            let mut values = Vec::with_capacity(chunk.len());
            for row in 0..chunk.len() {
                if chunk.is_null(row) {
                    tokens.nulls += 1;
                    values.push(None);
                    continue;
                }
                let text = chunk.value(row).as_bytes();
                let parsed = spelling.parse(text);
                if parsed.is_none() {
                    if is_missing(text) {
                        tokens.note(text);
                    } else if strictness == Strictness::Strict {
                        return None;
                    } else {
                        invalid += 1;
                    }
                }
                values.push(parsed);
            }
            Some((Arc::new(TimestampMicrosecondArray::from(values)) as ArrayRef, tokens, invalid))
        })
        .collect::<Option<_>>()?;
    let mut tokens = Tokens::default();
    let mut invalid = 0;
    let mut chunks = Vec::with_capacity(parts.len());
    for (chunk, part, part_invalid) in parts {
        chunks.push(chunk);
        tokens.merge(part);
        invalid += part_invalid;
    }
    Some((column_of(chunks, empty), tokens, invalid))
}

#[cfg(test)]
mod tests {
    use super::super::missing::MissingRule;
    use super::*;
    use crate::schema::{ColumnSchema, Kind};
    use crate::spelling::Printer;

    fn learned(cells: &[&str]) -> Option<Learned> {
        let rule = MissingRule::new(None);
        let sample: Vec<&[u8]> =
            cells.iter().map(|cell| cell.as_bytes()).filter(|cell| !rule.among_values(cell)).collect();
        let raw = RawColumn { chunks: vec![cells.iter().map(Some).collect()] };
        learn(&raw, &patterns(&sample), &|text| rule.among_values(text))
    }

    fn pattern_of(cells: &[&str]) -> String {
        let learned = learned(cells).unwrap_or_else(|| panic!("no dates: {cells:?}"));
        let mut schema = ColumnSchema::new("x", Kind::Datetime(learned.format.clone()));
        schema.missing_token = learned.tokens.most_common();
        let printer = Printer::new(&schema, &learned.column);
        for (row, cell) in cells.iter().enumerate() {
            let mut out = Vec::new();
            printer.print(row, &mut out);
            assert_eq!(String::from_utf8_lossy(&out), *cell, "{}", learned.format.pattern);
        }
        learned.format.pattern
    }

    #[test]
    fn patterns_are_learned_and_come_back() {
        for (cells, pattern) in [
            (&["2011-01-01", "2012-12-31"][..], "%Y-%m-%d"),
            (&["2012/01/01", ""], "%Y/%m/%d"),
            (&["31.12.1999", "01.02.2000"], "%d.%m.%Y"),
            (&["12/31/1999", "01/02/2000"], "%m/%d/%Y"),
            (&["31/12/1999", "01/02/2000"], "%d/%m/%Y"),
            (&["1/2/2000", "31/12/1999"], "%-d/%-m/%Y"),
            (&["1/2/00 3:04", "12/31/99 13:04"], "%-m/%-d/%y %-H:%M"),
            (&["2015-02-04 17:51:00", "2015-02-04 17:51:59"], "%Y-%m-%d %H:%M:%S"),
            (&["1996-07-04 00:00:00.000", "1996-07-05 00:00:00.000"], "%Y-%m-%d %H:%M:%S.%3f"),
            (&["2020-01-01 00:00:00", "2020-01-01 00:00:00.5"], "%Y-%m-%d %H:%M:%S%.f"),
            (&["2020-01-01T00:00:00Z", "2020-06-01T10:20:30Z"], "%Y-%m-%dT%H:%M:%SZ"),
            (&["2020-01-01T00:00:00+02:00", "2020-06-01T10:20:30+02:00"], "%Y-%m-%dT%H:%M:%S%:z"),
            (&["2020-01-01 00:00:00+00", "2020-06-01 10:20:30+00"], "%Y-%m-%d %H:%M:%S%:::z"),
            (&["10/Oct/2000:13:55:36 -0700", "11/Oct/2000:13:55:36 -0700"], "%d/%b/%Y:%H:%M:%S %z"),
            (&["May 1, 2020", "December 12, 2020"], "%B %-d, %Y"),
            (&["01 May 2020", "12 Dec 2020"], "%d %b %Y"),
            (&["Mon, 26 Feb 2024 01:02:03 GMT"], "%a, %d %b %Y %H:%M:%S GMT"),
            (&["Thu Jan 01 12:00:00 1970"], "%a %b %d %H:%M:%S %Y"),
            (&["05-JAN-21", "15-FEB-22"], "%d-%^b-%y"),
            (&["05-JAN-21 11.59.59.123456 PM"], "%d-%^b-%y %I.%M.%S.%6f %p"),
            (&["2020-01", "2021-12"], "%Y-%m"),
            (&["01/2020", "12/2021"], "%m/%Y"),
            (&["Jan 2020", "Dec 2021"], "%b %Y"),
            (&["20200131", "19991231"], "%Y%m%d"),
            (&["20200131T235959", "19991231T000000"], "%Y%m%dT%H%M%S"),
            (&["2020-01-01 00:00:00.25", "2020-01-01 00:00:00.5"], "%Y-%m-%d %H:%M:%S%.f"),
            (&["23:59:59", "00:00:00"], "%H:%M:%S"),
            (&["1:05 PM", "11:30 AM"], "%-I:%M %p"),
            (&["0001-01-01", "9999-12-31", "1555-06-07"], "%Y-%m-%d"),
        ] {
            assert_eq!(pattern_of(cells), pattern);
        }
    }

    #[test]
    fn day_and_month_are_told_apart_by_evidence() {
        let clear = learned(&["01/02/2020", "13/02/2020"]).unwrap();
        assert!(!clear.ambiguous);
        let doubtful = learned(&["01/02/2020", "03/04/2020"]).unwrap();
        assert!(doubtful.ambiguous);
        assert_eq!(doubtful.format.pattern, "%m/%d/%Y");
        assert_eq!(doubtful.other_pattern.as_deref(), Some("%d/%m/%Y"));
        // Monthly figures in order of time: the first number is the day.
        let ordered =
            learned(&["01/02/2020", "02/02/2020", "01/03/2020", "02/03/2020", "01/04/2020", "02/04/2020"])
                .unwrap();
        assert!(ordered.ambiguous);
        assert_eq!(ordered.format.pattern, "%d/%m/%Y");
    }

    #[test]
    fn steps_and_offsets() {
        let dates = learned(&["2020-01-01 00:00:00", "2020-01-02 00:00:00"]).unwrap();
        assert_eq!(dates.format.step, DAY);
        let minutes = learned(&["2020-01-01 00:01:00", "2020-01-02 00:00:00"]).unwrap();
        assert_eq!(minutes.format.step, MINUTE);
        let mixed =
            learned(&["2020-01-01T00:00:00+02:00", "2020-06-01T00:00:00+01:00", "2020-06-01T00:00:00+01:00"])
                .unwrap();
        assert_eq!((mixed.offsets, mixed.format.offset), (2, Offset::Fixed(60)));
        let utc = learned(&["2020-01-01T00:00:00Z"]).unwrap();
        assert_eq!(utc.format.offset, Offset::Fixed(0));
    }

    #[test]
    fn what_is_no_date() {
        for cells in [
            ["12.5", "13.5"],
            ["192.168.1.1", "10.0.0.1"],
            ["12-3456", "13-4567"],
            ["a-1", "b-2"],
            ["2020-02-30", "2020-01-01"],
            ["1-2", "3-4"],
            ["May", "June"],
            ["(206) 555-1189", "(206) 555-1190"],
        ] {
            assert!(learned(&cells).is_none(), "{cells:?}");
        }
    }
}
