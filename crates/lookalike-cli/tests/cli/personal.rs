//! Personal data, from a file to its stand-ins.

use std::collections::BTreeSet;

use crate::fixture::{Folder, SECRET, table};

/// Guests with a secret in every name.
fn guests(rows: usize) -> String {
    table(&["name", "email", "phone", "city", "card", "visits"], rows, |row, column| match column {
        // Letters only, all different.
        0 => format!("{} Secret{}", ["Anna", "Bert", "Cleo"][row % 3], letters(row)),
        1 => format!("{SECRET}.{row}@post.de"),
        2 if row % 5 == 0 => String::new(),
        2 => format!("+49 30 {:07}", 1_000_000 + row * 37),
        3 => format!("Stadt{}", letters(row)),
        4 => "4111 1111 1111 1111".into(),
        _ => (row * 7 % 12).to_string(),
    })
}

fn letters(mut number: usize) -> String {
    let mut word = String::new();
    for _ in 0..4 {
        word.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
    }
    word
}

fn cells(csv: &str, column: usize) -> Vec<String> {
    csv.lines().skip(1).map(|line| line.split(',').nth(column).unwrap_or_default().to_owned()).collect()
}

#[test]
fn personal_columns_are_found_and_replaced() {
    let folder = Folder::new();
    folder.write("guests.csv", guests(200));
    let shown = folder.run("inspect guests.csv").fine().stdout();
    for sort in ["(name)", "(email)", "(phone number)", "(city)", "(credit card number)"] {
        assert!(shown.contains(sort), "{sort} is not in {shown}");
    }
    let run = folder.run("fit guests.csv -o guests.model").fine();
    assert!(run.stderr.contains("stand-ins (de_DE)"), "{}", run.stderr);
    let model = folder.read("guests.model");
    let is_in = |text: &str| model.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(!is_in(SECRET) && !is_in("Secret"), "a name is in the model");
    folder.run("sample guests.model -n 500 -o sample.csv").fine();
    let sample = folder.text("sample.csv");
    assert!(!sample.contains(SECRET) && !sample.contains("Secret") && !sample.contains("Stadt"));
    let mails: BTreeSet<String> = cells(&sample, 1).into_iter().collect();
    assert_eq!(mails.len(), 500);
    assert!(mails.iter().all(|mail| mail.contains("@example.")));
    let missing = cells(&sample, 2).iter().filter(|phone| phone.is_empty()).count();
    assert!((50..=150).contains(&missing), "{missing} of 500 have no telephone");
    let drawn = folder.run("inspect sample.csv").fine().stdout();
    for sort in ["(name)", "(email)", "(phone number)", "(credit card number)"] {
        assert!(drawn.contains(sort), "{sort} is not in {drawn}");
    }
}

#[test]
fn locale_format_and_pseudonyms_are_as_asked() {
    let folder = Folder::new();
    folder.write("guests.csv", guests(200));
    folder.run("fit guests.csv -o a.model --locale fr_FR --keep-format phone --column city=text").fine();
    folder.run("sample a.model -n 50 -o a.csv").fine();
    let sample = folder.text("a.csv");
    assert!(
        cells(&sample, 2)
            .iter()
            .filter(|phone| !phone.is_empty())
            .all(|phone| { phone.starts_with('+') && phone.split(' ').map(str::len).eq([3, 2, 7]) })
    );
    folder.run("fit guests.csv -o b.model --column name=name:ja_JP").fine();
    folder.run("sample b.model -n 50 -o b.csv").fine();
    assert!(cells(&folder.text("b.csv"), 0).iter().all(|name| !name.is_ascii()));

    let again = table(&["name", "amount"], 300, |row, column| match column {
        0 => format!("{SECRET} {}", letters(row % 7)),
        _ => (row % 7 * 100).to_string(),
    });
    folder.write("again.csv", again);
    folder
        .run("fit again.csv -o c.model --column name=name --consistent name --column amount=categorical")
        .fine();
    folder.run("sample c.model -n 300 -o c.csv").fine();
    let sample = folder.text("c.csv");
    assert!(!sample.contains(SECRET));
    let names: BTreeSet<String> = cells(&sample, 0).into_iter().collect();
    assert_eq!(names.len(), 7);
    // Who it is still decides the amount.
    let pairs: BTreeSet<&str> = sample.lines().skip(1).collect();
    assert!(pairs.len() <= 10, "{} pairs of 7", pairs.len());
}

#[test]
fn what_makes_no_sense_is_refused() {
    let folder = Folder::new();
    folder.write("guests.csv", guests(100));
    folder.run("fit guests.csv -o m.model --locale tlh_KX").refused(&["tlh_KX", "en_US", "ja_JP"]);
    folder.run("fit guests.csv -o m.model --column phone=phone_number:xx").refused(&["\"xx\"", "de_DE"]);
    folder.run("fit guests.csv -o m.model --column email=emial").refused(&["emial", "email"]);
    folder.run("fit guests.csv -o m.model --keep-format visits").refused(&["visits", "--keep-format"]);
    folder.run("fit guests.csv -o m.model --consistent visits").refused(&["visits", "--consistent"]);
    folder.run("fit guests.csv -o m.model --consistent nobody").refused(&["nobody"]);
    folder
        .run("fit guests.csv -o m.model --consistent email --keep-format email")
        .refused(&["email", "give it one"]);
    folder
        .run("fit guests.csv -o m.model --method ctgan --consistent email --checkpoint c")
        .refused(&["--checkpoint", "--consistent"]);
    folder.run("fit guests.csv -o m.model --condition-on email").refused(&["email", "stand-ins"]);
    assert_eq!(folder.list(), ["guests.csv"]);
    folder.run("fit guests.csv -o m.model").fine();
    folder.run("sample m.model -n 5 -o s.csv --where name=Anna").refused(&["name", "stand-ins"]);
}

#[test]
fn a_plan_says_the_same() {
    let folder = Folder::new();
    folder.write("guests.csv", guests(200));
    folder.write(
        "plan.toml",
        "[input]\nfile = \"guests.csv\"\n[fit]\nlocale = \"sv_SE\"\nkeep-format = [\"phone\"]\n[sample]\nrows = 20\n",
    );
    let run = folder.run("run plan.toml").fine();
    assert!(run.stderr.contains("sv_SE"), "{}", run.stderr);
    folder.write("bad.toml", "[input]\nfile = \"guests.csv\"\n[fit]\nlocale = \"nowhere\"\n");
    folder.run("run bad.toml").refused(&["nowhere", "sv_SE"]);
}
