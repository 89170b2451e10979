//! Any table survives any format.

use std::path::Path;
use std::sync::Arc;

use lookalike_core::Silent;
use lookalike_table::read::{ReadOptions, read};
use lookalike_table::schema::{BooleanFormat, DatetimeFormat, Dialect, NumberFormat, Offset, Quoting};
use lookalike_table::write::Writer;
use lookalike_table::{Codes, Column, ColumnSchema, Kind, Levels, Schema, Table};
use proptest::prelude::*;

type Row = (Option<i64>, Option<f64>, Option<String>, Option<u8>, Option<bool>, Option<i64>);

/// Texts with everything that may go wrong, and a letter at both ends: whether spaces around a text belong to it, and
/// which texts mean a missing value, are other questions.
fn text() -> impl Strategy<Value = String> {
    "[a-zé😀,;|\t\"'\r\n=+@ -]{0,10}".prop_map(|within| format!("k{within}k"))
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let finite = any::<f64>().prop_filter("finite", |number| number.is_finite());
    // Seconds of the years 1 to 9999.
    let seconds = -62_135_596_800i64..253_402_300_800;
    prop::collection::vec(
        (
            prop::option::of(any::<i64>()),
            prop::option::of(finite),
            prop::option::of(text()),
            prop::option::of(0u8..3),
            prop::option::of(any::<bool>()),
            prop::option::of(seconds),
        ),
        1..20,
    )
}

fn dialect() -> impl Strategy<Value = Dialect> {
    (
        prop::sample::select(vec![b',', b';', b'\t', b'|']),
        prop::sample::select(vec![Quoting::Minimal, Quoting::Always, Quoting::NonNumeric]),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(delimiter, quoting, crlf, bom)| Dialect {
            delimiter,
            quoting,
            crlf,
            bom,
            ..Dialect::default()
        })
}

fn flags<T>(values: &[Option<T>]) -> Vec<bool> {
    values.iter().map(Option::is_none).collect()
}

fn table(rows: &[Row], levels: &[String; 3], dialect: &Dialect) -> Table {
    let integers: Vec<_> = rows.iter().map(|row| row.0).collect();
    let floats: Vec<_> = rows.iter().map(|row| row.1).collect();
    let booleans: Vec<_> = rows.iter().map(|row| row.4).collect();
    let instants: Vec<_> = rows.iter().map(|row| row.5.map(|seconds| seconds * 1_000_000)).collect();
    let codes = rows.iter().map(|row| row.3.map_or(Codes::MISSING, u32::from)).collect();
    let datetime =
        DatetimeFormat { pattern: "%Y-%m-%d %H:%M:%S".into(), step: 1_000_000, offset: Offset::Unknown };
    let described = vec![
        ColumnSchema::new("i", Kind::Numerical(NumberFormat::whole())),
        ColumnSchema::new("f \"", Kind::Numerical(NumberFormat::default())),
        ColumnSchema::new("t,;", Kind::Text),
        ColumnSchema::new("", Kind::Categorical { order: Vec::new() }),
        ColumnSchema::new("b\n", Kind::Boolean(BooleanFormat::default())),
        ColumnSchema::new("d", Kind::Datetime(datetime)),
    ];
    let columns = vec![
        Column::from_integers(integers.iter().map(|v| v.unwrap_or(0)).collect(), Some(flags(&integers))),
        Column::from_floats(floats.iter().map(|v| v.unwrap_or(0.0)).collect(), Some(flags(&floats))),
        Column::from_texts(rows.iter().map(|row| row.2.as_deref())),
        Column::from_codes(codes, &Levels::new(levels)),
        Column::from_booleans(booleans.iter().map(|v| v.unwrap_or(false)).collect(), Some(flags(&booleans))),
        Column::from_instants(instants.iter().map(|v| v.unwrap_or(0)).collect(), Some(flags(&instants))),
    ];
    let schema = Schema { dialect: Some(dialect.clone()), ..Schema::new(described) };
    Table::new(Arc::new(schema), columns).unwrap()
}

fn write(path: &Path, table: &Table) {
    let mut writer = Writer::create(path, None, table.schema()).unwrap();
    writer.write(table).unwrap();
    writer.finish().unwrap();
}

fn content(column: &Column) -> String {
    match column.texts() {
        Some(texts) => format!("{:?}", texts.iter().collect::<Vec<_>>()),
        None => format!("{:?}", column.integers()),
    }
}

/// Floats that are whole may come back as whole numbers, which have no negative zero.
fn floats(column: &Column) -> Vec<Option<u64>> {
    let numbers = column.numbers().unwrap();
    let missing = |row: usize| numbers.missing.as_ref().is_some_and(|missing| missing[row]);
    let bits = |row: usize| (!missing(row)).then(|| (numbers.values[row] + 0.0).to_bits());
    (0..column.len()).map(bits).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn every_format_gives_back_what_it_got(
        rows in rows(),
        levels in prop::array::uniform3(text()),
        dialect in dialect(),
    ) {
        prop_assume!(levels[0] != levels[1] && levels[1] != levels[2] && levels[0] != levels[2]);
        let original = table(&rows, &levels, &dialect);
        let folder = tempfile::tempdir().unwrap();
        for name in ["t.csv", "t.tsv", "t.csv.gz", "t.jsonl", "t.parquet", "t.arrow", "t.arrows"] {
            let path = folder.path().join(name);
            write(&path, &original);
            let options = ReadOptions {
                schema: Some(original.schema().as_ref().clone()),
                delimiter: name.contains("csv").then_some(dialect.delimiter),
                header: Some(true),
                ..ReadOptions::default()
            };
            let reading = read(&path, &options, &Silent).unwrap();
            prop_assert_eq!(&reading.invalid, &vec![0; 6], "{}", name);
            for (index, (before, after)) in original.columns().iter().zip(reading.table.columns()).enumerate() {
                if index == 1 {
                    prop_assert_eq!(floats(before), floats(after), "{}", name);
                } else {
                    prop_assert_eq!(content(before), content(after), "column {} of {}", index, name);
                }
            }
        }
    }
}
