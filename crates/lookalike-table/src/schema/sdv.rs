//! SDV metadata JSON, the field's own schema format, in versions 1 and 2.
//!
//! What it cannot say (print formats, tokens, storage types, the layout of a text file, the order of columns and
//! names that repeat) stands beside it under the key `x-lookalike`, which SDV ignores. A file that has this key gives
//! the whole [`Schema`] back; one that has it not gives kinds to put over inference.
//!
//! ```
//! use lookalike_table::schema::sdv::{self, SpecVersion};
//! use lookalike_table::{ColumnSchema, Kind, Schema};
//!
//! let schema = Schema::new(vec![ColumnSchema::new("note", Kind::Text)]);
//! let json = sdv::to_json(&schema, SpecVersion::V2);
//! assert_eq!(sdv::from_json(&json, None)?.schema, Some(schema));
//!
//! let foreign = r#"{"METADATA_SPEC_VERSION": "SINGLE_TABLE_V1", "columns":
//!     {"size": {"sdtype": "categorical", "order": ["S", "L"]}, "day": {"sdtype": "datetime"}}}"#;
//! let declared = sdv::from_json(foreign, None)?;
//! assert_eq!(declared.columns[0], ("size".into(), r#"ordinal:["S","L"]"#.into()));
//! assert_eq!(declared.columns[1], ("day".into(), "datetime".into()));
//! # Ok::<(), lookalike_table::Error>(())
//! ```

mod wire;

use lookalike_core::{Topic, Warning};
use serde_json::{Map, Value, json};

use super::{Kind, Personal, Schema};
use crate::constraints::Constraint;
use crate::error::{Error, Result};
use crate::pattern::Pattern;
use crate::spelling::DatetimePattern;

/// The versions of SDV's metadata that are written. Both are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SpecVersion {
    /// `SINGLE_TABLE_V1`: one table without a name.
    V1,
    /// `V2`: named tables and their relationships.
    #[default]
    V2,
}

/// What a metadata file says about one table.
#[derive(Debug, Clone, PartialEq)]
pub struct Declared {
    /// The table's name, where it has one.
    pub table: Option<String>,
    /// The whole schema, if the file was written by this software (and as edited since).
    pub schema: Option<Schema>,
    /// The kind of each column, as `--column NAME=KIND` takes it.
    pub columns: Vec<(String, String)>,
    /// The columns that identify a row.
    pub primary_key: Vec<String>,
    /// What must hold in every row.
    pub constraints: Vec<Constraint>,
    /// What was not understood.
    pub warnings: Vec<Warning>,
}

/// The name given to the only table in version 2.
const TABLE: &str = "table";
/// Where what SDV has no place for stands.
const EXTENSION: &str = "x-lookalike";
/// Keys of a column that are understood, or that only repeat what the data says.
const KNOWN: [&str; 14] = [
    "sdtype",
    "pii",
    "datetime_format",
    "regex_format",
    "range_values",
    "order",
    "order_by",
    "computer_representation",
    "decimal_places",
    "range_min",
    "range_max",
    "range_is_nullable",
    "high_cardinality",
    "description",
];
const KNOWN_TABLE: [&str; 9] = [
    "columns",
    "primary_key",
    "alternate_keys",
    "sequence_key",
    "sequence_index",
    "column_relationships",
    "constraints",
    "METADATA_SPEC_VERSION",
    "x-lookalike",
];

/// The schema as SDV metadata, indented.
///
/// # Panics
/// Never: a schema always has a JSON form.
pub fn to_json(schema: &Schema, version: SpecVersion) -> String {
    let mut columns = Map::new();
    for column in &schema.columns {
        // Of several columns with one name SDV can only describe the first.
        if !columns.contains_key(&column.name) {
            columns.insert(column.name.clone(), sdv_column(column, version));
        }
    }
    let key =
        schema.primary_key.and_then(|index| schema.columns.get(index)).map(|column| column.name.clone());
    let extension = serde_json::to_value(wire::Extension::from(schema)).expect("plain data has a JSON form");
    let document = match version {
        SpecVersion::V1 => {
            let mut document = Map::new();
            document.insert("columns".into(), Value::Object(columns));
            if let Some(key) = key {
                document.insert("primary_key".into(), Value::String(key));
            }
            document.insert("METADATA_SPEC_VERSION".into(), "SINGLE_TABLE_V1".into());
            document.insert(EXTENSION.into(), extension);
            Value::Object(document)
        }
        SpecVersion::V2 => {
            let mut table = Map::new();
            if let Some(key) = key {
                table.insert("primary_key".into(), Value::String(key));
            }
            table.insert("columns".into(), Value::Object(columns));
            json!({
                "tables": { TABLE: table },
                "relationships": [],
                "METADATA_SPEC_VERSION": "V2",
                EXTENSION: extension,
            })
        }
    };
    serde_json::to_string_pretty(&document).expect("plain data has a JSON form")
}

fn sdv_column(column: &super::ColumnSchema, version: SpecVersion) -> Value {
    let mut entry = Map::new();
    let mut put = |key: &str, value: Value| {
        entry.insert(key.into(), value);
    };
    match &column.kind {
        Kind::Numerical(format) => {
            put("sdtype", "numerical".into());
            if version == SpecVersion::V1 {
                put("computer_representation", if format.integer { "Int64" } else { "Float" }.into());
            }
        }
        Kind::Categorical { order } if order.is_empty() => put("sdtype", "categorical".into()),
        Kind::Categorical { order } => match version {
            SpecVersion::V1 => {
                put("sdtype", "categorical".into());
                put("order", order.clone().into());
            }
            SpecVersion::V2 => {
                put("sdtype", "ordinal".into());
                put("range_values", order.clone().into());
            }
        },
        Kind::Boolean(_) => put("sdtype", "boolean".into()),
        Kind::Datetime(format) => {
            put("sdtype", "datetime".into());
            put("datetime_format", python_pattern(&format.pattern).into());
        }
        Kind::Id(format) => {
            put("sdtype", "id".into());
            if let Some(regex) = &format.regex {
                put("regex_format", regex.clone().into());
            }
        }
        Kind::Text => {
            put("sdtype", column.personal.map_or("unknown", Personal::sdtype).into());
            put("pii", true.into());
        }
        Kind::Image(_) => put("sdtype", "image".into()),
    }
    Value::Object(entry)
}

/// The pattern in the directives that Python reads, which are fewer than ours.
fn python_pattern(pattern: &str) -> String {
    let mut python = String::new();
    let mut rest = pattern.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '%' {
            python.push(c);
            continue;
        }
        let mut optional = false;
        let directive = loop {
            match rest.next() {
                Some('-' | '#' | '^' | '~' | ':' | '1'..='9') => {}
                Some('.') => optional = true,
                other => break other,
            }
        };
        if optional {
            python.push('.');
        }
        python.push('%');
        match directive {
            Some('P') => python.push('p'),
            Some('h') => python.push('b'),
            Some(directive) => python.push(directive),
            None => python.push('%'),
        }
    }
    python
}

fn problem(text: impl Into<String>) -> Error {
    Error::Metadata { problem: text.into() }
}

/// Where a JSON text goes wrong, without any of its values.
fn json_problem(error: &serde_json::Error) -> Error {
    let message = error.to_string();
    let told = ["unknown field", "missing field", "duplicate field", "unknown variant"]
        .iter()
        .any(|start| message.starts_with(start));
    if told {
        problem(message.split(" at line").next().unwrap_or_default())
    } else if error.is_data() {
        problem("an entry is not of the type expected")
    } else {
        problem(format!("it is not valid JSON at line {}, column {}", error.line(), error.column()))
    }
}

/// The schema as a JSON value in version 1, for embedding: [`from_value`] gives the same schema back.
///
/// # Panics
/// Never: a schema always has a JSON form.
pub fn to_value(schema: &Schema) -> Value {
    serde_json::from_str(&to_json(schema, SpecVersion::V1)).expect("what was just written is JSON")
}

/// The schema that [`to_value`] wrote.
///
/// # Errors
/// [`Error::Metadata`] when the value is not such a schema.
pub fn from_value(value: &Value) -> Result<Schema> {
    from_json(&value.to_string(), None)?.schema.ok_or_else(|| problem("it does not describe a whole schema"))
}

/// Understands SDV metadata. `table` names the table that is meant; it may be left out when there is one.
///
/// # Errors
/// [`Error::Metadata`] when the text is not SDV metadata, has several tables and none is named, has no table of this
/// name, or an `x-lookalike` part that is not understood; [`Error::Regex`] or [`Error::DatetimePattern`] for patterns
/// that cannot be read.
pub fn from_json(text: &str, table: Option<&str>) -> Result<Declared> {
    let document: Value = serde_json::from_str(text).map_err(|error| json_problem(&error))?;
    let Value::Object(document) = document else { return Err(problem("it is not an object")) };
    let mut warnings = Vec::new();
    let (name, described) = choose_table(&document, table, &mut warnings)?;
    let Some(Value::Object(columns)) = described.get("columns") else {
        return Err(problem("it describes no columns"));
    };
    for key in described.keys().filter(|key| !KNOWN_TABLE.contains(&key.as_str()) && key.as_str() != "tables")
    {
        warnings.push(Warning::new(
            Topic::Schema,
            format!("the schema's key {key:?} is not understood and ignored"),
        ));
    }
    let mut declared = Vec::new();
    for (column, entry) in columns {
        let Value::Object(entry) = entry else {
            return Err(problem(format!("the entry of column {column:?} is not an object")));
        };
        let kind = kind_of(column, entry, &mut warnings)?;
        declared.push((column.clone(), kind));
    }
    let primary_key = match described.get("primary_key") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::String(key)) => vec![key.clone()],
        Some(Value::Array(keys)) => keys.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(_) => return Err(problem("primary_key is neither a name nor a list of names")),
    };
    if let Some(key) = primary_key.iter().find(|key| !columns.contains_key(*key)) {
        return Err(problem(format!("the primary key {key:?} is not among the columns")));
    }
    let schema = match document.get(EXTENSION) {
        None => None,
        Some(extension) => {
            let extension: wire::Extension =
                serde_json::from_value(extension.clone()).map_err(|error| json_problem(&error))?;
            Some(merge(extension.into_schema()?, &declared, &primary_key)?)
        }
    };
    let constraints = match (&schema, described.get("constraints").or_else(|| document.get("constraints"))) {
        // Those of the extension are in the schema already.
        (Some(schema), None) => schema.constraints.clone(),
        (_, None) => Vec::new(),
        (_, Some(listed)) => {
            let (constraints, more) = crate::constraints::from_json(listed)?;
            warnings.extend(more);
            constraints
        }
    };
    // An id that is not said to identify the rows may be another table's, and repeat.
    let alternate: Vec<&str> = described
        .get("alternate_keys")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .flat_map(|key| {
            key.as_str().into_iter().chain(key.as_array().into_iter().flatten().filter_map(Value::as_str))
        })
        .collect();
    for (column, kind) in &mut declared {
        let is_key = primary_key == [column.as_str()] || alternate.contains(&column.as_str());
        if !is_key && (kind == "id" || kind.starts_with("id:")) {
            "reference".clone_into(kind);
        }
    }
    Ok(Declared { table: name, schema, columns: declared, primary_key, constraints, warnings })
}

/// The table that is meant.
fn choose_table<'a>(
    document: &'a Map<String, Value>,
    wanted: Option<&str>,
    warnings: &mut Vec<Warning>,
) -> Result<(Option<String>, &'a Map<String, Value>)> {
    if document.contains_key("columns") {
        return Ok((None, document));
    }
    let Some(Value::Object(tables)) = document.get("tables") else {
        return Err(problem("it has neither \"columns\" nor \"tables\""));
    };
    let names = || tables.keys().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    let (name, table) = match wanted {
        Some(wanted) => tables
            .get_key_value(wanted)
            .ok_or_else(|| problem(format!("there is no table {wanted:?}; there are {}", names())))?,
        None if tables.len() == 1 => tables.iter().next().expect("there is one"),
        None => return Err(problem(format!("it has several tables; name one of {}", names()))),
    };
    if document.get("relationships").and_then(Value::as_array).is_some_and(|list| !list.is_empty()) {
        warnings.push(Warning::new(
            Topic::Schema,
            "relationships between tables are ignored: one table is read at a time",
        ));
    }
    let Value::Object(table) = table else {
        return Err(problem(format!("the entry of table {name:?} is not an object")));
    };
    Ok((Some(name.clone()), table))
}

/// The kind that a column's entry gives it, as the user would write it.
fn kind_of(column: &str, entry: &Map<String, Value>, warnings: &mut Vec<Warning>) -> Result<String> {
    for key in entry.keys().filter(|key| !KNOWN.contains(&key.as_str())) {
        warnings.push(Warning::of_column(
            Topic::Schema,
            column,
            format!("the schema's key {key:?} is not understood and ignored"),
        ));
    }
    let Some(sdtype) = entry.get("sdtype").and_then(Value::as_str) else {
        return Err(problem(format!("column {column:?} has no sdtype")));
    };
    // The values of a categorical column stand in no order: version 2 lists them all the same.
    let orders: &[&str] = if sdtype == "ordinal" { &["range_values", "order"] } else { &["order"] };
    let order = orders.iter().find_map(|key| entry.get(*key)).and_then(Value::as_array);
    let pattern = entry.get("datetime_format").and_then(Value::as_str);
    let regex = entry.get("regex_format").and_then(Value::as_str);
    Ok(match sdtype {
        "categorical" | "ordinal" => match order {
            Some(levels) => {
                let levels: Vec<String> = levels
                    .iter()
                    .map(|level| match level {
                        Value::String(text) => text.clone(),
                        other => other.to_string(),
                    })
                    .collect();
                format!("ordinal:{}", Value::from(levels))
            }
            None if sdtype == "ordinal" || entry.contains_key("order_by") => "ordinal".into(),
            None => "categorical".into(),
        },
        "numerical" | "boolean" => sdtype.to_owned(),
        // Ours: only the extension says of which shape.
        "image" => "image".into(),
        // Quantities, unless they are said to lead to people.
        "latitude" | "longitude" if entry.get("pii") != Some(&Value::Bool(true)) => "numerical".into(),
        "datetime" => match pattern {
            None => "datetime".into(),
            Some(pattern)
                if DatetimePattern::compile(pattern).is_some_and(|compiled| compiled.is_complete()) =>
            {
                format!("datetime:{pattern}")
            }
            Some(pattern) => {
                return Err(Error::DatetimePattern {
                    column: column.to_owned(),
                    pattern: pattern.to_owned(),
                });
            }
        },
        "id" => match regex {
            None => "id".into(),
            Some(regex) => match Pattern::parse(regex) {
                Ok(_) => format!("id:{regex}"),
                Err(error) => {
                    return Err(Error::Regex { column: column.to_owned(), problem: error.to_string() });
                }
            },
        },
        "unknown" => "text".into(),
        other if Personal::from_sdtype(other).is_some() => other.to_owned(),
        other => {
            warnings.push(Warning::of_column(
                Topic::Schema,
                column,
                format!("the sdtype {other:?} is treated as text"),
            ));
            "text".into()
        }
    })
}

/// The schema of the extension, with what was edited in SDV's part since it was written.
fn merge(mut schema: Schema, declared: &[(String, String)], primary_key: &[String]) -> Result<Schema> {
    for (name, kind) in declared {
        let Some(column) = schema.columns.iter_mut().find(|column| column.name == *name) else {
            return Err(problem(format!(
                "column {name:?} is missing in {EXTENSION}; remove that key to have it learned anew"
            )));
        };
        let written = sdv_column(column, SpecVersion::V2);
        let Value::Object(written) = written else { unreachable!("a column's entry is an object") };
        if kind_of(name, &written, &mut Vec::new())? == *kind {
            continue;
        }
        match (&mut column.kind, kind.split_once(':').unwrap_or((kind, ""))) {
            (Kind::Datetime(format), ("datetime", pattern)) if !pattern.is_empty() => {
                pattern.clone_into(&mut format.pattern);
            }
            (Kind::Id(format), ("id", regex)) => {
                format.regex = (!regex.is_empty()).then(|| regex.to_owned());
            }
            (Kind::Categorical { order }, ("categorical", "")) => order.clear(),
            (Kind::Categorical { order }, ("ordinal", levels)) => {
                *order = serde_json::from_str(levels).map_err(|error| json_problem(&error))?;
            }
            (Kind::Text, (sdtype, "")) if sdtype == "text" || Personal::from_sdtype(sdtype).is_some() => {
                column.personal = Personal::from_sdtype(sdtype);
            }
            _ => {
                return Err(problem(format!(
                    "column {name:?} is of another kind in {EXTENSION}; remove that key to have the column learned anew"
                )));
            }
        }
    }
    if let [key] = primary_key {
        let index = schema.columns.iter().position(|column| column.name == *key);
        // The extension's number tells columns of one name apart.
        let same = schema.primary_key.is_some_and(|index| schema.columns[index].name == *key);
        if !same {
            schema.primary_key = index;
        }
    } else {
        schema.primary_key = None;
    }
    Ok(schema)
}

#[cfg(test)]
mod tests;
