//! A column of many levels: nothing may grow faster than the rows.

use lookalike::{AnySynthesizer, Column, ColumnSchema, Kind, Schema, Seed, Table};
use lookalike_core::math;

use crate::measure::{Cost, fit_and_sample, peak_megabytes};

pub(crate) fn run(rows: u64, levels: u64, method: &AnySynthesizer) -> Result<(), Box<dyn std::error::Error>> {
    println!("{:>10} {:>9} {:>10} {:>14} {:>12}", "rows", "levels", "fit s", "fit us/row", "sample s");
    let mut per_row = Vec::new();
    for part in [4, 2, 1] {
        let (fit, sample) = once(rows / part, levels, method)?;
        let each = fit.wall / (rows / part) as f64 * 1e6;
        per_row.push(each);
        println!("{:>10} {levels:>9} {:>10.3} {each:>14.3} {:>12.3}", rows / part, fit.wall, sample.wall);
    }
    let growth = per_row[2] / per_row[0];
    let verdict = if growth <= 1.5 { "linear" } else { "MISSED: more than linear" };
    println!("time per row grows {growth:.2}-fold over four times the rows: {verdict}");
    if let Some(peak) = peak_megabytes() {
        println!("peak memory {peak:.0} MB, {:.0} bytes per row of three columns", peak * 1e6 / rows as f64);
    }
    Ok(())
}

fn once(rows: u64, levels: u64, method: &AnySynthesizer) -> Result<(Cost, Cost), Box<dyn std::error::Error>> {
    let mut stream = Seed::new(5).stream("levels", 0);
    let names: Vec<String> = (0..levels).map(|level| format!("level-{level:06}")).collect();
    let mut codes = Vec::with_capacity(rows as usize);
    let mut numbers = Vec::with_capacity(rows as usize);
    let mut groups = Vec::with_capacity(rows as usize);
    for _ in 0..rows {
        // Zipf's law: the share of a level falls with its number.
        let level = (math::pow(levels as f64 + 1.0, stream.unit()) - 1.0) as u64;
        codes.push(level as u32);
        numbers.push(level as f64 + stream.normal() * 1000.0);
        groups.push((level % 7) as u32);
    }
    let kind = || Kind::Categorical { order: Vec::new() };
    let schema = Schema::new(vec![
        ColumnSchema::new("level", kind()),
        ColumnSchema::new("number", Kind::Numerical(lookalike::table::schema::NumberFormat::default())),
        ColumnSchema::new("group", kind()),
    ]);
    let columns = vec![
        Column::from_codes(codes, &lookalike::table::Levels::new(&names)),
        Column::from_floats(numbers, None),
        Column::from_codes(groups, &lookalike::table::Levels::new(["a", "b", "c", "d", "e", "f", "g"])),
    ];
    let table = Table::new(schema.into(), columns)?;
    fit_and_sample(&table, method)
}
