//! Kin of SMOTE that work where classes meet: Borderline-SMOTE, ADASYN and SVM-SMOTE.

use lookalike_core::Phase;
use lookalike_learn::neighbours::{MixedPoints, k_nearest};
use lookalike_learn::support::{SupportOptions, support_vectors};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::drafts::{Draft, Drafts};
use super::smote::{between, some_neighbors, towards, voters};
use super::work::{Found, Work, enough};
use crate::error::{Error, Result};

/// Borderline-SMOTE: new rows start from rows in danger only.
///
/// A row is in danger when at least half of its neighbours in the whole table, but not all, are of other classes.
///
/// # References
/// - Han, H., Wang, W.-Y. and Mao, B.-H. (2005). Borderline-SMOTE: a new over-sampling method in imbalanced data sets
///   learning. <https://doi.org/10.1007/11538059_91>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BorderlineSmote {
    /// 1: new rows lie between a row in danger and its neighbours in the class. 2: half of them lie between it and its
    /// neighbours in other classes instead, in the nearer half of the way.
    pub version: u8,
    /// How many neighbours in the class (and in the others) a row has.
    pub neighbors: usize,
    /// How many neighbours in the whole table say whether a row is in danger.
    pub danger_neighbors: usize,
}

impl Default for BorderlineSmote {
    fn default() -> Self {
        BorderlineSmote { version: 1, neighbors: 5, danger_neighbors: 10 }
    }
}

/// ADASYN: as SMOTE, with most new rows where neighbours are of other classes.
///
/// A row is the base of as many new ones as its neighbours in the whole table are of other classes. Since the numbers
/// of new rows are rounded row by row, a class ends near the size that it was to have, not exactly there.
///
/// # References
/// - He, H., Bai, Y., Garcia, E. A. and Li, S. (2008). ADASYN: adaptive synthetic sampling approach for imbalanced
///   learning. <https://doi.org/10.1109/IJCNN.2008.4633969>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Adasyn {
    /// How many neighbours a row has, both in the class and in the whole table.
    pub neighbors: usize,
}

impl Default for Adasyn {
    fn default() -> Self {
        Adasyn { neighbors: 5 }
    }
}

/// SVM-SMOTE: new rows start from the class's support vectors.
///
/// These are those of a support vector machine with radial kernel that tells the class from the others. New rows lie
/// towards a neighbour in the class where at least half of the neighbours in the whole table are of other classes,
/// and away from one where fewer are; support vectors with no neighbour of the class are taken for noise.
///
/// # References
/// - Nguyen, H. M., Cooper, E. W. and Kamei, K. (2011). Borderline over-sampling for imbalanced data classification.
///   <https://doi.org/10.1504/IJKESDP.2011.039875>
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SvmSmote {
    /// How many neighbours in the class a row has.
    pub neighbors: usize,
    /// How many neighbours in the whole table say on which side of the boundary a row lies.
    pub danger_neighbors: usize,
    /// How far away from a neighbour a new row may lie, in parts of the way to it.
    pub out_step: f64,
    /// What an error costs the support vector machine, above 0.
    pub penalty: f64,
}

impl Default for SvmSmote {
    fn default() -> Self {
        SvmSmote { neighbors: 5, danger_neighbors: 10, out_step: 0.5, penalty: 1.0 }
    }
}

/// How many of the neighbours of each of `rows` in the whole table are of other classes, and how many neighbours it has.
fn strangers(
    work: &Work<'_>,
    points: &MixedPoints,
    rows: &[u32],
    class: usize,
    k: usize,
) -> Result<(Vec<usize>, usize)> {
    let near = work.among_all(points, rows, k)?;
    let count = |place: usize| near.of(place).iter().filter(|near| work.class_of(near.row) != class).count();
    Ok(((0..rows.len()).map(count).collect(), near.k()))
}

/// The places of those in danger: at least half of the neighbours are of other classes, but not all.
fn in_danger(strangers: &[usize], k: usize) -> Vec<u32> {
    let danger = |&place: &u32| 2 * strangers[place as usize] >= k && strangers[place as usize] < k;
    (0..strangers.len() as u32).filter(danger).collect()
}

impl BorderlineSmote {
    pub(super) fn problems(self) -> Vec<String> {
        let mut problems = some_neighbors(self.neighbors.min(self.danger_neighbors));
        if !matches!(self.version, 1 | 2) {
            problems.push("version must be 1 or 2".to_owned());
        }
        problems
    }

    pub(super) fn find(self, work: &Work<'_>) -> Result<Found> {
        let space = work.space()?;
        let growing = work.growing("borderline-smote")?;
        let phase = Phase::begin(work.context.progress, "finding neighbours", Some(growing.len() as u64));
        let mut found = Found::default();
        for (class, count) in growing {
            let members = work.members(class, self.neighbors)?;
            let points = space.points(&work.all_rows(), &members);
            let (strangers, k) = strangers(work, &points, &members, class, self.danger_neighbors)?;
            let bases = in_danger(&strangers, k);
            if bases.is_empty() {
                found.warn("no row of a class is in danger of being taken for another: it got no new rows");
                continue;
            }
            let own = points.take(&members);
            let near =
                k_nearest(&own.take(&bases), Some(&bases), &own, self.neighbors, work.context.progress)?;
            let mut stream = work.context.seed.stream("between", class as u64);
            if self.version == 1 {
                found.drafts.append(between(&members, &bases, &near, count, &mut stream, &space));
            } else {
                let others: Vec<u32> =
                    work.all_rows().into_iter().filter(|&row| work.class_of(row) != class).collect();
                let asked = own.take(&bases);
                let foreign =
                    k_nearest(&asked, None, &points.take(&others), self.neighbors, work.context.progress)?;
                let mut drafts = Drafts::default();
                let groups = voters(&members, &near, &mut drafts, bases.len(), &space);
                for number in 0..count {
                    let place = stream.below(bases.len() as u64) as usize;
                    if number % 2 == 0 {
                        drafts.rows.push(towards(&members, &bases, &near, place, groups[place], &mut stream));
                        continue;
                    }
                    let foreign = foreign.of(place);
                    let other = others[foreign[stream.below(foreign.len() as u64) as usize].row as usize];
                    let base = members[bases[place] as usize];
                    drafts.rows.push(Draft::Between {
                        base,
                        other,
                        gap: stream.unit() / 2.0,
                        voters: groups[place],
                    });
                }
                found.drafts.append(drafts);
            }
            phase.advance(1)?;
        }
        Ok(found)
    }
}

impl Adasyn {
    pub(super) fn find(self, work: &Work<'_>) -> Result<Found> {
        let space = work.space()?;
        let growing = work.growing("adasyn")?;
        let phase = Phase::begin(work.context.progress, "finding neighbours", Some(growing.len() as u64));
        let mut found = Found::default();
        for (class, count) in growing {
            let members = work.members(class, self.neighbors)?;
            let points = space.points(&work.all_rows(), &members);
            let (strangers, _) = strangers(work, &points, &members, class, self.neighbors)?;
            let all: usize = strangers.iter().sum();
            if all == 0 {
                found.warn("no row of a class has a neighbour of another class: it got no new rows");
                continue;
            }
            let near = work.among_themselves(&points.take(&members), self.neighbors)?;
            let bases: Vec<u32> = (0..members.len() as u32).collect();
            let mut stream = work.context.seed.stream("between", class as u64);
            let mut drafts = Drafts::default();
            let groups = voters(&members, &near, &mut drafts, bases.len(), &space);
            for (base, &strangers) in strangers.iter().enumerate() {
                let share = strangers as f64 / all as f64;
                for _ in 0..(share * count as f64).round_ties_even() as usize {
                    drafts.rows.push(towards(&members, &bases, &near, base, groups[base], &mut stream));
                }
            }
            found.drafts.append(drafts);
            phase.advance(1)?;
        }
        Ok(found)
    }
}

impl SvmSmote {
    pub(super) fn problems(self) -> Vec<String> {
        let mut problems = some_neighbors(self.neighbors.min(self.danger_neighbors));
        if !(self.out_step >= 0.0 && self.out_step.is_finite()) {
            problems.push("out_step must be at least 0".to_owned());
        }
        if !(self.penalty > 0.0 && self.penalty.is_finite()) {
            problems.push("penalty must be greater than 0".to_owned());
        }
        problems
    }

    pub(super) fn find(self, work: &Work<'_>) -> Result<Found> {
        let space = work.space()?;
        let growing = work.growing("svm-smote")?;
        let mut found = Found::default();
        for (class, count) in growing {
            enough(work.classes.counts[class], self.neighbors)?;
            let all = work.all_rows();
            let of_class = work.classes.rows(class);
            let points = space.points(&all, &of_class);
            let positive: Vec<bool> = all.iter().map(|&row| work.class_of(row) == class).collect();
            let options = SupportOptions { penalty: self.penalty, ..SupportOptions::default() };
            let phase = Phase::begin(work.context.progress, "finding support vectors", None);
            let support =
                support_vectors(&points, &positive, &options, work.context.progress).map_err(Error::from)?;
            drop(phase);
            let support: Vec<u32> = support.into_iter().filter(|&row| positive[row as usize]).collect();
            let (strangers, k) = strangers(work, &points, &support, class, self.danger_neighbors)?;
            // Places among the members of the class.
            let bases: Vec<(u32, bool)> = support
                .iter()
                .zip(&strangers)
                .filter(|(_, strangers)| **strangers < k)
                .map(|(row, &strangers)| {
                    (of_class.partition_point(|member| member < row) as u32, 2 * strangers >= k)
                })
                .collect();
            if bases.is_empty() {
                found.warn("all support vectors of a class have neighbours of other classes only: it got no new rows");
                continue;
            }
            let places: Vec<u32> = bases.iter().map(|&(place, _)| place).collect();
            let own = points.take(&of_class);
            let near =
                k_nearest(&own.take(&places), Some(&places), &own, self.neighbors, work.context.progress)?;
            let mut stream = work.context.seed.stream("between", class as u64);
            let mut drafts = Drafts::default();
            let groups = voters(&of_class, &near, &mut drafts, places.len(), &space);
            for _ in 0..count {
                let place = stream.below(places.len() as u64) as usize;
                let mut draft = towards(&of_class, &places, &near, place, groups[place], &mut stream);
                if let Draft::Between { gap, .. } = &mut draft
                    && !bases[place].1
                {
                    *gap *= -self.out_step;
                }
                drafts.rows.push(draft);
            }
            found.drafts.append(drafts);
        }
        Ok(found)
    }
}
