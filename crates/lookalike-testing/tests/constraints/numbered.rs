//! Rows that are told apart, and values that rise.

use std::collections::BTreeSet;

use lookalike::table::constraints::Constraint;
use lookalike::table::protect::Protection;
use lookalike::table::{Levels, Personal, spelling};
use lookalike::{AnyModel, AnySynthesizer, Column, FitOptions, Kind, SampleRequest, Seed, Table};
use lookalike_testing::tables::{day, nominal, table, whole};

use super::{assert_all_hold, context, fit, sample};

const DAY: i64 = 86_400_000_000;

fn method(name: &str) -> AnySynthesizer {
    AnySynthesizer::from_name(name).unwrap()
}

fn under(table: Table, constraints: &[&str]) -> Table {
    table.with_constraints(constraints.iter().map(|text| Constraint::parse(text).unwrap()).collect())
}

fn spelled(table: &Table, name: &str) -> Vec<Option<String>> {
    let index = table.schema().index_of(name).unwrap();
    spelling::spell(&table.schema().columns[index], table.column(index))
}

fn different(table: &Table, names: &[&str]) -> usize {
    let columns: Vec<_> = names.iter().map(|name| spelled(table, name)).collect();
    let rows = (0..table.n_rows()).map(|row| columns.iter().map(|cells| &cells[row]).collect::<Vec<_>>());
    rows.collect::<BTreeSet<_>>().len()
}

#[test]
fn unique_values_may_be_fewer_than_a_block_has_rows() {
    for n_values in [500, 2000] {
        let numbers = Column::from_integers((0..n_values).collect(), None);
        let table = under(table(vec![("serial", whole(), numbers)]), &["unique(serial)"]);
        let options = FitOptions { protection: Protection::none(), ..FitOptions::default() };
        let model = method("independent").fit(&table, &options, &context()).unwrap();
        let all = n_values as u64;
        for rows in [0..100, 0..all - 1, 0..all, 0..10, all - 3..all] {
            let n_rows = (rows.end - rows.start) as usize;
            let sampled = sample(&model, &SampleRequest { rows, ..SampleRequest::default() });
            assert_eq!(different(&sampled, &["serial"]), n_rows);
        }
        let error = model.sample(&SampleRequest::rows(all + 1), &context()).unwrap_err().to_string();
        assert!(error.contains("unique(serial)"), "{error}");
    }
}

#[test]
fn dates_do_not_rise_beyond_the_calendar() {
    let days = Column::from_instants((0..1000).map(|row| row * 3 * DAY + row % 3 * DAY).collect(), None);
    for text in ["strictly_rising(time)", "rising(time)"] {
        let table = under(table(vec![("time", day(), days.clone())]), &[text]);
        let model = fit(&method("independent"), &table);
        let error = model.sample(&SampleRequest::rows(1_000_000), &context()).unwrap_err().to_string();
        assert!(error.contains(text) && error.contains("9999"), "{error}");
        // As many as it says can be drawn.
        let rows: u64 = error.split(" rows").next().unwrap().rsplit(' ').next().unwrap().parse().unwrap();
        assert!(rows > 100_000, "{error}");
        let last = SampleRequest { rows: rows - 2000..rows, ..SampleRequest::default() };
        assert_all_hold(&table, &sample(&model, &last), text);
        assert!(model.sample(&SampleRequest::rows(rows + 1), &context()).is_err());
    }
}

/// 300 patients with three visits each (or one to five), their key as text.
fn patients(kind: Kind, equal: bool) -> Table {
    let mut stream = Seed::new(3).stream("patients", 0);
    let (mut keys, mut visits) = (Vec::new(), Vec::new());
    for patient in 0..300 {
        let count = if equal { 3 } else { 1 + stream.below(5) };
        for visit in 1..=count {
            keys.push(format!("P{:05}", patient * 331 % 100_000));
            visits.push(visit as i64);
        }
    }
    let column = if matches!(kind, Kind::Categorical { .. }) {
        let levels: Vec<&String> = keys.iter().collect::<BTreeSet<_>>().into_iter().collect();
        let code = |key: &String| levels.binary_search(&key).unwrap() as u32;
        Column::from_codes(keys.iter().map(code).collect(), &Levels::new(levels.iter().copied()))
    } else {
        Column::from_texts(keys.iter().map(Some))
    };
    let amounts: Vec<i64> = (0..keys.len()).map(|_| stream.below(1000) as i64).collect();
    let table = table(vec![
        ("patient", kind, column),
        ("visit", whole(), Column::from_integers(visits, None)),
        ("amount", whole(), Column::from_integers(amounts, None)),
    ]);
    under(table, &["unique(patient, visit)"])
}

#[test]
fn textual_keys_carry_the_difference() {
    let id = Kind::Id(lookalike::table::schema::IdFormat::default());
    for kind in [Kind::Text, nominal(), id] {
        for equal in [true, false] {
            let table = patients(kind.clone(), equal);
            let rows_per_key = table.n_rows() as f64 / 300.0;
            for name in ["independent", "forest"] {
                let model = fit(&method(name), &table);
                let sampled = sample(&model, &SampleRequest::rows(6000));
                let what = format!("{name}, {}", kind.name());
                assert_eq!(different(&sampled, &["patient", "visit"]), 6000, "{what}");
                let keys = different(&sampled, &["patient"]) as f64;
                assert!((6000.0 / keys / rows_per_key - 1.0).abs() < 0.2, "{what}: {keys} keys");
                let well = |key: &Option<String>| {
                    key.as_ref().is_some_and(|key| key.len() == 6 && key.starts_with('P'))
                };
                assert!(spelled(&sampled, "patient").iter().all(well), "{what}");
                let part = SampleRequest { rows: 2040..2060, ..SampleRequest::default() };
                assert_eq!(
                    spelled(&sample(&model, &part), "patient"),
                    spelled(&sampled, "patient")[2040..2060]
                );
                let bytes = lookalike::model_file::to_bytes(&model);
                let again: AnyModel = lookalike::model_file::from_bytes(&bytes).unwrap();
                assert_eq!(
                    spelled(&sample(&again, &part), "patient"),
                    spelled(&sampled, "patient")[2040..2060]
                );
            }
        }
    }
}

#[test]
fn stand_ins_can_be_unique_and_prose_cannot() {
    let mails = |repeat: usize| {
        Column::from_texts((0..400).map(|row| Some(format!("person{}@example.org", row / repeat))))
    };
    let notes = Column::from_texts((0..400).map(|row| Some(format!("all well on day {}", row % 90))));
    let numbers = Column::from_integers((0..400).map(|row| row % 7).collect(), None);
    let made = |repeat: usize, constraint: &str| {
        let table = table(vec![
            ("email", Kind::Text, mails(repeat)),
            ("note", Kind::Text, notes.clone()),
            ("x", whole(), numbers.clone()),
        ]);
        let mut schema = lookalike::Schema::clone(table.schema());
        schema.columns[0].personal = Some(Personal::Email);
        let table = Table::new(schema.into(), table.columns().to_vec()).unwrap();
        under(table, &[constraint])
    };
    for repeat in [1, 2] {
        for constraints in ["unique(email)", "unique(email, x)"] {
            let model = fit(&method("independent"), &made(repeat, constraints));
            let sampled = sample(&model, &SampleRequest::rows(5000));
            assert_eq!(different(&sampled, &["email"]), 5000, "{constraints}");
        }
    }
    let error = method("independent")
        .fit(&made(1, "unique(note)"), &FitOptions::default(), &context())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("\"note\"") && error.contains("text") && !error.contains("another constraint"),
        "{error}"
    );
}
