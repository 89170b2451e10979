//! `lookalike rebalance --study`: what it says, and what it refuses.

use std::fmt::Write as _;

use crate::fixture::{Folder, SECRET};

/// A rare class that depends on two columns, and a name that nothing depends on.
fn patients(rows: usize) -> String {
    let mut text = "age,ward,note,ill\n".to_owned();
    for row in 0..rows {
        let (age, ward) = (20 + row * 37 % 60, row * 13 % 4);
        let ill = age + 7 * ward + row * 71 % 23 > 95;
        let note = if row == 3 { SECRET } else { "n" };
        let _ = writeln!(text, "{age},w{ward},{note}{},{}", row % 3, if ill { "yes" } else { "no" });
    }
    text
}

#[test]
fn a_study_tells_what_helps_and_stands_still() {
    let folder = Folder::new();
    folder.write("patients.csv", patients(900));
    let line = "rebalance --study patients.csv --target ill --repeats 2 --method smotenc,copula";
    let run = folder.run(&format!("{line} --report one.html --json one.json --threads 1")).fine();
    let shown = run.stdout();
    for words in [
        "ill: yes against no",
        "untouched",
        "class weights",
        "undersampled bags",
        "random oversampling",
        "smotenc",
        "copula",
        "chosen generator",
        "threshold moved",
        "Moving the threshold alone gives a balanced accuracy of",
        "the generator copula adds",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(shown.lines().all(|line| console::measure_text_width(line) <= 100), "{shown}");
    folder.run(&format!("{line} --report two.html --json two.json --threads 2")).fine();
    let study = |name: &str| {
        let json: serde_json::Value = serde_json::from_str(&folder.text(name)).unwrap();
        json["study"].clone()
    };
    let found = study("one.json");
    assert_eq!(found, study("two.json"));
    // 900 rows in parts, and each of the variants twice but the generator that was chosen.
    let rows = &found["rows"];
    let sum: u64 = ["train", "validation", "test"].iter().map(|part| rows[part].as_u64().unwrap()).sum();
    assert_eq!(sum, 900);
    let variants = found["variants"].as_array().unwrap();
    assert_eq!(variants.len(), 13);
    for variant in variants {
        let confusion: Vec<f64> = variant["confusion"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|row| row.as_array().unwrap().iter().map(|cell| cell.as_f64().unwrap()))
            .collect();
        assert_eq!(confusion.iter().sum::<f64>(), rows["test"].as_f64().unwrap());
    }
    let page = folder.text("one.html");
    for words in ["Does rebalancing help?", "In short", "true positives", "balanced accuracy"] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains(SECRET) && !folder.text("one.json").contains(SECRET));
}

#[test]
fn studies_that_cannot_be_done_are_refused() {
    let folder = Folder::new();
    folder.write("patients.csv", patients(300));
    folder.write("one.csv", "x,y\n".to_owned() + &"1,a\n2,a\n".repeat(30));
    folder.write("single.csv", "x,y\n".to_owned() + &"1,a\n2,a\n".repeat(30) + "3,b\n");
    folder.write("only.csv", "y\n".to_owned() + &"a\nb\nb\n".repeat(30));
    folder.run("rebalance --study patients.csv --target nothing").refused(&["nothing"]);
    folder.run("rebalance --study patients.csv --target age").refused(&["age", "60 different values"]);
    folder.run("rebalance --study patients.csv --target ward").refused(&["ward", "4 classes", "--positive"]);
    let unknown = folder.run(&format!("rebalance --study patients.csv --target ill --positive {SECRET}"));
    unknown.refused(&["ill", "no such class"]);
    folder.run("rebalance --study one.csv --target y").refused(&["single class"]);
    folder.run("rebalance --study single.csv --target y").refused(&["1 positive rows"]);
    folder.run("rebalance --study only.csv --target y").refused(&["no column to predict"]);
    folder.run("rebalance --study patients.csv --target ill --repeats 0").refused(&["from 1 to 1000", "0"]);
    folder.run("rebalance --study patients.csv --target ill --method oracle").refused(&["oracle"]);
    let learner = folder.run("rebalance --study patients.csv --target ill --learner guess");
    assert_eq!(learner.code, Some(2));
    assert!(learner.stderr.contains("forest, boosting and logistic"), "{}", learner.stderr);
    folder
        .run("rebalance --study patients.csv --target ill --method smotenc,smotenc")
        .refused(&["named twice"]);
    let both = folder.run("rebalance patients.csv --target ill -o out.csv --method smotenc,rose");
    both.refused(&["--study"]);
}

#[test]
fn groups_are_compared_when_columns_are_named() {
    let folder = Folder::new();
    folder.write("patients.csv", patients(600));
    let ask = "rebalance patients.csv --target ill --by ward --within --study --repeats 2 --method random";
    let run = folder.run(&format!("{ask} --json groups.json")).fine();
    let shown = run.stdout();
    for words in ["equalised odds", "reweighing", "TPR"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let json: serde_json::Value = serde_json::from_str(&folder.text("groups.json")).unwrap();
    let variants = json["groups"]["variants"].as_array().unwrap();
    assert_eq!(variants.len(), 4);
    for variant in variants {
        let rows: u64 =
            variant["groups"].as_array().unwrap().iter().map(|group| group["rows"].as_u64().unwrap()).sum();
        assert_eq!(rows, 600);
    }
    folder.run(&format!("{ask} --report page.html")).refused(&["--report", "--by"]);
    folder.run("rebalance patients.csv --target ill --by ill --study").refused(&["--by"]);
    folder.run("rebalance patients.csv --target ill --by nothing --study").refused(&["nothing"]);
}

#[test]
fn one_class_of_many_stands_against_the_others() {
    let folder = Folder::new();
    folder.write("patients.csv", patients(600));
    let line = "rebalance --study patients.csv --target ward --positive w2 --repeats 1 --method independent --learner logistic";
    let shown = folder.run(line).fine().stdout();
    assert!(shown.contains("w2 against the 3 other classes"), "{shown}");
    assert!(shown.contains("repeat the study for intervals"), "{shown}");
}
