use std::io::Read;
use std::path::Path;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::source::{Source, decompression_error};
use crate::error::{Error, Result};

/// How much text from the first byte beyond ASCII on decides about the encoding.
const SAMPLE: usize = 1 << 20;
/// Raw bytes decoded at a time.
const STEP: usize = 1 << 18;

/// Turns a source's bytes into UTF-8, whatever they were.
///
/// A byte-order mark decides; without one, text stays as it is until the first byte beyond ASCII, and the megabyte
/// from there on tells UTF-8 from legacy encodings. UTF-8 is passed on unchecked, since whoever splits it into cells
/// checks these anyway.
pub(crate) struct Decoder {
    source: Source,
    mode: Mode,
    /// Raw bytes that were read ahead.
    pending: Vec<u8>,
    ended: bool,
    bom: bool,
    /// Lines that a legacy decoder has produced.
    lines: u64,
}

enum Mode {
    Ascii,
    Utf8,
    Legacy(encoding_rs::Decoder),
}

impl Decoder {
    /// Reads the beginning of `source`, which is taken to be in the encoding called `encoding` if that is given.
    pub(crate) fn new(source: Source, encoding: Option<&str>) -> Result<Self> {
        let wanted = encoding
            .map(|name| {
                Encoding::for_label(name.as_bytes())
                    .ok_or_else(|| Error::UnknownEncoding { name: name.to_owned() })
            })
            .transpose()?;
        let mut decoder =
            Decoder { source, mode: Mode::Ascii, pending: Vec::new(), ended: false, bom: false, lines: 0 };
        decoder.read_ahead(STEP)?;
        let marked = Encoding::for_bom(&decoder.pending);
        if let Some((_, length)) = marked {
            decoder.pending.drain(..length);
            decoder.bom = true;
        }
        let chosen = marked.map(|(encoding, _)| encoding).or(wanted);
        match chosen {
            Some(encoding) => decoder.mode = Mode::of(encoding),
            None => {
                if let Some(encoding) = unmarked_utf16(&decoder.pending) {
                    decoder.mode = Mode::of(encoding);
                } else if is_binary(&decoder.pending) {
                    return Err(Error::NotATable { path: decoder.source.path.clone() });
                }
            }
        }
        Ok(decoder)
    }

    /// The encoding's name as far as it is known by now.
    pub(crate) fn encoding(&self) -> &'static str {
        match &self.mode {
            Mode::Legacy(decoder) => decoder.encoding().name(),
            Mode::Ascii | Mode::Utf8 => UTF_8.name(),
        }
    }

    /// True when the file begins with a byte-order mark.
    pub(crate) fn has_bom(&self) -> bool {
        self.bom
    }

    pub(crate) fn path(&self) -> &Path {
        &self.source.path
    }

    /// Bytes of the file, where that is known.
    pub(crate) fn size(&self) -> Option<u64> {
        self.source.size
    }

    /// How many bytes of the file have been read.
    pub(crate) fn consumed(&self) -> u64 {
        self.source.consumed.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Appends `wanted` bytes of text to `text`, or somewhat more, or fewer at the end. False at the end.
    pub(crate) fn fill(&mut self, text: &mut Vec<u8>, wanted: usize) -> Result<bool> {
        let goal = text.len() + wanted;
        while text.len() < goal {
            if let Mode::Legacy(_) = self.mode {
                if !self.decode_step(text)? {
                    return Ok(false);
                }
                continue;
            }
            let before = text.len();
            if self.pending.is_empty() {
                self.read_into(text, goal - before)?;
                if text.len() == before {
                    return Ok(false);
                }
            } else {
                let count = self.pending.len().min(goal - before);
                text.extend(self.pending.drain(..count));
            }
            if matches!(self.mode, Mode::Ascii)
                && let Some(beyond) = first_beyond_ascii(&text[before..])
            {
                let tail = text.split_off(before + beyond);
                self.pending.splice(..0, tail);
                self.decide()?;
            }
        }
        Ok(true)
    }

    /// Chooses between UTF-8 and a legacy encoding by what begins with the first byte beyond ASCII.
    fn decide(&mut self) -> Result<()> {
        self.read_ahead(SAMPLE)?;
        self.mode = if looks_like_utf8(&self.pending, self.ended) {
            Mode::Utf8
        } else {
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
            detector.feed(&self.pending, self.ended);
            Mode::of(detector.guess(None, Utf8Detection::Deny))
        };
        Ok(())
    }

    fn decode_step(&mut self, text: &mut Vec<u8>) -> Result<bool> {
        if self.pending.is_empty() && !self.ended {
            self.read_ahead(STEP)?;
        }
        let Mode::Legacy(decoder) = &mut self.mode else { return Ok(false) };
        let mut from = 0;
        loop {
            let before = text.len();
            let room = decoder
                .max_utf8_buffer_length_without_replacement(self.pending.len() - from)
                .unwrap_or(STEP * 3)
                .max(16);
            text.resize(before + room, 0);
            let (result, read, written) = decoder.decode_to_utf8_without_replacement(
                &self.pending[from..],
                &mut text[before..],
                self.ended,
            );
            text.truncate(before + written);
            from += read;
            self.lines += memchr::memchr_iter(b'\n', &text[before..]).count() as u64;
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    return Err(Error::Undecodable {
                        path: self.source.path.clone(),
                        line: self.lines + 1,
                        encoding: decoder.encoding().name().to_owned(),
                    });
                }
            }
        }
        self.pending.clear();
        if self.ended {
            // A decoder must not be used after its last call.
            self.mode_after_end();
            return Ok(false);
        }
        Ok(true)
    }

    fn mode_after_end(&mut self) {
        if let Mode::Legacy(decoder) = &self.mode {
            self.mode = Mode::of(decoder.encoding());
        }
    }

    /// Reads until `pending` holds `length` bytes or the source ends.
    fn read_ahead(&mut self, length: usize) -> Result<()> {
        let mut pending = std::mem::take(&mut self.pending);
        let missing = length.saturating_sub(pending.len());
        let outcome = self.read_into(&mut pending, missing);
        self.pending = pending;
        outcome
    }

    fn read_into(&mut self, bytes: &mut Vec<u8>, count: usize) -> Result<()> {
        if self.ended || count == 0 {
            return Ok(());
        }
        bytes.reserve(count);
        let (path, compression) = (&self.source.path, self.source.compression);
        let read = (&mut self.source.reader)
            .take(count as u64)
            .read_to_end(bytes)
            .map_err(|error| decompression_error(path, compression, error))?;
        self.ended = read < count;
        Ok(())
    }
}

impl Mode {
    fn of(encoding: &'static Encoding) -> Self {
        if encoding == UTF_8 { Mode::Utf8 } else { Mode::Legacy(encoding.new_decoder_without_bom_handling()) }
    }
}

fn first_beyond_ascii(bytes: &[u8]) -> Option<usize> {
    // The check of a whole slice is vectorised, the search for the place is not.
    bytes
        .chunks(4096)
        .position(|chunk| !chunk.is_ascii())
        .map(|chunk| chunk * 4096)
        .map(|from| from + bytes[from..].iter().position(|byte| !byte.is_ascii()).unwrap_or(0))
}

/// True when `bytes` are UTF-8 apart from at most one wrong place in ten: then the few are damage, to be reported,
/// and no other encoding.
fn looks_like_utf8(bytes: &[u8], complete: bool) -> bool {
    let (mut right, mut wrong) = (0usize, 0usize);
    let mut rest = bytes;
    loop {
        match std::str::from_utf8(rest) {
            Ok(text) => {
                right += text.bytes().filter(|byte| *byte >= 0xc0).count();
                break;
            }
            Err(error) => {
                let (valid, bad) = rest.split_at(error.valid_up_to());
                right += valid.iter().filter(|byte| **byte >= 0xc0).count();
                match error.error_len() {
                    None => {
                        wrong += usize::from(complete);
                        break;
                    }
                    Some(length) => {
                        wrong += 1;
                        rest = &bad[length..];
                    }
                }
            }
        }
    }
    wrong == 0 || right > wrong.saturating_mul(10)
}

/// UTF-16 without a byte-order mark shows by zero bytes in every other place.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(4096)];
    let zeros = |parity: usize| sample.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let many = sample.len() * 3 / 10;
    if sample.len() < 8 {
        None
    } else if odd > many && even * 10 < odd {
        Some(UTF_16LE)
    } else if even > many && odd * 10 < even {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Text has no zero bytes, or next to none.
fn is_binary(bytes: &[u8]) -> bool {
    memchr::memchr_iter(0, bytes).count() * 1000 > bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8], encoding: Option<&str>) -> Result<(String, &'static str, bool)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("text");
        std::fs::write(&path, bytes).unwrap();
        let mut decoder = Decoder::new(Source::open(&path, None)?, encoding)?;
        let mut text = Vec::new();
        while decoder.fill(&mut text, 1000)? {}
        Ok((String::from_utf8(text).unwrap(), decoder.encoding(), decoder.has_bom()))
    }

    #[test]
    fn marks_decide() {
        assert_eq!(decoded(b"\xef\xbb\xbfa,\xc3\xa9", None).unwrap(), ("a,é".into(), "UTF-8", true));
        let little: Vec<u8> = "\u{feff}a,é😀\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decoded(&little, None).unwrap(), ("a,é😀\n".into(), "UTF-16LE", true));
        let big: Vec<u8> = "\u{feff}a,é😀\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decoded(&big, None).unwrap(), ("a,é😀\n".into(), "UTF-16BE", true));
    }

    #[test]
    fn legacy_text_is_recognised_however_late_it_begins() {
        let mut bytes = b"plain ascii text\n".repeat(100_000);
        bytes.extend_from_slice(b"caf\xe9 cr\xe8me d\xe9j\xe0 vu\n");
        let (text, encoding, bom) = decoded(&bytes, None).unwrap();
        assert_eq!((encoding, bom), ("windows-1252", false));
        assert!(text.ends_with("text\ncafé crème déjà vu\n"));
        assert_eq!(text.len(), bytes.len() + 4);
    }

    #[test]
    fn utf16_without_a_mark_and_binary_files_are_told_apart() {
        let little: Vec<u8> = "name,age\nAda,36\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decoded(&little, None).unwrap().0, "name,age\nAda,36\n");
        assert!(matches!(decoded(&[0, 1, 2, 3, 0, 0, 0, 200, 9], None), Err(Error::NotATable { .. })));
    }

    #[test]
    fn an_encoding_can_be_named() {
        assert_eq!(decoded(b"\xc4\xc5", Some("koi8-r")).unwrap().0, "де");
        assert!(matches!(decoded(b"a", Some("nonsense")), Err(Error::UnknownEncoding { .. })));
        let wrong = decoded(b"ok\n\x81\xff\n", Some("shift_jis"));
        assert!(matches!(wrong, Err(Error::Undecodable { line: 2, .. })), "{wrong:?}");
    }

    #[test]
    fn mostly_valid_text_stays_utf8() {
        let mut bytes = "é".repeat(100).into_bytes();
        bytes.push(0xff);
        assert!(looks_like_utf8(&bytes, true));
        assert!(!looks_like_utf8(b"caf\xe9 cr\xe8me", true));
        assert!(looks_like_utf8(&"é".as_bytes()[..1], false));
    }
}
