//! The tables that are measured with.

use std::path::{Path, PathBuf};

use lookalike::{Kind, ReadOptions, Silent, Table};

/// The table in a file, with everything detected.
pub(crate) fn read(file: &Path) -> lookalike::Result<Table> {
    Ok(lookalike::read(file, &ReadOptions::default(), &Silent)?.table)
}

/// All CSV files in a folder and its sub-folders, by name.
pub(crate) fn tables_in(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    Ok(files)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "csv") {
            files.push(path);
        }
    }
    Ok(())
}

/// The column that models would predict: the last one that is no key and no text. Scores are to be reproducible for
/// any folder, so targets are not looked up by name.
pub(crate) fn target(table: &Table) -> Option<usize> {
    (0..table.n_columns()).rev().find(|&column| {
        let kind = &table.schema().columns[column].kind;
        matches!(kind, Kind::Categorical { .. } | Kind::Boolean(_) | Kind::Numerical(_))
    })
}
