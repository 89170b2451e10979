use lookalike_core::{Cancelled, Progress, Seed, math};
use rayon::prelude::*;

use super::detector::{Detector, Prepared, Reached, Taken};
use super::folds::deal;
use crate::tree::{BoostingOptions, Feature};

/// How two samples are told apart.
#[derive(Debug, Clone, PartialEq)]
pub struct TwoSampleOptions {
    /// Into how many folds the rows are dealt.
    pub folds: usize,
    /// The detector, by default 100 trees of depth 6 with learning rate 0.3.
    pub detector: Detector,
    /// Whether to find out which columns give a sample away; boosted trees only.
    pub explain: bool,
    /// The most rows taken from each sample.
    pub max_rows: usize,
}

impl Default for TwoSampleOptions {
    fn default() -> Self {
        TwoSampleOptions {
            folds: 3,
            detector: Detector::Boosting(BoostingOptions {
                learning_rate: 0.3,
                ..BoostingOptions::default()
            }),
            explain: false,
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
    /// How far off the area may be: its standard error over other rows of the same samples.
    pub error: f64,
    /// The standard error of the area where samples cannot be told apart, as over exchanges of rows between them.
    pub null_error: f64,
    /// For each column how much lower the area is where it says nothing any more; empty unless asked for.
    pub losses: Vec<f64>,
    /// How many rows of each sample were used.
    pub rows_per_sample: usize,
}

impl TwoSample {
    /// 1 when the samples cannot be told apart, 0 when they always can: `1 - 2 max(0, auc - 0.5)`.
    pub fn score(&self) -> f64 {
        Self::score_of(self.auc)
    }

    /// The score that belongs to an area.
    pub fn score_of(auc: f64) -> f64 {
        1.0 - 2.0 * (auc - 0.5).max(0.0)
    }

    /// The probability of such an area or a higher one where samples cannot be told apart.
    pub fn p_value(&self) -> f64 {
        0.5 * math::erfc((self.auc - 0.5) / self.null_error / std::f64::consts::SQRT_2)
    }

    /// The mean over folds.
    fn mean_of(folds: &[Reached], rows_per_sample: usize) -> Option<Self> {
        let first = folds.first()?;
        let count = folds.len() as f64;
        let mean = |of: &dyn Fn(&Reached) -> f64| folds.iter().map(of).sum::<f64>() / count;
        // Folds test different rows.
        let error = |of: fn(&Reached) -> f64| {
            folds.iter().map(|fold| of(fold) * of(fold)).sum::<f64>().sqrt() / count
        };
        Some(TwoSample {
            auc: mean(&|fold| fold.auc),
            error: error(|fold| fold.error),
            null_error: error(|fold| fold.null_error),
            losses: (0..first.losses.len()).map(|column| mean(&|fold| fold.losses[column])).collect(),
            rows_per_sample,
        })
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
    let classes: Vec<u32> = (0..2 * each).map(|row| u32::from(row >= each)).collect();
    let prepared = Prepared::new(features, &classes, &options.detector, options.explain);
    let reached: Vec<Option<Reached>> = (0..folds)
        .into_par_iter()
        .map(|fold| {
            let (tested, learned): (Vec<u32>, Vec<u32>) =
                (0..2 * each as u32).partition(|&row| fold_of[row as usize] == fold);
            prepared.reach(&learned, &tested, seed, progress)
        })
        .collect::<Result<_, Cancelled>>()?;
    let defined: Vec<Reached> = reached.into_iter().flatten().collect();
    Ok(TwoSample::mean_of(&defined, each))
}

/// As [`two_sample`], where there are two independent samples of the same generator: the detector that learned from the
/// first and from half of the real rows is tested on the second and on the other half, and the other way round. Rows
/// of one sample that offset each other, such as those of a balanced or systematic draw, cannot mislead it.
///
/// `sizes` are those of the real rows and the two samples, which follow each other in `features`.
///
/// # Errors
/// [`Cancelled`] when the listener wants the work to stop.
///
/// # Panics
/// If the sizes are not those of the columns.
pub fn two_sample_apart(
    features: &[Feature<'_>],
    sizes: [usize; 3],
    options: &TwoSampleOptions,
    seed: Seed,
    progress: &dyn Progress,
) -> Result<Option<TwoSample>, Cancelled> {
    let [real, first, second] = sizes;
    assert!(
        features.iter().all(|feature| feature.len() == real + first + second),
        "columns differ in length"
    );
    let each = (real / 2).min(first).min(second).min(options.max_rows);
    if each < 4 {
        return Ok(None);
    }
    let draw =
        |label: u64, count: usize| seed.stream("two-sample rows apart", label).choose(count, usize::MAX);
    let of_real = draw(0, real);
    let mut rows: Vec<usize> = of_real[..2 * each].to_vec();
    rows.extend(draw(1, first)[..each].iter().map(|row| row + real));
    rows.extend(draw(2, second)[..each].iter().map(|row| row + real + first));
    let columns: Vec<Taken> = features.par_iter().map(|feature| Taken::of(feature, &rows)).collect();
    let features: Vec<Feature<'_>> = columns.iter().map(Taken::feature).collect();
    let classes: Vec<u32> = (0..4 * each).map(|row| u32::from(row >= 2 * each)).collect();
    let prepared = Prepared::new(features, &classes, &options.detector, options.explain);
    let part = |number: usize| (number * each) as u32..((number + 1) * each) as u32;
    let sides: [Vec<u32>; 2] = [0, 1].map(|side| part(side).chain(part(2 + side)).collect());
    let reached = [(0, 1), (1, 0)]
        .into_par_iter()
        .map(|(learned, tested)| prepared.reach(&sides[learned], &sides[tested], seed, progress))
        .collect::<Result<Vec<_>, Cancelled>>()?;
    let defined: Vec<Reached> = reached.into_iter().flatten().collect();
    Ok(TwoSample::mean_of(&defined, 2 * each))
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
    fn both_detectors_say_which_column_gives_a_sample_away() {
        let (x, noise) = (uniform("x", 4000), uniform("noise", 4000));
        let shifted: Vec<f64> = (0..4000).map(|row| x[row] + if row < 2000 { 0.0 } else { 0.3 }).collect();
        let features = [Feature::Numeric(&noise), Feature::Numeric(&shifted)];
        let options = TwoSampleOptions { explain: true, ..TwoSampleOptions::default() };
        let test = two_sample(&features, 2000, None, &options, Seed::new(3), &Silent).unwrap().unwrap();
        assert!(test.losses[1] > 0.1 && test.losses[0].abs() < 0.03, "{:?}", test.losses);
        assert!(test.p_value() < 1e-6 && test.error < 0.02);
        let options = TwoSampleOptions { detector: Detector::Logistic, ..TwoSampleOptions::default() };
        let linear = two_sample(&features, 2000, None, &options, Seed::new(3), &Silent).unwrap().unwrap();
        // The exact area of two uniform distributions shifted by 0.3: 1 - 0.7² / 2.
        assert!((linear.auc - 0.755).abs() < 0.03, "{}", linear.auc);
        let same = two_sample(&features[..1], 2000, None, &options, Seed::new(3), &Silent).unwrap().unwrap();
        assert!(same.p_value() > 0.001 && (same.auc - 0.5).abs() < 0.05);
    }

    #[test]
    fn a_second_sample_shows_what_balanced_rows_hide() {
        // Pairs of rows that offset each other: a grid, shuffled.
        let real = uniform("x", 4000);
        let grid = |start: f64| (0..2000).map(move |step| start + f64::from(step) / 2000.0);
        let x: Vec<f64> = real.iter().copied().chain(grid(0.0)).chain(grid(0.0002)).collect();
        let options = TwoSampleOptions::default();
        let apart =
            two_sample_apart(&[Feature::Numeric(&x)], [4000, 2000, 2000], &options, Seed::new(1), &Silent);
        let apart = apart.unwrap().unwrap();
        assert_eq!(apart.rows_per_sample, 4000);
        assert!((apart.auc - 0.5).abs() < 0.05, "{}", apart.auc);
        let few = two_sample_apart(&[Feature::Numeric(&x[..9])], [4, 3, 2], &options, Seed::new(1), &Silent);
        assert_eq!(few.unwrap(), None);
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
}
