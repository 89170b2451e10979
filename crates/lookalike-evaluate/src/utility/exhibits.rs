use lookalike_learn::score::{Confusion, Ranking, thinned};

use super::prediction::Predictions;
use super::task::Task;
use crate::exhibit::{Exhibit, LaysOpen, Series, Shape};
use crate::group::Scene;
use crate::metric::Family;
use crate::names::{LEAST_ROWS, level_names};

/// A curve of a picture has no more points.
const MOST_POINTS: usize = 200;

/// Rarer classes than these share a row and a column of the confusion matrix.
const MOST_CLASSES: usize = 20;

/// The names of the series.
pub(super) const FROM_SYNTHETIC: &str = "trained on synthetic";
pub(super) const FROM_REAL: &str = "trained on real";
const FROM_BASELINE: &str = "trained on baseline";

/// Curves and confusion matrices of what is predicted of the holdout; nothing for numbers.
pub(super) fn of_predictions(
    task: &Task<'_>,
    scene: &Scene<'_>,
    synthetic: &Predictions,
    real: &Predictions,
    baseline: Option<&Predictions>,
) -> Vec<Exhibit> {
    let named: Vec<(&str, &Predictions)> =
        [(FROM_SYNTHETIC, Some(synthetic)), (FROM_REAL, Some(real)), (FROM_BASELINE, baseline)]
            .into_iter()
            .filter_map(|(name, predictions)| Some((name, predictions?)))
            .collect();
    let rankings: Vec<(&str, Ranking)> =
        named.iter().filter_map(|(name, predictions)| Some((*name, ranking(predictions)?))).collect();
    let Some(sides) = synthetic.confusion(None).zip(real.confusion(None)) else { return Vec::new() };
    let of_what = if task.classes == 2 {
        "the rarer class of the target"
    } else {
        "pairs of a test row and a class, all classes together"
    };
    let curves =
        |name: &str, title: &str, caption: String, axes: [&str; 2], points: fn(&Ranking) -> Vec<[f64; 2]>| {
            let series = rankings
                .iter()
                .map(|(name, ranking)| Series::new(name, thinned(&points(ranking), MOST_POINTS)))
                .filter(|series| !series.values.is_empty())
                .collect();
            Exhibit {
                name: name.to_owned(),
                title: title.to_owned(),
                caption,
                family: Family::Utility,
                lays_open: LaysOpen::Figures,
                shape: Shape::Curves { x_title: axes[0].to_owned(), y_title: axes[1].to_owned(), series },
            }
        };
    vec![
        curves(
            "roc-tstr",
            "receiver operating characteristics",
            format!(
                "How many of the holdout's {of_what} are found, for how many false alarms, by boosted trees."
            ),
            ["share of the others taken for it", "share found"],
            Ranking::roc,
        ),
        curves(
            "pr-tstr",
            "precision and recall",
            format!(
                "How many of what is taken for {of_what} are rightly so, for how many found, by boosted trees."
            ),
            ["recall", "precision"],
            Ranking::precision_recall,
        ),
        confusion(task, scene, &sides.0, &sides.1),
    ]
}

/// The rarer of two classes against the other; of more classes all pairs of a row and a class in one.
fn ranking(predictions: &Predictions) -> Option<Ranking> {
    let Predictions::Classes { count, truth, probabilities, rankings, .. } = predictions else { return None };
    if let [ranking] = &rankings[..] {
        return Some(ranking.clone());
    }
    let positive: Vec<bool> =
        truth.iter().flat_map(|&own| (0..*count).map(move |class| class == own as usize)).collect();
    Some(Ranking::new(probabilities, &positive))
}

/// For each class what its test rows were taken for. Rare classes are pooled, cells of few rows left out.
fn confusion(task: &Task<'_>, scene: &Scene<'_>, synthetic: &Confusion, real: &Confusion) -> Exhibit {
    let level_names = level_names(scene, task.target);
    let mut names: Vec<Option<String>> = vec![None; task.classes];
    for (level, name) in level_names.into_iter().enumerate() {
        if let Some(own) = names.get_mut(task.class_of[level] as usize) {
            *own = name;
        }
    }
    // Classes are numbered by how frequent they are, so the named ones come first.
    let named = names.iter().take_while(|name| name.is_some()).count().min(MOST_CLASSES);
    let pooled = |class: usize| class.min(named);
    let mut titles: Vec<String> = names.into_iter().take(named).flatten().collect();
    if named < task.classes {
        titles.push("(all rarer classes)".to_owned());
    }
    let size = titles.len();
    let shares = |confusion: &Confusion| -> Vec<Vec<Option<f64>>> {
        let mut counts = vec![0; size * size];
        for truth in 0..task.classes {
            for predicted in 0..task.classes {
                counts[pooled(truth) * size + pooled(predicted)] += confusion.count(truth, predicted);
            }
        }
        counts
            .chunks_exact(size)
            .map(|row| {
                let all: u64 = row.iter().sum();
                row.iter()
                    .map(|&count| (count >= LEAST_ROWS as u64).then(|| count as f64 / all as f64))
                    .collect()
            })
            .collect()
    };
    let series = vec![Series::new(FROM_SYNTHETIC, shares(synthetic)), Series::new(FROM_REAL, shares(real))];
    Exhibit {
        name: "confusion-tstr".to_owned(),
        title: "confusion matrices".to_owned(),
        caption: format!(
            "What the holdout's rows of each class were taken for, as shares of the class, by boosted trees. Cells of \
             fewer than {LEAST_ROWS} rows are left out."
        ),
        family: Family::Utility,
        lays_open: LaysOpen::Distributions,
        shape: Shape::Matrix {
            row_title: "true class".to_owned(),
            column_title: "predicted class".to_owned(),
            rows: titles.clone(),
            columns: titles,
            series,
            scale: [0.0, 1.0],
        },
    }
}
