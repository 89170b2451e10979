use std::fmt;
use std::path::{Path, PathBuf};

/// The result of what can go wrong with images.
pub type Result<T> = std::result::Result<T, Error>;

/// What can go wrong with images and pipelines. No message holds the value of a pixel.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried: `read`, `create`, `write` ...
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A file that is not as it must be.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Options or a pipeline that are not right: all that is wrong, at once.
    #[error("{}", problems.join("; "))]
    Options {
        /// Each with the option that it is about.
        problems: Vec<String>,
    },
    /// A pipeline or a record of one that is not understood.
    #[error("{} is no pipeline that can be run: {problem}", path.display())]
    PipelineFile {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        problem: String,
    },
    /// Pixels do not fill the width, height and channels that they are said to have, or there are none.
    #[error("{width} x {height} pixels of {channels} channels do not fit {values} values")]
    Shape {
        /// Pixels in a row.
        width: usize,
        /// Rows.
        height: usize,
        /// Values of a pixel.
        channels: usize,
        /// Values that were given.
        values: usize,
    },
    /// A step that cannot be done to an image of this kind.
    #[error("{step} cannot be done to {what}")]
    Step {
        /// The step.
        step: &'static str,
        /// The kind of image, or what is wrong with it.
        what: String,
    },
    /// Images that were to be brought together differ.
    #[error("the images differ in {what}; resize or convert them first")]
    Mixed {
        /// In what they differ.
        what: &'static str,
    },
    /// There is nothing to work on.
    #[error("{} holds no images{}", path.display(), hint(*refused))]
    Empty {
        /// The folder or file.
        path: PathBuf,
        /// How many were refused.
        refused: usize,
    },
    /// The work was stopped on request.
    #[error(transparent)]
    Cancelled(#[from] lookalike_core::Cancelled),
}

fn hint(refused: usize) -> String {
    if refused == 0 { String::new() } else { format!(" that can be read ({refused} were refused)") }
}

impl Error {
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
        move |source| Error::Io { action, path: path.to_owned(), source }
    }
}

/// A file that was refused, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The file.
    pub file: PathBuf,
    /// Why.
    pub reason: Reason,
}

impl Refusal {
    pub(crate) fn new(file: impl Into<PathBuf>, reason: Reason) -> Self {
        Refusal { file: file.into(), reason }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.file.display(), self.reason)
    }
}

impl std::error::Error for Refusal {}

/// Why a file was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// The system did not let it be read.
    #[error("it cannot be read: {0}")]
    Unreadable(std::io::ErrorKind),
    /// The file is empty.
    #[error("the file is empty")]
    EmptyFile,
    /// Its first bytes are of no format that is understood.
    #[error("it is no PNG, JPEG, WebP, BMP or TIFF file")]
    UnknownFormat,
    /// It ends too early.
    #[error("it is cut short")]
    Truncated,
    /// What it holds contradicts its format.
    #[error("it is damaged")]
    Damaged,
    /// Its format allows what is not understood here.
    #[error("it uses a part of its format that is not supported")]
    Unsupported,
    /// It has no pixels.
    #[error("it is {width} x {height} pixels, which is nothing")]
    ZeroSized {
        /// Pixels in a row.
        width: u64,
        /// Rows.
        height: u64,
    },
    /// It is larger than the limits.
    #[error("it is {width} x {height} pixels, more than the limit of {limit}")]
    TooLarge {
        /// Pixels in a row.
        width: u64,
        /// Rows.
        height: u64,
        /// The limit that it breaks, in words.
        limit: String,
    },
    /// The file has more bytes than the limits.
    #[error("it has {bytes} bytes, more than the limit of {limit}")]
    TooManyBytes {
        /// Bytes of the file, or of what is in it.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// It holds several pictures one after the other.
    #[error("it is animated; take one of its pictures out first")]
    Animated,
    /// The header of an IDX, NPY or NPZ file is not right.
    #[error("its header is wrong: {0}")]
    Header(&'static str),
    /// The data does not have the length that the header says.
    #[error("its header promises {promised} bytes of data and there are {there}")]
    Length {
        /// What the header says.
        promised: u64,
        /// What is there.
        there: u64,
    },
    /// A row of a file of pixels, labels or boxes that is not right.
    #[error("line {line}: {problem}")]
    Line {
        /// The number of the line, from 1.
        line: usize,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// It has another size or other channels than the ones before it, where all must be alike.
    #[error("it is {found} and the ones before it are {expected}")]
    Differs {
        /// Its shape.
        found: String,
        /// Theirs.
        expected: String,
    },
    /// A label, box or mask for an image that is not there.
    #[error("{by} has an entry for it and there is no such file")]
    Missing {
        /// The name of the file that mentions it.
        by: String,
    },
    /// An image without an entry in the file of labels.
    #[error("{by} has no entry for it")]
    Unlabeled {
        /// The name of the file of labels.
        by: String,
    },
    /// A class without images.
    #[error("the class has no images")]
    EmptyClass,
    /// Its annotations are not right.
    #[error("{0}")]
    Annotation(&'static str),
    /// Something cannot be done to it, or it cannot be written.
    #[error("{0}")]
    Step(String),
    /// Labels and images are not equally many.
    #[error("there are {images} images and {labels} labels")]
    Counts {
        /// How many images.
        images: usize,
        /// How many labels.
        labels: usize,
    },
}

/// What becomes of files that are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// They are left out, named and counted; the rest goes on.
    #[default]
    Skip,
    /// The first one ends the work.
    Fail,
}

/// Collects all that is wrong with options.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    place: Vec<String>,
    found: Vec<String>,
}

impl Problems {
    /// Runs `check` with `place` in front of what it finds.
    pub(crate) fn within(&mut self, place: impl Into<String>, check: impl FnOnce(&mut Self)) {
        self.place.push(place.into());
        check(self);
        self.place.pop();
    }

    /// Notes `problem` of `option` unless `holds`.
    pub(crate) fn require(&mut self, holds: bool, option: &str, problem: impl fmt::Display) {
        if !holds {
            let mut place = self.place.join(".");
            if !place.is_empty() && !option.is_empty() {
                place.push('.');
            }
            self.found.push(format!("{place}{option} {problem}"));
        }
    }

    pub(crate) fn into_found(self) -> Vec<String> {
        self.found
    }
}
