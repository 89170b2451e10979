//! Balancing, beside imbalanced-learn: SMOTE on numbers, SMOTE for mixed columns on UCI Adult, and on a million mixed rows.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use lookalike::rebalance::{Rebalance, method};
use lookalike::table::Levels;
use lookalike::table::schema::NumberFormat;
use lookalike::{Column, ColumnSchema, Context, Kind, Schema, Seed, Silent, Table};

use crate::measure::{Cost, Target, peak_megabytes, processor_seconds, report};
use crate::peer;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

pub(crate) fn run(rows: usize, large: usize, python: Option<&Path>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    lookalike::demo::write(folder.path(), 1)?;
    println!("{}", lookalike::demo::ATTRIBUTION);
    let adult = crate::tables::read(&folder.path().join("adult.csv"))?;
    let target = adult.schema().index_of("income")?;
    for (what, table, target, name, times, memory) in [
        (format!("SMOTE, {rows} x 30 numbers"), numbers(rows)?, 30, "smote", 5.0, None),
        (format!("SMOTENC, Adult, {} rows", adult.n_rows()), adult, target, "smotenc", 30.0, Some(0.1)),
    ] {
        let place = folder.path().join(name);
        std::fs::create_dir(&place)?;
        peer::hand_over(&place, &[("train.csv", &table)])?;
        drop(table);
        let ours = once_apart(&place, target, name)?;
        println!("{what}: {} rows afterwards, {:.0} MB in all", ours["rows"], ours["peak_megabytes"]);
        let Some(python) = python else { continue };
        let file = place.join("train.csv").display().to_string();
        let kinds = place.join(peer::KINDS).display().to_string();
        let theirs = peer::figures(
            python,
            "imbalanced_learn_balancing.py",
            &[&file, &kinds, &target.to_string(), name],
        )?;
        let figure = |name: &str| theirs.get(name).copied().unwrap_or(f64::NAN);
        let cost = Cost { wall: ours["wall"], cpu: Some(ours["cpu"]) };
        report(
            &format!("{what}: times as fast"),
            figure("cpu") / ours["cpu"],
            "x",
            Target::AtLeast(times),
            cost,
        );
        peer::compare("imbalanced-learn", "processor time", figure("cpu"), ours["cpu"], true, "s");
        peer::compare("imbalanced-learn", "by the clock", figure("wall"), ours["wall"], true, "s");
        peer::compare(
            "imbalanced-learn",
            "memory",
            figure("peak_megabytes"),
            ours["peak_megabytes"],
            true,
            "MB",
        );
        if let Some(share) = memory {
            let found = ours["peak_megabytes"] / figure("peak_megabytes");
            report(&format!("{what}: share of its memory"), found, "", Target::AtMost(share), cost);
        }
        if figure("rows") != ours["rows"] {
            return Err("the peer made another number of rows".into());
        }
    }
    let place = folder.path().join("large");
    std::fs::create_dir(&place)?;
    peer::hand_over(&place, &[("train.csv", &mixed(large)?)])?;
    let ours = once_apart(&place, 14, "smotenc")?;
    let cost = Cost { wall: ours["wall"], cpu: Some(ours["cpu"]) };
    let what = format!("SMOTENC, {large} mixed rows: memory");
    report(&what, ours["peak_megabytes"] / 1000.0, "GB", Target::AtMost(2.0), cost);
    Ok(())
}

/// The hidden half of [`run`]: one table, in a process of its own, so that its memory is its own.
pub(crate) fn once(folder: &Path, target: usize, name: &str) -> Result<()> {
    let mut options = lookalike::ReadOptions::default();
    lookalike::job::use_schema_file(&mut options, &folder.join(peer::KINDS))?;
    let table = lookalike::read(&folder.join("train.csv"), &options, &Silent)?.table;
    let options = Rebalance {
        method: method(name)?,
        raw_units: true,
        ..Rebalance::of(table.schema().columns[target].name.clone())
    };
    // The first run warms caches up; the processor's clock ticks in hundredths of a second.
    let context = Context::new(Seed::new(1));
    let mut rows = lookalike::rebalance(&table, &options, &context)?.table.n_rows();
    let peak = peak_megabytes().unwrap_or(f64::NAN);
    let runs = if table.n_rows() > 500_000 { 1 } else { 10 };
    let (begun, before) = (std::time::Instant::now(), processor_seconds().unwrap_or(f64::NAN));
    for _ in 0..runs {
        rows = lookalike::rebalance(&table, &options, &context)?.table.n_rows();
    }
    let wall = begun.elapsed().as_secs_f64() / f64::from(runs);
    let cpu = (processor_seconds().unwrap_or(f64::NAN) - before) / f64::from(runs);
    println!("{}", serde_json::json!({ "wall": wall, "cpu": cpu, "peak_megabytes": peak, "rows": rows }));
    Ok(())
}

fn once_apart(folder: &Path, target: usize, name: &str) -> Result<BTreeMap<String, f64>> {
    let arguments = ["rebalance-once".as_ref(), folder.as_os_str()];
    let output =
        Command::new(std::env::current_exe()?).args(arguments).args([&target.to_string(), name]).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(serde_json::from_str(text.lines().last().unwrap_or_default())?)
}

fn class(rows: usize) -> (ColumnSchema, Column) {
    let codes = (0..rows).map(|row| u32::from(row % 10 == 7)).collect();
    let column = Column::from_codes(codes, &Levels::new(["common", "rare"]));
    (ColumnSchema::new("class", Kind::Categorical { order: Vec::new() }), column)
}

fn number(rows: usize, index: u64) -> (ColumnSchema, Column) {
    let mut stream = Seed::new(7).stream("numbers", index);
    let shift = |row: usize| if row % 10 == 7 { 0.5 } else { 0.0 };
    let values = (0..rows).map(|row| ((stream.normal() + shift(row)) * 1e6).round() / 1e6).collect();
    let kind = Kind::Numerical(NumberFormat::default());
    (ColumnSchema::new(format!("x{index}"), kind), Column::from_floats(values, None))
}

/// Normal numbers of two classes, a tenth of the rows in the rare one.
fn numbers(rows: usize) -> Result<Table> {
    let columns = (0..30).map(|index| number(rows, index)).chain([class(rows)]);
    let (schema, columns): (Vec<_>, Vec<_>) = columns.unzip();
    Ok(Table::new(Schema::new(schema).into(), columns)?)
}

/// Six columns of numbers, eight of levels.
fn mixed(rows: usize) -> Result<Table> {
    let level = |index: u64| {
        let mut stream = Seed::new(8).stream("levels", index);
        let count = [2, 3, 5, 7, 9, 15, 16, 42][index as usize];
        // The first levels are the most frequent ones.
        let codes = (0..rows).map(|_| (stream.unit() * stream.unit() * f64::from(count)) as u32).collect();
        let levels = Levels::new((0..count).map(|code| format!("level {code}")));
        let schema = ColumnSchema::new(format!("c{index}"), Kind::Categorical { order: Vec::new() });
        (schema, Column::from_codes(codes, &levels))
    };
    let columns = (0..6).map(|index| number(rows, index)).chain((0..8).map(level)).chain([class(rows)]);
    let (schema, columns): (Vec<_>, Vec<_>) = columns.unzip();
    Ok(Table::new(Schema::new(schema).into(), columns)?)
}
