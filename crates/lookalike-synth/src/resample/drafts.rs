//! New rows, first as drafts that say what they are made of, then as cells.

use std::sync::Arc;

use lookalike_core::{Seed, Topic, Warning};
use lookalike_table::schema::{Decimals, Schema, Storage};
use lookalike_table::{Codes, Column, Kind, Table};
use rayon::prelude::*;

use super::space::level_codes;
use crate::error::Result;

/// Where a row of a balanced table came from. Rows are numbered from 0.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Origin {
    /// It is this row of the given table.
    Kept(u32),
    /// It is new, a copy of this row.
    Copy(u32),
    /// It is new, and lies between two rows or beyond the first.
    Between {
        /// The row it starts from.
        base: u32,
        /// The row it goes towards.
        other: u32,
        /// How far it goes, in parts of the way; below 0 away from it.
        gap: f64,
    },
    /// It is new, and lies around this row.
    Around(u32),
    /// It is new, and has the levels that are most frequent among the neighbours of this row.
    Among(u32),
    /// It is new, the mean of a cluster of rows, one of which is this.
    Mean(u32),
    /// It is new, drawn by a generator.
    Drawn,
}

impl Origin {
    /// True when the row was not in the given table.
    pub fn is_new(self) -> bool {
        !matches!(self, Origin::Kept(_))
    }
}

/// New rows of a class.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    pub(super) rows: Vec<Draft>,
    /// Groups of rows that vote on levels, one after the other.
    pub(super) voters: Vec<u32>,
}

/// What a new row is made of.
#[derive(Debug, Clone, Copy)]
pub(super) enum Draft {
    Copy(u32),
    Between {
        base: u32,
        other: u32,
        gap: f64,
        /// Where the base's neighbours stand among the voters, and how many they are.
        voters: (u32, u32),
    },
    /// `spread` standard deviations (that the class has) around a row.
    Around {
        base: u32,
        class: u32,
        spread: f64,
    },
    Among {
        base: u32,
        voters: (u32, u32),
    },
    Mean {
        first: u32,
        voters: (u32, u32),
    },
}

impl Draft {
    fn base(self) -> u32 {
        match self {
            Draft::Copy(base)
            | Draft::Between { base, .. }
            | Draft::Around { base, .. }
            | Draft::Among { base, .. }
            | Draft::Mean { first: base, .. } => base,
        }
    }

    fn voters(self) -> (usize, usize) {
        match self {
            Draft::Between { voters, .. } | Draft::Among { voters, .. } | Draft::Mean { voters, .. } => {
                (voters.0 as usize, voters.1 as usize)
            }
            Draft::Copy(_) | Draft::Around { .. } => (0, 0),
        }
    }

    pub(super) fn origin(self) -> Origin {
        match self {
            Draft::Copy(base) => Origin::Copy(base),
            Draft::Between { base, other, gap, .. } => Origin::Between { base, other, gap },
            Draft::Around { base, .. } => Origin::Around(base),
            Draft::Among { base, .. } => Origin::Among(base),
            Draft::Mean { first, .. } => Origin::Mean(first),
        }
    }
}

impl Drafts {
    /// Adds a group of voters, and says where it stands.
    pub(super) fn group(&mut self, rows: impl IntoIterator<Item = u32>) -> (u32, u32) {
        let start = self.voters.len();
        self.voters.extend(rows);
        (start as u32, (self.voters.len() - start) as u32)
    }

    /// Puts other drafts behind these.
    pub(super) fn append(&mut self, other: Drafts) {
        let shift = self.voters.len() as u32;
        self.voters.extend(other.voters);
        self.rows.extend(other.rows.into_iter().map(|draft| match draft {
            Draft::Between { base, other, gap, voters } => {
                Draft::Between { base, other, gap, voters: (voters.0 + shift, voters.1) }
            }
            Draft::Among { base, voters } => Draft::Among { base, voters: (voters.0 + shift, voters.1) },
            Draft::Mean { first, voters } => Draft::Mean { first, voters: (voters.0 + shift, voters.1) },
            other => other,
        }));
    }
}

/// What all columns of new rows are made from.
struct Making<'a> {
    table: &'a Table,
    drafts: &'a Drafts,
    /// The rows that drafts are made of, and the place of each among them.
    used: Vec<usize>,
    place: Vec<u32>,
    of_class: &'a [u32],
    /// True when a new number may lie outside those it is made of.
    may_go_out: bool,
    textbook: bool,
    seed: Seed,
}

/// A column of the new rows, and of the given ones where it had to become another type.
struct Made {
    new: Column,
    given: Option<Column>,
    warning: Option<&'static str>,
}

/// The table's rows, then the new ones; and what was done differently from what one may expect.
pub(super) fn append(
    table: &Table,
    drafts: &Drafts,
    of_class: &[u32],
    class_columns: &[usize],
    textbook: bool,
    seed: Seed,
) -> Result<(Table, Vec<Warning>)> {
    if drafts.rows.is_empty() {
        return Ok((table.clone(), Vec::new()));
    }
    let mut is_used = vec![false; table.n_rows()];
    // How widely a class is spread, all of its rows say.
    let mut spread_of: Vec<u32> = Vec::new();
    for draft in &drafts.rows {
        if let Draft::Around { class, .. } = draft
            && !spread_of.contains(class)
        {
            spread_of.push(*class);
        }
        is_used[draft.base() as usize] = true;
        if let Draft::Between { other, .. } = draft {
            is_used[*other as usize] = true;
        }
        let (start, count) = draft.voters();
        for &row in &drafts.voters[start..start + count] {
            is_used[row as usize] = true;
        }
    }
    let is_used = |row: usize| is_used[row] || spread_of.contains(&of_class[row]);
    let used: Vec<usize> = (0..table.n_rows()).filter(|&row| is_used(row)).collect();
    let mut place = vec![0; table.n_rows()];
    for (index, &row) in used.iter().enumerate() {
        place[row] = index as u32;
    }
    let may_go_out = drafts.rows.iter().any(|draft| match draft {
        Draft::Around { .. } => true,
        Draft::Between { gap, .. } => !(0.0..=1.0).contains(gap),
        Draft::Copy(_) | Draft::Among { .. } | Draft::Mean { .. } => false,
    });
    let seed = seed.derive("cells");
    let making = Making { table, drafts, used, place, of_class, may_go_out, textbook, seed };
    let made: Vec<Made> = (0..table.n_columns())
        .into_par_iter()
        .map(|index| making.column(index, class_columns.contains(&index)))
        .collect();
    let mut schema = Schema::clone(table.schema());
    let (mut columns, mut warnings) = (Vec::new(), Vec::new());
    for (index, made) in made.into_iter().enumerate() {
        let described = &mut schema.columns[index];
        if let Some(message) = made.warning {
            warnings.push(Warning::of_column(Topic::Sampling, &described.name, message));
        }
        if textbook
            && made.new.is_numeric()
            && !class_columns.contains(&index)
            && let Kind::Numerical(format) = &mut described.kind
        {
            format.integer = false;
            format.decimals = Decimals::Shortest;
            described.storage = Storage::default();
        }
        let given = made.given.as_ref().unwrap_or(table.column(index));
        columns.push(Column::concat(&[given, &made.new])?);
    }
    Ok((Table::new(Arc::new(schema), columns)?, warnings))
}

impl Making<'_> {
    fn column(&self, index: usize, is_class: bool) -> Made {
        let given = self.table.column(index);
        let kind = &self.table.schema().columns[index].kind;
        let made = |new: Column| Made { new, given: None, warning: None };
        if is_class {
            return made(self.copied(given));
        }
        match kind {
            Kind::Id(_) => self.keys(given),
            Kind::Text => self.texts(given),
            Kind::Categorical { .. } | Kind::Boolean(_) => made(self.levels(given, index)),
            Kind::Numerical(_) if self.textbook => {
                let numbers = given.numbers().expect("numbers");
                let given = Column::from_floats(numbers.values, numbers.missing);
                let new = self.floats(&given, index, None);
                Made { new, given: Some(given), warning: None }
            }
            Kind::Numerical(format) => {
                let places = if format.integer { Some(0) } else { format.decimals.places() };
                made(self.exact(given, index, 1).unwrap_or_else(|| self.floats(given, index, places)))
            }
            Kind::Datetime(format) => {
                made(self.exact(given, index, format.step.max(1)).unwrap_or_else(|| self.copied(given)))
            }
            // A kind that is not known here yet.
            _ => made(self.copied(given)),
        }
    }

    /// The values of the rows that drafts start from.
    fn copied(&self, given: &Column) -> Column {
        given.take(&self.drafts.rows.iter().map(|draft| draft.base() as usize).collect::<Vec<_>>())
    }

    /// Keys are unique: new whole ones follow the largest, others stay empty.
    fn keys(&self, given: &Column) -> Made {
        let count = self.drafts.rows.len();
        if let Some(integers) = given.integers() {
            let flags = integers.missing.unwrap_or_default();
            let known = |row: usize| !flags.get(row).copied().unwrap_or(false);
            let largest = (0..given.len()).filter(|&row| known(row)).map(|row| integers.values[row]).max();
            let next = largest.unwrap_or(0).checked_add(1);
            if let Some(next) = next.filter(|next| next.checked_add(count as i64).is_some()) {
                let new = Column::from_integers((next..next + count as i64).collect(), None);
                return Made {
                    new,
                    given: None,
                    warning: Some("new rows got new keys, counted on from the largest"),
                };
            }
        }
        let new = self.copied(given).with_missing(&vec![true; count]);
        Made {
            new,
            given: None,
            warning: Some("new rows have no key: keys are unique, and cannot be made up"),
        }
    }

    /// Texts come with copies of rows; there is none between two.
    fn texts(&self, given: &Column) -> Made {
        let flags: Vec<bool> =
            self.drafts.rows.iter().map(|draft| !matches!(draft, Draft::Copy(_))).collect();
        let copied = self.copied(given);
        if !flags.contains(&true) {
            return Made { new: copied, given: None, warning: None };
        }
        Made {
            new: copied.with_missing(&flags),
            given: None,
            warning: Some("new rows have no text: there is none between two texts"),
        }
    }

    /// Levels and truth values: those of the base, or the most frequent of the voters, equally frequent ones by lot.
    fn levels(&self, given: &Column, index: usize) -> Column {
        let used = given.take(&self.used);
        let codes = level_codes(&used);
        let code = |row: u32| codes[self.place[row as usize] as usize];
        let mut stream = self.seed.derive("votes").stream("column", index as u64);
        let mut votes: Vec<u32> = Vec::new();
        let chosen: Vec<u32> = self
            .drafts
            .rows
            .iter()
            .map(|draft| {
                let (start, count) = draft.voters();
                if count == 0 {
                    return code(draft.base());
                }
                votes.clear();
                votes.extend(self.drafts.voters[start..start + count].iter().map(|&row| code(row)));
                votes.sort_unstable();
                let most = votes.chunk_by(|a, b| a == b).map(<[u32]>::len).max().unwrap_or(0);
                let leaders = || votes.chunk_by(|a, b| a == b).filter(|run| run.len() == most);
                let among = leaders().count() as u64;
                let lot = if among > 1 { stream.below(among) } else { 0 };
                leaders().nth(lot as usize).map_or(0, |run| run[0])
            })
            .collect();
        match used.levels() {
            Some(levels) => {
                let missing = levels.len() as u32;
                let codes =
                    chosen.into_iter().map(|code| if code == missing { Codes::MISSING } else { code });
                Column::from_codes(codes.collect(), &levels)
            }
            None => Column::from_booleans(
                chosen.iter().map(|&code| code == 1).collect(),
                Some(chosen.iter().map(|&code| code == 2).collect()),
            ),
        }
    }

    /// Whole numbers, decimals and instants, in their smallest unit and on multiples of `step`.
    fn exact(&self, given: &Column, index: usize, step: i64) -> Option<Column> {
        let used = given.take(&self.used);
        let (units, missing, scale) = exact_units(&used)?;
        let known = |flags: &Option<Vec<bool>>, row: usize| !flags.as_ref().is_some_and(|flags| flags[row]);
        let bounds = |units: &[i128], missing: &Option<Vec<bool>>| {
            let present = (0..units.len()).filter(|&row| known(missing, row)).map(|row| units[row]);
            present.fold((i128::MAX, i128::MIN), |(low, high), unit| (low.min(unit), high.max(unit)))
        };
        let (low, high) = if self.may_go_out {
            let (all, missing, _) = exact_units(given)?;
            bounds(&all, &missing)
        } else {
            bounds(&units, &missing)
        };
        let values: Vec<f64> = (0..units.len())
            .map(|row| if known(&missing, row) { (units[row] - low) as f64 } else { f64::NAN })
            .collect();
        let step = i128::from(step);
        let cells = self.numbers(&values, index);
        let flags: Vec<bool> = cells.iter().map(|value| value.is_nan()).collect();
        let units: Vec<i128> = cells
            .iter()
            .map(|&value| {
                if value.is_nan() {
                    return 0;
                }
                let exact = low + value.round() as i128;
                let on_step = if step > 1 { (exact + step / 2).div_euclid(step) * step } else { exact };
                // Bounds that are on the step themselves hold both.
                on_step.clamp(low, high)
            })
            .collect();
        let flags = flags.contains(&true).then_some(flags);
        Some(if given.is_instant() {
            Column::from_instants(units.into_iter().map(|unit| unit as i64).collect(), flags)
        } else if let Some(scale) = scale {
            Column::from_decimals(units, scale, flags).ok()?
        } else if given.unsigned().is_some() {
            Column::from_unsigned(units.into_iter().map(|unit| unit as u64).collect(), flags)
        } else {
            Column::from_integers(units.into_iter().map(|unit| unit as i64).collect(), flags)
        })
    }

    /// Floating-point numbers, with so many places.
    fn floats(&self, given: &Column, index: usize, places: Option<u8>) -> Column {
        let values = given.take(&self.used).numbers().expect("numbers").values;
        let mut cells = self.numbers(&values, index);
        if !self.textbook {
            let bounds = |values: &[f64]| {
                let known = || values.iter().copied().filter(|value| !value.is_nan());
                (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max))
            };
            let (low, high) = if self.may_go_out {
                bounds(&given.numbers().expect("numbers").values)
            } else {
                bounds(&values)
            };
            let grid = places.map(|places| 10f64.powi(i32::from(places)));
            for cell in cells.iter_mut().filter(|cell| !cell.is_nan()) {
                let rounded = grid.map_or(*cell, |grid| (*cell * grid).round() / grid);
                *cell = if rounded.is_finite() { rounded } else { *cell };
                *cell = cell.clamp(low, high);
            }
        }
        let flags: Vec<bool> = cells.iter().map(|value| value.is_nan()).collect();
        Column::from_floats(cells, flags.contains(&true).then_some(flags))
    }

    /// The numbers of the new rows from those of the rows used; NaN is missing. Between a number and a gap there is
    /// whichever is nearer.
    fn numbers(&self, values: &[f64], index: usize) -> Vec<f64> {
        let value = |row: u32| values[self.place[row as usize] as usize];
        let mut noise = self.seed.derive("noise").stream("column", index as u64);
        let deviations = self.deviations(values);
        let rows = self.drafts.rows.iter().map(|draft| match *draft {
            Draft::Copy(base) | Draft::Among { base, .. } => value(base),
            Draft::Between { base, other, gap, .. } => {
                let (from, to) = (value(base), value(other));
                if from.is_nan() || to.is_nan() {
                    if gap.abs() < 0.5 { from } else { to }
                } else {
                    from + gap * (to - from)
                }
            }
            Draft::Around { base, class, spread } => {
                value(base) + noise.normal() * spread * deviations[class as usize]
            }
            Draft::Mean { voters: (start, count), .. } => {
                let group = &self.drafts.voters[start as usize..(start + count) as usize];
                let known = || group.iter().map(|&row| value(row)).filter(|value| !value.is_nan());
                let known_count = known().count();
                if known_count * 2 <= group.len() {
                    f64::NAN
                } else {
                    known().sum::<f64>() / known_count as f64
                }
            }
        });
        rows.collect()
    }

    /// The standard deviation of a column in each class that rows are drawn around in; 0 for the others.
    fn deviations(&self, values: &[f64]) -> Vec<f64> {
        let classes = self.drafts.rows.iter().filter_map(|draft| match draft {
            Draft::Around { class, .. } => Some(*class as usize + 1),
            _ => None,
        });
        let count = classes.max().unwrap_or(0);
        let mut sums = vec![(0_usize, 0.0, 0.0); count];
        let class_of = |place: usize| self.of_class[self.used[place]] as usize;
        let known = || values.iter().enumerate().filter(|(_, value)| value.is_finite());
        for (place, value) in known().filter(|&(place, _)| class_of(place) < count) {
            let sum = &mut sums[class_of(place)];
            (sum.0, sum.1) = (sum.0 + 1, sum.1 + value);
        }
        for (place, value) in known().filter(|&(place, _)| class_of(place) < count) {
            let sum = &mut sums[class_of(place)];
            let from_mean = value - sum.1 / sum.0 as f64;
            sum.2 += from_mean * from_mean;
        }
        sums.iter().map(|&(count, _, squares)| (squares / count.max(1) as f64).sqrt()).collect()
    }
}

type ExactUnits = (Vec<i128>, Option<Vec<bool>>, Option<i8>);

/// Numbers in whole units, with a scale where they are decimals. `None` for floats.
fn exact_units(column: &Column) -> Option<ExactUnits> {
    if let Some(integers) = column.integers() {
        return Some((integers.values.into_iter().map(i128::from).collect(), integers.missing, None));
    }
    if let Some((values, missing)) = column.unsigned() {
        return Some((values.into_iter().map(i128::from).collect(), missing, None));
    }
    column.decimals().map(|(values, scale, missing)| (values, missing, Some(scale)))
}
