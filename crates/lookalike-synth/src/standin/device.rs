//! Addresses of devices, pages and vehicles.

use std::fmt::Write as _;

use lookalike_table::Locale;

use super::shape;

/// Networks that no device on the internet has: 192.0.2.0/24, 198.51.100.0/24 and 203.0.113.0/24 for documentation
/// (RFC 5737), and 198.18.0.0/15 for measurements (RFC 2544).
pub(super) const IPV4_SPACE: u64 = 3 * 254 + 2 * 65_536;

pub(super) fn ipv4(number: u64, out: &mut String) {
    const DOCUMENTATION: [&str; 3] = ["192.0.2", "198.51.100", "203.0.113"];
    if let Some(network) = DOCUMENTATION.get((number / 254) as usize) {
        let _ = write!(out, "{network}.{}", number % 254 + 1);
    } else {
        let host = number - 3 * 254;
        let _ = write!(out, "198.{}.{}.{}", 18 + host / 65_536, host / 256 % 256, host % 256);
    }
}

/// `2001:db8::/32` is for documentation (RFC 3849).
pub(super) const IPV6_SPACE: u64 = 1 << 48;

pub(super) fn ipv6(number: u64, out: &mut String) {
    let group = |shift: u32| (number >> shift) & 0xffff;
    // Long form in part, so that no two spellings of one address arise.
    let address =
        std::net::Ipv6Addr::new(0x2001, 0xdb8, group(32) as u16, 0, 0, 0, group(16) as u16, group(0) as u16);
    out.push_str(&address.to_string());
}

/// Locally administered addresses of single devices: the second hexadecimal digit is 2, 6, A or E (IEEE 802).
pub(super) const MAC_SPACE: u64 = 1 << 46;

pub(super) fn mac(number: u64, out: &mut String) {
    let first = ((number >> 40) as u8 & 0x3f) << 2 | 0b10;
    let _ = write!(out, "{first:02x}");
    for shift in [32, 24, 16, 8, 0] {
        let _ = write!(out, ":{:02x}", (number >> shift) as u8);
    }
}

/// Domains that belong to nobody (RFC 2606, RFC 6761).
pub(super) const DOMAINS: [&str; 3] = ["example.com", "example.org", "example.net"];

const PATHS: [&str; 16] = [
    "about", "account", "archive", "blog", "cart", "category", "contact", "docs", "faq", "home", "login",
    "news", "product", "search", "support", "user",
];

pub(super) const URL_SPACE: u64 = 2 * 3 * 16 * 1_000_000_000;

pub(super) fn url(number: u64, out: &mut String) {
    let (page, number) = (number % 1_000_000_000, number / 1_000_000_000);
    let (path, number) = (PATHS[(number % 16) as usize], number / 16);
    let (domain, number) = (DOMAINS[(number % 3) as usize], number / 3);
    let host = if number % 2 == 0 { "www." } else { "" };
    let _ = write!(out, "https://{host}{domain}/{path}/{page}");
}

const PLATFORMS: [&str; 6] = [
    "Windows NT 10.0; Win64; x64",
    "Macintosh; Intel Mac OS X 10_15_7",
    "X11; Linux x86_64",
    "Linux; Android 14; Pixel 8",
    "Linux; Android 13; SM-S911B",
    "iPhone; CPU iPhone OS 17_5 like Mac OS X",
];

/// Common browsers on common systems.
pub(super) const USER_AGENT_SPACE: u64 = 6 * 3 * 30;

pub(super) fn user_agent(number: u64, out: &mut String) {
    let (version, number) = (number % 30 + 100, number / 30);
    let (browser, platform) = (number % 3, PLATFORMS[(number / 3 % 6) as usize]);
    let text = match browser {
        0 => format!(
            "Mozilla/5.0 ({platform}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version}.0.0.0 Safari/537.36"
        ),
        1 => format!("Mozilla/5.0 ({platform}; rv:{version}.0) Gecko/20100101 Firefox/{version}.0"),
        _ => format!(
            "Mozilla/5.0 ({platform}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version}.0.0.0 Safari/537.36 \
             Edg/{version}.0.0.0"
        ),
    };
    out.push_str(&text);
}

/// What vehicle identification numbers are made of: no I, O and Q.
const VIN_SIGNS: &[u8; 33] = b"0123456789ABCDEFGHJKLMNPRSTUVWXYZ";
const MAKERS: [&str; 12] =
    ["1HG", "1FA", "1G1", "2T1", "3VW", "4T1", "5YJ", "JTD", "KMH", "WVW", "VF1", "YV1"];

pub(super) const VIN_SPACE: u64 = 12 * 39_135_393 * 1_000_000;

/// Maker, five signs, the check digit (49 CFR 565.15), a Z where the model year stands, which is the letter of none, the
/// plant, and six digits.
pub(super) fn vin(number: u64, out: &mut String) {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let (serial, mut number) = (number % 1_000_000, number / 1_000_000);
    let mut text: Vec<u8> = MAKERS[(number % 12) as usize].bytes().collect();
    number /= 12;
    for _ in 0..5 {
        text.push(VIN_SIGNS[(number % 33) as usize]);
        number /= 33;
    }
    text.extend_from_slice(b"0ZA");
    text.extend(format!("{serial:06}").bytes());
    let value = |byte: u8| match byte {
        b'0'..=b'9' => u32::from(byte - b'0'),
        b'A'..=b'H' => u32::from(byte - b'A') + 1,
        b'J'..=b'R' => u32::from(byte - b'J') + 1,
        _ => u32::from(byte.wrapping_sub(b'S')) + 2,
    };
    let sum: u32 = text.iter().zip(WEIGHTS).map(|(&byte, weight)| value(byte) * weight).sum();
    text[8] = match sum % 11 {
        10 => b'X',
        rest => b'0' + rest as u8,
    };
    out.extend(text.into_iter().map(char::from));
}

pub(super) fn plate_space(locale: Locale) -> u64 {
    shape::space_of(super::region::region(locale).plates)
}
