//! How much what synthetic rows teach varies between draws of one generator.

use lookalike_core::Cancelled;
use lookalike_learn::score::student_quantile;
use rayon::prelude::*;

use super::resample::{Resampled, TestRows, variance};
use super::task::Task;
use crate::evaluation::{Interval, Measurement};
use crate::group::Scene;
use crate::metric::Metric;

/// What is learned from each further draw, in the place of the synthetic table. Draws that nothing can be learned from, for
/// want of columns or rows, are left out.
pub(super) fn further<T: Send>(
    scene: &Scene<'_>,
    learn: impl Fn(&Task<'_>, &Scene<'_>) -> Result<Option<T>, Cancelled> + Sync,
) -> Result<Vec<T>, Cancelled> {
    let learned: Vec<Option<T>> = scene
        .further
        .par_iter()
        .map(|draw| match Task::tested(draw) {
            Ok(task) => learn(&task, draw),
            Err(_) => Ok(None),
        })
        .collect::<Result<_, _>>()?;
    Ok(learned.into_iter().flatten().collect())
}

/// Gives a measurement its interval. Without figures of further draws that is the one of the test rows alone; with them it
/// is about the same figure, of the judged table, and covers other test rows and other draws of the generator: the variance
/// of the figure under test rows drawn again is added to the variance between draws, and the quantile is Student's with the
/// degrees of freedom of Welch and Satterthwaite.
///
/// # References
/// Satterthwaite, F. E. (1946). An approximate distribution of estimates of variance components. *Biometrics Bulletin*
/// 2(6). <https://doi.org/10.2307/3002019>
pub(super) fn within(
    measurement: Measurement,
    metric: &Metric,
    test_rows: &TestRows,
    resampled: Option<Resampled>,
    of_draws: &[Option<f64>],
) -> Measurement {
    let Some(value) = measurement.value else { return measurement };
    let mut figures = vec![value];
    figures.extend(of_draws.iter().flatten().filter(|figure| figure.is_finite()));
    let Some(resampled) = resampled else { return measurement };
    if figures.len() < 2 {
        return measurement.within(Some(resampled.interval));
    }
    let total = Total::new(resampled.variance, test_rows.independent(), &figures);
    let (least, most) = metric.range;
    let method = format!(
        "test rows drawn again and {} synthetic draws, models of one draw kept (Welch-Satterthwaite)",
        figures.len()
    );
    let interval = Interval::between(
        (value - total.margin).max(least.unwrap_or(f64::NEG_INFINITY)),
        (value + total.margin).min(most.unwrap_or(f64::INFINITY)),
        &method,
    );
    measurement
        .within(Some(interval))
        .detail("draws", Some(figures.len() as f64))
        .detail("deviation_between_draws", Some(total.between.sqrt()))
        .detail("deviation_of_test_rows", Some(resampled.variance.sqrt()))
        .detail("degrees_of_freedom", Some(total.degrees))
}

/// Two variances together.
struct Total {
    between: f64,
    degrees: f64,
    /// Half the width of a 95 % interval.
    margin: f64,
}

impl Total {
    fn new(of_rows: f64, test_rows: usize, figures: &[f64]) -> Self {
        let between = variance(figures);
        let sum = of_rows + between;
        let of_draws = (figures.len() - 1) as f64;
        let share = |variance: f64, degrees: f64| variance * variance / degrees;
        let parts = share(between, of_draws) + share(of_rows, test_rows.saturating_sub(1).max(1) as f64);
        // Without any variance there is no interval to be wide, whatever the quantile.
        let degrees = if parts > 0.0 { sum * sum / parts } else { of_draws };
        Total { between, degrees, margin: student_quantile(0.975, degrees) * sum.sqrt() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variances_are_added_with_their_degrees_of_freedom() {
        // Between 0.7, 0.8 and 0.9 the variance is 0.01, with two degrees of freedom.
        let total = Total::new(0.0, 1000, &[0.7, 0.8, 0.9]);
        assert!((total.between - 0.01).abs() < 1e-12 && (total.degrees - 2.0).abs() < 1e-9);
        assert!((total.margin - 4.302_652_73 * 0.1).abs() < 1e-7, "{}", total.margin);
        // Where draws are all alike, only the test rows count, and Student's quantile is nearly the normal one.
        let total = Total::new(0.0004, 100_001, &[0.8, 0.8, 0.8]);
        assert!((total.degrees - 100_000.0).abs() < 1e-3 && (total.margin - 1.96 * 0.02).abs() < 1e-5);
        // Equal shares, of which one has two degrees of freedom and the other no end of them: eight.
        let total = Total::new(0.01, usize::MAX, &[0.7, 0.8, 0.9]);
        assert!((total.degrees - 8.0).abs() < 1e-6, "{}", total.degrees);
        assert_eq!(Total::new(0.0, 10, &[0.5, 0.5]).margin, 0.0);
    }
}
