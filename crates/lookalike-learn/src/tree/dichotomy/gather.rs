//! A problem's own copy of the cells, with bins merged until they hold enough of its rows.

use super::scan::LocalCut;
use super::{DichotomyOptions, Problem};
use crate::tree::grove::BranchKind;

/// No merged bin: no row learned from has this level.
const NONE: u8 = u8::MAX;
/// Most merged bins of a feature.
const MOST: u8 = 250;

/// A feature's merged bins in a problem.
pub(super) struct Local {
    pub(super) feature: u32,
    pub(super) bins: usize,
    pub(super) nominal: bool,
    /// For numbers: the last bin of the matrix in each merged bin.
    last: Vec<u8>,
    /// For numbers: the merged bin of missing values, if rows learned from are missing.
    pub(super) missing: Option<u8>,
    missing_bin: u8,
    /// The merged bin of every bin of the matrix.
    of: [u8; 256],
    /// Where its bins begin in a histogram.
    pub(super) offset: usize,
}

/// Copies the cells of all rows, those held back last: row after row, per feature the place in a histogram. Features
/// without anything to tell apart are left out.
pub(super) fn gather(problem: &Problem<'_>, options: &DichotomyOptions, cells: &mut Vec<u32>) -> Vec<Local> {
    let most =
        (problem.rows.len() / options.bin_rows.max(1)).clamp(4, options.max_bins.clamp(4, usize::from(MOST)));
    let mut locals: Vec<Local> = Vec::with_capacity(problem.features.len());
    let mut offset = 0;
    for &feature in problem.features {
        let matrix = problem.matrix;
        let column = matrix.column(feature as usize);
        let mut counts = [0_usize; 256];
        for &row in problem.rows {
            counts[usize::from(column[row as usize])] += 1;
        }
        let counts = &counts[..matrix.n_bins(feature as usize)];
        let local = if matrix.is_categorical(feature as usize) {
            Local { feature, offset, ..levels(counts, options.bin_rows) }
        } else {
            Local { feature, offset, ..numbers(counts, most) }
        };
        if local.bins > 1 && (local.nominal || local.last.len() > 1 || local.missing.is_some()) {
            offset += local.bins;
            locals.push(local);
        }
    }
    let total = problem.rows.len() + problem.held.len();
    cells.clear();
    cells.resize(total * locals.len(), 0);
    for (place, local) in locals.iter().enumerate() {
        let column = problem.matrix.column(local.feature as usize);
        // A level that no row learned from has goes with the first merged bin.
        let table = local
            .of
            .map(|merged| (local.offset + if merged == NONE { 0 } else { usize::from(merged) }) as u32);
        let rows = problem.rows.iter().chain(problem.held);
        for (cell, &row) in cells[place..].iter_mut().step_by(locals.len()).zip(rows) {
            *cell = table[usize::from(column[row as usize])];
        }
    }
    locals
}

/// Each level of enough rows has a bin; rarer ones share one.
fn levels(counts: &[usize], bin_rows: usize) -> Local {
    let mut of = [NONE; 256];
    let mut next = 0;
    let mut pool = None;
    for (bin, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        if count < bin_rows || next >= MOST {
            of[bin] = *pool.get_or_insert_with(|| {
                next += 1;
                next - 1
            });
        } else {
            of[bin] = next;
            next += 1;
        }
    }
    Local {
        feature: 0,
        bins: usize::from(next),
        nominal: true,
        last: Vec::new(),
        missing: None,
        missing_bin: 0,
        of,
        offset: 0,
    }
}

/// Neighbouring bins are merged into at most `most` of about equal counts; a heavy one stays alone. The last merged bin
/// is that of missing values.
fn numbers(counts: &[usize], most: usize) -> Local {
    let missing_bin = counts.len() - 1;
    let mut of = [NONE; 256];
    let mut last = Vec::new();
    let mut left: usize = counts[..missing_bin].iter().sum();
    let mut inside = 0;
    for (bin, &count) in counts[..missing_bin].iter().enumerate() {
        let bins_left = most.saturating_sub(last.len()).max(1);
        let share = left as f64 / bins_left as f64;
        if bins_left > 1 && inside > 0 && (inside as f64 >= share || count as f64 >= share) {
            last.push(bin as u8 - 1);
            left -= inside;
            inside = 0;
        }
        inside += count;
        of[bin] = last.len() as u8;
    }
    last.push(missing_bin.saturating_sub(1) as u8);
    let known = last.len();
    of[missing_bin] = known as u8;
    let missing = (counts[missing_bin] > 0).then_some(known as u8);
    Local {
        feature: 0,
        bins: known + 1,
        nominal: false,
        last,
        missing,
        missing_bin: missing_bin as u8,
        of,
        offset: 0,
    }
}

impl Local {
    /// Per merged bin, 1 where it goes left.
    pub(super) fn sides(&self, cut: LocalCut, goes_left: &mut [u8; 256]) {
        goes_left.fill(0);
        match cut {
            LocalCut::AtMost { bin, missing_left } => {
                goes_left[..=usize::from(bin)].fill(1);
                if let Some(missing) = self.missing {
                    goes_left[usize::from(missing)] = u8::from(missing_left);
                }
            }
            LocalCut::Among(set) => {
                for (bin, flag) in goes_left.iter_mut().enumerate() {
                    *flag = (set[bin >> 6] >> (bin & 63) & 1) as u8;
                }
            }
        }
    }

    /// The cut in terms of the matrix's bins. What no row learned from has goes with the heavier side.
    pub(super) fn global(
        &self,
        cut: LocalCut,
        heavier_left: bool,
        sets: &mut Vec<[u64; 4]>,
    ) -> (BranchKind, u32) {
        match cut {
            LocalCut::AtMost { bin, missing_left } => {
                let last = self.last[usize::from(bin)];
                let missing = if self.missing.is_some() { missing_left } else { heavier_left };
                let also = if missing { self.missing_bin } else { last };
                (BranchKind::AtMost, u32::from(last) | u32::from(also) << 8)
            }
            LocalCut::Among(set) => {
                let mut wide = if heavier_left { [u64::MAX; 4] } else { [0; 4] };
                for (bin, &merged) in self.of.iter().enumerate().filter(|(_, merged)| **merged != NONE) {
                    let left = set[usize::from(merged >> 6)] >> (merged & 63) & 1 == 1;
                    let (word, bit) = (bin >> 6, 1_u64 << (bin & 63));
                    if left {
                        wide[word] |= bit;
                    } else {
                        wide[word] &= !bit;
                    }
                }
                sets.push(wide);
                (BranchKind::Among, sets.len() as u32 - 1)
            }
        }
    }
}
