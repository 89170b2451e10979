//! What the networks see of a table: the order of its variables, which follow from others, how each is read and chosen.

use std::ops::Range;

use lookalike_core::{Seed, math, normal_quantile};
use lookalike_learn::net::{Next, Prior};
use lookalike_table::Codes;

use crate::cycles::Cycles;
use crate::forest::{Split, group, halve};
use crate::frame::{Encoded, Frame, Presence};
use crate::latent::Variable;
use crate::margin::Support;
use crate::order::{Rule, natural_order, rules};

/// Of the choices between a variable's segments while learning.
const LEAST_ROWS: u64 = 32;
/// Most codes as which an ordered variable is read; fewer, where all networks together would have more than
/// `MOST_WEIGHTS`.
const MOST_CODES: [usize; 4] = [24, 16, 8, 4];
/// One without an order, between whose levels nothing lies, is read as so many times as many.
const NOMINAL: usize = 4;
const MOST_WEIGHTS: usize = 6_000_000;

/// How finely variables are read and chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Grain {
    /// Most codes as which an ordered variable is read.
    pub(crate) most_codes: usize,
    /// A half of fewer rows is not halved further: segments are drawn by their counts there.
    pub(crate) least_rows: u64,
    /// True to read where in the day, the week and the year instants lie.
    pub(crate) cycles: bool,
}

/// The variables in the order in which they are drawn where nothing is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Columns {
    pub(crate) order: Vec<Variable>,
    /// Per variable, the one that it follows from in every row, and per segment of that the one of this.
    pub(crate) follows: Vec<Option<Rule>>,
    /// Per variable, the one that says whether it has a value.
    pub(super) masks: Vec<Option<usize>>,
    pub(super) reading: Vec<Reading>,
    pub(super) trees: Vec<Tree>,
    pub(crate) grain: Grain,
}

/// How others read a variable.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Reading {
    /// Per segment, its code.
    pub(super) codes: Vec<u32>,
    /// Codes, a number behind them where there is one, and cycles behind that.
    pub(super) width: usize,
    /// Per segment, the normal number of the same rank, where segments have an order.
    pub(super) numbers: Vec<f32>,
    /// Per segment, where segments have an order: how much of it counts as the next code.
    pub(super) next: Vec<f32>,
    /// Of instants.
    pub(super) cycles: Cycles,
}

/// How a variable's segment is chosen.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tree {
    pub(super) next: Vec<[Next; 2]>,
    /// What the segments' counts say of each choice.
    pub(super) prior: Vec<Prior>,
    /// Per end, its first segment; and the number of segments.
    pub(super) starts: Vec<u32>,
    /// Sums of the segments' counts.
    pub(super) sums: Vec<u64>,
}

impl Columns {
    /// Of training rows; also, row after row, the segment of each variable.
    pub(super) fn learn(frame: &Frame, encoded: Encoded, first: &[usize], hidden: usize) -> (Self, Vec<u32>) {
        let (order, _) = natural_order(frame, first);
        let n_rows = frame.n_rows as usize;
        let mut columns: Vec<Option<Vec<u32>>> = encoded.segments.into_iter().map(Some).collect();
        let mut masks: Vec<Option<Vec<u32>>> =
            encoded.masks.into_iter().map(|flags| Some(flags.into_iter().map(u32::from).collect())).collect();
        let segments: Vec<Vec<u32>> = order
            .iter()
            .map(|&variable| match variable {
                Variable::Values(column) => columns[column].take().unwrap_or_default(),
                Variable::Mask(mask) => masks[mask].take().unwrap_or_default(),
            })
            .collect();
        let follows = to_roots(&rules(frame, &order, &segments));
        let mut cells = vec![Codes::MISSING; n_rows * order.len()];
        for (variable, segments) in segments.iter().enumerate() {
            for (row, &segment) in segments.iter().enumerate() {
                cells[row * order.len() + variable] = segment;
            }
        }
        // As fine as the weights of all networks together allow.
        let n = order.len();
        let of = |most_codes: usize| {
            let grain = Grain { most_codes, least_rows: LEAST_ROWS, cycles: true };
            Columns::new(frame, order.clone(), follows.clone(), grain)
        };
        let fits = |columns: &Columns| {
            let width: usize = columns.reading.iter().map(|reading| reading.width).sum();
            width.saturating_mul(n).saturating_mul(hidden) <= MOST_WEIGHTS
        };
        let coarsest = MOST_CODES[MOST_CODES.len() - 1];
        let columns = MOST_CODES.into_iter().map(of).find(fits).unwrap_or_else(|| of(coarsest));
        (columns, cells)
    }

    /// Of a frame, when the order and what follows from what is known.
    pub(crate) fn new(frame: &Frame, order: Vec<Variable>, follows: Vec<Option<Rule>>, grain: Grain) -> Self {
        let place = |mask: usize| order.iter().position(|&other| other == Variable::Mask(mask));
        let masks = order.iter().map(|variable| match variable {
            Variable::Values(column) => match frame.presence[*column] {
                Presence::Mask(mask) => place(mask),
                _ => None,
            },
            Variable::Mask(_) => None,
        });
        let masks = masks.collect();
        let counts: Vec<Vec<u64>> = order.iter().map(|variable| variable.counts(frame)).collect();
        let trees = counts.iter().map(|counts| Tree::new(counts, grain.least_rows)).collect();
        let reading = (0..order.len()).map(|variable| match (order[variable], &follows[variable]) {
            // What follows from another tells nothing more.
            (_, Some(_)) => Reading::default(),
            (Variable::Mask(_), _) => Reading::new(&counts[variable], false, grain.most_codes),
            (Variable::Values(column), _) => {
                let ordered = frame.margin(column).support.is_ordered();
                let most = if ordered { grain.most_codes } else { NOMINAL * grain.most_codes };
                let reading = Reading::new(&counts[variable], ordered, most);
                if grain.cycles { reading.with_cycles(&frame.margin(column).support) } else { reading }
            }
        });
        let reading = reading.collect();
        Columns { order, follows, masks, reading, trees, grain }
    }

    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }

    /// The numbers that a network for `variable` reads: for each other variable, where its own begin; and how many all
    /// are.
    pub(super) fn places(&self, variable: usize) -> (Vec<u32>, usize) {
        let mut end = 0;
        let starts = self.reading.iter().enumerate().map(|(other, reading)| {
            let start = end;
            end += if other == variable { 0 } else { reading.width };
            start as u32
        });
        (starts.collect(), end)
    }

    /// Variables that have a network.
    pub(crate) fn drawn(&self) -> Vec<usize> {
        (0..self.len()).filter(|&variable| self.follows[variable].is_none()).collect()
    }
}

/// Who follows from a follower follows from its leader.
fn to_roots(rules: &[Option<Rule>]) -> Vec<Option<Rule>> {
    let root = |mut rule: Rule| {
        while let Some((by, map)) = &rules[rule.0] {
            let through = map.iter().map(|&segment| rule.1[segment as usize]).collect();
            rule = (*by, through);
        }
        rule
    };
    rules.iter().map(|rule| rule.clone().map(root)).collect()
}

impl Reading {
    fn new(counts: &[u64], ordered: bool, most: usize) -> Self {
        let codes = group(counts, most);
        let n_codes = codes.last().map_or(0, |&last| last as usize + 1);
        let total = counts.iter().sum::<u64>() as f64;
        let mut below = 0.0;
        let numbers = if ordered && counts.len() > 2 {
            let middle = |&count: &u64| {
                let share = (below + 0.5 * count as f64) / total;
                below += count as f64;
                normal_quantile(share.clamp(1e-6, 1.0 - 1e-6)) as f32
            };
            counts.iter().map(middle).collect()
        } else {
            Vec::new()
        };
        let (mut codes, mut next) = (codes, Vec::new());
        // Numbers between the middles of two codes are part of both: what is learned bends there, and does not leap.
        if !numbers.is_empty() && counts.len() > most {
            next = between(&mut codes, n_codes, counts);
        }
        let width = n_codes + usize::from(!numbers.is_empty());
        Reading { codes, width, numbers, next, cycles: Cycles::default() }
    }

    fn with_cycles(mut self, support: &Support) -> Self {
        self.cycles = Cycles::new(support);
        self.width += self.cycles.each;
        self
    }

    /// Where its cycles begin among its numbers.
    pub(super) fn first_cycle(&self) -> usize {
        self.width - self.cycles.each
    }
}

/// Each segment between the middles of two codes: the lower one put in place, and how much it counts as the next.
fn between(codes: &mut [u32], n_codes: usize, counts: &[u64]) -> Vec<f32> {
    let mut below = 0.0;
    let middles: Vec<f64> = counts
        .iter()
        .map(|&count| {
            below += count as f64;
            below - 0.5 * count as f64
        })
        .collect();
    let (mut centres, mut weights) = (vec![0.0; n_codes], vec![0.0; n_codes]);
    for ((&code, &middle), &count) in codes.iter().zip(&middles).zip(counts) {
        centres[code as usize] += middle * count as f64;
        weights[code as usize] += count as f64;
    }
    centres.iter_mut().zip(&weights).for_each(|(centre, weight)| *centre /= weight);
    codes
        .iter_mut()
        .zip(&middles)
        .map(|(code, &middle)| {
            let own = *code as usize;
            let lower = if middle < centres[own] { own.saturating_sub(1) } else { own };
            let upper = (lower + 1).min(n_codes - 1);
            *code = lower as u32;
            let width = centres[upper] - centres[lower];
            if width > 0.0 { ((middle - centres[lower]) / width).clamp(0.0, 1.0) as f32 } else { 0.0 }
        })
        .collect()
}

impl Tree {
    fn new(counts: &[u64], least_rows: u64) -> Self {
        let mut sums = vec![0];
        sums.extend(counts.iter().scan(0, |sum, &count| {
            *sum += count;
            Some(*sum)
        }));
        let splits = halve(counts, least_rows, 0.0, &mut Seed::new(0).stream("halves", 0));
        let mut starts: Vec<u32> = if splits.is_empty() { vec![0] } else { Vec::new() };
        for split in &splits {
            if split.left == Split::NONE {
                starts.push(split.start);
            }
            if split.right == Split::NONE {
                starts.push(split.middle);
            }
        }
        starts.sort_unstable();
        let lead = |next: u32, start: u32| {
            if next == Split::NONE {
                let end = starts.binary_search(&start).expect("every end has a first segment");
                Next::End(end as u32)
            } else {
                Next::Choice(next)
            }
        };
        let next =
            splits.iter().map(|split| [lead(split.left, split.start), lead(split.right, split.middle)]);
        let next = next.collect();
        let count = |from: u32, to: u32| (sums[to as usize] - sums[from as usize]) as f64;
        let odds = |split: &Split| count(split.middle, split.end) / count(split.start, split.middle);
        let total = count(0, counts.len() as u32);
        let prior = splits.iter().map(|split| Prior {
            logit: math::ln(odds(split)) as f32,
            // Few rows, few reasons to leave what their counts say.
            scale: (count(split.start, split.end) / total).sqrt() as f32,
        });
        let prior = prior.collect();
        starts.push(counts.len() as u32);
        Tree { next, prior, starts, sums }
    }

    /// The end that a segment belongs to.
    pub(super) fn end(&self, segment: u32) -> u32 {
        self.starts.partition_point(|&start| start <= segment) as u32 - 1
    }

    /// The segments of an end.
    pub(super) fn segments(&self, end: u32) -> Range<u32> {
        self.starts[end as usize]..self.starts[end as usize + 1]
    }

    /// The count of some segments.
    pub(super) fn count(&self, segments: Range<u32>) -> f64 {
        (self.sums[segments.end as usize] - self.sums[segments.start as usize]) as f64
    }

    /// The segment of an end at `u` of the way through their counts, and how far through it.
    pub(super) fn locate(&self, end: u32, u: f64) -> (u32, f64) {
        let Range { start, end } = self.segments(end);
        if end - start == 1 {
            return (start, u);
        }
        let at = self.sums[start as usize] as f64 + u * self.count(start..end);
        let sums = &self.sums[start as usize + 1..end as usize];
        let segment = start + sums.partition_point(|&sum| sum as f64 <= at) as u32;
        let (low, high) = (self.sums[segment as usize] as f64, self.sums[segment as usize + 1] as f64);
        (segment, ((at - low) / (high - low)).clamp(0.0, 1.0 - f64::EPSILON))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_segment_has_its_end() {
        let counts: Vec<u64> = (0..300).map(|i| 1 + (i * i) % 97).collect();
        let tree = Tree::new(&counts, 16);
        assert_eq!(tree.next.len() + 2, tree.starts.len());
        for segment in 0..300 {
            let end = tree.end(segment);
            assert!(tree.segments(end).contains(&segment));
            let own = tree.segments(end);
            let middle =
                (tree.count(own.start..segment) + 0.5 * tree.count(segment..segment + 1)) / tree.count(own);
            let (found, fraction) = tree.locate(end, middle);
            assert!(found == segment && (fraction - 0.5).abs() < 1e-9);
        }
        let single = Tree::new(&[7], 16);
        assert!(single.next.is_empty() && single.end(0) == 0 && single.locate(0, 0.25) == (0, 0.25));
    }

    #[test]
    fn who_follows_a_follower_follows_its_leader() {
        let rules = vec![None, Some((0, vec![1, 0, 1])), Some((1, vec![5, 6]))];
        assert_eq!(to_roots(&rules)[2], Some((0, vec![6, 5, 6])));
    }

    #[test]
    fn few_segments_are_codes_and_many_are_grouped() {
        assert_eq!(group(&[3, 1, 2], 8), [0, 1, 2]);
        let mut counts = vec![2; 500];
        counts[100] = 1000;
        let codes = group(&counts, 64);
        assert!(codes.windows(2).all(|pair| pair[1] - pair[0] <= 1) && codes[499] < 64);
        assert!(codes[99] < codes[100] && codes[100] < codes[101]);
        let many = Reading::new(&counts, true, 16);
        let place = |segment: usize| many.codes[segment] as f32 + many.next[segment];
        assert!((1..500).all(|segment| place(segment - 1) <= place(segment)));
        assert!(many.next[100] == 0.0 && (many.codes[100] as usize) < many.width);
        assert!((0..500).all(|s| many.next[s] == 0.0 || (many.codes[s] as usize) < many.width - 2));
        let reading = Reading::new(&[10, 20, 30], true, 8);
        assert!(reading.width == 4 && reading.numbers.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
