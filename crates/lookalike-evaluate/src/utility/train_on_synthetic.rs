use lookalike_core::Cancelled;
use rayon::prelude::*;

use super::draws;
use super::learner::Learner;
use super::prediction::{Figure, Predictions};
use super::resample::resampled;
use super::task::Task;
use crate::alignment::Role;
use crate::evaluation::Measurement;
use crate::group::{Found, Scene};
use crate::metric::{Family, Goal, Metric, Need};

/// Trained on synthetic rows, tested on real ones.
pub(crate) const TSTR: Metric = Metric {
    name: "tstr",
    title: "trained on synthetic, tested on real",
    meaning: "how well boosted trees that learned from synthetic rows predict the target of real rows that \
              nobody has seen: area under the ROC curve for two classes, its mean of one class against the rest for more, \
              R² for numbers. With further draws (--second) it has an interval, which covers other test rows and other \
              draws of the same generator, but not other training rows",
    family: Family::Utility,
    goal: Goal::Higher,
    range: (None, Some(1.0)),
    needs: &[Need::Holdout, Need::Target],
    headline: true,
    citation: "Esteban, Hyland and Rätsch 2017, Real-valued medical time series generation, \
               https://arxiv.org/abs/1706.02633",
};

/// Trained on real rows, tested on real ones.
pub(crate) const TRTR: Metric = Metric {
    name: "trtr",
    title: "trained on real, tested on real",
    meaning: "what `tstr` reaches when the trees learn from as many training rows: its ceiling",
    ..TSTR
};

/// The first divided by the second.
pub(crate) const TSTR_RATIO: Metric = Metric {
    name: "tstr-ratio",
    title: "trained on synthetic relative to trained on real",
    meaning: "`tstr` divided by `trtr`",
    range: (None, None),
    ..TSTR
};

pub(crate) const METRICS: [&Metric; 3] = [&TSTR, &TRTR, &TSTR_RATIO];

/// Why a figure of predictions is not defined.
pub(super) const UNDEFINED: &str = "the target does not vary in the holdout";

/// Learns from each table what can be predicted of the holdout.
pub(crate) fn measure(scene: &Scene<'_>) -> Result<Found, Cancelled> {
    let task = match Task::tested(scene) {
        Ok(task) => task,
        Err(reason) => {
            return Ok(METRICS.map(|metric| Measurement::skipped(metric, reason)).to_vec().into());
        }
    };
    let [synthetic, real, baseline] = predict_holdout(Learner::Boosting, &task, scene)?;
    let main = |predictions: &Option<Predictions>| predictions.as_ref()?.figure(Figure::Main, None);
    let (tstr, trtr, of_baseline) = (main(&synthetic), main(&real), main(&baseline));
    let with_more = |mut measurement: Measurement, predictions: &Option<Predictions>| {
        for (name, figure) in [("accuracy", Figure::Accuracy), ("f1", Figure::F1), ("rmse", Figure::Rmse)] {
            let value = predictions.as_ref().and_then(|predictions| predictions.figure(figure, None));
            measurement = measurement.detail(name, value);
        }
        measurement.detail("rows_learned_from", Some(task.learned as f64))
    };
    let over = |above: Option<f64>, below: Option<f64>| Some(above? / below.filter(|&below| below > 0.0)?);
    let ratio = |above: Option<f64>| over(above, trtr);
    let further =
        draws::further(scene, |task, scene| predict_from_synthetic(Learner::Boosting, task, scene))?;
    let of_draws: Vec<Option<f64>> = further.iter().map(|own| own.figure(Figure::Main, None)).collect();
    let test_rows = task.test_rows(scene, Role::Holdout);
    let mut varied = match (&synthetic, &real) {
        (Some(synthetic), Some(real)) if !further.is_empty() => {
            resampled(&test_rows, 2 * real.cost(), scene.context.seed, |times| {
                let [own, ceiling] = [synthetic, real].map(|of| of.figure(Figure::Main, Some(times)));
                vec![own, over(own, ceiling)]
            })
        }
        _ => Vec::new(),
    }
    .into_iter();
    let judged = with_more(Measurement::of(&TSTR, tstr, UNDEFINED).beside(trtr, of_baseline), &synthetic);
    let judged = draws::within(judged, &TSTR, &test_rows, varied.next().flatten(), &of_draws);
    let otherwise = "even what is learned from real rows predicts nothing";
    Ok(vec![
        judged,
        with_more(Measurement::of(&TRTR, trtr, UNDEFINED).beside(None, of_baseline), &real),
        draws::within(
            Measurement::of(&TSTR_RATIO, ratio(tstr), otherwise).beside(ratio(trtr), ratio(of_baseline)),
            &TSTR_RATIO,
            &test_rows,
            varied.next().flatten(),
            &of_draws.iter().map(|own| ratio(*own)).collect::<Vec<_>>(),
        ),
    ]
    .into())
}

/// What a learner predicts of the holdout after learning from the synthetic table.
pub(crate) fn predict_from_synthetic(
    learner: Learner,
    task: &Task<'_>,
    scene: &Scene<'_>,
) -> Result<Option<Predictions>, Cancelled> {
    let learned = learner.learn(task, &[task.rows(Role::Synthetic)], scene.context)?;
    Ok(learned.map(|learned| learned.test(task, task.rows(Role::Holdout))))
}

/// What a learner predicts of the holdout after learning from the synthetic, the training and the baseline's table.
pub(crate) fn predict_holdout(
    learner: Learner,
    task: &Task<'_>,
    scene: &Scene<'_>,
) -> Result<[Option<Predictions>; 3], Cancelled> {
    let predicted: Vec<Option<Predictions>> = [Role::Synthetic, Role::Train, Role::Baseline]
        .into_par_iter()
        .map(|from| {
            let learned = learner.learn(task, &[task.rows(from)], scene.context)?;
            Ok(learned.map(|learned| learned.test(task, task.rows(Role::Holdout))))
        })
        .collect::<Result<_, _>>()?;
    Ok(<[_; 3]>::try_from(predicted).unwrap_or_else(|_| unreachable!("three tables were learned from")))
}
