//! Gates: how often they raise a false alarm over a perfect generator, and how often they catch what is planted.

use std::collections::BTreeMap;
use std::sync::Arc;

use lookalike::evaluate::{Inputs, Wanted, evaluate};
use lookalike::plan::Gates;
use lookalike::table::schema::NumberFormat;
use lookalike::table::{Column, ColumnSchema, Kind, Levels, Schema};
use lookalike::{Context, Gate, Seed, Table};

/// Rows of each table.
const ROWS: usize = 2000;
/// Draws of a perfect generator.
const DRAWS: u64 = 100;
/// Draws of each leak or fault.
const TRIALS: u64 = 25;

/// Rows before they are a table.
#[derive(Clone, Default)]
struct Rows {
    numbers: [Vec<f64>; 3],
    levels: [Vec<u32>; 2],
}

impl Rows {
    /// People of a source: a heavy-tailed amount that follows an age, a score, a region and a status that three in a hundred
    /// have.
    fn drawn(label: &str, seed: u64) -> Self {
        let mut stream = Seed::new(seed).stream(label, 0);
        let mut rows = Rows::default();
        for _ in 0..ROWS {
            let mut normal = || (0..12).map(|_| stream.unit()).sum::<f64>() - 6.0;
            let (a, b, c) = (normal(), normal(), normal());
            let amount = lookalike_core::math::exp(0.8 * a + 0.6 * b);
            rows.numbers[0].push(a);
            rows.numbers[1].push(amount);
            rows.numbers[2].push(c + 0.5 * b);
            let region = if a > 0.0 { stream.below(3) } else { stream.below(5) };
            rows.levels[0].push(region as u32);
            rows.levels[1].push(u32::from(stream.unit() < 0.03));
        }
        rows
    }

    /// Puts a row of another table in the place of one.
    fn replace(&mut self, row: usize, other: &Rows, of_other: usize, stretch: f64) {
        for (own, theirs) in self.numbers.iter_mut().zip(&other.numbers) {
            own[row] = theirs[of_other] * stretch;
        }
        for (own, theirs) in self.levels.iter_mut().zip(&other.levels) {
            own[row] = theirs[of_other];
        }
    }

    fn table(self) -> Table {
        let number = |name| ColumnSchema::new(name, Kind::Numerical(NumberFormat::default()));
        let level = |name| ColumnSchema::new(name, Kind::Categorical { order: Vec::new() });
        let schema = Schema::new(vec![
            number("age"),
            number("amount"),
            number("score"),
            level("region"),
            level("status"),
        ]);
        let [age, amount, score] = self.numbers.map(|values| Column::from_floats(values, None));
        let regions = Levels::new(["n", "e", "s", "w", "c"]);
        let statuses = Levels::new(["common", "rare"]);
        let [region, status] = self.levels;
        let columns = vec![
            age,
            amount,
            score,
            Column::from_codes(region, &regions),
            Column::from_codes(status, &statuses),
        ];
        Table::new(Arc::new(schema), columns).unwrap()
    }
}

/// Bounds that real rows keep.
fn gates() -> Vec<Gate> {
    let map = |bounds: &[(&str, f64)]| -> BTreeMap<String, f64> {
        bounds.iter().map(|&(score, bound)| (score.to_owned(), bound)).collect()
    };
    let max = [
        ("copies", 0.01),
        ("near-copies", 0.04),
        ("dcr-share-tie-split", 0.57),
        ("mia-tpr", 0.05),
        ("outliers-found", 0.0),
    ];
    let min = [("category-coverage", 1.0), ("accuracy-2", 0.9), ("shape", 0.93)];
    Gate::all(&Gates { min: map(&min), max: map(&max) }).unwrap()
}

/// The gates that do not pass, when `fault` has changed real rows; it is given training rows too.
fn alarms(seed: u64, fault: impl FnOnce(&mut Rows, &mut Rows)) -> Vec<String> {
    let [mut train, holdout, mut synthetic] =
        ["train", "holdout", "synthetic"].map(|label| Rows::drawn(label, seed));
    fault(&mut synthetic, &mut train);
    let [train, holdout, synthetic] = [train, holdout, synthetic].map(Rows::table);
    let gates = gates();
    let wanted = Wanted::These(gates.iter().map(|gate| gate.score.clone()).collect());
    let inputs = Inputs { holdout: Some(&holdout), wanted: &wanted, ..Inputs::new(&train, &synthetic) };
    let evaluation = evaluate(&inputs, &Context::new(Seed::new(seed))).unwrap();
    let results = gates.iter().map(|gate| gate.check(&evaluation));
    results.filter(|result| !result.passed).map(|result| result.score).collect()
}

/// In how many of the trials one of these gates catches a fault.
fn caught(by: &[&str], fault: impl Fn(&mut Rows, &mut Rows)) -> u64 {
    let trials = (0..TRIALS).map(|trial| alarms(1000 + trial, &fault));
    trials.filter(|alarms| by.iter().all(|gate| alarms.iter().any(|alarm| alarm == gate))).count() as u64
}

/// At least nine in ten.
const POWER: u64 = TRIALS * 9 / 10;

#[test]
fn a_perfect_generator_seldom_raises_an_alarm() {
    let alarms: Vec<Vec<String>> =
        (0..DRAWS).map(|draw| alarms(draw, |_, _| {})).filter(|alarms| !alarms.is_empty()).collect();
    assert!(alarms.len() as u64 <= DRAWS / 20, "{} of {DRAWS} draws: {alarms:?}", alarms.len());
}

#[test]
fn copied_rows_are_caught() {
    let found = caught(&["copies", "near-copies"], |synthetic, train| {
        (0..ROWS / 20).for_each(|row| synthetic.replace(row, train, row, 1.0));
    });
    assert!(found >= POWER, "{found} of {TRIALS}");
}

#[test]
fn copies_with_a_little_noise_are_caught() {
    let found = caught(&["near-copies"], |synthetic, train| {
        (0..ROWS / 20).for_each(|row| synthetic.replace(row, train, row, 1.0 + 1e-4 * (row % 7) as f64));
    });
    assert!(found >= POWER, "{found} of {TRIALS}");
}

#[test]
fn a_table_of_near_copies_is_caught_by_every_measure_of_nearness() {
    let found = caught(&["near-copies", "dcr-share-tie-split", "mia-tpr"], |synthetic, train| {
        (0..ROWS).for_each(|row| synthetic.replace(row, train, row, 1.0 + 1e-4 * (row % 7) as f64));
    });
    assert!(found >= POWER, "{found} of {TRIALS}");
}

#[test]
fn a_single_leaked_outlier_is_caught() {
    let found = caught(&["outliers-found"], |synthetic, train| {
        let values = [9.0, 400.0, -8.0];
        train.numbers.iter_mut().zip(values).for_each(|(numbers, value)| numbers[77] = value);
        synthetic.replace(5, train, 77, 1.001);
    });
    assert!(found >= POWER, "{found} of {TRIALS}");
}

#[test]
fn a_dropped_minority_is_caught() {
    let found = caught(&["category-coverage"], |synthetic, _| synthetic.levels[1].fill(0));
    assert!(found >= POWER, "{found} of {TRIALS}");
}

#[test]
fn a_broken_pair_is_caught() {
    let found = caught(&["accuracy-2"], |synthetic, _| synthetic.numbers[1].rotate_left(ROWS / 2));
    assert!(found >= POWER, "{found} of {TRIALS}");
}
