//! Many small trees in flat lists, and the form in which many rows pass them fast.

/// Trees as nodes in one flat list, each tree's root first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Grove {
    /// All nodes.
    pub nodes: Vec<Branch>,
    /// The sets of bins that cuts between levels refer to, as 256 bits each.
    pub sets: Vec<[u64; 4]>,
    /// Where each tree's root is.
    pub roots: Vec<u32>,
}

/// A node of a [`Grove`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Branch {
    /// The feature that decides.
    pub feature: u16,
    /// The left child, counted from the root; the right one follows it. 0 for leaves.
    pub left: u8,
    /// How it decides.
    pub kind: BranchKind,
    /// For a cut of numbers the last bin on the left, plus 256 times one more bin that goes left; for one of levels the
    /// number of their set; for a leaf the bits of its 32-bit value.
    pub payload: u32,
}

/// How a [`Branch`] decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum BranchKind {
    /// It does not: it is a leaf.
    Leaf = 0,
    /// By the order of bins.
    AtMost = 1,
    /// By a set of bins.
    Among = 2,
}

impl Branch {
    /// A leaf of this value.
    pub fn leaf(value: f32) -> Self {
        Branch { feature: 0, left: 0, kind: BranchKind::Leaf, payload: value.to_bits() }
    }
}

impl Grove {
    /// Begins a tree with a single leaf; returns its node.
    pub(super) fn plant(&mut self) -> usize {
        self.roots.push(self.nodes.len() as u32);
        self.nodes.push(Branch::leaf(0.0));
        self.nodes.len() - 1
    }

    /// How many nodes, sets and trees there are.
    pub(super) fn mark(&self) -> [usize; 3] {
        [self.nodes.len(), self.sets.len(), self.roots.len()]
    }

    /// Goes back to what there was at a mark.
    pub(super) fn truncate(&mut self, mark: [usize; 3]) {
        self.nodes.truncate(mark[0]);
        self.sets.truncate(mark[1]);
        self.roots.truncate(mark[2]);
    }

    /// Takes over the trees of another grove; returns the first of their numbers and the one after the last.
    pub fn append(&mut self, other: Grove) -> (u32, u32) {
        let first = self.roots.len() as u32;
        let (nodes, sets) = (self.nodes.len() as u32, self.sets.len() as u32);
        self.roots.extend(other.roots.iter().map(|root| root + nodes));
        self.nodes.extend(other.nodes.into_iter().map(|mut branch| {
            if branch.kind == BranchKind::Among {
                branch.payload += sets;
            }
            branch
        }));
        self.sets.extend(other.sets);
        (first, self.roots.len() as u32)
    }
}

/// A [`Grove`] in the form in which many rows find their leaves fastest: every node decides by a set of bins, and
/// leaves lead to themselves. So all rows take as many steps, none of which depends on a branch, and the processor can
/// work on several rows at once.
#[derive(Debug, Clone)]
pub struct Walker {
    steps: Vec<Step>,
    values: Vec<f32>,
    sets: Vec<[u64; 4]>,
    /// Root and depth of each tree.
    trees: Vec<(u32, u32)>,
}

#[derive(Debug, Clone, Copy)]
struct Step {
    feature: u16,
    left: u16,
    set: u32,
}

impl Walker {
    /// Prepares a grove whose trees lead forward.
    pub fn new(grove: &Grove) -> Self {
        let mut sets = grove.sets.clone();
        let everything = sets.len() as u32;
        sets.push([u64::MAX; 4]);
        // Cuts of numbers share their sets: there are few different ones.
        let mut shared = vec![u32::MAX; 1 << 16];
        let mut walker = Walker {
            steps: Vec::with_capacity(grove.nodes.len()),
            values: Vec::with_capacity(grove.nodes.len()),
            sets: Vec::new(),
            trees: Vec::with_capacity(grove.roots.len()),
        };
        let ends = grove.roots.iter().skip(1).copied().chain([grove.nodes.len() as u32]);
        for (&root, end) in grove.roots.iter().zip(ends) {
            let nodes = &grove.nodes[root as usize..end as usize];
            let mut depths = vec![0_u32; nodes.len()];
            let mut depth = 0;
            for (place, branch) in nodes.iter().enumerate() {
                let set = match branch.kind {
                    BranchKind::Leaf => everything,
                    BranchKind::Among => branch.payload,
                    BranchKind::AtMost => {
                        let number = &mut shared[branch.payload as usize];
                        if *number == u32::MAX {
                            *number = sets.len() as u32;
                            sets.push(at_most(branch.payload));
                        }
                        *number
                    }
                };
                let leaf = branch.kind == BranchKind::Leaf;
                let left = if leaf { place as u16 } else { u16::from(branch.left) };
                walker.steps.push(Step { feature: if leaf { 0 } else { branch.feature }, left, set });
                walker.values.push(if leaf { f32::from_bits(branch.payload) } else { 0.0 });
                if !leaf {
                    let below = depths[place] + 1;
                    depths[usize::from(left)] = below;
                    depths[usize::from(left) + 1] = below;
                    depth = depth.max(below);
                }
            }
            walker.trees.push((root, depth));
        }
        walker.sets = sets;
        walker
    }

    /// Adds the values of the trees from `first` to before `end` to the scores of some rows.
    ///
    /// `cells` are the columns, `stride` apart; `rows` number cells of a column.
    pub fn add_scores(
        &self,
        first: usize,
        end: usize,
        cells: &[u8],
        stride: usize,
        rows: &[u32],
        scores: &mut [f32],
    ) {
        for &(root, depth) in &self.trees[first..end] {
            let (steps, values) = (&self.steps[root as usize..], &self.values[root as usize..]);
            for (&row, score) in rows.iter().zip(scores.iter_mut()) {
                let mut at = 0;
                for _ in 0..depth {
                    let step = steps[at];
                    let cell = cells[usize::from(step.feature) * stride + row as usize];
                    let left = self.sets[step.set as usize][usize::from(cell >> 6)] >> (cell & 63) & 1;
                    at = usize::from(step.left) + (left as usize ^ 1);
                }
                *score += values[at];
            }
        }
    }
}

/// The bins that a cut of numbers sends left.
fn at_most(payload: u32) -> [u64; 4] {
    let (last, also) = (payload & 255, payload >> 8 & 255);
    let mut set = [0; 4];
    for bin in (0..=last).chain([also]) {
        set[bin as usize >> 6] |= 1 << (bin & 63);
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_find_their_leaves() {
        let cut = Branch { feature: 1, left: 1, kind: BranchKind::AtMost, payload: 3 | 9 << 8 };
        let grove = Grove {
            nodes: vec![cut, Branch::leaf(1.0), Branch::leaf(2.0)],
            sets: Vec::new(),
            roots: vec![0],
        };
        let among = Branch { feature: 0, left: 1, kind: BranchKind::Among, payload: 0 };
        let levels = Grove {
            nodes: vec![among, Branch::leaf(10.0), Branch::leaf(20.0)],
            sets: vec![[0b101, 0, 0, 0]],
            roots: vec![0],
        };
        let mut both = Grove { nodes: vec![Branch::leaf(100.0)], sets: vec![[0; 4]], roots: vec![0] };
        assert_eq!(both.append(grove), (1, 2));
        assert_eq!(both.append(levels), (2, 3));
        let walker = Walker::new(&both);
        // Two columns of four rows.
        let cells = [0, 1, 2, 3, 3, 4, 9, 10];
        let mut scores = [0.0; 4];
        walker.add_scores(0, 3, &cells, 4, &[0, 1, 2, 3], &mut scores);
        assert_eq!(scores, [111.0, 122.0, 111.0, 122.0]);
        let mut scores = [0.0; 2];
        walker.add_scores(1, 2, &cells, 4, &[3, 0], &mut scores);
        assert_eq!(scores, [2.0, 1.0]);
    }
}
