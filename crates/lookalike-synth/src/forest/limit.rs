//! What is allowed of a variable: by a condition, by a given value, or by what follows from it.

use super::draw::{Sums, below_one};
use super::model::Way;
use crate::allowed::Allowed;

/// What is allowed of a variable in one row.
#[derive(Clone, Copy)]
pub(super) enum Limit<'a> {
    /// Everything.
    Free,
    /// One segment.
    Segment(u32),
    /// Those segments from which a given value follows.
    Leading(Leading<'a>),
    /// What a condition leaves.
    Allowed(&'a Allowed),
}

impl Limit<'_> {
    /// The share of the rows in `start..end` that is allowed, segments drawn by their counts.
    pub(super) fn share(&self, sums: &Sums, start: u32, end: u32) -> f64 {
        let all = (sums.0[end as usize] - sums.0[start as usize]) as f64;
        match *self {
            Limit::Free => 1.0,
            Limit::Segment(segment) if (start..end).contains(&segment) => {
                (sums.0[segment as usize + 1] - sums.0[segment as usize]) as f64 / all
            }
            Limit::Segment(_) => 0.0,
            Limit::Leading(leading) => leading.count(start, end) as f64 / all,
            Limit::Allowed(allowed) => {
                ((allowed.sums[end as usize] - allowed.sums[start as usize]) / all).clamp(0.0, 1.0)
            }
        }
    }

    pub(super) fn weight(&self, of: u32) -> f64 {
        match *self {
            Limit::Free => 1.0,
            Limit::Segment(segment) => f64::from(u8::from(segment == of)),
            Limit::Leading(leading) => f64::from(u8::from(leading.segments.binary_search(&of).is_ok())),
            Limit::Allowed(allowed) => allowed.weights[of as usize],
        }
    }

    /// The segment of `start..end` at `u` of the way through what is allowed, and how far through it.
    pub(super) fn locate(&self, sums: &Sums, start: u32, end: u32, u: f64) -> (u32, f64) {
        match *self {
            Limit::Free => sums.locate(start, end, u),
            Limit::Segment(segment) => (segment, u),
            Limit::Leading(leading) => leading.locate(start, end, u),
            Limit::Allowed(allowed) => {
                let (from, to) = (allowed.sums[start as usize], allowed.sums[end as usize]);
                let at = from + u * (to - from);
                let inner = &allowed.sums[start as usize + 1..end as usize];
                let mut segment = start + inner.partition_point(|&sum| sum <= at) as u32;
                // Rounding may end at a segment of which nothing is allowed.
                while allowed.weights[segment as usize] <= 0.0 && segment > start {
                    segment -= 1;
                }
                while allowed.weights[segment as usize] <= 0.0 && segment + 1 < end {
                    segment += 1;
                }
                let (low, high) = (allowed.sums[segment as usize], allowed.sums[segment as usize + 1]);
                (segment, below_one((at - low) / (high - low)))
            }
        }
    }
}

/// What is allowed of every variable in some rows.
pub(super) struct Limits<'a> {
    /// Variable after variable.
    cells: Vec<Limit<'a>>,
    n_rows: usize,
    /// Per row, how many variables are given before the first that is not.
    common: Vec<usize>,
}

impl<'a> Limits<'a> {
    /// Of a single row, all rows are like that.
    pub(super) fn new(cells: Vec<Limit<'a>>, n_rows: usize) -> Self {
        let mut limits = Limits { cells, n_rows, common: vec![0; n_rows] };
        for row in 0..n_rows {
            let own = (row..limits.cells.len()).step_by(n_rows);
            let given = own.take_while(|&at| matches!(limits.cells[at], Limit::Segment(_)));
            limits.common[row] = given.count();
        }
        limits
    }

    /// What is allowed, and whether that variable and all before it are given.
    pub(super) fn of(&self, variable: usize, row: usize) -> (Limit<'a>, bool) {
        let row = row % self.n_rows;
        (self.cells[variable * self.n_rows + row], variable < self.common[row])
    }

    /// Limits what is free to what leads to given values; of several rules the one that leaves the least counts.
    pub(super) fn read_backwards(&mut self, rules: &'a [Backwards]) {
        for rule in rules {
            for row in 0..self.n_rows {
                let Limit::Segment(segment) = self.cells[rule.follower * self.n_rows + row] else { continue };
                let leader = &mut self.cells[rule.leader * self.n_rows + row];
                let leading = rule.leading_to(segment);
                let narrower = match leader {
                    Limit::Free => true,
                    Limit::Leading(other) => leading.len() < other.len(),
                    _ => false,
                };
                if narrower {
                    *leader = Limit::Leading(leading);
                }
            }
        }
    }
}

/// The segments of a leading variable from which one segment of a following one follows.
#[derive(Clone, Copy)]
pub(super) struct Leading<'a> {
    /// Rising.
    segments: &'a [u32],
    /// Their counts, summed up from anywhere; one more than there are segments.
    sums: &'a [u64],
}

impl Leading<'_> {
    pub(super) fn len(&self) -> usize {
        self.segments.len()
    }

    /// Where in the list the segments of `start..end` are.
    fn places(&self, start: u32, end: u32) -> (usize, usize) {
        let place = |bound: u32| self.segments.partition_point(|&segment| segment < bound);
        (place(start), place(end))
    }

    fn count(&self, start: u32, end: u32) -> u64 {
        let (from, to) = self.places(start, end);
        self.sums[to] - self.sums[from]
    }

    fn locate(&self, start: u32, end: u32, u: f64) -> (u32, f64) {
        let (from, to) = self.places(start, end);
        if from == to {
            return (start, 0.0);
        }
        let at = self.sums[from] as f64 + u * (self.sums[to] - self.sums[from]) as f64;
        let place = from + self.sums[from + 1..to].partition_point(|&sum| sum as f64 <= at);
        let (low, high) = (self.sums[place] as f64, self.sums[place + 1] as f64);
        (self.segments[place], below_one((at - low) / (high - low)))
    }
}

/// A rule read backwards: for each segment of a variable that follows from an earlier one, the segments of that one.
pub(super) struct Backwards {
    pub(super) follower: usize,
    pub(super) leader: usize,
    starts: Vec<usize>,
    segments: Vec<u32>,
    /// Counts of `segments`, summed up; one more than there are.
    sums: Vec<u64>,
}

impl Backwards {
    /// Every rule of a forest, to the leader and, if that follows from another one, to that too.
    pub(super) fn all(ways: &[Way], counts: &[Vec<u64>]) -> Vec<Backwards> {
        let mut all = Vec::new();
        for (follower, way) in ways.iter().enumerate() {
            let Way::Determined { by, segments } = way else { continue };
            let (mut leader, mut map) = (*by, segments.clone());
            all.push(Backwards::new(follower, leader, &map, counts));
            while let Way::Determined { by, segments } = &ways[leader] {
                map = segments.iter().map(|&segment| map[segment as usize]).collect();
                leader = *by;
                all.push(Backwards::new(follower, leader, &map, counts));
            }
        }
        all
    }

    fn new(follower: usize, leader: usize, map: &[u32], counts: &[Vec<u64>]) -> Self {
        let mut segments: Vec<u32> = (0..map.len() as u32).collect();
        segments.sort_by_key(|&segment| (map[segment as usize], segment));
        let mut sums = vec![0];
        sums.extend(segments.iter().scan(0, |sum, &segment| {
            *sum += counts[leader][segment as usize];
            Some(*sum)
        }));
        let starts = (0..=counts[follower].len() as u32)
            .map(|to| segments.partition_point(|&segment| map[segment as usize] < to))
            .collect();
        Backwards { follower, leader, starts, segments, sums }
    }

    /// What leads to a segment of the follower.
    pub(super) fn leading_to(&self, segment: u32) -> Leading<'_> {
        let (from, to) = (self.starts[segment as usize], self.starts[segment as usize + 1]);
        Leading { segments: &self.segments[from..to], sums: &self.sums[from..=to] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_backwards_through_each_other() {
        // Variable 1 follows from 0, and 2 from 1.
        let ways = vec![
            Way::Drawn(Vec::new()),
            Way::Determined { by: 0, segments: vec![1, 0, 1, 2] },
            Way::Determined { by: 1, segments: vec![0, 1, 0] },
        ];
        let counts = vec![vec![10, 20, 30, 40], vec![20, 40, 40], vec![60, 40]];
        let all = Backwards::all(&ways, &counts);
        let pairs: Vec<(usize, usize)> = all.iter().map(|rule| (rule.follower, rule.leader)).collect();
        assert_eq!(pairs, [(1, 0), (2, 1), (2, 0)]);
        assert_eq!(all[0].leading_to(1).segments, [0, 2]);
        assert_eq!(all[1].leading_to(0).segments, [0, 2]);
        assert_eq!(all[2].leading_to(0).segments, [1, 3]);
        let sums = Sums::new(&counts[0]);
        let limit = Limit::Leading(all[2].leading_to(0));
        assert_eq!((limit.share(&sums, 0, 4), limit.share(&sums, 2, 4)), (0.6, 40.0 / 70.0));
        assert_eq!((limit.weight(1), limit.weight(2)), (1.0, 0.0));
        assert_eq!(limit.locate(&sums, 0, 4, 0.3), (1, 0.9));
        assert_eq!(limit.locate(&sums, 0, 4, 0.5).0, 3);
        assert_eq!(limit.locate(&sums, 0, 1, 0.5), (0, 0.0));
    }
}
