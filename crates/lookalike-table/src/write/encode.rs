use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::error::{Error, Result};

/// Turns UTF-8 into the encoding that a file had.
#[derive(Debug, Clone, Copy)]
pub(super) struct TextEncoder(&'static Encoding);

impl TextEncoder {
    pub(super) fn new(name: &str) -> Result<Self> {
        let encoding = Encoding::for_label(name.as_bytes());
        encoding.map(TextEncoder).ok_or_else(|| Error::UnknownEncoding { name: name.to_owned() })
    }

    pub(super) fn name(self) -> &'static str {
        self.0.name()
    }

    /// `text`, which is UTF-8, in this encoding; `None` when that lacks a character.
    pub(super) fn encode(self, text: Vec<u8>) -> Option<Vec<u8>> {
        if self.0 == UTF_8 {
            return Some(text);
        }
        let text = String::from_utf8(text).ok()?;
        if self.0 == UTF_16LE {
            return Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
        }
        if self.0 == UTF_16BE {
            return Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
        }
        let (bytes, _, lacking) = self.0.encode(&text);
        (!lacking).then(|| bytes.into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lacking_characters_are_noticed() {
        let latin = TextEncoder::new("windows-1252").unwrap();
        assert_eq!(latin.encode("é".into()), Some(vec![0xe9]));
        assert_eq!(latin.encode("漢".into()), None);
        assert!(TextEncoder::new("klingon").is_err());
    }
}
