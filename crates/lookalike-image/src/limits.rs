use serde::{Deserialize, Serialize};

use crate::error::Reason;
use crate::image::Shape;

/// How large files may be. Headers are held against them before any memory is taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Pixels in a row, and rows, at most [default: 16,384].
    pub side: usize,
    /// Pixels of one picture at most [default: 67,108,864, as 8,192 x 8,192].
    pub pixels: u64,
    /// Bytes of one file of one picture at most [default: 256 MiB].
    pub file_bytes: u64,
    /// Bytes of a file of many pictures (IDX, NPY, NPZ, CSV), unpacked, at most [default: 4 GiB].
    pub set_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { side: 16_384, pixels: 1 << 26, file_bytes: 1 << 28, set_bytes: 1 << 32 }
    }
}

impl Limits {
    /// Whether a picture of this size may be read.
    ///
    /// # Errors
    /// [`Reason::ZeroSized`] or [`Reason::TooLarge`].
    pub fn check(&self, width: u64, height: u64) -> Result<(), Reason> {
        if width == 0 || height == 0 {
            return Err(Reason::ZeroSized { width, height });
        }
        let longest = width.max(height);
        if longest > self.side as u64 {
            let limit = format!("{} pixels for a side", self.side);
            return Err(Reason::TooLarge { width, height, limit });
        }
        if width.saturating_mul(height) > self.pixels {
            return Err(Reason::TooLarge { width, height, limit: format!("{} pixels in all", self.pixels) });
        }
        Ok(())
    }

    pub(crate) fn check_bytes(bytes: u64, limit: u64) -> Result<(), Reason> {
        if bytes == 0 {
            Err(Reason::EmptyFile)
        } else if bytes > limit {
            Err(Reason::TooManyBytes { bytes, limit })
        } else {
            Ok(())
        }
    }
}

/// Whether pictures that belong together are alike.
pub(crate) fn same_shape(found: Shape, expected: Shape) -> Result<(), Reason> {
    if found == expected {
        Ok(())
    } else {
        Err(Reason::Differs { found: found.to_string(), expected: expected.to_string() })
    }
}
