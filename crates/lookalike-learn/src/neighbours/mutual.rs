//! The k nearest of each of some points among the others, each pair compared once for both of its points.

use std::ops::Range;
use std::sync::Mutex;

use lookalike_core::{Cancelled, Progress};
use rayon::prelude::*;

use super::blocks::{Blocks, Extent, Frame, LANES};
use super::k_nearest::{NOBODY, Near, Neighbourhoods, insert};
use super::kernel::{Hit, Tiles};
use super::mixed::MixedPoints;

/// Blocks of a group, at least, and groups, at most.
const BLOCKS: usize = 8;
const MOST_GROUPS: usize = 128;

/// For every point the `k` nearest others: what [`k_nearest`](super::k_nearest) finds when all points ask among themselves,
/// in about half the time, since each pair is compared once. Uses all cores; the result does not depend on how many there are.
///
/// # Errors
/// [`Cancelled`] when the listener wants the work to stop.
///
/// # Panics
/// Never: no thread leaves what it has locked by a panic.
///
/// ```
/// use lookalike_core::Silent;
/// use lookalike_learn::neighbours::{MixedPoints, k_nearest_others};
/// let points = MixedPoints::new(4, &[&[0.0, 1.0, 3.0, 9.0]], &[], vec![]);
/// let near = k_nearest_others(&points, 2, &Silent)?;
/// assert_eq!(near.of(2).iter().map(|near| near.row).collect::<Vec<_>>(), [1, 0]);
/// # Ok::<(), lookalike_core::Cancelled>(())
/// ```
pub fn k_nearest_others(
    points: &MixedPoints,
    k: usize,
    progress: &dyn Progress,
) -> Result<Neighbourhoods, Cancelled> {
    let k = k.min(points.len().saturating_sub(1));
    if k == 0 {
        return Ok(Neighbourhoods { k, near: Vec::new() });
    }
    let frame = Frame::around(points, points);
    let blocks = Blocks::new(points, &frame);
    let n_groups = (blocks.len() / BLOCKS).clamp(1, MOST_GROUPS).next_power_of_two();
    let per_group = blocks.len().div_ceil(n_groups);
    let search = Search { points, frame: &frame, blocks: &blocks, k };
    let groups: Vec<Mutex<Group>> = (0..n_groups)
        .into_par_iter()
        .map(|group| {
            let first = (group * per_group).min(blocks.len());
            Mutex::new(search.group(first..(first + per_group).min(blocks.len())))
        })
        .collect();
    // In each round every group meets one other, which no one else meets meanwhile. Similar points are near each other in
    // their order, so groups whose numbers differ in the lowest binary places alone meet first: what is near is found early.
    for round in 0..n_groups {
        (0..n_groups).into_par_iter().filter(|group| *group <= group ^ round).try_for_each(|group| {
            if progress.cancelled() {
                return Err(Cancelled);
            }
            let mut own = groups[group].lock().expect("no thread has panicked");
            if round == 0 {
                search.within(&mut own);
            } else {
                let mut other = groups[group ^ round].lock().expect("no thread has panicked");
                search.between(&mut own, &mut other);
            }
            Ok(())
        })?;
    }
    let mut near = vec![NOBODY; points.len() * k];
    for group in groups {
        for block in group.into_inner().expect("no thread has panicked").blocks {
            for (&row, found) in blocks.rows_of(block.number).iter().zip(block.best.chunks_exact(k)) {
                near[row as usize * k..(row as usize + 1) * k].copy_from_slice(found);
            }
        }
    }
    Ok(Neighbourhoods { k, near })
}

/// Some blocks, one after the other.
struct Group {
    extent: Extent,
    blocks: Vec<Block>,
}

impl Group {
    fn furthest(&self) -> f64 {
        self.blocks.iter().map(|block| block.furthest).fold(0.0, f64::max)
    }
}

/// A block's points as queries, and what was found for them.
struct Block {
    number: usize,
    tiles: Tiles,
    best: Vec<Near>,
    /// For each point the highest estimate that is near enough, without its own square and with it.
    limits: Vec<f32>,
    whole: Vec<f32>,
    /// How far away the last of the nearest points is at most.
    furthest: f64,
}

impl Block {
    /// Offers a point to the one at `place`.
    fn offer(&mut self, place: usize, near: Near, Search { frame, k, .. }: Search<'_>) {
        let best = &mut self.best[place * k..(place + 1) * k];
        if insert(best, near) {
            let squared = best[k - 1].squared;
            self.limits[place] = frame.limit(squared, self.tiles.squares[place]);
            self.whole[place] = frame.limit(squared, 0.0);
        }
    }

    fn update(&mut self, k: usize) {
        let last = self.best.iter().skip(k - 1).step_by(k);
        self.furthest = last.map(|near| near.squared).fold(0.0, f64::max);
    }
}

#[derive(Clone, Copy)]
struct Search<'a> {
    points: &'a MixedPoints,
    frame: &'a Frame,
    blocks: &'a Blocks,
    k: usize,
}

impl Search<'_> {
    fn group(self, range: Range<usize>) -> Group {
        let extent = Extent::around(&self.blocks.boxes[range.clone()]);
        Group { extent, blocks: range.map(|number| self.block(number)).collect() }
    }

    fn block(self, number: usize) -> Block {
        let rows = self.blocks.rows_of(number);
        // What fills the last block up is near nobody.
        let limits = |places: usize| {
            let mut limits = vec![f32::NEG_INFINITY; places];
            limits[..rows.len()].fill(f32::MAX);
            limits
        };
        Block {
            number,
            tiles: Tiles::new(self.points, rows, self.frame),
            best: vec![NOBODY; rows.len() * self.k],
            limits: limits(Tiles::places(rows.len())),
            whole: limits(LANES),
            furthest: f64::INFINITY,
        }
    }

    /// All pairs of points of a group, blocks near each other first.
    fn within(self, group: &mut Group) {
        let mut hits = Vec::new();
        for block in &mut group.blocks {
            self.alone(block, &mut hits);
        }
        for apart in 1..group.blocks.len() {
            for own in 0..group.blocks.len() - apart {
                let (left, right) = group.blocks.split_at_mut(own + apart);
                self.pair(&mut left[own], &mut right[0], &mut hits);
            }
        }
    }

    /// All pairs of points of two groups.
    fn between(self, group: &mut Group, others: &mut Group) {
        let distance = group.extent.squared_distance(&others.extent, self.points.costs());
        if distance > group.furthest().max(others.furthest()) {
            return;
        }
        let mut hits = Vec::new();
        for own in &mut group.blocks {
            for other in &mut others.blocks {
                self.pair(own, other, &mut hits);
            }
        }
    }

    /// All pairs of points of a block. There is no limit yet: those that are nearest by their estimates are measured first, so
    /// that most others need not be.
    fn alone(self, block: &mut Block, hits: &mut Vec<Hit>) {
        block.tiles.compare(self.blocks.cells_of(block.number), &block.limits, None, hits);
        let rows = self.blocks.rows_of(block.number);
        let mut of_query: Vec<Vec<Hit>> = rows.iter().map(|_| Vec::with_capacity(rows.len())).collect();
        for hit in hits.iter().filter(|hit| hit.query != hit.lane) {
            of_query[hit.query as usize].push(*hit);
        }
        for (query, hits) in of_query.iter_mut().enumerate() {
            if hits.len() > self.k {
                hits.select_nth_unstable_by(self.k - 1, |a, b| a.estimate.total_cmp(&b.estimate));
            }
            for &Hit { lane, estimate, .. } in &*hits {
                if estimate <= block.limits[query] {
                    let row = rows[lane as usize];
                    let squared =
                        self.points.squared_distance(rows[query] as usize, self.points, row as usize);
                    block.offer(query, Near { row, squared }, self);
                }
            }
        }
        block.update(self.k);
    }

    /// All pairs of a point of one block and one of another.
    fn pair(self, own: &mut Block, other: &mut Block, hits: &mut Vec<Hit>) {
        let boxes = &self.blocks.boxes;
        let distance = boxes[own.number].squared_distance(&boxes[other.number], self.points.costs());
        if distance > own.furthest.max(other.furthest) {
            return;
        }
        own.tiles.compare(self.blocks.cells_of(other.number), &own.limits, Some(&other.whole), hits);
        let (rows, other_rows) = (self.blocks.rows_of(own.number), self.blocks.rows_of(other.number));
        for &Hit { query, lane, estimate } in &*hits {
            let (query, lane) = (query as usize, lane as usize);
            // The limits may have come down since.
            if estimate > own.limits[query] && own.tiles.whole(query, estimate) > other.whole[lane] {
                continue;
            }
            let (a, b) = (rows[query], other_rows[lane]);
            let squared = self.points.squared_distance(a as usize, self.points, b as usize);
            own.offer(query, Near { row: b, squared }, self);
            other.offer(lane, Near { row: a, squared }, self);
        }
        own.update(self.k);
        other.update(self.k);
    }
}
