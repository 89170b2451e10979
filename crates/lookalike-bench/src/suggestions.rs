//! Which constraints the tables of a folder seem to hold, and which their columns do when each is shuffled by itself: those are
//! chance, and there should be none.

use std::path::Path;

use lookalike::table::constraints::suggest;
use lookalike::{Seed, Table};

use crate::tables::{self, tables_in};

/// Prints the suggestions of every table of a folder, and how many there are of its shuffled columns.
pub(crate) fn run(folder: &Path, seeds: u64) -> Result<(), Box<dyn std::error::Error>> {
    let (mut n_tables, mut found, mut of_chance) = (0, 0, 0);
    for file in tables_in(folder)? {
        let table = tables::read(&file)?;
        let suggestions = suggest(&table)?;
        let mut by_chance = 0;
        for seed in 0..seeds {
            for suggestion in suggest(&shuffled(&table, seed))? {
                println!("  by chance, seed {seed}: {}", suggestion.constraint);
                by_chance += 1;
            }
        }
        println!(
            "{}: {} rows, {} suggested, {by_chance} in {seeds} shuffles",
            file.strip_prefix(folder)?.display(),
            table.n_rows(),
            suggestions.len()
        );
        for suggestion in &suggestions {
            println!("  {}  ({} of {} rows)", suggestion.constraint, suggestion.holding, suggestion.rows);
        }
        n_tables += 1;
        found += suggestions.len();
        of_chance += by_chance;
    }
    let runs = n_tables * seeds;
    println!(
        "\n{n_tables} tables: {found} suggested; {of_chance} suggested of {runs} shuffled tables, {:.4} each (target: 0)",
        of_chance as f64 / runs.max(1) as f64
    );
    Ok(())
}

/// Every column in an order of its own: missing cells go with their column, so what still holds is chance.
fn shuffled(table: &Table, seed: u64) -> Table {
    let columns = table.columns().iter().enumerate().map(|(index, column)| {
        column.take(&Seed::new(seed).stream("shuffled", index as u64).permutation(table.n_rows()))
    });
    Table::new(table.schema().clone(), columns.collect()).expect("the same columns in other orders")
}
