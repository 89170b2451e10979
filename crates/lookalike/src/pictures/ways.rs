//! Ways through what a model of pictures knows.

use lookalike_core::Context;
use lookalike_image::Image;
use lookalike_synth::image::Images;
use lookalike_synth::{AnyModel, SampleRequest};

use super::of_levels;
use crate::error::{Error, Result};

/// Pictures on the way from one to another, row after row: the first two of the request are the ends of the first row, and so
/// on. Each row has `steps` pictures, the ends among them.
///
/// # Errors
/// [`Error::NoPictures`] for a model of a table; those of [`lookalike_synth::image::ImageTableModel::interpolate`].
pub fn interpolate(
    model: &AnyModel,
    request: &SampleRequest,
    steps: usize,
    context: &Context<'_>,
) -> Result<Vec<Image>> {
    let AnyModel::Image(model) = model else { return Err(Error::NoPictures) };
    request.check(model.method().name())?;
    as_pictures(&model.interpolate(request, steps, context)?)
}

/// Pictures along the latent numbers of an autoencoder, row after row: one row of `steps` pictures for each row of the request,
/// along which that latent number alone goes from low to high.
///
/// # Errors
/// [`Error::NoPictures`] for a model of a table; those of [`lookalike_synth::image::ImageTableModel::traverse`].
pub fn traverse(
    model: &AnyModel,
    request: &SampleRequest,
    steps: usize,
    context: &Context<'_>,
) -> Result<Vec<Image>> {
    let AnyModel::Image(model) = model else { return Err(Error::NoPictures) };
    request.check(model.method().name())?;
    as_pictures(&model.traverse(request, steps, context)?)
}

fn as_pictures(rows: &[Images]) -> Result<Vec<Image>> {
    let each = rows.iter().map(|images| of_levels(images.pixels(), images.shape()));
    Ok(each.collect::<Result<Vec<_>>>()?.concat())
}
