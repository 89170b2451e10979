use super::binning::Binned;

/// A tree: nodes in one flat list, the root first, each leaf with one or more numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    pub(super) nodes: Vec<Node>,
    pub(super) sets: Vec<[u64; 4]>,
    pub(super) values: Vec<f64>,
    pub(super) outputs: usize,
}

/// A node of a [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// Which rows go left.
    pub cut: Cut,
    /// The feature that decides; for a leaf, the leaf's number.
    pub feature: u32,
    /// The child for rows that the cut holds for; the other child follows it.
    pub left: u32,
}

/// Which rows go to the left child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// None: the node is a leaf.
    Leaf,
    /// Those whose bin is at most `bin`, or is `also` (the bin of missing values, when they go left).
    AtMost {
        /// The highest bin that goes left.
        bin: u8,
        /// One more bin that goes left; equal to `bin` when there is none.
        also: u8,
    },
    /// Those whose bin is in the set with this number.
    Among {
        /// The number of the set, see [`Tree::sets`].
        set: u32,
    },
}

/// A tree in the form in which many rows find their leaves fastest: all nodes decide by a set of bins, and leaves lead
/// to themselves. So every row takes as many steps, none of which depends on a branch, and the processor can work on
/// several rows at once. A very deep tree is left as it is.
pub(super) struct Walk<'t> {
    tree: &'t Tree,
    depth: usize,
    steps: Vec<Step>,
}

impl Walk<'_> {
    /// Calls `visit` with every row's place in the list and the number of its leaf.
    pub(super) fn leaves_of(&self, matrix: &Binned, rows: &[u32], mut visit: impl FnMut(usize, usize)) {
        if self.steps.is_empty() {
            for (place, &row) in rows.iter().enumerate() {
                visit(place, self.tree.leaf_of(matrix, row as usize));
            }
            return;
        }
        let cells = matrix.cells();
        for (place, &row) in rows.iter().enumerate() {
            let mut at = 0;
            for _ in 0..self.depth {
                let step = &self.steps[at];
                let cell = cells[step.offset + row as usize];
                let left = step.set[usize::from(cell >> 6)] >> (cell & 63) & 1;
                at = (step.left + (left as u32 ^ 1)) as usize;
            }
            visit(place, self.steps[at].leaf as usize);
        }
    }
}

/// A node as a step of a [`Walk`].
struct Step {
    /// The bins that go left.
    set: [u64; 4],
    /// Where the deciding column begins.
    offset: usize,
    left: u32,
    leaf: u32,
}

impl Tree {
    /// All nodes, the root first.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The sets of bins that [`Cut::Among`] refers to, as 256 bits each.
    pub fn sets(&self) -> &[[u64; 4]] {
        &self.sets
    }

    /// How many leaves there are.
    pub fn n_leaves(&self) -> usize {
        self.values.len() / self.outputs.max(1)
    }

    /// The numbers of a leaf.
    pub fn leaf_values(&self, leaf: usize) -> &[f64] {
        &self.values[leaf * self.outputs..(leaf + 1) * self.outputs]
    }

    /// The number of the leaf that a row of the matrix falls into.
    pub fn leaf_of(&self, matrix: &Binned, row: usize) -> usize {
        let mut node = &self.nodes[0];
        loop {
            let left = match node.cut {
                Cut::Leaf => return node.feature as usize,
                Cut::AtMost { bin, also } => {
                    let cell = matrix.column(node.feature as usize)[row];
                    cell <= bin || cell == also
                }
                Cut::Among { set } => {
                    let cell = matrix.column(node.feature as usize)[row];
                    self.sets[set as usize][usize::from(cell >> 6)] >> (cell & 63) & 1 == 1
                }
            };
            node = &self.nodes[node.left as usize + usize::from(!left)];
        }
    }

    /// Prepares for finding the leaves of many rows of this matrix.
    pub(super) fn walk(&self, matrix: &Binned) -> Walk<'_> {
        let depth = self.depth();
        if depth > 10 {
            return Walk { tree: self, depth, steps: Vec::new() };
        }
        let steps = self
            .nodes
            .iter()
            .enumerate()
            .map(|(number, node)| {
                let offset = node.feature as usize * matrix.n_rows();
                match node.cut {
                    Cut::Leaf => {
                        Step { set: [u64::MAX; 4], offset: 0, left: number as u32, leaf: node.feature }
                    }
                    Cut::Among { set } => {
                        Step { set: self.sets[set as usize], offset, left: node.left, leaf: 0 }
                    }
                    Cut::AtMost { bin, also } => {
                        let mut set = [0_u64; 4];
                        set[..usize::from(bin >> 6)].fill(u64::MAX);
                        set[usize::from(bin >> 6)] = u64::MAX >> (63 - (bin & 63));
                        set[usize::from(also >> 6)] |= 1 << (also & 63);
                        Step { set, offset, left: node.left, leaf: 0 }
                    }
                }
            })
            .collect();
        Walk { tree: self, depth, steps }
    }

    /// The longest way from the root to a leaf, in cuts.
    pub fn depth(&self) -> usize {
        let mut depths = vec![0_usize; self.nodes.len()];
        let mut deepest = 0;
        for (number, node) in self.nodes.iter().enumerate() {
            // Children come after their parent.
            if node.cut != Cut::Leaf {
                depths[node.left as usize] = depths[number] + 1;
                depths[node.left as usize + 1] = depths[number] + 1;
                deepest = deepest.max(depths[number] + 1);
            }
        }
        deepest
    }
}
