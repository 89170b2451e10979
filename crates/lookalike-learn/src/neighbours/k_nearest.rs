//! The k nearest points, exactly, in blocks.
//!
//! Points lie in blocks of similar ones, each in a box; a block whose box is further away than the k nearest found so far
//! is not looked into (Bentley 1975, <https://doi.org/10.1145/361002.361007>). Within a block the squares of distances
//! are estimated in single precision, for many pairs at once, as `|a|² + |b|² - 2ab`, less than what rounding can add;
//! what may be near enough is measured exactly. So the result is that of comparing all pairs in double precision.

use lookalike_core::{Cancelled, Progress};
use rayon::prelude::*;

use super::blocks::{Blocks, Extent, Frame, arrange};
use super::kernel::{Hit, Tiles};
use super::mixed::MixedPoints;

/// Queries that are compared with a block at once: whole tiles.
const QUERIES: usize = 48;
/// Blocks that are looked into in the order of their distance; the others follow as they come.
const FIRST: usize = 24;

/// A point and how far away it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// The number of the point among the references.
    pub row: u32,
    /// The square of its distance.
    pub squared: f64,
}

pub(super) const NOBODY: Near = Near { row: u32::MAX, squared: f64::INFINITY };

impl Near {
    pub(super) fn before(self, other: Near) -> bool {
        self.squared < other.squared || (self.squared == other.squared && self.row < other.row)
    }
}

/// The nearest points of each query.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbourhoods {
    pub(super) k: usize,
    pub(super) near: Vec<Near>,
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
        let tiles = Tiles::new(self.queries, self.rows, self.frame);
        let mut limits = vec![f32::NEG_INFINITY; Tiles::places(self.rows.len())];
        limits[..self.rows.len()].fill(f32::MAX);
        let mut hits = Vec::new();
        for (distance, block) in open {
            let furthest =
                best.iter().skip(self.k - 1).step_by(self.k).map(|near| near.squared).fold(0.0, f64::max);
            if distance <= furthest {
                tiles.compare(self.blocks.cells_of(block as usize), &limits, None, &mut hits);
                self.look_at(&hits, block as usize, &tiles, &mut limits, &mut best);
            }
        }
        best
    }

    /// Measures exactly what may be near enough.
    fn look_at(&self, hits: &[Hit], block: usize, tiles: &Tiles, limits: &mut [f32], best: &mut [Near]) {
        let rows = self.blocks.rows_of(block);
        for &Hit { query, lane, estimate } in hits {
            let (query, lane) = (query as usize, lane as usize);
            // The limit may have come down since.
            let Some(&row) = rows.get(lane).filter(|_| estimate <= limits[query]) else { continue };
            let Some(&asked) = self.rows.get(query) else { continue };
            if self.own.is_some_and(|own| own[asked as usize] == row) {
                continue;
            }
            let squared = self.queries.squared_distance(asked as usize, self.references, row as usize);
            let best = &mut best[query * self.k..(query + 1) * self.k];
            if insert(best, Near { row, squared }) {
                limits[query] = self.frame.limit(best[self.k - 1].squared, tiles.squares[query]);
            }
        }
    }
}

/// Puts a point among the nearest so far, the nearest first; false if it is not one of them.
pub(super) fn insert(best: &mut [Near], near: Near) -> bool {
    let last = best.len() - 1;
    if !near.before(best[last]) {
        return false;
    }
    let place = best.partition_point(|known| known.before(near));
    best[place..].rotate_right(1);
    best[place] = near;
    true
}

#[cfg(test)]
mod tests {
    use lookalike_core::{Seed, Silent};

    use super::super::k_nearest_others;
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
                let others = pool.install(|| k_nearest_others(&references, 3, &Silent)).unwrap();
                assert_eq!(others, found, "{scales:?} {levels}");
                for (query, expected) in expected_own.iter().enumerate() {
                    assert_eq!(found.of(query), expected, "{scales:?} {levels}");
                }
            }
        }
    }

    #[test]
    fn many_groups_find_what_each_point_finds_alone() {
        for (scales, levels, steps) in [(&[1.0; 4][..], 0, 1e9), (&[1.0, 3.0], 2, 40.0), (&[], 4, 1.0)] {
            let points = random("many", 5000, scales, levels, steps);
            let own: Vec<u32> = (0..5000).collect();
            let alone = k_nearest(&points, Some(&own), &points, 6, &Silent).unwrap();
            assert_eq!(k_nearest_others(&points, 6, &Silent).unwrap(), alone, "{scales:?} {levels}");
        }
    }

    #[test]
    fn there_may_be_fewer_points_than_asked_for() {
        let points = random("few", 3, &[1.0], 0, 1e9);
        let found = k_nearest(&points, Some(&[0, 1, 2]), &points, 5, &Silent).unwrap();
        assert_eq!((found.k(), found.len()), (2, 3));
        assert_eq!(k_nearest_others(&points, 5, &Silent).unwrap(), found);
        let one = points.take(&[1]);
        assert!(k_nearest_others(&one, 5, &Silent).unwrap().is_empty());
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
        assert_eq!(k_nearest_others(&points, 5, &Stopped), Err(Cancelled));
    }
}
