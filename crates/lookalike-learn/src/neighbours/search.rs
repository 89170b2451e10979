use lookalike_core::{Cancelled, Progress};
use rayon::prelude::*;

use super::space::{COARSE, MISMATCH, Points, UNIT};

/// Rows that are looked at together.
const BLOCK: usize = 64;

/// Coordinates that are added up in 16 bits: the most that cannot overflow, at [`COARSE_MISMATCH`] each.
const GROUP: usize = 31;

/// Coordinates between two looks at whether the block can be left.
const STRIDE: usize = 3;

const COARSE_MISMATCH: u16 = 2 * COARSE;

/// For every query the distance to the nearest of `references`, in parts of [`UNIT`](super::UNIT); `u64::MAX`
/// where there is none. Uses all cores; the result does not depend on how many there are.
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
/// let distances = nearest(&space.points(&asked), &space.points(&train), &Silent)?;
/// assert_eq!(distances[1], 0);
/// assert!((distances[0] as f64 / UNIT as f64 - 0.9).abs() < 1e-9);
/// # Ok::<(), lookalike_core::Cancelled>(())
/// ```
pub fn nearest(
    queries: &Points,
    references: &Points,
    progress: &dyn Progress,
) -> Result<Vec<u64>, Cancelled> {
    assert!(
        queries.n_numbers == references.n_numbers && queries.n_levels == references.n_levels,
        "points of different spaces"
    );
    search(queries, references, false, progress)
}

/// For every point the distance to the nearest of the other ones, in parts of [`UNIT`](super::UNIT); `u64::MAX` where
/// there is no other. A row that another one equals is at distance 0.
///
/// # Errors
/// [`Cancelled`] when the listener wants the work to stop.
pub fn nearest_other(points: &Points, progress: &dyn Progress) -> Result<Vec<u64>, Cancelled> {
    search(points, points, true, progress)
}

fn search(
    queries: &Points,
    references: &Points,
    others_only: bool,
    progress: &dyn Progress,
) -> Result<Vec<u64>, Cancelled> {
    let blocks = Blocks::new(references);
    let order = queries.sorted_rows();
    let found: Vec<Vec<u64>> = order
        .par_chunks(128)
        .map(|rows| {
            if progress.cancelled() {
                return Err(Cancelled);
            }
            let mut search =
                Search { queries, references, blocks: &blocks, others_only, coarse: Vec::new(), last: 0 };
            Ok(rows.iter().map(|&row| search.nearest(row as usize)).collect())
        })
        .collect::<Result<_, _>>()?;
    let mut distances = vec![0; queries.n_rows];
    for (row, distance) in order.iter().zip(found.into_iter().flatten()) {
        distances[*row as usize] = distance;
    }
    Ok(distances)
}

/// References in sorted order, on the coarse grid, block after block and within it column after column.
struct Blocks {
    order: Vec<u32>,
    coordinates: usize,
    cells: Vec<[u16; BLOCK]>,
}

impl Blocks {
    fn new(points: &Points) -> Self {
        let order = points.sorted_rows();
        let coordinates = points.n_levels + points.n_numbers;
        let mut cells = vec![[0; BLOCK]; order.len().div_ceil(BLOCK) * coordinates];
        let mut coarse = Vec::with_capacity(coordinates);
        for (block, rows) in order.chunks(BLOCK).enumerate() {
            let cells = &mut cells[block * coordinates..(block + 1) * coordinates];
            for lane in 0..BLOCK {
                // The last block is filled up with its last row.
                points.coarse(rows[lane.min(rows.len() - 1)] as usize, &mut coarse);
                for (column, &value) in cells.iter_mut().zip(&coarse) {
                    column[lane] = value;
                }
            }
        }
        Blocks { order, coordinates, cells }
    }

    fn block(&self, block: usize) -> &[[u16; BLOCK]] {
        &self.cells[block * self.coordinates..(block + 1) * self.coordinates]
    }
}

struct Search<'a> {
    queries: &'a Points,
    references: &'a Points,
    blocks: &'a Blocks,
    /// Queries and references are the same points, and none is its own neighbour.
    others_only: bool,
    coarse: Vec<u16>,
    /// Where the last query found its nearest row: the next query is similar, and begins there.
    last: usize,
}

impl Search<'_> {
    fn nearest(&mut self, query: usize) -> u64 {
        let n_blocks = self.blocks.order.len().div_ceil(BLOCK);
        if n_blocks == 0 {
            return u64::MAX;
        }
        self.queries.coarse(query, &mut self.coarse);
        let first = self.last;
        let mut best = self.distance(query, self.blocks.order[first]);
        let home = first / BLOCK;
        for block in std::iter::once(home).chain((0..n_blocks).filter(|&block| block != home)) {
            if best == 0 {
                break;
            }
            best = self.look_into(block, query, best);
        }
        best
    }

    fn look_into(&mut self, block: usize, query: usize, mut best: u64) -> u64 {
        let Some(total) = self.coarse_distances(self.blocks.block(block), best) else { return best };
        let rows = &self.blocks.order[block * BLOCK..self.blocks.order.len().min((block + 1) * BLOCK)];
        for (lane, &row) in rows.iter().enumerate() {
            if u64::from(total[lane]) <= self.limit(best) {
                let distance = self.distance(query, row);
                if distance < best {
                    best = distance;
                    self.last = block * BLOCK + lane;
                }
            }
        }
        best
    }

    fn distance(&self, query: usize, row: u32) -> u64 {
        if self.others_only && query == row as usize {
            return u64::MAX;
        }
        self.queries.distance(query, self.references, row as usize)
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
            let expected: Vec<u64> = (0..300)
                .map(|query| (0..700).map(|row| queries.distance(query, &references, row)).min().unwrap())
                .collect();
            for threads in [1, 2] {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                let found = pool.install(|| nearest(&queries, &references, &Silent)).unwrap();
                assert_eq!(found, expected, "{numbers} numbers, {levels} levels");
            }
        }
    }

    #[test]
    fn copies_are_at_distance_zero_and_order_does_not_matter() {
        let train = Data::random("train", 500, 3, 3, 1e6);
        let space = Space::new(&train.features(), &[]);
        let points = space.points(&train.features());
        assert!(nearest(&points, &points, &Silent).unwrap().iter().all(|&distance| distance == 0));
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
        let found = nearest(&space.points(&[Feature::Numeric(&asked)]), &references, &Silent).unwrap();
        assert_eq!((found[0], found[2]), (2 * UNIT, UNIT));
        assert!(found[1] > 1000 * UNIT);
    }

    #[test]
    fn no_references_and_no_queries() {
        let space = Space::new(&[Feature::Numeric(&[0.0, 1.0])], &[]);
        let some = space.points(&[Feature::Numeric(&[0.5])]);
        let none = space.points(&[Feature::Numeric(&[])]);
        assert_eq!(nearest(&some, &none, &Silent).unwrap(), [u64::MAX]);
        assert_eq!(nearest(&none, &some, &Silent).unwrap(), [0_u64; 0]);
    }

    #[test]
    fn missing_numbers_match_each_other_only() {
        let space = Space::new(&[Feature::Numeric(&[0.0, 1.0, f64::NAN])], &[]);
        let references = space.points(&[Feature::Numeric(&[0.5])]);
        let missing = space.points(&[Feature::Numeric(&[f64::NAN])]);
        assert_eq!(nearest(&missing, &references, &Silent).unwrap(), [UNIT]);
        assert_eq!(nearest(&missing, &missing, &Silent).unwrap(), [0]);
    }
}
