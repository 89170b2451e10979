use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::boxes::{Marks, read_coco, read_yolo};
use super::csv::read_csv;
use super::decode::read_image;
use super::idx::{read_idx, read_idx_labels};
use super::labels::read_labels;
use super::npy::{read_npy, read_npy_labels, read_npz};
use crate::error::{Error, Policy, Reason, Refusal, Result};
use crate::image::Image;
use crate::limits::Limits;
use crate::sample::Sample;

/// How pictures are read.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReadOptions {
    /// How large files may be.
    pub limits: Limits,
    /// What becomes of files that are refused.
    pub policy: Policy,
    /// The file of classes: for a folder a CSV file of names and classes [default: `labels.csv` in it, if there is one]; for
    /// IDX an IDX file [default: the file whose name has `labels` for `images` and `idx1` for `idx3`]; for NPY an NPY file.
    pub labels: Option<PathBuf>,
    /// Boxes and keypoints: a COCO file, or a folder of YOLO files.
    pub annotations: Option<PathBuf>,
    /// A folder of masks, named as the pictures.
    pub masks: Option<PathBuf>,
}

/// One picture of a set.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its name: the way to its file from the folder, with `/`; its number for files of many pictures.
    pub name: String,
    /// Its class.
    pub label: Option<String>,
}

/// Pictures that belong together, by name. Those of folders are read when they are asked for.
#[derive(Debug)]
pub struct ImageSet {
    path: PathBuf,
    entries: Vec<Entry>,
    refused: Vec<Refusal>,
    /// All pictures of a file of many.
    images: Option<Vec<Image>>,
    options: ReadOptions,
    marks: BTreeMap<String, Marks>,
    /// Names of the classes of YOLO files.
    yolo: Option<(PathBuf, Vec<String>)>,
}

/// How files of pictures end.
const ENDINGS: [&str; 7] = ["png", "jpg", "jpeg", "webp", "bmp", "tif", "tiff"];

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
    ending.is_some_and(|ending| endings.contains(&ending.as_str()))
}

impl ImageSet {
    /// Finds the pictures of a folder (its sub-folders are their classes, or `labels.csv` has them), of an IDX, NPY, NPZ or
    /// CSV file, or the one picture of a file.
    ///
    /// # Errors
    /// [`Error::Io`] when the folder cannot be read, [`Error::Refused`] for a file of many pictures that is not right, or
    /// for anything that is not right when the policy is [`Policy::Fail`], and [`Error::Empty`] when there are none.
    pub fn open(path: &Path, options: &ReadOptions) -> Result<Self> {
        let mut set = ImageSet {
            path: path.to_owned(),
            entries: Vec::new(),
            refused: Vec::new(),
            images: None,
            options: options.clone(),
            marks: BTreeMap::new(),
            yolo: None,
        };
        if path.is_dir() {
            set.find_files()?;
        } else {
            std::fs::metadata(path).map_err(Error::io("read", path))?;
            set.open_file()?;
        }
        set.find_marks()?;
        if set.entries.is_empty() {
            return Err(Error::Empty { path: path.to_owned(), refused: set.refused.len() });
        }
        Ok(set)
    }

    /// True for a folder that holds a picture, and for a file whose name says that it holds one or many (not CSV, which holds
    /// tables as a rule). A cheap look that decides nothing.
    pub fn is_likely(path: &Path) -> bool {
        if path.is_dir() {
            return holds_a_picture(path);
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let name = Path::new(name.trim_end_matches(".gz"));
        has_ending(name, &ENDINGS)
            || has_ending(name, &["npy", "npz", "idx"])
            || name.to_string_lossy().ends_with("ubyte")
    }

    /// The pictures that were found, in the order of their names; for files of many in the files' order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What was refused while they were looked for.
    pub fn refused(&self) -> &[Refusal] {
        &self.refused
    }

    /// The classes, in order.
    pub fn classes(&self) -> Vec<&str> {
        let classes: BTreeSet<&str> =
            self.entries.iter().filter_map(|entry| entry.label.as_deref()).collect();
        classes.into_iter().collect()
    }

    /// True when the pictures are in a folder, each in its own file.
    pub fn is_folder(&self) -> bool {
        self.images.is_none()
    }

    /// Reads a picture and what travels with it.
    ///
    /// # Errors
    /// A [`Refusal`] when its file, its mask or its boxes are not right.
    ///
    /// # Panics
    /// If there is no picture of this number.
    pub fn load(&self, number: usize) -> std::result::Result<Sample, Refusal> {
        let entry = &self.entries[number];
        let image = match &self.images {
            Some(images) => images[number].clone(),
            None => read_image(&self.file(entry), &self.options.limits)?,
        };
        let mut sample = Sample::new(image);
        sample.label.clone_from(&entry.label);
        if let Some(folder) = &self.options.masks {
            let file = folder.join(&entry.name).with_extension("png");
            let mask = read_image(&file, &self.options.limits)?;
            let alike = (mask.width(), mask.height()) == (sample.image.width(), sample.image.height());
            if !alike || mask.channels() != 1 {
                let wrong = Reason::Annotation("a mask must be grey and as large as its picture");
                return Err(Refusal::new(file, wrong));
            }
            sample.mask = Some(mask);
        }
        if let Some((boxes, keypoints)) = self.marks.get(&entry.name) {
            sample.boxes.clone_from(boxes);
            sample.keypoints.clone_from(keypoints);
        }
        if let Some((folder, classes)) = &self.yolo {
            let file = folder.join(&entry.name).with_extension("txt");
            let size = (sample.image.width(), sample.image.height());
            if file.exists() {
                sample.boxes = read_yolo(&file, size, classes, &self.options.limits)?;
            }
        }
        Ok(sample)
    }

    /// The bytes of a picture's own file.
    pub(crate) fn bytes(&self, number: usize) -> Result<Vec<u8>> {
        let path = self.file(&self.entries[number]);
        std::fs::read(&path).map_err(Error::io("read", &path))
    }

    fn file(&self, entry: &Entry) -> PathBuf {
        if self.path.is_dir() { self.path.join(&entry.name) } else { self.path.clone() }
    }

    fn refuse(&mut self, refusal: Refusal) -> Result<()> {
        if self.options.policy == Policy::Fail {
            return Err(refusal.into());
        }
        self.refused.push(refusal);
        Ok(())
    }

    fn find_files(&mut self) -> Result<()> {
        let mut names = Vec::new();
        let mut empty = Vec::new();
        walk(&self.path, "", &mut names, &mut empty)?;
        names.sort_unstable();
        let own = self.path.join("labels.csv");
        let labels = self.options.labels.clone().or_else(|| own.is_file().then_some(own));
        let Some(labels) = labels else {
            for folder in empty {
                self.refuse(Refusal::new(self.path.join(folder), Reason::EmptyClass))?;
            }
            self.entries = names
                .into_iter()
                .map(|name| Entry { label: name.split_once('/').map(|(class, _)| class.to_owned()), name })
                .collect();
            return Ok(());
        };
        let by = labels.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut classes = read_labels(&labels, &self.options.limits)?;
        for name in names {
            if let Some(label) = classes.remove(&name) {
                self.entries.push(Entry { name, label: Some(label) });
            } else {
                let reason = Reason::Unlabeled { by: by.clone() };
                self.refuse(Refusal::new(self.path.join(name), reason))?;
            }
        }
        for name in classes.into_keys() {
            self.refuse(Refusal::new(self.path.join(name), Reason::Missing { by: by.clone() }))?;
        }
        Ok(())
    }

    fn open_file(&mut self) -> Result<()> {
        let (path, limits) = (self.path.clone(), self.options.limits.clone());
        if has_ending(&path, &ENDINGS) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            self.entries = vec![Entry { name, label: None }];
            return Ok(());
        }
        let (images, labels) = if has_ending(&path, &["npz"]) {
            read_npz(&path, &limits)?
        } else if has_ending(&path, &["npy"]) {
            let labels = self.options.labels.as_deref();
            let labels = labels.map(|labels| read_npy_labels(labels, &limits)).transpose()?;
            (read_npy(&path, &limits)?, labels)
        } else if has_ending(Path::new(path.file_name().unwrap_or_default()), &["csv"]) {
            read_csv(&path, &limits)?
        } else {
            let labels = self.options.labels.clone().or_else(|| labels_beside(&path));
            let labels = labels.map(|labels| read_idx_labels(&labels, &limits)).transpose()?;
            let labels = labels.map(|labels| labels.iter().map(ToString::to_string).collect());
            (read_idx(&path, &limits)?, labels)
        };
        let labels = match labels {
            Some(labels) => Some(labels.into_iter().map(Some).collect()),
            None => labels_by_number(&path, images.len(), &limits)?,
        };
        if let Some(labels) =
            labels.as_ref().filter(|labels: &&Vec<Option<String>>| labels.len() != images.len())
        {
            let counts = Reason::Counts { images: images.len(), labels: labels.len() };
            return Err(Refusal::new(path, counts).into());
        }
        let digits = images.len().saturating_sub(1).max(1).ilog10() as usize + 1;
        self.entries = (0..images.len())
            .map(|number| Entry {
                name: format!("{number:0digits$}"),
                label: labels.as_ref().and_then(|labels| labels[number].clone()),
            })
            .collect();
        self.images = Some(images);
        Ok(())
    }

    fn find_marks(&mut self) -> Result<()> {
        let Some(path) = self.options.annotations.clone() else { return Ok(()) };
        if path.is_dir() {
            let classes = std::fs::read_to_string(path.join("classes.txt")).unwrap_or_default();
            self.yolo = Some((path, classes.lines().map(|line| line.trim().to_owned()).collect()));
            return Ok(());
        }
        let mut marks = read_coco(&path, &self.options.limits)?;
        for entry in &self.entries {
            if let Some(own) = marks.remove(&entry.name) {
                self.marks.insert(entry.name.clone(), own);
            }
        }
        let by = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for name in marks.into_keys() {
            self.refuse(Refusal::new(self.path.join(name), Reason::Missing { by: by.clone() }))?;
        }
        Ok(())
    }
}

/// The file of labels beside an IDX file of pictures, as MNIST has them.
fn labels_beside(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let beside = name.replace("images", "labels").replace("idx3", "idx1");
    (beside != name).then(|| path.with_file_name(beside)).filter(|beside| beside.is_file())
}

/// True when there is a picture in the folder or in one in it.
fn holds_a_picture(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    let mut folders = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() && !is_hidden {
            folders.push(path);
        } else if has_ending(&path, &ENDINGS) && !is_hidden {
            return true;
        }
    }
    folders.iter().any(|folder| holds_a_picture(folder))
}

/// The classes of a file of many pictures, as [`SetWriter`](crate::SetWriter) leaves them beside it: by numbers from 0.
fn labels_by_number(path: &Path, count: usize, limits: &Limits) -> Result<Option<Vec<Option<String>>>> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".labels.csv");
    let beside = path.with_file_name(name);
    if !beside.is_file() {
        return Ok(None);
    }
    let mut labels = vec![None; count];
    for (number, label) in read_labels(&beside, limits)? {
        let place = number.parse().ok().and_then(|number: usize| labels.get_mut(number));
        let wrong = Reason::Annotation("it has a class for a number that no picture has");
        *place.ok_or_else(|| Refusal::new(&beside, wrong))? = Some(label);
    }
    Ok(Some(labels))
}

/// Finds the pictures of a folder and of those in it; hidden ones are left out. Notes folders at its first level that hold
/// none.
fn walk(folder: &Path, within: &str, names: &mut Vec<String>, empty: &mut Vec<String>) -> Result<()> {
    for entry in std::fs::read_dir(folder).map_err(Error::io("read", folder))? {
        let entry = entry.map_err(Error::io("read", folder))?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if name.starts_with('.') {
            continue;
        }
        let path = entry.path();
        let name = if within.is_empty() { name } else { format!("{within}/{name}") };
        if path.is_dir() {
            let before = names.len();
            walk(&path, &name, names, empty)?;
            if within.is_empty() && names.len() == before {
                empty.push(name);
            }
        } else if has_ending(&path, &ENDINGS) {
            names.push(name);
        }
    }
    Ok(())
}
