//! What columns are taken for, one line each: for checking by hand, and for the snapshots that tests compare with.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use lookalike::table::schema::{Decimals, Offset};
use lookalike::{AnySynthesizer, ColumnSchema, Context, FitOptions, Kind, SampleRequest, Seed, Writer};

use crate::tables::{self, tables_in};

/// Prints the kinds of all columns of all CSV files of a folder.
pub(crate) fn run(folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    for file in tables_in(folder)? {
        println!("{}", file.strip_prefix(folder)?.display());
        println!("{}", describe(&file)?);
    }
    Ok(())
}

/// Writes a look-alike of each table of a folder, and what its columns are taken for in the original.
///
/// So the tests carry tables with the columns of well-known data, but no row of it.
pub(crate) fn stand_ins(folder: &Path, output: &Path, rows: u64) -> Result<(), Box<dyn std::error::Error>> {
    std::fs::create_dir_all(output)?;
    let context = Context::new(Seed::new(1));
    for file in tables_in(folder)? {
        let name =
            file.strip_prefix(folder)?.with_extension("").display().to_string().replace(['/', '\\'], "-");
        let table = tables::read(&file)?;
        let method = AnySynthesizer::from_name("copula").expect("a method of ours");
        let model = match method.fit(&table, &FitOptions::default(), &context) {
            Ok(model) => model,
            Err(error) => {
                println!("{name}: left out, {error}");
                continue;
            }
        };
        let path = output.join(format!("{name}.csv.zst"));
        let mut writer = Writer::create(&path, None, model.schema())?;
        for batch in model.sample(&SampleRequest::rows(rows.min(table.n_rows() as u64)), &context)? {
            writer.write(&batch?)?;
        }
        writer.finish()?;
        let kinds: PathBuf = output.join(format!("{name}.kinds"));
        std::fs::write(kinds, describe(&file)?)?;
    }
    Ok(())
}

fn describe(file: &Path) -> Result<String, Box<dyn std::error::Error>> {
    let table = tables::read(file)?;
    let mut text = String::new();
    for column in &table.schema().columns {
        writeln!(text, "{}", line(column))?;
    }
    Ok(text)
}

/// One column as `name: kind, details`.
fn line(column: &ColumnSchema) -> String {
    let detail = match &column.kind {
        Kind::Numerical(format) if format.integer => ", whole numbers".to_owned(),
        Kind::Numerical(format) => match format.decimals {
            Decimals::Fixed(places) => format!(", {places} places"),
            Decimals::UpTo(places) => format!(", up to {places} places"),
            Decimals::Shortest => ", free".to_owned(),
        },
        Kind::Datetime(format) => match format.offset {
            Offset::Unknown => format!(", {}", format.pattern),
            Offset::Fixed(minutes) => format!(", {}, UTC{minutes:+}", format.pattern),
        },
        _ => String::new(),
    };
    let personal = column.personal.map(|sort| format!(", personal: {}", sort.sdtype())).unwrap_or_default();
    let missing = match column.missing_token.as_str() {
        "" => String::new(),
        token => format!(", missing as {token}"),
    };
    format!("{}: {}{detail}{personal}{missing}", column.name, column.kind.name())
}
