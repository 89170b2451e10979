//! Classes by file, from a table with a line for each.

use std::collections::BTreeMap;
use std::path::Path;

use super::idx::unpacked;
use crate::error::{Reason, Refusal};
use crate::limits::Limits;

/// Reads a CSV file of names and classes. If its first line has columns named `file`, `filename`, `name`, `image` or `path`,
/// and `label` or `class`, these are taken; otherwise the first two, and every line counts.
pub(super) fn read_labels(path: &Path, limits: &Limits) -> Result<BTreeMap<String, String>, Refusal> {
    parse(path, limits).map_err(|reason| Refusal::new(path, reason))
}

fn parse(path: &Path, limits: &Limits) -> Result<BTreeMap<String, String>, Reason> {
    let bytes = unpacked(path, limits.file_bytes)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| Reason::Header("it is not text in UTF-8"))?;
    let text = text.trim_start_matches('\u{feff}');
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).peekable();
    let first = fields(lines.peek().map(|(_, line)| *line).ok_or(Reason::EmptyFile)?);
    let place =
        |names: &[&str]| first.iter().position(|field| names.contains(&field.to_lowercase().as_str()));
    let named = place(&["file", "filename", "file_name", "name", "image", "path"]);
    let (name_column, label_column) = match (named, place(&["label", "class"])) {
        (Some(name), Some(label)) => {
            lines.next();
            (name, label)
        }
        _ => (0, 1),
    };
    let mut labels = BTreeMap::new();
    for (number, line) in lines {
        let wrong = |problem| Reason::Line { line: number + 1, problem };
        let fields = fields(line);
        let (Some(name), Some(label)) = (fields.get(name_column), fields.get(label_column)) else {
            return Err(wrong("it has no name and class"));
        };
        if label.is_empty() {
            return Err(wrong("its class is empty"));
        }
        if labels.insert(name.replace('\\', "/"), label.clone()).is_some() {
            return Err(wrong("its file has been named before"));
        }
    }
    Ok(labels)
}

/// The fields of a line; quotes may be around them, and are doubled inside.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut signs = line.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if quoted && signs.peek() == Some(&'"') => {
                field.push('"');
                signs.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field).trim().to_owned()),
            _ => field.push(sign),
        }
    }
    fields.push(field.trim().to_owned());
    fields
}

#[cfg(test)]
mod tests {
    #[test]
    fn quotes_hold_commas() {
        assert_eq!(super::fields(r#"a.png,"cat, ""big""",3"#), ["a.png", "cat, \"big\"", "3"]);
    }
}
