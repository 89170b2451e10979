//! Accounts, banks and cards.

use std::fmt::Write as _;

use lookalike_table::Locale;

use super::check::{luhn, mod_97, weighted};
use super::national::italian_sum;
use super::shape;

/// The country of an account and the shape of its number there, without what checks it; from the registry of IBANs
/// (SWIFT, ISO 13616-2). Where there are no IBANs, people have accounts in the United Kingdom.
fn account(locale: Locale) -> (&'static str, &'static str) {
    match locale {
        Locale::DeDe => ("DE", "9#################"),
        Locale::FrFr => ("FR", "99###0###############"),
        Locale::EsEs => ("ES", "9###############00"),
        Locale::ItIt => ("IT", "9#########000000######"),
        Locale::NlNl => ("NL", "XXXX##########"),
        Locale::PlPl => ("PL", "9######000000##########"),
        Locale::PtBr => ("BR", "99999###0##############C1"),
        Locale::PtPt => ("PT", "9##################"),
        Locale::SvSe => ("SE", "9##0000#############"),
        Locale::TrTr => ("TR", "9####00000############"),
        _ => ("GB", "XXXX##############"),
    }
}

pub(super) fn iban_space(locale: Locale) -> u64 {
    shape::space(account(locale).1)
}

/// Country, two check digits, and the account with what checks it nationally.
pub(super) fn iban(locale: Locale, number: u64, out: &mut String) {
    let (country, shape) = account(locale);
    let mut bban = String::with_capacity(30);
    shape::write(shape, number, &mut bban);
    match country {
        "ES" => {
            // Two digits check bank with branch, and account; the shape has room for them at its end.
            bban.truncate(16);
            let values: Vec<u8> = bban.bytes().map(|byte| byte - b'0').collect();
            let check = |digits: &[u8], weights: &[u32]| match 11 - weighted(digits, weights) % 11 {
                10 => 1,
                11 => 0,
                digit => digit,
            };
            // Eight digits of bank and branch, eight of the account, which begins with two zeros.
            let bank = check(&values[..8], &[4, 8, 5, 10, 9, 7, 3, 6]);
            let account = check(&values[8..], &[4, 8, 5, 10, 9, 7, 3, 6]);
            bban = format!("{}{bank}{account}00{}", &bban[..8], &bban[8..]);
        }
        "FR" => {
            let key = 97 - mod_97(&format!("{bban}00"));
            let _ = write!(bban, "{key:02}");
        }
        "IT" => {
            let letter = char::from(b'A' + (italian_sum(&bban) % 26) as u8);
            bban.insert(0, letter);
        }
        "PL" => {
            let values: Vec<u8> = bban.bytes().take(7).map(|byte| byte - b'0').collect();
            let sum = weighted(&values, &[3, 9, 7, 1, 3, 9, 7]);
            bban.insert(7, char::from(b'0' + ((10 - sum % 10) % 10) as u8));
        }
        "PT" => {
            let key = 98 - mod_97(&format!("{bban}00"));
            let _ = write!(bban, "{key:02}");
        }
        _ => {}
    }
    let check = 98 - mod_97(&format!("{bban}{country}00"));
    let _ = write!(out, "{country}{check:02}{bban}");
}

/// A bank identifier of eight characters: bank, country and place. The last is 0, as in identifiers for tests (ISO 9362).
pub(super) const SWIFT_SPACE: u64 = 26 * 26 * 26 * 26 * 26;
/// With three digits for the branch.
pub(super) const SWIFT_BRANCH_SPACE: u64 = SWIFT_SPACE * 1000;

pub(super) fn swift(country: &str, number: u64, branch: bool, out: &mut String) {
    let (number, office) = if branch { (number / 1000, number % 1000) } else { (number, 0) };
    shape::write("@@@@", number / 26, out);
    out.push_str(country);
    shape::write("@0", number % 26, out);
    if branch {
        shape::write("###", office, out);
    }
}

/// Card numbers by their first six digits: those of the numbers that payment processors publish for tests. All but the
/// last digit, which is Luhn's.
const CARDS: [&str; 9] = [
    "411111#########",
    "424242#########",
    "401288#########",
    "555555#########",
    "510510#########",
    "222300#########",
    "378282########",
    "601111#########",
    "353011#########",
];

pub(super) fn card_space() -> u64 {
    shape::space_of(&CARDS)
}

pub(super) fn card(number: u64, out: &mut String) {
    let start = out.len();
    shape::write_of(&CARDS, number, out);
    let digits: Vec<u8> = out[start..].bytes().map(|byte| byte - b'0').collect();
    out.push(char::from(b'0' + luhn(&digits)));
}
