use std::path::Path;

use lookalike_core::{Seed, Stream};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Problems, Result};
use crate::image::Shape;
use crate::mix::Mix;
use crate::record::Record;
use crate::sample::{Keeping, Sample};
use crate::step::Step;
use crate::transform::Transform;

/// What is done to pictures, with chance. A TOML file of it looks like this:
///
/// ```toml
/// [[steps]]
/// HorizontalFlip = { p = 0.5 }
///
/// [[steps]]
/// Rotate = { limit = 15, border_mode = "reflect_101", p = 0.9 }
///
/// [[steps]]
/// OneOf = { p = 0.5, steps = [{ GaussNoise = { std_range = [0.02, 0.1] } }, { MotionBlur = {} }] }
/// ```
///
/// What is drawn depends on the seed and on the name and number that a picture is given, and on nothing else: not on the
/// order of pictures, and not on the number of threads.
///
/// ```
/// use lookalike_image::{Color, Image, Pipeline, Sample, Seed};
/// let pipeline: Pipeline = toml::from_str("steps = [{ RandomRotate90 = {} }, { ShotNoise = { p = 1 } }]")?;
/// assert_eq!(pipeline.check(), Vec::<String>::new());
/// let sample = Sample::new(Image::from_u8(3, 2, Color::Grey, vec![0, 50, 100, 150, 200, 250])?);
/// let (one, record) = pipeline.apply(sample.clone(), Seed::new(7), "cat.png", 0)?;
/// let (same, _) = pipeline.apply(sample, Seed::new(7), "cat.png", 0)?;
/// assert_eq!(one, same);
/// assert_eq!(record.steps.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pipeline {
    /// The steps, one after the other.
    pub steps: Vec<Step>,
    /// Ways to bring pictures together after the steps, one after the other.
    pub mix: Vec<Mix>,
    /// What becomes of boxes and keypoints.
    pub keeping: Keeping,
}

impl Pipeline {
    /// A pipeline of transforms.
    pub fn of(transforms: impl IntoIterator<Item = Transform>) -> Self {
        Pipeline { steps: transforms.into_iter().map(Step::from).collect(), ..Pipeline::default() }
    }

    /// Reads a TOML file, and checks it.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::PipelineFile`] with the line, or [`Error::Options`] with all that is wrong.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(Error::io("read", path))?;
        let pipeline: Pipeline = toml::from_str(&text).map_err(|error| Error::PipelineFile {
            path: path.to_owned(),
            problem: error.to_string().trim_end().to_owned(),
        })?;
        let problems = pipeline.check();
        if problems.is_empty() { Ok(pipeline) } else { Err(Error::Options { problems }) }
    }

    /// All that is wrong with it.
    pub fn check(&self) -> Vec<String> {
        let mut problems = Problems::default();
        let empty = self.steps.is_empty() && self.mix.is_empty();
        problems.require(!empty, "steps", "must have at least one step");
        for (number, step) in self.steps.iter().enumerate() {
            problems.within(format!("steps[{number}]"), |problems| {
                step.check(problems, 0);
                let last = number + 1 == self.steps.len() && matches!(step, Step::Transform(_));
                let fine = !step.normalizes() || (last && self.mix.is_empty());
                problems.require(fine, "Normalize", "must come last, and not within a choice");
            });
        }
        for (number, mix) in self.mix.iter().enumerate() {
            problems.within(format!("mix[{number}]"), |problems| mix.check(problems));
        }
        let keeping = &self.keeping;
        problems.within("keeping", |problems| {
            problems.require(keeping.min_area >= 0.0, "min_area", "must be 0 or more");
            let share = (0.0..=1.0).contains(&keeping.min_visibility);
            problems.require(share, "min_visibility", "must be within 0 to 1");
        });
        problems.into_found()
    }

    /// True when pictures come out as real numbers.
    pub fn normalizes(&self) -> bool {
        self.steps.iter().any(Step::normalizes)
    }

    /// The stream that a picture's chances come from, as [`Pipeline::draw`] takes it: `name` and `copy` say which picture it
    /// is.
    pub fn stream(seed: Seed, name: &str, copy: u64) -> Stream {
        seed.derive("augment").stream(name, copy)
    }

    /// What is to be done to a picture of this shape.
    pub fn draw(&self, shape: Shape, stream: &mut Stream) -> Record {
        let (mut shape, mut steps) = (shape, Vec::with_capacity(self.steps.len()));
        for step in &self.steps {
            step.draw(&mut shape, stream, &mut steps);
        }
        Record { steps, keeping: self.keeping.clone() }
    }

    /// Draws what is to be done to a picture and does it. `name` and `copy` say which picture it is, so that each has its
    /// own chances. Mixing needs other pictures, and is left out: see [`crate::augment`].
    ///
    /// # Errors
    /// [`Error::Step`] when the picture is not one that a step can be done to.
    pub fn apply(&self, sample: Sample, seed: Seed, name: &str, copy: u64) -> Result<(Sample, Record)> {
        let record = self.draw(sample.image.shape(), &mut Pipeline::stream(seed, name, copy));
        Ok((record.apply(sample)?, record))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{Color, Image};

    fn pipeline(text: &str) -> Pipeline {
        toml::from_str(text).unwrap()
    }

    fn grey(width: usize, height: usize) -> Sample {
        Sample::new(Image::from_u8(width, height, Color::Grey, vec![9; width * height]).unwrap())
    }

    #[test]
    fn all_problems_are_told_at_once() {
        let text = r#"
            steps = [
                { Rotate = { limit = 900, p = 2 } },
                { Normalize = {} },
                { OneOf = { steps = [{ Resize = { height = 0, width = 5, interpolation = "area" } }] } },
                { SomeOf = { n = 3, steps = [{ HorizontalFlip = {} }] } },
            ]
            keeping = { min_visibility = 3 }
        "#;
        let problems = pipeline(text).check();
        assert_eq!(
            problems,
            [
                "steps[0].Rotate.limit must be a range within -360 to 360",
                "steps[0].Rotate.p must be a probability, 0 to 1",
                "steps[1].Normalize must come last, and not within a choice",
                "steps[2].OneOf.steps[0].Resize.height must be within 1 to 16384",
                "steps[3].SomeOf.n must be within 1 to 1",
                "keeping.min_visibility must be within 0 to 1",
            ]
        );
        assert_eq!(Pipeline::default().check(), ["steps must have at least one step"]);
    }

    #[test]
    fn unknown_names_are_refused() {
        for text in [
            "steps = [{ Rotatte = {} }]",
            "steps = [{ Rotate = { angle = 3 } }]",
            "steps = [{ Rotate = {}, HorizontalFlip = {} }]",
            "steps = [{ OneOf = { transforms = [] } }]",
            "step = []",
        ] {
            assert!(toml::from_str::<Pipeline>(text).is_err(), "{text}");
        }
        assert!(pipeline("steps = [{ Invert = {} }]").check().is_empty());
    }

    #[test]
    fn pipelines_are_written_as_they_are_read() {
        let before = pipeline(
            r#"
            steps = [
                { OneOf = { p = 0.3, steps = [{ CoarseDropout = { fill = "random" } }, { Transpose = {} }] } },
                { Sequential = { steps = [{ RandomCrop = { height = 4, width = 5 } }] } },
            ]
            mix = [{ MixUp = { alpha = 0.3 } }]
        "#,
        );
        let text = toml::to_string(&before).unwrap();
        assert_eq!(pipeline(&text), before);
        let json = serde_json::to_string(&before).unwrap();
        assert_eq!(serde_json::from_str::<Pipeline>(&json).unwrap(), before);
    }

    #[test]
    fn choices_are_as_frequent_as_asked() {
        let one = pipeline(
            "steps = [{ OneOf = { p = 0.8, steps = [{ HorizontalFlip = { p = 0.25 } }, { VerticalFlip = { p = 0.75 } }] } }]",
        );
        let some = pipeline(
            "steps = [{ SomeOf = { n = 2, steps = [{ HorizontalFlip = { p = 1 } }, { VerticalFlip = { p = 1 } }, { Transpose = { p = 0.5 } }] } }]",
        );
        let (mut horizontal, mut vertical, mut all) = (0, 0, 0);
        for copy in 0..4000 {
            let shape = grey(2, 2).image.shape();
            let mut stream = Pipeline::stream(Seed::new(1), "x", copy);
            match one.draw(shape, &mut stream).steps.first().map(|drawn| drawn.transform.as_ref()) {
                Some("HorizontalFlip") => horizontal += 1,
                Some("VerticalFlip") => vertical += 1,
                _ => {}
            }
            all += some.draw(shape, &mut stream).steps.len();
        }
        assert!((horizontal as f64 / 4000.0 - 0.2).abs() < 0.025, "{horizontal}");
        assert!((vertical as f64 / 4000.0 - 0.6).abs() < 0.03, "{vertical}");
        // Two of three, and two thirds of the time one of them has an even chance.
        assert!((all as f64 / 4000.0 - (2.0 - 1.0 / 3.0)).abs() < 0.05, "{all}");
    }

    #[test]
    fn names_and_numbers_have_their_own_chances() {
        let noisy = pipeline("steps = [{ GaussNoise = { p = 1 } }]");
        let run = |seed: u64, name: &str, copy: u64| {
            noisy.apply(grey(9, 9), Seed::new(seed), name, copy).unwrap().0.image
        };
        assert_eq!(run(1, "a", 0), run(1, "a", 0));
        for other in [run(2, "a", 0), run(1, "b", 0), run(1, "a", 1)] {
            assert_ne!(run(1, "a", 0), other);
        }
    }

    #[test]
    fn later_steps_see_the_shape_that_earlier_ones_made() {
        let crops = pipeline(
            "steps = [{ Resize = { height = 4, width = 30 } }, { Transpose = { p = 1 } }, { RandomCrop = { height = 20, width = 4 } }]",
        );
        let (sample, _) = crops.apply(grey(7, 7), Seed::new(1), "a", 0).unwrap();
        assert_eq!((sample.image.width(), sample.image.height()), (4, 20));
    }
}
