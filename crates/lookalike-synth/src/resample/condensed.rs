//! Methods that keep the rows that tell classes apart.

use lookalike_core::Phase;
use lookalike_learn::neighbours::MixedPoints;
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::cleaning::without_links;
use super::work::{Found, Work};
use crate::error::Result;

/// The condensed nearest neighbour rule: what the rows chosen so far get wrong is chosen too.
///
/// It begins with the smallest class and one row of a class that is to shrink. Rows of that class that the nearest
/// chosen row takes for another class are chosen too, until there are none.
///
/// # References
/// - Hart, P. (1968). The condensed nearest neighbor rule. <https://doi.org/10.1109/TIT.1968.1054155>
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CondensedNn {
    /// The rows to begin with, counted from 0; one of each class by lot where none are given.
    pub start: Vec<u32>,
}

/// One-sided selection: what is far from the border is left out, and so is what is on it.
///
/// The smallest class stays, with one row of each class that is to shrink and those of it that the nearest of these
/// takes for another class; then without the Tomek links among them.
///
/// # References
/// - Kubat, M. and Matwin, S. (1997). Addressing the curse of imbalanced training sets: one-sided selection. *ICML*.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OneSidedSelection {
    /// The rows to begin with, counted from 0; one of each class by lot where none are given.
    pub start: Vec<u32>,
}

/// The nearest of the rows chosen so far, for each row of a class.
struct Store<'a> {
    points: &'a MixedPoints,
    rows: Vec<u32>,
    nearest: Vec<(f64, u32)>,
}

impl<'a> Store<'a> {
    fn new(points: &'a MixedPoints, rows: Vec<u32>) -> Self {
        let nearest = vec![(f64::INFINITY, u32::MAX); rows.len()];
        Store { points, rows, nearest }
    }

    fn choose(&mut self, chosen: &[u32]) {
        let points = self.points;
        self.nearest.par_iter_mut().zip(&self.rows).with_min_len(256).for_each(|(nearest, &row)| {
            for &other in chosen {
                let squared = points.squared_distance(row as usize, points, other as usize);
                if (squared, other) < *nearest {
                    *nearest = (squared, other);
                }
            }
        });
    }
}

/// The rows of a class that is to shrink, by the nearest of those that are chosen from the beginning: the smallest class
/// beside it, and the seeds, which are given beside it.
fn begin<'a>(work: &Work<'_>, points: &'a MixedPoints, class: usize, start: &[u32]) -> (Vec<u32>, Store<'a>) {
    let of_class = work.classes.rows(class);
    let given: Vec<u32> = of_class.iter().copied().filter(|row| start.contains(row)).collect();
    let seeds = if given.is_empty() {
        let mut stream = work.context.seed.stream("start", class as u64);
        vec![of_class[stream.below(of_class.len() as u64) as usize]]
    } else {
        given
    };
    let smallest = work.classes.minority_beside(class);
    let mut store = Store::new(points, of_class);
    if smallest != class {
        store.choose(&work.classes.rows(smallest));
    }
    store.choose(&seeds);
    (seeds, store)
}

impl CondensedNn {
    pub(super) fn find(&self, work: &Work<'_>) -> Result<Found> {
        let meant = work.balance.strategy.meant(&work.classes, "condensed-nn")?;
        let points = work.all_points(&work.space()?);
        let phase = Phase::begin(work.context.progress, "choosing rows", None);
        let mut kept: Vec<u32> =
            work.all_rows().into_iter().filter(|&row| !meant[work.class_of(row)]).collect();
        for class in (0..meant.len()).filter(|&class| meant[class]) {
            let (seeds, mut store) = begin(work, &points, class, &self.start);
            let mut is_kept: Vec<bool> = store.rows.iter().map(|row| seeds.contains(row)).collect();
            loop {
                let mut moved = false;
                for place in 0..store.rows.len() {
                    if !is_kept[place] && work.class_of(store.nearest[place].1) != class {
                        is_kept[place] = true;
                        moved = true;
                        store.choose(&[store.rows[place]]);
                        phase.check()?;
                    }
                }
                if !moved {
                    break;
                }
            }
            kept.extend(store.rows.iter().zip(&is_kept).filter(|(_, kept)| **kept).map(|(&row, _)| row));
        }
        kept.sort_unstable();
        Ok(Found::keeping(kept))
    }
}

impl OneSidedSelection {
    pub(super) fn find(&self, work: &Work<'_>) -> Result<Found> {
        let meant = work.balance.strategy.meant(&work.classes, "one-sided-selection")?;
        let points = work.all_points(&work.space()?);
        let phase = Phase::begin(work.context.progress, "choosing rows", None);
        let mut kept: Vec<u32> =
            work.all_rows().into_iter().filter(|&row| !meant[work.class_of(row)]).collect();
        for class in (0..meant.len()).filter(|&class| meant[class]) {
            let (seeds, store) = begin(work, &points, class, &self.start);
            phase.check()?;
            for (row, nearest) in store.rows.iter().zip(&store.nearest) {
                if seeds.contains(row) || work.class_of(nearest.1) != class {
                    kept.push(*row);
                }
            }
        }
        drop(phase);
        kept.sort_unstable();
        Ok(Found::keeping(without_links(work, &points, &kept, &meant)?))
    }
}
