//! Balancing tables.

use std::collections::BTreeMap;

use crate::fixture::{Folder, SECRET, table};

/// A table of which a tenth is of a rare class, with a column of every kind and gaps.
fn loans(rows: usize) -> String {
    table(&["id", "amount", "rate", "since", "region", "owner", "grade"], rows, |row, column| {
        let mixed = (row * 7919 + row * row * 31) % 1000;
        match column {
            0 => format!("{}", 1000 + row),
            1 if mixed % 19 == 0 => String::new(),
            1 => format!("{}", 100 + mixed * (1 + row % 3)),
            2 => format!("{}.{}", mixed % 7, mixed % 10),
            3 => format!("20{:02}-{:02}-{:02}", mixed % 20, 1 + mixed % 12, 1 + mixed % 28),
            4 => ["north", "south", SECRET][mixed / 5 % 3].to_owned(),
            5 => ["yes", "no"][mixed / 3 % 2].to_owned(),
            _ => if row % 10 == 3 { "bad" } else { "good" }.to_owned(),
        }
    })
}

fn with_loans(rows: usize) -> Folder {
    let folder = Folder::new();
    folder.write("loans.csv", loans(rows));
    folder
}

/// How many rows have each value of a column.
fn counts(text: &str, column: usize) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for line in text.lines().skip(1) {
        *counts.entry(line.split(',').nth(column).expect("a cell").to_owned()).or_insert(0) += 1;
    }
    counts
}

#[test]
fn rare_classes_grow_behind_the_real_rows() {
    let folder = with_loans(300);
    let run =
        folder.run("rebalance loans.csv --target grade -o balanced.csv --mark made --json out.json").fine();
    let (given, text) = (folder.text("loans.csv"), folder.text("balanced.csv"));
    assert_eq!(counts(&text, 6), BTreeMap::from([("bad".to_owned(), 270), ("good".to_owned(), 270)]));
    assert!(run.stdout().contains("540 rows, 240 of them new"), "{}", run.stdout());
    assert!(run.stderr.contains("300 real rows") && run.stderr.contains("lie between"), "{}", run.stderr);
    for (number, (given, balanced)) in given.lines().zip(text.lines()).enumerate() {
        let mark = if number == 0 { ",made" } else { ",false" };
        assert_eq!(balanced, format!("{given}{mark}"), "row {number} is as it was");
    }
    for line in text.lines().skip(301) {
        let cells: Vec<&str> = line.split(',').collect();
        assert!(cells[0].parse::<usize>().expect("a whole key") >= 1300, "keys are new");
        assert!(cells[1].is_empty() || cells[1].parse::<usize>().expect("whole numbers") >= 100, "{line}");
        assert!(cells[2].len() == 3 && cells[3].len() == 10 && cells[7] == "true", "{line}");
    }
    let json: serde_json::Value = serde_json::from_str(&folder.text("out.json")).expect("JSON");
    assert_eq!((json["new_rows"].as_u64(), json["real_rows"].as_u64()), (Some(240), Some(300)));
    assert_eq!(json["classes"][0]["after"], 270);

    folder.run("rebalance loans.csv --target grade -o again.csv --mark made --threads 1").fine();
    assert_eq!(folder.text("again.csv"), text, "the same on one thread");
    folder.run("rebalance loans.csv --target grade -o other.csv --mark made --seed 9").fine();
    assert_ne!(folder.text("other.csv"), text);
}

#[test]
fn every_method_balances_a_table_of_all_kinds() {
    let folder = with_loans(300);
    for method in [
        "borderline-smote",
        "borderline-smote-2",
        "svm-smote",
        "kmeans-smote",
        "adasyn",
        "random",
        "rose",
        "noise",
        "random-under",
        "nearmiss",
        "nearmiss-2",
        "nearmiss-3",
        "tomek",
        "enn",
        "repeated-enn",
        "all-knn",
        "condensed-nn",
        "one-sided-selection",
        "neighbourhood-cleaning",
        "instance-hardness",
        "cluster-centroids",
        "smote-enn",
        "smote-tomek",
        "forest",
        "copula",
        "independent",
    ] {
        let line = format!("rebalance loans.csv --target grade --method {method} -o balanced.csv");
        folder.run(&line).fine();
        let counts = counts(&folder.text("balanced.csv"), 6);
        assert!(counts["bad"] > 0 && counts["good"] > 0, "{method}: {counts:?}");
        let exact =
            ["random", "rose", "noise", "svm-smote", "borderline-smote", "forest", "copula", "independent"];
        if exact.contains(&method) {
            assert_eq!((counts["bad"], counts["good"]), (270, 270), "{method}");
        }
        if ["random-under", "nearmiss", "nearmiss-2", "instance-hardness", "cluster-centroids"]
            .contains(&method)
        {
            assert_eq!((counts["bad"], counts["good"]), (30, 30), "{method}");
        }
    }
}

#[test]
fn groups_are_balanced_within_classes() {
    let folder = with_loans(300);
    let pairs = |text: &str| {
        let mut counts = BTreeMap::new();
        for line in text.lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            *counts.entry(format!("{} {}", cells[6], cells[5])).or_insert(0) += 1;
        }
        counts
    };
    let before = pairs(&folder.text("loans.csv"));
    folder.run("rebalance loans.csv --target grade --by owner --within -o groups.csv --method random").fine();
    let within = pairs(&folder.text("groups.csv"));
    for grade in ["bad", "good"] {
        let of = |owner: &str, counts: &BTreeMap<String, usize>| counts[&format!("{grade} {owner}")];
        let most = of("yes", &before).max(of("no", &before));
        assert_eq!((of("yes", &within), of("no", &within)), (most, most));
    }
    folder.run("rebalance loans.csv --target grade --by owner -o all.csv --method random").fine();
    let all = pairs(&folder.text("all.csv"));
    let most = *before.values().max().expect("four");
    assert!(all.len() == 4 && all.values().all(|&count| count == most), "{all:?}");
    folder
        .run("rebalance loans.csv --target grade --by owner --strategy bad,yes=50 -o one.csv --method random")
        .fine();
    assert_eq!(pairs(&folder.text("one.csv"))["bad yes"], 50);
}

#[test]
fn what_cannot_be_balanced_is_refused_with_the_cure() {
    let folder = with_loans(300);
    let run = |options: &str| folder.run(&format!("rebalance loans.csv -o balanced.csv {options}"));
    run("--target grades").refused(&["grades", "grade"]);
    run("--target amount").refused(&["amount", "different numbers", "ranges"]);
    run("--target id").refused(&["id"]);
    run("--target grade --method smot").refused(&["smot", "smotenc", "forest"]);
    run("--target grade --method smote").refused(&["numbers", "smotenc"]);
    run("--target grade --method smoten").refused(&["categories", "smotenc"]);
    run("--target grade --strategy ugly=9").refused(&["ugly"]);
    run("--target grade --strategy bad=9").refused(&["bad", "opposite"]);
    run("--target grade --strategy majority").refused(&["smotenc", "majority"]);
    run("--target grade --method tomek --strategy 0.5").refused(&["tomek", "not how many"]);
    run("--target grade --neighbors 30").refused(&["30 rows", "--neighbors 29"]);
    run("--target grade --neighbors 0").refused(&["neighbour"]);
    run("--target grade --method random --neighbors 3").refused(&["random", "--neighbors"]);
    run("--target grade --mark rate").refused(&["rate"]);
    run("--target grade --by grade --within").refused(&["--within", "--by"]);
    run("--target region --strategy 0.5").refused(&["3", "ratio"]);
    for (name, text, words) in [
        (
            "one class",
            table(&["a", "y"], 50, |row, column| ["x".into(), format!("{row}")][1 - column].clone()),
            ["one class", "nothing"],
        ),
        (
            "a single row",
            table(&["a", "y"], 50, |row, column| {
                [format!("{row}.5"), ["u", "v"][usize::from(row == 7)].into()][column].clone()
            }),
            ["single row", "--method random"],
        ),
        (
            "constant",
            table(&["a", "y"], 50, |row, column| {
                ["5".into(), ["u", "v"][usize::from(row % 5 == 0)].to_owned()][column].clone()
            }),
            ["constant", "--method random"],
        ),
        (
            "gaps",
            table(&["a", "y"], 50, |row, column| {
                [format!("{row}.5"), ["u", "v", ""][row % 3].into()][column].clone()
            }),
            ["16 rows", "impute"],
        ),
    ] {
        folder.write("odd.csv", text);
        let refused = folder.run("rebalance odd.csv --target y -o balanced.csv --column y=categorical");
        assert_eq!(refused.code, Some(2), "{name}: {}", refused.stderr);
        refused.refused(&words);
    }
    assert!(!folder.path("balanced.csv").exists());
}
