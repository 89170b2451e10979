use lookalike_core::{Cancelled, Progress};
use rayon::prelude::*;

use super::space::{COARSE, MISMATCH, Points, UNIT};
use super::tree::{BLOCK, BoxTree, COARSE_MISMATCH, Node};

/// Coordinates that are added up in 16 bits: the most that cannot overflow, at [`COARSE_MISMATCH`] each.
const GROUP: usize = 31;

/// Coordinates between two looks at whether the block can be left.
const STRIDE: usize = 3;

/// A row and how far away it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Neighbour {
    /// The distance, in parts of [`UNIT`](super::UNIT); `u64::MAX` where there is no such row.
    pub distance: u64,
    /// The number of the row among the references. Of rows that are equally near it is any, but always the same.
    pub row: u32,
}

const NOBODY: Neighbour = Neighbour { distance: u64::MAX, row: u32::MAX };

/// For every query the `K` nearest of `references`, the nearest first. Uses all cores; the result does not depend on
/// how many there are.
///
/// # Errors
/// [`Cancelled`] when the listener wants the work to stop.
///
/// # Panics
/// If the points are not of one space.
///
/// ```
/// use lookalike_core::Silent;
/// use lookalike_learn::{neighbours::{Space, UNIT, nearest}, tree::Feature};
/// let train = [Feature::Numeric(&[0.0, 10.0]), Feature::Categorical { codes: &[0, 1], levels: 2 }];
/// let asked = [Feature::Numeric(&[9.0, 0.0]), Feature::Categorical { codes: &[0, 0], levels: 2 }];
/// let space = Space::new(&train, &[&asked]);
/// let [[a], [b]] = nearest::<1>(&space.points(&asked), &space.points(&train), &Silent)?[..] else { panic!() };
/// assert_eq!((b.distance, b.row), (0, 0));
/// assert!((a.distance as f64 / UNIT as f64 - 0.9).abs() < 1e-9);
/// # Ok::<(), lookalike_core::Cancelled>(())
/// ```
pub fn nearest<const K: usize>(
    queries: &Points,
    references: &Points,
    progress: &dyn Progress,
) -> Result<Vec<[Neighbour; K]>, Cancelled> {
    assert!(
        queries.n_numbers == references.n_numbers && queries.n_levels == references.n_levels,
        "points of different spaces"
    );
    let tree = BoxTree::new(references);
    // One after the other, similar queries find what they need in the cache.
    let order = queries.sorted_rows();
    let found: Vec<Vec<[Neighbour; K]>> = order
        .par_chunks(128)
        .map(|rows| {
            if progress.cancelled() {
                return Err(Cancelled);
            }
            let mut search =
                Search { queries, references, tree: &tree, coarse: Vec::new(), open: Vec::new() };
            Ok(rows.iter().map(|&row| search.nearest(row as usize)).collect())
        })
        .collect::<Result<_, _>>()?;
    let mut neighbours = vec![[NOBODY; K]; queries.n_rows];
    for (row, found) in order.iter().zip(found.into_iter().flatten()) {
        neighbours[*row as usize] = found;
    }
    Ok(neighbours)
}

/// For every point the distance to the nearest of the other ones, in parts of [`UNIT`](super::UNIT); `u64::MAX` where
/// there is no other. A row that another one equals is at distance 0.
///
/// # Errors
/// [`Cancelled`] when the listener wants the work to stop.
pub fn nearest_other(points: &Points, progress: &dyn Progress) -> Result<Vec<u64>, Cancelled> {
    // The nearest is the row itself, or one that equals it.
    Ok(nearest::<2>(points, points, progress)?.iter().map(|[_, other]| other.distance).collect())
}

struct Search<'a> {
    queries: &'a Points,
    references: &'a Points,
    tree: &'a BoxTree,
    coarse: Vec<u16>,
    /// Boxes to look into, the next one last.
    open: Vec<(u32, u32)>,
}

impl Search<'_> {
    fn nearest<const K: usize>(&mut self, query: usize) -> [Neighbour; K] {
        let mut best = [NOBODY; K];
        self.queries.coarse(query, &mut self.coarse);
        self.open.clear();
        if !self.tree.is_empty() {
            self.open.push((0, 0));
        }
        while let Some((distance, node)) = self.open.pop() {
            let furthest = best[K - 1].distance;
            if furthest == 0 || u64::from(distance) > self.limit(furthest) {
                continue;
            }
            match self.tree.node(node) {
                Node::Leaf(block) => self.look_into(block, query, &mut best),
                Node::Halves([a, b]) => {
                    let (a, b) =
                        ((self.tree.distance(a, &self.coarse), a), (self.tree.distance(b, &self.coarse), b));
                    let (near, far) = if a.0 <= b.0 { (a, b) } else { (b, a) };
                    self.open.extend([far, near]);
                }
            }
        }
        best
    }

    fn look_into<const K: usize>(&self, block: u32, query: usize, best: &mut [Neighbour; K]) {
        let (rows, columns) = self.tree.block(block);
        let Some(total) = self.coarse_distances(columns, best[K - 1].distance) else { return };
        for (lane, &row) in rows.iter().enumerate() {
            if u64::from(total[lane]) <= self.limit(best[K - 1].distance) {
                let distance = self.queries.distance(query, self.references, row as usize);
                if distance < best[K - 1].distance {
                    let place = best.partition_point(|known| known.distance <= distance);
                    best[place..].rotate_right(1);
                    best[place] = Neighbour { distance, row };
                }
            }
        }
    }

    /// The highest coarse distance that a row nearer than `best` can have: each number is rounded down, so a
    /// difference can come out too large by less than one step.
    fn limit(&self, best: u64) -> u64 {
        best / (UNIT / u64::from(COARSE)) + self.queries.n_numbers as u64
    }

    /// Coarse distances to all rows of a block, or nothing when no row can be nearer than `best`.
    fn coarse_distances(&self, block: &[[u16; BLOCK]], best: u64) -> Option<[u32; BLOCK]> {
        let limit = self.limit(best);
        let n_levels = self.queries.n_levels;
        let mut total = [0_u32; BLOCK];
        for (group, columns) in block.chunks(GROUP).enumerate() {
            let values = &self.coarse[group * GROUP..];
            let mut sums = [0_u16; BLOCK];
            for (part, columns) in columns.chunks(STRIDE).enumerate() {
                for (place, column) in columns.iter().enumerate() {
                    let coordinate = part * STRIDE + place;
                    let value = values[coordinate];
                    if group * GROUP + coordinate < n_levels {
                        for (sum, &cell) in sums.iter_mut().zip(column) {
                            *sum += if cell == value { 0 } else { COARSE_MISMATCH };
                        }
                    } else {
                        for (sum, &cell) in sums.iter_mut().zip(column) {
                            *sum += cell.abs_diff(value);
                        }
                    }
                }
                let least = sums.iter().copied().fold(u16::MAX, u16::min);
                if u64::from(least) > limit {
                    return None;
                }
            }
            for (total, &sum) in total.iter_mut().zip(&sums) {
                *total += u32::from(sum);
            }
            let least = total.iter().copied().fold(u32::MAX, u32::min);
            if u64::from(least) > limit {
                return None;
            }
        }
        Some(total)
    }
}

// A level costs the same on both grids.
const _: () = assert!(MISMATCH / UNIT == (COARSE_MISMATCH / COARSE) as u64);
const _: () = assert!(GROUP * COARSE_MISMATCH as usize <= u16::MAX as usize);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::neighbours::Space;
    use crate::tree::Feature;
    use lookalike_core::{Seed, Silent};

    struct Data {
        numbers: Vec<Vec<f64>>,
        codes: Vec<Vec<u32>>,
    }

    impl Data {
        fn random(label: &str, rows: usize, numbers: usize, levels: usize, steps: f64) -> Self {
            let mut stream = Seed::new(4).stream(label, 0);
            let mut number = || {
                let unit = stream.unit();
                if unit < 0.05 { f64::NAN } else { (unit * 1.2 * steps).floor() / steps }
            };
            let numbers = (0..numbers).map(|_| (0..rows).map(|_| number()).collect()).collect();
            let mut stream = Seed::new(5).stream(label, 0);
            let codes = (0..levels)
                .map(|_| (0..rows).map(|_| [0, 1, 2, 65_536, u32::MAX][stream.below(5) as usize]).collect())
                .collect();
            Data { numbers, codes }
        }

        fn features(&self) -> Vec<Feature<'_>> {
            self.numbers
                .iter()
                .map(|values| Feature::Numeric(values))
                .chain(self.codes.iter().map(|codes| Feature::Categorical { codes, levels: 70_000 }))
                .collect()
        }
    }

    #[test]
    fn equals_comparing_all_pairs_exactly() {
        for (numbers, levels, steps) in [(4, 3, 10.0), (5, 0, 1e9), (0, 6, 1.0), (40, 40, 3.0), (1, 1, 1e6)] {
            let train = Data::random("train", 700, numbers, levels, steps);
            let asked = Data::random("asked", 300, numbers, levels, steps);
            let space = Space::new(&train.features(), &[&asked.features()]);
            let (queries, references) = (space.points(&asked.features()), space.points(&train.features()));
            let expected: Vec<Vec<u64>> = (0..300)
                .map(|query| {
                    let mut all: Vec<u64> =
                        (0..700).map(|row| queries.distance(query, &references, row)).collect();
                    all.sort_unstable();
                    all[..3].to_vec()
                })
                .collect();
            for threads in [1, 2] {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                let found = pool.install(|| nearest::<3>(&queries, &references, &Silent)).unwrap();
                for (query, (found, expected)) in found.iter().zip(&expected).enumerate() {
                    let distances = found.map(|neighbour| neighbour.distance);
                    assert_eq!(distances[..], expected[..], "{numbers} numbers, {levels} levels");
                    let [a, b, c] = found.map(|neighbour| neighbour.row);
                    assert!(a != b && b != c && a != c);
                    for neighbour in found {
                        let again = queries.distance(query, &references, neighbour.row as usize);
                        assert_eq!(again, neighbour.distance);
                    }
                }
            }
        }
    }

    fn distances(queries: &Points, references: &Points) -> Vec<u64> {
        nearest::<1>(queries, references, &Silent).unwrap().iter().map(|[nearest]| nearest.distance).collect()
    }

    #[test]
    fn copies_are_at_distance_zero_and_order_does_not_matter() {
        let train = Data::random("train", 500, 3, 3, 1e6);
        let space = Space::new(&train.features(), &[]);
        let points = space.points(&train.features());
        assert!(distances(&points, &points).iter().all(|&distance| distance == 0));
    }

    #[test]
    fn a_point_is_not_its_own_neighbour() {
        let data = Data::random("train", 300, 3, 2, 5.0);
        let points = Space::new(&data.features(), &[]).points(&data.features());
        let expected: Vec<u64> = (0..300)
            .map(|row| {
                let others = (0..300).filter(|&other| other != row);
                others.map(|other| points.distance(row, &points, other)).min().unwrap()
            })
            .collect();
        assert!(expected.contains(&0), "some rows are equal");
        assert_eq!(nearest_other(&points, &Silent).unwrap(), expected);
        let space = Space::new(&[Feature::Numeric(&[0.0, 1.0])], &[]);
        assert_eq!(nearest_other(&space.points(&[Feature::Numeric(&[0.5])]), &Silent).unwrap(), [u64::MAX]);
    }

    #[test]
    fn values_outside_and_infinite_are_measured() {
        let space = Space::new(&[Feature::Numeric(&[0.0, 1.0])], &[]);
        let references = space.points(&[Feature::Numeric(&[0.0, 1.0])]);
        let asked = [3.0, f64::INFINITY, -1.0];
        let found = distances(&space.points(&[Feature::Numeric(&asked)]), &references);
        assert_eq!((found[0], found[2]), (2 * UNIT, UNIT));
        assert!(found[1] > 1000 * UNIT);
    }

    #[test]
    fn no_references_and_no_queries() {
        let space = Space::new(&[Feature::Numeric(&[0.0, 1.0])], &[]);
        let some = space.points(&[Feature::Numeric(&[0.5])]);
        let none = space.points(&[Feature::Numeric(&[])]);
        assert_eq!(distances(&some, &none), [u64::MAX]);
        assert_eq!(distances(&none, &some), [0_u64; 0]);
    }

    #[test]
    fn missing_numbers_match_each_other_only() {
        let space = Space::new(&[Feature::Numeric(&[0.0, 1.0, f64::NAN])], &[]);
        let references = space.points(&[Feature::Numeric(&[0.5])]);
        let missing = space.points(&[Feature::Numeric(&[f64::NAN])]);
        assert_eq!(distances(&missing, &references), [UNIT]);
        assert_eq!(distances(&missing, &missing), [0]);
    }
}
