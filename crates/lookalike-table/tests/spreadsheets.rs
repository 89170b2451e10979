//! Spreadsheets, made here by hand: an archive of a few files of XML.

use std::path::PathBuf;

use lookalike_core::Silent;
use lookalike_table::read::{ReadOptions, read};
use lookalike_table::write::Writer;
use lookalike_table::{Error, Table};

const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
</Types>"#;
const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>
</Relationships>"#;
const WORKBOOK: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
<sheets><sheet name="People" sheetId="1" r:id="rId1"/><sheet name="Other" sheetId="2" r:id="rId2"/></sheets></workbook>"#;
const WORKBOOK_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/>
<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>
</Relationships>"#;
/// Style 1 is the usual one of dates.
const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;
const OTHER: &str = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>only</t></is></c></row>
<row r="2"><c r="A2"><v>7</v></c></row>"#;

fn sheet(rows: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
         <sheetData>{rows}</sheetData></worksheet>"
    )
}

/// An archive of files that are not compressed.
fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for (name, content) in files {
        let mut sum = flate2::Crc::new();
        sum.update(content);
        let offset = bytes.len() as u32;
        let mut header = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        header.extend(sum.sum().to_le_bytes());
        header.extend((content.len() as u32).to_le_bytes());
        header.extend((content.len() as u32).to_le_bytes());
        header.extend((name.len() as u16).to_le_bytes());
        header.extend([0, 0]);
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&header);
        bytes.extend(name.as_bytes());
        bytes.extend(*content);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&header);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = bytes.len() as u32;
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend((files.len() as u16).to_le_bytes());
    bytes.extend((files.len() as u16).to_le_bytes());
    bytes.extend((directory.len() as u32).to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

fn workbook(rows: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.xlsx");
    let bytes = archive(&[
        ("[Content_Types].xml", CONTENT_TYPES.as_bytes()),
        ("_rels/.rels", RELATIONS.as_bytes()),
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", WORKBOOK_RELATIONS.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet(rows).as_bytes()),
        ("xl/worksheets/sheet2.xml", sheet(OTHER).as_bytes()),
    ]);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn text(cell: &str, text: &str) -> String {
    format!("<c r=\"{cell}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

fn number(cell: &str, value: &str, style: u8) -> String {
    format!("<c r=\"{cell}\" s=\"{style}\"><v>{value}</v></c>")
}

fn row(number: u32, cells: &[String]) -> String {
    format!("<row r=\"{number}\">{}</row>", cells.concat())
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
