/// What has to be known to cut text into fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) delimiter: u8,
    pub(super) quote: u8,
    /// A quote within a quoted field is written with a backslash before it instead of twice.
    pub(super) backslash: bool,
    /// Spaces after a delimiter do not belong to the field.
    pub(super) skip_space: bool,
}

impl Marks {
    pub(super) fn new(delimiter: u8, quote: u8) -> Self {
        Marks { delimiter, quote, backslash: false, skip_space: false }
    }
}

/// What a record ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The end of a line.
    Line,
    /// The end of the text.
    Text,
    /// The end of the text within quotes.
    OpenQuote,
}

/// One field of the sample.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::read) struct Field {
    pub(in crate::read) text: Vec<u8>,
    pub(in crate::read) quoted: bool,
    /// Something follows the closing quote, or there is none.
    pub(super) goes_on: bool,
}

/// Splits the sample into records without regard to how many fields they have; blank lines are left out.
pub(super) fn split_all(sample: &[u8], complete: bool, marks: Marks) -> Vec<Vec<Field>> {
    let mut records = Vec::new();
    let mut at = 0;
    while at < sample.len() {
        let (record, next, end) = split_record(sample, at, marks);
        if end != End::Line && !complete && !records.is_empty() {
            break;
        }
        let blank = matches!(record.as_slice(), [only] if only.text.is_empty() && !only.quoted);
        if !blank {
            records.push(record);
        }
        at = next;
    }
    records
}

/// The record that begins at `from`, where the next one begins, and what ends it.
pub(super) fn split_record(text: &[u8], from: usize, marks: Marks) -> (Vec<Field>, usize, End) {
    let Marks { delimiter, quote, skip_space, .. } = marks;
    let mut fields = Vec::new();
    let mut at = from;
    loop {
        let mut field = Field::default();
        let mut begin = at;
        if skip_space && !fields.is_empty() {
            while text.get(begin) == Some(&b' ') {
                begin += 1;
            }
        }
        at = begin;
        if text.get(begin) == Some(&quote) {
            field.quoted = true;
            let Some(after) = unquote(text, begin + 1, marks, &mut field.text) else {
                field.goes_on = true;
                fields.push(field);
                return (fields, text.len(), End::OpenQuote);
            };
            at = after;
        }
        let rest = memchr::memchr2(delimiter, b'\n', &text[at..]).map_or(text.len(), |offset| at + offset);
        field.goes_on = field.quoted && !text[at..rest].trim_ascii_end().is_empty();
        field.text.extend_from_slice(&text[at..rest]);
        if rest == text.len() {
            fields.push(field);
            return (fields, rest, End::Text);
        }
        let last = text[rest] == b'\n';
        if last && rest > at && text[rest - 1] == b'\r' {
            field.text.pop();
        }
        fields.push(field);
        at = rest + 1;
        if last {
            return (fields, at, End::Line);
        }
    }
}

/// Copies a quoted field's text, which begins at `from`, and gives the place after the closing quote; `None` when
/// there is none.
pub(super) fn unquote(text: &[u8], from: usize, marks: Marks, field: &mut Vec<u8>) -> Option<usize> {
    if marks.backslash {
        return unquote_escaped(text, from, marks.quote, field);
    }
    let quote = marks.quote;
    let mut at = from;
    loop {
        let end = at + memchr::memchr(quote, &text[at..])?;
        field.extend_from_slice(&text[at..end]);
        if text.get(end + 1) == Some(&quote) {
            field.push(quote);
            at = end + 2;
        } else {
            return Some(end + 1);
        }
    }
}

/// The same where a backslash stands before quotes and backslashes that belong to the text. Before anything else it is
/// a sign like any other.
fn unquote_escaped(text: &[u8], from: usize, quote: u8, field: &mut Vec<u8>) -> Option<usize> {
    let mut at = from;
    loop {
        let place = at + memchr::memchr2(quote, b'\\', &text[at..])?;
        field.extend_from_slice(&text[at..place]);
        if text[place] == quote {
            return Some(place + 1);
        }
        // The last byte at hand may be half of an escape.
        let next = *text.get(place + 1)?;
        if next == quote || next == b'\\' {
            field.push(next);
            at = place + 2;
        } else {
            field.push(b'\\');
            at = place + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unquoted(text: &str, backslash: bool) -> (String, Option<usize>) {
        let mut field = Vec::new();
        let marks = Marks { backslash, ..Marks::new(b',', b'"') };
        let end = unquote(text.as_bytes(), 0, marks, &mut field);
        (String::from_utf8(field).unwrap(), end)
    }

    #[test]
    fn quotes_within_quotes() {
        assert_eq!(unquoted("a \"\"b\"\" c\",", false), ("a \"b\" c".into(), Some(10)));
        assert_eq!(unquoted("a\\\",", false), ("a\\".into(), Some(3)));
        assert_eq!(unquoted("a \\\"b\\\" c\",", true), ("a \"b\" c".into(), Some(10)));
        assert_eq!(unquoted("C:\\new\\\\\",", true), ("C:\\new\\".into(), Some(9)));
        assert_eq!(unquoted("\"\"", true), (String::new(), Some(1)));
        for open in ["a", "a\\", "a\\\"", ""] {
            assert_eq!(unquoted(open, true).1, None, "{open}");
        }
    }
}
