use std::ops::Range;
use std::sync::Arc;

use crate::column::{Column, Levels};
use crate::constraints::Constraint;
use crate::error::{Error, Result};
use crate::schema::{Kind, Schema};

/// Columns of equal length and the schema that says what they mean.
///
/// Columns are addressed by number, since names may repeat or be empty. Cloning is cheap: the data is shared.
#[derive(Debug, Clone)]
pub struct Table {
    schema: Arc<Schema>,
    columns: Vec<Column>,
    n_rows: usize,
}

impl Table {
    /// A table of `columns`, one for each column of the schema.
    ///
    /// # Errors
    /// [`Error::Shape`] when the numbers of columns differ, or the columns' lengths; [`Error::Storage`] when a
    /// column's physical type cannot hold what the schema says it is.
    pub fn new(schema: Arc<Schema>, columns: Vec<Column>) -> Result<Self> {
        let n_rows = columns.first().map_or(0, Column::len);
        if schema.columns.len() != columns.len() || columns.iter().any(|column| column.len() != n_rows) {
            return Err(Error::Shape);
        }
        for (described, column) in schema.columns.iter().zip(&columns) {
            if !described.kind.fits(column) {
                return Err(Error::Storage { column: described.name.clone(), kind: described.kind.name() });
            }
        }
        Ok(Table { schema, columns, n_rows })
    }

    /// A table without rows.
    ///
    /// ```
    /// use lookalike_table::{ColumnSchema, Kind, Schema, Table};
    /// let schema = Schema::new(vec![ColumnSchema::new("name", Kind::Text)]);
    /// assert_eq!(Table::empty(&schema.into()).n_rows(), 0);
    /// ```
    pub fn empty(schema: &Arc<Schema>) -> Table {
        let texts = || Column::from_texts(Vec::<Option<&str>>::new());
        let columns = schema.columns.iter().map(|column| match &column.kind {
            Kind::Numerical(format) if format.integer => Column::from_integers(Vec::new(), None),
            Kind::Numerical(_) => Column::from_floats(Vec::new(), None),
            Kind::Categorical { order } => Column::from_codes(Vec::new(), &Levels::new(order)),
            Kind::Boolean(_) => Column::from_booleans(Vec::new(), None),
            Kind::Datetime(_) => Column::from_instants(Vec::new(), None),
            Kind::Id(_) | Kind::Text => texts(),
            Kind::Image(format) => Column::missing_images(0, format.size().unwrap_or(1)),
        });
        Table { columns: columns.collect(), schema: schema.clone(), n_rows: 0 }
    }

    /// What the columns mean.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// The same table with other constraints in its schema.
    #[must_use]
    pub fn with_constraints(self, constraints: Vec<Constraint>) -> Table {
        let schema = Schema { constraints, ..Schema::clone(&self.schema) };
        Table { schema: Arc::new(schema), ..self }
    }

    /// How many rows there are.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// How many columns there are.
    pub fn n_columns(&self) -> usize {
        self.columns.len()
    }

    /// Column number `index`.
    ///
    /// # Panics
    /// If there is no such column.
    pub fn column(&self, index: usize) -> &Column {
        &self.columns[index]
    }

    /// All columns in order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// `rows` without copying.
    ///
    /// # Panics
    /// If a row does not exist.
    #[must_use]
    pub fn slice(&self, rows: Range<usize>) -> Table {
        let columns = self.columns.iter().map(|column| column.slice(rows.start, rows.len())).collect();
        Table { schema: self.schema.clone(), columns, n_rows: rows.len() }
    }

    /// The rows with these numbers, in this order.
    ///
    /// # Panics
    /// If a row does not exist.
    #[must_use]
    pub fn take(&self, rows: &[usize]) -> Table {
        let columns = self.columns.iter().map(|column| column.take(rows)).collect();
        Table { schema: self.schema.clone(), columns, n_rows: rows.len() }
    }

    /// Only the columns with these numbers, in this order.
    ///
    /// # Panics
    /// If a column does not exist.
    #[must_use]
    pub fn select(&self, columns: &[usize]) -> Table {
        Table {
            schema: Arc::new(self.schema.select(columns)),
            columns: columns.iter().map(|&index| self.columns[index].clone()).collect(),
            n_rows: self.n_rows,
        }
    }

    /// The rows of several tables of one schema, one after the other.
    ///
    /// # Errors
    /// [`Error::Shape`] when there is none or their numbers of columns differ, [`Error::PhysicalType`] when
    /// columns do not match.
    pub fn concat(tables: &[Table]) -> Result<Table> {
        let first = tables.first().ok_or(Error::Shape)?;
        if tables.iter().any(|table| table.n_columns() != first.n_columns()) {
            return Err(Error::Shape);
        }
        let columns = (0..first.n_columns())
            .map(|index| {
                Column::concat(&tables.iter().map(|table| &table.columns[index]).collect::<Vec<_>>())
            })
            .collect::<Result<Vec<_>>>()?;
        let n_rows = tables.iter().map(|table| table.n_rows).sum();
        Ok(Table { schema: first.schema.clone(), columns, n_rows })
    }
}
