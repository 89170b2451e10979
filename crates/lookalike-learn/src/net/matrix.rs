/// A table of numbers, row after row. Its memory is kept when it is given another shape, so that a loop takes none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    values: Vec<f32>,
}

impl Matrix {
    /// All zero.
    pub fn zeros(rows: usize, columns: usize) -> Self {
        Matrix { rows, columns, values: vec![0.0; rows * columns] }
    }

    /// From values row after row.
    ///
    /// # Panics
    /// If there are not `rows * columns` of them.
    pub fn from_values(rows: usize, columns: usize, values: Vec<f32>) -> Self {
        assert_eq!(values.len(), rows * columns, "as many values as cells");
        Matrix { rows, columns, values }
    }

    /// Gives it another shape. What it holds afterwards is left over from before: to be overwritten.
    pub fn reshape(&mut self, rows: usize, columns: usize) {
        (self.rows, self.columns) = (rows, columns);
        self.values.resize(rows * columns, 0.0);
    }

    /// Gives it another shape, all zero.
    pub fn clear(&mut self, rows: usize, columns: usize) {
        self.reshape(rows, columns);
        self.values.fill(0.0);
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// All values, row after row.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// All values, row after row, to be changed.
    pub fn values_mut(&mut self) -> &mut [f32] {
        &mut self.values
    }

    /// One row.
    pub fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.columns..(row + 1) * self.columns]
    }

    /// One row, to be changed.
    pub fn row_mut(&mut self, row: usize) -> &mut [f32] {
        &mut self.values[row * self.columns..(row + 1) * self.columns]
    }

    /// The matrix as a product takes it.
    pub(crate) fn view(&self) -> View<'_> {
        View {
            values: &self.values,
            rows: self.rows,
            columns: self.columns,
            row_step: self.columns,
            column_step: 1,
        }
    }
}

/// How a product sees numbers: which step in memory leads to the next row, and which to the next column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    values: &'a [f32],
    pub(super) rows: usize,
    pub(super) columns: usize,
    row_step: usize,
    column_step: usize,
}

impl<'a> View<'a> {
    /// Numbers row after row.
    pub(super) fn new(values: &'a [f32], rows: usize, columns: usize) -> Self {
        assert_eq!(values.len(), rows * columns, "as many values as cells");
        View { values, rows, columns, row_step: columns, column_step: 1 }
    }

    /// Rows as columns.
    pub(super) fn turned(self) -> Self {
        View {
            values: self.values,
            rows: self.columns,
            columns: self.rows,
            row_step: self.column_step,
            column_step: self.row_step,
        }
    }

    /// True when the numbers of a row lie side by side.
    pub(super) fn is_by_rows(&self) -> bool {
        self.column_step == 1
    }

    /// The numbers from a cell on: the next ones in the way that they lie in memory.
    pub(super) fn from(&self, row: usize, column: usize) -> &'a [f32] {
        &self.values[row * self.row_step + column * self.column_step..]
    }
}
