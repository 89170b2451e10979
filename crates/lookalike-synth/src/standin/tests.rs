use std::collections::BTreeSet;

use lookalike_core::Seed;
use lookalike_table::Column;

use super::*;

fn texts(column: &Column) -> Vec<String> {
    column.texts().unwrap().iter().map(|text| text.unwrap().to_owned()).collect()
}

fn some(sort: Personal, locale: Locale, count: usize) -> Vec<String> {
    texts(&FakeColumn::new(sort, locale).column(Seed::new(5), 0, 0, 0, count, None))
}

#[test]
fn every_sort_has_stand_ins_in_every_locale() {
    for locale in Locale::ALL {
        for sort in Personal::all() {
            for text in some(sort, locale, 20) {
                assert!(!text.trim().is_empty(), "{} {}", locale.code(), sort.sdtype());
                assert!(!text.contains(['#', '@', '%', '{', '}']) || text.contains("@example."), "{text}");
            }
        }
    }
}

#[test]
fn what_is_said_of_one_person_fits_together() {
    for locale in Locale::ALL {
        let all = |sort| some(sort, locale, 300);
        let (given, family, name) = (all(Personal::FirstName), all(Personal::LastName), all(Personal::Name));
        let (email, address) = (all(Personal::Email), all(Personal::Address));
        let (city, post, street) =
            (all(Personal::City), all(Personal::Postcode), all(Personal::StreetAddress));
        for row in 0..300 {
            assert!(name[row].contains(&given[row]) && name[row].contains(&family[row]));
            assert!(
                email[row].contains(&person::plain_letters(&family[row])),
                "{} {}",
                name[row],
                email[row]
            );
            for part in [&city[row], &post[row], &street[row]] {
                assert!(address[row].contains(part.as_str()), "{}", address[row]);
            }
        }
    }
}

#[test]
fn unique_columns_do_not_repeat_and_parts_of_them_are_the_same() {
    for sort in Personal::all() {
        for locale in [Locale::EnUs, Locale::DeDe, Locale::ItIt, Locale::NlNl, Locale::PtBr] {
            let fake = FakeColumn { unique: true, ..FakeColumn::new(sort, locale) };
            let Some(distinct) = fake.fake.distinct() else { continue };
            let wanted = 20_000.min(distinct);
            let all: BTreeSet<String> =
                texts(&fake.column(Seed::new(2), 3, 0, 0, wanted as usize, None)).into_iter().collect();
            assert_eq!(all.len() as u64, wanted, "{} {}", sort.sdtype(), locale.code());
            let later = texts(&fake.column(Seed::new(2), 3, 1, wanted / 2, 10, None));
            let numbered = later.iter().filter(|text| all.contains(*text)).count();
            // Names differ with the block, the numbers do not: what has no name in it is found again.
            let named = matches!(sort, Personal::Email | Personal::UserName)
                || (sort == Personal::Ssn && locale == Locale::ItIt);
            assert!(named || numbered == 10, "{} {}", sort.sdtype(), locale.code());
        }
    }
}

#[test]
fn several_people_of_a_row_differ() {
    let buyer = FakeColumn::new(Personal::Name, Locale::EnUs);
    let seller = FakeColumn { person: 1, ..buyer };
    let column = |fake: FakeColumn| texts(&fake.column(Seed::new(1), 0, 0, 0, 200, None));
    let same = column(buyer).iter().zip(column(seller)).filter(|(a, b)| *a == b).count();
    assert!(same < 3);
}

#[test]
fn missing_rows_do_not_shift_others() {
    let fake = FakeColumn::new(Personal::Name, Locale::FrFr);
    let flags: Vec<bool> = (0..50).map(|row| row % 3 == 0).collect();
    let all = fake.column(Seed::new(1), 0, 0, 0, 50, None);
    let some = fake.column(Seed::new(1), 0, 0, 0, 50, Some(&flags));
    for (row, (a, b)) in all.texts().unwrap().iter().zip(some.texts().unwrap().iter()).enumerate() {
        assert_eq!(b, a.filter(|_| row % 3 != 0));
    }
}
