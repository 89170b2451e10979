//! Columns and cells that are not what one hopes for.

use std::fmt::Write as _;

use crate::fixture::{Folder, SECRET, table};

/// Takes `odd.csv` through the whole job. Every step goes well; returns what `inspect` shows and the sample.
fn whole_job(folder: &Folder) -> (String, String) {
    let shown = folder.run("inspect odd.csv").fine().stdout();
    folder.run("split odd.csv --share 0.3 -o parts").fine();
    folder.run("fit parts/train.csv -o odd.model").fine();
    folder.run("inspect odd.model").fine();
    folder.run("sample odd.model -n 60 -o sample.csv").fine();
    folder.run("evaluate --real parts/train.csv --holdout parts/holdout.csv --synthetic sample.csv").fine();
    (shown, folder.text("sample.csv"))
}

fn odd(content: &str) -> (String, String) {
    let folder = Folder::new();
    folder.write("odd.csv", content);
    whole_job(&folder)
}

#[test]
fn one_column_is_a_table() {
    let (_, sample) = odd(&table(&["age"], 100, |row, _| (20 + row * 7 % 50).to_string()));
    assert_eq!(sample.lines().count(), 61);
    assert!(sample.lines().skip(1).all(|line| (20..70).contains(&line.parse::<u32>().unwrap())), "{sample}");
}

#[test]
fn missing_columns_stay_missing() {
    let (_, sample) = odd(&table(&["nothing", "age"], 100, |row, column| match column {
        0 => String::new(),
        _ => (20 + row % 30).to_string(),
    }));
    assert!(sample.lines().skip(1).all(|line| line.starts_with(',')), "{sample}");
    let (_, sample) = odd(&table(&["a", "b"], 60, |_, _| String::new()));
    assert_eq!(sample.lines().count(), 61);
}

#[test]
fn what_is_said_of_many_columns_is_said_once() {
    let folder = Folder::new();
    folder.write(
        "odd.csv",
        table(&["PAY_0", "PAY_2", "PAY_3", "PAY_4", "paid"], 300, |row, column| match column {
            4 => format!("{}.25", row * 7 % 290),
            _ => ((row * 7 + column) % 9).to_string(),
        }),
    );
    let run = folder.run("inspect odd.csv --json seen.json").fine();
    assert!(
        run.stderr.contains("columns \"PAY_0\", \"PAY_2\" and 2 more: looks like codes"),
        "{}",
        run.stderr
    );
    assert_eq!(run.stderr.matches("looks like codes").count(), 1, "{}", run.stderr);
    let seen: serde_json::Value = serde_json::from_slice(&folder.read("seen.json")).unwrap();
    assert_eq!(seen["warnings"].as_array().unwrap().len(), 4, "the file has each by itself");
}

#[test]
fn constant_columns_stay_constant() {
    let (_, sample) = odd(&table(&["land", "year", "age"], 100, |row, column| match column {
        0 => "Norge".to_owned(),
        1 => "1999".to_owned(),
        _ => (row % 40).to_string(),
    }));
    assert!(sample.lines().skip(1).all(|line| line.starts_with("Norge,1999,")), "{sample}");
}

#[test]
fn names_may_repeat_be_empty_or_hostile() {
    let names =
        ["x", "x", "", "\"a,b\"", "\u{1b}[31mred", "'; DROP TABLE people; --", "../../etc", "größe🦀"];
    let text = table(&names, 100, |row, column| ((row * (column + 3)) % 17).to_string());
    let (shown, sample) = odd(&text);
    assert!(!shown.contains('\u{1b}'), "a name steers the terminal");
    assert!(shown.contains("größe🦀"));
    assert_eq!(sample.lines().next(), text.lines().next());
    let folder = Folder::new();
    folder.write("odd.csv", &text);
    folder.run("fit odd.csv -o m --target x").refused(&["several columns are named \"x\""]);
    let long = "n".repeat(100_000);
    odd(&table(&[&long, "b"], 100, |row, column| (row % (column + 5)).to_string()));
}

#[test]
fn two_thousand_columns_are_a_table() {
    let names: Vec<String> = (0..2000).map(|column| format!("c{column}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let folder = Folder::new();
    folder.write("odd.csv", table(&names, 60, |row, column| ((row * (column % 7 + 1)) % 23).to_string()));
    folder.run("inspect odd.csv").fine();
    folder.run("fit odd.csv -o m --method independent").fine();
    folder.run("sample m -n 10 -o sample.csv").fine();
    assert_eq!(folder.text("sample.csv").lines().next().unwrap().split(',').count(), 2000);
}

#[test]
fn a_cell_of_ten_megabytes_is_read() {
    let folder = Folder::new();
    let mut text = "id,note\n".to_owned();
    for row in 0..40 {
        let note = if row == 7 { "very long ".repeat(1_000_000) } else { format!("note {row}") };
        let _ = writeln!(text, "{row},{note}");
    }
    folder.write("odd.csv", text);
    folder.run("inspect odd.csv").fine();
    folder.run("fit odd.csv -o m").fine();
    let size = folder.read("m").len();
    assert!(size < 1 << 20, "the model holds the cell: {size} bytes");
    folder.run("sample m -n 10 -o sample.csv").fine();
}

#[test]
fn numbers_as_text_keep_their_spelling() {
    let (_, sample) = odd(&table(&["code", "price", "share"], 200, |row, column| match column {
        0 => format!("{:04}", row % 9),
        1 => format!("\"1,{:03}.50\"", row % 12 * 7),
        _ => format!("{} %", row % 30),
    }));
    for line in sample.lines().skip(1) {
        let (code, rest) = line.split_once(',').unwrap();
        assert!(code.len() == 4 && code.starts_with("000"), "{line}");
        assert!(rest.contains(".50"), "{line}");
        assert!(rest.ends_with(" %"), "{line}");
    }
}

#[test]
fn the_largest_numbers_do_not_overflow() {
    let (_, sample) = odd(&table(&["big", "small", "both"], 200, |row, column| match column {
        0 => format!("{}e308", 1.0 + (row % 7) as f64 / 10.0),
        1 => format!("{}e-308", 3 + row % 5),
        _ => {
            if row % 2 == 0 {
                "1e308".to_owned()
            } else {
                "-1e308".to_owned()
            }
        }
    }));
    for cell in sample.lines().skip(1).flat_map(|line| line.split(',')) {
        assert!(cell.parse::<f64>().is_ok_and(f64::is_finite), "{cell}");
    }
}

#[test]
fn infinities_are_numbers() {
    let folder = Folder::new();
    folder.write(
        "odd.csv",
        table(&["x", "y"], 200, |row, column| match (row % 20, column) {
            (0, 0) => "inf".to_owned(),
            (1, 0) => "-inf".to_owned(),
            (2, 0) => "NaN".to_owned(),
            _ => format!("{}.5", row % 50),
        }),
    );
    folder.run("inspect odd.csv").fine();
    folder.run("fit odd.csv -o m").fine();
    folder.run("sample m -n 100 -o sample.csv").fine();
    folder.run("evaluate --real odd.csv --synthetic sample.csv").fine();
}

#[test]
fn dates_before_1700_are_dates() {
    let (shown, sample) = odd(&table(&["day"], 200, |row, _| {
        format!("{:04}-{:02}-{:02}", 900 + row % 700, 1 + row % 12, 1 + row % 28)
    }));
    assert!(shown.contains("datetime"), "{shown}");
    for line in sample.lines().skip(1) {
        let year: u32 = line[..4].parse().unwrap();
        assert!((900..1600).contains(&year) && line.len() == 10, "{line}");
    }
}

#[test]
fn any_script_and_emoji_survive() {
    let words = ["東京", "القاهرة", "🦀🦀", "Ñandú", "👩‍👩‍👧"];
    let (_, sample) = odd(&table(&["wo", "n"], 200, |row, column| match column {
        0 => words[row % 5].to_owned(),
        _ => (row % 30).to_string(),
    }));
    for line in sample.lines().skip(1) {
        assert!(words.contains(&line.split(',').next().unwrap()), "{line}");
    }
}

#[test]
fn formula_cells_are_kept_as_they_are() {
    let formula = "\"=HYPERLINK(\"\"x\"\",\"\"y\"\")\"";
    let (_, sample) = odd(&table(&["cell", "n"], 200, |row, column| match column {
        0 => [formula, "+1+1", "@SUM(A1)", "-2+3"][row % 4].to_owned(),
        _ => (row % 30).to_string(),
    }));
    assert!(sample.contains(formula), "{sample}");
    assert!(sample.contains("\n@SUM(A1),"), "{sample}");
}

#[test]
fn rare_values_are_withheld_and_that_is_said() {
    let folder = Folder::new();
    folder.write(
        "odd.csv",
        table(&["city", "age"], 300, |row, column| match (row, column) {
            (0..3, 0) => SECRET.to_owned(),
            (_, 0) => ["Oslo", "Rome"][row % 2].to_owned(),
            _ => (row % 50).to_string(),
        }),
    );
    let run = folder.run("fit odd.csv -o m").fine();
    assert!(run.stderr.contains("city"), "{}", run.stderr);
    folder.run("sample m -n 5000 -o sample.csv").fine();
    assert!(!folder.text("sample.csv").contains(SECRET));
    assert!(!String::from_utf8_lossy(&folder.read("m")).contains(SECRET));
    let run = folder.run("fit odd.csv -o m --target city").refused(&["city", "--protect none"]);
    assert!(!run.stderr.contains("Oslo"));
    folder.run("fit odd.csv -o m --protect none").fine();
    folder.run("sample m -n 5000 -o sample.csv").fine();
    assert!(folder.text("sample.csv").contains(SECRET));
}
