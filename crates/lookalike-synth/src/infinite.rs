use lookalike_core::{Topic, Warning};
use lookalike_table::{Kind, Table};

use crate::error::Result;
use crate::words::counted;

/// The table with its infinite numbers missing, and what is to be said of them; nothing where it has none. No range of numbers
/// and no network can hold an infinity: drawn from what lies next to it, it would come out as no number.
pub(crate) fn without(table: &Table) -> Result<Option<(Table, Vec<Warning>)>> {
    let mut columns = table.columns().to_vec();
    let mut warnings = Vec::new();
    for (index, described) in table.schema().columns.iter().enumerate() {
        let Kind::Numerical(_) = described.kind else { continue };
        // Whole numbers and decimals have no infinities.
        let exact = columns[index].integers().is_some()
            || columns[index].unsigned().is_some()
            || columns[index].decimals().is_some();
        let Some(numbers) = columns[index].numbers().filter(|_| !exact) else { continue };
        let infinite: Vec<bool> = numbers.values.iter().map(|value| value.is_infinite()).collect();
        let count = infinite.iter().filter(|&&flag| flag).count() as u64;
        if count > 0 {
            columns[index] = columns[index].with_missing(&infinite);
            let message = format!(
                "{} taken as missing: no method can learn infinity",
                match count {
                    1 => "1 infinite cell is".to_owned(),
                    _ => format!("{} are", counted(count, "infinite cell")),
                }
            );
            warnings.push(Warning::of_column(Topic::Model, &described.name, message));
        }
    }
    if warnings.is_empty() {
        return Ok(None);
    }
    Ok(Some((Table::new(table.schema().clone(), columns)?, warnings)))
}
