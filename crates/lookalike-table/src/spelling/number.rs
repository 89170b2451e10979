//! Reading numbers.

use crate::schema::NumberFormat;

/// Powers of ten that a double holds exactly.
pub(crate) const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// The most digits that a plain whole number or an exact decimal may have.
pub(crate) const MOST_DIGITS: usize = 38;

/// A number as it was spelled.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a feature of the spelling")]
pub(crate) struct Number {
    /// Its nearest double.
    pub(crate) value: f64,
    /// True when it began with a minus sign.
    pub(crate) negative: bool,
    /// True when it began with a plus sign.
    pub(crate) plus: bool,
    /// All digits before and after the point as one whole number, if that has at most 19 digits.
    pub(crate) mantissa: u64,
    /// Digits of the mantissa from the first that is not zero to the last.
    pub(crate) significant: u16,
    /// Digits before the point.
    pub(crate) whole_digits: u16,
    /// Digits after the point.
    pub(crate) places: u16,
    /// True when there was a decimal point.
    pub(crate) point: bool,
    /// True when every digit after the point was zero.
    pub(crate) whole: bool,
    /// True when the last digit after the point was zero.
    pub(crate) trailing_zero: bool,
    /// True when a zero preceded other digits before the point.
    pub(crate) leading_zero: bool,
    /// True when it had an exponent.
    pub(crate) exponent: bool,
    /// True when its exponent had a plus sign or a leading zero.
    pub(crate) padded_exponent: bool,
    /// True for infinities, spelled in letters.
    pub(crate) infinite: bool,
}

impl Number {
    /// The number as an `i64`, if it is whole, without an exponent, and small enough.
    pub(crate) fn as_i64(&self) -> Option<i64> {
        if self.exponent || self.infinite || !self.whole || self.whole_digits + self.places > 19 {
            return None;
        }
        let magnitude = self.whole_part()?;
        if self.negative { 0_i64.checked_sub_unsigned(magnitude) } else { i64::try_from(magnitude).ok() }
    }

    fn whole_part(&self) -> Option<u64> {
        if self.places == 0 {
            return Some(self.mantissa);
        }
        Some(self.mantissa / 10_u64.checked_pow(u32::from(self.places))?)
    }

    /// The number as a `u64`, if it is whole, without an exponent, and small enough.
    pub(crate) fn as_u64(&self) -> Option<u64> {
        if self.exponent || self.infinite || !self.whole || self.negative {
            return None;
        }
        match self.whole_digits + self.places {
            0..=19 => self.whole_part(),
            // Twenty digits fit if the mantissa did not wrap around: then it is as large as the double says.
            20 if self.places == 0 && self.value <= u64::MAX as f64 && self.mantissa > i64::MAX as u64 => {
                Some(self.mantissa)
            }
            _ => None,
        }
    }
}

/// Reads numbers as one column spells them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NumberParser {
    decimal_sign: u8,
    group_sign: Option<String>,
    prefix: String,
    suffix: String,
}

impl Default for NumberParser {
    fn default() -> Self {
        NumberParser { decimal_sign: b'.', group_sign: None, prefix: String::new(), suffix: String::new() }
    }
}

impl NumberParser {
    /// The parser for a column of this format. Affixes and grouping signs may be absent from a cell.
    pub(crate) fn new(format: &NumberFormat) -> Self {
        NumberParser {
            decimal_sign: if format.decimal_sign == ',' { b',' } else { b'.' },
            group_sign: format.group_sign.map(String::from),
            prefix: format.prefix.trim().to_owned(),
            suffix: format.suffix.trim().to_owned(),
        }
    }

    /// True when cells are plain numbers with a decimal point, for which [`plain`] is enough.
    pub(crate) fn is_plain(&self) -> bool {
        self.decimal_sign == b'.'
            && self.group_sign.is_none()
            && self.prefix.is_empty()
            && self.suffix.is_empty()
    }

    /// Reads a cell. White space around the number is ignored.
    pub(crate) fn parse(&self, text: &[u8]) -> Option<Number> {
        if self.is_plain() {
            return plain(text).or_else(|| plain(trim(text)));
        }
        let mut buffer = [0_u8; 128];
        plain(self.normalize(text, &mut buffer)?)
    }

    /// Reads a cell as a whole multiple of 10^-`scale`, of at most 38 digits.
    pub(crate) fn parse_decimal(&self, text: &[u8], scale: u8) -> Option<i128> {
        let mut buffer = [0_u8; 128];
        let text = if self.is_plain() { trim(text) } else { self.normalize(text, &mut buffer)? };
        decimal(text, scale)
    }

    /// The number in `text` as a plain one with a decimal point.
    fn normalize<'b>(&self, text: &[u8], buffer: &'b mut [u8; 128]) -> Option<&'b [u8]> {
        let mut rest = trim(text);
        if rest.len() > buffer.len() {
            return None;
        }
        let mut length = 0;
        // The sign may stand before or after the prefix: -$5 and $-5.
        if !self.prefix.is_empty() {
            if let [sign @ (b'-' | b'+'), after @ ..] = rest {
                if let Some(after) = trim(after).strip_prefix(self.prefix.as_bytes()) {
                    buffer[0] = *sign;
                    length = 1;
                    rest = trim(after);
                }
            } else if let Some(after) = rest.strip_prefix(self.prefix.as_bytes()) {
                rest = trim(after);
            }
        }
        if !self.suffix.is_empty() {
            rest = trim(rest.strip_suffix(self.suffix.as_bytes()).unwrap_or(rest));
        }
        let group = self.group_sign.as_deref().unwrap_or_default().as_bytes();
        let mut digits_in_group: Option<usize> = None;
        let mut after_point = false;
        while let Some(&byte) = rest.first() {
            if !group.is_empty() && !after_point && rest.starts_with(group) {
                // Groups after the first sign have three digits.
                let last = buffer[..length].last()?;
                let head = buffer[..length].iter().filter(|byte| byte.is_ascii_digit()).count();
                let fits = digits_in_group.map_or(head <= 3, |count| count == 3);
                if !last.is_ascii_digit() || !fits {
                    return None;
                }
                digits_in_group = Some(0);
                rest = &rest[group.len()..];
                continue;
            }
            if byte == self.decimal_sign {
                after_point = true;
                buffer[length] = b'.';
            } else if byte == b'.' {
                return None;
            } else {
                if byte.is_ascii_digit() && !after_point {
                    digits_in_group = digits_in_group.map(|count| count + 1);
                }
                buffer[length] = byte;
            }
            length += 1;
            rest = &rest[1..];
        }
        digits_in_group.is_none_or(|count| count == 3).then_some(&buffer[..length])
    }
}

/// `text` without spaces, tabs and no-break spaces around it.
pub(crate) fn trim(text: &[u8]) -> &[u8] {
    let mut text = text.trim_ascii();
    while let Some(rest) = text.strip_prefix(b"\xC2\xA0").or_else(|| text.strip_prefix(b"\xE2\x80\xAF")) {
        text = rest.trim_ascii_start();
    }
    while let Some(rest) = text.strip_suffix(b"\xC2\xA0").or_else(|| text.strip_suffix(b"\xE2\x80\xAF")) {
        text = rest.trim_ascii_end();
    }
    text
}

/// Reads a plain number with a decimal point: sign, digits, exponent, or an infinity in letters.
#[inline]
pub(crate) fn plain(text: &[u8]) -> Option<Number> {
    let (negative, plus, start) = match text.first()? {
        b'-' => (true, false, 1),
        b'+' => (false, true, 1),
        _ => (false, false, 0),
    };
    let mut at = start;
    let mut mantissa = 0_u64;
    while at < text.len() && text[at].is_ascii_digit() {
        mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(text[at] - b'0'));
        at += 1;
    }
    let whole_digits = at - start;
    let mut number = Number {
        value: 0.0,
        negative,
        plus,
        mantissa,
        significant: 0,
        whole_digits: whole_digits.min(usize::from(u16::MAX)) as u16,
        places: 0,
        point: false,
        whole: true,
        trailing_zero: false,
        leading_zero: whole_digits > 1 && text[start] == b'0',
        exponent: false,
        padded_exponent: false,
        infinite: false,
    };
    if at == text.len() && (1..=15).contains(&whole_digits) {
        // The common case: a short whole number.
        number.significant = whole_digits as u16;
        number.value = if negative { -(mantissa as f64) } else { mantissa as f64 };
        return Some(number);
    }
    let mut places = 0;
    if at < text.len() && text[at] == b'.' {
        number.point = true;
        at += 1;
        let before = mantissa;
        while at < text.len() && text[at].is_ascii_digit() {
            mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(text[at] - b'0'));
            at += 1;
            places += 1;
        }
        number.trailing_zero = places > 0 && text[at - 1] == b'0';
        number.whole = if whole_digits + places <= 19 {
            mantissa == before.wrapping_mul(10_u64.pow(places as u32))
        } else {
            text[at - places..at].iter().all(|&digit| digit == b'0')
        };
    }
    if whole_digits + places == 0 {
        return infinity(&text[start..]).then_some(Number {
            value: if negative { f64::NEG_INFINITY } else { f64::INFINITY },
            infinite: true,
            ..number
        });
    }
    number.mantissa = mantissa;
    number.places = places.min(usize::from(u16::MAX)) as u16;
    let digits_end = at;
    if at < text.len() {
        if !matches!(text[at], b'e' | b'E') {
            return None;
        }
        at += 1;
        number.exponent = true;
        number.whole = false;
        let signed = matches!(text.get(at), Some(b'+' | b'-'));
        let digits = &text[at + usize::from(signed)..];
        if digits.is_empty() || digits.len() > 5 || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        number.padded_exponent = text[at] == b'+' || (digits[0] == b'0' && digits.len() > 1);
    }
    number.significant = if number.whole && places == 0 && whole_digits <= 19 && !number.leading_zero {
        whole_digits as u16
    } else {
        significant_digits(&text[start..digits_end])
    };
    number.value = if !number.exponent && whole_digits + places <= 19 && mantissa < 1 << 53 && places <= 22 {
        // Both are exact, so that the one division rounds correctly.
        let magnitude = mantissa as f64 / POWERS[places];
        if negative { -magnitude } else { magnitude }
    } else {
        let unsigned = &text[usize::from(plus)..];
        fast_float2::parse::<f64, _>(unsigned).ok()?
    };
    // A number too large for a double is not one that can be kept.
    number.value.is_finite().then_some(number)
}

/// Digits from the first that is not zero to the last that is not zero after the point.
fn significant_digits(text: &[u8]) -> u16 {
    let mut text = text;
    while let [b'0' | b'.', rest @ ..] = text {
        text = rest;
    }
    if text.contains(&b'.') {
        while let [rest @ .., b'0'] = text {
            text = rest;
        }
    }
    text.iter().filter(|byte| byte.is_ascii_digit()).count().min(usize::from(u16::MAX)) as u16
}

fn infinity(text: &[u8]) -> bool {
    text.eq_ignore_ascii_case(b"inf")
        || text.eq_ignore_ascii_case(b"infinity")
        || text == "\u{221e}".as_bytes()
}

/// Reads a plain number without an exponent as a multiple of 10^-`scale`, exactly. `None` when it does not lie on
/// that grid or has more than 38 digits.
pub(crate) fn decimal(text: &[u8], scale: u8) -> Option<i128> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let mut value = 0_i128;
    let mut places: Option<u8> = None;
    let mut any = false;
    for &byte in digits {
        match byte {
            b'.' if places.is_none() => places = Some(0),
            b'0'..=b'9' => {
                any = true;
                if let Some(places) = &mut places {
                    if *places == scale {
                        if byte != b'0' {
                            return None;
                        }
                        continue;
                    }
                    *places += 1;
                }
                value = value.checked_mul(10)?.checked_add(i128::from(byte - b'0'))?;
            }
            _ => return None,
        }
    }
    value = value.checked_mul(10_i128.checked_pow(u32::from(scale - places.unwrap_or(0)))?)?;
    if !any || value >= 10_i128.pow(MOST_DIGITS as u32) {
        return None;
    }
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_numbers() {
        for (text, value) in [
            ("0", 0.0),
            ("-12", -12.0),
            ("+3", 3.0),
            ("007", 7.0),
            ("1.50", 1.5),
            (".5", 0.5),
            ("5.", 5.0),
            ("1e308", 1e308),
            ("-2.5E-3", -2.5e-3),
            ("123456789012345678901234567890", 123_456_789_012_345_678_901_234_567_890.0),
            ("0.1", 0.1),
            ("9007199254740993", 9_007_199_254_740_992.0),
            ("0.30000000000000004", 0.300_000_000_000_000_04),
        ] {
            assert_eq!(plain(text.as_bytes()).unwrap().value.to_bits(), f64::to_bits(value), "{text}");
        }
        assert_eq!(plain(b"-inf").unwrap().value, f64::NEG_INFINITY);
        assert!(plain(b"Infinity").unwrap().infinite);
        for text in
            ["", "-", ".", "1e", "1e+", "e5", "1.2.3", "1,5", "12a", "nan", "0x10", "--1", "1 2", "1e999999"]
        {
            assert!(plain(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn shapes_are_noted() {
        let number = plain(b"-012.500").unwrap();
        assert!(number.leading_zero && number.negative && number.trailing_zero && !number.whole);
        assert_eq!((number.whole_digits, number.places, number.significant), (3, 3, 3));
        let whole = plain(b"39.0").unwrap();
        assert_eq!(whole.as_i64(), Some(39));
        assert_eq!(plain(b"9223372036854775808").unwrap().as_i64(), None);
        assert_eq!(plain(b"9223372036854775807").unwrap().as_i64(), Some(i64::MAX));
        assert_eq!(plain(b"-9223372036854775808").unwrap().as_i64(), Some(i64::MIN));
        assert_eq!(plain(b"1e3").unwrap().as_i64(), None);
    }

    #[test]
    fn signs_groups_and_affixes() {
        let parser = NumberParser::new(&NumberFormat {
            decimal_sign: ',',
            group_sign: Some('.'),
            suffix: " \u{20ac}".into(),
            ..NumberFormat::default()
        });
        assert_eq!(parser.parse("1.234.567,89 \u{20ac}".as_bytes()).unwrap().value, 1_234_567.89);
        assert_eq!(parser.parse(b"-0,5").unwrap().value, -0.5);
        assert!(parser.parse(b"1.23,4").is_none());
        let dollars = NumberParser::new(&NumberFormat {
            group_sign: Some(','),
            prefix: "$".into(),
            ..NumberFormat::default()
        });
        assert_eq!(dollars.parse(b"-$1,234.50").unwrap().value, -1234.5);
        assert_eq!(dollars.parse(b"$-1,234.50").unwrap().value, -1234.5);
        assert!(dollars.parse(b"$1,2345").is_none());
    }

    #[test]
    fn exact_decimals() {
        assert_eq!(decimal(b"12.5", 3), Some(12_500));
        assert_eq!(decimal(b"-0.001", 3), Some(-1));
        assert_eq!(decimal(b"0.0010", 3), Some(1));
        assert_eq!(decimal(b"0.0001", 3), None);
        assert_eq!(decimal(&[b'9'; 38], 0), Some(10_i128.pow(38) - 1));
        assert_eq!(decimal(&[b'9'; 39], 0), None);
    }
}
