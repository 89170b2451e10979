//! A column of stand-ins, block after block.

use lookalike_core::Seed;
use lookalike_table::{Column, Locale, Personal};

use super::{Fake, Person, Variety};
use crate::keys::Permutation;

/// A column of stand-ins.
///
/// ```
/// use lookalike_core::Seed;
/// use lookalike_synth::standin::FakeColumn;
/// use lookalike_table::{Locale, Personal};
///
/// let name = FakeColumn::new(Personal::Name, Locale::EnUs);
/// let email = FakeColumn { unique: true, ..FakeColumn::new(Personal::Email, Locale::EnUs) };
/// // The same seed and block, and so the same people.
/// let names = name.column(Seed::new(1), 0, 0, 0, 100, None);
/// let emails = email.column(Seed::new(1), 1, 0, 0, 100, None);
/// assert_eq!((names.len(), emails.len()), (100, 100));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FakeColumn {
    /// What is made, and where it comes from.
    pub fake: Fake,
    /// Whose data it is: columns with the same number are of the same person, row by row.
    pub person: u32,
    /// True if no stand-in may repeat. Sorts for which there are not as many repeat nevertheless, see
    /// [`Fake::distinct`].
    pub unique: bool,
}

impl FakeColumn {
    /// A column of this sort about the first person of each row.
    pub fn new(sort: Personal, locale: Locale) -> Self {
        FakeColumn { fake: Fake::new(sort, locale), person: 0, unique: false }
    }

    /// The stand-ins of one block of rows. `column` tells columns of one sort apart, `block` is the block's number and
    /// `first_row` its first row's; flags say where a row has none.
    pub fn column(
        &self,
        seed: Seed,
        column: usize,
        block: u64,
        first_row: u64,
        length: usize,
        missing: Option<&[bool]>,
    ) -> Column {
        let seed = seed.derive("stand-ins");
        let mut people = seed.derive("people").derive(&self.person.to_string()).stream("rows", block);
        let numbering = self
            .unique
            .then(|| Numbering::new(self.fake.variety(), seed.derive("numbers").derive(&column.to_string())));
        let mut texts = String::with_capacity(length * 16);
        let ends: Vec<usize> = (0..length)
            .map(|row| {
                let person = Person::draw(&mut people);
                match numbering.as_ref().and_then(|numbering| numbering.at(first_row + row as u64)) {
                    Some(number) => self.fake.write_numbered(person, Some(number), &mut texts),
                    None => self.fake.write(person, &mut texts),
                }
                texts.len()
            })
            .collect();
        let shown = |row: usize| missing.is_none_or(|flags| !flags[row]);
        let start = |row: usize| if row == 0 { 0 } else { ends[row - 1] };
        Column::from_texts((0..length).map(|row| shown(row).then(|| &texts[start(row)..ends[row]])))
    }
}

/// The number of each row, different for all rows.
struct Numbering {
    variety: Variety,
    /// One order of all numbers, or an order per count of digits.
    orders: Vec<Permutation>,
}

/// Numbers behind a name have four digits or more.
const FEWEST_DIGITS: u32 = 4;
/// And no more than that.
const MOST_DIGITS: u32 = 18;

impl Numbering {
    fn new(variety: Variety, seed: Seed) -> Self {
        let orders = match variety {
            Variety::Person => Vec::new(),
            Variety::Numbers(space) => vec![Permutation::new(u128::from(space), seed, 0)],
            Variety::Suffix => (FEWEST_DIGITS..=MOST_DIGITS)
                .map(|digits| Permutation::new(u128::from(of_digits(digits)), seed, u64::from(digits)))
                .collect(),
        };
        Numbering { variety, orders }
    }

    fn at(&self, row: u64) -> Option<u64> {
        match self.variety {
            Variety::Person => None,
            Variety::Numbers(space) => Some(self.orders[0].at(u128::from(row % space)) as u64),
            Variety::Suffix => {
                // Short numbers first: those of four digits, then those of five, and so on.
                let mut row = row;
                for (order, digits) in self.orders.iter().zip(FEWEST_DIGITS..) {
                    if row < of_digits(digits) {
                        return Some(10_u64.pow(digits - 1) + order.at(u128::from(row)) as u64);
                    }
                    row -= of_digits(digits);
                }
                Some(row)
            }
        }
    }
}

/// How many numbers have so many digits.
fn of_digits(digits: u32) -> u64 {
    9 * 10_u64.pow(digits - 1)
}
