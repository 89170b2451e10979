//! Reading and printing dates and times by a `strftime` pattern.

use super::civil::{
    DAY, HOUR, MINUTE, SECOND, civil_from_days, days_from_civil, days_in_month, is_leap, weekday,
};
use crate::schema::{DatetimeFormat, Offset};

const MONTHS: [&[u8]; 12] = [
    b"January",
    b"February",
    b"March",
    b"April",
    b"May",
    b"June",
    b"July",
    b"August",
    b"September",
    b"October",
    b"November",
    b"December",
];
const WEEKDAYS: [&[u8]; 7] =
    [b"Monday", b"Tuesday", b"Wednesday", b"Thursday", b"Friday", b"Saturday", b"Sunday"];

/// A field that is spelled in digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Year,
    ShortYear,
    Month,
    Day,
    Hour,
    Hour12,
    Minute,
    Second,
    DayOfYear,
}

/// Capitals of month names, weekdays and halves of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Letters {
    Capitalized,
    Upper,
    Lower,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Item {
    Literal(Vec<u8>),
    /// `exact`: digits follow, so that the field must have all of its own.
    Number {
        field: Field,
        padded: bool,
        exact: bool,
    },
    MonthName {
        full: bool,
        letters: Letters,
    },
    WeekdayName {
        full: bool,
        letters: Letters,
    },
    HalfDay {
        letters: Letters,
    },
    /// This many digits of the fraction of a second, without the point.
    Fraction {
        digits: u8,
    },
    /// Nothing, or a point and the fraction without trailing zeros.
    OptionalFraction,
    /// `+0200`, `+02:00`, or `+02`.
    Offset(OffsetStyle),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OffsetStyle {
    Plain,
    Colon,
    Hours,
}

/// A compiled `strftime` pattern.
///
/// Understood are `%Y %y %m %d %H %I %M %S %f %p %b %B %a %A %j %z %% %F %T %D %R`; `%-d` and the like without
/// padding; `%3f` with that many digits (`%f` has six); `%.f` for a fraction that may be absent; `%:z` for
/// `+02:00`, `%:::z` for `+02`; `%^b` in capitals, `%~b` in small letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DatetimePattern {
    items: Vec<Item>,
}

/// What a text said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Microseconds since 1970-01-01T00:00:00 on the wall clock.
    pub(crate) wall: i64,
    /// The offset from UTC in minutes, where it was spelled.
    pub(crate) offset: Option<i16>,
    /// The day of the month.
    pub(crate) day: u8,
    /// A bit (1 << field) for each field that was below ten and spelled with one digit.
    pub(crate) bare: u16,
    /// A bit (1 << field) for each field that was below ten and spelled with a leading zero.
    pub(crate) padded: u16,
    /// How many digits the fraction had.
    pub(crate) fraction_digits: u8,
    /// True when a fraction had digits beyond microseconds that were not zero.
    pub(crate) finer: bool,
}

impl DatetimePattern {
    /// Compiles a pattern. `None` when it holds an unknown directive.
    pub(crate) fn compile(pattern: &str) -> Option<Self> {
        let mut items: Vec<Item> = Vec::new();
        Self::compile_into(pattern.as_bytes(), &mut items)?;
        let starts_with_digit: Vec<bool> = items
            .iter()
            .map(|item| match item {
                Item::Number { .. } | Item::Fraction { .. } => true,
                Item::Literal(bytes) => bytes[0].is_ascii_digit(),
                _ => false,
            })
            .collect();
        for index in 0..items.len() {
            if let Item::Number { exact, .. } = &mut items[index] {
                *exact = starts_with_digit.get(index + 1).copied().unwrap_or(false);
            }
        }
        Some(DatetimePattern { items })
    }

    fn compile_into(pattern: &[u8], items: &mut Vec<Item>) -> Option<()> {
        let mut bytes = pattern.iter().copied().peekable();
        while let Some(byte) = bytes.next() {
            if byte != b'%' {
                push_literal(items, byte);
                continue;
            }
            let mut padded = true;
            let mut letters = Letters::Capitalized;
            let mut colons = 0;
            let mut digits = None;
            let mut optional = false;
            let directive = loop {
                match bytes.next()? {
                    b'-' | b'#' => padded = false,
                    b'^' => letters = Letters::Upper,
                    b'~' => letters = Letters::Lower,
                    b':' => colons += 1,
                    b'.' => optional = true,
                    digit @ b'1'..=b'9' => digits = Some(digit - b'0'),
                    other => break other,
                }
            };
            let number = |field| Item::Number { field, padded, exact: false };
            let item = match directive {
                b'%' => {
                    push_literal(items, b'%');
                    continue;
                }
                b'F' => {
                    Self::compile_into(b"%Y-%m-%d", items)?;
                    continue;
                }
                b'T' => {
                    Self::compile_into(b"%H:%M:%S", items)?;
                    continue;
                }
                b'D' => {
                    Self::compile_into(b"%m/%d/%y", items)?;
                    continue;
                }
                b'R' => {
                    Self::compile_into(b"%H:%M", items)?;
                    continue;
                }
                b'Y' => number(Field::Year),
                b'y' => number(Field::ShortYear),
                b'm' => number(Field::Month),
                b'd' => number(Field::Day),
                b'H' => number(Field::Hour),
                b'I' => number(Field::Hour12),
                b'M' => number(Field::Minute),
                b'S' => number(Field::Second),
                b'j' => number(Field::DayOfYear),
                b'b' | b'h' => Item::MonthName { full: false, letters },
                b'B' => Item::MonthName { full: true, letters },
                b'a' => Item::WeekdayName { full: false, letters },
                b'A' => Item::WeekdayName { full: true, letters },
                b'p' => Item::HalfDay {
                    letters: if letters == Letters::Capitalized { Letters::Upper } else { letters },
                },
                b'P' => Item::HalfDay { letters: Letters::Lower },
                b'f' if optional => Item::OptionalFraction,
                b'f' => Item::Fraction { digits: digits.unwrap_or(6) },
                b'z' => Item::Offset(match colons {
                    0 => OffsetStyle::Plain,
                    1 => OffsetStyle::Colon,
                    _ => OffsetStyle::Hours,
                }),
                _ => return None,
            };
            items.push(item);
        }
        Some(())
    }

    /// True when the pattern says enough to place a value on the calendar or the clock.
    pub(crate) fn is_complete(&self) -> bool {
        let has = |wanted: Field| {
            self.items.iter().any(|item| matches!(item, Item::Number { field, .. } if *field == wanted))
        };
        let date = has(Field::Year) || has(Field::ShortYear);
        let time = has(Field::Hour)
            || (has(Field::Hour12) && self.items.iter().any(|item| matches!(item, Item::HalfDay { .. })));
        date || time
    }

    /// Reads a text, all of it.
    pub(crate) fn parse(&self, text: &[u8]) -> Option<Moment> {
        let mut rest = text;
        let (mut year, mut month, mut day) = (1970_i32, 1_u8, 1_u8);
        let (mut hour, mut minute, mut second, mut micros) = (0_i64, 0_i64, 0_i64, 0_i64);
        let mut half: Option<bool> = None;
        let mut day_of_year = None;
        let mut named_day = None;
        let mut moment =
            Moment { wall: 0, offset: None, day: 1, bare: 0, padded: 0, fraction_digits: 0, finer: false };
        for item in &self.items {
            match item {
                Item::Literal(bytes) => rest = rest.strip_prefix(bytes.as_slice())?,
                Item::Number { field: Field::Year, .. } => {
                    let (value, digits, after) = digits_of(rest, 4)?;
                    if digits != 4 || value == 0 {
                        return None;
                    }
                    year = value as i32;
                    rest = after;
                }
                Item::Number { field: Field::DayOfYear, .. } => {
                    let (value, _, after) = digits_of(rest, 3)?;
                    day_of_year = Some(value);
                    rest = after;
                }
                Item::Number { field, exact, .. } => {
                    let (value, digits, after) = digits_of(rest, 2)?;
                    if *exact && digits != 2 {
                        return None;
                    }
                    if digits == 1 {
                        moment.bare |= 1 << *field as u16;
                    } else if value < 10 {
                        moment.padded |= 1 << *field as u16;
                    }
                    rest = after;
                    match field {
                        Field::ShortYear => {
                            if digits != 2 {
                                return None;
                            }
                            year = if value < 69 { 2000 } else { 1900 } + value as i32;
                        }
                        Field::Month => month = value as u8,
                        Field::Day => day = value as u8,
                        Field::Hour | Field::Hour12 => hour = i64::from(value),
                        Field::Minute => minute = i64::from(value),
                        _ => second = i64::from(value),
                    }
                    if *field == Field::Hour12 && !(1..=12).contains(&value) {
                        return None;
                    }
                }
                Item::MonthName { full, .. } => {
                    let (number, after) = name_of(rest, &MONTHS, *full)?;
                    month = number as u8 + 1;
                    rest = after;
                }
                Item::WeekdayName { full, .. } => {
                    let (number, after) = name_of(rest, &WEEKDAYS, *full)?;
                    named_day = Some(number);
                    rest = after;
                }
                Item::HalfDay { .. } => {
                    let [first, second, after @ ..] = rest else { return None };
                    half = match (first.to_ascii_lowercase(), second.to_ascii_lowercase()) {
                        (b'a', b'm') => Some(false),
                        (b'p', b'm') => Some(true),
                        _ => return None,
                    };
                    rest = after;
                }
                Item::Fraction { .. } => {
                    rest = parse_fraction(rest, &mut micros, &mut moment)?;
                }
                Item::OptionalFraction => {
                    if let [b'.', after @ ..] = rest {
                        rest = parse_fraction(after, &mut micros, &mut moment)?;
                    }
                }
                Item::Offset(_) => {
                    let (offset, after) = parse_offset(rest)?;
                    moment.offset = Some(offset);
                    rest = after;
                }
            }
        }
        if let Some(half) = half {
            if hour == 0 || hour > 12 {
                return None;
            }
            hour = hour % 12 + if half { 12 } else { 0 };
        }
        if !rest.is_empty() || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let days = if let Some(number) = day_of_year {
            if number == 0 || number > 365 + u32::from(is_leap(year)) {
                return None;
            }
            days_from_civil(year, 1, 1) + i64::from(number) - 1
        } else {
            if !(1..=12).contains(&month) || day == 0 || day > days_in_month(year, month) {
                return None;
            }
            days_from_civil(year, month, day)
        };
        if named_day.is_some_and(|named| named != weekday(days)) {
            return None;
        }
        moment.day = day;
        moment.wall = days * DAY + hour * HOUR + minute * MINUTE + second * SECOND + micros;
        Some(moment)
    }

    /// Prints the wall-clock time `wall` with this offset from UTC.
    pub(crate) fn print(&self, wall: i64, offset_minutes: i16, out: &mut Vec<u8>) {
        let days = wall.div_euclid(DAY);
        let in_day = wall.rem_euclid(DAY);
        let (year, month, day) = civil_from_days(days);
        let (hour, minute, second) = (in_day / HOUR, in_day % HOUR / MINUTE, in_day % MINUTE / SECOND);
        for item in &self.items {
            match item {
                Item::Literal(bytes) => out.extend_from_slice(bytes),
                Item::Number { field, padded, .. } => {
                    let (value, width) = match field {
                        Field::Year => (i64::from(year), 4),
                        Field::ShortYear => (i64::from(year.rem_euclid(100)), 2),
                        Field::Month => (i64::from(month), 2),
                        Field::Day => (i64::from(day), 2),
                        Field::Hour => (hour, 2),
                        Field::Hour12 => ((hour + 11) % 12 + 1, 2),
                        Field::Minute => (minute, 2),
                        Field::Second => (second, 2),
                        Field::DayOfYear => (days - days_from_civil(year, 1, 1) + 1, 3),
                    };
                    let always = matches!(field, Field::Year | Field::ShortYear);
                    print_padded(value.unsigned_abs(), if *padded || always { width } else { 1 }, out);
                }
                Item::MonthName { full, letters } => {
                    print_name(MONTHS[usize::from(month) - 1], *full, *letters, out);
                }
                Item::WeekdayName { full, letters } => {
                    print_name(WEEKDAYS[weekday(days)], *full, *letters, out);
                }
                Item::HalfDay { letters } => {
                    print_name(if hour < 12 { b"AM" } else { b"PM" }, true, *letters, out);
                }
                Item::Fraction { digits } => {
                    print_fraction(in_day % SECOND, usize::from(*digits), out);
                }
                Item::OptionalFraction => {
                    let micros = in_day % SECOND;
                    if micros != 0 {
                        out.push(b'.');
                        print_fraction(micros, 6, out);
                        while out.last() == Some(&b'0') {
                            out.pop();
                        }
                    }
                }
                Item::Offset(style) => {
                    out.push(if offset_minutes < 0 { b'-' } else { b'+' });
                    let minutes = u64::from(offset_minutes.unsigned_abs());
                    print_padded(minutes / 60, 2, out);
                    if *style != OffsetStyle::Hours || minutes % 60 != 0 {
                        if *style != OffsetStyle::Plain {
                            out.push(b':');
                        }
                        print_padded(minutes % 60, 2, out);
                    }
                }
            }
        }
    }
}

fn push_literal(items: &mut Vec<Item>, byte: u8) {
    if let Some(Item::Literal(bytes)) = items.last_mut() {
        bytes.push(byte);
    } else {
        items.push(Item::Literal(vec![byte]));
    }
}

/// The number at the beginning of `text`, of at most `most` digits: its value, its digits, and what follows.
fn digits_of(text: &[u8], most: usize) -> Option<(u32, usize, &[u8])> {
    let mut value = 0;
    let mut count = 0;
    while count < most && count < text.len() && text[count].is_ascii_digit() {
        value = value * 10 + u32::from(text[count] - b'0');
        count += 1;
    }
    (count > 0).then(|| (value, count, &text[count..]))
}

/// The number of the name at the beginning of `text`, and what follows.
fn name_of<'a>(text: &'a [u8], names: &[&[u8]], full: bool) -> Option<(usize, &'a [u8])> {
    names.iter().enumerate().find_map(|(number, name)| {
        let name = if full { name } else { &name[..3] };
        let head = text.get(..name.len())?;
        head.eq_ignore_ascii_case(name).then(|| (number, &text[name.len()..]))
    })
}

fn parse_fraction<'a>(text: &'a [u8], micros: &mut i64, moment: &mut Moment) -> Option<&'a [u8]> {
    let (value, digits, mut after) = digits_of(text, 6)?;
    *micros = i64::from(value) * 10_i64.pow(6 - digits as u32);
    let mut total = digits;
    while let [digit @ b'0'..=b'9', rest @ ..] = after {
        moment.finer |= *digit != b'0';
        total += 1;
        after = rest;
    }
    moment.fraction_digits = total.min(255) as u8;
    (total <= 9).then_some(after)
}

fn parse_offset(text: &[u8]) -> Option<(i16, &[u8])> {
    let (negative, rest) = match text {
        [b'Z' | b'z', rest @ ..] => return Some((0, rest)),
        [b'+', rest @ ..] => (false, rest),
        [b'-', rest @ ..] => (true, rest),
        _ => return None,
    };
    let (hours, digits, rest) = digits_of(rest, 2)?;
    if digits != 2 || hours > 23 {
        return None;
    }
    let after_colon = rest.strip_prefix(b":").unwrap_or(rest);
    let (minutes, rest) = match digits_of(after_colon, 2) {
        Some((minutes, 2, rest)) if minutes < 60 => (minutes, rest),
        None if after_colon.len() == rest.len() => (0, rest),
        _ => return None,
    };
    let total = (hours * 60 + minutes) as i16;
    Some((if negative { -total } else { total }, rest))
}

/// Prints a number with leading zeros up to `width` digits.
pub(crate) fn print_padded(value: u64, width: usize, out: &mut Vec<u8>) {
    if width == 2 && value < 100 {
        out.push(b'0' + (value / 10) as u8);
        out.push(b'0' + (value % 10) as u8);
        return;
    }
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(value).as_bytes();
    out.extend(std::iter::repeat_n(b'0', width.saturating_sub(digits.len())));
    out.extend_from_slice(digits);
}

fn print_fraction(micros: i64, digits: usize, out: &mut Vec<u8>) {
    let start = out.len();
    print_padded(micros as u64, 6, out);
    out.resize(start + digits, b'0');
}

fn print_name(name: &[u8], full: bool, letters: Letters, out: &mut Vec<u8>) {
    let name = if full { name } else { &name[..3] };
    match letters {
        Letters::Capitalized => out.extend_from_slice(name),
        Letters::Upper => out.extend(name.iter().map(u8::to_ascii_uppercase)),
        Letters::Lower => out.extend(name.iter().map(u8::to_ascii_lowercase)),
    }
}

/// A pattern and where its wall clock stands: reads and prints instants.
#[derive(Debug, Clone)]
pub(crate) struct DatetimeSpelling {
    pattern: DatetimePattern,
    offset_minutes: i16,
}

impl DatetimeSpelling {
    /// The spelling that a schema describes. `None` when its pattern holds an unknown directive.
    pub(crate) fn new(format: &DatetimeFormat) -> Option<Self> {
        let offset_minutes = match format.offset {
            Offset::Unknown => 0,
            Offset::Fixed(minutes) => minutes,
        };
        Some(DatetimeSpelling { pattern: DatetimePattern::compile(&format.pattern)?, offset_minutes })
    }

    /// The instant that a text names.
    pub(crate) fn parse(&self, text: &[u8]) -> Option<i64> {
        let moment = self.pattern.parse(text)?;
        Some(moment.wall - i64::from(moment.offset.unwrap_or(self.offset_minutes)) * MINUTE)
    }

    /// Prints an instant.
    pub(crate) fn print(&self, instant: i64, out: &mut Vec<u8>) {
        // An instant at the very end of i64 is far outside of the calendar; saturating keeps it from wrapping.
        let wall = instant.saturating_add(i64::from(self.offset_minutes) * MINUTE);
        self.pattern.print(wall, self.offset_minutes, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(pattern: &str, text: &str) -> i64 {
        let compiled = DatetimePattern::compile(pattern).unwrap();
        let moment = compiled.parse(text.as_bytes()).unwrap_or_else(|| panic!("{pattern} rejects {text}"));
        let mut out = Vec::new();
        compiled.print(moment.wall, moment.offset.unwrap_or(0), &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), text);
        moment.wall
    }

    #[test]
    fn patterns_round_trip() {
        assert_eq!(round_trip("%Y-%m-%d", "1970-01-02"), DAY);
        assert_eq!(round_trip("%Y-%m-%dT%H:%M:%SZ", "1970-01-01T00:00:01Z"), SECOND);
        round_trip("%d.%m.%Y", "31.12.9999");
        round_trip("%d.%m.%Y", "01.01.0001");
        round_trip("%-m/%-d/%y", "2/29/68");
        round_trip("%-m/%-d/%y %-I:%M %p", "12/31/69 12:05 AM");
        round_trip("%b %d, %Y", "Feb 29, 2000");
        round_trip("%A, %d %B %Y", "Monday, 26 February 2024");
        round_trip("%a %~b %d %H:%M:%S %Y", "Mon feb 26 01:02:03 2024");
        round_trip("%d-%^b-%y %I.%M.%S.%9f %p", "05-JAN-21 11.59.59.123456000 PM");
        round_trip("%Y%m%d%H%M%S", "20200131235959");
        round_trip("%Y-%m-%d %H:%M:%S%.f", "2020-01-31 00:00:00.25");
        round_trip("%Y-%m-%d %H:%M:%S%.f", "2020-01-31 00:00:00");
        round_trip("%Y-%m-%dT%H:%M:%S.%3f%:z", "1583-10-15T00:00:00.007-05:30");
        round_trip("%Y-%m-%d %H:%M:%S%z", "2020-01-31 00:00:00+0200");
        round_trip("%Y-%m-%d %H:%M:%S%:::z", "2020-01-31 00:00:00+02");
        round_trip("%Y-%j", "2024-366");
        round_trip("%H:%M", "23:59");
        round_trip("100%% %F %R", "100% 2020-02-29 10:11");
    }

    #[test]
    fn impossible_dates_are_refused() {
        let pattern = DatetimePattern::compile("%Y-%m-%d").unwrap();
        for text in [
            "2021-02-29",
            "2020-13-01",
            "2020-00-01",
            "2020-01-00",
            "0000-01-01",
            "2020-1-",
            "20-01-01",
            "2020-01-01 ",
            "",
        ] {
            assert!(pattern.parse(text.as_bytes()).is_none(), "{text}");
        }
        let weekday = DatetimePattern::compile("%a %Y-%m-%d").unwrap();
        assert!(weekday.parse(b"Tue 2024-02-26").is_none());
        let clock = DatetimePattern::compile("%I:%M %p").unwrap();
        assert!(clock.parse(b"13:00 PM").is_none());
        assert!(clock.parse(b"00:00 AM").is_none());
        assert!(DatetimePattern::compile("%Q").is_none());
        assert!(DatetimePattern::compile("%").is_none());
    }

    #[test]
    fn offsets_lead_to_instants() {
        let format =
            DatetimeFormat { pattern: "%Y-%m-%d %H:%M%:z".into(), step: MINUTE, offset: Offset::Fixed(120) };
        let spelling = DatetimeSpelling::new(&format).unwrap();
        let instant = spelling.parse(b"2020-01-01 01:30+02:00").unwrap();
        assert_eq!(spelling.parse(b"2019-12-31 23:30Z"), Some(instant));
        let mut out = Vec::new();
        spelling.print(instant, &mut out);
        assert_eq!(out, b"2020-01-01 01:30+02:00");
    }

    #[test]
    fn padding_is_noted() {
        let pattern = DatetimePattern::compile("%-d/%-m/%Y").unwrap();
        let moment = pattern.parse(b"1/02/2020").unwrap();
        assert_eq!(moment.bare, 1 << Field::Day as u16);
        assert_eq!(moment.padded, 1 << Field::Month as u16);
    }
}
