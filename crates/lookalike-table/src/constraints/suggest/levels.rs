//! What levels, and missing cells, have to do with each other.

use hashbrown::HashMap;

use super::super::violations::Keys;
use super::super::{Constraint, Is, Test};
use super::{LEAST_EVIDENCE, LEAST_ROWS, Look, MOST_COLUMNS};
use crate::column::Codes;
use crate::schema::Kind;

/// A column with more levels decides of no other's missing cells.
const MOST_LEVELS: usize = 20;

impl Look<'_> {
    /// Pairs of columns of levels of which one follows from the other.
    pub(super) fn combinations(&self, left_out: &[usize]) -> Vec<Constraint> {
        let columns: Vec<(usize, Vec<Option<u32>>, usize)> = self
            .named
            .iter()
            .filter(|index| !left_out.contains(index))
            .filter_map(|&index| {
                let codes = self.levels(index)?;
                let count = codes.iter().flatten().max().map_or(0, |&last| last as usize + 1);
                // Levels that are mostly rare would be merged into others, whatever follows from them.
                (count >= 3 && mostly_frequent(&codes, count)).then_some((index, codes, count))
            })
            .take(MOST_COLUMNS)
            .collect();
        let mut found: Vec<Constraint> = Vec::new();
        let mut taken: Vec<usize> = Vec::new();
        for (place, (first, codes, count)) in columns.iter().enumerate() {
            if taken.contains(first) {
                continue;
            }
            let mut group = vec![*first];
            for (second, others, other_count) in &columns[place + 1..] {
                if taken.contains(second) {
                    continue;
                }
                if follows(codes, *count, others) || follows(others, *other_count, codes) {
                    group.push(*second);
                    taken.push(*second);
                }
            }
            if group.len() > 1 {
                found.push(Constraint::Combinations { columns: self.names(&group) });
            }
        }
        found
    }

    /// Levels, and whole numbers with few values, as codes.
    fn levels(&self, index: usize) -> Option<Vec<Option<u32>>> {
        let described = &self.table.schema().columns[index];
        let few = match &described.kind {
            Kind::Categorical { .. } => true,
            Kind::Numerical(format) => format.integer,
            _ => false,
        };
        if !few {
            return None;
        }
        let keys = Keys::new(self.table, &[index]);
        let mut numbers: HashMap<u64, u32> = HashMap::new();
        let most = 1000;
        let mut codes = Vec::with_capacity(self.table.n_rows());
        for row in 0..self.table.n_rows() {
            let code = keys.whole(row).map(|key| {
                let next = numbers.len() as u32;
                *numbers.entry(key[0]).or_insert(next)
            });
            if numbers.len() > most {
                return None;
            }
            codes.push(code);
        }
        Some(codes)
    }

    /// Columns that are missing together, and columns that are missing wherever another is.
    pub(super) fn missing(&self) -> Vec<Constraint> {
        let mut groups: Vec<(Vec<bool>, Vec<usize>)> = Vec::new();
        for &index in &self.named {
            let column = self.table.column(index);
            let count = column.missing_count();
            if count < 20 || column.len() - count < 20 {
                continue;
            }
            let flags = column.missing().expect("some are missing");
            match groups.iter_mut().find(|(own, _)| *own == flags) {
                Some((_, group)) => group.push(index),
                None => groups.push((flags, vec![index])),
            }
        }
        let mut found: Vec<Constraint> = groups
            .iter()
            .filter(|(_, group)| group.len() > 1)
            .map(|(_, group)| Constraint::AllOrNone { columns: self.names(group) })
            .collect();
        for (a, (few, group)) in groups.iter().enumerate() {
            let nearest = groups
                .iter()
                .enumerate()
                .filter(|&(b, (many, _))| a != b && few.iter().zip(many).all(|(few, many)| !few || *many))
                .min_by_key(|(_, (many, _))| many.iter().filter(|&&missing| missing).count());
            let Some((_, (many, others))) = nearest else { continue };
            // Where the other is nearly always missing, that says nothing.
            let present = many.iter().filter(|&&missing| !missing).count();
            let chance = (present as f64 / few.len() as f64).clamp(0.0, 1.0);
            let rows = few.iter().filter(|&&missing| missing).count();
            if chance * rows as f64 >= 20.0 {
                found.push(Constraint::When {
                    tests: vec![Test { column: self.name(group[0]), is: Is::Missing }],
                    then: Test { column: self.name(others[0]), is: Is::Missing },
                });
            }
        }
        found
    }

    /// Columns that are missing wherever another has certain levels, or there wherever it has.
    pub(super) fn missing_by_level(&self) -> Vec<Constraint> {
        let mut groups: Vec<(Vec<bool>, usize)> = Vec::new();
        for &index in &self.named {
            let column = self.table.column(index);
            let count = column.missing_count();
            if count < 20 || column.len() - count < 20 {
                continue;
            }
            let flags = column.missing().expect("some are missing");
            if !groups.iter().any(|(own, _)| *own == flags) {
                groups.push((flags, index));
            }
        }
        let mut found = Vec::new();
        for (flags, column) in &groups {
            for &by in self.named.iter().filter(|by| *by != column).take(MOST_COLUMNS) {
                let Kind::Categorical { .. } = &self.table.schema().columns[by].kind else { continue };
                found.extend(self.rules_by_level(flags, *column, by));
            }
        }
        found
    }

    fn rules_by_level(&self, flags: &[bool], column: usize, by: usize) -> Vec<Constraint> {
        let Some(codes) = self.table.column(by).codes() else { return Vec::new() };
        // Levels by what they are called: one list may repeat a text.
        let mut counts: Vec<(String, usize, usize)> = Vec::new();
        let mut place_of: HashMap<u32, usize> = HashMap::new();
        for (row, &code) in codes.codes.iter().enumerate() {
            if code == Codes::MISSING {
                continue;
            }
            let place = *place_of.entry(code).or_insert_with(|| {
                let text = codes.levels.get(code);
                counts.iter().position(|(own, ..)| own == text).unwrap_or_else(|| {
                    counts.push((text.to_owned(), 0, 0));
                    counts.len() - 1
                })
            });
            counts[place].1 += 1;
            counts[place].2 += usize::from(flags[row]);
            if counts.len() > MOST_LEVELS {
                return Vec::new();
            }
        }
        let share = flags.iter().filter(|&&flag| flag).count() as f64 / flags.len() as f64;
        let mut found = Vec::new();
        for (is, chance) in [(Is::Missing, 1.0 - share), (Is::Present, share)] {
            let whole = |entry: &(String, usize, usize)| {
                if is == Is::Missing { entry.2 == entry.1 } else { entry.2 == 0 }
            };
            let (own, others): (Vec<_>, Vec<_>) = counts.iter().partition(|entry| whole(entry));
            let rows: usize = own.iter().map(|entry| entry.1).sum();
            if others.is_empty() || rows < LEAST_ROWS || (rows as f64) * chance < LEAST_EVIDENCE {
                continue;
            }
            // Named are the fewer of the levels, and only frequent ones.
            let frequent =
                |levels: &[&(String, usize, usize)]| levels.iter().all(|entry| entry.1 >= LEAST_ROWS);
            let texts =
                |levels: &[&(String, usize, usize)]| levels.iter().map(|entry| entry.0.clone()).collect();
            let test = if frequent(&others) && (others.len() < own.len() || !frequent(&own)) {
                Is::NotAmong(texts(&others))
            } else if frequent(&own) {
                Is::Among(texts(&own))
            } else {
                continue;
            };
            found.push(Constraint::When {
                tests: vec![Test { column: self.name(by), is: test }],
                then: Test { column: self.name(column), is },
            });
        }
        found
    }
}

/// True when most rows have a level that at least five have.
fn mostly_frequent(codes: &[Option<u32>], count: usize) -> bool {
    let mut counts = vec![0_usize; count];
    for code in codes.iter().flatten() {
        counts[*code as usize] += 1;
    }
    let frequent: usize = counts.iter().filter(|&&count| count >= 5).sum();
    frequent * 2 > codes.iter().flatten().count()
}

/// True when each level of the first has one level of the second, and would hardly if they had nothing to do with each
/// other: where a level is seen again, its second level could have been another.
fn follows(codes: &[Option<u32>], count: usize, others: &[Option<u32>]) -> bool {
    let mut known: Vec<Option<u32>> = vec![None; count];
    let (mut again, mut rows) = (0_usize, 0_usize);
    let mut seen: HashMap<u32, usize> = HashMap::new();
    for (code, other) in codes.iter().zip(others) {
        let (Some(code), Some(other)) = (code, other) else { continue };
        match known[*code as usize] {
            None => known[*code as usize] = Some(*other),
            Some(first) if first != *other => return false,
            Some(_) => again += 1,
        }
        rows += 1;
        *seen.entry(*other).or_default() += 1;
    }
    let mut counts: Vec<usize> = seen.into_values().collect();
    counts.sort_unstable();
    let alike: f64 = counts.iter().map(|&count| (count as f64 / rows as f64).powi(2)).sum();
    again >= LEAST_ROWS && counts.len() >= 3 && again as f64 * (1.0 - alike) >= LEAST_EVIDENCE
}
