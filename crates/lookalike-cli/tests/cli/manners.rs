//! Exit codes, pipes, colours, conditions, gates, threads, interrupts.

use std::io::Read as _;
use std::process::Stdio;

use crate::fixture::{Folder, Run};

/// A folder with a model of 400 people.
fn with_model() -> Folder {
    let folder = Folder::with_people(400);
    folder.run("fit people.csv -o people.model").fine();
    folder
}

#[test]
fn wrong_options_end_with_2() {
    let folder = Folder::with_people(20);
    for line in
        ["", "nonsense", "fit", "fit people.csv", "inspect --colour people.csv", "split people.csv -o x"]
    {
        let run = folder.run(line);
        assert_eq!(run.code, Some(2), "{line}: {}", run.stderr);
        assert!(!run.stderr.is_empty());
    }
    for line in ["--help", "--version", "fit --help", "completions bash"] {
        folder.run(line).fine();
    }
    folder.run("fit people.csv -o m --method oracle").refused(&["oracle", "copula"]);
    folder.run("fit people.csv -o m --target wealth").refused(&["wealth"]);
    folder.run("fit people.csv -o m --target incme").refused(&["incme", "did you mean", "income"]);
    folder.run("split people.csv --share 1.5 -o parts").refused(&["between 0 and 1"]);
    folder.run("split people.csv --share 0.001 -o parts").refused(&["holdout would be empty"]);
    folder.run("split people.csv --share 0.2 --by team -o parts").refused(&["team"]);
    folder.run("split people.csv --share 0.2 --time city -o parts").refused(&["city", "no order in time"]);
    folder
        .run("evaluate --real people.csv --synthetic people.csv --min beauty=1")
        .refused(&["beauty", "shape"]);
    folder.run("completions bash --json x.json").refused(&["--json"]);
}

#[test]
fn every_shell_has_completions() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = folder.run(&format!("completions {shell}")).fine().stdout();
        assert!(script.contains("lookalike") && script.contains("evaluate"), "{shell}");
    }
}

#[test]
fn tables_go_through_pipes() {
    let folder = Folder::with_people(400);
    folder.run_with_input("fit - -o people.model", "people.csv").fine();
    let piped = folder.run("sample people.model -n 30 -o -").fine();
    assert!(piped.stderr.is_empty(), "{}", piped.stderr);
    folder.run("sample people.model -n 30 -o file.csv").fine();
    assert_eq!(piped.stdout, folder.read("file.csv"));

    let typed = folder.run("sample people.model -n 30 -o - --format parquet").fine();
    assert!(typed.stdout.starts_with(b"PAR1"));
    let shown = folder.run_with_input("inspect -", "people.csv").fine().stdout();
    assert_eq!(shown, folder.run("inspect people.csv").fine().stdout());
    folder.run_with_input("split - --share 0.5 -o parts", "people.csv").fine();
    assert!(folder.path("parts/train.csv").exists());
    folder.run("evaluate --real - --synthetic -").refused(&["standard input", "once"]);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = with_model();
    let mut child = folder
        .command(&["sample", "people.model", "-n", "3000000", "-o", "-"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 64];
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut first).unwrap();
    drop(stdout);
    let run = Run::of(child.wait_with_output().unwrap(), "sample | head");
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
}

#[test]
fn results_are_the_same_on_one_thread_and_on_two() {
    let folder = Folder::with_people(3000);
    for threads in ["1", "2"] {
        folder.run(&format!("fit people.csv -o m{threads} --target city --threads {threads}")).fine();
        folder.run(&format!("sample m{threads} -n 9000 -o s{threads}.csv --threads {threads}")).fine();
        folder
            .run(&format!(
                "evaluate --real people.csv --synthetic s1.csv --target city --threads {threads} \
                 --json e{threads}.json"
            ))
            .fine();
    }
    assert_eq!(folder.read("m1"), folder.read("m2"));
    assert_eq!(folder.read("s1.csv"), folder.read("s2.csv"));
    assert_eq!(folder.read("e1.json"), folder.read("e2.json"));

    // A shorter sample is a prefix, and a range is a part.
    folder.run("sample m1 -n 5000 -o short.csv").fine();
    let (long, short) = (folder.text("s1.csv"), folder.text("short.csv"));
    assert!(long.starts_with(&short));
    folder.run("sample m1 --rows 4000..5000 -o part.csv").fine();
    let part = folder.text("part.csv");
    assert!(short.ends_with(part.split_once('\n').unwrap().1));
    folder.run("sample m1 -n 5000 -o other.csv --seed 1").fine();
    assert_ne!(short, folder.text("other.csv"));
}

#[test]
fn conditions_hold_exactly() {
    let folder = with_model();
    folder
        .run("sample people.model -n 300 --where age>=40 --where age<50 --where city=Rome -o some.csv")
        .fine();
    let text = folder.text("some.csv");
    assert_eq!(text.lines().count(), 301);
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let age: u32 = cells[1].parse().unwrap();
        assert!((40..50).contains(&age) && cells[2] == "Rome", "{line}");
    }
    folder.run("sample people.model -n 5 --where wealth=1 -o x.csv").refused(&["wealth"]);
    folder.run("sample people.model -n 5 --where aeg=30 -o x.csv").refused(&["did you mean", "age"]);
    folder.run("sample people.model -n 5 --where age -o x.csv").refused(&["operator"]);
    folder
        .run("sample people.model -n 5 --where age>=40~&~city=Rome -o x.csv")
        .refused(&["age", "give each condition by itself"]);
    folder
        .run("sample people.model -n 5 --where aeg=30 --where age=old --where city=Paris -o x.csv")
        .refused(&[
            "aeg",
            "not of its kind, numerical; give a number",
            "\"city\"",
            "withholds it as too rare",
        ]);
    folder.run("sample people.model -n 20 --where age=40.0 -o same.csv").fine();
    folder.run("sample people.model -n 20 --where age=40 -o same.2.csv").fine();
    assert_eq!(folder.read("same.csv"), folder.read("same.2.csv"));
    // Unknown, withheld and unfit values are told in the same words.
    let unknown = folder.run("sample people.model -n 5 --where city=Paris -o x.csv").refused(&["city"]);
    let unfit = folder.run("sample people.model -n 5 --where city=7 -o x.csv").refused(&["city"]);
    assert_eq!(unknown.stderr, unfit.stderr);
    // Not even a header goes out before that is known.
    folder.run("sample people.model -n 5 --where city=Paris -o -").refused(&["city"]);
    folder.write("unfit.csv", "city\nParis\n");
    folder.run("sample people.model --like unfit.csv -o -").refused(&["city"]);
    assert!(!unknown.stderr.contains("Paris"));
    assert!(!folder.path("x.csv").exists());
}

#[test]
fn rows_of_low_discrepancy_are_warned_of() {
    let folder = with_model();
    let run = folder.run("sample people.model -n 64 --low-discrepancy -o even.csv").fine();
    assert!(run.stderr.contains("not independent of each other"), "{}", run.stderr);
    let even = folder.text("even.csv");
    assert_eq!(even.lines().count(), 65);
    folder.run("sample people.model --rows 32..64 --low-discrepancy -o half.csv").fine();
    assert!(even.ends_with(folder.text("half.csv").split_once('\n').unwrap().1));
    let sentence = "--low-discrepancy does not go with conditions, --like or --around";
    folder.run("sample people.model -n 9 --low-discrepancy --where city=Rome -o x.csv").refused(&[sentence]);
    folder.run("sample people.model --low-discrepancy --like people.csv -o x.csv").refused(&[sentence]);
    folder.run("fit people.csv -o copula.model --method copula").fine();
    folder.run("sample copula.model -n 9 --low-discrepancy -o x.csv").refused(&["forest", "copula"]);
}

#[test]
fn given_rows_are_completed() {
    let folder = with_model();
    folder.write("partial.csv", "city,age\nRome,30\nOslo,\n");
    folder.run("sample people.model --like partial.csv -o completed.csv").fine();
    let text = folder.text("completed.csv");
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!((rows[0][1], rows[0][2]), ("30", "Rome"));
    assert_eq!(rows[1][2], "Oslo");
    assert!(!rows[1][1].is_empty());
    folder.run_with_input("sample people.model --like - -o piped.csv", "partial.csv").fine();
    assert_eq!(folder.text("piped.csv"), text);
    folder.write("foreign.csv", "wealth\n3\n");
    folder.run("sample people.model --like foreign.csv -o x.csv").refused(&["wealth"]);
    folder.write("mixed.csv", "city,incme\nRome,3\n");
    folder.run("sample people.model --like mixed.csv -o x.csv").refused(&["incme", "did you mean", "income"]);
    folder.run("sample people.model -o x.csv").refused(&["how many rows"]);
}

#[test]
fn empty_cells_are_filled() {
    let folder = with_model();
    // Other columns, another order, another layout, and values that the model does not know.
    folder.write(
        "data.csv",
        "remark;city;age;income;id\n\"a;b\";Rome;;2000.50;P1\n;;30;;P2\n007;Paris;;1234.567;P3\nx;Oslo;;;P4\n",
    );
    let run = folder.run("impute people.model data.csv -o filled.csv --json filled.json").fine();
    assert_eq!(run.stdout(), "filled.csv: 4 rows, 6 cells filled\n");
    assert!(run.stderr.contains(r#"filled cells: "city" 1, "age" 3, "income" 2"#), "{}", run.stderr);
    let unknown = "say nothing about other cells (1)";
    assert!(run.stderr.contains(unknown) && !run.stderr.contains("Paris"), "{}", run.stderr);
    let text = folder.text("filled.csv");
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(';').collect()).collect();
    assert_eq!(rows[0], ["remark", "city", "age", "income", "id"]);
    assert!(text.lines().nth(1).unwrap().starts_with("\"a;b\";Rome;"), "{text}");
    assert_eq!((rows[2][0], rows[2][2], rows[2][4]), ("", "30", "P2"));
    assert_eq!((rows[3][0], rows[3][1], rows[3][3]), ("007", "Paris", "1234.567"));
    for row in &rows[1..] {
        assert!(row[row.len() - 4..].iter().all(|cell| !cell.is_empty()), "{text}");
    }
    let json: serde_json::Value = serde_json::from_slice(&folder.read("filled.json")).unwrap();
    assert_eq!(json["filled"][1], serde_json::json!({ "column": "age", "cells": 3 }));

    // The same from a pipe into a pipe; another seed, other values.
    let piped = folder.run_with_input("impute people.model - -o -", "data.csv").fine();
    assert_eq!(piped.stdout(), text);
    folder.run("impute people.model data.csv -o other.csv --seed 1").fine();
    assert_ne!(folder.text("other.csv"), text);
    // What has no gaps any more is written as it is.
    folder.write("full.csv", "id,city,remark\nP1,Rome,\nP9,Oslo,1.50\n");
    let run = folder.run("impute people.model full.csv -o again.csv").fine();
    assert!(run.stderr.contains("written as they are"), "{}", run.stderr);
    assert_eq!(folder.text("again.csv"), folder.text("full.csv"));
}

#[test]
fn what_cannot_be_filled_is_told() {
    let folder = Folder::new();
    let rows = |row: usize, column: usize| match column {
        0 => (row % 7).to_string(),
        1 => (row % 7 * 10).to_string(),
        2 => (row * 7919 % 97).to_string(),
        _ => String::new(),
    };
    folder.write("real.csv", crate::fixture::table(&["a", "b", "size", "empty"], 400, rows));
    folder.run("fit real.csv -o model").fine();
    folder.write("data.csv", "a,b,empty\n3,,\n,20,\n");
    let run = folder.run("impute model data.csv -o filled.csv").fine();
    assert_eq!(folder.text("filled.csv"), "a,b,empty\n3,30,\n2,20,\n");
    assert!(run.stderr.contains("\"empty\": the model never saw a value of it"), "{}", run.stderr);

    folder.write("odd.csv", "a,b,c\n3,30,x\n3,20,\n,50,y\n");
    folder.run("impute model odd.csv -o filled.csv").fine();
    folder.write("foreign.csv", "c,d\n1,2\n");
    folder.run("impute model foreign.csv -o x.csv").refused(&["foreign.csv"]);
    folder.write("unfit.csv", "a,size\n,Zanzibar7731\n");
    folder.run("impute model unfit.csv -o x.csv").refused(&["1 cell", "size", "numerical"]);
    folder.run("impute model data.csv -o nowhere/x.csv").refused(&["nowhere"]);
    folder.run("impute - - -o x.csv").refused(&["standard input", "once"]);
    assert!(!folder.path("x.csv").exists());
}

#[test]
fn gates_decide_the_exit_code() {
    let folder = Folder::with_people(300);
    folder.write("other.csv", crate::fixture::people(200));
    let judge = "evaluate --real people.csv --synthetic other.csv";
    let run = folder.run(&format!("{judge} --min shape=0.5 --json -")).fine();
    let result: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(result["evaluation"]["gates"][0]["passed"], true);
    let run = folder.run(&format!("{judge} --min shape=0.5 --max trend=0.1"));
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stdout().contains("FAILED  trend <= 0.1"), "{}", run.stdout());
    // What could not be told keeps no promise.
    let run = folder.run(&format!("{judge} --max dcr-share=0.9"));
    assert_eq!(run.code, Some(1));
    assert!(run.stdout().contains("could not be told"), "{}", run.stdout());
}

#[test]
fn json_stands_alone_on_standard_output() {
    let folder = with_model();
    for line in [
        "inspect people.csv --json -",
        "inspect people.model --json -",
        "split people.csv --share 0.5 -o parts --json -",
        "fit people.csv -o m --json -",
        "sample people.model -n 5 -o s.csv --json -",
    ] {
        let run = folder.run(line).fine();
        let parsed: Result<serde_json::Value, _> = serde_json::from_slice(&run.stdout);
        assert!(parsed.is_ok_and(|value| value.is_object()), "{line}");
    }
    folder.run("sample people.model -n 5 -o - --json -").refused(&["standard output"]);
}

#[test]
fn nothing_is_drawn_or_coloured_where_nobody_watches() {
    let folder = Folder::with_people(100);
    for line in
        ["inspect people.csv", "fit people.csv -o m", "evaluate --real people.csv --synthetic people.csv"]
    {
        let run = folder.run(line).fine();
        assert!(!run.stdout().contains('\u{1b}') && !run.stderr.contains('\u{1b}'), "{line}");
    }
    let quiet = folder.run("fit people.csv -o m --quiet").fine();
    assert!(quiet.stderr.is_empty(), "{}", quiet.stderr);
}

#[test]
fn what_is_shown_fits_narrow_terminals() {
    let folder = with_model();
    for line in
        ["inspect people.csv", "inspect people.model", "evaluate --real people.csv --synthetic people.csv"]
    {
        for columns in [40, 60, 80, 120] {
            let arguments: Vec<&str> = line.split(' ').collect();
            let output = folder.command(&arguments).env("COLUMNS", columns.to_string()).output().unwrap();
            let shown = Run::of(output, line).fine().stdout();
            for text in shown.lines() {
                assert!(text.chars().count() <= columns, "{line} at {columns}: {text:?}");
            }
        }
    }
    let output = folder.command(&["inspect", "people.csv"]).env("LC_ALL", "C").output().unwrap();
    assert!(Run::of(output, "inspect").fine().stdout().is_ascii());
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_nothing_behind() {
    use std::time::{Duration, Instant};

    let folder = with_model();
    folder.write("long.csv", "what was there before");
    let before = folder.list();
    let child = folder
        .command(&["sample", "people.model", "-n", "100000000000", "-o", "long.csv"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Wait until it writes.
    let started = Instant::now();
    let written = || {
        folder
            .list()
            .iter()
            .filter(|name| !before.contains(name))
            .any(|name| std::fs::metadata(folder.path(name)).is_ok_and(|found| found.len() > 0))
    };
    while !written() {
        assert!(started.elapsed() < Duration::from_mins(1), "it does not begin to write");
        std::thread::sleep(Duration::from_millis(20));
    }
    let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let run = Run::of(child.wait_with_output().unwrap(), "sample, interrupted");
    assert_eq!(run.code, Some(130), "{}", run.stderr);
    assert!(run.stderr.contains("stopped"), "{}", run.stderr);
    assert_eq!(folder.list(), before);
    assert_eq!(folder.text("long.csv"), "what was there before");
}

#[test]
fn every_score_is_explained() {
    let folder = Folder::new();
    let all = String::from_utf8(folder.run("explain").fine().stdout).unwrap();
    for metric in lookalike::evaluate::all_metrics() {
        assert!(all.contains(metric.name), "{} is not listed", metric.name);
        let page = folder.run(&format!("explain {}", metric.name)).fine();
        let page = String::from_utf8(page.stdout).unwrap();
        let limits = ["What it cannot tell: ", "How it is gamed: "];
        for part in limits.into_iter().chain([
            "better: ",
            "needs: ",
            "source: ",
            metric.title.split(' ').next().unwrap(),
        ]) {
            assert!(page.contains(part), "{}: {part}", metric.name);
        }
    }
    folder.run("explain beauty").refused(&["beauty", "lists all of them"]);
}

#[test]
fn few_scores_are_shown_and_all_on_request() {
    let folder = Folder::with_people(300);
    folder.run("split people.csv --share 0.3 -o parts").fine();
    let line = "evaluate --real parts/train.csv --synthetic parts/holdout.csv";
    let few = String::from_utf8(folder.run(line).fine().stdout).unwrap();
    assert!(few.contains("accuracy-2") && !few.contains("wnmis") && few.contains("more: --all"));
    let all = String::from_utf8(folder.run(&format!("{line} --all")).fine().stdout).unwrap();
    assert!(all.contains("wnmis") && all.contains("range-coverage") && !all.contains("more: --all"));
}
