//! What a weaker detector sees, and which columns give the synthetic table away.

use std::collections::BTreeMap;

use lookalike_core::Cancelled;
use lookalike_learn::score::{Detector, TwoSample, TwoSampleOptions};
use rayon::prelude::*;

use super::two_sample::{self, C2ST};
use crate::alignment::Role;
use crate::evaluation::{Measurement, Part};
use crate::exhibit::{Exhibit, LaysOpen, Series, Shape};
use crate::group::{Found, Scene};
use crate::metric::{Family, Goal, Metric};

/// The two-sample test by logistic regression.
pub(crate) const C2ST_LOGISTIC: Metric = Metric {
    name: "c2st-logistic",
    title: "two-sample test by logistic regression",
    meaning: "as `c2st`, but the detector is logistic regression, which sees each column's mean and its levels' shares and \
              nothing of how columns belong together: columns drawn independently of each other reach nearly 1. Others \
              report it; do not rely on it. Against the holdout, or the training table where there is none",
    needs: &[],
    headline: false,
    ..C2ST
};

/// How much the most telling column tells.
pub(crate) const TELLING_COLUMNS: Metric = Metric {
    name: "telling-columns",
    title: "what the most telling column tells a detector",
    meaning: "by how much the area under the curve of `c2st`'s detector falls when the column that matters most to it says \
              nothing any more; the parts have all columns. Columns that tell something only together with others count \
              with each of them. Against the holdout, or the training table where there is none",
    goal: Goal::Lower,
    range: (None, Some(1.0)),
    needs: &[],
    headline: false,
    citation: "permutation importance of Breiman 2001, https://doi.org/10.1023/A:1010933404324",
    ..C2ST
};

/// The most bars that are drawn.
const MOST_BARS: usize = 20;

const TOO_FEW: &str = "there are too few rows, or no common column, to train a detector";

/// What the synthetic table, the training table as its floor and the baseline are told apart from.
fn tests(scene: &Scene<'_>, options: &TwoSampleOptions) -> Result<[Option<TwoSample>; 3], Cancelled> {
    let real = if scene.alignment.has(Role::Holdout) { Role::Holdout } else { Role::Train };
    let tests: Vec<Option<TwoSample>> = [Role::Synthetic, Role::Train, Role::Baseline]
        .into_par_iter()
        .map(|other| {
            if other == real {
                return Ok(None);
            }
            two_sample::test(&scene.alignment, real, other, options, scene.context)
        })
        .collect::<Result<_, _>>()?;
    Ok(<[_; 3]>::try_from(tests).unwrap_or_default())
}

pub(crate) fn logistic(scene: &Scene<'_>) -> Result<Found, Cancelled> {
    let options = TwoSampleOptions { detector: Detector::Logistic, ..TwoSampleOptions::default() };
    let [synthetic, floor, baseline] = tests(scene, &options)?;
    Ok(two_sample::measurement(&C2ST_LOGISTIC, synthetic.as_ref(), floor.as_ref(), baseline.as_ref()).into())
}

pub(crate) fn telling_columns(scene: &Scene<'_>) -> Result<Found, Cancelled> {
    let options = TwoSampleOptions { explain: true, ..TwoSampleOptions::default() };
    let [synthetic, floor, baseline] = tests(scene, &options)?;
    let Some(synthetic) = synthetic else {
        return Ok(Measurement::skipped(&TELLING_COLUMNS, TOO_FEW).into());
    };
    let columns = scene.alignment.common(&[Role::Train, Role::Synthetic]);
    let loss = |test: &Option<TwoSample>, column: usize| test.as_ref()?.losses.get(column).copied();
    let parts: Vec<Part> = columns
        .iter()
        .zip(&synthetic.losses)
        .enumerate()
        .map(|(place, (column, &value))| Part {
            columns: vec![column.name.clone()],
            measure: "fall-of-the-area".to_owned(),
            value: Some(value),
            floor: loss(&floor, place),
            baseline: loss(&baseline, place),
            details: BTreeMap::new(),
        })
        .collect();
    let highest = |of: fn(&Part) -> Option<f64>| parts.iter().filter_map(of).max_by(f64::total_cmp);
    let mut measurement = Measurement::of(&TELLING_COLUMNS, highest(|part| part.value), TOO_FEW)
        .beside(highest(|part| part.floor), highest(|part| part.baseline))
        .detail("auc", Some(synthetic.auc));
    let exhibit = bars(&parts);
    measurement.parts = parts;
    Ok(Found { measurements: vec![measurement], exhibits: vec![exhibit] })
}

fn bars(parts: &[Part]) -> Exhibit {
    let mut order: Vec<&Part> = parts.iter().collect();
    order.sort_by(|a, b| b.value.unwrap_or(0.0).total_cmp(&a.value.unwrap_or(0.0)));
    order.truncate(MOST_BARS);
    let values = |of: fn(&Part) -> Option<f64>| -> Vec<f64> {
        order.iter().map(|part| of(part).unwrap_or(0.0)).collect()
    };
    let mut series = vec![Series::new("synthetic", values(|part| part.value))];
    if order.iter().any(|part| part.floor.is_some()) {
        series.push(Series::new("holdout", values(|part| part.floor)));
    }
    Exhibit {
        name: "telling-columns".to_owned(),
        title: "What gives the synthetic rows away".to_owned(),
        caption: "By how much the area under the curve of a detector that tells real and synthetic rows apart falls when \
                  a column says nothing any more."
            .to_owned(),
        family: Family::Fidelity,
        lays_open: LaysOpen::Figures,
        shape: Shape::Bars {
            value_title: "fall of the area under the curve".to_owned(),
            names: order.iter().map(|part| part.columns[0].clone()).collect(),
            series,
        },
    }
}
