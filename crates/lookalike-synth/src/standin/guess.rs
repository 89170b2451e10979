//! Where the people of a column live, as far as their data says.

use lookalike_table::{Column, Locale, Personal};

/// How many values speak for each locale, and how many were looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Evidence {
    votes: [u64; Locale::ALL.len()],
    seen: u64,
}

/// Of so many values at most is a column's locale guessed.
const MOST_VALUES: usize = 5_000;

impl Evidence {
    /// What a column's values say. Country codes of telephone numbers and accounts, top-level domains, and letters that
    /// only one of our languages has, count; a name alone does not.
    pub(super) fn of(column: &Column, sort: Personal) -> Self {
        let mut evidence = Evidence::default();
        let Some(texts) = column.texts() else { return evidence };
        for text in texts.iter().flatten().take(MOST_VALUES) {
            evidence.seen += 1;
            let found = match sort {
                Personal::Iban => by_country(text.get(..2).unwrap_or_default()),
                Personal::Swift8 | Personal::Swift11 => by_country(text.get(4..6).unwrap_or_default()),
                Personal::CountryCode => by_country(text),
                Personal::PhoneNumber => by_prefix(text),
                Personal::Email | Personal::Url => by_domain(text),
                Personal::Name
                | Personal::FirstName
                | Personal::LastName
                | Personal::Address
                | Personal::StreetAddress
                | Personal::City
                | Personal::AdministrativeUnit
                | Personal::Company
                | Personal::Job => by_letters(text),
                _ => None,
            };
            if let Some(locale) = found {
                evidence.votes[locale as usize] += 1;
            }
        }
        evidence
    }

    pub(super) fn add(&mut self, other: &Evidence) {
        self.seen += other.seen;
        for (own, votes) in self.votes.iter_mut().zip(other.votes) {
            *own += votes;
        }
    }

    /// The locale that most of what speaks speaks for: at least `min_units` values, and one in twenty of all, as few
    /// names have a letter that tells their language.
    pub(super) fn verdict(&self, min_units: u32) -> Option<Locale> {
        let spoken: u64 = self.votes.iter().sum();
        let (locale, &votes) = Locale::ALL.into_iter().zip(&self.votes).max_by_key(|(_, votes)| **votes)?;
        let enough = votes >= u64::from(min_units) && votes * 20 >= self.seen && votes * 2 > spoken;
        enough.then_some(locale)
    }
}

fn by_country(code: &str) -> Option<Locale> {
    let code = if code.eq_ignore_ascii_case("UK") { "GB" } else { code };
    Locale::ALL.into_iter().find(|locale| locale.country_code().eq_ignore_ascii_case(code))
}

fn by_prefix(text: &str) -> Option<Locale> {
    const PREFIXES: [(&str, Locale); 14] = [
        ("+351", Locale::PtPt),
        ("+44", Locale::EnGb),
        ("+91", Locale::EnIn),
        ("+49", Locale::DeDe),
        ("+33", Locale::FrFr),
        ("+34", Locale::EsEs),
        ("+39", Locale::ItIt),
        ("+31", Locale::NlNl),
        ("+48", Locale::PlPl),
        ("+55", Locale::PtBr),
        ("+46", Locale::SvSe),
        ("+90", Locale::TrTr),
        ("+81", Locale::JaJp),
        ("+1", Locale::EnUs),
    ];
    let compact: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '+').take(5).collect();
    PREFIXES.into_iter().find(|(prefix, _)| compact.starts_with(prefix)).map(|(_, locale)| locale)
}

fn by_domain(text: &str) -> Option<Locale> {
    let host = match text.split_once("://") {
        Some((_, rest)) => rest.split(['/', ':', '?', '#']).next()?,
        None => text.rsplit_once('@')?.1,
    };
    let top = host.rsplit('.').next()?;
    (top.len() == 2).then(|| by_country(top)).flatten()
}

/// Words of streets, and where they are spoken.
const STREETS: [(&[&str], Locale); 8] = [
    (&["rue", "boulevard", "allée", "impasse"], Locale::FrFr),
    (&["via", "viale", "piazza", "corso"], Locale::ItIt),
    (&["calle", "avenida", "plaza", "paseo"], Locale::EsEs),
    (&["ul", "ulica", "al", "os"], Locale::PlPl),
    (&["str", "weg", "platz", "straße", "strasse"], Locale::DeDe),
    (&["gatan", "vägen"], Locale::SvSe),
    (&["straat", "laan", "gracht"], Locale::NlNl),
    (&["rua", "travessa"], Locale::PtBr),
];

/// By letters that stand in one language of ours only, or by words for streets.
fn by_letters(text: &str) -> Option<Locale> {
    for c in text.chars().filter(|c| !c.is_ascii()) {
        let locale = match c {
            'ł' | 'Ł' | 'ż' | 'Ż' | 'ś' | 'Ś' | 'ą' | 'ę' | 'ź' | 'ń' | 'ć' => Locale::PlPl,
            'ß' | 'ü' | 'Ü' => Locale::DeDe,
            'ñ' | 'Ñ' => Locale::EsEs,
            'ã' | 'õ' => Locale::PtBr,
            'å' | 'Å' => Locale::SvSe,
            'ğ' | 'ı' | 'İ' | 'ş' | 'Ş' => Locale::TrTr,
            'ê' | 'ë' | 'î' | 'û' | 'œ' => Locale::FrFr,
            'ì' | 'ò' => Locale::ItIt,
            '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' => Locale::JaJp,
            _ => continue,
        };
        return Some(locale);
    }
    if !text.chars().any(|c| c.is_ascii_digit()) {
        return None;
    }
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    STREETS.into_iter().find_map(|(list, locale)| {
        // Germanic streets are glued to their names.
        let glued = matches!(locale, Locale::DeDe | Locale::SvSe | Locale::NlNl);
        let is_street = |word: &&str| {
            list.iter().any(|end| word == end || (glued && end.len() > 3 && word.ends_with(end)))
        };
        words.iter().any(is_street).then_some(locale)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(sort: Personal, texts: &[&str]) -> Option<Locale> {
        Evidence::of(&Column::from_texts(texts.iter().map(Some)), sort).verdict(2)
    }

    #[test]
    fn codes_domains_and_letters_speak() {
        assert_eq!(guess(Personal::Iban, &["DE89370400440532013000"; 5]), Some(Locale::DeDe));
        assert_eq!(guess(Personal::PhoneNumber, &["+351 21 000 00 00"; 5]), Some(Locale::PtPt));
        assert_eq!(guess(Personal::PhoneNumber, &["030 123 45 67"; 5]), None);
        assert_eq!(
            guess(Personal::Email, &["a@b.co.uk", "c@d.fr", "e@f.co.uk", "g@h.com"]),
            Some(Locale::EnGb)
        );
        assert_eq!(guess(Personal::Email, &["a@b.com", "c@d.org"]), None);
        assert_eq!(guess(Personal::LastName, &["Łukasik", "Nowak", "Żak"]), Some(Locale::PlPl));
        assert_eq!(guess(Personal::LastName, &["Smith", "Jones"]), None);
        assert_eq!(guess(Personal::StreetAddress, &["12 rue Pasteur", "3 rue du Bac"]), Some(Locale::FrFr));
        assert_eq!(guess(Personal::StreetAddress, &["Kerkstraat 1", "Dorpsstraat 12"]), Some(Locale::NlNl));
    }

    #[test]
    fn one_value_is_no_evidence() {
        let mut texts = vec!["Smith"; 50];
        texts.push("Łukasik");
        assert_eq!(guess(Personal::LastName, &texts), None);
        let few = ["+49 30 1", "+33 1 2"];
        assert_eq!(guess(Personal::PhoneNumber, &few), None);
    }
}
