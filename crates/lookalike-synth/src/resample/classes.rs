//! Which rows are of which class.

use lookalike_table::spelling::spell;
use lookalike_table::{Codes, Kind, Table};

use super::error::ResampleError;
use super::options::Balance;
use crate::error::{Error, Result};

/// Numbers with more different values than this are quantities, not classes.
pub const MOST_CLASSES_OF_NUMBERS: usize = 30;

/// The classes of a table's rows: the values of the target, or its combinations with those of other columns.
#[derive(Debug, Clone)]
pub(super) struct Classes {
    /// What the classes are called: the target's value, and those of the other columns behind it.
    pub(super) names: Vec<String>,
    /// The class of each row.
    pub(super) of_row: Vec<u32>,
    /// How many rows each class has.
    pub(super) counts: Vec<usize>,
    /// The classes that are balanced with each other.
    pub(super) scopes: Vec<Vec<usize>>,
}

impl Classes {
    pub(super) fn of(table: &Table, balance: &Balance) -> Result<Self> {
        let target = codes(table, balance.target)?;
        let missing = target.iter().filter(|&&code| code == Codes::MISSING).count();
        if missing > 0 {
            let column = table.schema().columns[balance.target].name.clone();
            return Err(ResampleError::NoClass { column, rows: missing }.into());
        }
        let mut parts = vec![target];
        for &column in &balance.by {
            if column != balance.target {
                parts.push(codes(table, column)?);
            }
        }
        // Numbers in the order of the columns' own values, not of the rows.
        let mut of_row = vec![0_u32; table.n_rows()];
        for part in &parts {
            number(&mut of_row, part);
        }
        let n_classes = of_row.iter().max().map_or(0, |&most| most as usize + 1);
        let (mut counts, mut first_rows) = (vec![0; n_classes], vec![0; n_classes]);
        for (row, &class) in of_row.iter().enumerate() {
            let count = &mut counts[class as usize];
            if *count == 0 {
                first_rows[class as usize] = row;
            }
            *count += 1;
        }
        let columns: Vec<usize> = std::iter::once(balance.target)
            .chain(balance.by.iter().copied().filter(|&column| column != balance.target))
            .collect();
        let spelled: Vec<Vec<Option<String>>> = columns
            .iter()
            .map(|&column| spell(&table.schema().columns[column], &table.column(column).take(&first_rows)))
            .collect();
        let names = (0..first_rows.len())
            .map(|class| {
                let values: Vec<&str> =
                    spelled.iter().map(|texts| texts[class].as_deref().unwrap_or("(missing)")).collect();
                values.join(",")
            })
            .collect();
        let mut scopes: Vec<Vec<usize>> = Vec::new();
        for class in 0..first_rows.len() {
            let same = |other: usize| parts[0][first_rows[other]] == parts[0][first_rows[class]];
            match scopes.last_mut() {
                Some(scope) if !balance.within || same(scope[0]) => scope.push(class),
                _ => scopes.push(vec![class]),
            }
        }
        if scopes.iter().all(|scope| scope.len() < 2) {
            let column = table.schema().columns[balance.target].name.clone();
            return Err(ResampleError::OneClass { column }.into());
        }
        Ok(Classes { names, of_row, counts, scopes })
    }

    /// The rows of a class.
    pub(super) fn rows(&self, class: usize) -> Vec<u32> {
        (0..self.of_row.len() as u32).filter(|&row| self.of_row[row as usize] as usize == class).collect()
    }

    /// The smallest class of those it is balanced with.
    pub(super) fn minority_beside(&self, class: usize) -> usize {
        let scope = self.scopes.iter().find(|scope| scope.contains(&class));
        let smallest = |scope: &Vec<usize>| {
            scope.iter().copied().min_by_key(|&class| (self.counts[class], class)).unwrap_or(class)
        };
        scope.map_or(class, smallest)
    }

    /// The number of the class with this name.
    pub(super) fn named(&self, name: &str) -> Result<usize> {
        self.names
            .iter()
            .position(|known| known == name)
            .or_else(|| self.names.iter().position(|known| known.trim() == name.trim()))
            .ok_or_else(|| ResampleError::UnknownClass { name: name.to_owned() }.into())
    }
}

/// Numbers rows by what number they had and a further value, in the order of both and without gaps.
fn number(of_row: &mut [u32], part: &[u32]) {
    let width =
        2 + part.iter().filter(|&&code| code != Codes::MISSING).max().map_or(0, |&most| u64::from(most));
    // A missing value comes after the others.
    let key = |before: u32, code: u32| u64::from(before) * width + u64::from(code).min(width - 1);
    let most = of_row.iter().zip(part).map(|(&before, &code)| key(before, code)).max().unwrap_or(0);
    if most < 1 << 20 {
        let mut place = vec![u32::MAX; most as usize + 1];
        of_row.iter().zip(part).for_each(|(&before, &code)| place[key(before, code) as usize] = 0);
        for (next, place) in (0..).zip(place.iter_mut().filter(|place| **place == 0)) {
            *place = next;
        }
        for (before, &code) in of_row.iter_mut().zip(part) {
            *before = place[key(*before, code) as usize];
        }
        return;
    }
    let mut known: Vec<u64> = of_row.iter().zip(part).map(|(&before, &code)| key(before, code)).collect();
    known.sort_unstable();
    known.dedup();
    for (before, &code) in of_row.iter_mut().zip(part) {
        *before = known.partition_point(|&other| other < key(*before, code)) as u32;
    }
}

/// A number per value of a column, in the order of the values.
fn codes(table: &Table, index: usize) -> Result<Vec<u32>> {
    let (column, schema) = (table.column(index), &table.schema().columns[index]);
    match &schema.kind {
        Kind::Categorical { .. } => Ok(column.codes().expect("levels").codes),
        Kind::Boolean(_) | Kind::Numerical(_) => {
            let numbers = column.numbers().expect("numbers").values;
            let mut values: Vec<f64> = numbers.iter().copied().filter(|value| !value.is_nan()).collect();
            values.sort_unstable_by(f64::total_cmp);
            values.dedup();
            if values.len() > MOST_CLASSES_OF_NUMBERS {
                return Err(ResampleError::NotClasses {
                    column: schema.name.clone(),
                    values: values.len(),
                    most: MOST_CLASSES_OF_NUMBERS,
                }
                .into());
            }
            let code = |value: &f64| values.binary_search_by(|known| known.total_cmp(value));
            Ok(numbers.iter().map(|value| code(value).map_or(Codes::MISSING, |code| code as u32)).collect())
        }
        kind => Err(Error::TargetKind { column: schema.name.clone(), kind: kind.name() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn combinations_are_numbered_in_their_order() {
        let (first, second) = ([3, 0, 3, 0, 3], [Codes::MISSING, 7, 0, 7, 0]);
        let mut of_row = [0; 5];
        number(&mut of_row, &first);
        assert_eq!(of_row, [1, 0, 1, 0, 1]);
        number(&mut of_row, &second);
        assert_eq!(of_row, [2, 0, 1, 0, 1]);
        // Many levels are numbered without a table of all combinations.
        let many: Vec<u32> = second.iter().map(|&code| if code == 7 { 4_000_000 } else { code }).collect();
        let mut of_row = [1, 0, 1, 0, 1];
        number(&mut of_row, &many);
        assert_eq!(of_row, [2, 0, 1, 0, 1]);
    }
}
