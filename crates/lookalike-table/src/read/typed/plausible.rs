//! Whether the sizes that a file says of its parts can be true.
//!
//! The readers of Parquet and Arrow IPC make room for as much as a file says before they read it. A few wrong bits would
//! make them ask for more memory than there is, which ends the program and cannot be caught.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use arrow_ipc::{self as ipc, Block, Message, RecordBatch};
use arrow_schema::ArrowError;
use bytes::Bytes;
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};

/// Data that says to unpack to less than this is believed.
const ALWAYS_ALLOWED: u64 = 64 << 20;
/// Beyond [`ALWAYS_ALLOWED`], data may unpack to this many times its size: a constant column nearly does.
const ALLOWED_RATIO: u64 = 100_000;

/// A Parquet file of which nothing is asked that it does not hold.
pub(super) struct Bounded(pub(super) File);

impl Length for Bounded {
    fn len(&self) -> u64 {
        Length::len(&self.0)
    }
}

impl ChunkReader for Bounded {
    type T = BufReader<File>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        self.0.get_read(start)
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        if start.checked_add(length as u64).is_none_or(|end| end > Length::len(self)) {
            return Err(ParquetError::EOF("a part of it lies beyond its end".into()));
        }
        self.0.get_bytes(start, length)
    }
}

/// Checks an Arrow IPC file or stream, and rewinds it.
pub(super) fn check_arrow(file: &mut File, is_stream: bool) -> Result<(), ArrowError> {
    let length = file.metadata()?.len();
    let mut parts = Parts { file: BufReader::new(file), length };
    if is_stream {
        parts.check_stream()?;
    } else {
        parts.check_file()?;
    }
    parts.file.rewind()?;
    Ok(())
}

struct Parts<'a> {
    file: BufReader<&'a mut File>,
    length: u64,
}

impl Parts<'_> {
    fn check_file(&mut self) -> Result<(), ArrowError> {
        const TAIL: u64 = 10;
        let tail: [u8; 4] = self.read(self.length.checked_sub(TAIL).ok_or_else(implausible)?)?;
        let footer_length = u64::try_from(i32::from_le_bytes(tail)).map_err(|_| implausible())?;
        let start = (self.length - TAIL).checked_sub(footer_length).ok_or_else(implausible)?;
        let footer = self.bytes(start, footer_length)?;
        let footer = ipc::root_as_footer(&footer).map_err(|_| implausible())?;
        let blocks = footer.dictionaries().into_iter().flatten();
        for block in blocks.chain(footer.recordBatches().into_iter().flatten()) {
            self.check_block(block)?;
        }
        Ok(())
    }

    fn check_block(&mut self, block: &Block) -> Result<(), ArrowError> {
        let number = |number: i64| u64::try_from(number).map_err(|_| implausible());
        let (start, body_length) = (number(block.offset())?, number(block.bodyLength())?);
        let head_length = number(block.metaDataLength().into())?;
        let body = start.checked_add(head_length).ok_or_else(implausible)?;
        if body.checked_add(body_length).is_none_or(|end| end > self.length) {
            return Err(implausible());
        }
        let head = self.bytes(start, head_length)?;
        let prefix = if head.starts_with(&[0xff; 4]) { 8 } else { 4 };
        let message = ipc::root_as_message(head.get(prefix..).ok_or_else(implausible)?);
        self.check_message(message.map_err(|_| implausible())?, body, body_length)
    }

    fn check_stream(&mut self) -> Result<(), ArrowError> {
        let mut at = 0;
        while at + 4 <= self.length {
            let mut size: [u8; 4] = self.read(at)?;
            at += 4;
            if size == [0xff; 4] {
                size = self.read(at)?;
                at += 4;
            }
            let size = u64::try_from(i32::from_le_bytes(size)).map_err(|_| implausible())?;
            if size == 0 {
                break;
            }
            let head = self.bytes(at, size)?;
            let message = ipc::root_as_message(&head).map_err(|_| implausible())?;
            let body_length = u64::try_from(message.bodyLength()).map_err(|_| implausible())?;
            at += size;
            if at.checked_add(body_length).is_none_or(|end| end > self.length) {
                return Err(implausible());
            }
            self.check_message(message, at, body_length)?;
            at += body_length;
        }
        Ok(())
    }

    fn check_message(&mut self, message: Message<'_>, body: u64, body_length: u64) -> Result<(), ArrowError> {
        let batch = message
            .header_as_record_batch()
            .or_else(|| message.header_as_dictionary_batch().and_then(|dictionary| dictionary.data()));
        match batch {
            Some(batch) => self.check_batch(batch, body, body_length),
            None => Ok(()),
        }
    }

    fn check_batch(&mut self, batch: RecordBatch<'_>, body: u64, body_length: u64) -> Result<(), ArrowError> {
        let is_row_count = |rows: i64| (0..=i64::from(i32::MAX)).contains(&rows);
        let mut nodes = batch.nodes().into_iter().flatten();
        if !is_row_count(batch.length()) || !nodes.all(|node| is_row_count(node.length())) {
            return Err(implausible());
        }
        if batch.compression().is_none() {
            return Ok(());
        }
        for buffer in batch.buffers().into_iter().flatten() {
            let packed = u64::try_from(buffer.length()).map_err(|_| implausible())?;
            let offset = u64::try_from(buffer.offset()).map_err(|_| implausible())?;
            if offset.checked_add(packed).is_none_or(|end| end > body_length) {
                return Err(implausible());
            }
            if packed >= 8 {
                let unpacked = i64::from_le_bytes(self.read(body + offset)?);
                let allowed = ALWAYS_ALLOWED.max(packed.saturating_mul(ALLOWED_RATIO));
                // Minus one says that the data is not packed.
                if unpacked > 0 && unpacked as u64 > allowed {
                    return Err(implausible());
                }
            }
        }
        Ok(())
    }

    fn read<const N: usize>(&mut self, at: u64) -> Result<[u8; N], ArrowError> {
        self.seek(at)?;
        let mut bytes = [0; N];
        self.file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// Makes room for no more than there is.
    fn bytes(&mut self, at: u64, length: u64) -> Result<Vec<u8>, ArrowError> {
        if at.checked_add(length).is_none_or(|end| end > self.length) {
            return Err(implausible());
        }
        self.seek(at)?;
        let mut bytes = Vec::new();
        (&mut self.file).take(length).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Within what is at hand where that is possible.
    fn seek(&mut self, at: u64) -> io::Result<()> {
        let now = self.file.stream_position()?;
        match i64::try_from(at).ok().zip(i64::try_from(now).ok()) {
            Some((at, now)) => self.file.seek_relative(at - now),
            None => self.file.seek(SeekFrom::Start(at)).map(|_| ()),
        }
    }
}

fn implausible() -> ArrowError {
    ArrowError::IpcError("its parts do not have the sizes that it says".into())
}
