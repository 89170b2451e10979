//! Euclidean distances between all rows, for measures that need more than the nearest.

use crate::tree::Feature;

/// How rows become points whose distance is Euclidean: a number is a coordinate that runs from 0 to 1 over a table, a
/// level a coordinate per level that is 0 or 1, so that levels that differ add 2 to the square of the distance. A
/// missing number lies at the mean and has another coordinate that says so.
#[derive(Debug, Clone, PartialEq)]
pub struct EuclideanSpace {
    columns: Vec<Axis>,
}

#[derive(Debug, Clone, PartialEq)]
enum Axis {
    Number { low: f64, range: f64, mean: f64 },
    Level,
}

/// Rows as points of an [`EuclideanSpace`].
#[derive(Debug, Clone, PartialEq)]
pub struct EuclideanPoints {
    len: usize,
    numbers: Vec<Vec<f64>>,
    levels: Vec<Vec<u32>>,
}

/// The mean of some points.
#[derive(Debug, Clone, PartialEq)]
pub struct Centre {
    numbers: Vec<f64>,
    /// For each level column the share of each level, by its number.
    levels: Vec<Vec<(u32, f64)>>,
}

impl EuclideanSpace {
    /// A space in which the numbers of this table run from 0 to 1.
    pub fn new(scale: &[Feature<'_>]) -> Self {
        let axis = |feature: &Feature<'_>| {
            let Feature::Numeric(values) = feature else { return Axis::Level };
            let known: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
            let low = known.iter().copied().fold(f64::INFINITY, f64::min);
            let high = known.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
            let range = if high > low && (high - low).is_finite() { high - low } else { 1.0 };
            let mean =
                known.iter().map(|value| (value - low) / range).sum::<f64>() / known.len().max(1) as f64;
            Axis::Number { low, range, mean }
        };
        EuclideanSpace { columns: scale.iter().map(axis).collect() }
    }

    /// The rows of a table in this space.
    ///
    /// # Panics
    /// If the columns are not those the space was made for.
    pub fn points(&self, features: &[Feature<'_>]) -> EuclideanPoints {
        assert_eq!(features.len(), self.columns.len(), "other columns");
        let mut points = EuclideanPoints {
            len: features.first().map_or(0, Feature::len),
            numbers: Vec::new(),
            levels: Vec::new(),
        };
        for (axis, feature) in self.columns.iter().zip(features) {
            match (axis, feature) {
                (Axis::Number { low, range, mean }, Feature::Numeric(values)) => {
                    let place = |&value: &f64| if value.is_finite() { (value - low) / range } else { *mean };
                    points.numbers.push(values.iter().map(place).collect());
                    points.numbers.push(values.iter().map(|value| f64::from(value.is_nan())).collect());
                }
                (Axis::Level, Feature::Categorical { codes, .. }) => points.levels.push(codes.to_vec()),
                _ => panic!("columns of other kinds"),
            }
        }
        points
    }
}

impl EuclideanPoints {
    /// How many points there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The squares of the distances of all these points from one of `others`.
    pub fn squared_distances(&self, others: &EuclideanPoints, other: usize, into: &mut Vec<f64>) {
        into.clear();
        into.resize(self.len, 0.0);
        for (own, theirs) in self.numbers.iter().zip(&others.numbers) {
            let place = theirs[other];
            for (sum, own) in into.iter_mut().zip(own) {
                *sum += (own - place) * (own - place);
            }
        }
        for (own, theirs) in self.levels.iter().zip(&others.levels) {
            let level = theirs[other];
            for (sum, &own) in into.iter_mut().zip(own) {
                *sum += if own == level { 0.0 } else { 2.0 };
            }
        }
    }

    /// Their mean.
    pub fn centre(&self) -> Centre {
        let count = self.len.max(1) as f64;
        let shares = |levels: &Vec<u32>| {
            let mut sorted = levels.clone();
            sorted.sort_unstable();
            sorted.chunk_by(|a, b| a == b).map(|equal| (equal[0], equal.len() as f64 / count)).collect()
        };
        Centre {
            numbers: self.numbers.iter().map(|places| places.iter().sum::<f64>() / count).collect(),
            levels: self.levels.iter().map(shares).collect(),
        }
    }
}

impl Centre {
    /// The distance of each point from the centre.
    pub fn distances(&self, points: &EuclideanPoints) -> Vec<f64> {
        let mut squares = vec![0.0; points.len];
        for (places, centre) in points.numbers.iter().zip(&self.numbers) {
            squares
                .iter_mut()
                .zip(places)
                .for_each(|(sum, place)| *sum += (place - centre) * (place - centre));
        }
        for (levels, shares) in points.levels.iter().zip(&self.levels) {
            let together: f64 = shares.iter().map(|(_, share)| share * share).sum();
            for (sum, level) in squares.iter_mut().zip(levels) {
                let place = shares.binary_search_by_key(level, |&(known, _)| known);
                let share = place.map_or(0.0, |place| shares[place].1);
                *sum += 1.0 - 2.0 * share + together;
            }
        }
        squares.into_iter().map(|square| square.max(0.0).sqrt()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_one_hot_codes() {
        let table =
            [Feature::Numeric(&[0.0, 10.0, 5.0]), Feature::Categorical { codes: &[0, 1, 1], levels: 2 }];
        let points = EuclideanSpace::new(&table).points(&table);
        let mut squares = Vec::new();
        points.squared_distances(&points, 0, &mut squares);
        assert_eq!(squares, [0.0, 3.0, 2.25]);
        // The centre is (1/2, 1/3, 2/3).
        let far = points.centre().distances(&points);
        let expected: [f64; 3] = [0.25 + 4.0 / 9.0 * 2.0, 0.25 + 1.0 / 9.0 * 2.0, 1.0 / 9.0 * 2.0];
        for (far, expected) in far.iter().zip(expected) {
            assert!((far - expected.sqrt()).abs() < 1e-12);
        }
    }

    #[test]
    fn missing_numbers_lie_at_the_mean_and_apart() {
        let table = [Feature::Numeric(&[0.0, 1.0, f64::NAN])];
        let points = EuclideanSpace::new(&table).points(&table);
        let mut squares = Vec::new();
        points.squared_distances(&points, 2, &mut squares);
        assert_eq!(squares, [1.25, 1.25, 0.0]);
    }
}
