use std::collections::BTreeMap;

use lookalike_core::{Cancelled, Context};
use lookalike_learn::score::{
    accuracy, f1, macro_f1, one_vs_rest_auc, r_squared, roc_auc, root_mean_squared_error,
};
use lookalike_learn::tree::{Binning, Boosting, BoostingOptions, Target, Training};
use lookalike_table::Codes;
use rayon::prelude::*;

use crate::alignment::{AlignedColumn, Alignment, Cells, Matrix, Role};
use crate::evaluation::Measurement;
use crate::group::{Found, Scene};
use crate::metric::{Family, Goal, Metric, Need};

/// Trained on synthetic rows, tested on real ones.
pub(crate) const TSTR: Metric = Metric {
    name: "tstr",
    title: "trained on synthetic, tested on real",
    meaning: "how well boosted trees that learned from synthetic rows predict the target of real rows that \
              nobody has seen: area under the ROC curve for two classes, its mean of one class against the rest for more, \
              R² for numbers",
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

/// Learns from each table what can be predicted of the holdout.
pub(crate) fn measure(scene: &Scene<'_>) -> Result<Found, Cancelled> {
    let task = match Task::new(&scene.alignment, scene.target, scene.context) {
        Ok(task) => task,
        Err(reason) => {
            return Ok(METRICS.map(|metric| Measurement::skipped(metric, reason)).to_vec().into());
        }
    };
    let reached: Vec<Reached> = [Role::Synthetic, Role::Train, Role::Baseline]
        .into_par_iter()
        .map(|from| task.run(from, scene.context))
        .collect::<Result<_, _>>()?;
    let [synthetic, real, baseline] = &reached[..] else { unreachable!("three tables were learned from") };
    Ok(task.measurements(synthetic, real, baseline).to_vec().into())
}

/// The most rows that are learned from.
const MOST_ROWS: usize = 65_536;

/// A target with more classes is not predicted.
const MOST_CLASSES: usize = 100;

/// What a model learned from one table reaches on the holdout.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reached {
    main: Option<f64>,
    more: BTreeMap<&'static str, f64>,
}

/// What is predicted, from what, and from how many rows.
pub(crate) struct Task<'a> {
    target: &'a AlignedColumn,
    columns: Vec<&'a AlignedColumn>,
    /// Of each table the rows whose target is known.
    rows: [Vec<usize>; 4],
    /// How many rows are learned from.
    learned: usize,
    /// For each level its class, or [`NO_CLASS`]; for numbers nothing.
    class_of: Vec<u32>,
    classes: usize,
}

impl<'a> Task<'a> {
    /// The task, or why there is none.
    pub(crate) fn new(
        alignment: &'a Alignment,
        target: Option<usize>,
        context: &Context<'_>,
    ) -> Result<Self, &'static str> {
        if !alignment.has(Role::Holdout) {
            return Err("there is no holdout to test predictions on");
        }
        let Some(target) = target else { return Err("no target was named") };
        let Some(target) = alignment.columns.iter().find(|column| column.index == target) else {
            return Err("the target is an id, free text, the unit or entirely missing");
        };
        if target.cells(Role::Synthetic).is_none() {
            return Err("the synthetic table lacks the target");
        }
        if target.cells(Role::Holdout).is_none() {
            return Err("the holdout lacks the target");
        }
        let columns: Vec<&AlignedColumn> = alignment
            .common(&[Role::Train, Role::Holdout, Role::Synthetic])
            .into_iter()
            .filter(|column| column.index != target.index)
            .collect();
        if columns.is_empty() {
            return Err("there is no column to predict the target from");
        }
        let (class_of, classes) = match target.cells(Role::Train) {
            Some(Cells::Levels(codes)) => number_classes(codes, target.levels),
            _ => (Vec::new(), 0),
        };
        let is_number = class_of.is_empty();
        if !is_number && classes < 2 {
            return Err("the target has a single class in the training table");
        }
        if classes > MOST_CLASSES {
            return Err("the target has too many classes to be predicted");
        }
        // Rows of classes that training does not know cannot be predicted by anyone.
        let mut rows: [Vec<usize>; 4] = std::array::from_fn(|role| match &target.cells[role] {
            Some(Cells::Numbers(values)) => {
                (0..values.len()).filter(|&row| values[row].is_finite()).collect()
            }
            Some(Cells::Levels(codes)) => {
                let known = |code: u32| code != Codes::MISSING && class_of[code as usize] != NO_CLASS;
                (0..codes.len()).filter(|&row| known(codes[row])).collect()
            }
            None => Vec::new(),
        });
        let (train, holdout, synthetic) = (0, 1, 2);
        let learned = rows[train].len().min(rows[synthetic].len()).min(MOST_ROWS);
        if learned < 20 || rows[holdout].len() < 10 {
            return Err("there are too few rows with a known target");
        }
        for (role, rows) in rows.iter_mut().enumerate() {
            let wanted = if role == holdout { MOST_ROWS } else { learned };
            if rows.len() > wanted {
                let mut chosen = context.seed.stream("tstr rows", role as u64).choose(rows.len(), wanted);
                chosen.sort_unstable();
                *rows = chosen.into_iter().map(|place| rows[place]).collect();
            }
        }
        Ok(Task { target, columns, rows, learned, class_of, classes })
    }

    /// Learns from one table and predicts the holdout.
    pub(crate) fn run(&self, from: Role, context: &Context<'_>) -> Result<Reached, Cancelled> {
        if self.target.cells(from).is_none() || self.columns.iter().any(|column| column.cells(from).is_none())
        {
            return Ok(Reached::default());
        }
        let (learned, tested) = (&self.rows[from as usize], &self.rows[Role::Holdout as usize]);
        let parts = [(from, learned.as_slice()), (Role::Holdout, tested.as_slice())];
        let stacked = Matrix::stack(&self.columns, &parts);
        let features = stacked.features();
        // Bins are learned from what the model may see.
        let seen = Matrix::stack(&self.columns, &parts[..1]);
        let matrix = Binning::fit(&seen.features(), 255).apply(&features);
        let (learn_rows, test_rows): (Vec<u32>, Vec<u32>) =
            (0..(learned.len() + tested.len()) as u32).partition(|&row| (row as usize) < learned.len());
        let options = setting(self.classes);
        let target = Matrix::stack(&[self.target], &parts);
        let target = target.features();
        match target[0] {
            lookalike_learn::tree::Feature::Numeric(values) => {
                // Squares of numbers near the end of the range would overflow; R² does not depend on the unit.
                let largest = values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
                let unit = if largest > 1e100 { largest } else { 1.0 };
                let values: Vec<f64> = values.iter().map(|value| value / unit).collect();
                let training = Training::new(&matrix, Target::Numbers(&values)).on_rows(&learn_rows);
                let model = Boosting::fit(&training, &options, None, context.progress)?;
                let predicted = model.predict(&matrix, &test_rows);
                let truth = &values[learned.len()..];
                let mut more = BTreeMap::new();
                if let Some(rmse) = root_mean_squared_error(&predicted, truth) {
                    more.insert("rmse", rmse * unit);
                }
                Ok(Reached { main: r_squared(&predicted, truth), more })
            }
            lookalike_learn::tree::Feature::Categorical { codes, .. } => {
                let classes: Vec<u32> = codes.iter().map(|&code| self.class_of[code as usize]).collect();
                let count = self.classes;
                let training =
                    Training::new(&matrix, Target::Classes { classes: &classes, count }).on_rows(&learn_rows);
                let model = Boosting::fit(&training, &options, None, context.progress)?;
                let probabilities = model.probabilities(&matrix, &test_rows);
                Ok(classification(&probabilities, &classes[learned.len()..], count))
            }
        }
    }

    /// The measurements from what was reached.
    pub(crate) fn measurements(
        &self,
        synthetic: &Reached,
        real: &Reached,
        baseline: &Reached,
    ) -> [Measurement; 3] {
        let undefined = "the target does not vary in the holdout";
        let with_more = |mut measurement: Measurement, reached: &Reached| {
            for (&name, &value) in &reached.more {
                measurement = measurement.detail(name, Some(value));
            }
            measurement.detail("rows_learned_from", Some(self.learned as f64))
        };
        let tstr = Measurement::of(&TSTR, synthetic.main, undefined).beside(real.main, baseline.main);
        let trtr = Measurement::of(&TRTR, real.main, undefined).beside(None, baseline.main);
        let ratio = |above: Option<f64>| Some(above? / real.main.filter(|&below| below > 0.0)?);
        let relative = Measurement::of(
            &TSTR_RATIO,
            ratio(synthetic.main),
            "even what is learned from real rows predicts nothing",
        )
        .beside(ratio(real.main), ratio(baseline.main));
        [with_more(tstr, synthetic), with_more(trtr, real), relative]
    }
}

/// Stands for a level that the training table does not have.
const NO_CLASS: u32 = u32::MAX;

/// Numbers the levels that occur from the most to the least frequent, so that of two classes the rarer is 1.
fn number_classes(codes: &[u32], levels: usize) -> (Vec<u32>, usize) {
    let mut counts = vec![0_usize; levels];
    codes.iter().filter(|&&code| code != Codes::MISSING).for_each(|&code| counts[code as usize] += 1);
    let mut order: Vec<usize> = (0..levels).filter(|&level| counts[level] > 0).collect();
    order.sort_by_key(|&level| (std::cmp::Reverse(counts[level]), level));
    let mut class_of = vec![NO_CLASS; levels];
    for (class, &level) in order.iter().enumerate() {
        class_of[level] = class as u32;
    }
    (class_of, order.len())
}

/// One setting for all tables; with many classes, each of which has a tree per round, fewer and larger steps.
fn setting(classes: usize) -> BoostingOptions {
    let rounds = (600 / classes.max(1)).clamp(20, 100);
    BoostingOptions {
        rounds,
        learning_rate: (10.0 / rounds as f64).clamp(0.1, 0.3),
        ..BoostingOptions::default()
    }
}

fn classification(probabilities: &[f64], truth: &[u32], count: usize) -> Reached {
    let predicted: Vec<u32> = probabilities
        .chunks_exact(count)
        .map(|row| {
            // The first of the largest.
            (0..count).rev().max_by(|&a, &b| row[a].total_cmp(&row[b])).unwrap_or(0) as u32
        })
        .collect();
    let mut more = BTreeMap::new();
    if let Some(share) = accuracy(&predicted, truth) {
        more.insert("accuracy", share);
    }
    let main = if count == 2 {
        // The rarer class is the one looked for.
        if let Some(score) = f1(&predicted, truth, 1) {
            more.insert("f1", score);
        }
        let scores: Vec<f64> = probabilities.chunks_exact(2).map(|row| row[1]).collect();
        let positive: Vec<bool> = truth.iter().map(|&class| class == 1).collect();
        roc_auc(&scores, &positive)
    } else {
        if let Some(score) = macro_f1(&predicted, truth, count) {
            more.insert("f1", score);
        }
        one_vs_rest_auc(probabilities, truth, count)
    };
    Reached { main, more }
}
