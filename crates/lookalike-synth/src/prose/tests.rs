use std::collections::BTreeSet;

use lookalike_core::Seed;
use lookalike_table::protect::{Protection, Units};
use lookalike_table::schema::ColumnSchema;
use lookalike_table::{Column, Kind};

use super::*;

/// Sentences of a small grammar, some thousands of different ones.
fn sentences(count: usize) -> Vec<String> {
    let mut stream = Seed::new(3).stream("sentences", 0);
    let mut one = |words: &[&'static str]| words[stream.below(words.len() as u64) as usize];
    (0..count)
        .map(|_| {
            let who = one(&["The patient", "The nurse", "A visitor", "The doctor"]);
            let did = one(&["reports", "denies", "describes", "mentions"]);
            let what = one(&["mild", "severe", "sudden", "recurring"]);
            let ill =
                one(&["pain in the back.", "headaches since Monday.", "a cough at night.", "dizziness."]);
            format!("{who} {did} {what} {ill}")
        })
        .collect()
}

fn learn(texts: &[String], units: &Units) -> Outcome {
    let column = Column::from_texts(texts.iter().map(Some));
    let schema = ColumnSchema::new("note", Kind::Text);
    Prose::learn(&column, &schema, units, Protection::default(), Seed::new(0))
}

fn learned(texts: &[String]) -> Prose {
    match learn(texts, &Units::rows(texts.len())) {
        Outcome::Learned(prose, _) => *prose,
        _ => panic!("words should have been learned"),
    }
}

fn sample(prose: &Prose, length: usize) -> Vec<String> {
    let column = prose.column(length, &mut Seed::new(1).stream("prose", 0), None);
    column.texts().unwrap().iter().map(|text| text.unwrap().to_owned()).collect()
}

#[test]
fn what_follows_what_is_kept() {
    let texts = sentences(2000);
    let prose = learned(&texts);
    assert!(prose.is_sound());
    let drawn = sample(&prose, 2000);
    // The words are those of the texts, in nearly the same proportions, and so are the lengths.
    let share = |texts: &[String], word: &str| {
        texts.iter().filter(|text| text.contains(word)).count() as f64 / texts.len() as f64
    };
    for word in ["nurse", "denies", "sudden", "cough", "Monday"] {
        let (real, made) = (share(&texts, word), share(&drawn, word));
        assert!((real - made).abs() < 0.06, "{word}: {real} {made}");
    }
    let words = |texts: &[String]| {
        texts.iter().map(|text| text.split(' ').count()).sum::<usize>() as f64 / texts.len() as f64
    };
    assert!((words(&texts) - words(&drawn)).abs() < 0.2);
    // Nearly all pairs of words are pairs of the texts.
    let pairs = |texts: &[String]| -> BTreeSet<String> {
        let of = |text: &String| {
            text.split(' ').collect::<Vec<_>>().windows(2).map(|p| p.join(" ")).collect::<Vec<_>>()
        };
        texts.iter().flat_map(of).collect()
    };
    let real = pairs(&texts);
    let good = drawn
        .iter()
        .flat_map(|text| {
            text.split(' ').collect::<Vec<_>>().windows(2).map(|p| p.join(" ")).collect::<Vec<_>>()
        })
        .map(|pair| f64::from(u8::from(real.contains(&pair))))
        .collect::<Vec<_>>();
    assert!(good.iter().sum::<f64>() > 0.95 * good.len() as f64);
}

#[test]
fn what_four_units_share_does_not_come_out() {
    let mut texts = sentences(500);
    for _ in 0..4 {
        texts.push("The patient keeps a password zebra-crossing under the doormat".into());
    }
    // Ordinary words in an order that only few have.
    for _ in 0..4 {
        texts.push("dizziness. mild nurse The reports dizziness. mild nurse The reports".into());
    }
    let prose = learned(&texts);
    assert!(
        prose.words.iter().all(|word| word != "password" && word != "zebra-crossing" && word != "doormat")
    );
    let number = |word: &str| prose.words.iter().position(|known| known == word).unwrap() as u32 + FIRST;
    let (mild, nurse) = (number("mild"), number("nurse"));
    let follows = |context: u32, next: u32| {
        prose.after_one.contexts.iter().position(|&known| known == context).is_some_and(|place| {
            let range = prose.after_one.starts[place] as usize..prose.after_one.starts[place + 1] as usize;
            prose.after_one.next[range].contains(&next)
        })
    };
    assert!(!follows(mild, nurse));
    for text in sample(&prose, 20_000) {
        assert!(!text.contains("password") && !text.contains("zebra"));
        // Chance may put some of these words side by side, never all in this order.
        assert!(!text.contains("dizziness. mild nurse The reports"), "{text}");
    }
}

#[test]
fn units_count_and_not_rows() {
    // Every word of a text is in many rows, and all are of one unit.
    let mut texts = sentences(400);
    texts.extend((0..50).map(|_| "Mrs Unwin insists on chamomile tea again".to_owned()));
    let key = Column::from_integers((0..450).map(|row| row.min(400)).collect(), None);
    let schema = lookalike_table::Schema::new(vec![ColumnSchema::new(
        "patient",
        Kind::Numerical(lookalike_table::schema::NumberFormat::whole()),
    )]);
    let table = lookalike_table::Table::new(schema.into(), vec![key]).unwrap();
    let Outcome::Learned(prose, warnings) = learn(&texts, &Units::of_column(&table, 0).unwrap()) else {
        panic!("words should have been learned");
    };
    assert!(prose.words.iter().all(|word| word != "chamomile" && word != "Unwin"));
    assert!(warnings.iter().any(|warning| warning.message.contains("invented")));
}

#[test]
fn codes_and_rare_prose_are_left_alone() {
    let codes: Vec<String> = (0..100).map(|row| format!("Note {row}: all well")).collect();
    assert!(matches!(learn(&codes, &Units::rows(100)), Outcome::No));
    let rare: Vec<String> = (0..100)
        .map(|row| (0..20).map(|word| letters(row * 20 + word)).collect::<Vec<_>>().join(" "))
        .collect();
    assert!(matches!(learn(&rare, &Units::rows(100)), Outcome::TooRare(_)));
}

/// Another word for every number.
fn letters(mut number: usize) -> String {
    let mut word = String::from("w");
    loop {
        word.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
        if number == 0 {
            return word;
        }
    }
}
