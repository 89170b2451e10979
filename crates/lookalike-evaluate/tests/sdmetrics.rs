//! Column shapes, pair trends and measures of columns are those of `SDMetrics`, `SciPy` and `scikit-learn`: compared with figures that
//! `fixtures/sdmetrics/record.py` recorded.

mod recorded;

use lookalike_core::{Context, Seed};
use lookalike_evaluate::{Evaluation, Inputs, Part, Wanted, evaluate};
use recorded::{assert_same, recorded, table};
use serde_json::Value;

fn parts<'a>(evaluation: &'a Evaluation, name: &str) -> &'a [Part] {
    &evaluation.metric(name).unwrap().parts
}

/// A column without any spread has no unit to say a distance in.
fn is_constant(cells: &Value) -> bool {
    let mut present = cells.as_array().unwrap().iter().filter(|cell| !cell.is_null());
    let first = present.next();
    present.all(|cell| Some(cell) == first)
}

/// True where one table has values in a column and the other none: `SDMetrics` leaves such a column out of its means, so that
/// emptying a bad one raises them, and here it counts as the worst.
fn is_one_sided(case: &Value, column: &str) -> bool {
    let empty = |table: &str| case[table][column].as_array().unwrap().iter().all(Value::is_null);
    empty("real") != empty("synthetic")
}

/// `fixtures/support/record.py` computed these for the same tables.
#[test]
fn support_and_discrepancy_equal_those_of_scipy_and_scikit_learn() {
    let tables = recorded("sdmetrics/figures.json");
    let figures = recorded("support/figures.json");
    let figures = figures["cases"].as_object().unwrap();
    let mut compared = 0;
    for case in tables["cases"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let Some(figures) = figures.get(name) else { continue };
        let kinds = case["kinds"].as_object().unwrap();
        let [real, synthetic] =
            ["real", "synthetic"].map(|side| table(case[side].as_object().unwrap(), kinds));
        let figures = figures.as_object().unwrap();
        let wanted = Wanted::These(figures.keys().cloned().collect());
        let inputs = Inputs { wanted: &wanted, ..Inputs::new(&real, &synthetic) };
        let evaluation = evaluate(&inputs, &Context::new(Seed::new(1))).unwrap();
        for (metric, theirs) in figures {
            let ours = evaluation.metric(metric).unwrap().value;
            assert_same(ours, theirs.as_f64(), &format!("{name}, {metric}"));
            compared += 1;
        }
    }
    assert!(compared >= 40, "{compared}");
}

#[test]
fn figures_equal_those_of_sdmetrics() {
    let recorded = recorded("sdmetrics/figures.json");
    let mut compared = 0;
    for case in recorded["cases"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let kinds = case["kinds"].as_object().unwrap();
        let real = table(case["real"].as_object().unwrap(), kinds);
        let synthetic = table(case["synthetic"].as_object().unwrap(), kinds);
        let evaluation = evaluate(
            &Inputs { wanted: &Wanted::All, ..Inputs::new(&real, &synthetic) },
            &Context::new(Seed::new(1)),
        )
        .unwrap();

        let one_sided = |columns: &[&str]| columns.iter().any(|column| is_one_sided(case, column));
        let differs = kinds.keys().any(|column| is_one_sided(case, column));
        let shapes = parts(&evaluation, "shape");
        for theirs in case["shapes"].as_array().unwrap() {
            let column = theirs["column"].as_str().unwrap();
            // A column that is entirely missing in both tables is left out.
            let ours = shapes.iter().find(|part| part.columns[0] == column).and_then(|part| part.value);
            if one_sided(&[column]) {
                assert_eq!(ours, Some(0.0), "{name}, shape of {column}");
                continue;
            }
            assert_same(ours, theirs["value"].as_f64(), &format!("{name}, shape of {column}"));
            compared += 1;
        }
        if !differs {
            let shape = evaluation.metric("shape").unwrap().value;
            assert_same(shape, case["shape"].as_f64(), &format!("{name}, shape"));
            let information = evaluation.metric("wnmis").unwrap().value;
            assert_same(information, case["wnmis"].as_f64(), &format!("{name}, wnmis"));
        }

        for (metric, theirs) in case["of_pairs"].as_object().unwrap() {
            let ours = parts(&evaluation, metric);
            for pair in theirs.as_array().unwrap() {
                let columns: Vec<&str> =
                    pair["columns"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
                let own = ours.iter().find(|part| part.columns == columns).unwrap();
                let what = format!("{name}, {metric} of {columns:?}");
                if one_sided(&columns) {
                    assert_eq!(own.value, Some(0.0), "{what}");
                    continue;
                }
                assert_same(own.value, pair["value"].as_f64(), &what);
                compared += 1;
            }
        }

        for (metric, theirs) in case["columns"].as_object().unwrap() {
            let ours = parts(&evaluation, metric);
            let theirs = theirs.as_object().unwrap();
            assert!(ours.len() >= theirs.len(), "{name}, {metric}");
            for (column, theirs) in theirs.iter().filter(|(column, _)| !one_sided(&[column])) {
                let own = ours.iter().find(|part| part.columns[0] == *column).unwrap();
                // The distance in the column's own unit is what others report.
                let value = if metric == "wasserstein" && own.value.is_some() {
                    own.details.get("distance").copied()
                } else {
                    own.value
                };
                if metric == "wasserstein" && value.is_none() && is_constant(&case["real"][column]) {
                    continue;
                }
                assert_same(value, theirs.as_f64(), &format!("{name}, {metric} of {column}"));
                compared += 1;
            }
        }

        for (metric, list, mean) in
            [("trend", "pairs", "trend_all"), ("trend-sdmetrics", "dependent_pairs", "trend_dependent")]
        {
            let ours = parts(&evaluation, metric);
            let theirs = case[list].as_array().unwrap();
            for pair in theirs {
                let columns: Vec<&str> =
                    pair["columns"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
                if one_sided(&columns) {
                    continue;
                }
                let own = ours.iter().find(|part| part.columns == columns);
                let what = format!("{name}, {metric} of {columns:?}");
                assert_same(own.and_then(|part| part.value), pair["value"].as_f64(), &what);
                compared += 1;
            }
            if differs {
                continue;
            }
            let defined = ours.iter().filter(|part| part.value.is_some()).count();
            assert!(defined <= theirs.len(), "{name}: pairs that SDMetrics does not count");
            assert_same(
                evaluation.metric(metric).unwrap().value,
                case[mean].as_f64(),
                &format!("{name}, {metric}"),
            );
        }
    }
    assert!(compared > 4900, "only {compared} figures were compared");
}
