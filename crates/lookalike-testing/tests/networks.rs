//! What holds for methods that are networks: tables that are hard to learn, and what is told about learning.

use std::sync::atomic::{AtomicU64, Ordering};

use lookalike::synth::{Encoding, Tvae};
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
