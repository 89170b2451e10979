use lookalike_core::{Cancelled, Progress, Seed};
use rayon::prelude::*;

use super::folds::deal;
use super::ranking::roc_auc;
use crate::tree::{Binning, Boosting, BoostingOptions, Feature, Target, Training};

/// How two samples are told apart.
#[derive(Debug, Clone, PartialEq)]
pub struct TwoSampleOptions {
    /// Into how many folds the rows are dealt.
    pub folds: usize,
    /// The detector, by default 100 trees of depth 6 with learning rate 0.3.
    pub boosting: BoostingOptions,
    /// The most rows taken from each sample.
    pub max_rows: usize,
}

impl Default for TwoSampleOptions {
    fn default() -> Self {
        TwoSampleOptions {
            folds: 3,
            boosting: BoostingOptions { learning_rate: 0.3, ..BoostingOptions::default() },
            // The area's standard error is then some 0.003, below what one would act on.
            max_rows: 12_000,
        }
    }
}

/// How well two samples can be told apart.
#[derive(Debug, Clone, PartialEq)]
pub struct TwoSample {
    /// The mean over the folds of the area under the curve, as it is: below 0.5 the detector was misled.
    pub auc: f64,
    /// How many rows of each sample were used.
    pub rows_per_sample: usize,
}

impl TwoSample {
    /// 1 when the samples cannot be told apart, 0 when they always can: `1 - 2 max(0, auc - 0.5)`.
    pub fn score(&self) -> f64 {
        1.0 - 2.0 * (self.auc - 0.5).max(0.0)
    }
}

/// Trains boosted trees to tell the first `first` rows from the rest, out of fold. Both samples are cut to
/// the same number of rows, and rows that are equal (in either sample) are kept within one fold, so that the
/// detector cannot recognize a row that it has seen.
///
/// Rows with the same number in `groups`, such as the visits of a patient, are kept within one fold too. Equal rows are
/// not where that would tie most rows together; groups stay whole in any case.
///
/// `None` when a sample has fewer than two rows per fold, or too few groups to learn from and to test on.
///
/// # References
/// Lopez-Paz, D. and Oquab, M. (2017). Revisiting classifier two-sample tests. *ICLR*.
/// <https://arxiv.org/abs/1610.06545>
///
/// # Errors
/// [`Cancelled`] when the listener wants the work to stop.
///
/// # Panics
/// If the columns and groups differ in length, or `first` is beyond their end.
///
/// ```
/// use lookalike_core::{Seed, Silent};
/// use lookalike_learn::{score::{TwoSampleOptions, two_sample}, tree::Feature};
/// let x: Vec<f64> = (0..400).map(|row| f64::from(row % 200) + if row < 200 { 0.0 } else { 1000.0 }).collect();
/// let features = [Feature::Numeric(&x)];
/// let test = two_sample(&features, 200, None, &TwoSampleOptions::default(), Seed::new(1), &Silent)?;
/// assert!(test.unwrap().auc > 0.99);
/// # Ok::<(), lookalike_core::Cancelled>(())
/// ```
pub fn two_sample(
    features: &[Feature<'_>],
    first: usize,
    groups: Option<&[u64]>,
    options: &TwoSampleOptions,
    seed: Seed,
    progress: &dyn Progress,
) -> Result<Option<TwoSample>, Cancelled> {
    let Some(n_rows) = features.first().map(Feature::len) else { return Ok(None) };
    assert!(
        features.iter().all(|feature| feature.len() == n_rows)
            && groups.is_none_or(|groups| groups.len() == n_rows)
            && first <= n_rows,
        "columns differ in length"
    );
    let each = first.min(n_rows - first).min(options.max_rows);
    let folds = options.folds.max(2);
    if each < 2 * folds {
        return Ok(None);
    }
    let mut rows = seed.stream("two-sample rows", 0).choose(first, each);
    rows.extend(seed.stream("two-sample rows", 1).choose(n_rows - first, each).iter().map(|row| row + first));
    let columns: Vec<Taken> = features.par_iter().map(|feature| Taken::of(feature, &rows)).collect();
    let features: Vec<Feature<'_>> = columns.iter().map(Taken::feature).collect();
    let groups: Option<Vec<u64>> = groups.map(|groups| rows.iter().map(|&row| groups[row]).collect());
    let fold_of = deal(&features, groups.as_deref(), folds, seed);
    let matrix = Binning::fit(&features, 255).apply(&features);
    let classes: Vec<u32> = (0..2 * each).map(|row| u32::from(row >= each)).collect();
    let training = Training::new(&matrix, Target::Classes { classes: &classes, count: 2 });
    let aucs: Vec<Option<f64>> = (0..folds)
        .into_par_iter()
        .map(|fold| {
            let (tested, learned): (Vec<u32>, Vec<u32>) =
                (0..2 * each as u32).partition(|&row| fold_of[row as usize] == fold);
            let lacks = |class: u32| learned.iter().all(|&row| classes[row as usize] != class);
            if groups.is_some() && (lacks(0) || lacks(1)) {
                return Ok(None);
            }
            let model = Boosting::fit(&training.on_rows(&learned), &options.boosting, None, progress)?;
            let positive: Vec<bool> = tested.iter().map(|&row| classes[row as usize] == 1).collect();
            Ok(roc_auc(&model.scores(&matrix, &tested), &positive))
        })
        .collect::<Result<_, Cancelled>>()?;
    let defined: Vec<f64> = aucs.into_iter().flatten().collect();
    if defined.is_empty() {
        return Ok(None);
    }
    let auc = defined.iter().sum::<f64>() / defined.len() as f64;
    Ok(Some(TwoSample { auc, rows_per_sample: each }))
}

/// Some rows of a feature.
enum Taken {
    Numeric(Vec<f64>),
    Categorical(Vec<u32>, usize),
}

impl Taken {
    fn of(feature: &Feature<'_>, rows: &[usize]) -> Self {
        match *feature {
            Feature::Numeric(values) => Taken::Numeric(rows.iter().map(|&row| values[row]).collect()),
            Feature::Categorical { codes, levels } => {
                Taken::Categorical(rows.iter().map(|&row| codes[row]).collect(), levels)
            }
        }
    }

    fn feature(&self) -> Feature<'_> {
        match self {
            Taken::Numeric(values) => Feature::Numeric(values),
            Taken::Categorical(codes, levels) => Feature::Categorical { codes, levels: *levels },
        }
    }
}

/// 128 bits per row that are equal for equal rows and, but for a chance of 2^-128, different for different ones.
///
/// Zeros of either sign are equal, and so are all NaN.
///
/// # Panics
/// If a column is longer than the first.
pub fn row_keys(features: &[Feature<'_>]) -> Vec<[u64; 2]> {
    let n_rows = features.first().map_or(0, Feature::len);
    let mut keys = vec![[0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344]; n_rows];
    for feature in features {
        match *feature {
            Feature::Numeric(values) => {
                for (key, &value) in keys.iter_mut().zip(values) {
                    // One zero, one NaN.
                    let bits = if value.is_nan() { f64::NAN.to_bits() } else { (value + 0.0).to_bits() };
                    *key = stir(*key, bits);
                }
            }
            Feature::Categorical { codes, .. } => {
                for (key, &code) in keys.iter_mut().zip(codes) {
                    *key = stir(*key, u64::from(code));
                }
            }
        }
    }
    keys
}

fn stir(key: [u64; 2], bits: u64) -> [u64; 2] {
    // Two steps of a multiplication of 64 by 64 bits each, folded.
    let a = u128::from(key[0] ^ bits ^ 0x9e37_79b9_7f4a_7c15) * 0xd6e8_feb8_6659_fd93;
    let b = u128::from(key[1].rotate_left(23) ^ bits) * 0xa076_1d64_78bd_642f;
    [(a as u64) ^ (a >> 64) as u64 ^ key[1], (b as u64) ^ (b >> 64) as u64 ^ key[0].rotate_left(32)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use lookalike_core::Silent;

    fn auc(features: &[Feature<'_>], first: usize) -> f64 {
        let options = TwoSampleOptions::default();
        two_sample(features, first, None, &options, Seed::new(3), &Silent).unwrap().unwrap().auc
    }

    fn uniform(label: &str, count: usize) -> Vec<f64> {
        let mut stream = Seed::new(9).stream(label, 0);
        (0..count).map(|_| stream.unit()).collect()
    }

    #[test]
    fn samples_of_one_distribution_cannot_be_told_apart() {
        let (x, y) = (uniform("x", 4000), uniform("y", 4000));
        let auc = auc(&[Feature::Numeric(&x), Feature::Numeric(&y)], 2000);
        assert!((auc - 0.5).abs() < 0.03, "{auc}");
    }

    #[test]
    fn broken_dependence_is_found() {
        let x = uniform("x", 4000);
        let y: Vec<f64> =
            (0..4000).map(|row| if row < 2000 { x[row] } else { x[(row * 7) % 4000] }).collect();
        assert!(auc(&[Feature::Numeric(&x), Feature::Numeric(&y)], 2000) > 0.9);
    }

    #[test]
    fn a_copy_does_not_push_the_area_below_a_half() {
        let x: Vec<f64> = uniform("x", 500);
        let twice: Vec<f64> = x.iter().chain(&x).copied().collect();
        let auc = auc(&[Feature::Numeric(&twice)], 500);
        assert!((auc - 0.5).abs() < 1e-12, "equal rows share a fold, so a row and its copy tie: {auc}");
    }

    #[test]
    fn sizes_are_made_equal_and_small_samples_refused() {
        let x = uniform("x", 1000);
        let options = TwoSampleOptions::default();
        let test =
            two_sample(&[Feature::Numeric(&x)], 100, None, &options, Seed::new(3), &Silent).unwrap().unwrap();
        assert_eq!(test.rows_per_sample, 100);
        let few = two_sample(&[Feature::Numeric(&x)], 5, None, &options, Seed::new(3), &Silent).unwrap();
        assert_eq!(few, None);
        assert_eq!(two_sample(&[], 0, None, &options, Seed::new(3), &Silent).unwrap(), None);
    }

    #[test]
    fn groups_stay_whole_even_where_all_rows_are_equal() {
        let same = vec![1.0; 60];
        let test = |groups: &[u64]| {
            let options = TwoSampleOptions::default();
            two_sample(&[Feature::Numeric(&same)], 30, Some(groups), &options, Seed::new(1), &Silent).unwrap()
        };
        let groups: Vec<u64> = (0..60).map(|row| row / 5).collect();
        let auc = test(&groups).unwrap().auc;
        assert!((auc - 0.5).abs() < 1e-12, "{auc}");
        assert_eq!(test(&[7; 60]), None, "a single group cannot be divided");
    }

    #[test]
    fn threads_do_not_matter() {
        let x = uniform("x", 3000);
        let codes: Vec<u32> = x.iter().map(|x| (x * 7.0) as u32).collect();
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                auc(&[Feature::Numeric(&x), Feature::Categorical { codes: &codes, levels: 7 }], 1200)
            })
        };
        assert_eq!(run(1).to_bits(), run(2).to_bits());
    }

    #[test]
    fn keys_tell_rows_apart() {
        let x: Vec<f64> = (0..20_000).map(f64::from).collect();
        let y: Vec<f64> = (0..20_000).map(|row| f64::from(row % 3)).collect();
        let mut keys = row_keys(&[Feature::Numeric(&x), Feature::Numeric(&y)]);
        keys.extend(row_keys(&[Feature::Numeric(&y), Feature::Numeric(&x)]).into_iter().skip(3));
        keys.sort_unstable();
        let all = keys.len();
        keys.dedup();
        assert_eq!(keys.len(), all);
        let zero = row_keys(&[Feature::Numeric(&[0.0, -0.0, f64::NAN, -f64::NAN])]);
        assert_eq!((zero[0], zero[2]), (zero[1], zero[3]));
    }
}
