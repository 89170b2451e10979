//! Several pictures brought together.

use lookalike::Seed;
use lookalike::image::{self, Color, Mix, Sample};
use pyo3::prelude::*;

use super::picture::{self, Given, Taken};
use crate::{errors, options};

/// A picture, its mask if it has one, and how much of each of the given pictures it is made of, by their numbers.
type Mixed<'py> = (Given<'py>, Option<Given<'py>>, Vec<(usize, f64)>);

/// Brings pictures together as a step says, JSON such as `{"MixUp": {"alpha": 0.4}}`. The first one is the one that others
/// are put into; if the step is not done by chance, it comes back. Masks are given for all pictures or for none.
#[pyfunction]
pub(crate) fn mix<'py>(
    py: Python<'py>,
    step: &str,
    images: Vec<Bound<'py, PyAny>>,
    masks: Vec<Bound<'py, PyAny>>,
    seed: u64,
) -> PyResult<Mixed<'py>> {
    let step: Mix = options::read(step)?;
    let problems = image::Pipeline { mix: vec![step.clone()], ..image::Pipeline::default() }.check();
    if !problems.is_empty() {
        return Err(errors::parameters(problems));
    }
    let needed = step.partners() + 1;
    if images.len() < needed || !(masks.is_empty() || masks.len() == images.len()) {
        let all = "for all of them, or for none";
        return Err(errors::data(&format!("it takes {needed} images, and masks {all}")));
    }
    let taken = |arrays: &[Bound<'py, PyAny>], what: &str| {
        arrays.iter().map(|array| picture::take(array, what)).collect::<PyResult<Vec<Taken>>>()
    };
    let (images, masks) =
        (taken(&images[..needed], "image")?, taken(&masks[..needed.min(masks.len())], "mask")?);
    let alike =
        |others: &[Taken]| others.iter().all(|one| (one.form, one.flat) == (others[0].form, others[0].flat));
    if !alike(&images) || masks.iter().any(|mask| mask.image.color() != Color::Grey) {
        return Err(errors::data("the images differ in their type or dimensions, or a mask has channels"));
    }
    let (form, flat) = (images[0].form, images[0].flat);
    let mask_form = masks.first().map(|mask| (mask.form, mask.flat));
    let mut samples = Vec::with_capacity(needed);
    let mut masks = masks.into_iter();
    for (number, Taken { image, .. }) in images.into_iter().enumerate() {
        let mask = masks.next().map(|mask| mask.image);
        if mask.as_ref().is_some_and(|mask| (mask.width(), mask.height()) != (image.width(), image.height()))
        {
            return Err(errors::data("a mask and its image must be of one size"));
        }
        samples.push(Sample { mask, ..Sample::new(image).with_label(number.to_string()) });
    }
    let first = samples.remove(0);
    let values = first.image.width() * first.image.height() * first.image.channels();
    let made = picture::working(py, values, || {
        let mut stream = Seed::new(seed).stream("mix", 0);
        match step.draw(first.image.shape(), &mut stream) {
            Some(drawn) => drawn.apply(first, &samples),
            None => Ok(first),
        }
    })?;
    let number =
        |label: &str| label.parse::<usize>().map_err(|_| errors::bug("a picture that was not given"));
    let mut shares: Vec<(usize, f64)> =
        made.shares.iter().map(|(label, share)| Ok((number(label)?, *share))).collect::<PyResult<_>>()?;
    if shares.is_empty() {
        shares.push((0, 1.0));
    }
    let mask = match (made.mask, mask_form) {
        (Some(mask), Some((form, flat))) => Some(picture::give(py, mask, form, flat)?),
        _ => None,
    };
    Ok((picture::give(py, made.image, form, flat)?, mask, shares))
}
