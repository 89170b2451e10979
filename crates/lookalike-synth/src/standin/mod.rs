//! Stand-ins for personal data: names, addresses, numbers and the like of nobody.
//!
//! A stand-in is made from a *person*, 64 random bits, and a locale. All that is made from one person fits together: an
//! e-mail address fits its name, a postcode its town. Nothing of a table goes into it but the sort of the column, so no
//! training value can come out, beyond what chance makes. Every number has the form and the check digits of its kind,
//! and is taken from ranges that belong to nobody where a kind has such.
//!
//! ```
//! use lookalike_core::Seed;
//! use lookalike_synth::standin::{Fake, Person};
//! use lookalike_table::{Locale, Personal};
//!
//! let person = Person::draw(&mut Seed::new(1).stream("people", 0));
//! let of = |sort| Fake::new(sort, Locale::DeDe).text(person);
//! assert_eq!(of(Personal::Name), format!("{} {}", of(Personal::FirstName), of(Personal::LastName)));
//! assert!(of(Personal::Address).contains(&of(Personal::City)));
//! assert!(of(Personal::Iban).starts_with("DE"));
//! ```

mod bank;
mod check;
mod choose;
mod column;
mod consistent;
mod device;
mod guess;
mod national;
mod person;
mod region;
mod shape;

use lookalike_table::{Locale, Personal};

pub use choose::StandIns;
pub use column::FakeColumn;
pub use person::Person;

pub(crate) use choose::columns;
pub(crate) use consistent::{warning as warning_of_pseudonyms, with_pseudonyms};

use person::Part;
use region::region;

/// A maker of stand-ins of one sort for one locale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fake {
    /// What is made.
    pub sort: Personal,
    /// Where it comes from.
    pub locale: Locale,
}

/// How many different stand-ins of a sort there are, and what makes them different.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Variety {
    /// They follow from the person alone and repeat, as names do.
    Person,
    /// A number behind the person's name tells them apart.
    Suffix,
    /// They are numbers, of which there are so many.
    Numbers(u64),
}

impl Fake {
    /// A maker of this sort.
    pub fn new(sort: Personal, locale: Locale) -> Self {
        Fake { sort, locale }
    }

    /// How many rows can have a stand-in each that no other row has; `None` for sorts that repeat, such as names.
    ///
    /// ```
    /// use lookalike_synth::standin::Fake;
    /// use lookalike_table::{Locale, Personal};
    /// assert_eq!(Fake::new(Personal::Name, Locale::EnUs).distinct(), None);
    /// assert_eq!(Fake::new(Personal::Ssn, Locale::EsEs).distinct(), Some(100_000_000));
    /// assert_eq!(Fake::new(Personal::Email, Locale::EnUs).distinct(), Some(u64::MAX));
    /// ```
    pub fn distinct(&self) -> Option<u64> {
        match self.variety() {
            Variety::Person => None,
            Variety::Suffix => Some(u64::MAX),
            Variety::Numbers(space) => Some(space),
        }
    }

    /// The stand-in for this person.
    pub fn text(&self, person: Person) -> String {
        let mut text = String::new();
        self.write(person, &mut text);
        text
    }

    /// Writes the stand-in for this person at the end of `out`.
    pub fn write(&self, person: Person, out: &mut String) {
        let number = match self.variety() {
            Variety::Numbers(space) => Some(person.below(Part::Numbered(self.sort as u8), space)),
            _ => None,
        };
        self.write_numbered(person, number, out);
    }

    fn variety(self) -> Variety {
        match self.sort {
            Personal::Email | Personal::UserName => Variety::Suffix,
            Personal::CreditCardNumber => Variety::Numbers(bank::card_space()),
            Personal::Iban => Variety::Numbers(bank::iban_space(self.locale)),
            Personal::Swift8 => Variety::Numbers(bank::SWIFT_SPACE),
            Personal::Swift11 => Variety::Numbers(bank::SWIFT_BRANCH_SPACE),
            Personal::Ssn => Variety::Numbers(national::space(self.locale)),
            Personal::Ipv4Address => Variety::Numbers(device::IPV4_SPACE),
            Personal::Ipv6Address => Variety::Numbers(device::IPV6_SPACE),
            Personal::MacAddress => Variety::Numbers(device::MAC_SPACE),
            Personal::Url => Variety::Numbers(device::URL_SPACE),
            Personal::Vin => Variety::Numbers(device::VIN_SPACE),
            Personal::LicensePlate => Variety::Numbers(device::plate_space(self.locale)),
            _ => Variety::Person,
        }
    }

    /// Writes the stand-in with this number, where its sort has numbers.
    fn write_numbered(self, person: Person, number: Option<u64>, out: &mut String) {
        let locale = self.locale;
        let n = number.unwrap_or_default();
        match self.sort {
            Personal::Email => person.write_email(locale, number, out),
            Personal::UserName => person.write_user_name(locale, number, out),
            Personal::PhoneNumber => person.write_phone(locale, out),
            Personal::CreditCardNumber => bank::card(n, out),
            Personal::Iban => bank::iban(locale, n, out),
            Personal::Swift8 => bank::swift(locale.country_code(), n, false, out),
            Personal::Swift11 => bank::swift(locale.country_code(), n, true, out),
            Personal::Ssn => national::write(locale, person, n, out),
            Personal::Ipv4Address => device::ipv4(n, out),
            Personal::Ipv6Address => device::ipv6(n, out),
            Personal::MacAddress => device::mac(n, out),
            Personal::Url => device::url(n, out),
            Personal::UserAgentString => {
                let number = person.below(Part::Numbered(self.sort as u8), device::USER_AGENT_SPACE);
                device::user_agent(number, out);
            }
            Personal::Vin => device::vin(n, out),
            Personal::LicensePlate => shape::write_of(region(locale).plates, n, out),
            Personal::Name => person.write_name(locale, out),
            Personal::FirstName => out.push_str(person.given(locale)),
            Personal::LastName => out.push_str(person.family(locale)),
            Personal::Address => person.write_address(locale, out),
            Personal::StreetAddress => person.write_street(locale, out),
            Personal::SecondaryAddress => person.write_flat(locale, out),
            Personal::City => out.push_str(person.place(locale).city),
            Personal::AdministrativeUnit => out.push_str(person.place(locale).state),
            Personal::StateAbbr => out.push_str(person.place(locale).abbr),
            Personal::Postcode => person.write_postcode(locale, out),
            Personal::Country => out.push_str(region(locale).country),
            Personal::CountryCode => out.push_str(locale.country_code()),
            Personal::Latitude => person.write_degrees(locale, true, out),
            Personal::Longitude => person.write_degrees(locale, false, out),
            Personal::Company => person.write_company(locale, out),
            Personal::Job => out.push_str(person.job(locale)),
            // The enum is open to others only: a sort without stand-ins would be a mistake of ours.
            other => unreachable!("{} has no stand-ins", other.sdtype()),
        }
    }
}

#[cfg(test)]
mod tests;
