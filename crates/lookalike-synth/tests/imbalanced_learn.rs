//! Every method beside imbalanced-learn, by what was recorded of it (`fixtures/imbalanced-learn`).

use std::collections::BTreeSet;
use std::path::Path;

use lookalike_core::{Context, Seed};
use lookalike_synth::Error;
use lookalike_synth::resample::{
    Agreement, AnyResampler, Balance, CondensedNn, Enn, OneSidedSelection, Origin, Resampled, Strategy,
};
use lookalike_table::schema::NumberFormat;
use lookalike_table::{Column, ColumnSchema, Kind, Levels, Schema, Table};
use serde_json::Value;

fn recorded() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/imbalanced-learn/figures.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn rows_of(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(floats).collect()
}

fn integers(value: &Value) -> Vec<u32> {
    value.as_array().unwrap().iter().map(|v| v.as_u64().unwrap() as u32).collect()
}

/// A table of numbers, then levels, then the class.
fn table(numbers: &[Vec<f64>], levels: &[Vec<u32>], classes: &[u32]) -> Table {
    let (mut schemas, mut columns) = (Vec::new(), Vec::new());
    for column in 0..numbers.first().map_or(0, Vec::len) {
        let kind = Kind::Numerical(NumberFormat::default());
        schemas.push(ColumnSchema::new(format!("x{column}"), kind));
        columns.push(Column::from_floats(numbers.iter().map(|row| row[column]).collect(), None));
    }
    for (number, codes) in levels.iter().chain([&classes.to_vec()]).enumerate() {
        schemas.push(ColumnSchema::new(format!("level{number}"), Kind::Categorical { order: Vec::new() }));
        let count = codes.iter().max().unwrap() + 1;
        columns.push(Column::from_codes(codes.clone(), &Levels::new((0..count).map(|c| c.to_string()))));
    }
    Table::new(Schema::new(schemas).into(), columns).unwrap()
}

fn balance(table: &Table, strategy: Strategy) -> Balance {
    Balance { strategy, textbook: true, raw_units: true, ..Balance::of(table.n_columns() - 1) }
}

fn run(method: &AnyResampler, table: &Table, strategy: Strategy) -> Result<Resampled, Error> {
    method.resample(table, &balance(table, strategy), &Context::new(Seed::new(3)))
}

fn named(name: &str) -> AnyResampler {
    AnyResampler::from_name(name).unwrap()
}

fn kept(resampled: &Resampled) -> Vec<u32> {
    let kept = resampled.origins.iter().filter_map(|origin| match origin {
        Origin::Kept(row) => Some(*row),
        _ => None,
    });
    kept.collect()
}

/// So many rows of the class that every pair of rows comes up.
fn many(name: &str, table: &Table, class: &str, count: u64) -> Resampled {
    run(&named(name), table, Strategy::Counts(vec![(class.to_owned(), count)])).unwrap()
}

/// From which row to which, and how far.
fn segments(resampled: &Resampled) -> Vec<(u32, u32, f64)> {
    let between = resampled.origins.iter().filter_map(|origin| match *origin {
        Origin::Between { base, other, gap } => Some((base, other, gap)),
        _ => None,
    });
    between.collect()
}

fn pairs(resampled: &Resampled) -> BTreeSet<(u32, u32)> {
    segments(resampled).into_iter().map(|(base, other, _)| (base, other)).collect()
}

/// Where on the line from one row to another a point lies, if it lies on it.
fn on_line(point: &[f64], from: &[f64], to: &[f64]) -> Option<f64> {
    let along: Vec<f64> = from.iter().zip(to).map(|(a, b)| b - a).collect();
    let length: f64 = along.iter().map(|v| v * v).sum();
    let place = point.iter().zip(from).zip(&along).map(|((p, a), v)| (p - a) * v).sum::<f64>() / length;
    let off = point.iter().zip(from).zip(&along).map(|((p, a), v)| (a + place * v - p).abs());
    (off.fold(0.0, f64::max) < 1e-9).then_some(place)
}

/// Every point lies on a line between two rows of a pair, at a place that `allowed` has.
fn all_on_lines(
    points: &[Vec<f64>],
    x: &[Vec<f64>],
    pairs: &BTreeSet<(u32, u32)>,
    allowed: impl Fn(u32, u32, f64) -> bool,
) {
    for (number, point) in points.iter().enumerate() {
        let fits = pairs.iter().any(|&(base, other)| {
            let place = on_line(point, &x[base as usize], &x[other as usize]);
            place.is_some_and(|place| allowed(base, other, place))
        });
        assert!(fits, "new row {number} lies between no two rows that lookalike would take");
    }
}

fn count_of(resampled: &Resampled) -> Vec<(String, u64)> {
    resampled.classes.iter().map(|class| (class.name.clone(), class.after as u64)).collect()
}

fn counts(value: &Value) -> Vec<(String, u64)> {
    value.as_object().unwrap().iter().map(|(name, count)| (name.clone(), count.as_u64().unwrap())).collect()
}

#[test]
fn smote_has_the_same_neighbours_and_segments() {
    for set in recorded()["two"].as_array().unwrap() {
        let (x, y) = (rows_of(&set["x"]), integers(&set["y"]));
        let table = table(&x, &[], &y);
        let pairs = pairs(&many("smote", &table, "1", 5000));
        let expected: BTreeSet<(u32, u32)> = integers(&set["smote"]["minority"])
            .into_iter()
            .zip(set["smote"]["neighbours"].as_array().unwrap())
            .flat_map(|(base, near)| integers(near).into_iter().map(move |other| (base, other)))
            .collect();
        assert_eq!(pairs, expected);
        all_on_lines(&rows_of(&set["smote"]["rows"]), &x, &pairs, |_, _, gap| (0.0..1.0).contains(&gap));
        let resampled = run(&named("smote"), &table, Strategy::Auto).unwrap();
        assert_eq!(count_of(&resampled), counts(&set["smote"]["counts"]));
    }
}

#[test]
fn new_rows_lie_where_their_origin_says() {
    for set in recorded()["two"].as_array().unwrap() {
        let (x, y) = (rows_of(&set["x"]), integers(&set["y"]));
        let table = table(&x, &[], &y);
        for method in
            ["smote", "borderline-smote-1", "borderline-smote-2", "adasyn", "svm-smote", "kmeans-smote"]
        {
            let resampled = run(&named(method), &table, Strategy::Auto).unwrap();
            let columns: Vec<Vec<f64>> = (0..x[0].len())
                .map(|column| resampled.table.column(column).numbers().unwrap().values)
                .collect();
            assert!(resampled.n_new() > 0, "{method}");
            for (row, origin) in resampled.origins.iter().enumerate() {
                let Origin::Between { base, other, gap } = *origin else { continue };
                let point: Vec<f64> = columns.iter().map(|column| column[row]).collect();
                let place = on_line(&point, &x[base as usize], &x[other as usize]).unwrap();
                assert!((place - gap).abs() < 1e-9, "{method}");
            }
        }
    }
}

#[test]
fn borderline_smote_has_the_same_rows_in_danger() {
    for set in recorded()["two"].as_array().unwrap() {
        let (x, y) = (rows_of(&set["x"]), integers(&set["y"]));
        let table = table(&x, &[], &y);
        for method in ["borderline-smote-1", "borderline-smote-2"] {
            let set = &set[method];
            let found = many(method, &table, "1", 8000);
            let bases: BTreeSet<u32> = segments(&found).iter().map(|(base, _, _)| *base).collect();
            assert_eq!(bases.into_iter().collect::<Vec<_>>(), integers(&set["danger"]), "{method}");
            all_on_lines(&rows_of(&set["rows"]), &x, &pairs(&found), |_, other, gap| {
                (0.0..if y[other as usize] == 1 { 1.0 } else { 0.5 }).contains(&gap)
            });
            let resampled = run(&named(method), &table, Strategy::Auto).unwrap();
            assert_eq!(count_of(&resampled), counts(&set["counts"]), "{method}");
        }
    }
}

#[test]
fn adasyn_makes_as_many_rows() {
    let figures = recorded();
    for set in figures["two"].as_array().unwrap() {
        let (x, y) = (rows_of(&set["x"]), integers(&set["y"]));
        let table = table(&x, &[], &y);
        let found = many("adasyn", &table, "1", 8000);
        all_on_lines(&rows_of(&set["adasyn"]["rows"]), &x, &pairs(&found), |_, _, gap| {
            (0.0..1.0).contains(&gap)
        });
        let resampled = run(&named("adasyn"), &table, Strategy::Auto).unwrap();
        assert_eq!(count_of(&resampled), counts(&set["adasyn"]["counts"]));
    }
    let three = table(&rows_of(&figures["three"]["x"]), &[], &integers(&figures["three"]["y"]));
    let resampled = run(&named("adasyn"), &three, Strategy::Auto).unwrap();
    assert_eq!(count_of(&resampled), counts(&figures["three"]["adasyn"]));
}

#[test]
fn svm_smote_has_the_same_support_and_directions() {
    for set in recorded()["two"].as_array().unwrap() {
        let (x, y) = (rows_of(&set["x"]), integers(&set["y"]));
        let table = table(&x, &[], &y);
        let set = &set["svm-smote"];
        let found = many("svm-smote", &table, "1", 8000);
        let bases: BTreeSet<u32> = segments(&found).iter().map(|(base, _, _)| *base).collect();
        // Support vectors whose neighbours are all of other classes are noise.
        let support: BTreeSet<u32> = integers(&set["support"]).into_iter().collect();
        let is_noise = |row: &u32| {
            let mut others: Vec<(f64, u32)> = (0..x.len() as u32)
                .filter(|other| other != row)
                .map(|other| {
                    let squares =
                        x[*row as usize].iter().zip(&x[other as usize]).map(|(a, b)| (a - b) * (a - b));
                    (squares.sum(), y[other as usize])
                })
                .collect();
            others.sort_by(|a, b| a.0.total_cmp(&b.0));
            others[..10].iter().all(|(_, class)| *class == 0)
        };
        let expected: BTreeSet<u32> = support.iter().copied().filter(|row| !is_noise(row)).collect();
        assert_eq!(bases, expected);
        let inwards: BTreeSet<u32> =
            segments(&found).iter().filter(|segment| segment.2 > 0.0).map(|segment| segment.0).collect();
        all_on_lines(&rows_of(&set["rows"]), &x, &pairs(&found), |base, _, gap| {
            if inwards.contains(&base) { (0.0..1.0).contains(&gap) } else { (-0.5..=0.0).contains(&gap) }
        });
        let resampled = run(&named("svm-smote"), &table, Strategy::Auto).unwrap();
        assert_eq!(count_of(&resampled), counts(&set["counts"]));
    }
}

#[test]
fn the_same_rows_are_kept() {
    let figures = recorded();
    for set in figures["two"].as_array().unwrap().iter().chain([&figures["three"]]) {
        let table = table(&rows_of(&set["x"]), &[], &integers(&set["y"]));
        for (method, rows) in set["kept"].as_object().unwrap() {
            let resampler = match method.as_str() {
                "enn-mode" => AnyResampler::Enn(Enn { agreement: Agreement::Mode, ..Enn::default() }),
                name => named(name),
            };
            let resampled = run(&resampler, &table, Strategy::Auto).unwrap();
            assert_eq!(kept(&resampled), integers(rows), "{method}");
            assert_eq!(resampled.table.n_rows(), kept(&resampled).len());
        }
        for (method, rows) in set["cleaned"].as_object().into_iter().flatten() {
            assert_eq!(
                kept(&run(&named(method), &table, Strategy::All).unwrap()),
                integers(rows),
                "{method}"
            );
        }
    }
}

#[test]
fn the_same_rows_are_chosen_from_the_same_start() {
    for set in recorded()["two"].as_array().unwrap() {
        let (x, y) = (rows_of(&set["x"]), integers(&set["y"]));
        let order = integers(&set["sorted"]["order"]);
        let x: Vec<Vec<f64>> = order.iter().map(|&row| x[row as usize].clone()).collect();
        let y: Vec<u32> = order.iter().map(|&row| y[row as usize]).collect();
        let table = table(&x, &[], &y);
        let starts = |method: &dyn Fn(u32) -> AnyResampler, expected: &Value| {
            let expected = integers(expected);
            let fits = |start: &u32| kept(&run(&method(*start), &table, Strategy::Auto).unwrap()) == expected;
            (0..y.len() as u32).filter(|row| y[*row as usize] == 0).filter(fits).collect::<Vec<u32>>()
        };
        let kept = &set["sorted"];
        let condensed = starts(
            &|start| AnyResampler::CondensedNn(CondensedNn { start: vec![start] }),
            &kept["condensed-nn"],
        );
        // The row that imbalanced-learn began with is not known, but one must explain all that it chose.
        assert_eq!(condensed.len(), 1);
        let selected = starts(
            &|start| AnyResampler::OneSidedSelection(OneSidedSelection { start: vec![start] }),
            &kept["one-sided-selection"],
        );
        assert!(!selected.is_empty());
    }
}

#[test]
fn strategies_give_the_same_counts() {
    for set in recorded()["strategies"].as_array().unwrap() {
        let y: Vec<u32> = counts(&set["before"])
            .into_iter()
            .flat_map(|(class, count)| std::iter::repeat_n(class.parse().unwrap(), count as usize))
            .collect();
        let x: Vec<Vec<f64>> = (0..y.len()).map(|row| vec![row as f64]).collect();
        let table = table(&x, &[], &y);
        for case in set["after"].as_array().unwrap() {
            let strategy = case["strategy"].as_str().unwrap();
            let found =
                run(&named(case["method"].as_str().unwrap()), &table, Strategy::parse(strategy).unwrap());
            match (found, &case["counts"]) {
                (Err(Error::Resample(_)), Value::Null) => {}
                (Ok(found), expected) if !expected.is_null() => {
                    assert_eq!(count_of(&found), counts(expected), "{case}");
                }
                (found, _) => panic!("{case}: {found:?}"),
            }
        }
    }
}

#[test]
fn smotenc_has_the_same_distances_and_takes_the_most_frequent_levels() {
    let figures = recorded();
    let set = &figures["mixed"];
    let (x, y) = (rows_of(&set["numbers"]), integers(&set["y"]));
    let levels: Vec<Vec<u32>> = set["levels"].as_array().unwrap().iter().map(integers).collect();
    let table = table(&x, &levels, &y);
    let found = many("smotenc", &table, "1", 8000);
    let pairs = pairs(&found);
    let median = set["median"].as_f64().unwrap();
    let distance = |a: u32, b: u32| {
        let (a, b) = (a as usize, b as usize);
        let squares: f64 = x[a].iter().zip(&x[b]).map(|(a, b)| (a - b) * (a - b)).sum();
        let differing = levels.iter().filter(|codes| codes[a] != codes[b]).count();
        (squares + differing as f64 * median * median).sqrt()
    };
    let near = |base: u32| pairs.iter().filter(move |pair| pair.0 == base).map(|pair| pair.1);
    for (base, expected) in integers(&set["minority"]).into_iter().zip(set["distances"].as_array().unwrap()) {
        let mut distances: Vec<f64> = near(base).map(|other| distance(base, other)).collect();
        distances.sort_by(f64::total_cmp);
        assert_eq!(distances.len(), 5);
        for (own, expected) in distances.iter().zip(floats(expected)) {
            assert!((own - expected).abs() < 1e-6);
        }
    }
    // A row's levels are among the most frequent of its base's neighbours.
    let is_frequent = |column: usize, level: u32, base: u32| {
        let votes = |level: u32| near(base).filter(|row| levels[column][*row as usize] == level).count();
        votes(level) == (0..4).map(votes).max().unwrap()
    };
    let new_levels: Vec<Vec<u32>> = set["rows"]["levels"].as_array().unwrap().iter().map(integers).collect();
    for (point, new) in rows_of(&set["rows"]["numbers"]).iter().zip(&new_levels) {
        let fits = pairs.iter().any(|&(base, other)| {
            on_line(point, &x[base as usize], &x[other as usize]).is_some()
                && (0..2).all(|column| is_frequent(column, new[column], base))
        });
        assert!(fits);
    }
    for (row, origin) in found.origins.iter().enumerate() {
        let Origin::Between { base, .. } = *origin else { continue };
        for column in 0..2 {
            let code = found.table.column(3 + column).slice(row, 1).codes().unwrap().codes[0];
            assert!(is_frequent(column, code, base));
        }
    }
    let resampled = run(&named("smotenc"), &table, Strategy::Auto).unwrap();
    assert_eq!(count_of(&resampled), counts(&set["counts"]));
}

#[test]
fn smoten_grows_as_much() {
    let figures = recorded();
    let set = &figures["levels"];
    let levels: Vec<Vec<u32>> = set["x"].as_array().unwrap().iter().map(integers).collect();
    let table = table(&[], &levels, &integers(&set["y"]));
    let resampled = run(&named("smoten"), &table, Strategy::Auto).unwrap();
    assert_eq!(count_of(&resampled), counts(&set["counts"]));
}
