//! Intervals for measures of distributions: how much they differ between parts of the tables.

use lookalike_core::Cancelled;
use lookalike_learn::score::student_quantile;
use rayon::prelude::*;

use crate::alignment::{Role, places_by_unit};
use crate::evaluation::{Interval, Measurement};
use crate::fidelity::{accuracy, association, columns, mutual_information, shape, spearman, trend};
use crate::group::{Group, Scene};
use crate::metric::Metric;

/// Metrics whose spread falls with the root of the number of rows. Those of extremes (ranges, coverage) are not among
/// them, nor those of nearest rows, which have intervals of their own.
///
/// Drawing rows with replacement instead would make duplicates, which no generator makes.
fn metrics() -> impl Iterator<Item = &'static Metric> {
    let alone = [
        &shape::SHAPE,
        &spearman::SPEARMAN_SIMILARITY,
        &association::ASSOCIATION_SIMILARITY,
        &mutual_information::WNMIS,
    ];
    let of_columns = columns::METRICS.into_iter().filter(|metric| {
        !["boundary-adherence", "range-coverage", "category-adherence", "category-coverage"]
            .contains(&metric.name)
    });
    alone.into_iter().chain(trend::METRICS).chain(accuracy::METRICS).chain(of_columns)
}

/// Into how many parts the tables are divided.
const PARTS: usize = 10;

/// The fewest rows of a part.
const LEAST_ROWS: usize = 50;

/// Gives intervals to those of the measurements that can have one: the tables are divided into ten parts at random (by
/// whole units, where units are known), the same is measured in each, and the spread of these figures is scaled to the
/// whole.
///
/// # References
/// Politis, D. N., Romano, J. P. and Wolf, M. (1999). *Subsampling*. <https://doi.org/10.1007/978-1-4612-1554-7>
pub(crate) fn add_intervals(
    scene: &Scene<'_>,
    groups: &[&Group],
    measurements: &mut [Measurement],
) -> Result<(), Cancelled> {
    let rows = [Role::Train, Role::Synthetic].map(|role| scene.alignment.n_rows(role));
    if rows.into_iter().any(|rows| rows < PARTS * LEAST_ROWS) {
        return Ok(());
    }
    let wanted: Vec<&&Group> =
        groups.iter().filter(|group| metrics().any(|metric| group.metrics.contains(&metric))).collect();
    let parts = parts(scene);
    // Of few units, or large ones, the parts are too different to be compared.
    if parts.iter().flatten().flatten().any(|rows| rows.len() < LEAST_ROWS / 2) {
        return Ok(());
    }
    let figures: Vec<Vec<Measurement>> = (0..PARTS)
        .into_par_iter()
        .map(|part| {
            let rows = std::array::from_fn(|role| parts[role].as_ref().map(|parts| parts[part].clone()));
            let scene = Scene { alignment: scene.alignment.take(&rows), ..*scene };
            let found = wanted.iter().map(|group| Ok((group.measure)(&scene)?.measurements));
            Ok(found.collect::<Result<Vec<_>, Cancelled>>()?.into_iter().flatten().collect())
        })
        .collect::<Result<_, Cancelled>>()?;
    let margin_per_deviation = student_quantile(0.975, (PARTS - 1) as f64) / (PARTS as f64).sqrt();
    for metric in metrics() {
        let Some(whole) = measurements.iter_mut().find(|measurement| measurement.name == metric.name) else {
            continue;
        };
        let of_parts: Vec<f64> = figures
            .iter()
            .filter_map(|figures| figures.iter().find(|figure| figure.name == metric.name)?.value)
            .collect();
        let (Some(value), PARTS) = (whole.value, of_parts.len()) else { continue };
        let mean = of_parts.iter().sum::<f64>() / PARTS as f64;
        let squares: f64 = of_parts.iter().map(|figure| (figure - mean) * (figure - mean)).sum();
        let margin = margin_per_deviation * (squares / (PARTS - 1) as f64).sqrt();
        let (least, most) = metric.range;
        let low = (value - margin).max(least.unwrap_or(f64::NEG_INFINITY));
        let high = (value + margin).min(most.unwrap_or(f64::INFINITY));
        whole.interval = Some(Interval::between(low, high, "subsampling"));
    }
    Ok(())
}

/// The rows of the training and the synthetic table in ten parts, by chance; the rows of a unit are in one part.
fn parts(scene: &Scene<'_>) -> [Option<Vec<Vec<usize>>>; 4] {
    std::array::from_fn(|role| {
        let named = [Role::Train, Role::Synthetic].into_iter().find(|named| *named as usize == role)?;
        let count = scene.alignment.rows[role]?;
        let mut stream = scene.context.seed.stream("parts", role as u64);
        let rows: Vec<usize> = (0..count).collect();
        let divided = |order: Vec<usize>| {
            let count = order.len();
            (0..PARTS).map(|part| order[part * count / PARTS..(part + 1) * count / PARTS].to_vec()).collect()
        };
        let Some(units) = scene.alignment.units_of(&[(named, &rows)]) else {
            return Some(divided(stream.choose(count, usize::MAX)));
        };
        let of_unit = places_by_unit(&units);
        let parts: Vec<Vec<usize>> = divided(stream.choose(of_unit.len(), usize::MAX));
        Some(
            parts
                .into_iter()
                .map(|units| units.into_iter().flat_map(|unit| of_unit[unit].clone()).collect())
                .collect(),
        )
    })
}
