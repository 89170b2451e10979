//! Personal data: recognized by checks of the values, and for names and addresses by the column's name together
//! with the shape of its values.

use super::names::NameWords;
use crate::schema::Personal;

/// The share of values that must pass a check.
const SHARE: f64 = 0.95;

/// The sort of personal data that these values are. Values are distinct and not missing; a few hundred are enough.
pub(crate) fn detect(values: &[&str], words: &NameWords) -> Option<Personal> {
    if values.is_empty() {
        return None;
    }
    let most = |check: fn(&str) -> bool| {
        values.iter().filter(|value| check(value.trim())).count() as f64 >= SHARE * values.len() as f64
    };
    if most(is_email) {
        return Some(Personal::Email);
    }
    if most(is_ipv4) {
        return Some(Personal::Ipv4Address);
    }
    if most(is_ipv6) {
        return Some(Personal::Ipv6Address);
    }
    if most(is_iban) {
        return Some(Personal::Iban);
    }
    let card_name = words.any(&["card", "cc", "creditcard", "pan", "kreditkarte", "tarjeta", "carte"]);
    if most(is_card) && (card_name || values.len() >= 10) {
        return Some(Personal::CreditCardNumber);
    }
    if most(is_ssn) && (values.len() >= 5 || words.any(&["ssn", "social", "sin", "nino"])) {
        return Some(Personal::Ssn);
    }
    let phone_name = words.any(&[
        "phone",
        "phones",
        "telephone",
        "tel",
        "mobile",
        "cell",
        "fax",
        "telefon",
        "telefono",
        "handy",
        "mobil",
        "cellphone",
        "homephone",
        "celular",
        "portable",
    ]) || words.joined().ends_with("phone");
    if (phone_name && most(is_phone_like)) || (values.len() >= 5 && most(is_phone)) {
        return Some(Personal::PhoneNumber);
    }
    by_name(words, &most)
}

fn by_name(words: &NameWords, most: &dyn Fn(fn(&str) -> bool) -> bool) -> Option<Personal> {
    let joined = words.joined();
    let about_things = words.any(&[
        "company", "product", "file", "country", "city", "state", "brand", "item", "event", "category",
        "class", "team", "column", "table", "host", "domain", "store", "shop", "model", "species", "station",
        "street",
    ]);
    if matches!(
        joined,
        "firstname" | "givenname" | "forename" | "vorname" | "prenom" | "pr\u{e9}nom" | "nombre" | "fname"
    ) || joined.ends_with("firstname")
    {
        return most(is_name_part).then_some(Personal::FirstName);
    }
    if matches!(
        joined,
        "lastname"
            | "surname"
            | "familyname"
            | "nachname"
            | "apellido"
            | "apellidos"
            | "nomdefamille"
            | "lname"
    ) || joined.ends_with("lastname")
        || joined.ends_with("surname")
    {
        return most(is_name_part).then_some(Personal::LastName);
    }
    let person_name =
        (words.any(&["name", "fullname", "nom", "nome"]) || joined.ends_with("name")) && !about_things;
    if person_name {
        let about_people = words.any(&[
            "full",
            "customer",
            "contact",
            "person",
            "patient",
            "employee",
            "passenger",
            "client",
            "user",
            "student",
            "member",
            "owner",
            "author",
            "guest",
            "subscriber",
            "fullname",
            "driver",
            "applicant",
        ]);
        return (about_people && most(is_name_part) || most(is_full_name)).then_some(Personal::Name);
    }
    let address = words.any(&[
        "address",
        "addr",
        "street",
        "adresse",
        "anschrift",
        "direccion",
        "strasse",
        "rue",
        "endereco",
    ]) || joined.ends_with("address");
    if address && !words.any(&["email", "mail", "ip", "mac", "web", "url"]) {
        return most(is_address).then_some(Personal::Address);
    }
    None
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    !local.is_empty()
        && local.len() <= 64
        && !local.contains([' ', '@', ',', ';'])
        && domain.len() <= 253
        && domain.contains('.')
        && domain
            .split('.')
            .all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'))
        && domain
            .rsplit('.')
            .next()
            .is_some_and(|top| top.len() >= 2 && !top.bytes().any(|b| b.is_ascii_digit()))
}

fn is_ipv4(text: &str) -> bool {
    text.parse::<std::net::Ipv4Addr>().is_ok()
}

fn is_ipv6(text: &str) -> bool {
    text.len() > 3 && text.parse::<std::net::Ipv6Addr>().is_ok()
}

/// Country, two check digits, up to 30 letters and digits, with the remainder 1 modulo 97 (ISO 13616).
fn is_iban(text: &str) -> bool {
    let compact: Vec<u8> = text.bytes().filter(|&byte| byte != b' ').collect();
    if !(15..=34).contains(&compact.len())
        || !compact[..2].iter().all(u8::is_ascii_uppercase)
        || !compact[2..4].iter().all(u8::is_ascii_digit)
        || !compact.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    {
        return false;
    }
    let remainder = compact[4..].iter().chain(&compact[..4]).fold(0_u32, |remainder, &byte| {
        if byte.is_ascii_digit() {
            (remainder * 10 + u32::from(byte - b'0')) % 97
        } else {
            (remainder * 100 + u32::from(byte - b'A') + 10) % 97
        }
    });
    remainder == 1
}

/// 13 to 19 digits, perhaps in groups, that begin as card numbers do and pass Luhn's check.
fn is_card(text: &str) -> bool {
    if !text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b' ' | b'-')) {
        return false;
    }
    let digits: Vec<u32> =
        text.bytes().filter(u8::is_ascii_digit).map(|byte| u32::from(byte - b'0')).collect();
    if !(13..=19).contains(&digits.len()) || !matches!(digits[0], 2..=6) {
        return false;
    }
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| match place % 2 {
            0 => digit,
            _ if digit > 4 => digit * 2 - 9,
            _ => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// `123-45-6789` with parts that have been given out.
fn is_ssn(text: &str) -> bool {
    let [a, b, c, b'-', d, e, b'-', rest @ ..] = text.as_bytes() else { return false };
    let digits = [a, b, c, d, e].into_iter().chain(rest).all(u8::is_ascii_digit);
    digits
        && rest.len() == 4
        && ![*a, *b, *c].starts_with(b"000")
        && *a != b'9'
        && !(*d == b'0' && *e == b'0')
        && rest != b"0000"
}

/// Digits with the punctuation of telephone numbers, which must show some: `+49 30 123456`, `(206) 555-0100`.
fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if !(7..=15).contains(&digits) || !is_phone_like(text) {
        return false;
    }
    let shape: Vec<usize> =
        text.split(|c: char| !c.is_ascii_digit()).map(str::len).filter(|&len| len > 0).collect();
    text.starts_with('+')
        || (text.starts_with('(') && text.contains(')'))
        || shape == [3, 3, 4]
        || shape == [1, 3, 3, 4]
}

fn is_phone_like(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (5..=17).contains(&digits)
        && text.len() <= 28
        && text.bytes().enumerate().all(|(at, byte)| {
            byte.is_ascii_digit()
                || matches!(byte, b' ' | b'(' | b')' | b'-' | b'.' | b'/' | b'x')
                || (byte == b'+' && at == 0)
        })
}

fn is_name_part(text: &str) -> bool {
    (1..=60).contains(&text.chars().count())
        && text.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '\'' | '-' | '.' | '\u{2019}' | ','))
        && text.chars().any(char::is_alphabetic)
}

/// Two to six words without digits, most of which begin with a capital: `Dr. Ada King`, `Braund, Mr. Owen Harris`.
fn is_full_name(text: &str) -> bool {
    // Further names and remarks may stand in brackets.
    let main = text.split('(').next().unwrap_or(text).trim();
    let words: Vec<&str> = main.split_whitespace().collect();
    let capitals =
        words.iter().filter(|word| word.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase));
    (2..=9).contains(&words.len())
        && capitals.count() * 3 >= words.len() * 2
        && text.len() <= 100
        && !text.chars().any(|c| c.is_ascii_digit() || matches!(c, '/' | '@' | '_' | ':' | ';' | '#'))
}

fn is_address(text: &str) -> bool {
    text.len() >= 5
        && text.chars().any(char::is_alphabetic)
        && text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()).count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, values: &[&str]) -> Option<Personal> {
        detect(values, &NameWords::new(name))
    }

    #[test]
    fn values_are_checked() {
        assert_eq!(found("x", &["ada@example.org", "b.c+d@mail.example.co.uk"]), Some(Personal::Email));
        assert_eq!(found("x", &["a@b", "not an address"]), None);
        assert_eq!(found("x", &["192.168.0.1", "10.0.0.255"]), Some(Personal::Ipv4Address));
        assert_eq!(found("x", &["192.168.0.256", "10.0.0.1"]), None);
        assert_eq!(found("x", &["2001:db8::1", "::ffff:0:1"]), Some(Personal::Ipv6Address));
        assert_eq!(
            found("x", &["GB82 WEST 1234 5698 7654 32", "DE89370400440532013000"]),
            Some(Personal::Iban)
        );
        assert_eq!(found("x", &["GB82 WEST 1234 5698 7654 33", "DE89370400440532013001"]), None);
        assert_eq!(
            found("card", &["4111 1111 1111 1111", "5500005555555559"]),
            Some(Personal::CreditCardNumber)
        );
        assert_eq!(found("card", &["4111 1111 1111 1112", "5500005555555558"]), None);
        assert_eq!(found("ssn", &["123-45-6789"]), Some(Personal::Ssn));
        assert_eq!(found("ssn", &["000-45-6789"]), None);
    }

    #[test]
    fn telephone_numbers() {
        let numbers =
            ["(206) 555-0100", "+1 206 555 0101", "206-555-0102", "206.555.0103", "+44 20 7946 0000"];
        assert_eq!(found("x", &numbers), Some(Personal::PhoneNumber));
        assert_eq!(found("Phone", &["030-0074321", "0921-12 34 65"]), Some(Personal::PhoneNumber));
        assert_eq!(found("x", &["030-0074321", "0921-12 34 65"]), None);
        assert_eq!(
            found("date", &["2020-01-31", "2020-02-01", "2020-02-02", "2020-02-03", "2020-02-04"]),
            None
        );
    }

    #[test]
    fn names_and_addresses_need_a_telling_column() {
        assert_eq!(
            found("name", &["Braund, Mr. Owen Harris", "Heikkinen, Miss. Laina"]),
            Some(Personal::Name)
        );
        assert_eq!(found("Name", &["Rock", "Jazz"]), None);
        assert_eq!(found("FirstName", &["Lu\u{ed}s", "Anne-Marie"]), Some(Personal::FirstName));
        assert_eq!(found("Nachname", &["K\u{f6}hler"]), Some(Personal::LastName));
        assert_eq!(found("CompanyName", &["Speedy Express", "Federal Shipping"]), None);
        assert_eq!(found("Address", &["12 Orchestra Terrace", "Obere Str. 57"]), Some(Personal::Address));
        assert_eq!(found("anything", &["12 Orchestra Terrace", "Obere Str. 57"]), None);
    }
}
