//! JSON lines, and arrays of objects.
//!
//! A record's keys are columns in the order in which they are first seen; a key that a record lacks is missing there.
//! Numbers keep their spelling, so that 1.50 stays 1.50; arrays and objects within a record are kept as their text.

use std::borrow::Cow;
use std::fmt;
use std::path::Path;

use arrow_array::StringArray;
use arrow_array::builder::BooleanBufferBuilder;
use arrow_buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use hashbrown::HashMap;
use lookalike_core::{Phase, Progress, Topic, Warning};
use rayon::prelude::*;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::decode::Decoder;
use super::table::RawTable;
use super::window::{Sizes, Windows};
use crate::error::{Error, Result};
use crate::raw::RawColumn;
use crate::schema::{Dialect, Storage};

/// A table has fewer columns than this.
const MAX_KEYS: usize = 1 << 16;

const NOT_COMPLETE: &str =
    "does not hold a whole JSON object; write one object on each line, or one array of objects";
const NOT_JSON: &str = "is not valid JSON";
const NOT_AN_OBJECT: &str = "holds JSON that is not an object; each record must be an object";
const REPEATED_KEY: &str = "holds an object with a repeated key";
const UNPAIRED: &str = "holds a text with an unpaired surrogate";

/// Reads JSON lines, or an array of objects.
pub(super) fn read(decoder: Decoder, sizes: Sizes, progress: &dyn Progress) -> Result<RawTable> {
    let phase = Phase::begin(progress, "reading", decoder.size());
    let mut windows = Windows::new(decoder, sizes, phase)?;
    let path = windows.decoder().path().to_owned();
    let is_array = windows.text().trim_ascii_start().first() == Some(&b'[');
    let mut table = Merged { path: path.clone(), ..Merged::default() };
    let mut line = 1;
    windows.for_each(|text, last| {
        if is_array {
            // An array is one value: it is read when all of it is there.
            if !last {
                return Ok(0);
            }
            let text = as_text(text, &path, line)?;
            table.add(read_array(text, &path)?)?;
            return Ok(text.len());
        }
        let (records, used) = read_lines(text, last, sizes.block, progress);
        for part in records {
            let part = part.ok_or(lookalike_core::Cancelled)?;
            if let Some((offset, problem)) = part.problem {
                return Err(match problem {
                    Problem::NotUtf8 => undecodable(&path, line + offset),
                    Problem::Json(problem) => {
                        Error::Json { path: path.clone(), line: line + offset, problem }
                    }
                });
            }
            line += part.n_lines;
            table.add(part)?;
        }
        Ok(used)
    })?;
    let decoder = windows.decoder();
    let dialect =
        Dialect { bom: decoder.has_bom(), encoding: decoder.encoding().to_owned(), ..Dialect::default() };
    let mut raw = table.finish()?;
    // Other than UTF-8, an encoding is worth remembering.
    raw.dialect = (dialect != Dialect::default()).then_some(dialect);
    Ok(raw)
}

fn undecodable(path: &Path, line: u64) -> Error {
    Error::Undecodable { path: path.to_owned(), line, encoding: "UTF-8".into() }
}

fn as_text<'a>(text: &'a [u8], path: &Path, line: u64) -> Result<&'a str> {
    std::str::from_utf8(text)
        .map_err(|error| undecodable(path, line + count_lines(&text[..error.valid_up_to()])))
}

fn count_lines(text: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', text).count() as u64
}

/// Reads the whole lines of a window in parallel; `None` for parts that were not read because of a stop.
fn read_lines(
    text: &[u8],
    last: bool,
    block: usize,
    progress: &dyn Progress,
) -> (Vec<Option<Records>>, usize) {
    let used = if last { text.len() } else { memchr::memrchr(b'\n', text).map_or(0, |end| end + 1) };
    let mut ends: Vec<usize> = (block..used.max(block))
        .step_by(block)
        .map(|nominal| memchr::memchr(b'\n', &text[nominal - 1..used]).map_or(used, |end| nominal + end))
        .collect();
    ends.push(used);
    ends.dedup();
    let parts: Vec<(usize, usize)> = ends
        .iter()
        .enumerate()
        .map(|(index, end)| (if index == 0 { 0 } else { ends[index - 1] }, *end))
        .collect();
    let records = parts
        .into_par_iter()
        .map(|(from, to)| (!progress.cancelled()).then(|| Records::of_lines(&text[from..to])))
        .collect();
    (records, used)
}

fn read_array(text: &str, path: &Path) -> Result<Records> {
    let mut records = Records::default();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let outcome = deserializer.deserialize_seq(&mut records).and_then(|()| deserializer.end());
    match outcome {
        Ok(()) => Ok(records),
        Err(error) => Err(Error::Json {
            path: path.to_owned(),
            line: error.line() as u64,
            problem: records.flaw.unwrap_or(match error.classify() {
                Category::Eof => "is the last, but the array of records goes on: the file is cut off",
                Category::Data => NOT_AN_OBJECT,
                Category::Syntax | Category::Io => NOT_JSON,
            }),
        }),
    }
}

/// Records of a stretch of text.
#[derive(Debug, Default)]
struct Records {
    columns: Vec<Cells>,
    index: HashMap<String, usize>,
    n_rows: usize,
    n_lines: u64,
    /// Where reading stopped, as a line counted from 0, and why.
    problem: Option<(u64, Problem)>,
    /// What is wrong with the record being read.
    flaw: Option<&'static str>,
}

#[derive(Debug, Clone, Copy)]
enum Problem {
    NotUtf8,
    Json(&'static str),
}

/// One column of such records.
#[derive(Debug)]
struct Cells {
    key: String,
    bytes: Vec<u8>,
    ends: Vec<i32>,
    valid: BooleanBufferBuilder,
    types: Types,
}

/// How many values of each JSON type there are.
#[derive(Debug, Default, Clone, Copy)]
struct Types {
    whole: u64,
    fractional: u64,
    truth: u64,
    text: u64,
    nested: u64,
}

impl Records {
    fn of_lines(text: &[u8]) -> Self {
        let mut records = Records { n_lines: count_lines(text), ..Records::default() };
        let text = match std::str::from_utf8(text) {
            Ok(text) => text,
            Err(error) => {
                let line = count_lines(&text[..error.valid_up_to()]);
                records.problem = Some((line, Problem::NotUtf8));
                return records;
            }
        };
        let mut start = 0;
        let mut number = 0;
        while start < text.len() {
            let end = memchr::memchr(b'\n', &text.as_bytes()[start..]).map_or(text.len(), |end| start + end);
            let line = text[start..end].trim_ascii();
            if !line.is_empty()
                && let Err(problem) = records.read_line(line)
            {
                records.problem = Some((number, Problem::Json(problem)));
                return records;
            }
            start = end + 1;
            number += 1;
        }
        records
    }

    fn read_line(&mut self, line: &str) -> Result<(), &'static str> {
        let mut deserializer = serde_json::Deserializer::from_str(line);
        let outcome = Record(self).deserialize(&mut deserializer).and_then(|()| deserializer.end());
        outcome.map_err(|error| {
            self.flaw.unwrap_or(match error.classify() {
                Category::Eof => NOT_COMPLETE,
                Category::Data => NOT_AN_OBJECT,
                Category::Syntax | Category::Io => NOT_JSON,
            })
        })
    }

    /// The number of the column for `key`, which most often is the one after the last.
    fn column(&mut self, key: &str, expected: usize) -> usize {
        if self.columns.get(expected).is_some_and(|column| column.key == key) {
            return expected;
        }
        if let Some(index) = self.index.get(key) {
            return *index;
        }
        let index = self.columns.len();
        self.index.insert(key.to_owned(), index);
        self.columns.push(Cells::new(key));
        index
    }

    fn end_record(&mut self) {
        self.n_rows += 1;
        for column in &mut self.columns {
            column.pad(self.n_rows);
        }
    }
}

impl Cells {
    fn new(key: &str) -> Self {
        Cells {
            key: key.to_owned(),
            bytes: Vec::new(),
            ends: vec![0],
            valid: BooleanBufferBuilder::new(0),
            types: Types::default(),
        }
    }

    fn len(&self) -> usize {
        self.valid.len()
    }

    fn push_missing(&mut self) {
        self.ends.push(self.bytes.len() as i32);
        self.valid.append(false);
    }

    /// Lets values be missing until there are `n_rows`.
    fn pad(&mut self, n_rows: usize) {
        while self.len() < n_rows {
            self.push_missing();
        }
    }

    fn push(&mut self, value: &str) -> Result<(), &'static str> {
        match value.as_bytes() {
            [b'n', ..] => {
                self.push_missing();
                return Ok(());
            }
            [b'"', within @ .., b'"'] if !within.contains(&b'\\') => {
                self.types.text += 1;
                self.bytes.extend_from_slice(within);
            }
            [b'"', ..] => {
                self.types.text += 1;
                let text: String = serde_json::from_str(value).map_err(|_| UNPAIRED)?;
                self.bytes.extend_from_slice(text.as_bytes());
            }
            bytes => {
                match bytes.first() {
                    Some(b't' | b'f') => self.types.truth += 1,
                    Some(b'{' | b'[') => self.types.nested += 1,
                    _ if bytes.iter().any(|byte| b".eE".contains(byte)) => self.types.fractional += 1,
                    _ => self.types.whole += 1,
                }
                self.bytes.extend_from_slice(bytes);
            }
        }
        self.ends.push(self.bytes.len() as i32);
        self.valid.append(true);
        Ok(())
    }

    /// The cells as an array; `None` when they are larger than an array can be.
    fn finish(mut self) -> Option<(String, StringArray, Types)> {
        i32::try_from(self.bytes.len()).ok()?;
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
        let nulls = NullBuffer::new(self.valid.finish());
        let nulls = (nulls.null_count() > 0).then_some(nulls);
        let offsets = OffsetBuffer::new(ScalarBuffer::from(self.ends));
        let array = StringArray::try_new(offsets, Buffer::from_vec(self.bytes), nulls);
        Some((self.key, array.expect("cells are parts of a text"), self.types))
    }
}

/// Reads one object into records.
struct Record<'a>(&'a mut Records);

impl<'de> DeserializeSeed<'de> for Record<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Record<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let records = self.0;
        let mut expected = 0;
        while let Some(key) = map.next_key_seed(Key)? {
            let value: &RawValue = map.next_value()?;
            let index = records.column(&key, expected);
            expected = index + 1;
            let n_rows = records.n_rows;
            let column = &mut records.columns[index];
            column.pad(n_rows);
            let outcome = if column.len() > n_rows { Err(REPEATED_KEY) } else { column.push(value.get()) };
            if let Err(flaw) = outcome {
                records.flaw = Some(flaw);
                return Err(serde::de::Error::custom(flaw));
            }
        }
        records.end_record();
        Ok(())
    }
}

impl<'de> Visitor<'de> for &mut Records {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<(), A::Error> {
        while sequence.next_element_seed(Record(&mut *self))?.is_some() {}
        Ok(())
    }
}

/// A key, borrowed from the text where it has no escapes.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}

/// Records of all stretches.
#[derive(Debug, Default)]
struct Merged {
    path: std::path::PathBuf,
    names: Vec<String>,
    index: HashMap<String, usize>,
    columns: Vec<RawColumn>,
    types: Vec<Types>,
    lengths: Vec<usize>,
    n_rows: usize,
}

impl Merged {
    fn add(&mut self, records: Records) -> Result<()> {
        let n_rows = records.n_rows;
        for cells in records.columns {
            let (key, array, types) = cells.finish().ok_or_else(|| Error::CellTooLarge {
                path: self.path.clone(),
                line: self.n_rows as u64 + 1,
            })?;
            let index = match self.index.get(&key) {
                Some(index) => *index,
                None => self.add_column(key)?,
            };
            self.pad(index);
            self.columns[index].chunks.push(array);
            self.lengths[index] = self.n_rows + n_rows;
            let all = &mut self.types[index];
            all.whole += types.whole;
            all.fractional += types.fractional;
            all.truth += types.truth;
            all.text += types.text;
            all.nested += types.nested;
        }
        self.n_rows += n_rows;
        Ok(())
    }

    fn add_column(&mut self, key: String) -> Result<usize> {
        let index = self.names.len();
        if index == MAX_KEYS {
            return Err(Error::TooManyKeys { path: self.path.clone(), limit: MAX_KEYS });
        }
        self.names.push(key.clone());
        self.index.insert(key, index);
        self.columns.push(RawColumn::default());
        self.types.push(Types::default());
        self.lengths.push(0);
        Ok(index)
    }

    /// Lets a column's values be missing up to the present row.
    fn pad(&mut self, index: usize) {
        let missing = self.n_rows - self.lengths[index];
        if missing > 0 {
            self.columns[index].chunks.push(StringArray::new_null(missing));
            self.lengths[index] = self.n_rows;
        }
    }

    fn finish(mut self) -> Result<RawTable> {
        if self.names.is_empty() {
            return Err(Error::EmptyFile { path: self.path });
        }
        for index in 0..self.names.len() {
            self.pad(index);
        }
        let mut warnings = Vec::new();
        let mut storages = Vec::new();
        for (name, types) in self.names.iter().zip(&self.types) {
            storages.push(types.storage());
            if types.nested > 0 {
                warnings.push(Warning::of_column(
                    Topic::Reading,
                    name,
                    format!("{} arrays or objects are kept as JSON text", types.nested),
                ));
            } else if types.is_mixed() {
                warnings.push(Warning::of_column(
                    Topic::Reading,
                    name,
                    "values of several JSON types are kept as text",
                ));
            }
        }
        Ok(RawTable {
            names: self.names,
            columns: self.columns,
            dialect: None,
            storages: Some(storages),
            warnings,
        })
    }
}

impl Types {
    fn is_mixed(self) -> bool {
        let number = self.whole + self.fractional;
        [number, self.truth, self.text, self.nested].into_iter().filter(|count| *count > 0).count() > 1
    }

    fn storage(self) -> Storage {
        if self.is_mixed() {
            Storage::Text
        } else if self.text > 0 {
            Storage::Utf8
        } else if self.truth > 0 {
            Storage::Bool
        } else if self.fractional > 0 {
            Storage::Float(64)
        } else if self.whole > 0 {
            Storage::Int(64)
        } else {
            Storage::Text
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::source::Source;
    use super::*;

    fn raw(text: &str, sizes: Sizes) -> Result<RawTable> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("records.jsonl");
        std::fs::write(&path, text).unwrap();
        let decoder = Decoder::new(Source::open(&path, None)?, None)?;
        read(decoder, sizes, &lookalike_core::Silent)
    }

    fn cells(table: &RawTable) -> Vec<(String, Vec<Option<String>>)> {
        let texts = |column: &RawColumn| {
            column.chunks.iter().flat_map(|chunk| chunk.iter().map(|cell| cell.map(str::to_owned))).collect()
        };
        table.names.iter().cloned().zip(table.columns.iter().map(texts)).collect()
    }

    fn some(texts: &[&str]) -> Vec<Option<String>> {
        texts.iter().map(|text| (*text != "-").then(|| (*text).to_owned())).collect()
    }

    #[test]
    fn records_become_columns() {
        let text = "{\"a\": 1.50, \"b\": \"x\\n\\\"y\\\"\"}\n\n{\"c\": true, \"a\": -2e3}\r\n{\"b\": null, \"d\": [1, {\"e\": 2}]}";
        let table = raw(text, Sizes::default()).unwrap();
        assert_eq!(
            cells(&table),
            [
                ("a".into(), some(&["1.50", "-2e3", "-"])),
                ("b".into(), some(&["x\n\"y\"", "-", "-"])),
                ("c".into(), some(&["-", "true", "-"])),
                ("d".into(), some(&["-", "-", "[1, {\"e\": 2}]"])),
            ]
        );
        assert_eq!(
            table.storages.unwrap(),
            [Storage::Float(64), Storage::Utf8, Storage::Bool, Storage::Text]
        );
        assert_eq!(table.warnings.len(), 1);
    }

    #[test]
    fn arrays_of_objects_are_records() {
        let table = raw("\n[ {\"a\": 1},\n {\"a\": 2, \"b\": \"\\u00e9\"} ]\n", Sizes::default()).unwrap();
        assert_eq!(cells(&table), [("a".into(), some(&["1", "2"])), ("b".into(), some(&["-", "é"]))]);
    }

    #[test]
    fn pieces_do_not_matter() {
        let text: String = (0..500)
            .map(|row| match row % 5 {
                0 => format!("{{\"k{}\":{row}}}\n", row / 100),
                _ => format!("{{\"a\":{row},\"b\":\"é{row}\"}}\n"),
            })
            .collect();
        let whole = cells(&raw(&text, Sizes::default()).unwrap());
        for sizes in [Sizes { window: 64, block: 16 }, Sizes { window: 1000, block: 7 }] {
            assert_eq!(cells(&raw(&text, sizes).unwrap()), whole);
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let of = |text: &str| match raw(text, Sizes { window: 8, block: 4 }) {
            Err(Error::Json { line, problem, .. }) => (line, problem),
            other => panic!("{other:?}"),
        };
        assert_eq!(of("{\"a\":1}\n{\"a\":\n"), (2, NOT_COMPLETE));
        assert_eq!(of("{\"a\":1}\n\n{\"a\" 1}\n"), (3, NOT_JSON));
        assert_eq!(of("{\"a\":1}\n7\n"), (2, NOT_AN_OBJECT));
        assert_eq!(of("{\"a\":1,\"a\":2}\n"), (1, REPEATED_KEY));
        assert_eq!(of("{\"a\":\"\\ud800\"}\n"), (1, UNPAIRED));
        assert!(matches!(raw("", Sizes::default()), Err(Error::EmptyFile { .. })));
        assert!(matches!(raw("[]", Sizes::default()), Err(Error::EmptyFile { .. })));
        assert_eq!(
            of("[{\"a\":1},\n{\"a\":1}"),
            (2, "is the last, but the array of records goes on: the file is cut off")
        );
    }
}
