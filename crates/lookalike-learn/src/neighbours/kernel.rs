//! Compares many queries with a block of points at once.

#![expect(clippy::inline_always, reason = "what is not inlined into a dispatch is not vectorised")]

use pulp::{Arch, Simd, WithSimd};

use super::blocks::{Frame, LANES};
use super::mixed::MixedPoints;

/// Queries of a tile: as many as leave registers for two vectors of points and one number.
const HIGH: usize = 6;
/// Vectors of a tile's row.
const WIDE: usize = 2;

/// A pair that may be near enough.
#[derive(Clone, Copy)]
pub(super) struct Hit {
    pub(super) query: u32,
    pub(super) lane: u32,
    pub(super) estimate: f32,
}

/// Queries as the kernel reads them.
pub(super) struct Tiles {
    /// Tile after tile and within it column after column: numbers times -2, then levels.
    cells: Vec<f32>,
    /// The sums of their squares.
    pub(super) squares: Vec<f64>,
    /// The sums less their slack; of what fills the last tile up, so high that it is near nobody.
    reduced: Vec<f32>,
    costs: Vec<f32>,
}

impl Tiles {
    pub(super) fn new(points: &MixedPoints, rows: &[u32], frame: &Frame) -> Self {
        let (n_numbers, n_levels) = (points.n_numbers(), points.costs().len());
        let width = n_numbers + n_levels;
        let places = Self::places(rows.len());
        let mut cells = vec![0.0; places * width];
        let mut squares = vec![0.0; rows.len()];
        let mut reduced = vec![f32::INFINITY; places];
        for (place, &row) in rows.iter().enumerate() {
            let tile = &mut cells[place / HIGH * HIGH * width..];
            for (column, value) in frame.place(points, row as usize).enumerate() {
                tile[column * HIGH + place % HIGH] = -2.0 * value;
                squares[place] += f64::from(value) * f64::from(value);
            }
            reduced[place] = (squares[place] * (1.0 - frame.slack)) as f32;
            for (column, &level) in points.levels_of(row as usize).iter().enumerate() {
                tile[(n_numbers + column) * HIGH + place % HIGH] = level as f32;
            }
        }
        let costs = points.costs().iter().map(|cost| (cost * frame.unit * frame.unit) as f32).collect();
        Tiles { cells, squares, reduced, costs }
    }

    /// Places for so many queries: two tiles may be taken at once.
    pub(super) fn places(rows: usize) -> usize {
        rows.div_ceil(2 * HIGH) * 2 * HIGH
    }

    /// An estimate with the query's own square.
    pub(super) fn whole(&self, query: usize, estimate: f32) -> f32 {
        estimate + self.reduced[query]
    }

    /// Puts the pairs of a query and a point of a block whose distance may be within the limit of either into `hits`, each
    /// with its estimate: `|b|² - 2ab` and what levels cost, less what rounding can add.
    pub(super) fn compare(&self, block: &[f32], limits: &[f32], others: Option<&[f32]>, hits: &mut Vec<Hit>) {
        hits.clear();
        let n_numbers = block.len() / LANES - 1 - self.costs.len();
        let compare = Compare { n_numbers, tiles: self, cells: block, limits, others, hits };
        Arch::new().dispatch(compare);
    }
}

/// Compares tiles of queries with a block.
struct Compare<'a> {
    n_numbers: usize,
    tiles: &'a Tiles,
    cells: &'a [f32],
    /// For each query the highest estimate that is near enough.
    limits: &'a [f32],
    /// For each point the highest estimate, with the query's own square, that is near enough.
    others: Option<&'a [f32]>,
    hits: &'a mut Vec<Hit>,
}

impl WithSimd for Compare<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // Twice as many registers hold two tiles.
        match (S::F32_LANES >= 16, self.others.is_some()) {
            (true, true) => self.of_tiles::<S, 2, 12, true>(simd),
            (true, false) => self.of_tiles::<S, 2, 12, false>(simd),
            (false, true) => self.of_tiles::<S, 1, 6, true>(simd),
            (false, false) => self.of_tiles::<S, 1, 6, false>(simd),
        }
    }
}

impl Compare<'_> {
    #[inline(always)]
    fn of_tiles<S: Simd, const TILES: usize, const ROWS: usize, const BOTH: bool>(self, simd: S) {
        let width = self.n_numbers + self.tiles.costs.len();
        let lanes = S::F32_LANES;
        let (cells, _) = S::as_simd_f32s(self.cells);
        let (others, _) = S::as_simd_f32s(self.others.unwrap_or_default());
        let per_column = LANES / lanes;
        let none = simd.splat_f32s(0.0);
        for (group, limits) in self.limits.chunks_exact(ROWS).enumerate() {
            let queries = &self.tiles.cells[group * ROWS * width..(group + 1) * ROWS * width];
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
                for (level, &cost) in self.tiles.costs.iter().enumerate() {
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
                    let own = self.tiles.reduced[group * ROWS + row];
                    let estimates = &estimates[row * WIDE * lanes..(row + 1) * WIDE * lanes];
                    let (vectors, _) = S::as_simd_f32s(estimates);
                    let near = |vector: usize| {
                        let near = simd.less_than_or_equal_f32s(vectors[vector], bound);
                        if BOTH {
                            let whole = simd.add_f32s(vectors[vector], simd.splat_f32s(own));
                            let other = others[part * WIDE + vector];
                            simd.or_m32s(near, simd.less_than_or_equal_f32s(whole, other))
                        } else {
                            near
                        }
                    };
                    if simd.first_true_m32s(simd.or_m32s(near(0), near(1))) < lanes {
                        for (lane, &estimate) in estimates.iter().enumerate() {
                            let place = part * WIDE * lanes + lane;
                            let for_other =
                                BOTH && self.others.is_some_and(|others| estimate + own <= others[place]);
                            if estimate <= limit || for_other {
                                let query = (group * ROWS + row) as u32;
                                self.hits.push(Hit { query, lane: place as u32, estimate });
                            }
                        }
                    }
                }
            }
        }
    }
}
