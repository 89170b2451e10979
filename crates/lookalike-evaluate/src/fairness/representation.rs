use super::subgroups::{Subgroups, sensitive_columns};
use crate::alignment::Role;
use crate::evaluation::{Measurement, Part};
use crate::exhibit::{Exhibit, LaysOpen, Series, Shape};
use crate::group::{Found, Scene};
use crate::metric::{Family, Goal, Metric, Need};

/// Whether groups have the share of rows that they should have.
pub(crate) const REPRESENTATION: Metric = Metric {
    name: "representation",
    title: "shares of sensitive groups",
    meaning: "one minus the total variation distance between the shares of rows that the groups have in the training \
              and in the synthetic table; groups are the combinations of the sensitive columns' values, numbers cut at \
              quartiles. Its parts are the same for each sensitive column alone; `lowest_ratio` is the lowest share of \
              a group of at least 1 % of the training rows, relative to its share there: 0 for one that was dropped",
    family: Family::Fairness,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[Need::Sensitive],
    headline: false,
    citation: "Bhanot et al. 2021, The problem of fairness in synthetic healthcare data, https://doi.org/10.3390/e23091165",
};

/// Ratios of the shares of rarer groups are luck.
const LEAST_SHARE: f64 = 0.01;

/// Compares the shares of groups.
pub(crate) fn measure(scene: &Scene<'_>) -> Found {
    let columns = match sensitive_columns(scene) {
        Ok(columns) => columns,
        Err(reason) => return Measurement::skipped(&REPRESENTATION, reason).into(),
    };
    let groups = Subgroups::new(scene, &columns);
    let mut measurement = Measurement::of(
        &REPRESENTATION,
        similarity(&groups, Role::Synthetic),
        "the synthetic table has no rows",
    )
    .beside(similarity(&groups, Role::Holdout), similarity(&groups, Role::Baseline))
    .detail("groups", Some(groups.len() as f64))
    .detail("lowest_ratio", lowest_ratio(&groups));
    measurement.parts = columns
        .iter()
        .map(|column| {
            let groups = Subgroups::new(scene, &[column]);
            let mut part = Part::new(vec![column.name.clone()], "total-variation");
            part.value = similarity(&groups, Role::Synthetic);
            part.floor = similarity(&groups, Role::Holdout);
            part.baseline = similarity(&groups, Role::Baseline);
            part
        })
        .collect();
    Found { measurements: vec![measurement], exhibits: exhibit(&groups).into_iter().collect() }
}

/// One minus the total variation distance from the training table.
fn similarity(groups: &Subgroups, role: Role) -> Option<f64> {
    let (train, other) = (groups.shares(Role::Train)?, groups.shares(role)?);
    let distance: f64 = train.iter().zip(&other).map(|(a, b)| (a - b).abs()).sum();
    Some((1.0 - 0.5 * distance).clamp(0.0, 1.0))
}

/// The lowest share relative to that in the training table.
fn lowest_ratio(groups: &Subgroups) -> Option<f64> {
    let (train, synthetic) = (groups.shares(Role::Train)?, groups.shares(Role::Synthetic)?);
    let pairs = train.iter().zip(&synthetic).filter(|(train, _)| **train >= LEAST_SHARE);
    pairs.map(|(train, synthetic)| synthetic / train).min_by(f64::total_cmp)
}

fn exhibit(groups: &Subgroups) -> Option<Exhibit> {
    let roles = [(Role::Train, "training"), (Role::Holdout, "holdout"), (Role::Synthetic, "synthetic")];
    let shares: Vec<(&str, Vec<f64>)> =
        roles.into_iter().filter_map(|(role, name)| Some((name, groups.shares(role)?))).collect();
    let amounts: Vec<&[f64]> = shares.iter().map(|(_, shares)| shares.as_slice()).collect();
    let (names, pooled) = groups.pooled(&amounts);
    let series = shares.iter().zip(pooled).map(|((name, _), values)| Series::new(name, values)).collect();
    (!names.is_empty()).then(|| Exhibit {
        name: "representation".to_owned(),
        title: "shares of sensitive groups".to_owned(),
        caption: "The share of each table's rows that each group has. Groups of few training rows are shown together."
            .to_owned(),
        family: Family::Fairness,
        lays_open: LaysOpen::Distributions,
        shape: Shape::Bars { value_title: "share of rows".to_owned(), names, series },
    })
}
