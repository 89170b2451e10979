use super::design::Design;
use crate::tree::Feature;

/// How columns become numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodingOptions {
    /// Levels of fewer rows share a column.
    pub least_rows: usize,
    /// The most levels of a feature that have columns of their own; the rarer ones share one.
    pub most_levels: usize,
}

impl Default for EncodingOptions {
    fn default() -> Self {
        EncodingOptions { least_rows: 10, most_levels: 50 }
    }
}

/// How the columns of a table become those of a [`Design`]: learned once, applied to any table with the same columns.
///
/// Numbers are standardised (mean 0, variance 1, over the values that are present); missing ones become the mean, and a
/// column of their own says so. Levels have a column each that says where they are, but for the most frequent one, with
/// which the others are compared; rare levels share a column, and so do all unknown ones. What does not vary has no
/// column.
///
/// ```
/// use lookalike_learn::linear::{Encoding, EncodingOptions};
/// use lookalike_learn::tree::Feature;
/// let ages = [20.0, 40.0, f64::NAN];
/// let towns = Feature::Categorical { codes: &[1, 0, 1], levels: 2 };
/// let features = [Feature::Numeric(&ages), towns];
/// let encoding = Encoding::fit(&features, &EncodingOptions { least_rows: 1, most_levels: 10 });
/// // The age, whether it is missing, and whether the town is the rarer one.
/// assert_eq!(encoding.sources(), [0, 0, 1]);
/// assert_eq!(encoding.apply(&features).times(&[1.0, 10.0, 100.0, 0.5]), [-0.5, 101.5, 10.5]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Encoding {
    features: Vec<Encoded>,
    /// Of each column the feature that it comes from.
    sources: Vec<usize>,
}

#[derive(Debug, Clone, PartialEq)]
enum Encoded {
    Number {
        mean: f64,
        spread: f64,
        /// The column of the number, unless it does not vary.
        own: Option<usize>,
        missing: Option<usize>,
    },
    Levels {
        /// The column of each level, none for that with which others are compared.
        own: Vec<Option<usize>>,
        /// That of levels that were not seen.
        unknown: Option<usize>,
        missing: Option<usize>,
    },
}

impl Encoding {
    /// Learns from these columns.
    pub fn fit(features: &[Feature<'_>], options: &EncodingOptions) -> Self {
        let mut sources = Vec::new();
        let features = features
            .iter()
            .enumerate()
            .map(|(source, feature)| {
                let mut column = || {
                    sources.push(source);
                    sources.len() - 1
                };
                match *feature {
                    Feature::Numeric(values) => {
                        let (mean, spread) = moments(values);
                        let own = (spread > 0.0).then(&mut column);
                        let missing = values.iter().filter(|value| !value.is_finite()).count();
                        let varies = missing > 0 && missing < values.len();
                        Encoded::Number { mean, spread, own, missing: varies.then(column) }
                    }
                    Feature::Categorical { codes, levels } => levels_of(codes, levels, options, &mut column),
                }
            })
            .collect();
        Encoding { features, sources }
    }

    /// Of each column of a design, but for that of ones, the number of the feature that it comes from.
    pub fn sources(&self) -> &[usize] {
        &self.sources
    }

    /// The design of these columns.
    ///
    /// # Panics
    /// If they are not of the same number and sorts as those that were learned from, or differ in length.
    pub fn apply(&self, features: &[Feature<'_>]) -> Design {
        assert_eq!(features.len(), self.features.len(), "the same columns");
        let rows = features.first().map_or(0, Feature::len);
        let mut design = Design::empty(self.sources.len());
        for row in 0..rows {
            design.push(self.features.iter().zip(features).filter_map(|(encoded, feature)| {
                match (encoded, feature) {
                    (Encoded::Number { mean, spread, own, missing }, Feature::Numeric(values)) => {
                        if values[row].is_finite() {
                            own.map(|column| (column, (values[row] - mean) / spread))
                        } else {
                            missing.map(|column| (column, 1.0))
                        }
                    }
                    (Encoded::Levels { own, unknown, missing }, Feature::Categorical { codes, .. }) => {
                        let column = if codes[row] == u32::MAX {
                            missing
                        } else {
                            own.get(codes[row] as usize).unwrap_or(unknown)
                        };
                        column.map(|column| (column, 1.0))
                    }
                    _ => panic!("the same sorts of columns"),
                }
            }));
        }
        design
    }
}

/// Mean and standard deviation of the values that are present; both 0 where there are none. Deviations are scaled by
/// the largest, so that squares stay within what a number can hold.
fn moments(values: &[f64]) -> (f64, f64) {
    let present = || values.iter().copied().filter(|value| value.is_finite());
    let count = present().count() as f64;
    if count == 0.0 {
        return (0.0, 0.0);
    }
    let mean: f64 = present().map(|value| value / count).sum();
    let largest = present().map(|value| (value - mean).abs()).fold(0.0, f64::max);
    // What rounding of the mean leaves of a constant column is no spread.
    if !(largest > mean.abs() * 1e-12 && largest.is_finite()) {
        return (mean, 0.0);
    }
    let squares: f64 = present().map(|value| ((value - mean) / largest).powi(2)).sum();
    (mean, (squares / count).sqrt() * largest)
}

/// Gives levels their columns, the most frequent ones first.
fn levels_of(
    codes: &[u32],
    levels: usize,
    options: &EncodingOptions,
    column: &mut impl FnMut() -> usize,
) -> Encoded {
    let mut counts = vec![0_usize; levels];
    let mut missing = 0;
    for &code in codes {
        if code == u32::MAX { missing += 1 } else { counts[code as usize] += 1 }
    }
    let mut order: Vec<usize> = (0..levels).filter(|&level| counts[level] > 0).collect();
    order.sort_by_key(|&level| (std::cmp::Reverse(counts[level]), level));
    let frequent = order.iter().take_while(|&&level| counts[level] >= options.least_rows).count();
    let (kept, rare) = order.split_at(frequent.min(options.most_levels));
    let columns: Vec<Option<usize>> = (0..kept.len()).map(|place| (place > 0).then(&mut *column)).collect();
    // Where no level has a column of its own, the rare ones are what is compared with.
    let shared = (!rare.is_empty() && !kept.is_empty()).then(&mut *column);
    let mut own = vec![shared; levels];
    for (&level, column) in kept.iter().zip(columns) {
        own[level] = column;
    }
    let varies = missing > 0 && !order.is_empty();
    Encoded::Levels { own, unknown: shared, missing: varies.then(column) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_and_unknown_levels_share_a_column() {
        let codes: Vec<u32> = [vec![0; 20], vec![1; 30], vec![2; 3], vec![3; 2]].concat();
        let options = EncodingOptions { least_rows: 10, most_levels: 50 };
        let encoding = Encoding::fit(&[Feature::Categorical { codes: &codes, levels: 6 }], &options);
        // Level 0 and all the rare ones; level 1 is what they are compared with.
        assert_eq!(encoding.sources(), [0, 0]);
        let asked = [0, 1, 2, 3, 5, 77, u32::MAX];
        let design = encoding.apply(&[Feature::Categorical { codes: &asked, levels: 78 }]);
        assert_eq!(design.times(&[1.0, 2.0, 0.0]), [1.0, 0.0, 2.0, 2.0, 2.0, 2.0, 0.0]);
    }

    #[test]
    fn what_does_not_vary_has_no_column() {
        let (constant, missing) = ([0.1; 40], [f64::NAN; 40]);
        let codes = [0; 40];
        let features = [
            Feature::Numeric(&constant),
            Feature::Numeric(&missing),
            Feature::Categorical { codes: &codes, levels: 1 },
        ];
        let encoding = Encoding::fit(&features, &EncodingOptions::default());
        assert!(encoding.sources().is_empty());
        assert_eq!(encoding.apply(&features).times(&[3.0]), [3.0; 40]);
    }

    #[test]
    fn huge_numbers_are_standardised() {
        let values = [f64::MAX, -f64::MAX, f64::MAX, -f64::MAX];
        let encoding = Encoding::fit(&[Feature::Numeric(&values)], &EncodingOptions::default());
        let design = encoding.apply(&[Feature::Numeric(&values)]);
        let found = design.times(&[1.0, 0.0]);
        assert!(found.iter().all(|value| (value.abs() - 1.0).abs() < 1e-9), "{found:?}");
    }
}
