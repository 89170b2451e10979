use lookalike_core::{Cancelled, Context};
use lookalike_learn::neighbours::{MixedPoints, k_nearest};
use lookalike_learn::net::image::FEATURES;

use super::features::Features;
use crate::evaluation::Measurement;
use crate::metric::{Family, Goal, Metric};
use crate::privacy::distances::Share;

/// The share of synthetic images that lie nearer to training images.
pub(crate) const IMAGE_DCR_SHARE: Metric = Metric {
    name: "image-dcr-share",
    title: "nearer to training than to held-out images",
    meaning: "the share of synthetic images whose nearest training image is nearer than their nearest held-out image, of \
              equally many of each (the mean over disjoint draws of training images where there are more of them), in what \
              the network of `image-frechet` sees; images that are equally near count half. A half is what fresh images \
              reach; above it is evidence of memorizing, below it is no evidence of privacy",
    family: Family::Privacy,
    goal: Goal::Near(0.5),
    range: (Some(0.0), Some(1.0)),
    headline: true,
    citation: "share as in Zhang et al. 2024, TabSyn, https://arxiv.org/abs/2310.09656, in features of images",
    ..super::frechet::IMAGE_FRECHET
};

pub(super) fn measure(features: &Features, context: &Context<'_>) -> Result<Measurement, Cancelled> {
    let holdout = points(features.reference());
    let train: Vec<MixedPoints> = features.train.iter().map(|draw| points(draw)).collect();
    let share = |images: &[f32]| -> Result<Share, Cancelled> {
        let asked = points(images);
        let to_holdout = k_nearest(&asked, None, &holdout, 1, context.progress)?;
        let of_draw = |train: &MixedPoints| -> Result<Share, Cancelled> {
            let to_train = k_nearest(&asked, None, train, 1, context.progress)?;
            let leans = (0..asked.len()).map(|image| {
                let (train, holdout) = (to_train.of(image)[0], to_holdout.of(image)[0]);
                if train.squared < holdout.squared {
                    Some(train.row as usize)
                } else if holdout.squared < train.squared {
                    Some(features.each + holdout.row as usize)
                } else {
                    None
                }
            });
            Ok(Share::of_leans(leans, features.each))
        };
        Ok(Share::mean(&train.iter().map(of_draw).collect::<Result<Vec<_>, _>>()?))
    };
    let found = share(features.all_synthetic())?;
    let fresh = share(features.fresh())?;
    let baseline = features.baseline().map(share).transpose()?;
    let measurement = Measurement::of(&IMAGE_DCR_SHARE, Some(found.split()), "")
        .beside(Some(fresh.split()), baseline.map(|share| share.split()))
        .within(Some(found.interval(found.split())));
    Ok(features
        .told(measurement)
        .detail("ties", Some(found.tied))
        .detail("standard_error", Some(found.error))
        .detail("draws", Some(train.len() as f64)))
}

fn points(features: &[f32]) -> MixedPoints {
    let columns: Vec<Vec<f64>> = (0..FEATURES)
        .map(|column| features.iter().skip(column).step_by(FEATURES).map(|&value| f64::from(value)).collect())
        .collect();
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    MixedPoints::new(features.len() / FEATURES, &columns, &[], Vec::new())
}
