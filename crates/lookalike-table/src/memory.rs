//! Whether so many rows can be held at once.

use crate::error::{Error, Result};
use crate::schema::{Kind, Schema};

impl Schema {
    /// The fewest bytes that a row takes in memory.
    fn least_row_bytes(&self) -> u128 {
        let of_column = |kind: &Kind| match kind {
            Kind::Boolean(_) => 1,
            Kind::Categorical { .. } => 4,
            Kind::Image(format) => format.size().unwrap_or(1) as u128,
            Kind::Numerical(_) | Kind::Datetime(_) | Kind::Id(_) | Kind::Text => 8,
        };
        self.columns.iter().map(|column| of_column(&column.kind)).sum()
    }

    /// Asks the system whether there can be memory for so many rows of this table at once, and takes none: what is going to be
    /// held as a whole is refused before the work begins, and not when the memory is full.
    ///
    /// ```
    /// use lookalike_table::{ColumnSchema, Kind, Schema};
    /// let schema = Schema::new(vec![ColumnSchema::new("note", Kind::Text)]);
    /// assert!(schema.hold(1000).is_ok());
    /// assert!(schema.hold(u64::MAX).is_err());
    /// ```
    ///
    /// # Errors
    /// [`Error::Memory`].
    pub fn hold(&self, rows: u64) -> Result<()> {
        let bytes = self.least_row_bytes().saturating_mul(u128::from(rows));
        let mut space: Vec<u8> = Vec::new();
        let is_there = usize::try_from(bytes).is_ok_and(|bytes| space.try_reserve_exact(bytes).is_ok());
        if is_there { Ok(()) } else { Err(Error::Memory { rows, bytes }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::ColumnSchema;

    #[test]
    fn what_no_machine_has_is_refused_at_once() {
        let schema = Schema::new(vec![
            ColumnSchema::new("a", Kind::Text),
            ColumnSchema::new("b", Kind::Categorical { order: Vec::new() }),
        ]);
        assert_eq!(schema.least_row_bytes(), 12);
        assert!(schema.hold(0).is_ok() && schema.hold(100_000).is_ok());
        for rows in [1 << 60, u64::MAX / 12, u64::MAX] {
            let error = schema.hold(rows).unwrap_err();
            assert!(matches!(error, Error::Memory { rows: asked, .. } if asked == rows), "{error}");
        }
    }
}
