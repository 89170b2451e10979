use lookalike_core::Cancelled;

use super::draws;
use super::learner::Learner;
use super::prediction::{Figure, Predictions};
use super::resample::resampled;
use super::task::Task;
use super::train_on_synthetic::{TSTR, UNDEFINED, predict_from_synthetic, predict_holdout};
use crate::alignment::Role;
use crate::evaluation::Measurement;
use crate::group::{Found, Scene};
use crate::metric::Metric;

/// With random forests.
pub(crate) const TSTR_FOREST: Metric = Metric {
    name: "tstr-forest",
    title: "trained on synthetic, tested on real: random forest",
    meaning: "as `tstr`, of a random forest of 100 trees with leaves of at least five rows",
    headline: false,
    citation: "Breiman 2001, Random forests, https://doi.org/10.1023/A:1010933404324",
    ..TSTR
};

/// With linear models.
pub(crate) const TSTR_LOGISTIC: Metric = Metric {
    name: "tstr-logistic",
    title: "trained on synthetic, tested on real: linear model",
    meaning: "as `tstr`, of logistic regression, or linear regression where the target is a number, on standardised \
              numbers and indicators of levels with an L2 penalty of 1",
    headline: false,
    citation: "Cox 1958, The regression analysis of binary sequences, \
               https://doi.org/10.1111/j.2517-6161.1958.tb00292.x",
    ..TSTR
};

/// Learns from each table with another learner than boosted trees.
pub(crate) fn measure(
    scene: &Scene<'_>,
    metric: &'static Metric,
    learner: Learner,
) -> Result<Found, Cancelled> {
    let task = match Task::tested(scene) {
        Ok(task) => task,
        Err(reason) => return Ok(Measurement::skipped(metric, reason).into()),
    };
    let [synthetic, real, baseline] = predict_holdout(learner, &task, scene)?;
    let otherwise = if real.is_none() { "there are too many columns for a linear model" } else { UNDEFINED };
    let main = |predictions: &Option<Predictions>| predictions.as_ref()?.figure(Figure::Main, None);
    let further = draws::further(scene, |task, scene| predict_from_synthetic(learner, task, scene))?;
    let of_draws: Vec<Option<f64>> = further.iter().map(|own| own.figure(Figure::Main, None)).collect();
    let test_rows = task.test_rows(scene, Role::Holdout);
    let varied = synthetic.as_ref().filter(|_| !further.is_empty()).and_then(|own| {
        let figure = |times: &[u32]| vec![own.figure(Figure::Main, Some(times))];
        resampled(&test_rows, own.cost(), scene.context.seed, figure).pop().flatten()
    });
    let measurement = Measurement::of(metric, main(&synthetic), otherwise)
        .beside(main(&real), main(&baseline))
        .detail("rows_learned_from", Some(task.learned as f64));
    Ok(draws::within(measurement, metric, &test_rows, varied, &of_draws).into())
}
