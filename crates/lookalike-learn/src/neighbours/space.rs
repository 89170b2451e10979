use crate::tree::Feature;

/// The distance of two numbers that lie a whole range apart. Distances are given in parts of it.
pub const UNIT: u64 = 1 << 36;

/// The distance of two different levels.
pub(super) const MISMATCH: u64 = 2 * UNIT;

/// Steps of the coarse grid per range.
pub(super) const COARSE: u16 = 1 << 10;

/// Numbers further than this many ranges outside are taken to lie there: keeps sums within 64 bits.
const FURTHEST: f64 = (1 << 14) as f64;

/// How rows become points: ranges and means of the numbers of one table.
#[derive(Debug, Clone, PartialEq)]
pub struct Space {
    columns: Vec<Axis>,
}

#[derive(Debug, Clone, PartialEq)]
enum Axis {
    Numeric { low: f64, range: f64, mean: f64, may_miss: bool },
    Categorical,
}

/// Rows of a table as points of a [`Space`].
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    pub(super) n_rows: usize,
    pub(super) n_numbers: usize,
    pub(super) n_levels: usize,
    /// Row after row.
    pub(super) numbers: Vec<i64>,
    pub(super) levels: Vec<u32>,
}

impl Space {
    /// A space with the ranges of `scale`. A missing number lies at the mean, and differs by one range from
    /// those that are there; `tables` says in which columns anything is missing.
    ///
    /// # Panics
    /// If the tables differ in their columns.
    pub fn new(scale: &[Feature<'_>], tables: &[&[Feature<'_>]]) -> Self {
        assert!(tables.iter().all(|table| table.len() == scale.len()), "tables differ in columns");
        let columns = scale
            .iter()
            .enumerate()
            .map(|(index, feature)| match feature {
                Feature::Categorical { .. } => Axis::Categorical,
                Feature::Numeric(values) => {
                    let present = || values.iter().copied().filter(|value| value.is_finite());
                    let low = present().fold(f64::INFINITY, f64::min);
                    let high = present().fold(f64::NEG_INFINITY, f64::max);
                    let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
                    let range = high - low;
                    let range = if range > 0.0 && range.is_finite() { range } else { 1.0 };
                    let count = present().count().max(1) as f64;
                    let mean = low + present().map(|value| (value - low) / count).sum::<f64>();
                    let may_miss = std::iter::once(&scale).chain(tables).any(
                        |table| matches!(table[index], Feature::Numeric(values) if values.iter().any(|v| v.is_nan())),
                    );
                    Axis::Numeric { low, range, mean, may_miss }
                }
            })
            .collect();
        Space { columns }
    }

    /// The rows of a table in this space.
    ///
    /// # Panics
    /// If the columns are not those the space was made for, or differ in length.
    pub fn points(&self, features: &[Feature<'_>]) -> Points {
        assert_eq!(features.len(), self.columns.len(), "other columns");
        let n_rows = features.first().map_or(0, Feature::len);
        assert!(features.iter().all(|feature| feature.len() == n_rows), "columns differ in length");
        let n_levels = self.columns.iter().filter(|axis| matches!(axis, Axis::Categorical)).count();
        let n_numbers: usize = self
            .columns
            .iter()
            .map(|axis| match axis {
                Axis::Numeric { may_miss, .. } => 1 + usize::from(*may_miss),
                Axis::Categorical => 0,
            })
            .sum();
        let mut numbers = vec![0; n_rows * n_numbers];
        let mut levels = vec![0; n_rows * n_levels];
        let (mut number, mut level) = (0, 0);
        for (axis, feature) in self.columns.iter().zip(features) {
            match (axis, feature) {
                (Axis::Numeric { low, range, mean, may_miss }, Feature::Numeric(values)) => {
                    for (row, &value) in values.iter().enumerate() {
                        let known = if value.is_nan() { *mean } else { value };
                        let place = ((known - low) / range).clamp(-FURTHEST, FURTHEST);
                        numbers[row * n_numbers + number] = (place * UNIT as f64).floor() as i64;
                        if *may_miss {
                            numbers[row * n_numbers + number + 1] = i64::from(value.is_nan()) * UNIT as i64;
                        }
                    }
                    number += 1 + usize::from(*may_miss);
                }
                (Axis::Categorical, Feature::Categorical { codes, .. }) => {
                    for (row, &code) in codes.iter().enumerate() {
                        levels[row * n_levels + level] = code;
                    }
                    level += 1;
                }
                _ => panic!("columns of other kinds"),
            }
        }
        Points { n_rows, n_numbers, n_levels, numbers, levels }
    }
}

impl Points {
    /// How many points there are.
    pub fn len(&self) -> usize {
        self.n_rows
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.n_rows == 0
    }

    /// Some of the points.
    ///
    /// # Panics
    /// If there is no such point.
    #[must_use]
    pub fn take(&self, rows: &[usize]) -> Points {
        Points {
            n_rows: rows.len(),
            n_numbers: self.n_numbers,
            n_levels: self.n_levels,
            numbers: rows.iter().flat_map(|&row| self.numbers_of(row)).copied().collect(),
            levels: rows.iter().flat_map(|&row| self.levels_of(row)).copied().collect(),
        }
    }

    pub(super) fn numbers_of(&self, row: usize) -> &[i64] {
        &self.numbers[row * self.n_numbers..(row + 1) * self.n_numbers]
    }

    pub(super) fn levels_of(&self, row: usize) -> &[u32] {
        &self.levels[row * self.n_levels..(row + 1) * self.n_levels]
    }

    /// The exact distance between a point of these and a point of others.
    pub fn distance(&self, row: usize, others: &Points, other: usize) -> u64 {
        let numbers: u64 =
            self.numbers_of(row).iter().zip(others.numbers_of(other)).map(|(a, b)| a.abs_diff(*b)).sum();
        let differing =
            self.levels_of(row).iter().zip(others.levels_of(other)).filter(|(a, b)| a != b).count() as u64;
        numbers + differing * MISMATCH
    }

    /// The coordinates of a row on the coarse grid, levels first.
    pub(super) fn coarse(&self, row: usize, into: &mut Vec<u16>) {
        into.clear();
        // Levels that share their lower bits only make the coarse distance smaller, which is allowed.
        into.extend(self.levels_of(row).iter().map(|&level| level as u16));
        into.extend(
            self.numbers_of(row)
                .iter()
                .map(|&number| (number.clamp(0, UNIT as i64) / (UNIT / u64::from(COARSE)) as i64) as u16),
        );
    }

    /// The rows in an order that puts similar ones together.
    pub(super) fn sorted_rows(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.n_rows as u32).collect();
        order.sort_unstable_by(|&a, &b| {
            let (a, b) = (a as usize, b as usize);
            self.levels_of(a)
                .cmp(self.levels_of(b))
                .then_with(|| self.numbers_of(a).cmp(self.numbers_of(b)))
                .then(a.cmp(&b))
        });
        order
    }
}
