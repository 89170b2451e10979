//! What holds for every method about personal data and prose.

use std::collections::BTreeSet;

use lookalike::synth::Error;
use lookalike::synth::standin::StandIns;
use lookalike::table::{Locale, Personal};
use lookalike::{
    AnySynthesizer, Column, ColumnSchema, Condition, Context, FitOptions, Kind, SampleRequest, Schema, Seed,
    Table, model_file,
};

use crate::tables::{csv, whole};

/// Rows of people whose names, addresses and numbers nobody else has, with prose, and the values of the first 50.
///
/// Every fourth person has no telephone. Four people share a phrase, one fewer than protection lets through.
pub fn people(n_rows: usize) -> (Table, BTreeSet<String>) {
    let mut stream = Seed::new(40).stream("people", 0);
    let mut word = |length: usize| -> String {
        (0..length).map(|_| char::from(b'a' + stream.below(26) as u8)).collect()
    };
    let given: Vec<String> = (0..n_rows).map(|_| format!("Q{}", word(6))).collect();
    let family: Vec<String> = (0..n_rows).map(|_| format!("X{}", word(7))).collect();
    let mails: Vec<String> =
        given.iter().zip(&family).map(|(given, family)| format!("{given}.{family}@{}.pl", word(6))).collect();
    let phones: Vec<Option<String>> =
        (0..n_rows).map(|row| (row % 4 > 0).then(|| format!("+48 600 {:06}", 100_003 + row * 37))).collect();
    let remarks: Vec<String> = (0..n_rows)
        .map(|row| match row {
            0..4 => format!("The guest {PHRASE}"),
            _ => format!(
                "The guest {} a {} room with a {}",
                ["wants", "books", "leaves", "praises"][row * 7 % 4],
                ["small", "large", "quiet", "sunny", "cheap"][row * 3 % 5],
                ["balcony", "bath", "view", "kitchen", "terrace", "desk"][row * 5 % 6]
            ),
        })
        .collect();
    let personal =
        |name: &str, sort| ColumnSchema { personal: Some(sort), ..ColumnSchema::new(name, Kind::Text) };
    let schema = Schema::new(vec![
        personal("given", Personal::FirstName),
        personal("family", Personal::LastName),
        personal("mail", Personal::Email),
        personal("phone", Personal::PhoneNumber),
        ColumnSchema::new("remark", Kind::Text),
        ColumnSchema::new("nights", whole()),
    ]);
    let texts = |all: &[String]| Column::from_texts(all.iter().map(Some));
    let columns = vec![
        texts(&given),
        texts(&family),
        texts(&mails),
        Column::from_texts(phones.clone()),
        texts(&remarks),
        Column::from_integers((0..n_rows as i64).map(|row| 1 + row * 5 % 14).collect(), None),
    ];
    let planted = given[..50].iter().chain(&family[..50]).chain(&mails[..50]).cloned();
    let planted = planted.chain(phones[..50].iter().flatten().cloned()).collect();
    (Table::new(schema.into(), columns).expect("columns of one length"), planted)
}

/// What only four people's remarks say.
pub const PHRASE: &str = "sleeps under the piano because of ghosts";

fn sample(model: &lookalike::AnyModel, rows: std::ops::Range<u64>) -> Table {
    let request = SampleRequest { rows, ..SampleRequest::default() };
    let context = Context::new(Seed::new(8));
    model.sample(&request, &context).expect("a plain request").collect_table().expect("sampling works")
}

fn column(table: &Table, name: &str) -> Vec<Option<String>> {
    let index = table.schema().index_of(name).expect("the column is there");
    table.column(index).texts().expect("texts").iter().map(|text| text.map(str::to_owned)).collect()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// No planted value is in the model or in many rows of it; stand-ins fit together, come from where the data suggests, do
/// not repeat where the table's do not, and are missing as often.
pub fn personal_data_is_not_learned(method: &AnySynthesizer) {
    let (table, planted) = people(400);
    let context = Context::new(Seed::new(7));
    let model = method.fit(&table, &FitOptions::default(), &context).expect("it can be learned");
    let file = model_file::to_bytes(&model);
    for value in planted.iter().map(String::as_str).chain(["ghosts", "piano"]) {
        assert!(!holds(&file, value), "{value} is in the model of {}", method.name());
    }
    let rows = sample(&model, 0..30_000);
    let (given, family) = (column(&rows, "given"), column(&rows, "family"));
    let (mail, phone, remark) = (column(&rows, "mail"), column(&rows, "phone"), column(&rows, "remark"));
    for text in [&given, &family, &mail, &phone].into_iter().flatten().flatten() {
        assert!(!planted.contains(text), "{text} came out of {}", method.name());
    }
    for text in remark.iter().flatten() {
        assert!(!text.contains("ghosts") && !text.contains(PHRASE), "{text} came out of {}", method.name());
    }
    let known = remark.iter().flatten().filter(|text| text.starts_with("The guest ")).count();
    assert!(known > 25_000, "{known} of 30,000 remarks begin as all do");
    let distinct: BTreeSet<&String> = mail.iter().flatten().collect();
    assert_eq!(distinct.len(), 30_000, "addresses repeat though those of the table do not");
    let missing = phone.iter().filter(|phone| phone.is_none()).count() as f64 / 30_000.0;
    assert!((missing - 0.25).abs() < 0.1, "{missing} are missing");
    assert!(phone.iter().flatten().take(100).all(|phone| phone.starts_with("+48") || phone.starts_with('6')));
    let fits = (0..1000).filter(|&row| {
        let plain = |text: &Option<String>| text.clone().unwrap_or_default().to_lowercase();
        // Names without signs are as they stand in the address.
        !plain(&family[row]).is_ascii()
            || plain(&mail[row]).contains(&plain(&family[row]).replace(['\'', '-', ' '], ""))
    });
    assert_eq!(fits.count(), 1000);

    let part = sample(&model, 2047..2060);
    assert!(csv(&part) == csv(&rows.slice(2047..2060)), "a part differs from the whole");
    let again = model_file::from_bytes(&file).expect("the file was just made");
    assert!(csv(&sample(&again, 0..100)) == csv(&rows.slice(0..100)), "the file gives other rows");
}

/// Formats are kept, locales are obeyed, and pseudonyms repeat as their values do.
pub fn stand_ins_are_as_asked(method: &AnySynthesizer) {
    let (table, planted) = people(300);
    let context = Context::new(Seed::new(7));
    let stand_ins = StandIns { locale: Some(Locale::DeDe), keep_format: vec![3], ..StandIns::default() };
    let options = FitOptions { stand_ins, ..FitOptions::default() };
    let model = method.fit(&table, &options, &context).expect("it can be learned");
    let rows = sample(&model, 0..3000);
    let is_kept = |phone: &String| {
        let digits = phone.bytes().filter(u8::is_ascii_digit).count();
        phone.starts_with('+') && digits == 11 && phone.split(' ').map(str::len).eq([3, 3, 6])
    };
    assert!(column(&rows, "phone").iter().flatten().all(is_kept));
    let warned = |text: &str| model.warnings().iter().any(|warning| warning.message.contains(text));
    assert!(warned("de_DE") && !warned("en_US"), "the locale is not said");

    // Twelve guests who come again and again.
    let again: Vec<usize> = (0..300).map(|row| row % 12).collect();
    let table = table.take(&again);
    let stand_ins = StandIns { consistent: vec![2], ..StandIns::default() };
    let options = FitOptions { stand_ins, ..FitOptions::default() };
    let model = method.fit(&table, &options, &context).expect("it can be learned");
    let file = model_file::to_bytes(&model);
    assert!(planted.iter().all(|value| !holds(&file, value)), "a value is in the model of {}", method.name());
    let distinct: BTreeSet<Option<String>> = column(&sample(&model, 0..3000), "mail").into_iter().collect();
    assert!((1..=12).contains(&distinct.len()), "{} pseudonyms of 12 values", distinct.len());
    assert!(distinct.iter().flatten().all(|mail| mail.contains("@example.")));
}

/// Conditions on stand-ins, and options for columns that are not personal, are refused.
pub fn what_stand_ins_cannot_is_refused(method: &AnySynthesizer) {
    let (table, _) = people(100);
    let context = Context::new(Seed::new(7));
    let options = FitOptions { condition_on: vec![0], ..FitOptions::default() };
    assert!(matches!(method.fit(&table, &options, &context), Err(Error::ConditionOnStandIns { .. })));
    for (keep_format, consistent) in [(vec![5], Vec::new()), (Vec::new(), vec![5]), (Vec::new(), vec![4])] {
        let stand_ins = StandIns { locale: None, keep_format, consistent, ..StandIns::default() };
        let options = FitOptions { stand_ins, ..FitOptions::default() };
        assert!(matches!(method.fit(&table, &options, &context), Err(Error::NotPersonal { .. })));
    }
    let model = method.fit(&table, &FitOptions::default(), &context).expect("it can be learned");
    let conditions = vec![Condition::parse("given=Anna", model.schema(), 1).expect("a condition")];
    let request = SampleRequest { rows: 0..10, conditions, ..SampleRequest::default() };
    assert!(matches!(model.sample(&request, &context), Err(Error::ConditionOnStandIns { .. })));
}
