use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::target::Target;
use crate::error::{Error, Result};

/// A file of any content that appears whole or not at all, as the files of a [`Writer`](super::Writer) do.
///
/// It is created before the long work starts, so that a path that cannot be written to is known at once, and takes
/// its place when it is [finished](Self::finish). Dropped before, it leaves what was there. `-` is standard output.
///
/// ```
/// use lookalike_table::write::OutputFile;
/// use std::io::Write;
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("scores.json");
/// let mut file = OutputFile::create(&path)?;
/// file.write_all(b"{}")?;
/// assert!(!path.exists());
/// file.finish()?;
/// assert_eq!(std::fs::read(&path)?, b"{}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct OutputFile {
    path: PathBuf,
    target: Target,
}

impl OutputFile {
    /// Makes ready to write to `path`.
    ///
    /// # Errors
    /// When the path cannot be written to.
    pub fn create(path: &Path) -> Result<Self> {
        Ok(OutputFile { path: path.to_owned(), target: Target::create(path)? })
    }

    /// The path that it will have.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// [`Error::Io`] when that fails; nothing is left behind then.
    pub fn finish(self) -> Result<()> {
        let Self { path, target } = self;
        target.commit().map_err(|source| Error::Io { action: "write", path, source })
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.target.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.target.flush()
    }
}
