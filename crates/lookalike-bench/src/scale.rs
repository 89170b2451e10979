//! How time and memory grow with rows and columns.

use std::path::Path;
use std::sync::Arc;

use lookalike::{AnySynthesizer, ColumnSchema, Context, FitOptions, SampleRequest, Schema, Seed, Table};

use crate::measure::{fit_and_sample, peak_megabytes};
use crate::tables;

/// Up to `rows` rows, or `columns` columns if that is given.
pub(crate) fn run(
    file: &Path,
    rows: u64,
    columns: Option<usize>,
    method: &AnySynthesizer,
) -> Result<(), Box<dyn std::error::Error>> {
    let table = tables::read(file)?;
    match columns {
        None => tall(&table, rows, method),
        Some(columns) => wide(&table, columns, method),
    }
}

/// Look-alikes of a table at growing numbers of rows, each ten times the one before, up to `rows`.
fn tall(table: &Table, rows: u64, method: &AnySynthesizer) -> Result<(), Box<dyn std::error::Error>> {
    let context = Context::new(Seed::new(1));
    let source = method.fit(table, &FitOptions::default(), &context)?;
    let mut sizes = vec![rows];
    while sizes[sizes.len() - 1] / 10 >= 20_000 {
        sizes.push(sizes[sizes.len() - 1] / 10);
    }
    sizes.reverse();
    let mut before = None;
    for size in sizes {
        let large = source.sample(&SampleRequest::rows(size), &context)?.collect_table()?;
        let (wall, line) = once(&large, method)?;
        let growth: Option<f64> = before.map(|before| wall / before);
        let growth = growth.map_or_else(String::new, |growth| {
            format!(
                ", {growth:.1} times the time {}",
                if growth <= 12.0 { "(met: 12)" } else { "(MISSED: 12)" }
            )
        });
        println!("{size} rows x {} columns: {line}{growth}", large.n_columns());
        before = Some(wall);
    }
    Ok(())
}

/// A table of many columns: those of a table again and again, each time in another order of rows.
fn wide(table: &Table, columns: usize, method: &AnySynthesizer) -> Result<(), Box<dyn std::error::Error>> {
    let (mut schemas, mut wide) = (Vec::new(), Vec::new());
    let mut turned = table.clone();
    for number in 0..columns {
        let column = number % table.n_columns();
        if number > 0 && column == 0 {
            let order = Seed::new(number as u64).stream("rows", 0).choose(table.n_rows(), table.n_rows());
            turned = table.take(&order);
        }
        let known = &turned.schema().columns[column];
        schemas.push(ColumnSchema::new(format!("{}-{number}", known.name), known.kind.clone()));
        wide.push(turned.column(column).clone());
    }
    let wide = Table::new(Arc::new(Schema::new(schemas)), wide)?;
    let (_, line) = once(&wide, method)?;
    println!("{} rows x {columns} columns: {line}", wide.n_rows());
    Ok(())
}

/// Seconds for learning and sampling a table, and what to say of them.
fn once(table: &Table, method: &AnySynthesizer) -> Result<(f64, String), Box<dyn std::error::Error>> {
    let (fit, sample) = fit_and_sample(table, method)?;
    let peak = peak_megabytes().unwrap_or(f64::NAN);
    Ok((
        fit.wall + sample.wall,
        format!("fit {:.2} s, sample {:.2} s, peak so far {peak:.0} MB", fit.wall, sample.wall),
    ))
}
