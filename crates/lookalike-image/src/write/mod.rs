//! Pictures into files.

mod arrays;
mod encode;
mod grid;
mod labels;
mod set;

pub use arrays::{write_idx, write_idx_labels, write_npy};
pub use encode::{FileFormat, encode};
pub use grid::grid;
pub(crate) use labels::{Labelled, label_table, write_labels_beside};
pub use set::SetWriter;

use std::io::Write as _;
use std::path::Path;

use crate::error::{Error, Result};

/// Writes a file beside its target and renames it at the end.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".lookalike-");
    // As the system would create it: `tempfile` lets nobody else read.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder).map_err(Error::io("create a file in", folder))?;
    file.write_all(bytes).map_err(Error::io("write", path))?;
    file.persist(path).map_err(|error| Error::io("write", path)(error.error))?;
    Ok(())
}
