use rayon::prelude::*;

use super::subgroups::{Subgroups, sensitive_columns};
use crate::alignment::{AlignedColumn, Role};
use crate::evaluation::{Measurement, Part, mean};
use crate::exhibit::{Exhibit, LaysOpen, Series, Shape};
use crate::fidelity::shape::similarity_of;
use crate::group::{Found, Scene};
use crate::metric::{Family, Goal, Metric, Need};

/// Whether small groups are rendered as well as large ones.
pub(crate) const SUBGROUP_FIDELITY: Metric = Metric {
    name: "subgroup-fidelity",
    title: "column shapes in the worst served group",
    meaning: "`shape` within each sensitive group, over the columns that are not sensitive: the lowest of the groups. \
              A group needs 50 training rows and 20 rows of the table that is judged; fewer tell nothing, which is \
              counted, but a group of 50 training rows without any synthetic row counts 0. `mean` is the mean over the \
              groups; parts are the columns, each by its worst group",
    family: Family::Fairness,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[Need::Sensitive],
    headline: false,
    citation: "van Breugel et al. 2021, DECAF: generating fair synthetic data, https://arxiv.org/abs/2110.12884; \
               shapes as SDMetrics, https://docs.sdv.dev/sdmetrics",
};

/// Groups of fewer training rows have no shape to compare with.
const LEAST_TRAIN: usize = 50;

/// Nor have fewer rows of another table.
const LEAST_OTHER: usize = 20;

/// Only the largest groups are looked at.
const MOST_GROUPS: usize = 200;

/// For each group the similarity of each column; nothing where the group is not told.
type ByGroup = Vec<Option<Vec<Option<f64>>>>;

/// Compares columns group by group.
pub(crate) fn measure(scene: &Scene<'_>) -> Found {
    let skipped = |reason| Measurement::skipped(&SUBGROUP_FIDELITY, reason).into();
    let sensitive = match sensitive_columns(scene) {
        Ok(columns) => columns,
        Err(reason) => return skipped(reason),
    };
    let columns: Vec<&AlignedColumn> = scene
        .alignment
        .common(&[Role::Train, Role::Synthetic])
        .into_iter()
        .filter(|column| sensitive.iter().all(|own| own.index != column.index))
        .collect();
    if columns.is_empty() {
        return skipped("there is no column that is not sensitive");
    }
    let groups = Subgroups::new(scene, &sensitive);
    let [synthetic, holdout, baseline] =
        [Role::Synthetic, Role::Holdout, Role::Baseline].map(|role| by_group(&groups, &columns, role));
    let told = synthetic.iter().flatten().count();
    let mut measurement = Measurement::of(
        &SUBGROUP_FIDELITY,
        worst(&synthetic),
        "no group has enough rows in the training and in the synthetic table",
    )
    .beside(worst(&holdout), worst(&baseline))
    .detail("mean", mean(means(&synthetic).into_iter().flatten()))
    .detail("groups", Some(told as f64))
    .detail("groups_not_told", Some((groups.len() - told) as f64));
    measurement.parts = columns
        .iter()
        .enumerate()
        .map(|(number, column)| {
            let lowest = |by_group: &ByGroup| {
                by_group.iter().flatten().filter_map(|columns| columns[number]).min_by(f64::total_cmp)
            };
            let mut part = Part::new(vec![column.name.clone()], "lowest-shape");
            part.value = lowest(&synthetic);
            part.floor = lowest(&holdout);
            part.baseline = lowest(&baseline);
            part
        })
        .collect();
    let exhibits = exhibit(&groups, &synthetic, &holdout).into_iter().collect();
    Found { measurements: vec![measurement], exhibits }
}

/// The similarity of every column in every group that has enough rows.
fn by_group(groups: &Subgroups, columns: &[&AlignedColumn], role: Role) -> ByGroup {
    (0..groups.len().min(MOST_GROUPS))
        .into_par_iter()
        .map(|group| {
            let [train, other] = [Role::Train, role].map(|role| groups.counts[group][role as usize]);
            let exists = groups.of[role as usize].as_ref().is_some_and(|rows| !rows.is_empty());
            if !exists || train < LEAST_TRAIN || (1..LEAST_OTHER).contains(&other) {
                return None;
            }
            let (train_rows, other_rows) = (groups.rows(Role::Train, group), groups.rows(role, group));
            let similarity = |column: &&AlignedColumn| {
                let (train, others) = (column.cells(Role::Train)?, column.cells(role)?);
                if other == 0 {
                    return Some(0.0);
                }
                similarity_of(&train.take(&train_rows), &others.take(&other_rows), column.levels)
            };
            Some(columns.iter().map(similarity).collect())
        })
        .collect()
}

/// The mean over the columns for each group.
fn means(by_group: &ByGroup) -> Vec<Option<f64>> {
    by_group.iter().map(|columns| mean(columns.as_ref()?.iter().copied().flatten())).collect()
}

/// The lowest mean of a group.
fn worst(by_group: &ByGroup) -> Option<f64> {
    means(by_group).into_iter().flatten().min_by(f64::total_cmp)
}

fn exhibit(groups: &Subgroups, synthetic: &ByGroup, holdout: &ByGroup) -> Option<Exhibit> {
    let (synthetic, holdout) = (means(synthetic), means(holdout));
    let has_holdout = holdout.iter().any(Option::is_some);
    let shown: Vec<usize> = (0..synthetic.len())
        .filter(|&group| {
            let told = synthetic[group].is_some() && (!has_holdout || holdout[group].is_some());
            told && groups.name(group).is_some()
        })
        .collect();
    let not_shown = groups.len() - shown.len();
    let taken = |values: &[Option<f64>]| shown.iter().filter_map(|&group| values[group]).collect();
    let mut series = vec![Series::new("synthetic", taken(&synthetic))];
    if has_holdout {
        series.insert(0, Series::new("holdout", taken(&holdout)));
    }
    (!shown.is_empty()).then(|| Exhibit {
        name: "subgroup-fidelity".to_owned(),
        title: "column shapes in each group".to_owned(),
        caption: format!(
            "How like the training rows of each group its rows in other tables are, column by column. Not told, mostly \
             for want of rows: {not_shown} of {} groups.",
            groups.len()
        ),
        family: Family::Fairness,
        lays_open: LaysOpen::Distributions,
        shape: Shape::Bars {
            value_title: "mean column shape".to_owned(),
            names: shown.iter().filter_map(|&group| groups.name(group)).map(str::to_owned).collect(),
            series,
        },
    })
}
