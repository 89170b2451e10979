use lookalike_core::Cancelled;
use rayon::prelude::*;

use super::draws;
use super::exhibits;
use super::learner::{Learned, Learner};
use super::prediction::{Figure, Predictions};
use super::resample::{TestRows, intervals, resampled};
use super::task::{Rows, Task};
use super::train_on_synthetic::{TSTR, UNDEFINED};
use crate::alignment::Role;
use crate::evaluation::{Measurement, Part};
use crate::group::{Found, Scene};
use crate::metric::{Goal, Metric, Need};

/// What synthetic training costs, on the same test rows.
const DIFFERENCE: Metric = Metric {
    name: "tstr-difference",
    title: "trained on synthetic minus trained on real",
    meaning: "`tstr` minus `trtr`, of the same test rows, with an interval from drawing these rows again and again: \
              where it lies below 0, learning from synthetic rows costs something",
    range: (None, None),
    headline: false,
    citation: "Esteban, Hyland and Rätsch 2017, https://arxiv.org/abs/1706.02633; intervals: Efron and Tibshirani \
               1986, https://doi.org/10.1214/ss/1177013815",
    ..TSTR
};

/// The other way round.
const TRTS: Metric = Metric {
    name: "trts",
    title: "trained on real, tested on synthetic",
    meaning: "how well boosted trees that learned from training rows predict the target of synthetic rows, as `tstr` \
              measures it: low where synthetic rows break the ties between target and columns. Its floor is `trtr`; far \
              above it, synthetic rows are more regular than real ones",
    headline: false,
    ..TSTR
};

/// Real rows and synthetic ones.
const AUGMENTATION: Metric = Metric {
    name: "augmentation",
    title: "gain from adding synthetic rows",
    meaning: "how much better boosted trees predict real rows that nobody has seen after learning from training rows \
              and as many synthetic ones, than after learning from the same training rows alone: in the figure of \
              `tstr`, on the same test rows",
    range: (None, None),
    headline: false,
    citation: "Frid-Adar et al. 2018, GAN-based synthetic medical image augmentation, \
               https://doi.org/10.1016/j.neucom.2018.09.013",
    ..TSTR
};

/// A figure of `tstr`'s predictions as a metric of its own.
const fn of_predictions(
    name: &'static str,
    title: &'static str,
    meaning: &'static str,
    goal: Goal,
    low: Option<f64>,
    high: Option<f64>,
    citation: &'static str,
) -> Metric {
    Metric {
        name,
        title,
        meaning,
        family: TSTR.family,
        goal,
        range: (low, high),
        needs: &[Need::Holdout, Need::Target],
        headline: false,
        citation,
    }
}

const ACCURACY: Metric = of_predictions(
    "tstr-accuracy",
    "trained on synthetic: accuracy",
    "the share of the test rows of `tstr` whose class was predicted",
    Goal::Higher,
    Some(0.0),
    Some(1.0),
    "Esteban, Hyland and Rätsch 2017, https://arxiv.org/abs/1706.02633",
);

const BALANCED_ACCURACY: Metric = of_predictions(
    "tstr-balanced-accuracy",
    "trained on synthetic: balanced accuracy",
    "the mean over the classes of the share of its test rows for which it was predicted; its parts are the classes, by \
     how frequent they are in the training table",
    Goal::Higher,
    Some(0.0),
    Some(1.0),
    "Brodersen et al. 2010, https://doi.org/10.1109/ICPR.2010.764",
);

const PR_AUC: Metric = of_predictions(
    "tstr-pr-auc",
    "trained on synthetic: average precision",
    "the area under the precision-recall curve of the rarer of two classes, as average precision without \
     interpolation, or its mean over more classes",
    Goal::Higher,
    Some(0.0),
    Some(1.0),
    "Davis and Goadrich 2006, https://doi.org/10.1145/1143844.1143874",
);

const F1: Metric = of_predictions(
    "tstr-f1",
    "trained on synthetic: F1",
    "the harmonic mean of precision and recall of the rarer of two classes, or its mean over more classes",
    Goal::Higher,
    Some(0.0),
    Some(1.0),
    "van Rijsbergen 1979, Information Retrieval; Sokolova and Lapalme 2009, \
     https://doi.org/10.1016/j.ipm.2009.03.002",
);

const BRIER: Metric = of_predictions(
    "tstr-brier",
    "trained on synthetic: Brier score",
    "the mean squared error of the probability of the rarer of two classes, or its sum over more classes",
    Goal::Lower,
    Some(0.0),
    Some(2.0),
    "Brier 1950, https://doi.org/10.1175/1520-0493(1950)078%3C0001:VOFEIT%3E2.0.CO;2",
);

const RMSE: Metric = of_predictions(
    "tstr-rmse",
    "trained on synthetic: root mean squared error",
    "the root of the mean squared error of the predicted numbers, in the target's own unit",
    Goal::Lower,
    Some(0.0),
    None,
    "Hyndman and Koehler 2006, https://doi.org/10.1016/j.ijforecast.2006.03.001",
);

const R_SQUARED: Metric = of_predictions(
    "tstr-r2",
    "trained on synthetic: R²",
    "the share of the variance of the target's numbers that is predicted",
    Goal::Higher,
    None,
    Some(1.0),
    "Wright 1921, Correlation and causation; Chicco, Warrens and Jurman 2021, https://doi.org/10.7717/peerj-cs.623",
);

/// The figures that have a metric of their own.
const FIGURES: [(&Metric, Figure); 7] = [
    (&ACCURACY, Figure::Accuracy),
    (&BALANCED_ACCURACY, Figure::BalancedAccuracy),
    (&PR_AUC, Figure::PrAuc),
    (&F1, Figure::F1),
    (&BRIER, Figure::Brier),
    (&RMSE, Figure::Rmse),
    (&R_SQUARED, Figure::RSquared),
];

pub(crate) const METRICS: [&Metric; 10] = [
    &DIFFERENCE,
    &TRTS,
    &AUGMENTATION,
    &ACCURACY,
    &BALANCED_ACCURACY,
    &PR_AUC,
    &F1,
    &BRIER,
    &RMSE,
    &R_SQUARED,
];

/// What boosted trees reach that learned from this or that, of the rows named after the dash.
struct Reached {
    synthetic_holdout: Predictions,
    real_holdout: Predictions,
    real_synthetic: Predictions,
    both_holdout: Predictions,
    baseline_holdout: Option<Predictions>,
    real_baseline: Option<Predictions>,
    real_and_baseline_holdout: Option<Predictions>,
    further: Vec<OfDraw>,
}

/// The same of a further draw.
struct OfDraw {
    synthetic_holdout: Predictions,
    both_holdout: Predictions,
}

impl OfDraw {
    fn new(task: &Task<'_>, scene: &Scene<'_>) -> Result<Option<Self>, Cancelled> {
        let [train, synthetic, holdout] =
            [Role::Train, Role::Synthetic, Role::Holdout].map(|role| task.rows(role));
        let sources: [&[Rows<'_>]; 2] = [&[synthetic], &[train, synthetic]];
        let learned: Vec<Option<Learned>> = sources
            .into_par_iter()
            .map(|from| Learner::Boosting.learn(task, from, scene.context))
            .collect::<Result<_, _>>()?;
        let test = |source: usize| Some(learned[source].as_ref()?.test(task, holdout));
        Ok(test(0)
            .zip(test(1))
            .map(|(synthetic_holdout, both_holdout)| OfDraw { synthetic_holdout, both_holdout }))
    }
}

/// Learns from the tables, alone and together, and looks at what is predicted from all sides.
pub(crate) fn measure(scene: &Scene<'_>) -> Result<Found, Cancelled> {
    let skipped = |reason| Found::from(METRICS.map(|metric| Measurement::skipped(metric, reason)).to_vec());
    let task = match Task::tested(scene) {
        Ok(task) => task,
        Err(reason) => return Ok(skipped(reason)),
    };
    let Some(reached) = Reached::all(&task, scene)? else { return Ok(skipped(UNDEFINED)) };
    let test_rows = task.test_rows(scene, Role::Holdout);
    let mut measurements = reached.against_real(&task, &test_rows, scene);
    measurements.extend(reached.figures(&task, &test_rows, scene));
    let exhibits = exhibits::of_predictions(
        &task,
        scene,
        &reached.synthetic_holdout,
        &reached.real_holdout,
        reached.baseline_holdout.as_ref(),
    );
    Ok(Found { measurements, exhibits })
}

impl Reached {
    fn all(task: &Task<'_>, scene: &Scene<'_>) -> Result<Option<Self>, Cancelled> {
        let [train, synthetic, baseline] =
            [Role::Train, Role::Synthetic, Role::Baseline].map(|role| task.rows(role));
        let sources: [&[Rows<'_>]; 5] =
            [&[synthetic], &[train], &[train, synthetic], &[baseline], &[train, baseline]];
        let learned: Vec<Option<Learned>> = sources
            .into_par_iter()
            .map(|from| Learner::Boosting.learn(task, from, scene.context))
            .collect::<Result<_, _>>()?;
        let test = |source: usize, rows: Rows<'_>| Some(learned[source].as_ref()?.test(task, rows));
        let holdout = task.rows(Role::Holdout);
        let further = draws::further(scene, OfDraw::new)?;
        let reached = || {
            Some(Reached {
                synthetic_holdout: test(0, holdout)?,
                real_holdout: test(1, holdout)?,
                real_synthetic: test(1, synthetic)?,
                both_holdout: test(2, holdout)?,
                baseline_holdout: test(3, holdout),
                real_baseline: if task.covers(Role::Baseline) { test(1, baseline) } else { None },
                real_and_baseline_holdout: test(4, holdout),
                further,
            })
        };
        Ok(reached())
    }

    /// The metrics that compare with what is learned from training rows.
    fn against_real(&self, task: &Task<'_>, test_rows: &TestRows, scene: &Scene<'_>) -> Vec<Measurement> {
        let main = |predictions: &Predictions, times: Option<&[u32]>| predictions.figure(Figure::Main, times);
        let over_real = |predictions: &Predictions, times: Option<&[u32]>| {
            Some(main(predictions, times)? - main(&self.real_holdout, times)?)
        };
        let of_baseline =
            |predictions: &Option<Predictions>| predictions.as_ref().and_then(|own| over_real(own, None));
        let compared = [&self.synthetic_holdout, &self.both_holdout];
        let holdout = &self.real_holdout;
        let mut paired = resampled(test_rows, 3 * holdout.cost(), scene.context.seed, |times| {
            compared.iter().map(|own| over_real(own, Some(times))).collect()
        })
        .into_iter();
        let turned = &self.real_synthetic;
        let mut of_turned =
            intervals(&task.test_rows(scene, Role::Synthetic), turned.cost(), scene.context.seed, |times| {
                vec![main(turned, Some(times))]
            });
        let difference = Measurement::of(&DIFFERENCE, over_real(compared[0], None), UNDEFINED)
            .beside(None, of_baseline(&self.baseline_holdout));
        let of_draws: Vec<Option<f64>> =
            self.further.iter().map(|draw| over_real(&draw.synthetic_holdout, None)).collect();
        let difference =
            draws::within(difference, &DIFFERENCE, test_rows, paired.next().flatten(), &of_draws);
        let augmentation = Measurement::of(&AUGMENTATION, over_real(compared[1], None), UNDEFINED)
            .beside(None, of_baseline(&self.real_and_baseline_holdout));
        let of_draws: Vec<Option<f64>> =
            self.further.iter().map(|draw| over_real(&draw.both_holdout, None)).collect();
        let augmentation =
            draws::within(augmentation, &AUGMENTATION, test_rows, paired.next().flatten(), &of_draws);
        let otherwise = "the target does not vary in the synthetic table";
        let trts = Measurement::of(&TRTS, main(turned, None), otherwise)
            .beside(main(holdout, None), self.real_baseline.as_ref().and_then(|own| main(own, None)))
            .within(of_turned.pop().flatten());
        vec![difference, trts, augmentation]
    }

    /// The metrics that are figures of what synthetic rows teach.
    fn figures(&self, task: &Task<'_>, test_rows: &TestRows, scene: &Scene<'_>) -> Vec<Measurement> {
        let synthetic = &self.synthetic_holdout;
        let varied = resampled(test_rows, 3 * synthetic.cost(), scene.context.seed, |times| {
            FIGURES.iter().map(|(_, figure)| synthetic.figure(*figure, Some(times))).collect()
        });
        FIGURES
            .iter()
            .zip(varied)
            .map(|((metric, figure), varied)| {
                let of_numbers = matches!(figure, Figure::Rmse | Figure::RSquared);
                let otherwise = match (of_numbers, task.classes) {
                    (true, 1..) => "the target has classes, not numbers",
                    (false, 0) => "the target is a number, not a class",
                    _ => UNDEFINED,
                };
                let of = |predictions: &Predictions| predictions.figure(*figure, None);
                let measurement = Measurement::of(metric, of(synthetic), otherwise)
                    .beside(of(&self.real_holdout), self.baseline_holdout.as_ref().and_then(of));
                let of_draws: Vec<Option<f64>> =
                    self.further.iter().map(|draw| of(&draw.synthetic_holdout)).collect();
                let mut measurement = draws::within(measurement, metric, test_rows, varied, &of_draws);
                if *figure == Figure::BalancedAccuracy {
                    measurement.parts = self.recalls(task);
                }
                measurement
            })
            .collect()
    }

    /// The share of each class that is found. Classes are numbered from the most frequent, not named: their names are
    /// values.
    fn recalls(&self, task: &Task<'_>) -> Vec<Part> {
        let confusion = |predictions: Option<&Predictions>| predictions?.confusion(None);
        let [synthetic, real, baseline] =
            [Some(&self.synthetic_holdout), Some(&self.real_holdout), self.baseline_holdout.as_ref()]
                .map(confusion);
        (0..task.classes)
            .map(|class| {
                let mut part = Part::new(
                    vec![task.target.name.clone()],
                    &format!("recall of class {} of {} by frequency", class + 1, task.classes),
                );
                part.value = synthetic.as_ref().and_then(|confusion| confusion.recall(class));
                part.floor = real.as_ref().and_then(|confusion| confusion.recall(class));
                part.baseline = baseline.as_ref().and_then(|confusion| confusion.recall(class));
                if let Some(confusion) = &synthetic {
                    part.details.insert("rows".to_owned(), confusion.rows_of(class) as f64);
                }
                part
            })
            .collect()
    }
}
