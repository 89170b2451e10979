//! Which rows are of which class.

use lookalike_table::spelling::spell;
use lookalike_table::{Codes, Kind, Table};

use super::error::ResampleError;
use super::options::Balance;
use crate::error::{Error, Result};

/// Numbers with more values than this are quantities, not classes.
const MOST_CLASSES: usize = 100;

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
        let key = |row: usize| parts.iter().map(move |part| part[row]).collect::<Vec<u32>>();
        let mut first_rows: Vec<usize> = Vec::new();
        let mut number_of: hashbrown::HashMap<Vec<u32>, u32> = hashbrown::HashMap::new();
        let mut of_row = Vec::with_capacity(table.n_rows());
        for row in 0..table.n_rows() {
            let next = number_of.len() as u32;
            let number = *number_of.entry(key(row)).or_insert(next);
            if number == next {
                first_rows.push(row);
            }
            of_row.push(number);
        }
        // In the order of the columns' own values, not of the rows.
        let mut order: Vec<usize> = (0..first_rows.len()).collect();
        order.sort_by_key(|&class| key(first_rows[class]));
        let mut place = vec![0_u32; order.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old] = new as u32;
        }
        of_row.iter_mut().for_each(|class| *class = place[*class as usize]);
        let first_rows: Vec<usize> = order.iter().map(|&class| first_rows[class]).collect();
        let mut counts = vec![0; first_rows.len()];
        for &class in &of_row {
            counts[class as usize] += 1;
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
            if values.len() > MOST_CLASSES {
                return Err(ResampleError::NotClasses {
                    column: schema.name.clone(),
                    values: values.len(),
                    most: MOST_CLASSES,
                }
                .into());
            }
            let code = |value: &f64| values.binary_search_by(|known| known.total_cmp(value));
            Ok(numbers.iter().map(|value| code(value).map_or(Codes::MISSING, |code| code as u32)).collect())
        }
        kind => Err(Error::TargetKind { column: schema.name.clone(), kind: kind.name() }),
    }
}
