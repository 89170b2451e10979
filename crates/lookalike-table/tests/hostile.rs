//! Damaged binary files are read or refused: no panic, and no request for memory out of all proportion.

mod workbook;

use std::alloc::{GlobalAlloc, Layout, System};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::LazyLock;

use lookalike_core::Silent;
use lookalike_table::read::{FileFormat, ReadOptions, read};
use lookalike_table::write::Writer;
use lookalike_table::{Error, Result};
use proptest::prelude::*;

/// The most that may be asked for at once. The files here have a few kilobytes; what they unpack to is believed up to
/// 64 MB, a page of Parquet up to 2 GB, which is the most that its format can say.
const MOST: usize = 2 << 30;

/// Refuses what is out of proportion, which ends the test.
struct Proportionate;

#[expect(unsafe_code, reason = "there is no other way to see what is asked of the allocator")]
// SAFETY: every call is passed on as it is, or refused as an allocator may.
unsafe impl GlobalAlloc for Proportionate {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.size() > MOST {
            return std::ptr::null_mut();
        }
        // SAFETY: the caller keeps what it has to.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the pointer is from `alloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Proportionate = Proportionate;

/// A table with a column of every kind, in this format.
fn written(name: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let (text, path) = (folder.path().join("t.csv"), folder.path().join(name));
    let mut rows = "id,age,city,member,joined,price,note\n".to_owned();
    for row in 0..60 {
        let city = ["Oslo", "Rome", ""][row % 3];
        let member = ["yes", "no"][row % 2];
        let _ = writeln!(
            rows,
            "K{row:03},{row},{city},{member},2020-01-{:02},{}.25,some note {row}",
            1 + row % 28,
            row * 3
        );
    }
    std::fs::write(&text, rows).unwrap();
    let table = read(&text, &ReadOptions::default(), &Silent).unwrap().table;
    let mut writer = Writer::create(&path, None, table.schema()).unwrap();
    writer.write(&table).unwrap();
    writer.finish().unwrap();
    std::fs::read(path).unwrap()
}

fn sheet() -> String {
    use workbook::{number, row, text};
    let mut rows = row(1, &[text("A1", "name"), text("B1", "age"), text("C1", "born")]);
    for line in 2..20 {
        let cells = [
            text(&format!("A{line}"), &format!("n{line}")),
            number(&format!("B{line}"), &format!("{line}.5"), 0),
            number(&format!("C{line}"), &format!("{}", 10_000 + line), 1),
        ];
        rows += &row(line, &cells);
    }
    rows
}

static PARQUET: LazyLock<Vec<u8>> = LazyLock::new(|| written("t.parquet"));
static ARROW_FILE: LazyLock<Vec<u8>> = LazyLock::new(|| written("t.arrow"));
static ARROW_STREAM: LazyLock<Vec<u8>> = LazyLock::new(|| written("t.arrows"));
static EXCEL: LazyLock<Vec<u8>> = LazyLock::new(|| workbook::bytes(&sheet()));

/// What is done to a file: bytes that are replaced, and the share of it that is left.
#[derive(Debug, Clone)]
struct Damage {
    bytes: Vec<(prop::sample::Index, u8)>,
    left: Option<prop::sample::Index>,
}

fn damage() -> impl Strategy<Value = Damage> {
    let byte = prop_oneof![any::<u8>(), Just(0), Just(0x7f), Just(0x80), Just(0xff)];
    let bytes = prop::collection::vec((any::<prop::sample::Index>(), byte), 0..6);
    let left = prop::option::weighted(0.1, any::<prop::sample::Index>());
    (bytes, left).prop_map(|(bytes, left)| Damage { bytes, left })
}

fn read_damaged(whole: &[u8], damage: &Damage, format: FileFormat) -> Result<()> {
    let mut bytes = whole.to_vec();
    for (place, byte) in &damage.bytes {
        let place = place.index(bytes.len());
        bytes[place] = *byte;
    }
    bytes.truncate(damage.left.map_or(bytes.len(), |left| left.index(whole.len())));
    read_bytes(&bytes, format)
}

fn read_bytes(bytes: &[u8], format: FileFormat) -> Result<()> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged");
    std::fs::write(&path, bytes).unwrap();
    let options = ReadOptions { format: Some(format), ..ReadOptions::default() };
    read(Path::new(&path), &options, &Silent).map(|_| ())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parquet(damage in damage()) {
        let _ = read_damaged(&PARQUET, &damage, FileFormat::Parquet);
    }

    #[test]
    fn arrow_files(damage in damage()) {
        let _ = read_damaged(&ARROW_FILE, &damage, FileFormat::ArrowIpc);
    }

    #[test]
    fn arrow_streams(damage in damage()) {
        let _ = read_damaged(&ARROW_STREAM, &damage, FileFormat::ArrowIpc);
    }

    #[test]
    fn spreadsheets(damage in damage()) {
        let _ = read_damaged(&EXCEL, &damage, FileFormat::Excel);
    }

    /// The archive is whole, what it holds is not.
    #[test]
    fn sheets_of_whole_archives(damage in damage()) {
        let mut rows = sheet().into_bytes();
        for (place, byte) in &damage.bytes {
            let place = place.index(rows.len());
            rows[place] = *byte;
        }
        let _ = read_bytes(&workbook::bytes(&String::from_utf8_lossy(&rows)), FileFormat::Excel);
    }
}

#[test]
fn whole_files_are_read_and_cut_ones_are_damaged() {
    for (whole, format) in [
        (&*PARQUET, FileFormat::Parquet),
        (&*ARROW_FILE, FileFormat::ArrowIpc),
        (&*ARROW_STREAM, FileFormat::ArrowIpc),
        (&*EXCEL, FileFormat::Excel),
    ] {
        read_bytes(whole, format).unwrap();
        let cut = read_bytes(&whole[..whole.len() / 2], format);
        assert!(matches!(cut, Err(Error::Damaged { .. })), "{format:?}: {cut:?}");
    }
}

#[test]
fn sizes_beyond_the_file_are_not_believed() {
    // The length of the footer, then that of the first message.
    let mut file = ARROW_FILE.clone();
    let end = file.len();
    file[end - 10..end - 6].copy_from_slice(&i32::MAX.to_le_bytes());
    assert!(matches!(read_bytes(&file, FileFormat::ArrowIpc), Err(Error::Damaged { .. })));
    let mut stream = ARROW_STREAM.clone();
    stream[4..8].copy_from_slice(&i32::MAX.to_le_bytes());
    assert!(matches!(read_bytes(&stream, FileFormat::ArrowIpc), Err(Error::Damaged { .. })));
}
