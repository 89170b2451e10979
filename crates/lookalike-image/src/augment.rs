//! More pictures from a set of them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use lookalike_core::{Context, Phase};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Policy, Reason, Refusal, Result};
use crate::image::Image;
use crate::mix::Mixing;
use crate::pipeline::Pipeline;
use crate::read::{ImageSet, Marked, write_coco};
use crate::record::Record;
use crate::sample::Sample;
use crate::write::{self, FileFormat, Labelled, label_table, write_labels_beside, write_whole};

/// How many pictures are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Copies {
    /// So many of each.
    Each(u64),
    /// As many of each class as bring it to the count of the largest one.
    Balance,
}

/// Where pictures go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A folder, each in its own file.
    #[default]
    Folder,
    /// One IDX file, and one of labels beside it.
    Idx,
    /// One NPY file, and a CSV file of labels beside it.
    Npy,
}

impl Target {
    /// What the name says: `.npy`; `.idx`, `ubyte` and those with `.gz`; anything else is a folder.
    pub fn of_name(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let name = name.trim_end_matches(".gz");
        if path.is_dir() {
            Target::Folder
        } else if Path::new(name).extension().is_some_and(|ending| ending == "npy") {
            Target::Npy
        } else if name.ends_with("ubyte") || Path::new(name).extension().is_some_and(|ending| ending == "idx")
        {
            Target::Idx
        } else {
            Target::Folder
        }
    }
}

/// How a set is augmented.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Augmenting {
    /// How many pictures are made.
    pub copies: Copies,
    /// The originals are written too. [`Copies::Balance`] always does.
    pub originals: bool,
    /// Where they go.
    pub target: Target,
    /// The format of single files; without it that of the original, and PNG for pictures without a file.
    pub format: Option<FileFormat>,
    /// JPEG's quality, 1 to 100.
    pub quality: u8,
    /// A PNG file of the first pictures side by side.
    pub preview: Option<PathBuf>,
    /// What becomes of pictures that cannot be read, changed or written.
    pub policy: Policy,
}

impl Default for Augmenting {
    fn default() -> Self {
        Augmenting {
            copies: Copies::Each(1),
            originals: false,
            target: Target::Folder,
            format: None,
            quality: 95,
            preview: None,
            policy: Policy::Skip,
        }
    }
}

/// Pictures brought together, and the names of the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mixed {
    /// How.
    pub how: Mixing,
    /// The other pictures.
    pub with: Vec<String>,
}

/// A line of the manifest: what was done to one picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Done {
    /// The new picture's file, or its number in a file of many.
    pub file: String,
    /// The picture that it was made from.
    pub source: String,
    /// Which copy of it this is, from 0; none for the original.
    pub copy: Option<u64>,
    /// Its class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// How much of each class it is, once pictures have been mixed.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub shares: Vec<(String, f64)>,
    /// What was drawn; [`Record::apply`] does it again.
    pub record: Record,
    /// Pictures that were brought together afterwards.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub mixed: Vec<Mixed>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// Pictures that were written, originals included.
    pub written: u64,
    /// Those of each class.
    pub classes: BTreeMap<String, u64>,
    /// What was refused, and why.
    pub refused: Vec<Refusal>,
    /// The file that says what was done to each.
    pub manifest: PathBuf,
}

/// One picture to be made.
struct Task {
    source: usize,
    copy: Option<u64>,
    file: String,
}

/// One picture that was made.
struct Made {
    done: Done,
    sample: Sample,
    /// Already on disk.
    is_written: bool,
}

/// Pictures between two looks at whether to go on.
const BLOCK: usize = 64;

/// Pictures in a preview.
const PREVIEWED: usize = 36;

/// Makes more pictures from a set. What is drawn for a picture depends on the seed, its name and the number of the copy only.
///
/// Each picture's file is complete or not there at all; when the work is stopped or fails, what was done stays, and the
/// manifest (`manifest.jsonl` in the folder, or beside the file) says what that is.
///
/// # Errors
/// [`Error::Options`] when the pipeline is not right, or cannot go together with the target; [`Error::Io`] when the target
/// cannot be written; [`Error::Refused`] under [`Policy::Fail`]; [`Error::Cancelled`].
pub fn augment(
    set: &ImageSet,
    pipeline: &Pipeline,
    out: &Path,
    options: &Augmenting,
    context: &Context<'_>,
) -> Result<Outcome> {
    check(set, pipeline, options)?;
    let one_file = options.target != Target::Folder;
    let folder = if one_file { out.parent().unwrap_or(Path::new("")).to_owned() } else { out.to_owned() };
    if !folder.as_os_str().is_empty() {
        std::fs::create_dir_all(&folder).map_err(Error::io("create the folder", &folder))?;
    }
    let manifest_path = if one_file {
        let mut name = out.file_name().unwrap_or_default().to_owned();
        name.push(".manifest.jsonl");
        out.with_file_name(name)
    } else {
        folder.join("manifest.jsonl")
    };
    let manifest = std::fs::File::create(&manifest_path).map_err(Error::io("create", &manifest_path))?;
    let tasks = plan(set, options);
    let mut run = Run {
        set,
        pipeline,
        options,
        context,
        folder,
        manifest: std::io::BufWriter::new(manifest),
        outcome: Outcome { refused: set.refused().to_vec(), manifest: manifest_path, ..Outcome::default() },
        marks: Vec::new(),
        labels: Vec::new(),
        kept: Vec::new(),
        preview: Vec::new(),
    };
    let worked = run.all(&tasks);
    let finished = run.finish(out);
    worked.and(finished)?;
    Ok(run.outcome)
}

fn check(set: &ImageSet, pipeline: &Pipeline, options: &Augmenting) -> Result<()> {
    let mut problems = pipeline.check();
    if pipeline.normalizes() && options.target != Target::Npy {
        problems.push(
            "Normalize makes real numbers, which only an NPY file holds: let OUT end in .npy".to_owned(),
        );
    }
    if options.copies == Copies::Balance && set.entries().iter().any(|entry| entry.label.is_none()) {
        problems.push(
            "to balance, every picture needs a class: put them into a folder for each, or write labels.csv"
                .to_owned(),
        );
    }
    if pipeline.normalizes() && (options.originals || options.copies == Copies::Balance) {
        problems.push("originals are not normalized, and so do not go with Normalize".to_owned());
    }
    if !(1..=100).contains(&options.quality) {
        problems.push("quality must be within 1 to 100".to_owned());
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Options { problems }) }
}

/// Which pictures are made, and their names, which are all different.
fn plan(set: &ImageSet, options: &Augmenting) -> Vec<Task> {
    let entries = set.entries();
    let mut copies = vec![0_u64; entries.len()];
    match options.copies {
        Copies::Each(count) => copies.fill(count),
        Copies::Balance => {
            let mut classes: BTreeMap<&Option<String>, Vec<usize>> = BTreeMap::new();
            for (number, entry) in entries.iter().enumerate() {
                classes.entry(&entry.label).or_default().push(number);
            }
            let most = classes.values().map(Vec::len).max().unwrap_or(0);
            for members in classes.values() {
                for turn in 0..most - members.len() {
                    copies[members[turn % members.len()]] += 1;
                }
            }
        }
    }
    let originals = options.originals || options.copies == Copies::Balance;
    let mut names = BTreeSet::new();
    let mut tasks = Vec::new();
    for (source, entry) in entries.iter().enumerate() {
        let numbers = originals.then_some(None).into_iter().chain((0..copies[source]).map(Some));
        for copy in numbers {
            let path = Path::new(&entry.name);
            let own = FileFormat::of_name(path).filter(|_| set.is_folder());
            let format = options.format.or(own).unwrap_or(FileFormat::Png);
            // An original that keeps its format keeps its name.
            let stem = if own.is_some() { path.with_extension("") } else { path.to_owned() };
            let stem = stem.to_string_lossy().replace('\\', "/");
            let ending = match path.extension() {
                Some(ending) if own == Some(format) => ending.to_string_lossy().into_owned(),
                _ => format.ending().to_owned(),
            };
            let stem = copy.map_or(stem.clone(), |copy| format!("{stem}_{copy}"));
            let class = entry.label.as_ref().filter(|_| !set.is_folder());
            let stem =
                class.map_or(stem.clone(), |class| format!("{}/{stem}", class.replace(['/', '\\'], "-")));
            let mut file = format!("{stem}.{ending}");
            let mut turn = 2;
            while !names.insert(file.clone()) {
                file = format!("{stem}-{turn}.{ending}");
                turn += 1;
            }
            tasks.push(Task { source, copy, file });
        }
    }
    tasks
}

struct Run<'a> {
    set: &'a ImageSet,
    pipeline: &'a Pipeline,
    options: &'a Augmenting,
    context: &'a Context<'a>,
    folder: PathBuf,
    manifest: std::io::BufWriter<std::fs::File>,
    outcome: Outcome,
    marks: Vec<Marked>,
    labels: Vec<Labelled>,
    /// Pictures for a file of many.
    kept: Vec<Image>,
    preview: Vec<Image>,
}

impl Run<'_> {
    fn all(&mut self, tasks: &[Task]) -> Result<()> {
        let phase = Phase::begin(self.context.progress, "augmenting", Some(tasks.len() as u64));
        phase.check()?;
        for block in tasks.chunks(BLOCK) {
            let made: Vec<Result<Made>> = block.par_iter().map(|task| self.one(task)).collect();
            // What was written is noted before an error ends the work.
            let mut failed = None;
            for made in made {
                match made {
                    Ok(made) => self.note(made)?,
                    Err(Error::Refused(refusal)) if self.options.policy == Policy::Skip => {
                        self.outcome.refused.push(refusal);
                    }
                    Err(error) => failed = failed.or(Some(error)),
                }
            }
            let path = &self.outcome.manifest;
            self.manifest.flush().map_err(Error::io("write", path))?;
            if let Some(error) = failed {
                return Err(error);
            }
            phase.advance(block.len() as u64)?;
        }
        Ok(())
    }

    /// Makes a picture, and writes it if it has its own file.
    fn one(&self, task: &Task) -> Result<Made> {
        let entry = &self.set.entries()[task.source];
        let sample = self.set.load(task.source)?;
        let refuse = |error: Error| match error {
            Error::Step { .. } | Error::Mixed { .. } => {
                Error::Refused(Refusal::new(&entry.name, Reason::Step(error.to_string())))
            }
            other => other,
        };
        let mut done = Done {
            file: task.file.clone(),
            source: entry.name.clone(),
            copy: task.copy,
            label: entry.label.clone(),
            shares: Vec::new(),
            record: Record::default(),
            mixed: Vec::new(),
        };
        let mut sample = sample;
        if let Some(copy) = task.copy {
            let mut stream = Pipeline::stream(self.context.seed, &entry.name, copy);
            done.record = self.pipeline.draw(sample.image.shape(), &mut stream);
            sample = done.record.apply(sample).map_err(refuse)?;
            for mix in &self.pipeline.mix {
                if let Some(how) = mix.draw(sample.image.shape(), &mut stream) {
                    let count = self.set.entries().len() as u64;
                    let partners: Vec<usize> =
                        (0..mix.partners()).map(|_| stream.below(count) as usize).collect();
                    let others: Vec<Sample> = partners
                        .iter()
                        .map(|&partner| self.set.load(partner))
                        .collect::<std::result::Result<_, _>>()?;
                    sample = how.apply(sample, &others).map_err(refuse)?;
                    let name = |partner: &usize| self.set.entries()[*partner].name.clone();
                    done.mixed.push(Mixed { how, with: partners.iter().map(name).collect() });
                }
            }
            done.shares.clone_from(&sample.shares);
        }
        let is_written = self.options.target == Target::Folder;
        if is_written {
            let path = self.folder.join(&task.file);
            let format = FileFormat::of_name(&path).unwrap_or(FileFormat::Png);
            let own = FileFormat::of_name(Path::new(&entry.name)).filter(|_| self.set.is_folder());
            // An original in its own format stays as it is, byte by byte.
            let bytes = if task.copy.is_none() && own == Some(format) {
                self.set.bytes(task.source)?
            } else {
                write::encode(&sample.image, format, self.options.quality).map_err(refuse)?
            };
            let parent = path.parent().unwrap_or(&self.folder);
            std::fs::create_dir_all(parent).map_err(Error::io("create the folder", parent))?;
            write_whole(&path, &bytes)?;
            if let Some(mask) = &sample.mask {
                let path = self.folder.join("masks").join(&task.file).with_extension("png");
                let parent = path.parent().unwrap_or(&self.folder);
                std::fs::create_dir_all(parent).map_err(Error::io("create the folder", parent))?;
                write_whole(&path, &write::encode(mask, FileFormat::Png, 100).map_err(refuse)?)?;
            }
        }
        Ok(Made { done, sample, is_written })
    }

    /// Adds a picture to the manifest, and to what is written at the end.
    fn note(&mut self, made: Made) -> Result<()> {
        let Made { mut done, sample, is_written } = made;
        if !is_written {
            done.file = self.kept.len().to_string();
        }
        let line = serde_json::to_string(&done).unwrap_or_default();
        writeln!(self.manifest, "{line}").map_err(Error::io("write", &self.outcome.manifest))?;
        self.outcome.written += 1;
        if let Some(label) = &done.label {
            *self.outcome.classes.entry(label.clone()).or_default() += 1;
        }
        if self.options.preview.is_some() && done.copy.is_some() && self.preview.len() < PREVIEWED {
            self.preview.push(sample.image.clone());
        }
        if !sample.boxes.is_empty() || !sample.keypoints.is_empty() {
            self.marks.push(Marked {
                name: done.file.clone(),
                width: sample.image.width(),
                height: sample.image.height(),
                boxes: sample.boxes,
                keypoints: sample.keypoints,
            });
        }
        self.labels.push(Labelled { file: done.file, label: done.label });
        if !is_written {
            self.kept.push(sample.image);
        }
        Ok(())
    }

    /// Writes what is written at the end.
    fn finish(&mut self, out: &Path) -> Result<()> {
        self.manifest.flush().map_err(Error::io("write", &self.outcome.manifest))?;
        if let Some(path) = self.options.preview.as_ref().filter(|_| !self.preview.is_empty()) {
            let columns = self.preview.len().isqrt().max(1);
            let longest = self.preview.iter().map(|image| image.width().max(image.height())).max();
            let sheet = write::grid(&self.preview, columns, longest.unwrap_or(1).clamp(56, 160))?;
            write_whole(path, &write::encode(&sheet, FileFormat::Png, 100)?)?;
        }
        if !self.marks.is_empty() {
            let beside = if self.options.target == Target::Folder { out } else { &self.folder };
            write_whole(&beside.join("annotations.json"), write_coco(&self.marks).as_bytes())?;
        }
        match self.options.target {
            Target::Folder if self.labels.iter().all(Labelled::is_in_its_folder) => Ok(()),
            Target::Folder => write_whole(&out.join("labels.csv"), label_table(&self.labels).as_bytes()),
            Target::Idx | Target::Npy if self.kept.is_empty() => Ok(()),
            Target::Npy => {
                write::write_npy(out, &self.kept)?;
                write_labels_beside(out, &self.labels)
            }
            Target::Idx => {
                write::write_idx(out, &self.kept)?;
                write_labels_beside(out, &self.labels)
            }
        }
    }
}
