use rayon::prelude::*;

/// One column of a matrix before binning.
#[derive(Debug, Clone, Copy)]
pub enum Feature<'a> {
    /// Numbers; NaN is missing.
    Numeric(&'a [f64]),
    /// Level numbers below `levels`; `u32::MAX` is missing.
    Categorical {
        /// One level number per row.
        codes: &'a [u32],
        /// How many levels there are.
        levels: usize,
    },
}

impl Feature<'_> {
    /// How many rows it has.
    pub fn len(&self) -> usize {
        match self {
            Feature::Numeric(values) => values.len(),
            Feature::Categorical { codes, .. } => codes.len(),
        }
    }

    /// True when it has no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// How the columns of a matrix are cut into bins: learned once, applied to any matrix with the same columns.
///
/// ```
/// use lookalike_learn::tree::{Binning, Feature};
/// let ages = [18.0, 30.0, f64::NAN, 45.0];
/// let binning = Binning::fit(&[Feature::Numeric(&ages)], 255);
/// let binned = binning.apply(&[Feature::Numeric(&[20.0, 100.0, f64::NAN])]);
/// assert_eq!(binned.column(0), [0, 2, 3]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Binning {
    features: Vec<FeatureBins>,
}

#[derive(Debug, Clone, PartialEq)]
enum FeatureBins {
    /// Value `v` is in the bin whose number is the count of edges below `v`.
    Numeric { edges: Vec<f64> },
    /// Level `l` is in bin `bin_of[l]`; levels not listed are in `other`.
    Categorical { bin_of: Vec<u8>, other: u8, bins: u16 },
}

/// The most bins a feature may have besides the one for missing values.
const MOST_BINS: usize = 255;

impl FeatureBins {
    /// All bins, the last of which is for missing values.
    fn count(&self) -> usize {
        match self {
            FeatureBins::Numeric { edges } => edges.len() + 2,
            FeatureBins::Categorical { bins, .. } => usize::from(*bins),
        }
    }
}

impl Binning {
    /// Learns bins of about equal numbers of rows, at most `max_bins` (2 to 255) per feature besides the one for
    /// missing values. Where there are no more distinct values than that, each has a bin of its own. Levels beyond the
    /// most frequent share one bin.
    pub fn fit(features: &[Feature<'_>], max_bins: usize) -> Self {
        let max_bins = max_bins.clamp(2, MOST_BINS);
        let features = features
            .par_iter()
            .map(|feature| match *feature {
                Feature::Numeric(values) => FeatureBins::Numeric { edges: edges(values, max_bins) },
                Feature::Categorical { codes, levels } => level_bins(codes, levels, max_bins),
            })
            .collect();
        Binning { features }
    }

    /// Puts the rows of a matrix with the same columns into the bins. A level that was unknown is treated as
    /// the rare ones are, or as missing where no level was rare.
    ///
    /// # Panics
    /// If the columns differ in number, kind or length.
    pub fn apply(&self, features: &[Feature<'_>]) -> Binned {
        assert_eq!(features.len(), self.features.len(), "the matrix has other columns");
        let n_rows = features.first().map_or(0, Feature::len);
        assert!(features.iter().all(|feature| feature.len() == n_rows), "columns differ in length");
        assert!(u32::try_from(n_rows).is_ok(), "more rows than can be numbered");
        let mut cells = vec![0; n_rows * features.len()];
        if n_rows > 0 {
            cells.par_chunks_mut(n_rows).zip(features).zip(&self.features).for_each(
                |((column, feature), bins)| match (feature, bins) {
                    (Feature::Numeric(values), FeatureBins::Numeric { edges }) => {
                        let missing = edges.len() as u8 + 1;
                        for (cell, &value) in column.iter_mut().zip(*values) {
                            *cell = if value.is_nan() {
                                missing
                            } else {
                                edges.partition_point(|&edge| edge < value) as u8
                            };
                        }
                    }
                    (
                        Feature::Categorical { codes, .. },
                        FeatureBins::Categorical { bin_of, other, bins },
                    ) => {
                        let missing = (bins - 1) as u8;
                        for (cell, &code) in column.iter_mut().zip(*codes) {
                            *cell = match bin_of.get(code as usize) {
                                Some(&bin) => bin,
                                None if code == u32::MAX => missing,
                                None => *other,
                            };
                        }
                    }
                    _ => panic!("the matrix has columns of other kinds"),
                },
            );
        }
        Binned {
            n_rows,
            cells,
            bins: self.features.iter().map(|feature| feature.count() as u16).collect(),
            categorical: self
                .features
                .iter()
                .map(|feature| matches!(feature, FeatureBins::Categorical { .. }))
                .collect(),
        }
    }
}

/// The upper ends of all bins but the last.
fn edges(values: &[f64], max_bins: usize) -> Vec<f64> {
    let mut sorted: Vec<f64> =
        values.iter().copied().filter(|value| !value.is_nan()).map(|v| v + 0.0).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let mut distinct: Vec<(f64, usize)> = Vec::new();
    for value in sorted {
        match distinct.last_mut() {
            Some((last, count)) if *last == value => *count += 1,
            _ => distinct.push((value, 1)),
        }
    }
    if distinct.len() <= max_bins {
        return distinct.windows(2).map(|pair| between(pair[0].0, pair[1].0)).collect();
    }
    // Fill each bin to an equal share of what is left; a value that has a share of its own gets its own bin.
    let mut edges = Vec::with_capacity(max_bins - 1);
    let mut left: usize = distinct.iter().map(|(_, count)| count).sum();
    let mut inside = 0;
    for (position, pair) in distinct.windows(2).enumerate() {
        inside += pair[0].1;
        let bins_left = max_bins - edges.len();
        if bins_left == 1 {
            break;
        }
        let share = left as f64 / bins_left as f64;
        let next_is_heavy = pair[1].1 as f64 >= share;
        let values_left = distinct.len() - position - 1;
        if inside as f64 >= share || next_is_heavy || values_left < bins_left {
            edges.push(between(pair[0].0, pair[1].0));
            left -= inside;
            inside = 0;
        }
    }
    edges
}

/// A number `e` with `low <= e < high`, halfway if possible.
fn between(low: f64, high: f64) -> f64 {
    let middle = low / 2.0 + high / 2.0;
    if middle >= low && middle < high { middle } else { low }
}

fn level_bins(codes: &[u32], levels: usize, max_bins: usize) -> FeatureBins {
    if levels <= max_bins {
        let bins = levels as u16 + 1;
        return FeatureBins::Categorical {
            bin_of: (0..levels).map(|level| level as u8).collect(),
            other: levels as u8,
            bins,
        };
    }
    let mut counts = vec![0_usize; levels];
    for &code in codes.iter().filter(|&&code| (code as usize) < levels) {
        counts[code as usize] += 1;
    }
    let mut order: Vec<usize> = (0..levels).collect();
    order.sort_unstable_by_key(|&level| (std::cmp::Reverse(counts[level]), level));
    let kept = max_bins - 1;
    let mut bin_of = vec![kept as u8; levels];
    for (bin, &level) in order[..kept].iter().enumerate() {
        bin_of[level] = bin as u8;
    }
    FeatureBins::Categorical { bin_of, other: kept as u8, bins: kept as u16 + 2 }
}

/// A matrix of bin numbers, one byte per cell, column after column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binned {
    n_rows: usize,
    cells: Vec<u8>,
    bins: Vec<u16>,
    categorical: Vec<bool>,
}

impl Binned {
    /// A matrix from columns of bin numbers that were made elsewhere. `bins` counts each feature's bins, the last
    /// of which stands for missing values (and may be unused).
    ///
    /// # Panics
    /// If lengths differ, a bin number is too high or a feature has more than 256 bins.
    pub fn new(columns: &[&[u8]], bins: Vec<u16>, categorical: Vec<bool>) -> Self {
        let n_rows = columns.first().map_or(0, |column| column.len());
        assert!(columns.len() == bins.len() && bins.len() == categorical.len(), "columns differ in number");
        let mut cells = Vec::with_capacity(n_rows * columns.len());
        for (column, &count) in columns.iter().zip(&bins) {
            assert!((1..=256).contains(&count), "a feature has 1 to 256 bins");
            assert!(
                column.len() == n_rows && column.iter().all(|&bin| u16::from(bin) < count),
                "a bin is too high"
            );
            cells.extend_from_slice(column);
        }
        Binned { n_rows, cells, bins, categorical }
    }

    /// How many rows there are.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// How many columns there are.
    pub fn n_features(&self) -> usize {
        self.bins.len()
    }

    /// The bins of all rows in one column.
    pub fn column(&self, feature: usize) -> &[u8] {
        &self.cells[feature * self.n_rows..(feature + 1) * self.n_rows]
    }

    /// All columns, one after the other.
    pub(super) fn cells(&self) -> &[u8] {
        &self.cells
    }

    /// How many bins a column has; the last is for missing values.
    pub fn n_bins(&self, feature: usize) -> usize {
        usize::from(self.bins[feature])
    }

    /// The bin of missing values in a column.
    pub fn missing_bin(&self, feature: usize) -> u8 {
        (self.bins[feature] - 1) as u8
    }

    /// True when a column's bins have no order.
    pub fn is_categorical(&self, feature: usize) -> bool {
        self.categorical[feature]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_have_their_own_bins() {
        let values = [3.0, 1.0, 1.0, f64::NAN, 2.0, -0.0, 0.0];
        let binned = Binning::fit(&[Feature::Numeric(&values)], 255).apply(&[Feature::Numeric(&values)]);
        assert_eq!(binned.column(0), [3, 1, 1, 4, 2, 0, 0]);
        assert_eq!(binned.missing_bin(0), 4);
    }

    #[test]
    fn many_values_fall_into_even_bins_and_spikes_keep_theirs() {
        let mut values: Vec<f64> = (0..10_000).map(f64::from).collect();
        values.extend(std::iter::repeat_n(5_000.5, 5_000));
        let binning = Binning::fit(&[Feature::Numeric(&values)], 64);
        let binned = binning.apply(&[Feature::Numeric(&values)]);
        let mut counts = [0_usize; 256];
        for &bin in binned.column(0) {
            counts[usize::from(bin)] += 1;
        }
        let spike = binned.column(0)[10_000];
        assert_eq!(counts[usize::from(spike)], 5_000);
        assert_eq!(counts.iter().filter(|&&count| count > 0).count(), 64);
        assert!(counts.iter().enumerate().all(|(bin, &count)| bin == usize::from(spike) || count < 400));
    }

    #[test]
    fn infinities_and_neighbouring_floats_are_separable() {
        let next = f64::from_bits(1.0_f64.to_bits() + 1);
        let values = [f64::NEG_INFINITY, 1.0, next, f64::MAX, f64::INFINITY];
        let binned = Binning::fit(&[Feature::Numeric(&values)], 255).apply(&[Feature::Numeric(&values)]);
        assert_eq!(binned.column(0), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn rare_and_unknown_levels_share_a_bin() {
        let codes: Vec<u32> = (0..1000).map(|row| if row < 600 { row % 3 } else { row }).collect();
        let binning = Binning::fit(&[Feature::Categorical { codes: &codes, levels: 1000 }], 255);
        let asked = [0, 1, 2, 999, 5_000, u32::MAX];
        let binned = binning.apply(&[Feature::Categorical { codes: &asked, levels: 1000 }]);
        assert_eq!(binned.column(0), [0, 1, 2, 254, 254, 255]);
        let few = Binning::fit(&[Feature::Categorical { codes: &[0, 1], levels: 2 }], 255);
        let binned = few.apply(&[Feature::Categorical { codes: &[1, 7, u32::MAX], levels: 8 }]);
        assert_eq!(binned.column(0), [1, 2, 2]);
    }

    #[test]
    fn constant_and_empty_columns_have_a_bin() {
        let binning = Binning::fit(&[Feature::Numeric(&[f64::NAN, f64::NAN])], 255);
        assert_eq!(binning.apply(&[Feature::Numeric(&[f64::NAN, 3.0])]).column(0), [1, 0]);
        assert_eq!(Binning::fit(&[], 255).apply(&[]).n_rows(), 0);
    }
}
