//! Rows from a schema file alone, and schema files from tables.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use lookalike_core::Context;
use lookalike_synth::dials::{Dial, Dials};
use lookalike_synth::simulate::Simulation;
use lookalike_table::read::FileFormat;
use lookalike_table::{Schema, Table};

use crate::error::{Error, Result};
use crate::files::Writer;
use crate::folder::OutputFolder;

/// More rows than anybody waits for.
pub const ENDLESS: u64 = 1 << 48;

/// Reads a schema file.
///
/// # Errors
/// [`Error::Io`] when it cannot be read, [`Error::Simulation`] with all that is wrong with it.
pub fn read(path: &Path) -> Result<Simulation> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::Io {
        action: "read",
        path: path.to_owned(),
        source,
    })?;
    Simulation::parse(&text).map_err(|problems| Error::Simulation { path: path.to_owned(), problems })
}

/// What to draw, and where to put it.
#[derive(Debug, Clone)]
pub struct Simulating {
    /// How many rows; of several tables, how many of those that have no parent.
    pub rows: u64,
    /// The file, or the folder where there are several tables.
    pub out: PathBuf,
    /// The format; what the file's name says, or CSV, if not given.
    pub format: Option<FileFormat>,
    /// What to change of the rows, besides what the schema says.
    pub dials: Vec<Dial>,
    /// The column that says what was changed, if there is to be one.
    pub truth: Option<String>,
}

/// Draws rows and writes them. Memory does not grow with their number; the files appear when all is done.
///
/// # Errors
/// When the rows cannot be drawn as asked, or the files not written.
pub fn simulate(
    simulation: &Simulation,
    options: &Simulating,
    context: &Context<'_>,
) -> Result<Vec<(PathBuf, u64)>> {
    simulation.check(options.rows)?;
    let tables = simulation.tables();
    let mut dials: Vec<Dial> = simulation.dials().to_vec();
    dials.extend(options.dials.iter().cloned());
    if let [(table, _)] = tables.as_slice() {
        let dials = Dials::new(&dials, options.truth.as_deref(), simulation.schema(*table), context.seed)?;
        let mut writer = Writer::create(&options.out, options.format, dials.schema())?;
        // Where rows are left out, more of them have to be drawn.
        let drawn = if dials.selects() { ENDLESS } else { options.rows };
        let rows = simulation.sample(*table, drawn, context);
        let count = each(&dials, rows, 0, options.rows, |batch| writer.write(batch))?;
        writer.finish()?;
        return Ok(vec![(options.out.clone(), count)]);
    }
    refuse_dials(&dials, options.truth.as_deref())?;
    let _folder = OutputFolder::create(&options.out)?;
    let extension = options.format.map_or("csv", FileFormat::name);
    let mut writers: Vec<(PathBuf, Writer)> = tables
        .iter()
        .map(|(table, name)| {
            let path = options.out.join(format!("{name}.{extension}"));
            let writer = Writer::create(&path, options.format, simulation.schema(*table))?;
            Ok((path, writer))
        })
        .collect::<Result<_>>()?;
    let mut counts = Vec::new();
    for ((table, _), (_, writer)) in tables.iter().zip(&mut writers) {
        let mut count = 0;
        for batch in simulation.sample(*table, options.rows, context) {
            let batch = batch?;
            count += batch.n_rows() as u64;
            writer.write(&batch)?;
        }
        counts.push(count);
    }
    let mut files = Vec::new();
    for ((path, writer), count) in writers.into_iter().zip(counts) {
        writer.finish()?;
        files.push((path, count));
    }
    Ok(files)
}

/// Draws rows into memory: each table's name and rows. `rows` is how many; of several tables, how many of those that have no
/// parent.
///
/// # Errors
/// When the rows cannot be drawn as asked.
pub fn tables(
    simulation: &Simulation,
    rows: u64,
    further: &[Dial],
    truth: Option<&str>,
    context: &Context<'_>,
) -> Result<Vec<(String, Table)>> {
    simulation.check(rows)?;
    let mut dials: Vec<Dial> = simulation.dials().to_vec();
    dials.extend(further.iter().cloned());
    let tables = simulation.tables();
    let [(table, name)] = tables.as_slice() else {
        refuse_dials(&dials, truth)?;
        for (table, _) in tables.iter().filter(|(table, _)| !simulation.follows_from_parent(*table)) {
            simulation.schema(*table).hold(rows)?;
        }
        return tables
            .iter()
            .map(|(table, name)| {
                let batches =
                    simulation.sample(*table, rows, context).collect::<std::result::Result<Vec<_>, _>>()?;
                Ok(((*name).to_owned(), joined(&batches, simulation.schema(*table))?))
            })
            .collect();
    };
    let dials = Dials::new(&dials, truth, simulation.schema(*table), context.seed)?;
    dials.schema().hold(rows)?;
    let drawn = if dials.selects() { ENDLESS } else { rows };
    let mut batches = Vec::new();
    each(&dials, simulation.sample(*table, drawn, context), 0, rows, |batch| {
        batches.push(batch.clone());
        Ok(())
    })?;
    Ok(vec![((*name).to_owned(), joined(&batches, dials.schema())?)])
}

fn joined(batches: &[Table], schema: &Arc<Schema>) -> Result<Table> {
    Ok(if batches.is_empty() { Table::empty(schema) } else { Table::concat(batches)? })
}

/// Several tables have no dials.
fn refuse_dials(dials: &[Dial], truth: Option<&str>) -> Result<()> {
    if dials.is_empty() && truth.is_none() {
        return Ok(());
    }
    let line = dials.iter().find_map(Dial::line).map(|line| format!("line {line}: ")).unwrap_or_default();
    Err(Error::Dials {
        problem: format!("{line}dials are turned on a single table; this schema has several"),
    })
}

/// Turns dials on a stream of rows, of which the first one has the number `first`, and gives `rows` of them to `take`, which
/// writes them, batch by batch.
///
/// # Errors
/// Those of the stream and of what takes them.
pub fn each<E>(
    dials: &Dials,
    batches: impl Iterator<Item = std::result::Result<Table, E>>,
    first: u64,
    rows: u64,
    mut take: impl FnMut(&Table) -> Result<()>,
) -> Result<u64>
where
    E: From<lookalike_table::Error> + From<lookalike_synth::dials::DialError>,
    Error: From<E>,
{
    let mut count = 0;
    for batch in dials.apply(batches, first, rows) {
        let batch = batch?;
        count += batch.n_rows() as u64;
        take(&batch)?;
    }
    Ok(count)
}

/// Understands dials as they are typed, such as `missing income 0.05`.
///
/// # Errors
/// [`Error::Dials`].
pub fn dials(texts: &[String]) -> Result<Vec<Dial>> {
    texts.iter().map(|text| Dial::parse(text).map_err(|problem| Error::Dials { problem })).collect()
}

/// The schema of what dials make of a table of this schema, and the dials ready to be turned.
///
/// # Errors
/// [`Error::Dials`] when a dial does not suit the columns.
pub fn turn(
    dials: &[Dial],
    truth: Option<&str>,
    schema: &Arc<Schema>,
    context: &Context<'_>,
) -> Result<Dials> {
    Ok(Dials::new(dials, truth, schema, context.seed)?)
}
