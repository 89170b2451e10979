//! Spreadsheets: the cells of one sheet as text.
//!
//! A spreadsheet's numbers have no spelling of their own, so they get the shortest one; dates become ISO dates. Rows
//! and columns without a single cell are passed over, so that two far corners do not make a sheet of billions.

use std::fmt::Write;
use std::io::{Cursor, Read};
use std::path::Path;

use arrow_array::StringArray;
use arrow_array::builder::{ArrayBuilder, StringBuilder};
use calamine::{Data, DataRef, ExcelDateTime, Ods, Reader, Sheets, Xls, Xlsb, Xlsx};
use lookalike_core::{Phase, Progress, Topic, Warning};

use super::delimited::{Field, is_header};
use super::guard::guarded;
use super::options::ReadOptions;
use super::source::Source;
use super::table::RawTable;
use crate::error::{Error, Result};
use crate::raw::RawColumn;

/// A sheet of more cells than this, empty ones among them, is refused.
const MAX_CELLS: usize = 1 << 30;
/// How many cells pass between two looks at whether to stop.
const STRIDE: usize = 1 << 14;

/// Reads a sheet.
pub(super) fn read(mut source: Source, options: &ReadOptions, progress: &dyn Progress) -> Result<RawTable> {
    let path = source.path.clone();
    let phase = Phase::begin(progress, "reading", None);
    let mut bytes = Vec::new();
    source.reader.read_to_end(&mut bytes).map_err(|error| source.error(error))?;
    if bytes.is_empty() {
        return Err(Error::EmptyFile { path });
    }
    if bytes.starts_with(b"PK") {
        check_size(&bytes, options, &path)?;
    }
    let mut workbook = guarded(|| open(bytes)).flatten().ok_or_else(|| damaged(&path))?;
    let sheet = choose_sheet(&workbook.sheet_names(), options.sheet.as_deref(), &path)?;
    let cells = guarded(|| cells_of(&mut workbook, &sheet, &phase)).unwrap_or(Err(Problem::Damaged));
    let (cells, n_errors) = cells.map_err(|problem| match problem {
        Problem::Damaged => damaged(&path),
        Problem::Cancelled(cancelled) => cancelled.into(),
    })?;
    let grid = Grid::new(cells);
    if grid.rows.is_empty() {
        return Err(Error::EmptyFile { path });
    }
    if grid.rows.len().saturating_mul(grid.columns.len()) > MAX_CELLS {
        return Err(Error::Damaged {
            path,
            format: "spreadsheet",
            problem: "it has more than a billion cells, nearly all of them empty".into(),
        });
    }
    let mut warnings = Vec::new();
    let skipped = grid.skipped_rows();
    if skipped > 0 {
        warnings.push(Warning::new(
            Topic::Reading,
            format!("empty rows of the sheet between others were passed over ({skipped})"),
        ));
    }
    if n_errors > 0 {
        warnings.push(Warning::new(
            Topic::Reading,
            format!("cells that hold a spreadsheet's error are missing values ({n_errors})"),
        ));
    }
    let (names, columns) = grid.into_columns(options, &phase)?;
    Ok(RawTable { names, columns, dialect: None, storages: None, warnings })
}

fn damaged(path: &Path) -> Error {
    Error::Damaged {
        path: path.to_owned(),
        format: "spreadsheet",
        problem: "its content cannot be understood, or it is protected by a password".into(),
    }
}

/// Refuses a packed workbook that unpacks to far more than its size suggests. What the packed files say of their size
/// may be a lie, so each is unpacked, to nowhere.
fn check_size(bytes: &[u8], options: &ReadOptions, path: &Path) -> Result<()> {
    const LOCAL_HEADER: &[u8] = b"PK\x03\x04";
    const DEFLATE: usize = 8;
    let limit = options.decompressed_limit.unwrap_or((1u64 << 30).max(bytes.len() as u64 * 100));
    let mut total = 0u64;
    for at in memchr::memmem::find_iter(bytes, LOCAL_HEADER) {
        let Some(header) = bytes.get(at..at + 30) else { break };
        let word = |from: usize| usize::from(u16::from_le_bytes([header[from], header[from + 1]]));
        if word(8) != DEFLATE {
            continue;
        }
        let Some(packed) = bytes.get(at + 30 + word(26) + word(28)..) else { continue };
        let room = limit.saturating_sub(total) + 1;
        let mut unpacked = flate2::read::DeflateDecoder::new(packed).take(room);
        // Where the content is no archive member after all, or damaged, the workbook's reader will say so.
        total += std::io::copy(&mut unpacked, &mut std::io::sink()).unwrap_or(0);
        if total > limit {
            return Err(Error::DecompressedTooLarge { path: path.to_owned(), limit });
        }
    }
    Ok(())
}

type Workbook = Sheets<Cursor<Vec<u8>>>;

fn open(bytes: Vec<u8>) -> Option<Workbook> {
    if !bytes.starts_with(b"PK") {
        return Xls::new(Cursor::new(bytes)).ok().map(Sheets::Xls);
    }
    // The kinds of packed workbooks are told apart by a file that only one of them has.
    let holds = |name: &[u8]| memchr::memmem::find(&bytes, name).is_some();
    if holds(b"xl/workbook.bin") {
        Xlsb::new(Cursor::new(bytes)).ok().map(Sheets::Xlsb)
    } else if holds(b"opendocument.spreadsheet") || (holds(b"content.xml") && !holds(b"xl/workbook.xml")) {
        Ods::new(Cursor::new(bytes)).ok().map(Sheets::Ods)
    } else {
        Xlsx::new(Cursor::new(bytes)).ok().map(Sheets::Xlsx)
    }
}

fn choose_sheet(available: &[String], wanted: Option<&str>, path: &Path) -> Result<String> {
    let found = match wanted {
        None => available.first(),
        Some(wanted) => available.iter().find(|name| *name == wanted),
    };
    found.cloned().ok_or_else(|| Error::NoSheet {
        path: path.to_owned(),
        sheet: wanted.unwrap_or_default().to_owned(),
        available: available.to_vec(),
    })
}

enum Problem {
    Damaged,
    Cancelled(lookalike_core::Cancelled),
}

/// A cell with something in it.
#[derive(Debug, Clone)]
struct Cell {
    row: u32,
    column: u32,
    content: Content,
}

#[derive(Debug, Clone)]
enum Content {
    Text(String),
    Number(f64),
    Instant(ExcelDateTime),
}

/// All cells of a sheet that hold something, and the number of those that hold an error.
fn cells_of(workbook: &mut Workbook, sheet: &str, phase: &Phase<'_>) -> Result<(Vec<Cell>, u64), Problem> {
    let mut cells = Vec::new();
    let mut n_errors = 0;
    let mut add = |row: u32, column: u32, data: DataRef<'_>| {
        let content = match data {
            DataRef::Empty => None,
            DataRef::Error(_) => {
                n_errors += 1;
                None
            }
            DataRef::Int(number) => Some(Content::Text(number.to_string())),
            DataRef::Float(number) => Some(Content::Number(number)),
            DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
                Some(Content::Text(text))
            }
            DataRef::SharedString(text) => Some(Content::Text(text.to_owned())),
            DataRef::Bool(truth) => Some(Content::Text(if truth { "TRUE" } else { "FALSE" }.to_owned())),
            DataRef::DateTime(instant) => Some(Content::Instant(instant)),
        };
        if let Some(content) =
            content.filter(|content| !matches!(content, Content::Text(text) if text.is_empty()))
        {
            cells.push(Cell { row, column, content });
            if cells.len() % STRIDE == 0 {
                return phase.check().map_err(Problem::Cancelled);
            }
        }
        Ok(())
    };
    match workbook {
        Sheets::Xlsx(book) => {
            let mut reader = book.worksheet_cells_reader(sheet).map_err(|_| Problem::Damaged)?;
            while let Some(cell) = reader.next_cell().map_err(|_| Problem::Damaged)? {
                let (row, column) = cell.get_position();
                add(row, column, cell.get_value().clone())?;
            }
        }
        Sheets::Xlsb(book) => {
            let mut reader = book.worksheet_cells_reader(sheet).map_err(|_| Problem::Damaged)?;
            while let Some(cell) = reader.next_cell().map_err(|_| Problem::Damaged)? {
                let (row, column) = cell.get_position();
                add(row, column, cell.get_value().clone())?;
            }
        }
        Sheets::Xls(_) | Sheets::Ods(_) => {
            let range = workbook.worksheet_range(sheet).map_err(|_| Problem::Damaged)?;
            let (top, left) = range.start().unwrap_or_default();
            for (row, column, data) in range.used_cells() {
                add(top + row as u32, left + column as u32, by_reference(data))?;
            }
        }
    }
    if !cells.is_sorted_by_key(|cell| (cell.row, cell.column)) {
        cells.sort_by_key(|cell| (cell.row, cell.column));
    }
    cells.dedup_by_key(|cell| (cell.row, cell.column));
    Ok((cells, n_errors))
}

fn by_reference(data: &Data) -> DataRef<'_> {
    match data {
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(truth) => DataRef::Bool(*truth),
        Data::DateTime(instant) => DataRef::DateTime(*instant),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

/// The cells of a sheet by the rows and columns that have any.
struct Grid {
    cells: Vec<Cell>,
    rows: Vec<u32>,
    columns: Vec<u32>,
}

impl Grid {
    fn new(cells: Vec<Cell>) -> Self {
        let mut rows: Vec<u32> = cells.iter().map(|cell| cell.row).collect();
        rows.dedup();
        let mut columns: Vec<u32> = Vec::new();
        for cell in &cells {
            if let Err(place) = columns.binary_search(&cell.column) {
                columns.insert(place, cell.column);
            }
        }
        Grid { cells, rows, columns }
    }

    fn skipped_rows(&self) -> usize {
        match self.rows.as_slice() {
            [first, .., last] => (last - first) as usize + 1 - self.rows.len(),
            _ => 0,
        }
    }

    fn into_columns(
        mut self,
        options: &ReadOptions,
        phase: &Phase<'_>,
    ) -> Result<(Vec<String>, Vec<RawColumn>)> {
        let header = options.header.unwrap_or_else(|| self.has_header(options));
        let mut names: Vec<String> = if header {
            vec![String::new(); self.columns.len()]
        } else {
            (1..=self.columns.len()).map(|number| format!("column_{number}")).collect()
        };
        if header {
            let top = self.rows.remove(0);
            let n_names = self.cells.iter().take_while(|cell| cell.row == top).count();
            for cell in self.cells.drain(..n_names) {
                if let Ok(place) = self.columns.binary_search(&cell.column) {
                    names[place] = cell.content.into_text(Instants::default());
                }
            }
        }
        let mut by_column: Vec<Vec<(usize, Content)>> = vec![Vec::new(); self.columns.len()];
        let mut row_number = 0;
        for cell in self.cells {
            while self.rows[row_number] != cell.row {
                row_number += 1;
            }
            if let Ok(place) = self.columns.binary_search(&cell.column) {
                by_column[place].push((row_number, cell.content));
            }
        }
        let mut columns = Vec::with_capacity(by_column.len());
        for cells in by_column {
            phase.check()?;
            columns.push(RawColumn { chunks: vec![texts(cells, self.rows.len())] });
        }
        Ok((names, columns))
    }

    fn has_header(&self, options: &ReadOptions) -> bool {
        const SAMPLED: usize = 1000;
        let mut records = Vec::new();
        let mut cells = self.cells.iter().peekable();
        for row in self.rows.iter().take(SAMPLED) {
            let mut record = vec![Field::default(); self.columns.len()];
            while let Some(cell) = cells.next_if(|cell| cell.row == *row) {
                if let Ok(place) = self.columns.binary_search(&cell.column) {
                    record[place].text = cell.content.clone().into_text(Instants::default()).into_bytes();
                }
            }
            records.push(record);
        }
        let names = options
            .schema
            .as_ref()
            .map(|schema| schema.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>());
        is_header(&records, names.as_deref())
    }
}

fn texts(cells: Vec<(usize, Content)>, n_rows: usize) -> StringArray {
    let instants = cells.iter().fold(Instants::default(), |seen, (_, content)| seen.and(content));
    let mut builder = StringBuilder::new();
    for (row, content) in cells {
        builder.append_nulls(row - builder.len());
        builder.append_value(content.into_text(instants));
    }
    builder.append_nulls(n_rows - builder.len());
    builder.finish()
}

/// What the instants of a column have: all are spelled alike.
#[derive(Debug, Clone, Copy, Default)]
struct Instants {
    date: bool,
    time: bool,
    milliseconds: bool,
}

impl Instants {
    fn and(self, content: &Content) -> Self {
        let Content::Instant(instant) = content else { return self };
        let (.., hour, minute, second, milli) = instant.to_ymd_hms_milli();
        Instants {
            date: self.date || instant.as_f64() >= 1.0,
            time: self.time || hour > 0 || minute > 0 || second > 0 || milli > 0,
            milliseconds: self.milliseconds || milli > 0,
        }
    }
}

impl Content {
    fn into_text(self, instants: Instants) -> String {
        match self {
            Content::Text(text) => text,
            Content::Number(number) => shortest(number),
            Content::Instant(instant) if instant.is_duration() => {
                let seconds = (instant.as_f64() * 86_400.0).round() as i64;
                let sign = if seconds < 0 { "-" } else { "" };
                let seconds = seconds.unsigned_abs();
                format!("{sign}{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
            }
            Content::Instant(instant) => {
                let seen = instants.and(&Content::Instant(instant));
                let (year, month, day, hour, minute, second, milli) = instant.to_ymd_hms_milli();
                // Writing to a string cannot fail.
                let mut text = String::new();
                if seen.date {
                    let _ = write!(text, "{year:04}-{month:02}-{day:02}");
                }
                if seen.time || !seen.date {
                    let space = if seen.date { " " } else { "" };
                    let _ = write!(text, "{space}{hour:02}:{minute:02}:{second:02}");
                    if seen.milliseconds {
                        let _ = write!(text, ".{milli:03}");
                    }
                }
                text
            }
        }
    }
}

/// Whole numbers without a point, others as short as they can be read back.
fn shortest(number: f64) -> String {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number == number.trunc() && number.abs() <= EXACT {
        return (number as i64).to_string();
    }
    zmij::Buffer::new().format(number).to_owned()
}
