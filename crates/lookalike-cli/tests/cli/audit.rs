//! `lookalike audit`: what it says, and what it refuses.

use crate::fixture::Folder;

#[test]
fn an_audit_says_what_it_found_and_what_not() {
    let folder = Folder::with_people(300);
    let line = "audit people.csv --method independent --refits 16 --targets 13 --json";
    let shown = folder.run(&format!("{line} one.json --threads 1")).fine().stdout();
    for word in ["ordinary", "outlying", "planted", "all", "Could not tell:", "0.1 %"] {
        assert!(shown.contains(word), "{word}: {shown}");
    }
    assert!(shown.contains("independent learned 16 times from 261 rows"), "{shown}");
    assert!(!shown.contains(crate::fixture::SECRET));
    folder.run(&format!("{line} two.json --threads 2")).fine();
    let text = folder.text("one.json");
    assert_eq!(text, folder.text("two.json"));
    assert!(!text.contains(crate::fixture::SECRET));
    let scores: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(scores["audit"]["records"].as_array().unwrap().len(), 39);
    assert_eq!(scores["audit"]["columns_compared"].as_array().unwrap().len(), 5);
    // 52 decisions of a kind in each half are too few for 1 %, so the gate cannot be kept.
    let run = folder.run(&format!("{line} - --max-tpr 1"));
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let scores: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(scores["gate"]["passed"], false);
    assert!(scores["gate"]["at_most"].is_null());
}

#[test]
fn audits_that_cannot_be_done_are_refused() {
    let folder = Folder::with_people(100);
    folder.run("audit people.csv --refits 0").refused(&["multiple of 4", "0"]);
    folder.run("audit people.csv --targets 0").refused(&["at least 1 target"]);
    folder.run("audit people.csv --targets 200").refused(&["more than half", "100 units"]);
    folder.run("audit people.csv --targets 5 --rows 99").refused(&["fewer rows"]);
    folder.run("audit people.csv --unit patient").refused(&["patient"]);
    folder.run("audit people.csv --method oracle").refused(&["oracle"]);
    folder.run("audit people.csv --method copula --effort fast").refused(&["effort"]);
    folder.run("audit people.csv --max-tpr 0.01").refused(&["cannot fall below", "more refits"]);
    folder.run("audit nobody.csv").refused(&["nobody.csv"]);
}
