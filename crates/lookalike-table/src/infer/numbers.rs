//! Columns of numbers: how they are spelled, and their conversion.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Decimal128Array, Float64Array, Int64Array, StringArray, UInt64Array};
use arrow_buffer::NullBuffer;
use rayon::prelude::*;

use super::dictionary::column_of;
use super::missing::Tokens;
use crate::column::Column;
use crate::raw::RawColumn;
use crate::schema::{Decimals, NumberFormat};
use crate::spelling::{MOST_DIGITS, Number, NumberParser, plain, shortest, trim};

/// What is known of the spelling of a column's numbers after seeing them all.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is something seen or not")]
pub(crate) struct Census {
    /// How many numbers there are.
    pub(crate) present: u64,
    /// Numbers that are not whole, or have an exponent.
    fractional: bool,
    min_places: u16,
    max_places: u16,
    min_whole_digits: u16,
    max_whole_digits: u16,
    max_significant: u16,
    /// Whole values without a point, and the fewest and most zeros after those with one.
    whole_without_point: u64,
    whole_with_point: u64,
    most_whole_zeros: u16,
    trailing_zero: bool,
    /// Numbers with zeros before their other digits.
    pub(crate) leading_zeros: u64,
    plus_signs: u64,
    /// Zeros with a minus sign, which are read as zeros.
    negative_zeros: u64,
    exponent: bool,
    padded_exponent: bool,
    infinite: bool,
    negative: bool,
    /// Whole numbers that no `i64` holds, and those that no `u64` holds either.
    beyond_i64: u64,
    beyond_u64: u64,
    /// Numbers of more digits than a double keeps.
    too_precise: u64,
}

impl Default for Census {
    fn default() -> Self {
        Census {
            present: 0,
            fractional: false,
            min_places: u16::MAX,
            max_places: 0,
            min_whole_digits: u16::MAX,
            max_whole_digits: 0,
            max_significant: 0,
            whole_without_point: 0,
            whole_with_point: 0,
            most_whole_zeros: 0,
            trailing_zero: false,
            leading_zeros: 0,
            plus_signs: 0,
            negative_zeros: 0,
            exponent: false,
            padded_exponent: false,
            infinite: false,
            negative: false,
            beyond_i64: 0,
            beyond_u64: 0,
            too_precise: 0,
        }
    }
}

impl Census {
    #[inline]
    fn note(&mut self, number: &Number, as_i64: Option<i64>) {
        self.present += 1;
        self.negative |= number.negative;
        self.plus_signs += u64::from(number.plus);
        self.negative_zeros += u64::from(number.negative && number.value == 0.0);
        self.leading_zeros += u64::from(number.leading_zero);
        self.min_whole_digits = self.min_whole_digits.min(number.whole_digits);
        self.max_whole_digits = self.max_whole_digits.max(number.whole_digits);
        if number.infinite {
            self.infinite = true;
            self.fractional = true;
            return;
        }
        self.min_places = self.min_places.min(number.places);
        self.max_places = self.max_places.max(number.places);
        self.max_significant = self.max_significant.max(number.significant);
        if number.exponent {
            self.exponent = true;
            self.padded_exponent |= number.padded_exponent;
            self.fractional = true;
        } else if number.whole {
            if number.places > 0 {
                self.whole_with_point += 1;
                self.most_whole_zeros = self.most_whole_zeros.max(number.places);
                self.trailing_zero |= number.places > 1;
            } else {
                self.whole_without_point += 1;
            }
            if as_i64.is_none() {
                self.beyond_i64 += 1;
                self.beyond_u64 += u64::from(number.as_u64().is_none());
            }
        } else {
            self.fractional = true;
            self.trailing_zero |= number.trailing_zero;
        }
    }

    fn merge(&mut self, other: &Census) {
        self.present += other.present;
        self.fractional |= other.fractional;
        self.min_places = self.min_places.min(other.min_places);
        self.max_places = self.max_places.max(other.max_places);
        self.min_whole_digits = self.min_whole_digits.min(other.min_whole_digits);
        self.max_whole_digits = self.max_whole_digits.max(other.max_whole_digits);
        self.max_significant = self.max_significant.max(other.max_significant);
        self.whole_without_point += other.whole_without_point;
        self.whole_with_point += other.whole_with_point;
        self.most_whole_zeros = self.most_whole_zeros.max(other.most_whole_zeros);
        self.trailing_zero |= other.trailing_zero;
        self.leading_zeros += other.leading_zeros;
        self.plus_signs += other.plus_signs;
        self.negative_zeros += other.negative_zeros;
        self.exponent |= other.exponent;
        self.padded_exponent |= other.padded_exponent;
        self.infinite |= other.infinite;
        self.negative |= other.negative;
        self.beyond_i64 += other.beyond_i64;
        self.beyond_u64 += other.beyond_u64;
        self.too_precise += other.too_precise;
    }

    /// True when every number is whole and none has an exponent.
    pub(crate) fn all_whole(&self) -> bool {
        !self.fractional
    }

    /// True when every number is spelled as a plain whole number, without needless signs, leading zeros or a point.
    pub(crate) fn is_plain_whole(&self) -> bool {
        self.all_whole()
            && self.plus_signs == 0
            && self.negative_zeros == 0
            && self.leading_zeros == 0
            && self.whole_with_point == 0
    }

    /// The most digits before the point.
    pub(crate) fn max_whole_digits(&self) -> u16 {
        self.max_whole_digits
    }

    /// True when all numbers have the same count of digits before the point.
    pub(crate) fn same_width(&self) -> bool {
        self.min_whole_digits == self.max_whole_digits
    }

    /// The format that prints these numbers as they were, with the signs and affixes of `skeleton`.
    pub(crate) fn format(&self, skeleton: &NumberFormat) -> NumberFormat {
        let mut format = skeleton.clone();
        format.integer = self.all_whole();
        if self.leading_zeros > 0 && self.min_whole_digits >= 2 {
            format.min_digits = self.min_whole_digits.min(40) as u8;
        }
        if self.whole_with_point > self.whole_without_point {
            format.whole_zeros = if self.all_whole() {
                // Only where every value has them all: mixed widths have one zero, the usual spelling.
                if self.min_places == self.max_places { self.most_whole_zeros.min(38) as u8 } else { 1 }
            } else {
                1
            };
        }
        format.padded_exponent = self.padded_exponent;
        format.decimals = if self.all_whole() {
            Decimals::Fixed(0)
        } else if self.exponent || self.infinite && self.max_places == 0 {
            Decimals::Shortest
        } else if self.min_places == self.max_places && self.max_places <= 38 {
            format.whole_zeros = 0;
            Decimals::Fixed(self.max_places as u8)
        } else if (self.max_significant >= 15 || self.max_places > 15) && !self.trailing_zero {
            Decimals::Shortest
        } else {
            Decimals::UpTo(self.max_places.min(38) as u8)
        };
        format
    }

    fn storage(&self) -> Storage {
        let digits = usize::from(self.max_whole_digits) + usize::from(self.max_places);
        if self.all_whole() {
            if self.beyond_i64 == 0 {
                return Storage::Integers;
            }
            if self.beyond_u64 == 0 && !self.negative {
                return Storage::Unsigned;
            }
            if digits <= MOST_DIGITS {
                return Storage::Decimals(0);
            }
        } else if self.too_precise > 0 && !self.exponent && !self.infinite && digits <= MOST_DIGITS {
            return Storage::Decimals(self.max_places as u8);
        }
        Storage::Floats
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Storage {
    Integers,
    Unsigned,
    Floats,
    Decimals(u8),
}

/// A column of numbers.
#[derive(Debug)]
pub(crate) struct Converted {
    pub(crate) column: Column,
    pub(crate) census: Census,
    pub(crate) tokens: Tokens,
    /// Cells that are neither numbers nor missing and became missing.
    pub(crate) invalid: u64,
    /// Numbers that lost digits because no type of ours holds them.
    pub(crate) rounded: u64,
}

/// What to do with a cell that is neither a number nor missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// The column is not one of numbers.
    Strict,
    /// The cell becomes missing and is counted.
    Lenient,
}

enum Values {
    Integers(Vec<i64>),
    Floats(Vec<f64>),
}

struct Part {
    values: Values,
    valid: Option<Vec<bool>>,
    census: Census,
    tokens: Tokens,
    invalid: u64,
}

/// Converts a column. `None` when it holds something that is neither a number nor missing, and that is not allowed.
pub(crate) fn convert(
    raw: &RawColumn,
    parser: &NumberParser,
    is_missing: &(impl Fn(&[u8]) -> bool + Sync),
    strictness: Strictness,
) -> Option<Converted> {
    let parts: Vec<Part> = raw
        .chunks
        .par_iter()
        .map(|chunk| convert_chunk(chunk, parser, is_missing, strictness))
        .collect::<Option<_>>()?;
    let mut census = Census::default();
    let mut tokens = Tokens::default();
    let mut invalid = 0;
    for part in &parts {
        census.merge(&part.census);
        invalid += part.invalid;
    }
    let storage = census.storage();
    let exact_pass = match storage {
        Storage::Integers | Storage::Floats => false,
        Storage::Unsigned | Storage::Decimals(_) => true,
    };
    let rounded = if storage == Storage::Floats { census.too_precise } else { 0 };
    let mut chunks = Vec::with_capacity(parts.len());
    if exact_pass {
        let arrays: Vec<ArrayRef> = raw
            .chunks
            .par_iter()
            .zip(&parts)
            .map(|(chunk, part)| exact_chunk(chunk, part.valid.as_deref(), parser, storage))
            .collect();
        chunks.extend(arrays);
        for part in parts {
            tokens.merge(part.tokens);
        }
    } else {
        for part in parts {
            tokens.merge(part.tokens);
            let nulls = part.valid.map(NullBuffer::from);
            chunks.push(match (part.values, storage) {
                (Values::Integers(values), Storage::Integers) => {
                    Arc::new(Int64Array::new(values.into(), nulls)) as ArrayRef
                }
                (Values::Integers(values), _) => {
                    let values: Vec<f64> = values.into_iter().map(|value| value as f64).collect();
                    Arc::new(Float64Array::new(values.into(), nulls))
                }
                (Values::Floats(values), _) => Arc::new(Float64Array::new(values.into(), nulls)),
            });
        }
    }
    let column = column_of(chunks, || Arc::new(Int64Array::from(Vec::<i64>::new())));
    Some(Converted { column, census, tokens, invalid, rounded })
}

fn convert_chunk(
    chunk: &StringArray,
    parser: &NumberParser,
    is_missing: &(impl Fn(&[u8]) -> bool + Sync),
    strictness: Strictness,
) -> Option<Part> {
    let n = chunk.len();
    let mut values = Values::Integers(Vec::with_capacity(n));
    let mut valid: Option<Vec<bool>> = None;
    let mut census = Census::default();
    let mut tokens = Tokens::default();
    let mut invalid = 0;
    let plain_cells = parser.is_plain();
    let offsets = chunk.value_offsets();
    let bytes = chunk.value_data();
    for row in 0..n {
        let text = &bytes[offsets[row] as usize..offsets[row + 1] as usize];
        let null = chunk.is_null(row);
        let parsed = if null {
            None
        } else if plain_cells {
            plain(text).or_else(|| parser.parse(text))
        } else {
            parser.parse(text)
        };
        // A number that the user's list names as missing is missing, so the list is asked first where it exists.
        let number = parsed.filter(|_| !is_missing(text));
        let Some(number) = number else {
            if null {
                tokens.nulls += 1;
            } else if is_missing(text) {
                tokens.note(text);
            } else if strictness == Strictness::Strict {
                return None;
            } else {
                invalid += 1;
            }
            valid.get_or_insert_with(|| vec![true; row]).push(false);
            match &mut values {
                Values::Integers(values) => values.push(0),
                Values::Floats(values) => values.push(0.0),
            }
            continue;
        };
        if let Some(valid) = &mut valid {
            valid.push(true);
        }
        let as_i64 = number.as_i64();
        census.note(&number, as_i64);
        match (&mut values, as_i64) {
            (Values::Integers(values), Some(value)) => values.push(value),
            (Values::Integers(integers), None) => {
                census.too_precise +=
                    integers.iter().filter(|value| value.unsigned_abs() > 1 << 53).count() as u64;
                let mut floats: Vec<f64> = Vec::with_capacity(n);
                floats.extend(integers.iter().map(|&value| value as f64));
                // Adding zero makes a plain zero of a negative one, as it is among whole numbers.
                floats.push(number.value + 0.0);
                census.too_precise += u64::from(is_too_precise(&number, text));
                values = Values::Floats(floats);
            }
            (Values::Floats(values), _) => {
                values.push(number.value + 0.0);
                census.too_precise += u64::from(is_too_precise(&number, text));
            }
        }
    }
    Some(Part { values, valid, census, tokens, invalid })
}

/// True when a double does not keep all digits of this number.
fn is_too_precise(number: &Number, text: &[u8]) -> bool {
    if number.significant <= 15 || number.infinite {
        return false;
    }
    let (kept, _) = shortest(number.value.abs());
    let mut digits = text
        .iter()
        .copied()
        .take_while(|byte| !matches!(byte, b'e' | b'E'))
        .filter(u8::is_ascii_digit)
        .skip_while(|&digit| digit == b'0');
    let same = kept.iter().all(|&digit| digits.next() == Some(digit));
    !(same && digits.all(|digit| digit == b'0'))
}

fn exact_chunk(
    chunk: &StringArray,
    valid: Option<&[bool]>,
    parser: &NumberParser,
    storage: Storage,
) -> ArrayRef {
    let nulls = valid.map(NullBuffer::from);
    let is_valid = |row: usize| valid.is_none_or(|flags| flags[row]);
    match storage {
        Storage::Unsigned => {
            let values: Vec<u64> = (0..chunk.len())
                .map(|row| {
                    if !is_valid(row) {
                        return 0;
                    }
                    let number = parser.parse(chunk.value(row).as_bytes());
                    number.and_then(|number| number.as_u64()).expect("the census says that it fits")
                })
                .collect();
            Arc::new(UInt64Array::new(values.into(), nulls))
        }
        Storage::Decimals(scale) => {
            let values: Vec<i128> = (0..chunk.len())
                .map(|row| {
                    if !is_valid(row) {
                        return 0;
                    }
                    parser
                        .parse_decimal(chunk.value(row).as_bytes(), scale)
                        .expect("the census says that it fits")
                })
                .collect();
            let array = Decimal128Array::new(values.into(), nulls)
                .with_precision_and_scale(38, scale as i8)
                .expect("a scale of at most 38 is in range");
            Arc::new(array)
        }
        Storage::Integers | Storage::Floats => unreachable!("these need no second pass"),
    }
}

/// A way in which a column's numbers may be spelled.
#[derive(Debug, Clone)]
pub(crate) struct Spelling {
    /// Signs and affixes.
    pub(crate) skeleton: NumberFormat,
    /// True when another reading of the sign between digits fits as well.
    pub(crate) ambiguous: bool,
}

const CURRENCIES: [&str; 46] = [
    "$", "\u{20ac}", "\u{a3}", "\u{a5}", "\u{20b9}", "\u{20bd}", "\u{20a9}", "\u{20ba}", "\u{20aa}",
    "\u{20ab}", "\u{20b1}", "\u{20a6}", "\u{20bf}", "\u{a2}", "\u{e3f}", "US$", "A$", "C$", "CA$", "AU$",
    "NZ$", "HK$", "S$", "R$", "USD", "EUR", "GBP", "CHF", "JPY", "CNY", "INR", "AUD", "CAD", "SEK", "NOK",
    "DKK", "PLN", "BRL", "MXN", "ZAR", "RUB", "Rs", "Rs.", "kr", "z\u{142}", "Fr.",
];

const UNITS: [&str; 46] = [
    "%", "\u{2030}", "\u{b0}", "\u{b0}C", "\u{b0}F", "kg", "g", "mg", "lb", "lbs", "oz", "t", "km", "m",
    "cm", "mm", "mi", "ft", "in", "l", "L", "ml", "mL", "h", "hrs", "hours", "min", "mins", "minutes", "s",
    "sec", "ms", "days", "months", "years", "yrs", "kWh", "kW", "W", "V", "GB", "MB", "KB", "km/h", "mph",
    "mpg",
];

/// Decimal signs with the signs between groups that go with them, the most usual first.
const SIGNS: [(char, Option<char>); 16] = [
    ('.', None),
    ('.', Some(',')),
    (',', None),
    (',', Some('.')),
    ('.', Some(' ')),
    (',', Some(' ')),
    (',', Some('\u{a0}')),
    (',', Some('\u{202f}')),
    ('.', Some('\u{a0}')),
    ('.', Some('\u{202f}')),
    ('.', Some('\'')),
    (',', Some('\'')),
    ('.', Some('\u{2019}')),
    (',', Some('\u{2019}')),
    ('.', Some('_')),
    ('.', Some('\u{2009}')),
];

/// Ways in which all numbers of the sample may be spelled, the most probable first. Empty when they are not
/// numbers. `comma_table` says that other columns of the table have a decimal comma.
pub(crate) fn spellings(sample: &[&[u8]], comma_table: bool) -> Vec<Spelling> {
    let Some(first) = sample.first() else { return Vec::new() };
    let is_number = |text: &&[u8]| plain(trim(text)).is_some();
    if sample.iter().all(is_number) && !(comma_table && sample.iter().all(|text| grouped(trim(text), b'.'))) {
        let mut skeleton = NumberFormat::default();
        if sample.iter().all(|text| text.len() > 1 && text[0] == b' ' && text[1] != b' ') {
            " ".clone_into(&mut skeleton.prefix);
        }
        return vec![Spelling { skeleton, ambiguous: false }];
    }
    let Some((prefix, suffix)) = affixes(first) else { return Vec::new() };
    let mut found: Vec<Spelling> = Vec::new();
    for (decimal_sign, group_sign) in SIGNS {
        let skeleton = NumberFormat {
            decimal_sign,
            group_sign,
            prefix: prefix.clone(),
            suffix: suffix.clone(),
            ..NumberFormat::default()
        };
        let parser = NumberParser::new(&skeleton);
        let uses_group = group_sign.is_none_or(|sign| sample.iter().any(|text| contains(text, sign)));
        let all_carry = sample.iter().all(|text| {
            contains_bytes(text, prefix.trim().as_bytes()) && contains_bytes(text, suffix.trim().as_bytes())
        });
        if uses_group && all_carry && sample.iter().all(|text| parser.parse(text).is_some()) {
            found.push(Spelling { skeleton, ambiguous: false });
        }
    }
    if found.len() > 1 {
        // `1,234` in every cell: thousands, unless the rest of the table has a decimal comma.
        let preferred = if comma_table { ',' } else { '.' };
        found.sort_by_key(|spelling| spelling.skeleton.decimal_sign != preferred);
        let signs: Vec<char> = found.iter().map(|spelling| spelling.skeleton.decimal_sign).collect();
        let ambiguous = signs.iter().any(|&sign| sign != signs[0]);
        for spelling in &mut found {
            spelling.ambiguous = ambiguous;
        }
    }
    found
}

/// True when the sample can only be read with a decimal comma.
pub(crate) fn needs_decimal_comma(sample: &[&[u8]]) -> bool {
    sample.iter().any(|text| text.contains(&b',')) && {
        let found = spellings(sample, false);
        !found.is_empty() && found.iter().all(|spelling| spelling.skeleton.decimal_sign == ',')
    }
}

fn contains(text: &[u8], sign: char) -> bool {
    contains_bytes(text, sign.encode_utf8(&mut [0; 4]).as_bytes())
}

fn contains_bytes(text: &[u8], part: &[u8]) -> bool {
    part.is_empty() || text.windows(part.len()).any(|window| window == part)
}

/// True for digits in groups of three: `1.234` or `12.345.678`.
fn grouped(text: &[u8], sign: u8) -> bool {
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let mut groups = text.split(|&byte| byte == sign);
    let head = groups.next().unwrap_or_default();
    let mut rest = 0;
    let fine = groups.all(|group| {
        rest += 1;
        group.len() == 3 && group.iter().all(u8::is_ascii_digit)
    });
    fine && rest > 0
        && (1..=3).contains(&head.len())
        && head.iter().all(u8::is_ascii_digit)
        && head[0] != b'0'
}

/// What stands before and after the number in `text`, if it is a known currency or unit.
fn affixes(text: &[u8]) -> Option<(String, String)> {
    let text = std::str::from_utf8(text).ok()?;
    let starts = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | ',');
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let prefix_end = unsigned.find(starts)?;
    let prefix = &unsigned[..prefix_end];
    let suffix_start = text.rfind(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','))?;
    let suffix = &text[suffix_start + 1..];
    let known_prefix = prefix.trim().is_empty() || CURRENCIES.contains(&prefix.trim());
    let known_suffix =
        suffix.trim().is_empty() || CURRENCIES.contains(&suffix.trim()) || UNITS.contains(&suffix.trim());
    (known_prefix && known_suffix).then(|| (prefix.to_owned(), suffix.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::missing::MissingRule;
    use super::*;
    use crate::schema::ColumnSchema;
    use crate::schema::Kind;
    use crate::spelling::Printer;

    fn learn(cells: &[&str]) -> Option<(Converted, NumberFormat)> {
        let rule = MissingRule::new(None);
        let sample: Vec<&[u8]> =
            cells.iter().map(|cell| cell.as_bytes()).filter(|cell| !rule.among_values(cell)).collect();
        let spelling = spellings(&sample, false).into_iter().next()?;
        let raw = RawColumn { chunks: vec![cells.iter().map(Some).collect()] };
        let parser = NumberParser::new(&spelling.skeleton);
        let converted = convert(&raw, &parser, &|text| rule.among_values(text), Strictness::Strict)?;
        let format = converted.census.format(&spelling.skeleton);
        Some((converted, format))
    }

    fn round_trip(cells: &[&str]) {
        let (converted, format) = learn(cells).unwrap_or_else(|| panic!("not numbers: {cells:?}"));
        let mut schema = ColumnSchema::new("x", Kind::Numerical(format));
        schema.missing_token = converted.tokens.most_common();
        let printer = Printer::new(&schema, &converted.column);
        for (row, cell) in cells.iter().enumerate() {
            let mut out = Vec::new();
            printer.print(row, &mut out);
            assert_eq!(String::from_utf8_lossy(&out), *cell, "{:?}", schema.kind);
        }
    }

    #[test]
    fn spellings_come_back() {
        round_trip(&["1", "-2", "300"]);
        round_trip(&["1.0", "25.0", ""]);
        round_trip(&["1.00", "25.00"]);
        round_trip(&["1.5", "2.25", "3"]);
        round_trip(&["1.5", "2.25", "3.0"]);
        round_trip(&["1.50", "2.25", "3.00"]);
        round_trip(&["19.1333333333333", "20.5", "21.0"]);
        round_trip(&["1e-07", "0.5", "1e+20"]);
        round_trip(&["1e308", "2.5"]);
        round_trip(&["inf", "-inf", "1.5"]);
        round_trip(&["9223372036854775807", "-9223372036854775808"]);
        round_trip(&["18446744073709551615", "0"]);
        round_trip(&["18446744073709551616", "-1"]);
        round_trip(&["99999999999999999999999999999999999999"]);
        round_trip(&["0.12345678901234567890", "1.00000000000000000001"]);
        round_trip(&["0.30000000000000004", "0.1"]);
        round_trip(&["$1,234.50", "-$0.99", "NA"]);
        round_trip(&["1.234,5 \u{20ac}", "0,1 \u{20ac}"]);
        round_trip(&["12.5%", "100.0%", "-"]);
        round_trip(&["1 234 567", "12"]);
        round_trip(&["1\u{202f}234,50", "12,00"]);
        round_trip(&[" 39", " 40", " ?"]);
        round_trip(&["5.5 kg", "10.0 kg"]);
        round_trip(&["1'234.5", "99.5"]);
    }

    #[test]
    fn what_is_no_number() {
        for cells in [["A5", "B6"], ["C100", "C200"], ["12-3", "13-4"], ["1st", "2nd"], ["1.2.3", "2.3.4"]] {
            assert!(learn(&cells).is_none(), "{cells:?}");
        }
    }

    #[test]
    fn one_sign_between_digits_is_doubtful() {
        let sample: [&[u8]; 2] = [b"1,234", b"12,345"];
        let thousands = spellings(&sample, false);
        assert!(thousands[0].ambiguous);
        assert_eq!(thousands[0].skeleton.group_sign, Some(','));
        assert_eq!(spellings(&sample, true)[0].skeleton.decimal_sign, ',');
        let clear: [&[u8]; 2] = [b"1,234", b"12,34"];
        assert!(needs_decimal_comma(&clear));
        let points: [&[u8]; 2] = [b"1.234", b"12.345"];
        assert_eq!(spellings(&points, true)[0].skeleton.group_sign, Some('.'));
        assert_eq!(spellings(&points, false)[0].skeleton.group_sign, None);
    }

    #[test]
    fn lenient_reading_counts_what_it_drops() {
        let raw = RawColumn { chunks: vec![vec![Some("39.0"), Some("x"), Some("")].into_iter().collect()] };
        let rule = MissingRule::new(None);
        let converted =
            convert(&raw, &NumberParser::default(), &|text| rule.among_values(text), Strictness::Lenient)
                .unwrap();
        assert_eq!((converted.invalid, converted.column.missing_count()), (1, 2));
        assert_eq!(converted.column.integers().unwrap().values, [39, 0, 0]);
    }
}
