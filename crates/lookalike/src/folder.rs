use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// A folder for results, made before the long work starts, so that one that cannot be made is known at once.
///
/// When this is dropped, folders that it made and that nothing was put into are removed again: work that fails leaves
/// what was there before.
///
/// ```
/// # let parent = tempfile::tempdir()?;
/// # let path = parent.path().join("parts");
/// let folder = lookalike::OutputFolder::create(&path)?;
/// assert!(path.is_dir());
/// drop(folder);
/// assert!(!path.exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct OutputFolder {
    /// The folders made, the innermost first.
    made: Vec<PathBuf>,
}

impl OutputFolder {
    /// Makes a folder and those that it stands in, unless they exist.
    ///
    /// # Errors
    /// [`Error::Io`] when that is not possible.
    pub fn create(folder: &Path) -> Result<Self> {
        let is_new = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
        let made = folder.ancestors().take_while(is_new).map(Path::to_owned).collect();
        let guard = OutputFolder { made };
        std::fs::create_dir_all(folder).map_err(|source| Error::Io {
            action: "create the folder",
            path: folder.to_owned(),
            source,
        })?;
        Ok(guard)
    }
}

impl Drop for OutputFolder {
    fn drop(&mut self) {
        for folder in &self.made {
            // The system refuses to remove a folder that holds anything, and then those around it hold it. One that
            // is not there was never made.
            if std::fs::remove_dir(folder).is_err_and(|error| error.kind() != ErrorKind::NotFound) {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_new_and_empty_folders_are_removed() {
        let parent = tempfile::tempdir().unwrap();
        let inner = parent.path().join("a/b/c");
        drop(OutputFolder::create(&inner).unwrap());
        assert!(!parent.path().join("a").exists());

        let folder = OutputFolder::create(&inner).unwrap();
        std::fs::write(parent.path().join("a/b/result"), "x").unwrap();
        drop(folder);
        assert!(parent.path().join("a/b/result").exists() && !inner.exists());

        let there = parent.path().join("there");
        std::fs::create_dir(&there).unwrap();
        drop(OutputFolder::create(&there).unwrap());
        assert!(there.exists());

        let blocked = parent.path().join("a/b/result/below");
        assert!(matches!(OutputFolder::create(&blocked), Err(Error::Io { .. })));
    }
}
