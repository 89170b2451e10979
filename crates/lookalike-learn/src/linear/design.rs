use rayon::prelude::*;

/// The numbers that a linear model sees: rows of features, followed by a column of ones for the intercept. Only what is
/// not 0 is kept.
///
/// ```
/// use lookalike_learn::linear::Design;
/// let design = Design::from_rows(&[0.0, 2.0, 1.0, 0.0], 2);
/// assert_eq!((design.n_rows(), design.width()), (2, 3));
/// assert_eq!(design.times(&[10.0, 1.0, 0.5]), [2.5, 10.5]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    width: usize,
    /// Where each row's entries start, and where the last row's end.
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f64>,
}

/// Rows are summed up in at most this many blocks, so that what each block holds stays bounded.
const MOST_BLOCKS: usize = 8;

/// Blocks are not smaller than this.
const LEAST_ROWS: usize = 2048;

impl Design {
    /// From `width` numbers for each row, row after row; the column of ones is added.
    ///
    /// # Panics
    /// If the last row is incomplete.
    pub fn from_rows(numbers: &[f64], width: usize) -> Self {
        assert!(numbers.len().is_multiple_of(width.max(1)), "rows are complete");
        let mut design = Design::empty(width);
        for row in numbers.chunks_exact(width.max(1)) {
            design.push(row.iter().enumerate().map(|(column, &value)| (column, value)));
        }
        design
    }

    /// No row yet, of so many features.
    pub(super) fn empty(features: usize) -> Self {
        Design { width: features + 1, starts: vec![0], columns: Vec::new(), values: Vec::new() }
    }

    /// Adds a row by its features, in the order of columns.
    pub(super) fn push(&mut self, entries: impl Iterator<Item = (usize, f64)>) {
        for (column, value) in entries.filter(|(_, value)| *value != 0.0) {
            self.columns.push(column as u32);
            self.values.push(value);
        }
        self.columns.push(self.width as u32 - 1);
        self.values.push(1.0);
        self.starts.push(self.values.len());
    }

    /// How many rows there are.
    pub fn n_rows(&self) -> usize {
        self.starts.len() - 1
    }

    /// How many columns there are, the last of which is that of ones.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The entries of a row that are not 0, in the order of columns.
    pub fn row(&self, row: usize) -> impl Iterator<Item = (usize, f64)> + Clone + '_ {
        let entries = self.starts[row]..self.starts[row + 1];
        let columns = self.columns[entries.clone()].iter().map(|&column| column as usize);
        columns.zip(self.values[entries].iter().copied())
    }

    /// The sum over each row's entries times the coefficients.
    ///
    /// # Panics
    /// If there is not one coefficient per column.
    pub fn times(&self, coefficients: &[f64]) -> Vec<f64> {
        assert_eq!(coefficients.len(), self.width, "a coefficient per column");
        (0..self.n_rows())
            .into_par_iter()
            .map(|row| self.row(row).map(|(column, value)| value * coefficients[column]).sum())
            .collect()
    }

    /// The sum over each column's entries times a factor per row.
    pub(super) fn sums(&self, factors: &[f64]) -> Vec<f64> {
        self.in_blocks(self.width, |row, sums| {
            for (column, value) in self.row(row) {
                sums[column] += factors[row] * value;
            }
        })
    }

    /// The sum over the rows of the products of every two columns, each row times its weight: the rows of the lower
    /// triangle one after the other.
    pub(super) fn products(&self, weights: Option<&[f64]>) -> Vec<f64> {
        self.in_blocks(self.width * (self.width + 1) / 2, |row, products| {
            let weight = weights.map_or(1.0, |weights| weights[row]);
            let entries = self.row(row);
            for (later, high) in entries.clone() {
                let products = &mut products[later * (later + 1) / 2..];
                let factor = weight * high;
                for (earlier, low) in entries.clone().take_while(|(earlier, _)| *earlier <= later) {
                    products[earlier] += factor * low;
                }
            }
        })
    }

    /// Adds up what `add` adds for each row.
    fn in_blocks(&self, size: usize, add: impl Fn(usize, &mut [f64]) + Sync) -> Vec<f64> {
        let rows = self.n_rows();
        let block = rows.div_ceil(MOST_BLOCKS).max(LEAST_ROWS);
        let blocks: Vec<Vec<f64>> = (0..rows.div_ceil(block))
            .into_par_iter()
            .map(|number| {
                let mut sums = vec![0.0; size];
                for row in number * block..rows.min((number + 1) * block) {
                    add(row, &mut sums);
                }
                sums
            })
            .collect();
        let mut all = vec![0.0; size];
        for block in blocks {
            for (all, own) in all.iter_mut().zip(block) {
                *all += own;
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_products_are_those_of_the_full_matrix() {
        let rows = 5000;
        let numbers: Vec<f64> = (0..rows * 3).map(|place| ((place * 7) % 5) as f64 - 1.0).collect();
        let design = Design::from_rows(&numbers, 3);
        let full = |row: usize, column: usize| if column == 3 { 1.0 } else { numbers[row * 3 + column] };
        let weights: Vec<f64> = (0..rows).map(|row| (row % 3) as f64).collect();
        let products = design.products(Some(&weights));
        let sums = design.sums(&weights);
        for a in 0..4 {
            let expected: f64 = (0..rows).map(|row| weights[row] * full(row, a)).sum();
            assert_eq!(sums[a], expected);
            for b in 0..=a {
                let expected: f64 = (0..rows).map(|row| weights[row] * full(row, a) * full(row, b)).sum();
                assert_eq!(products[a * (a + 1) / 2 + b], expected);
            }
        }
    }
}
