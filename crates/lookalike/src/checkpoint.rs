//! A file where a network's learning leaves how far it has come.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use lookalike_core::{Checkpoint, Topic, Warning};
use lookalike_table::write::OutputFile;

use crate::error::{Error, Result};

/// A file where a network's learning leaves how far it has come, to be taken up again with the same result.
///
/// The file holds the networks' numbers and no row, and is bound to what is learned and how: it is not taken up for
/// another table, other options or another seed.
#[derive(Debug)]
pub struct CheckpointFile {
    path: PathBuf,
    identity: blake3::Hash,
    left: Option<Vec<u8>>,
    failed: Mutex<Option<String>>,
}

/// The first bytes of the file.
const MAGIC: &[u8; 8] = b"LALCHECK";

impl CheckpointFile {
    /// For learning that is told apart from any other by these parts: the table, the method with its options, the seed and
    /// so on. With `resume`, what was left there is taken up.
    ///
    /// # Errors
    /// [`Error::Io`] when there is nothing to take up, [`Error::Checkpoint`] when it is damaged or was left by other
    /// learning.
    pub fn new(path: &Path, parts: &[&[u8]], resume: bool) -> Result<Self> {
        let mut hasher = blake3::Hasher::new();
        for part in [env!("CARGO_PKG_VERSION").as_bytes()].iter().chain(parts) {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let identity = hasher.finalize();
        let left = if resume { Some(read(path, identity)?) } else { None };
        Ok(CheckpointFile { path: path.to_owned(), identity, left, failed: Mutex::new(None) })
    }

    /// What to tell of the last time that it could not be written, if it was so.
    pub fn trouble(&self) -> Option<Warning> {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        let what = failed.as_ref()?;
        Some(Warning::new(Topic::Model, format!("the checkpoint could not be written: {what}")))
    }
}

fn read(path: &Path, identity: blake3::Hash) -> Result<Vec<u8>> {
    let problem = |problem| Error::Checkpoint { path: path.to_owned(), problem };
    let bytes =
        std::fs::read(path).map_err(|source| Error::Io { action: "read", path: path.to_owned(), source })?;
    let rest = bytes.strip_prefix(MAGIC).ok_or_else(|| problem("it is no checkpoint"))?;
    let (head, left) = rest.split_at_checked(64).ok_or_else(|| problem("it is damaged"))?;
    if head[..32] != *identity.as_bytes() {
        return Err(problem("it was left by learning another table, or with other options or another seed"));
    }
    if head[32..] != *blake3::hash(left).as_bytes() {
        return Err(problem("it is damaged"));
    }
    Ok(left.to_vec())
}

impl Checkpoint for CheckpointFile {
    fn load(&self) -> Option<Vec<u8>> {
        self.left.clone()
    }

    fn store(&self, bytes: Vec<u8>) {
        let write = || -> std::result::Result<(), String> {
            // In the place of what was there only when it is whole.
            let mut file = OutputFile::create(&self.path).map_err(|error| error.to_string())?;
            let whole = blake3::hash(&bytes);
            let parts: [&[u8]; 4] = [MAGIC, self.identity.as_bytes(), whole.as_bytes(), &bytes];
            for part in parts {
                file.write_all(part).map_err(|error| error.to_string())?;
            }
            file.finish().map_err(|error| error.to_string())
        };
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = write().err();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_given_back_to_the_same_learning_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("checkpoint");
        let parts: [&[u8]; 2] = [b"table", b"options"];
        assert!(CheckpointFile::new(&path, &parts, true).is_err(), "there is none yet");
        let file = CheckpointFile::new(&path, &parts, false).expect("a new one");
        assert_eq!(file.load(), None);
        file.store(vec![1, 2, 3]);
        assert!(file.trouble().is_none());
        let again = CheckpointFile::new(&path, &parts, true).expect("what was left");
        assert_eq!(again.load(), Some(vec![1, 2, 3]));
        let message = |parts: &[&[u8]]| {
            CheckpointFile::new(&path, parts, true).expect_err("it does not fit").to_string()
        };
        assert!(message(&[b"tableo", b"ptions"]).contains("other options"));
        let mut bytes = std::fs::read(&path).expect("the file");
        *bytes.last_mut().expect("bytes") = 9;
        std::fs::write(&path, &bytes).expect("a damaged file");
        assert!(message(&parts).contains("damaged"));
        std::fs::write(&path, b"something else").expect("another file");
        assert!(message(&parts).contains("no checkpoint"));
    }
}
