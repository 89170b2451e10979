//! The form in which many rows find their leaves fastest.

use wide::u8x16;

use super::grove::{BranchKind, Grove};

/// Most leaves of a tree that a [`Sieve`] takes: trees of four cuts between root and leaf.
pub const MOST_LEAVES: usize = 16;
/// Rows that are sifted together.
const LANES: usize = 16;
/// Fewer rows than this find their leaves by walking, which takes no preparation.
const FEW: usize = 4;

/// A [`Grove`] whose trees are sifted rather than walked: each cut that sends a row right strikes out the leaves on its
/// left, and the first leaf that is left over is the row's. No step depends on the one before or on a branch, so that
/// sixteen rows are compared at once.
///
/// # References
/// Lucchese, C., Nardini, F. M., Orlando, S., Perego, R., Tonellotto, N. and Venturini, R. (2015). `QuickScorer`: a fast
/// algorithm to rank documents with additive ensembles of regression trees. *SIGIR*.
/// <https://doi.org/10.1145/2766462.2767733>
#[derive(Debug, Clone)]
pub struct Sieve {
    groups: Vec<Group>,
    /// The features that each group looks at.
    features: Vec<u16>,
    trees: Vec<Sifted>,
    cuts: Vec<Cut>,
    /// Bins that go left, in runs of neighbours.
    runs: Vec<Run>,
    leaves: Vec<f32>,
}

/// Trees whose values are added up.
#[derive(Debug, Clone, Copy)]
struct Group {
    features: (u32, u32),
    trees: (u32, u32),
    /// The same trees as the grove numbers them.
    grown: (u32, u32),
}

#[derive(Debug, Clone, Copy)]
struct Sifted {
    cuts: (u32, u32),
    leaves: u32,
}

#[derive(Debug, Clone, Copy)]
struct Cut {
    /// The number of the feature within the group.
    feature: u16,
    /// The leaves that are not on the left.
    keep: u16,
    /// The first run of bins that go left; all others are among `runs`.
    run: Run,
    more: (u32, u32),
}

/// The bins from `first` to `first + width`.
#[derive(Debug, Clone, Copy)]
struct Run {
    first: u8,
    width: u8,
}

/// Buffers of [`Sieve::add_scores`].
#[derive(Debug, Default)]
pub struct SieveSpace {
    wide: Vec<[u8x16; 4]>,
    narrow: Vec<[u8x16; 1]>,
}

impl Sieve {
    /// Prepares a grove of sound trees with at most [`MOST_LEAVES`] leaves; `groups` are ranges of them.
    pub fn new(grove: &Grove, groups: impl IntoIterator<Item = (u32, u32)>) -> Self {
        let mut sieve = Sieve {
            groups: Vec::new(),
            features: Vec::new(),
            trees: Vec::new(),
            cuts: Vec::new(),
            runs: Vec::new(),
            leaves: Vec::new(),
        };
        for grown in groups {
            let (features, trees) = (sieve.features.len(), sieve.trees.len());
            for tree in grown.0..grown.1 {
                let root = grove.roots[tree as usize] as usize;
                let (cuts, leaves) = (sieve.cuts.len(), sieve.leaves.len());
                sieve.add(grove, root, 0, features, leaves);
                sieve
                    .trees
                    .push(Sifted { cuts: (cuts as u32, sieve.cuts.len() as u32), leaves: leaves as u32 });
                // Whatever is left over of a full word of leaves finds one.
                sieve.leaves.resize(leaves + MOST_LEAVES, 0.0);
            }
            sieve.groups.push(Group {
                features: (features as u32, sieve.features.len() as u32),
                trees: (trees as u32, sieve.trees.len() as u32),
                grown,
            });
        }
        sieve
    }

    /// Adds what hangs below a node, leaves from left to right.
    fn add(&mut self, grove: &Grove, root: usize, place: usize, features: usize, leaves: usize) {
        let branch = grove.nodes[root + place];
        if branch.kind == BranchKind::Leaf {
            self.leaves.push(f32::from_bits(branch.payload));
            return;
        }
        let known = self.features[features..].iter().position(|&feature| feature == branch.feature);
        let feature = known.unwrap_or_else(|| {
            self.features.push(branch.feature);
            self.features.len() - 1 - features
        }) as u16;
        let mut runs = runs(|bin| grove.goes_left(branch, bin));
        let run = if runs.is_empty() { Run { first: u8::MAX, width: 0 } } else { runs.remove(0) };
        let more = (self.runs.len() as u32, (self.runs.len() + runs.len()) as u32);
        self.runs.append(&mut runs);
        let cut = self.cuts.len();
        self.cuts.push(Cut { feature, keep: 0, run, more });
        let before = self.leaves.len() - leaves;
        self.add(grove, root, usize::from(branch.left), features, leaves);
        let after = self.leaves.len() - leaves;
        self.cuts[cut].keep = !(before..after).fold(0, |set, leaf| set | 1 << (leaf % MOST_LEAVES));
        self.add(grove, root, usize::from(branch.left) + 1, features, leaves);
    }

    /// Adds the values of a group's trees to the scores of some rows. `grove` is the one that the sieve was made of.
    ///
    /// `cells` are the columns, `stride` apart; `rows` number cells of a column.
    #[allow(clippy::too_many_arguments, reason = "buffers and their layout")]
    pub fn add_scores(
        &self,
        grove: &Grove,
        group: usize,
        cells: &[u8],
        stride: usize,
        rows: &[u32],
        space: &mut SieveSpace,
        scores: &mut [f32],
    ) {
        let Group { features, trees, grown } = self.groups[group];
        if rows.len() < FEW {
            for (&row, score) in rows.iter().zip(scores) {
                for tree in grown.0..grown.1 {
                    *score += grove.value(tree as usize, |feature| cells[feature * stride + row as usize]);
                }
            }
            return;
        }
        let part = Part {
            sieve: self,
            trees: &self.trees[trees.0 as usize..trees.1 as usize],
            features: &self.features[features.0 as usize..features.1 as usize],
            cells,
            stride,
        };
        // Four times as many rows at once need a quarter of the preparation of each cut.
        let wide = rows.len() - rows.len() % (4 * LANES);
        for (rows, scores) in rows[..wide].chunks(4 * LANES).zip(scores.chunks_mut(4 * LANES)) {
            part.add_scores(rows, &mut space.wide, scores);
        }
        for (rows, scores) in rows[wide..].chunks(LANES).zip(scores[wide..].chunks_mut(LANES)) {
            part.add_scores(rows, &mut space.narrow, scores);
        }
    }
}

/// A group of trees and the cells that they look at.
struct Part<'a> {
    sieve: &'a Sieve,
    trees: &'a [Sifted],
    features: &'a [u16],
    cells: &'a [u8],
    stride: usize,
}

impl Part<'_> {
    /// Adds to the scores of at most `N` times [`LANES`] rows.
    #[inline]
    fn add_scores<const N: usize>(&self, rows: &[u32], space: &mut Vec<[u8x16; N]>, scores: &mut [f32]) {
        space.clear();
        space.extend(self.features.iter().map(|&feature| {
            let column = &self.cells[usize::from(feature) * self.stride..][..self.stride];
            let mut lanes = [[0; LANES]; N];
            for (lane, &row) in lanes.as_flattened_mut().iter_mut().zip(rows) {
                *lane = column[row as usize];
            }
            lanes.map(u8x16::new)
        }));
        for tree in self.trees {
            let (low, high) = self.sift(tree, space);
            let leaves = &self.sieve.leaves[tree.leaves as usize..][..MOST_LEAVES];
            for (place, score) in scores.iter_mut().enumerate() {
                let (word, lane) = (place / LANES, place % LANES);
                let left = u32::from(low[word][lane]) | u32::from(high[word][lane]) << 8;
                *score += leaves[left.trailing_zeros() as usize % MOST_LEAVES];
            }
        }
    }

    /// Per row, the leaves that no cut strikes out: the lower eight and the upper eight.
    #[inline]
    fn sift<const N: usize>(
        &self,
        tree: &Sifted,
        cells: &[[u8x16; N]],
    ) -> ([[u8; LANES]; N], [[u8; LANES]; N]) {
        let all = u8x16::splat(u8::MAX);
        let (mut low, mut high) = ([all; N], [all; N]);
        for cut in &self.sieve.cuts[tree.cuts.0 as usize..tree.cuts.1 as usize] {
            let cells = &cells[usize::from(cut.feature)];
            let [keep_low, keep_high] = cut.keep.to_le_bytes().map(u8x16::splat);
            let mut goes_left = cut.run.hold(cells);
            for run in &self.sieve.runs[cut.more.0 as usize..cut.more.1 as usize] {
                let holds = run.hold(cells);
                for word in 0..N {
                    goes_left[word] |= holds[word];
                }
            }
            for word in 0..N {
                low[word] &= goes_left[word] | keep_low;
                high[word] &= goes_left[word] | keep_high;
            }
        }
        (low.map(u8x16::to_array), high.map(u8x16::to_array))
    }
}

impl Run {
    /// All bits of the lanes whose bins are in the run.
    #[inline]
    fn hold<const N: usize>(self, cells: &[u8x16; N]) -> [u8x16; N] {
        let (first, width) = (u8x16::splat(self.first), u8x16::splat(self.width));
        cells.map(|bins| {
            let beyond = bins - first;
            beyond.min(width).simd_eq(beyond)
        })
    }
}

/// The runs of bins for which something holds.
fn runs(holds: impl Fn(u8) -> bool) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for bin in 0..=u8::MAX {
        if !holds(bin) {
            continue;
        }
        match runs.last_mut() {
            Some(run) if run.first + run.width + 1 == bin => run.width += 1,
            _ => runs.push(Run { first: bin, width: 0 }),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use lookalike_core::Seed;

    use super::super::grove::Branch;
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
        let sieve = Sieve::new(&both, [(0, 3), (1, 2)]);
        // Two columns of four rows.
        let cells = [0, 1, 2, 3, 3, 4, 9, 10];
        let mut space = SieveSpace::default();
        let mut scores = [0.0; 4];
        sieve.add_scores(&both, 0, &cells, 4, &[0, 1, 2, 3], &mut space, &mut scores);
        assert_eq!(scores, [111.0, 122.0, 111.0, 122.0]);
        let mut scores = [0.0; 2];
        sieve.add_scores(&both, 1, &cells, 4, &[3, 0], &mut space, &mut scores);
        assert_eq!(scores, [2.0, 1.0]);
    }

    /// Grows a tree at random, down to `depth` cuts.
    fn grow(grove: &mut Grove, root: usize, place: usize, depth: usize, stream: &mut lookalike_core::Stream) {
        if depth == 0 || stream.below(6) == 0 {
            grove.nodes[root + place] = Branch::leaf(stream.unit() as f32);
            return;
        }
        let left = grove.nodes.len() - root;
        grove.nodes.extend([Branch::leaf(0.0); 2]);
        let (kind, payload) = if stream.below(2) == 0 {
            (BranchKind::AtMost, stream.below(1 << 16) as u32)
        } else {
            grove.sets.push([0; 4].map(|_: u64| stream.bits() & stream.bits()));
            (BranchKind::Among, grove.sets.len() as u32 - 1)
        };
        let feature = stream.below(5) as u16;
        grove.nodes[root + place] = Branch { feature, left: left as u8, kind, payload };
        grow(grove, root, left, depth - 1, stream);
        grow(grove, root, left + 1, depth - 1, stream);
    }

    #[test]
    fn sifting_and_walking_end_at_the_same_leaves() {
        let mut stream = Seed::new(9).stream("trees", 0);
        let mut grove = Grove::default();
        for _ in 0..40 {
            grove.roots.push(grove.nodes.len() as u32);
            grove.nodes.push(Branch::leaf(0.0));
            let root = grove.nodes.len() - 1;
            grow(&mut grove, root, 0, 4, &mut stream);
        }
        let cells: Vec<u8> = (0..5 * 100).map(|_| stream.below(256) as u8).collect();
        let sieve = Sieve::new(&grove, (0..40).map(|tree| (tree, tree + 1)));
        let mut space = SieveSpace::default();
        for n_rows in [4, 15, 16, 17, 100] {
            let rows: Vec<u32> = (0..n_rows).rev().collect();
            for tree in 0..40 {
                let mut scores = vec![0.0; rows.len()];
                sieve.add_scores(&grove, tree, &cells, 100, &rows, &mut space, &mut scores);
                for (&row, score) in rows.iter().zip(scores) {
                    let walked = grove.value(tree, |feature| cells[feature * 100 + row as usize]);
                    assert_eq!(walked.to_bits(), score.to_bits());
                }
            }
        }
    }
}
