//! National numbers: of social security, of taxpayers, of identity cards.
//!
//! Each has the country's form and check digits. Those of a form that is never given out are preferred where there is
//! one that checkers still accept as a form; `docs/stand-ins.md` says of each country which it is.

use std::fmt::Write as _;

use lookalike_table::Locale;

use super::check::{digits, luhn, mod_11_10, push_digits, verhoeff, weighted};
use super::person::{Person, plain_letters};

/// The days that people are said to be born on: the 1st to the 28th of each month of these years.
const FIRST_YEAR: u64 = 1940;
const YEARS: u64 = 70;
const BIRTHDAYS: u64 = YEARS * 12 * 28;

/// How many different numbers there are.
pub(super) fn space(locale: Locale) -> u64 {
    match locale {
        Locale::EnGb => 4_000_000,
        Locale::EnIn => 80_000_000_000,
        Locale::DeDe => 9 * 45 * 40_320,
        Locale::FrFr => BIRTHDAYS / 28 * 2 * 95 * 990 * 999,
        Locale::EsEs => 100_000_000,
        Locale::ItIt => BIRTHDAYS * 2 * TOWNS.len() as u64,
        Locale::NlNl => 9_000_000,
        Locale::PlPl => BIRTHDAYS * 10_000,
        Locale::PtBr => 9 * 111_111_110,
        Locale::PtPt => 30_000_000,
        Locale::SvSe => BIRTHDAYS * 20,
        Locale::TrTr => 900_000_000,
        Locale::JaJp => 100_000_000_000,
        _ => 101 * 49 * 9_999,
    }
}

/// Writes the number of this number; Italy's begins with letters of the person's names.
pub(super) fn write(locale: Locale, person: Person, number: u64, out: &mut String) {
    match locale {
        Locale::EnGb => nino(number, out),
        Locale::EnIn => aadhaar(number, out),
        Locale::DeDe => tax_id(number, out),
        Locale::FrFr => nir(number, out),
        Locale::EsEs => dni(number, out),
        Locale::ItIt => codice_fiscale(person, number, out),
        Locale::NlNl => bsn(number, out),
        Locale::PlPl => pesel(number, out),
        Locale::PtBr => cpf(number, out),
        Locale::PtPt => nif(number, out),
        Locale::SvSe => personnummer(number, out),
        Locale::TrTr => kimlik(number, out),
        Locale::JaJp => my_number(number, out),
        _ => ssn(number, out),
    }
}

/// United States: areas 666 and 900 to 999 are never given out (SSA, POMS RM 10201.030), and with the groups 01 to 49
/// they are no taxpayer numbers of the IRS either.
fn ssn(number: u64, out: &mut String) {
    let (rest, serial) = (number / 9_999, number % 9_999 + 1);
    let (area, group) = (rest / 49, rest % 49 + 1);
    let area = if area == 0 { 666 } else { 899 + area };
    let _ = write!(out, "{area}-{group:02}-{serial:04}");
}

/// United Kingdom: the prefix QQ is never given out; HMRC uses it in examples (National Insurance Manual NIM39110).
fn nino(number: u64, out: &mut String) {
    let [a, b, c, d, e, f] = digits(number / 4);
    out.push_str("QQ ");
    for pair in [[a, b], [c, d], [e, f]] {
        push_digits(&pair, out);
        out.push(' ');
    }
    out.push(char::from(b'A' + (number % 4) as u8));
}

/// India: twelve digits, the first from 2 to 9, the last by Verhoeff's scheme (UIDAI).
fn aadhaar(number: u64, out: &mut String) {
    let body: [u8; 11] = digits(number + 20_000_000_000);
    let mut all = body.to_vec();
    all.push(verhoeff(&body));
    for (place, group) in all.chunks(4).enumerate() {
        if place > 0 {
            out.push(' ');
        }
        push_digits(group, out);
    }
}

/// Germany: eleven digits, of the first ten one twice and one not at all, the last by ISO/IEC 7064 MOD 11,10
/// (§ 139b AO; Steueridentifikationsnummerverordnung). Ours never have a 0 among the first ten.
fn tax_id(number: u64, out: &mut String) {
    let (twice, mut rest) = (number % 9 + 1, number / 9);
    let pair = rest % 45;
    rest /= 45;
    let (first, second) = pair_below_ten(pair as usize);
    let mut others: Vec<u8> = (1..=9).filter(|&digit| u64::from(digit) != twice).collect();
    let mut body = [twice as u8; 10];
    for place in (0..10).filter(|&place| place != first && place != second) {
        let choice = rest % others.len() as u64;
        rest /= others.len() as u64;
        body[place] = others.remove(choice as usize);
    }
    push_digits(&body, out);
    push_digits(&[mod_11_10(&body)], out);
}

/// The pair of this number among the 45 of two different places below ten.
fn pair_below_ten(mut number: usize) -> (usize, usize) {
    for first in 0..9 {
        if number < 9 - first {
            return (first, first + 1 + number);
        }
        number -= 9 - first;
    }
    (0, 1)
}

/// France: sex, year and month of birth, department, municipality, order, and a key of 97 minus the rest modulo 97
/// (Insee; décret n° 82-103).
fn nir(number: u64, out: &mut String) {
    let (order, number) = (number % 999 + 1, number / 999);
    let (town, number) = (number % 990 + 1, number / 990);
    let (department, number) = (number % 95 + 1, number / 95);
    // There is no department 20: Corsica has 2A and 2B, whose key is found otherwise.
    let department = if department == 20 { 99 } else { department };
    let (sex, number) = (number % 2 + 1, number / 2);
    let (year, month) = ((FIRST_YEAR + number / 12) % 100, number % 12 + 1);
    let body = format!("{sex}{year:02}{month:02}{department:02}{town:03}{order:03}");
    let key = 97 - super::check::mod_97(&body);
    let _ = write!(out, "{body}{key:02}");
}

/// Spain: eight digits and a letter by their remainder modulo 23 (Real Decreto 1553/2005).
fn dni(number: u64, out: &mut String) {
    let letter = b"TRWAGMYFPDXBNJZSQVHLCKE"[(number % 23) as usize];
    let _ = write!(out, "{number:08}{}", char::from(letter));
}

/// Codes of towns of birth: those of the provinces' capitals (Belfiore codes).
const TOWNS: [&str; 12] =
    ["H501", "F205", "F839", "L219", "G273", "D969", "A944", "D612", "A662", "C351", "L736", "L781"];

/// Italy: letters of family and given name, date of birth, town, and a letter by the sum of the values of the others
/// (Decreto ministeriale 23 dicembre 1976).
fn codice_fiscale(person: Person, number: u64, out: &mut String) {
    let (town, number) = (TOWNS[(number % TOWNS.len() as u64) as usize], number / TOWNS.len() as u64);
    let (woman, number) = (number % 2, number / 2);
    let (year, month, day) = birthday(number);
    let mut code = String::with_capacity(16);
    name_letters(person.family(Locale::ItIt), false, &mut code);
    name_letters(person.given(Locale::ItIt), true, &mut code);
    let month = char::from(b"ABCDEHLMPRST"[(month - 1) as usize]);
    let _ = write!(code, "{:02}{month}{:02}{town}", year % 100, day + 40 * woman);
    let letter = char::from(b'A' + (italian_sum(&code) % 26) as u8);
    out.push_str(&code);
    out.push(letter);
}

/// The sum of the values of letters and digits at odd and even places, as Italy's check letters take it.
pub(super) fn italian_sum(code: &str) -> u32 {
    const ODD: [u32; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    code.bytes()
        .enumerate()
        .map(|(place, byte)| {
            let value = if byte.is_ascii_digit() { byte - b'0' } else { byte - b'A' };
            if place % 2 == 0 { ODD[usize::from(value)] } else { u32::from(value) }
        })
        .sum()
}

/// Three letters of a name: consonants, then vowels, then X; of a given name with four consonants or more the first,
/// third and fourth.
fn name_letters(name: &str, given: bool, out: &mut String) {
    let letters = plain_letters(name).to_ascii_uppercase();
    let is_vowel = |c: &char| matches!(c, 'A' | 'E' | 'I' | 'O' | 'U');
    let mut consonants: Vec<char> = letters.chars().filter(|c| !is_vowel(c)).collect();
    if given && consonants.len() >= 4 {
        consonants.remove(1);
    }
    let chosen = consonants.into_iter().chain(letters.chars().filter(is_vowel)).chain("XXX".chars());
    out.extend(chosen.take(3));
}

/// The Netherlands: nine digits that pass the eleven test, in which the last counts minus once (Wet algemene bepalingen
/// burgerservicenummer; `RvIG`).
fn bsn(number: u64, out: &mut String) {
    let mut body: [u8; 8] = digits((number + 1_000_000) * 10);
    let check = loop {
        let rest = weighted(&body, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
        if rest < 10 {
            break rest;
        }
        body[7] += 1;
    };
    push_digits(&body, out);
    push_digits(&[check as u8], out);
}

/// Poland: date of birth with 20 added to the months of this century, four digits, and one by the weights 1, 3, 7, 9
/// (Ustawa o ewidencji ludności).
fn pesel(number: u64, out: &mut String) {
    let (serial, number) = (number % 10_000, number / 10_000);
    let (year, month, day) = birthday(number);
    let month = if year >= 2000 { month + 20 } else { month };
    let body: [u8; 10] = digits((((year % 100) * 100 + month) * 100 + day) * 10_000 + serial);
    let sum = weighted(&body, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]);
    push_digits(&body, out);
    push_digits(&[((10 - sum % 10) % 10) as u8], out);
}

/// Brazil: nine digits and two check digits modulo 11 (Instrução Normativa RFB 1548/2015); not all alike.
fn cpf(number: u64, out: &mut String) {
    let check = |digits: &[u8]| {
        let weights: Vec<u32> = (2..=digits.len() as u32 + 1).rev().collect();
        match 11 - weighted(digits, &weights) % 11 {
            digit if digit > 9 => 0,
            digit => digit as u8,
        }
    };
    // 000000000, 111111111 and their kin are refused by checkers: numbers run past them.
    let body: [u8; 9] = digits(number + 1 + number / 111_111_110);
    let mut all = body.to_vec();
    all.push(check(&all));
    all.push(check(&all));
    for (place, group) in all[..9].chunks(3).enumerate() {
        if place > 0 {
            out.push('.');
        }
        push_digits(group, out);
    }
    out.push('-');
    push_digits(&all[9..], out);
}

/// Portugal: nine digits, the first from 1 to 3 for people, the last modulo 11 (Decreto-Lei 14/2013).
fn nif(number: u64, out: &mut String) {
    let body: [u8; 8] = digits(number + 10_000_000);
    let check = match 11 - weighted(&body, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 {
        digit if digit > 9 => 0,
        digit => digit as u8,
    };
    push_digits(&body, out);
    push_digits(&[check], out);
}

/// Sweden: date of birth, three digits and Luhn's. The birth numbers 980 to 999 are kept for tests (Skatteverket).
fn personnummer(number: u64, out: &mut String) {
    let (serial, number) = (number % 20 + 980, number / 20);
    let (year, month, day) = birthday(number);
    let body: [u8; 9] = digits((((year % 100) * 100 + month) * 100 + day) * 1000 + serial);
    push_digits(&body[..6], out);
    out.push('-');
    push_digits(&body[6..], out);
    push_digits(&[luhn(&body)], out);
}

/// Turkey: nine digits, the first not 0, and two that check them (Nüfus Hizmetleri Kanunu).
fn kimlik(number: u64, out: &mut String) {
    let body: [u8; 9] = digits(number + 100_000_000);
    let sum = |places: [usize; 5]| places.iter().map(|&place| u32::from(body[place])).sum::<u32>();
    let odd = sum([0, 2, 4, 6, 8]);
    let even: u32 = [1, 3, 5, 7].iter().map(|&place| u32::from(body[place])).sum();
    let tenth = (odd * 7 + 100 - even) % 10;
    let eleventh = (odd + even + tenth) % 10;
    push_digits(&body, out);
    push_digits(&[tenth as u8, eleventh as u8], out);
}

/// Japan: eleven digits and one modulo 11 (Ministry of Internal Affairs and Communications, ordinance 85 of 2014).
fn my_number(number: u64, out: &mut String) {
    let body: [u8; 11] = digits(number);
    let rest = weighted(&body, &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    push_digits(&body, out);
    push_digits(&[if rest <= 1 { 0 } else { (11 - rest) as u8 }], out);
}

/// Year, month and day of this number.
fn birthday(number: u64) -> (u64, u64, u64) {
    let (day, number) = (number % 28 + 1, number / 28);
    (FIRST_YEAR + number / 12 % YEARS, number % 12 + 1, day)
}
