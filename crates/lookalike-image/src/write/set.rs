//! A set of pictures, written one after the other.

use std::path::{Path, PathBuf};

use super::labels::{Labelled, label_table, write_labels_beside};
use super::{FileFormat, encode, write_idx, write_npy, write_whole};
use crate::augment::Target;
use crate::error::{Error, Reason, Refusal, Result};
use crate::image::Image;

/// Writes pictures one by one, as [`Target::of_name`] says: into a folder with a sub-folder for each class, or into an IDX or
/// NPY file with a file of classes beside it. [`ImageSet::open`](crate::ImageSet::open) reads them back.
///
/// All appears when [`finish`](Self::finish) is called: dropped before, a writer leaves what was there. A folder that is there
/// is replaced if it holds nothing but pictures and what belongs to them, and is an error otherwise. Pictures of a file are
/// held in memory until then.
///
/// ```
/// use lookalike_image::{Color, Image, ImageSet, ReadOptions, SetWriter};
/// # let folder = tempfile::tempdir().map_err(|source| lookalike_image::Error::Io { action: "create", path: "x".into(), source })?;
/// let out = folder.path().join("new");
/// let mut writer = SetWriter::create(&out, 0)?;
/// writer.write(Image::from_u8(2, 1, Color::Grey, vec![0, 255])?, Some("cat"))?;
/// writer.finish()?;
/// let set = ImageSet::open(&out, &ReadOptions::default())?;
/// assert_eq!(set.entries()[0].name, "cat/000000.png");
/// # Ok::<(), lookalike_image::Error>(())
/// ```
#[derive(Debug)]
pub struct SetWriter {
    out: PathBuf,
    next: u64,
    labels: Vec<Labelled>,
    inner: Inner,
}

#[derive(Debug)]
enum Inner {
    /// Pictures' files are made in a folder beside the target.
    Folder(tempfile::TempDir),
    File(Vec<Image>),
}

/// Files that belong to pictures.
const BESIDE: [&str; 4] = ["labels.csv", "manifest.jsonl", "annotations.json", "classes.txt"];

impl SetWriter {
    /// Begins to write; the first picture has this number.
    ///
    /// # Errors
    /// [`Error::Io`] when nothing can be made there, [`Error::Refused`] when the folder holds something else than pictures.
    pub fn create(out: &Path, first: u64) -> Result<Self> {
        let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(parent).map_err(Error::io("create the folder", parent))?;
        let inner = if Target::of_name(out) == Target::Folder {
            if out.exists() && !holds_only_pictures(out)? {
                let what = "it is there already and holds something else than pictures; name another folder";
                return Err(Refusal::new(out, Reason::Step(what.to_owned())).into());
            }
            let mut builder = tempfile::Builder::new();
            builder.prefix(".lookalike-");
            // As the system would make it: `tempfile` lets nobody else in.
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                builder.permissions(std::fs::Permissions::from_mode(0o777));
            }
            Inner::Folder(builder.tempdir_in(parent).map_err(Error::io("create a folder in", parent))?)
        } else {
            // What cannot be written is to be known before the work.
            tempfile::tempfile_in(parent).map_err(Error::io("create a file in", parent))?;
            Inner::File(Vec::new())
        };
        Ok(SetWriter { out: out.to_owned(), next: first, labels: Vec::new(), inner })
    }

    /// Writes a picture behind those before it.
    ///
    /// # Errors
    /// [`Error::Io`], and [`Error::Step`] for one that PNG does not hold.
    pub fn write(&mut self, image: Image, label: Option<&str>) -> Result<()> {
        let number = self.next;
        self.next += 1;
        let file = match &mut self.inner {
            Inner::File(images) => {
                images.push(image);
                (images.len() - 1).to_string()
            }
            Inner::Folder(folder) => {
                let name = format!("{number:06}.png");
                let file = label.map_or(name.clone(), |label| format!("{}/{name}", folder_name(label)));
                let path = folder.path().join(&file);
                let parent = path.parent().unwrap_or(folder.path());
                std::fs::create_dir_all(parent).map_err(Error::io("create the folder", parent))?;
                let bytes = encode(&image, FileFormat::Png, 100)?;
                std::fs::write(&path, bytes).map_err(Error::io("write", &path))?;
                file
            }
        };
        self.labels.push(Labelled { file, label: label.map(str::to_owned) });
        Ok(())
    }

    /// Completes the set and puts it in its place.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Refused`] and [`Error::Empty`] for a file of pictures that are not all alike, or none.
    pub fn finish(self) -> Result<()> {
        let SetWriter { out, labels, inner, .. } = self;
        match inner {
            Inner::File(images) => {
                if Target::of_name(&out) == Target::Idx {
                    write_idx(&out, &images)?;
                } else {
                    write_npy(&out, &images)?;
                }
                write_labels_beside(&out, &labels)
            }
            Inner::Folder(folder) => {
                if !labels.iter().all(Labelled::is_in_its_folder) {
                    write_whole(&folder.path().join("labels.csv"), label_table(&labels).as_bytes())?;
                }
                let made = folder.keep();
                let put = put_in_place(&made, &out);
                if put.is_err() {
                    // Nothing is left behind.
                    let _ = std::fs::remove_dir_all(&made);
                }
                put
            }
        }
    }
}

/// Puts a folder where another may be, which goes.
fn put_in_place(made: &Path, out: &Path) -> Result<()> {
    if !out.exists() {
        return std::fs::rename(made, out).map_err(Error::io("write", out));
    }
    let mut name = made.file_name().unwrap_or_default().to_owned();
    name.push("-old");
    let old = made.with_file_name(name);
    std::fs::rename(out, &old).map_err(Error::io("replace", out))?;
    if let Err(error) = std::fs::rename(made, out) {
        let _ = std::fs::rename(&old, out);
        return Err(Error::io("write", out)(error));
    }
    std::fs::remove_dir_all(&old).map_err(Error::io("remove", &old))
}

/// A class as the name of a folder.
fn folder_name(label: &str) -> String {
    let name = label.replace(['/', '\\', '\0'], "-");
    if name.starts_with('.') || name.is_empty() { format!("_{name}") } else { name }
}

/// True when a folder holds nothing that is not a picture or belongs to one.
fn holds_only_pictures(folder: &Path) -> Result<bool> {
    if !folder.is_dir() {
        return Ok(false);
    }
    for entry in std::fs::read_dir(folder).map_err(Error::io("read", folder))? {
        let path = entry.map_err(Error::io("read", folder))?.path();
        let is_link = path.symlink_metadata().map_err(Error::io("read", &path))?.is_symlink();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let fits = if path.is_dir() {
            holds_only_pictures(&path)?
        } else {
            FileFormat::of_name(&path).is_some() || BESIDE.contains(&name.as_str())
        };
        if is_link || !fits {
            return Ok(false);
        }
    }
    Ok(true)
}
