//! Tables with something of everything.

use lookalike::table::Levels;
use lookalike::table::schema::{
    BooleanFormat, DatetimeFormat, Decimals, IdFormat, NumberFormat, Offset, Schema,
};
use lookalike::{Column, ColumnSchema, Kind, Seed, Table};

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// A table from columns with their names and kinds.
pub fn table(columns: Vec<(&str, Kind, Column)>) -> Table {
    let described = columns.iter().map(|(name, kind, _)| ColumnSchema::new(*name, kind.clone())).collect();
    let columns = columns.into_iter().map(|(_, _, column)| column).collect();
    Table::new(Schema::new(described).into(), columns).expect("columns of equal length and the right types")
}

/// Whole numbers.
pub fn whole() -> Kind {
    Kind::Numerical(NumberFormat::whole())
}

/// Numbers with two decimal places.
pub fn money() -> Kind {
    Kind::Numerical(NumberFormat { decimals: Decimals::Fixed(2), ..NumberFormat::default() })
}

/// Numbers of any precision.
pub fn real() -> Kind {
    Kind::Numerical(NumberFormat::default())
}

/// Levels without an order.
pub fn nominal() -> Kind {
    Kind::Categorical { order: Vec::new() }
}

/// Days without a time zone.
pub fn day() -> Kind {
    Kind::Datetime(DatetimeFormat { pattern: "%Y-%m-%d".into(), step: DAY, offset: Offset::Unknown })
}

/// `n_rows` rows of every kind of column, related to each other, with missing values, spikes, a constant, a column
/// without values, a single level, years before 1700 and after 9000, and unsigned numbers beyond `i64::MAX`.
pub fn mixed(n_rows: usize, seed: u64) -> Table {
    let mut stream = Seed::new(seed).stream("mixed", 0);
    let n = n_rows;
    let mut base = Vec::with_capacity(n);
    for _ in 0..n {
        base.push(stream.normal());
    }
    let mut noisy = |weight: f64| -> Vec<f64> {
        base.iter().map(|z| weight * z + (1.0 - weight * weight).sqrt() * stream.normal()).collect()
    };
    let (age, income, grade, city, born, spend, yes, gaps) =
        (noisy(0.6), noisy(0.8), noisy(0.7), noisy(0.5), noisy(0.4), noisy(0.3), noisy(0.9), noisy(0.6));
    let missing = |cut: f64| -> Option<Vec<bool>> { Some(gaps.iter().map(|&z| z > cut).collect()) };
    let level = |values: &[f64], count: f64| -> Vec<u32> {
        values.iter().map(|z| (((z + 2.5) / 5.0).clamp(0.0, 0.999) * count) as u32).collect()
    };
    let cities = Levels::new(["Aachen", "Berlin", "Çeşme", "naïve, \"quoted\"", "=SUM(A1)", "東京 🗼"]);
    let grades = Levels::new(["1", "2", "3", "4"]);
    table(vec![
        ("key", Kind::Id(IdFormat::default()), Column::from_integers((1..=n as i64).collect(), None)),
        (
            "code",
            Kind::Id(IdFormat::default()),
            Column::from_texts((0..n).map(|row| Some(format!("K-{:06}", row * 7919 % 1_000_000)))),
        ),
        (
            "age",
            whole(),
            Column::from_integers(age.iter().map(|z| (40.0 + 12.0 * z) as i64).collect(), missing(1.2)),
        ),
        (
            "income",
            money(),
            Column::from_floats(
                // Zero for a third of the rows, heavy-tailed for the rest.
                income
                    .iter()
                    .map(|z| if *z < -0.4 { 0.0 } else { ((z * 90_000.0).abs()).round() / 100.0 })
                    .collect(),
                missing(1.2),
            ),
        ),
        ("spend", real(), Column::from_floats(spend.iter().map(|z| z * z * z / 7.0).collect(), None)),
        ("grade", nominal(), Column::from_codes(level(&grade, 4.0), &grades)),
        ("city", nominal(), Column::from_codes(level(&city, 6.0), &cities)),
        (
            "born",
            day(),
            Column::from_instants(born.iter().map(|z| (z * 900_000.0) as i64 * DAY).collect(), missing(1.5)),
        ),
        (
            "yes",
            Kind::Boolean(BooleanFormat { true_text: "yes".into(), false_text: "no".into() }),
            Column::from_booleans(yes.iter().map(|&z| z > 0.3).collect(), None),
        ),
        ("same", whole(), Column::from_integers(vec![42; n], None)),
        ("single", nominal(), Column::from_codes(vec![0; n], &Levels::new(["only"]))),
        ("nothing", real(), Column::from_floats(vec![0.0; n], Some(vec![true; n]))),
        (
            "huge",
            whole(),
            Column::from_unsigned(base.iter().map(|z| u64::MAX - (z.abs() * 1e6) as u64).collect(), None),
        ),
        (
            "exact",
            Kind::Numerical(NumberFormat { decimals: Decimals::Fixed(3), ..NumberFormat::default() }),
            Column::from_decimals(base.iter().map(|z| (z * 1e6) as i128).collect(), 3, None)
                .expect("a scale of 3"),
        ),
        (
            "note",
            Kind::Text,
            Column::from_texts(
                (0..n).map(|row| (row % 5 > 0).then(|| format!("Note {}: all well", row % 90))),
            ),
        ),
    ])
}

/// A table's rows as the bytes of a CSV file: what tests compare.
pub fn csv(table: &Table) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("table.csv");
    let mut writer = lookalike::Writer::create(&path, None, table.schema()).expect("a new file");
    writer.write(table).expect("room on the disk");
    writer.finish().expect("room on the disk");
    std::fs::read(path).expect("the file that was just written")
}
