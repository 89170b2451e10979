//! A network per column, in any order.

use lookalike::synth::Autoregressive;
use lookalike::table::Levels;
use lookalike::table::schema::NumberFormat;
use lookalike::{
    AnyModel, AnySynthesizer, Column, ColumnSchema, Condition, Context, FitOptions, Kind, SampleRequest,
    Schema, Seed, Table,
};

use crate::{related, sample};

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
    let candidates = sampler.warnings().iter().any(|warning| warning.message.contains("drafts"));
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
fn rare_classes_come_as_often_as_they_did() {
    let class: Vec<u32> = (0..100_000).map(|row| u32::from(row % 10_000 == 0)).collect();
    let mut stream = Seed::new(6).stream("rare", 0);
    let x = class.iter().map(|&class| stream.normal() + 3.0 * f64::from(class)).collect();
    let schema = Schema::new(vec![
        ColumnSchema::new("x", Kind::Numerical(NumberFormat::default())),
        ColumnSchema::new("class", Kind::Categorical { order: Vec::new() }),
    ]);
    let columns = vec![Column::from_floats(x, None), Column::from_codes(class, &Levels::new(["no", "yes"]))];
    let table = Table::new(schema.into(), columns).expect("columns of one length");
    let options = Autoregressive { epochs: 2, ..Autoregressive::default() };
    let made = sample(&fit_per_column(options, &table), 1_000_000);
    let yes = made.column(1).texts().expect("levels").iter().filter(|level| *level == Some("yes")).count();
    // Ten rows of 100,000: a hundred are expected, give or take 10 by chance.
    assert!((50..170).contains(&yes), "{yes} of 1,000,000 rows are of the rare class, not 100");
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
