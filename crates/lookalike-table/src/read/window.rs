use lookalike_core::Phase;

use super::decode::Decoder;
use crate::error::Result;

/// How much text is looked at together, and in what pieces it is handed to threads. Neither depends on the number of
/// threads, so that no result can.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sizes {
    pub(crate) window: usize,
    pub(crate) block: usize,
}

impl Default for Sizes {
    fn default() -> Self {
        Sizes { window: 32 << 20, block: 512 << 10 }
    }
}

/// A stretch of text that moves through a source: the text after what was used is kept, more is read behind it while
/// the present stretch is being worked on.
pub(crate) struct Windows<'a> {
    decoder: Decoder,
    sizes: Sizes,
    phase: Phase<'a>,
    reported: u64,
    buffer: Vec<u8>,
    start: usize,
    spare: Vec<u8>,
    /// Nothing follows what is in the buffer.
    ended: bool,
    /// A byte to read as a line end: text with carriage returns only.
    line_end: Option<u8>,
}

impl<'a> Windows<'a> {
    pub(crate) fn new(mut decoder: Decoder, sizes: Sizes, phase: Phase<'a>) -> Result<Self> {
        let mut buffer = Vec::new();
        let mut ended = !decoder.fill(&mut buffer, sizes.window)?;
        if !ended {
            // Only one byte more tells whether the text goes on.
            ended = !decoder.fill(&mut buffer, 1)?;
        }
        let sample = &buffer[..buffer.len().min(1 << 16)];
        let line_end = (memchr::memchr(b'\n', sample).is_none()
            && memchr::memchr(b'\r', &sample[..sample.len().saturating_sub(1)]).is_some())
        .then_some(b'\r');
        if line_end.is_some() {
            end_lines(&mut buffer);
        }
        Ok(Windows {
            decoder,
            sizes,
            phase,
            reported: 0,
            buffer,
            start: 0,
            spare: Vec::new(),
            ended,
            line_end,
        })
    }

    pub(crate) fn decoder(&self) -> &Decoder {
        &self.decoder
    }

    /// The text at hand.
    pub(crate) fn text(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// True when nothing follows the text at hand.
    pub(crate) fn is_last(&self) -> bool {
        self.ended
    }

    /// Passes over text that was used.
    pub(crate) fn skip(&mut self, count: usize) {
        self.start += count;
    }

    /// Reads more behind the text at hand.
    pub(crate) fn grow(&mut self) -> Result<()> {
        let before = self.buffer.len();
        self.ended = self.ended || !self.decoder.fill(&mut self.buffer, self.sizes.window.max(before))?;
        if self.line_end.is_some() {
            end_lines(&mut self.buffer[before..]);
        }
        self.report()
    }

    /// Calls `work` with all text, stretch by stretch; it is told whether the stretch is the last, and says how much
    /// of it was used. Text is read on while `work` works.
    pub(crate) fn for_each(
        &mut self,
        mut work: impl FnMut(&[u8], bool) -> Result<usize> + Send,
    ) -> Result<()> {
        let mut wanted = self.sizes.window;
        loop {
            self.report()?;
            let head = wanted.min(self.sizes.window) / 4;
            let ended = self.ended;
            let (decoder, spare) = (&mut self.decoder, &mut self.spare);
            spare.clear();
            spare.resize(head, 0);
            let text = &self.buffer[self.start..];
            let (more, used) = rayon::join(
                || if ended { Ok(false) } else { decoder.fill(spare, wanted) },
                || work(text, ended),
            );
            let used = used?;
            if self.ended {
                return self.report();
            }
            let more = more?;
            if self.line_end.is_some() {
                end_lines(&mut self.spare[head..]);
            }
            let rest = &self.buffer[self.start + used..];
            if rest.len() <= head {
                self.spare[head - rest.len()..head].copy_from_slice(rest);
                self.start = head - rest.len();
            } else {
                let mut joined = Vec::with_capacity(rest.len() + self.spare.len() - head);
                joined.extend_from_slice(rest);
                joined.extend_from_slice(&self.spare[head..]);
                self.spare = joined;
                self.start = 0;
            }
            // A row that is larger than the window must not be looked at again and again.
            wanted = if used == 0 { wanted.saturating_mul(2) } else { self.sizes.window };
            std::mem::swap(&mut self.buffer, &mut self.spare);
            self.ended = !more;
        }
    }

    fn report(&mut self) -> Result<()> {
        let consumed = self.decoder.consumed();
        self.phase.advance(consumed - self.reported)?;
        self.reported = consumed;
        Ok(())
    }
}

fn end_lines(text: &mut [u8]) {
    for byte in text.iter_mut().filter(|byte| **byte == b'\r') {
        *byte = b'\n';
    }
}
