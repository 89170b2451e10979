//! Sorts of personal data, and where people who have it live.

use crate::error::{Error, Result};

/// Sorts of personal data that a column may hold. Names are those of SDV's `sdtype`; where SDV has none, those of the
/// function of Python's Faker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Personal {
    /// E-mail addresses.
    Email,
    /// Telephone numbers.
    PhoneNumber,
    /// Payment card numbers (with a valid check digit).
    CreditCardNumber,
    /// International bank account numbers (with valid check digits).
    Iban,
    /// Internet addresses, version 4.
    Ipv4Address,
    /// Internet addresses, version 6.
    Ipv6Address,
    /// National insurance, social security, tax or identity numbers.
    Ssn,
    /// Full names of people.
    Name,
    /// Given names.
    FirstName,
    /// Family names.
    LastName,
    /// Postal addresses: street, postcode and city.
    Address,
    /// Names that people log in with.
    UserName,
    /// Streets with house numbers.
    StreetAddress,
    /// Flats and floors.
    SecondaryAddress,
    /// Towns.
    City,
    /// Names of states, provinces or counties.
    AdministrativeUnit,
    /// Short forms of states, provinces or counties.
    StateAbbr,
    /// Postcodes.
    Postcode,
    /// Names of countries.
    Country,
    /// Two letters for a country (ISO 3166-1).
    CountryCode,
    /// Degrees north.
    Latitude,
    /// Degrees east.
    Longitude,
    /// Names of companies.
    Company,
    /// Names of occupations.
    Job,
    /// Bank identifiers of eight characters (ISO 9362).
    Swift8,
    /// Bank identifiers of eleven characters (ISO 9362).
    Swift11,
    /// Vehicle identification numbers (ISO 3779).
    Vin,
    /// Licence plates.
    LicensePlate,
    /// Hardware addresses of network devices.
    MacAddress,
    /// Web addresses.
    Url,
    /// What browsers call themselves.
    UserAgentString,
}

/// Each sort with SDV's `sdtype` and what a column of it holds.
const SORTS: [(Personal, &str, &str); 31] = [
    (Personal::Email, "email", "e-mail addresses"),
    (Personal::PhoneNumber, "phone_number", "telephone numbers"),
    (Personal::CreditCardNumber, "credit_card_number", "card numbers"),
    (Personal::Iban, "iban", "bank account numbers"),
    (Personal::Ipv4Address, "ipv4_address", "internet addresses"),
    (Personal::Ipv6Address, "ipv6_address", "internet addresses"),
    (Personal::Ssn, "ssn", "social security or identity numbers"),
    (Personal::Name, "name", "names of people"),
    (Personal::FirstName, "first_name", "given names"),
    (Personal::LastName, "last_name", "family names"),
    (Personal::Address, "address", "postal addresses"),
    (Personal::UserName, "user_name", "user names"),
    (Personal::StreetAddress, "street_address", "streets and house numbers"),
    (Personal::SecondaryAddress, "secondary_address", "flats and floors"),
    (Personal::City, "city", "towns"),
    (Personal::AdministrativeUnit, "administrative_unit", "states or provinces"),
    (Personal::StateAbbr, "state_abbr", "short forms of states or provinces"),
    (Personal::Postcode, "postcode", "postcodes"),
    (Personal::Country, "country", "countries"),
    (Personal::CountryCode, "country_code", "codes of countries"),
    (Personal::Latitude, "latitude", "latitudes"),
    (Personal::Longitude, "longitude", "longitudes"),
    (Personal::Company, "company", "names of companies"),
    (Personal::Job, "job", "occupations"),
    (Personal::Swift8, "swift8", "bank identifiers"),
    (Personal::Swift11, "swift11", "bank identifiers"),
    (Personal::Vin, "vin", "vehicle identification numbers"),
    (Personal::LicensePlate, "license_plate", "licence plates"),
    (Personal::MacAddress, "mac_address", "hardware addresses"),
    (Personal::Url, "url", "web addresses"),
    (Personal::UserAgentString, "user_agent_string", "names of browsers"),
];

/// Other names for sorts: functions of Python's Faker, and words that people write.
const ALIASES: [(&str, Personal); 30] = [
    ("phone", Personal::PhoneNumber),
    ("telephone", Personal::PhoneNumber),
    ("e_mail", Personal::Email),
    ("ascii_email", Personal::Email),
    ("safe_email", Personal::Email),
    ("company_email", Personal::Email),
    ("free_email", Personal::Email),
    ("card", Personal::CreditCardNumber),
    ("national_id", Personal::Ssn),
    ("national_number", Personal::Ssn),
    ("surname", Personal::LastName),
    ("username", Personal::UserName),
    ("state", Personal::AdministrativeUnit),
    ("province", Personal::AdministrativeUnit),
    ("county", Personal::AdministrativeUnit),
    ("zip", Personal::Postcode),
    ("zipcode", Personal::Postcode),
    ("postalcode", Personal::Postcode),
    ("postal_code", Personal::Postcode),
    ("current_country", Personal::Country),
    ("current_country_code", Personal::CountryCode),
    ("ipv4", Personal::Ipv4Address),
    ("ipv6", Personal::Ipv6Address),
    ("swift", Personal::Swift8),
    ("bic", Personal::Swift8),
    ("occupation", Personal::Job),
    ("uri", Personal::Url),
    ("mac", Personal::MacAddress),
    ("user_agent", Personal::UserAgentString),
    ("licence_plate", Personal::LicensePlate),
];

impl Personal {
    /// All sorts, in a fixed order.
    pub fn all() -> impl Iterator<Item = Personal> {
        SORTS.into_iter().map(|(sort, ..)| sort)
    }

    /// SDV's `sdtype` for it.
    pub fn sdtype(self) -> &'static str {
        self.entry().1
    }

    /// What a column of it holds, in the plural.
    pub fn describe(self) -> &'static str {
        self.entry().2
    }

    /// The sort that an `sdtype`, or a function of Python's Faker, names.
    ///
    /// ```
    /// use lookalike_table::Personal;
    /// assert_eq!(Personal::from_sdtype("phone_number"), Some(Personal::PhoneNumber));
    /// assert_eq!(Personal::from_sdtype("zipcode"), Some(Personal::Postcode));
    /// assert_eq!(Personal::from_sdtype("numerical"), None);
    /// ```
    pub fn from_sdtype(name: &str) -> Option<Self> {
        let own = SORTS.into_iter().find(|(_, sdtype, _)| *sdtype == name).map(|(sort, ..)| sort);
        own.or_else(|| ALIASES.into_iter().find(|(alias, _)| *alias == name).map(|(_, sort)| sort))
    }

    fn entry(self) -> (Personal, &'static str, &'static str) {
        SORTS[self as usize]
    }
}

/// A country and one of its languages: where stand-ins for personal data come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub enum Locale {
    /// The United States of America.
    #[default]
    EnUs,
    /// The United Kingdom.
    EnGb,
    /// India, in English.
    EnIn,
    /// Germany.
    DeDe,
    /// France.
    FrFr,
    /// Spain.
    EsEs,
    /// Italy.
    ItIt,
    /// The Netherlands.
    NlNl,
    /// Poland.
    PlPl,
    /// Brazil.
    PtBr,
    /// Portugal.
    PtPt,
    /// Sweden.
    SvSe,
    /// Turkey.
    TrTr,
    /// Japan.
    JaJp,
}

impl Locale {
    /// All of them, in the order of their variants.
    pub const ALL: [Locale; 14] = [
        Locale::EnUs,
        Locale::EnGb,
        Locale::EnIn,
        Locale::DeDe,
        Locale::FrFr,
        Locale::EsEs,
        Locale::ItIt,
        Locale::NlNl,
        Locale::PlPl,
        Locale::PtBr,
        Locale::PtPt,
        Locale::SvSe,
        Locale::TrTr,
        Locale::JaJp,
    ];

    /// Its code: language and country.
    pub fn code(self) -> &'static str {
        match self {
            Locale::EnUs => "en_US",
            Locale::EnGb => "en_GB",
            Locale::EnIn => "en_IN",
            Locale::DeDe => "de_DE",
            Locale::FrFr => "fr_FR",
            Locale::EsEs => "es_ES",
            Locale::ItIt => "it_IT",
            Locale::NlNl => "nl_NL",
            Locale::PlPl => "pl_PL",
            Locale::PtBr => "pt_BR",
            Locale::PtPt => "pt_PT",
            Locale::SvSe => "sv_SE",
            Locale::TrTr => "tr_TR",
            Locale::JaJp => "ja_JP",
        }
    }

    /// The country's two letters (ISO 3166-1).
    pub fn country_code(self) -> &'static str {
        &self.code()[3..]
    }

    /// The locale of a code such as `de_DE`, `de-DE` or `DE_de`; of a language alone, the first that speaks it.
    ///
    /// ```
    /// use lookalike_table::Locale;
    /// assert_eq!(Locale::from_code("pt-BR"), Some(Locale::PtBr));
    /// assert_eq!(Locale::from_code("en"), Some(Locale::EnUs));
    /// assert_eq!(Locale::from_code("tlh"), None);
    /// ```
    pub fn from_code(code: &str) -> Option<Self> {
        let code = code.trim().replace('-', "_").to_ascii_lowercase();
        // An encoding may follow, as in an environment variable: de_DE.UTF-8.
        let code = code.split('.').next().unwrap_or_default();
        Self::ALL.into_iter().find(|locale| {
            let own = locale.code().to_ascii_lowercase();
            own == code || (code.len() == 2 && own.starts_with(code))
        })
    }

    /// The locale that a user names.
    ///
    /// # Errors
    /// [`Error::UnknownLocale`] when there is none, naming those that there are.
    pub fn parse(code: &str) -> Result<Self> {
        Self::from_code(code)
            .ok_or_else(|| Error::UnknownLocale { code: code.to_owned(), known: Self::codes() })
    }

    /// All codes, for messages.
    pub(crate) fn codes() -> String {
        Self::ALL.map(Locale::code).join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sdtypes_round_trip_and_stand_in_order() {
        for sort in Personal::all() {
            assert_eq!(Personal::from_sdtype(sort.sdtype()), Some(sort));
        }
        for (alias, _) in ALIASES {
            assert!(SORTS.iter().all(|(_, sdtype, _)| *sdtype != alias), "{alias}");
        }
    }

    #[test]
    fn locales_round_trip() {
        for locale in Locale::ALL {
            assert_eq!(Locale::from_code(locale.code()), Some(locale));
            assert_eq!(Locale::ALL[locale as usize], locale);
        }
        assert_eq!(Locale::from_code("de_DE.UTF-8"), Some(Locale::DeDe));
        assert_eq!(Locale::from_code(""), None);
    }
}
