//! Many small trees in flat lists.

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

    /// Multiplies the values of all leaves.
    pub fn scale(&mut self, factor: f32) {
        for branch in self.nodes.iter_mut().filter(|branch| branch.kind == BranchKind::Leaf) {
            branch.payload = (f32::from_bits(branch.payload) * factor).to_bits();
        }
    }

    /// Which side of a cut a bin is on.
    pub(super) fn goes_left(&self, branch: Branch, bin: u8) -> bool {
        match branch.kind {
            BranchKind::Among => {
                self.sets[branch.payload as usize][usize::from(bin >> 6)] >> (bin & 63) & 1 == 1
            }
            _ => bin <= branch.payload as u8 || bin == (branch.payload >> 8) as u8,
        }
    }

    /// The value of a tree for a row, whose bins `cell` gives per feature.
    pub fn value(&self, tree: usize, cell: impl Fn(usize) -> u8) -> f32 {
        let root = self.roots[tree] as usize;
        let mut branch = self.nodes[root];
        while branch.kind != BranchKind::Leaf {
            let right = !self.goes_left(branch, cell(usize::from(branch.feature)));
            branch = self.nodes[root + usize::from(branch.left) + usize::from(right)];
        }
        f32::from_bits(branch.payload)
    }
}
