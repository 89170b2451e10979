use std::collections::BTreeMap;

use lookalike_table::{Codes, Column, Kind, Table};
use rayon::prelude::*;

use crate::alignment::{AlignedColumn, Alignment, Cells, Role};
use crate::evaluation::{Measurement, Part};
use crate::metric::{Family, Goal, Metric};

/// Whether cells hold possible values.
pub(crate) const VALIDITY: Metric = Metric {
    name: "validity",
    title: "validity",
    meaning: "the share of cells that could stand in the training table: readable as its kind, within the \
              training column's range or levels, missing only where values were missing, keys unique. All \
              cells of an absent column count as invalid, and so do those with a level that stands for several \
              others: the level `other`, into which protection merges rare ones, is none of the training table. \
              The baseline is made under the same protection and shows how much that is",
    family: Family::Validity,
    goal: Goal::Higher,
    range: (Some(0.0), Some(1.0)),
    needs: &[],
    headline: true,
    citation: "after SDMetrics Data Validity and Data Structure, https://docs.sdv.dev/sdmetrics",
};

/// What is wrong with one column's cells.
#[derive(Debug, Default, Clone, Copy)]
struct Faults {
    unreadable: usize,
    outside: usize,
    unseen: usize,
    missing: usize,
    repeated: usize,
    absent: usize,
}

impl Faults {
    fn total(self) -> usize {
        self.unreadable + self.outside + self.unseen + self.missing + self.repeated + self.absent
    }
}

pub(crate) fn measure(alignment: &Alignment, tables: [Option<&Table>; 4], invalid: &[u64]) -> Measurement {
    let train = tables[0].expect("there is a training table");
    let faults_in = |role: Role| -> Option<Vec<Faults>> {
        let table = tables[role as usize]?;
        let mut all = vec![Faults { absent: table.n_rows(), ..Faults::default() }; train.n_columns()];
        let found: Vec<(usize, Faults)> = alignment
            .columns
            .par_iter()
            .filter_map(|column| Some((column.index, faults(column, role)?)))
            .collect();
        for (index, faults) in found {
            all[index] = faults;
        }
        for (index, described) in train.schema().columns.iter().enumerate() {
            if alignment.columns.iter().any(|column| column.index == index) {
                continue;
            }
            // Left out of the figures: only its presence and, for keys, its uniqueness can be judged.
            let Some(place) = alignment_place(train, table, index) else { continue };
            let is_key = matches!(described.kind, Kind::Id(_)) || train.schema().primary_key == Some(index);
            let repeated =
                if is_key && repeats(train.column(index)) == 0 { repeats(table.column(place)) } else { 0 };
            all[index] = Faults { repeated, ..Faults::default() };
        }
        Some(all)
    };
    let mut synthetic = faults_in(Role::Synthetic).unwrap_or_default();
    // Cells that did not parse became missing when the table was read.
    for column in &alignment.columns {
        if let Some(place) = column.places[Role::Synthetic as usize] {
            let unread = invalid.get(place).copied().unwrap_or(0) as usize + column.unreadable;
            let faults = &mut synthetic[column.index];
            faults.unreadable = unread;
            faults.missing = faults.missing.saturating_sub(unread);
        }
    }
    let share = |faults: &[Faults], role: Role| {
        let cells = alignment.n_rows(role) as f64 * faults.len() as f64;
        (cells > 0.0).then(|| 1.0 - faults.iter().map(|f| f.total()).sum::<usize>() as f64 / cells)
    };
    let floor = faults_in(Role::Holdout);
    let baseline = faults_in(Role::Baseline);
    let mut measurement =
        Measurement::of(&VALIDITY, share(&synthetic, Role::Synthetic), "the synthetic table has no rows")
            .beside(
                floor.as_ref().and_then(|faults| share(faults, Role::Holdout)),
                baseline.as_ref().and_then(|faults| share(faults, Role::Baseline)),
            );
    let unmatched = alignment.unmatched("synthetic");
    let sum = |of: fn(&Faults) -> usize| Some(synthetic.iter().map(of).sum::<usize>() as f64);
    measurement = measurement
        .detail("unreadable_cells", sum(|f| f.unreadable))
        .detail("cells_outside_range", sum(|f| f.outside))
        .detail("cells_with_unseen_level", sum(|f| f.unseen))
        .detail("cells_unexpectedly_missing", sum(|f| f.missing))
        .detail("repeated_keys", sum(|f| f.repeated))
        .detail("absent_columns", Some(unmatched.map_or(0, |it| it.missing.len()) as f64))
        .detail("extra_columns", Some(unmatched.map_or(0, |it| it.extra.len()) as f64));
    let of_column = |faults: &Faults, role: Role| {
        let rows = alignment.n_rows(role);
        (rows > 0).then(|| 1.0 - faults.total() as f64 / rows as f64)
    };
    measurement.parts = train
        .schema()
        .columns
        .iter()
        .enumerate()
        .map(|(index, described)| {
            let own = synthetic[index];
            let named = [
                ("unreadable_cells", own.unreadable),
                ("cells_outside_range", own.outside),
                ("cells_with_unseen_level", own.unseen),
                ("cells_unexpectedly_missing", own.missing),
                ("repeated_keys", own.repeated),
                ("absent_cells", own.absent),
            ];
            Part {
                columns: vec![described.name.clone()],
                measure: "valid-cells".to_owned(),
                value: of_column(&own, Role::Synthetic),
                floor: floor.as_ref().and_then(|faults| of_column(&faults[index], Role::Holdout)),
                baseline: baseline.as_ref().and_then(|faults| of_column(&faults[index], Role::Baseline)),
                details: named
                    .into_iter()
                    .filter(|(_, count)| *count > 0)
                    .map(|(name, count)| (name.to_owned(), count as f64))
                    .collect::<BTreeMap<_, _>>(),
            }
        })
        .collect();
    measurement
}

/// Where a column that figures leave out is in another table.
fn alignment_place(train: &Table, table: &Table, index: usize) -> Option<usize> {
    crate::alignment::match_columns(train, table)[index]
}

fn faults(column: &AlignedColumn, role: Role) -> Option<Faults> {
    let mut faults = Faults::default();
    match (column.cells(Role::Train)?, column.cells(role)?) {
        (Cells::Numbers(train), Cells::Numbers(values)) => {
            let low = train.iter().copied().fold(f64::INFINITY, f64::min);
            let high = train.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let may_miss = train.iter().any(|value| value.is_nan());
            faults.outside = values.iter().filter(|&&value| value < low || value > high).count();
            if !may_miss {
                faults.missing = values.iter().filter(|value| value.is_nan()).count();
            }
        }
        (Cells::Levels(train), Cells::Levels(codes)) => {
            let mut seen = vec![false; column.levels];
            for &code in train.iter().filter(|&&code| code != Codes::MISSING) {
                seen[code as usize] = true;
            }
            let may_miss = train.contains(&Codes::MISSING);
            for &code in codes {
                if code == Codes::MISSING {
                    faults.missing += usize::from(!may_miss);
                } else if !seen[code as usize] {
                    faults.unseen += 1;
                }
            }
        }
        _ => {}
    }
    Some(faults)
}

/// How many cells repeat one before them.
pub(super) fn repeats(column: &Column) -> usize {
    if let Some(texts) = column.texts() {
        let mut all: Vec<&str> = texts.iter().flatten().collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        return count - all.len();
    }
    if let Some(integers) = column.integers() {
        let missing = integers.missing.as_deref();
        let mut all: Vec<i64> = integers
            .values
            .iter()
            .enumerate()
            .filter(|(row, _)| missing.is_none_or(|missing| !missing[*row]))
            .map(|(_, &value)| value)
            .collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        return count - all.len();
    }
    let mut all: Vec<u64> = column
        .numbers()
        .map(|numbers| numbers.values.iter().filter(|v| !v.is_nan()).map(|v| (v + 0.0).to_bits()).collect())
        .unwrap_or_default();
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    count - all.len()
}
