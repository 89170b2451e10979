use lookalike_learn::neighbours::Neighbour;

use super::distances::Distances;
use crate::evaluation::Measurement;
use crate::metric::{Family, Goal, Metric, Need};

/// Whether rows single out a training row more than a holdout row.
pub(crate) const NNDR_SHARE: Metric = Metric {
    name: "nndr-share",
    title: "nearest-neighbour distance ratios, training against holdout",
    meaning: "the share of synthetic rows that single out a training row more than a holdout row: whose distance to the \
              nearest training row, divided by that to the second nearest, is lower than the same among equally many \
              holdout rows; equal ratios count half. A half is what fresh rows reach, more is evidence of copying. \
              `ratio_train` and `ratio_holdout` are the ratios that a twentieth of the rows fall below",
    family: Family::Privacy,
    goal: Goal::Near(0.5),
    range: (Some(0.0), Some(1.0)),
    needs: &[Need::Holdout],
    headline: false,
    citation: "Lowe 2004, https://doi.org/10.1023/B:VISI.0000029664.99615.94; for synthetic rows Zhao et al. 2021, \
               CTAB-GAN, https://arxiv.org/abs/2102.08369",
};

pub(super) fn measure(
    synthetic: &Distances,
    floor: Option<&Distances>,
    baseline: Option<&Distances>,
) -> Measurement {
    let share = |distances: &Distances| distances.share(ratio);
    let found = share(synthetic);
    Measurement::of(&NNDR_SHARE, Some(found.split()), "")
        .beside(floor.map(|them| share(them).split()), baseline.map(|them| share(them).split()))
        .within(Some(found.interval(found.split())))
        .detail("ratio_train", lowest_twentieth(&synthetic.to_train[0]))
        .detail("ratio_holdout", lowest_twentieth(&synthetic.to_holdout))
}

/// The nearest distance as a share of the second nearest; 1 where both are 0, since then no row is singled out.
fn ratio(nearest: &[Neighbour; 2]) -> f64 {
    let [first, second] = nearest.map(|neighbour| neighbour.distance);
    if second == 0 { 1.0 } else { first as f64 / second as f64 }
}

fn lowest_twentieth(nearest: &[[Neighbour; 2]]) -> Option<f64> {
    let mut ratios: Vec<f64> = nearest.iter().map(ratio).collect();
    ratios.sort_unstable_by(f64::total_cmp);
    ratios.get(ratios.len() / 20).copied()
}
