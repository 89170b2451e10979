//! Reports: what is written, what may leave the house, what is refused.

use super::fixture::{Folder, SECRET, people};

const EVALUATE: &str =
    "evaluate --real parts/train.csv --holdout parts/holdout.csv --synthetic synthetic.csv --target city";

fn prepared() -> Folder {
    let folder = Folder::with_people(300);
    folder.run("split people.csv --share 0.25 -o parts").fine();
    folder.run("fit parts/train.csv -o m --method independent").fine();
    folder.run("sample m -n 225 -o synthetic.csv").fine();
    folder
}

#[test]
fn a_report_shows_what_it_may_and_can_be_made_again() {
    let folder = prepared();
    folder.run(&format!("{EVALUATE} --report report.html --json scores.json")).fine();
    let page = folder.text("report.html");
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("How columns are spread"));
    assert!(page.contains(SECRET), "a level of many rows is shown");
    assert!(!page.contains("rows side by side") && !page.contains("P00001"));
    folder.run("report scores.json -o again.html").fine();
    assert_eq!(page, folder.text("again.html"));

    // Gates stand in the page, and in the JSON that it is made from again.
    let gated =
        folder.run(&format!("{EVALUATE} --scores shape --max shape=0.1 --report g.html --json g.json"));
    assert_eq!(gated.code, Some(1), "{}", gated.stderr);
    assert!(folder.text("g.html").contains("Gates: 0 of 1 kept"));
    folder.run("report g.json -o g-again.html").fine();
    assert_eq!(folder.text("g.html"), folder.text("g-again.html"));

    folder.run(&format!("{EVALUATE} --report rows.html --show-rows")).fine();
    assert!(folder.text("rows.html").contains("rows side by side"));

    // What is shared holds no value, whether it is made at once or later; nor does what it is made from.
    folder.run(&format!("{EVALUATE} --report shared.html --shareable --json shared.json")).fine();
    folder.run("report scores.json -o later.html --shareable").fine();
    for file in ["shared.html", "later.html", "shared.json"] {
        assert!(!folder.text(file).contains(SECRET), "{file}");
    }
    for file in ["shared.html", "later.html"] {
        let page = folder.text(file);
        assert!(page.contains("To be shared") && !page.contains("train.csv"), "{file}");
    }
    // Without a report nothing is laid open.
    folder.run(&format!("{EVALUATE} --json plain.json")).fine();
    assert!(!folder.text("plain.json").contains("exhibits"));
}

#[test]
fn a_report_finds_out_all_scores_unless_it_is_told_which() {
    let folder = prepared();
    folder.run(&format!("{EVALUATE} --report all.html")).fine();
    assert!(folder.text("all.html").contains("wnmis"));
    folder.run(&format!("{EVALUATE} --report few.html --scores shape")).fine();
    assert!(!folder.text("few.html").contains("wnmis"));
}

#[test]
fn documents_for_people_are_written() {
    let folder = prepared();
    folder.run(&format!("{EVALUATE} --json scores.json")).fine();
    folder.run("report scores.json --model-card card.md --privacy-statement statement.md").fine();
    // The statement does not say what a run cost.
    let run = folder.run("report scores.json --record run.json --privacy-statement other.md");
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    assert!(run.stderr.contains("--model-card"), "{}", run.stderr);
    assert!(folder.text("card.md").starts_with("# Model card"));
    assert!(folder.text("statement.md").contains("no evidence of copying under these tests"));
}

#[test]
fn what_is_no_evaluation_is_refused() {
    let folder = Folder::with_people(20);
    folder.run("report people.csv -o x.html").refused(&["people.csv", "not JSON"]);
    folder.write("other.json", format!("{{\"schema_version\": \"{SECRET}\"}}"));
    folder.run("report other.json -o x.html").refused(&["other.json", "evaluate --json"]);
    folder.run("report none.json -o x.html").refused(&["none.json"]);
    assert_eq!(folder.list(), ["other.json", "people.csv"], "nothing half-written is left");
    let nothing = folder.run("report other.json");
    assert_eq!(nothing.code, Some(2), "{}", nothing.stderr);
    let both = folder.run("evaluate --real a --synthetic b --report r.html --shareable --show-rows");
    assert_eq!(both.code, Some(2), "{}", both.stderr);
}

#[test]
fn further_draws_are_named_and_counted() {
    let folder = prepared();
    for seed in [5, 6] {
        folder.run(&format!("sample m -n 225 -o draw{seed}.csv --seed {seed}")).fine();
    }
    let line =
        format!("{EVALUATE} --scores tstr,c2st --second draw5.csv --second draw6.csv --json scores.json");
    folder.run(&line).fine();
    let scores: serde_json::Value = serde_json::from_slice(&folder.read("scores.json")).unwrap();
    let evaluation = &scores["evaluation"];
    let metrics = evaluation["metrics"].as_array().unwrap();
    let tstr = metrics.iter().find(|metric| metric["name"] == "tstr").unwrap();
    assert_eq!(tstr["details"]["draws"].as_f64(), Some(3.0), "{tstr}");
    assert!(tstr["interval"]["low"].as_f64() < tstr["value"].as_f64(), "{tstr}");
    let sources = evaluation["provenance"]["sources"].as_array().unwrap();
    assert_eq!(sources.iter().filter(|source| source["table"] == "further synthetic").count(), 2);
    folder
        .run(&format!("{EVALUATE} --synthetic draw6.csv --second draw5.csv"))
        .refused(&["--second", "one synthetic table"]);
}

#[test]
fn a_bootstrap_shows_what_copying_reaches() {
    let folder = Folder::with_people(400);
    folder.run("split people.csv --share 0.4 -o parts").fine();
    folder.run("fit parts/train.csv -o m").fine();
    folder.run("sample m -n 200 -o s.csv").fine();
    let line = "evaluate --real parts/train.csv --holdout parts/holdout.csv --synthetic s.csv --scores copies,shape \
                --bootstrap --json scores.json";
    let shown = String::from_utf8(folder.run(line).fine().stdout).unwrap();
    assert!(shown.contains("bootstrap"), "{shown}");
    let scores: serde_json::Value = serde_json::from_slice(&folder.read("scores.json")).unwrap();
    let copies = scores["evaluation"]["metrics"].as_array().unwrap();
    let copies = copies.iter().find(|metric| metric["name"] == "copies").unwrap();
    assert_eq!(copies["bootstrap"].as_f64(), Some(1.0), "every row of a bootstrap is a copy");
}

/// One, two and three real rows beside none, one and two synthetic ones, with all there is to show.
#[test]
fn tables_of_very_few_rows_are_judged() {
    let folder = Folder::new();
    let all = people(8);
    let rows =
        |count: usize| all.lines().take(count + 1).fold(String::new(), |text, line| text + line + "\n");
    for real in 1..4 {
        folder.write("real.csv", rows(real));
        for synthetic in 0..3 {
            folder.write("synthetic.csv", rows(synthetic));
            let run = folder
                .run("evaluate --real real.csv --synthetic synthetic.csv --all --report page.html --column age=numerical --column city=categorical");
            let run = run.fine();
            assert_eq!(run.stderr.contains("has no rows"), synthetic == 0, "{}", run.stderr);
        }
    }
}
