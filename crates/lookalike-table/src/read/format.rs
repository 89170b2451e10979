use std::path::Path;

/// The formats that tables are kept in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FileFormat {
    /// Text with a delimiter between fields, which is detected when reading and a comma when writing.
    Csv,
    /// Text with tabs between fields.
    Tsv,
    /// One JSON object per line, or (when reading) one array of objects.
    JsonLines,
    /// A spreadsheet: xlsx, xlsb, xls or ods. Read only.
    Excel,
    /// Apache Parquet.
    Parquet,
    /// Arrow IPC, as a file (Feather 2) or a stream.
    ArrowIpc,
}

/// What the first bytes of a file can be told from.
pub(crate) const MAGIC_LENGTH: usize = 8;

impl FileFormat {
    /// The word for this format in options and messages.
    pub fn name(self) -> &'static str {
        match self {
            FileFormat::Csv => "csv",
            FileFormat::Tsv => "tsv",
            FileFormat::JsonLines => "jsonl",
            FileFormat::Excel => "excel",
            FileFormat::Parquet => "parquet",
            FileFormat::ArrowIpc => "arrow",
        }
    }

    /// The format that [`name`](Self::name), or a usual file extension, stands for.
    ///
    /// ```
    /// use lookalike_table::read::FileFormat;
    /// assert_eq!(FileFormat::from_name("parquet"), Some(FileFormat::Parquet));
    /// assert_eq!(FileFormat::from_name("ndjson"), Some(FileFormat::JsonLines));
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "csv" | "txt" | "data" => FileFormat::Csv,
            "tsv" | "tab" => FileFormat::Tsv,
            "jsonl" | "ndjson" | "json" => FileFormat::JsonLines,
            "excel" | "xlsx" | "xlsm" | "xlsb" | "xls" | "ods" => FileFormat::Excel,
            "parquet" | "pq" => FileFormat::Parquet,
            "arrow" | "ipc" | "feather" | "arrows" => FileFormat::ArrowIpc,
            _ => return None,
        })
    }

    /// The format that a file's name suggests, not counting `.gz` or `.zst` at its end.
    pub fn from_path(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        let name = Compression::of_name(name).map_or(name, |(_, stem)| stem);
        Self::from_name(name.rsplit_once('.')?.1)
    }

    /// The format that a file's first bytes prove, if they prove one.
    pub(crate) fn from_magic(bytes: &[u8]) -> Option<Self> {
        const OLE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
        if bytes.starts_with(b"PAR1") {
            Some(FileFormat::Parquet)
        } else if bytes.starts_with(b"ARROW1") || bytes.starts_with(&[0xff, 0xff, 0xff, 0xff]) {
            // A stream begins with the continuation marker of its first message.
            Some(FileFormat::ArrowIpc)
        } else if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(OLE) {
            Some(FileFormat::Excel)
        } else {
            None
        }
    }

    /// True for formats that are text inside.
    pub(crate) fn is_text(self) -> bool {
        matches!(self, FileFormat::Csv | FileFormat::Tsv | FileFormat::JsonLines)
    }
}

/// How a text file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compression {
    Gzip,
    Zstd,
}

impl Compression {
    /// The compression that the first bytes prove.
    pub(crate) fn from_magic(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(&[0x1f, 0x8b]) {
            Some(Compression::Gzip)
        } else if bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            Some(Compression::Zstd)
        } else {
            None
        }
    }

    /// The compression that a file name's end asks for, and the name without that end.
    pub(crate) fn of_name(name: &str) -> Option<(Self, &str)> {
        let (stem, end) = name.rsplit_once('.')?;
        match end.to_ascii_lowercase().as_str() {
            "gz" | "gzip" => Some((Compression::Gzip, stem)),
            "zst" | "zstd" => Some((Compression::Zstd, stem)),
            _ => None,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_formats() {
        let of = |name: &str| FileFormat::from_path(Path::new(name));
        assert_eq!(of("a/b.csv"), Some(FileFormat::Csv));
        assert_eq!(of("a.b/c.TSV.gz"), Some(FileFormat::Tsv));
        assert_eq!(of("x.jsonl.zst"), Some(FileFormat::JsonLines));
        assert_eq!(of("x.xls"), Some(FileFormat::Excel));
        assert_eq!(of("x.unknown"), None);
        assert_eq!(of("csv"), None);
        assert_eq!(of("x.gz"), None);
    }

    #[test]
    fn every_format_is_found_by_its_own_name() {
        for format in [
            FileFormat::Csv,
            FileFormat::Tsv,
            FileFormat::JsonLines,
            FileFormat::Excel,
            FileFormat::Parquet,
            FileFormat::ArrowIpc,
        ] {
            assert_eq!(FileFormat::from_name(format.name()), Some(format));
        }
    }
}
