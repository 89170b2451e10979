//! Files that are not what one hopes for: the right result, or one sentence with a cure.

use crate::fixture::{Folder, SECRET, people, table};

#[test]
fn missing_files_are_named() {
    let folder = Folder::new();
    for line in [
        "inspect nobody.csv",
        "split nobody.csv --share 0.2 -o parts",
        "fit nobody.csv -o m",
        "sample nobody.csv -n 5 -o x.csv",
        "evaluate --real nobody.csv --synthetic nobody.csv",
        "run nobody.csv",
    ] {
        folder.run(line).refused(&["nobody.csv"]);
    }
    folder.write("lost.toml", "[input]\nfile = \"nobody.csv\"\n[output]\nfolder = \"a/b\"\n");
    folder.run("run lost.toml").refused(&["nobody.csv"]);
    assert_eq!(folder.list(), ["lost.toml"], "an empty folder is left behind");
    std::fs::create_dir(folder.path("mine")).unwrap();
    folder.run("split nobody.csv --share 0.2 -o mine").refused(&["nobody.csv"]);
    assert!(folder.path("mine").exists(), "what was there before is gone");
}

#[test]
fn an_empty_file_is_refused() {
    let folder = Folder::new();
    folder.write("empty.csv", "");
    folder.run("inspect empty.csv").refused(&["empty.csv", "empty"]);
    folder.run("fit empty.csv -o m").refused(&["empty.csv"]);
    folder.run("evaluate --real empty.csv --synthetic empty.csv").refused(&["empty.csv"]);
    assert_eq!(folder.list(), ["empty.csv"]);
}

#[test]
fn a_header_alone_is_a_table_without_rows() {
    let folder = Folder::new();
    folder.write("header.csv", "name,age\n");
    let shown = folder.run("inspect header.csv").fine().stdout();
    assert!(shown.contains("0 rows") && shown.contains("name") && shown.contains("age"), "{shown}");
    folder.run("fit header.csv -o m").refused(&["no rows"]);
    folder.run("split header.csv --share 0.5 -o parts").refused(&["would be empty"]);
    folder.run("evaluate --real header.csv --synthetic header.csv").refused(&["no rows"]);
}

#[test]
fn too_few_rows_are_refused_unless_nobody_needs_protection() {
    let folder = Folder::new();
    folder.write("one.csv", format!("name,age\n{SECRET},41\n"));
    folder.run("inspect one.csv").fine();
    folder.run("fit one.csv -o m").refused(&["--protect none"]);
    assert_eq!(folder.list(), ["one.csv"]);
    folder.run("fit one.csv -o m --protect none").fine();
    folder.run("sample m -n 3 -o s.csv").fine();
    assert_eq!(folder.text("s.csv").lines().count(), 4);
    folder.run("evaluate --real one.csv --synthetic s.csv").fine_or_refused();
}

#[test]
fn ragged_rows_are_refused_with_their_lines() {
    let folder = Folder::new();
    let mut text = table(&["a", "b", "c"], 30, |row, column| (row * column).to_string());
    text += &[SECRET, ",2\n1,2,3\n1,2,3,4\n"].concat();
    folder.write("ragged.csv", text);
    folder.run("inspect ragged.csv").refused(&["ragged.csv", "3 fields", "32", "34"]);
}

#[test]
fn lines_above_the_header_are_passed_over_and_counted() {
    let folder = Folder::new();
    let names: Vec<String> = (0..12).map(|column| format!("c{column}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let body = table(&names, 40, |row, column| ((row * (column + 3)) % 17).to_string());
    folder.write("report.csv", format!("Report by {SECRET}\nSpring\n{body}"));
    folder.write("plain.csv", &body);
    let run = folder.run("inspect report.csv").fine();
    assert!(run.stderr.contains("2 lines above the header were passed over"), "{}", run.stderr);
    let without_name = |shown: String| shown.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(without_name(run.stdout()), without_name(folder.run("inspect plain.csv").fine().stdout()));
}

#[test]
fn quotes_behind_backslashes_come_back_as_they_were() {
    let folder = Folder::new();
    let text = table(&["note", "n"], 40, |row, column| match column {
        0 => format!("\"note \\\"{row}\\\", so\""),
        _ => (row % 7).to_string(),
    });
    folder.write("escaped.csv", &text);
    folder.run("split escaped.csv --share 0.5 -o parts").fine();
    for line in folder.text("parts/train.csv").lines() {
        assert!(text.contains(line), "{line}");
    }
}

#[test]
fn a_quote_that_never_ends_is_refused() {
    let folder = Folder::new();
    folder.write("open.csv", format!("a,b\n1,\"{SECRET}\n2,3\n4,5\n"));
    folder.run("inspect open.csv").refused(&["open.csv", "line 2", "quote"]);
}

#[test]
fn encodings_are_found_or_asked_for() {
    let folder = Folder::new();
    // windows-1252
    let text = "name,age\n".to_owned() + &"J\u{e9}r\u{f4}me,41\nZo\u{eb},35\n".repeat(20);
    let bytes: Vec<u8> = text.chars().map(|c| c as u8).collect();
    folder.write("old.csv", &bytes);
    folder.run("inspect old.csv").fine();
    folder.run("inspect old.csv --encoding utf-8").refused(&["old.csv", "line", "encoding"]);
    folder.run("inspect old.csv --encoding klingon").refused(&["klingon", "windows-1252"]);
    let wide: Vec<u8> =
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    folder.write("wide.csv", wide);
    folder.run("inspect wide.csv").fine();
    // What is written is encoded as what was read.
    folder.run("split old.csv --share 0.5 -o parts").fine();
    assert!(folder.read("parts/train.csv").contains(&0xe9));
}

#[test]
fn what_is_no_table_is_refused() {
    let folder = Folder::with_people(100);
    folder.write(
        "noise.csv",
        (0..5000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect::<Vec<_>>(),
    );
    folder.run("inspect noise.csv").refused(&["noise.csv"]);
    folder.write("fake.parquet", "PAR1 and nothing that follows");
    folder.run("inspect fake.parquet").refused(&["fake.parquet"]);
    folder.write("fake.xlsx", b"PK\x03\x04 and nothing that follows");
    folder.run("inspect fake.xlsx").refused(&["fake.xlsx"]);
    folder.write("fake.csv.gz", b"\x1f\x8b and nothing that follows");
    folder.run("inspect fake.csv.gz").refused(&["fake.csv.gz"]);
    std::fs::create_dir(folder.path("folder")).unwrap();
    folder.run("inspect folder").refused(&["folder"]);
}

#[test]
fn what_is_no_model_is_refused() {
    let folder = Folder::with_people(100);
    folder.run("sample people.csv -n 5 -o x.csv").refused(&["people.csv"]);
    folder.run("fit people.csv -o m").fine();
    let whole = folder.read("m");
    for length in [0, 5, 9, 100, whole.len() / 2, whole.len() - 1] {
        folder.write("cut", &whole[..length]);
        folder.run("sample cut -n 5 -o x.csv").refused(&["cut"]);
    }
    let mut damaged = whole;
    let last = damaged.len() - 3;
    damaged[last] ^= 0x10;
    folder.write("damaged", damaged);
    folder.run("sample damaged -n 5 -o x.csv").refused(&["damaged"]);
    assert!(!folder.path("x.csv").exists());
}

#[test]
fn targets_that_cannot_be_written_are_known_before_the_work() {
    let folder = Folder::with_people(100);
    folder.run("fit people.csv -o m").fine();
    let before = folder.list();
    folder.run("fit people.csv -o no/such/folder/m").refused(&["no/such/folder"]);
    folder.run("fit people.csv -o .").refused(&["folder"]);
    folder.run("sample m -n 5 -o no/such/x.csv").refused(&["no/such"]);
    folder.run("sample m -n 5 -o x.xlsx").refused(&["Excel", "csv"]);
    folder.run("inspect people.csv --json no/such/x.json").refused(&["no/such"]);
    folder.run("split people.csv --share 0.5 -o people.csv").refused(&["people.csv"]);
    assert_eq!(folder.list(), before);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let folder = Folder::with_people(100);
    folder.run("fit people.csv -o m").fine();
    folder.run("fit people.csv -o /dev/full").refused(&["/dev/full", "space"]);
    folder.run("sample m -n 100000 -o /dev/full").refused(&["/dev/full", "space"]);
    folder.run("inspect people.csv --quiet --json /dev/full");
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = folder.command(&["inspect", "people.csv"]).stdout(full).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("space"), "{stderr}");
}

#[test]
fn a_schema_that_contradicts_the_data_is_refused_or_told() {
    let folder = Folder::with_people(100);
    folder.run("inspect people.csv --column wealth=numerical").refused(&["wealth"]);
    folder.run("inspect people.csv --column age=beauty").refused(&["beauty", "numerical"]);
    let twice = "inspect people.csv --column age=numerical --column age";
    folder.run(&format!("{twice}=categorical")).refused(&["age", "two different kinds", "give it one"]);
    folder.run(&format!("{twice}=numerical")).fine();
    // A kind that the cells do not have.
    folder.run("inspect people.csv --column city=numerical").fine_or_refused();
    folder.run("inspect people.csv --write-schema schema.json").fine();
    let shown = folder.run("inspect people.csv --schema schema.json").fine().stdout();
    assert!(shown.contains("income"));
    folder.write("other.csv", people(50).replace("income", "wealth"));
    folder.run("inspect other.csv --schema schema.json").refused(&["income", "wealth"]);
    // What is said of one column counts more than what the file says of all.
    let overruled = "inspect people.csv --schema schema.json --json seen.json --column";
    folder.run(&format!("{overruled} age=categorical")).fine();
    let seen: serde_json::Value = serde_json::from_slice(&folder.read("seen.json")).unwrap();
    let kinds: Vec<&str> =
        seen["columns"].as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["id", "categorical", "categorical", "boolean", "datetime", "numerical"]);
    folder.run(&format!("{overruled} wealth=text")).refused(&["wealth"]);
    folder.run(&format!("{overruled} city=numerical")).refused(&["city", "numerical"]);
    folder.write("broken.json", "{\"columns\": [");
    folder.run("inspect people.csv --schema broken.json").refused(&["broken.json"]);
    folder.write("list.json", "[1, 2]");
    folder.run("inspect people.csv --schema list.json").refused(&[]);
    folder.run("inspect people.csv --schema nobody.json").refused(&["nobody.json"]);
}

#[test]
fn tables_without_a_common_column_are_not_compared() {
    let folder = Folder::with_people(100);
    folder.write("other.csv", "a,b\n1,2\n3,4\n");
    let cure = "columns are matched by their names, so give it the same";
    folder.run("evaluate --real people.csv --synthetic other.csv").refused(&["other.csv", "age", cure]);
    folder
        .run("evaluate --real people.csv --synthetic people.csv --holdout other.csv")
        .refused(&["other.csv", cure]);
}

/// The table with only these columns, in this order.
fn columns_of(text: &str, columns: &[usize]) -> String {
    let pick = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        columns.iter().map(|&column| cells[column]).collect::<Vec<_>>().join(",") + "\n"
    };
    text.lines().map(pick).collect()
}

#[test]
fn tables_are_compared_by_the_names_of_their_columns() {
    let folder = Folder::with_people(300);
    let other = people(200);
    folder.write("same.csv", &other);
    folder.write("turned.csv", columns_of(&other, &[5, 3, 1, 0, 2, 4]));
    let judge = |synthetic: &str, rest: &str| {
        let line = format!("evaluate --real people.csv --synthetic {synthetic} --json scores.json {rest}");
        let run = folder.run(&line).fine();
        let mut scores: serde_json::Value = serde_json::from_slice(&folder.read("scores.json")).unwrap();
        // It names the files.
        scores["evaluation"]["provenance"].take();
        (run.stderr, scores)
    };
    let (silent, same) = judge("same.csv", "");
    assert_eq!(judge("turned.csv", ""), (silent.clone(), same.clone()), "the order matters");
    assert!(silent.is_empty() && same["evaluation"]["unmatched"].as_array().unwrap().is_empty());

    // Without age, and with a column of its own.
    let lacking = columns_of(&other, &[0, 2, 3, 4, 5, 2]).replacen("income,city", "income,town", 1);
    folder.write("lacking.csv", &lacking);
    let (said, scores) = judge("lacking.csv", "");
    assert!(said.contains("synthetic table lacks \"age\" and also has \"town\""), "{said}");
    let unmatched = &scores["evaluation"]["unmatched"][0];
    assert_eq!((&unmatched["table"], &unmatched["missing"][0]), (&"synthetic".into(), &"age".into()));
    assert_eq!(unmatched["extra"][0], "town");
    let shape = scores["evaluation"]["metrics"].as_array().unwrap()[1].clone();
    let age = shape["parts"].as_array().unwrap().iter().find(|part| part["columns"][0] == "age").unwrap();
    assert_eq!((&shape["name"], &age["value"]), (&"shape".into(), &0.0.into()));

    folder.write("part.csv", columns_of(&people(150), &[1, 2]));
    let (said, scores) = judge("same.csv", "--holdout part.csv --target city");
    assert!(said.contains("the holdout lacks"), "{said}");
    assert_eq!(scores["evaluation"]["unmatched"][0]["table"], "holdout");
}
