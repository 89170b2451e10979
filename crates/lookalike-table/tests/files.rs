//! Whole files: what is read is written again as it was, and odd input gets the right result or a clear sentence.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lookalike_core::{Progress, Silent};
use lookalike_table::read::{FileFormat, ReadOptions, Reading, read};
use lookalike_table::write::Writer;
use lookalike_table::{Error, Result, Table};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Folder(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.0.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn reading(path: &Path) -> Result<Reading> {
    read(path, &ReadOptions::default(), &Silent)
}

fn table(path: &Path) -> Table {
    reading(path).unwrap().table
}

fn write_to(path: &Path, table: &Table) -> Result<()> {
    let mut writer = Writer::create(path, None, table.schema())?;
    writer.write(table)?;
    writer.finish()
}

/// The table as JSON lines: a view of values and missing ones that does not depend on how they are stored.
fn as_json(table: &Table) -> String {
    let folder = Folder::new();
    let path = folder.path("t.jsonl");
    write_to(&path, table).unwrap();
    fs::read_to_string(path).unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn text_is_written_as_it_was() {
    let samples = [
        "age,job,income\n39,clerk,1.50\n50,boss,2.25\n38,?,1.00\n41,clerk,?\n",
        "id;Größe;wann\r\n007;1,50;31.12.1999\r\n008;2,75;01.01.2000\r\n009;1,00;15.06.2001\r\n",
        "39, State-gov, 77516\n50, Private, 83311\n38, ?, 215646\n",
        "\"name\",\"n\"\n\"Ada\",1\n\"Alan, M.\",2\n\"say \"\"hi\"\"\",3\n",
        "\"a\",\"b\"\n\"x\",\"1\"\n\"y\",\"2\"\n",
        "a\tb\nx, y\t1\nz\t22\n",
        "text\nhello\n\"\"\nworld\n",
        "\u{feff}a,b\nx,1\ny,2\n",
        "f\n=1+1\n@SUM(A1)\n+x\n-y\n",
        "zip,price,ok\n01234,$5.00,yes\n00501,$10.25,no\n99999,$0.10,yes\n",
        "t\n2020-01-31T10:00:00Z\n2020-02-01T11:30:00Z\n2020-02-02T00:00:00Z\n",
        "e,x\n😀,1\nüñí,2\n漢字,3\n",
    ];
    let folder = Folder::new();
    for sample in samples {
        let original = folder.file("original.csv", sample);
        let copy = folder.path("copy.csv");
        write_to(&copy, &table(&original)).unwrap();
        assert_eq!(fs::read_to_string(&copy).unwrap(), sample);
    }
}

#[test]
fn encodings_are_kept() {
    let folder = Folder::new();
    let text = "name,n\ncafé crème,1\ndéjà vu,2\nà la carte,3\n";
    let latin: Vec<u8> = text.chars().map(|letter| letter as u8).collect();
    let wide: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [latin, wide, text.as_bytes().to_vec()] {
        let original = folder.file("original.csv", &bytes);
        let read = table(&original);
        assert!(as_json(&read).contains("café crème"));
        let copy = folder.path("copy.csv");
        write_to(&copy, &read).unwrap();
        assert_eq!(fs::read(&copy).unwrap(), bytes);
    }
}

#[test]
fn compression_goes_by_content_and_name() {
    let folder = Folder::new();
    let text = b"a,b\nx,1\ny,2\n";
    // A misleading name does no harm.
    let packed = folder.file("t.csv", [gzip(&text[..4]), gzip(&text[4..])].concat());
    let expected = as_json(&table(&folder.file("plain.csv", text)));
    assert_eq!(as_json(&table(&packed)), expected);
    for name in ["copy.csv.gz", "copy.csv.zst", "copy.jsonl.zst"] {
        let copy = folder.path(name);
        write_to(&copy, &table(&packed)).unwrap();
        assert_eq!(as_json(&table(&copy)), expected);
        let first = fs::read(&copy).unwrap()[..2].to_vec();
        assert_eq!(first, if name.ends_with("gz") { [0x1f, 0x8b] } else { [0x28, 0xb5] });
    }
    let bomb = folder.file("bomb.csv.gz", gzip("a,b\n".repeat(100_000).as_bytes()));
    let options = ReadOptions { decompressed_limit: Some(1000), ..ReadOptions::default() };
    assert!(matches!(read(&bomb, &options, &Silent), Err(Error::DecompressedTooLarge { .. })));
}

#[test]
fn all_formats_keep_values() {
    let folder = Folder::new();
    let original = folder.file(
        "t.csv",
        "k,when,x,flag,level,note\n\
         1,2020-01-01,1.5,true,a,first thing\n\
         2,2020-01-02,,false,b,second thing\n\
         3,,2.25,true,a,\n\
         4,1650-07-04,-3.75,,b,fourth thing here\n",
    );
    let read = table(&original);
    let expected = as_json(&read);
    for name in ["t.parquet", "t.arrow", "t.arrows", "t.jsonl", "t.tsv"] {
        let copy = folder.path(name);
        write_to(&copy, &read).unwrap();
        let again = table(&copy);
        assert_eq!(again.n_rows(), 4, "{name}");
        assert_eq!(as_json(&again), expected, "{name}");
        // And typed files come back with the types that they had.
        let second = folder.path(&format!("second-{name}"));
        write_to(&second, &again).unwrap();
        assert_eq!(fs::read(&second).unwrap(), fs::read(&copy).unwrap(), "{name}");
    }
}

#[test]
fn a_folder_of_parquet_is_one_table() {
    let folder = Folder::new();
    let first = table(&folder.file("a.csv", "n,s\n1,x\n2,y\n"));
    let second = table(&folder.file("b.csv", "n,s\n3,x\n4,z\n"));
    let other = table(&folder.file("c.csv", "n,t\n3,x\n"));
    let parts = folder.path("parts");
    fs::create_dir(&parts).unwrap();
    assert!(matches!(reading(&parts), Err(Error::EmptyFolder { .. })));
    write_to(&parts.join("2.parquet"), &second).unwrap();
    write_to(&parts.join("1.parquet"), &first).unwrap();
    fs::write(parts.join("_SUCCESS"), "").unwrap();
    let both = table(&parts);
    assert_eq!(both.n_rows(), 4);
    assert_eq!(as_json(&both).lines().next(), as_json(&first).lines().next());
    write_to(&parts.join("3.parquet"), &other).unwrap();
    assert!(matches!(reading(&parts), Err(Error::MixedFolder { .. })));
}

#[test]
fn json_keeps_numbers_and_nesting() {
    let folder = Folder::new();
    let lines =
        "{\"a\":1,\"b\":\"x\",\"c\":true,\"d\":\"1\"}\n{\"a\":2,\"b\":\"y\",\"c\":false,\"d\":\"2\"}\n";
    let path = folder.file("t.jsonl", lines);
    assert_eq!(as_json(&table(&path)), lines);
    let nested = reading(&folder.file("n.json", "[{\"a\":{\"b\":[1,2]}},{\"a\":null}]")).unwrap();
    assert_eq!(nested.table.n_rows(), 2);
    assert_eq!(nested.warnings.iter().filter(|warning| warning.column.as_deref() == Some("a")).count(), 1);
    let repeated = table(&folder.file("r.csv", "a,a\n1,2\n3,4\n"));
    assert!(matches!(
        Writer::create(&folder.path("r.jsonl"), None, repeated.schema()),
        Err(Error::RepeatedName { format: "JSON", .. })
    ));
}

#[test]
fn odd_tables_are_read() {
    let folder = Folder::new();
    for (text, n_rows, n_columns) in [
        ("a,b\n", 0, 2),
        ("a,b\n1,2\n", 1, 2),
        ("a\n1\n2\n", 2, 1),
        ("a,b\n,\n,\n", 2, 2),
        ("a,b\nx,1\nx,1\n", 2, 2),
        ("a,,a\n1,2,3\n4,5,6\n", 2, 3),
        ("n\n1e308\n-1e308\ninf\n", 3, 1),
        ("=cmd,<b>\n=1+1,@x\n+2,-y\n", 2, 2),
    ] {
        let read = table(&folder.file("t.csv", text));
        assert_eq!((read.n_rows(), read.n_columns()), (n_rows, n_columns), "{text:?}");
        let copy = folder.path("copy.csv");
        write_to(&copy, &read).unwrap();
        assert_eq!(fs::read_to_string(&copy).unwrap(), text);
    }
    let wide: Vec<String> = (0..2000).map(|number| format!("c{number}")).collect();
    let cells = vec!["7"; 2000].join(",");
    let wide = folder.file("wide.csv", format!("{}\n{cells}\n{cells}\n", wide.join(",")));
    assert_eq!(table(&wide).n_columns(), 2000);
    let large = folder.file("large.csv", format!("a,b\n1,{}\n2,y\n", "x".repeat(10 << 20)));
    assert_eq!(table(&large).n_rows(), 2);
}

#[test]
fn what_cannot_be_read_says_so() {
    let folder = Folder::new();
    let message = |path: &Path| reading(path).unwrap_err().to_string();
    assert!(matches!(reading(&folder.path("absent.csv")), Err(Error::Io { action: "read", .. })));
    assert!(message(&folder.file("e.csv", "")).contains("is empty"));
    assert!(message(&folder.file("e.parquet", "")).contains("is empty"));
    assert!(message(&folder.file("e.arrow", "")).contains("is empty"));
    assert!(message(&folder.file("e.xlsx", "")).contains("is empty"));
    assert!(message(&folder.file("e.jsonl", "")).contains("is empty"));
    assert!(message(&folder.file("r.csv", "a,b\n1,2\n3\n")).contains("line 3"));
    assert!(
        message(&folder.file("p.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01"))
            .contains("neither text nor")
    );
    assert!(matches!(reading(&folder.file("d.parquet", b"PAR1xxxxxxPAR1")), Err(Error::Damaged { .. })));
    assert!(matches!(reading(&folder.file("d.arrow", b"ARROW1\0\0xxxxxxxx")), Err(Error::Damaged { .. })));
    assert!(matches!(reading(&folder.file("d.xlsx", b"PK\x03\x04xxxxxxxx")), Err(Error::Damaged { .. })));
    let sheet = ReadOptions { sheet: Some("Data".into()), ..ReadOptions::default() };
    assert!(matches!(
        read(&folder.file("t.csv", "a\n1\n"), &sheet, &Silent),
        Err(Error::NotASpreadsheet { .. })
    ));
}

#[test]
fn a_given_schema_is_obeyed() {
    let folder = Folder::new();
    let first = table(&folder.file("a.csv", "n,s\n1,x\n2,y\n1,x\n5,y\n"));
    let options = ReadOptions { schema: Some(first.schema().as_ref().clone()), ..ReadOptions::default() };
    let other = folder.file("b.csv", "s,n\nx,7\nz,eight\n");
    let second = read(&other, &options, &Silent).unwrap();
    let names: Vec<&str> = second.table.schema().columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["n", "s"]);
    assert_eq!(second.invalid, [1, 0]);
    match read(&folder.file("c.csv", "n,t\n1,2\n"), &options, &Silent) {
        Err(Error::OtherColumns { missing, extra, .. }) => {
            assert_eq!((missing, extra), (vec!["s".to_owned()], vec!["t".to_owned()]));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn unfinished_files_are_not_left_behind() {
    let folder = Folder::new();
    let read = table(&folder.file("t.csv", "a,b\n1,x\n2,y\n"));
    for name in ["o.csv", "o.jsonl", "o.parquet", "o.arrow", "o.csv.gz"] {
        let path = folder.file(name, "precious");
        let mut writer = Writer::create(&path, None, read.schema()).unwrap();
        writer.write(&read).unwrap();
        drop(writer);
        assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
        fs::remove_file(&path).unwrap();
    }
    assert_eq!(folder.names(), ["t.csv"]);
    assert!(matches!(
        Writer::create(&folder.path("o.xlsx"), None, read.schema()),
        Err(Error::ExcelNotWritten { .. })
    ));
    assert!(matches!(
        Writer::create(&folder.path("no/o.csv"), None, read.schema()),
        Err(Error::NoFolder { .. })
    ));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let folder = Folder::new();
    let read = table(&folder.file("t.csv", format!("a,b\n{}", "1,x\n".repeat(50_000))));
    for format in [FileFormat::Csv, FileFormat::JsonLines, FileFormat::Parquet, FileFormat::ArrowIpc] {
        let outcome =
            Writer::create(Path::new("/dev/full"), Some(format), read.schema()).and_then(|mut writer| {
                writer.write(&read)?;
                writer.finish()
            });
        match outcome {
            Err(Error::Io { source, .. }) => {
                assert_eq!(source.kind(), std::io::ErrorKind::StorageFull, "{format:?}");
            }
            other => panic!("{format:?}: {other:?}"),
        }
    }
    Writer::create(Path::new("/dev/null"), Some(FileFormat::Parquet), read.schema())
        .unwrap()
        .finish()
        .unwrap();
}

#[test]
fn reading_can_be_stopped() {
    struct Impatient;
    impl Progress for Impatient {
        fn cancelled(&self) -> bool {
            true
        }
    }
    let folder = Folder::new();
    for (name, text) in [("t.csv", "a,b\n1,2\n"), ("t.jsonl", "{\"a\":1}\n")] {
        let path = folder.file(name, text);
        assert!(matches!(read(&path, &ReadOptions::default(), &Impatient), Err(Error::Cancelled(_))));
    }
}

#[test]
fn pieces_written_one_after_the_other_make_the_same_file() {
    let folder = Folder::new();
    let rows: Vec<String> =
        (0..20_000).map(|row| format!("{row},{},v{}\n", row as f64 / 4.0, row % 7)).collect();
    let rows = rows.concat();
    let read = table(&folder.file("t.csv", format!("n,x,s\n{rows}")));
    for name in ["whole.csv", "whole.jsonl"] {
        let (whole, pieces) = (folder.path(name), folder.path(&format!("pieces-{name}")));
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        one.install(|| write_to(&whole, &read)).unwrap();
        let mut writer = Writer::create(&pieces, None, &Arc::clone(read.schema())).unwrap();
        for start in (0..read.n_rows()).step_by(999) {
            writer.write(&read.slice(start..(start + 999).min(read.n_rows()))).unwrap();
        }
        writer.finish().unwrap();
        assert_eq!(fs::read(&whole).unwrap(), fs::read(&pieces).unwrap());
    }
}

#[test]
fn levels_of_a_column_of_numbers_that_are_words_are_written_as_texts() {
    use lookalike_table::schema::Storage;
    use lookalike_table::{Codes, Column, ColumnSchema, Kind, Levels, Schema};

    let of = |name: &str| {
        let mut column = ColumnSchema::new(name, Kind::Categorical { order: Vec::new() });
        column.storage = Storage::Int(64);
        column
    };
    let words = Levels::new(["7", "other"]);
    let codes = Levels::new(["7", "12"]);
    let columns = vec![
        Column::from_codes(vec![0, 1, Codes::MISSING], &words),
        Column::from_codes(vec![0, 1, Codes::MISSING], &codes),
    ];
    let written = Table::new(Schema::new(vec![of("a"), of("b")]).into(), columns).unwrap();
    let folder = Folder::new();
    for name in ["t.parquet", "t.arrow"] {
        let path = folder.path(name);
        write_to(&path, &written).unwrap();
        let again = table(&path);
        let stored: Vec<&Storage> = again.schema().columns.iter().map(|column| &column.storage).collect();
        assert_eq!(stored, [&Storage::Utf8, &Storage::Int(64)], "{name}");
    }
    assert_eq!(as_json(&written), "{\"a\":7,\"b\":7}\n{\"a\":\"other\",\"b\":12}\n{\"a\":null,\"b\":null}\n");
}
