//! What every method of balancing obeys, on a table with columns of every kind and gaps.

use lookalike_core::{Context, Progress, Seed};
use lookalike_synth::Error;
use lookalike_synth::resample::{AnyResampler, Balance, Origin, ResampleError, Resampled, Strategy};
use lookalike_table::schema::{BooleanFormat, DatetimeFormat, Decimals, IdFormat, NumberFormat, Offset};
use lookalike_table::spelling::spell;
use lookalike_table::{Codes, Column, ColumnSchema, Kind, Levels, Schema, Table};

const DAY: i64 = 86_400_000_000;
const ROWS: usize = 240;
const TARGET: usize = 8;

/// 240 rows, an eighth of them of the rare class: whole numbers with gaps, decimals, cents, days, levels with gaps, truth
/// values, keys, texts.
fn table() -> Table {
    let mut stream = Seed::new(11).stream("table", 0);
    let rare: Vec<u32> = (0..ROWS).map(|row| u32::from(row % 8 == 5)).collect();
    let mut draw = |row: usize, scale: f64| (stream.normal() + f64::from(rare[row])) * scale;
    let whole: Vec<i64> = (0..ROWS).map(|row| draw(row, 20.0).round() as i64).collect();
    let gaps: Vec<bool> = (0..ROWS).map(|row| row % 9 == 5).collect();
    let tenths: Vec<f64> = (0..ROWS).map(|row| draw(row, 30.0).round() / 10.0).collect();
    let cents: Vec<i128> = (0..ROWS).map(|row| draw(row, 5000.0).round() as i128).collect();
    let days: Vec<i64> = (0..ROWS).map(|row| draw(row, 400.0).round() as i64 * DAY).collect();
    let level = |row: usize| if row % 11 == 5 { Codes::MISSING } else { (row * 7 % 5) as u32 };
    let columns = vec![
        Column::from_integers(whole, Some(gaps)),
        Column::from_floats(tenths, None),
        Column::from_decimals(cents, 2, None).unwrap(),
        Column::from_instants(days, None),
        Column::from_codes((0..ROWS).map(level).collect(), &Levels::new(["a", "b", "c", "d", "e"])),
        Column::from_booleans((0..ROWS).map(|row| row % 3 == 0).collect(), None),
        Column::from_integers((0..ROWS as i64).map(|row| 500 + row).collect(), None),
        Column::from_texts((0..ROWS).map(|row| Some(format!("text {row}")))),
        Column::from_codes(rare, &Levels::new(["no", "yes"])),
    ];
    let date = DatetimeFormat { pattern: "%Y-%m-%d".into(), step: DAY, offset: Offset::Unknown };
    let number = |decimals| NumberFormat { decimals, ..NumberFormat::default() };
    let kinds = [
        Kind::Numerical(NumberFormat::whole()),
        Kind::Numerical(number(Decimals::UpTo(1))),
        Kind::Numerical(number(Decimals::Fixed(2))),
        Kind::Datetime(date),
        Kind::Categorical { order: Vec::new() },
        Kind::Boolean(BooleanFormat::default()),
        Kind::Id(IdFormat::default()),
        Kind::Text,
        Kind::Categorical { order: Vec::new() },
    ];
    let schema = (0..).zip(kinds).map(|(number, kind)| ColumnSchema::new(format!("column {number}"), kind));
    Table::new(Schema::new(schema.collect()).into(), columns).unwrap()
}

/// All methods that take such a table, in quick versions of generators.
fn methods() -> Vec<AnyResampler> {
    let own = AnyResampler::NAMES.into_iter().chain(["borderline-smote-2", "nearmiss-2", "nearmiss-3"]);
    own.filter(|name| !["smote", "smoten"].contains(name))
        .chain(["copula", "independent"])
        .map(|name| AnyResampler::from_name(name).unwrap())
        .collect()
}

fn cells(table: &Table) -> Vec<Vec<Option<String>>> {
    table.schema().columns.iter().zip(table.columns()).map(|(schema, column)| spell(schema, column)).collect()
}

fn resampled(method: &AnyResampler, table: &Table, seed: u64) -> Resampled {
    method.resample(table, &Balance::of(TARGET), &Context::new(Seed::new(seed))).unwrap()
}

#[test]
fn real_rows_stay_as_they_are_and_come_first() {
    let table = table();
    let given = cells(&table);
    for method in methods() {
        let found = resampled(&method, &table, 1);
        assert_eq!(found.origins.len(), found.table.n_rows(), "{}", method.name());
        let after: usize = found.classes.iter().map(|class| class.after).sum();
        assert_eq!(after, found.table.n_rows(), "{}", method.name());
        let balanced = cells(&found.table);
        let mut before = None;
        for (row, origin) in found.origins.iter().enumerate() {
            let Origin::Kept(from) = *origin else { continue };
            assert!(row == 0 || matches!(found.origins[row - 1], Origin::Kept(_)), "{}", method.name());
            assert!(before.is_none_or(|before| before < from), "{}", method.name());
            before = Some(from);
            for (balanced, given) in balanced.iter().zip(&given) {
                assert_eq!(balanced[row], given[from as usize], "{}", method.name());
            }
        }
    }
}

#[test]
fn new_values_are_such_as_the_column_has() {
    let table = table();
    for method in methods() {
        let found = resampled(&method, &table, 2);
        for column in 0..4 {
            let (given, all) = (table.column(column), found.table.column(column));
            let known = |column: &Column| -> Vec<f64> {
                column.numbers().unwrap().values.into_iter().filter(|value| !value.is_nan()).collect()
            };
            let bounds = |values: &[f64]| {
                (
                    values.iter().copied().fold(f64::MAX, f64::min),
                    values.iter().copied().fold(f64::MIN, f64::max),
                )
            };
            let ((low, high), values) = (bounds(&known(given)), known(all));
            let is_generated = matches!(method, AnyResampler::Generator(_));
            assert!(
                is_generated || values.iter().all(|&value| low <= value && value <= high),
                "{}",
                method.name()
            );
            let step = [1.0, 0.1, 0.01, DAY as f64][column];
            for value in values {
                assert!((value / step - (value / step).round()).abs() < 1e-6, "{} {column}", method.name());
            }
        }
        // Keys are unique.
        if !matches!(method, AnyResampler::Generator(_)) {
            let mut keys = found.table.column(6).integers().unwrap().values;
            keys.sort_unstable();
            assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{}", method.name());
        }
    }
}

#[test]
fn threads_change_nothing_and_seeds_do() {
    let table = table();
    let context_free = |method: &AnyResampler, threads: usize, seed: u64| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| cells(&resampled(method, &table, seed).table))
    };
    let by_lot = ["smotenc", "random", "rose", "noise", "adasyn", "random-under", "svm-smote", "copula"];
    for method in methods() {
        let once = context_free(&method, 1, 3);
        assert_eq!(once, context_free(&method, 2, 3), "{}", method.name());
        if by_lot.contains(&method.name()) {
            assert_ne!(once, context_free(&method, 2, 4), "{}", method.name());
        }
    }
}

#[test]
fn a_cancelled_method_stops() {
    struct Stopped;
    impl Progress for Stopped {
        fn cancelled(&self) -> bool {
            true
        }
    }
    let table = table();
    for method in methods() {
        if ["random", "rose", "noise", "random-under"].contains(&method.name()) {
            continue;
        }
        let context = Context::new(Seed::new(1)).with_progress(&Stopped);
        let found = method.resample(&table, &Balance::of(TARGET), &context);
        assert!(matches!(found, Err(Error::Cancelled(_))), "{}: {found:?}", method.name());
    }
}

#[test]
fn textbook_numbers_are_not_rounded() {
    let table = table();
    let balance = Balance { textbook: true, ..Balance::of(TARGET) };
    let smote = AnyResampler::from_name("smotenc").unwrap();
    let found = smote.resample(&table, &balance, &Context::new(Seed::new(1))).unwrap();
    let values = found.table.column(0).numbers().unwrap().values;
    assert!(values[..ROWS].iter().all(|value| value.is_nan() || value.fract() == 0.0));
    assert!(values[ROWS..].iter().any(|value| value.fract() != 0.0));
}

#[test]
fn options_are_kept_in_plans() {
    for method in methods() {
        let text = serde_json::to_string(&method).unwrap();
        assert_eq!(serde_json::from_str::<AnyResampler>(&text).unwrap(), method, "{text}");
        assert!(AnyResampler::from_name(method.name()).is_some());
    }
    let unknown = r#"{"smote":{"neighbours":3}}"#;
    assert!(serde_json::from_str::<AnyResampler>(unknown).is_err());
}

#[test]
fn clusters_and_machines_say_what_is_wrong_with_their_options() {
    for options in [
        r#"{"kmeans-smote":{"clusters":0}}"#,
        r#"{"nearmiss":{"version":4}}"#,
        r#"{"borderline-smote":{"version":3}}"#,
        r#"{"svm-smote":{"penalty":0.0}}"#,
        r#"{"instance-hardness":{"folds":1}}"#,
        r#"{"rose":{"shrinkage":-1.0}}"#,
        r#"{"smotenc":{"neighbors":0}}"#,
    ] {
        let method: AnyResampler = serde_json::from_str(options).unwrap();
        let found = method.resample(&table(), &Balance::of(TARGET), &Context::new(Seed::new(1)));
        assert!(matches!(found, Err(Error::Options { .. })), "{options}");
    }
}

#[test]
fn odd_tables_are_refused() {
    let table = table();
    let smote = AnyResampler::from_name("smotenc").unwrap();
    let refused = |table: &Table, balance: &Balance| match smote.resample(
        table,
        balance,
        &Context::new(Seed::new(1)),
    ) {
        Err(Error::Resample(error)) => error,
        other => panic!("{other:?}"),
    };
    let rare = |count: usize| -> Table {
        let common = (0..ROWS).filter(|row| row % 8 != 5);
        table.take(&common.chain((0..count).map(|row| row * 8 + 5)).collect::<Vec<_>>())
    };
    assert!(matches!(refused(&rare(0), &Balance::of(TARGET)), ResampleError::OneClass { .. }));
    assert_eq!(refused(&rare(1), &Balance::of(TARGET)), ResampleError::SingleRow);
    assert_eq!(refused(&rare(5), &Balance::of(TARGET)), ResampleError::FewRows { rows: 5, neighbors: 5 });
    assert!(matches!(refused(&table, &Balance::of(4)), ResampleError::NoClass { rows: 22, .. }));
    let constant = table.select(&[6, 7, TARGET]);
    assert_eq!(refused(&constant, &Balance::of(2)), ResampleError::Constant);
    let counts = Strategy::Counts(vec![("perhaps".into(), 5)]);
    let balance = Balance { strategy: counts, ..Balance::of(TARGET) };
    assert_eq!(refused(&table, &balance), ResampleError::UnknownClass { name: "perhaps".into() });
    let found = smote.resample(&table.slice(0..0), &Balance::of(TARGET), &Context::new(Seed::new(1)));
    assert!(matches!(found, Err(Error::NoRows)));
    let found = smote.resample(&table, &Balance::of(7), &Context::new(Seed::new(1)));
    assert!(matches!(found, Err(Error::TargetKind { .. })));
}

/// The table with some of column 1's values infinite.
fn with_infinities(table: &Table) -> Table {
    let mut values = table.column(1).numbers().unwrap().values;
    (values[3], values[7]) = (f64::INFINITY, f64::NEG_INFINITY);
    let mut columns = table.columns().to_vec();
    columns[1] = Column::from_floats(values, None);
    Table::new(table.schema().clone(), columns).unwrap()
}

#[test]
fn infinite_values_are_refused_where_distances_matter() {
    let table = with_infinities(&table());
    let balance = Balance::of(TARGET);
    let context = Context::new(Seed::new(1));
    for name in ["smotenc", "borderline-smote", "adasyn", "smote-enn", "enn", "nearmiss", "cluster-centroids"]
    {
        let method = AnyResampler::from_name(name).unwrap();
        match method.resample(&table, &balance, &context) {
            Err(Error::Resample(ResampleError::Infinite { column, cells: 2 })) => {
                assert_eq!(column, "column 1");
            }
            other => panic!("{name}: {:?}", other.map(|made| made.table.n_rows())),
        }
    }
    for name in ["random", "random-under"] {
        AnyResampler::from_name(name).unwrap().resample(&table, &balance, &context).unwrap();
    }
}

#[test]
fn more_rows_than_any_memory_holds_are_refused_at_once() {
    let table = table();
    let context = Context::new(Seed::new(1));
    for wanted in [1 << 55, u64::MAX] {
        let balance =
            Balance { strategy: Strategy::Counts(vec![("yes".into(), wanted)]), ..Balance::of(TARGET) };
        for name in ["smotenc", "random", "rose", "adasyn", "smote-tomek", "independent"] {
            let method = AnyResampler::from_name(name).unwrap();
            let error =
                method.resample(&table, &balance, &context).map(|made| made.table.n_rows()).unwrap_err();
            let is_memory = matches!(error, Error::Table(lookalike_table::Error::Memory { .. }));
            assert!(is_memory, "{name}: {error}");
        }
    }
}
