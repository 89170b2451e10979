use arrow_array::StringArray;
use arrow_buffer::{Buffer, OffsetBuffer, ScalarBuffer};

use super::record::{Marks, unquote};
use super::scan::Specials;

/// Cells up to this length are copied as a whole register, longer ones by their length.
const SHORT: usize = 16;
/// How many lines with a wrong number of fields are remembered.
const REMEMBERED: usize = 5;

/// What has to be known to cut text into cells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    pub(super) marks: Marks,
    pub(super) n_columns: usize,
    /// Rows may end with one more delimiter.
    pub(super) trailing_delimiter: bool,
}

/// The rows that begin within one stretch of text.
#[derive(Debug)]
pub(super) struct Block {
    /// The cells of each column, or why they cannot be kept.
    pub(super) columns: Result<Vec<StringArray>, Unusable>,
    /// True when there is a row that is not a blank line.
    pub(super) has_content: bool,
    /// Where the first row after these begins.
    pub(super) end: usize,
    /// Line ends up to there.
    pub(super) n_lines: u64,
    /// Rows with a wrong number of fields.
    pub(super) ragged: u64,
    /// The first of them, as lines of the block counted from 0.
    pub(super) ragged_lines: Vec<u64>,
    /// Blank lines that were passed over, or taken as an empty row where there is one column.
    pub(super) blank: u64,
    /// How many of these stand at the block's very end.
    pub(super) blank_at_end: u64,
    /// The line (of the block, from 0) in which a quoted field begins that never ends.
    pub(super) open_quote: Option<u64>,
}

/// Why a block's cells cannot be kept as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unusable {
    NotUtf8,
    TooLarge,
}

/// The cells of one column while they are collected. Builders serve block after block, so that they need not grow.
#[derive(Debug)]
pub(super) struct Builder {
    /// The cells' bytes, and room for more.
    bytes: Vec<u8>,
    used: usize,
    ends: Vec<i32>,
}

impl Builder {
    pub(super) fn new() -> Self {
        Builder { bytes: Vec::new(), used: 0, ends: vec![0] }
    }

    #[inline]
    fn push(&mut self, text: &[u8], from: usize, to: usize) {
        let length = to - from;
        if self.bytes.len() < self.used + length.max(SHORT) {
            self.grow(length);
        }
        match (text[from..].first_chunk::<SHORT>(), self.bytes[self.used..].first_chunk_mut::<SHORT>()) {
            // Copying a fixed number of bytes is one instruction; what was copied too much is overwritten next.
            (Some(cell), Some(room)) if length <= SHORT => *room = *cell,
            _ => self.bytes[self.used..self.used + length].copy_from_slice(&text[from..to]),
        }
        self.used += length;
        self.ends.push(self.used as i32);
    }

    #[cold]
    fn grow(&mut self, length: usize) {
        self.bytes.resize((self.used + length.max(SHORT)).max(self.bytes.len() * 2).max(1 << 12), 0);
    }

    fn truncate(&mut self, n_rows: usize) {
        self.ends.truncate(n_rows + 1);
        self.used = self.ends.last().map_or(0, |end| *end as u32 as usize);
    }

    fn clear(&mut self) {
        self.ends.clear();
        self.ends.push(0);
        self.used = 0;
    }

    /// A copy of the cells in memory of just the right size.
    fn finish(&self) -> Result<StringArray, Unusable> {
        if i32::try_from(self.used).is_err() {
            return Err(Unusable::TooLarge);
        }
        let offsets = OffsetBuffer::new(ScalarBuffer::from(self.ends.clone()));
        let bytes = Buffer::from(&self.bytes[..self.used]);
        StringArray::try_new(offsets, bytes, None).map_err(|_| Unusable::NotUtf8)
    }
}

impl Block {
    /// The rows of `text` that begin at or after `start`, where a row begins, and before `limit`. A row that `text`
    /// does not hold to its end is left out, unless nothing follows `text`.
    pub(super) fn parse(
        text: &[u8],
        start: usize,
        limit: usize,
        at_end: bool,
        layout: Layout,
        builders: &mut [Builder],
    ) -> Self {
        builders.iter_mut().for_each(Builder::clear);
        let mut block = Block {
            columns: Ok(Vec::new()),
            has_content: false,
            end: start,
            n_lines: 0,
            ragged: 0,
            ragged_lines: Vec::new(),
            blank: 0,
            blank_at_end: 0,
            open_quote: None,
        };
        block.read(builders, text, limit, at_end, layout);
        block.columns = builders.iter().map(Builder::finish).collect();
        block.n_lines = count_lines(&text[start..block.end]);
        block
    }

    fn read(&mut self, columns: &mut [Builder], text: &[u8], limit: usize, at_end: bool, layout: Layout) {
        let Layout { marks, n_columns, trailing_delimiter } = layout;
        let Marks { delimiter, quote, skip_space, .. } = marks;
        let start = self.end;
        let mut n_rows = 0;
        let mut specials = Specials::new(text, start, delimiter, quote);
        let mut unquoted = Vec::new();
        while self.end < limit {
            let row_start = self.end;
            let mut at = row_start;
            let blank_end = match text[at..] {
                [b'\n', ..] => Some(at + 1),
                [b'\r', b'\n', ..] => Some(at + 2),
                [b'\r'] if at_end => Some(at + 1),
                _ => None,
            };
            if let Some(blank_end) = blank_end {
                self.blank += 1;
                self.blank_at_end += 1;
                if n_columns == 1 {
                    columns[0].push(text, at, at);
                    n_rows += 1;
                }
                self.end = blank_end;
                specials.next();
                continue;
            }
            let mut column = 0;
            let mut fits = true;
            loop {
                let mut begin = at;
                if skip_space && column > 0 {
                    while text.get(begin) == Some(&b' ') {
                        begin += 1;
                    }
                }
                let mut quoted = false;
                if text.get(begin) == Some(&quote) {
                    quoted = true;
                    unquoted.clear();
                    match unquote(text, begin + 1, marks, &mut unquoted) {
                        Some(after) => begin = after,
                        None if at_end => {
                            self.open_quote = Some(count_lines(&text[start..begin]));
                            abandon(columns, n_rows);
                            self.end = text.len();
                            return;
                        }
                        None => {
                            abandon(columns, n_rows);
                            return;
                        }
                    }
                    specials.seek(begin);
                }
                let stop = loop {
                    match specials.next() {
                        Some(place) if text[place] == quote => {}
                        Some(place) => break place,
                        None => break text.len(),
                    }
                };
                if stop == text.len() && !at_end {
                    abandon(columns, n_rows);
                    return;
                }
                let last = stop == text.len() || text[stop] == b'\n';
                let to = if last && stop > begin && text[stop - 1] == b'\r' { stop - 1 } else { stop };
                if column < n_columns {
                    if quoted {
                        unquoted.extend_from_slice(&text[begin..to]);
                        columns[column].push(&unquoted, 0, unquoted.len());
                    } else {
                        columns[column].push(text, begin, to);
                    }
                } else {
                    fits &= trailing_delimiter && column == n_columns && last && to == begin && !quoted;
                }
                column += 1;
                at = (stop + 1).min(text.len());
                if last {
                    break;
                }
            }
            if column < n_columns {
                fits = false;
                for missing in &mut columns[column..] {
                    missing.push(text, row_start, row_start);
                }
            }
            if !fits {
                self.ragged += 1;
                if self.ragged_lines.len() < REMEMBERED {
                    self.ragged_lines.push(count_lines(&text[start..row_start]));
                }
            }
            n_rows += 1;
            self.blank_at_end = 0;
            self.has_content = true;
            self.end = at;
        }
    }
}

/// Forgets the cells of an unfinished row.
fn abandon(columns: &mut [Builder], n_rows: usize) {
    for column in columns {
        column.truncate(n_rows);
    }
}

/// How many line ends there are.
pub(super) fn count_lines(text: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', text).count() as u64
}
