//! Networks: how long they learn, what they leave, and how they are stopped.

use crate::fixture::Folder;

#[test]
fn learning_is_taken_up_where_it_was_left() {
    let folder = Folder::with_people(600);
    let fit = |options: &str| folder.run(&format!("fit people.csv -o people.model --seed 3 {options}"));
    fit("--method tvae --epochs 30 --checkpoint left --resume").refused(&["left"]);
    // What a broken-off run leaves is what a shorter one does, but for the time that it is given.
    fit("--method tvae --epochs 30 --checkpoint left").fine();
    let whole = folder.read("people.model");
    std::fs::remove_file(folder.path("people.model")).expect("the model is there");
    fit("--method tvae --epochs 30 --checkpoint left --resume").fine();
    assert!(folder.read("people.model") == whole, "the model that is taken up is another one");
    fit("--method tvae --epochs 31 --checkpoint left --resume").refused(&["left", "other options"]);
    folder.write("left", "no checkpoint at all");
    fit("--method tvae --epochs 30 --checkpoint left --resume").refused(&["left", "no checkpoint"]);
    fit("--method forest --checkpoint left").refused(&["forest"]);
    let run = fit("--method tvae --resume");
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    assert!(run.stderr.contains("--checkpoint"), "{}", run.stderr);
}

#[test]
fn options_of_one_method_are_refused_for_others() {
    let folder = Folder::with_people(100);
    let fit = |options: &str| folder.run(&format!("fit people.csv -o people.model {options}"));
    fit("--epochs 3").refused(&["forest", "--epochs"]);
    fit("--method gan --preset paper").refused(&["gan", "--preset"]);
    fit("--budget 3s").refused(&["--budget", "auto"]);
    fit("--method auto --epochs 3").refused(&["--epochs", "auto"]);
    fit("--method gan --epochs 0").refused(&["gan.epochs"]);
    fit("--method gan --max-seconds=-1").refused(&["max-seconds"]);
    assert_eq!(folder.list(), ["people.csv"]);
}

#[test]
fn the_best_method_is_found_and_said() {
    let folder = Folder::with_people(600);
    let run = folder.run("fit people.csv -o people.model --method auto --budget 2s --json found.json").fine();
    assert!(run.stderr.contains("copula") && run.stderr.contains("held-out rows"), "{}", run.stderr);
    let found: serde_json::Value = serde_json::from_str(&folder.text("found.json")).expect("JSON");
    let trials = found["trials"].as_array().expect("what was tried");
    assert!(trials.len() > 3 && trials[0]["method"] == "copula" && trials[0]["score"].is_number(), "{found}");
    let shown = folder.run("inspect people.model").fine().stdout();
    assert!(shown.contains(&format!("A model ({})", found["method"].as_str().expect("a name"))), "{shown}");
}

#[test]
fn rows_are_drawn_around_a_file() {
    let folder = Folder::with_people(600);
    folder.run("fit people.csv -o people.model --method vae --epochs 3").fine();
    folder.write("partial.csv", "city,age\nRome,30\nAtlantis,40\nRome,\n");
    let run = folder.run("sample people.model --around partial.csv -o more.csv").fine();
    assert_eq!(folder.text("more.csv").lines().count(), 4);
    assert!(run.stderr.contains("around given ones"), "{}", run.stderr);
    assert!(run.stderr.contains("(1)") && !run.stderr.contains("Atlantis"), "{}", run.stderr);
    folder.run("sample people.model --around partial.csv -n 9 -o nine.csv").fine();
    assert!(
        folder.text("nine.csv").starts_with(&folder.text("more.csv")),
        "a shorter sample is the beginning"
    );
    folder.run("sample people.model --around partial.csv --like people.csv -o x.csv").refused(&["--like"]);
    folder.write("empty.csv", "city,age\n");
    folder.run("sample people.model --around empty.csv -o x.csv").refused(&["no rows"]);
    folder.run("fit people.csv -o forest.model").fine();
    folder.run("sample forest.model --around partial.csv -o x.csv").refused(&["vae", "forest"]);
    assert!(!folder.path("x.csv").exists());
}

/// The first Ctrl-C ends learning and keeps the best so far.
#[cfg(unix)]
#[test]
fn an_interrupt_keeps_what_was_learned() {
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    let folder = Folder::with_people(600);
    let line = "fit people.csv -o people.model --method tvae --epochs 4000000";
    let arguments: Vec<&str> = line.split_whitespace().collect();
    let mut command = folder.command(&arguments);
    let started = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    // Ten seconds are enough to read 600 rows and to begin.
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(10) {
        std::thread::sleep(Duration::from_millis(100));
    }
    let sent = Command::new("kill").args(["-INT", &started.id().to_string()]).status().expect("kill runs");
    assert!(sent.success());
    let output = started.wait_with_output().expect("it ends");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(told.contains("ended early"), "{told}");
    folder.run("sample people.model -n 5 -o rows.csv").fine();
}
