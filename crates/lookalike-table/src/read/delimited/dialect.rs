use std::collections::BTreeSet;

use super::record::{Field, Marks, split_all};
use crate::schema::Quoting;

/// The delimiters that are tried, those that hardly occur in prose first.
pub(super) const DELIMITERS: [u8; 4] = [b'\t', b';', b'|', b','];
/// Spellings that say nothing about whether a column is numeric.
const SAYS_NOTHING: [&str; 14] =
    ["", "?", "-", "--", ".", "na", "n/a", "nan", "null", "none", "nil", "missing", "#n/a", "inf"];

/// What a sample of the beginning tells about the layout of delimited text.
#[expect(clippy::struct_excessive_bools, reason = "each is a property of the text of its own")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Detected {
    /// Spaces are skipped where every field but the first of each row begins with one.
    pub(super) marks: Marks,
    pub(super) quoting: Quoting,
    pub(super) header: bool,
    pub(super) crlf: bool,
    /// How many fields a row has.
    pub(super) n_fields: usize,
    /// Every row ends with a delimiter that the header does not have.
    pub(super) trailing_delimiter: bool,
    /// Every row has as many fields as the first, and more than one.
    pub(super) unanimous: bool,
}

/// What the user has said about the layout.
#[derive(Debug, Clone, Default)]
pub(super) struct Given<'a> {
    pub(super) delimiter: Option<u8>,
    pub(super) header: Option<bool>,
    /// Names that a first row would have if it were a header.
    pub(super) names: Option<Vec<&'a str>>,
}

/// Reads the layout from `sample`: the first lines of the text, the last of them perhaps cut off unless `complete`.
pub(super) fn detect(sample: &[u8], complete: bool, given: &Given<'_>) -> Detected {
    let crlf = memchr::memchr(b'\n', sample).is_some_and(|end| end > 0 && sample[end - 1] == b'\r');
    let (score, mut marks, mut records) = best_layout(sample, complete, given.delimiter);
    if marks.delimiter != b'\t' && has_space_after(&records) {
        marks.skip_space = true;
        records = split_all(sample, complete, marks);
    }
    let first = records.first().map_or(1, Vec::len);
    let data = records.get(1..).unwrap_or_default();
    let trailing_delimiter = !data.is_empty()
        && data.iter().all(|record| {
            record.len() == first + 1
                && record.last().is_some_and(|last| last.text.is_empty() && !last.quoted)
        });
    let header = given.header.unwrap_or_else(|| is_header(&records, given.names.as_deref()));
    Detected {
        marks,
        quoting: quoting(data, marks.quote),
        header,
        crlf,
        n_fields: first,
        trailing_delimiter,
        unanimous: score == UNANIMOUS,
    }
}

pub(super) type Records = Vec<Vec<Field>>;

/// The score of a layout that all records agree on.
const UNANIMOUS: u64 = 1_000_000;

fn best_layout(sample: &[u8], complete: bool, given: Option<u8>) -> (u64, Marks, Records) {
    let mut best: Option<(u64, Marks, Records)> = None;
    for delimiter in DELIMITERS.into_iter().chain(given) {
        if given.is_some_and(|given| given != delimiter) {
            continue;
        }
        let (marks, records) = split(sample, complete, delimiter);
        let score = layout_score(&records);
        if best.as_ref().is_none_or(|(other, ..)| score > *other) {
            best = Some((score, marks, records));
        }
    }
    match best {
        Some((score, marks, records)) if score > 0 || given.is_some() => (score, marks, records),
        // Nothing divides the lines: there is one column.
        _ => {
            let (marks, records) = split(sample, complete, b',');
            (0, marks, records)
        }
    }
}

/// The records of the sample with this delimiter, and how quotes are written.
pub(super) fn split(sample: &[u8], complete: bool, delimiter: u8) -> (Marks, Records) {
    let marks = Marks::new(delimiter, quote_of(sample, complete, delimiter));
    let records = split_all(sample, complete, marks);
    // Where quotes are doubled, nothing follows a closing one; a path that ends with a backslash is not an escape then.
    let is_odd = |records: &Records| records.iter().flatten().any(|field| field.goes_on);
    if is_odd(&records) && memchr::memmem::find(sample, &[b'\\', marks.quote]).is_some() {
        let marks = Marks { backslash: true, ..marks };
        let escaped = split_all(sample, complete, marks);
        // All of it has to make sense that way: a doubled quote would be one that something follows.
        let alike = escaped.windows(2).all(|pair| pair[0].len() == pair[1].len());
        if alike && !is_odd(&escaped) {
            return (marks, escaped);
        }
    }
    (marks, records)
}

/// How well the records agree on more than one field each, 0 if not at all. Full agreement beats any partial one, and
/// among equals the delimiter tried first wins.
fn layout_score(records: &Records) -> u64 {
    let Some(first) = records.first() else { return 0 };
    let data = &records[1..];
    if first.len() < 2 {
        return 0;
    }
    if data.is_empty() {
        return first.len() as u64;
    }
    let divided = data.iter().filter(|record| record.len() > 1).count();
    if divided * 2 < data.len() {
        return 0;
    }
    let alike = data.iter().filter(|record| record.len() == first.len()).count();
    if alike == data.len() {
        return UNANIMOUS;
    }
    1 + 900_000 * alike as u64 / data.len() as u64
}

/// `"` unless only fields in `'` can be seen.
fn quote_of(sample: &[u8], complete: bool, delimiter: u8) -> u8 {
    let opens = |quote: u8| {
        memchr::memchr_iter(quote, sample)
            .any(|at| at == 0 || sample[at - 1] == delimiter || matches!(sample[at - 1], b'\n' | b' '))
    };
    if opens(b'"') || !opens(b'\'') {
        return b'"';
    }
    let marks = Marks { skip_space: true, ..Marks::new(delimiter, b'\'') };
    let records = split_all(sample, complete, marks);
    let mut quoted = records.iter().flatten().filter(|field| field.quoted).peekable();
    if quoted.peek().is_some() && quoted.all(|field| !field.goes_on) { b'\'' } else { b'"' }
}

fn has_space_after(records: &Records) -> bool {
    let mut fields = records.iter().flat_map(|record| record.iter().skip(1)).peekable();
    fields.peek().is_some() && fields.all(|field| field.text.starts_with(b" "))
}

fn quoting(data: &[Vec<Field>], quote: u8) -> Quoting {
    let fields = || data.iter().flatten().filter(|field| !field.text.is_empty() || field.quoted);
    if !fields().any(|field| field.quoted) {
        return Quoting::Minimal;
    }
    if fields().all(|field| field.quoted) {
        return Quoting::Always;
    }
    let needless =
        |field: &Field| !field.text.iter().any(|byte| *byte == quote || b",;\t|\r\n".contains(byte));
    let bare_text =
        fields().any(|field| !field.quoted && !is_number(&field.text) && !says_nothing(&field.text));
    if !bare_text && fields().any(|field| field.quoted && needless(field)) {
        Quoting::NonNumeric
    } else {
        Quoting::Minimal
    }
}

/// Whether the first record holds names. It does, unless it looks like one more row of data.
pub(in crate::read) fn is_header(records: &[Vec<Field>], names: Option<&[&str]>) -> bool {
    let Some((first, data)) = records.split_first() else { return true };
    if let Some(names) = names {
        // Columns may be lacking, or be there besides.
        let own: BTreeSet<&[u8]> = first.iter().map(|field| field.text.as_slice()).collect();
        let wanted: BTreeSet<&[u8]> = names.iter().map(|name| name.as_bytes()).collect();
        if own.is_subset(&wanted) || wanted.is_subset(&own) {
            return true;
        }
    }
    if data.is_empty() {
        return !first.iter().all(|field| is_number(&field.text));
    }
    let mut numeric_in_both = 0;
    let mut repeated = 0;
    for (column, name) in first.iter().enumerate() {
        let cells = || data.iter().filter_map(|record| record.get(column)).map(|field| &field.text);
        let telling = cells().filter(|text| !says_nothing(text)).count();
        let numeric = cells().filter(|text| is_number(text)).count();
        let column_is_numeric = telling > 0 && numeric * 20 >= telling * 19;
        if column_is_numeric && is_word(name) {
            // A word above numbers is a name.
            return true;
        }
        numeric_in_both += usize::from(column_is_numeric && is_number(&name.text));
        repeated += usize::from(!says_nothing(&name.text) && cells().any(|text| *text == name.text));
    }
    if numeric_in_both > 0 {
        return counts_up(first);
    }
    repeated * 2 < first.len()
}

/// True when the first record surely holds names: a word stands above numbers only.
pub(super) fn is_surely_header(records: &[Vec<Field>]) -> bool {
    let Some((first, data)) = records.split_first() else { return false };
    first.iter().enumerate().any(|(column, name)| {
        let mut cells = data.iter().filter_map(|record| record.get(column)).map(|field| &field.text);
        is_word(name) && !data.is_empty() && cells.all(|text| is_number(text))
    })
}

fn is_word(name: &Field) -> bool {
    !is_number(&name.text) && !says_nothing(&name.text)
}

/// Column names that are numbers go up by one: years, or plain counting from 0 or 1.
fn counts_up(first: &[Field]) -> bool {
    let mut numbers = Vec::new();
    let mut words = 0;
    for field in first {
        match std::str::from_utf8(&field.text).ok().and_then(|text| text.parse::<i64>().ok()) {
            Some(number) => numbers.push(number),
            None => words += 1,
        }
    }
    let stepwise = numbers.windows(2).all(|pair| pair[1] == pair[0] + 1);
    let years = numbers.iter().all(|number| (1800..2200).contains(number));
    let from_start = numbers.first().is_some_and(|number| (0..=1).contains(number));
    stepwise && ((from_start && numbers.len() >= 3) || (years && (numbers.len() >= 2 || words > 0)))
}

fn says_nothing(text: &[u8]) -> bool {
    std::str::from_utf8(text)
        .is_ok_and(|text| SAYS_NOTHING.contains(&text.trim().to_ascii_lowercase().as_str()))
}

/// Numbers in the usual spellings, decimal commas and groups among them; dates and times count too, since no column
/// is called by one.
fn is_number(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let text = text.strip_prefix(b"$").or_else(|| text.strip_suffix(b"%")).unwrap_or(text);
    text.iter().any(u8::is_ascii_digit)
        && text.iter().all(|byte| byte.is_ascii_digit() || b"+-.,:/ TZeE".contains(byte))
        && text.first().is_some_and(|byte| byte.is_ascii_digit() || b"+-.,".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(sample: &str) -> Detected {
        detect(sample.as_bytes(), true, &Given::default())
    }

    fn delimiter_and_header(sample: &str) -> (char, bool) {
        let detected = of(sample);
        (detected.marks.delimiter as char, detected.header)
    }

    #[test]
    fn delimiters_are_detected() {
        assert_eq!(delimiter_and_header("a,b\n1,2\n3,4\n"), (',', true));
        assert_eq!(delimiter_and_header("a;b\n1,5;2,5\n3,1;4,2\n"), (';', true));
        assert_eq!(delimiter_and_header("a\tb\nx, y\t2\nz\t4\n"), ('\t', true));
        assert_eq!(delimiter_and_header("a|b\n1|2\n"), ('|', true));
        assert_eq!(delimiter_and_header("a,b\n\"x;y\",2\n\"v;w\",4\n"), (',', true));
        assert_eq!(delimiter_and_header("name,tags\nx,a;b\ny,c;d\n"), (',', true));
        assert_eq!(delimiter_and_header("a,b,c\n1,2,3\n1,2\n1,2,3,4\n"), (',', true));
        assert_eq!(delimiter_and_header("text\nhello, world\nfine\nbye, all\n"), (',', true));
    }

    #[test]
    fn one_column_has_no_delimiter() {
        assert_eq!(of("text\nhello\nworld\n").n_fields, 1);
        assert_eq!(of("").n_fields, 1);
    }

    #[test]
    fn headers_are_told_from_data() {
        assert!(of("age,job\n39,clerk\n50,boss\n").header);
        assert!(!of("39, State-gov, 77516\n50, Private, 83311\n38, Private, 215646\n").header);
        assert!(!of("1,2,3.5\n4,5,6.5\n").header);
        assert!(of("country,2019,2020\nNorway,4.5,3.2\nPeru,1.5,2.2\n").header);
        assert!(of("0,1,2\n5.5,3,4\n2.5,3,4\n").header);
        assert!(of("name,city\nAda,London\nAlan,Wilmslow\n").header);
        assert!(!of("yes,no\nno,no\nyes,yes\n").header);
        assert!(of("a,b\n").header);
        assert!(!of("1,2\n").header);
        assert!(of("id,when\n1,2020-01-01\n?,2020-01-02\n").header);
    }

    #[test]
    fn the_manner_of_writing_is_detected() {
        assert!(of("a, b, c\n1, 2, 3\n").marks.skip_space);
        assert!(!of("a, b, c\n1, 2,3\n").marks.skip_space);
        assert!(of("a,b\r\n1,2\r\n").crlf);
        assert_eq!(of("a,b\n\"x\",\"1\"\n\"y\",\"2\"\n").quoting, Quoting::Always);
        assert_eq!(of("\"a\",\"b\"\n\"x\",1\n\"y\",2\n").quoting, Quoting::NonNumeric);
        assert_eq!(of("a,b\n\"x,z\",1\ny,2\n").quoting, Quoting::Minimal);
        assert_eq!(of("a,b\n'x,z',1\n'y',2\n").marks.quote, b'\'');
        assert_eq!(of("a,b\n'tis,1\n'y',2\n").marks.quote, b'"');
        assert!(of("a,b\n1,2,\n3,4,\n").trailing_delimiter);
    }

    #[test]
    fn backslashes_before_quotes_are_detected_where_nothing_else_makes_sense() {
        for escaped in [
            "a,b\n\"say \\\"hi\\\"\",1\nx,2\n",
            "a,b\n\"x\",1\n\"so, \\\"he, she\\\"\",2\n",
            "a;b\n\"\\\"all\\\"\";\"\"\n\"x\";\"y\\\\\"\n",
        ] {
            assert!(of(escaped).marks.backslash, "{escaped}");
        }
        for doubled in [
            // Paths that end with a backslash.
            "path,n\n\"C:\\temp\\\",1\n\"D:\\\",2\n",
            "path,n\n\"C:\\\"\"x\"\"\",1\n",
            "a,b\n\"say \"\"hi\"\"\",1\n",
            // Both manners in one file: neither is consistent.
            "a,b\n\"say \\\"hi\\\"\",1\n\"say \"\"hi\"\"\",2\n",
            // Outside of quoted fields a backslash means nothing.
            "a,b\nsay \\\"hi\\\",1\n",
        ] {
            assert!(!of(doubled).marks.backslash, "{doubled}");
        }
    }
}
