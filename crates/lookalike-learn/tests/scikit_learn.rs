//! Linear models and scores are those of scikit-learn: compared with figures that `fixtures/scikit-learn/record.py`
//! recorded.

use std::path::Path;

use lookalike_core::Silent;
use lookalike_learn::calibrate::{Isotonic, Platt};
use lookalike_learn::linear::{Design, LeastSquares, Logistic, LogisticOptions};
use lookalike_learn::score::{
    Aim, Confusion, brier_errors, calibration_error, one_vs_rest, thinned, threshold_for,
};
use lookalike_learn::weights::balanced_weights;
use serde_json::Value;

fn cases(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/scikit-learn/figures.json");
    let figures: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let cases = figures[name].as_array().unwrap().clone();
    assert!(cases.len() > 1);
    cases
}

/// All numbers of a value, however deep.
fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(values) => values.iter().flat_map(numbers).collect(),
        value => vec![value.as_f64().unwrap()],
    }
}

fn classes(value: &Value) -> Vec<u32> {
    numbers(value).into_iter().map(|class| class as u32).collect()
}

fn assert_near(found: &[f64], expected: &Value, tolerance: f64, what: &str) {
    let expected = numbers(expected);
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(&expected) {
        assert!(
            (found - expected).abs() <= tolerance * expected.abs().max(1.0),
            "{what}: {found} of {expected}"
        );
    }
}

fn design(case: &Value) -> Design {
    Design::from_rows(&numbers(&case["x"]), case["width"].as_u64().unwrap() as usize)
}

#[test]
fn logistic_regression() {
    for case in cases("logistic") {
        let design = design(&case);
        let options = LogisticOptions {
            penalty: case["penalty"].as_f64().unwrap(),
            tolerance: 1e-11,
            ..LogisticOptions::default()
        };
        let count = case["classes"].as_u64().unwrap() as usize;
        let model = Logistic::fit(&design, &classes(&case["truth"]), count, &options, &Silent).unwrap();
        assert_near(&model.coefficients().concat(), &case["coefficients"], 1e-6, "coefficients");
        assert_near(&model.probabilities(&design), &case["probabilities"], 1e-6, "probabilities");
        match model.standard_errors(&design) {
            Some(errors) => assert_near(&errors, &case["standard_errors"], 1e-6, "standard errors"),
            None => assert!(case["standard_errors"].is_null()),
        }
    }
}

#[test]
fn logistic_regression_hardly_depends_on_where_it_stops() {
    for case in cases("logistic") {
        let (design, truth) = (design(&case), classes(&case["truth"]));
        let options =
            LogisticOptions { penalty: case["penalty"].as_f64().unwrap(), ..LogisticOptions::default() };
        let count = case["classes"].as_u64().unwrap() as usize;
        let model = Logistic::fit(&design, &truth, count, &options, &Silent).unwrap();
        assert_near(&model.probabilities(&design), &case["probabilities"], 1e-5, "probabilities");
    }
}

#[test]
fn least_squares() {
    for case in cases("least_squares") {
        let design = design(&case);
        let model = LeastSquares::fit(&design, &numbers(&case["truth"]), case["penalty"].as_f64().unwrap());
        assert_near(model.coefficients(), &case["coefficients"], 1e-9, "coefficients");
        assert_near(model.standard_errors(), &case["standard_errors"], 1e-9, "standard errors");
    }
}

#[test]
fn scores() {
    for case in cases("scores") {
        let count = case["classes"].as_u64().unwrap() as usize;
        let (truth, predicted) = (classes(&case["truth"]), classes(&case["predicted"]));
        let probabilities = numbers(&case["probabilities"]);
        let confusion = Confusion::new(&predicted, &truth, count, None);
        let counts: Vec<f64> =
            (0..count * count).map(|cell| confusion.count(cell / count, cell % count) as f64).collect();
        assert_near(&counts, &case["confusion"], 0.0, "confusion");
        let recalls: Vec<f64> = (0..count).map(|class| confusion.recall(class).unwrap()).collect();
        assert_near(&recalls, &case["recalls"], 1e-12, "recalls");
        for (name, found) in [
            ("accuracy", confusion.accuracy()),
            ("balanced_accuracy", confusion.balanced_accuracy()),
            ("macro_f1", confusion.macro_f1()),
        ] {
            assert_near(&[found.unwrap()], &case[name], 1e-12, name);
        }
        let errors = brier_errors(&probabilities, &truth, count);
        assert_near(&[errors.iter().sum::<f64>() / errors.len() as f64], &case["brier"], 1e-9, "brier");
        let rankings = one_vs_rest(&probabilities, &truth, count);
        let of_all = |figure: fn(&lookalike_learn::score::Ranking) -> Option<f64>| -> Vec<f64> {
            rankings.iter().map(|ranking| figure(ranking).unwrap()).collect()
        };
        assert_near(&of_all(|ranking| ranking.auc(None)), &case["auc"], 1e-9, "auc");
        let precision = of_all(|ranking| ranking.average_precision(None));
        assert_near(&precision, &case["average_precision"], 1e-9, "average precision");
        if count == 2 {
            let curve = rankings[1].precision_recall();
            assert_near(&curve.concat(), &case["precision_recall"], 1e-9, "precision and recall");
            assert_near(&rankings[1].roc().concat(), &case["roc"], 1e-9, "roc");
            let ranking = &rankings[1];
            let found = [ranking.recall_at_precision(0.75), ranking.precision_at_recall(0.8)];
            assert_near(&[found[0].unwrap()], &case["recall_at_precision"], 1e-12, "recall");
            assert_near(&[found[1].unwrap()], &case["precision_at_recall"], 1e-12, "precision");
            let high: Vec<f64> = probabilities.iter().skip(1).step_by(2).copied().collect();
            let positive: Vec<bool> = truth.iter().map(|&class| class == 1).collect();
            let threshold = threshold_for(&high, &positive, Aim::BalancedAccuracy).unwrap();
            let moved: Vec<u32> = high.iter().map(|&own| u32::from(own >= threshold)).collect();
            let balanced = Confusion::new(&moved, &truth, 2, None).balanced_accuracy().unwrap();
            assert_near(&[balanced], &case["best_balanced_accuracy"], 1e-12, "balanced accuracy");
            let thin = thinned(&curve, 20);
            assert!(thin.len() <= 20 && thin.iter().all(|point| curve.contains(point)));
            assert_eq!((thin[0], thin[thin.len() - 1]), (curve[0], curve[curve.len() - 1]));
        }
    }
}

#[test]
fn calibration() {
    let mut with_error = 0;
    for case in cases("calibration") {
        let (scores, asked) = (numbers(&case["scores"]), numbers(&case["asked"]));
        let positive: Vec<bool> = classes(&case["truth"]).into_iter().map(|class| class == 1).collect();
        let platt = Platt::fit(&scores, &positive);
        let found: Vec<f64> = asked.iter().map(|&score| platt.probability(score)).collect();
        // Theirs stops earlier.
        assert_near(&found, &case["platt"], 1e-4, "Platt");
        let isotonic = Isotonic::fit(&scores, &positive).unwrap();
        let found: Vec<f64> = asked.iter().map(|&score| isotonic.probability(score)).collect();
        assert_near(&found, &case["isotonic"], 1e-9, "isotonic");
        if !case["probabilities"].is_null() {
            with_error += 1;
            let error = calibration_error(&numbers(&case["probabilities"]), &positive, 10).unwrap();
            assert_near(&[error], &case["calibration_error"], 1e-9, "calibration error");
        }
    }
    assert_eq!(with_error, 2);
}

#[test]
fn weights_that_make_classes_equal() {
    for case in cases("weighted") {
        let (design, truth) = (design(&case), classes(&case["truth"]));
        let count = case["classes"].as_u64().unwrap() as usize;
        let weights = balanced_weights(&truth, count);
        assert_near(&weights, &case["weights"], 1e-12, "weights");
        let options = LogisticOptions { tolerance: 1e-11, ..LogisticOptions::default() };
        let model = Logistic::fit_weighted(&design, &truth, &weights, count, &options, &Silent).unwrap();
        assert_near(&model.coefficients().concat(), &case["coefficients"], 1e-6, "coefficients");
        assert_near(&model.probabilities(&design), &case["probabilities"], 1e-6, "probabilities");
    }
}
