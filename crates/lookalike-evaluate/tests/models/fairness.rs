//! How groups of people fare is seen: rows that they lack, columns that are wrong for them alone, unfair outcomes.

use crate::people::{AGE, INCOME, OUTCOME, People, SEX, TOWN, floor, for_outcome, judge, measured, value};
use lookalike_core::{Context, Seed};
use lookalike_evaluate::{Error, Inputs, Shape, Wanted, evaluate};
use lookalike_table::Table;

fn tables(rows: usize) -> [Table; 3] {
    [0, 1, 2].map(|block| for_outcome(People::new(rows, block)))
}

#[test]
fn a_group_that_was_dropped_is_missed() {
    let [train, holdout, fresh] = tables(1500);
    let names = ["representation"];
    let evaluation = judge(&train, &holdout, &fresh, &names);
    assert!(value(&evaluation, "representation") > 0.95 && floor(&evaluation, "representation") > 0.95);
    let men = for_outcome(People { women: 0.0, ..People::new(1500, 2) });
    let evaluation = judge(&train, &holdout, &men, &names);
    let women = {
        let codes = train.column(SEX).codes().unwrap().codes;
        codes.iter().filter(|&&code| code == 1).count() as f64 / 1500.0
    };
    assert!((value(&evaluation, "representation") - (1.0 - women)).abs() < 1e-12);
    let measurement = measured(&evaluation, "representation");
    assert_eq!(measurement.details["lowest_ratio"], 0.0);
    assert_eq!(measurement.parts[0].value, measurement.value);
    let exhibit = evaluation.exhibits.iter().find(|exhibit| exhibit.name == "representation").unwrap();
    let Shape::Bars { names, series, .. } = &exhibit.shape else { panic!("bars") };
    assert_eq!(names, &["sex man", "sex woman"]);
    assert_eq!(series.last().unwrap().values, [1.0, 0.0]);
    assert_eq!(judge(&train, &holdout, &train, &["representation"]).metrics[0].value, Some(1.0));
}

#[test]
fn columns_that_are_wrong_for_one_group_are_seen() {
    let [train, holdout, fresh] = tables(1500);
    let names = ["subgroup-fidelity", "shape"];
    let evaluation = judge(&train, &holdout, &fresh, &names);
    assert!((value(&evaluation, names[0]) - floor(&evaluation, names[0])).abs() < 0.03);
    let distorted = People { women: 0.1, women_distorted: true, ..People::new(1500, 2) };
    let mixed = People { women: 0.1, ..People::new(1500, 0) };
    let (train, distorted) = (for_outcome(mixed), for_outcome(distorted));
    let evaluation = judge(&train, &holdout, &distorted, &names);
    assert!(value(&evaluation, "shape") > 0.93, "most rows are right");
    assert!(value(&evaluation, names[0]) < 0.82, "{:?}", measured(&evaluation, names[0]));
    let part = measured(&evaluation, names[0]).parts.iter().find(|part| part.columns == ["age"]).unwrap();
    assert!(part.value.unwrap() < 0.6);
    let same = judge(&train, &holdout, &train, &names);
    assert_eq!((value(&same, names[0]), measured(&same, names[0]).details["mean"]), (1.0, 1.0));
}

#[test]
fn groups_of_few_rows_are_not_told_and_those_without_rows_count_nothing() {
    let train = for_outcome(People::new(600, 0));
    let few = for_outcome(People { women: 0.02, ..People::new(600, 2) });
    let evaluation = judge(&train, &train, &few, &["subgroup-fidelity"]);
    let measurement = measured(&evaluation, "subgroup-fidelity");
    assert_eq!((measurement.details["groups"], measurement.details["groups_not_told"]), (1.0, 1.0));
    let none = for_outcome(People { women: 0.0, ..People::new(600, 2) });
    assert_eq!(value(&judge(&train, &train, &none, &["subgroup-fidelity"]), "subgroup-fidelity"), 0.0);
}

#[test]
fn unfair_outcomes_make_unfair_models() {
    let [train, holdout, fresh] = tables(2000);
    let names = ["demographic-parity-difference", "equalized-odds-difference"];
    let fair = judge(&train, &holdout, &fresh, &names);
    let unfair = for_outcome(People { bias: 4.0, ..People::new(2000, 2) });
    let unfair = judge(&train, &holdout, &unfair, &names);
    for name in names {
        assert!(value(&fair, name) < 0.12, "{name}: {:?}", measured(&fair, name));
        assert!(value(&unfair, name) > floor(&unfair, name) + 0.15, "{name}: {:?}", measured(&unfair, name));
        assert_eq!(floor(&unfair, name), floor(&fair, name));
        let interval = measured(&unfair, name).interval.as_ref().unwrap();
        assert!(interval.low > 0.1 && interval.high < 1.0, "{interval:?}");
        assert_eq!(measured(&unfair, name).parts[0].value, measured(&unfair, name).value);
    }
    let details = &measured(&unfair, names[0]).details;
    assert!(details["difference_of_truth"] < 0.06 && details["ratio"] < 0.6 && details["groups"] == 2.0);
    // The same trees on the same rows.
    let same = judge(&train, &holdout, &train, &names);
    for name in names {
        assert_eq!(value(&same, name), floor(&same, name));
    }
    let exhibit = unfair.exhibits.iter().find(|exhibit| exhibit.name == "predictions-by-group").unwrap();
    let Shape::Bars { series, .. } = &exhibit.shape else { panic!("bars") };
    let rates = &series[1].values;
    assert!((rates[0] - rates[1] - value(&unfair, names[0])).abs() < 1e-12);
}

#[test]
fn what_cannot_be_told_has_a_reason() {
    let [train, holdout, _] = [0, 1, 2].map(|block| People::new(300, block).table());
    let reason = |sensitive: &[usize], target: Option<usize>, holdout: Option<&Table>, name: &str| {
        let inputs =
            Inputs { holdout, target, sensitive, wanted: &Wanted::All, ..Inputs::new(&train, &train) };
        let evaluation = evaluate(&inputs, &Context::new(Seed::new(1))).unwrap();
        measured(&evaluation, name).skipped.clone().unwrap_or_default()
    };
    let (parity, odds) = ("demographic-parity-difference", "equalized-odds-difference");
    for name in ["representation", "subgroup-fidelity", parity, odds] {
        assert_eq!(reason(&[], Some(OUTCOME), Some(&holdout), name), "no sensitive column was named");
    }
    for name in [parity, odds] {
        assert_eq!(reason(&[SEX], Some(OUTCOME), None, name), "there is no holdout to test predictions on");
        assert_eq!(reason(&[SEX], None, Some(&holdout), name), "no target was named");
        assert_eq!(reason(&[SEX], Some(INCOME), Some(&holdout), name), "the target is a number, not a class");
        assert_eq!(reason(&[OUTCOME], Some(OUTCOME), Some(&holdout), name), "the target is sensitive itself");
        let few = holdout.slice(0..25);
        let found = reason(&[SEX], Some(OUTCOME), Some(&few), name);
        assert_eq!(found, "fewer than two groups have enough rows in the holdout");
    }
    let inputs = Inputs { sensitive: &[99], ..Inputs::new(&train, &train) };
    let error = evaluate(&inputs, &Context::new(Seed::new(1))).unwrap_err();
    assert!(matches!(error, Error::NoSuchColumn { role: "sensitive column", index: 99, .. }));
}

#[test]
fn groups_are_combinations_of_levels_and_of_ranges_of_numbers() {
    let [train, holdout, synthetic] = tables(1200);
    let wanted = Wanted::These(vec!["representation".to_owned()]);
    // One column twice is one.
    let sensitive = [SEX, AGE, TOWN, SEX];
    let inputs = Inputs {
        holdout: Some(&holdout),
        sensitive: &sensitive,
        exhibits: Some(lookalike_evaluate::LaysOpen::Distributions),
        wanted: &wanted,
        ..Inputs::new(&train, &synthetic)
    };
    let evaluation = evaluate(&inputs, &Context::new(Seed::new(1))).unwrap();
    let measurement = measured(&evaluation, "representation");
    assert_eq!(measurement.parts.len(), 3);
    // Two sexes, four ranges of age, four towns and missing ones.
    assert!((32.0..=40.0).contains(&measurement.details["groups"]), "{measurement:?}");
    let exhibit = evaluation.exhibits.iter().find(|exhibit| exhibit.name == "representation").unwrap();
    let Shape::Bars { names, series, .. } = &exhibit.shape else { panic!("bars") };
    assert!(names.len() == 31 && names[30] == "(all smaller groups)");
    for series in series {
        assert!((series.values.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }
}
