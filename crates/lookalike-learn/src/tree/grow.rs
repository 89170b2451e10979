use std::ops::Range;

use lookalike_core::Stream;
use rayon::prelude::*;

use super::binning::Binned;
use super::measure::Measure;
use super::structure::{Cut, Node, Tree};

/// When to stop cutting.
#[derive(Debug, Clone, Copy)]
pub(super) struct Growth {
    pub(super) max_depth: usize,
    /// The least weight (or hessian) of a leaf.
    pub(super) min_weight: f64,
    /// The least gain of a cut.
    pub(super) min_gain: f64,
    /// How many features to look at in each node, drawn at random; all when `None`.
    pub(super) features_per_node: Option<usize>,
}

/// Grows trees on one matrix, keeping its buffers from tree to tree.
pub(super) struct Grower<'a, M: Measure> {
    matrix: &'a Binned,
    features: Vec<u32>,
    /// Where each feature's bins begin in a histogram, and the histogram's length.
    offsets: Vec<usize>,
    growth: Growth,
    /// Rows in the order of the leaves they fell into, and what they add to histograms.
    rows: Vec<u32>,
    stats: Vec<M::Row>,
    spare_rows: Vec<u32>,
    spare_stats: Vec<M::Row>,
    pool: Vec<Vec<i64>>,
}

/// A leaf: its rows (see [`Grower::rows_of`]) and their sum.
pub(super) struct Leaf<S> {
    pub(super) rows: Range<usize>,
    pub(super) sum: S,
}

struct Pending<S> {
    node: usize,
    rows: Range<usize>,
    depth: usize,
    sum: S,
    /// Positions in the list of features that are not known to be constant here.
    active: Vec<u32>,
    histogram: Option<Vec<i64>>,
}

struct Candidate<S> {
    /// The sum of both sides' scores.
    score: f64,
    cut: BinCut,
    left: S,
}

enum BinCut {
    AtMost { bin: u8, also: u8 },
    Among([u64; 4]),
}

/// Below this many cells a histogram is not worth a second thread.
const PARALLEL_CELLS: usize = 1 << 18;

impl<'a, M: Measure> Grower<'a, M> {
    pub(super) fn new(measure: &M, matrix: &'a Binned, features: Vec<u32>, growth: Growth) -> Self {
        let mut offsets = Vec::with_capacity(features.len() + 1);
        let mut end = 0;
        for &feature in &features {
            offsets.push(end);
            end += measure.stride(matrix.n_bins(feature as usize));
        }
        offsets.push(end);
        Grower {
            matrix,
            features,
            offsets,
            growth,
            rows: Vec::new(),
            stats: Vec::new(),
            spare_rows: Vec::new(),
            spare_stats: Vec::new(),
            pool: Vec::new(),
        }
    }

    /// The rows of a leaf of the tree grown last, in the order they were given in.
    pub(super) fn rows_of(&self, leaf: &Leaf<M::Sum>) -> &[u32] {
        &self.rows[leaf.rows.clone()]
    }

    /// Grows a tree on `rows`; `stat` says what each adds. The tree's leaves have no values yet.
    pub(super) fn grow(
        &mut self,
        measure: &M,
        rows: &[u32],
        stat: impl Fn(u32) -> M::Row,
        mut stream: Option<&mut Stream>,
    ) -> (Tree, Vec<Leaf<M::Sum>>) {
        self.rows.clear();
        self.rows.extend_from_slice(rows);
        self.stats.clear();
        self.stats.extend(rows.iter().map(|&row| stat(row)));
        self.spare_rows.resize(rows.len(), 0);
        self.spare_stats.clear();
        self.spare_stats.extend_from_slice(&self.stats);
        let mut sum = measure.zero();
        for &stat in &self.stats {
            measure.add_row(&mut sum, stat);
        }
        // Histograms of siblings can be subtracted only when both look at the same features, and that is
        // worth it only when they look at most of them.
        let subtract = self.growth.features_per_node.is_none_or(|some| some * 2 >= self.features.len());
        let mut tree = Tree {
            nodes: vec![Node { cut: Cut::Leaf, feature: 0, left: 0 }],
            sets: Vec::new(),
            values: Vec::new(),
            outputs: 1,
        };
        let mut leaves = Vec::new();
        let active = (0..self.features.len() as u32).collect();
        let mut stack =
            vec![Pending { node: 0, rows: 0..rows.len(), depth: 0, sum, active, histogram: None }];
        while let Some(mut pending) = stack.pop() {
            let found = if self.may_cut(measure, &pending) {
                if subtract {
                    let histogram = match pending.histogram.take() {
                        Some(histogram) => histogram,
                        None => self.histogram(measure, pending.rows.clone(), &pending.active),
                    };
                    let found = self.best_cut(measure, &histogram, &mut pending, stream.as_deref_mut());
                    pending.histogram = Some(histogram);
                    found
                } else {
                    self.best_cut_of_some(measure, &mut pending, stream.as_deref_mut())
                }
            } else {
                None
            };
            let Some((position, candidate)) = found else {
                tree.nodes[pending.node].feature = leaves.len() as u32;
                leaves.push(Leaf { rows: pending.rows, sum: pending.sum });
                self.pool.extend(pending.histogram);
                continue;
            };
            let feature = self.features[position as usize];
            let middle = self.partition(feature, &candidate.cut, pending.rows.clone());
            let left_node = tree.nodes.len();
            let cut = match candidate.cut {
                BinCut::AtMost { bin, also } => Cut::AtMost { bin, also },
                BinCut::Among(set) => {
                    tree.sets.push(set);
                    Cut::Among { set: tree.sets.len() as u32 - 1 }
                }
            };
            tree.nodes[pending.node] = Node { cut, feature, left: left_node as u32 };
            tree.nodes.extend([Node { cut: Cut::Leaf, feature: 0, left: 0 }; 2]);
            let mut right_sum = measure.zero();
            measure.subtract(&pending.sum, &candidate.left, &mut right_sum);
            let left = Pending {
                node: left_node,
                rows: pending.rows.start..middle,
                depth: pending.depth + 1,
                sum: candidate.left,
                active: pending.active.clone(),
                histogram: None,
            };
            let right = Pending {
                node: left_node + 1,
                rows: middle..pending.rows.end,
                depth: pending.depth + 1,
                sum: right_sum,
                active: pending.active,
                histogram: None,
            };
            let (mut small, mut large) =
                if left.rows.len() <= right.rows.len() { (left, right) } else { (right, left) };
            if let Some(mut histogram) = pending.histogram {
                if self.may_cut(measure, &large) {
                    let part = self.histogram(measure, small.rows.clone(), &small.active);
                    for &position in &small.active {
                        let bins = self.bins(measure, position);
                        for (total, part) in histogram[bins.clone()].iter_mut().zip(&part[bins]) {
                            *total -= part;
                        }
                    }
                    large.histogram = Some(histogram);
                    small.histogram = Some(part);
                } else {
                    self.pool.push(histogram);
                }
            }
            // The smaller child first: then at most log2(rows) nodes wait with their histograms.
            stack.push(large);
            stack.push(small);
        }
        (tree, leaves)
    }

    fn may_cut(&self, measure: &M, pending: &Pending<M::Sum>) -> bool {
        pending.depth < self.growth.max_depth
            && pending.rows.len() >= 2
            && !pending.active.is_empty()
            && measure.weight(&pending.sum) >= 2.0 * self.growth.min_weight
    }

    /// The part of a histogram that a feature's bins take.
    fn bins(&self, measure: &M, position: u32) -> Range<usize> {
        let start = self.offsets[position as usize];
        let bins = self.matrix.n_bins(self.features[position as usize] as usize);
        start..start + bins * measure.width()
    }

    /// The histogram of some rows over some features.
    fn histogram(&mut self, measure: &M, rows: Range<usize>, active: &[u32]) -> Vec<i64> {
        let length = self.offsets[self.features.len()];
        let mut histogram = self.pool.pop().unwrap_or_else(|| vec![0; length]);
        let mut columns: Vec<(&[u8], &mut [i64])> = Vec::with_capacity(active.len());
        let (mut rest, mut at) = (histogram.as_mut_slice(), 0);
        let mut sorted;
        let active = if active.is_sorted() {
            active
        } else {
            sorted = active.to_vec();
            sorted.sort_unstable();
            sorted.as_slice()
        };
        for &position in active {
            let start = self.offsets[position as usize];
            let end = self.offsets[position as usize + 1];
            let (before_and_bins, behind) = std::mem::take(&mut rest).split_at_mut(end - at);
            let bins = &mut before_and_bins[start - at..];
            columns.push((self.matrix.column(self.features[position as usize] as usize), bins));
            (rest, at) = (behind, end);
        }
        for (&position, (_, bins)) in active.iter().zip(&mut columns) {
            let used = self.matrix.n_bins(self.features[position as usize] as usize) * measure.width();
            bins[..used].fill(0);
        }
        let (stats, rows) = (&self.stats[rows.clone()], &self.rows[rows]);
        if rows.len() * columns.len() >= PARALLEL_CELLS {
            columns.par_chunks_mut(4).for_each(|four| measure.fill(four, rows, stats));
        } else {
            columns.chunks_mut(4).for_each(|four| measure.fill(four, rows, stats));
        }
        histogram
    }

    /// The best cut over the node's features (or a random draw of them), looking at a ready histogram.
    fn best_cut(
        &self,
        measure: &M,
        histogram: &[i64],
        pending: &mut Pending<M::Sum>,
        stream: Option<&mut Stream>,
    ) -> Option<(u32, Candidate<M::Sum>)> {
        let mut best = None;
        let mut order = Vec::new();
        match (self.growth.features_per_node, stream) {
            (Some(wanted), Some(stream)) if wanted < pending.active.len() => {
                let drawn = stream.choose(pending.active.len(), pending.active.len());
                let mut seen = 0;
                let mut constant = Vec::new();
                for &place in &drawn {
                    // Go on past the wanted number until some cut is found, as a node of constants cannot be cut.
                    if seen >= wanted && best.is_some() {
                        break;
                    }
                    let position = pending.active[place];
                    if self.try_feature(measure, histogram, position, &pending.sum, &mut order, &mut best) {
                        seen += 1;
                    } else {
                        constant.push(position);
                    }
                }
                pending.active.retain(|position| !constant.contains(position));
            }
            _ => {
                let sum = &pending.sum;
                pending.active.retain(|&position| {
                    self.try_feature(measure, histogram, position, sum, &mut order, &mut best)
                });
            }
        }
        self.worth_it(measure, &pending.sum, best)
    }

    /// The same where a histogram is built only of the features drawn.
    fn best_cut_of_some(
        &mut self,
        measure: &M,
        pending: &mut Pending<M::Sum>,
        stream: Option<&mut Stream>,
    ) -> Option<(u32, Candidate<M::Sum>)> {
        let wanted = self.growth.features_per_node.unwrap_or(self.features.len()).max(1);
        let drawn: Vec<u32> = match stream {
            Some(stream) => {
                let count = pending.active.len();
                stream.choose(count, count).into_iter().map(|place| pending.active[place]).collect()
            }
            None => pending.active.clone(),
        };
        let mut best = None;
        let mut order = Vec::new();
        let mut constant = Vec::new();
        let mut seen = 0;
        let mut next = 0;
        while next < drawn.len() && (seen < wanted || best.is_none()) {
            let batch = &drawn[next..drawn.len().min(next + wanted.saturating_sub(seen).max(1))];
            next += batch.len();
            let histogram = self.histogram(measure, pending.rows.clone(), batch);
            for &position in batch {
                if self.try_feature(measure, &histogram, position, &pending.sum, &mut order, &mut best) {
                    seen += 1;
                } else {
                    constant.push(position);
                }
            }
            self.pool.push(histogram);
        }
        pending.active.retain(|position| !constant.contains(position));
        self.worth_it(measure, &pending.sum, best)
    }

    fn worth_it(
        &self,
        measure: &M,
        sum: &M::Sum,
        best: Option<(u32, Candidate<M::Sum>)>,
    ) -> Option<(u32, Candidate<M::Sum>)> {
        let whole = measure.score(sum);
        // Scores are rounded: a gain of nothing may come out as a little more.
        best.filter(|(_, candidate)| candidate.score - whole > self.growth.min_gain + 1e-12 * whole.abs())
    }

    /// Looks for a better cut by one feature. False when all rows are in one bin.
    fn try_feature(
        &self,
        measure: &M,
        histogram: &[i64],
        position: u32,
        sum: &M::Sum,
        order: &mut Vec<(f64, u8)>,
        best: &mut Option<(u32, Candidate<M::Sum>)>,
    ) -> bool {
        let feature = self.features[position as usize] as usize;
        let bins = &histogram[self.bins(measure, position)];
        let scan = Scan { measure, bins, width: measure.width(), sum, min_weight: self.growth.min_weight };
        let floor = best.as_ref().map_or(f64::NEG_INFINITY, |(_, candidate)| candidate.score);
        let (found, varies) = if self.matrix.is_categorical(feature) {
            scan.levels(order, floor)
        } else {
            scan.numeric(self.matrix.missing_bin(feature), floor)
        };
        if let Some(candidate) = found {
            *best = Some((position, candidate));
        }
        varies
    }

    /// Puts the rows that go left before those that do not, each in their order; returns where the latter begin.
    fn partition(&mut self, feature: u32, cut: &BinCut, rows: Range<usize>) -> usize {
        let mut goes_left = [0_u8; 256];
        match cut {
            BinCut::AtMost { bin, also } => {
                goes_left[..=usize::from(*bin)].fill(1);
                goes_left[usize::from(*also)] = 1;
            }
            BinCut::Among(set) => {
                for (bin, flag) in goes_left.iter_mut().enumerate() {
                    *flag = (set[bin >> 6] >> (bin & 63) & 1) as u8;
                }
            }
        }
        let column = self.matrix.column(feature as usize);
        let (list, stats) = (&mut self.rows[rows.clone()], &mut self.stats[rows.clone()]);
        let (spare, spare_stats) = (&mut self.spare_rows[..list.len()], &mut self.spare_stats[..list.len()]);
        let (mut left, mut right) = (0, 0);
        for place in 0..list.len() {
            let (row, stat) = (list[place], stats[place]);
            let flag = usize::from(goes_left[usize::from(column[row as usize])]);
            list[left] = row;
            stats[left] = stat;
            spare[right] = row;
            spare_stats[right] = stat;
            left += flag;
            right += 1 - flag;
        }
        list[left..].copy_from_slice(&spare[..right]);
        stats[left..].copy_from_slice(&spare_stats[..right]);
        rows.start + left
    }
}

/// A search over the cuts of one feature in one node.
struct Scan<'s, M: Measure> {
    measure: &'s M,
    bins: &'s [i64],
    width: usize,
    sum: &'s M::Sum,
    min_weight: f64,
}

impl<M: Measure> Scan<'_, M> {
    fn bin(&self, bin: usize) -> &[i64] {
        &self.bins[bin * self.width..(bin + 1) * self.width]
    }

    fn is_empty(&self, bin: usize) -> bool {
        self.bin(bin).iter().all(|&part| part == 0)
    }

    /// The score of a cut, if both sides are heavy enough.
    fn score(&self, left: &M::Sum, right: &mut M::Sum) -> Option<f64> {
        self.measure.subtract(self.sum, left, right);
        let heavy =
            self.measure.weight(left) >= self.min_weight && self.measure.weight(right) >= self.min_weight;
        heavy.then(|| self.measure.score(left) + self.measure.score(right))
    }

    /// The best cut between bins in order that scores above `floor`, and whether there are rows in several bins.
    fn numeric(&self, missing_bin: u8, mut floor: f64) -> (Option<Candidate<M::Sum>>, bool) {
        let measure = self.measure;
        let last = usize::from(missing_bin);
        let any_missing = !self.is_empty(last);
        let mut left = measure.zero();
        let mut left_with_missing = measure.zero();
        if any_missing {
            measure.add_bin(&mut left_with_missing, self.bin(last));
        }
        let mut right = measure.zero();
        let mut best = None;
        let mut previous: Option<usize> = None;
        let mut occupied = usize::from(any_missing);
        for bin in 0..last {
            if self.is_empty(bin) {
                continue;
            }
            occupied += 1;
            if let Some(previous) = previous {
                // The cut lies in the middle of the empty bins between two occupied ones.
                let at = (previous + (bin - previous - 1) / 2) as u8;
                if let Some(score) = self.score(&left, &mut right).filter(|&score| score > floor) {
                    floor = score;
                    let heavier_left = measure.weight(&left) >= measure.weight(&right);
                    let also = if !any_missing && heavier_left { missing_bin } else { at };
                    best =
                        Some(Candidate { score, cut: BinCut::AtMost { bin: at, also }, left: left.clone() });
                }
                if any_missing
                    && let Some(score) =
                        self.score(&left_with_missing, &mut right).filter(|&score| score > floor)
                {
                    floor = score;
                    let cut = BinCut::AtMost { bin: at, also: missing_bin };
                    best = Some(Candidate { score, cut, left: left_with_missing.clone() });
                }
            }
            measure.add_bin(&mut left, self.bin(bin));
            if any_missing {
                measure.add_bin(&mut left_with_missing, self.bin(bin));
            }
            previous = Some(bin);
        }
        // Everything that is known against everything that is missing.
        if any_missing
            && previous.is_some()
            && let Some(score) = self.score(&left, &mut right).filter(|&score| score > floor)
        {
            let at = missing_bin - 1;
            best = Some(Candidate { score, cut: BinCut::AtMost { bin: at, also: at }, left });
        }
        (best, occupied > 1)
    }

    /// The best cut of the levels in the order of their keys.
    fn levels(&self, order: &mut Vec<(f64, u8)>, mut floor: f64) -> (Option<Candidate<M::Sum>>, bool) {
        let measure = self.measure;
        order.clear();
        for bin in 0..self.bins.len() / self.width {
            if !self.is_empty(bin) {
                order.push((measure.level_key(self.bin(bin), self.sum), bin as u8));
            }
        }
        if order.len() < 2 {
            return (None, false);
        }
        order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut left = measure.zero();
        let mut right = measure.zero();
        let mut best = None;
        for (taken, &(_, bin)) in order[..order.len() - 1].iter().enumerate() {
            measure.add_bin(&mut left, self.bin(usize::from(bin)));
            if let Some(score) = self.score(&left, &mut right).filter(|&score| score > floor) {
                floor = score;
                let heavier_left = measure.weight(&left) >= measure.weight(&right);
                best = Some((score, taken + 1, left.clone(), heavier_left));
            }
        }
        let found = best.map(|(score, taken, left, heavier_left)| {
            // Levels that no row of this node has go with the heavier side.
            let mut set = if heavier_left { [u64::MAX; 4] } else { [0; 4] };
            for (rank, &(_, bin)) in order.iter().enumerate() {
                let (word, bit) = (usize::from(bin >> 6), 1 << (bin & 63));
                if rank < taken {
                    set[word] |= bit;
                } else {
                    set[word] &= !bit;
                }
            }
            Candidate { score, cut: BinCut::Among(set), left }
        });
        (found, true)
    }
}
