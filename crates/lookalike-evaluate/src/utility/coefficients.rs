use lookalike_core::{Cancelled, Seed};
use lookalike_learn::linear::{Design, Encoding, LeastSquares, Logistic};
use rayon::prelude::*;

use super::learner::{PENALTY, encode, logistic};
use super::task::{Rows, Task, Truth};
use crate::alignment::{Role, Sort};
use crate::evaluation::{Measurement, Part, mean};
use crate::group::{Found, Scene};
use crate::metric::{Family, Goal, Metric, Need};

/// Whether regressions come to the same conclusions.
pub(crate) const COEFFICIENT_OVERLAP: Metric = Metric {
    name: "coefficient-overlap",
    title: "overlap of the intervals of regression coefficients",
    meaning: "the target is regressed on all columns, by logistic regression or, for numbers, by least squares, once on \
              training rows and once on as many synthetic ones: the mean over the coefficients of how much their 95 % \
              confidence intervals overlap, as a share of each interval. A coefficient that the synthetic rows say \
              nothing about counts 0. With more than two classes, each of the most frequent ones is told from the rest. \
              Numbers are standardised, rare levels pooled, and coefficients drawn to 0 by an L2 penalty of 1",
    family: Family::Utility,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[Need::Target],
    headline: false,
    citation: "Karr et al. 2006, A framework for evaluating the utility of data altered to protect confidentiality, \
               https://doi.org/10.1198/000313006X124640",
};

/// The half width of an interval of 95 % in standard errors.
const STANDARD_ERRORS: f64 = 1.959_963_984_540_054;

/// Of more than two classes so many are told from the rest, the most frequent ones.
const MOST_REGRESSIONS: usize = 5;

/// A coefficient and its standard error; nothing where a table says nothing about it.
type Estimate = Option<(f64, f64)>;

/// Fits the same regressions to the tables and compares them coefficient by coefficient.
pub(crate) fn measure(scene: &Scene<'_>) -> Result<Found, Cancelled> {
    let skipped = |reason| Ok(Measurement::skipped(&COEFFICIENT_OVERLAP, reason).into());
    let task = match Task::untested(scene) {
        Ok(task) => task,
        Err(reason) => return skipped(reason),
    };
    let train = task.rows(Role::Train);
    let cells = task.cells(&[train]);
    // Columns are made of training rows alone, so that coefficients mean the same in all tables.
    let Some(encoding) = encode(&cells.features()) else {
        return skipped("there are too many columns for a linear model");
    };
    if encoding.sources().is_empty() {
        return skipped("no column varies in the training table");
    }
    let floor_rows = at_most(task.rows(Role::Holdout).1, task.learned, scene.context.seed);
    let estimates: Vec<Vec<Estimate>> =
        [train, task.rows(Role::Synthetic), (Role::Holdout, &floor_rows[..]), task.rows(Role::Baseline)]
            .into_par_iter()
            .map(|rows| estimates(&task, &encoding, rows, scene))
            .collect::<Result<_, _>>()?;
    let [real, synthetic, holdout, baseline] = &estimates[..] else { unreachable!("four were asked for") };
    let overlaps = |other: &[Estimate]| -> Vec<Option<f64>> {
        real.iter().zip(other).map(|(real, other)| overlap((*real)?, *other)).collect()
    };
    let [synthetic_overlaps, floors, baselines] = [synthetic, holdout, baseline].map(|other| overlaps(other));
    let all = |overlaps: &[Option<f64>]| mean(overlaps.iter().copied().flatten());
    let measurement =
        Measurement::of(&COEFFICIENT_OVERLAP, all(&synthetic_overlaps), "no coefficient can be estimated")
            .beside(all(&floors), all(&baselines))
            .detail("coefficients", Some(real.iter().flatten().count() as f64))
            .detail("mean_standardized_difference", standardized_difference(real, synthetic))
            .detail("rows_learned_from", Some(task.learned as f64));
    // Every regression has the coefficients of all columns, one after the other.
    let source = |place: usize| encoding.sources()[place % encoding.sources().len()];
    let parts = (0..task.columns.len()).filter_map(|column| {
        let of_column = |overlaps: &[Option<f64>]| {
            mean(
                (0..overlaps.len())
                    .filter(|&place| source(place) == column)
                    .filter_map(|place| overlaps[place]),
            )
        };
        let own: Vec<usize> = (0..real.len()).filter(|&place| source(place) == column).collect();
        if own.is_empty() {
            return None;
        }
        let mut part = Part::new(vec![task.columns[column].name.clone()], "interval-overlap");
        part.value = of_column(&synthetic_overlaps);
        part.floor = of_column(&floors);
        part.baseline = of_column(&baselines);
        part.details.insert("coefficients".to_owned(), own.len() as f64);
        // A single coefficient of a number names no level.
        if let ([place], Sort::Number | Sort::Instant) = (&own[..], task.columns[column].sort) {
            for (name, estimate) in
                [("real_coefficient", real[*place]), ("synthetic_coefficient", synthetic[*place])]
            {
                if let Some((coefficient, _)) = estimate.filter(|estimate| estimate.0.is_finite()) {
                    part.details.insert(name.to_owned(), coefficient);
                }
            }
        }
        Some(part)
    });
    let parts = parts.collect();
    Ok(Measurement { parts, ..measurement }.into())
}

/// At most so many of the rows, by draw.
fn at_most(rows: &[usize], most: usize, seed: Seed) -> Vec<usize> {
    let mut chosen = seed.stream("coefficient rows", 0).choose(rows.len(), most);
    chosen.sort_unstable();
    chosen.into_iter().map(|place| rows[place]).collect()
}

/// The coefficients of all regressions, but for their intercepts; nothing where a table lacks what is needed.
fn estimates(
    task: &Task<'_>,
    encoding: &Encoding,
    rows: Rows<'_>,
    scene: &Scene<'_>,
) -> Result<Vec<Estimate>, Cancelled> {
    if !task.covers(rows.0) || rows.1.len() < 2 {
        return Ok(Vec::new());
    }
    let cells = task.cells(&[rows]);
    let design = encoding.apply(&cells.features());
    let told = told(&design);
    let width = encoding.sources().len();
    let paired = |coefficients: &[f64], errors: &[f64]| -> Vec<Estimate> {
        (0..width).map(|column| told[column].then(|| (coefficients[column], errors[column]))).collect()
    };
    match task.truth(&[rows]) {
        Truth::Numbers(values) => {
            let model = LeastSquares::fit(&design, &values, PENALTY);
            Ok(paired(model.coefficients(), model.standard_errors()))
        }
        Truth::Classes(classes) => {
            // Of two classes the second; of more the most frequent ones, each against the rest.
            let looked_for =
                if task.classes == 2 { 1..2 } else { 0..task.classes.min(MOST_REGRESSIONS) as u32 };
            let mut all = Vec::new();
            for class in looked_for {
                let truth: Vec<u32> = classes.iter().map(|&own| u32::from(own == class)).collect();
                let varies = truth.iter().any(|own| *own != truth[0]);
                let options = logistic(1);
                let model = Logistic::fit(&design, &truth, 2, &options, scene.context.progress)?;
                let errors = model.standard_errors(&design).filter(|_| varies);
                match errors {
                    Some(errors) => all.extend(paired(&model.coefficients()[0], &errors)),
                    None => all.extend(vec![None; width]),
                }
            }
            Ok(all)
        }
    }
}

/// Whether each column of a design varies, and so says something about its coefficient.
fn told(design: &Design) -> Vec<bool> {
    let rows = design.n_rows();
    // The first entry of each column, and whether another differs; what is not kept is 0.
    let mut first = vec![None; design.width()];
    let mut entries = vec![0; design.width()];
    let mut differs = vec![false; design.width()];
    for row in 0..rows {
        for (column, value) in design.row(row) {
            entries[column] += 1;
            differs[column] |= *first[column].get_or_insert(value) != value;
        }
    }
    (0..design.width()).map(|column| differs[column] || (1..rows).contains(&entries[column])).collect()
}

/// How much two intervals overlap, as the mean of the shares of each; 0 where the second is not known, nothing where the
/// first has no width.
fn overlap((real, error): (f64, f64), other: Estimate) -> Option<f64> {
    let Some((synthetic, other_error)) = other else { return Some(0.0) };
    let (half, other_half) = (STANDARD_ERRORS * error, STANDARD_ERRORS * other_error);
    // What both have, at most the narrower one.
    let common = (half + other_half - (real - synthetic).abs()).min(2.0 * half.min(other_half));
    if half == 0.0 && other_half == 0.0 {
        return Some(f64::from(u8::from(real == synthetic)));
    }
    // An interval without width lies within the other or not.
    let share = |half: f64| {
        if half > 0.0 { common.max(0.0) / (2.0 * half) } else { f64::from(u8::from(common >= 0.0)) }
    };
    let value = 0.5 * (share(half) + share(other_half));
    value.is_finite().then(|| value.clamp(0.0, 1.0))
}

/// The mean distance of coefficients in standard errors of the training rows'.
fn standardized_difference(real: &[Estimate], synthetic: &[Estimate]) -> Option<f64> {
    let pairs = real.iter().zip(synthetic).filter_map(|(real, synthetic)| Some(((*real)?, (*synthetic)?)));
    mean(pairs.filter(|((_, error), _)| *error > 0.0).map(|((a, error), (b, _))| (a - b).abs() / error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_overlap_by_their_common_part() {
        let unit = 1.0 / STANDARD_ERRORS;
        assert_eq!(overlap((0.0, unit), Some((0.0, unit))), Some(1.0));
        // From -1 to 1 and from 0 to 2; from -1 to 1 and from -0.5 to 0.5.
        assert!((overlap((0.0, unit), Some((1.0, unit))).unwrap() - 0.5).abs() < 1e-12);
        assert!((overlap((0.0, unit), Some((0.0, unit / 2.0))).unwrap() - 0.75).abs() < 1e-12);
        assert_eq!(overlap((0.0, unit), Some((5.0, unit))), Some(0.0));
        assert_eq!(overlap((0.0, unit), None), Some(0.0));
        assert_eq!(overlap((1.0, 0.0), Some((1.0, 0.0))), Some(1.0));
    }

    #[test]
    fn columns_that_do_not_vary_tell_nothing() {
        let design = Design::from_rows(&[0.0, 1.0, 2.0, 0.0, 1.0, 2.0, 0.0, 1.0, 3.0], 3);
        assert_eq!(told(&design), [false, false, true, false]);
        let design = Design::from_rows(&[0.0, 1.0], 1);
        assert_eq!(told(&design), [true, false]);
    }
}
