//! The k nearest points, exactly, in blocks.
//!
//! Points lie in blocks of similar ones, each in a box; a block whose box is further away than the k nearest found so far
//! is not looked into (Bentley 1975, <https://doi.org/10.1145/361002.361007>). Within a block the squares of distances
//! are estimated in single precision, for many pairs at once, as `|a|² + |b|² - 2ab`, less than what rounding can add;
//! what may be near enough is measured exactly. So the result is that of comparing all pairs in double precision.

#![expect(clippy::inline_always, reason = "what is not inlined into a dispatch is not vectorised")]

use lookalike_core::{Cancelled, Progress};
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::mixed::MixedPoints;

/// Points of a block.
const LANES: usize = 64;
/// Queries that are compared with a block at once, in tiles of [`HIGH`].
const QUERIES: usize = 48;
/// Queries of a tile: as many as leave registers for two vectors of points and one number.
const HIGH: usize = 6;
/// Vectors of a tile's row.
const WIDE: usize = 2;
/// Blocks that are looked into in the order of their distance; the others follow as they come.
const FIRST: usize = 24;
/// Pairs of rows that tell how widely a coordinate is spread.
const PAIRS: usize = 64;

/// A point and how far away it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// The number of the point among the references.
    pub row: u32,
    /// The square of its distance.
    pub squared: f64,
}

const NOBODY: Near = Near { row: u32::MAX, squared: f64::INFINITY };

impl Near {
    fn before(self, other: Near) -> bool {
        self.squared < other.squared || (self.squared == other.squared && self.row < other.row)
    }
}

/// The nearest points of each query.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbourhoods {
    k: usize,
    near: Vec<Near>,
}

impl Neighbourhoods {
    /// The nearest points of a query, the nearest first; of those equally near, the one with the lower number.
    pub fn of(&self, query: usize) -> &[Near] {
        &self.near[query * self.k..(query + 1) * self.k]
    }

    /// How many each query has: as many as were asked for, or as there are.
    pub fn k(&self) -> usize {
        self.k
    }

    /// How many queries there are; 0 when nobody has a neighbour.
    pub fn len(&self) -> usize {
        self.near.len().checked_div(self.k).unwrap_or(0)
    }

    /// True when there is no query, or no neighbour.
    pub fn is_empty(&self) -> bool {
        self.near.is_empty()
    }
}

/// For every query the `k` nearest of `references`. Where the queries are references themselves, `own` has their numbers
/// there, and none is its own neighbour. Uses all cores; the result does not depend on how many there are.
///
/// # Errors
/// [`Cancelled`] when the listener wants the work to stop.
///
/// # Panics
/// If the points have different columns.
///
/// ```
/// use lookalike_core::Silent;
/// use lookalike_learn::neighbours::{MixedPoints, k_nearest};
/// let points = MixedPoints::new(4, &[&[0.0, 1.0, 3.0, 9.0]], &[], vec![]);
/// let near = k_nearest(&points, Some(&[0, 1, 2, 3]), &points, 2, &Silent)?;
/// assert_eq!(near.of(2).iter().map(|near| near.row).collect::<Vec<_>>(), [1, 0]);
/// # Ok::<(), lookalike_core::Cancelled>(())
/// ```
pub fn k_nearest(
    queries: &MixedPoints,
    own: Option<&[u32]>,
    references: &MixedPoints,
    k: usize,
    progress: &dyn Progress,
) -> Result<Neighbourhoods, Cancelled> {
    assert!(
        queries.n_numbers() == references.n_numbers() && queries.costs() == references.costs(),
        "points of different spaces"
    );
    assert!(own.is_none_or(|own| own.len() == queries.len()), "a number per query");
    let k = k.min(references.len().saturating_sub(usize::from(own.is_some())));
    if k == 0 || queries.is_empty() {
        return Ok(Neighbourhoods { k, near: Vec::new() });
    }
    let frame = Frame::around(references, queries);
    let blocks = Blocks::new(references, &frame);
    let mut order: Vec<u32> = (0..queries.len() as u32).collect();
    arrange(queries, &mut order, QUERIES);
    let found: Vec<Vec<Near>> = order
        .par_chunks(QUERIES)
        .map(|rows| {
            if progress.cancelled() {
                return Err(Cancelled);
            }
            let search = Search { queries, own, references, frame: &frame, blocks: &blocks, k, rows };
            Ok(search.run())
        })
        .collect::<Result<_, _>>()?;
    let mut near = vec![NOBODY; queries.len() * k];
    for (rows, found) in order.chunks(QUERIES).zip(&found) {
        for (&row, found) in rows.iter().zip(found.chunks_exact(k)) {
            near[row as usize * k..(row as usize + 1) * k].copy_from_slice(found);
        }
    }
    Ok(Neighbourhoods { k, near })
}

/// How numbers are written in single precision: from their means, so that they are small, and in a unit that lets neither
/// their squares overflow nor the estimates be rough.
struct Frame {
    centre: Vec<f64>,
    /// A power of two.
    unit: f64,
    /// What rounding can add to an estimate, in parts of `|a|² + |b|²` and all that levels can cost.
    slack: f64,
    /// All that levels can cost, in the unit's square.
    levels: f64,
}

impl Frame {
    fn around(references: &MixedPoints, queries: &MixedPoints) -> Self {
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
        let terms = (n_numbers + references.costs().len() + 8) as f64;
        Frame { centre, unit, slack: terms * f64::from(f32::EPSILON), levels: costs * unit * unit }
    }

    fn place(&self, points: &MixedPoints, row: usize) -> impl Iterator<Item = f32> {
        points
            .numbers_of(row)
            .iter()
            .zip(&self.centre)
            .map(|(value, centre)| ((value - centre) * self.unit) as f32)
    }
}

/// Points in blocks, and the box of each.
struct Blocks {
    rows: Vec<u32>,
    /// Block after block and within it column after column: first the squares' sums less their slack, then numbers, then
    /// levels.
    cells: Vec<f32>,
    boxes: Vec<Extent>,
    width: usize,
}

/// What a box holds: the range of each number and the set of each column's levels, modulo 64.
struct Extent {
    ranges: Vec<[f64; 2]>,
    sets: Vec<u64>,
}

impl Extent {
    fn of(points: &MixedPoints, rows: &[u32]) -> Self {
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

    /// The least that the square of a distance between points of two boxes can be.
    fn squared_distance(&self, other: &Extent, costs: &[f64]) -> f64 {
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
    fn new(points: &MixedPoints, frame: &Frame) -> Self {
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

    fn rows_of(&self, block: usize) -> &[u32] {
        &self.rows[block * LANES..((block + 1) * LANES).min(self.rows.len())]
    }
}

/// Puts rows into an order that has similar ones together, down to runs of `size`: halves along the coordinate that is
/// spread most.
fn arrange(points: &MixedPoints, rows: &mut [u32], size: usize) {
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

/// The search for the neighbours of some queries.
struct Search<'a> {
    queries: &'a MixedPoints,
    own: Option<&'a [u32]>,
    references: &'a MixedPoints,
    frame: &'a Frame,
    blocks: &'a Blocks,
    k: usize,
    rows: &'a [u32],
}

impl Search<'_> {
    /// The `k` nearest of each query, one after the other.
    fn run(&self) -> Vec<Near> {
        let mut best = vec![NOBODY; self.rows.len() * self.k];
        let extent = Extent::of(self.queries, self.rows);
        let costs = self.references.costs();
        let mut open: Vec<(f64, u32)> = (0..)
            .zip(&self.blocks.boxes)
            .map(|(number, other)| (extent.squared_distance(other, costs), number))
            .collect();
        let before = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        if open.len() > FIRST {
            open.select_nth_unstable_by(FIRST, before);
            open[..FIRST].sort_unstable_by(before);
            open[FIRST..].sort_unstable_by_key(|&(_, number)| number);
        } else {
            open.sort_unstable_by(before);
        }
        let mut tile = Queries::new(self);
        for (distance, block) in open {
            let furthest =
                best.iter().skip(self.k - 1).step_by(self.k).map(|near| near.squared).fold(0.0, f64::max);
            if distance <= furthest {
                self.look_into(block as usize, &mut tile, &mut best);
            }
        }
        best
    }

    fn look_into(&self, block: usize, tile: &mut Queries, best: &mut [Near]) {
        let width = self.blocks.width;
        let cells = &self.blocks.cells[block * LANES * width..(block + 1) * LANES * width];
        tile.hits.clear();
        Arch::new().dispatch(Compare {
            n_numbers: self.references.n_numbers(),
            costs: &tile.costs,
            cells,
            queries: &tile.cells,
            limits: &tile.limits,
            hits: &mut tile.hits,
        });
        let rows = self.blocks.rows_of(block);
        for &Hit { query, lane, estimate } in &tile.hits {
            let (query, lane) = (query as usize, lane as usize);
            // The limit may have come down since.
            let Some(&row) = rows.get(lane).filter(|_| estimate <= tile.limits[query]) else { continue };
            let Some(&asked) = self.rows.get(query) else { continue };
            if self.own.is_some_and(|own| own[asked as usize] == row) {
                continue;
            }
            let squared = self.queries.squared_distance(asked as usize, self.references, row as usize);
            let near = Near { row, squared };
            let best = &mut best[query * self.k..(query + 1) * self.k];
            if near.before(best[self.k - 1]) {
                let place = best.partition_point(|known| known.before(near));
                best[place..].rotate_right(1);
                best[place] = near;
                tile.limits[query] = tile.limit(self.frame, query, best[self.k - 1].squared);
            }
        }
    }
}

/// A pair that may be near enough.
#[derive(Clone, Copy)]
struct Hit {
    query: u32,
    lane: u32,
    estimate: f32,
}

/// Queries as the kernel reads them.
struct Queries {
    /// Tile after tile and within it column after column: numbers times -2, then levels.
    cells: Vec<f32>,
    /// The sums of their squares.
    squares: Vec<f64>,
    /// An estimate above this is not near enough.
    limits: Vec<f32>,
    costs: Vec<f32>,
    /// Pairs that may be near enough.
    hits: Vec<Hit>,
}

impl Queries {
    fn new(search: &Search<'_>) -> Self {
        let (n_numbers, n_levels) = (search.queries.n_numbers(), search.queries.costs().len());
        let width = n_numbers + n_levels;
        // Two tiles may be taken at once.
        let tiles = search.rows.len().div_ceil(2 * HIGH) * 2;
        let mut cells = vec![0.0; tiles * HIGH * width];
        let mut squares = vec![0.0; search.rows.len()];
        for (place, &row) in search.rows.iter().enumerate() {
            let tile = &mut cells[place / HIGH * HIGH * width..];
            for (column, value) in search.frame.place(search.queries, row as usize).enumerate() {
                tile[column * HIGH + place % HIGH] = -2.0 * value;
                squares[place] += f64::from(value) * f64::from(value);
            }
            for (column, &level) in search.queries.levels_of(row as usize).iter().enumerate() {
                tile[(n_numbers + column) * HIGH + place % HIGH] = level as f32;
            }
        }
        // What fills the last tile up is near nobody.
        let mut limits = vec![f32::NEG_INFINITY; tiles * HIGH];
        limits[..search.rows.len()].fill(f32::MAX);
        let unit = search.frame.unit;
        let costs = search.queries.costs().iter().map(|cost| (cost * unit * unit) as f32).collect();
        Queries { cells, squares, limits, costs, hits: Vec::new() }
    }

    /// The highest estimate that a pair at this distance can have.
    fn limit(&self, frame: &Frame, query: usize, squared: f64) -> f32 {
        let exact = squared * frame.unit * frame.unit - self.squares[query] * (1.0 - frame.slack)
            + frame.levels * frame.slack;
        // Numbers below what single precision can tell from nothing are far below this.
        let rounded = exact + exact.abs() * f64::from(f32::EPSILON) + 1e-30;
        if rounded < f64::from(f32::MAX) { (rounded as f32).next_up() } else { f32::MAX }
    }
}

/// Compares tiles of queries with a block.
struct Compare<'a> {
    n_numbers: usize,
    costs: &'a [f32],
    cells: &'a [f32],
    queries: &'a [f32],
    limits: &'a [f32],
    hits: &'a mut Vec<Hit>,
}

impl WithSimd for Compare<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // Twice as many registers hold two tiles.
        if S::F32_LANES >= 16 { self.of_tiles::<S, 2, 12>(simd) } else { self.of_tiles::<S, 1, 6>(simd) }
    }
}

impl Compare<'_> {
    #[inline(always)]
    fn of_tiles<S: Simd, const TILES: usize, const ROWS: usize>(self, simd: S) {
        let width = self.n_numbers + self.costs.len();
        let lanes = S::F32_LANES;
        let (cells, _) = S::as_simd_f32s(self.cells);
        let per_column = LANES / lanes;
        let none = simd.splat_f32s(0.0);
        for (group, limits) in self.limits.chunks_exact(ROWS).enumerate() {
            let queries = &self.queries[group * ROWS * width..(group + 1) * ROWS * width];
            // The tiles of the group lie one after the other. Arrays, so that loops over them become straight code.
            let (tiles, _) = queries.as_chunks::<HIGH>();
            for part in 0..LANES / (WIDE * lanes) {
                let at = |column: usize| {
                    let first = column * per_column + part * WIDE;
                    [cells[first], cells[first + 1]]
                };
                let mut sums = [at(0); ROWS];
                for column in 0..self.n_numbers {
                    let points = at(1 + column);
                    for tile in 0..TILES {
                        let asked = tiles[tile * width + column];
                        for row in 0..HIGH {
                            let (number, sums) = (simd.splat_f32s(asked[row]), &mut sums[tile * HIGH + row]);
                            sums[0] = simd.mul_add_f32s(number, points[0], sums[0]);
                            sums[1] = simd.mul_add_f32s(number, points[1], sums[1]);
                        }
                    }
                }
                for (level, &cost) in self.costs.iter().enumerate() {
                    let column = self.n_numbers + level;
                    let (points, cost) = (at(1 + column), simd.splat_f32s(cost));
                    for tile in 0..TILES {
                        let asked = tiles[tile * width + column];
                        for row in 0..HIGH {
                            let (level, sums) = (simd.splat_f32s(asked[row]), &mut sums[tile * HIGH + row]);
                            for vector in 0..WIDE {
                                let same = simd.equal_f32s(level, points[vector]);
                                let added = simd.select_f32s(same, none, cost);
                                sums[vector] = simd.add_f32s(sums[vector], added);
                            }
                        }
                    }
                }
                // Looked at from memory: what is indexed in a loop with branches does not stay in registers.
                let mut estimates = [0.0; 2 * HIGH * WIDE * 16];
                let (vectors, _) = S::as_mut_simd_f32s(&mut estimates);
                for row in 0..ROWS {
                    vectors[row * WIDE] = sums[row][0];
                    vectors[row * WIDE + 1] = sums[row][1];
                }
                for (row, &limit) in limits.iter().enumerate() {
                    let bound = simd.splat_f32s(limit);
                    let estimates = &estimates[row * WIDE * lanes..(row + 1) * WIDE * lanes];
                    let (vectors, _) = S::as_simd_f32s(estimates);
                    let any = |vector: usize| {
                        simd.first_true_m32s(simd.less_than_or_equal_f32s(vectors[vector], bound)) < lanes
                    };
                    if any(0) || any(1) {
                        for (lane, &estimate) in estimates.iter().enumerate() {
                            if estimate <= limit {
                                let lane = (part * WIDE * lanes + lane) as u32;
                                self.hits.push(Hit { query: (group * ROWS + row) as u32, lane, estimate });
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use lookalike_core::{Seed, Silent};

    use super::*;

    fn random(label: &str, rows: usize, scales: &[f64], levels: usize, steps: f64) -> MixedPoints {
        let mut stream = Seed::new(3).stream(label, 0);
        let numbers: Vec<Vec<f64>> = scales
            .iter()
            .map(|scale| (0..rows).map(|_| 1e3 + scale * (stream.unit() * steps).floor() / steps).collect())
            .collect();
        let codes: Vec<Vec<u32>> = (0..levels)
            .map(|_| (0..rows).map(|_| [0, 1, 64, 1 << 30][stream.below(4) as usize]).collect())
            .collect();
        let numbers: Vec<&[f64]> = numbers.iter().map(Vec::as_slice).collect();
        let codes: Vec<&[u32]> = codes.iter().map(Vec::as_slice).collect();
        MixedPoints::new(rows, &numbers, &codes, (0..levels).map(|level| 0.3 * level as f64).collect())
    }

    fn by_comparing_all(
        queries: &MixedPoints,
        own: bool,
        references: &MixedPoints,
        k: usize,
    ) -> Vec<Vec<Near>> {
        (0..queries.len())
            .map(|query| {
                let mut all: Vec<Near> = (0..references.len())
                    .filter(|&row| !(own && row == query))
                    .map(|row| Near {
                        row: row as u32,
                        squared: queries.squared_distance(query, references, row),
                    })
                    .collect();
                all.sort_by(|a, b| a.squared.total_cmp(&b.squared).then(a.row.cmp(&b.row)));
                all.truncate(k);
                all
            })
            .collect()
    }

    #[test]
    fn equals_comparing_all_pairs_exactly() {
        let unlike: &[f64] = &[1e-9, 1.0, 1e12];
        for (scales, levels, steps) in [
            (&[1.0; 5][..], 0, 1e9),
            (&[1.0, 2.0, 0.5], 3, 6.0),
            (unlike, 2, 1e6),
            (&[], 5, 1.0),
            (&[1e200], 0, 1e3),
            (&[1e-200, 1e-180], 1, 1e3),
            (&[1.0; 40], 10, 3.0),
        ] {
            let references = random("references", 700, scales, levels, steps);
            let queries = random("queries", 131, scales, levels, steps);
            let own: Vec<u32> = (0..700).collect();
            let expected = by_comparing_all(&queries, false, &references, 7);
            let expected_own = by_comparing_all(&references, true, &references, 3);
            for threads in [1, 2] {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                let found = pool.install(|| k_nearest(&queries, None, &references, 7, &Silent)).unwrap();
                assert_eq!(found.len(), 131);
                for (query, expected) in expected.iter().enumerate() {
                    assert_eq!(found.of(query), expected, "{scales:?} {levels}");
                }
                let found =
                    pool.install(|| k_nearest(&references, Some(&own), &references, 3, &Silent)).unwrap();
                for (query, expected) in expected_own.iter().enumerate() {
                    assert_eq!(found.of(query), expected, "{scales:?} {levels}");
                }
            }
        }
    }

    #[test]
    fn there_may_be_fewer_points_than_asked_for() {
        let points = random("few", 3, &[1.0], 0, 1e9);
        let found = k_nearest(&points, Some(&[0, 1, 2]), &points, 5, &Silent).unwrap();
        assert_eq!((found.k(), found.len()), (2, 3));
        let one = points.take(&[1]);
        assert!(k_nearest(&one, Some(&[0]), &one, 5, &Silent).unwrap().is_empty());
        assert!(k_nearest(&one, None, &points.take(&[]), 5, &Silent).unwrap().is_empty());
    }

    #[test]
    fn the_work_stops_when_it_is_to() {
        struct Stopped;
        impl Progress for Stopped {
            fn cancelled(&self) -> bool {
                true
            }
        }
        let points = random("few", 30, &[1.0], 0, 1e9);
        assert_eq!(k_nearest(&points, None, &points, 5, &Stopped), Err(Cancelled));
    }
}
