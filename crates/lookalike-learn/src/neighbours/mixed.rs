//! Rows of numbers and levels under a Euclidean distance whose scale the caller chooses.

/// Rows as points: the square of the distance of two of them is the sum of the squares of the differences of their
/// numbers, and for each level that differs what its column costs. What the numbers' units are is the caller's choice,
/// and so is what stands where one is missing.
///
/// ```
/// use lookalike_learn::neighbours::MixedPoints;
/// let points = MixedPoints::new(2, &[&[0.0, 3.0]], &[&[1, 1], &[0, 1]], vec![9.0, 16.0]);
/// assert_eq!(points.squared_distance(0, &points, 1), 9.0 + 16.0);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct MixedPoints {
    n_rows: usize,
    n_numbers: usize,
    /// Row after row.
    numbers: Vec<f64>,
    levels: Vec<u32>,
    /// For each level column what a level that differs adds to the square.
    costs: Vec<f64>,
}

impl MixedPoints {
    /// Points from columns.
    ///
    /// # Panics
    /// If columns differ in length, a number is not finite, or there is not one cost of at least 0 per column of levels.
    pub fn new(n_rows: usize, numbers: &[&[f64]], levels: &[&[u32]], costs: Vec<f64>) -> Self {
        assert_eq!(levels.len(), costs.len(), "a cost per column of levels");
        assert!(costs.iter().all(|&cost| cost >= 0.0 && cost.is_finite()), "costs are at least 0");
        assert!(numbers.iter().all(|column| column.len() == n_rows), "columns differ in length");
        assert!(levels.iter().all(|column| column.len() == n_rows), "columns differ in length");
        assert!(numbers.iter().all(|column| column.iter().all(|v| v.is_finite())), "numbers are finite");
        MixedPoints {
            n_rows,
            n_numbers: numbers.len(),
            numbers: by_rows(n_rows, numbers, 0.0),
            levels: by_rows(n_rows, levels, 0),
            costs,
        }
    }

    /// How many points there are.
    pub fn len(&self) -> usize {
        self.n_rows
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.n_rows == 0
    }

    /// The numbers of a row.
    pub fn numbers_of(&self, row: usize) -> &[f64] {
        &self.numbers[row * self.n_numbers..(row + 1) * self.n_numbers]
    }

    /// The numbers of all rows, one row after the other.
    pub fn numbers_of_all(&self) -> &[f64] {
        &self.numbers
    }

    /// The levels of a row.
    pub fn levels_of(&self, row: usize) -> &[u32] {
        let width = self.costs.len();
        &self.levels[row * width..(row + 1) * width]
    }

    /// For each column of levels what one that differs adds to the square of a distance.
    pub fn costs(&self) -> &[f64] {
        &self.costs
    }

    pub(super) fn n_numbers(&self) -> usize {
        self.n_numbers
    }

    /// The square of the distance of a row from one of `others`.
    pub fn squared_distance(&self, row: usize, others: &MixedPoints, other: usize) -> f64 {
        // Four sums side by side: one chain of additions would wait for itself.
        let (own, theirs) = (self.numbers_of(row).chunks_exact(4), others.numbers_of(other).chunks_exact(4));
        let mut sum = 0.0;
        for (a, b) in own.remainder().iter().zip(theirs.remainder()) {
            sum += (a - b) * (a - b);
        }
        let mut sums = [0.0; 4];
        for (own, theirs) in own.zip(theirs) {
            for lane in 0..4 {
                let difference = own[lane] - theirs[lane];
                sums[lane] += difference * difference;
            }
        }
        sum += (sums[0] + sums[1]) + (sums[2] + sums[3]);
        for ((a, b), cost) in self.levels_of(row).iter().zip(others.levels_of(other)).zip(&self.costs) {
            sum += if a == b { 0.0 } else { *cost };
        }
        sum
    }

    /// Some of the points.
    ///
    /// # Panics
    /// If there is no such point.
    #[must_use]
    pub fn take(&self, rows: &[u32]) -> MixedPoints {
        MixedPoints {
            n_rows: rows.len(),
            n_numbers: self.n_numbers,
            numbers: rows.iter().flat_map(|&row| self.numbers_of(row as usize)).copied().collect(),
            levels: rows.iter().flat_map(|&row| self.levels_of(row as usize)).copied().collect(),
            costs: self.costs.clone(),
        }
    }

    /// The same points where levels cost something else.
    ///
    /// # Panics
    /// If there is not one cost of at least 0 per column of levels.
    #[must_use]
    pub fn with_costs(mut self, costs: Vec<f64>) -> MixedPoints {
        assert_eq!(self.costs.len(), costs.len(), "a cost per column of levels");
        assert!(costs.iter().all(|&cost| cost >= 0.0 && cost.is_finite()), "costs are at least 0");
        self.costs = costs;
        self
    }
}

fn by_rows<T: Copy>(n_rows: usize, columns: &[&[T]], empty: T) -> Vec<T> {
    let width = columns.len();
    let mut cells = vec![empty; n_rows * width];
    for (place, column) in columns.iter().enumerate() {
        for (cell, &value) in cells[place.min(n_rows * width)..].iter_mut().step_by(width.max(1)).zip(*column)
        {
            *cell = value;
        }
    }
    cells
}
