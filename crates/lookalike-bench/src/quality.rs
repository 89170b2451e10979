//! How good a method's tables are, by the protocol that methods are compared by: half of the rows to learn from, the
//! other half to judge with, several such splits.

use std::path::Path;

use lookalike::{AnySynthesizer, Context, FitOptions, ReadOptions, SampleRequest, Seed, Silent, Table};
use lookalike_learn::score::roc_auc;
use lookalike_learn::tree::{Binning, Boosting, BoostingOptions, Feature, Target, Training};

use crate::measure::least;
use crate::sides::Sides;

/// What is printed of an evaluation, besides the detector on independent draws.
const SCORES: [&str; 7] = ["shape", "trend", "tstr", "trtr", "dcr-share", "copies", "c2st-train"];

pub(crate) fn run(
    file: &Path,
    target: Option<&str>,
    method: &AnySynthesizer,
    splits: u64,
) -> Result<(), Box<dyn std::error::Error>> {
    let table = lookalike::read(file, &ReadOptions::default(), &Silent)?.table;
    let target = target.map(|name| table.schema().index_of(name)).transpose()?;
    let mut sums = [(0.0, 0.0); SCORES.len()];
    let (mut detected, mut wall, mut cpu, mut likelihood) = (0.0, 0.0, 0.0, 0.0);
    for split in 1..=splits {
        let context = Context::new(Seed::new(split));
        let sides = Sides::of(&table, 0.5, &context)?;
        let options = FitOptions { target, ..FitOptions::default() };
        let (model, cost) = least(1, || method.fit(&sides.train, &options, &context));
        let model = model?;
        let draw = |seed: u64| -> Result<Table, lookalike::synth::Error> {
            let context = Context::new(Seed::new(seed));
            model.sample(&SampleRequest::rows(sides.train.n_rows() as u64), &context)?.collect_table()
        };
        let draws = [draw(split * 2 + 100)?, draw(split * 2 + 101)?];
        let c2st = detect(&sides.holdout, &draws);
        let (evaluation, _) = sides.judge(&model, options, 1, &context)?;
        print!("split {split}: fit {:.2} s, c2st {c2st:.4}", cost.wall);
        for (name, sum) in SCORES.iter().zip(&mut sums) {
            let found = evaluation.metric(name);
            let value = found.and_then(|found| found.value).unwrap_or(f64::NAN);
            let floor = found.and_then(|found| found.floor).unwrap_or(f64::NAN);
            print!(", {name} {value:.4} ({floor:.4})");
            *sum = (sum.0 + value, sum.1 + floor);
        }
        if let Some(logs) = model.log_prob(&sides.holdout)? {
            let finite: Vec<f64> = logs.iter().copied().filter(|log| log.is_finite()).collect();
            let mean = finite.iter().sum::<f64>() / finite.len().max(1) as f64;
            print!(", log-likelihood {mean:.4} ({} rows impossible)", logs.len() - finite.len());
            likelihood += mean;
        }
        println!();
        detected += c2st;
        wall += cost.wall;
        cpu += cost.cpu.unwrap_or(f64::NAN);
    }
    let n = splits as f64;
    println!(
        "mean of {splits}: fit {:.2} s ({:.2} CPU s), c2st {:.4}, log-likelihood {:.4}",
        wall / n,
        cpu / n,
        detected / n,
        likelihood / n
    );
    for (name, (value, floor)) in SCORES.iter().zip(sums) {
        println!("  {name:<12} {:.4}   floor {:.4}", value / n, floor / n);
    }
    Ok(())
}

/// The two-sample test with a detector that is trained on one draw and tested on another: rows of one sample may
/// balance each other across folds, rows of two cannot. 200 trees of depth 6 with rate 0.1, three folds of the holdout.
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
