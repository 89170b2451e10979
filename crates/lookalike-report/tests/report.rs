//! What a report must hold, and what it must not, whatever the evaluation.

use std::fmt::Write as _;

use lookalike_evaluate::{Evaluation, RunRecord};
use lookalike_report::{CAUTIONS, Options, model_card, privacy_statement, render};
use serde_json::{Value, json};

fn evaluation(json: Value) -> Evaluation {
    serde_json::from_value(json).expect("it is an evaluation")
}

fn measurement(name: &str, family: &str, value: Option<f64>, parts: &Value) -> Value {
    json!({
        "name": name, "title": format!("title of {name}"), "family": family, "goal": "higher", "value": value,
        "skipped": value.is_none().then_some("the reason why"), "floor": value.map(|value| value + 0.002),
        "baseline": value.map(|value| value - 0.1), "details": { "rows": 12.0 }, "parts": parts,
    })
}

fn exhibit(name: &str, lays_open: &str, shape: &Value) -> Value {
    json!({
        "name": name, "title": format!("title of {name}"), "caption": "What one sees.", "family": "fidelity",
        "lays_open": lays_open, "shape": shape,
    })
}

/// An evaluation of as many columns, with an exhibit of every shape.
fn large(names: &[String]) -> Value {
    let pairs: Vec<Value> = (0..names.len())
        .flat_map(|a| (a + 1..names.len()).map(move |b| (a, b)))
        .map(|(a, b)| {
            json!({ "columns": [names[a], names[b]], "measure": "joint-table", "value": 0.9, "floor": 0.95,
                    "baseline": 0.7 })
        })
        .collect();
    let singles: Vec<Value> = names
        .iter()
        .map(|name| json!({ "columns": [name], "measure": "total-variation", "value": 0.97, "floor": 0.99, "baseline": 0.9 }))
        .collect();
    let mut exhibits: Vec<Value> = names
        .iter()
        .enumerate()
        .map(|(number, name)| {
            let shares = vec![1.0 / 30.0; 30];
            let series: Vec<Value> = ["training", "holdout", "synthetic"]
                .iter()
                .map(|table| json!({ "name": table, "values": shares }))
                .collect();
            let numeric = number % 2 == 0;
            let edges: Vec<f64> = if numeric { (0..=30).map(|edge| f64::from(edge) * 98_765.0).collect() } else { vec![] };
            let bins: Vec<String> = (0..30).map(|bin| format!("SecretLevel{bin}")).collect();
            let mut one = exhibit(
                &format!("distribution-{number}"),
                "distributions",
                &json!({ "distribution": { "column": name, "bins": bins, "edges": edges, "series": series } }),
            );
            one["title"] = json!(name);
            one
        })
        .collect();
    let cells = vec![vec![Some(0.4321); names.len()]; names.len()];
    for (name, tables) in
        [("associations", vec!["training", "synthetic"]), ("difference", vec!["difference"])]
    {
        let series: Vec<Value> =
            tables.iter().map(|table| json!({ "name": table, "values": cells })).collect();
        exhibits.push(exhibit(
            name,
            "figures",
            &json!({ "matrix": { "row_title": "", "column_title": "", "rows": names, "columns": names,
                     "series": series, "scale": [-1.0, 1.0] } }),
        ));
    }
    let points: Vec<[f64; 2]> = (0..500).map(|row| [f64::from(row) * 0.37, f64::from(row % 17)]).collect();
    exhibits.push(exhibit(
        "embedding",
        "distributions",
        &json!({ "points": { "x_title": "first", "y_title": "second",
                 "series": [{ "name": "training", "values": points }] } }),
    ));
    exhibits.push(exhibit(
        "roc",
        "figures",
        &json!({ "curves": { "x_title": "false positives", "y_title": "true positives",
                 "series": [{ "name": "TSTR", "values": [[0.0, 0.0], [0.5, 0.9], [1.0, 1.0]] }] } }),
    ));
    exhibits.push(exhibit(
        "importance",
        "figures",
        &json!({ "bars": { "value_title": "loss", "names": names, "series": [{ "name": "TSTR",
                 "values": vec![0.25; names.len()] }] } }),
    ));
    exhibits.push(exhibit(
        "rows",
        "rows",
        &json!({ "rows": { "columns": names, "series": [{ "name": "training",
                 "values": [vec![Some("SecretCell"); names.len()]] }] } }),
    ));
    json!({
        "schema_version": 1, "seed": 7, "rows": { "train": 1000, "holdout": 500, "synthetic": 1000, "baseline": 1000 },
        "target": names[0], "exhibits": exhibits, "left_out": [], "notes": [],
        "could_not_tell": ["whether anything else is so"],
        "metrics": [
            measurement("shape", "fidelity", Some(0.97), &json!(singles)),
            measurement("trend", "fidelity", Some(0.9), &json!(pairs)),
            measurement("tstr", "utility", None, &json!([])),
        ],
        "provenance": { "version": "0.1.0", "method": "forest", "sources": [{ "table": "training",
            "file": "SecretFile.csv" }], "protection": 5, "warnings": [] },
    })
}

/// Grids of images of 2 x 2 grey pixels as exhibits: synthetic ones, and real ones beside them.
fn with_images(mut json: Value) -> Value {
    let images = |count: usize| vec![json!("AEDB/w=="); count];
    let grid = |names: [&[&str]; 2], across: usize, series: &Value| {
        json!({ "images": { "height": 2, "width": 2, "channels": 1, "across": across, "columns": names[0], "rows": names[1],
                "series": series } })
    };
    let exhibits = [
        exhibit(
            "image-grid",
            "figures",
            &grid([&[], &[]], 5, &json!([{ "name": "synthetic", "values": images(25) }])),
        ),
        exhibit(
            "image-grid-classes-real",
            "rows",
            &grid(
                [&[], &["<b>SecretClass", "other"]],
                3,
                &json!([
            { "name": "training", "values": images(6) }, { "name": "synthetic", "values": vec![Value::Null; 6] }]),
            ),
        ),
        exhibit(
            "image-nearest-random",
            "rows",
            &grid(
                [&["synthetic", "nearest training"], &["1.0 and 2.0"]],
                2,
                &json!([{ "name": "synthetic", "values": images(2) }]),
            ),
        ),
    ];
    json["exhibits"] = json!(exhibits);
    let mut metrics = vec![measurement(
        "image-accuracy",
        "utility",
        Some(0.8),
        &json!([
        { "columns": ["kind, class 1"], "measure": "share", "value": 0.7, "floor": 0.9, "baseline": null }]),
    )];
    let mut frechet = measurement("image-frechet", "fidelity", Some(2.0), &json!([]));
    (frechet["goal"], frechet["floor"]) = (json!("lower"), json!(0.5));
    metrics.push(frechet);
    json["metrics"] = json!(metrics);
    json
}

#[test]
fn images_are_part_of_the_page_and_words_are_about_them() {
    let evaluation = evaluation(with_images(large(&names(2))));
    let page = render(&evaluation, Options::default());
    // A grid, two rows of training images, and two images side by side.
    assert_eq!(page.matches("<img class=\"pixels\" src=\"data:image/png;base64,").count(), 5);
    assert_eq!(page.matches("alt=\"\"").count(), 0);
    assert!(page.contains("alt=\"25 synthetic images, 5 side by side\"") && page.contains("img-src data:;"));
    assert!(page.contains("3 training images of &lt;b&gt;SecretClass") && page.contains("no image"));
    for words in
        ["synthetic images, judged by", "Classes, the worst first", "real images reach 0.5", "kind, class 1"]
    {
        assert!(page.contains(words), "{words}");
    }
    assert!(page.contains("2 scores stay clearly behind") || page.contains("differ clearly from real ones"));
    let shared = render(&evaluation, Options { shareable: true, ..Options::default() });
    assert_eq!(shared.matches("<img ").count(), 1);
    assert!(!shared.contains("SecretClass"));
    // Pages without images allow none.
    assert!(!render(&self::evaluation(large(&names(2))), Options::default()).contains("img-src"));
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("column number {number}")).collect()
}

#[test]
fn fifty_columns_fit_in_three_megabytes() {
    let page = render(&evaluation(large(&names(50))), Options::default());
    assert!(page.len() < 3_000_000, "{} bytes", page.len());
    // Names of 500 characters make it no longer than that either.
    let long: Vec<String> = (0..50).map(|number| format!("{number}{}", "long".repeat(125))).collect();
    let page = render(&evaluation(large(&long)), Options::default());
    assert!(page.len() < 3_000_000, "{} bytes", page.len());
}

#[test]
fn every_shape_is_drawn_and_every_reason_told() {
    let page = render(&evaluation(large(&names(6))), Options::default());
    // Six columns, three matrices, points, lines and bars.
    assert_eq!(page.matches("<svg class=\"chart\"").count(), 12);
    assert!(page.contains("The reason why."), "a skipped score says why");
    assert!(page.contains("Whether anything else is so."));
    for limit in ["What it cannot tell: ", "How it is gamed: "] {
        assert_eq!(page.matches(limit).count(), 2, "each score that has a figure: {limit}");
    }
    assert!(page.contains("SecretCell") && page.contains("SecretLevel3") && page.contains("SecretFile.csv"));
    for caution in CAUTIONS {
        assert!(page.contains(caution), "{caution}");
    }
    for word in ["anonymous", "compliant", "proves"] {
        assert!(!page.contains(word), "{word} is more than anyone knows");
    }
}

#[test]
fn a_shareable_report_holds_nothing_of_how_values_are_spread() {
    let evaluation = evaluation(large(&names(6)));
    let page = render(&evaluation, Options { shareable: true, ..Options::default() });
    for secret in ["SecretLevel", "SecretCell", "SecretFile", "98765", "98,765"] {
        assert!(!page.contains(secret), "{secret}");
    }
    assert!(page.contains("To be shared") && page.contains("leaves out how real values are spread"));
    assert!(page.contains("column number 3") && page.contains("true positives"));
}

#[test]
fn a_page_loads_nothing_and_names_are_text() {
    let mut names = names(4);
    names[1] = "</script><img src=x onerror=alert(1)>".to_owned();
    names[2] = "\" onmouseover=\"alert(1)\u{202e}".to_owned();
    names[3] = String::new();
    let page = render(&evaluation(large(&names)), Options::default());
    assert!(!page.contains("<img") && !page.contains("\" onmouseover=\"") && !page.contains('\u{202e}'));
    assert_eq!(page.matches("</script>").count(), 1);
    assert!(page.contains("default-src 'none'") && !page.contains("unsafe-inline"));
    for start in ["src=", "href=", "url(", "@import "] {
        for found in page.match_indices(start).map(|(at, _)| &page[at + start.len()..]) {
            let loads = found
                .trim_start_matches(['"', '\''])
                .split([':', '/'])
                .next()
                .is_some_and(|scheme| ["http", "https", "data", ""].contains(&scheme));
            assert!(!loads, "{start}{}", &found[..40]);
        }
    }
    assert!(page.contains("(no name)"));
}

#[test]
fn documents_say_what_was_not_tested_and_leave_room_for_a_name() {
    let mut json = large(&names(3));
    json["target"] = json!("a|b<c>");
    let evaluation = evaluation(json);
    let mut all = String::new();
    let _ = write!(all, "{}{}", model_card(&evaluation, None), privacy_statement(&evaluation));
    assert_eq!(all.matches("Name: ____").count(), 2);
    assert_eq!(all.matches("## What was not tested").count(), 2);
    assert!(all.contains("the reason why") && all.contains("fewer than 5 units"));
    assert!(all.contains("a\\|b&lt;c&gt;") && !all.contains("a|b"));
    assert!(!all.contains("Secret"), "documents are for everyone");
}

#[test]
fn gates_stand_on_top_with_their_verdicts() {
    let mut json = large(&names(3));
    assert!(!render(&evaluation(json.clone()), Options::default()).contains("id=\"gates\""));
    let copies = measurement("copies", "privacy", Some(0.5), &json!([]));
    json["metrics"].as_array_mut().unwrap().push(copies);
    json["gates"] = json!([
        { "score": "trend", "bound": { "min": 0.85 }, "value": 0.9, "interval": [0.88, 0.92], "verdict": "kept", "passed": true },
        { "score": "shape", "bound": { "min": 0.97 }, "value": 0.97, "interval": [0.96, 0.98], "verdict": "too-few-rows", "passed": false },
        { "score": "copies", "bound": { "max": 0.0 }, "value": 0.5, "interval": null, "verdict": "broken", "passed": false },
        { "score": "tstr", "bound": { "min": 0.5 }, "value": null, "interval": null, "verdict": "no-score", "passed": false },
    ]);
    let evaluation = evaluation(json);
    let page = render(&evaluation, Options { shareable: true, ..Options::default() });
    let (card, statement) = (model_card(&evaluation, None), privacy_statement(&evaluation));
    assert!(card.contains("| trend | at least 0.85 | 0.9000 | kept |"), "{card}");
    assert!(statement.contains("| copies | at most 0 |") && !statement.contains("at least"), "{statement}");
    for words in
        ["Gates: 1 of 4 kept", "at least 0.85", "at most 0", "too few rows to tell", "broken", "no score"]
    {
        assert!(page.contains(words), "{words}");
    }
    assert!(page.find("id=\"gates\"").unwrap() < page.find("id=\"short-title\"").unwrap());
}

#[test]
fn the_cost_of_a_run_is_shown_where_it_is_known() {
    let evaluation = evaluation(large(&names(3)));
    assert!(!render(&evaluation, Options::default()).contains("What it cost"));
    let record: RunRecord = serde_json::from_value(json!({
        "record_version": 1, "version": "0.1.0", "method": "forest", "threads": 2,
        "phases": [{ "phase": "fit", "wall_seconds": 2.5, "cpu_seconds": 4.5 },
                   { "phase": "judge", "wall_seconds": 1.25, "cpu_seconds": null }],
        "peak_memory_bytes": 123_400_000, "rows_learned": 40_000, "rows_sampled": 50_000,
        "rows_learned_per_second": 16_000.4, "rows_sampled_per_second": null, "model_bytes": 4321,
    }))
    .unwrap();
    let page = render(&evaluation, Options { record: Some(&record), ..Options::default() });
    for words in ["What it cost", "3.75", "4.50", "123.4 MB", "16,000 per second", "4,321 bytes", "not told"]
    {
        assert!(page.contains(words), "{words}");
    }
    let card = model_card(&evaluation, Some(&record));
    for words in ["What it cost", "3.75", "not told", "123.4 MB", "4,321 bytes"] {
        assert!(card.contains(words), "{words}");
    }
    assert!(!model_card(&evaluation, None).contains("What it cost"));
}

#[test]
fn little_is_enough() {
    let evaluation = evaluation(json!({
        "schema_version": 1, "seed": 0, "rows": { "train": 1, "holdout": null, "synthetic": 0, "baseline": null },
        "target": null, "metrics": [], "left_out": [], "could_not_tell": [], "notes": [],
    }));
    assert!(render(&evaluation, Options::default()).contains("none held out"));
    assert!(privacy_statement(&evaluation).contains("Copying was not tested"));
    assert!(!model_card(&evaluation, None).is_empty());
}
