//! Text with a delimiter between fields.
//!
//! The beginning shows how the text is laid out ([`dialect`]). Then it is cut into blocks at places where a row seems
//! to begin, by counting quotes; the blocks are read in parallel ([`block`]), and where one did not end at the
//! beginning of the next, the next is read again from the right place. So the result is that of reading from front to
//! back, whatever the quotes.

mod block;
mod dialect;
mod preamble;
mod record;
mod scan;

pub(super) use self::dialect::is_header;
pub(super) use self::record::Field;

use std::path::{Path, PathBuf};

use arrow_array::{Array, StringArray};
use lookalike_core::{Phase, Progress, Topic, Warning};
use rayon::prelude::*;

use self::block::{Block, Builder, Layout, Unusable, count_lines};
use self::dialect::{Detected, Given, detect};
use self::preamble::preamble;
use self::record::{End, Marks, split_record};
use super::decode::Decoder;
use super::options::ReadOptions;
use super::table::RawTable;
use super::window::{Sizes, Windows};
use crate::error::{Error, Result};
use crate::raw::RawColumn;
use crate::schema::Dialect;

/// How much of the beginning the layout is read from.
const SAMPLE: usize = 1 << 20;
/// How many lines with a wrong number of fields an error names.
const NAMED_LINES: usize = 5;

/// Reads delimited text. `delimiter` overrules detection.
pub(super) fn read(
    decoder: Decoder,
    delimiter: Option<u8>,
    options: &ReadOptions,
    sizes: Sizes,
    progress: &dyn Progress,
) -> Result<RawTable> {
    let phase = Phase::begin(progress, "reading", decoder.size());
    let mut windows = Windows::new(decoder, sizes, phase)?;
    let path = windows.decoder().path().to_owned();
    let mut lines = 1;
    let mut delimiter = options.delimiter.or(delimiter);
    if let Some((own, length)) = delimiter_line(windows.text()) {
        delimiter = delimiter.or(Some(own));
        windows.skip(length);
        lines += 1;
    }
    let mut warnings = Vec::new();
    while windows.text().len() < SAMPLE && !windows.is_last() {
        windows.grow()?;
    }
    let blank = leading_blank(windows.text());
    lines += count_lines(&windows.text()[..blank]);
    windows.skip(blank);
    if windows.text().is_empty() {
        return Err(Error::EmptyFile { path });
    }
    let given = Given {
        delimiter,
        header: options.header,
        names: options
            .schema
            .as_ref()
            .map(|schema| schema.columns.iter().map(|column| column.name.as_str()).collect()),
    };
    let (text, complete) = sample(&windows);
    let mut detected = detect(text, complete, &given);
    if !detected.unanimous
        && let Some(above) = preamble(text, complete, &given)
    {
        lines += count_lines(&text[..above.bytes]);
        windows.skip(above.bytes);
        let message = match above.lines {
            1 => "1 line above the header was passed over".to_owned(),
            count => format!("{count} lines above the header were passed over"),
        };
        warnings.push(Warning::new(Topic::Reading, message));
        let (text, complete) = sample(&windows);
        detected = detect(text, complete, &given);
    }
    let names = header(&mut windows, &detected, &path, &mut lines)?;
    let layout = Layout {
        marks: detected.marks,
        n_columns: names.len(),
        trailing_delimiter: detected.trailing_delimiter,
    };
    let mut reading = Rows::new(path.clone(), layout, lines);
    // A block should hold some rows even when there are thousands of columns.
    let block = sizes.block.max(names.len() << 12);
    windows.for_each(|text, last| {
        let (blocks, used) = parse_window(text, last, block, layout, progress)?;
        reading.add(text, blocks)?;
        Ok(used)
    })?;
    let columns = reading.finish(&mut warnings)?;
    let (names, columns) = drop_unnamed_end(names, columns, detected.header);
    let decoder = windows.decoder();
    let dialect = Dialect {
        delimiter: detected.marks.delimiter,
        quote: detected.marks.quote,
        backslash_escapes: detected.marks.backslash,
        quoting: detected.quoting,
        header: detected.header,
        crlf: detected.crlf,
        space_after_delimiter: detected.marks.skip_space,
        bom: decoder.has_bom(),
        encoding: decoder.encoding().to_owned(),
    };
    Ok(RawTable { names, columns, dialect: Some(dialect), storages: None, warnings })
}

/// The line `sep=;` by which Excel is told the delimiter.
fn delimiter_line(text: &[u8]) -> Option<(u8, usize)> {
    match text.strip_prefix(b"sep=")? {
        [delimiter, b'\n', ..] => Some((*delimiter, 6)),
        [delimiter, b'\r', b'\n', ..] => Some((*delimiter, 7)),
        _ => None,
    }
}

fn leading_blank(text: &[u8]) -> usize {
    let mut rest = text;
    while let Some(after) = rest.strip_prefix(b"\n").or_else(|| rest.strip_prefix(b"\r\n")) {
        rest = after;
    }
    text.len() - rest.len()
}

/// The beginning of the text, with one whole record in it if that is possible, and whether nothing follows it.
fn sample<'a>(windows: &'a Windows<'_>) -> (&'a [u8], bool) {
    let text = windows.text();
    let beginning = &text[..text.len().min(SAMPLE)];
    let marks = Marks { skip_space: true, ..Marks::new(b',', b'"') };
    let sample = match split_record(beginning, 0, marks) {
        (_, _, End::Line) => beginning,
        _ => text,
    };
    (sample, windows.is_last() && sample.len() == text.len())
}

/// The columns' names; the header is passed over.
fn header(
    windows: &mut Windows<'_>,
    detected: &Detected,
    path: &Path,
    lines: &mut u64,
) -> Result<Vec<String>> {
    if !detected.header {
        return Ok((1..=detected.n_fields).map(|number| format!("column_{number}")).collect());
    }
    let (fields, end) = loop {
        let text = windows.text();
        let (fields, end, ended_by) = split_record(text, 0, detected.marks);
        match ended_by {
            End::Line => break (fields, end),
            End::Text if windows.is_last() => break (fields, end),
            End::OpenQuote if windows.is_last() => {
                return Err(Error::OpenQuote { path: path.to_owned(), line: *lines });
            }
            End::Text | End::OpenQuote => windows.grow()?,
        }
    };
    let names = fields
        .into_iter()
        .map(|field| {
            String::from_utf8(field.text).map_err(|_| Error::Undecodable {
                path: path.to_owned(),
                line: *lines,
                encoding: "UTF-8".into(),
            })
        })
        .collect::<Result<_>>()?;
    *lines += count_lines(&windows.text()[..end]);
    windows.skip(end);
    Ok(names)
}

/// Reads a window's rows in parallel, and says how much of the window they are.
fn parse_window(
    text: &[u8],
    last: bool,
    block_size: usize,
    layout: Layout,
    progress: &dyn Progress,
) -> Result<(Vec<Block>, usize)> {
    let starts = guessed_starts(text, block_size, layout.marks.quote);
    let limit = |index: usize| starts.get(index + 1).copied().unwrap_or(text.len());
    let builders = || (0..layout.n_columns).map(|_| Builder::new()).collect::<Vec<_>>();
    let mut blocks: Vec<Option<Block>> = (0..starts.len())
        .into_par_iter()
        .map_init(builders, |builders, index| {
            // Blocks after a stop are empty; the error below drops them all.
            (!progress.cancelled())
                .then(|| Block::parse(text, starts[index], limit(index), last, layout, builders))
        })
        .collect();
    let mut checked = Vec::with_capacity(blocks.len());
    let mut start = 0;
    for (index, block) in blocks.iter_mut().enumerate() {
        let block = block.take().ok_or(lookalike_core::Cancelled)?;
        let block = if starts[index] == start {
            block
        } else {
            Block::parse(text, start, limit(index), last, layout, &mut builders())
        };
        start = block.end;
        let stopped = block.open_quote.is_some();
        checked.push(block);
        if stopped {
            break;
        }
    }
    Ok((checked, start))
}

/// Where rows seem to begin, about `block_size` bytes apart: after the first line end from there on that is not
/// within quotes, taking every quote for the beginning or the end of a quoted field.
fn guessed_starts(text: &[u8], block_size: usize, quote: u8) -> Vec<usize> {
    let odd: Vec<bool> =
        text.par_chunks(block_size).map(|chunk| memchr::memchr_iter(quote, chunk).count() % 2 == 1).collect();
    let mut starts = vec![0];
    let mut quoted = false;
    for index in 1..odd.len() {
        quoted ^= odd[index - 1];
        let from = index * block_size;
        let start =
            if !quoted && text[from - 1] == b'\n' { from } else { next_start(text, from, quoted, quote) };
        if start < text.len() && starts.last().is_some_and(|last| *last < start) {
            starts.push(start);
        }
    }
    starts
}

/// The place after the first line end outside of quotes from `from` on.
fn next_start(text: &[u8], from: usize, mut quoted: bool, quote: u8) -> usize {
    for offset in memchr::memchr2_iter(quote, b'\n', &text[from..]) {
        if text[from + offset] == quote {
            quoted = !quoted;
        } else if !quoted {
            return from + offset + 1;
        }
    }
    text.len()
}

/// What was read so far.
struct Rows {
    path: PathBuf,
    layout: Layout,
    /// The line in which the next row begins, from 1.
    line: u64,
    chunks: Vec<Vec<StringArray>>,
    ragged: u64,
    ragged_lines: Vec<u64>,
    blank: u64,
    blank_at_end: u64,
}

impl Rows {
    fn new(path: PathBuf, layout: Layout, line: u64) -> Self {
        let chunks = vec![Vec::new(); layout.n_columns];
        Rows { path, layout, line, chunks, ragged: 0, ragged_lines: Vec::new(), blank: 0, blank_at_end: 0 }
    }

    fn add(&mut self, text: &[u8], blocks: Vec<Block>) -> Result<()> {
        let mut start = 0;
        for block in blocks {
            if let Some(line) = block.open_quote {
                return Err(Error::OpenQuote { path: self.path.clone(), line: self.line + line });
            }
            let room = NAMED_LINES - self.ragged_lines.len();
            self.ragged_lines.extend(block.ragged_lines.iter().take(room).map(|line| self.line + line));
            self.ragged += block.ragged;
            self.blank += block.blank;
            self.blank_at_end = if block.has_content { 0 } else { self.blank_at_end } + block.blank_at_end;
            let columns = block.columns.map_err(|problem| self.unusable(problem, &text[start..block.end]))?;
            if self.ragged > 0 {
                // There will be an error: only the number of wrong rows is still wanted.
                self.chunks.iter_mut().for_each(Vec::clear);
            } else {
                for (chunks, column) in self.chunks.iter_mut().zip(columns) {
                    chunks.push(column);
                }
            }
            self.line += block.n_lines;
            start = block.end;
        }
        Ok(())
    }

    fn unusable(&self, problem: Unusable, text: &[u8]) -> Error {
        let path = self.path.clone();
        match problem {
            Unusable::TooLarge => Error::CellTooLarge { path, line: self.line },
            Unusable::NotUtf8 => {
                let valid = std::str::from_utf8(text).map_or_else(|error| error.valid_up_to(), str::len);
                let line = self.line + count_lines(&text[..valid]);
                Error::Undecodable { path, line, encoding: "UTF-8".into() }
            }
        }
    }

    fn finish(mut self, warnings: &mut Vec<Warning>) -> Result<Vec<RawColumn>> {
        if self.ragged > 0 {
            return Err(Error::Ragged {
                path: self.path,
                expected: self.layout.n_columns,
                count: self.ragged,
                lines: self.ragged_lines,
            });
        }
        let mut blank = self.blank - self.blank_at_end;
        if let [only] = self.chunks.as_mut_slice() {
            // A blank line is a row without a value here, except at the end of the file.
            drop_last_rows(only, self.blank_at_end as usize);
            blank = 0;
        }
        if blank > 0 {
            let noun = if blank == 1 { "line was" } else { "lines were" };
            warnings
                .push(Warning::new(Topic::Reading, format!("{blank} blank {noun} passed over between rows")));
        }
        Ok(self.chunks.into_iter().map(|chunks| RawColumn { chunks }).collect())
    }
}

fn drop_last_rows(chunks: &mut Vec<StringArray>, mut count: usize) {
    while count > 0 {
        let Some(last) = chunks.pop() else { return };
        if last.len() > count {
            chunks.push(last.slice(0, last.len() - count));
            return;
        }
        count -= last.len();
    }
}

/// A delimiter at the end of every line, header included, makes no column.
fn drop_unnamed_end(
    mut names: Vec<String>,
    mut columns: Vec<RawColumn>,
    header: bool,
) -> (Vec<String>, Vec<RawColumn>) {
    let unnamed = header && names.len() > 1 && names.last().is_some_and(String::is_empty);
    if unnamed && columns.last().is_some_and(|column| column.chunks.iter().all(|c| c.value_data().is_empty()))
    {
        names.pop();
        columns.pop();
    }
    (names, columns)
}

#[cfg(test)]
mod tests;
