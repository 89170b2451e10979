//! Balancing a table by the names of its columns.

use std::sync::Arc;

use lookalike_core::Context;
use lookalike_synth::resample::{AnyResampler, Balance, Resampled, Strategy};
use lookalike_synth::{AnySynthesizer, Error as SynthError};
use lookalike_table::schema::BooleanFormat;
use lookalike_table::{Column, ColumnSchema, Kind, Schema, Table};

use crate::error::{Error, Result};
use crate::job;
use crate::pictures;

/// What is to be balanced, by the names of columns: [`Balance`] says what each part means.
#[derive(Debug, Clone, PartialEq)]
pub struct Rebalance {
    /// How.
    pub method: AnyResampler,
    /// The column whose values are the classes.
    pub target: String,
    /// Other columns that divide the classes.
    pub by: Vec<String>,
    /// Balances the groups within each class of the target, not the classes.
    pub within: bool,
    /// How many rows of each class there are to be.
    pub strategy: Strategy,
    /// Leaves made-up numbers as they were calculated.
    pub textbook: bool,
    /// Measures distances in the columns' own units.
    pub raw_units: bool,
}

impl Rebalance {
    /// Balancing the classes of one column with SMOTE for numbers and categories, all as many as the largest.
    ///
    /// It is the default since it takes any table: dates, categories with many levels and gaps too.
    pub fn of(target: impl Into<String>) -> Self {
        let balance = Balance::of(0);
        Rebalance {
            method: AnyResampler::Smotenc(lookalike_synth::resample::Smote::default()),
            target: target.into(),
            by: Vec::new(),
            within: balance.within,
            strategy: balance.strategy,
            textbook: balance.textbook,
            raw_units: balance.raw_units,
        }
    }
}

/// The method of balancing with this name: one of [`AnyResampler::NAMES`], or a generator.
///
/// # Errors
/// When there is none.
pub fn method(name: &str) -> Result<AnyResampler> {
    AnyResampler::from_name(name).ok_or_else(|| Error::UnknownMethod {
        name: name.to_owned(),
        known: AnyResampler::NAMES.into_iter().chain(AnySynthesizer::NAMES).collect(),
    })
}

/// Balances a table.
///
/// ```
/// use lookalike::rebalance::{Rebalance, marked};
/// use lookalike::{Context, ReadOptions, Seed, Silent};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("loans.csv");
/// # let rows: Vec<String> = (0..400).map(|row| format!("{},{}", row % 97, ["no", "yes"][usize::from(row % 9 == 0)])).collect();
/// # std::fs::write(&path, format!("amount,default\n{}\n", rows.join("\n")))?;
/// let table = lookalike::read(&path, &ReadOptions::default(), &Silent)?.table;
/// let balanced = lookalike::rebalance(&table, &Rebalance::of("default"), &Context::new(Seed::new(1)))?;
/// assert!(balanced.classes.iter().all(|class| class.after == 355));
/// let table = marked(&balanced, "synthetic")?;
/// assert_eq!(table.n_columns(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// When a column does not exist, or the table cannot be balanced so ([`AnyResampler::resample`]).
pub fn rebalance(table: &Table, options: &Rebalance, context: &Context<'_>) -> Result<Resampled> {
    pictures::refuse_balancing(table.schema())?;
    let target = table.schema().index_of(&options.target)?;
    let by = job::columns(&options.by, table.schema())?;
    if options.within && by.iter().all(|&column| column == target) {
        let problem = "--within balances groups within the target's classes: say which columns make the groups with --by";
        return Err(SynthError::Options { problems: vec![problem.to_owned()] }.into());
    }
    let balance = Balance {
        target,
        by,
        within: options.within,
        strategy: options.strategy.clone(),
        textbook: options.textbook,
        raw_units: options.raw_units,
    };
    Ok(options.method.resample(table, &balance, context)?)
}

/// The balanced table with one more column, which is true in rows that are new.
///
/// # Errors
/// When there is a column of this name already.
pub fn marked(resampled: &Resampled, name: &str) -> Result<Table> {
    let table = &resampled.table;
    if table.schema().columns.iter().any(|column| column.name == name) {
        return Err(Error::Roles {
            column: name.to_owned(),
            first: "a column of the table",
            second: "the mark",
        });
    }
    let mut schema = Schema::clone(table.schema());
    schema.columns.push(ColumnSchema::new(name, Kind::Boolean(BooleanFormat::default())));
    let new = resampled.origins.iter().map(|origin| origin.is_new()).collect();
    let mut columns = table.columns().to_vec();
    columns.push(Column::from_booleans(new, None));
    Ok(Table::new(Arc::new(schema), columns)?)
}
