//! `lookalike evaluate` of several synthetic tables, and gates as `JUnit` XML.

use crate::fixture::{Folder, people, table};

/// A real table, a holdout, a synthetic table that is nearly as good as real, and one that is noise.
fn with_tables() -> Folder {
    let folder = Folder::new();
    let rows = |from: usize, to: usize| {
        let text = people(to);
        let lines: Vec<&str> = text.lines().collect();
        [&lines[..1], &lines[from + 1..]].concat().join("\n") + "\n"
    };
    folder.write("real.csv", rows(0, 400));
    folder.write("holdout.csv", rows(400, 800));
    folder.write("good.csv", rows(800, 1200));
    let names = ["id", "age", "city", "member", "joined", "income"];
    folder.write(
        "noise.csv",
        table(&names, 400, |row, column| match column {
            0 => format!("P{row:05}"),
            1 => (18 + row % 3).to_string(),
            2 => "Rome".to_owned(),
            3 => "yes".to_owned(),
            4 => "2019-01-01".to_owned(),
            _ => (row % 5).to_string(),
        }),
    );
    folder
}

#[test]
fn several_tables_are_shown_side_by_side() {
    let folder = with_tables();
    let line = "evaluate --real real.csv --holdout holdout.csv --target city";
    let run = folder.run(&format!("{line} --synthetic noise.csv good.csv --json both.json")).fine();
    let shown = run.stdout();
    for words in ["Side by side:", "A  noise.csv", "B  good.csv", "overall: B (", "fidelity: B ("] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let both: serde_json::Value = serde_json::from_slice(&folder.read("both.json")).unwrap();
    assert!(both.get("evaluation").is_none());
    let evaluations = both["evaluations"].as_array().unwrap();
    assert_eq!((&evaluations[0]["file"], &evaluations[1]["file"]), (&"noise.csv".into(), &"good.csv".into()));
    assert_eq!(both["comparison"]["order"][0]["table"], 1);
    // One alone has the shape that it always had, and the same scores.
    folder.run(&format!("{line} --synthetic good.csv --json one.json")).fine();
    let one: serde_json::Value = serde_json::from_slice(&folder.read("one.json")).unwrap();
    assert_eq!(one["evaluation"], evaluations[1]["evaluation"]);
    // The option may be repeated, and equal tables share their ranks.
    let line = format!("{line} --synthetic good.csv --synthetic ./good.csv --json same.json");
    let shown = folder.run(&line).fine().stdout();
    assert!(shown.contains("overall: A (1.5) ~ B (1.5)"), "{shown}");
    assert!(shown.contains("B  ./good.csv"), "{shown}");
}

#[test]
fn gates_are_written_for_build_servers() {
    let folder = with_tables();
    let line = "evaluate --real real.csv --synthetic good.csv noise.csv --junit gates.xml";
    let run = folder.run(&format!("{line} --min shape=0.8 --max dcr-share=0.6"));
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let text = folder.text("gates.xml");
    assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"), "{text}");
    assert!(text.contains("<testsuite name=\"lookalike\" tests=\"4\" failures=\"3\">"), "{text}");
    assert_eq!(text.matches("<testcase ").count(), 4);
    assert_eq!(text.matches("message=\"could not be told: dcr-share").count(), 2, "{text}");
    assert_eq!(text.matches("message=\"shape is ").count(), 1, "{text}");
    folder.run(&format!("{line} --min shape=0.1")).fine();
    assert!(folder.text("gates.xml").contains("failures=\"0\""));
    folder.run(line).refused(&["--junit", "--min"]);
}
