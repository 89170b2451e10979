//! Controls: a generator that copies must be caught, and one that cannot know must not be accused.

use std::sync::Arc;

use lookalike::audit::{AuditOptions, Generator, RecordKind, audit_generator};
use lookalike::table::Levels;
use lookalike::table::schema::NumberFormat;
use lookalike::{
    AnySynthesizer, Audit, Column, ColumnSchema, Context, FitOptions, Kind, Progress, Result, Schema, Seed,
    Table, audit,
};

/// Rows of two numbers and a level, with a person for every two rows.
fn people(rows: usize) -> Table {
    let mut stream = Seed::new(5).stream("people", 0);
    let schema = Schema::new(vec![
        ColumnSchema::new("person", Kind::Numerical(NumberFormat::whole())),
        ColumnSchema::new("age", Kind::Numerical(NumberFormat::whole())),
        ColumnSchema::new("pay", Kind::Numerical(NumberFormat::whole())),
        ColumnSchema::new("town", Kind::Categorical { order: Vec::new() }),
    ]);
    let ages: Vec<i64> = (0..rows).map(|_| 20 + stream.below(50) as i64).collect();
    let pays = ages.iter().map(|age| age * 100 + stream.below(2000) as i64).collect();
    let towns = (0..rows).map(|_| stream.below(4) as u32).collect();
    let columns = vec![
        Column::from_integers((0..rows as i64).map(|row| row / 2).collect(), None),
        Column::from_integers(ages, None),
        Column::from_integers(pays, None),
        Column::from_codes(towns, &Levels::new(["a", "b", "c", "d"])),
    ];
    Table::new(Arc::new(schema), columns).unwrap()
}

fn without_person(rows: usize) -> Table {
    people(rows).select(&[1, 2, 3])
}

fn context() -> Context<'static> {
    Context::new(Seed::new(2))
}

/// A bootstrap of the training rows: the plainest copying there is.
#[expect(clippy::unnecessary_wraps, reason = "generators may fail")]
fn bootstrap(train: &Table, context: &Context<'_>) -> Result<Table> {
    let mut stream = context.seed.stream("bootstrap", 0);
    let rows: Vec<usize> =
        (0..train.n_rows()).map(|_| stream.below(train.n_rows() as u64) as usize).collect();
    Ok(train.take(&rows))
}

fn audited(generator: &Generator<'_>, seed: u64) -> Audit {
    let options = AuditOptions { refits: 32, targets: 16, rows: None };
    let context = Context::new(Seed::new(seed));
    audit_generator(&without_person(400), "test", generator, &FitOptions::default(), &options, &context)
        .unwrap()
}

#[test]
fn a_generator_that_copies_is_caught() {
    // All of its training rows, in another order.
    let audit = audited(&|train, _| Ok(train.clone()), 1);
    assert!(audit.beyond_chance);
    for finding in &audit.findings {
        assert!(finding.is_beyond_chance(), "{finding:?}");
        let rate = &finding.rates[0];
        assert!(rate.tpr.value > 0.95, "{finding:?}");
        assert!(rate.fpr.value < 0.05 && rate.epsilon_at_least > 2.0, "{finding:?}");
        assert!(finding.auc.value > 0.95, "{finding:?}");
    }
    // Each row with a probability of 63 %.
    let audit = audited(&bootstrap, 1);
    let [.., all] = &audit.findings[..] else { panic!("there are findings") };
    let tpr = all.rates[0].tpr;
    assert!((0.5..0.75).contains(&tpr.value) && tpr.low > 0.5, "{all:?}");
}

#[test]
fn one_kind_of_record_can_be_found_while_others_are_not() {
    // Rows that nothing depends on, but for the richest: these are copied.
    let rich = |train: &Table, context: &Context<'_>| {
        let synthetic = unseen(train, context)?;
        let pay = train.column(1).numbers().expect("numbers").values;
        let age = train.column(0).numbers().expect("numbers").values;
        let odd: Vec<usize> = (0..train.n_rows())
            .filter(|&row| (pay[row] - age[row] * 100.0 - 1000.0).abs() > 1100.0)
            .collect();
        Ok(Table::concat(&[synthetic, train.take(&odd)])?)
    };
    let audit = audited(&rich, 3);
    let rate = |number: usize| audit.findings[number].rates[0].tpr.value;
    assert!(audit.findings[2].is_beyond_chance() && rate(2) > 0.5, "{:?}", audit.findings[2]);
    assert!(!audit.findings[0].is_beyond_chance() && rate(0) < 0.1, "{:?}", audit.findings[0]);
}

/// Rows of the same law that do not depend on those learned from.
fn unseen(train: &Table, context: &Context<'_>) -> Result<Table> {
    let mut stream = context.seed.stream("unseen", 0);
    let rows = train.n_rows();
    let ages: Vec<i64> = (0..rows).map(|_| 20 + stream.below(50) as i64).collect();
    let pays = ages.iter().map(|age| age * 100 + stream.below(2000) as i64).collect();
    let towns = (0..rows).map(|_| stream.below(4) as u32).collect();
    let levels = Levels::new(["a", "b", "c", "d"]);
    let columns = vec![
        Column::from_integers(ages, None),
        Column::from_integers(pays, None),
        Column::from_codes(towns, &levels),
    ];
    Ok(Table::new(train.schema().clone(), columns)?)
}

#[test]
fn a_generator_that_cannot_know_is_not_accused() {
    let mut alarms = 0;
    for seed in 0..20 {
        let audit = audited(&unseen, seed);
        alarms += u32::from(audit.beyond_chance);
        let [.., all] = &audit.findings[..] else { panic!("there are findings") };
        assert!((0.4..0.6).contains(&all.auc.value), "{all:?}");
        assert!(all.rates[0].fpr.value < 0.04 && all.rates[0].tpr.value < 0.04, "{all:?}");
    }
    // At most one in twenty is expected, and more than four would be one in four hundred.
    assert!(alarms <= 4, "{alarms} of 20");
}

#[test]
fn independent_columns_are_not_accused() {
    let options = AuditOptions { refits: 16, targets: 8, rows: None };
    let synthesizer = AnySynthesizer::from_name("independent").unwrap();
    let audit =
        audit(&without_person(300), &synthesizer, &FitOptions::default(), &options, &context()).unwrap();
    assert!(!audit.beyond_chance, "{:?}", audit.findings);
    // 32 decisions of a kind in each half are too few for 1 %.
    assert!(audit.findings[0].rates.is_empty());
    assert!(audit.could_not_tell.iter().any(|sentence| sentence.contains("1 %")));
}

#[test]
fn the_result_does_not_depend_on_the_number_of_threads() {
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| audited(&bootstrap, 4))
    };
    let one = on(1);
    assert_eq!(one, on(2));
    assert_eq!(one, on(3));
    assert_ne!(one, audited(&bootstrap, 5));
}

#[test]
fn the_rows_of_a_unit_are_in_or_out_together() {
    let table = people(400);
    let roles = FitOptions { unit: Some(0), ..FitOptions::default() };
    let options = AuditOptions { refits: 16, targets: 5, rows: Some(200) };
    let split = |train: &Table, _: &Context<'_>| {
        let people = train.column(0).integers().expect("whole numbers").values;
        let mut counts = std::collections::BTreeMap::new();
        for person in people {
            *counts.entry(person).or_insert(0) += 1;
        }
        // A planted record is one row of a person whose other row is left out.
        let single = counts.values().filter(|count| **count != 2).count();
        assert!(single <= 5, "{single}");
        Ok(train.clone())
    };
    let audit = audit_generator(&table, "test", &split, &roles, &options, &context()).unwrap();
    assert_eq!(audit.rows_in_all, 200);
    assert_eq!(audit.columns_compared, ["age", "pay", "town"]);
    for record in &audit.records {
        assert_eq!(record.rows.len(), if record.kind == RecordKind::Planted { 1 } else { 2 });
    }
}

#[test]
fn what_cannot_be_audited_is_refused() {
    let table = without_person(100);
    let refused = |options: AuditOptions| {
        let done = audit_generator(&table, "test", &bootstrap, &FitOptions::default(), &options, &context());
        done.unwrap_err().to_string()
    };
    let usual = AuditOptions::default();
    assert!(refused(AuditOptions { refits: 0, ..usual }).contains("multiple of 4"));
    assert!(refused(AuditOptions { refits: 18, ..usual }).contains("multiple of 4"));
    assert!(refused(AuditOptions { targets: 0, ..usual }).contains("at least 1"));
    assert!(refused(AuditOptions { targets: 17, ..usual }).contains("more than half"));
    assert!(refused(AuditOptions { targets: 5, rows: Some(90), ..usual }).contains("ask for fewer rows"));
}

#[test]
fn a_stopped_audit_ends_at_once() {
    struct Stopped;
    impl Progress for Stopped {
        fn cancelled(&self) -> bool {
            true
        }
    }
    let context = context().with_progress(&Stopped);
    let options = AuditOptions { targets: 5, ..AuditOptions::default() };
    let done =
        audit_generator(&without_person(100), "test", &bootstrap, &FitOptions::default(), &options, &context);
    assert!(done.unwrap_err().is_cancelled());
}
