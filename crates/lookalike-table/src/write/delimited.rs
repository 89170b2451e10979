use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::encode::TextEncoder;
use super::rows::{Cell, LevelCache, write_in_order};
use super::target::TextOutput;
use crate::error::{Error, Result};
use crate::schema::{ColumnSchema, Dialect, Kind, Quoting, Schema};
use crate::table::Table;

/// Writes delimited text.
#[derive(Debug)]
pub(super) struct DelimitedWriter {
    path: PathBuf,
    output: TextOutput,
    schema: Arc<Schema>,
    style: Style,
    /// Missing values as they are written, one for each column.
    missing: Vec<Vec<u8>>,
    /// Columns whose printed values may need quotes.
    checked: Vec<bool>,
    levels: LevelCache,
}

/// How fields are laid out and quoted.
#[derive(Debug, Clone)]
struct Style {
    delimiter: u8,
    separator: Vec<u8>,
    line_end: &'static [u8],
    quote: u8,
    backslash_escapes: bool,
    quoting: Quoting,
    skip_space: bool,
    /// An empty field makes an empty line, which would not be taken for a row.
    one_column: bool,
    encoder: TextEncoder,
}

impl DelimitedWriter {
    pub(super) fn create(path: &Path, schema: &Arc<Schema>, dialect: &Dialect) -> Result<Self> {
        let encoder = TextEncoder::new(&dialect.encoding)?;
        let style = Style {
            delimiter: dialect.delimiter,
            separator: if dialect.space_after_delimiter {
                vec![dialect.delimiter, b' ']
            } else {
                vec![dialect.delimiter]
            },
            line_end: if dialect.crlf { b"\r\n" } else { b"\n" },
            quote: dialect.quote,
            backslash_escapes: dialect.backslash_escapes,
            quoting: dialect.quoting,
            skip_space: dialect.space_after_delimiter,
            one_column: schema.columns.len() == 1,
            encoder,
        };
        let output = TextOutput::create(path)?;
        let mut writer = DelimitedWriter {
            path: path.to_owned(),
            output,
            missing: schema.columns.iter().map(|column| style.missing(column)).collect(),
            checked: schema.columns.iter().map(|column| style.needs_check(column)).collect(),
            schema: schema.clone(),
            style,
            levels: LevelCache::default(),
        };
        writer.begin(dialect)?;
        Ok(writer)
    }

    fn begin(&mut self, dialect: &Dialect) -> Result<()> {
        let mut text = Vec::new();
        if dialect.bom {
            text.extend_from_slice("\u{feff}".as_bytes());
        }
        if dialect.header {
            for (index, column) in self.schema.columns.iter().enumerate() {
                if index > 0 {
                    text.extend_from_slice(&self.style.separator);
                }
                self.style.text(&column.name, &mut text);
            }
            text.extend_from_slice(self.style.line_end);
        }
        let bytes = self.style.encoder.encode(text).ok_or_else(|| self.unencodable())?;
        self.output.write_all(&bytes).map_err(|error| write_error(&self.path, error))
    }

    fn unencodable(&self) -> Error {
        Error::Unencodable { path: self.path.clone(), encoding: self.style.encoder.name().to_owned() }
    }

    pub(super) fn write(&mut self, table: &Table) -> Result<()> {
        let style = &self.style;
        self.levels.update(table, |_, level, out| style.text(level, out));
        let cells = self.levels.cells(table, &self.schema);
        let (missing, checked) = (&self.missing, &self.checked);
        let unencodable =
            || Error::Unencodable { path: self.path.clone(), encoding: style.encoder.name().to_owned() };
        let spell = |rows: Range<usize>| {
            let mut out = Vec::with_capacity(rows.len() * cells.len() * 8);
            for row in rows {
                for (index, cells) in cells.iter().enumerate() {
                    if index > 0 {
                        match style.separator.as_slice() {
                            [only] => out.push(*only),
                            several => out.extend_from_slice(several),
                        }
                    }
                    match cells.get(row) {
                        Cell::Missing => out.extend_from_slice(&missing[index]),
                        Cell::Spelled(text) => out.extend_from_slice(text),
                        Cell::Text(text) => style.text(text, &mut out),
                        Cell::Value => {
                            let start = out.len();
                            cells.print(row, &mut out);
                            if checked[index] {
                                style.quote_if_needed(start, &mut out);
                            }
                        }
                    }
                }
                out.extend_from_slice(style.line_end);
            }
            style.encoder.encode(out).ok_or_else(unencodable)
        };
        let path = &self.path;
        write_in_order(table.n_rows(), &mut self.output, spell, |error| write_error(path, error))
    }

    pub(super) fn finish(self) -> Result<()> {
        self.output.commit().map_err(|error| write_error(&self.path, error))
    }
}

pub(super) fn write_error(path: &Path, source: std::io::Error) -> Error {
    Error::Io { action: "write", path: path.to_owned(), source }
}

impl Style {
    fn is_special(&self, byte: u8) -> bool {
        byte == self.delimiter || byte == self.quote || byte == b'\n' || byte == b'\r'
    }

    fn needs_quotes(&self, text: &[u8]) -> bool {
        let by_manner = match self.quoting {
            Quoting::Minimal => false,
            Quoting::Always => true,
            Quoting::NonNumeric => !is_plain_number(text),
        };
        by_manner
            || text.iter().any(|byte| self.is_special(*byte))
            || (self.skip_space && text.first() == Some(&b' '))
            || (self.one_column && text.is_empty())
    }

    /// Appends a field.
    fn text(&self, text: &str, out: &mut Vec<u8>) {
        let text = text.as_bytes();
        if !self.needs_quotes(text) {
            out.extend_from_slice(text);
            return;
        }
        out.push(self.quote);
        let mut rest = text;
        // What stands before a special sign: a backslash, which is special then too, or the quote itself.
        let other = if self.backslash_escapes { b'\\' } else { self.quote };
        while let Some(special) = memchr::memchr2(self.quote, other, rest) {
            out.extend_from_slice(&rest[..special]);
            out.extend_from_slice(&[other, rest[special]]);
            rest = &rest[special + 1..];
        }
        out.extend_from_slice(rest);
        out.push(self.quote);
    }

    /// Quotes the field that begins at `start` and goes to the end.
    fn quote_if_needed(&self, start: usize, out: &mut Vec<u8>) {
        if self.needs_quotes(&out[start..])
            && let Ok(field) = String::from_utf8(out.split_off(start))
        {
            self.text(&field, out);
        }
    }

    fn missing(&self, column: &ColumnSchema) -> Vec<u8> {
        let token = &column.missing_token;
        let mut out = Vec::new();
        // What stands for nothing stands there bare, unless it could not be read so.
        let bare = Style {
            quoting: if self.quoting == Quoting::Always && !token.is_empty() {
                Quoting::Always
            } else {
                Quoting::Minimal
            },
            ..self.clone()
        };
        bare.text(token, &mut out);
        out
    }

    /// True unless no value of the column can ever need quotes.
    fn needs_check(&self, column: &ColumnSchema) -> bool {
        let special = |text: &str| text.bytes().any(|byte| self.is_special(byte) || byte == b' ');
        let by_format = match &column.kind {
            Kind::Numerical(format) => {
                let signs: String = format.group_sign.into_iter().chain([format.decimal_sign]).collect();
                special(&signs)
                    || special(&format.prefix)
                    || special(&format.suffix)
                    || self.delimiter.is_ascii_digit()
                    || b"+-eE".contains(&self.delimiter)
            }
            Kind::Datetime(format) => special(&format.pattern) || self.delimiter.is_ascii_alphanumeric(),
            _ => true,
        };
        by_format || self.quoting != Quoting::Minimal
    }
}

fn is_plain_number(text: &[u8]) -> bool {
    text.iter().any(u8::is_ascii_digit)
        && text.iter().all(|byte| byte.is_ascii_digit() || b"+-.,eE".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::Column;
    use crate::schema::{ColumnSchema, NumberFormat};

    fn written(dialect: &Dialect, columns: Vec<(ColumnSchema, Column)>) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.csv");
        let (schema, columns): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
        let schema = Arc::new(Schema { dialect: Some(dialect.clone()), ..Schema::new(schema) });
        let table = Table::new(schema.clone(), columns).unwrap();
        let mut writer = DelimitedWriter::create(&path, &schema, dialect).unwrap();
        writer.write(&table).unwrap();
        writer.finish().unwrap();
        std::fs::read(&path).unwrap()
    }

    fn text(name: &str, cells: &[Option<&str>]) -> (ColumnSchema, Column) {
        (ColumnSchema::new(name, Kind::Text), Column::from_texts(cells.iter().copied()))
    }

    fn whole(name: &str, values: Vec<i64>) -> (ColumnSchema, Column) {
        (ColumnSchema::new(name, Kind::Numerical(NumberFormat::whole())), Column::from_integers(values, None))
    }

    #[test]
    fn fields_are_quoted_when_they_must_be() {
        let columns = || {
            vec![
                text("a,b", &[Some("x\ny"), Some("say \"hi\""), None, Some("=1+1"), Some(" lead")]),
                whole("n", vec![1, -2, 3, 4, 5]),
            ]
        };
        let plain = written(&Dialect::default(), columns());
        assert_eq!(
            String::from_utf8(plain).unwrap(),
            "\"a,b\",n\n\"x\ny\",1\n\"say \"\"hi\"\"\",-2\n,3\n=1+1,4\n lead,5\n"
        );
        let always = Dialect { quoting: Quoting::Always, crlf: true, delimiter: b';', ..Dialect::default() };
        assert!(
            String::from_utf8(written(&always, columns()))
                .unwrap()
                .starts_with("\"a,b\";\"n\"\r\n\"x\ny\";\"1\"\r\n")
        );
        let escaped = Dialect { backslash_escapes: true, ..Dialect::default() };
        let quoted = vec![
            text("a", &[Some("say \"hi\""), Some("C:\\, D:\\"), Some("C:\\")]),
            whole("n", vec![1, 2, 3]),
        ];
        assert_eq!(
            String::from_utf8(written(&escaped, quoted)).unwrap(),
            "a,n\n\"say \\\"hi\\\"\",1\n\"C:\\\\, D:\\\\\",2\nC:\\,3\n"
        );
        let spaced = Dialect { space_after_delimiter: true, header: false, ..Dialect::default() };
        let spaced = String::from_utf8(written(&spaced, columns())).unwrap();
        assert!(spaced.starts_with("\"x\ny\", 1\n") && spaced.ends_with("\" lead\", 5\n"), "{spaced}");
        let non_numeric = Dialect { quoting: Quoting::NonNumeric, ..Dialect::default() };
        assert!(String::from_utf8(written(&non_numeric, columns())).unwrap().contains("\n,3\n\"=1+1\",4\n"));
    }

    #[test]
    fn an_only_column_has_no_blank_lines() {
        let bytes = written(&Dialect::default(), vec![text("a", &[Some("x"), None, Some("y")])]);
        assert_eq!(bytes, b"a\nx\n\"\"\ny\n");
    }

    #[test]
    fn encodings_and_marks_are_kept() {
        let columns = || vec![text("é", &[Some("ü")]), text("b", &[Some("c")])];
        let latin = Dialect { encoding: "windows-1252".into(), ..Dialect::default() };
        assert_eq!(written(&latin, columns()), b"\xe9,b\n\xfc,c\n");
        let wide = Dialect { encoding: "UTF-16LE".into(), bom: true, ..Dialect::default() };
        let units: Vec<u8> = "\u{feff}é,b\nü,c\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(written(&wide, columns()), units);
    }
}
