use std::path::Path;

use lookalike_core::Context;
use lookalike_synth::{AnyModel, Imputed};

use crate::error::Result;
use crate::job;

/// Reads a table and fills its gaps: every missing cell of the columns that the model knows is drawn given the other
/// cells of its row. Everything else stays as it is. [`AnyModel::impute`] does the same with a table in memory.
///
/// ```
/// use lookalike::{Context, FitOptions, ReadOptions, Seed, Silent};
///
/// # let folder = tempfile::tempdir()?;
/// # let (path, later) = (folder.path().join("plants.csv"), folder.path().join("later.csv"));
/// # let rows: Vec<String> = (0..400).map(|row| format!("{},{}", ["oak", "elm"][row % 2], 10 * (row % 2))).collect();
/// # std::fs::write(&path, format!("tree,height\n{}\n", rows.join("\n")))?;
/// let table = lookalike::read(&path, &ReadOptions::default(), &Silent)?.table;
/// let context = Context::new(Seed::new(7));
/// let model = lookalike::job::method("forest")?.fit(&table, &FitOptions::default(), &context)?;
///
/// std::fs::write(&later, "plot,tree,height\nA,oak,\nB,,10\nC,elm,10\n")?;
/// let imputed = lookalike::impute(&model, &later, &context)?;
/// assert_eq!(imputed.filled, [0, 1, 1]);
/// let trees = imputed.table.column(1).texts().unwrap();
/// assert_eq!(trees.iter().collect::<Vec<_>>(), [Some("oak"), Some("elm"), Some("elm")]);
/// assert_eq!(imputed.table.column(2).missing_count(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// When the file cannot be read, has no column of the model, or cells that are not of their column's kind, and those of
/// [`AnyModel::impute`].
pub fn impute(model: &AnyModel, path: &Path, context: &Context<'_>) -> Result<Imputed> {
    let reading = job::read_incomplete(path, model.schema(), context.progress)?;
    let mut imputed = model.impute(&reading.table, context)?;
    imputed.warnings.splice(0..0, reading.warnings);
    Ok(imputed)
}
