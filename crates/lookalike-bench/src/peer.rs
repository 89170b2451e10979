//! Peers, run by their own interpreter on the same files.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use lookalike::table::schema::{NumberFormat, sdv};
use lookalike::{Kind, Schema, Silent, Table, Writer};

/// Runs one of the scripts in `peers/`, which prints one JSON object of figures as its last line.
pub(crate) fn figures(
    python: &Path,
    script: &str,
    arguments: &[&str],
) -> Result<BTreeMap<String, f64>, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers").join(script);
    let output = Command::new(python)
        .arg(&script)
        .args(arguments)
        .output()
        .map_err(|error| format!("the peer's interpreter does not start: {error}"))?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(format!("the peer's script failed: {}", errors.lines().last().unwrap_or("no message")));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().last().unwrap_or_default();
    serde_json::from_str(line).map_err(|_| "the peer's script printed no figures".to_owned())
}

/// Prints the peer's figure and how many times better ours is.
pub(crate) fn compare(name: &str, what: &str, theirs: f64, ours: f64, lower_is_better: bool, unit: &str) {
    let ratio = if lower_is_better { theirs / ours } else { ours / theirs };
    println!("  {name}: {what:<38} {theirs:>12.3} {unit:<7} ours {ours:.3}, ratio {ratio:.1}");
}

/// Two draws of SDV's Gaussian copula, each with as many rows as the table that it learns, and the seconds that learning
/// took. It is told the kinds of the columns. No message holds a value: the script names steps and exceptions only.
pub(crate) fn gaussian_copula(python: &Path, train: &Table) -> Result<([Table; 2], f64), String> {
    let folder = tempfile::tempdir().map_err(|_| "there is no place for its files")?;
    let path = |name: &str| folder.path().join(name).display().to_string();
    let [table, metadata, first, second] = ["train.csv", KINDS, "0.csv", "1.csv"].map(path);
    let plain = hand_over(folder.path(), &[("train.csv", train)])?;
    let figures = figures(python, "sdv_draws.py", &[&table, &metadata, &first, &second])?;
    let draw = |file: &str| -> lookalike::Result<Table> {
        let reading = lookalike::job::read_like(Path::new(file), &plain, &Silent)?;
        Ok(Table::new(train.schema().clone(), reading.table.columns().to_vec())?)
    };
    let unread = |_| "its rows could not be read";
    let draws = [draw(&first).map_err(unread)?, draw(&second).map_err(unread)?];
    Ok((draws, figures.get("fit_wall").copied().unwrap_or(f64::NAN)))
}

/// Where [`hand_over`] says what columns are.
pub(crate) const KINDS: &str = "metadata.json";

/// Writes tables that have the same columns as a peer reads them, and their kinds as SDV has them. Gives the schema of what
/// was written.
pub(crate) fn hand_over(folder: &Path, tables: &[(&str, &Table)]) -> Result<Arc<Schema>, String> {
    let schema = tables.first().map(|(_, table)| plain(table.schema())).ok_or("there is no table")?;
    for (file, table) in tables {
        write(table, &schema, &folder.join(file)).map_err(|_| "a table could not be written for it")?;
    }
    std::fs::write(folder.join(KINDS), sdv::to_json(&schema, sdv::SpecVersion::V2))
        .map_err(|_| "the table's kinds could not be written for it")?;
    Ok(schema)
}

fn write(table: &Table, schema: &Arc<Schema>, file: &Path) -> lookalike::Result<()> {
    let mut writer = Writer::create(file, None, schema)?;
    writer.write(&Table::new(schema.clone(), table.columns().to_vec())?)?;
    writer.finish()
}

/// Spellings that no reader has to guess: names are unique, missing cells empty, and numbers nothing but digits.
fn plain(schema: &Schema) -> Arc<Schema> {
    let mut plain = Schema { dialect: None, ..schema.clone() };
    for (number, column) in plain.columns.iter_mut().enumerate() {
        column.name = format!("column {number}");
        column.missing_token.clear();
        if let Kind::Numerical(format) = &mut column.kind {
            *format = NumberFormat {
                integer: format.integer,
                decimals: format.decimals,
                ..NumberFormat::default()
            };
        }
    }
    Arc::new(plain)
}
