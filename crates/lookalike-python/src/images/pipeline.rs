//! Pipelines applied to single pictures: in the calling thread, since one takes microseconds.

use std::sync::atomic::{AtomicU64, Ordering};

use lookalike::Seed;
use lookalike::image::{self, Action, BoundingBox, Color, Image, Keypoint, Sample};
use pyo3::prelude::*;
use serde_json::Value;

use super::picture::{self, Form, Given, Taken};
use crate::{errors, options};

/// A box: its left, upper, right and lower edge.
type Edges = (f64, f64, f64, f64);
/// Boxes that are left, each with its number among those given.
type Boxes = Vec<(f64, f64, f64, f64, usize)>;
/// Points that are left, each with its number among those given.
type Points = Vec<(f64, f64, usize)>;

/// What is done to pictures, with chance. Each call draws anew.
#[pyclass(frozen, module = "lookalike._native")]
pub(crate) struct Pipeline {
    steps: image::Pipeline,
    seed: Seed,
    /// The user gave the seed: calls are then the same in every process.
    fixed: bool,
    calls: AtomicU64,
}

impl Pipeline {
    fn record(&self, shape: image::Shape) -> image::Record {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        // A forked process has its parent's seed and count of calls, and is to draw otherwise.
        let mut stream = if self.fixed {
            image::Pipeline::stream(self.seed, "", call)
        } else {
            image::Pipeline::stream(self.seed, &std::process::id().to_string(), call)
        };
        self.steps.draw(shape, &mut stream)
    }
}

#[pymethods]
impl Pipeline {
    /// From JSON, checked; all that is wrong is told at once. A seed that the user did not give is to be a random number.
    #[new]
    fn new(text: &str, seed: u64, fixed: bool) -> PyResult<Pipeline> {
        Ok(Pipeline { steps: read(text)?, seed: Seed::new(seed), fixed, calls: AtomicU64::new(0) })
    }

    /// The picture changed.
    fn run<'py>(&self, py: Python<'py>, image: &Bound<'py, PyAny>) -> PyResult<Given<'py>> {
        let Taken { image, form, flat } = picture::take(image, "image")?;
        let record = self.record(image.shape());
        let made = done(py, record, form, Sample::new(image), &[])?.0;
        picture::give(py, made.image, form, flat)
    }

    /// What is to be done to a picture like this one.
    fn draw(&self, image: &Bound<'_, PyAny>) -> PyResult<Record> {
        Ok(Record(self.record(picture::shape(image)?)))
    }

    /// The text of a TOML file of it, as the program reads it.
    fn to_toml(&self) -> PyResult<String> {
        toml::to_string(&self.steps).map_err(|_| errors::bug("a pipeline that TOML cannot hold"))
    }

    /// The pipeline in a TOML file, as JSON.
    #[staticmethod]
    fn read_toml(path: std::path::PathBuf) -> PyResult<String> {
        let pipeline = image::Pipeline::read(&path).map_err(picture::raised)?;
        serde_json::to_string(&pipeline).map_err(|_| errors::bug("a pipeline that JSON cannot hold"))
    }
}

/// A pipeline, checked. One without steps leaves pictures as they are.
pub(super) fn read(text: &str) -> PyResult<image::Pipeline> {
    let whole: Value = options::read(text)?;
    let pipeline: image::Pipeline = options::value(&whole).map_err(|problem| {
        // Which step it is, where a step alone is not understood either.
        let steps = ["steps", "mix"].into_iter().filter_map(|part| whole.get(part)?.as_array());
        let alone = |(number, step): (usize, &Value)| {
            let name = step.as_object()?.keys().next()?.clone();
            let problem = match options::value::<image::Step>(step) {
                Err(problem) if options::value::<image::Mix>(step).is_err() => problem,
                _ => return None,
            };
            Some(format!("transforms[{number}].{name}: {problem}"))
        };
        let found: Vec<String> = steps.flatten().enumerate().filter_map(alone).collect();
        errors::parameters(if found.is_empty() { vec![problem] } else { found })
    })?;
    if pipeline.steps.is_empty() && pipeline.mix.is_empty() {
        return Ok(pipeline);
    }
    let problems: Vec<String> =
        pipeline.check().iter().map(|problem| problem.replace("steps[", "transforms[")).collect();
    if problems.is_empty() { Ok(pipeline) } else { Err(errors::parameters(problems)) }
}

/// What was drawn for a picture.
#[pyclass(frozen, module = "lookalike._native")]
pub(crate) struct Record(image::Record);

#[pymethods]
impl Record {
    /// From JSON.
    #[new]
    fn new(text: &str) -> PyResult<Record> {
        options::read(text).map(Record)
    }

    /// As JSON.
    fn to_json(&self) -> PyResult<String> {
        serde_json::to_string(&self.0).map_err(|_| errors::bug("a record that JSON cannot hold"))
    }

    /// Does it to a picture, to masks of its size without channels, and to boxes and points in it.
    #[pyo3(signature = (image, masks=Vec::new(), boxes=Vec::new(), points=Vec::new(), what="image"))]
    fn apply<'py>(
        &self,
        py: Python<'py>,
        image: &Bound<'py, PyAny>,
        masks: Vec<Bound<'py, PyAny>>,
        boxes: Vec<Edges>,
        points: Vec<(f64, f64)>,
        what: &str,
    ) -> PyResult<(Given<'py>, Vec<Given<'py>>, Boxes, Points)> {
        let Taken { image, form, flat } = picture::take(image, what)?;
        let size = (image.width(), image.height());
        let masks = masks.iter().map(|mask| picture::take(mask, "mask")).collect::<PyResult<Vec<_>>>()?;
        for Taken { image: mask, .. } in &masks {
            if mask.color() != Color::Grey {
                return Err(errors::bug("a mask with channels"));
            }
            if (mask.width(), mask.height()) != size {
                return Err(errors::data(&format!(
                    "mask has {} rows of {} pixels and {what} {} of {}: they must be of one size",
                    mask.height(),
                    mask.width(),
                    size.1,
                    size.0
                )));
            }
        }
        let planes: Vec<Image> = masks.iter().map(|mask| mask.image.clone()).collect();
        let sample = marked(Sample::new(image), &boxes, &points);
        let (made, moved) = done(py, self.0.clone(), form, sample, &planes)?;
        let (boxes, points) = left(&made)?;
        let given =
            moved.into_iter().zip(&masks).map(|(mask, taken)| picture::give(py, mask, taken.form, true));
        let given = given.collect::<PyResult<Vec<_>>>()?;
        Ok((picture::give(py, made.image, form, flat)?, given, boxes, points))
    }

    /// Does what moves pixels to boxes and points in a picture of this size.
    fn travel(
        &self,
        py: Python<'_>,
        size: (usize, usize),
        boxes: Vec<Edges>,
        points: Vec<(f64, f64)>,
    ) -> PyResult<(Boxes, Points)> {
        let (height, width) = size;
        let made = picture::working(py, height * width, || {
            let blank = Image::from_u8(width, height, Color::Grey, vec![0; width * height])?;
            self.0.travel(marked(Sample::new(blank), &boxes, &points))
        })?;
        left(&made)
    }
}

/// Does what was drawn to a picture, and to masks of its size.
fn done(
    py: Python<'_>,
    mut record: image::Record,
    form: Form,
    mut sample: Sample,
    masks: &[Image],
) -> PyResult<(Sample, Vec<Image>)> {
    // Who says what the brightest value is speaks of the array.
    for action in record.steps.iter_mut().flat_map(|step| &mut step.actions) {
        if let (Action::Normalize(normalize), Form::Share) = (action, form) {
            normalize.max_pixel_value = normalize.max_pixel_value.map(|value| value * 65_535.0);
        }
    }
    let values = sample.image.width() * sample.image.height() * sample.image.channels();
    picture::working(py, values, || {
        let mut masks = masks.iter().cloned();
        sample.mask = masks.next();
        let first = record.apply_to(&sample)?;
        let mut moved: Vec<Image> = first.mask.iter().cloned().collect();
        for mask in masks {
            let further = Sample { mask: Some(mask.clone()), ..Sample::new(mask) };
            moved.extend(record.travel(further)?.mask);
        }
        Ok::<_, image::Error>((first, moved))
    })
}

/// A sample with boxes and points, whose labels are their numbers.
fn marked(mut sample: Sample, boxes: &[Edges], points: &[(f64, f64)]) -> Sample {
    let boxes = boxes.iter().enumerate().map(|(number, &(left, top, right, bottom))| BoundingBox {
        left,
        top,
        right,
        bottom,
        label: number.to_string(),
    });
    sample.boxes = boxes.collect();
    let points = points.iter().enumerate();
    sample.keypoints = points.map(|(number, &(x, y))| Keypoint { x, y, label: number.to_string() }).collect();
    sample
}

/// The boxes and points that are left, with their numbers.
fn left(sample: &Sample) -> PyResult<(Boxes, Points)> {
    let number = |label: &str| label.parse().map_err(|_| errors::bug("a box that was not given"));
    let boxes = sample
        .boxes
        .iter()
        .map(|b| Ok((b.left, b.top, b.right, b.bottom, number(&b.label)?)))
        .collect::<PyResult<Boxes>>()?;
    let points = sample
        .keypoints
        .iter()
        .map(|point| Ok((point.x, point.y, number(&point.label)?)))
        .collect::<PyResult<Points>>()?;
    Ok((boxes, points))
}
