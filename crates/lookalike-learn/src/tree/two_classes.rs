//! Trees of a forest that tells two classes apart: what most forests are for, and worth a way of its own.
//!
//! A node looks at a few features only, and most nodes hold few rows, so whole histograms and their subtraction do not
//! pay. Here the weights of both classes are the halves of one number, so that one addition counts both; features of two
//! bins, such as those of one-hot columns, are single bits that travel with the rows, so that counting one is a pass over
//! numbers that lie one after the other; which of them vary in a node is known from two more such passes, before any is
//! drawn; and small nodes put their few bins in order instead of walking through 256.

use std::rc::Rc;

use lookalike_core::Stream;

use super::binning::Binned;
use super::grow::Growth;
use super::measure::{nearest, power_of_two_scale};
use super::structure::{Cut, Node, Tree};

/// What all trees of a forest share.
pub(super) struct TwoClasses<'a> {
    matrix: &'a Binned,
    classes: &'a [u32],
    /// Features of which every row learned from is in one of two bins.
    flags: Vec<u32>,
    /// For every 64 flags a word per row of the matrix.
    words: Vec<Vec<u64>>,
    /// All other features that may vary.
    others: Vec<u32>,
}

/// Memory that is kept from tree to tree.
#[derive(Default)]
pub(super) struct Buffers {
    rows: Vec<u32>,
    stats: Vec<u64>,
    words: Vec<Vec<u64>>,
    sides: Vec<u8>,
    spare_rows: Vec<u32>,
    spare: Vec<u64>,
    histogram: Vec<u64>,
    occupied: Vec<(u8, u64)>,
    candidates: Vec<u32>,
    order: Vec<(f64, u8, u64)>,
}

/// A node that may yet be cut.
struct Pending {
    node: usize,
    start: usize,
    end: usize,
    depth: usize,
    sum: u64,
    /// Features besides the flags that are not known to be constant here.
    others: Rc<[u32]>,
}

struct Best {
    score: f64,
    way: Way,
    left: u64,
}

enum Way {
    Flag(usize),
    AtMost { feature: u32, bin: u8, also: u8 },
    Among { feature: u32, set: [u64; 4] },
}

/// Weights are scaled to sums below this power of two, so that each half of a number holds one.
const BITS: i32 = 31;

/// With more rows than this, halves of 32 bits leave too little of weights that are no whole numbers.
const MOST_WEIGHTED_ROWS: usize = 1 << 16;

/// Nodes of at most so many rows put their bins in order.
const SMALL: usize = 48;

impl<'a> TwoClasses<'a> {
    /// Prepares for trees on (draws of) these rows; `None` where weights would lose too much.
    pub(super) fn new(
        matrix: &'a Binned,
        classes: &'a [u32],
        rows: &[u32],
        features: &[u32],
        weighted: bool,
    ) -> Option<Self> {
        let most = if weighted { MOST_WEIGHTED_ROWS } else { 1 << (BITS - 1) };
        if rows.len() > most {
            return None;
        }
        let (mut flags, mut others) = (Vec::new(), Vec::new());
        for &feature in features {
            let column = matrix.column(feature as usize);
            let missing = matrix.missing_bin(feature as usize);
            match matrix.n_bins(feature as usize) {
                // All rows are missing, or have the one value.
                0 | 1 => {}
                2 | 3 if rows.iter().all(|&row| column[row as usize] != missing) => {
                    if missing == 2 {
                        flags.push(feature);
                    }
                }
                _ => others.push(feature),
            }
        }
        let words = flags
            .chunks(64)
            .map(|flags| {
                let mut words = vec![0_u64; matrix.n_rows()];
                for (bit, &feature) in flags.iter().enumerate() {
                    for (word, &cell) in words.iter_mut().zip(matrix.column(feature as usize)) {
                        *word |= u64::from(cell == 1) << bit;
                    }
                }
                words
            })
            .collect();
        Some(TwoClasses { matrix, classes, flags, words, others })
    }

    /// Grows a tree on these rows with a weight above 0 each.
    pub(super) fn grow(
        &self,
        growth: &Growth,
        rows: &[u32],
        weights: &[f64],
        stream: &mut Stream,
        buffers: &mut Buffers,
    ) -> Tree {
        let scale = power_of_two_scale(weights.iter().sum(), BITS);
        buffers.load(self, rows, weights, scale);
        let sum = buffers.stats.iter().sum();
        // No leaf is lighter, and none is empty.
        let least = ((growth.min_weight * scale).ceil() as u64).max(1);
        let min_gain = growth.min_gain * scale;
        let mut tree = Tree {
            nodes: vec![Node { cut: Cut::Leaf, feature: 0, left: 0 }],
            sets: Vec::new(),
            values: Vec::new(),
            outputs: 2,
        };
        let others = Rc::from(self.others.as_slice());
        let mut stack = vec![Pending { node: 0, start: 0, end: rows.len(), depth: 0, sum, others }];
        while let Some(mut pending) = stack.pop() {
            let [zeros, ones] = halves(pending.sum);
            let may_cut = pending.depth < growth.max_depth
                && pending.end - pending.start >= 2
                && zeros > 0
                && ones > 0
                && zeros + ones >= 2 * least;
            let whole = purity(pending.sum);
            let best = if may_cut {
                // Scores are rounded: a gain of nothing may come out as a little more.
                self.best_cut(growth, least, &mut pending, stream, buffers)
                    .filter(|best| best.score - whole > min_gain + 1e-12 * whole)
            } else {
                None
            };
            let Some(best) = best else {
                tree.nodes[pending.node].feature = (tree.values.len() / 2) as u32;
                let weight = (zeros + ones) as f64;
                if weight > 0.0 {
                    tree.values.extend([zeros as f64 / weight, ones as f64 / weight]);
                } else {
                    tree.values.extend([0.5; 2]);
                }
                continue;
            };
            let middle = self.partition(&best.way, pending.start, pending.end, buffers);
            let right_sum = pending.sum - best.left;
            let heavier_left = weight(best.left) >= weight(right_sum);
            let (feature, cut) = self.cut_of(&best.way, heavier_left, &mut tree.sets);
            let left = tree.nodes.len();
            tree.nodes[pending.node] = Node { cut, feature, left: left as u32 };
            tree.nodes.extend([Node { cut: Cut::Leaf, feature: 0, left: 0 }; 2]);
            let depth = pending.depth + 1;
            let others = pending.others;
            stack.push(Pending {
                node: left + 1,
                start: middle,
                end: pending.end,
                depth,
                sum: right_sum,
                others: others.clone(),
            });
            stack.push(Pending {
                node: left,
                start: pending.start,
                end: middle,
                depth,
                sum: best.left,
                others,
            });
        }
        tree
    }

    /// The best cut over a random draw of the features that vary in the node.
    fn best_cut(
        &self,
        growth: &Growth,
        least: u64,
        pending: &mut Pending,
        stream: &mut Stream,
        buffers: &mut Buffers,
    ) -> Option<Best> {
        let wanted = growth.features_per_node.unwrap_or(usize::MAX).max(1);
        let n_flags = self.flags.len();
        let rows = pending.start..pending.end;
        let mut candidates = std::mem::take(&mut buffers.candidates);
        candidates.clear();
        for (number, words) in buffers.words.iter().enumerate() {
            let (mut any, mut all) = (0, u64::MAX);
            for &word in &words[rows.clone()] {
                any |= word;
                all &= word;
            }
            let mut varies = any & !all;
            while varies != 0 {
                candidates.push(number as u32 * 64 + varies.trailing_zeros());
                varies &= varies - 1;
            }
        }
        candidates.extend((0..pending.others.len()).map(|place| (n_flags + place) as u32));
        let mut search = Search { sum: pending.sum, least, best: None };
        let mut constant = Vec::new();
        let mut seen = 0;
        // Go on past the wanted number until some cut is found.
        while !candidates.is_empty() && (seen < wanted || search.best.is_none()) {
            let drawn = candidates.swap_remove(stream.below(candidates.len() as u64) as usize) as usize;
            if drawn < n_flags {
                let (words, bit) = (&buffers.words[drawn / 64][rows.clone()], drawn % 64);
                let mut above = 0_u64;
                for (&word, &stat) in words.iter().zip(&buffers.stats[rows.clone()]) {
                    above += stat & (word >> bit & 1).wrapping_neg();
                }
                search.offer(pending.sum - above, || Way::Flag(drawn));
                seen += 1;
                continue;
            }
            let feature = pending.others[drawn - n_flags];
            let missing = buffers.occupy(self.matrix, feature, rows.clone());
            if buffers.occupied.len() + usize::from(missing > 0) < 2 {
                constant.push(feature);
                continue;
            }
            seen += 1;
            if self.matrix.is_categorical(feature as usize) {
                search.levels(feature, missing, self.matrix, &buffers.occupied, &mut buffers.order);
            } else {
                search.numbers(
                    feature,
                    missing,
                    self.matrix.missing_bin(feature as usize),
                    &buffers.occupied,
                );
            }
        }
        buffers.candidates = candidates;
        if !constant.is_empty() {
            let kept = pending.others.iter().copied().filter(|feature| !constant.contains(feature));
            pending.others = kept.collect();
        }
        search.best
    }

    /// The cut as trees have it. Bins that no row of the node is in go with the heavier side.
    fn cut_of(&self, way: &Way, heavier_left: bool, sets: &mut Vec<[u64; 4]>) -> (u32, Cut) {
        match *way {
            Way::AtMost { feature, bin, also } => (feature, Cut::AtMost { bin, also }),
            Way::Among { feature, set } => {
                sets.push(set);
                (feature, Cut::Among { set: sets.len() as u32 - 1 })
            }
            Way::Flag(flag) => {
                let feature = self.flags[flag];
                if self.matrix.is_categorical(feature as usize) {
                    sets.push(if heavier_left { [!2, u64::MAX, u64::MAX, u64::MAX] } else { [1, 0, 0, 0] });
                    (feature, Cut::Among { set: sets.len() as u32 - 1 })
                } else {
                    (feature, Cut::AtMost { bin: 0, also: if heavier_left { 2 } else { 0 } })
                }
            }
        }
    }

    /// Puts the rows that go left before those that do not, each in their order; returns where the latter begin.
    fn partition(&self, way: &Way, start: usize, end: usize, buffers: &mut Buffers) -> usize {
        let Buffers { rows, stats, words, sides, spare_rows, spare, .. } = buffers;
        sides.clear();
        let mut by_bins = |feature: u32, goes_left: &[u8; 256]| {
            let column = self.matrix.column(feature as usize);
            let side = |&row: &u32| goes_left[usize::from(column[row as usize])];
            sides.extend(rows[start..end].iter().map(side));
        };
        match *way {
            Way::Flag(flag) => {
                let words = &words[flag / 64][start..end];
                sides.extend(words.iter().map(|word| (word >> (flag % 64) & 1 ^ 1) as u8));
            }
            Way::AtMost { feature, bin, also } => {
                let mut goes_left = [0; 256];
                goes_left[..=usize::from(bin)].fill(1);
                goes_left[usize::from(also)] = 1;
                by_bins(feature, &goes_left);
            }
            Way::Among { feature, set } => {
                let goes_left = std::array::from_fn(|bin| (set[bin >> 6] >> (bin & 63) & 1) as u8);
                by_bins(feature, &goes_left);
            }
        }
        let middle = divide(&mut rows[start..end], spare_rows, sides);
        divide(&mut stats[start..end], spare, sides);
        for words in words {
            divide(&mut words[start..end], spare, sides);
        }
        start + middle
    }
}

/// Puts what goes left (1) before what does not, each in its order; returns how many do.
fn divide<T: Copy>(list: &mut [T], spare: &mut [T], sides: &[u8]) -> usize {
    let spare = &mut spare[..list.len()];
    let (mut left, mut right) = (0, 0);
    for place in 0..list.len() {
        let own = list[place];
        let goes_left = usize::from(sides[place]);
        list[left] = own;
        spare[right] = own;
        left += goes_left;
        right += 1 - goes_left;
    }
    list[left..].copy_from_slice(&spare[..right]);
    left
}

impl Buffers {
    /// Begins a tree.
    fn load(&mut self, plan: &TwoClasses<'_>, rows: &[u32], weights: &[f64], scale: f64) {
        self.rows.clear();
        self.rows.extend_from_slice(rows);
        self.stats.clear();
        let stat = |(&row, &weight): (&u32, &f64)| {
            // No row that counts is lost by rounding.
            let weight = nearest(weight * scale).max(1) as u64;
            weight << (32 * plan.classes[row as usize])
        };
        self.stats.extend(rows.iter().zip(weights).map(stat));
        self.words.resize_with(plan.words.len(), Vec::new);
        for (own, words) in self.words.iter_mut().zip(&plan.words) {
            own.clear();
            own.extend(rows.iter().map(|&row| words[row as usize]));
        }
        self.spare_rows.resize(rows.len(), 0);
        self.spare.resize(rows.len(), 0);
        self.histogram.resize(256, 0);
    }

    /// Finds the bins of a feature that rows of a node are in, in their order, with their sums; returns the sum of those
    /// that are missing.
    fn occupy(&mut self, matrix: &Binned, feature: u32, rows: std::ops::Range<usize>) -> u64 {
        let column = matrix.column(feature as usize);
        let missing_bin = matrix.missing_bin(feature as usize);
        let (rows, stats) = (&self.rows[rows.clone()], &self.stats[rows]);
        self.occupied.clear();
        if rows.len() <= SMALL {
            for (&row, &stat) in rows.iter().zip(stats) {
                let bin = column[row as usize];
                let place = self.occupied.partition_point(|(own, _)| *own < bin);
                match self.occupied.get_mut(place) {
                    Some((own, sum)) if *own == bin => *sum += stat,
                    _ => self.occupied.insert(place, (bin, stat)),
                }
            }
        } else {
            let histogram: &mut [u64; 256] = self.histogram.first_chunk_mut().expect("256 bins");
            for (&row, &stat) in rows.iter().zip(stats) {
                histogram[usize::from(column[row as usize])] += stat;
            }
            for (bin, sum) in histogram[..=usize::from(missing_bin)].iter_mut().enumerate() {
                if *sum > 0 {
                    self.occupied.push((bin as u8, *sum));
                    *sum = 0;
                }
            }
        }
        match self.occupied.last() {
            Some(&(bin, sum)) if bin == missing_bin => {
                self.occupied.pop();
                sum
            }
            _ => 0,
        }
    }
}

/// The weights of both classes.
fn halves(sum: u64) -> [u64; 2] {
    [sum & 0xffff_ffff, sum >> 32]
}

fn weight(sum: u64) -> u64 {
    let [zeros, ones] = halves(sum);
    zeros + ones
}

/// How pure a group is, times its weight.
fn purity(sum: u64) -> f64 {
    let [zeros, ones] = [f64::from(sum as u32), f64::from((sum >> 32) as u32)];
    let weight = zeros + ones;
    if weight > 0.0 { (zeros * zeros + ones * ones) / weight } else { 0.0 }
}

/// The best cut of a node so far.
struct Search {
    sum: u64,
    least: u64,
    best: Option<Best>,
}

impl Search {
    /// Keeps a cut that leaves this sum on the left, if it is allowed and better.
    fn offer(&mut self, left: u64, way: impl FnOnce() -> Way) {
        let right = self.sum - left;
        if weight(left) < self.least || weight(right) < self.least {
            return;
        }
        let score = purity(left) + purity(right);
        if self.best.as_ref().is_none_or(|best| score > best.score) {
            self.best = Some(Best { score, way: way(), left });
        }
    }

    /// Cuts between bins in their order, with missing values on either side.
    fn numbers(&mut self, feature: u32, missing: u64, missing_bin: u8, occupied: &[(u8, u64)]) {
        let mut left = 0;
        for pair in occupied.windows(2) {
            let [(previous, own), (next, _)] = [pair[0], pair[1]];
            left += own;
            // The cut lies in the middle of the empty bins between two occupied ones.
            let bin = previous + (next - previous - 1) / 2;
            let heavier_left = weight(left) >= weight(self.sum - left);
            let also = if missing == 0 && heavier_left { missing_bin } else { bin };
            self.offer(left, || Way::AtMost { feature, bin, also });
            if missing > 0 {
                self.offer(left + missing, || Way::AtMost { feature, bin, also: missing_bin });
            }
        }
        // Everything that is known against everything that is missing.
        if missing > 0 {
            let bin = missing_bin - 1;
            self.offer(self.sum - missing, || Way::AtMost { feature, bin, also: bin });
        }
    }

    /// Cuts of the levels in the order of their shares of the node's larger class, missing ones as a level of their own.
    fn levels(
        &mut self,
        feature: u32,
        missing: u64,
        matrix: &Binned,
        occupied: &[(u8, u64)],
        order: &mut Vec<(f64, u8, u64)>,
    ) {
        order.clear();
        let missing = (missing > 0).then_some((matrix.missing_bin(feature as usize), missing));
        let [zeros, ones] = halves(self.sum);
        let larger = usize::from(ones > zeros);
        let key = |sum: u64| halves(sum)[larger] as f64 / weight(sum) as f64;
        order.extend(occupied.iter().copied().chain(missing).map(|(bin, sum)| (key(sum), bin, sum)));
        order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut left = 0;
        for taken in 1..order.len() {
            left += order[taken - 1].2;
            let heavier_left = weight(left) >= weight(self.sum - left);
            self.offer(left, || {
                // Levels that no row of this node has go with the heavier side.
                let mut set = if heavier_left { [u64::MAX; 4] } else { [0; 4] };
                for (rank, &(_, bin, _)) in order.iter().enumerate() {
                    let (word, bit) = (usize::from(bin >> 6), 1 << (bin & 63));
                    if rank < taken {
                        set[word] |= bit;
                    } else {
                        set[word] &= !bit;
                    }
                }
                Way::Among { feature, set }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use lookalike_core::Seed;

    use super::*;
    use crate::tree::cart::{Cart, CartOptions};
    use crate::tree::{Binning, Feature, Target, Training};

    /// Numbers with and without missing ones, levels, and flags of both sorts.
    fn table(rows: usize) -> (Vec<Vec<f64>>, Vec<Vec<u32>>, Vec<u32>) {
        let mut stream = Seed::new(5).stream("two classes", 0);
        let mut numbers = vec![Vec::new(); 4];
        let mut levels = vec![Vec::new(); 3];
        let mut classes = Vec::new();
        for _ in 0..rows {
            let x: Vec<f64> = (0..6).map(|_| stream.unit()).collect();
            let class = x[0] + x[1] * x[2] + 0.6 * x[4] * f64::from(u8::from(x[3] > 0.5)) > 0.9 + 0.3 * x[5];
            numbers[0].push(x[0]);
            numbers[1].push(if stream.unit() < 0.2 { f64::NAN } else { x[1] });
            numbers[2].push(f64::from(u8::from(x[3] > 0.5)));
            numbers[3].push(7.0);
            levels[0].push((x[2] * 30.0) as u32);
            levels[1].push(u32::from(x[4] > 0.4));
            levels[2].push(if stream.unit() < 0.1 { u32::MAX } else { u32::from(x[5] > 0.6) });
            classes.push(u32::from(class));
        }
        (numbers, levels, classes)
    }

    #[test]
    fn trees_are_those_of_whole_histograms() {
        let rows = 6000;
        let (numbers, levels, classes) = table(rows);
        let mut features: Vec<Feature<'_>> = numbers.iter().map(|column| Feature::Numeric(column)).collect();
        for (codes, count) in levels.iter().zip([30, 2, 2]) {
            features.push(Feature::Categorical { codes, levels: count });
        }
        let matrix = Binning::fit(&features, 255).apply(&features);
        let training = Training::new(&matrix, Target::Classes { classes: &classes, count: 2 });
        let all: Vec<u32> = (0..rows as u32).collect();
        let plan =
            TwoClasses::new(&matrix, &classes, &all, &training.feature_list(), false).expect("few rows");
        assert_eq!((plan.flags.as_slice(), plan.others.as_slice()), (&[2, 5][..], &[0, 1, 4, 6][..]));
        let mut stream = Seed::new(1).stream("weights", 0);
        // Leaves of many rows, so that no two cuts are equally good.
        for (min_leaf, max_depth) in [(150.0, 64), (40.0, 3)] {
            let weights: Vec<f64> = all.iter().map(|_| 1.0 + stream.below(3) as f64).collect();
            let options = CartOptions { max_depth, min_leaf, ..CartOptions::default() };
            let (expected, _) = Cart::fit_weighted(&training, &options, &all, &weights, &mut stream.clone());
            let mut buffers = Buffers::default();
            let found = plan.grow(&options.growth(), &all, &weights, &mut stream, &mut buffers);
            assert!(found.n_leaves() > 5);
            assert_eq!(found.n_leaves(), expected.tree().n_leaves());
            for row in 0..rows {
                assert_eq!(found.leaf_values(found.leaf_of(&matrix, row)), expected.leaf(&matrix, row));
            }
        }
    }

    #[test]
    fn unseen_bins_go_with_the_heavier_side() {
        let x = [0.0, 0.0, 0.0, 1.0, 1.0];
        let classes = [0, 0, 0, 1, 1];
        let features = [Feature::Numeric(&x)];
        let binning = Binning::fit(&features, 255);
        let matrix = binning.apply(&features);
        let plan = TwoClasses::new(&matrix, &classes, &[0, 1, 2, 3, 4], &[0], false).unwrap();
        let growth = CartOptions::default().growth();
        let mut stream = Seed::new(1).stream("one cut", 0);
        let tree = plan.grow(&growth, &[0, 1, 2, 3, 4], &[1.0; 5], &mut stream, &mut Buffers::default());
        let asked = binning.apply(&[Feature::Numeric(&[f64::NAN, 1.0])]);
        assert_eq!(tree.leaf_values(tree.leaf_of(&asked, 0)), [1.0, 0.0]);
        assert_eq!(tree.leaf_values(tree.leaf_of(&asked, 1)), [0.0, 1.0]);
    }
}
