//! What people, places and things are called in a country: the words that stand-ins are made of.
//!
//! Given and family names come from the lists of the crate `fake` where it has good ones, and from lists of common
//! names of our own where it has not. Only its words are used: which of them is taken is drawn from our own streams, so
//! the version of the crate is pinned, as it decides bytes. Towns stand with a state, postcodes, a place on the globe
//! and, where telephone numbers depend on it, an area code, so that what is drawn for one row fits together.

mod de_de;
mod en_gb;
mod en_in;
mod en_us;
mod es_es;
mod fr_fr;
mod it_it;
mod ja_jp;
mod nl_nl;
mod pl_pl;
mod pt_br;
mod pt_pt;
mod sv_se;
mod tr_tr;

use std::sync::OnceLock;

use lookalike_table::Locale;

/// What a country's stand-ins are made of.
#[derive(Debug)]
pub(super) struct Region {
    /// The country in its own language.
    pub(super) country: &'static str,
    /// Given names.
    pub(super) given: &'static [&'static [&'static str]],
    /// Family names.
    pub(super) family: &'static [&'static [&'static str]],
    /// True where the family name stands first.
    pub(super) family_first: bool,
    /// Towns.
    pub(super) places: &'static [Place],
    /// Streets.
    pub(super) streets: &'static [&'static str],
    /// How street and house number are put together: `{s}` and `{n}`.
    pub(super) street: &'static str,
    /// How an address is put together: `{street}`, `{city}`, `{state}` (its short form) and `{post}`.
    pub(super) address: &'static str,
    /// Shapes of flats and floors.
    pub(super) flats: &'static [&'static str],
    /// Shapes of telephone numbers; `{area}` is the town's area code.
    pub(super) phones: &'static [&'static str],
    /// What follows a company's name.
    pub(super) companies: &'static [&'static str],
    /// Occupations.
    pub(super) jobs: &'static [&'static str],
    /// Shapes of licence plates.
    pub(super) plates: &'static [&'static str],
}

/// A town.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) city: &'static str,
    pub(super) state: &'static str,
    pub(super) abbr: &'static str,
    /// The shape of its postcodes.
    pub(super) postcode: &'static str,
    pub(super) area: &'static str,
    pub(super) latitude: f64,
    pub(super) longitude: f64,
}

const fn place(
    city: &'static str,
    (state, abbr): (&'static str, &'static str),
    postcode: &'static str,
    area: &'static str,
    (latitude, longitude): (f64, f64),
) -> Place {
    Place { city, state, abbr, postcode, area, latitude, longitude }
}

/// The names of a region.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) given: Vec<&'static str>,
    pub(super) family: Vec<&'static str>,
}

pub(super) fn region(locale: Locale) -> &'static Region {
    match locale {
        Locale::EnGb => &en_gb::REGION,
        Locale::EnIn => &en_in::REGION,
        Locale::DeDe => &de_de::REGION,
        Locale::FrFr => &fr_fr::REGION,
        Locale::EsEs => &es_es::REGION,
        Locale::ItIt => &it_it::REGION,
        Locale::NlNl => &nl_nl::REGION,
        Locale::PlPl => &pl_pl::REGION,
        Locale::PtBr => &pt_br::REGION,
        Locale::PtPt => &pt_pt::REGION,
        Locale::SvSe => &sv_se::REGION,
        Locale::TrTr => &tr_tr::REGION,
        Locale::JaJp => &ja_jp::REGION,
        // The enum is open to others only.
        Locale::EnUs | _ => &en_us::REGION,
    }
}

/// The names of a locale: each once, and without what is no name in the lists.
pub(super) fn names(locale: Locale) -> &'static Names {
    static NAMES: [OnceLock<Names>; Locale::ALL.len()] = [const { OnceLock::new() }; Locale::ALL.len()];
    NAMES[locale as usize].get_or_init(|| {
        let region = region(locale);
        Names { given: clean(region.given), family: clean(region.family) }
    })
}

fn clean(lists: &[&'static [&'static str]]) -> Vec<&'static str> {
    let is_name = |name: &str| name.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '\'' | '-'));
    let mut seen = std::collections::BTreeSet::new();
    let all = lists.iter().flat_map(|list| list.iter().copied().map(str::trim));
    all.filter(|name| is_name(name) && seen.insert(*name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standin::shape;

    #[test]
    fn every_region_has_what_stand_ins_need() {
        for locale in Locale::ALL {
            let (region, names) = (region(locale), names(locale));
            let code = locale.code();
            assert!(names.given.len() >= 50 && names.family.len() >= 50, "{code}");
            assert!(
                region.places.len() >= 10 && region.streets.len() >= 15 && region.jobs.len() >= 15,
                "{code}"
            );
            for place in region.places {
                assert!(shape::space(place.postcode) >= 1, "{code}: {}", place.city);
                assert!(place.latitude.abs() <= 90.0 && place.longitude.abs() <= 180.0);
                assert!(
                    !region.phones.iter().any(|phone| phone.contains("{area}")) || !place.area.is_empty()
                );
            }
            for part in ["{s}", "{n}"] {
                assert!(region.street.contains(part), "{code}");
            }
            for part in ["{street}", "{city}", "{post}"] {
                assert!(region.address.contains(part), "{code}");
            }
            let mut cities: Vec<&str> = region.places.iter().map(|place| place.city).collect();
            cities.sort_unstable();
            cities.dedup();
            assert_eq!(cities.len(), region.places.len(), "{code}");
        }
    }
}
