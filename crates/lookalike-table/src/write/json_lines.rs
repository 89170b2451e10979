use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::delimited::write_error;
use super::rows::{Cell, LevelCache, write_in_order};
use super::target::TextOutput;
use crate::error::{Error, Result};
use crate::schema::{ColumnSchema, Kind, Schema, Storage};
use crate::table::Table;

/// Writes one JSON object per row.
#[derive(Debug)]
pub(super) struct JsonLinesWriter {
    path: PathBuf,
    output: TextOutput,
    schema: Arc<Schema>,
    /// What stands before each column's value: a brace or comma, and the key.
    heads: Vec<Vec<u8>>,
    missing: Vec<Vec<u8>>,
    /// Columns whose values are written without quotes where JSON can read them so.
    bare: Vec<bool>,
    levels: LevelCache,
}

impl JsonLinesWriter {
    pub(super) fn create(path: &Path, schema: &Arc<Schema>) -> Result<Self> {
        if let Some(name) = repeated_name(schema) {
            return Err(Error::RepeatedName { format: "JSON", name: name.to_owned() });
        }
        let heads = schema
            .columns
            .iter()
            .enumerate()
            .map(|(index, column)| {
                let mut head = vec![if index == 0 { b'{' } else { b',' }];
                push_text(&column.name, &mut head);
                head.push(b':');
                head
            })
            .collect();
        let bare: Vec<bool> = schema.columns.iter().map(is_bare).collect();
        let missing = schema
            .columns
            .iter()
            .zip(&bare)
            .map(|(column, bare)| {
                let mut out = Vec::new();
                // A token that stood in a file of JSON is one of its texts; one from elsewhere means null.
                if column.missing_token.is_empty() || column.storage == Storage::Text {
                    out.extend_from_slice(b"null");
                } else {
                    push_value(&column.missing_token, *bare, &mut out);
                }
                out
            })
            .collect();
        Ok(JsonLinesWriter {
            path: path.to_owned(),
            output: TextOutput::create(path)?,
            schema: schema.clone(),
            heads,
            missing,
            bare,
            levels: LevelCache::default(),
        })
    }

    pub(super) fn write(&mut self, table: &Table) -> Result<()> {
        let bare = &self.bare;
        self.levels.update(table, |index, level, out| push_value(level, bare[index], out));
        let cells = self.levels.cells(table, &self.schema);
        let (heads, missing) = (&self.heads, &self.missing);
        let spell = |rows: Range<usize>| {
            let mut out = Vec::with_capacity(rows.len() * cells.len() * 16);
            let mut value = Vec::new();
            for row in rows {
                for (index, cells) in cells.iter().enumerate() {
                    out.extend_from_slice(&heads[index]);
                    match cells.get(row) {
                        Cell::Missing => out.extend_from_slice(&missing[index]),
                        Cell::Spelled(text) => out.extend_from_slice(text),
                        Cell::Text(text) => push_value(text, bare[index], &mut out),
                        Cell::Value => {
                            value.clear();
                            cells.print(row, &mut value);
                            push_value(&String::from_utf8_lossy(&value), bare[index], &mut out);
                        }
                    }
                }
                out.extend_from_slice(b"}\n");
            }
            Ok(out)
        };
        let path = &self.path;
        write_in_order(table.n_rows(), &mut self.output, spell, |error| write_error(path, error))
    }

    pub(super) fn finish(self) -> Result<()> {
        self.output.commit().map_err(|error| write_error(&self.path, error))
    }
}

/// A name that several columns have, the first one in alphabetical order.
fn repeated_name(schema: &Schema) -> Option<&str> {
    let mut names: Vec<&str> = schema.columns.iter().map(|column| column.name.as_str()).collect();
    names.sort_unstable();
    names.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
}

/// Whether a column's values are numbers or truth values in JSON rather than texts.
fn is_bare(column: &ColumnSchema) -> bool {
    let number = matches!(
        column.storage,
        Storage::Int(_) | Storage::UInt(_) | Storage::Float(_) | Storage::Decimal { .. } | Storage::Bool
    );
    let spelled_so = match &column.kind {
        Kind::Numerical(format) => {
            format.decimal_sign == '.'
                && format.group_sign.is_none()
                && format.prefix.is_empty()
                && format.suffix.is_empty()
                && format.min_digits < 2
        }
        Kind::Boolean(format) => format.true_text == "true" && format.false_text == "false",
        _ => false,
    };
    number || (column.storage == Storage::Text && spelled_so)
}

fn push_value(text: &str, bare: bool, out: &mut Vec<u8>) {
    if bare && (text == "true" || text == "false" || is_number(text.as_bytes())) {
        out.extend_from_slice(text.as_bytes());
    } else {
        push_text(text, out);
    }
}

fn push_text(text: &str, out: &mut Vec<u8>) {
    if text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        serde_json::to_writer(out, text).expect("text is written to memory");
    }
}

/// True for numbers as JSON spells them.
fn is_number(text: &[u8]) -> bool {
    fn digits(text: &[u8]) -> usize {
        text.iter().take_while(|byte| byte.is_ascii_digit()).count()
    }
    let mut rest = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest[0] == b'0') {
        return false;
    }
    rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let places = digits(fraction);
        if places == 0 {
            return false;
        }
        rest = &fraction[places..];
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = if let [b'+' | b'-', unsigned @ ..] = exponent { unsigned } else { exponent };
        return !exponent.is_empty() && digits(exponent) == exponent.len();
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_from_texts() {
        for number in ["0", "-1", "1.50", "1e5", "2E-07", "0.1e+3"] {
            assert!(is_number(number.as_bytes()), "{number}");
        }
        for text in ["", "-", "01", ".5", "1.", "1e", "NaN", "+1", "1 ", "0x1", "1e+"] {
            assert!(!is_number(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn texts_are_escaped() {
        let spelled = |text: &str| {
            let mut out = Vec::new();
            push_text(text, &mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(spelled("é \u{1f600}"), "\"é \u{1f600}\"");
        assert_eq!(spelled("a\"b\\c\n\u{1}"), r#""a\"b\\c\n\u0001""#);
    }
}
