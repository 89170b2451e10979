use rayon::prelude::*;

use super::cut::{Cut, Edges};
use super::joint::Joint;
use crate::alignment::{Alignment, Role};
use crate::evaluation::{Measurement, Part};
use crate::metric::{Family, Goal, Metric};

/// What columns tell about each other.
pub(crate) const WNMIS: Metric = Metric {
    name: "wnmis",
    title: "mutual information similarity (wNMIS)",
    meaning: "how like the normalized mutual information of each pair of columns is, pairs weighted by how much there \
              is in both tables: one minus the weighted mean of absolute differences. Numbers are cut into ten parts \
              of equal width between the ends of the training column",
    family: Family::Fidelity,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[],
    headline: false,
    citation: "Cover and Thomas 2006, Elements of Information Theory, https://doi.org/10.1002/047174882X; weighted as \
               in the evaluation of TabPC",
};

/// With more pairs than this, the figure is skipped.
const MOST_PAIRS: usize = 500_000;

pub(crate) fn measure(alignment: &Alignment) -> Measurement {
    if alignment.n_rows(Role::Synthetic) == 0 {
        return Measurement::skipped(&WNMIS, "the synthetic table has no rows");
    }
    let cuts = Cut::all(alignment, Edges::EqualWidths);
    let columns: Vec<usize> = (0..cuts.len()).filter(|&column| cuts[column].is_some()).collect();
    let pairs: Vec<(usize, usize)> = columns
        .iter()
        .enumerate()
        .flat_map(|(place, &a)| columns[place + 1..].iter().map(move |&b| (a, b)))
        .collect();
    if pairs.len() > MOST_PAIRS {
        return Measurement::skipped(&WNMIS, "there are too many columns");
    }
    let informed: Vec<[Option<f64>; 4]> = pairs
        .par_iter()
        .map(|&(a, b)| {
            [Role::Train, Role::Holdout, Role::Synthetic, Role::Baseline].map(|role| {
                let (a, b) = (cuts[a].as_ref()?.of(role)?, cuts[b].as_ref()?.of(role)?);
                // Where nothing varies, nothing is told.
                Some(Joint::new(&[a, b]).normalized_information().unwrap_or(0.0))
            })
        })
        .collect();
    let similarity = |role: Role| {
        let (mut error, mut weights) = (0.0, 0.0);
        for all in &informed {
            let (real, other) = (all[Role::Train as usize]?, all[role as usize]);
            // A column that is not there tells nothing.
            let other = if role == Role::Synthetic { other.unwrap_or(0.0) } else { other? };
            error += (real + other) * (real - other).abs();
            weights += real + other;
        }
        (weights > 0.0).then(|| 1.0 - error / weights)
    };
    let mut measurement =
        Measurement::of(&WNMIS, similarity(Role::Synthetic), "no column tells anything about another")
            .beside(similarity(Role::Holdout), similarity(Role::Baseline));
    let part = |(&(a, b), all): (&(usize, usize), &[Option<f64>; 4])| {
        let difference = |role: Role| Some(1.0 - (all[Role::Train as usize]? - all[role as usize]?).abs());
        let details = [("real", Role::Train), ("synthetic", Role::Synthetic)]
            .into_iter()
            .filter_map(|(name, role)| Some((name.to_owned(), all[role as usize]?)))
            .collect();
        Part {
            columns: vec![alignment.columns[a].name.clone(), alignment.columns[b].name.clone()],
            measure: "normalized-mutual-information".to_owned(),
            value: difference(Role::Synthetic),
            floor: difference(Role::Holdout),
            baseline: difference(Role::Baseline),
            details,
        }
    };
    measurement.parts = pairs.iter().zip(&informed).map(part).collect();
    measurement
}
