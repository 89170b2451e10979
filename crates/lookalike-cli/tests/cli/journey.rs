//! The main job, command by command and at once.

use crate::fixture::Folder;

#[test]
fn every_command_does_its_part() {
    let folder = Folder::with_people(600);
    let shown = folder.run("inspect people.csv").fine().stdout();
    for column in ["id", "age", "city", "member", "joined", "income"] {
        assert!(shown.contains(column), "{shown}");
    }
    for kind in ["numerical", "categorical", "boolean", "datetime"] {
        assert!(shown.contains(kind), "{kind}: {shown}");
    }

    let shown = folder.run("split people.csv --share 0.25 -o parts").fine().stdout();
    assert_eq!(shown, "parts/train.csv: 450 rows\nparts/holdout.csv: 150 rows\n");
    let (train, holdout) = (folder.text("parts/train.csv"), folder.text("parts/holdout.csv"));
    let mut rows: Vec<&str> = train.lines().skip(1).chain(holdout.lines().skip(1)).collect();
    rows.sort_unstable();
    let people = folder.text("people.csv");
    assert_eq!(
        rows,
        people.lines().skip(1).collect::<Vec<_>>(),
        "every row is on one side, spelled as it was"
    );

    folder.run("fit parts/train.csv -o people.model --target income").fine();
    let shown = folder.run("inspect people.model").fine().stdout();
    assert!(shown.contains("A model (forest) of 450 rows and 6 columns"), "{shown}");
    assert!(shown.contains("holds no training rows"), "{shown}");

    folder.run("sample people.model -n 450 -o synthetic.csv").fine();
    let synthetic = folder.text("synthetic.csv");
    assert_eq!(synthetic.lines().count(), 451);
    assert_eq!(synthetic.lines().next(), people.lines().next());

    let run = folder
        .run("evaluate --real parts/train.csv --holdout parts/holdout.csv --synthetic synthetic.csv --target income")
        .fine();
    let shown = run.stdout();
    for score in ["validity", "shape", "trend", "c2st", "tstr", "dcr-share", "copies"] {
        assert!(shown.contains(score), "{score}: {shown}");
    }
    assert!(shown.contains("no evidence of copying under these tests"), "{shown}");
}

#[test]
fn the_rows_of_a_unit_are_judged_together() {
    let folder = Folder::new();
    for (name, shift) in [("real.csv", 0), ("other.csv", 1000)] {
        let rows = |row: usize, column: usize| match column {
            0 => format!("p{:04}", shift + row / 10),
            1 => format!("{}.5", (shift + row / 10) * 7919 % 9973),
            _ => (row * 31 % 97).to_string(),
        };
        folder.write(name, crate::fixture::table(&["person", "trait", "noise"], 800, rows));
    }
    let judge = |options: &str| {
        folder.run(&format!("evaluate --real real.csv --synthetic other.csv --json e.json {options}")).fine();
        let scores: serde_json::Value = serde_json::from_slice(&folder.read("e.json")).unwrap();
        let metrics = scores["evaluation"]["metrics"].as_array().unwrap().clone();
        let metric = |name: &str| metrics.iter().find(|metric| metric["name"] == name).unwrap().clone();
        let interval = &metric("shape")["interval"];
        let width = interval["high"].as_f64().unwrap() - interval["low"].as_f64().unwrap();
        (metric("c2st-train")["value"].as_f64().unwrap(), width)
    };
    let (by_unit, by_row) = (judge("--unit person"), judge("--column person=text"));
    assert!(by_unit.0 > by_row.0 + 0.2);
    // Eighty people say less than eight hundred rows seem to.
    assert!(by_unit.1 > 1.3 * by_row.1, "{} and {}", by_unit.1, by_row.1);
    folder.run("evaluate --real real.csv --synthetic other.csv --unit patient").refused(&["patient"]);
}

#[test]
fn without_a_holdout_it_is_said_what_could_not_be_told() {
    let folder = Folder::with_people(200);
    folder.write("other.csv", crate::fixture::people(100));
    let shown = folder.run("evaluate --real people.csv --synthetic other.csv").fine().stdout();
    assert!(shown.contains("Could not tell:"), "{shown}");
    assert!(!shown.contains("evidence of copying"), "{shown}");
}

#[test]
fn a_plan_is_the_commands_in_a_row() {
    let folder = Folder::with_people(500);
    folder.write(
        "plan.toml",
        "seed = 3\n[input]\nfile = \"people.csv\"\n[split]\nshare = 0.2\n[fit]\ntarget = \"city\"\n\
         [output]\nfolder = \"out\"\n",
    );
    folder.run("run plan.toml --json scores.json").fine();
    folder.run("split people.csv --share 0.2 -o parts --seed 3").fine();
    folder.run("fit parts/train.csv -o people.model --target city --seed 3").fine();
    folder.run("sample people.model -n 400 -o synthetic.csv --seed 3").fine();
    assert_eq!(folder.text("out/train.csv"), folder.text("parts/train.csv"));
    assert_eq!(folder.text("out/holdout.csv"), folder.text("parts/holdout.csv"));
    assert_eq!(folder.text("out/synthetic.csv"), folder.text("synthetic.csv"));

    let scores: serde_json::Value = serde_json::from_slice(&folder.read("scores.json")).unwrap();
    let own: serde_json::Value = serde_json::from_slice(&folder.read("out/evaluation.json")).unwrap();
    assert_eq!(scores["evaluation"], own);
    assert_eq!(scores["files"].as_array().unwrap().len(), 7);
    assert!(folder.text("out/report.html").contains("How alike"));

    // The flag overrules the plan.
    folder.run("run plan.toml --seed 4").fine();
    assert_ne!(folder.text("out/synthetic.csv"), folder.text("synthetic.csv"));
}

/// The bytes of a report of a run, without what differs between equal runs: its cost.
fn without_cost(page: &str) -> String {
    let (start, end) =
        (page.find("<section id=\"cost\"").unwrap(), page.find("<section id=\"origin\"").unwrap());
    format!("{}{}", &page[..start], &page[end..])
}

#[test]
fn equal_runs_differ_in_nothing_but_their_cost() {
    let folder = Folder::with_people(400);
    folder.write(
        "plan.toml",
        "[input]\nfile = \"people.csv\"\n[fit]\ntarget = \"city\"\n[evaluate]\nmin = { shape = 0.5, trend = 0.9999 }\n",
    );
    let shown = folder.run("run plan.toml").stdout();
    assert!(shown.contains("cost: read ") && shown.contains("; model of "), "{shown}");
    let first = ["evaluation.json", "run.json", "report.html"]
        .map(|file| folder.text(&format!("lookalike-out/{file}")));
    folder.run("run plan.toml");
    let second = ["evaluation.json", "run.json", "report.html"]
        .map(|file| folder.text(&format!("lookalike-out/{file}")));
    assert_eq!(first[0], second[0]);
    assert_ne!(first[1], second[1], "no two runs take the same nanoseconds");
    // The seconds that a run took are all that may differ.
    assert_eq!(without_cost(&first[2]), without_cost(&second[2]));

    let record: serde_json::Value = serde_json::from_str(&second[1]).unwrap();
    let phases: Vec<&str> =
        record["phases"].as_array().unwrap().iter().map(|phase| phase["phase"].as_str().unwrap()).collect();
    assert_eq!(phases, ["read", "fit", "sample", "judge"]);
    assert_eq!((record["rows_learned"].as_u64(), record["rows_sampled"].as_u64()), (Some(320), Some(320)));
    assert_eq!(
        record["model_bytes"].as_u64(),
        Some(folder.read("lookalike-out/model.lookalike").len() as u64)
    );

    // The page can be made again from both files, and without the record it has no cost.
    folder.run("report lookalike-out/evaluation.json --record lookalike-out/run.json -o again.html").fine();
    assert_eq!(folder.text("again.html"), second[2]);
    folder.run("report lookalike-out/evaluation.json -o plain.html").fine();
    assert!(!folder.text("plain.html").contains("What it cost"));
    folder
        .run("report lookalike-out/evaluation.json --record lookalike-out/evaluation.json -o x.html")
        .refused(&["evaluation.json", "run.json"]);

    // Verdicts of gates, the likelihood and where the tables are from.
    assert!(second[2].contains("Gates: 1 of 2 kept"));
    let scores: serde_json::Value = serde_json::from_str(&second[0]).unwrap();
    assert_eq!(scores["gates"][1]["score"], "trend");
    let metrics = scores["metrics"].as_array().unwrap();
    let likelihood = metrics.iter().find(|metric| metric["name"] == "log-likelihood").unwrap();
    assert!(likelihood["value"].as_f64().unwrap() > likelihood["baseline"].as_f64().unwrap(), "{likelihood}");
    let tstr = metrics.iter().find(|metric| metric["name"] == "tstr").unwrap();
    assert_eq!(tstr["details"]["draws"].as_f64(), Some(3.0), "{tstr}");
    let sources = scores["provenance"]["sources"].as_array().unwrap();
    let tables: Vec<&str> = sources.iter().map(|source| source["table"].as_str().unwrap()).collect();
    assert_eq!(tables, ["training", "holdout", "synthetic"]);
    assert_eq!((sources[1]["rows"].as_u64(), sources[2]["file"].as_str()), (Some(80), Some("synthetic.csv")));
    assert!(sources[0]["made"].as_str().unwrap().contains("share 0.2, seed 0"), "{sources:?}");
}

#[test]
fn a_method_that_cannot_tell_likelihoods_says_so() {
    let folder = Folder::with_people(300);
    folder.write("plan.toml", "[input]\nfile = \"people.csv\"\n[synthesizer.copula]\n");
    folder.run("run plan.toml").fine();
    let scores: serde_json::Value =
        serde_json::from_slice(&folder.read("lookalike-out/evaluation.json")).unwrap();
    let metrics = scores["metrics"].as_array().unwrap();
    let likelihood = metrics.iter().find(|metric| metric["name"] == "log-likelihood").unwrap();
    assert!(likelihood["skipped"].as_str().unwrap().contains("copula"), "{likelihood}");
}

#[test]
fn a_plan_samples_what_it_is_asked_for() {
    let folder = Folder::with_people(300);
    folder.write(
        "plan.toml",
        "[input]\nfile = \"people.csv\"\n[sample]\nrows = 50\nwhere = [\"age>=40\"]\n[synthesizer.independent]\n",
    );
    folder.run("run plan.toml").fine();
    let ages: Vec<u32> = folder
        .text("lookalike-out/synthetic.csv")
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(1).unwrap().parse().unwrap())
        .collect();
    assert_eq!(ages.len(), 50);
    assert!(ages.iter().all(|&age| age >= 40), "{ages:?}");
}

#[test]
fn a_plan_samples_evenly_if_it_is_asked_to() {
    let folder = Folder::with_people(300);
    let plan = |sample: &str, method: &str| {
        format!("[input]\nfile = \"people.csv\"\n[sample]\nrows = 64\n{sample}\n[synthesizer.{method}]\n")
    };
    folder.write("plan.toml", plan("low-discrepancy = true", "forest"));
    let run = folder.run("run plan.toml").fine();
    assert!(run.stderr.contains("not independent of each other"), "{}", run.stderr);
    folder.run("sample lookalike-out/model.lookalike -n 64 --low-discrepancy -o even.csv").fine();
    assert_eq!(folder.text("lookalike-out/synthetic.csv"), folder.text("even.csv"));
    folder.write("where.toml", plan("where = [\"age>=40\"]\nlow-discrepancy = true", "forest"));
    folder.run("run where.toml").refused(&["low-discrepancy", "conditions"]);
    folder.write("copula.toml", plan("low-discrepancy = true", "copula"));
    folder.run("run copula.toml").refused(&["low-discrepancy", "forest"]);
}

#[test]
fn plans_that_cannot_be_run_are_refused() {
    let folder = Folder::with_people(50);
    folder.write("typo.toml", "[input]\nfile = \"people.csv\"\n[fit]\ntraget = \"city\"\n");
    folder.run("run typo.toml").refused(&["typo.toml", "line 4", "traget"]);
    folder.write("gate.toml", "[input]\nfile = \"people.csv\"\n[evaluate]\nmin = { beauty = 1 }\n");
    folder.run("run gate.toml").refused(&["beauty", "trend"]);
    folder.write("lost.toml", "[input]\nfile = \"nobody.csv\"\n");
    folder.run("run lost.toml").refused(&["nobody.csv"]);
    folder.run("run no-plan.toml").refused(&["no-plan.toml"]);
}

#[test]
fn the_demo_needs_nothing() {
    let folder = Folder::new();
    let run = folder.run("demo --out here").fine();
    let shown = run.stdout();
    assert!(shown.contains("9,768 rows held out"), "{shown}");
    for file in [
        "adult.csv",
        "plan.toml",
        "train.csv",
        "holdout.csv",
        "synthetic.csv",
        "model.lookalike",
        "report.html",
    ] {
        assert!(folder.path("here").join(file).exists(), "{file}");
    }
    assert!(run.stderr.contains("CC BY 4.0"), "{}", run.stderr);
    assert_eq!(folder.list(), ["here"]);

    // Reduced figures with slack: the full ones are in lookalike-bench.
    let scores: serde_json::Value = serde_json::from_slice(&folder.read("here/evaluation.json")).unwrap();
    let value = |name: &str| {
        let metrics = scores["metrics"].as_array().unwrap();
        metrics.iter().find(|metric| metric["name"] == name).unwrap()["value"].as_f64().unwrap()
    };
    assert!(value("shape") > 0.95, "{}", value("shape"));
    assert!(value("trend") > 0.9, "{}", value("trend"));
    assert!(value("dcr-share-tie-split") < 0.55, "{}", value("dcr-share-tie-split"));
}
