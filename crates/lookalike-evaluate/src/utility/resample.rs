use lookalike_core::{Seed, Stream};
use rayon::prelude::*;

use crate::alignment::places_by_unit;
use crate::evaluation::Interval;

/// The most draws of test rows.
const MOST_DRAWS: usize = 500;

/// Draws of fewer figures tell no interval.
const LEAST_DRAWS: usize = 100;

/// The rows that predictions are tested on, and which of them belong together.
pub(crate) struct TestRows {
    count: usize,
    /// The rows of each unit; none where each row is one by itself.
    units: Vec<Vec<usize>>,
}

impl TestRows {
    /// So many rows, with the number of each one's unit where units are known.
    pub(crate) fn new(count: usize, units: Option<&[u64]>) -> Self {
        TestRows { count, units: places_by_unit(units.unwrap_or_default()) }
    }

    /// How many of them say something of their own.
    pub(crate) fn independent(&self) -> usize {
        if self.units.is_empty() { self.count } else { self.units.len() }
    }

    /// How often each row is there when as many units are drawn with replacement: rows of one unit go together, since they
    /// are alike.
    fn draw(&self, stream: &mut Stream) -> Vec<u32> {
        let mut times = vec![0; self.count];
        let independent = self.independent() as u64;
        for _ in 0..independent {
            let drawn = stream.below(independent) as usize;
            match self.units.get(drawn) {
                Some(rows) => rows.iter().for_each(|&row| times[row] += 1),
                None => times[drawn] += 1,
            }
        }
        times
    }

    fn method(&self) -> &'static str {
        if self.units.is_empty() {
            "percentile bootstrap of the test rows, models kept"
        } else {
            "percentile bootstrap of the test rows by whole units, models kept"
        }
    }
}

/// What drawing rows again says of a figure.
pub(crate) struct Resampled {
    /// Where 95 % of the figures lie.
    pub(crate) interval: Interval,
    /// Their variance.
    pub(crate) variance: f64,
}

/// The intervals of [`resampled`].
pub(crate) fn intervals(
    rows: &TestRows,
    cost: usize,
    seed: Seed,
    figures: impl Fn(&[u32]) -> Vec<Option<f64>> + Sync,
) -> Vec<Option<Interval>> {
    let found = resampled(rows, cost, seed, figures).into_iter();
    found.map(|resampled| resampled.map(|resampled| resampled.interval)).collect()
}

/// How figures of rows vary by drawing rows (whole units, where units are known) with replacement, the same draws for all
/// figures, so that differences of figures of the same rows are paired. `figures` gives all figures where each row counts
/// so often; `cost` is how many looks at rows it takes.
///
/// The models stay as they are: what learning from other rows would change is not in the interval.
///
/// # References
/// Efron, B. and Tibshirani, R. (1986). Bootstrap methods for standard errors, confidence intervals, and other measures
/// of statistical accuracy. *Statistical Science* 1(1). <https://doi.org/10.1214/ss/1177013815>
pub(crate) fn resampled(
    rows: &TestRows,
    cost: usize,
    seed: Seed,
    figures: impl Fn(&[u32]) -> Vec<Option<f64>> + Sync,
) -> Vec<Option<Resampled>> {
    const EFFORT: usize = 1 << 27;
    let draws = (EFFORT / cost.max(1)).clamp(LEAST_DRAWS, MOST_DRAWS);
    let drawn: Vec<Vec<Option<f64>>> = (0..draws)
        .into_par_iter()
        .map(|draw| figures(&rows.draw(&mut seed.stream("test rows", draw as u64))))
        .collect();
    let count = drawn.first().map_or(0, Vec::len);
    let of = |figure: usize| drawn.iter().filter_map(|figures| figures[figure]).collect();
    (0..count).map(|figure| spread(of(figure), rows.method())).collect()
}

/// What 95 % of the values lie within, and their variance; `None` of too few.
fn spread(mut values: Vec<f64>, method: &str) -> Option<Resampled> {
    values.retain(|value| value.is_finite());
    if values.len() < LEAST_DRAWS * 9 / 10 {
        return None;
    }
    values.sort_unstable_by(f64::total_cmp);
    let quantile = |share: f64| {
        let place = share * (values.len() - 1) as f64;
        let (low, high) = (place.floor() as usize, place.ceil() as usize);
        values[low] + (place - place.floor()) * (values[high] - values[low])
    };
    let interval = Interval::between(quantile(0.025), quantile(0.975), method);
    Some(Resampled { interval, variance: variance(&values) })
}

/// The variance of values that are a sample of more; 0 of fewer than two.
pub(crate) fn variance(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    if values.len() < 2 { 0.0 } else { squares / (count - 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The interval of a mean is about two standard errors to each side.
    #[test]
    fn intervals_are_as_wide_as_the_rows_vary() {
        let mut stream = Seed::new(4).stream("values", 0);
        let values: Vec<f64> = (0..400).map(|_| stream.normal()).collect();
        let mean = |times: &[u32]| {
            vec![Some(
                values.iter().zip(times).map(|(value, &times)| value * f64::from(times)).sum::<f64>() / 400.0,
            )]
        };
        let rows = TestRows::new(400, None);
        let found = intervals(&rows, 400, Seed::new(1), mean).remove(0).unwrap();
        assert!((found.high - found.low - 4.0 * 0.98 / 20.0).abs() < 0.03, "{found:?}");
        assert!(intervals(&rows, 5, Seed::new(1), |_| vec![None]).remove(0).is_none());
    }

    /// Ten equal rows of one unit say what one says.
    #[test]
    fn rows_of_one_unit_are_drawn_together() {
        let mut stream = Seed::new(4).stream("values", 0);
        let values: Vec<f64> = (0..400).map(|_| stream.normal()).collect();
        let units: Vec<u64> = (0..4000).map(|row| row / 10).collect();
        let mean = |times: &[u32]| {
            let sum: f64 =
                times.iter().enumerate().map(|(row, &times)| values[row / 10] * f64::from(times)).sum();
            vec![Some(sum / 4000.0)]
        };
        let width = |rows: &TestRows| {
            let found = intervals(rows, 4000, Seed::new(1), mean).remove(0).unwrap();
            found.high - found.low
        };
        let together = TestRows::new(4000, Some(&units));
        assert_eq!(together.independent(), 400);
        assert!((width(&together) - 4.0 * 0.98 / 20.0).abs() < 0.03, "{}", width(&together));
        let ratio = width(&together) / width(&TestRows::new(4000, None));
        assert!((ratio - 10.0_f64.sqrt()).abs() < 0.5, "{ratio}");
    }
}
