//! The two-sample test with a detector that is trained on one draw and tested on another: rows of one sample may balance
//! each other across folds, rows of two cannot.

use lookalike::table::Codes;
use lookalike::{Column, Kind, Seed, Silent, Table};
use lookalike_learn::score::roc_auc;
use lookalike_learn::tree::{Binning, Boosting, BoostingOptions, Feature, Target, Training};

/// One where the detector cannot tell a draw from the holdout, 0 where it always can; keys and free text are not shown to
/// it. It has 200 trees of depth 6 with rate 0.1, and is tested on three folds of the holdout.
pub(crate) fn detect(holdout: &Table, draws: &[Table; 2]) -> f64 {
    let tables = [holdout, &draws[0], &draws[1]];
    let each = tables.iter().map(|table| table.n_rows()).min().unwrap_or_default();
    let first: Vec<usize> = (0..each).collect();
    let told: Vec<usize> = (0..holdout.n_columns())
        .filter(|&column| !matches!(holdout.schema().columns[column].kind, Kind::Id(_) | Kind::Text))
        .collect();
    let tables = tables.map(|table| table.select(&told).take(&first));
    let columns: Vec<Values> = (0..told.len())
        .filter_map(|column| values(&[0, 1, 2].map(|table: usize| tables[table].column(column))))
        .collect();
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

/// One column of all tables, one after the other. Numbers may be stored as integers in one and as fractions in another.
fn values(columns: &[&Column; 3]) -> Option<Values> {
    let Some(numbers) = columns.iter().map(|column| column.numbers()).collect::<Option<Vec<_>>>() else {
        let codes = Column::concat(columns).ok()?.codes()?.codes;
        let known = codes.iter().filter(|&&code| code != Codes::MISSING);
        let levels = known.max().map_or(1, |&last| last as usize + 1);
        return Some(Values::Levels(codes, levels));
    };
    Some(Values::Numbers(numbers.into_iter().flat_map(|numbers| numbers.values).collect()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use lookalike::table::Levels;
    use lookalike::table::schema::{IdFormat, NumberFormat};
    use lookalike::{ColumnSchema, Schema};

    use super::*;

    /// Rows with a key, a number and a level; `shift` moves the numbers.
    fn table(first_key: i64, shift: f64, stream: u64) -> Table {
        let n = 300;
        let mut stream = Seed::new(stream).stream("test", 0);
        let numbers: Vec<f64> = (0..n).map(|_| stream.normal() + shift).collect();
        let codes = (0..n).map(|_| stream.below(2) as u32).collect();
        let schema = Schema::new(vec![
            ColumnSchema::new("key", Kind::Id(IdFormat::default())),
            ColumnSchema::new("number", Kind::Numerical(NumberFormat::default())),
            ColumnSchema::new("level", Kind::Categorical { order: Vec::new() }),
        ]);
        let columns = vec![
            Column::from_integers((first_key..first_key + n).collect(), None),
            Column::from_floats(numbers, None),
            Column::from_codes(codes, &Levels::new(["a", "b"])),
        ];
        Table::new(Arc::new(schema), columns).unwrap()
    }

    #[test]
    fn shifted_numbers_are_detected_and_other_keys_are_not() {
        let holdout = table(0, 0.0, 1);
        assert!(detect(&holdout, &[table(1000, 0.0, 2), table(2000, 0.0, 3)]) > 0.7);
        assert!(detect(&holdout, &[table(0, 3.0, 2), table(0, 3.0, 3)]) < 0.2);
    }
}
