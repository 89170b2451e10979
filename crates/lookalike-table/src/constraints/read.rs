//! Files of constraints: one per line as text, our JSON, or SDV's.

use lookalike_core::{Topic, Warning};
use serde_json::{Map, Value};

use super::error::ConstraintError;
use super::{Constraint, Is, Term, Test};

/// Understands a file of constraints.
///
/// Text has one constraint per line; empty lines, and what follows a `#` at the beginning of a line, are passed over. JSON is a
/// list, or an object with a list under `constraints` (as SDV's metadata has it); each entry is a text, an object of our JSON
/// form, or one of SDV's: `constraint_class` with `constraint_parameters` beside it (or `type` with `parameters`), for `FixedCombinations`,
/// `FixedIncrements`, `Inequality`, `Negative`, `OneHotEncoding`, `Positive`, `Range`, `ScalarInequality`, `ScalarRange` and
/// `Unique`, with SDV's own defaults for what is left out (`strict_boundaries` is true for the ranges, false for the others).
/// SDV's classes that are code of the user's are named in a warning and left out.
///
/// ```
/// use lookalike_table::constraints::{Constraint, read_constraints};
/// let sdv = r#"[{"constraint_class": "Inequality",
///     "constraint_parameters": {"low_column_name": "checkin", "high_column_name": "checkout"}}]"#;
/// assert_eq!(read_constraints(sdv)?.0, [Constraint::parse("checkin <= checkout")?]);
/// assert_eq!(read_constraints("# stays\ncheckin <= checkout\n")?.0, read_constraints(sdv)?.0);
/// # Ok::<(), lookalike_table::constraints::ConstraintError>(())
/// ```
///
/// # Errors
/// [`ConstraintError::File`] and [`ConstraintError::Syntax`] with the line where it is known.
pub fn read_constraints(text: &str) -> Result<(Vec<Constraint>, Vec<Warning>), ConstraintError> {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with(['[', '{']) {
        let value: Value = serde_json::from_str(text).map_err(|error| ConstraintError::File {
            line: Some(error.line()),
            problem: "it begins like JSON and is not".to_owned(),
        })?;
        return from_json(&value);
    }
    let mut constraints = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        constraints.push(
            Constraint::parse(line).map_err(|error| ConstraintError::File {
                line: Some(number + 1),
                problem: error.to_string(),
            })?,
        );
    }
    Ok((constraints, Vec::new()))
}

/// Understands a JSON list of constraints, or an object with one.
pub(crate) fn from_json(value: &Value) -> Result<(Vec<Constraint>, Vec<Warning>), ConstraintError> {
    let list = match value {
        Value::Array(list) => list,
        Value::Object(object) => object.get("constraints").and_then(Value::as_array).ok_or_else(|| {
            ConstraintError::File { line: None, problem: "it has no list \"constraints\"".to_owned() }
        })?,
        _ => return Err(ConstraintError::File { line: None, problem: "it is no list".to_owned() }),
    };
    let (mut constraints, mut warnings) = (Vec::new(), Vec::new());
    for (number, entry) in list.iter().enumerate() {
        let refused = |problem: String| ConstraintError::File {
            line: None,
            problem: format!("entry {} {problem}", number + 1),
        };
        match entry {
            Value::String(text) => constraints.push(Constraint::parse(text)?),
            Value::Object(object) => match sdv_class(object) {
                Some(class) => match sdv(&class, object).map_err(refused)? {
                    Some(constraint) => constraints.push(constraint),
                    None => warnings.push(Warning::new(
                        Topic::Schema,
                        format!("the constraint class {class:?} is not understood and ignored"),
                    )),
                },
                None => constraints.push(serde_json::from_value(entry.clone()).map_err(|_| {
                    refused(
                        "is no constraint: write its text, such as \"admitted <= discharged\", or an object of the \
                         documented form"
                            .to_owned(),
                    )
                })?),
            },
            _ => return Err(refused("is neither a text nor an object".to_owned())),
        }
    }
    Ok((constraints, warnings))
}

/// The class of an entry of SDV's, without the modules that older versions put before it.
fn sdv_class(object: &Map<String, Value>) -> Option<String> {
    // In a list of SDV's own, `type` names the class, too.
    let keys = ["constraint_class", "constraint_name", "constraint", "class_name", "type"];
    let class = keys.iter().find_map(|key| object.get(*key)).and_then(Value::as_str)?;
    Some(class.rsplit('.').next().unwrap_or(class).to_owned())
}

/// What one of SDV's classes says; `None` for classes that are not known.
fn sdv(class: &str, object: &Map<String, Value>) -> Result<Option<Constraint>, String> {
    let parameters = ["constraint_parameters", "parameters"]
        .iter()
        .find_map(|key| object.get(*key))
        .and_then(Value::as_object)
        .unwrap_or(object);
    let text = |keys: &[&str]| {
        keys.iter()
            .find_map(|key| parameters.get(*key))
            .and_then(|value| match value {
                Value::String(text) => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            })
            .ok_or_else(|| format!("of class {class} lacks {:?}", keys[0]))
    };
    let names = || {
        ["column_names", "columns"]
            .iter()
            .find_map(|key| parameters.get(*key))
            .and_then(Value::as_array)
            .and_then(|list| {
                list.iter().map(|name| name.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
            })
            .ok_or_else(|| format!("of class {class} lacks \"column_names\""))
    };
    let strict = |default: bool| {
        ["strict_boundaries", "strict"]
            .iter()
            .find_map(|key| parameters.get(*key))
            .and_then(Value::as_bool)
            .unwrap_or(default)
    };
    let column = |keys: &[&str]| text(keys).map(Term::Column);
    let order = |terms: Vec<Term>, strict: bool| {
        let strict = vec![strict; terms.len() - 1];
        Constraint::Order { terms, strict }
    };
    let zero = || Term::Constant("0".to_owned());
    Ok(Some(match class {
        "FixedCombinations" | "UniqueCombinations" => Constraint::Combinations { columns: names()? },
        "FixedIncrements" => {
            Constraint::Increments { column: text(&["column_name"])?, step: text(&["increment_value"])? }
        }
        "Inequality" | "GreaterThan" => order(
            vec![
                column(&["low_column_name", "low_column", "low"])?,
                column(&["high_column_name", "high_column", "high"])?,
            ],
            strict(false),
        ),
        "Range" | "Between" => order(
            vec![
                column(&["low_column_name", "low_column", "low"])?,
                column(&["middle_column_name", "middle_column", "column_name", "constraint_column"])?,
                column(&["high_column_name", "high_column", "high"])?,
            ],
            strict(true),
        ),
        "ScalarRange" => order(
            vec![
                Term::Constant(text(&["low_value"])?),
                column(&["column_name"])?,
                Term::Constant(text(&["high_value"])?),
            ],
            strict(true),
        ),
        "Positive" => order(vec![zero(), column(&["column_name"])?], strict(false)),
        "Negative" => order(vec![column(&["column_name"])?, zero()], strict(false)),
        "ScalarInequality" => {
            let (own, value) = (column(&["column_name"])?, Term::Constant(text(&["value"])?));
            match text(&["relation"])?.as_str() {
                ">" => order(vec![value, own], true),
                ">=" => order(vec![value, own], false),
                "<" => order(vec![own, value], true),
                "<=" => order(vec![own, value], false),
                _ => return Err("has a relation that is none of > >= < <=".to_owned()),
            }
        }
        "OneHotEncoding" => Constraint::OneHot { columns: names()? },
        "Unique" => Constraint::Unique { columns: names()? },
        "FixedNullCombinations" => Constraint::AllOrNone { columns: names()? },
        _ => return Ok(None),
    }))
}

impl Test {
    /// A test that a cell of a column is missing.
    pub fn missing(column: impl Into<String>) -> Test {
        Test { column: column.into(), is: Is::Missing }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(texts: &[&str]) -> Vec<Constraint> {
        texts.iter().map(|text| Constraint::parse(text).unwrap()).collect()
    }

    #[test]
    fn all_classes_of_sdv_are_read() {
        let json = r#"{"METADATA_SPEC_VERSION": "SINGLE_TABLE_V1", "constraints": [
            {"constraint_class": "FixedCombinations", "constraint_parameters": {"column_names": ["city", "state"]}},
            {"constraint_name": "FixedIncrements", "column_name": "salary", "increment_value": 500},
            {"constraint": "sdv.constraints.tabular.Inequality", "low_column_name": "a", "high_column_name": "b",
             "strict_boundaries": true},
            {"constraint_class": "Range", "constraint_parameters": {"low_column_name": "a", "middle_column_name": "b",
             "high_column_name": "c"}},
            {"constraint_class": "ScalarRange", "constraint_parameters": {"column_name": "a", "low_value": 0.5,
             "high_value": 10, "strict_boundaries": false}},
            {"constraint_class": "Positive", "constraint_parameters": {"column_name": "a"}},
            {"constraint_class": "Negative", "constraint_parameters": {"column_name": "a", "strict_boundaries": true}},
            {"constraint_class": "ScalarInequality", "constraint_parameters": {"column_name": "d", "relation": ">=",
             "value": "2020-01-01"}},
            {"constraint_class": "OneHotEncoding", "constraint_parameters": {"column_names": ["x", "y"]}},
            {"type": "Unique", "parameters": {"column_names": ["a"]}},
            {"constraint_class": "MyOwn", "constraint_parameters": {}}]}"#;
        let (constraints, warnings) = read_constraints(json).unwrap();
        let expected = parsed(&[
            "combinations(city, state)",
            "increments(salary, 500)",
            "a < b",
            "a < b < c",
            "0.5 <= a <= 10",
            "a >= 0",
            "a < 0",
            "d >= '2020-01-01'",
            "one_hot(x, y)",
            "unique(a)",
        ]);
        assert_eq!(constraints, expected);
        assert!(warnings.len() == 1 && warnings[0].message.contains("MyOwn"));
        let own = serde_json::to_string(&expected).unwrap();
        assert_eq!(read_constraints(&own).unwrap().0, expected);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        for (text, needle) in [
            ("a <= b\n\nc ?", "line 3"),
            ("[\"a <= b\",", "JSON"),
            ("{\"a\": 1}", "constraints"),
            ("[3]", "entry 1"),
            ("[{\"orders\": {}}]", "entry 1"),
            (r#"[{"constraint_class": "Unique"}]"#, "column_names"),
        ] {
            let message = read_constraints(text).expect_err(text).to_string();
            assert!(message.contains(needle), "{text}: {message}");
        }
    }
}
