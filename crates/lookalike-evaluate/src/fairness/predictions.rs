use lookalike_core::Cancelled;

use super::subgroups::{Subgroups, sensitive_columns};
use crate::alignment::{AlignedColumn, Role};
use crate::evaluation::{Measurement, Part};
use crate::exhibit::{Exhibit, LaysOpen, Series, Shape};
use crate::group::{Found, Scene};
use crate::metric::{Family, Goal, Metric, Need};
use crate::utility::learner::Learner;
use crate::utility::prediction::Predictions;
use crate::utility::resample::intervals;
use crate::utility::task::Task;
use crate::utility::train_on_synthetic::predict_holdout;

/// Whether a class is predicted equally often for all groups.
pub(crate) const DEMOGRAPHIC_PARITY: Metric = Metric {
    name: "demographic-parity-difference",
    title: "difference of predictions between sensitive groups",
    meaning: "how much more often boosted trees that learned from synthetic rows predict the rarer of two classes for \
              one sensitive group of the holdout than for another, at most; with more classes, of the class where that is \
              most. The floor is that of trees that learned from training rows: what the data has of it. \
              `difference_of_truth` is the same of the true classes. A group needs 30 rows",
    family: Family::Fairness,
    goal: Goal::Lower,
    range: (Some(0.0), Some(1.0)),
    needs: &[Need::Holdout, Need::Target, Need::Sensitive],
    headline: false,
    citation: "Dwork et al. 2012, Fairness through awareness, https://arxiv.org/abs/1104.3913; Feldman et al. 2015, \
               Certifying and removing disparate impact, https://arxiv.org/abs/1412.3756",
};

/// Whether errors are equally frequent for all groups.
pub(crate) const EQUALIZED_ODDS: Metric = Metric {
    name: "equalized-odds-difference",
    title: "difference of errors between sensitive groups",
    meaning: "as `demographic-parity-difference`, of the shares of rows for which the class is rightly and of those for \
              which it is wrongly predicted: the larger of the two differences. A group needs 30 rows, 10 of them of the \
              class and 10 of others",
    citation: "Hardt, Price and Srebro 2016, Equality of opportunity in supervised learning, \
               https://arxiv.org/abs/1610.02413",
    ..DEMOGRAPHIC_PARITY
};

pub(crate) const METRICS: [&Metric; 2] = [&DEMOGRAPHIC_PARITY, &EQUALIZED_ODDS];

/// Shares of fewer rows of a group are luck.
const LEAST_ROWS: u64 = 30;

/// So are those of fewer rows of a class, or of the others.
const LEAST_OF_CLASS: u64 = 10;

/// Why no group can be compared with another.
const TOO_FEW: &str = "fewer than two groups have enough rows in the holdout";

/// Compares what is predicted for the groups.
pub(crate) fn measure(scene: &Scene<'_>) -> Result<Found, Cancelled> {
    let skipped = |reason| Ok(METRICS.map(|metric| Measurement::skipped(metric, reason)).to_vec().into());
    let columns = match sensitive_columns(scene) {
        Ok(columns) => columns,
        Err(reason) => return skipped(reason),
    };
    let task = match Task::tested(scene) {
        Ok(task) => task,
        Err(reason) => return skipped(reason),
    };
    if task.classes == 0 {
        return skipped("the target is a number, not a class");
    }
    if columns.iter().any(|column| column.index == task.target.index) {
        return skipped("the target is sensitive itself");
    }
    if columns.iter().any(|column| column.cells(Role::Holdout).is_none()) {
        return skipped("the holdout lacks a sensitive column");
    }
    let groups = tested_groups(scene, &task, &columns);
    let [synthetic, real, baseline] = predict_holdout(Learner::Boosting, &task, scene)?;
    let (Some(synthetic), Some(real)) = (synthetic, real) else { return skipped(TOO_FEW) };
    let rates = |predictions: &Predictions| Rates::new(predictions, &groups, None);
    let (of_synthetic, of_real) = (rates(&synthetic), rates(&real));
    let of_baseline = baseline.as_ref().map(rates);
    let cost = 4 * synthetic.len();
    let mut intervals = intervals(&task.test_rows(scene, Role::Holdout), cost, scene.context.seed, |times| {
        let drawn = Rates::new(&synthetic, &groups, Some(times));
        vec![drawn.parity_difference(&of_synthetic), drawn.odds_difference(&of_synthetic)]
    })
    .into_iter();
    let measured = |metric: &Metric, difference: Difference, interval| {
        let of = |rates: &Rates| difference(rates, rates);
        let mut measurement = Measurement::of(metric, of(&of_synthetic), TOO_FEW)
            .beside(of(&of_real), of_baseline.as_ref().and_then(of))
            .within(interval);
        measurement.parts = columns
            .iter()
            .map(|column| {
                let alone = tested_groups(scene, &task, &[column]);
                let of = |predictions: &Predictions| of(&Rates::new(predictions, &alone, None));
                let mut part = Part::new(vec![column.name.clone()], metric.name);
                part.value = of(&synthetic);
                part.floor = of(&real);
                part.baseline = baseline.as_ref().and_then(of);
                part
            })
            .collect();
        measurement
    };
    let mut parity = measured(&DEMOGRAPHIC_PARITY, Rates::parity_difference, intervals.next().flatten());
    if parity.value.is_some() {
        parity = parity
            .detail("difference_of_truth", of_synthetic.truth_difference())
            .detail("ratio", of_synthetic.parity_ratio())
            .detail("groups", Some(of_synthetic.told() as f64));
    }
    let odds = measured(&EQUALIZED_ODDS, Rates::odds_difference, intervals.next().flatten());
    let exhibits = exhibit(&groups.groups, &of_synthetic, &of_real).into_iter().collect();
    Ok(Found { measurements: vec![parity, odds], exhibits })
}

/// How groups differ, of those that have enough rows in the second.
type Difference = fn(&Rates, &Rates) -> Option<f64>;

/// The groups of the rows that are predicted.
struct TestedGroups {
    groups: Subgroups,
    of: Vec<u32>,
}

fn tested_groups(scene: &Scene<'_>, task: &Task<'_>, columns: &[&AlignedColumn]) -> TestedGroups {
    let groups = Subgroups::new(scene, columns);
    let all = groups.of[Role::Holdout as usize].as_ref().expect("the holdout has the sensitive columns");
    let of = task.rows(Role::Holdout).1.iter().map(|&row| all[row]).collect();
    TestedGroups { groups, of }
}

/// For each class that is looked for, the rows of each group.
struct Rates {
    by_class: Vec<Vec<Counts>>,
}

/// Rows of one group, as to one class.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    /// Of the class and predicted so, of the class, predicted so though of another class, of another class.
    hits: u64,
    own: u64,
    false_alarms: u64,
    others: u64,
}

impl Counts {
    fn rows(&self) -> u64 {
        self.own + self.others
    }

    fn has_rows(&self) -> bool {
        self.rows() >= LEAST_ROWS
    }

    fn has_both(&self) -> bool {
        self.has_rows() && self.own >= LEAST_OF_CLASS && self.others >= LEAST_OF_CLASS
    }

    fn predicted(&self) -> Option<f64> {
        share(self.hits + self.false_alarms, self.rows())
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl Rates {
    /// Counts rows, each as often as `times` says.
    fn new(predictions: &Predictions, groups: &TestedGroups, times: Option<&[u32]>) -> Self {
        let Predictions::Classes { count, truth, predicted, .. } = predictions else {
            return Rates { by_class: Vec::new() };
        };
        // One table of true and predicted classes per group would be large; of two classes one tells all.
        let looked_for: Vec<u32> = if *count == 2 { vec![1] } else { (0..*count as u32).collect() };
        let mut by_class = vec![vec![Counts::default(); groups.groups.len()]; looked_for.len()];
        let mut totals = vec![0; groups.groups.len()];
        let place = |class: u32| if *count == 2 { class.checked_sub(1) } else { Some(class) };
        for row in 0..truth.len() {
            let times = u64::from(times.map_or(1, |times| times[row]));
            let group = groups.of[row] as usize;
            totals[group] += times;
            let (true_place, predicted_place) = (place(truth[row]), place(predicted[row]));
            if let Some(own) = true_place {
                by_class[own as usize][group].own += times;
            }
            if let Some(taken) = predicted_place {
                let counts = &mut by_class[taken as usize][group];
                if true_place == predicted_place {
                    counts.hits += times;
                } else {
                    counts.false_alarms += times;
                }
            }
        }
        for groups in &mut by_class {
            for (counts, total) in groups.iter_mut().zip(&totals) {
                counts.others = total - counts.own;
            }
        }
        Rates { by_class }
    }

    /// How far the shares of predictions lie apart, of the groups that have enough rows in `enough`.
    fn parity_difference(&self, enough: &Rates) -> Option<f64> {
        self.widest(enough, Counts::has_rows, Counts::predicted)
    }

    /// How far the shares of hits or of false alarms lie apart.
    fn odds_difference(&self, enough: &Rates) -> Option<f64> {
        let hits = self.widest(enough, Counts::has_both, |counts| share(counts.hits, counts.own))?;
        let alarms =
            self.widest(enough, Counts::has_both, |counts| share(counts.false_alarms, counts.others))?;
        Some(hits.max(alarms))
    }

    /// How far the shares of the true classes lie apart.
    fn truth_difference(&self) -> Option<f64> {
        self.widest(self, Counts::has_rows, |counts| share(counts.own, counts.rows()))
    }

    /// The lowest share of predictions of a group relative to the highest one's, of the class where that is least.
    fn parity_ratio(&self) -> Option<f64> {
        let ratios = self.spans(self, Counts::has_rows, Counts::predicted);
        ratios.filter(|(_, high)| *high > 0.0).map(|(low, high)| low / high).min_by(f64::total_cmp)
    }

    /// How many groups have enough rows.
    fn told(&self) -> usize {
        self.by_class.first().map_or(0, |groups| groups.iter().filter(|counts| counts.has_rows()).count())
    }

    /// The largest difference between groups, over all classes.
    fn widest(
        &self,
        enough: &Rates,
        has_enough: fn(&Counts) -> bool,
        rate: fn(&Counts) -> Option<f64>,
    ) -> Option<f64> {
        self.spans(enough, has_enough, rate).map(|(low, high)| high - low).max_by(f64::total_cmp)
    }

    /// For each class where there are two groups at least, the lowest and the highest rate.
    fn spans(
        &self,
        enough: &Rates,
        has_enough: fn(&Counts) -> bool,
        rate: fn(&Counts) -> Option<f64>,
    ) -> impl Iterator<Item = (f64, f64)> {
        self.by_class.iter().zip(&enough.by_class).filter_map(move |(own, enough)| {
            let told = own.iter().zip(enough).filter(|(_, enough)| has_enough(enough));
            let rates: Vec<f64> = told.filter_map(|(counts, _)| rate(counts)).collect();
            let low = rates.iter().copied().min_by(f64::total_cmp)?;
            let high = rates.iter().copied().max_by(f64::total_cmp)?;
            (rates.len() >= 2).then_some((low, high))
        })
    }
}

/// How often the rarer of two classes is predicted for each group; nothing for more classes.
fn exhibit(groups: &Subgroups, synthetic: &Rates, real: &Rates) -> Option<Exhibit> {
    let ([synthetic], [real]) = (&synthetic.by_class[..], &real.by_class[..]) else { return None };
    let shown: Vec<usize> = (0..groups.len())
        .filter(|&group| synthetic[group].has_both() && groups.name(group).is_some())
        .collect();
    let rates = |counts: &[Counts], rate: fn(&Counts) -> Option<f64>| {
        shown.iter().filter_map(|&group| rate(&counts[group])).collect()
    };
    (!shown.is_empty()).then(|| Exhibit {
        name: "predictions-by-group".to_owned(),
        title: "predictions for each group".to_owned(),
        caption: "The share of each group's rows in the holdout for which boosted trees predict the rarer class, and \
                  the share that is of it. Groups of few rows are left out."
            .to_owned(),
        family: Family::Fairness,
        lays_open: LaysOpen::Distributions,
        shape: Shape::Bars {
            value_title: "share of the group's rows".to_owned(),
            names: shown.iter().filter_map(|&group| groups.name(group)).map(str::to_owned).collect(),
            series: vec![
                Series::new("truth", rates(synthetic, |counts| share(counts.own, counts.rows()))),
                Series::new("trained on synthetic", rates(synthetic, Counts::predicted)),
                Series::new("trained on real", rates(real, Counts::predicted)),
            ],
        },
    })
}
