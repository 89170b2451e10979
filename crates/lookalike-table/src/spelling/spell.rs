use super::printer::Printer;
use crate::column::Column;
use crate::schema::ColumnSchema;

/// The cells of a column as its schema spells them; `None` where missing.
///
/// ```
/// use lookalike_table::schema::NumberFormat;
/// use lookalike_table::{Column, ColumnSchema, Kind, spelling::spell};
/// let schema = ColumnSchema::new("age", Kind::Numerical(NumberFormat::whole()));
/// let ages = Column::from_integers(vec![41, 0], Some(vec![false, true]));
/// assert_eq!(spell(&schema, &ages), [Some("41".to_owned()), None]);
/// ```
pub fn spell(schema: &ColumnSchema, column: &Column) -> Vec<Option<String>> {
    let printer = Printer::new(schema, column);
    let missing = column.missing();
    let is_missing = |row: usize| missing.as_ref().is_some_and(|missing| missing[row]);
    (0..column.len())
        .map(|row| {
            if is_missing(row) {
                return None;
            }
            let mut text = Vec::new();
            printer.print(row, &mut text);
            Some(String::from_utf8_lossy(&text).into_owned())
        })
        .collect()
}
