//! Spreadsheets, made here by hand.

mod workbook;

use std::path::PathBuf;

use lookalike_core::Silent;
use lookalike_table::read::{ReadOptions, read};
use lookalike_table::write::Writer;
use lookalike_table::{Error, Table};
use workbook::{number, row, text};

fn workbook(rows: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.xlsx");
    std::fs::write(&path, workbook::bytes(rows)).unwrap();
    (folder, path)
}

fn as_csv(table: &Table) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.csv");
    let mut writer = Writer::create(&path, None, table.schema()).unwrap();
    writer.write(table).unwrap();
    writer.finish().unwrap();
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn a_sheet_becomes_a_table() {
    let rows = [
        row(3, &[text("B3", "name"), text("C3", "age"), text("D3", "born"), text("F3", "share")]),
        row(4, &[text("B4", "Ada"), number("C4", "36", 0), number("D4", "10000", 1), number("F4", "0.1", 0)]),
        row(5, &[text("B5", "Alan, M."), number("D5", "20000", 1), number("F5", "2.5", 0)]),
        row(9, &[text("B9", "Grace"), number("C9", "85", 0), "<c r=\"D9\" t=\"e\"><v>#N/A</v></c>".into()]),
    ];
    let (_folder, path) = workbook(&rows.concat());
    let reading = read(&path, &ReadOptions::default(), &Silent).unwrap();
    assert_eq!(
        as_csv(&reading.table),
        "name,age,born,share\nAda,36,1927-05-18,0.1\n\"Alan, M.\",,1954-10-03,2.5\nGrace,85,,\n"
    );
    let messages: Vec<String> = reading.warnings.iter().map(ToString::to_string).collect();
    assert!(
        messages.iter().any(|message| message.contains("empty rows") && message.ends_with("(3)")),
        "{messages:?}"
    );
    assert!(
        messages.iter().any(|message| message.contains("error") && message.ends_with("(1)")),
        "{messages:?}"
    );
}

#[test]
fn sheets_are_chosen_by_name() {
    let (_folder, path) = workbook(&row(1, &[text("A1", "a")]));
    let of = |sheet: &str| {
        read(&path, &ReadOptions { sheet: Some(sheet.into()), ..ReadOptions::default() }, &Silent)
    };
    assert_eq!(as_csv(&of("Other").unwrap().table), "only\n7\n");
    match of("Missing") {
        Err(error @ Error::NoSheet { .. }) => {
            assert!(error.to_string().ends_with("it has \"People\", \"Other\""), "{error}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn far_corners_and_empty_sheets() {
    let far =
        [row(1, &[text("A1", "a"), text("XFD1", "b")]), row(1_048_576, &[number("XFD1048576", "1", 0)])];
    let (_folder, path) = workbook(&far.concat());
    assert_eq!(as_csv(&read(&path, &ReadOptions::default(), &Silent).unwrap().table), "a,b\n,1\n");
    let (_folder, path) = workbook("");
    assert!(matches!(read(&path, &ReadOptions::default(), &Silent), Err(Error::EmptyFile { .. })));
}

#[test]
fn packed_bombs_are_refused() {
    use std::io::Write;
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&vec![b' '; 1 << 20]).unwrap();
    let packed = encoder.finish().unwrap();
    let mut bytes = b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0".to_vec();
    bytes.extend((packed.len() as u32).to_le_bytes());
    bytes.extend((1u32 << 20).to_le_bytes());
    bytes.extend([1, 0, 0, 0, b'x']);
    bytes.extend(&packed);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bomb.xlsx");
    std::fs::write(&path, bytes).unwrap();
    let options = ReadOptions { decompressed_limit: Some(1000), ..ReadOptions::default() };
    assert!(matches!(read(&path, &options, &Silent), Err(Error::DecompressedTooLarge { .. })));
}
