//! What goes with the day of the week, the hour and the month.

use lookalike::synth::{Autoregressive, Ctgan, Gan, Tvae, Vae};
use lookalike::table::schema::{DatetimeFormat, NumberFormat, Offset};
use lookalike::{
    AnySynthesizer, Column, ColumnSchema, Condition, Context, Kind, SampleRequest, Schema, Seed, Table,
};

use crate::{learn, sample};

const DAY: i64 = 86_400_000_000;
/// Monday, 2024-01-01.
const FIRST: i64 = 19_723;

/// Ten rows of each of 700 days from a Monday on; twice as much of y on the last two days of a week.
fn days() -> Table {
    let mut stream = Seed::new(6).stream("days", 0);
    let y = (0..7000).map(|row| if (row / 10) % 7 < 5 { 10.0 } else { 20.0 } + stream.normal()).collect();
    let days = (0..7000).map(|row| (FIRST + row / 10) * DAY).collect();
    let schema = Schema::new(vec![
        ColumnSchema::new(
            "day",
            Kind::Datetime(DatetimeFormat { pattern: "%Y-%m-%d".into(), step: DAY, offset: Offset::Unknown }),
        ),
        ColumnSchema::new("y", Kind::Numerical(NumberFormat::default())),
    ]);
    let columns = vec![Column::from_instants(days, None), Column::from_floats(y, None)];
    Table::new(schema.into(), columns).expect("columns of one length")
}

/// The share of rows at the end of a week, and the means of y in the week and at its end.
fn weeks(table: &Table) -> (f64, f64, f64) {
    let days = table.column(0).integers().expect("instants").values;
    let y = table.column(1).numbers().expect("numbers").values;
    let of = |at_end: bool| -> Vec<f64> {
        let weekday = |day: i64| (day / DAY - FIRST).rem_euclid(7);
        days.iter().zip(&y).filter(|(day, _)| (weekday(**day) >= 5) == at_end).map(|(_, y)| *y).collect()
    };
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let (week, end) = (of(false), of(true));
    (end.len() as f64 / days.len() as f64, mean(&week), mean(&end))
}

#[test]
fn what_goes_with_weekdays_is_learned() {
    let table = days();
    let autoencoder = |epochs| Vae { epochs, batch: 50, hidden: vec![64], latent: 8, ..Vae::default() };
    let methods = [
        (
            "autoregressive",
            AnySynthesizer::Autoregressive(Autoregressive {
                epochs: 40,
                batch: 50,
                hidden: vec![32],
                ..Autoregressive::default()
            }),
        ),
        ("vae", AnySynthesizer::Vae(autoencoder(40))),
        (
            "tvae",
            AnySynthesizer::Tvae(Tvae {
                epochs: 40,
                batch: 50,
                hidden: vec![64],
                latent: 8,
                ..Tvae::default()
            }),
        ),
        ("ctgan", AnySynthesizer::Ctgan(Ctgan { epochs: 60, batch: 50, ..Ctgan::default() })),
        ("gan", AnySynthesizer::Gan(Gan { epochs: 60, batch: 50, ..Gan::default() })),
    ];
    let (real_share, _, _) = weeks(&table);
    for (name, method) in methods {
        let (share, week, end) = weeks(&sample(&learn(&method, &table, None), 4000));
        assert!(
            (share - real_share).abs() < 0.03,
            "{name}: {share} of the days are at a week's end, not {real_share}"
        );
        assert!(
            (week - 10.0).abs() < 1.0 && (end - 20.0).abs() < 2.0,
            "{name}: y is {week} in the week, {end} at its end"
        );
    }
}

#[test]
fn conditions_hold_beside_cycles() {
    let method =
        AnySynthesizer::Vae(Vae { epochs: 40, batch: 50, hidden: vec![64], latent: 8, ..Vae::default() });
    let model = learn(&method, &days(), None);
    let under = |texts: &[&str]| {
        let parse = |text: &&str| Condition::parse(text, model.schema(), 1).expect("a condition");
        let conditions = texts.iter().map(parse).collect();
        let request = SampleRequest { rows: 0..2000, conditions, ..SampleRequest::default() };
        let sampler = model.sample(&request, &Context::new(Seed::new(5))).expect("a possible request");
        sampler.collect_table().expect("sampling works")
    };
    let late = under(&["day>=2025-01-01"]);
    let from = (FIRST + 366) * DAY;
    assert!(late.column(0).integers().expect("instants").values.iter().all(|&day| day >= from));
    // One Saturday alone: the condition counts, whatever part of the week goes with a row.
    let saturday = under(&["day=2024-01-06"]);
    let days = saturday.column(0).integers().expect("instants").values;
    assert!(days.iter().all(|&day| day == (FIRST + 5) * DAY));
    // Of more days, those are drawn that go with the row.
    let (_, week, end) = weeks(&under(&["day>=2024-03-01", "day<2024-06-01"]));
    assert!(end - week > 5.0, "y is {week} in the week and {end} at its end");
}
