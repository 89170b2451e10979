use std::fs::{self, File, OpenOptions};
use std::io::{self, Stdout, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::{Error, Result};
use crate::read::Compression;

/// Where written bytes go.
///
/// A file is written beside its target and takes its place in the end, so that nothing is lost when something goes
/// wrong; standard output, devices and pipes are written directly.
#[derive(Debug)]
pub(super) enum Target {
    Beside { file: NamedTempFile, target: PathBuf },
    Direct(File),
    Stdout(Stdout),
}

impl Target {
    /// Begins to write `path`; `-` is standard output.
    pub(super) fn create(path: &Path) -> Result<Self> {
        if path == Path::new("-") {
            return Ok(Target::Stdout(io::stdout()));
        }
        let failed = |source| Error::Io { action: "create", path: path.to_owned(), source };
        let existing = match fs::metadata(path) {
            Ok(metadata) => Some(metadata),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed(error)),
        };
        if existing.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(Error::IsFolder { path: path.to_owned() });
        }
        // What lies under /dev stands for something else, even where it looks like a file.
        if existing.as_ref().is_some_and(|metadata| !metadata.is_file() || path.starts_with("/dev")) {
            let file = OpenOptions::new().write(true).open(path).map_err(failed)?;
            return Ok(Target::Direct(file));
        }
        if existing.as_ref().is_some_and(|metadata| metadata.permissions().readonly()) {
            return Err(failed(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only")));
        }
        // A link keeps pointing to the file that it points to.
        let target =
            if existing.is_some() { fs::canonicalize(path).map_err(failed)? } else { path.to_owned() };
        let folder = match target.parent() {
            Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
            Some(parent) => parent,
            None => return Err(Error::IsFolder { path: path.to_owned() }),
        };
        if !folder.is_dir() {
            return Err(Error::NoFolder { path: path.to_owned(), folder: folder.to_owned() });
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(".lookalike-").suffix(".partial");
        let permissions = existing.map(|metadata| metadata.permissions()).or(usual_permissions());
        if let Some(permissions) = permissions {
            builder.permissions(permissions);
        }
        let file = builder.tempfile_in(folder).map_err(failed)?;
        Ok(Target::Beside { file, target })
    }

    /// Puts what was written in its place.
    pub(super) fn commit(mut self) -> io::Result<()> {
        self.flush()?;
        if let Target::Beside { file, target } = self {
            file.persist(target).map_err(|error| error.error)?;
        }
        Ok(())
    }
}

/// Those that any new file gets (what the system masks is masked here too), where there is such a thing.
fn usual_permissions() -> Option<fs::Permissions> {
    #[cfg(unix)]
    let usual = Some(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    #[cfg(not(unix))]
    let usual = None;
    usual
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Target::Beside { file, .. } => file.write(bytes),
            Target::Direct(file) => file.write(bytes),
            Target::Stdout(stdout) => stdout.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Target::Beside { file, .. } => file.flush(),
            Target::Direct(file) => file.flush(),
            Target::Stdout(stdout) => stdout.flush(),
        }
    }
}

/// Text on its way to a target, compressed if the target's name says so.
pub(super) enum TextOutput {
    Plain(Target),
    Gzip(flate2::write::GzEncoder<Target>),
    Zstd(zstd::stream::write::Encoder<'static, Target>),
}

impl TextOutput {
    pub(super) fn create(path: &Path) -> Result<Self> {
        let target = Target::create(path)?;
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        Ok(match Compression::of_name(name) {
            None => TextOutput::Plain(target),
            Some((Compression::Gzip, _)) => {
                TextOutput::Gzip(flate2::write::GzEncoder::new(target, flate2::Compression::default()))
            }
            Some((Compression::Zstd, _)) => TextOutput::Zstd(
                zstd::stream::write::Encoder::new(target, zstd::DEFAULT_COMPRESSION_LEVEL)
                    .map_err(|source| Error::Io { action: "create", path: path.to_owned(), source })?,
            ),
        })
    }

    pub(super) fn commit(self) -> io::Result<()> {
        match self {
            TextOutput::Plain(target) => target,
            TextOutput::Gzip(encoder) => encoder.finish()?,
            TextOutput::Zstd(encoder) => encoder.finish()?,
        }
        .commit()
    }
}

impl Write for TextOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            TextOutput::Plain(target) => target.write(bytes),
            TextOutput::Gzip(encoder) => encoder.write(bytes),
            TextOutput::Zstd(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            TextOutput::Plain(target) => target.flush(),
            TextOutput::Gzip(encoder) => encoder.flush(),
            TextOutput::Zstd(encoder) => encoder.flush(),
        }
    }
}

impl std::fmt::Debug for TextOutput {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("TextOutput")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_appear_at_the_end_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let list = || fs::read_dir(folder.path()).unwrap().count();
        let mut target = Target::create(&path).unwrap();
        target.write_all(b"first").unwrap();
        assert!(!path.exists());
        target.commit().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"first");

        let mut target = Target::create(&path).unwrap();
        target.write_all(b"second").unwrap();
        assert_eq!(list(), 2);
        drop(target);
        assert_eq!(fs::read(&path).unwrap(), b"first");
        assert_eq!(list(), 1);
    }

    #[test]
    fn targets_that_cannot_be_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(Target::create(folder.path()), Err(Error::IsFolder { .. })));
        let lost = folder.path().join("no/such/file");
        assert!(matches!(Target::create(&lost), Err(Error::NoFolder { .. })));
        let locked = folder.path().join("locked");
        fs::write(&locked, "x").unwrap();
        let mut permissions = fs::metadata(&locked).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&locked, permissions).unwrap();
        assert!(matches!(Target::create(&locked), Err(Error::Io { action: "create", .. })));
    }

    #[cfg(unix)]
    #[test]
    fn devices_are_written_directly_and_links_followed() {
        let mut null = Target::create(Path::new("/dev/null")).unwrap();
        null.write_all(b"x").unwrap();
        null.commit().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let mut target = Target::create(&link).unwrap();
        target.write_all(b"new").unwrap();
        target.commit().unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }
}
