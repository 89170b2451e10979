//! Each planted fault is caught by the measure that should catch it, and by no other that has nothing to do with it.

use std::sync::Arc;

use lookalike_core::{Context, Seed};
use lookalike_evaluate::{Evaluation, Inputs, Measurement, Wanted, evaluate};
use lookalike_table::schema::NumberFormat;
use lookalike_table::{Column, ColumnSchema, Kind, Levels, Schema, Table};

const ROWS: usize = 3000;

/// A skewed number (missing in a tenth of the rows), a level of four that goes with it, and three truth values of which
/// any two are independent and all three are not.
struct Cells {
    number: Vec<f64>,
    missing: Vec<bool>,
    level: Vec<u32>,
    truths: [Vec<u32>; 3],
}

fn cells(block: u64) -> Cells {
    let mut stream = Seed::new(4).stream("cells", block);
    let number: Vec<f64> = (0..ROWS).map(|_| -20.0 * lookalike_core::math::ln(1.0 - stream.unit())).collect();
    let level = number
        .iter()
        .map(
            |&value| {
                if stream.below(5) == 0 { stream.below(4) as u32 } else { ((value / 12.0) as u32).min(3) }
            },
        )
        .collect();
    let missing = (0..ROWS).map(|_| stream.below(10) == 0).collect();
    let a: Vec<u32> = (0..ROWS).map(|_| stream.below(2) as u32).collect();
    let b: Vec<u32> = (0..ROWS).map(|_| stream.below(2) as u32).collect();
    let c = a.iter().zip(&b).map(|(a, b)| a ^ b).collect();
    Cells { number, missing, level, truths: [a, b, c] }
}

fn table(cells: Cells) -> Table {
    let level = || Kind::Categorical { order: Vec::new() };
    let names = ["number", "level", "a", "b", "c"];
    let kinds = [Kind::Numerical(NumberFormat::default()), level(), level(), level(), level()];
    let schemas = names.into_iter().zip(kinds).map(|(name, kind)| ColumnSchema::new(name, kind)).collect();
    let letters = Levels::new(["k", "l", "m", "n", "new"]);
    let truth = Levels::new(["no", "yes"]);
    let [a, b, c] = cells.truths;
    let columns = vec![
        Column::from_floats(cells.number, Some(cells.missing)),
        Column::from_codes(cells.level, &letters),
        Column::from_codes(a, &truth),
        Column::from_codes(b, &truth),
        Column::from_codes(c, &truth),
    ];
    Table::new(Arc::new(Schema::new(schemas)), columns).unwrap()
}

fn judge(fault: impl FnOnce(&mut Cells)) -> Evaluation {
    let mut synthetic = cells(2);
    fault(&mut synthetic);
    let (train, holdout, synthetic) = (table(cells(0)), table(cells(1)), table(synthetic));
    let inputs = Inputs { holdout: Some(&holdout), wanted: &Wanted::All, ..Inputs::new(&train, &synthetic) };
    evaluate(&inputs, &Context::new(Seed::new(1))).unwrap()
}

fn metric<'a>(evaluation: &'a Evaluation, name: &str) -> &'a Measurement {
    evaluation.metric(name).unwrap()
}

/// Which of the measures of columns, pairs and triples are worse than real rows by more than so much.
fn caught(evaluation: &Evaluation, by: f64) -> Vec<&str> {
    const WATCHED: [&str; 16] = [
        "ks-complement",
        "tv-complement",
        "wasserstein",
        "jensen-shannon",
        "boundary-adherence",
        "range-coverage",
        "category-adherence",
        "category-coverage",
        "missing-value-similarity",
        "mean-similarity",
        "median-similarity",
        "std-similarity",
        "accuracy-1",
        "accuracy-2",
        "accuracy-3",
        "wnmis",
    ];
    WATCHED.into_iter().filter(|name| metric(evaluation, name).gap().unwrap() > by).collect()
}

#[test]
fn fresh_rows_are_not_accused() {
    let evaluation = judge(|_| {});
    assert_eq!(caught(&evaluation, 0.1), Vec::<&str>::new());
    // What is expected of fresh rows is what they reach.
    for name in ["accuracy-1", "accuracy-2", "accuracy-3"] {
        let measurement = metric(&evaluation, name);
        let (value, expected) = (measurement.value.unwrap(), measurement.details["expected"]);
        assert!((value - expected).abs() < 0.015, "{name}: {value} {expected}");
    }
    assert_eq!(metric(&evaluation, "accuracy-3").details["compared"], 10.0);
}

#[test]
fn a_broken_pair_is_seen_in_pairs_and_not_in_columns() {
    let evaluation = judge(|cells| {
        let order = Seed::new(9).stream("order", 0).permutation(ROWS);
        cells.level = order.iter().map(|&row| cells.level[row]).collect();
    });
    let seen = caught(&evaluation, 0.03);
    assert!(seen.contains(&"accuracy-2") && seen.contains(&"wnmis"), "{seen:?}");
    assert!(!seen.contains(&"accuracy-1") && !seen.contains(&"tv-complement"), "{seen:?}");
}

#[test]
fn what_three_columns_say_only_together_is_seen_in_triples() {
    let evaluation = judge(|cells| {
        let mut stream = Seed::new(9).stream("coins", 0);
        cells.truths[2] = (0..ROWS).map(|_| stream.below(2) as u32).collect();
    });
    // One of ten triples is off by a half.
    assert_eq!(caught(&evaluation, 0.03), ["accuracy-3"]);
}

#[test]
fn a_tail_that_is_far_off_is_seen_by_the_wasserstein_distance() {
    let evaluation = judge(|cells| {
        for value in cells.number.iter_mut().filter(|value| **value > 80.0) {
            *value *= 40.0;
        }
    });
    let seen = caught(&evaluation, 0.1);
    assert!(seen.contains(&"wasserstein") && seen.contains(&"std-similarity"), "{seen:?}");
    assert!(!seen.contains(&"ks-complement") && !seen.contains(&"range-coverage"), "{seen:?}");
    let part = &metric(&evaluation, "boundary-adherence").parts[0];
    assert!(part.value.unwrap() < 0.995 && part.floor.unwrap() > 0.998, "{part:?}");
}

#[test]
fn values_levels_and_gaps_that_are_lost_or_new_are_seen() {
    let clipped = judge(|cells| cells.number.iter_mut().for_each(|value| *value = value.min(40.0)));
    assert!(caught(&clipped, 0.3).contains(&"range-coverage"));
    let lost = judge(|cells| cells.level.iter_mut().for_each(|code| *code = (*code).min(2)));
    assert!(caught(&lost, 0.05).contains(&"category-coverage"));
    assert!(!caught(&lost, 0.001).contains(&"category-adherence"));
    let new = judge(|cells| cells.level.iter_mut().step_by(2).for_each(|code| *code = 4));
    assert!(caught(&new, 0.1).contains(&"category-adherence"));
    assert!((metric(&new, "category-adherence").parts[0].value.unwrap() - 0.5).abs() < 1e-9);
    let full = judge(|cells| cells.missing.fill(false));
    let part = &metric(&full, "missing-value-similarity").parts[0];
    assert!((part.value.unwrap() - 0.9).abs() < 0.02 && part.floor.unwrap() > 0.97, "{part:?}");
}

#[test]
fn a_holdout_of_training_rows_is_told() {
    let train = table(cells(0));
    let note = |holdout: &Table| {
        let synthetic = table(cells(2));
        let inputs = Inputs { holdout: Some(holdout), ..Inputs::new(&train, &synthetic) };
        let evaluation = evaluate(&inputs, &Context::new(Seed::new(1))).unwrap();
        evaluation.notes.iter().any(|note| note.contains("holdout seems to hold rows"))
    };
    assert!(note(&train));
    assert!(!note(&table(cells(1))));
}

#[test]
fn a_table_without_rows_has_no_figures() {
    let train = table(cells(0));
    let none = train.slice(0..0);
    let inputs = Inputs { wanted: &Wanted::All, ..Inputs::new(&train, &none) };
    let evaluation = evaluate(&inputs, &Context::new(Seed::new(1))).unwrap();
    let figures: Vec<&str> = evaluation
        .metrics
        .iter()
        .filter(|measurement| measurement.value.is_some())
        .map(|measurement| measurement.name.as_str())
        .collect();
    // No rows cover no level, and that is a figure.
    assert_eq!(figures, ["category-coverage"]);
}
