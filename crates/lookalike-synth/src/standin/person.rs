//! People and where they live: what of a row's stand-ins has to fit together.

use std::fmt::Write as _;

use lookalike_core::Stream;
use lookalike_table::Locale;

use super::device::DOMAINS;
use super::region::{Place, names, region};
use super::shape;

/// Somebody who does not exist. All that is said of one person fits together: the names, an e-mail address made of
/// them, the town with its state and postcode, the telephone number where it depends on the town.
///
/// A person is 64 bits; everything else follows from them and a locale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person(u64);

/// What of a person is drawn apart from the rest.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    Given,
    Family,
    Place,
    Street,
    House,
    Flat,
    Postcode,
    Phone,
    PhoneDigits,
    EmailForm,
    EmailDigits,
    Domain,
    Company,
    Partner,
    Job,
    North,
    East,
    /// The number of a sort of which all are numbered.
    Numbered(u8),
}

impl Part {
    fn number(self) -> u64 {
        match self {
            Part::Given => 1,
            Part::Family => 2,
            Part::Place => 3,
            Part::Street => 4,
            Part::House => 5,
            Part::Flat => 6,
            Part::Postcode => 7,
            Part::Phone => 8,
            Part::PhoneDigits => 9,
            Part::EmailForm => 10,
            Part::EmailDigits => 11,
            Part::Domain => 12,
            Part::Company => 13,
            Part::Partner => 14,
            Part::Job => 15,
            Part::North => 16,
            Part::East => 17,
            Part::Numbered(sort) => 64 + u64::from(sort),
        }
    }
}

impl Person {
    /// Somebody at random.
    pub fn draw(stream: &mut Stream) -> Self {
        Person(stream.bits())
    }

    /// The person of these bits.
    pub fn from_bits(bits: u64) -> Self {
        Person(bits)
    }

    /// A number below `bound`, the same whenever this part of the person is asked for.
    pub(super) fn below(self, part: Part, bound: u64) -> u64 {
        // The finaliser of SplitMix64 (Steele, Lea and Flood 2014, https://doi.org/10.1145/2660193.2660195).
        let mut x = self.0.wrapping_add(part.number().wrapping_mul(0x9e37_79b9_7f4a_7c15));
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^= x >> 31;
        ((u128::from(x) * u128::from(bound)) >> 64) as u64
    }

    fn word(self, part: Part, list: &[&'static str]) -> &'static str {
        list[self.below(part, list.len() as u64) as usize]
    }

    pub(super) fn given(self, locale: Locale) -> &'static str {
        self.word(Part::Given, &names(locale).given)
    }

    pub(super) fn family(self, locale: Locale) -> &'static str {
        self.word(Part::Family, &names(locale).family)
    }

    pub(super) fn write_name(self, locale: Locale, out: &mut String) {
        let (mut first, mut second) = (self.given(locale), self.family(locale));
        if region(locale).family_first {
            std::mem::swap(&mut first, &mut second);
        }
        out.push_str(first);
        out.push(' ');
        out.push_str(second);
    }

    /// A name to log in with, made of the person's names; `number` makes it one of its kind.
    pub(super) fn write_user_name(self, locale: Locale, number: Option<u64>, out: &mut String) {
        let (given, family) = (plain_letters(self.given(locale)), plain_letters(self.family(locale)));
        let initial = &given[..given.len().min(1)];
        match self.below(Part::EmailForm, 5) {
            0 | 1 => push_all(out, &[&given, ".", &family]),
            2 => push_all(out, &[initial, &family]),
            3 => push_all(out, &[&given, "_", &family]),
            _ => push_all(out, &[&given, &family]),
        }
        match number {
            Some(number) => out.push_str(&number.to_string()),
            // Half of the names have two digits behind them.
            None => {
                if let digits @ 0..100 = self.below(Part::EmailDigits, 200) {
                    let _ = write!(out, "{digits:02}");
                }
            }
        }
    }

    pub(super) fn write_email(self, locale: Locale, number: Option<u64>, out: &mut String) {
        self.write_user_name(locale, number, out);
        push_all(out, &["@", self.word(Part::Domain, &DOMAINS)]);
    }

    pub(super) fn place(self, locale: Locale) -> &'static Place {
        let places = region(locale).places;
        &places[self.below(Part::Place, places.len() as u64) as usize]
    }

    pub(super) fn write_postcode(self, locale: Locale, out: &mut String) {
        let shape = self.place(locale).postcode;
        shape::write(shape, self.below(Part::Postcode, shape::space(shape)), out);
    }

    pub(super) fn write_street(self, locale: Locale, out: &mut String) {
        let region = region(locale);
        // Numbers are higher where they stand first: streets are longer there.
        let highest = if region.street.starts_with("{n}") { 999 } else { 150 };
        let number = (self.below(Part::House, highest) + 1).to_string();
        fill(region.street, out, |part, out| match part {
            "s" => out.push_str(self.word(Part::Street, region.streets)),
            _ => out.push_str(&number),
        });
    }

    pub(super) fn write_flat(self, locale: Locale, out: &mut String) {
        let flats = region(locale).flats;
        shape::write_of(flats, self.below(Part::Flat, shape::space_of(flats)), out);
    }

    pub(super) fn write_address(self, locale: Locale, out: &mut String) {
        let place = self.place(locale);
        fill(region(locale).address, out, |part, out| match part {
            "street" => self.write_street(locale, out),
            "city" => out.push_str(place.city),
            "state" => out.push_str(place.abbr),
            _ => self.write_postcode(locale, out),
        });
    }

    pub(super) fn write_phone(self, locale: Locale, out: &mut String) {
        let mut shape = String::with_capacity(24);
        fill(self.word(Part::Phone, region(locale).phones), &mut shape, |_, out| {
            out.push_str(self.place(locale).area);
        });
        shape::write(&shape, self.below(Part::PhoneDigits, shape::space(&shape)), out);
    }

    pub(super) fn write_company(self, locale: Locale, out: &mut String) {
        let family = &names(locale).family;
        let (owner, partner) = (self.word(Part::Company, family), self.word(Part::Partner, family));
        let suffix = self.word(Part::Street, region(locale).companies);
        match self.below(Part::EmailForm, 3) {
            0 => push_all(out, &[owner, "-", partner, " ", suffix]),
            _ => push_all(out, &[owner, " ", suffix]),
        }
    }

    pub(super) fn job(self, locale: Locale) -> &'static str {
        self.word(Part::Job, region(locale).jobs)
    }

    /// Degrees north or east, within some kilometres of the town.
    pub(super) fn write_degrees(self, locale: Locale, north: bool, out: &mut String) {
        let place = self.place(locale);
        let (centre, part) =
            if north { (place.latitude, Part::North) } else { (place.longitude, Part::East) };
        // Whole millionths of a degree, so that no rounding of floats decides what is written.
        let centre = (centre * 1e6).round() as i64;
        let millionths = centre + self.below(part, 80_001) as i64 - 40_000;
        let sign = if millionths < 0 { "-" } else { "" };
        let size = millionths.unsigned_abs();
        let _ = write!(out, "{sign}{}.{:06}", size / 1_000_000, size % 1_000_000);
    }
}

fn push_all(out: &mut String, parts: &[&str]) {
    for part in parts {
        out.push_str(part);
    }
}

/// Writes a template, its `{parts}` by what `write` does with them.
fn fill(template: &str, out: &mut String, mut write: impl FnMut(&str, &mut String)) {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((part, after)) = after.split_once('}') else { break };
        write(part, out);
        rest = after;
    }
    out.push_str(rest);
}

/// A name in small letters from a to z: umlauts become two letters, other signs lose their marks, and what has no Latin
/// letters is transcribed.
pub(super) fn plain_letters(name: &str) -> String {
    let mut plain = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        match c {
            'a'..='z' => plain.push(c),
            'A'..='Z' => plain.push(c.to_ascii_lowercase()),
            'ä' | 'Ä' => plain.push_str("ae"),
            'ö' | 'Ö' => plain.push_str("oe"),
            'ü' | 'Ü' => plain.push_str("ue"),
            'ß' => plain.push_str("ss"),
            c if c.is_ascii() => {}
            c => {
                let letters = deunicode::deunicode_char(c).unwrap_or_default();
                plain.extend(
                    letters.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()),
                );
            }
        }
    }
    if plain.is_empty() {
        plain.push('x');
    }
    plain
}
