use lookalike_core::Silent;
use proptest::prelude::*;

use super::*;
use crate::read::source::Source;
use crate::schema::Quoting;

const SMALL: [Sizes; 3] =
    [Sizes { window: 7, block: 3 }, Sizes { window: 64, block: 16 }, Sizes { window: 1 << 16, block: 10 }];

fn raw_with(text: &[u8], options: &ReadOptions, sizes: Sizes) -> Result<RawTable> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.csv");
    std::fs::write(&path, text).unwrap();
    let decoder = Decoder::new(Source::open(&path, None)?, options.encoding.as_deref())?;
    read(decoder, None, options, sizes, &Silent)
}

fn raw(text: &str) -> RawTable {
    raw_with(text.as_bytes(), &ReadOptions::default(), Sizes::default()).unwrap()
}

fn failure(text: &str) -> Error {
    raw_with(text.as_bytes(), &ReadOptions::default(), Sizes { window: 16, block: 5 }).unwrap_err()
}

fn cells(table: &RawTable) -> Vec<Vec<String>> {
    let texts = |column: &RawColumn| {
        column.chunks.iter().flat_map(|chunk| chunk.iter().map(|cell| cell.unwrap().to_owned())).collect()
    };
    table.columns.iter().map(texts).collect()
}

fn rows(table: &RawTable) -> Vec<Vec<String>> {
    let columns = cells(table);
    let n_rows = columns.first().map_or(0, Vec::len);
    (0..n_rows).map(|row| columns.iter().map(|column| column[row].clone()).collect()).collect()
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn quotes_line_ends_and_delimiters_within_fields() {
    let table = raw("a,b\n\"x,1\",\"say \"\"hi\"\"\"\n\"two\nlines\", plain \"quote\n");
    assert_eq!(table.names, ["a", "b"]);
    assert_eq!(rows(&table), [strings(&["x,1", "say \"hi\""]), strings(&["two\nlines", " plain \"quote"])]);
}

#[test]
fn the_original_adult_layout() {
    let table = raw("39, State-gov, 77516\n50, Private, 83311\n38, ?, 215646\n\n");
    assert_eq!(table.names, ["column_1", "column_2", "column_3"]);
    assert_eq!(rows(&table)[2], ["38", "?", "215646"]);
    let dialect = table.dialect.unwrap();
    assert!(dialect.space_after_delimiter && !dialect.header);
    assert!(table.warnings.is_empty());
}

#[test]
fn ends_and_blank_lines() {
    for text in
        ["a,b\n1,2\n3,4", "a,b\r\n1,2\r\n3,4\r\n\r\n\r\n", "\n\r\na,b\n1,2\n3,4\n\n", "a,b\r1,2\r3,4\r"]
    {
        let table = raw(text);
        assert_eq!(table.names, ["a", "b"], "{text:?}");
        assert_eq!(rows(&table), [["1", "2"], ["3", "4"]], "{text:?}");
        assert!(table.warnings.is_empty());
    }
    let table = raw("a,b\n1,2\n\n\n3,4\n\n");
    assert_eq!(rows(&table), [["1", "2"], ["3", "4"]]);
    assert_eq!(table.warnings[0].message, "2 blank lines were passed over between rows");
}

#[test]
fn one_column_keeps_its_empty_rows() {
    assert_eq!(cells(&raw("a\nx\n\ny\n\n\n")), [["x", "", "y"]]);
    assert_eq!(cells(&raw("a\nx\n\"\"\n")), [["x", ""]]);
    for sizes in SMALL {
        let table = raw_with(b"a\n1\n\n2\n\n\n\n", &ReadOptions::default(), sizes).unwrap();
        assert_eq!(cells(&table), [["1", "", "2"]]);
    }
}

#[test]
fn delimiters_at_line_ends() {
    let table = raw("a,b,\n1,2,\n3,4,\n");
    assert_eq!((table.names.len(), rows(&table)), (2, vec![strings(&["1", "2"]), strings(&["3", "4"])]));
    let table = raw("a,b\n1,2,\n3,4,\n");
    assert_eq!(rows(&table), [["1", "2"], ["3", "4"]]);
    let table = raw("a,b,\n1,2,\n3,4,5\n");
    assert_eq!(table.names, ["a", "b", ""]);
}

#[test]
fn ragged_rows_are_named() {
    match failure("a,b,c\n1,2,3\n1,2\n\"x\ny\",2,3\n1,2,3,4\n1,2,3\n") {
        Error::Ragged { expected: 3, count: 2, lines, .. } => assert_eq!(lines, [3, 6]),
        other => panic!("{other:?}"),
    }
    let many = format!("a,b\n1,2\n{}", "1\n".repeat(100));
    match failure(&format!("{many}1,2\n1,2\n").replace("1\n1\n", "1,2\n1\n")) {
        Error::Ragged { count: 50, lines, .. } => assert_eq!(lines.len(), NAMED_LINES),
        other => panic!("{other:?}"),
    }
    let message = failure("a,b\n1,2\n3\n").to_string();
    assert!(message.starts_with("1 row of ") && message.contains("(line 3)"), "{message}");
}

#[test]
fn quotes_that_never_end_are_named() {
    match failure("a,b\n1,2\n3,\"4\n5,6\n") {
        Error::OpenQuote { line, .. } => assert_eq!(line, 3),
        other => panic!("{other:?}"),
    }
    assert!(matches!(failure("\"a,b\n1,2\n"), Error::OpenQuote { line: 1, .. }));
}

#[test]
fn nothing_and_next_to_nothing() {
    assert!(matches!(failure(""), Error::EmptyFile { .. }));
    assert!(matches!(failure("\n\r\n"), Error::EmptyFile { .. }));
    let header_only = raw("a,b\n");
    assert_eq!(header_only.names, ["a", "b"]);
    assert!(header_only.columns.iter().all(|column| column.len() == 0));
    assert_eq!(raw("a,b").names, ["a", "b"]);
    assert_eq!(rows(&raw("a,b\n1,2\n")), [["1", "2"]]);
}

#[test]
fn names_are_kept_as_they_are() {
    let hostile = "a,,a,\"=cmd|' /C calc'!A0\",\"x\ny\",<script>\n1,2,3,4,5,6\n";
    let table = raw(hostile);
    assert_eq!(table.names, ["a", "", "a", "=cmd|' /C calc'!A0", "x\ny", "<script>"]);
}

#[test]
fn wrong_bytes_are_named_by_their_line() {
    let mut bytes = format!("name,n\n{}", "Zoë,1\n".repeat(100)).into_bytes();
    bytes.extend_from_slice(b"caf\xe9,2\nx,3\n");
    for sizes in SMALL {
        match raw_with(&bytes, &ReadOptions::default(), sizes) {
            Err(Error::Undecodable { line, .. }) => assert_eq!(line, 102),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn lines_above_the_header_are_passed_over() {
    let title = "Report of the year\nas of today\n\n";
    let table = raw(&format!("{title}name,city,n\nx,y,1\nz,w,2\n"));
    assert_eq!(table.names, ["name", "city", "n"]);
    assert_eq!(rows(&table), [["x", "y", "1"], ["z", "w", "2"]]);
    assert_eq!(table.warnings[0].message, "2 lines above the header were passed over");
    // Lines are counted as they stand in the file.
    let mut text = format!("{title}name,city,n\n{}", "x,y,1\n".repeat(200_000));
    text.push_str("x,y\n");
    match raw_with(text.as_bytes(), &ReadOptions::default(), Sizes::default()) {
        Err(Error::Ragged { lines, .. }) => assert_eq!(lines, [200_005]),
        other => panic!("{other:?}"),
    }
}

#[test]
fn backslashes_before_quotes_are_read_in_pieces() {
    let row = "\"a \\\"b\\\",\nc\\\\\",1\n";
    let text = format!("text,n\n{}", row.repeat(50));
    for sizes in SMALL {
        let table = raw_with(text.as_bytes(), &ReadOptions::default(), sizes).unwrap();
        assert_eq!(rows(&table), vec![strings(&["a \"b\",\nc\\", "1"]); 50]);
        assert!(table.dialect.unwrap().backslash_escapes);
    }
}

#[test]
fn what_is_given_is_not_detected() {
    let options = ReadOptions { delimiter: Some(b':'), header: Some(false), ..ReadOptions::default() };
    let table = raw_with(b"a:b\nc:d\n", &options, Sizes::default()).unwrap();
    assert_eq!(rows(&table), [["a", "b"], ["c", "d"]]);
    assert_eq!(rows(&raw("sep=;\na;b\n1;2\n")), [["1", "2"]]);
}

#[test]
fn large_cells_and_many_columns() {
    let cell = "x".repeat(10 << 20);
    for text in [format!("a,b\n1,{cell}\n2,y\n"), format!("a,b\n1,\"{cell}\n\"\n2,y\n")] {
        let table =
            raw_with(text.as_bytes(), &ReadOptions::default(), Sizes { window: 1 << 20, block: 1 << 16 })
                .unwrap();
        assert_eq!(cells(&table)[1][0].trim_end().len(), 10 << 20);
        assert_eq!(cells(&table)[0], ["1", "2"]);
    }
    let line = (0..2000).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    let header = line.split(',').map(|n| format!("c{n}")).collect::<Vec<_>>().join(",");
    let table = raw(&format!("{header}\n{line}\n{line}\n"));
    assert_eq!((table.names.len(), &rows(&table)[1][1999]), (2000, &"1999".to_owned()));
}

#[test]
fn manner_is_noted() {
    let dialect = raw("\"a\";\"b\"\r\n\"x\";1\r\n\"y\";2\r\n").dialect.unwrap();
    assert_eq!((dialect.delimiter, dialect.crlf, dialect.quoting), (b';', true, Quoting::NonNumeric));
}

/// The table that a simple reader from front to back finds.
fn slowly(text: &[u8]) -> Vec<Vec<String>> {
    let mut records = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let (record, next, end) = split_record(text, at, Marks::new(b',', b'"'));
        assert_ne!(end, End::OpenQuote);
        if !(record.len() == 1 && record[0].text.is_empty() && !record[0].quoted) {
            records.push(record.into_iter().map(|field| String::from_utf8(field.text).unwrap()).collect());
        }
        at = next;
    }
    records
}

fn field() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z0-9é ]{0,6}",
        // Quotes within a field that is not quoted mislead a counting of quotes.
        1 => "[a-z][\"a-z]{1,5}",
        2 => "[a-z,\n\r]{0,8}".prop_map(|text| format!("\"{text}\"")),
        1 => "[a-z\n]{0,4}".prop_map(|text| format!("\"{text}\"\"{text},\n\"")),
    ]
}

proptest! {
    #[test]
    fn pieces_and_threads_do_not_matter(
        records in prop::collection::vec((field(), field(), field()), 1..40),
        crlf in any::<bool>(),
        final_line_end in any::<bool>(),
    ) {
        let end = if crlf { "\r\n" } else { "\n" };
        let lines: Vec<String> = records.iter().map(|(a, b, c)| format!("{a},{b},{c}")).collect();
        let text = format!("one,two,three{end}{}{}", lines.join(end), if final_line_end { end } else { "" });
        let options = ReadOptions { delimiter: Some(b','), header: Some(true), ..ReadOptions::default() };
        let expected = slowly(text.as_bytes());
        // What looks like single quotes or leading spaces throughout is another manner.
        let whole = raw_with(text.as_bytes(), &options, Sizes::default()).unwrap();
        prop_assume!(!whole.dialect.as_ref().unwrap().space_after_delimiter);
        prop_assert_eq!(rows(&whole), &expected[1..]);
        for n_threads in [1, 2] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
            for sizes in SMALL {
                let table = pool.install(|| raw_with(text.as_bytes(), &options, sizes)).unwrap();
                prop_assert_eq!(rows(&table), &expected[1..]);
            }
        }
    }
}
