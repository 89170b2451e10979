use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::error::Result;
use crate::sample::{Keeping, Sample};

/// What one transform drew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawn {
    /// The transform's name.
    pub transform: Cow<'static, str>,
    /// What is done, one after the other.
    pub actions: Vec<Action>,
}

/// All that is done to one picture: nothing is left to chance. It can be kept and done again, to the same picture or to
/// another.
///
/// ```
/// use lookalike_image::{Color, Image, Pipeline, Record, Sample, Seed};
/// let pipeline: Pipeline = toml::from_str("steps = [{ Rotate = { p = 1 } }, { GaussNoise = { p = 1 } }]")?;
/// let sample = Sample::new(Image::from_u8(8, 8, Color::Grey, vec![100; 64])?);
/// let (first, record) = pipeline.apply(sample.clone(), Seed::new(1), "a.png", 0)?;
/// let kept = serde_json::to_string(&record)?;
/// let again = serde_json::from_str::<Record>(&kept)?.apply(sample)?;
/// assert_eq!(first, again);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// What was done.
    pub steps: Vec<Drawn>,
    /// What becomes of boxes and keypoints afterwards.
    #[serde(default)]
    pub keeping: Keeping,
}

impl Record {
    /// Does all of it.
    ///
    /// # Errors
    /// [`crate::Error::Step`] when the picture is not one that a step can be done to.
    pub fn apply(&self, mut sample: Sample) -> Result<Sample> {
        for action in self.steps.iter().flat_map(|drawn| &drawn.actions) {
            action.apply(&mut sample)?;
        }
        self.keeping.settle(&mut sample);
        Ok(sample)
    }

    /// Does all of it to a copy.
    ///
    /// # Errors
    /// As [`Record::apply`].
    pub fn apply_to(&self, sample: &Sample) -> Result<Sample> {
        let mut actions = self.steps.iter().flat_map(|drawn| &drawn.actions);
        let mut made = match actions.next() {
            Some(first) => first.apply_to(sample)?,
            None => sample.clone(),
        };
        for action in actions {
            action.apply(&mut made)?;
        }
        self.keeping.settle(&mut made);
        Ok(made)
    }

    /// Does what moves pixels, and nothing else: for what travels with a picture and was not done with it, such as a second
    /// mask or further boxes. The sample's picture must have the same size, and may be any other.
    ///
    /// ```
    /// use lookalike_image::{Color, Image, Pipeline, Sample, Seed};
    /// let pipeline: Pipeline = toml::from_str("steps = [{ HorizontalFlip = { p = 1 } }, { GaussNoise = { p = 1 } }]")?;
    /// let first = Sample::new(Image::from_u8(2, 1, Color::Rgb, vec![100; 6])?);
    /// let (_, record) = pipeline.apply(first, Seed::new(1), "a.png", 0)?;
    /// let mask = Image::from_u8(2, 1, Color::Grey, vec![0, 9])?;
    /// let moved = record.travel(Sample { mask: Some(mask.clone()), ..Sample::new(mask) })?;
    /// assert_eq!(moved.mask.unwrap().as_u8(), Some(&[9, 0][..]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Record::apply`].
    pub fn travel(&self, mut sample: Sample) -> Result<Sample> {
        for action in self.steps.iter().flat_map(|drawn| &drawn.actions).filter(|action| action.moves()) {
            action.apply(&mut sample)?;
        }
        self.keeping.settle(&mut sample);
        Ok(sample)
    }
}
