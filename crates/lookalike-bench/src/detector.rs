//! The two-sample test with a detector that is trained on one draw and tested on another: rows of one sample may balance
//! each other across folds, rows of two cannot.

use lookalike::{Seed, Silent, Table};
use lookalike_learn::score::roc_auc;
use lookalike_learn::tree::{Binning, Boosting, BoostingOptions, Feature, Target, Training};

/// One where the detector cannot tell a draw from the holdout, 0 where it always can. It has 200 trees of depth 6 with
/// rate 0.1, and is tested on three folds of the holdout.
pub(crate) fn detect(holdout: &Table, draws: &[Table; 2]) -> f64 {
    let each = holdout.n_rows().min(draws[0].n_rows());
    let first: Vec<usize> = (0..each).collect();
    let tables = [holdout.take(&first), draws[0].take(&first), draws[1].take(&first)];
    let Ok(stacked) = Table::concat(&tables) else { return f64::NAN };
    let columns: Vec<Values> =
        (0..stacked.n_columns()).filter_map(|column| values(&stacked, column)).collect();
    let features: Vec<Feature<'_>> = columns
        .iter()
        .map(|values| match values {
            Values::Numbers(numbers) => Feature::Numeric(numbers),
            Values::Levels(codes, levels) => Feature::Categorical { codes, levels: *levels },
        })
        .collect();
    let matrix = Binning::fit(&features, 255).apply(&features);
    let classes: Vec<u32> = (0..3 * each).map(|row| u32::from(row >= each)).collect();
    let mut stream = Seed::new(3).stream("folds", 0);
    let folds: Vec<u64> = (0..each).map(|_| stream.below(3)).collect();
    let options =
        BoostingOptions { rounds: 200, learning_rate: 0.1, max_depth: 6, ..BoostingOptions::default() };
    let mut aucs = Vec::new();
    for fold in 0..3 {
        for draw in [1, 2] {
            let rows = |table: usize, inside: bool| {
                let folds = &folds;
                (0..each)
                    .filter(move |&row| (folds[row] == fold) == inside)
                    .map(move |row| (table * each + row) as u32)
            };
            let learned: Vec<u32> = rows(0, false).chain(rows(draw, false)).collect();
            let tested: Vec<u32> = rows(0, true).chain(rows(3 - draw, true)).collect();
            let training =
                Training::new(&matrix, Target::Classes { classes: &classes, count: 2 }).on_rows(&learned);
            let Ok(model) = Boosting::fit(&training, &options, None, &Silent) else { continue };
            let positive: Vec<bool> = tested.iter().map(|&row| classes[row as usize] == 1).collect();
            aucs.extend(roc_auc(&model.scores(&matrix, &tested), &positive));
        }
    }
    let auc = aucs.iter().sum::<f64>() / aucs.len() as f64;
    1.0 - 2.0 * (auc - 0.5).max(0.0)
}

enum Values {
    Numbers(Vec<f64>),
    Levels(Vec<u32>, usize),
}

fn values(table: &Table, column: usize) -> Option<Values> {
    let column = table.column(column);
    if let Some(codes) = column.codes() {
        let levels =
            codes.codes.iter().filter(|&&code| code != u32::MAX).max().map_or(1, |&last| last as usize + 1);
        return Some(Values::Levels(codes.codes, levels));
    }
    column.numbers().map(|numbers| Values::Numbers(numbers.values))
}
