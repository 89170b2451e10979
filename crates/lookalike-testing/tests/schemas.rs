//! What the columns of well-known tables are taken for.
//!
//! The kinds were checked by hand against the published descriptions. The tables beside them are look-alikes made by
//! this software (see their README): the same columns, no row of the originals.

use std::path::{Path, PathBuf};

use lookalike::{ReadOptions, Silent};

fn stand_ins() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder of look-alikes")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "kinds"))
        .collect();
    files.sort();
    files
}

#[test]
fn kinds_are_those_that_people_published() {
    let mut wrong = Vec::new();
    let files = stand_ins();
    assert!(files.len() >= 14, "tables are missing");
    for kinds in files {
        let expected = std::fs::read_to_string(&kinds).expect("readable");
        let reading = lookalike::read(&kinds.with_extension("csv.zst"), &ReadOptions::default(), &Silent)
            .unwrap_or_else(|error| panic!("{}: {error}", kinds.display()));
        for (line, column) in expected.lines().zip(&reading.table.schema().columns) {
            let (name, rest) = line.split_at(column.name.len());
            let kind = rest.trim_start_matches(": ").split(',').next().unwrap_or_default();
            if (name, kind) != (column.name.as_str(), column.kind.name()) {
                wrong.push(format!("{}: {line}, but found {}", kinds.display(), column.kind.name()));
            }
        }
        assert_eq!(expected.lines().count(), reading.table.n_columns(), "{}", kinds.display());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
