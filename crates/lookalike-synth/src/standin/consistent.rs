//! One value, always the same stand-in: columns of pseudonyms.
//!
//! A value's stand-in follows from a keyed hash of it (BLAKE3 with a key of 256 bits). The key comes from the operating
//! system, is used for one fit and forgotten, so that nobody can try out values later. What remains is the pattern: how
//! often each pseudonym occurs and what goes with it, under the protection rule for levels.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use lookalike_core::{Topic, Warning};
use lookalike_table::schema::ColumnSchema;
use lookalike_table::{Codes, Column, Kind, Levels, Personal, Table};

use super::choose::{StandIns, locales};
use super::{Fake, Person};
use crate::error::{Error, Result};

/// How often another stand-in is tried for a value whose first is taken.
const TRIES: u64 = 1_000;

/// The table with pseudonyms in the columns that ask for them, as categories.
pub(crate) fn with_pseudonyms<'a>(
    table: &'a Table,
    options: &StandIns,
    min_units: u32,
) -> Result<Cow<'a, Table>> {
    if options.consistent.is_empty() {
        return Ok(Cow::Borrowed(table));
    }
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|_| Error::NoRandomness)?;
    Ok(Cow::Owned(pseudonymized(table, options, min_units, &key)?))
}

fn pseudonymized(table: &Table, options: &StandIns, min_units: u32, key: &[u8; 32]) -> Result<Table> {
    let mut schema = table.schema().as_ref().clone();
    let sorts: Vec<Option<Personal>> = schema.columns.iter().map(|column| column.personal).collect();
    let locales = locales(table, &sorts, options, min_units);
    // Columns of one sort share their pseudonyms: a sender is the same as a recipient.
    let mut pseudonyms: BTreeMap<Personal, Pseudonyms> = BTreeMap::new();
    let mut columns: Vec<Column> = (0..table.n_columns()).map(|index| table.column(index).clone()).collect();
    for &index in &options.consistent {
        let Some(sort) = sorts[index] else { continue };
        let fake = Fake::new(sort, locales[index]);
        let own = pseudonyms.entry(sort).or_default();
        let column = table.column(index);
        let Some(texts) = column.texts() else { continue };
        let distinct: BTreeSet<&str> = texts.iter().flatten().collect();
        own.extend(&distinct, fake, key);
        let used: BTreeSet<&str> = distinct.iter().map(|text| own.of[*text].as_str()).collect();
        let codes_of: BTreeMap<&str, u32> = used.iter().copied().zip(0..).collect();
        let codes =
            texts.iter().map(|text| text.map_or(Codes::MISSING, |text| codes_of[own.of[text].as_str()]));
        columns[index] = Column::from_codes(codes.collect(), &Levels::new(used.iter().copied()));
        schema.columns[index].kind = Kind::Categorical { order: Vec::new() };
        if schema.primary_key == Some(index) {
            schema.primary_key = None;
        }
    }
    Ok(Table::new(schema.into(), columns)?)
}

/// The stand-in of each value.
#[derive(Debug, Default)]
struct Pseudonyms {
    of: BTreeMap<String, String>,
    taken: BTreeSet<String>,
}

impl Pseudonyms {
    fn extend(&mut self, values: &BTreeSet<&str>, fake: Fake, key: &[u8; 32]) {
        // In the order of their hashes, so that who gets a stand-in that two would have says nothing of the values.
        let mut hashed: Vec<([u8; 32], &str)> = values
            .iter()
            .filter(|value| !self.of.contains_key(**value))
            .map(|value| (*blake3::keyed_hash(key, value.as_bytes()).as_bytes(), *value))
            .collect();
        hashed.sort_unstable();
        for (hash, value) in hashed {
            let (first, _) = hash.split_first_chunk().expect("a hash has 32 bytes");
            let bits = u64::from_le_bytes(*first);
            let mut stand_in = fake.text(Person::from_bits(bits));
            for next in 1..TRIES {
                if !self.taken.contains(&stand_in) {
                    break;
                }
                stand_in = fake.text(Person::from_bits(bits.wrapping_add(next)));
            }
            self.taken.insert(stand_in.clone());
            self.of.insert(value.to_owned(), stand_in);
        }
    }
}

/// What is to be known of a column of pseudonyms.
pub(crate) fn warning(schema: &ColumnSchema) -> Warning {
    Warning::of_column(
        Topic::Model,
        schema.name.clone(),
        "each value became one stand-in, by a key that is not kept: how often each occurs, and what goes with it, is \
         learned as of any category",
    )
}

#[cfg(test)]
mod tests {
    use lookalike_table::Schema;

    use super::*;

    fn table(values: &[Option<&str>]) -> Table {
        let mut columns = [ColumnSchema::new("from", Kind::Text), ColumnSchema::new("to", Kind::Text)];
        for column in &mut columns {
            column.personal = Some(Personal::Email);
        }
        let from = Column::from_texts(values.iter().copied());
        let to = Column::from_texts(values.iter().rev().copied());
        Table::new(Schema::new(columns.to_vec()).into(), vec![from, to]).unwrap()
    }

    fn texts(table: &Table, column: usize) -> Vec<Option<String>> {
        table.column(column).texts().unwrap().iter().map(|text| text.map(str::to_owned)).collect()
    }

    #[test]
    fn equal_values_stay_equal_and_others_differ() {
        let values = [Some("a@x.de"), Some("b@x.de"), None, Some("a@x.de"), Some("c@x.de")];
        let options = StandIns { consistent: vec![0, 1], ..StandIns::default() };
        let made = pseudonymized(&table(&values), &options, 5, &[7; 32]).unwrap();
        let (from, to) = (texts(&made, 0), texts(&made, 1));
        assert_eq!(from[0], from[3]);
        assert!(from[0] != from[1] && from[1] != from[4] && from[0] != from[4]);
        assert_eq!(from[2], None);
        assert_eq!(to, from.iter().rev().cloned().collect::<Vec<_>>());
        assert!(from.iter().flatten().all(|text| text.contains("@example.")));
        let other = pseudonymized(&table(&values), &options, 5, &[8; 32]).unwrap();
        assert_ne!(texts(&other, 0), from);
    }

    #[test]
    fn many_values_get_as_many_stand_ins() {
        let values: Vec<String> = (0..5_000).map(|i| format!("{i}@x.de")).collect();
        let table = table(&values.iter().map(|value| Some(value.as_str())).collect::<Vec<_>>());
        let options = StandIns { consistent: vec![0], ..StandIns::default() };
        let made = pseudonymized(&table, &options, 5, &[1; 32]).unwrap();
        let distinct: BTreeSet<_> = texts(&made, 0).into_iter().collect();
        assert_eq!(distinct.len(), 5_000);
    }
}
