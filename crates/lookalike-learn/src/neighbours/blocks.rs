//! Points in blocks of similar ones, written so that many can be compared at once.

use rayon::prelude::*;

use super::mixed::MixedPoints;

/// Points of a block: whole vectors of any processor, and whole tiles of queries.
pub(super) const LANES: usize = 96;
/// Pairs of rows that tell how widely a coordinate is spread.
const PAIRS: usize = 64;

/// How numbers are written in single precision: from their means, so that they are small, and in a unit that lets neither
/// their squares overflow nor the estimates be rough.
pub(super) struct Frame {
    centre: Vec<f64>,
    /// A power of two.
    pub(super) unit: f64,
    /// What rounding can add to an estimate, in parts of `|a|² + |b|²` and all that levels can cost.
    pub(super) slack: f64,
    /// All that levels can cost, in the unit's square.
    pub(super) levels: f64,
}

impl Frame {
    pub(super) fn around(references: &MixedPoints, queries: &MixedPoints) -> Self {
        let n_numbers = references.n_numbers();
        let count = references.len() as f64;
        let mut centre = vec![0.0; n_numbers];
        for row in 0..references.len() {
            for (sum, value) in centre.iter_mut().zip(references.numbers_of(row)) {
                *sum += value / count;
            }
        }
        let mut widest = 0.0_f64;
        for points in [references, queries] {
            for row in 0..points.len() {
                for (value, centre) in points.numbers_of(row).iter().zip(&centre) {
                    widest = widest.max((value - centre).abs());
                }
            }
        }
        let costs: f64 = references.costs().iter().sum();
        widest = widest.max(costs.sqrt());
        // The exponent of the widest number alone: dividing by a power of two rounds nothing.
        let exponent = i32::try_from((widest.to_bits() >> 52) & 0x7ff).unwrap_or(0) - 1023;
        let unit =
            if widest > 0.0 && widest.is_finite() { 2f64.powi(-exponent.clamp(-400, 1000)) } else { 1.0 };
        let terms = (n_numbers + references.costs().len() + 12) as f64;
        Frame { centre, unit, slack: terms * f64::from(f32::EPSILON), levels: costs * unit * unit }
    }

    /// The highest estimate that a pair at this distance can have, less the square of one of them.
    pub(super) fn limit(&self, squared: f64, square: f64) -> f32 {
        let exact = squared * self.unit * self.unit - square * (1.0 - self.slack) + self.levels * self.slack;
        // Numbers below what single precision can tell from nothing are far below this.
        let rounded = exact + exact.abs() * f64::from(f32::EPSILON) + 1e-30;
        if rounded < f64::from(f32::MAX) { (rounded as f32).next_up() } else { f32::MAX }
    }

    pub(super) fn place(&self, points: &MixedPoints, row: usize) -> impl Iterator<Item = f32> {
        points
            .numbers_of(row)
            .iter()
            .zip(&self.centre)
            .map(|(value, centre)| ((value - centre) * self.unit) as f32)
    }
}

/// Points in blocks, and the box of each.
pub(super) struct Blocks {
    /// The points, block after block.
    pub(super) rows: Vec<u32>,
    /// Block after block and within it column after column: first the squares' sums less their slack, then numbers, then
    /// levels.
    cells: Vec<f32>,
    pub(super) boxes: Vec<Extent>,
    width: usize,
}

/// What a box holds: the range of each number and the set of each column's levels, modulo 64.
pub(super) struct Extent {
    ranges: Vec<[f64; 2]>,
    sets: Vec<u64>,
}

impl Extent {
    pub(super) fn of(points: &MixedPoints, rows: &[u32]) -> Self {
        let mut ranges = vec![[f64::INFINITY, f64::NEG_INFINITY]; points.n_numbers()];
        let mut sets = vec![0_u64; points.costs().len()];
        for &row in rows {
            for (range, &value) in ranges.iter_mut().zip(points.numbers_of(row as usize)) {
                *range = [range[0].min(value), range[1].max(value)];
            }
            for (set, level) in sets.iter_mut().zip(points.levels_of(row as usize)) {
                *set |= 1 << (level % 64);
            }
        }
        Extent { ranges, sets }
    }

    /// The box around some boxes.
    pub(super) fn around(boxes: &[Extent]) -> Self {
        let Some(first) = boxes.first() else { return Extent { ranges: Vec::new(), sets: Vec::new() } };
        let mut all = Extent { ranges: first.ranges.clone(), sets: first.sets.clone() };
        for other in boxes {
            for (range, other) in all.ranges.iter_mut().zip(&other.ranges) {
                *range = [range[0].min(other[0]), range[1].max(other[1])];
            }
            for (set, other) in all.sets.iter_mut().zip(&other.sets) {
                *set |= other;
            }
        }
        all
    }

    /// The least that the square of a distance between points of two boxes can be.
    pub(super) fn squared_distance(&self, other: &Extent, costs: &[f64]) -> f64 {
        let mut sum = 0.0;
        for (a, b) in self.ranges.iter().zip(&other.ranges) {
            let gap = (a[0] - b[1]).max(b[0] - a[1]).max(0.0);
            sum += gap * gap;
        }
        for ((a, b), cost) in self.sets.iter().zip(&other.sets).zip(costs) {
            sum += if a & b == 0 { *cost } else { 0.0 };
        }
        // The exact distances are summed in the same order, but of other numbers: leave room for rounding.
        sum * (1.0 - 1e-12)
    }
}

impl Blocks {
    pub(super) fn new(points: &MixedPoints, frame: &Frame) -> Self {
        let mut rows: Vec<u32> = (0..points.len() as u32).collect();
        arrange(points, &mut rows, LANES);
        let (n_numbers, n_levels) = (points.n_numbers(), points.costs().len());
        let width = 1 + n_numbers + n_levels;
        let mut cells = vec![0.0_f32; rows.len().div_ceil(LANES) * LANES * width];
        let boxes = cells
            .par_chunks_mut(LANES * width)
            .zip(rows.par_chunks(LANES))
            .map(|(cells, rows)| {
                // What is not full is filled up with points that are far away.
                cells[rows.len()..LANES].fill(f32::INFINITY);
                for (lane, &row) in rows.iter().enumerate() {
                    let mut square = 0.0;
                    for (column, value) in frame.place(points, row as usize).enumerate() {
                        cells[(1 + column) * LANES + lane] = value;
                        square += f64::from(value) * f64::from(value);
                    }
                    cells[lane] = (square * (1.0 - frame.slack)) as f32;
                    for (column, &level) in points.levels_of(row as usize).iter().enumerate() {
                        cells[(1 + n_numbers + column) * LANES + lane] = level as f32;
                    }
                }
                Extent::of(points, rows)
            })
            .collect();
        Blocks { rows, cells, boxes, width }
    }

    pub(super) fn len(&self) -> usize {
        self.boxes.len()
    }

    /// The cells of a block, as the kernel reads them.
    pub(super) fn cells_of(&self, block: usize) -> &[f32] {
        &self.cells[block * LANES * self.width..(block + 1) * LANES * self.width]
    }

    pub(super) fn rows_of(&self, block: usize) -> &[u32] {
        &self.rows[block * LANES..((block + 1) * LANES).min(self.rows.len())]
    }
}

/// Puts rows into an order that has similar ones together, down to runs of `size`: halves along the coordinate that is
/// spread most.
pub(super) fn arrange(points: &MixedPoints, rows: &mut [u32], size: usize) {
    if rows.len() <= size {
        return;
    }
    // Runs end where blocks do.
    let half = (rows.len() / 2).div_ceil(size) * size;
    let half = if half < rows.len() { half } else { half - size };
    match widest(points, rows) {
        Some(Coordinate::Number(column)) => {
            rows.select_nth_unstable_by(half, |&a, &b| {
                let value = |row: u32| points.numbers_of(row as usize)[column];
                value(a).total_cmp(&value(b)).then(a.cmp(&b))
            });
        }
        Some(Coordinate::Level(column)) => {
            rows.select_nth_unstable_by_key(half, |&row| (points.levels_of(row as usize)[column], row));
        }
        None => {}
    }
    let (left, right) = rows.split_at_mut(half);
    rayon::join(|| arrange(points, left, size), || arrange(points, right, size));
}

enum Coordinate {
    Number(usize),
    Level(usize),
}

/// The coordinate in which two rows differ most on average; none where those looked at are equal.
fn widest(points: &MixedPoints, rows: &[u32]) -> Option<Coordinate> {
    let half = rows.len() / 2;
    let pairs = PAIRS.min(half);
    let n_numbers = points.n_numbers();
    let mut spread = vec![0.0; n_numbers + points.costs().len()];
    for pair in 0..pairs {
        let first = pair * half / pairs;
        let (a, b) = (rows[first] as usize, rows[first + half] as usize);
        for (spread, (a, b)) in spread.iter_mut().zip(points.numbers_of(a).iter().zip(points.numbers_of(b))) {
            *spread += (a - b) * (a - b);
        }
        let levels = points.levels_of(a).iter().zip(points.levels_of(b)).zip(points.costs());
        for (spread, ((a, b), cost)) in spread[n_numbers..].iter_mut().zip(levels) {
            *spread += if a == b { 0.0 } else { *cost };
        }
    }
    let mut best: Option<(usize, f64)> = None;
    for (place, &spread) in spread.iter().enumerate() {
        if spread > best.map_or(0.0, |(_, most)| most) {
            best = Some((place, spread));
        }
    }
    best.map(
        |(place, _)| {
            if place < n_numbers { Coordinate::Number(place) } else { Coordinate::Level(place - n_numbers) }
        },
    )
}
