//! Boosted trees for many small two-class problems on one matrix.
//!
//! Fitting a distribution as a tree of two-way choices needs thousands of logistic models, most of them on few rows.
//! Each problem copies its cells into a dense block first, with neighbouring bins merged until they hold enough of
//! its rows, so that its cost follows its own size and not the matrix's. Rows that are held back ride along through
//! every cut and say when to stop.

use lookalike_core::math;

use super::binning::Binned;

/// How the trees of a [`Dichotomy`] are boosted.
#[derive(Debug, Clone, PartialEq)]
pub struct DichotomyOptions {
    /// The most rounds.
    pub rounds: usize,
    /// How much of each tree's advice is taken.
    pub learning_rate: f64,
    /// The most cuts between root and leaf, at most 7.
    pub max_depth: usize,
    /// The least sum of hessians in a leaf.
    pub min_hessian: f64,
    /// Added to every hessian: draws leaves towards zero.
    pub lambda: f64,
    /// Rounds without a lower loss on the rows held back after which boosting ends.
    pub patience: usize,
    /// How many times as many trees as were best for the rows held back are kept, if so many were grown. Averages of
    /// several models profit from members that have learned a little too much.
    pub overshoot: f64,
    /// The most bins per feature; fewer where there are few rows.
    pub max_bins: usize,
    /// The fewest rows in a bin, and of a level that is not pooled with other rare ones.
    pub bin_rows: usize,
}

/// A problem: which rows are on the right-hand side, given what the features say.
#[derive(Debug, Clone, Copy)]
pub struct Problem<'a> {
    /// The matrix.
    pub matrix: &'a Binned,
    /// The features to use.
    pub features: &'a [u32],
    /// Rows to learn from.
    pub rows: &'a [u32],
    /// For each of them, whether it is on the right.
    pub right: &'a [bool],
    /// Rows that say when to stop.
    pub held: &'a [u32],
    /// For each of them, whether it is on the right.
    pub held_right: &'a [bool],
    /// The score before any tree: the log-odds of the right-hand side.
    pub base: f64,
}

/// Trees as nodes in one flat list, each tree's root first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Grove {
    /// All nodes.
    pub nodes: Vec<Branch>,
    /// The sets of bins that cuts between levels refer to, as 256 bits each.
    pub sets: Vec<[u64; 4]>,
    /// Where each tree's root is.
    pub roots: Vec<u32>,
}

/// A node of a [`Grove`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Branch {
    /// The feature that decides.
    pub feature: u16,
    /// The left child, counted from the root; the right one follows it. 0 for leaves.
    pub left: u8,
    /// How it decides.
    pub kind: BranchKind,
    /// For a cut of numbers the last bin on the left, plus 256 times one more bin that goes left; for one of levels the
    /// number of their set; for a leaf the bits of its 32-bit value.
    pub payload: u32,
}

/// How a [`Branch`] decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum BranchKind {
    /// It does not: it is a leaf.
    Leaf = 0,
    /// By the order of bins.
    AtMost = 1,
    /// By a set of bins.
    Among = 2,
}

impl Grove {
    /// Takes over the trees of another grove; returns the first of their numbers and the one after the last.
    pub fn append(&mut self, other: Grove) -> (u32, u32) {
        let first = self.roots.len() as u32;
        let (nodes, sets) = (self.nodes.len() as u32, self.sets.len() as u32);
        self.roots.extend(other.roots.iter().map(|root| root + nodes));
        self.nodes.extend(other.nodes.into_iter().map(|mut branch| {
            if branch.kind == BranchKind::Among {
                branch.payload += sets;
            }
            branch
        }));
        self.sets.extend(other.sets);
        (first, self.roots.len() as u32)
    }

    /// Adds the values of the trees from `first` to before `end` to the scores of some rows.
    ///
    /// `cells` are the columns, `stride` apart; `rows` number cells of a column.
    pub fn add_scores(
        &self,
        first: usize,
        end: usize,
        cells: &[u8],
        stride: usize,
        rows: &[u32],
        scores: &mut [f32],
    ) {
        for &root in &self.roots[first..end] {
            let nodes = &self.nodes[root as usize..];
            for (&row, score) in rows.iter().zip(scores.iter_mut()) {
                let mut node = nodes[0];
                while node.kind != BranchKind::Leaf {
                    let cell = cells[usize::from(node.feature) * stride + row as usize];
                    let left = if node.kind == BranchKind::AtMost {
                        u32::from(cell) <= (node.payload & 255) || u32::from(cell) == node.payload >> 8
                    } else {
                        let set = &self.sets[node.payload as usize];
                        set[usize::from(cell >> 6)] >> (cell & 63) & 1 == 1
                    };
                    node = nodes[usize::from(node.left) + usize::from(!left)];
                }
                *score += f32::from_bits(node.payload);
            }
        }
    }
}

/// Buffers that are kept from problem to problem.
#[derive(Debug, Default)]
pub struct Workspace {
    cells: Vec<u8>,
    rows: Vec<u32>,
    stats: Vec<i64>,
    held: Vec<u32>,
    spare_rows: Vec<u32>,
    spare_stats: Vec<i64>,
    scores: Vec<f64>,
    held_scores: Vec<f64>,
    pool: Vec<Vec<i64>>,
}

/// A feature's merged bins in a problem.
struct Local {
    feature: u32,
    bins: usize,
    nominal: bool,
    /// For numbers: the last bin of the matrix in each merged bin.
    last: Vec<u8>,
    /// For numbers: the merged bin of missing values, if rows of the problem are missing.
    missing: Option<u8>,
    missing_bin: u8,
    /// For levels: the merged bin of every bin of the matrix; 255 where no row has it.
    of: Vec<u8>,
    /// Where its bins begin in a histogram.
    offset: usize,
}

const HALF: i64 = 0xffff_ffff;

fn unpack(sum: i64) -> (i64, i64) {
    let hessian = sum & HALF;
    ((sum - hessian) >> 32, hessian)
}

/// `1 / (1 + e^-x)` from additions and multiplications alone, to about 1e-9: the same bits on every machine, and many
/// at once where the processor can.
#[inline]
pub fn logistic(x: f64) -> f64 {
    const MAGIC: f64 = 6_755_399_441_055_744.0;
    let t = (x.clamp(-30.0, 30.0)) * -std::f64::consts::LOG2_E;
    let shifted = t + MAGIC;
    let whole = shifted - MAGIC;
    let f = (t - whole) * std::f64::consts::LN_2;
    let series = 1.0
        + f * (1.0
            + f * (0.5
                + f * (1.0 / 6.0
                    + f * (1.0 / 24.0 + f * (1.0 / 120.0 + f * (1.0 / 720.0 + f * (1.0 / 5040.0)))))));
    let scale = f64::from_bits((shifted.to_bits().wrapping_add(1023)) << 52);
    1.0 / (1.0 + series * scale)
}

/// The base score and the number of trees of a fitted problem.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fitted {
    /// The score before any tree.
    pub base: f32,
    /// How many trees were added to the grove.
    pub trees: usize,
}

struct Pending {
    node: usize,
    rows: (usize, usize),
    held: (usize, usize),
    depth: usize,
    sum: i64,
    histogram: Option<Vec<i64>>,
}

struct Best {
    score: f64,
    place: usize,
    left: i64,
    cut: LocalCut,
}

#[derive(Clone, Copy)]
enum LocalCut {
    AtMost { bin: u8, missing_left: bool },
    Among([u64; 4]),
}

/// Fits one problem and adds its trees to `grove`.
pub fn fit(
    problem: &Problem<'_>,
    options: &DichotomyOptions,
    space: &mut Workspace,
    grove: &mut Grove,
) -> Fitted {
    let m = problem.rows.len();
    let total = m + problem.held.len();
    let ones = problem.right.iter().filter(|&&right| right).count();
    let base = problem.base;
    let constant = Fitted { base: base as f32, trees: 0 };
    if ones == 0 || ones == m || problem.held.is_empty() || problem.features.is_empty() {
        return constant;
    }
    let locals = gather(problem, options, space);
    if locals.is_empty() {
        return constant;
    }
    let length = locals.last().map_or(0, |local| local.offset + local.bins);
    space.pool.clear();
    let bits = 30 - (usize::BITS - total.leading_zeros()) as i32;
    let scale = 2f64.powi(bits.min(24));
    let unit = scale.recip();
    let lambda = options.lambda;
    let start = (grove.nodes.len(), grove.sets.len(), grove.roots.len());
    space.scores.clear();
    space.scores.resize(m, base);
    space.held_scores.clear();
    space.held_scores.resize(problem.held.len(), base);
    let loss = |scores: &[f64]| -> f64 {
        scores
            .iter()
            .zip(problem.held_right)
            .map(|(&score, &right)| {
                let p = logistic(if right { score } else { -score });
                -math::ln(p)
            })
            .sum()
    };
    let mut lowest = loss(&space.held_scores);
    let mut kept = (grove.nodes.len(), grove.sets.len(), grove.roots.len());
    let mut marks = vec![kept];
    let mut waited = 0;
    let value = |sum: i64| {
        let (g, h) = unpack(sum);
        -options.learning_rate * (g as f64 * unit) / (h as f64 * unit + lambda)
    };
    let mut gathered: Vec<i64> = Vec::with_capacity(m);
    for _ in 0..options.rounds {
        gathered.clear();
        gathered.extend(space.scores.iter().zip(problem.right).map(|(&score, &right)| {
            let p = logistic(score);
            let g = p - if right { 1.0 } else { 0.0 };
            let h = p * (1.0 - p);
            let gq = (g * scale + if g < 0.0 { -0.5 } else { 0.5 }) as i64;
            let hq = (h * scale + 0.5) as i64;
            (gq << 32) + hq
        }));
        let sum: i64 = gathered.iter().sum();
        space.rows.clear();
        space.rows.extend(0..m as u32);
        std::mem::swap(&mut space.stats, &mut gathered);
        space.held.clear();
        space.held.extend(m as u32..total as u32);
        let root = grove.nodes.len();
        grove.roots.push(root as u32);
        grove.nodes.push(Branch { feature: 0, left: 0, kind: BranchKind::Leaf, payload: 0 });
        let mut stack = vec![Pending {
            node: 0,
            rows: (0, m),
            held: (0, problem.held.len()),
            depth: 0,
            sum,
            histogram: None,
        }];
        while let Some(mut pending) = stack.pop() {
            let (_, h) = unpack(pending.sum);
            let hessian = h as f64 * unit;
            let may = pending.depth < options.max_depth
                && hessian >= 2.0 * options.min_hessian
                && pending.rows.1 - pending.rows.0 >= 2;
            let mut best: Option<Best> = None;
            if may {
                let histogram = match pending.histogram.take() {
                    Some(histogram) => histogram,
                    None => fill(space, &locals, pending.rows, total, length),
                };
                let (g, h) = unpack(pending.sum);
                let g = g as f64 * unit;
                let whole = g * g / (h as f64 * unit + lambda);
                let mut floor = whole * (1.0 + 1e-9) + 1e-9;
                for (place, local) in locals.iter().enumerate() {
                    let bins = &histogram[local.offset..local.offset + local.bins];
                    let lambda = if local.nominal { lambda + LEVEL_LAMBDA } else { lambda };
                    let scan = Scan { unit, lambda, min_hessian: options.min_hessian, sum: pending.sum };
                    let found = if local.nominal {
                        scan.levels(bins, &mut floor)
                    } else {
                        scan.numbers(bins, local.missing, &mut floor)
                    };
                    if let Some((left, cut)) = found {
                        best = Some(Best { score: floor, place, left, cut });
                    }
                }
                pending.histogram = Some(histogram);
            }
            let Some(best) = best else {
                let add = value(pending.sum);
                // What is stored is what is added, so that fitting and sampling see the same scores.
                let stored = add as f32;
                grove.nodes[root + pending.node].payload = stored.to_bits();
                let add = f64::from(stored);
                for &row in &space.rows[pending.rows.0..pending.rows.1] {
                    space.scores[row as usize] += add;
                }
                for &row in &space.held[pending.held.0..pending.held.1] {
                    space.held_scores[row as usize - m] += add;
                }
                space.pool.extend(pending.histogram);
                continue;
            };
            debug_assert!(best.score > 0.0);
            let local = &locals[best.place];
            let column = best.place * total;
            let mut goes = [0_u8; 256];
            match best.cut {
                LocalCut::AtMost { bin, missing_left } => {
                    goes[..=usize::from(bin)].fill(1);
                    if let Some(missing) = local.missing {
                        goes[usize::from(missing)] = u8::from(missing_left);
                    }
                }
                LocalCut::Among(set) => {
                    for (bin, flag) in goes.iter_mut().enumerate() {
                        *flag = (set[bin >> 6] >> (bin & 63) & 1) as u8;
                    }
                }
            }
            let cells = &space.cells[column..column + total];
            let middle = {
                space.spare_rows.resize(m.max(problem.held.len()), 0);
                space.spare_stats.resize(m, 0);
                let (from, to) = pending.rows;
                let (mut left, mut right) = (from, 0);
                for at in from..to {
                    let row = space.rows[at];
                    let stat = space.stats[at];
                    let go = usize::from(goes[usize::from(cells[row as usize])]);
                    space.rows[left] = row;
                    space.stats[left] = stat;
                    space.spare_rows[right] = row;
                    space.spare_stats[right] = stat;
                    left += go;
                    right += 1 - go;
                }
                space.rows[left..to].copy_from_slice(&space.spare_rows[..right]);
                space.stats[left..to].copy_from_slice(&space.spare_stats[..right]);
                left
            };
            let held_middle = {
                let (from, to) = pending.held;
                let (mut left, mut right) = (from, 0);
                for at in from..to {
                    let row = space.held[at];
                    let go = usize::from(goes[usize::from(cells[row as usize])]);
                    space.held[left] = row;
                    space.spare_rows[right] = row;
                    left += go;
                    right += 1 - go;
                }
                space.held[left..to].copy_from_slice(&space.spare_rows[..right]);
                left
            };
            let child = grove.nodes.len() - root;
            let (g, hl) = unpack(best.left);
            let _ = g;
            let (_, hw) = unpack(pending.sum);
            let heavier_left = 2 * hl >= hw;
            let (kind, payload) = global(local, best.cut, heavier_left, &mut grove.sets);
            grove.nodes[root + pending.node] =
                Branch { feature: local.feature as u16, left: child as u8, kind, payload };
            grove.nodes.extend([Branch { feature: 0, left: 0, kind: BranchKind::Leaf, payload: 0 }; 2]);
            let left = Pending {
                node: child,
                rows: (pending.rows.0, middle),
                held: (pending.held.0, held_middle),
                depth: pending.depth + 1,
                sum: best.left,
                histogram: None,
            };
            let right = Pending {
                node: child + 1,
                rows: (middle, pending.rows.1),
                held: (held_middle, pending.held.1),
                depth: pending.depth + 1,
                sum: pending.sum - best.left,
                histogram: None,
            };
            let (mut small, mut large) = if left.rows.1 - left.rows.0 <= right.rows.1 - right.rows.0 {
                (left, right)
            } else {
                (right, left)
            };
            if let Some(mut histogram) = pending.histogram {
                if large.depth < options.max_depth {
                    let part = fill(space, &locals, small.rows, total, length);
                    for (total, part) in histogram.iter_mut().zip(&part) {
                        *total -= part;
                    }
                    large.histogram = Some(histogram);
                    small.histogram = Some(part);
                } else {
                    space.pool.push(histogram);
                }
            }
            stack.push(large);
            stack.push(small);
        }
        std::mem::swap(&mut space.stats, &mut gathered);
        marks.push((grove.nodes.len(), grove.sets.len(), grove.roots.len()));
        let now = loss(&space.held_scores);
        if now < lowest - 1e-9 {
            lowest = now;
            kept = (grove.nodes.len(), grove.sets.len(), grove.roots.len());
            waited = 0;
        } else {
            waited += 1;
            if waited >= options.patience {
                break;
            }
        }
    }
    let kept = marks[(((kept.2 - start.2) as f64 * options.overshoot) as usize).min(marks.len() - 1)];
    grove.nodes.truncate(kept.0);
    grove.sets.truncate(kept.1);
    grove.roots.truncate(kept.2);
    Fitted { base: base as f32, trees: grove.roots.len() - start.2 }
}

/// The cut in terms of the matrix's bins.
fn global(local: &Local, cut: LocalCut, heavier_left: bool, sets: &mut Vec<[u64; 4]>) -> (BranchKind, u32) {
    match cut {
        LocalCut::AtMost { bin, missing_left } => {
            let last = local.last[usize::from(bin)];
            let missing = if local.missing.is_some() { missing_left } else { heavier_left };
            let also = if missing { local.missing_bin } else { last };
            (BranchKind::AtMost, u32::from(last) | u32::from(also) << 8)
        }
        LocalCut::Among(set) => {
            let mut wide = if heavier_left { [u64::MAX; 4] } else { [0; 4] };
            for (bin, &merged) in local.of.iter().enumerate() {
                if merged == 255 {
                    continue;
                }
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

/// Copies the problem's cells, with bins merged.
fn gather(problem: &Problem<'_>, options: &DichotomyOptions, space: &mut Workspace) -> Vec<Local> {
    let total = problem.rows.len() + problem.held.len();
    let cap = (problem.rows.len() / options.bin_rows.max(1)).clamp(4, options.max_bins.clamp(4, 250));
    let mut locals: Vec<Local> = Vec::with_capacity(problem.features.len());
    space.cells.clear();
    let mut offset = 0;
    for &feature in problem.features {
        let column = problem.matrix.column(feature as usize);
        let n_bins = problem.matrix.n_bins(feature as usize);
        let missing_bin = problem.matrix.missing_bin(feature as usize);
        let mut counts = [0_u32; 256];
        for &row in problem.rows {
            counts[usize::from(column[row as usize])] += 1;
        }
        let mut of = vec![255_u8; 256];
        let nominal = problem.matrix.is_categorical(feature as usize);
        let mut last = Vec::new();
        let mut missing = None;
        let bins;
        if nominal {
            let mut next = 0_u8;
            let mut pooled = None;
            for bin in 0..n_bins {
                if counts[bin] == 0 {
                    continue;
                }
                if (counts[bin] as usize) < options.bin_rows {
                    let pool = *pooled.get_or_insert_with(|| {
                        next += 1;
                        next - 1
                    });
                    of[bin] = pool;
                } else if next < 250 {
                    of[bin] = next;
                    next += 1;
                }
            }
            bins = usize::from(next);
            if bins < 2 {
                continue;
            }
        } else {
            let present: u32 = counts[..n_bins - 1].iter().sum();
            let mut left = present;
            let mut inside = 0;
            let mut merged = 0_u8;
            let mut open = false;
            for bin in 0..n_bins - 1 {
                let bins_left = cap.saturating_sub(usize::from(merged)).max(1);
                let share = left as f64 / bins_left as f64;
                if open
                    && bins_left > 1
                    && inside > 0
                    && (inside as f64 >= share || counts[bin] as f64 >= share)
                {
                    last.push(bin as u8 - 1);
                    merged += 1;
                    left -= inside;
                    inside = 0;
                }
                inside += counts[bin];
                of[bin] = merged;
                open = true;
            }
            last.push((n_bins - 2).min(255) as u8);
            let known = usize::from(merged) + 1;
            of[usize::from(missing_bin)] = known as u8;
            if counts[usize::from(missing_bin)] > 0 {
                missing = Some(known as u8);
            }
            bins = known + 1;
            if known < 2 && missing.is_none() {
                continue;
            }
        }
        let start = space.cells.len();
        space.cells.resize(start + total, 0);
        let into = &mut space.cells[start..];
        // A level that no row learned from has goes with the first merged bin.
        let mut table = [0_u8; 256];
        for (entry, &merged) in table.iter_mut().zip(&of) {
            *entry = if merged == 255 { 0 } else { merged };
        }
        for (cell, &row) in into.iter_mut().zip(problem.rows.iter().chain(problem.held)) {
            *cell = table[usize::from(column[row as usize])];
        }
        locals.push(Local { feature, bins, nominal, last, missing, missing_bin, of, offset });
        offset += bins;
    }
    locals
}

fn fill(
    space: &mut Workspace,
    locals: &[Local],
    rows: (usize, usize),
    total: usize,
    length: usize,
) -> Vec<i64> {
    let mut histogram = space.pool.pop().unwrap_or_else(|| vec![0; length]);
    let stats = &space.stats[rows.0..rows.1];
    let rows = &space.rows[rows.0..rows.1];
    for (place, local) in locals.iter().enumerate() {
        let bins = &mut histogram[local.offset..local.offset + local.bins];
        bins.fill(0);
        let cells = &space.cells[place * total..(place + 1) * total];
        for (&row, &stat) in rows.iter().zip(stats) {
            bins[usize::from(cells[row as usize])] += stat;
        }
    }
    histogram
}

/// Added to a level's hessian before levels are put in order: rare ones stay near the middle.
const LEVEL_SMOOTHING: f64 = 30.0;
/// Added to lambda for cuts between levels, which can group them in many more ways than cuts of numbers can.
const LEVEL_LAMBDA: f64 = 20.0;

struct Scan {
    unit: f64,
    lambda: f64,
    min_hessian: f64,
    sum: i64,
}

impl Scan {
    #[inline]
    fn score(&self, left: i64) -> Option<f64> {
        let (gl, hl) = unpack(left);
        let (gr, hr) = unpack(self.sum - left);
        let (hl, hr) = (hl as f64 * self.unit, hr as f64 * self.unit);
        if hl < self.min_hessian || hr < self.min_hessian {
            return None;
        }
        let (gl, gr) = (gl as f64 * self.unit, gr as f64 * self.unit);
        let (dl, dr) = (hl + self.lambda, hr + self.lambda);
        Some((gl * gl * dr + gr * gr * dl) / (dl * dr))
    }

    fn numbers(&self, bins: &[i64], missing: Option<u8>, floor: &mut f64) -> Option<(i64, LocalCut)> {
        let known = bins.len() - 1;
        let absent = missing.map_or(0, |missing| bins[usize::from(missing)]);
        let mut left = 0;
        let mut best = None;
        for bin in 0..known {
            if bins[bin] == 0 {
                continue;
            }
            left += bins[bin];
            if bin + 1 == known && missing.is_none() {
                break;
            }
            if let Some(score) = self.score(left).filter(|&score| score > *floor) {
                *floor = score;
                best = Some((left, LocalCut::AtMost { bin: bin as u8, missing_left: false }));
            }
            if missing.is_some()
                && bin + 1 < known
                && let Some(score) = self.score(left + absent).filter(|&score| score > *floor)
            {
                *floor = score;
                best = Some((left + absent, LocalCut::AtMost { bin: bin as u8, missing_left: true }));
            }
        }
        best
    }

    fn levels(&self, bins: &[i64], floor: &mut f64) -> Option<(i64, LocalCut)> {
        let mut order = [(0.0_f64, 0_u8); 256];
        let mut count = 0;
        for (bin, &sum) in bins.iter().enumerate() {
            if sum == 0 {
                continue;
            }
            let (g, h) = unpack(sum);
            order[count] = (g as f64 / (h as f64 + LEVEL_SMOOTHING / self.unit), bin as u8);
            count += 1;
        }
        if count < 2 {
            return None;
        }
        let order = &mut order[..count];
        order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut left = 0;
        let mut best = None;
        for (taken, &(_, bin)) in order[..count - 1].iter().enumerate() {
            left += bins[usize::from(bin)];
            if let Some(score) = self.score(left).filter(|&score| score > *floor) {
                *floor = score;
                best = Some((left, taken + 1));
            }
        }
        best.map(|(left, taken)| {
            let mut set = [0_u64; 4];
            for &(_, bin) in &order[..taken] {
                set[usize::from(bin >> 6)] |= 1 << (bin & 63);
            }
            (left, LocalCut::Among(set))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fast_logistic_is_the_logistic() {
        for step in -3000..3000 {
            let x = f64::from(step) / 100.0;
            let exact = 1.0 / (1.0 + (-x).exp());
            assert!((logistic(x) / exact - 1.0).abs() < 1e-7, "{x}");
        }
    }
}
