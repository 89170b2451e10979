//! The tutorial runs from its first step to its last, on part of the table.

use std::process::Command;

#[test]
fn every_step_is_told() {
    let run = Command::new(env!("CARGO_BIN_EXE_adult-tutorial"))
        .args(["--rows", "4000", "--seeds", "2", "--epochs", "5", "--repeats", "1"])
        .output()
        .expect("the example starts");
    let told = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    for words in [
        "4000 rows, 15 columns",
        "reconstruction ",
        "15000 rows of the class >50K are made",
        "measured here, before",
        "measured here, after",
        "threshold moved",
        "generator chosen on validation",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let steps = told
        .lines()
        .filter(|line| line.split_once(". ").is_some_and(|(number, _)| number.parse::<u8>().is_ok()));
    assert_eq!(steps.count(), 11, "{told}");
}
