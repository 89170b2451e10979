use lookalike_table::Codes;
use rayon::prelude::*;

use super::small_cells::{Counts, is_small};
use super::{levels, ranges};
use crate::alignment::{AlignedColumn, Cells, Role};
use crate::exhibit::{Exhibit, LaysOpen, Series, Shape};
use crate::group::Scene;
use crate::metric::Family;

/// What the bin of missing cells is called.
const MISSING: &str = "(missing)";

/// How the values of each column are spread in the training table, the holdout and the synthetic table.
pub(super) fn make(scene: &Scene<'_>) -> Vec<Exhibit> {
    let columns = scene.alignment.columns.par_iter();
    let made: Vec<Option<Exhibit>> = columns.map(|column| of_column(scene, column)).collect();
    made.into_iter().flatten().collect()
}

/// `None` for a column of which nothing may be shown.
fn of_column(scene: &Scene<'_>, column: &AlignedColumn) -> Option<Exhibit> {
    let roles = [(Role::Train, "training"), (Role::Holdout, "holdout"), (Role::Synthetic, "synthetic")];
    let present: Vec<(&str, &Cells)> =
        roles.iter().filter_map(|(role, name)| Some((*name, column.cells(*role)?))).collect();
    let real = present.iter().filter(|(name, _)| *name != "synthetic").count();
    let train = scene.tables[0].expect("there is a training table");
    let schema = &train.schema().columns[column.index];

    let numbers: Vec<&[f64]> = present
        .iter()
        .filter_map(|(_, cells)| if let Cells::Numbers(values) = cells { Some(&values[..]) } else { None })
        .collect();
    let codes: Vec<&[u32]> = present
        .iter()
        .filter_map(|(_, cells)| if let Cells::Levels(codes) = cells { Some(&codes[..]) } else { None })
        .collect();
    let (mut bins, edges, mut counts, missing): (_, _, _, Counts) = if codes.is_empty() {
        let ranges = ranges::divide(&numbers, real, schema, column.sort)?;
        let missing = |values: &&[f64]| values.iter().filter(|value| value.is_nan()).count() as u64;
        (ranges.labels, ranges.edges, ranges.counts, numbers.iter().map(missing).collect())
    } else {
        let shown = levels::count(&codes, real, column.levels, (schema, train.column(column.index)));
        let missing = |codes: &&[u32]| codes.iter().filter(|&&code| code == Codes::MISSING).count() as u64;
        (shown.labels, Vec::new(), shown.counts, codes.iter().map(missing).collect())
    };
    // Few missing cells of a real table are left out of bins and totals alike, so that nothing tells how many.
    if missing.iter().any(|&rows| rows > 0) && !is_small(&missing, real) {
        bins.push(MISSING.to_owned());
        counts.push(missing);
    }
    if counts.iter().any(|bin| is_small(bin, real)) {
        return None;
    }
    let series = present
        .iter()
        .enumerate()
        .map(|(table, (name, _))| {
            let total: u64 = counts.iter().map(|bin| bin[table]).sum();
            let share = |bin: &Counts| rounded(bin[table] as f64 / total.max(1) as f64);
            Series::new(name, counts.iter().map(share).collect())
        })
        .collect();
    Some(Exhibit {
        name: format!("distribution-{}", column.index),
        title: column.name.clone(),
        caption: "The share of rows in each range or level. What fewer than five real rows share is shown together \
                  with its neighbours."
            .to_owned(),
        family: Family::Fidelity,
        lays_open: LaysOpen::Distributions,
        shape: Shape::Distribution { column: column.name.clone(), bins, edges, series },
    })
}

fn rounded(share: f64) -> f64 {
    (share * 1e6).round() / 1e6
}
