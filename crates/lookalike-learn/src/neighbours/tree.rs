use super::space::{COARSE, Points};

/// Rows that are looked at together.
pub(super) const BLOCK: usize = 64;

/// What a level that differs costs on the coarse grid.
pub(super) const COARSE_MISMATCH: u16 = 2 * COARSE;

/// Pairs of rows that tell how widely a coordinate is spread.
const PAIRS: usize = 128;

/// Points in boxes within boxes, down to blocks of rows: what lies in a box is at least as far away as the box is.
pub(super) struct BoxTree {
    n_levels: usize,
    n_numbers: usize,
    nodes: Vec<Node>,
    /// For each node and level column the set of its level numbers, modulo 64.
    sets: Vec<u64>,
    /// For each node and number its least and greatest place on the coarse grid.
    ranges: Vec<[u16; 2]>,
    blocks: Vec<Block>,
    /// Places on the coarse grid, block after block, and within it column after column.
    cells: Vec<[u16; BLOCK]>,
}

/// A box: two halves, or a block of rows.
#[derive(Clone, Copy)]
pub(super) enum Node {
    Halves([u32; 2]),
    Leaf(u32),
}

/// The rows of a leaf.
pub(super) struct Block {
    pub(super) rows: Vec<u32>,
}

/// All places of all rows on the coarse grid, levels first.
struct Coarse {
    width: usize,
    cells: Vec<u16>,
}

impl Coarse {
    fn of(points: &Points) -> Self {
        let width = points.n_levels + points.n_numbers;
        let mut cells = Vec::with_capacity(points.n_rows * width);
        let mut row_cells = Vec::with_capacity(width);
        for row in 0..points.n_rows {
            points.coarse(row, &mut row_cells);
            cells.extend_from_slice(&row_cells);
        }
        Coarse { width, cells }
    }

    fn row(&self, row: u32) -> &[u16] {
        &self.cells[row as usize * self.width..(row as usize + 1) * self.width]
    }
}

impl BoxTree {
    pub(super) fn new(points: &Points) -> Self {
        let coarse = Coarse::of(points);
        let mut tree = BoxTree {
            n_levels: points.n_levels,
            n_numbers: points.n_numbers,
            nodes: Vec::new(),
            sets: Vec::new(),
            ranges: Vec::new(),
            blocks: Vec::new(),
            cells: Vec::new(),
        };
        let mut rows: Vec<u32> = (0..points.n_rows as u32).collect();
        if !rows.is_empty() {
            tree.grow(&coarse, &mut rows);
        }
        tree
    }

    pub(super) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    pub(super) fn node(&self, node: u32) -> Node {
        self.nodes[node as usize]
    }

    pub(super) fn block(&self, block: u32) -> (&[u32], &[[u16; BLOCK]]) {
        let width = self.n_levels + self.n_numbers;
        let first = block as usize * width;
        (&self.blocks[block as usize].rows, &self.cells[first..first + width])
    }

    /// The least coarse distance that a row in this box can have; each number may make it too large by less than one
    /// step.
    pub(super) fn distance(&self, node: u32, query: &[u16]) -> u32 {
        let node = node as usize;
        let (levels, numbers) = query.split_at(self.n_levels);
        let sets = &self.sets[node * self.n_levels..(node + 1) * self.n_levels];
        let ranges = &self.ranges[node * self.n_numbers..(node + 1) * self.n_numbers];
        let absent = levels.iter().zip(sets).map(|(&level, set)| u32::from(set >> (level % 64) & 1 == 0));
        let outside = numbers.iter().zip(ranges).map(|(&place, &[low, high])| {
            u32::from(low.saturating_sub(place)) + u32::from(place.saturating_sub(high))
        });
        absent.sum::<u32>() * u32::from(COARSE_MISMATCH) + outside.sum::<u32>()
    }

    /// Adds a box with these rows and all within it.
    fn grow(&mut self, coarse: &Coarse, rows: &mut [u32]) -> u32 {
        let number = self.nodes.len() as u32;
        self.nodes.push(Node::Leaf(0));
        self.enclose(coarse, rows);
        let inside = if rows.len() <= BLOCK {
            self.fill(coarse, rows);
            Node::Leaf(self.blocks.len() as u32 - 1)
        } else {
            let middle = self.divide(coarse, rows);
            let (left, right) = rows.split_at_mut(middle);
            Node::Halves([self.grow(coarse, left), self.grow(coarse, right)])
        };
        self.nodes[number as usize] = inside;
        number
    }

    fn enclose(&mut self, coarse: &Coarse, rows: &[u32]) {
        let (sets, ranges) = (self.sets.len(), self.ranges.len());
        self.sets.resize(sets + self.n_levels, 0);
        self.ranges.resize(ranges + self.n_numbers, [u16::MAX, 0]);
        for &row in rows {
            let (levels, numbers) = coarse.row(row).split_at(self.n_levels);
            for (set, &level) in self.sets[sets..].iter_mut().zip(levels) {
                *set |= 1 << (level % 64);
            }
            for (range, &place) in self.ranges[ranges..].iter_mut().zip(numbers) {
                *range = [range[0].min(place), range[1].max(place)];
            }
        }
    }

    fn fill(&mut self, coarse: &Coarse, rows: &[u32]) {
        let first = self.cells.len();
        self.cells.resize(first + coarse.width, [0; BLOCK]);
        for lane in 0..BLOCK {
            // What is not full is filled up with the last row.
            let row = coarse.row(rows[lane.min(rows.len() - 1)]);
            for (column, &place) in self.cells[first..].iter_mut().zip(row) {
                column[lane] = place;
            }
        }
        self.blocks.push(Block { rows: rows.to_vec() });
    }

    /// Orders rows into two parts along the coordinate that is spread most, and says where the second begins.
    fn divide(&self, coarse: &Coarse, rows: &mut [u32]) -> usize {
        let half = rows.len() / 2;
        let Some(coordinate) = self.widest(coarse, rows) else { return half };
        let place = |&row: &u32| coarse.row(row)[coordinate];
        if coordinate < self.n_levels
            && let Some(frequent) = frequent(rows.iter().map(place))
        {
            let (mut with, without): (Vec<u32>, Vec<u32>) =
                rows.iter().partition(|&row| place(row) == frequent);
            let middle = with.len();
            with.extend(without);
            rows.copy_from_slice(&with);
            if middle < rows.len() {
                return middle;
            }
        }
        rows.select_nth_unstable_by_key(half, |row| (place(row), *row));
        half
    }

    /// The coordinate in which two rows differ most on average; none where those looked at are equal.
    fn widest(&self, coarse: &Coarse, rows: &[u32]) -> Option<usize> {
        let half = rows.len() / 2;
        let mut spread = vec![0_u64; coarse.width];
        for pair in 0..PAIRS.min(half) {
            let first = pair * half / PAIRS.min(half);
            let (a, b) = (coarse.row(rows[first]), coarse.row(rows[first + half]));
            for (coordinate, spread) in spread.iter_mut().enumerate() {
                *spread += if coordinate >= self.n_levels {
                    u64::from(a[coordinate].abs_diff(b[coordinate]))
                } else if a[coordinate] == b[coordinate] {
                    0
                } else {
                    u64::from(COARSE_MISMATCH)
                };
            }
        }
        let (coordinate, &most) = spread
            .iter()
            .enumerate()
            .max_by_key(|&(coordinate, &spread)| (spread, usize::MAX - coordinate))?;
        (most > 0).then_some(coordinate)
    }
}

/// The level that at least a quarter of the rows have (by the vote of Boyer and Moore, then counted), if any leads.
fn frequent(levels: impl Iterator<Item = u16> + Clone) -> Option<u16> {
    // Three candidates find every level that has more than a quarter of the votes (Misra and Gries 1982,
    // https://doi.org/10.1016/0167-6423(82)90012-0).
    let mut candidates: [(u16, usize); 3] = [(0, 0); 3];
    for level in levels.clone() {
        if let Some(candidate) = candidates.iter_mut().find(|(known, votes)| *votes > 0 && *known == level) {
            candidate.1 += 1;
        } else if let Some(free) = candidates.iter_mut().find(|(_, votes)| *votes == 0) {
            *free = (level, 1);
        } else {
            for (_, votes) in &mut candidates {
                *votes -= 1;
            }
        }
    }
    let mut counts = [0_usize; 3];
    let mut all = 0;
    for level in levels {
        all += 1;
        if let Some(place) = candidates.iter().position(|&(known, votes)| votes > 0 && known == level) {
            counts[place] += 1;
        }
    }
    let (place, &most) = counts.iter().enumerate().max_by_key(|&(place, &count)| (count, 3 - place))?;
    (4 * most >= all).then_some(candidates[place].0)
}
