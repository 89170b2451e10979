//! Tables and figures as the scripts in `fixtures` record them.

use std::path::Path;
use std::sync::Arc;

use lookalike_table::schema::{BooleanFormat, DatetimeFormat, NumberFormat, Offset};
use lookalike_table::{Codes, Column, ColumnSchema, Kind, Levels, Schema, Table};
use serde_json::{Map, Value};

const TOLERANCE: f64 = 1e-9;

/// A table of these cells.
pub(crate) fn table(columns: &Map<String, Value>, kinds: &Map<String, Value>) -> Table {
    let mut schemas = Vec::new();
    let mut all = Vec::new();
    for (name, cells) in columns {
        let cells = cells.as_array().unwrap();
        let missing: Vec<bool> = cells.iter().map(Value::is_null).collect();
        let (kind, column) = match kinds[name].as_str().unwrap() {
            "numerical" => (
                Kind::Numerical(NumberFormat::default()),
                Column::from_floats(
                    cells.iter().map(|cell| cell.as_f64().unwrap_or(0.0)).collect(),
                    Some(missing),
                ),
            ),
            "datetime" => (
                Kind::Datetime(DatetimeFormat { pattern: "%F".into(), step: 1, offset: Offset::Unknown }),
                Column::from_instants(
                    cells.iter().map(|cell| cell.as_i64().unwrap_or(0)).collect(),
                    Some(missing),
                ),
            ),
            "boolean" => (
                Kind::Boolean(BooleanFormat::default()),
                Column::from_booleans(
                    cells.iter().map(|cell| cell.as_bool().unwrap_or(false)).collect(),
                    Some(missing),
                ),
            ),
            _ => {
                let mut levels: Vec<&str> = cells.iter().filter_map(Value::as_str).collect();
                // Another order in each table: dictionaries differ between files.
                levels.sort_unstable();
                levels.dedup();
                if cells.len() % 2 == 1 {
                    levels.reverse();
                }
                let codes = cells
                    .iter()
                    .map(|cell| {
                        cell.as_str().map_or(Codes::MISSING, |text| {
                            levels.iter().position(|level| *level == text).unwrap() as u32
                        })
                    })
                    .collect();
                (Kind::Categorical { order: Vec::new() }, Column::from_codes(codes, &Levels::new(&levels)))
            }
        };
        schemas.push(ColumnSchema::new(name.clone(), kind));
        all.push(column);
    }
    Table::new(Arc::new(Schema::new(schemas)), all).unwrap()
}

/// Both are there and the same but for rounding, or neither is.
pub(crate) fn assert_same(ours: Option<f64>, theirs: Option<f64>, what: &str) {
    match (ours, theirs) {
        (None, None) => {}
        (Some(ours), Some(theirs)) => {
            let tolerance = TOLERANCE * theirs.abs().max(1.0);
            assert!((ours - theirs).abs() <= tolerance, "{what}: {ours} != {theirs}");
        }
        _ => panic!("{what}: {ours:?} != {theirs:?}"),
    }
}

/// What a script wrote into this file of `fixtures`.
pub(crate) fn recorded(file: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(file);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}
