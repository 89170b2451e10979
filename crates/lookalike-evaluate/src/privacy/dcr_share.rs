use lookalike_core::Cancelled;

use super::distances::{Distances, Share, Surroundings};
use super::near_copies;
use super::nndr;
use crate::alignment::Role;
use crate::evaluation::Measurement;
use crate::group::{Found, Scene};
use crate::metric::{Family, Goal, Metric, Need};

/// The share of synthetic rows that lie nearer to a training row, ties not counted.
pub(crate) const DCR_SHARE: Metric = Metric {
    name: "dcr-share",
    title: "nearer to training than to holdout rows (strict)",
    meaning: "the share of synthetic rows whose nearest training row is nearer than their nearest holdout row, of \
              equally many of each (the mean over disjoint draws of training rows where there are more of them); rows \
              that are equally near do not count. Above a half is evidence of copying; below it is no evidence of privacy",
    family: Family::Privacy,
    goal: Goal::Lower,
    range: (Some(0.0), Some(1.0)),
    needs: &[Need::Holdout],
    headline: true,
    citation: "Zhao et al. 2021, CTAB-GAN, https://arxiv.org/abs/2102.08369; share as in Zhang et al. 2024, \
               TabSyn, https://arxiv.org/abs/2310.09656",
};

/// The same, each tie counted half.
pub(crate) const DCR_SHARE_TIE_SPLIT: Metric = Metric {
    name: "dcr-share-tie-split",
    title: "nearer to training than to holdout rows (ties split)",
    meaning: "as `dcr-share`, but rows that are equally near count half; a half is what fresh rows reach",
    goal: Goal::Near(0.5),
    ..DCR_SHARE
};

/// What is read from the distances to the nearest rows.
pub(crate) const METRICS: [&Metric; 4] =
    [&DCR_SHARE, &DCR_SHARE_TIE_SPLIT, &near_copies::NEAR_COPIES, &nndr::NNDR_SHARE];

/// All metrics that need the nearest rows only.
pub(crate) fn measure(scene: &Scene<'_>) -> Result<Found, Cancelled> {
    let skip = |reason| Found::from(METRICS.map(|metric| Measurement::skipped(metric, reason)).to_vec());
    let (alignment, context) = (&scene.alignment, scene.context);
    if !alignment.has(Role::Holdout) {
        return Ok(skip("there is no holdout"));
    }
    let too_few = "there are too few rows to compare distances";
    let Some(surroundings) = Surroundings::new(alignment, context) else { return Ok(skip(too_few)) };
    let Some(asked) = surroundings.all_of(Role::Synthetic, alignment) else { return Ok(skip(too_few)) };
    let synthetic = surroundings.of(&asked, context)?;
    let baseline = match surroundings.all_of(Role::Baseline, alignment) {
        Some(asked) => Some(surroundings.of(&asked, context)?),
        None => None,
    };
    let floor = surroundings.of_spare(alignment, context)?;
    let mut measurements = shares(&synthetic, floor.as_ref(), baseline.as_ref()).to_vec();
    measurements.push(near_copies::measure(&surroundings, &synthetic, baseline.as_ref(), scene)?);
    measurements.push(nndr::measure(&synthetic, floor.as_ref(), baseline.as_ref()));
    Ok(measurements.into())
}

/// Which of the two is nearer.
fn nearer(distances: &Distances) -> Share {
    distances.share(|nearest| nearest[0].distance)
}

fn shares(
    synthetic: &Distances,
    floor: Option<&Distances>,
    baseline: Option<&Distances>,
) -> [Measurement; 2] {
    let share = nearer(synthetic);
    let [floor, baseline] = [floor, baseline].map(|distances| distances.map(nearer));
    let of = |metric: &Metric, way: fn(&Share) -> f64| {
        Measurement::of(metric, Some(way(&share)), "")
            .beside(floor.as_ref().map(way), baseline.as_ref().map(way))
            .within(Some(share.interval(way(&share))))
            .detail("ties", Some(share.tied))
            .detail("standard_error", Some(share.error))
            .detail("rows_asked", Some(synthetic.rows() as f64))
            .detail("rows_of_each", Some(synthetic.of_each as f64))
            .detail("draws", Some(synthetic.to_train.len() as f64))
    };
    [of(&DCR_SHARE, |share| share.strict), of(&DCR_SHARE_TIE_SPLIT, Share::split)]
}
