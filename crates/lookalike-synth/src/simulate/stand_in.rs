//! Columns of stand-ins for personal data.

use lookalike_core::Seed;
use lookalike_table::{Column, Locale, Personal};

use super::source::Section;
use crate::standin::FakeColumn;

/// The column that a section describes: `sort`, `locale`, `person` and `unique`.
pub(super) fn read(section: &Section<'_>) -> Option<FakeColumn> {
    let sort = section.text("sort");
    let locale = section.text("locale");
    let person = section.number("person");
    let unique = section.flag("unique").unwrap_or(false);
    let Some(sort) = sort else {
        if !section.has("sort") {
            let message =
                format!("{} needs `sort`, such as sort = \"email\"; there are {}", section.what, sorts());
            section.problems.add(section.line, message);
        }
        return None;
    };
    let Some(found) = Personal::from_sdtype(&sort.value) else {
        let message = format!("`sort` of {} is unknown; there are {}", section.what, sorts());
        section.problems.add(sort.line, message);
        return None;
    };
    let locale = match locale {
        None => Locale::EnUs,
        Some(named) => match Locale::parse(&named.value) {
            Ok(locale) => locale,
            Err(error) => {
                section.problems.add(named.line, format!("`locale` of {}: {error}", section.what));
                return None;
            }
        },
    };
    let person = match person {
        None => 0,
        Some(number) if (0.0..=1000.0).contains(&number.value) && number.value.fract() == 0.0 => {
            number.value as u32
        }
        Some(number) => {
            let message = format!("`person` of {} has to be a whole number from 0 to 1000", section.what);
            section.problems.add(number.line, message);
            return None;
        }
    };
    Some(FakeColumn { person, unique, ..FakeColumn::new(found, locale) })
}

/// The stand-ins of some rows of a block: `skip` rows of it come before. Columns of one person in a table fit together.
pub(super) fn column(
    own: FakeColumn,
    name: &str,
    seed: Seed,
    (block, skip): (u64, usize),
    row: u64,
    length: usize,
) -> Column {
    // Numbers that tell stand-ins apart are this column's alone; people are the table's.
    let number = seed.derive(name).number() as usize;
    let whole = own.column(seed, number, block, row - skip as u64, skip + length, None);
    whole.slice(skip, length)
}

fn sorts() -> String {
    let names: Vec<&str> = Personal::all().map(Personal::sdtype).collect();
    names.join(", ")
}
