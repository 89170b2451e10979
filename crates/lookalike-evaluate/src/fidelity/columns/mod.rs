//! Measures of single columns: one file each, one loop for all.

mod boundary_adherence;
mod category_adherence;
mod category_coverage;
mod jensen_shannon;
pub(super) mod ks_complement;
mod missing_value_similarity;
mod range_coverage;
mod sample;
mod statistic_similarity;
pub(super) mod tv_complement;
mod wasserstein;

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::alignment::{AlignedColumn, Alignment, Role, Sort};
use crate::evaluation::{Measurement, Part};
use crate::metric::{Goal, Metric};

pub(super) use sample::{Distribution, Sample};

/// A figure that compares a column of another table with that of the training table.
pub(crate) struct ColumnMeasure {
    pub(crate) metric: &'static Metric,
    /// Which columns it is defined for.
    applies: fn(Sort) -> bool,
    /// From the training column and the other one; `None` where it is not defined.
    compare: fn(&Sample, &Sample) -> Option<Compared>,
    /// What to say where no column has a figure.
    otherwise: &'static str,
}

/// The tables that are compared with the training table.
const OTHERS: [Role; 3] = [Role::Synthetic, Role::Holdout, Role::Baseline];

/// A figure of a column, and what belongs to it.
struct Compared {
    value: f64,
    detail: Option<(&'static str, f64)>,
}

impl From<f64> for Compared {
    fn from(value: f64) -> Self {
        Compared { value, detail: None }
    }
}

/// All measures of columns, in the order of a report.
pub(crate) const MEASURES: [ColumnMeasure; 12] = [
    ks_complement::MEASURE,
    tv_complement::MEASURE,
    wasserstein::MEASURE,
    jensen_shannon::MEASURE,
    boundary_adherence::MEASURE,
    range_coverage::MEASURE,
    category_adherence::MEASURE,
    category_coverage::MEASURE,
    missing_value_similarity::MEASURE,
    statistic_similarity::MEAN,
    statistic_similarity::MEDIAN,
    statistic_similarity::STD,
];

/// Their metrics.
pub(crate) const METRICS: [&Metric; MEASURES.len()] = {
    let mut metrics = [MEASURES[0].metric; MEASURES.len()];
    let mut number = 0;
    while number < MEASURES.len() {
        metrics[number] = MEASURES[number].metric;
        number += 1;
    }
    metrics
};

/// Whether a metric is one of these, and there is a column that it is defined for.
pub(crate) fn is_defined(metric: &Metric, alignment: &Alignment) -> bool {
    let defined = |measure: &ColumnMeasure| {
        measure.metric.name == metric.name
            && alignment.columns.iter().any(|column| (measure.applies)(column.sort))
    };
    MEASURES.iter().any(defined)
}

fn is_number(sort: Sort) -> bool {
    matches!(sort, Sort::Number | Sort::Instant)
}

fn is_level(sort: Sort) -> bool {
    sort == Sort::Level
}

impl ColumnMeasure {
    /// The figure of another table's column. One that has nothing in common with the training column gets the worst figure
    /// there is, where the measure is defined for the values that there are.
    fn figure(
        &self,
        column: &AlignedColumn,
        train: &Sample,
        other: Option<&Sample>,
        role: Role,
    ) -> Option<Compared> {
        if !column.is_one_sided(role) || (self.says_what_is_missing() && other.is_some()) {
            return (self.compare)(train, other?);
        }
        let is_defined = std::iter::once(train).chain(other).any(|side| (self.compare)(side, side).is_some());
        is_defined.then(|| self.worst()).flatten().map(Compared::from)
    }

    /// True for the one whose figure is about missing cells, so that it is defined where all are.
    fn says_what_is_missing(&self) -> bool {
        self.metric.name == missing_value_similarity::MEASURE.metric.name
    }

    /// The worst figure; none where there is no bound.
    fn worst(&self) -> Option<f64> {
        let (least, most) = self.metric.range;
        match self.metric.goal {
            Goal::Higher => least,
            Goal::Lower => most,
            Goal::Near(_) => None,
        }
    }

    /// The mean over the columns. Without a worst figure, a column that has nothing in common with the training column would
    /// drop out of the mean and raise it: then there is none.
    fn mean(&self, parts: Vec<Part>, alignment: &Alignment) -> Measurement {
        let one_sided = alignment
            .columns
            .iter()
            .find(|column| (self.applies)(column.sort) && column.is_one_sided(Role::Synthetic));
        let Some(column) = one_sided.filter(|_| self.worst().is_none()) else {
            return Measurement::mean_of(self.metric, parts, self.otherwise);
        };
        let reason = format!(
            "only one of the two tables has values in the column {:?}, which is infinitely far off",
            column.name
        );
        let mut measurement = Measurement::mean_of(self.metric, parts, self.otherwise);
        (measurement.value, measurement.skipped) = (None, Some(reason));
        measurement
    }
}

/// All figures of all columns. Each metric is the mean over the columns that it is defined for.
pub(crate) fn measure(alignment: &Alignment) -> Vec<Measurement> {
    let parts: Vec<[Option<Part>; MEASURES.len()]> = alignment
        .columns
        .par_iter()
        .map(|column| {
            let of = |role: Role| column.cells(role).map(|cells| Sample::new(cells, column.levels));
            let train = of(Role::Train);
            let others = OTHERS.map(of);
            std::array::from_fn(|number| {
                let measure = &MEASURES[number];
                if !(measure.applies)(column.sort) {
                    return None;
                }
                let train = train.as_ref()?;
                let [synthetic, floor, baseline] = [0, 1, 2]
                    .map(|other| measure.figure(column, train, others[other].as_ref(), OTHERS[other]));
                let details: BTreeMap<String, f64> = synthetic
                    .iter()
                    .filter_map(|compared| compared.detail)
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect();
                let value = |compared: Option<Compared>| {
                    compared.map(|compared| compared.value).filter(|value| value.is_finite())
                };
                Some(Part {
                    columns: vec![column.name.clone()],
                    measure: measure.metric.name.to_owned(),
                    value: value(synthetic),
                    floor: value(floor),
                    baseline: value(baseline),
                    details,
                })
            })
        })
        .collect();
    let mut by_measure: [Vec<Part>; MEASURES.len()] = Default::default();
    for of_column in parts {
        for (all, part) in by_measure.iter_mut().zip(of_column) {
            all.extend(part);
        }
    }
    MEASURES.iter().zip(by_measure).map(|(measure, parts)| measure.mean(parts, alignment)).collect()
}
