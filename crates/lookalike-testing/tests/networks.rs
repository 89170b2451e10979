//! What holds for methods that are networks: tables that are hard to learn, and what is told about learning.

use std::sync::atomic::{AtomicU64, Ordering};

use lookalike::synth::{Autoregressive, Encoding, Tvae};
use lookalike::table::Levels;
use lookalike::table::schema::NumberFormat;
use lookalike::{
    AnyModel, AnySynthesizer, Column, ColumnSchema, Condition, Context, FitOptions, Kind, Progress,
    SampleRequest, Schema, Seed, Table,
};

fn small() -> Tvae {
    Tvae { epochs: 60, batch: 50, latent: 8, hidden: vec![64], ..Tvae::default() }
}

fn fit(tvae: Tvae, table: &Table) -> AnyModel {
    let context = Context::new(Seed::new(4));
    AnySynthesizer::Tvae(tvae).fit(table, &FitOptions::default(), &context).expect("it can be learned")
}

fn sample(model: &AnyModel, rows: u64) -> Table {
    let sampler =
        model.sample(&SampleRequest::rows(rows), &Context::new(Seed::new(5))).expect("a possible request");
    sampler.collect_table().expect("sampling works")
}

/// Two numbers that rise together, a level that follows the first one's sign, a constant and a column without values.
fn related(rows: usize) -> Table {
    let mut stream = Seed::new(6).stream("related", 0);
    let x: Vec<f64> = (0..rows).map(|_| stream.normal()).collect();
    let y: Vec<f64> = x.iter().map(|x| 2.0 * x + 0.3 * stream.normal()).collect();
    let side = x.iter().map(|x| u32::from(*x > 0.0)).collect();
    let number = || Kind::Numerical(NumberFormat::default());
    let columns = vec![
        ("x", number(), Column::from_floats(x.clone(), None)),
        ("y", number(), Column::from_floats(y, None)),
        (
            "side",
            Kind::Categorical { order: Vec::new() },
            Column::from_codes(side, &Levels::new(["below", "above"])),
        ),
        ("same", number(), Column::from_floats(vec![7.0; rows], None)),
        ("none", number(), Column::from_floats(vec![0.0; rows], Some(vec![true; rows]))),
    ];
    let schema = columns.iter().map(|(name, kind, _)| ColumnSchema::new(*name, kind.clone())).collect();
    Table::new(Schema::new(schema).into(), columns.into_iter().map(|(_, _, column)| column).collect())
        .expect("columns of one length")
}

#[test]
fn relations_are_learned_with_every_encoding() {
    let table = related(3000);
    let encodings = [Encoding::ModeSpecific, Encoding::QuantileNormal, Encoding::Standard, Encoding::MinMax];
    for encoding in encodings {
        let model = fit(Tvae { encoding, ..small() }, &table);
        let sampled = sample(&model, 5000);
        let column = |name: &str| {
            let index = sampled.schema().index_of(name).expect("a column");
            sampled.column(index)
        };
        let (x, y) =
            (column("x").numbers().expect("numbers").values, column("y").numbers().expect("numbers").values);
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let (mx, my) = (mean(&x), mean(&y));
        let product = |a: &[f64], ma: f64, b: &[f64], mb: f64| -> f64 {
            a.iter().zip(b).map(|(a, b)| (a - ma) * (b - mb)).sum()
        };
        let spread = product(&x, mx, &x, mx);
        let correlation = product(&x, mx, &y, my) / (spread * product(&y, my, &y, my)).sqrt();
        // What is spread over several modes is harder to keep together.
        let least = if encoding == Encoding::ModeSpecific { 0.5 } else { 0.9 };
        assert!(correlation > least, "{encoding:?}: numbers correlate by {correlation}");
        let deviation = (spread / 5000.0).sqrt();
        assert!((0.8..1.2).contains(&deviation), "{encoding:?}: a deviation of {deviation} instead of 1");
        let side = column("side").texts().expect("levels");
        let right = side.iter().zip(&x).filter(|(side, x)| (*side == Some("above")) == (**x > 0.0)).count();
        assert!(
            right as f64 > 5000.0 * (0.5 + 0.4 * least),
            "{encoding:?}: {right} of 5000 rows are on the right side"
        );
        assert!(column("same").numbers().expect("numbers").values.iter().all(|&value| value == 7.0));
        assert_eq!(column("none").missing_count(), 5000);
    }
}

#[test]
fn conditions_move_what_goes_with_them() {
    let model = fit(small(), &related(3000));
    let conditions = vec![Condition::parse("x>1", model.schema(), 1).expect("a condition")];
    let request = SampleRequest { rows: 0..2000, conditions, ..SampleRequest::default() };
    let sampler = model.sample(&request, &Context::new(Seed::new(5))).expect("a possible request");
    assert!(sampler.warnings().iter().any(|warning| warning.message.contains("candidates")));
    let sampled = sampler.collect_table().expect("sampling works");
    let values = |index: usize| sampled.column(index).numbers().expect("numbers").values;
    assert!(values(0).iter().all(|&x| x > 1.0));
    let mean = values(1).iter().sum::<f64>() / 2000.0;
    // The mean of a normal variable above 1 is 1.525.
    assert!((mean - 3.05).abs() < 0.5, "the other column's mean is {mean}");
}

#[test]
fn thousands_of_levels_are_learned() {
    let rows = 12_000;
    let names: Vec<String> = (0..1500).map(|level| format!("level {level}")).collect();
    let codes = (0..rows).map(|row| row % 1500).collect();
    let column = Column::from_codes(codes, &Levels::new(names.iter().map(String::as_str)));
    let schema = Schema::new(vec![ColumnSchema::new("level", Kind::Categorical { order: Vec::new() })]);
    let table = Table::new(schema.into(), vec![column]).expect("one column");
    let model = fit(Tvae { epochs: 2, ..small() }, &table);
    let sampled = sample(&model, 20_000);
    let levels = sampled.column(0).texts().expect("levels");
    let used: std::collections::BTreeSet<_> = levels.iter().collect();
    assert!(used.len() > 1400, "only {} of 1500 levels are drawn", used.len());
}

#[test]
fn as_few_rows_as_protection_lets_through_are_learned() {
    let model = fit(small(), &related(1000).slice(0..5));
    assert_eq!(sample(&model, 10).n_rows(), 10);
}

#[test]
fn learning_is_told() {
    let model = fit(small(), &related(1000));
    let training = model.training().expect("a network learns in epochs");
    assert_eq!(training.losses.len(), 2);
    let reconstruction = &training.losses[0].1;
    assert!(reconstruction.len() >= 5 && reconstruction[0] > reconstruction[reconstruction.len() - 1]);
    assert!(training.held_out.iter().any(|(epoch, _)| *epoch == training.kept));
    let best = training.held_out.iter().map(|(_, measure)| *measure).fold(f64::INFINITY, f64::min);
    assert!(training.held_out.iter().any(|&(epoch, measure)| epoch == training.kept && measure == best));
}

#[test]
fn what_was_learned_is_kept_when_there_is_enough() {
    struct Enough(AtomicU64);
    impl Progress for Enough {
        fn enough(&self) -> bool {
            self.0.fetch_add(1, Ordering::Relaxed) > 40
        }
    }
    let enough = Enough(AtomicU64::new(0));
    let context = Context::new(Seed::new(4)).with_progress(&enough);
    let method = AnySynthesizer::Tvae(Tvae { epochs: 100_000, ..small() });
    let model = method.fit(&related(1000), &FitOptions::default(), &context).expect("it keeps what there is");
    assert!(model.warnings().iter().any(|warning| warning.message.contains("ended early")));
    assert_eq!(sample(&model, 3).n_rows(), 3);
}

#[test]
fn options_are_checked_together() {
    let tvae = Tvae { epochs: 0, batch: 1, rate: f32::NAN, max_seconds: Some(-1.0), latent: 0, ..small() };
    let error = AnySynthesizer::Tvae(tvae).check().expect_err("nothing of it is right").to_string();
    for option in ["epochs", "batch", "rate", "max-seconds", "latent"] {
        assert!(error.contains(option), "{option} is not named: {error}");
    }
    let forest = AnySynthesizer::from_name("forest").expect("a listed name");
    let error = forest.with_epochs(3).expect_err("trees have no epochs").to_string();
    assert!(error.contains("leave --epochs out"), "{error}");
}

/// A small network per column.
fn per_column() -> Autoregressive {
    Autoregressive { epochs: 40, batch: 50, hidden: vec![32], ..Autoregressive::default() }
}

fn fit_per_column(options: Autoregressive, table: &Table) -> AnyModel {
    let context = Context::new(Seed::new(4));
    let method = AnySynthesizer::Autoregressive(options);
    method.fit(table, &FitOptions::default(), &context).expect("it can be learned")
}

/// Rows that fulfil conditions, and what was said of them.
fn under(model: &AnyModel, conditions: &[&str]) -> (Table, bool) {
    let conditions = conditions
        .iter()
        .enumerate()
        .map(|(number, text)| Condition::parse(text, model.schema(), number + 1).expect("a condition"))
        .collect();
    let request = SampleRequest { rows: 0..4000, conditions, ..SampleRequest::default() };
    let sampler = model.sample(&request, &Context::new(Seed::new(5))).expect("a possible request");
    let candidates = sampler.warnings().iter().any(|warning| warning.message.contains("candidates"));
    (sampler.collect_table().expect("sampling works"), candidates)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[test]
fn any_column_can_come_first() {
    let model = fit_per_column(per_column(), &related(3000));
    let numbers = |table: &Table, index: usize| table.column(index).numbers().expect("numbers").values;
    // y is twice x and a little noise: whichever is given, the other follows, and no candidates are needed.
    let (rows, candidates) = under(&model, &["x>1"]);
    assert!(!candidates && numbers(&rows, 0).iter().all(|&x| x > 1.0));
    let followed = mean(&numbers(&rows, 1));
    assert!((followed - 3.05).abs() < 0.3, "the mean of y is {followed}");
    let (rows, candidates) = under(&model, &["y>2"]);
    assert!(!candidates && numbers(&rows, 1).iter().all(|&y| y > 2.0));
    let followed = mean(&numbers(&rows, 0));
    assert!((followed - 1.52).abs() < 0.15, "the mean of x is {followed}");
}

#[test]
fn several_conditions_are_weighed() {
    let model = fit_per_column(per_column(), &related(3000));
    let (rows, candidates) = under(&model, &["x>0", "y<1"]);
    assert!(candidates, "two restricted columns need candidates");
    let free = sample(&model, 40_000);
    let numbers = |table: &Table, index: usize| table.column(index).numbers().expect("numbers").values;
    let (x, y) = (numbers(&free, 0), numbers(&free, 1));
    let kept: Vec<f64> = x.iter().zip(&y).filter(|(x, y)| **x > 0.0 && **y < 1.0).map(|(x, _)| *x).collect();
    let (ours, theirs) = (mean(&numbers(&rows, 0)), mean(&kept));
    assert!((ours - theirs).abs() < 0.05, "the mean of x is {ours}, of rows drawn until they fit {theirs}");
    assert!(numbers(&rows, 0).iter().zip(numbers(&rows, 1)).all(|(&x, y)| x > 0.0 && y < 1.0));
}

#[test]
fn chances_of_all_rows_make_one() {
    let rows = 2000;
    let mut stream = Seed::new(6).stream("levels", 0);
    let first: Vec<u32> = (0..rows).map(|_| stream.below(3) as u32).collect();
    let second = first.iter().map(|&code| (code + u32::from(stream.unit() < 0.2)) % 4).collect();
    let level = || Kind::Categorical { order: Vec::new() };
    let schema = vec![ColumnSchema::new("a", level()), ColumnSchema::new("b", level())];
    let (a, b) = (Levels::new(["p", "q", "r"]), Levels::new(["s", "t", "u", "v"]));
    let columns = |first: Vec<u32>, second: Vec<u32>| {
        let columns = vec![Column::from_codes(first, &a), Column::from_codes(second, &b)];
        Table::new(Schema::new(schema.clone()).into(), columns).expect("columns of one length")
    };
    let model = fit_per_column(per_column(), &columns(first, second));
    let all = columns((0..12).map(|row| row / 4).collect(), (0..12).map(|row| row % 4).collect());
    let logs = model.log_prob(&all).expect("the same columns").expect("it tells");
    let sum: f64 = logs.iter().map(|log| lookalike_core::math::exp(*log)).sum();
    assert!((sum - 1.0).abs() < 1e-6, "all rows together have the chance {sum}");
}

#[test]
fn who_follows_leads_back() {
    let rows = 2000;
    let mut stream = Seed::new(7).stream("levels", 0);
    let town: Vec<u32> = (0..rows).map(|_| stream.below(6) as u32).collect();
    let land = town.iter().map(|town| town / 2).collect();
    let level = || Kind::Categorical { order: Vec::new() };
    let towns = Levels::new(["a1", "a2", "b1", "b2", "c1", "c2"]);
    let schema = vec![ColumnSchema::new("land", level()), ColumnSchema::new("town", level())];
    let columns =
        vec![Column::from_codes(land, &Levels::new(["a", "b", "c"])), Column::from_codes(town, &towns)];
    let table = Table::new(Schema::new(schema).into(), columns).expect("columns of one length");
    let model = fit_per_column(per_column(), &table);
    let (rows, candidates) = under(&model, &["land=b"]);
    assert!(!candidates);
    let towns = rows.column(1).texts().expect("levels");
    let first = towns.iter().filter(|town| *town == Some("b1")).count();
    assert!(towns.iter().all(|town| town.is_some_and(|town| town.starts_with('b'))));
    assert!((1700..2300).contains(&first), "{first} of 4000 rows are of one of two towns");
    let free = sample(&model, 3000);
    let (lands, towns) = (free.column(0).texts().expect("levels"), free.column(1).texts().expect("levels"));
    assert!(lands.iter().zip(towns.iter()).all(|(land, town)| town.unwrap().starts_with(land.unwrap())));
}

#[test]
fn many_levels_and_rare_classes_are_learned_by_networks_per_column() {
    let (rows, levels) = (30_000, 3000);
    let names: Vec<String> = (0..levels).map(|level| format!("level {level}")).collect();
    let codes: Vec<u32> = (0..rows).map(|row| row % levels).collect();
    // Six of 30,000, and only with the first level.
    let rare = (0..rows).map(|row| u32::from(row % levels == 0 && row < 6 * levels)).collect();
    let level = || Kind::Categorical { order: Vec::new() };
    let schema = vec![ColumnSchema::new("level", level()), ColumnSchema::new("class", level())];
    let columns = vec![
        Column::from_codes(codes, &Levels::new(names.iter().map(String::as_str))),
        Column::from_codes(rare, &Levels::new(["usual", "rare"])),
    ];
    let table = Table::new(Schema::new(schema).into(), columns).expect("columns of one length");
    let model = fit_per_column(Autoregressive { epochs: 2, batch: 250, ..per_column() }, &table);
    let sampled = sample(&model, 60_000);
    let levels = sampled.column(0).texts().expect("levels");
    let used: std::collections::BTreeSet<_> = levels.iter().collect();
    assert!(used.len() > 2900, "only {} of 3000 levels are drawn", used.len());
    let (rows, _) = under(&model, &["class=rare"]);
    assert!(rows.column(1).texts().expect("levels").iter().all(|class| class == Some("rare")));
    let error = AnySynthesizer::Autoregressive(Autoregressive {
        hidden: Vec::new(),
        decay: f32::NAN,
        epochs: 0,
        ..per_column()
    });
    let error = error.check().expect_err("nothing of it is right").to_string();
    for option in ["epochs", "hidden", "decay"] {
        assert!(error.contains(option), "{option} is not named: {error}");
    }
}
