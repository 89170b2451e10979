//! Methods that leave out rows whose neighbours are of other classes.

use lookalike_core::Phase;
use lookalike_learn::neighbours::MixedPoints;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::smote::some_neighbors;
use super::work::{Found, Work};
use crate::error::Result;

/// Rounds of a method that repeats itself, at most.
const MOST_ROUNDS: usize = 100;

/// Tomek links: two rows of different classes, each the nearest of the other.
///
/// Those of the classes that are to shrink are left out.
///
/// # References
/// - Tomek, I. (1976). Two modifications of CNN. <https://doi.org/10.1109/TSMC.1976.4309452>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Tomek {}

/// How the neighbours of a row say that it may stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Agreement {
    /// All are of its class.
    #[default]
    All,
    /// Its class is the most frequent among them, or the first of several that are.
    Mode,
}

/// Edited nearest neighbours: rows whose neighbours do not agree with their class are left out.
///
/// # References
/// - Wilson, D. L. (1972). Asymptotic properties of nearest neighbor rules using edited data.
///   <https://doi.org/10.1109/TSMC.1972.4309137>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Enn {
    /// How many nearest neighbours a row has, at least 1.
    pub neighbors: usize,
    /// How the neighbours of a row say that it may stay.
    pub agreement: Agreement,
}

impl Default for Enn {
    fn default() -> Self {
        Enn { neighbors: 3, agreement: Agreement::All }
    }
}

/// Repeated edited nearest neighbours: edited until nothing changes.
///
/// It ends earlier when a class has become smaller than the one that was the smallest, or when the next round would
/// leave nothing of one.
///
/// # References
/// - Tomek, I. (1976). An experiment with the edited nearest-neighbor rule.
///   <https://doi.org/10.1109/TSMC.1976.4309523>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RepeatedEnn {
    /// How many nearest neighbours a row has, at least 1.
    pub neighbors: usize,
    /// How the neighbours of a row say that it may stay.
    pub agreement: Agreement,
}

impl Default for RepeatedEnn {
    fn default() -> Self {
        RepeatedEnn { neighbors: 3, agreement: Agreement::All }
    }
}

/// All k-NN: edited with 1 neighbour, the result with 2, and so on.
///
/// # References
/// - Tomek, I. (1976). An experiment with the edited nearest-neighbor rule.
///   <https://doi.org/10.1109/TSMC.1976.4309523>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AllKnn {
    /// How many neighbours a row has in the last round.
    pub neighbors: usize,
    /// How the neighbours of a row say that it may stay.
    pub agreement: Agreement,
}

impl Default for AllKnn {
    fn default() -> Self {
        AllKnn { neighbors: 3, agreement: Agreement::All }
    }
}

/// The neighbourhood cleaning rule: rows that most of their neighbours contradict are left out.
///
/// So are the neighbours that contradict a row of the smallest class. Such a row has a vote on itself there, as in
/// imbalanced-learn: with 3 neighbours both of the nearest two must contradict it.
///
/// # References
/// - Laurikkala, J. (2001). Improving identification of difficult small classes by balancing class distribution.
///   <https://doi.org/10.1007/3-540-48229-6_9>
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NeighbourhoodCleaning {
    /// How many nearest neighbours a row has, at least 1.
    pub neighbors: usize,
    /// Only classes with more rows than this share of the smallest one's lose rows in the second step.
    pub threshold: f64,
}

impl Default for NeighbourhoodCleaning {
    fn default() -> Self {
        NeighbourhoodCleaning { neighbors: 3, threshold: 0.5 }
    }
}

impl Tomek {
    pub(super) fn find(work: &Work<'_>) -> Result<Found> {
        let meant = work.balance.strategy.meant(&work.classes, "tomek")?;
        let points = work.all_points(&work.space()?);
        Ok(Found::keeping(without_links(work, &points, &work.all_rows(), &meant)?))
    }
}

/// Those of `rows` that are in no Tomek link among them, or of a class that keeps all.
pub(super) fn without_links(
    work: &Work<'_>,
    points: &MixedPoints,
    rows: &[u32],
    meant: &[bool],
) -> Result<Vec<u32>> {
    let phase = Phase::begin(work.context.progress, "finding neighbours", None);
    let near = work.among_themselves(&points.take(rows), 1)?;
    phase.check()?;
    if near.is_empty() {
        return Ok(rows.to_vec());
    }
    let nearest = |place: usize| near.of(place)[0].row as usize;
    let linked = |place: usize| {
        let other = nearest(place);
        nearest(other) == place && work.class_of(rows[other]) != work.class_of(rows[place])
    };
    let stays = |&place: &usize| !(meant[work.class_of(rows[place])] && linked(place));
    Ok((0..rows.len()).filter(stays).map(|place| rows[place]).collect())
}

/// For each of some rows whether its neighbours among them agree with its class.
fn agreed(
    work: &Work<'_>,
    points: &MixedPoints,
    rows: &[u32],
    k: usize,
    agreement: Agreement,
) -> Result<Vec<bool>> {
    let near = work.among_themselves(&points.take(rows), k)?;
    if near.is_empty() {
        return Ok(vec![true; rows.len()]);
    }
    let n_classes = work.classes.counts.len();
    let agrees = (0..rows.len()).map(|place| {
        let own = work.class_of(rows[place]);
        let mut classes = near.of(place).iter().map(|near| work.class_of(rows[near.row as usize]));
        match agreement {
            Agreement::All => classes.all(|class| class == own),
            Agreement::Mode => most_frequent(classes, n_classes) == own,
        }
    });
    Ok(agrees.collect())
}

/// The class that is most frequent; the first of those that are.
fn most_frequent(classes: impl Iterator<Item = usize>, n_classes: usize) -> usize {
    let mut votes = vec![0_usize; n_classes];
    classes.for_each(|class| votes[class] += 1);
    let most = votes.iter().max().copied().unwrap_or(0);
    votes.iter().position(|&count| count == most).unwrap_or(0)
}

fn edited(
    work: &Work<'_>,
    points: &MixedPoints,
    rows: &[u32],
    k: usize,
    agreement: Agreement,
    meant: &[bool],
) -> Result<Vec<u32>> {
    let agreed = agreed(work, points, rows, k, agreement)?;
    Ok(rows
        .iter()
        .zip(agreed)
        .filter(|&(&row, agreed)| agreed || !meant[work.class_of(row)])
        .map(|(&row, _)| row)
        .collect())
}

/// What a round has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    /// There may be another.
    On,
    /// A class has become smaller than the one that was the smallest.
    Turned,
    /// A class has no row left.
    Lost,
}

impl Course {
    fn of(work: &Work<'_>, rows: &[u32]) -> Self {
        let mut left = vec![0_usize; work.classes.counts.len()];
        for &row in rows {
            left[work.class_of(row)] += 1;
        }
        if left.contains(&0) {
            return Course::Lost;
        }
        let turned = (0..left.len()).any(|class| left[class] < left[work.classes.minority_beside(class)]);
        if turned { Course::Turned } else { Course::On }
    }
}

impl Enn {
    pub(super) fn find(self, work: &Work<'_>) -> Result<Found> {
        let meant = work.balance.strategy.meant(&work.classes, "enn")?;
        let points = work.all_points(&work.space()?);
        let phase = Phase::begin(work.context.progress, "finding neighbours", None);
        let rows = edited(work, &points, &work.all_rows(), self.neighbors, self.agreement, &meant)?;
        phase.check()?;
        Ok(Found::keeping(rows))
    }

    pub(super) fn problems(self) -> Vec<String> {
        some_neighbors(self.neighbors)
    }
}

impl RepeatedEnn {
    pub(super) fn find(self, work: &Work<'_>) -> Result<Found> {
        let rounds = std::iter::repeat_n(self.neighbors, MOST_ROUNDS);
        repeated(work, "repeated-enn", rounds, self.agreement, true)
    }

    pub(super) fn problems(self) -> Vec<String> {
        some_neighbors(self.neighbors)
    }
}

impl AllKnn {
    pub(super) fn find(self, work: &Work<'_>) -> Result<Found> {
        repeated(work, "all-knn", 1..=self.neighbors, self.agreement, false)
    }

    pub(super) fn problems(self) -> Vec<String> {
        some_neighbors(self.neighbors)
    }
}

/// Edits round after round; `settles` when a round that changes nothing is the last.
fn repeated(
    work: &Work<'_>,
    method: &'static str,
    rounds: impl Iterator<Item = usize>,
    agreement: Agreement,
    settles: bool,
) -> Result<Found> {
    let meant = work.balance.strategy.meant(&work.classes, method)?;
    let points = work.all_points(&work.space()?);
    let phase = Phase::begin(work.context.progress, "finding neighbours", None);
    let mut rows = work.all_rows();
    let mut found = Found::default();
    for k in rounds {
        phase.advance(1)?;
        let left = edited(work, &points, &rows, k, agreement, &meant)?;
        let course = Course::of(work, &left);
        if course == Course::Lost {
            found.warn("a further round would have left nothing of a class, so it was not taken");
            break;
        }
        let settled = left.len() == rows.len();
        rows = left;
        if course == Course::Turned {
            found.warn(
                "a class has become smaller than the one that was the smallest, so that round was the last",
            );
            break;
        }
        if settled && settles {
            break;
        }
    }
    found.kept = Some(rows);
    Ok(found)
}

impl NeighbourhoodCleaning {
    pub(super) fn problems(self) -> Vec<String> {
        let mut problems = some_neighbors(self.neighbors);
        if !(self.threshold >= 0.0 && self.threshold.is_finite()) {
            problems.push("threshold must be at least 0".to_owned());
        }
        problems
    }

    pub(super) fn find(self, work: &Work<'_>) -> Result<Found> {
        let meant = work.balance.strategy.meant(&work.classes, "neighbourhood-cleaning")?;
        let points = work.all_points(&work.space()?);
        let phase = Phase::begin(work.context.progress, "finding neighbours", None);
        let all = work.all_rows();
        let near = work.among_themselves(&points, self.neighbors)?;
        phase.check()?;
        let agrees = agreed(work, &points, &all, self.neighbors, Agreement::Mode)?;
        let mut leaves: Vec<bool> =
            all.iter().map(|&row| meant[work.class_of(row)] && !agrees[row as usize]).collect();
        let counts = &work.classes.counts;
        for &row in all.iter().filter(|_| !near.is_empty()) {
            let own = work.class_of(row);
            if work.classes.minority_beside(own) != own {
                continue;
            }
            let nearest = near.of(row as usize);
            let others = nearest[..nearest.len() - 1].iter().map(|near| work.class_of(near.row));
            if most_frequent(std::iter::once(own).chain(others), counts.len()) == own {
                continue;
            }
            for near in nearest {
                let class = work.class_of(near.row);
                if meant[class] && class != own && counts[class] as f64 > self.threshold * counts[own] as f64
                {
                    leaves[near.row as usize] = true;
                }
            }
        }
        Ok(Found::keeping(all.into_iter().filter(|&row| !leaves[row as usize]).collect()))
    }
}
