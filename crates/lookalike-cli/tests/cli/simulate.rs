//! `simulate`, `inspect --emit-schema`, and dials.

use std::fmt::Write as _;
use std::path::Path;

use crate::fixture::Folder;

const SCHEMA: &str = "\
[columns.age]
type = 'uniform-integer'
low = 18
high = 90
[columns.income]
type = 'log-normal'
median = '20000 + 300 * age'
sigma = 0.4
decimals = 2
[columns.member]
type = 'boolean'
share = 0.3
";

#[test]
fn rows_come_from_a_schema_alone() {
    let folder = Folder::new();
    folder.write("schema.toml", SCHEMA);
    folder.run("simulate schema.toml -n 500 -o rows.csv").fine();
    folder.run("simulate schema.toml -n 200 -o short.csv --threads 1").fine();
    // Without a file they go to standard output.
    assert_eq!(folder.run("simulate schema.toml -n 200").fine().stdout(), folder.text("short.csv"));
    let (long, short) = (folder.text("rows.csv"), folder.text("short.csv"));
    assert_eq!(long.lines().count(), 501);
    assert!(long.starts_with(&short));
    assert!(long.starts_with("age,income,member\n"));
    folder.run("simulate schema.toml -n 500 -o other.csv --seed 9").fine();
    assert_ne!(folder.text("other.csv"), long);
    folder.run("simulate schema.toml -n 500 -o rows.parquet").fine();
}

#[test]
fn the_schemas_of_the_documentation_run() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/simulate.md");
    let text = std::fs::read_to_string(path).expect("the documentation");
    let schemas: Vec<&str> =
        text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(schemas.len(), 4);
    let folder = Folder::new();
    for schema in schemas {
        folder.write("schema.toml", schema);
        folder.run("simulate schema.toml -n 200 -o out --format csv").fine();
        let _ = std::fs::remove_dir_all(folder.path("out"));
        let _ = std::fs::remove_file(folder.path("out"));
    }
}

#[test]
fn constraints_hold_in_the_written_file() {
    let folder = Folder::new();
    let schema =
        "constraints = ['age <= limit', \"if member = 'true' then income is present\", 'unique(key)']\n";
    let more = "[columns.limit]\ntype = 'normal'\nmean = 60\nsd = 30\ndecimals = 0\n\
                [columns.key]\ntype = 'uniform-integer'\nlow = 1\nhigh = 5000\n";
    let columns = SCHEMA.replace("decimals = 2\n", "decimals = 2\nmissing = 0.3\n");
    folder.write("schema.toml", format!("{schema}{columns}{more}"));
    folder.run("simulate schema.toml -n 5000 -o rows.csv").fine();
    let mut keys = std::collections::BTreeSet::new();
    for line in folder.text("rows.csv").lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |index: usize| cells[index].parse::<f64>().unwrap();
        assert!(number(0) <= number(3), "{line}");
        assert!(cells[2] != "true" || !cells[1].is_empty(), "{line}");
        assert!(keys.insert(cells[4].to_owned()), "{line}");
    }
    let run = folder.run("simulate schema.toml -n 5001 -o rows.csv");
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("the unique column \"key\" has 5000 different values"), "{}", run.stderr);
}

#[test]
fn what_is_wrong_with_a_schema_is_told_by_line() {
    let folder = Folder::new();
    for (schema, told) in [
        ("[columns.x]\ntype = 'normal'\nmaen = 1", "schema.toml: line 3: unknown key `maen`"),
        ("[columns.x]\ntype = 'category'\nvalues = ['a', 'b']\nshares = [0.6, 0.6]", "sum to 1.2, not to 1"),
        (
            "[columns.a]\ntype = 'computed'\nexpression = 'b'\n[columns.b]\ntype = 'computed'\nexpression = 'a'",
            "line 3: columns are computed in a circle: \"a\" from \"b\", and \"b\" from \"a\" again",
        ),
        (
            "[columns.x]\ntype = 'pattern'\npattern = '[0-9]'\nunique = true",
            "has 10 different texts, fewer than the 50 rows",
        ),
        (
            "[columns.x]\ntype = 'normal'\nmin = 3\nmax = 1",
            "line 4: `min` of column \"x\" is not below `max`",
        ),
        ("[columns.x", "line 1: "),
    ] {
        folder.write("schema.toml", schema);
        let run = folder.run("simulate schema.toml -n 50 -o rows.csv");
        assert_eq!(run.code, Some(2), "{schema}");
        assert!(run.stderr.contains(told), "{schema}: {}", run.stderr);
    }
    assert!(!folder.list().contains(&"rows.csv".to_owned()));
}

#[test]
fn dials_change_rows_and_say_so() {
    let folder = Folder::new();
    folder.write("schema.toml", SCHEMA);
    folder.run("simulate schema.toml -n 5000 -o plain.csv").fine();
    let dialled = "simulate schema.toml -o changed.csv --dial missing~income~0.2 --dial label-noise~member~0.1 --truth what -n";
    folder.run(&format!("{dialled} 5000")).fine();
    let (plain, changed) = (folder.text("plain.csv"), folder.text("changed.csv"));
    let mut counts = [0; 3];
    for (before, after) in plain.lines().zip(changed.lines()).skip(1) {
        let (before, after): (Vec<&str>, Vec<&str>) =
            (before.split(',').collect(), after.split(',').collect());
        assert_eq!(after[1].is_empty(), after[3].contains("missing income"));
        assert_eq!(before[2] != after[2], after[3].contains("label-noise member"));
        counts[0] += usize::from(after[1].is_empty());
        counts[1] += usize::from(before[2] != after[2]);
        counts[2] += usize::from(after[3].is_empty());
    }
    assert!((850..1150).contains(&counts[0]) && (400..600).contains(&counts[1]), "{counts:?}");
    folder.run(&format!("{dialled} 3000")).fine();
    assert!(changed.starts_with(&folder.text("changed.csv")));
    folder.run("simulate schema.toml -n 4000 -o odds.csv --dial prevalence~member~true~odds=9").fine();
    let members = folder.text("odds.csv").lines().filter(|line| line.ends_with("true")).count();
    // 0.3 * 9 / (0.7 + 0.3 * 9)
    assert!((3050..3300).contains(&members), "{members}");
    for (dial, told) in [
        ("missing~incom~0.2", "there is no column \"incom\"; did you mean \"income\"?"),
        ("mising~income~0.2", "there is no dial `mising`; did you mean `missing`?"),
        ("missing~income~2", "has to be a share from 0 to 1"),
        ("spikes~member~0.1~3", "it needs a column of numbers, and \"member\" is boolean"),
    ] {
        let run = folder.run(&format!("simulate schema.toml -n 10 -o x.csv --dial {dial}"));
        assert_eq!(run.code, Some(2));
        assert!(run.stderr.contains(told), "{dial}: {}", run.stderr);
    }
}

#[test]
fn dials_turn_on_samples_of_models() {
    let folder = Folder::with_people(400);
    folder.run("fit people.csv -o people.model --method copula --quiet").fine();
    let dial = "--dial missing~age~0.5 --truth what";
    folder.run(&format!("sample people.model -n 5000 -o all.csv {dial}")).fine();
    folder.run(&format!("sample people.model --rows 3000..5000 -o part.csv {dial}")).fine();
    let all: Vec<String> = folder.text("all.csv").lines().map(str::to_owned).collect();
    let part: Vec<String> = folder.text("part.csv").lines().map(str::to_owned).collect();
    assert_eq!(all[3001..], part[1..]);
    assert!(all[0].ends_with("what"));
}

#[test]
fn a_schema_comes_of_a_table_and_rows_of_it() {
    let folder = Folder::with_people(2000);
    folder.run("inspect people.csv --emit-schema people.toml --quiet").fine();
    folder.run("simulate people.toml -n 2000 -o like.csv").fine();
    let header = |name: &str| folder.text(name).lines().next().unwrap_or_default().to_owned();
    assert_eq!(header("like.csv"), header("people.csv"));
    folder.run("evaluate --real people.csv --synthetic like.csv --min shape=0.9 --quiet").fine();
}

#[test]
fn several_tables_go_into_a_folder() {
    let folder = Folder::new();
    folder.write(
        "schema.toml",
        "[tables.shops.columns.id]\ntype = 'sequence'\n[tables.sales]\nparent = 'shops'\nchildren = 3\n\
         [tables.sales.columns.shop]\ntype = 'parent'\ncolumn = 'id'\n[tables.sales.columns.x]\ntype = 'normal'",
    );
    folder.run("simulate schema.toml -n 10 -o shop").fine();
    assert_eq!(folder.text("shop/shops.csv").lines().count(), 11);
    assert_eq!(folder.text("shop/sales.csv").lines().count(), 31);
}

#[test]
fn examples_are_drawn_from() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let folder = Folder::new();
    let mut count = 0;
    for entry in std::fs::read_dir(examples).expect("the examples") {
        let path = entry.expect("an entry").path().join("schema.toml");
        if !path.exists() {
            continue;
        }
        count += 1;
        folder.write("schema.toml", std::fs::read(&path).expect("a schema"));
        folder.run("simulate schema.toml -n 3000 -o rows.csv --truth done").fine();
        let rows = folder.text("rows.csv");
        assert_eq!(rows.lines().count(), 3001, "{}", path.display());
        folder.run("simulate schema.toml -n 100 -o start.csv --truth done").fine();
        assert!(rows.starts_with(&folder.text("start.csv")), "{}", path.display());
    }
    assert_eq!(count, 6);
}

#[test]
fn declared_constraints_go_into_the_schema_and_hold() {
    let folder = Folder::new();
    let mut text = String::from("low,high,sum,street,town\n");
    for row in 0..600 {
        let (low, high) = (row * 7 % 50, row * 7 % 50 + row * 3 % 20);
        let address = if row % 3 == 0 { "," } else { "Main,Bonn" };
        writeln!(text, "{low},{high},{},{address}", low + high).unwrap();
    }
    folder.write("data.csv", text);
    let rules = "--constraint low<=high --constraint sum=low+high --constraint all_or_none(street,town) --constraint unique(low,high)";
    folder.run(&format!("inspect data.csv --emit-schema data.toml --quiet {rules}")).fine();
    let schema = folder.text("data.toml");
    assert!(
        schema.contains("\"low <= high\"") && schema.contains("# Not kept: unique(low, high)"),
        "{schema}"
    );
    folder.run("simulate data.toml -n 3000 -o rows.csv").fine();
    for line in folder.text("rows.csv").lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |index: usize| cells[index].parse::<i64>().unwrap();
        assert!(number(0) <= number(1) && number(2) == number(0) + number(1), "{line}");
        assert_eq!(cells[3].is_empty(), cells[4].is_empty());
    }
}
