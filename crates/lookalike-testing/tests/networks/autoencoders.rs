//! Autoencoders, and what all networks tell.

use std::sync::atomic::{AtomicU64, Ordering};

use lookalike::synth::{Encoding, Tvae, Vae};
use lookalike::table::Levels;
use lookalike::table::schema::NumberFormat;
use lookalike::{
    AnyModel, AnySynthesizer, Column, ColumnSchema, Condition, Context, FitOptions, Kind, Progress,
    SampleRequest, Schema, Seed, Table,
};

use crate::{correlation, deviation, learn, numbers, related, sample};

fn small() -> Tvae {
    Tvae { epochs: 60, batch: 50, latent: 8, hidden: vec![64], ..Tvae::default() }
}

fn fit(tvae: Tvae, table: &Table) -> AnyModel {
    learn(&AnySynthesizer::Tvae(tvae), table, None)
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
    assert!(sampler.warnings().iter().any(|warning| warning.message.contains("drafts")));
    let sampled = sampler.collect_table().expect("sampling works");
    let values = |index: usize| sampled.column(index).numbers().expect("numbers").values;
    assert!(values(0).iter().all(|&x| x > 1.0));
    let mean = values(1).iter().sum::<f64>() / 2000.0;
    // The mean of a normal variable above 1 is 1.525.
    assert!((mean - 3.05).abs() < 0.5, "the other column's mean is {mean}");
}

/// As many rows of `related` as numbers are given, without the columns that say nothing.
fn given(x: &[f64], y: &[f64], side: &[u32]) -> Table {
    let kinds = related(2).schema().columns[..3].to_vec();
    let columns = vec![
        Column::from_floats(x.to_vec(), None),
        Column::from_floats(y.to_vec(), Some(y.iter().map(|y| y.is_nan()).collect())),
        Column::from_codes(side.to_vec(), &Levels::new(["below", "above"])),
    ];
    Table::new(Schema::new(kinds).into(), columns).expect("columns of one length")
}

#[test]
fn rows_are_drawn_around_given_ones() {
    let table = related(3000);
    let vae = Vae { epochs: 60, batch: 50, latent: 4, hidden: vec![64], ..Vae::default() };
    for (method, target) in [(AnySynthesizer::Vae(vae), Some("side")), (AnySynthesizer::Tvae(small()), None)]
    {
        let model = learn(&method, &table, target);
        let draw = |around: Table, conditions: Vec<Condition>| {
            let request =
                SampleRequest { rows: 0..1000, conditions, around: Some(around), ..SampleRequest::default() };
            let sampler = model.sample(&request, &Context::new(Seed::new(5))).expect("a possible request");
            assert!(sampler.warnings().iter().any(|warning| warning.message.contains("around given ones")));
            sampler.collect_table().expect("sampling works")
        };
        let every_other = |values: Vec<f64>, first: usize| -> Vec<f64> {
            values.into_iter().skip(first).step_by(2).collect()
        };
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let name = method.name();
        let sampled = draw(given(&[1.8, -0.8], &[3.6, -1.6], &[1, 0]), Vec::new());
        let sides: Vec<f64> = sampled
            .column(2)
            .texts()
            .expect("levels")
            .iter()
            .map(|side| f64::from(u8::from(side == Some("above"))))
            .collect();
        for (first, x, side) in [(0, 1.8, 1.0), (1, -0.8, 0.0)] {
            for (column, wanted) in [("x", x), ("y", 2.0 * x)] {
                let own = every_other(numbers(&sampled, column), first);
                assert!(
                    (mean(&own) - wanted).abs() < 0.25 * wanted.abs(),
                    "{name}: {column} is {} around {wanted}",
                    mean(&own)
                );
                assert!(
                    deviation(&own) < 0.6 * deviation(&numbers(&table, column)),
                    "{name}: {column} spreads"
                );
            }
            assert!((mean(&every_other(sides.clone(), first)) - side).abs() < 0.05, "{name}: sides");
        }
        // What is not given, or not known, is open; a condition holds.
        let condition = Condition::parse("x>0", model.schema(), 1).expect("a condition");
        let sampled = draw(given(&[1.5], &[f64::NAN], &[1]), vec![condition]);
        assert!(numbers(&sampled, "x").iter().all(|&x| x > 0.0));
        assert!(mean(&numbers(&sampled, "y")) > 1.0, "{name}: y is {}", mean(&numbers(&sampled, "y")));
    }
}

#[test]
fn nothing_is_drawn_around_what_is_not_there() {
    let context = Context::new(Seed::new(5));
    let around = || Some(given(&[1.0], &[2.0], &[1]));
    let tvae = fit(Tvae { epochs: 1, ..small() }, &related(300));
    let copula = learn(&AnySynthesizer::from_name("copula").expect("a method"), &related(300), None);
    let request = |around: Option<Table>| SampleRequest { rows: 0..3, around, ..SampleRequest::default() };
    let problem = |model: &AnyModel, request: &SampleRequest| {
        model.sample(request, &context).map(|_| ()).expect_err("it is impossible").to_string()
    };
    assert!(problem(&copula, &request(around())).contains("only the methods vae and tvae"));
    assert!(problem(&tvae, &request(Some(given(&[], &[], &[])))).contains("no rows"));
    let both = SampleRequest { like: around(), ..request(around()) };
    assert!(problem(&tvae, &both).contains("--like"));
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

#[test]
fn the_tutorial_collapses_and_the_default_does_not() {
    let table = related(3000);
    let collapsed = learn(&AnySynthesizer::Vae(Vae::tutorial()), &table, Some("side"));
    assert!(collapsed.warnings().iter().any(|warning| warning.message.contains("posterior collapse")));
    let rows = sample(&collapsed, 2000);
    let real = deviation(&numbers(&table, "y"));
    let found = deviation(&numbers(&rows, "y"));
    assert!(found < 0.1 * real, "the tutorial's numbers vary by {found} of {real}");
    let vae = Vae { epochs: 60, batch: 50, latent: 8, hidden: vec![64], ..Vae::default() };
    let model = learn(&AnySynthesizer::Vae(vae), &table, Some("side"));
    let told = model.warnings().iter().any(|warning| warning.message.contains("collapse"));
    assert!(!told, "{:?}", model.warnings());
    let rows = sample(&model, 2000);
    for name in ["x", "y"] {
        let (found, real) = (deviation(&numbers(&rows, name)), deviation(&numbers(&table, name)));
        assert!(found > 0.8 * real, "{name} varies by {found} of {real}");
    }
    assert!(correlation(&numbers(&rows, "x"), &numbers(&rows, "y")) > 0.9);
}

#[test]
fn rare_classes_can_be_learned_as_often_as_frequent_ones() {
    // One row of 50 is of the rare class, which lies elsewhere.
    let mut stream = Seed::new(9).stream("classes", 0);
    let rare: Vec<bool> = (0..4000).map(|row| row % 50 == 0).collect();
    let x = rare.iter().map(|&rare| if rare { 5.0 } else { 0.0 } + stream.normal()).collect();
    let codes = rare.iter().map(|&rare| u32::from(rare)).collect();
    let schema = Schema::new(vec![
        ColumnSchema::new("x", Kind::Numerical(NumberFormat::default())),
        ColumnSchema::new("class", Kind::Categorical { order: Vec::new() }),
    ]);
    let columns =
        vec![Column::from_floats(x, None), Column::from_codes(codes, &Levels::new(["usual", "rare"]))];
    let table = Table::new(schema.into(), columns).expect("columns of one length");
    let vae = Vae { epochs: 60, batch: 50, latent: 4, hidden: vec![32], balanced: true, ..Vae::default() };
    let without =
        AnySynthesizer::Vae(vae.clone()).fit(&table, &FitOptions::default(), &Context::new(Seed::new(4)));
    assert!(without.expect_err("there is nothing to balance").to_string().contains("--target"));
    let model = learn(&AnySynthesizer::Vae(vae), &table, Some("class"));
    let sampled = sample(&model, 10_000);
    let class = sampled.column(1).texts().expect("levels");
    let count = class.iter().filter(|class| *class == Some("rare")).count();
    // Classes come as often as in the data, however they were learned.
    assert!((140..260).contains(&count), "{count} of 10000 rows are rare");
    let conditions = vec![Condition::parse("class=rare", model.schema(), 1).expect("a condition")];
    let request = SampleRequest { rows: 0..1000, conditions, ..SampleRequest::default() };
    let rare = model.sample(&request, &Context::new(Seed::new(5))).expect("a possible request");
    let x = numbers(&rare.collect_table().expect("sampling works"), "x");
    let mean = x.iter().sum::<f64>() / 1000.0;
    assert!((mean - 5.0).abs() < 0.7, "rare rows lie around {mean}");
}
