//! Boxes and keypoints in the files of COCO (<https://cocodataset.org/#format-data>) and YOLO.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::idx::unpacked;
use crate::error::{Reason, Refusal};
use crate::limits::Limits;
use crate::sample::{BoundingBox, Keypoint, Sample};

/// The boxes and keypoints of one picture.
pub type Marks = (Vec<BoundingBox>, Vec<Keypoint>);

#[derive(Debug, Serialize, Deserialize)]
struct CocoFile {
    images: Vec<CocoImage>,
    #[serde(default)]
    annotations: Vec<CocoAnnotation>,
    #[serde(default)]
    categories: Vec<CocoCategory>,
}

#[derive(Debug, Serialize, Deserialize)]
struct CocoImage {
    id: u64,
    file_name: String,
    #[serde(default)]
    width: u64,
    #[serde(default)]
    height: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct CocoAnnotation {
    #[serde(default)]
    id: u64,
    image_id: u64,
    category_id: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bbox: Option<[f64; 4]>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    keypoints: Vec<f64>,
    #[serde(default)]
    area: f64,
    #[serde(default)]
    iscrowd: u8,
}

#[derive(Debug, Serialize, Deserialize)]
struct CocoCategory {
    id: u64,
    name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    keypoints: Vec<String>,
}

/// Reads a COCO file: boxes and visible keypoints by the names of pictures' files. Segmentations are not read.
///
/// # Errors
/// A [`Refusal`] when the file is no such file, or names pictures or classes that it does not have.
pub fn read_coco(path: &Path, limits: &Limits) -> Result<BTreeMap<String, Marks>, Refusal> {
    let read = || {
        let bytes = unpacked(path, limits.set_bytes)?;
        let file: CocoFile =
            serde_json::from_slice(&bytes).map_err(|_| Reason::Annotation("it is no COCO file of boxes"))?;
        let names: BTreeMap<u64, &CocoCategory> = file.categories.iter().map(|c| (c.id, c)).collect();
        let images: BTreeMap<u64, &str> =
            file.images.iter().map(|image| (image.id, image.file_name.as_str())).collect();
        let mut marks: BTreeMap<String, Marks> =
            file.images.iter().map(|image| (image.file_name.clone(), Marks::default())).collect();
        for annotation in &file.annotations {
            let missing = Reason::Annotation("an annotation is of a picture that it does not have");
            let image = images.get(&annotation.image_id).ok_or(missing)?;
            let missing = Reason::Annotation("an annotation is of a category that it does not have");
            let category = names.get(&annotation.category_id).ok_or(missing)?;
            let (boxes, keypoints) = marks.entry((*image).to_owned()).or_default();
            if let Some([left, top, width, height]) = annotation.bbox {
                let sound = width >= 0.0 && height >= 0.0;
                let sound = sound && [left, top, width, height].iter().all(|edge| edge.is_finite());
                if !sound {
                    return Err(Reason::Annotation("a box has no width and height"));
                }
                let (right, bottom) = (left + width, top + height);
                boxes.push(BoundingBox { left, top, right, bottom, label: category.name.clone() });
            }
            for (number, point) in annotation.keypoints.as_chunks::<3>().0.iter().enumerate() {
                if point[2] > 0.0 {
                    let label = category.keypoints.get(number).cloned();
                    let label = label.unwrap_or_else(|| format!("{} {number}", category.name));
                    keypoints.push(Keypoint { x: point[0], y: point[1], label });
                }
            }
        }
        Ok(marks)
    };
    read().map_err(|reason| Refusal::new(path, reason))
}

/// A picture's name and size, and what is marked in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Marked {
    /// The name of its file.
    pub name: String,
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Boxes around things.
    pub boxes: Vec<BoundingBox>,
    /// Points that mean something.
    pub keypoints: Vec<Keypoint>,
}

/// The boxes and keypoints of pictures as a COCO file: each keypoint is an annotation of its own category.
pub fn write_coco(pictures: &[Marked]) -> String {
    let points: BTreeSet<&str> =
        pictures.iter().flat_map(|picture| &picture.keypoints).map(|point| point.label.as_str()).collect();
    let boxes = pictures.iter().flat_map(|picture| &picture.boxes).map(|bounds| bounds.label.as_str());
    let labels: Vec<&str> =
        points.iter().copied().chain(boxes).collect::<BTreeSet<&str>>().into_iter().collect();
    let id_of = |label: &str| labels.binary_search(&label).map_or(0, |place| place as u64 + 1);
    let mut annotations: Vec<CocoAnnotation> = Vec::new();
    let mut images = Vec::with_capacity(pictures.len());
    for (number, picture) in pictures.iter().enumerate() {
        let image_id = number as u64 + 1;
        images.push(CocoImage {
            id: image_id,
            file_name: picture.name.clone(),
            width: picture.width as u64,
            height: picture.height as u64,
        });
        let mut add = |label: &str, bbox: Option<[f64; 4]>, area: f64, keypoints: Vec<f64>| {
            annotations.push(CocoAnnotation {
                id: annotations.len() as u64 + 1,
                image_id,
                category_id: id_of(label),
                bbox,
                keypoints,
                area,
                iscrowd: 0,
            });
        };
        for b in &picture.boxes {
            add(&b.label, Some([b.left, b.top, b.right - b.left, b.bottom - b.top]), b.area(), Vec::new());
        }
        for point in &picture.keypoints {
            add(&point.label, None, 0.0, vec![point.x, point.y, 2.0]);
        }
    }
    let categories = labels
        .iter()
        .map(|label| CocoCategory {
            id: id_of(label),
            name: (*label).to_owned(),
            keypoints: if points.contains(label) { vec![(*label).to_owned()] } else { Vec::new() },
        })
        .collect();
    // Names and numbers only: it cannot fail.
    serde_json::to_string_pretty(&CocoFile { images, annotations, categories }).unwrap_or_default()
}

/// Reads a YOLO file of one picture: in each line the number of a class, and the middle, width and height of a box as shares
/// of the picture's. `classes` are the names by number; where it has none, the number is the name.
///
/// # Errors
/// A [`Refusal`] with the line that is not right.
pub fn read_yolo(
    path: &Path,
    (width, height): (usize, usize),
    classes: &[String],
    limits: &Limits,
) -> Result<Vec<BoundingBox>, Refusal> {
    let refuse = |reason| Refusal::new(path, reason);
    let bytes = match unpacked(path, limits.file_bytes) {
        // A picture with nothing on it has an empty file.
        Err(Reason::EmptyFile) => return Ok(Vec::new()),
        other => other.map_err(refuse)?,
    };
    let text = String::from_utf8_lossy(&bytes);
    let mut boxes = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = |problem| refuse(Reason::Line { line: number + 1, problem });
        let fields: Vec<&str> = line.split_whitespace().collect();
        let class: usize = fields[0].parse().map_err(|_| wrong("its class is no number"))?;
        let shares: Option<Vec<f64>> = fields[1..].iter().map(|field| field.parse().ok()).collect();
        let Some([x, y, w, h]) = shares.as_deref() else {
            return Err(wrong("it does not have a class and four numbers"));
        };
        if ![x, y, w, h].iter().all(|share| (0.0..=1.0).contains(*share)) {
            return Err(wrong("its numbers are not shares of the picture, 0 to 1"));
        }
        let (width, height) = (width as f64, height as f64);
        boxes.push(BoundingBox {
            left: (x - w / 2.0) * width,
            top: (y - h / 2.0) * height,
            right: (x + w / 2.0) * width,
            bottom: (y + h / 2.0) * height,
            label: classes.get(class).cloned().unwrap_or_else(|| class.to_string()),
        });
    }
    Ok(boxes)
}

/// The boxes of a picture as a YOLO file. `classes` are the names by number; new ones are added.
pub fn write_yolo(sample: &Sample, classes: &mut Vec<String>) -> String {
    let (width, height) = (sample.image.width() as f64, sample.image.height() as f64);
    let mut text = String::new();
    for b in &sample.boxes {
        let class = classes.iter().position(|name| *name == b.label).unwrap_or_else(|| {
            classes.push(b.label.clone());
            classes.len() - 1
        });
        let (x, y) = (b.left.midpoint(b.right) / width, b.top.midpoint(b.bottom) / height);
        let (w, h) = ((b.right - b.left) / width, (b.bottom - b.top) / height);
        let _ = writeln!(text, "{class} {x:.6} {y:.6} {w:.6} {h:.6}");
    }
    text
}
