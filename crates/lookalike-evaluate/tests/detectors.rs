//! The figures see what they are for: copies, broken dependence, impossible values, and what cannot be told.

use std::sync::Arc;

use lookalike_core::{Cancelled, Context, Progress, Seed};
use lookalike_evaluate::{Error, Evaluation, Inputs, LaysOpen, Need, Wanted, all_metrics, evaluate};
use lookalike_table::schema::{BooleanFormat, IdFormat, NumberFormat};
use lookalike_table::{Codes, Column, ColumnSchema, Kind, Levels, Schema, Table};

const SECRET: &str = "a-level-that-nobody-may-see";

fn schema() -> Arc<Schema> {
    let number = || Kind::Numerical(NumberFormat::default());
    Arc::new(Schema::new(vec![
        ColumnSchema::new("key", Kind::Id(IdFormat::default())),
        ColumnSchema::new("x", number()),
        ColumnSchema::new("y", number()),
        ColumnSchema::new("level", Kind::Categorical { order: Vec::new() }),
        ColumnSchema::new("flag", Kind::Boolean(BooleanFormat::default())),
        ColumnSchema::new("note", Kind::Text),
    ]))
}

/// Rows with strong dependence between all columns.
fn real(rows: usize, block: u64) -> Table {
    let mut stream = Seed::new(77).stream("real", block);
    let (mut x, mut y, mut level, mut flag) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rows {
        // Bounded, since joint tables bin the numbers of each table between its own extremes.
        let base = 4.0 * stream.unit() - 2.0;
        x.push(base);
        y.push(base + 0.5 * stream.unit());
        level.push(if stream.unit() < 0.05 { Codes::MISSING } else { ((base + 2.0) * 1.49) as u32 });
        flag.push(base + 0.5 * stream.normal() > 0.0);
    }
    table(&schema(), x, y, level, flag)
}

fn table(schema: &Arc<Schema>, x: Vec<f64>, y: Vec<f64>, level: Vec<u32>, flag: Vec<bool>) -> Table {
    let rows = x.len();
    let levels = Levels::new(["l0", "l1", "l2", SECRET, "l4", "l5"]);
    let columns = vec![
        Column::from_integers((0..rows as i64).collect(), None),
        Column::from_floats(x, None),
        Column::from_floats(y, None),
        Column::from_codes(level, &levels),
        Column::from_booleans(flag, None),
        Column::from_texts((0..rows).map(|row| Some(format!("note {row}")))),
    ];
    Table::new(schema.clone(), columns).unwrap()
}

/// Each column in an order of its own.
fn permuted(table: &Table) -> Table {
    let columns = table
        .columns()
        .iter()
        .enumerate()
        .map(|(index, column)| {
            column.take(&Seed::new(5).stream("permute", index as u64).permutation(table.n_rows()))
        })
        .collect();
    Table::new(table.schema().clone(), columns).unwrap()
}

fn bootstrap(table: &Table) -> Table {
    let mut stream = Seed::new(6).stream("bootstrap", 0);
    let rows: Vec<usize> =
        (0..table.n_rows()).map(|_| stream.below(table.n_rows() as u64) as usize).collect();
    table.take(&rows)
}

fn judge(train: &Table, holdout: &Table, synthetic: &Table) -> Evaluation {
    let inputs = Inputs {
        holdout: Some(holdout),
        target: Some(4),
        wanted: &Wanted::All,
        ..Inputs::new(train, synthetic)
    };
    evaluate(&inputs, &Context::new(Seed::new(1))).unwrap()
}

fn value(evaluation: &Evaluation, name: &str) -> f64 {
    let measurement = evaluation.metric(name).unwrap();
    measurement.value.unwrap_or_else(|| panic!("{name}: {:?}", measurement.skipped))
}

#[test]
fn fresh_rows_of_the_same_distribution_reach_the_floor() {
    let evaluation = judge(&real(1500, 0), &real(1500, 1), &real(1500, 2));
    for name in ["shape", "trend", "trend-sdmetrics", "tstr", "validity"] {
        let measurement = evaluation.metric(name).unwrap();
        assert!(measurement.gap().unwrap().abs() < 0.03, "{name}: {measurement:?}");
    }
    assert!(value(&evaluation, "c2st") > 0.9 && value(&evaluation, "c2st-train") > 0.9);
    assert!((value(&evaluation, "dcr-share") - 0.5).abs() < 0.05);
    assert_eq!(value(&evaluation, "copies"), 0.0);
    assert!((value(&evaluation, "tstr-ratio") - 1.0).abs() < 0.05);
}

#[test]
fn a_copy_and_a_bootstrap_of_the_training_table_are_found_out() {
    let (train, holdout) = (real(1500, 0), real(1500, 1));
    for synthetic in [train.clone(), bootstrap(&train)] {
        let evaluation = judge(&train, &holdout, &synthetic);
        assert_eq!(value(&evaluation, "copies"), 1.0);
        assert_eq!(evaluation.metric("copies").unwrap().floor, Some(0.0));
        assert!(value(&evaluation, "dcr-share") > 0.99);
        assert!(value(&evaluation, "dcr-share-tie-split") > 0.99);
        assert!(value(&evaluation, "shape") > 0.97, "copies look good everywhere else: {evaluation:?}");
    }
}

#[test]
fn identical_tables_are_ideal() {
    let train = real(800, 0);
    let evaluation = judge(&train, &real(800, 1), &train);
    for name in ["shape", "trend", "trend-sdmetrics", "validity", "tstr-ratio"] {
        assert_eq!(value(&evaluation, name), 1.0, "{name}");
    }
    assert!(value(&evaluation, "c2st-train") > 0.999);
}

#[test]
fn permuted_columns_have_shape_but_no_trend() {
    let (train, holdout) = (real(1500, 0), real(1500, 1));
    let evaluation = judge(&train, &holdout, &permuted(&train));
    assert_eq!(value(&evaluation, "shape"), 1.0);
    assert!(value(&evaluation, "trend") < 0.75, "{}", value(&evaluation, "trend"));
    assert!(value(&evaluation, "c2st") < 0.3 && value(&evaluation, "c2st-train") < 0.3);
    assert!(value(&evaluation, "tstr") < 0.65 && value(&evaluation, "trtr") > 0.85);
}

#[test]
fn shape_and_trend_over_all_pairs_are_symmetric() {
    let (a, b) = (real(700, 0), permuted(&real(500, 3)));
    for name in ["shape", "trend"] {
        let there = value(&judge(&a, &a, &b), name);
        let back = value(&judge(&b, &b, &a), name);
        assert!((there - back).abs() < 1e-12, "{name}: {there} {back}");
    }
}

#[test]
fn impossible_values_are_counted() {
    let train = real(400, 0);
    let synthetic = real(400, 2);
    let mut x = synthetic.column(1).numbers().unwrap().values;
    x[0] = 1e6;
    x[1] = -1e6;
    let mut columns = synthetic.columns().to_vec();
    columns[1] = Column::from_floats(x, None);
    columns[0] = Column::from_integers(vec![7; 400], None);
    let mut codes = synthetic.column(3).codes().unwrap().codes;
    codes[0] = 6;
    columns[3] =
        Column::from_codes(codes, &Levels::new(["l0", "l1", "l2", SECRET, "l4", "l5", "unheard of"]));
    let synthetic = Table::new(synthetic.schema().clone(), columns).unwrap();
    let inputs =
        Inputs { invalid: &[0, 0, 3, 0, 0, 0], wanted: &Wanted::All, ..Inputs::new(&train, &synthetic) };
    let evaluation = evaluate(&inputs, &Context::new(Seed::new(1))).unwrap();
    let validity = evaluation.metric("validity").unwrap();
    let x_outside = validity.parts[1].details["cells_outside_range"];
    assert!((2.0..20.0).contains(&x_outside));
    assert_eq!(validity.details["cells_with_unseen_level"], 1.0);
    assert_eq!(validity.details["repeated_keys"], 399.0);
    assert_eq!(validity.details["unreadable_cells"], 3.0);
    let faults: f64 = validity.parts.iter().flat_map(|part| part.details.values()).sum();
    assert!((validity.value.unwrap() - (1.0 - faults / 2400.0)).abs() < 1e-12);
}

#[test]
fn columns_are_matched_by_name_and_absent_ones_count() {
    let (train, other) = (real(300, 0), real(300, 1));
    let shuffled = other.select(&[4, 3, 5, 2, 1, 0]);
    let a = judge(&train, &real(300, 2), &other);
    let b = judge(&train, &real(300, 2), &shuffled);
    assert_eq!(a.metrics, b.metrics);
    let fewer = other.select(&[0, 1, 3, 4, 5]);
    let lacking = judge(&train, &real(300, 2), &fewer);
    assert!((value(&lacking, "shape") - value(&a, "shape")).abs() > 0.2);
    assert_eq!(lacking.metric("validity").unwrap().parts[2].value, Some(0.0));
    assert!(lacking.notes.iter().any(|note| note.contains("\"y\"")), "{:?}", lacking.notes);
    let shape = lacking.metric("shape").unwrap();
    let of_y = shape.parts.iter().find(|part| part.columns == ["y"]).unwrap();
    assert_eq!((of_y.value, of_y.floor.is_some()), (Some(0.0), true));
    assert!(a.unmatched.is_empty());
    assert_eq!(lacking.unmatched.len(), 1);
    assert_eq!(
        (&*lacking.unmatched[0].table, &lacking.unmatched[0].missing),
        ("synthetic", &vec!["y".into()])
    );

    // A holdout that lacks columns, and a file that had more than were read.
    let (holdout, more) = (real(300, 2).select(&[4, 1]), ["town".to_owned()]);
    let inputs = Inputs {
        holdout: Some(&holdout),
        target: Some(4),
        unread_of_synthetic: &more,
        ..Inputs::new(&train, &other)
    };
    let partly = evaluate(&inputs, &Context::new(Seed::new(1))).unwrap();
    assert_eq!(partly.unmatched[0].missing, ["key", "y", "level", "note"]);
    assert_eq!(partly.unmatched[1].extra, ["town"]);
    assert_eq!(partly.metric("copies").unwrap().details["columns_compared"], 2.0);
    assert!(value(&partly, "shape") > 0.9 && value(&partly, "tstr") > 0.8);

    let renamed = Schema::new(vec![ColumnSchema::new("other", Kind::Text)]);
    let stranger = Table::new(Arc::new(renamed), vec![Column::from_texts([Some("a")])]).unwrap();
    let error = evaluate(
        &Inputs { wanted: &Wanted::All, ..Inputs::new(&train, &stranger) },
        &Context::new(Seed::new(1)),
    )
    .unwrap_err();
    assert!(matches!(error, Error::NothingInCommon { table: "synthetic" }), "{error}");
}

#[test]
fn repeated_names_are_matched_by_position() {
    let mut described = schema().as_ref().clone();
    described.columns[2].name = "x".into();
    let described = Arc::new(described);
    let rename = |table: Table| Table::new(described.clone(), table.columns().to_vec()).unwrap();
    let evaluation = judge(&rename(real(300, 0)), &rename(real(300, 1)), &rename(real(300, 2)));
    assert!(value(&evaluation, "shape") > 0.9);
    // The second of the name is lacking, and what comes after it is still itself.
    let fewer =
        judge(&rename(real(300, 0)), &rename(real(300, 1)), &rename(real(300, 2)).select(&[0, 1, 3, 4, 5]));
    assert_eq!(fewer.unmatched[0].missing, ["x"]);
    let values: Vec<f64> = fewer.metric("shape").unwrap().parts.iter().map(|it| it.value.unwrap()).collect();
    assert!(values[1] == 0.0 && [0, 2, 3].iter().all(|&part| values[part] > 0.9), "{values:?}");
    assert!(evaluation.notes.iter().any(|note| note.contains("position")));
}

#[test]
fn without_a_holdout_it_says_what_it_cannot_tell() {
    let (train, synthetic) = (real(300, 0), real(300, 1));
    let inputs = Inputs { target: Some(4), wanted: &Wanted::All, ..Inputs::new(&train, &synthetic) };
    let evaluation = evaluate(&inputs, &Context::new(Seed::new(1))).unwrap();
    for name in ["c2st", "tstr", "trtr", "tstr-ratio", "dcr-share", "dcr-share-tie-split"] {
        let measurement = evaluation.metric(name).unwrap();
        assert!(
            measurement.value.is_none() && measurement.skipped.as_ref().unwrap().contains("holdout"),
            "{name}"
        );
    }
    for name in ["shape", "trend", "c2st-train", "copies", "validity"] {
        value(&evaluation, name);
    }
    assert!(evaluation.could_not_tell.iter().any(|line| line.contains("memorized")));
    assert_eq!(evaluation.left_out.len(), 2, "the key and the text");
}

#[test]
fn the_file_form_has_names_and_figures_only_and_reads_back() {
    let evaluation = judge(&real(300, 0), &real(300, 1), &real(300, 2));
    let text = serde_json::to_string_pretty(&evaluation).unwrap();
    assert!(!text.contains(SECRET) && !text.contains("note 1"), "a cell's value is in the file");
    assert!(text.contains("\"schema_version\": 1"));
    let back: Evaluation = serde_json::from_str(&text).unwrap();
    assert_eq!(back, evaluation);
    let names: Vec<&str> = evaluation.metrics.iter().map(|measurement| measurement.name.as_str()).collect();
    let of_tables = all_metrics().into_iter().filter(|metric| !metric.needs.contains(&Need::Images));
    assert_eq!(names, of_tables.map(|metric| metric.name).collect::<Vec<_>>());
    assert_eq!(evaluation.metrics_left(), 0);
}

#[test]
fn tiny_and_empty_tables_are_judged_as_far_as_possible() {
    for (train, holdout, synthetic) in [(1, 1, 1), (2, 0, 5), (50, 3, 0), (3, 50, 50)] {
        let tables = (real(train, 0), real(holdout, 1), real(synthetic, 2));
        let evaluation = judge(&tables.0, &tables.1, &tables.2);
        for measurement in &evaluation.metrics {
            assert!(measurement.value.is_some() != measurement.skipped.is_some(), "{measurement:?}");
        }
    }
    let error = evaluate(&Inputs::new(&real(0, 0), &real(5, 0)), &Context::new(Seed::new(1))).unwrap_err();
    assert!(matches!(error, Error::NoRows));
    let five = real(5, 0);
    let inputs = Inputs { target: Some(9), wanted: &Wanted::All, ..Inputs::new(&five, &five) };
    assert!(matches!(
        evaluate(&inputs, &Context::new(Seed::new(1))),
        Err(Error::NoSuchColumn { index: 9, .. })
    ));
}

#[test]
fn extreme_numbers_give_figures_or_reasons() {
    let extreme = |block| {
        let table = real(200, block);
        let mut x = table.column(1).numbers().unwrap().values;
        (x[0], x[1], x[2], x[3]) = (1e308, -1e308, f64::INFINITY, f64::NAN);
        let mut columns = table.columns().to_vec();
        columns[1] = Column::from_floats(x, None);
        Table::new(table.schema().clone(), columns).unwrap()
    };
    let evaluation = judge(&extreme(0), &extreme(1), &extreme(2));
    let text = serde_json::to_string(&evaluation).unwrap();
    assert_eq!(serde_json::from_str::<Evaluation>(&text).unwrap(), evaluation);
}

#[test]
fn numbers_and_more_classes_can_be_targets() {
    let (train, holdout, synthetic) = (real(600, 0), real(600, 1), real(600, 2));
    for (target, detail) in [(1, "rmse"), (3, "accuracy")] {
        let inputs = Inputs {
            holdout: Some(&holdout),
            target: Some(target),
            wanted: &Wanted::All,
            ..Inputs::new(&train, &synthetic)
        };
        let evaluation = evaluate(&inputs, &Context::new(Seed::new(1))).unwrap();
        assert!(value(&evaluation, "tstr") > 0.7, "{:?}", evaluation.metric("tstr"));
        assert!(evaluation.metric("tstr").unwrap().details.contains_key(detail));
    }
    let inputs = Inputs {
        holdout: Some(&holdout),
        target: Some(5),
        wanted: &Wanted::All,
        ..Inputs::new(&train, &synthetic)
    };
    let evaluation = evaluate(&inputs, &Context::new(Seed::new(1))).unwrap();
    assert!(evaluation.metric("tstr").unwrap().skipped.is_some());
}

#[test]
fn the_rows_of_a_unit_are_told_apart_together() {
    // Each of many people has a trait that all their rows share, and the tables have different people.
    let visits = |block: u64| {
        let mut stream = Seed::new(31).stream("people", block);
        let traits: Vec<f64> = (0..80).map(|_| stream.unit()).collect();
        let rows = 80 * 12;
        let columns = vec![
            Column::from_integers((0..rows).map(|row| row / 12).collect(), None),
            Column::from_floats((0..rows as usize).map(|row| traits[row / 12]).collect(), None),
            Column::from_floats((0..rows).map(|_| stream.unit()).collect(), None),
        ];
        let number = || Kind::Numerical(NumberFormat::default());
        let names = ["person", "trait", "noise"];
        let described = names.map(|name| ColumnSchema::new(name, number()));
        Table::new(Arc::new(Schema::new(described.to_vec())), columns).unwrap()
    };
    let (train, holdout, synthetic) = (visits(0), visits(1), visits(2));
    let score = |unit| {
        let inputs =
            Inputs { holdout: Some(&holdout), unit, wanted: &Wanted::All, ..Inputs::new(&train, &synthetic) };
        let evaluation = evaluate(&inputs, &Context::new(Seed::new(1))).unwrap();
        let c2st = evaluation.metric("c2st").unwrap();
        (c2st.value.unwrap(), c2st.floor.unwrap())
    };
    let (together, floor) = score(Some(0));
    assert!(together > 0.75 && floor > 0.75, "{together} {floor}");
    // Without units the same tables seem easy to tell apart, also two real ones.
    let person_aside = |table: &Table| table.select(&[1, 2]);
    let (train, holdout, synthetic) =
        (person_aside(&train), person_aside(&holdout), person_aside(&synthetic));
    let inputs = Inputs { holdout: Some(&holdout), wanted: &Wanted::All, ..Inputs::new(&train, &synthetic) };
    let evaluation = evaluate(&inputs, &Context::new(Seed::new(1))).unwrap();
    assert!(value(&evaluation, "c2st") < 0.5, "{}", value(&evaluation, "c2st"));
}

#[test]
fn dictionaries_and_physical_types_may_differ() {
    let levels = |levels: [&str; 2], codes: Vec<u32>| Column::from_codes(codes, &Levels::new(levels));
    let kind = Kind::Categorical { order: Vec::new() };
    let one = |column| {
        Table::new(Arc::new(Schema::new(vec![ColumnSchema::new("c", kind.clone())])), vec![column]).unwrap()
    };
    let train = one(levels(["1", "2"], (0..100).map(|row| row % 2).collect()));
    let turned = one(levels(["2", "1"], (0..100).map(|row| u32::from(row % 2 == 0)).collect()));
    let number = Kind::Numerical(NumberFormat::whole());
    let numbers = Table::new(
        Arc::new(Schema::new(vec![ColumnSchema::new("c", number)])),
        vec![Column::from_integers((0..100).map(|row| 1 + row % 2).collect(), None)],
    )
    .unwrap();
    for synthetic in [turned, numbers] {
        let evaluation = evaluate(
            &Inputs { wanted: &Wanted::All, ..Inputs::new(&train, &synthetic) },
            &Context::new(Seed::new(1)),
        )
        .unwrap();
        assert_eq!(value(&evaluation, "shape"), 1.0);
        assert_eq!(value(&evaluation, "validity"), 1.0);
        assert_eq!(value(&evaluation, "copies"), 1.0);
    }
}

#[test]
fn threads_do_not_matter_and_seeds_do() {
    let (train, holdout, synthetic) = (real(900, 0), real(600, 1), real(800, 2));
    let run = |threads, seed| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let inputs = Inputs {
            holdout: Some(&holdout),
            target: Some(4),
            wanted: &Wanted::All,
            ..Inputs::new(&train, &synthetic)
        };
        let evaluation = pool.install(|| evaluate(&inputs, &Context::new(Seed::new(seed)))).unwrap();
        serde_json::to_string(&evaluation).unwrap()
    };
    assert_eq!(run(1, 1), run(2, 1));
    assert_ne!(run(2, 1), run(2, 2));
}

#[test]
fn judging_stops_when_told_to() {
    struct Stop;
    impl Progress for Stop {
        fn cancelled(&self) -> bool {
            true
        }
    }
    let (train, synthetic) = (real(300, 0), real(300, 1));
    let context = Context::new(Seed::new(1)).with_progress(&Stop);
    assert!(matches!(
        evaluate(&Inputs { wanted: &Wanted::All, ..Inputs::new(&train, &synthetic) }, &context),
        Err(Error::Cancelled(Cancelled))
    ));
}

/// A table of so many rows, in which one column has no values.
fn emptied(table: &Table, column: usize) -> Table {
    let rows = table.n_rows();
    let nothing = match table.schema().columns[column].kind {
        Kind::Categorical { .. } => Column::from_codes(vec![Codes::MISSING; rows], &Levels::new(["a"])),
        _ => Column::from_floats(vec![f64::NAN; rows], None),
    };
    let mut columns = table.columns().to_vec();
    columns[column] = nothing;
    Table::new(table.schema().clone(), columns).unwrap()
}

#[test]
fn a_column_without_values_never_raises_a_figure() {
    let (train, other) = (real(600, 0), real(600, 1));
    let of = |train: &Table, synthetic: &Table| {
        let inputs = Inputs { wanted: &Wanted::All, ..Inputs::new(train, synthetic) };
        evaluate(&inputs, &Context::new(Seed::new(1))).unwrap()
    };
    let whole = of(&train, &other);
    let means = [
        "shape",
        "trend",
        "trend-sdmetrics",
        "accuracy-1",
        "accuracy-2",
        "accuracy-3",
        "spearman-similarity",
        "association-similarity",
        "correlation-similarity",
        "contingency-similarity",
        "ks-complement",
        "tv-complement",
        "boundary-adherence",
        "range-coverage",
        "category-adherence",
        "category-coverage",
        "missing-value-similarity",
        "mean-similarity",
        "median-similarity",
        "std-similarity",
    ];
    // A number, and a level.
    for column in [1, 3] {
        let name = train.schema().columns[column].name.clone();
        let emptied_there = of(&train, &emptied(&other, column));
        let emptied_here = of(&emptied(&train, column), &other);
        let lacking = of(&train, &other.select(&(0..6).filter(|&it| it != column).collect::<Vec<_>>()));
        for (case, evaluation) in
            [("synthetic", emptied_there), ("training", emptied_here), ("absent", lacking)]
        {
            for metric in means {
                let measurement = evaluation.metric(metric).unwrap();
                // How many cells are missing is a figure, and not a lack of one.
                let is_about_gaps = metric == "missing-value-similarity";
                let own = measurement.parts.iter().filter(|part| part.columns.contains(&name));
                for part in own.filter(|_| !is_about_gaps) {
                    assert!(part.value.unwrap_or(0.0) <= 1e-9, "{case} {metric} {part:?}");
                }
                // Which pairs depend is what training says: of other pairs the mean is another.
                if (case, metric) == ("training", "trend-sdmetrics") {
                    continue;
                }
                let (Some(value), Some(before)) = (measurement.value, whole.metric(metric).unwrap().value)
                else {
                    continue;
                };
                assert!(value <= before + 1e-9, "{case} {column} {metric}: {value} {before}");
            }
            let shape = evaluation.metric("shape").unwrap();
            assert_eq!(shape.parts.len(), 4, "{case}");
            assert!(shape.value.unwrap() < 0.76, "{case}");
            let distance = evaluation.metric("jensen-shannon").unwrap();
            assert!(distance.value.unwrap() > 0.25, "{case}");
            // An infinite distance has no mean, and a gate on it fails.
            let wasserstein = evaluation.metric("wasserstein").unwrap();
            assert_eq!(wasserstein.value.is_none(), column == 1, "{case}");
            assert!(wasserstein.skipped.iter().all(|reason| reason.contains(&name)), "{case}");
        }
        // Nothing to compare: left out, and said.
        let neither = of(&emptied(&train, column), &emptied(&other, column));
        let left = neither.left_out.iter().find(|left| left.column == name);
        let left = left.unwrap_or_else(|| panic!("{name}: {:?}", neither.left_out));
        assert!(left.reason.contains("nor in the synthetic"), "{}", left.reason);
        assert_eq!(neither.metric("shape").unwrap().parts.len(), 3);
    }
}

/// Every number of rows from none on, with every column a target, and all there is to look at.
#[test]
fn tables_of_very_few_rows_are_judged_and_shown_without_a_panic() {
    for train_rows in 1..5 {
        for rows in 0..4 {
            for (held, empty) in [(None, None), (Some(0), Some(1)), (Some(1), Some(3)), (Some(2), Some(2))] {
                let train = real(train_rows, 0);
                let holdout = held.map(|rows| real(rows, 1));
                let mut synthetic = real(rows, 2);
                let mut trains = vec![train.clone()];
                if let Some(column) = empty {
                    trains.push(emptied(&train, column));
                    synthetic = emptied(&synthetic, column);
                }
                for train in &trains {
                    for target in [None, Some(1), Some(3), Some(4)] {
                        let sensitive: Vec<usize> = target.into_iter().collect();
                        let inputs = Inputs {
                            holdout: holdout.as_ref(),
                            second: Some(&synthetic),
                            baseline: Some(train),
                            target,
                            keys: &[2, 3],
                            sensitive: &sensitive,
                            wanted: &Wanted::All,
                            exhibits: Some(LaysOpen::Rows),
                            ..Inputs::new(train, &synthetic)
                        };
                        let evaluation = evaluate(&inputs, &Context::new(Seed::new(1))).unwrap();
                        for measurement in &evaluation.metrics {
                            assert!(
                                measurement.value.is_some() != measurement.skipped.is_some(),
                                "{measurement:?}"
                            );
                        }
                        let text = serde_json::to_string(&evaluation).unwrap();
                        assert_eq!(serde_json::from_str::<Evaluation>(&text).unwrap(), evaluation);
                    }
                }
            }
        }
    }
}
