//! Printing numbers.

use super::datetime::print_padded;
use super::number::POWERS;
use crate::schema::{Decimals, NumberFormat};

/// Prints the numbers of one column.
#[derive(Debug, Clone)]
pub(crate) struct NumberPrinter {
    decimals: Decimals,
    min_digits: usize,
    whole_zeros: usize,
    padded_exponent: bool,
    decimal_sign: u8,
    group_sign: Option<String>,
    prefix: Vec<u8>,
    suffix: Vec<u8>,
    /// No padding, groups, affixes or zeros after whole numbers.
    bare: bool,
}

impl NumberPrinter {
    pub(crate) fn new(format: &NumberFormat) -> Self {
        NumberPrinter {
            decimals: if format.integer { Decimals::Fixed(0) } else { format.decimals },
            min_digits: usize::from(format.min_digits),
            whole_zeros: usize::from(format.whole_zeros),
            padded_exponent: format.padded_exponent,
            decimal_sign: if format.decimal_sign == ',' { b',' } else { b'.' },
            group_sign: format.group_sign.map(String::from),
            prefix: format.prefix.clone().into_bytes(),
            suffix: format.suffix.clone().into_bytes(),
            bare: format.min_digits == 0
                && format.whole_zeros == 0
                && format.group_sign.is_none()
                && format.prefix.is_empty()
                && format.suffix.is_empty(),
        }
    }

    /// Prints a whole number.
    #[inline]
    pub(crate) fn integer(&self, value: i64, out: &mut Vec<u8>) {
        if self.bare && self.decimals == Decimals::Fixed(0) {
            out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
        } else {
            self.digits(value < 0, itoa::Buffer::new().format(value.unsigned_abs()).as_bytes(), 0, out);
        }
    }

    /// Prints a whole number without a sign.
    pub(crate) fn unsigned(&self, value: u64, out: &mut Vec<u8>) {
        self.digits(false, itoa::Buffer::new().format(value).as_bytes(), 0, out);
    }

    /// Prints `value` · 10^-`scale`.
    pub(crate) fn decimal(&self, value: i128, scale: i8, out: &mut Vec<u8>) {
        let mut buffer = itoa::Buffer::new();
        let digits = buffer.format(value.unsigned_abs()).as_bytes();
        if scale >= 0 {
            self.digits(value < 0, digits, scale as usize, out);
        } else {
            let mut digits = digits.to_vec();
            if value != 0 {
                digits.resize(digits.len() + usize::from(scale.unsigned_abs()), b'0');
            }
            self.digits(value < 0, &digits, 0, out);
        }
    }

    /// Prints a double, rounded to the grid if the column has one.
    #[inline]
    pub(crate) fn float(&self, value: f64, out: &mut Vec<u8>) {
        match self.decimals.places() {
            Some(places) if value.abs() < 1e15 && places <= 15 => {
                let scaled = (value.abs() * POWERS[usize::from(places)]).round();
                // Beyond, half a step of a double may round the other way.
                if scaled < 1e15 {
                    let negative = value < 0.0 && scaled > 0.0;
                    if self.bare && matches!(self.decimals, Decimals::Fixed(_)) {
                        fixed(negative, scaled as u64, usize::from(places), self.decimal_sign, out);
                    } else {
                        let mut buffer = itoa::Buffer::new();
                        self.digits(
                            negative,
                            buffer.format(scaled as u64).as_bytes(),
                            usize::from(places),
                            out,
                        );
                    }
                    return;
                }
                self.exact(value, out);
            }
            _ => self.exact(value, out),
        }
    }

    /// Prints a double by its shortest digits.
    #[cold]
    fn exact(&self, value: f64, out: &mut Vec<u8>) {
        if value.is_nan() {
            out.extend_from_slice(b"NaN");
            return;
        }
        if value.is_infinite() {
            out.extend_from_slice(if value < 0.0 { b"-inf" } else { b"inf" });
            return;
        }
        let (digits, exponent) = shortest(value.abs());
        // The value is 0.d1d2d3... times 10^exponent.
        if self.decimals == Decimals::Shortest && value != 0.0 && !(-3..=16).contains(&exponent) {
            self.scientific(value < 0.0, &digits, exponent, out);
            return;
        }
        let places = (digits.len() as i32 - exponent).max(0) as usize;
        let mut all: Vec<u8> = Vec::with_capacity(digits.len() + 24);
        all.resize(usize::try_from(-exponent).unwrap_or(0), b'0');
        all.extend_from_slice(&digits);
        if exponent > digits.len() as i32 {
            all.resize(exponent as usize, b'0');
        }
        match self.decimals.places().map(usize::from) {
            Some(limit) if places > limit => {
                let up = all[all.len() - (places - limit)] >= b'5';
                all.truncate(all.len() - (places - limit));
                if up {
                    increment(&mut all);
                }
                self.digits(value < 0.0, &all, limit, out);
            }
            _ => self.digits(value < 0.0, &all, places, out),
        }
    }

    fn scientific(&self, negative: bool, digits: &[u8], exponent: i32, out: &mut Vec<u8>) {
        let sign: &[u8] = if negative { b"-" } else { b"" };
        out.extend_from_slice(sign);
        out.extend_from_slice(&self.prefix);
        out.push(digits[0]);
        if digits.len() > 1 {
            out.push(self.decimal_sign);
            out.extend_from_slice(&digits[1..]);
        }
        out.push(b'e');
        let power = exponent - 1;
        if power < 0 {
            out.push(b'-');
        } else if self.padded_exponent {
            out.push(b'+');
        }
        print_padded(u64::from(power.unsigned_abs()), if self.padded_exponent { 2 } else { 1 }, out);
        out.extend_from_slice(&self.suffix);
    }

    /// Prints digits of which the last `places` follow the point, under this format's rules.
    fn digits(&self, negative: bool, digits: &[u8], places: usize, out: &mut Vec<u8>) {
        let (whole, fraction) = digits.split_at(digits.len().saturating_sub(places));
        let mut missing_zeros = places - fraction.len();
        let mut fraction = fraction;
        let wanted = match self.decimals {
            Decimals::Fixed(places) => usize::from(places),
            Decimals::UpTo(_) | Decimals::Shortest => {
                while let [rest @ .., b'0'] = fraction {
                    fraction = rest;
                }
                if fraction.is_empty() {
                    missing_zeros = 0;
                }
                0
            }
        };
        let written = missing_zeros + fraction.len();
        let zeros_after = wanted.max(self.whole_zeros).saturating_sub(written);
        let nothing_but_zero = digits.iter().all(|&digit| digit == b'0');
        let spaces = self.prefix.iter().take_while(|&&byte| byte == b' ').count();
        out.extend_from_slice(&self.prefix[..spaces]);
        if negative && !nothing_but_zero {
            out.push(b'-');
        }
        out.extend_from_slice(&self.prefix[spaces..]);
        let whole = match whole {
            [b'0', rest @ ..] if !rest.is_empty() => {
                let first = rest.iter().position(|&digit| digit != b'0').unwrap_or(rest.len() - 1);
                &rest[first..]
            }
            [] => b"0",
            whole => whole,
        };
        let padding = self.min_digits.saturating_sub(whole.len());
        match &self.group_sign {
            None => {
                out.extend(std::iter::repeat_n(b'0', padding));
                out.extend_from_slice(whole);
            }
            Some(sign) => {
                for (index, &digit) in whole.iter().enumerate() {
                    if index > 0 && (whole.len() - index).is_multiple_of(3) {
                        out.extend_from_slice(sign.as_bytes());
                    }
                    out.push(digit);
                }
            }
        }
        if written + zeros_after > 0 {
            out.push(self.decimal_sign);
            out.extend(std::iter::repeat_n(b'0', missing_zeros));
            out.extend_from_slice(fraction);
            out.extend(std::iter::repeat_n(b'0', zeros_after));
        }
        out.extend_from_slice(&self.suffix);
    }
}

/// `scaled` · 10^-`places` with all its places.
#[inline]
fn fixed(negative: bool, scaled: u64, places: usize, sign: u8, out: &mut Vec<u8>) {
    if negative {
        out.push(b'-');
    }
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(scaled).as_bytes();
    if places == 0 {
        out.extend_from_slice(digits);
    } else if digits.len() > places {
        let (whole, fraction) = digits.split_at(digits.len() - places);
        out.extend_from_slice(whole);
        out.push(sign);
        out.extend_from_slice(fraction);
    } else {
        out.extend_from_slice(&[b'0', sign]);
        out.extend(std::iter::repeat_n(b'0', places - digits.len()));
        out.extend_from_slice(digits);
    }
}

/// The shortest digits that read back as `value` (which is finite and not negative), and the exponent `e` with
/// which the value is `0.digits · 10^e`. Zero is the digit 0 with exponent 1.
pub(crate) fn shortest(value: f64) -> (Vec<u8>, i32) {
    if value == 0.0 {
        return (vec![b'0'], 1);
    }
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(value).as_bytes();
    let (mantissa, power) = match text.iter().position(|&byte| byte == b'e') {
        Some(at) => {
            let power = std::str::from_utf8(&text[at + 1..]).ok().and_then(|digits| digits.parse().ok());
            (&text[..at], power.unwrap_or(0))
        }
        None => (text, 0),
    };
    let point = mantissa.iter().position(|&byte| byte == b'.').unwrap_or(mantissa.len());
    let mut digits: Vec<u8> = mantissa.iter().copied().filter(u8::is_ascii_digit).collect();
    let leading = digits.iter().take_while(|&&digit| digit == b'0').count();
    digits.drain(..leading);
    while digits.last() == Some(&b'0') {
        digits.pop();
    }
    (digits, point as i32 - leading as i32 + power)
}

/// Adds one to the last digit.
fn increment(digits: &mut Vec<u8>) {
    for digit in digits.iter_mut().rev() {
        if *digit == b'9' {
            *digit = b'0';
        } else {
            *digit += 1;
            return;
        }
    }
    digits.insert(0, b'1');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn float(format: &NumberFormat, value: f64) -> String {
        let mut out = Vec::new();
        NumberPrinter::new(format).float(value, &mut out);
        String::from_utf8(out).unwrap()
    }

    fn with(decimals: Decimals) -> NumberFormat {
        NumberFormat { decimals, ..NumberFormat::default() }
    }

    #[test]
    fn fixed_places() {
        assert_eq!(float(&with(Decimals::Fixed(2)), 1.5), "1.50");
        assert_eq!(float(&with(Decimals::Fixed(2)), -0.001), "0.00");
        assert_eq!(float(&with(Decimals::Fixed(2)), -0.015), "-0.02");
        assert_eq!(float(&with(Decimals::Fixed(2)), 0.05), "0.05");
        assert_eq!(float(&with(Decimals::Fixed(0)), 41.7), "42");
        assert_eq!(float(&with(Decimals::Fixed(1)), 1e17), "100000000000000000.0");
        assert_eq!(float(&with(Decimals::Fixed(18)), 0.1), "0.100000000000000000");
        assert_eq!(float(&with(Decimals::Fixed(16)), 0.999_999_999_999_999_9), "0.9999999999999999");
        assert_eq!(float(&with(Decimals::Fixed(2)), f64::INFINITY), "inf");
    }

    #[test]
    fn places_up_to() {
        let format = NumberFormat { whole_zeros: 1, ..with(Decimals::UpTo(4)) };
        assert_eq!(float(&format, 3.0), "3.0");
        assert_eq!(float(&format, 3.25), "3.25");
        assert_eq!(float(&format, 0.000_05), "0.0001");
        assert_eq!(float(&with(Decimals::UpTo(4)), 3.0), "3");
        assert_eq!(float(&with(Decimals::UpTo(4)), 0.05), "0.05");
    }

    #[test]
    fn shortest_digits() {
        let python = NumberFormat { whole_zeros: 1, padded_exponent: true, ..NumberFormat::default() };
        for (value, text) in [
            (0.1 + 0.2, "0.30000000000000004"),
            (1e16, "1e+16"),
            (1e15, "1000000000000000.0"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (-2.5e-7, "-2.5e-07"),
            (123.0, "123.0"),
            (0.0, "0.0"),
            (5e-324, "5e-324"),
        ] {
            assert_eq!(float(&python, value), text);
        }
        assert_eq!(float(&NumberFormat::default(), 1e308), "1e308");
        assert_eq!(float(&NumberFormat::default(), f64::NAN), "NaN");
    }

    #[test]
    fn affixes_groups_and_padding() {
        let mut out = Vec::new();
        let money = NumberFormat {
            decimals: Decimals::Fixed(2),
            group_sign: Some('.'),
            decimal_sign: ',',
            suffix: " \u{20ac}".into(),
            ..NumberFormat::default()
        };
        assert_eq!(float(&money, -1_234_567.891), "-1.234.567,89 \u{20ac}");
        let padded = NumberPrinter::new(&NumberFormat { min_digits: 3, ..NumberFormat::whole() });
        padded.integer(7, &mut out);
        padded.integer(-1234, &mut out);
        assert_eq!(out, b"007-1234");
        out.clear();
        let dollars = NumberFormat { prefix: "$".into(), group_sign: Some(','), ..NumberFormat::whole() };
        NumberPrinter::new(&dollars).integer(-1_234_567, &mut out);
        assert_eq!(out, b"-$1,234,567");
        out.clear();
        let whole = NumberPrinter::new(&NumberFormat { whole_zeros: 1, ..NumberFormat::whole() });
        whole.integer(-39, &mut out);
        assert_eq!(out, b"-39.0");
    }

    #[test]
    fn decimals_are_exact() {
        let mut out = Vec::new();
        NumberPrinter::new(&with(Decimals::Fixed(18))).decimal(-123_456_789_012_345_678_901, 18, &mut out);
        assert_eq!(out, b"-123.456789012345678901");
        out.clear();
        NumberPrinter::new(&with(Decimals::UpTo(3))).decimal(5, 3, &mut out);
        assert_eq!(out, b"0.005");
    }
}
