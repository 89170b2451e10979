use lookalike_core::{Cancelled, Seed};
use lookalike_learn::tree::Binned;
use rayon::prelude::*;

use super::exhibits::{FROM_REAL, FROM_SYNTHETIC};
use super::learner::{Learned, Learner, boosted};
use super::prediction::{Figure, Predictions};
use super::task::{Rows, Task};
use crate::alignment::Role;
use crate::evaluation::{Measurement, Part};
use crate::exhibit::{Exhibit, LaysOpen, Series, Shape};
use crate::fidelity::spearman::rank_correlation;
use crate::group::{Found, Scene};
use crate::metric::{Family, Goal, Metric, Need};

/// Whether the same columns matter.
pub(crate) const IMPORTANCE_AGREEMENT: Metric = Metric {
    name: "importance-agreement",
    title: "agreement on which columns matter",
    meaning: "Spearman's correlation between the importances of columns for boosted trees that learned from synthetic \
              rows and for such that learned from training rows. A column's importance is how much worse the holdout is \
              predicted, in the figure of `tstr`, after the column's values were put into random order. The floor is \
              the agreement of trees that learned from two halves of the training rows",
    family: Family::Utility,
    goal: Goal::Higher,
    range: (Some(-1.0), Some(1.0)),
    needs: &[Need::Holdout, Need::Target],
    headline: false,
    citation: "Breiman 2001, Random forests, https://doi.org/10.1023/A:1010933404324; Fisher, Rudin and Dominici 2019, \
               https://arxiv.org/abs/1801.01489",
};

/// With fewer columns an order says little.
const LEAST_COLUMNS: usize = 3;

/// How many columns the exhibit shows.
const MOST_BARS: usize = 30;

/// How often a column is put into random order.
const REPEATS: u64 = 3;

/// Compares what matters to trees that learned from different tables.
pub(crate) fn measure(scene: &Scene<'_>) -> Result<Found, Cancelled> {
    let skipped = |reason| Found::from(Measurement::skipped(&IMPORTANCE_AGREEMENT, reason));
    let task = match Task::tested(scene) {
        Ok(task) => task,
        Err(reason) => return Ok(skipped(reason)),
    };
    if task.columns.len() < LEAST_COLUMNS {
        return Ok(skipped("there are fewer than three columns to predict the target from"));
    }
    let halves = halves(task.rows(Role::Train).1, scene.context.seed);
    let sources: [Rows<'_>; 5] = [
        task.rows(Role::Synthetic),
        task.rows(Role::Train),
        task.rows(Role::Baseline),
        (Role::Train, &halves[0]),
        (Role::Train, &halves[1]),
    ];
    let test = test_rows(&task, scene.context.seed);
    let importances: Vec<Option<Vec<f64>>> = sources
        .into_par_iter()
        .map(|from| {
            let learned = Learner::Boosting.learn(&task, &[from], scene.context)?;
            Ok(learned.and_then(|learned| importances(&learned, &task, &test, scene.context.seed)))
        })
        .collect::<Result<_, Cancelled>>()?;
    let [synthetic, real, baseline, first, second] = &importances[..] else {
        unreachable!("five were asked for")
    };
    let agreement = |a: &Option<Vec<f64>>, b: &Option<Vec<f64>>| agreement(a.as_ref()?, b.as_ref()?);
    let mut measurement = Measurement::of(
        &IMPORTANCE_AGREEMENT,
        agreement(synthetic, real),
        "no column matters to what is learned from the training rows",
    )
    .beside(agreement(first, second), agreement(baseline, real))
    .detail("rows_learned_from", Some(task.learned as f64))
    .detail("rows_tested", Some(test.len() as f64));
    let of = |all: &Option<Vec<f64>>, column: usize| all.as_ref().map(|all| all[column]);
    measurement.parts = task
        .columns
        .iter()
        .enumerate()
        .map(|(number, column)| {
            let mut part = Part::new(vec![column.name.clone()], "permutation-importance");
            part.value = of(synthetic, number);
            part.floor = of(real, number);
            part.baseline = of(baseline, number);
            part
        })
        .collect();
    let exhibits =
        synthetic.iter().zip(real).map(|(synthetic, real)| exhibit(&task, synthetic, real)).collect();
    Ok(Found { measurements: vec![measurement], exhibits })
}

/// The correlation of ranks: 0 where only one of the two is constant, nothing where the second, real one is.
fn agreement(own: &[f64], real: &[f64]) -> Option<f64> {
    let varies = |values: &[f64]| values.iter().any(|value| *value != values[0]);
    if varies(real) && !varies(own) { Some(0.0) } else { rank_correlation(own, real) }
}

/// The training rows in two halves, by draw.
fn halves(rows: &[usize], seed: Seed) -> [Vec<usize>; 2] {
    let mut first = seed.stream("importance halves", 0).choose(rows.len(), rows.len() / 2);
    first.sort_unstable();
    let mut is_first = vec![false; rows.len()];
    for &place in &first {
        is_first[place] = true;
    }
    let side = |wanted: bool| {
        rows.iter().zip(&is_first).filter(|(_, first)| **first == wanted).map(|(&row, _)| row).collect()
    };
    [side(true), side(false)]
}

/// The rows of the holdout that are predicted: fewer where there are many columns.
fn test_rows(task: &Task<'_>, seed: Seed) -> Vec<usize> {
    const EFFORT: usize = 1 << 18;
    let (_, rows) = task.rows(Role::Holdout);
    let most = (EFFORT / task.columns.len()).clamp(1_000, 8_192);
    if rows.len() <= most {
        return rows.to_vec();
    }
    let mut chosen = seed.stream("importance rows", 0).choose(rows.len(), most);
    chosen.sort_unstable();
    chosen.into_iter().map(|place| rows[place]).collect()
}

/// How much worse the rows are predicted after each column was put into random order; the orders are the same for all
/// models.
fn importances(learned: &Learned, task: &Task<'_>, rows: &[usize], seed: Seed) -> Option<Vec<f64>> {
    let Learned::Boosting(binning, model) = learned else { return None };
    let rows: Rows<'_> = (Role::Holdout, rows);
    // Cells are put into bins once: a permuted column has the bins of its cells.
    let matrix = binning.apply(&task.cells(&[rows]).features());
    let columns = 0..matrix.n_features();
    let bins: Vec<u16> = columns.clone().map(|column| matrix.n_bins(column) as u16).collect();
    let categorical: Vec<bool> = columns.clone().map(|column| matrix.is_categorical(column)).collect();
    let score = |matrix: &Binned| {
        Predictions::new(boosted(model, matrix), task.truth(&[rows]), task).figure(Figure::Main, None)
    };
    let whole = score(&matrix)?;
    columns
        .into_par_iter()
        .map(|column| {
            let mut losses = 0.0;
            for repeat in 0..REPEATS {
                let mut stream = seed.stream("importance order", column as u64 * REPEATS + repeat);
                let order = stream.permutation(matrix.n_rows());
                let own = matrix.column(column);
                let permuted: Vec<u8> = order.iter().map(|&row| own[row]).collect();
                let mut cells: Vec<&[u8]> = (0..bins.len()).map(|other| matrix.column(other)).collect();
                cells[column] = &permuted;
                losses += whole - score(&Binned::new(&cells, bins.clone(), categorical.clone()))?;
            }
            Some(losses / REPEATS as f64)
        })
        .collect()
}

fn exhibit(task: &Task<'_>, synthetic: &[f64], real: &[f64]) -> Exhibit {
    let mut order: Vec<usize> = (0..real.len()).collect();
    order.sort_by(|&a, &b| real[b].total_cmp(&real[a]));
    order.truncate(MOST_BARS);
    let taken = |values: &[f64]| order.iter().map(|&column| values[column]).collect();
    Exhibit {
        name: "importances".to_owned(),
        title: "which columns matter to predictions".to_owned(),
        caption: "How much worse boosted trees predict the holdout's target after a column was put into random order."
            .to_owned(),
        family: Family::Utility,
        lays_open: LaysOpen::Figures,
        shape: Shape::Bars {
            value_title: "loss of the figure of tstr".to_owned(),
            names: order.iter().map(|&column| task.columns[column].name.clone()).collect(),
            series: vec![Series::new(FROM_SYNTHETIC, taken(synthetic)), Series::new(FROM_REAL, taken(real))],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_learned_nothing_agrees_with_nothing() {
        assert_eq!(agreement(&[0.0, 0.0, 0.0], &[0.1, 0.2, 0.3]), Some(0.0));
        assert_eq!(agreement(&[0.1, 0.2, 0.3], &[0.0, 0.0, 0.0]), None);
        assert!((agreement(&[1.0, 2.0, 9.0], &[0.1, 0.2, 0.3]).unwrap() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn halves_share_no_row() {
        let rows: Vec<usize> = (100..121).collect();
        let [a, b] = halves(&rows, Seed::new(1));
        let mut all = [a.clone(), b.clone()].concat();
        all.sort_unstable();
        assert_eq!((a.len(), b.len(), all), (10, 11, rows));
    }
}
