/// Finds delimiters, line ends and quotes, 64 bytes at a time.
///
/// Fields are so short that searching anew for each would cost more than looking at every byte once.
#[derive(Debug)]
pub(super) struct Specials<'a> {
    text: &'a [u8],
    delimiter: u8,
    quote: u8,
    /// Where the 64 bytes at hand begin.
    base: usize,
    /// A bit for each special byte among them that was not given out yet.
    found: u64,
}

const WIDTH: usize = 64;

impl<'a> Specials<'a> {
    /// Begins at `from`.
    pub(super) fn new(text: &'a [u8], from: usize, delimiter: u8, quote: u8) -> Self {
        let mut specials = Specials { text, delimiter, quote, base: from, found: 0 };
        specials.look();
        specials
    }

    /// Goes on from `from`, which is no special byte that was given out before unless it is to be given out again.
    pub(super) fn seek(&mut self, from: usize) {
        if from >= self.base && from - self.base < WIDTH {
            self.found &= u64::MAX << (from - self.base);
        } else {
            self.base = from;
            self.look();
        }
    }

    /// The place of the next special byte.
    #[inline]
    pub(super) fn next(&mut self) -> Option<usize> {
        while self.found == 0 {
            self.base += WIDTH;
            if self.base >= self.text.len() {
                // Another call must not go beyond the end further and further.
                self.base = self.text.len();
                return None;
            }
            self.look();
        }
        let place = self.base + self.found.trailing_zeros() as usize;
        self.found &= self.found - 1;
        Some(place)
    }

    #[inline]
    fn look(&mut self) {
        let rest = &self.text[self.base.min(self.text.len())..];
        self.found = if let Some(bytes) = rest.first_chunk::<WIDTH>() {
            self.mask(bytes)
        } else {
            let mut bytes = [0; WIDTH];
            bytes[..rest.len()].copy_from_slice(rest);
            self.mask(&bytes) & !(u64::MAX << rest.len())
        };
    }

    #[inline]
    fn mask(&self, bytes: &[u8; WIDTH]) -> u64 {
        // The compiler turns this loop into comparisons of whole registers.
        let mut special = [0u8; WIDTH];
        for (special, byte) in special.iter_mut().zip(bytes) {
            *special =
                u8::from(*byte == self.delimiter) | u8::from(*byte == b'\n') | u8::from(*byte == self.quote);
        }
        let (words, _) = special.as_chunks::<8>();
        words.iter().rev().fold(0, |mask, word| (mask << 8) | low_bits(u64::from_le_bytes(*word)))
    }
}

/// The lowest bit of each of eight bytes as the bits of one.
#[inline]
fn low_bits(word: u64) -> u64 {
    word.wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_special_byte_is_found_in_order() {
        for length in [0, 1, 7, 8, 63, 64, 65, 130, 200] {
            let text: Vec<u8> = (0..length).map(|place: usize| b"ab,c\n\"de"[place * place % 8]).collect();
            for from in 0..=length {
                let mut specials = Specials::new(&text, from, b',', b'"');
                let expected = (from..length).filter(|place| b",\n\"".contains(&text[*place]));
                for place in expected {
                    assert_eq!(specials.next(), Some(place), "{length} {from}");
                }
                assert_eq!((specials.next(), specials.next()), (None, None));
            }
        }
    }

    #[test]
    fn seeking_goes_forward_near_and_far() {
        let text = b"a,b".repeat(100);
        let mut specials = Specials::new(&text, 0, b',', b'"');
        assert_eq!(specials.next(), Some(1));
        specials.seek(5);
        assert_eq!(specials.next(), Some(7));
        specials.seek(7);
        assert_eq!(specials.next(), Some(10));
        specials.seek(200);
        assert_eq!(specials.next(), Some(202));
        specials.seek(300);
        assert_eq!(specials.next(), None);
    }
}
