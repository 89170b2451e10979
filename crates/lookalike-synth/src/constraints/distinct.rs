//! Which columns tell rows apart where a constraint asks for that, and keys that carry the difference.
//!
//! Numbers, dates and levels of which there are enough are numbered by the row ([`super::numbered`]). Columns of keys carry
//! the difference otherwise: rows with the same cells in the other columns are counted within their block, and the count is
//! the number of the key. So of patients with visits 1, 2, 3, the first key of a block gets the first of each visit's rows,
//! as patients do, and the other columns stay as they were drawn.

use hashbrown::HashMap;
use lookalike_core::Seed;
use lookalike_table::constraints::{Rule, Rules};
use lookalike_table::schema::IdFormat;
use lookalike_table::{Column, ColumnSchema, Kind, Table, spelling};

use super::build::{Clash, Draft};
use super::plan::{Numbered, Plan};
use crate::error::Result;
use crate::frame::{Frame, Source};
use crate::sampler::BLOCK_ROWS;

/// Longer texts are no keys.
const LONGEST_KEY: usize = 64;
/// Others of which so many rows have each combination, on average, say by themselves how often a key occurs.
const SHARED: usize = 20;

impl Draft<'_> {
    /// Decides what tells rows apart for each constraint that asks for it.
    pub(super) fn tell_apart(&mut self) -> std::result::Result<(), Clash> {
        let kind = |column: usize| &self.table.schema().columns[column].kind;
        let mut taken: Vec<usize> = Vec::new();
        let (mut distinct, mut keyed) = (Vec::new(), Vec::new());
        for (index, columns) in &self.distinct {
            let constraint = *index;
            // Keys of which each stands in one row stay so, and so do stand-ins; what rises strictly is different, too.
            let is_key =
                |&column: &usize| matches!(kind(column), Kind::Id(_)) && !repeats(self.table.column(column));
            let made_up = columns.iter().any(|&column| self.is_made_up(column));
            if self.rises_strictly(columns) || made_up || columns.iter().any(is_key) {
                continue;
            }
            let free = |column: usize| self.is_free(column) && !taken.contains(&column);
            if let Some(column) =
                columns.iter().copied().find(|&column| free(column) && is_keylike(self.table, column))
            {
                let others: Vec<usize> = columns.iter().copied().filter(|&own| own != column).collect();
                let most = most_rows(self.table, column, &others);
                taken.push(column);
                keyed.push(Numbered::Keyed { constraint, column, from: 0, others, most });
                continue;
            }
            let carriers: Vec<usize> = columns
                .iter()
                .copied()
                .filter(|&column| free(column) && !matches!(kind(column), Kind::Text | Kind::Id(_)))
                .collect();
            if carriers.is_empty() {
                return Err(Clash);
            }
            taken.extend(&carriers);
            distinct.push((constraint, carriers));
        }
        self.distinct = distinct;
        self.keyed = keyed;
        Ok(())
    }
}

/// Why a constraint that rows be told apart cannot be met, for a message.
pub(super) fn why_not(rules: &Rules, index: usize, table: &Table) -> String {
    let Rule::Unique(columns) = &rules.rules[index] else {
        return "the column is settled by another constraint; leave one of them out".to_owned();
    };
    let texts: Vec<String> = columns
        .iter()
        .filter(|&&column| table.schema().columns[column].kind == Kind::Text && !is_keylike(table, column))
        .map(|&column| format!("{:?}", table.schema().columns[column].name))
        .collect();
    let settled = "is settled by another constraint; leave one of them out";
    match (texts.len(), columns.len()) {
        (0, _) => format!("every column that could tell rows apart {settled}"),
        (texts_only, all) if texts_only == all => format!(
            "text is made up by its shape, or stands in for personal data, and may repeat (column {}); say with \
             --column NAME=id that it is a key, or leave the constraint out",
            texts.join(", ")
        ),
        _ => format!(
            "text is made up by its shape and may repeat (column {}), and every other column that could tell rows apart \
             {settled}",
            texts.join(", ")
        ),
    }
}

/// The table with categories that carry the number of a key as texts: of levels that hardly any rows share nothing would be
/// left under protection.
pub(super) fn with_keys_as_texts(
    rules: &Rules,
    table: &Table,
    min_units: u32,
    kept: &[usize],
) -> Option<Table> {
    let named_elsewhere = |column: usize| {
        rules.rules.iter().enumerate().any(|(index, rule)| {
            !matches!(rule, Rule::Unique(_))
                && rules.declared[index].columns().contains(&table.schema().columns[column].name)
        })
    };
    let mut schema = lookalike_table::Schema::clone(table.schema());
    let mut columns = table.columns().to_vec();
    let mut changed = false;
    for rule in &rules.rules {
        let Rule::Unique(members) = rule else { continue };
        for &column in members {
            let Some(codes) = columns[column].codes().filter(|_| columns[column].is_categorical()) else {
                continue;
            };
            if kept.contains(&column) || named_elsewhere(column) {
                continue;
            }
            let mut counts = vec![0_u32; codes.levels.len()];
            for &code in &codes.codes {
                if let Some(count) = counts.get_mut(code as usize) {
                    *count += 1;
                }
            }
            let used = counts.iter().filter(|&&count| count > 0).count();
            let rare = counts.iter().filter(|&&count| count > 0 && count < min_units.max(2)).count();
            let texts: Vec<Option<String>> = spelling::spell(&schema.columns[column], &columns[column]);
            let as_text = Column::from_texts(texts.iter().map(Option::as_deref));
            if rare * 2 > used && used >= 20 && looks_like_keys(&as_text) {
                schema.columns[column].kind = Kind::Text;
                columns[column] = as_text;
                changed = true;
            }
        }
    }
    changed.then(|| Table::new(schema.into(), columns).ok()).flatten()
}

/// How an inner table has a key of the outer one.
pub(super) fn described(outer: &ColumnSchema) -> ColumnSchema {
    match outer.kind {
        Kind::Id(_) => outer.clone(),
        _ => ColumnSchema { kind: Kind::Id(IdFormat::default()), ..outer.clone() },
    }
}

fn repeats(column: &Column) -> bool {
    if let Some(texts) = column.texts() {
        let mut seen = hashbrown::HashSet::new();
        return texts.iter().flatten().any(|text| !seen.insert(text));
    }
    let Some(numbers) = column.integers() else { return false };
    let mut seen = hashbrown::HashSet::new();
    let missing = numbers.missing;
    numbers
        .values
        .iter()
        .enumerate()
        .any(|(row, value)| !missing.as_ref().is_some_and(|flags| flags[row]) && !seen.insert(*value))
}

/// True for columns of keys, and of texts that look like keys.
fn is_keylike(table: &Table, column: usize) -> bool {
    let described = &table.schema().columns[column];
    match described.kind {
        Kind::Id(_) => true,
        Kind::Text => described.personal.is_none() && looks_like_keys(table.column(column)),
        _ => false,
    }
}

/// Short, without blanks, and nearly all with digits or of one length.
fn looks_like_keys(column: &Column) -> bool {
    let Some(texts) = column.texts() else { return false };
    let (mut count, mut digits) = (0_usize, 0_usize);
    let mut lengths: HashMap<usize, usize> = HashMap::new();
    for text in texts.iter().flatten() {
        let length = text.chars().count();
        if length == 0 || length > LONGEST_KEY || text.contains(char::is_whitespace) {
            return false;
        }
        count += 1;
        digits += usize::from(text.contains(|c: char| c.is_ascii_digit()));
        *lengths.entry(length).or_default() += 1;
    }
    let commonest = lengths.values().copied().max().unwrap_or(0);
    count > 0 && (digits * 10 >= count * 9 || commonest * 10 >= count * 9)
}

/// How many rows a key has on average, unless the other columns say how often it can occur.
fn most_rows(table: &Table, column: usize, others: &[usize]) -> Option<u64> {
    let n_rows = table.n_rows();
    if others.is_empty() {
        return None;
    }
    let groups = |columns: &[usize]| -> usize {
        let mut seen = hashbrown::HashSet::new();
        numbers_of(table, columns).into_iter().filter(|&number| seen.insert(number)).count()
    };
    if groups(others) * SHARED <= n_rows {
        return None;
    }
    let keys = groups(&[column]).max(1);
    Some(((n_rows as f64 / keys as f64).round() as u64).max(1))
}

/// For each row, the number of its combination of cells, in order of appearance.
fn numbers_of(table: &Table, columns: &[usize]) -> Vec<u32> {
    let texts: Vec<Vec<Option<String>>> = columns
        .iter()
        .map(|&column| spelling::spell(&table.schema().columns[column], table.column(column)))
        .collect();
    let mut numbers: HashMap<Vec<Option<&str>>, u32> = HashMap::new();
    (0..table.n_rows())
        .map(|row| {
            let next = numbers.len() as u32;
            let cells = texts.iter().map(|texts| texts[row].as_deref()).collect();
            *numbers.entry(cells).or_insert(next)
        })
        .collect()
}

/// The outer block with keys that tell rows apart. Missing cells stay missing.
pub(super) fn with_keys(plan: &Plan, frame: &Frame, outer: Table, block: u64, seed: Seed) -> Result<Table> {
    let mut outer = outer;
    for numbered in &plan.numbered {
        let Numbered::Keyed { constraint, column, from, others, most } = numbered else { continue };
        let Source::Keys(keys) = &frame.sources[*from] else { continue };
        let first = block * BLOCK_ROWS as u64;
        let places: Vec<u64> =
            places(&numbers_of(&outer, others), *most).into_iter().map(|place| first + place).collect();
        let own = outer.column(*column);
        let seed = seed.derive("keyed").derive(&constraint.to_string());
        let mut made = keys.at(&places, seed, own.is_text());
        if let Some(missing) = own.missing() {
            made = made.with_missing(&missing);
        }
        let mut columns = outer.columns().to_vec();
        columns[*column] = made;
        outer = Table::new(outer.schema().clone(), columns)?;
    }
    Ok(outer)
}

/// The number of each row's key within a block: different for rows with the same number, and each key at most so often.
fn places(numbers: &[u32], most: Option<u64>) -> Vec<u64> {
    let most = most.unwrap_or(u64::MAX);
    let mut next: HashMap<u32, usize> = HashMap::new();
    let mut used: Vec<u64> = vec![0; numbers.len()];
    let mut open = 0;
    numbers
        .iter()
        .map(|number| {
            while used[open] >= most {
                open += 1;
            }
            // There are as many keys as rows, so one is always left.
            let mut place = next.get(number).copied().unwrap_or(0).max(open);
            while used[place] >= most {
                place += 1;
            }
            used[place] += 1;
            next.insert(*number, place + 1);
            place as u64
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_with_the_same_number_have_different_places() {
        let numbers = [0, 1, 0, 0, 2, 1, 2, 2, 2];
        let free = places(&numbers, None);
        assert_eq!(free, [0, 0, 1, 2, 0, 1, 1, 2, 3]);
        for most in 1..4 {
            let places = places(&numbers, Some(most));
            for row in 0..numbers.len() {
                assert!((places[row] as usize) < numbers.len());
                assert!(places.iter().filter(|&&place| place == places[row]).count() as u64 <= most);
                let twin = |&other: &usize| numbers[other] == numbers[row] && places[other] == places[row];
                assert!(!(0..row).any(|other| twin(&other)), "{places:?}");
            }
        }
    }

    #[test]
    fn keys_are_told_from_words() {
        let column = |texts: &[&str]| Column::from_texts(texts.iter().map(|text| Some(*text)));
        assert!(looks_like_keys(&column(&["P00001", "P00002", "P10"])));
        assert!(looks_like_keys(&column(&["abcd", "efgh"])));
        assert!(!looks_like_keys(&column(&["well", "not so well"])));
        assert!(!looks_like_keys(&column(&["red", "yellow", "ultramarine"])));
    }
}
