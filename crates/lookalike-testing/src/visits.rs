//! A table in which constraints of every kind hold.

use lookalike::table::Levels;
use lookalike::table::constraints::Constraint;
use lookalike::table::schema::BooleanFormat;
use lookalike::{Column, Kind, Seed, Table};

use crate::tables::{day, money, nominal, real, table, whole};

const DAY: i64 = 86_400_000_000;

/// The constraints of [`visits`], one of each kind at least.
pub const CONSTRAINTS: [&str; 15] = [
    "admitted <= discharged <= billed",
    "0 <= low < mid < high",
    "low <= 100",
    "share <= whole",
    "whole <= 60",
    "total = price * quantity",
    "sum = a + b + c within 0.001",
    "combinations(city, state, code)",
    "one_hot(red, green, blue)",
    "all_or_none(street, town)",
    "increments(fee, 5)",
    "if payment = 'cash' then card is missing",
    "if grade in ('1', '2') then points >= 50",
    "rising(time, sensor)",
    "unique(serial)",
];

/// `n_rows` visits to a hospital, in which [`CONSTRAINTS`] hold, with missing cells.
pub fn visits(n_rows: usize, seed: u64) -> Table {
    let mut stream = Seed::new(seed).stream("visits", 0);
    let n = n_rows;
    let mut whole_numbers = |below: u64| -> Vec<i64> { (0..n).map(|_| stream.below(below) as i64).collect() };
    let (start, stay, wait) = (whole_numbers(700), whole_numbers(20), whole_numbers(40));
    let (low, step, more) = (whole_numbers(90), whole_numbers(9), whole_numbers(30));
    let (whole_part, share) = (whole_numbers(61), whole_numbers(1000));
    let (price, quantity) = (whole_numbers(5000), whole_numbers(9));
    let (a, b, c) = (whole_numbers(100), whole_numbers(50), whole_numbers(30));
    let (city, hot, gaps, kind) = (whole_numbers(6), whole_numbers(3), whole_numbers(10), whole_numbers(3));
    let (fee, grade, points, sensor, serial) =
        (whole_numbers(20), whole_numbers(4), whole_numbers(51), whole_numbers(3), whole_numbers(1000));
    let days = |values: Vec<i64>| values.into_iter().map(|value| value * DAY).collect::<Vec<_>>();
    let missing = |share: i64| Some(gaps.iter().map(|&gap| gap < share).collect::<Vec<bool>>());
    let discharged: Vec<i64> = start.iter().zip(&stay).map(|(start, stay)| start + stay).collect();
    let billed = discharged.iter().zip(&wait).map(|(day, wait)| day + wait).collect();
    let flags =
        |which: i64| Column::from_integers(hot.iter().map(|&hot| i64::from(hot == which)).collect(), None);
    let levels = |codes: Vec<u32>, texts: &[&str], missing: Option<Vec<bool>>| {
        let column = Column::from_codes(codes, &Levels::new(texts));
        missing.map_or(column.clone(), |flags| column.with_missing(&flags))
    };
    let money_of = |cents: Vec<i64>| {
        Column::from_floats(cents.into_iter().map(|cents| cents as f64 / 100.0).collect(), None)
    };
    let state = city.iter().map(|&city| (city / 2) as u32).collect();
    let cash: Vec<bool> = kind.iter().map(|&kind| kind == 0).collect();
    let good: Vec<i64> = points
        .iter()
        .zip(&grade)
        .map(|(points, grade)| if *grade < 2 { 50 + points } else { *points })
        .collect();
    let mid: Vec<i64> = low.iter().zip(&step).map(|(low, step)| low + 1 + step).collect();
    let high = mid.iter().zip(&more).map(|(mid, more)| (mid * 10 + more + 1) as f64 / 10.0).collect();
    table(vec![
        ("admitted", day(), Column::from_instants(days(start), None)),
        ("discharged", day(), Column::from_instants(days(discharged), missing(2))),
        ("billed", day(), Column::from_instants(days(billed), None)),
        ("low", whole(), Column::from_integers(low, None)),
        ("mid", whole(), Column::from_integers(mid, None)),
        ("high", real(), Column::from_floats(high, missing(1))),
        (
            "share",
            real(),
            Column::from_floats(
                whole_part
                    .iter()
                    .zip(&share)
                    .map(|(&all, &share)| all as f64 * share as f64 / 1000.0)
                    .collect(),
                None,
            ),
        ),
        ("whole", whole(), Column::from_integers(whole_part, None)),
        ("price", money(), money_of(price.clone())),
        ("quantity", whole(), Column::from_integers(quantity.clone(), missing(1))),
        (
            "total",
            money(),
            money_of(price.iter().zip(&quantity).map(|(p, q)| p * q).collect())
                .with_missing(&gaps.iter().map(|&gap| gap < 2).collect::<Vec<_>>()),
        ),
        ("sum", whole(), Column::from_integers((0..n).map(|row| a[row] + b[row] + c[row]).collect(), None)),
        ("a", whole(), Column::from_integers(a, None)),
        ("b", whole(), Column::from_integers(b, None)),
        ("c", whole(), Column::from_integers(c, None)),
        (
            "city",
            nominal(),
            levels(city.iter().map(|&city| city as u32).collect(), &["A", "B", "C", "D", "E", "F"], None),
        ),
        ("state", nominal(), levels(state, &["x", "y", "z"], missing(1))),
        ("code", whole(), Column::from_integers(city.iter().map(|city| city * 7).collect(), None)),
        ("red", whole(), flags(0)),
        ("green", whole(), flags(1)),
        ("blue", whole(), flags(2)),
        (
            "street",
            nominal(),
            levels(hot.iter().map(|&hot| hot as u32).collect(), &["s", "t", "u"], missing(3)),
        ),
        (
            "town",
            nominal(),
            levels(kind.iter().map(|&kind| kind as u32).collect(), &["k", "l", "m"], missing(3)),
        ),
        ("fee", whole(), Column::from_integers(fee.iter().map(|fee| fee * 5).collect(), None)),
        (
            "payment",
            nominal(),
            levels(kind.iter().map(|&kind| kind as u32).collect(), &["cash", "card", "bank"], None),
        ),
        (
            "card",
            nominal(),
            levels(hot.iter().map(|&hot| hot as u32).collect(), &["V", "M", "D"], Some(cash)),
        ),
        (
            "grade",
            nominal(),
            levels(grade.iter().map(|&grade| grade as u32).collect(), &["1", "2", "3", "4"], None),
        ),
        ("points", whole(), Column::from_integers(good, None)),
        (
            "sensor",
            nominal(),
            levels(sensor.iter().map(|&sensor| sensor as u32).collect(), &["p", "q", "r"], None),
        ),
        ("time", day(), Column::from_instants((0..n as i64).map(|row| (row / 2) * DAY).collect(), None)),
        (
            "serial",
            whole(),
            Column::from_integers(
                (0..n as i64).map(|row| row * 50_000 + serial[row as usize]).collect(),
                None,
            ),
        ),
        (
            "well",
            Kind::Boolean(BooleanFormat::default()),
            Column::from_booleans(stay.iter().map(|&stay| stay < 8).collect(), None),
        ),
    ])
    .with_constraints(CONSTRAINTS.map(|text| Constraint::parse(text).expect("a sound text")).to_vec())
}
