use std::collections::BTreeMap;

use lookalike_core::Context;
use rayon::prelude::*;

use super::cut::{Cut, Edges};
use super::joint::Joint;
use crate::alignment::{Alignment, Role};
use crate::evaluation::{Measurement, Part, mean};
use crate::metric::{Family, Goal, Metric};

/// Single columns, in parts of equal counts.
pub(crate) const ACCURACY_1: Metric = Metric {
    name: "accuracy-1",
    title: "one-way accuracy",
    meaning: "how like the shares of single columns are: one minus the total variation distance, numbers and dates cut \
              at the tenths of the training column for all tables alike, missing cells a part of their own; 0 for a \
              column that is absent, or that only one of the two tables has values in. `expected` is what fresh real rows reach on average",
    family: Family::Fidelity,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[],
    headline: false,
    citation: "Platzer and Reutterer 2021, https://doi.org/10.3389/fdata.2021.679939",
};

/// Pairs of columns.
pub(crate) const ACCURACY_2: Metric = Metric {
    name: "accuracy-2",
    title: "two-way accuracy",
    meaning: "as `accuracy-1`, for all pairs of columns. Unlike `trend` it cuts all tables at the same places, so that \
              a single far value does not change everything",
    headline: true,
    ..ACCURACY_1
};

/// Three columns at a time.
pub(crate) const ACCURACY_3: Metric = Metric {
    name: "accuracy-3",
    title: "three-way accuracy",
    meaning: "as `accuracy-1`, for three columns at a time: all such, or 20,000 of them by draw. What two columns say \
              only together shows here",
    ..ACCURACY_1
};

pub(crate) const METRICS: [&Metric; 3] = [&ACCURACY_1, &ACCURACY_2, &ACCURACY_3];

/// With more pairs or triples than this, so many are drawn.
const MOST: usize = 20_000;
/// So many columns have too many triples to list them all before drawing.
const MANY_COLUMNS: usize = 100;

pub(crate) fn measure(alignment: &Alignment, context: &Context<'_>) -> Vec<Measurement> {
    let cuts = Cut::all(alignment, Edges::Tenths);
    let columns: Vec<usize> = (0..cuts.len()).filter(|&column| cuts[column].is_some()).collect();
    METRICS
        .iter()
        .enumerate()
        .map(|(number, metric)| {
            let (chosen, all) = combinations(&columns, number + 1, context);
            let measured: Vec<(Part, Option<f64>)> =
                chosen.par_iter().map(|columns| compare(alignment, &cuts, columns, metric)).collect();
            let of =
                |figure: fn(&Part) -> Option<f64>| mean(measured.iter().filter_map(|(part, _)| figure(part)));
            let expected = mean(measured.iter().filter_map(|(_, expected)| *expected));
            let mut measurement =
                Measurement::of(metric, of(|part| part.value), "there are not enough columns")
                    .beside(of(|part| part.floor), of(|part| part.baseline))
                    .detail("expected", expected)
                    .detail("compared", Some(chosen.len() as f64))
                    .detail("all", Some(all));
            // Thousands of triples would say little more than their mean.
            if number < 2 {
                measurement.parts = measured.into_iter().map(|(part, _)| part).collect();
            }
            measurement
        })
        .collect()
}

/// So many columns at a time, in order, and how many such there are.
fn combinations(columns: &[usize], size: usize, context: &Context<'_>) -> (Vec<Vec<usize>>, f64) {
    let n = columns.len();
    let all = (0..size).fold(1.0, |all, taken| all * n.saturating_sub(taken) as f64 / (taken + 1) as f64);
    let mut stream = context.seed.stream("accuracy", size as u64);
    if n > MANY_COLUMNS && all > MOST as f64 {
        let mut drawn: Vec<Vec<usize>> = (0..MOST)
            .map(|_| {
                let mut some: Vec<usize> =
                    stream.choose(n, size).into_iter().map(|place| columns[place]).collect();
                some.sort_unstable();
                some
            })
            .collect();
        drawn.sort_unstable();
        drawn.dedup();
        return (drawn, all);
    }
    let mut listed: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..size {
        listed = listed
            .into_iter()
            .flat_map(|chosen| {
                let next = columns.iter().filter({
                    let last = chosen.last().copied();
                    move |&&column| last.is_none_or(|last| column > last)
                });
                next.map(move |&column| chosen.iter().copied().chain([column]).collect()).collect::<Vec<_>>()
            })
            .collect();
    }
    if listed.len() > MOST {
        let mut places = stream.choose(listed.len(), MOST);
        places.sort_unstable();
        listed = places.into_iter().map(|place| std::mem::take(&mut listed[place])).collect();
    }
    (listed, all)
}

fn compare(
    alignment: &Alignment,
    cuts: &[Option<Cut>],
    columns: &[usize],
    metric: &Metric,
) -> (Part, Option<f64>) {
    let joint = |role: Role| -> Option<Joint> {
        let codes: Option<Vec<_>> = columns.iter().map(|&column| cuts[column].as_ref()?.of(role)).collect();
        Some(Joint::new(&codes?))
    };
    let train = joint(Role::Train);
    let against = |role: Role| {
        // Of a column that is not there, nothing is right.
        let nothing_right = columns.iter().any(|&column| alignment.columns[column].is_one_sided(role));
        if nothing_right { Some(0.0) } else { train.as_ref()?.similarity(&joint(role)?) }
    };
    let names = columns.iter().map(|&column| alignment.columns[column].name.clone()).collect();
    let part = Part {
        columns: names,
        measure: metric.name.to_owned(),
        value: against(Role::Synthetic),
        floor: against(Role::Holdout),
        baseline: against(Role::Baseline),
        details: BTreeMap::new(),
    };
    let rows = alignment.n_rows(Role::Synthetic) as u64;
    (part, train.and_then(|train| train.expected_similarity(rows)))
}
