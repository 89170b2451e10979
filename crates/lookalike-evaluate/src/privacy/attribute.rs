use std::collections::BTreeMap;

use lookalike_core::Cancelled;
use lookalike_learn::neighbours::{Space, nearest};
use rayon::prelude::*;

use crate::alignment::{AlignedColumn, Cells, Matrix, Role};
use crate::evaluation::{Interval, Measurement, Part};
use crate::group::{Found, Scene};
use crate::metric::{Family, Goal, Metric, Need};

/// What can be guessed of training rows more than of others.
pub(crate) const ATTRIBUTE_INFERENCE: Metric = Metric {
    name: "attribute-inference",
    title: "cells guessed of training rows more than of others",
    meaning: "attribute inference: an attacker knows all of a row but one cell and guesses it by the nearest synthetic \
              row. The figure is how often that succeeds for training rows minus how often it does for holdout rows: what \
              follows from how the columns belong together succeeds for both, what is about the very rows for the first \
              only. The mean over the columns (20 by draw where there are more); a guess of a number is right within a \
              twentieth of the spread of the middle nine tenths",
    family: Family::Privacy,
    goal: Goal::Lower,
    range: (Some(-1.0), Some(1.0)),
    needs: &[Need::Holdout],
    headline: false,
    citation: "Giomi et al. 2023, https://doi.org/10.56553/popets-2023-0055",
};

/// The most columns that are attacked, and rows of each table.
const MOST_COLUMNS: usize = 20;
const MOST_ROWS: usize = 2000;

/// How near a guess of a number must be, as a share of the spread.
const NEAR: f64 = 0.05;

pub(crate) fn measure(scene: &Scene<'_>) -> Result<Found, Cancelled> {
    let alignment = &scene.alignment;
    let skip = |reason| Ok(Measurement::skipped(&ATTRIBUTE_INFERENCE, reason).into());
    if !alignment.has(Role::Holdout) {
        return skip("there is no holdout");
    }
    let columns = alignment.common(&[Role::Train, Role::Holdout, Role::Synthetic]);
    let attacked_rows = alignment.n_rows(Role::Train).min(alignment.n_rows(Role::Holdout)).min(MOST_ROWS);
    if columns.len() < 2 || attacked_rows < 20 || alignment.n_rows(Role::Synthetic) == 0 {
        return skip("there are too few rows or columns");
    }
    let seed = scene.context.seed;
    let mut secrets = seed.stream("attribute columns", 0).choose(columns.len(), MOST_COLUMNS);
    secrets.sort_unstable();
    let draw =
        |role: Role| seed.stream("attribute rows", role as u64).choose(alignment.n_rows(role), attacked_rows);
    let (members, fresh) = (draw(Role::Train), draw(Role::Holdout));
    let asked = [(Role::Train, members.as_slice()), (Role::Holdout, fresh.as_slice())];

    let attacks = |released: Role| -> Result<Option<Vec<Vec<bool>>>, Cancelled> {
        if columns.iter().any(|column| column.cells(released).is_none()) {
            return Ok(None);
        }
        let attack = |&secret: &usize| attack(scene, &columns, secret, released, &asked);
        secrets.par_iter().map(attack).collect::<Result<Vec<_>, _>>().map(Some)
    };
    let synthetic = attacks(Role::Synthetic)?.expect("the columns are common to it");
    let baseline = attacks(Role::Baseline)?;
    let rate = |right: &[bool]| right.iter().filter(|&&right| right).count() as f64 / right.len() as f64;
    let lead = |right: &Vec<bool>| rate(&right[..attacked_rows]) - rate(&right[attacked_rows..]);
    let parts = secrets
        .iter()
        .enumerate()
        .map(|(place, &secret)| {
            let right = &synthetic[place];
            Part {
                columns: vec![columns[secret].name.clone()],
                measure: "success-on-training-minus-holdout".to_owned(),
                value: Some(lead(right)),
                floor: None,
                baseline: baseline.as_ref().map(|them| lead(&them[place])),
                details: BTreeMap::from([
                    ("training".to_owned(), rate(&right[..attacked_rows])),
                    ("holdout".to_owned(), rate(&right[attacked_rows..])),
                ]),
            }
        })
        .collect();
    let measurement = Measurement::mean_of(&ATTRIBUTE_INFERENCE, parts, "");
    let interval = measurement.value.map(|value| interval(value, &synthetic, attacked_rows));
    // Fresh rows are guessed as well as fresh rows.
    let baseline = measurement.baseline;
    Ok(measurement
        .beside(Some(0.0), baseline)
        .within(interval)
        .detail("rows", Some(attacked_rows as f64))
        .into())
}

/// For each row that is asked whether its cell in the column `secret` is guessed.
fn attack(
    scene: &Scene<'_>,
    columns: &[&AlignedColumn],
    secret: usize,
    released: Role,
    asked: &[(Role, &[usize])],
) -> Result<Vec<bool>, Cancelled> {
    let known: Vec<&AlignedColumn> =
        columns.iter().enumerate().filter(|&(place, _)| place != secret).map(|(_, &column)| column).collect();
    let rows: Vec<usize> = (0..scene.alignment.n_rows(released)).collect();
    let released_rows = Matrix::stack(&known, &[(released, &rows)]);
    let asked_rows = Matrix::stack(&known, asked);
    let (released_rows, asked_rows) = (released_rows.features(), asked_rows.features());
    let space = Space::new(&released_rows, &[&asked_rows]);
    let found =
        nearest::<1>(&space.points(&asked_rows), &space.points(&released_rows), scene.context.progress)?;
    let guesses = columns[secret].cells(released).expect("the table has the column");
    let near = NEAR * spread(guesses);
    let truth = asked.iter().flat_map(|&(role, rows)| rows.iter().map(move |&row| (role, row)));
    Ok(found
        .iter()
        .zip(truth)
        .map(|([nearest], (role, row))| {
            match (guesses, columns[secret].cells(role).expect("the table has the column")) {
                (Cells::Numbers(guesses), Cells::Numbers(truth)) => {
                    let (guess, truth) = (guesses[nearest.row as usize], truth[row]);
                    (guess.is_nan() && truth.is_nan()) || (guess - truth).abs() <= near
                }
                (Cells::Levels(guesses), Cells::Levels(truth)) => {
                    // A missing cell can be guessed like any level.
                    guesses[nearest.row as usize] == truth[row]
                }
                _ => unreachable!("a column is of one sort in all tables"),
            }
        })
        .collect())
}

/// How far apart the ends of the middle nine tenths of some numbers are.
fn spread(cells: &Cells) -> f64 {
    let Cells::Numbers(values) = cells else { return 0.0 };
    let mut known: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    known.sort_unstable_by(f64::total_cmp);
    let twentieth = known.len() / 20;
    match known.get(twentieth).zip(known.get(known.len().saturating_sub(1 + twentieth))) {
        Some((low, high)) => high - low,
        None => 0.0,
    }
}

/// From how much rows differ in the share of their cells that are guessed: cells of a row are not independent.
fn interval(value: f64, right: &[Vec<bool>], members: usize) -> Interval {
    let rows = right[0].len();
    let of_row = |row: usize| right.iter().filter(|right| right[row]).count() as f64 / right.len() as f64;
    let variance = |rows: std::ops::Range<usize>| {
        let shares: Vec<f64> = rows.map(of_row).collect();
        let mean = shares.iter().sum::<f64>() / shares.len() as f64;
        let squares: f64 = shares.iter().map(|share| (share - mean) * (share - mean)).sum();
        squares / (shares.len() - 1) as f64 / shares.len() as f64
    };
    let error = (variance(0..members) + variance(members..rows)).sqrt();
    Interval::around(value, error, [f64::NEG_INFINITY, f64::INFINITY], "difference of means")
}
