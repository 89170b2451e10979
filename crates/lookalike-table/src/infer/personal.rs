//! Personal data: recognized by checks of the values, and for names and addresses by the column's name together
//! with the shape of its values.

use super::names::NameWords;
use super::people::has_given_name;
use crate::schema::Personal;

/// The share of values that must pass a check.
const SHARE: f64 = 0.95;

/// The share of values with a common given name from which on they are those of people.
const GIVEN_SHARE: f64 = 0.2;

/// Words for what is counted, made or released, whose numbers may look like those of people.
const THINGS: [&str; 28] = [
    "count", "code", "version", "release", "build", "firmware", "part", "sku", "serial", "article",
    "artikel", "product", "item", "model", "batch", "lot", "order", "invoice", "ticket", "tracking",
    "amount", "quantity", "total", "price", "weight", "date", "time", "score",
];

/// The sort of personal data that these values are. Values are distinct and not missing; a few hundred are enough.
pub(crate) fn detect(values: &[&str], words: &NameWords) -> Option<Personal> {
    if values.is_empty() {
        return None;
    }
    let most = most_of(values);
    let about_things = words.any(&THINGS);
    if most(is_ipv4) && !about_things {
        return Some(Personal::Ipv4Address);
    }
    let checks: [(Check, Personal); 4] = [
        (is_email, Personal::Email),
        (is_ipv6, Personal::Ipv6Address),
        (is_mac, Personal::MacAddress),
        (is_iban, Personal::Iban),
    ];
    if let Some((_, sort)) = checks.into_iter().find(|(check, _)| most(*check)) {
        return Some(sort);
    }
    let card_name = words.any(&["card", "cc", "creditcard", "pan", "kreditkarte", "tarjeta", "carte"]);
    let payment_name =
        card_name && words.any(&["credit", "debit", "payment", "number", "no", "num", "nummer", "numero"]);
    // Numbers that were made up for a test pass no check, and stand for cards all the same.
    let is_named_card = (card_name && most(is_numbered_card))
        || (payment_name && most(|text| (13..=19).contains(&card_digits(text).len())));
    if is_named_card || (values.len() >= 10 && most(is_card)) {
        return Some(Personal::CreditCardNumber);
    }
    if most(is_ssn) && ((values.len() >= 5 && !about_things) || words.any(&["ssn", "social", "sin", "nino"]))
    {
        return Some(Personal::Ssn);
    }
    if most(is_vin) && (values.len() >= 10 || words.any(&["vin"])) {
        return Some(Personal::Vin);
    }
    if most(is_url) {
        return Some(Personal::Url);
    }
    if most(is_user_agent) {
        return Some(Personal::UserAgentString);
    }
    if words.any(&["swift", "bic", "swiftcode"]) {
        if most(|text| is_swift(text, 8)) {
            return Some(Personal::Swift8);
        }
        if most(|text| is_swift(text, 8) || is_swift(text, 11)) {
            return Some(Personal::Swift11);
        }
    }
    if words.any(&NATIONAL) && !words.any(&["count", "number_of", "type", "score"]) && most(is_national) {
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
    if (phone_name && most(is_phone_like)) || (values.len() >= 5 && !about_things && most(is_phone)) {
        return Some(Personal::PhoneNumber);
    }
    by_name(words, values, &most)
}

/// True for sorts that the values alone give away, or nearly so.
pub(crate) fn is_told_by_value(sort: Personal) -> bool {
    !matches!(
        sort,
        Personal::Name
            | Personal::FirstName
            | Personal::LastName
            | Personal::Address
            | Personal::StreetAddress
            | Personal::UserName
    )
}

/// The sort of what is no more than a level where it repeats, and close to a person where it does not: to be asked of
/// texts that seldom repeat.
pub(crate) fn detect_rare(values: &[&str], words: &NameWords) -> Option<Personal> {
    if values.is_empty() {
        return None;
    }
    let most = most_of(values);
    let joined = words.joined();
    let named = |list: &[&str]| words.any(list) || list.contains(&joined);
    if named(&[
        "company",
        "employer",
        "firm",
        "organization",
        "organisation",
        "firma",
        "empresa",
        "entreprise",
    ]) && !words.any(&["size", "type", "id", "code", "about", "description"])
    {
        return most(is_title).then_some(Personal::Company);
    }
    if named(&["job", "occupation", "profession", "jobtitle", "beruf", "poste", "puesto"])
        && !words.any(&["id", "code", "description", "level"])
    {
        return most(is_title).then_some(Personal::Job);
    }
    if named(&["city", "town", "ort", "stadt", "ville", "ciudad", "cidade", "citta", "municipality"]) {
        return most(is_place).then_some(Personal::City);
    }
    if named(&["state", "province", "county", "region", "bundesland"]) && !words.any(&["machine", "of"]) {
        return most(is_place).then_some(Personal::AdministrativeUnit);
    }
    if named(&["zip", "zipcode", "postcode", "postalcode", "plz", "cep", "cap", "postal"]) {
        return most(is_postcode).then_some(Personal::Postcode);
    }
    if named(&[
        "plate",
        "licenseplate",
        "licenceplate",
        "numberplate",
        "kennzeichen",
        "immatriculation",
        "targa",
    ]) {
        return most(is_plate).then_some(Personal::LicensePlate);
    }
    if named(&["apartment", "apt", "flat", "unit", "address2", "suite"]) {
        return most(is_flat).then_some(Personal::SecondaryAddress);
    }
    None
}

type Check = fn(&str) -> bool;

/// Whether nearly all values pass a check.
fn most_of<'a>(values: &'a [&'a str]) -> impl Fn(Check) -> bool + 'a {
    |check| values.iter().filter(|value| check(value.trim())).count() as f64 >= SHARE * values.len() as f64
}

/// Words that announce numbers which a state gives its people.
const NATIONAL: [&str; 25] = [
    "ssn",
    "sin",
    "nino",
    "nir",
    "insee",
    "dni",
    "nif",
    "nie",
    "cpf",
    "bsn",
    "pesel",
    "personnummer",
    "aadhaar",
    "aadhar",
    "codicefiscale",
    "fiscale",
    "steuerid",
    "idnr",
    "svnr",
    "tckn",
    "curp",
    "nhs",
    "nationalid",
    "passport",
    "mynumber",
];

fn by_name(words: &NameWords, values: &[&str], most: &dyn Fn(Check) -> bool) -> Option<Personal> {
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
    if matches!(joined, "username" | "userlogin" | "login" | "loginname" | "screenname" | "nickname")
        || joined.ends_with("username")
    {
        return most(is_user_name).then_some(Personal::UserName);
    }
    if let Some(name) = people(words, joined, values, most).filter(|_| !about_things) {
        return Some(name);
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
        let street =
            words.any(&["street", "strasse", "rue", "line", "line1"]) || !most(|text| !is_street(text));
        return most(is_address).then_some(if street { Personal::StreetAddress } else { Personal::Address });
    }
    None
}

/// People's names under a column that is called after names, or after people.
fn people(
    words: &NameWords,
    joined: &str,
    values: &[&str],
    most: &dyn Fn(Check) -> bool,
) -> Option<Personal> {
    const PEOPLE: [&str; 36] = [
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
        "driver",
        "applicant",
        "teacher",
        "doctor",
        "physician",
        "tenant",
        "recipient",
        "sender",
        "signatory",
        "manager",
        "agent",
        "nurse",
        "kunde",
        "patientin",
        "mitarbeiter",
        "autor",
        "cliente",
        "empleado",
        "paciente",
        "auteur",
        "salarie",
        "paziente",
    ];
    let given = || {
        let with = values.iter().filter(|text| has_given_name(text)).count();
        with as f64 >= GIVEN_SHARE * values.len() as f64
    };
    if joined == "first" && most(is_name_part) && given() {
        return Some(Personal::FirstName);
    }
    if joined == "last" && values.len() >= 20 && most(|text| is_name_part(text) && begins_large(text)) {
        return Some(Personal::LastName);
    }
    let named = words.any(&["name", "fullname", "nom", "nome"]) || joined.ends_with("name");
    let about_people = words.any(&PEOPLE) || words.any(&["full", "fullname"]);
    let fits = if named && about_people {
        most(is_name_part) || most(is_full_name)
    } else if named || PEOPLE.contains(&joined) {
        // A name of what? Some of the commonest given names tell.
        most(is_full_name) && given()
    } else {
        false
    };
    fits.then_some(Personal::Name)
}

fn begins_large(text: &str) -> bool {
    text.chars().find(|c| c.is_alphabetic()).is_some_and(|c| !c.is_lowercase())
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
    let mut digits = text.bytes().filter(u8::is_ascii_digit);
    let long = text.bytes().filter(u8::is_ascii_digit).count() >= 13;
    long && digits.next().is_some_and(|first| matches!(first, b'2'..=b'6')) && is_numbered_card(text)
}

/// 12 to 19 digits, perhaps in groups, that pass Luhn's check, whoever gives them out.
fn is_numbered_card(text: &str) -> bool {
    let digits = card_digits(text);
    if !(12..=19).contains(&digits.len()) {
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

/// The digits of a text that has nothing else, but for what stands between groups; none of another text.
fn card_digits(text: &str) -> Vec<u32> {
    if !text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b' ' | b'-')) {
        return Vec::new();
    }
    text.bytes().filter(u8::is_ascii_digit).map(|byte| u32::from(byte - b'0')).collect()
}

/// `123-45-6789`, with parts that have been given out or that could be a stand-in's.
fn is_ssn(text: &str) -> bool {
    let [a, b, c, b'-', d, e, b'-', rest @ ..] = text.as_bytes() else { return false };
    let digits = [a, b, c, d, e].into_iter().chain(rest).all(u8::is_ascii_digit);
    digits
        && rest.len() == 4
        && ![*a, *b, *c].starts_with(b"000")
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
    // A bare number needs as many digits as subscribers' numbers have.
    let least = if text.bytes().all(|byte| byte.is_ascii_digit()) { 7 } else { 5 };
    (least..=17).contains(&digits)
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
    // Particles such as `de la`, `van der` and `dos` do not count.
    let particle = |word: &&str| word.len() <= 3 && word.chars().all(char::is_lowercase);
    let words: Vec<&str> = main.split_whitespace().filter(|word| !particle(word)).collect();
    let capitals = words.iter().filter(|word| begins_large(word));
    (2..=9).contains(&words.len())
        && capitals.count() * 3 >= words.len() * 2
        && text.len() <= 100
        && !text.chars().any(|c| c.is_ascii_digit() || matches!(c, '/' | '@' | '_' | ':' | ';' | '#'))
}

fn is_address(text: &str) -> bool {
    // Where words are not parted by blanks, a number among them is enough.
    let written_together =
        !text.is_ascii() && text.chars().any(char::is_numeric) && text.chars().count() >= 6;
    let words = text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()).count();
    text.len() >= 5 && text.chars().any(char::is_alphabetic) && (words >= 2 || written_together)
}

/// Six pairs of hexadecimal digits with colons or hyphens between.
fn is_mac(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 17
        && matches!(bytes[2], b':' | b'-')
        && bytes.iter().enumerate().all(|(at, byte)| match at % 3 {
            2 => *byte == bytes[2],
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Seventeen letters and digits without I, O and Q, the ninth of which checks the others (49 CFR 565.15).
fn is_vin(text: &str) -> bool {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let value = |byte: u8| match byte {
        b'0'..=b'9' => Some(u32::from(byte - b'0')),
        b'I' | b'O' | b'Q' => None,
        b'A'..=b'H' => Some(u32::from(byte - b'A') + 1),
        b'J'..=b'R' => Some(u32::from(byte - b'J') + 1),
        b'S'..=b'Z' => Some(u32::from(byte - b'S') + 2),
        _ => None,
    };
    if text.len() != 17 {
        return false;
    }
    let mut sum = 0;
    for (byte, weight) in text.bytes().zip(WEIGHTS) {
        let Some(value) = value(byte) else { return false };
        sum += value * weight;
    }
    let check = text.as_bytes()[8];
    if sum % 11 == 10 { check == b'X' } else { u32::from(check.wrapping_sub(b'0')) == sum % 11 }
}

fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
        host.contains('.') && !rest.contains(char::is_whitespace)
    })
}

fn is_user_agent(text: &str) -> bool {
    (text.starts_with("Mozilla/") || text.starts_with("Opera/") || text.starts_with("Dalvik/"))
        && text.contains('(')
}

/// Four letters for the bank, two for the country, two or five characters for place and branch (ISO 9362).
fn is_swift(text: &str, length: usize) -> bool {
    text.len() == length
        && text.bytes().enumerate().all(|(at, byte)| {
            if at < 6 {
                byte.is_ascii_uppercase()
            } else {
                byte.is_ascii_uppercase() || byte.is_ascii_digit()
            }
        })
}

/// Six to twenty letters and digits, most of them digits, perhaps in groups.
fn is_national(text: &str) -> bool {
    let count = |check: fn(&u8) -> bool| text.bytes().filter(check).count();
    let digits = count(u8::is_ascii_digit);
    let letters = count(u8::is_ascii_alphabetic);
    let other = text.len() - digits - letters;
    (6..=20).contains(&(digits + letters))
        && digits >= 6
        && other <= 5
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'-' | b'.' | b'/' | b'+'))
}

fn is_user_name(text: &str) -> bool {
    (2..=40).contains(&text.chars().count())
        && text.chars().any(char::is_alphabetic)
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@'))
}

/// A street without the town: no comma, and no group of digits as long as a postcode's.
fn is_street(text: &str) -> bool {
    !text.contains(',')
        && !text.contains('\n')
        && !text.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() >= 5)
}

/// A few words of letters, with a sign or a digit here and there, as companies and occupations are called.
fn is_title(text: &str) -> bool {
    let words = text.split_whitespace().count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    (1..=10).contains(&words) && text.len() <= 120 && letters * 2 > text.chars().count()
}

/// Words without digits, the first letter a capital.
fn is_place(text: &str) -> bool {
    text.chars().next().is_some_and(|c| c.is_uppercase() || (c.is_alphabetic() && !c.is_lowercase()))
        && text.len() <= 80
        && text.chars().all(|c| {
            c.is_alphabetic() || matches!(c, ' ' | '\'' | '-' | '.' | '\u{2019}' | '(' | ')' | '/' | ',')
        })
}

/// Three to ten capitals, digits, spaces and hyphens with a digit among them.
fn is_postcode(text: &str) -> bool {
    (3..=10).contains(&text.len())
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase() || matches!(byte, b' ' | b'-'))
}

fn is_plate(text: &str) -> bool {
    (3..=12).contains(&text.chars().count())
        && text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(|c| c.is_numeric() || c.is_uppercase() || matches!(c, ' ' | '-' | '\u{b7}'))
}

/// A short text with a number or a letter for the flat.
fn is_flat(text: &str) -> bool {
    text.len() <= 30 && text.bytes().any(|byte| byte.is_ascii_digit())
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
        // Numbers that nobody is given are none, unless the column says that they are meant to be.
        assert_eq!(found("x", &["000-45-6789"]), None);
    }

    #[test]
    fn devices_vehicles_and_banks() {
        assert_eq!(found("x", &["02:00:5e:10:00:01", "0A-00-5E-10-00-FF"]), Some(Personal::MacAddress));
        assert_eq!(found("vin", &["1M8GDM9AXKP042788", "11111111111111111"]), Some(Personal::Vin));
        assert_eq!(found("vin", &["1M8GDM9A1KP042788", "11111111211111111"]), None);
        assert_eq!(found("x", &["https://www.example.org/a?b", "http://example.com"]), Some(Personal::Url));
        let agents = ["Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"];
        assert_eq!(found("agent", &agents), Some(Personal::UserAgentString));
        assert_eq!(found("BIC", &["COBADEFF", "DEUTDEFF"]), Some(Personal::Swift8));
        assert_eq!(found("code", &["COBADEFF", "DEUTDEFF"]), None);
        assert_eq!(found("pesel", &["44051401359", "02070803628"]), Some(Personal::Ssn));
        assert_eq!(found("amount", &["44051401359", "02070803628"]), None);
        assert_eq!(found("user_name", &["ada.king", "c_babbage"]), Some(Personal::UserName));
    }

    #[test]
    fn towns_and_companies_need_a_name_and_the_shape() {
        let rare = |name: &str, values: &[&str]| detect_rare(values, &NameWords::new(name));
        assert_eq!(rare("City", &["Walla Walla", "M\u{fc}nchen"]), Some(Personal::City));
        assert_eq!(rare("City", &["x7", "y8"]), None);
        assert_eq!(rare("note", &["Walla Walla", "M\u{fc}nchen"]), None);
        assert_eq!(rare("company", &["Speedy Express", "A1 Shipping"]), Some(Personal::Company));
        assert_eq!(rare("company size", &["Speedy Express", "A1 Shipping"]), None);
        assert_eq!(rare("postal_code", &["12209", "WA1 1DP"]), Some(Personal::Postcode));
        assert_eq!(rare("postal_code", &["unknown"]), None);
        assert_eq!(rare("Kennzeichen", &["B-AB 123", "M-X 1"]), Some(Personal::LicensePlate));
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
    fn things_are_no_people() {
        let cases: [(&str, &[&str]); 12] = [
            ("name", &["Blue Pump", "Turbo Widget", "Old Valve"]),
            ("song_name", &["Dark Day Love", "Bright Sun Rain"]),
            ("recipe_name", &["Cold Corn Salad", "Fried Bean Bowl"]),
            ("patient", &["Stationary Care", "Day Clinic"]),
            ("passport_count", &["5717436", "1552910"]),
            ("codice", &["ART000396", "ART000192"]),
            ("version", &["1.221.111.191", "1.40.244.21"]),
            ("part_no", &["518-13-2272", "625-26-9172", "123-45-6789", "321-45-6789", "219-09-9999"]),
            ("date_code", &["476-228-0724", "431-396-5777", "206-555-0102", "206-555-0103", "206-555-0104"]),
            ("mobile", &["75145", "45429"]),
            ("handle", &["grip_224", "grip_368"]),
            ("last", &["yes", "no"]),
        ];
        for (name, values) in cases {
            assert_eq!(found(name, values), None, "{name}");
        }
    }

    #[test]
    fn people_are_found_under_what_they_are_called() {
        let names = [
            "Lucie Dijoux",
            "Genevi\u{e8}ve-Marthe Lenoir",
            "Maurice Sanchez de la Da Costa",
            "Alfred Wilson",
        ];
        for column in ["patient", "Customer", "employee", "author", "kunde", "Name"] {
            assert_eq!(found(column, &names), Some(Personal::Name), "{column}");
        }
        assert_eq!(found("Name", &["\u{4f50}\u{3005}\u{6728} \u{6625}\u{9999}"]), Some(Personal::Name));
        assert_eq!(found("first", &["Marcelle", "Arthur", "Pierre"]), Some(Personal::FirstName));
        let address = "\u{4eac}\u{90fd}\u{5e9c}\u{6a2a}\u{6d5c}\u{5e02}7\u{4e01}\u{76ee}6\u{756a}8\u{53f7}";
        assert!(found("addr", &[address]).is_some());
        // Twelve digits, and ones that begin with 0: cards where the name says so.
        let cards = ["676371443356", "0604541234567892", "4111111111111111"];
        assert_eq!(found("cc", &cards), Some(Personal::CreditCardNumber));
        assert_eq!(found("x", &cards), None);
        // Whose check digit is wrong, where the name leaves no doubt.
        let made_up = ["9579763555361876", "9362211405678021", "9000129953694112"];
        assert_eq!(found("credit_card_number", &made_up), Some(Personal::CreditCardNumber));
        assert_eq!(found("card_no", &made_up), Some(Personal::CreditCardNumber));
        for column in ["card_id", "cc", "number", "x"] {
            assert_eq!(found(column, &made_up), None, "{column}");
        }
        assert_eq!(found("card_number", &["17", "18", "19"]), None);
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
        let streets = ["12 Orchestra Terrace", "Obere Str. 57"];
        assert_eq!(found("Address", &streets), Some(Personal::StreetAddress));
        let whole = ["12 Orchestra Terrace, Walla Walla, WA 99362", "Obere Str. 57, 12209 Berlin"];
        assert_eq!(found("Address", &whole), Some(Personal::Address));
        assert_eq!(found("anything", &["12 Orchestra Terrace", "Obere Str. 57"]), None);
    }
}
