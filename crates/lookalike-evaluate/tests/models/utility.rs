//! What models learn from a synthetic table is seen: noise in the target, ties turned round, columns that matter.

use crate::people::{
    AGE, GRADE, INCOME, OUTCOME, People, TOWN, floor, for_outcome, judge, measured, value, without,
};
use lookalike_core::{Context, Seed};
use lookalike_evaluate::{Evaluation, Inputs, LaysOpen, Shape, Wanted, evaluate};

const OF_CLASSES: [&str; 5] =
    ["tstr-accuracy", "tstr-balanced-accuracy", "tstr-pr-auc", "tstr-f1", "tstr-brier"];
const OF_NUMBERS: [&str; 2] = ["tstr-rmse", "tstr-r2"];

#[test]
fn noise_in_the_target_costs_what_models_reach() {
    let (train, holdout) = (for_outcome(People::new(1500, 0)), for_outcome(People::new(1500, 1)));
    let names = [
        &OF_CLASSES[..],
        &["tstr", "tstr-forest", "tstr-logistic", "tstr-difference", "trts", "augmentation"],
    ]
    .concat();
    let fresh = judge(&train, &holdout, &for_outcome(People::new(1500, 2)), &names);
    let noisy = judge(&train, &holdout, &for_outcome(People { noise: 0.8, ..People::new(1500, 2) }), &names);
    for name in
        ["tstr", "tstr-forest", "tstr-accuracy", "tstr-balanced-accuracy", "tstr-pr-auc", "tstr-f1", "trts"]
    {
        assert!(
            (value(&fresh, name) - floor(&fresh, name)).abs() < 0.06,
            "{name}: {:?}",
            measured(&fresh, name)
        );
        assert!(value(&noisy, name) < floor(&noisy, name) - 0.03, "{name}: {:?}", measured(&noisy, name));
        assert_eq!(floor(&noisy, name), floor(&fresh, name), "{name}");
    }
    assert!(value(&noisy, "tstr-brier") > floor(&noisy, "tstr-brier") + 0.03);
    let difference = measured(&noisy, "tstr-difference");
    let interval = difference.interval.as_ref().unwrap();
    assert!(interval.low < difference.value.unwrap() && difference.value.unwrap() < interval.high);
    assert!(interval.high < 0.0, "{interval:?}");
    assert!((difference.value.unwrap() - (value(&noisy, "tstr") - floor(&noisy, "tstr"))).abs() < 1e-12);
    let interval = measured(&fresh, "tstr-difference").interval.as_ref().unwrap();
    assert!(
        interval.low < 0.02 && interval.high > -0.02 && interval.high - interval.low < 0.1,
        "{interval:?}"
    );
    // As many rows again of the same sort help a little, noise hurts.
    assert!(value(&fresh, "augmentation") > 0.0 && value(&noisy, "augmentation") < 0.0);
    // Pairing makes the interval of a difference narrower than that of its sides.
    let accuracy = measured(&fresh, "tstr-accuracy").interval.as_ref().unwrap();
    assert!(accuracy.low < value(&fresh, "tstr-accuracy") && value(&fresh, "tstr-accuracy") < accuracy.high);
}

#[test]
fn the_training_table_itself_is_ideal() {
    let (train, holdout) = (for_outcome(People::new(600, 0)), for_outcome(People::new(600, 1)));
    let names = [
        &OF_CLASSES[..],
        &["tstr-forest", "tstr-logistic", "tstr-difference", "coefficient-overlap", "importance-agreement"],
    ]
    .concat();
    let same = judge(&train, &holdout, &train, &names);
    for name in OF_CLASSES.into_iter().chain(["tstr-forest", "tstr-logistic"]) {
        assert_eq!(value(&same, name), floor(&same, name), "{name}");
    }
    assert_eq!(value(&same, "tstr-difference"), 0.0);
    let interval = measured(&same, "tstr-difference").interval.as_ref().unwrap();
    assert_eq!((interval.low, interval.high), (0.0, 0.0));
    assert_eq!(value(&same, "coefficient-overlap"), 1.0);
    assert!((value(&same, "importance-agreement") - 1.0).abs() < 1e-12);
}

/// With further draws intervals are those of test rows and draws together, and no figure moves.
#[test]
fn further_draws_widen_intervals_and_move_no_figure() {
    let (train, holdout) = (for_outcome(People::new(800, 0)), for_outcome(People::new(800, 1)));
    let noisy = |block: u64, noise: f64| for_outcome(People { noise, ..People::new(800, block) });
    let synthetic = noisy(2, 0.3);
    let names = [
        &OF_CLASSES[..],
        &[
            "tstr",
            "tstr-ratio",
            "trtr",
            "tstr-forest",
            "tstr-logistic",
            "tstr-difference",
            "trts",
            "augmentation",
        ],
    ]
    .concat();
    let wanted = Wanted::These(names.iter().map(|&name| name.to_owned()).collect());
    let with = |further: &[lookalike_table::Table]| {
        let inputs = Inputs {
            holdout: Some(&holdout),
            target: Some(OUTCOME),
            wanted: &wanted,
            further,
            ..Inputs::new(&train, &synthetic)
        };
        evaluate(&inputs, &Context::new(Seed::new(1))).unwrap()
    };
    let alone = with(&[]);
    // Two draws of quite another sort: what is learned varies more between draws than test rows explain.
    let several = with(&[noisy(3, 0.9), noisy(4, 0.0)]);
    for name in &names {
        let (one, all) = (measured(&alone, name), measured(&several, name));
        assert_eq!((one.value, one.floor), (all.value, all.floor), "{name}");
        if ["trtr", "trts"].contains(name) {
            assert_eq!(one.interval, all.interval, "{name} is learned from training rows");
            continue;
        }
        let (value, interval) = (all.value.unwrap(), all.interval.as_ref().unwrap());
        assert!(interval.low < value && value < interval.high, "{name}: {interval:?}");
        assert!(interval.method.contains("3 synthetic draws"), "{name}: {interval:?}");
        assert_eq!(all.details["draws"], 3.0, "{name}");
        let degrees = all.details["degrees_of_freedom"];
        assert!((1.99..802.0).contains(&degrees), "{name}: {degrees}");
        if let Some(own) = &one.interval {
            assert!(interval.high - interval.low > own.high - own.low, "{name}: {interval:?} {own:?}");
        }
    }
    assert!(measured(&alone, "tstr").interval.is_none());
    // A draw without the target teaches nothing of it, and leaves the interval of the test rows.
    let partly = with(&[without(&synthetic, &[OUTCOME])]);
    for name in ["tstr-accuracy", "augmentation"] {
        assert_eq!(measured(&partly, name), measured(&alone, name), "{name}");
    }
}

#[test]
fn coefficients_turned_round_do_not_overlap() {
    let (train, holdout) = (for_outcome(People::new(2000, 0)), for_outcome(People::new(2000, 1)));
    let names = ["coefficient-overlap"];
    let fresh = judge(&train, &holdout, &for_outcome(People::new(2000, 2)), &names);
    let turned = judge(
        &train,
        &holdout,
        &for_outcome(People { effects: [-2.0, -1.0, 0.0], ..People::new(2000, 2) }),
        &names,
    );
    let part = |evaluation: &Evaluation, column: &str| {
        let parts = &measured(evaluation, "coefficient-overlap").parts;
        parts.iter().find(|part| part.columns == [column]).unwrap().clone()
    };
    assert!(value(&fresh, "coefficient-overlap") > 0.5 && floor(&fresh, "coefficient-overlap") > 0.5);
    assert!(value(&turned, "coefficient-overlap") < value(&fresh, "coefficient-overlap") - 0.1);
    assert!(part(&fresh, "age").value.unwrap() > 0.3);
    assert_eq!((part(&turned, "age").value, part(&turned, "hours").value), (Some(0.0), Some(0.0)));
    assert!(part(&turned, "height").value.unwrap() > 0.3);
    // Per standard deviation, the age raises the log odds by 2.
    let age = part(&turned, "age");
    assert!((age.details["real_coefficient"] - 2.0).abs() < 0.4, "{age:?}");
    assert!((age.details["synthetic_coefficient"] + 2.0).abs() < 0.4, "{age:?}");
    // Of four towns and missing ones, one is compared with.
    assert_eq!(part(&turned, "town").details["coefficients"], 4.0);
}

#[test]
fn what_the_synthetic_rows_say_nothing_about_counts_nothing() {
    let (train, holdout) = (for_outcome(People::new(800, 0)), for_outcome(People::new(800, 1)));
    let synthetic = for_outcome(People::new(800, 2));
    let constant = lookalike_table::Column::from_floats(vec![40.0; 800], None);
    let mut columns = synthetic.columns().to_vec();
    columns[AGE] = constant;
    let synthetic = lookalike_table::Table::new(synthetic.schema().clone(), columns).unwrap();
    let evaluation = judge(&train, &holdout, &synthetic, &["coefficient-overlap"]);
    let parts = &measured(&evaluation, "coefficient-overlap").parts;
    assert_eq!(parts.iter().find(|part| part.columns == ["age"]).unwrap().value, Some(0.0));
}

#[test]
fn columns_that_matter_are_compared() {
    let (train, holdout) = (for_outcome(People::new(1200, 0)), for_outcome(People::new(1200, 1)));
    let names = ["importance-agreement"];
    let fresh = judge(&train, &holdout, &for_outcome(People::new(1200, 2)), &names);
    let other = People { effects: [0.0, 0.0, 2.0], ..People::new(1200, 2) };
    let other = judge(&train, &holdout, &for_outcome(other), &names);
    assert!(value(&fresh, "importance-agreement") > 0.6, "{:?}", measured(&fresh, names[0]));
    assert!(value(&other, "importance-agreement") < 0.5, "{:?}", measured(&other, names[0]));
    let exhibit = other.exhibits.iter().find(|exhibit| exhibit.name == "importances").unwrap();
    let Shape::Bars { names, series, .. } = &exhibit.shape else { panic!("bars") };
    assert_eq!((names[0].as_str(), series.len(), exhibit.lays_open), ("age", 2, LaysOpen::Figures));
    assert!(series[1].values[0] > 0.1 && series[1].values.windows(2).all(|pair| pair[0] >= pair[1]));
}

#[test]
fn numbers_and_classes_have_their_own_figures() {
    let tables: Vec<_> = (0..3).map(|block| People::new(700, block).table()).collect();
    let of = |target: usize, dropped: &[usize]| {
        let [train, holdout, synthetic] = [0, 1, 2].map(|table| without(&tables[table], dropped));
        let inputs = Inputs {
            holdout: Some(&holdout),
            target: Some(target),
            wanted: &Wanted::All,
            ..Inputs::new(&train, &synthetic)
        };
        evaluate(&inputs, &Context::new(Seed::new(1))).unwrap()
    };
    let numbers = of(OUTCOME, &[OUTCOME, GRADE]);
    assert_eq!(numbers.target.as_deref(), Some("income"));
    assert_eq!(value(&numbers, "tstr-r2"), value(&numbers, "tstr"));
    assert!(value(&numbers, "tstr-r2") > 0.8 && value(&numbers, "tstr-logistic") > 0.9);
    assert!(value(&numbers, "tstr-rmse") > 1.0 && measured(&numbers, "tstr-rmse").interval.is_some());
    assert!(value(&numbers, "coefficient-overlap") > 0.3);
    for name in OF_CLASSES {
        assert_eq!(measured(&numbers, name).skipped.as_deref(), Some("the target is a number, not a class"));
        assert!(measured(&numbers, name).interval.is_none());
    }
    assert!(numbers.exhibits.iter().all(|exhibit| !exhibit.name.ends_with("-tstr")));
    let classes = of(OUTCOME, &[OUTCOME, INCOME]);
    assert_eq!(classes.target.as_deref(), Some("grade"));
    for name in OF_NUMBERS {
        assert_eq!(measured(&classes, name).skipped.as_deref(), Some("the target has classes, not numbers"));
    }
    for name in OF_CLASSES.into_iter().chain(["tstr-forest", "tstr-logistic", "coefficient-overlap"]) {
        assert!(
            (value(&classes, name) - floor(&classes, name)).abs() < 0.15,
            "{name}: {:?}",
            measured(&classes, name)
        );
    }
    let recalls = &measured(&classes, "tstr-balanced-accuracy").parts;
    assert_eq!(recalls.len(), 3);
    let mean = recalls.iter().map(|part| part.value.unwrap()).sum::<f64>() / 3.0;
    assert!((mean - value(&classes, "tstr-balanced-accuracy")).abs() < 1e-12);
}

#[test]
fn exhibits_name_classes_and_measurements_do_not() {
    let [train, holdout, synthetic] =
        [0, 1, 2].map(|block| without(&People::new(700, block).table(), &[OUTCOME, INCOME]));
    let inputs = Inputs {
        holdout: Some(&holdout),
        target: Some(OUTCOME),
        sensitive: &[TOWN],
        exhibits: Some(LaysOpen::Distributions),
        wanted: &Wanted::All,
        ..Inputs::new(&train, &synthetic)
    };
    let evaluation = evaluate(&inputs, &Context::new(Seed::new(1))).unwrap();
    let text = serde_json::to_string(&evaluation.metrics).unwrap();
    assert!(["middle", "Boda"].iter().all(|level| !text.contains(level)));
    for exhibit in &evaluation.exhibits {
        let text = serde_json::to_string(exhibit).unwrap();
        let names = ["middle", "Boda"].iter().any(|level| text.contains(level));
        assert!(!names || exhibit.lays_open >= LaysOpen::Distributions, "{}", exhibit.name);
    }
    let confusion = evaluation.exhibits.iter().find(|exhibit| exhibit.name == "confusion-tstr").unwrap();
    let Shape::Matrix { rows, series, .. } = &confusion.shape else { panic!("a matrix") };
    assert_eq!(rows.len(), 3);
    let recalls = &measured(&evaluation, "tstr-balanced-accuracy").parts;
    for (class, part) in recalls.iter().enumerate() {
        assert_eq!(series[0].values[class][class], part.value);
        assert_eq!(series[1].values[class][class], part.floor);
    }
    // Hardly any row of the lowest grade is taken for the highest one.
    assert!(series[0].values.iter().flatten().any(Option::is_none), "{series:?}");
    for name in ["roc-tstr", "pr-tstr"] {
        let curve = evaluation.exhibits.iter().find(|exhibit| exhibit.name == name).unwrap();
        let Shape::Curves { series, .. } = &curve.shape else { panic!("curves") };
        assert_eq!(series.len(), 2);
        for series in series {
            assert!((3..=200).contains(&series.values.len()));
            assert!(series.values.windows(2).all(|pair| pair[0][0] <= pair[1][0]), "from left to right");
        }
    }
}

#[test]
fn what_cannot_be_told_has_a_reason() {
    let (train, holdout) = (for_outcome(People::new(200, 0)), for_outcome(People::new(200, 1)));
    let reason = |inputs: &Inputs<'_>, name: &str| {
        let evaluation = evaluate(inputs, &Context::new(Seed::new(1))).unwrap();
        measured(&evaluation, name).skipped.clone().unwrap_or_default()
    };
    let all = Inputs { wanted: &Wanted::All, ..Inputs::new(&train, &train) };
    let holdout = Some(&holdout);
    for name in ["tstr-forest", "tstr-logistic", "trts", "augmentation", "tstr-brier", "importance-agreement"]
    {
        let found = reason(&Inputs { target: Some(OUTCOME), ..all }, name);
        assert_eq!(found, "there is no holdout to test predictions on", "{name}");
        assert_eq!(reason(&Inputs { holdout, ..all }, name), "no target was named", "{name}");
    }
    assert_eq!(reason(&all, "coefficient-overlap"), "no target was named");
    let alone = evaluate(&Inputs { target: Some(OUTCOME), ..all }, &Context::new(Seed::new(1))).unwrap();
    assert_eq!(alone.metric("coefficient-overlap").unwrap().value, Some(1.0), "it needs no holdout");
    let rows: Vec<usize> = {
        let truth = train.column(OUTCOME).numbers().unwrap().values;
        (0..200).filter(|&row| truth[row] == 1.0).collect()
    };
    let single = train.take(&rows);
    let inputs =
        Inputs { holdout, target: Some(OUTCOME), wanted: &Wanted::All, ..Inputs::new(&single, &train) };
    for name in ["tstr-forest", "coefficient-overlap", "importance-agreement"] {
        assert_eq!(reason(&inputs, name), "the target has a single class in the training table");
    }
    let two = without(&train, &[2, TOWN, 4]);
    let inputs = Inputs { holdout, target: Some(2), wanted: &Wanted::All, ..Inputs::new(&two, &two) };
    assert!(reason(&inputs, "importance-agreement").contains("fewer than three columns"));
}

#[test]
fn what_is_not_wanted_is_not_found_out() {
    let (train, holdout) = (for_outcome(People::new(200, 0)), for_outcome(People::new(200, 1)));
    let inputs = Inputs { holdout: Some(&holdout), target: Some(OUTCOME), ..Inputs::new(&train, &train) };
    let evaluation = evaluate(&inputs, &Context::new(Seed::new(1))).unwrap();
    assert!(
        evaluation
            .metrics
            .iter()
            .all(|metric| !metric.name.starts_with("tstr-") || metric.name == "tstr-ratio")
    );
    assert!(evaluation.exhibits.iter().all(|exhibit| !exhibit.name.ends_with("-tstr")));
}

#[test]
fn threads_do_not_matter() {
    let tables: Vec<_> =
        (0..3).map(|block| without(&People::new(400, block).table(), &[OUTCOME, INCOME])).collect();
    let on = |threads: usize| {
        let inputs = Inputs {
            holdout: Some(&tables[1]),
            target: Some(OUTCOME),
            sensitive: &[AGE, 4],
            wanted: &Wanted::All,
            ..Inputs::new(&tables[0], &tables[2])
        };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            serde_json::to_string(&evaluate(&inputs, &Context::new(Seed::new(3))).unwrap()).unwrap()
        })
    };
    let one = on(1);
    assert_eq!(one, on(3));
    assert_eq!(one, on(8));
}
