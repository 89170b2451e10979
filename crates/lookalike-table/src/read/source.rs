use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::format::{Compression, MAGIC_LENGTH};
use crate::error::{Error, Result};

/// Compressed text may become this large whatever its compressed size.
const ALWAYS_ALLOWED: u64 = 1 << 30;
/// Beyond [`ALWAYS_ALLOWED`], compressed text may become this many times larger than it is.
const ALLOWED_RATIO: u64 = 100;

/// An opened file or standard input, its first bytes known, decompressed where its first bytes say so.
pub(crate) struct Source {
    pub(crate) path: PathBuf,
    /// The first bytes after decompression.
    pub(crate) magic: Vec<u8>,
    /// Bytes of the file, where that is known.
    pub(crate) size: Option<u64>,
    /// How many bytes of the file have been read, for progress.
    pub(crate) consumed: Arc<AtomicU64>,
    pub(crate) compression: Option<Compression>,
    /// All bytes, those of `magic` first.
    pub(crate) reader: Box<dyn Read + Send>,
}

impl Source {
    /// Opens `path`, where `-` is standard input. `limit` replaces the usual limit on decompressed bytes.
    pub(crate) fn open(path: &Path, limit: Option<u64>) -> Result<Self> {
        let (inner, size): (Box<dyn Read + Send>, _) = if path == Path::new("-") {
            (Box::new(io::stdin()), None)
        } else {
            let file = File::open(path).map_err(|source| read_error(path, source))?;
            let metadata = file.metadata().map_err(|source| read_error(path, source))?;
            (Box::new(file), metadata.is_file().then_some(metadata.len()))
        };
        Self::of_reader(path, inner, size, limit)
    }

    fn of_reader(
        path: &Path,
        inner: Box<dyn Read + Send>,
        size: Option<u64>,
        limit: Option<u64>,
    ) -> Result<Self> {
        let consumed = Arc::new(AtomicU64::new(0));
        let mut reader: Box<dyn Read + Send> = Box::new(Counted { inner, consumed: consumed.clone() });
        let mut magic = peek(&mut reader, MAGIC_LENGTH).map_err(|source| read_error(path, source))?;
        reader = Box::new(io::Cursor::new(magic.clone()).chain(reader));
        let compression = Compression::from_magic(&magic);
        if let Some(compression) = compression {
            let buffered = BufReader::with_capacity(1 << 18, reader);
            let plain: Box<dyn Read + Send> = match compression {
                Compression::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(buffered)),
                Compression::Zstd => Box::new(
                    zstd::stream::read::Decoder::with_buffer(buffered)
                        .map_err(|source| read_error(path, source))?,
                ),
            };
            reader = Box::new(Guarded { inner: plain, produced: 0, consumed: consumed.clone(), limit });
            magic = peek(&mut reader, MAGIC_LENGTH)
                .map_err(|source| decompression_error(path, Some(compression), source))?;
            reader = Box::new(io::Cursor::new(magic.clone()).chain(reader));
        }
        Ok(Source { path: path.to_owned(), magic, size, consumed, compression, reader })
    }

    /// The crate's error for an error of [`reader`](Self::reader).
    pub(crate) fn error(&self, source: io::Error) -> Error {
        decompression_error(&self.path, self.compression, source)
    }
}

impl std::fmt::Debug for Source {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Source").field("path", &self.path).finish_non_exhaustive()
    }
}

pub(crate) fn read_error(path: &Path, source: io::Error) -> Error {
    Error::Io { action: "read", path: path.to_owned(), source }
}

pub(crate) fn decompression_error(path: &Path, compression: Option<Compression>, source: io::Error) -> Error {
    if let Some(TooLarge { limit }) = source.get_ref().and_then(|inner| inner.downcast_ref::<TooLarge>()) {
        return Error::DecompressedTooLarge { path: path.to_owned(), limit: *limit };
    }
    match compression {
        // What the system reports has a number; what a decompressor finds has none.
        Some(compression) if source.raw_os_error().is_none() => Error::Damaged {
            path: path.to_owned(),
            format: compression.name(),
            problem: match source.kind() {
                io::ErrorKind::UnexpectedEof => "it ends too early".to_owned(),
                _ => "its compressed data is corrupt".to_owned(),
            },
        },
        _ => read_error(path, source),
    }
}

/// Up to `length` bytes from the beginning, fewer only at the end.
fn peek(reader: &mut dyn Read, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(length);
    reader.take(length as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

struct Counted<R> {
    inner: R,
    consumed: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.consumed.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Ends with an error when far more comes out of a decompressor than goes in.
struct Guarded<R> {
    inner: R,
    produced: u64,
    consumed: Arc<AtomicU64>,
    limit: Option<u64>,
}

#[derive(Debug, thiserror::Error)]
#[error("decompresses to more than {limit} bytes")]
struct TooLarge {
    limit: u64,
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.produced += count as u64;
        let limit = self.limit.unwrap_or_else(|| {
            ALWAYS_ALLOWED.max(self.consumed.load(Ordering::Relaxed).saturating_mul(ALLOWED_RATIO))
        });
        if self.produced > limit {
            return Err(io::Error::other(TooLarge { limit }));
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn open(bytes: Vec<u8>, limit: Option<u64>) -> Result<Vec<u8>> {
        let mut source = Source::of_reader(Path::new("x"), Box::new(io::Cursor::new(bytes)), None, limit)?;
        let mut text = Vec::new();
        match source.reader.read_to_end(&mut text) {
            Ok(_) => Ok(text),
            Err(error) => Err(source.error(error)),
        }
    }

    #[test]
    fn compressed_text_comes_out_plain() {
        let several_members = [gzip(b"a,b\n"), gzip(b"1,2\n")].concat();
        assert_eq!(open(several_members, None).unwrap(), b"a,b\n1,2\n");
        let frames =
            [zstd::encode_all(&b"a,b\n"[..], 1).unwrap(), zstd::encode_all(&b"1\n"[..], 1).unwrap()].concat();
        assert_eq!(open(frames, None).unwrap(), b"a,b\n1\n");
        assert_eq!(open(b"plain".to_vec(), Some(1)).unwrap(), b"plain");
        assert_eq!(open(Vec::new(), None).unwrap(), b"");
    }

    #[test]
    fn bombs_and_damage_are_refused() {
        let bomb = gzip(&vec![b'x'; 1 << 20]);
        assert!(matches!(open(bomb, Some(1000)), Err(Error::DecompressedTooLarge { limit: 1000, .. })));
        let mut cut = gzip(&b"some text, some more, and yet some more".repeat(10));
        cut.truncate(cut.len() - 10);
        assert!(matches!(open(cut, None), Err(Error::Damaged { format: "gzip", .. })));
        let mut cut = zstd::encode_all(&b"some text, some more, and yet some more"[..], 1).unwrap();
        cut.truncate(cut.len() - 10);
        assert!(matches!(open(cut, None), Err(Error::Damaged { format: "zstd", .. })));
    }
}
